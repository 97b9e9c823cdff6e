//! The pages of accounts.

use std::collections::BTreeMap;

use askama::Template;

use super::paths;
use crate::db::OrganisationId;
use crate::http::Page;
use crate::identity::{Organisation, OrganisationKind, Role, StaffAccountView};
use crate::portal::pages::form::{ErrorSummary, FieldKind, FormField, FormTrouble, PageForms, ShownForm};
use crate::portal::pages::reader::{PageReader, When};
use crate::words::id_of;

const fn role_field(word: &'static str, label: &'static str) -> FormField {
    FormField { name: "roles", label, hint: None, kind: FieldKind::Member(word) }
}

static ROLE_FIELDS: [(Role, FormField); 7] = [
    (Role::Advocate, role_field("advocate", "portal-role-advocate")),
    (Role::Practitioner, role_field("practitioner", "portal-role-practitioner")),
    (Role::Supervisor, role_field("supervisor", "portal-role-supervisor")),
    (Role::Police, role_field("police", "portal-role-police")),
    (Role::Commissioner, role_field("commissioner", "portal-role-commissioner")),
    (Role::Auditor, role_field("auditor", "portal-role-auditor")),
    (Role::Administrator, role_field("administrator", "portal-role-administrator")),
];
const DISABLE_REASON: FormField = FormField {
    name: "reason",
    label: "portal-why",
    hint: None,
    kind: FieldKind::Choice(&[
        ("left", "portal-disable-left"),
        ("away", "portal-disable-away"),
        ("not_safe", "portal-disable-not_safe"),
    ]),
};
const SETUP_REASON: FormField = FormField {
    name: "reason",
    label: "portal-why",
    hint: None,
    kind: FieldKind::Choice(&[
        ("lost", "portal-setup-lost"),
        ("back", "portal-setup-back"),
        ("not_safe", "portal-setup-not_safe"),
    ]),
};

/// A field for each role that staff of such an organisation can hold; of none, an administrator's alone.
pub fn role_fields(kind: Option<OrganisationKind>) -> Vec<FormField> {
    let fits = |role: Role| kind.map_or(role == Role::Administrator, |kind| role.fits(kind));
    ROLE_FIELDS.iter().filter(|(role, _)| fits(*role)).map(|(_, field)| *field).collect()
}

/// Roles in words.
pub fn roles_in_words(reader: &PageReader, roles: &[Role]) -> String {
    let words: Vec<String> = roles.iter().map(|role| reader.say(&id_of("portal-role", role.as_str()))).collect();
    words.join(", ")
}

/// An account in a list.
pub struct AccountLine {
    /// Its page.
    pub href: String,
    /// Its holder's name.
    pub name: String,
    /// What they sign in with.
    pub username: Option<String>,
    /// What they may do.
    pub roles: String,
    /// How it is with it.
    pub state: String,
    /// What about it waits for a second person.
    pub awaits: Option<String>,
    /// Where they work, on a page of several organisations.
    pub organisation: Option<String>,
}

impl AccountLine {
    /// That of an account.
    pub fn of(reader: &PageReader, account: &StaffAccountView) -> Self {
        let state = match account {
            StaffAccountView { disabled_at: Some(_), .. } => "portal-account-out",
            StaffAccountView { is_set_up: false, .. } => "portal-account-new",
            _ => "portal-account-in-use",
        };
        let awaits = |act: crate::identity::TwoPersonAct| reader.say(&id_of("portal-two-people", act.as_str()));
        Self {
            href: paths::account(account.id),
            name: account.display_name.clone().unwrap_or_else(|| reader.say("portal-account-erased")),
            username: account.username.clone(),
            roles: roles_in_words(reader, &account.roles),
            state: reader.say(state),
            awaits: account.awaits_second_person.map(awaits),
            organisation: None,
        }
    }
}

/// All accounts, the newest first.
#[derive(Template)]
#[template(path = "admin/accounts.html")]
pub struct AccountsPage<'a> {
    reader: &'a PageReader,
    title: String,
    accounts: Vec<AccountLine>,
    next: Option<String>,
}

impl<'a> AccountsPage<'a> {
    /// A page of them.
    pub fn of(
        reader: &'a PageReader,
        found: &Page<StaffAccountView>,
        names: &BTreeMap<OrganisationId, String>,
    ) -> Self {
        let line = |row: &StaffAccountView| {
            let organisation = row.organisation_id.and_then(|id| names.get(&id)).cloned();
            AccountLine { organisation, ..AccountLine::of(reader, row) }
        };
        Self {
            title: reader.title("portal-staff", false),
            accounts: found.items.iter().map(line).collect(),
            next: paths::next(paths::STAFF, found.next_cursor.as_ref()),
            reader,
        }
    }
}

/// One account.
#[derive(Template)]
#[template(path = "admin/account.html")]
pub struct AccountPage<'a> {
    reader: &'a PageReader,
    title: String,
    wrong: Option<ErrorSummary>,
    line: AccountLine,
    organisation: Option<(String, &'a str)>,
    created: When,
    disabled: Option<When>,
    is_own: bool,
    forms: Vec<ShownForm>,
}

impl<'a> AccountPage<'a> {
    /// That of an account; with what is wrong with a form of it, where one was refused. Nobody does anything to their own.
    pub fn of(
        reader: &'a PageReader,
        (account, organisation): (&StaffAccountView, Option<&'a Organisation>),
        is_own: bool,
        trouble: Option<&FormTrouble>,
    ) -> Self {
        let mut forms = PageForms::of(reader, trouble);
        let shown = if is_own { Vec::new() } else { acts(&mut forms, account, organisation) };
        Self {
            title: reader.title("portal-account-title", trouble.is_some()),
            wrong: forms.wrong,
            line: AccountLine::of(reader, account),
            organisation: organisation.map(|own| (paths::organisation(own.id), own.name.as_str())),
            created: reader.when(account.created_at),
            disabled: account.disabled_at.map(|at| reader.when(at)),
            is_own,
            forms: shown,
            reader,
        }
    }
}

fn acts(forms: &mut PageForms<'_>, account: &StaffAccountView, organisation: Option<&Organisation>) -> Vec<ShownForm> {
    let path = paths::account(account.id);
    let fields = role_fields(organisation.map(|own| own.kind));
    let mut roles = forms.form("roles", format!("{path}/roles"), &fields, "portal-change-roles");
    for role in &account.roles {
        roles = roles.tick("roles", role.as_str());
    }
    let disable = forms.form("disable", format!("{path}/disable"), &[DISABLE_REASON], "portal-disable-account");
    let code = forms.form("setup-code", format!("{path}/setup-code"), &[SETUP_REASON], "portal-new-setup-code");
    vec![roles, code, disable]
}
