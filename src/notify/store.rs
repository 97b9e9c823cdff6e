//! All SQL of notify.

use diesel::prelude::*;

use super::model::{AlertOpening, Channel, Notification, NotificationAttempt, NotificationState};
use super::templates::Template;
use crate::db::schema::{alert_openings, alerts, notification_attempts, notifications};
use crate::db::{AlertId, DbConn, Instant, NotificationId, StaffId, SubjectId, cached};
use crate::error::Result;

pub fn insert(conn: &mut DbConn, row: Notification) -> Result<()> {
    diesel::insert_into(notifications::table).values(row).execute(conn)?;
    Ok(())
}

/// Channels that something is due on.
pub fn list_due_channels(conn: &mut DbConn, now: Instant) -> Result<Vec<Channel>> {
    let due = notifications::table
        .filter(notifications::next_action_at.is_not_null())
        .filter(notifications::next_action_at.le(now));
    Ok(due.select(notifications::channel).distinct().load(conn)?)
}

/// What is due on one channel, the longest overdue first; reminders after whatever tells of an alert.
pub fn list_due(conn: &mut DbConn, channel: Channel, now: Instant, limit: usize) -> Result<Vec<Notification>> {
    let due = Notification::query()
        .filter(notifications::channel.eq(channel))
        .filter(notifications::next_action_at.is_not_null())
        .filter(notifications::next_action_at.le(now));
    let is_reminder =
        notifications::template.eq(Template::ReminderBefore).or(notifications::template.eq(Template::ReminderDue));
    let due = due.order((is_reminder, notifications::next_action_at));
    Ok(due.limit(i64::try_from(limit).unwrap_or(i64::MAX)).load(conn)?)
}

/// When the next message is to be looked at.
pub fn next_due(conn: &mut DbConn) -> Result<Option<Instant>> {
    let waiting = notifications::table.filter(notifications::next_action_at.is_not_null());
    let first: Option<Option<Instant>> =
        waiting.order(notifications::next_action_at).select(notifications::next_action_at).first(conn).optional()?;
    let to_follow_up = notifications::table.filter(notifications::follow_up_at.is_not_null());
    let follow_up: Option<Option<Instant>> =
        to_follow_up.order(notifications::follow_up_at).select(notifications::follow_up_at).first(conn).optional()?;
    Ok([first.flatten(), follow_up.flatten()].into_iter().flatten().min())
}

/// What waits to be sent or tried again by a moment, by channel. What waits for a later time is no backlog.
pub fn count_waiting(conn: &mut DbConn, now: Instant) -> Result<Vec<(Channel, i64)>> {
    let due = notifications::table
        .filter(notifications::next_action_at.is_not_null())
        .filter(notifications::next_action_at.le(now));
    let by_channel = due.group_by(notifications::channel);
    Ok(by_channel.select((notifications::channel, diesel::dsl::count_star())).load(conn)?)
}

/// Since when the oldest message about an alert of at least a level should have had its first attempt.
pub fn oldest_unattempted(conn: &mut DbConn, level: i32) -> Result<Option<Instant>> {
    let grave = alerts::table.filter(alerts::level.ge(level)).select(alerts::id.nullable());
    let waiting = notifications::table
        .filter(notifications::next_action_at.is_not_null())
        .filter(notifications::attempt.eq(0))
        .filter(notifications::alert_id.eq_any(grave));
    let first: Option<Option<Instant>> =
        waiting.order(notifications::next_action_at).select(notifications::next_action_at).first(conn).optional()?;
    Ok(first.flatten())
}

/// What is to be followed up by now.
pub fn list_to_follow_up(conn: &mut DbConn, now: Instant, limit: i64) -> Result<Vec<NotificationId>> {
    let due = notifications::table.filter(notifications::follow_up_at.is_not_null());
    let due = due.filter(notifications::follow_up_at.le(now)).order(notifications::follow_up_at);
    Ok(due.limit(limit).select(notifications::id).load(conn)?)
}

/// Takes what is to be followed up; none where another did, or where it is not due.
pub fn take_follow_up(conn: &mut DbConn, id: NotificationId, now: Instant) -> Result<Option<Notification>> {
    let due = notifications::table.find(id).filter(notifications::follow_up_at.le(now));
    let changed = cached(diesel::update(due).set(notifications::follow_up_at.eq(None::<Instant>))).execute(conn)?;
    if changed == 0 {
        return Ok(None);
    }
    Ok(Notification::query().find(id).first(conn).optional()?)
}

/// Follows nothing up any more about an alert.
pub fn stop_follow_up(conn: &mut DbConn, alert: AlertId) -> Result<()> {
    let open = notifications::table.filter(notifications::alert_id.eq(alert));
    let open = open.filter(notifications::follow_up_at.is_not_null());
    cached(diesel::update(open).set(notifications::follow_up_at.eq(None::<Instant>))).execute(conn)?;
    Ok(())
}

/// Messages that notified staff of alerts, the oldest first.
pub fn list_of_alerts(conn: &mut DbConn, alerts: &[AlertId]) -> Result<Vec<Notification>> {
    let told = Notification::query().filter(notifications::alert_id.eq_any(alerts.to_vec()));
    Ok(told.order(notifications::id).load(conn)?)
}

/// The channels of the messages that have notified a member of staff of an alert since an instant.
pub fn list_channels_since(
    conn: &mut DbConn,
    alert: AlertId,
    subject: SubjectId,
    since: Instant,
) -> Result<Vec<Channel>> {
    let told = notifications::table
        .filter(notifications::alert_id.eq(alert))
        .filter(notifications::subject_id.eq(subject))
        .filter(notifications::queued_at.ge(since));
    Ok(told.select(notifications::channel).distinct().load(conn)?)
}

/// Who opened alerts.
pub fn list_openings(conn: &mut DbConn, alerts: &[AlertId]) -> Result<Vec<AlertOpening>> {
    Ok(AlertOpening::query().filter(alert_openings::alert_id.eq_any(alerts.to_vec())).load(conn)?)
}

/// Whether a member of staff has opened an alert since an instant.
pub fn has_opened_since(conn: &mut DbConn, alert: AlertId, staff: StaffId, since: Instant) -> Result<bool> {
    let opened = alert_openings::table.find((alert, staff)).filter(alert_openings::last_at.ge(since));
    Ok(diesel::select(diesel::dsl::exists(opened)).get_result(conn)?)
}

/// Keeps that a member of staff opened an alert.
pub fn put_opening(conn: &mut DbConn, alert: AlertId, staff: StaffId, now: Instant) -> Result<()> {
    let known = alert_openings::table.find((alert, staff));
    if cached(diesel::update(known).set(alert_openings::last_at.eq(now))).execute(conn)? == 0 {
        let row = AlertOpening { alert_id: alert, staff_id: staff, first_at: now, last_at: now };
        diesel::insert_into(alert_openings::table).values(row).execute(conn)?;
    }
    Ok(())
}

/// Makes due what was tried and waits for longer than any retry may; how many messages that were.
pub fn bring_forward(conn: &mut DbConn, latest: Instant, now: Instant) -> Result<usize> {
    let asleep = notifications::table
        .filter(notifications::next_action_at.is_not_null())
        .filter(notifications::next_action_at.gt(latest));
    let tried = asleep.filter(notifications::attempt.gt(0));
    Ok(cached(diesel::update(tried).set(notifications::next_action_at.eq(Some(now)))).execute(conn)?)
}

/// When a person was last notified of something, for not telling them twice.
pub fn last_queued_at(conn: &mut DbConn, subject: SubjectId, template: Template) -> Result<Option<Instant>> {
    let told =
        notifications::table.filter(notifications::subject_id.eq(subject)).filter(notifications::template.eq(template));
    Ok(told.select(diesel::dsl::max(notifications::queued_at)).first(conn)?)
}

/// Takes the lease of the next attempt; false when another holder did.
pub fn claim(conn: &mut DbConn, row: &Notification, now: Instant, lease_until: Instant) -> Result<bool> {
    let attempt = row.attempt + 1;
    let free = notifications::table
        .find(row.id)
        .filter(notifications::attempt.eq(row.attempt))
        .filter(notifications::next_action_at.le(now));
    let changed = cached(
        diesel::update(free)
            .set((notifications::attempt.eq(attempt), notifications::next_action_at.eq(Some(lease_until)))),
    )
    .execute(conn)?;
    if changed == 0 {
        return Ok(false);
    }
    let row = NotificationAttempt {
        notification_id: row.id,
        attempt,
        channel: row.channel,
        started_at: now,
        ended_at: None,
        outcome: "under_way".to_owned(),
        status: None,
    };
    diesel::insert_into(notification_attempts::table).values(row).execute(conn)?;
    Ok(true)
}

/// Records what came of an attempt in the attempt's own row; always, no matter who holds the lease now.
pub fn end_attempt(
    conn: &mut DbConn,
    id: NotificationId,
    attempt: i32,
    now: Instant,
    outcome: &str,
    status: Option<i32>,
) -> Result<()> {
    cached(diesel::update(notification_attempts::table.find((id, attempt))).set((
        notification_attempts::ended_at.eq(Some(now)),
        notification_attempts::outcome.eq(outcome),
        notification_attempts::status.eq(status),
    )))
    .execute(conn)?;
    Ok(())
}

/// A provider took it. True of whichever attempt it was, also when the lease had run out meanwhile.
pub fn set_sent(conn: &mut DbConn, id: NotificationId, now: Instant, follow_up_at: Option<Instant>) -> Result<bool> {
    let waiting = notifications::table.find(id).filter(notifications::sent_at.is_null());
    let changed = cached(diesel::update(waiting).set((
        notifications::state.eq(NotificationState::Sent),
        notifications::sent_at.eq(Some(now)),
        notifications::follow_up_at.eq(follow_up_at),
        notifications::next_action_at.eq(None::<Instant>),
    )))
    .execute(conn)?;
    Ok(changed == 1)
}

/// Plans when to look at it next, and on which channel; only for the holder of the lease (`attempt` is its fencing
/// token), or for anyone who finds it free.
pub fn set_next(conn: &mut DbConn, row: &Notification, attempt: i32, channel: Channel, at: Instant) -> Result<bool> {
    let held = notifications::table
        .find(row.id)
        .filter(notifications::attempt.eq(attempt))
        .filter(notifications::state.eq(NotificationState::Queued));
    let next = (notifications::channel.eq(channel), notifications::next_action_at.eq(Some(at)));
    Ok(cached(diesel::update(held).set(next)).execute(conn)? == 1)
}

/// Ends it; under the same condition.
pub fn set_ended(
    conn: &mut DbConn,
    id: NotificationId,
    attempt: i32,
    state: NotificationState,
    outcome: &str,
) -> Result<bool> {
    let held = notifications::table
        .find(id)
        .filter(notifications::attempt.eq(attempt))
        .filter(notifications::state.eq(NotificationState::Queued));
    let changed = cached(diesel::update(held).set((
        notifications::state.eq(state),
        notifications::outcome.eq(Some(outcome)),
        notifications::next_action_at.eq(None::<Instant>),
    )))
    .execute(conn)?;
    Ok(changed == 1)
}

/// Makes everything that was under way due at once: on SQLite, at start, no other holder can be alive.
pub fn clear_leases(conn: &mut DbConn, now: Instant) -> Result<usize> {
    let under_way = notification_attempts::table
        .filter(notification_attempts::notification_id.eq(notifications::id))
        .filter(notification_attempts::attempt.eq(notifications::attempt))
        .filter(notification_attempts::ended_at.is_null());
    let leased = notifications::table
        .filter(notifications::next_action_at.gt(now))
        .filter(notifications::attempt.gt(0))
        .filter(diesel::dsl::exists(under_way));
    Ok(cached(diesel::update(leased).set(notifications::next_action_at.eq(Some(now)))).execute(conn)?)
}
