//! Ladders: who is notified, and how long after whom, as data.
//!
//! A ladder belongs to an organisation and is published in versions. What an alert climbs, and how far it has come, is
//! `standing.rs`'s.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub(super) mod climb;
mod defaults;
pub(super) mod drafts;
pub(super) mod hold;
pub(super) mod silences;
pub(super) mod standing;
pub(super) mod step_outcomes;
pub(super) mod steps;
pub(super) mod store;
pub(super) mod telling;
mod validate;

pub(super) use defaults::chosen;
pub use defaults::{advocate_only, all, breach, default_of, emergency, fast, high_risk, review, standard};
pub use validate::{LadderFault, MAX_STEPS, MAX_WAIT_MINUTES};

#[cfg(test)]
mod tests;

/// An escalation policy: its steps in order, and what repeats after the last one until somebody stops the climb.
///
/// Stored as JSON; an unknown field is refused, so that a misspelt `repeat` is not a ladder that ends early.
#[serde_with::skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ladder {
    /// The code that alert rules refer to, such as `high_risk`: `[a-z0-9_]{1,64}`.
    pub code: String,
    /// The published version, from 1; an alert keeps climbing the version that it started on.
    pub version: i32,
    /// The steps in order.
    pub steps: Vec<Step>,
    /// What goes on after the last step; without it the ladder ends there.
    #[serde(default)]
    pub repeat: Option<Repeat>,
}

/// One step: who is notified, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Minutes after the due instant of the step before; of the first step, after the climb began.
    #[schema(minimum = 0, maximum = 10080, example = 10)]
    pub wait_minutes: u32,
    /// Who is notified, in parallel.
    pub tell: Vec<Audience>,
}

/// What repeats after the last step: who is notified again, and how often.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Repeat {
    /// Minutes from the last step to the first repeat, and from each repeat to the next.
    #[schema(minimum = 1, maximum = 10080, example = 15)]
    pub every_minutes: u32,
    /// Who is notified, in parallel.
    pub tell: Vec<Audience>,
}

/// Whom a step tells, or which task it makes. Who that is at the moment, and whether the police may be notified, is decided
/// when the step is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// A neutral nudge to the survivor's own device.
    Nudge,
    /// The survivor's advocate.
    Advocate,
    /// The duty advocate of the rota.
    Duty,
    /// The second on the duty rota.
    SecondDuty,
    /// The support organisation's supervisor.
    Supervisor,
    /// A task for the supervisor: decide what happens to the alert.
    SupervisorDecision,
    /// A neutral call to the survivor, as the safe-contact plan allows.
    SurvivorCall,
    /// The "call 999 now" task, with the facts and the script, to everyone on duty.
    #[serde(rename = "call_999")]
    Call999,
    /// The "consider 999" task.
    #[serde(rename = "consider_999")]
    Consider999,
    /// The police, if the survivor's alert setting allows it; else what the rule puts in their place.
    Police,
    /// The next police endpoint, or the fallback channel.
    NextPolice,
    /// A reminder to the police who were notified before.
    PoliceReminder,
    /// The survivor's trusted contact, if they agreed to it.
    TrustedContact,
}

impl Audience {
    /// Whether a person on the support side is notified: somebody whose acknowledgement stops the climb.
    pub fn is_support_side(self) -> bool {
        match self {
            Self::Advocate
            | Self::Duty
            | Self::SecondDuty
            | Self::Supervisor
            | Self::SupervisorDecision
            | Self::Call999
            | Self::Consider999 => true,
            Self::Nudge
            | Self::SurvivorCall
            | Self::Police
            | Self::NextPolice
            | Self::PoliceReminder
            | Self::TrustedContact => false,
        }
    }

    /// Whether this step sends something to a police force, and so needs the survivor's alert setting or an override.
    pub fn is_police(self) -> bool {
        matches!(self, Self::Police | Self::NextPolice | Self::PoliceReminder)
    }
}
