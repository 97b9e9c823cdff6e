//! What a survivor last said about being contacted: whether it is safe, and how.
//!
//! It is kept next to the plan and only ever narrows it: after "not safe" nothing leaves for them until they say
//! otherwise, or their advocate makes another plan. Under duress only that it is not safe is heard, and nothing in
//! such a session takes that back.

use super::model::{AnswerRow, PlanRow};
use super::plan::Kind;
use super::store;
use crate::db::{ContactAnswerId, Instant, Json, SurvivorId};
use crate::error::Result;
use crate::tx::Tx;

/// What holds now of what a survivor said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct ContactSafety {
    /// Since when they say that it is not safe; none where they do not.
    pub unsafe_since: Option<Instant>,
    /// The only ways that are safe; none named: all that the plan has.
    pub only_by: Vec<Kind>,
}

impl ContactSafety {
    /// What an answer means beside a plan: one that was made since takes its place.
    pub fn of(answer: Option<&AnswerRow>, plan: Option<&PlanRow>) -> Result<Self> {
        let is_older = |answer: &&AnswerRow| plan.is_none_or(|plan| plan.set_at <= answer.said_at);
        let Some(answer) = answer.filter(is_older) else { return Ok(Self::default()) };
        let only_by: Option<Vec<Kind>> = answer.contact_by.as_ref().map(Json::read).transpose()?;
        let unsafe_since = (!answer.is_safe).then_some(answer.said_at);
        Ok(Self { unsafe_since, only_by: only_by.unwrap_or_default() })
    }

    /// Whether a way is open as far as it goes.
    pub fn allows(&self, kind: Kind) -> bool {
        self.unsafe_since.is_none() && (self.only_by.is_empty() || self.only_by.contains(&kind))
    }
}

/// What a survivor says about being contacted.
pub struct ContactAnswer {
    /// Whether it is safe; none where they do not say.
    pub is_safe: Option<bool>,
    /// In which ways; none named where they do not say.
    pub by: Vec<Kind>,
    /// When they said it, at the latest: a phone may have kept it for a while.
    pub said_at: Instant,
}

/// Keeps what a survivor says about being contacted. An answer that names ways alone says nothing new of whether it is
/// safe; one that says nothing of either leaves what was said before. That it is not safe counts at once, whenever it was
/// said; that it is safe does not where something else was said since.
pub fn hear(tx: &mut Tx<'_>, survivor: SurvivorId, heard: &ContactAnswer) -> Result<()> {
    if heard.is_safe.is_none() && heard.by.is_empty() {
        return Ok(());
    }
    let (last, plan) = (store::find_answer(tx.conn, survivor)?, store::find_plan(tx.conn, survivor, tx.now)?);
    let is_overtaken = last.as_ref().is_some_and(|last| last.said_at > heard.said_at);
    if is_overtaken && heard.is_safe != Some(false) {
        return Ok(());
    }
    let was_safe = ContactSafety::of(last.as_ref(), plan.as_ref())?.unsafe_since.is_none();
    let row = AnswerRow {
        id: ContactAnswerId::new(tx.now),
        survivor_id: survivor,
        is_safe: heard.is_safe.unwrap_or(was_safe),
        contact_by: if heard.by.is_empty() { None } else { Some(Json::of(&heard.by)?) },
        said_at: tx.now,
    };
    store::insert_answer(tx.conn, row)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noon() -> Instant {
        "2026-11-21T12:00:00Z".parse().unwrap()
    }

    fn answer(is_safe: bool, by: &[Kind]) -> AnswerRow {
        let contact_by = if by.is_empty() { None } else { Some(Json::of(&by).unwrap()) };
        let (id, survivor_id) = (ContactAnswerId(uuid::Uuid::nil()), SurvivorId(uuid::Uuid::nil()));
        AnswerRow { id, survivor_id, is_safe, contact_by, said_at: noon() }
    }

    #[test]
    fn not_safe_closes_every_way_and_ways_that_are_named_close_the_others() {
        let open = |answer: &AnswerRow| {
            let said = ContactSafety::of(Some(answer), None).unwrap();
            Kind::ALL.iter().copied().filter(|kind| said.allows(*kind)).collect::<Vec<_>>()
        };
        assert_eq!(open(&answer(false, &[])), []);
        assert_eq!(open(&answer(false, &[Kind::Email])), []);
        assert_eq!(open(&answer(true, &[Kind::Email, Kind::Voice])), [Kind::Email, Kind::Voice]);
        assert_eq!(open(&answer(true, &[])), Kind::ALL);
        assert_eq!(ContactSafety::of(None, None).unwrap(), ContactSafety::default());
    }
}
