//! Enrolling a participant: the enrolment, the referral that led to it, and the sessions, in one.

use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::model::{EnrolmentRow, EnrolmentState};
use super::{plan, store};
use crate::db::{Day, EnrolmentId, Instant, ProgrammeSessionId, ReferralId};
use crate::error::{Code, Error, Result};
use crate::events::Event;
use crate::http::limits;
use crate::identity::Staff;
use crate::programme::referrals;
use crate::programme::sessions::{self, CreateProgrammeSessionBody};
use crate::tx::Tx;

/// An enrolment in a programme.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateEnrolmentBody {
    /// The programme's code.
    #[garde(custom(limits::code))]
    #[schema(format = "code", example = "cobi")]
    programme: String,
    /// The day of the first session.
    #[garde(skip)]
    starts_on: Day,
    /// At which local time sessions are.
    #[garde(skip)]
    #[schema(pattern = "^[0-2][0-9]:[0-5][0-9]$", example = "10:00")]
    local_time: String,
    /// In which time zone (IANA).
    #[garde(custom(limits::plain_line))]
    #[schema(format = "line", example = "Europe/London")]
    time_zone: String,
    /// How sessions are held, as a code.
    #[garde(custom(limits::code))]
    #[schema(format = "code", example = "in_person")]
    mode: String,
}

/// An enrolment that was made.
#[derive(Serialize, ToSchema)]
pub struct MadeEnrolmentView {
    /// Id.
    pub id: EnrolmentId,
    /// Its state.
    pub state: EnrolmentState,
    /// The sessions that were planned.
    pub sessions: Vec<PlannedSessionView>,
}

/// A session that was planned.
#[derive(Serialize, ToSchema)]
pub struct PlannedSessionView {
    /// Id.
    pub id: ProgrammeSessionId,
    /// Its number.
    pub number: i32,
    /// Its module, as a code.
    #[schema(example = "mindfulness")]
    pub module: String,
    /// When it is to be.
    pub planned_at: Instant,
}

/// Enrols the participant of a suitable referral, and plans the programme's sessions.
///
/// # Errors
/// 404 for a referral that is not the caller's, 409 for one that is not suitable or a participant who is in a programme
/// already, 422 for a programme, a time or a zone that there is not.
pub fn enrol(tx: &mut Tx<'_>, by: &Staff, id: ReferralId, body: &CreateEnrolmentBody) -> Result<MadeEnrolmentView> {
    let (access, referral) = referrals::referral_for(tx, by, id)?;
    referrals::enrol(tx, by, &access, &referral)?;
    if store::has_running(tx.conn, &access)? {
        return Err(Error::Conflict(Code::AlreadyExists, "this participant is in a programme already".into()));
    }
    let unknown = || Error::field("/programme", "unknown", "there is no programme of that code");
    let programme = store::find_programme(tx.conn, referral.organisation_id, &body.programme)?.ok_or_else(unknown)?;
    let (time, zone) = (plan::local_time(&body.local_time)?, plan::zone(&body.time_zone)?);
    let modules: Vec<String> = programme.modules.read()?;
    let shape = (programme.sessions, programme.weeks, modules.as_slice());
    let far = tx.now.plus_days(366);
    if body.starts_on > Day::of(far) {
        return Err(Error::field("/starts_on", "out_of_range", "must be within the next year"));
    }
    let planned = plan::sessions(shape, body.starts_on, time, &zone)?;
    let row = EnrolmentRow {
        id: EnrolmentId::new(tx.now),
        referral_id: id,
        participant_id: access.id(),
        organisation_id: referral.organisation_id,
        programme_id: programme.id,
        state: EnrolmentState::Active,
        reason: None,
        starts_on: body.starts_on,
        local_time: body.local_time.clone(),
        time_zone: body.time_zone.clone(),
        first_number: store::last_number(tx.conn, &access)? + 1,
        sessions: programme.sessions,
        created_by: by.id,
        created_at: tx.now,
        ended_at: None,
        version: 1,
    };
    store::insert_enrolment(tx, row.clone())?;
    let mut made = Vec::with_capacity(planned.len());
    for session in planned {
        let number = row.first_number + session.place;
        let new = CreateProgrammeSessionBody::of(number, &session.module, session.at, &body.mode);
        let id = sessions::plan(tx, by, access.id(), &new)?.id;
        made.push(PlannedSessionView { id, number, module: session.module, planned_at: session.at });
    }
    tx.emit(Event::ParticipantChanged { participant: access.id(), what: "programme_started" });
    Ok(MadeEnrolmentView { id: row.id, state: row.state, sessions: made })
}
