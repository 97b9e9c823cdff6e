//! Children and others who live with a survivor, and pets. Each amendment is a row of its own.

use diesel::prelude::*;
use garde::Validate;
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::author::{Author, AuthorKind, notify_assigned};
use super::store;
use crate::access::{self, SurvivorAccess};
use crate::crypto::{Keys, Private, PrivateText, Sealed, SealedTable, open, seal, sealed_row};
use crate::db::schema::household_versions;
use crate::db::{Day, HouseholdMemberId, HouseholdVersionId, Instant, StaffId, SubjectId, SurvivorId, text_enum};
use crate::error::{Code, Error, Result};
use crate::http::etag::IfMatch;
use crate::http::limits;
use crate::identity::{Staff, Survivor};
use crate::tx::{Subject, Tx};

text_enum! {
    /// Who somebody of a household is.
    pub enum MemberKind {
        /// A person.
        Person = "person",
        /// A pet: harm to one is a sign of danger, and leaving takes it along.
        Pet = "pet",
    }
}

/// One version of what is known of somebody.
#[derive(Clone, Debug, HasQuery, Insertable)]
#[diesel(table_name = household_versions, treat_none_as_default_value = false)]
pub struct HouseholdVersion {
    pub id: HouseholdVersionId,
    pub member_id: HouseholdMemberId,
    pub version: i32,
    pub survivor_id: SurvivorId,
    pub kind: MemberKind,
    pub relation: String,
    pub name: Option<Sealed>,
    pub born: Option<Sealed>,
    pub school: Option<Sealed>,
    pub lives_with: Option<String>,
    pub is_at_risk: bool,
    pub note: Option<Sealed>,
    pub author_kind: AuthorKind,
    pub author_id: SubjectId,
    pub created_at: Instant,
    pub superseded_at: Option<Instant>,
    pub removed_by: Option<StaffId>,
    pub is_duress: bool,
}
sealed_row!(HouseholdVersion, "household_versions", survivor_id, id);

/// Somebody of a household, as they are known now.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HouseholdMemberBody {
    /// A person or a pet.
    #[garde(skip)]
    kind: MemberKind,
    /// Who they are to the survivor, as a code; of a pet, its kind.
    #[garde(custom(limits::code))]
    #[schema(format = "code", example = "child")]
    relation: String,
    /// What they are called; needed of a person.
    #[garde(inner(custom(limits::line)))]
    #[schema(value_type = Option<String>, format = "line", example = "Robin")]
    #[serde(default)]
    name: Option<Private>,
    /// The year in which they were born, or the day.
    #[garde(custom(year_or_day))]
    #[schema(value_type = Option<String>, pattern = "^[0-9]{4}(-[0-9]{2}-[0-9]{2})?$", example = "2017")]
    #[serde(default)]
    born: Option<Private>,
    /// Their school or nursery.
    #[garde(inner(custom(limits::line)))]
    #[schema(value_type = Option<String>, format = "line", example = "Hill Lane Primary")]
    #[serde(default)]
    school: Option<Private>,
    /// With whom they live, as a code.
    #[garde(inner(custom(limits::code)))]
    #[schema(format = "code", example = "survivor")]
    #[serde(default)]
    lives_with: Option<String>,
    /// Whether they are at risk themselves.
    #[garde(skip)]
    #[serde(default)]
    is_at_risk: bool,
    /// What else should be known.
    #[garde(inner(custom(limits::narrative)))]
    #[schema(value_type = Option<String>, format = "narrative")]
    #[serde(default)]
    note: Option<Private>,
}

fn year_or_day(text: &Option<Private>, _: &()) -> garde::Result {
    let Some(text) = text.as_ref().map(ExposeSecret::expose_secret) else { return Ok(()) };
    let is_year = text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_year || text.parse::<Day>().is_ok() {
        Ok(())
    } else {
        Err(garde::Error::new("must be a year or a day: YYYY or YYYY-MM-DD"))
    }
}

/// Somebody of a household.
#[serde_with::skip_serializing_none]
#[derive(Clone, Serialize, ToSchema)]
pub struct HouseholdMemberView {
    /// Their id, the same over all versions.
    pub id: HouseholdMemberId,
    /// Counts amendments.
    #[schema(example = 1)]
    pub version: i32,
    /// A person or a pet.
    pub kind: MemberKind,
    /// Who they are to the survivor.
    pub relation: String,
    /// What they are called.
    pub name: Option<String>,
    /// The year or day of their birth.
    pub born: Option<String>,
    /// Their school or nursery.
    pub school: Option<String>,
    /// With whom they live.
    pub lives_with: Option<String>,
    /// Whether they are at risk themselves.
    pub is_at_risk: bool,
    /// What else should be known.
    pub note: Option<String>,
    /// Who wrote this version.
    pub written_by: AuthorKind,
    /// When.
    pub written_at: Instant,
}

impl HouseholdMemberView {
    /// The view of a row.
    pub fn of(keys: &Keys, row: &HouseholdVersion) -> Result<Self> {
        Ok(Self {
            id: row.member_id,
            version: row.version,
            kind: row.kind,
            relation: row.relation.clone(),
            name: open!(keys, row.name)?.shown(),
            born: open!(keys, row.born)?.shown(),
            school: open!(keys, row.school)?.shown(),
            lives_with: row.lives_with.clone(),
            is_at_risk: row.is_at_risk,
            note: open!(keys, row.note)?.shown(),
            written_by: row.author_kind,
            written_at: row.created_at,
        })
    }
}

/// Somebody of a household, as staff see them.
#[serde_with::skip_serializing_none]
#[derive(Serialize, ToSchema)]
pub struct StaffHouseholdMemberView {
    /// What is known.
    #[serde(flatten)]
    pub member: HouseholdMemberView,
    /// Until when this version stood.
    pub superseded_at: Option<Instant>,
    /// Who took them off the household, where somebody did.
    pub removed_by: Option<StaffId>,
    /// Whether it was written under duress.
    pub is_duress: bool,
}

impl StaffHouseholdMemberView {
    /// The view of a row.
    pub fn of(keys: &Keys, row: &HouseholdVersion) -> Result<Self> {
        Ok(Self {
            member: HouseholdMemberView::of(keys, row)?,
            superseded_at: row.superseded_at,
            removed_by: row.removed_by,
            is_duress: row.is_duress,
        })
    }
}

/// A survivor's household as it is known now, in the order in which they were added.
///
/// # Errors
/// 404 for everybody who does not work with the survivor.
pub fn list(tx: &mut Tx<'_>, staff: &Staff, survivor: SurvivorId) -> Result<Vec<HouseholdVersion>> {
    let access = access::survivor(tx, staff, survivor)?;
    store::list_household(tx.conn, &access)
}

/// Relations that say of somebody that they are a child.
const CHILDREN: [&str; 12] = [
    "child",
    "son",
    "daughter",
    "baby",
    "infant",
    "toddler",
    "stepchild",
    "stepson",
    "stepdaughter",
    "grandchild",
    "foster_child",
    "children",
];
/// The age from which on somebody is no child.
const GROWN_UP_AT: i16 = 18;

/// Whether a child of the household is at risk: all that a message to police may say of the household, where the survivor
/// shares incidents with them.
pub fn has_child_at_risk(tx: &mut Tx<'_>, access: &SurvivorAccess) -> Result<bool> {
    for row in &store::list_at_risk(tx.conn, access.id())? {
        if is_child(tx, row)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The children of the household as they are known now, for the person who answers an alert.
pub fn children(tx: &mut Tx<'_>, access: &SurvivorAccess) -> Result<Vec<HouseholdMemberView>> {
    let mut children = Vec::new();
    for row in store::list_household(tx.conn, access)?.iter().filter(|row| !row.is_duress) {
        if is_child(tx, row)? {
            children.push(HouseholdMemberView::of(tx.keys, row)?);
        }
    }
    Ok(children)
}

/// Whether somebody is a child: by who they are to the survivor, or by the year of their birth.
fn is_child(tx: &Tx<'_>, row: &HouseholdVersion) -> Result<bool> {
    if row.kind != MemberKind::Person {
        return Ok(false);
    }
    if CHILDREN.contains(&row.relation.as_str()) {
        return Ok(true);
    }
    let year = tx.now.timestamp().to_zoned(jiff::tz::TimeZone::UTC).year();
    let keys = tx.keys;
    let born = open!(keys, row.born)?;
    let born = born.as_ref().and_then(|born| born.expose_secret().get(..4)?.parse::<i16>().ok());
    Ok(born.is_some_and(|born| year.saturating_sub(born) < GROWN_UP_AT))
}

/// Adds somebody because the survivor says so; their advocates are notified that there is something new.
pub fn create_own(tx: &mut Tx<'_>, who: &Survivor, body: &HouseholdMemberBody) -> Result<HouseholdMemberView> {
    let row = add(tx, &access::own(who), Author::from(who), body)?;
    notify_assigned(tx, who.id, "household")?;
    HouseholdMemberView::of(tx.keys, &row)
}

/// Adds somebody to the household of a survivor whom the caller works with.
pub fn create(
    tx: &mut Tx<'_>,
    staff: &Staff,
    survivor: SurvivorId,
    body: &HouseholdMemberBody,
) -> Result<StaffHouseholdMemberView> {
    let access = access::survivor(tx, staff, survivor)?;
    let row = add(tx, &access, Author::from(staff), body)?;
    StaffHouseholdMemberView::of(tx.keys, &row)
}

fn add(tx: &mut Tx<'_>, access: &SurvivorAccess, by: Author, body: &HouseholdMemberBody) -> Result<HouseholdVersion> {
    let row = version(tx, access, (HouseholdMemberId::new(tx.now), 1), by, body)?;
    store::insert_member(tx, row.clone())?;
    tx.about(Subject::of("survivor", access.id()));
    Ok(row)
}

/// Amends what is known of somebody. The version before it stays.
pub fn amend(
    tx: &mut Tx<'_>,
    staff: &Staff,
    (survivor, member): (SurvivorId, HouseholdMemberId),
    read: &IfMatch,
    body: &HouseholdMemberBody,
) -> Result<(i32, StaffHouseholdMemberView)> {
    let access = access::survivor(tx, staff, survivor)?;
    let old = store::find_member(tx.conn, &access, member)?.ok_or(Error::NotFound)?;
    read.check(old.version)?;
    if !store::supersede_member(tx.conn, old.id, None, tx.now)? {
        return Err(Error::Stale(Code::Stale));
    }
    let mut row = version(tx, &access, (member, old.version + 1), Author::from(staff), body)?;
    // What began under duress stays marked.
    row.is_duress = old.is_duress;
    store::insert_member(tx, row.clone())?;
    Ok((row.version, StaffHouseholdMemberView::of(tx.keys, &row)?))
}

/// Takes somebody off the household. What was known of them stays among the versions.
pub fn remove(tx: &mut Tx<'_>, staff: &Staff, (survivor, member): (SurvivorId, HouseholdMemberId)) -> Result<()> {
    let access = access::survivor(tx, staff, survivor)?;
    let old = store::find_member(tx.conn, &access, member)?.ok_or(Error::NotFound)?;
    match store::supersede_member(tx.conn, old.id, Some(staff.id), tx.now)? {
        true => Ok(()),
        false => Err(Error::NotFound),
    }
}

fn version(
    tx: &Tx<'_>,
    access: &SurvivorAccess,
    (member, version): (HouseholdMemberId, i32),
    by: Author,
    body: &HouseholdMemberBody,
) -> Result<HouseholdVersion> {
    if body.kind == MemberKind::Person && body.name.is_none() {
        return Err(Error::field("/name", "missing", "a person has a name"));
    }
    let (id, survivor) = (HouseholdVersionId::new(tx.now), access.id());
    let new = HouseholdVersion::sealing(tx.keys, survivor, id);
    Ok(HouseholdVersion {
        id,
        member_id: member,
        version,
        survivor_id: survivor,
        kind: body.kind,
        relation: body.relation.clone(),
        name: seal!(new.name, &body.name)?,
        born: seal!(new.born, &body.born)?,
        school: seal!(new.school, &body.school)?,
        lives_with: body.lives_with.clone(),
        is_at_risk: body.is_at_risk,
        note: seal!(new.note, &body.note)?,
        author_kind: by.kind,
        author_id: by.id,
        created_at: tx.now,
        superseded_at: None,
        removed_by: None,
        is_duress: by.is_duress,
    })
}
