//! The key ring: one master key, in a file or printed by a program that keeps it, what is derived from it, and the data keys that
//! are in memory.
//!
//! Nothing here can reach the store of data keys: [`super::fetch`] can.

use std::collections::HashMap;
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use aws_lc_rs::aead::{AES_256_GCM, LessSafeKey, UnboundKey};
use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use aws_lc_rs::{hkdf, hmac};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use super::{random, seal};
use crate::db::SubjectId;
use crate::error::{Error, Result};

/// Data keys kept unwrapped in memory at most. Half of them, the older ones, go at once.
const CACHED_KEYS: usize = 20_000;

/// The subject of what belongs to nobody in particular (endpoint secrets): its key is derived, not stored.
const SYSTEM: uuid::Uuid = uuid::Uuid::nil();

/// A subject's data key, unwrapped.
pub(super) type DataKey = Arc<LessSafeKey>;

/// All keys of this installation. Has no `Debug`.
pub struct KeyRing {
    wrapping: LessSafeKey,
    blind: hmac::Key,
    tokens: Zeroizing<[u8; 32]>,
    pepper: Zeroizing<[u8; 32]>,
    system: DataKey,
    checkpoints: Ed25519KeyPair,
    bundles: Ed25519KeyPair,
    cache: RwLock<Cache>,
}

#[derive(Default)]
struct Cache {
    young: HashMap<SubjectId, DataKey>,
    old: HashMap<SubjectId, DataKey>,
}

/// Whether the master key was there or has just been made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MasterKeyOrigin {
    /// It was there.
    Existing,
    /// It was made now.
    Made,
}

impl KeyRing {
    /// Where a data directory holds the master key.
    #[must_use]
    pub fn path_in(data_dir: &Path) -> PathBuf {
        data_dir.join("keys/master.key")
    }

    /// Whether a data directory holds a master key already.
    #[must_use]
    pub fn exist_in(data_dir: &Path) -> bool {
        Self::path_in(data_dir).exists()
    }

    /// Reads the master key under `data_dir`, or makes one (mode 0600, its folder 0700).
    pub fn open(data_dir: &Path) -> Result<(Self, MasterKeyOrigin)> {
        let path = Self::path_in(data_dir);
        let opened = if path.exists() { MasterKeyOrigin::Existing } else { MasterKeyOrigin::Made };
        if opened == MasterKeyOrigin::Made {
            make_master(&path).map_err(|error| Error::internal(format!("cannot make {}: {error}", path.display())))?;
        }
        let master = read_master(&path)?;
        Ok((Self::derive(&master)?, opened))
    }

    /// The keys of a master key as another program prints it: base64 of 32 bytes.
    ///
    /// # Errors
    /// When it fails: one line, which holds nothing of what was printed.
    pub fn of_text(text: &[u8]) -> Result<Self> {
        let wrong = || Error::internal("it has to print the master key as base64 of 32 bytes, and nothing else");
        let bytes = Zeroizing::new(STANDARD.decode(text.trim_ascii()).map_err(|_| wrong())?);
        let master = Zeroizing::new(<[u8; 32]>::try_from(bytes.as_slice()).map_err(|_| wrong())?);
        Self::derive(&master)
    }

    fn derive(master: &[u8; 32]) -> Result<Self> {
        let system = derive(master, b"holdfast system data key v1")?;
        let signing = |label| {
            let seed = derive(master, label)?;
            let made = Ed25519KeyPair::from_seed_unchecked(seed.as_slice());
            made.map_err(|_| Error::internal("a signing key could not be made"))
        };
        let checkpoints = signing(b"holdfast audit checkpoints v1")?;
        let bundles = signing(b"holdfast evidence bundles v1")?;
        Ok(Self {
            wrapping: aead_key(&*derive(master, b"holdfast key wrapping v1")?)?,
            blind: hmac::Key::new(hmac::HMAC_SHA256, &*derive(master, b"holdfast blind index v1")?),
            tokens: derive(master, b"holdfast access tokens v1")?,
            pepper: derive(master, b"holdfast pin pepper v1")?,
            system: Arc::new(aead_key(&*system)?),
            checkpoints,
            bundles,
            cache: RwLock::default(),
        })
    }

    /// The key of our own access tokens.
    #[must_use]
    pub fn token_key(&self) -> &[u8] {
        self.tokens.as_slice()
    }

    /// What is mixed into every PIN hash, so that a stolen database alone cannot be searched for PINs.
    #[must_use]
    pub fn pepper(&self) -> &[u8] {
        self.pepper.as_slice()
    }

    /// Signs a checkpoint of the audit (Ed25519).
    #[must_use]
    pub fn sign_checkpoint(&self, statement: &[u8]) -> Vec<u8> {
        self.checkpoints.sign(statement).as_ref().to_vec()
    }

    /// The public key by which anybody can verify a checkpoint.
    #[must_use]
    pub fn checkpoint_public_key(&self) -> Vec<u8> {
        self.checkpoints.public_key().as_ref().to_vec()
    }

    /// Whether a signature of a checkpoint is ours.
    #[must_use]
    pub fn has_signed_checkpoint(&self, statement: &[u8], signature: &[u8]) -> bool {
        UnparsedPublicKey::new(&ED25519, self.checkpoints.public_key()).verify(statement, signature).is_ok()
    }

    /// Signs a statement about a bundle of evidence (Ed25519).
    #[must_use]
    pub fn sign_bundle(&self, statement: &[u8]) -> Vec<u8> {
        self.bundles.sign(statement).as_ref().to_vec()
    }

    /// The public key by which anybody can verify a bundle.
    #[must_use]
    pub fn bundle_public_key(&self) -> Vec<u8> {
        self.bundles.public_key().as_ref().to_vec()
    }

    /// A keyed hash by which an exact value can be looked up without being kept. `use_of` separates the indexes.
    #[must_use]
    pub fn blind(&self, use_of: &str, value: &[u8]) -> Vec<u8> {
        let mut context = hmac::Context::with_key(&self.blind);
        context.update(&(use_of.len() as u64).to_be_bytes());
        context.update(use_of.as_bytes());
        context.update(value);
        context.sign().as_ref().to_vec()
    }

    /// A new data key for a subject: the key, and the same wrapped for the store.
    pub(super) fn generate(&self, subject: SubjectId) -> Result<(DataKey, Vec<u8>)> {
        let raw = Zeroizing::new(random::<32>()?);
        let wrapped = seal::encrypt(&self.wrapping, &wrap_context(subject), raw.as_slice())?;
        Ok((Arc::new(aead_key(&*raw)?), wrapped))
    }

    /// The data key of a subject, from what the store holds of it.
    pub(super) fn unwrap(&self, subject: SubjectId, wrapped: &[u8]) -> Result<DataKey> {
        let raw = Zeroizing::new(seal::decrypt(&self.wrapping, &wrap_context(subject), wrapped)?);
        Ok(Arc::new(aead_key(&raw)?))
    }

    /// The key of the installation itself, which is derived and in no store.
    pub(super) fn system(&self) -> DataKey {
        self.system.clone()
    }

    /// A subject's key, where it is in memory.
    pub(super) fn remembered(&self, subject: SubjectId) -> Option<DataKey> {
        let cache = self.cache.read().unwrap_or_else(PoisonError::into_inner);
        cache.young.get(&subject).or_else(|| cache.old.get(&subject)).cloned()
    }

    /// Remembers a subject's key.
    pub(super) fn remember(&self, subject: SubjectId, key: DataKey) {
        let mut cache = self.cache.write().unwrap_or_else(PoisonError::into_inner);
        if cache.young.len() >= CACHED_KEYS / 2 {
            cache.old = std::mem::take(&mut cache.young);
        }
        cache.young.insert(subject, key);
    }
}

impl SubjectId {
    /// The installation itself.
    pub const SYSTEM: Self = Self(SYSTEM);
}

fn wrap_context(subject: SubjectId) -> Vec<u8> {
    [b"subject data key v1".as_slice(), subject.0.as_bytes()].concat()
}

fn aead_key(raw: &[u8]) -> Result<LessSafeKey> {
    let key = UnboundKey::new(&AES_256_GCM, raw).map_err(|_| Error::internal("a key has the wrong length"))?;
    Ok(LessSafeKey::new(key))
}

fn derive(master: &[u8; 32], label: &'static [u8]) -> Result<Zeroizing<[u8; 32]>> {
    let mut out = Zeroizing::new([0; 32]);
    hkdf::Salt::new(hkdf::HKDF_SHA256, b"holdfast")
        .extract(master)
        .expand(&[label], hkdf::HKDF_SHA256)
        .and_then(|okm| okm.fill(out.as_mut_slice()))
        .map_err(|_| Error::internal("a key could not be derived"))?;
    Ok(out)
}

fn make_master(path: &Path) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    }
    let key = Zeroizing::new(random::<32>().map_err(std::io::Error::other)?);
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(key.as_slice())?;
    file.sync_all()
}

fn read_master(path: &Path) -> Result<Zeroizing<[u8; 32]>> {
    let wrong = |what: &str| Error::internal(format!("{}: {what}", path.display()));
    let mode = std::fs::metadata(path).map_err(|error| wrong(&error.to_string()))?.permissions().mode();
    if mode & 0o077 != 0 {
        return Err(wrong("the master key may be readable by its owner alone (mode 0600)"));
    }
    let bytes = Zeroizing::new(std::fs::read(path).map_err(|error| wrong(&error.to_string()))?);
    let key = <[u8; 32]>::try_from(bytes.as_slice()).map_err(|_| wrong("the master key must be 32 bytes"))?;
    Ok(Zeroizing::new(key))
}
