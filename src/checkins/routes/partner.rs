//! `/partner/v1/survivors/{id}/check-ins`: staff of the survivor's side read, record and review.

use utoipa_actix_web::service_config::ServiceConfig;

use crate::access;
use crate::checkins::answer::{self, CreateCheckInBody, Given, Submitted, SubmittedView};
use crate::checkins::model::{CheckIn, CheckInsQuery};
use crate::checkins::questions::{self, CreateQuestionBody, QuestionView};
use crate::checkins::review::{self, CreateReviewBody, ReviewView};
use crate::checkins::{CheckInView, store};
use crate::db::{CheckInId, QuestionId, SurvivorId};
use crate::error::Error;
use crate::http::{Call, Created, Done, Listed, Query, operations};
use crate::identity::{Advocate, Staff, SupportStaff};
use crate::tx::{Raised, Tx};

pub(super) fn routes(routes: &mut ServiceConfig) {
    operations! { routes:
        list_survivor_check_ins record_check_in list_check_in_reviews create_check_in_review list_questions
        create_question retire_question
    }
}

/// List a survivor's check-ins
///
/// Newest first. `state=missed` lists those that nobody answered in time and nobody has resolved.
#[utoipa::path(get, path = "/survivors/{id}/check-ins", tag = "check-ins")]
async fn list_survivor_check_ins(call: Call<SupportStaff, SurvivorId, Query<CheckInsQuery>>) -> Listed<CheckInView> {
    let now = call.app.clock.now();
    let key = |row: &CheckIn| (row.happened_at, row.id.0);
    call.page(review::list, key, |keys, row| CheckInView::of_for_staff(keys, row, now)).await
}

/// Record a check-in for a survivor
///
/// What the survivor reported to you, where they have no phone that is safe to use. Answers the one that is open, else it is
/// unscheduled.
#[utoipa::path(post, path = "/survivors/{id}/check-ins", tag = "check-ins")]
async fn record_check_in(call: Call<Advocate, SurvivorId, CreateCheckInBody>) -> Created<SubmittedView> {
    let clock = call.app.clock.clone();
    let work = |tx: &mut Tx<'_>, staff: &Staff, id: SurvivorId, body: &CreateCheckInBody| {
        access::survivor(tx, staff, id)?;
        answer::record_for(tx, staff.id, id, &Given::from(body.clone()))
    };
    let view = move |kept: Submitted, raised: &[Raised]| SubmittedView::of(&kept, clock.now(), raised);
    call.once_as(work, view).await
}

/// Read what was done with a check-in
#[utoipa::path(get, path = "/survivors/{id}/check-ins/{check_in_id}/reviews", tag = "check-ins")]
async fn list_check_in_reviews(call: Call<SupportStaff, (SurvivorId, CheckInId)>) -> Listed<ReviewView> {
    call.whole_of(
        |tx: &mut Tx<'_>, staff: &Staff, (id, check_in): (SurvivorId, CheckInId)| {
            let access = access::survivor(tx, staff, id)?;
            store::find_check_in(tx.conn, access.id(), check_in)?.ok_or(Error::NotFound)?;
            store::list_reviews(tx.conn, &access, check_in)
        },
        |row| row.id.0,
        ReviewView::of,
    )
    .await
}

/// Start or complete a review, annotate, or resolve a missed check-in
///
/// Resolving a check-in closes no alert.
#[utoipa::path(post, path = "/survivors/{id}/check-ins/{check_in_id}/reviews", tag = "check-ins")]
async fn create_check_in_review(
    call: Call<SupportStaff, (SurvivorId, CheckInId), CreateReviewBody>,
) -> Created<ReviewView> {
    call.once(review::create).await
}

/// Read the questions that a survivor's check-ins ask
#[utoipa::path(get, path = "/survivors/{id}/questions", tag = "check-ins")]
async fn list_questions(call: Call<SupportStaff, SurvivorId>) -> Listed<QuestionView> {
    call.whole_of(
        |tx: &mut Tx<'_>, staff: &Staff, id: SurvivorId| {
            let access = access::survivor(tx, staff, id)?;
            store::list_questions(tx.conn, access.id())
        },
        |row| row.id.0,
        QuestionView::of,
    )
    .await
}

/// Create a question of a survivor's own
///
/// At most three at a time.
#[utoipa::path(post, path = "/survivors/{id}/questions", tag = "check-ins")]
async fn create_question(call: Call<Advocate, SurvivorId, CreateQuestionBody>) -> Created<QuestionView> {
    call.once(questions::create).await
}

/// End a question
///
/// Answers that were given stay.
#[utoipa::path(delete, path = "/survivors/{id}/questions/{question_id}", tag = "check-ins")]
async fn retire_question(call: Call<Advocate, (SurvivorId, QuestionId)>) -> Done {
    call.done(questions::retire).await
}
