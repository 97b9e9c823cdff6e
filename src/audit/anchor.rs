//! An anchor: checkpoints that a witness outside kept, such as a police force from the watchdog messages. An owner of
//! database and log can cut both short alike; not what others hold.

use std::path::Path;

use serde_json::Value;

use super::checkpoint::{Checkpoint, Statement};
use super::faults::{Broken, Fault};
use super::points::Points;
use crate::crypto::KeyRing;

/// What an anchor holds.
#[derive(Default)]
pub(super) struct Anchor {
    /// How many checkpoints.
    pub checkpoints: u64,
    /// What was signed, in the order of the file.
    pub statements: Vec<Statement>,
    /// Of copies of the log, what they saw of each lane.
    pub points: Points,
    /// The first that this installation did not sign.
    pub broken: Option<Broken>,
}

/// Reads an anchor: JSON values one after another, each a watchdog message as it was received, its `audit_checkpoint`, or a
/// line of a log.
///
/// # Errors
/// One line, where the file cannot be read.
pub(super) fn read(keys: &KeyRing, path: &Path) -> Result<Anchor, String> {
    let text = std::fs::read_to_string(path).map_err(|error| format!("anchor: {}: {error}", path.display()))?;
    let mut anchor = Anchor::default();
    for (value, number) in serde_json::Deserializer::from_str(&text).into_iter::<Value>().zip(1..) {
        let is_known = value.is_ok_and(|value| anchor.add(&value, keys));
        if !is_known {
            let why = "this value of the anchor is no checkpoint that this installation signed";
            anchor.broken = Some(Broken::line(Fault::Anchor, number, why));
            return Ok(anchor);
        }
    }
    if anchor.checkpoints == 0 {
        anchor.broken = Some(Broken::line(Fault::Anchor, 1, "the anchor holds no checkpoint"));
    }
    Ok(anchor)
}

impl Anchor {
    /// Adds a value; false where it is no checkpoint of this installation.
    fn add(&mut self, value: &Value, keys: &KeyRing) -> bool {
        let sent = [value.pointer("/data/audit_checkpoint"), value.get("audit_checkpoint"), Some(value)];
        let Some(value) = sent.into_iter().flatten().next() else { return false };
        let statement = match Checkpoint::parse(&value.to_string(), keys) {
            Some(checkpoint) => {
                self.points.add(&checkpoint);
                Statement { at: checkpoint.at, entries: checkpoint.entries, digest: checkpoint.digest }
            }
            None => match Statement::parse(value, keys) {
                Some(statement) => statement,
                None => return false,
            },
        };
        self.checkpoints += 1;
        self.statements.push(statement);
        true
    }
}
