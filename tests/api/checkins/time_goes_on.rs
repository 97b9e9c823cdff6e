//! Time goes on from when it should have: after a pause, an outage, a hold; slots at one instant are one question.

use std::collections::BTreeSet;

use holdfast::checkins;
use holdfast::db::Instant;
use jiff::ToSpan;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use crate::harness::partnership::CODE_WORD;
use crate::harness::{Partnership, TestApp, instant, on_both, text};

fn path(p: &Partnership) -> String {
    format!("/partner/v1/survivors/{}/schedules", p.survivor.id)
}

async fn make(p: &Partnership, more: Value) -> Value {
    let mut body = json!({"time_zone": "UTC", "opens_minutes_before": 0, "grace_minutes": 15});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    p.advocate.post(&path(p), body).await.expect(201)
}

async fn act(p: &Partnership, schedule: &Value, act: &str, body: Value) -> Value {
    p.advocate.post(&format!("{}/{}/{act}", path(p), text(schedule, "id")), body).await.expect(200)
}

/// When each of the survivor's slots is due, with its state; the earliest first.
async fn slots(p: &Partnership) -> Vec<(String, String)> {
    let listed = p.advocate.list(&format!("/partner/v1/survivors/{}/check-ins", p.survivor.id)).await;
    let mut slots: Vec<_> = listed
        .iter()
        .filter(|row| row["due_at"].is_string())
        .map(|row| (text(row, "due_at"), text(row, "state")))
        .collect();
    slots.sort();
    slots
}

fn of(slots: &[(String, String)], state: &str) -> Vec<String> {
    slots.iter().filter(|(_, is)| is == state).map(|(due, _)| due.clone()).collect()
}

async fn safe(app: &TestApp, p: &Partnership) -> Value {
    p.phone().post("/app/v1/check-ins", json!({"status": "safe", "recorded_at": app.now_text()})).await.expect(201)
}

/// How often an alert was triggered after it was raised.
async fn times_triggered(app: &TestApp, alert: &str) -> i64 {
    use diesel::prelude::*;
    use holdfast::db::AlertId;
    use holdfast::db::schema::alert_history;
    let id: AlertId = alert.parse().unwrap();
    let read = app.inner.db.read(move |conn| {
        let again = alert_history::table.filter(alert_history::alert_id.eq(id));
        Ok(again.filter(alert_history::kind.eq("triggered_again")).count().get_result(conn)?)
    });
    read.await.unwrap()
}

on_both!(a_pause_that_ends_in_an_outage_goes_on_from_its_own_end, |app| async {
    let p = app.partnership().await;
    let made = make(&p, json!({"local_times": ["14:00", "15:00", "16:00", "23:00"]})).await;
    act(
        &p,
        &made,
        "pause",
        json!({"until": "2026-11-21T14:30:00Z", "reason": "in_hospital", "is_asked_by_survivor": false}),
    )
    .await;
    app.outage(4 * 60 + 5).await;
    let slots = slots(&p).await;
    assert_eq!(of(&slots, "missed"), ["2026-11-21T15:00:00Z"]);
    // The last one is due, its grace is not over, and it is asked for.
    assert_eq!(slots[1], ("2026-11-21T16:00:00Z".to_owned(), "late".to_owned()));
    let alerts = p.alerts().await;
    assert_eq!((alerts.len(), &alerts[0]["rule"]), (1, &json!("missed_check_in")));
    safe(app, &p).await;
    let next = p.phone().get("/app/v1/check-ins/next").await.expect(200);
    assert_eq!(next["due_at"], "2026-11-21T23:00:00Z");
});

on_both!(a_slot_at_the_instant_at_which_a_pause_ends_is_asked_for, |app| async {
    let p = app.partnership().await;
    let made = make(&p, json!({"local_times": ["14:00"]})).await;
    act(&p, &made, "pause", json!({"until": "2026-11-21T14:00:00Z", "reason": "away", "is_asked_by_survivor": false}))
        .await;
    app.advance_to(instant("2026-11-21T14:00:00Z")).await;
    let next = p.phone().get("/app/v1/check-ins/next").await.expect(200);
    assert_eq!((&next["due_at"], &next["state"]), (&json!("2026-11-21T14:00:00Z"), &json!("due")));
    app.advance(15).await;
    assert_eq!(of(&slots(&p).await, "missed"), ["2026-11-21T14:00:00Z"]);
});

on_both!(a_pause_is_over_at_its_own_instant_for_whoever_asks_before_the_worker, |app| async {
    let p = app.partnership().await;
    let made = make(&p, json!({"local_times": ["14:00", "15:00"]})).await;
    act(&p, &made, "pause", json!({"until": "2026-11-21T13:30:00Z", "reason": "away", "is_asked_by_survivor": false}))
        .await;
    app.inner.clock.advance_to(instant("2026-11-21T14:20:00Z"));
    let listed = p.advocate.list(&path(&p)).await;
    assert_eq!((&listed[0]["state"], listed[0].get("paused_until")), (&json!("active"), None));
    // Ended or paused again before the worker came by: what was due in between is missed all the same.
    act(&p, &made, "pause", json!({"until": "2026-11-21T18:00:00Z", "reason": "away", "is_asked_by_survivor": false}))
        .await;
    app.settle().await;
    assert_eq!(of(&slots(&p).await, "missed"), ["2026-11-21T14:00:00Z"]);
    assert_eq!(p.alerts().await.len(), 1);
});

on_both!(what_fell_due_in_an_outage_is_missed_though_the_schedule_is_ended_before_the_worker_comes, |app| async {
    let p = app.partnership().await;
    let made = make(&p, json!({"local_times": ["13:00", "14:00", "15:00"]})).await;
    app.inner.clock.advance_to(instant("2026-11-21T14:50:00Z"));
    act(&p, &made, "end", json!({"reason": "agreed"})).await;
    app.settle().await;
    assert_eq!(of(&slots(&p).await, "missed"), ["2026-11-21T13:00:00Z", "2026-11-21T14:00:00Z"]);
    assert_eq!((slots(&p).await.len(), p.alerts().await.len()), (2, 1));
});

on_both!(no_slot_of_a_pause_is_asked_for_though_one_of_before_is_looked_at_after_it, |app| async {
    let p = app.partnership().await;
    let made = make(&p, json!({"local_times": ["12:30", "13:30", "14:30", "15:30"], "grace_minutes": 60})).await;
    app.advance_to(instant("2026-11-21T12:40:00Z")).await;
    act(&p, &made, "pause", json!({"until": "2026-11-21T15:00:00Z", "reason": "away", "is_asked_by_survivor": false}))
        .await;
    app.inner.clock.advance_to(instant("2026-11-21T15:05:00Z"));
    // Two workers may come by in either order.
    checkins::resume_due(&app.inner).await.unwrap();
    app.settle().await;
    let slots = slots(&p).await;
    assert_eq!(of(&slots, "missed"), ["2026-11-21T12:30:00Z"]);
    let all: Vec<&str> = slots.iter().map(|(due, _)| due.as_str()).collect();
    assert!(!all.contains(&"2026-11-21T13:30:00Z") && !all.contains(&"2026-11-21T14:30:00Z"), "{all:?}");
    app.advance_to(instant("2026-11-21T15:40:00Z")).await;
    assert_eq!(safe(app, &p).await["state"], "safe");
});

on_both!(slots_of_two_schedules_at_one_instant_are_one_question, |app| async {
    let p = app.partnership().await;
    make(&p, json!({"local_times": ["14:00"], "opens_minutes_before": 60})).await;
    make(&p, json!({"local_times": ["14:00"], "grace_minutes": 30})).await;
    app.advance_to(instant("2026-11-21T13:30:00Z")).await;
    safe(app, &p).await;
    app.advance_to(instant("2026-11-22T13:00:00Z")).await;
    assert!(p.alerts().await.is_empty());
    let answered = of(&slots(&p).await, "safe");
    assert_eq!(answered, ["2026-11-21T14:00:00Z", "2026-11-21T14:00:00Z"]);
    // Nobody answers the next one: one miss, though two graces end.
    app.advance_to(instant("2026-11-22T14:40:00Z")).await;
    assert_eq!(of(&slots(&p).await, "missed").len(), 2);
    let alerts = p.alerts().await;
    assert_eq!((alerts.len(), &alerts[0]["rule"]), (1, &json!("missed_check_in")));
    assert_eq!(times_triggered(app, &text(&alerts[0], "id")).await, 0);
    app.leaves_retries();
});

on_both!(a_late_answer_to_one_question_is_in_time_for_none_whose_grace_is_over, |app| async {
    let p = app.partnership().await;
    make(&p, json!({"local_times": ["14:00"]})).await;
    make(&p, json!({"local_times": ["14:00"], "grace_minutes": 60})).await;
    app.advance_to(instant("2026-11-21T14:20:00Z")).await;
    assert_eq!(p.alerts().await.len(), 1);
    safe(app, &p).await;
    let states: BTreeSet<String> = slots(&p).await.into_iter().take(2).map(|(_, state)| state).collect();
    assert_eq!(states, BTreeSet::from(["missed".to_owned(), "safe".to_owned()]));
    app.advance(60).await;
    assert_eq!(p.alerts().await.len(), 1);
    app.leaves_retries();
});

on_both!(a_schedule_that_asks_for_the_same_as_one_that_runs_is_that_one, |app| async {
    let p = app.partnership().await;
    let first = make(&p, json!({"local_times": ["14:00", "09:00"], "weekdays": ["mo", "sa"]})).await;
    let again = make(&p, json!({"local_times": ["09:00", "14:00"], "weekdays": ["sa", "mo"]})).await;
    assert_eq!(first["id"], again["id"]);
    for other in
        [json!({"local_times": ["14:00", "09:00"]}), json!({"local_times": ["09:00"], "weekdays": ["mo", "sa"]})]
    {
        assert_ne!(make(&p, other).await["id"], first["id"]);
    }
    act(&p, &first, "end", json!({"reason": "agreed"})).await;
    let anew = make(&p, json!({"local_times": ["14:00", "09:00"], "weekdays": ["mo", "sa"]})).await;
    assert_ne!(anew["id"], first["id"]);
});

on_both!(a_rule_that_begins_or_falls_due_only_in_years_is_refused, |app| async {
    let p = app.partnership().await;
    let rule = |rule: &str, starts: &str| {
        json!({"time_zone": "Europe/London", "opens_minutes_before": 0, "grace_minutes": 15, "rrule": rule,
            "starts_at_local": starts})
    };
    for (body, pointer) in [
        (rule("FREQ=DAILY", "2062-11-23T21:00"), "/starts_at_local"),
        (rule("FREQ=DAILY", "2027-11-24T21:00"), "/starts_at_local"),
        (rule("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "2026-11-23T21:00"), "/rrule"),
    ] {
        let problem = p.advocate.post(&path(&p), body.clone()).await.refused(422, "invalid");
        assert_eq!(
            (&problem["errors"][0]["pointer"], &problem["errors"][0]["code"]),
            (&json!(pointer), &json!("out_of_range")),
            "{body}"
        );
    }
    assert!(p.advocate.list(&path(&p)).await.is_empty());
    p.advocate.post(&path(&p), rule("FREQ=DAILY", "2027-11-21T21:00")).await.expect(201);
    let once = p.advocate.post(&path(&p), rule("FREQ=DAILY;COUNT=1", "2026-11-23T21:00")).await.expect(201);
    assert_eq!(once.get("worst_case_minutes_to_alert"), None);
});

on_both!(a_silence_that_ends_takes_no_step_of_an_alert_that_it_no_longer_holds, |app| async {
    let p = app.partnership().await;
    p.consent(&["alert.police.missed"]).await;
    let silence = async |body: Value| {
        let made = p.support_supervisor.post("/partner/v1/silences", body).await.expect(201);
        format!("/partner/v1/silences/{}/end", text(&made, "id"))
    };
    let until = |hours| app.now().plus_hours(hours);
    let first = silence(json!({"survivor_id": p.survivor.id, "until": until(6), "reason": "phone_in_repair"})).await;
    make(&p, json!({"local_times": ["12:30"], "grace_minutes": 1})).await;
    app.advance(32).await;
    assert_eq!(p.alerts().await[0]["steps"], json!([]));
    p.support_supervisor.post(&first, json!({})).await.expect(200);
    app.settle().await;
    assert_eq!(p.alerts().await[0]["steps"].as_array().unwrap().len(), 1);
    for _ in 0..3 {
        let other = silence(json!({"rule_group": "concern", "until": until(1), "reason": "another_matter"})).await;
        p.support_supervisor.post(&other, json!({})).await.expect(200);
        app.advance_seconds(1).await;
    }
    // Nor does an emergency of the same survivor that is closed, once and once more.
    for _ in 0..2 {
        let alert = text(&p.help_now().await, "id");
        app.settle().await;
        p.act(&alert, "resolve", json!({"note": "Safe.", "code_word": CODE_WORD})).await.expect(200);
        app.advance_seconds(1).await;
    }
    let missed = p.alerts().await.into_iter().find(|alert| alert["rule"] == "missed_check_in").unwrap();
    assert_eq!(missed["steps"].as_array().unwrap().len(), 1, "{missed}");
    app.leaves_retries();
});

/// Numbers that look random, the same each time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> i64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        i64::try_from((self.0 >> 33) % sides).unwrap()
    }
}

/// Two zones at a time, so that a year of each takes seconds: whatever pauses and outages come, every slot outside a pause
/// exists, was answered or is missed, and none inside one does.
async fn a_year(app: TestApp, zones: &[&str], seed: u64) {
    let mut dice = Dice(seed);
    let p = app.partnership().await;
    for zone in zones {
        let times = ["00:10", "01:30", "02:10", "09:00", "21:00"];
        let body = json!({"time_zone": zone, "local_times": times, "opens_minutes_before": 0, "grace_minutes": 10});
        let made = p.advocate.post(&path(&p), body).await.expect(201);
        let id = text(&made, "id");
        let (begun, end) = (app.now(), app.now().plus_days(370));
        let mut pauses: Vec<(Instant, Instant)> = Vec::new();
        while app.now() < end {
            let step = app.now().plus_minutes(1 + dice.roll(4 * 24 * 60));
            app.inner.clock.advance_to(step);
            if dice.roll(10) < 4 {
                pass(&app).await;
            }
            let until = app.now().plus_minutes(1 + dice.roll(3 * 24 * 60));
            let pause = json!({"until": until, "reason": "away", "is_asked_by_survivor": false});
            if p.advocate.post(&format!("{}/{id}/pause", path(&p)), pause).await.status == 200 {
                pauses.push((app.now(), until));
                if dice.roll(10) < 3 {
                    app.inner.clock.advance_to(app.now().plus_minutes(dice.roll(600)));
                    if p.advocate.post(&format!("{}/{id}/resume", path(&p)), json!({})).await.status == 200 {
                        pauses.last_mut().unwrap().1 = app.now();
                    }
                }
            }
        }
        p.advocate.post(&format!("{}/{id}/end", path(&p)), json!({"reason": "agreed"})).await.expect(200);
        pass(&app).await;
        let until = app.now();
        let asked: BTreeSet<Instant> = due_of(&app, &id).await;
        let is_paused = |at: Instant| pauses.iter().any(|(from, to)| *from < at && at < *to);
        let expected: BTreeSet<Instant> = expected(zone, &times, begun, until).filter(|at| !is_paused(*at)).collect();
        let lost: Vec<_> = expected.difference(&asked).collect();
        let needless: Vec<_> = asked.difference(&expected).filter(|at| is_paused(**at)).collect();
        assert!(lost.is_empty() && needless.is_empty(), "{zone}, {seed}: lost {lost:?}, needless {needless:?}");
    }
}

/// What the worker does about slots and pauses, until nothing is left; alerts that nobody answers would climb all year.
async fn pass(app: &TestApp) {
    while checkins::overdue(&app.inner).await.unwrap() + checkins::resume_due(&app.inner).await.unwrap() > 0 {}
}

async fn due_of(app: &TestApp, schedule: &str) -> BTreeSet<Instant> {
    use diesel::prelude::*;
    use holdfast::db::ScheduleId;
    use holdfast::db::schema::check_ins;
    let id: ScheduleId = schedule.parse().unwrap();
    let rows = app.inner.db.read(move |conn| {
        let slots = check_ins::table
            .filter(check_ins::schedule_id.eq(id))
            .select((check_ins::due_at, check_ins::next_action_at));
        Ok(slots.load::<(Option<Instant>, Option<Instant>)>(conn)?)
    });
    let rows = rows.await.unwrap();
    // What waits at the end is within its grace.
    let waiting = rows.iter().filter(|(_, next_action_at)| next_action_at.is_some()).count();
    assert!(waiting <= 1, "{waiting} slots were not looked at");
    rows.into_iter().filter_map(|(due, _)| due).collect()
}

/// The instants of local times, reckoned apart from the code under test.
fn expected(zone: &str, times: &[&str], from: Instant, to: Instant) -> impl Iterator<Item = Instant> {
    let zone = TimeZone::get(zone).unwrap();
    let first = zone.to_datetime(from.timestamp()).date();
    let times: Vec<jiff::civil::Time> = times.iter().map(|time| format!("{time}:00").parse().unwrap()).collect();
    (-2..375)
        .flat_map(move |day: i32| {
            let date = first.checked_add(day.days()).unwrap();
            times.clone().into_iter().map(move |time| date.to_datetime(time))
        })
        .map(move |local| Instant::from_timestamp(zone.to_timestamp(local).unwrap()))
        .filter(move |at| from < *at && *at <= to)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn over_a_year_of_pauses_outages_and_clock_changes_no_slot_is_lost_sqlite() {
    a_year(TestApp::sqlite().await, &["Europe/London", "Australia/Lord_Howe"], 1).await;
    a_year(TestApp::sqlite().await, &["Africa/Casablanca", "America/St_Johns"], 2).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn over_a_year_of_pauses_outages_and_clock_changes_no_slot_is_lost_postgres() {
    let Some(app) = TestApp::postgres().await else { return };
    a_year(app, &["Australia/Lord_Howe"], 3).await;
}
