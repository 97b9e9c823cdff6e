//! Telling people that something waits in a case. All that leaves is the case's reference, in neutral words.

use crate::access::{self, CaseRow, Side};
use crate::contact;
use crate::db::{StaffId, SubjectId};
use crate::error::Result;
use crate::identity::Role;
use crate::tx::Tx;

/// Tells those who work on one side of a case; its supervisors, where nobody who is assigned can be notified.
pub fn side(tx: &mut Tx<'_>, case: &CaseRow, side: Side) -> Result<()> {
    let (record, organisation) = match side {
        Side::Support => (SubjectId::from(case.survivor_id), case.support_organisation_id),
        Side::Programme => (SubjectId::from(case.participant_id), case.programme_organisation_id),
    };
    let people = access::assigned_or_supervisors(tx.conn, case.survivor_id, record, organisation)?;
    people_of(tx, case, people)
}

/// Tells the supervisors of the programme, without the one who knows of it already.
pub fn checkers(tx: &mut Tx<'_>, case: &CaseRow, but: StaffId) -> Result<()> {
    let organisation = case.programme_organisation_id;
    let mut people = access::with_role(tx.conn, case.survivor_id, organisation, Role::Supervisor)?;
    people.retain(|person| *person != but);
    people_of(tx, case, people)
}

fn people_of(tx: &mut Tx<'_>, case: &CaseRow, people: Vec<StaffId>) -> Result<()> {
    for person in people {
        contact::notify_staff(tx, person, &case.reference, contact::QUIET)?;
    }
    Ok(())
}
