use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::consent::ledger::{self, LedgerEntry};
use crate::db::Instant;

fn find(found: &[Redaction], what: Withheld) -> Option<(Reason, Option<&'static str>)> {
    found.iter().find(|redaction| redaction.what == what).map(|redaction| (redaction.reason, redaction.scope))
}

fn no(scope: Scope) -> Option<(Reason, Option<&'static str>)> {
    Some((Reason::NoAgreement, Some(scope.as_str())))
}

#[test]
fn without_agreement_the_programme_is_told_which_scope_each_kind_takes() {
    let found = redactions(Side::Programme, Bridge::Open, |scope| scope == SERVICE);
    assert_eq!(found.len(), SHARED.len() + 1);
    assert_eq!(find(&found, Withheld::SurvivorIdentity), Some((Reason::OtherSide, None)));
    assert_eq!(find(&found, Withheld::CheckIns), no(STATUS));
    assert_eq!(find(&found, Withheld::Alerts), no(STATUS));
    assert_eq!(find(&found, Withheld::Incidents), no(SUMMARY));
}

#[test]
fn an_account_takes_both_scopes_and_a_note_too() {
    let found = redactions(Side::Programme, Bridge::Open, |scope| [SERVICE, SUMMARY, STATUS].contains(&scope));
    assert_eq!(find(&found, Withheld::IncidentAccounts), no(FULL));
    assert_eq!(find(&found, Withheld::CheckInNotes), no(VOICE));
    let found = redactions(Side::Programme, Bridge::Open, |scope| [SERVICE, FULL, VOICE].contains(&scope));
    assert_eq!(find(&found, Withheld::IncidentAccounts), no(SUMMARY));
    assert_eq!(find(&found, Withheld::CheckInNotes), no(STATUS));
}

#[test]
fn whoever_left_the_service_shares_nothing() {
    let found = redactions(Side::Programme, Bridge::Open, |scope| scope != SERVICE);
    assert!(SHARED.iter().all(|(what, _)| find(&found, *what) == no(SERVICE)));
}

#[test]
fn with_every_agreement_only_identity_and_single_incidents_stay_back() {
    let found = redactions(Side::Programme, Bridge::Open, |_| true);
    let rest: Vec<_> = found.iter().map(|redaction| (redaction.what, redaction.reason)).collect();
    let visibility = Reason::Visibility;
    assert_eq!(
        rest,
        [
            (Withheld::SurvivorIdentity, Reason::OtherSide),
            (Withheld::Incidents, visibility),
            (Withheld::IncidentAccounts, visibility),
        ]
    );
}

#[test]
fn before_both_approved_and_after_the_end_neither_side_sees_the_other() {
    let found = redactions(Side::Programme, Bridge::NotActive, |_| true);
    assert!(SHARED.iter().all(|(what, _)| find(&found, *what) == Some((Reason::CaseNotActive, None))));
    let found = redactions(Side::Support, Bridge::NotActive, |_| true);
    for what in [Withheld::Goals, Withheld::Sessions, Withheld::Orders, Withheld::Observations] {
        assert_eq!(find(&found, what), Some((Reason::CaseNotActive, None)));
    }
}

#[test]
fn in_a_session_everything_of_the_survivor_stays_back_and_what_stands_out_too() {
    let found = redactions(Side::Programme, Bridge::InSession, |_| true);
    for (what, _) in SHARED {
        assert_eq!(find(&found, what), Some((Reason::InSession, None)));
    }
    assert_eq!(find(&found, Withheld::Signals), Some((Reason::InSession, None)));
}

const OURS: [u8; 16] = [1; 16];
const OTHERS: [u8; 16] = [2; 16];
const SCOPES: [Scope; 5] = [SERVICE, STATUS, SUMMARY, FULL, VOICE];

/// One decision: a scope, on or off, for whom, and hours since the one before.
type Decision = (Scope, bool, Option<[u8; 16]>, i64);

fn decisions() -> impl Strategy<Value = Vec<Decision>> {
    let recipient = prop::sample::select(vec![None, None, Some(OURS), Some(OTHERS)]);
    // Now and then more than a year, so that agreements run out on the way.
    let hours = prop_oneof![8 => 0..200_i64, 1 => 8_000..10_000_i64];
    prop::collection::vec((prop::sample::select(&SCOPES[..]), any::<bool>(), recipient, hours), 0..24)
}

fn line((scope, granted, recipient, _): Decision, at: Instant) -> LedgerEntry {
    let effective_at = ledger::effective_at(scope, granted, at, 24);
    let expires_at = ledger::expires_at(scope, granted, at);
    LedgerEntry { scope, granted, recorded_at: at, effective_at, expires_at, recipient }
}

/// The kinds that the programme's side sees, from what is agreed to.
fn seen(agreed: impl Fn(Scope) -> bool) -> BTreeSet<&'static str> {
    let withheld = redactions(Side::Programme, Bridge::Open, agreed);
    let kinds = SHARED.iter().map(|(what, _)| *what);
    kinds
        .filter(|what| find(&withheld, *what).is_none_or(|(why, _)| why == Reason::Visibility))
        .map(Withheld::as_str)
        .collect()
}

/// The same from what `docs/domain.md` says of scopes, of those that are on.
fn told(on: &BTreeSet<&'static str>) -> BTreeSet<&'static str> {
    let is_on = |scope: Scope| on.contains(scope.as_str()) && on.contains("service.core");
    let mut kinds = BTreeSet::new();
    if is_on(STATUS) {
        kinds.extend(["check_ins", "alerts", "case_notes", "case_concerns"]);
        if is_on(VOICE) {
            kinds.insert("check_in_notes");
        }
    }
    if is_on(SUMMARY) {
        kinds.insert("incidents");
        if is_on(FULL) {
            kinds.insert("incident_accounts");
        }
    }
    kinds
}

proptest! {
    /// After each decision, what is seen is what replaying the ledger says: lived through one decision after another,
    /// and folded from the whole of it at any later time.
    #[test]
    fn any_order_of_grants_and_withdrawals_shows_what_replaying_the_ledger_shows(made in decisions(), later in 0..20_000_i64) {
        let mut now: Instant = "2026-11-21T12:00:00Z".parse().unwrap();
        let (mut entries, mut on) = (Vec::new(), BTreeSet::from(["service.core"]));
        let mut ends: Vec<(&'static str, Instant)> = Vec::new();
        let mut refused_by_name: BTreeSet<&'static str> = BTreeSet::new();
        let lapse = |on: &mut BTreeSet<&'static str>, ends: &mut Vec<(&'static str, Instant)>, now: Instant| {
            for (scope, _) in ends.iter().filter(|(_, end)| *end <= now) {
                on.remove(scope);
            }
            ends.retain(|(_, end)| *end > now);
        };
        for decision in made {
            let (scope, granted, recipient, hours) = decision;
            now = now.plus_hours(hours);
            lapse(&mut on, &mut ends, now);
            entries.push(line(decision, now));
            match recipient {
                Some(OURS) if granted => drop(refused_by_name.remove(scope.as_str())),
                Some(OURS) => drop(refused_by_name.insert(scope.as_str())),
                _ => {}
            }
            // An agreement for everybody does not let in whom the survivor refused by name.
            let is_kept_out = recipient.is_none() && granted && refused_by_name.contains(scope.as_str());
            if recipient.is_none_or(|recipient| recipient == OURS) && !is_kept_out {
                ends.retain(|(of, _)| *of != scope.as_str());
                if granted {
                    on.insert(scope.as_str());
                    ends.extend(ledger::expires_at(scope, true, now).map(|end| (scope.as_str(), end)));
                } else {
                    on.remove(scope.as_str());
                }
            }
            let folded = |scope| ledger::standing(&entries, scope, Some(OURS), now).granted;
            prop_assert_eq!(seen(folded), told(&on));
        }
        now = now.plus_hours(later);
        lapse(&mut on, &mut ends, now);
        let folded = |scope| ledger::standing(&entries, scope, Some(OURS), now).granted;
        prop_assert_eq!(seen(folded), told(&on));
    }

    /// A kind is seen or named among what is withheld, never neither; what is withheld wholly is never seen.
    #[test]
    fn what_is_not_seen_is_named(agreed in prop::collection::vec(any::<bool>(), SCOPES.len())) {
        let is_on = |scope: Scope| SCOPES.iter().zip(&agreed).any(|(of, on)| *of == scope && *on);
        for bridge in [Bridge::Open, Bridge::NotActive, Bridge::InSession] {
            let found = redactions(Side::Programme, bridge, is_on);
            for (what, scopes) in SHARED {
                let sees = bridge == Bridge::Open && scopes.iter().all(|scope| is_on(*scope));
                let named = find(&found, what).is_some_and(|(why, _)| why != Reason::Visibility);
                prop_assert_eq!(sees, !named, "{:?}", what);
            }
        }
    }
}
