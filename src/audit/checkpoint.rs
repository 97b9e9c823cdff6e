//! Signed checkpoints over the ends of all lanes: an outside memory of how far the chain had come, without which somebody
//! who owns the database could cut a lane short together with its head.
//!
//! One is taken a minute, by one instance. It is appended to `<data-dir>/checkpoints.log` and goes to each police force in
//! the watchdog. A checkpoint names the lanes that have grown since the one before and goes on from that one's digest,
//! so that the newest digest stands for all of them.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::store;
use crate::crypto::{KeyRing, sha256};
use crate::db::{DbConn, Instant};
use crate::error::Result;
use crate::tx::Tx;

/// The file in the data directory.
pub const CHECKPOINTS: &str = "checkpoints.log";

/// How far the chain had come at an instant.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Checkpoint {
    /// When.
    pub(super) at: Instant,
    /// Entries in all lanes.
    pub(super) entries: i64,
    /// The digest that this one goes on from, base64.
    previous: String,
    /// The lanes that have grown since: lane, sequence, and the hash of that entry, base64.
    pub(super) lanes: Vec<(i32, i64, String)>,
    /// SHA-256 over `previous` and `lanes`, base64.
    digest: String,
    /// Ed25519 over the statement, base64.
    signature: String,
    public_key: String,
}

impl Checkpoint {
    /// What is signed.
    fn statement(&self) -> String {
        format!("holdfast audit checkpoint v1 {} {} {}", self.at, self.entries, self.digest)
    }

    fn digest(previous: &str, lanes: &[(i32, i64, String)]) -> Result<String> {
        Ok(STANDARD.encode(sha256(serde_json::to_string(&(previous, lanes))?.as_bytes())))
    }

    /// What a witness keeps: the statement, and who made it.
    #[must_use]
    pub fn summary(&self) -> Value {
        json!({"statement": self.statement(), "signature": self.signature, "public_key": self.public_key})
    }

    /// Whether it is one that this installation made, as it made it.
    pub(super) fn is_genuine(&self, keys: &KeyRing) -> bool {
        let digest = Self::digest(&self.previous, &self.lanes);
        let signature = STANDARD.decode(&self.signature).unwrap_or_default();
        digest.is_ok_and(|digest| digest == self.digest)
            && keys.has_signed_checkpoint(self.statement().as_bytes(), &signature)
    }
}

/// Whether the next checkpoint is due. A clock that was set back makes it due as well, rather than never.
pub fn is_checkpoint_due(conn: &mut DbConn, now: Instant, every_seconds: u32) -> Result<bool> {
    let (last, _) = store::last_beat(conn)?;
    Ok(is_due(last, now, every_seconds))
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
    let told = store::list_told(tx.conn)?;
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
        store::set_told(tx.conn, *lane, *sequence)?;
    }
    Ok(Some(checkpoint))
}

/// Appends a checkpoint to the log; durable when this returns.
pub fn append_checkpoint(data_dir: &Path, checkpoint: &Checkpoint) -> io::Result<()> {
    let mut line = serde_json::to_string(checkpoint)?;
    line.push('\n');
    let mut file = OpenOptions::new().append(true).create(true).mode(0o600).open(data_dir.join(CHECKPOINTS))?;
    file.write_all(line.as_bytes())?;
    file.sync_all()
}
