//! The survivors of the demo: their records, phones, agreements and schedules. All are invented.

use jiff::civil::Weekday;
use reqwest::Method;
use serde_json::json;

use super::DemoResult;
use super::account::{Credentials, DemoSession, PIN};
use super::calendar::{EVENING_HOUR, ZONE};
use super::client::DemoCall;
use super::partnership::FORCE;
use super::world::World;

/// The word that tells the advocate that it is really Sam.
pub const CODE_WORD: &str = "marigold";
/// Minutes before due from which a check-in may be answered, and after due until it is missed.
pub const WINDOW_MINUTES: (i64, i64) = (60, 30);

/// A survivor.
pub struct DemoSurvivor {
    /// The demo's word, and their phone's account.
    pub who: &'static str,
    /// Preferred name.
    pub name: &'static str,
    /// Assessed risk.
    pub risk: &'static str,
    /// Language.
    pub language: &'static str,
    /// Alert settings that they turn on at once.
    pub settings: &'static [&'static str],
    /// What they agree to when the case is made.
    pub sharing: &'static [&'static str],
}

/// Sam, whose story is told.
pub static SAM: DemoSurvivor = DemoSurvivor {
    who: "sam",
    name: "Sam",
    risk: "high",
    language: "en",
    settings: &["alert.police.help_now", "alert.police.missed", "location.moment", "location.release_alert"],
    sharing: &[
        "share.programme.status",
        "share.programme.incident_summary",
        "share.programme.incident_full",
        "updates.programme",
        "share.police.incident",
        "alert.police.breach",
    ],
};

/// Ari, who shares less, and whose police are told of help-now only.
pub static ARI: DemoSurvivor = DemoSurvivor {
    who: "ari",
    name: "Ari",
    risk: "medium",
    language: "pl",
    settings: &["alert.police.help_now"],
    sharing: &["share.programme.status", "share.programme.incident_summary"],
};

/// Noor, who is in no case.
pub static NOOR: DemoSurvivor =
    DemoSurvivor { who: "noor", name: "Noor", risk: "standard", language: "en", settings: &[], sharing: &[] };

/// A schedule, and what becomes of its check-ins, by their number from the first on.
pub struct Routine {
    /// Whose.
    pub who: &'static str,
    /// How many days before the evening it is made.
    pub from: i32,
    /// On which day of the week; none: daily.
    pub weekday: Option<Weekday>,
    /// At which hour.
    pub hour: i8,
    /// Those that are missed.
    pub missed: &'static [usize],
    /// Those that are answered with a concern.
    pub concerns: &'static [usize],
}

/// All schedules.
pub static ROUTINES: [Routine; 4] = [
    Routine {
        who: "sam",
        from: 362,
        weekday: Some(Weekday::Sunday),
        hour: 18,
        missed: &[6, 17, 30],
        concerns: &[3, 11, 19, 27],
    },
    Routine { who: "sam", from: 70, weekday: None, hour: EVENING_HOUR, missed: &[43, 58], concerns: &[20, 49] },
    Routine {
        who: "ari",
        from: 340,
        weekday: Some(Weekday::Wednesday),
        hour: 10,
        missed: &[11, 29],
        concerns: &[8, 24],
    },
    Routine { who: "noor", from: 80, weekday: Some(Weekday::Monday), hour: 19, missed: &[5], concerns: &[2] },
];

/// Makes a survivor's record, enrols their phone, and turns their alert settings on.
///
/// # Errors
/// One line, where something differs from the story.
pub async fn meet(world: &mut World, survivor: &'static DemoSurvivor) -> DemoResult<()> {
    let DemoSurvivor { who, name, risk, language, .. } = survivor;
    let body = json!({"preferred_name": name, "home_force_id": FORCE, "risk_rating": risk, "language": language});
    let made = world.post("asha", "/partner/v1/survivors", body).await?;
    let id = made.text("/id")?.to_owned();
    world.keep(*who, &id);
    world.keep(format!("{who}'s reference"), made.text("/reference")?);
    let code = world.post("asha", &format!("/partner/v1/survivors/{id}/enrolment-codes"), json!({})).await?;
    let body = json!({"code": code.text("/code")?, "pin": PIN, "code_word": CODE_WORD, "device_name": "My phone"});
    let path = "/app/v1/enrol";
    let phone = world
        .client
        .call(DemoCall { method: Method::POST, path, token: None, body: Some(&body), headers: &[] })
        .await?;
    let text = |pointer| phone.text(pointer).map(str::to_owned);
    let (device_id, device_secret) = (text("/device_id")?, text("/device_secret")?);
    let credentials = Credentials::Phone { device_id, device_secret, sos_token: text("/sos_token")? };
    let session = DemoSession::of(&credentials, &phone, None, world.now())?;
    world.know(who, credentials, Some(session));
    agree(world, who, survivor.settings).await
}

/// Turns scopes or settings on, on the survivor's own phone.
///
/// # Errors
/// When one is not on after that.
pub async fn agree(world: &mut World, who: &'static str, scopes: &[&str]) -> DemoResult<()> {
    for scope in scopes {
        let body = json!({"granted": true, "text_version": "1"});
        let receipt = world.put(who, &format!("/app/v1/consents/{scope}"), body).await?;
        if receipt.body.pointer("/granted") != Some(&json!(true)) {
            return Err(format!("{scope} was agreed to, and the receipt says otherwise: {}", receipt.body));
        }
    }
    Ok(())
}

/// Makes a schedule; gives back when its first check-in is due.
///
/// # Errors
/// One line, where something differs from the story.
pub async fn schedule(world: &mut World, routine: &Routine) -> DemoResult<String> {
    let weekdays = match routine.weekday {
        None => json!([]),
        Some(Weekday::Monday) => json!(["mo"]),
        Some(Weekday::Wednesday) => json!(["we"]),
        Some(_) => json!(["su"]),
    };
    let (opens, grace) = WINDOW_MINUTES;
    let body = json!({"time_zone": ZONE, "local_times": [format!("{:02}:00", routine.hour)], "weekdays": weekdays,
        "opens_minutes_before": opens, "grace_minutes": grace});
    let path = format!("/partner/v1/survivors/{}/schedules", world.id(routine.who)?);
    let made = world.post("asha", &path, body).await?;
    made.must_be("/state", "active")?;
    Ok(made.text("/next_due_at")?.to_owned())
}
