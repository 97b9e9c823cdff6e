//! What the survivor says of a file after it was sent: which incident it belongs to, and who may see it where it belongs to
//! none. What belongs to an incident is seen as the incident is.

use garde::Validate;
use serde::Deserialize;
use utoipa::ToSchema;

use super::model::{Evidence, SHOWN_TO, shown_to, visible_to};
use super::states::EvidenceState;
use super::{acts, store};
use crate::access;
use crate::app::App;
use crate::db::{EvidenceId, IncidentId};
use crate::error::{Code, Error, Result};
use crate::identity::{self, Survivor};
use crate::incidents::{self, FileHome, Visibility};
use crate::tx::{Subject, Tx};

/// What changes of a file: one of the two.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PatchEvidenceBody {
    /// The incident, or the draft of one, that it belongs to from now on; then who may see it is what the incident says.
    #[garde(skip)]
    #[serde(default)]
    incident_id: Option<IncidentId>,
    /// Who may see it, where it belongs to no incident.
    #[garde(skip)]
    #[serde(default)]
    visibility: Option<Visibility>,
}

/// The incident or draft with an id, for a file to belong to.
///
/// # Errors
/// 422 for one that the session does not know of.
pub fn home(tx: &mut Tx<'_>, who: &Survivor, id: IncidentId) -> Result<FileHome> {
    incidents::find_file_home(tx, who, id)?.ok_or_else(|| Error::invalid(Code::UnknownReference))
}

/// Changes one of the caller's own files.
///
/// # Errors
/// 404 for another's, 409 for one that is gone, is held or belongs to another incident, 422 for an incident that there is
/// not, or where neither or both are said.
pub fn change(tx: &mut Tx<'_>, who: &Survivor, id: EvidenceId, body: &PatchEvidenceBody) -> Result<Evidence> {
    let found = store::find_own(tx.conn, &access::own(who), id)?.filter(|file| file.is_duress == who.is_duress);
    let found = found.ok_or(Error::NotFound)?;
    let file = if who.is_duress { acts::as_shown(tx.conn, found.clone())? } else { found.clone() };
    if file.state.is_off_screens() {
        return Err(Error::NotFound);
    }
    let changed = match (body.incident_id, body.visibility) {
        (Some(incident), None) => tie(tx, who, &found, incident)?,
        (None, Some(visibility)) => show(tx, who, &found, visibility)?,
        (Some(_), Some(_)) => return Err(said_by_the_incident()),
        (None, None) => {
            let words = "say which incident it belongs to, or who may see it";
            return Err(Error::field("/incident_id", "missing", words));
        }
    };
    tx.about(Subject::of("evidence", id));
    Ok(changed)
}

fn said_by_the_incident() -> Error {
    Error::field("/visibility", "not_allowed", "the incident says who may see it")
}

/// A file of which nothing may change: a hold keeps it where it is seen, and one that is gone belongs nowhere.
fn may_change(file: &Evidence) -> Result<()> {
    match file.state {
        EvidenceState::Uploading | EvidenceState::Kept => Ok(()),
        EvidenceState::Held => Err(Error::Conflict(Code::EvidenceHeld, Code::EvidenceHeld.title().into())),
        _ => Err(Error::wrong_state("this file is gone")),
    }
}

fn tie(tx: &mut Tx<'_>, who: &Survivor, file: &Evidence, id: IncidentId) -> Result<Evidence> {
    if file.belongs_to() == Some(id) {
        return Ok(file.clone());
    }
    may_change(file)?;
    if file.incident_id.is_some() {
        return Err(Error::wrong_state("this file belongs to another incident"));
    }
    let tied = match home(tx, who, id)? {
        FileHome::Incident(incident) => Evidence { incident_id: Some(incident), draft_id: None, ..file.clone() },
        FileHome::Draft(draft) => Evidence { draft_id: Some(draft), visibility: Visibility::Private, ..file.clone() },
    };
    keep(tx, file, tied)
}

fn show(tx: &mut Tx<'_>, who: &Survivor, file: &Evidence, visibility: Visibility) -> Result<Evidence> {
    if file.belongs_to().is_some() {
        return Err(said_by_the_incident());
    }
    may_change(file)?;
    let changed = Evidence { visibility, ..file.clone() };
    if who.is_duress {
        identity::show_last(tx, who.id, (shown_to(visibility), SHOWN_TO.as_slice()), file.id)?;
        if visibility < file.visibility {
            // Nothing that others see is hidden from them in such a session; it is only shown as done.
            tx.outcome("shown_only");
            return Ok(changed);
        }
    }
    keep(tx, file, changed)
}

/// A file for the phone: under duress as visible as that session was shown. Asked in any session, so that the time taken tells
/// nothing.
pub async fn for_phone(app: &App, who: &Survivor, file: Evidence) -> Result<Evidence> {
    let (id, is_duress) = (file.id, who.is_duress);
    let shown = app.db.read(move |conn| identity::shown(conn, id)).await?;
    let told = shown.into_iter().find_map(|(act, _)| visible_to(act)).filter(|_| is_duress);
    Ok(Evidence { visibility: told.unwrap_or(file.visibility), ..file })
}

fn keep(tx: &mut Tx<'_>, before: &Evidence, file: Evidence) -> Result<Evidence> {
    match store::update_home(tx.conn, before, &file)? {
        true => Ok(file),
        false => Err(Error::write_conflict()),
    }
}
