//! `holdfast bundle`: verifying what was received, by anyone; and the key by which it is verified.

use std::fs::File;
use std::io::BufReader;
use std::path::PathBuf;
use std::process::ExitCode;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::start;
use crate::clock::Clock;
use crate::config::Config;
use crate::crypto::hex;
use crate::evidence::{BundleVerdict, verify_bundle};

/// What is verified, and by which key.
#[derive(clap::Args)]
pub struct VerifyArguments {
    /// The bundle
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The installation's public key, as it is published at /public/v1/bundle-key or printed by `holdfast bundle key`
    #[arg(long, value_name = "KEY")]
    public_key: Option<String>,
}

/// Says whether a bundle is as it was signed, or names the first bad entry.
pub fn verify(arguments: &VerifyArguments) -> Result<ExitCode, String> {
    let key = arguments.public_key.as_deref().map(read_key).transpose()?;
    let wrong = |error: std::io::Error| format!("{}: {error}", arguments.file.display());
    let file = BufReader::new(File::open(&arguments.file).map_err(wrong)?);
    match verify_bundle(file, key.as_deref()).map_err(wrong)? {
        BundleVerdict::Whole { reference, entries, public_key } => {
            say!("{reference}: whole, {entries} entries, not a byte changed since it was signed");
            match key {
                Some(_) => say!("signed with the key that was given"),
                None => say!("signed with {public_key}: compare it with the installation's own (--public-key)"),
            }
            Ok(ExitCode::SUCCESS)
        }
        BundleVerdict::Broken { entry, why } => {
            say!("{entry}: {why}");
            Ok(ExitCode::FAILURE)
        }
    }
}

/// 32 bytes, in hexadecimal digits or base64.
fn read_key(text: &str) -> Result<Vec<u8>, String> {
    let digits = |at: usize| text.get(at..at + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok());
    let hex = (text.len() == 64).then(|| (0..64).step_by(2).map(digits).collect::<Option<Vec<u8>>>()).flatten();
    let key = hex.or_else(|| STANDARD.decode(text).ok()).filter(|key| key.len() == 32);
    key.ok_or_else(|| "--public-key: it must be 32 bytes, in hexadecimal digits or base64".to_owned())
}

/// Prints the public key.
pub fn key(config: Config, clock: Clock) -> Result<ExitCode, String> {
    let app = start::open_existing(config, clock)?;
    say!("{}", hex(&app.keys.bundle_public_key()));
    Ok(ExitCode::SUCCESS)
}
