//! On which ways a member of staff can be reached: what they gave, and whether there is a provider for it.

use serde::Serialize;
use utoipa::ToSchema;

use super::store;
use crate::config::Settings;
use crate::crypto::{PrivateText, open};
use crate::db::{DbConn, Instant, StaffId};
use crate::error::Result;
use crate::identity::Staff;
use crate::notify::{self, Channel, Language};
use crate::tx::{Subject, Tx};

/// How the caller has asked to be notified, and what of it works.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct OwnStaffContactView {
    /// The work e-mail address.
    #[schema(example = "asha@support.example")]
    pub email: Option<String>,
    /// The work telephone that takes text messages.
    #[schema(example = "+44 7700 900456")]
    pub phone: Option<String>,
    /// The language of the messages.
    pub language: Language,
    /// Whether a message can be sent by e-mail: there are an address and a provider.
    pub by_email: bool,
    /// Whether a text message can be sent.
    pub by_sms: bool,
    /// Whether anything can wake them: only a text message makes itself heard.
    pub rings: bool,
    /// Since when; absent where they never said.
    pub updated_at: Option<Instant>,
}

/// How the caller is notified.
pub fn own(tx: &mut Tx<'_>, staff: &Staff) -> Result<OwnStaffContactView> {
    tx.about(Subject::of("staff", staff.id));
    let ways = staff_ways(tx.conn, tx.settings, staff.id)?;
    let row = store::find_staff(tx.conn, staff.id)?;
    let (email, phone) = match &row {
        Some(row) => (open!(tx.keys, row.email)?.shown(), open!(tx.keys, row.phone)?.shown()),
        None => (None, None),
    };
    Ok(OwnStaffContactView {
        email,
        phone,
        language: row.as_ref().map_or(Language::English, |row| Language::of(&row.language)),
        by_email: ways.by_email,
        by_sms: ways.by_sms,
        rings: ways.by_sms,
        updated_at: row.map(|row| row.updated_at),
    })
}

/// On which ways a member of staff can be sent a message: there are an address and a provider.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StaffWays {
    /// By e-mail.
    pub by_email: bool,
    /// By text message.
    pub by_sms: bool,
}

/// The ways to a member of staff.
pub fn staff_ways(conn: &mut DbConn, settings: &Settings, staff: StaffId) -> Result<StaffWays> {
    let Some(row) = store::find_staff(conn, staff)? else { return Ok(StaffWays::default()) };
    let has = |channel| notify::has_provider(settings, channel);
    Ok(StaffWays {
        by_email: row.email.is_some() && has(Channel::Email),
        by_sms: row.phone.is_some() && has(Channel::Sms),
    })
}
