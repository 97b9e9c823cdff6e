//! What the caller of a case may see of either side; what they may not, and why.

use serde::Serialize;
use utoipa::ToSchema;

use crate::access::{self, CaseAccess, CaseState, ParticipantAccess, Side, SurvivorAccess};
use crate::consent::{self, Disclosure, DisclosurePurpose, Scope};
use crate::crypto::Keys;
use crate::db::{CaseId, text_enum};
use crate::error::Result;
use crate::escalation::AlertReader;
use crate::identity::Staff;
use crate::incidents::{ProgrammeIncident, Reported, Visibility};
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
        /// What was observed of the participant.
        Observations = "observations",
        /// What is striking when both sides are seen together.
        Signals = "signals",
        /// Notes about the case that the survivor's side wrote for both.
        CaseNotes = "case_notes",
        /// What the survivor's side asked or answered.
        CaseConcerns = "case_concerns",
    }
}

text_enum! {
    /// Why something is withheld.
    pub enum Reason {
        /// The survivor has not agreed, or has withdrawn.
        NoAgreement = "no_agreement",
        /// The case is not active.
        CaseNotActive = "case_not_active",
        /// The participant may be looking on; it comes back with the caller's credentials.
        InSession = "in_session",
        /// It belongs to the other side alone.
        OtherSide = "other_side",
        /// The survivor keeps single ones closer. Holds whether or not there are any.
        Visibility = "visibility",
    }
}

/// One kind that is withheld, and was not even queried (but for `visibility`, where single ones are left out).
#[serde_with::skip_serializing_none]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Redaction {
    /// What.
    pub what: Withheld,
    /// Why.
    pub reason: Reason,
    /// The scope that would allow it, where the survivor's agreement decides.
    #[schema(value_type = Option<String>, example = "share.programme.status")]
    pub scope: Option<&'static str>,
}

impl Redaction {
    /// That a case is not active.
    #[must_use]
    pub fn inactive(what: Withheld) -> Self {
        Self { what, reason: Reason::CaseNotActive, scope: None }
    }
}

/// What every other scope rests on.
const SERVICE: Scope = Scope::ServiceCore;
const STATUS: Scope = Scope::ShareProgrammeStatus;
const SUMMARY: Scope = Scope::ShareProgrammeIncidentSummary;
const FULL: Scope = Scope::ShareProgrammeIncidentFull;
const VOICE: Scope = Scope::ShareProgrammeVoice;

/// Each kind that the survivor's agreement decides about, with every scope that it takes; the last one is its own.
const SHARED: [(Withheld, &[Scope]); 7] = [
    (Withheld::CheckIns, &[SERVICE, STATUS]),
    (Withheld::CheckInNotes, &[SERVICE, STATUS, VOICE]),
    (Withheld::Alerts, &[SERVICE, STATUS]),
    (Withheld::Incidents, &[SERVICE, SUMMARY]),
    (Withheld::IncidentAccounts, &[SERVICE, SUMMARY, FULL]),
    (Withheld::CaseNotes, &[SERVICE, STATUS]),
    (Withheld::CaseConcerns, &[SERVICE, STATUS]),
];

/// Whether anything may cross from one side to the other at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Bridge {
    Open,
    NotActive,
    InSession,
}

impl Bridge {
    fn of(case: &CaseAccess) -> Self {
        match case.case().state {
            CaseState::Active if case.is_in_session() => Self::InSession,
            CaseState::Active => Self::Open,
            CaseState::Proposed | CaseState::Closed | CaseState::Refused => Self::NotActive,
        }
    }

    fn reason(self) -> Option<Reason> {
        match self {
            Self::Open => None,
            Self::NotActive => Some(Reason::CaseNotActive),
            Self::InSession => Some(Reason::InSession),
        }
    }
}

/// What is withheld: pure, from the side, the bridge, and what is agreed to.
fn redactions(side: Side, bridge: Bridge, agreed: impl Fn(Scope) -> bool) -> Vec<Redaction> {
    let plain = |what, reason| Redaction { what, reason, scope: None };
    let mut found = Vec::new();
    if side == Side::Support {
        if let Some(reason) = bridge.reason() {
            let kinds = [Withheld::Goals, Withheld::Sessions, Withheld::Orders, Withheld::Observations];
            found.extend(kinds.map(|what| plain(what, reason)));
        }
        found.push(plain(Withheld::Incidents, Reason::Visibility));
        return found;
    }
    found.push(plain(Withheld::SurvivorIdentity, Reason::OtherSide));
    for (what, scopes) in SHARED {
        let missing = scopes.iter().find(|scope| !agreed(**scope));
        match (bridge.reason(), missing) {
            (Some(reason), _) => found.push(plain(what, reason)),
            (None, Some(scope)) => {
                found.push(Redaction { what, reason: Reason::NoAgreement, scope: Some(scope.as_str()) });
            }
            (None, None) if matches!(what, Withheld::Incidents | Withheld::IncidentAccounts) => {
                found.push(plain(what, Reason::Visibility));
            }
            (None, None) => {}
        }
    }
    if bridge == Bridge::InSession {
        found.push(plain(Withheld::Signals, Reason::InSession));
    }
    found
}

/// Whether nothing may cross a case at all, whatever is agreed to: it waits for approval, or has ended.
#[must_use]
pub fn closed(case: &CaseAccess) -> bool {
    Bridge::of(case) == Bridge::NotActive
}

/// Why words of the survivor's side that rest on some kinds may not reach the programme's side, if so.
pub fn barrier(case: &CaseAccess, words: Withheld, rests_on: &[Withheld]) -> Option<Redaction> {
    if let Some(reason) = Bridge::of(case).reason() {
        return Some(Redaction { what: words, reason, scope: None });
    }
    let kinds = std::iter::once(&words).chain(rests_on);
    let scopes = kinds.flat_map(|kind| SHARED.iter().filter(move |(of, _)| of == kind)).flat_map(|(_, on)| on.iter());
    let missing = scopes.copied().find(|scope| case.permit(*scope).is_none())?;
    Some(Redaction { what: words, reason: Reason::NoAgreement, scope: Some(missing.as_str()) })
}

/// The incidents that the caller may see, and how much of what the survivor wrote the programme's side may read.
#[derive(Clone, Copy)]
pub struct IncidentReach {
    /// Whose.
    pub access: SurvivorAccess,
    /// Which ones.
    pub least: Visibility,
    words: ReachWords,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum ReachWords {
    /// None.
    Unseen,
    /// The accounts that the survivor opened to the programme; never a place.
    Accounts,
}

impl IncidentReach {
    /// Whether the programme's side may read the account of an incident.
    pub fn opens_account(&self, reported: &Reported) -> bool {
        self.words == ReachWords::Accounts && reported.incident.visibility >= Visibility::ProgrammeFull
    }

    /// An incident as far as the programme's side may see it.
    pub fn for_programme(&self, keys: &Keys, reported: &Reported) -> Result<ProgrammeIncident> {
        match self.opens_account(reported) {
            true => ProgrammeIncident::with_account(keys, reported),
            false => ProgrammeIncident::summary(reported),
        }
    }
}

/// What the caller of a case may see.
pub struct CaseReach {
    /// Check-ins and alerts.
    pub status: Option<SurvivorAccess>,
    /// As who alerts are read.
    pub alerts: AlertReader,
    /// What was written with check-ins.
    pub sees_notes: bool,
    /// Incidents.
    pub incidents: Option<IncidentReach>,
    /// Goals, sessions, orders and observations.
    pub participant: Option<ParticipantAccess>,
    /// Whether this is the survivor's own side.
    pub is_support: bool,
    /// Whether what is striking stays back as well.
    pub hides_signals: bool,
    /// What is withheld.
    pub redactions: Vec<Redaction>,
}

impl CaseReach {
    fn of(case: &CaseAccess) -> Self {
        let sees = |scope| case.sees(scope).is_some();
        let is_support = case.side() == Side::Support;
        let words = if sees(FULL) { ReachWords::Accounts } else { ReachWords::Unseen };
        let least = if is_support { Visibility::Advocate } else { Visibility::ProgrammeSummary };
        Self {
            status: case.sees(STATUS),
            alerts: if is_support { AlertReader::Support } else { AlertReader::Programme(case.case().id) },
            sees_notes: sees(STATUS) && sees(VOICE),
            incidents: case.sees(SUMMARY).map(|access| IncidentReach { access, least, words }),
            participant: case.sees_participant(),
            is_support,
            redactions: redactions(case.side(), Bridge::of(case), sees),
            hides_signals: case.is_in_session(),
        }
    }
}

/// Opens a case for a caller: the proof, and how far it reaches. A read by the survivor's own side is noted for the
/// survivor to see; one by the programme's side is a disclosure (see [`disclose`]).
///
/// # Errors
/// 404 for another's case.
pub fn open(tx: &mut Tx<'_>, staff: &Staff, id: CaseId, action: &'static str) -> Result<(CaseAccess, CaseReach)> {
    let case = access::case(tx, staff, id)?;
    let reach = CaseReach::of(&case);
    if reach.is_support {
        tx.note(action, Subject::of("survivor", case.case().survivor_id), "support");
    }
    Ok((case, reach))
}

/// Records what the programme's side was shown: one disclosure for each scope that it rests on, the narrowest that
/// covers the kind.
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
            purpose: DisclosurePurpose::Programme,
            alert: None,
        };
        consent::disclose(tx, &disclosure)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
