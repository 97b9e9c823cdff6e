//! What `notify` asks before every attempt: may this still go, and where to?

use uuid::Uuid;

use super::plan::Kind;
use super::reach::{ChannelState, ContactOutcome, ContactReach, ORDER};
use super::{push, staff, store, trusted};
use crate::db::{PushRegistrationId, StaffId, SurvivorId};
use crate::error::Result;
use crate::notify::{Channel, MessageRoute, Notification, Recipient, Rules, SendVerdict};
use crate::tx::Tx;

/// For the worker, which hands them to `notify::deliver`.
pub const RULES: Rules = Rules { ask, next_way: staff::next_way, address_gone };

fn ask(tx: &mut Tx<'_>, message: &Notification) -> Result<SendVerdict> {
    let subject = message.subject_id.0;
    match message.recipient {
        Recipient::Survivor => ask_for_survivor(tx, SurvivorId(subject), message),
        Recipient::Trusted => trusted::ask(tx, SurvivorId(subject)),
        Recipient::Staff => staff::ask(tx, StaffId(subject), message.channel),
    }
}

fn ask_for_survivor(tx: &mut Tx<'_>, survivor: SurvivorId, message: &Notification) -> Result<SendVerdict> {
    let reach = ContactReach::load(tx, survivor)?.telling(message.template);
    let kind = match message.channel {
        Channel::WebPush | Channel::Fcm | Channel::Apns => Kind::Push,
        Channel::Sms => Kind::Sms,
        Channel::Email => Kind::Email,
    };
    let closed = match reach.standing(kind) {
        ChannelState::Open(at) if at > tx.now => return Ok(SendVerdict::Hold(at)),
        ChannelState::Open(_) => match open_way(tx, &reach, kind, message)? {
            Some(verdict) => return Ok(verdict),
            // Another phone has a message of its own.
            None => return Ok(SendVerdict::Drop(ContactOutcome::NoChannel.word())),
        },
        ChannelState::Closed(why) => why,
    };
    let later = ORDER.iter().skip_while(|other| **other != kind).skip(1);
    for other in later {
        if matches!(reach.standing(*other), ChannelState::Open(at) if at < message.deadline) {
            return Ok(SendVerdict::Move(if *other == Kind::Email { Channel::Email } else { Channel::Sms }));
        }
    }
    Ok(SendVerdict::Drop(closed.word()))
}

fn open_way(tx: &Tx<'_>, reach: &ContactReach, kind: Kind, message: &Notification) -> Result<Option<SendVerdict>> {
    let (wording, language) = reach.words();
    if kind != Kind::Push {
        let way = |address| SendVerdict::Send(MessageRoute { address, address_id: None, wording, language });
        return Ok(reach.address(kind).map(way));
    }
    let Some(row) = reach.phones.iter().find(|row| Some(row.device_id) == message.device_id) else { return Ok(None) };
    if row.kind.channel() != message.channel {
        return Ok(Some(SendVerdict::Move(row.kind.channel())));
    }
    let address = push::address(tx.keys, row)?;
    Ok(Some(SendVerdict::Send(MessageRoute { address, address_id: Some(row.id.0), wording, language })))
}

fn address_gone(tx: &mut Tx<'_>, address: Uuid) -> Result<()> {
    store::end_push(tx.conn, PushRegistrationId(address), "gone", tx.now)
}
