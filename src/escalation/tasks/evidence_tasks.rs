//! What about a survivor's files waits for a person.

use serde_json::json;

use crate::db::{EvidenceId, Instant, SurvivorId};
use crate::error::Result;
use crate::escalation::alerts::model::{TaskEnd, TaskKind, TaskRow};
use crate::escalation::tasks::{self, ends, notices, store};
use crate::events::EvidenceMatter;
use crate::identity::Role;
use crate::tx::Tx;

fn kind_of(matter: EvidenceMatter) -> (TaskKind, Role) {
    match matter {
        EvidenceMatter::TakenBack => (TaskKind::EvidenceTakenBack, Role::Advocate),
        EvidenceMatter::ToDestroy => (TaskKind::EvidenceToDestroy, Role::Advocate),
        EvidenceMatter::HoldToApprove => (TaskKind::EvidenceHoldToApprove, Role::Advocate),
        EvidenceMatter::HoldEnding => (TaskKind::EvidenceHoldEnding, Role::Supervisor),
        EvidenceMatter::ForPolice => (TaskKind::EvidenceForPolice, Role::Supervisor),
    }
}

/// Asks a person about a file, unless that waits already.
pub(in crate::escalation) fn ask(
    tx: &mut Tx<'_>,
    survivor: SurvivorId,
    (evidence, reference): (EvidenceId, &str),
    matter: EvidenceMatter,
    due_at: Option<Instant>,
) -> Result<()> {
    let (kind, role) = kind_of(matter);
    let waiting = store::list_open_tasks(tx.conn, survivor, kind)?;
    if waiting.iter().any(|task| ends::says(task, "evidence_id", &evidence.to_string())) {
        return Ok(());
    }
    let detail = json!({"evidence_id": evidence, "evidence": reference});
    tasks::make_for(tx, survivor, (role, kind), detail, due_at)?;
    let is_pressing = matches!(matter, EvidenceMatter::ForPolice | EvidenceMatter::ToDestroy);
    notices::notify_side(tx, survivor, (role, kind.as_str()), is_pressing)
}

/// Ends what waits about a file.
pub(in crate::escalation) fn settle(
    tx: &mut Tx<'_>,
    survivor: SurvivorId,
    evidence: EvidenceId,
    matters: &[EvidenceMatter],
) -> Result<()> {
    let id = evidence.to_string();
    for matter in matters {
        let (kind, _) = kind_of(*matter);
        let fits = |task: &TaskRow| ends::says(task, "evidence_id", &id);
        ends::of_survivor(tx, survivor, kind, TaskEnd::Settled, fits)?;
    }
    Ok(())
}
