//! What the survivors report in the year: more at first, less as it goes on. All of it is invented.

use serde_json::json;

use super::DemoResult;
use super::client::{DemoAnswer, add};
use super::world::World;

/// An incident.
pub struct DemoIncident {
    /// Who reports it.
    pub who: &'static str,
    /// How many days before the evening it happens.
    pub days: i32,
    /// At which hour.
    pub hour: i8,
    /// What is done.
    pub behaviours: &'static [&'static str],
    /// How afraid they are, 0 to 4.
    pub fear: u8,
    /// Who may see it.
    pub visibility: &'static str,
    /// The condition of the order that it may break.
    pub breaks: Option<&'static str>,
    /// What happened, in their words.
    pub account: &'static str,
}

const fn sam(
    days: i32,
    hour: i8,
    behaviours: &'static [&'static str],
    fear: u8,
    visibility: &'static str,
    account: &'static str,
) -> DemoIncident {
    DemoIncident { who: "sam", days, hour, behaviours, fear, visibility, breaks: None, account }
}

const fn ari(
    days: i32,
    hour: i8,
    behaviours: &'static [&'static str],
    fear: u8,
    account: &'static str,
) -> DemoIncident {
    DemoIncident { who: "ari", days, hour, behaviours, fear, visibility: "programme_summary", breaks: None, account }
}

const fn breach(incident: DemoIncident, condition: &'static str) -> DemoIncident {
    DemoIncident { breaks: Some(condition), ..incident }
}

/// What Sam reports on the evening that is told.
pub static EVENING: DemoIncident = sam(
    0,
    17,
    &["contact_new_account"],
    2,
    "programme_full",
    "A message from an account that I do not know, with things that only one person would write.",
);

const SUMMARY: &str = "programme_summary";
const FULL: &str = "programme_full";

/// All incidents of the year.
pub static INCIDENTS: [DemoIncident; 40] = [
    sam(357, 19, &["message_text"], 1, SUMMARY, "Eleven messages in one evening."),
    sam(355, 8, &["call_unwanted"], 1, SUMMARY, "Calls from a withheld number before work."),
    sam(
        352,
        22,
        &["message_social", "monitor_online"],
        2,
        SUMMARY,
        "A message about a picture I had posted an hour before.",
    ),
    sam(346, 18, &["letter_note"], 2, FULL, "A note under the wiper of my car."),
    sam(341, 20, &["message_text", "threat_implied"], 3, FULL, "You will see what comes of this."),
    sam(335, 13, &["gift_item_left"], 1, SUMMARY, "Flowers at the reception desk, no card."),
    sam(326, 17, &["loiter"], 2, SUMMARY, "Waiting by the bus stop when I came out."),
    sam(321, 21, &["call_unwanted", "message_text"], 1, SUMMARY, "Six calls and then messages."),
    sam(315, 9, &["monitor_online"], 1, "advocate", "Somebody tried to reset my password."),
    sam(309, 16, &["message_email"], 1, SUMMARY, "A long e-mail to my work address."),
    sam(299, 18, &["approach_in_person"], 3, FULL, "Came up to me in the supermarket and would not leave."),
    sam(292, 20, &["drive_by"], 2, SUMMARY, "The same car, four times past the house."),
    sam(284, 12, &["third_party_targeting"], 2, FULL, "My sister was asked where I live now."),
    sam(276, 22, &["message_text"], 1, SUMMARY, "Messages again, after two quiet weeks."),
    sam(268, 7, &["follow_vehicle"], 3, FULL, "The car behind me all the way to work."),
    sam(259, 15, &["message_social"], 1, SUMMARY, "A friend request from a name I do not know."),
    sam(247, 19, &["attend_home"], 3, FULL, "Stood at the gate until a neighbour came out."),
    sam(238, 11, &["payment_reference"], 1, SUMMARY, "A bank transfer of one penny with a message."),
    sam(226, 20, &["call_unwanted"], 1, SUMMARY, "Silent calls in the night."),
    sam(213, 17, &["loiter", "camera_drone"], 2, FULL, "Filmed me from across the road."),
    sam(201, 18, &["message_text"], 1, SUMMARY, "Wished me a happy birthday."),
    sam(187, 16, &["attend_work_study"], 2, FULL, "Asked for me at the front desk."),
    sam(176, 21, &["account_access"], 2, FULL, "My e-mail was opened from another town."),
    sam(163, 10, &["message_email"], 1, SUMMARY, "Another e-mail, through a new address."),
    sam(139, 19, &["call_unwanted"], 1, SUMMARY, "One call, which I did not take."),
    sam(121, 18, &["drive_by"], 1, SUMMARY, "The car, once."),
    breach(
        sam(96, 17, &["approach_in_person"], 3, "police", "Walked towards me outside my home, and turned when I rang."),
        "approach_within_distance",
    ),
    sam(70, 12, &["message_social"], 1, SUMMARY, "A comment under a picture."),
    breach(
        sam(57, 20, &["contact_via_third_party"], 2, "police", "A former colleague passed a letter on to me."),
        "contact_by_any_means",
    ),
    sam(50, 21, &["contact_new_account"], 2, FULL, "A message from a new number, the old one is blocked."),
    sam(38, 18, &["edge_exclusion_zone"], 1, SUMMARY, "Seen at the end of the street, no nearer."),
    sam(16, 13, &["monitor_online"], 1, SUMMARY, "Somebody looked at every one of my stories."),
    ari(331, 18, &["message_text"], 1, "Messages, all day."),
    ari(305, 20, &["call_unwanted"], 1, "Calls at night."),
    ari(270, 9, &["follow_foot"], 2, "Behind me from the station to the office."),
    ari(222, 17, &["message_social"], 1, "Messages to my friends about me."),
    ari(171, 12, &["research_gather_info"], 1, "Somebody asked the caretaker when I am at home."),
    ari(110, 19, &["vexatious_litigation"], 1, "A court letter about a debt that does not exist."),
    ari(62, 18, &["message_text"], 1, "One message."),
    DemoIncident {
        who: "noor",
        days: 44,
        hour: 20,
        behaviours: &["call_unwanted"],
        fear: 1,
        visibility: "advocate",
        breaks: None,
        account: "Two calls, no words.",
    },
];

/// Reports an incident on the survivor's phone, half an hour after it happened.
///
/// # Errors
/// One line, where something differs from the story.
pub async fn report(world: &mut World, incident: &'static DemoIncident) -> DemoResult<DemoAnswer> {
    let now = world.now();
    let mut body = json!({
        "happened": {"precision": "approximate", "from": now.plus_minutes(-30)},
        "behaviours": incident.behaviours,
        "account": incident.account,
        "fear": incident.fear,
        "visibility": incident.visibility,
        "police_may_contact": incident.visibility == "police",
        "recorded_at": now.plus_minutes(-1),
    });
    if let Some(condition) = incident.breaks {
        add(&mut body, "order_condition_id", world.id(&format!("{}'s {condition}", incident.who))?);
    }
    let made = world.post(incident.who, "/app/v1/incidents", body).await?;
    made.must_be("/state", "submitted")?;
    Ok(made)
}
