use proptest::prelude::*;

use super::*;

const SECRET: &[u8] = b"+53.3811-001.4701/";
const PICTURE: &[u8] = b"what is seen, and nothing of where";
const SOUND: &[u8] = b"what is heard";

fn part(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    [&u32::try_from(body.len() + 8).unwrap().to_be_bytes(), kind.as_slice(), body].concat()
}

fn list(kind: &[u8; 4], parts: &[Vec<u8>]) -> Vec<u8> {
    part(kind, &parts.concat())
}

fn numbers(numbers: &[u32]) -> Vec<u8> {
    numbers.iter().flat_map(|number| number.to_be_bytes()).collect()
}

/// The header of a film, a track or its media, with times in it.
fn header(kind: &[u8; 4], version: u8) -> Vec<u8> {
    let times: &[u8] = if version == 1 { &SECRET[..16] } else { &SECRET[..8] };
    part(kind, &[&[version, 0, 0, 0], times, &[7; 20]].concat())
}

fn track(handler: &[u8; 4], offset: u32, sizes: &[u32]) -> Vec<u8> {
    let mut fields = vec![0; if handler == b"soun" { 28 } else { 78 }];
    fields[12..16].copy_from_slice(&SECRET[..4]);
    if handler != b"soun" {
        fields[42..60].copy_from_slice(SECRET);
    }
    let entry = [fields, part(b"esds", &[1; 9]), part(b"glbl", SECRET), vec![0; 4]].concat();
    let count = u32::try_from(sizes.len()).unwrap();
    let table = list(
        b"stbl",
        &[
            part(b"stsd", &[numbers(&[0, 1]), part(b"avc1", &entry)].concat()),
            part(b"stts", &numbers(&[0, 1, count, 1])),
            part(b"stsc", &numbers(&[0, 1, 1, count, 1])),
            part(b"stsz", &[numbers(&[0, 0, count]), numbers(sizes)].concat()),
            part(b"stco", &numbers(&[0, 1, offset])),
            part(b"odd!", SECRET),
        ],
    );
    let data = part(b"dref", &[numbers(&[0, 1]), part(b"alis", &[&[0, 0, 0, 1], SECRET].concat())].concat());
    let media = list(b"minf", &[part(b"vmhd", &[0; 12]), list(b"dinf", &[data]), table]);
    let named = part(b"hdlr", &[&[0; 8], handler.as_slice(), SECRET].concat());
    list(
        b"trak",
        &[
            header(b"tkhd", 1),
            list(b"mdia", &[header(b"mdhd", 0), named, media]),
            list(b"udta", &[part(b"\xa9xyz", SECRET)]),
            list(b"tref", &[part(b"cdsc", SECRET)]),
        ],
    )
}

/// A film with a place in everything that may hold one; the description before the media data or behind it.
fn film(extra: &[Vec<u8>], is_first: bool) -> Vec<u8> {
    let begin = [part(b"ftyp", b"isom\0\0\x02\0isom"), extra.concat()].concat();
    let describe = |data_at: u32| {
        let notes = data_at + u32::try_from(PICTURE.len()).unwrap();
        let sound = notes + u32::try_from(SECRET.len()).unwrap();
        list(
            b"moov",
            &[
                header(b"mvhd", 0),
                track(b"vide", data_at, &[4, u32::try_from(PICTURE.len()).unwrap() - 4]),
                track(b"meta", notes, &[u32::try_from(SECRET.len()).unwrap()]),
                track(b"soun", sound, &[u32::try_from(SOUND.len()).unwrap()]),
                list(b"udta", &[part(b"loci", SECRET), part(b"meta", SECRET)]),
                part(b"uuid", SECRET),
            ],
        )
    };
    let data = part(b"mdat", &[PICTURE, SECRET, SOUND, SECRET].concat());
    let long = describe(0).len();
    let data_at = u32::try_from(begin.len() + 8 + if is_first { long } else { 0 }).unwrap();
    let (description, tail) = (describe(data_at), part(b"free", SECRET));
    let parts = if is_first { [description, data] } else { [data, description] };
    [begin, parts.concat(), tail, b"\0\0\0\x03".to_vec(), SECRET.to_vec()].concat()
}

/// The copy, made by pieces of a length.
fn copy(file: &[u8], piece: usize) -> Option<Vec<u8>> {
    let mut scanner = Scanner::default();
    file.chunks(piece).for_each(|piece| scanner.feed(piece));
    let plan = scanner.plan(file.len() as u64)?;
    let mut out = Vec::new();
    for piece in file.chunks(piece) {
        let mut bytes = piece.to_vec();
        plan.apply(out.len() as u64, &mut bytes);
        out.extend(bytes);
    }
    out.truncate(usize::try_from(plan.length).unwrap());
    Some(out)
}

fn holds(bytes: &[u8], what: &[u8]) -> bool {
    bytes.windows(what.len()).any(|window| window == what)
}

/// Kinds and ends of the boxes of a list: read by other code than that which is tested.
fn walk(mut bytes: &[u8]) -> Vec<(String, usize)> {
    let mut found = Vec::new();
    while !bytes.is_empty() {
        let size = u32::from_be_bytes(bytes[..4].try_into().unwrap()) as usize;
        found.push((String::from_utf8_lossy(&bytes[4..8]).into_owned(), size));
        bytes = &bytes[size..];
    }
    found
}

#[test]
fn a_film_keeps_picture_and_sound_and_nothing_that_says_where_or_when() {
    for is_first in [true, false] {
        let file = film(&[part(b"uuid", SECRET), part(b"wide", b""), part(b"meta", SECRET)], is_first);
        for piece in [1, 7, 4_096] {
            let copy = copy(&file, piece).unwrap();
            for length in [4, 8, SECRET.len()] {
                assert!(!holds(&copy, &SECRET[..length]), "{length} {}", String::from_utf8_lossy(&copy));
            }
            let media = file.windows(PICTURE.len()).position(|part| part == PICTURE).unwrap();
            assert_eq!(&copy[media..media + PICTURE.len()], PICTURE);
            assert!(holds(&copy, SOUND) && copy.len() == file.len() - 4 - SECRET.len());
            let (before, after) = (walk(&file[..copy.len()]), walk(&copy));
            assert!(before.iter().zip(&after).all(|(old, new)| old.1 == new.1 && (old.0 == new.0 || new.0 == "free")));
            assert_eq!(super::tests::copy(&copy, 512).unwrap(), copy, "once more, nothing is left to take away");
        }
    }
}

#[test]
fn what_cannot_be_read_for_sure_has_no_copy() {
    let file = film(&[], true);
    let name = |kind: &[u8]| file.windows(4).position(|part| part == kind).unwrap();
    let with = |at: usize, bytes: &[u8]| {
        let mut file = file.clone();
        file[at..at + bytes.len()].copy_from_slice(bytes);
        copy(&file, 64)
    };
    assert!(with(0, b"").is_some());
    // Fragments, a packed description, another file, samples that are not there, and a description that is cut off.
    assert!(with(name(b"uuid"), b"mvex").is_none());
    assert!(with(name(b"uuid"), b"cmov").is_none());
    assert!(with(name(b"alis") + 7, &[0]).is_none());
    assert!(with(name(b"stco") + 12, &[0, 0, 0, 9]).is_none());
    assert!(with(name(b"stsz") + 8, &[0, 0, 9, 9]).is_none());
    assert!(copy(&file[..file.len() / 2], 64).is_none() || name(b"mdat") < file.len() / 2);
    assert!(copy(b"\0\0\0\x08moov", 64).is_none() && copy(b"", 1).is_none());
}

fn entry(id: u16, kind: &[u8; 4], more: &[u8]) -> Vec<u8> {
    part(b"infe", &[&[2, 0, 0, 0], id.to_be_bytes().as_slice(), &[0, 0], kind, more].concat())
}

/// A picture as an iPhone makes it: its data, its Exif, a thumbnail, and a grid in the list itself.
fn still() -> Vec<u8> {
    let begin = part(b"ftyp", b"heic\0\0\0\0mif1heic");
    let describe = |data_at: u32| {
        let sizes = [PICTURE.len(), SECRET.len(), SECRET.len()].map(|size| u32::try_from(size).unwrap());
        let starts = [data_at, data_at + sizes[0], data_at + sizes[0] + sizes[1]];
        let at = |id: u8, method: u8, start: u32, size: u32| {
            [&[0, id, 0, method, 0, 0, 0, 1], numbers(&[start, size]).as_slice()].concat()
        };
        let places = [
            at(1, 0, starts[0], sizes[0]),
            at(2, 0, starts[1], sizes[1]),
            at(3, 0, starts[2], sizes[2]),
            at(4, 1, 4, 8),
        ];
        let names = [
            entry(1, b"hvc1", SECRET),
            entry(2, b"Exif", SECRET),
            entry(3, b"hvc1", b"\0"),
            entry(4, b"grid", b"\0"),
            entry(5, b"mime", SECRET),
        ];
        let properties = [
            part(b"ispe", &[0; 12]),
            part(b"irot", &[1]),
            part(b"colr", &[b"prof".as_slice(), SECRET].concat()),
            part(b"udes", SECRET),
        ];
        let parts = [
            part(b"hdlr", &[&[0; 8], b"pict".as_slice(), SECRET].concat()),
            part(b"pitm", &[0, 0, 0, 0, 0, 4]),
            part(b"iloc", &[&[1, 0, 0, 0, 0x44, 0, 0, 4], places.concat().as_slice()].concat()),
            part(b"iinf", &[&[0, 0, 0, 0, 0, 5], names.concat().as_slice()].concat()),
            part(
                b"iref",
                &[
                    &[0; 4],
                    part(b"cdsc", &[0, 2, 0, 1, 0, 1]).as_slice(),
                    &part(b"thmb", &[0, 3, 0, 1, 0, 1]),
                    &part(b"dimg", &[0, 4, 0, 1, 0, 1]),
                ]
                .concat(),
            ),
            list(b"iprp", &[list(b"ipco", &properties), part(b"ipma", &[0; 8])]),
            part(b"idat", &[&SECRET[..4], b"the grid".as_slice(), SECRET].concat()),
            part(b"xml ", SECRET),
        ];
        part(b"meta", &[vec![0; 4], parts.concat()].concat())
    };
    let data_at = begin.len() + describe(0).len() + 8;
    let description = describe(u32::try_from(data_at).unwrap());
    let data = part(b"mdat", &[PICTURE, SECRET, SECRET, SECRET].concat());
    [begin, description, data, part(b"mpvd", SECRET)].concat()
}

#[test]
fn a_picture_of_an_iphone_keeps_what_it_is_drawn_from_and_which_way_up_it_is() {
    let file = still();
    let copy = copy(&file, 33).unwrap();
    assert!(!holds(&copy, &SECRET[..4]), "{}", String::from_utf8_lossy(&copy));
    assert!(holds(&copy, PICTURE) && holds(&copy, b"the grid") && holds(&copy, b"irot") && holds(&copy, b"dimg"));
    for gone in [b"Exif", b"mime", b"udes", b"thmb", b"cdsc", b"colr", b"xml ", b"mpvd"] {
        assert!(!holds(&copy, gone));
    }
    assert_eq!(walk(&copy).iter().map(|(_, size)| size).sum::<usize>(), file.len());
    assert_eq!(super::tests::copy(&copy, 512).unwrap(), copy, "once more, nothing is left to take away");
    // The picture itself is no item that is known.
    let mut odd = file.clone();
    let grid = odd.windows(4).position(|part| part == b"grid").unwrap();
    odd[grid] = b'G';
    assert!(super::tests::copy(&odd, 512).is_none());
}

proptest! {
    /// Wherever a box with a place in it is put among those that are known, nothing of it is in the copy.
    #[test]
    fn no_place_that_is_put_anywhere_is_in_the_copy(kinds in prop::collection::vec("[a-zA-Z ]{4}", 1..4), is_first: bool, piece in 1..200_usize) {
        let known = ["ftyp", "moov", "mdat", "meta", "moof", "styp"];
        let extra: Vec<Vec<u8>> = kinds.iter().filter(|kind| !known.contains(&kind.as_str()))
            .map(|kind| part(kind.as_bytes().try_into().unwrap(), SECRET)).collect();
        let file = film(&extra, is_first);
        let copy = copy(&file, piece).unwrap();
        prop_assert!(!holds(&copy, &SECRET[..8]));
        prop_assert!(holds(&copy, PICTURE) && holds(&copy, SOUND));
    }

    /// Whatever is changed or cut off: no panic, and a copy holds no more than the file.
    #[test]
    fn no_bytes_whatever_do_harm(at in 0..1_500_usize, byte: u8, length in 0..2_500_usize, is_still: bool, piece in 1..300_usize) {
        let mut file = if is_still { still() } else { film(&[], true) };
        file.truncate(length);
        if let Some(place) = file.get_mut(at) {
            *place = byte;
        }
        if let Some(copy) = copy(&file, piece) {
            prop_assert!(copy.len() <= file.len());
        }
    }
}
