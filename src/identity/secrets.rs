//! Changing what a survivor knows: the PIN and the duress PIN of the phone in hand, the code word and the danger word.
//!
//! A PIN is changed at once, and the advocate is notified. A code word is changed after a delay, since it closes emergencies; so is
//! a danger word, since it is heard until then.
//! Under duress a new PIN opens what the duress PIN opens, a new duress PIN opens the same, and everything that is genuine goes on.

use garde::Validate;
use serde::Deserialize;
use utoipa::ToSchema;

use super::devices::pins::{self, Pin};
use super::model::Device;
use super::{Survivor, code_words, decoy, store};
use crate::app::App;
use crate::crypto::password::Typed;
use crate::crypto::{NewSubject, Private};
use crate::db::SurvivorId;
use crate::error::{Code, Error, Result};
use crate::events::Event;
use crate::http::limits;
use crate::tx::Tx;

/// Seconds for which a changed PIN counts as one. A new PIN is compared with the other one of the phone, so that changing it often
/// would find that one: as few may be tried as of PINs.
const CHANGE_SECONDS: i64 = 24 * 60 * 60;

/// Changing what you know. What is left out stays.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangePinBody {
    /// The PIN as it is.
    #[garde(skip)]
    #[schema(value_type = String, format = "typed_pin", example = "4821")]
    pin: Private,
    /// The PIN from now on: four to twelve digits.
    #[garde(inner(custom(pins::is_pin)))]
    #[schema(value_type = Option<String>, format = "pin", example = "6038")]
    #[serde(default)]
    new_pin: Option<Private>,
    /// The duress PIN from now on, whether or not there was one.
    #[garde(inner(custom(pins::is_pin)))]
    #[schema(value_type = Option<String>, format = "pin", example = "7305")]
    #[serde(default)]
    new_duress_pin: Option<Private>,
    /// The code word. Where one is set it counts after a day, unless the service has set another delay.
    #[garde(inner(custom(limits::line)))]
    #[schema(value_type = Option<String>, format = "line", example = "marigold")]
    #[serde(default)]
    new_code_word: Option<Private>,
    /// The danger word: said in the place of the code word, it sends help unseen. Where one is set it counts, and the one
    /// before no more, after the same delay. Nothing tells whether there is one.
    #[garde(inner(custom(limits::line)))]
    #[schema(value_type = Option<String>, format = "line", example = "juniper")]
    #[serde(default)]
    new_danger_word: Option<Private>,
}

/// What is new, hashed.
struct New {
    pin: Option<String>,
    duress_pin: Option<String>,
    code_word: Option<String>,
    danger_word: Option<String>,
    /// Whether the PIN is the one that a session under duress was shown as its other one; that opens nothing from now on.
    is_shown: bool,
    /// The record that a first duress PIN opens.
    decoy: Option<NewSubject<SurvivorId>>,
}

/// Changes them, with the PIN as it is.
///
/// # Errors
/// 403 for a wrong PIN, 429 after too many, and after ten changes in a day; 422 where both PINs, or both
/// words, would be the same.
pub async fn change(app: &App, who: &Survivor, body: ChangePinBody) -> Result<()> {
    let (id, session) = (who.device, who.session);
    let device = app.db.read(move |conn| store::find_device(conn, id)).await?.ok_or(Error::NotFound)?;
    let pin = pins::known_pin(app, who.actor(), "change_pin", &device, &body.pin).await?;
    let new = match pin {
        // A wrong PIN learns nothing of the other one.
        Pin::Wrong => Err(Error::Forbidden(Code::WrongPin)),
        Pin::Right | Pin::Duress => hashed(app, &device, who.is_under_duress(), pin, &body).await,
    };
    // What the PIN says is heard, also where what is new is refused.
    let (new, refusal) = match new {
        Ok(new) => (Some(new), None),
        Err(refusal) => (None, Some(refusal)),
    };
    let caller = who.clone();
    let work = move |tx: &mut Tx<'_>| {
        pins::note_pin(tx, &device, pin)?;
        if pin != Pin::Wrong {
            store::confirm_session(tx.conn, session, pin == Pin::Duress, tx.now)?;
        }
        new.as_ref().map_or(Ok(()), |new| keep(tx, &caller, pin, new))?;
        decoy::decoy_of(tx.conn, device.survivor_id)
    };
    let decoy = app.transact(who.actor(), "change_pin", work).await?;
    pins::ready_decoy(app, (who.actor(), "change_pin"), who.owner, (pin, decoy)).await;
    refusal.map_or(Ok(()), Err)
}

/// Hashes what is new, and compares it: the same work for a genuine session and one under duress.
async fn hashed(app: &App, device: &Device, is_duress: bool, pin: Pin, body: &ChangePinBody) -> Result<New> {
    let typed = Typed::pin(&body.pin);
    let is_under_duress = is_duress || pin == Pin::Duress;
    let (new, new_duress) = (body.new_pin.as_ref().map(Typed::pin), body.new_duress_pin.as_ref().map(Typed::pin));
    if let Some(new_duress) = &new_duress
        && new_duress.form() == new.as_ref().unwrap_or(&typed).form()
    {
        return Err(Error::field("/new_duress_pin", "same_as_pin", "must differ from the PIN"));
    }
    let (word, danger_word) =
        (body.new_code_word.as_ref().map(Typed::word), body.new_danger_word.as_ref().map(Typed::word));
    if danger_word.as_ref().is_some_and(|danger| word.as_ref().is_some_and(|word| word.form() == danger.form())) {
        return Err(Error::field("/new_danger_word", "same_as_code_word", "must differ from the code word"));
    }
    if new.is_some() || new_duress.is_some() {
        let now = app.clock.now();
        let counted = app.throttle.counted("changed pin", &[device.id.0.as_bytes()]);
        app.throttle.begin(counted.clone(), now).await?;
        app.throttle.count(vec![(counted, CHANGE_SECONDS)], now).await?;
    }
    let mut is_shown = false;
    if let Some(new) = &new {
        // Both in either session, which takes as long so.
        is_shown = app.phone_hasher.verify(new, device.shown_duress_pin_hash.as_deref()).await?.is_right();
        let is_duress_pin = app.phone_hasher.verify(new, device.duress_pin_hash.as_deref()).await?.is_right();
        // Under duress never by the survivor's own: what is refused would give it away.
        let is_other = if is_under_duress { is_shown } else { is_duress_pin };
        if is_other && new_duress.is_none() {
            return Err(Error::field("/new_pin", "same_as_pin", "must differ from the other PIN"));
        }
    }
    let decoy = match new_duress.is_some() && !is_duress && pin == Pin::Right {
        true => decoy::begin(app, device.survivor_id).await?,
        false => None,
    };
    Ok(New {
        is_shown,
        decoy,
        pin: hash_pin(app, device, is_under_duress, new).await?,
        duress_pin: hash_pin(app, device, is_under_duress, new_duress).await?,
        code_word: hash(app, word).await?,
        danger_word: hash(app, danger_word).await?,
    })
}

/// Hashes a new PIN, where it may be kept. Under duress the survivor's own would open the decoy from then on: it is not, at the same
/// cost and with the same answer.
async fn hash_pin(app: &App, device: &Device, is_under_duress: bool, typed: Option<Typed>) -> Result<Option<String>> {
    let Some(typed) = typed else { return Ok(None) };
    let is_own = app.phone_hasher.verify(&typed, Some(&device.pin_hash)).await?.is_right();
    let hash = app.phone_hasher.hash(&typed).await?;
    Ok((!is_under_duress || !is_own).then_some(hash))
}

async fn hash(app: &App, typed: Option<Typed>) -> Result<Option<String>> {
    match typed {
        Some(typed) => app.phone_hasher.hash(&typed).await.map(Some),
        None => Ok(None),
    }
}

fn keep(tx: &mut Tx<'_>, who: &Survivor, pin: Pin, new: &New) -> Result<()> {
    let (survivor, device) = (who.owner, who.device);
    decoy::make(tx, survivor, new.decoy)?;
    if who.is_under_duress() || pin == Pin::Duress {
        tx.outcome("shown_only");
        if pin != Pin::Duress {
            tx.emit(Event::DuressUnlocked { survivor, device });
        }
        if let Some(hash) = &new.pin {
            store::set_duress_pin(tx.conn, device, hash)?;
        }
        return match &new.duress_pin {
            Some(hash) => store::set_shown_duress_pin(tx.conn, device, Some(hash)),
            None => Ok(()),
        };
    }
    if let Some(hash) = &new.pin {
        store::set_pin(tx.conn, device, hash)?;
        if new.is_shown {
            store::set_shown_duress_pin(tx.conn, device, None)?;
        }
        tx.emit(Event::DeviceAtRisk { survivor, device, reason: "pin_changed" });
    }
    if let Some(hash) = &new.duress_pin {
        store::set_duress_pin(tx.conn, device, hash)?;
        store::set_shown_duress_pin(tx.conn, device, None)?;
        tx.emit(Event::DeviceAtRisk { survivor, device, reason: "duress_pin_changed" });
    }
    if let Some(hash) = &new.code_word {
        code_words::change(tx, (survivor, device), (hash, false))?;
        tx.emit(Event::DeviceAtRisk { survivor, device, reason: "code_word_changed" });
    }
    if let Some(hash) = &new.danger_word {
        code_words::change(tx, (survivor, device), (hash, true))?;
        tx.emit(Event::DeviceAtRisk { survivor, device, reason: "danger_word_changed" });
    }
    Ok(())
}
