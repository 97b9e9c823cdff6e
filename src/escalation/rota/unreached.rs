//! Who would not be reached if an alert were raised now, and why: said by `holdfast check`, at the start and on the rota.
//!
//! Only what is set up is looked at: providers, rota, addresses of staff, endpoints of forces. That a message arrives is
//! nothing that could be said beforehand.

use serde::Serialize;
use utoipa::ToSchema;

use super::{Place, on_duty, who_covers};
use crate::config::Settings;
use crate::contact;
use crate::db::{DbConn, Instant, OrganisationId, StaffId, text_enum};
use crate::directory;
use crate::error::Result;
use crate::identity::{self, OrganisationKind};
use crate::notify::{self, Channel};
use crate::outgoing::guard::Ways;
use crate::webhooks;

text_enum! {
    /// Why somebody would not be reached.
    pub enum Unreachable {
        /// No message can leave: there is no provider of e-mail or of text messages.
        NoProvider = "no_provider",
        /// No way that rings leads to anybody who could be on duty.
        NothingRings = "nothing_rings",
        /// No shift is planned.
        NoRota = "no_rota",
        /// The rota leaves this moment uncovered.
        NobodyOnDuty = "nobody_on_duty",
        /// These could be on duty, and no message can be sent to them.
        StaffWithoutAddress = "staff_without_address",
        /// Nobody could be on duty.
        NobodyThere = "nobody_there",
        /// No alert can be sent to the force.
        ForceWithoutEndpoint = "force_without_endpoint",
        /// The force is in no list.
        UnknownForce = "unknown_force",
        /// Links lead to this machine alone.
        LoopbackUrl = "loopback_url",
    }
}

/// Something because of which somebody would not be reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreached {
    /// Why.
    pub why: Unreachable,
    /// Whom it concerns: a support organisation, or a force.
    pub organisation: Option<OrganisationId>,
    /// Which members of staff.
    pub staff: Vec<StaffId>,
    /// Which force.
    pub force: Option<String>,
}

impl Unreached {
    fn of(why: Unreachable, organisation: Option<OrganisationId>) -> Self {
        Self { why, organisation, staff: Vec::new(), force: None }
    }

    /// The same in words, without a name.
    #[must_use]
    pub fn words(&self) -> String {
        let force = self.force.as_deref().unwrap_or_default();
        match self.why {
            Unreachable::NoProvider => {
                "no provider of e-mail or text messages: staff see an alert only if they look".into()
            }
            Unreachable::NothingRings => {
                "nothing here will wake anybody: no text message reaches anybody who could be on duty".into()
            }
            Unreachable::NoRota => "no rota: nobody has said that they are on duty".into(),
            Unreachable::NobodyOnDuty => "nobody is on duty now".into(),
            Unreachable::StaffWithoutAddress => {
                format!("staff without an address to which a message can be sent: {}", self.staff.len())
            }
            Unreachable::NobodyThere => "nobody who can sign in could be on duty".into(),
            Unreachable::ForceWithoutEndpoint => format!("a force without an endpoint: {force}"),
            Unreachable::UnknownForce => format!("a force that is in no list: {force}"),
            Unreachable::LoopbackUrl => "public_url: links to police lead to this machine alone".into(),
        }
    }
}

/// Something because of which somebody would not be reached.
#[serde_with::skip_serializing_none]
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct UnreachedView {
    /// Why.
    pub why: Unreachable,
    /// The same in words.
    #[schema(example = "nothing here will wake anybody: no text message reaches anybody who could be on duty")]
    pub detail: String,
    /// The members of staff whom it concerns.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub staff: Vec<StaffId>,
    /// The force that it concerns.
    #[schema(example = "south-yorkshire")]
    pub force_id: Option<String>,
}

impl UnreachedView {
    pub(in crate::escalation) fn of(found: &Unreached) -> Self {
        Self { why: found.why, detail: found.words(), staff: found.staff.clone(), force_id: found.force.clone() }
    }
}

/// Everything of an installation because of which somebody would not be reached now.
pub fn list(conn: &mut DbConn, settings: &Settings, now: Instant) -> Result<Vec<Unreached>> {
    let mut found = Vec::new();
    if settings.has_loopback_url {
        found.push(Unreached::of(Unreachable::LoopbackUrl, None));
    }
    if !has_provider(settings) {
        found.push(Unreached::of(Unreachable::NoProvider, None));
    }
    for organisation in identity::list_organisations(conn, OrganisationKind::SurvivorSupport)? {
        found.extend(people(conn, settings, organisation.id, now)?);
    }
    found.extend(forces(conn, settings.ways, None)?);
    Ok(found)
}

/// The same as far as it concerns the survivors of one support organisation.
pub fn of_organisation(
    conn: &mut DbConn,
    settings: &Settings,
    organisation: OrganisationId,
    now: Instant,
) -> Result<Vec<Unreached>> {
    let mut found = Vec::new();
    if !has_provider(settings) {
        found.push(Unreached::of(Unreachable::NoProvider, None));
    }
    found.extend(people(conn, settings, organisation, now)?);
    found.extend(forces(conn, settings.ways, Some(organisation))?);
    Ok(found)
}

fn has_provider(settings: &Settings) -> bool {
    [Channel::Email, Channel::Sms].iter().any(|channel| notify::has_provider(settings, *channel))
}

/// What is true of the people of a support organisation.
fn people(
    conn: &mut DbConn,
    settings: &Settings,
    organisation: OrganisationId,
    now: Instant,
) -> Result<Vec<Unreached>> {
    let mut found = Vec::new();
    let mut note = |why, staff| found.push(Unreached { staff, ..Unreached::of(why, Some(organisation)) });
    match on_duty(conn, organisation, Place::Duty, now)? {
        None => note(Unreachable::NoRota, Vec::new()),
        Some(people) if people.is_empty() => note(Unreachable::NobodyOnDuty, Vec::new()),
        Some(_) => {}
    }
    let everybody = who_covers(conn, organisation)?;
    if everybody.is_empty() {
        note(Unreachable::NobodyThere, Vec::new());
    }
    let (mut without, mut rings) = (Vec::new(), false);
    for person in everybody {
        let ways = contact::staff_ways(conn, settings, person)?;
        rings |= ways.by_sms;
        if !ways.by_sms && !ways.by_email && !without.contains(&person) {
            without.push(person);
        }
    }
    if !without.is_empty() {
        note(Unreachable::StaffWithoutAddress, without);
    }
    if !rings {
        note(Unreachable::NothingRings, Vec::new());
    }
    Ok(found)
}

/// The home forces of survivors that no alert can be sent to: of one support organisation, or all; then also forces that
/// have an organisation and no endpoint.
fn forces(conn: &mut DbConn, ways: Ways, of: Option<OrganisationId>) -> Result<Vec<Unreached>> {
    let mut ids = identity::list_home_forces(conn, of)?;
    if of.is_none() {
        let made = identity::list_organisations(conn, OrganisationKind::PoliceForce)?;
        ids.extend(made.into_iter().filter_map(|force| force.force_id));
    }
    ids.sort_unstable();
    ids.dedup();
    let mut found = Vec::new();
    for id in ids {
        let organisation = identity::find_force(conn, &id)?.map(|force| force.id);
        let has_endpoint = match organisation {
            Some(force) => webhooks::find_endpoints(conn, force)?.iter().any(|endpoint| endpoint.is_reachable(ways)),
            None => false,
        };
        let why = match (directory::is_force(&id), has_endpoint) {
            (false, _) => Unreachable::UnknownForce,
            (true, false) => Unreachable::ForceWithoutEndpoint,
            (true, true) => continue,
        };
        found.push(Unreached { force: Some(id), ..Unreached::of(why, organisation) });
    }
    Ok(found)
}
