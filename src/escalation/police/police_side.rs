//! The police's side of an alert: poll, detail for a named officer, acknowledgement. What came of it: `outcomes.rs`.

use garde::Validate;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::forces::AlertForce;
use super::officer::{ForceCaller, for_officer, is_over};
use super::payload;
use super::payload::model::{PastAlertData, PolledAlertData};
use super::payload::thrive::Shares;
use super::release::{self, LocationReleasedView, OpenedLocation};
use crate::consent::{self, Disclosure, DisclosurePurpose, Scope};
use crate::crypto::{Private, PrivateText, open};
use crate::db::{Day, Instant, StaffId};
use crate::error::{Error, Result, isolate};
use crate::escalation::alerts;
use crate::escalation::alerts::history::{self, Detail};
use crate::escalation::alerts::model::{AlertRow, AlertState};
use crate::escalation::overrides::effect;
use crate::escalation::overrides::store::list_decided_for;
use crate::escalation::police::store;
use crate::escalation::support::safe_addresses::{self, PoliceSafeAddressView};
use crate::http::limits;
use crate::http::page::{Cursor, readable};
use crate::identity::{self, Need};
use crate::incidents::{self, PoliceIncident};
use crate::participants::{self, IdentifierKind, PoliceIdentity};
use crate::safety::{self, ReportedPersonView};
use crate::tx::{Subject, Tx};
use crate::{access, webhooks};

/// An alert as a force polls it: the same thin data that a webhook carries.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct PoliceAlertView {
    /// Its reference.
    #[schema(example = "AL-6F2K-8C3D-M")]
    pub reference: String,
    /// Its state.
    pub state: AlertState,
    /// Whether it is a drill: nobody is in danger.
    pub is_exercise: bool,
    /// When an officer acknowledged.
    pub acknowledged_at: Option<Instant>,
    /// What came of it.
    pub outcome: Option<String>,
    /// What a webhook's `data` holds.
    pub data: PolledAlertData,
}

impl PoliceAlertView {
    fn of(alert: &AlertRow, force: &AlertForce, data: PolledAlertData) -> Self {
        Self {
            reference: alert.reference.clone(),
            state: alert.state,
            is_exercise: alert.is_exercise,
            acknowledged_at: force.acknowledged_at,
            outcome: alert.outcome.clone(),
            data,
        }
    }
}

/// Alerts that the caller's force was notified of; for an officer who signed in, without those of survivors who keep that
/// officer out.
///
/// # Errors
/// 403 for an officer who belongs to no organisation.
pub fn list(
    tx: &mut Tx<'_>,
    caller: ForceCaller<'_>,
    since: Option<Instant>,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<(AlertRow, PoliceAlertView)>> {
    let own = caller.force()?;
    tx.about(Subject::of("organisation", own));
    let mut views = Vec::new();
    let blocked = match caller {
        ForceCaller::System(_) => access::survivors_who_block(tx.conn, own)?,
        ForceCaller::SignedIn(officer) => access::list_blocked(tx.conn, officer.id, own)?,
    };
    let theirs = (own, blocked, list_decided_for(tx.conn, own)?);
    for (alert, mut force) in store::list_of_force(tx.conn, theirs, since, after, limit)? {
        let subject = effect::police_read_subject(tx.conn, &alert, tx.now)?;
        tx.note("read_alert", subject, "police_poll");
        let view = polled(tx, &alert, &mut force)?;
        views.push((alert, view));
    }
    Ok(views)
}

/// An alert, as thin as a list has it, for an officer of the force who is not kept out.
///
/// # Errors
/// 404 where the alert is not the force's, or not the officer's.
pub fn find(tx: &mut Tx<'_>, caller: ForceCaller<'_>, text: &str, officer: &Private) -> Result<PoliceAlertView> {
    let (alert, mut force, _) = for_officer(tx, caller, text, officer, None)?;
    polled(tx, &alert, &mut force)
}

fn polled(tx: &mut Tx<'_>, alert: &AlertRow, force: &mut AlertForce) -> Result<PoliceAlertView> {
    note_read(tx, force)?;
    let data = match is_over(alert, tx.now) {
        true => PolledAlertData::Past(PastAlertData {
            alert: alert.reference.clone(),
            level: alert.level,
            raised_at: alert.raised_at,
        }),
        false => PolledAlertData::Present(Box::new(payload::data(tx, alert, force)?)),
    };
    Ok(PoliceAlertView::of(alert, force, data))
}

/// Keeps that a force has read an alert by itself: then it has it, whatever becomes of our messages.
fn note_read(tx: &mut Tx<'_>, force: &mut AlertForce) -> Result<()> {
    if force.read_at.is_none() {
        force.read_at = Some(tx.now);
        store::save_force(tx.conn, force)?;
    }
    Ok(())
}

/// What a named officer may read of an alert, in one go.
#[serde_with::skip_serializing_none]
#[derive(Serialize, ToSchema)]
pub struct PoliceDetailView {
    /// The thin data.
    #[serde(flatten)]
    pub alert: PoliceAlertView,
    /// The persons reported; none where the police were notified without the survivor's setting, and nobody decided so.
    pub suspects: Vec<SuspectView>,
    /// What the survivor reported and made visible to police, in their words, the newest first; empty where they do not
    /// share incidents with this force.
    pub incidents: Vec<PoliceIncident>,
    /// Persons, what they are known by, and incidents that are there and cannot be read, by their ids; the alert's own id for
    /// a location. Ask the duty desk. Left out where there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub unreadable: Vec<Uuid>,
    /// Whom it is about.
    pub person: Option<PolicePersonView>,
    /// Where the survivor's phone was, if they released it, while the alert is open.
    #[schema(value_type = Option<Object>)]
    pub location: Option<Value>,
    /// When the location was first given to another officer, and to whom.
    pub location_released: Option<LocationReleasedView>,
    /// Places where the survivor may be found, without where they are: each is opened by itself.
    pub safe_addresses: Vec<PoliceSafeAddressView>,
}

/// Whom an alert is about, for a named officer: the person at the door, and what that person needs. Never how to
/// reach them: their phone may be in other hands.
#[serde_with::skip_serializing_none]
#[derive(Serialize, ToSchema)]
pub struct PolicePersonView {
    /// What they want to be called.
    #[schema(example = "Sam")]
    pub preferred_name: String,
    /// Their name as documents give it.
    #[schema(example = "Samira Okafor")]
    pub full_name: Option<String>,
    /// The day they were born.
    #[schema(example = "1990-04-17")]
    pub date_of_birth: Option<String>,
    /// The language that they read; not where the police were notified without the survivor's setting, and nobody decided that
    /// officers learn more than a name.
    #[schema(example = "en")]
    pub language: Option<String>,
    /// What they need of people who speak with them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub needs: Vec<Need>,
}

impl PolicePersonView {
    fn name_alone(self) -> Self {
        Self { date_of_birth: None, language: None, needs: Vec::new(), ..self }
    }

    fn of(tx: &mut Tx<'_>, alert: &AlertRow) -> Result<Self> {
        let row = identity::find_survivor(tx.conn, alert.survivor_id)?;
        let (row, keys) = (row.ok_or_else(|| Error::internal("an alert about nobody"))?, tx.keys);
        Ok(Self {
            preferred_name: open!(keys, row.preferred_name)?.shown(),
            full_name: open!(keys, row.full_name)?.shown(),
            date_of_birth: open!(keys, row.date_of_birth)?.shown(),
            needs: identity::needs(keys, &row)?,
            language: Some(row.language),
        })
    }
}

impl PoliceDetailView {
    fn thin(alert: PoliceAlertView) -> Self {
        Self {
            alert,
            suspects: Vec::new(),
            incidents: Vec::new(),
            unreadable: Vec::new(),
            person: None,
            location: None,
            location_released: None,
            safe_addresses: Vec::new(),
        }
    }
}

/// A person reported.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct SuspectView {
    /// The programme's reference; none of somebody whom no programme works with.
    #[schema(example = "PT-6F2K-8C3D-M")]
    pub reference: Option<String>,
    /// Their name.
    pub name: String,
    /// The day they were born.
    pub date_of_birth: Option<Day>,
    /// Where they live.
    pub address: Option<String>,
    /// Vehicles that they are known to use.
    pub vehicles: Vec<String>,
    /// Numbers, handles and names that they are known by.
    pub known_by: Vec<KnownByView>,
}

/// A number, handle or name that a person reported is known by.
#[derive(Debug, Serialize, ToSchema)]
pub struct KnownByView {
    /// What it is.
    pub kind: IdentifierKind,
    /// The number, handle or name.
    pub value: String,
}

impl SuspectView {
    fn reported(found: ReportedPersonView) -> Result<Self> {
        let born = found.date_of_birth.as_deref().map(str::parse::<Day>).transpose();
        Ok(Self {
            reference: None,
            name: found.name,
            date_of_birth: born.map_err(Error::internal)?,
            address: found.address,
            vehicles: found.vehicles.into_iter().collect(),
            known_by: Vec::new(),
        })
    }

    fn of(found: PoliceIdentity) -> Self {
        let (cars, rest): (Vec<_>, Vec<_>) =
            found.known_by.into_iter().partition(|(kind, _)| *kind == IdentifierKind::Vehicle);
        Self {
            reference: Some(found.reference),
            name: found.name,
            date_of_birth: found.date_of_birth,
            address: found.address,
            vehicles: cars.into_iter().map(|(_, value)| value).collect(),
            known_by: rest.into_iter().map(|(kind, value)| KnownByView { kind, value }).collect(),
        }
    }
}

/// Opens the detail of an alert; each time is a disclosure that the survivor can see.
///
/// # Errors
/// 404 where the alert is not the force's, or not the officer's, and once it is over.
pub fn detail(
    tx: &mut Tx<'_>,
    caller: ForceCaller<'_>,
    text: &str,
    officer: &Private,
    reason: &Private,
) -> Result<PoliceDetailView> {
    let (alert, mut force, officer_id) = for_officer(tx, caller, text, officer, Some(reason))?;
    let own = caller.force()?;
    if is_over(&alert, tx.now) {
        return Err(Error::NotFound);
    }
    note_read(tx, &mut force)?;
    let data = PolledAlertData::Present(Box::new(payload::data(tx, &alert, &force)?));
    let mut detail = PoliceDetailView::thin(PoliceAlertView::of(&alert, &force, data));
    if alert.is_exercise {
        return Ok(detail);
    }
    let mut what = vec!["alert"];
    add_persons(tx, &alert, &mut detail, &mut what)?;
    let opened = located(tx, &alert, (officer_id, officer), &mut detail.unreadable)?;
    if opened.location.is_some() {
        what.push("location");
    }
    (detail.location, detail.location_released) = (opened.location, opened.released);
    detail.safe_addresses = safe_addresses::for_police(tx, &alert)?;
    let disclosure = Disclosure {
        survivor: alert.survivor_id,
        recipient: own,
        officer: Some(officer_id),
        what: &what,
        reason: Some(reason),
        agreement: payload::agreement(tx, &alert)?,
        purpose: DisclosurePurpose::PoliceAlert,
        alert: Some(alert.id),
    };
    let basis = payload::basis(tx, &alert)?;
    consent::disclose_on(tx, &disclosure, basis)?;
    if Shares::load(tx, &alert, own)?.incidents {
        let (incidents, unreadable) = incidents::accounts_for_police(tx.conn, tx.keys, &alert.record())?;
        detail.incidents = incidents;
        detail.unreadable.extend(unreadable);
    }
    if !detail.incidents.is_empty() {
        let agreement = Scope::SharePoliceIncident.as_str();
        consent::disclose(tx, &Disclosure { what: &["incident"], agreement, ..disclosure })?;
    }
    Ok(detail)
}

/// Adds whom an alert is about, and who was reported: where people decided without the survivor's setting, only what they said.
fn add_persons(
    tx: &mut Tx<'_>,
    alert: &AlertRow,
    detail: &mut PoliceDetailView,
    what: &mut Vec<&'static str>,
) -> Result<()> {
    let person = isolate(PolicePersonView::of(tx, alert).map(Some), |error| {
        tracing::error!(alert = %alert.id, %error, "an officer is shown an alert without whom it is about");
        None
    })?;
    if effect::opens_a_name_alone(tx.conn, alert)? {
        what.extend(person.is_some().then_some("name"));
        detail.person = person.map(PolicePersonView::name_alone);
        return Ok(());
    }
    what.extend(person.is_some().then_some("identity"));
    detail.person = person;
    (detail.suspects, detail.unreadable) = suspects(tx, alert)?;
    if !detail.suspects.is_empty() {
        what.push("suspect");
    }
    if detail.suspects.iter().any(|suspect| !suspect.vehicles.is_empty()) {
        what.push("vehicle");
    }
    Ok(())
}

/// The persons reported of an alert, and the ids of what of them does not open.
fn suspects(tx: &mut Tx<'_>, alert: &AlertRow) -> Result<(Vec<SuspectView>, Vec<Uuid>)> {
    let reported = safety::list_reported(tx.conn, &alert.record())?;
    let view = |row: &_| SuspectView::reported(ReportedPersonView::of(tx.keys, row)?);
    let (mut suspects, mut unreadable) = readable(reported.iter().map(|row| (row.id.0, view(row))))?;
    let mut found = Vec::new();
    for participant in alert.suspects(tx.conn)? {
        found.push((participant.id().0, participants::identity_for_police(tx.conn, tx.keys, &participant)));
    }
    let (found, closed) = readable(found.into_iter())?;
    unreadable.extend(closed);
    for (person, closed) in found.into_iter().flatten() {
        suspects.push(SuspectView::of(person));
        unreadable.extend(closed);
    }
    Ok((suspects, unreadable))
}

/// What the officer gets of the location; one that does not open is named by the alert.
fn located(
    tx: &mut Tx<'_>,
    alert: &AlertRow,
    (id, username): (StaffId, &Private),
    unreadable: &mut Vec<Uuid>,
) -> Result<OpenedLocation> {
    match release::open(tx, alert, id, username) {
        Err(Error::Unreadable(why)) => {
            tracing::error!(alert = %alert.id, why, "a location that was released could not be read");
            unreadable.push(alert.id.0);
            Ok(OpenedLocation::default())
        }
        opened => opened,
    }
}

/// An officer's acknowledgement.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PoliceAcknowledgeBody {
    /// The officer's username; registered staff of the force.
    #[garde(custom(limits::line))]
    #[schema(value_type = String, format = "line", example = "pc.4417")]
    officer: Private,
    /// The force's own reference.
    #[garde(inner(custom(limits::line)))]
    #[schema(value_type = Option<String>, format = "line", example = "SYP-20261121-0812")]
    #[serde(default)]
    force_reference: Option<Private>,
    /// The grade, which is the force's to give.
    #[garde(inner(custom(limits::code)))]
    #[schema(format = "code", example = "grade_1")]
    #[serde(default)]
    grade: Option<String>,
    /// What the force does, as a code.
    #[garde(inner(custom(limits::code)))]
    #[schema(format = "code", example = "unit_sent")]
    #[serde(default)]
    action: Option<String>,
    /// Anything to add.
    #[garde(inner(custom(limits::narrative)))]
    #[schema(value_type = Option<String>, format = "narrative", example = "Unit on its way.")]
    #[serde(default)]
    note: Option<Private>,
}

/// The state of an alert after an answer of the police.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct PoliceActedView {
    /// Its reference.
    #[schema(example = "AL-6F2K-8C3D-M")]
    pub reference: String,
    /// Its state; an emergency goes on until a support-side person acknowledges.
    pub state: AlertState,
    /// When an officer acknowledged.
    pub acknowledged_at: Option<Instant>,
    /// What came of it.
    pub outcome: Option<String>,
}

impl PoliceActedView {
    pub(in crate::escalation) fn of(alert: AlertRow, force: &AlertForce) -> Self {
        let (acknowledged_at, outcome) = (force.acknowledged_at, alert.outcome);
        Self { reference: alert.reference, state: alert.state, acknowledged_at, outcome }
    }
}

/// Takes an officer's acknowledgement: retries to police end; an emergency climbs on.
///
/// # Errors
/// 404 where the alert is not the force's, or not the officer's; 409 for one that is closed.
pub fn acknowledge(
    tx: &mut Tx<'_>,
    caller: ForceCaller<'_>,
    text: &str,
    body: &PoliceAcknowledgeBody,
) -> Result<PoliceActedView> {
    let (mut alert, mut force, officer) = for_officer(tx, caller, text, &body.officer, None)?;
    if alert.is_closed() {
        return Err(Error::wrong_state("this alert is closed"));
    }
    super::acknowledge_for_police(tx, &mut alert, &mut force)?;
    webhooks::set_proven(tx.conn, alert.id, caller.force()?, tx.now)?;
    let (grade, action) = (body.grade.clone(), body.action.clone());
    let detail = Detail::PoliceAcknowledged { officer, grade, action, force: Some(force.force_id.clone()) };
    let sealed = (body.note.as_ref(), body.force_reference.as_ref());
    history::write_reply(tx, &alert, &detail, sealed)?;
    alerts::store::keep(tx, &mut alert)?;
    Ok(PoliceActedView::of(alert, &force))
}
