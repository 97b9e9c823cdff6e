//! Password and PIN hashes: argon2id, behind as many permits as cores, with a bounded queue.
//!
//! Hashing is the dearest thing a stranger can ask for, so a full queue is answered 503 at once. Everything else goes
//! on meanwhile: help-now and check-ins never hash.

use std::sync::Arc;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, CustomizedPasswordHasher, Params, PasswordVerifier, Version};
use secrecy::ExposeSecret;
use tokio::sync::Semaphore;

use super::{Keys, Private, random};
use crate::error::{Error, Result};

/// How many may wait for a permit, for each permit there is.
const WAITING_PER_PERMIT: usize = 32;

/// Sixteen bytes of zero, in the base 64 of PHC strings.
const NOBODYS_SALT: &str = "AAAAAAAAAAAAAAAAAAAAAA";
/// Thirty-two bytes of zero.
const NOBODYS_HASH: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// What a hash costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cost {
    /// 64 MiB, three passes: for every real installation.
    Full,
    /// The least that OWASP's password storage cheat sheet allows (19 MiB, two passes): for tests within one process.
    Floor,
}

/// Hashes and checks secrets that people choose.
#[derive(Clone)]
pub struct Hasher {
    keys: Arc<Keys>,
    params: Params,
    permits: Arc<Semaphore>,
    queue: Arc<Semaphore>,
    dummy: Arc<str>,
}

impl Hasher {
    /// A hasher with as many permits as the machine has cores.
    ///
    /// # Errors
    /// When the parameters are refused by the library, which no setting can cause.
    pub fn new(keys: Arc<Keys>, cost: Cost) -> Result<Self> {
        let (memory, passes) = match cost {
            Cost::Full => (64 * 1_024, 3),
            Cost::Floor => (19 * 1_024, 2),
        };
        let params = Params::new(memory, passes, 1, None).map_err(|_| Error::internal("argon2 parameters"))?;
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        // Nobody's hash: checked in vain at full cost. Written down rather than computed, since computing it would take
        // time and 64 MiB at every start.
        let dummy = format!("$argon2id$v=19$m={memory},t={passes},p=1${NOBODYS_SALT}${NOBODYS_HASH}").into();
        Ok(Self {
            keys,
            params,
            permits: Arc::new(Semaphore::new(cores)),
            queue: Arc::new(Semaphore::new(cores * WAITING_PER_PERMIT)),
            dummy,
        })
    }

    /// Hashes a password, a PIN or a code word into a PHC string.
    ///
    /// # Errors
    /// `Unavailable` when too many are waiting.
    pub async fn hash(&self, secret: &Private) -> Result<String> {
        let (secret, params, keys) = (secret.clone(), self.params.clone(), self.keys.clone());
        self.run(move || hash(keys.pepper(), params, secret.expose_secret())).await
    }

    /// Whether `secret` is the one that was hashed. Without a stored hash the same work is done in vain, so that the
    /// time taken does not tell whether an account exists.
    ///
    /// # Errors
    /// `Unavailable` when too many are waiting.
    pub async fn verify(&self, secret: &Private, stored: Option<&str>) -> Result<bool> {
        let (secret, keys, params) = (secret.clone(), self.keys.clone(), self.params.clone());
        let known = stored.is_some();
        let stored = stored.map_or_else(|| self.dummy.clone(), Arc::from);
        let matches = self.run(move || verify(keys.pepper(), params, secret.expose_secret(), &stored)).await?;
        Ok(matches && known)
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
        let _place = self.queue.try_acquire().map_err(|_| Error::Unavailable)?;
        let _permit = self.permits.acquire().await.map_err(|_| Error::Unavailable)?;
        tokio::task::spawn_blocking(work).await.unwrap_or_else(|_| Err(Error::internal("a hashing task panicked")))
    }
}

fn argon2(pepper: &[u8], params: Params) -> Result<Argon2<'_>> {
    Argon2::new_with_secret(pepper, Algorithm::Argon2id, Version::V0x13, params)
        .map_err(|_| Error::internal("argon2 refused its secret"))
}

fn hash(pepper: &[u8], params: Params, secret: &str) -> Result<String> {
    let salt = random::<16>()?;
    let hash = argon2(pepper, params.clone())?
        .hash_password_with_params(secret.as_bytes(), &salt, params)
        .map_err(|_| Error::internal("a secret could not be hashed"))?;
    Ok(hash.to_string())
}

fn verify(pepper: &[u8], params: Params, secret: &str, stored: &str) -> Result<bool> {
    let stored = PasswordHash::new(stored).map_err(|_| Error::internal("a stored hash cannot be read"))?;
    Ok(argon2(pepper, params)?.verify_password(secret.as_bytes(), &stored).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobodys_hash_is_one_that_the_library_reads_and_nothing_matches() {
        let params = Params::new(8, 1, 1, None).unwrap();
        let nobody = format!("$argon2id$v=19$m=8,t=1,p=1${NOBODYS_SALT}${NOBODYS_HASH}");
        assert!(!verify(b"pepper", params.clone(), "", &nobody).unwrap());
        let somebody = hash(b"pepper", params.clone(), "1234").unwrap();
        assert!(verify(b"pepper", params.clone(), "1234", &somebody).unwrap());
        assert!(!verify(b"other", params, "1234", &somebody).unwrap());
    }
}
