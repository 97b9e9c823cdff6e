//! Password and PIN hashes: argon2id, behind permits, with a bounded queue.
//!
//! Hashing is the dearest thing a stranger can ask for, so a full queue is answered 503 at once. PINs of known phones,
//! accounts of staff and names that nobody has wait in queues of their own ([`Hasher::apart`]): a stranger fills no queue
//! but the strangers'. Refreshes, help-now and check-ins never hash.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, CustomizedPasswordHasher, Params, PasswordVerifier, Version};
use secrecy::ExposeSecret;
use tokio::sync::Semaphore;

use super::{KeyRing, Private, random};
use crate::error::{Error, Result};
use crate::writing;

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
    /// Next to nothing (64 KiB, one pass): for the demo and for tests within one process, whose people and passwords are made
    /// up and gone when they end.
    MadeUp,
}

/// A secret as somebody typed it, in each form in which it may have been hashed: the one that is hashed now, and, where it
/// differs, the one that was hashed by earlier versions of Holdfast.
#[derive(Clone)]
pub struct Typed {
    form: Private,
    earlier: Option<Private>,
}

impl Typed {
    /// A password: the same from every keyboard (NFKC; NIST SP 800-63B-4, 3.1.1.2), and otherwise as it was typed.
    #[must_use]
    pub fn password(text: &Private) -> Self {
        Self::of(writing::normal(text.expose_secret()), text.expose_secret())
    }

    /// A PIN: digits of any script are the same digits.
    #[must_use]
    pub fn pin(text: &Private) -> Self {
        // No PIN was ever kept that is not written in plain digits: there is no earlier form.
        Self { form: writing::digits(text.expose_secret()).into(), earlier: None }
    }

    /// A code word: spoken and heard, so that case, spaces and marks do not count.
    #[must_use]
    pub fn word(text: &Private) -> Self {
        let text = text.expose_secret();
        Self::of(writing::folded(text), &text.trim().to_lowercase())
    }

    fn of(form: String, earlier: &str) -> Self {
        let earlier = (earlier != form).then(|| Private::from(earlier));
        Self { form: form.into(), earlier }
    }

    /// The form that is hashed now.
    #[must_use]
    pub fn form(&self) -> &str {
        self.form.expose_secret()
    }
}

/// What came of comparing a secret with a hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Match {
    /// It is the one.
    Right,
    /// It is the one, hashed in the form of an earlier version: it is to be hashed again.
    Earlier,
    /// It is another.
    Wrong,
}

impl Match {
    /// Whether it is the one that was hashed.
    #[must_use]
    pub fn is_right(self) -> bool {
        self != Self::Wrong
    }
}

/// Hashes and checks secrets that people choose.
#[derive(Clone)]
pub struct Hasher {
    keys: Arc<KeyRing>,
    params: Params,
    permits: Arc<Semaphore>,
    queue: Arc<Semaphore>,
    /// How many may wait or be under way.
    places: usize,
    dummy: Arc<str>,
    /// Milliseconds that the last comparison took.
    took: Arc<AtomicU64>,
}

impl Hasher {
    /// A hasher with as many permits as the machine has cores.
    ///
    /// # Errors
    /// When the parameters are refused by the library, which no setting can cause.
    pub fn new(keys: Arc<KeyRing>, cost: Cost) -> Result<Self> {
        let (memory, passes) = match cost {
            Cost::Full => (64 * 1_024, 3),
            Cost::MadeUp => (64, 1),
        };
        let params = Params::new(memory, passes, 1, None).map_err(|_| Error::internal("argon2 parameters"))?;
        let (permits, queue, places) = queue_of(cores());
        // Nobody's hash: checked in vain at full cost. Written down rather than computed, since computing it would take
        // time and 64 MiB at every start.
        let dummy = format!("$argon2id$v=19$m={memory},t={passes},p=1${NOBODYS_SALT}${NOBODYS_HASH}").into();
        Ok(Self { keys, params, permits, queue, places, dummy, took: Arc::default() })
    }

    /// The same hasher with a queue of its own, and as many permits as the machine has cores.
    #[must_use]
    pub fn apart(&self) -> Self {
        let (permits, queue, places) = queue_of(cores());
        Self { permits, queue, places, took: Arc::default(), ..self.clone() }
    }

    /// The same with a queue and a single permit of its own, so that it never takes the whole machine.
    #[must_use]
    pub fn apart_with_one_permit(&self) -> Self {
        let (permits, queue, places) = queue_of(1);
        Self { permits, queue, places, took: Arc::default(), ..self.clone() }
    }

    /// How many hashes wait or are under way, and how many may.
    #[must_use]
    pub fn queued(&self) -> (usize, usize) {
        (self.places.saturating_sub(self.queue.available_permits()), self.places)
    }

    /// Takes as long as the last comparison did, a second at most, and compares nothing.
    pub async fn pretend(&self) {
        tokio::time::sleep(Duration::from_millis(self.took.load(Ordering::Relaxed).min(1_000))).await;
    }

    /// Hashes a password, a PIN or a code word into a PHC string.
    ///
    /// # Errors
    /// `Unavailable` when too many are waiting.
    pub async fn hash(&self, secret: &Typed) -> Result<String> {
        let (secret, params, keys) = (secret.form.clone(), self.params.clone(), self.keys.clone());
        self.run(move || hash(keys.pepper(), params, secret.expose_secret())).await
    }

    /// Whether `secret` is the one that was hashed. Without a stored hash the same work is done in vain, so that the
    /// time taken does not tell whether an account exists.
    ///
    /// # Errors
    /// `Unavailable` when too many are waiting.
    pub async fn verify(&self, secret: &Typed, stored: Option<&str>) -> Result<Match> {
        let (secret, keys, params) = (secret.clone(), self.keys.clone(), self.params.clone());
        let known = stored.is_some();
        let stored = stored.map_or_else(|| self.dummy.clone(), Arc::from);
        let began = Instant::now();
        let found = self.run(move || compare(keys.pepper(), &params, &secret, &stored)).await?;
        self.took.store(u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX), Ordering::Relaxed);
        Ok(if known { found } else { Match::Wrong })
    }

    /// A hash in today's form for a secret that was found in an earlier one; none where there is nothing to renew.
    ///
    /// # Errors
    /// `Unavailable` when too many are waiting.
    pub async fn renewed(&self, secret: &Typed, found: Match) -> Result<Option<String>> {
        match found {
            Match::Earlier => self.hash(secret).await.map(Some),
            Match::Right | Match::Wrong => Ok(None),
        }
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
        let _place = self.queue.try_acquire().map_err(|_| Error::Unavailable)?;
        let _permit = self.permits.acquire().await.map_err(|_| Error::Unavailable)?;
        tokio::task::spawn_blocking(work).await.unwrap_or_else(|_| Err(Error::internal("a hashing task panicked")))
    }
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

fn queue_of(permits: usize) -> (Arc<Semaphore>, Arc<Semaphore>, usize) {
    let places = permits * WAITING_PER_PERMIT;
    (Arc::new(Semaphore::new(permits)), Arc::new(Semaphore::new(places)), places)
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
    let stored = parsed(stored)?;
    Ok(argon2(pepper, params)?.verify_password(secret.as_bytes(), &stored).is_ok())
}

fn parsed(stored: &str) -> Result<PasswordHash> {
    PasswordHash::new(stored).map_err(|_| Error::internal("a stored hash cannot be read"))
}

/// Whether a hash cost less than one would today: it was made by a demo, or by an earlier version.
fn is_cheap(stored: &str, today: &Params) -> Result<bool> {
    let cost = Params::try_from(&parsed(stored)?).map_err(|_| Error::internal("the cost of a stored hash"))?;
    Ok(cost.m_cost() < today.m_cost() || cost.t_cost() < today.t_cost())
}

/// Both forms are compared wherever there are two, so that the time taken tells nothing of which was kept. What is right and was
/// cheap counts as earlier, and is hashed again.
fn compare(pepper: &[u8], params: &Params, secret: &Typed, stored: &str) -> Result<Match> {
    let is_right = verify(pepper, params.clone(), secret.form(), stored)?;
    let is_earlier = match &secret.earlier {
        Some(earlier) => verify(pepper, params.clone(), earlier.expose_secret(), stored)?,
        None => false,
    };
    Ok(match (is_right, is_earlier) {
        (true, _) if is_cheap(stored, params)? => Match::Earlier,
        (true, _) => Match::Right,
        (false, true) => Match::Earlier,
        (false, false) => Match::Wrong,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_of_an_earlier_version_goes_on_working_and_is_told_apart() {
        let params = Params::new(8, 1, 1, None).unwrap();
        let (composed, apart) = (Private::from("t\u{177} bach twt"), Private::from("ty\u{302} bach twt"));
        let stored = |text: &str| hash(b"pepper", params.clone(), text).unwrap();
        let found = |typed: &Typed, stored: &str| compare(b"pepper", &params, typed, stored).unwrap();
        let old = stored(apart.expose_secret());
        assert_eq!(found(&Typed::password(&apart), &old), Match::Earlier);
        let new = stored(Typed::password(&apart).form());
        for typed in [&composed, &apart] {
            assert_eq!(found(&Typed::password(typed), &new), Match::Right);
        }
        assert_eq!(found(&Typed::password(&Private::from("T\u{177} bach twt")), &new), Match::Wrong);
        let word = stored("o\u{2019}neill");
        assert_eq!(found(&Typed::word(&Private::from(" O\u{2019}Neill ")), &word), Match::Earlier);
        assert_eq!(found(&Typed::pin(&Private::from("\u{664}821")), &stored("4821")), Match::Right);
        let dearer = Params::new(16, 1, 1, None).unwrap();
        let cheap = |pin: &str| compare(b"pepper", &dearer, &Typed::pin(&Private::from(pin)), &stored("4821")).unwrap();
        assert_eq!((cheap("4821"), cheap("4822")), (Match::Earlier, Match::Wrong));
    }

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
