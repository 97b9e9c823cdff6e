//! The attempts that are under way in this process: a few places for each endpoint.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Notify;

use crate::db::{DeliveryId, EndpointId};

/// Attempts under way at once for one endpoint.
pub(super) const PLACES: usize = 8;

/// The attempts that are under way in this process, per endpoint.
#[derive(Clone, Default)]
pub struct InFlight(Arc<Inner>);

#[derive(Default)]
struct Inner {
    messages: Mutex<HashMap<EndpointId, HashSet<DeliveryId>>>,
    ended: Notify,
}

impl InFlight {
    pub(super) fn free_places(&self, endpoint: EndpointId) -> usize {
        let messages = self.0.messages.lock().unwrap_or_else(PoisonError::into_inner);
        PLACES.saturating_sub(messages.get(&endpoint).map_or(0, HashSet::len))
    }

    /// A place for a message, unless it is under way already: its row may not tell of that yet.
    pub(super) fn begin(&self, endpoint: EndpointId, message: DeliveryId) -> Option<Place> {
        let mut messages = self.0.messages.lock().unwrap_or_else(PoisonError::into_inner);
        let is_new = messages.entry(endpoint).or_default().insert(message);
        is_new.then(|| Place { of: self.clone(), endpoint, message })
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
pub(super) struct Place {
    of: InFlight,
    endpoint: EndpointId,
    message: DeliveryId,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut messages = self.of.0.messages.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(under_way) = messages.get_mut(&self.endpoint) {
            under_way.remove(&self.message);
            if under_way.is_empty() {
                messages.remove(&self.endpoint);
            }
        }
        drop(messages);
        self.of.0.ended.notify_waiters();
    }
}
