//! What would happen: a ladder climbed on the rota as it is planned, without telling anybody.

use std::convert::Infallible;

use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::db::{Instant, OrganisationId, StaffId};
use crate::error::Result;
use crate::escalation::ladder::standing::{AlertStanding, DueStep};
use crate::escalation::ladder::{Audience, Ladder};
use crate::escalation::rota::{Place, ShiftRow, store};
use crate::identity::{self, Role};
use crate::tx::Tx;

/// Hours that are simulated.
const HOURS: i64 = 48;
/// Steps that are shown at most: repeats say nothing new.
const MOST_STEPS: usize = 60;

/// What to simulate.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SimulateBody {
    /// When the alert is raised.
    #[garde(skip)]
    #[schema(example = "2026-11-21T20:00:00Z")]
    at: Instant,
    /// After how many minutes somebody takes it up, and tells of nothing since; without it, nobody does.
    #[garde(inner(range(max = 2880)))]
    #[schema(minimum = 0, maximum = 2880, example = 12)]
    #[serde(default)]
    acknowledged_after_minutes: Option<u32>,
}

/// What would happen.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct SimulationView {
    /// Each step that would be taken within 48 hours.
    pub steps: Vec<SimulatedStepView>,
    /// Minutes until the police step if nobody takes the alert up; none: it never comes to it.
    pub worst_case_minutes_to_police: Option<i64>,
    /// Whether a step meets a gap of the rota.
    pub has_gaps: bool,
}

/// A step that would be taken.
#[derive(Debug, Serialize, ToSchema)]
pub struct SimulatedStepView {
    /// When.
    pub at: Instant,
    /// Minutes after the alert was raised.
    pub after_minutes: i64,
    /// How often the climb had begun again.
    pub round: u32,
    /// Which step; repeats count on after the last.
    pub index: u32,
    /// Who would be notified.
    pub told: Vec<SimulatedToldView>,
}

/// One audience of a step.
#[derive(Debug, Serialize, ToSchema)]
pub struct SimulatedToldView {
    /// Who.
    pub audience: Audience,
    /// What would come of it: `told`, `gap`, `nobody_there`, `task`, `no_channel`, or `if_allowed` by the survivor.
    #[schema(example = "told")]
    pub outcome: String,
    /// Which members of staff; none where it depends on the survivor.
    pub staff: Vec<StaffId>,
}

/// Who is there to be notified.
struct Roster {
    has_rota: bool,
    shifts: Vec<ShiftRow>,
    advocates: Vec<StaffId>,
    supervisors: Vec<StaffId>,
}

impl Roster {
    fn on_duty(&self, place: Place, at: Instant) -> Vec<StaffId> {
        let covers = |shift: &&ShiftRow| shift.place == place && shift.starts_at <= at && at < shift.ends_at;
        let can = |id: &StaffId| self.advocates.contains(id) || self.supervisors.contains(id);
        self.shifts.iter().filter(covers).map(|shift| shift.staff_id).filter(can).collect()
    }

    /// What would come of telling an audience, and whether anybody would notice.
    fn notify(&self, audience: Audience, at: Instant) -> (SimulatedToldView, bool) {
        let people = |staff: &[StaffId], otherwise: &'static str| {
            if staff.is_empty() { (otherwise, Vec::new()) } else { ("told", staff.to_vec()) }
        };
        let (outcome, staff) = match audience {
            Audience::Nudge | Audience::TrustedContact => ("no_channel", Vec::new()),
            Audience::Advocate => people(&self.advocates, "nobody_there"),
            Audience::Supervisor => people(&self.supervisors, "nobody_there"),
            Audience::Duty | Audience::SecondDuty if !self.has_rota => people(&self.advocates, "nobody_there"),
            Audience::Duty => people(&self.on_duty(Place::Duty, at), "gap"),
            Audience::SecondDuty => people(&self.on_duty(Place::Second, at), "gap"),
            Audience::SupervisorDecision | Audience::SurvivorCall | Audience::Call999 | Audience::Consider999 => {
                ("task", Vec::new())
            }
            Audience::Police | Audience::NextPolice | Audience::PoliceReminder => ("if_allowed", Vec::new()),
        };
        let has_reached = !matches!(outcome, "no_channel" | "nobody_there" | "gap");
        (SimulatedToldView { audience, outcome: outcome.to_owned(), staff }, has_reached)
    }
}

/// Simulates a ladder of an organisation.
pub(super) fn run(
    tx: &mut Tx<'_>,
    organisation: OrganisationId,
    ladder: Ladder,
    body: &SimulateBody,
) -> Result<SimulationView> {
    let to = body.at.plus_hours(HOURS);
    let roster = Roster {
        has_rota: store::has_shifts(tx.conn, organisation)?,
        shifts: store::list_shifts(tx.conn, organisation, body.at, to)?,
        advocates: identity::list_staff_with_role(tx.conn, organisation, Role::Advocate)?,
        supervisors: identity::list_staff_with_role(tx.conn, organisation, Role::Supervisor)?,
    };
    let steps = climb(&roster, &ladder, body.at, body.acknowledged_after_minutes);
    let alone = climb(&roster, &ladder, body.at, None);
    let is_police = |step: &&SimulatedStepView| step.told.iter().any(|told| told.audience == Audience::Police);
    Ok(SimulationView {
        worst_case_minutes_to_police: alone.iter().find(is_police).map(|step| step.after_minutes),
        has_gaps: steps.iter().any(|step| step.told.iter().any(|told| told.outcome == "gap")),
        steps,
    })
}

/// The level of the alerts that climb a ladder.
fn level_of(code: &str) -> i32 {
    match code {
        "emergency" => 4,
        "standard" | "review" | "advocate_only" => 2,
        _ => 3,
    }
}

/// Climbs as an alert does, by the same rules, and writes down what would be done.
fn climb(roster: &Roster, ladder: &Ladder, at: Instant, acknowledged_after: Option<u32>) -> Vec<SimulatedStepView> {
    let mut standing = AlertStanding::raised(ladder.clone(), level_of(&ladder.code), at);
    let mut acknowledged_at = acknowledged_after.map(|minutes| at.plus_minutes(i64::from(minutes)));
    let mut steps = Vec::new();
    let to = at.plus_hours(HOURS);
    while let Some(now) = standing.next_action_at.into_iter().chain(acknowledged_at).min().filter(|next| *next <= to) {
        let mut take = |step: &DueStep| {
            let (told, reached): (Vec<_>, Vec<bool>) =
                step.tell.iter().map(|audience| roster.notify(*audience, now)).unzip();
            let after_minutes = now.seconds_since(at) / 60;
            steps.push(SimulatedStepView { at: now, after_minutes, round: step.round, index: step.index, told });
            Ok::<bool, Infallible>(reached.contains(&true))
        };
        standing.resume(now);
        let Ok(()) = standing.take_due(now, &mut take);
        if acknowledged_at.is_some_and(|at| at <= now) {
            standing.acknowledge(now);
            acknowledged_at = None;
        }
        if steps.len() >= MOST_STEPS {
            break;
        }
    }
    steps.truncate(MOST_STEPS);
    steps
}
