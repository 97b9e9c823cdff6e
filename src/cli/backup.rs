//! `holdfast backup`.

use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::process::ExitCode;

use super::start;
use crate::clock::Clock;
use crate::config::Config;

/// Copies the embedded database, beside a running server. The keys are kept apart, so the copy alone reads nothing.
pub fn backup(config: Config, clock: Clock, to: &Path) -> Result<ExitCode, String> {
    if to.exists() {
        return Err(format!("to: {} exists already", to.display()));
    }
    let app = start::open(config, clock, start::full())?;
    // The copy goes into an empty file that is for nobody else on this machine.
    let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(to);
    made.map_err(|error| format!("to: {}: {error}", to.display()))?;
    if let Err(error) = app.db.copy_to(to) {
        let _removed = std::fs::remove_file(to);
        return Err(error.to_string());
    }
    say!("copied to {}; the keys under {} are not in it", to.display(), app.config.data_dir.join("keys").display());
    Ok(ExitCode::SUCCESS)
}
