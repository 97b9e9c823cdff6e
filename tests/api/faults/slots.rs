//! Check-ins that fall due while servers come and go: some are answered in time, the others are missed.

use std::sync::Arc;
use std::time::Duration;

use diesel::prelude::*;
use holdfast::db::schema::check_ins;
use holdfast::db::{Access, CheckInId, Instant, Target};
use serde_json::{Value, json};
use tokio::task::JoinHandle;

use super::judge::Answered;
use super::load::until_answered;
use crate::harness::binary::Installation;
use crate::harness::partnership::{Survivor, survivor};
use crate::harness::{Caller, Http, text};

/// Every other one is answered.
const SLOTS: usize = 6;
/// Seconds after which grace ends for the first, and by how much later for each of the next.
const FIRST_SECONDS: i64 = 4;
const NEXT_SECONDS: i64 = 2;
/// The longest after the end of grace until an alert is there (P3, with an instance that died).
const RAISED_WITHIN: Duration = Duration::from_secs(20);

/// A survivor whose check-in falls due.
pub struct Slot {
    survivor: Arc<Survivor>,
    check_in: String,
}

/// Schedules of survivors of their own.
pub async fn schedule(http: &Http, advocate: &Caller) -> Vec<Slot> {
    let mut slots = Vec::new();
    for _ in 0..SLOTS {
        let survivor = survivor(http, advocate, "high").await;
        let body =
            json!({"time_zone": "UTC", "local_times": ["00:01"], "opens_minutes_before": 60, "grace_minutes": 30});
        let path = format!("/partner/v1/survivors/{}/schedules", survivor.id);
        advocate.post(&path, body).await.expect(201);
        let next = survivor.phone.session.get("/app/v1/check-ins/next").await.expect(200);
        slots.push(Slot { check_in: text(&next, "id"), survivor: Arc::new(survivor) });
    }
    slots
}

/// Has the slots fall due within seconds, which no schedule can ask for. No server may run meanwhile.
pub fn bring_forward(installation: &Installation, slots: &[Slot], now: Instant) {
    let mut conn = Target::parse(&installation.database_url()).unwrap().connect(Access::Write).unwrap();
    for (slot, at) in slots.iter().zip(0..) {
        let grace_ends = now.plus_seconds(FIRST_SECONDS + at * NEXT_SECONDS);
        let due = grace_ends.plus_seconds(-NEXT_SECONDS);
        let id: CheckInId = serde_json::from_value(json!(slot.check_in)).unwrap();
        let times = (
            check_ins::opens_at.eq(Some(now)),
            check_ins::due_at.eq(Some(due)),
            check_ins::happened_at.eq(due),
            check_ins::grace_ends_at.eq(Some(grace_ends)),
            check_ins::next_action_at.eq(Some(grace_ends)),
        );
        let moved = diesel::update(check_ins::table.filter(check_ins::id.eq(id))).set(times).execute(&mut conn);
        assert_eq!(moved, Ok(1));
    }
}

/// Answers every other slot, each a little later than the one before.
pub fn answer_some(slots: &[Slot]) -> Vec<JoinHandle<Answered>> {
    let answered = slots.iter().step_by(2).zip(0..);
    let answer = |(slot, at): (&Slot, u64)| {
        let (survivor, check_in) = (slot.survivor.clone(), slot.check_in.clone());
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_secs(2 * at)).await;
            let phone = &survivor.phone.session;
            let body = json!({"status": "safe", "check_in_id": check_in, "recorded_at": phone.http.now()});
            until_answered(phone, "/app/v1/check-ins", body).await
        })
    };
    answered.map(answer).collect()
}

/// What was answered in time raised no alert; whatever was not raised exactly one, of which somebody was told.
pub async fn judge(advocate: &Caller, slots: &[Slot], answered: Vec<JoinHandle<Answered>>) {
    let mut in_time = Vec::new();
    for answer in answered {
        let answer: Value = serde_json::from_str(&answer.await.unwrap().answer).unwrap();
        if answer["state"] == "safe" {
            in_time.push(text(&answer, "id"));
        }
    }
    assert!(!in_time.is_empty(), "nothing was answered in time: nothing was shown");
    let deadline = std::time::Instant::now() + RAISED_WITHIN + Duration::from_secs(FIRST_SECONDS as u64);
    loop {
        let alerts = advocate.list("/partner/v1/alerts").await;
        let of = |slot: &Slot| -> Vec<&Value> {
            alerts.iter().filter(|alert| alert["survivor_id"] == slot.survivor.id.as_str()).collect()
        };
        let mut missed = slots.iter().filter(|slot| !in_time.contains(&slot.check_in));
        if missed.all(|slot| !of(slot).is_empty()) {
            for slot in slots {
                let raised = of(slot);
                assert_eq!(raised.len(), usize::from(!in_time.contains(&slot.check_in)), "{raised:?}");
                for alert in raised {
                    assert_eq!((&alert["rule"], &alert["level"]), (&json!("missed_check_in"), &json!(3)));
                    assert!(!alert["steps"].as_array().unwrap().is_empty(), "nobody was told: {alert}");
                }
            }
            return;
        }
        assert!(std::time::Instant::now() < deadline, "a check-in was missed, and no alert raised: {alerts:?}");
        tokio::time::sleep(super::judge::LOOK).await;
    }
}
