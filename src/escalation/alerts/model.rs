//! Rows and states of alerts.

use diesel::prelude::*;

use crate::crypto::{Sealed, sealed_row};
use crate::db::schema::{alert_history, alerts};
use crate::db::{AlertId, CaseId, HistoryId, Instant, Json, OrganisationId, SubjectId, SurvivorId, text_enum};
pub use crate::escalation::tasks::model::{TaskEnd, TaskKind, TaskRow, TaskState};
use crate::escalation::trigger_facts::TriggerFacts;
use crate::http::list_query;
use crate::tx::Subject;

list_query! {
    /// Which alerts to list.
    pub struct AlertsQuery {
        /// Only those in this state.
        pub state: Option<AlertState>,
        /// Only those that are closed, or only those that are not.
        pub is_closed: Option<bool>,
        /// Only those of this level or graver, 1 to 4.
        #[serde(default, deserialize_with = "crate::http::page::one_to_four")]
        #[param(minimum = 1, maximum = 4)]
        pub least_level: Option<i32>,
        /// Only those about this survivor; for the programme's side, which knows cases alone, that is none.
        pub survivor_id: Option<SurvivorId>,
        /// Only those that were raised from this moment on.
        #[param(value_type = Option<String>, format = DateTime)]
        pub since: Option<Instant>,
        /// Only those that were raised before this moment.
        #[param(value_type = Option<String>, format = DateTime)]
        pub until: Option<Instant>,
        /// With `true`, only those about people to whom you are assigned.
        pub mine: Option<bool>,
    }
}

impl AlertsQuery {
    /// Those that somebody has to answer, of a level or graver where one is given.
    #[must_use]
    pub fn open(least_level: Option<i32>) -> Self {
        Self { is_closed: Some(false), least_level, ..Self::default() }
    }
}

text_enum! {
    /// The state of an alert.
    pub enum AlertState {
        /// It climbs.
        Open = "open",
        /// A person has taken it up.
        Acknowledged = "acknowledged",
        /// Closed: what was to be done is done.
        Resolved = "resolved",
        /// Closed, safety confirmed.
        StoodDown = "stood_down",
    }
}

text_enum! {
    /// What raised an alert.
    pub enum Rule {
        /// Grace passed without an answer.
        MissedCheckIn = "missed_check_in",
        /// Two or more in a row.
        RepeatedMissed = "repeated_missed",
        /// Help-now was pressed.
        HelpNow = "help_now",
        /// An incident is happening now, in person or grave.
        DangerNow = "danger_now",
        /// A concern was told.
        Concern = "concern",
        /// An incident may breach a live order condition.
        OrderBreach = "order_breach",
        /// A behaviour of the gravest kind, not now.
        CriticalBehaviour = "critical_behaviour",
        /// A timer ran out unanswered.
        TimerExpired = "timer_expired",
        /// The duress PIN was given.
        Duress = "duress",
        /// Somebody else may have the phone.
        DeviceRisk = "device_risk",
        /// A drill that a supervisor began.
        Exercise = "exercise",
        /// Incidents form a pattern.
        Pattern = "pattern",
        /// The participant stays away from sessions.
        SessionAbsence = "session_absence",
        /// The practitioner fears contact or harm.
        ParticipantConcern = "participant_concern",
        /// Nobody looked in time.
        Unreviewed = "unreviewed",
    }
}

text_enum! {
    /// Rules that share one open alert.
    pub enum RuleGroup {
        /// Missed check-ins.
        Missed = "missed",
        /// Help now, danger now.
        Emergency = "emergency",
        /// Concerns.
        Concern = "concern",
        /// Suspected breaches of an order.
        Breach = "breach",
        /// Grave behaviour.
        Behaviour = "behaviour",
        /// Timers.
        Timer = "timer",
        /// Duress, and every emergency that comes from a session under it: apart from what the phone may show.
        Duress = "duress",
        /// What else was said in a session under duress, likewise apart.
        Told = "told_under_duress",
        /// Phones.
        Device = "device",
        /// Drills: apart from all others, so that nothing real ever joins one.
        Exercise = "exercise",
        /// Patterns of incidents.
        Pattern = "pattern",
        /// What is striking when both sides of a case are seen together: apart from patterns of incidents, so that the
        /// programme's side never hears of it.
        Signal = "signal",
        /// The participant's absences.
        Absence = "absence",
        /// What the practitioner fears of the participant.
        Participant = "participant",
        /// What nobody looked at.
        Unreviewed = "unreviewed",
    }
}

impl RuleGroup {
    /// What the programme's side never hears of, whatever the survivor shares: what is about their phone, that a session was
    /// under duress (also once the phone itself may show it), and what both sides together tell.
    pub const NOT_FOR_PROGRAMME: [Self; 4] = [Self::Device, Self::Duress, Self::Told, Self::Signal];

    /// Whether a session under duress is behind it, so that neither the phone nor the programme may know.
    #[must_use]
    pub fn is_under_duress(self) -> bool {
        matches!(self, Self::Duress | Self::Told)
    }
}

/// An alert.
#[derive(Clone, Debug, HasQuery, Insertable)]
#[diesel(table_name = alerts, treat_none_as_default_value = false)]
pub struct AlertRow {
    /// Id.
    pub id: AlertId,
    /// Reference for people.
    pub reference: String,
    /// Whose safety it is about.
    pub survivor_id: SurvivorId,
    /// The case, where there is an active one.
    pub case_id: Option<CaseId>,
    /// The support organisation.
    pub organisation_id: OrganisationId,
    /// Rules that add to this alert.
    pub rule_group: RuleGroup,
    /// The latest rule.
    pub rule: Rule,
    /// 1 to 4.
    pub level: i32,
    /// Its state.
    pub state: AlertState,
    /// Whether the survivor's app must not show it.
    pub is_silent: bool,
    /// Whether it is a drill.
    pub is_exercise: bool,
    /// What is known, as codes.
    pub facts: Json,
    /// The alert setting that decides whether police are notified.
    pub police_setting: Option<String>,
    /// Whether that setting was on when the alert was raised, or at a trigger since.
    pub police_allowed: bool,
    /// When the first message to a force was made.
    pub police_told_at: Option<Instant>,
    /// When an officer of any force first acknowledged what has happened so far.
    pub police_acknowledged_at: Option<Instant>,
    /// Its ladder, as it was when the alert got onto it.
    pub ladder: Json,
    /// How often the climb was begun again.
    pub ladder_round: i32,
    /// The next step.
    pub ladder_next: i32,
    /// When to look at it next: the next step, or the end of an acknowledgement's time.
    pub next_action_at: Option<Instant>,
    /// How many messages it has sent to police.
    pub message_sequence: i32,
    /// When a support-side person last acknowledged.
    pub acknowledged_at: Option<Instant>,
    /// When it was closed.
    pub closed_at: Option<Instant>,
    /// What the police said came of it.
    pub outcome: Option<String>,
    /// When the advocate released that to the survivor.
    pub outcome_released_at: Option<Instant>,
    /// When it was raised.
    pub raised_at: Instant,
    /// When it last changed.
    pub updated_at: Instant,
    /// Counts changes.
    pub version: i32,
    /// When people were last paged about it.
    pub paged_at: Option<Instant>,
    /// How many triggers came since, of which no page has told.
    pub unpaged_triggers: i32,
    /// By when it is to be acknowledged: fixed when it was raised, or when a trigger last restarted its ladder.
    pub acknowledge_by: Option<Instant>,
}

impl AlertRow {
    /// What is known of what raised it; nothing where this version cannot read it.
    pub(in crate::escalation) fn facts(&self) -> TriggerFacts {
        let unread = |error: &_| tracing::error!(alert = %self.id, %error, "the facts of an alert cannot be read");
        self.facts.read().inspect_err(unread).unwrap_or_default()
    }

    /// Gives it the time of its level, from now on, to be acknowledged.
    pub(in crate::escalation) fn restart_deadline(&mut self, now: Instant) {
        self.acknowledge_by = Some(now.plus_minutes(acknowledge_minutes(self.level)));
    }

    /// What a read of it is filed under: the survivor's own log must not tell of one that is silent.
    pub(in crate::escalation) fn read_subject(&self) -> Subject {
        match self.is_silent {
            true => Subject::of("alert", self.id),
            false => Subject::of("survivor", self.survivor_id),
        }
    }

    /// Whether it is closed.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.closed_at.is_some()
    }
}

/// Minutes within which an alert of a level is to be acknowledged, and after which one that was acknowledged climbs
/// again without progress (L2 24 h, L3 30 min, L4 5 min).
pub fn acknowledge_minutes(level: i32) -> i64 {
    match level {
        4 => 5,
        3 => 30,
        _ => 24 * 60,
    }
}

text_enum! {
    /// A kind of line in an alert's history.
    pub enum HistoryKind {
        /// The alert was raised.
        Raised = "raised",
        /// A rule applied once more.
        TriggeredAgain = "triggered_again",
        /// Its level rose.
        LevelRaised = "level_raised",
        /// The survivor answered.
        Answered = "answered",
        /// A step of the ladder was taken.
        Step = "step",
        /// A support-side person took it up.
        Acknowledged = "acknowledged",
        /// An officer took it up.
        PoliceAcknowledged = "police_acknowledged",
        /// The survivor turned on the setting by which the police are notified.
        PoliceAllowed = "police_allowed",
        /// People decided about notifying the police without the survivor's setting.
        PoliceOverride = "police_override",
        /// Somebody reported how it goes.
        Progress = "progress",
        /// Nothing happened in time: it climbs again.
        ClimbResumed = "climb_resumed",
        /// A message reached nobody: the police were reached another way.
        FellBack = "fell_back",
        /// The police reported what came of it.
        PoliceOutcome = "police_outcome",
        /// The advocate let the survivor's phone show a silent alert.
        Released = "released",
        /// The advocate released the outcome to the survivor.
        OutcomeReleased = "outcome_released",
        /// The advocate decided that the survivor does not read the outcome, for now.
        OutcomeWithheld = "outcome_withheld",
        /// It was closed: done.
        Resolved = "resolved",
        /// It was closed: safety confirmed.
        StoodDown = "stood_down",
        /// It was opened again.
        Reopened = "reopened",
        /// Steps that were due are held back.
        Held = "held",
        /// Administrators were notified that the organisation has no supervisor.
        AdministratorWarned = "administrator_warned",
    }
}

impl HistoryKind {
    /// Whether something happened to the survivor, rather than that somebody acted on the alert.
    #[must_use]
    pub fn is_trigger(self) -> bool {
        matches!(self, Self::Raised | Self::TriggeredAgain | Self::LevelRaised | Self::Reopened)
    }
}

/// One line of an alert's history; never changed.
#[derive(Clone, Debug, HasQuery, Insertable)]
#[diesel(table_name = alert_history, treat_none_as_default_value = false)]
pub struct HistoryRow {
    pub id: HistoryId,
    pub alert_id: AlertId,
    pub survivor_id: SurvivorId,
    pub at: Instant,
    pub kind: HistoryKind,
    pub rule: Option<Rule>,
    pub level: i32,
    pub detail: Json,
    pub note: Option<Sealed>,
    pub actor_kind: String,
    pub actor_id: Option<SubjectId>,
    /// What a force calls it.
    pub force_reference: Option<Sealed>,
}
sealed_row!(HistoryRow, "alert_history", survivor_id, id);

/// Who reads a survivor's alerts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AlertReader {
    /// Their own side: all of them.
    Support,
    /// The programme's side of a case: neither silent ones nor what is about the phone or another's participant.
    Programme(CaseId),
}
