//! The forms of one page, of which one may have been sent and refused.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use super::{ErrorSummary, FormField, PageForm, RefusedForm, ShownForm};
use crate::error::{Error, Result};
use crate::portal::pages::frame;
use crate::portal::pages::reader::PageReader;
use crate::portal::pages::visit::Filled;

/// A form of a page that was not taken.
pub struct FormTrouble {
    error: Error,
    form: Filled,
    of: String,
}

impl FormTrouble {
    /// That of a form, as its fields are told from others of its page.
    ///
    /// # Errors
    /// The fault itself, where nothing can be done about it in the form.
    pub fn of(of: impl Into<String>, form: Filled, error: Error) -> Result<Self> {
        match error {
            Error::Invalid { .. } | Error::Conflict(..) | Error::TooMany { .. } => {
                Ok(Self { error, form, of: of.into() })
            }
            error => Err(error),
        }
    }
}

/// The forms of a page.
pub struct PageForms<'a> {
    reader: &'a PageReader,
    trouble: Option<&'a FormTrouble>,
    /// What is wrong with the one that was sent.
    pub wrong: Option<ErrorSummary>,
}

impl<'a> PageForms<'a> {
    /// Those of a page, none of which is made yet.
    pub fn of(reader: &'a PageReader, trouble: Option<&'a FormTrouble>) -> Self {
        // What is wrong with a form that the page has no more is said as well.
        let of_none = |trouble: &FormTrouble| {
            let none =
                PageForm { of: "", action: String::new(), fields: &[], button: "portal-continue", is_secondary: true };
            none.summary(reader, &trouble.error)
        };
        Self { reader, trouble, wrong: trouble.map(of_none) }
    }

    /// One form: what tells its fields from others, where it is sent, what is in it and on its button.
    pub fn form(&mut self, of: &str, action: String, fields: &[FormField], button: &'static str) -> ShownForm {
        let form = PageForm { of, action, fields, button, is_secondary: true };
        let trouble = self.trouble.filter(|trouble| trouble.of == of);
        if let Some(trouble) = trouble {
            self.wrong = Some(form.summary(self.reader, &trouble.error));
        }
        form.show(self.reader, trouble.map(|trouble| RefusedForm { sent: &trouble.form, error: &trouble.error }))
    }
}

/// The page, as what comes of a form of it where one was refused.
///
/// # Errors
/// As [`frame::answer`].
pub fn answer(page: &impl Template, trouble: Option<&FormTrouble>) -> Result<HttpResponse> {
    match trouble.map(|trouble| trouble.error.code()) {
        Some(code) => frame::refusal(frame::status(code), code, page),
        None => frame::answer(StatusCode::OK, page),
    }
}
