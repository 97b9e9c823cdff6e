//! The styles and the one script of all pages, as files with the hash of what is in them in their names: a browser keeps them,
//! and asks for others once they changed.
//!
//! `vendor/govuk-frontend.css` is the components of GOV.UK Frontend (MIT), made by `scripts/vendor-govuk-frontend`, which says
//! what is left out; `portal.css` is what there is no component for.

use std::sync::LazyLock;

use actix_web::{HttpResponse, web};

use crate::crypto::{hex, sha256};
use crate::error::{Error, Result};
use crate::http::edge::Caching;

/// Where they are.
pub const BELOW: &str = "/portal/assets/";
const COMPONENTS: &str = include_str!("vendor/govuk-frontend.css");
const STYLE: &str = include_str!("portal.css");
const SCRIPT: &str = include_str!("portal.js");
const FOR_A_YEAR: Caching = Caching("public, max-age=31536000, immutable");
/// Digits of a hash that are in a name.
const DIGITS: usize = 16;

static COMPONENTS_PATH: LazyLock<String> = LazyLock::new(|| path_of(COMPONENTS, "css"));
static STYLE_PATH: LazyLock<String> = LazyLock::new(|| path_of(STYLE, "css"));
static SCRIPT_PATH: LazyLock<String> = LazyLock::new(|| path_of(SCRIPT, "js"));

fn path_of(text: &str, ending: &str) -> String {
    let hash: String = hex(&sha256(text.as_bytes())).chars().take(DIGITS).collect();
    format!("{BELOW}{hash}.{ending}")
}

/// The address of the style of the components.
pub fn components() -> &'static str {
    &COMPONENTS_PATH
}

/// The address of our own style.
pub fn style() -> &'static str {
    &STYLE_PATH
}

/// The address of the script.
pub fn script() -> &'static str {
    &SCRIPT_PATH
}

/// Gives one of them out.
///
/// # Errors
/// 404 for any other name.
pub async fn get_asset(name: web::Path<String>) -> Result<HttpResponse> {
    let path = format!("{BELOW}{}", name.into_inner());
    let (kind, text) = match path.as_str() {
        path if path == components() => ("text/css; charset=utf-8", COMPONENTS),
        path if path == style() => ("text/css; charset=utf-8", STYLE),
        path if path == script() => ("text/javascript; charset=utf-8", SCRIPT),
        _ => return Err(Error::NotFound),
    };
    let mut response = HttpResponse::Ok().content_type(kind).body(text);
    response.extensions_mut().insert(FOR_A_YEAR);
    Ok(response)
}
