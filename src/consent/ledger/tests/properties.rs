use super::*;

fn scopes() -> impl Strategy<Value = Scope> {
    prop::sample::select(&Scope::ALL[..])
}

/// Entries as the service would record them, in recording order, hours to weeks apart.
fn ledgers() -> impl Strategy<Value = Vec<LedgerEntry>> {
    let scope = prop::sample::select(vec![STATUS, HELP, Scope::ServiceCore]);
    let recipient = prop::sample::select(vec![None, ORG_A, ORG_B]);
    let step = prop_oneof![6 => 0_i64..30, 1 => 0_i64..6_000];
    let line = (scope, any::<bool>(), step, recipient);
    prop::collection::vec(line, 0..20).prop_map(|lines| {
        let mut at = 0;
        lines
            .into_iter()
            .map(|(scope, granted, step, recipient)| {
                at += step;
                entry(scope, granted, at, recipient)
            })
            .collect()
    })
}

/// The same answer by living through it: hour by hour, first what time brings about, then what was recorded.
fn lived(entries: &[LedgerEntry], scope: Scope, recipient: Option<[u8; 16]>, until: i64) -> (bool, Option<Instant>) {
    let mut granted = scope == Scope::ServiceCore;
    let (mut ends, mut turns_off): (Option<Instant>, Option<Instant>) = (None, None);
    let mut rest = entries.iter().peekable();
    let mut is_refused_by_name = false;
    for now in (0..=until).map(hour) {
        if ends.is_some_and(|end| end <= now) || turns_off.is_some_and(|end| end <= now) {
            (granted, ends, turns_off) = (false, None, None);
        }
        while let Some(line) = rest.next_if(|line| line.recorded_at <= now) {
            let for_us = line.recipient.is_none() || line.recipient == recipient;
            if line.scope != scope || !for_us {
                continue;
            }
            if line.recipient.is_some() {
                is_refused_by_name = !line.granted;
            } else if line.granted && is_refused_by_name && !scope.is_alert_setting() {
                continue;
            }
            if line.granted {
                (granted, ends, turns_off) = (true, line.expires_at, None);
            } else if scope.is_alert_setting() && granted {
                turns_off = turns_off.or(Some(line.recorded_at.plus_hours(24)));
            } else {
                (granted, ends) = (false, None);
            }
        }
    }
    (granted, turns_off)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn any_ledger_gives_what_living_through_it_gives(
        entries in ledgers(),
        scope in prop::sample::select(vec![STATUS, HELP, Scope::ServiceCore]),
        recipient in prop::sample::select(vec![None, ORG_A, ORG_B]),
        later in prop_oneof![3 => 0_i64..60, 1 => 0_i64..10_000],
    ) {
        let last = entries.last().map_or(0, |line| line.recorded_at.seconds_since(start()) / 3600);
        let (granted, turns_off) = lived(&entries, scope, recipient, last + later);
        let folded = standing(&entries, scope, recipient, hour(last + later));
        prop_assert_eq!(folded.granted, granted);
        prop_assert_eq!(folded.pending.map(|pending| pending.effective_at), turns_off);
        prop_assert!(folded.pending.is_none_or(|pending| !pending.granted));
    }

    #[test]
    fn an_alert_setting_is_on_until_its_delay_ends_and_off_after(
        setting in scopes().prop_filter("alert settings", |scope| scope.is_alert_setting()),
        before in ledgers(),
        delay in 0_u32..200,
        second in 0_i64..400 * 3600,
    ) {
        let recorded_at = before.last().map_or(start(), |line| line.recorded_at);
        let turned_on = LedgerEntry { recorded_at, effective_at: recorded_at, ..on(setting, 0) };
        let turned_off = LedgerEntry {
            granted: false,
            effective_at: effective_at(setting, false, recorded_at, delay),
            ..turned_on
        };
        let mut entries = before;
        entries.extend([turned_on, turned_off]);
        let end = recorded_at.plus_hours(i64::from(delay));
        let now = recorded_at.plus_seconds(second);
        let standing = standing(&entries, setting, ORG_A, now);
        prop_assert_eq!(standing.granted, now < end);
        prop_assert_eq!(standing.pending.is_some(), now < end);
    }

    #[test]
    fn a_withdrawn_sharing_scope_is_off_from_that_instant(
        sharing in scopes().prop_filter("sharing scopes", |scope| !scope.is_alert_setting()),
        before in ledgers(),
        seconds in 0_i64..100_000,
    ) {
        let recorded_at = before.last().map_or(start(), |line| line.recorded_at);
        let effective_at = effective_at(sharing, false, recorded_at, DELAY);
        let mut entries = before;
        entries.push(LedgerEntry { recorded_at, effective_at, ..off(sharing, 0) });
        let now = recorded_at.plus_seconds(seconds);
        for recipient in [None, ORG_A, ORG_B] {
            let standing = standing(&entries, sharing, recipient, now);
            prop_assert!(!standing.granted);
            prop_assert_eq!(standing.pending, None);
        }
    }

    #[test]
    fn entries_of_other_scopes_change_nothing(entries in ledgers(), seconds in 0_i64..100_000_000) {
        let now = start().plus_seconds(seconds);
        let own: Vec<LedgerEntry> = entries.iter().filter(|line| line.scope == HELP).copied().collect();
        prop_assert_eq!(
            standing(&entries, HELP, ORG_A, now),
            standing(&own, HELP, ORG_A, now)
        );
    }

    #[test]
    fn a_later_clock_only_ever_lowers(
        entries in ledgers(),
        first in 0_i64..9_000,
        more in 0_i64..9_000,
    ) {
        let last = entries.last().map_or(0, |line| line.recorded_at.seconds_since(start()) / 3600);
        for scope in [STATUS, HELP, Scope::ServiceCore] {
            let earlier = standing(&entries, scope, ORG_A, hour(last + first)).granted;
            let later = standing(&entries, scope, ORG_A, hour(last + first + more)).granted;
            prop_assert!(earlier || !later);
        }
    }
}
