//! The checkpoints that the chain is held against: those in the database, those in the log, and what a witness outside kept.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use super::anchor::{self, Anchor};
use super::checkpoint::Checkpoint;
use super::faults::{Broken, Fault};
use super::log::{self, LogRead};
use super::points::Points;
use super::store;
use crate::app::App;
use crate::crypto::KeyRing;
use crate::db::{DbConn, Instant};
use crate::error::Result as UseResult;

/// Seconds that a checkpoint may be on its way from the database into the log.
const ON_ITS_WAY_SECONDS: u64 = 10;
/// Checkpoints read at once.
const STRETCH: i64 = 1_000;

/// The checkpoints that the chain was held against.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Witnessed {
    /// How many are in the log.
    pub checkpoints: u64,
    /// When the last one was taken.
    pub last_at: Option<Instant>,
    /// How many are in the anchor, where one was given.
    pub anchored: Option<u64>,
}

/// What is known outside the database of how far the chain had come.
pub struct Witnesses {
    keys: Arc<KeyRing>,
    log: LogRead,
    anchor: Option<Anchor>,
    read_at: Instant,
}

/// What came of holding the audit against its witnesses.
pub(super) struct Compared {
    /// The first entry, or checkpoint, that is not as it was written.
    pub unlike: Option<Broken>,
    /// Else the first checkpoint that is gone.
    pub missing: Option<Broken>,
}

impl Compared {
    fn unlike(broken: Broken) -> Self {
        Self { unlike: Some(broken), missing: None }
    }
}

/// The checkpoints that the database keeps, and what these and those of the log saw.
#[derive(Default)]
struct KeptCheckpoints {
    points: Points,
    digests: BTreeSet<String>,
    last: Option<Checkpoint>,
    /// How many entries the first covers that does not go on from the one before.
    gap: Option<i64>,
}

impl KeptCheckpoints {
    fn add(&mut self, checkpoint: Checkpoint) {
        let before = self.last.as_ref().map_or("", |last| last.digest.as_str());
        if self.gap.is_none() && checkpoint.previous != before {
            self.gap = Some(checkpoint.entries);
        }
        self.points.add(&checkpoint);
        self.digests.insert(checkpoint.digest.clone());
        self.last = Some(checkpoint);
    }
}

impl Witnesses {
    /// Reads the log, and an anchor where there is one. Before the chain is read: of a chain that is written meanwhile, a later
    /// log tells of more than was seen. Blocks.
    ///
    /// # Errors
    /// One line, where the file cannot be read.
    pub fn read(app: &App, anchor: Option<&Path>) -> Result<Self, String> {
        let keys = app.keys.clone();
        let anchor = anchor.map(|path| anchor::read(&keys, path)).transpose()?;
        let log = log::read(&keys, &app.config.data_dir, app.config.has_worker).map_err(|error| error.to_string())?;
        Ok(Self { keys, log, anchor, read_at: app.clock.now() })
    }

    /// Reads the log in a folder that was copied with a database, as of the instant at which both were: the log first, so a
    /// checkpoint may have been on its way into it. A backup of an instance without a worker has no log.
    ///
    /// # Errors
    /// One line, where the log cannot be read.
    pub fn read_copy(app: &App, folder: &Path, copied_at: Instant) -> Result<Self, String> {
        let keys = app.keys.clone();
        let log = log::read(&keys, folder, false).map_err(|error| error.to_string())?;
        Ok(Self { keys, log, anchor: None, read_at: copied_at })
    }

    /// What they are.
    #[must_use]
    pub fn witnessed(&self) -> Witnessed {
        Witnessed {
            checkpoints: self.log.checkpoints,
            last_at: self.log.last.as_ref().map(|(at, _)| *at),
            anchored: self.anchor.as_ref().map(|anchor| anchor.checkpoints),
        }
    }

    /// Holds the entries against the checkpoints, wherever these are kept, and the checkpoints against each other.
    pub(super) fn compare(&self, conn: &mut DbConn) -> UseResult<Compared> {
        if let Some(line) = self.log.changed {
            return Ok(Compared::unlike(Broken::line(
                Fault::Altered,
                line,
                "this line of the checkpoint log was changed",
            )));
        }
        let mut kept = KeptCheckpoints { points: self.log.points.clone(), ..KeptCheckpoints::default() };
        if let Some(changed) = self.read_database(conn, &mut kept)? {
            return Ok(Compared::unlike(changed));
        }
        if let Some(broken) = kept.points.first_unlike(conn)? {
            return Ok(Compared::unlike(self.as_set_back(broken, &kept)));
        }
        if let Some(anchor) = &self.anchor
            && let Some(broken) = self.unlike_anchor(conn, anchor, &kept)?
        {
            return Ok(Compared::unlike(broken));
        }
        let missing = self
            .missing_in_database(conn, &kept)?
            .map_or_else(|| self.missing_in_log(conn), |found| Ok(Some(found)))?;
        Ok(Compared { unlike: None, missing })
    }

    /// Adds the checkpoints that the database keeps; the first that was changed there. The signature of one that is in the
    /// log in the same words was verified with the log.
    fn read_database(&self, conn: &mut DbConn, kept: &mut KeptCheckpoints) -> UseResult<Option<Broken>> {
        let mut after = 0;
        loop {
            let lines = store::list_lines(conn, after, STRETCH)?;
            let Some((last, _)) = lines.last() else { return Ok(None) };
            after = *last;
            for (entries, line) in &lines {
                let found = match self.log.holds(line) {
                    true => Checkpoint::read(line),
                    false => Checkpoint::parse(line, &self.keys),
                };
                let Some(checkpoint) = found.filter(|found| found.entries == *entries) else {
                    let why = format!("the checkpoint over {entries} entries was changed in the database");
                    return Ok(Some(Broken::line(Fault::Altered, 0, why)));
                };
                kept.add(checkpoint);
            }
        }
    }

    /// A database that ends with an older checkpoint of the log is an older copy, put in the place of the one that was.
    fn as_set_back(&self, broken: Broken, kept: &KeptCheckpoints) -> Broken {
        let (Some(newest), Some((at, digest))) = (&kept.last, &self.log.last) else { return broken };
        if broken.fault != Fault::Cut || kept.digests.contains(digest) || !self.log.digests.contains(&newest.digest) {
            return broken;
        }
        let why = format!(
            "the database is an older one: it ends with the checkpoint of {}, and the log with that of {at}",
            newest.at
        );
        Broken { why, ..broken }
    }

    /// The first checkpoint that was removed from the database.
    fn missing_in_database(&self, conn: &mut DbConn, kept: &KeptCheckpoints) -> UseResult<Option<Broken>> {
        let (taken_at, digest) = store::last_beat(conn)?;
        let newest = kept.last.as_ref().map_or("", |last| last.digest.as_str());
        let why = match kept.gap {
            Some(entries) => format!("the checkpoint before that over {entries} entries is missing from the database"),
            None if newest != Checkpoint::encode(&digest) => {
                format!("the newest checkpoint, of {taken_at}, is missing from the database")
            }
            // What was taken after the log was read is in the database alone; what is in the log was in the database before.
            None if self.log.digests.iter().any(|digest| !kept.digests.contains(digest)) => {
                "the checkpoint log holds checkpoints that are missing from the database".to_owned()
            }
            None => return Ok(None),
        };
        Ok(Some(Broken::line(Fault::Cut, 0, why)))
    }

    /// What the witness holds that is not here.
    fn unlike_anchor(&self, conn: &mut DbConn, anchor: &Anchor, kept: &KeptCheckpoints) -> UseResult<Option<Broken>> {
        if let Some(broken) = anchor.points.first_unlike(conn)? {
            return Ok(Some(Broken { fault: Fault::Anchor, ..broken }));
        }
        for (statement, number) in anchor.statements.iter().zip(1..) {
            if !kept.digests.contains(&statement.digest) && !self.log.digests.contains(&statement.digest) {
                let why = format!(
                    "the anchor's checkpoint of {} over {} entries is not one of those kept here",
                    statement.at, statement.entries
                );
                return Ok(Some(Broken::line(Fault::Anchor, number, why)));
            }
        }
        Ok(anchor.broken.clone())
    }

    /// The first checkpoint that the database says was taken and the log lacks.
    fn missing_in_log(&self, conn: &mut DbConn) -> UseResult<Option<Broken>> {
        let (taken_at, digest) = store::last_beat(conn)?;
        if !self.log.is_expected || digest.is_empty() {
            return Ok(None);
        }
        if let Some(line) = self.log.gap {
            let why = "the checkpoints before this line are missing from the log";
            return Ok(Some(Broken::line(Fault::Cut, line, why)));
        }
        let next = i64::try_from(self.log.checkpoints).unwrap_or(i64::MAX).saturating_add(1);
        if self.log.last.as_ref().is_none_or(|(_, last)| *last != Checkpoint::encode(&digest)) {
            if taken_at.seconds_since(self.read_at).unsigned_abs() < ON_ITS_WAY_SECONDS {
                return Ok(None);
            }
            let why = format!("the checkpoint log ends before the newest checkpoint, of {taken_at}");
            return Ok(Some(Broken::line(Fault::Cut, next, why)));
        }
        let lacks =
            store::list_checkpointed(conn)?.into_iter().find(|(lane, covered)| *covered > self.log.points.last(*lane));
        Ok(lacks.map(|(lane, covered)| {
            let why = format!("the checkpoint log lacks the checkpoint over {covered} entries of lane {lane}");
            Broken::line(Fault::Cut, next, why)
        }))
    }
}
