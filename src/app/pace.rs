//! The least time that a write of a phone takes to be answered, so that the time does not tell under which PIN it was made.
//!
//! A call under duress and a genuine one are not the same work (see [`Tx::both`](crate::tx::Tx::both)), and construction cannot
//! make them so. What is done commits at once; the answer alone waits. No phone waits for another's, but the
//! calls of one are answered one after another: many at once would add up to a difference that one alone hides. What a
//! phone sends after it was offline has turns of its own, so that a press is never answered after those.

use std::time::Duration;

use futures_util::future::join;

use super::App;
use crate::db::DeviceId;

/// Longer than the work of any write on a server that is not overloaded, and too short for anybody to wait for.
const PACE: Duration = Duration::from_millis(50);
/// What each further write of one call adds: longer than the work of most, since the differences of many even out.
const ONE_MORE: Duration = Duration::from_millis(20);

impl App {
    /// Does what a phone asked for, and answers no sooner than so many writes take; at once where no phone is named. What is done
    /// meanwhile by the application that it is given waits for nothing.
    pub async fn at_pace<T, R>(&self, phone: Option<DeviceId>, writes: u32, work: impl FnOnce(Self) -> R) -> T
    where
        R: Future<Output = T>,
    {
        let done = work(Self { is_paced: false, ..self.clone() });
        let Some(phone) = phone.filter(|_| self.is_paced) else { return done.await };
        let lane = if writes > 1 { "pace of many" } else { "pace" };
        let turn = async {
            let mut place = self.throttle.enter(&self.throttle.counted(lane, &[phone.0.as_bytes()]));
            place.wait_for_turn().await;
            tokio::time::sleep(PACE + ONE_MORE * writes.saturating_sub(1)).await;
            place
        };
        join(done, turn).await.0
    }
}
