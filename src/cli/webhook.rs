//! `holdfast webhook`: verifying a message by hand, seeing what one looks like, and having one sent.

use std::io::Read;
use std::process::ExitCode;

use super::start;
use crate::clock::Clock;
use crate::config::Config;
use crate::crypto::signature;
use crate::db::{DeliveryId, EndpointId};
use crate::tx::{Actor, Tx};
use crate::webhooks;

/// What came with a message.
#[derive(clap::Args)]
pub struct VerifyArguments {
    /// Secret of the endpoint, whsec_…
    #[arg(long, env = "HOLDFAST_RECEIVER_SECRET", value_name = "SECRET", hide_env_values = true)]
    secret: String,
    /// Public key of the endpoint, whpk_…; with it both signatures must be good
    #[arg(long, value_name = "KEY")]
    public_key: Option<String>,
    /// The header webhook-id
    #[arg(long, value_name = "ID")]
    id: String,
    /// The header webhook-timestamp
    #[arg(long, value_name = "SECONDS")]
    timestamp: String,
    /// The header webhook-signature
    #[arg(long, value_name = "SIGNATURES")]
    signature: String,
}

/// Verifies the body on standard input, by this machine's clock.
pub fn verify(arguments: &VerifyArguments) -> Result<ExitCode, String> {
    let mut body = Vec::new();
    std::io::stdin().read_to_end(&mut body).map_err(|error| format!("body: {error}"))?;
    let VerifyArguments { secret, public_key, id, timestamp, signature } = arguments;
    let now = Clock::System.now().unix_seconds();
    match signature::verify(secret, public_key.as_deref(), id, timestamp, signature, &body, now) {
        Ok(()) => {
            say!("verified");
            Ok(ExitCode::SUCCESS)
        }
        Err(why) => {
            say!("refused: {why}");
            Ok(ExitCode::FAILURE)
        }
    }
}

/// Prints a message of a type as it may come.
///
/// # Errors
/// One line, where there is no such type.
pub fn sample(message_type: &str) -> Result<ExitCode, String> {
    let sample = crate::routes::message_sample(message_type).map_err(|error| format!("type: {error}"))?;
    if sample.is_null() {
        return Err("type: there is none of this name; the contract lists them under `webhooks`".to_owned());
    }
    say!("{sample:#}");
    Ok(ExitCode::SUCCESS)
}

/// Sends a message again, with the same id. The worker of a running server does it.
///
/// # Errors
/// One line, where there is none, or it waits already.
pub fn resend(config: Config, clock: Clock, id: DeliveryId) -> Result<ExitCode, String> {
    let app = start::open_existing(config, clock)?;
    let work = move |tx: &mut Tx<'_>| webhooks::replay(tx, id);
    let sent = start::runtime()?.block_on(app.transact(Actor::Operator, "replay_delivery", work));
    sent.map_err(|error| format!("delivery: {error}"))?;
    say!("queued {id} once more");
    Ok(ExitCode::SUCCESS)
}

/// Queues a test message to an endpoint.
///
/// # Errors
/// One line, where there is none, or it is out of use.
pub fn test(config: Config, clock: Clock, id: EndpointId) -> Result<ExitCode, String> {
    let app = start::open_existing(config, clock)?;
    let work = move |tx: &mut Tx<'_>| webhooks::send_test(tx, id);
    let queued = start::runtime()?.block_on(app.transact(Actor::Operator, "test_webhook_endpoint", work));
    let queued = queued.map_err(|error| format!("endpoint: {error}"))?;
    say!("queued {}", queued.delivery_id);
    Ok(ExitCode::SUCCESS)
}
