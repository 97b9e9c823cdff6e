//! What a file is: the stated media type must be one that is taken, and the first bytes must agree with it. Its name is
//! never asked.

use crate::error::{Code, Error, Result};

/// How many bytes of a file tell what it is.
pub const HEAD_BYTES: usize = 4_096;

/// The stated media type as it is kept: lower case, without parameters.
///
/// # Errors
/// 415 for one that is not taken.
pub fn taken(stated: &str, types: &[String]) -> Result<String> {
    let essence = stated.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match types.contains(&essence) {
        true => Ok(essence),
        false => Err(Error::invalid(Code::MediaTypeNotTaken)),
    }
}

/// How the name of such a file ends, so that whoever receives it can open it.
#[must_use]
pub fn ending(media_type: &str) -> String {
    let known = match media_type {
        "image/jpeg" => "jpg",
        "video/quicktime" => "mov",
        "video/3gpp" => "3gp",
        "audio/mpeg" => "mp3",
        "audio/mp4" => "m4a",
        "text/plain" => "txt",
        other => other.rsplit('/').next().unwrap_or_default(),
    };
    known.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect()
}

/// Whether the first bytes of a file agree with its media type. A type without signature agrees with all that begins
/// like none of the others: a program can never pass for one of those.
#[must_use]
pub fn agrees(media_type: &str, head: &[u8]) -> bool {
    match media_type {
        "text/plain" => is_text(head),
        known if SIGNATURES.iter().any(|(media, _)| *media == known) => is_signed_as(known, head),
        _ => !SIGNATURES.iter().any(|(media, _)| is_signed_as(media, head)) && !is_program(head),
    }
}

fn is_signed_as(media_type: &str, head: &[u8]) -> bool {
    SIGNATURES.iter().filter(|(media, _)| *media == media_type).any(|(_, signature)| signature.fits(head))
}

/// How a format begins.
enum Signature {
    /// With these bytes.
    Start(&'static [u8]),
    /// With a RIFF container of this kind.
    Riff(&'static [u8]),
    /// With an ISO base media file (ISO/IEC 14496-12) of one of these brands.
    Brand(&'static [&'static [u8]]),
    /// With an MPEG audio frame (ISO/IEC 11172-3).
    MpegFrame,
    /// With an ADTS frame (ISO/IEC 13818-7).
    AdtsFrame,
}

impl Signature {
    fn fits(&self, head: &[u8]) -> bool {
        match self {
            Self::Start(start) => head.starts_with(start),
            Self::Riff(kind) => head.starts_with(b"RIFF") && head.get(8..12) == Some(*kind),
            Self::Brand(brands) => is_brand(head, brands),
            Self::MpegFrame => {
                let is_frame = |a: u8, b: u8| a == 0xff && b & 0xe0 == 0xe0 && b & 0x18 != 0x08 && b & 0x06 != 0;
                matches!(head, [a, b, ..] if is_frame(*a, *b))
            }
            Self::AdtsFrame => matches!(head, [0xff, b, ..] if b & 0xf6 == 0xf0),
        }
    }
}

/// The major brand, or one of the compatible ones.
fn is_brand(head: &[u8], brands: &[&[u8]]) -> bool {
    let Some((size, rest)) = head.split_first_chunk::<4>() else { return false };
    if !rest.starts_with(b"ftyp") {
        return false;
    }
    let end = usize::try_from(u32::from_be_bytes(*size)).unwrap_or(0).min(head.len());
    let named = head.get(8..end.max(12)).unwrap_or_default();
    named.chunks_exact(4).enumerate().any(|(at, brand)| at != 1 && brands.contains(&brand))
}

const SIGNATURES: [(&str, Signature); 25] = [
    ("image/jpeg", Signature::Start(b"\xff\xd8\xff")),
    ("image/png", Signature::Start(b"\x89PNG\r\n\x1a\n")),
    ("image/gif", Signature::Start(b"GIF87a")),
    ("image/gif", Signature::Start(b"GIF89a")),
    ("image/webp", Signature::Riff(b"WEBP")),
    ("image/heic", Signature::Brand(&[b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1"])),
    ("image/heif", Signature::Brand(&[b"mif1", b"msf1", b"heic", b"heix", b"avif"])),
    (
        "video/mp4",
        Signature::Brand(&[b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"MSNV"]),
    ),
    ("video/quicktime", Signature::Brand(&[b"qt  "])),
    ("video/3gpp", Signature::Brand(&[b"3gp4", b"3gp5", b"3gp6", b"3gp7", b"3ge6", b"3gg6"])),
    ("video/webm", Signature::Start(b"\x1a\x45\xdf\xa3")),
    ("audio/webm", Signature::Start(b"\x1a\x45\xdf\xa3")),
    ("audio/mpeg", Signature::Start(b"ID3")),
    ("audio/mpeg", Signature::MpegFrame),
    ("audio/mp4", Signature::Brand(&[b"M4A ", b"M4B ", b"mp42", b"isom", b"mp41"])),
    ("audio/aac", Signature::AdtsFrame),
    ("audio/ogg", Signature::Start(b"OggS")),
    ("audio/wav", Signature::Riff(b"WAVE")),
    ("audio/amr", Signature::Start(b"#!AMR")),
    ("application/pdf", Signature::Start(b"%PDF-")),
    ("application/zip", Signature::Start(b"PK\x03\x04")),
    ("application/zip", Signature::Start(b"PK\x05\x06")),
    ("image/tiff", Signature::Start(b"II*\0")),
    ("image/tiff", Signature::Start(b"MM\0*")),
    ("image/bmp", Signature::Start(b"BM")),
];

/// Text: UTF-8 as far as the head goes, without control characters but those of layout.
fn is_text(head: &[u8]) -> bool {
    let (text, is_whole) = match std::str::from_utf8(head) {
        Ok(text) => (text, true),
        // A character may be cut in two where the head ends.
        Err(error) => (
            head.get(..error.valid_up_to()).and_then(|head| std::str::from_utf8(head).ok()).unwrap_or(""),
            error.error_len().is_none(),
        ),
    };
    is_whole && !text.chars().any(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r'))
}

/// Programs of the usual systems, scripts that name their interpreter, and pages that a browser would run.
fn is_program(head: &[u8]) -> bool {
    let starts: [&[u8]; 6] = [b"\x7fELF", b"MZ", b"#!/", b"\xcf\xfa\xed\xfe", b"\xfe\xed\xfa\xcf", b"\xca\xfe\xba\xbe"];
    let text = String::from_utf8_lossy(head.get(..256).unwrap_or(head)).trim_start().to_ascii_lowercase();
    starts.iter().any(|start| head.starts_with(start))
        || text.starts_with("<!doctype html")
        || text.starts_with("<html")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_bytes_must_agree_with_what_is_stated() {
        let heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic";
        let mp4 = b"\0\0\0\x18ftypisom\0\0\x02\0isomavc1";
        let good: [(&str, &[u8]); 9] = [
            ("image/jpeg", b"\xff\xd8\xff\xe0"),
            ("image/png", b"\x89PNG\r\n\x1a\n"),
            ("image/heic", heic),
            ("video/mp4", mp4),
            ("audio/mpeg", b"\xff\xfb\x90"),
            ("audio/wav", b"RIFF\0\0\0\0WAVE"),
            ("application/pdf", b"%PDF-1.7"),
            ("text/plain", "Zażółć".as_bytes()),
            ("application/x-own", b"whatever"),
        ];
        for (media_type, head) in good {
            assert!(agrees(media_type, head), "{media_type}");
        }
        let wrong: [(&str, &[u8]); 8] = [
            ("image/jpeg", b"\x89PNG\r\n\x1a\n"),
            ("image/png", b"MZ\x90\0"),
            ("image/heic", mp4),
            ("video/mp4", b""),
            ("text/plain", b"\x7fELF\x02"),
            ("text/plain", b"a\0b"),
            ("application/x-own", b"\x7fELF"),
            ("application/x-own", b"<html><script>"),
        ];
        for (media_type, head) in wrong {
            assert!(!agrees(media_type, head), "{media_type}");
        }
    }

    #[test]
    fn a_type_that_is_not_taken_is_refused_whatever_stands_behind_it() {
        let types = ["image/jpeg".to_owned()];
        assert_eq!(taken("Image/JPEG; q=1", &types).unwrap(), "image/jpeg");
        assert_eq!(taken("image/png", &types).unwrap_err().code(), Code::MediaTypeNotTaken);
        assert!(taken("", &types).is_err());
    }
}
