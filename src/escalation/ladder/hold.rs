//! Holding steps back: in a storm of misses, under a silence, and beneath an open emergency. Never an emergency itself,
//! never a recording, and never without an end.

pub(in crate::escalation) mod model;

use crate::db::{HoldId, Instant, OrganisationId, SurvivorId};
use crate::error::Result;
use crate::escalation::alerts;
use crate::escalation::alerts::history::{self, Detail};
use crate::escalation::alerts::model::{AlertRow, RuleGroup};
use crate::escalation::ladder::store;
use crate::tx::Tx;

pub use model::{AlertHoldRow, HoldReason};

/// Survivors of one organisation who miss a check-in within [`STORM_WINDOW_MINUTES`]: that many at once are an outage of
/// a network rather than danger to each of them.
pub const STORM_SURVIVORS: usize = 10;
/// Minutes over which misses are counted.
pub const STORM_WINDOW_MINUTES: i64 = 5;
/// The longest that a storm holds an alert back, from when it was raised.
const STORM_HOLD_MINUTES: i64 = 10;
/// Minutes after which it is looked again whether an emergency is still open.
const EMERGENCY_LOOK_MINUTES: i64 = 5;

/// What is true around an alert, as far as it decides whether its steps are held back.
#[derive(Clone, Copy, Debug)]
pub struct Around {
    /// When the alert was raised.
    pub raised_at: Instant,
    /// How many survivors of the organisation missed a check-in within the window.
    pub missed_survivors: usize,
    /// Until when a silence covers it.
    pub silenced_until: Option<Instant>,
    /// Whether another alert of the same survivor is an open emergency.
    pub has_open_emergency: bool,
}

/// Whether steps that are due now are held back, why, and until when.
///
/// A storm holds back misses of level 2 alone, for ten minutes from when each was raised; an emergency is never held. What may
/// be somebody else's hand on a phone or a code word is not held back by an emergency: closing it may depend on that.
#[must_use]
pub fn decide(level: i32, group: RuleGroup, around: &Around, now: Instant) -> Option<(HoldReason, Instant)> {
    if level >= 4 {
        return None;
    }
    if around.has_open_emergency && group != RuleGroup::Device {
        return Some((HoldReason::OpenEmergency, now.plus_minutes(EMERGENCY_LOOK_MINUTES)));
    }
    if let Some(until) = around.silenced_until.filter(|until| *until > now) {
        return Some((HoldReason::Silence, until));
    }
    let storm_ends_at = around.raised_at.plus_minutes(STORM_HOLD_MINUTES);
    let is_storm = around.missed_survivors >= STORM_SURVIVORS && level <= 2 && group == RuleGroup::Missed;
    (is_storm && now < storm_ends_at).then_some((HoldReason::Storm, storm_ends_at))
}

/// The same for an alert as it is kept.
pub(in crate::escalation) fn of(tx: &mut Tx<'_>, alert: &AlertRow) -> Result<Option<(HoldReason, Instant)>> {
    if alert.level >= 4 {
        return Ok(None);
    }
    let now = tx.now;
    let since = now.plus_minutes(-STORM_WINDOW_MINUTES);
    let may_storm = alert.level <= 2 && alert.rule_group == RuleGroup::Missed;
    let around = Around {
        raised_at: alert.raised_at,
        missed_survivors: match may_storm {
            true => store::count_missed_survivors(tx.conn, alert.organisation_id, since, STORM_SURVIVORS)?,
            false => 0,
        },
        silenced_until: store::silenced_until(tx.conn, alert, now)?,
        has_open_emergency: store::has_open_emergency(tx.conn, alert)?,
    };
    Ok(decide(alert.level, alert.rule_group, &around, now))
}

/// Records that an alert's steps are held back: one line a spell, however often it is looked at again.
pub(in crate::escalation) fn record(
    tx: &mut Tx<'_>,
    alert: &AlertRow,
    (reason, until): (HoldReason, Instant),
) -> Result<()> {
    let last = store::find_last_hold(tx.conn, alert.id)?;
    if let Some(hold) = last.filter(|hold| hold.reason == reason && hold.until_at >= tx.now) {
        return store::set_hold_end(tx.conn, hold.id, until);
    }
    let row = AlertHoldRow {
        id: HoldId::new(tx.now),
        alert_id: alert.id,
        organisation_id: alert.organisation_id,
        reason,
        held_at: tx.now,
        until_at: until,
    };
    store::insert_hold(tx.conn, row)?;
    history::write(tx, alert, &Detail::Held { reason, until }, None)
}

/// Records that a notice outside of the steps is held back. Where the steps are held already, their hold stays as it is.
pub(in crate::escalation) fn note(tx: &mut Tx<'_>, alert: &AlertRow, held: (HoldReason, Instant)) -> Result<()> {
    let last = store::find_last_hold(tx.conn, alert.id)?;
    let is_known = last.is_some_and(|hold| hold.reason == held.0 && hold.until_at > tx.now);
    if is_known { Ok(()) } else { record(tx, alert, held) }
}

/// What held alerts back for a reason is over: those that nothing else holds climb on at once, and their holds are past. An
/// alert that climbs by its own times since, or is held by something else as well, takes no step sooner.
pub(in crate::escalation) fn release(
    tx: &mut Tx<'_>,
    organisation: OrganisationId,
    survivor: Option<SurvivorId>,
    reason: HoldReason,
) -> Result<()> {
    for hold in store::list_live_holds(tx.conn, organisation, reason, tx.now)? {
        let Some(mut alert) = alerts::store::find(tx.conn, hold.alert_id)? else { continue };
        if survivor.is_some_and(|survivor| alert.survivor_id != survivor) {
            continue;
        }
        let held = of(tx, &alert)?;
        if held.is_some_and(|(still, until)| still == reason && until >= hold.until_at) {
            continue;
        }
        let mut standing = alert.standing()?;
        let is_moved = standing.release(hold.until_at, held.map_or(tx.now, |(_, until)| until));
        if is_moved {
            alert.stand(&standing)?;
            alerts::store::keep(tx, &mut alert)?;
        }
        match held.filter(|_| is_moved) {
            Some((still, until)) if still == reason => store::set_hold_end(tx.conn, hold.id, until)?,
            Some(held) => {
                store::set_hold_end(tx.conn, hold.id, tx.now)?;
                record(tx, &alert, held)?;
            }
            None => store::set_hold_end(tx.conn, hold.id, tx.now)?,
        }
    }
    tx.notify_worker();
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn noon() -> Instant {
        "2026-11-21T12:00:00Z".parse().unwrap()
    }

    fn calm() -> Around {
        Around { raised_at: noon(), missed_survivors: 0, silenced_until: None, has_open_emergency: false }
    }

    #[test]
    fn a_storm_holds_a_concern_ten_minutes_from_when_it_was_raised_and_nothing_graver() {
        let storm = Around { missed_survivors: STORM_SURVIVORS, ..calm() };
        let held = |level, group, around: &Around, minutes| {
            decide(level, group, around, noon().plus_minutes(minutes)).map(|(reason, _)| reason)
        };
        assert_eq!(held(2, RuleGroup::Missed, &storm, 0), Some(HoldReason::Storm));
        assert_eq!(held(2, RuleGroup::Missed, &storm, 9), Some(HoldReason::Storm));
        assert_eq!(held(2, RuleGroup::Missed, &storm, 10), None);
        assert_eq!(held(3, RuleGroup::Missed, &storm, 0), None);
        assert_eq!(held(4, RuleGroup::Missed, &storm, 0), None);
        assert_eq!(held(2, RuleGroup::Concern, &storm, 0), None);
        let few = Around { missed_survivors: STORM_SURVIVORS - 1, ..calm() };
        assert_eq!(held(2, RuleGroup::Missed, &few, 0), None);
    }

    #[test]
    fn an_open_emergency_comes_before_a_silence_and_a_silence_that_is_over_holds_nothing() {
        let silenced = Around { silenced_until: Some(noon().plus_hours(3)), ..calm() };
        assert_eq!(decide(3, RuleGroup::Breach, &silenced, noon()), Some((HoldReason::Silence, noon().plus_hours(3))));
        assert_eq!(decide(3, RuleGroup::Breach, &silenced, noon().plus_hours(3)), None);
        let both = Around { has_open_emergency: true, ..silenced };
        let until = noon().plus_minutes(EMERGENCY_LOOK_MINUTES);
        assert_eq!(decide(3, RuleGroup::Breach, &both, noon()), Some((HoldReason::OpenEmergency, until)));
    }

    proptest! {
        #[test]
        fn an_emergency_is_never_held_and_every_hold_ends_in_the_future(
            level in 2..=5_i32, group in prop::sample::select(RuleGroup::ALL), missed in 0..100_usize,
            silenced in prop::option::of(-600..1_440_i64), has_open_emergency: bool, late in 0..3_000_i64,
        ) {
            let now = noon().plus_minutes(late);
            let silenced_until = silenced.map(|minutes| now.plus_minutes(minutes));
            let around = Around { raised_at: noon(), missed_survivors: missed, silenced_until, has_open_emergency };
            match decide(level, group, &around, now) {
                Some((_, until)) => {
                    prop_assert!(level < 4);
                    prop_assert!(until > now && until <= now.plus_hours(24));
                }
                None => prop_assert!(level >= 4 || !has_open_emergency || group == RuleGroup::Device),
            }
        }
    }
}
