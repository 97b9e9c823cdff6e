//! A hold as it is kept, and why there is one.

use diesel::prelude::*;

use crate::db::schema::alert_holds;
use crate::db::{AlertId, HoldId, Instant, OrganisationId, text_enum};

text_enum! {
    /// Why steps are held back.
    pub enum HoldReason {
        /// Many survivors missed a check-in at once: an outage.
        Storm = "storm",
        /// A supervisor has silenced notifications.
        Silence = "silence",
        /// An emergency of the same survivor is open: its steps are what people are to see.
        OpenEmergency = "open_emergency",
    }
}

/// One holding back.
#[derive(Clone, Debug, HasQuery, Insertable)]
#[diesel(table_name = alert_holds)]
pub struct AlertHoldRow {
    pub id: HoldId,
    pub alert_id: AlertId,
    pub organisation_id: OrganisationId,
    pub reason: HoldReason,
    pub held_at: Instant,
    pub until_at: Instant,
}
