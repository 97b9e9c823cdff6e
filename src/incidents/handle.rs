//! What staff of the survivor's side do with an incident: judge, act, close, and say how grave it is. They never change a
//! word of what the survivor reported.

use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::history;
use super::machine::{self, IncidentAct};
use super::model::{Incident, IncidentEventKind, IncidentState, Visibility};
use super::{store, unread};
use crate::access::{self, SurvivorAccess};
use crate::crypto::Private;
use crate::db::IncidentId;
use crate::error::{Code, Error, Result};
use crate::http::limits;
use crate::identity::{Role, Staff};
use crate::transitions::{self, ActionsView};
use crate::tx::Tx;

/// That an incident was looked at and judged.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TriageBody {
    /// How soon something is to be done, as a code.
    #[garde(inner(custom(limits::code)))]
    #[schema(format = "code", example = "today")]
    #[serde(default)]
    priority: Option<String>,
    /// What was found.
    #[garde(inner(custom(limits::narrative)))]
    #[schema(value_type = Option<String>, format = "narrative")]
    #[serde(default)]
    note: Option<Private>,
}

/// What was done about an incident.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ActBody {
    /// What, as a code.
    #[garde(custom(limits::code))]
    #[schema(format = "code", example = "safety_plan_revised")]
    action: String,
    /// In words.
    #[garde(inner(custom(limits::narrative)))]
    #[schema(value_type = Option<String>, format = "narrative")]
    #[serde(default)]
    note: Option<Private>,
}

/// Why an incident is closed.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CloseBody {
    /// Why, as a code.
    #[garde(custom(limits::code))]
    #[schema(format = "code", example = "done")]
    reason: String,
    /// In words.
    #[garde(inner(custom(limits::narrative)))]
    #[schema(value_type = Option<String>, format = "narrative")]
    #[serde(default)]
    note: Option<Private>,
}

/// How grave an incident is, as a person judges it.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SeverityBody {
    /// 1 to 4: higher than it is, or, for a supervisor alone, lower.
    #[garde(range(min = 1, max = 4))]
    #[schema(minimum = 1, maximum = 4, example = 4)]
    severity: i32,
    /// Why, as a code.
    #[garde(custom(limits::code))]
    #[schema(format = "code", example = "context_learned")]
    reason: String,
    /// Why, in words.
    #[garde(custom(limits::narrative))]
    #[schema(value_type = String, format = "narrative", example = "The gate had been forced.")]
    note: Private,
}

/// The state of an incident.
#[derive(Serialize, ToSchema)]
pub struct IncidentStandingView {
    /// The incident.
    pub id: IncidentId,
    /// Its state.
    pub state: IncidentState,
    /// 1 to 4.
    pub severity: i32,
    /// The newest version of what was reported.
    pub version: i32,
}

impl IncidentStandingView {
    /// The view of an incident.
    #[must_use]
    pub fn of(incident: &Incident) -> Self {
        Self { id: incident.id, state: incident.state, severity: incident.severity, version: incident.version }
    }
}

/// An incident for staff of the survivor's side, and the proof. What was taken back can be found, since acts on it are
/// refused by its state; nothing of it is shown.
pub(super) fn find(tx: &mut Tx<'_>, staff: &Staff, id: IncidentId) -> Result<(SurvivorAccess, Incident)> {
    let incident = store::find_incident(tx.conn, id)?.ok_or(Error::NotFound)?;
    let access = access::survivor(tx, staff, incident.survivor_id)?;
    if incident.visibility == Visibility::Private {
        return Err(Error::NotFound);
    }
    Ok((access, incident))
}

/// The same for reading: never one that was taken back.
pub(super) fn find_shown(tx: &mut Tx<'_>, staff: &Staff, id: IncidentId) -> Result<(SurvivorAccess, Incident)> {
    let (access, incident) = find(tx, staff, id)?;
    if incident.state == IncidentState::Withdrawn {
        return Err(Error::NotFound);
    }
    unread::mark_read(tx, incident.survivor_id, &[id], staff.id)?;
    Ok((access, incident))
}

/// What is open to the caller.
pub(super) fn actions(tx: &mut Tx<'_>, staff: &Staff, id: IncidentId) -> Result<ActionsView> {
    let (_, incident) = find(tx, staff, id)?;
    Ok(machine::actions(incident.state, &transitions::movers(staff)))
}

/// Judges how soon something is to be done.
pub fn triage(tx: &mut Tx<'_>, staff: &Staff, id: IncidentId, body: &TriageBody) -> Result<Incident> {
    let why = (body.priority.as_deref(), body.note.as_ref());
    step(tx, staff, id, (IncidentAct::Triage, IncidentEventKind::Triaged), why)
}

/// Records what was done.
pub fn act(tx: &mut Tx<'_>, staff: &Staff, id: IncidentId, body: &ActBody) -> Result<Incident> {
    let why = (Some(body.action.as_str()), body.note.as_ref());
    step(tx, staff, id, (IncidentAct::Act, IncidentEventKind::Acted), why)
}

/// Closes an incident.
pub fn close(tx: &mut Tx<'_>, staff: &Staff, id: IncidentId, body: &CloseBody) -> Result<Incident> {
    let why = (Some(body.reason.as_str()), body.note.as_ref());
    step(tx, staff, id, (IncidentAct::Close, IncidentEventKind::Closed), why)
}

fn step(
    tx: &mut Tx<'_>,
    staff: &Staff,
    id: IncidentId,
    (act, kind): (IncidentAct, IncidentEventKind),
    (reason, note): (Option<&str>, Option<&Private>),
) -> Result<Incident> {
    let (_, old) = find(tx, staff, id)?;
    let incident = Incident { state: machine::next(old.state, act, &transitions::movers(staff))?, ..old.clone() };
    keep(tx, staff, &old, &incident)?;
    history::write(tx, &incident, kind, reason, note)?;
    Ok(incident)
}

/// Raises an incident's severity or, as a supervisor, lowers it.
///
/// # Errors
/// 403 for lowering as anybody else, 409 where it is that already or the incident was taken back.
pub fn rate(tx: &mut Tx<'_>, staff: &Staff, id: IncidentId, body: &SeverityBody) -> Result<Incident> {
    let (_, old) = find(tx, staff, id)?;
    if old.state == IncidentState::Withdrawn || body.severity == old.severity {
        return Err(Error::wrong_state("the severity of this incident cannot become that"));
    }
    let lowers = body.severity < old.severity;
    if lowers && !staff.is(Role::Supervisor) {
        return Err(Error::Forbidden(Code::WrongRole));
    }
    let kind = if lowers { IncidentEventKind::SeverityLowered } else { IncidentEventKind::SeverityRaised };
    let incident = Incident { severity: body.severity, ..old.clone() };
    keep(tx, staff, &old, &incident)?;
    history::write(tx, &incident, kind, Some(&body.reason), Some(&body.note))?;
    Ok(incident)
}

/// Lets the survivor's phone show an incident that staff wrote down for them, once it is known that it is safe.
///
/// # Errors
/// 409 where the phone may show it already.
pub fn show(tx: &mut Tx<'_>, staff: &Staff, id: IncidentId) -> Result<Incident> {
    let (_, old) = find(tx, staff, id)?;
    if !old.is_off_phone {
        return Err(Error::wrong_state("the phone may show this incident already"));
    }
    let incident = Incident { is_off_phone: false, ..old.clone() };
    keep(tx, staff, &old, &incident)?;
    history::write(tx, &incident, IncidentEventKind::Shown, None, None)?;
    Ok(incident)
}

fn keep(tx: &mut Tx<'_>, staff: &Staff, old: &Incident, incident: &Incident) -> Result<()> {
    if !store::update_incident(tx, old, incident)? {
        return Err(Error::wrong_state("this incident has changed meanwhile"));
    }
    unread::mark_read(tx, incident.survivor_id, &[incident.id], staff.id)
}
