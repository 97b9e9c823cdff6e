//! One check-in: what was answered, what colleagues did with it, and that somebody rang, with the safe-contact plan above it.

use actix_web::{HttpResponse, web};
use askama::Template;

use super::forms::{RecordForms, RecordTrouble, answer, settle};
use super::head::{self, RecordHead, RecordReading};
use super::links::check_in_path;
use super::names::{self, StaffNames};
use crate::app::App;
use crate::checkins::{self, CheckInView, CreateReviewBody, EffectiveState, ReviewState, ReviewView};
use crate::contact::{self, StaffSafeContactView};
use crate::db::CheckInId;
use crate::error::{Error, Result};
use crate::identity::SupportStaff;
use crate::portal::pages::case::entries;
use crate::portal::pages::case::handle;
use crate::portal::pages::form::{ErrorSummary, FieldKind, FormField, ShownForm};
use crate::portal::pages::person_view::{ShownContact, SummaryEntry};
use crate::portal::pages::reader::{InEnglish, PageReader, When};
use crate::portal::pages::visit::{Filled, Visit};
use crate::tx::Tx;
use crate::words::{find, id_of};

/// What came of ringing somebody: the first alone counts as contact.
const CAME_OF_IT: FieldKind = FieldKind::Choice(&[
    ("no_answer", "portal-came-of-no_answer"),
    ("somebody_else_answered", "portal-came-of-somebody_else_answered"),
    ("spoke_to_survivor", "portal-came-of-spoke_to_survivor"),
]);
const RANG_REASON: FormField =
    FormField { name: "reason", label: "portal-came", hint: Some("portal-came-hint"), kind: CAME_OF_IT };
const NOTE: FormField =
    FormField { name: "note", label: "portal-note", hint: Some("portal-note-hint"), kind: FieldKind::Text };
const RANG: [FormField; 2] = [RANG_REASON, NOTE];

/// Whether nothing more is awaited of a check-in.
pub fn is_over(row: &CheckInView) -> bool {
    row.answer.is_some() || matches!(row.state, EffectiveState::Missed | EffectiveState::Resolved)
}

/// The form for what came of ringing the survivor.
pub fn rang(forms: &mut RecordForms<'_>, id: CheckInId) -> ShownForm {
    let end = format!("check-ins/{}/rang", handle::letters(id.0));
    forms.form("rang", &end, &RANG, "portal-rang")
}

/// `GET …/check-ins/{check_in}`
pub async fn get_check_in(visit: Visit<SupportStaff>, path: web::Path<(String, String)>) -> Result<HttpResponse> {
    show(&visit, &path, visit.deed, None).await
}

/// `POST …/check-ins/{check_in}/{act}`: `rang` and `note` are written next to it, `review` says that it was looked at, `resolve`
/// that what was missed is resolved.
pub async fn write_review(
    visit: Visit<SupportStaff>,
    path: web::Path<(String, String, String)>,
    form: Filled,
) -> Result<HttpResponse> {
    let (reference, letters, act) = path.into_inner();
    let kind = match act.as_str() {
        "rang" | "note" => "annotated",
        "review" => "completed",
        "resolve" => "resolved",
        _ => return Err(Error::NotFound),
    };
    let id = CheckInId(handle::id(&letters)?);
    let form = form.with("kind", kind);
    let done = match form.read::<CreateReviewBody>(&[]) {
        Ok(body) => {
            let (staff, named) = (visit.who.clone(), reference.clone());
            let work = move |tx: &mut Tx<'_>| {
                let survivor = head::named(tx, &named)?;
                checkins::review_check_in(tx, &staff, (survivor, id), &body).map(drop)
            };
            visit.app.transact(visit.who.actor(), visit.deed, work).await
        }
        Err(error) => Err(error),
    };
    match settle(done, (form, act), &check_in_path(&reference, id))? {
        Ok(answer) => Ok(answer),
        Err(trouble) => show(&visit, &(reference, letters), "list_check_in_reviews", Some(&trouble)).await,
    }
}

/// What the page is made of.
struct ReadCheckIn {
    reference: String,
    reading: RecordReading,
    check_in: CheckInView,
    lines: Vec<ReviewView>,
    contact: StaffSafeContactView,
    names: StaffNames,
}

async fn show(
    visit: &Visit<SupportStaff>,
    (reference, letters): &(String, String),
    deed: &'static str,
    trouble: Option<&RecordTrouble>,
) -> Result<HttpResponse> {
    let read = read(&visit.app, &visit.who, (reference, CheckInId(handle::id(letters)?)), deed).await?;
    let reader = visit.reader.clone().in_zone(read.reading.zone.as_deref());
    answer(&CheckInPage::of(&reader, &read, trouble), trouble)
}

async fn read(
    app: &App,
    who: &SupportStaff,
    (reference, id): (&str, CheckInId),
    deed: &'static str,
) -> Result<ReadCheckIn> {
    let (staff, named) = (who.clone(), reference.to_owned());
    let work = move |tx: &mut Tx<'_>| {
        let survivor = head::named(tx, &named)?;
        let (check_in, lines) = checkins::read_check_in(tx, &staff, (survivor, id))?;
        let contact = contact::find_safe_contact(tx, &staff, survivor)?;
        Ok((check_in, lines, contact, head::reading(tx, &staff, survivor)?))
    };
    let (check_in, lines, contact, reading) = app.transact(who.actor(), deed, work).await?;
    let names = names::names_of(app, who, lines.iter().map(|line| line.staff_id).collect()).await?;
    Ok(ReadCheckIn { reference: reference.to_owned(), reading, check_in, lines, contact, names })
}

/// A check-in.
#[derive(Template)]
#[template(path = "survivors/check_in.html")]
struct CheckInPage<'a> {
    reader: &'a PageReader,
    title: String,
    wrong: Option<ErrorSummary>,
    head: RecordHead,
    words: InEnglish,
    is_duress: bool,
    answered: CheckInAnswer,
    due: Option<When>,
    missed: Option<When>,
    received: Option<When>,
    note: Option<&'a str>,
    contact: ShownContact,
    forms: Vec<ShownForm>,
    lines: Vec<ReviewLine>,
}

impl<'a> CheckInPage<'a> {
    fn of(reader: &'a PageReader, read: &'a ReadCheckIn, trouble: Option<&RecordTrouble>) -> Self {
        let row = &read.check_in;
        let mut forms = RecordForms::of(reader, &read.reference, trouble);
        let shown = acts(&mut forms, row);
        Self {
            title: reader.title("portal-check-in-title", trouble.is_some()),
            wrong: forms.wrong,
            head: RecordHead::of(reader, &read.reference, ("/check-ins", "portal-check-in-title"), read.reading.reach),
            words: entries::check_in_words(reader, (row.state, row.is_proven)),
            is_duress: row.is_duress == Some(true),
            answered: CheckInAnswer::of(reader, row),
            due: row.due_at.map(|at| reader.when(at)),
            missed: row.missed_at.map(|at| reader.when(at)),
            received: row.received_at.map(|at| reader.when(at)),
            note: row.note.as_deref(),
            contact: ShownContact::of(reader, &read.contact),
            forms: shown,
            lines: read.lines.iter().map(|line| ReviewLine::of(reader, &read.names, line)).collect(),
            reader,
        }
    }
}

/// What can be done with a check-in now.
fn acts(forms: &mut RecordForms<'_>, row: &CheckInView) -> Vec<ShownForm> {
    if !is_over(row) {
        return Vec::new();
    }
    let at = |act: &str| format!("check-ins/{}/{act}", handle::letters(row.id.0));
    let mut shown = vec![rang(forms, row.id), forms.form("note", &at("note"), &[NOTE], "portal-check-in-note")];
    if row.review_state != Some(ReviewState::Completed) {
        shown.push(forms.form("review", &at("review"), &[], "portal-check-in-review"));
    }
    if row.state == EffectiveState::Missed {
        shown.push(forms.form("resolve", &at("resolve"), &RANG, "portal-check-in-resolve"));
    }
    shown
}

/// What was answered, in a summary list.
pub struct CheckInAnswer {
    /// Its lines.
    pub entries: Vec<SummaryEntry>,
}

impl CheckInAnswer {
    fn of(reader: &PageReader, row: &CheckInView) -> Self {
        let yes_or_no = |is: bool| reader.say(if is { "portal-yes" } else { "portal-no" });
        let of_four = |count: i32| reader.say_with("portal-of-four", &[("count", count.into())]);
        let contact = row.contact_since_last.map(|word| reader.say(&id_of("portal-answer-word", word.as_str())));
        let entries = [
            ("portal-feeling-safe", row.feeling_safe.map(of_four)),
            ("portal-contact-since-last", contact),
            ("portal-safe-to-contact", row.safe_to_contact.map(yes_or_no)),
            ("portal-call-back", row.call_back.map(yes_or_no)),
            ("portal-by-staff", row.is_recorded_by_staff.then(|| reader.say("portal-yes"))),
        ];
        let entries = entries.into_iter().filter_map(|(key, value)| SummaryEntry::of(reader, key, value));
        Self { entries: entries.collect() }
    }
}

/// What a colleague did with a check-in.
pub struct ReviewLine {
    /// What.
    pub kind: String,
    /// Why, where that is one of the words that pages know.
    pub reason: Option<String>,
    /// In words.
    pub note: Option<String>,
    /// By whom.
    pub by: String,
    /// When.
    pub at: When,
}

impl ReviewLine {
    fn of(reader: &PageReader, known: &StaffNames, line: &ReviewView) -> Self {
        let reason = line.reason.as_deref().map(|reason| id_of("portal-came-of", reason));
        Self {
            kind: reader.say(&id_of("portal-review", line.kind.as_str())),
            reason: reason.and_then(|id| find(reader.language, &id, &[])),
            note: line.note.clone(),
            by: names::by(reader, known, line.staff_id),
            at: reader.when(line.at),
        }
    }
}
