//! Which items of a record are given: each redaction must meet something, and each free text must be decided.
//!
//! A redaction whose id has a slip would withhold nothing, and free text that nobody read may name anybody. Both are
//! refused, rather than guessed at.

use uuid::Uuid;

use super::model::{Section, SubjectAccessRedaction};
use crate::error::{Error, FieldError, Result};

/// What is withheld and what was read, and how much of it was met.
pub struct WithholdingFilter<'a> {
    redactions: &'a [SubjectAccessRedaction],
    given: &'a [Uuid],
    met: Vec<bool>,
    met_given: Vec<bool>,
    undecided: Vec<Uuid>,
}

impl<'a> WithholdingFilter<'a> {
    /// A filter of what staff state.
    pub fn new(redactions: &'a [SubjectAccessRedaction], given: &'a [Uuid]) -> Self {
        let (met, met_given) = (vec![false; redactions.len()], vec![false; given.len()]);
        Self { redactions, given, met, met_given, undecided: Vec::new() }
    }

    /// Whether an item of a part is given. Withholding wins.
    pub fn gives(&mut self, section: Section, item: Option<Uuid>) -> bool {
        let mut is_hidden = false;
        for (redaction, met) in self.redactions.iter().zip(&mut self.met) {
            let hides = redaction.item_id.is_none() || redaction.item_id == item;
            if redaction.section == section && hides {
                (*met, is_hidden) = (true, true);
            }
        }
        !is_hidden
    }

    /// Whether a free text is given: it must have been read.
    pub fn gives_text(&mut self, section: Section, item: Uuid) -> bool {
        let is_read =
            self.given.iter().zip(&mut self.met_given).filter(|(id, _)| **id == item).fold(false, |_, (_, met)| {
                *met = true;
                true
            });
        if !self.gives(section, Some(item)) {
            return false;
        }
        if !is_read {
            self.undecided.push(item);
        }
        is_read
    }

    /// Refuses what met nothing and what nobody decided.
    ///
    /// # Errors
    /// 422 with each of them.
    pub fn check(&self) -> Result<()> {
        let slip =
            |pointer: String| FieldError { pointer, code: "unknown", detail: "is no item of this record".into() };
        let mut wrong: Vec<FieldError> = Vec::new();
        for (at, (redaction, is_met)) in self.redactions.iter().zip(&self.met).enumerate() {
            // A whole part may be withheld though nothing is in it.
            if redaction.item_id.is_some() && !is_met {
                wrong.push(slip(format!("/redactions/{at}/item_id")));
            }
        }
        for (at, _) in self.met_given.iter().enumerate().filter(|(_, met)| !**met) {
            wrong.push(slip(format!("/given/{at}")));
        }
        for id in &self.undecided {
            let detail = format!("{id}: read this text, then give it or withhold it");
            wrong.push(FieldError { pointer: "/given".into(), code: "undecided", detail });
        }
        if wrong.is_empty() { Ok(()) } else { Err(Error::fields(wrong)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::programme::subject_access::model::RedactionReason;

    fn hide(section: Section, item_id: Option<Uuid>) -> SubjectAccessRedaction {
        SubjectAccessRedaction { section, item_id, reason: RedactionReason::ThirdParty, explanation: "theirs".into() }
    }

    #[test]
    fn free_text_is_given_only_where_it_was_read_and_is_not_withheld() {
        let (read, unread, hidden) = (Uuid::from_u128(1), Uuid::from_u128(2), Uuid::from_u128(3));
        let redactions = [hide(Section::Observations, Some(hidden))];
        let given = [read, hidden];
        let mut filter = WithholdingFilter::new(&redactions, &given);
        let gives = [read, unread, hidden].map(|id| filter.gives_text(Section::Observations, id));
        assert_eq!(gives, [true, false, false]);
        let refused = filter.check().unwrap_err();
        assert!(format!("{refused:?}").contains("undecided"), "{refused:?}");
    }

    #[test]
    fn a_redaction_with_a_slip_is_refused_and_does_not_withhold_nothing() {
        let redactions = [hide(Section::Identifiers, Some(Uuid::from_u128(9))), hide(Section::Diary, None)];
        let mut filter = WithholdingFilter::new(&redactions, &[]);
        assert!(filter.gives(Section::Identifiers, Some(Uuid::from_u128(1))));
        let refused = format!("{:?}", filter.check().unwrap_err());
        assert!(refused.contains("/redactions/0/item_id") && !refused.contains("/redactions/1"), "{refused}");
    }
}
