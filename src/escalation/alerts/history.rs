//! The lines of an alert's history: what each kind of line says, as one type, and writing them.
//!
//! A line is stored as its kind and the JSON of what it says. Code that decides by a line reads it as a [`Detail`], so that a
//! field that is renamed here is renamed for them too.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::model::{AlertRow, HistoryKind, HistoryRow};
use crate::checkins::Answer;
use crate::crypto::{Private, SealedTable, seal};
use crate::db::{CheckInId, HistoryId, Instant, Json, OrganisationId, OverrideId, StaffId, SubjectId, TimerId};
use crate::error::Result;
use crate::escalation::alerts::store;
use crate::escalation::ladder::Audience;
use crate::escalation::ladder::hold::model::HoldReason;
use crate::escalation::ladder::step_outcomes::model::{Outcome, StepOutcome};
use crate::escalation::overrides::model::OverrideState;
use crate::escalation::police::outcomes::model::PoliceOutcome;
use crate::escalation::trigger_facts::TriggerFacts;
use crate::tx::Tx;

/// What a line says, by its kind.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "detail", rename_all = "snake_case")]
pub(in crate::escalation) enum Detail {
    /// The alert was raised.
    Raised(TriggerFacts),
    /// A rule applied once more.
    TriggeredAgain(TriggerFacts),
    /// Its level rose.
    LevelRaised(LevelRaise),
    /// The survivor answered.
    Answered(AnswerDetail),
    /// A step of the ladder was taken.
    Step(StepDetail),
    /// A support-side person took it up.
    Acknowledged(ActDetail),
    /// An officer took it up.
    PoliceAcknowledged {
        /// Who.
        officer: StaffId,
        /// The grade that the force gave it.
        grade: Option<String>,
        /// What the force does, as a code.
        action: Option<String>,
        /// Which force.
        #[serde(default)]
        force: Option<String>,
    },
    /// The survivor turned on the setting by which the police are notified.
    PoliceAllowed {
        /// Which setting.
        setting: String,
    },
    /// People decided that the police are notified without the survivor's setting, or that they are no longer.
    PoliceOverride {
        /// Which decision.
        override_id: OverrideId,
        /// Its state.
        state: OverrideState,
    },
    /// Somebody said how it goes.
    Progress(ActDetail),
    /// Nothing happened in time: it climbs again.
    ClimbResumed {},
    /// A message reached nobody: the police were reached another way.
    FellBack {
        /// What came of that.
        outcome: StepOutcome,
        /// Which force the message was for.
        #[serde(default)]
        organisation_id: Option<OrganisationId>,
    },
    /// The police said what came of it.
    PoliceOutcome {
        /// Who.
        officer: StaffId,
        /// What.
        outcome: PoliceOutcome,
        /// Which force.
        #[serde(default)]
        force: Option<String>,
        /// What the force had said before.
        #[serde(default)]
        corrects: Option<String>,
    },
    /// The advocate let the survivor's phone show a silent alert.
    Released {},
    /// The advocate released the outcome to the survivor.
    OutcomeReleased {},
    /// The advocate withholds the outcome from the survivor.
    OutcomeWithheld {
        /// Why, as a code.
        reason: String,
    },
    /// It was closed: done.
    Resolved(ActDetail),
    /// It was closed: safety confirmed.
    StoodDown(ActDetail),
    /// It was opened again.
    Reopened {
        /// Why, as a code.
        reason: String,
    },
    /// Steps that were due are held back.
    Held {
        /// Why.
        reason: HoldReason,
        /// Until when.
        until: Instant,
    },
    /// Administrators were notified that the organisation has no supervisor.
    AdministratorWarned {
        /// Why.
        reason: Vacancy,
        /// Who was notified.
        told: Vec<AudienceTold>,
    },
}

/// How a level rose.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
#[expect(clippy::large_enum_variant, reason = "one line of history at a time is in memory")]
pub(in crate::escalation) enum LevelRaise {
    /// A person raised it.
    ByPerson {
        /// Of which kind.
        by: Raiser,
    },
    /// A trigger raised it.
    ByTrigger(TriggerFacts),
}

/// Who may raise a level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::escalation) enum Raiser {
    /// A member of staff.
    Staff,
}

/// Which role nobody holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::escalation) enum Vacancy {
    /// There is no supervisor.
    NoSupervisor,
}

/// What the survivor said while an alert was open.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub(in crate::escalation) enum AnswerDetail {
    /// By a check-in.
    CheckIn {
        /// Which.
        check_in_id: CheckInId,
        /// What it says.
        status: Option<Answer>,
        /// Whether it came late.
        is_late: bool,
        /// Whether staff recorded it.
        #[serde(default)]
        is_recorded_by_staff: bool,
        /// Whether it needed no proof, or came with a PIN that had just been given.
        #[serde(default = "needs_no_proof")]
        is_proven: bool,
        /// When the phone recorded it.
        #[serde(default)]
        recorded_at: Option<Instant>,
    },
    /// By ending a timer that had run out.
    Timer {
        /// Which.
        timer_id: TimerId,
        /// What they did.
        status: TimerAnswer,
        /// That it was late.
        is_late: bool,
    },
}

/// An answer from before any had to be proven.
fn needs_no_proof() -> bool {
    true
}

/// What a survivor can do with a timer that has run out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::escalation) enum TimerAnswer {
    /// End it.
    TimerEnded,
}

/// A step of the ladder.
#[serde_with::skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(in crate::escalation) struct StepDetail {
    /// The round of the climb.
    pub round: u32,
    /// Which step of it.
    pub index: u32,
    /// When it was due.
    pub due_at: Instant,
    /// Who was notified, by audience.
    pub told: Vec<AudienceTold>,
    /// How many triggers came since people were paged before.
    #[serde(default)]
    pub triggers_since_last_page: Option<i32>,
}

/// How one audience was notified.
#[serde_with::skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(in crate::escalation) struct AudienceTold {
    /// Which audience.
    pub audience: Notified,
    /// What came of it.
    pub outcome: StepOutcome,
    /// Which members of staff.
    pub staff: Vec<StaffId>,
    /// Since when that is so. Worked out when the line is read, never stored.
    #[serde(default)]
    pub at: Option<Instant>,
    /// What came of it for each of them. Worked out when the line is read, never stored.
    #[serde(default)]
    pub people: Option<Vec<PersonReached>>,
}

/// What came of notifying one person.
#[serde_with::skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(in crate::escalation) struct PersonReached {
    /// Who.
    pub staff: StaffId,
    /// What came of it.
    pub outcome: Outcome,
    /// Since when.
    #[serde(default)]
    pub at: Option<Instant>,
}

/// Who a line says was notified: an audience of the ladder, or those who see to accounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub(in crate::escalation) enum Notified {
    /// An audience of the ladder.
    Audience(Audience),
    /// The organisation's administrators.
    Other(OtherAudience),
}

/// An audience that no ladder names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::escalation) enum OtherAudience {
    /// The organisation's administrators.
    Administrator,
}

/// What a support-side person did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(in crate::escalation) struct ActDetail {
    /// Whether somebody spoke to the survivor.
    pub spoke_to_survivor: bool,
    /// Whether they confirmed what the police said came of it.
    #[serde(default)]
    pub outcome_confirmed: bool,
    /// Why, as a code.
    #[serde(default)]
    pub reason: Option<String>,
}

/// A detail as its two columns.
#[derive(Deserialize)]
struct Columns {
    kind: HistoryKind,
    detail: Value,
}

impl Detail {
    /// What a line says; none where this version cannot read it.
    pub(in crate::escalation) fn of(line: &HistoryRow) -> Option<Self> {
        Self::read(line.kind, &line.detail)
            .inspect_err(|error| tracing::error!(line = %line.id, kind = %line.kind, %error, "a line of a history cannot be read"))
            .ok()
    }

    fn read(kind: HistoryKind, detail: &Json) -> std::result::Result<Self, serde_json::Error> {
        Self::deserialize(json!({"kind": kind, "detail": detail.0}))
    }

    /// The columns that it is stored in.
    fn columns(&self) -> Result<(HistoryKind, Json)> {
        let Columns { kind, detail } = serde_json::from_value(serde_json::to_value(self)?)?;
        Ok((kind, Json(detail)))
    }

    /// The JSON that it is stored as.
    pub(in crate::escalation) fn stored(&self) -> Result<Value> {
        self.columns().map(|(_, detail)| detail.0)
    }

    /// What is known of what happened, where the line is a trigger that brought any of it.
    pub(in crate::escalation) fn into_facts(self) -> Option<TriggerFacts> {
        match self {
            Self::Raised(facts) | Self::TriggeredAgain(facts) | Self::LevelRaised(LevelRaise::ByTrigger(facts)) => {
                Some(facts)
            }
            _ => None,
        }
    }

    /// Who was notified, by audience.
    pub(in crate::escalation) fn into_notified(self) -> Vec<AudienceTold> {
        match self {
            Self::Step(StepDetail { told, .. }) | Self::AdministratorWarned { told, .. } => told,
            _ => Vec::new(),
        }
    }
}

/// What the trigger of a line brought; none where the line is no trigger.
pub(in crate::escalation) fn facts_of(line: &HistoryRow) -> Option<TriggerFacts> {
    if line.kind.is_trigger() { Detail::of(line)?.into_facts() } else { None }
}

/// Appends a line to an alert's history.
pub(in crate::escalation) fn write(
    tx: &mut Tx<'_>,
    alert: &AlertRow,
    detail: &Detail,
    note: Option<&Private>,
) -> Result<()> {
    write_reply(tx, alert, detail, (note, None))
}

/// The same with what a force calls the alert, which identifies as much as a note does.
pub(in crate::escalation) fn write_reply(
    tx: &mut Tx<'_>,
    alert: &AlertRow,
    detail: &Detail,
    (note, force_reference): (Option<&Private>, Option<&Private>),
) -> Result<()> {
    let id = HistoryId::new(tx.now);
    let new = HistoryRow::sealing(tx.keys, alert.survivor_id, id);
    let (kind, detail) = detail.columns()?;
    let row = HistoryRow {
        id,
        alert_id: alert.id,
        survivor_id: alert.survivor_id,
        at: tx.now,
        kind,
        rule: Some(alert.rule),
        level: alert.level,
        detail,
        note: seal!(new.note, &note)?,
        actor_kind: tx.actor.kind().to_owned(),
        actor_id: tx.actor.id().map(SubjectId),
        force_reference: seal!(new.force_reference, &force_reference)?,
    };
    store::insert_history(tx, row)?;
    tx.publish_change();
    store::insert_change(tx.conn, id, alert.id, alert.organisation_id)
}

#[cfg(test)]
mod tests;
