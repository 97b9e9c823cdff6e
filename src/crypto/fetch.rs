//! Fetching data keys from their store, away from every thread that others wait for.
//!
//! One thread, the lane, talks to the store; a caller that needs a key waits for it without holding a thread, a connection or a
//! transaction, and no longer than agreed. A store that does not answer in time counts as away until it answers again:
//! meanwhile a key that is not in memory is refused at once. A lane that a dead connection holds on to is left behind.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::oneshot;

use super::keys::{DATA_KEY_BROKEN, Keys, NO_DATA_KEY};
use super::keystore::KeyStore;
use super::ring::KeyRing;
use crate::db::{Instant, SubjectId, Target};
use crate::error::{Error, Result};
use crate::meter::Meter;

/// How long a key is waited for; what needs it is then answered 503, within five seconds in all.
pub const PATIENCE: Duration = Duration::from_secs(4);
/// The same where people wait for help: a cry is then stored without what needs the key.
pub const PATIENCE_IN_EMERGENCIES: Duration = Duration::from_millis(500);
/// Between two questions whether the store is back.
const PROBE_EVERY: Duration = Duration::from_millis(500);
/// Questions in vain after which the lane is left behind, and a new one begun.
const PROBES_OF_A_LANE: u32 = 6;
/// Lanes left behind at most: each holds a thread until its connection breaks.
const MOST_LANES: u32 = 8;
/// Questions that wait in a lane at most.
const QUEUE: usize = 1_024;

type KeyQuestion = Box<dyn FnOnce(&KeyStore) + Send>;

/// The id of a subject that is about to be made and whose data key is there already. Made here alone, so that nothing is
/// sealed for somebody without a key.
#[derive(Clone, Copy, Debug)]
pub struct NewSubject<I>(I);

impl<I: Copy> NewSubject<I> {
    /// The id.
    pub fn id(&self) -> I {
        self.0
    }
}

/// The way to the store. Clones share it.
#[derive(Clone)]
pub struct KeyFetcher(Arc<FetchParts>);

struct FetchParts {
    ring: Arc<KeyRing>,
    target: Target,
    lane: Mutex<SyncSender<KeyQuestion>>,
    is_away: AtomicBool,
    meter: Meter,
}

impl KeyFetcher {
    /// Starts the lane on a store that is open.
    pub fn start(ring: Arc<KeyRing>, target: Target, store: KeyStore, meter: Meter) -> Result<Self> {
        let lane = Mutex::new(start_lane(store)?);
        Ok(Self(Arc::new(FetchParts { ring, target, lane, is_away: AtomicBool::new(false), meter })))
    }

    /// Whether the store answers at this moment: learned by asking, since one that refuses connections never counts as away,
    /// and one that nobody needs is asked by nobody.
    pub async fn is_reached(&self) -> bool {
        self.ask(PATIENCE, KeyStore::owner).await.is_ok()
    }

    fn is_away(&self) -> bool {
        self.0.is_away.load(Ordering::SeqCst)
    }

    /// Makes a data key for a new subject; durable before this returns, so that a sealed row never lacks its key. One whose
    /// subject is never made does no harm.
    pub async fn create_subject<I: Copy + Into<SubjectId>>(&self, id: I, now: Instant) -> Result<NewSubject<I>> {
        let subject = id.into();
        let (key, wrapped) = self.0.ring.generate(subject)?;
        self.ask(PATIENCE, move |store| store.insert(subject, &wrapped, now)).await?;
        self.0.ring.remember(subject, key);
        Ok(NewSubject(id))
    }

    /// Fetches what a run lacked, in one query. Where the store does not answer, the run goes on without.
    pub(crate) async fn fetch(&self, keys: &Keys, patience: Duration) -> Result<()> {
        let missing = keys.take_missing();
        if !self.is_away() {
            self.0.meter.keys_missed(missing.len());
        }
        let asked = missing.clone();
        match self.ask(patience, move |store| store.find(&asked)).await {
            Ok(mut found) => {
                for subject in missing {
                    // One that is damaged costs what it seals, and nothing else.
                    let key = match found.remove(&subject) {
                        Some(wrapped) => self.0.ring.unwrap(subject, &wrapped).map_err(|_| DATA_KEY_BROKEN),
                        None => Err(NO_DATA_KEY),
                    };
                    if let Ok(key) = &key {
                        self.0.ring.remember(subject, key.clone());
                    }
                    keys.pin(subject, key);
                }
            }
            Err(_) => keys.give_up_the_store(),
        }
        Ok(())
    }

    async fn ask<T, Q>(&self, patience: Duration, question: Q) -> Result<T>
    where
        T: Send + 'static,
        Q: FnOnce(&KeyStore) -> Result<T> + Send + 'static,
    {
        if self.is_away() {
            return Err(Error::KeysUnavailable);
        }
        let answer = self.0.send(question)?;
        match tokio::time::timeout(patience, answer).await {
            Ok(answer) => answer.unwrap_or(Err(Error::KeysUnavailable)),
            Err(_) => {
                // Half a second is no proof: a store that is only slow is asked again.
                if patience > PATIENCE_IN_EMERGENCIES && !self.0.is_away.swap(true, Ordering::SeqCst) {
                    tracing::error!("the key store does not answer");
                    drop(tokio::spawn(await_return(self.0.clone())));
                }
                Err(Error::KeysUnavailable)
            }
        }
    }
}

impl FetchParts {
    fn send<T, Q>(&self, question: Q) -> Result<oneshot::Receiver<Result<T>>>
    where
        T: Send + 'static,
        Q: FnOnce(&KeyStore) -> Result<T> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let question = Box::new(move |store: &KeyStore| {
            // Nobody waits any more where the time agreed is over.
            let _gone = reply.send(question(store));
        });
        let lane = self.lane.lock().unwrap_or_else(PoisonError::into_inner);
        lane.try_send(question).map_err(|_| Error::KeysUnavailable)?;
        Ok(answer)
    }
}

/// Asks until the store answers, be it with a refusal.
async fn await_return(parts: Arc<FetchParts>) {
    let (mut in_vain, mut lanes) = (0, 1);
    loop {
        let answer = parts.send(KeyStore::owner);
        if let Ok(answer) = answer
            && tokio::time::timeout(PATIENCE, answer).await.is_ok_and(|answer| answer.is_ok())
        {
            parts.is_away.store(false, Ordering::SeqCst);
            return;
        }
        in_vain += 1;
        if in_vain % PROBES_OF_A_LANE == 0
            && lanes < MOST_LANES
            && let Ok(lane) = start_lane(KeyStore::unopened(&parts.target))
        {
            lanes += 1;
            *parts.lane.lock().unwrap_or_else(PoisonError::into_inner) = lane;
        }
        tokio::time::sleep(PROBE_EVERY).await;
    }
}

/// A thread that asks the store one question after the other, and ends with the last who could ask.
fn start_lane(store: KeyStore) -> Result<SyncSender<KeyQuestion>> {
    let (lane, questions): (_, Receiver<KeyQuestion>) = sync_channel(QUEUE);
    std::thread::Builder::new()
        .name("keys".to_owned())
        .spawn(move || questions.iter().for_each(|question| question(&store)))
        .map_err(|error| Error::Internal(Box::new(error)))?;
    Ok(lane)
}
