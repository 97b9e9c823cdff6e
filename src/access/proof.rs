//! Making the proofs.

use super::model::{Assignment, CaseRow, CaseState, Side};
use super::store;
use crate::consent::{Ledger, Permit, Scope};
use crate::db::{AssignmentId, CaseId, DbConn, Instant, OrganisationId, ParticipantId, StaffId, SubjectId, SurvivorId};
use crate::error::{Error, Result};
use crate::identity::{self, OrganisationKind, Role, Staff, Survivor};
use crate::tx::{Subject, Tx};

/// Proof that the caller may read this survivor's record.
#[derive(Clone, Copy, Debug)]
pub struct SurvivorAccess {
    survivor: SurvivorId,
}

impl SurvivorAccess {
    /// Whose record.
    #[must_use]
    pub fn id(&self) -> SurvivorId {
        self.survivor
    }
}

/// Proof that the software reads by its own rules: what follows from an event or from time, for nobody's eyes. It leads to
/// the proof for any record, so only the places that a test lists may make it; code that is passed it may use it.
#[derive(Clone, Copy, Debug)]
pub struct SystemAccess(());

impl SystemAccess {
    /// Makes it: for `reactions.rs`, the worker's steps, the command line, and the rules of an alert.
    #[must_use]
    pub fn granted() -> Self {
        Self(())
    }

    /// A survivor's record.
    #[must_use]
    pub fn survivor(self, id: SurvivorId) -> SurvivorAccess {
        SurvivorAccess { survivor: id }
    }

    /// A participant's record.
    #[must_use]
    pub fn participant(self, id: ParticipantId) -> ParticipantAccess {
        ParticipantAccess { participant: id }
    }
}

/// A survivor may read their own record.
#[must_use]
pub fn own(survivor: &Survivor) -> SurvivorAccess {
    SurvivorAccess { survivor: survivor.id }
}

/// Staff of the support organisation, assigned to the survivor or its supervisor, and not blocked.
///
/// # Errors
/// 404 for everybody else.
pub fn survivor(tx: &mut Tx<'_>, staff: &Staff, id: SurvivorId) -> Result<SurvivorAccess> {
    let is_theirs = staff.works_for(OrganisationKind::SurvivorSupport) && works_with(tx.conn, staff, id.into())?;
    if !is_theirs || is_blocked(tx.conn, id, Some(staff.id), None)? {
        return refuse(tx, Subject::of("survivor", id));
    }
    tx.about(Subject::of("survivor", id));
    Ok(SurvivorAccess { survivor: id })
}

/// Refuses a record to somebody whose it is not. The audit names the record where there is one.
fn refuse<T>(tx: &mut Tx<'_>, subject: Subject) -> Result<T> {
    if store::has_assignments(tx.conn, subject)? {
        tx.about(subject);
    }
    Err(Error::NotFound)
}

/// Staff of the support organisation who are to act for a survivor now, whether or not they are assigned. The person who calls
/// has made sure that a task which waits brings them to this survivor.
///
/// # Errors
/// 404 for everybody else.
pub fn survivor_of_open_task(tx: &mut Tx<'_>, staff: &Staff, id: SurvivorId) -> Result<SurvivorAccess> {
    if !staff.works_for(OrganisationKind::SurvivorSupport) || is_blocked(tx.conn, id, Some(staff.id), None)? {
        return refuse(tx, Subject::of("survivor", id));
    }
    tx.about(Subject::of("survivor", id));
    Ok(SurvivorAccess { survivor: id })
}

/// Any staff of a survivor's own support organisation, assigned or not: for what must be possible at any hour, and which the
/// survivor's code word or a colleague's request brings to them.
///
/// # Errors
/// 404 for everybody else.
pub fn colleague(tx: &mut Tx<'_>, staff: &Staff, id: SurvivorId) -> Result<SurvivorAccess> {
    let own = staff.organisation()?;
    match identity::find_survivor(tx.conn, id)? {
        Some(row) if row.organisation_id == own => survivor_of_open_task(tx, staff, id),
        _ => refuse(tx, Subject::of("survivor", id)),
    }
}

/// Whether this member of staff is assigned to a record, or supervises it.
fn works_with(conn: &mut DbConn, staff: &Staff, subject: SubjectId) -> Result<bool> {
    let Ok(organisation) = staff.organisation() else { return Ok(false) };
    let assigned = store::list_assignments(conn, subject, organisation)?;
    let supervises = staff.is(Role::Supervisor) && !assigned.is_empty();
    Ok(supervises || assigned.iter().any(|assignment| assignment.staff_id == staff.id))
}

/// Whether a survivor's side keeps somebody out.
pub fn is_blocked(
    conn: &mut DbConn,
    survivor: SurvivorId,
    staff: Option<StaffId>,
    organisation: Option<OrganisationId>,
) -> Result<bool> {
    Ok(store::count_blocks(conn, survivor, staff, organisation)? > 0)
}

/// Proof that the caller may read this participant's record.
#[derive(Clone, Copy, Debug)]
pub struct ParticipantAccess {
    participant: ParticipantId,
}

impl ParticipantAccess {
    /// Whose record.
    #[must_use]
    pub fn id(&self) -> ParticipantId {
        self.participant
    }
}

/// Staff of the programme provider, assigned to the participant or its supervisor.
///
/// # Errors
/// 404 for everybody else.
pub fn participant(tx: &mut Tx<'_>, staff: &Staff, id: ParticipantId) -> Result<ParticipantAccess> {
    if !staff.works_for(OrganisationKind::ProgrammeProvider) || !works_with(tx.conn, staff, id.into())? {
        return refuse(tx, Subject::of("participant", id));
    }
    tx.about(Subject::of("participant", id));
    Ok(ParticipantAccess { participant: id })
}

/// An officer of the participant's home force.
///
/// # Errors
/// 404 for everybody else.
pub fn participant_for_police(
    tx: &mut Tx<'_>,
    staff: &Staff,
    id: ParticipantId,
    home_force_id: &str,
) -> Result<ParticipantAccess> {
    let force = identity::find_organisation(tx.conn, staff.organisation()?)?.and_then(|force| force.force_id);
    if !staff.is(Role::Police) || force.as_deref() != Some(home_force_id) {
        return refuse(tx, Subject::of("participant", id));
    }
    tx.about(Subject::of("participant", id));
    Ok(ParticipantAccess { participant: id })
}

/// Assigns a member of staff to a record; does nothing where they are assigned already.
pub fn assign(tx: &mut Tx<'_>, subject: Subject, organisation: OrganisationId, staff: StaffId) -> Result<()> {
    let assigned = store::list_assignments(tx.conn, subject.id, organisation)?;
    if assigned.iter().any(|assignment| assignment.staff_id == staff) {
        return Ok(());
    }
    let row = Assignment {
        id: AssignmentId::new(tx.now),
        subject_kind: subject.kind.to_owned(),
        subject_id: subject.id,
        organisation_id: organisation,
        staff_id: staff,
        created_at: tx.now,
        ended_at: None,
    };
    store::insert_assignment(tx, row)
}

/// Who of an organisation is assigned to a record, longest first.
pub fn assigned_staff(
    conn: &mut DbConn,
    subject: impl Into<SubjectId>,
    organisation: OrganisationId,
) -> Result<Vec<StaffId>> {
    let assigned = store::list_assignments(conn, subject.into(), organisation)?;
    Ok(assigned.into_iter().map(|assignment| assignment.staff_id).collect())
}

/// Those of some members of staff who can be notified of a survivor, in their order: they can sign in, hold a role that works
/// with records, and the survivor's side does not keep them out.
pub fn reachable(conn: &mut DbConn, survivor: SurvivorId, people: &[StaffId]) -> Result<Vec<StaffId>> {
    let kept_out = store::list_kept_out(conn, survivor)?;
    let mut reachable = identity::working_among(conn, people)?;
    reachable.retain(|person| !kept_out.contains(person));
    Ok(reachable)
}

/// Staff of an organisation with a role who can be notified of a survivor.
pub fn with_role(
    conn: &mut DbConn,
    survivor: SurvivorId,
    organisation: OrganisationId,
    role: Role,
) -> Result<Vec<StaffId>> {
    let people = identity::list_staff_with_role(conn, organisation, role)?;
    reachable(conn, survivor, &people)
}

/// Who of an organisation works with a record and can be notified of a survivor; its supervisors, where nobody is left.
pub fn assigned_or_supervisors(
    conn: &mut DbConn,
    survivor: SurvivorId,
    record: impl Into<SubjectId>,
    organisation: OrganisationId,
) -> Result<Vec<StaffId>> {
    let assigned = assigned_staff(conn, record, organisation)?;
    let reachable = reachable(conn, survivor, &assigned)?;
    if reachable.is_empty() { with_role(conn, survivor, organisation, Role::Supervisor) } else { Ok(reachable) }
}

/// The records of a kind that a member of staff is assigned to, and nobody of their organisation who can be notified of them.
pub fn without_staff(
    conn: &mut DbConn,
    kind: &str,
    staff: StaffId,
    organisation: OrganisationId,
) -> Result<Vec<SubjectId>> {
    let mut alone = Vec::new();
    for record in store::list_subjects(conn, kind, staff)? {
        let assigned = assigned_staff(conn, record, organisation)?;
        // Nobody is kept out of a participant's record.
        if reachable(conn, SurvivorId(record.0), &assigned)?.is_empty() {
            alone.push(record);
        }
    }
    Ok(alone)
}

/// The participants that the caller works with; for a supervisor all of the organisation, unless they ask for those to whom they
/// are assigned themselves (`mine`).
///
/// # Errors
/// 403 for staff of no organisation.
pub fn assigned_participants(tx: &mut Tx<'_>, staff: &Staff, mine: Option<bool>) -> Result<Vec<ParticipantId>> {
    let ids = match staff.is(Role::Supervisor) && mine != Some(true) {
        true => store::list_subjects_of(tx.conn, "participant", staff.organisation()?)?,
        false => store::list_subjects(tx.conn, "participant", staff.id)?,
    };
    Ok(ids.into_iter().map(|id| ParticipantId(id.0)).collect())
}

/// The survivors that the caller works with; for a supervisor all of the organisation, unless they ask for those to whom they are
/// assigned themselves (`mine`). Never one who keeps them out.
///
/// # Errors
/// 403 for staff of no organisation.
pub fn visible_survivors(conn: &mut DbConn, staff: &Staff, mine: Option<bool>) -> Result<Vec<SurvivorId>> {
    let organisation = staff.organisation()?;
    let ids = match staff.is(Role::Supervisor) && mine != Some(true) {
        true => store::list_subjects_of(conn, "survivor", organisation)?,
        false => store::list_subjects(conn, "survivor", staff.id)?,
    };
    let blocked = blocked_survivors(conn, staff)?;
    Ok(ids.into_iter().map(|id| SurvivorId(id.0)).filter(|id| !blocked.contains(id)).collect())
}

/// Survivors whose side keeps the caller, or their organisation, out.
///
/// # Errors
/// 403 for staff of no organisation.
pub fn blocked_survivors(conn: &mut DbConn, staff: &Staff) -> Result<Vec<SurvivorId>> {
    store::list_blocked(conn, staff.id, staff.organisation()?)
}

/// Proof that the caller may look at a case, from one side, with what the survivor has agreed to share across it.
pub struct CaseAccess {
    case: CaseRow,
    side: Side,
    ledger: Ledger,
    now: Instant,
    is_in_session: bool,
}

impl CaseAccess {
    /// The link itself.
    #[must_use]
    pub fn case(&self) -> &CaseRow {
        &self.case
    }

    /// From which side the caller looks.
    #[must_use]
    pub fn side(&self) -> Side {
        self.side
    }

    /// The survivor's record, as far as a scope covers the caller: always for the survivor's own side, for the
    /// programme's side only with the survivor's agreement, never before both sides approved or after the case ended,
    /// and never while the participant may be looking on.
    #[must_use]
    pub fn sees(&self, scope: Scope) -> Option<SurvivorAccess> {
        let access = SurvivorAccess { survivor: self.case.survivor_id };
        match self.side {
            Side::Support => Some(access),
            Side::Programme => self.permit(scope).map(|_| access),
        }
    }

    /// The survivor's agreement that covers the programme provider, for recording a disclosure.
    #[must_use]
    pub fn permit(&self, scope: Scope) -> Option<Permit> {
        let is_open = self.case.state == CaseState::Active && !self.is_in_session;
        self.ledger.may_share(scope, self.case.programme_organisation_id, self.now).filter(|_| is_open)
    }

    /// Whether the survivor has agreed to hear of the programme.
    #[must_use]
    pub fn may_update(&self) -> bool {
        let is_on = |scope| self.ledger.standing(scope, self.now).granted;
        self.case.state == CaseState::Active && is_on(Scope::ServiceCore) && is_on(Scope::UpdatesProgramme)
    }

    /// Whether the caller sits with the participant, so that the survivor's side is hidden.
    #[must_use]
    pub fn is_in_session(&self) -> bool {
        self.is_in_session
    }

    /// The participant's record: for the programme's own side, and for the survivor's side once both approved.
    #[must_use]
    pub fn sees_participant(&self) -> Option<ParticipantAccess> {
        let access = ParticipantAccess { participant: self.case.participant_id };
        let may = self.side == Side::Programme || self.case.state == CaseState::Active;
        may.then_some(access)
    }
}

/// Staff who work with the survivor or with the participant of a case, and are not blocked.
///
/// # Errors
/// 404 for everybody else.
pub fn case(tx: &mut Tx<'_>, staff: &Staff, id: CaseId) -> Result<CaseAccess> {
    let case = store::find_case(tx.conn, id)?.ok_or(Error::NotFound)?;
    // Said before it is clear whether it is theirs: the audit names it as well where it is refused.
    tx.about(Subject::of("case", id));
    let own = staff.organisation()?;
    let (side, subject) = match own {
        own if own == case.support_organisation_id => (Side::Support, SubjectId::from(case.survivor_id)),
        own if own == case.programme_organisation_id => (Side::Programme, SubjectId::from(case.participant_id)),
        _ => return Err(Error::NotFound),
    };
    let is_blocked = is_blocked(tx.conn, case.survivor_id, Some(staff.id), Some(own))?;
    if is_blocked || !works_with(tx.conn, staff, subject)? {
        return Err(Error::NotFound);
    }
    let (ledger, now) = (Ledger::load(tx.conn, case.survivor_id)?, tx.now);
    Ok(CaseAccess { case, side, ledger, now, is_in_session: side == Side::Programme && staff.is_in_session() })
}
