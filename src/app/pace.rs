//! The least time that a write of a phone takes to be answered, so that the time does not tell under which PIN it was made.
//!
//! A call under duress and a genuine one are not the same work (see [`Tx::both`](crate::tx::Tx::both)), and construction cannot
//! make them so. What is done commits at once; the answer alone waits. No phone waits for another's, but the
//! calls of one are answered one after another: many at once would add up to a difference that one alone hides.

use std::time::Duration;

use futures_util::future::join;

use super::App;
use crate::db::DeviceId;

/// Longer than the work of any write, and too short for anybody to wait for.
const PACE: Duration = Duration::from_millis(50);

impl App {
    /// Does what a phone asked for, and answers no sooner than so many writes take; at once where no phone is named. What is done
    /// meanwhile by the application that it is given waits for nothing.
    pub async fn at_pace<T, R>(&self, phone: Option<DeviceId>, writes: u32, work: impl FnOnce(Self) -> R) -> T
    where
        R: Future<Output = T>,
    {
        let done = work(Self { is_paced: false, ..self.clone() });
        let Some(phone) = phone.filter(|_| self.is_paced) else { return done.await };
        let turn = async {
            let mut place = self.throttle.enter(&self.throttle.counted("pace", &[phone.0.as_bytes()]));
            place.wait_for_turn().await;
            tokio::time::sleep(PACE * writes).await;
            place
        };
        join(done, turn).await.0
    }
}
