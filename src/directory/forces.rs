//! The police forces that can be named: the 43 territorial forces of England and Wales, the Police Service of Northern
//! Ireland, Police Scotland, British Transport Police and the Ministry of Defence Police.
//!
//! Ids of the first 44 are those of data.police.uk. The other three are `scotland`, `btp` and `mod`.

use std::borrow::Cow;
use std::str::FromStr;
use std::sync::LazyLock;

use serde::{Deserialize, Deserializer, Serialize};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use super::lists;

const FILE: &str = include_str!("forces.csv");
/// What is said of an id that no force has.
const UNKNOWN: &str = "there is no such force";

static FORCES: LazyLock<Vec<Force>> = LazyLock::new(|| lists::read_or_empty("forces", FILE));

/// A police force.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct Force {
    /// Its id, as `force_id` and `home_force_id` give it.
    #[schema(example = "south-yorkshire")]
    pub id: String,
    /// Its name.
    #[schema(example = "South Yorkshire Police")]
    pub name: String,
}

/// All forces, by id.
#[must_use]
pub fn forces() -> &'static [Force] {
    &FORCES
}

/// The force with an id.
#[must_use]
pub fn force(id: &str) -> Option<&'static Force> {
    forces().iter().find(|force| force.id == id)
}

/// Whether an id is in the list.
#[must_use]
pub fn is_force(id: &str) -> bool {
    force(id).is_some()
}

/// The id of a force in the list. No other value exists, so that an alert never waits for a force that there is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct ForceId(&'static str);

impl ForceId {
    /// The id as it is stored and sent.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.0
    }
}

impl From<ForceId> for String {
    fn from(id: ForceId) -> Self {
        id.0.to_owned()
    }
}

impl FromStr for ForceId {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        force(text).map(|force| Self(&force.id)).ok_or(UNKNOWN)
    }
}

impl<'de> Deserialize<'de> for ForceId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl PartialSchema for ForceId {
    fn schema() -> RefOr<Schema> {
        let ids = forces().iter().map(|force| force.id.as_str());
        ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some("The id of a police force, as `GET /public/v1/forces` lists them."))
            .enum_values(Some(ids))
            .examples(["south-yorkshire"])
            .into()
    }
}

impl ToSchema for ForceId {
    fn name() -> Cow<'static, str> {
        "ForceId".into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::limits;

    #[test]
    fn the_list_names_all_forty_seven_forces_in_order() {
        let rows = lists::read::<Force>(FILE).unwrap();
        assert_eq!(rows.len(), 47);
        assert!(rows.is_sorted_by(|a, b| a.id < b.id));
        assert!(rows.iter().all(|row| limits::slug(&row.id, &()).is_ok() && !row.name.is_empty()));
        for id in ["south-yorkshire", "northern-ireland", "scotland", "btp", "mod"] {
            assert!(is_force(id), "{id}");
        }
    }

    #[test]
    fn only_what_the_list_names_is_a_force() {
        for wrong in ["", "id", "south-yorkshir", "South-Yorkshire", " kent", "kent ", "south_yorkshire"] {
            assert_eq!(wrong.parse::<ForceId>(), Err(UNKNOWN), "{wrong:?}");
        }
        for force in forces() {
            let read: ForceId = serde_json::from_value(serde_json::json!(force.id)).unwrap();
            assert_eq!(read.as_str(), force.id);
        }
    }
}
