//! Rows and words of programmes, enrolments and reports.

use diesel::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::crypto::{Sealed, sealed_row};
use crate::db::schema::{end_reports, enrolments, programmes};
use crate::db::{
    Day, EnrolmentId, Instant, Json, OrganisationId, ParticipantId, ProgrammeId, ReferralId, StaffId, text_enum,
};
use crate::http::page::Cursor;

/// A programme.
#[derive(Clone, Debug, HasQuery, Insertable)]
#[diesel(table_name = programmes)]
pub struct ProgrammeRow {
    /// Id.
    pub id: ProgrammeId,
    /// Whose; none: every provider's.
    pub organisation_id: Option<OrganisationId>,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// How many sessions it has.
    pub sessions: i32,
    /// Over how many weeks.
    pub weeks: i32,
    /// Its modules, as codes.
    pub modules: Json,
    /// When it was made.
    pub created_at: Instant,
}

text_enum! {
    /// The state of an enrolment.
    pub enum EnrolmentState {
        /// Under way.
        Active = "active",
        /// On hold.
        OnHold = "on_hold",
        /// All sessions are over.
        Completed = "completed",
        /// Concluded with a report.
        Concluded = "concluded",
        /// Ended early.
        Withdrawn = "withdrawn",
    }
}

/// A participant in a programme.
#[derive(Clone, Debug, HasQuery, Insertable)]
#[diesel(table_name = enrolments)]
pub struct EnrolmentRow {
    /// Id.
    pub id: EnrolmentId,
    /// The referral that led to it.
    pub referral_id: ReferralId,
    /// Who.
    pub participant_id: ParticipantId,
    /// The programme provider.
    pub organisation_id: OrganisationId,
    /// In which programme.
    pub programme_id: ProgrammeId,
    /// Its state.
    pub state: EnrolmentState,
    /// Why it is on hold or withdrawn, as a code.
    pub reason: Option<String>,
    /// The day of the first session.
    pub starts_on: Day,
    /// At which local time sessions are.
    pub local_time: String,
    /// In which time zone (IANA).
    pub time_zone: String,
    /// The number of the first session.
    pub first_number: i32,
    /// How many sessions were planned.
    pub sessions: i32,
    /// Who enrolled them.
    pub created_by: StaffId,
    /// When.
    pub created_at: Instant,
    /// When it was concluded or withdrawn.
    pub ended_at: Option<Instant>,
    /// Counts changes.
    pub version: i32,
}

impl EnrolmentRow {
    /// Its place in a list, newest first.
    #[must_use]
    pub fn cursor(&self) -> Cursor {
        (self.created_at, Uuid::from(self.id))
    }

    /// Whether a session of this number belongs to it.
    #[must_use]
    pub fn has(&self, number: i32) -> bool {
        (self.first_number..self.first_number + self.sessions).contains(&number)
    }
}

/// A participant in a programme, for staff.
#[serde_with::skip_serializing_none]
#[derive(Serialize, ToSchema)]
pub struct EnrolmentView {
    /// Id.
    pub id: EnrolmentId,
    /// The referral that led to it.
    pub referral_id: ReferralId,
    /// Who.
    pub participant_id: ParticipantId,
    /// In which programme.
    pub programme_id: ProgrammeId,
    /// Its state.
    pub state: EnrolmentState,
    /// Why it is on hold or withdrawn, as a code.
    pub reason: Option<String>,
    /// The day of the first session.
    pub starts_on: Day,
    /// At which local time sessions are.
    #[schema(example = "10:00")]
    pub local_time: String,
    /// In which time zone.
    #[schema(example = "Europe/London")]
    pub time_zone: String,
    /// The number of the first session.
    pub first_number: i32,
    /// How many sessions were planned.
    pub sessions: i32,
    /// When they were enrolled.
    pub created_at: Instant,
    /// When it was concluded or withdrawn.
    pub ended_at: Option<Instant>,
}

impl From<&EnrolmentRow> for EnrolmentView {
    fn from(row: &EnrolmentRow) -> Self {
        Self {
            id: row.id,
            referral_id: row.referral_id,
            participant_id: row.participant_id,
            programme_id: row.programme_id,
            state: row.state,
            reason: row.reason.clone(),
            starts_on: row.starts_on,
            local_time: row.local_time.clone(),
            time_zone: row.time_zone.clone(),
            first_number: row.first_number,
            sessions: row.sessions,
            created_at: row.created_at,
            ended_at: row.ended_at,
        }
    }
}

text_enum! {
    /// The state of an end-of-programme report.
    pub enum ReportState {
        /// Being written.
        Draft = "draft",
        /// Waits for a supervisor.
        Submitted = "submitted",
        /// Approved by a supervisor.
        Approved = "approved",
    }
}

/// An end-of-programme report.
#[derive(Clone, Debug, HasQuery, Insertable)]
#[diesel(table_name = end_reports)]
pub struct ReportRow {
    /// Of which enrolment.
    pub enrolment_id: EnrolmentId,
    /// Whose.
    pub participant_id: ParticipantId,
    /// Its state.
    pub state: ReportState,
    /// What was reached.
    pub progress: Sealed,
    /// What risk remains.
    pub risk: Sealed,
    /// What should follow.
    pub recommendations: Sealed,
    /// What was counted when it was written last.
    pub figures: Json,
    /// Who began it.
    pub created_by: StaffId,
    /// When.
    pub created_at: Instant,
    /// Who submitted it.
    pub submitted_by: Option<StaffId>,
    /// When.
    pub submitted_at: Option<Instant>,
    /// Who approved it.
    pub approved_by: Option<StaffId>,
    /// When.
    pub approved_at: Option<Instant>,
    /// Counts changes.
    pub version: i32,
}
sealed_row!(ReportRow, "end_reports", participant_id, enrolment_id, version);
