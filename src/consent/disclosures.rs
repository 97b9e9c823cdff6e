//! What left the survivor's side, to whom and on what basis. One row for each time; never changed.

pub(super) mod bases;

use super::store::{self, DisclosureRow};
use crate::crypto::{Private, SealedTable, seal};
use crate::db::{AlertId, DisclosureId, Json, OrganisationId, StaffId, SurvivorId, text_enum};
use crate::error::{Error, Result};
use crate::identity;
use crate::tx::{Subject, Tx};
use bases::{DisclosurePurpose, lawful_basis};

text_enum! {
    /// The organisation's own ground for a disclosure, apart from the survivor's agreement (UK GDPR, Articles 6 and 9;
    /// Data Protection Act 2018, Schedule 1, paragraph 18).
    pub enum LawfulBasis {
        /// Safeguarding of individuals at risk.
        Safeguarding = "safeguarding",
        /// Somebody's life is in danger.
        VitalInterests = "vital_interests",
        /// The law demands it.
        LegalObligation = "legal_obligation",
        /// A task in the public interest.
        PublicTask = "public_task",
        /// The organisation's legitimate interests, weighed against those of the survivor.
        LegitimateInterests = "legitimate_interests",
    }
}

/// What was disclosed.
pub struct Disclosure<'a> {
    /// Whose.
    pub survivor: SurvivorId,
    /// To which organisation; resolved when it happens, also where the agreement names none.
    pub recipient: OrganisationId,
    /// To which named officer.
    pub officer: Option<StaffId>,
    /// The kinds of thing, as codes.
    pub what: &'a [&'static str],
    /// The stated reason.
    pub reason: Option<&'a Private>,
    /// The scope or setting that the survivor had agreed to.
    pub agreement: &'static str,
    /// What for: the lawful basis is the one that the survivor's organisation has set for it.
    pub purpose: DisclosurePurpose,
    /// The alert it belongs to.
    pub alert: Option<AlertId>,
}

/// Records a disclosure, in the transaction that makes it.
pub fn disclose(tx: &mut Tx<'_>, disclosure: &Disclosure<'_>) -> Result<DisclosureId> {
    let survivor = identity::find_survivor(tx.conn, disclosure.survivor)?.ok_or(Error::NotFound)?;
    let basis = lawful_basis(tx.conn, survivor.organisation_id, disclosure.purpose)?;
    disclose_on(tx, disclosure, basis.as_str())
}

/// The same on a basis that people decided on, in place of the organisation's own.
pub fn disclose_on(tx: &mut Tx<'_>, disclosure: &Disclosure<'_>, basis: &'static str) -> Result<DisclosureId> {
    let id = DisclosureId::new(tx.now);
    let new = DisclosureRow::sealing(tx.keys, disclosure.survivor, id);
    let row = DisclosureRow {
        id,
        survivor_id: disclosure.survivor,
        at: tx.now,
        recipient_id: disclosure.recipient,
        officer_id: disclosure.officer,
        what: Json::of(&disclosure.what)?,
        reason: seal!(new.reason, &disclosure.reason)?,
        agreement: disclosure.agreement.to_owned(),
        lawful_basis: basis.to_owned(),
        alert_id: disclosure.alert,
    };
    store::insert_disclosure(tx, row)?;
    // Filed under the alert where there is one: a silent one must not show in the survivor's own log.
    let subject = match disclosure.alert {
        Some(alert) => Subject::of("alert", alert),
        None => Subject::of("survivor", disclosure.survivor),
    };
    tx.note("disclose", subject, disclosure.agreement);
    Ok(id)
}
