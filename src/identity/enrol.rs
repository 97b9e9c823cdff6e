//! A survivor's phone: enrolled once with a code from the advocate, unlocked by PIN ever after.

use garde::Validate;
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::model::{Device, EnrolmentCode, new_secret};
use super::session::{self, TokensView};
use super::{Survivor, danger_word, decoy, store};
use crate::app::App;
use crate::crypto::password::Typed;
use crate::crypto::{NewSubject, Private, SealedTable, random, seal};
use crate::db::{DeviceId, EnrolmentCodeId, Instant, StaffId, SurvivorId};
use crate::error::{Code, Error, Result};
use crate::events::Event;
use crate::http::limits;
use crate::tx::{Actor, Subject, Tx};

/// What an SOS token begins with, so that it is told from an access token without a look-up.
pub const SOS_PREFIX: &str = "sos_";
/// Hours that an enrolment code stays good.
const CODE_HOURS: i64 = 72;
/// Wrong PINs in a row after which the advocate is told, and each time as many more.
const PIN_FAILURES_TOLD: i32 = 5;

/// Enrolling a phone.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EnrolBody {
    /// The code from the advocate.
    #[garde(skip)]
    #[schema(value_type = String, max_length = 100, example = "7QX4-2M9D-KTPW")]
    code: Private,
    /// Four to twelve digits; those of another script count as these.
    #[garde(custom(is_pin))]
    #[schema(value_type = String, format = "pin", example = "4821")]
    pin: Private,
    /// A second PIN for when somebody forces you: it opens a session that looks the same, shows nothing of yours, and
    /// raises a silent emergency.
    #[garde(inner(custom(is_pin)))]
    #[schema(value_type = Option<String>, format = "pin", example = "7305")]
    #[serde(default)]
    duress_pin: Option<Private>,
    /// A word that tells the advocate it is really you; closes an emergency.
    #[garde(inner(custom(limits::line)))]
    #[schema(value_type = Option<String>, format = "line", example = "marigold")]
    #[serde(default)]
    code_word: Option<Private>,
    /// Another word, for when somebody forces you to say it: whoever hears it in the place of the code word sends help unseen.
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

fn is_pin(text: &Private, _: &()) -> garde::Result {
    let (least, most) = (limits::PIN.least, limits::PIN.most);
    limits::refuse_unless(limits::PIN.fits(Typed::pin(text).form()), format_args!("must be {least} to {most} digits"))
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
    /// Tokens of the first session.
    #[serde(flatten)]
    pub tokens: TokensView,
}

/// Makes an enrolment code for a survivor; the caller has made sure that it may.
pub fn new_code(tx: &mut Tx<'_>, survivor: SurvivorId, by: StaffId) -> Result<(String, Instant)> {
    let code = readable_code()?;
    let expires_at = tx.now.plus_hours(CODE_HOURS);
    let row = EnrolmentCode {
        id: EnrolmentCodeId::new(tx.now),
        survivor_id: survivor,
        code_index: tx.keys.blind("enrolment code", canonical(&code).as_bytes()),
        created_by: by,
        created_at: tx.now,
        expires_at,
        used_at: None,
    };
    store::insert_enrolment_code(tx.conn, row)?;
    Ok((code, expires_at))
}

/// Twelve characters of base 32: sixty random bits, readable over the telephone.
fn readable_code() -> Result<String> {
    let letters: Vec<char> = "0123456789ABCDEFGHJKMNPQRSTVWXYZ".chars().collect();
    let mut code = String::new();
    for (position, byte) in random::<12>()?.iter().enumerate() {
        if position > 0 && position % 4 == 0 {
            code.push('-');
        }
        code.push(letters.get(usize::from(byte & 31)).copied().unwrap_or('0'));
    }
    Ok(code)
}

fn canonical(code: &str) -> String {
    let letter = |c: char| match c.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    code.chars().filter(char::is_ascii_alphanumeric).map(letter).collect()
}

/// Enrols a phone and opens its first session.
pub async fn enrol(app: &App, body: EnrolBody) -> Result<EnrolledView> {
    let duress_pin = body.duress_pin.as_ref();
    let pin = Typed::pin(&body.pin);
    let duress_pin = duress_pin.map(Typed::pin);
    if duress_pin.as_ref().is_some_and(|duress| duress.form() == pin.form()) {
        return Err(Error::field("/duress_pin", "same_as_pin", "must differ from the PIN"));
    }
    let danger_word = body.danger_word.as_ref().map(Typed::word);
    let code_word = body.code_word.as_ref().map(Typed::word);
    if danger_word.as_ref().is_some_and(|danger| code_word.as_ref().is_some_and(|word| word.form() == danger.form())) {
        return Err(Error::field("/danger_word", "same_as_code_word", "must differ from the code word"));
    }
    let refused = || Error::Unauthenticated(Code::Unauthenticated);
    let (now, index) =
        (app.clock.now(), app.keys.blind("enrolment code", canonical(body.code.expose_secret()).as_bytes()));
    let found = app.db.read(move |conn| store::find_enrolment_code(conn, &index)).await?;
    let code = found.filter(|code| code.used_at.is_none() && code.expires_at > now).ok_or_else(refused)?;
    let pin_hash = app.phone_hasher.hash(&pin).await?;
    let duress_pin_hash = match &duress_pin {
        Some(pin) => Some(app.phone_hasher.hash(pin).await?),
        None => None,
    };
    let word_hash = match &code_word {
        Some(word) => Some(app.phone_hasher.hash(word).await?),
        None => None,
    };
    let danger_hash = match &danger_word {
        Some(word) => Some(app.phone_hasher.hash(word).await?),
        None => None,
    };
    let decoy = match &duress_pin {
        Some(_) => decoy::begin(app, code.survivor_id).await?,
        None => None,
    };
    let work = move |tx: &mut Tx<'_>| {
        if !store::use_enrolment_code(tx.conn, code.id, tx.now)? {
            return Err(refused());
        }
        if let Some(hash) = &word_hash {
            store::set_code_word(tx.conn, code.survivor_id, hash)?;
        }
        if let Some(hash) = &danger_hash {
            danger_word::set_first(tx, code.survivor_id, hash)?;
        }
        decoy::make(tx, code.survivor_id, decoy)?;
        add_device(tx, code.survivor_id, &body.device_name, (&pin_hash, duress_pin_hash.as_deref()))
    };
    app.transact(Actor::Nobody, "create_enrolment", work).await
}

fn add_device(
    tx: &mut Tx<'_>,
    survivor: SurvivorId,
    name: &Private,
    (pin_hash, duress_pin_hash): (&str, Option<&str>),
) -> Result<EnrolledView> {
    tx.about(Subject::of("survivor", survivor));
    let is_further = !store::list_devices(tx.conn, survivor)?.is_empty();
    let (secret, sos) = (new_secret("hfd_")?, new_secret(SOS_PREFIX)?);
    let (keys, id) = (tx.keys, DeviceId::new(tx.now));
    let new = Device::sealing(keys, survivor, id);
    let row = Device {
        id,
        survivor_id: survivor,
        name: seal!(new.name, name)?,
        secret_index: keys.blind("device secret", secret.expose_secret().as_bytes()),
        sos_index: keys.blind("sos token", sos.expose_secret().as_bytes()),
        pin_hash: pin_hash.to_owned(),
        created_at: tx.now,
        revoked_at: None,
        duress_pin_hash: duress_pin_hash.map(str::to_owned),
        pin_failures: 0,
    };
    store::insert_device(tx.conn, row)?;
    if is_further {
        tx.emit(Event::DeviceAtRisk { survivor, device: id, reason: "new_device" });
    }
    let tokens = session::open_unlocked(tx, survivor, id, false)?;
    Ok(EnrolledView {
        device_id: id,
        device_secret: secret.expose_secret().to_owned(),
        sos_token: sos.expose_secret().to_owned(),
        tokens,
    })
}

/// Whether a word is the code word that is kept of a survivor. One that an earlier version kept in another form is kept anew.
pub async fn is_code_word(app: &App, survivor: SurvivorId, word: &Private, stored: Option<&str>) -> Result<bool> {
    let typed = Typed::word(word);
    let found = app.hasher.verify(&typed, stored).await?;
    if let (Some(hash), Some(stored)) = (app.hasher.renewed(&typed, found).await?, stored) {
        let stored = stored.to_owned();
        app.db.write(move |conn| store::renew_code_word(conn, survivor, &stored, &hash)).await?;
    }
    Ok(found.is_right())
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
    let decoy = decoy_for(app, &device, pin).await;
    let work = move |tx: &mut Tx<'_>| {
        note_pin(tx, &device, pin)?;
        decoy::make(tx, device.survivor_id, decoy)?;
        match pin {
            Pin::Wrong => Ok(None),
            right => session::open_unlocked(tx, device.survivor_id, device.id, right == Pin::Duress).map(Some),
        }
    };
    app.transact(Actor::Nobody, "unlock_session", work).await?.ok_or_else(refused)
}

/// Which PIN it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pin {
    Right,
    Duress,
    Wrong,
}

/// Which PIN was given, or 429 after too many wrong ones, which are counted only against whoever holds the phone's secret or
/// session, and slow nothing but further PINs on that phone. Whoever is made to unlock a phone after somebody has guessed is
/// heard all the same: the duress PIN raises its alarm behind the refusal.
async fn known_pin(app: &App, actor: Actor, action: &'static str, device: &Device, pin: &Private) -> Result<Pin> {
    let now = app.clock.now();
    let begun = app.throttle.begin(app.throttle.counted("pin", &[device.id.0.as_bytes()]), now).await;
    if let Err(error @ (Error::Unavailable | Error::Internal(_))) = begun {
        return Err(error);
    }
    let found = compare(app, device, pin).await?;
    let refusal = match (begun, found) {
        (Err(refusal), _) => refusal,
        (Ok(attempt), Pin::Wrong) => return attempt.failed(now).await.map(|()| found),
        (Ok(attempt), Pin::Right | Pin::Duress) => return attempt.succeeded(now).await.map(|()| found),
    };
    let device = device.clone();
    let work = move |tx: &mut Tx<'_>| {
        tx.about(Subject::of("survivor", device.survivor_id));
        tx.outcome("throttled");
        if found == Pin::Duress {
            tx.emit(Event::DuressUnlocked { survivor: device.survivor_id, device: device.id });
        }
        Ok(())
    };
    app.transact(actor, action, work).await?;
    Err(refusal)
}

/// What a duress PIN that was given needs, where its decoy was not made as it was set. The alarm waits for no key: where the
/// store is away, the session opens nothing until the PIN is given again.
async fn decoy_for(app: &App, device: &Device, pin: Pin) -> Option<NewSubject<SurvivorId>> {
    match pin {
        Pin::Duress => decoy::begin(app, device.survivor_id).await.unwrap_or_default(),
        Pin::Right | Pin::Wrong => None,
    }
}

/// Compares with both PINs at once, always, so that the time taken tells nothing.
async fn compare(app: &App, device: &Device, pin: &Private) -> Result<Pin> {
    let pin = Typed::pin(pin);
    let own = app.phone_hasher.verify(&pin, Some(&device.pin_hash));
    let duress = app.phone_hasher.verify(&pin, device.duress_pin_hash.as_deref());
    let (own, duress) = tokio::try_join!(own, duress)?;
    Ok(if duress.is_right() {
        Pin::Duress
    } else if own.is_right() {
        Pin::Right
    } else {
        Pin::Wrong
    })
}

/// Keeps what a PIN says, and states what it means. In the audit a duress PIN looks like any other.
fn note_pin(tx: &mut Tx<'_>, device: &Device, pin: Pin) -> Result<()> {
    let survivor = device.survivor_id;
    tx.about(Subject::of("survivor", survivor));
    match pin {
        Pin::Right if device.pin_failures > 0 => store::set_pin_failures(tx.conn, device.id, 0)?,
        Pin::Right => {}
        Pin::Duress => tx.emit(Event::DuressUnlocked { survivor, device: device.id }),
        Pin::Wrong => {
            tx.outcome("refused");
            store::set_pin_failures(tx.conn, device.id, device.pin_failures + 1)?;
            if (device.pin_failures + 1) % PIN_FAILURES_TOLD == 0 {
                tx.emit(Event::DeviceAtRisk { survivor, device: device.id, reason: "pin_failures" });
            }
        }
    }
    Ok(())
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
    let decoy = decoy_for(app, &device, pin).await;
    let work = move |tx: &mut Tx<'_>| {
        note_pin(tx, &device, pin)?;
        decoy::make(tx, device.survivor_id, decoy)?;
        if pin != Pin::Wrong {
            store::confirm_session(tx.conn, session, pin == Pin::Duress, tx.now)?;
        }
        Ok(())
    };
    app.transact(who.actor(), "confirm_session", work).await?;
    if pin == Pin::Wrong { Err(Error::Forbidden(Code::WrongPin)) } else { Ok(()) }
}
