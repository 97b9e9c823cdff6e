//! An alert: what it is, and what is done about it.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::acts_view::PlacePage;
use super::alert_view::{ProgrammeAlertPage, SupportAlertPage};
use super::alert_words::alert_path;
use super::case::{handle, links};
use super::frame;
use super::notified_view::NotifiedSteps;
use super::override_view;
use super::police;
use super::reader::PageReader;
use super::shown_alert::{ShownAlert, SidedAlert, Trouble};
use super::survivors::links::records_of;
use super::visit::{Filled, Visit};
use crate::app::App;
use crate::crypto::Keys;
use crate::db::{AlertId, DbConn, OverrideId, StaffId};
use crate::error::{Error, Result};
use crate::escalation::{
    self, ActedView, AlertActionBody, Closing, OpenLocationBody, ReadAlert, ReadTask, StaffAlert, SupportAlert,
    TasksQuery,
};
use crate::http::ListRequest;
use crate::identity::{self, AlertStaff, CaseStaff, Officer, OrganisationKind, Staff, SupportStaff};
use crate::tx::Tx;

/// Tasks of one alert that are shown.
const MOST_TASKS: i64 = 200;
/// Fields of the acts that are ticked.
const TICKED: [&str; 2] = ["spoke_to_survivor", "outcome_confirmed"];

/// `GET /portal/alerts/{reference}`
pub async fn get_alert(visit: Visit<AlertStaff>, reference: web::Path<String>) -> Result<HttpResponse> {
    let staff = Staff::clone(&visit.who);
    if staff.works_for(OrganisationKind::PoliceForce)
        && let Ok(officer) = Officer::of(staff.clone())
    {
        return police::show_alert(&visit.app, &officer, &visit.reader, &reference).await;
    }
    let shown = read(&visit.app, &CaseStaff::of(staff)?, &reference, visit.deed).await?;
    show(&visit.reader, &shown, None)
}

/// `POST …/acknowledge`
pub async fn acknowledge(
    visit: Visit<SupportStaff>,
    reference: web::Path<String>,
    form: Filled,
) -> Result<HttpResponse> {
    let done = carry_out(&visit, &reference, &form, escalation::acknowledge).await;
    settle(&visit, &reference, (form, "acknowledge"), done).await
}

/// `POST …/progress`
pub async fn progress(visit: Visit<SupportStaff>, reference: web::Path<String>, form: Filled) -> Result<HttpResponse> {
    let done = carry_out(&visit, &reference, &form, escalation::progress).await;
    settle(&visit, &reference, (form, "progress"), done).await
}

/// `POST …/resolve`
pub async fn resolve(visit: Visit<SupportStaff>, reference: web::Path<String>, form: Filled) -> Result<HttpResponse> {
    let done = close(&visit, &reference, &form, Closing::Resolved).await;
    settle(&visit, &reference, (form, "resolve"), done).await
}

/// `POST …/stand-down`
pub async fn stand_down(
    visit: Visit<SupportStaff>,
    reference: web::Path<String>,
    form: Filled,
) -> Result<HttpResponse> {
    let done = close(&visit, &reference, &form, Closing::StoodDown).await;
    settle(&visit, &reference, (form, "stand-down"), done).await
}

/// `POST …/location`: the place is shown in the answer itself, and kept nowhere on the way.
pub async fn open_place(
    visit: Visit<SupportStaff>,
    reference: web::Path<String>,
    form: Filled,
) -> Result<HttpResponse> {
    let opened = match form.read::<OpenLocationBody>(&[]) {
        Ok(body) => {
            let (staff, named) = (visit.who.clone(), reference.to_string());
            let work = move |tx: &mut Tx<'_>| {
                let id = named_alert(tx.conn, &named)?;
                escalation::open_place(tx, &staff, id, &body)
            };
            visit.app.transact(visit.who.actor(), visit.deed, work).await
        }
        Err(error) => Err(error),
    };
    match opened {
        Ok(place) => frame::answer(StatusCode::OK, &PlacePage::of(&visit.reader, &reference, &place)),
        Err(error) => refuse(&visit, &reference, Trouble { error, form, act: "location" }).await,
    }
}

/// `POST …/overrides/{override}/approve`, as the second person.
pub async fn approve_override(
    visit: Visit<SupportStaff>,
    path: web::Path<(String, String)>,
    form: Filled,
) -> Result<HttpResponse> {
    let (reference, letters) = path.into_inner();
    let (staff, id) = (visit.who.clone(), OverrideId(handle::id(&letters)?));
    let work = move |tx: &mut Tx<'_>| escalation::approve_override(tx, &staff, id).map(drop);
    match visit.app.transact(visit.who.actor(), visit.deed, work).await {
        Ok(()) => Ok(frame::see_other(&alert_path(&reference))),
        Err(error) => refuse(&visit, &reference, Trouble { error, form, act: "override" }).await,
    }
}

type UseCase = fn(&mut Tx<'_>, &Staff, AlertId, &AlertActionBody) -> Result<ActedView>;

async fn carry_out(
    visit: &Visit<SupportStaff>,
    reference: &str,
    form: &Filled,
    use_case: UseCase,
) -> Result<ActedView> {
    let body: AlertActionBody = form.read(&TICKED)?;
    let (staff, reference) = (visit.who.clone(), reference.to_owned());
    let work = move |tx: &mut Tx<'_>| {
        let id = named_alert(tx.conn, &reference)?;
        use_case(tx, &staff, id, &body)
    };
    visit.app.transact(visit.who.actor(), visit.deed, work).await
}

async fn close(visit: &Visit<SupportStaff>, reference: &str, form: &Filled, closing: Closing) -> Result<ActedView> {
    let body: AlertActionBody = form.read(&TICKED)?;
    let named = reference.to_owned();
    let id = visit.app.db.read(move |conn| named_alert(conn, &named)).await?;
    escalation::close(&visit.app, &visit.who, visit.deed, id, closing, body).await
}

/// What comes of an act: the alert as it is now, or its page with what is wrong.
async fn settle(
    visit: &Visit<SupportStaff>,
    reference: &str,
    (form, act): (Filled, &'static str),
    done: Result<ActedView>,
) -> Result<HttpResponse> {
    match done {
        Ok(_) => Ok(frame::see_other(&alert_path(reference))),
        Err(error) => refuse(visit, reference, Trouble { error, form, act }).await,
    }
}

/// The page again, where the reader can do something about it; else the fault. Of a place that there is none of, the page says
/// so: that there is an alert the reader knows.
async fn refuse(visit: &Visit<SupportStaff>, reference: &str, trouble: Trouble) -> Result<HttpResponse> {
    let is_no_place = trouble.act == "location" && matches!(trouble.error, Error::NotFound);
    let is_for_form = matches!(trouble.error, Error::Invalid { .. } | Error::Conflict(..) | Error::TooMany { .. });
    if !is_no_place && !is_for_form {
        return Err(trouble.error);
    }
    let reading = CaseStaff::of(Staff::clone(&visit.who))?;
    let shown = read(&visit.app, &reading, reference, "get_alert").await?;
    if !shown.may_act {
        return Err(trouble.error);
    }
    show(&visit.reader, &shown, Some(&trouble))
}

/// The page of one side, of which each has its own; with what is wrong with a form of it, where one was refused.
fn show(reader: &PageReader, shown: &ShownAlert, trouble: Option<&Trouble>) -> Result<HttpResponse> {
    match &shown.alert {
        SidedAlert::Support(steps, alert) => {
            let page = SupportAlertPage::of(reader, shown, (alert.as_ref(), steps), trouble);
            match trouble.map(|trouble| trouble.error.code()) {
                Some(code) => frame::refusal(frame::status(code), code, &page),
                None => frame::answer(StatusCode::OK, &page),
            }
        }
        SidedAlert::Programme(alert) => frame::answer(StatusCode::OK, &ProgrammeAlertPage::of(reader, shown, alert)),
    }
}

fn named_alert(conn: &mut DbConn, reference: &str) -> Result<AlertId> {
    escalation::find_id_by_reference(conn, reference)?.ok_or(Error::NotFound)
}

async fn read(app: &App, who: &CaseStaff, reference: &str, deed: &'static str) -> Result<ShownAlert> {
    let may_act = SupportStaff::of(Staff::clone(who)).is_ok() && who.works_for(OrganisationKind::SurvivorSupport);
    let (staff, named) = (who.clone(), reference.to_owned());
    let work = move |tx: &mut Tx<'_>| {
        let id = named_alert(tx.conn, &named)?;
        let alert = escalation::find_alert(tx, &staff, id)?;
        let asked = ListRequest { query: TasksQuery::open(Some(id)), after: None, limit: MOST_TASKS };
        let tasks = if may_act { escalation::list_tasks_of_staff(tx, &staff, &asked)? } else { Vec::new() };
        Ok((alert, tasks))
    };
    let (alert, tasks) = app.transact(who.actor(), deed, work).await?;
    let alert = app.with_keys(|keys| ReadAlert::view(keys, &alert)).await?;
    let page = app.page(tasks, MOST_TASKS, ReadTask::cursor, ReadTask::view).await?;
    let (mut tasks, has_unreadable_task) = (page.items, !page.unreadable.is_empty());
    tasks.sort_by_key(|task| (task.kind.urgency(), task.created_at));
    let alert = match alert {
        StaffAlert::Support(alert) => SidedAlert::Support(NotifiedSteps::of(&alert), alert),
        StaffAlert::Programme(alert) => SidedAlert::Programme(alert),
    };
    // The programme's side reads that somebody did something, and not who.
    let names = match &alert {
        SidedAlert::Support(steps, alert) => names_of(app, who, alert, steps).await?,
        SidedAlert::Programme(_) => BTreeMap::new(),
    };
    let cases = match &alert {
        SidedAlert::Support(_, alert) => links::of_survivor(app, who, alert.survivor_id).await?,
        SidedAlert::Programme(alert) => links::of_case(app, who, alert.case_id).await?,
    };
    let overrides = match &alert {
        SidedAlert::Support(_, alert) if may_act && alert.closed_at.is_none() => {
            override_view::waiting(app, who, alert.id).await?
        }
        SidedAlert::Support(..) | SidedAlert::Programme(_) => Vec::new(),
    };
    let record = match &alert {
        SidedAlert::Support(_, alert) if may_act => {
            records_of(app, who, vec![alert.survivor_id]).await?.remove(&alert.survivor_id)
        }
        SidedAlert::Support(..) | SidedAlert::Programme(_) => None,
    };
    Ok(ShownAlert { alert, tasks, has_unreadable_task, names, overrides, cases, record, may_act })
}

/// The names of colleagues, as the list of colleagues gives them.
async fn names_of(
    app: &App,
    who: &CaseStaff,
    alert: &SupportAlert,
    steps: &NotifiedSteps,
) -> Result<BTreeMap<StaffId, String>> {
    let acted = alert.acknowledgements.iter().filter_map(|act| act.by).map(|by| StaffId(by.0));
    let mut ids: Vec<StaffId> = acted.chain(steps.people()).collect();
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let (own, most) = (who.organisation()?, i64::try_from(ids.len()).unwrap_or(i64::MAX - 1));
    let read = move |conn: &mut DbConn, keys: &Keys| {
        identity::list_colleagues(conn, keys, (own, Some(ids.clone())), None, most)
    };
    let colleagues = app.read(read).await?;
    Ok(colleagues.into_iter().filter_map(|colleague| Some((colleague.id, colleague.name?))).collect())
}
