//! Typed ids: UUIDv7, so that they sort by when they were made. Native on PostgreSQL, sixteen bytes on SQLite.

use std::fmt;
use std::io::Write;
use std::str::FromStr;
use std::sync::atomic::{AtomicU32, Ordering};

use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::pg::Pg;
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::Binary;
use diesel::sqlite::Sqlite;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::schema::DbUuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, AsExpression, FromSqlRow)]
        #[diesel(sql_type = DbUuid)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// A new id; later ones sort after it.
            #[must_use]
            pub fn new(now: super::Instant) -> Self {
                Self(uuid_v7(now))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { self.0.fmt(f) }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { self.0.fmt(f) }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> { text.parse().map(Self) }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Self { id.0 }
        }

        impl ToSql<DbUuid, Sqlite> for $name {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
                out.set_value(self.0.as_bytes().as_slice());
                Ok(IsNull::No)
            }
        }

        impl FromSql<DbUuid, Sqlite> for $name {
            fn from_sql(value: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
                let bytes = <Vec<u8> as FromSql<Binary, Sqlite>>::from_sql(value)?;
                Ok(Self(Uuid::from_slice(&bytes)?))
            }
        }

        impl ToSql<DbUuid, Pg> for $name {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
                out.write_all(self.0.as_bytes())?;
                Ok(IsNull::No)
            }
        }

        impl FromSql<DbUuid, Pg> for $name {
            fn from_sql(value: <Pg as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
                Ok(Self(Uuid::from_slice(value.as_bytes())?))
            }
        }

        super::forward_to_multi!($name, DbUuid);

        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> { id_schema() }
        }

        impl utoipa::ToSchema for $name {}

        impl crate::http::operation::PathParts for $name {
            fn parts() -> Vec<&'static str> { vec![stringify!($name)] }
        }
    )*};
}

ids! {
    /// An organisation of the partnership.
    OrganisationId;
    /// A member of staff.
    StaffId;
    /// A survivor.
    SurvivorId;
    /// A phone that a survivor enrolled.
    DeviceId;
    /// A one-time code by which a phone is enrolled.
    EnrolmentCodeId;
    /// A word by which a survivor is known over the telephone.
    CodeWordId;
    /// A signed-in session of anybody.
    SessionId;
    /// A police system that signs in by itself.
    PoliceClientId;
    /// Whatever a row, a key or an audit entry is about, where it may be one of several kinds.
    SubjectId;
    /// One line of the consent ledger.
    ConsentEntryId;
    /// One disclosure.
    DisclosureId;
    /// The words in which somebody stated why, in the audit.
    AuditReasonId;
    /// One assignment of staff to a survivor or participant.
    AssignmentId;
    /// One block of a person or organisation by a survivor's side.
    BlockId;
    /// One opening of a record by somebody on duty.
    BreakGlassId;
    /// One closing or opening of a survivor's record.
    RecordChangeId;
    /// A survivor linked to a participant.
    CaseId;
    /// A participant of the programme.
    ParticipantId;
    /// A request that waits for a second person.
    SecondPersonRequestId;
    /// A court order.
    OrderId;
    /// One prohibition or requirement of an order.
    ConditionId;
    /// A goal.
    GoalId;
    /// A review of a goal.
    ReviewId;
    /// A programme session (of treatment).
    ProgrammeSessionId;
    /// A check-in schedule.
    ScheduleId;
    /// A check-in.
    CheckInId;
    /// A question of a survivor's own that check-ins ask.
    QuestionId;
    /// One line of the review of a check-in.
    CheckInReviewId;
    /// A timer.
    TimerId;
    /// An incident.
    IncidentId;
    /// A file that a survivor keeps as evidence.
    EvidenceId;
    /// One sealed piece of a file in the object store.
    ObjectId;
    /// One event in the custody of a file.
    CustodyEventId;
    /// A legal hold on a file.
    EvidenceHoldId;
    /// A signed bundle of evidence.
    BundleId;
    /// Something that happened to an incident.
    IncidentEventId;
    /// An alert.
    AlertId;
    /// One line of an alert's history.
    HistoryId;
    /// A task for a person.
    TaskId;
    /// What a force said came of an alert.
    PoliceOutcomeId;
    /// A decision to notify the police without the survivor's setting.
    OverrideId;
    /// A record that one support organisation offers to another.
    TransferId;
    /// A place where a survivor may be found.
    SafeAddressId;
    /// Somebody whom a survivor reports.
    ReportedPersonId;
    /// A webhook endpoint of a police force.
    EndpointId;
    /// A signing key of an endpoint.
    EndpointKeyId;
    /// A queued webhook message to one endpoint.
    DeliveryId;
    /// A queued message to one person on one channel.
    NotificationId;
    /// One version of a safe-contact plan.
    SafeContactPlanId;
    /// Where notices for one phone are sent.
    PushRegistrationId;
    /// Somebody whom a survivor trusts.
    TrustedContactId;
    /// How a member of staff is notified.
    StaffContactId;
    /// A shift of the on-call rota.
    ShiftId;
    /// An organisation's own ladder: a draft or a published version.
    LadderId;
    /// A concern about a participant.
    ConcernId;
    /// A silence of notifications.
    SilenceId;
    /// One holding back of an alert's steps.
    HoldId;
    /// Something that was done with a case.
    CaseEventId;
    /// A note about a case.
    CaseNoteId;
    /// A concern or question from one side of a case to the other.
    CaseConcernId;
    /// News of the programme for a survivor.
    ProgrammeUpdateId;
    /// A number, handle or vehicle that a participant is known by.
    IdentifierId;
    /// One due point of an order.
    OrderDutyId;
    /// One correction of an order.
    OrderCorrectionId;
    /// A referral to the programme.
    ReferralId;
    /// One transition of a referral, an enrolment or a report.
    ProgrammeTransitionId;
    /// A task for a person of the programme provider.
    ProgrammeTaskId;
    /// A programme.
    ProgrammeId;
    /// A participant in a programme.
    EnrolmentId;
    /// What a commissioner may see figures of.
    ReachId;
    /// One line of a goal's history.
    GoalEventId;
    /// One word about whether a participant came to a session.
    AttendanceId;
    /// One version of the feedback on a session.
    FeedbackId;
    /// A diary rating.
    DiaryRatingId;
    /// An observation of a participant.
    ObservationId;
    /// One version of a participant's formulation.
    FormulationId;
    /// One version of a participant's own risk.
    OwnRiskId;
    /// A note of consultation or clinical supervision.
    PracticeNoteId;
    /// Something that waits for a supervisor of the programme.
    NoticeId;
    /// Something that is new, for those who follow.
    NewsId;
    /// A secure message.
    MessageId;
    /// Somebody of a survivor's household.
    HouseholdMemberId;
    /// One version of what is known of somebody of a household.
    HouseholdVersionId;
    /// One version of a safety plan.
    SafetyPlanVersionId;
    /// An agreement to a version of a safety plan.
    PlanAgreementId;
    /// By when something is looked at again.
    SafetyReviewId;
    /// A tool by which risk is assessed.
    RiskToolId;
    /// An assessment of risk.
    RiskAssessmentId;
    /// A decision about referring to a Marac.
    MaracDecisionId;
    /// A change of a survivor's rating.
    RiskChangeId;
    /// A participant's request to see their own record.
    SubjectAccessRequestId;
    /// What a survivor said about being contacted.
    ContactAnswerId;
    /// What was shown as done under duress.
    ShownActId;
}

macro_rules! subjects {
    ($($name:ident)*) => {$(
        impl From<$name> for SubjectId {
            fn from(id: $name) -> Self { Self(id.0) }
        }
    )*};
}
subjects!(OrganisationId StaffId SurvivorId DeviceId PoliceClientId CaseId ParticipantId AlertId EndpointId TaskId DeliveryId NotificationId ShiftId LadderId SilenceId EvidenceId BundleId TimerId CheckInId IncidentId);

/// A UUIDv7 (RFC 9562, section 5.7) that sorts by when it was made, also within one instant: lists are ordered by id,
/// and the lines that one transaction writes all have its time. After the milliseconds come the microseconds (section
/// 6.2, method 3), a counter of this process, and 40 random bits.
fn uuid_v7(now: super::Instant) -> Uuid {
    static COUNTER: AtomicU32 = AtomicU32::new(0);
    let microseconds = u128::from(now.microseconds().max(0).unsigned_abs());
    let (milliseconds, rest) = (microseconds / 1_000, microseconds % 1_000);
    let fraction = rest * 4_096 / 1_000;
    let counter = u128::from(COUNTER.fetch_add(1, Ordering::Relaxed) & 0x3f_ffff);
    let random = Uuid::new_v4().as_u128() & 0xff_ffff_ffff;
    let (version, variant) = (7_u128, 2_u128);
    let milliseconds = milliseconds & 0xffff_ffff_ffff;
    Uuid::from_u128(milliseconds << 80 | version << 76 | fraction << 64 | variant << 62 | counter << 40 | random)
}

fn id_schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
    use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type};
    ObjectBuilder::new()
        .schema_type(Type::String)
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::Uuid)))
        .examples(["019aa0c4-6f2e-7cc3-98c8-2d3a53a60b2f"])
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_sort_by_when_they_were_made_also_within_one_instant() {
        let now: crate::db::Instant = "2026-11-21T12:00:00.123456Z".parse().unwrap();
        let ids: Vec<AlertId> = (0..1_000).map(|_| AlertId::new(now)).collect();
        assert!(ids.is_sorted_by(|a, b| a < b));
        assert!(AlertId::new(crate::db::Instant::from_microseconds(now.microseconds() + 1)) > ids[999]);
    }

    #[test]
    fn ids_are_of_version_7_and_tell_their_time() {
        let now: crate::db::Instant = "2026-11-21T12:00:00.123Z".parse().unwrap();
        let id = AlertId::new(now).0;
        assert_eq!((id.get_version_num(), id.get_variant()), (7, uuid::Variant::RFC4122));
        let (seconds, nanoseconds) = id.get_timestamp().unwrap().to_unix();
        assert_eq!((i64::try_from(seconds).unwrap(), nanoseconds), (now.unix_seconds(), 123_000_000));
    }
}
