//! Which ladder an alert climbs: the one that its organisation has published, or else one of those here, with which every
//! organisation starts (version 1).

use super::{
    Audience::{
        self, Advocate, Call999, Consider999, Duty, NextPolice, Nudge, Police, PoliceReminder, SecondDuty, Supervisor,
        SupervisorDecision, SurvivorCall,
    },
    Ladder, Repeat, Step,
};
use crate::db::{DbConn, OrganisationId};
use crate::error::Result;
use crate::escalation::ladder::store;

/// The ladder that alerts of an organisation climb for a code: its newest published one, or the default. One that could
/// not be read, or would fall below the floor by now, keeps nobody from being notified: the default is used.
pub(in crate::escalation) fn chosen(conn: &mut DbConn, organisation: OrganisationId, code: &str) -> Result<Ladder> {
    let default = || default_of(code).unwrap_or_else(emergency);
    let Some(row) = store::find_published(conn, organisation, code)? else { return Ok(default()) };
    match row.ladder.read::<Ladder>() {
        Ok(own) if own.faults().is_empty() => Ok(own),
        _ => {
            tracing::error!(ladder = %row.id, "a published ladder cannot be climbed; the default serves");
            Ok(default())
        }
    }
}

/// All default ladders, which every organisation has until it publishes its own.
pub fn all() -> [Ladder; 7] {
    [standard(), high_risk(), fast(), emergency(), breach(), advocate_only(), review()]
}

/// The default ladder of a code.
pub fn default_of(code: &str) -> Option<Ladder> {
    all().into_iter().find(|ladder| ladder.code == code)
}

/// Standard missed check-in (L2): a neutral nudge and the advocate now, the duty advocate an hour later, the supervisor
/// two hours after that, and a day later the supervisor decides.
///
/// It does not repeat: what nobody looked at is raised again by the rule `unreviewed`.
pub fn standard() -> Ladder {
    let steps = vec![
        step(0, &[Nudge]),
        // The nudge is only a courtesy: people are notified at once.
        step(0, &[Advocate]),
        step(60, &[Duty]),
        step(120, &[Supervisor]),
        step(24 * 60, &[SupervisorDecision]),
    ];
    ladder("standard", steps, None)
}

/// High-risk missed check-in (L3): advocate and duty now, then every ten minutes one further, to the police after half
/// an hour; then all of them again every 15 minutes.
pub fn high_risk() -> Ladder {
    let steps = vec![step(0, &[Advocate, Duty]), step(10, &[SecondDuty]), step(10, &[Supervisor]), step(10, &[Police])];
    let again = repeat(15, &[Advocate, Duty, Supervisor, Police]);
    ladder("high_risk", steps, Some(again))
}

/// The fast ladder (L3: a timer ran out, a critical behaviour, a participant concern), with a neutral call to the
/// survivor; the police after a quarter of an hour, and all of them again every ten minutes.
pub fn fast() -> Ladder {
    let steps =
        vec![step(0, &[Advocate, Duty, SurvivorCall]), step(5, &[Supervisor, Consider999]), step(10, &[Police])];
    let again = repeat(10, &[Advocate, Duty, Supervisor, Police]);
    ladder("fast", steps, Some(again))
}

/// Emergency (L4): everybody at once, with a person calling 999 first; the next police endpoint after two minutes;
/// everybody again every five minutes until a support-side person acknowledges.
pub fn emergency() -> Ladder {
    let everybody = [Call999, Duty, Advocate, Supervisor, Police];
    let steps = vec![step(0, &everybody), step(2, &[NextPolice])];
    ladder("emergency", steps, Some(repeat(5, &everybody)))
}

/// Breach of an order (L3): advocate and, if allowed, police now; supervisor after half an hour, a reminder to the
/// police four hours later, and a day after that the supervisor follows up. It does not repeat.
pub fn breach() -> Ladder {
    let steps = vec![
        step(0, &[Advocate, Police]),
        step(30, &[Supervisor]),
        step(4 * 60, &[PoliceReminder]),
        step(24 * 60, &[Supervisor]),
    ];
    ladder("breach", steps, None)
}

/// What only the advocate is to hear of (L2: a phone that somebody else may have, a signal of a case): the advocate now,
/// and each day until they take it up.
pub fn advocate_only() -> Ladder {
    ladder("advocate_only", vec![step(0, &[Advocate])], Some(repeat(24 * 60, &[Advocate])))
}

/// What nobody looked at in time (L2): the supervisor, now and every day until somebody has taken it up.
pub fn review() -> Ladder {
    let again = repeat(24 * 60, &[Supervisor]);
    ladder("review", vec![step(0, &[Supervisor])], Some(again))
}

fn ladder(code: &str, steps: Vec<Step>, repeat: Option<Repeat>) -> Ladder {
    Ladder { code: code.to_owned(), version: 1, steps, repeat }
}

fn step(wait_minutes: u32, tell: &[Audience]) -> Step {
    Step { wait_minutes, tell: tell.to_vec() }
}

fn repeat(every_minutes: u32, tell: &[Audience]) -> Repeat {
    Repeat { every_minutes, tell: tell.to_vec() }
}
