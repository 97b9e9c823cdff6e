//! The providers' wire formats. One file each; all give back one of four results ([`SendResult`]).
//!
//! A fault of ours (a key that a provider refuses) is retried like an outage: it must not end addresses.

mod apns;
mod email;
mod fcm;
mod sms;
mod web_push;

use std::sync::{Mutex, PoisonError};

use url::Url;
use uuid::Uuid;

use super::model::Channel;
use super::templates::Words;
use crate::app::App;
use crate::config::Settings;
use crate::crypto::Private;
use crate::db::{Instant, NotificationId};
use crate::outgoing::outbound::{AttemptEnd, AttemptResult};

/// Where a message goes.
#[derive(Clone, Debug)]
pub enum Destination {
    /// A push subscription (RFC 8291): the endpoint, and the phone's two keys in base64url.
    WebPush {
        /// Where to post.
        endpoint: Private,
        /// The phone's public key.
        p256dh: Private,
        /// The phone's authentication secret.
        auth: Private,
    },
    /// A token of FCM or APNs.
    DeviceToken(Private),
    /// A telephone number.
    Phone(Private),
    /// An e-mail address.
    Email(Private),
}

/// A message ready to go.
pub struct OutgoingMessage {
    pub id: NotificationId,
    pub channel: Channel,
    pub address: Destination,
    pub address_id: Option<Uuid>,
    pub words: Words,
    pub useful_until: Instant,
}

/// What came of an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SendResult {
    /// The provider took it.
    Taken(Option<u16>),
    /// The provider knows no such address any more.
    AddressGone(Option<u16>),
    /// The provider will never take this message.
    Rejected(Option<u16>),
    /// Not now: an outage, too much at once, or credentials that somebody has to mend.
    Failed {
        /// A stable word.
        why: &'static str,
        /// The status, where there was an answer.
        status: Option<u16>,
        /// The provider's wish for the next attempt.
        retry_after_seconds: Option<u64>,
    },
}

impl SendResult {
    /// A fault that somebody or time has to mend.
    fn failed(why: &'static str) -> Self {
        Self::Failed { why, status: None, retry_after_seconds: None }
    }

    /// The same for an answer.
    fn failed_with(answer: AttemptResult) -> Self {
        let (why, status) = match answer.outcome {
            AttemptEnd::Received(status) => ("unexpected", Some(status)),
            AttemptEnd::Refused(status) => ("refused", Some(status)),
            AttemptEnd::Failed(why) => (why, None),
        };
        Self::Failed { why, status, retry_after_seconds: answer.retry_after_seconds }
    }

    /// The word for the record.
    pub fn word(self) -> &'static str {
        match self {
            Self::Taken(_) => "sent",
            Self::AddressGone(_) => "address_gone",
            Self::Rejected(_) => "rejected",
            Self::Failed { why, .. } => why,
        }
    }

    /// The status for the record.
    pub fn status(self) -> Option<i32> {
        let (Self::Taken(status) | Self::AddressGone(status) | Self::Rejected(status) | Self::Failed { status, .. }) =
            self;
        status.map(i32::from)
    }
}

/// Whether an installation has a provider for a channel.
#[must_use]
pub fn has_provider(settings: &Settings, channel: Channel) -> bool {
    let carriers = &settings.carriers;
    match channel {
        Channel::WebPush => carriers.web_push,
        Channel::Fcm => carriers.fcm,
        Channel::Apns => carriers.apns,
        Channel::Sms => carriers.sms,
        Channel::Email => carriers.email,
    }
}

/// Makes one attempt.
pub async fn send(app: &App, tokens: &Tokens, parcel: OutgoingMessage) -> SendResult {
    match parcel.channel {
        Channel::WebPush => web_push::send(app, &parcel).await,
        Channel::Fcm => fcm::send(app, &tokens.fcm, &parcel).await,
        Channel::Apns => apns::send(app, &tokens.apns, &parcel).await,
        Channel::Sms => sms::send(app, &parcel).await,
        Channel::Email => email::send(app, &parcel).await,
    }
}

/// The tokens that providers gave us, or that we sign for a while.
#[derive(Default)]
pub struct Tokens {
    fcm: Token,
    apns: Token,
}

/// One token, kept until it is too old.
#[derive(Default)]
struct Token(Mutex<Option<(Private, Instant)>>);

impl Token {
    /// The token, where it is still good.
    fn get(&self, now: Instant) -> Option<Private> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.as_ref().filter(|(_, until)| now < *until).map(|(token, _)| token.clone())
    }

    fn keep(&self, token: Private, until: Instant) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((token, until));
    }

    /// The provider refused it.
    fn forget(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

/// The address below a provider's own.
fn below(base: &Url, segments: &[&str]) -> Option<Url> {
    let mut url = base.clone();
    url.path_segments_mut().ok()?.pop_if_empty().extend(segments);
    Some(url)
}
