//! URLs of what is recorded of a participant, for the programme's staff.

use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::db::{NoticeId, ParticipantId};
use crate::http::reply::paged;
use crate::http::{Answer, Call, Created, EmptyBody, Listed, Listing, Query, operations};
use crate::identity::{Practitioner, ProgrammeStaff, Supervisor};
use crate::programme::record::diary::{self, CreateDiaryRatingBody, DiaryRatingView, MadeDiaryRatingView};
use crate::programme::record::formulation::{self, CreateFormulationBody, FormulationView, MadeFormulationView};
use crate::programme::record::notes::{self, CreatePracticeNoteBody, MadePracticeNoteView, PracticeNoteView};
use crate::programme::record::notices::{self, NoticeView, NoticesQuery};
use crate::programme::record::observations::{self, CreateObservationBody, MadeObservationView, ObservationView};
use crate::programme::record::own_risk::{self, CreateOwnRiskBody, MadeOwnRiskView, OwnRiskView};
use crate::programme::record::{DiaryRow, FormulationRow, NoticeRow, ObservationRow, OwnRiskRow, PracticeNoteRow};

pub(super) fn routes(routes: &mut ServiceConfig) {
    operations! { routes:
        create_diary_rating list_diary_ratings create_observation list_observations create_formulation
        list_formulations create_own_risk list_own_risk create_practice_note list_practice_notes list_notices
        acknowledge_notice
    }
}

/// Record a diary rating
///
/// What the participant's diary card says of a day. An urge that was acted on is laid beside incidents in the case
/// view.
#[utoipa::path(post, path = "/participants/{id}/diary-ratings", tag = "programme")]
async fn create_diary_rating(
    call: Call<Practitioner, ParticipantId, CreateDiaryRatingBody>,
) -> Created<MadeDiaryRatingView> {
    call.once(diary::enter).await
}

/// List a participant's diary ratings
///
/// The latest entered first.
#[utoipa::path(get, path = "/participants/{id}/diary-ratings", tag = "programme")]
async fn list_diary_ratings(call: Listing<ProgrammeStaff, ParticipantId>) -> Listed<DiaryRatingView> {
    call.page(diary::list, DiaryRow::cursor, DiaryRatingView::of).await
}

/// Record an observation
///
/// In a session or elsewhere.
#[utoipa::path(post, path = "/participants/{id}/observations", tag = "programme")]
async fn create_observation(
    call: Call<Practitioner, ParticipantId, CreateObservationBody>,
) -> Created<MadeObservationView> {
    call.once(observations::record).await
}

/// List what was observed of a participant
///
/// The latest observed first.
#[utoipa::path(get, path = "/participants/{id}/observations", tag = "programme")]
async fn list_observations(call: Listing<ProgrammeStaff, ParticipantId>) -> Listed<ObservationView> {
    call.page(observations::list, ObservationRow::cursor, ObservationView::of).await
}

/// Create a formulation
///
/// Why this participant stalks, and which type of stalker that is (Mullen et al. 1999), in place of the one before.
#[utoipa::path(post, path = "/participants/{id}/formulations", tag = "programme")]
async fn create_formulation(
    call: Call<Practitioner, ParticipantId, CreateFormulationBody>,
) -> Created<MadeFormulationView> {
    call.once(formulation::write).await
}

/// List the versions of a participant's formulation
///
/// The latest first: that one counts.
#[utoipa::path(get, path = "/participants/{id}/formulations", tag = "programme")]
async fn list_formulations(call: Listing<ProgrammeStaff, ParticipantId>) -> Listed<FormulationView> {
    let key = |row: &FormulationRow| (row.created_at, Uuid::from(row.id));
    call.page(formulation::list, key, FormulationView::of).await
}

/// Rate a participant's risk to themselves
///
/// Anybody who works with them raises it; lowering it needs a reason, and a high one is reported to their supervisor.
#[utoipa::path(post, path = "/participants/{id}/own-risk", tag = "programme")]
async fn create_own_risk(call: Call<ProgrammeStaff, ParticipantId, CreateOwnRiskBody>) -> Created<MadeOwnRiskView> {
    call.once(own_risk::rate).await
}

/// List the ratings of a participant's risk to themselves
///
/// The latest first: that one counts. Without any, nobody has assessed it.
#[utoipa::path(get, path = "/participants/{id}/own-risk", tag = "programme")]
async fn list_own_risk(call: Listing<ProgrammeStaff, ParticipantId>) -> Listed<OwnRiskView> {
    let key = |row: &OwnRiskRow| (row.created_at, Uuid::from(row.id));
    call.page(own_risk::list, key, OwnRiskView::of).await
}

/// Create a note of consultation or of clinical supervision
///
/// Notes of the consultation team are for all who work with the participant, those of supervision for you and the
/// supervisor alone.
#[utoipa::path(post, path = "/participants/{id}/practice-notes", tag = "programme")]
async fn create_practice_note(
    call: Call<ProgrammeStaff, ParticipantId, CreatePracticeNoteBody>,
) -> Created<MadePracticeNoteView> {
    call.once(notes::write).await
}

/// List the notes about a participant that you may read
///
/// The latest first.
#[utoipa::path(get, path = "/participants/{id}/practice-notes", tag = "programme")]
async fn list_practice_notes(call: Listing<ProgrammeStaff, ParticipantId>) -> Listed<PracticeNoteView> {
    let key = |row: &PracticeNoteRow| (row.created_at, Uuid::from(row.id));
    call.page(notes::list, key, PracticeNoteView::of).await
}

/// List what waits for you as a supervisor of the programme
///
/// Wordings to check, goals to approve, participants who may harm themselves: what nobody has taken up, the latest first.
#[utoipa::path(get, path = "/notices", tag = "programme")]
async fn list_notices(call: Call<Supervisor, (), Query<NoticesQuery>>) -> Listed<NoticeView> {
    let request = call.request.clone();
    let ((rows, references), limit) = call.list(notices::list).await?;
    let key = |row: &NoticeRow| (row.created_at, Uuid::from(row.id));
    paged(&request, limit, rows, key, |row| {
        let participant_reference = references.get(&row.participant_id).cloned();
        Ok(NoticeView { participant_reference, ..NoticeView::of(&row) })
    })
}

/// Acknowledge what waits for you as a supervisor of the programme
#[utoipa::path(post, path = "/notices/{id}/acknowledge", tag = "programme")]
async fn acknowledge_notice(call: Call<Supervisor, NoticeId, EmptyBody>) -> Answer<NoticeView> {
    call.run(notices::acknowledge).await
}
