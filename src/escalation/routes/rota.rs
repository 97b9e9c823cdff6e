//! `/partner/v1/rota`: who is on duty when.

use utoipa_actix_web::service_config::ServiceConfig;

use crate::db::ShiftId;
use crate::escalation::rota::{self, CancelShiftBody, CreateShiftBody, RotaQuery, RotaView, ShiftView};
use crate::http::reply::reply;
use crate::http::{Answer, Call, Created, Query, operations};
use crate::identity::{Supervisor, SupportStaff};
use crate::tx::Tx;

pub(super) fn partner(routes: &mut ServiceConfig) {
    operations! { routes:
        get_rota create_rota_shift cancel_rota_shift
    }
}

/// Read the rota: shifts, gaps, and who is on duty
///
/// Of the caller's support organisation. At an hour that no shift covers a ladder notifies nobody and goes on to its next step
/// at once; what takes somebody on duty is then open to everybody who could be.
#[utoipa::path(get, path = "/rota", tag = "rota")]
async fn get_rota(call: Call<SupportStaff, (), Query<RotaQuery>>) -> Answer<RotaView> {
    let Call { app, who: staff, body: query, action, .. } = call;
    let caller = staff.clone();
    let work = move |tx: &mut Tx<'_>| rota::show(tx, &caller, &query);
    reply(app.transact(staff.actor(), action, work).await?)
}

/// Plan a shift
///
/// Shifts may overlap: at a handover both are notified.
#[utoipa::path(post, path = "/rota/shifts", tag = "rota")]
async fn create_rota_shift(call: Call<Supervisor, (), CreateShiftBody>) -> Created<ShiftView> {
    call.once(rota::plan).await
}

/// Cancel a shift
///
/// It covers nothing from then on; the record of it stays.
#[utoipa::path(post, path = "/rota/shifts/{id}/cancel", tag = "rota")]
async fn cancel_rota_shift(call: Call<Supervisor, ShiftId, CancelShiftBody>) -> Answer<ShiftView> {
    call.once(rota::cancel).await
}
