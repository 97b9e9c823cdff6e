//! What is asked of a report: its period and its area, in an address and in a form alike.

use garde::Validate;
use serde::Deserialize;
use url::form_urlencoded;

use crate::db::{Day, Instant};
use crate::error::Result;
use crate::reporting::{Period, ReportName, ReportSpec};

/// For when and for which area, as the API calls them.
#[derive(Default, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct AskedReport {
    #[garde(skip)]
    #[serde(default)]
    from: Option<Day>,
    #[garde(skip)]
    #[serde(default)]
    to: Option<Day>,
    #[garde(skip)]
    #[serde(default)]
    area: Option<String>,
}

impl AskedReport {
    /// As the use case takes it.
    ///
    /// # Errors
    /// As [`Period::asked`].
    pub fn of(self, report: ReportName, now: Instant) -> Result<ReportSpec> {
        Ok(ReportSpec { report, period: Period::asked(self.from, self.to, now)?, area: self.area })
    }
}

/// The page of a report.
pub fn report_path(report: ReportName) -> String {
    format!("/portal/reports/{report}")
}

/// The same for a period and an area, in one of its forms.
pub fn asked_path(spec: &ReportSpec, end: &str) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("from", &spec.period.from_on.to_string()).append_pair("to", &spec.period.to_on.to_string());
    if let Some(area) = &spec.area {
        query.append_pair("area", area);
    }
    format!("{}{end}?{}", report_path(spec.report), query.finish())
}
