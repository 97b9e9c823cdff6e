//! An alert as the programme's side of a linked case reads it, while the survivor shares their status: that it is there, and
//! how far people and the police have come with it.

use std::collections::HashMap;

use serde::{Serialize, Serializer};
use utoipa::ToSchema;

use super::support::is_act;
use crate::db::{AlertId, CaseId, DbConn, Instant, SubjectId};
use crate::error::Result;
use crate::escalation::alerts::changes::FOR_PROGRAMME;
use crate::escalation::alerts::model::{AlertRow, AlertState, HistoryRow, Rule};
use crate::escalation::alerts::store;

/// An alert, for the programme's side of a linked case.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct ProgrammeAlert {
    /// Id.
    pub id: AlertId,
    /// Reference for people.
    #[schema(example = "AL-6F2K-8C3D-M")]
    pub reference: String,
    /// 1 to 4.
    #[schema(minimum = 1, maximum = 4)]
    pub level: i32,
    /// What raised it last.
    pub rule: Rule,
    /// Its state.
    pub state: AlertState,
    /// Whether it is a drill: nobody is in danger.
    pub is_exercise: bool,
    /// The case.
    pub case_id: Option<CaseId>,
    /// When it was raised.
    pub raised_at: Instant,
    /// When a support-side person took it up.
    pub acknowledged_at: Option<Instant>,
    /// When it was closed.
    pub closed_at: Option<Instant>,
    /// When the first message to police was made.
    pub police_told_at: Option<Instant>,
    /// When an officer acknowledged.
    pub police_acknowledged_at: Option<Instant>,
    /// What the police said came of it, once the advocate has released it to the survivor.
    pub outcome: Option<String>,
    /// Who took it up.
    pub acknowledgements: Vec<ProgrammeAcknowledgement>,
    /// What the survivor's own side alone reads.
    #[serde(flatten)]
    pub withheld: WithheldLists,
}

/// Who took an alert up, or said how it goes: no words of theirs, and no codes.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct ProgrammeAcknowledgement {
    /// When.
    pub at: Instant,
    /// Of what kind: a support-side acknowledgement, an officer's, progress, a level raised, a reopening.
    #[schema(example = "acknowledged")]
    pub kind: String,
    /// Who.
    pub by: Option<SubjectId>,
    /// Always empty.
    pub detail: NoDetail,
}

/// An object that holds nothing.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct NoDetail {}

/// The lists that only the survivor's own side reads: always empty here, so that a client reads alerts of both sides alike.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct WithheldLists {
    /// Always empty.
    #[schema(value_type = Vec<Object>, max_items = 0)]
    forces: EmptyList,
    /// Always empty.
    #[schema(value_type = Vec<Object>, max_items = 0)]
    triggers: EmptyList,
    /// Always empty.
    #[schema(value_type = Vec<Object>, max_items = 0)]
    steps: EmptyList,
    /// Always empty.
    #[schema(value_type = Vec<Object>, max_items = 0)]
    holds: EmptyList,
    /// Always empty.
    #[schema(value_type = Vec<Object>, max_items = 0)]
    deliveries: EmptyList,
    /// Always empty.
    #[schema(value_type = Vec<Object>, max_items = 0)]
    answers: EmptyList,
    /// Always empty.
    #[schema(value_type = Vec<String>, max_items = 0)]
    in_words: EmptyList,
}

/// A list that can hold nothing.
#[derive(Debug, Default)]
struct EmptyList;

impl Serialize for EmptyList {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let nothing: [(); 0] = [];
        nothing.serialize(serializer)
    }
}

/// An alert with what people did about it, as it was read.
pub struct SharedAlert {
    pub(super) row: AlertRow,
    acts: Vec<HistoryRow>,
}

/// Reads the alerts of some rows, in their order.
pub(super) fn read(conn: &mut DbConn, rows: Vec<AlertRow>) -> Result<Vec<SharedAlert>> {
    let ids: Vec<AlertId> = rows.iter().map(|row| row.id).collect();
    let mut acts: HashMap<AlertId, Vec<HistoryRow>> = HashMap::new();
    for line in store::list_history_of(conn, &ids)? {
        if FOR_PROGRAMME.contains(&line.kind) && is_act(&line) {
            acts.entry(line.alert_id).or_default().push(line);
        }
    }
    let shared = |row: AlertRow| SharedAlert { acts: acts.remove(&row.id).unwrap_or_default(), row };
    Ok(rows.into_iter().map(shared).collect())
}

impl SharedAlert {
    /// The alert, for the programme's side.
    pub(super) fn view(&self) -> ProgrammeAlert {
        let row = &self.row;
        ProgrammeAlert {
            id: row.id,
            reference: row.reference.clone(),
            level: row.level,
            rule: row.rule,
            state: row.state,
            is_exercise: row.is_exercise,
            case_id: row.case_id,
            raised_at: row.raised_at,
            acknowledged_at: row.acknowledged_at,
            closed_at: row.closed_at,
            police_told_at: row.police_told_at,
            police_acknowledged_at: row.police_acknowledged_at,
            outcome: row.outcome.clone().filter(|_| row.outcome_released_at.is_some()),
            acknowledgements: self.acts.iter().map(acknowledgement).collect(),
            withheld: WithheldLists::default(),
        }
    }
}

fn acknowledgement(line: &HistoryRow) -> ProgrammeAcknowledgement {
    let (at, kind, by) = (line.at, line.kind.to_string(), line.actor_id);
    ProgrammeAcknowledgement { at, kind, by, detail: NoDetail {} }
}
