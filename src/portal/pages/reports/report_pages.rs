//! The pages of reports.

use askama::Template;

use super::asked::{asked_path, report_path};
use super::figures::{ShownFigure, in_words, shown};
use crate::db::Day;
use crate::directory;
use crate::portal::pages::form::{ErrorSummary, FieldKind, FormField, FormTrouble, PageForms, ShownForm};
use crate::portal::pages::reader::{InEnglish, PageReader, When};
use crate::reporting::{ReportName, ReportReach, ReportSpec, ReportView};
use crate::words::id_of;

const FROM: FormField = FormField {
    name: "from",
    label: "portal-report-from",
    hint: Some("portal-report-from-hint"),
    kind: FieldKind::Day,
};
const TO: FormField =
    FormField { name: "to", label: "portal-report-to", hint: Some("portal-report-to-hint"), kind: FieldKind::Day };
const AREA: FormField = FormField { name: "area", label: "portal-report-area", hint: None, kind: FieldKind::Offered };

/// The name of an area.
fn area(slug: &str) -> String {
    directory::force(slug).map_or(slug, |force| force.name.as_str()).to_owned()
}

/// A report in a list.
struct ReportLine {
    href: String,
    name: String,
}

/// Which reports there are, and whom they may be about.
#[derive(Template)]
#[template(path = "reports/reports.html")]
pub struct ReportsPage<'a> {
    reader: &'a PageReader,
    title: String,
    reports: Vec<ReportLine>,
    areas: Vec<String>,
    partners: Vec<String>,
}

impl<'a> ReportsPage<'a> {
    /// Those of a commissioner.
    pub fn of(reader: &'a PageReader, reach: &ReportReach, partners: Vec<String>) -> Self {
        let line = |name: &ReportName| ReportLine { href: report_path(*name), name: named(reader, *name) };
        Self {
            title: reader.title("portal-reports-title", false),
            reports: ReportName::ALL.iter().map(line).collect(),
            areas: reach.forces.iter().map(|slug| area(slug)).collect(),
            partners,
            reader,
        }
    }
}

fn named(reader: &PageReader, name: ReportName) -> String {
    reader.say(&id_of("portal-report", name.as_str()))
}

/// One report.
#[derive(Template)]
#[template(path = "reports/report.html")]
pub struct ReportPage<'a> {
    reader: &'a PageReader,
    title: String,
    wrong: Option<ErrorSummary>,
    name: String,
    period: String,
    area: String,
    made_at: When,
    withheld: String,
    figures: Vec<ShownFigure>,
    rules: Vec<InEnglish>,
    csv: String,
    form: ShownForm,
}

impl<'a> ReportPage<'a> {
    /// A report as it was made; with what is wrong with the form for another, where it was refused.
    pub fn of(reader: &'a PageReader, (made, spec): (&ReportView, &ReportSpec), trouble: Option<&FormTrouble>) -> Self {
        let mut forms = PageForms::of(reader, trouble);
        let form = forms.form("report", report_path(made.report), &[FROM, TO, AREA], "portal-ask-report");
        let all = (String::new(), reader.say("portal-report-every-area"));
        let areas = made.areas.iter().map(|slug| (slug.clone(), area(slug)));
        let form = form.offer("area", std::iter::once(all).chain(areas));
        let form = form.fill("from", &made.from_on.to_string()).fill("to", &made.to_on.to_string());
        let (from, to) = (reader.day(Day(made.from_on)).1, reader.day(Day(made.to_on)).1);
        let own = made.area.as_deref();
        Self {
            title: reader.title("portal-report-title", trouble.is_some()),
            wrong: forms.wrong,
            name: named(reader, made.report),
            period: reader.say_with("portal-report-period", &[("from", from.into()), ("to", to.into())]),
            area: own.map_or_else(|| reader.say("portal-report-every-area"), area),
            made_at: reader.when(made.made_at),
            withheld: reader.say_with("portal-report-withheld", &[("least", made.least_people.into())]),
            figures: shown(reader, &made.figures),
            rules: made.rules.iter().map(|rule| in_words(reader, rule)).collect(),
            csv: asked_path(spec, "/csv"),
            form: form.fill("area", own.unwrap_or_default()),
            reader,
        }
    }
}
