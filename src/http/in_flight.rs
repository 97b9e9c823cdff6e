//! The attempts that are under way in this process, per receiver: a few places each, so that a dead receiver holds up
//! nobody else.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Notify;

/// Attempts under way at once for one receiver.
pub const PLACES: usize = 8;

/// What is under way, per receiver `R`: messages `M`. Clones share it.
pub struct InFlight<R, M>(Arc<Inner<R, M>>);

struct Inner<R, M> {
    messages: Mutex<HashMap<R, HashSet<M>>>,
    ended: Notify,
}

impl<R, M> Clone for InFlight<R, M> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<R, M> Default for InFlight<R, M> {
    fn default() -> Self {
        Self(Arc::new(Inner { messages: Mutex::default(), ended: Notify::new() }))
    }
}

impl<R: Copy + Eq + Hash, M: Copy + Eq + Hash> InFlight<R, M> {
    /// Places that are free for a receiver.
    #[must_use]
    pub fn free_places(&self, receiver: R) -> usize {
        let messages = self.0.messages.lock().unwrap_or_else(PoisonError::into_inner);
        PLACES.saturating_sub(messages.get(&receiver).map_or(0, HashSet::len))
    }

    /// A place for a message, unless it is under way already: its row may not tell of that yet.
    #[must_use]
    pub fn begin(&self, receiver: R, message: M) -> Option<InFlightSlot<R, M>> {
        let mut messages = self.0.messages.lock().unwrap_or_else(PoisonError::into_inner);
        let is_new = messages.entry(receiver).or_default().insert(message);
        is_new.then(|| InFlightSlot { of: self.clone(), receiver, message })
    }

    /// Whether nothing is under way.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.0.messages.lock().unwrap_or_else(PoisonError::into_inner).is_empty()
    }

    /// Waits until nothing is under way.
    pub async fn idle(&self) {
        loop {
            let ended = self.0.ended.notified();
            if self.is_idle() {
                return;
            }
            ended.await;
        }
    }
}

/// One attempt's place; given back however the attempt ends, also by a panic.
pub struct InFlightSlot<R: Copy + Eq + Hash, M: Copy + Eq + Hash> {
    of: InFlight<R, M>,
    receiver: R,
    message: M,
}

impl<R: Copy + Eq + Hash, M: Copy + Eq + Hash> Drop for InFlightSlot<R, M> {
    fn drop(&mut self) {
        let mut messages = self.of.0.messages.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(under_way) = messages.get_mut(&self.receiver) {
            under_way.remove(&self.message);
            if under_way.is_empty() {
                messages.remove(&self.receiver);
            }
        }
        drop(messages);
        self.of.0.ended.notify_waiters();
    }
}
