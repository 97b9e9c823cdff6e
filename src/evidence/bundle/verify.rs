//! Verifying a bundle, for anyone who receives one: needs the file alone, and, to know whose it is, the public key.
//!
//! Every entry is held against the signed manifest, and the first that is bad is named; then the signature over the
//! archive as a whole, which finds what was changed around the entries. Nothing is believed of the file: sizes are
//! bounded by what the manifest states, and no path of it is ever written to.

use std::collections::HashSet;
use std::io::{Read, Seek, SeekFrom};

use aws_lc_rs::digest;
use aws_lc_rs::signature::{ED25519, UnparsedPublicKey};
use zip::ZipArchive;

use super::archive::{COMMENT_BYTES, MARK, manifest_statement, statement};
use super::manifest::{FORMAT, Head};
use crate::evidence::model::hex;

/// The manifest's path.
pub const MANIFEST: &str = "manifest.json";
/// The path of its signature.
pub const SIGNATURE: &str = "manifest.sig";
/// The largest manifest that is read.
const MANIFEST_BYTES: u64 = 256 * 1_024 * 1_024;

/// What verifying found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BundleVerdict {
    /// Not a byte was changed since it was signed with this key.
    Whole {
        /// The bundle's reference.
        reference: String,
        /// How many entries it holds.
        entries: usize,
        /// The public key, in hexadecimal digits.
        public_key: String,
    },
    /// Something was changed.
    Broken {
        /// The first bad entry, or which part of the archive.
        entry: String,
        /// What is wrong with it.
        why: &'static str,
    },
}

fn broken(entry: &str, why: &'static str) -> BundleVerdict {
    BundleVerdict::Broken { entry: entry.to_owned(), why }
}

/// Verifies a bundle; with a public key, also that it was signed with that one.
pub fn verify<R: Read + Seek>(mut file: R, public_key: Option<&[u8]>) -> std::io::Result<BundleVerdict> {
    let Some((sha256, signature)) = read_signature(&mut file)? else {
        return Ok(broken("the signature at the end", "it is missing or was changed"));
    };
    file.seek(SeekFrom::Start(0))?;
    let Ok(mut archive) = ZipArchive::new(file) else {
        return Ok(broken("the archive's directory", "it cannot be read"));
    };
    let (head, bytes) = match read_manifest(&mut archive) {
        Ok(read) => read,
        Err(verdict) => return Ok(verdict),
    };
    let stated = hex(public_key.unwrap_or_default());
    if public_key.is_some() && stated != head.public_key {
        return Ok(broken(MANIFEST, "it names another key than the one that was given"));
    }
    let Some(key) = read_hex(&head.public_key) else { return Ok(broken(MANIFEST, "it names no key")) };
    let key = UnparsedPublicKey::new(&ED25519, key);
    let is_signed = read_entry(&mut archive, SIGNATURE, 128)
        .and_then(|text| read_hex(&String::from_utf8(text).ok()?))
        .is_some_and(|signature| key.verify(&manifest_statement(&bytes), &signature).is_ok());
    if !is_signed {
        return Ok(broken(MANIFEST, "its signature does not hold"));
    }
    if let Some(verdict) = check_entries(&mut archive, &head) {
        return Ok(verdict);
    }
    if key.verify(&statement(&sha256), &signature).is_err() {
        return Ok(broken("the archive around its entries", "its signature does not hold"));
    }
    Ok(BundleVerdict::Whole { reference: head.reference, entries: head.entries.len(), public_key: head.public_key })
}

/// The hash over all but the comment, and the signature in it; none where the comment is not ours to the letter.
fn read_signature<R: Read + Seek>(file: &mut R) -> std::io::Result<Option<(Vec<u8>, Vec<u8>)>> {
    let length = file.seek(SeekFrom::End(0))?;
    let Some(signed) = length.checked_sub(COMMENT_BYTES as u64) else { return Ok(None) };
    file.seek(SeekFrom::Start(signed))?;
    let mut comment = Vec::with_capacity(COMMENT_BYTES);
    file.by_ref().take(COMMENT_BYTES as u64).read_to_end(&mut comment)?;
    let text = String::from_utf8(comment).ok();
    let signature = text.as_deref().and_then(|text| text.strip_prefix(MARK)).and_then(read_hex);
    let Some(signature) = signature.filter(|signature| signature.len() == 64) else { return Ok(None) };
    file.seek(SeekFrom::Start(0))?;
    let hash = hash(file.by_ref().take(signed))?.0;
    Ok(Some((hash, signature)))
}

/// Bytes from hexadecimal digits as we write them: small letters alone, so that no digit can be changed unseen.
fn read_hex(text: &str) -> Option<Vec<u8>> {
    let pairs = text.as_bytes().chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok());
    let bytes: Vec<u8> = pairs.collect::<Option<_>>()?;
    (hex(&bytes) == text).then_some(bytes)
}

fn hash(mut from: impl Read) -> std::io::Result<(Vec<u8>, u64)> {
    let (mut context, mut buffer, mut bytes) = (digest::Context::new(&digest::SHA256), vec![0; 65_536], 0);
    loop {
        let read = from.read(&mut buffer)?;
        if read == 0 {
            return Ok((context.finish().as_ref().to_vec(), bytes));
        }
        bytes += read as u64;
        context.update(buffer.get(..read).unwrap_or_default());
    }
}

fn read_entry<R: Read + Seek>(archive: &mut ZipArchive<R>, name: &str, most: u64) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    archive.by_name(name).ok()?.take(most + 1).read_to_end(&mut bytes).ok()?;
    (bytes.len() as u64 <= most).then_some(bytes)
}

fn read_manifest<R: Read + Seek>(archive: &mut ZipArchive<R>) -> Result<(Head, Vec<u8>), BundleVerdict> {
    let bytes = read_entry(archive, MANIFEST, MANIFEST_BYTES).ok_or_else(|| broken(MANIFEST, "it cannot be read"))?;
    let head: Option<Head> = serde_json::from_slice(&bytes).ok();
    let head =
        head.filter(|head| head.format == FORMAT).ok_or_else(|| broken(MANIFEST, "it is not as it should be"))?;
    Ok((head, bytes))
}

/// The first entry that is not as the manifest says.
fn check_entries<R: Read + Seek>(archive: &mut ZipArchive<R>, head: &Head) -> Option<BundleVerdict> {
    for entry in &head.entries {
        let found = archive.by_name(&entry.path).ok().and_then(|found| hash(found.take(entry.bytes + 1)).ok());
        match found {
            None => return Some(broken(&entry.path, "it is missing or cannot be read")),
            Some((sha256, bytes)) if bytes != entry.bytes || hex(&sha256) != entry.sha256 => {
                return Some(broken(&entry.path, "it was changed"));
            }
            Some(_) => {}
        }
    }
    let known: HashSet<&str> =
        head.entries.iter().map(|entry| entry.path.as_str()).chain([MANIFEST, SIGNATURE]).collect();
    for name in archive.file_names() {
        match name {
            Ok(name) if known.contains(name.as_ref()) => {}
            Ok(name) => return Some(broken(&name, "it does not stand in the manifest")),
            Err(_) => return Some(broken("the archive's directory", "it holds a name that cannot be read")),
        }
    }
    None
}

#[cfg(test)]
#[path = "verify/tests.rs"]
mod tests;
