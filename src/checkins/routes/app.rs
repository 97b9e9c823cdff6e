//! `/app/v1`: the survivor answers, presses help-now, and sees what is due.

use actix_web::{HttpResponse, post, web};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::access;
use crate::app::App;
use crate::checkins::answer::{self, CreateCheckInBody, Given, HelpNowBody, Sender, Submitted, SubmittedView, Way};
use crate::checkins::model::Answer;
use crate::checkins::questions::QuestionView;
use crate::checkins::schedule::ScheduleView;
use crate::checkins::{CheckInView, cry, store};
use crate::crypto::Keys;
use crate::db::DbConn;
use crate::error::{Error, Result};
use crate::http::lenient::LenientJson;
use crate::http::operation::Described;
use crate::http::reply::{listed, page_reply, reply, whole_reply};
use crate::http::{Call, Incoming, Keep, Listed, Listing, Press, RepeatKey, SyncedCall, created, cried, operations};
use crate::identity::{Phone, Survivor};
use crate::tx::{Raised, RaisedAlertView, Tx};

pub(super) fn routes(routes: &mut ServiceConfig) {
    operations! { routes: get_next_check_in list_check_ins }
    routes.service(Described(create_check_in)).service(Described(create_help_now));
    operations! { routes: list_own_schedules list_own_questions }
}

/// Answer a check-in
///
/// "Safe" counts only with a PIN of the last 15 minutes, and as it is said. Without one, or from a phone that was offline, it is
/// kept (`is_proven: false`), stops the reminders and no alarm; give the PIN and answer again. The device's SOS token says only
/// `concern` and `help_now`. What a phone says that nobody has confirmed yet answers no check-in, and is kept by itself. A late
/// answer is kept with the alert and does not close it. Wherever `status: help_now` can be read the answer is 201, whatever
/// else the body says: what cannot be read is left out and named in `dropped`. Then neither an `Idempotency-Key` nor a
/// `Content-Type` is needed: each request without a key is a press of its own, and so is one whose key was used with another
/// `recorded_at`. A concern by the SOS token is read in the same way; its key is needed.
#[utoipa::path(tag = "check-ins", request_body = CreateCheckInBody, responses((status = 201, body = SubmittedView)),
    security(("survivor" = []), ("sos" = [])), extensions(("x-who" = json!(["survivor", "sos"]))))]
#[post("/check-ins")]
async fn create_check_in(app: web::Data<App>, phone: Phone, sent: Incoming) -> Result<HttpResponse> {
    let json = sent.json();
    let answered = match cry::status(&json) {
        Some(Answer::HelpNow) => {
            let press = sent.press(json.fields.get("recorded_at"));
            cry_in_check_in(&app, phone, (press, cry::read(&json, Answer::HelpNow)), Way::Live).await
        }
        Some(status @ Answer::Concern) if !phone.is_unlocked => match sent.keyed() {
            Ok(call) => answer(&app, phone, (call, cry::read(&json, status)), Way::Live).await,
            Err(error) => Err(error),
        },
        _ => match sent.strict::<CreateCheckInBody>() {
            Ok((call, body)) => answer(&app, phone, (call, body.into()), Way::Live).await,
            Err(error) => Err(error),
        },
    };
    sent.finish().await;
    answered
}

/// Keeps an answer that is no cry for help.
async fn answer(app: &App, phone: Phone, (call, given): (RepeatKey, Given), way: Way) -> Result<HttpResponse> {
    let (actor, clock) = (phone.actor(), app.clock.clone());
    let submit = move |tx: &mut Tx<'_>, phone: &Phone| answer::submit(tx, Sender::new(phone, way), &given);
    let work = move |tx: &mut Tx<'_>| tx.both(&phone, phone.behind(), &submit);
    let view = move |kept: Submitted, raised: &[Raised]| SubmittedView::of(&kept, clock.now(), raised);
    created(app, actor, "create_check_in", (call, Keep::Answer), work, view).await
}

/// Keeps one that is.
async fn cry_in_check_in(app: &App, phone: Phone, (press, given): (Press, Given), way: Way) -> Result<HttpResponse> {
    let (actor, clock) = (phone.actor(), app.clock.clone());
    let submit = move |tx: &mut Tx<'_>, phone: &Phone| answer::submit(tx, Sender::new(phone, way), &given);
    let work = move |tx: &mut Tx<'_>| tx.both(&phone, phone.behind(), &submit);
    let view = move |kept: Submitted, raised: &[Raised]| SubmittedView::of(&kept, clock.now(), raised);
    cried(app, actor, "create_check_in", press, work, view).await
}

/// Whether what can be read of a check-in is a cry for help.
#[must_use]
pub fn is_cry(sent: &LenientJson) -> bool {
    cry::status(sent) == Some(Answer::HelpNow)
}

/// Keeps an answer of those that a phone kept while it was offline.
pub async fn answer_of_sync(
    app: &App,
    phone: Phone,
    item: &SyncedCall<'_>,
    clock_offset_seconds: Option<i64>,
) -> Result<HttpResponse> {
    let way = Way::Sync(clock_offset_seconds);
    match cry::status(&item.json) {
        Some(Answer::HelpNow) => {
            let given = cry::read(&item.json, Answer::HelpNow);
            cry_in_check_in(app, phone, (item.press(), given), way).await
        }
        _ => {
            let (call, body) = item.strict::<CreateCheckInBody>()?;
            answer(app, phone, (call, body.into()), way).await
        }
    }
}

/// The alert that a press of help-now raised or added to.
#[derive(Serialize, ToSchema)]
struct HelpNowView {
    /// The alert.
    alert: Raised,
    /// JSON Pointers of what could not be read or kept, in part or at all; the empty one is the body as a whole.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(example = json!(["/location/accuracy_m"]))]
    dropped: Vec<String>,
}

/// Call for help now
///
/// Raises an emergency at once. This is not an emergency service: call 999; if you cannot speak, press 55. Pressing
/// again notifies again. With a valid credential the answer is 201, whatever the body: what cannot be read is left out and
/// named in `dropped`, where `""` is the body as a whole. No body, `Content-Type` or `Idempotency-Key` is needed. Each request
/// without a key is a press of its own, and so is one whose key was used with another `recorded_at`.
#[utoipa::path(tag = "check-ins", request_body = HelpNowBody, responses((status = 201, body = HelpNowView)),
    security(("survivor" = []), ("sos" = [])), extensions(("x-who" = json!(["survivor", "sos"]))))]
#[post("/help-now")]
async fn create_help_now(app: web::Data<App>, phone: Phone, sent: Incoming) -> Result<HttpResponse> {
    let json = sent.json();
    let press = sent.press(json.fields.get("recorded_at"));
    let answered = press_help_now(&app, phone, (press, cry::read_help_now(&json)), Way::Live).await;
    sent.finish().await;
    answered
}

/// Raises the emergency of a press of those that a phone kept while it was offline.
pub async fn help_now_of_sync(
    app: &App,
    phone: Phone,
    item: &SyncedCall<'_>,
    clock_offset_seconds: Option<i64>,
) -> Result<HttpResponse> {
    let given = cry::read_help_now(&item.json);
    press_help_now(app, phone, (item.press(), given), Way::Sync(clock_offset_seconds)).await
}

async fn press_help_now(app: &App, phone: Phone, (press, given): (Press, Given), way: Way) -> Result<HttpResponse> {
    let actor = phone.actor();
    let press_it = move |tx: &mut Tx<'_>, phone: &Phone| {
        let kept = answer::submit(tx, Sender::new(phone, way), &given)?;
        // Told from the alert itself, which this press has raised or added to.
        let gravest = RaisedAlertView::gravest(tx.react()?).ok_or_else(|| Error::internal("help-now raised no alert"));
        Ok(HelpNowView { alert: gravest?.alert, dropped: kept.dropped })
    };
    let work = move |tx: &mut Tx<'_>| tx.both(&phone, phone.behind(), &press_it);
    cried(app, actor, "create_help_now", press, work, |view, _| view).await
}

/// Read your next check-in
#[utoipa::path(get, path = "/check-ins/next", tag = "check-ins",
    responses((status = 404, body = crate::http::Problem, content_type = "application/problem+json", description = "No check-in is planned")))]
async fn get_next_check_in(call: Call<Survivor>) -> crate::http::Answer<CheckInView> {
    let Call { app, who, .. } = call;
    let (id, now) = (who.id, app.clock.now());
    let find = move |conn: &mut DbConn| Ok((store::find_waiting(conn, id)?, store::list_twins(conn, id)?));
    let (next, twins) = app.db.read(find).await?;
    let next = next.ok_or(Error::NotFound)?;
    reply(app.with_keys(|keys| Ok(CheckInView::of(keys, &next, now)?.as_known(&twins))).await?)
}

/// List your check-ins
#[utoipa::path(get, path = "/check-ins", tag = "check-ins")]
async fn list_check_ins(call: Listing<Survivor>) -> Listed<CheckInView> {
    let Call { app, who, body: query, request, .. } = call;
    let (limit, after, access, now) = (query.limit()?, query.after()?, access::own(&who), app.clock.now());
    let find = move |conn: &mut DbConn| {
        let rows = store::list_without_duress(conn, &access, after, limit)?;
        Ok((rows, store::list_twins(conn, access.id())?))
    };
    let (rows, twins) = app.db.read(find).await?;
    let view = |keys: &Keys, row: &_| Ok(CheckInView::of(keys, row, now)?.as_known(&twins));
    page_reply(&request, app.page(rows, limit, |row| (row.happened_at, row.shown_id().0), view).await?)
}

/// Read your check-in schedules
///
/// With the most minutes that can pass until silence raises an alert.
#[utoipa::path(get, path = "/schedules", tag = "check-ins")]
async fn list_own_schedules(call: Call<Survivor>) -> Listed<ScheduleView> {
    let Call { app, who, .. } = call;
    let (access, now) = (access::own(&who), app.clock.now());
    let rows = app.db.read(move |conn| store::list_schedules(conn, &access)).await?;
    let items = rows.iter().map(|row| ScheduleView::of(row, now)).collect::<Result<_>>()?;
    listed(items)
}

/// Read the questions of your own that a check-in may answer
///
/// At most three.
#[utoipa::path(get, path = "/questions", tag = "check-ins")]
async fn list_own_questions(call: Call<Survivor>) -> Listed<QuestionView> {
    let Call { app, who, .. } = call;
    let id = who.id;
    let rows = app.db.read(move |conn| store::list_questions(conn, id)).await?;
    whole_reply(app.views(&rows, |row| row.id.0, QuestionView::of).await?)
}
