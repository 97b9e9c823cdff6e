//! Patterns over time: the survivor's own timeline, and what is striking for their side.

use utoipa_actix_web::service_config::ServiceConfig;

use crate::access;
use crate::db::SurvivorId;
use crate::http::reply::reply;
use crate::http::{Answer, Call, Query, operations};
use crate::identity::{Staff, SupportStaff, Survivor};
use crate::incidents::pattern::{self, IncidentPatternView};
use crate::incidents::timeline::{self, IncidentTimelineView, TimelineQuery};
use crate::tx::Tx;

pub(super) fn app(routes: &mut ServiceConfig) {
    operations! { routes:
        get_incident_timeline
    }
}

pub(super) fn partner(routes: &mut ServiceConfig) {
    operations! { routes:
        get_survivor_pattern
    }
}

/// Read your incidents over time
///
/// By day, by week and by behaviour, in your time zone. What you keep for yourself counts; what you took back does not.
#[utoipa::path(get, path = "/incidents/timeline", tag = "incidents")]
async fn get_incident_timeline(call: Call<Survivor, (), Query<TimelineQuery>>) -> Answer<IncidentTimelineView> {
    let Call { app, who, body: query, .. } = call;
    let (own, now) = (access::own(&who), app.clock.now());
    reply(app.db.read(move |conn| timeline::read(conn, &own, &query, now)).await?)
}

/// Read patterns among the incidents of a survivor you work with
///
/// How often and how grave, new ways of contact, steps from online to in person, behaviours by the limbs of the Protection
/// from Harassment Act 1997, s.2A(3): each with its reason and the incidents that it rests on. A pattern that software
/// computed: a reason to look, not a finding. Not to be raised in a session with the participant.
#[utoipa::path(get, path = "/survivors/{id}/pattern", tag = "incidents")]
async fn get_survivor_pattern(call: Call<SupportStaff, SurvivorId>) -> Answer<IncidentPatternView> {
    call.run(|tx: &mut Tx<'_>, staff: &Staff, id: SurvivorId| {
        let access = access::survivor(tx, staff, id)?;
        pattern::pattern_of(tx.conn, &access, tx.now)
    })
    .await
}
