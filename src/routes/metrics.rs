//! `/metrics`, on a listener of its own: figures for Prometheus. No label holds an identifier, so a reader learns how the service
//! does and nothing of anybody.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::net::TcpListener;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant as Stopwatch};

use actix_web::{App as WebApp, HttpResponse, HttpServer, web};

use crate::app::App;
use crate::config::Settings;
use crate::db::{DbConn, Instant};
use crate::error::{Error, Result};
use crate::escalation::{self, Unreachable};
use crate::http::edge::doors_of_cries;
use crate::meter::Figure::{Counter, Gauge};
use crate::meter::{Counts, MetricsText, labels};
use crate::notify::{self, Channel};
use crate::worker::{self, EMERGENCY};
use crate::{installation, webhooks};

/// The levels that are named also while nothing of them waits; tests and signs of life have none, and are 0.
const LEVELS: std::ops::RangeInclusive<i32> = 0..=EMERGENCY;
/// For how long a look at who would not be reached counts: it asks for each member of staff, and shifts last for hours.
const LOOK_COUNTS: Duration = Duration::from_secs(60);
/// How long a scrape waits for the database. Prometheus itself gives up after ten seconds.
const READ_WITHIN: Duration = Duration::from_secs(2);
const TEXT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Serves on a listener that is bound already. One thread: a scrape that takes long holds up no request.
///
/// # Errors
/// When the listener cannot be used.
pub fn serve(app: App, listener: TcpListener) -> std::io::Result<actix_web::dev::Server> {
    let (app, last) = (web::Data::new(app), web::Data::new(LastLook::default()));
    let server = HttpServer::new(move || {
        let figures = WebApp::new().app_data(app.clone()).app_data(last.clone());
        figures.route("/metrics", web::get().to(scrape))
    });
    Ok(server.workers(1).listen(listener)?.disable_signals().run())
}

async fn scrape(app: web::Data<App>, last: web::Data<LastLook>) -> HttpResponse {
    HttpResponse::Ok().content_type(TEXT).body(text(&app, &last).await)
}

/// How many reasons there are, by their words, because of which somebody would not be reached.
type Reasons = BTreeMap<&'static str, u32>;

/// What the last look at them found and when that was, and whose turn it is to ask the database.
#[derive(Default)]
struct LastLook {
    found: Mutex<Option<(Stopwatch, Reasons)>>,
    /// A read that hangs keeps its turn and its connection; scrapes that come meanwhile use up no more of them.
    turn: Arc<tokio::sync::Mutex<()>>,
}

impl LastLook {
    fn recent(&self) -> Option<Reasons> {
        let last = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        last.as_ref().filter(|(at, _)| at.elapsed() < LOOK_COUNTS).map(|(_, reasons)| reasons.clone())
    }

    fn keep(&self, reasons: &Reasons) {
        *self.found.lock().unwrap_or_else(PoisonError::into_inner) = Some((Stopwatch::now(), reasons.clone()));
    }
}

/// The figures of this moment. Where the database does not answer in time, those of the process are there all the same.
async fn text(app: &App, last: &LastLook) -> String {
    let reading = tokio::time::timeout(READ_WITHIN, read_backlog(app, last));
    let (backlog, can_store, has_keys) = tokio::join!(reading, app.db.can_store(), app.key_store.is_reached());
    let backlog = backlog.unwrap_or(Err(Error::Unavailable));
    if let Err(error) = &backlog {
        tracing::error!(%error, "what waits could not be read for a scrape");
    }
    let mut text = MetricsText::default();
    say_reach(&mut text, can_store, backlog.is_ok(), has_keys);
    say_process(&mut text, app);
    say_counts(&mut text, app.meter.counts());
    if let Ok(backlog) = &backlog {
        backlog.say(&mut text);
    }
    text.finish()
}

async fn read_backlog(app: &App, last: &LastLook) -> Result<Backlog> {
    let turn = last.turn.clone().lock_owned().await;
    let (now, settings, recent) = (app.clock.now(), app.settings.clone(), last.recent());
    let is_recent = recent.is_some();
    let read = move |conn: &mut DbConn| {
        let _turn = turn;
        Backlog::read(conn, &settings, now, recent)
    };
    let backlog = app.db.read(read).await?;
    if !is_recent {
        last.keep(&backlog.unreached);
    }
    Ok(backlog)
}

/// What the database says of what waits, the same whichever instance is asked.
struct Backlog {
    lag_seconds: i64,
    unattempted_seconds: i64,
    /// By level: messages to police that wait, and seconds since the oldest was queued that no force has received.
    police: BTreeMap<i32, (i64, i64)>,
    /// By channel: messages to people.
    people: Vec<(Channel, i64)>,
    unproven_routes: i64,
    unreached: Reasons,
    is_armed: bool,
}

impl Backlog {
    fn read(conn: &mut DbConn, settings: &Settings, now: Instant, recent: Option<Reasons>) -> Result<Self> {
        let ago = |since: Option<Instant>| since.map_or(0, |since| now.seconds_since(since).max(0));
        let mut police: BTreeMap<i32, (i64, i64)> = LEVELS.map(|level| (level, (0, 0))).collect();
        for (level, count) in webhooks::count_waiting(conn)? {
            police.entry(level).or_default().0 = count;
        }
        for (level, since) in webhooks::list_unreceived(conn)? {
            let seconds = &mut police.entry(level).or_default().1;
            *seconds = ago(since).max(*seconds);
        }
        let unreached = match recent {
            Some(reasons) => reasons,
            None => count_reasons(conn, settings, now)?,
        };
        Ok(Self {
            lag_seconds: ago(worker::late_since(conn, now)?),
            unattempted_seconds: ago(worker::unattempted_since(conn, now)?),
            police,
            people: notify::count_waiting(conn, now)?,
            unproven_routes: webhooks::count_unproven(conn, webhooks::proven_since(settings, now))?,
            unreached,
            is_armed: installation::is_armed(conn)?,
        })
    }

    fn say(&self, text: &mut MetricsText) {
        let armed = u8::from(self.is_armed);
        text.one("holdfast_armed", Gauge, "Whether anything may leave: 0 is a copy, or was disarmed.", armed);
        text.one("holdfast_sweep_lag_seconds", Gauge, "Age of the oldest due work.", self.lag_seconds);
        text.one(
            "holdfast_emergency_unattempted_seconds",
            Gauge,
            "Age of the oldest message of an emergency that was never tried.",
            self.unattempted_seconds,
        );
        let by_level = |figure: fn(&(i64, i64)) -> i64| {
            let figure = move |(level, of): (&i32, &(i64, i64))| (format!("level=\"{level}\""), figure(of));
            self.police.iter().map(figure).collect::<Vec<_>>()
        };
        text.family("holdfast_police_messages_waiting", Gauge, "Messages to police that wait.", by_level(|of| of.0));
        text.family(
            "holdfast_police_oldest_undelivered_seconds",
            Gauge,
            "Age of the oldest message to police that nobody of the force received.",
            by_level(|of| of.1),
        );
        let waiting = |channel: &Channel| {
            let found = self.people.iter().find(|(found, _)| found == channel);
            (labels(&[("channel", channel.as_str())]), found.map_or(0, |(_, count)| *count))
        };
        let people = Channel::ALL.iter().map(waiting);
        text.family("holdfast_people_messages_due", Gauge, "Messages to people that are due and wait.", people);
        text.one(
            "holdfast_routes_unproven",
            Gauge,
            "Police routes in use that nobody has proven lately.",
            self.unproven_routes,
        );
        let unreached = self.unreached.iter().map(|(why, count)| (labels(&[("why", *why)]), *count));
        text.family("holdfast_unreached", Gauge, "Reasons why somebody would not be reached now.", unreached);
    }
}

fn count_reasons(conn: &mut DbConn, settings: &Settings, now: Instant) -> Result<Reasons> {
    let mut reasons: Reasons = Unreachable::ALL.iter().map(|why| (why.as_str(), 0)).collect();
    for found in escalation::list_unreached(conn, settings, now)? {
        *reasons.entry(found.why.as_str()).or_default() += 1;
    }
    Ok(reasons)
}

fn say_reach(text: &mut MetricsText, can_store: bool, is_backlog_read: bool, has_keys: bool) {
    text.one("holdfast_can_store", Gauge, "Whether reads are answered and writes stored.", u8::from(can_store));
    text.one("holdfast_backlog_read", Gauge, "Whether the database said what waits.", u8::from(is_backlog_read));
    text.one("holdfast_key_store_away", Gauge, "Whether the store of data keys does not answer.", u8::from(!has_keys));
}

fn say_process(text: &mut MetricsText, app: &App) {
    let version = [(labels(&[("version", env!("CARGO_PKG_VERSION"))]), 1)];
    text.family("holdfast_build_info", Gauge, "Which version runs.", version);
    let hashers = [
        ("staff", app.hasher.queued()),
        ("phones", app.phone_hasher.queued()),
        ("strangers", app.stranger_hasher.queued()),
    ];
    let of = |queue: &str| labels(&[("queue", queue)]);
    let queued = hashers.map(|(queue, (queued, _))| (of(queue), queued));
    text.family("holdfast_hashes_queued", Gauge, "Hashes of passwords and PINs that wait or are under way.", queued);
    let places = hashers.map(|(queue, (_, places))| (of(queue), places));
    text.family("holdfast_hash_places", Gauge, "How many may: one more is answered 503.", places);
}

fn say_counts(text: &mut MetricsText, mut counts: Counts) {
    // Cries for help are there from the start: of a figure that begins at twenty nobody sees that it has grown by twenty.
    for door in doors_of_cries() {
        for status in ["2xx", "4xx", "5xx"] {
            counts.requests.entry((Cow::Owned(format!("POST {door}")), status)).or_default();
        }
    }
    let requests = counts.requests.into_iter().map(|((operation, status), durations)| {
        (labels(&[("operation", operation.as_ref()), ("status", status)]), durations)
    });
    text.durations("holdfast_request_seconds", "Time to the beginning of an answer.", requests);
    let attempts = counts
        .attempts
        .into_iter()
        .map(|((to, way, outcome), count)| (labels(&[("to", to), ("way", way), ("outcome", outcome)]), count));
    text.family("holdfast_attempts_total", Counter, "Attempts to send, by what came of them.", attempts);
    let waits = counts.pool_waits.into_iter().map(|(pool, durations)| (labels(&[("pool", pool)]), durations));
    text.durations(
        "holdfast_pool_wait_seconds",
        "Waits for a connection or a turn to write, of those who had to wait.",
        waits,
    );
    text.one(
        "holdfast_commit_groups_total",
        Counter,
        "Commits of the embedded database that were tried.",
        counts.commit_groups,
    );
    text.one(
        "holdfast_commit_group_jobs_total",
        Counter,
        "Transactions in them, refused ones too.",
        counts.commit_group_jobs,
    );
    text.one(
        "holdfast_commit_groups_failed_total",
        Counter,
        "Those of the commits that failed: nothing of them was kept.",
        counts.commit_groups_failed,
    );
    text.one(
        "holdfast_keys_missed_total",
        Counter,
        "Data keys that were not in memory and asked of their store.",
        counts.keys_missed,
    );
}
