//! What a page's handler is given: who asks, proven as for the API; and a form that one of our own pages sent.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::http::header::{HeaderMap, HeaderValue};
use actix_web::{FromRequest, HttpMessage as _, HttpRequest, web};
use garde::Validate;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::cookie;
use super::reader::PageReader;
use crate::app::App;
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
#[derive(Clone, Copy, Default)]
pub struct FieldShapes<'a> {
    /// Those that are ticked.
    pub ticked: &'a [&'a str],
    /// Those that hold a number.
    pub numbers: &'a [&'a str],
    /// Those that hold several words.
    pub lists: &'a [&'a str],
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

    /// Whether a field holds a value, among others.
    pub fn has(&self, name: &str, value: &str) -> bool {
        self.fields.iter().any(|(own, held)| own == name && held == value)
    }

    /// The same with a field that the form has no choice of, since the address that it is sent to says it.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.fields.retain(|(own, _)| own != name);
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    /// As the body of the API's call, by the same rules. A field that is empty was left out. `ticked` are those that are ticked: a
    /// browser leaves out what is not, and that is a no.
    ///
    /// # Errors
    /// 422, with the fields that are wrong.
    pub fn read<B: DeserializeOwned + Validate<Context = ()>>(&self, ticked: &[&str]) -> Result<B> {
        self.read_shaped(FieldShapes { ticked, ..FieldShapes::default() })
    }

    /// The same of a form with fields of other shapes.
    ///
    /// # Errors
    /// As [`Filled::read`].
    pub fn read_shaped<B: DeserializeOwned + Validate<Context = ()>>(&self, shapes: FieldShapes<'_>) -> Result<B> {
        let ticked = shapes.ticked.iter().map(|name| ((*name).to_owned(), Value::Bool(false)));
        let lists = shapes.lists.iter().map(|name| ((*name).to_owned(), Value::Array(Vec::new())));
        let mut body: Map<String, Value> = ticked.chain(lists).collect();
        for (name, value) in self.fields.iter().filter(|(_, value)| !value.trim().is_empty()) {
            let text = || Value::String(value.replace("\r\n", "\n"));
            if let Some(Value::Array(list)) = body.get_mut(name) {
                list.push(text());
                continue;
            }
            let value = match name.as_str() {
                name if shapes.ticked.contains(&name) => Value::Bool(value == "true"),
                name if shapes.numbers.contains(&name) => {
                    value.trim().parse::<i64>().map_or_else(|_| text(), Value::from)
                }
                _ => text(),
            };
            body.insert(name.clone(), value);
        }
        parse(Value::Object(body).to_string().as_bytes())
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
mod tests {
    use super::*;
    use crate::escalation::AlertActionBody;

    #[test]
    fn what_is_not_ticked_is_a_no() {
        let sent = [("note", "At home"), ("spoke_to_survivor", "true"), ("reason", "  ")];
        let fields = sent.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
        let body: AlertActionBody = Filled { fields }.read(&["spoke_to_survivor", "outcome_confirmed"]).unwrap();
        assert_eq!((body.spoke_to_survivor, body.outcome_confirmed, body.reason), (Some(true), Some(false), None));
    }

    #[test]
    fn a_number_is_one_and_a_list_holds_what_was_ticked() {
        let sent = [("score", "-1"), ("weight", "much"), ("rests_on", "alerts"), ("rests_on", "incidents")];
        let fields = sent.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
        let filled = Filled { fields };
        assert!(filled.has("rests_on", "incidents") && !filled.has("rests_on", "check_ins"));
        let shapes = FieldShapes { numbers: &["score", "weight"], lists: &["rests_on"], ..FieldShapes::default() };
        let body: Shaped = filled.read_shaped(shapes).unwrap();
        assert_eq!((body.score, body.weight.as_str(), body.rests_on.len()), (-1, "much", 2));
    }

    #[derive(serde::Deserialize, Validate)]
    struct Shaped {
        #[garde(skip)]
        score: i32,
        #[garde(skip)]
        weight: String,
        #[garde(skip)]
        rests_on: Vec<String>,
    }
}
