//! What is to be looked at because of an order: the notification to police, and its end coming near. One row a due point.

use diesel::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;

use super::model::{OrderRow, OrderWithConditions};
use super::rules::{self, DutyKind};
use super::store::find_order;
use crate::access;
use crate::app::App;
use crate::db::schema::order_duties;
use crate::db::{Day, DbConn, Instant, OrderDutyId, OrderId, ParticipantId, StaffId, SubjectId, text_enum};
use crate::error::Result;
use crate::events::Event;
use crate::identity::{self, Role};
use crate::participants::find_participant;
use crate::participants::tasks::{self, NewTask, ProgrammeTaskKind};
use crate::tx::{Actor, Subject, Tx};

/// Duties looked at in one go.
const BATCH: i64 = 200;

/// One due point of an order.
#[derive(Clone, Debug, HasQuery, Insertable)]
#[diesel(table_name = order_duties)]
pub struct DutyRow {
    /// Id.
    pub id: OrderDutyId,
    /// Of which order.
    pub order_id: OrderId,
    /// Whom the order binds.
    pub participant_id: ParticipantId,
    /// What it is.
    pub kind: DutyKind,
    /// The day: the last one to notify on, or the one at which the end is so near.
    pub due_on: Day,
    /// When staff are notified; none once they were, or need not be.
    pub next_action_at: Option<Instant>,
    /// When they were notified.
    pub told_at: Option<Instant>,
    /// The day on which it was done.
    pub done_on: Option<Day>,
    /// When it fell away.
    pub cancelled_at: Option<Instant>,
    /// When it was made.
    pub created_at: Instant,
}

text_enum! {
    /// The state of a due point.
    pub enum DutyState {
        /// It lies ahead.
        Waiting = "waiting",
        /// Staff were notified of it.
        Told = "told",
        /// It was done.
        Done = "done",
        /// It fell away with its order.
        Cancelled = "cancelled",
    }
}

/// One due point of an order.
#[serde_with::skip_serializing_none]
#[derive(Serialize, ToSchema)]
pub struct OrderDutyView {
    /// What it is.
    pub kind: DutyKind,
    /// The last day to notify on, or the day at which the order's end is so near.
    pub due_on: Day,
    /// Its state.
    pub state: DutyState,
    /// When staff were notified.
    pub told_at: Option<Instant>,
    /// The day on which it was done.
    pub done_on: Option<Day>,
}

impl From<DutyRow> for OrderDutyView {
    fn from(row: DutyRow) -> Self {
        let state = match (row.done_on, row.cancelled_at, row.told_at) {
            (Some(_), _, _) => DutyState::Done,
            (None, Some(_), _) => DutyState::Cancelled,
            (None, None, Some(_)) => DutyState::Told,
            (None, None, None) => DutyState::Waiting,
        };
        Self { kind: row.kind, due_on: row.due_on, state, told_at: row.told_at, done_on: row.done_on }
    }
}

/// The due points of an order, in the order of their days.
pub fn list(conn: &mut DbConn, order: OrderId) -> Result<Vec<DutyRow>> {
    let rows = DutyRow::query().filter(order_duties::order_id.eq(order));
    Ok(rows.order((order_duties::due_on, order_duties::id)).load(conn)?)
}

/// The due points of some orders that were read, in the order of their days.
pub fn list_of_orders(conn: &mut DbConn, orders: &[OrderWithConditions]) -> Result<Vec<DutyRow>> {
    let ids: Vec<OrderId> = orders.iter().map(|found| found.order.id).collect();
    let rows = DutyRow::query().filter(order_duties::order_id.eq_any(ids));
    Ok(rows.order((order_duties::due_on, order_duties::id)).load(conn)?)
}

fn insert(tx: &mut Tx<'_>, order: &OrderRow, kind: DutyKind, due_on: Day) -> Result<()> {
    // What was due before it was known of is due now, and has kept nobody waiting.
    let next_action_at = rules::next_action_at(kind, due_on)?.max(tx.now);
    let row = DutyRow {
        id: OrderDutyId::new(tx.now),
        order_id: order.id,
        participant_id: order.participant_id,
        kind,
        due_on,
        next_action_at: Some(next_action_at),
        told_at: None,
        done_on: None,
        cancelled_at: None,
        created_at: tx.now,
    };
    if next_action_at <= tx.now {
        tx.notify_worker();
    }
    diesel::insert_into(order_duties::table).values(row).execute(tx.conn)?;
    Ok(())
}

/// Makes the due points of an order's end. Of those that have passed already, only the latest is told of.
pub fn watch_end(tx: &mut Tx<'_>, order: &OrderRow) -> Result<()> {
    let today = rules::today(tx.now);
    let Some(last) = order.expires_on.filter(|last| *last >= today) else { return Ok(()) };
    let points = rules::expiry_points(last);
    let passed = points.iter().rposition(|(_, day)| *day <= today);
    for (place, (kind, day)) in points.into_iter().enumerate() {
        if passed.is_none_or(|latest| place >= latest) {
            insert(tx, order, kind, day)?;
        }
    }
    Ok(())
}

/// Makes the duty to notify the police of an order that was served, where there is one, and tells staff of it. An order
/// that takes the place of one with the same duty takes over what is still to be done of that one's, and has none of its
/// own; one that takes the place of an order of another kind begins its own.
pub fn watch_notification(tx: &mut Tx<'_>, order: &OrderRow, replaced: Option<OrderRow>) -> Result<()> {
    let Some((served_on, duty)) = order.served_on.zip(order.kind.notification()) else { return Ok(()) };
    if order.is_notified_otherwise || order.notified_on.is_some() {
        return Ok(());
    }
    // A duty under one Act is no duty under another.
    let is_same = |old: &OrderRow| old.kind.notification() == Some(duty);
    let due_on = match last_served(tx.conn, replaced)?.filter(is_same) {
        None => Some(rules::notification_due_on(served_on, duty.within_days)),
        Some(old) if rules::is_full(order.kind) && !rules::is_full(old.kind) => None,
        Some(old) => outstanding(tx.conn, old.id)?,
    };
    let Some(due_on) = due_on else { return Ok(()) };
    insert(tx, order, DutyKind::NotifyPolice, due_on)?;
    // Once the last day is over, staff are notified of that instead.
    if rules::next_action_at(DutyKind::NotifyPolice, due_on)? > tx.now {
        notify_staff(tx, order.participant_id, order.id, ProgrammeTaskKind::NotificationDue)?;
    }
    Ok(())
}

/// The order that bound the participant before: one that was never served began no duty, so that what it replaced counts.
fn last_served(conn: &mut DbConn, mut replaced: Option<OrderRow>) -> Result<Option<OrderRow>> {
    while let Some(old) = &replaced
        && old.served_on.is_none()
    {
        replaced = match old.replaces_order_id {
            Some(id) => find_order(conn, id)?.map(|found| found.order),
            None => None,
        };
    }
    Ok(replaced)
}

fn outstanding(conn: &mut DbConn, order: OrderId) -> Result<Option<Day>> {
    let duties = list(conn, order)?.into_iter().filter(|row| row.kind == DutyKind::NotifyPolice);
    // Where the order was corrected, the last one that was made counts.
    let latest = duties.max_by_key(|row| (row.created_at, row.cancelled_at.is_none(), row.id));
    Ok(latest.filter(|row| row.done_on.is_none()).map(|row| row.due_on))
}

/// Notes that the police were notified.
pub fn notified(tx: &mut Tx<'_>, order: OrderId, on: Day, by: StaffId) -> Result<()> {
    let duty = order_duties::table
        .filter(order_duties::order_id.eq(order))
        .filter(order_duties::kind.eq(DutyKind::NotifyPolice));
    let done = (order_duties::done_on.eq(Some(on)), order_duties::next_action_at.eq(None::<Instant>));
    diesel::update(duty.filter(order_duties::cancelled_at.is_null())).set(done).execute(tx.conn)?;
    close_notification(tx, order, Some(by))?;
    match find_missed(tx.conn, order)? {
        Some(late) => propose_breach(tx, &late),
        None => Ok(()),
    }
}

/// The duty to notify the police that was done too late, where it was.
fn find_missed(conn: &mut DbConn, order: OrderId) -> Result<Option<DutyRow>> {
    let live = DutyRow::query()
        .filter(order_duties::order_id.eq(order))
        .filter(order_duties::kind.eq(DutyKind::NotifyPolice))
        .filter(order_duties::cancelled_at.is_null());
    Ok(live.filter(order_duties::done_on.gt(order_duties::due_on.nullable())).first(conn).optional()?)
}

/// Asks for a decision on a duty that was missed, until somebody has decided.
fn propose_breach(tx: &mut Tx<'_>, duty: &DutyRow) -> Result<()> {
    let Some(participant) = find_participant(tx.conn, duty.participant_id)? else { return Ok(()) };
    let (organisation, subject) = (participant.organisation_id, SubjectId(duty.order_id.0));
    let kind = ProgrammeTaskKind::BreachProposed;
    tasks::open_unless_decided(tx, &NewTask { organisation, participant: participant.id, kind, subject })
}

/// Whether a correction moves what an order's due points are reckoned from.
pub fn has_moved(old: &OrderRow, row: &OrderRow) -> bool {
    let basis = |row: &OrderRow| {
        let days = (row.made_on, row.served_on, row.expires_on, row.notified_on);
        (row.kind, days, row.is_notified_otherwise, row.ended_by)
    };
    basis(old) != basis(row)
}

/// Begins the due points of an order again that was corrected: those of before fall away.
pub fn restart(tx: &mut Tx<'_>, order: &OrderRow, by: StaffId) -> Result<()> {
    let live = order_duties::table.filter(order_duties::order_id.eq(order.id));
    let fallen = (
        order_duties::cancelled_at.eq(Some(tx.now)),
        order_duties::next_action_at.eq(None::<Instant>),
        order_duties::done_on.eq(None::<Day>),
    );
    diesel::update(live.filter(order_duties::cancelled_at.is_null())).set(fallen).execute(tx.conn)?;
    cancel(tx, order.id, by)?;
    // Whether a duty was missed is asked again of what is right now.
    tasks::close(tx, SubjectId(order.id.0), ProgrammeTaskKind::BreachProposed, None)?;
    if order.ended_by.is_some() {
        return Ok(());
    }
    let replaced = match order.replaces_order_id {
        Some(old) => find_order(tx.conn, old)?.map(|found| found.order),
        None => None,
    };
    watch_notification(tx, &OrderRow { notified_on: None, ..order.clone() }, replaced)?;
    if let Some(on) = order.notified_on {
        notified(tx, order.id, on, by)?;
    }
    watch_end(tx, order)
}

/// Lets everything fall away that was to be looked at: the order has ended.
pub fn cancel(tx: &mut Tx<'_>, order: OrderId, by: StaffId) -> Result<()> {
    let open = order_duties::table
        .filter(order_duties::order_id.eq(order))
        .filter(order_duties::done_on.is_null())
        .filter(order_duties::cancelled_at.is_null());
    let fallen = (order_duties::cancelled_at.eq(Some(tx.now)), order_duties::next_action_at.eq(None::<Instant>));
    diesel::update(open).set(fallen).execute(tx.conn)?;
    close_ends(tx, order, Some(by))?;
    close_notification(tx, order, Some(by))
}

/// Closes the tasks about an order's end that is near: it has ended, or a nearer point has come.
fn close_ends(tx: &mut Tx<'_>, order: OrderId, by: Option<StaffId>) -> Result<()> {
    for kind in DutyKind::ALL.iter().filter(|kind| **kind != DutyKind::NotifyPolice) {
        if let Some(task) = task_of(*kind) {
            tasks::close(tx, SubjectId(order.0), task, by)?;
        }
    }
    Ok(())
}

fn close_notification(tx: &mut Tx<'_>, order: OrderId, by: Option<StaffId>) -> Result<()> {
    for kind in [ProgrammeTaskKind::NotificationDue, ProgrammeTaskKind::NotificationOverdue] {
        tasks::close(tx, SubjectId(order.0), kind, by)?;
    }
    Ok(())
}

/// The task that a due point makes; an end that has come leaves nothing to do.
fn task_of(kind: DutyKind) -> Option<ProgrammeTaskKind> {
    match kind {
        DutyKind::NotifyPolice => Some(ProgrammeTaskKind::NotificationOverdue),
        DutyKind::Expires60 => Some(ProgrammeTaskKind::OrderExpires60),
        DutyKind::Expires30 => Some(ProgrammeTaskKind::OrderExpires30),
        DutyKind::Expires7 => Some(ProgrammeTaskKind::OrderExpires7),
        DutyKind::Expired => None,
    }
}

/// Tells of each due point that has come, each in a transaction of its own. Returns how many.
pub async fn notify_due(app: &App) -> Result<usize> {
    let now = app.clock.now();
    let due = app.db.read(move |conn| list_due(conn, now)).await?;
    let mut told = 0;
    for id in due {
        let work = move |tx: &mut Tx<'_>| notify_one(tx, id);
        match app.transact(Actor::System, "tell_order_duty", work).await {
            Ok(true) => told += 1,
            Ok(false) => {}
            Err(error) => tracing::error!(duty = %id, %error, "a due point of an order is tried again"),
        }
    }
    Ok(told)
}

fn list_due(conn: &mut DbConn, now: Instant) -> Result<Vec<OrderDutyId>> {
    let due = order_duties::table
        .filter(order_duties::next_action_at.is_not_null())
        .filter(order_duties::next_action_at.le(now));
    Ok(due.order(order_duties::next_action_at).limit(BATCH).select(order_duties::id).load(conn)?)
}

fn notify_one(tx: &mut Tx<'_>, id: OrderDutyId) -> Result<bool> {
    let due = order_duties::table.find(id).filter(order_duties::next_action_at.le(tx.now));
    let told = (order_duties::next_action_at.eq(None::<Instant>), order_duties::told_at.eq(Some(tx.now)));
    if diesel::update(due).set(told).execute(tx.conn)? == 0 {
        tx.outcome("not_due");
        return Ok(false);
    }
    let row = DutyRow::query().find(id).first(tx.conn)?;
    if row.kind == DutyKind::NotifyPolice {
        tasks::close(tx, SubjectId(row.order_id.0), ProgrammeTaskKind::NotificationDue, None)?;
    } else {
        close_ends(tx, row.order_id, None)?;
    }
    if row.kind == DutyKind::NotifyPolice {
        propose_breach(tx, &row)?;
        tx.emit(Event::ParticipantChanged { participant: row.participant_id, what: "notification_missed" });
    }
    match task_of(row.kind) {
        Some(task) => notify_staff(tx, row.participant_id, row.order_id, task),
        None => {
            tx.about(Subject::of("participant", row.participant_id));
            // Nobody owes a notification under an order that binds nobody any more.
            close_notification(tx, row.order_id, None)?;
            tx.emit(Event::ParticipantChanged { participant: row.participant_id, what: "order_expired" });
            Ok(true)
        }
    }
}

/// Makes a task about an order and tells anyone who works with the participant. Answers whether there is such a participant.
fn notify_staff(tx: &mut Tx<'_>, id: ParticipantId, order: OrderId, kind: ProgrammeTaskKind) -> Result<bool> {
    let Some(participant) = find_participant(tx.conn, id)? else { return Ok(false) };
    tx.about(Subject::of("participant", participant.id));
    let organisation = participant.organisation_id;
    // Each due point tells once; one that came again with a correction finds the task of before closed.
    tasks::open_again(tx, &NewTask { organisation, participant: participant.id, kind, subject: SubjectId(order.0) })?;
    let mut staff = access::assigned_staff(tx.conn, participant.id, organisation)?;
    staff.extend(identity::list_staff_with_role(tx.conn, organisation, Role::Supervisor)?);
    staff.sort_unstable();
    staff.dedup();
    for person in staff {
        tasks::notify_staff(tx, person, participant.id)?;
    }
    Ok(true)
}

/// When the next due point comes.
pub fn next_due(conn: &mut DbConn) -> Result<Option<Instant>> {
    let due = order_duties::table.filter(order_duties::next_action_at.is_not_null());
    let next: Option<Option<Instant>> =
        due.order(order_duties::next_action_at).select(order_duties::next_action_at).first(conn).optional()?;
    Ok(next.flatten())
}
