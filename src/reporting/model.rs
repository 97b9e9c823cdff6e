//! Rows and words of reports.

use diesel::prelude::*;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::measures::Number;
use crate::db::schema::commissioner_reaches;
use crate::db::{Instant, OrganisationId, ReachId, StaffId, text_enum};

/// One thing that a commissioner may see figures of: a police force's area, or what one partner organisation holds.
#[derive(Clone, Debug, HasQuery, Insertable)]
#[diesel(table_name = commissioner_reaches, treat_none_as_default_value = false)]
pub struct ReachRow {
    pub id: ReachId,
    pub commissioner_id: OrganisationId,
    pub force_id: Option<String>,
    pub partner_id: Option<OrganisationId>,
    pub created_by: StaffId,
    pub created_at: Instant,
    pub ended_at: Option<Instant>,
    pub ended_by: Option<StaffId>,
}

text_enum! {
    /// The reports that there are.
    pub enum ReportName {
        /// Referrals by source, basis and order, and days to allocation.
        Referrals = "referrals",
        /// Sessions attended and missed.
        Sessions = "sessions",
        /// How far participants came on their goals.
        Goals = "goals",
        /// Incidents for each survivor-month before, during and after the programme.
        Incidents = "incidents",
        /// Check-ins answered, late and missed.
        CheckIns = "check_ins",
        /// Alerts by level, with times.
        Alerts = "alerts",
        /// What the police were notified of, and whether they replied.
        Police = "police",
        /// What survivors agree to.
        Consents = "consents",
        /// All of them.
        Outcomes = "outcomes",
    }
}

impl crate::http::operation::PathParts for ReportName {
    fn parts() -> Vec<&'static str> {
        vec!["ReportName"]
    }
}

impl ReportName {
    /// What it tells, in a sentence.
    pub fn about(self) -> &'static str {
        match self {
            Self::Referrals => "Referrals submitted in the period by source, basis and order, and days to allocation",
            Self::Sessions => "Sessions planned in the period, attended and missed, by kind",
            Self::Goals => "T-scores of participants whose goals were reviewed in the period, and how they changed",
            Self::Incidents => {
                "Incidents for each survivor-month before, during, and 0-6 and 6-12 months after the programme"
            }
            Self::CheckIns => "Check-ins that were due in the period: answered, late, missed",
            Self::Alerts => "Alerts raised in the period by level, with times to acknowledgement and response",
            Self::Police => "Alerts of the period that the police were told of, and whether and when they replied",
            Self::Consents => "What survivors agreed to at the end of the period, by scope",
            Self::Outcomes => "All of the others",
        }
    }
}

text_enum! {
    /// How a report is written.
    pub enum ReportFormat {
        /// As JSON.
        Json = "json",
        /// As CSV (RFC 4180), one line a number.
        Csv = "csv",
    }
}

/// A report: figures about the people of one area, or of all that the commissioner may see. Nobody is named, numbered or
/// referred to.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReportView {
    /// Which one.
    pub report: ReportName,
    /// The first day covered (Europe/London).
    pub from_on: Date,
    /// The last.
    pub to_on: Date,
    /// The police force area; null for all that you may see.
    #[schema(required = true, example = "south-yorkshire")]
    pub area: Option<String>,
    /// The areas that you may ask for.
    pub areas: Vec<String>,
    /// When it was made.
    pub made_at: Instant,
    /// A figure about fewer people than this is withheld, and whatever would let it be worked out.
    #[schema(example = 5)]
    pub least_people: usize,
    /// Who is counted, and how to read what is withheld.
    pub rules: Vec<&'static str>,
    /// The figures.
    pub figures: Vec<FigureView>,
}

/// One figure about some people.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct FigureView {
    /// Which figure, as a code.
    #[schema(example = "alerts")]
    pub figure: &'static str,
    /// Which of its categories, as a code; `all` is their sum.
    #[schema(example = "level_4")]
    pub category: String,
    /// Whether it is withheld: about too few people, or the missing part of a sum.
    pub suppressed: bool,
    /// Its numbers.
    pub values: Vec<ValueView>,
    /// What to bear in mind.
    pub note: Option<&'static str>,
}

/// One number.
#[derive(Debug, Serialize, ToSchema)]
pub struct ValueView {
    /// What was measured, as a code.
    #[schema(example = "alerts")]
    pub measure: &'static str,
    /// In which unit.
    #[schema(example = "alerts")]
    pub unit: &'static str,
    /// The number; null where it is withheld, and where there was nothing to make it from.
    #[schema(required = true)]
    pub value: Option<Number>,
    /// Whether it is withheld.
    pub suppressed: bool,
}
