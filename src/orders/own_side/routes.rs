//! URLs of the orders that a survivor's own side keeps: for the staff of that side alone.

use utoipa_actix_web::service_config::ServiceConfig;

use super::{CreateSurvivorOrderBody, SurvivorOrder, SurvivorOrderView};
use crate::access;
use crate::db::{OrderId, SurvivorId};
use crate::http::{Answer, Call, Created, Done, Listed, operations};
use crate::identity::{Staff, SupportStaff};
use crate::orders::MadeOrderView;
use crate::orders::change::{DischargeOrderBody, ServeOrderBody};
use crate::tx::Tx;

/// `/partner/v1`
pub fn partner(routes: &mut ServiceConfig) {
    operations! { routes:
        create_survivor_order list_survivor_orders create_survivor_order_service create_survivor_order_discharge
        delete_survivor_order
    }
}

/// Record an order that protects a survivor
///
/// Whether or not a programme works with the person whom it binds; the programme never sees it. An incident may name a condition
/// of it, the survivor's phone shows it, and you are notified when its end is near. What a programme records of a participant
/// who is linked is not recorded here again.
#[utoipa::path(post, path = "/survivors/{id}/orders", tag = "survivors")]
async fn create_survivor_order(
    call: Call<SupportStaff, SurvivorId, CreateSurvivorOrderBody>,
) -> Created<MadeOrderView> {
    call.once(super::record).await
}

/// List the orders that you keep for a survivor
///
/// The latest recorded first, expired ones too. Those of participants who are linked are in the case.
#[utoipa::path(get, path = "/survivors/{id}/orders", tag = "survivors")]
async fn list_survivor_orders(call: Call<SupportStaff, SurvivorId>) -> Listed<SurvivorOrderView> {
    call.whole_of(
        |tx: &mut Tx<'_>, staff: &Staff, id: SurvivorId| {
            let access = access::survivor(tx, staff, id)?;
            super::list(tx.conn, &access)
        },
        |found: &SurvivorOrder| found.order.id.0,
        SurvivorOrderView::of,
    )
    .await
}

/// Record the service of an order that you keep
#[utoipa::path(post, path = "/survivors/{id}/orders/{order_id}/service", tag = "survivors")]
async fn create_survivor_order_service(
    call: Call<SupportStaff, (SurvivorId, OrderId), ServeOrderBody>,
) -> Answer<SurvivorOrderView> {
    call.once_opened(super::serve, SurvivorOrderView::of).await
}

/// Record that a court discharged an order that you keep
///
/// Its conditions bind to that day and no longer.
#[utoipa::path(post, path = "/survivors/{id}/orders/{order_id}/discharge", tag = "survivors")]
async fn create_survivor_order_discharge(
    call: Call<SupportStaff, (SurvivorId, OrderId), DischargeOrderBody>,
) -> Answer<SurvivorOrderView> {
    call.once_opened(super::discharge, SurvivorOrderView::of).await
}

/// Remove an order that was recorded wrongly
///
/// Then record it as it is. Incidents that name a condition of it stay as they were reported.
#[utoipa::path(delete, path = "/survivors/{id}/orders/{order_id}", tag = "survivors")]
async fn delete_survivor_order(call: Call<SupportStaff, (SurvivorId, OrderId)>) -> Done {
    call.done(super::remove).await
}
