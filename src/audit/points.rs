//! What checkpoints saw of each lane, and the first entry that is not as they saw it.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::checkpoint::Checkpoint;
use super::faults::{Broken, Fault};
use super::store;
use crate::db::DbConn;
use crate::error::Result;

/// Of each lane the sequences that a checkpoint named, with the hash of that entry.
#[derive(Clone, Debug, Default)]
pub(super) struct Points(BTreeMap<i32, BTreeSet<(i64, Vec<u8>)>>);

impl Points {
    pub fn add(&mut self, checkpoint: &Checkpoint) {
        for (lane, sequence, hash) in &checkpoint.lanes {
            let hash = STANDARD.decode(hash).unwrap_or_default();
            self.0.entry(*lane).or_default().insert((*sequence, hash));
        }
    }

    /// How far a lane is covered.
    pub fn last(&self, lane: i32) -> i64 {
        self.0.get(&lane).and_then(BTreeSet::last).map_or(0, |(sequence, _)| *sequence)
    }

    /// Finds a lane that was cut short together with its head, or written again from some entry on. None where all is as the
    /// checkpoints saw it.
    pub fn first_unlike(&self, conn: &mut DbConn) -> Result<Option<Broken>> {
        for (lane, points) in &self.0 {
            if let Some(broken) = unlike(conn, *lane, points)? {
                return Ok(Some(broken));
            }
        }
        Ok(None)
    }
}

/// The first entry of a lane that is not as the checkpoints saw it. Where the last of them holds, so do all before it,
/// since each hash covers the entry before.
fn unlike(conn: &mut DbConn, lane: i32, points: &BTreeSet<(i64, Vec<u8>)>) -> Result<Option<Broken>> {
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
                return Ok(Some(Broken::entry(Fault::Altered, lane, good + 1, why)));
            }
            None => break,
        }
    }
    let end = store::list_lanes(conn)?.into_iter().find(|row| row.lane == lane).map_or(0, |row| row.sequence);
    let why = "entries that a checkpoint saw were cut off at the end";
    Ok(Some(Broken::entry(Fault::Cut, lane, end + 1, why)))
}
