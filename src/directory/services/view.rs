//! A help line as it is shown.

use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::{HoursRow, Other, RELAY_PREFIX, ServiceLine};
use crate::db::{Instant, text_enum};
use crate::directory::hours::OpeningSpan;
use crate::words::{self, Language};

/// When a service opens, on some days of each week.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OpeningView {
    /// The days, `mo` to `su`.
    #[schema(example = json!(["mo", "tu", "we", "th", "fr"]))]
    pub weekdays: Vec<String>,
    /// Local time at which it opens.
    #[schema(example = "09:30")]
    pub opens: String,
    /// Local time at which it closes; 24:00 is the end of the day.
    #[schema(example = "16:00")]
    pub closes: String,
}

impl OpeningView {
    fn of(row: &HoursRow) -> Self {
        Self { weekdays: row.weekdays.clone(), opens: row.opens.to_string(), closes: row.closes.to_string() }
    }
}

/// A day on which a service is open at other times, or not at all.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ExceptionView {
    /// The day.
    #[schema(value_type = String, format = Date, example = "2026-12-24")]
    pub date: Date,
    /// Its openings; none: closed.
    pub openings: Vec<ExceptionOpeningView>,
}

/// An opening of a day that differs.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ExceptionOpeningView {
    /// Local time at which it opens.
    #[schema(example = "10:00")]
    pub opens: String,
    /// Local time at which it closes.
    #[schema(example = "12:00")]
    pub closes: String,
}

/// What another source says.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OtherHoursView {
    /// When it opens, by this source.
    pub hours: Vec<OpeningView>,
    /// Whether it is open at the instant asked for, by this source.
    pub open_now: bool,
    /// The source.
    pub source: String,
    /// When that was last checked.
    #[schema(value_type = String, format = Date, example = "2026-08-14")]
    pub checked_on: Date,
}

/// Another way to reach a service, for those who cannot speak or hear on a telephone.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct WayView {
    /// How: `text`, `relay`, `sign_language`, `silent`, `email`.
    #[schema(example = "relay")]
    pub kind: String,
    /// The number or address.
    #[schema(example = "18001 101")]
    pub address: String,
    /// What one needs to know first.
    pub note: String,
    /// Where this comes from.
    pub source: String,
    /// When that was last checked.
    #[schema(value_type = String, format = Date, example = "2026-11-25")]
    pub checked_on: Date,
}

text_enum! {
    /// Whether a line answers, as far as its sources agree.
    pub enum Opens {
        /// Every source says that it is open.
        Open = "open",
        /// Sources differ: it is worth a try.
        MayBeOpen = "may_be_open",
        /// Every source says that it is closed.
        Closed = "closed",
    }
}

/// A service that a survivor can ring.
#[serde_with::skip_serializing_none]
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SupportServiceView {
    /// A word for it.
    #[schema(example = "national_stalking_helpline")]
    pub id: String,
    /// Its name.
    #[schema(example = "National Stalking Helpline (Suzy Lamplugh Trust)")]
    pub name: String,
    /// Its number.
    #[schema(example = "0808 802 0300")]
    pub phone: String,
    /// Whether it is for emergencies.
    pub is_emergency: bool,
    /// Whether somebody answers at any hour of any day.
    pub is_always_open: bool,
    /// For whom: `england`, `wales`, `scotland`, `northern_ireland`.
    #[schema(example = json!(["england", "wales"]))]
    pub areas: Vec<String>,
    /// Whether it may be open at the instant asked for: false only where every source that we have says closed.
    pub open_now: bool,
    /// Whether every source that we have says the same of that instant.
    pub do_sources_agree: bool,
    /// Whether it is open, closed, or may be open since sources differ.
    pub opening: Opens,
    /// The same in words: what to show first.
    #[schema(example = "May be open: try.")]
    pub headline: String,
    /// When it opens next, where it is closed.
    pub next_opens_at: Option<Instant>,
    /// When it closes, where every source says that it is open, and not always so.
    pub closes_at: Option<Instant>,
    /// When it opens; none where it is always open.
    pub hours: Vec<OpeningView>,
    /// The zone of these times (IANA).
    #[schema(example = "Europe/London")]
    pub time_zone: String,
    /// Whether it is closed on bank holidays.
    pub is_closed_on_bank_holidays: bool,
    /// Days to come that differ.
    pub exceptions: Vec<ExceptionView>,
    /// What the hours alone do not tell.
    #[schema(example = "Slightly later on Thursdays")]
    pub hours_note: Option<String>,
    /// Other ways to reach it.
    pub ways: Vec<WayView>,
    /// Where number and hours come from.
    pub source: String,
    /// When that was last checked.
    #[schema(value_type = String, format = Date, example = "2023-04-27")]
    pub checked_on: Date,
    /// What other sources say of its hours, where they differ.
    pub other_hours: Vec<OtherHoursView>,
}

impl ServiceLine {
    pub(super) fn view(&self, at: Instant, language: Language) -> SupportServiceView {
        let row = &self.row;
        let changes_at = match row.is_always_open {
            true => None,
            false => self.hours.next_change(at.timestamp()).map(Instant::from_timestamp),
        };
        let others: Vec<OtherHoursView> = self.others.iter().map(|other| other.view(at)).collect();
        let own = self.is_open(at);
        let do_sources_agree = others.iter().all(|other| other.open_now == own);
        let opening = match (do_sources_agree, own) {
            (false, _) => Opens::MayBeOpen,
            (true, true) => Opens::Open,
            (true, false) => Opens::Closed,
        };
        SupportServiceView {
            id: row.id.clone(),
            name: words::say(language, &words::id_of("line", &row.id)),
            phone: row.phone.clone(),
            is_emergency: row.is_emergency,
            is_always_open: row.is_always_open,
            areas: row.areas.clone(),
            open_now: opening != Opens::Closed,
            do_sources_agree,
            opening,
            headline: words::say(language, &words::id_of("line", opening.as_str())),
            next_opens_at: changes_at.filter(|_| opening == Opens::Closed),
            closes_at: changes_at.filter(|_| opening == Opens::Open),
            hours: self.used.iter().map(OpeningView::of).collect(),
            time_zone: row.time_zone.clone(),
            is_closed_on_bank_holidays: row.bank_holidays.is_some(),
            exceptions: self.exceptions(at),
            hours_note: words::find(language, &words::id_of("line-note", &row.id), &[]),
            ways: self.ways(language),
            source: row.source.clone(),
            checked_on: row.checked_on,
            other_hours: others,
        }
    }

    fn exceptions(&self, at: Instant) -> Vec<ExceptionView> {
        let today = self.hours.day_of(at.timestamp());
        let opening = |opening: &OpeningSpan| ExceptionOpeningView {
            opens: opening.from.to_string(),
            closes: opening.until.to_string(),
        };
        let view = |(date, openings): &(Date, Vec<OpeningSpan>)| ExceptionView {
            date: *date,
            openings: openings.iter().map(opening).collect(),
        };
        self.hours.exceptions_from(today).map(view).collect()
    }

    /// Its own ways, and Relay UK, which takes any number.
    fn ways(&self, language: Language) -> Vec<WayView> {
        let own = self.ways.iter().map(|way| {
            let own = words::find(language, &format!("way-{}-{}", way.kind, way.service_id), &[]);
            WayView {
                kind: way.kind.clone(),
                address: way.address.clone(),
                note: own.unwrap_or_else(|| words::say(language, &words::id_of("way", &way.kind))),
                source: way.source.clone(),
                checked_on: way.checked_on,
            }
        });
        let mut ways: Vec<WayView> = own.collect();
        if !ways.iter().any(|way| way.kind == "relay") {
            ways.push(WayView {
                kind: "relay".to_owned(),
                address: format!("{RELAY_PREFIX} {}", self.row.phone),
                note: words::say(language, "way-relay"),
                source: "West Yorkshire Police, deaf and hard of hearing information".to_owned(),
                checked_on: jiff::civil::date(2026, 11, 25),
            });
        }
        ways
    }
}

impl Other {
    fn view(&self, at: Instant) -> OtherHoursView {
        OtherHoursView {
            hours: self.rows.iter().map(OpeningView::of).collect(),
            open_now: self.hours.is_open(at.timestamp()),
            source: self.source.clone(),
            checked_on: self.checked_on,
        }
    }
}
