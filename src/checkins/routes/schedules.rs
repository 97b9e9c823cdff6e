//! `/partner/v1/survivors/{id}/schedules`: staff make schedules, let them rest, and end them.

use utoipa_actix_web::service_config::ServiceConfig;

use crate::access;
use crate::checkins::schedule::{
    self, CreateScheduleBody, EndScheduleBody, PauseScheduleBody, ScheduleChange, ScheduleView,
};
use crate::checkins::store;
use crate::db::{ScheduleId, SurvivorId};
use crate::error::Result;
use crate::http::reply::listed;
use crate::http::{Answer, Call, Created, EmptyBody, Listed, operations};
use crate::identity::{Advocate, Staff, SupportStaff};
use crate::tx::Tx;

pub(super) fn routes(routes: &mut ServiceConfig) {
    operations! { routes:
        create_schedule list_schedules pause_schedule resume_schedule end_schedule
    }
}

/// Create a check-in schedule
///
/// Runs at once, whether or not the survivor has enrolled a phone. The answer shows the most minutes that can pass
/// until silence raises an alert.
#[utoipa::path(post, path = "/survivors/{id}/schedules", tag = "check-ins")]
async fn create_schedule(call: Call<Advocate, SurvivorId, CreateScheduleBody>) -> Created<ScheduleView> {
    call.once(|tx: &mut Tx<'_>, staff: &Staff, id: SurvivorId, body: &CreateScheduleBody| {
        tx.notify_worker();
        schedule::create(tx, staff, id, body)
    })
    .await
}

/// List a survivor's schedules
#[utoipa::path(get, path = "/survivors/{id}/schedules", tag = "check-ins")]
async fn list_schedules(call: Call<SupportStaff, SurvivorId>) -> Listed<ScheduleView> {
    let Call { app, who: staff, path: id, action, .. } = call;
    let (caller, now) = (staff.clone(), app.clock.now());
    let work = move |tx: &mut Tx<'_>| {
        let access = access::survivor(tx, &caller, id)?;
        store::list_schedules(tx.conn, &access)
    };
    let rows = app.transact(staff.actor(), action, work).await?;
    let items = rows.iter().map(|row| ScheduleView::of(row, now)).collect::<Result<_>>()?;
    listed(items)
}

/// Pause a schedule until an instant
///
/// With a reason; it runs on by itself after that. Where the survivor asked for it, once you have spoken with them. A check-in that
/// is due already still waits for its answer.
#[utoipa::path(post, path = "/survivors/{id}/schedules/{schedule_id}/pause", tag = "check-ins")]
async fn pause_schedule(call: Call<Advocate, (SurvivorId, ScheduleId), PauseScheduleBody>) -> Answer<ScheduleView> {
    call.once(|tx: &mut Tx<'_>, staff: &Staff, path: (SurvivorId, ScheduleId), body: &PauseScheduleBody| {
        schedule::change(tx, staff, path, &ScheduleChange::Pause(body))
    })
    .await
}

/// Resume a paused schedule
#[utoipa::path(post, path = "/survivors/{id}/schedules/{schedule_id}/resume", tag = "check-ins")]
async fn resume_schedule(call: Call<Advocate, (SurvivorId, ScheduleId), EmptyBody>) -> Answer<ScheduleView> {
    call.once(|tx: &mut Tx<'_>, staff: &Staff, path: (SurvivorId, ScheduleId)| {
        schedule::change(tx, staff, path, &ScheduleChange::Resume)
    })
    .await
}

/// End a schedule
///
/// With a reason. A check-in that is due already still waits for its answer.
#[utoipa::path(post, path = "/survivors/{id}/schedules/{schedule_id}/end", tag = "check-ins")]
async fn end_schedule(call: Call<Advocate, (SurvivorId, ScheduleId), EndScheduleBody>) -> Answer<ScheduleView> {
    call.once(|tx: &mut Tx<'_>, staff: &Staff, path: (SurvivorId, ScheduleId), body: &EndScheduleBody| {
        schedule::change(tx, staff, path, &ScheduleChange::End(body))
    })
    .await
}
