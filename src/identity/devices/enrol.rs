//! A survivor's phone: enrolled once with a code from the advocate, unlocked by PIN ever after.
//!
//! The first phone of a record works at once; in production once the advocate has confirmed it. A further one cries for help
//! from its first second, and reads, closes and replaces nothing until somebody has confirmed it: a code that was overheard
//! opens no record.

use garde::Validate;
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::codes::canonical;
use super::pins;
use crate::app::App;
use crate::crypto::password::Typed;
use crate::crypto::{Private, SealedTable, seal};
use crate::db::DeviceId;
use crate::error::{Code, Error, Result};
use crate::events::Event;
use crate::http::limits;
use crate::identity::model::{Device, EnrolmentCode, OldPhone, new_secret};
use crate::identity::sign_in::session::{self, TokensView};
use crate::identity::{code_words, decoy, store};
use crate::tx::{Actor, Subject, Tx};

/// What an SOS token begins with, so that it is distinguished from an access token without a look-up.
pub const SOS_PREFIX: &str = "sos_";

/// Enrolling a phone.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EnrolBody {
    /// The code from the advocate.
    #[garde(skip)]
    #[schema(value_type = String, max_length = 100, example = "7QX4-2M9D-KTPW")]
    code: Private,
    /// Four to twelve digits; those of another script count as these.
    #[garde(custom(pins::is_pin))]
    #[schema(value_type = String, format = "pin", example = "4821")]
    pin: Private,
    /// A second PIN for when somebody forces you: it opens a session that looks the same, shows nothing of yours, and
    /// raises a silent emergency.
    #[garde(inner(custom(pins::is_pin)))]
    #[schema(value_type = Option<String>, format = "pin", example = "7305")]
    #[serde(default)]
    duress_pin: Option<Private>,
    /// A word that tells the advocate it is really you; closes an emergency. Where one is set already, that one stays;
    /// unless two people open the phone for you, since you could not say it.
    #[garde(inner(custom(limits::line)))]
    #[schema(value_type = Option<String>, format = "line", example = "marigold")]
    #[serde(default)]
    code_word: Option<Private>,
    /// Another word, for when somebody forces you to say it: staff who hear it in the place of the code word send help unseen.
    /// Where one is set already, that one stays.
    #[garde(inner(custom(limits::line)))]
    #[schema(value_type = Option<String>, format = "line", example = "juniper")]
    #[serde(default)]
    danger_word: Option<Private>,
    /// What to call this phone.
    #[garde(custom(limits::line))]
    #[schema(value_type = String, format = "line", example = "My phone")]
    device_name: Private,
}

/// An enrolled phone with its secrets, which are shown once.
#[derive(Serialize, ToSchema)]
pub struct EnrolledView {
    /// The phone's id.
    pub device_id: DeviceId,
    /// Proves the phone when it is unlocked.
    pub device_secret: String,
    /// May press help-now and record a concern, also while locked; reads nothing.
    pub sos_token: String,
    /// Whether this phone reads already. One that does not has to be confirmed by the service first, and until then takes
    /// check-ins, timers and new incidents.
    pub is_confirmed: bool,
    /// Tokens of the first session.
    #[serde(flatten)]
    pub tokens: TokensView,
}

/// Enrols a phone and opens its first session.
pub async fn enrol(app: &App, body: EnrolBody) -> Result<EnrolledView> {
    let (pin, duress_pin) = (Typed::pin(&body.pin), body.duress_pin.as_ref().map(Typed::pin));
    if duress_pin.as_ref().is_some_and(|duress| duress.form() == pin.form()) {
        return Err(Error::field("/duress_pin", "same_as_pin", "must differ from the PIN"));
    }
    let (word, danger_word) = (body.code_word.as_ref().map(Typed::word), body.danger_word.as_ref().map(Typed::word));
    if danger_word.as_ref().is_some_and(|danger| word.as_ref().is_some_and(|word| word.form() == danger.form())) {
        return Err(Error::field("/danger_word", "same_as_code_word", "must differ from the code word"));
    }
    let refused = || Error::Unauthenticated(Code::Unauthenticated);
    let (now, index) =
        (app.clock.now(), app.keys.blind("enrolment code", canonical(body.code.expose_secret()).as_bytes()));
    let found = app.db.read(move |conn| store::find_enrolment_code(conn, &index)).await?;
    let code = found.filter(|code| code.used_at.is_none() && code.expires_at > now).ok_or_else(refused)?;
    let hashes = Hashes {
        pin: app.phone_hasher.hash(&pin).await?,
        duress_pin: hash(app, duress_pin.as_ref()).await?,
        word: hash(app, word.as_ref()).await?,
        danger_word: hash(app, danger_word.as_ref()).await?,
    };
    let decoy = match &duress_pin {
        Some(_) => decoy::begin(app, code.survivor_id).await?,
        None => None,
    };
    let work = move |tx: &mut Tx<'_>| {
        if !store::use_enrolment_code(tx.conn, code.id, tx.now)? {
            return Err(refused());
        }
        decoy::make(tx, code.survivor_id, decoy)?;
        add_device(tx, &code, &body.device_name, &hashes)
    };
    app.transact(Actor::Nobody, "create_enrolment", work).await
}

/// What a phone brings, hashed.
struct Hashes {
    pin: String,
    duress_pin: Option<String>,
    word: Option<String>,
    danger_word: Option<String>,
}

async fn hash(app: &App, typed: Option<&Typed>) -> Result<Option<String>> {
    match typed {
        Some(typed) => app.phone_hasher.hash(typed).await.map(Some),
        None => Ok(None),
    }
}

fn add_device(tx: &mut Tx<'_>, code: &EnrolmentCode, name: &Private, hashes: &Hashes) -> Result<EnrolledView> {
    let survivor = code.survivor_id;
    tx.about(Subject::of("survivor", survivor));
    // Of two phones that are enrolled at once only one is the first.
    store::lock_survivor(tx.conn, survivor)?;
    let record = store::find_survivor(tx.conn, survivor)?;
    if record.is_none_or(|record| record.closed_at.is_some()) {
        return Err(Error::Unauthenticated(Code::Unauthenticated));
    }
    let is_first = store::list_all_devices(tx.conn, survivor)?.is_empty();
    let is_confirmed = is_first && !tx.settings.takes_two_people;
    let has_word = code_words::has_code_word(tx.conn, survivor, tx.now)?;
    let (secret, sos) = (new_secret("hfd_")?, new_secret(SOS_PREFIX)?);
    let (keys, id) = (tx.keys, DeviceId::new(tx.now));
    let new = Device::sealing(keys, survivor, id);
    let row = Device {
        id,
        survivor_id: survivor,
        name: seal!(new.name, name)?,
        secret_index: keys.blind("device secret", secret.expose_secret().as_bytes()),
        sos_index: keys.blind("sos token", sos.expose_secret().as_bytes()),
        pin_hash: hashes.pin.clone(),
        created_at: tx.now,
        revoked_at: None,
        duress_pin_hash: hashes.duress_pin.clone(),
        shown_duress_pin_hash: None,
        pin_failures: 0,
        code_word_hash: hashes.word.clone().filter(|_| has_word),
        code_by: code.created_by,
        old_phone_alone: code.old_phone_alone,
        reads_from: is_confirmed.then_some(tx.now),
        confirmed_by: None,
        confirm_asked_by: None,
        away_since: None,
        sos_ended_at: None,
        revoked_by: None,
    };
    store::insert_device(tx.conn, row)?;
    for (hash, is_danger) in [(&hashes.word, false), (&hashes.danger_word, true)] {
        if let Some(hash) = hash {
            code_words::set_first(tx, (survivor, id), hash, is_danger)?;
        }
    }
    if is_first && !is_confirmed {
        tx.emit(Event::FirstPhoneWaits { survivor, device: id });
    }
    if !is_first {
        let (code_by, is_shown) = (code.created_by, code.old_phone_alone == OldPhone::Yes);
        tx.emit(Event::PhoneEnrolled { survivor, device: id, code_by, has_word, is_shown });
        tx.emit(Event::DeviceAtRisk { survivor, device: id, reason: "new_device" });
    }
    let tokens = session::open_unlocked(tx, survivor, id, false)?;
    Ok(EnrolledView {
        device_id: id,
        device_secret: secret.expose_secret().to_owned(),
        sos_token: sos.expose_secret().to_owned(),
        is_confirmed,
        tokens,
    })
}
