//! When somebody cannot see to anything any more, since their account was taken out of use: what waited for them waits for
//! others, at once.

use std::collections::BTreeSet;

use super::ladder::Audience;
use super::model::{AlertRow, AlertState, HistoryKind, HistoryRow};
use super::{climb, steps, store, tasks};
use crate::access;
use crate::contact;
use crate::db::{OrganisationId, StaffId, SubjectId};
use crate::error::{Result, contain};
use crate::identity::{self, Role};
use crate::tx::Tx;

/// Hands over what waited for somebody: the alerts of their organisation, and to its supervisors whomever they worked with.
pub(super) fn hand_over(tx: &mut Tx<'_>, staff: StaffId, organisation: Option<OrganisationId>) -> Result<()> {
    contact::forget_staff(tx, staff)?;
    let Some(organisation) = organisation else { return Ok(()) };
    for alert in store::list_unclosed(tx.conn, organisation)? {
        let id = alert.id;
        contain(hand_over_alert(tx, &alert, staff), |error| {
            tracing::error!(alert = %id, %error, "an alert could not be handed over; it climbs on as it was");
        })?;
    }
    if access::is_assigned(tx.conn, staff)? {
        for supervisor in identity::list_staff_with_role(tx.conn, organisation, Role::Supervisor)? {
            contact::tell_staff(tx, supervisor, "assignments", contact::QUIET)?;
        }
    }
    Ok(())
}

/// One that they had taken up climbs again. One that nobody has taken up is told anew to those whom they were told as.
fn hand_over_alert(tx: &mut Tx<'_>, alert: &AlertRow, staff: StaffId) -> Result<()> {
    store::lock_survivor(tx.conn, alert.survivor_id)?;
    let found = store::find(tx.conn, alert.id)?.filter(|alert| !alert.is_closed());
    let Some(mut alert) = found else { return Ok(()) };
    let lines = store::list_history(tx.conn, alert.id)?;
    let is_changed = match alert.state {
        AlertState::Acknowledged if is_taken_up_by(&lines, staff) => {
            let mut standing = alert.standing()?;
            standing.let_go(tx.now);
            alert.stand(&standing)?;
            tx.wake();
            true
        }
        AlertState::Open => {
            let audiences: Vec<Audience> = told_as(&lines, staff).into_iter().collect();
            let is_told = !audiences.is_empty();
            if is_told {
                steps::tell_anew(tx, &mut alert, audiences)?;
            }
            is_told
        }
        _ => false,
    };
    if is_changed {
        climb::keep(tx, &mut alert)?;
    }
    if steps::holders(tx, &alert, Role::Supervisor)?.is_empty() && tasks::give_to_advocates(tx, &alert)? {
        let advocates = steps::advocates(tx, alert.survivor_id, alert.organisation_id)?;
        steps::notify(tx, &alert, advocates)?;
    }
    Ok(())
}

/// Whether it is them on whom everybody else relies.
fn is_taken_up_by(lines: &[HistoryRow], staff: StaffId) -> bool {
    let takes_up = |line: &&HistoryRow| {
        matches!(line.kind, HistoryKind::Acknowledged | HistoryKind::Progress | HistoryKind::PoliceAcknowledged)
    };
    lines.iter().rev().find(takes_up).is_some_and(|line| line.actor_id == Some(SubjectId::from(staff)))
}

/// As what they were told, since something last happened to the survivor.
fn told_as(lines: &[HistoryRow], staff: StaffId) -> BTreeSet<Audience> {
    let since = lines.iter().rev().take_while(|line| !line.kind.is_trigger());
    let told = since.filter_map(|line| line.detail.0.get("told")?.as_array()).flatten();
    let theirs = told.filter(|line| {
        let people = line.get("staff").and_then(serde_json::Value::as_array);
        people.is_some_and(|people| people.iter().any(|person| person.as_str() == Some(&staff.to_string())))
    });
    theirs.filter_map(|line| serde_json::from_value(line.get("audience")?.clone()).ok()).collect()
}
