//! The contract as files that anybody can fetch: whole, and for each audience its own part.
//!
//! They are made when the first of them is asked for, once, and kept compressed: a server that nobody asks for its contract
//! spends neither time nor memory on it.

use std::sync::LazyLock;

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse};
use serde_json::Value;

use super::document::messages::GROUP;
use super::document::{each_operation, prune, record_at};
use crate::crypto::sha256;
use crate::error::{Error, Result};
use crate::http::edge::Caching;
use crate::http::gzip::{self, sent};

/// Who has a document of their own, and what it is called.
pub const AUDIENCES: [(&str, &str); 6] = [
    ("app", "Holdfast for the survivor's app"),
    ("partner", "Holdfast for the partner portal"),
    ("police", "Holdfast for police systems"),
    ("oversight", "Holdfast for commissioners and auditors"),
    ("admin", "Holdfast for administrators"),
    ("public", "Holdfast for anybody"),
];

/// One file.
struct GivenDocument {
    name: &'static str,
    media: &'static str,
    packed: Vec<u8>,
    tag: String,
}

static GIVEN: LazyLock<Vec<GivenDocument>> = LazyLock::new(|| {
    make().unwrap_or_else(|error| {
        tracing::error!(%error, "the contract could not be made");
        Vec::new()
    })
});

fn make() -> Result<Vec<GivenDocument>> {
    let whole = crate::routes::document()?;
    let mut all = vec![
        GivenDocument::of("openapi.yaml", "application/yaml", super::COMMITTED.as_bytes())?,
        GivenDocument::of("openapi.json", "application/json", &serde_json::to_vec(&whole)?)?,
    ];
    for (name, title) in AUDIENCES {
        all.push(GivenDocument::of(name, "application/json", &serde_json::to_vec(&part(&whole, name, title))?)?);
    }
    Ok(all)
}

impl GivenDocument {
    fn of(name: &'static str, media: &'static str, text: &[u8]) -> Result<Self> {
        let first: String = sha256(text).iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        // Weak: it is the same whether the text is sent compressed or not.
        Ok(Self { name, media, packed: gzip::pack(text)?, tag: format!("W/\"{first}\"") })
    }
}

/// The part of the contract that an audience needs. Messages are sent to the police alone.
pub fn part(whole: &Value, audience: &str, title: &str) -> Value {
    let mut part = whole.clone();
    let start = format!("/{audience}/");
    if let Some(paths) = record_at(&mut part, &["paths"]) {
        paths.retain(|path, _| path.starts_with(&start));
    }
    let mut groups: Vec<Value> = if audience == "police" { vec![Value::from(GROUP)] } else { Vec::new() };
    each_operation(&mut part, &mut |_, _, operation| {
        groups.extend(operation.get("tags").and_then(Value::as_array).cloned().unwrap_or_default());
    });
    if let Some(part) = part.as_object_mut() {
        if let Some(tags) = part.get_mut("tags").and_then(Value::as_array_mut) {
            tags.retain(|tag| tag.get("name").is_some_and(|name| groups.contains(name)));
        }
        if audience != "police" {
            part.remove("webhooks");
        }
    }
    if let Some(info) = record_at(&mut part, &["info"]) {
        info.insert("title".to_owned(), Value::from(title));
    }
    prune(&mut part);
    part
}

/// Gives a file out: compressed to those who take that, and not again to those who have it.
///
/// # Errors
/// 404 where there is none of this name.
pub async fn give(request: HttpRequest, name: String) -> Result<HttpResponse> {
    let known = sent(&request, header::IF_NONE_MATCH).split(',').map(|tag| tag.trim().to_owned()).collect::<Vec<_>>();
    let is_packed = gzip::is_accepted(&request);
    let made = actix_web::web::block(move || {
        let given = GIVEN.iter().find(|given| given.name == name).ok_or(Error::NotFound)?;
        let bytes = if is_packed { given.packed.clone() } else { gzip::unpack(&given.packed)? };
        Ok::<_, Error>((given, bytes))
    });
    let (given, bytes) = made.await.map_err(|error| Error::internal(error.to_string()))??;
    let is_known = known.iter().any(|tag| *tag == given.tag || tag == "*");
    let mut response = if is_known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    response.insert_header((header::ETAG, given.tag.as_str())).insert_header((header::VARY, "Accept-Encoding"));
    let mut response = if is_known {
        response.finish()
    } else {
        if is_packed {
            response.insert_header((header::CONTENT_ENCODING, "gzip"));
        }
        response.content_type(given.media).body(bytes)
    };
    response.extensions_mut().insert(Caching("no-cache"));
    Ok(response)
}
