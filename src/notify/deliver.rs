//! Sending what is due: ask, lease, send, record.

pub(super) mod follow_up;

use std::sync::Arc;

use tracing::Instrument;
use uuid::Uuid;

use super::model::{Channel, Notification, NotificationState, Recipient};
use super::providers::{self, Destination, OutgoingMessage, SendResult, Tokens};
use super::templates::{self, Language, Wording};
use super::{retry, store};
use crate::app::App;
use crate::crypto::random;
use crate::db::{DbConn, Instant, NotificationId};
use crate::error::Result;
use crate::http::in_flight::{InFlight, PLACES};
use crate::tx::{Actor, Subject, Tx};

/// Seconds that a lease lasts: two calls of 15 seconds that an attempt may take (a token, the message), and some to
/// record it.
const LEASE_SECONDS: i64 = 40;

/// What those above this folder decide: they know consents, plans and addresses.
#[derive(Clone, Copy)]
pub struct Rules {
    /// May this still go, and where to? Asked before every attempt.
    pub ask: fn(&mut Tx<'_>, &Notification) -> Result<SendVerdict>,
    /// Sends the same to a member of staff on their next way that is not among those tried; false where there is none.
    pub next_way: fn(&mut Tx<'_>, &Notification, &[Channel]) -> Result<bool>,
    /// The provider has forgotten the address with this id ([`MessageRoute::address_id`]): it is dead.
    pub address_gone: fn(&mut Tx<'_>, Uuid) -> Result<()>,
}

/// Whether a message may go now.
#[derive(Clone, Debug)]
pub enum SendVerdict {
    /// It may, this way.
    Send(MessageRoute),
    /// Not before then.
    Hold(Instant),
    /// Not on this channel, but on that one.
    Move(Channel),
    /// No more; why, as a word.
    Drop(&'static str),
}

/// Where a message goes, and in which words.
#[derive(Clone, Debug)]
pub struct MessageRoute {
    /// The address as it is now.
    pub address: Destination,
    /// Its id, where it is one that a provider may forget.
    pub address_id: Option<Uuid>,
    /// As what it presents itself.
    pub wording: Wording,
    /// In which language.
    pub language: Language,
}

/// What the step keeps between passes: the attempts under way, and the providers' tokens. Clones share it.
#[derive(Clone, Default)]
pub struct Outlet {
    in_flight: InFlight<Channel, NotificationId>,
    tokens: Arc<Tokens>,
}

impl Outlet {
    /// Waits until nothing is under way.
    pub async fn idle(&self) {
        self.in_flight.idle().await;
    }
}

/// Begins an attempt for everything that is due and has a place; returns how many. The attempts run on by themselves
/// and wake the worker when they end.
pub async fn deliver(app: &App, outlet: &Outlet, rules: Rules) -> Result<usize> {
    let now = app.clock.now();
    let channels = app.db.read(move |conn| store::list_due_channels(conn, now)).await?;
    let mut begun = 0;
    for channel in channels {
        if outlet.in_flight.free_places(channel) == 0 {
            continue;
        }
        // Those under way may still stand first: as many more are read as there are places.
        let due = app.db.read(move |conn| store::list_due(conn, channel, now, 2 * PLACES)).await?;
        for row in due {
            if outlet.in_flight.free_places(channel) == 0 {
                break;
            }
            let Some(place) = outlet.in_flight.begin(channel, row.id) else { continue };
            let (app, tokens) = (app.clone(), outlet.tokens.clone());
            let attempting = async move {
                if let Err(error) = attempt(&app, &tokens, rules, row).await {
                    tracing::error!(%channel, %error, "a message could not be tried or recorded; its lease runs out");
                }
                drop(place);
                app.notify_worker();
            };
            tokio::spawn(attempting.in_current_span());
            begun += 1;
        }
    }
    Ok(begun)
}

async fn attempt(app: &App, tokens: &Tokens, rules: Rules, row: Notification) -> Result<()> {
    let Some(parcel) = take(app, rules, &row).await? else { return Ok(()) };
    let address_id = parcel.address_id;
    let sent = providers::send(app, tokens, parcel).await;
    record(app, rules, row, address_id, sent).await
}

/// Asks once more whether it may go; then takes the lease, and makes what is to be sent.
async fn take(app: &App, rules: Rules, row: &Notification) -> Result<Option<OutgoingMessage>> {
    let row = row.clone();
    let work = move |tx: &mut Tx<'_>| {
        tx.about(Subject::of("notification", row.id));
        if row.deadline <= tx.now {
            end(tx, &row, row.attempt, NotificationState::GivenUp, "too_late")?;
            return Ok(None);
        }
        let verdict = match (rules.ask)(tx, &row) {
            Err(error) if !error.is_of_the_database() => {
                // One that cannot be decided waits, and takes no other's place meanwhile.
                tracing::error!(notification = %row.id, %error, "a notification cannot be decided; it is tried again");
                SendVerdict::Hold(tx.now.plus_minutes(1))
            }
            verdict => verdict?,
        };
        match verdict {
            SendVerdict::Send(way) => lease(tx, &row, way),
            SendVerdict::Hold(until) if until < row.deadline => {
                tx.outcome("held");
                store::set_next(tx.conn, &row, row.attempt, row.channel, until)?;
                Ok(None)
            }
            SendVerdict::Hold(_) => end(tx, &row, row.attempt, NotificationState::Ended, "unsafe_contact"),
            SendVerdict::Move(channel) => {
                tx.outcome("moved");
                store::set_next(tx.conn, &row, row.attempt, channel, tx.now)?;
                Ok(None)
            }
            SendVerdict::Drop(why) => end(tx, &row, row.attempt, NotificationState::Ended, why),
        }
    };
    app.transact(Actor::System, "attempt_notification", work).await
}

fn lease(tx: &mut Tx<'_>, row: &Notification, way: MessageRoute) -> Result<Option<OutgoingMessage>> {
    if !store::claim(tx.conn, row, tx.now, tx.now.plus_seconds(LEASE_SECONDS))? {
        tx.outcome("not_free");
        return Ok(None);
    }
    let words = templates::render(row.template, way.wording, way.language, &row.detail.0);
    Ok(Some(OutgoingMessage {
        id: row.id,
        address: way.address,
        address_id: way.address_id,
        channel: row.channel,
        words,
        useful_until: row.deadline,
    }))
}

fn end(
    tx: &mut Tx<'_>,
    row: &Notification,
    attempt: i32,
    state: NotificationState,
    why: &'static str,
) -> Result<Option<OutgoingMessage>> {
    tx.outcome(why);
    store::set_ended(tx.conn, row.id, attempt, state, why)?;
    Ok(None)
}

/// Attempts after which no other way is looked for.
const OTHER_WAYS: i32 = 3;

/// The other way to a member of staff, where the first takes nothing: a mailbox that is gone, or a number that is none.
fn other_way(row: &Notification) -> Option<Channel> {
    match (row.recipient, row.channel) {
        (Recipient::Staff, Channel::Email) => Some(Channel::Sms),
        (Recipient::Staff, Channel::Sms) => Some(Channel::Email),
        _ => None,
    }
}

/// Records what came of an attempt; only then does "sent" stand anywhere.
async fn record(app: &App, rules: Rules, row: Notification, address_id: Option<Uuid>, sent: SendResult) -> Result<()> {
    let (attempt, [jitter]) = (row.attempt + 1, random::<1>()?);
    app.meter.attempt(("people", row.channel.as_str(), sent.word()));
    let work = move |tx: &mut Tx<'_>| {
        tx.about(Subject::of("notification", row.id));
        tx.outcome(sent.word());
        store::end_attempt(tx.conn, row.id, attempt, tx.now, sent.word(), sent.status())?;
        match sent {
            SendResult::Taken(_) => {
                store::set_sent(tx.conn, row.id, tx.now, follow_up::due_after_sending(&row, tx.now))?;
            }
            SendResult::AddressGone(_) => {
                let Some(address) = address_id else {
                    store::set_ended(tx.conn, row.id, attempt, NotificationState::Ended, "rejected")?;
                    return Ok(());
                };
                (rules.address_gone)(tx, address)?;
                // Whether there is another way is asked at the next attempt.
                store::set_next(tx.conn, &row, attempt, row.channel, tx.now)?;
            }
            SendResult::Rejected(status) => {
                tracing::error!(notification = %row.id, channel = %row.channel, status, "a provider refused this for good");
                match other_way(&row).filter(|_| attempt <= OTHER_WAYS) {
                    // Whether they have it is asked at the next attempt.
                    Some(channel) => store::set_next(tx.conn, &row, attempt, channel, tx.now)?,
                    None => store::set_ended(tx.conn, row.id, attempt, NotificationState::Ended, "rejected")?,
                };
            }
            SendResult::Failed { retry_after_seconds, .. } => {
                let next = retry::next_attempt(attempt, tx.now, retry_after_seconds, jitter);
                if next < row.deadline {
                    store::set_next(tx.conn, &row, attempt, row.channel, next)?;
                } else if store::set_ended(tx.conn, row.id, attempt, NotificationState::GivenUp, "too_late")? {
                    tracing::error!(notification = %row.id, channel = %row.channel, "no provider took this in time");
                }
            }
        }
        Ok(())
    };
    app.transact(Actor::System, "record_notification", work).await
}

/// After the clock went back: makes due what would now wait for longer than any retry or lease may. What has yet to be tried
/// waits for its time.
pub async fn repair_after_clock_rollback(app: &App) -> Result<usize> {
    let work = |tx: &mut Tx<'_>| store::bring_forward(tx.conn, tx.now.plus_seconds(retry::LONGEST_SECONDS), tx.now);
    app.transact(Actor::System, "mind_clock", work).await
}

/// When the next message is to be looked at.
pub fn next_due(conn: &mut DbConn) -> Result<Option<Instant>> {
    store::next_due(conn)
}
