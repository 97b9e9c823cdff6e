//! Rules → alerts → ladder → police. From a missed check-in to a police alert, in reading order:
//!
//! 1. `checkins/overdue.rs` marks the slot missed and emits `Event::CheckInMissed`.
//! 2. [`raise_alerts`] (`raise.rs`) asks `rules.rs` what follows, and opens one alert per survivor and rule group, or adds to
//!    the open one, in the same transaction.
//! 3. The alert climbs a ladder, its organisation's own where one is published (`ladder/defaults.rs` chooses);
//!    `ladder/standing.rs` says what each event makes of it, and is pure. The steps that are due at once are taken there and then, unless they
//!    are held back (`ladder/hold.rs`).
//! 4. Time passes: [`advance`] (`ladder/climb.rs`) takes the further steps, until a support-side person acknowledges
//!    (`alerts/act.rs`).
//! 5. A step that reaches the police (`police.rs`) asks whether the survivor's setting allows it and which forces are to
//!    be notified (`police/forces.rs`; `police/routing.rs` decides, pure), makes the thin payload (`police/payload.rs`;
//!    its facts are `police/payload/thrive.rs`'s) and queues it with `webhooks`; where it may not, or cannot, it becomes a
//!    task for a person.
//!
//! An alert is `open → acknowledged → resolved | stood_down`, and open again when nothing happens in time, or when a person
//! opens it within 72 hours (`alerts/reopen.rs`). People may raise its level (`alerts/raise_level.rs`), nobody lowers it.
//! Its history is append-only. Nothing on the phone alone closes one; nor does a police acknowledgement stop an emergency's climb.

mod alerts;
pub mod ladder;
mod overrides;
mod police;
mod raise;
mod rota;
pub mod routes;
mod rules;
mod support;
mod tasks;
mod trigger_facts;

pub use alerts::act::{ActedView, AlertActionBody, Closing, acknowledge, close, progress};
pub use alerts::changes::{
    AlertChange, Changes, Position, end_of_changes, has_changes, latest_change, list_changes, position_after,
};
pub use alerts::decoy::answer_on_decoy;
pub use alerts::figures::{AlertFigure, alert_figures};
pub use alerts::model::{AlertReader, AlertRow, AlertState, AlertsQuery, HistoryKind, Rule};
pub use alerts::person::view::AlertPersonView;
pub use alerts::read::{
    AcknowledgementView, ProgrammeAlert, ReadAlert, StaffAlert, StepView, SupportAlert, find_alert, list as list_alerts,
};
pub use alerts::store::{find_id_by_reference, is_silent, lock_survivor, number_after, number_changes};
pub use alerts::summaries::{AlertSummary, list_alerts_of_survivor};
pub use ladder::climb::{advance, next_due, repair_after_clock_rollback};
pub use ladder::drafts::{
    DefaultLadderView, LadderBody, LadderState, OrganisationLadderView, PublishLadderBody, SimulateBody,
    SimulatedStepView, SimulationView, ValidationView, draft as draft_ladder, find as ladder_of, list as list_ladders,
    publish as publish_ladder, simulate as simulate_ladder, validate as validate_ladder,
};
pub use overrides::{
    OverrideBasis, OverrideRow, OverrideView, OverridesQuery, approve as approve_override, list as list_overrides,
};
pub use police::forces::can_reach_police;
pub use police::officer::ForceCaller;
pub use police::outcomes::model::PoliceOutcome;
pub use police::outcomes::{PoliceOutcomeBody, ReleasedOutcome, list_released_outcomes, store_outcome};
pub use police::payload::model::{
    AlertData, IncidentTrend, PolledAlertData, StatedCodes, StatedHarm, StatedNumber, StatedRating, ThriveFacts,
};
pub use police::police_side::{
    PoliceAcknowledgeBody, PoliceAlertView, PoliceDetailView, PolicePersonView, SuspectView,
    acknowledge as acknowledge_for_force, detail as open_for_officer, find as find_for_officer,
    list as list_alerts_of_force,
};
pub use police::{fall_back, revise};
pub use raise::raise_alerts;
pub use rota::{
    CancelShiftBody, CreateShiftBody, Place, RotaQuery, RotaView, ShiftView, Span, Unreachable, Unreached,
    cancel as cancel_watch, list_unreached, plan as plan_shift, show as show_rota,
};
pub use support::open_location::{AlertLocationView, OpenLocationBody, open as open_place};
pub use support::phone_acts::{
    EnrolmentCodeBody, EnrolmentCodeView, create_code as create_enrolment_code, list as list_phones_of,
    list_codes as list_enrolment_codes, revoke as revoke_phone_of, withdraw_code as withdraw_enrolment_code,
};
pub use support::phones::{
    ConfirmPhoneBody, ConfirmedPhoneView, EndSosBody, EndedSosView, confirm as confirm_phone_of, end_sos as end_sos_of,
};
pub use support::safe_addresses::{PoliceOpenedAddressView, open_for_police as open_address_for_officer};
pub use tasks::doing::{ReadTask, TaskView, list as list_tasks_of_staff};
pub use tasks::model::{TaskKind, TasksQuery};
