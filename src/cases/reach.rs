//! What the caller of a case may see of either side; what they may not, and why.

use serde::Serialize;
use utoipa::ToSchema;

use crate::access::{self, CaseAccess, CaseState, ParticipantAccess, Side, SurvivorAccess};
use crate::consent::{self, Disclosure, LawfulBasis, Scope};
use crate::crypto::Keys;
use crate::db::{CaseId, text_enum};
use crate::error::Result;
use crate::identity::Staff;
use crate::incidents::{IncidentView, Reported, Visibility};
use crate::tx::{Subject, Tx};

text_enum! {
    /// A kind of thing that a case can withhold.
    pub enum Withheld {
        /// The survivor's name, address, contacts, workplace, location and device.
        SurvivorIdentity = "survivor_identity",
        /// Check-ins.
        CheckIns = "check_ins",
        /// What the survivor wrote with a check-in.
        CheckInNotes = "check_in_notes",
        /// Alerts.
        Alerts = "alerts",
        /// Incidents.
        Incidents = "incidents",
        /// What the survivor wrote about an incident.
        IncidentAccounts = "incident_accounts",
        /// The participant's goals and their reviews.
        Goals = "goals",
        /// The participant's sessions.
        Sessions = "sessions",
        /// The participant's orders.
        Orders = "orders",
    }
}

text_enum! {
    /// Why something is withheld.
    pub enum Reason {
        /// The survivor has not agreed, or has withdrawn.
        NoAgreement = "no_agreement",
        /// The case is not active.
        CaseNotActive = "case_not_active",
        /// It belongs to the other side alone.
        OtherSide = "other_side",
        /// The survivor keeps single ones closer. Stands whether or not there are any.
        Visibility = "visibility",
    }
}

/// One kind that is withheld, and was not even queried (but for `visibility`, where single ones are left out).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Redaction {
    /// What.
    pub what: Withheld,
    /// Why.
    pub reason: Reason,
    /// The scope that would allow it, where the survivor's agreement decides.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "share.programme.status")]
    pub scope: Option<&'static str>,
}

const STATUS: Scope = Scope::ShareProgrammeStatus;
const SUMMARY: Scope = Scope::ShareProgrammeIncidentSummary;
const FULL: Scope = Scope::ShareProgrammeIncidentFull;
const VOICE: Scope = Scope::ShareProgrammeVoice;

/// Each kind that the survivor's agreement decides about, with every scope that it takes.
const SHARED: [(Withheld, &[Scope]); 5] = [
    (Withheld::CheckIns, &[STATUS]),
    (Withheld::CheckInNotes, &[STATUS, VOICE]),
    (Withheld::Alerts, &[STATUS]),
    (Withheld::Incidents, &[SUMMARY]),
    (Withheld::IncidentAccounts, &[SUMMARY, FULL]),
];

/// What is withheld: pure, from the side, the state, and what is agreed to.
fn redactions(side: Side, is_active: bool, agreed: impl Fn(Scope) -> bool) -> Vec<Redaction> {
    let plain = |what, reason| Redaction { what, reason, scope: None };
    let mut found = Vec::new();
    if side == Side::Support {
        if !is_active {
            let kinds = [Withheld::Goals, Withheld::Sessions, Withheld::Orders];
            found.extend(kinds.map(|what| plain(what, Reason::CaseNotActive)));
        }
        found.push(plain(Withheld::Incidents, Reason::Visibility));
        return found;
    }
    found.push(plain(Withheld::SurvivorIdentity, Reason::OtherSide));
    for (what, scopes) in SHARED {
        let missing = scopes.iter().find(|scope| !agreed(**scope));
        match missing {
            _ if !is_active => found.push(plain(what, Reason::CaseNotActive)),
            Some(scope) => found.push(Redaction { what, reason: Reason::NoAgreement, scope: Some(scope.as_str()) }),
            None if matches!(what, Withheld::Incidents | Withheld::IncidentAccounts) => {
                found.push(plain(what, Reason::Visibility));
            }
            None => {}
        }
    }
    found
}

/// The incidents that the caller may see, and how much of what the survivor wrote.
#[derive(Clone, Copy)]
pub struct IncidentReach {
    /// Whose.
    pub access: SurvivorAccess,
    /// Which ones.
    pub least: Visibility,
    words: Words,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Words {
    /// None.
    Unseen,
    /// The accounts that the survivor opened to the programme; never a place.
    Accounts,
    /// All but private notes.
    All,
}

impl IncidentReach {
    /// An incident as far as the caller may see it.
    pub fn view(&self, keys: &Keys, reported: &Reported) -> Result<IncidentView> {
        match self.words {
            Words::All => IncidentView::full(keys, reported),
            Words::Accounts if reported.incident.visibility >= Visibility::ProgrammeFull => {
                IncidentView::account(keys, reported)
            }
            Words::Accounts | Words::Unseen => IncidentView::summary(reported),
        }
    }
}

/// What the caller of a case may see.
pub struct Reach {
    /// Check-ins and alerts.
    pub status: Option<SurvivorAccess>,
    /// What was written with check-ins.
    pub sees_notes: bool,
    /// Incidents.
    pub incidents: Option<IncidentReach>,
    /// Goals, sessions and orders.
    pub participant: Option<ParticipantAccess>,
    /// Whether this is the survivor's own side.
    pub is_support: bool,
    /// What is withheld.
    pub redactions: Vec<Redaction>,
}

impl Reach {
    fn of(case: &CaseAccess) -> Self {
        let sees = |scope| case.sees(scope).is_some();
        let is_support = case.side() == Side::Support;
        let words = match (is_support, sees(FULL)) {
            (true, _) => Words::All,
            (false, true) => Words::Accounts,
            (false, false) => Words::Unseen,
        };
        let least = if is_support { Visibility::Advocate } else { Visibility::ProgrammeSummary };
        Self {
            status: case.sees(STATUS),
            sees_notes: sees(STATUS) && sees(VOICE),
            incidents: case.sees(SUMMARY).map(|access| IncidentReach { access, least, words }),
            participant: case.sees_participant(),
            is_support,
            redactions: redactions(case.side(), case.case().state == CaseState::Active, sees),
        }
    }
}

/// Opens a case for a caller: the proof, and how far it reaches. A read by the survivor's own side is noted for the
/// survivor to see; one by the programme's side is a disclosure (see [`disclose`]).
///
/// # Errors
/// 404 for another's case.
pub fn open(tx: &mut Tx<'_>, staff: &Staff, id: CaseId, action: &'static str) -> Result<(CaseAccess, Reach)> {
    let case = access::case(tx, staff, id)?;
    let reach = Reach::of(&case);
    if reach.is_support {
        tx.note(action, Subject::of("survivor", case.case().survivor_id), "support");
    }
    Ok((case, reach))
}

/// Records what the programme's side was shown: one disclosure for each scope that it rests on, the narrowest that
/// covers the kind.
///
/// # Errors
/// When it cannot be kept: then nothing is shown.
pub fn disclose(tx: &mut Tx<'_>, case: &CaseAccess, shown: &[Withheld]) -> Result<()> {
    if case.side() != Side::Programme {
        return Ok(());
    }
    for scope in [STATUS, VOICE, SUMMARY, FULL] {
        let rests_on = |what: &Withheld| SHARED.iter().any(|(of, on)| of == what && on.last() == Some(&scope));
        let what: Vec<&'static str> = shown.iter().filter(|what| rests_on(what)).map(|what| what.as_str()).collect();
        let Some(permit) = case.permit(scope).filter(|_| !what.is_empty()) else { continue };
        let disclosure = Disclosure {
            survivor: case.case().survivor_id,
            recipient: permit.recipient(),
            officer: None,
            what: &what,
            reason: None,
            agreement: permit.scope().as_str(),
            lawful_basis: LawfulBasis::Safeguarding,
            alert: None,
        };
        consent::disclose(tx, &disclosure)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(found: &[Redaction], what: Withheld) -> Option<(Reason, Option<&'static str>)> {
        found.iter().find(|redaction| redaction.what == what).map(|redaction| (redaction.reason, redaction.scope))
    }

    #[test]
    fn without_agreement_the_programme_is_told_which_scope_each_kind_takes() {
        let found = redactions(Side::Programme, true, |_| false);
        assert_eq!(found.len(), SHARED.len() + 1);
        assert_eq!(find(&found, Withheld::SurvivorIdentity), Some((Reason::OtherSide, None)));
        let no = |scope: Scope| Some((Reason::NoAgreement, Some(scope.as_str())));
        assert_eq!(find(&found, Withheld::CheckIns), no(STATUS));
        assert_eq!(find(&found, Withheld::Alerts), no(STATUS));
        assert_eq!(find(&found, Withheld::Incidents), no(SUMMARY));
    }

    #[test]
    fn an_account_takes_both_scopes_and_a_note_too() {
        let no = |scope: Scope| Some((Reason::NoAgreement, Some(scope.as_str())));
        let found = redactions(Side::Programme, true, |scope| scope == SUMMARY || scope == STATUS);
        assert_eq!(find(&found, Withheld::IncidentAccounts), no(FULL));
        assert_eq!(find(&found, Withheld::CheckInNotes), no(VOICE));
        let found = redactions(Side::Programme, true, |scope| scope == FULL || scope == VOICE);
        assert_eq!(find(&found, Withheld::IncidentAccounts), no(SUMMARY));
        assert_eq!(find(&found, Withheld::CheckInNotes), no(STATUS));
    }

    #[test]
    fn with_every_agreement_only_identity_and_single_incidents_stay_back() {
        let found = redactions(Side::Programme, true, |_| true);
        let rest: Vec<_> = found.iter().map(|redaction| (redaction.what, redaction.reason)).collect();
        let visibility = Reason::Visibility;
        assert_eq!(
            rest,
            [
                (Withheld::SurvivorIdentity, Reason::OtherSide),
                (Withheld::Incidents, visibility),
                (Withheld::IncidentAccounts, visibility),
            ]
        );
    }

    #[test]
    fn before_both_approved_neither_side_sees_the_other() {
        let found = redactions(Side::Programme, false, |_| true);
        assert!(SHARED.iter().all(|(what, _)| find(&found, *what) == Some((Reason::CaseNotActive, None))));
        let found = redactions(Side::Support, false, |_| true);
        for what in [Withheld::Goals, Withheld::Sessions, Withheld::Orders] {
            assert_eq!(find(&found, what), Some((Reason::CaseNotActive, None)));
        }
    }
}
