//! A year, as a list of things that happen, each at its time.

use std::collections::VecDeque;

use serde_json::json;

use super::calendar::{Calendar, local};
use super::client::field;
use super::incidents::{self, DemoIncident, INCIDENTS};
use super::programme::{self, DemoProgrammeSession, Referral};
use super::survivors::{self, ARI, DemoSurvivor, NOOR, ROUTINES, Routine, SAM};
use super::world::World;
use super::{DemoResult, alerts, check_ins, say};
use crate::db::Instant;

static REFERRALS: [(i32, Referral); 2] = [
    (
        150,
        Referral {
            survivor: &SAM,
            name: "Robin Marsh",
            order: "spo",
            reference: "14/1234/26",
            relationship: "former_partner",
        },
    ),
    (
        120,
        Referral {
            survivor: &ARI,
            name: "Alex Thorne",
            order: "interim_spo",
            reference: "14/1311/26",
            relationship: "former_colleague",
        },
    ),
];

/// Reviews: days before the evening, and the scores of both goals.
const REVIEWS: [(i32, [i64; 2]); 3] = [(62, [-1, -1]), (34, [0, 0]), (6, [1, 1])];
/// Days before the evening on which the programme begins.
const PROGRAMME_DAYS: i32 = 88;

#[derive(Clone, Copy)]
enum YearMatter {
    Meet(&'static DemoSurvivor),
    Schedule(&'static Routine),
    Refer(&'static Referral),
    Plan(&'static str),
    Answer(&'static Routine, usize),
    Miss(&'static Routine, usize),
    Report(&'static DemoIncident),
    Attend(DemoProgrammeSession),
    Review([i64; 2]),
}

struct YearEvent {
    at: Instant,
    what: YearMatter,
}

/// What is yet to happen, and what has been counted from the answers.
pub struct Year {
    to_come: VecDeque<YearEvent>,
    sessions: Vec<(DemoProgrammeSession, Instant)>,
    answered: usize,
    missed: usize,
    reported: usize,
    attended: usize,
    absent: usize,
    alerts: usize,
}

/// Sam enrols, a year ago: this much is told as it happens. The rest of the year is made ready.
///
/// # Errors
/// One line, where something differs from the story.
pub async fn begin(world: &mut World, calendar: &Calendar) -> DemoResult<Year> {
    let mut year = Year::plan(calendar)?;
    world.until(calendar.at(362, 9, 30)?).await?;
    survivors::meet(world, &SAM).await?;
    world.say(&format!("enrolled: {}'s phone, with the code from asha, the advocate; risk {}", SAM.name, SAM.risk));
    let settings = world.get("sam", "/app/v1/consents").await?;
    let is_on = |item: &&serde_json::Value| item.get("granted") == Some(&json!(true));
    let on = settings.list("/items")?.iter().filter(is_on);
    let on: Vec<&str> = on.map(|item| field(item, "scope")).collect();
    world.say(&format!("agreed to by {}, and nothing else: {}", SAM.name, on.join(", ")));
    let routine = ROUTINES.first().ok_or("there is no schedule")?;
    let due = survivors::schedule(world, routine).await?;
    let due: Instant = due.parse().map_err(|error| format!("{due}: {error}"))?;
    world.say(&format!("first check-in due {}; then every week", local(due)));
    say("… a year passes …");
    year.run_until(world, calendar.at(1, 12, 0)?).await?;
    year.tell(world);
    Ok(year)
}

impl Year {
    fn plan(calendar: &Calendar) -> DemoResult<Self> {
        let mut events = Vec::new();
        let mut add = |at: Instant, what| events.push(YearEvent { at, what });
        add(calendar.at(341, 11, 0)?, YearMatter::Meet(&ARI));
        add(calendar.at(81, 11, 0)?, YearMatter::Meet(&NOOR));
        for (days, referral) in &REFERRALS {
            add(calendar.at(*days, 10, 0)?, YearMatter::Refer(referral));
            add(calendar.at(PROGRAMME_DAYS, 15, 0)?, YearMatter::Plan(referral.survivor.who));
        }
        for incident in &INCIDENTS {
            add(calendar.at(incident.days, incident.hour, 30)?, YearMatter::Report(incident));
        }
        for (days, scores) in REVIEWS {
            add(calendar.at(days, 16, 30)?, YearMatter::Review(scores));
        }
        let sessions = programme::sessions(calendar)?;
        for (session, planned_at) in &sessions {
            add(planned_at.plus_minutes(75), YearMatter::Attend(*session));
        }
        for (position, routine) in ROUTINES.iter().enumerate() {
            if position > 0 {
                // The first one is made, and told, when the year begins.
                add(calendar.at(routine.from, 9, 0)?, YearMatter::Schedule(routine));
            }
            for (number, due) in check_ins::slots(calendar, routine)? {
                let (at, is_missed) = check_ins::happens(routine, number, due);
                add(
                    at,
                    if is_missed { YearMatter::Miss(routine, number) } else { YearMatter::Answer(routine, number) },
                );
            }
        }
        events.retain(|event| event.at < calendar.end);
        events.sort_by_key(|event| event.at);
        Ok(Self {
            to_come: events.into(),
            sessions,
            answered: 0,
            missed: 0,
            reported: 0,
            attended: 0,
            absent: 0,
            alerts: 0,
        })
    }

    /// Lets everything happen that is to happen by `until`, and stops then.
    ///
    /// # Errors
    /// One line, where something differs from the story.
    pub async fn run_until(&mut self, world: &mut World, until: Instant) -> DemoResult<()> {
        while let Some(event) = self.to_come.pop_front_if(|event| event.at <= until) {
            world.until(event.at).await?;
            self.happen(world, event.what).await?;
        }
        world.until(until).await
    }

    async fn happen(&mut self, world: &mut World, what: YearMatter) -> DemoResult<()> {
        match what {
            YearMatter::Meet(survivor) => survivors::meet(world, survivor).await,
            YearMatter::Schedule(routine) => survivors::schedule(world, routine).await.map(drop),
            YearMatter::Refer(referral) => programme::refer(world, referral).await,
            YearMatter::Plan(who) => self.plan_programme(world, who).await,
            YearMatter::Review(scores) => programme::review(world, SAM.who, scores).await,
            YearMatter::Attend(session) => {
                match session.attendance.starts_with("not_attended") {
                    true => self.absent += 1,
                    false => self.attended += 1,
                }
                programme::attend(world, session).await
            }
            YearMatter::Report(incident) => {
                let made = incidents::report(world, incident).await?;
                self.reported += 1;
                self.follow_up(world, made.body.get("alert").is_some()).await
            }
            YearMatter::Answer(routine, number) => {
                let has_alert = check_ins::answer(world, routine, number).await?;
                self.answered += 1;
                self.follow_up(world, has_alert).await
            }
            YearMatter::Miss(routine, number) => {
                if number % 2 == 0 {
                    check_ins::answer_late(world, routine.who).await?;
                }
                self.missed += 1;
                self.follow_up(world, true).await
            }
        }
    }

    async fn plan_programme(&mut self, world: &mut World, who: &'static str) -> DemoResult<()> {
        programme::set_goals(world, who).await?;
        for (session, planned_at) in self.sessions.iter().filter(|(session, _)| session.case == who) {
            programme::plan(world, *session, *planned_at).await?;
        }
        Ok(())
    }

    async fn follow_up(&mut self, world: &mut World, has_alert: bool) -> DemoResult<()> {
        if has_alert {
            let found = alerts::work_through(world).await?;
            if found == 0 {
                return Err("an alert was raised, and none is open".to_owned());
            }
            self.alerts += found;
        }
        Ok(())
    }

    fn tell(&self, world: &World) {
        world.say(&format!(
            "the year: {} check-ins answered, {} missed; {} incidents; {} sessions attended, {} not; {} alerts, all \
             taken up and closed",
            self.answered, self.missed, self.reported, self.attended, self.absent, self.alerts
        ));
    }
}
