//! Records that go on with another support organisation: for the supervisors of both.

use utoipa_actix_web::service_config::ServiceConfig;

use crate::db::{SurvivorId, TransferId};
use crate::escalation::support::transfers::{
    self, AcceptTransferBody, CreateTransferBody, ShownTransfer, TransferView, TransfersQuery,
};
use crate::http::{Answer, Call, Created, EmptyBody, Listed, Query, operations};
use crate::identity::Supervisor;

pub(super) fn partner(routes: &mut ServiceConfig) {
    operations! { routes: create_transfer list_transfers accept_transfer refuse_transfer }
}

/// Offer a survivor's record to another support organisation
///
/// Where the survivor wants to go on there, and no alert is open. Until its supervisor takes it they learn what you write, and
/// no name.
#[utoipa::path(post, path = "/survivors/{id}/transfers", tag = "survivors")]
async fn create_transfer(call: Call<Supervisor, SurvivorId, CreateTransferBody>) -> Created<TransferView> {
    call.once_opened(transfers::create, ShownTransfer::view).await
}

/// List the records that your organisation offers, or is offered
#[utoipa::path(get, path = "/transfers", tag = "survivors")]
async fn list_transfers(call: Call<Supervisor, (), Query<TransfersQuery>>) -> Listed<TransferView> {
    call.page(transfers::list, ShownTransfer::cursor, ShownTransfer::view).await
}

/// Accept a record that was offered to your organisation
///
/// It is yours from now on, with its alerts, tasks and cases, and nobody of the organisation before reads any of it. Somebody of
/// yours has to be on duty by the rota at this moment: else an alert would wake nobody.
#[utoipa::path(post, path = "/transfers/{id}/accept", tag = "survivors")]
async fn accept_transfer(call: Call<Supervisor, TransferId, AcceptTransferBody>) -> Answer<TransferView> {
    call.once_opened(transfers::accept, ShownTransfer::view).await
}

/// Refuse a record that was offered, or take an offer back
#[utoipa::path(post, path = "/transfers/{id}/refuse", tag = "survivors")]
async fn refuse_transfer(call: Call<Supervisor, TransferId, EmptyBody>) -> Answer<TransferView> {
    call.once_opened(transfers::refuse, ShownTransfer::view).await
}
