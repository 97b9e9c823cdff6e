//! Reading the whole chain back: any edit, deletion or reordering is found, and the first bad entry named.

use super::chain::hash;
use super::store;
use crate::db::DbConn;
use crate::error::Result;

/// Entries read at once.
const STRETCH: i64 = 1_000;

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

/// Reads every lane from its beginning to its head.
///
/// # Errors
/// When the database cannot be read.
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
        _ => Ok(Verified::Broken { lane: -1, sequence: 0, why: "entries stand in a lane that does not exist" }),
    }
}
