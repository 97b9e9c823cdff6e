//! `/partner/v1`: what waits to be triaged, across all survivors that a member of staff works with.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::access;
use crate::db::SurvivorId;
use crate::error::Result;
use crate::http::reply::paged;
use crate::http::{Call, Listed, PageQuery, Query, operations};
use crate::identity::SupportStaff;
use crate::incidents::model::{IncidentState, Reported};
use crate::incidents::store;
use crate::incidents::view::SupportIncidentSummary;
use crate::tx::{Subject, Tx};

pub(super) fn routes(routes: &mut ServiceConfig) {
    operations! { routes: list_incidents_to_triage }
}

/// The parameters of incidents across survivors.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct TriageQuery {
    /// Only those in this state, such as `submitted`: nobody has judged them yet.
    #[serde(default)]
    state: Option<IncidentState>,
    /// Only those of this severity or graver, 1 to 4.
    #[serde(default)]
    #[param(minimum = 1, maximum = 4)]
    least_severity: Option<i32>,
    /// How many items at most.
    #[serde(default)]
    #[param(minimum = 1, maximum = 200, default = 50, example = 50)]
    limit: Option<i64>,
    /// `next_cursor` of the page before.
    #[serde(default)]
    cursor: Option<String>,
}

/// An incident among those of several survivors: codes and times alone.
#[derive(Serialize, ToSchema)]
struct IncidentToTriageView {
    /// Whose.
    survivor_id: SurvivorId,
    /// What was reported, without a word that the survivor wrote.
    incident: SupportIncidentSummary,
}

impl IncidentToTriageView {
    fn of(reported: &Reported) -> Result<Self> {
        Ok(Self { survivor_id: reported.incident.survivor_id, incident: SupportIncidentSummary::of(reported)? })
    }
}

/// List the incidents of all survivors you work with
///
/// For a supervisor, of all of the organisation; never of a survivor who keeps you out, nor what one keeps for themselves.
/// Newest first. Codes and times alone, so that listing them is not yet reading them; each survivor sees that you looked.
#[utoipa::path(get, path = "/incidents", tag = "incidents")]
async fn list_incidents_to_triage(call: Call<SupportStaff, (), Query<TriageQuery>>) -> Listed<IncidentToTriageView> {
    let Call { app, who: staff, body: query, action, request, .. } = call;
    let TriageQuery { state, least_severity, limit, cursor } = query;
    let page = PageQuery::of(limit, cursor);
    let (limit, after, actor) = (page.limit()?, page.after()?, staff.actor());
    let work = move |tx: &mut Tx<'_>| {
        let theirs = access::visible_survivors(tx.conn, &staff)?;
        tx.about(Subject::of("organisation", staff.organisation()?));
        let rows = store::list_across(tx.conn, theirs, (state, least_severity), after, limit)?;
        let shown = rows.iter().take(usize::try_from(limit).unwrap_or(0));
        let mut seen: Vec<SurvivorId> = shown.map(|row| row.incident.survivor_id).collect();
        seen.sort_unstable();
        seen.dedup();
        for survivor in seen {
            tx.note(action, Subject::of("survivor", survivor), "support");
        }
        Ok(rows)
    };
    let rows = app.transact(actor, action, work).await?;
    let key = |row: &Reported| (row.incident.received_at, row.incident.id.0);
    paged(&request, limit, rows, key, |row| IncidentToTriageView::of(&row))
}
