//! Files that are the same for everybody, kept and sent compressed (gzip, RFC 1952). A page that holds a secret of its reader's
//! is not: how long it is compressed would tell of the secret to one who has a say in its words (the attack BREACH).

use std::io::{Read as _, Write as _};

use actix_web::HttpRequest;
use actix_web::http::header::{self, HeaderName};
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;

use crate::error::{Error, Result};

/// Compresses a file, as small as it gets.
///
/// # Errors
/// 500 where there is no memory for it.
pub fn pack(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).and_then(|()| encoder.finish()).map_err(|error| Error::internal(error.to_string()))
}

/// What was compressed.
///
/// # Errors
/// 500 where it is no gzip.
pub fn unpack(packed: &[u8]) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let unpacked = GzDecoder::new(packed).read_to_end(&mut bytes);
    unpacked.map_err(|error| Error::internal(error.to_string()))?;
    Ok(bytes)
}

/// Whether the answer to a request may be compressed.
#[must_use]
pub fn is_accepted(request: &HttpRequest) -> bool {
    sent(request, header::ACCEPT_ENCODING).split(',').any(is_gzip)
}

/// What a request has in a header.
pub fn sent(request: &HttpRequest, name: HeaderName) -> &str {
    request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

fn is_gzip(coding: &str) -> bool {
    let (name, weight) = coding.split_once(';').unwrap_or((coding, ""));
    let weight = weight.trim().strip_prefix("q=").and_then(|weight| weight.trim().parse::<f32>().ok());
    name.trim().eq_ignore_ascii_case("gzip") && weight.is_none_or(|weight| weight > 0.0)
}
