//! The forces of an alert, a row each: which of them a trigger names, and what each was sent, has read and has
//! acknowledged. [`routing`] decides; this loads what it needs and keeps what it says.

use diesel::prelude::*;

use super::routing::{self, Named, Route};
use crate::access::{self, SurvivorAccess};
use crate::consent::{Ledger, Scope};
use crate::db::schema::alert_forces;
use crate::db::{AlertId, DbConn, Instant, OrganisationId, SurvivorId, text_enum};
use crate::error::{Error, Result};
use crate::escalation::alerts::model::AlertRow;
use crate::escalation::police::store;
use crate::identity::{self, Organisation, SurvivorRow};
use crate::installation;
use crate::outgoing::guard::Ways;
use crate::tx::Tx;
use crate::webhooks::{self, Delivery, Endpoint, EndpointKind};

text_enum! {
    /// Why a force cannot be reached.
    pub enum ForceUnreachable {
        /// It is not part of the partnership.
        NotSetUp = "not_set_up",
        /// The survivor keeps it out.
        KeptOut = "kept_out",
        /// It has no endpoint in use.
        NoEndpoint = "no_endpoint",
        /// It has endpoints in use, and none that this server can send to as it is configured.
        NotConfigured = "not_configured",
    }
}

/// A force of an alert.
#[derive(Clone, Debug, HasQuery, Insertable)]
#[diesel(table_name = alert_forces, treat_none_as_default_value = false)]
pub struct AlertForce {
    pub alert_id: AlertId,
    /// The data.police.uk slug.
    pub force_id: String,
    /// Its organisation, once it was notified.
    pub organisation_id: Option<OrganisationId>,
    /// When a trigger first named it.
    pub added_at: Instant,
    /// Whether a trigger names it that neither it nor the home force in its stead was sent anything of.
    pub is_awaiting: bool,
    /// Whether something happened that it was sent nothing of.
    pub has_news: bool,
    /// Why it could not be reached when it was last to be notified.
    pub unreachable: Option<ForceUnreachable>,
    /// How many messages it was sent.
    pub message_sequence: i32,
    /// When it was first notified.
    pub notified_at: Option<Instant>,
    /// When it was last notified.
    pub last_notified_at: Option<Instant>,
    /// When one of its officers acknowledged what has happened so far.
    pub acknowledged_at: Option<Instant>,
    /// When it first read the alert, by poll or as an officer.
    pub read_at: Option<Instant>,
}

/// A force that can be reached, and its endpoints in the order in which they are tried.
pub(in crate::escalation) struct Reached {
    pub organisation: Organisation,
    pub endpoints: Vec<Endpoint>,
}

/// A message to a force, and how it goes there.
pub(in crate::escalation) type ForceDelivery = (Delivery, EndpointKind);

/// Whether and how a force can be reached about a survivor, as things are now.
pub(in crate::escalation) fn reach(
    conn: &mut DbConn,
    ways: Ways,
    survivor: SurvivorId,
    force_id: &str,
) -> Result<std::result::Result<Reached, ForceUnreachable>> {
    let Some(organisation) = identity::find_force(conn, force_id)? else { return Ok(Err(ForceUnreachable::NotSetUp)) };
    // A decoy keeps out whom the survivor keeps out.
    let own = identity::own_record(conn, survivor)?;
    if access::is_blocked(conn, own, None, Some(organisation.id))? {
        return Ok(Err(ForceUnreachable::KeptOut));
    }
    let mut endpoints = webhooks::find_endpoints(conn, organisation.id)?;
    if endpoints.is_empty() {
        return Ok(Err(ForceUnreachable::NoEndpoint));
    }
    endpoints.retain(|endpoint| endpoint.is_reachable(ways));
    Ok(if endpoints.is_empty() {
        Err(ForceUnreachable::NotConfigured)
    } else {
        Ok(Reached { organisation, endpoints })
    })
}

/// Whether the police are notified of an alert on a setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PoliceTold {
    /// They are.
    Yes,
    /// The setting is off.
    Off,
    /// The setting is on, and the force cannot be reached.
    Unreachable,
}

/// Whether the police can be notified of an alert of a survivor on a setting: it is on, and the home force can be reached.
pub fn can_be_notified(
    conn: &mut DbConn,
    ways: Ways,
    access: &SurvivorAccess,
    setting: Scope,
    now: Instant,
) -> Result<PoliceTold> {
    if !Ledger::load(conn, access.id())?.standing(setting, now).granted {
        return Ok(PoliceTold::Off);
    }
    Ok(if can_reach_police(conn, ways, access)? { PoliceTold::Yes } else { PoliceTold::Unreachable })
}

/// Whether the home force of a survivor can be reached, whatever the survivor's settings are. None can be from a copy that
/// sends nothing.
pub fn can_reach_police(conn: &mut DbConn, ways: Ways, access: &SurvivorAccess) -> Result<bool> {
    if !installation::is_armed(conn)? {
        return Ok(false);
    }
    let Some(row) = identity::find_survivor(conn, access.id())? else { return Ok(false) };
    let home = Named { force: row.home_force_id.clone(), is_awaiting: true, holds: false };
    let (route, _) = route_of(conn, ways, &row, &[home])?;
    Ok(route.unheard.is_empty() && !route.notify.is_empty())
}

/// Whether the police are notified of an alert, as things are now.
pub(in crate::escalation) fn will_be_notified(conn: &mut DbConn, ways: Ways, alert: &AlertRow) -> Result<bool> {
    if !alert.police_allowed || !installation::is_armed(conn)? {
        return Ok(false);
    }
    let survivor = survivor_of(conn, alert)?;
    let rows = rows_of(conn, alert, &survivor)?;
    let named = named(conn, alert, &rows)?;
    let (route, _) = route_of(conn, ways, &survivor, &named)?;
    Ok(route.unheard.is_empty() && !route.notify.is_empty())
}

/// Names the force of a trigger: that of its place, else the home force. All forces of the alert have news, and what their
/// officers acknowledged was said before it.
pub(in crate::escalation) fn name(
    tx: &mut Tx<'_>,
    alert: &AlertRow,
    survivor: &SurvivorRow,
    place: Option<&str>,
) -> Result<()> {
    let force = place.unwrap_or(&survivor.home_force_id);
    let mut rows = store::list_forces(tx.conn, alert.id)?;
    if rows.iter().all(|row| row.force_id != force) {
        rows.push(AlertForce::new(alert, force, tx.now));
    }
    for mut row in rows {
        row.is_awaiting |= row.force_id == force;
        row.has_news = true;
        row.acknowledged_at = None;
        store::save_force(tx.conn, &row)?;
    }
    Ok(())
}

/// That something happened to the alert which names no force: all that it has have news.
pub(in crate::escalation) fn renew(tx: &mut Tx<'_>, alert: &AlertRow) -> Result<()> {
    for mut row in store::list_forces(tx.conn, alert.id)? {
        row.has_news = true;
        row.acknowledged_at = None;
        store::save_force(tx.conn, &row)?;
    }
    Ok(())
}

/// Whether something happened that a force which can be reached, as far as we know, was sent nothing of.
pub(in crate::escalation) fn have_news(tx: &mut Tx<'_>, alert: &AlertRow) -> Result<bool> {
    let forces = store::list_forces(tx.conn, alert.id)?;
    let is_for = |force: &AlertForce| force.is_awaiting || force.notified_at.is_some();
    Ok(forces.iter().any(|force| force.has_news && force.unreachable.is_none() && is_for(force)))
}

impl AlertForce {
    fn new(alert: &AlertRow, force: &str, now: Instant) -> Self {
        Self {
            alert_id: alert.id,
            force_id: force.to_owned(),
            organisation_id: None,
            added_at: now,
            is_awaiting: true,
            has_news: true,
            unreachable: None,
            message_sequence: 0,
            notified_at: None,
            last_notified_at: None,
            acknowledged_at: None,
            read_at: None,
        }
    }
}

/// The forces to notify of an alert now.
pub(in crate::escalation) struct Addressed {
    /// Those that can be reached.
    pub forces: Vec<(AlertForce, Reached)>,
    /// Named forces that neither they nor the home force in their stead can be reached for.
    pub unheard: Vec<AlertForce>,
}

/// Works out whom to notify of an alert now, and keeps why somebody cannot be.
pub(in crate::escalation) fn address(tx: &mut Tx<'_>, alert: &AlertRow) -> Result<Addressed> {
    let survivor = survivor_of(tx.conn, alert)?;
    let rows = rows_of(tx.conn, alert, &survivor)?;
    let named = named(tx.conn, alert, &rows)?;
    let ways = tx.settings.ways;
    let (route, mut reached) = route_of(tx.conn, ways, &survivor, &named)?;
    let mut addressed = Addressed { forces: Vec::new(), unheard: Vec::new() };
    let mut rows = rows;
    for force in &route.notify {
        if rows.iter().all(|row| row.force_id != *force) {
            rows.push(AlertForce::new(alert, force, tx.now));
        }
    }
    for mut row in rows {
        if route.replaced.contains(&row.force_id) {
            row.is_awaiting = false;
        }
        let at = reached.iter().position(|(force, _)| *force == row.force_id);
        match at.map(|at| reached.swap_remove(at).1) {
            Some(Ok(found)) => {
                row.unreachable = None;
                store::save_force(tx.conn, &row)?;
                if route.notify.contains(&row.force_id) {
                    addressed.forces.push((row, found));
                }
            }
            Some(Err(why)) => {
                row.unreachable = Some(why);
                store::save_force(tx.conn, &row)?;
                if route.unheard.contains(&row.force_id) {
                    addressed.unheard.push(row);
                }
            }
            None => {}
        }
    }
    Ok(addressed)
}

type Reaches = Vec<(String, std::result::Result<Reached, ForceUnreachable>)>;

/// Who is to be notified, and how each force that matters can be reached.
fn route_of(conn: &mut DbConn, ways: Ways, survivor: &SurvivorRow, named: &[Named]) -> Result<(Route, Reaches)> {
    let mut reaches = Reaches::new();
    let home = survivor.home_force_id.as_str();
    for force in named.iter().map(|named| named.force.as_str()).chain([home]) {
        if reaches.iter().all(|(known, _)| known != force) {
            reaches.push((force.to_owned(), reach(conn, ways, survivor.id, force)?));
        }
    }
    let is_reachable = |force: &str| reaches.iter().any(|(known, reach)| known == force && reach.is_ok());
    Ok((routing::route(named, home, is_reachable), reaches))
}

fn survivor_of(conn: &mut DbConn, alert: &AlertRow) -> Result<SurvivorRow> {
    identity::find_survivor(conn, alert.survivor_id)?.ok_or_else(|| Error::internal("an alert about nobody"))
}

/// The forces of an alert; the home force where none was named.
fn rows_of(conn: &mut DbConn, alert: &AlertRow, survivor: &SurvivorRow) -> Result<Vec<AlertForce>> {
    let mut rows = store::list_forces(conn, alert.id)?;
    if rows.is_empty() {
        rows.push(AlertForce::new(alert, &survivor.home_force_id, alert.raised_at));
    }
    Ok(rows)
}

/// The same as routing sees them. One that was sent the alert and never had it still awaits it.
fn named(conn: &mut DbConn, alert: &AlertRow, rows: &[AlertForce]) -> Result<Vec<Named>> {
    let mut named = Vec::new();
    for row in rows {
        let holds = row.notified_at.is_some();
        let has_received = row.read_at.is_some() || sent_to(conn, alert.id, row)?.iter().any(is_taken);
        named.push(Named {
            force: row.force_id.clone(),
            is_awaiting: row.is_awaiting || holds && !has_received,
            holds,
        });
    }
    Ok(named)
}

/// The messages that a force was sent of an alert, in their order.
pub(in crate::escalation) fn sent_to(
    conn: &mut DbConn,
    alert: AlertId,
    force: &AlertForce,
) -> Result<Vec<ForceDelivery>> {
    match force.organisation_id {
        Some(organisation) => webhooks::list_deliveries_to_force(conn, alert, organisation),
        None => Ok(Vec::new()),
    }
}

/// Whether a machine of theirs, or our own mail server, took a message.
pub(in crate::escalation) fn is_taken((delivery, _): &ForceDelivery) -> bool {
    delivery.taken_at().is_some()
}

/// When a police system first received anything of an alert: a signed webhook that was answered 2xx, or what it read by
/// itself. Mail is never received, as far as we know.
pub(in crate::escalation) fn received_at(conn: &mut DbConn, alert: AlertId) -> Result<Option<Instant>> {
    let read = store::list_forces(conn, alert)?.into_iter().filter_map(|force| force.read_at);
    Ok(read.chain(webhooks::first_delivered_at(conn, alert)?).min())
}
