//! Text as lines: which of its characters can be drawn, where a line ends, and in which order its runs stand on the page
//! (Unicode Standard Annex 9). Each line of a text begins where it says: its own first letters decide.

use std::collections::HashMap;
use std::ops::Range;

use krilla::text::Glyph;
use unicode_bidi::{BidiInfo, Level, ParagraphInfo};
use unicode_script::{Script, UnicodeScript};

use super::fonts::{Fonts, Run, is_unseen};

/// A line of a page.
pub struct Line {
    /// Its runs, from left to right.
    pub runs: Vec<Run>,
    /// Whether it is read from the right, and so is at the right.
    pub is_right_to_left: bool,
}

impl Line {
    /// How wide it is, in parts of the size of the font.
    #[must_use]
    pub fn width(&self) -> f32 {
        self.runs.iter().map(|run| run.width).sum()
    }
}

/// Lines that are at most so wide, in parts of the size of the font. What cannot be drawn is told by `note` where it would
/// have stood.
#[must_use]
pub fn lines(fonts: &Fonts, text: &str, most: f32, note: &str) -> Vec<Line> {
    let breaks = ['\n', '\r', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}'];
    let text = text.replace("\r\n", "\n");
    text.split(breaks).flat_map(|text| Paragraph::new(fonts, text, note).lines(most)).collect()
}

/// A line as it was written, of whatever length.
struct Paragraph<'a> {
    fonts: &'a Fonts,
    text: String,
    /// The font of each character, by where it begins.
    faces: Vec<(usize, usize)>,
}

impl<'a> Paragraph<'a> {
    /// Chooses the font of each character. A run of characters that no font has becomes the note, once.
    fn new(fonts: &'a Fonts, written: &str, note: &str) -> Self {
        let mut paragraph = Self { fonts, text: String::with_capacity(written.len()), faces: Vec::new() };
        let mut is_noted = false;
        for c in written.chars() {
            let c = if c == '\t' { ' ' } else { c };
            if c.is_control() {
                continue;
            }
            let before = paragraph.faces.last().map(|(_, face)| *face);
            match fonts.choose(c, before) {
                // What is between two words that cannot be drawn is not noted a second time.
                Some(_) if is_noted && (c == ' ' || is_unseen(c)) => {}
                Some(face) => {
                    if is_noted && c.is_alphanumeric() {
                        paragraph.push(' ', 0);
                    }
                    paragraph.push(c, face);
                    is_noted = false;
                }
                None if is_noted => {}
                None => {
                    // Its letters are Latin, whatever is around them.
                    note.chars().for_each(|c| paragraph.push(c, 0));
                    is_noted = true;
                }
            }
        }
        paragraph
    }

    fn push(&mut self, c: char, face: usize) {
        self.faces.push((self.text.len(), face));
        self.text.push(c);
    }

    fn lines(&self, most: f32) -> Vec<Line> {
        let bidi = BidiInfo::new(&self.text, None);
        let Some(paragraph) = bidi.paragraphs.first() else {
            return vec![Line { runs: Vec::new(), is_right_to_left: false }];
        };
        let is_right_to_left = paragraph.level.is_rtl();
        let line = |range: Range<usize>| Line { runs: self.runs(&bidi, paragraph, range), is_right_to_left };
        self.breaks(&bidi, most).into_iter().map(line).collect()
    }

    /// Parts of a range of one font and one direction, in the order of reading.
    fn parts(&self, range: Range<usize>, levels: &[Level]) -> Vec<(Range<usize>, usize, bool)> {
        let mut parts: Vec<(Range<usize>, usize, bool)> = Vec::new();
        let first = self.faces.partition_point(|(at, _)| *at < range.start);
        for (at, face) in self.faces.iter().skip(first).take_while(|(at, _)| *at < range.end) {
            let is_right_to_left = levels.get(*at).is_some_and(Level::is_rtl);
            if parts.last().is_some_and(|(_, before, was)| *before == *face && *was == is_right_to_left) {
                continue;
            }
            if let Some((part, ..)) = parts.last_mut() {
                part.end = *at;
            }
            parts.push((*at..range.end, *face, is_right_to_left));
        }
        parts
    }

    fn shaped(&self, range: Range<usize>, face: usize, is_right_to_left: bool) -> Run {
        self.fonts.shape(face, self.text.get(range).unwrap_or_default(), is_right_to_left)
    }

    /// How much further each character takes the line, by where it begins: as it is shaped among its neighbours.
    fn advances(&self, bidi: &BidiInfo<'_>) -> Vec<(usize, f32)> {
        let mut advances: Vec<(usize, f32)> = Vec::new();
        for (range, face, is_right_to_left) in self.parts(0..self.text.len(), &bidi.levels) {
            let run = self.shaped(range.clone(), face, is_right_to_left);
            let mut by_place: HashMap<usize, f32> = HashMap::new();
            for glyph in &run.glyphs {
                *by_place.entry(glyph.text_range().start).or_default() += glyph.x_advance(1.0);
            }
            // Characters that are left away in shaping take no room, and the others stand that much further ahead.
            let mut seen = 0;
            for (at, c) in self.text.get(range.clone()).unwrap_or_default().char_indices() {
                let is_shaped = run.text.get(seen..).is_some_and(|rest| rest.starts_with(c));
                let advance = if is_shaped { by_place.get(&seen).copied().unwrap_or(0.0) } else { 0.0 };
                seen += if is_shaped { c.len_utf8() } else { 0 };
                advances.push((range.start + at, advance));
            }
        }
        advances
    }

    /// Where lines begin and end: at spaces, or within a word that is longer than a line.
    fn breaks(&self, bidi: &BidiInfo<'_>, most: f32) -> Vec<Range<usize>> {
        let (mut found, mut start, mut used) = (Vec::new(), 0, 0.0);
        // The last place where the line may end, and how wide it is up to there.
        let mut end: Option<(usize, f32)> = None;
        for (at, advance) in self.advances(bidi) {
            let c = self.text.get(at..).and_then(|rest| rest.chars().next()).unwrap_or(' ');
            let is_mark = c.script() == Script::Inherited || is_unseen(c) || advance == 0.0;
            if used + advance > most && c != ' ' && at > start && !is_mark {
                let (next, width) = end.take().unwrap_or((at, used));
                found.push(start..next);
                (start, used) = (next, used - width);
            }
            used += advance;
            if c == ' ' {
                end = Some((at + 1, used));
            }
        }
        found.push(start..self.text.len());
        found
    }

    /// The runs of a line, from left to right.
    fn runs(&self, bidi: &BidiInfo<'_>, paragraph: &ParagraphInfo, range: Range<usize>) -> Vec<Run> {
        let line = self.text.get(range.clone()).unwrap_or_default();
        let range = range.start..range.start + line.trim_end_matches(' ').len();
        if range.is_empty() {
            return Vec::new();
        }
        let (levels, ordered) = bidi.visual_runs(paragraph, range);
        let mut runs = Vec::new();
        for visual in ordered {
            let mut parts = self.parts(visual, &levels);
            if parts.first().is_some_and(|(_, _, is_right_to_left)| *is_right_to_left) {
                parts.reverse();
            }
            runs.extend(parts.into_iter().map(|(range, face, direction)| self.shaped(range, face, direction)));
        }
        runs
    }
}

#[cfg(test)]
#[path = "lines/tests.rs"]
mod tests;
