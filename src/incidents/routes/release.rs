//! `/app/v1/incidents/{id}/release-when`: when an incident is to be opened further.

use utoipa_actix_web::service_config::ServiceConfig;

use crate::access;
use crate::db::{DbConn, IncidentId};
use crate::error::Error;
use crate::http::reply::reply_tagged;
use crate::http::{Answer, Call, Done, Matching, operations};
use crate::identity::Survivor;
use crate::incidents::release::{self, ReleaseView, ReleaseWhenBody};
use crate::incidents::store;

pub(super) fn routes(routes: &mut ServiceConfig) {
    operations! { routes:
        get_incident_release put_incident_release delete_incident_release
    }
}

/// Read when an incident is to be opened further
///
/// `state` is `none` where you have said nothing.
#[utoipa::path(get, path = "/incidents/{id}/release-when", tag = "incidents")]
async fn get_incident_release(call: Call<Survivor, IncidentId>) -> Answer<ReleaseView> {
    let Call { app, who, path: id, .. } = call;
    let own = access::own(&who);
    let read = move |conn: &mut DbConn| {
        let reported = store::find_shown(conn, &own, id)?.ok_or(Error::NotFound)?;
        store::find_release(conn, reported.incident.id)
    };
    let view = ReleaseView::of(app.db.read(read).await?.as_ref());
    reply_tagged(view.version, view)
}

/// Set when an incident is to be opened further
///
/// After check-ins that you missed in a row, from an alert of a level on, or at a moment: whichever comes first. It is
/// reported to your advocate when that happens. You may change it until then.
#[utoipa::path(put, path = "/incidents/{id}/release-when", tag = "incidents")]
async fn put_incident_release(call: Call<Survivor, IncidentId, Matching<ReleaseWhenBody>>) -> Answer<ReleaseView> {
    call.tagged(release::set, |view| view.version).await
}

/// Cancel that an incident is to be opened further
///
/// 409 where nothing waits.
#[utoipa::path(delete, path = "/incidents/{id}/release-when", tag = "incidents")]
async fn delete_incident_release(call: Call<Survivor, IncidentId>) -> Done {
    call.done(release::cancel).await
}
