//! The forms of a survivor's pages, of which one may have been refused.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use crate::error::{Code, Error, Result};
use crate::portal::pages::case::handle::record_path;
use crate::portal::pages::form::{ErrorSummary, FormField, PageForm, RefusedForm, ShownForm};
use crate::portal::pages::frame;
use crate::portal::pages::reader::PageReader;
use crate::portal::pages::visit::Filled;

/// A form of a survivor's page that was not taken.
pub struct RecordTrouble {
    /// What is wrong.
    pub error: Error,
    /// What was sent.
    pub form: Filled,
    /// Which form, as its fields are told from others.
    pub of: String,
}

/// What comes of an act: the way to a page, or what was wrong with the form that the reader can do something about.
///
/// # Errors
/// When it was refused for what no form can mend.
pub fn settle(
    done: Result<()>,
    (form, of): (Filled, String),
    page: &str,
) -> Result<std::result::Result<HttpResponse, RecordTrouble>> {
    match done {
        Ok(()) => Ok(Ok(frame::see_other(page))),
        Err(error) if is_for_form(&error) => Ok(Err(RecordTrouble { error, form, of })),
        Err(error) => Err(error),
    }
}

/// Whether the person at a form can do something about it.
pub fn is_for_form(error: &Error) -> bool {
    let is_of_person = matches!(error, Error::Forbidden(Code::SecondPersonNeeded | Code::WrongRole));
    is_of_person || matches!(error, Error::Invalid { .. } | Error::Conflict(..) | Error::TooMany { .. })
}

/// An answer with a page, and the status of what was wrong with a form of it, where something was.
///
/// # Errors
/// When a value of the page cannot be written.
pub fn answer(page: &impl Template, trouble: Option<&RecordTrouble>) -> Result<HttpResponse> {
    match trouble.map(|trouble| trouble.error.code()) {
        Some(code) => frame::refusal(frame::status(code), code, page),
        None => frame::answer(StatusCode::OK, page),
    }
}

/// The forms of one page.
pub struct RecordForms<'a> {
    reader: &'a PageReader,
    base: String,
    trouble: Option<&'a RecordTrouble>,
    /// What is wrong with the one that was sent.
    pub wrong: Option<ErrorSummary>,
}

impl<'a> RecordForms<'a> {
    /// Those of a survivor's page.
    pub fn of(reader: &'a PageReader, reference: &str, trouble: Option<&'a RecordTrouble>) -> Self {
        // What is wrong with a form that the page has no more is said as well.
        let of_none = |trouble: &RecordTrouble| {
            let action = String::new();
            let none = PageForm { of: "", action, fields: &[], button: "portal-progress", is_secondary: true };
            none.summary(reader, &trouble.error)
        };
        Self { reader, base: record_path(reference), trouble, wrong: trouble.map(of_none) }
    }

    /// One form: what tells its fields from others, the end of its address, what is in it and on its button.
    pub fn form(&mut self, of: &str, end: &str, fields: &[FormField], button: &'static str) -> ShownForm {
        let action = format!("{}/{end}", self.base);
        let form = PageForm { of, action, fields, button, is_secondary: true };
        let trouble = self.trouble.filter(|trouble| trouble.of == of);
        if let Some(trouble) = trouble {
            self.wrong = Some(form.summary(self.reader, &trouble.error));
        }
        let refused = trouble.map(|trouble| RefusedForm { sent: &trouble.form, error: &trouble.error });
        form.show(self.reader, refused)
    }
}
