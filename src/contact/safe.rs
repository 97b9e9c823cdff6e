//! The plan itself, and contact that a person begins: held to it to the minute.

use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::model::PlanRow;
use super::plan::{Kind, SafeContactPlan};
use super::reach::{self, ChannelState, ContactOutcome, ContactReach, SealedReach};
use super::store;
use crate::access::{self, SurvivorAccess};
use crate::crypto::{Keys, Private, SealedTable, seal};
use crate::db::{DbConn, Instant, SafeContactPlanId, SurvivorId, text_enum};
use crate::error::{Code, Error, Result};
use crate::events::{Event, Lowered};
use crate::identity::{self, LookupKind, Staff};
use crate::notify::Template;
use crate::tx::{Subject, Tx};

/// A safe-contact plan as it is now.
#[serde_with::skip_serializing_none]
#[derive(Clone, Serialize, ToSchema)]
pub struct SafeContactView {
    /// Counts changes; 0 where no plan was made yet.
    #[schema(example = 3)]
    pub version: i32,
    /// Since when it is in force.
    pub set_at: Option<Instant>,
    /// The plan. Without one only notices on the survivor's own phone are possible, if they have agreed to them.
    pub plan: Option<SafeContactPlan>,
}

impl SafeContactView {
    fn of(keys: &Keys, row: Option<PlanRow>) -> Result<Self> {
        let Some(row) = row else { return Ok(Self { version: 0, set_at: None, plan: None }) };
        Ok(Self { version: row.version, set_at: Some(row.set_at), plan: Some(reach::open_plan(keys, &row)?) })
    }
}

/// Whether a channel may be used at this moment.
#[serde_with::skip_serializing_none]
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ChannelNowView {
    /// The channel.
    pub channel: Kind,
    /// Whether it may be used now.
    pub allowed_now: bool,
    /// Why not: `no_channel`, `no_consent` or `unsafe_contact`.
    #[schema(example = "unsafe_contact")]
    pub why_not: Option<&'static str>,
    /// From when on, where the plan says when.
    pub allowed_from: Option<Instant>,
}

/// A plan that has yet to count, since it names an address that stood nowhere in the one before.
#[derive(Clone, Serialize, ToSchema)]
pub struct PendingPlanView {
    /// Its version.
    pub version: i32,
    /// From when it counts, unless it is confirmed before.
    pub starts_at: Instant,
    /// The plan.
    pub plan: SafeContactPlan,
}

/// A safe-contact plan as staff see it, with what it means at this moment.
#[serde_with::skip_serializing_none]
#[derive(Clone, Serialize, ToSchema)]
pub struct StaffSafeContactView {
    /// The plan.
    #[serde(flatten)]
    pub plan: SafeContactView,
    /// The plan that counts later: a new address waits until somebody has heard the survivor's code word, or a day is over.
    pub pending: Option<PendingPlanView>,
    /// What may be used now, a call too.
    pub channels: Vec<ChannelNowView>,
    /// Since when the survivor says that it is not safe to contact them; until they say otherwise, or the plan changes,
    /// nothing is sent.
    pub said_unsafe_at: Option<Instant>,
    /// The only ways that the survivor says are safe; none named: all that the plan has.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub said_only_by: Vec<Kind>,
    /// Whether an emergency is open that the phone must not know of: nothing is sent to it until that is closed, or
    /// released to the survivor.
    pub do_not_contact_device: bool,
}

/// The caller's own plan.
pub fn own(conn: &mut DbConn, keys: &Keys, access: &SurvivorAccess, now: Instant) -> Result<SafeContactView> {
    SafeContactView::of(keys, store::find_plan(conn, access.id(), now)?)
}

/// The plan of a survivor whom the caller works with, or whose record is open to them for now.
pub fn find(tx: &mut Tx<'_>, staff: &Staff, survivor: SurvivorId) -> Result<StaffSafeContactView> {
    let reading = access::reader(tx, staff, survivor)?;
    safe_contact(tx, &reading.access)
}

/// A survivor's plan, with what it means at this moment.
pub fn safe_contact(tx: &mut Tx<'_>, access: &SurvivorAccess) -> Result<StaffSafeContactView> {
    let survivor = access.id();
    let row = store::find_plan(tx.conn, survivor, tx.now)?;
    let plan = SafeContactView::of(tx.keys, row)?;
    let pending = match to_come(tx, survivor)? {
        Some(row) => {
            let (version, starts_at) = (row.version, row.starts_at);
            Some(PendingPlanView { version, starts_at, plan: reach::open_plan(tx.keys, &row)? })
        }
        None => None,
    };
    let reach = ContactReach::load(tx, survivor)?;
    let now = tx.now;
    Ok(StaffSafeContactView {
        plan,
        pending,
        channels: Kind::ALL.iter().map(|kind| channel_now(&reach, *kind, now)).collect(),
        said_unsafe_at: reach.said.unsafe_since,
        said_only_by: reach.said.only_by.clone(),
        do_not_contact_device: reach.is_silent,
    })
}

fn channel_now(reach: &ContactReach, channel: Kind, now: Instant) -> ChannelNowView {
    let (allowed_from, why_not) = match reach.standing(channel) {
        ChannelState::Open(at) if at > now => (Some(at), Some(ContactOutcome::UnsafeContact.word())),
        ChannelState::Open(_) => (None, None),
        ChannelState::Closed(why) => (None, Some(why.word())),
    };
    ChannelNowView { channel, allowed_now: why_not.is_none(), why_not, allowed_from }
}

/// Whether a survivor may be rung, as it was read: the plan is opened for the view.
pub struct CallNow {
    /// None where nobody knows who has the phone.
    reach: Option<SealedReach>,
    now: Instant,
}

/// Reads whether a survivor may be rung now; not at all where nobody knows who has the phone.
pub fn call_now(tx: &mut Tx<'_>, access: &SurvivorAccess, is_silent: bool) -> Result<CallNow> {
    let reach = if is_silent { None } else { Some(SealedReach::read(tx, access.id())?) };
    Ok(CallNow { reach, now: tx.now })
}

impl CallNow {
    /// By plan and consent, as codes. The number itself is in the plan alone.
    pub fn view(&self, keys: &Keys) -> Result<ChannelNowView> {
        let Some(reach) = &self.reach else {
            let why_not = Some(ContactOutcome::UnsafeContact.word());
            return Ok(ChannelNowView { channel: Kind::Voice, allowed_now: false, why_not, allowed_from: None });
        };
        Ok(channel_now(&reach.open(keys)?, Kind::Voice, self.now))
    }
}

/// The version of a plan that has yet to count.
fn to_come(tx: &mut Tx<'_>, survivor: SurvivorId) -> Result<Option<PlanRow>> {
    let now = tx.now;
    Ok(store::find_newest_plan(tx.conn, survivor)?.filter(|row| row.starts_at > now))
}

/// Makes the next version of a plan. What it takes away or narrows counts at once; an address that stood nowhere in the one before
/// counts after the delay, or once somebody has heard the survivor's code word: until then that channel is as it was. Somebody
/// else may have asked for it.
pub fn put(
    tx: &mut Tx<'_>,
    staff: &Staff,
    survivor: SurvivorId,
    plan: &SafeContactPlan,
) -> Result<StaffSafeContactView> {
    let access = access::survivor(tx, staff, survivor)?;
    let plan = plan.clone().tidy(tx.settings.phone_region)?;
    identity::lock_survivor(tx.conn, survivor)?;
    tx.emit(Event::LoweringSettled { survivor, lowered: &[Lowered::SafeContactChanged] });
    let before = store::find_plan(tx.conn, survivor, tx.now)?;
    let before = before.map(|row| reach::open_plan(tx.keys, &row)).transpose()?;
    let phones: Vec<Private> = before.iter().chain([&plan]).flat_map(SafeContactPlan::phones).collect();
    identity::set_lookups(tx.conn, tx.keys, survivor, LookupKind::Phone, &phones)?;
    let version = store::find_newest_plan(tx.conn, survivor)?.map_or(1, |row| row.version + 1);
    match before.and_then(|before| plan.without_new_addresses(&before)) {
        None => keep(tx, staff, survivor, (version, tx.now), &plan)?,
        Some(narrowed) => {
            let starts_at = tx.now.plus_hours(i64::from(tx.settings.alert_setting_delay_hours));
            keep(tx, staff, survivor, (version, tx.now), &narrowed)?;
            keep(tx, staff, survivor, (version + 1, starts_at), &plan)?;
            let lowered = Lowered::SafeContactChanged;
            tx.emit(Event::ProtectionLowered { survivor, lowered, due_at: starts_at });
        }
    }
    safe_contact(tx, &access)
}

fn keep(
    tx: &mut Tx<'_>,
    staff: &Staff,
    survivor: SurvivorId,
    (version, starts_at): (i32, Instant),
    plan: &SafeContactPlan,
) -> Result<()> {
    let id = SafeContactPlanId::new(tx.now);
    let text = Private::from(serde_json::to_string(plan)?);
    let new = PlanRow::sealing(tx.keys, survivor, id);
    let row = PlanRow {
        id,
        survivor_id: survivor,
        version,
        plan: seal!(new.plan, &text)?,
        set_by: staff.id,
        set_at: tx.now,
        starts_at,
        confirmed_by: None,
    };
    store::insert_plan(tx, row)
}

/// The plan that does not count yet.
///
/// # Errors
/// 409 where none waits.
pub fn waiting(tx: &mut Tx<'_>, survivor: SurvivorId) -> Result<PlanRow> {
    to_come(tx, survivor)?.ok_or_else(|| Error::wrong_state("no safe-contact plan waits"))
}

/// Lets the plan that waits count at once: a colleague has heard the survivor's voice and code word.
///
/// # Errors
/// 409 where none waits.
pub fn confirm(tx: &mut Tx<'_>, staff: &Staff, survivor: SurvivorId) -> Result<StaffSafeContactView> {
    let access = access::colleague(tx, staff, survivor)?;
    let row = waiting(tx, survivor)?;
    store::confirm_plan(tx.conn, row.id, staff.id, tx.now)?;
    tx.emit(Event::LoweringSettled { survivor, lowered: &[Lowered::SafeContactChanged] });
    safe_contact(tx, &access)
}

text_enum! {
    /// What staff may have sent to a survivor.
    pub enum ContactTemplate {
        /// Please ring.
        CallMe = "call_me",
        /// Please have a look.
        Nudge = "nudge",
    }
}

text_enum! {
    /// How it is to be sent.
    pub enum ContactChannel {
        /// A notice on the phone.
        Push = "push",
        /// A text message.
        Sms = "sms",
        /// An e-mail.
        Email = "email",
    }
}

/// A message to a survivor; the words are fixed and neutral.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ContactBody {
    /// How.
    #[garde(skip)]
    pub channel: ContactChannel,
    /// What.
    #[garde(skip)]
    pub template: ContactTemplate,
}

/// A message that waits to be sent. Consent and plan are asked once more when it is.
#[derive(Debug, Serialize, ToSchema)]
pub struct ContactView {
    /// How.
    pub channel: ContactChannel,
    /// What.
    pub template: ContactTemplate,
    /// When it was queued.
    pub queued_at: Instant,
}

/// Sends a survivor a neutral message because a person wants it sent now. Nothing is held or sent otherwise: the caller
/// decides what to do instead.
///
/// # Errors
/// 409 `unsafe_contact`, `contact_not_agreed` or `no_channel`.
pub fn contact(tx: &mut Tx<'_>, staff: &Staff, survivor: SurvivorId, body: &ContactBody) -> Result<ContactView> {
    access::survivor(tx, staff, survivor)?;
    let kind = match body.channel {
        ContactChannel::Push => Kind::Push,
        ContactChannel::Sms => Kind::Sms,
        ContactChannel::Email => Kind::Email,
    };
    let template = match body.template {
        ContactTemplate::CallMe => Template::CallMe,
        ContactTemplate::Nudge => Template::Nudge,
    };
    let reach = ContactReach::load(tx, survivor)?;
    let code = match reach.standing(kind) {
        ChannelState::Open(at) if at <= tx.now => {
            reach::queue(tx, survivor, &reach, kind, template, at)?;
            tx.about(Subject::of("survivor", survivor));
            return Ok(ContactView { channel: body.channel, template: body.template, queued_at: tx.now });
        }
        ChannelState::Closed(ContactOutcome::NoConsent) => Code::ContactNotAgreed,
        ChannelState::Closed(ContactOutcome::NoChannel) => Code::NoChannel,
        ChannelState::Open(_) | ChannelState::Closed(_) => Code::UnsafeContact,
    };
    Err(Error::Conflict(code, code.title().into()))
}
