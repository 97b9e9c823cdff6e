//! Meeting a release: what `escalation` tells of, in the transaction that found it out, and what the day brings.
//!
//! The incident is opened as far as the survivor had said, never less than it is open already. It is reported to the advocate
//! as a task, waits to be read, and is stated again where those who now see it knew nothing before.

use super::{Release, ReleaseCause, ReleaseState};
use crate::app::App;
use crate::db::{IncidentId, Instant, SubjectId, SurvivorId};
use crate::error::{Result, isolate};
use crate::events::Event;
use crate::incidents::history;
use crate::incidents::model::{Incident, IncidentEventKind, IncidentState, Reported, Visibility};
use crate::incidents::report::submit;
use crate::incidents::severity::Nature;
use crate::incidents::{store, unread};
use crate::tx::{Subject, Tx};

/// Releases looked at in one go.
const BATCH: i64 = 500;

/// Opens what was to be opened once so many check-ins were missed in a row. What cannot be read waits on, and undoes no miss.
pub fn release_on_missed(tx: &mut Tx<'_>, survivor: SurvivorId, in_a_row: u32) -> Result<()> {
    let missed = i32::try_from(in_a_row).unwrap_or(i32::MAX);
    for release in store::list_waiting(tx.conn, survivor)? {
        if release.missed_check_ins.is_some_and(|most| missed >= most) {
            meet_if_readable(tx, &Release { is_silent: false, ..release }, ReleaseCause::MissedCheckIns)?;
        }
    }
    Ok(())
}

/// Opens what was to be opened once an alert has a level; a drill is no alert. Of what a silent one opens the phone shows
/// nothing. What cannot be read waits on, and undoes no alert.
pub fn release_on_alert(tx: &mut Tx<'_>, survivor: SurvivorId, level: i32, is_silent: bool) -> Result<()> {
    for release in store::list_waiting(tx.conn, survivor)? {
        if release.alert_level.is_some_and(|least| level >= least) {
            meet_if_readable(tx, &Release { is_silent, ..release }, ReleaseCause::AlertLevel)?;
        }
    }
    Ok(())
}

/// Shows the phone what silent alerts opened, once the advocate knows that it is safe.
pub fn show_releases(tx: &mut Tx<'_>, survivor: SurvivorId) -> Result<()> {
    store::show_releases(tx.conn, survivor)
}

/// Opens what is due by the clock, each in a transaction of its own. Returns how many were opened.
pub async fn release_due(app: &App) -> Result<usize> {
    let now = app.clock.now();
    let due = app.db.read(move |conn| store::list_releases_due(conn, now, BATCH)).await?;
    Ok(app.each(due, "release_incident", release_one).await)
}

fn release_one(tx: &mut Tx<'_>, id: IncidentId) -> Result<bool> {
    let now = tx.now;
    let due = |release: &Release| release.next_action_at.is_some_and(|at: Instant| at <= now);
    let Some(release) = store::find_release(tx.conn, id)?.filter(due) else {
        tx.outcome("not_due");
        return Ok(false);
    };
    tx.about(Subject::of("survivor", release.survivor_id));
    meet(tx, &Release { is_silent: false, ..release }, ReleaseCause::Date)
}

fn meet_if_readable(tx: &mut Tx<'_>, release: &Release, cause: ReleaseCause) -> Result<()> {
    isolate(meet(tx, release, cause).map(drop), |error| {
        tracing::error!(incident = %release.incident_id, %error, "an incident that waits to be opened cannot be read");
    })
}

/// Opens one incident; false where somebody else ended the release meanwhile.
fn meet(tx: &mut Tx<'_>, release: &Release, cause: ReleaseCause) -> Result<bool> {
    // Whether it can be read, before anything is written: else it is left as it is. What counts is read once it is ours.
    store::find_reported(tx.conn, release.incident_id)?.map(|reported| reported.behaviours()).transpose()?;
    let ended = Release {
        state: ReleaseState::Released,
        next_action_at: None,
        ended_at: Some(tx.now),
        ended_by: Some(cause),
        ..release.clone()
    };
    if !store::end_release(tx, release.version, &ended)? {
        return Ok(false);
    }
    let Some(reported) = store::find_reported(tx.conn, release.incident_id)? else { return Ok(true) };
    let (before, was_withdrawn) = (reported.incident.visibility, reported.incident.state == IncidentState::Withdrawn);
    if was_withdrawn || before >= release.visibility {
        return Ok(true);
    }
    store::widen(tx, release.incident_id, release.visibility)?;
    let incident = Incident { visibility: release.visibility, ..reported.incident };
    let reported = Reported { incident, ..reported };
    let incident = &reported.incident;
    let reason = if release.is_silent { history::SILENT } else { cause.as_str() };
    history::write(tx, incident, IncidentEventKind::Released, Some(reason), None)?;
    tx.note("release_incident", Subject::of("incident", SubjectId(incident.id.0)), cause.as_str());
    unread::await_reading(tx, incident)?;
    tx.emit(Event::IncidentReleased {
        survivor: incident.survivor_id,
        incident: incident.id,
        visibility: release.visibility.as_str(),
        cause: cause.as_str(),
    });
    emit_again(tx, &reported, before)?;
    Ok(true)
}

/// States the incident for those who see it from now on: all of it where nobody saw it before, and a breach where the
/// police do now. That it was going on is over.
fn emit_again(tx: &mut Tx<'_>, reported: &Reported, before: Visibility) -> Result<()> {
    let incident = &reported.incident;
    let was_private = before == Visibility::Private;
    let is_breach_for_police = incident.visibility == Visibility::Police && incident.order_condition_id.is_some();
    if !was_private && !is_breach_for_police {
        return Ok(());
    }
    let nature = Nature::of(&reported.behaviours()?);
    let report = submit::report_of(reported, nature)?;
    let report = crate::events::IncidentReport { is_happening_now: false, ..report };
    tx.emit(Event::IncidentReported { survivor: incident.survivor_id, incident: incident.id, report });
    if was_private {
        submit::emit_patterns(tx, incident, &[])?;
    }
    Ok(())
}
