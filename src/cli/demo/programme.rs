//! The participants' side of the year: referral, orders, goals, sessions, and the cases that join both sides.

use serde_json::{Value, json};

use super::DemoResult;
use super::calendar::{Calendar, day};
use super::client::{add, field};
use super::partnership::FORCE;
use super::survivors::{self, DemoSurvivor};
use super::world::World;
use crate::db::Instant;

/// A participant who is linked to a survivor.
pub struct Referral {
    /// The survivor.
    pub survivor: &'static DemoSurvivor,
    /// The participant's name; invented.
    pub name: &'static str,
    /// The kind of order.
    pub order: &'static str,
    /// The force's own reference of it.
    pub reference: &'static str,
    /// How the two know each other.
    pub relationship: &'static str,
}

/// One session of the programme.
#[derive(Clone, Copy)]
pub struct DemoProgrammeSession {
    /// Whose: the survivor's word names the case.
    pub case: &'static str,
    /// Its number.
    pub number: u8,
    /// How many days before the evening.
    pub days: i32,
    /// Whether the participant came.
    pub attendance: &'static str,
}

const MODULES: [&str; 4] = ["mindfulness", "distress_tolerance", "emotion_regulation", "interpersonal_effectiveness"];

/// Makes the participant, their order and the case, which both supervisors approve; then the survivor decides what to
/// share.
///
/// # Errors
/// One line, where something differs from the story.
pub async fn refer(world: &mut World, referral: &'static Referral) -> DemoResult<()> {
    let who = referral.survivor.who;
    let made =
        world.post("pat", "/partner/v1/participants", json!({"name": referral.name, "home_force_id": FORCE})).await?;
    let participant = made.text("/id")?.to_owned();
    world.keep(format!("{who}'s participant"), &participant);
    let reference = made.text("/reference")?.to_owned();
    let path = format!("/partner/v1/participants/{participant}/orders");
    let order = world.post("pat", &path, order(referral, world.now())).await?;
    for condition in order.list("/conditions")? {
        let text = |name| field(condition, name);
        world.keep(format!("{who}'s {}", text("code")), text("id"));
    }
    let body = json!({"survivor_reference": world.id(&format!("{who}'s reference"))?,
        "participant_reference": reference, "relationship": referral.relationship});
    let case = world.post("asha", "/partner/v1/cases", body).await?;
    let id = case.text("/id")?.to_owned();
    world.keep(format!("{who}'s case"), &id);
    world.keep(format!("{who}'s case reference"), case.text("/reference")?);
    let path = format!("/partner/v1/cases/{id}/approve");
    world.post("bea", &path, json!({})).await?.must_be("/state", "proposed")?;
    world.post("tam", &path, json!({})).await?.must_be("/state", "active")?;
    survivors::agree(world, who, referral.survivor.sharing).await
}

fn order(referral: &Referral, now: Instant) -> Value {
    json!({
        "kind": referral.order,
        "court": "Sheffield Magistrates' Court",
        "made_on": day(now.plus_days(-4)),
        "served_on": day(now.plus_days(-3)),
        "expires_on": day(now.plus_days(2 * 365 + 30)),
        "police_reference": referral.reference,
        "conditions": [
            {"kind": "prohibition", "code": "contact_by_any_means",
                "wording": "Not to contact the person protected, by any means, directly or through others."},
            {"kind": "prohibition", "code": "approach_within_distance",
                "wording": "Not to come within 200 metres of the home of the person protected."},
            {"kind": "requirement", "code": "attend_programme",
                "wording": "To attend the programme as directed, up to twelve sessions."},
        ],
    })
}

/// Sets the goals of a participant, has their wording checked, the participant agree and a supervisor approve: the demo's
/// word and the body of each.
///
/// # Errors
/// One line, where something differs from the story.
pub async fn set_goals(world: &mut World, who: &str) -> DemoResult<()> {
    let path = format!("/partner/v1/participants/{}/goals", world.id(&format!("{who}'s participant"))?);
    let goals = [
        (
            "no contact",
            json!({"statement": "No contact with the survivor by any means", "domain": "no_contact",
            "survivor_benefit": "They can use their telephone and leave home without fear",
            "participant_wording": "Let urges pass without acting on them",
            "levels": {"-2": "Attempts at contact every week", "-1": "One attempt in four weeks",
                "0": "No attempt in four weeks; urges brought to sessions",
                "1": "No attempt in eight weeks; uses a skill when an urge comes",
                "2": "No attempt in twelve weeks; urges rare and short"}, "baseline": -2, "weight": 2}),
        ),
        (
            "skills",
            json!({"statement": "Uses distress-tolerance skills when an urge to watch comes", "domain": "skills",
            "survivor_benefit": "Fewer moments in which they are watched or followed",
            "participant_wording": "Reach for a skill when an urge to look comes",
            "levels": {"-2": "No skill named", "-1": "Names a skill", "0": "Uses one with help",
                "1": "Uses one alone most times", "2": "Uses one alone each time"}, "baseline": -1, "weight": 1}),
        ),
    ];
    for (word, body) in goals {
        let made = world.post("pat", &path, body).await?;
        made.must_be("/state", "proposed")?;
        agree(world, made.text("/id")?).await?;
        world.keep(format!("{who}'s goal {word}"), made.text("/id")?);
    }
    Ok(())
}

/// Has a goal's wording checked, the participant agree and a supervisor approve.
async fn agree(world: &mut World, goal: &str) -> DemoResult<()> {
    let path = format!("/partner/v1/goals/{goal}/wording/decisions");
    let checked = world.post("tam", &path, json!({"decision": "checked", "version": 1})).await?;
    checked.must_be("/state", "checked")?;
    let path = format!("/partner/v1/goals/{goal}/transitions");
    let agreed = json!({"event": "record_agreement", "agreed_on": day(world.now())});
    world.post("pat", &path, agreed).await?.must_be("/state", "proposed")?;
    world.post("tam", &path, json!({"event": "approve"})).await?.must_be("/state", "agreed").map(drop)
}

/// All sessions, a week apart, with when they are planned for: twelve of Sam's case with two absences, four of Ari's.
///
/// # Errors
/// When it is outside of the calendar.
pub fn sessions(calendar: &Calendar) -> DemoResult<Vec<(DemoProgrammeSession, Instant)>> {
    let of = |case: &'static str, count: u8, last_days: i32| {
        (1..=count).map(move |number| DemoProgrammeSession {
            case,
            number,
            days: last_days + 7 * i32::from(count - number),
            attendance: match (case, number) {
                ("sam", 3) => "attended_late",
                ("sam", 5) => "not_attended_acceptable",
                // On a day on which Sam misses a check-in too: a signal.
                ("sam", 9) => "not_attended_unacceptable",
                _ => "attended",
            },
        })
    };
    let all = of("sam", 12, 6).chain(of("ari", 4, 4));
    all.map(|session| Ok((session, calendar.at(session.days, 14, 0)?))).collect()
}

/// Plans a session.
///
/// # Errors
/// One line, where something differs from the story.
pub async fn plan(world: &mut World, session: DemoProgrammeSession, planned_at: Instant) -> DemoResult<()> {
    let DemoProgrammeSession { case, number, .. } = session;
    let path = format!("/partner/v1/participants/{}/sessions", world.id(&format!("{case}'s participant"))?);
    let module = MODULES.get(usize::from(number.saturating_sub(1)) / 3).copied().unwrap_or("mindfulness");
    let body = json!({"number": number, "module": module, "planned_at": planned_at, "mode": "in_person"});
    let made = world.post("pat", &path, body).await?;
    world.keep(format!("{case}'s session {number}"), made.text("/id")?);
    Ok(())
}

/// Records whether the participant came.
///
/// # Errors
/// One line, where something differs from the story.
pub async fn attend(world: &mut World, session: DemoProgrammeSession) -> DemoResult<()> {
    let DemoProgrammeSession { case, number, attendance, .. } = session;
    let path = format!("/partner/v1/sessions/{}/attendance", world.id(&format!("{case}'s session {number}"))?);
    let mut body = json!({"attendance": attendance});
    match attendance {
        "not_attended_acceptable" => add(&mut body, "note", "Rang in the morning: unwell. Seen at the next session."),
        "not_attended_unacceptable" => add(&mut body, "note", "No message. Written warning sent."),
        _ => {}
    }
    world.put("pat", &path, body).await?.must_be("/attendance", attendance).map(drop)
}

/// Reviews both goals.
///
/// # Errors
/// One line, where something differs from the story.
pub async fn review(world: &mut World, who: &str, scores: [i64; 2]) -> DemoResult<()> {
    for (word, score) in ["no contact", "skills"].into_iter().zip(scores) {
        let path = format!("/partner/v1/goals/{}/reviews", world.id(&format!("{who}'s goal {word}"))?);
        let body = json!({"score": score, "note": "Diary and own account agree.", "reviewed_on": day(world.now())});
        let made = world.post("pat", &path, body).await?;
        if made.number("/score")? != score {
            return Err(format!("a review of {score} was recorded as {}", made.body));
        }
    }
    Ok(())
}
