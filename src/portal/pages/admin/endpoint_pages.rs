//! The pages of endpoints. What was sent to one is shown by kinds, times and what came of it; never what was in it.

use std::collections::BTreeMap;

use askama::Template;

use super::paths;
use crate::db::OrganisationId;
use crate::http::Page;
use crate::identity::Organisation;
use crate::portal::pages::case::handle::letters;
use crate::portal::pages::form::{ErrorSummary, FieldKind, FormField, FormTrouble, PageForms, ShownForm};
use crate::portal::pages::reader::{InEnglish, PageReader, When};
use crate::webhooks::{AttemptView, DeliveryState, EndpointView, LoggedDeliveryView};
use crate::words::{self, Language, id_of};

const FORCE: FormField =
    FormField { name: "organisation_id", label: "portal-force", hint: None, kind: FieldKind::Offered };
const KIND: FormField = FormField {
    name: "kind",
    label: "portal-endpoint-kind",
    hint: None,
    kind: FieldKind::Choice(&[("webhook", "portal-endpoint-webhook"), ("email", "portal-endpoint-email")]),
};
const URL: FormField =
    FormField { name: "url", label: "portal-address", hint: Some("portal-address-hint"), kind: FieldKind::Line };
const OTHER_URL: FormField =
    FormField { name: "url", label: "portal-address", hint: Some("portal-address-stays"), kind: FieldKind::Line };
const DESCRIPTION: FormField =
    FormField { name: "description", label: "portal-endpoint-name", hint: None, kind: FieldKind::Line };
const POSITION: FormField = FormField {
    name: "position",
    label: "portal-endpoint-position",
    hint: Some("portal-endpoint-position-hint"),
    kind: FieldKind::Line,
};

/// What is known of a code in English, or that it is another one.
fn of_code(reader: &PageReader, prefix: &str, code: &str) -> InEnglish {
    let id = id_of(prefix, code);
    match words::find(Language::English, &id, &[]) {
        Some(_) => reader.in_english(&id),
        None => reader.in_english(&id_of(prefix, "other")),
    }
}

/// An endpoint in a list.
pub struct EndpointLine {
    /// Its page.
    pub href: String,
    /// What it is called.
    pub name: String,
    /// The force.
    pub force: Option<String>,
    /// How it is reached.
    pub kind: String,
    /// Where to.
    pub address: String,
    /// How it does.
    pub state: InEnglish,
    /// Since when.
    pub since: Option<When>,
    /// Whether it was proven of late.
    pub proof: InEnglish,
    /// When it was proven.
    pub proven: Option<When>,
}

impl EndpointLine {
    /// That of an endpoint.
    pub fn of(reader: &PageReader, endpoint: &EndpointView, force: Option<String>) -> Self {
        let (state, since) = match (endpoint.disabled_at, endpoint.failing_since) {
            (Some(since), _) => ("staff-endpoint-out", Some(since)),
            (None, Some(since)) => ("staff-endpoint-failing", Some(since)),
            (None, None) if endpoint.last_outcome.is_none() => ("staff-endpoint-untried", None),
            (None, None) => ("staff-endpoint-well", None),
        };
        let proof = if endpoint.is_proven { "staff-endpoint-proven" } else { "staff-endpoint-unproven" };
        Self {
            href: paths::endpoint(endpoint.id),
            name: endpoint.description.clone(),
            force,
            kind: reader.say(&id_of("portal-endpoint", endpoint.kind.as_str())),
            address: paths::plain(&endpoint.url),
            state: reader.in_english(state),
            since: since.map(|at| reader.when(at)),
            proof: reader.in_english(proof),
            proven: endpoint.proven_at.map(|at| reader.when(at)),
        }
    }
}

/// All endpoints, the newest first.
#[derive(Template)]
#[template(path = "admin/endpoints.html")]
pub struct EndpointsPage<'a> {
    reader: &'a PageReader,
    title: String,
    wrong: Option<ErrorSummary>,
    endpoints: Vec<EndpointLine>,
    next: Option<String>,
    form: Option<ShownForm>,
}

impl<'a> EndpointsPage<'a> {
    /// A page of them; with what is wrong with the form for a new one, where it was refused.
    pub fn of(
        reader: &'a PageReader,
        (found, names): (&Page<EndpointView>, &BTreeMap<OrganisationId, String>),
        forces: &[Organisation],
        trouble: Option<&FormTrouble>,
    ) -> Self {
        let mut forms = PageForms::of(reader, trouble);
        let action = format!("{}/new", paths::ENDPOINTS);
        let form = forms.form("endpoint", action, &[FORCE, KIND, URL, DESCRIPTION], "portal-create-endpoint");
        let choices = forces.iter().map(|force| (letters(force.id.0), force.name.clone()));
        let line = |row: &EndpointView| EndpointLine::of(reader, row, names.get(&row.organisation_id).cloned());
        Self {
            title: reader.title("portal-endpoints", trouble.is_some()),
            wrong: forms.wrong,
            endpoints: found.items.iter().map(line).collect(),
            next: paths::next(paths::ENDPOINTS, found.next_cursor.as_ref()),
            form: (!forces.is_empty()).then(|| form.offer("organisation_id", choices)),
            reader,
        }
    }
}

/// An endpoint, as it was read.
pub struct ReadEndpoint {
    /// Itself.
    pub endpoint: EndpointView,
    /// The name of the force.
    pub force: Option<String>,
    /// What was sent to it.
    pub deliveries: Page<LoggedDeliveryView>,
}

/// One endpoint, with what was sent to it.
#[derive(Template)]
#[template(path = "admin/endpoint.html")]
pub struct EndpointPage<'a> {
    reader: &'a PageReader,
    title: String,
    wrong: Option<ErrorSummary>,
    line: EndpointLine,
    last: Option<InEnglish>,
    status: Option<i32>,
    position: i32,
    created: When,
    deliveries: Vec<DeliveryLine>,
    next: Option<String>,
    forms: Vec<ShownForm>,
}

impl<'a> EndpointPage<'a> {
    /// That of an endpoint; with what is wrong with a form of it, where one was refused.
    pub fn of(reader: &'a PageReader, found: &ReadEndpoint, trouble: Option<&FormTrouble>) -> Self {
        let own = &found.endpoint;
        let mut forms = PageForms::of(reader, trouble);
        let shown = acts(&mut forms, own);
        let sent = &found.deliveries;
        let deliveries = sent.items.iter().map(|row| DeliveryLine::of(reader, row, &mut forms)).collect();
        Self {
            title: reader.title("portal-endpoint-title", trouble.is_some()),
            wrong: forms.wrong,
            line: EndpointLine::of(reader, own, found.force.clone()),
            last: own.last_outcome.as_deref().map(|outcome| of_code(reader, "staff-attempt", outcome)),
            status: own.last_status,
            position: own.position,
            created: reader.when(own.created_at),
            deliveries,
            next: paths::next(&paths::endpoint(own.id), sent.next_cursor.as_ref()),
            forms: shown,
            reader,
        }
    }
}

fn acts(forms: &mut PageForms<'_>, own: &EndpointView) -> Vec<ShownForm> {
    let (path, version) = (paths::endpoint(own.id), own.version);
    let fields = [DESCRIPTION, OTHER_URL, POSITION];
    let change = forms.form("change", format!("{path}/change/{version}"), &fields, "portal-change-endpoint");
    let change = change.fill("description", &own.description).fill("position", &own.position.to_string());
    let rotate = forms.form("rotate", format!("{path}/rotate"), &[], "portal-rotate-endpoint");
    if own.disabled_at.is_some() {
        let in_use = forms.form("use", format!("{path}/in-use/{version}"), &[], "portal-endpoint-in-use");
        return vec![in_use, change, rotate];
    }
    let test = forms.form("test", format!("{path}/test"), &[], "portal-test-endpoint");
    let out = forms.form("use", format!("{path}/out-of-use/{version}"), &[], "portal-endpoint-out-of-use");
    vec![test, change, rotate, out]
}

/// A message to an endpoint.
struct DeliveryLine {
    href: String,
    words: InEnglish,
    state: InEnglish,
    queued: When,
    taken: Option<When>,
    next: Option<When>,
    attempts: i32,
    form: Option<ShownForm>,
}

impl DeliveryLine {
    fn of(reader: &PageReader, row: &LoggedDeliveryView, forms: &mut PageForms<'_>) -> Self {
        let path = paths::delivery(row.id);
        let is_over = row.state != DeliveryState::Queued;
        let of = letters(row.id.0);
        let form = is_over.then(|| forms.form(&of, format!("{path}/replay"), &[], "portal-replay"));
        Self {
            words: of_code(reader, "staff-message", &row.message_type),
            state: of_code(reader, "staff-delivery", row.state.as_str()),
            queued: reader.when(row.queued_at),
            taken: row.delivered_at.or(row.sent_by_mail_at).map(|at| reader.when(at)),
            next: row.next_attempt_at.filter(|_| !is_over).map(|at| reader.when(at)),
            attempts: row.attempts,
            href: path,
            form,
        }
    }
}

/// One message, by its attempts.
#[derive(Template)]
#[template(path = "admin/delivery.html")]
pub struct DeliveryPage<'a> {
    reader: &'a PageReader,
    title: String,
    attempts: Vec<AttemptLine>,
}

/// One attempt.
struct AttemptLine {
    number: i32,
    started: When,
    outcome: InEnglish,
    status: Option<i32>,
}

impl<'a> DeliveryPage<'a> {
    /// That of a message.
    pub fn of(reader: &'a PageReader, attempts: &[AttemptView]) -> Self {
        let line = |row: &AttemptView| AttemptLine {
            number: row.attempt,
            started: reader.when(row.started_at),
            outcome: of_code(reader, "staff-attempt", &row.outcome),
            status: row.status,
        };
        Self {
            title: reader.title("portal-delivery-title", false),
            attempts: attempts.iter().map(line).collect(),
            reader,
        }
    }
}
