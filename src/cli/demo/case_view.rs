//! What the practitioner sees: the survivor's side beside the participant's, in a few lines of the real case view.

use serde_json::Value;

use super::DemoResult;
use super::client::{DemoAnswer, field};
use super::survivors::SAM;
use super::world::World;

/// Signals that are printed; the newest come first.
const SIGNALS: usize = 2;

/// Opens the case view as the practitioner, and prints what matters of it.
///
/// # Errors
/// When it holds less than it should, or the survivor's name.
pub async fn tell(world: &mut World) -> DemoResult<()> {
    let path = format!("/partner/v1/cases/{}/view", world.id("sam's case")?);
    let view = world.get("pat", &path).await?;
    if view.body.to_string().contains(&format!("\"{}\"", SAM.name)) {
        return Err("the case view names the survivor to the programme".to_owned());
    }
    world.say(&format!("seen by pat, the practitioner, in case {}:", view.text("/case/reference")?));
    check_ins(world, &view)?;
    for goal in view.list("/participant_side/goals")? {
        world.say(&format!("  goal: {}; scored {}", field(goal, "statement"), scores(goal)));
    }
    let sessions = view.list("/participant_side/sessions")?;
    let absent = sessions.iter().filter(|session| field(session, "attendance").starts_with("not_attended")).count();
    if (sessions.len(), absent) != (12, 2) {
        return Err(format!("the case view has {} sessions, {absent} of them not attended", sessions.len()));
    }
    world.say(&format!("  sessions: {} of 12 attended", sessions.len() - absent));
    let signals = view.list("/signals")?;
    if signals.is_empty() {
        return Err("the case view has no signal".to_owned());
    }
    for signal in signals.iter().take(SIGNALS) {
        let (name, explanation) = (field(signal, "signal"), field(signal, "explanation"));
        world.say(&format!("  signal (not to be raised in session): {name}: {explanation}"));
    }
    world.say(&format!("  withheld: {}", redactions(&view)?));
    Ok(())
}

fn check_ins(world: &World, view: &DemoAnswer) -> DemoResult<()> {
    let side = |name: &str| view.number(&format!("/survivor_side/{name}"));
    let (answered, late) = (side("check_ins/summary/answered")?, side("check_ins/summary/late")?);
    let missed = side("check_ins/summary/missed")?;
    // One of the two that were missed has been answered since, too late.
    if answered < 25 || (late, missed) != (1, 1) {
        return Err(format!("28 days of check-ins came out as {answered} answered, {late} late, {missed} missed"));
    }
    world.say(&format!(
        "  check-ins in 28 days: {answered} answered, {late} too late, {missed} missed; last felt safe: {} of 4",
        side("check_ins/summary/last_feeling_safe")?
    ));
    world.say(&format!(
        "  incidents in 12 weeks: {}, suspected breaches of the order: {}",
        side("incidents/summary/incidents")?,
        side("incidents/summary/suspected_breaches")?
    ));
    Ok(())
}

fn scores(goal: &Value) -> String {
    let reviews = goal.get("reviews").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let baseline = goal.get("baseline").and_then(Value::as_i64);
    let scores = reviews.iter().map(|review| review.get("score").and_then(Value::as_i64));
    let all: Vec<String> = std::iter::once(baseline).chain(scores).flatten().map(signed).collect();
    all.join(", ")
}

/// A level of the Goal Attainment Scale as it is written.
fn signed(score: i64) -> String {
    if score == 0 { "0".to_owned() } else { format!("{score:+}") }
}

fn redactions(view: &DemoAnswer) -> DemoResult<String> {
    let redactions = view.list("/redactions")?;
    let one = |redaction: &Value| {
        let (what, reason, scope) = (field(redaction, "what"), field(redaction, "reason"), field(redaction, "scope"));
        if scope.is_empty() { format!("{what} ({reason})") } else { format!("{what} ({reason}: {scope})") }
    };
    match redactions.iter().any(|redaction| field(redaction, "what") == "survivor_identity") {
        true => Ok(redactions.iter().map(one).collect::<Vec<_>>().join(", ")),
        false => Err("the case view does not say that the survivor's identity is withheld".to_owned()),
    }
}
