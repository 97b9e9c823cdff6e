//! Notes about a case: for one side or for both. Nothing is overwritten; a correction is a note of its own.
//!
//! What the survivor's side writes for both crosses the bridge only as far as the survivor has agreed to the kinds of
//! their record that it draws on, and is asked again at every read; each read by the programme's side is a disclosure.

use std::collections::HashMap;

use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::model::{CaseNote, NoteAudience};
use super::reach::{self, Redaction, Withheld};
use super::{store, words};
use crate::access::{self, CaseAccess, Side};
use crate::crypto::{Keys, Private, PrivateText, SealedTable, open, seal};
use crate::db::{CaseId, CaseNoteId, Instant, Json, StaffId, SubjectId};
use crate::error::{Code, Error, Result};
use crate::http::limits;
use crate::http::page::Cursor;
use crate::identity::Staff;
use crate::tx::{Subject, Tx};

/// A note about a case.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateCaseNoteBody {
    /// Who may read it. Your own side can always be among them, the other side alone never.
    #[garde(skip)]
    audience: NoteAudience,
    /// What there is to note. For both: nobody's name, number or place.
    #[garde(custom(limits::narrative))]
    #[schema(value_type = String, format = "narrative", example = "Spoke about what happens if session 3 is missed.")]
    note: Private,
    /// The kinds of the survivor's record that it draws on, where their side writes for both.
    #[garde(length(max = 5))]
    #[schema(max_items = 5)]
    #[serde(default)]
    rests_on: Vec<Withheld>,
    /// The note of yours that this one corrects.
    #[garde(skip)]
    #[serde(default)]
    corrects: Option<CaseNoteId>,
}

/// A note that was kept.
#[derive(Serialize, ToSchema)]
pub struct MadeCaseNoteView {
    /// Id.
    pub id: CaseNoteId,
    /// When.
    pub created_at: Instant,
}

/// A note about a case.
#[serde_with::skip_serializing_none]
#[derive(Serialize, ToSchema)]
pub struct CaseNoteView {
    /// Id.
    pub id: CaseNoteId,
    /// From which side.
    pub side: Side,
    /// Who may read it.
    pub audience: NoteAudience,
    /// Who wrote it.
    pub author_id: StaffId,
    /// What it says; absent where it is withheld.
    pub note: Option<String>,
    /// Why it is withheld, where it is.
    pub withheld: Option<Redaction>,
    /// The kinds of the survivor's record that it draws on.
    pub rests_on: Vec<Withheld>,
    /// The note that it corrects.
    pub corrects: Option<CaseNoteId>,
    /// The note that is in its place.
    pub corrected_by: Option<CaseNoteId>,
    /// When it was written.
    pub created_at: Instant,
}

/// The kinds of a survivor's record that words may draw on.
const DRAWN_ON: [Withheld; 5] =
    [Withheld::CheckIns, Withheld::CheckInNotes, Withheld::Alerts, Withheld::Incidents, Withheld::IncidentAccounts];

/// Under whose key a side's words are sealed.
pub(super) fn own_subject(case: &CaseAccess, side: Side) -> SubjectId {
    match side {
        Side::Support => case.case().survivor_id.into(),
        Side::Programme => case.case().participant_id.into(),
    }
}

/// Refuses words for the other side that may not cross: the case is over, the survivor has not agreed to what they draw
/// on, or they tell who or where somebody is.
///
/// # Errors
/// 409 or 422.
pub(super) fn may_cross(
    tx: &mut Tx<'_>,
    case: &CaseAccess,
    kind: Withheld,
    (pointer, text, rests_on): (&str, &Private, &[Withheld]),
) -> Result<()> {
    if rests_on.iter().any(|kind| !DRAWN_ON.contains(kind)) {
        return Err(Error::field("/rests_on", "not_allowed", "names what no words can draw on"));
    }
    if case.side() == Side::Support {
        match reach::barrier(case, kind, rests_on) {
            Some(Redaction { scope: None, .. }) => return Err(inactive()),
            Some(Redaction { scope: Some(scope), .. }) => {
                return Err(Error::Conflict(Code::NotAgreed, format!("this takes the survivor's {scope}").into()));
            }
            None => {}
        }
    } else if reach::closed(case) {
        return Err(inactive());
    }
    words::check(tx, case, pointer, text)
}

fn inactive() -> Error {
    Error::wrong_state("the case is not active: nothing crosses it")
}

/// Why words of the other side are withheld from the caller, if they are.
pub(super) fn withheld(case: &CaseAccess, kind: Withheld, rests_on: &[Withheld]) -> Option<Redaction> {
    match case.side() {
        Side::Programme => reach::barrier(case, kind, rests_on),
        Side::Support => reach::closed(case).then(|| Redaction::inactive(kind)),
    }
}

/// Keeps a note.
///
/// # Errors
/// 404 for another's case, 409 for what may not cross, 422 for an audience without one's own side.
pub fn create(tx: &mut Tx<'_>, staff: &Staff, id: CaseId, body: &CreateCaseNoteBody) -> Result<MadeCaseNoteView> {
    let case = access::case(tx, staff, id)?;
    if !body.audience.includes(case.side()) {
        return Err(Error::field("/audience", "not_allowed", "your own side must be among those who read it"));
    }
    if body.audience == NoteAudience::Both {
        may_cross(tx, &case, Withheld::CaseNotes, ("/note", &body.note, &body.rests_on))?;
    } else if !body.rests_on.is_empty() {
        return Err(Error::field("/rests_on", "not_allowed", "is for notes that both sides read"));
    }
    if let Some(earlier) = body.corrects {
        let found = store::find_note(tx.conn, &case, earlier)?;
        let is_own = found.is_some_and(|note| note.author_id == staff.id && note.audience == body.audience);
        if !is_own {
            return Err(Error::field("/corrects", "unknown", "is no note of yours for the same readers"));
        }
        if store::has_correction(tx.conn, earlier)? {
            return Err(Error::Conflict(Code::AlreadyExists, "this note was corrected already".into()));
        }
    }
    let (note_id, subject) = (CaseNoteId::new(tx.now), own_subject(&case, case.side()));
    let new = CaseNote::sealing(tx.keys, subject, note_id);
    let row = CaseNote {
        id: note_id,
        case_id: id,
        side: case.side(),
        audience: body.audience,
        author_id: staff.id,
        subject_id: subject,
        note: seal!(new.note, &body.note)?,
        rests_on: Json::of(&body.rests_on)?,
        corrects: body.corrects,
        created_at: tx.now,
    };
    store::insert_note(tx.conn, row)?;
    Ok(MadeCaseNoteView { id: note_id, created_at: tx.now })
}

/// A note as it was read for a caller: its words are opened for the view.
pub struct ReadNote {
    row: CaseNote,
    rests_on: Vec<Withheld>,
    withheld: Option<Redaction>,
    corrected_by: Option<CaseNoteId>,
}

impl ReadNote {
    fn of(case: &CaseAccess, row: CaseNote, corrected_by: Option<CaseNoteId>) -> Result<Self> {
        let rests_on: Vec<Withheld> = row.rests_on.read()?;
        let is_own = row.side == case.side();
        let withheld = if is_own { None } else { withheld(case, Withheld::CaseNotes, &rests_on) };
        Ok(Self { row, rests_on, withheld, corrected_by })
    }

    /// Its place in a list.
    #[must_use]
    pub fn cursor(&self) -> Cursor {
        (self.row.created_at, self.row.id.0)
    }

    /// What the caller may see of it.
    pub fn view(keys: &Keys, read: &Self) -> Result<CaseNoteView> {
        let row = &read.row;
        let note = match read.withheld {
            None => Some(open!(keys, row.note)?.shown()),
            Some(_) => None,
        };
        Ok(CaseNoteView {
            id: row.id,
            side: row.side,
            audience: row.audience,
            author_id: row.author_id,
            note,
            withheld: read.withheld,
            rests_on: read.rests_on.clone(),
            corrects: row.corrects,
            corrected_by: read.corrected_by,
            created_at: row.created_at,
        })
    }
}

/// A stretch of the notes that a caller may read.
pub struct Notes {
    /// The notes, newest first: `limit + 1`.
    pub rows: Vec<ReadNote>,
    /// What is withheld as a whole, and was not queried.
    pub redactions: Vec<Redaction>,
}

/// Notes about a case, newest first.
///
/// # Errors
/// 404 for another's case.
pub fn list(tx: &mut Tx<'_>, staff: &Staff, id: CaseId, after: Option<Cursor>, limit: i64) -> Result<Notes> {
    let case = access::case(tx, staff, id)?;
    let audiences = NoteAudience::ALL.iter().copied().filter(|audience| audience.includes(case.side())).collect();
    let barrier = withheld(&case, Withheld::CaseNotes, &[]);
    if case.is_in_session() {
        // One's own as well: that there is a survivor at the other end would show in them.
        return Ok(Notes { rows: Vec::new(), redactions: barrier.into_iter().collect() });
    }
    let found = store::list_notes(tx.conn, &case, (audiences, barrier.is_none()), after, limit)?;
    let corrections = store::list_corrections(tx.conn, found.iter().map(|row| row.id).collect())?;
    let corrections: HashMap<CaseNoteId, CaseNoteId> =
        corrections.into_iter().filter_map(|(of, by)| Some((of?, by))).collect();
    let (mut rows, mut shown) = (Vec::with_capacity(found.len()), Vec::new());
    for row in found {
        let corrected_by = corrections.get(&row.id).copied();
        let read = ReadNote::of(&case, row, corrected_by)?;
        if read.row.side != case.side() && read.withheld.is_none() {
            shown.push(Withheld::CaseNotes);
            shown.extend(read.rests_on.iter().copied());
        }
        rows.push(read);
    }
    shown.sort_unstable();
    shown.dedup();
    reach::disclose(tx, &case, &shown)?;
    if case.side() == Side::Support {
        tx.note("list_case_notes", Subject::of("survivor", case.case().survivor_id), "support");
    }
    Ok(Notes { rows, redactions: barrier.into_iter().collect() })
}
