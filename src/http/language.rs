//! In which language an answer's words stand: what `Accept-Language` asks for, else what the survivor's record says, else
//! English.

use actix_web::dev::Payload;
use actix_web::http::header::{ACCEPT_LANGUAGE, HeaderMap};
use actix_web::{FromRequest, HttpMessage, HttpRequest};

use crate::error::Error;
use crate::words::{self, Language};

/// The language that a reader is answered in, in the request's extensions once the reader is known; an extractor for
/// those who need not be known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReaderLanguage(pub Language);

/// The language that a request asks for, where it does.
#[must_use]
pub fn asked(headers: &HeaderMap) -> Option<Language> {
    let values: Vec<&str> = headers.get_all(ACCEPT_LANGUAGE).filter_map(|value| value.to_str().ok()).collect();
    words::accepted(&values.join(","))
}

/// The language to answer a reader in whose record names one; what follows of this request is answered in it.
pub fn settle(request: &HttpRequest, recorded: &str) -> Language {
    let language = asked(request.headers()).unwrap_or_else(|| Language::of(recorded));
    request.extensions_mut().insert(ReaderLanguage(language));
    language
}

/// The language of an answer to a request, whether or not its reader became known.
#[must_use]
pub fn of(request: &HttpRequest) -> Language {
    let settled = request.extensions().get::<ReaderLanguage>().map(|reading| reading.0);
    settled.or_else(|| asked(request.headers())).unwrap_or(Language::English)
}

impl FromRequest for ReaderLanguage {
    type Error = Error;
    type Future = std::future::Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        std::future::ready(Ok(Self(of(request))))
    }
}
