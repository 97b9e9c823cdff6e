//! How many streams one member of staff keeps open: the newest few. A connection that broke unnoticed ends when it is
//! pushed out, and never keeps its owner from opening another.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Notify;

use crate::db::StaffId;

/// Streams that one member of staff may keep open.
pub const MOST_STREAMS: usize = 4;

type Open = HashMap<StaffId, VecDeque<Arc<Notify>>>;

/// The streams that are open in this process. Clones share them.
#[derive(Clone, Default)]
pub struct OpenStreams(Arc<Mutex<Open>>);

impl OpenStreams {
    /// Counts a stream; the oldest of the same person is asked to end where there are too many.
    #[must_use]
    pub fn open(&self, staff: StaffId) -> OpenStream {
        let end = Arc::new(Notify::new());
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let own = open.entry(staff).or_default();
        own.push_back(end.clone());
        while own.len() > MOST_STREAMS {
            if let Some(oldest) = own.pop_front() {
                oldest.notify_one();
            }
        }
        OpenStream { all: self.clone(), staff, end }
    }
}

/// A stream that is open; dropping it makes room.
pub struct OpenStream {
    all: OpenStreams,
    staff: StaffId,
    end: Arc<Notify>,
}

impl OpenStream {
    /// Resolves when a newer one has taken its place.
    pub async fn pushed_out(&self) {
        self.end.notified().await;
    }
}

impl Drop for OpenStream {
    fn drop(&mut self) {
        let mut open = self.all.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(own) = open.get_mut(&self.staff) else { return };
        own.retain(|end| !Arc::ptr_eq(end, &self.end));
        if own.is_empty() {
            open.remove(&self.staff);
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    fn somebody() -> StaffId {
        StaffId::new("2026-11-21T12:00:00Z".parse().unwrap())
    }

    #[test]
    fn the_newest_few_stay_and_the_oldest_ends() {
        let (streams, staff) = (OpenStreams::default(), somebody());
        let mut own: Vec<OpenStream> = (0..MOST_STREAMS).map(|_| streams.open(staff)).collect();
        let anothers = streams.open(somebody());
        assert!(own.iter().all(|stream| stream.pushed_out().now_or_never().is_none()));
        own.push(streams.open(staff));
        assert!(own[0].pushed_out().now_or_never().is_some());
        assert!(own[1..].iter().all(|stream| stream.pushed_out().now_or_never().is_none()));
        // One that ends makes room for another.
        own.pop();
        own.remove(0);
        own.push(streams.open(staff));
        assert!(own.iter().all(|stream| stream.pushed_out().now_or_never().is_none()));
        own.clear();
        assert_eq!(streams.0.lock().unwrap().len(), 1);
        drop(anothers);
        assert_eq!(streams.0.lock().unwrap().len(), 0);
    }
}
