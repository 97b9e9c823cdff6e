//! Problem details for HTTP APIs (RFC 9457): the one form of every error answer.

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpResponse, ResponseError};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa::openapi::schema::{Object, ObjectBuilder, Type};

use crate::error::{Code, Error, FieldError};
use crate::words::{self, Language};

/// The media type of a problem document.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// A problem document (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
pub struct Problem {
    /// A URI that names the kind of problem.
    #[serde(rename = "type")]
    #[schema(example = "urn:holdfast:problem:not_found")]
    pub kind: String,
    /// One short sentence for people.
    #[schema(example = "There is nothing here for you")]
    pub title: String,
    /// The HTTP status.
    #[schema(example = 404, minimum = 400, maximum = 599)]
    pub status: u16,
    /// A stable word for programs.
    #[schema(schema_with = code_words)]
    pub code: String,
    /// What is wrong with this request.
    #[schema(example = "There is nothing here for you")]
    pub detail: String,
    /// The fields that were refused.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub errors: Vec<ProblemField>,
    /// The id to give when asking for help.
    #[schema(example = "019aa0c4-6f2e-7cc3-98c8-2d3a53a60b2f")]
    pub request_id: String,
}

/// One field that was refused.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemField {
    /// JSON Pointer into the body, or the name of a parameter.
    #[schema(example = "/fear")]
    pub pointer: String,
    /// A stable word.
    #[schema(example = "out_of_range")]
    pub code: String,
    /// One sentence for people.
    pub detail: String,
}

/// Every word that `code` may hold, so that a client can handle each.
fn code_words() -> Object {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .description(Some("A stable word for programs"))
        .enum_values(Some(Code::ALL.iter().map(|code| code.word())))
        .examples(["not_found"])
        .build()
}

impl From<&FieldError> for ProblemField {
    fn from(field: &FieldError) -> Self {
        Self { pointer: field.pointer.clone(), code: field.code.to_owned(), detail: field.detail.clone() }
    }
}

impl Problem {
    /// The document for an error. Says nothing of inner causes.
    #[must_use]
    pub fn of(error: &Error, request_id: &str, language: Language) -> Self {
        if language != Language::English {
            return Self::translated(error, request_id, language);
        }
        let mut problem = Self::bare(error.code(), request_id);
        match error {
            Error::Invalid { detail, fields, .. } => {
                problem.detail = detail.clone().into_owned();
                problem.errors = fields.iter().map(ProblemField::from).collect();
            }
            Error::Conflict(_, detail) => problem.detail = detail.clone().into_owned(),
            _ => {}
        }
        problem
    }

    /// The same in another language: sentences by code, since those of one request are English. The codes are the same.
    fn translated(error: &Error, request_id: &str, language: Language) -> Self {
        let code = error.code();
        let title = words::find(language, &words::id_of("problem", code.word()), &[]);
        let mut problem = Self::bare(code, request_id);
        if let Some(title) = title {
            problem.detail.clone_from(&title);
            problem.title = title;
        }
        if let Error::Invalid { fields, .. } = error {
            let field = |field: &FieldError| {
                let own = words::find(language, &words::id_of("field", field.code), &[]);
                let detail = own.unwrap_or_else(|| words::say(language, "field-other"));
                ProblemField { pointer: field.pointer.clone(), code: field.code.to_owned(), detail }
            };
            problem.errors = fields.iter().map(field).collect();
        }
        problem
    }

    /// The document for a code alone.
    #[must_use]
    pub fn bare(code: Code, request_id: &str) -> Self {
        Self {
            kind: format!("urn:holdfast:problem:{}", code.word()),
            title: code.title().to_owned(),
            status: code.status(),
            code: code.word().to_owned(),
            detail: code.title().to_owned(),
            errors: Vec::new(),
            request_id: request_id.to_owned(),
        }
    }
}

/// The answer for an error: status, document, and the headers that its status asks for.
#[must_use]
pub fn response(error: &Error, request_id: &str, language: Language) -> HttpResponse {
    let problem = Problem::of(error, request_id, language);
    let mut response = HttpResponse::build(status(error.code()));
    match error {
        Error::Unauthenticated(_) => {
            response.insert_header((header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer")));
        }
        Error::TooMany { retry_after_seconds } => {
            response.insert_header((header::RETRY_AFTER, retry_after_seconds.to_string()));
        }
        Error::Unavailable | Error::KeysUnavailable | Error::KeyNeeded => {
            response.insert_header((header::RETRY_AFTER, HeaderValue::from_static("2")));
        }
        _ => {}
    }
    let mut answer = response.content_type(MEDIA_TYPE).body(serde_json::to_vec(&problem).unwrap_or_default());
    // The line of the request says it as well.
    answer.extensions_mut().insert(error.code());
    answer
}

fn status(code: Code) -> StatusCode {
    StatusCode::from_u16(code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

impl ResponseError for Error {
    fn status_code(&self) -> StatusCode {
        status(self.code())
    }

    fn error_response(&self) -> HttpResponse {
        // The edge writes the document; it alone knows the request's id.
        HttpResponse::new(self.status_code())
    }
}
