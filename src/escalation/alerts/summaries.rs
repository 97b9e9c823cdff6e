//! Alerts in a few words, for the case view above.

use serde::Serialize;
use utoipa::ToSchema;

use super::model::{AlertReader, AlertRow, AlertState, Rule};
use crate::access::SurvivorAccess;
use crate::db::{AlertId, DbConn, Instant};
use crate::error::Result;
use crate::escalation::alerts::store;
use crate::http::page::Cursor;

/// An alert in a few words, for the case view.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AlertSummary {
    /// Id.
    pub id: AlertId,
    /// Reference for people.
    pub reference: String,
    /// 1 to 4.
    pub level: i32,
    /// What raised it last.
    pub rule: Rule,
    /// Its state.
    pub state: AlertState,
    /// Whether it is a drill: nobody is in danger.
    pub is_exercise: bool,
    /// When it was raised.
    pub raised_at: Instant,
}

/// Alerts of a survivor, newest first, as far as a reader may see them.
pub fn list_alerts_of_survivor(
    conn: &mut DbConn,
    access: &SurvivorAccess,
    after: Option<Cursor>,
    limit: i64,
    reader: AlertReader,
) -> Result<Vec<AlertSummary>> {
    let rows = store::list_of_survivor(conn, access.id(), reader, after, limit)?;
    let summary = |row: AlertRow| AlertSummary {
        id: row.id,
        reference: row.reference,
        level: row.level,
        rule: row.rule,
        state: row.state,
        is_exercise: row.is_exercise,
        raised_at: row.raised_at,
    };
    Ok(rows.into_iter().map(summary).collect())
}
