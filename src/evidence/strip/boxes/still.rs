//! Pictures in boxes (HEIF, ISO/IEC 23008-12), as iPhones make them: the picture and what it is drawn from is kept; Exif, XMP,
//! thumbnails, names and times are blanked. Which way up it is is in a property of its own, which is kept.

use std::collections::HashSet;
use std::ops::Range;

use super::{Node, Plan};

/// Items that a picture is drawn from.
const ITEMS: [&[u8]; 9] = [b"hvc1", b"hev1", b"lhv1", b"av01", b"vvc1", b"grid", b"iovl", b"iden", b"tmap"];
/// Properties that say how an item is drawn.
const PROPERTIES: [&[u8; 4]; 21] = [
    b"hvcC", b"lhvC", b"av1C", b"vvcC", b"a1op", b"a1lx", b"ispe", b"pixi", b"pasp", b"clap", b"irot", b"imir",
    b"rloc", b"lsel", b"auxC", b"colr", b"mdcv", b"clli", b"amve", b"cclv", b"oinf",
];

/// Whether a list of items is a picture, and not notes on a film.
pub fn is_still(meta: Node<'_>) -> bool {
    meta.child(4, b"hdlr").and_then(Node::handler) == Some(b"pict")
}

/// Cleans the description of a picture; none where that cannot be done for sure.
pub fn clean(meta: Node<'_>, plan: &mut Plan) -> Option<()> {
    let items = Items::read(meta)?;
    let primary = meta.child(4, b"pitm")?;
    let primary = primary.number(4, if primary.number(0, 1)? == 0 { 2 } else { 4 })?;
    items.kept.contains(&primary).then_some(())?;
    for part in meta.children(4, plan)? {
        match &part.kind {
            b"pitm" | b"iloc" | b"grpl" => {}
            b"hdlr" => part.blank_handler(plan),
            b"dinf" => part.blank_references(plan)?,
            b"iinf" => items.blank_names(part, plan)?,
            b"iref" => items.blank_references(part, plan)?,
            b"iprp" => properties(part, plan)?,
            // What of it is kept is said by the places of items.
            b"idat" => {}
            _ => plan.free_node(part),
        }
    }
    items.keep_data(meta, plan)
}

struct Items {
    kept: HashSet<u64>,
}

/// The items of a list, with where their kinds stand in their entries.
fn entries<'a>(list: Node<'a>, plan: &mut Plan) -> Option<Vec<(u64, usize, Node<'a>)>> {
    let skip = if list.number(0, 1)? == 0 { 6 } else { 8 };
    let entry = |entry: Node<'a>| match (&entry.kind, entry.number(0, 1)?) {
        (b"infe", 2) => Some((entry.number(4, 2)?, 8, entry)),
        (b"infe", 3) => Some((entry.number(4, 4)?, 10, entry)),
        _ => None,
    };
    list.children(skip, plan)?.into_iter().map(entry).collect()
}

/// What an entry of a list of references is about, and how wide its numbers are.
fn from_of(list: Node<'_>, reference: Node<'_>) -> Option<u64> {
    reference.number(0, if list.number(0, 1)? == 0 { 2 } else { 4 })
}

impl Items {
    fn read(meta: Node<'_>) -> Option<Self> {
        let mut unused = Plan::default();
        let mut thumbnails = HashSet::new();
        if let Some(list) = meta.child(4, b"iref") {
            for reference in list.children(4, &mut unused)?.into_iter().filter(|of| of.kind == *b"thmb") {
                thumbnails.insert(from_of(list, reference)?);
            }
        }
        let mut kept = HashSet::new();
        for (id, kind_at, entry) in entries(meta.child(4, b"iinf")?, &mut unused)? {
            if ITEMS.contains(&entry.body.get(kind_at..kind_at + 4)?) && !thumbnails.contains(&id) {
                kept.insert(id);
            }
        }
        Some(Self { kept })
    }

    /// Names of items, and the kinds of those that are not kept.
    fn blank_names(&self, list: Node<'_>, plan: &mut Plan) -> Option<()> {
        for (id, kind_at, entry) in entries(list, plan)? {
            entry.blank_from(kind_at + 4, plan);
            if !self.kept.contains(&id) {
                plan.rename(entry.at + kind_at as u64);
            }
        }
        Some(())
    }

    /// References from items that are not kept.
    fn blank_references(&self, list: Node<'_>, plan: &mut Plan) -> Option<()> {
        for reference in list.children(4, plan)? {
            // Its numbers stay: readers take a reference to nothing for damage.
            if !self.kept.contains(&from_of(list, reference)?) {
                plan.rename(reference.start + 4);
            }
        }
        Some(())
    }

    /// Keeps the data of kept items, wherever it is, and blanks all other data that is in the list itself.
    fn keep_data(&self, meta: Node<'_>, plan: &mut Plan) -> Option<()> {
        let mut inside = Vec::new();
        for (id, is_inside, bytes) in places(meta.child(4, b"iloc")?)? {
            match (self.kept.contains(&id), is_inside) {
                (false, _) => {}
                (true, true) => inside.push(bytes),
                (true, false) => plan.keep(bytes),
            }
        }
        let Some(data) = meta.child(4, b"idat") else { return inside.is_empty().then_some(()) };
        inside.sort_unstable_by_key(|bytes| bytes.start);
        let mut at = 0;
        for bytes in inside {
            let (start, end) = (usize::try_from(bytes.start).ok()?, usize::try_from(bytes.end).ok()?);
            data.blank(at..start.max(at), plan)?;
            at = end.max(at);
        }
        data.blank(at..data.body.len().max(at), plan)
    }
}

fn properties(list: Node<'_>, plan: &mut Plan) -> Option<()> {
    for part in list.children(0, plan)? {
        match &part.kind {
            b"ipma" => {}
            b"ipco" => {
                for property in part.children(0, plan)? {
                    // A profile has a name and may say who made it.
                    let is_profile = property.kind == *b"colr" && property.body.get(..4) != Some(b"nclx");
                    if is_profile || !PROPERTIES.contains(&&property.kind) {
                        plan.free_node(property);
                    }
                }
            }
            _ => plan.free_node(part),
        }
    }
    Some(())
}

/// A place of data: of which item, whether in the list itself, and where.
type ItemRange = (u64, bool, Range<u64>);

/// Where the data of items is (ISO/IEC 14496-12, "The Item Location Box").
fn places(list: Node<'_>) -> Option<Vec<ItemRange>> {
    let version = list.number(0, 1)?;
    let (sizes, more) = (list.number(4, 1)?, list.number(5, 1)?);
    let width = |digits: u64| usize::try_from(digits & 15).ok();
    let (offset, length, base) = (width(sizes >> 4)?, width(sizes)?, width(more >> 4)?);
    let index = if version == 0 { 0 } else { width(more)? };
    let id_width = if version < 2 { 2 } else { 4 };
    let mut at = 6;
    let mut next = |bytes: usize| {
        let number = if bytes == 0 { Some(0) } else { list.number(at, bytes) };
        at += bytes;
        number
    };
    let mut places = Vec::new();
    for _ in 0..next(id_width)? {
        let id = next(id_width)?;
        let method = if version == 0 { 0 } else { next(2)? & 15 };
        let source = next(2)?;
        let from = next(base)?;
        for _ in 0..next(2)? {
            next(index)?;
            let (start, bytes) = (next(offset)?.checked_add(from)?, next(length)?);
            // Data of another file, within another item, or of a length that is not said.
            (source == 0 && method < 2 && bytes > 0).then_some(())?;
            places.push((id, method == 1, start..start.checked_add(bytes)?));
        }
    }
    Some(places)
}
