//! A session under duress must take as long as a genuine one: the same calls from both, turn by turn, and their medians.
//!
//! Each session is of a survivor of its own; both have a duress PIN, one phone, a schedule, and whatever is written here. The run
//! fails where the medians of a call differ by more than a tenth and by more than half a millisecond.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::Outcome;
use crate::client::{Ask, Client};
use crate::partnership::{join, sign_in, text};
use crate::server::{ADMINISTRATOR, Place, Server};
use crate::table::Figures;

/// Calls of each session whose median is taken.
const ROUNDS: usize = 200;
/// The same where a PIN is hashed.
const HASHED_ROUNDS: usize = 20;
/// Not measured: statements and pages are warmed.
const WARMING: usize = 5;
/// By how much medians may differ: this share of the genuine one, or this many milliseconds, whichever is more.
const SHARE: f64 = 0.1;
const MILLISECONDS: f64 = 0.5;

const PIN: &str = "4821";
const DURESS_PIN: &str = "7305";

/// A phone, and the session that its PIN opened.
struct Phone {
    device: String,
    secret: String,
    pin: &'static str,
    token: String,
}

/// What is called; `{device}` in its path, and `{device}`, `{secret}` and `{pin}` in its body, are the phone's.
struct Asked {
    method: &'static str,
    path: &'static str,
    body: Value,
    is_hashed: bool,
}

impl Asked {
    fn get(path: &'static str) -> Self {
        Self { method: "GET", path, body: Value::Null, is_hashed: false }
    }

    fn post(path: &'static str, body: Value) -> Self {
        Self { method: "POST", path, body, is_hashed: false }
    }

    fn put(path: &'static str, body: Value) -> Self {
        Self { method: "PUT", ..Self::post(path, body) }
    }
}

/// Two medians of one call, in milliseconds.
struct Compared {
    name: String,
    genuine: f64,
    forced: f64,
}

impl Compared {
    fn is_alike(&self) -> bool {
        (self.genuine - self.forced).abs() <= MILLISECONDS.max(self.genuine * SHARE)
    }
}

/// Measures every call on one database, prints the medians, and fails where any two are too far from one another.
pub async fn measure(place: &Place, database: &str) -> Outcome<()> {
    println!("\na session under duress and a genuine one, {database}: medians");
    println!("  {:<40} {:>9} {:>9} {:>9}", "", "genuine", "duress", "ratio");
    let server = Server::start(place)?;
    let mut client = Client::connect(server.address()).await?;
    let advocate = advocate(&mut client).await?;
    let mut genuine = phone(&mut client, &advocate, PIN).await?;
    let mut forced = phone(&mut client, &advocate, DURESS_PIN).await?;
    let mut compared = Vec::new();
    for asked in asked() {
        // A token lasts for minutes.
        for phone in [&mut genuine, &mut forced] {
            unlock(&mut client, phone).await?;
        }
        let one = compare(&mut client, &asked, (&genuine, &forced)).await?;
        let mark = if one.is_alike() { "" } else { "  differ" };
        let Compared { name, genuine, forced } = &one;
        println!("  {name:<40} {genuine:>9.2} {forced:>9.2} {:>9.2}{mark}", forced / genuine);
        compared.push(one);
    }
    let told: Vec<Value> = compared.iter().map(in_json).collect();
    println!("{}", json!({"part": "duress", "database": database, "calls": told}));
    let apart: Vec<&str> = compared.iter().filter(|one| !one.is_alike()).map(|one| one.name.as_str()).collect();
    if apart.is_empty() { Ok(()) } else { Err(format!("duress shows in the time of {}", apart.join(", ")).into()) }
}

fn in_json(one: &Compared) -> Value {
    json!({"call": one.name, "genuine_ms": one.genuine, "duress_ms": one.forced, "is_alike": one.is_alike()})
}

fn asked() -> Vec<Asked> {
    let now = "2026-01-01T12:00:00Z";
    let told = json!({"happened": {"precision": "unknown"}, "behaviours": ["loiter"], "account": "Words", "fear": 1,
        "visibility": "private", "recorded_at": now});
    let on = json!({"granted": true, "text_version": "1"});
    let unlocking = json!({"device_id": "{device}", "device_secret": "{secret}", "pin": "{pin}"});
    let file = json!({"media_type": "text/plain", "bytes": 5, "sha256": "0".repeat(64)});
    let hashed = |path, body| Asked { is_hashed: true, ..Asked::post(path, body) };
    vec![
        Asked::get("/app/v1/check-ins"),
        Asked::get("/app/v1/check-ins/next"),
        Asked::get("/app/v1/consents"),
        Asked::get("/app/v1/ladder"),
        Asked::get("/app/v1/devices"),
        Asked::get("/app/v1/schedules"),
        Asked::get("/app/v1/access-log"),
        Asked::get("/app/v1/disclosures"),
        Asked::post("/app/v1/check-ins", json!({"status": "safe", "recorded_at": now})),
        Asked::post("/app/v1/timers", json!({"minutes": 600})),
        Asked::get("/app/v1/timers"),
        Asked::post("/app/v1/messages", json!({"body": "Hello"})),
        Asked::get("/app/v1/messages"),
        Asked::post("/app/v1/incidents", told.clone()),
        Asked::get("/app/v1/incidents"),
        Asked::post("/app/v1/incidents/drafts", told),
        Asked::get("/app/v1/incidents/drafts"),
        Asked::post("/app/v1/evidence", file),
        Asked::get("/app/v1/evidence"),
        Asked::put("/app/v1/consents/alert.police.missed", on),
        Asked::put("/app/v1/devices/{device}/push", json!({"kind": "fcm", "token": "t"})),
        Asked::post("/app/v1/help-now", json!({"recorded_at": now})),
        hashed("/app/v1/session/confirm", json!({"pin": "{pin}"})),
        hashed("/app/v1/session/unlock", unlocking),
    ]
}

/// The same call from both, the one first and then the other.
async fn compare(client: &mut Client, asked: &Asked, (genuine, forced): (&Phone, &Phone)) -> Outcome<Compared> {
    let rounds = if asked.is_hashed { HASHED_ROUNDS } else { ROUNDS };
    let (mut of_genuine, mut of_forced) = (Vec::with_capacity(rounds), Vec::with_capacity(rounds));
    let begun = Instant::now();
    for round in 0..WARMING + rounds {
        let is_first = round % 2 == 0;
        let (here, there) = if is_first { (genuine, forced) } else { (forced, genuine) };
        let (one, other) = (call(client, asked, here).await?, call(client, asked, there).await?);
        if round >= WARMING {
            of_genuine.push(if is_first { one } else { other });
            of_forced.push(if is_first { other } else { one });
        }
    }
    let median = |times| Figures::of(times, begun.elapsed()).milliseconds(0.5);
    let name = format!("{} {}", asked.method, asked.path.trim_start_matches("/app/v1"));
    Ok(Compared { name, genuine: median(of_genuine), forced: median(of_forced) })
}

async fn call(client: &mut Client, asked: &Asked, phone: &Phone) -> Outcome<Duration> {
    let filled = |text: &str| {
        let text = text.replace("{device}", &phone.device);
        text.replace("{secret}", &phone.secret).replace("{pin}", phone.pin)
    };
    let path = filled(asked.path);
    let body = if asked.body.is_null() { String::new() } else { filled(&asked.body.to_string()) };
    let key = if asked.method == "POST" { uuid::Uuid::new_v4().to_string() } else { String::new() };
    let ask = Ask { method: asked.method, path: &path, token: &phone.token, key: &key, body: &body };
    let begun = Instant::now();
    let (status, answer) = client.send(&ask).await?;
    let took = begun.elapsed();
    match status {
        200..300 => Ok(took),
        _ => Err(format!("{} {path}: {status}: {}", asked.method, String::from_utf8_lossy(answer)).into()),
    }
}

/// A support organisation and an advocate; answers the advocate's token.
async fn advocate(client: &mut Client) -> Outcome<String> {
    let admin = sign_in(client, ADMINISTRATOR).await?;
    let force = json!({"kind": "police_force", "name": "South Yorkshire Police", "force_id": "south-yorkshire"});
    client.call("POST", "/admin/v1/organisations", &admin, &force).await?;
    let support = json!({"kind": "survivor_support", "name": "Support"});
    let support = text(&client.call("POST", "/admin/v1/organisations", &admin, &support).await?, "id")?;
    for (username, role) in [("advocate", "advocate"), ("supervisor", "supervisor")] {
        join(client, &admin, &support, username, role).await?;
    }
    sign_in(client, "advocate").await
}

/// A survivor with a schedule and a phone that knows both PINs.
async fn phone(client: &mut Client, advocate: &str, pin: &'static str) -> Outcome<Phone> {
    let survivor = json!({"preferred_name": "Survivor", "home_force_id": "south-yorkshire"});
    let id = text(&client.call("POST", "/partner/v1/survivors", advocate, &survivor).await?, "id")?;
    let record = format!("/partner/v1/survivors/{id}");
    let schedule = json!({"time_zone": "Europe/London", "local_times": ["21:00"], "opens_minutes_before": 60,
        "grace_minutes": 30});
    client.call("POST", &format!("{record}/schedules"), advocate, &schedule).await?;
    let code = client.call("POST", &format!("{record}/enrolment-codes"), advocate, &json!({})).await?;
    let body = json!({"code": text(&code, "code")?, "pin": PIN, "duress_pin": DURESS_PIN, "device_name": "Phone"});
    let enrolled = client.call("POST", "/app/v1/enrol", "", &body).await?;
    let (device, secret) = (text(&enrolled, "device_id")?, text(&enrolled, "device_secret")?);
    Ok(Phone { device, secret, pin, token: String::new() })
}

async fn unlock(client: &mut Client, phone: &mut Phone) -> Outcome<()> {
    let body = json!({"device_id": phone.device, "device_secret": phone.secret, "pin": phone.pin});
    phone.token = text(&client.call("POST", "/app/v1/session/unlock", "", &body).await?, "access_token")?;
    Ok(())
}
