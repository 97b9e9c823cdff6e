//! The callers that a handler can ask for. Without the right credentials none of these can be had.

mod callers;
mod connected;
mod phone;

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};

use super::model::{Device, OrganisationKind, Role, SessionKind, SessionPurpose};
use super::store;
use crate::app::App;
use crate::crypto::token::{self, TokenAudience};
use crate::db::{DbConn, DeviceId, Instant, OrganisationId, PoliceClientId, SessionId, StaffId, SubjectId, SurvivorId};
use crate::error::{Code, Error, Result};
use crate::http::language;
use crate::tx::{Actor, Behind};
use crate::words::Language;

pub use connected::ConnectedStaff;
pub use phone::{Enrolled, Phone};

/// Seconds for which a PIN counts as just given.
const PIN_SECONDS: i64 = 15 * 60;

type Extracting<T> = Pin<Box<dyn Future<Output = Result<T>>>>;

fn refused() -> Error {
    Error::Unauthenticated(Code::Unauthenticated)
}

fn bearer(request: &HttpRequest) -> Result<String> {
    let mut values = request.headers().get_all(header::AUTHORIZATION);
    // A proxy in front may have read another one of several.
    let (Some(value), None) = (values.next(), values.next()) else { return Err(refused()) };
    let value = value.to_str().map_err(|_| refused())?;
    let (scheme, token) = value.split_once(' ').ok_or_else(refused)?;
    if scheme.eq_ignore_ascii_case("bearer") { Ok(token.trim().to_owned()) } else { Err(refused()) }
}

fn app(request: &HttpRequest) -> Result<App> {
    let app = request.app_data::<web::Data<App>>().ok_or_else(|| Error::internal("no application"))?;
    Ok(app.get_ref().clone())
}

/// Lets what a request says of itself, such as an id in its path, be read before its caller is looked up: of two reasons to
/// refuse, the same one is given each time.
async fn in_turn() {
    tokio::task::yield_now().await;
}

/// A survivor, in a session that was unlocked by PIN, on a phone that may read. Whatever does not name [`Enrolled`] instead is
/// refused to a phone that nobody has confirmed.
#[derive(Clone, Debug)]
pub struct Survivor {
    /// The record that this session works on: in one under duress the decoy.
    pub id: SurvivorId,
    /// Who, whichever record that is: whose phones these are.
    pub owner: SurvivorId,
    /// On which phone.
    pub device: DeviceId,
    /// Whether what was said under duress is being kept on the survivor's own record: marked, and lowering no protection; see
    /// [`Survivor::behind`]. A request comes in so only where the decoy could not be made yet: then it reads nothing.
    pub is_duress: bool,
    /// In which language they are answered: the one that the request asks for, else that of their record.
    pub language: Language,
    pub(super) session: SessionId,
    /// In a genuine session the decoy that there is, of which it shows nothing.
    shadow: Option<SurvivorId>,
    pin_at: Option<Instant>,
    /// Whether it could be either PIN's: one was typed since the phone was enrolled, or there is a decoy. Those who have none are
    /// answered as late, so that this does not tell either.
    is_paced: bool,
    trust: Trust,
}

/// How far a phone is trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Trust {
    /// It reads.
    Full,
    /// Nobody has confirmed it yet.
    Unconfirmed,
    /// A newer phone took its place at this instant, and it must not show that there is one.
    Away(Instant),
}

impl Trust {
    fn of(device: &Device, now: Instant) -> Self {
        match device.away_by(now) {
            _ if !device.reads_at(now) => Self::Unconfirmed,
            Some(since) => Self::Away(since),
            None => Self::Full,
        }
    }
}

impl Survivor {
    /// Whether the PIN was given a moment ago.
    #[must_use]
    pub fn has_fresh_pin(&self, now: Instant) -> bool {
        self.pin_at.is_some_and(|at| now.seconds_since(at) <= PIN_SECONDS)
    }

    /// Makes sure that this phone may read, close and replace. The extractor has; what takes [`Enrolled`] has not.
    ///
    /// # Errors
    /// 403 for a phone that waits to be confirmed. 503, as of a service that is away, for one whose place a newer phone took
    /// while somebody else may have held it.
    pub fn may_read(&self) -> Result<()> {
        match self.trust {
            Trust::Full => Ok(()),
            Trust::Unconfirmed => Err(Error::Forbidden(Code::PhoneNotConfirmed)),
            Trust::Away(_) => Err(Error::Unavailable),
        }
    }

    /// Makes sure that there is a record to answer from: under duress never the survivor's own.
    fn may_be_shown(&self) -> Result<()> {
        if self.is_duress { Err(Error::Unavailable) } else { Ok(()) }
    }

    /// Since when a newer phone has had the place of this one, which may be in other hands.
    #[must_use]
    pub fn away_since(&self) -> Option<Instant> {
        match self.trust {
            Trust::Away(since) => Some(since),
            Trust::Full | Trust::Unconfirmed => None,
        }
    }

    /// Whether nobody has confirmed this phone yet.
    #[must_use]
    pub fn is_unconfirmed(&self) -> bool {
        self.trust == Trust::Unconfirmed
    }

    /// This caller as an actor: under duress never as the decoy.
    #[must_use]
    pub fn actor(&self) -> Actor {
        let (id, device, session) = (self.owner, self.device, Some(self.session));
        Actor::Survivor { id, device, session, is_duress: self.is_under_duress(), is_paced: self.is_paced }
    }

    /// Whether this is a session under duress, on whichever record it works at the moment.
    #[must_use]
    pub fn is_under_duress(&self) -> bool {
        self.is_duress || self.id != self.owner
    }

    /// The same caller on their own record: in a session under duress with what such a session may do there.
    #[must_use]
    pub fn on_own_record(&self) -> Self {
        Self { id: self.owner, is_duress: self.is_under_duress(), ..self.clone() }
    }

    /// The two records of this caller, where there are two, for [`crate::tx::Tx::both`].
    #[must_use]
    pub fn behind(&self) -> Option<Behind<Self>> {
        let is_genuine = self.id == self.owner;
        let id = if is_genuine { self.shadow? } else { self.id };
        let (device, session) = (self.device, Some(self.session));
        let decoy = Actor::Survivor { id, device, session, is_duress: false, is_paced: false };
        let shadow = is_genuine.then(|| Self { id, shadow: None, ..self.clone() });
        Some(Behind { own: self.on_own_record(), decoy, shadow })
    }
}

async fn survivor(app: &App, token: &str, request: &HttpRequest) -> Result<Survivor> {
    let now = app.clock.now();
    let (account, session_id) = token::verify(app.keys.token_key(), TokenAudience::App, token, now)?;
    in_turn().await;
    // The decoy is looked for whichever PIN it was, so that the time taken tells nothing.
    let find = move |conn: &mut DbConn| store::find_survivor_session(conn, session_id);
    let (session, device, recorded, decoy) = app.db.read(find).await?.ok_or_else(refused)?;
    let is_live = session.is_live(now) && session.kind == SessionKind::Survivor && device.revoked_at.is_none();
    if is_live && device.survivor_id.0 == account && session.account_id.0 == account {
        let is_paced = decoy.is_some() || session.pin_at > Some(device.created_at);
        let (decoy, shadow) = if session.is_duress { (decoy, None) } else { (None, decoy) };
        return Ok(Survivor {
            id: decoy.unwrap_or(device.survivor_id),
            owner: device.survivor_id,
            device: device.id,
            is_duress: session.is_duress && decoy.is_none(),
            language: language::settle(request, &recorded),
            session: session_id,
            shadow,
            pin_at: session.pin_at,
            is_paced,
            trust: Trust::of(&device, now),
        });
    }
    Err(refused())
}

/// The survivor of a request, however far their phone is trusted.
fn any_survivor(request: &HttpRequest) -> Extracting<Survivor> {
    let parts = app(request).and_then(|app| Ok((app, bearer(request)?)));
    let request = request.clone();
    Box::pin(async move {
        let (app, token) = parts?;
        survivor(&app, &token, &request).await
    })
}

impl FromRequest for Survivor {
    type Error = Error;
    type Future = Extracting<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let found = any_survivor(request);
        Box::pin(async move {
            let found = found.await?;
            found.may_read()?;
            found.may_be_shown()?;
            Ok(found)
        })
    }
}

/// A survivor who gave their PIN a moment ago: for what must not be seen by the person who picks up an unlocked phone.
#[derive(Clone, Debug)]
pub struct ConfirmedSurvivor(Survivor);

impl std::ops::Deref for ConfirmedSurvivor {
    type Target = Survivor;

    fn deref(&self) -> &Survivor {
        &self.0
    }
}

impl FromRequest for ConfirmedSurvivor {
    type Error = Error;
    type Future = Extracting<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (found, app) = (Survivor::from_request(request, payload), app(request));
        Box::pin(async move {
            let (found, now) = (found.await?, app?.clock.now());
            if found.has_fresh_pin(now) { Ok(Self(found)) } else { Err(Error::Forbidden(Code::PinNeeded)) }
        })
    }
}

/// A member of staff, whatever their role.
#[derive(Clone, Debug)]
pub struct Staff {
    /// Who.
    pub id: StaffId,
    organisation: Option<(OrganisationId, OrganisationKind)>,
    roles: Vec<Role>,
    purpose: SessionPurpose,
    pub(super) session: SessionId,
    in_session_at: Option<Instant>,
}

impl Staff {
    /// This caller as an actor.
    #[must_use]
    pub fn actor(&self) -> Actor {
        let roles: Vec<&str> = self.roles.iter().map(|role| role.as_str()).collect();
        Actor::Staff { id: self.id, organisation: self.organisation.map(|(id, _)| id), roles: roles.join("+") }
    }

    /// Whether this caller holds a role.
    #[must_use]
    pub fn is(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }

    /// Since when this caller's session hides the survivor's side, since the participant may be looking on.
    #[must_use]
    pub fn in_session_at(&self) -> Option<Instant> {
        self.in_session_at
    }

    /// Whether it does.
    #[must_use]
    pub fn is_in_session(&self) -> bool {
        self.in_session_at.is_some()
    }

    /// Where this caller works.
    ///
    /// # Errors
    /// 403 for an administrator who belongs to no organisation.
    pub fn organisation(&self) -> Result<OrganisationId> {
        self.organisation.map(|(id, _)| id).ok_or(Error::Forbidden(Code::WrongRole))
    }

    /// What kind of organisation this caller works for.
    #[must_use]
    pub fn works_for(&self, kind: OrganisationKind) -> bool {
        self.organisation.is_some_and(|(_, own)| own == kind)
    }
}

async fn staff(app: &App, token: &str) -> Result<Staff> {
    let now = app.clock.now();
    let (account, session_id) = token::verify(app.keys.token_key(), TokenAudience::Partner, token, now)?;
    in_turn().await;
    let found = app
        .db
        .read(move |conn| {
            let session = store::find_session(conn, session_id)?;
            Ok((session, store::find_live_staff(conn, SubjectId(account))?))
        })
        .await?;
    let (Some(session), Some((row, kind))) = found else { return Err(refused()) };
    if !session.is_live(now) || session.kind != SessionKind::Staff || session.account_id.0 != row.id.0 {
        return Err(refused());
    }
    let organisation = row.organisation_id.zip(kind);
    Ok(Staff {
        id: row.id,
        organisation,
        roles: row.roles()?,
        purpose: session.purpose,
        session: session_id,
        in_session_at: session.in_session_at,
    })
}

fn staff_who(request: &HttpRequest, may: fn(&Staff) -> Result<()>) -> Extracting<Staff> {
    let parts = app(request).and_then(|app| Ok((app, bearer(request)?)));
    let request = request.clone();
    Box::pin(async move {
        let (app, token) = parts?;
        let staff = staff(&app, &token).await?;
        // Somebody who may not do this is known all the same: the audit says who tried.
        request.extensions_mut().insert(staff.actor());
        may(&staff)?;
        Ok(staff)
    })
}

fn in_full(staff: &Staff) -> Result<()> {
    match staff.purpose {
        SessionPurpose::Full => Ok(()),
        SessionPurpose::SecondFactor => Err(Error::Forbidden(Code::SecondFactorEnrolmentRequired)),
    }
}

impl FromRequest for Staff {
    type Error = Error;
    type Future = Extracting<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        staff_who(request, in_full)
    }
}

macro_rules! roles {
    ($($(#[$doc:meta])* $name:ident: $($role:ident)|+;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug)]
        pub struct $name(Staff);

        impl $name {
            /// A member of staff as such a caller.
            ///
            /// # Errors
            /// 403 for somebody who holds no such role.
            pub fn of(staff: Staff) -> Result<Self> {
                in_full(&staff)?;
                let holds = [$(Role::$role),+].iter().any(|role| staff.is(*role));
                if holds { Ok(Self(staff)) } else { Err(Error::Forbidden(Code::WrongRole)) }
            }
        }

        impl std::ops::Deref for $name {
            type Target = Staff;
            fn deref(&self) -> &Staff { &self.0 }
        }

        impl FromRequest for $name {
            type Error = Error;
            type Future = Extracting<Self>;

            fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
                let found = staff_who(request, |_| Ok(()));
                Box::pin(async move { Self::of(found.await?) })
            }
        }

        impl crate::http::Who for $name {
            type Caller = Staff;

            fn roles() -> Vec<&'static str> { vec![$(Role::$role.as_str()),+] }
            fn actor(&self) -> Actor { self.0.actor() }
            fn caller(&self) -> &Staff { &self.0 }
        }
    )*};
}

roles! {
    /// A survivor advocate.
    Advocate: Advocate;
    /// A behaviour-change practitioner.
    Practitioner: Practitioner;
    /// A manager of either side.
    Supervisor: Supervisor;
    /// Anyone who may work on a case, of either side.
    CaseStaff: Advocate | Practitioner | Supervisor;
    /// The survivor's side: an advocate or a manager. The record itself decides whether it is theirs.
    SupportStaff: Advocate | Supervisor;
    /// The programme's side: a practitioner or a manager.
    ProgrammeStaff: Practitioner | Supervisor;
    /// Anyone who may record an order.
    OrderStaff: Practitioner | Police;
    /// Anyone who may refer to the programme.
    ReferralStaff: Practitioner | Supervisor | Police;
    /// A named police officer.
    Officer: Police;
    /// Anyone who reads alerts as a page shows them, each those of their own side.
    AlertStaff: Advocate | Practitioner | Supervisor | Police;
    /// A commissioner's analyst.
    Commissioner: Commissioner;
    /// An auditor.
    Auditor: Auditor;
    /// An administrator.
    Admin: Administrator;
    /// Staff who may be the second person for an account or a door.
    Approver: Administrator | Supervisor;
}

/// A member of staff who has yet to enrol a second factor.
#[derive(Clone, Debug)]
pub struct Enroller(pub Staff);

impl FromRequest for Enroller {
    type Error = Error;
    type Future = Extracting<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let found = staff_who(request, |staff| match staff.purpose {
            SessionPurpose::SecondFactor => Ok(()),
            SessionPurpose::Full => Err(Error::Forbidden(Code::Forbidden)),
        });
        Box::pin(async move { found.await.map(Self) })
    }
}

/// A police system.
#[derive(Clone, Debug)]
pub struct PoliceSystem {
    /// Which client.
    pub id: PoliceClientId,
    /// Of which force.
    pub organisation: OrganisationId,
}

impl PoliceSystem {
    /// This caller as an actor.
    #[must_use]
    pub fn actor(&self) -> Actor {
        Actor::PoliceClient { id: self.id, organisation: self.organisation }
    }
}

impl FromRequest for PoliceSystem {
    type Error = Error;
    type Future = Extracting<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let parts = app(request).and_then(|app| Ok((app, bearer(request)?)));
        Box::pin(async move {
            let (app, token) = parts?;
            let now = app.clock.now();
            let (account, session_id) = token::verify(app.keys.token_key(), TokenAudience::Police, &token, now)?;
            in_turn().await;
            let found = app
                .db
                .read(move |conn| {
                    let session = store::find_session(conn, session_id)?;
                    Ok((session, store::find_police_client(conn, PoliceClientId(account))?))
                })
                .await?;
            let (Some(session), Some(client)) = found else { return Err(refused()) };
            let is_live =
                session.is_live(now) && session.kind == SessionKind::PoliceClient && client.revoked_at.is_none();
            if is_live { Ok(Self { id: client.id, organisation: client.organisation_id }) } else { Err(refused()) }
        })
    }
}
