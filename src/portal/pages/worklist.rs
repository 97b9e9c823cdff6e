//! What waits for the person who signed in: alerts that are open, the gravest first, and the tasks of their side.

use std::collections::BTreeSet;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;

use super::admin::links::pages_of;
use super::auditor;
use super::case::links;
use super::frame;
use super::police;
use super::survivors::links::records_of;
use super::visit::Visit;
use super::worklist_view::{ListedCases, NoWorklist, ProgrammeWorklist, ReadList, SupportWorklist};
use crate::app::App;
use crate::db::{AlertId, TaskId};
use crate::error::Result;
use crate::escalation::{self, AlertsQuery, ReadAlert, ReadTask, StaffAlert, TaskView, TasksQuery};
use crate::http::{ListRequest, Page};
use crate::identity::{Auditor, CaseStaff, Officer, OrganisationKind, ProgrammeStaff, Staff, SupportStaff};
use crate::participants;
use crate::participants::tasks::{ProgrammeTaskRow, ProgrammeTaskView, ProgrammeTasksQuery};
use crate::tx::Tx;

/// How many of each are shown; that there are more is said.
const MOST: i64 = 200;

/// The levels that are graver than a concern.
const URGENT: i32 = 3;
const EMERGENCY: i32 = 4;

/// `GET /portal`
pub async fn get_worklist(visit: Visit<Staff>) -> Result<HttpResponse> {
    let Visit { app, who, reader, .. } = visit;
    if who.works_for(OrganisationKind::PoliceForce)
        && let Ok(officer) = Officer::of(who.clone())
    {
        return police::show_desk(&app, &officer, &reader, None).await;
    }
    if let Ok(auditor) = Auditor::of(who.clone()) {
        return auditor::show_trail(&app, &auditor, &reader).await;
    }
    let is_of_support = who.works_for(OrganisationKind::SurvivorSupport);
    let is_of_programme = who.works_for(OrganisationKind::ProgrammeProvider);
    let pages = pages_of(&reader, &who);
    let (alerts, cases) = match CaseStaff::of(who.clone()) {
        Ok(staff) if is_of_support || is_of_programme => {
            let (lines, is_cut) = links::open_cases(&app, &staff).await?;
            (open_alerts(&app, &staff).await?, ListedCases { lines, is_cut })
        }
        Ok(_) | Err(_) => return frame::answer(StatusCode::OK, &NoWorklist::of(&reader, pages)),
    };
    if is_of_support {
        let tasks = match SupportStaff::of(who) {
            Ok(staff) => {
                let tasks = open_tasks(&app, &staff).await?;
                let about = tasks.items.iter().map(|task| task.survivor_id).collect();
                let records = records_of(&app, &staff, about).await?;
                Some((tasks, records))
            }
            Err(_) => None,
        };
        return frame::answer(StatusCode::OK, &SupportWorklist::of(&reader, alerts, tasks, (cases, pages)));
    }
    let tasks = match ProgrammeStaff::of(who) {
        Ok(staff) => Some(of_programme(&app, staff).await?),
        Err(_) => None,
    };
    frame::answer(StatusCode::OK, &ProgrammeWorklist::of(&reader, alerts, tasks, (cases, pages)))
}

/// Alerts that somebody has to answer. The API lists the newest first: where there are more than are shown, the graver ones are
/// asked for by themselves, so that no emergency is left out for its age.
async fn open_alerts(app: &App, staff: &CaseStaff) -> Result<ReadList<StaffAlert>> {
    let mut shown = alerts_from(app, staff, None).await?;
    if shown.is_all {
        return Ok(shown);
    }
    for least_level in [URGENT, EMERGENCY] {
        let graver = alerts_from(app, staff, Some(least_level)).await?;
        shown.has_unreadable |= graver.has_unreadable;
        let known: BTreeSet<AlertId> = shown.items.iter().map(id_of_alert).collect();
        shown.items.extend(graver.items.into_iter().filter(|alert| !known.contains(&id_of_alert(alert))));
        if graver.is_all {
            break;
        }
    }
    Ok(shown)
}

async fn alerts_from(app: &App, staff: &CaseStaff, least_level: Option<i32>) -> Result<ReadList<StaffAlert>> {
    let (actor, staff) = (staff.actor(), staff.clone());
    let work = move |tx: &mut Tx<'_>| {
        let asked = ListRequest { query: AlertsQuery::open(least_level), after: None, limit: MOST };
        escalation::list_alerts(tx, &staff, &asked)
    };
    let rows = app.transact(actor, "list_alerts", work).await?;
    Ok(app.page(rows, MOST, ReadAlert::cursor, ReadAlert::view).await?.into())
}

/// Tasks that wait. As with alerts, those that somebody may be in danger for are asked for by themselves where there are more.
async fn open_tasks(app: &App, staff: &SupportStaff) -> Result<ReadList<TaskView>> {
    let mut shown = tasks_from(app, staff, None).await?;
    if shown.is_all {
        return Ok(shown);
    }
    let urgent = tasks_from(app, staff, Some(true)).await?;
    shown.has_unreadable |= urgent.has_unreadable;
    let known: BTreeSet<TaskId> = shown.items.iter().map(|task| task.id).collect();
    shown.items.extend(urgent.items.into_iter().filter(|task| !known.contains(&task.id)));
    Ok(shown)
}

async fn tasks_from(app: &App, staff: &SupportStaff, is_urgent: Option<bool>) -> Result<ReadList<TaskView>> {
    let (actor, staff) = (staff.actor(), staff.clone());
    let work = move |tx: &mut Tx<'_>| {
        let mut query = TasksQuery::open(None);
        query.is_urgent = is_urgent;
        escalation::list_tasks_of_staff(tx, &staff, &ListRequest { query, after: None, limit: MOST })
    };
    let rows = app.transact(actor, "list_tasks", work).await?;
    Ok(app.page(rows, MOST, ReadTask::cursor, ReadTask::view).await?.into())
}

/// What waits on the programme's side.
async fn of_programme(app: &App, staff: ProgrammeStaff) -> Result<ReadList<ProgrammeTaskView>> {
    let actor = staff.actor();
    let work = move |tx: &mut Tx<'_>| {
        let asked = ListRequest { query: ProgrammeTasksQuery::default(), after: None, limit: MOST };
        participants::tasks::list(tx, &staff, &asked)
    };
    let (rows, references) = app.transact(actor, "list_programme_tasks", work).await?;
    let view = |row: ProgrammeTaskRow| {
        let participant_reference = references.get(&row.participant_id).cloned();
        Ok(ProgrammeTaskView { participant_reference, ..ProgrammeTaskView::from(row) })
    };
    Ok(Page::of(rows, MOST, ProgrammeTaskRow::cursor, view)?.into())
}

fn id_of_alert(alert: &StaffAlert) -> AlertId {
    match alert {
        StaffAlert::Support(alert) => alert.id,
        StaffAlert::Programme(alert) => alert.id,
    }
}
