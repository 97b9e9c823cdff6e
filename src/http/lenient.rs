//! Reading a cry for help: it takes what can be read, drops what cannot, and says so.
//!
//! What is read is tidied field by field and then held against the strict rules of the door that it came by; whatever these
//! refuse is dropped, and the rest held against them again. So there is one set of rules, and no cry is refused over it.

mod json;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

pub use json::LenientJson;

use super::{limits, numbers};
use crate::crypto::{PrivateText, Sealed, Sealing};
use crate::db::Instant;
use crate::error::{Error, FieldError, Result};

/// Refusals that are mended one after the other; a body has fewer parts than that.
const MOST_ROUNDS: usize = 200;
/// The furthest that a place may be off, in metres.
const FURTHEST_METRES: f64 = 100_000.0;
/// The zeros of scripts that have decimal digits of their own, as Unicode lists them.
const ZEROS: [u32; 19] = [
    0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66, 0x0E50, 0x0ED0,
    0x0F20, 0x1040, 0x17E0, 0x1810, 0xFF10,
];

/// A field that a door knows.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// How it is tidied before the strict rules see it.
    pub shape: Shape,
}

/// How a field is tidied.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// Not at all.
    Plain,
    /// Text of at most so many characters; what is longer is cut off.
    Text(usize),
    /// One line of text.
    Line,
    /// A moment.
    Moment,
    /// Where a phone is.
    Position,
    /// An object with these fields.
    Object(&'static [&'static str]),
    /// At most so many values, or objects with these fields.
    List(usize, &'static [&'static str]),
}

/// What came of reading.
#[derive(Clone, Debug)]
pub struct LenientRead<T> {
    /// What could be read.
    pub body: T,
    /// Pointers of what could not, in part or at all. Known names only, never values; the empty one is the whole.
    pub dropped: Vec<String>,
    /// Fields that had to be there and stand on what is safe.
    pub missing: Vec<&'static str>,
    /// Where the items of a list stood as they were sent.
    pub places: BTreeMap<String, Vec<usize>>,
}

/// Reads what a door knows. `safe` gives what counts for a required field that is missing or cannot be read; `parse` holds
/// the body against the strict rules.
///
/// # Errors
/// When something required can neither be read nor replaced.
pub fn take<T>(
    sent: &LenientJson,
    fields: &[Field],
    safe: &[(&'static str, Value)],
    parse: impl Fn(&[u8]) -> Result<T>,
) -> Result<LenientRead<T>> {
    let mut draft = LenientDraft::of(sent, fields);
    for _ in 0..MOST_ROUNDS {
        match parse(&serde_json::to_vec(&draft.body)?) {
            Ok(body) => {
                let dropped = without_nested(&draft.dropped);
                return Ok(LenientRead { body, dropped, missing: draft.missing, places: draft.places });
            }
            Err(Error::Invalid { fields, .. }) if !fields.is_empty() => draft.mend(&fields, safe)?,
            Err(error) => return Err(error),
        }
    }
    Err(Error::internal("a cry for help that no mending makes readable"))
}

/// A body on its way to being readable.
struct LenientDraft<'f> {
    fields: &'f [Field],
    body: Map<String, Value>,
    dropped: BTreeSet<String>,
    missing: Vec<&'static str>,
    /// Where the items of a list stood as they were sent.
    places: BTreeMap<String, Vec<usize>>,
}

impl<'f> LenientDraft<'f> {
    fn of(sent: &LenientJson, fields: &'f [Field]) -> Self {
        let (body, missing) = (Map::new(), Vec::new());
        let mut draft = Self { fields, body, dropped: BTreeSet::new(), missing, places: BTreeMap::new() };
        for field in fields {
            let said = sent.said(field.name).find(|value| !value.is_null());
            if let Some(value) = said.and_then(|value| draft.tidy(field, value)) {
                draft.body.insert(field.name.to_owned(), value);
            }
        }
        let known = sent.flaws.iter().filter(|flaw| draft.knows(flaw)).cloned().collect::<Vec<_>>();
        draft.dropped.extend(known);
        if !sent.is_whole {
            draft.dropped.insert(String::new());
        }
        draft
    }

    fn shape(&self, name: &str) -> Option<Shape> {
        self.fields.iter().find(|field| field.name == name).map(|field| field.shape)
    }

    fn knows(&self, pointer: &str) -> bool {
        let mut parts = pointer.split('/').skip(1);
        let Some(shape) = parts.next().and_then(|name| self.shape(name)) else { return false };
        match (shape, parts.next()) {
            (_, None) => true,
            (Shape::Object(names), Some(name)) => names.contains(&name) && parts.next().is_none(),
            (Shape::Position, Some(name)) => {
                ["lat", "lon", "accuracy_m", "force_id"].contains(&name) && parts.next().is_none()
            }
            (Shape::List(_, names), Some(_)) => parts.next().is_none_or(|name| names.contains(&name)),
            _ => false,
        }
    }

    fn drop(&mut self, pointer: String) {
        self.dropped.insert(pointer);
    }

    /// A field as the strict rules may see it; none where nothing of it can be read.
    fn tidy(&mut self, field: &Field, value: &Value) -> Option<Value> {
        let pointer = format!("/{}", field.name);
        match field.shape {
            Shape::Plain => Some(value.clone()),
            Shape::Text(most) => self.text(pointer, value, most, false),
            Shape::Line => self.text(pointer, value, limits::LINE.most, true),
            Shape::Moment => match moment(value) {
                Some(at) => Some(json!(at)),
                None => {
                    self.drop(pointer);
                    None
                }
            },
            Shape::Position => self.position(&pointer, value),
            Shape::Object(names) => Some(pruned(value, names)),
            Shape::List(most, names) => match value {
                Value::Array(items) => {
                    if items.len() > most {
                        self.drop(pointer);
                    }
                    self.places.insert(field.name.to_owned(), (0..items.len().min(most)).collect());
                    Some(items.iter().take(most).map(|item| pruned(item, names)).collect())
                }
                other => Some(other.clone()),
            },
        }
    }

    fn text(&mut self, pointer: String, value: &Value, most: usize, is_line: bool) -> Option<Value> {
        let Some(sent) = value.as_str() else {
            self.drop(pointer);
            return None;
        };
        let plain = |character: char| if is_line && character.is_control() { ' ' } else { character };
        let text: String = sent.chars().filter(|character| *character != '\0').take(most).map(plain).collect();
        if text.len() < sent.len() {
            self.drop(pointer);
        }
        (!text.trim().is_empty()).then(|| Value::from(text))
    }

    /// Coordinates count whatever comes with them; how far off they are is left out where it cannot be read.
    fn position(&mut self, pointer: &str, value: &Value) -> Option<Value> {
        let number = |name: &str, within: f64| {
            let number = as_number(value.get(name)?)?;
            (-within..=within).contains(&number).then_some(number)
        };
        let Some((lat, lon)) = number("lat", 90.0).zip(number("lon", 180.0)) else {
            self.drop(pointer.to_owned());
            return None;
        };
        let mut position = Map::from_iter([("lat".to_owned(), json!(lat)), ("lon".to_owned(), json!(lon))]);
        let accuracy = value.get("accuracy_m").filter(|accuracy| !accuracy.is_null());
        match accuracy.map(|_| number("accuracy_m", FURTHEST_METRES).filter(|metres| *metres >= 0.0)) {
            Some(Some(metres)) => drop(position.insert("accuracy_m".to_owned(), json!(metres))),
            Some(None) => self.drop(format!("{pointer}/accuracy_m")),
            None => {}
        }
        // Whether there is such a force the strict rules know.
        if let Some(force) = value.get("force_id").filter(|force| !force.is_null()) {
            position.insert("force_id".to_owned(), force.clone());
        }
        Some(Value::Object(position))
    }

    /// Drops what the strict rules refuse, and puts what is safe in the place of what has to be there.
    fn mend(&mut self, refused: &[FieldError], safe: &[(&'static str, Value)]) -> Result<()> {
        let mut items: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
        for field in refused {
            let mut parts = field.pointer.split('/').skip(1);
            let name = parts.next().unwrap_or_default();
            let below = parts.next();
            match (self.shape(name), below) {
                (Some(Shape::List(..)), Some(index)) if index.parse::<usize>().is_ok() => {
                    items.entry(name.to_owned()).or_default().extend(index.parse::<usize>());
                }
                (Some(Shape::Object(_) | Shape::Position), Some(member)) if self.has_member(name, member) => {
                    self.drop_member(name, member, field.code);
                }
                (Some(_), _) => self.drop_field(name, field.code, safe)?,
                (None, _) => return Err(Error::fields(refused.to_vec())),
            }
        }
        for (name, refused) in items {
            self.drop_items(&name, &refused);
        }
        Ok(())
    }

    fn has_member(&self, name: &str, member: &str) -> bool {
        self.body.get(name).is_some_and(|object| object.get(member).is_some())
    }

    fn drop_member(&mut self, name: &str, member: &str, code: &str) {
        let Some(object) = self.body.get_mut(name).and_then(Value::as_object_mut) else { return };
        let coerced = object.get(member).filter(|_| code == "wrong_type").and_then(coerced);
        match coerced {
            Some(value) => drop(object.insert(member.to_owned(), value)),
            None => {
                object.remove(member);
                self.drop(format!("/{name}/{member}"));
            }
        }
    }

    fn drop_items(&mut self, name: &str, refused: &BTreeSet<usize>) {
        let Some(items) = self.body.get_mut(name).and_then(Value::as_array_mut) else { return };
        let mut places = self.places.remove(name).unwrap_or_default();
        for index in refused.iter().rev().copied() {
            if index < items.len() && index < places.len() {
                items.remove(index);
                self.dropped.insert(format!("/{name}/{}", places.remove(index)));
            }
        }
        self.places.insert(name.to_owned(), places);
    }

    fn drop_field(&mut self, name: &str, code: &str, safe: &[(&'static str, Value)]) -> Result<()> {
        match self.body.remove(name) {
            Some(value) => match Some(&value).filter(|_| code == "wrong_type").and_then(coerced) {
                Some(value) => {
                    self.body.insert(name.to_owned(), value);
                    return Ok(());
                }
                None => self.drop(format!("/{name}")),
            },
            // Refused twice over, and dropped at the first.
            None if self.dropped.contains(&format!("/{name}")) => {}
            // What is missing and has no safe value can never be mended.
            None if safe.iter().all(|(known, _)| *known != name) => {
                return Err(Error::internal("a cry for help lacks what has no safe value"));
            }
            None => {}
        }
        if let Some((known, value)) = safe.iter().find(|(known, _)| *known == name) {
            self.body.insert(name.to_owned(), value.clone());
            if !self.missing.contains(known) {
                self.missing.push(known);
            }
        }
        Ok(())
    }
}

/// Pointers without those that lie below another; the empty one is above all.
#[must_use]
pub fn without_nested(pointers: &BTreeSet<String>) -> Vec<String> {
    let is_below = |pointer: &str, other: &str| {
        pointer != other && pointer.strip_prefix(other).is_some_and(|rest| rest.starts_with('/'))
    };
    let is_topmost = |pointer: &&String| !pointers.iter().any(|other| is_below(pointer, other));
    pointers.iter().filter(is_topmost).cloned().collect()
}

/// An object with known fields alone; anything else as it is.
fn pruned(value: &Value, names: &[&str]) -> Value {
    match value {
        Value::Object(fields) if !names.is_empty() => {
            let known = fields.iter().filter(|(name, value)| names.contains(&name.as_str()) && !value.is_null());
            Value::Object(known.map(|(name, value)| (name.clone(), value.clone())).collect())
        }
        other => other.clone(),
    }
}

/// A number or a truth that was sent as text.
fn coerced(value: &Value) -> Option<Value> {
    let text = value.as_str()?.trim();
    match text.to_ascii_lowercase().as_str() {
        "true" => Some(Value::Bool(true)),
        "false" => Some(Value::Bool(false)),
        number if !number.bytes().all(numbers::is_of_number) => None,
        number => {
            let sent = format!("{{\"n\":{number}}}");
            LenientJson::read(sent.as_bytes()).fields.remove("n").filter(Value::is_number)
        }
    }
}

fn as_number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok().filter(|number: &f64| number.is_finite()),
        _ => None,
    }
}

/// A moment, in the digits of any script.
#[must_use]
pub fn moment(value: &Value) -> Option<Instant> {
    let digit = |character: char| {
        let code = u32::from(character);
        let digit = ZEROS.iter().find_map(|zero| code.checked_sub(*zero).filter(|digit| *digit < 10));
        digit.and_then(|digit| char::from_digit(digit, 10)).unwrap_or(character)
    };
    value.as_str()?.trim().chars().map(digit).collect::<String>().parse().ok()
}

/// Seals what was said, for a row. Of a cry for help, what no key can be had for is dropped, and said to be: the cry itself
/// needs none.
pub struct SaidSealing<'a, R> {
    /// What seals.
    pub sealing: Sealing<'a, R>,
    /// Pointers of what was dropped; none where it is no cry for help, of which nothing is.
    pub dropped: Option<&'a mut Vec<String>>,
}

impl<R> SaidSealing<'_, R> {
    /// Seals a text for a column, by `seal!`.
    ///
    /// # Errors
    /// Where no key can be had, unless it is a cry for help.
    pub fn seal<C, T>(&mut self, column: &'static str, field: fn(&R) -> &C, text: &T) -> Result<Option<Sealed>>
    where
        T: PrivateText<Sealed = Option<Sealed>>,
    {
        match (self.sealing.seal(column, field, text), &mut self.dropped) {
            (Err(error), Some(dropped)) => {
                tracing::error!(%error, "what a cry for help brought could not be sealed; the cry goes on without it");
                dropped.push(format!("/{column}"));
                Ok(None)
            }
            (sealed, _) => sealed,
        }
    }
}
