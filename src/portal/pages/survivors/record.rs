//! The record of a survivor: who they are, how it is safe to reach them, and what there is, by codes and times.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;

use super::check_in::{self, is_over};
use super::forms::RecordForms;
use super::head::{self, RecordHead, RecordReach, RecordReading};
use super::links::{check_in_path, incident_path};
use crate::access;
use crate::app::App;
use crate::checkins::{self, CheckIn, CheckInView, CheckInsQuery};
use crate::contact::{self, StaffSafeContactView};
use crate::error::Result;
use crate::escalation::{self, AlertReader, AlertSummary};
use crate::http::{ListRequest, Page};
use crate::identity::{SupportStaff, SurvivorView};
use crate::incidents::{self, Reported, SupportIncidentSummary};
use crate::portal::pages::alert_words::AlertHead;
use crate::portal::pages::case::entries;
use crate::portal::pages::case::links::{self, CaseLine};
use crate::portal::pages::form::ShownForm;
use crate::portal::pages::frame;
use crate::portal::pages::person_view::{ShownContact, SummaryEntry, language};
use crate::portal::pages::reader::{InEnglish, PageReader, When};
use crate::portal::pages::visit::Visit;
use crate::tx::Tx;
use crate::words::id_of;

/// Check-ins, incidents and alerts that are shown, of each the newest.
const MOST: i64 = 20;

/// What the page is made of.
struct ReadRecord {
    survivor: SurvivorView,
    reading: RecordReading,
    contact: StaffSafeContactView,
    check_ins: Page<CheckInView>,
    incidents: Vec<Reported>,
    alerts: Vec<AlertSummary>,
    cases: Vec<CaseLine>,
}

/// `GET /portal/survivors/{reference}`
pub async fn get_record(visit: Visit<SupportStaff>, reference: web::Path<String>) -> Result<HttpResponse> {
    let record = read(&visit.app, &visit.who, &reference, visit.deed).await?;
    let reader = visit.reader.in_zone(record.reading.zone.as_deref());
    frame::answer(StatusCode::OK, &RecordPage::of(&reader, &record)?)
}

async fn read(app: &App, who: &SupportStaff, reference: &str, deed: &'static str) -> Result<ReadRecord> {
    let (staff, named, now) = (who.clone(), reference.to_owned(), app.clock.now());
    let work = move |tx: &mut Tx<'_>| {
        let id = head::named(tx, &named)?;
        let row = access::read_survivor(tx, &staff, id)?;
        let own = access::reader(tx, &staff, id)?;
        let asked = ListRequest { query: CheckInsQuery::default(), after: None, limit: MOST };
        let alerts = match own.is_own() {
            true => escalation::list_alerts_of_survivor(tx.conn, &own.access, None, MOST, AlertReader::Support)?,
            false => Vec::new(),
        };
        let reading = head::reading(tx, &staff, id)?;
        let contact = contact::find_safe_contact(tx, &staff, id)?;
        let check_ins = checkins::list_check_ins(tx, &staff, id, &asked)?;
        let incidents = incidents::list_lines(tx, &staff, id, MOST)?;
        Ok((row, reading, contact, check_ins, incidents, alerts))
    };
    let (row, reading, contact, check_ins, incidents, alerts) = app.transact(who.actor(), deed, work).await?;
    let survivor = app.with_keys(|keys| SurvivorView::of(keys, &row)).await?;
    let key = |row: &CheckIn| (row.happened_at, row.id.0);
    let check_ins = app.page(check_ins, MOST, key, |keys, row| CheckInView::of_for_staff(keys, row, now)).await?;
    let cases =
        if reading.reach == RecordReach::Own { links::of_survivor(app, who, row.id).await? } else { Vec::new() };
    Ok(ReadRecord { survivor, reading, contact, check_ins, incidents, alerts, cases })
}

/// The record.
#[derive(Template)]
#[template(path = "survivors/record.html")]
struct RecordPage<'a> {
    reader: &'a PageReader,
    title: String,
    head: RecordHead,
    person: RecordPerson,
    closed: Option<When>,
    contact: ShownContact,
    rang: Option<ShownForm>,
    alerts: Vec<RecordAlertLine>,
    check_ins: Vec<CheckInLine>,
    has_more_check_ins: bool,
    incidents: Vec<IncidentLine>,
    has_more_incidents: bool,
    has_unreadable: bool,
    cases: &'a [CaseLine],
}

impl<'a> RecordPage<'a> {
    fn of(reader: &'a PageReader, record: &'a ReadRecord) -> Result<Self> {
        let reference = record.survivor.reference.as_str();
        let is_own = record.reading.reach == RecordReach::Own;
        let most = usize::try_from(MOST).unwrap_or(usize::MAX);
        // Pressing the button leads to the check-in with what was written next to it.
        let latest = record.check_ins.items.iter().find(|row| is_own && is_over(row));
        let rang = latest.map(|row| check_in::rang(&mut RecordForms::of(reader, reference, None), row.id));
        let incidents = record.incidents.iter().take(most);
        let incidents = incidents.map(|row| IncidentLine::of(reader, (reference, is_own), row));
        Ok(Self {
            title: reader.title("portal-record-title", false),
            head: RecordHead::of(reader, reference, ("", "portal-record-title"), record.reading.reach),
            person: RecordPerson::of(reader, &record.survivor),
            closed: record.survivor.closed_at.map(|at| reader.when(at)),
            contact: ShownContact::of(reader, &record.contact),
            rang,
            alerts: record.alerts.iter().take(most).map(|alert| RecordAlertLine::of(reader, alert)).collect(),
            check_ins: record
                .check_ins
                .items
                .iter()
                .map(|row| CheckInLine::of(reader, (reference, is_own), row))
                .collect(),
            has_more_check_ins: record.check_ins.next_cursor.is_some(),
            incidents: incidents.collect::<Result<_>>()?,
            has_more_incidents: record.incidents.len() > most,
            has_unreadable: !record.check_ins.unreadable.is_empty(),
            cases: &record.cases,
            reader,
        })
    }
}

/// Who the survivor is.
pub struct RecordPerson {
    /// In a summary list.
    pub entries: Vec<SummaryEntry>,
}

impl RecordPerson {
    fn of(reader: &PageReader, survivor: &SurvivorView) -> Self {
        let risk = reader.say(&id_of("portal-risk", survivor.risk_rating.as_str()));
        let known = [
            ("portal-name", Some(survivor.preferred_name.clone())),
            ("portal-full-name", survivor.full_name.clone()),
            ("portal-pronouns", survivor.pronouns.clone()),
            ("portal-born", survivor.date_of_birth.clone()),
            ("portal-reads", Some(language(reader, &survivor.language))),
            ("portal-risk", Some(risk)),
        ];
        let needs = survivor.needs.iter().map(|need| Some(reader.say(&id_of("portal-need", need.as_str()))));
        let needs = needs.map(|need| ("portal-need", need));
        let all = known.into_iter().chain(needs);
        Self { entries: all.filter_map(|(key, value)| SummaryEntry::of(reader, key, value)).collect() }
    }
}

/// An alert of theirs.
pub struct RecordAlertLine {
    /// What it is.
    pub head: AlertHead,
    /// How far it has come.
    pub state: String,
    /// When it was raised.
    pub raised: When,
}

impl RecordAlertLine {
    fn of(reader: &PageReader, alert: &AlertSummary) -> Self {
        Self {
            head: AlertHead::of(reader, (alert.level, alert.rule), &alert.reference, alert.is_exercise),
            state: reader.say(&id_of("portal-alert-state", alert.state.as_str())),
            raised: reader.when(alert.raised_at),
        }
    }
}

/// A check-in of theirs.
pub struct CheckInLine {
    /// How it stands.
    pub words: InEnglish,
    /// When it was due, arrived or was missed.
    pub at: Option<When>,
    /// Its page.
    pub href: Option<String>,
    /// Whether it was written under duress.
    pub is_duress: bool,
    /// How far colleagues are with looking at it.
    pub review: Option<String>,
}

impl CheckInLine {
    fn of(reader: &PageReader, (reference, is_own): (&str, bool), row: &CheckInView) -> Self {
        let at = [row.due_at, row.received_at, row.missed_at].into_iter().flatten().next();
        Self {
            words: entries::check_in_words(reader, (row.state, row.is_proven)),
            at: at.map(|at| reader.when(at)),
            href: is_own.then(|| check_in_path(reference, row.id)),
            is_duress: row.is_duress == Some(true),
            review: row.review_state.map(|state| reader.say(&id_of("portal-review-state", state.as_str()))),
        }
    }
}

/// An incident of theirs, without a word that they wrote.
pub struct IncidentLine {
    /// What it is.
    pub words: String,
    /// When it happened, or else when it arrived.
    pub at: When,
    /// How far it has come.
    pub state: String,
    /// Its page.
    pub href: Option<String>,
    /// Whether it was written under duress.
    pub is_duress: bool,
}

impl IncidentLine {
    fn of(reader: &PageReader, (reference, is_own): (&str, bool), row: &Reported) -> Result<Self> {
        let summary = SupportIncidentSummary::of(row)?;
        let what = (summary.severity, summary.is_suspected_breach);
        let happened = &summary.happened;
        Ok(Self {
            words: entries::incident_words(reader, what, happened, &summary.behaviours),
            at: reader.when(happened.from.or(happened.to).unwrap_or(summary.received_at)),
            state: reader.say(&id_of("portal-incident-state", summary.state.as_str())),
            href: is_own.then(|| incident_path(reference, summary.id)),
            is_duress: row.incident.is_duress,
        })
    }
}
