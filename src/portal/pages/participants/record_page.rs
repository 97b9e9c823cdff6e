//! A participant's record on one page.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use super::forms::{DIARY, FEAR, OBSERVATION, OWN_RISK, RecordForms, RecordTrouble, SESSION};
use super::goals_view::{self, RecordGoal};
use super::in_session_page::InSessionRecordPage;
use super::lines_view::{
    self, DiaryLine, EnrolmentLine, ObservationLine, OwnRiskLine, RecordFear, RecordSession, ReferralLine,
};
use super::orders_view::RecordOrder;
use super::read::{self, ShownRecord};
use crate::app::App;
use crate::db::court_day;
use crate::directory::force;
use crate::error::Result;
use crate::identity::ProgrammeStaff;
use crate::portal::pages::case::handle::participant_path;
use crate::portal::pages::case::links::CaseLine;
use crate::portal::pages::form::{ErrorSummary, ShownForm};
use crate::portal::pages::frame;
use crate::portal::pages::reader::{PageReader, When};
use crate::programme::ProgrammeSessionView;

/// A participant's record.
#[derive(Template)]
#[template(path = "participant_record.html")]
struct RecordPage<'a> {
    reader: &'a PageReader,
    title: String,
    wrong: Option<ErrorSummary>,
    made_at: When,
    reference: &'a str,
    name: &'a str,
    born: Option<String>,
    address: Option<&'a str>,
    force: String,
    practitioner: Option<&'a str>,
    cases: &'a [CaseLine],
    in_session: ShownForm,
    own_risk: Option<OwnRiskLine>,
    asked: Vec<RecordSession>,
    sessions: Vec<RecordSession>,
    goals: Vec<RecordGoal>,
    attainment: Option<String>,
    orders: Vec<RecordOrder>,
    referrals: Vec<ReferralLine>,
    enrolments: Vec<EnrolmentLine>,
    observations: Vec<ObservationLine>,
    diary: Vec<DiaryLine>,
    fears: Vec<RecordFear>,
    rate: ShownForm,
    acts: Option<RecordActs>,
    is_cut: bool,
    has_unreadable: bool,
}

/// What a practitioner records on the page, apart from what is done with a goal or an order.
struct RecordActs {
    session: ShownForm,
    goal: ShownForm,
    observation: ShownForm,
    diary: ShownForm,
    fear: ShownForm,
}

impl RecordActs {
    fn of(reader: &PageReader, record: &ShownRecord, forms: &mut RecordForms<'_>) -> Self {
        let last = record.sessions.items.iter().map(|session| session.number).max().unwrap_or(0);
        let today = court_day(reader.now).to_string();
        Self {
            session: forms
                .form("session", "sessions", &SESSION, "portal-plan-session")
                .fill("number", &(last + 1).to_string()),
            goal: goals_view::goal_form(forms),
            observation: forms.form("observation", "observations", &OBSERVATION, "portal-record-observation"),
            diary: forms.form("diary", "diary-ratings", &DIARY, "portal-enter-diary").fill("rated_on", &today),
            fear: forms.form("fear", "concerns", &FEAR, "portal-record-fear"),
        }
    }
}

impl<'a> RecordPage<'a> {
    fn of(reader: &'a PageReader, record: &'a ShownRecord, trouble: Option<&'a RecordTrouble>) -> Self {
        let participant = &record.participant;
        let reference = participant.reference.as_str();
        let mut forms = RecordForms::of(reader, participant_path(reference), trouble);
        let in_session = forms.form("in-session", "in-session", &[], "portal-start-in-session");
        let rate = forms.form("own-risk", "own-risk", &OWN_RISK, "staff-rate-own-risk");
        let acts = record.may_record.then(|| RecordActs::of(reader, record, &mut forms));
        let mut goals = Vec::new();
        for (number, goal) in (1..).zip(&record.goals.items) {
            goals.push(RecordGoal::of(reader, number, goal, &mut forms));
        }
        let mut orders = Vec::new();
        for order in &record.orders.items {
            orders.push(RecordOrder::of(reader, order, &record.duties, &mut forms));
        }
        let standing = record.sessions.items.iter().filter(|session| session.superseded_by.is_none());
        let (asked, sessions): (Vec<_>, Vec<_>) = standing.partition(|session| lines_view::is_asked(reader, session));
        let line = |session: &&ProgrammeSessionView| RecordSession::of(reader, reference, session);
        Self {
            title: reader.title("portal-participant-title", trouble.is_some()),
            wrong: forms.wrong,
            made_at: reader.now_by_the_clock(),
            reference,
            name: &participant.name,
            born: participant.date_of_birth.map(|day| reader.day(day).1),
            address: participant.address.as_deref(),
            force: force(&participant.home_force_id).map_or_else(String::new, |known| known.name.clone()),
            practitioner: record.names.get(&participant.practitioner_id).map(String::as_str),
            cases: &record.cases,
            in_session,
            own_risk: record.own_risk.items.first().map(|row| OwnRiskLine::of(reader, &record.names, row)),
            asked: asked.iter().rev().map(line).collect(),
            sessions: sessions.iter().map(line).collect(),
            goals,
            attainment: record.attainment.map(|all| goals_view::attainment_in_words(reader, &all)),
            orders,
            referrals: record.referrals.items.iter().map(|row| ReferralLine::of(reader, &record.names, row)).collect(),
            enrolments: record.enrolments.iter().map(|row| EnrolmentLine::of(reader, reference, row)).collect(),
            observations: record
                .observations
                .items
                .iter()
                .map(|row| ObservationLine::of(reader, &record.names, row))
                .collect(),
            diary: record.diary.items.iter().map(|row| DiaryLine::of(reader, row)).collect(),
            fears: record.concerns.items.iter().map(|row| RecordFear::of(reader, &record.names, row)).collect(),
            rate,
            acts,
            is_cut: is_cut(record),
            has_unreadable: has_unreadable(record),
            reader,
        }
    }
}

/// Whether there is more than the page shows.
fn is_cut(record: &ShownRecord) -> bool {
    let more = [
        &record.referrals.next_cursor,
        &record.orders.next_cursor,
        &record.goals.next_cursor,
        &record.sessions.next_cursor,
        &record.observations.next_cursor,
        &record.diary.next_cursor,
        &record.concerns.next_cursor,
    ];
    more.into_iter().any(Option::is_some)
}

fn has_unreadable(record: &ShownRecord) -> bool {
    let unreadable = [
        &record.referrals.unreadable,
        &record.orders.unreadable,
        &record.goals.unreadable,
        &record.sessions.unreadable,
        &record.observations.unreadable,
        &record.diary.unreadable,
        &record.concerns.unreadable,
        &record.own_risk.unreadable,
    ];
    unreadable.into_iter().any(|ids| !ids.is_empty())
}

/// The page of a reference; with what is wrong with a form of it, where one was refused.
///
/// # Errors
/// 404 for somebody whom the reader does not work with.
pub async fn show(
    app: &App,
    who: &ProgrammeStaff,
    reader: &PageReader,
    (reference, deed): (&str, &'static str),
    trouble: Option<&RecordTrouble>,
) -> Result<HttpResponse> {
    if who.is_in_session() {
        let record = read::read_in_session(app, who, reference, deed).await?;
        return answer(&InSessionRecordPage::of(reader, &record, trouble), trouble);
    }
    let record = read::read(app, who, reference, deed).await?;
    answer(&RecordPage::of(reader, &record, trouble), trouble)
}

/// A page with the status of what was refused.
///
/// # Errors
/// When a value of the page cannot be written.
pub fn answer(page: &impl Template, trouble: Option<&RecordTrouble>) -> Result<HttpResponse> {
    match trouble.map(|trouble| trouble.error.code()) {
        Some(code) => frame::refusal(frame::status(code), code, page),
        None => frame::answer(StatusCode::OK, page),
    }
}
