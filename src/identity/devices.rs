//! The phones that a survivor has enrolled, as they see them.

use secrecy::ExposeSecret;
use serde::Serialize;
use utoipa::ToSchema;

use super::extract::Survivor;
use super::model::Device;
use super::store;
use crate::crypto::{Keys, Place, Private};
use crate::db::{DbConn, DeviceId, Instant};
use crate::error::Result;

/// A phone.
#[derive(Serialize, ToSchema)]
pub struct DeviceView {
    /// Its id.
    pub id: DeviceId,
    /// What it is called.
    #[schema(example = "My phone")]
    pub name: String,
    /// When it was enrolled.
    pub enrolled_at: Instant,
    /// Whether it is the one that asks.
    pub is_this_one: bool,
}

impl DeviceView {
    fn of(keys: &Keys, row: &Device, asking: DeviceId) -> Result<Self> {
        let place = Place::new(row.survivor_id, "devices", "name", row.id);
        let name: Private = keys.open_sealed(place, &row.name)?;
        let name = name.expose_secret().to_owned();
        Ok(Self { id: row.id, name, enrolled_at: row.created_at, is_this_one: row.id == asking })
    }
}

/// The phones of a survivor that are in use, the newest first. Under duress only the one that asks is there.
///
/// # Errors
/// When they cannot be read.
pub fn list_phones(conn: &mut DbConn, keys: &Keys, who: &Survivor) -> Result<Vec<DeviceView>> {
    let rows = store::list_devices(conn, who.id)?;
    let shown = rows.iter().filter(|row| row.id == who.device || !who.is_duress);
    shown.map(|row| DeviceView::of(keys, row, who.device)).collect()
}
