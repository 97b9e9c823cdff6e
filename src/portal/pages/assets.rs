//! The styles and the one script of all pages, as files with the hash of what is in them in their names: a browser keeps them,
//! and asks for others once they changed.
//!
//! `vendor/govuk-frontend.css` is the components of GOV.UK Frontend (MIT), made by `scripts/vendor-govuk-frontend`, which says
//! what is left out; `portal.css` is what there is no component for.

use std::sync::LazyLock;

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};

use crate::crypto::{hex, sha256};
use crate::error::{Error, Result};
use crate::http::edge::Caching;
use crate::http::gzip;

/// Where they are.
pub const BELOW: &str = "/portal/assets/";
const COMPONENTS: &str = include_str!("vendor/govuk-frontend.css");
const STYLE: &str = include_str!("portal.css");
const SCRIPT: &str = include_str!("portal.js");
const FOR_A_YEAR: Caching = Caching("public, max-age=31536000, immutable");
/// Digits of a hash that are in a name.
const DIGITS: usize = 16;

static COMPONENTS_FILE: LazyLock<Asset> = LazyLock::new(|| Asset::of(COMPONENTS, "css", "text/css; charset=utf-8"));
static STYLE_FILE: LazyLock<Asset> = LazyLock::new(|| Asset::of(STYLE, "css", "text/css; charset=utf-8"));
static SCRIPT_FILE: LazyLock<Asset> = LazyLock::new(|| Asset::of(SCRIPT, "js", "text/javascript; charset=utf-8"));

/// One of them.
struct Asset {
    path: String,
    media: &'static str,
    text: &'static str,
    /// The same compressed.
    packed: Option<Vec<u8>>,
}

impl Asset {
    fn of(text: &'static str, ending: &str, media: &'static str) -> Self {
        let hash: String = hex(&sha256(text.as_bytes())).chars().take(DIGITS).collect();
        Self { path: format!("{BELOW}{hash}.{ending}"), media, text, packed: gzip::pack(text.as_bytes()).ok() }
    }
}

/// The address of the style of the components.
pub fn components() -> &'static str {
    &COMPONENTS_FILE.path
}

/// The address of our own style.
pub fn style() -> &'static str {
    &STYLE_FILE.path
}

/// The address of the script.
pub fn script() -> &'static str {
    &SCRIPT_FILE.path
}

/// Gives one of them out, compressed to those who take that.
///
/// # Errors
/// 404 for any other name.
pub async fn get_asset(name: web::Path<String>, request: HttpRequest) -> Result<HttpResponse> {
    let path = format!("{BELOW}{}", name.into_inner());
    let files: [&'static Asset; 3] = [&COMPONENTS_FILE, &STYLE_FILE, &SCRIPT_FILE];
    let asset = files.into_iter().find(|asset| asset.path == path).ok_or(Error::NotFound)?;
    let mut response = HttpResponse::Ok();
    response.content_type(asset.media).insert_header((header::VARY, "Accept-Encoding"));
    let mut response = match asset.packed.as_ref().filter(|_| gzip::is_accepted(&request)) {
        Some(packed) => response.insert_header((header::CONTENT_ENCODING, "gzip")).body(packed.as_slice()),
        None => response.body(asset.text),
    };
    response.extensions_mut().insert(FOR_A_YEAR);
    Ok(response)
}
