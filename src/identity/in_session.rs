//! In-session mode: while the participant may be looking on, the survivor's side is hidden from the staff of the
//! programme, on every session of theirs that is open, until they give their credentials again.

use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::extract::Staff;
use super::model::OrganisationKind;
use super::sign_in::second_factor;
use super::store;
use crate::app::App;
use crate::crypto::Private;
use crate::crypto::password::Typed;
use crate::db::Instant;
use crate::error::{Code, Error, Result};
use crate::tx::{Subject, Tx};

/// Whether the survivor's side is hidden from this session.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct InSessionView {
    /// Whether it is.
    pub is_on: bool,
    /// Since when.
    pub since: Option<Instant>,
}

impl InSessionView {
    /// The state of a session.
    #[must_use]
    pub fn of(since: Option<Instant>) -> Self {
        Self { is_on: since.is_some(), since }
    }
}

/// Turns in-session mode on. On while it is on changes nothing.
///
/// # Errors
/// 403 for staff of another side: the mode is about the room that the participant sits in.
pub fn start(tx: &mut Tx<'_>, staff: &Staff) -> Result<InSessionView> {
    if !staff.works_for(OrganisationKind::ProgrammeProvider) {
        return Err(Error::Forbidden(Code::WrongRole));
    }
    tx.about(Subject::of("staff", staff.id));
    store::set_in_session(tx.conn, staff.id, tx.now)?;
    Ok(InSessionView::of(staff.in_session_at().or(Some(tx.now))))
}

/// Giving the credentials again.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfirmStaffBody {
    /// Password.
    #[garde(skip)]
    #[schema(value_type = String, format = "typed", example = "correct horse battery staple")]
    password: Private,
    /// The six digits of the authenticator app.
    #[garde(skip)]
    #[schema(value_type = Option<String>, max_length = 12, example = "123456")]
    #[serde(default)]
    one_time_code: Option<Private>,
}

/// Takes the credentials of a session that is open, as signing in would, and ends in-session mode for it. A refusal is
/// kept in the audit too.
pub async fn confirm(app: &App, staff: &Staff, body: ConfirmStaffBody) -> Result<()> {
    let (id, now) = (staff.id, app.clock.now());
    let attempt = app.throttle.begin(app.throttle.counted("staff confirmation", &[id.0.as_bytes()]), now).await?;
    let row = app.db.read(move |conn| store::find_staff(conn, id)).await?.ok_or(Error::NotFound)?;
    let password = Typed::password(&body.password);
    let is_right = app.hasher.verify(&password, row.password_hash.as_deref()).await?.is_right();
    let session = staff.session;
    let work = move |tx: &mut Tx<'_>| {
        tx.about(Subject::of("staff", id));
        let has_code = match (&row.totp_secret, &body.one_time_code) {
            (Some(secret), Some(code)) => match second_factor::step_of(tx.keys, id, secret, code, tx.now)? {
                Some(step) if is_right => store::use_totp_step(tx.conn, id, step, tx.now)?,
                _ => false,
            },
            _ => !tx.settings.is_second_factor_needed,
        };
        let is_confirmed = is_right && has_code;
        if is_confirmed {
            store::clear_in_session(tx.conn, session)?;
        } else {
            tx.outcome("refused");
        }
        Ok(is_confirmed)
    };
    if app.transact(staff.actor(), "confirm_staff_session", work).await? {
        return attempt.succeeded(now).await;
    }
    attempt.failed(now).await?;
    Err(Error::Forbidden(Code::WrongCredentials))
}
