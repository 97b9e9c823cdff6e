//! Rows and words of what crosses the bridge by hand: notes, concerns, updates.

use diesel::prelude::*;

use super::signals::SignalKind;
use crate::access::Side;
use crate::crypto::{Sealed, sealed_row};
use crate::db::schema::{case_concerns, case_notes, case_signals, programme_updates};
use crate::db::{
    CaseConcernId, CaseId, CaseNoteId, Instant, Json, ProgrammeUpdateId, StaffId, SubjectId, SurvivorId, text_enum,
};

text_enum! {
    /// Who may read a note.
    pub enum NoteAudience {
        /// The survivor's side alone.
        SupportOnly = "support_only",
        /// The programme's side alone.
        ProgrammeOnly = "programme_only",
        /// Both, as far as the survivor has agreed.
        Both = "both",
    }
}

impl NoteAudience {
    /// Whether staff of a side may read it at all.
    #[must_use]
    pub fn includes(self, side: Side) -> bool {
        match self {
            Self::SupportOnly => side == Side::Support,
            Self::ProgrammeOnly => side == Side::Programme,
            Self::Both => true,
        }
    }
}

/// A note about a case. Never changed.
#[derive(Clone, Debug, HasQuery, Insertable)]
#[diesel(table_name = case_notes)]
pub struct CaseNote {
    pub id: CaseNoteId,
    pub case_id: CaseId,
    pub side: Side,
    pub audience: NoteAudience,
    pub author_id: StaffId,
    /// Under whose key it is sealed.
    pub subject_id: SubjectId,
    pub note: Sealed,
    /// The kinds of the survivor's record that it draws on.
    pub rests_on: Json,
    pub corrects: Option<CaseNoteId>,
    pub created_at: Instant,
}
sealed_row!(CaseNote, "case_notes", subject_id, id);

text_enum! {
    /// What one side brings to the other.
    pub enum CaseConcernKind {
        /// A question.
        Question = "question",
        /// A concern.
        Concern = "concern",
    }
}

text_enum! {
    /// How far the other side has come with it.
    pub enum CaseConcernState {
        /// Nobody there has taken it up.
        Open = "open",
        /// Somebody has.
        Acknowledged = "acknowledged",
        /// It was answered.
        Answered = "answered",
    }
}

/// A concern or question from one side of a case to the other.
#[derive(Clone, Debug, HasQuery, Insertable)]
#[diesel(table_name = case_concerns)]
pub struct CaseConcern {
    pub id: CaseConcernId,
    pub case_id: CaseId,
    /// From which side it comes.
    pub side: Side,
    pub kind: CaseConcernKind,
    pub state: CaseConcernState,
    /// Under whose key it is sealed, with its answer.
    pub subject_id: SubjectId,
    pub words: Sealed,
    pub rests_on: Json,
    pub raised_by: StaffId,
    pub raised_at: Instant,
    pub acknowledged_by: Option<StaffId>,
    pub acknowledged_at: Option<Instant>,
    pub answered_by: Option<StaffId>,
    pub answered_at: Option<Instant>,
    pub answer: Option<Sealed>,
    pub answer_rests_on: Option<Json>,
}
sealed_row!(CaseConcern, "case_concerns", subject_id, id);

text_enum! {
    /// What is new, in as few words as do no harm: it tells the survivor what they may need, and little of the
    /// participant.
    pub enum UpdateCode {
        /// The programme has begun.
        Started = "programme_started",
        /// It goes on.
        Continuing = "programme_continuing",
        /// It rests for a while.
        Paused = "programme_paused",
        /// It ended before its end.
        EndedEarly = "programme_ended_early",
        /// It was completed. That lowers no risk.
        Completed = "programme_completed",
        /// An order was made, varied or ended.
        OrderChanged = "order_changed",
        /// The advocate has something to talk about.
        TalkToAdvocate = "talk_to_your_advocate",
    }
}

text_enum! {
    /// How far an update has come.
    pub enum UpdateState {
        /// A practitioner proposed it.
        Proposed = "proposed",
        /// A supervisor of the programme checked it: it tells no more of the participant than it must.
        Checked = "checked",
        /// That supervisor refused it.
        Refused = "refused",
        /// The survivor's side released it: the survivor can read it.
        Released = "released",
        /// The survivor's side declined to pass it on.
        Declined = "declined",
    }
}

/// News of the programme for a survivor.
#[derive(Clone, Debug, HasQuery, Insertable)]
#[diesel(table_name = programme_updates)]
pub struct ProgrammeUpdate {
    pub id: ProgrammeUpdateId,
    pub case_id: CaseId,
    pub survivor_id: SurvivorId,
    pub state: UpdateState,
    pub code: UpdateCode,
    pub words: Option<Sealed>,
    pub reason: Option<String>,
    pub proposed_by: StaffId,
    pub proposed_at: Instant,
    pub checked_by: Option<StaffId>,
    pub checked_at: Option<Instant>,
    pub decided_by: Option<StaffId>,
    pub decided_at: Option<Instant>,
    pub released_at: Option<Instant>,
}
sealed_row!(ProgrammeUpdate, "programme_updates", survivor_id, id);

/// A signal of a case that raised an alert, and the record that it hangs on. Never changed.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = case_signals)]
pub struct CaseSignal {
    pub case_id: CaseId,
    pub signal: SignalKind,
    pub record_id: SubjectId,
    pub told_at: Instant,
}
