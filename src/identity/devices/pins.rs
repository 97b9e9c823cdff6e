//! PINs: what unlocks a phone, what is asked for again, and what wrong ones lead to.

use garde::Validate;
use secrecy::ExposeSecret;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::crypto::Private;
use crate::crypto::password::Typed;
use crate::db::{DeviceId, SurvivorId};
use crate::error::{Code, Error, Result};
use crate::events::Event;
use crate::http::limits;
use crate::identity::model::Device;
use crate::identity::shown::{self, NOTICES_ENDED};
use crate::identity::sign_in::session::{self, TokensView};
use crate::identity::{Survivor, decoy, store};
use crate::tx::{Actor, Subject, Tx};

/// Wrong PINs in a row after which the advocate is notified, and each time as many more.
const PIN_FAILURES_TOLD: i32 = 5;

/// Four to twelve digits, of whatever script.
pub(in crate::identity) fn is_pin(text: &Private, _: &()) -> garde::Result {
    let (least, most) = (limits::PIN.least, limits::PIN.most);
    limits::refuse_unless(limits::PIN.fits(Typed::pin(text).form()), format_args!("must be {least} to {most} digits"))
}

/// Unlocking a phone.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UnlockBody {
    /// The phone's id.
    #[garde(skip)]
    device_id: DeviceId,
    /// The phone's secret.
    #[garde(skip)]
    #[schema(value_type = String, max_length = 200, example = "hfd_…")]
    device_secret: Private,
    /// The PIN.
    #[garde(skip)]
    #[schema(value_type = String, format = "typed_pin", example = "4821")]
    pin: Private,
}

/// Opens a session on an enrolled phone.
pub async fn unlock(app: &App, body: UnlockBody) -> Result<TokensView> {
    let refused = || Error::Unauthenticated(Code::Unauthenticated);
    let id = body.device_id;
    let index = app.keys.blind("device secret", body.device_secret.expose_secret().as_bytes());
    let found = app.db.read(move |conn| store::find_device(conn, id)).await?;
    let device =
        found.filter(|device| device.revoked_at.is_none() && device.secret_index == index).ok_or_else(refused)?;
    let pin = known_pin(app, Actor::Nobody, "unlock_session", &device, &body.pin).await?;
    let (phone, survivor) = (Some(device.id), device.survivor_id);
    let work = move |tx: &mut Tx<'_>| {
        note_pin(tx, &device, pin)?;
        let tokens = match pin {
            Pin::Wrong => None,
            right => Some(session::open_unlocked(tx, survivor, device.id, right == Pin::Duress)?),
        };
        if pin == Pin::Right {
            // The phone is back in the survivor's hands: notices that were ended under duress come again.
            shown::forget_shown(tx, &NOTICES_ENDED, device.id)?;
        }
        Ok((tokens, decoy::decoy_of(tx.conn, survivor)?))
    };
    let opened = app.at_pace(phone, 1, |app| async move {
        let (tokens, decoy) = app.transact(Actor::Nobody, "unlock_session", work).await?;
        ready_decoy(&app, (Actor::Nobody, "unlock_session"), survivor, (pin, decoy)).await;
        Ok::<_, Error>(tokens)
    });
    opened.await?.ok_or_else(refused)
}

/// Which PIN it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::identity) enum Pin {
    Right,
    Duress,
    Wrong,
}

/// Which PIN was given, or 429 after too many wrong ones, which are counted only against the holder of the phone's secret or
/// session, and slow nothing but further PINs on that phone. A person who is made to unlock a phone after somebody has guessed is
/// heard all the same: the duress PIN raises its alarm behind the refusal.
pub(in crate::identity) async fn known_pin(
    app: &App,
    actor: Actor,
    action: &'static str,
    device: &Device,
    pin: &Private,
) -> Result<Pin> {
    let now = app.clock.now();
    let counted = app.throttle.counted("pin", &[device.id.0.as_bytes()]);
    let (attempt, refusal) = app.throttle.take_turn(counted, now).await?;
    let found = compare(app, device, pin).await?;
    let refusal = match (refusal, found) {
        (Some(refusal), _) => refusal,
        (None, Pin::Wrong) => return attempt.failed(now).await.map(|()| found),
        (None, Pin::Right | Pin::Duress) => return attempt.succeeded(now).await.map(|()| found),
    };
    let (phone, device) = (Some(device.id), device.clone());
    let work = move |tx: &mut Tx<'_>| {
        tx.about(Subject::of("survivor", device.survivor_id));
        tx.outcome("throttled");
        alarm(tx, &device, found == Pin::Duress);
        Ok(())
    };
    app.at_pace(phone, 1, |app| async move { app.transact(actor, action, work).await }).await?;
    Err(refusal)
}

/// Sees to it, once the alarm is out, that the record which a duress PIN opens is there and that its key is in memory: whichever
/// PIN it was, so that neither this call nor the next tells by its time.
pub(in crate::identity) async fn ready_decoy(
    app: &App,
    (actor, action): (Actor, &'static str),
    survivor: SurvivorId,
    (pin, decoy): (Pin, Option<SurvivorId>),
) {
    match decoy {
        Some(decoy) => {
            if let Err(error) = app.in_emergency().with_keys(|keys| keys.ask(decoy.into())).await {
                tracing::warn!(%error, "the key of a decoy could not be fetched ahead");
            }
        }
        None if pin == Pin::Duress => decoy::make_late(app, actor, action, survivor).await,
        None => {}
    }
}

/// Compares with every PIN at once, always, so that the time taken tells nothing.
async fn compare(app: &App, device: &Device, pin: &Private) -> Result<Pin> {
    let pin = Typed::pin(pin);
    let own = app.phone_hasher.verify(&pin, Some(&device.pin_hash));
    let duress = app.phone_hasher.verify(&pin, device.duress_pin_hash.as_deref());
    let shown = app.phone_hasher.verify(&pin, device.shown_duress_pin_hash.as_deref());
    let (own, duress, shown) = tokio::try_join!(own, duress, shown)?;
    Ok(if duress.is_right() || shown.is_right() {
        Pin::Duress
    } else if own.is_right() {
        Pin::Right
    } else {
        Pin::Wrong
    })
}

/// Keeps what a PIN says, and states what it means. In the audit a duress PIN looks like any other.
pub(in crate::identity) fn note_pin(tx: &mut Tx<'_>, device: &Device, pin: Pin) -> Result<()> {
    let survivor = device.survivor_id;
    tx.about(Subject::of("survivor", survivor));
    match pin {
        Pin::Right => {
            if device.pin_failures > 0 {
                store::forget_pin_failures(tx.conn, device.id)?;
            }
            alarm(tx, device, false);
        }
        Pin::Duress => alarm(tx, device, true),
        Pin::Wrong => {
            tx.outcome("refused");
            if store::count_pin_failure(tx.conn, device.id)? % PIN_FAILURES_TOLD == 0 {
                tx.emit(Event::DeviceAtRisk { survivor, device: device.id, reason: "pin_failures" });
            }
        }
    }
    Ok(())
}

/// Raises the alarm of a duress PIN. Where a phone has one, any other PIN does as much and undoes it, so that the time taken does not
/// tell which it was.
fn alarm(tx: &mut Tx<'_>, device: &Device, is_duress: bool) {
    let pressed = Event::DuressUnlocked { survivor: device.survivor_id, device: device.id };
    match is_duress {
        true => tx.emit(pressed),
        false if device.duress_pin_hash.is_some() => tx.undone(|tx| {
            tx.emit(pressed);
            Ok(())
        }),
        false => {}
    }
}

/// Giving the PIN again.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfirmBody {
    /// The PIN.
    #[garde(skip)]
    #[schema(value_type = String, format = "typed_pin", example = "4821")]
    pin: Private,
}

/// Takes the PIN of a session that is open. The duress PIN turns the session into one under duress; nothing turns it
/// back.
pub async fn confirm(app: &App, who: &Survivor, body: ConfirmBody) -> Result<()> {
    let (id, session) = (who.device, who.session);
    let device = app.db.read(move |conn| store::find_device(conn, id)).await?.ok_or(Error::NotFound)?;
    let pin = known_pin(app, who.actor(), "confirm_session", &device, &body.pin).await?;
    let work = move |tx: &mut Tx<'_>| {
        note_pin(tx, &device, pin)?;
        if pin != Pin::Wrong {
            store::confirm_session(tx.conn, session, pin == Pin::Duress, tx.now)?;
        }
        decoy::decoy_of(tx.conn, device.survivor_id)
    };
    let decoy = app.transact(who.actor(), "confirm_session", work).await?;
    ready_decoy(app, (who.actor(), "confirm_session"), who.owner, (pin, decoy)).await;
    if pin == Pin::Wrong { Err(Error::Forbidden(Code::WrongPin)) } else { Ok(()) }
}
