//! The data keys as one run of a use case sees them: from memory alone.
//!
//! A transaction, a read and the making of a view are runs: each is given [`Keys`], seals and opens with them, and is run
//! again once a key that was not in memory has been fetched, away from the writer's thread ([`super::fetch`]). What a run
//! was once given stays with it, so it ends. Neither network nor key store can be reached from here.

use std::collections::{BTreeSet, HashMap};
use std::ops::Deref;
use std::sync::{Arc, Mutex, PoisonError};

use super::Private;
use super::ring::{DataKey, KeyRing};
use super::seal::{self, SealContext, Sealed};
use crate::db::SubjectId;
use crate::error::{Error, Result};

/// Why nothing opens that was sealed for somebody who was erased.
pub const NO_DATA_KEY: &str = "a subject has no data key";
/// Why nothing opens whose key is in the store and does not open itself.
pub(super) const DATA_KEY_BROKEN: &str = "a subject's data key does not open: it was changed";

/// What the store holds of a subject: the key, or why there is none that opens anything.
pub(super) type Fetched = std::result::Result<DataKey, &'static str>;

/// The keys of one run. Clones share what was fetched for it.
#[derive(Clone)]
pub struct Keys(Arc<KeyRun>);

struct KeyRun {
    ring: Arc<KeyRing>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// What was fetched for this run, or why there is no key.
    pinned: HashMap<SubjectId, Fetched>,
    /// What the run lacked.
    missing: BTreeSet<SubjectId>,
    /// Whether the store was asked in vain: then the run goes on without what it lacks.
    is_store_away: bool,
}

impl Deref for Keys {
    type Target = KeyRing;

    fn deref(&self) -> &KeyRing {
        &self.0.ring
    }
}

impl Keys {
    /// The keys of a new run.
    #[must_use]
    pub fn new(ring: Arc<KeyRing>) -> Self {
        Self(Arc::new(KeyRun { ring, state: Mutex::default() }))
    }

    /// Seals text for the place it will stand in.
    pub fn seal(&self, place: SealContext, text: &Private) -> Result<Sealed> {
        seal::seal(&*self.subject_key(place.subject)?, place, text)
    }

    /// Opens what was sealed for exactly this place.
    pub fn open_sealed(&self, place: SealContext, sealed: &Sealed) -> Result<Private> {
        if *sealed == Sealed::nothing() {
            return Ok(Private::from(""));
        }
        seal::open(&*self.subject_key(place.subject)?, place, sealed)
    }

    /// What the run lacked. While it lacks anything, its result counts for nothing, whatever it is.
    pub(crate) fn lacks_any(&self) -> bool {
        !self.state().missing.is_empty()
    }

    /// Goes on without what is lacking: nothing of the run depends on it.
    pub(crate) fn forgo(&self) {
        self.state().missing.clear();
    }

    /// Asks for a key, so that it is in memory when it is needed.
    ///
    /// # Errors
    /// `KeyNeeded` when it is not in memory yet.
    pub(crate) fn ask(&self, subject: SubjectId) -> Result<()> {
        self.subject_key(subject).map(drop)
    }

    pub(super) fn take_missing(&self) -> Vec<SubjectId> {
        std::mem::take(&mut self.state().missing).into_iter().collect()
    }

    pub(super) fn pin(&self, subject: SubjectId, key: Fetched) {
        self.state().pinned.insert(subject, key);
    }

    pub(super) fn give_up_the_store(&self) {
        self.state().is_store_away = true;
    }

    fn subject_key(&self, subject: SubjectId) -> Result<DataKey> {
        if subject == SubjectId::SYSTEM {
            return Ok(self.0.ring.system());
        }
        let mut state = self.state();
        match state.pinned.get(&subject) {
            Some(Ok(key)) => return Ok(key.clone()),
            Some(Err(why)) => return Err(Error::Unreadable(why)),
            None => {}
        }
        if let Some(key) = self.0.ring.remembered(subject) {
            return Ok(key);
        }
        if state.is_store_away {
            return Err(Error::KeysUnavailable);
        }
        state.missing.insert(subject);
        Err(Error::KeyNeeded)
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
