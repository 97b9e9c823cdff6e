//! What came of a step to people: a measured fact with an age, worked out from the messages that it made and from who
//! opened the alert since. Pure.
//!
//! That somebody holds a role says nothing of whether they know. `sent` says that a provider took a message, and nobody
//! knows more; `notified` that a person opened the alert.

pub(in crate::escalation) mod model;

use std::collections::{BTreeMap, HashMap};

use crate::db::{HistoryId, Instant, StaffId};
use crate::escalation::alerts::history::{AudienceTold, Detail, PersonReached};
use crate::escalation::alerts::model::{HistoryKind, HistoryRow};
use crate::notify::{AlertOpening, Notification, NotificationState};

pub use model::{Outcome, StepOutcome};

/// An outcome and since when it is so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reached {
    /// What came of it.
    pub outcome: Outcome,
    /// Since when; none for what is no event.
    pub at: Option<Instant>,
}

/// What is known of the messages about one alert, and of who opened it.
#[derive(Clone, Debug, Default)]
pub struct MessageRecord {
    /// The messages.
    pub messages: Vec<Notification>,
    /// Who opened it.
    pub openings: Vec<AlertOpening>,
}

impl MessageRecord {
    /// What came of notifying a member of staff at one instant, before they were notified again at another.
    #[must_use]
    pub fn of(&self, person: StaffId, from: Instant, until: Option<Instant>) -> Reached {
        let opened = self.openings.iter().find(|opening| opening.staff_id == person && opening.last_at >= from);
        let opened = opened.map(|opening| Reached {
            outcome: Outcome::Notified,
            at: Some(if opening.first_at >= from { opening.first_at } else { opening.last_at }),
        });
        let own = self.messages.iter().filter(|message| {
            let is_in_time = message.queued_at >= from && until.is_none_or(|until| message.queued_at < until);
            message.subject_id == person.into() && is_in_time
        });
        // Of several messages the best, and of equals the earliest.
        let sent = own.map(of_message).reduce(|best, other| match other.outcome.cmp(&best.outcome) {
            std::cmp::Ordering::Greater => other,
            std::cmp::Ordering::Equal if other.at < best.at => other,
            _ => best,
        });
        opened.or(sent).unwrap_or(Reached { outcome: Outcome::ShownInPortal, at: None })
    }
}

fn of_message(message: &Notification) -> Reached {
    match message.state {
        NotificationState::Sent => Reached { outcome: Outcome::Sent, at: message.sent_at },
        NotificationState::Queued => Reached { outcome: Outcome::Queued, at: Some(message.queued_at) },
        NotificationState::Ended | NotificationState::GivenUp => Reached { outcome: Outcome::Failed, at: None },
    }
}

/// What the lines of steps say, with what came of each so far; none of a line that cannot be read.
#[must_use]
pub(in crate::escalation) fn of_steps(lines: &[HistoryRow], record: &MessageRecord) -> HashMap<HistoryId, Detail> {
    // When each person was notified again, told backwards.
    let (mut again, mut filled) = (BTreeMap::<StaffId, Instant>::new(), HashMap::new());
    for line in lines.iter().rev().filter(|line| is_step(line.kind)) {
        let Some(mut detail) = Detail::of(line) else { continue };
        let told = match &mut detail {
            Detail::Step(step) => &mut step.told,
            Detail::AdministratorWarned { told, .. } => told,
            _ => continue,
        };
        told.iter_mut().for_each(|audience| fill(audience, line.at, &again, record));
        let here: Vec<StaffId> = told.iter().flat_map(|audience| audience.staff.iter().copied()).collect();
        again.extend(here.into_iter().map(|person| (person, line.at)));
        filled.insert(line.id, detail);
    }
    filled
}

/// Whether a line of the history says who was notified.
#[must_use]
pub fn is_step(kind: HistoryKind) -> bool {
    matches!(kind, HistoryKind::Step | HistoryKind::AdministratorWarned)
}

/// Fills in what came of notifying one audience. What was written before messages named their alert stays as it was
/// written.
fn fill(audience: &mut AudienceTold, at: Instant, again: &BTreeMap<StaffId, Instant>, record: &MessageRecord) {
    let (staff, written) = (&audience.staff, audience.outcome);
    // A step of the same instant hides nothing of another.
    let until = |person: &StaffId| again.get(person).copied().filter(|next| *next > at);
    let reached: Vec<Reached> = staff.iter().map(|person| record.of(*person, at, until(person))).collect();
    let is_of_people = matches!(written, StepOutcome::Queued | StepOutcome::ShownInPortal);
    if let Some(best) = reached.iter().max_by_key(|reached| reached.outcome).filter(|_| is_of_people) {
        audience.outcome = best.outcome.into();
        audience.at = best.at;
    }
    // What was written before outcomes were measured says no more of each person.
    if written != StepOutcome::Told && !staff.is_empty() {
        let people = staff.iter().zip(reached);
        let people = people.map(|(staff, Reached { outcome, at })| PersonReached { staff: *staff, outcome, at });
        audience.people = Some(people.collect());
    }
}

/// Messages to members of staff, for tests.
#[cfg(test)]
pub(in crate::escalation) mod fixture {
    use serde_json::json;

    use super::*;
    use crate::db::{AlertId, Json, NotificationId};
    use crate::notify::{Channel, Recipient, Template};

    pub fn at(minute: i64) -> Instant {
        "2026-11-21T20:00:00Z".parse::<Instant>().unwrap().plus_minutes(minute)
    }

    pub fn person(number: u8) -> StaffId {
        StaffId(uuid::Uuid::from_u128(u128::from(number)))
    }

    pub fn message(to: u8, minute: i64, state: NotificationState) -> Notification {
        Notification {
            id: NotificationId(uuid::Uuid::nil()),
            subject_id: person(to).into(),
            recipient: Recipient::Staff,
            template: Template::TaskWaiting,
            detail: Json(json!({})),
            channel: Channel::Sms,
            device_id: None,
            state,
            outcome: None,
            attempt: 1,
            next_action_at: None,
            queued_at: at(minute),
            sent_at: (state == NotificationState::Sent).then(|| at(minute)),
            deadline: at(minute + 60),
            alert_id: None,
            follow_up_at: None,
        }
    }

    /// That somebody opened the alert, first and last.
    pub fn opening(by: u8, first: i64, last: i64) -> AlertOpening {
        AlertOpening {
            alert_id: AlertId(uuid::Uuid::nil()),
            staff_id: person(by),
            first_at: at(first),
            last_at: at(last),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::fixture::{at, message, opening, person};
    use super::*;

    #[test]
    fn what_came_of_a_step_is_what_its_own_messages_came_to_or_that_the_alert_was_opened_since() {
        use NotificationState::{Ended, GivenUp, Queued, Sent};
        let of = |messages: &[Notification], opened: Option<(i64, i64)>| {
            let openings = opened.map(|(first, last)| opening(1, first, last));
            let record = MessageRecord { messages: messages.to_vec(), openings: openings.into_iter().collect() };
            let reached = record.of(person(1), at(10), Some(at(20)));
            (reached.outcome, reached.at)
        };
        assert_eq!(of(&[], None), (Outcome::ShownInPortal, None));
        assert_eq!(of(&[message(1, 10, Queued)], None), (Outcome::Queued, Some(at(10))));
        assert_eq!(of(&[message(1, 10, Ended), message(1, 11, Sent)], None), (Outcome::Sent, Some(at(11))));
        assert_eq!(of(&[message(1, 10, Ended), message(1, 10, GivenUp)], None), (Outcome::Failed, None));
        // Another's message, one from before and one of a later step count for nothing.
        let others = [message(2, 10, Sent), message(1, 9, Sent), message(1, 20, Sent)];
        assert_eq!(of(&others, None), (Outcome::ShownInPortal, None));
        assert_eq!(of(&[message(1, 10, Sent)], Some((12, 30))), (Outcome::Notified, Some(at(12))));
        assert_eq!(of(&[], Some((3, 30))), (Outcome::Notified, Some(at(30))));
        // Who opened it before the step knows nothing of it.
        assert_eq!(of(&[message(1, 10, Sent)], Some((3, 9))), (Outcome::Sent, Some(at(10))));
    }
}
