//! The on-call rota of a support organisation: shifts that a supervisor plans, who is on duty, and what nobody covers.
//!
//! An organisation that plans no shifts has no rota: then everybody who could be on duty is. So is everybody at an hour that no
//! shift covers ([`all_on_duty`]), as far as it decides who may act. A ladder takes the rota at its word: it notifies nobody at
//! such an hour, and goes on at once. Shifts may
//! overlap (a handover, two people at the same place), and are cancelled, never deleted.

mod cover;
pub(super) mod store;
mod unreached;

use diesel::prelude::*;
use garde::Validate;
use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

pub use cover::{Span, gaps, hours_of_day};
pub use unreached::{Unreachable, Unreached, UnreachedView, list as list_unreached};

use crate::db::schema::rota_shifts;
use crate::db::{DbConn, Instant, OrganisationId, ShiftId, StaffId, text_enum};
use crate::error::{Code, Error, Result};
use crate::http::limits;
use crate::identity::{self, OrganisationKind, Role, Staff};
use crate::tx::{Subject, Tx};

/// The longest shift, in days: a longer one is a mistake rather than a plan.
const MOST_DAYS: i64 = 31;
/// Days that the rota shows unless asked otherwise, and for which the survivor is notified of what is uncovered.
pub const SHOWN_DAYS: i64 = 7;
/// The longest stretch shown in one go, in days.
const MOST_SHOWN_DAYS: i64 = 92;
/// Where the partnership's people live: hours of the day are told as their clocks show them.
const ZONE: &str = "Europe/London";
/// The hours of the day at which colleagues are at work.
const DAY_HOURS: std::ops::Range<i8> = 8..20;
/// The hour at which they have come to work.
const MORNING: i8 = 9;

text_enum! {
    /// A place on the rota.
    pub enum Place {
        /// The duty advocate.
        Duty = "duty",
        /// Who is notified next.
        Second = "second",
    }
}

/// A shift.
#[derive(Clone, Debug, HasQuery, Insertable)]
#[diesel(table_name = rota_shifts)]
pub struct ShiftRow {
    pub id: ShiftId,
    pub organisation_id: OrganisationId,
    pub staff_id: StaffId,
    pub place: Place,
    pub starts_at: Instant,
    pub ends_at: Instant,
    pub created_by: StaffId,
    pub created_at: Instant,
    pub cancelled_at: Option<Instant>,
    pub cancelled_by: Option<StaffId>,
    pub cancel_reason: Option<String>,
}

/// A shift to plan.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateShiftBody {
    /// Who: an advocate or supervisor of your organisation.
    #[garde(skip)]
    staff_id: StaffId,
    /// At which place.
    #[garde(skip)]
    place: Place,
    /// From when.
    #[garde(skip)]
    #[schema(example = "2026-11-21T18:00:00Z")]
    starts_at: Instant,
    /// Until when: after it starts, in the future, and at most 31 days later.
    #[garde(skip)]
    #[schema(example = "2026-11-22T09:00:00Z")]
    ends_at: Instant,
}

/// A shift.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ShiftView {
    /// Id.
    pub id: ShiftId,
    /// Who.
    pub staff_id: StaffId,
    /// At which place.
    pub place: Place,
    /// From when.
    pub starts_at: Instant,
    /// Until when.
    pub ends_at: Instant,
}

impl ShiftView {
    pub(super) fn of(row: &ShiftRow) -> Self {
        let ShiftRow { id, staff_id, place, starts_at, ends_at, .. } = *row;
        Self { id, staff_id, place, starts_at, ends_at }
    }
}

/// The caller's organisation, which must be the survivor's side.
pub(super) fn support_side(staff: &Staff) -> Result<OrganisationId> {
    if staff.works_for(OrganisationKind::SurvivorSupport) {
        staff.organisation()
    } else {
        Err(Error::Forbidden(Code::WrongRole))
    }
}

/// Everybody of an organisation who can be on duty.
fn who_can(conn: &mut DbConn, organisation: OrganisationId) -> Result<Vec<StaffId>> {
    let mut people = identity::list_staff_with_role(conn, organisation, Role::Advocate)?;
    people.extend(identity::list_staff_with_role(conn, organisation, Role::Supervisor)?);
    Ok(people)
}

/// Those of them who can sign in: what the shift of anybody else covers is nothing.
pub(super) fn who_covers(conn: &mut DbConn, organisation: OrganisationId) -> Result<Vec<StaffId>> {
    let people = who_can(conn, organisation)?;
    identity::enabled_among(conn, &people)
}

/// Plans a shift.
///
/// # Errors
/// 403 for anybody but the survivor's side, 422 for somebody who could not be on duty, or hours that are none.
pub fn plan(tx: &mut Tx<'_>, staff: &Staff, body: &CreateShiftBody) -> Result<ShiftView> {
    let organisation = support_side(staff)?;
    if !who_can(tx.conn, organisation)?.contains(&body.staff_id) {
        return Err(Error::field("/staff_id", "unknown", "there is no such colleague who could be on duty"));
    }
    if body.ends_at <= body.starts_at || body.ends_at > body.starts_at.plus_days(MOST_DAYS) {
        return Err(Error::field("/ends_at", "out_of_range", "must be after starts_at, and at most 31 days later"));
    }
    if body.ends_at <= tx.now {
        return Err(Error::field("/ends_at", "in_the_past", "must be in the future"));
    }
    let row = ShiftRow {
        id: ShiftId::new(tx.now),
        organisation_id: organisation,
        staff_id: body.staff_id,
        place: body.place,
        starts_at: body.starts_at,
        ends_at: body.ends_at,
        created_by: staff.id,
        created_at: tx.now,
        cancelled_at: None,
        cancelled_by: None,
        cancel_reason: None,
    };
    store::insert_shift(tx.conn, row.clone())?;
    tx.about(Subject::of("rota_shift", row.id));
    Ok(ShiftView::of(&row))
}

/// Why a shift is cancelled.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CancelShiftBody {
    /// Why, as a code.
    #[garde(custom(limits::code))]
    #[schema(format = "code", example = "sickness")]
    reason: String,
}

/// Cancels a shift: from now on it covers nothing.
///
/// # Errors
/// 404 for a shift of others, 409 for one that was cancelled before.
pub fn cancel(tx: &mut Tx<'_>, staff: &Staff, id: ShiftId, body: &CancelShiftBody) -> Result<ShiftView> {
    let organisation = support_side(staff).map_err(|_| Error::NotFound)?;
    let row = store::find_shift(tx.conn, organisation, id)?.ok_or(Error::NotFound)?;
    if !store::cancel_shift(tx.conn, id, (staff.id, tx.now), &body.reason)? {
        return Err(Error::wrong_state("this shift is cancelled already"));
    }
    tx.about(Subject::of("rota_shift", id));
    Ok(ShiftView::of(&row))
}

/// Which stretch of the rota to show.
#[derive(Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RotaQuery {
    /// From when; without it, from now.
    #[serde(default)]
    #[param(value_type = Option<String>, format = DateTime, example = "2026-11-21T00:00:00Z")]
    from: Option<Instant>,
    /// Until when, at most 92 days later; without it, seven days later.
    #[serde(default)]
    #[param(value_type = Option<String>, format = DateTime, example = "2026-11-28T00:00:00Z")]
    to: Option<Instant>,
}

/// Who is on duty at one place, or what nobody covers there.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlacesView<T: ToSchema> {
    /// The duty advocate.
    pub duty: Vec<T>,
    /// The second.
    pub second: Vec<T>,
}

/// The rota.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct RotaView {
    /// From when.
    pub from: Instant,
    /// Until when.
    pub to: Instant,
    /// Whether shifts are planned at all; if not, everybody who could be on duty is notified.
    pub has_rota: bool,
    /// The shifts, by when they start.
    pub shifts: Vec<ShiftView>,
    /// What no shift covers.
    pub gaps: PlacesView<Span>,
    /// Who is on duty at this moment.
    pub on_duty: PlacesView<StaffId>,
    /// Who of it would not be reached, and why; for supervisors.
    pub unreached: Option<Vec<UnreachedView>>,
}

/// Shows the rota of the caller's organisation.
///
/// # Errors
/// 403 for anybody but the survivor's side, 422 for too long a stretch.
pub fn show(tx: &mut Tx<'_>, staff: &Staff, query: &RotaQuery) -> Result<RotaView> {
    let organisation = support_side(staff)?;
    let from = query.from.unwrap_or(tx.now);
    let to = query.to.unwrap_or_else(|| from.plus_days(SHOWN_DAYS));
    if to <= from || to > from.plus_days(MOST_SHOWN_DAYS) {
        return Err(Error::field("to", "out_of_range", "to must be after from, and at most 92 days later"));
    }
    tx.about(Subject::of("organisation", organisation));
    let now = tx.now;
    let shifts = store::list_shifts(tx.conn, organisation, from, to)?;
    let covering = who_covers(tx.conn, organisation)?;
    let gaps = |place| gaps(&spans(&shifts, place, &covering), from, to);
    let gaps = PlacesView { duty: gaps(Place::Duty), second: gaps(Place::Second) };
    let mut people = |place| Ok::<_, Error>(on_duty(tx.conn, organisation, place, now)?.unwrap_or_default());
    let on_duty = PlacesView { duty: people(Place::Duty)?, second: people(Place::Second)? };
    let has_rota = store::has_shifts(tx.conn, organisation)?;
    let unreached = match staff.is(Role::Supervisor) {
        true => Some(unreached::of_organisation(tx.conn, tx.settings, organisation, now)?),
        false => None,
    };
    let unreached = unreached.map(|found| found.iter().map(UnreachedView::of).collect());
    let shifts = shifts.iter().map(ShiftView::of).collect();
    Ok(RotaView { from, to, has_rota, shifts, gaps, on_duty, unreached })
}

/// What the shifts of one place cover.
fn spans(shifts: &[ShiftRow], place: Place, covering: &[StaffId]) -> Vec<Span> {
    let at_place = shifts.iter().filter(|shift| shift.place == place && covering.contains(&shift.staff_id));
    at_place.map(|shift| Span { from: shift.starts_at, to: shift.ends_at }).collect()
}

/// Who is on duty at an instant; none where the organisation has no rota.
pub(super) fn on_duty(
    conn: &mut DbConn,
    organisation: OrganisationId,
    place: Place,
    at: Instant,
) -> Result<Option<Vec<StaffId>>> {
    if !store::has_shifts(conn, organisation)? {
        return Ok(None);
    }
    let covering = who_covers(conn, organisation)?;
    let mut people = Vec::new();
    for shift in store::list_shifts(conn, organisation, at, at.plus_seconds(1))? {
        let covers = shift.place == place && shift.starts_at <= at && at < shift.ends_at;
        if covers && covering.contains(&shift.staff_id) && !people.contains(&shift.staff_id) {
            people.push(shift.staff_id);
        }
    }
    Ok(Some(people))
}

/// Whether a member of staff is among those [`all_on_duty`].
pub(super) fn is_on_duty(conn: &mut DbConn, staff: &Staff, at: Instant) -> Result<bool> {
    Ok(all_on_duty(conn, staff.organisation()?, at)?.contains(&staff.id))
}

/// Everybody who is on duty at an instant, at either place. Where the organisation has no rota, or no shift covers the hour,
/// everybody who could be: a survivor who rings then finds somebody who may act. A ladder alone passes a gap by.
pub(super) fn all_on_duty(conn: &mut DbConn, organisation: OrganisationId, at: Instant) -> Result<Vec<StaffId>> {
    let people = on_shift(conn, organisation, at)?;
    if people.is_empty() { who_covers(conn, organisation) } else { Ok(people) }
}

/// Everybody who has a shift at an instant, at either place; nobody without a rota.
pub(super) fn on_shift(conn: &mut DbConn, organisation: OrganisationId, at: Instant) -> Result<Vec<StaffId>> {
    let mut people = on_duty(conn, organisation, Place::Duty, at)?.unwrap_or_default();
    for second in on_duty(conn, organisation, Place::Second, at)?.unwrap_or_default() {
        if !people.contains(&second) {
            people.push(second);
        }
    }
    Ok(people)
}

/// Whether an instant is one at which colleagues who are not on duty are not at work: at night, or at the weekend.
pub(super) fn is_out_of_hours(at: Instant) -> bool {
    let local = at.timestamp().to_zoned(TimeZone::get(ZONE).unwrap_or(TimeZone::UTC));
    let is_weekend = matches!(local.weekday(), Weekday::Saturday | Weekday::Sunday);
    is_weekend || !DAY_HOURS.contains(&local.hour())
}

/// The next instant at which people come to work in the morning.
pub(super) fn next_morning(at: Instant) -> Instant {
    let local = at.timestamp().to_zoned(TimeZone::get(ZONE).unwrap_or(TimeZone::UTC));
    let day = if local.hour() < MORNING { Some(local.date()) } else { local.date().tomorrow().ok() };
    let morning = day.and_then(|day| day.at(MORNING, 0, 0, 0).to_zoned(local.time_zone().clone()).ok());
    morning.map_or(at.plus_hours(24), |morning| Instant::from_timestamp(morning.timestamp()))
}

/// What the duty place leaves uncovered from an instant on: everything, where there is no rota.
pub(super) fn uncovered(
    conn: &mut DbConn,
    organisation: OrganisationId,
    from: Instant,
    days: i64,
) -> Result<Vec<Span>> {
    let to = from.plus_days(days);
    let shifts = store::list_shifts(conn, organisation, from, to)?;
    Ok(gaps(&spans(&shifts, Place::Duty, &who_covers(conn, organisation)?), from, to))
}

/// What a survivor is shown of the rota that watches over them.
pub(super) struct Watch {
    /// Whether there is one.
    pub has_duty_rota: bool,
    /// What it does not cover in the coming days.
    pub uncovered: Vec<Span>,
    /// The same in words.
    pub hours: Vec<String>,
}

/// What is true of an organisation's rota for its survivors.
pub(super) fn watch(conn: &mut DbConn, organisation: OrganisationId, now: Instant) -> Result<Watch> {
    let has_duty_rota = store::has_shifts(conn, organisation)?;
    let uncovered = if has_duty_rota { uncovered(conn, organisation, now, SHOWN_DAYS)? } else { Vec::new() };
    let hours =
        hours_of_day(&uncovered, (now, now.plus_days(SHOWN_DAYS)), &TimeZone::get(ZONE).unwrap_or(TimeZone::UTC));
    Ok(Watch { has_duty_rota, uncovered, hours })
}
