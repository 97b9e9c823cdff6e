//! What is known of what raised an alert: codes, numbers and ids, stored as JSON with the alert and with each trigger in its
//! history.

use serde::{Deserialize, Serialize};

use crate::access::SurvivorAccess;
use crate::checkins;
use crate::crypto::Sealed;
use crate::db::{
    AlertId, CheckInId, ConcernId, DbConn, DeviceId, IncidentId, Instant, ProgrammeSessionId, SubjectId, TaskId,
    TimerId,
};
use crate::error::Result;
use crate::events::ReportArrival;

/// The facts of a trigger.
#[serde_with::skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct TriggerFacts {
    /// The check-in that it came by, or whose location holds on.
    #[serde(default)]
    pub check_in_id: Option<CheckInId>,
    /// The timer that it came by, or whose location holds on.
    #[serde(default)]
    pub timer_id: Option<TimerId>,
    /// When the phone recorded it, where that could be read.
    #[serde(default)]
    pub recorded_at: Option<Instant>,
    /// JSON Pointers of what could not be read or kept.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dropped: Vec<String>,
    /// When the phone that it came by, or whose location holds on, was reported lost or taken.
    #[serde(default)]
    pub phone_reported_at: Option<Instant>,
    /// Whether nobody had confirmed the phone that it came by, or whose location holds on.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_phone_unconfirmed: bool,
    /// What happened.
    #[serde(flatten)]
    pub happened: Happened,
}

/// What happened. Stored without a tag: each kind has fields that none above it has.
#[serde_with::skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum Happened {
    /// An incident was reported, or amended.
    Reported(ReportedFacts),
    /// Incidents form a pattern.
    Pattern {
        /// The one that completes it.
        incident_id: IncidentId,
        /// Which patterns, as codes.
        patterns: Vec<String>,
    },
    /// Nobody has read an incident in time.
    Unread {
        /// Which.
        incident_id: IncidentId,
    },
    /// A signal: something that only both sides together show.
    Signal {
        /// What, as codes.
        patterns: Vec<String>,
    },
    /// A check-in was missed.
    Missed {
        /// When it was due.
        due_at: Instant,
        /// How many in a row.
        in_a_row: u32,
    },
    /// A timer ran out.
    RanOut {
        /// When.
        due_at: Instant,
        /// The force of the place that the phone gave.
        #[serde(default)]
        force_id: Option<String>,
    },
    /// Somebody else may have a phone.
    DeviceAtRisk {
        /// Which phone.
        device_id: DeviceId,
        /// Why, as codes.
        reasons: Vec<String>,
    },
    /// A phone was unlocked with the duress PIN.
    Duress {
        /// Which phone.
        device_id: DeviceId,
    },
    /// A check-in reported a concern.
    Concern {
        /// Why it counts, as codes.
        reasons: Vec<String>,
        /// The force of the place that the phone gave.
        #[serde(default)]
        force_id: Option<String>,
    },
    /// The participant stayed away from a session.
    Absence {
        /// Which session.
        session_id: ProgrammeSessionId,
        /// How many, this one included.
        absences: usize,
        /// Whether an order demands that they attend.
        is_ordered: bool,
    },
    /// The practitioner fears contact or harm.
    Feared {
        /// Which concern.
        concern_id: ConcernId,
        /// What is feared, as a code.
        kind: String,
        /// Whether it is about to happen.
        is_imminent: bool,
    },
    /// Nobody has taken an alert up in time.
    Unanswered {
        /// Which alert.
        alert_id: AlertId,
        /// Its level.
        level: i32,
    },
    /// A task was not done in time.
    Overdue {
        /// Which task.
        task_id: TaskId,
        /// What it asks, as a code.
        task: String,
    },
    /// Help-now was pressed, and the phone gave a place.
    Pressed {
        /// The force of that place.
        force_id: String,
    },
    /// Nothing more is known: help-now was pressed, or it is a drill.
    Nothing {},
}

impl Default for Happened {
    fn default() -> Self {
        Self::Nothing {}
    }
}

/// What was reported of an incident.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct ReportedFacts {
    /// Which incident.
    pub incident_id: IncidentId,
    /// Behaviour codes.
    pub behaviours: Vec<String>,
    /// 0 to 4.
    pub fear: i32,
    /// Whether police may speak to the survivor about it.
    pub police_may_contact: bool,
    /// The force of its place, where that is known.
    pub force_id: Option<String>,
    /// Whether it was going on as it was reported.
    pub is_now: bool,
    /// The condition of a live order that it may breach.
    pub breach: Option<BreachFacts>,
}

/// The condition of an order that may be breached.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct BreachFacts {
    /// The order's kind.
    pub order: String,
    /// The condition's code.
    pub condition: String,
}

impl TriggerFacts {
    /// The facts of what happened, as it reached us.
    pub(super) fn heard(happened: Happened, heard: &ReportArrival) -> Self {
        Self {
            recorded_at: heard.recorded_at,
            dropped: heard.dropped.clone(),
            phone_reported_at: heard.reported_at,
            is_phone_unconfirmed: heard.is_unconfirmed,
            ..Self::from(happened)
        }
    }

    /// Whether somebody else than the survivor may hold the phone that it came by.
    pub(super) fn may_be_anothers(&self) -> bool {
        self.phone_reported_at.is_some() || self.is_phone_unconfirmed
    }

    /// What the alert's location came with.
    pub(super) fn source(&self) -> Option<LocationOrigin> {
        self.check_in_id.map(LocationOrigin::CheckIn).or_else(|| self.timer_id.map(LocationOrigin::Timer))
    }

    /// Names what the alert's location came with.
    pub(super) fn name_source(&mut self, source: LocationOrigin) {
        match source {
            LocationOrigin::CheckIn(id) => self.check_in_id = Some(id),
            LocationOrigin::Timer(id) => self.timer_id = Some(id),
        }
    }

    /// What was reported, where it is an incident.
    pub(super) fn reported(&self) -> Option<&ReportedFacts> {
        match &self.happened {
            Happened::Reported(reported) => Some(reported),
            _ => None,
        }
    }

    /// The force of the place that the phone gave, or that was said in an incident.
    pub(super) fn force(&self) -> Option<&str> {
        match &self.happened {
            Happened::Reported(ReportedFacts { force_id, .. })
            | Happened::RanOut { force_id, .. }
            | Happened::Concern { force_id, .. } => force_id.as_deref(),
            Happened::Pressed { force_id } => Some(force_id),
            _ => None,
        }
    }

    /// The incident that it is about.
    pub(super) fn incident(&self) -> Option<IncidentId> {
        match &self.happened {
            Happened::Reported(reported) => Some(reported.incident_id),
            Happened::Pattern { incident_id, .. } | Happened::Unread { incident_id } => Some(*incident_id),
            _ => None,
        }
    }

    /// The patterns and signals that it tells of.
    pub(super) fn patterns(&self) -> &[String] {
        match &self.happened {
            Happened::Pattern { patterns, .. } | Happened::Signal { patterns } => patterns,
            _ => &[],
        }
    }
}

impl From<Happened> for TriggerFacts {
    fn from(happened: Happened) -> Self {
        Self { happened, ..Self::default() }
    }
}

/// What a location came with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LocationOrigin {
    /// A check-in, help-now too.
    CheckIn(CheckInId),
    /// A timer, when it was started.
    Timer(TimerId),
}

impl LocationOrigin {
    /// Its id, whatever it is.
    pub(super) fn id(self) -> SubjectId {
        match self {
            Self::CheckIn(id) => SubjectId(id.0),
            Self::Timer(id) => SubjectId(id.0),
        }
    }

    /// When a location came with it.
    pub(super) fn given_at(self, conn: &mut DbConn, access: &SurvivorAccess) -> Result<Option<Instant>> {
        match self {
            Self::CheckIn(id) => {
                checkins::find_times(conn, access, id).map(|times| times.map(|(_, received)| received))
            }
            Self::Timer(id) => checkins::find_timer_start(conn, access, id),
        }
    }

    /// When a phone recorded it by its own clock, and when it reached us.
    pub(super) fn recorded_and_received(
        self,
        conn: &mut DbConn,
        access: &SurvivorAccess,
    ) -> Result<Option<(Instant, Instant)>> {
        match self {
            Self::CheckIn(id) => {
                let times = checkins::find_times(conn, access, id)?;
                Ok(times.and_then(|(recorded, received)| Some((recorded?, received))))
            }
            Self::Timer(_) => Ok(None),
        }
    }

    /// The location itself, where it brought one.
    pub(super) fn sealed(self, conn: &mut DbConn, access: &SurvivorAccess) -> Result<Option<Sealed>> {
        match self {
            Self::CheckIn(id) => checkins::find_location(conn, access, id),
            Self::Timer(id) => checkins::find_timer_location(conn, access, id),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const NIL: &str = "00000000-0000-0000-0000-000000000000";

    /// The facts of each kind, as they are stored.
    fn stored() -> Vec<Value> {
        vec![
            json!({"incident_id": NIL, "behaviours": ["loiter"], "fear": 2, "police_may_contact": true, "force_id": null,
                "is_now": true, "breach": {"order": "spo", "condition": "approach"},
                "recorded_at": "2026-11-21T20:00:00Z", "dropped": ["/place"]}),
            json!({"incident_id": NIL, "behaviours": [], "fear": 0, "police_may_contact": false, "force_id": "kent",
                "is_now": false, "breach": null, "check_in_id": NIL}),
            json!({"incident_id": NIL, "patterns": ["stalking"]}),
            json!({"incident_id": NIL}),
            json!({"patterns": ["absence_then_incident"]}),
            json!({"check_in_id": NIL, "due_at": "2026-11-21T20:00:00Z", "in_a_row": 2}),
            json!({"timer_id": NIL, "due_at": "2026-11-21T20:00:00Z"}),
            json!({"timer_id": NIL, "due_at": "2026-11-21T20:00:00Z", "force_id": "kent"}),
            json!({"device_id": NIL, "reasons": ["unlocked_too_often"]}),
            json!({"device_id": NIL}),
            json!({"device_id": NIL, "check_in_id": NIL}),
            json!({"check_in_id": NIL, "reasons": ["not_safe"], "dropped": ["/location/accuracy_m"]}),
            json!({"check_in_id": NIL, "reasons": ["not_safe"], "force_id": "kent"}),
            json!({"session_id": NIL, "absences": 2, "is_ordered": true}),
            json!({"concern_id": NIL, "kind": "contact_intent", "is_imminent": true}),
            json!({"alert_id": NIL, "level": 3}),
            json!({"task_id": NIL, "task": "call_back"}),
            json!({"check_in_id": NIL, "force_id": "kent", "recorded_at": "2026-11-21T20:00:00Z"}),
            json!({"check_in_id": NIL, "force_id": "kent", "phone_reported_at": "2026-11-21T20:00:00Z"}),
            json!({"check_in_id": NIL, "is_phone_unconfirmed": true}),
            json!({"check_in_id": NIL}),
            json!({}),
        ]
    }

    #[test]
    fn facts_of_each_kind_are_stored_as_they_were_and_read_as_what_they_are() {
        let mut kinds = std::collections::BTreeSet::new();
        for facts in stored() {
            let read: TriggerFacts = serde_json::from_value(facts.clone()).unwrap();
            assert_eq!(serde_json::to_value(&read).unwrap(), facts);
            let kind = format!("{:?}", read.happened);
            kinds.insert(kind.split([' ', '(']).next().unwrap().to_owned());
        }
        assert_eq!(kinds.len(), 15, "{kinds:?}");
    }

    #[test]
    fn what_a_location_came_with_is_found_again() {
        let check_in = LocationOrigin::CheckIn(CheckInId(uuid::Uuid::nil()));
        let timer = LocationOrigin::Timer(TimerId(uuid::Uuid::nil()));
        for source in [check_in, timer] {
            let mut facts = TriggerFacts::default();
            assert_eq!(facts.source(), None);
            facts.name_source(source);
            assert_eq!(facts.source(), Some(source));
        }
    }
}
