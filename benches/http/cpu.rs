//! Where the processor's time goes: to the server, the database or the clients. Unlike throughput this says much the
//! same on a machine that others use, too.

use std::path::Path;
use std::time::Duration;

use crate::Outcome;

/// The unit of `/proc/<pid>/stat`, the same on every Linux that this runs on.
const TICKS_PER_SECOND: f64 = 100.0;

/// Time used so far by the server, the clients, and the database where it has processes of its own.
#[derive(Clone, Copy)]
pub struct Used {
    server: Duration,
    database: Option<Duration>,
    clients: Duration,
}

impl Used {
    /// Reads it; `database` is the process whose children are counted with it.
    pub fn now(server: u32, database: Option<u32>) -> Outcome<Self> {
        Ok(Self {
            server: of_process(server)?.1,
            database: database.map(with_children).transpose()?,
            clients: of_process(std::process::id())?.1,
        })
    }

    /// What was used since `before` for each of `count`, in words.
    pub fn since(self, before: Self, count: usize) -> String {
        let each = |now: Duration, before: Duration| now.saturating_sub(before).as_secs_f64() * 1e6 / count as f64;
        let database = match self.database.zip(before.database) {
            Some((now, before)) => format!(", database {:.0}", each(now, before)),
            None => String::new(),
        };
        let (server, clients) = (each(self.server, before.server), each(self.clients, before.clients));
        format!("processor µs each: server {server:.0}{database}, clients {clients:.0}")
    }
}

/// The parent of a process, and the time that it and its children that have ended used.
fn of_process(process: u32) -> Outcome<(u32, Duration)> {
    read(&Path::new("/proc").join(process.to_string()))
}

fn read(folder: &Path) -> Outcome<(u32, Duration)> {
    let stat = std::fs::read_to_string(folder.join("stat"))?;
    // The name stands in brackets and may hold anything.
    let (_, rest) = stat.rsplit_once(')').ok_or("an odd line of statistics")?;
    let fields: Vec<&str> = rest.split_whitespace().collect();
    let number = |at: usize| -> Outcome<u64> { Ok(fields.get(at).ok_or("a short line of statistics")?.parse()?) };
    let ticks = number(11)? + number(12)? + number(13)? + number(14)?;
    Ok((u32::try_from(number(1)?)?, Duration::from_secs_f64(ticks as f64 / TICKS_PER_SECOND)))
}

fn with_children(parent: u32) -> Outcome<Duration> {
    let mut used = of_process(parent)?.1;
    for entry in std::fs::read_dir("/proc")?.flatten() {
        // Those that end meanwhile are counted with their parent.
        if let Ok((its_parent, its_time)) = read(&entry.path())
            && its_parent == parent
        {
            used += its_time;
        }
    }
    Ok(used)
}
