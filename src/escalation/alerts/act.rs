//! What people do with an alert: take it up, tell how it goes, close it.

use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::history::{self, ActDetail, Detail};
use super::model::{AlertRow, AlertState};
use super::{decoy, person};
use crate::access;
use crate::app::App;
use crate::crypto::Private;
use crate::db::{AlertId, Instant};
use crate::error::{Code, Error, Result};
use crate::escalation::alerts::store;
use crate::escalation::ladder::hold::{self, HoldReason};
use crate::escalation::overrides::lapse;
use crate::escalation::police;
use crate::escalation::police::outcomes::model::PoliceOutcome;
use crate::escalation::police::payload::model::Phase;
use crate::escalation::tasks::ends;
use crate::http::limits;
use crate::identity::{self, Staff};
use crate::incidents;
use crate::notify;
use crate::tx::{Subject, Tx};

/// What a person did about an alert.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AlertActionBody {
    /// What was done, and what was found.
    #[garde(custom(limits::narrative))]
    #[schema(value_type = String, format = "narrative", example = "Rang the survivor, who is at home and safe.")]
    pub note: Private,
    /// Whether somebody spoke to the survivor.
    #[garde(skip)]
    #[serde(default)]
    pub spoke_to_survivor: Option<bool>,
    /// The survivor's code word, as they said it.
    #[garde(inner(custom(limits::line)))]
    #[schema(value_type = Option<String>, format = "line", example = "marigold")]
    #[serde(default)]
    pub code_word: Option<Private>,
    /// Whether you have confirmed what the police told came of it. Where that closes an emergency, closing it says so; with
    /// `false` it stays open.
    #[garde(skip)]
    #[serde(default)]
    pub outcome_confirmed: Option<bool>,
    /// Why, as a code: asked for when an alert is stood down.
    #[garde(inner(custom(limits::code)))]
    #[schema(format = "code", example = "slept_in")]
    #[serde(default)]
    pub reason: Option<String>,
}

/// The state of an alert after that.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct ActedView {
    /// The alert.
    pub id: AlertId,
    /// Its state.
    pub state: AlertState,
    /// When a support-side person took it up.
    pub acknowledged_at: Option<Instant>,
    /// When it climbs again without progress.
    pub climbs_again_at: Option<Instant>,
}

impl ActedView {
    pub(in crate::escalation) fn of(alert: &AlertRow) -> Self {
        let climbs_again_at = alert.next_action_at.filter(|_| alert.state == AlertState::Acknowledged);
        Self { id: alert.id, state: alert.state, acknowledged_at: alert.acknowledged_at, climbs_again_at }
    }
}

/// An open alert of the caller's support organisation. Everybody there who is on duty may act.
pub(in crate::escalation) fn open_alert(tx: &mut Tx<'_>, staff: &Staff, id: AlertId) -> Result<AlertRow> {
    let alert = own_alert(tx, staff, id)?;
    if alert.is_closed() {
        return Err(Error::wrong_state("this alert is closed"));
    }
    Ok(alert)
}

/// The same, open or closed.
pub(in crate::escalation) fn own_alert(tx: &mut Tx<'_>, staff: &Staff, id: AlertId) -> Result<AlertRow> {
    let own = staff.organisation()?;
    let found = store::find(tx.conn, id)?.filter(|alert| alert.organisation_id == own);
    let alert = found.ok_or(Error::NotFound)?;
    if access::is_blocked(tx.conn, alert.survivor_id, Some(staff.id), None)? {
        return Err(Error::NotFound);
    }
    tx.about(Subject::of("alert", id));
    notify::note_opened(tx, id, staff.id)?;
    Ok(alert)
}

/// Takes an alert up: its climb stops, until its level's time has passed without progress. Where nobody had called the person
/// who does, another looks at that.
pub fn acknowledge(tx: &mut Tx<'_>, staff: &Staff, id: AlertId, body: &AlertActionBody) -> Result<ActedView> {
    let mut alert = open_alert(tx, staff, id)?;
    person::taken_up(tx, staff, &alert)?;
    stop_climb(tx, &mut alert)?;
    alert.acknowledged_at = Some(tx.now);
    finish(tx, alert, Detail::Acknowledged, body)
}

/// Tells how it goes; the time begins again.
pub fn progress(tx: &mut Tx<'_>, staff: &Staff, id: AlertId, body: &AlertActionBody) -> Result<ActedView> {
    let mut alert = open_alert(tx, staff, id)?;
    if alert.state != AlertState::Acknowledged || alert.acknowledged_at.is_none() {
        return Err(Error::wrong_state("acknowledge this alert first"));
    }
    stop_climb(tx, &mut alert)?;
    finish(tx, alert, Detail::Progress, body)
}

/// Stops the climb for as long as an alert of this level may rest.
fn stop_climb(tx: &Tx<'_>, alert: &mut AlertRow) -> Result<()> {
    let mut standing = alert.standing()?;
    standing.acknowledge(tx.now);
    alert.stand(&standing)
}

fn finish(
    tx: &mut Tx<'_>,
    mut alert: AlertRow,
    detail: fn(ActDetail) -> Detail,
    body: &AlertActionBody,
) -> Result<ActedView> {
    let detail = detail(ActDetail {
        spoke_to_survivor: body.spoke_to_survivor.unwrap_or(false),
        outcome_confirmed: body.outcome_confirmed.unwrap_or(false),
        reason: body.reason.clone(),
    });
    history::write(tx, &alert, &detail, Some(&body.note))?;
    notify::stop_follow_up(tx, alert.id)?;
    if body.spoke_to_survivor == Some(true) {
        ends::contact_recorded_with(tx, &alert)?;
    }
    if alert.is_closed() {
        ends::with_alert(tx, &alert)?;
    }
    store::keep(tx, &mut alert)?;
    Ok(ActedView::of(&alert))
}

/// How an alert is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closing {
    /// What was to be done is done.
    Resolved,
    /// Closed, safety confirmed.
    StoodDown,
}

/// Closes an alert. An emergency takes the survivor's code word; where none is set, having spoken to the survivor; or
/// an outcome from the police that says that somebody was dealt with, and that the caller confirms.
pub async fn close(
    app: &App,
    staff: &Staff,
    action: &'static str,
    id: AlertId,
    closing: Closing,
    body: AlertActionBody,
) -> Result<ActedView> {
    let is_word_right = is_word_right(app, staff, id, &body).await?;
    let caller = staff.clone();
    let work = move |tx: &mut Tx<'_>| close_in(tx, &caller, id, closing, is_word_right, &body);
    app.transact(staff.actor(), action, work).await
}

/// Whether the word given is the survivor's, as it was when the alert was raised: somebody else may have raised it and changed
/// the word since. The audit names the alert and not the survivor, whose log their phone may show.
async fn is_word_right(app: &App, staff: &Staff, id: AlertId, body: &AlertActionBody) -> Result<bool> {
    let Some(word) = &body.code_word else { return Ok(false) };
    let caller = staff.clone();
    let find = move |tx: &mut Tx<'_>| {
        let alert = open_alert(tx, &caller, id)?;
        let access = access::colleague(tx, &caller, alert.survivor_id)?;
        tx.about(Subject::of("alert", id));
        Ok((access, alert.raised_at))
    };
    access::check_code_word(app, staff, word, find).await
}

fn close_in(
    tx: &mut Tx<'_>,
    staff: &Staff,
    id: AlertId,
    closing: Closing,
    is_word_right: bool,
    body: &AlertActionBody,
) -> Result<ActedView> {
    let mut alert = open_alert(tx, staff, id)?;
    if alert.level >= 4 && !alert.is_exercise && !may_close_emergency(tx, &alert, is_word_right, body)? {
        return Err(Error::Conflict(Code::CodeWordNeeded, Code::CodeWordNeeded.title().into()));
    }
    let detail = match closing {
        Closing::Resolved => Detail::Resolved,
        Closing::StoodDown => Detail::StoodDown,
    };
    let (state, phase) = match closing {
        Closing::Resolved => (AlertState::Resolved, Phase::Resolved),
        Closing::StoodDown => (AlertState::StoodDown, Phase::Withdrawn),
    };
    let mut standing = alert.standing()?;
    standing.close(state);
    alert.stand(&standing)?;
    alert.closed_at = Some(tx.now);
    let (was_emergency, organisation, survivor) = (alert.level >= 4, alert.organisation_id, alert.survivor_id);
    decoy::close_with(tx, survivor, alert.rule_group, state)?;
    police::notify_closed(tx, &mut alert, phase)?;
    lapse::end_with_alert(tx, alert.id)?;
    let view = finish(tx, alert, detail, body)?;
    if was_emergency {
        // What the emergency muted is reported now.
        hold::release(tx, organisation, Some(survivor), HoldReason::OpenEmergency)?;
    }
    Ok(view)
}

fn may_close_emergency(tx: &mut Tx<'_>, alert: &AlertRow, is_word_right: bool, body: &AlertActionBody) -> Result<bool> {
    let has_word = identity::has_code_word(tx.conn, alert.survivor_id, alert.raised_at)?;
    let has_spoken = body.spoke_to_survivor == Some(true);
    let outcome: Option<PoliceOutcome> = alert.outcome.as_deref().and_then(|outcome| outcome.parse().ok());
    // Closing an alert whose outcome settles it is itself the confirmation; who doubts it says so.
    let is_settled = outcome.is_some_and(PoliceOutcome::settles) && body.outcome_confirmed != Some(false);
    Ok(is_word_right || is_settled || (!has_word && has_spoken))
}

/// Lets the survivor's phone show an alert that was silent until now, once the advocate knows that it is safe.
pub fn release_alert(tx: &mut Tx<'_>, staff: &Staff, id: AlertId) -> Result<ActedView> {
    let own = staff.organisation()?;
    let mut alert = store::find(tx.conn, id)?.filter(|alert| alert.organisation_id == own).ok_or(Error::NotFound)?;
    access::survivor(tx, staff, alert.survivor_id)?;
    if !alert.is_silent {
        return Err(Error::wrong_state("the phone may show this alert already"));
    }
    if alert.is_exercise {
        return Err(Error::wrong_state("a drill is no concern of the survivor's"));
    }
    alert.is_silent = false;
    incidents::show_releases(tx, alert.survivor_id)?;
    history::write(tx, &alert, &Detail::Released {}, None)?;
    store::keep(tx, &mut alert)?;
    Ok(ActedView::of(&alert))
}
