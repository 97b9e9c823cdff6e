//! What may be wrong with the audit, and the first place where it is.

use crate::db::text_enum;

/// In place of a lane, of what is in none: a line of the log or of an anchor, or an entry of a lane that does not exist.
pub(super) const NO_LANE: i32 = -1;

text_enum! {
    /// What kind of fault was found.
    pub enum Fault {
        /// Entries, or checkpoints, were cut off.
        Cut = "cut",
        /// An entry is missing among others.
        Gap = "gap",
        /// A witness outside holds another checkpoint.
        Anchor = "anchor",
        /// An entry, a checkpoint or a record was changed.
        Altered = "altered",
    }
}

impl Fault {
    /// What scripts tell the faults apart by; 0 is whole, 1 and 2 are failures of the command itself.
    #[must_use]
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Cut => 3,
            Self::Gap => 4,
            Self::Anchor => 5,
            Self::Altered => 6,
        }
    }
}

/// The first thing that is not as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// Of which kind.
    pub fault: Fault,
    /// The lane of the entry; -1 where it is no entry.
    pub lane: i32,
    /// Its place in the lane; without a lane, the line of the log or of the anchor, or 0.
    pub sequence: i64,
    /// What is wrong with it.
    pub why: String,
}

impl Broken {
    pub(super) fn entry(fault: Fault, lane: i32, sequence: i64, why: impl Into<String>) -> Self {
        Self { fault, lane, sequence, why: why.into() }
    }

    pub(super) fn line(fault: Fault, number: i64, why: impl Into<String>) -> Self {
        Self::entry(fault, NO_LANE, number, why)
    }
}
