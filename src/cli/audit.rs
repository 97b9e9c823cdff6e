//! `holdfast audit verify`.

use std::process::ExitCode;

use super::start;
use crate::audit::{self, Verified};
use crate::clock::Clock;
use crate::config::Config;

/// Reads the whole chain, and names the first bad entry.
pub fn verify(config: Config, clock: Clock) -> Result<ExitCode, String> {
    let app = start::open(config, clock, start::full())?;
    match app.db.read_here(audit::verify).map_err(|error| error.to_string())? {
        Verified::Whole { entries } => {
            println!("{entries} entries, whole");
            Ok(ExitCode::SUCCESS)
        }
        Verified::Broken { lane, sequence, why } => {
            println!("lane {lane}, entry {sequence}: {why}");
            Ok(ExitCode::FAILURE)
        }
    }
}
