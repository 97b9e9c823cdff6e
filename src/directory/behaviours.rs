//! What a survivor may report, as codes.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::lists;
use crate::words::Language;

const FILE: &str = include_str!("behaviours.csv");

/// The Welsh is in a file of its own: the list itself is as it was decided.
const WELSH_FILE: &str = include_str!("behaviours_cy.csv");

static WELSH: LazyLock<Vec<InWelsh>> = LazyLock::new(|| lists::read_or_empty("behaviours_cy", WELSH_FILE));

static BEHAVIOURS: LazyLock<Vec<Behaviour>> = LazyLock::new(|| lists::read_or_empty("behaviours", FILE));

/// A kind of behaviour.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct Behaviour {
    /// The code that an incident names.
    #[schema(example = "approach_in_person")]
    pub code: String,
    /// The limbs of the Protection from Harassment Act 1997, s.2A(3), that it may fall under (a follow, b contact,
    /// c publish, d monitor, e loiter, f interfere with property, g watch); x: none of them. Indicative only.
    #[serde(deserialize_with = "lists::words")]
    #[schema(example = json!(["b"]))]
    pub indicative_limbs: Vec<String>,
    /// The least severity of an incident with it, 1 to 4.
    #[schema(minimum = 1, maximum = 4, example = 3)]
    pub base_severity: i32,
    /// Whether it happens in person.
    #[serde(rename(deserialize = "in_person"), deserialize_with = "lists::yes_or_no")]
    pub is_in_person: bool,
    /// What it means.
    #[schema(example = "Comes up to or speaks to the survivor")]
    pub definition: String,
}

/// What a behaviour means in Welsh; awaits a speaker.
#[derive(Deserialize)]
struct InWelsh {
    code: String,
    definition: String,
}

impl Behaviour {
    /// The same with what it means in a language.
    #[must_use]
    pub fn in_language(&self, language: Language) -> Self {
        let welsh = WELSH.iter().find(|welsh| language == Language::Welsh && welsh.code == self.code);
        let definition = welsh.map_or(&self.definition, |welsh| &welsh.definition);
        Self { definition: definition.clone(), ..self.clone() }
    }
}

/// All behaviours, in the order of the file.
#[must_use]
pub fn behaviours() -> &'static [Behaviour] {
    &BEHAVIOURS
}

/// The behaviour with a code.
#[must_use]
pub fn behaviour(code: &str) -> Option<&'static Behaviour> {
    behaviours().iter().find(|behaviour| behaviour.code == code)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::http::limits;

    #[test]
    fn the_list_of_behaviours_is_whole_and_every_code_stands_in_it_once() {
        let rows = lists::read::<Behaviour>(FILE).unwrap();
        let codes: HashSet<&str> = rows.iter().map(|row| row.code.as_str()).collect();
        assert_eq!((rows.len(), codes.len()), (FILE.lines().count() - 1, FILE.lines().count() - 1));
        for row in &rows {
            assert!(limits::code(&row.code, &()).is_ok(), "{}", row.code);
            assert!((1..=4).contains(&row.base_severity), "{}", row.code);
            assert_ne!(row.in_language(Language::Welsh).definition, row.definition, "{}", row.code);
            let is_limb = |limb: &String| ["a", "b", "c", "d", "e", "f", "g", "x"].contains(&limb.as_str());
            assert!(!row.indicative_limbs.is_empty() && row.indicative_limbs.iter().all(is_limb), "{}", row.code);
        }
    }

    #[test]
    fn a_behaviour_is_found_by_its_code_alone() {
        let found = behaviour("track_device").unwrap();
        assert_eq!(found.indicative_limbs, ["g", "a", "f"]);
        assert_eq!((found.base_severity, found.is_in_person), (3, false));
        assert!(behaviour("burglary_entry").unwrap().is_in_person);
        assert!(behaviour("code").is_none());
        assert!(behaviour("Arson").is_none());
    }
}
