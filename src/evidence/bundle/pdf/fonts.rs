//! The fonts of the summary: which of them draws a character, and how a run of characters is shaped.

use krilla::text::{Font, GlyphId, KrillaGlyph};
use rustybuzz::{Direction, Face, UnicodeBuffer};
use unicode_script::{Script, UnicodeScript};

use crate::error::{Error, Result};

macro_rules! files {
    ($($name:literal),+ $(,)?) => { [$(include_bytes!(concat!("../font/", $name, ".ttf")).as_slice()),+] };
}

/// The first is the one of Latin, Greek and Cyrillic, and of signs; each of the others is that of its script.
static FILES: [&[u8]; 19] = files![
    "DejaVuSans",
    "NotoSansArabic",
    "NotoSansHebrew",
    "NotoSansDevanagari",
    "NotoSansBengali",
    "NotoSansGurmukhi",
    "NotoSansGujarati",
    "NotoSansOriya",
    "NotoSansTamil",
    "NotoSansTelugu",
    "NotoSansKannada",
    "NotoSansMalayalam",
    "NotoSansSinhala",
    "NotoSansThai",
    "NotoSansLao",
    "NotoSansKhmer",
    "NotoSansMyanmar",
    "NotoSansEthiopic",
    "NotoSansThaana",
];

/// The fonts, read.
pub struct Fonts(Vec<(Font, Face<'static>)>);

/// Characters that are drawn one after another with one font in one direction.
pub struct Run {
    /// Which font.
    pub face: usize,
    /// The characters, in the order of reading.
    pub text: String,
    /// What is drawn, from left to right.
    pub glyphs: Vec<KrillaGlyph>,
    /// How wide it is, in parts of the size of the font.
    pub width: f32,
}

impl Fonts {
    /// Reads the fonts.
    pub fn read() -> Result<Self> {
        let read = |bytes: &'static &'static [u8]| {
            let (font, face) = (Font::new((*bytes).into(), 0)?, Face::from_slice(bytes, 0)?);
            Some((font, face))
        };
        let fonts: Option<Vec<_>> = FILES.iter().map(read).collect();
        fonts.map(Self).ok_or_else(|| Error::internal("a font of the summary cannot be read"))
    }

    /// A font as the page takes it.
    #[must_use]
    pub fn font(&self, face: usize) -> Option<Font> {
        self.0.get(face).map(|(font, _)| font.clone())
    }

    /// The font that draws a character that follows one of `before`; none where no font has it.
    #[must_use]
    pub fn choose(&self, c: char, before: Option<usize>) -> Option<usize> {
        let has = |face: &usize| self.0.get(*face).is_some_and(|(_, font)| font.glyph_index(c).is_some());
        let is_unseen = is_unseen(c);
        match c.script() {
            // Marks, signs and digits go with the letters before them.
            Script::Common | Script::Inherited => {
                let near = before.filter(|face| is_unseen || has(face));
                near.or_else(|| (0..self.0.len()).find(has)).or(is_unseen.then_some(0))
            }
            Script::Latin | Script::Greek | Script::Cyrillic => (0..self.0.len()).find(has),
            _ => (1..self.0.len()).find(has).or(Some(0).filter(has)),
        }
    }

    /// Shapes characters of one font and one direction.
    #[must_use]
    pub fn shape(&self, face: usize, text: &str, is_right_to_left: bool) -> Run {
        let text: String = text.chars().filter(|c| !is_direction(*c)).collect();
        let mut run = Run { face, glyphs: Vec::new(), width: 0.0, text };
        let Some((_, shaper)) = self.0.get(face) else { return run };
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(&run.text);
        buffer.guess_segment_properties();
        buffer.set_direction(if is_right_to_left { Direction::RightToLeft } else { Direction::LeftToRight });
        let shaped = rustybuzz::shape(shaper, &[], buffer);
        let starts = |at: u32| usize::try_from(at).unwrap_or(usize::MAX).min(run.text.len());
        let mut clusters: Vec<usize> = shaped.glyph_infos().iter().map(|glyph| starts(glyph.cluster)).collect();
        clusters.sort_unstable();
        clusters.dedup();
        let part = |units: i32| units as f32 / shaper.units_per_em() as f32;
        for (glyph, place) in shaped.glyph_infos().iter().zip(shaped.glyph_positions()) {
            let start = starts(glyph.cluster);
            let end = clusters.get(clusters.partition_point(|at| *at <= start)).copied().unwrap_or(run.text.len());
            let advance = part(place.x_advance);
            run.width += advance;
            run.glyphs.push(KrillaGlyph::new(
                GlyphId::new(glyph.glyph_id),
                advance,
                part(place.x_offset),
                part(place.y_offset),
                part(place.y_advance),
                start..end,
                None,
            ));
        }
        run
    }
}

/// Characters that say something of others and are not drawn themselves.
#[must_use]
pub fn is_unseen(c: char) -> bool {
    is_direction(c)
        || matches!(c, '\u{34f}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2064}')
        || matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}' | '\u{e0000}'..='\u{e0fff}')
}

/// Marks of direction, and what only says where a word may end: they have done their work when a line is shaped.
fn is_direction(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}')
        || matches!(c, '\u{2066}'..='\u{206f}' | '\u{feff}')
}
