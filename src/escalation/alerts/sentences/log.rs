//! The log of an alert: what happened, in order; the messages to police and to people, and what became of them.

use super::WithForce;
use crate::db::{Instant, StaffId};
use crate::escalation::ladder::step_outcomes::MessageRecord;
use crate::escalation::ladder::step_outcomes::model::Outcome;

/// The log of an alert.
#[derive(Clone, Debug, Default)]
pub(in crate::escalation) struct Log {
    /// What happened, in order.
    pub entries: Vec<LogEntry>,
    /// The messages to police.
    pub messages: Vec<ToPolice>,
    /// The messages to staff, and who opened the alert.
    pub record: MessageRecord,
    /// Whether the police are notified of it, as things are now.
    pub police_will_be_told: bool,
    /// What the survivor may read of what the police said came of it.
    pub released: Option<Released>,
    /// When the phone that it came by, or whose place is known, was reported lost or taken.
    pub phone_reported_at: Option<Instant>,
    /// Whether nobody had confirmed that phone.
    pub is_phone_unconfirmed: bool,
}

impl Log {
    /// Leaves out how far it has come with the police: the survivor hears of that in person first.
    pub fn forget_police(&mut self) {
        self.messages.clear();
        self.entries.retain(|entry| !matches!(entry.event, LogEvent::OfficerAcknowledged { .. }));
    }
}

/// What the police said came of an alert, as it was released to the survivor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::escalation) struct Released {
    /// As a code.
    pub outcome: String,
    /// Whether they have said something else since.
    pub is_superseded: bool,
}

/// Something that happened.
#[derive(Clone, Debug)]
pub(in crate::escalation) struct LogEntry {
    /// When.
    pub at: Instant,
    /// What.
    pub event: LogEvent,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::escalation) enum LogEvent {
    /// Something happened to the survivor, or a person opened the alert again.
    Triggered,
    /// Support-side people were notified; none where there was nobody.
    Notified(Vec<StaffId>),
    /// A support-side person took it up.
    SupportAcknowledged,
    /// An officer of a force took it up.
    OfficerAcknowledged {
        /// The force's name.
        force: String,
    },
    /// It was closed: done.
    Resolved,
    /// It was closed: safety confirmed.
    StoodDown,
}

/// A message to a force.
#[derive(Clone, Debug)]
pub(in crate::escalation) struct ToPolice {
    /// The force's name.
    pub force: String,
    /// Whether it goes by mail, which nobody answers for having received.
    pub is_mail: bool,
    /// When it was queued.
    pub queued_at: Instant,
    /// When it was taken: by a system of the force, or by our own mail server.
    pub taken_at: Option<Instant>,
    /// Whether it still waits to be sent.
    pub is_waiting: bool,
}

impl Log {
    fn last(&self, is_it: impl Fn(&LogEvent) -> bool) -> Option<usize> {
        self.entries.iter().rposition(|entry| is_it(&entry.event))
    }

    /// The latest trigger.
    pub fn last_trigger(&self) -> Option<usize> {
        self.last(|event| *event == LogEvent::Triggered)
    }

    fn last_trigger_at(&self) -> Option<Instant> {
        self.last_trigger().and_then(|last| self.entries.get(last)).map(|entry| entry.at)
    }

    /// When somebody who supports the survivor last took it up, or closed it.
    pub fn last_seen_by_support(&self) -> Option<usize> {
        self.last(|event| matches!(event, LogEvent::SupportAcknowledged | LogEvent::Resolved | LogEvent::StoodDown))
    }

    /// How it was closed, unless it was opened again.
    pub fn closing(&self) -> Option<&LogEvent> {
        let closed = self.last(|event| matches!(event, LogEvent::Resolved | LogEvent::StoodDown))?;
        let is_over = self.last_trigger().is_none_or(|trigger| trigger < closed);
        self.entries.get(closed).map(|entry| &entry.event).filter(|_| is_over)
    }

    /// The best that came of notifying people since the latest trigger; none before anybody was to be notified.
    pub fn reached(&self) -> Option<Outcome> {
        let from = self.last_trigger().unwrap_or_default();
        let steps = self.entries.iter().skip(from).filter_map(|entry| match &entry.event {
            LogEvent::Notified(people) => Some((entry.at, people)),
            _ => None,
        });
        let of_step = |(at, people): (Instant, &Vec<StaffId>)| {
            let reached = people.iter().map(|person| self.record.of(*person, at, None).outcome);
            reached.max().unwrap_or(Outcome::NoOne)
        };
        steps.map(of_step).max()
    }

    /// How far it has come with one force.
    pub fn with_force(&self, force: &str) -> WithForce {
        let trigger = self.last_trigger();
        let is_theirs = |event: &LogEvent| matches!(event, LogEvent::OfficerAcknowledged { force: by } if by == force);
        match self.last(is_theirs) {
            Some(seen) if trigger.is_none_or(|trigger| seen > trigger) => return WithForce::Acknowledged,
            Some(_) => return WithForce::AcknowledgedBefore,
            None => {}
        }
        let latest = self.last_trigger_at();
        let own = self.messages.iter().filter(|message| message.force == force);
        let of_one = |message: &ToPolice| match (message.taken_at, message.is_mail) {
            (Some(_), true) => WithForce::Mailed,
            (Some(_), false) if latest.is_none_or(|latest| message.queued_at >= latest) => WithForce::Received,
            (Some(_), false) => WithForce::ReceivedBefore,
            (None, _) if message.is_waiting => WithForce::Waiting,
            (None, _) => WithForce::Nothing,
        };
        own.map(of_one).max().unwrap_or(WithForce::Nothing)
    }

    /// The furthest that it has come with any force; none where there was no message to any.
    pub fn with_police(&self) -> Option<WithForce> {
        let sent = self.messages.iter().map(|message| message.force.as_str());
        let acknowledged = self.entries.iter().filter_map(|entry| match &entry.event {
            LogEvent::OfficerAcknowledged { force } => Some(force.as_str()),
            _ => None,
        });
        sent.chain(acknowledged).map(|force| self.with_force(force)).max()
    }
}
