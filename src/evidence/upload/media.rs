//! What a file is: the stated media type must be one that is taken, and the first bytes must agree with it. Its name is
//! never asked.

use crate::error::{Code, Error, Result};

/// How many bytes of a file tell what it is.
pub const HEAD_BYTES: usize = 4_096;

/// The names that phones, browsers and mail programs have for what is kept under another.
const ALIASES: [(&str, &str); 42] = [
    ("image/jpg", "image/jpeg"),
    ("image/pjpeg", "image/jpeg"),
    ("image/x-jpeg", "image/jpeg"),
    ("image/jfif", "image/jpeg"),
    ("image/x-png", "image/png"),
    ("image/apng", "image/png"),
    ("image/vnd.mozilla.apng", "image/png"),
    ("image/x-webp", "image/webp"),
    ("image/heic-sequence", "image/heic"),
    ("image/heif-sequence", "image/heif"),
    ("audio/x-m4a", "audio/mp4"),
    ("audio/m4a", "audio/mp4"),
    ("audio/x-mp4", "audio/mp4"),
    ("audio/mp4a-latm", "audio/mp4"),
    ("audio/mp3", "audio/mpeg"),
    ("audio/x-mp3", "audio/mpeg"),
    ("audio/mpeg3", "audio/mpeg"),
    ("audio/x-mpeg-3", "audio/mpeg"),
    ("audio/x-mpeg", "audio/mpeg"),
    ("audio/mpg", "audio/mpeg"),
    ("audio/x-wav", "audio/wav"),
    ("audio/wave", "audio/wav"),
    ("audio/x-pn-wav", "audio/wav"),
    ("audio/vnd.wave", "audio/wav"),
    ("audio/x-aac", "audio/aac"),
    ("audio/aacp", "audio/aac"),
    ("audio/opus", "audio/ogg"),
    ("audio/vorbis", "audio/ogg"),
    ("audio/x-ogg", "audio/ogg"),
    ("application/ogg", "audio/ogg"),
    ("audio/x-amr", "audio/amr"),
    ("audio/amr-wb", "audio/amr"),
    ("audio/3gp", "audio/3gpp"),
    ("audio/3gpp2", "audio/3gpp"),
    ("video/x-m4v", "video/mp4"),
    ("video/m4v", "video/mp4"),
    ("video/3gp", "video/3gpp"),
    ("video/3gpp2", "video/3gpp"),
    ("video/mov", "video/quicktime"),
    ("application/x-pdf", "application/pdf"),
    ("application/x-zip-compressed", "application/zip"),
    ("application/x-zip", "application/zip"),
];

/// A stated media type as it is compared and kept: lower case, without parameters, under its one name.
#[must_use]
pub fn essence(stated: &str) -> String {
    let essence = stated.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let known = ALIASES.iter().find(|(alias, _)| *alias == essence);
    known.map_or(essence, |(_, name)| (*name).to_owned())
}

/// The stated media type as it is kept.
///
/// # Errors
/// 415 for one that is not taken.
pub fn taken(stated: &str, types: &[String]) -> Result<String> {
    let essence = essence(stated);
    match types.iter().any(|taken| self::essence(taken) == essence) {
        true => Ok(essence),
        false => Err(Error::invalid(Code::MediaTypeNotTaken)),
    }
}

/// How the name of such a file ends, so that anyone who receives it can open it.
#[must_use]
pub fn ending(media_type: &str) -> String {
    let known = match media_type {
        "image/jpeg" => "jpg",
        "video/quicktime" => "mov",
        "video/3gpp" | "audio/3gpp" => "3gp",
        "audio/mpeg" => "mp3",
        "audio/mp4" => "m4a",
        "text/plain" => "txt",
        "message/rfc822" => "eml",
        "application/msword" => "doc",
        "application/vnd.ms-excel" => "xls",
        "application/vnd.ms-outlook" => "msg",
        office if office.starts_with(OFFICE) => match office.rsplit('.').next() {
            Some("document") => "docx",
            Some("sheet") => "xlsx",
            Some("presentation") => "pptx",
            _ => "zip",
        },
        other => other.rsplit('/').next().unwrap_or_default(),
    };
    known.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect()
}

/// What the names of office documents begin with, which are ZIP archives.
const OFFICE: &str = "application/vnd.openxmlformats-officedocument.";

/// Whether a file of this kind is words and nothing else.
#[must_use]
pub fn is_words(media_type: &str) -> bool {
    media_type.starts_with("text/")
}

/// Whether the first bytes of a file agree with its media type. A type without signature agrees with all that begins
/// like none of the others: a program can never pass for one of those.
#[must_use]
pub fn agrees(media_type: &str, head: &[u8]) -> bool {
    match media_type {
        words if is_words(words) => is_text(head),
        // A message is lines, in whatever encodings its parts have.
        "message/rfc822" => is_text(head) && !is_program(head),
        office if office.starts_with(OFFICE) => is_signed_as("application/zip", head),
        "application/pdf" => is_pdf(head),
        known if SIGNATURES.iter().any(|(media, _)| *media == known) => is_signed_as(known, head),
        _ => !SIGNATURES.iter().any(|(media, _)| is_signed_as(media, head)) && !is_program(head),
    }
}

fn is_signed_as(media_type: &str, head: &[u8]) -> bool {
    SIGNATURES.iter().filter(|(media, _)| *media == media_type).any(|(_, signature)| signature.fits(head))
}

/// Readers find the header of a PDF anywhere in its first 1,024 bytes (PDF 1.7, appendix H, note 13): mail gateways and
/// scanners put bytes before it. Those bytes must not make it something else as well.
fn is_pdf(head: &[u8]) -> bool {
    let start = head.get(..1_024).unwrap_or(head);
    match start.windows(5).position(|window| window == b"%PDF-") {
        Some(0) => true,
        Some(_) => !is_program(head) && !SIGNATURES.iter().any(|(_, signature)| signature.fits(head)),
        None => false,
    }
}

/// How a format begins.
enum Signature {
    /// With these bytes.
    Start(&'static [u8]),
    /// With a RIFF container of this kind.
    Riff(&'static [u8]),
    /// With an ISO base media file (ISO/IEC 14496-12) that names one of these brands.
    Brand(&'static [&'static [u8]]),
    /// With an ISO base media file that is no picture, or with a QuickTime film, which need not name a brand. Players
    /// read each of them whatever it is called.
    Film,
    /// With an MPEG audio frame (ISO/IEC 11172-3).
    MpegFrame,
    /// With an ADTS frame (ISO/IEC 13818-7).
    AdtsFrame,
}

/// Brands of still pictures and their sequences.
const PICTURES: [&[u8]; 11] =
    [b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"mif2", b"msf1", b"avif", b"avis"];
/// What a QuickTime film without a brand begins with.
const ATOMS: [&[u8]; 7] = [b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot", b"udta"];

impl Signature {
    fn fits(&self, head: &[u8]) -> bool {
        match self {
            Self::Start(start) => head.starts_with(start),
            Self::Riff(kind) => head.starts_with(b"RIFF") && head.get(8..12) == Some(*kind),
            Self::Brand(brands) => is_brand(head, brands),
            Self::Film => is_film(head),
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

fn is_film(head: &[u8]) -> bool {
    let (Some(size), Some(kind)) = (head.first_chunk::<4>(), head.get(4..8)) else { return false };
    match kind {
        b"ftyp" => head.get(8..12).is_some_and(|major| !PICTURES.contains(&major)),
        // Its size in full, in 64 bits behind the kind (1), or to the end of the file (0).
        atom if ATOMS.contains(&atom) => !matches!(u32::from_be_bytes(*size), 2..=7),
        _ => false,
    }
}

const SIGNATURES: [(&str, Signature); 26] = [
    ("image/jpeg", Signature::Start(b"\xff\xd8\xff")),
    ("image/png", Signature::Start(b"\x89PNG\r\n\x1a\n")),
    ("image/gif", Signature::Start(b"GIF87a")),
    ("image/gif", Signature::Start(b"GIF89a")),
    ("image/webp", Signature::Riff(b"WEBP")),
    ("image/heic", Signature::Brand(&PICTURES)),
    ("image/heif", Signature::Brand(&PICTURES)),
    ("video/mp4", Signature::Film),
    ("video/quicktime", Signature::Film),
    ("video/3gpp", Signature::Film),
    ("audio/mp4", Signature::Film),
    ("audio/3gpp", Signature::Film),
    ("video/webm", Signature::Start(b"\x1a\x45\xdf\xa3")),
    ("audio/webm", Signature::Start(b"\x1a\x45\xdf\xa3")),
    ("audio/mpeg", Signature::Start(b"ID3")),
    ("audio/mpeg", Signature::MpegFrame),
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

/// Text as far as the head goes: in UTF-8, in UTF-16 with its mark, or in one of the older encodings of a byte for each
/// character. What tells it from a program is that no control characters stand in it but those of layout.
fn is_text(head: &[u8]) -> bool {
    let is_layout = |c: u32| matches!(c, 0x09..=0x0d);
    let is_control = |c: u32| (c < 0x20 || c == 0x7f) && !is_layout(c);
    let wide: Option<fn([u8; 2]) -> u16> = match head {
        [0xff, 0xfe, ..] => Some(u16::from_le_bytes),
        [0xfe, 0xff, ..] => Some(u16::from_be_bytes),
        _ => None,
    };
    match wide {
        Some(read) => {
            let units = head.as_chunks::<2>().0.iter().map(|pair| read(*pair));
            // Half a character may stand where the head ends; elsewhere it is none.
            let mut halves = char::decode_utf16(units).map(std::result::Result::ok).peekable();
            let mut is_whole = true;
            while let Some(c) = halves.next() {
                is_whole &= c.map_or(halves.peek().is_none(), |c| !is_control(u32::from(c)));
            }
            is_whole
        }
        // No character of UTF-8 holds a byte that is a control character, so that bytes alone decide.
        None => !head.starts_with(&[0xff]) && !head.iter().any(|byte| is_control(u32::from(*byte))),
    }
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
    use crate::config::evidence::USUAL_TYPES;

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
        let wrong: [(&str, &[u8]); 9] = [
            ("image/jpeg", b"\x89PNG\r\n\x1a\n"),
            ("image/png", b"MZ\x90\0"),
            ("image/heic", mp4),
            ("video/mp4", heic),
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
    #[test]
    fn a_file_is_taken_under_every_name_that_phones_have_for_it() {
        let usual: Vec<String> = USUAL_TYPES.iter().map(|name| (*name).to_owned()).collect();
        for (alias, name) in ALIASES {
            assert_eq!(taken(&alias.to_uppercase(), &usual).unwrap(), name);
            assert_eq!(essence(name), name, "a name is not an alias as well");
        }
        // Settings may use such a name, too.
        assert_eq!(taken("audio/mp4", &["audio/x-m4a".to_owned()]).unwrap(), "audio/mp4");
    }

    #[test]
    fn what_the_usual_programs_open_is_taken() {
        let utf16 =
            |text: &str, write: fn(u16) -> [u8; 2]| -> Vec<u8> { text.encode_utf16().flat_map(write).collect() };
        let good: [(&str, Vec<u8>); 13] = [
            ("video/quicktime", b"\0\0\0\x08wide\0\0\0\x10mdat".to_vec()),
            ("video/quicktime", b"\0\0\0\x01mdat\0\0\0\0".to_vec()),
            ("audio/mp4", b"\0\0\0\x14ftyp3gp4\0\0\x02\x003gp4".to_vec()),
            ("application/pdf", b"\xef\xbb\xbf%PDF-1.4".to_vec()),
            ("application/pdf", [&[b'\n'; 1_019], b"%PDF-1.4".as_slice()].concat()),
            ("text/plain", utf16("\u{feff}Zażółć 😀", u16::to_le_bytes)),
            ("text/plain", utf16("\u{feff}Zażółć 😀", u16::to_be_bytes)),
            ("text/plain", b"caf\xe9 au lait".to_vec()),
            ("text/plain", b"page 1\x0cpage 2".to_vec()),
            ("text/csv", b"day,words\r\n1,\"a\"".to_vec()),
            ("message/rfc822", b"Received: from mail\r\nSubject: x\r\n\r\nwords".to_vec()),
            ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", b"PK\x03\x04".to_vec()),
            // A character cut in two where the head ends.
            ("text/plain", utf16("\u{feff}😀", u16::to_le_bytes)[..4].to_vec()),
        ];
        for (media_type, head) in good {
            assert!(agrees(media_type, &head), "{media_type} {head:?}");
        }
        let wrong: [(&str, Vec<u8>); 7] = [
            ("application/pdf", [&[b'\n'; 1_020], b"%PDF-1.4".as_slice()].concat()),
            ("application/pdf", b"MZ\x90 %PDF-1.4".to_vec()),
            ("application/pdf", b"\xff\xd8\xff\xe0 %PDF-1.4".to_vec()),
            ("application/pdf", b"<html><script>%PDF-1.4".to_vec()),
            ("video/quicktime", b"\0\0\0\x02mdat".to_vec()),
            ("text/plain", b"\xff\xfea".iter().copied().chain([0, 1, 0]).collect()),
            ("text/plain", b"\xff\xd8\xff\xe0".to_vec()),
        ];
        for (media_type, head) in wrong {
            assert!(!agrees(media_type, &head), "{media_type} {head:?}");
        }
    }
}
