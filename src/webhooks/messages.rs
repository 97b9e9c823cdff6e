//! What the messages hold that are about no alert.

use serde::Serialize;
use utoipa::ToSchema;

use crate::audit::CheckpointSummary;
use crate::db::EndpointId;

/// The type of the message that an administrator asks for.
pub const TEST: &str = "endpoint.test";

/// That we are there, and how far the audit has come.
#[derive(Debug, Serialize, ToSchema)]
pub struct WatchdogData {
    /// After how many seconds the next one comes: who hears nothing for some times as long should ring.
    #[schema(minimum = 1, example = 60)]
    pub every_seconds: u32,
    /// The newest checkpoint. Keep it: with it, nobody can shorten the audit unseen.
    pub audit_checkpoint: CheckpointSummary,
}

/// That an administrator tries the endpoint.
#[derive(Debug, Serialize, ToSchema)]
pub struct EndpointTestData {
    /// Which endpoint.
    pub endpoint: EndpointId,
}
