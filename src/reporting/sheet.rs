//! The figures of one area, and letting go of them.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use super::measures::{Number, quartiles};
use super::model::{FigureView, ValueView};
use super::suppress::{FigureSubjects, Sum, withheld};

/// Which figure, and which of its categories.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    /// The figure.
    pub figure: &'static str,
    /// The category, as a code.
    pub category: String,
}

/// The category that all others of a figure add up to.
pub const ALL: &str = "all";

impl Key {
    /// A key.
    pub fn new(figure: &'static str, category: impl Into<String>) -> Self {
        Self { figure, category: category.into() }
    }
}

/// One number of a figure.
#[derive(Clone, Debug)]
pub struct Value {
    measure: &'static str,
    unit: &'static str,
    value: Option<Number>,
    /// The figure that could be worked out from this one: where that is withheld, so is this.
    tells: Option<Key>,
}

impl Value {
    /// A number; none where there was nothing to make it from.
    pub fn new(measure: &'static str, unit: &'static str, value: Option<Number>) -> Self {
        Self { measure, unit, value, tells: None }
    }

    /// How many.
    pub fn count(measure: &'static str, unit: &'static str, count: usize) -> Self {
        Self::new(measure, unit, Some(Number::count(count)))
    }

    /// The part of a whole, which the two together would tell.
    pub fn share(part: usize, whole: usize, of: Key) -> Self {
        Self { tells: Some(of), ..Self::new("share", "percent", Number::percent(part, whole)) }
    }

    /// Lower quartile, median and upper quartile.
    pub fn quartiles(unit: &'static str, values: &[f64]) -> [Self; 3] {
        let [lower, median, upper] = quartiles(values).map(|value| value.map(Number::measure));
        [
            Self::new("lower_quartile", unit, lower),
            Self::new("median", unit, median),
            Self::new("upper_quartile", unit, upper),
        ]
    }
}

struct Cell {
    people: BTreeSet<Uuid>,
    none_tells: bool,
    values: Vec<Value>,
}

/// The figures of one area, before it is decided which may be shown.
#[derive(Default)]
pub struct Sheet {
    keys: Vec<Key>,
    cells: BTreeMap<Key, Cell>,
    sums: Vec<(Key, Vec<Key>)>,
    notes: BTreeMap<&'static str, &'static str>,
}

impl Sheet {
    /// Adds a figure about some people; how many they are is shown with it.
    pub fn add(&mut self, key: Key, people: BTreeSet<Uuid>, values: impl IntoIterator<Item = Value>) {
        let mut all = vec![Value::count("people", "people", people.len())];
        all.extend(values);
        self.keys.push(key.clone());
        self.cells.insert(key, Cell { people, none_tells: false, values: all });
    }

    /// The same where "none" tells something of everybody else.
    pub fn add_telling(&mut self, key: Key, people: BTreeSet<Uuid>, values: impl IntoIterator<Item = Value>) {
        self.add(key.clone(), people, values);
        if let Some(cell) = self.cells.get_mut(&key) {
            cell.none_tells = true;
        }
    }

    /// Says that some figures add up to another.
    pub fn sum(&mut self, whole: Key, parts: Vec<Key>) {
        self.sums.push((whole, parts));
    }

    /// Says what to bear in mind with a figure.
    pub fn note(&mut self, figure: &'static str, words: &'static str) {
        self.notes.insert(figure, words);
    }
}

/// The figures of one area, or of all, with what must be withheld over all areas and the whole taken out.
///
/// `all` is about every area together and has every category; `areas` are the same figures area by area. That each
/// figure of the whole is the sum of its areas' is known here.
pub fn release(all: &Sheet, areas: &[Sheet], wanted: Option<usize>) -> Vec<FigureView> {
    let width = all.keys.len();
    let place: BTreeMap<&Key, usize> = all.keys.iter().enumerate().map(|(at, key)| (key, at)).collect();
    let sheets: Vec<&Sheet> = std::iter::once(all).chain(areas).collect();
    let mut cells = Vec::with_capacity(width * sheets.len());
    for sheet in &sheets {
        cells.extend(all.keys.iter().map(|key| match sheet.cells.get(key) {
            Some(cell) => FigureSubjects { people: cell.people.clone(), none_tells: cell.none_tells },
            None => FigureSubjects { people: BTreeSet::new(), none_tells: false },
        }));
    }
    let mut sums = Vec::new();
    for (number, _) in sheets.iter().enumerate() {
        for (whole, parts) in &all.sums {
            let at = |key: &Key| place.get(key).map(|at| number * width + at);
            let Some(whole) = at(whole) else { continue };
            sums.push(Sum { whole, parts: parts.iter().filter_map(at).collect() });
        }
    }
    for at in 0..width {
        let parts: Vec<usize> = (1..sheets.len()).map(|number| number * width + at).collect();
        sums.push(Sum { whole: at, parts });
    }
    let held = withheld(&cells, &sums);
    let number = wanted.map_or(0, |area| area + 1);
    let is_held = |key: &Key| {
        let at = place.get(key).map_or(usize::MAX, |at| number * width + at);
        held.get(at).copied().unwrap_or(true)
    };
    let empty = Sheet::default();
    let sheet = sheets.get(number).copied().unwrap_or(&empty);
    all.keys.iter().map(|key| view(key, sheet.cells.get(key), all.notes.get(key.figure).copied(), is_held)).collect()
}

fn view(key: &Key, cell: Option<&Cell>, note: Option<&'static str>, is_held: impl Fn(&Key) -> bool) -> FigureView {
    let values = cell.map(|cell| cell.values.as_slice()).unwrap_or_default();
    let view = |value: &Value| {
        let suppressed = is_held(key) || value.tells.as_ref().is_some_and(&is_held);
        ValueView { measure: value.measure, unit: value.unit, value: value.value.filter(|_| !suppressed), suppressed }
    };
    FigureView {
        figure: key.figure,
        category: key.category.clone(),
        suppressed: is_held(key),
        values: values.iter().map(view).collect(),
        note,
    }
}
