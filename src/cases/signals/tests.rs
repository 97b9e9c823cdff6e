use proptest::prelude::*;

use super::*;

fn hour(hours: i64) -> Instant {
    "2026-11-01T12:00:00Z".parse::<Instant>().unwrap().plus_hours(hours)
}

fn dated(hours: i64, id: u128) -> Dated {
    Dated { at: hour(hours), id: Uuid::from_u128(id) }
}

fn incident(hours: i64, id: u128) -> Occurrence {
    Occurrence {
        at: hour(hours),
        id: Uuid::from_u128(id),
        is_in_person: false,
        is_contact: false,
        is_new_channel: false,
    }
}

fn in_person(hours: i64, id: u128) -> Occurrence {
    Occurrence { is_in_person: true, ..incident(hours, id) }
}

fn found(seen: &SignalInputs, kind: SignalKind) -> Vec<Signal> {
    signals(seen).into_iter().filter(|signal| signal.signal == kind).collect()
}

fn of_incidents(incidents: Vec<Occurrence>, kind: SignalKind) -> Vec<Signal> {
    found(&SignalInputs { incidents, ..SignalInputs::default() }, kind)
}

fn ids(signal: &Signal) -> Vec<u128> {
    signal.evidence.iter().map(uuid::Uuid::as_u128).collect()
}

#[test]
fn a_missed_check_in_and_a_missed_session_stand_out_up_to_24_hours_apart() {
    let kind = SignalKind::MissedCheckInAndSession;
    for (hours, expected) in [(-25, 0), (-24, 1), (0, 1), (24, 1), (25, 0)] {
        let seen = SignalInputs {
            missed_check_ins: vec![dated(hours, 1)],
            missed_sessions: vec![dated(0, 2)],
            ..SignalInputs::default()
        };
        let signals = found(&seen, kind);
        assert_eq!(signals.len(), expected, "{hours}");
        assert!(signals.iter().all(|signal| signal.at == hour(hours.max(0)) && ids(signal) == [2, 1]));
    }
}

#[test]
fn an_urge_acted_on_stands_out_beside_an_incident_up_to_48_hours_away() {
    let kind = SignalKind::ActedOnUrgeAndIncident;
    let urge = |from, to| Stretch { from: hour(from), to: hour(to), id: Uuid::from_u128(9) };
    for (hours, expected) in [(-49, 0), (-48, 1), (0, 1), (48, 1), (49, 0)] {
        let seen = SignalInputs {
            acted_urges: vec![urge(0, 0)],
            incidents: vec![incident(hours, 1)],
            ..SignalInputs::default()
        };
        let signals = found(&seen, kind);
        assert_eq!(signals.len(), expected, "{hours}");
        assert!(signals.iter().all(|signal| signal.at == hour(hours.max(0)) && ids(signal) == [9, 1]));
    }
    // Known to the day alone, it reaches 48 hours from the day's beginning and end.
    for (hours, expected) in [(-49, 0), (-48, 1), (72, 1), (73, 0)] {
        let seen = SignalInputs {
            acted_urges: vec![urge(0, 24)],
            incidents: vec![incident(hours, 1)],
            ..SignalInputs::default()
        };
        assert_eq!(found(&seen, kind).len(), expected, "{hours}");
    }
}

#[test]
fn three_incidents_in_seven_days_are_one_signal_and_two_are_none() {
    let kind = SignalKind::ThreeIncidentsInSevenDays;
    assert!(of_incidents(vec![incident(0, 1), incident(1, 2)], kind).is_empty());
    assert!(of_incidents(vec![incident(0, 1), incident(1, 2), incident(7 * 24 + 1, 3)], kind).is_empty());
    let signals = of_incidents(vec![incident(7 * 24, 3), incident(0, 1), incident(1, 2)], kind);
    assert_eq!(signals.len(), 1);
    assert_eq!((signals[0].at, ids(&signals[0])), (hour(7 * 24), vec![1, 2, 3]));
}

#[test]
fn a_run_of_incidents_is_told_once_and_a_later_run_again() {
    let early = (0..5).map(|n| incident(n * 24, n as u128));
    let late = (0..3).map(|n| incident(60 * 24 + n, 10 + n as u128));
    let signals = of_incidents(early.chain(late).collect(), SignalKind::ThreeIncidentsInSevenDays);
    let evidence: Vec<_> = signals.iter().map(ids).collect();
    assert_eq!(evidence, [vec![10, 11, 12], vec![0, 1, 2, 3, 4]]);
}

#[test]
fn the_step_from_afar_to_in_person_stands_out_once() {
    let kind = SignalKind::OnlineToInPerson;
    let signals = of_incidents(vec![incident(0, 1), in_person(48, 2), in_person(72, 3)], kind);
    assert_eq!(signals.iter().map(ids).collect::<Vec<_>>(), [vec![1, 2]]);
    assert!(of_incidents(vec![in_person(0, 1), in_person(1, 2)], kind).is_empty());
    assert!(of_incidents(vec![incident(0, 1), in_person(29 * 24, 2)], kind).is_empty());
}

#[test]
fn a_new_channel_stands_out_after_other_contact_only() {
    let kind = SignalKind::NewChannelAfterBlock;
    let contact = Occurrence { is_contact: true, ..incident(0, 1) };
    let new_channel = Occurrence { is_new_channel: true, ..incident(5, 2) };
    assert!(of_incidents(vec![new_channel], kind).is_empty());
    assert!(of_incidents(vec![new_channel, Occurrence { at: hour(6), ..contact }], kind).is_empty());
    assert_eq!(of_incidents(vec![contact, new_channel], kind).iter().map(ids).collect::<Vec<_>>(), [vec![1, 2]]);
}

#[test]
fn a_goal_scored_up_stands_out_only_while_incidents_rise() {
    let kind = SignalKind::GoalUpWhileIncidentsRise;
    let days = |days: i64| days * 24;
    let score = |before, after| Score { at: hour(days(56)), id: Uuid::from_u128(9), before, after };
    let rising = vec![incident(days(1), 1), incident(days(40), 2), incident(days(56), 3)];
    let with = |incidents: &Vec<Occurrence>, score| {
        found(&SignalInputs { incidents: incidents.clone(), scores: vec![score], ..SignalInputs::default() }, kind)
    };
    assert_eq!(with(&rising, score(-1, 1)).iter().map(ids).collect::<Vec<_>>(), [vec![9, 2, 3]]);
    assert!(with(&rising, score(1, 1)).is_empty());
    assert!(with(&rising, score(1, 0)).is_empty());
    let steady = vec![incident(days(1), 1), incident(days(40), 2)];
    assert!(with(&steady, score(-1, 1)).is_empty());
    let after_the_review = vec![incident(days(57), 1)];
    assert!(with(&after_the_review, score(-1, 1)).is_empty());
}

#[test]
fn nothing_seen_gives_no_signal() {
    assert!(signals(&SignalInputs::default()).is_empty());
}

fn dates() -> impl Strategy<Value = Vec<(i64, bool, bool, bool)>> {
    proptest::collection::vec((0..2_000_i64, any::<bool>(), any::<bool>(), any::<bool>()), 0..40)
}

proptest! {
    #[test]
    fn signals_rest_on_what_was_seen_are_dated_and_never_for_the_session(
        incidents in dates(), missed in dates(), scores in dates(),
    ) {
        let base = |n: usize, kind: u128| Uuid::from_u128(kind * 1_000 + n as u128);
        let seen = SignalInputs {
            missed_check_ins: missed.iter().enumerate().map(|(n, m)| Dated { at: hour(m.0), id: base(n, 1) }).collect(),
            missed_sessions: missed.iter().enumerate().map(|(n, m)| Dated { at: hour(m.0 + 7), id: base(n, 2) }).collect(),
            acted_urges: missed.iter().enumerate().map(|(n, m)| Stretch {
                from: hour(m.0 + 3), to: hour(m.0 + 27), id: base(n, 5),
            }).collect(),
            incidents: incidents.iter().enumerate().map(|(n, i)| Occurrence {
                at: hour(i.0), id: base(n, 3), is_in_person: i.1, is_contact: i.2, is_new_channel: i.3,
            }).collect(),
            scores: scores.iter().enumerate().map(|(n, s)| Score {
                at: hour(s.0), id: base(n, 4), before: i32::from(s.1), after: i32::from(s.2),
            }).collect(),
        };
        let all: Vec<(Uuid, Instant)> = seen.missed_check_ins.iter().chain(&seen.missed_sessions).map(|d| (d.id, d.at))
            .chain(seen.incidents.iter().map(|i| (i.id, i.at)))
            .chain(seen.scores.iter().map(|s| (s.id, s.at)))
            .chain(seen.acted_urges.iter().map(|u| (u.id, u.from)))
            .collect();
        let signals = signals(&seen);
        prop_assert!(signals.windows(2).all(|pair| pair[0].at >= pair[1].at));
        for signal in &signals {
            prop_assert!(signal.not_to_be_raised_in_session && !signal.evidence.is_empty());
            let dates: Vec<Instant> =
                signal.evidence.iter().map(|id| all.iter().find(|(of, _)| of == id).unwrap().1).collect();
            prop_assert_eq!(signal.at, *dates.iter().max().unwrap());
        }
        let mut shuffled = seen.clone();
        shuffled.incidents.reverse();
        prop_assert_eq!(super::signals(&shuffled), signals);
    }

    #[test]
    fn a_withheld_kind_never_stands_behind_a_signal(incidents in dates()) {
        let seen = SignalInputs {
            incidents: Vec::new(),
            missed_sessions: incidents.iter().enumerate().map(|(n, i)| dated(i.0, n as u128)).collect(),
            scores: incidents.iter().map(|i| Score { at: hour(i.0), id: Uuid::nil(), before: 0, after: 1 }).collect(),
            acted_urges: incidents.iter().map(|i| Stretch { from: hour(i.0), to: hour(i.0), id: Uuid::nil() }).collect(),
            ..SignalInputs::default()
        };
        prop_assert!(signals(&seen).is_empty());
    }
}
