//! Rows and words of notify.

use diesel::prelude::*;

use crate::db::schema::{alert_openings, notification_attempts, notifications};
use crate::db::{AlertId, DeviceId, Instant, Json, NotificationId, StaffId, SubjectId, text_enum};

use super::templates::Template;

text_enum! {
    /// The provider that carries a message; each has its own places under way.
    pub enum Channel {
        /// Web Push, UnifiedPush too (RFC 8030, 8291, 8292).
        WebPush = "web_push",
        /// Firebase Cloud Messaging.
        Fcm = "fcm",
        /// Apple's push service.
        Apns = "apns",
        /// Text messages through GOV.UK Notify.
        Sms = "sms",
        /// E-mail by SMTP.
        Email = "email",
    }
}

text_enum! {
    /// Who is notified.
    pub enum Recipient {
        /// The survivor.
        Survivor = "survivor",
        /// Somebody whom the survivor trusts.
        Trusted = "trusted",
        /// A member of staff.
        Staff = "staff",
    }
}

text_enum! {
    /// How far a message has come.
    pub enum NotificationState {
        /// It waits, or is under way.
        Queued = "queued",
        /// The provider took it. Whether a person saw it nobody knows.
        Sent = "sent",
        /// It may not be sent any more, or nowhere; `outcome` says why.
        Ended = "ended",
        /// No provider took it in time.
        GivenUp = "given_up",
    }
}

/// One message to one person on one channel. Codes only: words and addresses are found when it is sent.
#[derive(Clone, Debug, HasQuery, Insertable)]
#[diesel(table_name = notifications, treat_none_as_default_value = false)]
pub struct Notification {
    /// Id; the same in every attempt.
    pub id: NotificationId,
    /// The survivor (also for their trusted contact), or the member of staff.
    pub subject_id: SubjectId,
    /// Which of them.
    pub recipient: Recipient,
    /// What it says.
    pub template: Template,
    /// What the words are filled with, as codes.
    pub detail: Json,
    /// Who carries it.
    pub channel: Channel,
    /// The phone, for push.
    pub device_id: Option<DeviceId>,
    /// How far it has come.
    pub state: NotificationState,
    /// Why it ended, as a word.
    pub outcome: Option<String>,
    /// Attempts begun; the fencing token.
    pub attempt: i32,
    /// When to look at it next.
    pub next_action_at: Option<Instant>,
    /// When it was queued.
    pub queued_at: Instant,
    /// When a provider took it.
    pub sent_at: Option<Instant>,
    /// Until when it is of use.
    pub deadline: Instant,
    /// The alert that it tells a member of staff of.
    pub alert_id: Option<AlertId>,
    /// When to look whether anybody has opened that alert since.
    pub follow_up_at: Option<Instant>,
}

/// When a member of staff opened an alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq, HasQuery, Insertable)]
#[diesel(table_name = alert_openings)]
pub struct AlertOpening {
    /// The alert.
    pub alert_id: AlertId,
    /// Who.
    pub staff_id: StaffId,
    /// When for the first time.
    pub first_at: Instant,
    /// When for the last time.
    pub last_at: Instant,
}

/// One attempt.
#[derive(Clone, Debug, HasQuery, Insertable)]
#[diesel(table_name = notification_attempts, treat_none_as_default_value = false)]
pub struct NotificationAttempt {
    pub notification_id: NotificationId,
    pub attempt: i32,
    pub channel: Channel,
    pub started_at: Instant,
    pub ended_at: Option<Instant>,
    pub outcome: String,
    pub status: Option<i32>,
}
