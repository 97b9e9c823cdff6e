//! Who wrote something: the survivor, or somebody of their side.

use crate::access;
use crate::contact;
use crate::db::{SubjectId, SurvivorId, text_enum};
use crate::error::{Error, Result};
use crate::identity::{self, Staff, Survivor};
use crate::tx::Tx;

text_enum! {
    /// Whose words something is in.
    pub enum AuthorKind {
        /// The survivor's.
        Survivor = "survivor",
        /// Their advocate's, or the advocate's manager's.
        Staff = "staff",
    }
}

/// Who writes.
#[derive(Clone, Copy, Debug)]
pub struct Author {
    /// Of which side.
    pub kind: AuthorKind,
    /// Who.
    pub id: SubjectId,
    /// Whether in a session under duress.
    pub is_duress: bool,
}

impl From<&Survivor> for Author {
    fn from(who: &Survivor) -> Self {
        Self { kind: AuthorKind::Survivor, id: who.id.into(), is_duress: who.is_duress }
    }
}

impl From<&Staff> for Author {
    fn from(staff: &Staff) -> Self {
        Self { kind: AuthorKind::Staff, id: staff.id.into(), is_duress: false }
    }
}

/// Tells those who are assigned to a survivor that something of a kind waits in the portal, and nothing of whom; the
/// supervisors, where nobody who is assigned can be notified.
pub(super) fn notify_assigned(tx: &mut Tx<'_>, survivor: SurvivorId, kind: &'static str) -> Result<()> {
    let row = identity::find_survivor(tx.conn, survivor)?.ok_or(Error::NotFound)?;
    for staff in access::assigned_or_supervisors(tx.conn, survivor, survivor, row.organisation_id)? {
        contact::notify_staff(tx, staff, kind, contact::QUIET)?;
    }
    Ok(())
}
