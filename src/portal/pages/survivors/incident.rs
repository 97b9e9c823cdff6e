//! One incident: what the survivor reported, in each version, and what staff do with it. Opening the page is reading it.

use actix_web::{HttpResponse, web};
use garde::Validate;
use serde::de::DeserializeOwned;

use super::forms::{RecordTrouble, answer, settle};
use super::head;
use super::incident_view::{IncidentPage, ReadIncident};
use super::links::incident_path;
use super::names;
use crate::app::App;
use crate::db::{IncidentId, StaffId};
use crate::error::Result;
use crate::http::EmptyBody;
use crate::identity::{Staff, SupportStaff};
use crate::incidents::{self, ActBody, CloseBody, Incident, SeverityBody, TriageBody};
use crate::portal::pages::case::handle;
use crate::portal::pages::visit::{FieldShapes, Filled, Visit};
use crate::tx::Tx;

/// Fields of the acts that hold a number.
const SHAPES: FieldShapes<'static> = FieldShapes { numbers: &["severity"], ..FieldShapes::TEXT };

/// The reference of the survivor, and the letters of the incident.
type IncidentAddress = web::Path<(String, String)>;

type UseCase<B> = fn(&mut Tx<'_>, &Staff, IncidentId, &B) -> Result<Incident>;

/// `GET …/incidents/{incident}`
pub async fn get_incident(visit: Visit<SupportStaff>, path: IncidentAddress) -> Result<HttpResponse> {
    show(&visit, &path, visit.deed, None).await
}

/// `POST …/triage`
pub async fn triage(visit: Visit<SupportStaff>, path: IncidentAddress, form: Filled) -> Result<HttpResponse> {
    carry_out::<TriageBody>(&visit, &path, (form, "triage"), incidents::triage_incident).await
}

/// `POST …/act`
pub async fn act(visit: Visit<SupportStaff>, path: IncidentAddress, form: Filled) -> Result<HttpResponse> {
    carry_out::<ActBody>(&visit, &path, (form, "act"), incidents::act_on_incident).await
}

/// `POST …/close`
pub async fn close(visit: Visit<SupportStaff>, path: IncidentAddress, form: Filled) -> Result<HttpResponse> {
    carry_out::<CloseBody>(&visit, &path, (form, "close"), incidents::close_incident).await
}

/// `POST …/severity`
pub async fn rate(visit: Visit<SupportStaff>, path: IncidentAddress, form: Filled) -> Result<HttpResponse> {
    carry_out::<SeverityBody>(&visit, &path, (form, "severity"), incidents::rate_incident).await
}

/// `POST …/show`
pub async fn show_on_phone(visit: Visit<SupportStaff>, path: IncidentAddress, form: Filled) -> Result<HttpResponse> {
    let use_case: UseCase<EmptyBody> = |tx, staff, id, _| incidents::show_incident(tx, staff, id);
    carry_out(&visit, &path, (form, "show"), use_case).await
}

async fn carry_out<B>(
    visit: &Visit<SupportStaff>,
    path: &(String, String),
    (form, act): (Filled, &'static str),
    use_case: UseCase<B>,
) -> Result<HttpResponse>
where
    B: DeserializeOwned + Validate<Context = ()> + Send + Sync + 'static,
{
    let id = IncidentId(handle::id(&path.1)?);
    let done = match form.read_shaped::<B>(SHAPES) {
        Ok(body) => {
            let staff = visit.who.clone();
            let work = move |tx: &mut Tx<'_>| use_case(tx, &staff, id, &body).map(drop);
            visit.app.transact(visit.who.actor(), visit.deed, work).await
        }
        Err(error) => Err(error),
    };
    match settle(done, (form, act.to_owned()), &incident_path(&path.0, id))? {
        Ok(answer) => Ok(answer),
        Err(trouble) => show(visit, path, "get_survivor_incident", Some(&trouble)).await,
    }
}

async fn show(
    visit: &Visit<SupportStaff>,
    (reference, letters): &(String, String),
    deed: &'static str,
    trouble: Option<&RecordTrouble>,
) -> Result<HttpResponse> {
    let read = read(&visit.app, &visit.who, (reference, IncidentId(handle::id(letters)?)), deed).await?;
    let reader = visit.reader.clone().in_zone(read.reading.zone.as_deref());
    answer(&IncidentPage::of(&reader, &read, trouble), trouble)
}

async fn read(
    app: &App,
    who: &SupportStaff,
    (reference, id): (&str, IncidentId),
    deed: &'static str,
) -> Result<ReadIncident> {
    let (staff, named) = (who.clone(), reference.to_owned());
    let work = move |tx: &mut Tx<'_>| {
        let survivor = head::named(tx, &named)?;
        Ok((incidents::read_whole(tx, &staff, (survivor, id))?, head::reading(tx, &staff, survivor)?))
    };
    let (whole, reading) = app.transact(who.actor(), deed, work).await?;
    let of_staff = whole.events.iter().filter(|event| event.actor_kind == "staff");
    let ids = of_staff.filter_map(|event| event.actor_id).map(|id| StaffId(id.0));
    let names = names::names_of(app, who, ids.collect()).await?;
    Ok(ReadIncident { reference: reference.to_owned(), reading, whole, names })
}
