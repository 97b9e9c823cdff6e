//! URLs of the order register.

use utoipa_actix_web::service_config::ServiceConfig;

use super::change::{self, DischargeOrderBody, NotifyOrderBody, ServeOrderBody};
use super::correct::{self, CreateOrderCorrectionBody};
use super::duties::{self, OrderDutyView};
use super::model::{OrderWithConditions, OrdersQuery};
use super::{CreateOrderBody, MadeOrderView, OrderView, own_side, store};
use crate::access;
use crate::db::{OrderId, ParticipantId};
use crate::http::{Answer, Call, Created, ListRequest, Listed, Query, operations};
use crate::identity::{OrderStaff, ProgrammeStaff, ReferralStaff, Staff};
use crate::transitions::ActionsView;
use crate::tx::Tx;

/// `/partner/v1`
pub fn partner(routes: &mut ServiceConfig) {
    operations! { routes:
        create_order list_participant_orders get_order get_order_actions get_order_duties create_order_service
        create_order_notification create_order_discharge create_order_correction
    }
    own_side::routes::partner(routes);
}

/// Record an order with its conditions
///
/// By a practitioner who works with the participant, or by an officer of their home force. What an order says never
/// changes but by correction: record a varied one again, with `replaces_order_id`. A full order (`spo`) lasts at least two years
/// or until further order.
#[utoipa::path(post, path = "/participants/{id}/orders", tag = "programme")]
async fn create_order(call: Call<OrderStaff, ParticipantId, CreateOrderBody>) -> Created<MadeOrderView> {
    call.once(super::record).await
}

/// List a participant's orders
///
/// The latest recorded first, expired ones too. `state` says nothing of dates: an order that has expired stays `served`.
#[utoipa::path(get, path = "/participants/{id}/orders", tag = "programme")]
async fn list_participant_orders(call: Call<ProgrammeStaff, ParticipantId, Query<OrdersQuery>>) -> Listed<OrderView> {
    let key = |found: &OrderWithConditions| found.order.cursor();
    call.page(
        |tx: &mut Tx<'_>, staff: &Staff, id: ParticipantId, asked: &ListRequest<OrdersQuery>| {
            let access = access::participant(tx, staff, id)?;
            store::list_asked(tx.conn, &access, asked)
        },
        key,
        OrderView::of,
    )
    .await
}

/// Read an order with its conditions
///
/// Also by an officer of the participant's home force.
#[utoipa::path(get, path = "/orders/{id}", tag = "programme")]
async fn get_order(call: Call<ReferralStaff, OrderId>) -> Answer<OrderView> {
    let read = |tx: &mut Tx<'_>, staff: &Staff, id: OrderId| {
        let (_, found) = change::order_for(tx, staff, id)?;
        let actions = change::actions_of(staff, &found.order).actions;
        Ok((found, actions))
    };
    call.show(read, |keys, (found, actions)| {
        Ok(OrderView { allowed_actions: Some(actions.clone()), ..OrderView::of(keys, found)? })
    })
    .await
}

/// Read the state of an order, and what you may do with it now
#[utoipa::path(get, path = "/orders/{id}/actions", tag = "programme")]
async fn get_order_actions(call: Call<ReferralStaff, OrderId>) -> Answer<ActionsView> {
    call.run(change::actions).await
}

/// The due points of an order, in the order of their days.
#[derive(serde::Serialize, utoipa::ToSchema)]
struct OrderDutiesView {
    /// The notification to police, and the order's end in 60, 30 and 7 days.
    items: Vec<OrderDutyView>,
}

/// Read the due points of an order
///
/// The last day to notify the police on (three days, the day of service counted), and when its end is 60, 30 and 7 days
/// away.
#[utoipa::path(get, path = "/orders/{id}/duties", tag = "programme")]
async fn get_order_duties(call: Call<ReferralStaff, OrderId>) -> Answer<OrderDutiesView> {
    call.run(|tx: &mut Tx<'_>, staff: &Staff, id: OrderId| {
        change::order_for(tx, staff, id)?;
        let items = duties::list(tx.conn, id)?.into_iter().map(OrderDutyView::from).collect();
        Ok(OrderDutiesView { items })
    })
    .await
}

/// Record the service of an order
///
/// The time to notify the police runs from it.
#[utoipa::path(post, path = "/orders/{id}/service", tag = "programme")]
async fn create_order_service(call: Call<OrderStaff, OrderId, ServeOrderBody>) -> Answer<OrderView> {
    call.once_opened(change::serve, OrderView::of).await
}

/// Record that the participant notified the police
#[utoipa::path(post, path = "/orders/{id}/notification", tag = "programme")]
async fn create_order_notification(call: Call<OrderStaff, OrderId, NotifyOrderBody>) -> Answer<OrderView> {
    call.once_opened(change::notify, OrderView::of).await
}

/// Record that a court discharged an order
///
/// Its conditions bind to that day and no longer; its due points fall away.
#[utoipa::path(post, path = "/orders/{id}/discharge", tag = "programme")]
async fn create_order_discharge(call: Call<OrderStaff, OrderId, DischargeOrderBody>) -> Answer<OrderView> {
    call.once_opened(change::discharge, OrderView::of).await
}

/// Correct what was recorded wrongly of an order
///
/// For a slip of the pen, not for what a court decided since: that is an order in its place, or its discharge. What is not
/// named stays, what stood there before is kept with the reason, and due points are reckoned again.
#[utoipa::path(post, path = "/orders/{id}/corrections", tag = "programme")]
async fn create_order_correction(call: Call<OrderStaff, OrderId, CreateOrderCorrectionBody>) -> Created<OrderView> {
    call.once_opened(correct::correct, OrderView::of).await
}
