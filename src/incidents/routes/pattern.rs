//! Patterns over time: the survivor's own timeline, and what stands out for their side.

use actix_web::{HttpResponse, get, web};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::access;
use crate::app::App;
use crate::db::SurvivorId;
use crate::error::Result;
use crate::http::{Query, ok};
use crate::identity::{SupportStaff, Survivor};
use crate::incidents::pattern::{self, IncidentPatternView};
use crate::incidents::timeline::{self, IncidentTimelineView, TimelineQuery};
use crate::tx::Tx;

pub(super) fn app(routes: &mut ServiceConfig) {
    routes.service(get_incident_timeline);
}

pub(super) fn partner(routes: &mut ServiceConfig) {
    routes.service(get_survivor_pattern);
}

/// See your incidents over time
///
/// By day, by week and by behaviour, in your time zone. What you keep for yourself counts; what you took back does not.
#[utoipa::path(tag = "incidents", params(TimelineQuery), responses((status = 200, body = IncidentTimelineView)),
    security(("survivor" = [])), extensions(("x-who" = json!(["survivor"]))))]
#[get("/incidents/timeline")]
async fn get_incident_timeline(
    app: web::Data<App>,
    who: Survivor,
    query: Query<TimelineQuery>,
) -> Result<HttpResponse> {
    let (own, now) = (access::own(&who), app.clock.now());
    Ok(ok(app.db.read(move |conn| timeline::read(conn, &own, &query.0, now)).await?))
}

/// See what stands out among the incidents of a survivor you work with
///
/// How often and how grave, new ways of contact, steps from online to in person, behaviours by the limbs of the Protection
/// from Harassment Act 1997, s.2A(3): each with its reason and the incidents that it rests on. A pattern that software
/// computed: a reason to look, not a finding. Not to be raised in a session with the participant.
#[utoipa::path(tag = "incidents", responses((status = 200, body = IncidentPatternView)),
    params(("id" = SurvivorId, Path)), security(("staff" = [])),
    extensions(("x-who" = json!(["advocate", "supervisor"]))))]
#[get("/survivors/{id}/pattern")]
async fn get_survivor_pattern(
    app: web::Data<App>,
    staff: SupportStaff,
    id: web::Path<SurvivorId>,
) -> Result<HttpResponse> {
    let (caller, id) = (staff.clone(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| {
        let access = access::survivor(tx, &caller, id)?;
        pattern::pattern_of(tx.conn, &access, tx.now)
    };
    Ok(ok(app.transact(staff.actor(), "get_survivor_pattern", work).await?))
}
