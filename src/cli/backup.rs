//! `holdfast backup`: database, key store, checkpoints and evidence as they are at one instant, next to a running server.
//!
//! The database is copied under one snapshot. A key is durable before the first row that it seals, so the key store, read
//! after the database, holds the key of every row. Checkpoints are read before it: a later one would tell of entries that
//! the copy lacks. Objects of evidence never change; one that was destroyed while they were copied means a new snapshot.
//! The master key is not in a backup: without it nothing sealed opens. What proves a copy at a restore, its hashes and its
//! counts, is taken of what goes into it before that is encrypted: a backup is never read back, and needs no identity.

pub(super) mod archive;
pub(super) mod encryption;
pub(super) mod manifest;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use age::x25519::Recipient;
use diesel::ConnectionError;
use diesel::connection::SimpleConnection;
use tempfile::TempDir;
use tokio::runtime::Runtime;

use super::readable::{self, Extent};
use super::start;
use crate::app::App;
use crate::audit::{self, CHECKPOINTS, Witnesses};
use crate::clock::Clock;
use crate::config::Config;
use crate::config::evidence::EvidencePlace;
use crate::crypto::KeyRing;
use crate::crypto::keystore::KeyStore;
use crate::db::{Access, DbConn, Instant, SubjectId, Target, list_steps, tables};
use crate::error::{Error, Result as UseResult};
use crate::evidence;
use crate::installation;
use crate::tx::Actor;
use archive::{Mark, Sink, create_file};
use manifest::{DATABASE, EVIDENCE, FILE, KEYS, LINES, Manifest, TABLES};

/// Snapshots taken at most: each of them after files were destroyed that the one before names.
const MOST_SNAPSHOTS: u32 = 5;
/// How the names of folders begin that hold what is copied first. It can be read; one that ends by a signal leaves it behind.
const SCRATCH: &str = ".holdfast-backup-";

/// Copies the installation, next to a running server; encrypted where there are keys of recipients.
///
/// # Errors
/// When anything fails: one line; then there is no backup.
pub fn backup(config: Config, clock: Clock, to: &Path, keys: &[String]) -> Result<ExitCode, String> {
    let recipients = read_recipients(to, keys)?;
    if to.exists() {
        return Err(format!("to: {} exists already", to.display()));
    }
    let app = start::open_existing(config, clock)?;
    let failed = |error: io::Error| format!("to: {}: {error}", to.display());
    let scratch = make_scratch(&app, to, &recipients)?;
    let mut sink = Sink::create(to, &recipients).map_err(failed)?;
    let made = fill(&app, &mut sink, scratch.path()).and_then(|manifest| {
        sink.finish().map_err(failed)?;
        Ok(manifest)
    });
    let manifest = made.inspect_err(|_| {
        let _removed = if to.is_dir() { std::fs::remove_dir_all(to) } else { std::fs::remove_file(to) };
    })?;
    say!(
        "copied to {} as it was at {}: {} rows, {} keys",
        to.display(),
        manifest.taken_at,
        total(&manifest),
        manifest.keys
    );
    if !recipients.is_empty() {
        say!("encrypted for {} recipients: without an identity of one of them it does not open", recipients.len());
    }
    say_what_is_wrong(&manifest);
    if !manifest.missing.is_empty() {
        say!("evidence that is not in its store any more, and not in the copy: {} objects", manifest.missing.len());
    }
    if !manifest.has_evidence {
        say!("evidence stands in a bucket and is not in the copy: have the bucket keep its versions");
    }
    match app.config.master_key_command {
        Some(_) => say!("keep the master key apart: without it the copy cannot be read"),
        None => {
            say!("keep {} apart: without it the copy cannot be read", KeyRing::path_in(&app.config.data_dir).display());
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// For whom the copy is encrypted, if it is: then it is one file, and its name says so.
fn read_recipients(to: &Path, keys: &[String]) -> Result<Vec<Recipient>, String> {
    let recipients = encryption::parse_recipients(keys)?;
    match (recipients.is_empty(), encryption::is_encrypted_name(to)) {
        (false, false) => Err("to: an encrypted backup is one file, whose name ends in .age".to_owned()),
        (true, true) => Err("to: a name that ends in .age is for an encrypted backup: name a recipient".to_owned()),
        _ => Ok(recipients),
    }
}

/// A folder for what is copied first: next to the backup, unless that is encrypted. Then nothing that can be read may come to
/// its place, and the folder is in the data directory.
fn make_scratch(app: &App, to: &Path, recipients: &[Recipient]) -> Result<TempDir, String> {
    let next_to_it = to.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let folder = if recipients.is_empty() { next_to_it } else { app.config.data_dir.as_path() };
    let failed = |error: io::Error| format!("to: {}: {error}", folder.display());
    for left in std::fs::read_dir(folder).map_err(failed)?.flatten() {
        if left.file_name().to_string_lossy().starts_with(SCRATCH) {
            say!("{}: of another backup; if none is being made, it was broken off: remove it", left.path().display());
        }
    }
    tempfile::Builder::new().prefix(SCRATCH).tempdir_in(folder).map_err(failed)
}

/// What was wrong before the copy was made, and is so in it: a restore holds against it what it finds.
fn say_what_is_wrong(manifest: &Manifest) {
    if let Some(fault) = &manifest.audit_fault {
        say!("the audit is broken, and so is that of the copy: {fault}");
    }
    if manifest.keyless > 0 {
        say!("people without a key, who cannot be read: {}", manifest.keyless);
    }
    if manifest.broken > 0 {
        say!("sealed values, of each column the newest, that do not open: {}", manifest.broken);
    }
}

fn total(manifest: &Manifest) -> i64 {
    manifest.rows.values().sum()
}

fn fill(app: &App, sink: &mut Sink, scratch: &Path) -> Result<Manifest, String> {
    let said = |error: Error| error.to_string();
    let runtime = start::runtime()?;
    // In the copy as well, which thereby says where it parted from the original.
    if let Err(error) = runtime.block_on(app.transact(Actor::Operator, "backup", |_| Ok(()))) {
        tracing::warn!(%error, "the audit does not say that this copy was made");
    }
    let owner = app.db.read_here(installation::find).map_err(said)?.ok_or("database_url: it was never used")?;
    let now = app.clock.now();
    let mut manifest = Manifest::of(env!("CARGO_PKG_VERSION"), owner.id.to_string(), app.db.target(), now);
    manifest.has_evidence = matches!(app.config.evidence.place, EvidencePlace::Folder(_));
    let mut snapshots = 0;
    let snapshot = loop {
        let snapshot = Snapshot::take(app, &runtime, scratch, &manifest.first_line())?;
        snapshots += 1;
        let lost = if manifest.has_evidence {
            runtime.block_on(copy_objects(app, sink, &snapshot.objects, &mut manifest.files))?
        } else {
            Vec::new()
        };
        let is_final = is_settled(&lost, &manifest.missing) || snapshots == MOST_SNAPSHOTS;
        manifest.missing = lost;
        if is_final {
            break snapshot;
        }
    };
    for (name, path) in &snapshot.files {
        let mut file = File::open(path).map_err(|error| error.to_string())?;
        let mark = sink.put(name, &mut file).map_err(|error| format!("to: {name}: {error}"))?;
        manifest.files.insert(name.clone(), mark);
    }
    copy_keys(app, sink, &snapshot.people, &mut manifest)?;
    (manifest.taken_at, manifest.steps, manifest.rows) = (snapshot.taken_at, snapshot.steps, snapshot.rows);
    (manifest.audit_fault, manifest.broken) = (snapshot.audit_fault, snapshot.broken);
    let bytes = manifest.to_file(&app.keys)?;
    sink.put(FILE, &mut bytes.as_slice()).map_err(|error| format!("to: {FILE}: {error}"))?;
    Ok(manifest)
}

/// Whether objects were lost for good: they are named although the snapshot before found them gone. Others may have been
/// destroyed since the snapshot that names them.
fn is_settled(lost: &[String], before: &[String]) -> bool {
    lost.iter().all(|object| before.contains(object))
}

/// Copies the objects that are not in the backup yet; answers those that are not in the store.
async fn copy_objects(
    app: &App,
    sink: &mut Sink,
    objects: &[String],
    files: &mut BTreeMap<String, Mark>,
) -> Result<Vec<String>, String> {
    let mut lost = Vec::new();
    for object in objects {
        let name = format!("{EVIDENCE}/{object}");
        if files.contains_key(&name) {
            continue;
        }
        let Some(bytes) = app.objects.get(object).await.map_err(|error| format!("evidence_url: {error}"))? else {
            lost.push(object.clone());
            continue;
        };
        let mark = sink.put(&name, &mut bytes.as_slice()).map_err(|error| format!("to: {name}: {error}"))?;
        files.insert(name, mark);
    }
    Ok(lost)
}

fn copy_keys(app: &App, sink: &mut Sink, people: &[SubjectId], manifest: &mut Manifest) -> Result<(), String> {
    let said = |error: Error| format!("key_store_url: {error}");
    let store = KeyStore::open(&app.config.key_store).map_err(said)?;
    let keys = store.list().map_err(said)?;
    manifest.keyless = readable::without_key(&store, people).map_err(said)?.len();
    let mut lines = manifest.first_line() + "\n";
    for key in &keys {
        lines.push_str(&serde_json::to_string(key).map_err(|error| error.to_string())?);
        lines.push('\n');
    }
    let mark = sink.put(KEYS, &mut lines.as_bytes()).map_err(|error| format!("to: {KEYS}: {error}"))?;
    manifest.files.insert(KEYS.to_owned(), mark);
    manifest.keys = keys.len();
    Ok(())
}

/// The database at one instant, and what it needs of the stores next to it.
struct Snapshot {
    taken_at: Instant,
    steps: Vec<String>,
    rows: BTreeMap<String, i64>,
    objects: Vec<String>,
    people: Vec<SubjectId>,
    audit_fault: Option<String>,
    /// Sealed values that do not open.
    broken: usize,
    /// Files of the backup, and where each lies meanwhile.
    files: Vec<(String, PathBuf)>,
}

impl Snapshot {
    fn take(app: &App, runtime: &Runtime, scratch: &Path, first_line: &str) -> Result<Self, String> {
        let said = |error: Error| error.to_string();
        let log = copy_log(&app.config.data_dir, scratch).map_err(|error| format!("{CHECKPOINTS}: {error}"))?;
        let taken_at = app.clock.now();
        let witnesses = Witnesses::read_copy(app, scratch, taken_at)?;
        let of = |conn: &mut DbConn| Self::of(app, runtime, &witnesses, conn, taken_at);
        let mut snapshot = match app.db.target() {
            Target::Sqlite(_) => {
                let path = scratch.join(DATABASE);
                let _before = std::fs::remove_file(&path);
                create_file(&path).map_err(|error| format!("to: {DATABASE}: {error}"))?;
                app.db.copy_to(&path).map_err(said)?;
                let mut conn = Target::Sqlite(path.clone()).connect(Access::Write).map_err(refused)?;
                // Somebody may put it in the original's place by hand, under the same path.
                installation::disarm(&mut conn, taken_at).map_err(said)?;
                let snapshot = of(&mut conn).map_err(said)?;
                // All of it is in the one file that is copied.
                conn.batch_execute("PRAGMA journal_mode = DELETE").map_err(|error| error.to_string())?;
                let files = vec![(DATABASE.to_owned(), path)];
                Self { files, ..snapshot }
            }
            Target::Postgres(_) => app
                .db
                .snapshot_here(|conn| {
                    let snapshot = of(conn)?;
                    let files = export(conn, snapshot.rows.keys(), scratch, first_line)?;
                    Ok(Self { files, ..snapshot })
                })
                .map_err(said)?,
        };
        snapshot.files.extend(log.map(|path| (CHECKPOINTS.to_owned(), path)));
        Ok(snapshot)
    }

    fn of(
        app: &App,
        runtime: &Runtime,
        witnesses: &Witnesses,
        conn: &mut DbConn,
        taken_at: Instant,
    ) -> UseResult<Self> {
        Ok(Self {
            taken_at,
            audit_fault: audit::verify_with(conn, witnesses)?.fault(),
            broken: readable::look(app, conn, runtime, Extent::Sample)?.list_broken().count(),
            steps: list_steps(conn)?,
            rows: tables::count_rows(conn)?,
            objects: evidence::list_objects(conn)?,
            people: readable::list_people(conn)?,
            files: Vec::new(),
        })
    }
}

/// Writes each table of PostgreSQL into a file of its own.
fn export<'t>(
    conn: &mut DbConn,
    names: impl Iterator<Item = &'t String>,
    scratch: &Path,
    first_line: &str,
) -> UseResult<Vec<(String, PathBuf)>> {
    let DbConn::Pg(postgres) = conn else { return Err(Error::internal("only PostgreSQL is copied table by table")) };
    let mut files = Vec::new();
    for table in names {
        let (name, path) = (format!("{TABLES}/{table}{LINES}"), scratch.join(table));
        let _before = std::fs::remove_file(&path);
        let failed = |error: io::Error| Error::Internal(Box::new(error));
        let mut out = BufWriter::new(create_file(&path).map_err(failed)?);
        writeln!(out, "{first_line}").map_err(failed)?;
        tables::export(postgres, table, &mut out)?;
        out.flush().map_err(failed)?;
        files.push((name, path));
    }
    Ok(files)
}

/// Copies the log of checkpoints up to its last whole line; none where there is no log.
fn copy_log(data_dir: &Path, scratch: &Path) -> io::Result<Option<PathBuf>> {
    let mut log = match File::open(data_dir.join(CHECKPOINTS)) {
        Ok(file) => BufReader::new(file),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let path = scratch.join(CHECKPOINTS);
    let _before = std::fs::remove_file(&path);
    let mut out = BufWriter::new(create_file(&path)?);
    let mut line = Vec::new();
    while log.read_until(b'\n', &mut line)? > 0 && line.ends_with(b"\n") {
        out.write_all(&line)?;
        line.clear();
    }
    out.flush()?;
    Ok(Some(path))
}

fn refused(error: ConnectionError) -> String {
    format!("to: the copy cannot be opened: {error}")
}

#[cfg(test)]
mod tests {
    use std::slice::from_ref;

    use super::is_settled;

    #[test]
    fn another_snapshot_is_taken_only_for_what_was_lost_since_the_last() {
        let [a, b] = ["a", "b"].map(str::to_owned);
        assert!(is_settled(&[], &[]));
        assert!(!is_settled(from_ref(&a), &[]));
        // It was destroyed meanwhile, and is not named any more.
        assert!(is_settled(&[], from_ref(&a)));
        assert!(is_settled(from_ref(&a), &[a.clone(), b.clone()]));
        assert!(!is_settled(&[a.clone(), b], from_ref(&a)));
    }
}
