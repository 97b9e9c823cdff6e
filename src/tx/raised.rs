//! What a transaction tells its caller of the alerts that it raised.

use serde::Serialize;
use utoipa::ToSchema;

use crate::db::{AlertId, Instant};

/// An alert that this transaction raised, or added to. What is true of it: `accepted` by us, `delivered` to a machine and
/// `acknowledged` by a person are three facts.
#[serde_with::skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Raised {
    /// The alert.
    pub id: AlertId,
    /// Its reference.
    #[schema(example = "AL-6F2K-8C3D-M")]
    pub reference: String,
    /// Its state.
    #[schema(example = "open")]
    pub state: String,
    /// Its level, 1 to 4.
    #[serde(skip)]
    pub level: i32,
    /// Whether the police are notified, on the survivor's setting.
    pub police_will_be_told: bool,
    /// When a police system received it; a machine, not yet a person.
    pub delivered_at: Option<Instant>,
    /// When it was sent to the police by mail; nobody answers for having received mail.
    pub sent_by_mail_at: Option<Instant>,
    /// When a person acknowledged it.
    pub acknowledged_at: Option<Instant>,
}

/// The alert that a call raised or added to, as the survivor's phone is shown it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RaisedAlertView {
    /// The alert.
    pub alert: Raised,
}

impl RaisedAlertView {
    /// The gravest of the alerts that were raised.
    #[must_use]
    pub fn gravest(raised: &[Raised]) -> Option<Self> {
        raised.iter().max_by_key(|raised| raised.level).cloned().map(|alert| Self { alert })
    }
}
