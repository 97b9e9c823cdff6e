//! Files that are lists of boxes (ISO/IEC 14496-12): MP4, QuickTime, 3GP, HEIF. Their copy is as long as they are, and what
//! nobody needs to see or hear them is blanked where it is, so that every offset within holds.
//!
//! Known boxes are kept and all others blanked. Of the media data only what a picture, a film or a sound is read from is
//! kept: the bytes of every other track or item, and those that belong to none, become zeros. What a decoder reads is
//! not looked into. Where anything cannot be read for sure there is no copy.

pub(super) mod film;
pub(super) mod still;

use std::ops::Range;

/// Bytes of boxes, media data apart, that are held in memory at most.
const MOST_HELD: usize = 64 * 1_024 * 1_024;
/// The longest list of brands.
const MOST_BRANDS: u64 = 1_024;

/// Reads a file as it comes and holds what its copy is planned by.
#[derive(Default)]
pub struct Scanner {
    tops: Vec<Top>,
    /// The header of the box that begins here, as far as it has come.
    header: Vec<u8>,
    /// How much of the file has come.
    read: u64,
    held: usize,
    is_over: bool,
}

/// A box of the file itself.
struct Top {
    kind: [u8; 4],
    start: u64,
    body_at: u64,
    /// Where it ends, as it says; none for one that goes on to the end of the file.
    end: Option<u64>,
    /// Its contents, where the plan needs them.
    body: Vec<u8>,
}

impl Scanner {
    /// Takes the next bytes of the file.
    pub fn feed(&mut self, mut piece: &[u8]) {
        while !piece.is_empty() && !self.is_over {
            let left = match self.tops.last() {
                Some(top) => top.end.map_or(u64::MAX, |end| end.saturating_sub(self.read)),
                None => 0,
            };
            let length = if left > 0 { piece.len().min(usize::try_from(left).unwrap_or(usize::MAX)) } else { 1 };
            let (now, later) = piece.split_at(length);
            match self.tops.last_mut() {
                Some(top) if left > 0 => {
                    if matches!(&top.kind, b"moov" | b"meta") {
                        self.held = self.held.saturating_add(now.len());
                        top.body.extend_from_slice(now);
                    }
                }
                _ => self.header.extend_from_slice(now),
            }
            self.read += now.len() as u64;
            piece = later;
            if left == 0 {
                self.begin();
            }
            self.is_over |= self.held > MOST_HELD;
        }
    }

    /// Begins a box once its header is there.
    fn begin(&mut self) {
        let (Some(size), Some(kind)) = (self.header.first_chunk::<4>(), self.header.get(4..8)) else { return };
        let Ok(kind) = <[u8; 4]>::try_from(kind) else { return };
        let start = self.read - self.header.len() as u64;
        let end = match u32::from_be_bytes(*size) {
            0 => None,
            1 => {
                let Some(size) = self.header.get(8..).and_then(|long| long.first_chunk::<8>()) else { return };
                Some(start.saturating_add(u64::from_be_bytes(*size)))
            }
            size => Some(start.saturating_add(u64::from(size))),
        };
        if end.is_some_and(|end| end < self.read) {
            // No box: what is here is behind the end of the file.
            self.is_over = true;
            return;
        }
        self.header.clear();
        self.tops.push(Top { kind, start, body_at: self.read, end, body: Vec::new() });
    }

    /// The plan of the copy of a file of so many bytes; none where it cannot be made for sure.
    #[must_use]
    pub fn plan(self, length: u64) -> Option<Plan> {
        if self.held > MOST_HELD {
            return None;
        }
        let stated = self.tops.last()?.end;
        let (whole, is_cut) = (stated.map_or(length, |end| end.min(length)), stated.is_some_and(|end| end > length));
        let (mut plan, mut media) = (Plan { length: whole, ..Plan::default() }, Vec::new());
        for top in &self.tops {
            let end = top.end.map_or(length, |end| end.min(length));
            let is_cut = top.end.is_some_and(|stated| stated > length);
            let node = Node { kind: top.kind, start: top.start, at: top.body_at, body: &top.body };
            match &top.kind {
                b"ftyp" if end - top.start <= MOST_BRANDS => {}
                b"mdat" => media.push(top.body_at..end),
                b"moov" | b"meta" if is_cut => return None,
                b"moov" => film::clean(node, &mut plan)?,
                b"meta" if still::is_still(node) => still::clean(node, &mut plan)?,
                // The samples of a film in fragments are not listed in one place.
                b"moof" | b"styp" => return None,
                _ => plan.free(top.start, top.body_at..end),
            }
        }
        plan.finish(&media, is_cut.then_some(length))
    }
}

/// What becomes zeros, and which boxes are called free space.
#[derive(Debug, Default)]
pub struct Plan {
    /// How long the copy is: without what is behind the last box.
    pub length: u64,
    blanks: Vec<Range<u64>>,
    /// Where the kinds of boxes stand that become `free`, or of what is listed in one.
    freed: Vec<u64>,
    /// The media data that is kept.
    kept: Vec<Range<u64>>,
}

impl Plan {
    /// Has these bytes become zeros.
    pub fn blank(&mut self, bytes: Range<u64>) {
        if !bytes.is_empty() {
            self.blanks.push(bytes);
        }
    }

    /// Has the four letters at a place become `free`, which readers pass over.
    pub fn rename(&mut self, at: u64) {
        self.freed.push(at);
    }

    fn free(&mut self, start: u64, body: Range<u64>) {
        self.rename(start + 4);
        self.blank(body);
    }

    /// Has a whole box become free space.
    pub fn free_node(&mut self, node: Node<'_>) {
        self.free(node.start, node.at..node.end());
    }

    /// Has media data be kept.
    pub fn keep(&mut self, bytes: Range<u64>) {
        if !bytes.is_empty() {
            self.kept.push(bytes);
        }
    }

    /// Blanks all media data that is not kept. None where nothing is, or where what is kept is no media data.
    fn finish(mut self, media: &[Range<u64>], cut_at: Option<u64>) -> Option<Self> {
        let mut kept = merged(std::mem::take(&mut self.kept));
        if let Some(end) = cut_at {
            // What a file that was cut off lacks is not there to be kept.
            kept.retain(|range| range.start < end);
            kept.iter_mut().for_each(|range| range.end = range.end.min(end));
        }
        let is_in = |data: &Range<u64>, range: &Range<u64>| data.start <= range.start && range.end <= data.end;
        let is_media = |range: &Range<u64>| media.iter().any(|data| is_in(data, range));
        if kept.is_empty() || !kept.iter().all(is_media) {
            return None;
        }
        for data in media {
            let mut at = data.start;
            let first = kept.partition_point(|range| range.end <= data.start);
            for range in kept.get(first..)?.iter().take_while(|range| range.start < data.end) {
                self.blank(at..range.start.max(at));
                at = range.end.max(at);
            }
            self.blank(at..data.end.max(at));
        }
        self.blanks = merged(self.blanks);
        self.freed.sort_unstable();
        Some(self)
    }

    /// Makes the bytes that stand at a place of the file those of the copy.
    pub fn apply(&self, at: u64, bytes: &mut [u8]) {
        let end = at + bytes.len() as u64;
        let within = |place: u64| usize::try_from(place.clamp(at, end) - at).unwrap_or(usize::MAX);
        let first = self.blanks.partition_point(|range| range.end <= at);
        for range in self.blanks.iter().skip(first).take_while(|range| range.start < end) {
            if let Some(bytes) = bytes.get_mut(within(range.start)..within(range.end)) {
                bytes.fill(0);
            }
        }
        let first = self.freed.partition_point(|place| place + 4 <= at);
        for place in self.freed.iter().skip(first).take_while(|place| **place < end) {
            for (letter, place) in b"free".iter().zip(*place..) {
                if (at..end).contains(&place)
                    && let Some(byte) = bytes.get_mut(within(place))
                {
                    *byte = *letter;
                }
            }
        }
    }
}

fn merged(mut ranges: Vec<Range<u64>>) -> Vec<Range<u64>> {
    ranges.sort_unstable_by_key(|range| range.start);
    let mut out: Vec<Range<u64>> = Vec::with_capacity(ranges.len());
    for range in ranges {
        match out.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => out.push(range),
        }
    }
    out
}

/// A box and its place in the file.
#[derive(Clone, Copy)]
pub struct Node<'a> {
    /// Its four letters.
    pub kind: [u8; 4],
    /// Where it begins.
    pub start: u64,
    /// Where its contents begin.
    pub at: u64,
    /// Its contents.
    pub body: &'a [u8],
}

impl<'a> Node<'a> {
    /// Where it ends.
    #[must_use]
    pub fn end(self) -> u64 {
        self.at + self.body.len() as u64
    }

    /// The boxes in it, behind so many bytes, and where what is behind the last of them begins.
    fn parts(self, skip: usize) -> Option<(Vec<Node<'a>>, u64)> {
        let (mut nodes, mut rest, mut start) = (Vec::new(), self.body.get(skip..)?, self.at + skip as u64);
        while let (Some(size), Some(kind)) = (rest.first_chunk::<4>(), rest.get(4..8)) {
            let (header, whole) = match u32::from_be_bytes(*size) {
                // QuickTime ends some lists with zeros.
                0 => break,
                1 => (16, u64::from_be_bytes(*rest.get(8..)?.first_chunk::<8>()?)),
                size => (8, u64::from(size)),
            };
            let (node, after) = rest.split_at_checked(usize::try_from(whole).ok()?)?;
            let (kind, body) = (kind.try_into().ok()?, node.get(header..)?);
            nodes.push(Node { kind, start, at: start + header as u64, body });
            (rest, start) = (after, start + whole);
        }
        Some((nodes, start))
    }

    /// The boxes in it, behind so many bytes. What is behind the last of them is blanked.
    pub fn children(self, skip: usize, plan: &mut Plan) -> Option<Vec<Node<'a>>> {
        let (nodes, end) = self.parts(skip)?;
        plan.blank(end..self.end());
        Some(nodes)
    }

    /// The first box of a kind in it, behind so many bytes.
    #[must_use]
    pub fn child(self, skip: usize, kind: &[u8; 4]) -> Option<Node<'a>> {
        self.parts(skip)?.0.into_iter().find(|node| node.kind == *kind)
    }

    /// Has its contents from a place on become zeros.
    pub fn blank_from(self, from: usize, plan: &mut Plan) {
        plan.blank((self.at + from as u64).min(self.end())..self.end());
    }

    /// Has some of its contents become zeros.
    pub fn blank(self, bytes: Range<usize>, plan: &mut Plan) -> Option<()> {
        self.body.get(bytes.clone())?;
        plan.blank(self.at + bytes.start as u64..self.at + bytes.end as u64);
        Some(())
    }

    /// The number of so many bytes at a place.
    #[must_use]
    pub fn number(self, at: usize, bytes: usize) -> Option<u64> {
        let digits = self.body.get(at..at.checked_add(bytes)?)?;
        (bytes <= 8).then(|| digits.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)))
    }

    /// What a handler box says that its track or its list is: pictures, sound, or something else.
    #[must_use]
    pub fn handler(self) -> Option<&'a [u8]> {
        self.body.get(8..12)
    }

    /// Blanks a handler's name, and who made it.
    pub fn blank_handler(self, plan: &mut Plan) {
        self.blank_from(12, plan);
    }

    /// Blanks where media data is looked for; none where that is another file.
    pub fn blank_references(self, plan: &mut Plan) -> Option<()> {
        for list in self.children(0, plan)? {
            if list.kind != *b"dref" {
                plan.free_node(list);
                continue;
            }
            for reference in list.children(8, plan)? {
                let is_here = reference.number(3, 1)? & 1 == 1;
                reference.blank_from(4, plan);
                is_here.then_some(())?;
            }
        }
        Some(())
    }
}

#[cfg(test)]
#[path = "boxes/tests.rs"]
mod tests;
