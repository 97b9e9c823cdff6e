//! Places where a survivor may be found: kept by those who work with them, opened one at a time.

use utoipa_actix_web::service_config::ServiceConfig;

use crate::db::{SafeAddressId, SurvivorId};
use crate::escalation::support::safe_addresses::{
    self, CreateSafeAddressBody, OpenSafeAddressBody, OpenedSafeAddressView, SafeAddressView,
};
use crate::http::{Answer, Call, Created, Done, Listed, operations};
use crate::identity::{Advocate, SupportStaff};

pub(super) fn partner(routes: &mut ServiceConfig) {
    operations! { routes:
        create_safe_address list_safe_addresses delete_safe_address create_safe_address_opening
    }
}

/// Record a place where a survivor may be found
///
/// None has to be given. Of a refuge its night number, never a street. It is answered to nobody but the person who opens it.
#[utoipa::path(post, path = "/survivors/{id}/safe-addresses", tag = "survivors")]
async fn create_safe_address(call: Call<Advocate, SurvivorId, CreateSafeAddressBody>) -> Created<SafeAddressView> {
    call.once(safe_addresses::create).await
}

/// List of what kind the places are at which a survivor may be found
///
/// With the day on which each was confirmed, and nothing of where it is.
#[utoipa::path(get, path = "/survivors/{id}/safe-addresses", tag = "survivors")]
async fn list_safe_addresses(call: Call<SupportStaff, SurvivorId>) -> Listed<SafeAddressView> {
    call.whole(safe_addresses::list).await
}

/// Remove a place where a survivor may be found
#[utoipa::path(delete, path = "/survivors/{id}/safe-addresses/{address_id}", tag = "survivors")]
async fn delete_safe_address(call: Call<Advocate, (SurvivorId, SafeAddressId)>) -> Done {
    call.done(safe_addresses::remove).await
}

/// Open a place where a survivor may be found
///
/// For the person on duty or the assigned advocate, while an emergency or a fast alert is open, and for the person who has opened
/// the record for a caller. With a reason that the survivor will read. The people on duty and the supervisors hear of it
/// at once, by name.
#[utoipa::path(post, path = "/survivors/{id}/safe-addresses/{address_id}/open", tag = "survivors")]
async fn create_safe_address_opening(
    call: Call<SupportStaff, (SurvivorId, SafeAddressId), OpenSafeAddressBody>,
) -> Answer<OpenedSafeAddressView> {
    call.run(safe_addresses::open_one).await
}
