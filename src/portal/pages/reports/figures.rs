//! Figures as a page shows them: each with a table of all its numbers, and a drawing of the most telling one.

use crate::consent::Scope;
use crate::portal::pages::reader::{InEnglish, PageReader};
use crate::portal::pages::rota::drawing::{Drawing, MarkOf, WIDTH};
use crate::reporting::{FigureView, Number, ValueView};
use crate::words::{self, Language, id_of};

/// The measure that every figure has.
const PEOPLE: &str = "people";
/// The measure that says more than a count.
const RATE: &str = "rate";

/// A figure with its categories.
pub struct ShownFigure {
    /// What it is.
    pub name: String,
    /// What to bear in mind.
    pub note: Option<InEnglish>,
    /// The number that is drawn.
    pub drawn: String,
    /// The drawing.
    pub drawing: Drawing,
    /// The heads of the table.
    pub columns: Vec<String>,
    /// Its rows.
    pub rows: Vec<FigureRow>,
    /// What tells it from others on the page.
    pub id: String,
}

/// One category of a figure.
pub struct FigureRow {
    /// What it is.
    pub category: InEnglish,
    /// Its numbers, in the order of the columns.
    pub cells: Vec<String>,
}

/// A category in words, and whether they are there in English alone.
fn category(reader: &PageReader, figure: &str, code: &str) -> (String, bool) {
    let own =
        [id_of(&format!("portal-category-{figure}"), code), id_of("portal-category", code), id_of("order-kind", code)];
    if let Some(words) = own.iter().find_map(|id| words::find(reader.language, id, &[])) {
        return (words, false);
    }
    // Codes are open: of one that has no words yet the letters say something.
    let known = words::find(Language::English, &id_of("staff-scope", code), &[]);
    (known.unwrap_or_else(|| code.replace('_', " ")), true)
}

fn measure(reader: &PageReader, (measure, unit): (&str, &str)) -> String {
    let name = reader.say(&id_of("portal-measure", measure));
    match words::find(reader.language, &id_of("portal-unit", unit), &[]) {
        Some(unit) => format!("{name} ({unit})"),
        None => name,
    }
}

fn number(reader: &PageReader, value: Option<&ValueView>) -> String {
    match value {
        Some(value) if value.suppressed => reader.say("portal-withheld"),
        Some(ValueView { value: Some(number), .. }) => number.to_string(),
        Some(_) | None => "–".to_owned(),
    }
}

/// Words of the API about who is counted, which name one agreement by its code.
pub fn in_words(reader: &PageReader, words: &str) -> InEnglish {
    let counted = words::say(Language::English, "staff-report-counted");
    reader.as_english(words.replace(Scope::StatsAggregate.as_str(), &counted))
}

/// Figures by what they are, each with its categories, in the order in which they come.
pub fn shown(reader: &PageReader, figures: &[FigureView]) -> Vec<ShownFigure> {
    let mut groups: Vec<(&str, Vec<&FigureView>)> = Vec::new();
    for figure in figures {
        match groups.iter_mut().find(|(name, _)| *name == figure.figure) {
            Some((_, own)) => own.push(figure),
            None => groups.push((figure.figure, vec![figure])),
        }
    }
    groups.iter().map(|(name, own)| ShownFigure::of(reader, name, own)).collect()
}

fn find<'f>(figure: &'f FigureView, measure: &str) -> Option<&'f ValueView> {
    figure.values.iter().find(|value| value.measure == measure)
}

/// The measure that is drawn: the rate where there is one, else what is counted, else the people.
fn telling(own: &[&FigureView]) -> &'static str {
    let mut all = own.iter().flat_map(|figure| &figure.values);
    if all.clone().any(|value| value.measure == RATE) {
        return RATE;
    }
    let counted = |value: &&ValueView| value.measure != PEOPLE && matches!(value.value, Some(Number::Count(_)));
    all.find(counted).map_or(PEOPLE, |value| value.measure)
}

impl ShownFigure {
    fn of(reader: &PageReader, name: &str, own: &[&FigureView]) -> Self {
        let mut measures: Vec<(&str, &str)> = Vec::new();
        for value in own.iter().flat_map(|figure| &figure.values) {
            if !measures.contains(&(value.measure, value.unit)) {
                measures.push((value.measure, value.unit));
            }
        }
        let row = |figure: &&FigureView| {
            let (words, is_foreign) = category(reader, name, &figure.category);
            let category = if is_foreign { reader.as_english(words) } else { reader.in_own(words) };
            let cells = measures.iter().map(|(measure, _)| number(reader, find(figure, measure))).collect();
            FigureRow { category, cells }
        };
        let telling = telling(own);
        let unit = measures.iter().find(|(measure, _)| *measure == telling).map_or("", |(_, unit)| *unit);
        Self {
            name: reader.say(&id_of("portal-figure", name)),
            note: own.iter().find_map(|figure| figure.note).map(|note| in_words(reader, note)),
            drawn: measure(reader, (telling, unit)),
            drawing: drawn(reader, (name, telling), own),
            columns: measures.iter().map(|named| measure(reader, *named)).collect(),
            rows: own.iter().map(row).collect(),
            id: format!("figure-{name}"),
        }
    }
}

fn as_f64(number: Number) -> f64 {
    match number {
        Number::Count(count) => i32::try_from(count).map_or(f64::from(i32::MAX), f64::from),
        Number::Measure(value) => value,
    }
}

/// A bar for each category that is not withheld, with its number in words.
fn drawn(reader: &PageReader, (name, telling): (&str, &str), own: &[&FigureView]) -> Drawing {
    let values = own.iter().filter_map(|figure| find(figure, telling)?.value).map(as_f64);
    let most = values.fold(0.0, f64::max);
    let line = |figure: &&FigureView| {
        let value = find(figure, telling);
        let (category, _) = category(reader, name, &figure.category);
        let bar = value.and_then(|value| value.value).map(|number| MarkOf::Covered(0, width(as_f64(number), most)));
        let marks: Vec<MarkOf> = bar.into_iter().collect();
        (format!("{category}: {}", number(reader, value)), marks)
    };
    Drawing::of(own.iter().map(line).collect(), Vec::new())
}

/// How long a bar is, of which the longest is as wide as the drawing.
fn width(value: f64, most: f64) -> i64 {
    let thousandths = if most > 0.0 { value / most * 1_000.0 } else { 0.0 };
    let whole = (0..=1_000_i32).rev().find(|whole| f64::from(*whole) <= thousandths).unwrap_or(0);
    i64::from(whole) * WIDTH / 1_000
}
