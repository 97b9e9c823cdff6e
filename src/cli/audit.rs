//! `holdfast audit verify`.

use std::process::ExitCode;

use super::start;
use crate::audit::{self, Verified};
use crate::clock::Clock;
use crate::config::Config;

/// Reads the whole chain, holds it against the checkpoints, and names the first bad entry.
pub fn verify(config: Config, clock: Clock) -> Result<ExitCode, String> {
    let app = start::open(config, clock, start::full())?;
    let log = audit::read_log(&app.keys, &app.config.data_dir).map_err(|error| error.to_string())?;
    let verified = app.db.snapshot_here(|conn| audit::verify_with(conn, &log)).map_err(|error| error.to_string())?;
    say!("{verified}");
    if let Verified::Broken { .. } = verified {
        return Ok(ExitCode::FAILURE);
    }
    match log.witnessed.last_at {
        Some(at) => say!("held against {} checkpoints, the last of {at}", log.witnessed.checkpoints),
        None => say!("held against no checkpoint: there is no log of them here"),
    }
    Ok(ExitCode::SUCCESS)
}
