//! `holdfast audit verify`.

use std::process::ExitCode;

use super::start;
use crate::audit::{self, Verified};
use crate::clock::Clock;
use crate::config::Config;
use crate::db::DbConn;

/// Reads the whole chain, holds it against the checkpoints, and names the first bad entry.
pub fn verify(config: Config, clock: Clock) -> Result<ExitCode, String> {
    let app = start::open(config, clock, start::full())?;
    let verified = app.db.read_here(audit::verify).map_err(|error| error.to_string())?;
    let Verified::Whole { entries } = verified else { return Ok(tell(&verified)) };
    let hold = |conn: &mut DbConn| audit::verify_log(conn, &app.keys, &app.config.data_dir);
    match app.db.read_here(hold).map_err(|error| error.to_string())? {
        Ok(witnessed) => {
            println!("{entries} entries, whole");
            match witnessed.last_at {
                Some(at) => println!("held against {} checkpoints, the last of {at}", witnessed.checkpoints),
                None => println!("held against no checkpoint: there is no log of them here"),
            }
            Ok(ExitCode::SUCCESS)
        }
        Err(broken) => Ok(tell(&broken)),
    }
}

fn tell(verified: &Verified) -> ExitCode {
    match verified {
        Verified::Whole { entries } => println!("{entries} entries, whole"),
        Verified::Broken { lane: -1, sequence, why } => println!("line {sequence}: {why}"),
        Verified::Broken { lane, sequence, why } => println!("lane {lane}, entry {sequence}: {why}"),
    }
    ExitCode::FAILURE
}
