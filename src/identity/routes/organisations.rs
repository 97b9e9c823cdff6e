//! URLs of organisations: making, looking up and correcting them.

use utoipa_actix_web::service_config::ServiceConfig;

use crate::db::OrganisationId;
use crate::http::{Answer, Call, Created, Listed, Listing, Matching, operations};
use crate::identity::extract::Admin;
use crate::identity::organisations::{
    self, CreateOrganisationBody, MadeOrganisationView, OrganisationView, PatchOrganisationBody,
};

pub(super) fn admin(routes: &mut ServiceConfig) {
    operations! { routes: create_organisation list_organisations get_organisation patch_organisation }
}

/// Create an organisation
#[utoipa::path(post, path = "/organisations", tag = "administration")]
async fn create_organisation(call: Call<Admin, (), CreateOrganisationBody>) -> Created<MadeOrganisationView> {
    call.once(organisations::create_organisation).await
}

/// List organisations
#[utoipa::path(get, path = "/organisations", tag = "administration")]
async fn list_organisations(call: Listing<Admin>) -> Listed<OrganisationView> {
    call.page_as(organisations::list, |view| (view.created_at, view.id.0), Ok).await
}

/// Read an organisation
#[utoipa::path(get, path = "/organisations/{id}", tag = "administration")]
async fn get_organisation(call: Call<Admin, OrganisationId>) -> Answer<OrganisationView> {
    call.tagged(organisations::find, |view| view.version).await
}

/// Correct an organisation
///
/// Its name, its duty desk and, of a police force, which force it is. What is left out stays.
#[utoipa::path(patch, path = "/organisations/{id}", tag = "administration")]
async fn patch_organisation(
    call: Call<Admin, OrganisationId, Matching<PatchOrganisationBody>>,
) -> Answer<OrganisationView> {
    call.tagged(organisations::change, |view| view.version).await
}
