//! The entries of the audit, the form to search them with, and the button that checks the whole.

use askama::Template;

use super::entry_view::ShownEntry;
use crate::error::Error;
use crate::http::Page;
use crate::portal::pages::form::{ErrorSummary, FieldKind, FormField, PageForm, RefusedForm, ShownForm};
use crate::portal::pages::reader::{PageReader, When};
use crate::portal::pages::visit::Filled;
use crate::reporting::AuditEntryView;

/// Where a search is sent.
pub const TRAIL: &str = "/portal/audit";
const SEARCH: [FormField; 6] = [
    FormField {
        name: "subject",
        label: "portal-audit-subject",
        hint: Some("portal-audit-subject-hint"),
        kind: FieldKind::Line,
    },
    FormField {
        name: "actor",
        label: "portal-audit-actor",
        hint: Some("portal-audit-actor-hint"),
        kind: FieldKind::Line,
    },
    FormField {
        name: "action",
        label: "portal-audit-action",
        hint: Some("portal-audit-action-hint"),
        kind: FieldKind::Line,
    },
    FormField {
        name: "outcome",
        label: "portal-audit-outcome",
        hint: Some("portal-audit-outcome-hint"),
        kind: FieldKind::Line,
    },
    FormField { name: "from", label: "portal-audit-from", hint: None, kind: FieldKind::Day },
    FormField { name: "to", label: "portal-audit-to", hint: None, kind: FieldKind::Day },
];
/// What a search keeps from page to page.
const KEPT: [&str; 7] = ["subject", "actor", "action", "outcome", "from", "to", "record"];

/// A search that was not taken.
pub struct TrailTrouble<'t> {
    /// What was sent.
    pub sent: &'t Filled,
    /// What is wrong with it.
    pub error: &'t Error,
}

/// The page.
#[derive(Template)]
#[template(path = "auditor/trail.html")]
pub struct AuditTrailPage<'a> {
    reader: &'a PageReader,
    title: String,
    wrong: Option<ErrorSummary>,
    made_at: When,
    search: ShownForm,
    check: ShownForm,
    is_of_record: bool,
    entries: Option<Vec<ShownEntry>>,
    earlier: Option<Vec<HiddenField>>,
}

/// A field that goes with a form and is not shown.
pub struct HiddenField {
    /// Its name.
    pub name: &'static str,
    /// What is in it.
    pub value: String,
}

impl<'a> AuditTrailPage<'a> {
    /// That of some entries, as they were asked for.
    pub fn of(reader: &'a PageReader, page: &Page<AuditEntryView>, asked: Option<&Filled>) -> Self {
        let mut search = search_form().show(reader, None);
        for field in &mut search.fields {
            field.value = asked.map_or_else(String::new, |asked| asked.get(field.name).to_owned());
        }
        Self {
            is_of_record: asked.is_some_and(|asked| !asked.get("record").is_empty()),
            entries: Some(page.items.iter().map(|entry| ShownEntry::of(reader, entry)).collect()),
            earlier: page.next_cursor.as_ref().map(|cursor| earlier(asked, cursor)),
            ..Self::around(reader, search, None)
        }
    }

    /// The page of a search that was refused.
    pub fn refused(reader: &'a PageReader, trouble: &TrailTrouble<'_>) -> Self {
        let form = search_form();
        let wrong = match trouble.error.code().word() {
            "unknown_reference" => form.summary_in_words(reader.say("portal-audit-unknown")),
            _ => form.summary(reader, trouble.error),
        };
        let search = form.show(reader, Some(RefusedForm { sent: trouble.sent, error: trouble.error }));
        Self::around(reader, search, Some(wrong))
    }

    fn around(reader: &'a PageReader, search: ShownForm, wrong: Option<ErrorSummary>) -> Self {
        Self {
            title: reader.title("portal-audit-title", wrong.is_some()),
            wrong,
            made_at: reader.now_by_the_clock(),
            search,
            check: check_form().show(reader, None),
            is_of_record: false,
            entries: None,
            earlier: None,
            reader,
        }
    }
}

fn search_form() -> PageForm<'static> {
    let action = TRAIL.to_owned();
    PageForm { of: "search", action, fields: &SEARCH, button: "portal-audit-search", is_secondary: false }
}

/// The form that checks the whole audit.
pub fn check_form() -> PageForm<'static> {
    let action = format!("{TRAIL}/verification");
    PageForm { of: "check", action, fields: &[], button: "portal-audit-check", is_secondary: true }
}

/// What the form carries that goes on to earlier entries.
fn earlier(asked: Option<&Filled>, cursor: &str) -> Vec<HiddenField> {
    let kept = KEPT.into_iter().filter_map(|name| {
        let value = asked?.get(name);
        (!value.is_empty()).then(|| HiddenField { name, value: value.to_owned() })
    });
    kept.chain([HiddenField { name: "cursor", value: cursor.to_owned() }]).collect()
}
