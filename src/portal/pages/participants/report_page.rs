//! A programme that a participant is in, and the report at its end.

use actix_web::HttpResponse;
use askama::Template;

use super::forms::{REPORT, REPORT_STEP, RecordForms, RecordTrouble};
use super::lines_view::enrolment_words;
use super::paths::enrolment_path;
use super::read::{is_open, named_participant};
use super::record_page::answer;
use crate::app::App;
use crate::db::EnrolmentId;
use crate::error::{Error, Result};
use crate::identity::{ProgrammeStaff, Staff};
use crate::portal::pages::case::handle::{self, participant_path};
use crate::portal::pages::form::{ErrorSummary, ShownForm};
use crate::portal::pages::reader::{PageReader, When};
use crate::programme::{self, EndReportView, EnrolmentRow, EnrolmentView, ReportFigures, ReportRow, ReportState};
use crate::transitions::ActionsView;
use crate::tx::Tx;
use crate::words::id_of;

/// A programme, with its report as far as there is one.
struct OpenReport {
    reference: String,
    enrolment: EnrolmentView,
    report: Option<(EndReportView, i32, ActionsView)>,
}

/// The page.
#[derive(Template)]
#[template(path = "participant_report.html")]
struct ReportPage<'a> {
    reader: &'a PageReader,
    title: String,
    wrong: Option<ErrorSummary>,
    reference: &'a str,
    href: String,
    state: String,
    words: String,
    report: Option<ShownReport>,
    write: Option<ShownForm>,
    steps: Vec<ShownForm>,
}

/// A report.
struct ShownReport {
    state: String,
    progress: String,
    risk: String,
    recommendations: String,
    figures: Vec<ReportFigure>,
    submitted: Option<When>,
    approved: Option<When>,
}

/// Something that was counted.
struct ReportFigure {
    key: String,
    value: String,
}

impl ShownReport {
    fn of(reader: &PageReader, report: &EndReportView) -> Self {
        Self {
            state: reader.say(&id_of("portal-report-state", report.state.as_str())),
            progress: report.progress.clone(),
            risk: report.risk.clone(),
            recommendations: report.recommendations.clone(),
            figures: figures(reader, &report.figures),
            submitted: report.submitted_at.map(|at| reader.when(at)),
            approved: report.approved_at.map(|at| reader.when(at)),
        }
    }
}

fn figures(reader: &PageReader, of: &ReportFigures) -> Vec<ReportFigure> {
    let counted = [
        ("portal-report-sessions", of.sessions),
        ("portal-report-attended", of.attended),
        ("portal-report-attended-late", of.attended_late),
        ("portal-report-acceptable", of.not_attended_acceptable),
        ("portal-report-unacceptable", of.not_attended_unacceptable),
        ("portal-report-cancelled", of.not_attended_service_cancelled),
        ("portal-report-not-held", of.not_held),
        ("portal-report-not-recorded", of.not_recorded),
    ];
    let scores = [("portal-report-t-before", of.t_score_baseline), ("portal-report-t-now", of.t_score_latest)];
    let counted = counted.into_iter().map(|(id, count)| (id, count.to_string()));
    let scores = scores.into_iter().filter_map(|(id, score)| Some((id, format!("{:.1}", score?))));
    counted.chain(scores).map(|(id, value)| ReportFigure { key: reader.say(id), value }).collect()
}

impl<'a> ReportPage<'a> {
    fn of(reader: &'a PageReader, open: &'a OpenReport, trouble: Option<&'a RecordTrouble>) -> Self {
        let path = enrolment_path(&open.reference, &handle::letters(open.enrolment.id.0));
        let mut forms = RecordForms::of(reader, path, trouble);
        let write = write_form(open, &mut forms);
        let steps = step_forms(open, &mut forms);
        Self {
            title: reader.title("portal-end-report-title", trouble.is_some()),
            wrong: forms.wrong,
            reference: &open.reference,
            href: participant_path(&open.reference),
            state: reader.say(&id_of("portal-enrolment", open.enrolment.state.as_str())),
            words: enrolment_words(reader, &open.enrolment),
            report: open.report.as_ref().map(|(report, ..)| ShownReport::of(reader, report)),
            write,
            steps,
            reader,
        }
    }
}

/// The form in which a report is written, as long as it is a draft or there is none.
fn write_form(open: &OpenReport, forms: &mut RecordForms<'_>) -> Option<ShownForm> {
    let Some((report, version, _)) = &open.report else {
        return Some(forms.usual("report", "end-report", &REPORT, "portal-write-report"));
    };
    if report.state != ReportState::Draft {
        return None;
    }
    let form = forms.form("report", &format!("end-report/of/{version}"), &REPORT, "portal-rewrite-report");
    let form = form.fill("progress", &report.progress).fill("risk", &report.risk);
    Some(form.fill("recommendations", &report.recommendations))
}

fn step_forms(open: &OpenReport, forms: &mut RecordForms<'_>) -> Vec<ShownForm> {
    let Some((_, _, actions)) = &open.report else { return Vec::new() };
    let steps = [
        ("submit", "submit", "portal-submit-report"),
        ("approve", "approve", "portal-approve-report"),
        ("give_back", "give-back", "portal-give-report-back"),
    ];
    let mut shown = Vec::new();
    for (event, step, button) in steps {
        if is_open(actions, event) {
            shown.push(forms.form(step, &format!("end-report/{step}"), &REPORT_STEP, button));
        }
    }
    shown
}

/// What is read of a programme.
type ReportRows = (EnrolmentRow, Option<(ReportRow, ActionsView)>);

fn rows_of(tx: &mut Tx<'_>, staff: &Staff, reference: &str, id: EnrolmentId) -> Result<ReportRows> {
    let participant = named_participant(tx.conn, reference)?;
    let (access, enrolment) = programme::read_enrolment(tx, staff, id)?;
    if access.id() != participant {
        return Err(Error::NotFound);
    }
    let report = match programme::read_report(tx, staff, id) {
        Ok(row) => Some((row, programme::report_actions(tx, staff, id)?)),
        Err(Error::NotFound) => None,
        Err(error) => return Err(error),
    };
    Ok((enrolment, report))
}

/// The page of a programme; with what is wrong with a form of it, where one was refused.
///
/// # Errors
/// 404 for one of somebody whom the reader does not work with.
pub async fn show(
    app: &App,
    who: &ProgrammeStaff,
    reader: &PageReader,
    (reference, letters, deed): (&str, &str, &'static str),
    trouble: Option<&RecordTrouble>,
) -> Result<HttpResponse> {
    let id = EnrolmentId(handle::id(letters)?);
    let (staff, named) = (who.clone(), reference.to_owned());
    let work = move |tx: &mut Tx<'_>| rows_of(tx, &staff, &named, id);
    let (enrolment, report) = app.transact(who.actor(), deed, work).await?;
    let report = match report {
        Some((row, actions)) => {
            let view = app.with_keys(|keys| EndReportView::of(keys, &row)).await?;
            Some((view, row.version, actions))
        }
        None => None,
    };
    let open = OpenReport { reference: reference.to_owned(), enrolment: EnrolmentView::from(&enrolment), report };
    answer(&ReportPage::of(reader, &open, trouble), trouble)
}
