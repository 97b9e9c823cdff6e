//! Signed checkpoints over the ends of all lanes: an outside memory of how far the chain had come, without which somebody
//! who owns the database could cut a lane short together with its head.
//!
//! One is taken a minute, by one instance. It goes into the database, from there into the log of each instance
//! ([`log`](super::log)), and to each police force in the watchdog. A checkpoint names the lanes that have grown since the
//! one before and goes on from that one's digest, so that the newest digest covers all of them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::store;
use crate::crypto::{KeyRing, sha256};
use crate::db::{DbConn, Instant};
use crate::error::Result;
use crate::tx::Tx;

/// What a statement begins with.
const STATEMENT: &str = "holdfast audit checkpoint v1";

/// How far the chain had come at an instant.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Checkpoint {
    /// When.
    pub(super) at: Instant,
    /// Entries in all lanes.
    pub(super) entries: i64,
    /// The digest that this one goes on from, base64.
    pub(super) previous: String,
    /// The lanes that have grown since: lane, sequence, and the hash of that entry, base64.
    pub(super) lanes: Vec<(i32, i64, String)>,
    /// SHA-256 over `previous` and `lanes`, base64.
    pub(super) digest: String,
    /// Ed25519 over the statement, base64.
    signature: String,
    public_key: String,
}

/// What a witness keeps of a checkpoint.
#[derive(Debug, Serialize, ToSchema)]
pub struct CheckpointSummary {
    /// What is signed: what it is, when, how many entries, and their digest.
    #[schema(example = "holdfast audit checkpoint v1 2026-11-21T20:14:05Z 37 3q2+7w==")]
    pub statement: String,
    /// Ed25519 over the statement, base64.
    pub signature: String,
    /// The key that made it.
    pub public_key: String,
}

impl Checkpoint {
    /// What is signed.
    fn statement(&self) -> String {
        format!("{STATEMENT} {} {} {}", self.at, self.entries, self.digest)
    }

    fn digest(previous: &str, lanes: &[(i32, i64, String)]) -> Result<String> {
        Ok(STANDARD.encode(sha256(serde_json::to_string(&(previous, lanes))?.as_bytes())))
    }

    /// A digest as a checkpoint holds it.
    pub(super) fn encode(digest: &[u8]) -> String {
        STANDARD.encode(digest)
    }

    /// What a witness keeps: the statement, and who made it.
    #[must_use]
    pub fn summary(&self) -> CheckpointSummary {
        CheckpointSummary {
            statement: self.statement(),
            signature: self.signature.clone(),
            public_key: self.public_key.clone(),
        }
    }

    /// How many entries it covers.
    #[must_use]
    pub fn entries(&self) -> i64 {
        self.entries
    }

    /// A line of the log, or of a copy of it; none where this installation did not make it, or not so.
    pub(super) fn parse(line: &str, keys: &KeyRing) -> Option<Self> {
        Self::read(line).filter(|found| found.is_genuine(keys))
    }

    /// A line that is known to be genuine.
    pub(super) fn read(line: &str) -> Option<Self> {
        serde_json::from_str(line).ok()
    }

    /// Whether it is one that this installation made, as it made it.
    fn is_genuine(&self, keys: &KeyRing) -> bool {
        let digest = Self::digest(&self.previous, &self.lanes);
        let signature = STANDARD.decode(&self.signature).unwrap_or_default();
        digest.is_ok_and(|digest| digest == self.digest)
            && keys.has_signed_checkpoint(self.statement().as_bytes(), &signature)
    }
}

/// What a witness was sent of a checkpoint: the statement that was signed, read back.
pub(super) struct Statement {
    pub at: Instant,
    pub entries: i64,
    pub digest: String,
}

impl Statement {
    /// Reads a [`Checkpoint::summary`]; none where this installation did not sign it.
    pub fn parse(summary: &Value, keys: &KeyRing) -> Option<Self> {
        let (text, signature) = (summary.get("statement")?.as_str()?, summary.get("signature")?.as_str()?);
        if !keys.has_signed_checkpoint(text.as_bytes(), &STANDARD.decode(signature).ok()?) {
            return None;
        }
        let mut words = text.strip_prefix(STATEMENT)?.split_whitespace();
        let (at, entries, digest) = (words.next()?, words.next()?, words.next()?);
        Some(Self { at: at.parse().ok()?, entries: entries.parse().ok()?, digest: digest.to_owned() })
    }
}

/// Whether the next checkpoint is due, and how many entries the newest one covers. A clock that was set back makes one due
/// as well, rather than never.
pub fn look_at_checkpoints(conn: &mut DbConn, now: Instant, every_seconds: u32) -> Result<(bool, i64)> {
    let (last, _) = store::last_beat(conn)?;
    Ok((is_due(last, now, every_seconds), store::last_line(conn)?))
}

fn is_due(last: Instant, now: Instant, every_seconds: u32) -> bool {
    now.seconds_since(last).unsigned_abs() >= u64::from(every_seconds)
}

/// Takes a checkpoint, unless another instance did.
pub fn take_checkpoint(tx: &mut Tx<'_>, every_seconds: u32) -> Result<Option<Checkpoint>> {
    let (last, previous) = store::last_beat(tx.conn)?;
    if !is_due(last, tx.now, every_seconds) {
        return Ok(None);
    }
    let told = store::list_checkpointed(tx.conn)?;
    let (mut lanes, mut entries) = (Vec::new(), 0);
    for lane in store::list_lanes(tx.conn)? {
        entries += lane.sequence;
        let known = told.iter().find(|(number, _)| *number == lane.lane).map_or(0, |(_, sequence)| *sequence);
        if lane.sequence > known {
            lanes.push((lane.lane, lane.sequence, STANDARD.encode(&lane.head)));
        }
    }
    let previous = STANDARD.encode(previous);
    let digest = Checkpoint::digest(&previous, &lanes)?;
    let public_key = STANDARD.encode(tx.keys.checkpoint_public_key());
    let mut checkpoint =
        Checkpoint { at: tx.now, entries, previous, lanes, digest, signature: String::new(), public_key };
    checkpoint.signature = STANDARD.encode(tx.keys.sign_checkpoint(checkpoint.statement().as_bytes()));
    let bytes = STANDARD.decode(&checkpoint.digest).unwrap_or_default();
    if !store::claim_beat(tx.conn, last, tx.now, &bytes)? {
        return Ok(None);
    }
    for (lane, sequence, _) in &checkpoint.lanes {
        store::set_checkpointed(tx.conn, *lane, *sequence)?;
    }
    store::insert_line(tx.conn, checkpoint.entries, &serde_json::to_string(&checkpoint)?)?;
    Ok(Some(checkpoint))
}
