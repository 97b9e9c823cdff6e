//! Films and sounds: MP4, QuickTime, 3GP, M4A. Tracks of pictures and sound are kept. Tracks of anything else, user data, notes,
//! places, names of makers and times are blanked.

use super::{Node, Plan};

/// Tracks that are kept: films, sounds, and pictures that belong to a film.
const TRACKS: [&[u8]; 4] = [b"vide", b"soun", b"pict", b"auxv"];
/// Tables by which samples are found and drawn.
const TABLES: [&[u8; 4]; 13] = [
    b"stts", b"ctts", b"cslg", b"stsc", b"stsz", b"stz2", b"stco", b"co64", b"stss", b"stps", b"sdtp", b"sgpd", b"sbgp",
];
/// What a decoder must know.
const DECODING: [&[u8; 4]; 30] = [
    b"avcC", b"hvcC", b"lhvC", b"vvcC", b"av1C", b"vpcC", b"dvcC", b"dvvC", b"hvcE", b"esds", b"wave", b"chan",
    b"srat", b"dac3", b"dec3", b"dac4", b"dOps", b"alac", b"dfLa", b"damr", b"d263", b"colr", b"pasp", b"clap",
    b"fiel", b"gama", b"btrt", b"mdcv", b"clli", b"amve",
];

/// Cleans the description of a film; none where that cannot be done for sure.
pub fn clean(film: Node<'_>, plan: &mut Plan) -> Option<()> {
    for part in film.children(0, plan)? {
        match &part.kind {
            b"mvhd" => blank_times(part, plan)?,
            b"trak" => track(part, plan)?,
            // A film in fragments, or a description that is packed.
            b"mvex" | b"cmov" => return None,
            _ => plan.free_node(part),
        }
    }
    Some(())
}

/// When something was made and changed: the two first fields of the headers of films, tracks and media.
fn blank_times(header: Node<'_>, plan: &mut Plan) -> Option<()> {
    let bytes = if header.number(0, 1)? == 1 { 16 } else { 8 };
    header.blank(4..4 + bytes, plan)
}

fn track(track: Node<'_>, plan: &mut Plan) -> Option<()> {
    let handler = track.child(0, b"mdia")?.child(0, b"hdlr")?.handler()?;
    if !TRACKS.contains(&handler) {
        // Its samples are media data that nobody keeps.
        plan.free_node(track);
        return Some(());
    }
    for part in track.children(0, plan)? {
        match &part.kind {
            b"tkhd" => blank_times(part, plan)?,
            b"edts" => only(part, &[b"elst"], plan)?,
            b"tapt" => only(part, &[b"clef", b"prof", b"enof"], plan)?,
            b"mdia" => media(part, handler == b"soun", plan)?,
            _ => plan.free_node(part),
        }
    }
    Some(())
}

fn only(list: Node<'_>, kinds: &[&[u8; 4]], plan: &mut Plan) -> Option<()> {
    for part in list.children(0, plan)? {
        if !kinds.contains(&&part.kind) {
            plan.free_node(part);
        }
    }
    Some(())
}

fn media(media: Node<'_>, is_sound: bool, plan: &mut Plan) -> Option<()> {
    for part in media.children(0, plan)? {
        match &part.kind {
            b"mdhd" => blank_times(part, plan)?,
            b"hdlr" => part.blank_handler(plan),
            b"minf" => information(part, is_sound, plan)?,
            _ => plan.free_node(part),
        }
    }
    Some(())
}

fn information(information: Node<'_>, is_sound: bool, plan: &mut Plan) -> Option<()> {
    for part in information.children(0, plan)? {
        match &part.kind {
            b"vmhd" | b"smhd" | b"nmhd" => {}
            b"hdlr" => part.blank_handler(plan),
            b"dinf" => part.blank_references(plan)?,
            b"stbl" => table(part, is_sound, plan)?,
            _ => plan.free_node(part),
        }
    }
    Some(())
}

fn table(table: Node<'_>, is_sound: bool, plan: &mut Plan) -> Option<()> {
    for part in table.children(0, plan)? {
        match part.kind {
            kind if kind == *b"stsd" => descriptions(part, is_sound, plan)?,
            kind if TABLES.contains(&&kind) => {}
            _ => plan.free_node(part),
        }
    }
    keep_samples(table, is_sound, plan)
}

/// How samples are decoded: without the names of who made the encoder.
fn descriptions(list: Node<'_>, is_sound: bool, plan: &mut Plan) -> Option<()> {
    let is_newer = list.number(0, 1)? == 1;
    for entry in list.children(8, plan)? {
        // The maker's four letters.
        entry.blank(12..16, plan)?;
        let fields = if is_sound {
            // QuickTime has longer forms of a description of sound.
            match entry.number(8, 2)? {
                1 if !is_newer => 44,
                2 => 64,
                _ => 28,
            }
        } else {
            // The encoder's name.
            entry.blank(42..74, plan)?;
            78
        };
        for part in entry.children(fields, plan)? {
            match &part.kind {
                // A profile has a name and may say who made it.
                b"colr" if !matches!(part.body.get(..4), Some(b"nclx" | b"nclc")) => plan.free_node(part),
                b"damr" | b"d263" => part.blank(0..4, plan)?,
                kind if DECODING.contains(&kind) => {}
                _ => plan.free_node(part),
            }
        }
    }
    Some(())
}

/// Sizes of samples.
enum Sizes<'a> {
    Alike(u64),
    Each(Node<'a>, usize),
}

/// Keeps the media data that the samples of a track are.
fn keep_samples(table: Node<'_>, is_sound: bool, plan: &mut Plan) -> Option<()> {
    let (sizes, count) = sizes(table, is_sound)?;
    let runs = table.child(0, b"stsc")?;
    let (offsets, width) = match table.child(0, b"stco") {
        Some(offsets) => (offsets, 4),
        None => (table.child(0, b"co64")?, 8),
    };
    let (mut sample, mut run, mut in_chunk) = (0_usize, 0_usize, 0_usize);
    let run_count = usize::try_from(runs.number(4, 4)?).ok()?;
    for chunk in 0..usize::try_from(offsets.number(4, 4)?).ok()? {
        // Each run begins with the number of its first chunk, counted from 1.
        if run < run_count && runs.number(8 + run * 12, 4)? == chunk as u64 + 1 {
            in_chunk = usize::try_from(runs.number(12 + run * 12, 4)?).ok()?;
            run += 1;
        }
        let start = offsets.number(8 + chunk * width, width)?;
        let here = in_chunk.min(count - sample);
        let bytes = match &sizes {
            Sizes::Alike(size) => size.checked_mul(here as u64)?,
            Sizes::Each(list, width) => (sample..sample + here)
                .try_fold(0_u64, |sum, at| sum.checked_add(list.number(12 + at * width, *width)?))?,
        };
        sample += here;
        plan.keep(start..start.checked_add(bytes)?);
    }
    Some(())
}

fn sizes(table: Node<'_>, is_sound: bool) -> Option<(Sizes<'_>, usize)> {
    if let Some(list) = table.child(0, b"stsz") {
        let count = usize::try_from(list.number(8, 4)?).ok()?;
        return match list.number(4, 4)? {
            0 => Some((Sizes::Each(list, 4), count)),
            // QuickTime counts frames of sound here, and their bytes elsewhere.
            1 if is_sound => None,
            size => Some((Sizes::Alike(size), count)),
        };
    }
    let list = table.child(0, b"stz2")?;
    let count = usize::try_from(list.number(8, 4)?).ok()?;
    match list.number(7, 1)? {
        8 => Some((Sizes::Each(list, 1), count)),
        16 => Some((Sizes::Each(list, 2), count)),
        _ => None,
    }
}
