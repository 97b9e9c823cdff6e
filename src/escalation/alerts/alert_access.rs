//! The proofs that an alert's own rules read by. Rows of alerts are found in this feature alone, for time's sake or after the
//! proof of the person who acts on one; an alert notifies whom its ladder and the survivor's settings say.

use super::model::AlertRow;
use crate::access::{self, LinkedOrders, ParticipantAccess, SurvivorAccess, SystemAccess};
use crate::db::DbConn;
use crate::error::Result;
use crate::escalation::support::transfers::TransferRow;

impl AlertRow {
    /// The record of the survivor whom it is about.
    pub(in crate::escalation) fn record(&self) -> SurvivorAccess {
        SystemAccess::granted().survivor(self.survivor_id)
    }

    /// The orders of the participants who are linked to that survivor.
    pub(in crate::escalation) fn orders(&self, conn: &mut DbConn) -> Result<LinkedOrders> {
        access::linked_orders_of(conn, &self.record())
    }

    /// The records of those participants, for the force that was notified of it.
    pub(in crate::escalation) fn suspects(&self, conn: &mut DbConn) -> Result<Vec<ParticipantAccess>> {
        let linked = self.orders(conn)?;
        Ok(linked.participants().iter().map(|id| SystemAccess::granted().participant(*id)).collect())
    }
}

impl TransferRow {
    /// The record that is offered, for the organisation that takes it.
    pub(in crate::escalation) fn record(&self) -> SurvivorAccess {
        SystemAccess::granted().survivor(self.survivor_id)
    }
}
