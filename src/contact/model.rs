//! Rows of contact.

use diesel::prelude::*;

use crate::crypto::{Sealed, sealed_row};
use crate::db::schema::{contact_answers, push_registrations, safe_contact_plans, staff_contacts, trusted_contacts};
use crate::db::{
    ContactAnswerId, DeviceId, Instant, Json, PushRegistrationId, SafeContactPlanId, StaffContactId, StaffId,
    SubjectId, SurvivorId, TrustedContactId, text_enum,
};
use crate::notify::Channel;

/// One version of a plan; never changed but to count sooner.
#[derive(Clone, Debug, HasQuery, Insertable)]
#[diesel(table_name = safe_contact_plans)]
pub struct PlanRow {
    pub id: SafeContactPlanId,
    pub survivor_id: SurvivorId,
    pub version: i32,
    pub plan: Sealed,
    pub set_by: StaffId,
    pub set_at: Instant,
    /// From when it counts.
    pub starts_at: Instant,
    /// Who heard the survivor's code word, and so ended the delay.
    pub confirmed_by: Option<StaffId>,
}
sealed_row!(PlanRow, "safe_contact_plans", survivor_id, id);

/// What a survivor said about being contacted; never changed.
#[derive(Clone, Debug, HasQuery, Insertable)]
#[diesel(table_name = contact_answers, treat_none_as_default_value = false)]
pub struct AnswerRow {
    pub id: ContactAnswerId,
    pub survivor_id: SurvivorId,
    pub is_safe: bool,
    pub contact_by: Option<Json>,
    pub said_at: Instant,
}

text_enum! {
    /// Who carries notices to a phone.
    pub enum PushKind {
        /// Web Push, UnifiedPush too.
        WebPush = "web_push",
        /// Firebase Cloud Messaging.
        Fcm = "fcm",
        /// Apple's push service.
        Apns = "apns",
    }
}

impl PushKind {
    /// The channel of `notify`.
    #[must_use]
    pub fn channel(self) -> Channel {
        match self {
            Self::WebPush => Channel::WebPush,
            Self::Fcm => Channel::Fcm,
            Self::Apns => Channel::Apns,
        }
    }
}

/// Where notices for one phone are sent.
#[derive(Clone, Debug, HasQuery, Insertable)]
#[diesel(table_name = push_registrations)]
pub struct PushRow {
    pub id: PushRegistrationId,
    pub device_id: DeviceId,
    pub survivor_id: SurvivorId,
    pub kind: PushKind,
    pub token: Sealed,
    pub created_at: Instant,
    pub ended_at: Option<Instant>,
    pub ended_why: Option<String>,
}
sealed_row!(PushRow, "push_registrations", survivor_id, id);

/// Somebody whom a survivor trusts.
#[derive(Clone, Debug, HasQuery, Insertable)]
#[diesel(table_name = trusted_contacts)]
pub struct TrustedRow {
    pub id: TrustedContactId,
    pub survivor_id: SurvivorId,
    pub name: Sealed,
    pub phone: Sealed,
    pub set_by_kind: String,
    pub set_by: SubjectId,
    pub created_at: Instant,
    /// When it ended: removed, or another counts in its place.
    pub removed_at: Option<Instant>,
    /// From when it counts.
    pub starts_at: Instant,
    /// Who heard the survivor's code word, and so ended the delay.
    pub confirmed_by: Option<StaffId>,
}
sealed_row!(TrustedRow, "trusted_contacts", survivor_id, id);

/// How a member of staff is notified.
#[derive(Clone, Debug, HasQuery, Insertable)]
#[diesel(table_name = staff_contacts)]
pub struct StaffContactRow {
    pub id: StaffContactId,
    pub staff_id: StaffId,
    pub email: Option<Sealed>,
    pub phone: Option<Sealed>,
    pub language: String,
    pub version: i32,
    pub updated_at: Instant,
}
sealed_row!(StaffContactRow, "staff_contacts", staff_id, id, version);
