//! What surrounds every page, and the parts that pages are made of: forms with their fields, and what is wrong with them.

use actix_web::HttpResponse;
use actix_web::http::{StatusCode, header};
use maud::{DOCTYPE, Markup, html};

use super::assets;
use super::cookie::IDLE_SECONDS;
use super::reader::{PageReader, in_english};
use crate::error::{Code, Error, FieldError};

/// A page. Its title names its kind and nothing of what it shows: titles are kept in histories, and read over shoulders.
pub fn page(reader: &PageReader, title: &str, main: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang=(reader.language) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="robots" content="noindex, nofollow";
                title { (reader.say(title)) " – Holdfast" }
                link rel="stylesheet" href=(assets::style());
                script src=(assets::script()) defer {}
            }
            body data-idle-seconds=[reader.is_signed_in.then_some(IDLE_SECONDS)] {
                a.skip href="#main" { (reader.say("portal-skip")) }
                (top(reader))
                main #main tabindex="-1" { (main) }
                footer { p { (in_english("staff-emergency")) } }
            }
        }
    }
}

fn top(reader: &PageReader) -> Markup {
    html! {
        header.top {
            p.name { "Holdfast" }
            @if reader.is_signed_in {
                nav aria-label=(reader.say("portal-navigation")) {
                    a href="/portal" { (reader.say("portal-worklist-title")) }
                    (form(reader, "/portal/sign-out", &html! {
                        button.plain type="submit" { (reader.say("portal-sign-out")) }
                    }))
                }
            }
        }
        @if reader.is_signed_in {
            // The script shows it when the session is about to be idle.
            div #idle role="alert" hidden {
                p { (reader.say("portal-idle")) }
                (form(reader, "/portal/stay", &html! {
                    button type="submit" { (reader.say("portal-stay")) }
                }))
            }
        }
    }
}

/// A form that carries what makes it one of ours.
pub fn form(reader: &PageReader, to: &str, fields: &Markup) -> Markup {
    html! {
        form method="post" action=(to) {
            input type="hidden" name="csrf_token" value=(reader.form_token);
            (fields)
        }
    }
}

/// What a field is like.
#[derive(Clone, Copy)]
pub struct FormField<'a> {
    /// Its name, as the API's bodies call it.
    pub name: &'a str,
    /// The message of its label.
    pub label: &'a str,
    /// The message of what helps to fill it in.
    pub hint: Option<&'a str>,
    /// What tells it from others of its name on a page.
    pub of: &'a str,
}

impl FormField<'_> {
    fn id(&self) -> String {
        format!("{}-{}", self.of, self.name)
    }

    fn hint_id(&self) -> Option<String> {
        self.hint.map(|_| format!("{}-hint", self.id()))
    }

    fn label(&self, reader: &PageReader) -> Markup {
        html! {
            label for=(self.id()) { (reader.say(self.label)) }
            @if let Some(hint) = self.hint {
                p.hint id=[self.hint_id()] { (reader.say(hint)) }
            }
        }
    }

    /// A line of text; `kind` and `complete` are those of HTML.
    pub fn line(&self, reader: &PageReader, (kind, complete): (&str, &str), value: &str) -> Markup {
        html! {
            div.field {
                (self.label(reader))
                input id=(self.id()) name=(self.name) type=(kind) autocomplete=(complete) value=(value)
                    aria-describedby=[self.hint_id()] spellcheck="false" autocapitalize="none";
            }
        }
    }

    /// Digits of an authenticator app.
    pub fn digits(&self, reader: &PageReader) -> Markup {
        html! {
            div.field {
                (self.label(reader))
                input id=(self.id()) name=(self.name) type="text" inputmode="numeric" autocomplete="one-time-code"
                    aria-describedby=[self.hint_id()] maxlength="12" required;
            }
        }
    }

    /// Several lines of text.
    pub fn text(&self, reader: &PageReader, value: &str) -> Markup {
        html! {
            div.field {
                (self.label(reader))
                textarea id=(self.id()) name=(self.name) rows="3" autocomplete="off" aria-describedby=[self.hint_id()]
                    required { (value) }
            }
        }
    }

    /// Something to tick.
    pub fn tick(&self, reader: &PageReader, is_ticked: bool) -> Markup {
        html! {
            div.tick {
                input id=(self.id()) name=(self.name) type="checkbox" value="true" checked[is_ticked]
                    aria-describedby=[self.hint_id()];
                (self.label(reader))
            }
        }
    }
}

/// What is wrong with a form that was sent, above everything else of its page.
pub fn summary(reader: &PageReader, error: &Error) -> Markup {
    let fields: &[FieldError] = match error {
        Error::Invalid { fields, .. } => fields,
        _ => &[],
    };
    html! {
        div.summary #summary role="alert" tabindex="-1" {
            h2 { (reader.say("portal-summary-title")) }
            p { (said(reader, error)) }
            @if !fields.is_empty() {
                ul { @for field in fields { li { (name_of(reader, field)) } } }
            }
        }
    }
}

/// A refusal in the reader's language where it is one of those that people meet here; else in the API's own words.
fn said(reader: &PageReader, error: &Error) -> String {
    let id = match error.code().word() {
        "unauthenticated" => "portal-wrong-credentials",
        "too_many_requests" => "portal-fault-wait",
        "code_word_needed" => "portal-code-word-needed",
        "wrong_state" => "portal-fault-state",
        _ if matches!(error, Error::Invalid { .. }) => "portal-fields-wrong",
        _ => return error.code().title().to_owned(),
    };
    reader.say(id)
}

/// Which field is at fault, by its label.
fn name_of(reader: &PageReader, field: &FieldError) -> String {
    let id = match field.pointer.as_str() {
        "/note" => "portal-note",
        "/code_word" => "portal-code-word",
        "/reason" => "portal-reason",
        "/username" => "portal-username",
        "/password" => "portal-password",
        "/one_time_code" => "portal-one-time-code",
        "/setup_code" => "portal-setup-code",
        _ => "portal-fields-wrong",
    };
    reader.say(id)
}

/// An answer with a page.
pub fn answer(status: StatusCode, page: &Markup) -> HttpResponse {
    HttpResponse::build(status).content_type("text/html; charset=utf-8").body(page.0.clone())
}

/// An answer with a page that says why something was not done. The line of the request says it as well.
pub fn refusal(status: StatusCode, code: Code, page: &Markup) -> HttpResponse {
    let mut answer = answer(status, page);
    answer.extensions_mut().insert(code);
    answer
}

/// The status of a code.
pub fn status(code: Code) -> StatusCode {
    StatusCode::from_u16(code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// The way to another page.
pub fn see_other(path: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((header::LOCATION, path)).finish()
}
