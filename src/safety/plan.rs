//! The safety plan: versions that never change, each with the survivor's part and the advocate's. Each writes their own
//! part and agrees to the whole. What is written under duress has no version and replaces nothing.

use diesel::prelude::*;
use garde::Validate;
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::author::{Author, AuthorKind, notify_assigned};
use super::reviews::{self, SafetyReviewKind};
use super::store;
use crate::access::{self, SurvivorAccess};
use crate::contact;
use crate::crypto::{Keys, Private, PrivateText, Sealed, SealedTable, open, seal, sealed_row};
use crate::db::schema::{safety_plan_agreements, safety_plan_versions};
use crate::db::{Day, DbConn, Instant, PlanAgreementId, SafetyPlanVersionId, SubjectId, SurvivorId};
use crate::error::{Error, Result};
use crate::http::etag::IfMatch;
use crate::http::limits;
use crate::identity::{Staff, Survivor};
use crate::notify::Template;
use crate::tx::{Subject, Tx};

/// Sections of one part.
const MOST_SECTIONS: usize = 40;

/// A version of a plan.
#[derive(Clone, Debug, HasQuery, Insertable)]
#[diesel(table_name = safety_plan_versions, treat_none_as_default_value = false)]
pub struct PlanVersion {
    pub id: SafetyPlanVersionId,
    pub survivor_id: SurvivorId,
    pub version: Option<i32>,
    pub sections: Sealed,
    pub review_by_on: Option<Day>,
    pub author_kind: AuthorKind,
    pub author_id: SubjectId,
    pub created_at: Instant,
    pub is_duress: bool,
}
sealed_row!(PlanVersion, "safety_plan_versions", survivor_id, id);

impl PlanVersion {
    fn sections(&self, keys: &Keys) -> Result<Vec<SectionView>> {
        let text = open!(keys, self.sections)?;
        Ok(serde_json::from_str(text.expose_secret())?)
    }
}

/// An agreement to a version.
#[derive(Clone, Debug, HasQuery, Insertable)]
#[diesel(table_name = safety_plan_agreements)]
pub struct Agreement {
    pub id: PlanAgreementId,
    pub survivor_id: SurvivorId,
    pub version: i32,
    pub author_kind: AuthorKind,
    pub author_id: SubjectId,
    pub agreed_at: Instant,
    pub is_duress: bool,
}

/// A section as it is written.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SectionBody {
    /// What it is about, as a code: `places_to_go`, `people_to_ring`, `what_to_take`, `at_home`, `online`, `children`,
    /// `code_word_use`, …
    #[garde(custom(limits::code))]
    #[schema(format = "code", example = "places_to_go")]
    code: String,
    /// What it says.
    #[garde(custom(limits::narrative))]
    #[schema(value_type = String, format = "narrative", example = "To Bea's, by the back lane.")]
    text: Private,
}

/// The survivor's own part of the plan, again.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OwnPlanBody {
    /// Its sections; the advocate's stay as they are.
    #[garde(length(max = MOST_SECTIONS), dive)]
    #[schema(max_items = 40)]
    sections: Vec<SectionBody>,
}

/// The advocate's part of the plan, again: a proposal until the survivor agrees.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanBody {
    /// Its sections; the survivor's stay as they are.
    #[garde(length(max = MOST_SECTIONS), dive)]
    #[schema(max_items = 40)]
    sections: Vec<SectionBody>,
    /// By when it is looked at again; without one, the day that stood before.
    #[garde(skip)]
    #[serde(default)]
    review_by_on: Option<Day>,
}

/// Agreeing to a version.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfirmPlanBody {
    /// The version that was read; it must be the newest.
    #[garde(range(min = 1))]
    #[schema(minimum = 1, example = 3)]
    version: i32,
}

/// A section of a plan.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct SectionView {
    /// Whose part it belongs to.
    pub part: AuthorKind,
    /// What it is about.
    #[schema(example = "places_to_go")]
    pub code: String,
    /// What it says.
    pub text: String,
}

/// A safety plan as it is in its newest version.
#[serde_with::skip_serializing_none]
#[derive(Serialize, ToSchema)]
pub struct SafetyPlanView {
    /// Counts versions; 0 where none was made yet.
    #[schema(example = 3)]
    pub version: i32,
    /// The sections of both parts.
    pub sections: Vec<SectionView>,
    /// Who wrote this version.
    pub written_by: Option<AuthorKind>,
    /// When.
    pub written_at: Option<Instant>,
    /// When the survivor agreed to this version.
    pub survivor_agreed_at: Option<Instant>,
    /// When their advocate did.
    pub staff_agreed_at: Option<Instant>,
    /// The newest version to which both have agreed.
    pub agreed_version: Option<i32>,
    /// By when it is looked at again.
    pub review_by_on: Option<Day>,
}

/// One version of a plan, as staff see it.
#[serde_with::skip_serializing_none]
#[derive(Serialize, ToSchema)]
pub struct PlanVersionView {
    /// Its number; absent for what was written under duress.
    pub version: Option<i32>,
    /// The sections of both parts.
    pub sections: Vec<SectionView>,
    /// Who wrote it.
    pub written_by: AuthorKind,
    /// Which member of staff or survivor.
    pub author_id: SubjectId,
    /// When.
    pub written_at: Instant,
    /// By when it was to be looked at again.
    pub review_by_on: Option<Day>,
    /// Whether it was written under duress.
    pub is_duress: bool,
}

impl PlanVersionView {
    /// The view of a row.
    pub fn of(keys: &Keys, row: &PlanVersion) -> Result<Self> {
        Ok(Self {
            version: row.version,
            sections: row.sections(keys)?,
            written_by: row.author_kind,
            author_id: row.author_id,
            written_at: row.created_at,
            review_by_on: row.review_by_on,
            is_duress: row.is_duress,
        })
    }
}

/// That no plan was made yet.
fn no_plan() -> SafetyPlanView {
    SafetyPlanView {
        version: 0,
        sections: Vec::new(),
        written_by: None,
        written_at: None,
        survivor_agreed_at: None,
        staff_agreed_at: None,
        agreed_version: None,
        review_by_on: None,
    }
}

/// The plan as it is now, for staff who may read the record.
///
/// # Errors
/// 404 for everybody else.
pub fn read(tx: &mut Tx<'_>, staff: &Staff, survivor: SurvivorId) -> Result<SafetyPlanView> {
    let reading = access::reader(tx, staff, survivor)?;
    find(tx.conn, tx.keys, &reading.access)
}

/// The plan as it is now.
pub fn find(conn: &mut DbConn, keys: &Keys, access: &SurvivorAccess) -> Result<SafetyPlanView> {
    let Some(row) = store::find_plan(conn, access)? else { return Ok(no_plan()) };
    let agreed = store::list_agreements(conn, access)?;
    let version = row.version.unwrap_or_default();
    let at = |kind: AuthorKind, version: i32| {
        let mut lines = agreed.iter().filter(|line| line.author_kind == kind && line.version == version);
        lines.next().map(|line| line.agreed_at)
    };
    let by_both =
        |version: &i32| at(AuthorKind::Survivor, *version).is_some() && at(AuthorKind::Staff, *version).is_some();
    Ok(SafetyPlanView {
        version,
        sections: row.sections(keys)?,
        written_by: Some(row.author_kind),
        written_at: Some(row.created_at),
        survivor_agreed_at: at(AuthorKind::Survivor, version),
        staff_agreed_at: at(AuthorKind::Staff, version),
        agreed_version: agreed.iter().map(|line| line.version).filter(by_both).max(),
        review_by_on: row.review_by_on,
    })
}

/// Writes the survivor's own part; their advocates are notified that there is something new.
pub fn put_own(tx: &mut Tx<'_>, who: &Survivor, read: &IfMatch, body: &OwnPlanBody) -> Result<SafetyPlanView> {
    let access = access::own(who);
    if who.is_duress {
        return keep_only(tx, who, read, body);
    }
    let was = store::find_plan(tx.conn, &access)?;
    let review = was.as_ref().and_then(|row| row.review_by_on);
    write(tx, &access, (was, read), Author::from(who), &body.sections, review)?;
    notify_assigned(tx, who.id, "safety-plan")?;
    find(tx.conn, tx.keys, &access)
}

/// Writes the advocate's part, a proposal until the survivor agrees. The survivor is notified, neutrally, that there is
/// something.
pub fn put(
    tx: &mut Tx<'_>,
    staff: &Staff,
    survivor: SurvivorId,
    read: &IfMatch,
    body: &PlanBody,
) -> Result<SafetyPlanView> {
    let access = access::survivor(tx, staff, survivor)?;
    let was = store::find_plan(tx.conn, &access)?;
    let review = body.review_by_on.or(was.as_ref().and_then(|row| row.review_by_on));
    write(tx, &access, (was, read), Author::from(staff), &body.sections, review)?;
    if let Some(day) = body.review_by_on {
        reviews::set(tx, &access, SafetyReviewKind::SafetyPlan, day)?;
    }
    contact::enqueue_survivor(tx, survivor, Template::Nudge)?;
    find(tx.conn, tx.keys, &access)
}

fn write(
    tx: &mut Tx<'_>,
    access: &SurvivorAccess,
    (was, read): (Option<PlanVersion>, &IfMatch),
    by: Author,
    sections: &[SectionBody],
    review_by_on: Option<Day>,
) -> Result<()> {
    let before = was.as_ref().and_then(|row| row.version).unwrap_or_default();
    read.check(before)?;
    let kept = was.map_or(Ok(Vec::new()), |row| row.sections(tx.keys))?;
    let all: Vec<SectionView> =
        kept.into_iter().filter(|section| section.part != by.kind).chain(written(by.kind, sections)).collect();
    insert(tx, access, Some(before + 1), by, &all, review_by_on)?;
    agree(tx, access, before + 1, by)
}

fn written(part: AuthorKind, sections: &[SectionBody]) -> Vec<SectionView> {
    let view = |section: &SectionBody| SectionView { part, code: section.code.clone(), text: section.text.shown() };
    sections.iter().map(view).collect()
}

fn insert(
    tx: &mut Tx<'_>,
    access: &SurvivorAccess,
    version: Option<i32>,
    by: Author,
    sections: &[SectionView],
    review_by_on: Option<Day>,
) -> Result<()> {
    let (id, text) = (SafetyPlanVersionId::new(tx.now), Private::from(serde_json::to_string(sections)?));
    let new = PlanVersion::sealing(tx.keys, access.id(), id);
    let row = PlanVersion {
        id,
        survivor_id: access.id(),
        version,
        sections: seal!(new.sections, &text)?,
        review_by_on,
        author_kind: by.kind,
        author_id: by.id,
        created_at: tx.now,
        is_duress: by.is_duress,
    };
    store::insert_plan(tx, row)?;
    tx.about(Subject::of("survivor", access.id()));
    Ok(())
}

/// Keeps what was written under duress apart from the plan, and shows it as done. What was read has version 0, or that of the
/// text that was written so before.
fn keep_only(tx: &mut Tx<'_>, who: &Survivor, read: &IfMatch, body: &OwnPlanBody) -> Result<SafetyPlanView> {
    let (access, by) = (access::own(who), Author::from(who));
    let count = store::count_duress_plans(tx.conn, &access)?;
    let shown = i32::try_from(count).unwrap_or(i32::MAX);
    if read.check(0).is_err() {
        read.check(shown)?;
    }
    let sections = written(by.kind, &body.sections);
    insert(tx, &access, None, by, &sections, None)?;
    Ok(SafetyPlanView {
        version: shown.saturating_add(1),
        sections,
        written_by: Some(by.kind),
        written_at: Some(tx.now),
        survivor_agreed_at: Some(tx.now),
        ..no_plan()
    })
}

/// Records that the survivor agrees to the plan as it is now.
pub fn confirm_own(tx: &mut Tx<'_>, who: &Survivor, body: &ConfirmPlanBody) -> Result<SafetyPlanView> {
    let access = access::own(who);
    if who.is_duress {
        return confirm_shown(tx, who, body);
    }
    confirm_as(tx, &access, Author::from(who), body)
}

/// As in a genuine session without a plan, unless one was written in this way before. Writing it was agreeing to it.
fn confirm_shown(tx: &mut Tx<'_>, who: &Survivor, body: &ConfirmPlanBody) -> Result<SafetyPlanView> {
    let access = access::own(who);
    let row = store::find_duress_plan(tx.conn, &access)?.ok_or(Error::NotFound)?;
    if i64::from(body.version) != store::count_duress_plans(tx.conn, &access)? {
        return Err(Error::wrong_state(NOT_THE_NEWEST));
    }
    agree(tx, &access, body.version, Author::from(who))?;
    tx.about(Subject::of("survivor", who.id));
    Ok(SafetyPlanView {
        version: body.version,
        sections: row.sections(tx.keys)?,
        written_by: Some(AuthorKind::Survivor),
        written_at: Some(row.created_at),
        survivor_agreed_at: Some(row.created_at),
        ..no_plan()
    })
}

/// Records that the advocate agrees to the plan as it is now.
pub fn confirm(tx: &mut Tx<'_>, staff: &Staff, survivor: SurvivorId, body: &ConfirmPlanBody) -> Result<SafetyPlanView> {
    let access = access::survivor(tx, staff, survivor)?;
    confirm_as(tx, &access, Author::from(staff), body)
}

fn confirm_as(tx: &mut Tx<'_>, access: &SurvivorAccess, by: Author, body: &ConfirmPlanBody) -> Result<SafetyPlanView> {
    let row = store::find_plan(tx.conn, access)?.ok_or(Error::NotFound)?;
    if row.version != Some(body.version) {
        return Err(Error::wrong_state(NOT_THE_NEWEST));
    }
    tx.about(Subject::of("survivor", access.id()));
    agree(tx, access, body.version, by)?;
    find(tx.conn, tx.keys, access)
}

const NOT_THE_NEWEST: &str = "this is not the newest version of the plan; read it again";

/// Records an agreement; the first of each side counts.
fn agree(tx: &mut Tx<'_>, access: &SurvivorAccess, version: i32, by: Author) -> Result<()> {
    let known = store::list_agreements(tx.conn, access)?;
    if !by.is_duress && known.iter().any(|line| line.version == version && line.author_kind == by.kind) {
        return Ok(());
    }
    let row = Agreement {
        id: PlanAgreementId::new(tx.now),
        survivor_id: access.id(),
        version,
        author_kind: by.kind,
        author_id: by.id,
        agreed_at: tx.now,
        is_duress: by.is_duress,
    };
    store::insert_agreement(tx, row)
}
