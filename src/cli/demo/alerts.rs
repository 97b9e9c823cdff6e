//! What staff and officers do with the year's alerts: take them up, answer for the police, close them.

use serde_json::{Value, json};

use super::DemoResult;
use super::client::{DemoAnswer, field};
use super::partnership::{OFFICER, SYSTEM};
use super::world::World;

/// Minutes until somebody takes an alert up, until the police have told an outcome, and until it is closed.
const TAKEN_UP_MINUTES: i64 = 4;
const OUTCOME_MINUTES: i64 = 12;
const CLOSED_MINUTES: i64 = 9;

/// The newest alert.
///
/// # Errors
/// When there is none.
pub async fn newest(world: &mut World) -> DemoResult<DemoAnswer> {
    let listed = world.get("asha", "/partner/v1/alerts?limit=1").await?;
    one(world, listed.text("/items/0/id")?).await
}

/// One alert.
pub async fn one(world: &mut World, id: &str) -> DemoResult<DemoAnswer> {
    world.get("asha", &format!("/partner/v1/alerts/{id}")).await
}

/// Takes up and closes every open alert, as a support organisation would; the police answer those that reached them.
/// Returns how many.
///
/// # Errors
/// One line, where something differs from the story.
pub async fn work_through(world: &mut World) -> DemoResult<usize> {
    world.minutes(TAKEN_UP_MINUTES).await?;
    let listed = world.get("asha", "/partner/v1/alerts?limit=10").await?;
    let is_open = |alert: &&Value| matches!(field(alert, "state"), "open" | "acknowledged");
    let open: Vec<Value> = listed.list("/items")?.iter().filter(is_open).cloned().collect();
    let mut told_police = Vec::new();
    for alert in &open {
        let path = format!("/partner/v1/alerts/{}/acknowledge", field(alert, "id"));
        let body = json!({"note": "Rang the survivor.", "spoke_to_survivor": true});
        world.post("asha", &path, body).await?.must_be("/state", "acknowledged")?;
        if alert.get("police_told_at").is_some() {
            told_police.push((field(alert, "id"), field(alert, "reference")));
        }
    }
    for (_, reference) in &told_police {
        let body = json!({"officer": OFFICER, "grade": "grade_2", "note": "Attending."});
        world.post(SYSTEM, &format!("/police/v1/alerts/{reference}/acknowledge"), body).await?;
    }
    if !told_police.is_empty() {
        world.minutes(OUTCOME_MINUTES).await?;
    }
    for (id, reference) in &told_police {
        let body = json!({"officer": OFFICER, "outcome": "order_breach_recorded"});
        world.post(SYSTEM, &format!("/police/v1/alerts/{reference}/outcome"), body).await?;
        world.post("asha", &format!("/partner/v1/alerts/{id}/release-outcome"), json!({})).await?;
    }
    world.minutes(CLOSED_MINUTES).await?;
    for alert in &open {
        let path = format!("/partner/v1/alerts/{}/resolve", field(alert, "id"));
        let body = json!({"note": "Safety plan gone through together.", "spoke_to_survivor": true});
        world.post("asha", &path, body).await?.must_be("/state", "resolved")?;
    }
    Ok(open.len())
}

/// The steps of an alert's ladder from number `from` on, in words.
///
/// # Errors
/// When the answer holds none.
pub fn steps(world: &World, alert: &DemoAnswer, from: usize) -> DemoResult<Vec<String>> {
    let steps = alert.list("/steps")?.iter().skip(from);
    Ok(steps.map(|step| step_in_words(world, step)).collect())
}

fn step_in_words(world: &World, step: &Value) -> String {
    let told = step.pointer("/detail/told").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let lines = told.iter().map(|told| {
        let staff = told.get("staff").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let names: Vec<&str> = staff.iter().filter_map(Value::as_str).map(|id| world.name_of(id)).collect();
        match names.is_empty() {
            true => format!("{}: {}", field(told, "audience"), field(told, "outcome")),
            false => format!("{}: {} ({})", field(told, "audience"), field(told, "outcome"), names.join(", ")),
        }
    });
    lines.collect::<Vec<String>>().join("; ")
}
