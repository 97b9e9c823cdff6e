//! PNG (third edition): the chunks that a picture is drawn from, and which way up it is.

use super::{turn_alone, turn_of};

const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

/// Chunks that a PNG is drawn from. Neither text, nor time, nor Exif, nor a colour profile, which has a name.
const PARTS: [&[u8; 4]; 14] = [
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"sBIT", b"bKGD", b"pHYs", b"acTL",
    b"fcTL", b"fdAT",
];

/// The copy of a PNG. What is behind the end is left behind; one that was cut off ends where its data does.
pub fn png(original: &[u8]) -> Option<Vec<u8>> {
    let mut rest = original.strip_prefix(SIGNATURE)?;
    let mut out = Vec::with_capacity(original.len());
    out.extend_from_slice(SIGNATURE);
    let (mut is_drawn, mut is_turned) = (false, false);
    while let Some(chunk) = PngChunk::next(rest) {
        rest = rest.get(chunk.whole..).unwrap_or_default();
        match chunk.kind {
            b"IEND" => break,
            b"eXIf" if !is_turned => {
                if let Some(turn) = turn_of(chunk.data) {
                    put(&mut out, b"eXIf", &turn_alone(turn))?;
                    is_turned = true;
                }
            }
            kind if PARTS.contains(&kind) && (chunk.is_critical() || chunk.is_sound()) => {
                is_drawn |= kind == b"IDAT" && !chunk.data.is_empty();
                put(&mut out, kind, chunk.data)?;
            }
            _ => {}
        }
    }
    put(&mut out, b"IEND", b"")?;
    is_drawn.then_some(out)
}

struct PngChunk<'a> {
    kind: &'a [u8; 4],
    data: &'a [u8],
    /// What its checksum is stated to be; none where the file was cut off.
    stated: Option<u32>,
    /// Its length with all that is around its data.
    whole: usize,
}

impl<'a> PngChunk<'a> {
    /// The chunk that begins here. Data that was cut off counts as far as it goes.
    fn next(rest: &'a [u8]) -> Option<Self> {
        let (length, after) = rest.split_first_chunk::<4>()?;
        let (kind, after) = after.split_first_chunk::<4>()?;
        let length = usize::try_from(u32::from_be_bytes(*length)).ok().filter(|length| *length < 1 << 31)?;
        let data = after.get(..length).unwrap_or(after);
        let stated = after.get(length..).and_then(|behind| behind.first_chunk::<4>());
        // Other data than a picture's is needed whole.
        let is_usable = stated.is_some() || matches!(kind, b"IDAT");
        is_usable.then_some(Self { kind, data, stated: stated.map(|sum| u32::from_be_bytes(*sum)), whole: length + 12 })
    }

    /// Whether no picture can be drawn without it.
    fn is_critical(&self) -> bool {
        self.kind.first().is_some_and(u8::is_ascii_uppercase)
    }

    /// Whether its data is what it was when the chunk was written. Viewers leave a part away that is not, unless they need
    /// it.
    fn is_sound(&self) -> bool {
        self.stated == Some(sum(self.kind, self.data))
    }
}

fn sum(kind: &[u8; 4], data: &[u8]) -> u32 {
    let mut sum = crc32fast::Hasher::new();
    sum.update(kind);
    sum.update(data);
    sum.finalize()
}

fn put(out: &mut Vec<u8>, kind: &[u8; 4], data: &[u8]) -> Option<()> {
    out.extend_from_slice(&u32::try_from(data.len()).ok()?.to_be_bytes());
    out.extend_from_slice(kind);
    out.extend_from_slice(data);
    out.extend_from_slice(&sum(kind, data).to_be_bytes());
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &[u8] = b"GPS 53.3811 N 1.4701 W";

    fn file(chunks: &[(&[u8; 4], Vec<u8>)]) -> Vec<u8> {
        let mut out = SIGNATURE.to_vec();
        for (kind, data) in chunks {
            put(&mut out, kind, data).unwrap();
        }
        out
    }

    fn kinds(mut file: &[u8]) -> Vec<[u8; 4]> {
        let mut kinds = Vec::new();
        file = &file[8..];
        while let Some(chunk) = PngChunk::next(file) {
            assert!(chunk.is_sound());
            kinds.push(*chunk.kind);
            file = &file[chunk.whole..];
        }
        assert!(file.is_empty());
        kinds
    }

    #[test]
    fn a_picture_stays_the_right_way_up() {
        for exif in [turn_alone(6), [b"Exif\0\0".as_slice(), &turn_alone(6)].concat()] {
            let exif = [exif.as_slice(), SECRET].concat();
            let original = file(&[(b"IHDR", vec![0; 13]), (b"eXIf", exif), (b"IDAT", vec![1; 9]), (b"IEND", vec![])]);
            let copy = png(&original).unwrap();
            assert_eq!(kinds(&copy), [*b"IHDR", *b"eXIf", *b"IDAT", *b"IEND"]);
            assert!(copy.windows(26).any(|part| part == turn_alone(6)));
            assert!(!copy.windows(SECRET.len()).any(|part| part == SECRET));
            assert_eq!(png(&copy).unwrap(), copy, "once more, nothing is left to take away");
        }
    }

    #[test]
    fn a_wrong_checksum_costs_a_part_that_is_not_needed_and_nothing_else() {
        let mut original =
            file(&[(b"IHDR", vec![0; 13]), (b"gAMA", vec![0; 4]), (b"IDAT", vec![1; 9]), (b"IEND", vec![])]);
        let gamma = original.windows(4).position(|kind| kind == b"gAMA").unwrap();
        original[gamma + 8] ^= 1;
        assert_eq!(kinds(&png(&original).unwrap()), [*b"IHDR", *b"IDAT", *b"IEND"]);
    }

    #[test]
    fn a_picture_that_was_cut_off_is_shown_as_far_as_it_goes() {
        let original =
            file(&[(b"IHDR", vec![0; 13]), (b"IDAT", vec![1; 90]), (b"tEXt", SECRET.to_vec()), (b"IEND", vec![])]);
        let start = original.windows(4).position(|kind| kind == b"IDAT").unwrap() + 4;
        for length in 0..original.len() {
            let copy = png(&original[..length]);
            assert_eq!(copy.is_some(), length > start, "{length}");
            if let Some(copy) = copy {
                assert_eq!(kinds(&copy), [*b"IHDR", *b"IDAT", *b"IEND"]);
            }
        }
    }
}
