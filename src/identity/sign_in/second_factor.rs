//! Time-based one-time codes (RFC 6238) for staff. The library has no memory of used codes, so the last step used is
//! kept: a code works once.

use secrecy::ExposeSecret;
use serde::Serialize;
use totp_rs::{Builder, Secret, Totp};
use utoipa::ToSchema;

use crate::crypto::{Keys, Private, Sealed, SealedRow, SealedTable, open, random, seal, unseal};
use crate::db::{Instant, StaffId};
use crate::error::{Error, Result};
use crate::identity::model::StaffRow;
use crate::writing;

/// A second factor as it is shown once, for the authenticator app.
#[derive(Debug, Serialize, ToSchema)]
pub struct SecondFactorView {
    /// The secret in base 32.
    pub secret: String,
    /// The same as an `otpauth://` URI, for a QR code.
    pub uri: String,
}

/// Makes a second factor: the sealed secret to keep, and what to show.
pub fn make(keys: &Keys, row: &StaffRow) -> Result<(Sealed, SecondFactorView)> {
    let (staff, bytes) = (row.own_sealing(keys), random::<20>()?);
    let username = open!(keys, row.username)?;
    let totp = totp(bytes.to_vec(), username.expose_secret())?;
    let secret = Secret::from(bytes.to_vec()).to_base32();
    let sealed = seal!(staff.totp_secret, &Private::from(secret.as_str()))?;
    Ok((sealed, SecondFactorView { secret, uri: totp.to_url().map_err(|error| Error::internal(error.to_string()))? }))
}

/// The time step that a code belongs to, when it is right now (or 30 seconds off).
pub fn step_of(keys: &Keys, id: StaffId, sealed: &Sealed, code: &Private, now: Instant) -> Result<Option<i64>> {
    let staff = StaffRow::sealing(keys, id, id);
    let secret = unseal!(staff.totp_secret, sealed)?;
    let secret =
        Secret::try_from_base32(secret.expose_secret()).map_err(|_| Error::internal("a kept secret is no base 32"))?;
    // Authenticator apps show the six digits in two halves, and some people copy the gap along.
    let code = writing::digits(code.expose_secret());
    let step = totp(secret.as_ref().to_vec(), "staff")?.check(&code, now.unix_seconds().unsigned_abs());
    Ok(step.and_then(|step| i64::try_from(step).ok()))
}

/// The account is named by what its holder signs in with, so that they find it among others in their app.
fn totp(secret: Vec<u8>, account: &str) -> Result<Totp> {
    Builder::new()
        .with_secret(secret)
        .with_account_name(account.to_owned())
        .with_issuer(Some("Holdfast"))
        .build()
        .map_err(|error| Error::internal(error.to_string()))
}
