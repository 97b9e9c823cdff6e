//! The page of what waits for a second person.

use askama::Template;

use super::account_pages::roles_in_words;
use super::paths;
use crate::db::StaffId;
use crate::identity::{SecondPersonRequestView, TwoPersonAct};
use crate::portal::pages::case::handle::letters;
use crate::portal::pages::form::{ErrorSummary, FormTrouble, PageForms, ShownForm};
use crate::portal::pages::person_view::SummaryEntry;
use crate::portal::pages::reader::{PageReader, When};
use crate::words::id_of;

/// What waits, with the names in it.
pub struct NamedRequest {
    /// What waits.
    pub request: SecondPersonRequestView,
    /// The organisation.
    pub organisation: Option<String>,
    /// Who asked.
    pub asked_by: Option<String>,
}

/// What waits for a second person.
#[derive(Template)]
#[template(path = "admin/requests.html")]
pub struct RequestsPage<'a> {
    reader: &'a PageReader,
    title: String,
    wrong: Option<ErrorSummary>,
    made_at: When,
    lines: Vec<RequestLine>,
}

/// One request.
struct RequestLine {
    act: String,
    entries: Vec<SummaryEntry>,
    asked: When,
    forms: Vec<ShownForm>,
}

impl<'a> RequestsPage<'a> {
    /// What waits and somebody may decide; with what is wrong with a form of it, where one was refused.
    pub fn of(reader: &'a PageReader, own: StaffId, waiting: &[NamedRequest], trouble: Option<&FormTrouble>) -> Self {
        let mut forms = PageForms::of(reader, trouble);
        let lines = waiting.iter().map(|found| RequestLine::of(reader, own, found, &mut forms)).collect();
        Self {
            title: reader.title("portal-requests", trouble.is_some()),
            wrong: forms.wrong,
            made_at: reader.now_by_the_clock(),
            lines,
            reader,
        }
    }
}

impl RequestLine {
    fn of(reader: &PageReader, own: StaffId, found: &NamedRequest, forms: &mut PageForms<'_>) -> Self {
        let request = &found.request;
        let name = found.asked_by.clone().unwrap_or_else(|| {
            reader.say(if request.asked_by.is_some() { "portal-somebody" } else { "portal-asked-by-operator" })
        });
        let reason = request.reason.map(|reason| reader.say(&id_of("portal-setup", reason.as_str())));
        let entries = [
            SummaryEntry::of(reader, "portal-organisation-title", found.organisation.clone()),
            SummaryEntry::of(reader, "portal-display-name", request.name.clone()),
            SummaryEntry::of(reader, "portal-username", request.username.clone()),
            SummaryEntry::of(reader, "portal-roles", request.roles.as_ref().map(|roles| roles_in_words(reader, roles))),
            SummaryEntry::of(reader, "portal-why", reason),
            SummaryEntry::of(reader, "portal-address", request.address.as_deref().map(paths::plain)),
            SummaryEntry::of(reader, "portal-asked-by", Some(name)),
        ];
        Self {
            act: reader.say(&id_of("portal-two-people", request.act.as_str())),
            entries: entries.into_iter().flatten().collect(),
            asked: reader.when(request.asked_at),
            forms: acts(own, request, forms),
        }
    }
}

/// Who asked for something withdraws it; the others approve or refuse it.
fn acts(own: StaffId, request: &SecondPersonRequestView, forms: &mut PageForms<'_>) -> Vec<ShownForm> {
    let (subject, of) = (letters(request.subject_id.0), letters(request.id.0));
    let refuse = format!("{}/{of}/refuse", paths::REQUESTS);
    if request.asked_by == Some(own) {
        return vec![forms.form(&of, refuse, &[], "portal-withdraw")];
    }
    let list = match request.act {
        TwoPersonAct::StaffAccount | TwoPersonAct::SetupCode | TwoPersonAct::StaffRoles => paths::STAFF,
        TwoPersonAct::PoliceClient => paths::CLIENTS,
        TwoPersonAct::WebhookEndpoint => paths::ENDPOINTS,
    };
    let approve = format!("{list}/{subject}/approve/{of}");
    vec![forms.form(&of, approve, &[], "portal-approve"), forms.form(&of, refuse, &[], "portal-refuse")]
}
