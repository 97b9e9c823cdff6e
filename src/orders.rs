//! The order register: recording an order with its conditions, and what other features may know of it.
//!
//! Courts make stalking protection orders under the Stalking Protection Act 2019 (full: s.2, interim: s.5), restraining
//! orders under the Sentencing Act 2020, s.360, or on acquittal under the Protection from Harassment Act 1997, s.5A.
//!
//! `made → served → notified`, until its last day or `discharged | superseded` (the table and the rules of law are in
//! `rules`). What an order says never changes: one that is varied is a new order in its place. Its due points, the
//! notification to police and its end coming near, are rows that the clock tells staff of (`duties`).

mod change;
mod correct;
mod duties;
mod model;
mod own_side;
mod plain;
mod reminders;
pub mod routes;
mod rules;
mod store;

use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::access::{self, ParticipantAccess};
use crate::crypto::{Keys, Private, PrivateText, SealedTable, open, seal};
use crate::db::{ConditionId, Day, DbConn, Instant, OrderId, ParticipantId};
use crate::directory::{ConditionKind, OrderKind, condition_code};
use crate::error::{Error, Result};
use crate::http::limits;
use crate::identity::{Role, Staff};
use crate::participants;
use crate::transitions::ActionView;
use crate::tx::Tx;

pub use change::{
    DischargeOrderBody, NotifyOrderBody, ServeOrderBody, actions_of as order_actions, discharge as discharge_order,
    notify as notify_of_order, serve as serve_order,
};
pub use correct::{OrderCorrectionRow, OrderCorrectionView};
pub use duties::{DutyRow, DutyState, OrderDutyView, list_of_orders as list_duties};
pub use model::{ConditionRow, OrderRow, OrderWithConditions};
pub use plain::{
    LiveCondition, PlainOrder, PoliceReference, ProtectingOrder, find_live_condition, has_police_reference,
    list_protecting_orders, police_references,
};
pub use reminders::{next_due, remind};
pub use rules::{DutyKind, OrderBasis, OrderEnd, OrderState};
pub use store::{list_orders, list_orders_page, order_kinds};

/// A new order.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateOrderBody {
    /// Which kind: `/public/v1/order-kinds` lists them with their words.
    #[garde(skip)]
    kind: OrderKind,
    /// The court that made it.
    #[garde(inner(custom(limits::line)))]
    #[schema(value_type = Option<String>, format = "line", example = "Sheffield Magistrates' Court")]
    #[serde(default)]
    court: Option<Private>,
    /// The day it was made; not in the future.
    #[garde(skip)]
    made_on: Day,
    /// The day it was served; not before it was made, after its last day or in the future.
    #[garde(skip)]
    #[serde(default)]
    served_on: Option<Day>,
    /// Its last day, not before it was made; without one, until further order.
    #[garde(skip)]
    #[serde(default)]
    expires_on: Option<Day>,
    /// The police's own reference.
    #[garde(inner(custom(limits::line)))]
    #[schema(value_type = Option<String>, format = "line", example = "14/1234/26")]
    #[serde(default)]
    police_reference: Option<Private>,
    /// What it was made on.
    #[garde(skip)]
    #[serde(default)]
    basis: Option<OrderBasis>,
    /// The participant's order whose place it takes: the interim one that it follows, or the one that it varies.
    #[garde(skip)]
    #[serde(default)]
    replaces_order_id: Option<OrderId>,
    /// Whether the participant notifies the police under the Sexual Offences Act 2003 already: then nothing is due.
    #[garde(skip)]
    #[serde(default)]
    is_notified_otherwise: bool,
    /// What it forbids and demands; may be left out where the order protects by itself, such as custody.
    #[garde(length(max = 40), dive)]
    #[schema(max_items = 40)]
    #[serde(default)]
    conditions: Vec<CreateConditionBody>,
}

/// One prohibition or requirement of a new order.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateConditionBody {
    /// Whether it forbids or demands.
    #[garde(skip)]
    kind: ConditionKind,
    /// What it is about, as a code: `/public/v1/condition-codes` lists the known ones with their words; others are open.
    #[garde(custom(limits::code))]
    #[schema(format = "code", example = "approach_within_distance")]
    code: String,
    /// The order's own words.
    #[garde(custom(limits::narrative))]
    #[schema(value_type = String, format = "narrative", example = "Not to come within 200 metres of the home")]
    wording: Private,
    /// Where it holds, in the order's words.
    #[garde(inner(custom(limits::narrative)))]
    #[schema(value_type = Option<String>, format = "narrative", example = "The streets marked on the map")]
    #[serde(default)]
    area: Option<Private>,
    /// How near the participant may not come, in metres.
    #[garde(range(min = 1, max = 100_000))]
    #[schema(minimum = 1, maximum = 100000, example = 200)]
    #[serde(default)]
    distance_metres: Option<i32>,
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
#[serde_with::skip_serializing_none]
#[derive(Serialize, ToSchema)]
pub struct OrderView {
    /// Id.
    pub id: OrderId,
    /// Which kind.
    pub kind: OrderKind,
    /// The court that made it.
    pub court: Option<String>,
    /// The day it was made.
    pub made_on: Day,
    /// The day it was served.
    pub served_on: Option<Day>,
    /// Its last day; without one, until further order.
    pub expires_on: Option<Day>,
    /// The police's own reference.
    pub police_reference: Option<String>,
    /// Its state, apart from its dates.
    pub state: OrderState,
    /// What it was made on.
    pub basis: Option<OrderBasis>,
    /// The order whose place it takes.
    pub replaces_order_id: Option<OrderId>,
    /// Whether the participant notifies the police under another Act already.
    pub is_notified_otherwise: bool,
    /// The day on which the participant notified the police.
    pub notified_on: Option<Day>,
    /// The day on which it ended before its last day.
    pub ended_on: Option<Day>,
    /// What it forbids and demands.
    pub conditions: Vec<ConditionView>,
    /// When it was recorded.
    pub created_at: Instant,
    /// What was corrected since, the latest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub corrections: Vec<OrderCorrectionView>,
    /// What the caller may do with it now, where one is read by itself.
    pub allowed_actions: Option<Vec<ActionView>>,
}

/// One prohibition or requirement.
#[serde_with::skip_serializing_none]
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
    /// Where it holds.
    pub area: Option<String>,
    /// How near the participant may not come, in metres.
    pub distance_metres: Option<i32>,
}

impl OrderView {
    /// The view of an order.
    pub fn of(keys: &Keys, found: &OrderWithConditions) -> Result<Self> {
        let order = &found.order;
        Ok(Self {
            id: order.id,
            kind: order.kind,
            court: open!(keys, order.court)?.shown(),
            made_on: order.made_on,
            served_on: order.served_on,
            expires_on: order.expires_on,
            police_reference: open!(keys, order.police_reference)?.shown(),
            state: change::state_of(order),
            basis: order.basis,
            replaces_order_id: order.replaces_order_id,
            is_notified_otherwise: order.is_notified_otherwise,
            notified_on: order.notified_on,
            ended_on: order.ended_on,
            conditions: conditions_of(keys, found)?,
            created_at: order.created_at,
            allowed_actions: None,
            corrections: found
                .corrections
                .iter()
                .map(|row| OrderCorrectionView::of(keys, row))
                .collect::<Result<_>>()?,
        })
    }
}

fn conditions_of(keys: &Keys, found: &OrderWithConditions) -> Result<Vec<ConditionView>> {
    let view = |row: &ConditionRow| {
        let wording = open!(keys, row.wording)?.shown();
        let area = open!(keys, row.area)?.shown();
        let (kind, code, distance_metres) = (row.kind, row.code.clone(), row.distance_metres);
        Ok(ConditionView { id: row.id, kind, code, wording, area, distance_metres })
    };
    found.conditions.iter().map(view).collect()
}

/// Records an order: by a practitioner who works with the participant, or by an officer of their home force. One that
/// takes another's place ends that.
///
/// # Errors
/// 404 for everybody else, 422 for dates that contradict each other or the law, and for an order to replace that does not
/// stand.
pub fn record(
    tx: &mut Tx<'_>,
    by: &Staff,
    participant: ParticipantId,
    body: &CreateOrderBody,
) -> Result<MadeOrderView> {
    let access = may_record(tx, by, participant)?;
    if body.conditions.is_empty() && !body.kind.may_lack_conditions() {
        return Err(Error::field("/conditions", "too_short", "this kind of order forbids or demands something"));
    }
    rules::check_dates(body.kind, body.made_on, (body.served_on, body.expires_on), rules::today(tx.now))?;
    participants::check_born_before(tx, access.id(), ("/made_on", body.made_on))?;
    let replaced = match body.replaces_order_id {
        Some(id) => Some(change::find_replaced(tx, &access, id)?),
        None => None,
    };
    let (keys, id) = (tx.keys, OrderId::new(tx.now));
    let new = OrderRow::sealing(keys, access.id(), id);
    let row = OrderRow {
        id,
        participant_id: access.id(),
        kind: body.kind,
        court: seal!(new.court, &body.court)?,
        police_reference: seal!(new.police_reference, &body.police_reference)?,
        made_on: body.made_on,
        served_on: body.served_on,
        expires_on: body.expires_on,
        created_at: tx.now,
        basis: body.basis,
        replaces_order_id: body.replaces_order_id,
        is_notified_otherwise: body.is_notified_otherwise,
        notified_on: None,
        ended_on: None,
        ended_by: None,
        version: 1,
    };
    store::insert_order(tx, row.clone())?;
    let conditions = record_conditions(tx, &access, id, &body.conditions)?;
    duties::watch_notification(tx, &row, replaced.clone())?;
    duties::watch_end(tx, &row)?;
    if let Some(old) = replaced {
        change::supersede(tx, by, &access, &old, row.made_on)?;
    }
    Ok(MadeOrderView { id, conditions })
}

fn record_conditions(
    tx: &mut Tx<'_>,
    access: &ParticipantAccess,
    order: OrderId,
    given: &[CreateConditionBody],
) -> Result<Vec<MadeConditionView>> {
    let keys = tx.keys;
    let mut made = Vec::with_capacity(given.len());
    for (position, condition) in (0..).zip(given) {
        let id = ConditionId::new(tx.now);
        let new = ConditionRow::sealing(keys, access.id(), id);
        let row = ConditionRow {
            id,
            order_id: order,
            participant_id: access.id(),
            position,
            kind: condition.kind,
            code: condition.code.clone(),
            wording: seal!(new.wording, &condition.wording)?,
            area: seal!(new.area, &condition.area)?,
            distance_metres: condition.distance_metres,
        };
        store::insert_condition(tx.conn, row)?;
        made.push(MadeConditionView { id, code: condition.code.clone() });
    }
    Ok(made)
}

/// Staff who work with the participant, or an officer of their home force.
pub(crate) fn may_record(tx: &mut Tx<'_>, by: &Staff, id: ParticipantId) -> Result<ParticipantAccess> {
    if !by.is(Role::Police) {
        return access::participant(tx, by, id);
    }
    let participant = participants::find_participant(tx.conn, id)?.ok_or(Error::NotFound)?;
    access::participant_for_police(tx, by, id, &participant.home_force_id)
}

/// Whether an order that is in force on a day demands that the participant attend (Stalking Protection Act 2019, s.2: a
/// requirement).
pub(crate) fn demands_attendance(
    conn: &mut DbConn,
    access: &ParticipantAccess,
    day: jiff::civil::Date,
) -> Result<bool> {
    let counts = |code: &str| condition_code(code).is_some_and(|known| known.counts_as_attendance);
    let demands = |row: &ConditionRow| row.kind == ConditionKind::Requirement && counts(&row.code);
    let mut live = store::list_orders(conn, access)?.into_iter().filter(|found| found.order.is_live_on(day));
    Ok(live.any(|found| found.conditions.iter().any(demands)))
}
