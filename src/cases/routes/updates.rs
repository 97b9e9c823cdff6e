//! News of the programme on its way to the survivor, and what the survivor reads.

use utoipa_actix_web::service_config::ServiceConfig;

use crate::access;
use crate::cases::updates::{self, CaseUpdateView, CreateCaseUpdateBody, EndCaseUpdateBody, UpdateEvent, UpdateView};
use crate::crypto::Keys;
use crate::db::{CaseId, DbConn, ProgrammeUpdateId};
use crate::http::reply::paged;
use crate::http::{Answer, Call, Created, EmptyBody, Listed, Listing, operations};
use crate::identity::{CaseStaff, Practitioner, Staff, Supervisor, SupportStaff, Survivor};
use crate::transitions::ActionsView;
use crate::tx::Tx;

pub(super) fn app(routes: &mut ServiceConfig) {
    operations! { routes: list_updates }
}

pub(super) fn partner(routes: &mut ServiceConfig) {
    operations! { routes:
        create_case_update list_case_updates get_case_update_actions check_case_update refuse_case_update
        release_case_update decline_case_update
    }
}

/// Read what your advocate has released to you
///
/// What the police said came of an alert; and, while you agree to it, news of the programme.
#[utoipa::path(get, path = "/updates", tag = "alerts")]
async fn list_updates(call: Listing<Survivor>) -> Listed<UpdateView> {
    let Call { app, who, body: query, request, .. } = call;
    let (limit, after, access) = (query.limit()?, query.after()?, access::own(&who));
    let (now, language) = (app.clock.now(), who.language);
    let find =
        move |conn: &mut DbConn, keys: &Keys| updates::released(conn, keys, &access, (after, limit, now), language);
    let rows = app.read(find).await?;
    paged(&request, limit, rows, |(place, _)| *place, |(_, update)| update)
}

/// Propose news of the programme for the survivor
///
/// In a code, and a line where that does not say enough. A supervisor of yours checks it, the survivor's advocate
/// releases it.
#[utoipa::path(post, path = "/cases/{id}/updates", tag = "cases")]
async fn create_case_update(call: Call<Practitioner, CaseId, CreateCaseUpdateBody>) -> Created<CaseUpdateView> {
    call.once_opened(updates::propose, CaseUpdateView::of).await
}

/// List the news of a case
///
/// The survivor's side knows of it once it was checked.
#[utoipa::path(get, path = "/cases/{id}/updates", tag = "cases")]
async fn list_case_updates(call: Listing<CaseStaff, CaseId>) -> Listed<CaseUpdateView> {
    call.page(updates::list, |row| (row.proposed_at, row.id.0), CaseUpdateView::of).await
}

/// Read what you may do with an update now
#[utoipa::path(get, path = "/cases/{id}/updates/{update_id}/actions", tag = "cases")]
async fn get_case_update_actions(call: Call<CaseStaff, (CaseId, ProgrammeUpdateId)>) -> Answer<ActionsView> {
    call.run(updates::open_to).await
}

/// Confirm that an update tells no more of the participant than it must
///
/// By a supervisor of the programme who did not propose it.
#[utoipa::path(post, path = "/cases/{id}/updates/{update_id}/check", tag = "cases")]
async fn check_case_update(call: Call<Supervisor, (CaseId, ProgrammeUpdateId), EmptyBody>) -> Answer<CaseUpdateView> {
    let work = |tx: &mut Tx<'_>, staff: &Staff, path: (CaseId, ProgrammeUpdateId)| {
        updates::act(tx, staff, path, UpdateEvent::Check, None)
    };
    call.once_opened(work, CaseUpdateView::of).await
}

/// Refuse an update
#[utoipa::path(post, path = "/cases/{id}/updates/{update_id}/refuse", tag = "cases")]
async fn refuse_case_update(
    call: Call<Supervisor, (CaseId, ProgrammeUpdateId), EndCaseUpdateBody>,
) -> Answer<CaseUpdateView> {
    let work = |tx: &mut Tx<'_>, staff: &Staff, path: (CaseId, ProgrammeUpdateId), body: &EndCaseUpdateBody| {
        updates::act(tx, staff, path, UpdateEvent::Refuse, Some(&body.reason))
    };
    call.once_opened(work, CaseUpdateView::of).await
}

/// Pass an update on to the survivor
///
/// Takes their `updates.programme`.
#[utoipa::path(post, path = "/cases/{id}/updates/{update_id}/release", tag = "cases")]
async fn release_case_update(
    call: Call<SupportStaff, (CaseId, ProgrammeUpdateId), EmptyBody>,
) -> Answer<CaseUpdateView> {
    let work = |tx: &mut Tx<'_>, staff: &Staff, path: (CaseId, ProgrammeUpdateId)| {
        updates::act(tx, staff, path, UpdateEvent::Release, None)
    };
    call.once_opened(work, CaseUpdateView::of).await
}

/// Decline an update
#[utoipa::path(post, path = "/cases/{id}/updates/{update_id}/decline", tag = "cases")]
async fn decline_case_update(
    call: Call<SupportStaff, (CaseId, ProgrammeUpdateId), EndCaseUpdateBody>,
) -> Answer<CaseUpdateView> {
    let work = |tx: &mut Tx<'_>, staff: &Staff, path: (CaseId, ProgrammeUpdateId), body: &EndCaseUpdateBody| {
        updates::act(tx, staff, path, UpdateEvent::Decline, Some(&body.reason))
    };
    call.once_opened(work, CaseUpdateView::of).await
}

#[cfg(test)]
mod tests {
    use crate::cases::model::UpdateCode;
    use crate::words::{Language, find, id_of};

    #[test]
    fn every_code_of_an_update_has_its_sentence_in_both_languages() {
        for code in UpdateCode::ALL {
            for language in Language::ALL {
                assert!(find(*language, &id_of("update", code.as_str()), &[]).is_some(), "{code} in {language}");
            }
        }
    }
}
