//! The territorial police forces of England, Wales and Northern Ireland, by their data.police.uk ids.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::lists;

const FILE: &str = include_str!("forces.csv");

static FORCES: LazyLock<Vec<Force>> = LazyLock::new(|| lists::read_or_empty("forces", FILE));

/// A territorial police force.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct Force {
    /// The data.police.uk id, as `force_id` and `home_force_id` give it.
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

/// Whether an id is in the list. For information only: other forces (transport, Scotland) may be partners, too.
#[must_use]
pub fn is_force(id: &str) -> bool {
    force(id).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::limits;

    #[test]
    fn the_list_names_the_forty_four_territorial_forces_in_order() {
        let rows = lists::read::<Force>(FILE).unwrap();
        assert_eq!(rows.len(), 44);
        assert!(rows.is_sorted_by(|a, b| a.id < b.id));
        assert!(rows.iter().all(|row| limits::slug(&row.id, &()).is_ok() && !row.name.is_empty()));
        assert!(is_force("south-yorkshire") && is_force("northern-ireland") && !is_force("id"));
    }
}
