//! `/partner/v1/ladders`: an organisation's own ladders.

use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::db::LadderId;
use crate::escalation::ladder::drafts::{
    self, DefaultLadderView, LadderBody, LadderRow, OrganisationLadderView, PublishLadderBody, SimulateBody,
    SimulationView, ValidationView,
};
use crate::http::reply::{paged_as, reply_tagged};
use crate::http::{Answer, Call, Created, EmptyBody, Listing, Matching, Page, operations};
use crate::identity::{Staff, Supervisor, SupportStaff};
use crate::tx::Tx;

pub(super) fn partner(routes: &mut ServiceConfig) {
    operations! { routes:
        list_ladders get_organisation_ladder create_ladder put_ladder validate_ladder simulate_ladder publish_ladder
    }
}

/// Ladders: an organisation's own, and those that it has without one.
#[derive(Serialize, ToSchema)]
struct LaddersView {
    /// The organisation's own, newest first.
    #[serde(flatten)]
    own: Page<OrganisationLadderView>,
    /// The defaults.
    defaults: Vec<DefaultLadderView>,
}

/// List ladders: drafts, published versions, and the defaults
#[utoipa::path(get, path = "/ladders", tag = "ladders")]
async fn list_ladders(call: Listing<SupportStaff>) -> Answer<LaddersView> {
    let request = call.request.clone();
    let (rows, limit) = call.list(drafts::list).await?;
    let own = Page::of(rows, limit, |row| (row.created_at, row.id.0), OrganisationLadderView::of)?;
    paged_as(&request, own, |own| LaddersView { own, defaults: DefaultLadderView::all() })
}

/// Read a ladder
#[utoipa::path(get, path = "/ladders/{id}", tag = "ladders")]
async fn get_organisation_ladder(call: Call<SupportStaff, LadderId>) -> Answer<OrganisationLadderView> {
    tagged(call.transact(drafts::find).await?)
}

fn tagged(row: LadderRow) -> Answer<OrganisationLadderView> {
    reply_tagged(row.revision, OrganisationLadderView::of(row)?)
}

/// Draft a ladder
///
/// A draft may have faults; it climbs nowhere until it is published.
#[utoipa::path(post, path = "/ladders", tag = "ladders")]
async fn create_ladder(call: Call<Supervisor, (), LadderBody>) -> Created<OrganisationLadderView> {
    call.once(|tx: &mut Tx<'_>, staff: &Staff, body: &LadderBody| {
        OrganisationLadderView::of(drafts::draft(tx, staff, body)?)
    })
    .await
}

/// Replace a draft
#[utoipa::path(put, path = "/ladders/{id}", tag = "ladders")]
async fn put_ladder(call: Call<Supervisor, LadderId, Matching<LadderBody>>) -> Answer<OrganisationLadderView> {
    tagged(call.transact(drafts::replace).await?)
}

/// Read every fault of a ladder
#[utoipa::path(post, path = "/ladders/{id}/validate", tag = "ladders")]
async fn validate_ladder(call: Call<Supervisor, LadderId, EmptyBody>) -> Answer<ValidationView> {
    call.run(drafts::validate).await
}

/// Simulate a ladder on the rota as it is planned
///
/// Nobody is notified. A draft must be simulated as it is before it is published.
#[utoipa::path(post, path = "/ladders/{id}/simulate", tag = "ladders")]
async fn simulate_ladder(call: Call<Supervisor, LadderId, SimulateBody>) -> Answer<SimulationView> {
    call.run(drafts::simulate).await
}

/// Publish a ladder
///
/// Alerts raised from then on climb it; those under way keep theirs. Its duty rota must cover every hour of the coming
/// 14 days, or the body says that the gaps are known.
#[utoipa::path(post, path = "/ladders/{id}/publish", tag = "ladders")]
async fn publish_ladder(call: Call<Supervisor, LadderId, PublishLadderBody>) -> Answer<OrganisationLadderView> {
    call.once(|tx: &mut Tx<'_>, staff: &Staff, id: LadderId, body: &PublishLadderBody| {
        OrganisationLadderView::of(drafts::publish(tx, staff, id, body)?)
    })
    .await
}
