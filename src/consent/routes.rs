//! URLs of consent, for the survivor's app.

use actix_web::{HttpResponse, get, put, web};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::grant::{self, ConsentBody, ConsentReceiptView, PendingView};
use super::ledger::{self, Scope};
use super::store::Ledger;
use super::texts;
use crate::app::App;
use crate::db::Instant;
use crate::error::{Error, Result};
use crate::http::{Request, ok};
use crate::identity::Survivor;
use crate::tx::Tx;
use crate::words::Language;

/// `/app/v1`
pub fn app(routes: &mut ServiceConfig) {
    routes.service(list_consents).service(put_consent);
}

/// One scope or setting, as it stands now.
#[derive(Serialize, ToSchema)]
struct ConsentView {
    /// The scope or setting.
    #[schema(example = "alert.police.help_now")]
    scope: String,
    /// Whether it is on.
    granted: bool,
    /// Since when.
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<Instant>,
    /// When the agreement runs out.
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<Instant>,
    /// What is yet to take effect.
    #[serde(skip_serializing_if = "Option::is_none")]
    pending: Option<PendingView>,
    /// The version of the text to show.
    #[schema(example = "1")]
    text_version: String,
    /// The language of the text; give it back with the decision.
    #[schema(example = "en")]
    language: Language,
    /// The text to show.
    text: String,
}

/// What a session under duress is shown: the service itself, and nothing shared.
#[must_use]
pub fn decoy(enrolled_at: Instant, language: Language) -> Vec<impl Serialize> {
    let view = |scope: &Scope| {
        let is_core = *scope == Scope::ServiceCore;
        ConsentView {
            scope: scope.as_str().to_owned(),
            granted: is_core,
            since: is_core.then_some(enrolled_at),
            expires_at: ledger::expires_at(*scope, is_core, enrolled_at).filter(|_| is_core),
            pending: None,
            text_version: texts::CURRENT_VERSION.to_owned(),
            language,
            text: texts::text(*scope, texts::CURRENT_VERSION, language).unwrap_or_default(),
        }
    };
    Scope::ALL.iter().map(view).collect()
}

/// All scopes and settings.
#[derive(Serialize, ToSchema)]
struct ConsentsView {
    /// One for each.
    items: Vec<ConsentView>,
    /// Always null: there is one page.
    #[schema(required = true)]
    next_cursor: Option<String>,
}

/// See what you have agreed to
///
/// Always shows what is true now: an alert setting that was turned off is still on until its delay has passed.
#[utoipa::path(tag = "consent", responses((status = 200, body = ConsentsView)), security(("survivor" = [])),
    extensions(("x-who" = json!(["survivor"]))))]
#[get("/consents")]
async fn list_consents(app: web::Data<App>, who: Survivor) -> Result<HttpResponse> {
    let (now, id, language) = (app.clock.now(), who.id, who.language);
    let ledger = app.db.read(move |conn| Ledger::load(conn, id)).await?;
    let view = |scope: Scope| {
        let standing = ledger.standing(scope, now);
        ConsentView {
            scope: scope.as_str().to_owned(),
            granted: standing.granted,
            since: standing.since,
            expires_at: standing.expires_at,
            pending: standing.pending.map(PendingView::of),
            text_version: texts::CURRENT_VERSION.to_owned(),
            language,
            text: texts::text(scope, texts::CURRENT_VERSION, language).unwrap_or_default(),
        }
    };
    Ok(ok(ConsentsView { items: Scope::ALL.iter().copied().map(view).collect(), next_cursor: None }))
}

/// Agree to something, or withdraw
///
/// Appends to the ledger and answers a receipt. Withdrawing a sharing scope bites at once. Turning an alert setting on
/// is instant; turning one off takes effect after a delay, and the advocate is told.
#[utoipa::path(tag = "consent", request_body = ConsentBody, responses((status = 200, body = ConsentReceiptView)),
    params(("scope" = String, Path, description = "A scope or setting", example = "share.programme.status")),
    security(("survivor" = [])), extensions(("x-who" = json!(["survivor"]))))]
#[put("/consents/{scope}")]
async fn put_consent(
    app: web::Data<App>,
    who: Survivor,
    scope: web::Path<String>,
    request: Request<ConsentBody>,
) -> Result<HttpResponse> {
    let scope: Scope = scope.parse().map_err(|_| Error::NotFound)?;
    let (_, body) = request.read()?;
    let (id, is_duress, reading) = (who.id, who.is_duress, who.language);
    let work = move |tx: &mut Tx<'_>| match is_duress {
        true => grant::show_only(tx, id, scope, &body, reading),
        false => grant::decide(tx, id, scope, &body, reading),
    };
    Ok(ok(app.transact(who.actor(), "put_consent", work).await?))
}
