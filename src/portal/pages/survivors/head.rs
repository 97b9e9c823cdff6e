//! What the pages of one survivor have in common: whose they are, and the way from one to another.

use crate::checkins;
use crate::db::SurvivorId;
use crate::error::{Error, Result};
use crate::identity::{self, Staff};
use crate::portal::pages::case::handle::record_path;
use crate::portal::pages::reader::{PageReader, When};
use crate::tx::Tx;

/// The pages of a record: the end of an address, and the message that it is called by.
const PAGES: [(&str, &str); 7] = [
    ("", "portal-record"),
    ("/messages", "portal-messages"),
    ("/phones", "portal-phones"),
    ("/plan", "portal-plan"),
    ("/evidence", "portal-evidence"),
    ("/agreed", "portal-agreed"),
    ("/openings", "portal-openings"),
];

/// Finds the survivor of a reference, which says nothing of whether they are the reader's.
///
/// # Errors
/// 404 where there is none.
pub fn named(tx: &mut Tx<'_>, reference: &str) -> Result<SurvivorId> {
    identity::find_survivor_by_reference(tx.conn, reference)?.map(|row| row.id).ok_or(Error::NotFound)
}

/// Where a survivor lives, as far as that is known and the reader's to know.
///
/// # Errors
/// When it cannot be read.
pub fn zone(tx: &mut Tx<'_>, staff: &Staff, survivor: SurvivorId) -> Result<Option<String>> {
    match checkins::find_zone(tx, staff, survivor) {
        Err(Error::NotFound) => Ok(None),
        found => found,
    }
}

/// Another page of the record.
pub struct RecordLink {
    /// Where.
    pub href: String,
    /// What it is called.
    pub words: String,
    /// Whether it is the one that is shown.
    pub is_here: bool,
}

/// The head of a page of a record.
pub struct RecordHead {
    /// What the page is called.
    pub words: String,
    /// The survivor's reference.
    pub reference: String,
    /// As of when it is.
    pub made_at: When,
    /// The pages of the record.
    pub links: Vec<RecordLink>,
}

impl RecordHead {
    /// That of the page with an end of its address; of another page, `words` says what it is.
    pub fn of(reader: &PageReader, reference: &str, end: &str, words: &str) -> Self {
        let link = |(own, message): &(&str, &str)| RecordLink {
            href: format!("{}{own}", record_path(reference)),
            words: reader.say(message),
            is_here: *own == end,
        };
        Self {
            words: reader.say(words),
            reference: reference.to_owned(),
            made_at: reader.now_by_the_clock(),
            links: PAGES.iter().map(link).collect(),
        }
    }
}
