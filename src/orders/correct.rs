//! Correcting what was recorded wrongly of an order. A slip of the pen is no act of a court: the order stays the same one,
//! and what stood in it before is kept with the reason.

use diesel::prelude::*;
use garde::Validate;
use secrecy::ExposeSecret;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use super::change::{order_for, state_of};
use super::model::{ConditionRow, OrderRow, OrderWithConditions};
use super::rules::{self, OrderBasis, OrderEnd};
use super::{duties, participants, store};
use crate::crypto::{Keys, Private, PrivateText, Sealed, SealedRow, SealedTable, open, seal, sealed_row};
use crate::db::schema::order_corrections;
use crate::db::{
    ConditionId, Day, Instant, OrderCorrectionId, OrderId, ParticipantId, StaffId, SubjectId, not_to_come,
};
use crate::directory::{ConditionKind, OrderKind};
use crate::error::{Error, Result};
use crate::http::limits;
use crate::identity::Staff;
use crate::participants::history::{self, TransitionCause};
use crate::tx::Tx;

/// What an order is to say instead. What is not named stays; `null` says that a day was recorded although there is none.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateOrderCorrectionBody {
    /// Why, as a code.
    #[garde(custom(limits::code))]
    #[schema(format = "code", example = "mistyped")]
    reason: String,
    /// Which kind.
    #[garde(skip)]
    #[serde(default)]
    kind: Option<OrderKind>,
    /// The court that made it.
    #[garde(inner(custom(limits::line)))]
    #[schema(value_type = Option<String>, format = "line", example = "Derby Magistrates' Court")]
    #[serde(default)]
    court: Option<Private>,
    /// The day it was made.
    #[garde(skip)]
    #[serde(default)]
    made_on: Option<Day>,
    /// The day it was served.
    #[garde(skip)]
    #[schema(value_type = Option<Day>)]
    #[serde(default, deserialize_with = "named")]
    served_on: Option<Option<Day>>,
    /// Its last day.
    #[garde(skip)]
    #[schema(value_type = Option<Day>)]
    #[serde(default, deserialize_with = "named")]
    expires_on: Option<Option<Day>>,
    /// The day on which the participant notified the police.
    #[garde(skip)]
    #[schema(value_type = Option<Day>)]
    #[serde(default, deserialize_with = "named")]
    notified_on: Option<Option<Day>>,
    /// Its last day by a court's discharge.
    #[garde(skip)]
    #[schema(value_type = Option<Day>)]
    #[serde(default, deserialize_with = "named")]
    discharged_on: Option<Option<Day>>,
    /// The police's own reference.
    #[garde(inner(custom(limits::line)))]
    #[schema(value_type = Option<String>, format = "line", example = "14/1243/26")]
    #[serde(default)]
    police_reference: Option<Private>,
    /// What it was made on.
    #[garde(skip)]
    #[serde(default)]
    basis: Option<OrderBasis>,
    /// Whether the participant notifies the police under another Act already.
    #[garde(skip)]
    #[serde(default)]
    is_notified_otherwise: Option<bool>,
    /// Conditions that were recorded wrongly.
    #[garde(length(max = 40), dive)]
    #[schema(max_items = 40)]
    #[serde(default)]
    conditions: Vec<CorrectConditionBody>,
}

/// What one condition is to say instead.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CorrectConditionBody {
    /// Which condition.
    #[garde(skip)]
    id: ConditionId,
    /// Whether it forbids or demands.
    #[garde(skip)]
    #[serde(default)]
    kind: Option<ConditionKind>,
    /// What it is about, as a code.
    #[garde(inner(custom(limits::code)))]
    #[schema(format = "code", example = "approach_within_distance")]
    #[serde(default)]
    code: Option<String>,
    /// The order's own words.
    #[garde(inner(custom(limits::narrative)))]
    #[schema(value_type = Option<String>, format = "narrative", example = "Not to come within 100 metres of the home")]
    #[serde(default)]
    wording: Option<Private>,
    /// Where it holds, in the order's words.
    #[garde(inner(custom(limits::narrative)))]
    #[schema(value_type = Option<String>, format = "narrative", example = "The streets marked on the map")]
    #[serde(default)]
    area: Option<Private>,
    /// How near the participant may not come, in metres.
    #[garde(inner(range(min = 1, max = 100_000)))]
    #[schema(minimum = 1, maximum = 100000, example = 100)]
    #[serde(default)]
    distance_metres: Option<i32>,
}

/// Tells a day that is named as none from one that is not named.
fn named<'de, D: Deserializer<'de>>(reader: D) -> std::result::Result<Option<Option<Day>>, D::Error> {
    Option::<Day>::deserialize(reader).map(Some)
}

/// One correction of an order. Never changes.
#[derive(Clone, Debug, HasQuery, Insertable)]
#[diesel(table_name = order_corrections)]
pub struct OrderCorrectionRow {
    /// Id.
    pub id: OrderCorrectionId,
    /// Of which order.
    pub order_id: OrderId,
    /// Whom the order binds.
    pub participant_id: ParticipantId,
    /// Why, and what stood there before, as one JSON text.
    pub correction: Sealed,
    /// By whom.
    pub created_by: StaffId,
    /// When.
    pub created_at: Instant,
}
sealed_row!(OrderCorrectionRow, "order_corrections", participant_id, id);

/// What is kept of a correction.
#[derive(Serialize, Deserialize)]
struct KeptOrder {
    reason: String,
    before: Map<String, Value>,
}

/// One correction of an order.
#[derive(Serialize, ToSchema)]
pub struct OrderCorrectionView {
    /// Why, as a code.
    #[schema(example = "mistyped")]
    pub reason: String,
    /// What stood there before, by the name of the field; of conditions those that were changed, as they stood.
    #[schema(value_type = Object, example = json!({"made_on": "2026-09-10"}))]
    pub before: Map<String, Value>,
    /// By whom.
    pub by: StaffId,
    /// When.
    pub at: Instant,
}

impl OrderCorrectionView {
    /// The view of a row.
    pub fn of(keys: &Keys, row: &OrderCorrectionRow) -> Result<Self> {
        let text = open!(keys, row.correction)?;
        let KeptOrder { reason, before } = serde_json::from_str(text.expose_secret())?;
        Ok(Self { reason, before, by: row.created_by, at: row.created_at })
    }
}

/// Corrects an order.
///
/// # Errors
/// 404 for an order that is not the caller's, 422 for days that cannot be, and for a correction that corrects nothing.
pub fn correct(
    tx: &mut Tx<'_>,
    by: &Staff,
    id: OrderId,
    body: &CreateOrderCorrectionBody,
) -> Result<OrderWithConditions> {
    let (access, found) = order_for(tx, by, id)?;
    let (old, mut before) = (&found.order, Map::new());
    let mut row = OrderRow { version: old.version + 1, ..old.clone() };
    set_entries(&mut row, body, &mut before)?;
    set_words(tx.keys, &mut row, body, &mut before)?;
    check(tx, &row)?;
    correct_conditions(tx, &found.conditions, &body.conditions, &mut before)?;
    if before.is_empty() {
        return Err(Error::field("", "missing", "say what is to be corrected"));
    }
    let (from, to) = (state_of(old), state_of(&row));
    let step = TransitionCause {
        kind: "order",
        subject: SubjectId(id.0),
        event: "correct",
        from: from.as_str(),
        to: to.as_str(),
        reason: Some(&body.reason),
        note: None,
    };
    history::write(tx, by, &access, &step)?;
    if !store::update_order(tx, old.version, &row)? {
        return Err(Error::write_conflict());
    }
    let correction = OrderCorrectionId::new(tx.now);
    let new = OrderCorrectionRow::sealing(tx.keys, row.participant_id, correction);
    let kept = Private::from(serde_json::to_string(&KeptOrder { reason: body.reason.clone(), before })?);
    store::insert_order_correction(
        tx.conn,
        OrderCorrectionRow {
            id: correction,
            order_id: id,
            participant_id: row.participant_id,
            correction: seal!(new.correction, &kept)?,
            created_by: by.id,
            created_at: tx.now,
        },
    )?;
    if duties::has_moved(old, &row) {
        duties::restart(tx, &row, by.id)?;
    }
    store::find_order(tx.conn, id)?.ok_or(Error::NotFound)
}

/// Puts a value in another's place, and keeps what stood there.
fn put<T: PartialEq + Serialize>(
    (name, slot): (&str, &mut T),
    named: Option<T>,
    before: &mut Map<String, Value>,
) -> Result<()> {
    if let Some(new) = named.filter(|new| *new != *slot) {
        before.insert(name.to_owned(), serde_json::to_value(std::mem::replace(slot, new))?);
    }
    Ok(())
}

fn set_entries(row: &mut OrderRow, body: &CreateOrderCorrectionBody, before: &mut Map<String, Value>) -> Result<()> {
    put(("kind", &mut row.kind), body.kind, before)?;
    put(("made_on", &mut row.made_on), body.made_on, before)?;
    put(("served_on", &mut row.served_on), body.served_on, before)?;
    put(("expires_on", &mut row.expires_on), body.expires_on, before)?;
    put(("notified_on", &mut row.notified_on), body.notified_on, before)?;
    put(("basis", &mut row.basis), body.basis.map(Some), before)?;
    put(("is_notified_otherwise", &mut row.is_notified_otherwise), body.is_notified_otherwise, before)?;
    let Some(discharged_on) = body.discharged_on else { return Ok(()) };
    if row.ended_by != Some(OrderEnd::Discharged) {
        return Err(Error::field("/discharged_on", "not_allowed", "this order was not discharged"));
    }
    put(("discharged_on", &mut row.ended_on), Some(discharged_on), before)?;
    if discharged_on.is_none() {
        row.ended_by = None;
    }
    Ok(())
}

fn set_words(
    keys: &Keys,
    row: &mut OrderRow,
    body: &CreateOrderCorrectionBody,
    before: &mut Map<String, Value>,
) -> Result<()> {
    let own = row.own_sealing(keys);
    if let Some(court) = &body.court
        && keep_words("court", open!(keys, row.court)?.shown(), court, before)
    {
        row.court = Some(seal!(own.court, court)?);
    }
    if let Some(reference) = &body.police_reference
        && keep_words("police_reference", open!(keys, row.police_reference)?.shown(), reference, before)
    {
        row.police_reference = Some(seal!(own.police_reference, reference)?);
    }
    Ok(())
}

/// Keeps words that other words take the place of; true where these are other words.
fn keep_words(name: &str, old: Option<String>, new: &Private, before: &mut Map<String, Value>) -> bool {
    let is_other = old.as_deref() != Some(new.expose_secret());
    if is_other {
        before.insert(name.to_owned(), json!(old));
    }
    is_other
}

/// The days of an order as it is to stand.
fn check(tx: &mut Tx<'_>, row: &OrderRow) -> Result<()> {
    rules::check_dates(row.kind, row.made_on, (row.served_on, row.expires_on), rules::today(tx.now))?;
    participants::check_born_before(tx, row.participant_id, ("/made_on", row.made_on))?;
    if let Some(notified_on) = row.notified_on {
        not_to_come("/notified_on", notified_on, tx.now)?;
        if row.served_on.is_none_or(|served_on| notified_on < served_on) {
            return Err(Error::field("/notified_on", "too_early", "must not be before service"));
        }
    }
    let is_outside = |on: Day| on < row.made_on || row.expires_on.is_some_and(|last| on > last);
    if row.ended_by == Some(OrderEnd::Discharged) && row.ended_on.is_some_and(is_outside) {
        return Err(Error::field("/discharged_on", "out_of_range", "must be between the order's first and last day"));
    }
    Ok(())
}

fn correct_conditions(
    tx: &mut Tx<'_>,
    conditions: &[ConditionRow],
    bodies: &[CorrectConditionBody],
    before: &mut Map<String, Value>,
) -> Result<()> {
    let (keys, mut corrected) = (tx.keys, Vec::new());
    for (position, body) in bodies.iter().enumerate() {
        let old = conditions.iter().find(|row| row.id == body.id);
        let unknown = || Error::field(&format!("/conditions/{position}/id"), "unknown", "no condition of this order");
        let old = old.ok_or_else(unknown)?;
        let own = old.own_sealing(keys);
        let wording = open!(keys, old.wording)?;
        let area = open!(keys, old.area)?;
        corrected.push(json!({
            "id": old.id, "kind": old.kind, "code": old.code, "wording": wording.expose_secret(),
            "area": area.as_ref().map(ExposeSecret::expose_secret), "distance_metres": old.distance_metres,
        }));
        let row = ConditionRow {
            kind: body.kind.unwrap_or(old.kind),
            code: body.code.clone().unwrap_or_else(|| old.code.clone()),
            wording: seal!(own.wording, body.wording.as_ref().unwrap_or(&wording))?,
            area: seal!(own.area, &body.area.as_ref().or(area.as_ref()))?,
            distance_metres: body.distance_metres.or(old.distance_metres),
            ..old.clone()
        };
        store::update_condition(tx.conn, &row)?;
    }
    if !corrected.is_empty() {
        before.insert("conditions".to_owned(), Value::Array(corrected));
    }
    Ok(())
}
