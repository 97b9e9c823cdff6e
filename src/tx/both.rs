//! One call on two records: what is said in a session under duress is kept on the survivor's own record, and shown on the
//! decoy.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};

use diesel::connection::TransactionManager;
use diesel::dsl::exists;
use diesel::prelude::*;
use uuid::Uuid;

use super::{Actor, PendingEntry, Raised, Tx};
use crate::db::schema::survivors;
use crate::db::{DbConn, SubjectId, SurvivorId};
use crate::error::{Error, Result};

/// The act of an entry that is never written as such.
const ASIDE: &str = "aside";

type Manager = <DbConn as Connection>::TransactionManager;

/// The ids of what a call on two records makes on the survivor's own.
#[derive(Clone, Default)]
pub(crate) struct Minted {
    ids: VecDeque<Uuid>,
    is_second: bool,
}

/// What a call on two records has come to on the survivor's own, whatever the decoy answers.
#[derive(Clone, Default)]
pub(crate) enum Own {
    /// Nothing that counts by itself: a refusal undoes it.
    #[default]
    Open,
    /// It commits, also where the decoy refuses.
    Kept,
    /// It commits at once, since it raised an alarm, and the decoy still waits for its key: with the ids by which the phone will
    /// know what was made.
    Ahead(Minted),
}

/// The two records of a caller who has a decoy.
pub struct Behind<W> {
    /// The same caller on their own record: what is said under duress is kept there, marked, and lowers no protection.
    pub own: W,
    /// As whom the decoy knows them.
    pub decoy: Actor,
    /// Of a genuine session: the caller as on the decoy. None is under duress.
    pub shadow: Option<W>,
}

/// One of the two records of a call.
#[derive(Clone, Copy, Debug)]
enum Record {
    Own,
    Decoy,
}

/// A use case of a caller on either of the two records; what it comes to stays with the caller.
type OnEither<'r> = &'r mut dyn FnMut(&mut Tx<'_>, Record) -> Result<()>;

/// Whether a record is a decoy.
pub(crate) fn is_decoy(conn: &mut DbConn, record: SubjectId) -> Result<bool> {
    let decoy = survivors::table.find(SurvivorId(record.0)).filter(survivors::decoy_of.is_not_null());
    Ok(diesel::select(exists(decoy)).get_result(conn)?)
}

impl Tx<'_> {
    /// Carries a use case out. In a session under duress on the survivor's own record first, so that whatever raises an
    /// alarm has raised it, and then on the decoy, which answers. What the own record refuses keeps the decoy from nothing, and
    /// whatever becomes of the decoy undoes nothing of the survivor's own. A genuine session of somebody who has a decoy does as
    /// much, and undoes it. What remains is hidden by the least time that the answer of either takes (`App::at_pace`): a cry that
    /// adds to an open alert is less work than one that opens it, and a genuine cry leaves no alert on the decoy.
    ///
    /// # Errors
    /// When the decoy refuses, as a record of its own would; what was kept on the survivor's own stays all the same.
    pub fn both<W, T>(
        &mut self,
        who: &W,
        behind: Option<Behind<W>>,
        work: impl Fn(&mut Tx<'_>, &W) -> Result<T>,
    ) -> Result<T> {
        let Some(Behind { own, decoy, shadow }) = behind else { return work(self, who) };
        let (on_own, on_decoy) = match &shadow {
            Some(shadow) => (who, shadow),
            None => (&own, who),
        };
        let (mut kept, mut shown) = (None, None);
        // The value stays here, so that what follows is compiled once and not for each of hundreds of use cases.
        let mut run = |tx: &mut Tx<'_>, record: Record| {
            match record {
                Record::Own => kept = Some(work(tx, on_own)?),
                Record::Decoy => shown = Some(work(tx, on_decoy)?),
            }
            Ok(())
        };
        let answering = match shadow.is_some() {
            true => self.with_shadow(&decoy, &mut run)?,
            false => self.under_duress(&decoy, &mut run)?,
        };
        let value = match answering {
            Record::Own => kept,
            Record::Decoy => shown,
        };
        value.ok_or_else(|| Error::internal("a call on two records answered nothing"))
    }

    /// In a session under duress; answers which record it is that answers.
    fn under_duress(&mut self, decoy: &Actor, run: OnEither<'_>) -> Result<Record> {
        let is_ahead = matches!(self.own, Own::Ahead(_));
        let kept = match std::mem::take(&mut self.own) {
            // The own record has it since the run before, and the alarm is out.
            Own::Ahead(minted) => {
                self.minted = Some(minted);
                self.outcome("shown_only");
                None
            }
            Own::Open | Own::Kept => self.on_own(run)?,
        };
        let minted = Minted { is_second: true, ..self.minted.take().unwrap_or_default() };
        let shown = self.on_decoy(decoy, &minted, run);
        let is_raised = kept.as_ref().is_some_and(|raised| !raised.is_empty());
        let (record, raised) = match (shown, kept) {
            (Ok(raised), _) => (Record::Decoy, raised),
            (Err(Error::KeyNeeded), _) => {
                if is_raised {
                    self.own = Own::Ahead(minted);
                }
                return Err(Error::KeyNeeded);
            }
            (Err(error), Some(raised)) if !error.is_refusal() => {
                // What was said is kept, and the alarm is raised: that counts for more than a decoy that holds.
                tracing::error!(%error, "a decoy could not answer");
                (Record::Own, raised)
            }
            (Err(error), None) if is_ahead && !error.is_refusal() => {
                tracing::error!(%error, "a decoy could not answer");
                (Record::Own, self.answer_again(run).ok_or(error)?)
            }
            (Err(error), kept) => {
                if kept.is_some() {
                    self.own = Own::Kept;
                }
                return Err(error);
            }
        };
        self.raised = raised;
        Ok(record)
    }

    /// What the survivor's own record would answer to what it has kept already; nothing is kept twice. Answers the alerts.
    fn answer_again(&mut self, run: OnEither<'_>) -> Option<Vec<Raised>> {
        let mut answer = None;
        let undone: Result<()> = self.whole(|tx| {
            run(tx, Record::Own)?;
            tx.react()?;
            answer = Some(std::mem::take(&mut tx.raised));
            Err(Error::NotFound)
        });
        drop(undone);
        answer
    }

    /// Does it on the caller's own record, and what a session under duress would do on the decoy, which is undone whatever comes
    /// of it. What a mirror has written to the decoy already is as much.
    fn with_shadow(&mut self, decoy: &Actor, run: OnEither<'_>) -> Result<Record> {
        self.is_mirrored = false;
        self.whole(|tx| run(tx, Record::Own))?;
        if (self.is_mirrored && self.raised.is_empty()) || self.keys.lacks_any() {
            return Ok(Record::Own);
        }
        self.minted = Some(Minted { is_second: true, ..Minted::default() });
        let undone = self.aside(Some(decoy.clone()), |tx| -> Result<()> {
            run(tx, Record::Decoy)?;
            tx.react()?;
            Err(Error::NotFound)
        });
        self.minted = None;
        if !self.raised.is_empty() {
            // No alarm waits for a key that nothing of it is sealed with.
            self.keys.forgo();
        }
        // Undone in any case: there is nothing to answer.
        drop(undone);
        Ok(Record::Own)
    }

    /// Does something with all that follows from it, and undoes it: for what must take as long as where it is done.
    pub fn undone(&mut self, work: impl FnOnce(&mut Self) -> Result<()>) {
        let undone: Result<((), Vec<Raised>)> = self.aside(None, |tx| {
            work(tx)?;
            tx.react()?;
            Err(Error::NotFound)
        });
        drop(undone);
    }

    /// Does it on the survivor's own record, and answers the alerts; nothing where that refuses.
    fn on_own(&mut self, run: OnEither<'_>) -> Result<Option<Vec<Raised>>> {
        self.minted = Some(Minted::default());
        match self.whole(|tx| run(tx, Record::Own)) {
            Ok(()) if self.keys.lacks_any() => Err(Error::KeyNeeded),
            Ok(()) => Ok(Some(std::mem::take(&mut self.raised))),
            Err(error) if error.is_refusal() => {
                self.outcome("shown_only");
                self.minted = None;
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// Does it on the decoy, in a savepoint of its own, and answers the alerts. Two writers that met there meet once: the own record
    /// does not wait for them a second time.
    fn on_decoy(&mut self, decoy: &Actor, minted: &Minted, run: OnEither<'_>) -> Result<Vec<Raised>> {
        let mut shown = self.shown(decoy, minted, run);
        if shown.as_ref().is_err_and(Error::is_retryable) {
            shown = self.shown(decoy, minted, run);
        }
        self.minted = None;
        shown
    }

    fn shown(&mut self, decoy: &Actor, minted: &Minted, run: OnEither<'_>) -> Result<Vec<Raised>> {
        self.minted = Some(minted.clone());
        let on_decoy = |tx: &mut Self| {
            run(tx, Record::Decoy)?;
            tx.react()?;
            // A row that was written without what no key was at hand for is written again with it.
            if tx.keys.lacks_any() { Err(Error::KeyNeeded) } else { Ok(()) }
        };
        let done = self.aside(Some(decoy.clone()), on_decoy);
        if self.keys.lacks_any() { Err(Error::KeyNeeded) } else { done.map(|((), raised)| raised) }
    }

    /// A new id for something; on a decoy with the id of what is kept on the survivor's own record, by which the phone knows
    /// both.
    pub fn mint(&mut self) -> (Uuid, Option<Uuid>) {
        let new = SubjectId::new(self.now).0;
        match &mut self.minted {
            None => (new, None),
            Some(minted) if minted.is_second => (new, minted.ids.pop_front()),
            Some(minted) => {
                minted.ids.push_back(new);
                (new, None)
            }
        }
    }

    /// Does to a decoy what was done to the record that it mirrors. Where that cannot be done, the record has it all the same, and
    /// the worker sets the decoy right.
    ///
    /// # Errors
    /// Where a key is to be fetched first, or the transaction is lost in any case.
    pub fn mirror(&mut self, work: impl Fn(&mut Self) -> Result<()>) -> Result<()> {
        self.is_mirrored = true;
        let mut done = self.aside(None, &work);
        if done.as_ref().is_err_and(Error::is_retryable) {
            done = self.aside(None, &work);
        }
        match done {
            Err(Error::KeyNeeded) => Err(Error::KeyNeeded),
            Err(error) => {
                tracing::error!(%error, "a decoy could not be kept up");
                Ok(())
            }
            Ok(_) => Ok(()),
        }
    }

    /// Whether a record is the caller's own, without a look: a phone is enrolled on no decoy, and what is done to one is done
    /// aside.
    pub fn is_on_own(&self, record: SurvivorId) -> bool {
        !self.is_aside && matches!(self.actor, Actor::Survivor { id, .. } if id == record)
    }

    /// Does something apart from the act that this transaction is for: the audit holds only the rows of it. Answers the alerts
    /// that were raised, of which nobody else is notified.
    fn aside<T>(
        &mut self,
        actor: Option<Actor>,
        work: impl FnOnce(&mut Self) -> Result<T>,
    ) -> Result<(T, Vec<Raised>)> {
        let before = self.actor.clone();
        self.actor = actor.unwrap_or_else(|| before.clone());
        let entries = std::mem::replace(&mut self.entries, vec![PendingEntry::of(ASIDE)]);
        let raised = std::mem::take(&mut self.raised);
        let is_aside = std::mem::replace(&mut self.is_aside, true);
        let done = self.whole(work);
        (self.actor, self.is_aside) = (before, is_aside);
        let aside = std::mem::replace(&mut self.entries, entries);
        if let Some(act) = self.entries.first_mut() {
            // Rows that were written so are bound as any: nobody edits them or slips some in.
            aside.iter().for_each(|entry| act.wrote.push_str(&entry.wrote));
        }
        let raised = std::mem::replace(&mut self.raised, raised);
        done.map(|value| (value, raised))
    }

    /// Does something with all that follows from it, or nothing of it. What panics has failed, and takes nothing else with it.
    fn whole<T>(&mut self, work: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        let (events, entries) = (std::mem::take(&mut self.events), self.entries.clone());
        Manager::begin_transaction(self.conn)?;
        let run = || -> Result<T> {
            let value = work(self)?;
            self.react()?;
            Ok(value)
        };
        let done = catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|_| Err(Error::internal("a use case panicked")));
        match done {
            Ok(_) => Manager::commit_transaction(self.conn)?,
            Err(_) => {
                Manager::rollback_transaction(self.conn)?;
                self.entries = entries;
            }
        }
        self.events = events;
        done
    }
}
