//! The events that a use case can emit. [`crate::reactions`] lists what follows from each; a use case need not know.

mod about;
mod matters;
mod report;

use crate::db::{
    AlertId, BlockId, CaseConcernId, CaseId, CheckInId, ConcernId, DeviceId, DiaryRatingId, EvidenceId, IncidentId,
    Instant, MessageId, OrderId, OrganisationId, ParticipantId, ProgrammeSessionId, ProgrammeTaskId, ReviewId,
    ScheduleId, StaffId, SurvivorId, TaskId, TimerId,
};

pub use matters::{EvidenceMatter, Lowered};
pub use report::{IncidentReport, ReportArrival};

/// Something that happened and may matter to somebody's safety.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// A due check-in was not answered and its grace has passed.
    CheckInMissed {
        /// Whose.
        survivor: SurvivorId,
        /// Which slot.
        check_in: CheckInId,
        /// When it was due.
        due_at: Instant,
        /// How many slots of the schedule were missed without an answer between, this one included.
        in_a_row: u32,
    },
    /// A schedule has come to the end of its rule, or cannot be read: nobody ended it.
    ScheduleRanOut {
        /// Whose.
        survivor: SurvivorId,
        /// Which schedule.
        schedule: ScheduleId,
    },
    /// The survivor answered, on time or late, with a status that is not itself a danger.
    CheckInAnswered {
        /// Whose.
        survivor: SurvivorId,
        /// Which check-in.
        check_in: CheckInId,
    },
    /// The survivor pressed help-now, in whichever way.
    HelpNowPressed {
        /// Whose.
        survivor: SurvivorId,
        /// The check-in that records it.
        check_in: CheckInId,
        /// Whether it came from a session under duress: then nothing of it may show on the phone.
        is_duress: bool,
        /// The force of the place that the phone gave with it, where it named one of the list.
        force: Option<&'static str>,
        /// How it reached us.
        heard: ReportArrival,
    },
    /// A timer ran out unanswered.
    TimerExpired {
        /// Whose.
        survivor: SurvivorId,
        /// Which timer.
        timer: TimerId,
        /// When it ran out.
        ends_at: Instant,
        /// Whether it was started under duress.
        is_duress: bool,
        /// The force of the place that the phone gave as it was started, where it named one of the list.
        force: Option<&'static str>,
    },
    /// A timer was ended after it had run out.
    TimerEndedLate {
        /// Whose.
        survivor: SurvivorId,
        /// Which timer.
        timer: TimerId,
    },
    /// The survivor asked to be rung.
    CallBackAsked {
        /// Whose.
        survivor: SurvivorId,
        /// The check-in that asks for it.
        check_in: CheckInId,
    },
    /// Somebody of the survivor's side spoke to them, and said so outside of an alert.
    ContactRecorded {
        /// Whose.
        survivor: SurvivorId,
    },
    /// A task was not done in time.
    TaskOverdue {
        /// Whose.
        survivor: SurvivorId,
        /// Which task.
        task: TaskId,
        /// What it asks, as a code.
        kind: &'static str,
    },
    /// A member of staff heard the survivor say the danger word.
    DangerWordHeard {
        /// Whose.
        survivor: SurvivorId,
    },
    /// A phone was unlocked with the duress PIN.
    DuressUnlocked {
        /// Whose.
        survivor: SurvivorId,
        /// Which phone.
        device: DeviceId,
    },
    /// Something about a phone suggests that somebody else has it.
    DeviceAtRisk {
        /// Whose.
        survivor: SurvivorId,
        /// Which phone.
        device: DeviceId,
        /// What, as a code.
        reason: &'static str,
    },
    /// A phone other than a survivor's first one was enrolled. It reads nothing yet.
    PhoneEnrolled {
        /// Whose.
        survivor: SurvivorId,
        /// Which phone.
        device: DeviceId,
        /// Who made the code, and so cannot confirm it.
        code_by: StaffId,
        /// Whether a code word was set before it came.
        has_word: bool,
        /// Whether the phones before it may show that it is there.
        is_shown: bool,
    },
    /// The first phone of a survivor was enrolled, and reads nothing before somebody has confirmed it.
    FirstPhoneWaits {
        /// Whose.
        survivor: SurvivorId,
        /// Which phone.
        device: DeviceId,
    },
    /// A survivor who had no code word has set one: no phone of theirs opens by time alone any more.
    CodeWordSet {
        /// Who.
        survivor: SurvivorId,
    },
    /// A phone was revoked. It can still cry for help.
    PhoneRevoked {
        /// Whose.
        survivor: SurvivorId,
        /// Which phone.
        device: DeviceId,
    },
    /// An account or a door waits for a second person.
    SecondPersonAsked {
        /// Who may be that person.
        approvers: Vec<StaffId>,
    },
    /// Whom a survivor reports changed.
    ReportedPersonChanged {
        /// Whose report.
        survivor: SurvivorId,
        /// What changed, as a code.
        what: &'static str,
    },
    /// An order that a survivor's own side keeps comes to its end, was discharged or was taken off.
    SurvivorOrderChanged {
        /// Whom it protects.
        survivor: SurvivorId,
        /// Which order.
        order: OrderId,
        /// What, as a code.
        what: &'static str,
    },
    /// Somebody's account is set up again, or somebody asked for that.
    StaffRenewed {
        /// Whose.
        staff: StaffId,
        /// Where they work.
        organisation: Option<OrganisationId>,
    },
    /// A member of staff can see to nothing any more, or for now: their account is out of use.
    StaffOut {
        /// Who.
        staff: StaffId,
        /// Where they work.
        organisation: Option<OrganisationId>,
        /// Whether they are to sign in again soon, as who they are.
        is_back_soon: bool,
    },
    /// A check-in reported a concern.
    ConcernRaised {
        /// Whose.
        survivor: SurvivorId,
        /// Which check-in.
        check_in: CheckInId,
        /// Why it counts, as codes.
        reasons: Vec<&'static str>,
        /// Whether it came from a session under duress.
        is_duress: bool,
        /// The force of the place that the phone gave with it, where it named one of the list.
        force: Option<&'static str>,
        /// How it reached us.
        heard: ReportArrival,
    },
    /// An incident was submitted or amended.
    IncidentReported {
        /// Whose.
        survivor: SurvivorId,
        /// Which incident.
        incident: IncidentId,
        /// What was reported, as far as rules need it.
        report: IncidentReport,
    },
    /// An incident that was reported, or amended, completes a pattern with those before it.
    PatternSeen {
        /// Whose.
        survivor: SurvivorId,
        /// The incident that completes it.
        incident: IncidentId,
        /// Which patterns, as codes.
        patterns: Vec<&'static str>,
        /// Whether the incident was reported under duress.
        is_duress: bool,
    },
    /// The participant stayed away from a session without an acceptable reason.
    SessionMissed {
        /// Who.
        participant: ParticipantId,
        /// Which session.
        session: ProgrammeSessionId,
        /// How many sessions they stayed away from so, this one included.
        absences: usize,
        /// Whether an order that is live demands that they attend.
        is_ordered: bool,
    },
    /// It was recorded that the participant did not come to a session, for whatever reason of theirs.
    SessionNotAttended {
        /// Who.
        participant: ParticipantId,
        /// Which session.
        session: ProgrammeSessionId,
        /// When it was planned.
        planned_at: Instant,
    },
    /// A diary rating says that the participant acted on an urge to make contact.
    UrgeActedOn {
        /// Who.
        participant: ParticipantId,
        /// Which rating.
        rating: DiaryRatingId,
    },
    /// Something changed on the participant's side that may change the danger for the survivors who are linked to them.
    ParticipantChanged {
        /// Who.
        participant: ParticipantId,
        /// What, as a code: no more of the participant crosses.
        what: &'static str,
    },
    /// A goal of the participant's was reviewed.
    GoalScored {
        /// Who.
        participant: ParticipantId,
        /// Which review.
        review: ReviewId,
    },
    /// Something is striking when both sides of a case are seen together. Of the participant no more than that.
    SignalSeen {
        /// Whose case.
        survivor: SurvivorId,
        /// Which case.
        case: CaseId,
        /// What, as a code.
        signal: &'static str,
    },
    /// The practitioner fears what the participant will do.
    ParticipantConcern {
        /// Who.
        participant: ParticipantId,
        /// Which concern.
        concern: ConcernId,
        /// What is feared, as a code.
        kind: &'static str,
        /// Whether they intend contact or harm.
        is_intent: bool,
        /// Whether it is about to happen.
        is_imminent: bool,
    },
    /// A message was sent between a survivor and their side.
    MessageSent {
        /// Whose.
        survivor: SurvivorId,
        /// Which message.
        message: MessageId,
    },
    /// A question or concern of a case was raised, taken up or answered.
    CaseConcernChanged {
        /// Whose case.
        survivor: SurvivorId,
        /// Which case.
        case: CaseId,
        /// Which concern.
        concern: CaseConcernId,
        /// The organisations of both sides.
        sides: [OrganisationId; 2],
    },
    /// A survivor's decoy was made: it is to mirror what a bystander may have seen on the phone.
    DecoyMade {
        /// Whose.
        survivor: SurvivorId,
        /// The decoy.
        decoy: SurvivorId,
    },
    /// Something waits for a person of the survivor's side.
    TaskMade {
        /// Whose.
        survivor: SurvivorId,
        /// Which task.
        task: TaskId,
        /// Whose staff it waits for.
        organisation: OrganisationId,
        /// The role that it is for.
        for_role: &'static str,
    },
    /// Something waits for a person of the programme's side.
    ProgrammeTaskMade {
        /// Whom it is about.
        participant: ParticipantId,
        /// Which task.
        task: ProgrammeTaskId,
        /// Whose staff it waits for.
        organisation: OrganisationId,
    },
    /// An alert's ladder has ended, and nobody has taken it up in its level's time since.
    AlertUnanswered {
        /// Whose.
        survivor: SurvivorId,
        /// Which alert.
        alert: AlertId,
        /// Its level.
        level: i32,
    },
    /// Somebody of the survivor's side has read incidents.
    IncidentsRead {
        /// Whose.
        survivor: SurvivorId,
        /// Which incidents.
        incidents: Vec<IncidentId>,
    },
    /// The survivor took an incident back.
    IncidentWithdrawn {
        /// Whose.
        survivor: SurvivorId,
        /// Which incident.
        incident: IncidentId,
    },
    /// Nobody of the survivor's side has read an incident in time.
    IncidentUnread {
        /// Whose.
        survivor: SurvivorId,
        /// Which incident.
        incident: IncidentId,
    },
    /// An incident was opened further, as the survivor had said beforehand.
    IncidentReleased {
        /// Whose.
        survivor: SurvivorId,
        /// Which incident.
        incident: IncidentId,
        /// Who may see it now.
        visibility: &'static str,
        /// What it waited for, as a code.
        cause: &'static str,
    },
    /// The day has come on which something of a survivor is to be looked at again.
    SafetyReviewDue {
        /// Whose.
        survivor: SurvivorId,
        /// What, as a code.
        what: &'static str,
        /// The day.
        review_by_on: String,
    },
    /// The survivor's own act lowers their protection, or may not be theirs.
    ProtectionLowered {
        /// Whose.
        survivor: SurvivorId,
        /// What.
        lowered: Lowered,
        /// By when somebody makes sure that it was them.
        due_at: Instant,
    },
    /// Somebody made sure with the survivor of what lowers their protection, or it was taken back.
    LoweringSettled {
        /// Whose.
        survivor: SurvivorId,
        /// What.
        lowered: &'static [Lowered],
    },
    /// A block of somebody from a survivor's record waits for a person.
    BlockWaits {
        /// Whose.
        survivor: SurvivorId,
        /// Which block.
        block: BlockId,
        /// The police force that is kept out once a second person has approved it; none: the block is in force, and is to be
        /// looked at again.
        force: Option<OrganisationId>,
        /// By when.
        due_at: Instant,
    },
    /// What waited about a block waits no more.
    BlockSettled {
        /// Whose.
        survivor: SurvivorId,
        /// Which block.
        block: BlockId,
    },
    /// A person is kept out of a survivor's record from now on.
    KeptOut {
        /// Whose.
        survivor: SurvivorId,
        /// Who.
        staff: StaffId,
    },
    /// Something about a file waits for a person.
    EvidenceWaits {
        /// Whose.
        survivor: SurvivorId,
        /// Which file.
        evidence: EvidenceId,
        /// The file's reference for people.
        reference: String,
        /// What.
        matter: EvidenceMatter,
        /// By when somebody is to have seen to it.
        due_at: Option<Instant>,
    },
    /// What waited about a file waits no more: somebody decided, or its time is over.
    EvidenceSettled {
        /// Whose.
        survivor: SurvivorId,
        /// Which file.
        evidence: EvidenceId,
        /// What.
        matters: &'static [EvidenceMatter],
    },
    /// What was to be looked at again was looked at.
    SafetyReviewed {
        /// Whose.
        survivor: SurvivorId,
        /// What, as a code.
        what: &'static str,
    },
    /// A schedule of check-ins was made, or goes on.
    ScheduleMade {
        /// Whose.
        survivor: SurvivorId,
    },
    /// An alert setting is off at once: its delay was ended with the code word.
    AlertSettingOff {
        /// Whose.
        survivor: SurvivorId,
        /// Which setting.
        scope: &'static str,
    },
    /// The survivor turned an alert setting on, which counts at once.
    AlertSettingTurnedOn {
        /// Whose.
        survivor: SurvivorId,
        /// Which setting.
        scope: &'static str,
    },
    /// The survivor turned an alert setting off; it stays on until `effective_at`.
    AlertSettingTurningOff {
        /// Whose.
        survivor: SurvivorId,
        /// Which setting.
        scope: &'static str,
        /// From when it is off.
        effective_at: Instant,
    },
}
