//! Somebody rings the duty line: the person on duty opens their record by exact name, telephone number or reference, with a
//! reason, for an hour. One hit or none.
//!
//! Supervisors are on duty by the rota like others. A supervisor hears of it at once where no alert is open, and of each opening
//! where nobody has a shift; else it waits on their list. Another person says within a working day whether it was right, and
//! the survivor is informed in person.

use garde::Validate;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::access::{self, GlassRow};
use crate::contact;
use crate::crypto::{Private, reference};
use crate::db::{BreakGlassId, Instant, OrganisationId, StaffId, SurvivorId};
use crate::error::{Code, Error, Result};
use crate::escalation::alerts::model::TaskKind;
use crate::escalation::alerts::store;
use crate::escalation::ladder::telling;
use crate::escalation::rota;
use crate::escalation::tasks::{self, ends, notices};
use crate::http::limits;
use crate::identity::{self, LookupKind, OrganisationKind, Role, Staff};
use crate::tx::Tx;
use crate::writing::{Extension, PhoneNumber};

/// How urgent it is that a supervisor hears of it at once.
const PRESSING: i32 = 3;
/// Days within which the survivor is informed.
const TELL_DAYS: i64 = 7;

/// Who rings, by one of three, and why their record is opened.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BreakGlassBody {
    /// Their exact name: what they are called, or as documents give it.
    #[garde(inner(custom(limits::line)))]
    #[schema(value_type = Option<String>, format = "line", example = "Samira Okafor")]
    #[serde(default)]
    name: Option<Private>,
    /// Or a telephone number of their safe-contact plan.
    #[garde(inner(custom(limits::line)))]
    #[schema(value_type = Option<String>, format = "line", example = "07700 900123")]
    #[serde(default)]
    phone: Option<Private>,
    /// Or their reference.
    #[garde(inner(custom(limits::plain_line)))]
    #[schema(format = "line", example = "SV-6F2K-8C3D-M")]
    #[serde(default)]
    reference: Option<String>,
    /// Why, in words that the survivor may hear.
    #[garde(custom(limits::narrative))]
    #[schema(value_type = String, format = "narrative", example = "They rang the duty line and are afraid to go home.")]
    reason: Private,
}

/// Why a record is opened, or kept open for another hour.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BreakGlassReasonBody {
    /// Why, in words that the survivor may hear.
    #[garde(custom(limits::narrative))]
    #[schema(value_type = String, format = "narrative", example = "They are still on the telephone.")]
    reason: Private,
}

/// A record that is open to the caller for now.
#[derive(Debug, Serialize, ToSchema)]
pub struct OpenedGlassView {
    /// The opening.
    pub id: BreakGlassId,
    /// Whose record.
    pub survivor_id: SurvivorId,
    /// Until when.
    pub expires_at: Instant,
}

impl OpenedGlassView {
    fn of(row: &GlassRow) -> Self {
        Self { id: row.id, survivor_id: row.survivor_id, expires_at: row.expires_at }
    }
}

/// Opens the record of the person who rings. Each attempt is in the audit.
///
/// # Errors
/// 403 for somebody who is not on duty; 404 where nobody, or several, are found, and where the survivor's side keeps the caller
/// out; 422 unless one of the three is given.
pub fn look_up(tx: &mut Tx<'_>, staff: &Staff, body: &BreakGlassBody) -> Result<OpenedGlassView> {
    let organisation = on_duty(tx, staff)?;
    let survivor = find(tx, organisation, body)?.ok_or(Error::NotFound)?;
    open(tx, staff, survivor, &body.reason)
}

/// Opens a survivor's record, or keeps it open for another hour.
///
/// # Errors
/// 403 for somebody who is not on duty; 404 for a survivor of another organisation, and for one whose side keeps the caller
/// out.
pub fn open_known(
    tx: &mut Tx<'_>,
    staff: &Staff,
    survivor: SurvivorId,
    body: &BreakGlassReasonBody,
) -> Result<OpenedGlassView> {
    on_duty(tx, staff)?;
    open(tx, staff, survivor, &body.reason)
}

/// The caller's organisation, where they are on duty there now: by the rota, a supervisor too; where nobody is, everybody.
fn on_duty(tx: &mut Tx<'_>, staff: &Staff) -> Result<OrganisationId> {
    if !staff.works_for(OrganisationKind::SurvivorSupport) {
        return Err(Error::NotFound);
    }
    match rota::is_on_duty(tx.conn, staff, tx.now)? {
        true => staff.organisation(),
        false => Err(Error::Forbidden(Code::NotOnDuty)),
    }
}

fn find(tx: &mut Tx<'_>, organisation: OrganisationId, body: &BreakGlassBody) -> Result<Option<SurvivorId>> {
    let mut found = match (&body.name, &body.phone, &body.reference) {
        (Some(name), None, None) => identity::look_up(tx.conn, tx.keys, organisation, (LookupKind::Name, name))?,
        (None, Some(phone), None) => match dialled(tx, phone) {
            Some(phone) => identity::look_up(tx.conn, tx.keys, organisation, (LookupKind::Phone, &phone))?,
            None => Vec::new(),
        },
        (None, None, Some(text)) => match reference::parse("SV", text) {
            Some(reference) => {
                let row = identity::find_survivor_by_reference(tx.conn, &reference)?;
                row.filter(|row| row.organisation_id == organisation).map(|row| row.id).into_iter().collect()
            }
            None => Vec::new(),
        },
        _ => return Err(Error::field("", "not_allowed", "give one of name, phone and reference")),
    };
    let first = found.pop();
    Ok(first.filter(|_| found.is_empty()))
}

/// A number in the form in which plans keep it.
fn dialled(tx: &Tx<'_>, phone: &Private) -> Option<Private> {
    use secrecy::ExposeSecret as _;
    PhoneNumber::read(phone.expose_secret(), tx.settings.phone_region, Extension::Kept).map(Private::from)
}

fn open(tx: &mut Tx<'_>, staff: &Staff, survivor: SurvivorId, reason: &Private) -> Result<OpenedGlassView> {
    let goes_on = access::has_broken_glass(tx, staff, survivor)?;
    let row = access::break_glass(tx, staff, survivor, reason)?;
    tx.stated(survivor, reason)?;
    let (role, supervisors) = notices::reviewers(tx, survivor, staff.id)?;
    ask(tx, &row, (role, TaskKind::BreakGlassReview), tasks::a_working_day_later(tx.now))?;
    if ask(tx, &row, (Role::Advocate, TaskKind::BreakGlassToTell), tx.now.plus_days(TELL_DAYS))? {
        notices::notify_side(tx, survivor, (Role::Advocate, TaskKind::BreakGlassToTell.as_str()), false)?;
    }
    let organisation = staff.organisation()?;
    // With an alert open people know why, and another hour of the same call is nothing new; but where no rota says who is to
    // answer, each one is seen.
    let is_no_news = goes_on || !store::list_open_of(tx.conn, survivor)?.is_empty();
    if !is_no_news || rota::on_shift(tx.conn, organisation, tx.now)?.is_empty() {
        notify_supervisors(tx, staff, (survivor, organisation), supervisors)?;
    }
    Ok(OpenedGlassView::of(&row))
}

/// Asks a person something about an opening: with what waits about others of the same person, which names them all. True where
/// nothing waited.
fn ask(tx: &mut Tx<'_>, row: &GlassRow, (role, kind): (Role, TaskKind), due_at: Instant) -> Result<bool> {
    let own = row.staff_id.to_string();
    let waiting = tasks::store::list_open_tasks(tx.conn, row.survivor_id, kind)?;
    let Some(task) = waiting.into_iter().find(|task| ends::says(task, "staff_id", &own)) else {
        let detail = json!({"break_glass_id": row.id, "staff_id": row.staff_id});
        tasks::make_for(tx, row.survivor_id, (role, kind), detail, Some(due_at))?;
        return Ok(true);
    };
    tasks::add_to(tx, task, "more_break_glass_ids", json!(row.id))?;
    Ok(false)
}

/// Notifies the supervisors of an opening at once; where there is no other than who opened it, the survivor's advocates.
fn notify_supervisors(
    tx: &mut Tx<'_>,
    staff: &Staff,
    (survivor, organisation): (SurvivorId, OrganisationId),
    supervisors: Vec<StaffId>,
) -> Result<()> {
    let people = if supervisors.is_empty() { telling::advocates(tx, survivor, organisation)? } else { supervisors };
    for person in people.into_iter().filter(|person| *person != staff.id) {
        contact::notify_staff(tx, person, TaskKind::BreakGlassReview.as_str(), PRESSING)?;
    }
    Ok(())
}
