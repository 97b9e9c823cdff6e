//! What changes on the participant's side and may change the danger: it reaches the advocates of every survivor who is
//! linked to them by itself, as a code. What lies behind it stays with the programme.

use serde_json::json;

use crate::access::{self, CaseRow};
use crate::contact;
use crate::db::ParticipantId;
use crate::error::{Result, isolate};
use crate::escalation::alerts::model::TaskKind;
use crate::escalation::ladder::telling;
use crate::escalation::tasks;
use crate::identity::Role;
use crate::tx::Tx;

/// How urgent the notice is: it is no alert.
const LEVEL: i32 = 2;

/// Tells the advocates of each active case. What is in the way of one case keeps no other's from being notified.
pub(in crate::escalation) fn notify_advocates(
    tx: &mut Tx<'_>,
    participant: ParticipantId,
    what: &'static str,
) -> Result<()> {
    for case in access::cases_with(tx.conn, participant, false)? {
        isolate(notify_advocates_of(tx, &case, what), |error| {
            tracing::error!(case = %case.id, %error, "news of a participant could not be told in one case");
        })?;
    }
    Ok(())
}

fn notify_advocates_of(tx: &mut Tx<'_>, case: &CaseRow, what: &'static str) -> Result<()> {
    let detail = json!({"what": what, "case_id": case.id, "case": case.reference});
    let about = (case.survivor_id, None);
    let organisation = case.support_organisation_id;
    tasks::make(tx, organisation, Role::Advocate, TaskKind::ParticipantChanged, about, detail)?;
    for person in telling::advocates(tx, case.survivor_id, organisation)? {
        contact::notify_staff(tx, person, &case.reference, LEVEL)?;
    }
    Ok(())
}
