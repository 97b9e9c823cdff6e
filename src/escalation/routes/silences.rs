//! `/partner/v1/silences` and storms: what holds notifications back.

use utoipa_actix_web::service_config::ServiceConfig;

use crate::db::SilenceId;
use crate::escalation::ladder::silences::{self, CreateSilenceBody, SilenceView, StormsView};
use crate::http::reply::{paged, reply};
use crate::http::{Answer, Call, Created, EmptyBody, Listed, Listing, operations};
use crate::identity::{Admin, Supervisor};
use crate::tx::Tx;

pub(super) fn partner(routes: &mut ServiceConfig) {
    operations! { routes:
        create_silence list_silences end_silence get_storms
    }
}

/// `/admin/v1`
pub fn admin(routes: &mut ServiceConfig) {
    operations! { routes:
        get_all_storms
    }
}

/// Silence notifications of lower alerts for a while
///
/// At most 24 hours; of one survivor, of one kind of alert, or both. Everything is still recorded, and an emergency
/// breaks through.
#[utoipa::path(post, path = "/silences", tag = "silences")]
async fn create_silence(call: Call<Supervisor, (), CreateSilenceBody>) -> Created<SilenceView> {
    call.once(silences::make).await
}

/// List silences, those that are over too
#[utoipa::path(get, path = "/silences", tag = "silences")]
async fn list_silences(call: Listing<Supervisor>) -> Listed<SilenceView> {
    let Call { app, who: staff, body: query, action, request, .. } = call;
    let (limit, after, caller) = (query.limit()?, query.after()?, staff.clone());
    let work = move |tx: &mut Tx<'_>| silences::list(tx, &caller, after, limit);
    let rows = app.transact(staff.actor(), action, work).await?;
    let now = app.clock.now();
    paged(&request, limit, rows, |row| (row.created_at, row.id.0), |row| Ok(SilenceView::of(row, now)))
}

/// End a silence early
///
/// What it held back is taken at once.
#[utoipa::path(post, path = "/silences/{id}/end", tag = "silences")]
async fn end_silence(call: Call<Supervisor, SilenceId, EmptyBody>) -> Answer<SilenceView> {
    call.once(silences::end).await
}

/// Read whether a storm of misses holds concerns back at your organisation
///
/// Many survivors who miss a check-in at once are taken for an outage: concerns are held for up to ten minutes, graver
/// alerts never.
#[utoipa::path(get, path = "/storms", tag = "silences")]
async fn get_storms(call: Call<Supervisor>) -> Answer<StormsView> {
    let Call { app, who: staff, action, .. } = call;
    let own = staff.organisation()?;
    let work = move |tx: &mut Tx<'_>| silences::storms(tx, Some(own));
    reply(app.transact(staff.actor(), action, work).await?)
}

/// Read storms of misses at every organisation
///
/// How many alerts are held back, and nothing of anybody's case.
#[utoipa::path(get, path = "/storms", tag = "silences")]
async fn get_all_storms(call: Call<Admin>) -> Answer<StormsView> {
    call.run(|tx: &mut Tx<'_>| silences::storms(tx, None)).await
}
