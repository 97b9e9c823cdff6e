//! `/partner/v1/survivors/{id}/bundles`, and the public key by which anybody verifies one.

use std::sync::Arc;

use actix_web::HttpResponse;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::access;
use crate::crypto::{Keys, PrivateText, open};
use crate::db::{BundleId, Instant, Json, OrganisationId, StaffId, SurvivorId};
use crate::error::{Error, Result};
use crate::evidence::bundle::gather::{self, BundleBody};
use crate::evidence::bundle::model::{BundlePurpose, BundleRow, Contents, ContentsItem};
use crate::evidence::bundle::{fetch, make};
use crate::evidence::model::hex;
use crate::evidence::store;
use crate::http::reply::{Reply, reply};
use crate::http::{Answer, Anyone, Call, Created, Keep, Listed, Listing, created, operations};
use crate::identity::{Staff, SupportStaff};
use crate::tx::Tx;

pub(super) fn partner(routes: &mut ServiceConfig) {
    operations! { routes: create_bundle list_bundles get_bundle get_bundle_content }
}

/// `/public/v1`
pub fn public(routes: &mut ServiceConfig) {
    operations! { routes: get_bundle_key }
}

/// A bundle that was made.
#[serde_with::skip_serializing_none]
#[derive(Serialize, ToSchema)]
struct BundleView {
    /// Id.
    id: BundleId,
    /// Its reference.
    #[schema(example = "BN-6F2K-8C3D-M")]
    reference: String,
    /// What it is for.
    purpose: BundlePurpose,
    /// What it is for, in words.
    note: Option<String>,
    /// The organisation that it is for.
    recipient_organisation_id: Option<OrganisationId>,
    /// Whom it is for, by name.
    recipient_name: Option<String>,
    /// How many files are in it.
    files: i32,
    /// What of each file is in it, and which were left out; empty for a bundle that was made before this was recorded.
    items: Vec<ContentsItem>,
    /// Whether anything in it may hold what a camera or a phone writes next to the content, such as where and when it was
    /// made. Check it before you hand it on.
    may_hold_metadata: bool,
    /// How many incidents are in it.
    incidents: i32,
    /// How long it is.
    bytes: i64,
    /// Its SHA-256, in hexadecimal digits.
    sha256: String,
    /// Who made it.
    created_by: StaffId,
    /// When.
    created_at: Instant,
    /// Until when it can be fetched; absent once its contents are destroyed.
    available_until: Option<Instant>,
}

impl BundleView {
    fn of(keys: &Keys, row: &BundleRow) -> Result<Self> {
        let contents: Option<Contents> = row.contents.as_ref().map(Json::read).transpose()?;
        let items = contents.map(|contents| contents.items).unwrap_or_default();
        Ok(Self {
            may_hold_metadata: items.iter().any(|item| item.may_hold_metadata),
            items,
            id: row.id,
            reference: row.reference.clone(),
            purpose: row.purpose,
            note: open!(keys, row.note)?.shown(),
            recipient_organisation_id: row.recipient_id,
            recipient_name: open!(keys, row.recipient_name)?.shown(),
            files: row.files,
            incidents: row.incidents,
            bytes: row.bytes,
            sha256: hex(&row.sha256),
            created_by: row.created_by,
            created_at: row.created_at,
            available_until: row.next_action_at.filter(|_| row.file_key.is_some()),
        })
    }
}

/// Create a bundle of evidence
///
/// A signed ZIP with the files, a manifest and a readable PDF. It is a disclosure, which the survivor sees, and is
/// in the custody of every file in it. A police force gets what was made visible to police, with the survivor's
/// agreement, and originals; for anybody else the survivor must have been asked, and the files are copies without what a
/// camera or a phone writes next to the content, with the hashes of both, unless originals are asked for. Files of which
/// there is no such copy are then left out, and `items` says so.
#[utoipa::path(post, path = "/survivors/{id}/bundles", tag = "evidence")]
async fn create_bundle(mut call: Call<SupportStaff, SurvivorId, BundleBody>) -> Created<BundleView> {
    let key = call.take_key()?;
    let Call { app, who: staff, path: id, body, action, .. } = call;
    let (actor, body) = (staff.actor(), Arc::new(body));
    let (asked, by) = (body.clone(), staff.clone());
    let gather = move |tx: &mut Tx<'_>| gather::gather(tx, &by, id, &asked);
    let material = app.transact(actor.clone(), "gather_bundle", gather).await?;
    let made = Arc::new(make::make(&app, material, app.clock.now()).await?);
    let kept = made.clone();
    let work = move |tx: &mut Tx<'_>| BundleView::of(tx.keys, &kept.keep(tx, &staff, &body)?);
    let answer = created(&app, actor, action, (key, Keep::Answer), work, |view, _| view).await;
    let id = made.id();
    if app.db.read(move |conn| store::bundles::is_stored(conn, id)).await.is_ok_and(|is_kept| !is_kept) {
        made.discard(&app).await;
    }
    answer.map(Reply::of)
}

/// List a survivor's bundles
///
/// What was handed to whom, and for what; newest first.
#[utoipa::path(get, path = "/survivors/{id}/bundles", tag = "evidence")]
async fn list_bundles(call: Listing<SupportStaff, SurvivorId>) -> Listed<BundleView> {
    let key = |row: &BundleRow| (row.created_at, row.id.0);
    call.page(
        |tx: &mut Tx<'_>, staff: &Staff, id: SurvivorId, after, limit| {
            let access = access::survivor(tx, staff, id)?;
            store::bundles::list(tx.conn, &access, after, limit)
        },
        key,
        BundleView::of,
    )
    .await
}

/// Read a bundle
#[utoipa::path(get, path = "/survivors/{id}/bundles/{bundle_id}", tag = "evidence")]
async fn get_bundle(call: Call<SupportStaff, (SurvivorId, BundleId)>) -> Answer<BundleView> {
    call.run(|tx: &mut Tx<'_>, staff: &Staff, (id, bundle): (SurvivorId, BundleId)| {
        let access = access::survivor(tx, staff, id)?;
        let row = store::bundles::find(tx.conn, &access, bundle)?.ok_or(Error::NotFound)?;
        BundleView::of(tx.keys, &row)
    })
    .await
}

/// Fetch a bundle
///
/// The ZIP itself, for handing over; 404 once its time is over or a file in it was removed, and where the survivor took
/// something of it back, or the agreement that it rests on. It can be made again with what is left.
#[utoipa::path(get, path = "/survivors/{id}/bundles/{bundle_id}/content", tag = "evidence",
    responses((status = 200, body = Vec<u8>, content_type = "application/zip")))]
async fn get_bundle_content(call: Call<SupportStaff, (SurvivorId, BundleId)>) -> Result<HttpResponse> {
    let app = call.app.clone();
    let work = |tx: &mut Tx<'_>, staff: &Staff, (id, bundle): (SurvivorId, BundleId)| {
        let access = access::survivor(tx, staff, id)?;
        let row = store::bundles::find(tx.conn, &access, bundle)?.ok_or(Error::NotFound)?;
        fetch::open(tx, staff, row)
    };
    Ok(call.transact(work).await?.respond(&app))
}

/// The key by which bundles of this installation are verified.
#[derive(Serialize, ToSchema)]
struct BundleKeyView {
    /// What kind of key it is.
    #[schema(example = "ed25519")]
    algorithm: &'static str,
    /// The public key, in hexadecimal digits, as `holdfast bundle verify` takes it.
    #[schema(example = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")]
    public_key: String,
    /// The same in base64.
    #[schema(example = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=")]
    public_key_base64: String,
}

/// Read the key by which bundles are verified
///
/// Compare it with the one that you were given in another way.
#[utoipa::path(get, path = "/bundle-key", tag = "reference")]
async fn get_bundle_key(call: Call<Anyone>) -> Answer<BundleKeyView> {
    let key = call.app.keys.bundle_public_key();
    reply(BundleKeyView { algorithm: "ed25519", public_key: hex(&key), public_key_base64: STANDARD.encode(key) })
}
