//! The household: the survivor's phone reads and adds, the staff of their side keep it.

use utoipa_actix_web::service_config::ServiceConfig;

use crate::access;
use crate::db::{HouseholdMemberId, SurvivorId};
use crate::error::Error;
use crate::http::reply::whole_reply;
use crate::http::{Answer, Call, Created, Done, Listed, Matching, operations};
use crate::identity::{Staff, SupportStaff, Survivor};
use crate::safety::household::{self, HouseholdMemberBody, HouseholdMemberView, StaffHouseholdMemberView};
use crate::safety::store;
use crate::tx::Tx;

pub(super) fn app(routes: &mut ServiceConfig) {
    operations! { routes: list_own_household create_own_household_member }
}

pub(super) fn partner(routes: &mut ServiceConfig) {
    operations! { routes:
        list_household create_household_member list_household_member_versions put_household_member
        delete_household_member
    }
}

/// Read your household
///
/// In the order in which they were added.
#[utoipa::path(get, path = "/household", tag = "household")]
async fn list_own_household(call: Call<Survivor>) -> Listed<HouseholdMemberView> {
    let Call { app, who, .. } = call;
    let mut rows = app.db.read(move |conn| store::list_household(conn, &access::own(&who))).await?;
    rows.retain(|row| !row.is_duress);
    whole_reply(app.views(&rows, |row| row.member_id.0, HouseholdMemberView::of).await?)
}

/// Add somebody to your household
///
/// A child, somebody else who lives with you, or a pet. Your advocate sees it; the programme and the police never do.
#[utoipa::path(post, path = "/household", tag = "household")]
async fn create_own_household_member(call: Call<Survivor, (), HouseholdMemberBody>) -> Created<HouseholdMemberView> {
    call.once(household::create_own).await
}

/// Read a survivor's household
///
/// In the order in which they were added.
#[utoipa::path(get, path = "/survivors/{id}/household", tag = "household")]
async fn list_household(call: Call<SupportStaff, SurvivorId>) -> Listed<StaffHouseholdMemberView> {
    call.whole_of(household::list, |row| row.member_id.0, StaffHouseholdMemberView::of).await
}

/// Add somebody to a survivor's household
#[utoipa::path(post, path = "/survivors/{id}/household", tag = "household")]
async fn create_household_member(
    call: Call<SupportStaff, SurvivorId, HouseholdMemberBody>,
) -> Created<StaffHouseholdMemberView> {
    call.once(household::create).await
}

/// Read all versions of somebody of a household
#[utoipa::path(get, path = "/survivors/{id}/household/{member_id}/versions", tag = "household")]
async fn list_household_member_versions(
    call: Call<SupportStaff, (SurvivorId, HouseholdMemberId)>,
) -> Listed<StaffHouseholdMemberView> {
    call.whole_of(
        |tx: &mut Tx<'_>, staff: &Staff, (id, member): (SurvivorId, HouseholdMemberId)| {
            let access = access::survivor(tx, staff, id)?;
            let rows = store::list_member_versions(tx.conn, &access, member)?;
            if rows.is_empty() { Err(Error::NotFound) } else { Ok(rows) }
        },
        |row| row.id.0,
        StaffHouseholdMemberView::of,
    )
    .await
}

/// Amend what is known of somebody of a household
///
/// A new version; the one before it stays. Its number is in the `ETag`, and as `version` in every answer.
#[utoipa::path(put, path = "/survivors/{id}/household/{member_id}", tag = "household")]
async fn put_household_member(
    call: Call<SupportStaff, (SurvivorId, HouseholdMemberId), Matching<HouseholdMemberBody>>,
) -> Answer<StaffHouseholdMemberView> {
    call.versioned(household::amend).await
}

/// Remove somebody from a household
///
/// What was known of them stays among the versions.
#[utoipa::path(delete, path = "/survivors/{id}/household/{member_id}", tag = "household")]
async fn delete_household_member(call: Call<SupportStaff, (SurvivorId, HouseholdMemberId)>) -> Done {
    call.done(household::remove).await
}
