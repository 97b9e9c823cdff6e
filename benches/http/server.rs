//! The release binary in a process of its own.

use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use holdfast::db::Target;

use crate::Outcome;

const BINARY: &str = env!("CARGO_BIN_EXE_holdfast");
/// Who sets everything up.
pub const ADMINISTRATOR: &str = "bench";
/// The password of everybody.
pub const PASSWORD: &str = "a long enough password";

/// Where an installation lives.
pub struct Place {
    data_dir: PathBuf,
    url: String,
}

impl Place {
    /// An installation on SQLite.
    pub fn sqlite(data_dir: PathBuf) -> Outcome<Self> {
        let url = format!("sqlite:{}", data_dir.join("holdfast.db").display());
        Self::make(data_dir, url)
    }

    /// An installation on PostgreSQL.
    pub fn postgres(data_dir: PathBuf, url: &str) -> Outcome<Self> {
        Self::make(data_dir, url.to_owned())
    }

    fn make(data_dir: PathBuf, url: String) -> Outcome<Self> {
        std::fs::create_dir_all(&data_dir)?;
        let place = Self { data_dir, url };
        let mut making = place
            .command(&["create-admin", "--username", ADMINISTRATOR, "--password-stdin"])
            .stdin(Stdio::piped())
            .spawn()?;
        if let Some(mut input) = making.stdin.take() {
            input.write_all(PASSWORD.as_bytes())?;
        }
        if making.wait()?.success() { Ok(place) } else { Err("create-admin failed".into()) }
    }

    /// The database.
    pub fn target(&self) -> Outcome<Target> {
        Ok(Target::parse(&self.url)?)
    }

    /// Nothing of the caller's environment goes in: it could change settings.
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(BINARY);
        command.args(arguments).env_clear().current_dir(&self.data_dir).stdout(Stdio::piped());
        command.args(["--data-dir", ".", "--database-url", &self.url, "--log", "error"]);
        command
    }
}

/// A running server; stopped when dropped.
pub struct Server<'p> {
    place: &'p Place,
    child: Child,
    address: String,
    metrics: String,
    ready_after: Duration,
}

impl<'p> Server<'p> {
    /// Starts it, and returns once it says that it listens.
    pub fn start(place: &'p Place) -> Outcome<Self> {
        Self::start_with(place, &[])
    }

    /// The same with further switches.
    pub fn start_with(place: &'p Place, more: &[&str]) -> Outcome<Self> {
        let begun = Instant::now();
        let serve = ["serve", "--bind", "127.0.0.1:0", "--dev-no-mfa", "--allow-loopback-webhooks"];
        // A message a minute that tells of no alert would be in the way of what is measured.
        let mut child = place.command(&[&serve[..], &["--watchdog-seconds", "0"], more].concat()).spawn()?;
        let output = child.stdout.take().ok_or("no standard output")?;
        let (address, metrics) = (String::new(), String::new());
        let mut server = Self { place, child, address, metrics, ready_after: Duration::ZERO };
        for line in BufReader::new(output).lines() {
            let line = line?;
            if let Some(metrics) = line.strip_prefix("metrics on http://") {
                server.metrics = metrics.trim_end_matches("/metrics").to_owned();
            }
            if let Some(address) = line.strip_prefix("listening on http://") {
                server.ready_after = begun.elapsed();
                server.address = address.to_owned();
                return Ok(server);
            }
        }
        Err("the server ended before it listened".into())
    }

    /// Where it listens.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Where its figures are, of a server that was started with them.
    pub fn metrics(&self) -> &str {
        &self.metrics
    }

    /// Its process id.
    pub fn process(&self) -> u32 {
        self.child.id()
    }

    /// Its installation.
    pub fn place(&self) -> &Place {
        self.place
    }

    /// From the start of the process until it listened.
    pub fn ready_after(&self) -> Duration {
        self.ready_after
    }

    /// Resident memory now, all of it and the part that no file backs.
    pub fn memory(&self) -> Outcome<String> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let mebibytes = |name: &str| -> Outcome<f64> {
            let line = status.lines().find_map(|line| line.strip_prefix(name)).ok_or("no such line")?;
            let kibibytes: f64 = line.trim().trim_end_matches(" kB").parse()?;
            Ok(kibibytes / 1_024.0)
        };
        let (resident, own) = (mebibytes("VmRSS:")?, mebibytes("RssAnon:")?);
        Ok(format!("{resident:.1} MiB ({own:.1} MiB of it not backed by the binary)"))
    }
}

impl Drop for Server<'_> {
    fn drop(&mut self) {
        // Durability is measured, so nothing is lost by not asking politely.
        let _ended = (self.child.kill(), self.child.wait());
    }
}
