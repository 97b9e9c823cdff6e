//! Cries for help that name what a session under duress may not know of: queued before the phone was taken, sent after. None is
//! lost. The survivor's own record has it in full, as a report of its own; the decoy has what the phone sent with the call, and
//! the phone is answered as if nothing were hidden.

use super::machine::{self, IncidentAct, SURVIVOR};
use super::model::{Incident, IncidentDraft};
use super::report::amend::AmendBody;
use super::report::{Report, submit};
use super::{cry, severity, store};
use crate::access::{self, SurvivorAccess};
use crate::db::IncidentId;
use crate::error::{Error, Result};
use crate::http::lenient::LenientJson;
use crate::identity::Survivor;
use crate::tx::Tx;

/// The survivor's own record, behind a session under duress.
fn behind(who: &Survivor) -> Option<SurvivorAccess> {
    who.is_under_duress().then(|| access::own(&who.on_own_record()))
}

/// Keeps an amendment of an incident that this session may not know of.
///
/// # Errors
/// 404 where the survivor has no such incident either; what the database refuses.
pub(super) fn amend(
    tx: &mut Tx<'_>,
    who: &Survivor,
    id: IncidentId,
    sent: &LenientJson,
) -> Result<(Incident, Vec<String>)> {
    let hidden = match behind(who) {
        Some(own) => store::find_own(tx.conn, &own, id)?.filter(|found| !found.incident.is_duress),
        None => None,
    };
    let before = hidden.ok_or(Error::NotFound)?;
    let (incident, version) = (&before.incident, &before.version);
    let (keys, now) = (tx.keys, tx.now);
    let bare = cry::read(sent, now)?;
    let Ok(state) = machine::next(incident.state, IncidentAct::Amend, SURVIVOR) else {
        return submit::submit_cry(tx, who, &bare);
    };
    let over = |body: &AmendBody| body.over(keys, &before, incident.visibility, now);
    let full = match cry::read_amendment(sent, now, over) {
        Err(error) if !error.is_of_the_database() => return submit::submit_cry(tx, who, &bare),
        read => read?.1,
    };
    let told = full.severity(full.nature());
    let severity = severity::amended(incident.severity, version.reported_severity()?, told);
    let (kept, dropped) = keep(tx, who, id, &bare, &full)?;
    Ok((Incident { state, severity, version: incident.version + 1, ..kept }, dropped))
}

/// Sends a draft that this session may not know of, where that is a cry for help.
///
/// # Errors
/// 404 where the survivor has no such draft either, where it was sent, and where it is no cry; what the database refuses.
pub(super) fn send(tx: &mut Tx<'_>, who: &Survivor, id: IncidentId, is_now: bool) -> Result<(Incident, Vec<String>)> {
    let hidden = match behind(who) {
        Some(own) => store::find_draft(tx.conn, &own, id)?.filter(|draft| !draft.is_duress),
        None => None,
    };
    let draft: IncidentDraft = hidden.ok_or(Error::NotFound)?;
    let was_shown = who.id != who.owner && store::find_own(tx.conn, &access::own(who), id)?.is_some();
    let said = draft.said(tx.keys)?;
    if was_shown || !(is_now || cry::is_happening_now(&said)) {
        return Err(Error::NotFound);
    }
    let (bare, full) = (cry::read(&LenientJson::default(), tx.now)?, cry::read(&said, tx.now)?);
    let severity = full.severity(full.nature());
    let (kept, dropped) = keep(tx, who, id, &bare, &full)?;
    Ok((Incident { severity, ..kept }, dropped))
}

/// Keeps a report: in full on the survivor's own record, and on the decoy, under the id that the phone named, as far as the call
/// itself says it. What of the full one could not be read is named in either case.
fn keep(
    tx: &mut Tx<'_>,
    who: &Survivor,
    id: IncidentId,
    bare: &Report,
    full: &Report,
) -> Result<(Incident, Vec<String>)> {
    let (new, _) = submit::new_ids(tx);
    let (twin_of, report) = if who.id == who.owner { (None, full) } else { (Some(id), bare) };
    let (incident, _) = submit::submit_as(tx, who, (new, twin_of), report)?;
    let dropped = full.cry.as_ref().map(|cry| cry.dropped.clone()).unwrap_or_default();
    Ok((incident, dropped))
}
