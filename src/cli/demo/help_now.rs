//! Help-now, pressed at this very moment on a locked phone; and at the end the audit, read back whole.

use std::time::Instant as Stopwatch;

use reqwest::Method;
use serde_json::{Value, json};

use super::account::Credentials;
use super::calendar::clock_time;
use super::client::{DemoCall, field};
use super::partnership::{OFFICER, SYSTEM};
use super::survivors::CODE_WORD;
use super::world::World;
use super::year::Year;
use super::{DemoResult, alerts};
use crate::audit::{self, Verified};
use crate::clock::Clock;

/// Tells of help-now, and verifies the audit.
///
/// # Errors
/// One line, where something differs from the story.
pub async fn tell(world: &mut World, year: &mut Year) -> DemoResult<()> {
    year.run_until(world, Clock::System.now()).await?;
    let (id, reference) = press(world).await?;
    rung_999(world, &id).await?;
    let body = json!({"officer": OFFICER, "grade": "grade_1"});
    let acted = world.post(SYSTEM, &format!("/police/v1/alerts/{reference}/acknowledge"), body).await?;
    acted.must_be("/state", "open")?;
    world.say(&format!(
        "acknowledged by {OFFICER}: an emergency climbs on until somebody of the support side takes it up"
    ));
    let act = |verb: &str| format!("/partner/v1/alerts/{id}/{verb}");
    let body = json!({"note": "Ringing Sam."});
    world.post("joss", &act("acknowledge"), body).await?.must_be("/state", "acknowledged")?;
    world.say("acknowledged by joss, the advocate on duty: the climb stops");
    resolve(world, &act("resolve")).await?;
    world.receiver.wait_for("safety.alert.resolved", &reference).await?;
    let own = world.own_alert("sam", &id).await?;
    world.say(&format!(
        "Sam's phone shows: {}, delivered {}, acknowledged {}",
        own.must_be("/state", "resolved")?,
        clock_time(own.text("/delivered_at").ok()),
        clock_time(own.text("/acknowledged_at").ok())
    ));
    verify_audit(world).await
}

/// Presses help-now with the SOS token, as a locked phone does, and waits for the police to have it.
async fn press(world: &mut World) -> DemoResult<(String, String)> {
    let Credentials::Phone { sos_token, .. } = world.account("sam")?.credentials.clone() else {
        return Err("Sam has no phone".to_owned());
    };
    let location = json!({"lat": 53.3811, "lon": -1.4701, "accuracy_m": 12.0});
    let body = json!({"location": location, "recorded_at": world.now()});
    let (method, path) = (Method::POST, "/app/v1/help-now");
    world.receiver.print_held();
    let pressed = Stopwatch::now();
    let made =
        world.client.call(DemoCall { method, path, token: Some(&sos_token), body: Some(&body), headers: &[] }).await?;
    let (id, reference) = (made.text("/alert/id")?.to_owned(), made.text("/alert/reference")?.to_owned());
    if made.body.pointer("/alert/police_will_be_told") != Some(&json!(true)) {
        return Err(format!("the phone was not told that the police will be: {}", made.body));
    }
    world.say_first(&format!(
        "help-now pressed on Sam's locked phone: {reference}; it shows that the police will be told"
    ));
    let received = world.receiver.wait_for("safety.alert.raised", &reference).await?;
    world.say(&format!(
        "delivered to the police, signature verified, {} ms after the press",
        received.at.saturating_duration_since(pressed).as_millis()
    ));
    Ok((id, reference))
}

/// A person rings 999 first; the software cannot.
async fn rung_999(world: &mut World, alert: &str) -> DemoResult<()> {
    let climbing = alerts::one(world, alert).await?;
    for step in alerts::steps(world, &climbing, 0)? {
        world.say(&format!("ladder: {step}"));
    }
    let listed = world.get("joss", "/partner/v1/tasks?limit=50").await?;
    let is_it = |task: &&Value| field(task, "alert_id") == alert && field(task, "kind") == "call_999";
    let task = listed.list("/items")?.iter().find(is_it).ok_or("nobody was asked to call 999")?;
    let path = format!("/partner/v1/tasks/{}/complete", field(task, "id"));
    let body = json!({"note": "Called 999, log 812."});
    let done = world.post("joss", &path, body).await?;
    world.say(&format!(
        "task {} for everybody on duty: {} by joss",
        field(task, "kind"),
        done.must_be("/state", "done")?
    ));
    Ok(())
}

/// Without the code word an emergency stays; with it, it is resolved.
async fn resolve(world: &mut World, path: &str) -> DemoResult<()> {
    let token = world.token("joss").await?;
    let body = json!({"note": "Sam says that all is well.", "spoke_to_survivor": true});
    let call = DemoCall { method: Method::POST, path, token: Some(&token), body: Some(&body), headers: &[] };
    let refused = world.client.send(call).await?;
    if refused.status != 409 {
        return Err(format!("an emergency was closed without the code word: {}", refused.body));
    }
    world.say(&format!("not resolved without the code word: {} {}", refused.status, refused.text("/code")?));
    let body = json!({"note": "Sam said the code word.", "spoke_to_survivor": true, "code_word": CODE_WORD});
    world.post("joss", path, body).await?.must_be("/state", "resolved")?;
    world.say_first("resolved by joss with the code word");
    Ok(())
}

async fn verify_audit(world: &World) -> DemoResult<()> {
    world.receiver.must_be_clean()?;
    let verified = world.app.db.snapshot(audit::verify).await.map_err(|error| format!("audit: {error}"))?;
    match verified {
        Verified::Whole { entries } => {
            let messages = world.receiver.count();
            world
                .say(&format!("audit verified: {entries} entries, whole; {messages} messages to police, all verified"));
            Ok(())
        }
        Verified::Broken(broken) => Err(format!("audit: {broken}")),
    }
}
