//! `holdfast audit verify`.

use std::path::Path;
use std::process::ExitCode;

use super::start;
use crate::audit::{self, Verified, Witnesses};
use crate::clock::Clock;
use crate::config::Config;

/// Reads the whole chain, holds it against the checkpoints, and names the first bad entry.
pub fn verify(config: Config, clock: Clock, anchor: Option<&Path>) -> Result<ExitCode, String> {
    let app = start::open_existing(config, clock)?;
    let witnesses = Witnesses::read(&app, anchor)?;
    let verified = app.db.snapshot_here(|conn| audit::verify_with(conn, &witnesses));
    let verified = verified.map_err(|error| error.to_string())?;
    say!("{verified}");
    if let Verified::Broken(broken) = verified {
        return Ok(ExitCode::from(broken.fault.exit_code()));
    }
    let witnessed = witnesses.witnessed();
    match witnessed.last_at {
        Some(at) => say!("held against {} checkpoints, the last of {at}", witnessed.checkpoints),
        None => say!("held against no checkpoint: none has been taken here"),
    }
    if let Some(anchored) = witnessed.anchored {
        say!("held against {anchored} checkpoints of the anchor");
    }
    Ok(ExitCode::SUCCESS)
}
