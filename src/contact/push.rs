//! A phone's push address: told by the phone itself, ended by it, by the provider, or with the phone.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use garde::Validate;
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::model::{PushKind, PushRow};
use super::store;
use crate::crypto::{Keys, Private, SealedTable, open, seal};
use crate::db::{DbConn, DeviceId, Instant, PushRegistrationId, SurvivorId};
use crate::error::{Error, Result};
use crate::http::limits;
use crate::identity::{self, NOTICES_ENDED, ShownAct, Survivor};
use crate::notify::{self, Destination};
use crate::outgoing::guard;
use crate::tx::{Subject, Tx};

/// A push subscription, as the phone has it from its push service.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SubscriptionBody {
    /// Where to post.
    #[garde(skip)]
    #[schema(value_type = String, max_length = 2048, example = "https://push.example.org/send/abc")]
    pub endpoint: Private,
    /// Its keys.
    #[garde(dive)]
    pub keys: SubscriptionKeys,
}

/// The keys of a push subscription, in base64url.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SubscriptionKeys {
    /// The phone's public key.
    #[garde(skip)]
    #[schema(value_type = String, max_length = 100)]
    pub p256dh: Private,
    /// The phone's authentication secret.
    #[garde(skip)]
    #[schema(value_type = String, max_length = 40)]
    pub auth: Private,
}

/// Where notices for a phone are sent.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PushBody {
    /// Who carries them.
    #[garde(skip)]
    pub kind: PushKind,
    /// The token, for `fcm` and `apns`.
    #[garde(skip)]
    #[schema(value_type = Option<String>, format = "push_token")]
    #[serde(default)]
    pub token: Option<Private>,
    /// The subscription, for `web_push`.
    #[garde(dive)]
    #[serde(default)]
    pub subscription: Option<SubscriptionBody>,
}

/// Where notices for a phone are sent now.
#[derive(Debug, Serialize, ToSchema)]
pub struct PushView {
    /// Who carries them.
    pub kind: PushKind,
    /// Since when.
    pub registered_at: Instant,
    /// Whether this installation has that provider: where it has not, nothing comes.
    pub available: bool,
}

/// A registration as it is sealed.
#[derive(Deserialize)]
struct Subscription {
    endpoint: Private,
    p256dh: Private,
    auth: Private,
}

/// Registers the caller's own phone, in the place of what was known of it.
pub fn register(tx: &mut Tx<'_>, who: &Survivor, device: DeviceId, body: &PushBody) -> Result<PushView> {
    own(who, device)?;
    let text = text_of(tx, body)?;
    let available = notify::has_provider(tx.settings, body.kind.channel());
    let view = PushView { kind: body.kind, registered_at: tx.now, available };
    tx.about(Subject::of("device", device));
    if who.is_under_duress() {
        // Only shown as done, and at the same cost: notices go on to where the survivor had them.
        tx.undone(|tx| keep(tx, who, (device, body.kind), &text));
        identity::forget_shown(tx, &[ShownAct::Mute], device)?;
    } else {
        keep(tx, who, (device, body.kind), &text)?;
    }
    Ok(view)
}

fn keep(tx: &mut Tx<'_>, who: &Survivor, (device, kind): (DeviceId, PushKind), text: &Private) -> Result<()> {
    store::end_push_of(tx.conn, device, "replaced", tx.now)?;
    let id = PushRegistrationId::new(tx.now);
    let new = PushRow::sealing(tx.keys, who.id, id);
    let row = PushRow {
        id,
        device_id: device,
        survivor_id: who.id,
        kind,
        token: seal!(new.token, text)?,
        created_at: tx.now,
        ended_at: None,
        ended_why: None,
    };
    store::insert_push(tx.conn, row)
}

/// Ends the registration of the caller's own phone; nothing happens where there is none.
pub fn unregister(tx: &mut Tx<'_>, who: &Survivor, device: DeviceId) -> Result<()> {
    own(who, device)?;
    tx.about(Subject::of("device", device));
    if who.is_under_duress() {
        // The registration stays, and nothing goes there until the survivor's own PIN unlocks the phone.
        return identity::show_last(tx, who.owner, (ShownAct::Mute, [ShownAct::Mute].as_slice()), device);
    }
    store::end_push_of(tx.conn, device, "removed", tx.now).map(drop)
}

fn own(who: &Survivor, device: DeviceId) -> Result<()> {
    if who.device == device { Ok(()) } else { Err(Error::NotFound) }
}

/// What is sealed: the token, or the subscription as JSON.
fn text_of(tx: &Tx<'_>, body: &PushBody) -> Result<Private> {
    match (body.kind, &body.token, &body.subscription) {
        (PushKind::WebPush, None, Some(subscription)) => subscription_text(tx, subscription),
        (PushKind::Fcm | PushKind::Apns, Some(token), None) => {
            let text = token.expose_secret();
            let is_hex = text.bytes().all(|byte| byte.is_ascii_hexdigit());
            if limits::PUSH_TOKEN.fits(text) && (is_hex || body.kind == PushKind::Fcm) {
                return Ok(token.clone());
            }
            Err(Error::field("/token", "not_allowed", "this is no token of that provider"))
        }
        (PushKind::WebPush, ..) => {
            Err(Error::field("/subscription", "missing", "web_push takes a subscription and no token"))
        }
        _ => Err(Error::field("/token", "missing", "this kind takes a token and no subscription")),
    }
}

fn subscription_text(tx: &Tx<'_>, body: &SubscriptionBody) -> Result<Private> {
    let loopback = tx.settings.ways.loopback;
    let url = guard::check_url(body.endpoint.expose_secret(), loopback)
        .map_err(|why| Error::field("/subscription/endpoint", why.code(), "this is no address of a push service"))?;
    let length = |text: &Private| URL_SAFE_NO_PAD.decode(text.expose_secret().trim_end_matches('=')).map(|b| b.len());
    if length(&body.keys.p256dh) != Ok(65) || length(&body.keys.auth) != Ok(16) {
        return Err(Error::field("/subscription/keys", "not_allowed", "these are no keys of a push subscription"));
    }
    let text = json!({"endpoint": url.as_str(), "p256dh": body.keys.p256dh.expose_secret(),
        "auth": body.keys.auth.expose_secret()});
    Ok(Private::from(text.to_string()))
}

/// The live registrations of the phones that are in use and whose provider is there, but for those whose notices a session under
/// duress was shown as ended: another one that came all the same would tell.
pub fn reachable(
    conn: &mut DbConn,
    settings: &crate::config::Settings,
    survivor: SurvivorId,
    now: Instant,
) -> Result<Vec<PushRow>> {
    let mut rows = store::list_push(conn, survivor)?;
    if rows.is_empty() {
        return Ok(rows);
    }
    let phones = identity::list_live_devices(conn, survivor, now)?;
    let muted = identity::list_shown(conn, survivor, &NOTICES_ENDED)?;
    rows.retain(|row| {
        let is_muted = muted.iter().any(|(subject, _)| subject.0 == row.device_id.0);
        !is_muted && phones.contains(&row.device_id) && notify::has_provider(settings, row.kind.channel())
    });
    Ok(rows)
}

/// The address of a registration.
pub fn address(keys: &Keys, row: &PushRow) -> Result<Destination> {
    let text = open!(keys, row.token)?;
    if row.kind != PushKind::WebPush {
        return Ok(Destination::DeviceToken(text));
    }
    let Subscription { endpoint, p256dh, auth } = serde_json::from_str(text.expose_secret())?;
    Ok(Destination::WebPush { endpoint, p256dh, auth })
}
