//! Silence: from the instant at which a missed check-in is due to be told, to the police system that received it.
//!
//! The server runs with a test clock, so that nobody waits for the evening: the clock is moved to shortly before the
//! instant and then runs by itself. The organisation's ladder tells the police at once, since it is the software that is
//! measured and not the half hour that people are given.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::time::timeout;

use crate::Outcome;
use crate::client::Client;
use crate::partnership::{Partnership, sign_in};
use crate::server::Server;
use crate::table::{self, Figures};

/// Seconds before the instant at which the clock runs by itself.
const BEFORE: i64 = 2;
/// The longest that a message is waited for: far beyond what is promised.
const PATIENCE: Duration = Duration::from_secs(30);

/// Measures `singles` silences one after the other, and then `burst` of them in one second.
pub async fn measure(server: &Server<'_>, partnership: &Partnership, singles: usize, burst: usize) -> Outcome<()> {
    let mut client = Client::connect(server.address()).await?;
    let midnight = next_midnight(&mut client).await?;
    publish_ladder(&mut client).await?;
    let advocate = sign_in(&mut client, "advocate").await?;
    let (alone, together) = partnership.ids.split_at(singles);
    for (minute, id) in alone.iter().enumerate() {
        schedule(&mut client, &advocate, id, &format!("03:{minute:02}")).await?;
    }
    for id in together.iter().take(burst) {
        schedule(&mut client, &advocate, id, "05:00").await?;
    }
    let mut one_by_one = Vec::new();
    for minute in 0..singles {
        let missed = midnight + jiff::SignedDuration::from_mins(i64::try_from(3 * 60 + minute + 1)?);
        let due = approach(&mut client, missed).await?;
        one_by_one.push(arrival(partnership).await?.saturating_duration_since(due));
    }
    table::latencies("overdue → received, one at a time", &Figures::of(one_by_one, PATIENCE));
    let due = approach(&mut client, midnight + jiff::SignedDuration::from_mins(5 * 60 + 1)).await?;
    let mut at_once = Vec::new();
    for _ in 0..burst {
        at_once.push(arrival(partnership).await?.saturating_duration_since(due));
    }
    table::latencies(&format!("overdue → received, {burst} at once"), &Figures::of(at_once, PATIENCE));
    Ok(())
}

async fn arrival(partnership: &Partnership) -> Outcome<Instant> {
    timeout(PATIENCE, partnership.receiver.next()).await.map_err(|_| "no webhook came")?
}

/// Moves the server's clock on by some seconds; answers what time it is there then.
async fn advance(client: &mut Client, seconds: i64) -> Outcome<jiff::Timestamp> {
    let there = client.call("POST", "/test/v1/clock/advance", "", &json!({"seconds": seconds})).await?;
    Ok(there.get("now").and_then(Value::as_str).ok_or("no now")?.parse()?)
}

/// Moves the server's clock on to the next midnight, so that every time of day lies ahead, whenever this runs.
async fn next_midnight(client: &mut Client) -> Outcome<jiff::Timestamp> {
    let now = advance(client, 0).await?;
    let tomorrow = now.to_zoned(jiff::tz::TimeZone::UTC).date().tomorrow()?;
    let midnight = tomorrow.to_zoned(jiff::tz::TimeZone::UTC)?.timestamp();
    advance(client, midnight.as_second() - now.as_second()).await?;
    Ok(midnight)
}

/// Moves the server's clock to shortly before an instant; answers when that will be by the clock of this process.
async fn approach(client: &mut Client, instant: jiff::Timestamp) -> Outcome<Instant> {
    let now = advance(client, 0).await?;
    let there = advance(client, (instant.as_second() - now.as_second() - BEFORE).max(0)).await?;
    let answered = Instant::now();
    let left = instant.duration_since(there);
    Ok(answered + Duration::try_from(left).map_err(|_| "the instant is over already")?)
}

async fn schedule(client: &mut Client, advocate: &str, id: &str, local_time: &str) -> Outcome<()> {
    let body = json!({"time_zone": "UTC", "local_times": [local_time], "opens_minutes_before": 0, "grace_minutes": 1});
    client.call("POST", &format!("/partner/v1/survivors/{id}/schedules"), advocate, &body).await.map(drop)
}

/// A ladder on which the police are told together with everybody else.
async fn publish_ladder(client: &mut Client) -> Outcome<()> {
    let supervisor = sign_in(client, "supervisor").await?;
    let everybody = ["advocate", "duty", "supervisor", "police"];
    let body = json!({"code": "high_risk", "steps": [{"wait_minutes": 0, "tell": everybody}],
        "repeat": {"every_minutes": 15, "tell": everybody}});
    let made = client.call("POST", "/partner/v1/ladders", &supervisor, &body).await?;
    let id = made.get("id").and_then(Value::as_str).ok_or("a ladder without an id")?.to_owned();
    let path = |act: &str| format!("/partner/v1/ladders/{id}/{act}");
    client.call("POST", &path("simulate"), &supervisor, &json!({"at": "2026-11-21T20:00:00Z"})).await?;
    client.call("POST", &path("publish"), &supervisor, &json!({"uncovered_acknowledged": true})).await.map(drop)
}
