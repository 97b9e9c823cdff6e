//! Reading the whole chain back: any edit, deletion or reordering is found, and the first bad entry named.

use std::collections::BTreeMap;
use std::fmt;
use std::io::{BufRead, BufReader, ErrorKind};
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::chain::hash;
use super::checkpoint::{CHECKPOINTS, Checkpoint};
use super::store;
use crate::crypto::KeyRing;
use crate::db::{DbConn, Instant};
use crate::error::{Error, Result};

/// Entries read at once.
const STRETCH: i64 = 1_000;
/// In place of a lane, of what is in none: a line of the log, or an entry of a lane that does not exist.
const NO_LANE: i32 = -1;

/// What came of reading the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verified {
    /// Every entry is where and what it was when written.
    Whole {
        /// How many.
        entries: u64,
    },
    /// The first entry that is not.
    Broken {
        /// Its lane.
        lane: i32,
        /// Its place in the lane.
        sequence: i64,
        /// What is wrong with it.
        why: &'static str,
    },
}

impl Verified {
    /// What is wrong with the chain; none where it is whole.
    #[must_use]
    pub fn fault(&self) -> Option<String> {
        match self {
            Self::Whole { .. } => None,
            Self::Broken { .. } => Some(self.to_string()),
        }
    }
}

/// The line that an operator reads.
impl fmt::Display for Verified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole { entries } => write!(f, "{entries} entries, whole"),
            Self::Broken { lane: NO_LANE, sequence: 0, why } => f.write_str(why),
            Self::Broken { lane: NO_LANE, sequence, why } => write!(f, "line {sequence}: {why}"),
            Self::Broken { lane, sequence, why } => write!(f, "lane {lane}, entry {sequence}: {why}"),
        }
    }
}

/// Reads every lane from its beginning to its head; at one moment ([`Db::snapshot`](crate::db::Db::snapshot)), where others
/// write meanwhile.
pub fn verify(conn: &mut DbConn) -> Result<Verified> {
    let mut entries = 0;
    for lane in store::list_lanes(conn)? {
        let (mut sequence, mut head) = (0, Vec::new());
        let broken = |sequence, why| Verified::Broken { lane: lane.lane, sequence, why };
        loop {
            let stretch = store::list_entries(conn, lane.lane, sequence, STRETCH)?;
            if stretch.is_empty() {
                break;
            }
            for row in stretch {
                if row.sequence != sequence + 1 {
                    return Ok(broken(sequence + 1, "an entry is missing"));
                }
                if row.previous_hash != head {
                    return Ok(broken(row.sequence, "the entry does not follow the one before it"));
                }
                if row.hash != hash(&row) {
                    return Ok(broken(row.sequence, "the entry was changed"));
                }
                sequence = row.sequence;
                head = row.hash;
                entries += 1;
            }
        }
        if lane.sequence != sequence || lane.head != head {
            return Ok(broken(sequence + 1, "entries were cut off at the end, or the lane's head was changed"));
        }
    }
    match store::count_strays(conn)? {
        0 => Ok(Verified::Whole { entries }),
        _ => Ok(Verified::Broken { lane: NO_LANE, sequence: 0, why: "entries stand in a lane that does not exist" }),
    }
}

/// The checkpoints that the chain was held against.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Witnessed {
    /// How many.
    pub checkpoints: u64,
    /// When the last one was taken.
    pub last_at: Option<Instant>,
}

/// The log of checkpoints, as it was read.
#[derive(Debug, Default)]
pub struct Log {
    /// What it holds.
    pub witnessed: Witnessed,
    /// What the checkpoints saw of each lane, in their order.
    seen: BTreeMap<i32, Vec<(i64, Vec<u8>)>>,
    /// The first line that was changed.
    changed_line: Option<i64>,
}

/// Reads the log of checkpoints. Before the chain is read: of a chain that is written meanwhile, a later log tells of more
/// than was seen.
pub fn read_log(keys: &KeyRing, data_dir: &Path) -> Result<Log> {
    let mut log = Log::default();
    let file = match std::fs::File::open(data_dir.join(CHECKPOINTS)) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(log),
        Err(error) => return Err(Error::Internal(Box::new(error))),
    };
    for line in BufReader::new(file).lines() {
        let line = line.map_err(|error| Error::Internal(Box::new(error)))?;
        let checkpoint = serde_json::from_str::<Checkpoint>(&line).ok().filter(|found| found.is_genuine(keys));
        let Some(checkpoint) = checkpoint else {
            log.changed_line = Some(i64::try_from(log.witnessed.checkpoints).unwrap_or(i64::MAX).saturating_add(1));
            return Ok(log);
        };
        for (lane, sequence, hash) in &checkpoint.lanes {
            let hash = STANDARD.decode(hash).unwrap_or_default();
            log.seen.entry(*lane).or_default().push((*sequence, hash));
        }
        log.witnessed.checkpoints += 1;
        log.witnessed.last_at = Some(checkpoint.at);
    }
    Ok(log)
}

/// Reads every lane back ([`verify`]), and holds a chain that is whole in itself against the log ([`verify_log`]).
pub fn verify_with(conn: &mut DbConn, log: &Log) -> Result<Verified> {
    match verify(conn)? {
        whole @ Verified::Whole { .. } => Ok(verify_log(conn, log)?.unwrap_or(whole)),
        broken => Ok(broken),
    }
}

/// Holds a chain that is whole in itself against the log of checkpoints: finds a lane that was cut short together with
/// its head, and one that was written anew from some entry on. None where all is as the checkpoints saw it.
pub fn verify_log(conn: &mut DbConn, log: &Log) -> Result<Option<Verified>> {
    if let Some(sequence) = log.changed_line {
        let why = "this line of the checkpoint log was changed";
        return Ok(Some(Verified::Broken { lane: NO_LANE, sequence, why }));
    }
    for (lane, points) in &log.seen {
        if let Some(broken) = first_unlike(conn, *lane, points)? {
            return Ok(Some(broken));
        }
    }
    Ok(None)
}

/// The first entry of a lane that is not as the checkpoints saw it. Where the last of them holds, so do all before it,
/// since each hash covers the entry before.
fn first_unlike(conn: &mut DbConn, lane: i32, points: &[(i64, Vec<u8>)]) -> Result<Option<Verified>> {
    let mut holds = |(sequence, hash): &(i64, Vec<u8>)| -> Result<Option<bool>> {
        Ok(store::find_hash(conn, lane, *sequence)?.map(|found| found == *hash))
    };
    match points.last() {
        Some(last) if holds(last)? != Some(true) => {}
        _ => return Ok(None),
    }
    let mut good = 0;
    for point in points {
        match holds(point)? {
            Some(true) => good = point.0,
            Some(false) => {
                let why = "the entries from here on are not those that a checkpoint saw";
                return Ok(Some(Verified::Broken { lane, sequence: good + 1, why }));
            }
            None => break,
        }
    }
    let end = store::list_lanes(conn)?.into_iter().find(|row| row.lane == lane).map_or(0, |row| row.sequence);
    let why = "entries that a checkpoint saw were cut off at the end";
    Ok(Some(Verified::Broken { lane, sequence: end + 1, why }))
}
