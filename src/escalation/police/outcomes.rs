//! What police say came of an alert, from the officer's word to the survivor's screen.
//!
//! An officer's word is a notice for the survivor's advocates at once. They release it to the survivor, or withhold it with
//! a reason; a day on, a task asks those who have done neither. When a force says something else later, its first word holds no
//! more: the advocates hear of that at once, with a task where the survivor has read the first. What the survivor has read
//! stays on their screen, marked as out of date, until the correction is released.

pub(in crate::escalation) mod model;

use garde::Validate;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::forces::AlertForce;
use super::officer::{ForceCaller, for_officer};
use super::police_side::PoliceActedView;
use crate::access::{self, SurvivorAccess};
use crate::app::App;
use crate::contact;
use crate::crypto::{Keys, Private, PrivateText, SealedTable, open, seal};
use crate::db::{AlertId, DbConn, Instant, PoliceOutcomeId, StaffId};
use crate::error::{Error, Result};
use crate::escalation::alerts;
use crate::escalation::alerts::act::ActedView;
use crate::escalation::alerts::history::{self, Detail};
use crate::escalation::alerts::model::{AlertRow, HistoryKind, TaskEnd, TaskKind};
use crate::escalation::alerts::sentences::{self, Released};
use crate::escalation::ladder::telling;
use crate::escalation::overrides::effect;
use crate::escalation::police::store;
use crate::escalation::tasks::{self, ends};
use crate::http::limits;
use crate::http::page::Cursor;
use crate::identity::{Role, Staff};
use crate::notify::Template;
use crate::tx::{Subject, Tx};
use crate::words::Language;
use model::{OutcomeRow, OutcomeState, PoliceOutcome};

/// Hours in which the advocates release an outcome or withhold it, before a task asks for it.
const DECIDE_HOURS: i64 = 24;
/// Outcomes looked at in one go.
const BATCH: i64 = 200;

/// What the police say came of an alert.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PoliceOutcomeBody {
    /// The officer's username.
    #[garde(custom(limits::line))]
    #[schema(value_type = String, format = "line", example = "pc.4417")]
    officer: Private,
    /// What came of it.
    #[garde(skip)]
    outcome: PoliceOutcome,
    /// Anything to add.
    #[garde(inner(custom(limits::narrative)))]
    #[schema(value_type = Option<String>, format = "narrative")]
    #[serde(default)]
    note: Option<Private>,
}

/// Stores what a force says came of an alert, and notifies the survivor's advocates.
///
/// # Errors
/// 404 where the alert is not the force's, or not the officer's.
pub fn store_outcome(
    tx: &mut Tx<'_>,
    caller: ForceCaller<'_>,
    text: &str,
    body: &PoliceOutcomeBody,
) -> Result<PoliceActedView> {
    let (mut alert, force, officer) = for_officer(tx, caller, text, &body.officer, None)?;
    let own = caller.force()?;
    let before = store::list_outcomes(tx.conn, alert.id)?;
    let mut theirs = before.iter().filter(|row| row.organisation_id.is_none_or(|force| force == own));
    let last = theirs.rfind(|row| row.superseded_at.is_none());
    let corrected = TaskKind::PoliceOutcomeCorrected;
    let has_read = last.is_some_and(|row| row.state == OutcomeState::Released)
        || tasks::store::has_open_task(tx.conn, alert.id, corrected)?;
    // Somebody is asked a day after the first word, also where the force says something else meanwhile.
    let asked_at = last.filter(|row| row.waits()).and_then(|row| row.next_action_at);
    store::supersede_outcomes(tx.conn, alert.id, Some(own), tx.now)?;
    let (grade, force_reference) = called(tx, &alert, &force)?;
    let id = PoliceOutcomeId::new(tx.now);
    let new = OutcomeRow::sealing(tx.keys, alert.survivor_id, id);
    let row = OutcomeRow {
        id,
        alert_id: alert.id,
        survivor_id: alert.survivor_id,
        organisation_id: Some(own),
        outcome: body.outcome.to_string(),
        grade,
        force_reference: seal!(new.force_reference, &force_reference)?,
        state: OutcomeState::Told,
        told_at: tx.now,
        next_action_at: (!alert.is_exercise && !has_read).then(|| asked_at.unwrap_or(tx.now.plus_hours(DECIDE_HOURS))),
        decided_at: None,
        decided_by: None,
        reason: None,
        superseded_at: None,
    };
    store::insert_outcome(tx.conn, row)?;
    alert.outcome = Some(body.outcome.to_string());
    alert.outcome_released_at = None;
    let corrects = last.map(|row| row.outcome.clone());
    let said_by = Some(force.force_id.clone());
    let detail = Detail::PoliceOutcome { officer, outcome: body.outcome, force: said_by, corrects };
    history::write(tx, &alert, &detail, body.note.as_ref())?;
    let people = telling::advocates(tx, alert.survivor_id, alert.organisation_id)?;
    telling::notify(tx, &alert, people)?;
    if has_read && !alert.is_exercise {
        ask(tx, &alert, corrected, Some(body.outcome.as_str()))?;
    }
    alerts::store::keep(tx, &mut alert)?;
    tx.notify_worker();
    Ok(PoliceActedView::of(alert, &force))
}

/// What a force called an alert when it last took it up: its grade and its own reference.
fn called(tx: &mut Tx<'_>, alert: &AlertRow, force: &AlertForce) -> Result<(Option<String>, Option<Private>)> {
    let (mut grade, mut reference) = (None, None);
    for line in alerts::store::list_history(tx.conn, alert.id)? {
        if line.kind != HistoryKind::PoliceAcknowledged {
            continue;
        }
        let said = Detail::of(&line);
        let Some(Detail::PoliceAcknowledged { grade: given, force: Some(by), .. }) = said else { continue };
        if by != force.force_id {
            continue;
        }
        grade = given.or(grade);
        reference = match open!(tx.keys, line.force_reference) {
            Err(Error::Unreadable(_)) => reference,
            opened => opened?.or(reference),
        };
    }
    Ok((grade, reference))
}

/// Asks the advocates to decide about an outcome, unless they are asked already.
fn ask(tx: &mut Tx<'_>, alert: &AlertRow, kind: TaskKind, outcome: Option<&str>) -> Result<()> {
    if tasks::store::has_open_task(tx.conn, alert.id, kind)? {
        return Ok(());
    }
    let detail = json!({"alert": alert.reference, "outcome": outcome});
    let about = (alert.survivor_id, Some(alert.id));
    tasks::make(tx, alert.organisation_id, Role::Advocate, kind, about, detail)
}

/// Makes a task about each outcome that nobody has released or withheld in time. Returns how many.
pub(in crate::escalation) async fn ask_undecided(app: &App) -> Result<usize> {
    let now = app.clock.now();
    let due = app.db.read(move |conn| store::list_due_outcomes(conn, now, BATCH)).await?;
    Ok(app.each(due, "ask_about_outcome", ask_about).await)
}

fn ask_about(tx: &mut Tx<'_>, id: PoliceOutcomeId) -> Result<bool> {
    let row = match store::claim_due_outcome(tx.conn, id, tx.now)? {
        true => store::find_outcome(tx.conn, id)?.filter(OutcomeRow::waits),
        false => None,
    };
    let Some(row) = row else {
        tx.outcome("not_due");
        return Ok(false);
    };
    let Some(alert) = alerts::store::find(tx.conn, row.alert_id)? else { return Ok(false) };
    tx.about(Subject::of("alert", alert.id));
    ask(tx, &alert, TaskKind::PoliceOutcome, Some(&row.outcome))?;
    let people = telling::advocates(tx, alert.survivor_id, alert.organisation_id)?;
    telling::notify(tx, &alert, people)?;
    Ok(true)
}

/// Why an outcome is kept from the survivor.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WithholdOutcomeBody {
    /// Why, as a code.
    #[garde(custom(limits::code))]
    #[schema(format = "code", example = "told_in_person")]
    reason: String,
    /// Anything to add.
    #[garde(inner(custom(limits::narrative)))]
    #[schema(value_type = Option<String>, format = "narrative", example = "Will be told when we meet on Friday.")]
    #[serde(default)]
    note: Option<Private>,
}

/// The alert whose outcomes a member of staff decides about.
fn to_decide(tx: &mut Tx<'_>, staff: &Staff, id: AlertId) -> Result<AlertRow> {
    let own = staff.organisation()?;
    let alert =
        alerts::store::find(tx.conn, id)?.filter(|alert| alert.organisation_id == own).ok_or(Error::NotFound)?;
    access::survivor(tx, staff, alert.survivor_id)?;
    Ok(alert)
}

/// The outcomes of an alert that can be decided about: those that hold, and were not released.
fn undecided(tx: &mut Tx<'_>, alert: &AlertRow, with_withheld: bool) -> Result<Vec<OutcomeRow>> {
    let mut rows = store::list_outcomes(tx.conn, alert.id)?;
    let is_open = |row: &OutcomeRow| row.waits() || (with_withheld && row.state == OutcomeState::Withheld);
    rows.retain(|row| row.superseded_at.is_none() && is_open(row));
    Ok(rows)
}

fn settle_tasks(tx: &mut Tx<'_>, alert: &AlertRow, end: TaskEnd, by: StaffId) -> Result<()> {
    let kinds = [TaskKind::PoliceOutcome, TaskKind::PoliceOutcomeCorrected];
    for task in tasks::store::list_open_tasks_of_alert(tx.conn, alert.id)? {
        if kinds.contains(&task.kind) {
            ends::end(tx, &task, end, Some(by))?;
        }
    }
    Ok(())
}

/// Releases what the police said came of an alert to the survivor.
pub fn release(tx: &mut Tx<'_>, staff: &Staff, id: AlertId) -> Result<ActedView> {
    let mut alert = to_decide(tx, staff, id)?;
    let rows = undecided(tx, &alert, true)?;
    if rows.is_empty() {
        // Released already: what was asked for is so.
        let is_released = alert.outcome.is_some() && alert.outcome_released_at.is_some();
        let untold = || Error::wrong_state("the police have told no outcome yet");
        return if is_released { Ok(ActedView::of(&alert)) } else { Err(untold()) };
    }
    if effect::is_untold(tx.conn, &alert, tx.now)? {
        return Err(Error::wrong_state("tell the survivor first, in person, that the police were notified"));
    }
    for row in rows {
        store::decide_outcome(tx.conn, row.id, (OutcomeState::Released, staff.id, None), tx.now)?;
    }
    alert.outcome_released_at = Some(tx.now);
    history::write(tx, &alert, &Detail::OutcomeReleased {}, None)?;
    settle_tasks(tx, &alert, TaskEnd::OutcomeReleased, staff.id)?;
    // A phone is not notified of an alert that it may not show.
    if !alert.is_silent && !alert.is_exercise {
        contact::enqueue_survivor(tx, alert.survivor_id, Template::Nudge)?;
    }
    alerts::store::keep(tx, &mut alert)?;
    Ok(ActedView::of(&alert))
}

/// Keeps what the police said came of an alert from the survivor, with a reason; it may be released later.
pub fn withhold(tx: &mut Tx<'_>, staff: &Staff, id: AlertId, body: &WithholdOutcomeBody) -> Result<ActedView> {
    let mut alert = to_decide(tx, staff, id)?;
    let rows = undecided(tx, &alert, false)?;
    if rows.is_empty() {
        return Err(Error::wrong_state("no outcome waits to be released or withheld"));
    }
    for row in rows {
        let decided = (OutcomeState::Withheld, staff.id, Some(body.reason.as_str()));
        store::decide_outcome(tx.conn, row.id, decided, tx.now)?;
    }
    let detail = Detail::OutcomeWithheld { reason: body.reason.clone() };
    history::write(tx, &alert, &detail, body.note.as_ref())?;
    settle_tasks(tx, &alert, TaskEnd::OutcomeWithheld, staff.id)?;
    alerts::store::keep(tx, &mut alert)?;
    Ok(ActedView::of(&alert))
}

/// Marks what was said of an alert as out of date: it began again.
pub(in crate::escalation) fn supersede(tx: &mut Tx<'_>, alert: &mut AlertRow) -> Result<()> {
    alert.outcome = None;
    alert.outcome_released_at = None;
    store::supersede_outcomes(tx.conn, alert.id, None, tx.now)?;
    for task in tasks::store::list_open_tasks_of_alert(tx.conn, alert.id)? {
        if task.kind == TaskKind::PoliceOutcome {
            ends::end(tx, &task, TaskEnd::Superseded, None)?;
        }
    }
    Ok(())
}

/// An outcome as it was released to the survivor.
pub struct ReleasedOutcome {
    /// Which.
    pub id: PoliceOutcomeId,
    /// The alert.
    pub alert_id: AlertId,
    /// Its reference.
    pub reference: String,
    /// What came of it, as a code.
    pub outcome: String,
    /// The grade that the force had given the alert.
    pub grade: Option<String>,
    /// What the force calls it.
    pub force_reference: Option<String>,
    /// Whether the force has said something else since, or the alert began again.
    pub is_superseded: bool,
    /// When it was released.
    pub at: Instant,
}

impl ReleasedOutcome {
    fn of(keys: &Keys, row: OutcomeRow, reference: String) -> Result<Self> {
        // What came of it is worth more than what the force calls it.
        let force_reference = match open!(keys, row.force_reference) {
            Err(Error::Unreadable(why)) => {
                tracing::error!(outcome = %row.id, why, "an outcome is shown without the force's reference");
                None
            }
            opened => opened?.shown(),
        };
        Ok(Self {
            id: row.id,
            alert_id: row.alert_id,
            reference,
            outcome: row.outcome,
            grade: row.grade,
            force_reference,
            is_superseded: row.superseded_at.is_some(),
            at: row.decided_at.unwrap_or(row.told_at),
        })
    }

    /// What it says in a sentence of the reader's language; one that is out of date says so.
    #[must_use]
    pub fn in_words(&self, language: Language) -> String {
        sentences::of_released(&self.in_log()).say(language)
    }

    /// It, as it is in the log of its alert.
    pub(in crate::escalation) fn in_log(&self) -> Released {
        Released { outcome: self.outcome.clone(), is_superseded: self.is_superseded }
    }
}

/// Outcomes that were released to a survivor, newest first: `limit + 1` rows. Never one of a silent alert.
pub fn list_released_outcomes(
    conn: &mut DbConn,
    keys: &Keys,
    access: &SurvivorAccess,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<ReleasedOutcome>> {
    let rows = store::list_released(conn, access.id(), after, limit)?;
    rows.into_iter().map(|(row, reference)| ReleasedOutcome::of(keys, row, reference)).collect()
}

/// The outcome of an alert that the survivor was last shown, since it last began; none where nothing was released.
pub(in crate::escalation) fn released_of(
    conn: &mut DbConn,
    keys: &Keys,
    alert: &AlertRow,
) -> Result<Option<ReleasedOutcome>> {
    if alert.outcome.is_none() {
        return Ok(None);
    }
    let rows = store::list_outcomes(conn, alert.id)?;
    let last = rows.into_iter().filter(|row| row.state == OutcomeState::Released).max_by_key(|row| row.decided_at);
    last.map(|row| ReleasedOutcome::of(keys, row, alert.reference.clone())).transpose()
}
