//! A token by which a browser that a member of staff has signed in from is known again, so that what others try does not
//! slow its owner. It opens nothing by itself, and names nobody else's account.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::ExposeSecret;

use crate::crypto::{KeyRing, Private, random};
use crate::db::{Instant, StaffId};
use crate::error::Result;

/// How long a browser is known without signing in, in days.
const DAYS: i64 = 90;
/// Bytes of an account, a moment and a random number.
const HEAD: usize = 16 + 8 + 8;

/// A new token for a browser that an account has just signed in from.
pub(in crate::identity) fn make(keys: &KeyRing, staff: StaffId, now: Instant) -> Result<String> {
    let random = random::<8>()?;
    let head = [staff.0.as_bytes().as_slice(), &now.microseconds().to_be_bytes(), &random].concat();
    let mac = keys.blind("known device", &head);
    Ok(URL_SAFE_NO_PAD.encode([head, mac].concat()))
}

/// What attempts of a browser are counted by, where the token was made for this account and has not run out.
pub(in crate::identity) fn read(keys: &KeyRing, text: &Private, staff: StaffId, now: Instant) -> Option<Vec<u8>> {
    let bytes = URL_SAFE_NO_PAD.decode(text.expose_secret()).ok()?;
    let (head, mac) = bytes.split_first_chunk::<HEAD>()?;
    aws_lc_rs::constant_time::verify_slices_are_equal(&keys.blind("known device", head), mac).ok()?;
    let (account, rest) = head.split_first_chunk::<16>()?;
    let (made_at, _) = rest.split_first_chunk::<8>()?;
    let made_at = Instant::from_microseconds(i64::from_be_bytes(*made_at));
    (account == staff.0.as_bytes() && now < made_at.plus_days(DAYS)).then(|| head.to_vec())
}
