//! `/partner/v1`: for staff of the survivor's side. What the survivor keeps for themselves, or took back, is not there.

use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::access;
use crate::crypto::Keys;
use crate::db::{IncidentId, SurvivorId};
use crate::error::Error;
use crate::http::page::{Cursor, ListQuery as _};
use crate::http::reply::page_reply;
use crate::http::{Answer, Call, Created, EmptyBody, Listed, Listing, Query, operations};
use crate::identity::{Advocate, Staff, SupportStaff};
use crate::incidents::handle::{self, ActBody, CloseBody, IncidentStandingView, SeverityBody, TriageBody};
use crate::incidents::history::IncidentEventView;
use crate::incidents::model::{Incident, IncidentEvent, IncidentVersion, IncidentsQuery, Reported};
use crate::incidents::report::{IncidentBody, submit};
use crate::incidents::store;
use crate::incidents::view::{SubmittedIncidentView, SupportIncident, ToldVersionView};
use crate::incidents::{linked, unread};
use crate::transitions::ActionsView;
use crate::tx::{Raised, Tx};

pub(super) fn routes(routes: &mut ServiceConfig) {
    operations! { routes:
        record_incident list_survivor_incidents get_survivor_incident get_incident_actions list_incident_versions
        list_incident_history triage_incident act_on_incident close_incident rate_incident show_incident
    }
}

/// List the incidents of a survivor you work with
///
/// For the survivor's own side, newest first; what the survivor keeps for themselves is not among them. Listing them is
/// reading them: one that nobody reads within a day is reported to the supervisor.
#[utoipa::path(get, path = "/survivors/{id}/incidents", tag = "incidents")]
async fn list_survivor_incidents(
    call: Call<SupportStaff, SurvivorId, Query<IncidentsQuery>>,
) -> Listed<SupportIncident> {
    let Call { app, who: staff, path: id, body: query, action, request, .. } = call;
    let page = query.page();
    let (limit, after, actor) = (page.limit()?, page.after()?, staff.actor());
    let work = move |tx: &mut Tx<'_>| {
        let reading = access::reader(tx, &staff, id)?;
        let since = query.since.into_iter().chain(reading.since).max();
        let rows = store::list_filtered(tx.conn, &reading.access, (&query, since), after, limit)?;
        let shown: Vec<IncidentId> =
            rows.iter().take(usize::try_from(limit).unwrap_or(0)).map(|row| row.incident.id).collect();
        // The person who looks for an hour at night does not take it off the advocates' hands.
        if reading.is_own() {
            unread::mark_read(tx, id, &shown, staff.id)?;
        }
        Ok((rows, linked::stored_files(tx.conn, &shown)?))
    };
    let (rows, files) = app.transact(actor, action, work).await?;
    let key = |row: &Reported| (row.incident.received_at, row.incident.id.0);
    let view = |keys: &Keys, row: &Reported| {
        let files = files.get(&row.incident.id).cloned().unwrap_or_default();
        SupportIncident::of(keys, row, Some(files))
    };
    page_reply(&request, app.page(rows, limit, key, view).await?)
}

/// Record an incident for a survivor
///
/// What they said to you, where they have no phone that is safe to use. It is marked as written down by staff, and can be neither
/// private nor hold a note of the survivor's own. No phone of theirs shows it until you say that it is safe (`…/show`).
#[utoipa::path(post, path = "/survivors/{id}/incidents", tag = "incidents")]
async fn record_incident(call: Call<Advocate, SurvivorId, IncidentBody>) -> Created<SubmittedIncidentView> {
    let work = |tx: &mut Tx<'_>, staff: &Staff, id: SurvivorId, body: &IncidentBody| {
        submit::record_for(tx, staff, id, &body.clone().into_report())
    };
    call.once_as(work, |incident, raised: &[Raised]| SubmittedIncidentView::of(&incident, raised)).await
}

/// Read an incident of a survivor you work with
///
/// As the survivor reported it last. Seeing it is reading it. 404 for one that they keep for themselves or took back.
#[utoipa::path(get, path = "/incidents/{id}", tag = "incidents")]
async fn get_survivor_incident(call: Call<SupportStaff, IncidentId>) -> Answer<SupportIncident> {
    call.run(|tx: &mut Tx<'_>, staff: &Staff, id: IncidentId| {
        let (access, _) = handle::find_shown(tx, staff, id)?;
        let reported = store::find_visible(tx.conn, &access, id)?.ok_or(Error::NotFound)?;
        let files = linked::stored_files(tx.conn, &[id])?.remove(&id).unwrap_or_default();
        SupportIncident::of(tx.keys, &reported, Some(files))
    })
    .await
}

/// Read what you may do with an incident now
#[utoipa::path(get, path = "/incidents/{id}/actions", tag = "incidents")]
async fn get_incident_actions(call: Call<SupportStaff, IncidentId>) -> Answer<ActionsView> {
    call.run(handle::actions).await
}

/// List the versions of an incident
///
/// Each as the survivor reported it, newest first, with why they reported it again. Versions that they kept for themselves are
/// not among them.
#[utoipa::path(get, path = "/incidents/{id}/versions", tag = "incidents")]
async fn list_incident_versions(call: Listing<SupportStaff, IncidentId>) -> Listed<ToldVersionView> {
    let list = |tx: &mut Tx<'_>, staff: &Staff, id: IncidentId, after: Option<Cursor>, limit| {
        let before = after.map(|(_, version)| i32::try_from(version.as_u128()).unwrap_or(i32::MAX));
        let (_, incident) = handle::find_shown(tx, staff, id)?;
        store::list_versions_for(tx.conn, &incident, before, limit)
    };
    let key = |row: &IncidentVersion| (row.received_at, Uuid::from_u128(u128::from(row.version.unsigned_abs())));
    call.page(list, key, ToldVersionView::of).await
}

/// List what happened to an incident
///
/// Newest first: what was reported, judged, done and decided about its severity, by whom and why. Nothing of it is ever
/// changed.
#[utoipa::path(get, path = "/incidents/{id}/history", tag = "incidents")]
async fn list_incident_history(call: Listing<SupportStaff, IncidentId>) -> Listed<IncidentEventView> {
    let key = |row: &IncidentEvent| (row.at, row.id.0);
    call.page(
        |tx: &mut Tx<'_>, staff: &Staff, id: IncidentId, after, limit| {
            handle::find_shown(tx, staff, id)?;
            store::list_events(tx.conn, id, after, limit)
        },
        key,
        IncidentEventView::of,
    )
    .await
}

fn standing(incident: Incident, _: &[Raised]) -> IncidentStandingView {
    IncidentStandingView::of(&incident)
}

/// Triage an incident: how soon something is to be done
#[utoipa::path(post, path = "/incidents/{id}/triage", tag = "incidents")]
async fn triage_incident(call: Call<SupportStaff, IncidentId, TriageBody>) -> Answer<IncidentStandingView> {
    call.once_as(handle::triage, standing).await
}

/// Record what was done about an incident
///
/// As often as something is done.
#[utoipa::path(post, path = "/incidents/{id}/act", tag = "incidents")]
async fn act_on_incident(call: Call<SupportStaff, IncidentId, ActBody>) -> Answer<IncidentStandingView> {
    call.once_as(handle::act, standing).await
}

/// Close an incident
///
/// Once something was done about it; one that the survivor tells again is open again.
#[utoipa::path(post, path = "/incidents/{id}/close", tag = "incidents")]
async fn close_incident(call: Call<SupportStaff, IncidentId, CloseBody>) -> Answer<IncidentStandingView> {
    call.once_as(handle::close, standing).await
}

/// Rate how grave an incident is
///
/// An advocate may raise its severity with a reason; lowering it takes a supervisor. Software never lowers it.
#[utoipa::path(post, path = "/incidents/{id}/severity", tag = "incidents")]
async fn rate_incident(call: Call<SupportStaff, IncidentId, SeverityBody>) -> Answer<IncidentStandingView> {
    call.once_as(handle::rate, standing).await
}

/// Show on the survivor's phone an incident that staff wrote down
///
/// Once you know that nobody else reads the phone.
#[utoipa::path(post, path = "/incidents/{id}/show", tag = "incidents")]
async fn show_incident(call: Call<SupportStaff, IncidentId, EmptyBody>) -> Answer<IncidentStandingView> {
    call.once_as(handle::show, standing).await
}
