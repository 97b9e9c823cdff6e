//! What the summary tells of an incident and of an order condition beyond their first words.

use crate::incidents::{IncidentView, ReportingWish};
use crate::programme::ConditionView;

/// What the survivor told of an incident beside account and place: a line for each, and none for what was not said.
pub fn of_incident(incident: &IncidentView) -> Vec<String> {
    let scale = |name: &str, value: Option<i32>| value.map(|value| format!("{name}, on a scale of 0 to 4: {value}."));
    let said = |name: &str, text: &Option<String>| text.as_ref().map(|text| format!("{name}: {text}"));
    let wish = |wish: ReportingWish| format!("Reporting to the police: {}.", wish.as_str().replace('_', " "));
    let children = |present: bool| format!("Children were present: {}.", if present { "yes" } else { "no" });
    let lines = [
        scale("Fear", incident.fear),
        scale("Effect on how the survivor lives", incident.impact),
        said("Witnesses", &incident.witnesses),
        said("Others who were targeted", &incident.third_parties),
        incident.children_present.map(children),
        said("Police reference", &incident.police_reference),
        incident.reporting_wish.map(wish),
    ];
    lines.into_iter().flatten().collect()
}

/// Where a condition holds, and how near the person whom it binds may not come.
pub fn of_condition(condition: &ConditionView) -> Vec<String> {
    let area = condition.area.as_ref().map(|area| format!("Where it holds: {area}"));
    let distance = condition.distance_metres.map(|metres| format!("Not to come nearer than {metres} metres."));
    area.into_iter().chain(distance).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::{ConditionId, IncidentId, Instant};
    use crate::directory::ConditionKind;
    use crate::incidents::{HappenedView, IncidentState, Precision};

    fn silent() -> IncidentView {
        IncidentView {
            id: IncidentId(uuid::Uuid::nil()),
            state: IncidentState::Submitted,
            severity: 1,
            happened: HappenedView { precision: Precision::Unknown, from: None, to: None },
            behaviours: Vec::new(),
            is_suspected_breach: false,
            order_condition_id: None,
            received_at: Instant::from_microseconds(0),
            version: 1,
            account: None,
            fear: None,
            place: None,
            happening_now: None,
            police_may_contact: None,
            visibility: None,
            impact: None,
            witnesses: None,
            third_parties: None,
            children_present: None,
            police_reference: None,
            reporting_wish: None,
            is_duress: None,
            evidence_ids: None,
        }
    }

    #[test]
    fn what_was_told_of_an_incident_stands_in_the_summary_and_nothing_else() {
        assert_eq!(of_incident(&silent()), Vec::<String>::new());
        let told = IncidentView {
            fear: Some(3),
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
        assert_eq!(of_incident(&told), lines);
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
        assert!(of_condition(&condition(None, None)).is_empty());
        let lines = ["Where it holds: Marsh Lane", "Not to come nearer than 200 metres."];
        assert_eq!(of_condition(&condition(Some("Marsh Lane"), Some(200))), lines);
    }
}
