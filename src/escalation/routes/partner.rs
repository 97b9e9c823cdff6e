//! `/partner/v1`: alerts and tasks of staff.

use utoipa_actix_web::service_config::ServiceConfig;

use crate::access::RecordChangeView;
use crate::contact::StaffSafeContactView;
use crate::db::{AlertId, OverrideId, SurvivorId, TaskId};
use crate::escalation::alerts::act::{self, ActedView, AlertActionBody, Closing};
use crate::escalation::alerts::exercise::{self, CreateExerciseBody, ExerciseView};
use crate::escalation::alerts::model::AlertsQuery;
use crate::escalation::alerts::raise_level::{self, RaiseLevelBody};
use crate::escalation::alerts::read::{self, ReadAlert, StaffAlert};
use crate::escalation::alerts::reopen::{self, ReopenAlertBody};
use crate::escalation::overrides::{
    self, CreateOverrideBody, OverrideView, OverridesQuery, ReviewOverrideBody, WithholdOverrideBody,
};
use crate::escalation::police::outcomes::{self, WithholdOutcomeBody};
use crate::escalation::support::break_glass::{self, BreakGlassBody, BreakGlassReasonBody, OpenedGlassView};
use crate::escalation::support::closing::{self, ChangeRecordBody};
use crate::escalation::support::open_location::{self, AlertLocationView, OpenLocationBody};
use crate::escalation::tasks::doing::{self, CompleteTaskBody, ReadTask, TaskView};
use crate::escalation::tasks::model::TasksQuery;
use crate::http::reply::reply;
use crate::http::{Answer, Call, Created, EmptyBody, Listed, Query, operations};
use crate::identity::{Advocate, CaseStaff, Supervisor, SupportStaff};

/// `/partner/v1`
pub fn partner(routes: &mut ServiceConfig) {
    operations! { routes:
        list_alerts get_alert acknowledge_alert progress_alert resolve_alert stand_down_alert reopen_alert
        raise_alert_level release_outcome withhold_outcome release_alert create_alert_location_opening create_exercise
        list_tasks get_task_safe_contact complete_task create_break_glass create_survivor_break_glass
        create_override list_overrides approve_override review_override withhold_override close_survivor reopen_survivor
    }
    super::phones::partner(routes);
    super::rota::partner(routes);
    super::ladders::partner(routes);
    super::silences::partner(routes);
    super::safe_addresses::partner(routes);
    super::transfers::partner(routes);
}

/// List alerts
///
/// The support organisation's staff see all of its alerts, since anybody may be on duty; the programme's staff see
/// those of linked cases whose survivor shares their status. `is_closed=false` lists those that somebody has to answer.
#[utoipa::path(get, path = "/alerts", tag = "alerts")]
async fn list_alerts(call: Call<CaseStaff, (), Query<AlertsQuery>>) -> Listed<StaffAlert> {
    call.page(read::list, ReadAlert::cursor, ReadAlert::view).await
}

/// Read an alert
///
/// While one of level 3 and above is open, the people who are to answer it (on duty, assigned, a supervisor, or who holds it, having
/// taken it up) are shown whom it is about: name, safe contact, the words that were sent, needs, children, whom they fear. Never what the
/// survivor keeps for themselves, and nobody of the programme's side.
#[utoipa::path(get, path = "/alerts/{id}", tag = "alerts")]
async fn get_alert(call: Call<CaseStaff, AlertId>) -> Answer<StaffAlert> {
    call.show_tagged(read::find_alert, ReadAlert::version, ReadAlert::view).await
}

/// Acknowledge an alert
///
/// Its climb stops until its level's time has passed without progress: 24 hours, 30 minutes, or 5 minutes. Somebody who is neither
/// on duty nor assigned is shown whom one of level 3 and above is about while they hold it, and another person looks at that (task
/// `taken_up_review`).
#[utoipa::path(post, path = "/alerts/{id}/acknowledge", tag = "alerts")]
async fn acknowledge_alert(call: Call<SupportStaff, AlertId, AlertActionBody>) -> Answer<ActedView> {
    call.once(act::acknowledge).await
}

/// Record how it goes with an alert
#[utoipa::path(post, path = "/alerts/{id}/progress", tag = "alerts")]
async fn progress_alert(call: Call<SupportStaff, AlertId, AlertActionBody>) -> Answer<ActedView> {
    call.once(act::progress).await
}

/// Close an alert: what was to be done is done
///
/// An emergency takes the survivor's code word; where none is set, having spoken to the survivor; or an outcome from
/// the police, which you confirm by closing (`outcome_confirmed: false` refuses). `no_trace`, `not_attended` and `referred`
/// close none.
#[utoipa::path(post, path = "/alerts/{id}/resolve", tag = "alerts")]
async fn resolve_alert(call: Call<SupportStaff, AlertId, AlertActionBody>) -> Answer<ActedView> {
    let Call { app, who: staff, path: id, body, action, .. } = call;
    reply(act::close(&app, &staff, action, id, Closing::Resolved, body).await?)
}

/// Close an alert: safety confirmed
///
/// The same conditions as for resolving.
#[utoipa::path(post, path = "/alerts/{id}/stand-down", tag = "alerts")]
async fn stand_down_alert(call: Call<SupportStaff, AlertId, AlertActionBody>) -> Answer<ActedView> {
    let Call { app, who: staff, path: id, body, action, .. } = call;
    reply(act::close(&app, &staff, action, id, Closing::StoodDown, body).await?)
}

/// Reopen an alert that was closed too soon
///
/// Within 72 hours of its closing. It climbs from the foot of its ladder.
#[utoipa::path(post, path = "/alerts/{id}/reopen", tag = "alerts")]
async fn reopen_alert(call: Call<SupportStaff, AlertId, ReopenAlertBody>) -> Answer<ActedView> {
    call.once(reopen::reopen).await
}

/// Raise an alert's level
///
/// Begins the climb of that level's ladder, no matter who has acknowledged. A level is never lowered.
#[utoipa::path(post, path = "/alerts/{id}/raise-level", tag = "alerts")]
async fn raise_alert_level(call: Call<SupportStaff, AlertId, RaiseLevelBody>) -> Answer<ActedView> {
    call.once(raise_level::raise_level).await
}

/// Release the police's outcome to the survivor
#[utoipa::path(post, path = "/alerts/{id}/release-outcome", tag = "alerts")]
async fn release_outcome(call: Call<SupportStaff, AlertId, EmptyBody>) -> Answer<ActedView> {
    call.once(outcomes::release).await
}

/// Withhold the police's outcome from the survivor
///
/// With a reason, for now: it may be released later. An outcome that nobody has released or withheld in a day is a task.
#[utoipa::path(post, path = "/alerts/{id}/withhold-outcome", tag = "alerts")]
async fn withhold_outcome(call: Call<SupportStaff, AlertId, WithholdOutcomeBody>) -> Answer<ActedView> {
    call.once(outcomes::withhold).await
}

/// Show an alert that was silent on the survivor's phone
///
/// An alert of duress does not exist for the phone until its advocate knows that it is safe to show it.
#[utoipa::path(post, path = "/alerts/{id}/release", tag = "alerts")]
async fn release_alert(call: Call<Advocate, AlertId, EmptyBody>) -> Answer<ActedView> {
    call.once(act::release_alert).await
}

/// Open the location of an alert
///
/// For the person who rings 999: where the survivor's phone was, under the same release as for an officer
/// (`location.release_alert` as it stood when the alert was raised). Only of an open alert of level 3 and above, with a
/// reason; each person's first time is a disclosure that the survivor can see, and reaches the people on duty and the
/// supervisors. 404 where there is none that was released.
#[utoipa::path(post, path = "/alerts/{id}/location", tag = "alerts")]
async fn create_alert_location_opening(
    call: Call<SupportStaff, AlertId, OpenLocationBody>,
) -> Answer<AlertLocationView> {
    call.once(open_location::open).await
}

/// Start an exercise
///
/// A drill for the people on duty and for the force: it climbs, and goes out as `safety.alert.exercise`. It holds
/// nothing of the survivor, is marked everywhere, and never turns real.
#[utoipa::path(post, path = "/exercises", tag = "alerts", extensions(("x-who" = json!(["supervisor"]))))]
async fn create_exercise(call: Call<SupportStaff, (), CreateExerciseBody>) -> Created<ExerciseView> {
    call.once(exercise::create).await
}

/// List tasks
///
/// What software may not, or cannot, do by itself: calling 999, deciding whether the police are notified, ringing a survivor
/// who asked for it. A task ends when it is done, when its alert is closed, and when what it is about is over; `state=open`
/// lists those that wait.
#[utoipa::path(get, path = "/tasks", tag = "tasks")]
async fn list_tasks(call: Call<SupportStaff, (), Query<TasksQuery>>) -> Listed<TaskView> {
    call.page(doing::list, ReadTask::cursor, ReadTask::view).await
}

/// Read how the survivor of a task may be reached
///
/// For the person who is to ring them, whether or not they are assigned: while a task of the kind `call_survivor` waits
/// and its alert is open and not silent.
#[utoipa::path(get, path = "/tasks/{id}/safe-contact", tag = "tasks")]
async fn get_task_safe_contact(call: Call<SupportStaff, TaskId>) -> Answer<StaffSafeContactView> {
    call.run(doing::safe_contact).await
}

/// Complete a task
///
/// One that watches what you did yourself is another person's (`second_person_needed`). An override, or a block of a whole force, is
/// approved or reviewed itself, which ends its tasks.
#[utoipa::path(post, path = "/tasks/{id}/complete", tag = "tasks")]
async fn complete_task(call: Call<SupportStaff, TaskId, CompleteTaskBody>) -> Answer<TaskView> {
    call.once_as(doing::complete, |row, _: &[_]| TaskView::of(row)).await
}

/// Open the record of somebody who rings the duty line
///
/// For the person on duty, by one of exact name, telephone number or reference, for an hour: who they are, contacts, safety
/// plan, risk, and the check-ins and incidents of the last thirty days. Never the private note, nor a file. 404 unless exactly
/// one survivor of the organisation is found, and where their side keeps the caller out. Another person reviews it within
/// a working day; a supervisor hears at once where no alert is open, or nobody has a shift; the survivor is informed in person.
#[utoipa::path(post, path = "/break-glass", tag = "survivors")]
async fn create_break_glass(call: Call<SupportStaff, (), BreakGlassBody>) -> Created<OpenedGlassView> {
    call.once(break_glass::look_up).await
}

/// Open a survivor's record for an hour, or for one more
///
/// For the person on duty who knows whose record it is. What it opens, and who hears of it, is the same.
#[utoipa::path(post, path = "/survivors/{id}/break-glass", tag = "survivors")]
async fn create_survivor_break_glass(
    call: Call<SupportStaff, SurvivorId, BreakGlassReasonBody>,
) -> Created<OpenedGlassView> {
    call.once(break_glass::open_known).await
}

/// Notify the police of an alert without the survivor's setting
///
/// Where a setting keeps the police out: with a basis, why it is needed, exactly what, and to which force. A second person
/// approves it; where the danger is imminent it is in force at once, and they are asked within the hour. It opens no more than
/// the alert, ends with it, and is reviewed within a day. The survivor is informed in person: their phone shows nothing of it before.
#[utoipa::path(post, path = "/overrides", tag = "alerts")]
async fn create_override(call: Call<SupportStaff, (), CreateOverrideBody>) -> Created<OverrideView> {
    call.once_opened(overrides::create, OverrideView::of).await
}

/// List decisions to notify the police without the survivor's setting
///
/// Of your organisation; those that ended too.
#[utoipa::path(get, path = "/overrides", tag = "alerts")]
async fn list_overrides(call: Call<SupportStaff, (), Query<OverridesQuery>>) -> Listed<OverrideView> {
    call.page_with(overrides::list, |row| (row.asked_at, row.id.0), OverrideView::named).await
}

/// Approve that the police are notified without the survivor's setting
///
/// As the second person: not the one who asked for it. Unless they were, the police are notified now.
#[utoipa::path(post, path = "/overrides/{id}/approve", tag = "alerts")]
async fn approve_override(call: Call<SupportStaff, OverrideId, EmptyBody>) -> Answer<OverrideView> {
    call.once_opened(overrides::approve, OverrideView::of).await
}

/// Review a decision to notify the police without the survivor's setting
///
/// As another person than asked for it. Where it was not right, the people on duty and the supervisors hear of it at once (task
/// `override_to_end`), and it ends once a second person reviews it and finds the same: the force is sent that it is withdrawn
/// (`safety_confirmed: false`), officers read no more, and a supervisor decides again.
#[utoipa::path(post, path = "/overrides/{id}/review", tag = "alerts")]
async fn review_override(call: Call<SupportStaff, OverrideId, ReviewOverrideBody>) -> Answer<OverrideView> {
    call.once_opened(overrides::review, OverrideView::of).await
}

/// Withhold from a survivor's phone that the police were notified without their setting
///
/// For a supervisor who did not ask for it, with a reason: without that the phone shows it two weeks later by itself. It shows it
/// once somebody has informed the survivor in person (task `override_to_tell`), which is asked for as before.
#[utoipa::path(post, path = "/overrides/{id}/withhold", tag = "alerts")]
async fn withhold_override(call: Call<Supervisor, OverrideId, WithholdOverrideBody>) -> Answer<OverrideView> {
    call.once_opened(overrides::withhold, OverrideView::of).await
}

/// Close a survivor's record
///
/// Where no alert is open and their check-ins have ended. Its staff go on reading it; no phone is enrolled and no schedule begins
/// until it is opened again. An alert opens it by itself.
#[utoipa::path(post, path = "/survivors/{id}/close", tag = "survivors")]
async fn close_survivor(call: Call<Supervisor, SurvivorId, ChangeRecordBody>) -> Answer<RecordChangeView> {
    call.once_opened(closing::close, RecordChangeView::of).await
}

/// Reopen a survivor's record
///
/// For staff who are assigned or on duty. Those on duty and the supervisors are notified.
#[utoipa::path(post, path = "/survivors/{id}/reopen", tag = "survivors")]
async fn reopen_survivor(call: Call<SupportStaff, SurvivorId, ChangeRecordBody>) -> Answer<RecordChangeView> {
    call.once_opened(closing::reopen, RecordChangeView::of).await
}
