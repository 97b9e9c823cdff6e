use std::collections::BTreeSet;

use super::*;

const NIL: &str = "00000000-0000-0000-0000-000000000000";

/// A line of each kind, and of each shape that a kind has, as it is stored.
fn stored() -> Vec<(HistoryKind, Value)> {
    let acted = json!({"spoke_to_survivor": true, "outcome_confirmed": false, "reason": null});
    let told = json!([{"audience": "advocate", "outcome": "queued", "staff": [NIL]},
        {"audience": "call_999", "outcome": "task", "staff": []},
        {"audience": "police", "outcome": "no_further_endpoint", "staff": []}]);
    let at = "2026-11-21T20:00:00Z";
    vec![
        (HistoryKind::Raised, json!({"check_in_id": NIL, "due_at": at, "in_a_row": 1})),
        (HistoryKind::Raised, json!({})),
        (HistoryKind::TriggeredAgain, json!({"check_in_id": NIL, "recorded_at": at})),
        (HistoryKind::LevelRaised, json!({"by": "staff"})),
        (HistoryKind::LevelRaised, json!({"incident_id": NIL, "patterns": ["stalking"]})),
        (
            HistoryKind::Answered,
            json!({"check_in_id": NIL, "status": "safe", "is_late": true, "is_recorded_by_staff": false,
                "is_proven": true, "recorded_at": null}),
        ),
        (HistoryKind::Answered, json!({"timer_id": NIL, "status": "timer_ended", "is_late": true})),
        (HistoryKind::Step, json!({"round": 0, "index": 1, "due_at": at, "told": told})),
        (HistoryKind::Step, json!({"round": 2, "index": 0, "due_at": at, "told": [], "triggers_since_last_page": 3})),
        (HistoryKind::Acknowledged, acted.clone()),
        (HistoryKind::PoliceAcknowledged, json!({"officer": NIL, "grade": "grade_1", "action": null, "force": "kent"})),
        (HistoryKind::PoliceOverride, json!({"override_id": NIL, "state": "in_force"})),
        (HistoryKind::PoliceAllowed, json!({"setting": "alert_police_missed"})),
        (HistoryKind::Progress, acted.clone()),
        (HistoryKind::ClimbResumed, json!({})),
        (HistoryKind::FellBack, json!({"outcome": "task", "organisation_id": NIL})),
        (HistoryKind::PoliceOutcome, json!({"officer": NIL, "outcome": "arrest", "force": "kent", "corrects": null})),
        (HistoryKind::Released, json!({})),
        (HistoryKind::OutcomeReleased, json!({})),
        (HistoryKind::OutcomeWithheld, json!({"reason": "told_in_person"})),
        (HistoryKind::Resolved, acted.clone()),
        (HistoryKind::StoodDown, json!({"spoke_to_survivor": false, "outcome_confirmed": true, "reason": "slept_in"})),
        (HistoryKind::Reopened, json!({"reason": "new_information"})),
        (HistoryKind::Held, json!({"reason": "storm", "until": at})),
        (
            HistoryKind::AdministratorWarned,
            json!({"reason": "no_supervisor", "told": [{"audience": "administrator", "outcome": "no_one", "staff": []}]}),
        ),
    ]
}

#[test]
fn a_line_of_each_kind_is_stored_as_it_was_and_read_as_what_it_is() {
    let mut kinds = BTreeSet::new();
    for (kind, detail) in stored() {
        let read = Detail::read(kind, &Json(detail.clone())).unwrap_or_else(|error| panic!("{kind}: {error}"));
        assert_eq!(read.columns().unwrap(), (kind, Json(detail)), "{read:?}");
        kinds.insert(kind);
    }
    assert_eq!(kinds.into_iter().collect::<Vec<_>>(), HistoryKind::ALL);
}

#[test]
fn a_level_that_a_person_raised_brings_no_facts_and_one_that_a_trigger_raised_brings_its_own() {
    let facts = |detail| Detail::read(HistoryKind::LevelRaised, &Json(detail)).unwrap().into_facts();
    assert_eq!(facts(json!({"by": "staff"})), None);
    assert!(facts(json!({"incident_id": NIL})).unwrap().incident().is_some());
}
