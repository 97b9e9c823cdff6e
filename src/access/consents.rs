//! What a survivor agreed to, for the staff of their side; and recording what they decided and could not, or did not want to,
//! say on a phone.
//!
//! The ledger's rules are the survivor's own: nothing can be agreed to or withdrawn here that they could not themselves,
//! and turning an alert setting off takes as long. The survivor sees that staff recorded it, when and how.

use garde::Validate;
use serde::Deserialize;
use utoipa::ToSchema;

use super::proof;
use crate::consent::{self, ConsentBody, ConsentReceiptView, Ledger, RecordedHow, Scope, SurvivorConsentView};
use crate::db::{OrganisationId, SurvivorId};
use crate::error::{Error, Result};
use crate::http::limits;
use crate::identity::{self, Staff};
use crate::tx::Tx;
use crate::words::Language;

/// What a survivor decided, as they reported it.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordConsentBody {
    /// The scope or setting.
    #[garde(length(max = limits::SCOPE.most))]
    #[schema(format = "scope", example = "share.programme.status")]
    scope: String,
    /// On or off.
    #[garde(skip)]
    granted: bool,
    /// The version of the text that was read to them.
    #[garde(custom(limits::code))]
    #[schema(format = "code", example = "1")]
    text_version: String,
    /// The language that it was read in, `en` or `cy`; without it, the one that they read.
    #[garde(inner(custom(limits::slug)))]
    #[schema(format = "slug", example = "cy")]
    #[serde(default)]
    language: Option<String>,
    /// For one organisation; without it, for every linked organisation of that kind.
    #[garde(skip)]
    #[serde(default)]
    recipient_organisation_id: Option<OrganisationId>,
    /// How they reported it.
    #[garde(skip)]
    how: RecordedHow,
}

/// The language that a survivor reads.
fn reading(tx: &mut Tx<'_>, survivor: SurvivorId) -> Result<Language> {
    let row = identity::find_survivor(tx.conn, survivor)?.ok_or(Error::NotFound)?;
    Ok(Language::of(&row.language))
}

/// What a survivor agreed to, as it is now.
pub fn list(tx: &mut Tx<'_>, staff: &Staff, id: SurvivorId) -> Result<Vec<SurvivorConsentView>> {
    let access = proof::survivor(tx, staff, id)?;
    let (ledger, language) = (Ledger::load(tx.conn, access.id())?, reading(tx, id)?);
    let is_reachable = (tx.hooks.can_reach_police)(tx.conn, tx.settings.ways, access.id())?;
    Ok(consent::for_staff(&ledger, (tx.now, is_reachable), language))
}

/// Records what a survivor decided.
///
/// # Errors
/// 404 for another's survivor, 422 for an unknown scope, text or organisation.
pub fn record(tx: &mut Tx<'_>, staff: &Staff, id: SurvivorId, body: &RecordConsentBody) -> Result<ConsentReceiptView> {
    let access = proof::survivor(tx, staff, id)?;
    let unknown = |_| Error::field("/scope", "unknown", "there is no such scope or setting");
    let scope: Scope = body.scope.parse().map_err(unknown)?;
    let said = ConsentBody {
        granted: body.granted,
        text_version: body.text_version.clone(),
        language: body.language.clone(),
        recipient_organisation_id: body.recipient_organisation_id,
    };
    let language = reading(tx, id)?;
    consent::decide(tx, access.id(), scope, &said, (language, Some(body.how)))
}
