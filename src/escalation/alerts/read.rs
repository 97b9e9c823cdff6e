//! Reading alerts: staff of either side, the survivor themselves, and the case view above.

mod own;
mod programme;
mod support;
mod triggers;

use serde::Serialize;
use utoipa::ToSchema;

use super::model::{AlertRow, AlertsQuery, RuleGroup};
use super::person;
use crate::access;
use crate::consent::{self, Disclosure, DisclosurePurpose, Scope};
use crate::crypto::Keys;
use crate::db::{AlertId, CaseId, DbConn, OrganisationId, SurvivorId};
use crate::error::{Error, Result};
use crate::escalation::alerts::store;
use crate::escalation::overrides::effect;
use crate::http::ListRequest;
use crate::http::page::Cursor;
use crate::identity::{OrganisationKind, Staff};
use crate::notify;
use crate::tx::{Subject, Tx};

pub use own::{OwnAlertView, find_own};
pub use programme::{ProgrammeAlert, SharedAlert};
pub use support::{AcknowledgementView, StepView, SupportAlert, WholeAlert};

/// An alert, as the caller's side may read it.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub enum StaffAlert {
    /// For the survivor's own side.
    Support(Box<SupportAlert>),
    /// For the programme's side of a linked case.
    Programme(Box<ProgrammeAlert>),
}

/// From which side an alert is looked at.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::escalation) enum AlertSide {
    Support,
    Programme,
}

pub(in crate::escalation) fn side(staff: &Staff) -> Result<AlertSide> {
    if staff.works_for(OrganisationKind::SurvivorSupport) {
        Ok(AlertSide::Support)
    } else if staff.works_for(OrganisationKind::ProgrammeProvider) {
        Ok(AlertSide::Programme)
    } else {
        Err(Error::Forbidden(crate::error::Code::WrongRole))
    }
}

/// An alert as it was read for one side: the view is made of it once the read is recorded.
pub enum ReadAlert {
    /// For the survivor's own side.
    Support(Box<WholeAlert>),
    /// For the programme's side of a linked case.
    Programme(Box<SharedAlert>),
}

impl ReadAlert {
    fn row(&self) -> &AlertRow {
        match self {
            Self::Support(alert) => &alert.row,
            Self::Programme(alert) => &alert.row,
        }
    }

    /// Its place in a list.
    #[must_use]
    pub fn cursor(&self) -> Cursor {
        (self.row().raised_at, self.row().id.0)
    }

    /// How often it has changed.
    #[must_use]
    pub fn version(&self) -> i32 {
        self.row().version
    }

    /// What is shown of it.
    pub fn view(keys: &Keys, alert: &Self) -> Result<StaffAlert> {
        Ok(match alert {
            Self::Support(alert) => StaffAlert::Support(Box::new(alert.view(keys)?)),
            Self::Programme(alert) => StaffAlert::Programme(Box::new(alert.view())),
        })
    }
}

/// Alerts that a member of staff may see: of their own support organisation, no matter who is assigned, since anybody may be
/// on duty; or, on the programme's side, of linked cases whose survivor shares their status. The filters only narrow that.
/// `limit + 1` of them.
pub fn list(tx: &mut Tx<'_>, staff: &Staff, asked: &ListRequest<AlertsQuery>) -> Result<Vec<ReadAlert>> {
    let side = side(staff)?;
    let own = staff.organisation()?;
    let mine = asked.query.mine;
    let rows = match side {
        AlertSide::Support => {
            let blocked = access::blocked_survivors(tx.conn, staff)?;
            let assigned = match mine {
                Some(true) => Some(access::visible_survivors(tx.conn, staff, mine)?),
                _ => None,
            };
            store::list_of_organisation(tx.conn, own, (blocked, assigned), asked)?
        }
        // The programme's side knows no survivor by an id.
        AlertSide::Programme if asked.query.survivor_id.is_some() => Vec::new(),
        AlertSide::Programme => {
            let cases = shared_cases(tx, staff, mine)?;
            store::list_of_cases(tx.conn, cases, asked)?
        }
    };
    tx.about(Subject::of("organisation", own));
    let shown = usize::try_from(asked.limit).unwrap_or(0);
    note_read(tx, rows.get(..shown).unwrap_or(&rows), side, own)?;
    whole(tx.conn, rows, side)
}

/// One alert.
pub fn find_alert(tx: &mut Tx<'_>, staff: &Staff, id: AlertId) -> Result<ReadAlert> {
    let side = side(staff)?;
    let row = store::find(tx.conn, id)?.ok_or(Error::NotFound)?;
    // Said before it is clear whether it is theirs: the audit names it as well where it is refused.
    tx.about(Subject::of("alert", id));
    tx.touches(row.survivor_id);
    let may = match side {
        AlertSide::Support => {
            row.organisation_id == staff.organisation()?
                && !access::is_blocked(tx.conn, row.survivor_id, Some(staff.id), None)?
        }
        AlertSide::Programme => {
            let cases = shared_cases(tx, staff, None)?;
            let is_theirs = !row.is_silent && !RuleGroup::NOT_FOR_PROGRAMME.contains(&row.rule_group);
            is_theirs && row.case_id.is_some_and(|case| cases.contains(&case))
        }
    };
    if !may {
        return Err(Error::NotFound);
    }
    if side == AlertSide::Support {
        notify::note_opened(tx, id, staff.id)?;
    }
    let police_override = effect::basis_of(tx.conn, &row)?;
    let why = if side == AlertSide::Support { person::answers(tx, staff, &row)? } else { None };
    let person = match why {
        Some(why) => Some(person::read(tx, &row, why)?),
        None => None,
    };
    let rows = vec![row];
    note_read(tx, &rows, side, staff.organisation()?)?;
    let mut found = whole(tx.conn, rows, side)?.pop().ok_or(Error::NotFound)?;
    if let ReadAlert::Support(alert) = &mut found {
        (alert.person, alert.police_override) = (person, police_override);
    }
    Ok(found)
}

/// Writes that alerts are read: for the programme's side that is a disclosure, one for each survivor.
pub(in crate::escalation) fn note_read(
    tx: &mut Tx<'_>,
    rows: &[AlertRow],
    side: AlertSide,
    own: OrganisationId,
) -> Result<()> {
    let mut told: Vec<SurvivorId> = Vec::new();
    for row in rows {
        tx.note("read_alert", row.read_subject(), "alerts");
        if side == AlertSide::Support || told.contains(&row.survivor_id) {
            continue;
        }
        told.push(row.survivor_id);
        let disclosure = Disclosure {
            survivor: row.survivor_id,
            recipient: own,
            officer: None,
            what: &["alerts"],
            reason: None,
            agreement: Scope::ShareProgrammeStatus.as_str(),
            purpose: DisclosurePurpose::Programme,
            alert: None,
        };
        consent::disclose(tx, &disclosure)?;
    }
    Ok(())
}

/// The caller's cases whose survivors let the programme see their status; `mine` as with participants.
pub(in crate::escalation) fn shared_cases(tx: &mut Tx<'_>, staff: &Staff, mine: Option<bool>) -> Result<Vec<CaseId>> {
    let mut shared = Vec::new();
    for case in access::active_cases_for(tx, staff, mine)? {
        let found = access::case(tx, staff, case.id);
        if let Ok(access) = found
            && access.sees(Scope::ShareProgrammeStatus).is_some()
        {
            shared.push(case.id);
        }
    }
    Ok(shared)
}

fn whole(conn: &mut DbConn, rows: Vec<AlertRow>, side: AlertSide) -> Result<Vec<ReadAlert>> {
    Ok(match side {
        AlertSide::Support => support::read(conn, rows)?.into_iter().map(Box::new).map(ReadAlert::Support).collect(),
        AlertSide::Programme => {
            programme::read(conn, rows)?.into_iter().map(Box::new).map(ReadAlert::Programme).collect()
        }
    })
}
