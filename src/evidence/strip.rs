//! Copies for display: the picture without what a camera or a phone writes beside it – place, time, device, thumbnails,
//! a film hidden behind the end. Only the parts that a picture is drawn from are taken over; nothing is decoded, so
//! that no small file can fill the memory, and the original is never touched. What a viewer forgives is forgiven here:
//! bytes between segments, a missing end, a wrong checksum of a part that is not needed.
//!
//! JPEG by ITU-T T.81, Annex B; PNG by its third edition; WebP by RFC 9649. Crates that edit metadata keep everything from the first scan of
//! a JPEG on as it is, and so what was appended to it: that is why the few rules stand here. Films and the pictures of
//! iPhones are lists of boxes: [`boxes`] blanks in place what nobody needs to see or hear them.

pub mod boxes;
mod png;
mod webp;

use super::upload::media;
use crate::db::text_enum;

text_enum! {
    /// Why a kept file has no copy for display.
    pub enum NoCopy {
        /// It is plain text: there is nothing hidden to strip.
        NotNeeded = "not_needed",
        /// There is no way to make a copy of files of this kind.
        Kind = "kind",
        /// It is too large.
        TooLarge = "too_large",
        /// It could not be made sure that nothing is left in it: the file is damaged, or made in an unusual way.
        NotSure = "not_sure",
    }
}

/// How a copy is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CopyMethod {
    /// From the whole file in memory.
    Whole,
    /// By blanking boxes of it.
    Boxes,
}

/// The largest picture that is held in memory.
const MOST_BYTES: i64 = 48 * 1_024 * 1_024;

/// How a copy of a file is made, or why none is.
///
/// # Errors
/// When there is no copy: the reason.
pub fn way(media_type: &str, bytes: i64) -> Result<CopyMethod, NoCopy> {
    match media_type {
        "image/jpeg" | "image/png" | "image/webp" if bytes > MOST_BYTES => Err(NoCopy::TooLarge),
        "image/jpeg" | "image/png" | "image/webp" => Ok(CopyMethod::Whole),
        "image/heic" | "image/heif" | "video/mp4" | "video/quicktime" | "video/3gpp" | "audio/mp4" | "audio/3gpp" => {
            Ok(CopyMethod::Boxes)
        }
        words if media::is_words(words) => Err(NoCopy::NotNeeded),
        _ => Err(NoCopy::Kind),
    }
}

/// The copy for display of a picture in memory; none for what is no such picture, or cannot be shown.
#[must_use]
pub fn strip(media_type: &str, original: &[u8]) -> Option<Vec<u8>> {
    match media_type {
        "image/jpeg" => jpeg(original),
        "image/png" => png::png(original),
        "image/webp" => webp::webp(original),
        _ => None,
    }
}

/// Markers of a JPEG.
mod marker {
    pub const SOI: u8 = 0xd8;
    pub const EOI: u8 = 0xd9;
    pub const SOS: u8 = 0xda;
    pub const APP0: u8 = 0xe0;
    pub const APP1: u8 = 0xe1;
    pub const APP14: u8 = 0xee;
    pub const TEM: u8 = 0x01;
}

/// Bytes of the fields of a JFIF header, and of an Adobe one.
const JFIF_BYTES: usize = 14;
const ADOBE_BYTES: usize = 12;

fn is_needed(marker: u8, contents: &[u8]) -> bool {
    match marker {
        // Frames, tables (Huffman, arithmetic, quantisation), restart interval, number of lines.
        0xc0..=0xcf | 0xdb..=0xdd => true,
        // How colours are to be read. Nothing of a JFIF extension, which may hold a thumbnail.
        marker::APP0 => contents.starts_with(b"JFIF\0") && contents.len() >= JFIF_BYTES,
        marker::APP14 => contents.starts_with(b"Adobe") && contents.len() >= ADOBE_BYTES,
        _ => false,
    }
}

/// The copy of a JPEG. From the first scan on, what cannot be read is the end of the picture, as viewers take it.
fn jpeg(original: &[u8]) -> Option<Vec<u8>> {
    let mut rest = original.strip_prefix(&[0xff, marker::SOI])?;
    let mut out = Vec::with_capacity(original.len());
    out.extend_from_slice(&[0xff, marker::SOI]);
    let (mut is_turned, mut has_scan) = (false, false);
    while let Some((marker, after)) = next_marker(rest) {
        rest = after;
        match marker {
            marker::TEM | 0xd0..=0xd7 => continue,
            // What is behind the end is left behind.
            marker::EOI | marker::SOI => break,
            _ => {}
        }
        let Some((contents, after)) = segment(rest) else { break };
        rest = after;
        if marker == marker::APP1 && !is_turned {
            if let Some(turn) = orientation(contents) {
                out.extend_from_slice(&orientation_alone(turn));
                is_turned = true;
            }
        } else if marker == marker::SOS || is_needed(marker, contents) {
            put(&mut out, marker, &only_needed(marker, contents))?;
        }
        if marker == marker::SOS {
            let (data, after) = rest.split_at_checked(scan_length(rest))?;
            out.extend_from_slice(data);
            rest = after;
            has_scan |= !data.is_empty();
        }
    }
    out.extend_from_slice(&[0xff, marker::EOI]);
    has_scan.then_some(out)
}

fn put(out: &mut Vec<u8>, marker: u8, contents: &[u8]) -> Option<()> {
    out.extend_from_slice(&[0xff, marker]);
    out.extend_from_slice(&u16::try_from(contents.len() + 2).ok()?.to_be_bytes());
    out.extend_from_slice(contents);
    Some(())
}

/// Of what tells how colours are to be read the fields that do, without a thumbnail or anything else behind them.
fn only_needed(marker: u8, contents: &[u8]) -> Vec<u8> {
    match marker {
        marker::APP0 => contents.get(..JFIF_BYTES).map(without_thumbnail).unwrap_or_default(),
        marker::APP14 => contents.get(..ADOBE_BYTES).unwrap_or_default().to_vec(),
        _ => contents.to_vec(),
    }
}

fn without_thumbnail(jfif: &[u8]) -> Vec<u8> {
    let mut header = jfif.to_vec();
    for size in header.iter_mut().skip(12) {
        *size = 0;
    }
    header
}

/// The next marker, with what is before it skipped: fill bytes, and bytes that belong to nothing.
fn next_marker(rest: &[u8]) -> Option<(u8, &[u8])> {
    let at = rest.windows(2).position(|pair| matches!(pair, [0xff, next] if !matches!(next, 0x00 | 0xff)))?;
    let (marker, after) = rest.get(at + 1..)?.split_first()?;
    Some((*marker, after))
}

/// The contents of a segment, and what follows it.
fn segment(rest: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, after) = rest.split_first_chunk::<2>()?;
    after.split_at_checked(usize::from(u16::from_be_bytes(*length)).checked_sub(2)?)
}

/// How far the data of a scan goes: up to the next marker that is neither a stuffed byte nor a restart, or to the end of
/// a file that was cut off.
fn scan_length(rest: &[u8]) -> usize {
    let is_end = |pair: &[u8]| matches!(pair, [0xff, next] if !matches!(next, 0x00 | 0xff | 0xd0..=0xd7));
    // Half a marker at the end of the file is none of the picture's data.
    let whole = rest.len() - usize::from(rest.ends_with(&[0xff]));
    rest.windows(2).position(is_end).unwrap_or(whole)
}

/// The orientation (1 to 8) that an Exif segment states, where it states one (CIPA DC-008, tag 0x0112).
fn orientation(contents: &[u8]) -> Option<u8> {
    turn_of(contents.strip_prefix(b"Exif\0\0")?)
}

/// The orientation that a TIFF structure states; writers differ in whether the name of a JPEG's segment is before it.
fn turn_of(tiff: &[u8]) -> Option<u8> {
    let tiff = tiff.strip_prefix(b"Exif\0\0").unwrap_or(tiff);
    let is_little = match tiff.get(..4)? {
        b"II*\0" => true,
        b"MM\0*" => false,
        _ => return None,
    };
    let short = |at: usize| {
        let bytes: [u8; 2] = tiff.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if is_little { u16::from_le_bytes(bytes) } else { u16::from_be_bytes(bytes) })
    };
    let long = |at: usize| {
        let bytes: [u8; 4] = tiff.get(at..at.checked_add(4)?)?.try_into().ok()?;
        usize::try_from(if is_little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) }).ok()
    };
    let first = long(4)?;
    let count = usize::from(short(first)?);
    let entries = (0..count).map(|entry| first + 2 + entry * 12);
    let at = entries.into_iter().find(|at| short(*at) == Some(0x0112))?;
    u8::try_from(short(at + 8)?).ok().filter(|turn| (1..=8).contains(turn))
}

/// An Exif segment that states an orientation and nothing else: without it the picture would lie on its side.
fn orientation_alone(turn: u8) -> Vec<u8> {
    [&[0xff, marker::APP1, 0, 34], b"Exif\0\0".as_slice(), &turn_alone(turn)].concat()
}

/// A TIFF structure that states an orientation and nothing else.
fn turn_alone(turn: u8) -> Vec<u8> {
    let mut out = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
    out.push(turn);
    out.extend_from_slice(&[0; 6]);
    out
}

#[cfg(test)]
#[path = "strip/tests.rs"]
mod tests;
