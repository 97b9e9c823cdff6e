//! What a backup says of itself, by which one that is empty, cut short or mixed of two is found.
//!
//! The manifest names every file with its hash, so no file of another backup passes for one of this. It is written last,
//! so a backup that was cut short has none; and it carries a keyed hash under the master key, so that it belongs to one
//! installation and nobody without the key can make one that fits.

use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader};

use serde::{Deserialize, Serialize};

use super::archive::{BackupSource, HEAD_BYTES, Mark, Marking, NoSource};
use crate::crypto::{KeyRing, hex};
use crate::db::{Instant, Target};

/// The manifest's own file.
pub const FILE: &str = "manifest.json";
/// The embedded database.
pub const DATABASE: &str = "database.db";
/// The folder with a file for each table of PostgreSQL.
pub const TABLES: &str = "database";
/// The key store: a wrapped key a line.
pub const KEYS: &str = "keys.jsonl";
/// The ending of files of lines.
pub const LINES: &str = ".jsonl";
/// The folder of evidence.
pub const EVIDENCE: &str = "evidence";

/// The form of backups that this binary writes and reads.
const FORMAT: u32 = 1;
/// Separates the manifest's hash from every other use of the key.
const USE: &str = "backup manifest v1";

/// What is in a backup.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Manifest {
    /// The form of the backup.
    pub format: u32,
    /// The release that made it.
    pub version: String,
    /// Which backup this is: every file of lines begins with it.
    pub id: String,
    /// Whose it is: the id that database and key store share.
    pub installation: String,
    /// Which kind of database it is of.
    pub database: DatabaseKind,
    /// The instant that it shows.
    pub taken_at: Instant,
    /// The migrations that the database has.
    pub steps: Vec<String>,
    /// Rows, by table.
    pub rows: BTreeMap<String, i64>,
    /// Keys in the key store.
    pub keys: usize,
    /// People without a key, who are therefore unreadable: erased, or lost before.
    pub keyless: usize,
    /// Sealed values, among the newest of each column, that did not open although their key was there.
    pub broken: usize,
    /// What was wrong with the audit; none where it was whole.
    pub audit_fault: Option<String>,
    /// Whether the evidence is in it; else it is in a bucket, which is backed up by itself.
    pub has_evidence: bool,
    /// Objects of evidence that the database names and the store had lost.
    pub missing: Vec<String>,
    /// All other files.
    pub files: BTreeMap<String, Mark>,
}

/// A kind of database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DatabaseKind {
    Sqlite,
    Postgresql,
}

impl DatabaseKind {
    pub fn of(target: &Target) -> Self {
        match target {
            Target::Sqlite(_) => Self::Sqlite,
            Target::Postgres(_) => Self::Postgresql,
        }
    }
}

/// The manifest as it is written.
#[derive(Serialize, Deserialize)]
struct KeptFile {
    manifest: Manifest,
    /// A keyed hash over it, hexadecimal.
    proof: String,
}

impl Manifest {
    pub fn of(version: &str, installation: String, target: &Target, taken_at: Instant) -> Self {
        Self {
            format: FORMAT,
            version: version.to_owned(),
            id: uuid::Uuid::new_v4().to_string(),
            installation,
            database: DatabaseKind::of(target),
            taken_at,
            steps: Vec::new(),
            rows: BTreeMap::new(),
            keys: 0,
            keyless: 0,
            broken: 0,
            audit_fault: None,
            has_evidence: false,
            missing: Vec::new(),
            files: BTreeMap::new(),
        }
    }

    /// The first line of every file of lines.
    pub fn first_line(&self) -> String {
        format!("{{\"backup\":\"{}\"}}", self.id)
    }

    fn proof(&self, keys: &KeyRing) -> Result<String, String> {
        let bytes = serde_json::to_vec(self).map_err(|error| error.to_string())?;
        Ok(hex(&keys.blind(USE, &bytes)))
    }

    /// The manifest's file.
    ///
    /// # Errors
    /// When anything is wrong: one line.
    pub fn to_file(&self, keys: &KeyRing) -> Result<Vec<u8>, String> {
        let kept = KeptFile { manifest: self.clone(), proof: self.proof(keys)? };
        serde_json::to_vec_pretty(&kept).map_err(|error| error.to_string())
    }
}

/// A backup whose files are all those that its manifest names. Not yet proven to be of this installation.
pub struct Unproven {
    kept: KeptFile,
}

impl Unproven {
    /// Reads the manifest, and every file by its hash.
    ///
    /// # Errors
    /// One line, where the backup is empty, cut short, or mixed of two.
    pub fn read(opened: Result<BackupSource, NoSource>) -> Result<(Self, BackupSource), String> {
        let mut source = opened.map_err(|why| why_unopened(&why))?;
        let manifest = source.read(FILE).map_err(|error| unreadable(&error))?;
        let manifest =
            manifest.ok_or("from: the backup is cut short: it has no manifest, which is written last".to_owned())?;
        if manifest.is_empty() {
            return Err(format!("from: the backup is empty: there is nothing in {FILE}"));
        }
        let kept: KeptFile = serde_json::from_slice(&manifest)
            .map_err(|_| format!("from: the backup is cut short, or was changed: {FILE} cannot be read"))?;
        if kept.manifest.format != FORMAT {
            return Err("from: a newer release made this backup; use that one".to_owned());
        }
        if kept.manifest.rows.get("installation") != Some(&1) {
            return Err("from: the backup is empty: it was made of a database without anything in it".to_owned());
        }
        for (name, mark) in &kept.manifest.files {
            look_at(&mut source, &kept.manifest, name, mark)?;
        }
        let names = source.list().map_err(|error| unreadable(&error))?;
        let is_stray = |name: &&String| *name != FILE && !kept.manifest.files.contains_key(*name);
        match names.iter().find(is_stray) {
            Some(name) => Err(format!("from: the backup is mixed of two: the manifest knows nothing of {name}")),
            None => Ok((Self { kept }, source)),
        }
    }

    /// What the backup says of itself, once the master key has proven it.
    ///
    /// # Errors
    /// One line, where it was made with another master key, or was changed.
    pub fn prove(self, keys: &KeyRing) -> Result<Manifest, String> {
        if self.kept.manifest.proof(keys)? != self.kept.proof {
            return Err(
                "master_key: the backup was made with another master key, or its manifest was changed".to_owned()
            );
        }
        Ok(self.kept.manifest)
    }
}

fn look_at(source: &mut BackupSource, manifest: &Manifest, name: &str, mark: &Mark) -> Result<(), String> {
    let Some(mut file) = source.file(name).map_err(|error| unreadable(&error))? else {
        return Err(format!("from: the backup is cut short: {name} is missing"));
    };
    // A file of an archive that was damaged fails while it is read.
    let found = Marking::of(&mut *file).map_err(|error| unreadable(&error))?;
    drop(file);
    if found == *mark {
        return Ok(());
    }
    if found.bytes == 0 {
        return Err(format!("from: the backup is empty: there is nothing in {name}"));
    }
    let begins_alike = match name.ends_with(LINES) {
        true => begins_with(source, name, &manifest.first_line()).map_err(|error| unreadable(&error))?,
        false => found.head == mark.head || found.bytes < HEAD_BYTES,
    };
    Err(match begins_alike && found.bytes < mark.bytes {
        true => format!("from: the backup is cut short: {name} ends after {} of {} bytes", found.bytes, mark.bytes),
        false => format!("from: the backup is mixed of two, or was changed: {name} is not the one of its manifest"),
    })
}

fn begins_with(source: &mut BackupSource, name: &str, line: &str) -> io::Result<bool> {
    let Some(file) = source.file(name)? else { return Ok(false) };
    let mut first = String::new();
    BufReader::new(file).read_line(&mut first)?;
    Ok(first.trim_end() == line)
}

fn why_unopened(why: &NoSource) -> String {
    let line = match why {
        NoSource::Empty => "from: the backup is empty: there is nothing in it",
        NoSource::Cut => "from: the backup is cut short: its end is missing",
        NoSource::Encrypted => "identity: the backup is encrypted: name the file of an identity that opens it",
        NoSource::ForOthers => "identity: the backup is encrypted for others: no identity of this file opens it",
        NoSource::Plain => "identity: the backup is not encrypted: name none",
        NoSource::Failed(error) => return unreadable(error),
    };
    line.to_owned()
}

fn unreadable(error: &io::Error) -> String {
    format!("from: the backup cannot be read: {error}")
}
