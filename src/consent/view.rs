//! What a survivor agreed to, as they and the staff of their side see it.

use serde::Serialize;
use utoipa::ToSchema;

use super::grant::PendingView;
use super::ledger::{Scope, ScopeStatus};
use super::store::{Ledger, RecordedHow};
use super::texts;
use crate::db::{Instant, OrganisationId, StaffId};
use crate::words::Language;

/// One scope or setting, as it is now.
#[serde_with::skip_serializing_none]
#[derive(Serialize, ToSchema)]
pub struct ConsentView {
    /// The scope or setting.
    #[schema(example = "alert.police.help_now")]
    pub scope: String,
    /// Whether it is on.
    pub granted: bool,
    /// Since when.
    pub since: Option<Instant>,
    /// When the agreement runs out.
    pub expires_at: Option<Instant>,
    /// What is yet to take effect.
    pub pending: Option<PendingView>,
    /// Of a setting by which the police are notified: whether they would be, as things are now. It is on, and the force can be
    /// reached.
    pub police_will_be_told: Option<bool>,
    /// Who recorded the last decision: `survivor` or `staff`; none where nothing was ever recorded.
    #[schema(example = "survivor")]
    pub recorded_by: Option<String>,
    /// When it was recorded.
    pub recorded_at: Option<Instant>,
    /// How it was reported to the member of staff who recorded it.
    pub recorded_how: Option<RecordedHow>,
    /// Organisations that were named in a decision, and what holds for each of them now.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    by_name: Vec<NamedConsentView>,
    /// The version of the text to show.
    #[schema(example = "1")]
    text_version: String,
    /// The language of the text; give it back with the decision.
    #[schema(example = "en")]
    language: Language,
    /// The text to show.
    text: String,
}

/// What holds for one organisation.
#[serde_with::skip_serializing_none]
#[derive(Serialize, ToSchema)]
pub struct NamedConsentView {
    /// Which one.
    organisation_id: OrganisationId,
    /// Whether it is on for them.
    granted: bool,
    /// When that agreement runs out.
    expires_at: Option<Instant>,
}

impl NamedConsentView {
    fn of((organisation_id, standing): (OrganisationId, ScopeStatus)) -> Self {
        Self { organisation_id, granted: standing.granted, expires_at: standing.expires_at }
    }
}

impl ConsentView {
    fn of(ledger: &Ledger, scope: Scope, (now, can_reach_police): (Instant, bool), language: Language) -> Self {
        let (standing, record) = (ledger.standing(scope, now), ledger.last_record(scope));
        Self {
            scope: scope.as_str().to_owned(),
            granted: standing.granted,
            since: standing.since,
            expires_at: standing.expires_at,
            pending: standing.pending.map(PendingView::of),
            police_will_be_told: scope.notifies_police().then_some(standing.granted && can_reach_police),
            recorded_by: record.map(|record| record.by_kind.clone()),
            recorded_at: record.map(|record| record.at),
            recorded_how: record.and_then(|record| record.how),
            by_name: ledger.by_name(scope, now).map(NamedConsentView::of).collect(),
            text_version: texts::current_version(scope).to_owned(),
            language,
            text: texts::text(scope, texts::current_version(scope), language).unwrap_or_default(),
        }
    }
}

/// The same for the staff of the survivor's side, with who recorded it.
#[serde_with::skip_serializing_none]
#[derive(Serialize, ToSchema)]
pub struct SurvivorConsentView {
    /// Its state.
    #[serde(flatten)]
    pub consent: ConsentView,
    /// The member of staff who recorded it.
    pub recorded_by_id: Option<StaffId>,
    /// The receipt of the last decision.
    #[schema(example = "CR-6F2K-8C3D-M")]
    receipt: Option<String>,
}

/// All scopes and settings, for the survivor; `now` goes with whether the police can be reached.
pub(super) fn own(ledger: &Ledger, now: (Instant, bool), language: Language) -> Vec<ConsentView> {
    Scope::ALL.iter().map(|scope| ConsentView::of(ledger, *scope, now, language)).collect()
}

/// All scopes and settings, for their staff; `now` goes with whether the police can be reached.
#[must_use]
pub fn for_staff(ledger: &Ledger, now: (Instant, bool), language: Language) -> Vec<SurvivorConsentView> {
    let view = |scope: &Scope| {
        let record = ledger.last_record(*scope);
        let by_staff = record.filter(|record| record.by_kind == "staff");
        SurvivorConsentView {
            consent: ConsentView::of(ledger, *scope, now, language),
            recorded_by_id: by_staff.map(|record| StaffId(record.by.0)),
            receipt: record.map(|record| record.receipt.clone()),
        }
    };
    Scope::ALL.iter().map(view).collect()
}
