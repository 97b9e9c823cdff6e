//! One transaction and all that belongs to it: connection, time, actor, events, audit entries.
//!
//! A use case is a plain function `(tx, who, input) → Result<T>`. It reads and writes through `tx.conn`, emits events,
//! and says what it is about. When it returns, the events become alerts and queued deliveries, the audit entries take
//! their place in the chain, and everything commits together or not at all.

mod both;
mod raised;
mod stored_answer;

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use uuid::Uuid;

use crate::config::Settings;
use crate::crypto::{Keys, Private, SealContext, Sealed};
use crate::db::{
    AlertId, AuditReasonId, DbConn, DeviceId, Instant, OrganisationId, PoliceClientId, SessionId, StaffId, SubjectId,
    SurvivorId, notify_others,
};
use crate::error::{Error, Result};
use crate::events::Event;
use crate::outgoing::guard::Ways;

pub use both::Behind;
pub(crate) use both::{Own, is_decoy};
pub use raised::{Raised, RaisedAlertView};
pub(crate) use stored_answer::KeptAnswer;

/// Who acts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// Nobody that is known yet: an enrolment, a first sign-in.
    Nobody,
    /// The software itself, because time passed.
    System,
    /// Somebody at the command line.
    Operator,
    /// A survivor through a session, or a device's SOS token (then without one).
    Survivor {
        /// The survivor.
        id: SurvivorId,
        /// The phone.
        device: DeviceId,
        /// The session.
        session: Option<SessionId>,
        /// Whether it was begun with the duress PIN.
        is_duress: bool,
        /// Whether its answers wait for their pace (see [`App::at_pace`](crate::app::App::at_pace)).
        is_paced: bool,
    },
    /// A member of staff.
    Staff {
        /// The account.
        id: StaffId,
        /// Where they work; administrators made at the command line belong to none.
        organisation: Option<OrganisationId>,
        /// The roles they hold, joined by `+`.
        roles: String,
    },
    /// A police system.
    PoliceClient {
        /// The client.
        id: PoliceClientId,
        /// The force.
        organisation: OrganisationId,
    },
}

impl Actor {
    /// The phone at whose pace this actor is answered.
    pub(crate) fn paced_phone(&self) -> Option<DeviceId> {
        match self {
            Self::Survivor { device, is_paced: true, .. } => Some(*device),
            _ => None,
        }
    }

    /// The word for the kind, as audit and history keep it.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Nobody => "nobody",
            Self::System => "system",
            Self::Operator => "operator",
            Self::Survivor { .. } => "survivor",
            Self::Staff { .. } => "staff",
            Self::PoliceClient { .. } => "police_client",
        }
    }

    /// The account, where there is one.
    #[must_use]
    pub fn id(&self) -> Option<Uuid> {
        match self {
            Self::Nobody | Self::System | Self::Operator => None,
            Self::Survivor { id, .. } => Some(id.0),
            Self::Staff { id, .. } => Some(id.0),
            Self::PoliceClient { id, .. } => Some(id.0),
        }
    }

    /// The organisation, where there is one.
    #[must_use]
    pub fn organisation(&self) -> Option<OrganisationId> {
        match self {
            Self::Staff { organisation, .. } => *organisation,
            Self::PoliceClient { organisation, .. } => Some(*organisation),
            _ => None,
        }
    }

    /// The role or roles, as audit keeps them.
    #[must_use]
    pub fn role(&self) -> &str {
        match self {
            Self::Staff { roles, .. } => roles,
            other => other.kind(),
        }
    }

    /// Whether this is a session under duress.
    #[must_use]
    pub fn is_duress(&self) -> bool {
        matches!(self, Self::Survivor { is_duress: true, .. })
    }

    /// Whose key seals what is kept for this caller alone.
    #[must_use]
    pub fn subject(&self) -> SubjectId {
        match self {
            Self::Survivor { id, .. } => SubjectId::from(*id),
            Self::Staff { id, .. } => SubjectId::from(*id),
            _ => SubjectId::SYSTEM,
        }
    }
}

/// What an audit entry is about: a kind and an id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subject {
    /// Such as `survivor` or `alert`.
    pub kind: &'static str,
    /// Which one.
    pub id: SubjectId,
}

impl Subject {
    /// A subject.
    pub fn of(kind: &'static str, id: impl Into<SubjectId>) -> Self {
        Self { kind, id: id.into() }
    }
}

/// One entry for the audit chain, before it has its place there.
#[derive(Clone, Debug)]
pub struct PendingEntry {
    /// The act: the operation's id, or the worker step's.
    pub action: &'static str,
    /// What it is about.
    pub subject: Option<Subject>,
    /// The survivor whose it is, where the subject is something of theirs.
    pub person: Option<SubjectId>,
    /// The officer whom a police system named.
    pub officer: Option<StaffId>,
    /// Why, as a code.
    pub purpose: &'static str,
    /// Why, in words that somebody stated.
    pub reason: Option<StatedReason>,
    /// How it went, as a code.
    pub outcome: &'static str,
    /// How many refusals the entry counts; one where it is of a single act.
    pub times: i32,
    /// A line for each record that the transaction wrote: `audit::records`.
    pub wrote: String,
}

impl PendingEntry {
    /// An act that was done, about nothing yet.
    #[must_use]
    pub fn of(action: &'static str) -> Self {
        let (person, officer, reason) = (None, None, None);
        Self {
            action,
            subject: None,
            person,
            officer,
            purpose: "",
            reason,
            outcome: "done",
            times: 1,
            wrote: String::new(),
        }
    }
}

/// The words in which somebody stated why, sealed under the key of the survivor whom the act is about: erasure takes them, and
/// the chain, whose hash covers the ciphertext, stays whole.
#[derive(Clone, Debug)]
pub struct StatedReason {
    /// What they are sealed for.
    pub id: AuditReasonId,
    /// The words.
    pub words: Sealed,
}

impl StatedReason {
    /// What the words of an entry about a person are bound to.
    #[must_use]
    pub fn place(person: SubjectId, id: AuditReasonId) -> SealContext {
        SealContext::new(person, "audit_entries", "reason", id)
    }
}

/// An open transaction.
pub struct Tx<'c> {
    /// The connection.
    pub conn: &'c mut DbConn,
    /// What time it is, throughout.
    pub now: Instant,
    /// Who acts.
    pub actor: Actor,
    /// The machine's own clock, wherever a test clock was moved to: for what outsiders judge by theirs.
    pub wall_clock: Instant,
    /// The data keys, from memory.
    pub keys: &'c Keys,
    /// What use cases know of the settings.
    pub settings: &'c Settings,
    /// What features below call of those above.
    pub hooks: &'c Hooks,
    events: VecDeque<Event>,
    entries: Vec<PendingEntry>,
    raised: Vec<Raised>,
    after: After,
    /// The answer to keep under the caller's key: it is written with the audit, or else just after it.
    pub(crate) stored_answer: Option<KeptAnswer>,
    minted: Option<both::Minted>,
    is_mirrored: bool,
    is_aside: bool,
    own: Own,
}

/// What features call of those above them, so that nothing imports upward. The command line assembles them once.
#[derive(Clone, Copy)]
pub struct Hooks {
    /// What follows from an event: [`crate::reactions::react`].
    pub react: fn(&mut Tx<'_>, &Event) -> Result<()>,
    /// Writes audit entries into the chain: `audit::record`.
    pub record: fn(&mut Tx<'_>, &[PendingEntry]) -> Result<()>,
    /// What may be sent now of a message about an alert to a force, given its body as queued; none where nothing may:
    /// `escalation::revise`.
    pub revise: fn(&mut Tx<'_>, AlertId, OrganisationId, &str) -> Result<Option<String>>,
    /// Reaches the police about an alert another way, since a message to a force reaches nobody: `escalation::fall_back`.
    pub fall_back: fn(&mut Tx<'_>, AlertId, OrganisationId) -> Result<()>,
    /// Whether the police can be reached about a survivor, whatever the survivor's settings are:
    /// `escalation::can_reach_police`.
    pub can_reach_police: fn(&mut DbConn, Ways, SurvivorId) -> Result<bool>,
    /// How many incidents of a survivor arrived within a stretch of time: `incidents::count_between`.
    pub count_incidents: fn(&mut DbConn, SurvivorId, Instant, Instant) -> Result<i64>,
    /// Whether an emergency of a survivor is open that their phone must not know of: `escalation::is_silent`.
    pub is_silent: fn(&mut DbConn, SurvivorId) -> Result<bool>,
}

/// What a transaction is given next to its connection. Nothing in it can reach the network, the key store or the hasher.
#[derive(Clone, Copy)]
pub(crate) struct Surroundings<'c> {
    /// See [`Tx::now`].
    pub now: Instant,
    /// See [`Tx::wall_clock`].
    pub wall_clock: Instant,
    /// See [`Tx::keys`].
    pub keys: &'c Keys,
    /// See [`Tx::settings`].
    pub settings: &'c Settings,
    /// See [`Tx::hooks`].
    pub hooks: &'c Hooks,
    /// What a run before this one has kept on the survivor's own record.
    pub own: &'c Own,
    /// Where the entry of a use case that refused is kept: its own is lost with the transaction.
    pub tried: &'c Mutex<Option<PendingEntry>>,
}

/// Who is notified once a transaction has committed.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct After {
    /// The worker, since something is due at once.
    pub notifies_worker: bool,
    /// Those who follow what happens.
    pub publishes_change: bool,
}

impl<'c> Tx<'c> {
    /// Runs a use case inside an open database transaction, and everything that must commit with it. Returns what it came to,
    /// and what is to be done after the commit. It may have refused, and commit all the same: what was said under duress stays
    /// whatever the decoy answers.
    pub(crate) fn run<T>(
        conn: &'c mut DbConn,
        around: Surroundings<'c>,
        actor: Actor,
        action: &'static str,
        work: impl FnOnce(&mut Tx<'_>) -> Result<T>,
    ) -> Result<(Result<T>, After, Own)> {
        let Surroundings { now, wall_clock, keys, settings, hooks, own, tried } = around;
        let entries = vec![PendingEntry::of(action)];
        let (events, raised, after) = (VecDeque::new(), Vec::new(), After::default());
        let mut tx = Tx {
            conn,
            now,
            actor,
            wall_clock,
            keys,
            settings,
            hooks,
            events,
            entries,
            raised,
            after,
            stored_answer: None,
            minted: None,
            is_mirrored: false,
            is_aside: false,
            own: own.clone(),
        };
        let done = match work(&mut tx).inspect_err(|_| tx.keep_tried(tried)) {
            Err(refused) if !matches!(tx.own, Own::Open) => Err(refused),
            done => Ok(done?),
        };
        tx.react()?;
        if keys.lacks_any() && !matches!(tx.own, Own::Ahead(_)) {
            return Err(Error::KeyNeeded);
        }
        let entries = std::mem::take(&mut tx.entries);
        (hooks.record)(&mut tx, &entries)?;
        if let Some(answer) = tx.stored_answer.take() {
            answer.insert(tx.conn)?;
        }
        if tx.after.notifies_worker || tx.after.publishes_change {
            notify_others(tx.conn, tx.after.notifies_worker)?;
        }
        Ok((done, tx.after, std::mem::take(&mut tx.own)))
    }

    /// Emits an event; what follows from it commits with it.
    pub fn emit(&mut self, event: Event) {
        self.events.push_back(event);
    }

    /// Runs the reactions to the events emitted so far and returns the alerts that were raised. Runs by itself before the
    /// commit; an answer that speaks of alerts asks for it earlier.
    pub fn react(&mut self) -> Result<&[Raised]> {
        while let Some(event) = self.events.pop_front() {
            (self.hooks.react)(self, &event)?;
        }
        Ok(&self.raised)
    }

    /// Says what the act is about, for the audit.
    pub fn about(&mut self, subject: Subject) {
        if let Some(act) = self.entries.first_mut() {
            act.subject = Some(subject);
        }
    }

    /// Says whose the subject of the act is, so that the audit finds it under the survivor as well.
    pub fn touches(&mut self, person: impl Into<SubjectId>) {
        if let Some(act) = self.entries.first_mut() {
            act.person = Some(person.into());
        }
    }

    /// Says which officer a police system names.
    pub fn names(&mut self, officer: StaffId) {
        if let Some(act) = self.entries.first_mut() {
            act.officer = Some(officer);
        }
    }

    /// Keeps the words in which the caller stated why, sealed under the key of the survivor whom the act is about.
    ///
    /// # Errors
    /// 503 while the key cannot be had.
    pub fn stated(&mut self, person: impl Into<SubjectId>, reason: &Private) -> Result<()> {
        let (person, id) = (person.into(), AuditReasonId::new(self.now));
        let words = self.keys.seal(StatedReason::place(person, id), reason)?;
        if let Some(act) = self.entries.first_mut() {
            (act.person, act.reason) = (Some(person), Some(StatedReason { id, words }));
        }
        Ok(())
    }

    /// Keeps what was refused; what it wrote is undone.
    fn keep_tried(&self, tried: &Mutex<Option<PendingEntry>>) {
        let act = self.entries.first().cloned().map(|act| PendingEntry { wrote: String::new(), ..act });
        *tried.lock().unwrap_or_else(PoisonError::into_inner) = act;
    }

    /// Makes the act's entry that of a refusal before. It says of nothing that it is a decoy's.
    pub(crate) fn refused(&mut self, refusal: &PendingEntry) -> Result<()> {
        let person = refusal.person;
        let is_hidden = person.map(|person| is_decoy(self.conn, person)).transpose()?.unwrap_or(false);
        if let Some(act) = self.entries.first_mut() {
            let person = person.filter(|_| !is_hidden);
            *act = PendingEntry { outcome: "refused", person, ..refusal.clone() };
        }
        Ok(())
    }

    /// Says how the act went, where it was not simply done.
    pub fn outcome(&mut self, outcome: &'static str) {
        if let Some(act) = self.entries.first_mut() {
            act.outcome = outcome;
        }
    }

    /// Says why the act was done, as a code.
    pub fn because(&mut self, purpose: &'static str) {
        if let Some(act) = self.entries.first_mut() {
            act.purpose = purpose;
        }
    }

    /// Adds an audit entry next to the act's own, such as a read that it needed; it is of the same officer and survivor.
    pub fn note(&mut self, action: &'static str, subject: Subject, purpose: &'static str) {
        let (person, officer) = self.entries.first().map_or((None, None), |act| (act.person, act.officer));
        self.entries.push(PendingEntry {
            subject: Some(subject),
            person,
            officer,
            purpose,
            ..PendingEntry::of(action)
        });
    }

    /// Adds the act itself under another record as well, such as that of the survivor whose log is to show it.
    pub fn note_under(&mut self, subject: Subject, purpose: &'static str) {
        let action = self.entries.first().map_or("", |act| act.action);
        self.note(action, subject, purpose);
    }

    /// Binds the act's entry to a record that was written: its new version with a digest, or that it was removed.
    pub fn wrote(&mut self, table: &str, key: Uuid, version: Option<(i32, [u8; 32])>) {
        let Some(act) = self.entries.first_mut() else { return };
        let line = match version {
            Some((version, digest)) => format!("{table} {key} {version} {}\n", STANDARD.encode(digest)),
            None => format!("{table} {key} gone\n"),
        };
        act.wrote.push_str(&line);
    }

    /// Tells of an alert that was raised or added to.
    pub fn raised(&mut self, raised: Raised) {
        self.raised.push(raised);
    }

    /// Wakes the worker after the commit, since something is due at once.
    pub fn notify_worker(&mut self) {
        self.after.notifies_worker = true;
    }

    /// Tells those who follow what happens, after the commit, that there may be something new.
    pub fn publish_change(&mut self) {
        self.after.publishes_change = true;
    }
}
