//! URLs of what a practitioner fears.

use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::db::ParticipantId;
use crate::http::{Call, Created, Listed, Listing, operations};
use crate::identity::{Practitioner, ProgrammeStaff};
use crate::participants::concerns::{self, ConcernView, CreateConcernBody, MadeConcernView};
use crate::participants::model::ConcernRow;

pub(super) fn routes(routes: &mut ServiceConfig) {
    operations! { routes:
        create_participant_concern list_participant_concerns
    }
}

/// Record that a participant may contact or harm somebody
///
/// It reaches the advocates of every survivor who is linked to the participant; imminent, as an emergency. Nothing of
/// theirs comes back.
#[utoipa::path(post, path = "/participants/{id}/concerns", tag = "programme")]
async fn create_participant_concern(
    call: Call<Practitioner, ParticipantId, CreateConcernBody>,
) -> Created<MadeConcernView> {
    call.once(concerns::record).await
}

/// List a participant's concerns
#[utoipa::path(get, path = "/participants/{id}/concerns", tag = "programme")]
async fn list_participant_concerns(call: Listing<ProgrammeStaff, ParticipantId>) -> Listed<ConcernView> {
    let key = |row: &ConcernRow| (row.created_at, Uuid::from(row.id));
    call.page(concerns::list, key, ConcernView::of).await
}
