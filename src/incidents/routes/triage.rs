//! `/partner/v1`: what waits to be triaged, across all survivors that a member of staff works with.

use std::collections::HashMap;

use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::access;
use crate::db::SurvivorId;
use crate::error::Result;
use crate::http::reply::paged;
use crate::http::{Call, ListRequest, Listed, Query, operations};
use crate::identity::{self, Staff, SupportStaff};
use crate::incidents::model::{Reported, TriageQuery};
use crate::incidents::store;
use crate::incidents::view::SupportIncidentSummary;
use crate::tx::{Subject, Tx};

pub(super) fn routes(routes: &mut ServiceConfig) {
    operations! { routes: list_incidents_to_triage }
}

/// An incident among those of several survivors: codes and times alone.
#[serde_with::skip_serializing_none]
#[derive(Serialize, ToSchema)]
struct IncidentToTriageView {
    /// Whose.
    survivor_id: SurvivorId,
    /// The survivor's reference for people.
    #[schema(example = "SV-6F2K-8C3D-M")]
    survivor_reference: Option<String>,
    /// What was reported, without a word that the survivor wrote.
    incident: SupportIncidentSummary,
}

impl IncidentToTriageView {
    fn of(reported: &Reported, references: &HashMap<SurvivorId, String>) -> Result<Self> {
        let survivor_id = reported.incident.survivor_id;
        let survivor_reference = references.get(&survivor_id).cloned();
        Ok(Self { survivor_id, survivor_reference, incident: SupportIncidentSummary::of(reported)? })
    }
}

/// List the incidents of all survivors you work with
///
/// For a supervisor, of all of the organisation; never of a survivor who keeps you out, nor what one keeps for themselves.
/// Newest first. Codes and times alone, so that listing them is not yet reading them; each survivor sees that you looked.
#[utoipa::path(get, path = "/incidents", tag = "incidents")]
async fn list_incidents_to_triage(call: Call<SupportStaff, (), Query<TriageQuery>>) -> Listed<IncidentToTriageView> {
    let (action, request) = (call.action, call.request.clone());
    let work = move |tx: &mut Tx<'_>, staff: &Staff, asked: &ListRequest<TriageQuery>| {
        let theirs = access::visible_survivors(tx.conn, staff, asked.query.mine)?;
        tx.about(Subject::of("organisation", staff.organisation()?));
        let rows = store::list_across(tx.conn, theirs, asked)?;
        let shown = rows.iter().take(usize::try_from(asked.limit).unwrap_or(0));
        let mut seen: Vec<SurvivorId> = shown.map(|row| row.incident.survivor_id).collect();
        seen.sort_unstable();
        seen.dedup();
        for survivor in &seen {
            tx.note(action, Subject::of("survivor", *survivor), "support");
        }
        Ok((rows, identity::survivor_references(tx.conn, seen)?))
    };
    let ((rows, references), limit) = call.list(work).await?;
    let key = |row: &Reported| (row.incident.received_at, row.incident.id.0);
    paged(&request, limit, rows, key, |row| IncidentToTriageView::of(&row, &references))
}
