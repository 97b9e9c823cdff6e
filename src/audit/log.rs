//! The log of checkpoints, `<data-dir>/checkpoints.log`: a memory outside the database. Each line is a signed checkpoint and
//! goes on from the line before.
//!
//! Each worker copies into its own log what it or another instance has taken. It goes on from where it left off, so that
//! lines which somebody removes from the log meanwhile do not come back, and the gap is found. One that starts goes on from
//! where the log ends: what it adds is in the database, as it was signed.

use std::collections::{BTreeSet, HashSet};
use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Deserialize;
use tokio::sync::Mutex;

use super::checkpoint::Checkpoint;
use super::points::Points;
use super::store;
use crate::app::App;
use crate::crypto::{KeyRing, sha256};
use crate::db::{Instant, Target};
use crate::error::{Error, Result};

/// The file in the data directory.
pub const CHECKPOINTS: &str = "checkpoints.log";
/// More than the longest line has, in bytes.
const LONGEST: u64 = 256 * 1_024;
/// Checkpoints copied at once.
const STRETCH: i64 = 1_000;

/// The log as a worker writes it: how many entries its last line covers. Clones share it.
#[derive(Clone, Default)]
pub struct CheckpointLog(Arc<Mutex<Option<i64>>>);

impl CheckpointLog {
    /// Appends the checkpoints up to `last` that the log lacks; durable when this returns. `before` is the newest that was
    /// taken before this worker took one.
    pub async fn follow(&self, app: &App, before: i64, last: i64) -> Result<()> {
        let mut end = self.0.lock().await;
        if *end == Some(last) {
            return Ok(());
        }
        let path = app.config.data_dir.join(CHECKPOINTS);
        let known = *end;
        let found = on_disk(path.clone(), end_of).await?;
        let mut at = match (known, found) {
            (None, None) => start(app, before).await?,
            (known, found) => known.max(found).unwrap_or(0),
        };
        loop {
            let lines = app.db.read(move |conn| store::list_lines(conn, at, STRETCH)).await?;
            let Some((covered, _)) = lines.last() else { break };
            at = *covered;
            on_disk(path.clone(), move |path| append(path, &lines)).await?;
            *end = Some(at);
        }
        *end = Some(at);
        Ok(())
    }
}

/// Brings the log of an installation that was just restored up to date: the newest checkpoint may have been on its way into
/// it when both were copied.
pub async fn complete_log(app: &App) -> Result<()> {
    let last = app.db.read(store::last_line).await?;
    if last == 0 { Ok(()) } else { CheckpointLog::default().follow(app, last, last).await }
}

/// Where a worker that has no log begins one. On PostgreSQL another instance may have taken what there is. An embedded
/// database has one worker: its log was there unless this is the first checkpoint, and is not made up for.
async fn start(app: &App, before: i64) -> Result<i64> {
    let is_first = app.db.read(|conn| Ok(store::list_lines(conn, 0, 2)?.len() < 2)).await?;
    Ok(if is_first || matches!(app.db.target(), Target::Postgres(_)) { 0 } else { before })
}

async fn on_disk<T: Send + 'static>(
    path: PathBuf,
    work: impl FnOnce(&Path) -> io::Result<T> + Send + 'static,
) -> Result<T> {
    let done = tokio::task::spawn_blocking(move || work(&path)).await;
    done.map_err(|error| Error::Internal(Box::new(error)))?.map_err(|error| Error::Internal(Box::new(error)))
}

/// How many entries the last line covers; none without a log or a line in it.
fn end_of(path: &Path) -> io::Result<Option<i64>> {
    match OpenOptions::new().read(true).write(true).open(path) {
        Ok(mut file) => {
            file.lock()?;
            mend(&mut file)
        }
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Removes a line that a crash cut short; how many entries the last whole line covers.
fn mend(file: &mut File) -> io::Result<Option<i64>> {
    #[derive(Deserialize)]
    struct Covers {
        entries: i64,
    }
    let length = file.metadata()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(LONGEST)))?;
    let mut tail = Vec::new();
    file.read_to_end(&mut tail)?;
    let whole = tail.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    let torn = u64::try_from(tail.len() - whole).unwrap_or(0);
    if torn > 0 {
        file.set_len(length.saturating_sub(torn))?;
    }
    let last = tail.get(..whole).unwrap_or_default().rsplit(|byte| *byte == b'\n').nth(1);
    Ok(last.and_then(|line| serde_json::from_slice::<Covers>(line).ok()).map(|line| line.entries))
}

/// Appends lines that the file does not hold: another process with the same folder may have been first.
fn append(path: &Path, lines: &[(i64, String)]) -> io::Result<()> {
    let mut file = OpenOptions::new().read(true).append(true).create(true).mode(0o600).open(path)?;
    file.lock()?;
    let held = mend(&mut file)?.unwrap_or(0);
    let new: String =
        lines.iter().filter(|(covered, _)| *covered > held).map(|(_, line)| format!("{line}\n")).collect();
    file.write_all(new.as_bytes())?;
    file.sync_all()
}

/// The log, as it was read.
#[derive(Debug, Default)]
pub(super) struct LogRead {
    /// Whether there is to be one: where no worker runs, none is written.
    pub is_expected: bool,
    /// How many checkpoints it holds.
    pub checkpoints: u64,
    /// The last of them: when it was taken, and its digest.
    pub last: Option<(Instant, String)>,
    /// What the checkpoints saw of each lane.
    pub points: Points,
    /// The digests of all.
    pub digests: BTreeSet<String>,
    /// The hashes of the lines.
    lines: HashSet<[u8; 32]>,
    /// The first line that does not go on from the one before.
    pub gap: Option<i64>,
    /// The first line that was changed.
    pub changed: Option<i64>,
}

/// Reads the log.
pub(super) fn read(keys: &KeyRing, data_dir: &Path, has_worker: bool) -> Result<LogRead> {
    let mut log = LogRead { is_expected: has_worker, ..LogRead::default() };
    let file = match File::open(data_dir.join(CHECKPOINTS)) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(log),
        Err(error) => return Err(Error::Internal(Box::new(error))),
    };
    log.is_expected = true;
    // Without its lock: a worker that writes waits for no reader.
    let mut lines = BufReader::new(file);
    for number in 1.. {
        let mut line = String::new();
        let length = lines.read_line(&mut line);
        // A line without its end is one that a crash cut short, or that is being written.
        if length.is_ok() && !line.ends_with('\n') {
            break;
        }
        // What is no text was changed as well.
        let Some(checkpoint) = length.ok().and_then(|_| Checkpoint::parse(&line, keys)) else {
            log.changed = Some(number);
            break;
        };
        log.lines.insert(sha256(line.trim_end().as_bytes()));
        log.add(number, checkpoint);
    }
    Ok(log)
}

impl LogRead {
    /// Whether a line of it is the same, word for word.
    pub fn holds(&self, line: &str) -> bool {
        self.lines.contains(&sha256(line.as_bytes()))
    }

    fn add(&mut self, number: i64, checkpoint: Checkpoint) {
        let before = self.last.as_ref().map_or("", |(_, digest)| digest.as_str());
        if self.gap.is_none() && checkpoint.previous != before {
            self.gap = Some(number);
        }
        self.points.add(&checkpoint);
        self.digests.insert(checkpoint.digest.clone());
        self.checkpoints += 1;
        self.last = Some((checkpoint.at, checkpoint.digest));
    }
}
