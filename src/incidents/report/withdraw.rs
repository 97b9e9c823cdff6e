//! Taking an incident back: kept, and disclosed no further.

use garde::Validate;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::crypto::{Private, SealedRow, seal};
use crate::db::{IncidentId, SubjectId};
use crate::error::{Error, Result};
use crate::events::Event;
use crate::http::limits;
use crate::identity::{self, ShownAct, Survivor};
use crate::incidents::history;
use crate::incidents::machine::{self, IncidentAct, SURVIVOR};
use crate::incidents::model::{Incident, IncidentEventKind};
use crate::incidents::release;
use crate::incidents::store::{self, find_known};
use crate::tx::{Subject, Tx};

/// Why an incident is taken back.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WithdrawBody {
    /// In your own words; you need not say.
    #[garde(inner(custom(limits::narrative)))]
    #[schema(value_type = Option<String>, format = "narrative")]
    #[serde(default)]
    pub(in crate::incidents) reason: Option<Private>,
}

/// Takes an incident back. Alerts that it raised are not touched: nothing on the phone alone silences one.
///
/// # Errors
/// 404 for another's incident, 409 when it was withdrawn already.
pub fn withdraw(tx: &mut Tx<'_>, who: &Survivor, id: IncidentId, body: &WithdrawBody) -> Result<Incident> {
    let old = find_known(tx, who, id)?.incident;
    let withdrawn = old.own_sealing(tx.keys);
    let incident = Incident {
        state: machine::next(old.state, IncidentAct::Withdraw, SURVIVOR)?,
        withdrawn_at: Some(tx.now),
        withdrawal_reason: seal!(withdrawn.withdrawal_reason, &body.reason)?,
        ..old.clone()
    };
    tx.about(Subject::of("incident", SubjectId(id.0)));
    if who.is_duress {
        identity::show(tx, who.id, ShownAct::Withdraw, id)?;
        return Ok(incident);
    }
    if !store::update_incident(tx, &old, &incident)? {
        return Err(Error::wrong_state("this incident has changed meanwhile"));
    }
    release::end_waiting(tx, &incident)?;
    tx.emit(Event::IncidentWithdrawn { survivor: incident.survivor_id, incident: incident.id });
    history::write(tx, &incident, IncidentEventKind::Withdrawn, None, None)?;
    Ok(incident)
}
