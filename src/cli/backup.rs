//! `holdfast backup`.

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
    app.db.copy_to(to).map_err(|error| error.to_string())?;
    println!("copied to {}; the keys under {} are not in it", to.display(), app.config.data_dir.join("keys").display());
    Ok(ExitCode::SUCCESS)
}
