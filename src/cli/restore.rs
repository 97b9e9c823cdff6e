//! `holdfast restore`: an installation out of a backup, where there is none.
//!
//! What is restored proves itself before it is kept: every file by its hash and the manifest by the master key, the rows of
//! each table by their count, the audit by its chain, its checkpoints and the records that it is bound to, the keys by the
//! people that they are of, and sealed values by opening the newest of each column. What was broken when it was copied may be
//! so again; what is worse than the manifest says is refused. A failure leaves nothing behind. It is disarmed: nothing leaves it.

mod place;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use tokio::runtime::Runtime;

use super::backup::archive::BackupSource;
use super::backup::encryption::Identities;
use super::backup::manifest::{DatabaseKind, Manifest, Unproven};
use super::readable::{self, Extent};
use super::start;
use crate::app::App;
use crate::audit::{self, CHECKPOINTS, Witnesses};
use crate::clock::Clock;
use crate::config::Config;
use crate::crypto::KeyRing;
use crate::crypto::keystore::KeyStore;
use crate::error::Error;
use crate::evidence;
use place::Placed;

/// What is restored, and with what.
#[derive(clap::Args)]
pub struct Arguments {
    /// The folder or file that `holdfast backup` made
    #[arg(long, value_name = "PATH")]
    from: PathBuf,
    /// The master key, which is in no backup [default: DATA_DIR/keys/master.key]
    #[arg(long, value_name = "FILE")]
    master_key: Option<PathBuf>,
    /// The file of an identity, as age-keygen writes it, for a backup that is encrypted
    #[arg(long, value_name = "FILE")]
    identity: Option<PathBuf>,
    /// Go on although the key store that is there lacks keys of the backup, as it does of people erased since
    #[arg(long)]
    accept_missing_keys: bool,
}

/// Restores a backup into an installation of its own.
///
/// # Errors
/// One line, where the backup is empty, cut short, mixed, another's or encrypted for others; there is something already; or
/// what was restored does not prove itself. Then nothing is left of it.
pub fn restore(config: Config, clock: Clock, arguments: &Arguments) -> Result<ExitCode, String> {
    let identities = arguments.identity.as_deref().map(Identities::read).transpose()?;
    let opened = BackupSource::open(&arguments.from, identities.as_ref());
    let (unproven, mut source) = Unproven::read(opened)?;
    let (mut placed, marker) = (Placed::default(), config.data_dir.join(start::RESTORING));
    let done = place_and_prove(config, clock, arguments, (unproven, &mut source), &mut placed);
    match done {
        Ok(()) => {
            std::fs::remove_file(&marker).map_err(|error| format!("data_dir: {}: {error}", marker.display()))?;
            Ok(ExitCode::SUCCESS)
        }
        Err(line) => {
            placed.undo();
            Err(line)
        }
    }
}

fn place_and_prove(
    config: Config,
    clock: Clock,
    arguments: &Arguments,
    (unproven, source): (Unproven, &mut BackupSource),
    placed: &mut Placed,
) -> Result<(), String> {
    let ring = placed.master_key(&config, arguments.master_key.as_deref())?;
    let manifest = unproven.prove(&ring)?;
    if manifest.database != DatabaseKind::of(&config.database) {
        return Err("database_url: the backup is of the other kind of database".to_owned());
    }
    let gone = placed.keys(&config, &manifest, source, arguments.accept_missing_keys)?;
    placed.database(&config, &manifest, source, clock.now())?;
    placed.checkpoints(&config, &manifest, source)?;
    let app = start::open_unproven(config, clock, start::full(), start::FirstStart::Refused)?;
    let objects = app.db.read_here(evidence::list_objects).map_err(|error| error.to_string())?;
    let runtime = start::runtime()?;
    runtime.block_on(placed.evidence(&app, &manifest, &objects, source))?;
    let opened = prove(&app, &runtime, &manifest, gone.is_some())?;
    // Disarmed, it takes no checkpoint that would bring the log up to date. A log that was broken before is left as it was.
    if manifest.audit_fault.is_none() {
        runtime.block_on(audit::complete_log(&app)).map_err(|error| format!("{CHECKPOINTS}: {error}"))?;
    }
    say!("restored as it was at {}, with release {}", manifest.taken_at, manifest.version);
    say!("rows: {}, each table as many as were copied", manifest.rows.values().sum::<i64>());
    say!("sealed values: {opened} opened, of each column the newest");
    if let Some(fault) = &manifest.audit_fault {
        say!("the audit is broken, as it was when it was copied: {fault}");
    }
    if manifest.broken > 0 {
        say!("sealed values that did not open when they were copied: {}", manifest.broken);
    }
    if let Some(gone) = gone {
        say!("the key store that was there is kept: {gone} people who have a key in the backup have none in it");
    }
    say!("{}", start::DISARMED);
    Ok(())
}

/// Proves that what was restored is no worse than the manifest says of what was copied; how many sealed values were opened
/// for it.
fn prove(app: &App, runtime: &Runtime, manifest: &Manifest, keys_are_current: bool) -> Result<usize, String> {
    let said = |error: Error| error.to_string();
    let witnesses = Witnesses::read_copy(app, &app.config.data_dir, manifest.taken_at)?;
    let verified = app.db.snapshot_here(|conn| audit::verify_with(conn, &witnesses)).map_err(said)?;
    if let Some(fault) = verified.fault().filter(|fault| manifest.audit_fault.as_ref() != Some(fault)) {
        return Err(format!("from: the audit is broken: {fault}"));
    }
    let people = app.db.read_here(readable::list_people).map_err(said)?;
    let store = KeyStore::open(&app.config.key_store).map_err(|error| format!("key_store_url: {error}"))?;
    let keyless = readable::without_key(&store, &people).map_err(said)?.len();
    if keyless > manifest.keyless && !keys_are_current {
        return Err(format!("from: {keyless} people have no key in the backup, where {} had none", manifest.keyless));
    }
    let looked = app.db.read_here(|conn| readable::look(app, conn, runtime, Extent::Sample)).map_err(said)?;
    match looked.list_broken().nth(manifest.broken) {
        Some(unread) => Err(format!("from: a sealed value does not open: {unread}")),
        None => Ok(looked.opened),
    }
}

/// The key ring of the master key in `data_dir`, which is never made here.
fn read_ring(data_dir: &Path) -> Result<KeyRing, String> {
    if !KeyRing::exist_in(data_dir) {
        return Err("master_key: name the file of the master key, which is in no backup".to_owned());
    }
    KeyRing::open(data_dir).map(|(ring, _)| ring).map_err(|error| format!("master_key: {error}"))
}
