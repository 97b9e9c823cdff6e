//! Reading the whole chain back: any edit, deletion or reordering is found, and the first bad entry named.

use std::fmt;

use super::bound::Bound;
use super::chain::hash;
use super::faults::{Broken, Fault, NO_LANE};
use super::store::{self, Lane};
use super::witness::{Compared, Witnesses};
use crate::db::DbConn;
use crate::error::Result;

/// Entries read at once.
const STRETCH: i64 = 1_000;

/// In one sentence.
impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.lane, self.sequence) {
            (NO_LANE, 0) => f.write_str(&self.why),
            (NO_LANE, line) => write!(f, "line {line}: {}", self.why),
            (lane, sequence) => write!(f, "lane {lane}, entry {sequence}: {}", self.why),
        }
    }
}

/// What came of reading the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verified {
    /// Every entry is where and what it was when written.
    Whole {
        /// How many.
        entries: u64,
    },
    /// Something is not.
    Broken(Broken),
}

/// The line that an operator reads.
impl fmt::Display for Verified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole { entries } => write!(f, "{entries} entries, whole"),
            Self::Broken(broken) => broken.fmt(f),
        }
    }
}

impl Verified {
    /// What is wrong; none where it is whole.
    #[must_use]
    pub fn fault(&self) -> Option<String> {
        match self {
            Self::Whole { .. } => None,
            Self::Broken(broken) => Some(broken.to_string()),
        }
    }

    fn or_whole(broken: Option<Broken>, entries: u64) -> Self {
        broken.map_or(Self::Whole { entries }, Self::Broken)
    }
}

/// Reads every lane from its beginning to its head, and every record that an entry is bound to; at one moment
/// ([`Db::snapshot`](crate::db::Db::snapshot)), where others write meanwhile.
pub fn verify(conn: &mut DbConn) -> Result<Verified> {
    let mut bound = Bound::default();
    let (entries, broken) = read_chain(conn, Some(&mut bound))?;
    let broken = broken.map_or_else(|| bound.first_unlike(conn), |broken| Ok(Some(broken)))?;
    Ok(Verified::or_whole(broken, entries))
}

/// Reads the lanes alone, whatever became of the records.
pub fn verify_chain(conn: &mut DbConn) -> Result<Verified> {
    let (entries, broken) = read_chain(conn, None)?;
    Ok(Verified::or_whole(broken, entries))
}

/// The same as [`verify`], and holds what is whole in itself against the checkpoints. What the checkpoints, or a witness
/// outside, saw otherwise comes before a record that is not as it was written, and that before a checkpoint that is gone.
pub fn verify_with(conn: &mut DbConn, witnesses: &Witnesses) -> Result<Verified> {
    let mut bound = Bound::default();
    let (entries, broken) = read_chain(conn, Some(&mut bound))?;
    if broken.is_some() {
        return Ok(Verified::or_whole(broken, entries));
    }
    let Compared { unlike, missing } = witnesses.compare(conn)?;
    let mut broken = unlike;
    if broken.is_none() {
        broken = bound.first_unlike(conn)?;
    }
    if broken.is_none() {
        broken = missing;
    }
    Ok(Verified::or_whole(broken, entries))
}

/// How many entries there are, and the first bad one.
fn read_chain(conn: &mut DbConn, mut bound: Option<&mut Bound>) -> Result<(u64, Option<Broken>)> {
    let mut entries = 0;
    for lane in store::list_lanes(conn)? {
        let broken = read_lane(conn, &lane, &mut entries, bound.as_deref_mut())?;
        if broken.is_some() {
            return Ok((entries, broken));
        }
    }
    let strays = store::count_strays(conn)? > 0;
    Ok((entries, strays.then(|| Broken::line(Fault::Altered, 0, "entries are in a lane that does not exist"))))
}

fn read_lane(
    conn: &mut DbConn,
    lane: &Lane,
    entries: &mut u64,
    mut bound: Option<&mut Bound>,
) -> Result<Option<Broken>> {
    let (mut sequence, mut head) = (0, Vec::new());
    let broken = |fault, sequence, why| Ok(Some(Broken::entry(fault, lane.lane, sequence, why)));
    loop {
        let stretch = store::list_entries(conn, lane.lane, sequence, STRETCH)?;
        if stretch.is_empty() {
            break;
        }
        for row in stretch {
            if row.sequence != sequence + 1 {
                return broken(Fault::Gap, sequence + 1, "an entry is missing");
            }
            if row.previous_hash != head {
                return broken(Fault::Altered, row.sequence, "the entry does not follow the one before it");
            }
            if row.hash != hash(&row) {
                return broken(Fault::Altered, row.sequence, "the entry was changed");
            }
            if let Some(bound) = bound.as_deref_mut() {
                bound.add(&row);
            }
            sequence = row.sequence;
            head = row.hash;
            *entries += 1;
        }
    }
    match lane.sequence.cmp(&sequence) {
        std::cmp::Ordering::Greater => broken(Fault::Cut, sequence + 1, "entries were cut off at the end"),
        std::cmp::Ordering::Equal if lane.head == head => Ok(None),
        _ => broken(Fault::Altered, sequence + 1, "the head of the lane was changed"),
    }
}
