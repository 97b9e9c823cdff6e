//! Phones, as far as they may send something in: unlocked or not, confirmed or not, reported lost or not.

use actix_web::dev::Payload;
use actix_web::http::Method;
use actix_web::{FromRequest, HttpRequest};

use super::{Extracting, Survivor, any_survivor, app, bearer, refused, survivor};
use crate::db::{DbConn, DeviceId, Instant, SurvivorId};
use crate::error::{Error, Result};
use crate::http::{Who, language};
use crate::identity::decoy::decoy_of;
use crate::identity::devices::enrol;
use crate::identity::store;
use crate::tx::{Actor, Behind};

/// A survivor on any phone of theirs, also on one that nobody has confirmed yet: for what a phone sends in, such as a timer or
/// a new incident. What takes it answers nothing of what was there before.
#[derive(Clone, Debug)]
pub struct Enrolled(Survivor);

impl Enrolled {
    /// The survivor who sends it.
    #[must_use]
    pub fn sender(self) -> Survivor {
        self.0
    }
}

impl FromRequest for Enrolled {
    type Error = Error;
    type Future = Extracting<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let (found, is_read) = (any_survivor(request), request.method() == Method::GET);
        Box::pin(async move {
            let found = found.await?;
            if is_read {
                found.may_read()?;
                found.may_be_shown()?;
            }
            Ok(Self(found))
        })
    }
}

impl Who for Enrolled {
    type Caller = Survivor;
    const NEEDS_KEY: bool = true;
    const SECURITY: &'static [&'static str] = &["survivor"];

    fn roles() -> Vec<&'static str> {
        vec!["survivor"]
    }

    fn actor(&self) -> Actor {
        self.0.actor()
    }

    fn caller(&self) -> &Survivor {
        &self.0
    }

    fn behind(&self) -> Option<Behind<Survivor>> {
        self.0.behind()
    }
}

/// A survivor's phone: a session, or the device's SOS token, which may write `help_now` and `concern` and read nothing.
#[derive(Clone, Debug)]
pub struct Phone {
    /// Whose record; in a session under duress the decoy's.
    pub survivor: SurvivorId,
    /// Which phone.
    pub device: DeviceId,
    /// Whether a PIN unlocked it.
    pub is_unlocked: bool,
    /// As of [`Survivor`].
    pub is_duress: bool,
    /// When it was reported lost or taken, or a newer one took its place: somebody else may hold it.
    pub reported_at: Option<Instant>,
    /// Whether nobody has confirmed it yet.
    pub is_unconfirmed: bool,
    is_trusted: bool,
    unlocked: Option<Survivor>,
}

impl Phone {
    /// Whether what it says answers a check-in, and so quietens its alarm: a session on a phone that was confirmed, and whose
    /// place no newer one took.
    #[must_use]
    pub fn answers(&self) -> bool {
        self.is_unlocked && self.is_trusted
    }

    /// Whether the PIN was given a moment ago: only then is "safe" proven.
    #[must_use]
    pub fn has_fresh_pin(&self, now: Instant) -> bool {
        self.unlocked.as_ref().is_some_and(|survivor| survivor.has_fresh_pin(now))
    }

    /// The decoy of whom this phone is: read with its session, and looked for where it has none.
    ///
    /// # Errors
    /// When the database fails.
    pub fn decoy(&self, conn: &mut DbConn) -> Result<Option<SurvivorId>> {
        match &self.unlocked {
            Some(survivor) => Ok(survivor.shadow),
            None => decoy_of(conn, self.survivor),
        }
    }

    /// This caller as an actor.
    #[must_use]
    pub fn actor(&self) -> Actor {
        match &self.unlocked {
            Some(survivor) => survivor.actor(),
            None => {
                let (id, device) = (self.survivor, self.device);
                Actor::Survivor { id, device, session: None, is_duress: false, is_paced: false }
            }
        }
    }

    /// As of [`Survivor::behind`]. The SOS token knows of no duress.
    #[must_use]
    pub fn behind(&self) -> Option<Behind<Self>> {
        let Behind { own, decoy, shadow } = self.unlocked.as_ref()?.behind()?;
        Some(Behind { own: own.into(), decoy, shadow: shadow.map(Self::from) })
    }
}

impl From<Survivor> for Phone {
    fn from(survivor: Survivor) -> Self {
        Self {
            survivor: survivor.id,
            device: survivor.device,
            is_unlocked: true,
            is_duress: survivor.is_duress,
            reported_at: survivor.away_since(),
            is_unconfirmed: survivor.is_unconfirmed(),
            is_trusted: survivor.may_read().is_ok(),
            unlocked: Some(survivor),
        }
    }
}

impl FromRequest for Phone {
    type Error = Error;
    type Future = Extracting<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let parts = app(request).and_then(|app| Ok((app, bearer(request)?)));
        let request = request.clone();
        Box::pin(async move {
            let (app, token) = parts?;
            if !token.starts_with(enrol::SOS_PREFIX) {
                return Ok(Self::from(survivor(&app, &token, &request).await?));
            }
            let now = app.clock.now();
            let index = app.keys.blind("sos token", token.as_bytes());
            let found = app.db.read(move |conn| store::find_device_by_sos(conn, &index)).await?;
            // One of a phone that was revoked goes on until the survivor has said that it may end.
            let live = found.filter(|(device, _)| device.sos_ended_at.is_none());
            let (device, recorded) = live.ok_or_else(refused)?;
            language::settle(&request, &recorded);
            Ok(Self {
                survivor: device.survivor_id,
                device: device.id,
                is_unlocked: false,
                is_duress: false,
                reported_at: device.revoked_at.or(device.away_by(now)),
                is_unconfirmed: !device.reads_at(now),
                is_trusted: false,
                unlocked: None,
            })
        })
    }
}
