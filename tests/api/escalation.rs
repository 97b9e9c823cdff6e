//! What follows from an event: alerts, ladders, police, tasks.

mod alerts;
mod alerts_for_staff;
mod alerts_to_police;
mod break_glass;
mod danger;
mod danger_word;
mod forces;
mod ladders;
mod lists;
mod location;
pub mod on_duty;
mod outcomes;
mod overrides;
mod own;
mod participant_news;
mod police_delivery;
mod right_force;
mod rota;
mod safe_addresses;
mod step_outcomes;
mod tasks;
mod told;
pub mod transfers;
