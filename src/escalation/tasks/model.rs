//! Rows and words of tasks for people, and what ends each kind of them.

use diesel::prelude::*;

use crate::crypto::{Sealed, sealed_row};
use crate::db::schema::tasks;
use crate::db::{AlertId, Instant, Json, OrganisationId, StaffId, SurvivorId, TaskId, text_enum};
use crate::http::list_query;

list_query! {
    /// Which tasks to list.
    pub struct TasksQuery {
        /// Only those in this state; without it, all.
        pub state: Option<TaskState>,
        /// Only those that ask this.
        pub kind: Option<TaskKind>,
        /// With `true`, only those that somebody may be in danger for; with `false`, only the others.
        pub is_urgent: Option<bool>,
        /// Only those about this survivor.
        pub survivor_id: Option<SurvivorId>,
        /// Only those about this alert.
        pub alert_id: Option<AlertId>,
        /// Only those that were made from this moment on.
        #[param(value_type = Option<String>, format = DateTime)]
        pub since: Option<Instant>,
        /// Only those that were made before this moment.
        #[param(value_type = Option<String>, format = DateTime)]
        pub until: Option<Instant>,
        /// With `true`, only those about survivors to whom you are assigned.
        pub mine: Option<bool>,
    }
}

impl TasksQuery {
    /// Those that wait, about one alert where one is given.
    #[must_use]
    pub fn open(alert_id: Option<AlertId>) -> Self {
        Self { state: Some(TaskState::Open), alert_id, ..Self::default() }
    }
}

text_enum! {
    /// What a task asks of a person.
    pub enum TaskKind {
        /// Call 999 now, with the facts and the script.
        Call999 = "call_999",
        /// Consider calling 999.
        Consider999 = "consider_999",
        /// Call the survivor, as the safe-contact plan allows.
        CallSurvivor = "call_survivor",
        /// The survivor's setting keeps the police out: override it, or record why not.
        PoliceNotAllowed = "police_not_allowed",
        /// The police may be notified and cannot be reached by us: ring them.
        PoliceUnreachable = "police_unreachable",
        /// Decide what happens to an alert that nobody has taken up.
        SupervisorDecision = "supervisor_decision",
        /// The survivor turned an alert setting off: make sure it was them.
        AlertSettingTurningOff = "alert_setting_turning_off",
        /// An incident was opened further, as the survivor had said: read it.
        IncidentReleased = "incident_released",
        /// A safety plan or an assessment of risk is to be looked at again; `detail.what` tells which.
        SafetyReview = "safety_review",
        /// A schedule of check-ins has ended by itself: nobody watches over those times any more.
        ScheduleRanOut = "schedule_ran_out",
        /// A drill: say what you would do, and ring nobody.
        Exercise = "exercise",
        /// The survivor asked to be rung: ring them as the safe-contact plan allows, by `due_at`.
        CallBack = "call_back",
        /// The police said what came of an alert a day ago: release it to the survivor, or withhold it with a reason.
        PoliceOutcome = "police_outcome",
        /// The police corrected what the survivor has read: release the correction, or withhold it with a reason.
        PoliceOutcomeCorrected = "police_outcome_corrected",
        /// Something changed on the participant's side that may change the danger; `detail.what` tells what.
        ParticipantChanged = "participant_changed",
        /// A survivor has another phone, which reads nothing yet: hear the code word from them, and confirm it. Where
        /// `detail.asked_by` names somebody, they have heard the survivor and no word: approve that, as another person.
        ConfirmPhone = "confirm_phone",
        /// One person alone confirmed a phone whose code they had made, or ended what a revoked one could do: look at it again.
        ReviewPhone = "review_phone",
        /// A phone was revoked and can still cry for help: hear from the survivor that it may not any more.
        EndSos = "end_sos",
        /// A trusted contact was named or removed, or may get no messages any more (`detail.what`): make sure that it was the
        /// survivor. The survivor's trusted contact shows who it was before.
        TrustedContactChanged = "trusted_contact_changed",
        /// A new address of the survivor's safe-contact plan counts from `due_at`: make sure that it is theirs.
        SafeContactChanged = "safe_contact_changed",
        /// The survivor turned the service off: nothing stops yet. Speak with them, and agree how it ends.
        ServiceOff = "service_off",
        /// Somebody asks for a whole police force to be kept out: approve it as the second person, or speak against it.
        ForceBlockToApprove = "force_block_to_approve",
        /// Somebody has been kept out for a week by `due_at`: is that still right?
        BlockReview = "block_review",
        /// A file was taken back, and is destroyed after a week: speak with the survivor, who may not have done it, and restore
        /// it where they did not.
        EvidenceTakenBack = "evidence_taken_back",
        /// The survivor asked, with their voice and code word, for a file to be destroyed at once: carry it out, as the second
        /// person.
        EvidenceToDestroy = "evidence_to_destroy",
        /// A hold on a file is against the survivor's wish: approve it, or speak against it.
        EvidenceHoldToApprove = "evidence_hold_to_approve",
        /// A hold on a file ends by `due_at`: renew it, or let it end.
        EvidenceHoldEnding = "evidence_hold_ending",
        /// A file may be a sexual image of a child: do not open it; ring the police, who decide what becomes of it.
        EvidenceForPolice = "evidence_for_police",
        /// Somebody on duty opened a record that is not theirs: say whether that was right, as another person.
        BreakGlassReview = "break_glass_review",
        /// Somebody on duty opened the survivor's record: tell them in person, never by a message.
        BreakGlassToTell = "break_glass_to_tell",
        /// Somebody took an alert up who was neither on duty nor assigned, and was shown whom it is about: say whether that was
        /// right, as another person.
        TakenUpReview = "taken_up_review",
        /// Somebody wants the police notified without the survivor's setting, or had them notified at once: approve it as the
        /// second person, or speak against it.
        OverrideToApprove = "override_to_approve",
        /// The police were notified without the survivor's setting: say whether that was right, as another person than asked.
        OverrideReview = "override_review",
        /// Somebody found that the police should not have been notified without the survivor's setting: review it as the second
        /// person, which ends it or not.
        OverrideToEnd = "override_to_end",
        /// The police were notified without the survivor's setting: tell them in person. Their phone shows it after that.
        OverrideToTell = "override_to_tell",
        /// Somebody whom the survivor reports is of a police force: think of keeping that force out.
        ReportedOfPolice = "reported_of_police",
        /// Somebody opened where the survivor is, or may be found (`detail.what`; `opened_by` names them): make sure that it was
        /// right.
        PlaceOpened = "place_opened",
        /// An order that the survivor's own side keeps ends soon, or has ended (`detail.what`): think of what protects the survivor
        /// then.
        OrderEnding = "order_ending",
    }
}

/// How early a task comes that nobody is in danger for.
const CAN_WAIT: u8 = 3;

impl TaskKind {
    /// How early it comes among what waits, 0 first: what somebody may be in danger for.
    #[must_use]
    pub fn urgency(self) -> u8 {
        match self {
            Self::Call999 => 0,
            Self::PoliceUnreachable | Self::PoliceNotAllowed | Self::Consider999 => 1,
            Self::CallSurvivor | Self::SupervisorDecision | Self::CallBack => 2,
            _ => CAN_WAIT,
        }
    }

    /// Whether somebody may be in danger for it.
    #[must_use]
    pub fn is_urgent(self) -> bool {
        self.urgency() < CAN_WAIT
    }

    /// The key of a task's detail that names the person whose act it watches. That person does not tick it off, by no account of
    /// theirs.
    #[must_use]
    pub fn watches(self) -> Option<&'static str> {
        match self {
            Self::BreakGlassReview | Self::BreakGlassToTell | Self::TakenUpReview | Self::OverrideToTell => {
                Some("staff_id")
            }
            Self::ReviewPhone => Some("confirmed_by"),
            Self::PlaceOpened => Some("by"),
            _ => None,
        }
    }

    /// Whether only the act that it asks for ends it, which keeps who did it, and what they found: a note on a task is no second
    /// person.
    #[must_use]
    pub fn ends_by_its_act(self) -> bool {
        matches!(
            self,
            Self::ConfirmPhone
                | Self::EndSos
                | Self::ForceBlockToApprove
                | Self::OverrideToApprove
                | Self::OverrideReview
                | Self::OverrideToEnd
        )
    }

    /// Whether it asks for nothing any more once its alert is closed. The others end with what they are about: a setting, an
    /// incident, a plan, a schedule, a call, an outcome.
    #[must_use]
    pub fn ends_with_alert(self) -> bool {
        match self {
            Self::Call999
            | Self::Consider999
            | Self::CallSurvivor
            | Self::PoliceNotAllowed
            | Self::PoliceUnreachable
            | Self::SupervisorDecision
            | Self::Exercise => true,
            Self::AlertSettingTurningOff
            | Self::IncidentReleased
            | Self::SafetyReview
            | Self::ScheduleRanOut
            | Self::CallBack
            | Self::PoliceOutcome
            | Self::PoliceOutcomeCorrected
            | Self::ParticipantChanged
            | Self::ConfirmPhone
            | Self::ReviewPhone
            | Self::EndSos
            | Self::TrustedContactChanged
            | Self::SafeContactChanged
            | Self::ServiceOff
            | Self::ForceBlockToApprove
            | Self::BlockReview
            | Self::EvidenceTakenBack
            | Self::EvidenceToDestroy
            | Self::EvidenceHoldToApprove
            | Self::EvidenceHoldEnding
            | Self::EvidenceForPolice
            | Self::BreakGlassReview
            | Self::BreakGlassToTell
            | Self::TakenUpReview
            | Self::OverrideToApprove
            | Self::OverrideReview
            | Self::OverrideToEnd
            | Self::OverrideToTell
            | Self::ReportedOfPolice
            | Self::PlaceOpened
            | Self::OrderEnding => false,
        }
    }
}

text_enum! {
    /// Whether a task is done.
    pub enum TaskState {
        /// It waits.
        Open = "open",
        /// It is done.
        Done = "done",
        /// Its alert was closed before anybody did it.
        ClosedWithAlert = "closed_with_alert",
        /// What it was about is over: there is nothing to do any more.
        NoLongerNeeded = "no_longer_needed",
    }
}

text_enum! {
    /// Why a task ended.
    pub enum TaskEnd {
        /// A person completed it, with a note.
        Completed = "completed",
        /// Its alert was closed.
        AlertClosed = "alert_closed",
        /// The setting is on.
        SettingOn = "setting_on",
        /// The setting is off: the delay is over, or was ended with the code word.
        SettingOff = "setting_off",
        /// The incident was read.
        Read = "read",
        /// The survivor took the incident back.
        Withdrawn = "withdrawn",
        /// What was to be looked at again was.
        Reviewed = "reviewed",
        /// The survivor's check-ins are watched over again.
        ScheduleMade = "schedule_made",
        /// Somebody spoke to the survivor.
        ContactRecorded = "contact_recorded",
        /// The outcome was released.
        OutcomeReleased = "outcome_released",
        /// The outcome was withheld.
        OutcomeWithheld = "outcome_withheld",
        /// What the police said holds no more: the alert began again.
        Superseded = "superseded",
        /// Somebody heard the survivor's code word, and did what the task asks for.
        Confirmed = "confirmed",
        /// The phone was revoked.
        PhoneRevoked = "phone_revoked",
        /// Somebody decided what becomes of it, or its time is over.
        Settled = "settled",
    }
}

impl TaskEnd {
    /// How the task is after that: done, where somebody did what it asks for.
    #[must_use]
    pub fn state(self) -> TaskState {
        match self {
            Self::AlertClosed => TaskState::ClosedWithAlert,
            Self::SettingOn
            | Self::SettingOff
            | Self::Withdrawn
            | Self::ScheduleMade
            | Self::Superseded
            | Self::PhoneRevoked => TaskState::NoLongerNeeded,
            Self::Completed
            | Self::Read
            | Self::Reviewed
            | Self::ContactRecorded
            | Self::Settled
            | Self::OutcomeReleased
            | Self::OutcomeWithheld
            | Self::Confirmed => TaskState::Done,
        }
    }
}

/// A task for a person.
#[derive(Clone, Debug, HasQuery, Insertable)]
#[diesel(table_name = tasks, treat_none_as_default_value = false)]
pub struct TaskRow {
    pub id: TaskId,
    pub organisation_id: OrganisationId,
    pub for_role: String,
    pub kind: TaskKind,
    pub survivor_id: SurvivorId,
    pub alert_id: Option<AlertId>,
    pub detail: Json,
    pub state: TaskState,
    pub created_at: Instant,
    /// When it ended, done or not.
    pub done_at: Option<Instant>,
    /// Who did it.
    pub done_by: Option<StaffId>,
    pub note: Option<Sealed>,
    /// By when it is to be done.
    pub due_at: Option<Instant>,
    /// When the clock looks at it next.
    pub next_action_at: Option<Instant>,
    /// Why it ended.
    pub ended_because: Option<TaskEnd>,
}
sealed_row!(TaskRow, "tasks", survivor_id, id);

impl TaskRow {
    /// Whether it waits.
    pub fn waits(&self) -> bool {
        self.state == TaskState::Open
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_ends_a_task_leaves_it_waiting() {
        assert!(TaskEnd::ALL.iter().all(|end| end.state() != TaskState::Open));
    }
}
