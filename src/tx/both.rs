//! One call on two records: what is said in a session under duress is kept on the survivor's own record, and shown on the
//! decoy.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use diesel::Connection;
use diesel::connection::TransactionManager;
use uuid::Uuid;

use super::{Actor, Entry, Raised, Tx};
use crate::db::{DbConn, SubjectId};
use crate::error::{Result, contain};

/// The act of an entry that is never written as such.
const BESIDE: &str = "beside";

type Manager = <DbConn as Connection>::TransactionManager;

/// The ids of what a call on two records makes on the survivor's own.
#[derive(Default)]
pub(super) struct Minted {
    ids: VecDeque<Uuid>,
    is_second: bool,
}

/// What stands behind a caller in a session under duress.
pub struct Behind<W> {
    /// The same caller on their own record: what is said is kept there, marked, and lowers no protection.
    pub own: W,
    /// As whom the decoy knows them.
    pub decoy: Actor,
}

impl Tx<'_> {
    /// Carries a use case out. In a session under duress on the survivor's own record first, so that whatever raises an
    /// alarm has raised it, and then on the decoy, which answers. What the own record refuses keeps the decoy from nothing.
    ///
    /// # Errors
    /// What the decoy refuses, as a record of its own would; then nothing is kept on either.
    pub fn both<W, T>(
        &mut self,
        who: &W,
        behind: Option<Behind<W>>,
        work: impl Fn(&mut Tx<'_>, &W) -> Result<T>,
    ) -> Result<T> {
        let Some(Behind { own, decoy }) = behind else { return work(self, who) };
        self.minted = Some(Minted::default());
        let kept = match self.whole(|tx| work(tx, &own)) {
            Ok(kept) => Some((kept, std::mem::take(&mut self.raised))),
            Err(error) if error.is_refusal() => {
                self.outcome("shown_only");
                self.minted = Some(Minted::default());
                None
            }
            Err(error) => return Err(error),
        };
        if let Some(minted) = &mut self.minted {
            minted.is_second = true;
        }
        let shown = self.aside(Some(decoy), |tx| work(tx, who));
        self.minted = None;
        let (value, raised) = match (shown, kept) {
            (Err(error), Some(kept)) if !error.is_refusal() && !error.is_of_the_database() => {
                // What was said is kept, and the alarm is raised: that counts for more than a decoy that holds.
                tracing::error!(%error, "a decoy could not answer");
                kept
            }
            (shown, _) => shown?,
        };
        self.raised = raised;
        Ok(value)
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

    /// Does to a decoy what was done to the record that it mirrors. Where that cannot be done, the record has it all the same.
    ///
    /// # Errors
    /// What the database could not do.
    pub fn mirror(&mut self, work: impl FnOnce(&mut Self) -> Result<()>) -> Result<()> {
        contain(self.aside(None, work).map(drop), |error| tracing::error!(%error, "a decoy could not be kept up"))
    }

    /// Does something beside the act that this transaction is for: the audit holds nothing of it but the rows. Answers the alerts that were
    /// raised, of which nobody else is told.
    fn aside<T>(
        &mut self,
        actor: Option<Actor>,
        work: impl FnOnce(&mut Self) -> Result<T>,
    ) -> Result<(T, Vec<Raised>)> {
        let before = self.actor.clone();
        self.actor = actor.unwrap_or_else(|| before.clone());
        let entries = std::mem::replace(&mut self.entries, vec![Entry::of(BESIDE)]);
        let raised = std::mem::take(&mut self.raised);
        let done = self.whole(work);
        self.actor = before;
        let beside = std::mem::replace(&mut self.entries, entries);
        if let Some(act) = self.entries.first_mut() {
            // Rows that were written so are bound as any: nobody edits them or slips some in.
            beside.iter().for_each(|entry| act.wrote.push_str(&entry.wrote));
        }
        let raised = std::mem::replace(&mut self.raised, raised);
        done.map(|value| (value, raised))
    }

    /// Does something with all that follows from it, or nothing of it.
    fn whole<T>(&mut self, work: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        let (events, entries) = (std::mem::take(&mut self.events), self.entries.clone());
        Manager::begin_transaction(self.conn)?;
        let run = || -> Result<T> {
            let value = work(self)?;
            self.react()?;
            Ok(value)
        };
        match catch_unwind(AssertUnwindSafe(run)) {
            Ok(Ok(value)) => {
                Manager::commit_transaction(self.conn)?;
                self.events = events;
                Ok(value)
            }
            failed => {
                Manager::rollback_transaction(self.conn)?;
                self.events = events;
                self.entries = entries;
                failed.unwrap_or_else(|panic| resume_unwind(panic))
            }
        }
    }
}
