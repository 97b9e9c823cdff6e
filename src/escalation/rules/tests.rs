use proptest::prelude::*;

use super::*;
use crate::db::{CheckInId, ConcernId, IncidentId, Instant, ParticipantId, ProgrammeSessionId, SurvivorId};
use crate::events::ReportArrival;

fn nil() -> uuid::Uuid {
    uuid::Uuid::nil()
}

fn miss(in_a_row: u32) -> Event {
    let due_at: Instant = "2026-11-21T21:00:00Z".parse().unwrap();
    Event::CheckInMissed { survivor: SurvivorId(nil()), check_in: CheckInId(nil()), due_at, in_a_row }
}

fn incident(base_severity: i32, is_in_person: bool, fear: i32, is_happening_now: bool) -> Event {
    let report = IncidentReport {
        behaviours: vec!["any".to_owned()],
        base_severity,
        is_in_person,
        fear,
        is_happening_now,
        is_private: false,
        is_for_police: true,
        police_may_contact: false,
        is_duress: false,
        condition: None,
        happened_at: "2026-11-21T20:00:00Z".parse().unwrap(),
        force: None,
        heard: ReportArrival::default(),
    };
    Event::IncidentReported { survivor: SurvivorId(nil()), incident: IncidentId(nil()), report }
}

#[test]
fn a_missed_check_in_has_the_level_of_the_risk_and_two_in_a_row_one_more_but_never_an_emergency() {
    let level = |risk, in_a_row| triggers(&miss(in_a_row), risk, None)[0].level;
    assert_eq!([level(RiskRating::Standard, 1), level(RiskRating::Medium, 1), level(RiskRating::High, 1)], [2, 3, 3]);
    assert_eq!(level(RiskRating::Unassessed, 1), 3);
    assert_eq!([level(RiskRating::Standard, 2), level(RiskRating::High, 9)], [3, 3]);
}

#[test]
fn an_incident_that_is_happening_in_person_is_an_emergency_and_a_grave_one_later_is_urgent() {
    let rules =
        |event| triggers(&event, RiskRating::Standard, None).into_iter().map(|t| (t.rule, t.level)).collect::<Vec<_>>();
    assert_eq!(rules(incident(2, true, 0, true)), [(Rule::DangerNow, 4)]);
    assert_eq!(rules(incident(4, false, 0, true)), [(Rule::DangerNow, 4)]);
    assert_eq!(rules(incident(4, false, 0, false)), [(Rule::CriticalBehaviour, 3)]);
    assert_eq!(rules(incident(3, false, 0, false)), [(Rule::Concern, 2)]);
    assert_eq!(rules(incident(1, false, 3, false)), [(Rule::Concern, 2)]);
    assert_eq!(rules(incident(2, true, 2, false)), []);
}

#[test]
fn a_breach_reaches_the_police_only_from_an_incident_meant_for_them() {
    let breach = LiveBreach { order_kind: "spo".into(), condition_code: "approach".into() };
    let setting = |is_for_police| {
        let Event::IncidentReported { survivor, incident, mut report } = incident(1, false, 0, false) else { panic!() };
        report.is_for_police = is_for_police;
        triggers(&Event::IncidentReported { survivor, incident, report }, RiskRating::Standard, Some(&breach))[0]
            .setting
    };
    assert_eq!(setting(true), Some(Scope::AlertPoliceBreach));
    assert_eq!(setting(false), None);
}

#[test]
fn the_fast_ladder_reaches_the_police_on_its_setting_and_never_from_an_incident_kept_from_them() {
    let setting = |is_for_police| {
        let Event::IncidentReported { survivor, incident, mut report } = incident(4, true, 0, false) else { panic!() };
        report.is_for_police = is_for_police;
        triggers(&Event::IncidentReported { survivor, incident, report }, RiskRating::Standard, None)[0].setting
    };
    assert_eq!((setting(true), setting(false)), (Some(Scope::AlertPoliceMissed), None));
    let fear = |is_intent, is_imminent| participant_concern(is_intent, is_imminent, TriggerFacts::default()).setting;
    assert_eq!(fear(true, false), Some(Scope::AlertPoliceMissed));
    assert_eq!(fear(true, true), Some(Scope::AlertPoliceHelpNow));
    assert_eq!(fear(false, false), None);
}

fn only(event: &Event) -> Option<(Rule, i32, bool)> {
    let found = triggers(event, RiskRating::Standard, None);
    assert!(found.len() <= 1, "{found:?}");
    found.first().map(|trigger| (trigger.rule, trigger.level, trigger.is_insistent))
}

#[test]
fn two_absences_are_a_concern_and_the_first_is_urgent_where_an_order_demands_attendance() {
    let away = |absences, is_ordered| {
        only(&Event::SessionMissed {
            participant: ParticipantId(nil()),
            session: ProgrammeSessionId(nil()),
            absences,
            is_ordered,
        })
    };
    assert_eq!(away(1, false), None);
    assert_eq!(away(2, false), Some((Rule::SessionAbsence, 2, false)));
    assert_eq!(away(5, false), Some((Rule::SessionAbsence, 2, false)));
    assert_eq!(away(1, true), Some((Rule::SessionAbsence, 3, false)));
}

#[test]
fn what_the_practitioner_fears_is_urgent_and_imminent_an_emergency() {
    let fear = |is_intent, is_imminent| {
        let event = Event::ParticipantConcern {
            participant: ParticipantId(nil()),
            concern: ConcernId(nil()),
            kind: "any",
            is_intent,
            is_imminent,
        };
        let ladder = triggers(&event, RiskRating::Standard, None)[0].ladder_code();
        (only(&event).map(|(_, level, _)| level), ladder)
    };
    assert_eq!(fear(false, false), (Some(2), "standard"));
    assert_eq!(fear(true, false), (Some(3), "fast"));
    assert_eq!(fear(true, true), (Some(4), "emergency"));
    assert_eq!(fear(false, true), (Some(4), "emergency"));
}

#[test]
fn every_group_has_a_ladder_at_every_level_and_an_emergencys_is_one() {
    for group in RuleGroup::ALL {
        for level in 2..=4 {
            let code = ladder_code(*group, level);
            assert!(crate::escalation::ladder::default_of(code).is_some(), "{group} {level}: {code}");
        }
        assert_eq!(ladder_code(*group, 4), "emergency");
    }
}

proptest! {
    #[test]
    fn more_danger_never_lowers_the_gravest_level(base in 1..=4_i32, person: bool, fear in 0..=4_i32, now: bool) {
        let gravest = |event| triggers(&event, RiskRating::Standard, None).iter().map(|t| t.level).max().unwrap_or(0);
        let level = gravest(incident(base, person, fear, now));
        prop_assert!(gravest(incident((base + 1).min(4), person, fear, now)) >= level);
        prop_assert!(gravest(incident(base, true, fear, now)) >= level);
        prop_assert!(gravest(incident(base, person, 4, now)) >= level);
        prop_assert!(gravest(incident(base, person, fear, true)) >= level);
    }
}
