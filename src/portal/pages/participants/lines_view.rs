//! What is recorded of a participant from day to day, as their page shows it: sessions, observations, the diary, what is feared,
//! how they came to the programme and which ones they are in.

use std::collections::BTreeMap;

use super::forms::{RecordForms, code_in_words};
use super::paths::{enrolment_path, session_path};
use crate::db::{StaffId, court_day};
use crate::participants::ConcernView;
use crate::portal::pages::case::entries::session_words;
use crate::portal::pages::case::handle::letters;
use crate::portal::pages::case::work_view::ATTENDANCE;
use crate::portal::pages::form::ShownForm;
use crate::portal::pages::reader::{InEnglish, PageReader, When};
use crate::programme::{
    DiaryRatingView, EnrolmentView, ObservationView, OwnRiskView, ProgrammeSessionView, ReferralView, SessionState,
};
use crate::words::id_of;

/// Colleagues, by who they are.
pub type Names = BTreeMap<StaffId, String>;

/// Who recorded something.
pub fn by(reader: &PageReader, names: &Names, id: StaffId) -> String {
    match names.get(&id) {
        Some(name) => reader.say_with("portal-by", &[("name", name.as_str().into())]),
        None => reader.say("portal-by-somebody"),
    }
}

/// A session in a list.
pub struct RecordSession {
    /// What came of it.
    pub words: String,
    /// When it was planned for.
    pub at: When,
    /// Its page.
    pub href: String,
}

impl RecordSession {
    /// One of somebody.
    pub fn of(reader: &PageReader, reference: &str, session: &ProgrammeSessionView) -> Self {
        Self {
            words: session_words(reader, session.number, session.attendance),
            at: reader.when(session.planned_at),
            href: session_path(reference, &letters(session.id.0)),
        }
    }
}

/// Whether the day of a session has come, and nobody has recorded whether the participant did.
pub fn is_asked(reader: &PageReader, session: &ProgrammeSessionView) -> bool {
    session.state == SessionState::Planned && court_day(session.planned_at) <= court_day(reader.now)
}

/// The form in which is recorded whether the participant came, sent to an address of its page.
pub fn attendance_form(forms: &mut RecordForms<'_>, session: &ProgrammeSessionView, end: &str) -> ShownForm {
    let of = format!("attendance-{}", letters(session.id.0));
    forms.usual(&of, end, &ATTENDANCE, "portal-record-attendance")
}

/// Something that was observed.
pub struct ObservationLine {
    /// What it is about.
    pub kind: String,
    /// In words.
    pub note: String,
    /// When.
    pub at: When,
    /// By whom it was recorded.
    pub by: String,
}

impl ObservationLine {
    /// One.
    pub fn of(reader: &PageReader, names: &Names, row: &ObservationView) -> Self {
        Self {
            kind: code_in_words(reader, "portal-observed", &row.kind),
            note: row.note.clone(),
            at: reader.when(row.observed_at),
            by: by(reader, names, row.created_by),
        }
    }
}

/// A day of the diary.
pub struct DiaryLine {
    /// Which.
    pub day: String,
    /// How strong the urge was.
    pub urge: i32,
    /// Whether they acted on it.
    pub acted: String,
    /// How strong their distress was.
    pub distress: i32,
    /// The skill that was used.
    pub skill: Option<String>,
    /// What was noted.
    pub note: Option<String>,
}

impl DiaryLine {
    /// One.
    pub fn of(reader: &PageReader, row: &DiaryRatingView) -> Self {
        let acted = if row.acted_on_urge { "portal-acted-yes" } else { "portal-acted-no" };
        Self {
            day: reader.day(row.rated_on).1,
            urge: row.urge,
            acted: reader.say(acted),
            distress: row.distress,
            skill: row.skill.as_deref().map(|code| code_in_words(reader, "portal-skill", code)),
            note: row.note.clone(),
        }
    }
}

/// What is feared of the participant.
pub struct RecordFear {
    /// What.
    pub kind: InEnglish,
    /// That it may happen at any moment.
    pub imminent: Option<InEnglish>,
    /// What the advocates read.
    pub words: Option<String>,
    /// What it rests on.
    pub note: String,
    /// When it was recorded.
    pub at: When,
    /// By whom.
    pub by: String,
}

impl RecordFear {
    /// One.
    pub fn of(reader: &PageReader, names: &Names, row: &ConcernView) -> Self {
        Self {
            kind: reader.in_english(&id_of("staff-fear", row.kind.as_str())),
            imminent: row.is_imminent.then(|| reader.in_english("staff-fear-imminent")),
            words: row.words.clone(),
            note: row.note.clone(),
            at: reader.when(row.created_at),
            by: by(reader, names, row.created_by),
        }
    }
}

/// The participant's risk to themselves.
pub struct OwnRiskLine {
    /// The rating.
    pub rating: InEnglish,
    /// What it rests on.
    pub narrative: String,
    /// When it was rated.
    pub at: When,
    /// By whom.
    pub by: String,
}

impl OwnRiskLine {
    /// One.
    pub fn of(reader: &PageReader, names: &Names, row: &OwnRiskView) -> Self {
        Self {
            rating: reader.in_english(&id_of("staff-own-risk", row.rating.as_str())),
            narrative: row.narrative.clone(),
            at: reader.when(row.created_at),
            by: by(reader, names, row.created_by),
        }
    }
}

/// How the participant came to the programme.
pub struct ReferralLine {
    /// Who referred, and on what it rests.
    pub source: InEnglish,
    /// What it rests on.
    pub basis: String,
    /// Its state.
    pub state: String,
    /// That nobody has been found for it in time.
    pub overdue: Option<String>,
    /// Who works on it.
    pub practitioner: Option<String>,
    /// When it was made.
    pub at: When,
    /// What the referrer says.
    pub note: Option<String>,
}

impl ReferralLine {
    /// One.
    pub fn of(reader: &PageReader, names: &Names, row: &ReferralView) -> Self {
        Self {
            source: reader.in_english(&id_of("staff-referral-source", row.source.as_str())),
            basis: reader.say(&id_of("portal-referral-basis", row.basis.as_str())),
            state: reader.say(&id_of("portal-referral-state", row.state.as_str())),
            overdue: row.is_overdue.then(|| reader.say("portal-referral-overdue")),
            practitioner: row.practitioner_id.and_then(|id| names.get(&id)).cloned(),
            at: reader.when(row.created_at),
            note: row.note.clone(),
        }
    }
}

/// A programme that the participant is or was in.
pub struct EnrolmentLine {
    /// Its state.
    pub state: String,
    /// When its sessions are.
    pub words: String,
    /// Its page.
    pub href: String,
}

impl EnrolmentLine {
    /// One of somebody.
    pub fn of(reader: &PageReader, reference: &str, row: &EnrolmentView) -> Self {
        Self {
            state: reader.say(&id_of("portal-enrolment", row.state.as_str())),
            words: enrolment_words(reader, row),
            href: enrolment_path(reference, &letters(row.id.0)),
        }
    }
}

/// When the sessions of a programme are.
pub fn enrolment_words(reader: &PageReader, row: &EnrolmentView) -> String {
    reader.say_with(
        "portal-enrolment-words",
        &[
            ("count", row.sessions.into()),
            ("day", reader.day(row.starts_on).1.into()),
            ("time", row.local_time.as_str().into()),
            ("zone", row.time_zone.as_str().into()),
        ],
    )
}
