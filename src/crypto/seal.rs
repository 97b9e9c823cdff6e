//! Sealed columns: AES-256-GCM under the subject's own data key, bound to the place where the value is.
//!
//! Form: one byte for the algorithm, one for the key's generation, 12 random bytes of nonce, ciphertext and tag. The
//! associated data names table, column, row, version and subject, so that a value moved elsewhere does not open. The
//! text is padded to a bucket, so that the length of a narrative tells little.

use std::fmt;

use aws_lc_rs::aead::{Aad, LessSafeKey, NONCE_LEN, Nonce};
use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::serialize::{self, Output, ToSql};
use diesel::sql_types::Binary;
use secrecy::ExposeSecret;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::{Private, random};
use crate::db::SubjectId;
use crate::error::{Error, Result};

/// AES-256-GCM with a 96-bit random nonce.
const ALGORITHM: u8 = 1;
/// The generation of the subject's data key; rotation will count it up.
const GENERATION: u8 = 1;
/// Sizes that a padded text may have, in bytes, its four bytes of length included; beyond the last, multiples of it.
const BUCKETS: [usize; 6] = [32, 128, 512, 2_048, 8_192, 32_768];

/// Where a sealed value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SealContext {
    /// Whose key seals it.
    pub subject: SubjectId,
    /// Its table.
    pub table: &'static str,
    /// Its column.
    pub column: &'static str,
    /// Its row.
    pub row: Uuid,
    /// The row's version; 1 where rows never change.
    pub version: i32,
}

impl SealContext {
    /// A value in a row that never changes.
    pub fn new(subject: impl Into<SubjectId>, table: &'static str, column: &'static str, row: impl Into<Uuid>) -> Self {
        Self { subject: subject.into(), table, column, row: row.into(), version: 1 }
    }

    /// The same place at a version of its row.
    #[must_use]
    pub fn at_version(self, version: i32) -> Self {
        Self { version, ..self }
    }

    fn associated_data(self) -> Vec<u8> {
        let mut data = Vec::with_capacity(128);
        for part in [
            self.table.as_bytes(),
            self.column.as_bytes(),
            self.row.as_bytes().as_slice(),
            &self.version.to_be_bytes(),
            self.subject.0.as_bytes().as_slice(),
        ] {
            data.extend_from_slice(&(part.len() as u64).to_be_bytes());
            data.extend_from_slice(part);
        }
        data
    }
}

/// A sealed value as a column. Says nothing when printed.
#[derive(Clone, PartialEq, Eq, AsExpression, FromSqlRow)]
#[diesel(sql_type = Binary)]
pub struct Sealed(Vec<u8>);

impl Sealed {
    /// Takes the place of a text for which no key could be had; it opens as an empty text.
    #[must_use]
    pub fn nothing() -> Self {
        Self(Vec::new())
    }

    /// The ciphertext, for hashing.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sealed")
    }
}

impl<DB: Backend> ToSql<Binary, DB> for Sealed
where
    Vec<u8>: ToSql<Binary, DB>,
{
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
        self.0.to_sql(out)
    }
}

impl<DB: Backend> FromSql<Binary, DB> for Sealed
where
    Vec<u8>: FromSql<Binary, DB>,
{
    fn from_sql(value: DB::RawValue<'_>) -> deserialize::Result<Self> {
        Vec::<u8>::from_sql(value).map(Self)
    }
}

pub(super) fn seal(key: &LessSafeKey, place: SealContext, text: &Private) -> Result<Sealed> {
    let padded = Zeroizing::new(pad(text.expose_secret().as_bytes()));
    Ok(Sealed(encrypt(key, &place.associated_data(), &padded)?))
}

pub(super) fn open(key: &LessSafeKey, place: SealContext, sealed: &Sealed) -> Result<Private> {
    let padded = Zeroizing::new(decrypt(key, &place.associated_data(), &sealed.0)?);
    let text = unpad(&padded).and_then(|bytes| std::str::from_utf8(bytes).ok());
    text.map(Private::from).ok_or_else(|| Error::Unreadable("a sealed value does not hold text"))
}

pub(super) fn encrypt(key: &LessSafeKey, context: &[u8], plain: &[u8]) -> Result<Vec<u8>> {
    let nonce = random::<NONCE_LEN>()?;
    let mut text = Vec::with_capacity(plain.len() + 16);
    text.extend_from_slice(plain);
    key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(context), &mut text)
        .map_err(|_| Error::internal("a value could not be sealed"))?;
    Ok([[ALGORITHM, GENERATION].as_slice(), &nonce, &text].concat())
}

pub(super) fn decrypt(key: &LessSafeKey, context: &[u8], sealed: &[u8]) -> Result<Vec<u8>> {
    let broken = || Error::Unreadable("a sealed value does not open: it was changed or moved");
    let (head, rest) = sealed.split_first_chunk::<2>().ok_or_else(broken)?;
    let (nonce, text) = rest.split_first_chunk::<NONCE_LEN>().ok_or_else(broken)?;
    if head != &[ALGORITHM, GENERATION] {
        return Err(Error::Unreadable("a sealed value names an unknown algorithm or key"));
    }
    let mut text = text.to_vec();
    let plain = key
        .open_in_place(Nonce::assume_unique_for_key(*nonce), Aad::from(context), &mut text)
        .map_err(|_| broken())?
        .len();
    text.truncate(plain);
    Ok(text)
}

fn pad(text: &[u8]) -> Vec<u8> {
    let needed = text.len() + 4;
    let last = 32_768;
    let size = BUCKETS.iter().copied().find(|bucket| *bucket >= needed).unwrap_or(needed.div_ceil(last) * last);
    let mut padded = Vec::with_capacity(size);
    padded.extend_from_slice(&u32::try_from(text.len()).unwrap_or(u32::MAX).to_be_bytes());
    padded.extend_from_slice(text);
    padded.resize(size, 0);
    padded
}

fn unpad(padded: &[u8]) -> Option<&[u8]> {
    let (length, text) = padded.split_first_chunk::<4>()?;
    text.get(..usize::try_from(u32::from_be_bytes(*length)).ok()?)
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::aead::{AES_256_GCM, UnboundKey};
    use proptest::prelude::*;

    use super::*;

    fn key() -> LessSafeKey {
        LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &[7; 32]).unwrap())
    }

    fn place() -> SealContext {
        SealContext::new(SubjectId(Uuid::from_u128(1)), "incidents", "account", Uuid::from_u128(2))
    }

    #[test]
    fn a_value_moved_to_another_place_does_not_open() {
        let sealed = seal(&key(), place(), &"waited outside".into()).unwrap();
        assert_eq!(open(&key(), place(), &sealed).unwrap().expose_secret(), "waited outside");
        let elsewhere = [
            SealContext { column: "private_note", ..place() },
            SealContext { table: "check_ins", ..place() },
            SealContext { row: Uuid::from_u128(3), ..place() },
            SealContext { subject: SubjectId(Uuid::from_u128(9)), ..place() },
            place().at_version(2),
        ];
        for moved in elsewhere {
            assert!(open(&key(), moved, &sealed).is_err(), "{moved:?}");
        }
    }

    #[test]
    fn what_a_value_is_bound_to_stays_as_it_was_byte_for_byte() {
        let length = |bytes: u8| [0, 0, 0, 0, 0, 0, 0, bytes];
        let id = |last: u8| [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, last];
        let parts: [(u8, &[u8]); 5] =
            [(9, b"incidents"), (7, b"account"), (16, &id(2)), (4, &[0, 0, 0, 5]), (16, &id(1))];
        let expected = parts.map(|(bytes, part)| [length(bytes).as_slice(), part].concat()).concat();
        assert_eq!(place().at_version(5).associated_data(), expected);
    }

    #[test]
    fn a_flipped_bit_anywhere_is_found() {
        let sealed = seal(&key(), place(), &"x".into()).unwrap();
        for at in 0..sealed.0.len() {
            let mut broken = sealed.clone();
            broken.0[at] ^= 1;
            assert!(open(&key(), place(), &broken).is_err(), "byte {at}");
        }
    }

    #[test]
    fn neither_the_sealed_nor_the_opened_value_prints() {
        let sealed = seal(&key(), place(), &"secret words".into()).unwrap();
        let opened = open(&key(), place(), &sealed).unwrap();
        assert_eq!(format!("{sealed:?}"), "Sealed");
        assert!(!format!("{opened:?}").contains("secret words"));
    }

    proptest! {
        #[test]
        fn any_text_comes_back_and_its_length_is_hidden_in_a_bucket(text in ".{0,3000}") {
            let sealed = seal(&key(), place(), &text.as_str().into()).unwrap();
            let opened = open(&key(), place(), &sealed).unwrap();
            prop_assert_eq!(opened.expose_secret(), text.as_str());
            let padded = sealed.0.len() - 2 - NONCE_LEN - 16;
            prop_assert!(BUCKETS.contains(&padded));
        }
    }
}
