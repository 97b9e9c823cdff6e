//! What the summary tells of an incident and of an order condition beyond their first words.

use fluent_bundle::FluentValue;

use super::wording::SummaryWording;
use crate::incidents::PoliceIncident;
use crate::orders::ConditionView;

/// What the survivor said of an incident in addition to the account: a line for each, and none for what was not said.
#[must_use]
pub fn of_incident(words: &SummaryWording, incident: &PoliceIncident) -> Vec<String> {
    let scale = |id: &str, value: Option<i32>| value.map(|value| words.with(id, &[("value", value.into())]));
    let said = |id: &str, text: &Option<String>| text.as_ref().map(|text| line(words, id, text));
    let children = |present: bool| words.say(if present { "bundle-children-yes" } else { "bundle-children-no" });
    let lines = [
        said("bundle-place", &incident.place),
        scale("bundle-fear", Some(incident.fear)),
        scale("bundle-impact", incident.impact),
        said("bundle-witnesses", &incident.witnesses),
        said("bundle-third-parties", &incident.third_parties),
        incident.children_present.map(children),
        said("bundle-police-reference", &incident.police_reference),
    ];
    lines.into_iter().flatten().collect()
}

/// A line with what somebody wrote, whose direction changes nothing around it.
fn line(words: &SummaryWording, id: &str, text: &str) -> String {
    words.with(id, &[("text", FluentValue::from(format!("\u{2068}{text}\u{2069}")))])
}

/// Where a condition holds, and how near the person whom it binds may not come.
#[must_use]
pub fn of_condition(words: &SummaryWording, condition: &ConditionView) -> Vec<String> {
    let area = condition.area.as_ref().map(|area| line(words, "bundle-area", area));
    let distance = condition.distance_metres.map(|metres| words.with("bundle-distance", &[("metres", metres.into())]));
    area.into_iter().chain(distance).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::{ConditionId, IncidentId, Instant};
    use crate::directory::ConditionKind;
    use crate::incidents::{HappenedView, IncidentState, Precision};

    use crate::words::Language;

    fn words() -> SummaryWording {
        SummaryWording { language: Language::English, zone: jiff::tz::TimeZone::UTC }
    }

    /// Without the marks that set apart what somebody wrote.
    fn plain(lines: Vec<String>) -> Vec<String> {
        lines.into_iter().map(|line| line.replace(['\u{2068}', '\u{2069}'], "")).collect()
    }

    fn silent() -> PoliceIncident {
        PoliceIncident {
            id: IncidentId(uuid::Uuid::nil()),
            state: IncidentState::Submitted,
            severity: 1,
            happened: HappenedView { precision: Precision::Unknown, from: None, to: None },
            behaviours: Vec::new(),
            is_suspected_breach: false,
            order_condition_id: None,
            received_at: Instant::from_microseconds(0),
            version: 1,
            account: String::new(),
            fear: 0,
            place: None,
            happening_now: false,
            police_may_contact: false,
            impact: None,
            witnesses: None,
            third_parties: None,
            children_present: None,
            police_reference: None,
            is_recorded_by_staff: false,
        }
    }

    #[test]
    fn what_was_told_of_an_incident_stands_in_the_summary_and_nothing_else() {
        assert_eq!(plain(of_incident(&words(), &silent())), ["Fear, on a scale of 0 to 4: 0."]);
        let told = PoliceIncident {
            fear: 3,
            impact: Some(0),
            witnesses: Some("A neighbour".into()),
            third_parties: Some("A colleague".into()),
            children_present: Some(false),
            police_reference: Some("14/1234/26".into()),
            ..silent()
        };
        let lines = [
            "Fear, on a scale of 0 to 4: 3.",
            "Effect on how the survivor lives, on a scale of 0 to 4: 0.",
            "Witnesses: A neighbour",
            "Others who were targeted: A colleague",
            "Children were present: no.",
            "Police reference: 14/1234/26",
        ];
        assert_eq!(plain(of_incident(&words(), &told)), lines);
    }

    #[test]
    fn a_condition_says_where_and_how_near() {
        let condition = |area: Option<&str>, distance_metres| ConditionView {
            id: ConditionId(uuid::Uuid::nil()),
            kind: ConditionKind::Prohibition,
            code: "approach_within_distance".into(),
            wording: "Not to come near".into(),
            area: area.map(str::to_owned),
            distance_metres,
        };
        assert!(of_condition(&words(), &condition(None, None)).is_empty());
        let lines = ["Where it holds: Marsh Lane", "Not to come nearer than 200 metres."];
        assert_eq!(plain(of_condition(&words(), &condition(Some("Marsh Lane"), Some(200)))), lines);
    }
}
