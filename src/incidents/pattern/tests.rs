use proptest::prelude::*;

use super::*;

fn hour(hours: i64) -> Instant {
    "2026-11-01T12:00:00Z".parse::<Instant>().unwrap().plus_hours(hours)
}

fn incident(hours: i64, id: u128, behaviours: &[&str]) -> Occurrence {
    let behaviours: Vec<String> = behaviours.iter().map(|code| (*code).to_owned()).collect();
    Occurrence::of(hour(hours), Uuid::from_u128(id), &behaviours)
}

#[test]
fn an_occurrence_knows_its_behaviours() {
    let text = incident(0, 1, &["message_text"]);
    assert!(text.is_contact && !text.is_in_person && !text.is_new_channel);
    let new = incident(0, 1, &["contact_new_account"]);
    assert!(new.is_new_channel && !new.is_contact);
    assert!(incident(0, 1, &["loiter", "message_text"]).is_in_person);
    assert!(!incident(0, 1, &["never_heard_of"]).is_in_person);
}

fn any_incidents() -> impl Strategy<Value = Vec<Occurrence>> {
    let behaviour = prop::sample::select(&["message_text", "loiter", "contact_new_account", "message_email"][..]);
    prop::collection::vec((0..3_000_i64, behaviour), 0..30)
        .prop_map(|all| all.into_iter().enumerate().map(|(id, (at, code))| incident(at, id as u128, &[code])).collect())
}

proptest! {
    #[test]
    fn a_pattern_rests_on_two_incidents_or_more_and_stands_out_with_its_last(incidents in any_incidents()) {
        for pattern in patterns(&incidents) {
            prop_assert!(pattern.evidence.len() >= 2);
            let of: Vec<_> = incidents.iter().filter(|incident| pattern.evidence.contains(&incident.id)).collect();
            prop_assert_eq!(of.len(), pattern.evidence.len());
            prop_assert_eq!(of.iter().map(|incident| incident.at).max(), Some(pattern.at));
        }
    }

    #[test]
    fn the_order_in_which_incidents_are_reported_makes_no_difference(incidents in any_incidents()) {
        let mut turned = incidents.clone();
        turned.reverse();
        prop_assert_eq!(patterns(&incidents), patterns(&turned));
    }
}
