//! Reports as CSV (RFC 4180) that a spreadsheet opens without running anything.

use actix_web::HttpResponse;
use actix_web::http::header;

use super::model::ReportView;
use crate::error::{Error, Result};

/// What a cell may not begin with: a spreadsheet would take the rest for a formula (OWASP, "CSV Injection").
const FORMULA_STARTS: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// The columns.
const HEADER: [&str; 11] =
    ["report", "from_on", "to_on", "area", "figure", "category", "measure", "unit", "value", "suppressed", "note"];

/// A report as a file to keep.
///
/// # Errors
/// When it cannot be written.
pub fn attachment(made: &ReportView) -> Result<HttpResponse> {
    let area = made.area.as_deref().unwrap_or(super::sheet::ALL);
    let name = format!("holdfast-{}-{area}-{}-{}.csv", made.report, made.from_on, made.to_on);
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8; header=present")
        .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .body(write(made)?))
}

/// A report, one line a number. A number stays a number, also a negative one: it is ours, and nobody can write into it.
fn write(report: &ReportView) -> Result<Vec<u8>> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    writer.write_record(HEADER).map_err(internal)?;
    let (from_on, to_on) = (report.from_on.to_string(), report.to_on.to_string());
    let area = report.area.as_deref().unwrap_or(super::sheet::ALL);
    for figure in &report.figures {
        for value in &figure.values {
            let number = value.value.map_or_else(String::new, |value| value.to_string());
            let suppressed = if value.suppressed { "true" } else { "false" };
            writer
                .write_record([
                    report.report.as_str(),
                    from_on.as_str(),
                    to_on.as_str(),
                    &safe(area),
                    figure.figure,
                    &safe(&figure.category),
                    value.measure,
                    value.unit,
                    number.as_str(),
                    suppressed,
                    &safe(figure.note.unwrap_or_default()),
                ])
                .map_err(internal)?;
        }
    }
    writer.into_inner().map_err(|error| Error::internal(error.to_string()))
}

fn internal(error: csv::Error) -> Error {
    Error::Internal(Box::new(error))
}

/// A text that no spreadsheet takes for a formula.
fn safe(text: &str) -> String {
    if text.starts_with(FORMULA_STARTS) { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_never_begins_like_a_formula() {
        for text in ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\r=1"] {
            assert_eq!(safe(text), format!("'{text}"));
        }
        for text in ["", "south-yorkshire", "a=1", "1"] {
            assert_eq!(safe(text), text);
        }
    }
}
