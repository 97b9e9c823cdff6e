use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

fn plan(value: serde_json::Value) -> SafeContactPlan {
    let plan: SafeContactPlan = serde_json::from_value(value).unwrap();
    plan.validate().unwrap();
    plan
}

fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

fn weekday_mornings() -> SafeContactPlan {
    plan(json!({"time_zone": "Europe/London", "sms": {"allowed": true, "address": "+447700900123",
        "hours": [{"weekdays": ["monday", "friday"], "from": "09:00", "until": "11:30"}]}}))
}

#[test]
fn inside_a_window_is_now_and_outside_is_the_next_one() {
    let plan = weekday_mornings();
    let next = |text| plan.next_safe(Kind::Sms, at(text)).unwrap().to_string();
    // Friday 20 November 2026; London is on UTC then.
    assert_eq!(next("2026-11-20T09:00:00Z"), "2026-11-20T09:00:00Z");
    assert_eq!(next("2026-11-20T11:29:59Z"), "2026-11-20T11:29:59Z");
    assert_eq!(next("2026-11-20T11:30:00Z"), "2026-11-23T09:00:00Z");
    assert_eq!(next("2026-11-20T08:59:59Z"), "2026-11-20T09:00:00Z");
    assert_eq!(next("2026-11-23T11:30:00Z"), "2026-11-27T09:00:00Z");
    // In summer the same local hour is an hour earlier.
    assert_eq!(next("2026-07-03T00:00:00Z"), "2026-07-03T08:00:00Z");
}

#[test]
fn what_is_not_named_is_closed_and_nothing_is_open_before_its_date() {
    let mut plan = weekday_mornings();
    for kind in [Kind::Push, Kind::Email, Kind::Voice] {
        assert_eq!(plan.next_safe(kind, at("2026-11-20T09:00:00Z")), None);
    }
    plan.do_not_contact_until = Some(at("2026-11-20T10:00:00Z"));
    assert_eq!(plan.next_safe(Kind::Sms, at("2026-11-20T09:00:00Z")), Some(at("2026-11-20T10:00:00Z")));
    plan.sms.as_mut().unwrap().allowed = false;
    assert_eq!(plan.next_safe(Kind::Sms, at("2026-11-20T10:00:00Z")), None);
}

#[test]
fn midnight_ends_a_day_and_hours_that_end_before_they_begin_are_refused() {
    let hours = |from: &str, until: &str| {
        plan(json!({"time_zone": "Europe/London", "push": {"allowed": true,
            "hours": [{"from": from, "until": until}]}}))
    };
    assert!(hours("22:00", "02:00").tidy(Region::GB).is_err() && hours("09:00", "09:00").tidy(Region::GB).is_err());
    let evening = hours("20:00", "00:00").tidy(Region::GB).ok().unwrap();
    let late = at("2026-11-20T23:59:59Z");
    assert_eq!(evening.next_safe(Kind::Push, late), Some(late));
    assert_eq!(evening.next_safe(Kind::Push, at("2026-11-21T00:00:00Z")), Some(at("2026-11-21T20:00:00Z")));
}

#[test]
fn an_open_channel_needs_an_address_that_is_one() {
    let sms = |value| plan(json!({"time_zone": "Europe/London", "sms": value})).tidy(Region::GB);
    assert!(sms(json!({"allowed": true})).is_err());
    assert!(sms(json!({"allowed": true, "address": "0114 496 000"})).is_err());
    assert!(sms(json!({"allowed": true, "address": "0114 496 0000 ext 4"})).is_err());
    let home = sms(json!({"allowed": true, "address": "0114 496 0000"})).ok().unwrap();
    assert_eq!(home.sms.unwrap().address.as_deref(), Some("+441144960000"));
    let tidy = sms(json!({"allowed": true, "address": "+44 (7700) 900-123"})).ok().unwrap();
    assert_eq!(tidy.sms.unwrap().address.as_deref(), Some("+447700900123"));
    assert!(sms(json!({"allowed": false})).is_ok());
    let push = json!({"time_zone": "Europe/London", "push": {"allowed": true, "address": "+447700900123"}});
    assert!(plan(push).tidy(Region::GB).is_err());
    let mail = json!({"time_zone": "Europe/London", "email": {"allowed": true, "address": "nobody"}});
    assert!(plan(mail).tidy(Region::GB).is_err());
}

/// A plan with some of three numbers, each open or closed.
fn some_plan() -> impl Strategy<Value = Value> {
    let channel = || prop::option::of((any::<bool>(), 0..3_u8));
    (channel(), channel(), any::<bool>()).prop_map(|(sms, voice, push)| {
        let way = |channel: Option<(bool, u8)>| {
            channel.map(|(allowed, number)| json!({"allowed": allowed, "address": format!("+44770090012{number}")}))
        };
        let mut value = json!({"time_zone": "Europe/London", "push": {"allowed": push}});
        for (name, way) in [("sms", way(sms)), ("voice", way(voice))] {
            if let Some(way) = way {
                value[name] = way;
            }
        }
        value
    })
}

fn open_addresses(plan: &SafeContactPlan) -> Vec<String> {
    let open = [&plan.sms, &plan.voice, &plan.email].into_iter().flatten().filter(|channel| channel.allowed);
    open.filter_map(|channel| channel.address.clone()).collect()
}

proptest! {
    #[test]
    fn what_counts_at_once_opens_no_address_that_was_not_open_before(before in some_plan(), next in some_plan()) {
        let (before, next) = (plan(before), plan(next));
        let known = open_addresses(&before);
        let narrowed = next.without_new_addresses(&before);
        let has_new = open_addresses(&next).iter().any(|address| !known.contains(address));
        prop_assert_eq!(narrowed.is_some(), has_new);
        if let Some(narrowed) = &narrowed {
            prop_assert!(open_addresses(narrowed).iter().all(|address| known.contains(address)));
            prop_assert_eq!(narrowed.push.as_ref().map(|push| push.allowed), next.push.as_ref().map(|push| push.allowed));
        }
    }

    #[test]
    fn the_next_safe_moment_is_never_past_and_is_safe_itself(seconds in 0_i64..63_072_000, from in 0_u8..23, length in 1_u8..24) {
        let until = from.saturating_add(length).min(24) % 24;
        let plan = plan(json!({"time_zone": "Europe/London", "push": {"allowed": true,
            "hours": [{"weekdays": ["tuesday"], "from": format!("{from:02}:00"), "until": format!("{until:02}:00")}]}}));
        let now = at("2026-01-01T00:00:00Z").plus_seconds(seconds);
        let next = plan.next_safe(Kind::Push, now);
        // A window of one hour may fall into the gap of a spring night, but not into the one of the next week too.
        let next = next.unwrap_or_else(|| plan.next_safe(Kind::Push, now.plus_days(7)).unwrap());
        prop_assert!(next >= now);
        prop_assert_eq!(plan.next_safe(Kind::Push, next), Some(next));
    }
}
