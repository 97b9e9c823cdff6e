//! Silences: a supervisor holds the notifications of lower alerts back for a while. Everything is still recorded, an
//! emergency breaks through, and no silence lasts longer than a day.

use diesel::prelude::*;
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::hold::{self, HoldReason, STORM_SURVIVORS, STORM_WINDOW_MINUTES};
use crate::access;
use crate::db::schema::silences;
use crate::db::{Instant, OrganisationId, SilenceId, StaffId, SurvivorId};
use crate::error::{Error, FieldError, Result};
use crate::escalation::alerts::model::RuleGroup;
use crate::escalation::ladder::store;
use crate::escalation::rota::support_side;
use crate::http::limits;
use crate::http::page::Cursor;
use crate::identity::Staff;
use crate::tx::{Subject, Tx};

/// The longest silence, in hours.
const MOST_HOURS: i64 = 24;
/// Hours over which storms are shown.
const STORMS_HOURS: i64 = 24;

/// A silence.
#[derive(Clone, Debug, HasQuery, Insertable)]
#[diesel(table_name = silences, treat_none_as_default_value = false)]
pub struct SilenceRow {
    pub id: SilenceId,
    pub organisation_id: OrganisationId,
    pub survivor_id: Option<SurvivorId>,
    pub rule_group: Option<RuleGroup>,
    pub reason: String,
    pub until_at: Instant,
    pub created_by: StaffId,
    pub created_at: Instant,
    pub ended_at: Option<Instant>,
    pub ended_by: Option<StaffId>,
}

/// What to silence: one survivor's alerts, alerts of one kind, or one survivor's of one kind.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateSilenceBody {
    /// Whose alerts.
    #[garde(skip)]
    #[serde(default)]
    survivor_id: Option<SurvivorId>,
    /// Alerts of which kind; never emergencies.
    #[garde(skip)]
    #[serde(default)]
    rule_group: Option<RuleGroup>,
    /// Until when: in the future, at most 24 hours from now.
    #[garde(skip)]
    #[schema(example = "2026-11-21T20:00:00Z")]
    until: Instant,
    /// Why, as a code.
    #[garde(custom(limits::code))]
    #[schema(format = "code", example = "phone_in_repair")]
    reason: String,
}

/// A silence.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct SilenceView {
    /// Id.
    pub id: SilenceId,
    /// Whose alerts; none: of every survivor.
    pub survivor_id: Option<SurvivorId>,
    /// Of which kind; none: of every kind but emergencies.
    pub rule_group: Option<RuleGroup>,
    /// Why.
    #[schema(example = "phone_in_repair")]
    pub reason: String,
    /// Until when.
    pub until: Instant,
    /// Whether it holds anything back now.
    pub is_live: bool,
    /// Who made it.
    pub created_by: StaffId,
    /// When.
    pub created_at: Instant,
    /// When it was ended early.
    pub ended_at: Option<Instant>,
}

impl SilenceView {
    pub(in crate::escalation) fn of(row: SilenceRow, now: Instant) -> Self {
        Self {
            id: row.id,
            survivor_id: row.survivor_id,
            rule_group: row.rule_group,
            reason: row.reason,
            until: row.until_at,
            is_live: row.ended_at.is_none() && row.until_at > now,
            created_by: row.created_by,
            created_at: row.created_at,
            ended_at: row.ended_at,
        }
    }
}

fn check(body: &CreateSilenceBody, now: Instant) -> Result<()> {
    let mut faults = Vec::new();
    let mut refuse = |pointer: &str, code, detail: &str| {
        faults.push(FieldError { pointer: pointer.to_owned(), code, detail: detail.to_owned() });
    };
    if body.until <= now || body.until > now.plus_hours(MOST_HOURS) {
        refuse("/until", "out_of_range", "must be in the future, and at most 24 hours from now");
    }
    if body.survivor_id.is_none() && body.rule_group.is_none() {
        refuse("/survivor_id", "missing", "name a survivor, a rule group, or both");
    }
    if body.rule_group.is_some_and(|group| group == RuleGroup::Emergency || group.is_under_duress()) {
        refuse("/rule_group", "not_allowed", "an emergency cannot be silenced");
    }
    if faults.is_empty() { Ok(()) } else { Err(Error::fields(faults)) }
}

/// Makes a silence.
pub(in crate::escalation) fn make(tx: &mut Tx<'_>, staff: &Staff, body: &CreateSilenceBody) -> Result<SilenceView> {
    let organisation = support_side(staff)?;
    check(body, tx.now)?;
    if let Some(survivor) = body.survivor_id {
        let unknown = |_| Error::field("/survivor_id", "unknown", "there is no such survivor of yours");
        access::survivor(tx, staff, survivor).map_err(unknown)?;
    }
    let row = SilenceRow {
        id: SilenceId::new(tx.now),
        organisation_id: organisation,
        survivor_id: body.survivor_id,
        rule_group: body.rule_group,
        reason: body.reason.clone(),
        until_at: body.until,
        created_by: staff.id,
        created_at: tx.now,
        ended_at: None,
        ended_by: None,
    };
    store::insert_silence(tx.conn, row.clone())?;
    if let Some(survivor) = body.survivor_id {
        tx.note("silence_alerts", Subject::of("survivor", survivor), "silence");
    }
    tx.about(Subject::of("silence", row.id));
    Ok(SilenceView::of(row, tx.now))
}

/// Silences of the caller's organisation.
pub(in crate::escalation) fn list(
    tx: &mut Tx<'_>,
    staff: &Staff,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<SilenceRow>> {
    let organisation = staff.organisation()?;
    tx.about(Subject::of("organisation", organisation));
    let blocked = access::blocked_survivors(tx.conn, staff)?;
    store::list_silences(tx.conn, organisation, blocked, after, limit)
}

/// Ends a silence early: what it held back is taken at once.
pub(in crate::escalation) fn end(tx: &mut Tx<'_>, staff: &Staff, id: SilenceId) -> Result<SilenceView> {
    let organisation = staff.organisation()?;
    let mut row = store::find_silence(tx.conn, organisation, id)?.ok_or(Error::NotFound)?;
    if let Some(survivor) = row.survivor_id
        && access::is_blocked(tx.conn, survivor, Some(staff.id), None)?
    {
        return Err(Error::NotFound);
    }
    if !store::end_silence(tx.conn, id, staff.id, tx.now)? {
        return Err(Error::wrong_state("this silence is over"));
    }
    hold::release(tx, organisation, row.survivor_id, HoldReason::Silence)?;
    tx.about(Subject::of("silence", id));
    (row.ended_at, row.ended_by) = (Some(tx.now), Some(staff.id));
    Ok(SilenceView::of(row, tx.now))
}

/// A storm of misses at one organisation, without anything of anybody's case.
#[derive(Debug, Serialize, ToSchema)]
pub struct StormView {
    /// Where.
    pub organisation_id: OrganisationId,
    /// When the first alert was held back.
    pub began_at: Instant,
    /// Until when the last one is, or was.
    pub ends_at: Instant,
    /// Whether any is held back now.
    pub is_live: bool,
    /// How many alerts were held back.
    pub held_alerts: usize,
}

/// Storms of the last day.
#[derive(Debug, Serialize, ToSchema)]
pub struct StormsView {
    /// How many survivors who miss a check-in at once are taken for an outage.
    pub threshold_survivors: usize,
    /// Within how many minutes.
    pub window_minutes: i64,
    /// One for each organisation.
    pub items: Vec<StormView>,
}

/// Storms of one organisation, or of all.
pub(in crate::escalation) fn storms(tx: &mut Tx<'_>, organisation: Option<OrganisationId>) -> Result<StormsView> {
    let (now, since) = (tx.now, tx.now.plus_hours(-STORMS_HOURS));
    let mut items: Vec<StormView> = Vec::new();
    for hold in store::list_holds(tx.conn, organisation, HoldReason::Storm, since)? {
        match items.iter_mut().find(|storm| storm.organisation_id == hold.organisation_id) {
            Some(storm) => {
                storm.held_alerts += 1;
                storm.ends_at = storm.ends_at.max(hold.until_at);
                storm.is_live |= hold.until_at > now;
            }
            None => items.push(StormView {
                organisation_id: hold.organisation_id,
                began_at: hold.held_at,
                ends_at: hold.until_at,
                is_live: hold.until_at > now,
                held_alerts: 1,
            }),
        }
    }
    Ok(StormsView { threshold_survivors: STORM_SURVIVORS, window_minutes: STORM_WINDOW_MINUTES, items })
}
