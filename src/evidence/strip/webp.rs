//! WebP (RFC 9649): the chunks that a picture is drawn from, and which way up it is.

use super::{turn_alone, turn_of};

/// Chunks that a picture or a frame is drawn from.
const DRAWN: [&[u8; 4]; 3] = [b"VP8 ", b"VP8L", b"ALPH"];
/// Bytes of a frame before its chunks.
const FRAME_HEADER: usize = 16;
/// What the header says is there: a colour profile, Exif, XMP.
const ICC: u8 = 0x20;
const EXIF: u8 = 0x08;
const XMP: u8 = 0x04;

/// The copy of a WebP for display. What is behind the end of its container is left behind; a container that says that
/// it is longer than the file goes as far as the file does.
pub fn webp(original: &[u8]) -> Option<Vec<u8>> {
    let (length, rest) = original.strip_prefix(b"RIFF")?.split_first_chunk::<4>()?;
    let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
    let body = rest.get(..length).unwrap_or(rest).strip_prefix(b"WEBP")?;
    let chunks = split(body)?;
    let turn = chunks.iter().find(|(kind, _)| *kind == b"EXIF").and_then(|(_, data)| turn_of(data));
    let mut out = b"WEBP".to_vec();
    let mut is_drawn = false;
    for (kind, data) in chunks {
        match kind {
            b"VP8X" => put(&mut out, kind, &header(data, turn.is_some())?)?,
            b"ANIM" => put(&mut out, kind, data)?,
            b"ANMF" => put(&mut out, kind, &frame(data)?)?,
            _ if DRAWN.contains(&kind) => put(&mut out, kind, data)?,
            _ => continue,
        }
        is_drawn |= matches!(kind, b"VP8 " | b"VP8L" | b"ANMF");
    }
    if let Some(turn) = turn {
        put(&mut out, b"EXIF", &turn_alone(turn))?;
    }
    let whole = [b"RIFF".as_slice(), &u32::try_from(out.len()).ok()?.to_le_bytes(), &out].concat();
    is_drawn.then_some(whole)
}

type Chunk<'a> = (&'a [u8; 4], &'a [u8]);

/// The chunks of a container; each is padded to an even length, but the last may lack that byte.
fn split(mut rest: &[u8]) -> Option<Vec<Chunk<'_>>> {
    let mut chunks = Vec::new();
    while !rest.is_empty() {
        let (kind, after) = rest.split_first_chunk::<4>()?;
        let (length, after) = after.split_first_chunk::<4>()?;
        let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
        let (data, after) = after.split_at_checked(length)?;
        chunks.push((kind, data));
        rest = after.get(length % 2..).unwrap_or_default();
    }
    Some(chunks)
}

fn put(out: &mut Vec<u8>, kind: &[u8; 4], data: &[u8]) -> Option<()> {
    out.extend_from_slice(kind);
    out.extend_from_slice(&u32::try_from(data.len()).ok()?.to_le_bytes());
    out.extend_from_slice(data);
    out.extend(std::iter::repeat_n(0, data.len() % 2));
    Some(())
}

/// The header without the flags of what is left away.
fn header(data: &[u8], is_turned: bool) -> Option<Vec<u8>> {
    let mut header = data.get(..10)?.to_vec();
    let flags = header.first_mut()?;
    *flags &= !(ICC | EXIF | XMP);
    *flags |= if is_turned { EXIF } else { 0 };
    Some(header)
}

fn frame(data: &[u8]) -> Option<Vec<u8>> {
    let (head, rest) = data.split_at_checked(FRAME_HEADER)?;
    let mut out = head.to_vec();
    for (kind, data) in split(rest)?.into_iter().filter(|(kind, _)| DRAWN.contains(kind)) {
        put(&mut out, kind, data)?;
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &[u8] = b"GPS 53.3811 N 1.4701 W";

    fn file(chunks: &[(&[u8; 4], Vec<u8>)], behind: &[u8]) -> Vec<u8> {
        let mut out = b"WEBP".to_vec();
        for (kind, data) in chunks {
            put(&mut out, kind, data).unwrap();
        }
        let length = u32::try_from(out.len()).unwrap().to_le_bytes();
        [b"RIFF".as_slice(), &length, &out, behind].concat()
    }

    fn exif() -> Vec<u8> {
        [turn_alone(6).as_slice(), SECRET].concat()
    }

    fn kinds(copy: &[u8]) -> Vec<&[u8; 4]> {
        split(&copy[12..]).unwrap().into_iter().map(|(kind, _)| kind).collect()
    }

    #[test]
    fn a_webp_loses_everything_but_the_picture_and_which_way_up_it_is() {
        let header = vec![ICC | EXIF | XMP | 0x10, 0, 0, 0, 1, 0, 0, 1, 0, 0];
        let original = file(
            &[
                (b"VP8X", header),
                (b"ICCP", SECRET.to_vec()),
                (b"ALPH", vec![1, 2, 3]),
                (b"VP8 ", vec![9; 7]),
                (b"EXIF", exif()),
                (b"XMP ", SECRET.to_vec()),
                (b"ODD!", SECRET.to_vec()),
            ],
            SECRET,
        );
        let copy = webp(&original).unwrap();
        assert!(!copy.windows(SECRET.len()).any(|window| window == SECRET));
        assert_eq!(kinds(&copy), [b"VP8X", b"ALPH", b"VP8 ", b"EXIF"]);
        assert_eq!((copy[20], turn_of(split(&copy[12..]).unwrap()[3].1)), (EXIF | 0x10, Some(6)));
        assert_eq!(webp(&copy).unwrap(), copy, "once more, nothing is left to take away");
    }

    #[test]
    fn a_frame_loses_what_it_is_not_drawn_from() {
        let mut frame = vec![0; FRAME_HEADER];
        put(&mut frame, b"VP8L", &[5; 4]).unwrap();
        put(&mut frame, b"NOTE", SECRET).unwrap();
        let header = vec![0x02, 0, 0, 0, 1, 0, 0, 1, 0, 0];
        let copy = webp(&file(&[(b"VP8X", header), (b"ANIM", vec![0; 6]), (b"ANMF", frame)], b"")).unwrap();
        assert!(!copy.windows(SECRET.len()).any(|window| window == SECRET));
        assert_eq!(kinds(&copy), [b"VP8X", b"ANIM", b"ANMF"]);
    }

    #[test]
    fn what_is_broken_or_draws_nothing_has_no_copy() {
        let whole = file(&[(b"VP8 ", vec![9; 7])], b"");
        assert_eq!(webp(&whole).unwrap(), whole);
        // The last byte is there to make the length even, and viewers do not miss it.
        assert_eq!(webp(&whole[..whole.len() - 1]).unwrap(), whole);
        assert!((0..whole.len() - 1).all(|length| webp(&whole[..length]).is_none()));
        assert!(webp(&file(&[(b"EXIF", exif())], b"")).is_none());
    }
}
