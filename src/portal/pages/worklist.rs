//! What waits for the person who signed in: alerts that are open, the gravest first, and the tasks of their side.

use std::collections::BTreeSet;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use maud::{Markup, html};

use super::frame;
use super::reader::{PageReader, in_english};
use super::visit::Visit;
use crate::app::App;
use crate::db::{AlertId, Instant, TaskId};
use crate::error::Result;
use crate::escalation::{
    self, AlertState, AlertsQuery, ReadAlert, ReadTask, Rule, StaffAlert, TaskKind, TaskView, TasksQuery,
};
use crate::http::{ListRequest, Page};
use crate::identity::{CaseStaff, OrganisationKind, ProgrammeStaff, Staff, SupportStaff};
use crate::participants;
use crate::participants::tasks::{ProgrammeTaskRow, ProgrammeTaskView, ProgrammeTasksQuery};
use crate::tx::Tx;
use crate::words;

/// How many of each are shown; that there are more is said.
const MOST: i64 = 200;

/// The levels that are graver than a concern.
const URGENT: i32 = 3;
const EMERGENCY: i32 = 4;
/// How early a task comes that nobody is in danger for.
const CAN_WAIT: u8 = 3;

/// What is shown of a list, and whether that is all.
struct ShownList<T> {
    items: Vec<T>,
    is_all: bool,
    has_unreadable: bool,
}

impl<T> From<Page<T>> for ShownList<T> {
    fn from(page: Page<T>) -> Self {
        Self { is_all: page.next_cursor.is_none(), has_unreadable: !page.unreadable.is_empty(), items: page.items }
    }
}

/// What waits for somebody; none of what their role has no list of.
struct WaitingLists {
    alerts: Option<ShownList<StaffAlert>>,
    tasks: Option<ShownList<TaskView>>,
    programme_tasks: Option<ShownList<ProgrammeTaskView>>,
}

/// `GET /portal`
pub async fn get_worklist(visit: Visit<Staff>) -> Result<HttpResponse> {
    let Visit { app, who, reader, .. } = visit;
    let sides = [OrganisationKind::SurvivorSupport, OrganisationKind::ProgrammeProvider];
    let is_of_a_case = sides.into_iter().any(|side| who.works_for(side));
    let alerts = match CaseStaff::of(who.clone()) {
        Ok(staff) if is_of_a_case => Some(open_alerts(&app, &staff).await?),
        Ok(_) | Err(_) => None,
    };
    let tasks = match SupportStaff::of(who.clone()) {
        Ok(staff) if staff.works_for(OrganisationKind::SurvivorSupport) => Some(open_tasks(&app, &staff).await?),
        Ok(_) | Err(_) => None,
    };
    let programme_tasks = match ProgrammeStaff::of(who) {
        Ok(staff) if staff.works_for(OrganisationKind::ProgrammeProvider) => Some(of_programme(&app, staff).await?),
        Ok(_) | Err(_) => None,
    };
    let waiting = WaitingLists { alerts, tasks, programme_tasks };
    Ok(frame::answer(StatusCode::OK, &page(&reader, &waiting)))
}

/// Alerts that somebody has to answer. The API lists the newest first: where there are more than are shown, the graver ones are
/// asked for by themselves, so that no emergency is left out for its age.
async fn open_alerts(app: &App, staff: &CaseStaff) -> Result<ShownList<StaffAlert>> {
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

async fn alerts_from(app: &App, staff: &CaseStaff, least_level: Option<i32>) -> Result<ShownList<StaffAlert>> {
    let (actor, staff) = (staff.actor(), staff.clone());
    let work = move |tx: &mut Tx<'_>| {
        let asked = ListRequest { query: AlertsQuery::open(least_level), after: None, limit: MOST };
        escalation::list_alerts(tx, &staff, &asked)
    };
    let rows = app.transact(actor, "list_alerts", work).await?;
    Ok(app.page(rows, MOST, ReadAlert::cursor, ReadAlert::view).await?.into())
}

/// Tasks that wait. As with alerts, those that somebody may be in danger for are asked for by themselves where there are more.
async fn open_tasks(app: &App, staff: &SupportStaff) -> Result<ShownList<TaskView>> {
    let mut shown = tasks_from(app, staff, None).await?;
    if shown.is_all {
        return Ok(shown);
    }
    for kind in TaskKind::ALL.iter().copied().filter(|kind| urgency(*kind) < CAN_WAIT) {
        let urgent = tasks_from(app, staff, Some(kind)).await?;
        shown.has_unreadable |= urgent.has_unreadable;
        let known: BTreeSet<TaskId> = shown.items.iter().map(|task| task.id).collect();
        shown.items.extend(urgent.items.into_iter().filter(|task| !known.contains(&task.id)));
    }
    Ok(shown)
}

async fn tasks_from(app: &App, staff: &SupportStaff, kind: Option<TaskKind>) -> Result<ShownList<TaskView>> {
    let (actor, staff) = (staff.actor(), staff.clone());
    let work = move |tx: &mut Tx<'_>| {
        let mut query = TasksQuery::open(None);
        query.kind = kind;
        escalation::list_tasks_of_staff(tx, &staff, &ListRequest { query, after: None, limit: MOST })
    };
    let rows = app.transact(actor, "list_tasks", work).await?;
    Ok(app.page(rows, MOST, ReadTask::cursor, ReadTask::view).await?.into())
}

/// What waits on the programme's side.
async fn of_programme(app: &App, staff: ProgrammeStaff) -> Result<ShownList<ProgrammeTaskView>> {
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

fn page(reader: &PageReader, waiting: &WaitingLists) -> Markup {
    let main = html! {
        h1 { (reader.say("portal-worklist-title")) }
        @if let Some(alerts) = &waiting.alerts {
            p #stopped role="alert" hidden { (reader.say("portal-stopped")) }
            div #waiting data-live {
                p.quiet role="status" { (reader.say("portal-as-of")) " " (reader.when(reader.now)) }
                h2 { (reader.say("portal-alerts")) }
                (rest(reader, alerts))
                (alert_list(reader, &alerts.items))
                @if let Some(tasks) = &waiting.tasks {
                    h2 { (reader.say("portal-tasks")) }
                    (rest(reader, tasks))
                    (task_list(reader, tasks))
                }
                @if let Some(tasks) = &waiting.programme_tasks {
                    h2 { (reader.say("portal-tasks")) }
                    (rest(reader, tasks))
                    (programme_task_list(reader, tasks))
                }
            }
        } @else {
            p { (reader.say("portal-nothing-for-role")) }
        }
    };
    frame::page(reader, "portal-worklist-title", &main)
}

/// That there are more, or some that cannot be read.
fn rest<T>(reader: &PageReader, shown: &ShownList<T>) -> Markup {
    html! {
        @if !shown.is_all { p { strong { (reader.say_with("portal-more", &[("count", shown.items.len().into())])) } } }
        @if shown.has_unreadable { p { strong { (reader.say("portal-unreadable")) } } }
    }
}

/// What both sides see of an alert in a list.
struct AlertLine<'a> {
    reference: &'a str,
    level: i32,
    rule: Rule,
    state: AlertState,
    is_exercise: bool,
    raised_at: Instant,
}

impl<'a> AlertLine<'a> {
    fn of(alert: &'a StaffAlert) -> Self {
        match alert {
            StaffAlert::Support(alert) => Self {
                reference: &alert.reference,
                level: alert.level,
                rule: alert.rule,
                state: alert.state,
                is_exercise: alert.is_exercise,
                raised_at: alert.raised_at,
            },
            StaffAlert::Programme(alert) => Self {
                reference: &alert.reference,
                level: alert.level,
                rule: alert.rule,
                state: alert.state,
                is_exercise: alert.is_exercise,
                raised_at: alert.raised_at,
            },
        }
    }
}

fn alert_list(reader: &PageReader, alerts: &[StaffAlert]) -> Markup {
    let mut lines: Vec<AlertLine<'_>> = alerts.iter().map(AlertLine::of).collect();
    // Among those of one level, what nobody has taken up comes first.
    lines.sort_by_key(|line| (-line.level, line.state != AlertState::Open, line.raised_at));
    html! {
        @if lines.is_empty() { p { (reader.say("portal-no-alerts")) } }
        @else { ul.list { @for line in &lines { (alert_line(reader, line)) } } }
    }
}

fn alert_line(reader: &PageReader, line: &AlertLine<'_>) -> Markup {
    html! {
        li class={ "level-" (line.level) } {
            h3 {
                a href={ "/portal/alerts/" (line.reference) } {
                    (level(reader, line.level)) " " (happened(line.rule))
                }
            }
            @if line.is_exercise { p { strong { (in_english("staff-drill")) } } }
            p { strong { (state(reader, line.state)) } }
            p { (reader.say("portal-raised")) " " (reader.when(line.raised_at)) }
            p.quiet { (reader.say("portal-reference")) " " (line.reference) }
        }
    }
}

fn task_list(reader: &PageReader, tasks: &ShownList<TaskView>) -> Markup {
    let mut lines: Vec<&TaskView> = tasks.items.iter().collect();
    lines.sort_by_key(|task| (urgency(task.kind), task.due_at.unwrap_or(task.created_at)));
    html! {
        @if lines.is_empty() { p { (reader.say("portal-no-tasks")) } }
        @else { ul.list { @for task in &lines { (task_line(reader, task)) } } }
    }
}

/// How early a task comes in a list: what somebody may be in danger for comes first.
pub fn urgency(kind: TaskKind) -> u8 {
    match kind {
        TaskKind::Call999 => 0,
        TaskKind::PoliceUnreachable | TaskKind::PoliceNotAllowed | TaskKind::Consider999 => 1,
        TaskKind::CallSurvivor | TaskKind::SupervisorDecision | TaskKind::CallBack => 2,
        _ => CAN_WAIT,
    }
}

fn task_line(reader: &PageReader, task: &TaskView) -> Markup {
    html! {
        li {
            h3 {
                @if let Some(reference) = &task.alert_reference {
                    a href={ "/portal/alerts/" (reference) } { (task_words(task)) }
                } @else {
                    (task_words(task))
                }
            }
            @if let Some(due) = task.due_at { p { (reader.say("portal-due")) " " (reader.when(due)) } }
            p { (reader.say("portal-since")) " " (reader.when(task.created_at)) }
            @if let Some(reference) = &task.survivor_reference {
                p.quiet { (reader.say("portal-reference")) " " (reference) }
            }
        }
    }
}

fn programme_task_list(reader: &PageReader, tasks: &ShownList<ProgrammeTaskView>) -> Markup {
    html! {
        @if tasks.items.is_empty() { p { (reader.say("portal-no-tasks")) } }
        @else { ul.list { @for task in &tasks.items { (programme_task_line(reader, task)) } } }
    }
}

fn programme_task_line(reader: &PageReader, task: &ProgrammeTaskView) -> Markup {
    html! {
        li {
            h3 { (in_english(&words::id_of("staff-programme", task.kind.as_str()))) }
            p { (reader.say("portal-since")) " " (reader.when(task.created_at)) }
            @if let Some(reference) = &task.participant_reference {
                p.quiet { (reader.say("portal-reference")) " " (reference) }
            }
        }
    }
}

/// What a task asks for.
pub fn task_words(task: &TaskView) -> Markup {
    in_english(&words::id_of("staff-task", task.kind.as_str()))
}

/// How grave it is, in a word.
pub fn level(reader: &PageReader, level: i32) -> Markup {
    let id = match level {
        4.. => "portal-level-emergency",
        3 => "portal-level-urgent",
        2 => "portal-level-concern",
        _ => "portal-level-note",
    };
    html! { span.mark { (reader.say(id)) } }
}

/// What raised an alert, in words.
pub fn happened(rule: Rule) -> Markup {
    in_english(&words::id_of("staff-happened", rule.as_str()))
}

/// How far it has come.
pub fn state(reader: &PageReader, state: AlertState) -> String {
    reader.say(match state {
        AlertState::Open => "portal-state-open",
        AlertState::Acknowledged => "portal-state-acknowledged",
        AlertState::Resolved => "portal-state-resolved",
        AlertState::StoodDown => "portal-state-stood-down",
    })
}
