//! Rows and words of incidents.

use diesel::dsl;
use diesel::prelude::*;
use secrecy::ExposeSecret;
use serde_json::{Map, Value};

use super::severity::{self, Nature, StatedSeverity};
use crate::crypto::{Keys, Sealed, open, sealed_row};
use crate::db::schema::{incident_drafts, incident_events, incident_versions, incidents};
use crate::db::{
    ConditionId, DeviceId, IncidentEventId, IncidentId, Instant, Json, StaffId, SubjectId, SurvivorId, text_enum,
};
use crate::error::Result;
use crate::http::{lenient, list_query};

list_query! {
    /// Which incidents of a survivor to list.
    pub struct IncidentsQuery {
        /// Only those in this state.
        pub state: Option<IncidentState>,
        /// Only those of this severity or graver, 1 to 4.
        #[serde(default, deserialize_with = "crate::http::page::one_to_four")]
        #[param(minimum = 1, maximum = 4)]
        pub least_severity: Option<i32>,
        /// Only those that name a condition which they may break, or only those that name none.
        pub is_suspected_breach: Option<bool>,
        /// Only those that happened from this moment on.
        #[param(value_type = Option<String>, format = DateTime)]
        pub since: Option<Instant>,
        /// Only those that happened before this moment.
        #[param(value_type = Option<String>, format = DateTime)]
        pub until: Option<Instant>,
    }
}

list_query! {
    /// Which incidents of several survivors to list.
    pub struct TriageQuery {
        /// Only those in this state, such as `submitted`: nobody has judged them yet.
        pub state: Option<IncidentState>,
        /// Only those of this severity or graver, 1 to 4.
        #[serde(default, deserialize_with = "crate::http::page::one_to_four")]
        #[param(minimum = 1, maximum = 4)]
        pub least_severity: Option<i32>,
        /// Only those of this survivor.
        pub survivor_id: Option<SurvivorId>,
        /// Only those that arrived from this moment on.
        #[param(value_type = Option<String>, format = DateTime)]
        pub since: Option<Instant>,
        /// Only those that arrived before this moment.
        #[param(value_type = Option<String>, format = DateTime)]
        pub until: Option<Instant>,
        /// With `true`, only those of survivors to whom you are assigned.
        pub mine: Option<bool>,
    }
}

text_enum! {
    /// The state of an incident.
    pub enum IncidentState {
        /// The survivor has begun to tell it; nobody else sees it.
        Draft = "draft",
        /// The survivor has sent it.
        Submitted = "submitted",
        /// Their side has looked at it and judged how soon something is to be done.
        Triaged = "triaged",
        /// Something is being done about it.
        InAction = "in_action",
        /// What was to be done is done.
        Closed = "closed",
        /// The survivor has taken it back: kept, and disclosed no further.
        Withdrawn = "withdrawn",
    }
}

text_enum! {
    /// Who may see an incident: each word includes those before it, and each is still limited by consent.
    pub enum Visibility {
        /// The survivor alone.
        Private = "private",
        /// Their support organisation.
        Advocate = "advocate",
        /// The programme too, without the account.
        ProgrammeSummary = "programme_summary",
        /// The programme too, with the account.
        ProgrammeFull = "programme_full",
        /// The police too.
        Police = "police",
    }
}

impl Visibility {
    /// This word and those that include it. Never `private`: nobody but the survivor reads by visibility.
    pub(super) fn and_wider(self) -> Vec<Self> {
        let least = self.max(Self::Advocate);
        Self::ALL.iter().copied().filter(|word| *word >= least).collect()
    }

    /// Whether somebody who sees incidents from this word on sees those written under duress: the survivor's own side and
    /// the police do, the programme never does. Somebody else may have dictated them.
    pub(super) fn with_duress(self) -> Vec<bool> {
        match self {
            Self::ProgrammeSummary | Self::ProgrammeFull => vec![false],
            Self::Private | Self::Advocate | Self::Police => vec![false, true],
        }
    }
}

text_enum! {
    /// How well the survivor knows when it happened.
    pub enum Precision {
        /// To the minute.
        Exact = "exact",
        /// About then.
        Approximate = "approximate",
        /// Some time between two moments.
        Range = "range",
        /// Not known.
        Unknown = "unknown",
    }
}

text_enum! {
    /// What the survivor wants about reporting it to the police.
    pub enum ReportingWish {
        /// They have reported it.
        Reported = "reported",
        /// They want it reported.
        WantsToReport = "wants_to_report",
        /// They want to talk about it first.
        TalkFirst = "talk_first",
        /// They have not decided.
        Undecided = "undecided",
        /// They do not want it reported.
        DoesNotWant = "does_not_want",
    }
}

/// An incident, as it is in its newest version.
#[derive(Clone, Debug, HasQuery, Insertable)]
#[diesel(table_name = incidents, treat_none_as_default_value = false)]
pub struct Incident {
    /// Id.
    pub id: IncidentId,
    /// Whose.
    pub survivor_id: SurvivorId,
    /// Its state.
    pub state: IncidentState,
    /// The newest version.
    pub version: i32,
    /// 1 to 4; never lowered by software.
    pub severity: i32,
    /// Who may see it.
    pub visibility: Visibility,
    /// The order condition that it may breach.
    pub order_condition_id: Option<ConditionId>,
    /// When it happened, as far as known; else when it was recorded.
    pub happened_at: Instant,
    /// When the first version arrived.
    pub received_at: Instant,
    /// When the survivor took it back.
    pub withdrawn_at: Option<Instant>,
    /// Why, in the survivor's words.
    pub withdrawal_reason: Option<Sealed>,
    /// Whether it came from a session under duress.
    pub is_duress: bool,
    /// On a decoy: the id of what is kept on the survivor's own record.
    pub twin_of: Option<IncidentId>,
    /// Whether staff wrote it down, and the survivor's phone shows nothing of it.
    pub is_off_phone: bool,
}
sealed_row!(Incident, "incidents", survivor_id, id);

impl Incident {
    /// The id by which the phone knows it.
    #[must_use]
    pub fn shown_id(&self) -> IncidentId {
        self.twin_of.unwrap_or(self.id)
    }
}

/// One version of what was reported. Never changed.
#[derive(Clone, Debug, HasQuery, Insertable)]
#[diesel(table_name = incident_versions, treat_none_as_default_value = false)]
pub struct IncidentVersion {
    /// Of which incident.
    pub incident_id: IncidentId,
    /// Counts from 1.
    pub version: i32,
    /// Whose.
    pub survivor_id: SurvivorId,
    /// How well the time is known.
    pub precision: Precision,
    /// When it happened, or began.
    pub happened_from: Option<Instant>,
    /// By when a range ends.
    pub happened_to: Option<Instant>,
    /// Behaviour codes.
    pub behaviours: Json,
    /// What happened, in the survivor's words.
    pub account: Sealed,
    /// What only the survivor reads.
    pub private_note: Option<Sealed>,
    /// Where.
    pub place: Option<Sealed>,
    /// 0 to 4.
    pub fear: i32,
    /// 1 to 4.
    pub severity: i32,
    /// Who may see it.
    pub visibility: Visibility,
    /// Whether it was going on as it was reported.
    pub happening_now: bool,
    /// Whether police may speak to the survivor about it.
    pub police_may_contact: bool,
    /// The order condition that it may breach.
    pub order_condition_id: Option<ConditionId>,
    /// When the phone recorded it.
    pub recorded_at: Instant,
    /// When it arrived.
    pub received_at: Instant,
    /// Why it was amended, as a code that the app chooses.
    pub reason: Option<Sealed>,
    /// How much it changed their life, 0 to 4.
    pub impact: Option<i32>,
    /// Who saw it.
    pub witnesses: Option<Sealed>,
    /// Who else was targeted.
    pub third_parties: Option<Sealed>,
    /// Whether children were present.
    pub children_present: Option<bool>,
    /// What the police call it.
    pub police_reference: Option<Sealed>,
    /// What they want about reporting it.
    pub reporting_wish: Option<ReportingWish>,
    /// The phone on which it was reported: none for what was reported before phones were noted.
    pub device_id: Option<DeviceId>,
    /// The force of the place (data.police.uk), where the survivor knows it.
    pub force_id: Option<String>,
    /// Who wrote it down for the survivor, where it did not come from a phone.
    pub recorded_by: Option<StaffId>,
}
sealed_row!(IncidentVersion, "incident_versions", survivor_id, incident_id, version);

impl IncidentVersion {
    /// How grave it is by what it tells, whatever staff decided since.
    pub(super) fn reported_severity(&self) -> Result<i32> {
        let nature = Nature::of(&self.behaviours.read::<Vec<String>>()?);
        Ok(severity::severity(StatedSeverity {
            base: nature.base_severity,
            fear: self.fear,
            impact: self.impact,
            is_in_person: nature.is_in_person,
            is_happening_now: self.happening_now,
            is_breach: self.order_condition_id.is_some(),
        }))
    }
}

/// Incidents with the version that counts now.
#[dsl::auto_type]
pub fn current() -> _ {
    let same = incident_versions::incident_id.eq(incidents::id);
    incidents::table
        .inner_join(incident_versions::table.on(same.and(incident_versions::version.eq(incidents::version))))
}

/// An incident with its newest version.
#[derive(Clone, Debug, HasQuery)]
#[diesel(table_name = incidents, base_query = current())]
pub struct Reported {
    /// The incident.
    #[diesel(embed)]
    pub incident: Incident,
    /// Its newest version.
    #[diesel(embed)]
    pub version: IncidentVersion,
}

impl Reported {
    /// The behaviour codes.
    ///
    /// # Errors
    /// When the column does not hold a list of codes.
    pub fn behaviours(&self) -> Result<Vec<String>> {
        self.version.behaviours.read()
    }
}

text_enum! {
    /// What happened to an incident.
    pub enum IncidentEventKind {
        /// The survivor sent it.
        Submitted = "submitted",
        /// The survivor reported it again.
        Amended = "amended",
        /// The survivor took it back.
        Withdrawn = "withdrawn",
        /// Staff judged how soon something is to be done.
        Triaged = "triaged",
        /// Staff did something about it.
        Acted = "acted",
        /// Staff closed it.
        Closed = "closed",
        /// Somebody raised its severity.
        SeverityRaised = "severity_raised",
        /// A supervisor lowered its severity.
        SeverityLowered = "severity_lowered",
        /// Staff who wrote it down let the survivor's phone show it.
        Shown = "shown",
        /// The survivor said when it is to be opened further.
        ReleaseSet = "release_set",
        /// The survivor said that it is not to be opened further.
        ReleaseCancelled = "release_cancelled",
        /// It was opened further, as the survivor had said.
        Released = "released",
    }
}

/// One thing that happened.
#[derive(Clone, Debug, HasQuery, Insertable)]
#[diesel(table_name = incident_events, treat_none_as_default_value = false)]
pub struct IncidentEvent {
    /// Id.
    pub id: IncidentEventId,
    /// To which incident.
    pub incident_id: IncidentId,
    /// Whose.
    pub survivor_id: SurvivorId,
    /// When.
    pub at: Instant,
    /// What.
    pub kind: IncidentEventKind,
    /// The state after it.
    pub state: IncidentState,
    /// The newest version then.
    pub version: i32,
    /// The severity after it.
    pub severity: i32,
    /// Who could see it after that.
    pub visibility: Visibility,
    /// Why, as a code that the app chooses.
    pub reason: Option<Sealed>,
    /// In words.
    pub note: Option<Sealed>,
    /// Who did it.
    pub actor_kind: String,
    /// The account.
    pub actor_id: Option<SubjectId>,
}
sealed_row!(IncidentEvent, "incident_events", survivor_id, id);

/// A draft.
#[derive(Clone, Debug, HasQuery, Insertable)]
#[diesel(table_name = incident_drafts)]
pub struct IncidentDraft {
    /// Id; the incident has the same.
    pub id: IncidentId,
    /// Whose.
    pub survivor_id: SurvivorId,
    /// Counts from 1; one more for each change.
    pub version: i32,
    /// All of it.
    pub content: Sealed,
    /// Whether it came from a session under duress.
    pub is_duress: bool,
    /// When it was begun.
    pub created_at: Instant,
    /// When it was last changed.
    pub updated_at: Instant,
    /// On a decoy: the id of what is kept on the survivor's own record.
    pub twin_of: Option<IncidentId>,
}
sealed_row!(IncidentDraft, "incident_drafts", survivor_id, id, version);

impl IncidentDraft {
    /// The id by which the phone knows it.
    #[must_use]
    pub fn shown_id(&self) -> IncidentId {
        self.twin_of.unwrap_or(self.id)
    }

    /// What was given so far, by the names of an incident's fields.
    pub(super) fn open(&self, keys: &Keys) -> Result<Map<String, Value>> {
        let content = open!(keys, self.content)?;
        Ok(serde_json::from_str(content.expose_secret())?)
    }

    /// What it tells, as a phone would send it; recorded when it was last changed, unless it says otherwise.
    pub(super) fn said(&self, keys: &Keys) -> Result<lenient::LenientJson> {
        let mut fields = self.open(keys)?;
        fields.entry("recorded_at").or_insert(serde_json::to_value(self.updated_at)?);
        Ok(lenient::LenientJson { fields, is_whole: true, ..lenient::LenientJson::default() })
    }
}
