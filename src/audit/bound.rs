//! Comparing the records with what the entries say of them ([`records`]). Holds some two hundred bytes a
//! record while it runs.

use std::collections::HashMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use uuid::Uuid;

use super::faults::{Broken, Fault};
use super::records::{self, RecordRow, TABLES, WITH_STATES, WITH_VERSIONS};
use super::store::AuditEntryRow;
use crate::db::DbConn;
use crate::error::Result;

/// What an entry says of a record: which version it wrote; none where it removed the record.
#[derive(Clone, Copy, PartialEq, Eq)]
struct LastWrite {
    version: Option<(i32, [u8; 32])>,
    lane: i32,
    sequence: i64,
}

/// A table whose key has a row for each version holds several rows of a key: each is a record.
type RecordKey = (&'static str, Uuid, Option<(i32, [u8; 32])>);

/// What the entries say of each record last.
#[derive(Default)]
pub(super) struct Bound {
    said: HashMap<RecordKey, LastWrite>,
    /// Further states of records that change while their version stays.
    states: HashMap<RecordKey, Vec<(i32, [u8; 32])>>,
    /// The first entry that says something which no entry can.
    broken: Option<Broken>,
}

fn key_of(table: &'static str, key: Uuid, version: Option<(i32, [u8; 32])>) -> RecordKey {
    (table, key, version.filter(|_| WITH_VERSIONS.contains(&table)))
}

impl Bound {
    /// Adds what an entry says. Lanes are read one after another, so the version tells what was last.
    pub fn add(&mut self, entry: &AuditEntryRow) {
        for line in entry.wrote.lines() {
            let said = parse(line).map(|(table, key, version)| {
                (key_of(table, key, version), LastWrite { version, lane: entry.lane, sequence: entry.sequence })
            });
            let is_fine = said.is_some_and(|(key, said)| self.keep(key, said));
            if !is_fine && self.broken.is_none() {
                let why = format!("another entry wrote this version otherwise, or no such record can be: {line}");
                self.broken = Some(Broken::entry(Fault::Altered, entry.lane, entry.sequence, why));
            }
        }
    }

    /// Keeps the newer of two versions; false where both are the same and were written otherwise.
    fn keep(&mut self, key: RecordKey, said: LastWrite) -> bool {
        let Some(known) = self.said.get_mut(&key) else {
            self.said.insert(key, said);
            return true;
        };
        match (known.version, said.version) {
            (None, _) => true,
            (Some((old, digest)), Some((new, other)))
                if old == new && digest != other && WITH_STATES.contains(&key.0) =>
            {
                self.states.entry(key).or_default().push((new, other));
                true
            }
            (Some((old, digest)), Some((new, other))) if old >= new => old > new || digest == other,
            _ => {
                *known = said;
                true
            }
        }
    }

    /// The first record that is not as an entry says.
    pub fn first_unlike(mut self, conn: &mut DbConn) -> Result<Option<Broken>> {
        if self.broken.is_some() {
            return Ok(self.broken);
        }
        let (mut first, mut unknown) = (None, None);
        records::read(conn, &mut |found: RecordRow| {
            let now = Some((found.version, found.digest));
            let key = key_of(found.table, found.key, now);
            let is_state = |states: &Vec<_>| states.iter().any(|state| Some(*state) == now);
            match self.said.remove(&key) {
                Some(said) if said.version == now || self.states.get(&key).is_some_and(is_state) => {}
                Some(said) => first_of(&mut first, said, unlike(&found, said)),
                None => {
                    unknown.get_or_insert_with(|| {
                        let why =
                            format!("{} {}, version {}: no entry wrote it so", found.table, found.key, found.version);
                        Broken::line(Fault::Altered, 0, why)
                    });
                }
            }
        })?;
        for ((table, key, _), said) in &self.said {
            if let Some((version, _)) = said.version {
                let why = format!("{table} {key}: version {version}, which this entry wrote, is gone");
                first_of(&mut first, *said, why);
            }
        }
        Ok(first.or(unknown))
    }
}

/// Keeps the one whose entry is the earlier.
fn first_of(first: &mut Option<Broken>, said: LastWrite, why: String) {
    if first.as_ref().is_none_or(|known| (said.lane, said.sequence) < (known.lane, known.sequence)) {
        *first = Some(Broken::entry(Fault::Altered, said.lane, said.sequence, why));
    }
}

/// How a record differs from what its last entry says.
fn unlike(found: &RecordRow, said: LastWrite) -> String {
    let RecordRow { table, key, version, .. } = found;
    match said.version {
        None => format!("{table} {key}: this entry removed it, and it is there"),
        Some((wrote, _)) if *version < wrote => {
            format!("{table} {key}: this entry wrote version {wrote}, and it is back at version {version}")
        }
        Some((wrote, _)) if *version > wrote => {
            format!("{table} {key}: no entry after this one wrote version {version}")
        }
        Some((wrote, _)) => format!("{table} {key}: version {wrote} is not as this entry wrote it"),
    }
}

/// A line of an entry: table, id, and the version with its digest; none for a row that is gone.
type Line = (&'static str, Uuid, Option<(i32, [u8; 32])>);

fn parse(line: &str) -> Option<Line> {
    let mut words = line.split(' ');
    let (table, key, version) = (words.next()?, words.next()?.parse().ok()?, words.next()?);
    let table = TABLES.iter().copied().find(|known| *known == table)?;
    if version == "gone" {
        return Some((table, key, None));
    }
    let digest: [u8; 32] = STANDARD.decode(words.next()?).ok()?.try_into().ok()?;
    Some((table, key, Some((version.parse().ok()?, digest))))
}
