//! `POST /app/v1/sync`: what a phone kept while it was offline, in one call.
//!
//! Each item is the call that the phone would have made, with the key that it made up then, and runs through the same
//! code in a transaction of its own: a repeat, in the same call or another, is harmless. Items are taken in the order
//! that they were sent in; one that is refused stops no other. When the phone says what time it is, by how much its clock
//! is off is kept with what it recorded.

use actix_web::body::to_bytes;
use actix_web::{HttpResponse, post, web};
use garde::Validate;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use utoipa::openapi::Ref;
use utoipa::openapi::schema::AnyOfBuilder;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::app::App;
use crate::checkins::SendCircumstances;
use crate::db::{IncidentId, Instant};
use crate::error::{Code, Error, Result};
use crate::http::lenient::{self, LenientJson};
use crate::http::operation::Described;
use crate::http::{EmptyBody, Incoming, Press, Problem, RepeatKey, SyncedCall, limits, ok, parse};
use crate::identity::{Enrolled, Phone, Survivor};
use crate::words::Language;
use crate::{checkins, incidents};

/// The most items of one call; a phone with more sends them in several.
const MOST: usize = 100;

/// The doors of a cry for help.
const HELP_NOW: &str = "/app/v1/help-now";
const CHECK_INS: &str = "/app/v1/check-ins";
const INCIDENTS: &str = "/app/v1/incidents";

/// `/app/v1`
pub fn app(routes: &mut ServiceConfig) {
    routes.service(Described(create_sync));
}

/// What a phone kept.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"items": [{"idempotency_key": "0f4e9a3c-1", "method": "POST", "path": "/app/v1/check-ins",
    "body": {"status": "safe", "recorded_at": "2026-11-21T20:14:05Z"}}]}))]
struct SyncBody {
    /// The calls, in the order in which they were recorded.
    // Read one by one, so that one that is malformed stops no other.
    #[garde(length(max = MOST))]
    #[schema(max_items = 100, value_type = Vec<SyncItem>)]
    items: Vec<Value>,
    /// What time it is by the phone's clock as it sends this.
    #[garde(skip)]
    #[serde(default)]
    sent_at: Option<Instant>,
}

/// One call.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct SyncItem {
    /// The key of that call.
    #[garde(length(min = limits::KEY.least, max = limits::KEY.most), custom(is_key))]
    #[schema(format = "key", example = "0f4e9a3c-1")]
    idempotency_key: String,
    /// `POST`.
    #[garde(skip)]
    method: SyncMethod,
    /// Where to: check-ins, help-now, incidents, `incidents/{id}/amend`, `incidents/drafts/{id}/submit` or timers of `/app/v1`.
    #[garde(length(max = limits::SYNC_PATH.most))]
    #[schema(format = "sync_path", example = "/app/v1/check-ins")]
    path: String,
    /// Its body.
    #[garde(skip)]
    #[schema(schema_with = sent_bodies)]
    body: Value,
}

/// What may be sent later.
fn sent_bodies() -> AnyOfBuilder {
    let bodies = [
        "CreateCheckInBody",
        "HelpNowBody",
        "IncidentBody",
        "AmendBody",
        "EmptyBody",
        "CreateTimerBody",
        "ExtendTimerBody",
        "EndTimerBody",
    ];
    any_of("The body of that call", &bodies)
}

/// What may have come of it.
fn answered_bodies() -> AnyOfBuilder {
    let answers = ["SubmittedView", "HelpNowView", "SubmittedIncidentView", "TimerView", "Problem"];
    any_of("The body likewise; of a refusal the problem document", &answers)
}

fn any_of(words: &str, schemas: &[&str]) -> AnyOfBuilder {
    let of = schemas.iter().fold(AnyOfBuilder::new(), |of, name| of.item(Ref::from_schema_name(*name)));
    of.description(Some(words))
}

/// How the call is made.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
enum SyncMethod {
    /// The only one.
    #[serde(rename = "POST")]
    Post,
}

fn is_key(key: &str, _: &()) -> garde::Result {
    limits::KEY.refuse_unless(limits::KEY.fits(key))
}

/// What came of each call.
#[serde_with::skip_serializing_none]
#[derive(Serialize, ToSchema)]
struct SyncView {
    /// One for each item, in their order.
    items: Vec<SyncedItem>,
    /// When they reached us.
    received_at: Instant,
    /// By how many seconds the phone's clock is ahead of ours.
    clock_offset_seconds: Option<i64>,
}

/// What came of one call.
#[derive(Serialize, ToSchema)]
struct SyncedItem {
    /// Its key.
    idempotency_key: String,
    /// The status that it would have been answered with.
    #[schema(minimum = 200, maximum = 599, example = 201)]
    status: u16,
    /// The body likewise; of a refusal the problem document.
    #[schema(schema_with = answered_bodies)]
    body: Value,
    /// Whether it had been done before.
    is_replayed: bool,
}

/// Send what the phone kept while it was offline
///
/// Check-ins, help-now, timers, and incidents with their amendments and the sending of their drafts only. Each item is answered by itself, one that is malformed with 400 or 422;
/// those with a key that was used before are not done again. A cry for help among them is heard whatever else is wrong with it
/// or with the call: then the others alone are refused.
#[utoipa::path(tag = "check-ins", request_body = SyncBody, responses((status = 200, body = SyncView)),
    security(("survivor" = [])), extensions(("x-who" = json!(["survivor"]))))]
#[post("/sync")]
async fn create_sync(app: web::Data<App>, who: Enrolled, sent: Incoming) -> Result<HttpResponse> {
    let (who, calls) = (who.sender(), &sent);
    let caller = &who;
    // The pace of all of them comes at the end: no cry waits for the answers of what comes before it.
    let taken =
        app.at_pace(who.actor().paced_phone(), count(calls), |app| async move { take(&app, caller, calls).await });
    let answered = taken.await;
    sent.finish().await;
    answered
}

/// How many calls there are of which any may be carried out.
fn count(sent: &Incoming) -> u32 {
    let items = sent.json().fields.get("items").and_then(Value::as_array).map_or(0, Vec::len);
    u32::try_from(items.min(MOST)).unwrap_or(u32::MAX)
}

async fn take(app: &App, who: &Survivor, sent: &Incoming) -> Result<HttpResponse> {
    let json = sent.json();
    // Each item is made harmless by its own key; the call's key is asked for because every call of a phone has one.
    let strict = sent.strict::<SyncBody>();
    let said = json.fields.get("items").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let mut calls = Vec::with_capacity(said.len());
    for call in said.iter().enumerate().map(|(at, item)| call_of(&json, at, item)) {
        calls.push((is_cry(app, who, &call).await, call));
    }
    let (sent_at, refused) = match strict {
        Ok((_, body)) => (body.sent_at, None),
        Err(error) if !calls.iter().any(|(is_cry, _)| *is_cry) => return Err(error),
        Err(error) => (json.fields.get("sent_at").and_then(lenient::moment), Some(error)),
    };
    let received_at = app.clock.now();
    let clock_offset_seconds = sent_at.map(|sent| sent.seconds_since(received_at));
    let (mut items, mut cries) = (Vec::with_capacity(calls.len()), 0);
    for (index, (item, (is_cry, call))) in said.iter().zip(calls).enumerate() {
        let later = said.get(index + 1..).unwrap_or_default();
        let is_heard = is_cry && cries < MOST;
        cries += usize::from(is_heard);
        let key = call.key.unwrap_or_default().to_owned();
        let answer = match &refused {
            _ if is_heard => carry_out_cry(app, who.clone(), &call, clock_offset_seconds).await,
            Some(error) => Err(error.repeat()),
            None => match serde_json::to_vec(item).map_err(Error::from).and_then(|bytes| parse(&bytes)) {
                Ok(item) => carry_out(app, who.clone(), item, call, (clock_offset_seconds, later)).await,
                Err(error) => Err(error),
            },
        };
        items.push(synced(key, answer, who.language).await?);
    }
    Ok(ok(SyncView { items, received_at, clock_offset_seconds }))
}

/// What can be read of an item.
fn call_of<'s>(sent: &'s LenientJson, at: usize, item: &'s Value) -> SyncedCall<'s> {
    let text = |name: &str| item.get(name).and_then(Value::as_str);
    let body = item.get("body").unwrap_or(&Value::Null);
    let json = sent.within(&format!("/items/{at}/body"), body);
    SyncedCall { key: text("idempotency_key"), path: text("path").unwrap_or_default(), json }
}

/// Whether an item is a cry for help, which no rule keeps from being heard. A draft that cannot be read at this moment is none:
/// sending it is answered by itself, and the phone sends it again.
async fn is_cry(app: &App, who: &Survivor, call: &SyncedCall<'_>) -> bool {
    match call.path {
        HELP_NOW => true,
        CHECK_INS => checkins::routes::is_cry(&call.json),
        INCIDENTS => incidents::routes::is_cry(&call.json),
        path => match continuation(path) {
            Some(Continuation::Amended(_)) => incidents::routes::is_cry(&call.json),
            Some(Continuation::Sent(id)) => {
                incidents::routes::is_cry_of_draft(app, who, id, &call.json).await.unwrap_or_default()
            }
            None => false,
        },
    }
}

/// What goes on with an incident that was begun before.
enum Continuation {
    /// It is amended.
    Amended(IncidentId),
    /// The draft is sent.
    Sent(IncidentId),
}

fn continuation(path: &str) -> Option<Continuation> {
    match path.strip_prefix(INCIDENTS)?.split('/').skip(1).collect::<Vec<_>>().as_slice() {
        [id, "amend"] => id.parse().ok().map(Continuation::Amended),
        ["drafts", id, "submit"] => id.parse().ok().map(Continuation::Sent),
        _ => None,
    }
}

async fn carry_out_cry(app: &App, who: Survivor, call: &SyncedCall<'_>, offset: Option<i64>) -> Result<HttpResponse> {
    match call.path {
        INCIDENTS => incidents::routes::report_of_sync(app, who, call).await,
        CHECK_INS => checkins::routes::answer_of_sync(app, Phone::from(who), call, offset).await,
        HELP_NOW => checkins::routes::help_now_of_sync(app, Phone::from(who), call, offset).await,
        path => match continuation(path).ok_or_else(not_here)? {
            Continuation::Amended(id) => {
                incidents::routes::amend_cry(app, who, id, call.json.clone(), call.press()).await
            }
            Continuation::Sent(id) => {
                let press = Press::of(call.key, &format!("POST {path}"), Some(&json!(id)));
                incidents::routes::submit_draft_cry(app, who, id, press, &call.json).await
            }
        },
    }
}

async fn carry_out(
    app: &App,
    who: Survivor,
    item: SyncItem,
    synced: SyncedCall<'_>,
    (offset, later): (Option<i64>, &[Value]),
) -> Result<HttpResponse> {
    let SyncMethod::Post = item.method;
    let path = item.path.strip_prefix("/app/v1/").ok_or_else(not_here)?;
    let bytes = serde_json::to_vec(&item.body)?;
    let call = RepeatKey::among(item.idempotency_key, &item.path, &item.body);
    match path.split('/').collect::<Vec<_>>().as_slice() {
        ["check-ins"] => checkins::routes::answer_of_sync(app, Phone::from(who), &synced, offset).await,
        ["incidents"] => incidents::routes::report_of_sync(app, who, &synced).await,
        ["incidents", id, "amend"] => {
            incidents::routes::amend(app, who, (id_of(id)?, None), (call, parse(&bytes)?)).await
        }
        ["incidents", "drafts", id, "submit"] => {
            let EmptyBody {} = parse(&bytes)?;
            incidents::routes::submit_draft(app, who, id_of(id)?, call).await
        }
        ["timers"] => {
            let id = item.body.get("id").and_then(Value::as_str).unwrap_or_default();
            checkins::routes::start(app, who, (call, parse(&bytes)?), sent(offset, id, later)).await
        }
        ["timers", id, "extend"] => {
            let sent = sent(offset, id, later);
            checkins::routes::extend(app, who, id_of(id)?, (call, parse(&bytes)?), sent).await
        }
        ["timers", id, "end"] => {
            let sent = sent(offset, id, later);
            checkins::routes::end(app, who, id_of(id)?, (call, parse(&bytes)?), sent).await
        }
        _ => Err(not_here()),
    }
}

/// How an act on a timer was sent: with what is known of the phone's clock, and whether a later item goes on with it.
fn sent(offset_seconds: Option<i64>, id: &str, later: &[Value]) -> SendCircumstances {
    let goes_on = |item: &Value| {
        let path = item.get("path").and_then(Value::as_str).and_then(|path| path.strip_prefix("/app/v1/timers/"));
        path.and_then(|path| path.split('/').next()).is_some_and(|other| other.eq_ignore_ascii_case(id))
    };
    SendCircumstances { offset_seconds, is_followed: !id.is_empty() && later.iter().any(goes_on) }
}

fn not_here() -> Error {
    Error::field("/path", "not_allowed", "only check-ins, help-now, incidents and timers can be sent later")
}

fn id_of<T: std::str::FromStr>(text: &str) -> Result<T> {
    text.parse().map_err(|_| Error::NotFound)
}

async fn synced(idempotency_key: String, answer: Result<HttpResponse>, language: Language) -> Result<SyncedItem> {
    let response = match answer {
        Ok(response) => response,
        Err(error) => {
            if error.code() == Code::Internal {
                tracing::error!(%error, "an item of a sync failed; the phone will send it again");
            }
            let (status, body) = (error.code().status(), serde_json::to_value(Problem::of(&error, "", language))?);
            return Ok(SyncedItem { idempotency_key, status, body, is_replayed: false });
        }
    };
    let (status, is_replayed) = (response.status().as_u16(), response.headers().contains_key("idempotent-replayed"));
    let bytes = to_bytes(response.into_body()).await.map_err(|_| Error::internal("an answer without a body"))?;
    Ok(SyncedItem { idempotency_key, status, body: serde_json::from_slice(&bytes)?, is_replayed })
}
