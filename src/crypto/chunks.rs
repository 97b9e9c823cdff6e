//! Sealed files: AES-256-GCM chunk by chunk under a key of the file's own, so that a big file is never whole in memory.
//!
//! The file's key is random and is sealed under the subject's data key; destroying either makes every copy of the
//! file unreadable, also one that a store kept behind. The associated data of a chunk names the file, which copy of it,
//! the chunk's number and whether it is the last: chunks cannot be swapped, moved, repeated or cut off.

use aws_lc_rs::aead::{AES_256_GCM, LessSafeKey, UnboundKey};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use secrecy::ExposeSecret;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::{Private, random, seal};
use crate::error::{Error, Result};

/// Bytes that sealing adds to a chunk.
pub const OVERHEAD: usize = 2 + 12 + 16;

/// The key of one file. Has no `Debug`.
pub struct FileKey(LessSafeKey);

/// Which chunk of which copy of which file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chunk {
    /// The file.
    pub file: Uuid,
    /// Which copy of it, such as `original`.
    pub copy: &'static str,
    /// Counts from 0.
    pub number: u32,
    /// Whether none follows.
    pub is_last: bool,
}

impl Chunk {
    fn associated_data(self) -> Vec<u8> {
        let copy = self.copy.as_bytes();
        let mut data = b"holdfast file chunk v1".to_vec();
        data.extend_from_slice(self.file.as_bytes());
        data.extend_from_slice(&(copy.len() as u64).to_be_bytes());
        data.extend_from_slice(copy);
        data.extend_from_slice(&self.number.to_be_bytes());
        data.push(u8::from(self.is_last));
        data
    }
}

impl FileKey {
    /// A new key, and the text in which it is kept (sealed, as every secret).
    pub fn generate() -> Result<(Self, Private)> {
        let raw = Zeroizing::new(random::<32>()?);
        let text = Zeroizing::new(STANDARD.encode(raw.as_slice()));
        Ok((Self::of(raw.as_slice())?, Private::from(text.as_str())))
    }

    /// The key again.
    ///
    /// # Errors
    /// When the text does not hold one.
    pub fn read(text: &Private) -> Result<Self> {
        let raw = STANDARD.decode(text.expose_secret()).map_err(|_| Error::internal("a file's key cannot be read"))?;
        Self::of(&Zeroizing::new(raw))
    }

    fn of(raw: &[u8]) -> Result<Self> {
        let key =
            UnboundKey::new(&AES_256_GCM, raw).map_err(|_| Error::internal("a file's key has the wrong length"))?;
        Ok(Self(LessSafeKey::new(key)))
    }

    /// Seals a chunk for its place.
    pub fn seal(&self, chunk: Chunk, plain: &[u8]) -> Result<Vec<u8>> {
        seal::encrypt(&self.0, &chunk.associated_data(), plain)
    }

    /// Opens what was sealed for exactly this place.
    ///
    /// # Errors
    /// When it was changed or moved.
    pub fn open(&self, chunk: Chunk, sealed: &[u8]) -> Result<Vec<u8>> {
        seal::decrypt(&self.0, &chunk.associated_data(), sealed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chunk() -> Chunk {
        Chunk { file: Uuid::from_u128(1), copy: "original", number: 0, is_last: false }
    }

    #[test]
    fn a_chunk_opens_in_its_own_place_alone() {
        let (key, text) = FileKey::generate().unwrap();
        let sealed = key.seal(chunk(), b"bytes").unwrap();
        assert_eq!(sealed.len(), 5 + OVERHEAD);
        assert_eq!(FileKey::read(&text).unwrap().open(chunk(), &sealed).unwrap(), b"bytes");
        let elsewhere = [
            Chunk { file: Uuid::from_u128(2), ..chunk() },
            Chunk { copy: "display", ..chunk() },
            Chunk { number: 1, ..chunk() },
            Chunk { is_last: true, ..chunk() },
        ];
        for moved in elsewhere {
            assert!(key.open(moved, &sealed).is_err(), "{moved:?}");
        }
        let (other, _) = FileKey::generate().unwrap();
        assert!(other.open(chunk(), &sealed).is_err());
    }

    #[test]
    fn a_flipped_bit_anywhere_is_found() {
        let (key, _) = FileKey::generate().unwrap();
        let sealed = key.seal(chunk(), b"x").unwrap();
        for at in 0..sealed.len() {
            let mut broken = sealed.clone();
            broken[at] ^= 1;
            assert!(key.open(chunk(), &broken).is_err(), "byte {at}");
        }
    }
}
