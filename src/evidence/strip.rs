//! Copies for display: the picture without what a camera or a phone writes beside it – place, time, device, thumbnails,
//! a film hidden behind the end. Only the parts that a picture is drawn from are taken over; nothing is decoded, so
//! that no small file can fill the memory, and the original is never touched.
//!
//! JPEG by ITU-T T.81, Annex B; PNG by its third edition; WebP by RFC 9649. Crates that edit metadata keep everything from the first scan of
//! a JPEG on as it is, and so what was appended to it: that is why the few rules stand here.

mod webp;

/// The copy for display of a picture; none for what is no such picture, or is broken.
#[must_use]
pub fn strip(media_type: &str, original: &[u8]) -> Option<Vec<u8>> {
    match media_type {
        "image/jpeg" => jpeg(original),
        "image/png" => png(original),
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

fn is_needed(marker: u8, contents: &[u8]) -> bool {
    match marker {
        // Frames, tables (Huffman, arithmetic, quantisation), restart interval, number of lines.
        0xc0..=0xcf | 0xdb..=0xdd => true,
        // How colours are to be read. Nothing of a JFIF extension, which may hold a thumbnail.
        marker::APP0 => contents.starts_with(b"JFIF\0"),
        marker::APP14 => contents.starts_with(b"Adobe") && contents.len() <= 16,
        _ => false,
    }
}

fn jpeg(original: &[u8]) -> Option<Vec<u8>> {
    let mut rest = original.strip_prefix(&[0xff, marker::SOI])?;
    let mut out = Vec::with_capacity(original.len());
    out.extend_from_slice(&[0xff, marker::SOI]);
    let (mut is_turned, mut has_scan) = (false, false);
    loop {
        let (marker, after) = next_marker(rest)?;
        rest = after;
        match marker {
            marker::EOI => {
                out.extend_from_slice(&[0xff, marker::EOI]);
                // What stands behind the end is left behind.
                return has_scan.then_some(out);
            }
            marker::TEM | 0xd0..=0xd7 => continue,
            marker::SOI => return None,
            _ => {}
        }
        let (contents, after) = segment(rest)?;
        rest = after;
        if marker == marker::APP1 && !is_turned {
            if let Some(turn) = orientation(contents) {
                out.extend_from_slice(&orientation_alone(turn));
                is_turned = true;
            }
        } else if marker == marker::SOS || is_needed(marker, contents) {
            let kept =
                if marker == marker::APP0 { contents.get(..14).map(without_thumbnail)? } else { contents.to_vec() };
            let length = u16::try_from(kept.len() + 2).ok()?;
            out.extend_from_slice(&[0xff, marker]);
            out.extend_from_slice(&length.to_be_bytes());
            out.extend_from_slice(&kept);
        }
        if marker == marker::SOS {
            let length = scan_length(rest)?;
            out.extend_from_slice(rest.get(..length)?);
            rest = rest.get(length..)?;
            has_scan = true;
        }
    }
}

fn without_thumbnail(jfif: &[u8]) -> Vec<u8> {
    let mut header = jfif.to_vec();
    for size in header.iter_mut().skip(12) {
        *size = 0;
    }
    header
}

/// The next marker, fill bytes before it skipped.
fn next_marker(rest: &[u8]) -> Option<(u8, &[u8])> {
    let after = rest.strip_prefix(&[0xff])?;
    let fill = after.iter().take_while(|byte| **byte == 0xff).count();
    let (marker, after) = after.get(fill..)?.split_first()?;
    (*marker != 0).then_some((*marker, after))
}

/// The contents of a segment, and what follows it.
fn segment(rest: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, after) = rest.split_first_chunk::<2>()?;
    after.split_at_checked(usize::from(u16::from_be_bytes(*length)).checked_sub(2)?)
}

/// How far the data of a scan goes: up to the next marker that is neither a stuffed byte nor a restart.
fn scan_length(rest: &[u8]) -> Option<usize> {
    let is_end = |pair: &[u8]| matches!(pair, [0xff, next] if !matches!(next, 0x00 | 0xff | 0xd0..=0xd7));
    rest.windows(2).position(is_end)
}

/// The orientation (1 to 8) that an Exif segment states, where it states one (CIPA DC-008, tag 0x0112).
fn orientation(contents: &[u8]) -> Option<u8> {
    let tiff = contents.strip_prefix(b"Exif\0\0")?;
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
    let mut out = vec![0xff, marker::APP1, 0, 34];
    out.extend_from_slice(b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0");
    out.push(turn);
    out.extend_from_slice(&[0; 6]);
    out
}

/// Chunks that a PNG is drawn from. Neither text, nor time, nor Exif, nor a colour profile, which has a name.
const PNG_PARTS: [&[u8; 4]; 14] = [
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"sBIT", b"bKGD", b"pHYs", b"acTL",
    b"fcTL", b"fdAT",
];

fn png(original: &[u8]) -> Option<Vec<u8>> {
    let signature = b"\x89PNG\r\n\x1a\n";
    let mut rest = original.strip_prefix(signature)?;
    let mut out = Vec::with_capacity(original.len());
    out.extend_from_slice(signature);
    loop {
        let (length, after) = rest.split_first_chunk::<4>()?;
        let (kind, _) = after.split_first_chunk::<4>()?;
        let whole = usize::try_from(u32::from_be_bytes(*length)).ok()?.checked_add(12)?;
        let chunk = rest.get(..whole)?;
        if PNG_PARTS.contains(&kind) {
            out.extend_from_slice(chunk);
        }
        if kind == b"IEND" {
            return Some(out);
        }
        rest = rest.get(whole..)?;
    }
}

#[cfg(test)]
#[path = "strip/tests.rs"]
mod tests;
