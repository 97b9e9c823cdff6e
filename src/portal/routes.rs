//! URLs of live updates, for the partner portal.

use std::time::Duration;

use actix_web::{HttpRequest, HttpResponse, get, web};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::events::{Events, Start};
use super::open_streams::OpenStreams;
use crate::app::App;
use crate::db::HistoryId;
use crate::error::{Error, Result};
use crate::http::Query;
use crate::http::operation::Described;
use crate::identity::ConnectedStaff;

/// The longest that may be asked for, in seconds.
const MOST_SECONDS: u64 = 3_600;

/// `/partner/v1`
pub fn partner(routes: &mut ServiceConfig) {
    routes.service(Described(get_events));
}

/// Where to begin, and how long to stay.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct EventsQuery {
    /// Begin after this event, as `Last-Event-ID` does for a client that can set no header; the nil id begins with the
    /// first event that there ever was.
    #[serde(default)]
    #[param(value_type = Option<String>, format = Uuid, example = "019aa0c4-6f2e-7cc3-98c8-2d3a53a60b2f")]
    after: Option<HistoryId>,
    /// End after so many seconds, 0 to 3600; 0 sends what there is and ends. Without it, the stream ends with the access
    /// token.
    #[serde(default)]
    #[param(minimum = 0, maximum = 3600, example = 0)]
    stay_seconds: Option<u64>,
}

/// Follow alerts as they change, and what is new beside them
///
/// Server-sent events: `alert.raised`, `alert.changed`, `alert.closed`, `alert.reopened`, each with
/// `{alert, reference, level, state, event, is_exercise, at}` and an id; and `incident.reported`, `check_in.concern`,
/// `message.sent`, `case_concern.changed`, `task.made`, `programme_task.made`, each with `{record, at}`, the id of what is
/// new, which is read at its own address. A client that comes back with `Last-Event-ID` is
/// given every event after it, in order. A new stream begins with `stream.opened`, whose id is the place to come back to;
/// read the list of alerts after it. `stream.reset` says that the id given is not known: read the list again. A comment
/// comes at least every 20 seconds. The stream ends with the session or its access token, and the oldest of more than four
/// ends. Each caller receives only the alerts that their own list shows, and nothing that they could not read now.
#[utoipa::path(tag = "alerts", responses((status = 200, body = serde_json::Value, content_type = "text/event-stream")),
    params(EventsQuery, ("Last-Event-ID" = Option<String>, Header, description = "The id of the last event seen")),
    security(("staff" = [])), extensions(("x-who" = json!(["advocate", "practitioner", "supervisor"]))))]
#[get("/events")]
async fn get_events(
    app: web::Data<App>,
    streams: web::Data<OpenStreams>,
    who: ConnectedStaff,
    Query(query): Query<EventsQuery>,
    http: HttpRequest,
) -> Result<HttpResponse> {
    follow(&app, &streams, who, &query, &http)
}

/// Opens a stream.
///
/// # Errors
/// 422 for more seconds than may be asked for.
pub(super) fn follow(
    app: &App,
    streams: &OpenStreams,
    who: ConnectedStaff,
    query: &EventsQuery,
    http: &HttpRequest,
) -> Result<HttpResponse> {
    let stay = match query.stay_seconds {
        Some(seconds) if seconds > MOST_SECONDS => {
            return Err(Error::field("stay_seconds", "out_of_range", "stay_seconds must be 0 to 3600"));
        }
        seconds => seconds.map(Duration::from_secs),
    };
    let last_seen = http.headers().get("last-event-id").map(|value| value.to_str().unwrap_or_default());
    let start = match (last_seen, query.after) {
        (Some(""), None) | (None, None) => Start::Now,
        (Some(""), Some(after)) | (None, Some(after)) => Start::After(after),
        // A browser that comes back repeats the address it began with; where it has come to since is in the header.
        (Some(seen), _) => seen.parse().map_or(Start::Unknown, Start::After),
    };
    let open = streams.open(who.id);
    let events = Events::new(app.clone(), who, open, start, stay);
    let mut response = HttpResponse::Ok();
    // Proxies that gather an answer before they pass it on must not do so here.
    response.content_type("text/event-stream").insert_header(("x-accel-buffering", "no"));
    Ok(response.streaming(Box::pin(events.stream())))
}
