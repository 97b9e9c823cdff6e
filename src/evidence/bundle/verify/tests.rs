use std::io::Cursor;
use std::sync::{Arc, Mutex};

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use serde_json::json;

use super::*;
use crate::crypto::sha256;
use crate::evidence::bundle::archive::Archive;
use crate::evidence::bundle::manifest::ArchiveEntry;

fn key() -> Ed25519KeyPair {
    Ed25519KeyPair::from_seed_unchecked(&[7; 32]).unwrap()
}

/// A small bundle, whole but for what `change` does to its entries.
fn bundle(entries: &[(&str, &[u8])], listed: &[(&str, &[u8])]) -> Vec<u8> {
    let key = key();
    let of = |(path, bytes): &(&str, &[u8])| ArchiveEntry {
        path: (*path).to_owned(),
        bytes: bytes.len() as u64,
        sha256: hex(&sha256(bytes)),
    };
    let manifest = json!({"format": FORMAT, "reference": "BN-0000-0000-0", "public_key": hex(key.public_key().as_ref()),
        "entries": listed.iter().map(of).collect::<Vec<_>>()});
    let manifest = manifest.to_string().into_bytes();
    let pieces = Arc::new(Mutex::new(Vec::new()));
    let kept = pieces.clone();
    let mut archive = Archive::begin(Box::new(move |piece: Vec<u8>, _| {
        kept.lock().unwrap().extend(piece);
        Ok(())
    }));
    let signature = hex(key.sign(&manifest_statement(&manifest)).as_ref());
    archive.whole_entry(MANIFEST, &manifest).unwrap();
    archive.whole_entry(SIGNATURE, signature.as_bytes()).unwrap();
    for (path, bytes) in entries {
        archive.whole_entry(path, bytes).unwrap();
    }
    let written = archive.finish(|statement| key.sign(statement).as_ref().to_vec()).unwrap();
    let bytes = pieces.lock().unwrap().clone();
    assert_eq!((written.bytes, written.sha256), (bytes.len() as u64, sha256(&bytes).to_vec()));
    bytes
}

const ENTRIES: [(&str, &[u8]); 2] = [("README.txt", b"words"), ("originals/EV-1.plain", b"notes, notes, notes")];

fn broken_at(bytes: &[u8]) -> Option<String> {
    match verify(Cursor::new(bytes), None).unwrap() {
        BundleVerdict::Whole { .. } => None,
        BundleVerdict::Broken { entry, .. } => Some(entry),
    }
}

#[test]
fn every_bit_of_a_small_bundle_that_is_turned_is_found() {
    let bytes = bundle(&ENTRIES, &ENTRIES);
    assert_eq!(broken_at(&bytes), None);
    let mut changed = bytes.clone();
    for at in 0..bytes.len() {
        for bit in 0..8 {
            changed[at] ^= 1 << bit;
            assert!(broken_at(&changed).is_some(), "byte {at} of {}, bit {bit}", bytes.len());
            changed[at] ^= 1 << bit;
        }
    }
    for end in 0..bytes.len() {
        assert!(broken_at(&bytes[..end]).is_some(), "cut off at {end}");
    }
}

#[test]
fn the_first_bad_entry_is_named_even_where_the_archive_was_signed_anew() {
    let other: [(&str, &[u8]); 2] = [ENTRIES[0], ("originals/EV-1.plain", b"notes, notes, notes!")];
    assert_eq!(broken_at(&bundle(&other, &ENTRIES)).as_deref(), Some("originals/EV-1.plain"));
    assert_eq!(broken_at(&bundle(&ENTRIES[..1], &ENTRIES)).as_deref(), Some("originals/EV-1.plain"));
    assert_eq!(broken_at(&bundle(&ENTRIES, &ENTRIES[..1])).as_deref(), Some("originals/EV-1.plain"));
}

#[test]
fn a_bundle_of_another_key_is_refused_where_a_key_is_given() {
    let bytes = bundle(&ENTRIES, &ENTRIES);
    let own = key().public_key().as_ref().to_vec();
    assert!(matches!(verify(Cursor::new(&bytes), Some(&own)).unwrap(), BundleVerdict::Whole { entries: 2, .. }));
    assert!(matches!(verify(Cursor::new(&bytes), Some(&[1; 32])).unwrap(), BundleVerdict::Broken { .. }));
}
