//! Counts of attempts that failed, by which guessing is slowed.
//!
//! The counts are rows, so that they outlive a restart and hold for every instance. Their keys are keyed hashes: no name
//! and no address is stored. Nothing is written for an attempt that succeeds where none failed before.
//!
//! [`Throttle::begin`] refuses after ten failures in a quarter of an hour. It is for secrets that can only be tried with
//! another one in hand: a PIN with the phone's secret, a code word in a session of staff, a one-time code after the right
//! password. A password can be tried by anyone, and is never refused over what strangers do: see
//! `identity/sign_in/guesses.rs`, which is built from the same counts and from [`Throttle::enter`]. A valid device, refresh or
//! SOS credential is never counted.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use diesel::prelude::*;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::crypto::KeyRing;
use crate::db::schema::failure_counts;
use crate::db::{Db, DbConn, Instant, cached};
use crate::error::{Error, Result};

/// Failures allowed within [`WINDOW_SECONDS`].
const FAILURES: u32 = 10;
/// How long failures count for [`Throttle::begin`], in seconds.
const WINDOW_SECONDS: i64 = 15 * 60;
/// The longest that any failure counts. What a clock that was fast wrote counts for nothing.
const LONGEST_SECONDS: i64 = 24 * 60 * 60;

/// What is counted, as a keyed hash.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Counted(Vec<u8>);

#[derive(HasQuery, Insertable)]
#[diesel(table_name = failure_counts, treat_none_as_default_value = false)]
struct FailureCount {
    key_hash: Vec<u8>,
    failures: i32,
    counts_until: Instant,
    known_until: Option<Instant>,
}

/// How often something has failed lately.
#[derive(Clone, Copy, Debug, Default)]
pub struct Count {
    /// Failures that count now.
    pub failures: u32,
    /// Seconds for which they still count.
    pub seconds_left: u64,
    /// Until when what is counted is known to have succeeded before.
    pub known_until: Option<Instant>,
}

impl Count {
    fn of(row: &FailureCount, now: Instant) -> Self {
        let seconds = row.counts_until.seconds_since(now);
        let known_until = row.known_until.filter(|until| *until > now);
        if !(1..=LONGEST_SECONDS).contains(&seconds) {
            return Self { known_until, ..Self::default() };
        }
        let failures = u32::try_from(row.failures).unwrap_or(0);
        Self { failures, seconds_left: seconds.unsigned_abs(), known_until }
    }
}

/// Counts what failed, and knows what is being tried at this moment.
pub struct Throttle {
    db: Db,
    keys: Arc<KeyRing>,
    lanes: Lanes,
}

type Lanes = Arc<Mutex<HashMap<Counted, ThrottleLane>>>;

struct ThrottleLane {
    inside: u32,
    turn: Arc<Semaphore>,
}

/// A place among those who try the same thing at this moment, on this instance; given back when dropped.
pub struct Inside {
    lanes: Lanes,
    counted: Counted,
    turn: Arc<Semaphore>,
    /// How many were there before.
    pub ahead: u32,
    held: Option<OwnedSemaphorePermit>,
}

impl Inside {
    /// Waits until it is this one's turn, which lasts until it is dropped.
    pub async fn wait_for_turn(&mut self) {
        self.held = self.turn.clone().acquire_owned().await.ok();
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        let mut lanes = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(lane) = lanes.get_mut(&self.counted) {
            lane.inside = lane.inside.saturating_sub(1);
            if lane.inside == 0 {
                lanes.remove(&self.counted);
            }
        }
    }
}

impl Throttle {
    /// A throttle on a database.
    #[must_use]
    pub fn new(db: Db, keys: Arc<KeyRing>) -> Self {
        Self { db, keys, lanes: Lanes::default() }
    }

    /// What is counted: a kind of attempt, and at what or from where.
    #[must_use]
    pub fn counted(&self, kind: &str, parts: &[&[u8]]) -> Counted {
        let mut value = Vec::new();
        for part in [&[kind.as_bytes()], parts].concat() {
            value.extend_from_slice(&(part.len() as u64).to_be_bytes());
            value.extend_from_slice(part);
        }
        Counted(self.keys.blind("failed attempts", &value))
    }

    /// How often each has failed lately.
    pub async fn counts<const N: usize>(&self, of: [&Counted; N], now: Instant) -> Result<[Count; N]> {
        let hashes = of.map(|counted| counted.0.clone());
        let asked = hashes.to_vec();
        let find = move |conn: &mut DbConn| {
            Ok(FailureCount::query().filter(failure_counts::key_hash.eq_any(asked)).load(conn)?)
        };
        let rows: Vec<FailureCount> = self.db.read(find).await?;
        Ok(hashes.map(|hash| {
            let row = rows.iter().find(|row| row.key_hash == hash);
            row.map(|row| Count::of(row, now)).unwrap_or_default()
        }))
    }

    /// Counts a failure of each, for as many seconds.
    pub async fn count(&self, failed: Vec<(Counted, i64)>, now: Instant) -> Result<()> {
        let work = move |conn: &mut DbConn| failed.iter().try_for_each(|(key, seconds)| add(conn, key, *seconds, now));
        self.db.write(work).await
    }

    /// Forgets the failures of what has succeeded; it is known to have done so until an instant, where one is given.
    pub async fn forgive(&self, counted: &Counted, known_until: Option<Instant>, now: Instant) -> Result<()> {
        let key_hash = counted.0.clone();
        let work = move |conn: &mut DbConn| {
            let row = failure_counts::table.find(&key_hash);
            let clean = (failure_counts::failures.eq(0), failure_counts::known_until.eq(known_until));
            let has_row = cached(diesel::update(row).set(clean)).execute(conn)? > 0;
            if !has_row && known_until.is_some() {
                let row = FailureCount { key_hash: key_hash.clone(), failures: 0, counts_until: now, known_until };
                diesel::insert_into(failure_counts::table).values(row).execute(conn)?;
            }
            Ok(())
        };
        self.db.write(work).await
    }

    /// Takes a place among those who try the same thing at this moment.
    #[must_use]
    pub fn enter(&self, counted: &Counted) -> Inside {
        let mut lanes = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        let new = || ThrottleLane { inside: 0, turn: Arc::new(Semaphore::new(1)) };
        let lane = lanes.entry(counted.clone()).or_insert_with(new);
        let (ahead, turn) = (lane.inside, lane.turn.clone());
        lane.inside = lane.inside.saturating_add(1);
        Inside { lanes: self.lanes.clone(), counted: counted.clone(), turn, ahead, held: None }
    }

    /// Begins an attempt that is refused after too many failures. Attempts at the same thing take turns, so that many at once
    /// are judged no more often than one after another.
    ///
    /// # Errors
    /// 429 with the seconds to wait.
    pub async fn begin(&self, counted: Counted, now: Instant) -> Result<ThrottledAttempt<'_>> {
        match self.take_turn(counted, now).await? {
            (_, Some(refusal)) => Err(refusal),
            (attempt, None) => Ok(attempt),
        }
    }

    /// The same where something is judged behind the refusal, which is given next to the turn: that lasts until the attempt
    /// is dropped.
    pub async fn take_turn(&self, counted: Counted, now: Instant) -> Result<(ThrottledAttempt<'_>, Option<Error>)> {
        let mut inside = self.enter(&counted);
        inside.wait_for_turn().await;
        let [Count { failures, seconds_left, .. }] = self.counts([&counted], now).await?;
        let refusal = (failures >= FAILURES).then(|| Error::TooMany { retry_after_seconds: seconds_left.max(1) });
        Ok((ThrottledAttempt { throttle: self, counted, has_failed: failures > 0, _inside: inside }, refusal))
    }

    /// Removes counts that count no more. Returns how many.
    pub async fn forget(&self, now: Instant) -> Result<usize> {
        let work = move |conn: &mut DbConn| {
            let over = failure_counts::table.filter(failure_counts::counts_until.le(now));
            let is_unknown = failure_counts::known_until.is_null().or(failure_counts::known_until.le(now));
            Ok(diesel::delete(over.filter(is_unknown)).execute(conn)?)
        };
        self.db.write(work).await
    }
}

fn add(conn: &mut DbConn, key: &Counted, seconds: i64, now: Instant) -> Result<()> {
    let (key_hash, until) = (key.0.clone(), now.plus_seconds(seconds));
    let row = failure_counts::table.find(&key_hash);
    let counting = row
        .filter(failure_counts::counts_until.gt(now))
        .filter(failure_counts::counts_until.le(now.plus_seconds(LONGEST_SECONDS)));
    let one_more = failure_counts::failures.eq(failure_counts::failures + 1);
    if cached(diesel::update(counting).set(one_more)).execute(conn)? > 0 {
        return Ok(());
    }
    let first = (failure_counts::failures.eq(1), failure_counts::counts_until.eq(until));
    if cached(diesel::update(row).set(first)).execute(conn)? == 0 {
        let row = FailureCount { key_hash: key_hash.clone(), failures: 1, counts_until: until, known_until: None };
        diesel::insert_into(failure_counts::table).values(row).execute(conn)?;
    }
    Ok(())
}

/// Judges an attempt to its end, though its caller may go away meanwhile: one that is broken off counts like any other.
pub async fn to_its_end<T: Send + 'static>(attempt: impl Future<Output = Result<T>> + Send + 'static) -> Result<T> {
    tokio::spawn(attempt).await.unwrap_or_else(|_| Err(Error::internal("an attempt to sign in panicked")))
}

/// An attempt under way.
pub struct ThrottledAttempt<'t> {
    throttle: &'t Throttle,
    counted: Counted,
    has_failed: bool,
    _inside: Inside,
}

impl ThrottledAttempt<'_> {
    /// Counts it as failed.
    pub async fn failed(self, now: Instant) -> Result<()> {
        self.throttle.count(vec![(self.counted, WINDOW_SECONDS)], now).await
    }

    /// Forgets the failures before it.
    pub async fn succeeded(self, now: Instant) -> Result<()> {
        if self.has_failed { self.throttle.forgive(&self.counted, None, now).await } else { Ok(()) }
    }
}
