//! The pages of organisations.

use askama::Template;

use super::account_pages::{AccountLine, role_fields};
use super::endpoint_pages::EndpointLine;
use super::paths;
use crate::directory;
use crate::http::Page;
use crate::identity::{OrganisationKind, OrganisationView, StaffAccountView};
use crate::portal::pages::form::{ErrorSummary, FieldKind, FormField, FormTrouble, PageForms, ShownForm};
use crate::portal::pages::reader::{PageReader, When};
use crate::webhooks::EndpointView;
use crate::words::id_of;

const KIND: FormField = FormField {
    name: "kind",
    label: "portal-organisation-kind",
    hint: None,
    kind: FieldKind::Choice(&[
        ("survivor_support", "portal-organisation-survivor_support"),
        ("programme_provider", "portal-organisation-programme_provider"),
        ("police_force", "portal-organisation-police_force"),
        ("commissioner", "portal-organisation-commissioner"),
        ("oversight", "portal-organisation-oversight"),
    ]),
};
const NAME: FormField =
    FormField { name: "name", label: "portal-organisation-name", hint: None, kind: FieldKind::Line };
const FORCE: FormField =
    FormField { name: "force_id", label: "portal-force", hint: Some("portal-force-hint"), kind: FieldKind::Offered };
const DESK: FormField = FormField {
    name: "duty_desk_phone",
    label: "portal-duty-desk",
    hint: Some("portal-duty-desk-hint"),
    kind: FieldKind::Line,
};
const USERNAME: FormField =
    FormField { name: "username", label: "portal-username", hint: Some("portal-username-hint"), kind: FieldKind::Line };
const DISPLAY_NAME: FormField =
    FormField { name: "display_name", label: "portal-display-name", hint: None, kind: FieldKind::Line };

/// The police forces that there are, and none of them.
fn forces(reader: &PageReader) -> Vec<(String, String)> {
    let none = (String::new(), reader.say("portal-no-force"));
    let known = directory::forces().iter().map(|force| (force.id.clone(), force.name.clone()));
    std::iter::once(none).chain(known).collect()
}

/// An organisation in a list.
struct OrganisationLine {
    href: String,
    name: String,
    kind: String,
    is_force_unknown: bool,
}

/// All organisations, the newest first.
#[derive(Template)]
#[template(path = "admin/organisations.html")]
pub struct OrganisationsPage<'a> {
    reader: &'a PageReader,
    title: String,
    wrong: Option<ErrorSummary>,
    lines: Vec<OrganisationLine>,
    next: Option<String>,
    form: ShownForm,
}

impl<'a> OrganisationsPage<'a> {
    /// A page of them; with what is wrong with the form for a new one, where it was refused.
    pub fn of(reader: &'a PageReader, found: &Page<OrganisationView>, trouble: Option<&FormTrouble>) -> Self {
        let mut forms = PageForms::of(reader, trouble);
        let action = format!("{}/new", paths::ORGANISATIONS);
        let form = forms.form("organisation", action, &[KIND, NAME, FORCE, DESK], "portal-create-organisation");
        let line = |row: &OrganisationView| OrganisationLine {
            href: paths::organisation(row.id),
            name: row.name.clone(),
            kind: reader.say(&id_of("portal-organisation", row.kind.as_str())),
            is_force_unknown: row.is_force_unknown,
        };
        Self {
            title: reader.title("portal-organisations", trouble.is_some()),
            wrong: forms.wrong,
            lines: found.items.iter().map(line).collect(),
            next: paths::next(paths::ORGANISATIONS, found.next_cursor.as_ref()),
            form: form.offer("force_id", forces(reader)),
            reader,
        }
    }
}

/// One organisation, as it was read.
pub struct ReadOrganisation {
    /// Itself.
    pub organisation: OrganisationView,
    /// The accounts of its staff.
    pub accounts: Page<StaffAccountView>,
    /// Its endpoints, where it is a police force.
    pub endpoints: Vec<EndpointView>,
}

/// One organisation.
#[derive(Template)]
#[template(path = "admin/organisation.html")]
pub struct OrganisationPage<'a> {
    reader: &'a PageReader,
    title: String,
    wrong: Option<ErrorSummary>,
    name: &'a str,
    kind: String,
    is_police: bool,
    force: Option<String>,
    is_force_unknown: bool,
    desk: Option<&'a str>,
    created: When,
    accounts: Vec<AccountLine>,
    has_more: bool,
    endpoints: Vec<EndpointLine>,
    account_form: ShownForm,
    correct_form: ShownForm,
}

impl<'a> OrganisationPage<'a> {
    /// That of an organisation; with what is wrong with a form of it, where one was refused.
    pub fn of(reader: &'a PageReader, found: &'a ReadOrganisation, trouble: Option<&FormTrouble>) -> Self {
        let own = &found.organisation;
        let (path, is_police) = (paths::organisation(own.id), own.kind == OrganisationKind::PoliceForce);
        let mut forms = PageForms::of(reader, trouble);
        let mut fields = vec![USERNAME, DISPLAY_NAME];
        fields.extend(role_fields(Some(own.kind)));
        let account_form = forms.form("account", format!("{path}/staff"), &fields, "portal-create-account");
        let mut fields = vec![NAME, DESK];
        fields.extend(is_police.then_some(FORCE));
        let action = format!("{path}/correct/{}", own.version);
        let correct_form = forms.form("correct", action, &fields, "portal-correct-organisation");
        let correct_form = correct_form.offer("force_id", forces(reader)).fill("name", &own.name);
        let known = own.force_id.as_deref().and_then(directory::force);
        Self {
            title: reader.title("portal-organisation-title", trouble.is_some()),
            wrong: forms.wrong,
            name: &own.name,
            kind: reader.say(&id_of("portal-organisation", own.kind.as_str())),
            is_police,
            force: known.map(|force| force.name.clone()),
            is_force_unknown: own.is_force_unknown,
            desk: own.duty_desk_phone.as_deref(),
            created: reader.when(own.created_at),
            accounts: found.accounts.items.iter().map(|row| AccountLine::of(reader, row)).collect(),
            has_more: found.accounts.next_cursor.is_some(),
            endpoints: found.endpoints.iter().map(|row| EndpointLine::of(reader, row, None)).collect(),
            account_form,
            correct_form: correct_form.fill("force_id", own.force_id.as_deref().unwrap_or_default()),
            reader,
        }
    }
}
