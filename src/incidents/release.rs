//! Opening an incident further once something happens: so many check-ins missed in a row, an alert of a level, a date.
//!
//! The survivor says so beforehand, may change it and may call it off until it is met; a session under duress can do
//! neither. `waiting → released | cancelled`, and waiting again where the survivor sets it again. Meeting it (`meet.rs`)
//! only ever opens, never narrows.

mod meet;

use diesel::prelude::*;
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::history;
use super::model::{Incident, IncidentEventKind, IncidentState, Reported, Visibility};
use super::store::{self, find_known};
use crate::db::schema::incident_releases;
use crate::db::{IncidentId, Instant, SubjectId, SurvivorId, text_enum};
use crate::error::{Error, FieldError, Result};
use crate::http::etag::IfMatch;
use crate::identity::{self, ShownAct, Survivor};
use crate::tx::{Subject, Tx};

pub use meet::{release_due, release_on_alert, release_on_missed, show_releases};

text_enum! {
    /// The state of a release.
    pub enum ReleaseState {
        /// There is none.
        None = "none",
        /// It waits for what it was set to.
        Waiting = "waiting",
        /// It was met: the incident was opened.
        Released = "released",
        /// The survivor called it off, or took the incident back.
        Cancelled = "cancelled",
    }
}

text_enum! {
    /// What a release was met by.
    pub enum ReleaseCause {
        /// So many check-ins were missed in a row.
        MissedCheckIns = "missed_check_ins",
        /// An alert reached a level.
        AlertLevel = "alert_level",
        /// The day came.
        Date = "date",
    }
}

/// When an incident is to be opened further: at whichever of these comes first.
#[serde_with::skip_serializing_none]
#[derive(Clone, Copy, Debug, Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReleaseWhenBody {
    /// Who may see it then: further than now.
    #[garde(skip)]
    visibility: Visibility,
    /// When so many of your check-ins were missed in a row.
    #[garde(range(min = 1, max = 10))]
    #[schema(minimum = 1, maximum = 10, example = 2)]
    #[serde(default)]
    missed_check_ins: Option<i32>,
    /// When an alert about you is of this level or above, 2 (concern) to 4 (emergency).
    #[garde(range(min = 2, max = 4))]
    #[schema(minimum = 2, maximum = 4, example = 4)]
    #[serde(default)]
    alert_level: Option<i32>,
    /// At this moment, unless you call it off before.
    #[garde(skip)]
    #[serde(default)]
    at: Option<Instant>,
}

impl ReleaseWhenBody {
    /// What is wrong with it beside an incident that is visible so far, said at a moment.
    pub(super) fn wrong(&self, visibility: Visibility, at: &str, said_at: Instant) -> Vec<FieldError> {
        let mut wrong = Vec::new();
        if self.at.is_some_and(|moment| moment <= said_at) {
            wrong.push(FieldError::new(format!("{at}/at"), "not_allowed", "must be in the future"));
        }
        if self.visibility <= visibility {
            let words = "a release opens further than the incident is open now";
            wrong.push(FieldError::new(format!("{at}/visibility"), "not_allowed", words));
        }
        if self.missed_check_ins.is_none() && self.alert_level.is_none() && self.at.is_none() {
            wrong.push(FieldError::new(at, "missing", "say when: missed check-ins, an alert's level, or a moment"));
        }
        wrong
    }
}

/// A release, as it is now.
#[derive(Clone, Debug, HasQuery, Insertable, AsChangeset)]
#[diesel(table_name = incident_releases, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct Release {
    /// Of which incident.
    pub incident_id: IncidentId,
    /// Whose.
    pub survivor_id: SurvivorId,
    /// Counts from 1; one more for each change.
    pub version: i32,
    /// Its state.
    pub state: ReleaseState,
    /// Who may see the incident then.
    pub visibility: Visibility,
    /// After so many check-ins missed in a row.
    pub missed_check_ins: Option<i32>,
    /// From an alert of this level on.
    pub alert_level: Option<i32>,
    /// At this moment.
    pub release_at: Option<Instant>,
    /// When the worker is to look at it; none once it has ended.
    pub next_action_at: Option<Instant>,
    /// When it was last set.
    pub set_at: Instant,
    /// When it was met or called off.
    pub ended_at: Option<Instant>,
    /// What met it.
    pub ended_by: Option<ReleaseCause>,
    /// Whether a silent alert met it: then the phone shows it as waiting, since it shows nothing of such an alert.
    pub is_silent: bool,
}

/// When your incident is to be opened further.
#[serde_with::skip_serializing_none]
#[derive(Serialize, ToSchema)]
pub struct ReleaseView {
    /// Its state.
    pub state: ReleaseState,
    /// Who may see it then.
    pub visibility: Option<Visibility>,
    /// After so many check-ins missed in a row.
    pub missed_check_ins: Option<i32>,
    /// From an alert of this level on.
    pub alert_level: Option<i32>,
    /// At this moment.
    pub at: Option<Instant>,
    /// When it was met or called off.
    pub ended_at: Option<Instant>,
    /// What met it.
    pub ended_by: Option<ReleaseCause>,
    #[serde(skip)]
    pub(super) version: i32,
}

impl ReleaseView {
    /// The view of a release, or of none.
    #[must_use]
    pub fn of(row: Option<&Release>) -> Self {
        let shown = row.filter(|row| row.is_silent && row.state == ReleaseState::Released).map(as_waiting);
        let row = shown.as_ref().or(row);
        Self {
            state: row.map_or(ReleaseState::None, |row| row.state),
            visibility: row.map(|row| row.visibility),
            missed_check_ins: row.and_then(|row| row.missed_check_ins),
            alert_level: row.and_then(|row| row.alert_level),
            at: row.and_then(|row| row.release_at),
            ended_at: row.and_then(|row| row.ended_at),
            ended_by: row.and_then(|row| row.ended_by),
            version: row.map_or(0, |row| row.version),
        }
    }
}

fn as_waiting(row: &Release) -> Release {
    Release { state: ReleaseState::Waiting, ended_at: None, ended_by: None, ..row.clone() }
}

fn row_of(incident: &Incident, body: &ReleaseWhenBody, version: i32, now: Instant) -> Release {
    Release {
        incident_id: incident.id,
        survivor_id: incident.survivor_id,
        version,
        state: ReleaseState::Waiting,
        visibility: body.visibility,
        missed_check_ins: body.missed_check_ins,
        alert_level: body.alert_level,
        release_at: body.at,
        next_action_at: body.at,
        set_at: now,
        ended_at: None,
        ended_by: None,
        is_silent: false,
    }
}

/// Keeps the release that a new incident came with.
pub(super) fn begin(tx: &mut Tx<'_>, incident: &Incident, body: Option<&ReleaseWhenBody>) -> Result<()> {
    let Some(body) = body else { return Ok(()) };
    let row = row_of(incident, body, 1, tx.now);
    store::insert_release(tx, row)?;
    history::write(tx, incident, IncidentEventKind::ReleaseSet, None, None)
}

/// Sets a release, or another in its place. In a session under duress it is only shown as done.
///
/// # Errors
/// 404 for another's incident, 409 for one that was taken back, 412 when the release was changed meanwhile, 422 for one
/// that opens nothing.
pub(super) fn set(
    tx: &mut Tx<'_>,
    who: &Survivor,
    id: IncidentId,
    read: &IfMatch,
    body: &ReleaseWhenBody,
) -> Result<ReleaseView> {
    let Reported { incident, version: told } = find_known(tx, who, id)?;
    let id = incident.id;
    tx.about(Subject::of("incident", SubjectId(id.0)));
    let known = store::find_release(tx.conn, id)?;
    let shown = if who.is_duress { shown_changes(tx, id)? } else { 0 };
    let version = known.as_ref().map_or(0, |known| known.version) + shown;
    read.check(version)?;
    if incident.state == IncidentState::Withdrawn {
        return Err(Error::wrong_state("this incident was withdrawn"));
    }
    let is_silent = known.as_ref().is_some_and(|known| known.is_silent);
    let wrong = body.wrong(if is_silent { told.visibility } else { incident.visibility }, "", tx.now);
    if !wrong.is_empty() {
        return Err(Error::fields(wrong));
    }
    let row = Release { is_silent, ..row_of(&incident, body, version + 1, tx.now) };
    if who.is_duress {
        identity::show(tx, who.id, ShownAct::SetRelease, id)?;
        return Ok(ReleaseView::of(Some(&row)));
    }
    match known {
        None => store::insert_release(tx, row.clone())?,
        Some(_) if store::update_release(tx, version, &row)? => {}
        Some(_) => return Err(Error::Stale(crate::error::Code::Stale)),
    }
    history::write(tx, &incident, IncidentEventKind::ReleaseSet, None, None)?;
    tx.notify_worker();
    Ok(ReleaseView::of(Some(&row)))
}

/// Calls a release off. In a session under duress it is only shown as done.
///
/// # Errors
/// 404 for another's incident, 409 when none waits any more.
pub(super) fn cancel(tx: &mut Tx<'_>, who: &Survivor, id: IncidentId) -> Result<()> {
    let incident = find_known(tx, who, id)?.incident;
    let id = incident.id;
    tx.about(Subject::of("incident", SubjectId(id.0)));
    let known = store::find_release(tx.conn, id)?;
    if who.is_duress {
        // What a silent alert opened is shown as waiting.
        let waits = known.is_some_and(|known| known.ended_at.is_none() || known.is_silent);
        return cancel_shown(tx, who, (id, waits));
    }
    if known.is_some_and(|known| known.is_silent && known.ended_by.is_some()) {
        // What a silent alert opened is shown as waiting, and so is calling it off.
        tx.outcome("shown_only");
        return Ok(());
    }
    if end_waiting(tx, &incident)? { Ok(()) } else { Err(Error::wrong_state("nothing waits to be released")) }
}

/// How often a session under duress was shown that the release of an incident has changed.
fn shown_changes(tx: &mut Tx<'_>, id: IncidentId) -> Result<i32> {
    let shown = identity::shown(tx.conn, id)?;
    let changes = shown.iter().filter(|(act, _)| matches!(act, ShownAct::SetRelease | ShownAct::CancelRelease));
    Ok(i32::try_from(changes.count()).unwrap_or(i32::MAX))
}

/// Shows a release as called off, where one waits as far as a session under duress was shown.
fn cancel_shown(tx: &mut Tx<'_>, who: &Survivor, (id, waits): (IncidentId, bool)) -> Result<()> {
    let shown = identity::shown(tx.conn, id)?;
    let last = shown
        .iter()
        .rev()
        .find(|(act, _)| matches!(act, ShownAct::SetRelease | ShownAct::CancelRelease | ShownAct::Withdraw));
    if last.map_or(waits, |(act, _)| *act == ShownAct::SetRelease) {
        return identity::show(tx, who.id, ShownAct::CancelRelease, id);
    }
    Err(Error::wrong_state("nothing waits to be released"))
}

/// Ends a release that still waits; false where none does.
pub(super) fn end_waiting(tx: &mut Tx<'_>, incident: &Incident) -> Result<bool> {
    let waiting = store::find_release(tx.conn, incident.id)?.filter(|release| release.ended_at.is_none());
    let Some(waiting) = waiting else { return Ok(false) };
    let ended = Release {
        version: waiting.version + 1,
        state: ReleaseState::Cancelled,
        next_action_at: None,
        ended_at: Some(tx.now),
        ..waiting
    };
    let is_ended = store::end_release(tx, waiting.version, &ended)?;
    if is_ended {
        history::write(tx, incident, IncidentEventKind::ReleaseCancelled, None, None)?;
    }
    Ok(is_ended)
}
