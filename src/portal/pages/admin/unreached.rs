//! Who would not be reached if an alert were raised now, and why, with the names of whom it concerns.

use super::names;
use crate::db::{OrganisationId, StaffId};
use crate::directory;
use crate::error::Result;
use crate::escalation::{Unreachable, Unreached};
use crate::portal::pages::reader::{InEnglish, PageReader};
use crate::tx::Tx;
use crate::words::id_of;

/// Something because of which somebody would not be reached.
pub struct NamedUnreached {
    why: Unreachable,
    of: Option<String>,
    people: Vec<String>,
}

impl NamedUnreached {
    /// One with its names.
    ///
    /// # Errors
    /// When the database or the key store is at fault.
    pub fn of(
        tx: &mut Tx<'_>,
        why: Unreachable,
        (organisation, force): (Option<OrganisationId>, Option<&str>),
        staff: &[StaffId],
    ) -> Result<Self> {
        let of = match force {
            Some(force) => Some(directory::force(force).map_or(force, |known| known.name.as_str()).to_owned()),
            None => names::organisation(tx, organisation)?,
        };
        Ok(Self { why, of, people: names::people(tx, staff)? })
    }

    /// Each of an installation.
    ///
    /// # Errors
    /// As [`NamedUnreached::of`].
    pub fn all(tx: &mut Tx<'_>, found: &[Unreached]) -> Result<Vec<Self>> {
        let named =
            |one: &Unreached| Self::of(tx, one.why, (one.organisation, one.force.as_deref()), one.staff.as_slice());
        found.iter().map(named).collect()
    }
}

/// The same as a page says it.
pub struct UnreachedLine {
    /// The organisation or force.
    pub of: Option<String>,
    /// Why.
    pub words: InEnglish,
    /// Whom it concerns.
    pub people: Vec<String>,
}

impl UnreachedLine {
    /// One.
    pub fn of(reader: &PageReader, found: NamedUnreached) -> Self {
        let words = reader.in_english(&id_of("staff-unreached", found.why.as_str()));
        Self { of: found.of, words, people: found.people }
    }
}
