use std::collections::HashSet;

use proptest::prelude::*;

use super::view::Opens;
use super::*;

const ALWAYS: [&str; 8] = [
    "emergency",
    "police_not_urgent",
    "national_domestic_abuse_helpline",
    "live_fear_free",
    "scotland_domestic_abuse_helpline",
    "northern_ireland_abuse_helpline",
    "victim_support",
    "samaritans",
];

fn services_at(at: &str) -> Vec<SupportServiceView> {
    support_services(at.parse().unwrap(), Language::English)
}

/// Those that are open and not always so.
fn open_at(at: &str) -> Vec<String> {
    let services = services_at(at).into_iter();
    services.filter(|service| service.open_now && !service.is_always_open).map(|service| service.id).collect()
}

fn one(at: &str, id: &str) -> SupportServiceView {
    services_at(at).into_iter().find(|service| service.id == id).unwrap()
}

#[test]
fn the_files_fit_together_and_every_line_has_a_source_and_the_day_it_was_checked() {
    let lines = read().unwrap();
    assert_eq!(lines.len(), 10);
    assert!(lines.first().unwrap().row.is_emergency);
    let ids: HashSet<&str> = lines.iter().map(|line| line.row.id.as_str()).collect();
    assert_eq!(ids.len(), lines.len());
    for line in &lines {
        let row = &line.row;
        assert!(!row.source.is_empty() && row.checked_on.year() >= 2023, "{}", row.id);
        assert!(row.phone.bytes().all(|byte| byte.is_ascii_digit() || byte == b' '), "{}", row.id);
        let areas = ["england", "wales", "scotland", "northern_ireland"];
        assert!(!row.areas.is_empty() && row.areas.iter().all(|area| areas.contains(&area.as_str())), "{}", row.id);
        assert!(row.is_always_open == row.bank_holidays.is_none(), "{}", row.id);
        assert_eq!(row.is_always_open, ALWAYS.contains(&row.id.as_str()), "{}", row.id);
        assert!(line.ways.iter().all(|way| !way.source.is_empty() && !way.address.is_empty()), "{}", row.id);
        assert!(line.others.iter().all(|other| !other.source.is_empty() && other.source != row.source), "{}", row.id);
    }
}

#[test]
fn every_line_and_every_way_has_its_words_in_both_languages() {
    for language in Language::ALL {
        for service in support_services("2026-11-25T12:00:00Z".parse().unwrap(), *language) {
            assert!(!service.name.starts_with("line-"), "{}", service.id);
            assert!(!service.ways.is_empty(), "{}", service.id);
            assert!(service.ways.iter().all(|way| !way.note.starts_with("way-")), "{}", service.id);
        }
    }
}

#[test]
fn every_nation_has_a_line_that_is_always_open_and_a_way_for_those_who_cannot_speak() {
    let services = services_at("2026-12-25T03:00:00Z");
    for area in ["england", "wales", "scotland", "northern_ireland"] {
        let own = services.iter().filter(|service| service.areas.iter().any(|of| of == area));
        let own: Vec<&SupportServiceView> = own.filter(|service| service.open_now && !service.is_emergency).collect();
        assert!(own.len() >= 3, "{area}: {}", own.len());
        assert!(own.iter().all(|service| service.ways.iter().any(|way| way.kind == "relay")), "{area}");
    }
    let kinds: HashSet<String> =
        one("2026-12-25T03:00:00Z", "emergency").ways.into_iter().map(|way| way.kind).collect();
    assert_eq!(kinds, ["silent", "text", "relay", "sign_language"].map(str::to_owned).into());
}

#[test]
fn a_help_line_opens_and_closes_by_london_time_in_winter_and_in_summer() {
    let both = ["national_stalking_helpline", "paladin"];
    assert!(open_at("2026-01-14T08:59:59Z").is_empty());
    assert_eq!(open_at("2026-01-14T09:00:00Z"), ["paladin"]);
    assert_eq!(open_at("2026-01-14T09:30:00Z"), both);
    assert_eq!(open_at("2026-07-15T08:30:00Z"), both);
    assert_eq!(open_at("2026-07-15T14:00:00Z"), ["national_stalking_helpline"]);
    assert_eq!(open_at("2026-07-15T15:00:00Z"), ["national_stalking_helpline"], "one source says so");
    assert!(open_at("2026-07-15T19:00:00Z").is_empty());
    assert!(open_at("2026-01-17T12:00:00Z").is_empty(), "a Saturday");
    assert!(open_at("2026-12-28T12:00:00Z").is_empty(), "a Monday that is a bank holiday");
    assert_eq!(open_at("2026-06-15T12:00:00Z"), both, "a bank holiday elsewhere");
}

#[test]
fn a_line_that_is_closed_says_when_it_opens_and_one_that_is_open_when_it_closes() {
    let line = one("2026-12-24T16:00:00Z", "national_stalking_helpline");
    assert_eq!((line.open_now, line.closes_at), (false, None));
    // Christmas Day, Boxing Day on a Saturday and its substitute on Monday lie between.
    assert_eq!(line.next_opens_at.unwrap().to_string(), "2026-12-29T09:30:00Z");
    let line = one("2026-07-15T10:00:00Z", "national_stalking_helpline");
    assert_eq!((line.open_now, line.next_opens_at), (true, None));
    assert_eq!(line.closes_at.unwrap().to_string(), "2026-07-15T15:00:00Z");
    let line = one("2026-07-15T10:00:00Z", "emergency");
    assert_eq!((line.open_now, line.is_always_open, line.next_opens_at, line.closes_at), (true, true, None, None));
}

#[test]
fn where_sources_differ_both_stand_with_what_each_says_now() {
    // A Wednesday at five: the seed's article says closed, the other source says open.
    let line = one("2026-01-14T17:00:00Z", "national_stalking_helpline");
    assert_eq!((line.open_now, line.do_sources_agree, line.opening), (true, false, Opens::MayBeOpen));
    assert_eq!((line.headline.as_str(), line.next_opens_at, line.closes_at), ("May be open: try.", None, None));
    assert_eq!(line.checked_on.to_string(), "2023-04-27");
    let [other] = line.other_hours.as_slice() else { panic!("{:?}", line.other_hours) };
    assert_eq!((other.open_now, other.hours.len(), other.checked_on.to_string().as_str()), (true, 2, "2026-08-14"));
    assert!(one("2026-01-15T12:00:00Z", "national_stalking_helpline").do_sources_agree);
}

proptest! {
    #[test]
    fn what_is_always_open_is_open_at_any_time(seconds in -4_000_000_000i64..8_000_000_000) {
        let at = Instant::from_microseconds(seconds * 1_000_000);
        for service in support_services(at, Language::Welsh) {
            prop_assert!(service.open_now || !service.is_always_open);
            prop_assert!(!service.is_emergency || service.open_now);
            prop_assert_eq!(service.opening == Opens::MayBeOpen, !service.do_sources_agree);
            // Closed only where nobody says open.
            let says_open = service.other_hours.iter().any(|other| other.open_now);
            prop_assert!(service.opening != Opens::Closed || !service.open_now && !says_open);
            prop_assert!(service.next_opens_at.is_none_or(|opens| !service.open_now && opens > at));
            prop_assert!(service.closes_at.is_none_or(|closes| service.open_now && closes > at));
        }
    }
}
