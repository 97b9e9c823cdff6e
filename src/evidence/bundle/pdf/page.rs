//! Paragraphs on pages: where each line is, drawn and tagged, so that a screen reader reads what an eye does.

use std::num::NonZeroU16;

use krilla::Document;
use krilla::color::luma;
use krilla::geom::Point;
use krilla::metadata::Metadata;
use krilla::page::PageSettings;
use krilla::paint::Fill;
use krilla::surface::Surface;
use krilla::tagging::{Artifact, ArtifactType, ContentTag, Identifier, Node, SpanTag, Tag, TagGroup, TagTree};

use super::fonts::Fonts;
use super::lines::{Line, lines};
use crate::error::{Error, Result};

/// A4, in points.
const WIDTH: f32 = 595.0;
const HEIGHT: f32 = 842.0;
const MARGIN: f32 = 56.0;
/// Where the text of a page ends; below is its number.
const BOTTOM: f32 = HEIGHT - MARGIN - 14.0;
const FOOT_SIZE: f32 = 7.5;

/// How a paragraph looks.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// The title of the document.
    Title,
    /// The heading of a section.
    Heading,
    /// The heading of an entry.
    Strong,
    /// The text of an entry.
    Body,
    /// Details.
    Small,
}

impl Style {
    /// Size, and room before the first line of a paragraph, in points.
    fn sizes(self) -> (f32, f32) {
        match self {
            Self::Title => (18.0, 0.0),
            Self::Heading => (13.0, 16.0),
            Self::Strong => (10.5, 9.0),
            Self::Body => (9.5, 3.0),
            Self::Small => (8.0, 2.0),
        }
    }

    /// What a paragraph is in the structure of the document.
    fn group(self) -> TagGroup {
        let heading = |level: u16| Tag::Hn(NonZeroU16::new(level).unwrap_or(NonZeroU16::MIN), None);
        match self {
            Self::Title => TagGroup::new(heading(1)),
            Self::Heading => TagGroup::new(heading(2)),
            Self::Strong => TagGroup::new(heading(3)),
            Self::Body | Self::Small => TagGroup::new(Tag::P),
        }
    }
}

/// A paragraph, and what is said where characters of it cannot be drawn.
pub struct Paragraph {
    /// How it looks.
    pub style: Style,
    /// What it says.
    pub text: String,
    /// What is where characters cannot be drawn.
    pub note: String,
}

/// What is said of the document itself.
pub struct DocumentInfo<'a> {
    /// Its title.
    pub title: String,
    /// The tag of its language.
    pub language: &'a str,
    /// What is at the foot of a page: its number, and how many there are.
    pub foot: &'a dyn Fn(usize, usize) -> String,
}

/// A line where it is.
struct PlacedText {
    /// Of which paragraph.
    paragraph: usize,
    y: f32,
    size: f32,
    line: Line,
}

/// Draws paragraphs as a document.
pub fn draw(paragraphs: &[Paragraph], about: &DocumentInfo<'_>) -> Result<Vec<u8>> {
    let fault = |what: &str| Error::internal(format!("the summary of a bundle: {what}"));
    let fonts = Fonts::read()?;
    let pages = paginate(&fonts, paragraphs);
    let mut document = Document::new();
    let language = about.language.to_owned();
    let metadata = Metadata::new().title(about.title.clone()).language(language.clone());
    document.set_metadata(metadata.creator("Holdfast".to_owned()));
    let mut groups: Vec<TagGroup> = paragraphs.iter().map(|paragraph| paragraph.style.group()).collect();
    let count = pages.len();
    for (number, placed) in (1..).zip(pages) {
        let settings = PageSettings::from_wh(WIDTH, HEIGHT).ok_or_else(|| fault("no page"))?;
        let mut page = document.start_page_with(settings);
        let mut surface = page.surface();
        surface.set_fill(Some(Fill { paint: luma::Color::black().into(), ..Fill::default() }));
        for placed in placed.iter().filter(|placed| !placed.line.runs.is_empty()) {
            let tag = ContentTag::Span(SpanTag::empty());
            let drawn = draw_line(&mut surface, &fonts, (placed.y, placed.size), &placed.line, tag);
            if let Some(group) = groups.get_mut(placed.paragraph) {
                group.push(Node::Leaf(drawn));
            }
        }
        for line in lines(&fonts, &(about.foot)(number, count), WIDTH, "?").iter().take(1) {
            let tag = ContentTag::Artifact(Artifact::with_kind(ArtifactType::Footer));
            draw_line(&mut surface, &fonts, (HEIGHT - MARGIN + 10.0, FOOT_SIZE), line, tag);
        }
        surface.finish();
        page.finish();
    }
    let mut tree = TagTree::new().with_lang(Some(language));
    groups.into_iter().filter(|group| !group.children.is_empty()).for_each(|group| tree.push(group));
    document.set_tag_tree(tree);
    document.finish().map_err(|_| fault("it cannot be written"))
}

fn draw_line(
    surface: &mut Surface<'_>,
    fonts: &Fonts,
    (y, size): (f32, f32),
    line: &Line,
    tag: ContentTag<'_>,
) -> Identifier {
    let drawn = surface.start_tagged(tag);
    let mut x = if line.is_right_to_left { WIDTH - MARGIN - line.width() * size } else { MARGIN };
    for run in &line.runs {
        if let Some(font) = fonts.font(run.face) {
            surface.draw_glyphs(Point::from_xy(x, y), &run.glyphs, font, &run.text, size, false);
        }
        x += run.width * size;
    }
    surface.end_tagged();
    drawn
}

/// Lines where they stand, page by page.
fn paginate(fonts: &Fonts, paragraphs: &[Paragraph]) -> Vec<Vec<PlacedText>> {
    let (mut pages, mut placed, mut y) = (Vec::new(), Vec::new(), MARGIN);
    for (number, paragraph) in paragraphs.iter().enumerate() {
        let (size, before) = paragraph.style.sizes();
        // Scripts with high or deep letters need more room than Latin does.
        let leading = size * 1.45;
        // A heading is never alone at the end of a page.
        let is_heading = matches!(paragraph.style, Style::Heading | Style::Strong);
        let needed = before + if is_heading { leading * 3.0 } else { leading };
        y += before;
        if y + needed > BOTTOM {
            pages.push(std::mem::take(&mut placed));
            y = MARGIN;
        }
        for line in lines(fonts, &paragraph.text, (WIDTH - 2.0 * MARGIN) / size, &paragraph.note) {
            if y + leading > BOTTOM {
                pages.push(std::mem::take(&mut placed));
                y = MARGIN;
            }
            y += leading;
            placed.push(PlacedText { paragraph: number, y, size, line });
        }
    }
    pages.push(placed);
    pages
}
