//! The readable summary of a bundle: chronology, behaviours by limb, order conditions, files and their continuity.
//!
//! Words are neutral: "the person reported" until there is a finding, and nothing is judged. The font is embedded
//! (DejaVu Sans; its licence stands beside it), so that it reads the same everywhere; what is written in a script that
//! the font lacks stands in full in the manifest.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use krilla::Document;
use krilla::color::luma;
use krilla::geom::Point;
use krilla::metadata::Metadata;
use krilla::page::PageSettings;
use krilla::paint::Fill;
use krilla::text::{Font, TextDirection};
use skrifa::instance::{LocationRef, Size};
use skrifa::metrics::GlyphMetrics;
use skrifa::{FontRef, MetadataProvider};

use super::gather::{Item, Material};
use super::told as lines;
use crate::db::{ConditionId, Instant};
use crate::directory;
use crate::error::{Error, Result};
use crate::incidents::{HappenedView, Precision, Told};

static FONT: &[u8] = include_bytes!("font/DejaVuSans.ttf");

/// A4, in points.
const WIDTH: f32 = 595.0;
const HEIGHT: f32 = 842.0;
const MARGIN: f32 = 56.0;
/// Where the text of a page ends; below stands its number.
const BOTTOM: f32 = HEIGHT - MARGIN - 14.0;

/// How a line looks.
#[derive(Clone, Copy)]
enum Style {
    Title,
    Heading,
    Strong,
    Body,
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
}

/// A summary that is being laid out.
struct Layout {
    paragraphs: Vec<(Style, String)>,
}

impl Layout {
    fn add(&mut self, style: Style, text: impl Into<String>) {
        self.paragraphs.push((style, text.into()));
    }
}

/// Writes the summary.
///
/// # Errors
/// When the font or the document cannot be made, which would be a fault of the code.
pub fn write(material: &Material, made_at: Instant) -> Result<Vec<u8>> {
    let mut layout = Layout { paragraphs: Vec::new() };
    front(&mut layout, material, made_at);
    chronology(&mut layout, material);
    behaviours(&mut layout, material);
    orders(&mut layout, material);
    files(&mut layout, material);
    continuity(&mut layout, material);
    draw(&layout, &material.reference, made_at)
}

fn front(layout: &mut Layout, material: &Material, made_at: Instant) {
    layout.add(Style::Title, format!("Evidence bundle {}", material.reference));
    layout.add(Style::Body, format!("Made on {} by {}.", shown(made_at), material.organisation.name));
    layout.add(Style::Body, format!("For {}. Purpose: {}.", material.recipient, words(material.purpose.as_str())));
    layout.add(Style::Body, format!("Survivor: {}.", material.survivor_reference));
    layout.add(
        Style::Body,
        "This summary tells what a survivor reported to their support organisation. \"The person reported\" is the \
         person whom the survivor reported; nothing here is a finding. All times are UTC. The manifest beside this \
         summary holds the same for programs, with the hash of every file; \"holdfast bundle verify\" shows whether \
         anything was changed since.",
    );
}

fn chronology(layout: &mut Layout, material: &Material) {
    layout.add(Style::Heading, "1. Chronology");
    if material.incidents.is_empty() {
        layout.add(Style::Body, "No incidents are part of this bundle.");
    }
    for (number, told) in (1..).zip(&material.incidents) {
        let incident = &told.incident;
        layout.add(Style::Strong, format!("{number}. {}", happened(&incident.happened, told.happened_at)));
        let named: Vec<String> = incident.behaviours.iter().map(|code| definition(code)).collect();
        layout.add(Style::Body, format!("Behaviours of the person reported: {}.", named.join("; ")));
        if let Some(account) = &incident.account {
            layout.add(Style::Body, format!("In the survivor's words: {account}"));
        }
        if let Some(place) = &incident.place {
            layout.add(Style::Body, format!("Place: {place}"));
        }
        for line in lines::of_incident(incident) {
            layout.add(Style::Body, line);
        }
        let files: Vec<&str> = of_incident(material, told).map(|item| item.file.reference.as_str()).collect();
        if !files.is_empty() {
            layout.add(Style::Body, format!("Files: {}.", files.join(", ")));
        }
        if let Some(condition) = incident.order_condition_id {
            layout.add(Style::Body, format!("May breach: {}", wording(material, condition)));
        }
        let told_on: Vec<String> = told.versions.iter().map(|version| shown(version.received_at)).collect();
        layout
            .add(Style::Small, format!("Received {}. Told in {} version(s).", told_on.join(", "), told.versions.len()));
        for version in told.versions.iter().rev().skip(1).rev() {
            layout.add(Style::Small, format!("As told in version {}: {}", version.version, version.account));
        }
    }
}

fn of_incident<'a>(material: &'a Material, told: &'a Told) -> impl Iterator<Item = &'a Item> {
    material.items.iter().filter(|item| item.file.incident_id == Some(told.incident.id))
}

/// The limbs of s.2A(3), and how many incidents may fall under each.
fn behaviours(layout: &mut Layout, material: &Material) {
    layout.add(Style::Heading, "2. Behaviours by limb");
    layout.add(
        Style::Small,
        "Limbs of the Protection from Harassment Act 1997, s.2A(3). Indicative only: which limb a behaviour falls under, \
         if any, is for others to say.",
    );
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for told in &material.incidents {
        let limbs = told.incident.behaviours.iter().filter_map(|code| directory::behaviour(code));
        let mut limbs: Vec<&str> = limbs.flat_map(|of| of.indicative_limbs.iter().map(String::as_str)).collect();
        limbs.sort_unstable();
        limbs.dedup();
        for limb in limbs {
            *counts.entry(limb).or_default() += 1;
        }
    }
    for (limb, count) in counts {
        let meaning = match limb {
            "a" => "(a) following a person",
            "b" => "(b) contacting, or attempting to contact, a person",
            "c" => "(c) publishing material that relates to a person or purports to come from them",
            "d" => "(d) monitoring a person's use of the internet, e-mail or other communication",
            "e" => "(e) loitering in any place",
            "f" => "(f) interfering with a person's property",
            "g" => "(g) watching or spying on a person",
            _ => "other behaviour",
        };
        layout.add(Style::Body, format!("{meaning}: {count} incident(s)"));
    }
}

fn orders(layout: &mut Layout, material: &Material) {
    layout.add(Style::Heading, "3. Order conditions");
    if material.orders.is_empty() {
        layout.add(Style::Body, "No order is recorded.");
    }
    for order in &material.orders {
        let until = order.expires_on.map_or_else(|| "until further order".to_owned(), |day| format!("until {day}"));
        let (kind, made_on) = (order_kind(order.kind.as_str()), order.made_on);
        layout.add(Style::Strong, format!("{kind}, made on {made_on}, {until}"));
        for condition in &order.conditions {
            let named = |told: &&Told| told.incident.order_condition_id == Some(condition.id);
            let count = material.incidents.iter().filter(named).count();
            let kind = words(condition.kind.as_str());
            layout.add(Style::Body, format!("{kind}: {} (named by {count} incident(s))", condition.wording));
            for line in lines::of_condition(condition) {
                layout.add(Style::Body, line);
            }
        }
    }
}

fn order_kind(code: &str) -> String {
    match code {
        "spo" => "Stalking Protection Order".to_owned(),
        "interim_spo" => "Interim Stalking Protection Order".to_owned(),
        other => words(other),
    }
}

fn wording(material: &Material, id: ConditionId) -> String {
    let mut conditions = material.orders.iter().flat_map(|order| &order.conditions);
    let found = conditions.find(|condition| condition.id == id);
    found.map_or_else(|| "a condition of an order".to_owned(), |condition| condition.wording.clone())
}

fn files(layout: &mut Layout, material: &Material) {
    layout.add(Style::Heading, "4. Files");
    if material.items.is_empty() {
        layout.add(Style::Body, "No files are part of this bundle.");
    }
    for item in &material.items {
        let file = &item.file;
        layout.add(Style::Strong, super::manifest::path_of(item));
        layout.add(
            Style::Body,
            format!("{}, {} bytes, recorded {}", file.media_type, file.bytes, shown(file.recorded_at)),
        );
        layout.add(Style::Small, format!("SHA-256 {}", file.sha256_text()));
    }
}

fn continuity(layout: &mut Layout, material: &Material) {
    layout.add(Style::Heading, "5. Continuity");
    layout.add(
        Style::Body,
        "The phone of the survivor stated the SHA-256 of each file before it was sent. When all of it had arrived, the \
         file was read back from where it is kept, and its hash was that which had been stated; otherwise it was not \
         kept. Each original is kept sealed, has never been converted, and stands in this bundle byte for byte. Every \
         receipt, reading, copying, disclosure, hold and removal is recorded as it happens; each record holds a hash over \
         itself and the one before.",
    );
    for item in &material.items {
        let state = if item.custody.is_whole { "unbroken" } else { "BROKEN" };
        layout.add(Style::Strong, format!("{}: {} records, {state}", item.file.reference, item.custody.events.len()));
        for event in &item.custody.events {
            let by = words(&event.by);
            layout.add(Style::Small, format!("{}. {} {} by {by}", event.sequence, shown(event.at), event.kind));
        }
    }
}

fn definition(code: &str) -> String {
    directory::behaviour(code).map_or_else(|| words(code), |found| found.definition.clone())
}

/// A code as people read it.
fn words(code: &str) -> String {
    code.replace('_', " ")
}

fn shown(at: Instant) -> String {
    at.timestamp().to_zoned(TimeZone::UTC).strftime("%-d %B %Y, %H:%M").to_string()
}

fn happened(view: &HappenedView, at: Instant) -> String {
    match (view.precision, view.from, view.to) {
        (Precision::Unknown, ..) => format!("Time not known; reported as of {}", shown(at)),
        (Precision::Range, Some(from), Some(to)) => format!("Between {} and {}", shown(from), shown(to)),
        (Precision::Approximate, Some(from), _) => format!("About {}", shown(from)),
        (_, from, _) => shown(from.unwrap_or(at)),
    }
}

/// Lines that fit, by the widths of the font itself.
fn wrap(metrics: &GlyphMetrics<'_>, font: &FontRef<'_>, text: &str, scale: f32) -> Vec<String> {
    let charmap = font.charmap();
    let width = |c: char| charmap.map(c).and_then(|glyph| metrics.advance_width(glyph)).unwrap_or(600.0) * scale;
    let (most, mut lines) = (WIDTH - 2.0 * MARGIN, Vec::new());
    for paragraph in text.split('\n') {
        let (mut line, mut used) = (String::new(), 0.0);
        for word in paragraph.split_inclusive(' ') {
            let word: String = word.chars().filter(|c| !c.is_control()).collect();
            let needed: f32 = word.trim_end().chars().map(width).sum();
            if used + needed > most && !line.is_empty() {
                lines.push(std::mem::take(&mut line));
                used = 0.0;
            }
            for c in word.chars() {
                // A word that is longer than a line is broken where the line ends.
                if used + width(c) > most && !line.is_empty() && c != ' ' {
                    lines.push(std::mem::take(&mut line));
                    used = 0.0;
                }
                used += width(c);
                line.push(c);
            }
        }
        lines.push(line);
    }
    lines
}

fn draw(layout: &Layout, reference: &str, made_at: Instant) -> Result<Vec<u8>> {
    let fault = |what: &str| Error::internal(format!("the summary of a bundle: {what}"));
    let font = Font::new(FONT.into(), 0).ok_or_else(|| fault("no font"))?;
    let measured = FontRef::new(FONT).map_err(|_| fault("no metrics"))?;
    let metrics = measured.glyph_metrics(Size::unscaled(), LocationRef::default());
    let per_em = font.units_per_em();
    let pages = paginate(layout, |text, size| wrap(&metrics, &measured, text, size / per_em));
    let mut document = Document::new();
    let title = format!("Evidence bundle {reference}");
    document.set_metadata(Metadata::new().title(title).language("en-GB".to_owned()).creator("Holdfast".to_owned()));
    let count = pages.len();
    for (number, lines) in (1..).zip(pages) {
        let settings = PageSettings::from_wh(WIDTH, HEIGHT).ok_or_else(|| fault("no page"))?;
        let mut page = document.start_page_with(settings);
        let mut surface = page.surface();
        surface.set_fill(Some(Fill { paint: luma::Color::black().into(), ..Fill::default() }));
        let foot = format!("{reference} · {} · page {number} of {count}", shown(made_at));
        for (y, size, text) in lines.into_iter().chain([(HEIGHT - MARGIN + 10.0, 7.5, foot)]) {
            if !text.trim().is_empty() {
                let at = Point::from_xy(MARGIN, y);
                surface.draw_text(at, font.clone(), size, &text, false, TextDirection::Auto);
            }
        }
        surface.finish();
        page.finish();
    }
    document.finish().map_err(|_| fault("it cannot be written"))
}

/// Lines with their height on the page and their size, page by page.
fn paginate(layout: &Layout, wrap: impl Fn(&str, f32) -> Vec<String>) -> Vec<Vec<(f32, f32, String)>> {
    let (mut pages, mut lines, mut y) = (Vec::new(), Vec::new(), MARGIN);
    for (style, text) in &layout.paragraphs {
        let (size, before) = style.sizes();
        let leading = size * 1.35;
        // A heading never stands alone at the end of a page.
        let needed = before + if matches!(style, Style::Heading | Style::Strong) { leading * 3.0 } else { leading };
        y += before;
        if y + needed > BOTTOM {
            pages.push(std::mem::take(&mut lines));
            y = MARGIN;
        }
        for line in wrap(text, size) {
            if y + leading > BOTTOM {
                pages.push(std::mem::take(&mut lines));
                y = MARGIN;
            }
            y += leading;
            lines.push((y, size, line));
        }
    }
    pages.push(lines);
    pages
}
