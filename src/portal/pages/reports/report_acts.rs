//! Reports: which there are, one of them, and one as CSV.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::asked::{AskedReport, asked_path};
use super::report_pages::{ReportPage, ReportsPage};
use crate::error::Result;
use crate::http::Query;
use crate::identity::Commissioner;
use crate::portal::pages::admin::names;
use crate::portal::pages::form::{FormTrouble, answer};
use crate::portal::pages::frame;
use crate::portal::pages::visit::{Filled, Visit};
use crate::reporting::{self, ReportName, ReportSpec};
use crate::tx::Tx;

/// `GET /portal/reports`
pub async fn get_reports(visit: Visit<Commissioner>) -> Result<HttpResponse> {
    let staff = visit.who.clone();
    let work = move |tx: &mut Tx<'_>| {
        let reach = reporting::look_at_reach(tx, &staff, "list")?;
        let partners = names::organisations(tx, reach.partners.iter().copied())?;
        Ok((reach, partners))
    };
    let (reach, partners) = visit.app.transact(visit.who.actor(), visit.deed, work).await?;
    let partners = partners.into_values().collect();
    frame::answer(StatusCode::OK, &ReportsPage::of(&visit.reader, &reach, partners))
}

/// `GET /portal/reports/{report}`
pub async fn get_report(
    visit: Visit<Commissioner>,
    report: web::Path<ReportName>,
    Query(asked): Query<AskedReport>,
) -> Result<HttpResponse> {
    let spec = asked.of(*report, visit.app.clock.now())?;
    show(&visit, spec, None).await
}

async fn show(visit: &Visit<Commissioner>, spec: ReportSpec, trouble: Option<&FormTrouble>) -> Result<HttpResponse> {
    let made = reporting::make_report(&visit.app, &visit.who, spec.clone()).await?;
    answer(&ReportPage::of(&visit.reader, (&made, &spec), trouble), trouble)
}

/// `POST /portal/reports/{report}`: the way to a report for another period or area.
pub async fn ask_report(
    visit: Visit<Commissioner>,
    report: web::Path<ReportName>,
    form: Filled,
) -> Result<HttpResponse> {
    let now = visit.app.clock.now();
    let asked = form.read::<AskedReport>(&[]).and_then(|asked| asked.of(*report, now));
    match asked {
        Ok(spec) => Ok(frame::see_other(&asked_path(&spec, ""))),
        Err(error) => {
            let trouble = FormTrouble::of("report", form, error)?;
            let usual = AskedReport::default().of(*report, now)?;
            show(&visit, usual, Some(&trouble)).await
        }
    }
}

/// `GET /portal/reports/{report}/csv`
pub async fn get_csv(
    visit: Visit<Commissioner>,
    report: web::Path<ReportName>,
    Query(asked): Query<AskedReport>,
) -> Result<HttpResponse> {
    let spec = asked.of(*report, visit.app.clock.now())?;
    reporting::attachment(&reporting::make_report(&visit.app, &visit.who, spec).await?)
}
