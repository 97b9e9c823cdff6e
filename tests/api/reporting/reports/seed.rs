//! A year of rows, made by a small generator and written down twice: into the database, and here for the test to count.

use diesel::prelude::*;
use holdfast::db::schema::{
    alert_history, alerts, cases, check_ins, consent_entries, goal_reviews, goals, incidents, orders, participants,
    programme_sessions, referrals, schedules, survivors,
};
use holdfast::db::{
    AlertId, CaseId, CheckInId, ConsentEntryId, DbConn, GoalId, HistoryId, IncidentId, Instant, Json, OrderId,
    OrganisationId, ParticipantId, ProgrammeSessionId, ReferralId, ReviewId, ScheduleId, StaffId, SubjectId,
    SurvivorId,
};
use serde_json::json;
use uuid::Uuid;

use crate::harness::partnership::{organisation, staff};
use crate::harness::{Caller, TestApp, instant};

/// The two areas that the commissioner may ask for.
pub const AREAS: [&str; 2] = ["south-yorkshire", "west-yorkshire"];

/// Numbers that are the same every time (Knuth's MMIX).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }

    fn is(&mut self, percent: u64) -> bool {
        self.roll(100) < percent
    }
}

/// Where somebody stands as the commissioner sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Area(&'static str),
    /// Held by the partner that the commissioner may see, and living in none of the areas.
    Elsewhere,
    /// Nothing to do with the commissioner.
    Outside,
}

#[derive(Clone, Debug)]
pub struct Known {
    pub id: Uuid,
    pub reference: String,
    pub made_at: Instant,
    pub place: Place,
    /// Agrees to be counted by this commissioner, now.
    pub counts: bool,
    /// Scopes that were on at the end of October and at the end of June.
    pub agreed: [Vec<&'static str>; 2],
}

pub struct KnownAlert {
    pub survivor: usize,
    pub raised_at: Instant,
    pub level: i32,
    pub is_drill: bool,
    /// Minutes from reaching its level.
    pub acknowledged: Option<i64>,
    pub responded: Option<i64>,
    /// Whether police were told, and minutes to their answer.
    pub told: bool,
    pub replied: Option<i64>,
    pub outcome: bool,
}

pub struct KnownGoal {
    pub participant: usize,
    pub weight: i32,
    pub baseline: i32,
    /// Approved, and no other stands in its place.
    pub counts: bool,
    /// Day and level.
    pub reviews: Vec<(String, i32)>,
}

pub struct KnownReferral {
    pub participant: usize,
    pub submitted_at: Instant,
    pub source: &'static str,
    pub basis: &'static str,
    pub order: &'static str,
    /// Hours until it was allocated.
    pub allocated: Option<i64>,
}

pub struct Year {
    pub commissioner: Caller,
    pub survivors: Vec<Known>,
    pub participants: Vec<Known>,
    pub alerts: Vec<KnownAlert>,
    /// Survivor, due, what became of it; none: still waits, or had no schedule.
    pub slots: Vec<(usize, Instant, Option<&'static str>)>,
    /// Participant, planned, attendance.
    pub sessions: Vec<(usize, Instant, Option<&'static str>)>,
    pub goals: Vec<KnownGoal>,
    pub referrals: Vec<KnownReferral>,
    /// Survivor and course, of cases that both sides approved.
    pub links: Vec<(usize, usize)>,
    /// Survivor and when, of incidents that count.
    pub incidents: Vec<(usize, Instant)>,
}

/// Sessions of a participant: when, and attendance.
type Held = &'static [(&'static str, Option<&'static str>)];
/// From when to when: before, during, 0-6 and 6-12 months after.
type Windows = [Option<(&'static str, &'static str)>; 4];

/// Programmes that participants went through, with the windows around them written out by hand.
pub const COURSES: [(Held, Windows); 4] = [
    (
        &[
            ("2026-01-26T10:00:00Z", Some("not_attended_acceptable")),
            ("2026-02-02T10:00:00Z", Some("attended_late")),
            ("2026-04-27T09:00:00Z", Some("not_attended_unacceptable")),
        ],
        [
            Some(("2025-02-02T10:00:00Z", "2026-02-02T10:00:00Z")),
            Some(("2026-02-02T10:00:00Z", "2026-04-27T09:00:00Z")),
            // From summer time to winter time: ten in the morning is ten by UTC again.
            Some(("2026-04-27T09:00:00Z", "2026-10-27T10:00:00Z")),
            Some(("2026-10-27T10:00:00Z", "2027-04-27T09:00:00Z")),
        ],
    ),
    (
        &[("2025-05-05T09:00:00Z", Some("attended")), ("2025-07-28T09:00:00Z", Some("attended"))],
        [
            Some(("2024-05-05T09:00:00Z", "2025-05-05T09:00:00Z")),
            Some(("2025-05-05T09:00:00Z", "2025-07-28T09:00:00Z")),
            Some(("2025-07-28T09:00:00Z", "2026-01-28T10:00:00Z")),
            Some(("2026-01-28T10:00:00Z", "2026-07-28T09:00:00Z")),
        ],
    ),
    // Still going on.
    (
        &[("2026-08-03T09:00:00Z", Some("attended")), ("2026-12-07T10:00:00Z", None)],
        [
            Some(("2025-08-03T09:00:00Z", "2026-08-03T09:00:00Z")),
            Some(("2026-08-03T09:00:00Z", "2100-01-01T00:00:00Z")),
            None,
            None,
        ],
    ),
    // Never came.
    (&[("2026-02-02T10:00:00Z", Some("not_attended_unacceptable"))], [None; 4]),
];

pub const KINDS: [Option<&str>; 6] = [
    Some("attended"),
    Some("attended_late"),
    Some("not_attended_acceptable"),
    Some("not_attended_unacceptable"),
    Some("not_attended_service_cancelled"),
    None,
];

/// Everything but `stats.aggregate`.
pub const SCOPES: [&str; 18] = [
    "service.core",
    "share.programme.status",
    "share.programme.incident_summary",
    "share.programme.incident_full",
    "share.programme.voice",
    "updates.programme",
    "share.police.incident",
    "share.police.evidence",
    "contact.trusted",
    "contact.sms",
    "contact.voice",
    "contact.push",
    "research.followup",
    "alert.police.help_now",
    "alert.police.missed",
    "alert.police.breach",
    "location.moment",
    "location.release_alert",
];

/// Just before and just after the ends of the year and of the spring quarter, by the clocks of London.
const EDGES: [&str; 8] = [
    "2025-10-31T23:59:59Z",
    "2025-11-01T00:00:00Z",
    "2026-10-31T23:59:59Z",
    "2026-11-01T00:00:00Z",
    "2026-03-31T22:59:59Z",
    "2026-03-31T23:00:00Z",
    "2026-06-30T22:59:59Z",
    "2026-06-30T23:00:00Z",
];

/// A moment of the year, or on one of the edges of a period.
fn moment(dice: &mut Dice) -> Instant {
    if dice.is(10) {
        return instant(EDGES[usize::try_from(dice.roll(8)).unwrap()]);
    }
    let days = i64::try_from(dice.roll(400)).unwrap();
    let minutes = i64::try_from(dice.roll(24 * 60)).unwrap();
    instant("2025-10-10T00:00:00Z").plus_days(days).plus_minutes(minutes)
}

/// A commissioner's organisation and its analyst.
pub async fn commissioner(app: &TestApp, admin: &Caller, name: &str) -> (String, Caller) {
    let id = organisation(admin, json!({"kind": "commissioner", "name": name})).await;
    let analyst = staff(&app.http, admin, &id, name, &["commissioner"]).await;
    (id, analyst.caller)
}

/// The ids that rows refer to.
#[derive(Clone, Copy)]
struct Ids {
    held_by: OrganisationId,
    other: OrganisationId,
    programme: OrganisationId,
    commissioner: OrganisationId,
    staff: StaffId,
}

impl Year {
    pub async fn seed(app: &TestApp) -> Self {
        let admin = Caller::staff(&app.http, crate::harness::ADMIN, crate::harness::PASSWORD);
        let support = |name: &'static str| organisation(&admin, json!({"kind": "survivor_support", "name": name}));
        let (held_by, other) = (support("Lighthouse").await, support("Harbour").await);
        let programme = organisation(&admin, json!({"kind": "programme_provider", "name": "Turning Point"})).await;
        let advocate = staff(&app.http, &admin, &held_by, "asha", &["advocate"]).await;
        let (id, caller) = commissioner(app, &admin, "analyst").await;
        let path = format!("/admin/v1/organisations/{id}/reach");
        for area in AREAS {
            admin.post(&path, json!({"force_id": area})).await.expect(201);
        }
        admin.post(&path, json!({"partner_id": held_by})).await.expect(201);
        let organisation = |id: &str| OrganisationId(id.parse().unwrap());
        let ids = Ids {
            held_by: organisation(&held_by),
            other: organisation(&other),
            programme: organisation(&programme),
            commissioner: organisation(&id),
            staff: StaffId(advocate.id.parse().unwrap()),
        };
        // A block that a busy database runs twice must write the same twice: the dice start within it.
        let written = app.inner.db.write(move |conn| write(conn, ids)).await.unwrap();
        Self { commissioner: caller, ..written.into_year(&app.http) }
    }

    /// What must not stand in a report.
    pub fn secrets(&self) -> Vec<String> {
        let known = self.survivors.iter().chain(&self.participants);
        known.flat_map(|known| [known.id.to_string(), known.reference.clone()]).chain(["asha".to_owned()]).collect()
    }
}

#[derive(Default)]
struct Written {
    survivors: Vec<Known>,
    participants: Vec<Known>,
    alerts: Vec<KnownAlert>,
    slots: Vec<(usize, Instant, Option<&'static str>)>,
    sessions: Vec<(usize, Instant, Option<&'static str>)>,
    goals: Vec<KnownGoal>,
    referrals: Vec<KnownReferral>,
    links: Vec<(usize, usize)>,
    incidents: Vec<(usize, Instant)>,
}

impl Written {
    fn into_year(self, http: &crate::harness::Http) -> Year {
        let Self { survivors, participants, alerts, slots, sessions, goals, referrals, links, incidents } = self;
        let commissioner = http.nobody();
        Year { commissioner, survivors, participants, alerts, slots, sessions, goals, referrals, links, incidents }
    }
}

fn write(conn: &mut DbConn, ids: Ids) -> holdfast::error::Result<Written> {
    let (mut dice, mut year) = (Dice(2026), Written::default());
    let courses = write_courses(conn, ids)?;
    // Area, who holds the record, how many.
    let groups = [
        ("south-yorkshire", ids.held_by, Place::Area("south-yorkshire"), 22),
        ("west-yorkshire", ids.other, Place::Area("west-yorkshire"), 11),
        ("kent", ids.held_by, Place::Elsewhere, 8),
        ("kent", ids.other, Place::Outside, 9),
    ];
    for (force, organisation, place, count) in groups {
        for _ in 0..count {
            write_survivor(conn, &mut dice, &mut year, ids, (force, organisation, place))?;
            write_incidents(conn, &mut dice, &mut year, ids, &courses)?;
        }
    }
    // The programme's provider is no partner of the commissioner's: its people in Kent are outside.
    for (force, place, count) in [
        ("south-yorkshire", Place::Area("south-yorkshire"), 17),
        ("west-yorkshire", Place::Area("west-yorkshire"), 6),
        ("kent", Place::Outside, 7),
    ] {
        for _ in 0..count {
            write_participant(conn, &mut dice, &mut year, ids, (force, place))?;
        }
    }
    Ok(year)
}

fn write_survivor(
    conn: &mut DbConn,
    dice: &mut Dice,
    year: &mut Written,
    ids: Ids,
    (force, organisation, place): (&'static str, OrganisationId, Place),
) -> holdfast::error::Result<()> {
    let (number, id) = (year.survivors.len(), SurvivorId(Uuid::new_v4()));
    let made_at = instant(if dice.is(25) { "2026-03-15T12:00:00Z" } else { "2025-09-01T09:00:00Z" });
    let reference = format!("SV-SEED-{number:04}-X");
    diesel::insert_into(survivors::table)
        .values((
            survivors::id.eq(id),
            survivors::reference.eq(&reference),
            survivors::organisation_id.eq(organisation),
            survivors::preferred_name.eq(vec![0_u8]),
            survivors::language.eq("en"),
            survivors::home_force_id.eq(force),
            survivors::risk_rating.eq("high"),
            survivors::version.eq(1),
            survivors::created_by.eq(ids.staff),
            survivors::created_at.eq(made_at),
            survivors::updated_at.eq(made_at),
        ))
        .execute(conn)?;
    let counts = write_agreement(conn, dice, ids, id)?;
    let agreed = write_scopes(conn, dice, ids, id)?;
    // Being counted rests on being with the service at all; nobody left it or came back in November.
    let counts = counts && agreed[0].contains(&"service.core");
    year.survivors.push(Known { id: id.0, reference, made_at, place, counts, agreed });
    for _ in 0..dice.roll(7) {
        write_alert(conn, dice, year, (number, id), ids)?;
    }
    write_slots(conn, dice, year, (number, id), ids)
}

/// Sequence, scope, recipient, granted, recorded, effective, expires.
type Line = (i64, &'static str, Option<OrganisationId>, bool, &'static str, &'static str, Option<&'static str>);

fn write_line(conn: &mut DbConn, ids: Ids, survivor: SurvivorId, line: Line) -> holdfast::error::Result<()> {
    let (sequence, scope, recipient, granted, recorded, effective, expires) = line;
    diesel::insert_into(consent_entries::table)
        .values((
            consent_entries::id.eq(ConsentEntryId(Uuid::new_v4())),
            consent_entries::survivor_id.eq(survivor),
            consent_entries::sequence.eq(sequence),
            consent_entries::scope.eq(scope),
            consent_entries::recipient_id.eq(recipient),
            consent_entries::granted.eq(granted),
            consent_entries::text_version.eq("1"),
            consent_entries::text_sha256.eq(vec![0_u8; 32]),
            consent_entries::language.eq("en"),
            consent_entries::recorded_by_kind.eq("staff"),
            consent_entries::recorded_by.eq(SubjectId(ids.staff.0)),
            consent_entries::recorded_at.eq(instant(recorded)),
            consent_entries::effective_at.eq(instant(effective)),
            consent_entries::expires_at.eq(expires.map(instant)),
            consent_entries::receipt.eq(Uuid::new_v4().to_string()),
        ))
        .execute(conn)?;
    Ok(())
}

/// What a survivor says to being counted; answers whether this commissioner may, on 21 November 2026.
fn write_agreement(
    conn: &mut DbConn,
    dice: &mut Dice,
    ids: Ids,
    survivor: SurvivorId,
) -> holdfast::error::Result<bool> {
    const SCOPE: &str = "stats.aggregate";
    let (then, later, end) = ("2026-02-01T10:00:00Z", "2026-05-01T10:00:00Z", Some("2027-02-01T10:00:00Z"));
    let (mine, other) = (Some(ids.commissioner), Some(ids.other));
    let (lines, counts): (Vec<Line>, bool) = match dice.roll(20) {
        0 => (vec![], false),
        1 => (vec![(1, SCOPE, None, true, then, then, end), (2, SCOPE, None, false, later, later, None)], false),
        2 => (vec![(1, SCOPE, None, true, "2025-11-05T10:00:00Z", then, Some("2026-11-05T10:00:00Z"))], false),
        3 => (vec![(1, SCOPE, other, true, then, then, end)], false),
        4 => (vec![(1, SCOPE, None, true, then, then, end), (2, SCOPE, mine, false, later, later, None)], false),
        5 => (vec![(1, SCOPE, mine, true, then, then, end)], true),
        6 => (vec![(1, SCOPE, None, false, then, then, None), (2, SCOPE, None, true, later, later, end)], true),
        // Agreed after the period: counts all the same.
        7 => (vec![(1, SCOPE, None, true, "2026-11-20T10:00:00Z", "2026-11-20T10:00:00Z", end)], true),
        _ => (vec![(1, SCOPE, None, true, then, then, end)], true),
    };
    for line in lines {
        write_line(conn, ids, survivor, line)?;
    }
    Ok(counts)
}

/// What a survivor says to everything else; answers what was on at the end of October, and of June.
fn write_scopes(
    conn: &mut DbConn,
    dice: &mut Dice,
    ids: Ids,
    survivor: SurvivorId,
) -> holdfast::error::Result<[Vec<&'static str>; 2]> {
    let (mut october, mut june) = (Vec::new(), Vec::new());
    let (early, summer, late) = ("2025-12-01T10:00:00Z", "2026-08-01T10:00:00Z", "2026-11-10T10:00:00Z");
    for (number, scope) in SCOPES.into_iter().enumerate() {
        let at = i64::try_from(10 + number * 2).unwrap();
        let is_setting = scope.starts_with("alert.") || scope.starts_with("location.");
        let expires = (!is_setting && scope != "service.core").then_some("2026-12-01T10:00:00Z");
        let (lines, on): (Vec<Line>, [bool; 2]) = match dice.roll(10) {
            0..=4 => (vec![(at, scope, None, true, early, early, expires)], [true, true]),
            5 => (vec![(at, scope, None, true, summer, summer, expires)], [true, scope == "service.core"]),
            6 => (vec![(at, scope, None, true, late, late, expires)], [scope == "service.core"; 2]),
            7 => (vec![(at, scope, Some(ids.other), true, early, early, expires)], [true, true]),
            8 if is_setting => {
                // Turned off an hour before October ends, with effect a day later: still on.
                let (at_night, next) = ("2026-10-31T23:00:00Z", "2026-11-01T23:00:00Z");
                let off = (at + 1, scope, None, false, at_night, next, None);
                (vec![(at, scope, None, true, early, early, None), off], [true, true])
            }
            _ => {
                let off = (at + 1, scope, None, false, summer, summer, None);
                (vec![(at, scope, None, true, early, early, expires), off], [false, true])
            }
        };
        for line in lines {
            write_line(conn, ids, survivor, line)?;
        }
        october.extend(on[0].then_some(scope));
        june.extend(on[1].then_some(scope));
    }
    Ok([october, june])
}

/// What happens to one alert, and minutes until it rose to its level, where it did.
fn roll_alert(dice: &mut Dice, survivor: usize) -> (KnownAlert, Option<i64>) {
    let minutes = |dice: &mut Dice, most: u64| i64::try_from(dice.roll(most)).unwrap();
    let (raised_at, level) = (moment(dice), [1, 2, 2, 3, 3, 3, 4, 4][usize::try_from(dice.roll(8)).unwrap()]);
    let climbed = (dice.is(20) && level > 1).then(|| 30 + minutes(dice, 90));
    let acknowledged = dice.is(80).then(|| minutes(dice, if level == 4 { 8 } else { 50 }));
    let responded = acknowledged.filter(|_| dice.is(70)).map(|at| at + minutes(dice, 600));
    let told = level >= 3 && dice.is(60);
    let replied = (told && dice.is(75)).then(|| minutes(dice, 40));
    let outcome = replied.is_some() && dice.is(50);
    let is_drill = dice.is(8);
    (KnownAlert { survivor, raised_at, level, is_drill, acknowledged, responded, told, replied, outcome }, climbed)
}

fn write_alert(
    conn: &mut DbConn,
    dice: &mut Dice,
    year: &mut Written,
    (number, survivor): (usize, SurvivorId),
    ids: Ids,
) -> holdfast::error::Result<()> {
    let (known, climbed) = roll_alert(dice, number);
    let (raised_at, reached_at) = (known.raised_at, known.raised_at.plus_minutes(climbed.unwrap_or(0)));
    let id = AlertId(Uuid::new_v4());
    let identity = (
        alerts::id.eq(id),
        alerts::reference.eq(format!("AL-SEED-{:04}-X", year.alerts.len())),
        alerts::survivor_id.eq(survivor),
        alerts::organisation_id.eq(ids.held_by),
        alerts::rule_group.eq("missed"),
        alerts::rule.eq("missed_check_in"),
        alerts::level.eq(known.level),
        alerts::state.eq("resolved"),
        alerts::is_silent.eq(false),
        alerts::is_exercise.eq(known.is_drill),
        alerts::facts.eq(Json(json!({}))),
    );
    let police = (
        alerts::police_allowed.eq(known.told),
        alerts::police_told_at.eq(known.told.then_some(reached_at)),
        // As on an alert that was triggered again: the row has forgotten the reply, its history has not.
        alerts::police_acknowledged_at.eq(None::<Instant>),
        alerts::outcome.eq(None::<String>),
    );
    let standing = (
        alerts::ladder.eq(Json(json!({}))),
        alerts::ladder_round.eq(0),
        alerts::ladder_next.eq(0),
        alerts::message_sequence.eq(0),
        alerts::closed_at.eq(Some(raised_at.plus_days(2))),
        alerts::raised_at.eq(raised_at),
        alerts::updated_at.eq(raised_at),
        alerts::version.eq(1),
    );
    diesel::insert_into(alerts::table).values((identity, police, standing)).execute(conn)?;
    write_history(conn, dice, (id, survivor), &known, climbed)?;
    year.alerts.push(known);
    Ok(())
}

fn write_history(
    conn: &mut DbConn,
    dice: &mut Dice,
    (alert, survivor): (AlertId, SurvivorId),
    known: &KnownAlert,
    climbed: Option<i64>,
) -> holdfast::error::Result<()> {
    let (raised_at, level) = (known.raised_at, known.level);
    let reached_at = raised_at.plus_minutes(climbed.unwrap_or(0));
    let mut lines = vec![("raised", raised_at, if climbed.is_some() { level - 1 } else { level })];
    if climbed.is_some() {
        // Somebody took it up before it rose: that is no answer to the level that it reached.
        lines.push(("acknowledged", raised_at.plus_minutes(1), level - 1));
        lines.push(("progress", raised_at.plus_minutes(2), level - 1));
        lines.push(("level_raised", reached_at, level));
    }
    lines.extend(known.acknowledged.map(|after| ("acknowledged", reached_at.plus_minutes(after), level)));
    let answer = if dice.is(50) { "progress" } else { "stood_down" };
    lines.extend(known.responded.map(|after| (answer, reached_at.plus_minutes(after), level)));
    if let Some(after) = known.replied {
        lines.push(("police_acknowledged", reached_at.plus_minutes(after), level));
        lines.extend(known.outcome.then(|| ("police_outcome", reached_at.plus_minutes(after + 90), level)));
        lines.push(("triggered_again", reached_at.plus_minutes(after + 100), level));
    }
    for (kind, at, level) in lines {
        diesel::insert_into(alert_history::table)
            .values((
                alert_history::id.eq(HistoryId::new(at)),
                alert_history::alert_id.eq(alert),
                alert_history::survivor_id.eq(survivor),
                alert_history::at.eq(at),
                alert_history::kind.eq(kind),
                alert_history::level.eq(level),
                alert_history::detail.eq(Json(json!({}))),
                alert_history::actor_kind.eq("system"),
            ))
            .execute(conn)?;
    }
    Ok(())
}

fn write_slots(
    conn: &mut DbConn,
    dice: &mut Dice,
    year: &mut Written,
    (number, survivor): (usize, SurvivorId),
    ids: Ids,
) -> holdfast::error::Result<()> {
    let schedule = ScheduleId(Uuid::new_v4());
    diesel::insert_into(schedules::table)
        .values((
            schedules::id.eq(schedule),
            schedules::survivor_id.eq(survivor),
            schedules::time_zone.eq("Europe/London"),
            schedules::local_times.eq(Json(json!([]))),
            schedules::weekdays.eq(Json(json!([]))),
            schedules::opens_minutes_before.eq(60),
            schedules::grace_minutes.eq(30),
            schedules::state.eq("ended"),
            schedules::created_by.eq(ids.staff),
            schedules::created_at.eq(instant("2025-09-01T09:00:00Z")),
        ))
        .execute(conn)?;
    for _ in 0..dice.roll(9) {
        let due = moment(dice);
        if year.slots.iter().any(|(who, at, _)| *who == number && *at == due) {
            continue;
        }
        let (state, answer, fate, is_slot) = match dice.roll(20) {
            0..=9 => ("safe", Some("safe"), Some("answered"), true),
            10..=11 => ("concern", Some("concern"), Some("answered"), true),
            12..=13 => ("missed", Some("safe"), Some("late"), true),
            14..=17 => ("missed", None, Some("missed"), true),
            18 => ("waiting", None, None, true),
            _ => ("safe", Some("safe"), None, false),
        };
        diesel::insert_into(check_ins::table)
            .values((
                check_ins::id.eq(CheckInId(Uuid::new_v4())),
                check_ins::survivor_id.eq(survivor),
                check_ins::schedule_id.eq(is_slot.then_some(schedule)),
                check_ins::state.eq(state),
                check_ins::due_at.eq(is_slot.then_some(due)),
                check_ins::answer.eq(answer),
                check_ins::happened_at.eq(due),
            ))
            .execute(conn)?;
        year.slots.push((number, due, fate));
    }
    Ok(())
}

fn write_participant(
    conn: &mut DbConn,
    dice: &mut Dice,
    year: &mut Written,
    ids: Ids,
    (force, place): (&'static str, Place),
) -> holdfast::error::Result<()> {
    let (number, id) = (year.participants.len(), ParticipantId(Uuid::new_v4()));
    let (reference, made_at) = (format!("PT-SEED-{number:04}-X"), instant(MADE_AT));
    insert_participant(conn, ids, (id, &reference, force))?;
    for session in 1..=i32::try_from(dice.roll(13)).unwrap() {
        let planned_at = moment(dice);
        let kind = KINDS[[0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 5][usize::try_from(dice.roll(12)).unwrap()]];
        insert_session(conn, id, session, (planned_at, kind))?;
        year.sessions.push((number, planned_at, kind));
    }
    for _ in 0..dice.roll(3) {
        write_referral(conn, dice, year, ids, ((number, id), force))?;
    }
    for _ in 0..dice.roll(4) {
        write_goal(conn, dice, year, ids, (number, id))?;
    }
    year.participants.push(Known { id: id.0, reference, made_at, place, counts: true, agreed: Default::default() });
    Ok(())
}

const MADE_AT: &str = "2025-09-01T09:00:00Z";

fn insert_participant(
    conn: &mut DbConn,
    ids: Ids,
    (id, reference, force): (ParticipantId, &str, &str),
) -> holdfast::error::Result<()> {
    diesel::insert_into(participants::table)
        .values((
            participants::id.eq(id),
            participants::reference.eq(reference),
            participants::organisation_id.eq(ids.programme),
            participants::name.eq(vec![0_u8]),
            participants::home_force_id.eq(force),
            participants::practitioner_id.eq(ids.staff),
            participants::version.eq(1),
            participants::created_at.eq(instant(MADE_AT)),
        ))
        .execute(conn)?;
    Ok(())
}

fn insert_session(
    conn: &mut DbConn,
    participant: ParticipantId,
    number: i32,
    (planned_at, attendance): (Instant, Option<&str>),
) -> holdfast::error::Result<()> {
    diesel::insert_into(programme_sessions::table)
        .values((
            programme_sessions::id.eq(ProgrammeSessionId(Uuid::new_v4())),
            programme_sessions::participant_id.eq(participant),
            programme_sessions::number.eq(number),
            programme_sessions::module.eq("mindfulness"),
            programme_sessions::mode.eq("in_person"),
            programme_sessions::planned_at.eq(planned_at),
            programme_sessions::attendance.eq(attendance),
            programme_sessions::version.eq(1),
            programme_sessions::created_at.eq(instant(MADE_AT)),
        ))
        .execute(conn)?;
    Ok(())
}

/// One participant for each course, in an area that the commissioner may not see.
fn write_courses(conn: &mut DbConn, ids: Ids) -> holdfast::error::Result<Vec<ParticipantId>> {
    let mut made = Vec::new();
    for (number, (held, _)) in COURSES.iter().enumerate() {
        let id = ParticipantId(Uuid::new_v4());
        insert_participant(conn, ids, (id, &format!("PT-COUR-{number:04}-X"), "kent"))?;
        for (number, (at, attendance)) in (1..).zip(*held) {
            insert_session(conn, id, number, (instant(at), *attendance))?;
        }
        made.push(id);
    }
    Ok(made)
}

/// The cases and incidents of the survivor who was written last.
fn write_incidents(
    conn: &mut DbConn,
    dice: &mut Dice,
    year: &mut Written,
    ids: Ids,
    courses: &[ParticipantId],
) -> holdfast::error::Result<()> {
    let number = year.survivors.len() - 1;
    let survivor = SurvivorId(year.survivors[number].id);
    for (course, participant) in courses.iter().enumerate() {
        if !dice.is([45, 30, 30, 20][course]) {
            continue;
        }
        let approved_at = dice.is(85).then(|| instant("2026-01-10T10:00:00Z"));
        let case = CaseId(Uuid::new_v4());
        diesel::insert_into(cases::table)
            .values((
                cases::id.eq(case),
                cases::reference.eq(format!("CS-{case}")),
                cases::survivor_id.eq(survivor),
                cases::participant_id.eq(*participant),
                cases::support_organisation_id.eq(ids.held_by),
                cases::programme_organisation_id.eq(ids.programme),
                cases::relationship.eq("former_partner"),
                cases::state.eq(if approved_at.is_some() { "active" } else { "proposed" }),
                cases::proposed_by.eq(ids.staff),
                cases::support_approved_at.eq(approved_at),
                cases::programme_approved_at.eq(approved_at),
                cases::created_at.eq(instant(MADE_AT)),
            ))
            .execute(conn)?;
        year.links.extend(approved_at.map(|_| (number, course)));
    }
    for _ in 0..dice.roll(12) {
        let (happened_at, kind) = (moment(dice), dice.roll(12));
        let (state, visibility) =
            (if kind == 0 { "withdrawn" } else { "submitted" }, if kind == 1 { "private" } else { "advocate" });
        diesel::insert_into(incidents::table)
            .values((
                incidents::id.eq(IncidentId(Uuid::new_v4())),
                incidents::survivor_id.eq(survivor),
                incidents::state.eq(state),
                incidents::version.eq(1),
                incidents::severity.eq(2),
                incidents::visibility.eq(visibility),
                incidents::happened_at.eq(happened_at),
                incidents::received_at.eq(happened_at),
                incidents::is_duress.eq(kind == 2),
            ))
            .execute(conn)?;
        year.incidents.extend((kind > 2).then_some((number, happened_at)));
    }
    Ok(())
}

fn write_goal(
    conn: &mut DbConn,
    dice: &mut Dice,
    year: &mut Written,
    ids: Ids,
    (number, participant): (usize, ParticipantId),
) -> holdfast::error::Result<()> {
    let level = |dice: &mut Dice| i32::try_from(dice.roll(5)).unwrap() - 2;
    let (id, weight, baseline) = (GoalId(Uuid::new_v4()), 1 + i32::try_from(dice.roll(4)).unwrap(), -1);
    let (state, is_approved) = [
        ("reviewed", true),
        ("reviewed", true),
        ("agreed", true),
        ("discontinued", true),
        ("revised", true),
        ("proposed", false),
    ][usize::try_from(dice.roll(6)).unwrap()];
    diesel::insert_into(goals::table)
        .values((
            goals::id.eq(id),
            goals::participant_id.eq(participant),
            goals::domain.eq("no_contact"),
            goals::statement.eq(vec![0_u8]),
            goals::survivor_benefit.eq(vec![0_u8]),
            goals::levels.eq(vec![0_u8]),
            goals::baseline.eq(baseline),
            goals::weight.eq(weight),
            goals::state.eq(state),
            goals::approved_at.eq(is_approved.then(|| instant(MADE_AT))),
            goals::created_at.eq(instant(MADE_AT)),
        ))
        .execute(conn)?;
    let mut reviews = Vec::new();
    for _ in 0..dice.roll(5) {
        // Months of 28 days: each day once, so that the latest is plain.
        let (month, day) = (dice.roll(12), 1 + dice.roll(28));
        let on = format!("{}-{:02}-{day:02}", 2025 + (9 + month) / 12, 1 + (9 + month) % 12);
        if reviews.iter().any(|(known, _)| *known == on) {
            continue;
        }
        let score = level(dice);
        diesel::insert_into(goal_reviews::table)
            .values((
                goal_reviews::id.eq(ReviewId(Uuid::new_v4())),
                goal_reviews::goal_id.eq(id),
                goal_reviews::participant_id.eq(participant),
                goal_reviews::score.eq(score),
                goal_reviews::note.eq(vec![0_u8]),
                goal_reviews::reviewed_on.eq(&on),
                goal_reviews::created_by.eq(ids.staff),
                goal_reviews::created_at.eq(instant(MADE_AT)),
            ))
            .execute(conn)?;
        reviews.push((on, score));
    }
    let counts = is_approved && state != "revised";
    year.goals.push(KnownGoal { participant: number, weight, baseline, counts, reviews });
    Ok(())
}

fn write_referral(
    conn: &mut DbConn,
    dice: &mut Dice,
    year: &mut Written,
    ids: Ids,
    ((number, participant), force): ((usize, ParticipantId), &str),
) -> holdfast::error::Result<()> {
    let mut pick = |words: &[&'static str]| words[usize::try_from(dice.roll(words.len() as u64)).unwrap()];
    let source = pick(&["police", "police", "police", "probation", "court", "partner", "self"]);
    let basis = pick(&["order_requirement", "order_requirement", "interim_order", "voluntary"]);
    let kind = pick(&["spo", "spo", "interim_spo", "restraining_order", "no_order"]);
    let (submitted_at, is_draft) = (moment(dice), dice.is(10));
    let allocated = dice.is(75).then(|| i64::try_from(dice.roll(20 * 24)).unwrap());
    let order = (kind != "no_order").then(|| OrderId(Uuid::new_v4()));
    if let Some(id) = order {
        diesel::insert_into(orders::table)
            .values((
                orders::id.eq(id),
                orders::participant_id.eq(participant),
                orders::kind.eq(kind),
                orders::made_on.eq("2025-09-01"),
                orders::created_at.eq(instant(MADE_AT)),
            ))
            .execute(conn)?;
    }
    diesel::insert_into(referrals::table)
        .values((
            referrals::id.eq(ReferralId(Uuid::new_v4())),
            referrals::participant_id.eq(participant),
            referrals::organisation_id.eq(ids.programme),
            referrals::home_force_id.eq(force),
            referrals::source.eq(source),
            referrals::basis.eq(basis),
            referrals::order_id.eq(order),
            referrals::state.eq(if is_draft { "draft" } else { "awaiting_assessment" }),
            referrals::submitted_at.eq((!is_draft).then_some(submitted_at)),
            referrals::allocated_at.eq(allocated.map(|hours| submitted_at.plus_hours(hours))),
            referrals::created_by.eq(ids.staff),
            referrals::created_at.eq(instant(MADE_AT)),
            referrals::version.eq(1),
        ))
        .execute(conn)?;
    if !is_draft {
        let known = KnownReferral { participant: number, submitted_at, source, basis, order: kind, allocated };
        year.referrals.push(known);
    }
    Ok(())
}
