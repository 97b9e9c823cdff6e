//! URLs of consent: for the survivor's app, and the lawful bases that an administrator sets.

use utoipa_actix_web::service_config::ServiceConfig;

use super::disclosures::bases::{self, DisclosurePurpose, LawfulBasisBody, LawfulBasisView};
use super::grant::{self, ConsentBody, ConsentReceiptView};
use super::ledger::Scope;
use super::store::Ledger;
use super::view::{self, ConsentView};
use crate::db::OrganisationId;
use crate::http::reply::{listed, reply};
use crate::http::{Answer, Call, Listed, operations};
use crate::identity::{Admin, Staff, Survivor};
use crate::tx::Tx;

/// `/app/v1`
pub fn app(routes: &mut ServiceConfig) {
    operations! { routes: list_consents put_consent }
}

/// `/admin/v1`
pub fn admin(routes: &mut ServiceConfig) {
    operations! { routes: list_lawful_bases put_lawful_basis }
}

/// Read what you have agreed to
///
/// Always shows what is true now: an alert setting that was turned off is still on until its delay has passed.
#[utoipa::path(get, path = "/consents", tag = "consent")]
async fn list_consents(call: Call<Survivor>) -> Listed<ConsentView> {
    let Call { app, who, .. } = call;
    let (now, id, language) = (app.clock.now(), who.id, who.language);
    let (ways, can_reach_police) = (app.settings.ways, app.hooks.can_reach_police);
    let find = move |conn: &mut _| Ok((Ledger::load(conn, id)?, can_reach_police(conn, ways, id)?));
    let (ledger, is_reachable) = app.db.read(find).await?;
    listed(view::own(&ledger, (now, is_reachable), language))
}

/// Agree to something, or withdraw
///
/// Appends to the ledger and answers a receipt. Withdrawing a sharing scope bites at once. Turning an alert setting on
/// is instant; turning one off takes effect after a delay, and the advocate is notified.
#[utoipa::path(put, path = "/consents/{scope}", tag = "consent",
    params(("scope" = String, Path, description = "A scope or setting", example = "share.programme.status")))]
async fn put_consent(call: Call<Survivor, Scope, ConsentBody>) -> Answer<ConsentReceiptView> {
    let Call { app, who, path: scope, body, action, .. } = call;
    let (actor, reading) = (who.actor(), who.language);
    let put = move |tx: &mut Tx<'_>, who: &Survivor| match who.is_duress {
        true => grant::show_only(tx, who, scope, &body, reading),
        false => grant::decide(tx, who.id, scope, &body, (reading, None)),
    };
    reply(app.transact(actor, action, move |tx| tx.both(&who, who.behind(), &put)).await?)
}

/// Read on which lawful bases an organisation discloses
#[utoipa::path(get, path = "/organisations/{id}/lawful-bases", tag = "administration")]
async fn list_lawful_bases(call: Call<Admin, OrganisationId>) -> Listed<LawfulBasisView> {
    call.whole(bases::list).await
}

/// Set the lawful basis on which an organisation discloses for a purpose
///
/// Appends: what was disclosed before keeps the basis that it was disclosed on.
#[utoipa::path(put, path = "/organisations/{id}/lawful-bases/{purpose}", tag = "administration")]
async fn put_lawful_basis(
    call: Call<Admin, (OrganisationId, DisclosurePurpose), LawfulBasisBody>,
) -> Answer<LawfulBasisView> {
    call.run(|tx: &mut Tx<'_>, admin: &Staff, path: (OrganisationId, DisclosurePurpose), body: &LawfulBasisBody| {
        bases::put(tx, admin.id, path, body)
    })
    .await
}
