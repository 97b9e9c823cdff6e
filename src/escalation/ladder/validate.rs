//! What a ladder must hold before it can be published.

pub(super) mod floor;

use std::{collections::HashSet, fmt};

use super::{Audience, Ladder};

/// The longest wait between two steps, and the longest time between repeats: seven days.
pub const MAX_WAIT_MINUTES: u32 = 7 * 24 * 60;

/// The most steps of one ladder; more is a mistake rather than a policy.
pub const MAX_STEPS: usize = 50;

/// Why a ladder cannot be published. A step is named by its index; the repeat counts as the step after the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LadderFault {
    /// The code is not `[a-z0-9_]{1,64}`.
    Code,
    /// The version is below 1.
    Version,
    /// There is no step.
    NoSteps,
    /// There are more than [`MAX_STEPS`] steps.
    TooManySteps,
    /// The step waits longer than [`MAX_WAIT_MINUTES`].
    WaitTooLong(usize),
    /// The repeat is not between 1 minute and [`MAX_WAIT_MINUTES`].
    RepeatInterval,
    /// The step tells nobody.
    TellsNobody(usize),
    /// The step tells this audience twice.
    ToldTwice(usize, Audience),
    /// The step tells the police before anybody of the support side: the people who know the survivor hear no later
    /// than the police, and a human 999 call comes before the webhook.
    PoliceBeforeSupport(usize),
    /// The step goes on to the next police endpoint, or reminds the police, before any step notified the police.
    NoPoliceBefore(usize),
    /// No step tells anybody of the support side, so nobody could acknowledge.
    NobodyCanAcknowledge,
    /// The ladder asks for a 999 call but does not repeat: an emergency nobody answered must never go quiet.
    EmergencyEnds,
    /// No rule refers to a ladder of this code.
    UnknownCode,
    /// Nobody of the support side is notified by this minute.
    SupportTooLate(u32),
    /// This audience is not notified by this minute.
    TooLate(Audience, u32),
    /// The ladder does not repeat at least every so many minutes.
    RepeatTooSlow(u32),
    /// What is repeated does not tell this audience.
    RepeatLeavesOut(Audience),
}

impl LadderFault {
    /// A stable word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Version => "version",
            Self::NoSteps => "no_steps",
            Self::TooManySteps => "too_many_steps",
            Self::WaitTooLong(_) => "wait_too_long",
            Self::RepeatInterval => "repeat_interval",
            Self::TellsNobody(_) => "tells_nobody",
            Self::ToldTwice(..) => "told_twice",
            Self::PoliceBeforeSupport(_) => "police_before_support",
            Self::NoPoliceBefore(_) => "no_police_before",
            Self::NobodyCanAcknowledge => "nobody_can_acknowledge",
            Self::EmergencyEnds => "emergency_ends",
            Self::UnknownCode => "unknown_code",
            Self::SupportTooLate(_) => "support_too_late",
            Self::TooLate(..) => "too_late",
            Self::RepeatTooSlow(_) => "repeat_too_slow",
            Self::RepeatLeavesOut(_) => "repeat_leaves_out",
        }
    }

    /// Where in a ladder with so many steps the fault is, as a JSON Pointer.
    #[must_use]
    pub fn pointer(self, steps: usize) -> String {
        let step = |step: usize, field: &str| {
            if step < steps { format!("/steps/{step}/{field}") } else { format!("/repeat/{field}") }
        };
        match self {
            Self::Code | Self::UnknownCode => "/code".to_owned(),
            Self::Version => "/version".to_owned(),
            Self::NoSteps | Self::TooManySteps | Self::NobodyCanAcknowledge => "/steps".to_owned(),
            Self::SupportTooLate(_) | Self::TooLate(..) => "/steps".to_owned(),
            Self::WaitTooLong(at) => step(at, "wait_minutes"),
            Self::TellsNobody(at) | Self::ToldTwice(at, _) => step(at, "tell"),
            Self::PoliceBeforeSupport(at) | Self::NoPoliceBefore(at) => step(at, "tell"),
            Self::RepeatInterval => "/repeat/every_minutes".to_owned(),
            Self::EmergencyEnds | Self::RepeatTooSlow(_) => "/repeat".to_owned(),
            Self::RepeatLeavesOut(_) => "/repeat/tell".to_owned(),
        }
    }
}

/// The word of an audience, as JSON has it.
fn word_of(audience: Audience) -> String {
    serde_json::to_string(&audience).unwrap_or_default().replace('"', "")
}

impl fmt::Display for LadderFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Code => write!(f, "the code is not 1 to 64 of a-z, 0-9 and _"),
            Self::Version => write!(f, "the version is below 1"),
            Self::NoSteps => write!(f, "there is no step"),
            Self::TooManySteps => write!(f, "there are more than {MAX_STEPS} steps"),
            Self::WaitTooLong(step) => write!(f, "step {step} waits longer than seven days"),
            Self::RepeatInterval => write!(f, "the repeat is not between 1 minute and seven days"),
            Self::TellsNobody(step) => write!(f, "step {step} tells nobody"),
            Self::ToldTwice(step, audience) => {
                write!(f, "step {step} tells {} twice", word_of(*audience))
            }
            Self::PoliceBeforeSupport(step) => {
                write!(f, "step {step} tells the police before the support side")
            }
            Self::NoPoliceBefore(step) => {
                write!(f, "step {step} follows up with police who were never told")
            }
            Self::NobodyCanAcknowledge => write!(f, "no step tells anybody who can acknowledge"),
            Self::EmergencyEnds => write!(f, "a ladder that asks for a 999 call must repeat"),
            Self::UnknownCode => write!(f, "no rule refers to a ladder of this code"),
            Self::SupportTooLate(by) => write!(f, "somebody of the support side must be told by minute {by}"),
            Self::TooLate(audience, by) => write!(f, "{} must be told by minute {by}", word_of(*audience)),
            Self::RepeatTooSlow(every) => write!(f, "the ladder must repeat every {every} minutes or sooner"),
            Self::RepeatLeavesOut(audience) => write!(f, "what is repeated must tell {}", word_of(*audience)),
        }
    }
}

impl std::error::Error for LadderFault {}

impl Ladder {
    /// Whether the ladder can be published, apart from its duty rota.
    ///
    /// # Errors
    ///
    /// When there is a fault: every one, so that an administrator corrects them in one go.
    pub fn validate(&self) -> Result<(), Vec<LadderFault>> {
        let mut faults = self.form_faults();
        faults.extend(self.order_faults());
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }

    /// Every fault that keeps the ladder from being published, those below the floor of its code too.
    #[must_use]
    pub fn faults(&self) -> Vec<LadderFault> {
        let mut faults = self.validate().err().unwrap_or_default();
        if !faults.contains(&LadderFault::Code) {
            faults.extend(floor::faults(self));
        }
        faults
    }

    /// Who is notified at each step, and last by the repeat.
    fn audiences(&self) -> impl Iterator<Item = (usize, &[Audience])> {
        let steps = self.steps.iter().map(|step| step.tell.as_slice());
        let repeat = self.repeat.iter().map(|repeat| repeat.tell.as_slice());
        steps.chain(repeat).enumerate()
    }

    fn form_faults(&self) -> Vec<LadderFault> {
        let mut faults = Vec::new();
        if !is_code(&self.code) {
            faults.push(LadderFault::Code);
        }
        if self.version < 1 {
            faults.push(LadderFault::Version);
        }
        if self.steps.is_empty() {
            faults.push(LadderFault::NoSteps);
        }
        if self.steps.len() > MAX_STEPS {
            faults.push(LadderFault::TooManySteps);
        }
        for (index, step) in self.steps.iter().enumerate() {
            if step.wait_minutes > MAX_WAIT_MINUTES {
                faults.push(LadderFault::WaitTooLong(index));
            }
        }
        if let Some(repeat) = &self.repeat
            && !(1..=MAX_WAIT_MINUTES).contains(&repeat.every_minutes)
        {
            faults.push(LadderFault::RepeatInterval);
        }
        for (index, tell) in self.audiences() {
            if tell.is_empty() {
                faults.push(LadderFault::TellsNobody(index));
            }
            let mut told = HashSet::new();
            for audience in tell {
                if !told.insert(audience) {
                    faults.push(LadderFault::ToldTwice(index, *audience));
                }
            }
        }
        faults
    }

    fn order_faults(&self) -> Vec<LadderFault> {
        let mut faults = Vec::new();
        let (mut support_told, mut police_told) = (false, false);
        for (index, tell) in self.audiences() {
            support_told |= tell.iter().any(|audience| audience.is_support_side());
            if !support_told && tell.iter().any(|audience| audience.is_police()) {
                faults.push(LadderFault::PoliceBeforeSupport(index));
            }
            let follows_up =
                [Audience::NextPolice, Audience::PoliceReminder].iter().any(|audience| tell.contains(audience));
            if follows_up && !police_told {
                faults.push(LadderFault::NoPoliceBefore(index));
            }
            police_told |= tell.contains(&Audience::Police);
        }
        if !support_told && !self.steps.is_empty() {
            faults.push(LadderFault::NobodyCanAcknowledge);
        }
        let asks_for_999 = self.audiences().any(|(_, tell)| tell.contains(&Audience::Call999));
        if asks_for_999 && self.repeat.is_none() {
            faults.push(LadderFault::EmergencyEnds);
        }
        faults
    }
}

fn is_code(code: &str) -> bool {
    (1..=64).contains(&code.len()) && code.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_'))
}
