//! URLs of participants: their records, what is feared of them, and what waits for the staff of the programme.

mod concerns;
mod tasks;

use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::change::{self, PatchParticipantBody};
use super::identifiers::{self, CreateIdentifierBody, IdentifierRow, IdentifierView};
use super::model::ParticipantRow;
use super::{CreateParticipantBody, MadeParticipantView, ParticipantView, ParticipantsQuery};
use crate::access;
use crate::crypto::Keys;
use crate::db::{IdentifierId, ParticipantId};
use crate::http::{Answer, Call, Created, Done, Listed, Listing, Matching, Query, operations};
use crate::identity::{ColleagueNames, Practitioner, ProgrammeStaff, Staff};
use crate::tx::Tx;

/// `/partner/v1`
pub fn partner(routes: &mut ServiceConfig) {
    operations! { routes:
        create_participant list_participants get_participant patch_participant create_participant_identifier
        list_participant_identifiers delete_participant_identifier
    }
    concerns::routes(routes);
    tasks::routes(routes);
}

/// Create a participant's record
///
/// Assigns the practitioner named, or else you.
#[utoipa::path(post, path = "/participants", tag = "programme")]
async fn create_participant(call: Call<Practitioner, (), CreateParticipantBody>) -> Created<MadeParticipantView> {
    let now = call.app.clock.now();
    let new = call.app.key_store.create_subject(ParticipantId::new(now), now).await?;
    let work = move |tx: &mut Tx<'_>, staff: &Staff, body: &CreateParticipantBody| super::create(tx, new, staff, body);
    let view = |row: ParticipantRow, _: &[_]| MadeParticipantView { id: row.id, reference: row.reference };
    call.once_as(work, view).await
}

/// List the participants you work with
///
/// For a supervisor, all of the organisation. Newest first.
#[utoipa::path(get, path = "/participants", tag = "programme")]
async fn list_participants(call: Call<ProgrammeStaff, (), Query<ParticipantsQuery>>) -> Listed<ParticipantView> {
    let key = |row: &ParticipantRow| (row.created_at, Uuid::from(row.id));
    let view = |keys: &Keys, row: &ParticipantRow, names: &ColleagueNames| {
        let practitioner_name = names.name(keys, row.practitioner_id)?;
        Ok(ParticipantView { practitioner_name, ..ParticipantView::of(keys, row)? })
    };
    call.page_with(super::list, key, view).await
}

/// Read a participant's record
#[utoipa::path(get, path = "/participants/{id}", tag = "programme")]
async fn get_participant(call: Call<ProgrammeStaff, ParticipantId>) -> Answer<ParticipantView> {
    call.show_tagged(super::read, |row| row.version, ParticipantView::of).await
}

/// Change a participant's identity
///
/// What is left out stays. Needs `If-Match`.
#[utoipa::path(patch, path = "/participants/{id}", tag = "programme",
    params(("If-Match" = String, Header, description = "The ETag of the record as you read it")))]
async fn patch_participant(
    call: Call<ProgrammeStaff, ParticipantId, Matching<PatchParticipantBody>>,
) -> Answer<ParticipantView> {
    call.show_tagged(change::change, |row| row.version, ParticipantView::of).await
}

/// Add a number, handle or vehicle that a participant is known by
#[utoipa::path(post, path = "/participants/{id}/identifiers", tag = "programme")]
async fn create_participant_identifier(
    call: Call<ProgrammeStaff, ParticipantId, CreateIdentifierBody>,
) -> Created<IdentifierView> {
    call.once_opened(identifiers::add, IdentifierView::of).await
}

/// List what a participant is known by
///
/// Newest first.
#[utoipa::path(get, path = "/participants/{id}/identifiers", tag = "programme")]
async fn list_participant_identifiers(call: Listing<ProgrammeStaff, ParticipantId>) -> Listed<IdentifierView> {
    call.page(
        |tx: &mut Tx<'_>, staff: &Staff, id: ParticipantId, after, limit| {
            let access = access::participant(tx, staff, id)?;
            identifiers::list(tx.conn, &access, after, limit)
        },
        IdentifierRow::cursor,
        IdentifierView::of,
    )
    .await
}

/// Remove a number, handle or vehicle that a participant is known by
///
/// The row is kept.
#[utoipa::path(delete, path = "/participants/{id}/identifiers/{identifier_id}", tag = "programme")]
async fn delete_participant_identifier(call: Call<ProgrammeStaff, (ParticipantId, IdentifierId)>) -> Done {
    call.done(identifiers::remove).await
}
