//! The survivor's side of a case: check-ins, incidents, alerts.

use secrecy::ExposeSecret;
use serde::Serialize;
use utoipa::ToSchema;

use super::reach::{Reach, Withheld};
use super::view::{ITEMS, ROWS};
use crate::checkins::{self, CheckIn, CheckInCounts, EffectiveState};
use crate::crypto::Keys;
use crate::db::{CheckInId, DbConn, IncidentId, Instant};
use crate::error::Result;
use crate::escalation::{self, AlertSummary};
use crate::incidents::{self, IncidentCounts, IncidentView, Reported};

/// Days that the figures about check-ins cover.
const COUNTED_DAYS: i64 = 28;

/// A check-in. Has no room for a location.
#[derive(Serialize, ToSchema)]
pub struct CaseCheckInView {
    /// Id.
    pub id: CheckInId,
    /// Where it stands now.
    pub state: EffectiveState,
    /// When it was due; none for one that nobody asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_at: Option<Instant>,
    /// When the answer arrived.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub received_at: Option<Instant>,
    /// When its grace had passed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub missed_at: Option<Instant>,
    /// How safe the survivor felt, 0 to 4; to their own side.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub feeling_safe: Option<i32>,
    /// What they wrote.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// The check-ins of the last four weeks in figures.
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
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_feeling_safe: Option<i32>,
}

/// Check-ins.
#[derive(Serialize, ToSchema)]
pub struct CaseCheckInsView {
    /// Figures; null where check-ins are withheld.
    #[schema(required = true)]
    pub summary: Option<CheckInSummaryView>,
    /// The newest, newest first.
    pub items: Vec<CaseCheckInView>,
}

/// Incidents.
#[derive(Serialize, ToSchema)]
pub struct CaseIncidentsView {
    /// Figures; null where incidents are withheld.
    #[schema(required = true)]
    pub summary: Option<IncidentCounts>,
    /// The newest, newest first.
    pub items: Vec<IncidentView>,
}

/// Alerts.
#[derive(Serialize, ToSchema)]
pub struct CaseAlertsView {
    /// The newest, newest first.
    pub items: Vec<AlertSummary>,
}

/// The survivor's side.
#[derive(Serialize, ToSchema)]
pub struct SurvivorSideView {
    /// Check-ins.
    pub check_ins: CaseCheckInsView,
    /// Incidents.
    pub incidents: CaseIncidentsView,
    /// Alerts.
    pub alerts: CaseAlertsView,
}

impl SurvivorSideView {
    /// The kinds of thing that stand in it.
    pub(super) fn shown(&self, reach: &Reach) -> Vec<Withheld> {
        let has_notes = self.check_ins.items.iter().any(|item| item.note.is_some());
        let has_accounts = self.incidents.items.iter().any(|item| item.account.is_some());
        let kinds = [
            (Withheld::CheckIns, reach.status.is_some()),
            (Withheld::Alerts, reach.status.is_some()),
            (Withheld::CheckInNotes, has_notes),
            (Withheld::Incidents, reach.incidents.is_some()),
            (Withheld::IncidentAccounts, has_accounts),
        ];
        kinds.into_iter().filter(|(_, is_shown)| *is_shown).map(|(what, _)| what).collect()
    }
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
    pub(super) fn read(conn: &mut DbConn, reach: &Reach, now: Instant) -> Result<Self> {
        let mut side = Self::default();
        if let Some(access) = &reach.status {
            let since = now.plus_days(-COUNTED_DAYS);
            side.check_ins = checkins::list_for(conn, access, None, ROWS)?;
            side.counts = Some((since, checkins::count_since(conn, access, since)?));
            side.alerts = escalation::list_alerts_of_survivor(conn, access, None, ITEMS, reach.alerts)?;
        }
        if let Some(seen) = &reach.incidents {
            side.incidents = incidents::list_visible(conn, &seen.access, seen.least, None, ROWS)?;
            side.figures = Some(incidents::count_by_week_and_behaviour(conn, &seen.access, seen.least, now)?);
        }
        Ok(side)
    }

    /// The incidents that the view shows.
    pub(super) fn shown_incidents(&self) -> Vec<IncidentId> {
        let items = usize::try_from(ITEMS).unwrap_or(0);
        self.incidents.iter().take(items).map(|row| row.incident.id).collect()
    }

    /// The view of what was read.
    pub(super) fn view(&self, keys: &Keys, reach: &Reach, now: Instant) -> Result<SurvivorSideView> {
        let items = usize::try_from(ITEMS).unwrap_or(0);
        let check_ins = self.check_ins.iter().take(items).map(|row| check_in(keys, reach, row, now));
        let last_feeling_safe = self.check_ins.iter().find_map(|row| row.feeling_safe);
        let summary = self.counts.as_ref().map(|(since, counts)| CheckInSummaryView {
            since: *since,
            answered: counts.answered,
            late: counts.late,
            missed: counts.missed,
            last_feeling_safe,
        });
        let mut incidents = Vec::new();
        if let Some(seen) = &reach.incidents {
            for row in self.incidents.iter().take(items) {
                incidents.push(seen.view(keys, row)?);
            }
        }
        Ok(SurvivorSideView {
            check_ins: CaseCheckInsView { summary, items: check_ins.collect::<Result<_>>()? },
            incidents: CaseIncidentsView { summary: self.figures.clone(), items: incidents },
            alerts: CaseAlertsView { items: self.alerts.iter().take(items).cloned().collect() },
        })
    }
}

fn check_in(keys: &Keys, reach: &Reach, row: &CheckIn, now: Instant) -> Result<CaseCheckInView> {
    let note = if reach.sees_notes { row.note(keys)? } else { None };
    Ok(CaseCheckInView {
        id: row.id,
        state: checkins::effective_state(row, now),
        due_at: row.due_at,
        received_at: row.received_at,
        missed_at: row.missed_at,
        feeling_safe: row.feeling_safe.filter(|_| reach.is_support),
        note: note.map(|note| note.expose_secret().to_owned()),
    })
}
