//! One evening, as it happens: an incident, a missed check-in, and what it becomes.

use reqwest::Method;
use serde_json::json;

use super::calendar::{Calendar, EVENING_HOUR, clock_time};
use super::client::{DemoAnswer, DemoCall, field};
use super::partnership::{OFFICER, SYSTEM};
use super::world::World;
use super::year::Year;
use super::{DemoResult, alerts, case_view, incidents};

/// What the officer gives as the reason for reading the detail.
const REASON: &str = "Attending the alert";
/// Seconds after a step is due at which it is looked whether it was taken: the clock runs on while things happen.
const MARGIN_SECONDS: i64 = 20;
/// What the police say came of the evening.
const OUTCOME: &str = "safe_and_well";

/// Tells the evening.
///
/// # Errors
/// One line, where something differs from the story.
pub async fn tell(world: &mut World, calendar: &Calendar, year: &mut Year) -> DemoResult<()> {
    year.run_until(world, calendar.at(1, EVENING_HOUR - 1, 59)?).await?;
    checked_in(world).await?;
    year.run_until(world, calendar.at(0, 17, 30)?).await?;
    reported(world).await?;
    year.run_until(world, calendar.at(0, 18, 5)?).await?;
    case_view::tell(world).await?;
    year.run_until(world, calendar.at(0, EVENING_HOUR, 0)?).await?;
    let reference = missed(world, calendar).await?;
    answered_by_police(world, &reference).await?;
    closed(world, &reference).await
}

async fn checked_in(world: &mut World) -> DemoResult<()> {
    let listed = world.get("sam", "/app/v1/check-ins?limit=5").await?;
    let is_answered = |row: &&serde_json::Value| field(row, "answer") == "safe";
    let row = listed.list("/items")?.iter().find(is_answered).ok_or("Sam has no check-in that was answered")?;
    let (due, came) = (row.get("due_at"), row.get("received_at"));
    let time = |at: Option<&serde_json::Value>| clock_time(at.and_then(serde_json::Value::as_str));
    world.say(&format!("checked in: {}, at {}, due {}", field(row, "state"), time(came), time(due)));
    Ok(())
}

async fn reported(world: &mut World) -> DemoResult<()> {
    let made = incidents::report(world, &incidents::EVENING).await?;
    let codes = incidents::EVENING.behaviours.join(", ");
    world.say(&format!(
        "incident reported by Sam: {codes}, severity {}, visible to the programme, with the account",
        made.number("/severity")?
    ));
    Ok(())
}

/// The check-in is missed, and its alert climbs to the police.
async fn missed(world: &mut World, calendar: &Calendar) -> DemoResult<String> {
    let next = world.get("sam", "/app/v1/check-ins/next").await?;
    world.say(&format!(
        "a check-in is due and nobody answers; grace until {}",
        clock_time(next.text("/grace_ends_at").ok())
    ));
    world.until(calendar.at(0, EVENING_HOUR, 30)?.plus_seconds(MARGIN_SECONDS)).await?;
    let alert = alerts::newest(world).await?;
    alert.must_be("/rule", "missed_check_in")?;
    let (id, reference) = (alert.text("/id")?.to_owned(), alert.text("/reference")?.to_owned());
    world.keep("evening's alert", &id);
    world.say(&format!("missed: alert {reference} is raised, level {}", alert.number("/level")?));
    let mut told = climb(world, &alert, 0)?;
    for minute in [40, 50] {
        world.until(calendar.at(0, EVENING_HOUR, minute)?.plus_seconds(MARGIN_SECONDS)).await?;
        let alert = alerts::one(world, &id).await?;
        told = climb(world, &alert, told)?;
    }
    world.until(calendar.at(0, EVENING_HOUR + 1, 0)?.plus_seconds(MARGIN_SECONDS)).await?;
    world.receiver.wait_for("safety.alert.raised", &reference).await?;
    let alert = alerts::one(world, &id).await?;
    climb(world, &alert, told)?;
    alert.must_be("/deliveries/0/state", "delivered")?;
    world.say(&format!(
        "delivered to a machine of the police at {}, attempt {}; acknowledged by a person: not yet",
        clock_time(alert.text("/deliveries/0/delivered_at").ok()),
        alert.number("/deliveries/0/attempts")?
    ));
    Ok(reference)
}

/// Prints the steps that were taken since; how many there are now.
fn climb(world: &World, alert: &DemoAnswer, told: usize) -> DemoResult<usize> {
    let steps = alerts::steps(world, alert, told)?;
    if steps.is_empty() {
        return Err(format!("the ladder did not climb: {}", alert.body));
    }
    for (number, step) in (told + 1..).zip(&steps) {
        world.say_first(&format!("ladder, step {number}: {step}"));
    }
    Ok(told + steps.len())
}

/// A named officer reads the detail and acknowledges.
async fn answered_by_police(world: &mut World, reference: &str) -> DemoResult<()> {
    world.minutes(2).await?;
    let (token, path) = (world.token(SYSTEM).await?, format!("/police/v1/alerts/{reference}"));
    let headers = [("holdfast-officer", OFFICER), ("holdfast-reason", REASON)];
    let detail = world.client.call(DemoCall {
        method: Method::GET,
        path: &path,
        token: Some(&token),
        body: None,
        headers: &headers,
    });
    let detail = detail.await?;
    let suspect = detail.text("/suspects/0/name")?;
    world.say(&format!(
        "{OFFICER} reads the detail ({REASON}): the person reported is {suspect}; order reference {}",
        detail.text("/data/police_references/0/ref")?
    ));
    let body =
        json!({"officer": OFFICER, "force_reference": "SYP-0812", "grade": "grade_1", "note": "Unit on its way."});
    let acted = world.post(SYSTEM, &format!("{path}/acknowledge"), body).await?;
    acted.must_be("/state", "acknowledged")?;
    let at = clock_time(Some(acted.text("/acknowledged_at")?));
    world.say(&format!("acknowledged by {OFFICER} at {at}, graded grade_1 by the force: the climb stops"));
    Ok(())
}

/// The advocate takes it up; the police tell what came of it; it is released to Sam and closed.
async fn closed(world: &mut World, reference: &str) -> DemoResult<()> {
    let id = world.id("evening's alert")?;
    let act = |verb: &str| format!("/partner/v1/alerts/{id}/{verb}");
    world.minutes(3).await?;
    let body = json!({"note": "Rang Sam: no answer. The police are on their way.", "spoke_to_survivor": false});
    world.post("asha", &act("acknowledge"), body).await?.must_be("/state", "acknowledged")?;
    world.say("acknowledged by asha, the advocate, too");
    world.minutes(24).await?;
    let body = json!({"officer": OFFICER, "outcome": OUTCOME, "note": "At home; the telephone had no charge."});
    let told = world.post(SYSTEM, &format!("/police/v1/alerts/{reference}/outcome"), body).await?;
    world.say(&format!("outcome from the police: {}", told.must_be("/outcome", OUTCOME)?));
    let own = world.own_alert("sam", &id).await?;
    if own.body.get("outcome").is_some() {
        return Err("the survivor was shown an outcome that the advocate had not released".to_owned());
    }
    world.minutes(4).await?;
    world.post("asha", &act("release-outcome"), json!({})).await?;
    let own = world.own_alert("sam", &id).await?;
    world.say(&format!(
        "released by asha; Sam's phone now shows: delivered {}, acknowledged {}, outcome {}",
        clock_time(own.text("/delivered_at").ok()),
        clock_time(own.text("/acknowledged_at").ok()),
        own.must_be("/outcome", OUTCOME)?
    ));
    let body = json!({"note": "Spoke to Sam, who is at home and safe.", "spoke_to_survivor": true});
    world.post("asha", &act("resolve"), body).await?.must_be("/state", "resolved")?;
    world.say_first(&format!("resolved by asha: {reference}"));
    world.receiver.wait_for("safety.alert.resolved", reference).await.map(drop)
}
