//! The checkpoints that the chain is held against: those in the database, those in the log, and what a witness outside kept.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use super::anchor::{self, Anchor};
use super::checkpoint::Checkpoint;
use super::log::{self, LogRead};
use super::points::Points;
use super::store;
use super::verify::{Broken, Fault};
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

impl Witnesses {
    /// Reads the log, and an anchor where there is one. Before the chain is read: of a chain that is written meanwhile, a later
    /// log tells of more than was seen. Blocks.
    ///
    /// # Errors
    /// One line: a file that cannot be read.
    pub fn read(app: &App, anchor: Option<&Path>) -> Result<Self, String> {
        let keys = app.keys.clone();
        let anchor = anchor.map(|path| anchor::read(&keys, path)).transpose()?;
        let log = log::read(&keys, &app.config.data_dir, app.config.has_worker).map_err(|error| error.to_string())?;
        Ok(Self { keys, log, anchor, read_at: app.clock.now() })
    }

    /// Reads the log that was restored with a database, as of the instant at which both were copied: the log first, so a
    /// checkpoint may have been on its way into it. A backup of an instance without a worker has no log.
    ///
    /// # Errors
    /// One line: a log that cannot be read.
    pub fn read_restored(app: &App, copied_at: Instant) -> Result<Self, String> {
        let keys = app.keys.clone();
        let log = log::read(&keys, &app.config.data_dir, false).map_err(|error| error.to_string())?;
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

    /// The first entry that is not as a checkpoint saw it, wherever that checkpoint is kept.
    pub(super) fn first_unlike(&self, conn: &mut DbConn) -> UseResult<Option<Broken>> {
        if let Some(line) = self.log.changed {
            return Ok(Some(Broken::line(Fault::Altered, line, "this line of the checkpoint log was changed")));
        }
        let (mut points, mut digests) = (self.log.points.clone(), self.log.digests.clone());
        let changed = self.read_database(conn, &mut points, &mut digests)?;
        let broken = changed.map_or_else(|| points.first_unlike(conn), |broken| Ok(Some(broken)))?;
        match (broken, &self.anchor) {
            (None, Some(anchor)) => Self::unlike_anchor(conn, anchor, &digests),
            (broken, _) => Ok(broken),
        }
    }

    /// Adds the checkpoints that the database keeps.
    fn read_database(
        &self,
        conn: &mut DbConn,
        points: &mut Points,
        digests: &mut BTreeSet<String>,
    ) -> UseResult<Option<Broken>> {
        let mut after = 0;
        loop {
            let lines = store::list_lines(conn, after, STRETCH)?;
            let Some((last, _)) = lines.last() else { return Ok(None) };
            after = *last;
            for (entries, line) in &lines {
                let Some(checkpoint) = Checkpoint::parse(line, &self.keys).filter(|found| found.entries == *entries)
                else {
                    let why = format!("the checkpoint over {entries} entries was changed in the database");
                    return Ok(Some(Broken::line(Fault::Altered, 0, why)));
                };
                points.add(&checkpoint);
                digests.insert(checkpoint.digest);
            }
        }
    }

    /// What the witness holds that is not here.
    fn unlike_anchor(conn: &mut DbConn, anchor: &Anchor, digests: &BTreeSet<String>) -> UseResult<Option<Broken>> {
        if let Some(broken) = anchor.points.first_unlike(conn)? {
            return Ok(Some(Broken { fault: Fault::Anchor, ..broken }));
        }
        for (statement, number) in anchor.statements.iter().zip(1..) {
            if !digests.contains(&statement.digest) {
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
    pub(super) fn first_missing(&self, conn: &mut DbConn) -> UseResult<Option<Broken>> {
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
        let lacks = store::list_told(conn)?.into_iter().find(|(lane, covered)| *covered > self.log.points.last(*lane));
        Ok(lacks.map(|(lane, covered)| {
            let why = format!("the checkpoint log lacks the checkpoint over {covered} entries of lane {lane}");
            Broken::line(Fault::Cut, next, why)
        }))
    }
}
