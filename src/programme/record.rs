//! What a practitioner records of a participant between goals and sessions: diary ratings, observations, the formulation,
//! their risk to themselves, notes of consultation and of clinical supervision; and what waits for their supervisor.
//!
//! Nothing here is ever rewritten: what is formulated or rated again is a new version. Every narrative is sealed under the
//! participant.

pub mod diary;
pub mod formulation;
mod model;
pub mod notes;
pub mod notices;
pub mod observations;
pub mod own_risk;
mod store;

pub use diary::DiaryRatingView;
pub use formulation::FormulationView;
pub use model::{
    DiaryRow, FormulationRow, NoticeRow, ObservationRow, OwnRiskRating, OwnRiskRow, PracticeNoteRow, Typology,
};
pub use observations::ObservationView;
pub use store::{find_formulation, find_own_risk, list_acted_urges, list_diary_ratings, list_observations};
