//! The survivor's side of a case: check-ins, incidents, alerts.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{ITEMS, ROWS, opened};
use crate::cases::reach::{CaseReach, Withheld};
use crate::checkins::{self, CheckIn, CheckInCounts, EffectiveState};
use crate::crypto::{Keys, PrivateText, open};
use crate::db::{CheckInId, DbConn, IncidentId, Instant};
use crate::error::Result;
use crate::escalation::{self, AlertSummary};
use crate::incidents::{self, IncidentCounts, ProgrammeIncident, Reported, SupportIncident};

/// Days that the figures about check-ins cover.
const COUNTED_DAYS: i64 = 28;

/// A check-in, for the survivor's own side. Has no room for a location.
#[serde_with::skip_serializing_none]
#[derive(Serialize, ToSchema)]
pub struct SupportCaseCheckIn {
    /// Id.
    pub id: CheckInId,
    /// Its present state.
    pub state: EffectiveState,
    /// Of "safe": whether the PIN was given as it was said. One that it was not is no sign that they are.
    pub is_proven: Option<bool>,
    /// When it was due; none for one that nobody asked for.
    pub due_at: Option<Instant>,
    /// When the answer arrived.
    pub received_at: Option<Instant>,
    /// When its grace had passed.
    pub missed_at: Option<Instant>,
    /// How safe the survivor felt, 0 to 4.
    pub feeling_safe: Option<i32>,
    /// What they wrote.
    pub note: Option<String>,
}

/// A check-in, for the programme's side. Has no room for a location, nor for how safe the survivor felt.
#[serde_with::skip_serializing_none]
#[derive(Serialize, ToSchema)]
pub struct ProgrammeCaseCheckIn {
    /// Id.
    pub id: CheckInId,
    /// Its present state.
    pub state: EffectiveState,
    /// Of "safe": whether the PIN was given as it was said. One that it was not is no sign that they are.
    pub is_proven: Option<bool>,
    /// When it was due; none for one that nobody asked for.
    pub due_at: Option<Instant>,
    /// When the answer arrived.
    pub received_at: Option<Instant>,
    /// When its grace had passed.
    pub missed_at: Option<Instant>,
    /// What they wrote, where they share it.
    pub note: Option<String>,
}

/// The check-ins of the last four weeks in figures.
#[serde_with::skip_serializing_none]
#[derive(Serialize, ToSchema)]
pub struct CheckInSummaryView {
    /// From when on they are counted.
    pub since: Instant,
    /// Answered in time.
    pub answered: i64,
    /// Answered late.
    pub late: i64,
    /// Not answered before the grace had passed.
    pub missed: i64,
    /// How safe the survivor last felt, 0 to 4.
    pub last_feeling_safe: Option<i32>,
}

/// Check-ins, for the survivor's own side.
#[derive(Serialize, ToSchema)]
pub struct SupportCaseCheckIns {
    /// Figures.
    #[schema(required = true)]
    pub summary: Option<CheckInSummaryView>,
    /// The newest, newest first.
    pub items: Vec<SupportCaseCheckIn>,
}

/// Check-ins, for the programme's side.
#[derive(Serialize, ToSchema)]
pub struct ProgrammeCaseCheckIns {
    /// Figures; null where check-ins are withheld.
    #[schema(required = true)]
    pub summary: Option<CheckInSummaryView>,
    /// The newest, newest first.
    pub items: Vec<ProgrammeCaseCheckIn>,
}

/// Incidents, for the survivor's own side.
#[derive(Serialize, ToSchema)]
pub struct SupportCaseIncidents {
    /// Figures.
    #[schema(required = true)]
    pub summary: Option<IncidentCounts>,
    /// The newest, newest first.
    pub items: Vec<SupportIncident>,
}

/// Incidents, for the programme's side.
#[derive(Serialize, ToSchema)]
pub struct ProgrammeCaseIncidents {
    /// Figures; null where incidents are withheld.
    #[schema(required = true)]
    pub summary: Option<IncidentCounts>,
    /// The newest, newest first.
    pub items: Vec<ProgrammeIncident>,
}

/// Alerts.
#[derive(Serialize, ToSchema)]
pub struct CaseAlertsView {
    /// The newest, newest first.
    pub items: Vec<AlertSummary>,
}

/// The survivor's side, for that side itself.
#[derive(Serialize, ToSchema)]
pub struct SupportSurvivorSide {
    /// Check-ins.
    pub check_ins: SupportCaseCheckIns,
    /// Incidents.
    pub incidents: SupportCaseIncidents,
    /// Alerts.
    pub alerts: CaseAlertsView,
}

/// The survivor's side, for the programme's side: as far as the survivor shares it.
#[derive(Serialize, ToSchema)]
pub struct ProgrammeSurvivorSide {
    /// Check-ins.
    pub check_ins: ProgrammeCaseCheckIns,
    /// Incidents.
    pub incidents: ProgrammeCaseIncidents,
    /// Alerts.
    pub alerts: CaseAlertsView,
}

/// The survivor's side, as the caller's side may read it.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub enum SurvivorSideView {
    /// For the survivor's own side.
    Support(SupportSurvivorSide),
    /// For the programme's side.
    Programme(ProgrammeSurvivorSide),
}

/// What was read of the survivor's side. What is withheld was not queried and is empty.
#[derive(Default)]
pub struct SurvivorSide {
    /// Check-ins, newest first.
    pub check_ins: Vec<CheckIn>,
    counts: Option<(Instant, CheckInCounts)>,
    /// Incidents, newest first.
    pub incidents: Vec<Reported>,
    figures: Option<IncidentCounts>,
    alerts: Vec<AlertSummary>,
}

impl SurvivorSide {
    /// Reads what the caller may see.
    pub(in crate::cases) fn read(conn: &mut DbConn, reach: &CaseReach, now: Instant) -> Result<Self> {
        let mut side = Self::default();
        if let Some(access) = &reach.status {
            let since = now.plus_days(-COUNTED_DAYS);
            (side.check_ins, side.counts) = match reach.is_support {
                true => {
                    let counts = checkins::count_since(conn, access, since)?;
                    (checkins::list_for(conn, access, None, ROWS)?, Some((since, counts)))
                }
                false => {
                    let counts = checkins::count_for_programme_since(conn, access, since)?;
                    (checkins::list_without_duress(conn, access, None, ROWS)?, Some((since, counts)))
                }
            };
            side.alerts = escalation::list_alerts_of_survivor(conn, access, None, ITEMS, reach.alerts)?;
        }
        if let Some(seen) = &reach.incidents {
            side.incidents = incidents::list_visible(conn, &seen.access, seen.least, None, ROWS)?;
            side.figures = Some(incidents::count_by_week_and_behaviour(conn, &seen.access, seen.least, now)?);
        }
        Ok(side)
    }

    /// The incidents that the view shows.
    pub(in crate::cases) fn shown_incidents(&self) -> Vec<IncidentId> {
        Self::items(&self.incidents).map(|row| row.incident.id).collect()
    }

    /// The kinds of thing that the programme's side is shown of it.
    pub(in crate::cases) fn disclosed(&self, reach: &CaseReach) -> Vec<Withheld> {
        if reach.is_support {
            return Vec::new();
        }
        let has_notes = reach.sees_notes && Self::items(&self.check_ins).any(|row| row.note.is_some());
        let opens = |row| reach.incidents.is_some_and(|seen| seen.opens_account(row));
        let kinds = [
            (Withheld::CheckIns, reach.status.is_some()),
            (Withheld::Alerts, reach.status.is_some()),
            (Withheld::CheckInNotes, has_notes),
            (Withheld::Incidents, reach.incidents.is_some()),
            (Withheld::IncidentAccounts, Self::items(&self.incidents).any(opens)),
        ];
        kinds.into_iter().filter(|(_, is_shown)| *is_shown).map(|(what, _)| what).collect()
    }

    /// The view of what was read; adds the ids of what does not open.
    pub(in crate::cases) fn view(
        &self,
        keys: &Keys,
        reach: &CaseReach,
        now: Instant,
        unreadable: &mut Vec<Uuid>,
    ) -> Result<SurvivorSideView> {
        Ok(match reach.is_support {
            true => SurvivorSideView::Support(self.for_support(keys, now, unreadable)?),
            false => SurvivorSideView::Programme(self.for_programme(keys, reach, now, unreadable)?),
        })
    }

    fn for_support(&self, keys: &Keys, now: Instant, unreadable: &mut Vec<Uuid>) -> Result<SupportSurvivorSide> {
        let check_ins = Self::items(&self.check_ins).map(|row| (row.id.0, support_check_in(keys, row, now)));
        let incident = |row: &Reported| (row.incident.id.0, SupportIncident::of(keys, row, None));
        let incidents = Self::items(&self.incidents).map(incident);
        Ok(SupportSurvivorSide {
            check_ins: SupportCaseCheckIns { summary: self.summary(), items: opened(check_ins, unreadable)? },
            incidents: SupportCaseIncidents { summary: self.figures.clone(), items: opened(incidents, unreadable)? },
            alerts: self.alerts(),
        })
    }

    fn for_programme(
        &self,
        keys: &Keys,
        reach: &CaseReach,
        now: Instant,
        unreadable: &mut Vec<Uuid>,
    ) -> Result<ProgrammeSurvivorSide> {
        let check_in = |row: &CheckIn| (row.id.0, programme_check_in(keys, reach.sees_notes, row, now));
        let check_ins = Self::items(&self.check_ins).map(check_in);
        let seen = reach.incidents.as_ref().into_iter();
        let incidents = seen.flat_map(|seen| {
            Self::items(&self.incidents).map(move |row| (row.incident.id.0, seen.for_programme(keys, row)))
        });
        Ok(ProgrammeSurvivorSide {
            check_ins: ProgrammeCaseCheckIns { summary: self.summary(), items: opened(check_ins, unreadable)? },
            incidents: ProgrammeCaseIncidents { summary: self.figures.clone(), items: opened(incidents, unreadable)? },
            alerts: self.alerts(),
        })
    }

    /// The rows that the view shows; the others are only input for signals.
    fn items<T>(rows: &[T]) -> impl Iterator<Item = &T> {
        rows.iter().take(usize::try_from(ITEMS).unwrap_or(0))
    }

    fn summary(&self) -> Option<CheckInSummaryView> {
        let (since, counts) = self.counts.as_ref()?;
        Some(CheckInSummaryView {
            since: *since,
            answered: counts.answered,
            late: counts.late,
            missed: counts.missed,
            last_feeling_safe: self.check_ins.iter().find_map(|row| row.feeling_safe),
        })
    }

    fn alerts(&self) -> CaseAlertsView {
        CaseAlertsView { items: Self::items(&self.alerts).cloned().collect() }
    }
}

fn support_check_in(keys: &Keys, row: &CheckIn, now: Instant) -> Result<SupportCaseCheckIn> {
    Ok(SupportCaseCheckIn {
        id: row.id,
        state: checkins::effective_state(row, now),
        is_proven: row.safe_is_proven(),
        due_at: row.due_at,
        received_at: row.received_at,
        missed_at: row.missed_at,
        feeling_safe: row.feeling_safe,
        note: open!(keys, row.note)?.shown(),
    })
}

fn programme_check_in(keys: &Keys, sees_notes: bool, row: &CheckIn, now: Instant) -> Result<ProgrammeCaseCheckIn> {
    let note = if sees_notes { open!(keys, row.note)?.shown() } else { None };
    Ok(ProgrammeCaseCheckIn {
        id: row.id,
        state: checkins::effective_state(row, now),
        is_proven: row.safe_is_proven(),
        due_at: row.due_at,
        received_at: row.received_at,
        missed_at: row.missed_at,
        note,
    })
}
