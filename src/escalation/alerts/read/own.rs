//! One of the survivor's own alerts: the truth about it, for their phone.

use serde::Serialize;
use utoipa::ToSchema;

use crate::access::SurvivorAccess;
use crate::crypto::Keys;
use crate::db::{AlertId, DbConn, Instant};
use crate::error::{Error, Result};
use crate::escalation::alerts::sentences::{self, Log};
use crate::escalation::alerts::{store, truth};
use crate::escalation::overrides::effect;
use crate::escalation::police::outcomes::{self, ReleasedOutcome};
use crate::outgoing::guard::Ways;
use crate::tx::Raised;
use crate::words::Language;

/// The truth about an alert, for the survivor's phone.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct OwnAlertView {
    /// What is true of it now.
    #[serde(flatten)]
    pub alert: Raised,
    /// What the police said came of it, once the advocate has released it.
    pub outcome: Option<String>,
    /// Whether the police have said something else since, which the advocate has not released yet.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_outcome_superseded: bool,
    /// What the force calls it, once the outcome is released.
    #[schema(example = "SYP-20261121-0812")]
    pub force_reference: Option<String>,
    /// The grade that the force gave it, once the outcome is released.
    #[schema(example = "grade_1")]
    pub grade: Option<String>,
    /// All of this in sentences, in the reader's language.
    #[schema(example = json!(["We have received this.", "A person who supports you has taken it up."]))]
    pub in_words: Vec<String>,
}

/// One of the survivor's own alerts; silent ones do not exist for the app.
pub fn find_own(
    conn: &mut DbConn,
    (keys, ways, now): (&Keys, Ways, Instant),
    access: &SurvivorAccess,
    id: AlertId,
    language: Language,
) -> Result<OwnAlertView> {
    let found = store::find(conn, id)?.filter(|alert| alert.survivor_id == access.id() && !alert.is_silent);
    let alert = found.ok_or(Error::NotFound)?;
    let truth = truth::truth(conn, (ways, now), &alert)?;
    let released = outcomes::released_of(conn, keys, &alert)?;
    let log = sentences::log_of(conn, &alert, truth.police_will_be_told)?;
    let (truth, log) = truth::with_those_notified(conn, (&alert, now), (truth, log))?;
    let released_in_log = released.as_ref().map(ReleasedOutcome::in_log);
    let mut log = Log { released: released_in_log, ..log };
    if effect::is_untold(conn, &alert, now)? {
        log.forget_police();
    }
    let in_words = sentences::in_words(&sentences::for_survivor(&log), language);
    let is_outcome_superseded = released.as_ref().is_some_and(|released| released.is_superseded);
    let (outcome, grade, force_reference) = match released {
        Some(released) => (Some(released.outcome), released.grade, released.force_reference),
        None => (None, None, None),
    };
    Ok(OwnAlertView { alert: truth, outcome, is_outcome_superseded, force_reference, grade, in_words })
}
