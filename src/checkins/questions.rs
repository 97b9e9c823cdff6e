//! Up to three questions of a survivor's own, which their advocate sets and each check-in may answer.

use diesel::prelude::*;
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::answer::body::Given;
use super::model::{Answer, QuestionAnswer};
use super::store;
use crate::access;
use crate::crypto::{Keys, Private, PrivateText, Sealed, SealedTable, open, seal, sealed_row};
use crate::db::schema::check_in_questions;
use crate::db::{Instant, QuestionId, StaffId, SurvivorId, text_enum};
use crate::error::{Error, FieldError, Result};
use crate::http::limits;
use crate::identity::{self, Staff};
use crate::tx::Tx;

/// The most questions at a time: a check-in must be quick.
const MOST: usize = 3;

text_enum! {
    /// How a question is answered.
    pub enum QuestionKind {
        /// Yes or no.
        YesNo = "yes_no",
        /// 0 (not at all) to 4 (entirely).
        Scale = "scale",
        /// In words.
        Text = "text",
    }
}

/// A question.
#[derive(Clone, Debug, HasQuery, Insertable)]
#[diesel(table_name = check_in_questions, treat_none_as_default_value = false)]
pub struct Question {
    pub id: QuestionId,
    pub survivor_id: SurvivorId,
    pub kind: QuestionKind,
    pub wording: Sealed,
    pub created_by: StaffId,
    pub created_at: Instant,
    pub retired_at: Option<Instant>,
}
sealed_row!(Question, "check_in_questions", survivor_id, id);

/// A new question.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateQuestionBody {
    /// How it is answered.
    #[garde(skip)]
    kind: QuestionKind,
    /// What it asks, in words that mean nothing to somebody who reads over a shoulder.
    #[garde(custom(limits::line))]
    #[schema(value_type = String, format = "line", example = "Did the evening go as planned?")]
    wording: Private,
}

/// A question.
#[derive(Debug, Serialize, ToSchema)]
pub struct QuestionView {
    /// Its id.
    pub id: QuestionId,
    /// How it is answered.
    pub kind: QuestionKind,
    /// What it asks.
    pub wording: String,
}

impl QuestionView {
    /// The view of a row.
    pub fn of(keys: &Keys, row: &Question) -> Result<Self> {
        Ok(Self { id: row.id, kind: row.kind, wording: open!(keys, row.wording)?.shown() })
    }
}

/// Sets a question.
pub fn create(tx: &mut Tx<'_>, staff: &Staff, id: SurvivorId, body: &CreateQuestionBody) -> Result<QuestionView> {
    let access = access::survivor(tx, staff, id)?;
    if store::list_questions(tx.conn, access.id())?.len() >= MOST {
        return Err(Error::wrong_state("three questions are set already; retire one first"));
    }
    let question = QuestionId::new(tx.now);
    let new = Question::sealing(tx.keys, id, question);
    let row = Question {
        id: question,
        survivor_id: id,
        kind: body.kind,
        wording: seal!(new.wording, &body.wording)?,
        created_by: staff.id,
        created_at: tx.now,
        retired_at: None,
    };
    store::insert_question(tx.conn, row.clone())?;
    QuestionView::of(tx.keys, &row)
}

/// Asks a question no longer; answers to it stay.
pub fn retire(tx: &mut Tx<'_>, staff: &Staff, (survivor, id): (SurvivorId, QuestionId)) -> Result<()> {
    access::survivor(tx, staff, survivor)?;
    let now = tx.now;
    if store::retire_question(tx.conn, survivor, id, now)? { Ok(()) } else { Err(Error::NotFound) }
}

/// The answers that can be kept, of an answer to a check-in. A question may have been retired since the phone asked it: what
/// answers it is kept with its id, and what answers no question at all is dropped and named. A concern or a cry for help is
/// refused over none of them.
///
/// # Errors
/// 422 where a plain "safe" answers a question twice, or in another way than it asks.
pub(super) fn sort_answers(tx: &mut Tx<'_>, survivor: SurvivorId, given: &Given) -> Result<Given> {
    if given.answers.is_empty() {
        return Ok(given.clone());
    }
    // What was queued before the phone was taken names questions that a decoy does not show: it takes them all the same.
    let own = identity::own_record(tx.conn, survivor)?;
    let known = store::list_all_questions(tx.conn, own)?;
    let (mut kept, mut faults, mut dropped) = (Vec::new(), Vec::new(), given.dropped.clone());
    for (at, answer) in given.answers.iter().enumerate() {
        let pointer = format!("/answers/{}", given.answer_places.get(at).unwrap_or(&at));
        let Some(question) = known.iter().find(|question| question.id == answer.question_id) else {
            dropped.push(pointer);
            continue;
        };
        let is_twice = kept.iter().any(|earlier: &QuestionAnswer| earlier.question_id == answer.question_id);
        match fault(question, answer, is_twice) {
            None => kept.push(answer.clone()),
            Some(_) if given.status != Answer::Safe || question.retired_at.is_some() => dropped.push(pointer),
            Some((code, detail)) => faults.push(FieldError { pointer, code, detail: detail.to_owned() }),
        }
    }
    if faults.is_empty() { Ok(Given { answers: kept, dropped, ..given.clone() }) } else { Err(Error::fields(faults)) }
}

/// What is wrong with an answer to a question.
fn fault(question: &Question, answer: &QuestionAnswer, is_twice: bool) -> Option<(&'static str, &'static str)> {
    let given = [answer.yes.is_some(), answer.scale.is_some(), answer.text.is_some()];
    match question.kind {
        _ if is_twice => Some(("repeated", "this question is answered twice")),
        QuestionKind::YesNo if given != [true, false, false] => Some(("wrong_kind", "answer with yes")),
        QuestionKind::Scale if given != [false, true, false] => Some(("wrong_kind", "answer with scale")),
        QuestionKind::Text if given != [false, false, true] => Some(("wrong_kind", "answer with text")),
        _ => None,
    }
}
