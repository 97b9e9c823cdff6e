//! Telling people that something waits in a case. All that leaves is the case's reference, in neutral words.

use crate::access::{self, CaseRow, Side};
use crate::contact;
use crate::db::StaffId;
use crate::error::Result;
use crate::identity::{self, Role};
use crate::tx::Tx;

/// Tells those who work on one side of a case; its supervisors, where nobody who is assigned can be told.
pub fn side(tx: &mut Tx<'_>, case: &CaseRow, side: Side) -> Result<()> {
    let (organisation, assigned) = match side {
        Side::Support => {
            let own = case.support_organisation_id;
            (own, access::assigned_staff(tx.conn, case.survivor_id, own)?)
        }
        Side::Programme => {
            let own = case.programme_organisation_id;
            (own, access::assigned_staff(tx.conn, case.participant_id, own)?)
        }
    };
    let mut able = access::able(tx.conn, case.survivor_id, &assigned)?;
    if able.is_empty() {
        let supervisors = identity::list_staff_with_role(tx.conn, organisation, Role::Supervisor)?;
        able = access::able(tx.conn, case.survivor_id, &supervisors)?;
    }
    people_of(tx, case, able)
}

/// Tells the supervisors of the programme, without the one who knows of it already.
pub fn checkers(tx: &mut Tx<'_>, case: &CaseRow, but: StaffId) -> Result<()> {
    let mut people = identity::list_staff_with_role(tx.conn, case.programme_organisation_id, Role::Supervisor)?;
    people.retain(|person| *person != but);
    let able = access::able(tx.conn, case.survivor_id, &people)?;
    people_of(tx, case, able)
}

fn people_of(tx: &mut Tx<'_>, case: &CaseRow, people: Vec<StaffId>) -> Result<()> {
    for person in people {
        contact::tell_staff(tx, person, &case.reference, contact::QUIET)?;
    }
    Ok(())
}
