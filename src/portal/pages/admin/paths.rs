//! Where the pages of administrators are. What has no reference for people is named by letters that nobody reads as an id.

use uuid::Uuid;

use crate::db::{DeliveryId, EndpointId, OrganisationId, StaffId};
use crate::portal::pages::case::handle::letters;

/// All organisations.
pub const ORGANISATIONS: &str = "/portal/admin/organisations";
/// All accounts.
pub const STAFF: &str = "/portal/admin/staff";
/// All endpoints.
pub const ENDPOINTS: &str = "/portal/admin/endpoints";
/// What waits for a second person.
pub const REQUESTS: &str = "/portal/admin/requests";
/// Credentials of police systems.
pub const CLIENTS: &str = "/portal/admin/police-clients";

fn below(list: &str, id: Uuid) -> String {
    format!("{list}/{}", letters(id))
}

/// One organisation.
pub fn organisation(id: OrganisationId) -> String {
    below(ORGANISATIONS, id.0)
}

/// One account.
pub fn account(id: StaffId) -> String {
    below(STAFF, id.0)
}

/// One endpoint.
pub fn endpoint(id: EndpointId) -> String {
    below(ENDPOINTS, id.0)
}

/// One message to an endpoint.
pub fn delivery(id: DeliveryId) -> String {
    below("/portal/admin/deliveries", id.0)
}

/// The next page of a list, where there is one.
pub fn next(list: &str, cursor: Option<&String>) -> Option<String> {
    cursor.map(|cursor| format!("{list}?cursor={cursor}"))
}

/// An address without the beginning that all of its kind have.
pub fn plain(address: &str) -> String {
    let start = ["https://", "http://", "mailto:"].into_iter().find_map(|start| address.strip_prefix(start));
    start.unwrap_or(address).to_owned()
}
