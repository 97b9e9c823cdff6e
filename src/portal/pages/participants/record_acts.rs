//! What is recorded on a participant's own page: what was observed, a day of the diary, what is feared, their risk to themselves,
//! what becomes of an order; and that the participant is in the room.

use actix_web::{HttpResponse, web};

use super::acts::{ActedOn, for_participant, settle, with_record};
use crate::db::OrderId;
use crate::error::Result;
use crate::http::throttle::to_its_end;
use crate::identity::{self, ConfirmStaffBody, Practitioner, ProgrammeStaff, Staff};
use crate::orders::{self, DischargeOrderBody, NotifyOrderBody, ServeOrderBody};
use crate::participants::{self, CreateConcernBody};
use crate::portal::pages::at;
use crate::portal::pages::case::handle::{self, participant_path};
use crate::portal::pages::frame;
use crate::portal::pages::visit::{FieldShapes, Filled, Visit};
use crate::programme::{self, CreateDiaryRatingBody, CreateObservationBody, CreateOwnRiskBody};
use crate::tx::Tx;

/// Fields of a day of the diary that are no text.
const ON_CARD: FieldShapes<'static> = FieldShapes {
    ticked: &["acted_on_urge"],
    numbers: &["urge", "distress"],
    moments: &["acted_at"],
    ..FieldShapes::TEXT
};
/// Fields of an observation that are no text.
pub const ON_OBSERVATION: FieldShapes<'static> = FieldShapes { moments: &["observed_at"], ..FieldShapes::TEXT };

/// Below `/portal/participants/{reference}`
pub fn routes(routes: &mut web::ServiceConfig) {
    let of = |end: &str, deed: &'static str| at(&format!("/participants/{{reference}}{end}"), deed);
    routes
        .service(of("/observations", "create_observation").route(web::post().to(record_observation)))
        .service(of("/diary-ratings", "create_diary_rating").route(web::post().to(enter_diary_rating)))
        .service(of("/concerns", "create_participant_concern").route(web::post().to(record_concern)))
        .service(of("/own-risk", "create_own_risk").route(web::post().to(rate_own_risk)))
        .service(of("/orders/{order}/service", "create_order_service").route(web::post().to(serve_order)))
        .service(of("/orders/{order}/notification", "create_order_notification").route(web::post().to(notify_of_order)))
        .service(of("/orders/{order}/discharge", "create_order_discharge").route(web::post().to(discharge_order)))
        .service(of("/in-session", "start_in_session").route(web::post().to(start_in_session)))
        .service(of("/in-session/end", "confirm_staff_session").route(web::post().to(end_in_session)));
}

async fn record_observation(
    visit: Visit<Practitioner>,
    reference: web::Path<String>,
    form: Filled,
) -> Result<HttpResponse> {
    let body = form.read_shaped::<CreateObservationBody>(ON_OBSERVATION);
    let done = for_participant(&visit, &reference, body, programme::record_observation).await;
    settle(&visit, ActedOn::Record(reference.into_inner()), ("observation".to_owned(), form), done).await
}

async fn enter_diary_rating(
    visit: Visit<Practitioner>,
    reference: web::Path<String>,
    form: Filled,
) -> Result<HttpResponse> {
    let body = form.read_shaped::<CreateDiaryRatingBody>(ON_CARD);
    let done = for_participant(&visit, &reference, body, programme::enter_diary_rating).await;
    settle(&visit, ActedOn::Record(reference.into_inner()), ("diary".to_owned(), form), done).await
}

async fn record_concern(
    visit: Visit<Practitioner>,
    reference: web::Path<String>,
    form: Filled,
) -> Result<HttpResponse> {
    let body = form.read::<CreateConcernBody>(&["is_imminent"]);
    let done = for_participant(&visit, &reference, body, participants::record_concern).await;
    settle(&visit, ActedOn::Record(reference.into_inner()), ("fear".to_owned(), form), done).await
}

async fn rate_own_risk(
    visit: Visit<ProgrammeStaff>,
    reference: web::Path<String>,
    form: Filled,
) -> Result<HttpResponse> {
    let body = form.read::<CreateOwnRiskBody>(&[]);
    let done = for_participant(&visit, &reference, body, programme::rate_own_risk).await;
    settle(&visit, ActedOn::Record(reference.into_inner()), ("own-risk".to_owned(), form), done).await
}

async fn serve_order(
    visit: Visit<Practitioner>,
    path: web::Path<(String, String)>,
    form: Filled,
) -> Result<HttpResponse> {
    let (reference, letters) = path.into_inner();
    let (order, body) = (OrderId(handle::id(&letters)?), form.read::<ServeOrderBody>(&[]));
    let done = with_record(&visit, order, body, orders::serve_order).await;
    settle(&visit, ActedOn::Record(reference), (format!("service-{letters}"), form), done).await
}

async fn notify_of_order(
    visit: Visit<Practitioner>,
    path: web::Path<(String, String)>,
    form: Filled,
) -> Result<HttpResponse> {
    let (reference, letters) = path.into_inner();
    let (order, body) = (OrderId(handle::id(&letters)?), form.read::<NotifyOrderBody>(&[]));
    let done = with_record(&visit, order, body, orders::notify_of_order).await;
    settle(&visit, ActedOn::Record(reference), (format!("notification-{letters}"), form), done).await
}

async fn discharge_order(
    visit: Visit<Practitioner>,
    path: web::Path<(String, String)>,
    form: Filled,
) -> Result<HttpResponse> {
    let (reference, letters) = path.into_inner();
    let (order, body) = (OrderId(handle::id(&letters)?), form.read::<DischargeOrderBody>(&[]));
    let done = with_record(&visit, order, body, orders::discharge_order).await;
    settle(&visit, ActedOn::Record(reference), (format!("discharge-{letters}"), form), done).await
}

/// `POST …/in-session`: from now on the participant may look on.
async fn start_in_session(
    visit: Visit<ProgrammeStaff>,
    reference: web::Path<String>,
    _form: Filled,
) -> Result<HttpResponse> {
    let staff = visit.who.clone();
    let work = move |tx: &mut Tx<'_>| identity::start_in_session(tx, &staff).map(drop);
    visit.app.transact(visit.who.actor(), visit.deed, work).await?;
    Ok(frame::see_other(&participant_path(&reference)))
}

/// `POST …/in-session/end`: takes what signing in takes.
async fn end_in_session(
    visit: Visit<ProgrammeStaff>,
    reference: web::Path<String>,
    form: Filled,
) -> Result<HttpResponse> {
    let (app, staff) = (visit.app.clone(), Staff::clone(&visit.who));
    let done = match form.read::<ConfirmStaffBody>(&[]) {
        Ok(body) => to_its_end(async move { identity::confirm_in_session(&app, &staff, body).await }).await,
        Err(error) => Err(error),
    };
    settle(&visit, ActedOn::Record(reference.into_inner()), ("in-session-end".to_owned(), form), done).await
}
