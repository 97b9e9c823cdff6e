//! All SQL of consent, and the ledger of one survivor as it is asked.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::Permit;
use super::ledger::{self, LedgerEntry, Scope, ScopeStatus};
use crate::audit::records;
use crate::crypto::sealed_row;
use crate::db::schema::{consent_entries, disclosures};
use crate::db::{
    AlertId, ConsentEntryId, DbConn, DisclosureId, Instant, Json, OrganisationId, StaffId, SubjectId, SurvivorId,
    text_enum,
};
use crate::error::{Error, Result};
use crate::http::page::Cursor;
use crate::identity::{self, OrganisationKind, Survivor};
use crate::tx::Tx;

/// One line of the ledger.
#[derive(Clone, Debug, HasQuery, Insertable)]
#[diesel(table_name = consent_entries, treat_none_as_default_value = false)]
pub struct ConsentEntryRow {
    pub id: ConsentEntryId,
    pub survivor_id: SurvivorId,
    pub sequence: i64,
    pub scope: String,
    pub recipient_id: Option<OrganisationId>,
    pub granted: bool,
    pub text_version: String,
    pub text_sha256: Vec<u8>,
    pub language: String,
    pub recorded_by_kind: String,
    pub recorded_by: SubjectId,
    pub recorded_at: Instant,
    pub effective_at: Instant,
    pub expires_at: Option<Instant>,
    pub receipt: String,
    pub recorded_how: Option<RecordedHow>,
}

/// One disclosure.
#[derive(Clone, Debug, HasQuery, Insertable)]
#[diesel(table_name = disclosures, treat_none_as_default_value = false)]
pub struct DisclosureRow {
    /// Id.
    pub id: DisclosureId,
    /// Of whom.
    pub survivor_id: SurvivorId,
    /// When.
    pub at: Instant,
    /// To which organisation.
    pub recipient_id: OrganisationId,
    /// To which named officer.
    pub officer_id: Option<StaffId>,
    /// The kinds of thing, as codes.
    pub what: Json,
    /// The stated reason, sealed.
    pub reason: Option<crate::crypto::Sealed>,
    /// The scope or setting that the survivor had agreed to.
    pub agreement: String,
    /// The organisation's lawful basis.
    pub lawful_basis: String,
    /// The alert it belongs to.
    pub alert_id: Option<AlertId>,
}
sealed_row!(DisclosureRow, "disclosures", survivor_id, id);

pub fn insert_entry(tx: &mut Tx<'_>, row: ConsentEntryRow) -> Result<()> {
    records::consent_entries(
        tx,
        row.id,
        [
            &row.survivor_id.0,
            &row.sequence,
            &row.scope,
            &row.recipient_id.map(|id| id.0),
            &row.granted,
            &row.text_version,
            &row.recorded_by,
            &row.recorded_at,
            &row.effective_at,
            &row.expires_at,
            &row.receipt,
        ],
    );
    diesel::insert_into(consent_entries::table).values(row).execute(tx.conn)?;
    Ok(())
}

/// The lines of a survivor's ledger, in the order in which they were recorded.
pub fn list_entries(conn: &mut DbConn, survivor: SurvivorId) -> Result<Vec<ConsentEntryRow>> {
    let lines = ConsentEntryRow::query().filter(consent_entries::survivor_id.eq(survivor));
    Ok(lines.order(consent_entries::sequence).load(conn)?)
}

/// The place of a survivor's next line. Two that are recorded at once meet at the unique index, and one is tried again:
/// the order of the ledger hangs on no clock.
pub fn next_sequence(conn: &mut DbConn, survivor: SurvivorId) -> Result<i64> {
    let lines = consent_entries::table.filter(consent_entries::survivor_id.eq(survivor));
    let last: Option<i64> = lines.select(diesel::dsl::max(consent_entries::sequence)).first(conn)?;
    Ok(last.unwrap_or(0) + 1)
}

pub fn insert_disclosure(tx: &mut Tx<'_>, row: DisclosureRow) -> Result<()> {
    records::disclosures(
        tx,
        row.id,
        [
            &row.survivor_id.0,
            &row.at,
            &row.recipient_id.0,
            &row.officer_id.map(|id| id.0),
            &row.what,
            &row.reason,
            &row.agreement,
            &row.lawful_basis,
            &row.alert_id.map(|id| id.0),
        ],
    );
    diesel::insert_into(disclosures::table).values(row).execute(tx.conn)?;
    Ok(())
}

/// Everything a survivor ever agreed to or withdrew, in the order it was recorded.
#[derive(Clone)]
pub struct Ledger {
    entries: Vec<LedgerEntry>,
    /// One for each entry, in the same order.
    records: Vec<RecordedBy>,
}

/// Who recorded a line of the ledger, and how.
#[derive(Clone, Debug)]
pub struct RecordedBy {
    /// `survivor`, `staff`, …
    pub by_kind: String,
    /// The account.
    pub by: SubjectId,
    /// When.
    pub at: Instant,
    /// How the survivor reported it, where somebody else recorded it.
    pub how: Option<RecordedHow>,
    /// The receipt's number.
    pub receipt: String,
    text_version: String,
}

/// What the organisations are that some lines name.
fn kinds_of(conn: &mut DbConn, rows: &[ConsentEntryRow]) -> Result<BTreeMap<OrganisationId, OrganisationKind>> {
    let mut kinds = BTreeMap::new();
    for id in rows.iter().filter_map(|row| row.recipient_id) {
        if !kinds.contains_key(&id)
            && let Some(found) = identity::find_organisation(conn, id)?
        {
            kinds.insert(id, found.kind);
        }
    }
    Ok(kinds)
}

impl Ledger {
    /// Reads a survivor's ledger. A line that names an organisation of a kind that its scope is not for counts for nothing.
    pub fn load(conn: &mut DbConn, survivor: SurvivorId) -> Result<Self> {
        let rows = list_entries(conn, survivor)?;
        let kinds = kinds_of(conn, &rows)?;
        let mut ledger = Self { entries: Vec::with_capacity(rows.len()), records: Vec::new() };
        for row in rows {
            let scope: Scope = row.scope.parse().map_err(|_| Error::internal("the ledger names an unknown scope"))?;
            let kind = row.recipient_id.map(|id| kinds.get(&id).copied());
            if kind.flatten().is_some_and(|kind| !scope.may_name(kind)) {
                continue;
            }
            let record = RecordedBy {
                by_kind: row.recorded_by_kind,
                by: row.recorded_by,
                at: row.recorded_at,
                how: row.recorded_how,
                receipt: row.receipt,
                text_version: row.text_version,
            };
            ledger.records.push(record);
            ledger.entries.push(LedgerEntry {
                scope,
                granted: row.granted,
                recorded_at: row.recorded_at,
                effective_at: row.effective_at,
                expires_at: row.expires_at,
                recipient: row.recipient_id.map(|id| *id.0.as_bytes()),
            });
        }
        Ok(ledger)
    }

    /// Whether a sharing scope covers an organisation now. All of them rest on the survivor's being with the service.
    #[must_use]
    pub fn may_share(&self, scope: Scope, recipient: OrganisationId, now: Instant) -> Option<Permit> {
        let own = Some(*recipient.0.as_bytes());
        let covers = |scope| ledger::standing(&self.entries, scope, own, now).granted;
        (covers(Scope::ServiceCore) && covers(scope)).then_some(Permit { scope, recipient })
    }

    /// What is true of a scope or setting now, for every organisation.
    #[must_use]
    pub fn standing(&self, scope: Scope, now: Instant) -> ScopeStatus {
        ledger::standing(&self.entries, scope, None, now)
    }

    /// The organisations that decisions about a scope named, and what is true for each of them now.
    pub fn by_name(&self, scope: Scope, now: Instant) -> impl Iterator<Item = (OrganisationId, ScopeStatus)> {
        let named = self.entries.iter().filter(move |entry| entry.scope == scope).filter_map(|entry| entry.recipient);
        let named: std::collections::BTreeSet<[u8; 16]> = named.collect();
        let standing = move |id| ledger::standing(&self.entries, scope, Some(id), now);
        named.into_iter().map(move |id| (OrganisationId(uuid::Uuid::from_bytes(id)), standing(id)))
    }

    /// What was true of a scope or setting at an instant, whatever was recorded since.
    #[must_use]
    pub fn stood(&self, scope: Scope, at: Instant) -> ScopeStatus {
        let known: Vec<LedgerEntry> = self.entries.iter().filter(|entry| entry.recorded_at <= at).copied().collect();
        ledger::standing(&known, scope, None, at)
    }

    /// The entries of a scope with who recorded them, the latest first.
    fn latest(&self, scope: Scope) -> impl Iterator<Item = (&LedgerEntry, &RecordedBy)> {
        self.entries.iter().zip(&self.records).rev().filter(move |(entry, _)| entry.scope == scope)
    }

    /// The version of the text that the last entry of a scope was about.
    #[must_use]
    pub fn text_version(&self, scope: Scope) -> Option<&str> {
        self.latest(scope).next().map(|(_, record)| record.text_version.as_str())
    }

    /// The version of the text that the survivor had last agreed to by an instant; withdrawing agrees to nothing.
    #[must_use]
    pub fn agreed_version(&self, scope: Scope, by: Instant) -> Option<&str> {
        let mut agreed = self.latest(scope).filter(|(entry, _)| entry.granted && entry.recorded_at <= by);
        agreed.next().map(|(_, record)| record.text_version.as_str())
    }

    /// Who recorded the last entry of a scope that is for every organisation; none where the default holds.
    #[must_use]
    pub fn last_record(&self, scope: Scope) -> Option<&RecordedBy> {
        self.latest(scope).find(|(entry, _)| entry.recipient.is_none()).map(|(_, record)| record)
    }
}

/// What was disclosed of a survivor, newest first, without what belongs to some alerts.
pub fn list_disclosures(
    conn: &mut DbConn,
    who: &Survivor,
    hidden: Vec<AlertId>,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<DisclosureRow>> {
    let hidden: Vec<Option<AlertId>> = hidden.into_iter().map(Some).collect();
    let mut rows = DisclosureRow::query()
        .filter(disclosures::survivor_id.eq(who.id))
        .filter(disclosures::alert_id.is_null().or(disclosures::alert_id.ne_all(hidden)))
        .into_boxed();
    if let Some((at, id)) = after {
        let (before, same) = (disclosures::at.lt(at), disclosures::at.eq(at));
        rows = rows.filter(before.or(same.and(disclosures::id.lt(DisclosureId(id)))));
    }
    Ok(rows.order((disclosures::at.desc(), disclosures::id.desc())).limit(limit + 1).load(conn)?)
}

text_enum! {
    /// How a survivor reported to a member of staff what they decided.
    pub enum RecordedHow {
        /// Face to face.
        InPerson = "in_person",
        /// On the telephone.
        ByTelephone = "by_telephone",
        /// On a video call.
        ByVideo = "by_video",
        /// On paper, or in a message.
        InWriting = "in_writing",
    }
}
