//! What of an installation can be read: people whose key is gone, and sealed values that do not open.

use std::fmt;

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Binary, Integer};
use tokio::runtime::Runtime;

use crate::app::App;
use crate::crypto::keystore::KeyStore;
use crate::crypto::{Keys, NO_DATA_KEY, SealContext, Sealed};
use crate::db::schema::{DbUuid, participants, staff, survivors};
use crate::db::{DbConn, ParticipantId, StaffId, SubjectId, SurvivorId};
use crate::error::{Error, Result};

/// Values looked at in one go.
const STRETCH: i64 = 500;

/// The installation's own key seals it.
const OWN: &str = "";
const SURVIVOR: &str = "survivor_id";
const PARTICIPANT: &str = "participant_id";
/// Whose the file is.
const OF_FILE: &str = "(SELECT survivor_id FROM evidence_files WHERE evidence_files.id = evidence_id)";
/// The person of the other side of the case than the one that asked.
const ANSWERS: &str = "(SELECT CASE WHEN case_concerns.subject_id = cases.survivor_id THEN cases.participant_id \
    ELSE cases.survivor_id END FROM cases WHERE cases.id = case_concerns.case_id)";

/// Every sealed column: its table, the row that it is sealed for, whose key seals it, at which version of the row.
const SEALED: &[(&str, &str, &str, &str, &[&str])] = &[
    ("staff", "id", "id", "1", &["username", "display_name", "totp_secret"]),
    ("staff_contacts", "id", "staff_id", "version", &["email", "phone"]),
    ("survivors", "id", "id", "version", &["preferred_name", "pronouns", "full_name", "date_of_birth", "needs"]),
    ("devices", "id", SURVIVOR, "1", &["name"]),
    ("blocks", "id", SURVIVOR, "1", &["lift_reason"]),
    ("record_changes", "id", SURVIVOR, "1", &["reason"]),
    ("break_glass_openings", "id", SURVIVOR, "1", &["reason"]),
    ("risk_changes", "id", SURVIVOR, "1", &["reason"]),
    ("disclosures", "id", SURVIVOR, "1", &["reason"]),
    ("case_notes", "id", "subject_id", "1", &["note"]),
    ("case_concerns", "id", "subject_id", "1", &["words"]),
    ("case_concerns", "id", ANSWERS, "1", &["answer"]),
    ("programme_updates", "id", SURVIVOR, "1", &["words"]),
    ("check_ins", "id", SURVIVOR, "1", &["note", "location", "wellbeing", "answers"]),
    ("check_in_questions", "id", SURVIVOR, "1", &["wording"]),
    ("check_in_reviews", "id", SURVIVOR, "1", &["note"]),
    ("timers", "id", SURVIVOR, "1", &["note", "location"]),
    ("safe_contact_plans", "id", SURVIVOR, "1", &["plan"]),
    ("push_registrations", "id", SURVIVOR, "1", &["token"]),
    ("trusted_contacts", "id", SURVIVOR, "1", &["name", "phone"]),
    ("evidence_files", "id", SURVIVOR, "1", &["name", "file_key", "upload_metadata"]),
    ("evidence_bundles", "id", SURVIVOR, "1", &["note", "recipient_name", "file_key"]),
    ("custody_events", "id", OF_FILE, "1", &["reason"]),
    ("evidence_holds", "id", OF_FILE, "1", &["reason", "lift_reason"]),
    ("incidents", "id", SURVIVOR, "1", &["withdrawal_reason"]),
    (
        "incident_versions",
        "incident_id",
        SURVIVOR,
        "version",
        &["account", "private_note", "place", "reason", "witnesses", "third_parties", "police_reference"],
    ),
    ("incident_events", "id", SURVIVOR, "1", &["reason", "note"]),
    ("incident_drafts", "id", SURVIVOR, "version", &["content"]),
    ("messages", "id", SURVIVOR, "1", &["body"]),
    ("household_versions", "id", SURVIVOR, "1", &["name", "born", "school", "note"]),
    ("reported_persons", "id", SURVIVOR, "1", &["name", "date_of_birth", "address", "vehicles", "note"]),
    ("survivor_orders", "id", SURVIVOR, "1", &["court", "police_reference"]),
    ("survivor_order_conditions", "id", SURVIVOR, "1", &["wording", "area"]),
    ("safety_plan_versions", "id", SURVIVOR, "1", &["sections"]),
    ("risk_assessments", "id", SURVIVOR, "1", &["answers", "judgement_note", "lowering_reason"]),
    ("marac_decisions", "id", SURVIVOR, "1", &["reason"]),
    ("alert_history", "id", SURVIVOR, "1", &["note", "force_reference"]),
    ("tasks", "id", SURVIVOR, "1", &["note"]),
    ("record_transfers", "id", SURVIVOR, "1", &["reason"]),
    ("police_overrides", "id", SURVIVOR, "1", &["necessity", "review_note", "withhold_reason"]),
    ("police_outcomes", "id", SURVIVOR, "1", &["force_reference"]),
    ("safe_addresses", "id", SURVIVOR, "1", &["place"]),
    ("location_releases", "alert_id", SURVIVOR, "1", &["officer"]),
    ("timer_location_releases", "alert_id", SURVIVOR, "1", &["officer"]),
    ("participants", "id", "id", "version", &["name", "date_of_birth", "address"]),
    ("participant_identifiers", "id", PARTICIPANT, "1", &["value"]),
    ("participant_concerns", "id", PARTICIPANT, "1", &["note", "words"]),
    ("orders", "id", PARTICIPANT, "1", &["court", "police_reference"]),
    ("order_conditions", "id", PARTICIPANT, "1", &["wording", "area"]),
    ("order_corrections", "id", PARTICIPANT, "1", &["correction"]),
    ("referrals", "id", PARTICIPANT, "1", &["note"]),
    ("goals", "id", PARTICIPANT, "1", &["statement", "survivor_benefit", "levels"]),
    ("goals", "id", PARTICIPANT, "wording_version", &["participant_wording"]),
    ("goal_reviews", "id", PARTICIPANT, "1", &["note", "withdrawn_reason"]),
    ("goal_history", "id", PARTICIPANT, "1", &["wording", "reason"]),
    ("programme_sessions", "id", PARTICIPANT, "version", &["note"]),
    ("session_attendances", "id", PARTICIPANT, "1", &["note"]),
    ("session_feedback", "id", PARTICIPANT, "1", &["summary", "chain_analysis"]),
    ("diary_ratings", "id", PARTICIPANT, "1", &["note"]),
    ("observations", "id", PARTICIPANT, "1", &["note"]),
    ("formulations", "id", PARTICIPANT, "version", &["narrative"]),
    ("own_risk_ratings", "id", PARTICIPANT, "version", &["narrative", "reason"]),
    ("practice_notes", "id", PARTICIPANT, "1", &["note"]),
    ("programme_transitions", "id", PARTICIPANT, "1", &["note"]),
    ("programme_tasks", "id", PARTICIPANT, "1", &["note"]),
    ("end_reports", "enrolment_id", PARTICIPANT, "version", &["progress", "risk", "recommendations"]),
    ("subject_access_requests", "id", PARTICIPANT, "1", &["redactions", "content"]),
    ("audit_entries", "reason_id", "person_id", "1", &["reason"]),
    ("webhook_keys", "id", OWN, "1", &["secret", "seed"]),
    // A message about nobody is sealed under the installation's own key.
    ("deliveries", "id", SURVIVOR, "1", &["body"]),
];

/// Everybody who has, or had, a key: in the database alone.
pub fn list_people(conn: &mut DbConn) -> Result<Vec<SubjectId>> {
    let survivors = survivors::table.select(survivors::id).load(conn)?;
    list(conn, survivors)
}

/// The same without the decoys of survivors, which are nobody.
pub fn list_named(conn: &mut DbConn) -> Result<Vec<SubjectId>> {
    let survivors = survivors::table.filter(survivors::decoy_of.is_null()).select(survivors::id).load(conn)?;
    list(conn, survivors)
}

fn list(conn: &mut DbConn, survivors: Vec<SurvivorId>) -> Result<Vec<SubjectId>> {
    let staff: Vec<StaffId> = staff::table.select(staff::id).load(conn)?;
    let participants: Vec<ParticipantId> = participants::table.select(participants::id).load(conn)?;
    let people = staff.into_iter().map(SubjectId::from).chain(survivors.into_iter().map(SubjectId::from));
    Ok(people.chain(participants.into_iter().map(SubjectId::from)).collect())
}

/// Those of the people whose key is not in the store: nothing about them can be read.
pub fn without_key(store: &KeyStore, people: &[SubjectId]) -> Result<Vec<SubjectId>> {
    let kept = store.list_subjects()?;
    Ok(people.iter().copied().filter(|person| !kept.contains(person)).collect())
}

/// A sealed value that does not open.
pub struct Unread {
    table: &'static str,
    column: &'static str,
    row: SubjectId,
    why: &'static str,
}

impl fmt::Display for Unread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{} of {}: {}", self.table, self.column, self.row, self.why)
    }
}

/// How much is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// Every value.
    All,
    /// The newest of each column.
    Sample,
}

/// What was looked at.
#[derive(Default)]
pub struct Looked {
    /// How many values were opened.
    pub opened: usize,
    /// Those that do not open.
    pub unread: Vec<Unread>,
}

impl Looked {
    /// Values that do not open although they should: nothing opens of people without a key, who are counted as people.
    pub fn list_broken(&self) -> impl Iterator<Item = &Unread> {
        self.unread.iter().filter(|unread| unread.why != NO_DATA_KEY)
    }
}

/// Opens sealed values of a database, and names those that do not open.
///
/// # Errors
/// When the database cannot be read, or the key store does not answer.
pub fn look(app: &App, conn: &mut DbConn, runtime: &Runtime, extent: Extent) -> Result<Looked> {
    let mut looked = Looked::default();
    for &(table, row, subject, version, columns) in SEALED {
        for &column in columns {
            let from = Column { table, row, subject, version, column };
            let mut after = None;
            loop {
                let values = from.stretch(conn, after, extent)?;
                let Some(last) = values.last().map(|value| (value.row_id, value.at_version)) else { break };
                let unread = runtime.block_on(app.with_keys(|keys| from.open(keys, &values)))?;
                looked.unread.extend(unread.into_iter().map(|(row, why)| Unread { table, column, row, why }));
                looked.opened += values.len();
                after = Some(last);
                if extent == Extent::Sample {
                    break;
                }
            }
        }
    }
    looked.opened -= looked.unread.len();
    Ok(looked)
}

#[derive(Clone, Copy)]
struct Column {
    table: &'static str,
    row: &'static str,
    subject: &'static str,
    version: &'static str,
    column: &'static str,
}

#[derive(QueryableByName)]
struct ReadableValue {
    #[diesel(sql_type = DbUuid)]
    row_id: SubjectId,
    #[diesel(sql_type = diesel::sql_types::Nullable<DbUuid>)]
    whose: Option<SubjectId>,
    #[diesel(sql_type = Integer)]
    at_version: i32,
    #[diesel(sql_type = Binary)]
    sealed: Sealed,
}

impl Column {
    fn stretch(self, conn: &mut DbConn, after: Option<(SubjectId, i32)>, extent: Extent) -> Result<Vec<ReadableValue>> {
        let Self { table, row, subject, version, column } = self;
        // The id takes the place of an owner that is not asked for.
        let whose = if subject == OWN { "id" } else { subject };
        let (after, at) = after.unwrap_or((SubjectId(uuid::Uuid::nil()), i32::MIN));
        let order = if extent == Extent::Sample { "DESC" } else { "ASC" };
        let query = format!(
            "SELECT {row} AS row_id, {whose} AS whose, {version} AS at_version, {column} AS sealed FROM {table} \
             WHERE {column} IS NOT NULL AND {row} >= $1 AND ({row}, {version}) > ($2, $3) \
             ORDER BY row_id {order}, at_version {order} LIMIT $4"
        );
        let query = sql_query(query).bind::<DbUuid, _>(after).bind::<DbUuid, _>(after).bind::<Integer, _>(at);
        Ok(query.bind::<BigInt, _>(STRETCH).load(conn)?)
    }

    /// The rows whose values do not open.
    fn open(self, keys: &Keys, values: &[ReadableValue]) -> Result<Vec<(SubjectId, &'static str)>> {
        let (mut unread, mut stopped) = (Vec::new(), Ok(()));
        for value in values {
            let subject =
                if self.subject == OWN { SubjectId::SYSTEM } else { value.whose.unwrap_or(SubjectId::SYSTEM) };
            let place = SealContext::new(subject, self.table, self.column, value.row_id.0).at_version(value.at_version);
            match keys.open_sealed(place, &value.sealed) {
                Ok(_) => {}
                Err(Error::Unreadable(why)) => unread.push((value.row_id, why)),
                // All are tried, so that all keys that are lacking are asked for at once.
                Err(error) => stopped = Err(error),
            }
        }
        stopped.map(|()| unread)
    }
}
