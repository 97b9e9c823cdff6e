use proptest::prelude::*;

use super::*;

const SECRET: &[u8] = b"GPS 53.3811 N 1.4701 W";

fn part(marker: u8, contents: &[u8]) -> Vec<u8> {
    let length = u16::try_from(contents.len() + 2).unwrap();
    [&[0xff, marker], length.to_be_bytes().as_slice(), contents].concat()
}

fn exif(turn: u8) -> Vec<u8> {
    let mut tiff = b"Exif\0\0II*\0\x08\0\0\0\x02\0".to_vec();
    tiff.extend_from_slice(&[0x0f, 0x01, 2, 0, 22, 0, 0, 0, 40, 0, 0, 0]);
    tiff.extend_from_slice(&[0x12, 0x01, 3, 0, 1, 0, 0, 0, turn, 0, 0, 0]);
    tiff.extend_from_slice(SECRET);
    part(marker::APP1, &tiff)
}

fn scan() -> Vec<u8> {
    [part(marker::SOS, &[1, 1, 0, 0, 63, 0]), vec![0x12, 0xff, 0x00, 0x34, 0xff, 0xd0, 0x56]].concat()
}

fn whole(extra: &[Vec<u8>], behind: &[u8]) -> Vec<u8> {
    let mut file = vec![0xff, marker::SOI];
    file.extend(part(marker::APP0, b"JFIF\0\x01\x02\0\0\x01\0\x01\x01\x01\x09\x09\x09"));
    extra.iter().for_each(|part| file.extend_from_slice(part));
    file.extend(part(0xdb, &[0; 65]));
    file.extend(scan());
    file.extend(part(0xc4, &[0; 20]));
    // A progressive picture has several scans, and a camera may write between them.
    file.extend(part(0xfe, SECRET));
    file.extend(scan());
    file.extend([0xff, marker::EOI]);
    file.extend_from_slice(behind);
    file
}

fn holds_secret(bytes: &[u8]) -> bool {
    bytes.windows(SECRET.len()).any(|window| window == SECRET)
}

#[test]
fn a_jpeg_loses_everything_but_the_picture_and_which_way_up_it_is() {
    let xmp = part(marker::APP1, &[b"http://ns.adobe.com/xap/1.0/\0".as_slice(), SECRET].concat());
    let original = whole(&[exif(6), xmp, part(0xe2, SECRET), part(0xfe, SECRET), part(0xed, SECRET)], SECRET);
    let copy = strip("image/jpeg", &original).unwrap();
    assert!(holds_secret(&original) && !holds_secret(&copy));
    let app1 = copy.windows(2).position(|pair| pair == [0xff, marker::APP1]).unwrap();
    assert_eq!(orientation(segment(&copy[app1 + 2..]).unwrap().0), Some(6));
    assert_eq!(copy.windows(2).filter(|pair| *pair == [0xff, marker::SOS]).count(), 2);
    assert!(copy.ends_with(&[0xff, marker::EOI]));
    // Once more, nothing is left to take away.
    assert_eq!(strip("image/jpeg", &copy).unwrap(), copy);
}

#[test]
fn a_png_loses_text_and_what_stands_behind_its_end() {
    let chunk = |kind: &[u8; 4], data: &[u8]| {
        let length = u32::try_from(data.len()).unwrap().to_be_bytes();
        [length.as_slice(), kind, data, &[0; 4]].concat()
    };
    let original = [
        b"\x89PNG\r\n\x1a\n".to_vec(),
        chunk(b"IHDR", &[0; 13]),
        chunk(b"tEXt", SECRET),
        chunk(b"iTXt", SECRET),
        chunk(b"eXIf", SECRET),
        chunk(b"IDAT", b"picture"),
        chunk(b"IEND", b""),
        SECRET.to_vec(),
    ]
    .concat();
    let copy = strip("image/png", &original).unwrap();
    assert!(!holds_secret(&copy) && copy.windows(7).any(|window| window == b"picture"));
    assert_eq!(strip("image/png", &copy).unwrap(), copy);
}

#[test]
fn what_is_broken_or_no_picture_has_no_copy() {
    let file = whole(&[], b"");
    let first_scan = file.windows(2).position(|pair| pair == [0xff, marker::SOS]).unwrap() + 10;
    for length in 0..=first_scan {
        assert_eq!(strip("image/jpeg", &file[..length]), None, "{length}");
    }
    assert_eq!(strip("application/pdf", b"%PDF-1.7"), None);
}

#[test]
fn what_viewers_forgive_is_forgiven_and_nothing_else_comes_along() {
    let file = whole(&[exif(6)], b"");
    let copy = strip("image/jpeg", &file).unwrap();
    // Bytes that belong to nothing, between segments.
    let app0 = file.windows(2).position(|pair| pair == [0xff, 0xdb]).unwrap();
    let stray = [&file[..app0], SECRET, &[0x00, 0xff, 0x00], &file[app0..]].concat();
    assert_eq!(strip("image/jpeg", &stray).unwrap(), copy);
    // No end, half an end, or another picture behind it.
    assert_eq!(strip("image/jpeg", &file[..file.len() - 2]).unwrap(), copy);
    assert_eq!(strip("image/jpeg", &file[..file.len() - 1]).unwrap(), copy);
    let two = [&file[..file.len() - 2], file.as_slice()].concat();
    assert_eq!(strip("image/jpeg", &two).unwrap(), copy);
    // Cut off anywhere in a scan, it is shown as far as it goes.
    for length in 0..file.len() {
        let Some(copy) = strip("image/jpeg", &file[..length]) else { continue };
        assert!(!holds_secret(&copy) && copy.ends_with(&[0xff, marker::EOI]));
        assert_eq!(strip("image/jpeg", &copy).unwrap(), copy);
    }
    // What is behind the fields of a header that is needed.
    let adobe = part(marker::APP14, &[b"Adobe\0\x64\0\0\0\0\x01".as_slice(), SECRET].concat());
    let coloured = strip("image/jpeg", &whole(&[adobe], b"")).unwrap();
    assert!(!holds_secret(&coloured) && coloured.windows(5).any(|part| part == b"Adobe"));
}

proptest! {
    #[test]
    fn no_bytes_whatever_do_harm(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let behind = [b"\xff\xd8\xff\xe1".as_slice(), &bytes].concat();
        for (media_type, bytes) in [("image/jpeg", &bytes), ("image/jpeg", &behind), ("image/png", &bytes)] {
            if let Some(copy) = strip(media_type, bytes) {
                prop_assert!(copy.len() <= bytes.len() + 40);
            }
        }
    }
}
