//! URLs of the survivor's side: records, colleagues, blocks.

use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::blocks::{self, BlockBody, BlockView, LiftBlockBody, ListedBlockView};
use super::closing::{self, RecordChangeView};
use super::colleagues::{self, ColleaguesQuery};
use super::consents::{self, RecordConsentBody};
use super::glass::{self, BreakGlassView};
use super::survivors::{self, AssignBody, AssignmentView, CodeWordBody};
use crate::consent::{ConsentReceiptView, Scope, SurvivorConsentView};
use crate::db::{BlockId, StaffId, SurvivorId};
use crate::http::reply::{paged, reply};
use crate::http::{Answer, Call, Created, Done, EmptyBody, Listed, Listing, Matching, Query, operations};
use crate::identity::{
    Advocate, CaseStaff, ColleagueView, CreateSurvivorBody, PatchSurvivorBody, Staff, SupportStaff, SurvivorRow,
    SurvivorView, SurvivorsQuery,
};
use crate::tx::Tx;

/// `/partner/v1`
pub fn partner(routes: &mut ServiceConfig) {
    operations! { routes:
        create_survivor list_survivors get_survivor patch_survivor create_assignment
        delete_assignment create_block create_conflict_of_interest list_blocks approve_block lift_block
        list_break_glass list_colleagues
        list_record_changes list_survivor_consents create_survivor_consent
        confirm_consent
    }
}

/// A survivor's record that was made.
#[derive(Serialize, ToSchema)]
struct MadeSurvivorView {
    /// Its id.
    id: SurvivorId,
    /// Its reference.
    #[schema(example = "SV-6F2K-8C3D-M")]
    reference: String,
}

/// Create a survivor's record
///
/// The advocate who makes it is assigned to it. Sharing and alert settings begin off, but for the service itself.
#[utoipa::path(post, path = "/survivors", tag = "survivors")]
async fn create_survivor(call: Call<Advocate, (), CreateSurvivorBody>) -> Created<MadeSurvivorView> {
    let now = call.app.clock.now();
    let new = call.app.key_store.create_subject(SurvivorId::new(now), now).await?;
    let work = move |tx: &mut Tx<'_>, staff: &Staff, body: &CreateSurvivorBody| survivors::create(tx, new, staff, body);
    let view = |row: SurvivorRow, _: &[_]| MadeSurvivorView { id: row.id, reference: row.reference };
    call.once_as(work, view).await
}

/// List the survivors you work with
///
/// For a supervisor, all of the organisation. Newest first.
#[utoipa::path(get, path = "/survivors", tag = "survivors")]
async fn list_survivors(call: Call<SupportStaff, (), Query<SurvivorsQuery>>) -> Listed<SurvivorView> {
    call.page(survivors::list, |row| (row.created_at, row.id.0), SurvivorView::of).await
}

/// Read a survivor's record
#[utoipa::path(get, path = "/survivors/{id}", tag = "survivors")]
async fn get_survivor(call: Call<SupportStaff, SurvivorId>) -> Answer<SurvivorView> {
    call.show_tagged(survivors::read, |row| row.version, SurvivorView::of).await
}

/// Change a survivor's record
///
/// Risk may be raised by an advocate; lowering it takes a supervisor and a reason.
#[utoipa::path(patch, path = "/survivors/{id}", tag = "survivors")]
async fn patch_survivor(call: Call<SupportStaff, SurvivorId, Matching<PatchSurvivorBody>>) -> Answer<SurvivorView> {
    call.show_tagged(survivors::change, |row| row.version, SurvivorView::of).await
}

/// Assign a colleague to a survivor
#[utoipa::path(post, path = "/survivors/{id}/assignments", tag = "survivors")]
async fn create_assignment(call: Call<SupportStaff, SurvivorId, AssignBody>) -> Created<AssignmentView> {
    call.once(survivors::assign).await
}

/// End a colleague's assignment
///
/// The last one cannot be ended: somebody must stay assigned.
#[utoipa::path(delete, path = "/survivors/{id}/assignments/{staff_id}", tag = "survivors")]
async fn delete_assignment(call: Call<SupportStaff, (SurvivorId, StaffId)>) -> Done {
    call.done(|tx: &mut Tx<'_>, staff: &Staff, (id, colleague): (SurvivorId, StaffId)| {
        survivors::unassign(tx, staff, id, colleague)
    })
    .await
}

/// Block somebody from a survivor's record
///
/// For a member of staff, an officer or an organisation that is, or knows, the perpetrator. Bites at once: they get 404,
/// and alerts pass them by. A whole police force is kept out once a second person has approved it. Each block is looked at again
/// after seven days (task `block_review`).
#[utoipa::path(post, path = "/survivors/{id}/blocks", tag = "survivors")]
async fn create_block(call: Call<SupportStaff, SurvivorId, BlockBody>) -> Created<BlockView> {
    call.once(blocks::create).await
}

/// Declare that you have a conflict of interest with a survivor
///
/// Where you know them, or somebody whom they fear. At once you are kept out of their record, on duty too, until somebody who works
/// with them lifts that block; it is looked at again after seven days. 409 where nobody else could work with them.
#[utoipa::path(post, path = "/survivors/{id}/conflict-of-interest", tag = "survivors")]
async fn create_conflict_of_interest(call: Call<SupportStaff, SurvivorId, EmptyBody>) -> Created<BlockView> {
    call.once(blocks::declare_conflict).await
}

/// Read whom a survivor's side keeps out
///
/// And whom it kept out before: a block that was lifted stays listed.
#[utoipa::path(get, path = "/survivors/{id}/blocks", tag = "survivors")]
async fn list_blocks(call: Listing<SupportStaff, SurvivorId>) -> Listed<ListedBlockView> {
    call.page(blocks::list, |row| (row.created_at, row.id.0), ListedBlockView::of).await
}

/// Approve that a whole police force is kept out
///
/// As the second person: any colleague of the survivor's side, assigned or not, except the one who asked for it and anybody who
/// has the same name. It is looked at again after seven days.
#[utoipa::path(post, path = "/survivors/{id}/blocks/{block_id}/approve", tag = "survivors")]
async fn approve_block(call: Call<SupportStaff, (SurvivorId, BlockId), EmptyBody>) -> Answer<ListedBlockView> {
    call.once_opened(blocks::approve, ListedBlockView::of).await
}

/// Lift a block
///
/// At once: anyone who was kept out may do again what their role and assignment allow. It stays listed, with who lifted it, when
/// and why.
#[utoipa::path(post, path = "/survivors/{id}/blocks/{block_id}/lift", tag = "survivors")]
async fn lift_block(call: Call<SupportStaff, (SurvivorId, BlockId), LiftBlockBody>) -> Answer<ListedBlockView> {
    call.once_opened(blocks::lift, ListedBlockView::of).await
}

/// Read who opened a survivor's record without working with them
///
/// Somebody on duty may, for an hour, with a reason. For those who work with the survivor.
#[utoipa::path(get, path = "/survivors/{id}/break-glass", tag = "survivors")]
async fn list_break_glass(call: Listing<SupportStaff, SurvivorId>) -> Listed<BreakGlassView> {
    call.page(glass::list, |row| (row.opened_at, row.id.0), BreakGlassView::of).await
}

/// Read what a survivor has agreed to
///
/// As they see it themselves, with who recorded each decision.
#[utoipa::path(get, path = "/survivors/{id}/consents", tag = "consent")]
async fn list_survivor_consents(call: Call<SupportStaff, SurvivorId>) -> Listed<SurvivorConsentView> {
    call.whole(consents::list).await
}

/// Record what a survivor has decided
///
/// For one who reported it to you. The same rules hold as on their phone: turning an alert setting off takes effect after a
/// delay. They see that staff recorded it, when and how.
#[utoipa::path(post, path = "/survivors/{id}/consents", tag = "consent")]
async fn create_survivor_consent(call: Call<Advocate, SurvivorId, RecordConsentBody>) -> Created<ConsentReceiptView> {
    call.once(consents::record).await
}

/// Confirm that an alert setting is to be off, with the survivor's code word
///
/// Ends the delay at once.
#[utoipa::path(post, path = "/survivors/{id}/consents/{scope}/confirm", tag = "consent",
    params(("scope" = String, Path, example = "alert.police.help_now")))]
async fn confirm_consent(call: Call<SupportStaff, (SurvivorId, Scope), CodeWordBody>) -> Answer<ConsentReceiptView> {
    let Call { app, who: staff, path: (id, scope), body, .. } = call;
    reply(survivors::confirm_turning_off(&app, &staff, id, scope, &body.code_word).await?)
}

/// List your colleagues
///
/// Names and roles of the staff of your own organisation; or, of a partner's, of those who work on a case that you share.
#[utoipa::path(get, path = "/staff", tag = "staff")]
async fn list_colleagues(call: Call<CaseStaff, (), Query<ColleaguesQuery>>) -> Listed<ColleagueView> {
    let Call { app, who: staff, body: query, action, request, .. } = call;
    let (organisation, after, limit) = query.read()?;
    let actor = staff.actor();
    let work = move |tx: &mut Tx<'_>| colleagues::list(tx, &staff, organisation, after, limit);
    let rows = app.transact(actor, action, work).await?;
    paged(&request, limit, rows, |view| (view.created_at, view.id.0), Ok)
}

/// Read when a survivor's record was closed and opened again
#[utoipa::path(get, path = "/survivors/{id}/record-changes", tag = "survivors")]
async fn list_record_changes(call: Listing<SupportStaff, SurvivorId>) -> Listed<RecordChangeView> {
    call.page(closing::list, |row| (row.changed_at, row.id.0), RecordChangeView::of).await
}
