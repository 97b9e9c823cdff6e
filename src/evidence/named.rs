//! Which objects of the store a copy of the installation needs.

use super::bundle;
use super::model::object_name;
use super::store;
use crate::db::DbConn;
use crate::error::Result;

/// The names of all objects of files and bundles whose bytes are stored: also of what nobody may open for now.
pub fn list_objects(conn: &mut DbConn) -> Result<Vec<String>> {
    let chunks = store::list_stored_objects(conn)?;
    let mut names: Vec<String> = chunks.into_iter().map(|(id, object)| object_name(id, object)).collect();
    for (id, objects) in store::bundles::list_present(conn)? {
        names.extend(objects.iter().map(|object| bundle::model::object_name(id, *object)));
    }
    Ok(names)
}
