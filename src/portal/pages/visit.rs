//! What a page's handler is given: who asks, proven as for the API; and a form that one of our own pages sent.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::http::header::{HeaderMap, HeaderValue};
use actix_web::{FromRequest, HttpMessage as _, HttpRequest, web};
use garde::Validate;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::cookie;
use super::reader::{PageReader, ZONE};
use crate::app::App;
use crate::db::Instant;
use crate::error::{Code, Error, Result};
use crate::http::{Who, limits, parse};
use crate::tx::{Actor, PendingEntry};

/// The name of the field that makes a form one of ours.
const TOKEN: &str = "csrf_token";

type Extracting<T> = Pin<Box<dyn Future<Output = Result<T>>>>;

/// What is done at an address, as the audit calls it: the id of the API's operation that does the same.
#[derive(Clone, Copy)]
pub struct Deed(pub &'static str);

/// Somebody at a page.
pub struct Visit<W> {
    /// The application.
    pub app: App,
    /// Who.
    pub who: W,
    /// As a reader.
    pub reader: PageReader,
    /// What is done, as the audit calls it.
    pub deed: &'static str,
}

fn app_of(request: &HttpRequest) -> Result<App> {
    let app = request.app_data::<web::Data<App>>().ok_or_else(|| Error::internal("a page without its application"))?;
    Ok(app.get_ref().clone())
}

impl<W: Who + FromRequest<Error = Error>> FromRequest for Visit<W> {
    type Error = Error;
    type Future = Extracting<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let who = W::from_request(request, payload);
        let request = request.clone();
        Box::pin(async move {
            let app = app_of(&request)?;
            let missing = || Error::internal("a page that does not say what is done there");
            let Deed(deed) = *request.app_data::<Deed>().ok_or_else(missing)?;
            match who.await {
                Ok(who) => Ok(Self { reader: PageReader::of(&app, &request), app, who, deed }),
                Err(error) => {
                    let actor = request.extensions_mut().remove::<Actor>();
                    if let Some(actor) = actor.filter(|_| error.is_of_rights()) {
                        app.refuse(actor, PendingEntry::of(deed)).await;
                    }
                    Err(error)
                }
            }
        })
    }
}

/// Which fields of a form are no text.
#[derive(Clone, Copy)]
pub struct FieldShapes<'a> {
    /// Those that are ticked.
    pub ticked: &'a [&'a str],
    /// Those that hold a number.
    pub numbers: &'a [&'a str],
    /// Those that hold several words.
    pub lists: &'a [&'a str],
    /// Those that hold a moment, as the clock on the wall shows it.
    pub moments: &'a [&'a str],
}

impl FieldShapes<'_> {
    /// All are text.
    pub const TEXT: FieldShapes<'static> = FieldShapes { ticked: &[], numbers: &[], lists: &[], moments: &[] };
}

/// A form that was filled in on one of our pages, in the session or visit in which it is sent.
pub struct Filled {
    fields: Vec<(String, String)>,
}

impl Filled {
    /// What a field holds; nothing where it was left out.
    pub fn get(&self, name: &str) -> &str {
        self.fields.iter().find(|(own, _)| own == name).map_or("", |(_, value)| value.as_str())
    }

    /// The same form with a field that holds this, such as what its address says.
    #[must_use]
    pub fn with(&self, name: &str, value: impl Into<String>) -> Self {
        let others = self.fields.iter().filter(|(own, _)| own != name).cloned();
        Self { fields: others.chain([(name.to_owned(), value.into())]).collect() }
    }

    /// Whether a field holds a value, among others.
    pub fn has(&self, name: &str, value: &str) -> bool {
        self.fields.iter().any(|(own, held)| own == name && held == value)
    }

    /// As the body of the API's call, by the same rules. A field that is empty was left out; one whose name has a slash is a part
    /// of what the name before it names. `ticked` are those that are ticked: a browser leaves out what is not, and that is a no.
    ///
    /// # Errors
    /// 422, with the fields that are wrong.
    pub fn read<B: DeserializeOwned + Validate<Context = ()>>(&self, ticked: &[&str]) -> Result<B> {
        self.read_shaped(FieldShapes { ticked, ..FieldShapes::TEXT })
    }

    /// The same of a form with fields of other shapes.
    ///
    /// # Errors
    /// As [`Filled::read`].
    pub fn read_shaped<B: DeserializeOwned + Validate<Context = ()>>(&self, shapes: FieldShapes<'_>) -> Result<B> {
        let ticked = shapes.ticked.iter().map(|name| ((*name).to_owned(), Value::Bool(false)));
        let lists = shapes.lists.iter().map(|name| ((*name).to_owned(), Value::Array(Vec::new())));
        let mut body: Map<String, Value> = ticked.chain(lists).collect();
        for (name, text) in &self.fields {
            // What is wrong with a part is said of that part, also where nothing of the whole was filled in.
            let (body, name) = match name.split_once('/') {
                Some((whole, part)) => match body.entry(whole).or_insert_with(|| Value::Object(Map::new())) {
                    Value::Object(parts) => (parts, part),
                    _ => continue,
                },
                None => (&mut body, name.as_str()),
            };
            if !text.trim().is_empty() {
                put(body, name, shaped(name, text, shapes));
            }
        }
        parse(Value::Object(body).to_string().as_bytes())
    }
}

/// What was typed into a field, as the body has it.
fn shaped(name: &str, text: &str, shapes: FieldShapes<'_>) -> Value {
    let plain = || Value::String(text.replace("\r\n", "\n"));
    match name {
        name if shapes.ticked.contains(&name) => Value::Bool(text == "true"),
        name if shapes.numbers.contains(&name) => text.trim().parse::<i64>().map_or_else(|_| plain(), Value::from),
        name if shapes.moments.contains(&name) => moment(text.trim()).map_or_else(plain, Value::String),
        _ => plain(),
    }
}

/// The moment at which the clock on the wall of the pages' zone shows this. A time that the clocks pass over in spring is as much
/// later; of one that they show twice in autumn the first counts.
fn moment(text: &str) -> Option<String> {
    let zone = TimeZone::get(ZONE).ok()?;
    let at = text.parse::<DateTime>().ok()?.to_zoned(zone).ok()?;
    Some(Instant::from_timestamp(at.timestamp()).to_string())
}

/// Puts a value into a body: after others, where the field is a list.
fn put(body: &mut Map<String, Value>, name: &str, value: Value) {
    match body.get_mut(name) {
        Some(Value::Array(list)) => list.push(value),
        _ => {
            body.insert(name.to_owned(), value);
        }
    }
}

impl FromRequest for Filled {
    type Error = Error;
    type Future = Extracting<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let bytes = web::Bytes::from_request(request, payload);
        let request = request.clone();
        Box::pin(async move {
            let (app, limit) = (app_of(&request)?, Duration::from_secs(limits::BODY_SECONDS));
            let bytes = match tokio::time::timeout(limit, bytes).await {
                Ok(bytes) => bytes.map_err(|_| Error::invalid(Code::BodyTooLarge))?,
                Err(_) => return Err(Error::invalid(Code::Timeout)),
            };
            let pairs = url::form_urlencoded::parse(&bytes);
            let mut fields: Vec<(String, String)> =
                pairs.map(|(name, value)| (name.into_owned(), value.into_owned())).collect();
            let own = cookie::form_token(&app, &request);
            let given: Vec<&String> = fields.iter().filter(|(name, _)| name == TOKEN).map(|(_, value)| value).collect();
            let is_ours = match (own, given.as_slice()) {
                (Some(own), [given]) => {
                    aws_lc_rs::constant_time::verify_slices_are_equal(own.as_bytes(), given.as_bytes()).is_ok()
                }
                _ => false,
            };
            if !is_ours || !is_from_here(request.headers()) {
                return Err(Error::Forbidden(Code::Forbidden));
            }
            fields.retain(|(name, _)| name != TOKEN);
            Ok(Self { fields })
        })
    }
}

/// Whether a browser that says where a form comes from says that it comes from here.
fn is_from_here(headers: &HeaderMap) -> bool {
    let site = headers.get("sec-fetch-site").map(HeaderValue::as_bytes);
    site.is_none_or(|site| site == b"same-origin" || site == b"none")
}

#[cfg(test)]
mod tests;
