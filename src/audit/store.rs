//! All SQL of the audit.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Binary, Integer, Nullable, Text};

use crate::crypto::Sealed;
use crate::db::schema::{
    DbInstant, DbUuid, audit_beats, audit_checkpoint_lines, audit_checkpoints, audit_entries, audit_lanes,
};
use crate::db::{AuditReasonId, DbConn, Instant, OrganisationId, StaffId, SubjectId, cached};
use crate::error::{Error, Result};
use crate::http::page::Cursor;
use crate::tx::KeptAnswer;

/// Entries of one statement, which takes 65,535 values.
const AT_ONCE: usize = 1_000;
/// Lanes on PostgreSQL: more than an instance has connections, so that one is always free.
const POSTGRES_LANES: i32 = 512;

/// One entry in its place.
#[derive(Clone, Debug, HasQuery, Insertable)]
#[diesel(table_name = audit_entries, treat_none_as_default_value = false)]
pub struct AuditEntryRow {
    pub lane: i32,
    pub sequence: i64,
    pub at: Instant,
    pub actor_kind: String,
    pub actor_id: Option<SubjectId>,
    pub role: String,
    pub organisation_id: Option<OrganisationId>,
    pub action: String,
    pub subject_kind: String,
    pub subject_id: Option<SubjectId>,
    pub person_id: Option<SubjectId>,
    pub officer_id: Option<StaffId>,
    pub purpose: String,
    pub outcome: String,
    pub times: i32,
    pub reason_id: Option<AuditReasonId>,
    pub reason: Option<Sealed>,
    pub wrote: String,
    pub previous_hash: Vec<u8>,
    pub hash: Vec<u8>,
}

/// The end of a lane.
#[derive(Clone, Debug, HasQuery)]
#[diesel(table_name = audit_lanes)]
pub struct Lane {
    pub lane: i32,
    pub sequence: i64,
    pub head: Vec<u8>,
}

/// Takes any lane that no other transaction holds, by queries of the kind whose plans are kept with the connection.
pub fn claim_lane(conn: &mut DbConn) -> Result<Lane> {
    let found = match conn {
        DbConn::Sqlite(sqlite) => Lane::query().find(0).first(sqlite).optional()?,
        // Each transaction begins its search elsewhere, so that they do not step over each other's locks one by one.
        DbConn::Pg(postgres) => match find_free(postgres, any_lane()?)? {
            Some(lane) => Some(lane),
            None => find_free(postgres, 0)?,
        },
    };
    found.ok_or_else(|| Error::internal("no audit lane is free"))
}

/// A lane of PostgreSQL, at random.
pub fn any_lane() -> Result<i32> {
    Ok(i32::from(u16::from_be_bytes(crate::crypto::random()?)) % POSTGRES_LANES)
}

fn find_free(postgres: &mut PgConnection, from: i32) -> Result<Option<Lane>> {
    let lanes = Lane::query().filter(audit_lanes::lane.ge(from)).order(audit_lanes::lane).limit(1);
    Ok(lanes.for_update().skip_locked().first(postgres).optional()?)
}

/// Puts an entry at the end of a lane that is free, with its hash over the same bytes as `chain::hash`. What has to be there
/// first, and what the entry is made from, is filled in.
macro_rules! append {
    ($first:literal, $from:literal) => {
        concat!(
            "WITH free AS MATERIALIZED ( \
                 SELECT lane, sequence + 1 AS sequence, head FROM audit_lanes WHERE lane >= $1 ORDER BY lane LIMIT 1 \
                 FOR UPDATE SKIP LOCKED), ",
            $first,
            "written AS (INSERT INTO audit_entries (lane, sequence, at, actor_kind, actor_id, role, organisation_id, \
                 action, subject_kind, subject_id, person_id, officer_id, purpose, outcome, times, reason_id, reason, \
                 wrote, previous_hash, hash) \
                 SELECT lane, sequence, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, head, \
                 sha256($18 || int8send(4) || int4send(lane) || int8send(8) || int8send(sequence) || $19 \
                 || int8send(length(head)) || head) FROM ",
            $from,
            " RETURNING lane, sequence, hash) \
             UPDATE audit_lanes SET sequence = written.sequence, head = written.hash FROM written \
             WHERE audit_lanes.lane = written.lane"
        )
    };
}

const APPEND: &str = append!("", "free");
/// The same with an answer that is kept under its key; nothing where something is kept under it already.
const APPEND_AND_KEEP: &str = append!(
    "kept AS (INSERT INTO idempotency_keys (key_hash, fingerprint, status, answer, created_at) \
         SELECT $20, $21, $22, $23, $24 FROM free ON CONFLICT (key_hash) DO NOTHING RETURNING key_hash), ",
    "free, kept"
);

/// Puts an entry at the end of any lane, from one on, that no other transaction holds, and keeps an answer: one statement, on
/// PostgreSQL. The bytes that are hashed are `framed`: what comes before its place, and what comes after it. False where no lane
/// was free, or the answer's key is taken: then nothing was done.
pub fn append_entry(
    conn: &mut DbConn,
    from: i32,
    row: &AuditEntryRow,
    framed: (&[u8], &[u8]),
    kept: Option<&KeptAnswer>,
) -> Result<bool> {
    let said = |statement: &str| {
        sql_query(statement)
            .bind::<Integer, _>(from)
            .bind::<DbInstant, _>(row.at)
            .bind::<Text, _>(&row.actor_kind)
            .bind::<Nullable<DbUuid>, _>(row.actor_id)
            .bind::<Text, _>(&row.role)
            .bind::<Nullable<DbUuid>, _>(row.organisation_id)
            .bind::<Text, _>(&row.action)
            .bind::<Text, _>(&row.subject_kind)
            .bind::<Nullable<DbUuid>, _>(row.subject_id)
            .bind::<Nullable<DbUuid>, _>(row.person_id)
            .bind::<Nullable<DbUuid>, _>(row.officer_id)
            .bind::<Text, _>(&row.purpose)
            .bind::<Text, _>(&row.outcome)
            .bind::<Integer, _>(row.times)
            .bind::<Nullable<DbUuid>, _>(row.reason_id)
            .bind::<Nullable<Binary>, _>(row.reason.clone())
            .bind::<Text, _>(&row.wrote)
            .bind::<Binary, _>(framed.0)
            .bind::<Binary, _>(framed.1)
    };
    let moved = match kept {
        None => cached(said(APPEND)).execute(conn)?,
        Some(kept) => {
            let both = said(APPEND_AND_KEEP)
                .bind::<Binary, _>(&kept.key_hash)
                .bind::<Binary, _>(&kept.fingerprint)
                .bind::<Integer, _>(kept.status)
                .bind::<Nullable<Binary>, _>(kept.answer.clone())
                .bind::<DbInstant, _>(kept.created_at);
            cached(both).execute(conn)?
        }
    };
    Ok(moved == 1)
}

/// Writes entries that have their places: on PostgreSQL together, as far as one statement takes them.
pub fn insert_entries(conn: &mut DbConn, rows: Vec<AuditEntryRow>) -> Result<()> {
    match conn {
        DbConn::Sqlite(sqlite) => {
            for row in rows {
                diesel::insert_into(audit_entries::table).values(row).execute(sqlite)?;
            }
        }
        DbConn::Pg(postgres) => {
            for some in rows.chunks(AT_ONCE) {
                diesel::insert_into(audit_entries::table).values(some.to_vec()).execute(postgres)?;
            }
        }
    }
    Ok(())
}

pub fn update_lane(conn: &mut DbConn, lane: &Lane) -> Result<()> {
    cached(
        diesel::update(audit_lanes::table.find(lane.lane))
            .set((audit_lanes::sequence.eq(lane.sequence), audit_lanes::head.eq(&lane.head))),
    )
    .execute(conn)?;
    Ok(())
}

pub fn list_lanes(conn: &mut DbConn) -> Result<Vec<Lane>> {
    Ok(Lane::query().order(audit_lanes::lane).load(conn)?)
}

/// A stretch of a lane, in order.
pub fn list_entries(conn: &mut DbConn, lane: i32, after: i64, limit: i64) -> Result<Vec<AuditEntryRow>> {
    let rows = AuditEntryRow::query().filter(audit_entries::lane.eq(lane)).filter(audit_entries::sequence.gt(after));
    Ok(rows.order(audit_entries::sequence).limit(limit).load(conn)?)
}

/// How many entries stand in lanes that do not exist.
pub fn count_strays(conn: &mut DbConn) -> Result<i64> {
    let strays = audit_entries::table.filter(audit_entries::lane.ne_all(audit_lanes::table.select(audit_lanes::lane)));
    Ok(strays.count().get_result(conn)?)
}

/// When the last checkpoint was taken, and its digest.
pub fn last_beat(conn: &mut DbConn) -> Result<(Instant, Vec<u8>)> {
    Ok(audit_beats::table.find(0).select((audit_beats::at, audit_beats::digest)).first(conn)?)
}

/// Takes the next checkpoint's turn; false when another instance did.
pub fn claim_beat(conn: &mut DbConn, last: Instant, now: Instant, digest: &[u8]) -> Result<bool> {
    let free = audit_beats::table.find(0).filter(audit_beats::at.eq(last));
    let next = (audit_beats::at.eq(now), audit_beats::digest.eq(digest));
    Ok(cached(diesel::update(free).set(next)).execute(conn)? == 1)
}

/// Keeps a checkpoint as its line in the log, by how many entries it covers: each covers more than the one before.
pub fn insert_line(conn: &mut DbConn, entries: i64, line: &str) -> Result<()> {
    let row = (audit_checkpoint_lines::entries.eq(entries), audit_checkpoint_lines::line.eq(line));
    diesel::insert_into(audit_checkpoint_lines::table).values(row).execute(conn)?;
    Ok(())
}

/// How many entries the newest checkpoint covers; 0 before the first.
pub fn last_line(conn: &mut DbConn) -> Result<i64> {
    let last: Option<i64> =
        audit_checkpoint_lines::table.select(diesel::dsl::max(audit_checkpoint_lines::entries)).first(conn)?;
    Ok(last.unwrap_or(0))
}

/// The lines of the checkpoints that cover more than so many entries, in order.
pub fn list_lines(conn: &mut DbConn, after: i64, limit: i64) -> Result<Vec<(i64, String)>> {
    let rows = audit_checkpoint_lines::table.filter(audit_checkpoint_lines::entries.gt(after));
    let columns = (audit_checkpoint_lines::entries, audit_checkpoint_lines::line);
    Ok(rows.order(audit_checkpoint_lines::entries).limit(limit).select(columns).load(conn)?)
}

/// How far checkpoints have told of each lane.
pub fn list_checkpointed(conn: &mut DbConn) -> Result<Vec<(i32, i64)>> {
    Ok(audit_checkpoints::table.select((audit_checkpoints::lane, audit_checkpoints::sequence)).load(conn)?)
}

pub fn set_checkpointed(conn: &mut DbConn, lane: i32, sequence: i64) -> Result<()> {
    let row = audit_checkpoints::table.find(lane);
    cached(diesel::update(row).set(audit_checkpoints::sequence.eq(sequence))).execute(conn)?;
    Ok(())
}

/// The hash of one entry.
pub fn find_hash(conn: &mut DbConn, lane: i32, sequence: i64) -> Result<Option<Vec<u8>>> {
    Ok(audit_entries::table.find((lane, sequence)).select(audit_entries::hash).first(conn).optional()?)
}

/// An act of somebody about a record, as the person it is about may see it.
#[derive(Clone, Debug, HasQuery)]
#[diesel(table_name = audit_entries)]
pub struct VisibleAct {
    /// The lane of its entry.
    pub lane: i32,
    /// Its place there.
    pub sequence: i64,
    /// When.
    pub at: Instant,
    /// In which role.
    pub role: String,
    /// Of which organisation.
    pub organisation_id: Option<OrganisationId>,
    /// What was done.
    pub action: String,
    /// What for.
    pub purpose: String,
}

/// Which acts of others somebody is shown.
#[derive(Clone, Copy, Debug)]
pub enum ActsShown<'a> {
    /// All but these, each from an instant on, by the codes of what was done or what for.
    AllBut(&'a [(Instant, &'a [&'a str])]),
    /// Only these.
    Only(&'a [&'a str]),
}

/// What staff, police and operators did with a record, newest first; nothing that they were refused, for they saw nothing.
pub fn list_about(
    conn: &mut DbConn,
    subject: SubjectId,
    acts: ActsShown<'_>,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<VisibleAct>> {
    let mut rows = VisibleAct::query()
        .filter(audit_entries::subject_id.eq(subject))
        .filter(audit_entries::actor_kind.eq_any(["staff", "police_client", "operator"]))
        .filter(audit_entries::outcome.ne("refused"))
        .into_boxed();
    match acts {
        ActsShown::AllBut(held) => {
            for (from, codes) in held {
                let is_another =
                    audit_entries::action.ne_all(codes.to_vec()).and(audit_entries::purpose.ne_all(codes.to_vec()));
                rows = rows.filter(audit_entries::at.lt(*from).or(is_another));
            }
        }
        ActsShown::Only(acts) => rows = rows.filter(audit_entries::action.eq_any(acts.to_vec())),
    }
    if let Some((at, id)) = after {
        let (lane, sequence) = id.as_u64_pair();
        let (lane, sequence) = (i32::try_from(lane).unwrap_or(0), i64::try_from(sequence).unwrap_or(0));
        let later = audit_entries::lane.lt(lane);
        let same = audit_entries::lane.eq(lane).and(audit_entries::sequence.lt(sequence));
        rows = rows.filter(audit_entries::at.lt(at).or(audit_entries::at.eq(at).and(later.or(same))));
    }
    let order = (audit_entries::at.desc(), audit_entries::lane.desc(), audit_entries::sequence.desc());
    Ok(rows.order(order).limit(limit + 1).load(conn)?)
}

/// Which entries somebody asks for.
#[derive(Clone, Debug, Default)]
pub struct EntryFilter {
    /// What they are about, or whose that is.
    pub subject: Option<SubjectId>,
    /// Who acted, or was named by a police system.
    pub actor: Option<SubjectId>,
    /// What was done.
    pub action: Option<String>,
    /// How it went.
    pub outcome: Option<String>,
    /// Not before.
    pub from: Option<Instant>,
    /// Before.
    pub until: Option<Instant>,
}

/// An entry as an auditor reads it: codes and ids, and the words in which somebody stated why.
#[derive(Clone, Debug, HasQuery)]
#[diesel(table_name = audit_entries)]
pub struct Traced {
    /// The lane.
    pub lane: i32,
    /// Its place there.
    pub sequence: i64,
    /// When.
    pub at: Instant,
    /// Which kind of caller.
    pub actor_kind: String,
    /// Who.
    pub actor_id: Option<SubjectId>,
    /// In which role.
    pub role: String,
    /// Of which organisation.
    pub organisation_id: Option<OrganisationId>,
    /// What was done.
    pub action: String,
    /// What kind of thing it was about.
    pub subject_kind: String,
    /// Which one.
    pub subject_id: Option<SubjectId>,
    /// Whose that is, where it is something of a survivor's.
    pub person_id: Option<SubjectId>,
    /// The officer whom a police system named.
    pub officer_id: Option<StaffId>,
    /// What for.
    pub purpose: String,
    /// How it went.
    pub outcome: String,
    /// How often: refusals of the same are counted together.
    pub times: i32,
    /// What the words are sealed for.
    pub reason_id: Option<AuditReasonId>,
    /// Why, in words.
    pub reason: Option<Sealed>,
    /// SHA-256 of the entry and the one before.
    pub hash: Vec<u8>,
}

/// Entries, newest first: `limit + 1` rows.
pub fn list_traced(conn: &mut DbConn, filter: &EntryFilter, after: Option<Cursor>, limit: i64) -> Result<Vec<Traced>> {
    let mut rows = Traced::query().into_boxed();
    if let Some(subject) = filter.subject {
        rows = rows.filter(audit_entries::subject_id.eq(subject).or(audit_entries::person_id.eq(subject)));
    }
    if let Some(actor) = filter.actor {
        rows = rows.filter(audit_entries::actor_id.eq(actor).or(audit_entries::officer_id.eq(actor)));
    }
    if let Some(action) = &filter.action {
        rows = rows.filter(audit_entries::action.eq(action.clone()));
    }
    if let Some(outcome) = &filter.outcome {
        rows = rows.filter(audit_entries::outcome.eq(outcome.clone()));
    }
    if let Some(from) = filter.from {
        rows = rows.filter(audit_entries::at.ge(from));
    }
    if let Some(until) = filter.until {
        rows = rows.filter(audit_entries::at.lt(until));
    }
    if let Some((at, id)) = after {
        let (lane, sequence) = id.as_u64_pair();
        let (lane, sequence) = (i32::try_from(lane).unwrap_or(0), i64::try_from(sequence).unwrap_or(0));
        let later = audit_entries::lane.lt(lane);
        let same = audit_entries::lane.eq(lane).and(audit_entries::sequence.lt(sequence));
        rows = rows.filter(audit_entries::at.lt(at).or(audit_entries::at.eq(at).and(later.or(same))));
    }
    let order = (audit_entries::at.desc(), audit_entries::lane.desc(), audit_entries::sequence.desc());
    Ok(rows.order(order).limit(limit + 1).load(conn)?)
}
