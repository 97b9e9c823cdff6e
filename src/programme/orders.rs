//! The order register: recording an order with its conditions, and what other features may know of it.
//!
//! Courts make stalking protection orders under the Stalking Protection Act 2019 (full: s.2, interim: s.5), restraining
//! orders under the Sentencing Act 2020, s.360, or on acquittal under the Protection from Harassment Act 1997, s.5A.

use garde::Validate;
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::day::Day;
use super::model::{ConditionKind, ConditionRow, OrderRow, OrderWithConditions};
use super::store;
use crate::access::{self, LinkedOrders, ParticipantAccess};
use crate::crypto::{Keys, Private, Sealed};
use crate::db::{ConditionId, DbConn, Instant, OrderId, ParticipantId};
use crate::error::{Error, FieldError, Result};
use crate::http::limits;
use crate::identity::{Role, Staff};
use crate::tx::Tx;

/// A new order.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateOrderBody {
    /// Which kind, as a code. Known: `spo`, `interim_spo`, `restraining_order`, `non_molestation_order`,
    /// `occupation_order`, `domestic_abuse_protection_order`, `harassment_injunction`, `criminal_behaviour_order`.
    #[garde(custom(limits::code))]
    #[schema(pattern = "^[a-z0-9_]{1,64}$", example = "spo")]
    kind: String,
    /// The court that made it.
    #[garde(custom(limits::line_opt))]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 200, example = "Sheffield Magistrates' Court")]
    #[serde(default)]
    court: Option<Private>,
    /// The day it was made.
    #[garde(skip)]
    made_on: Day,
    /// The day it was served; not before it was made.
    #[garde(skip)]
    #[serde(default)]
    served_on: Option<Day>,
    /// Its last day, not before it was made; without one, until further order.
    #[garde(skip)]
    #[serde(default)]
    expires_on: Option<Day>,
    /// The police's own reference.
    #[garde(custom(limits::line_opt))]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 200, example = "14/1234/26")]
    #[serde(default)]
    police_reference: Option<Private>,
    /// What it forbids and demands.
    #[garde(length(min = 1, max = 40), dive)]
    #[schema(min_items = 1, max_items = 40)]
    conditions: Vec<CreateConditionBody>,
}

/// One prohibition or requirement of a new order.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateConditionBody {
    /// Whether it forbids or demands.
    #[garde(skip)]
    kind: ConditionKind,
    /// What it is about, as a code.
    #[garde(custom(limits::code))]
    #[schema(pattern = "^[a-z0-9_]{1,64}$", example = "approach_within_distance")]
    code: String,
    /// The order's own words.
    #[garde(custom(limits::narrative))]
    #[schema(value_type = String, min_length = 1, max_length = 12000, example = "Not to come within 200 metres of the home")]
    wording: Private,
}

/// An order that was recorded.
#[derive(Serialize, ToSchema)]
pub struct MadeOrderView {
    /// Id.
    pub id: OrderId,
    /// Its conditions, in the order given.
    pub conditions: Vec<MadeConditionView>,
}

/// A condition that was recorded; an incident may name it.
#[derive(Serialize, ToSchema)]
pub struct MadeConditionView {
    /// Id.
    pub id: ConditionId,
    /// What it is about, as a code.
    #[schema(example = "approach_within_distance")]
    pub code: String,
}

/// An order, for staff who work with the participant.
#[derive(Serialize, ToSchema)]
pub struct OrderView {
    /// Id.
    pub id: OrderId,
    /// Which kind, as a code.
    #[schema(example = "spo")]
    pub kind: String,
    /// The court that made it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub court: Option<String>,
    /// The day it was made.
    pub made_on: Day,
    /// The day it was served.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub served_on: Option<Day>,
    /// Its last day; without one, until further order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_on: Option<Day>,
    /// The police's own reference.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub police_reference: Option<String>,
    /// What it forbids and demands.
    pub conditions: Vec<ConditionView>,
    /// When it was recorded.
    pub created_at: Instant,
}

/// One prohibition or requirement.
#[derive(Serialize, ToSchema)]
pub struct ConditionView {
    /// Id.
    pub id: ConditionId,
    /// Whether it forbids or demands.
    pub kind: ConditionKind,
    /// What it is about, as a code.
    #[schema(example = "approach_within_distance")]
    pub code: String,
    /// The order's own words.
    pub wording: String,
}

impl OrderView {
    /// The view of an order.
    ///
    /// # Errors
    /// When the record was erased.
    pub fn of(keys: &Keys, found: &OrderWithConditions) -> Result<Self> {
        let order = &found.order;
        let place = |column| OrderRow::place(order.participant_id, order.id, column);
        let text = |opened: Option<Private>| opened.map(|text| text.expose_secret().to_owned());
        Ok(Self {
            id: order.id,
            kind: order.kind.clone(),
            court: text(keys.open_opt(place("court"), order.court.as_ref())?),
            made_on: order.made_on,
            served_on: order.served_on,
            expires_on: order.expires_on,
            police_reference: text(keys.open_opt(place("police_reference"), order.police_reference.as_ref())?),
            conditions: conditions_of(keys, found)?,
            created_at: order.created_at,
        })
    }
}

fn conditions_of(keys: &Keys, found: &OrderWithConditions) -> Result<Vec<ConditionView>> {
    let view = |row: &ConditionRow| {
        let wording = keys.open_sealed(ConditionRow::place(row.participant_id, row.id), &row.wording)?;
        let wording = wording.expose_secret().to_owned();
        Ok(ConditionView { id: row.id, kind: row.kind, code: row.code.clone(), wording })
    };
    found.conditions.iter().map(view).collect()
}

/// Records an order: by a practitioner who works with the participant, or by an officer of their home force.
///
/// # Errors
/// 404 for everybody else, 422 for dates that contradict each other.
pub fn record(
    tx: &mut Tx<'_>,
    by: &Staff,
    participant: ParticipantId,
    body: &CreateOrderBody,
) -> Result<MadeOrderView> {
    let access = may_record(tx, by, participant)?;
    check_dates(body.made_on, body.served_on, body.expires_on)?;
    let (keys, id) = (tx.app.keys.clone(), OrderId::new(tx.now));
    let place = |column| OrderRow::place(access.id(), id, column);
    let row = OrderRow {
        id,
        participant_id: access.id(),
        kind: body.kind.clone(),
        court: keys.seal_opt(place("court"), body.court.as_ref())?,
        police_reference: keys.seal_opt(place("police_reference"), body.police_reference.as_ref())?,
        made_on: body.made_on,
        served_on: body.served_on,
        expires_on: body.expires_on,
        created_at: tx.now,
    };
    store::insert_order(tx.conn, row)?;
    let mut conditions = Vec::with_capacity(body.conditions.len());
    for (position, condition) in (0..).zip(&body.conditions) {
        let condition_id = ConditionId::new(tx.now);
        let row = ConditionRow {
            id: condition_id,
            order_id: id,
            participant_id: access.id(),
            position,
            kind: condition.kind,
            code: condition.code.clone(),
            wording: keys.seal(ConditionRow::place(access.id(), condition_id), &condition.wording)?,
        };
        store::insert_condition(tx.conn, row)?;
        conditions.push(MadeConditionView { id: condition_id, code: condition.code.clone() });
    }
    Ok(MadeOrderView { id, conditions })
}

fn may_record(tx: &mut Tx<'_>, by: &Staff, id: ParticipantId) -> Result<ParticipantAccess> {
    if !by.is(Role::Police) {
        return access::participant(tx, by, id);
    }
    let participant = store::find_participant(tx.conn, id)?.ok_or(Error::NotFound)?;
    access::participant_for_police(tx, by, id, &participant.home_force_id)
}

fn check_dates(made_on: Day, served_on: Option<Day>, expires_on: Option<Day>) -> Result<()> {
    let given = [("/served_on", served_on), ("/expires_on", expires_on)];
    let early = given.into_iter().filter(|(_, day)| day.is_some_and(|day| day < made_on)).map(|(at, _)| FieldError {
        pointer: at.to_owned(),
        code: "too_early",
        detail: "must not be before made_on".to_owned(),
    });
    let early: Vec<FieldError> = early.collect();
    if early.is_empty() { Ok(()) } else { Err(Error::fields(early)) }
}

/// What the code of a requirement begins with that the participant attend something, such as `attend_programme`.
const ATTENDANCE: &str = "attend";

/// Whether an order that stands on a day demands that the participant attend (Stalking Protection Act 2019, s.2: a
/// requirement).
pub(super) fn demands_attendance(
    conn: &mut DbConn,
    access: &ParticipantAccess,
    day: jiff::civil::Date,
) -> Result<bool> {
    let demands = |row: &ConditionRow| row.kind == ConditionKind::Requirement && row.code.starts_with(ATTENDANCE);
    let mut live = store::list_orders(conn, access)?.into_iter().filter(|found| found.order.is_live_on(day));
    Ok(live.any(|found| found.conditions.iter().any(demands)))
}

/// An order as the survivor may see it: what it forbids and demands. No court, no reference, nothing of who it binds.
#[derive(Serialize, ToSchema)]
pub struct PlainOrder {
    /// Which kind, as a code.
    #[schema(example = "spo")]
    pub kind: String,
    /// The day it was made.
    pub made_on: Day,
    /// Its last day; without one, until further order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_on: Option<Day>,
    /// What it forbids and demands; an incident may name one that it may breach.
    pub conditions: Vec<ConditionView>,
}

/// The orders that protect a survivor, the latest recorded first, expired ones too.
///
/// # Errors
/// When they cannot be read, or a record was erased.
pub fn order_conditions_in_plain_words(
    conn: &mut DbConn,
    keys: &Keys,
    linked: &LinkedOrders,
) -> Result<Vec<PlainOrder>> {
    let plain = |found: &OrderWithConditions| {
        let (kind, made_on, expires_on) = (found.order.kind.clone(), found.order.made_on, found.order.expires_on);
        Ok(PlainOrder { kind, made_on, expires_on, conditions: conditions_of(keys, found)? })
    };
    store::list_orders_of(conn, linked.participants())?.iter().map(plain).collect()
}

/// A condition that binds on the day asked for. Holds codes and ids, and the police's reference still sealed.
#[derive(Clone, Debug)]
pub struct LiveCondition {
    /// The condition.
    pub condition_id: ConditionId,
    /// What it is about, as a code.
    pub code: String,
    /// Its order.
    pub order_id: OrderId,
    /// Which kind of order, as a code.
    pub order_kind: String,
    /// Whom it binds.
    pub participant_id: ParticipantId,
    /// The police's own reference of the order, for [`OrderRow::place`].
    pub police_reference: Option<Sealed>,
}

/// A condition, where it binds one of these participants and its order stands on that day.
///
/// # Errors
/// When it cannot be read.
pub fn find_live_condition(
    conn: &mut DbConn,
    participants: &[ParticipantId],
    condition: ConditionId,
    on: jiff::civil::Date,
) -> Result<Option<LiveCondition>> {
    let found = store::find_condition(conn, participants, condition)?;
    Ok(found.filter(|(_, order)| order.is_live_on(on)).map(|(condition, order)| LiveCondition {
        condition_id: condition.id,
        code: condition.code,
        order_id: order.id,
        order_kind: order.kind,
        participant_id: order.participant_id,
        police_reference: order.police_reference,
    }))
}

/// The police's own reference of an order.
#[derive(Clone, PartialEq, Eq)]
pub struct PoliceReference {
    /// Which kind of order, as a code.
    pub kind: String,
    /// The reference.
    pub reference: String,
}

/// The police's references of these participants' orders, the latest recorded first, expired ones too: they lead the
/// force to its own file.
///
/// # Errors
/// When they cannot be read, or a record was erased.
pub fn police_references(
    conn: &mut DbConn,
    keys: &Keys,
    participants: &[ParticipantId],
) -> Result<Vec<PoliceReference>> {
    let mut references = Vec::new();
    for OrderWithConditions { order, .. } in store::list_orders_of(conn, participants)? {
        let place = OrderRow::place(order.participant_id, order.id, "police_reference");
        if let Some(opened) = keys.open_opt(place, order.police_reference.as_ref())? {
            references.push(PoliceReference { kind: order.kind, reference: opened.expose_secret().to_owned() });
        }
    }
    Ok(references)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_is_neither_served_nor_over_before_it_was_made() {
        let day = |text: &str| -> Day { text.parse().unwrap() };
        let (before, made, after) = (day("2026-01-09"), day("2026-01-10"), day("2026-01-11"));
        assert!(check_dates(made, None, None).is_ok());
        assert!(check_dates(made, Some(made), Some(made)).is_ok());
        assert!(check_dates(made, Some(after), Some(after)).is_ok());
        assert!(check_dates(made, Some(before), None).is_err());
        assert!(check_dates(made, None, Some(before)).is_err());
    }
}
