//! Making a report: the caller's reach, the rows of those within it, the figures, and what may be shown of them.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::figures::alerts::{self, police};
use super::figures::{check_ins, consents, goals, incidents, referrals, sessions};
use super::model::{FigureView, ReportName, ReportView};
use super::period::Period;
use super::reach::ReportReach;
use super::sheet::{Sheet, release};
use super::suppress::LEAST_PEOPLE;
use crate::app::App;
use crate::db::{Day, DbConn, Instant, OrganisationId, SurvivorId};
use crate::error::{Error, Result};
use crate::identity::{self, Staff};
use crate::incidents::incident_figures;
use crate::programme::{self, ReferralFigure};
use crate::tx::{Subject, Tx};
use crate::{access, checkins, consent, escalation};

/// Who is counted, and how to read what is withheld.
const RULES: [&str; 5] = [
    "A survivor is counted in figures about survivors only while they agree to stats.aggregate, as the ledger stands \
     when the report is made; then all of theirs in the period counts, what was recorded before they agreed too. A \
     survivor who does not agree is in no figure, not even as one who is missing.",
    "Figures about participants (referrals, sessions, goals) do not depend on survivors' agreements.",
    "What was withdrawn, what the survivor keeps to themselves, what was written under duress, and drills are not \
     counted.",
    "A figure about one to four people is withheld, and so is any other from which it could be worked out, over all \
     areas that you may see. A figure about nobody is told as 0, unless that would tell of everybody.",
    "Periods are whole months that are over (Europe/London). Reports over periods that overlap can still be compared: \
     treat them together as you would the records.",
];

/// What was asked for.
#[derive(Clone, Debug)]
pub struct ReportSpec {
    /// Which report.
    pub report: ReportName,
    /// For when.
    pub period: Period,
    /// For which area; none for all that the caller may see.
    pub area: Option<String>,
}

/// The reach of a commissioner, and that they looked, which the audit keeps before anything is read.
///
/// # Errors
/// 403 for somebody of no organisation.
pub fn look(tx: &mut Tx<'_>, who: &Staff, purpose: &'static str) -> Result<ReportReach> {
    let organisation = who.organisation()?;
    tx.note("read_figures", Subject::of("organisation", organisation), purpose);
    ReportReach::of(tx.conn, organisation)
}

/// Makes a report.
///
/// # Errors
/// 404 for an area that the caller may not see.
pub async fn make(app: &App, who: &Staff, asked: ReportSpec) -> Result<ReportView> {
    let (caller, purpose) = (who.clone(), asked.report.as_str());
    let reach = app.transact(who.actor(), "get_report", move |tx| look(tx, &caller, purpose)).await?;
    let areas: Vec<String> = reach.forces.iter().cloned().collect();
    let wanted = match &asked.area {
        Some(area) => Some(areas.iter().position(|known| known == area).ok_or(Error::NotFound)?),
        None => None,
    };
    let (organisation, now, period) = (who.organisation()?, app.clock.now(), asked.period);
    let (report, known) = (asked.report, areas.clone());
    let read = move |conn: &mut DbConn| {
        let (from, until) = period.bounds()?;
        let people = People::within(conn, &reach, known, (organisation, now, period))?;
        figures(conn, report, &people, (from, until), wanted)
    };
    let figures = app.db.snapshot(read).await?;
    Ok(ReportView {
        report: asked.report,
        from_on: period.from_on,
        to_on: period.to_on,
        area: asked.area,
        areas,
        made_at: now,
        least_people: LEAST_PEOPLE,
        rules: RULES.to_vec(),
        figures,
    })
}

/// Those whom the figures are about, each with the number of their area. Who is in reach through a partner and lives in
/// none of the areas counts to one more, which nobody can ask for: that there is somebody in an area is shown of none.
struct People {
    areas: usize,
    survivors: BTreeMap<Uuid, usize>,
    since: BTreeMap<SurvivorId, Instant>,
    now: Instant,
    period: Period,
    participants: BTreeMap<Uuid, usize>,
    agreements: Vec<consents::ScopesRow>,
}

impl People {
    fn within(
        conn: &mut DbConn,
        reach: &ReportReach,
        areas: Vec<String>,
        (recipient, now, period): (OrganisationId, Instant, Period),
    ) -> Result<Self> {
        let (_, until) = period.bounds()?;
        let number = |force: &str| areas.iter().position(|area| area == force).unwrap_or(areas.len());
        // The end of the period itself belongs to the next.
        let end = Instant::from_microseconds(until.microseconds() - 1);
        let mut agreements = consent::agreement_figures(conn, recipient, now, end)?;
        let (mut survivors, mut since) = (BTreeMap::new(), BTreeMap::new());
        for row in identity::survivor_figures(conn, until)? {
            if reach.covers(&row.home_force_id, row.organisation_id) && agreements.contains_key(&row.id) {
                survivors.insert(row.id.0, number(&row.home_force_id));
                since.insert(row.id, row.created_at);
            }
        }
        agreements.retain(|survivor, _| survivors.contains_key(&survivor.0));
        let found = programme::participant_figures(conn, until)?;
        let within = found.iter().filter(|row| reach.covers(&row.home_force_id, row.organisation_id));
        let participants = within.map(|row| (row.id.0, number(&row.home_force_id))).collect();
        let agreements = agreements.into_iter().collect();
        Ok(Self { areas: areas.len() + 1, survivors, since, now, period, participants, agreements })
    }
}

fn figures(
    conn: &mut DbConn,
    report: ReportName,
    people: &People,
    (from, until): (Instant, Instant),
    wanted: Option<usize>,
) -> Result<Vec<FigureView>> {
    let (areas, survivors) = (people.areas, &people.survivors);
    Ok(match report {
        ReportName::Referrals => {
            let mut rows = programme::list_referral_figures(conn, from, until)?;
            rows.retain(|row| people.participants.contains_key(&row.participant_id.0));
            let every = rows.clone();
            let sheet = |own: &[ReferralFigure]| referrals::sheet(own, &every);
            counted_figures(rows, |row| row.participant_id.0, (&people.participants, areas), sheet, wanted)
        }
        ReportName::Sessions => {
            let rows = programme::session_figures(conn, from, until)?;
            counted_figures(rows, |row| row.0.0, (&people.participants, areas), sessions::sheet, wanted)
        }
        ReportName::Goals => {
            let days = (Day(people.period.from_on), Day(people.period.to_on));
            let rows = programme::attainment_figures(conn, days, until)?;
            counted_figures(rows, |row| row.participant_id.0, (&people.participants, areas), goals::sheet, wanted)
        }
        ReportName::Incidents => {
            let rows = exposures(conn, people, (from, until))?;
            counted_figures(rows, |row| row.survivor.0, (survivors, areas), incidents::sheet, wanted)
        }
        ReportName::CheckIns => {
            let rows = checkins::slot_figures(conn, from, until)?;
            counted_figures(rows, |row| row.0.0, (survivors, areas), check_ins::sheet, wanted)
        }
        ReportName::Alerts | ReportName::Police => {
            let rows = escalation::alert_figures(conn, from, until)?;
            let mut all = counted_figures(rows, |row| row.survivor_id.0, (survivors, areas), alerts::sheet, wanted);
            all.retain(|told| police::FIGURES.contains(&told.figure) == (report == ReportName::Police));
            all
        }
        ReportName::Consents => {
            let rows = people.agreements.clone();
            counted_figures(rows, |row| row.0.0, (survivors, areas), consents::sheet, wanted)
        }
        ReportName::Outcomes => {
            let mut all = Vec::new();
            for name in ReportName::ALL.iter().filter(|name| **name != ReportName::Outcomes) {
                all.extend(figures(conn, *name, people, (from, until), wanted)?);
            }
            all
        }
    })
}

/// The survivor-time of each case within a period.
fn exposures(
    conn: &mut DbConn,
    people: &People,
    (from, until): (Instant, Instant),
) -> Result<Vec<incidents::Exposure>> {
    let sources = incidents::Sources {
        links: &access::link_figures(conn)?,
        courses: &programme::course_figures(conn, people.now)?,
        since: &people.since,
        incidents: &incident_figures(conn, from, until)?,
    };
    incidents::exposures(&sources, (from, until))
}

/// The figures of those rows that are about somebody counted, for all areas or the wanted one.
fn counted_figures<R: Clone>(
    mut rows: Vec<R>,
    who: impl Fn(&R) -> Uuid,
    (counted, areas): (&BTreeMap<Uuid, usize>, usize),
    sheet: impl Fn(&[R]) -> Sheet,
    wanted: Option<usize>,
) -> Vec<FigureView> {
    rows.retain(|row| counted.contains_key(&who(row)));
    let of_area = |area: usize| {
        let own: Vec<R> = rows.iter().filter(|row| counted.get(&who(row)) == Some(&area)).cloned().collect();
        sheet(&own)
    };
    let each: Vec<Sheet> = (0..areas).map(of_area).collect();
    release(&sheet(&rows), &each, wanted)
}
