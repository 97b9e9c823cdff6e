//! How a survivor may be reached now: consent, plan and addresses put together; and queueing what they allow.

use secrecy::ExposeSecret;
use serde_json::json;

use super::answers::ContactSafety;
use super::model::{PlanRow, PushRow};
use super::plan::{Kind, SafeContactPlan};
use super::{push, store};
use crate::consent::{Ledger, Scope};
use crate::crypto::{Keys, Private, open};
use crate::db::{Instant, Json, SurvivorId};
use crate::error::{Error, Result};
use crate::identity;
use crate::notify::{self, Channel, Destination, Language, OutboxMessage, Recipient, Template, Wording};
use crate::tx::Tx;

/// The order in which ways are tried.
pub(super) const ORDER: [Kind; 3] = [Kind::Push, Kind::Sms, Kind::Email];
/// Those of them that have an address in the plan.
const ADDRESSES: [Kind; 2] = [Kind::Sms, Kind::Email];

/// What came of telling a survivor, or somebody they trust.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContactOutcome {
    /// It is on its way.
    Queued,
    /// There is no address, or no provider.
    NoChannel,
    /// They have not agreed to it.
    NoConsent,
    /// The safe-contact plan forbids it, now or at all; or the survivor says that it is not safe; or an emergency is
    /// open that their phone must not know of.
    UnsafeContact,
    /// The same was said a moment ago.
    Throttled,
}

impl ContactOutcome {
    /// The word for a history.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::NoChannel => "no_channel",
            Self::NoConsent => "no_consent",
            Self::UnsafeContact => "unsafe_contact",
            Self::Throttled => "throttled",
        }
    }
}

/// Whether a way is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ChannelState {
    /// From this moment on, which may be now.
    Open(Instant),
    /// It is closed, and why.
    Closed(ContactOutcome),
}

/// All that decides how a survivor may be reached, as it is now.
#[derive(Clone)]
pub(super) struct ContactReach {
    now: Instant,
    ledger: Ledger,
    plan: Option<SafeContactPlan>,
    pub said: ContactSafety,
    /// Whether an emergency is open that the phone must not know of.
    pub is_silent: bool,
    pub phones: Vec<PushRow>,
    language: Language,
    has_sms: bool,
    has_email: bool,
}

/// The same as it was read, the plan still sealed.
pub(super) struct SealedReach {
    reach: ContactReach,
    plan: Option<PlanRow>,
}

impl SealedReach {
    pub fn read(tx: &mut Tx<'_>, survivor: SurvivorId) -> Result<Self> {
        let row = identity::find_survivor(tx.conn, survivor)?.ok_or(Error::NotFound)?;
        let (settings, plan) = (tx.settings, store::find_plan(tx.conn, survivor, tx.now)?);
        let answer = store::find_answer(tx.conn, survivor)?;
        let reach = ContactReach {
            now: tx.now,
            ledger: Ledger::load(tx.conn, survivor)?,
            said: ContactSafety::of(answer.as_ref(), plan.as_ref())?,
            is_silent: (tx.hooks.is_silent)(tx.conn, survivor)?,
            plan: None,
            phones: push::reachable(tx.conn, settings, survivor, tx.now)?,
            language: Language::of(&row.language),
            has_sms: notify::has_provider(settings, Channel::Sms),
            has_email: notify::has_provider(settings, Channel::Email),
        };
        Ok(Self { reach, plan })
    }

    pub fn open(&self, keys: &Keys) -> Result<ContactReach> {
        let plan = self.plan.as_ref().map(|plan| open_plan(keys, plan)).transpose()?;
        Ok(ContactReach { plan, ..self.reach.clone() })
    }
}

impl ContactReach {
    pub fn load(tx: &mut Tx<'_>, survivor: SurvivorId) -> Result<Self> {
        SealedReach::read(tx, survivor)?.open(tx.keys)
    }

    /// The reach of one message. A reminder comes whatever the phone must not know of: the person who has it in their hands would
    /// wonder why none does.
    pub fn telling(mut self, template: Template) -> Self {
        self.is_silent &= !matches!(template, Template::ReminderBefore | Template::ReminderDue);
        self
    }

    pub fn standing(&self, kind: Kind) -> ChannelState {
        if !self.has_way(kind) {
            return ChannelState::Closed(ContactOutcome::NoChannel);
        }
        let scope = match kind {
            Kind::Push => Some(Scope::ContactPush),
            Kind::Sms => Some(Scope::ContactSms),
            Kind::Voice => Some(Scope::ContactVoice),
            // An address that the survivor gave for the plan is the agreement.
            Kind::Email => None,
        };
        if scope.is_some_and(|scope| !self.ledger.standing(scope, self.now).granted) {
            return ChannelState::Closed(ContactOutcome::NoConsent);
        }
        if self.is_silent || !self.said.allows(kind) {
            return ChannelState::Closed(ContactOutcome::UnsafeContact);
        }
        match &self.plan {
            // Without a plan the survivor's own phone is all there is, and they have agreed to notices on it.
            None => ChannelState::Open(self.now),
            Some(plan) => match plan.next_safe(kind, self.now) {
                Some(at) => ChannelState::Open(at),
                None => ChannelState::Closed(ContactOutcome::UnsafeContact),
            },
        }
    }

    fn has_way(&self, kind: Kind) -> bool {
        match kind {
            Kind::Push => !self.phones.is_empty(),
            Kind::Sms => self.has_sms && self.address(kind).is_some(),
            Kind::Email => self.has_email && self.address(kind).is_some(),
            // A person calls: there is no provider.
            Kind::Voice => self.address(kind).is_some(),
        }
    }

    /// The plan's address for a text message or an e-mail.
    pub fn address(&self, kind: Kind) -> Option<Destination> {
        let address = Private::from(self.plan.as_ref()?.channel(kind)?.address.clone()?);
        Some(if kind == Kind::Email { Destination::Email(address) } else { Destination::Phone(address) })
    }

    pub fn words(&self) -> (Wording, Language) {
        (self.plan.as_ref().map_or(Wording::Plain, |plan| plan.wording), self.language)
    }
}

/// Opens a plan.
pub(super) fn open_plan(keys: &Keys, row: &PlanRow) -> Result<SafeContactPlan> {
    let text = open!(keys, row.plan)?;
    let plan: SafeContactPlan = serde_json::from_str(text.expose_secret())?;
    Ok(plan.dialled())
}

/// Tells a survivor something, on the first way that consent and plan leave open while it is of use: held until the
/// plan's next safe hour, or not queued at all. For ladders and reminders, which need no more than the result.
pub fn enqueue_survivor(tx: &mut Tx<'_>, survivor: SurvivorId, template: Template) -> Result<ContactOutcome> {
    enqueue(tx, survivor, template, &ORDER)
}

/// The same by the plan's addresses alone, and not on the phones: one of them may be in other hands.
pub fn enqueue_by_plan(tx: &mut Tx<'_>, survivor: SurvivorId, template: Template) -> Result<ContactOutcome> {
    enqueue(tx, survivor, template, &ADDRESSES)
}

fn enqueue(tx: &mut Tx<'_>, survivor: SurvivorId, template: Template, ways: &[Kind]) -> Result<ContactOutcome> {
    let rest = template.rest_minutes();
    let last = notify::last_queued_at(tx.conn, survivor.into(), template)?;
    if last.is_some_and(|last| rest > 0 && tx.now < last.plus_minutes(rest)) {
        return Ok(ContactOutcome::Throttled);
    }
    let reach = ContactReach::load(tx, survivor)?.telling(template);
    let useful_until = tx.now.plus_minutes(template.useful_minutes());
    let mut told = ContactOutcome::NoChannel;
    for kind in ways.iter().copied() {
        match reach.standing(kind) {
            ChannelState::Open(at) if at < useful_until => {
                queue(tx, survivor, &reach, kind, template, at)?;
                return Ok(ContactOutcome::Queued);
            }
            // The gravest reason is told: what the plan forbids, before what was not agreed to.
            ChannelState::Open(_) | ChannelState::Closed(ContactOutcome::UnsafeContact) => {
                told = ContactOutcome::UnsafeContact;
            }
            ChannelState::Closed(ContactOutcome::NoConsent) if told == ContactOutcome::NoChannel => {
                told = ContactOutcome::NoConsent;
            }
            ChannelState::Closed(_) => {}
        }
    }
    Ok(told)
}

/// Queues a message: to every phone, or to the plan's one address.
pub(super) fn queue(
    tx: &mut Tx<'_>,
    survivor: SurvivorId,
    reach: &ContactReach,
    kind: Kind,
    template: Template,
    not_before: Instant,
) -> Result<()> {
    let receivers: Vec<_> = match kind {
        Kind::Push => reach.phones.iter().map(|row| (row.kind.channel(), Some(row.device_id))).collect(),
        Kind::Sms => vec![(Channel::Sms, None)],
        Kind::Email => vec![(Channel::Email, None)],
        Kind::Voice => Vec::new(),
    };
    for (channel, device) in receivers {
        let (recipient, detail) = (Recipient::Survivor, Json(json!({})));
        let message = OutboxMessage {
            subject: survivor.into(),
            recipient,
            template,
            detail,
            channel,
            device,
            not_before,
            alert: None,
        };
        notify::enqueue(tx, message)?;
    }
    Ok(())
}
