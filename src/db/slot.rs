//! Where a piece of work leaves what it came to, so that what runs it is compiled once, and not again for each of hundreds of
//! pieces of work.

use std::sync::{Arc, Mutex, PoisonError};

use super::conn::DbConn;
use crate::error::{Error, Result};

/// Work on a connection, whatever it comes to. It may be run more than once.
pub(super) type Work = Box<dyn FnMut(&mut DbConn) -> Result<()> + Send>;

/// The place for one value.
pub(crate) struct Slot<T>(Arc<Mutex<Option<T>>>);

impl<T> Clone for Slot<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> Slot<T> {
    /// An empty one.
    pub(crate) fn new() -> Self {
        Self(Arc::default())
    }

    /// Leaves a value. One that an earlier run left is gone.
    pub(crate) fn put(&self, value: T) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(value);
    }

    /// Takes the value.
    ///
    /// # Errors
    /// 500 where there is none: the work did not come to its end.
    pub(crate) fn value(&self) -> Result<T> {
        let left = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        left.ok_or_else(|| Error::internal("a piece of work left nothing"))
    }
}
