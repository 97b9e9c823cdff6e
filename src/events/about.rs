//! Whose record an event is about.

use super::Event;
use crate::db::SurvivorId;

impl Event {
    /// The survivor whose record it is about; none where it is about somebody or something else.
    #[must_use]
    pub fn survivor(&self) -> Option<SurvivorId> {
        match self {
            Self::CheckInMissed { survivor, .. }
            | Self::ScheduleRanOut { survivor, .. }
            | Self::CheckInAnswered { survivor, .. }
            | Self::HelpNowPressed { survivor, .. }
            | Self::TimerExpired { survivor, .. }
            | Self::TimerEndedLate { survivor, .. }
            | Self::CallBackAsked { survivor, .. }
            | Self::ContactRecorded { survivor, .. }
            | Self::TaskOverdue { survivor, .. }
            | Self::DangerWordHeard { survivor, .. }
            | Self::DuressUnlocked { survivor, .. }
            | Self::DeviceAtRisk { survivor, .. }
            | Self::ConcernRaised { survivor, .. }
            | Self::IncidentReported { survivor, .. }
            | Self::PatternSeen { survivor, .. }
            | Self::SignalSeen { survivor, .. }
            | Self::MessageSent { survivor, .. }
            | Self::CaseConcernChanged { survivor, .. }
            | Self::DecoyMade { survivor, .. }
            | Self::TaskMade { survivor, .. }
            | Self::AlertUnanswered { survivor, .. }
            | Self::IncidentsRead { survivor, .. }
            | Self::IncidentWithdrawn { survivor, .. }
            | Self::IncidentUnread { survivor, .. }
            | Self::IncidentReleased { survivor, .. }
            | Self::SafetyReviewDue { survivor, .. }
            | Self::ProtectionLowered { survivor, .. }
            | Self::LoweringSettled { survivor, .. }
            | Self::BlockWaits { survivor, .. }
            | Self::BlockSettled { survivor, .. }
            | Self::KeptOut { survivor, .. }
            | Self::PhoneEnrolled { survivor, .. }
            | Self::FirstPhoneWaits { survivor, .. }
            | Self::PhoneRevoked { survivor, .. }
            | Self::CodeWordSet { survivor, .. }
            | Self::ReportedPersonChanged { survivor, .. }
            | Self::SurvivorOrderChanged { survivor, .. }
            | Self::EvidenceWaits { survivor, .. }
            | Self::EvidenceSettled { survivor, .. }
            | Self::SafetyReviewed { survivor, .. }
            | Self::ScheduleMade { survivor, .. }
            | Self::AlertSettingOff { survivor, .. }
            | Self::AlertSettingTurnedOn { survivor, .. }
            | Self::AlertSettingTurningOff { survivor, .. } => Some(*survivor),
            Self::SecondPersonAsked { .. }
            | Self::StaffRenewed { .. }
            | Self::StaffOut { .. }
            | Self::SessionMissed { .. }
            | Self::SessionNotAttended { .. }
            | Self::UrgeActedOn { .. }
            | Self::ParticipantChanged { .. }
            | Self::GoalScored { .. }
            | Self::ParticipantConcern { .. }
            | Self::ProgrammeTaskMade { .. } => None,
        }
    }
}
