//! Putting a backup in its place: only where there is nothing, and taken away again where it does not prove itself.

use std::collections::{BTreeMap, HashSet};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};

use diesel::Connection;
use diesel::connection::SimpleConnection;

use super::read_ring;
use crate::app::App;
use crate::audit::CHECKPOINTS;
use crate::cli::backup::archive::{BackupSource, create_file};
use crate::cli::backup::manifest::{DATABASE, EVIDENCE, KEYS, LINES, Manifest, TABLES};
use crate::cli::start;
use crate::config::Config;
use crate::crypto::KeyRing;
use crate::crypto::keystore::{KeptKey, KeyStore};
use crate::db::{Access, DbConn, Instant, Target, migrate_to, tables};
use crate::error::{Error, Result as UseResult};
use crate::installation;
use crate::objects::Objects;

/// What was put somewhere, so that it can be taken away again.
#[derive(Default)]
pub struct Placed {
    files: Vec<PathBuf>,
    key_store: Option<Target>,
    tables: Option<Target>,
    objects: Option<(Objects, Vec<String>)>,
}

impl Placed {
    /// Copies the master key that was named into the data directory, or takes the one that is there.
    pub fn master_key(&mut self, config: &Config, named: Option<&Path>) -> Result<KeyRing, String> {
        if let Some(command) = &config.master_key_command {
            return match named {
                Some(_) => Err("master_key: name none beside master_key_command".to_owned()),
                None => start::ask_master_key(command),
            };
        }
        let Some(named) = named else { return read_ring(&config.data_dir) };
        if KeyRing::exist_in(&config.data_dir) {
            return Err("master_key: the data directory has one; name none, or another data directory".to_owned());
        }
        let failed = |error: io::Error| format!("master_key: {}: {error}", named.display());
        let bytes = std::fs::read(named).map_err(failed)?;
        self.file(&KeyRing::path_in(&config.data_dir), &mut bytes.as_slice())?;
        read_ring(&config.data_dir)
    }

    /// Says that what is placed is not to be started before all of it is there and proven.
    fn marker(&mut self, config: &Config) -> Result<(), String> {
        self.file(&config.data_dir.join(start::RESTORING), &mut io::empty())
    }

    /// Fills the key store, unless this installation's is there: it is kept, so that what was erased since stays erased. Then
    /// it answers how many keys of the backup are not in it, which `accepts_missing` has to allow: in one that is older than the
    /// backup, all that was made since would be lost.
    pub fn keys(
        &mut self,
        config: &Config,
        manifest: &Manifest,
        source: &mut BackupSource,
        accepts_missing: bool,
    ) -> Result<Option<usize>, String> {
        let said = |error: Error| format!("key_store_url: {error}");
        let is_new = matches!(&config.key_store, Target::Sqlite(path) if !path.exists());
        if let Target::Sqlite(path) = &config.key_store
            && is_new
        {
            make_parent(path)?;
            self.embedded(path).map_err(|line| format!("key_store_url: {line}"))?;
            self.files.push(path.clone());
        }
        let store = KeyStore::open(&config.key_store).map_err(said)?;
        match store.owner().map_err(said)? {
            Some(owner) if owner == manifest.installation => {
                let missing = store.count_missing(&read_keys(manifest, source)?).map_err(said)?;
                if missing > 0 && !accepts_missing {
                    return Err(format!(
                        "key_store_url: {missing} people have a key in the backup and none here: they were erased since, or \
                         these keys are older than the backup; where you know that all were erased, --accept-missing-keys"
                    ));
                }
                return Ok(Some(missing));
            }
            Some(_) => return Err("key_store_url: the keys of another installation are there".to_owned()),
            None if store.list_subjects().map_err(said)?.is_empty() => {}
            None => return Err("key_store_url: there are keys of nobody knows whom".to_owned()),
        }
        let keys = read_keys(manifest, source)?;
        if !is_new {
            self.key_store = Some(config.key_store.clone());
        }
        store.fill(&manifest.installation, &keys).map_err(said)?;
        Ok(None)
    }

    /// Puts the database in its place, with as many rows in each table as were copied, and disarms it.
    pub fn database(
        &mut self,
        config: &Config,
        manifest: &Manifest,
        source: &mut BackupSource,
        now: Instant,
    ) -> Result<(), String> {
        match &config.database {
            Target::Sqlite(path) => {
                self.embedded(path).map_err(|line| format!("database_url: {line}"))?;
                self.marker(config)?;
                let file = source.file(DATABASE).map_err(|error| format!("from: {DATABASE}: {error}"))?;
                let mut file = file.ok_or_else(|| format!("from: {DATABASE} is missing"))?;
                self.file(path, &mut *file)?;
                let mut conn = config.database.connect(Access::Write).map_err(|error| error.to_string())?;
                let counted = tables::count_rows(&mut conn).map_err(|error| error.to_string())?;
                compare(&manifest.rows, &counted)?;
                installation::disarm(&mut conn, now).map_err(|error| error.to_string())
            }
            Target::Postgres(_) => self.tables(config, manifest, source, now),
        }
    }

    /// All tables in one transaction: they are all there, or none is.
    fn tables(
        &mut self,
        config: &Config,
        manifest: &Manifest,
        source: &mut BackupSource,
        now: Instant,
    ) -> Result<(), String> {
        let said = |error: Error| format!("database_url: {}", first_line(&error));
        let connected = config.database.connect(Access::Write);
        let mut conn = connected.map_err(|error| format!("database_url: {}", first_line(&error)))?;
        if !tables::list_tables(&mut conn).map_err(said)?.is_empty() {
            return Err("database_url: the database is not empty, and nothing is ever overwritten".to_owned());
        }
        self.marker(config)?;
        conn.transaction(|conn| {
            fill(conn, manifest, source)?;
            let counted = tables::count_rows(conn)?;
            compare(&manifest.rows, &counted).map_err(Error::internal)?;
            installation::disarm(conn, now)
        })
        .map_err(said)?;
        self.tables = Some(config.database.clone());
        Ok(())
    }

    /// Puts the log of checkpoints in its place, where there was one.
    pub fn checkpoints(
        &mut self,
        config: &Config,
        manifest: &Manifest,
        source: &mut BackupSource,
    ) -> Result<(), String> {
        if !manifest.files.contains_key(CHECKPOINTS) {
            return Ok(());
        }
        let file = source.file(CHECKPOINTS).map_err(|error| format!("from: {CHECKPOINTS}: {error}"))?;
        let mut file = file.ok_or_else(|| format!("from: {CHECKPOINTS} is missing"))?;
        self.file(&config.data_dir.join(CHECKPOINTS), &mut *file)
    }

    /// Puts the objects that the database names into the store of evidence. Those of a bucket are in no backup: what should be
    /// in the store is looked for there.
    pub async fn evidence(
        &mut self,
        app: &App,
        manifest: &Manifest,
        objects: &[String],
        source: &mut BackupSource,
    ) -> Result<(), String> {
        let said = |error: Error| format!("evidence_url: {error}");
        let found: HashSet<String> = app.objects.list("").await.map_err(said)?.into_iter().collect();
        if !manifest.has_evidence {
            let is_lost = |name: &&String| !found.contains(*name) && !manifest.missing.contains(name);
            return match objects.iter().find(is_lost) {
                Some(name) => Err(format!("evidence_url: {name} is not there; restore the bucket or the folder first")),
                None => Ok(()),
            };
        }
        if !found.is_empty() {
            return Err("evidence_url: there is evidence, and nothing is ever overwritten".to_owned());
        }
        let (_, placed) = self.objects.insert((app.objects.clone(), Vec::new()));
        for object in objects {
            let name = format!("{EVIDENCE}/{object}");
            let Some(bytes) = source.read(&name).map_err(|error| format!("from: {name}: {error}"))? else {
                if manifest.missing.contains(object) {
                    continue;
                }
                return Err(format!("from: {name} is missing"));
            };
            // Before it is written: what is written in part is taken away as well.
            placed.push(object.clone());
            app.objects.put(object, bytes).await.map_err(said)?;
        }
        Ok(())
    }

    /// Makes sure that there is no file of an embedded database, and remembers those that will be made next to it. A log that
    /// another left behind would become part of the new one.
    fn embedded(&mut self, path: &Path) -> Result<(), String> {
        let next_to_it = ["-wal", "-shm", "-journal"].map(|ending| {
            let mut file = path.as_os_str().to_owned();
            file.push(ending);
            PathBuf::from(file)
        });
        if let Some(found) =
            std::iter::once(path).chain(next_to_it.iter().map(PathBuf::as_path)).find(|file| file.exists())
        {
            return Err(format!("{} exists, and nothing is ever overwritten", found.display()));
        }
        self.files.extend(next_to_it);
        Ok(())
    }

    /// Writes a new file, and remembers it.
    fn file(&mut self, path: &Path, reader: &mut dyn Read) -> Result<(), String> {
        make_parent(path)?;
        let failed = |error: io::Error| match error.kind() {
            io::ErrorKind::AlreadyExists => format!("{} exists, and nothing is ever overwritten", path.display()),
            _ => format!("{}: {error}", path.display()),
        };
        let mut file: File = create_file(path).map_err(failed)?;
        self.files.push(path.to_owned());
        io::copy(reader, &mut file).map_err(failed)?;
        file.flush().map_err(failed)?;
        file.sync_all().map_err(failed)
    }

    /// Takes away all that was put anywhere.
    pub fn undo(self) {
        for path in &self.files {
            let _gone = std::fs::remove_file(path);
        }
        if let Some(target) = self.key_store {
            let cleared = KeyStore::open(&target).and_then(|store| store.clear());
            report(cleared.map_err(|error| error.to_string()));
        }
        if let Some(target) = self.tables {
            report(drop_tables(&target));
        }
        if let Some((objects, names)) = self.objects {
            let deleted = start::runtime().and_then(|runtime| {
                let work = async {
                    for name in names {
                        objects.delete(&name).await?;
                    }
                    Ok::<_, Error>(())
                };
                runtime.block_on(work).map_err(|error| error.to_string())
            });
            report(deleted);
        }
    }
}

fn report(done: Result<(), String>) {
    if let Err(error) = done {
        tracing::error!(error, "something of what was restored in vain is still there");
    }
}

fn drop_tables(target: &Target) -> Result<(), String> {
    let mut conn = target.connect(Access::Write).map_err(|error| error.to_string())?;
    let mut names = tables::list_tables(&mut conn).map_err(|error| error.to_string())?;
    names.push("__diesel_schema_migrations".to_owned());
    let list = names.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ");
    conn.batch_execute(&format!("DROP TABLE {list} CASCADE")).map_err(|error| error.to_string())
}

/// The keys that are in the backup.
fn read_keys(manifest: &Manifest, source: &mut BackupSource) -> Result<Vec<KeptKey>, String> {
    let file = source.file(KEYS).map_err(|error| format!("from: {KEYS}: {error}"))?;
    let lines = BufReader::new(file.ok_or_else(|| format!("from: {KEYS} is missing"))?).lines().skip(1);
    let mut keys: Vec<KeptKey> = Vec::new();
    for line in lines {
        let line = line.map_err(|error| format!("from: {KEYS}: {error}"))?;
        keys.push(serde_json::from_str(&line).map_err(|error| format!("from: {KEYS}: {error}"))?);
    }
    match keys.len() == manifest.keys {
        true => Ok(keys),
        false => Err(format!("from: there are {} keys in {KEYS}, and {} were copied", keys.len(), manifest.keys)),
    }
}

fn fill(conn: &mut DbConn, manifest: &Manifest, source: &mut BackupSource) -> UseResult<()> {
    let DbConn::Pg(postgres) = conn else { return Err(Error::internal("only PostgreSQL is filled table by table")) };
    migrate_to(postgres, &manifest.steps)?;
    let names: Vec<String> = manifest.rows.keys().cloned().collect();
    let references = tables::empty_all(postgres, &names)?;
    for table in &names {
        let name = format!("{TABLES}/{table}{LINES}");
        let file = source.file(&name).map_err(|error| Error::Internal(Box::new(error)))?;
        let mut lines = BufReader::new(file.ok_or_else(|| Error::internal(format!("{name} is missing")))?);
        let mut first = String::new();
        lines.read_line(&mut first).map_err(|error| Error::Internal(Box::new(error)))?;
        tables::import(postgres, table, lines)?;
    }
    tables::add_references(postgres, references)
}

/// The first table that holds another number of rows than were copied.
fn compare(copied: &BTreeMap<String, i64>, found: &BTreeMap<String, i64>) -> Result<(), String> {
    let unlike = copied.iter().find(|(table, rows)| found.get(*table) != Some(rows));
    match unlike {
        Some((table, rows)) => {
            let found = found.get(table).copied().unwrap_or(0);
            Err(format!("from: {table} holds {found} rows, and {rows} were copied"))
        }
        None => Ok(()),
    }
}

fn make_parent(path: &Path) -> Result<(), String> {
    let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) else { return Ok(()) };
    start::make_folder(folder)
}

/// A refusal is one line; PostgreSQL adds advice to it.
fn first_line(error: &impl std::fmt::Display) -> String {
    error.to_string().lines().next().unwrap_or_default().to_owned()
}
