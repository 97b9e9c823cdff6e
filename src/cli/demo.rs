//! Stub
use crate::config::Config;
use std::process::ExitCode;
/// x
pub fn demo(_: Config, _: bool) -> Result<ExitCode, String> {
    Ok(ExitCode::SUCCESS)
}
