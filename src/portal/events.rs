//! One stream: what is new is read and sent, then it waits until something may be.

use std::time::Duration;

use actix_web::web::Bytes;
use futures_util::{Stream, stream};
use serde_json::json;
use tokio::sync::watch;
use tokio::time::Instant as Moment;

use super::news::{self, NewsRow};
use super::open_streams::OpenStream;
use crate::app::App;
use crate::db::{DbConn, HistoryId};
use crate::error::{Error, Result};
use crate::escalation::{self, AlertChange, Position};
use crate::identity::{CaseStaff, ConnectedStaff, Staff};
use crate::tx::Tx;

/// How soon a reader whose stream broke should come back.
const RETRY_MILLISECONDS: u32 = 3_000;
/// A line is sent at least this often, so that both sides notice a connection that is gone.
const HEARTBEAT: Duration = Duration::from_secs(20);
/// How long a stream looks at nothing, where no change is published. One is published for what this instance does, and for what
/// another on the same database does while a worker listens here.
const LOOK: Duration = Duration::from_secs(5);
/// Events read, and recorded, at a time.
const BATCH: i64 = 100;

/// After which event a stream begins.
#[derive(Clone, Copy, Debug)]
pub enum Start {
    /// With what happens from now on.
    Now,
    /// After an event that the reader has seen, or at the beginning of everything for the nil id.
    After(HistoryId),
    /// The reader names an event that never was.
    Unknown,
}

/// A stream of events; ends by itself.
pub struct Events {
    app: App,
    who: ConnectedStaff,
    open: OpenStream,
    start: Option<Start>,
    position: Position,
    /// Whether there is more to read than was sent.
    is_behind: bool,
    changes: watch::Receiver<u64>,
    closing: watch::Receiver<bool>,
    beat_at: Moment,
    until: Option<Moment>,
}

impl Events {
    /// A stream that is yet to send anything.
    pub fn new(app: App, who: ConnectedStaff, open: OpenStream, start: Start, stay: Option<Duration>) -> Self {
        let (changes, closing) = (app.subscribers.subscribe(), app.closing.subscribe());
        let now = Moment::now();
        let until = stay.map(|stay| now + stay);
        let (position, start) = (Position::default(), Some(start));
        Self { app, who, open, start, position, is_behind: true, changes, closing, beat_at: now + HEARTBEAT, until }
    }

    /// What it sends, until it ends.
    pub fn stream(self) -> impl Stream<Item = Result<Bytes>> {
        stream::unfold(self, |mut events| async move {
            let bytes = events.next().await?;
            Some((Ok(bytes), events))
        })
    }

    /// The next bytes; none when the stream ends.
    async fn next(&mut self) -> Option<Bytes> {
        loop {
            if *self.closing.borrow() {
                return None;
            }
            // Seen before it is read: what changes meanwhile wakes it again.
            self.changes.mark_unchanged();
            let text = match self.read().await {
                Ok(text) => text,
                // Somebody who may no more is sent nothing; a client that cannot be answered now comes back by itself.
                Err(error) => {
                    if matches!(error, Error::Internal(_) | Error::Unreadable(_)) {
                        tracing::error!(%error, "a stream of events ends");
                    }
                    return None;
                }
            };
            if !text.is_empty() {
                self.beat_at = Moment::now() + HEARTBEAT;
                return Some(Bytes::from(text));
            }
            match self.wait().await {
                Woken::Maybe => {}
                Woken::Heartbeat => {
                    self.beat_at = Moment::now() + HEARTBEAT;
                    return Some(Bytes::from_static(b": still here\n\n"));
                }
                Woken::Ended => return None,
            }
        }
    }

    async fn wait(&mut self) -> Woken {
        let until = self.until;
        let over = async move {
            match until {
                Some(until) => tokio::time::sleep_until(until).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            _closing = self.closing.wait_for(|closing| *closing) => Woken::Ended,
            () = self.open.pushed_out() => Woken::Ended,
            () = over => Woken::Ended,
            changed = self.changes.changed() => if changed.is_ok() { Woken::Maybe } else { Woken::Ended },
            () = tokio::time::sleep_until(self.beat_at) => Woken::Heartbeat,
            () = tokio::time::sleep(LOOK) => Woken::Maybe,
        }
    }

    /// What is new, as text; empty where nothing is.
    async fn read(&mut self) -> Result<String> {
        let staff = self.who.again(&self.app).await?;
        if let Some(start) = self.start.take() {
            return self.begin(staff, start).await;
        }
        if !self.is_behind {
            let (caller, after) = (staff.clone(), self.position);
            let look = move |conn: &mut DbConn| {
                Ok(escalation::has_changes(conn, &caller, after)? || news::has_news(conn, &caller, after.number())?)
            };
            if !self.app.db.read(look).await? {
                return Ok(String::new());
            }
        }
        let after = self.position;
        let caller = staff.clone();
        let work = move |tx: &mut Tx<'_>| list(tx, &caller, after);
        let batch = self.app.transact(staff.actor(), "get_events", work).await?;
        Ok(self.take(&batch))
    }

    async fn begin(&mut self, staff: CaseStaff, start: Start) -> Result<String> {
        let caller = staff.clone();
        let work = move |tx: &mut Tx<'_>| {
            let known = match start {
                Start::After(id) => position_after(tx, id)?,
                Start::Now | Start::Unknown => None,
            };
            if let Some(position) = known {
                return Ok(Begun::Again(list(tx, &caller, position)?));
            }
            let (end, latest) = latest(tx, &caller)?;
            Ok(Begun::Anew(end, latest))
        };
        let retry = format!("retry: {RETRY_MILLISECONDS}\n\n");
        Ok(match self.app.transact(staff.actor(), "get_events", work).await? {
            Begun::Again(batch) => retry + &self.take(&batch),
            Begun::Anew(end, latest) => {
                (self.position, self.is_behind) = (end, false);
                let name = if matches!(start, Start::Now) { "stream.opened" } else { "stream.reset" };
                format!("{retry}id: {latest}\nevent: {name}\ndata: {{}}\n\n")
            }
        })
    }

    fn take(&mut self, batch: &Batch) -> String {
        (self.position, self.is_behind) = (batch.position, batch.is_full);
        batch.events.iter().map(|(_, text)| text.as_str()).collect()
    }
}

/// What was read: each event as text with its number, in order; and how far that is.
struct Batch {
    events: Vec<(i64, String)>,
    position: Position,
    is_full: bool,
}

/// Alerts that changed and what else is new after a position, in one order.
fn list(tx: &mut Tx<'_>, staff: &Staff, after: Position) -> Result<Batch> {
    news::number(tx.conn)?;
    let end = escalation::end_of_changes(tx.conn)?;
    let (mut news, cut) = news::list(tx, staff, (after.number(), end.number()), BATCH)?;
    // Where there is more of the one than is read at a time, what lies behind it of the other waits as well, and is not
    // recorded as read.
    let until = cut.map_or(end, Position::after);
    let changes = escalation::list_changes(tx, staff, (after, until), BATCH)?;
    news.retain(|row| row.number() <= changes.position.number());
    news::note_read(tx, &news);
    let alerts = changes.items.iter().map(|change| (change.position.number(), event(change)));
    let mut events: Vec<(i64, String)> = alerts.chain(news.iter().map(|row| (row.number(), event_text(row)))).collect();
    events.sort_by_key(|(number, _)| *number);
    Ok(Batch { events, position: changes.position, is_full: changes.is_full || cut.is_some() })
}

/// Where to go on after an event; none for one that never was.
fn position_after(tx: &mut Tx<'_>, id: HistoryId) -> Result<Option<Position>> {
    if id.0.is_nil() {
        return Ok(Some(Position::default()));
    }
    news::number(tx.conn)?;
    match escalation::position_after(tx, id)? {
        Some(position) => Ok(Some(position)),
        None => Ok(news::find_number(tx.conn, id)?.map(Position::after)),
    }
}

/// The position after everything there is now, and the latest event that the caller may see; the nil id without one.
fn latest(tx: &mut Tx<'_>, staff: &Staff) -> Result<(Position, HistoryId)> {
    news::number(tx.conn)?;
    let end = escalation::end_of_changes(tx.conn)?;
    let changed = escalation::latest_change(tx, staff)?.map(|(id, number)| (number, id));
    let new = news::latest(tx, staff)?.map(|(id, number)| (number, HistoryId(id.0)));
    let latest = changed.max(new).map_or(HistoryId(uuid::Uuid::nil()), |(_, id)| id);
    Ok((end, latest))
}

enum Begun {
    /// After what the reader has seen.
    Again(Batch),
    /// From now on; the id to come back with.
    Anew(Position, HistoryId),
}

enum Woken {
    Maybe,
    Heartbeat,
    Ended,
}

/// One event. Its data is a single line, as JSON without breaks is.
fn event(change: &AlertChange) -> String {
    let data = json!({
        "alert": change.alert,
        "reference": change.reference,
        "level": change.level,
        "state": change.state,
        "event": change.kind,
        "is_exercise": change.is_exercise,
        "at": change.at,
    });
    format!("id: {}\nevent: {}\ndata: {data}\n\n", change.id, change.name())
}

/// The event of something new: its kind and its id alone.
fn event_text(row: &NewsRow) -> String {
    let data = json!({"record": row.record_id, "at": row.at});
    format!("id: {}\nevent: {}\ndata: {data}\n\n", row.id, row.kind)
}
