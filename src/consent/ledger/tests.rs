use proptest::prelude::*;

use super::*;

const ORG_A: Option<[u8; 16]> = Some([0xa; 16]);
const ORG_B: Option<[u8; 16]> = Some([0xb; 16]);
const DELAY: u32 = 24;

fn start() -> Instant {
    "2026-03-01T12:00:00Z".parse().unwrap()
}

fn hour(hours: i64) -> Instant {
    start().plus_hours(hours)
}

/// An entry as the service records it, with the effect and expiry that the rules give it.
fn entry(scope: Scope, granted: bool, hours: i64, recipient: Option<[u8; 16]>) -> LedgerEntry {
    let recorded_at = hour(hours);
    LedgerEntry {
        scope,
        granted,
        recorded_at,
        effective_at: effective_at(scope, granted, recorded_at, DELAY),
        expires_at: expires_at(scope, granted, recorded_at),
        recipient,
    }
}

fn on(scope: Scope, hours: i64) -> LedgerEntry {
    entry(scope, true, hours, None)
}

fn off(scope: Scope, hours: i64) -> LedgerEntry {
    entry(scope, false, hours, None)
}

const STATUS: Scope = Scope::ShareProgrammeStatus;
const HELP: Scope = Scope::AlertPoliceHelpNow;

fn is_on(entries: &[LedgerEntry], scope: Scope, hours: i64) -> bool {
    standing(entries, scope, None, hour(hours)).granted
}

#[test]
fn only_the_service_itself_starts_on() {
    for scope in Scope::ALL {
        let at_first = standing(&[], scope, None, start());
        let expected =
            ScopeStatus { granted: scope == Scope::ServiceCore, since: None, pending: None, expires_at: None };
        assert_eq!(at_first, expected, "{scope}");
    }
}

#[test]
fn every_scope_has_one_code_and_is_found_by_it() {
    let mut codes: Vec<&str> = Scope::ALL.iter().map(|scope| scope.as_str()).collect();
    for scope in Scope::ALL {
        assert_eq!(scope.as_str().parse(), Ok(scope));
        assert_eq!(scope.to_string(), scope.as_str());
    }
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), 19);
    for code in ["", "service", "SERVICE.CORE", "service.core ", "share.*"] {
        assert_eq!(code.parse::<Scope>(), Err(UnknownScope), "{code:?}");
    }
}

#[test]
fn five_scopes_are_alert_settings() {
    let settings: Vec<&str> =
        Scope::ALL.iter().filter(|scope| scope.is_alert_setting()).map(|scope| scope.as_str()).collect();
    let expected = [
        "alert.police.help_now",
        "alert.police.missed",
        "alert.police.breach",
        "location.moment",
        "location.release_alert",
    ];
    assert_eq!(settings, expected);
}

#[test]
fn withdrawing_a_sharing_scope_bites_at_once() {
    let entries = [on(STATUS, 0), off(STATUS, 5)];
    assert!(standing(&entries[..1], STATUS, None, hour(5)).granted);
    let after = standing(&entries, STATUS, None, hour(5));
    assert!(!after.granted);
    assert_eq!((after.since, after.pending), (Some(hour(5)), None));
    // Nor does a clock set back bring it back.
    assert!(!is_on(&entries, STATUS, 4));
}

#[test]
fn an_alert_setting_turned_on_is_on_at_once() {
    let standing = standing(&[on(HELP, 3)], HELP, None, hour(3));
    assert!(standing.granted);
    assert_eq!(standing.since, Some(hour(3)));
    assert_eq!(standing.expires_at, None);
}

#[test]
fn an_alert_setting_turned_off_stays_on_until_the_delay_has_ended() {
    let entries = [on(HELP, 0), off(HELP, 10)];
    let just_before = hour(34).plus_seconds(-1);
    let before = standing(&entries, HELP, None, just_before);
    assert!(before.granted);
    let pending = Pending { granted: false, effective_at: hour(34) };
    assert_eq!(before.pending, Some(pending));
    let after = standing(&entries, HELP, None, hour(34));
    assert!(!after.granted);
    assert_eq!((after.since, after.pending), (Some(hour(34)), None));
}

#[test]
fn turning_off_again_never_postpones_the_first() {
    let entries = [on(HELP, 0), off(HELP, 10), off(HELP, 20), off(HELP, 33)];
    assert!(is_on(&entries, HELP, 33));
    assert!(!is_on(&entries, HELP, 34));
}

#[test]
fn turning_on_cancels_a_turn_off_that_was_pending() {
    let entries = [on(HELP, 0), off(HELP, 10), on(HELP, 20)];
    let standing = standing(&entries, HELP, None, hour(100));
    assert!(standing.granted);
    assert_eq!((standing.since, standing.pending), (Some(hour(0)), None));
    let again = [entries[0], entries[1], entries[2], off(HELP, 30)];
    assert!(is_on(&again, HELP, 53));
    assert!(!is_on(&again, HELP, 54));
}

#[test]
fn an_advocate_may_confirm_a_turn_off_at_once() {
    let confirmed = LedgerEntry { effective_at: hour(12), ..off(HELP, 12) };
    let entries = [on(HELP, 0), off(HELP, 10), confirmed];
    let standing = standing(&entries, HELP, None, hour(12));
    assert!(!standing.granted);
    assert_eq!(standing.pending, None);
}

#[test]
fn turning_off_what_is_off_leaves_nothing_pending() {
    let standing = standing(&[off(HELP, 0)], HELP, None, hour(1));
    assert!(!standing.granted);
    assert_eq!((standing.since, standing.pending), (Some(hour(0)), None));
}

#[test]
fn an_agreement_with_a_later_beginning_is_pending_until_then() {
    let later = LedgerEntry { effective_at: hour(48), ..on(STATUS, 0) };
    let before = standing(&[later], STATUS, None, hour(47));
    assert!(!before.granted);
    assert!(before.pending.is_some_and(|pending| pending.granted));
    assert!(is_on(&[later], STATUS, 48));
    assert!(!is_on(&[later, off(STATUS, 10)], STATUS, 48));
}

#[test]
fn a_sharing_agreement_runs_out_after_12_months_and_can_be_renewed() {
    let first = on(STATUS, 0);
    let end: Instant = "2027-03-01T12:00:00Z".parse().unwrap();
    assert_eq!(first.expires_at, Some(end));
    assert!(standing(&[first], STATUS, None, end.plus_seconds(-1)).granted);
    let over = standing(&[first], STATUS, None, end);
    assert!(!over.granted);
    assert_eq!((over.since, over.expires_at), (Some(end), Some(end)));
    let renewed = [first, on(STATUS, 100)];
    let standing = standing(&renewed, STATUS, None, end);
    assert!(standing.granted);
    assert_eq!(standing.since, Some(hour(0)));
    assert_eq!(standing.expires_at, Some(end.plus_hours(100)));
}

#[test]
fn agreeing_again_after_a_lapse_or_a_turn_off_begins_anew() {
    let again = on(STATUS, 20_000);
    let standing_of_lapsed = standing(&[on(STATUS, 0), again], STATUS, None, hour(20_000));
    assert_eq!(standing_of_lapsed.since, Some(hour(20_000)));
    let settings = [on(HELP, 0), off(HELP, 10), on(HELP, 40)];
    let standing_of_setting = standing(&settings, HELP, None, hour(40));
    assert_eq!(standing_of_setting.since, Some(hour(40)));
}

#[test]
fn an_agreement_of_29_february_ends_on_28_february() {
    let leap: Instant = "2028-02-29T09:00:00Z".parse().unwrap();
    let end = expires_at(STATUS, true, leap).unwrap();
    assert_eq!(end.to_string(), "2029-02-28T09:00:00Z");
}

#[test]
fn neither_the_service_nor_an_alert_setting_ever_runs_out() {
    for scope in Scope::ALL.into_iter().filter(|scope| !scope.expires()) {
        assert!(scope.is_alert_setting() || scope == Scope::ServiceCore);
        let with_expiry = LedgerEntry { expires_at: Some(hour(1)), ..on(scope, 0) };
        assert!(is_on(&[with_expiry], scope, 20_000), "{scope}");
        assert_eq!(expires_at(scope, true, start()), None);
    }
}

#[test]
fn an_entry_for_no_organisation_covers_all_and_one_for_an_organisation_only_it() {
    let granted = |entries: &[LedgerEntry], recipient| standing(entries, STATUS, recipient, hour(9)).granted;
    let for_all = on(STATUS, 0);
    assert!(granted(&[for_all], ORG_A) && granted(&[for_all], None));
    let only_a = entry(STATUS, true, 1, ORG_A);
    assert!(granted(&[only_a], ORG_A));
    assert!(!granted(&[only_a], ORG_B) && !granted(&[only_a], None));
    let not_b = entry(STATUS, false, 2, ORG_B);
    let all_but_b = [for_all, not_b];
    assert!(granted(&all_but_b, ORG_A) && granted(&all_but_b, None));
    assert!(!granted(&all_but_b, ORG_B));
    let nobody = [only_a, off(STATUS, 3)];
    assert!(!granted(&nobody, ORG_A));
}

mod properties;
