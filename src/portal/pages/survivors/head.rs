//! What the pages of one survivor have in common: whose they are, and the way from one to another.

use crate::access;
use crate::checkins;
use crate::db::SurvivorId;
use crate::error::{Error, Result};
use crate::identity::{self, Staff};
use crate::portal::pages::case::handle::record_path;
use crate::portal::pages::reader::{PageReader, When};
use crate::tx::Tx;

/// How far a reader may go in a record.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum RecordReach {
    /// It is theirs to work with.
    Own,
    /// It is open to them for a while.
    Open,
    /// They are on duty, and see to its phones alone.
    Duty,
}

const OWN: &[RecordReach] = &[RecordReach::Own];
const READERS: &[RecordReach] = &[RecordReach::Own, RecordReach::Open];
const ON_DUTY: &[RecordReach] = &[RecordReach::Own, RecordReach::Open, RecordReach::Duty];

/// The pages of a record: the end of an address, the message that it is called by, and whose it is.
const PAGES: [(&str, &str, &[RecordReach]); 7] = [
    ("", "portal-record", READERS),
    ("/messages", "portal-messages", OWN),
    ("/phones", "portal-phones", ON_DUTY),
    ("/plan", "portal-plan", READERS),
    ("/evidence", "portal-evidence", OWN),
    ("/agreed", "portal-agreed", OWN),
    ("/openings", "portal-openings", OWN),
];

/// Finds the survivor of a reference, which says nothing of whether they are the reader's.
///
/// # Errors
/// 404 where there is none.
pub fn named(tx: &mut Tx<'_>, reference: &str) -> Result<SurvivorId> {
    identity::find_survivor_by_reference(tx.conn, reference)?.map(|row| row.id).ok_or(Error::NotFound)
}

/// How somebody reads a record.
pub struct RecordReading {
    /// The zone in which the survivor lives, as far as that is known and the reader's to know.
    pub zone: Option<String>,
    /// How far they may go in it.
    pub reach: RecordReach,
}

/// How a caller reads a record of which they were shown something.
///
/// # Errors
/// When it cannot be read.
pub fn reading(tx: &mut Tx<'_>, staff: &Staff, survivor: SurvivorId) -> Result<RecordReading> {
    let reach = match access::reader(tx, staff, survivor) {
        Ok(reading) if reading.is_own() => RecordReach::Own,
        Ok(_) => RecordReach::Open,
        Err(Error::NotFound) => return Ok(RecordReading { zone: None, reach: RecordReach::Duty }),
        Err(error) => return Err(error),
    };
    Ok(RecordReading { zone: checkins::find_zone(tx, staff, survivor)?, reach })
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
    /// That of the page with an end of its address, and the message of what it is.
    pub fn of(reader: &PageReader, reference: &str, (end, words): (&str, &str), reach: RecordReach) -> Self {
        let own = PAGES.iter().filter(|(_, _, readers)| readers.contains(&reach));
        let link = |(own, message, _): &(&str, &str, &[RecordReach])| RecordLink {
            href: format!("{}{own}", record_path(reference)),
            words: reader.say(message),
            is_here: *own == end,
        };
        Self {
            words: reader.say(words),
            reference: reference.to_owned(),
            made_at: reader.now_by_the_clock(),
            links: own.map(link).collect(),
        }
    }
}
