//! `/partner/v1/survivors/{id}/evidence`: what a survivor made visible to their own side. The programme's side has no
//! address here at all.

use actix_web::{HttpRequest, HttpResponse};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::access;
use crate::app::App;
use crate::db::{EvidenceId, SurvivorId};
use crate::error::Result;
use crate::evidence::acts::FileStanding;
use crate::evidence::fate::{self, DecideSealedBody, DestroyEvidenceBody, RestoreEvidenceBody, SealEvidenceBody};
use crate::evidence::hold::{self, HoldBody, HoldView, PlaceHoldBody};
use crate::evidence::model::Evidence;
use crate::evidence::read::{self, Copy};
use crate::evidence::upload::range::AskedRange;
use crate::evidence::view::{EvidenceDetailView, EvidenceView};
use crate::evidence::{EvidenceQuery, custody, store};
use crate::http::reply::paged;
use crate::http::{Answer, Call, Created, EmptyBody, Listed, Query, operations};
use crate::identity::{Staff, Supervisor, SupportStaff};
use crate::incidents::Visibility;
use crate::transitions::ActionsView;
use crate::tx::Tx;

pub(super) fn partner(routes: &mut ServiceConfig) {
    operations! { routes:
        list_survivor_evidence get_survivor_evidence get_survivor_evidence_content get_survivor_evidence_display
        get_survivor_evidence_actions create_evidence_hold approve_evidence_hold renew_evidence_hold
        release_evidence_hold restore_survivor_evidence create_evidence_destruction approve_evidence_destruction
        seal_survivor_evidence decide_sealed_evidence
    }
}

/// List a survivor's files
///
/// Those of incidents that the survivor made visible to their own side, and those of none unless they kept them private;
/// newest first.
#[utoipa::path(get, path = "/survivors/{id}/evidence", tag = "evidence")]
async fn list_survivor_evidence(call: Call<SupportStaff, SurvivorId, Query<EvidenceQuery>>) -> Listed<EvidenceView> {
    let Call { app, who: staff, path: id, body: query, action, request, .. } = call;
    let ((incident, after, limit), actor) = (query.read()?, staff.actor());
    let work = move |tx: &mut Tx<'_>| {
        let access = access::survivor(tx, &staff, id)?;
        read::page_visible(tx.conn, &access, incident, after, limit)
    };
    let files = app.transact(actor, action, work).await?;
    paged(&request, limit, files, |file| (file.created_at, file.id.0), |file| Ok(EvidenceView::of(&file)))
}

/// Read a survivor's file, its custody and its holds
#[utoipa::path(get, path = "/survivors/{id}/evidence/{evidence_id}", tag = "evidence")]
async fn get_survivor_evidence(call: Call<SupportStaff, (SurvivorId, EvidenceId)>) -> Answer<EvidenceDetailView> {
    call.run(|tx: &mut Tx<'_>, staff: &Staff, (id, evidence): (SurvivorId, EvidenceId)| {
        let access = access::survivor(tx, staff, id)?;
        let file = read::find_visible(tx, &access, Visibility::Advocate, evidence)?;
        let holds = store::list_holds(tx.conn, file.id)?;
        let now = tx.now;
        let holds = holds.iter().map(|hold| HoldView::of(tx.keys, &file, hold, now));
        Ok(EvidenceDetailView {
            holds: holds.collect::<Result<_>>()?,
            custody: custody::view(tx.conn, tx.keys, &file, |_| true)?,
            evidence: EvidenceView::of(&file),
        })
    })
    .await
}

async fn send(
    app: &App,
    staff: SupportStaff,
    (id, evidence): (SurvivorId, EvidenceId),
    action: &'static str,
    (copy, http): (Copy, &HttpRequest),
) -> Result<HttpResponse> {
    let (actor, is_part) = (staff.actor(), AskedRange::is_part(http));
    let work = move |tx: &mut Tx<'_>| {
        let access = access::survivor(tx, &staff, id)?;
        read::open(tx, &access, evidence, (copy, is_part))
    };
    Ok(app.transact(actor, action, work).await?.respond_to(app, http))
}

/// Read a survivor's file
///
/// Byte for byte as it was sent, or the part that `Range` names. The read is in the file's custody, where the survivor
/// sees it, once for a player that asks for one part after another.
#[utoipa::path(get, path = "/survivors/{id}/evidence/{evidence_id}/content", tag = "evidence",
    responses((status = 200, body = Vec<u8>, content_type = "*/*"), (status = 206, body = Vec<u8>, content_type = "*/*")))]
async fn get_survivor_evidence_content(call: Call<SupportStaff, (SurvivorId, EvidenceId)>) -> Result<HttpResponse> {
    let Call { app, who, path, action, request, .. } = call;
    send(&app, who, path, action, (Copy::Original, &request)).await
}

/// Show a survivor's picture
///
/// A copy without what a camera or a phone writes beside pictures and sound. 404 where there is none; `no_display_reason`
/// of the file says why.
#[utoipa::path(get, path = "/survivors/{id}/evidence/{evidence_id}/display", tag = "evidence",
    responses((status = 200, body = Vec<u8>, content_type = "*/*"), (status = 206, body = Vec<u8>, content_type = "*/*")))]
async fn get_survivor_evidence_display(call: Call<SupportStaff, (SurvivorId, EvidenceId)>) -> Result<HttpResponse> {
    let Call { app, who, path, action, request, .. } = call;
    send(&app, who, path, action, (Copy::Display, &request)).await
}

/// Read what you can do with a survivor's file
#[utoipa::path(get, path = "/survivors/{id}/evidence/{evidence_id}/actions", tag = "evidence")]
async fn get_survivor_evidence_actions(call: Call<SupportStaff, (SurvivorId, EvidenceId)>) -> Answer<ActionsView> {
    call.run(|tx: &mut Tx<'_>, staff: &Staff, (id, evidence): (SurvivorId, EvidenceId)| {
        let access = access::survivor(tx, staff, id)?;
        let file = read::find_visible(tx, &access, Visibility::Advocate, evidence)?;
        Ok(FileStanding::of(tx.conn, &file, tx.now)?.actions(staff))
    })
    .await
}

/// A file that the caller may see now.
fn visible(tx: &mut Tx<'_>, staff: &Staff, (id, evidence): (SurvivorId, EvidenceId)) -> Result<Evidence> {
    let access = access::survivor(tx, staff, id)?;
    read::find_visible(tx, &access, Visibility::Advocate, evidence)
}

fn shown(tx: &mut Tx<'_>, staff: &Staff, path: (SurvivorId, EvidenceId)) -> Result<EvidenceView> {
    Ok(EvidenceView::of(&visible(tx, staff, path)?))
}

/// Place a legal hold on a file
///
/// For thirty days, while which the survivor cannot remove the file; their phone shows that it is held, and not why: tell them.
/// One that the survivor does not want, such as on a file that they took back, is in force once a second person has approved it.
#[utoipa::path(post, path = "/survivors/{id}/evidence/{evidence_id}/hold", tag = "evidence")]
async fn create_evidence_hold(
    call: Call<Supervisor, (SurvivorId, EvidenceId), PlaceHoldBody>,
) -> Created<EvidenceView> {
    let work = |tx: &mut Tx<'_>, staff: &Staff, path: (SurvivorId, EvidenceId), body: &PlaceHoldBody| {
        let file = visible(tx, staff, path)?;
        hold::place_hold(tx, staff, &file, body)
    };
    call.acted(work, shown).await
}

/// Approve a legal hold that the survivor does not want
///
/// As the second person: not the one who placed it.
#[utoipa::path(post, path = "/survivors/{id}/evidence/{evidence_id}/hold/approve", tag = "evidence")]
async fn approve_evidence_hold(call: Call<SupportStaff, (SurvivorId, EvidenceId), EmptyBody>) -> Answer<EvidenceView> {
    let work = |tx: &mut Tx<'_>, staff: &Staff, path: (SurvivorId, EvidenceId)| {
        let file = visible(tx, staff, path)?;
        hold::approve(tx, staff, &file)
    };
    call.acted(work, shown).await
}

/// Renew a legal hold
///
/// For thirty days from now. One that the survivor does not want is renewed by another person than the last time.
#[utoipa::path(post, path = "/survivors/{id}/evidence/{evidence_id}/hold/renew", tag = "evidence")]
async fn renew_evidence_hold(call: Call<Supervisor, (SurvivorId, EvidenceId), HoldBody>) -> Answer<EvidenceView> {
    let work = |tx: &mut Tx<'_>, staff: &Staff, path: (SurvivorId, EvidenceId), body: &HoldBody| {
        let file = visible(tx, staff, path)?;
        hold::renew(tx, staff, &file, &body.reason)
    };
    call.acted(work, shown).await
}

/// Lift a legal hold
#[utoipa::path(post, path = "/survivors/{id}/evidence/{evidence_id}/hold/release", tag = "evidence")]
async fn release_evidence_hold(call: Call<Supervisor, (SurvivorId, EvidenceId), HoldBody>) -> Answer<EvidenceView> {
    let work = |tx: &mut Tx<'_>, staff: &Staff, path: (SurvivorId, EvidenceId), body: &HoldBody| {
        let file = visible(tx, staff, path)?;
        hold::lift(tx, staff, &file, &body.reason)
    };
    call.acted(work, shown).await
}

/// Restore a file that was taken back
///
/// Once you have spoken with the survivor: it is on their screens again. Within seven days; then it is destroyed.
#[utoipa::path(post, path = "/survivors/{id}/evidence/{evidence_id}/restore", tag = "evidence")]
async fn restore_survivor_evidence(
    call: Call<SupportStaff, (SurvivorId, EvidenceId), RestoreEvidenceBody>,
) -> Answer<EvidenceView> {
    call.once_as(fate::restore, |file, _| EvidenceView::of(&file)).await
}

/// Ask for a file to be destroyed at once
///
/// For a survivor whose voice and code word you have heard: it endangers, shows a child, or is intimate. It is taken back now,
/// and another person of the survivor's side destroys it, at any hour; by time alone it is not destroyed. What was disclosed or
/// is held stays.
#[utoipa::path(post, path = "/survivors/{id}/evidence/{evidence_id}/destruction", tag = "evidence")]
async fn create_evidence_destruction(
    call: Call<SupportStaff, (SurvivorId, EvidenceId), DestroyEvidenceBody>,
) -> Created<EvidenceView> {
    let ((survivor, file), staff) = (call.path, call.who.clone());
    let may = move |tx: &mut Tx<'_>| fate::may_be_destroyed(tx, &staff, survivor, file).map(drop);
    access::hear_code_word(&call.app, &call.who, (survivor, &call.body.code_word), may).await?;
    call.once_as(fate::ask_destruction, |file, _| EvidenceView::of(&file)).await
}

/// Destroy a file at once, as the second person
///
/// Not the one who asked for it. Its key and its bytes are destroyed; its custody log stays.
#[utoipa::path(post, path = "/survivors/{id}/evidence/{evidence_id}/destruction/approve", tag = "evidence")]
async fn approve_evidence_destruction(
    call: Call<SupportStaff, (SurvivorId, EvidenceId), EmptyBody>,
) -> Answer<EvidenceView> {
    call.once_as(fate::approve_destruction, |file, _| EvidenceView::of(&file)).await
}

/// Seal a file that may be a sexual image of a child
///
/// Do not open it to make sure. From now on nobody opens, copies, bundles or destroys it; a supervisor rings the police, who
/// decide.
#[utoipa::path(post, path = "/survivors/{id}/evidence/{evidence_id}/seal", tag = "evidence")]
async fn seal_survivor_evidence(
    call: Call<SupportStaff, (SurvivorId, EvidenceId), SealEvidenceBody>,
) -> Answer<EvidenceView> {
    call.once_as(fate::seal, |file, _| EvidenceView::of(&file)).await
}

/// Record what the police decided of a sealed file
///
/// It is destroyed here, by another person than the one who sealed it and never where it was disclosed or is held; or it is
/// no such image, and is again what it was before it was sealed: kept, held, or taken back.
#[utoipa::path(post, path = "/survivors/{id}/evidence/{evidence_id}/seal/decision", tag = "evidence")]
async fn decide_sealed_evidence(
    call: Call<Supervisor, (SurvivorId, EvidenceId), DecideSealedBody>,
) -> Answer<EvidenceView> {
    call.once_as(fate::decide_sealed, |file, _| EvidenceView::of(&file)).await
}
