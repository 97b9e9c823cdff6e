//! Making endpoints: the address is checked here, and again at each connect.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::model::{Endpoint, EndpointKey};
use super::store;
use crate::crypto::Private;
use crate::crypto::signature::SigningKey;
use crate::db::{EndpointId, EndpointKeyId, OrganisationId};
use crate::error::{Error, Result};
use crate::http::guard::{self, Loopback};
use crate::http::limits;
use crate::identity;
use crate::tx::{Subject, Tx};

/// A new endpoint.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateWebhookEndpointBody {
    /// The police force.
    #[garde(skip)]
    organisation_id: OrganisationId,
    /// Where to: https, a public address.
    #[garde(length(min = 1, max = 2048))]
    #[schema(min_length = 1, max_length = 2048, example = "https://alerts.police.example/holdfast")]
    url: String,
    /// What to call it.
    #[garde(custom(limits::plain_line))]
    #[schema(min_length = 1, max_length = 200, example = "Control room")]
    description: String,
}

/// An endpoint with its secrets, which are shown once.
#[derive(Serialize, ToSchema)]
pub struct MadeEndpointView {
    /// Its id.
    pub id: EndpointId,
    /// For verifying `v1` signatures (Standard Webhooks).
    #[schema(example = "whsec_…")]
    pub secret: String,
    /// For verifying `v1a` signatures.
    #[schema(example = "whpk_…")]
    pub public_key: String,
}

/// Makes an endpoint with a secret and a key pair of its own.
pub fn create(tx: &mut Tx<'_>, body: &CreateWebhookEndpointBody) -> Result<MadeEndpointView> {
    identity::find_police_force(tx.conn, body.organisation_id)?;
    let loopback = if tx.app.config.may_call_loopback { Loopback::Allowed } else { Loopback::Refused };
    let url = guard::check_url(&body.url, loopback).map_err(|why| Error::field("/url", why.code(), why.to_string()))?;
    let key = SigningKey::generate().map_err(|error| Error::Internal(Box::new(error)))?;
    let (id, key_id) = (EndpointId::new(tx.now), EndpointKeyId::new(tx.now));
    let row = Endpoint {
        id,
        organisation_id: body.organisation_id,
        url: url.to_string(),
        description: body.description.clone(),
        created_at: tx.now,
        disabled_at: None,
    };
    store::insert_endpoint(tx.conn, row)?;
    let seal = |column, bytes: &[u8]| {
        tx.app.keys.seal(EndpointKey::place(key_id, column), &Private::from(STANDARD.encode(bytes)))
    };
    let row = EndpointKey {
        id: key_id,
        endpoint_id: id,
        secret: seal("secret", key.secret_bytes())?,
        seed: seal("seed", key.seed_bytes())?,
        public_key: key.public_key_text(),
        created_at: tx.now,
        retires_at: None,
    };
    store::insert_key(tx.conn, row)?;
    tx.about(Subject::of("endpoint", id));
    Ok(MadeEndpointView { id, secret: key.secret_text(), public_key: key.public_key_text() })
}
