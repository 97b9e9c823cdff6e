//! The same rows without a server: a check-in, its idempotency key, its audit entry and the lane.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use holdfast::clock::Clock;
use holdfast::db::schema::{audit_entries, audit_lanes, check_ins, idempotency_keys};
use holdfast::db::{Access, CheckInId, Db, DbConn, Instant as At, StandbyCheck, SubjectId, SurvivorId, Target};
use tokio::sync::Semaphore;

use crate::Outcome;
use crate::table::Figures;

const TASKS: usize = 64;
const CONNECTIONS: u32 = 16;
/// Searches begin below this, so that more lanes than connections lie above.
const FIRST_LANES: usize = 448;

static KEYS: AtomicUsize = AtomicUsize::new(0);

/// How many check-ins the database holds.
pub fn count_check_ins(target: &Target) -> Outcome<i64> {
    Ok(check_ins::table.count().get_result(&mut target.connect(Access::Read)?)?)
}

fn some_survivors(target: &Target) -> Outcome<Vec<SurvivorId>> {
    use holdfast::db::schema::survivors;
    let mut conn = target.connect(Access::Read)?;
    let limit = i64::try_from(TASKS)?;
    Ok(survivors::table.order(survivors::id).limit(limit).select(survivors::id).load(&mut conn)?)
}

/// One transaction for each request, over a pool of connections of the server's own settings.
pub async fn one_by_one(target: &Target, connections: usize, seconds: Duration) -> Outcome<Figures> {
    let made: Vec<DbConn> = (0..connections).map(|_| target.connect(Access::Write)).collect::<Result<_, _>>()?;
    let (idle, permits) = (Arc::new(Mutex::new(made)), Arc::new(Semaphore::new(connections)));
    let begun = Instant::now();
    let tasks = some_survivors(target)?.into_iter().map(|survivor| {
        let (idle, permits) = (idle.clone(), permits.clone());
        tokio::spawn(async move {
            let mut latencies = Vec::new();
            while begun.elapsed() < seconds {
                let started = Instant::now();
                let permit = permits.clone().acquire_owned().await?;
                let idle = idle.clone();
                tokio::task::spawn_blocking(move || {
                    let _permit = permit;
                    let taken = idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
                    let mut conn = taken.ok_or("no connection")?;
                    let kept = alone(&mut conn, survivor);
                    idle.lock().unwrap_or_else(PoisonError::into_inner).push(conn);
                    kept
                })
                .await??;
                latencies.push(started.elapsed());
            }
            Outcome::Ok(latencies)
        })
    });
    gather(tasks.collect(), begun).await
}

/// Through the server's own way of writing.
pub async fn through_the_writer(target: &Target, seconds: Duration) -> Outcome<Figures> {
    let db = Db::open(target, CONNECTIONS, StandbyCheck::Confirm)?;
    let begun = Instant::now();
    let tasks = some_survivors(target)?.into_iter().map(|survivor| {
        let db = db.clone();
        tokio::spawn(async move {
            let mut latencies = Vec::new();
            while begun.elapsed() < seconds {
                let started = Instant::now();
                db.write(move |conn| Ok(keep(conn, survivor)?)).await?;
                latencies.push(started.elapsed());
            }
            Outcome::Ok(latencies)
        })
    });
    gather(tasks.collect(), begun).await
}

async fn gather(tasks: Vec<tokio::task::JoinHandle<Outcome<Vec<Duration>>>>, begun: Instant) -> Outcome<Figures> {
    let mut latencies = Vec::new();
    for task in tasks {
        latencies.extend(task.await??);
    }
    Ok(Figures::of(latencies, begun.elapsed()))
}

fn alone(conn: &mut DbConn, survivor: SurvivorId) -> Outcome<()> {
    conn.batch_execute("BEGIN IMMEDIATE")?;
    let kept = keep(conn, survivor);
    conn.batch_execute(if kept.is_ok() { "COMMIT" } else { "ROLLBACK" })?;
    Ok(kept?)
}

/// What a check-in writes, and reads on its way.
fn keep(conn: &mut DbConn, survivor: SurvivorId) -> QueryResult<()> {
    let now = Clock::System.now();
    let number = KEYS.fetch_add(1, Ordering::Relaxed) as u128;
    let hash = (number + (now.microseconds().unsigned_abs() as u128) * 1_000_000_007).to_be_bytes().to_vec();
    let known: Option<i32> =
        idempotency_keys::table.find(&hash).select(idempotency_keys::status).first(conn).optional()?;
    if known.is_some() {
        return Err(diesel::result::Error::RollbackTransaction);
    }
    keep_check_in(conn, survivor, now)?;
    diesel::insert_into(idempotency_keys::table)
        .values((
            idempotency_keys::key_hash.eq(&hash),
            idempotency_keys::fingerprint.eq(vec![7; 32]),
            idempotency_keys::status.eq(201),
            idempotency_keys::answer.eq(Some(vec![7; 120])),
            idempotency_keys::created_at.eq(now),
        ))
        .execute(conn)?;
    keep_entry(conn, survivor, now)
}

fn keep_check_in(conn: &mut DbConn, survivor: SurvivorId, now: At) -> QueryResult<()> {
    diesel::insert_into(check_ins::table)
        .values((
            check_ins::id.eq(CheckInId::new(now)),
            check_ins::survivor_id.eq(survivor),
            check_ins::state.eq("safe"),
            check_ins::answer.eq(Some("safe")),
            check_ins::feeling_safe.eq(Some(3)),
            check_ins::recorded_at.eq(Some(now)),
            check_ins::received_at.eq(Some(now)),
            check_ins::happened_at.eq(now),
        ))
        .execute(conn)
        .map(drop)
}

/// The audit entry, at the end of a lane that nobody holds.
fn keep_entry(conn: &mut DbConn, survivor: SurvivorId, now: At) -> QueryResult<()> {
    let number = KEYS.load(Ordering::Relaxed);
    let (lane, sequence, head): (i32, i64, Vec<u8>) = match conn {
        DbConn::Sqlite(_) => audit_lanes::table.find(0).first(conn)?,
        DbConn::Pg(postgres) => audit_lanes::table
            .filter(audit_lanes::lane.ge(i32::try_from(number * 37 % FIRST_LANES).unwrap_or(0)))
            .order(audit_lanes::lane)
            .for_update()
            .skip_locked()
            .first(postgres)?,
    };
    let hash = vec![7; 32];
    diesel::insert_into(audit_entries::table)
        .values((
            audit_entries::lane.eq(lane),
            audit_entries::sequence.eq(sequence + 1),
            audit_entries::at.eq(now),
            audit_entries::actor_kind.eq("survivor"),
            audit_entries::actor_id.eq(Some(SubjectId::from(survivor))),
            audit_entries::role.eq("survivor"),
            audit_entries::action.eq("create_check_in"),
            audit_entries::subject_kind.eq("survivor"),
            audit_entries::subject_id.eq(Some(SubjectId::from(survivor))),
            audit_entries::purpose.eq(""),
            audit_entries::outcome.eq("done"),
            audit_entries::previous_hash.eq(head),
            audit_entries::hash.eq(&hash),
        ))
        .execute(conn)?;
    diesel::update(audit_lanes::table.find(lane))
        .set((audit_lanes::sequence.eq(sequence + 1), audit_lanes::head.eq(&hash)))
        .execute(conn)
        .map(drop)
}
