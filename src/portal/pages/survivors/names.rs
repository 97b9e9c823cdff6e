//! The names of colleagues, as the list of colleagues gives them.

use std::collections::BTreeMap;

use crate::app::App;
use crate::crypto::Keys;
use crate::db::{DbConn, StaffId};
use crate::error::Result;
use crate::identity::{self, Staff};
use crate::portal::pages::reader::PageReader;

/// Colleagues of the reader by their ids.
pub type StaffNames = BTreeMap<StaffId, String>;

/// The names of those among some people who are colleagues.
pub async fn names_of(app: &App, who: &Staff, mut ids: Vec<StaffId>) -> Result<StaffNames> {
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let (own, most) = (who.organisation()?, i64::try_from(ids.len()).unwrap_or(i64::MAX - 1));
    let read = move |conn: &mut DbConn, keys: &Keys| {
        identity::list_colleagues(conn, keys, (own, Some(ids.clone())), None, most)
    };
    let colleagues = app.read(read).await?;
    Ok(colleagues.into_iter().filter_map(|colleague| Some((colleague.id, colleague.name?))).collect())
}

/// By whom something was done.
pub fn by(reader: &PageReader, names: &StaffNames, id: StaffId) -> String {
    match names.get(&id) {
        Some(name) => reader.say_with("portal-by", &[("name", name.as_str().into())]),
        None => reader.say("portal-by-somebody"),
    }
}
