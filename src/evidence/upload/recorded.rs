//! Files that staff record for somebody without a phone that is safe to use: stated, sent, read back and sealed as those of a
//! phone are, and marked. No phone shows one until staff say that it may.

use crate::access;
use crate::db::{EvidenceId, SurvivorId};
use crate::error::{Code, Error, Result};
use crate::evidence::model::Evidence;
use crate::evidence::upload::{self, FileOrigin, Stated};
use crate::evidence::{read, store};
use crate::identity::Staff;
use crate::incidents::{self, Visibility};
use crate::tx::{Subject, Tx};

/// Begins the upload of a file that a member of staff records for a survivor.
///
/// # Errors
/// 404 for a survivor whom the caller does not work with; 413 for too much; 422 for an incident that they do not see, and
/// for what would be kept from staff.
pub fn begin(tx: &mut Tx<'_>, staff: &Staff, id: SurvivorId, stated: &Stated) -> Result<Evidence> {
    let access = access::survivor(tx, staff, id)?;
    if stated.visibility == Visibility::Private {
        return Err(Error::field("/visibility", "not_allowed", "what staff record, staff can read"));
    }
    let origin = FileOrigin { survivor: id, device: None, is_duress: false, recorded_by: Some(staff.id) };
    upload::begin_from(tx, &origin, stated, |tx| {
        let Some(incident) = stated.incident else { return Ok(None) };
        let home = incidents::find_staff_file_home(tx.conn, &access, incident)?;
        home.map(Some).ok_or_else(|| Error::invalid(Code::UnknownReference))
    })
}

/// A file that the caller records, to be sent now, or kept already.
///
/// # Errors
/// 404 for one that another began, 410 where it has ended.
pub fn find_open(tx: &mut Tx<'_>, staff: &Staff, (survivor, id): (SurvivorId, EvidenceId)) -> Result<Evidence> {
    let access = access::survivor(tx, staff, survivor)?;
    let found = store::find(tx.conn, &access, id)?;
    let file = found.filter(|file| file.recorded_by == Some(staff.id)).ok_or(Error::NotFound)?;
    tx.about(Subject::of("evidence", id));
    upload::still_open(file, tx.now)
}

/// Lets the survivor's phone show a file that staff recorded for them, once it is known that it is safe.
///
/// # Errors
/// 404 for one that the caller does not see; 409 where the phone may show it already, or does not show its incident.
pub fn show(tx: &mut Tx<'_>, staff: &Staff, (survivor, id): (SurvivorId, EvidenceId)) -> Result<Evidence> {
    let access = access::survivor(tx, staff, survivor)?;
    let file = read::find_visible(tx, &access, Visibility::Advocate, id)?;
    if !file.is_off_phone {
        return Err(Error::wrong_state("the phone may show this file already"));
    }
    if let Some(incident) = file.incident_id
        && !incidents::is_on_phone(tx.conn, &access, incident)?
    {
        return Err(Error::Conflict(Code::GuardNotMet, "the phone does not show its incident: show that first".into()));
    }
    let shown = Evidence { is_off_phone: false, ..file.clone() };
    match store::update(tx.conn, &file, &shown)? {
        true => Ok(shown),
        false => Err(Error::write_conflict()),
    }
}
