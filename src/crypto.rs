//! Plumbing of secrets: password hashes, tokens, signatures, sealing of fields, references and random values.
//!
//! The master key is in the data directory; everything else is derived from it (HKDF-SHA256, fixed labels) or
//! wrapped by it. Values that came out of a seal are [`Private`]: they cannot be printed, logged or serialised.

pub mod chunks;
pub mod fetch;
pub mod keystore;
pub mod password;
pub mod reference;
pub mod seal;
pub mod signature;
pub mod token;

mod keys;
mod ring;
mod row;

pub use fetch::NewSubject;
pub use keys::{Keys, NO_DATA_KEY};
pub use ring::{KeyRing, MasterKeyOrigin};
pub use row::{PrivateText, SealedRow, SealedTable, SealedValue, Sealing};
pub(crate) use row::{open, seal, sealed_row, unseal};
pub use seal::{SealContext, Sealed};
pub use secrecy::{ExposeSecret, SecretString as Private};

use crate::error::{Error, Result};

/// `N` random bytes from the operating system's generator.
pub fn random<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    aws_lc_rs::rand::fill(&mut bytes).map_err(|_| Error::internal("the random generator failed"))?;
    Ok(bytes)
}

/// Bytes as hexadecimal digits.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// SHA-256 of `bytes`.
#[must_use]
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, bytes);
    let mut out = [0; 32];
    out.iter_mut().zip(digest.as_ref()).for_each(|(to, from)| *to = *from);
    out
}
