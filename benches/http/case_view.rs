//! Opening a case costs its first page, not what it holds: the view and the timeline of a case with a hundred entries,
//! and of one with ten thousand, turn by turn.

use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use holdfast::clock::Clock;
use holdfast::db::Access;
use serde_json::{Value, json};

use crate::Outcome;
use crate::client::{Ask, Client};
use crate::partnership::{enrol, join, sign_in, text};
use crate::server::{ADMINISTRATOR, Place, Server};

const FORCE: &str = "south-yorkshire";
/// Entries of the two cases.
const ENTRIES: [usize; 2] = [100, 10_000];

/// Both pages of both cases, `rounds` times.
pub async fn measure(place: &Place, rounds: usize) -> Outcome<()> {
    println!("\nthe case view, SQLite: the first page for a practitioner");
    let server = Server::start(place)?;
    let mut client = Client::connect(server.address()).await?;
    let practitioner = people(&mut client).await?;
    let mut cases = Vec::new();
    for entries in ENTRIES {
        cases.push(seeded(&mut client, place, &practitioner, entries).await?);
    }
    for page in ["view", "timeline"] {
        let mut times = [Vec::new(), Vec::new()];
        for _ in 0..rounds {
            for (case, times) in cases.iter().zip(&mut times) {
                let path = format!("/partner/v1/cases/{case}/{page}");
                let begun = Instant::now();
                let ask = Ask { method: "GET", path: &path, token: &practitioner, key: "", body: "" };
                let (status, answer) = client.send(&ask).await?;
                if status != 200 {
                    return Err(format!("{page}: {status}: {}", String::from_utf8_lossy(answer)).into());
                }
                times.push(begun.elapsed());
            }
        }
        let [small, large] = times.map(median);
        for (entries, took) in ENTRIES.iter().zip([small, large]) {
            println!("  {:<40} {:>9.2} ms", format!("{page}, {entries} entries, median"), took.as_secs_f64() * 1_000.0);
        }
        println!("  {:<40} {:>9.2}", "many / few", large.as_secs_f64() / small.as_secs_f64());
    }
    Ok(())
}

/// The one in the middle.
pub fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// The two sides and their people; answers the practitioner's token.
pub async fn people(client: &mut Client) -> Outcome<String> {
    let admin = sign_in(client, ADMINISTRATOR).await?;
    for (kind, side) in [("survivor_support", "support"), ("programme_provider", "programme")] {
        let organisation = json!({"kind": kind, "name": side});
        let id = text(&client.call("POST", "/admin/v1/organisations", &admin, &organisation).await?, "id")?;
        let worker = if side == "support" { "advocate" } else { "practitioner" };
        join(client, &admin, &id, worker, worker).await?;
        join(client, &admin, &id, &format!("{side}.supervisor"), "supervisor").await?;
    }
    sign_in(client, "practitioner").await
}

/// A case that is active and shares, with so many entries; answers its id.
pub async fn seeded(client: &mut Client, place: &Place, practitioner: &str, entries: usize) -> Outcome<String> {
    let advocate = sign_in(client, "advocate").await?;
    let (survivor, phone) = enrol(client, &advocate, "Somebody").await?;
    let id = text(&survivor, "id")?;
    let body = json!({"name": "Somebody else", "home_force_id": FORCE});
    let participant = client.call("POST", "/partner/v1/participants", practitioner, &body).await?;
    let person = text(&participant, "id")?;
    let link = json!({"survivor_reference": text(&survivor, "reference")?, "relationship": "former_partner",
        "participant_reference": text(&participant, "reference")?});
    let case = text(&client.call("POST", "/partner/v1/cases", &advocate, &link).await?, "id")?;
    for supervisor in ["support.supervisor", "programme.supervisor"] {
        let token = sign_in(client, supervisor).await?;
        client.call("POST", &format!("/partner/v1/cases/{case}/approve"), &token, &json!({})).await?;
    }
    for scope in ["share.programme.status", "share.programme.incident_summary"] {
        let on = json!({"granted": true, "text_version": "1"});
        client.call("PUT", &format!("/app/v1/consents/{scope}"), &phone, &on).await?;
    }
    let now = Clock::System.now().to_string();
    record(client, "check-ins", &phone, &json!({"status": "safe", "recorded_at": now})).await?;
    record(client, "incidents", &phone, &incident(&now)).await?;
    let session = json!({"number": 1, "module": "mindfulness", "planned_at": now, "mode": "in_person"});
    client.call("POST", &format!("/partner/v1/participants/{person}/sessions"), practitioner, &session).await?;
    let mut conn = place.target()?.connect(Access::Write)?;
    conn.batch_execute(&copies(&id.replace('-', ""), &person.replace('-', ""), entries / 3))?;
    Ok(case)
}

/// What a phone sends: with a key.
async fn record(client: &mut Client, what: &str, token: &str, body: &Value) -> Outcome<()> {
    let (path, body) = (format!("/app/v1/{what}"), body.to_string());
    let (status, answer) = client.send(&Ask { method: "POST", path: &path, token, key: what, body: &body }).await?;
    if status == 201 { Ok(()) } else { Err(format!("{path}: {status}: {}", String::from_utf8_lossy(answer)).into()) }
}

fn incident(now: &str) -> Value {
    json!({"happened": {"precision": "exact", "from": now}, "behaviours": ["loiter", "message_text"],
        "account": "Stood at the gate", "fear": 1, "visibility": "programme_summary", "recorded_at": now})
}

/// The one check-in, session and incident of a case so many times, each eight hours before the one before it.
fn copies(survivor: &str, participant: &str, count: usize) -> String {
    let copied = |table: &str, owner: &str, id: &str, change: &str| {
        format!(
            "CREATE TEMP TABLE copied AS WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < {count})
               SELECT t.*, c.n FROM {table} t, c WHERE t.{owner} = x'{id}';
             UPDATE copied SET id = randomblob(16), {change};"
        )
    };
    let ago = "happened_at = happened_at - n * 28800000000, received_at = received_at - n * 28800000000";
    let kept = |table: &str| {
        format!("ALTER TABLE copied DROP COLUMN n; INSERT INTO {table} SELECT * FROM copied; DROP TABLE copied;")
    };
    [
        copied("check_ins", "survivor_id", survivor, ago),
        kept("check_ins"),
        copied(
            "programme_sessions",
            "participant_id",
            participant,
            "planned_at = planned_at - n * 28800000000, number = n + 1",
        ),
        kept("programme_sessions"),
        copied("incidents", "survivor_id", survivor, ago),
        format!(
            "CREATE TEMP TABLE versions AS SELECT v.*, c.id AS copy FROM copied c, incident_versions v
               WHERE v.survivor_id = x'{survivor}';
             UPDATE versions SET incident_id = copy;
             ALTER TABLE versions DROP COLUMN copy;"
        ),
        kept("incidents"),
        "INSERT INTO incident_versions SELECT * FROM versions; DROP TABLE versions;".to_owned(),
    ]
    .concat()
}
