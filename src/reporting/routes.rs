//! URLs of reports and of the trail.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::csv_text;
use super::model::{ReportFormat, ReportName, ReportView};
use super::period::Period;
use super::reach::{self, CreateReachBody, ReachView};
use super::report::{self, ReportSpec};
use super::trail::{self, AuditEntryView, AuditVerificationView, TrailQuestion};
use crate::db::{Day, Instant, OrganisationId, ReachId};
use crate::error::Result;
use crate::http::reply::{paged, reply};
use crate::http::{Answer, Call, Created, Done, Listed, Listing, PageQuery, Query, ok, operations};
use crate::identity::{Admin, Auditor, Commissioner, Staff};
use crate::tx::Tx;

/// `/oversight/v1`
pub fn oversight(routes: &mut ServiceConfig) {
    operations! { routes: get_reports get_report list_audit_entries get_audit_verification }
}

/// `/admin/v1`
pub fn admin(routes: &mut ServiceConfig) {
    operations! { routes: create_reach list_reach delete_reach }
}

/// A report that there is.
#[derive(Serialize, ToSchema)]
struct ReportAboutView {
    /// Its name.
    name: ReportName,
    /// What it tells.
    about: &'static str,
}

/// The reports that there are, and what they may be about.
#[derive(Serialize, ToSchema)]
struct ReportsView {
    /// The reports.
    reports: Vec<ReportAboutView>,
    /// The police force areas that you may ask for.
    areas: Vec<String>,
    /// The partners whose records count, whatever the area.
    partners: Vec<OrganisationId>,
}

/// Read which reports there are, and whom they may be about
#[utoipa::path(get, path = "/reports", tag = "oversight")]
async fn get_reports(call: Call<Commissioner>) -> Answer<ReportsView> {
    let Call { app, who, action, .. } = call;
    let caller = (*who).clone();
    let work = move |tx: &mut Tx<'_>| report::look(tx, &caller, "list");
    let reach = app.transact(who.actor(), action, work).await?;
    let reports = ReportName::ALL.iter().map(|name| ReportAboutView { name: *name, about: name.about() });
    reply(ReportsView {
        reports: reports.collect(),
        areas: reach.forces.into_iter().collect(),
        partners: reach.partners.into_iter().collect(),
    })
}

/// The parameters of a report.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ReportQuery {
    /// The first day of the first month (Europe/London); without it, of the twelfth month before the last.
    #[serde(default)]
    #[param(value_type = Option<String>, format = Date, example = "2026-01-01")]
    from: Option<Day>,
    /// The last day of the last month, which must be over; without it, of the last month that is.
    #[serde(default)]
    #[param(value_type = Option<String>, format = Date, example = "2026-03-31")]
    to: Option<Day>,
    /// A police force area (data.police.uk slug) that you may see; without it, all that you may see.
    #[serde(default)]
    #[param(example = "south-yorkshire")]
    area: Option<String>,
    /// `json` or `csv`; without it, as `Accept` says.
    #[serde(default)]
    #[param(inline)]
    format: Option<ReportFormat>,
}

/// Read a report
///
/// Figures without identities for whole months. A figure about fewer than five people is withheld, and whatever else would
/// let it be worked out. As CSV, one line a number, with a text that begins like a formula set off by an apostrophe.
#[utoipa::path(get, path = "/reports/{name}", tag = "oversight",
    responses((status = 200, content((ReportView = "application/json"), (String = "text/csv")))))]
async fn get_report(call: Call<Commissioner, ReportName, Query<ReportQuery>>) -> Result<HttpResponse> {
    let Call { app, who, path: report, body: ReportQuery { from, to, area, format }, request, .. } = call;
    let period = Period::asked(from, to, app.clock.now())?;
    let made = report::make(&app, &who, ReportSpec { report, period, area }).await?;
    match format.unwrap_or_else(|| wanted(&request)) {
        ReportFormat::Json => Ok(ok(made)),
        ReportFormat::Csv => csv_text::attachment(&made),
    }
}

/// CSV where a caller takes that and does not take JSON.
fn wanted(http: &HttpRequest) -> ReportFormat {
    let accept = http.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let takes = |kind: &str| accept.to_ascii_lowercase().contains(kind);
    if takes("text/csv") && !takes("application/json") { ReportFormat::Csv } else { ReportFormat::Json }
}

/// The parameters of the trail.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct TrailQuery {
    /// Only what is about one record: its reference, or an id.
    #[serde(default)]
    #[param(max_length = 64, example = "SV-6F2K-8C3D-M")]
    subject: Option<String>,
    /// Only what one caller did: a member of staff's name to sign in with, or an id.
    #[serde(default)]
    #[param(max_length = 64, example = "asha")]
    actor: Option<String>,
    /// Only what was done of one kind: a code, as entries have it.
    #[serde(default)]
    #[param(max_length = 64, example = "override_unapproved")]
    action: Option<String>,
    /// Only what went in one way, such as what was refused.
    #[serde(default)]
    #[param(max_length = 64, example = "refused")]
    outcome: Option<String>,
    /// Not before this instant.
    #[serde(default)]
    #[param(inline)]
    from: Option<Instant>,
    /// Before this instant.
    #[serde(default)]
    #[param(inline)]
    to: Option<Instant>,
    /// How many items at most.
    #[serde(default)]
    #[param(minimum = 1, maximum = 200, default = 50, example = 50)]
    limit: Option<i64>,
    /// `next_cursor` of the page before.
    #[serde(default)]
    cursor: Option<String>,
}

/// Read who saw or did what, and why
///
/// Codes and ids of the audit, newest first; never what is in the records. This read is an entry, too.
#[utoipa::path(get, path = "/audit", tag = "oversight")]
async fn list_audit_entries(call: Call<Auditor, (), Query<TrailQuery>>) -> Listed<AuditEntryView> {
    let Call { app, who, body: query, request, .. } = call;
    let TrailQuery { subject, actor, action, outcome, from, to, limit, cursor } = query;
    let page = PageQuery::of(limit, cursor);
    let (limit, after) = (page.limit()?, page.after()?);
    let asked = TrailQuestion { subject, actor, action, outcome, from, until: to };
    let rows = trail::list(&app, &who, asked, (after, limit)).await?;
    paged(&request, limit, rows, AuditEntryView::cursor, Ok)
}

/// Check the audit
///
/// Every entry from the first on, held against the signed checkpoints: an edit, a deletion or a reordering is found, and
/// the first bad entry named. One at a time: 429 while another runs.
#[utoipa::path(get, path = "/audit/verification", tag = "oversight")]
async fn get_audit_verification(call: Call<Auditor>) -> Answer<AuditVerificationView> {
    let Call { app, who, .. } = call;
    reply(trail::verify(&app, &who).await?)
}

/// Add an area or a partner to what a commissioner may see figures of
///
/// Everybody whose home is in the area, or whose record the partner holds. Says nothing about single people.
#[utoipa::path(post, path = "/organisations/{id}/reach", tag = "administration")]
async fn create_reach(call: Call<Admin, OrganisationId, CreateReachBody>) -> Created<ReachView> {
    call.once(reach::create).await
}

/// List what a commissioner may see figures of
#[utoipa::path(get, path = "/organisations/{id}/reach", tag = "administration")]
async fn list_reach(call: Listing<Admin, OrganisationId>) -> Listed<ReachView> {
    call.page_as(reach::list, |row| (row.created_at, row.id.0), |row| Ok(ReachView::from(row))).await
}

/// Remove an area or a partner from what a commissioner may see figures of
#[utoipa::path(delete, path = "/organisations/{id}/reach/{reach_id}", tag = "administration")]
async fn delete_reach(call: Call<Admin, (OrganisationId, ReachId)>) -> Done {
    call.done(|tx: &mut Tx<'_>, admin: &Staff, (id, reach): (OrganisationId, ReachId)| reach::end(tx, admin, id, reach))
        .await
}
