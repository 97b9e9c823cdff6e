//! Opening an installation: database, keys, application; or one clear line why not.

use std::os::unix::fs::DirBuilderExt;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};

use diesel::prelude::*;
use zeroize::Zeroizing;

use super::readable::{self, Extent};
use crate::access::SystemAccess;
use crate::app::App;
use crate::clock::Clock;
use crate::config::Config;
use crate::crypto::KeyRing;
use crate::crypto::keystore::KeyStore;
use crate::crypto::password::Cost;
use crate::db::{Access, Db, DbConn, Instant, StandbyCheck, SubjectId, Target, list_steps, migrate, tables};
use crate::error::Result as UseResult;
use crate::escalation::Unreached;
use crate::installation::{self, Installation};
use crate::tx::Hooks;
use crate::{audit, escalation, incidents, notify, reactions, webhooks};

/// A database up to this size is checked page by page at every start; a larger one by its header and schema.
const CHECKED_BYTES: u64 = 16 * 1_024 * 1_024;

/// How many people and values are named of those that cannot be read.
const NAMED: usize = 20;

/// What is said of an installation that sends nothing.
pub const DISARMED: &str = "disarmed: this is a copy, or its database was moved; police and people are sent nothing until an \
    operator runs `holdfast arm`";

const TWO_MASTER_KEYS: &str = "master_key_command: the data directory has a master key as well; keep it elsewhere";

/// What is said where a command is for an installation that is there, and there is none.
const NAME_ANOTHER: &str = "name the settings of the installation, and run this as its user; `holdfast create-admin` and \
    `holdfast serve` make one";

/// The cost of hashes in a real installation.
#[must_use]
pub fn full() -> Cost {
    Cost::Full
}

/// In a data directory: what is there is a part of a backup, until `holdfast restore` has proven all of it.
pub const RESTORING: &str = "restoring";

/// Whether an installation is made where there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FirstStart {
    /// It is made.
    Allowed,
    /// The command is for one that is there: what it says of another, made by a slip, would be believed.
    Refused,
}

/// Opens the installation that the settings name, making what is missing on a first start.
///
/// # Errors
/// One line, where a database is missing next to existing keys, broken, newer than this binary, or another's; or where a restore
/// did not come to its end.
pub fn open(config: Config, clock: Clock, cost: Cost) -> Result<App, String> {
    open_proven(config, clock, cost, FirstStart::Allowed)
}

/// Opens the installation that the settings name, and makes none.
///
/// # Errors
/// As [`open`], and where there is none.
pub(super) fn open_existing(config: Config, clock: Clock) -> Result<App, String> {
    open_proven(config, clock, Cost::Full, FirstStart::Refused)
}

fn open_proven(config: Config, clock: Clock, cost: Cost, first: FirstStart) -> Result<App, String> {
    if config.data_dir.join(RESTORING).exists() {
        return Err("data_dir: a restore was broken off here; empty it, and the database, and restore again".to_owned());
    }
    if first == FirstStart::Refused {
        refuse_absent(&config)?;
    }
    open_unproven(config, clock, cost, first)
}

/// The same where a restore is under way.
///
/// # Errors
/// As [`open`].
pub(super) fn open_unproven(config: Config, clock: Clock, cost: Cost, first: FirstStart) -> Result<App, String> {
    make_folder(&config.data_dir).map_err(|line| format!("data_dir: {line}"))?;
    refuse_missing(&config)?;
    open_schema(&config.database)?;
    let key_folder = config.data_dir.join("keys");
    make_folder(&key_folder).map_err(|line| format!("data_dir: {line}"))?;
    let store = KeyStore::open(&config.key_store).map_err(|error| format!("key_store_url: {error}"))?;
    let keys = open_keys(&config, &store)?;
    if !store.fits(&keys).map_err(|error| format!("key_store_url: {error}"))? {
        return Err("master_key: these keys are under another master key".to_owned());
    }
    let db = Db::open(&config.database, config.database_pool, config.standby).map_err(|error| refused(&error))?;
    match_keys(&config.database, &store, clock.now(), first)?;
    let hooks = Hooks {
        react: reactions::react,
        record: reactions::record,
        revise: |tx, alert, force, body| escalation::revise(tx, SystemAccess::granted(), alert, force, body),
        fall_back: escalation::fall_back,
        can_reach_police: |conn, ways, survivor| {
            escalation::can_reach_police(conn, ways, &SystemAccess::granted().survivor(survivor))
        },
        count_incidents: |conn, survivor, from, to| {
            incidents::count_between(conn, &SystemAccess::granted().survivor(survivor), from, to)
        },
        is_silent: |conn, survivor| escalation::is_silent(conn, &SystemAccess::granted().survivor(survivor)),
    };
    App::new(config, db, clock, keys, store, cost, hooks).map_err(|error| error.to_string())
}

/// Makes a folder for nobody else on this machine, where there is none.
///
/// # Errors
/// One line, where it cannot be made.
pub fn make_folder(path: &Path) -> Result<(), String> {
    let made = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(path);
    made.map_err(|error| format!("{}: {error}", path.display()))
}

/// Reads the master key: of its file, which is made on a first start, or as a command prints it. None is made where keys that
/// another one wraps have been in use.
fn open_keys(config: &Config, store: &KeyStore) -> Result<KeyRing, String> {
    let has_file = KeyRing::exist_in(&config.data_dir);
    if let Some(command) = &config.master_key_command {
        return if has_file { Err(TWO_MASTER_KEYS.to_owned()) } else { ask_master_key(command) };
    }
    let owner = store.owner().map_err(|error| format!("key_store_url: {error}"))?;
    if !has_file && owner.is_some() {
        let path = KeyRing::path_in(&config.data_dir);
        return Err(format!("data_dir: {} is missing although keys exist; put it back", path.display()));
    }
    KeyRing::open(&config.data_dir).map(|(keys, _)| keys).map_err(|error| error.to_string())
}

/// Has a command print the master key. Nothing of what it prints is ever said.
///
/// # Errors
/// One line, where it fails or prints something else.
pub fn ask_master_key(command: &str) -> Result<KeyRing, String> {
    let said = |what: &str| format!("master_key_command: {what}");
    let mut shell = Command::new("/bin/sh");
    shell.args(["-c", command]).stdin(Stdio::null()).stderr(Stdio::inherit());
    let done = shell.output().map_err(|error| said(&error.to_string()))?;
    let printed = Zeroizing::new(done.stdout);
    match done.status.success() {
        true => KeyRing::of_text(&printed).map_err(|error| said(&error.to_string())),
        false => Err(said("the command failed")),
    }
}

/// A place without keys, or without a database, is that of no installation. Nothing is made there.
fn refuse_absent(config: &Config) -> Result<(), String> {
    let has_keys = KeyRing::exist_in(&config.data_dir)
        || match &config.key_store {
            // One without its master key is an installation as well, of which more is said later.
            Target::Sqlite(path) => path.exists(),
            Target::Postgres(_) => config.master_key_command.is_some(),
        };
    if !has_keys {
        return Err(format!("data_dir: {} has no keys that can be seen; {NAME_ANOTHER}", config.data_dir.display()));
    }
    refuse_missing(config)?;
    let is_empty = match &config.database {
        Target::Sqlite(path) => !path.exists(),
        Target::Postgres(_) => {
            let mut conn = config.database.connect(Access::Write).map_err(|error| refused(&error))?;
            tables::list_tables(&mut conn).map_err(|error| refused(&error))?.is_empty()
        }
    };
    match is_empty {
        true => Err(format!("database_url: no installation is there; {NAME_ANOTHER}")),
        false => Ok(()),
    }
}

/// A missing file beside existing keys is never answered with an empty database in its place.
fn refuse_missing(config: &Config) -> Result<(), String> {
    let is_kept_elsewhere = config.master_key_command.is_some();
    let has_store = matches!(&config.key_store, Target::Sqlite(path) if path.exists());
    let has_keys = KeyRing::exist_in(&config.data_dir) || is_kept_elsewhere && has_store;
    match &config.database {
        Target::Sqlite(path) if !path.exists() && has_keys => Err(format!(
            "database_url: {} is missing although keys exist; restore it, or name another data directory",
            path.display()
        )),
        _ => Ok(()),
    }
}

fn open_schema(target: &Target) -> Result<(), String> {
    let mut conn = target.connect(Access::Write).map_err(|error| refused(&error))?;
    refuse_broken(target, &mut conn)?;
    migrate(&mut conn).map(drop).map_err(|error| refused(&error))
}

/// The first line of what the database says: PostgreSQL adds advice to it, and a start is refused in one line.
fn refused(error: &impl std::fmt::Display) -> String {
    let said = error.to_string();
    format!("database_url: {}", said.lines().next().unwrap_or_default())
}

fn refuse_broken(target: &Target, conn: &mut DbConn) -> Result<(), String> {
    #[derive(QueryableByName)]
    struct Found {
        #[diesel(sql_type = diesel::sql_types::Text)]
        quick_check: String,
    }
    let Target::Sqlite(path) = target else { return Ok(()) };
    if std::fs::metadata(path).is_ok_and(|file| file.len() > CHECKED_BYTES) {
        return Ok(());
    }
    let found: Result<Found, _> = diesel::sql_query("PRAGMA quick_check(1)").get_result(conn);
    match found {
        Ok(found) if found.quick_check == "ok" => Ok(()),
        _ => Err(format!("database_url: {} is broken; restore it from a backup", path.display())),
    }
}

/// Database and keys belong together by an id that both hold: neither is ever used with another's.
fn match_keys(target: &Target, store: &KeyStore, now: Instant, first: FirstStart) -> Result<(), String> {
    let work = || -> UseResult<Result<(), String>> {
        let mut conn = target.connect(Access::Write).map_err(|error| crate::error::Error::Internal(Box::new(error)))?;
        let place = installation::place_of(target, &mut conn)?;
        let found = installation::find(&mut conn)?;
        if let Some(line) = found.as_ref().and_then(|found| stray(found, &place)) {
            tracing::warn!("{line}");
        }
        let known = found.map(|found| found.id);
        let owner = store.owner()?;
        match (known, owner) {
            (None, Some(_)) => {
                Ok(Err("database_url: the database is empty although the keys have been in use".to_owned()))
            }
            (Some(id), Some(owner)) if owner != id.to_string() => {
                Ok(Err("database_url: the database belongs to other keys than those here".to_owned()))
            }
            (Some(_), Some(_)) => Ok(Ok(())),
            (Some(id), None) => adopt(store, &mut conn, id),
            (None, None) if first == FirstStart::Refused => {
                Ok(Err(format!("database_url: no installation is there; {NAME_ANOTHER}")))
            }
            (None, None) => {
                let id = SubjectId::new(now);
                installation::create(&mut conn, id, place, now)?;
                store.set_owner(&id.to_string())?;
                Ok(Ok(()))
            }
        }
    };
    work().map_err(|error| error.to_string())?
}

/// The keys were never used: right after a first start that was cut short. Not so where anybody has an account.
fn adopt(store: &KeyStore, conn: &mut DbConn, id: SubjectId) -> UseResult<Result<(), String>> {
    let accounts: i64 = crate::db::schema::staff::table.count().get_result(conn)?;
    if accounts > 0 {
        return Ok(Err("data_dir: the keys of this database are not here".to_owned()));
    }
    store.set_owner(&id.to_string())?;
    Ok(Ok(()))
}

/// What is said of a database that was armed for another place than `place`, where it is looked at.
fn stray(found: &Installation, place: &str) -> Option<String> {
    let armed_for = found.armed_for.as_deref().unwrap_or("no place");
    found.is_stray(place).then(|| {
        format!("armed for another place ({armed_for}) than it has from here ({place}): a server that starts here disarms it")
    })
}

/// What a server or a worker does first: disarms a database that was armed for another place, makes due again what a
/// process that died had under way, and says what this is.
///
/// # Errors
/// When the database cannot be read or written.
pub async fn begin(app: &App) -> UseResult<()> {
    let target = app.db.target().clone();
    let read = move |conn: &mut DbConn| Ok((installation::find(conn)?, installation::place_of(&target, conn)?));
    let (found, place) = app.db.read(read).await?;
    if found.is_some_and(|found| found.is_stray(&place)) {
        let now = app.clock.now();
        app.db.write(move |conn| installation::disarm_stray(conn, &place, now)).await?;
    }
    clear_leases(app).await?;
    announce(app).await
}

/// Makes what a process that died had under way due again; on SQLite nobody else can be at it.
async fn clear_leases(app: &App) -> UseResult<()> {
    let (target, now) = (app.db.target().clone(), app.clock.now());
    if matches!(target, Target::Sqlite(_)) {
        app.db.write(move |conn| webhooks::clear_leases(conn, now)).await?;
        app.db.write(move |conn| notify::clear_leases(conn, now)).await?;
    }
    Ok(())
}

/// Writes, reads and destroys an object, as an upload would.
fn check_evidence(app: &App) -> Result<(), String> {
    let name = format!("check/{}", SubjectId::new(app.clock.now()));
    let runtime = runtime()?;
    let tried = runtime.block_on(async {
        app.objects.put(&name, b"holdfast".to_vec()).await?;
        let found = app.objects.get(&name).await?;
        app.objects.delete(&name).await?;
        Ok::<_, crate::error::Error>(found.as_deref() == Some(b"holdfast".as_slice()))
    });
    match tried {
        Ok(true) => Ok(()),
        Ok(false) => Err("evidence_url: what was written there is not what is read there".to_owned()),
        Err(_) => Err("evidence_url: the evidence store cannot be written, read and cleared".to_owned()),
    }
}

/// `holdfast check`: opens everything, as a start would, and says so.
///
/// # Errors
/// When anything is wrong: one line.
pub fn check(config: Config, clock: Clock) -> Result<ExitCode, String> {
    let app = open_existing(config, clock)?;
    let verified = app.db.snapshot_here(audit::verify).map_err(|error| error.to_string())?;
    say!("configuration: ok");
    say!("database and keys: ok, and they belong together");
    if app.config.standby == StandbyCheck::TrustProvider {
        say!("standby: none is asked; a commit is on a second machine where the database engine says so");
    }
    check_evidence(&app)?;
    say!("evidence store: ok");
    say_whether_armed(&app)?;
    if let audit::Verified::Broken { .. } = verified {
        return Err(format!("audit: {verified}"));
    }
    say!("audit: {verified}");
    let is_readable = check_readable(&app)?;
    let unreached = app.db.snapshot_here(|conn| unreached(conn, &app)).map_err(|error| error.to_string())?;
    for found in &unreached {
        say!("not reached: {}", line(found));
    }
    if unreached.is_empty() {
        say!("way out: providers, rota, addresses of staff and endpoints of forces are set up; none was tried");
    }
    Ok(if is_readable { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn say_whether_armed(app: &App) -> Result<(), String> {
    let read = |conn: &mut DbConn| Ok((installation::find(conn)?, installation::place_of(app.db.target(), conn)?));
    let (found, place) = app.db.read_here(read).map_err(|error| error.to_string())?;
    match found {
        Some(found) if found.disarmed_at.is_some() => say!("{DISARMED}"),
        Some(found) => {
            if let Some(line) = stray(&found, &place) {
                say!("{line}");
            }
        }
        None => {}
    }
    Ok(())
}

/// Opens every sealed value, and counts people without a key and values that do not open; false where there are any.
fn check_readable(app: &App) -> Result<bool, String> {
    let said = |error: crate::error::Error| error.to_string();
    let people = app.db.read_here(readable::list_named).map_err(said)?;
    let store = KeyStore::open(&app.config.key_store).map_err(|error| format!("key_store_url: {error}"))?;
    let keyless = readable::without_key(&store, &people).map_err(said)?;
    let runtime = runtime()?;
    let looked = app.db.read_here(|conn| readable::look(app, conn, &runtime, Extent::All)).map_err(said)?;
    for person in keyless.iter().take(NAMED) {
        say!("without a key: {person}");
    }
    for unread in looked.unread.iter().take(NAMED) {
        say!("cannot be read: {unread}");
    }
    let (without, unread) = (keyless.len(), looked.unread.len());
    say!("people: {}, of whom {without} have no key", people.len());
    say!("sealed values: {} open, {unread} do not", looked.opened);
    Ok(without == 0 && unread == 0)
}

fn unreached(conn: &mut DbConn, app: &App) -> UseResult<Vec<Unreached>> {
    escalation::list_unreached(conn, &app.settings, app.clock.now())
}

/// What was found, with the organisation that it is about.
fn line(found: &Unreached) -> String {
    let about = found.organisation.map(|id| format!(" (organisation {id})")).unwrap_or_default();
    format!("{}{about}", found.words())
}

/// Says at the start what this is, and who would not be reached by it.
async fn announce(app: &App) -> UseResult<()> {
    let database = match app.db.target() {
        Target::Sqlite(_) => "sqlite",
        Target::Postgres(_) => "postgresql",
    };
    let (version, config, all) = (env!("CARGO_PKG_VERSION"), &app.config, app.clone());
    let (has_worker, is_production, is_armed) = (config.has_worker, config.is_production, app.is_armed().await?);
    let read = move |conn: &mut DbConn| Ok((list_steps(conn)?.len(), unreached(conn, &all)?));
    let (migrations, found) = app.db.read(read).await?;
    let not_reached = found.len();
    tracing::info!(version, database, migrations, is_production, has_worker, is_armed, not_reached, "starting");
    if !is_armed {
        if !config.is_log_json || !tracing::enabled!(tracing::Level::WARN) {
            say!("{DISARMED}");
        }
        tracing::warn!("{DISARMED}");
    }
    for found in found {
        tracing::warn!("not reached: {}", line(&found));
    }
    Ok(())
}

pub(super) fn runtime() -> Result<tokio::runtime::Runtime, String> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(threads)
        .enable_all()
        .build()
        .map_err(|error| format!("no runtime: {error}"))
}
