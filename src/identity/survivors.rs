//! The survivor's own record: what they want to be called, their force, their assessed risk.

pub(super) mod risk;

use garde::Validate;
use jiff::civil::Date;
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::lookups::{self, LookupKind};
use super::model::{Need, RiskRating, SurvivorRow};
use super::{decoy, store};
use crate::crypto::{Keys, NewSubject, Private, PrivateText, SealedTable, open, reference, seal};
use crate::db::{Instant, OrganisationId, StaffId, SurvivorId};
use crate::directory::ForceId;
use crate::error::{Code, Error, Result};
use crate::http::limits;
use crate::tx::{Subject, Tx};

/// A new survivor.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateSurvivorBody {
    /// What they want to be called.
    #[garde(custom(limits::line))]
    #[schema(value_type = String, format = "line", example = "Sam")]
    preferred_name: Private,
    /// The force that their alerts go to.
    #[garde(skip)]
    home_force_id: ForceId,
    /// Assessed risk; without one it is unassessed, which is treated as high.
    #[garde(skip)]
    #[serde(default)]
    risk_rating: Option<RiskRating>,
    /// Their pronouns.
    #[garde(inner(custom(limits::line)))]
    #[schema(value_type = Option<String>, format = "line", example = "they/them")]
    #[serde(default)]
    pronouns: Option<Private>,
    /// The language they read (BCP 47).
    #[garde(inner(custom(limits::language)))]
    #[schema(format = "language", example = "en")]
    #[serde(default)]
    language: Option<String>,
    /// Their name as documents give it: callers are found by it, and police learn it.
    #[garde(inner(custom(limits::line)))]
    #[schema(value_type = Option<String>, format = "line", example = "Samira Okafor")]
    #[serde(default)]
    full_name: Option<Private>,
    /// The day they were born, `YYYY-MM-DD`.
    #[garde(custom(day))]
    #[schema(value_type = Option<String>, pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", example = "1990-04-17")]
    #[serde(default)]
    date_of_birth: Option<Private>,
    /// What they need of people who speak with them.
    #[garde(length(max = 3))]
    #[schema(max_items = 3)]
    #[serde(default)]
    needs: Vec<Need>,
}

/// Changes to a survivor's record; what is left out stays.
#[derive(Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PatchSurvivorBody {
    /// What they want to be called.
    #[garde(inner(custom(limits::line)))]
    #[schema(value_type = Option<String>, format = "line", example = "Sam")]
    #[serde(default)]
    preferred_name: Option<Private>,
    /// The force that their alerts go to.
    #[garde(skip)]
    #[serde(default)]
    home_force_id: Option<ForceId>,
    /// Assessed risk; lowering it takes a supervisor and a reason.
    #[garde(skip)]
    #[serde(default)]
    risk_rating: Option<RiskRating>,
    /// Why the risk is lowered.
    #[garde(inner(custom(limits::narrative)))]
    #[schema(value_type = Option<String>, format = "narrative", example = "They moved abroad in May.")]
    #[serde(default)]
    risk_reason: Option<Private>,
    /// Their pronouns.
    #[garde(inner(custom(limits::line)))]
    #[schema(value_type = Option<String>, format = "line", example = "they/them")]
    #[serde(default)]
    pronouns: Option<Private>,
    /// The language they read (BCP 47).
    #[garde(inner(custom(limits::language)))]
    #[schema(format = "language", example = "en")]
    #[serde(default)]
    language: Option<String>,
    /// Their name as documents give it: callers are found by it, and police learn it.
    #[garde(inner(custom(limits::line)))]
    #[schema(value_type = Option<String>, format = "line", example = "Samira Okafor")]
    #[serde(default)]
    full_name: Option<Private>,
    /// The day they were born, `YYYY-MM-DD`.
    #[garde(custom(day))]
    #[schema(value_type = Option<String>, pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", example = "1990-04-17")]
    #[serde(default)]
    date_of_birth: Option<Private>,
    /// What they need of people who speak with them.
    #[garde(inner(length(max = 3)))]
    #[schema(max_items = 3)]
    #[serde(default)]
    needs: Option<Vec<Need>>,
}

impl PatchSurvivorBody {
    /// A change of the rating alone.
    pub(super) fn with_rating(rating: RiskRating) -> Self {
        Self { risk_rating: Some(rating), ..Self::default() }
    }
}

/// A survivor, for the staff of their support organisation.
#[serde_with::skip_serializing_none]
#[derive(Serialize, ToSchema)]
pub struct SurvivorView {
    /// Id.
    pub id: SurvivorId,
    /// Reference for people.
    #[schema(example = "SV-6F2K-8C3D-M")]
    pub reference: String,
    /// What they want to be called.
    pub preferred_name: String,
    /// Their pronouns.
    pub pronouns: Option<String>,
    /// The language they read.
    pub language: String,
    /// The force that their alerts go to.
    pub home_force_id: String,
    /// Assessed risk.
    pub risk_rating: RiskRating,
    /// Their name as documents give it.
    pub full_name: Option<String>,
    /// The day they were born.
    #[schema(example = "1990-04-17")]
    pub date_of_birth: Option<String>,
    /// What they need of people who speak with them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<Need>,
    /// Since when the record is closed.
    pub closed_at: Option<Instant>,
    /// When the record was made.
    pub created_at: Instant,
}

impl SurvivorView {
    /// The view of a row.
    pub fn of(keys: &Keys, row: &SurvivorRow) -> Result<Self> {
        Ok(Self {
            id: row.id,
            reference: row.reference.clone(),
            preferred_name: open!(keys, row.preferred_name)?.shown(),
            pronouns: open!(keys, row.pronouns)?.shown(),
            language: row.language.clone(),
            home_force_id: row.home_force_id.clone(),
            risk_rating: row.risk_rating,
            full_name: open!(keys, row.full_name)?.shown(),
            date_of_birth: open!(keys, row.date_of_birth)?.shown(),
            needs: needs(keys, row)?,
            closed_at: row.closed_at,
            created_at: row.created_at,
        })
    }
}

/// What a survivor needs of people who speak with them.
pub fn needs(keys: &Keys, row: &SurvivorRow) -> Result<Vec<Need>> {
    let Some(text) = open!(keys, row.needs)? else { return Ok(Vec::new()) };
    Ok(serde_json::from_str(text.expose_secret())?)
}

fn written(needs: &[Need]) -> Result<Option<Private>> {
    Ok(if needs.is_empty() { None } else { Some(Private::from(serde_json::to_string(needs)?)) })
}

fn day(text: &Option<Private>, _: &()) -> garde::Result {
    let Some(text) = text.as_ref().map(ExposeSecret::expose_secret) else { return Ok(()) };
    let is_day = text.len() == 10 && text.parse::<Date>().is_ok();
    limits::refuse_unless(is_day, "must be a day: YYYY-MM-DD")
}

/// Makes a survivor's record, with a data key of its own.
pub fn create_survivor(
    tx: &mut Tx<'_>,
    new: NewSubject<SurvivorId>,
    organisation: OrganisationId,
    by: StaffId,
    body: &CreateSurvivorBody,
) -> Result<SurvivorRow> {
    let (keys, id) = (tx.keys, new.id());
    let new = SurvivorRow::sealing(keys, id, id);
    let row = SurvivorRow {
        id,
        reference: reference::generate("SV")?,
        organisation_id: organisation,
        preferred_name: seal!(new.preferred_name, &body.preferred_name)?,
        pronouns: seal!(new.pronouns, &body.pronouns)?,
        language: body.language.clone().unwrap_or_else(|| "en".to_owned()),
        home_force_id: body.home_force_id.into(),
        risk_rating: body.risk_rating.unwrap_or(RiskRating::Unassessed),
        version: 1,
        created_by: by,
        created_at: tx.now,
        updated_at: tx.now,
        full_name: seal!(new.full_name, &body.full_name)?,
        date_of_birth: seal!(new.date_of_birth, &body.date_of_birth)?,
        needs: seal!(new.needs, &written(&body.needs)?)?,
        closed_at: None,
    };
    store::insert_survivor(tx, row.clone())?;
    let names: Vec<Private> = body.full_name.iter().cloned().chain([body.preferred_name.clone()]).collect();
    lookups::set_lookups(tx.conn, keys, id, LookupKind::Name, &names)?;
    tx.about(Subject::of("survivor", id));
    Ok(row)
}

/// Changes a survivor's record. Risk may be raised by an advocate, and lowered by a supervisor alone, who says why.
///
/// # Errors
/// 403 when an advocate would lower the risk, 422 when no reason is given for it or a rating would be forgotten, 412 when
/// the record changed meanwhile.
pub fn change_survivor(
    tx: &mut Tx<'_>,
    old: &SurvivorRow,
    (by, is_supervisor): (StaffId, bool),
    body: &PatchSurvivorBody,
) -> Result<SurvivorRow> {
    let (before, after) = (old.risk_rating, body.risk_rating.unwrap_or(old.risk_rating));
    if before != after && after == RiskRating::Unassessed {
        return Err(Error::field("/risk_rating", "not_allowed", "a rating that was given is not forgotten"));
    }
    let is_lowered = before.is_lowered_by(after);
    if is_lowered && !is_supervisor {
        return Err(Error::Forbidden(Code::WrongRole));
    }
    if is_lowered && body.risk_reason.is_none() {
        return Err(Error::field("/risk_reason", "missing", "lowering the risk needs a reason"));
    }
    let row = replace(tx, old, body)?.ok_or(Error::Stale(Code::Stale))?;
    tx.about(Subject::of("survivor", row.id));
    if before != after {
        risk::note_change(tx, (row.id, before, after), body.risk_reason.as_ref(), None, by)?;
    }
    Ok(row)
}

fn or_as_it_was(new: &Option<Private>, old: impl FnOnce() -> Result<Option<Private>>) -> Result<Option<Private>> {
    match new {
        Some(new) => Ok(Some(new.clone())),
        None => old(),
    }
}

/// Keeps a record with these changes; `None` when it changed meanwhile.
pub(super) fn replace(tx: &mut Tx<'_>, old: &SurvivorRow, body: &PatchSurvivorBody) -> Result<Option<SurvivorRow>> {
    let keys = tx.keys;
    let (before, version) = (old.version, old.version + 1);
    let new = SurvivorRow::sealing(keys, old.id, old.id).at_version(version);
    let name = match &body.preferred_name {
        Some(name) => name.clone(),
        None => open!(keys, old.preferred_name)?,
    };
    let pronouns = or_as_it_was(&body.pronouns, || open!(keys, old.pronouns))?;
    let full_name = or_as_it_was(&body.full_name, || open!(keys, old.full_name))?;
    let born = or_as_it_was(&body.date_of_birth, || open!(keys, old.date_of_birth))?;
    let needs = match &body.needs {
        Some(needs) => written(needs)?,
        None => open!(keys, old.needs)?,
    };
    let row = SurvivorRow {
        preferred_name: seal!(new.preferred_name, &name)?,
        pronouns: seal!(new.pronouns, &pronouns)?,
        language: body.language.clone().unwrap_or_else(|| old.language.clone()),
        home_force_id: body.home_force_id.map_or_else(|| old.home_force_id.clone(), String::from),
        risk_rating: body.risk_rating.unwrap_or(old.risk_rating),
        full_name: seal!(new.full_name, &full_name)?,
        date_of_birth: seal!(new.date_of_birth, &born)?,
        needs: seal!(new.needs, &needs)?,
        version,
        updated_at: tx.now,
        ..old.clone()
    };
    if !store::update_survivor(tx, before, &row)? {
        return Ok(None);
    }
    let names: Vec<Private> = full_name.into_iter().chain([name]).collect();
    lookups::set_lookups(tx.conn, keys, old.id, LookupKind::Name, &names)?;
    decoy::follow(tx, &row)?;
    Ok(Some(row))
}
