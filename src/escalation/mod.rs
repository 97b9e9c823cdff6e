//! Rules → alerts → ladder → police. From a missed check-in to a police alert, in reading order:
//!
//! 1. `checkins/overdue.rs` marks the slot missed and emits `Event::CheckInMissed`.
//! 2. [`raise_alerts`] (`raise.rs`) asks `rules.rs` what follows, and opens one alert per survivor and rule group, or adds to
//!    the open one, in the same transaction.
//! 3. The alert climbs a ladder, its organisation's own where one is published (`ladder/defaults.rs` chooses); `standing.rs`
//!    says what each event makes of it, and is pure. The steps that are due at once are taken there and then, unless they
//!    are held back (`hold.rs`).
//! 4. Time passes: [`advance`] (`climb.rs`) takes the further steps, until a support-side person acknowledges
//!    (`act.rs`).
//! 5. A step that reaches the police (`police.rs`) asks whether the survivor's setting allows it and which forces are to
//!    be notified (`forces.rs`; `routing.rs` decides, pure), makes the thin payload (`payload.rs`; its facts are
//!    `thrive.rs`'s) and queues it with `webhooks`; where it may not, or cannot, it becomes a task for a person.
//!
//! An alert is `open → acknowledged → resolved | stood_down`, and open again when nothing happens in time, or when a person
//! opens it within 72 hours (`reopen.rs`). People may raise its level (`raise_level.rs`), nobody lowers it. Its history
//! is append-only. Nothing on the phone alone closes one; nor does a police acknowledgement stop an emergency's climb.

mod act;
mod alert_access;
mod answers;
mod break_glass;
mod changes;
mod climb;
mod closing;
mod danger_word;
mod decoy;
mod evidence_tasks;
mod exercise;
mod figures;
mod forces;
mod history;
mod hold;
pub mod ladder;
mod ladders;
mod leavers;
mod location;
mod model;
mod notices;
mod once_police_answer;
mod open_location;
mod outcomes;
mod override_model;
mod overrides;
mod participant_news;
mod payload;
mod payload_model;
mod person;
mod phone_acts;
mod phones;
mod place_opened;
mod plain_words;
mod police;
mod police_evidence;
mod police_news;
mod police_side;
mod raise;
mod raise_level;
mod read;
mod release;
mod reopen;
mod rota;
pub mod routes;
mod routing;
mod rules;
mod safe_addresses;
mod script;
mod sentences;
mod silences;
mod standing;
mod step_outcomes;
mod steps;
mod store;
mod summaries;
mod task_ends;
mod task_model;
mod tasks;
mod thrive;
mod transfers;
mod trigger_facts;

pub use act::{ActedView, AlertActionBody, Closing, acknowledge, close, progress};
pub use changes::{
    AlertChange, Changes, Position, end_of_changes, has_changes, latest_change, list_changes, position_after,
};
pub use climb::{advance, mind_clock, next_due};
pub use decoy::answer_on_decoy;
pub use figures::{AlertFigure, alert_figures};
pub use forces::can_reach_police;
pub use model::{AlertRow, AlertState, HistoryKind, Rule, TaskKind, TaskState};
pub use open_location::{AlertLocationView, OpenLocationBody, open as open_place};
pub use outcomes::{ReleasedOutcome, list_released_outcomes};
pub use payload_model::AlertData;
pub use person::AlertPersonView;
pub use police::{fall_back, revise};
pub use raise::raise_alerts;
pub use read::{
    AcknowledgementView, ProgrammeAlert, ReadAlert, StaffAlert, SupportAlert, find as find_alert,
    list_open as list_open_alerts,
};
pub use rota::{Unreachable, Unreached, list_unreached};
pub use store::{find_id_by_reference, is_silent, lock_survivor, number_after, number_changes};
pub use summaries::{AlertReader, AlertSummary, list_alerts_of_survivor};
pub use tasks::{ReadTask, TaskView, list as list_tasks, list_of_alert as list_tasks_of_alert};
