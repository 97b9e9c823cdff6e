//! One-time codes by which a phone is enrolled: made by staff, listed and withdrawn by them, one at a time for a survivor.

use serde::Serialize;
use utoipa::ToSchema;

use crate::crypto::random;
use crate::db::{DbConn, EnrolmentCodeId, Instant, StaffId, SurvivorId, text_enum};
use crate::error::{Error, Result};
use crate::identity::model::{CodeEnd, EnrolmentCode, OldPhone};
use crate::identity::{Survivor, store};
use crate::tx::Tx;

/// Hours that an enrolment code stays good.
const CODE_HOURS: i64 = 72;

text_enum! {
    /// What became of an enrolment code.
    pub enum CodeState {
        /// It can be used.
        Waiting = "waiting",
        /// A phone was enrolled with it.
        Used = "used",
        /// Its time is over.
        Expired = "expired",
        /// A newer one was made.
        Replaced = "replaced",
        /// Staff withdrew it, or closed the record, or gave it to another organisation.
        Withdrawn = "withdrawn",
        /// Its maker may make none any more: their account is out of use, or they do not work with the survivor.
        MakerOut = "maker_out",
    }
}

/// An enrolment code that was made; the code itself is never shown again.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct EnrolmentCodeLineView {
    /// Its id.
    pub id: EnrolmentCodeId,
    /// What became of it.
    pub state: CodeState,
    /// Who made it.
    pub made_by: StaffId,
    /// When.
    pub made_at: Instant,
    /// Until when it is, or was, good.
    pub expires_at: Instant,
    /// When a phone was enrolled with it.
    pub used_at: Option<Instant>,
    /// Whether the survivor said that the phone they had already was in their hands alone.
    pub old_phone_alone_with_them: OldPhone,
}

impl EnrolmentCodeLineView {
    fn of(row: &EnrolmentCode, now: Instant) -> Self {
        Self {
            id: row.id,
            state: state(row, now),
            made_by: row.created_by,
            made_at: row.created_at,
            expires_at: row.expires_at,
            used_at: row.used_at,
            old_phone_alone_with_them: row.old_phone_alone,
        }
    }
}

fn state(row: &EnrolmentCode, now: Instant) -> CodeState {
    match row.ended_because {
        _ if row.used_at.is_some() => CodeState::Used,
        Some(CodeEnd::Replaced) => CodeState::Replaced,
        Some(CodeEnd::Withdrawn) => CodeState::Withdrawn,
        Some(CodeEnd::MakerOut) => CodeState::MakerOut,
        None if row.expires_at <= now => CodeState::Expired,
        None => CodeState::Waiting,
    }
}

/// Makes an enrolment code for a survivor, and ends the one before; the caller has made sure that it may.
pub fn new_code(
    tx: &mut Tx<'_>,
    survivor: SurvivorId,
    by: StaffId,
    old_phone: OldPhone,
) -> Result<(EnrolmentCodeId, String, Instant)> {
    store::end_codes_of(tx.conn, survivor, CodeEnd::Replaced, tx.now)?;
    let (id, code) = (EnrolmentCodeId::new(tx.now), readable_code()?);
    let expires_at = tx.now.plus_hours(CODE_HOURS);
    let row = EnrolmentCode {
        id,
        survivor_id: survivor,
        code_index: tx.keys.blind("enrolment code", canonical(&code).as_bytes()),
        created_by: by,
        created_at: tx.now,
        expires_at,
        used_at: None,
        old_phone_alone: old_phone,
        ended_because: None,
    };
    store::insert_enrolment_code(tx.conn, row)?;
    Ok((id, code, expires_at))
}

/// The codes that were made for a survivor, the newest first. Reading for a person goes through `access`.
pub fn list_codes(conn: &mut DbConn, survivor: SurvivorId, now: Instant) -> Result<Vec<EnrolmentCodeLineView>> {
    let rows = store::list_enrolment_codes(conn, survivor)?;
    Ok(rows.iter().map(|row| EnrolmentCodeLineView::of(row, now)).collect())
}

/// Withdraws a code that nobody has used; the caller has made sure that it may.
///
/// # Errors
/// 404 for another survivor's code, 409 for one that waits no more.
pub fn withdraw_code(tx: &mut Tx<'_>, survivor: SurvivorId, id: EnrolmentCodeId) -> Result<()> {
    store::find_code(tx.conn, id)?.filter(|code| code.survivor_id == survivor).ok_or(Error::NotFound)?;
    match store::end_code(tx.conn, id, CodeEnd::Withdrawn, tx.now)? {
        true => Ok(()),
        false => Err(Error::wrong_state("this code cannot be used any more")),
    }
}

/// Withdraws whatever can still be used of a survivor's codes: their record is closed, or somebody else's.
pub fn withdraw_codes(tx: &mut Tx<'_>, survivor: SurvivorId) -> Result<()> {
    store::end_codes_of(tx.conn, survivor, CodeEnd::Withdrawn, tx.now)
}

/// Ends the codes of a survivor that a member of staff made who does not work with them any more.
pub fn end_codes_by(tx: &mut Tx<'_>, survivor: SurvivorId, made_by: StaffId) -> Result<()> {
    store::end_codes_by(tx.conn, (survivor, made_by), CodeEnd::MakerOut, tx.now)
}

/// From when the phone that asks is not to see that there may be another: a code was made for one while this phone may have been
/// in other hands. A phone that came with such a code, or later, sees it.
pub fn hidden_from(conn: &mut DbConn, who: &Survivor) -> Result<Option<Instant>> {
    store::first_unseen_code(conn, who.owner, who.device)
}

/// Twelve characters of base 32: sixty random bits, readable over the telephone.
fn readable_code() -> Result<String> {
    let letters: Vec<char> = "0123456789ABCDEFGHJKMNPQRSTVWXYZ".chars().collect();
    let mut code = String::new();
    for (position, byte) in random::<12>()?.iter().enumerate() {
        if position > 0 && position % 4 == 0 {
            code.push('-');
        }
        code.push(letters.get(usize::from(byte & 31)).copied().unwrap_or('0'));
    }
    Ok(code)
}

/// A code as it is compared: letters that look like digits are those digits.
pub(in crate::identity) fn canonical(code: &str) -> String {
    let letter = |c: char| match c.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    code.chars().filter(char::is_ascii_alphanumeric).map(letter).collect()
}
