//! What is striking among a survivor's incidents, each with its reason in words and the incidents that it rests on. Pure.

use std::collections::BTreeSet;

use serde::Serialize;
use utoipa::ToSchema;

use super::{CONTACT, LOOK_BACK_SECONDS, NEW_CHANNEL, Occurrence, PatternKind, patterns};
use crate::db::{IncidentId, Instant, text_enum};

/// From this many incidents in four weeks on, a rise is reported.
const RISING: usize = 3;
const DAY: i64 = 24 * 60 * 60;

text_enum! {
    /// What is striking.
    pub enum SignKind {
        /// Three incidents in seven days.
        ThreeIncidentsInSevenDays = "three_incidents_in_seven_days",
        /// After incidents from afar, one in person.
        OnlineToInPerson = "online_to_in_person",
        /// After other contact, contact from a new account or number.
        NewChannelAfterBlock = "new_channel_after_block",
        /// After other contact, a way of contact that was not used before.
        NewChannel = "new_channel",
        /// More incidents in the last four weeks than in the four before.
        FrequencyRising = "frequency_rising",
        /// An incident graver than any of the four weeks before it.
        SeverityRising = "severity_rising",
    }
}

/// An incident that something rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Ground {
    /// The incident.
    pub incident_id: IncidentId,
    /// When it happened.
    pub happened_at: Instant,
}

/// Something that is striking: a reason to look, not a finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Sign {
    /// What.
    pub sign: SignKind,
    /// When it came to stand out.
    pub at: Instant,
    /// Why, in words.
    #[schema(example = "4 incidents within 5 days; three within seven days stand out.")]
    pub reason: String,
    /// The incidents that it rests on, the earliest first.
    pub evidence: Vec<Ground>,
}

/// An incident, as far as signs look at it.
#[derive(Clone, Debug)]
pub struct SignIncident {
    /// Which.
    pub id: IncidentId,
    /// When it happened.
    pub at: Instant,
    /// 1 to 4.
    pub severity: i32,
    /// Behaviour codes.
    pub behaviours: Vec<String>,
}

impl SignIncident {
    fn ground(&self) -> Ground {
        Ground { incident_id: self.id, happened_at: self.at }
    }

    fn channels(&self) -> impl Iterator<Item = &str> {
        let is_contact = |code: &&str| CONTACT.contains(code) || *code == NEW_CHANNEL;
        self.behaviours.iter().map(String::as_str).filter(is_contact)
    }
}

/// All that is striking among incidents given in any order, the newest first.
#[must_use]
pub fn signs(incidents: &[SignIncident], now: Instant) -> Vec<Sign> {
    let mut incidents = incidents.to_vec();
    incidents.sort_by_key(|incident| (incident.at, incident.id));
    let mut found = from_patterns(&incidents);
    found.extend(new_channels(&incidents));
    found.extend(rising_frequency(&incidents, now));
    found.extend(rising_severity(&incidents));
    found.sort_by_key(|sign| std::cmp::Reverse((sign.at, sign.sign)));
    found
}

fn from_patterns(incidents: &[SignIncident]) -> Vec<Sign> {
    let occurrences: Vec<Occurrence> =
        incidents.iter().map(|told| Occurrence::of(told.at, told.id.0, &told.behaviours)).collect();
    let mut found = Vec::new();
    for pattern in patterns(&occurrences) {
        let evidence: Vec<&SignIncident> =
            incidents.iter().filter(|told| pattern.evidence.contains(&told.id.0)).collect();
        let (Some(first), Some(last)) = (evidence.first(), evidence.last()) else { continue };
        let seconds = last.at.seconds_since(first.at);
        let (sign, reason) = match pattern.kind {
            PatternKind::ThreeIncidentsInSevenDays => (
                SignKind::ThreeIncidentsInSevenDays,
                format!("{} incidents within {}; three within seven days stand out.", evidence.len(), days(seconds)),
            ),
            PatternKind::OnlineToInPerson => (
                SignKind::OnlineToInPerson,
                format!(
                    "In person ({}) after incidents from afar, the last of them ({}) {} before; none in the 28 days \
                     before was in person.",
                    last.behaviours.join(", "),
                    first.behaviours.join(", "),
                    days(seconds),
                ),
            ),
            PatternKind::NewChannelAfterBlock => (
                SignKind::NewChannelAfterBlock,
                format!("Contact from a new account or number, {} after other contact.", days(seconds)),
            ),
        };
        found.push(Sign {
            sign,
            at: pattern.at,
            reason,
            evidence: evidence.iter().map(|told| told.ground()).collect(),
        });
    }
    found
}

fn days(seconds: i64) -> String {
    match seconds / DAY {
        0 => "a day".to_owned(),
        1 => "1 day".to_owned(),
        days => format!("{days} days"),
    }
}

/// Each way of contact that comes after others and was not used before.
fn new_channels(incidents: &[SignIncident]) -> Vec<Sign> {
    let (mut found, mut used) = (Vec::new(), BTreeSet::<String>::new());
    let mut last: Option<&SignIncident> = None;
    for told in incidents {
        let new: Vec<&str> = told.channels().filter(|code| !used.contains(*code) && *code != NEW_CHANNEL).collect();
        if let Some(last) = last.filter(|_| !new.is_empty()) {
            let before: Vec<&str> = used.iter().map(String::as_str).collect();
            let reason = format!("First contact by {}; before it by {}.", new.join(", "), before.join(", "));
            let evidence = vec![last.ground(), told.ground()];
            found.push(Sign { sign: SignKind::NewChannel, at: told.at, reason, evidence });
        }
        used.extend(told.channels().map(str::to_owned));
        if told.channels().next().is_some() {
            last = Some(told);
        }
    }
    found
}

/// More incidents in the last four weeks than in the four before them.
fn rising_frequency(incidents: &[SignIncident], now: Instant) -> Option<Sign> {
    let within = |ago: std::ops::Range<i64>| {
        incidents.iter().filter(move |told| ago.contains(&now.seconds_since(told.at))).collect::<Vec<_>>()
    };
    let (recent, before) = (within(0..LOOK_BACK_SECONDS), within(LOOK_BACK_SECONDS..2 * LOOK_BACK_SECONDS));
    let last = recent.last()?;
    if recent.len() < RISING || recent.len() <= before.len() {
        return None;
    }
    let reason = format!("{} incidents in the last 28 days, {} in the 28 days before.", recent.len(), before.len());
    let evidence = recent.iter().map(|told| told.ground()).collect();
    Some(Sign { sign: SignKind::FrequencyRising, at: last.at, reason, evidence })
}

/// Each incident that is graver than every one of the four weeks before it.
fn rising_severity(incidents: &[SignIncident]) -> Vec<Sign> {
    let mut found = Vec::new();
    for (position, told) in incidents.iter().enumerate() {
        let before = incidents.get(..position).unwrap_or_default();
        let recent = before.iter().filter(|earlier| told.at.seconds_since(earlier.at) <= LOOK_BACK_SECONDS);
        let Some(gravest) = recent.max_by_key(|earlier| (earlier.severity, earlier.at)) else { continue };
        if told.severity > gravest.severity {
            let reason =
                format!("Severity {} after 28 days in which the gravest was {}.", told.severity, gravest.severity);
            let evidence = vec![gravest.ground(), told.ground()];
            found.push(Sign { sign: SignKind::SeverityRising, at: told.at, reason, evidence });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn start() -> Instant {
        "2026-09-01T12:00:00Z".parse().unwrap()
    }

    fn told(id: u128, days: i64, severity: i32, behaviours: &[&str]) -> SignIncident {
        let behaviours = behaviours.iter().map(|code| (*code).to_owned()).collect();
        SignIncident { id: IncidentId(Uuid::from_u128(id)), at: start().plus_days(days), severity, behaviours }
    }

    fn kinds(incidents: &[SignIncident], now_days: i64) -> Vec<SignKind> {
        signs(incidents, start().plus_days(now_days)).into_iter().map(|sign| sign.sign).collect()
    }

    #[test]
    fn a_way_of_contact_that_is_new_after_others_stands_out_with_its_reason() {
        let all =
            [told(1, 0, 1, &["message_text"]), told(2, 9, 1, &["message_text"]), told(3, 20, 1, &["letter_note"])];
        let found = signs(&all, start().plus_days(100));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].reason, "First contact by letter_note; before it by message_text.");
        assert_eq!(found[0].evidence, [all[1].ground(), all[2].ground()]);
    }

    #[test]
    fn more_than_before_and_graver_than_before_stand_out() {
        let loiter = |id, days, severity| told(id, days, severity, &["malicious_report"]);
        let rising = [loiter(1, 20, 2), loiter(2, 40, 2), loiter(3, 49, 2), loiter(4, 55, 2)];
        assert_eq!(kinds(&rising, 60), [SignKind::FrequencyRising]);
        assert_eq!(kinds(&rising[..3], 60), []);
        assert_eq!(kinds(&[loiter(1, 0, 2), loiter(2, 10, 3), loiter(3, 20, 3)], 100), [SignKind::SeverityRising]);
        assert_eq!(kinds(&[loiter(1, 0, 2), loiter(2, 29, 4)], 100), []);
    }

    #[test]
    fn reasons_of_patterns_say_how_many_and_how_near() {
        let texts: Vec<SignIncident> =
            (0..4).map(|n| told(n, i64::try_from(n).unwrap(), 1, &["message_text"])).collect();
        let found = signs(&texts, start().plus_days(90));
        assert_eq!(found[0].reason, "4 incidents within 3 days; three within seven days stand out.");
        assert_eq!(found[0].evidence.len(), 4);
    }

    proptest! {
        #[test]
        fn every_sign_rests_on_incidents_that_were_told_and_stands_out_with_the_last_of_them(
            all in prop::collection::vec((0..120_i64, 1..=4_i32, 0..4_usize), 0..25),
        ) {
            let codes = ["message_text", "attend_home", "contact_new_account", "letter_note"];
            let all: Vec<SignIncident> = all
                .into_iter()
                .enumerate()
                .map(|(id, (days, severity, code))| told(id as u128, days, severity, &[codes[code]]))
                .collect();
            for sign in signs(&all, start().plus_days(120)) {
                prop_assert!(sign.evidence.len() >= 2 && !sign.reason.is_empty());
                prop_assert!(sign.evidence.iter().all(|ground| all.iter().any(|told| told.ground() == *ground)));
                prop_assert_eq!(sign.evidence.iter().map(|ground| ground.happened_at).max(), Some(sign.at));
            }
        }
    }
}
