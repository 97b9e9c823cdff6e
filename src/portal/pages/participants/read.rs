//! What a participant's page is made of, read by the use cases of the API in one transaction.

use std::collections::BTreeMap;

use crate::access;
use crate::app::App;
use crate::crypto::Keys;
use crate::db::{DbConn, ParticipantId, StaffId};
use crate::error::{Error, Result};
use crate::http::Page;
use crate::identity::{self, ColleagueNames, Practitioner, ProgrammeStaff, Staff};
use crate::orders::{self, DutyRow, OrderView, OrderWithConditions};
use crate::participants::{self, ConcernRow, ConcernView, ParticipantRow, ParticipantView};
use crate::portal::pages::case::links::{self, CaseLine};
use crate::programme::{
    self, Attainment, DiaryRatingView, DiaryRow, EnrolmentRow, EnrolmentView, GoalView, GoalWithReviews,
    ObservationRow, ObservationView, OwnRiskRow, OwnRiskView, ProgrammeSessionView, ReferralRow, ReferralView,
    SessionRow,
};
use crate::transitions::ActionsView;
use crate::tx::Tx;

/// How many of each kind are shown, the newest; that there are more is said.
pub const MOST: i64 = 20;
/// The same of goals and sessions, of which a programme has more.
pub const MOST_OF_WORK: i64 = 60;

/// A participant's record, as its page shows it.
pub struct ShownRecord {
    /// Who they are.
    pub participant: ParticipantView,
    /// Their cases that are active.
    pub cases: Vec<CaseLine>,
    /// How they came to the programme.
    pub referrals: Page<ReferralView>,
    /// The programmes that they are or were in.
    pub enrolments: Vec<EnrolmentView>,
    /// What courts have ordered.
    pub orders: Page<OpenOrder>,
    /// What is due because of that.
    pub duties: Vec<DutyRow>,
    /// Their goals.
    pub goals: Page<OpenGoal>,
    /// How far they have come on all of them.
    pub attainment: Option<Attainment>,
    /// Their sessions.
    pub sessions: Page<ProgrammeSessionView>,
    /// What was observed.
    pub observations: Page<ObservationView>,
    /// Their diary.
    pub diary: Page<DiaryRatingView>,
    /// What is feared of them.
    pub concerns: Page<ConcernView>,
    /// Their risk to themselves.
    pub own_risk: Page<OwnRiskView>,
    /// Colleagues who wrote something.
    pub names: BTreeMap<StaffId, String>,
    /// Whether the reader keeps the record.
    pub may_record: bool,
}

/// An order, and what the reader may do with it.
pub struct OpenOrder {
    /// The order.
    pub order: OrderView,
    /// What is open to the reader now.
    pub actions: ActionsView,
}

/// A goal, and what the reader may do with it.
pub struct OpenGoal {
    /// The goal.
    pub goal: GoalView,
    /// Which wording it is, from 1.
    pub wording_version: i32,
    /// What is open to the reader now.
    pub actions: ActionsView,
    /// What is open to them with its wording.
    pub wording_actions: ActionsView,
}

impl OpenGoal {
    /// One, for a reader.
    ///
    /// # Errors
    /// When what is sealed does not open.
    pub fn of(keys: &Keys, found: &GoalWithReviews, staff: &Staff) -> Result<Self> {
        Ok(Self {
            goal: GoalView::of(keys, found)?,
            wording_version: found.goal.wording_version,
            actions: programme::goal_actions(staff, found),
            wording_actions: programme::wording_actions(staff, &found.goal),
        })
    }
}

/// Whether something is open to a reader at once.
pub fn is_open(actions: &ActionsView, event: &str) -> bool {
    actions.actions.iter().any(|action| action.event == event && action.needs.is_none())
}

/// The participant of a reference.
///
/// # Errors
/// 404 where there is none.
pub fn named_participant(conn: &mut DbConn, reference: &str) -> Result<ParticipantId> {
    Ok(participants::find_participant_by_reference(conn, reference)?.ok_or(Error::NotFound)?.id)
}

/// What is read of a record.
struct RecordRows {
    participant: ParticipantRow,
    referrals: Vec<ReferralRow>,
    enrolments: Vec<EnrolmentRow>,
    orders: Vec<OrderWithConditions>,
    duties: Vec<DutyRow>,
    goals: Vec<GoalWithReviews>,
    sessions: Vec<SessionRow>,
    observations: Vec<ObservationRow>,
    diary: Vec<DiaryRow>,
    concerns: Vec<ConcernRow>,
    own_risk: Option<OwnRiskRow>,
    people: Vec<StaffId>,
    colleagues: ColleagueNames,
}

impl RecordRows {
    fn read(tx: &mut Tx<'_>, staff: &Staff, id: ParticipantId) -> Result<Self> {
        let participant = participants::read(tx, staff, id)?;
        let access = access::participant(tx, staff, id)?;
        let concerns = participants::list_concerns(tx, staff, id, None, MOST)?;
        let referrals = programme::list_referrals(tx.conn, &access, None, MOST)?;
        let orders = orders::list_orders_page(tx.conn, &access, None, MOST)?;
        let observations = programme::list_observations(tx.conn, &access, None, MOST)?;
        let own_risk = programme::find_own_risk(tx.conn, &access)?;
        let wrote = observations.iter().map(|row| row.created_by).chain(concerns.iter().map(|row| row.created_by));
        let wrote = wrote.chain(own_risk.iter().map(|row| row.created_by)).chain([participant.practitioner_id]);
        let people: Vec<StaffId> = wrote.chain(referrals.iter().filter_map(|row| row.practitioner_id)).collect();
        Ok(Self {
            participant,
            enrolments: programme::list_enrolments(tx.conn, &access, None, MOST)?,
            duties: orders::list_duties(tx.conn, &orders)?,
            goals: programme::list_goals_page(tx.conn, &access, None, MOST_OF_WORK)?,
            sessions: programme::list_sessions(tx.conn, &access, None, MOST_OF_WORK)?,
            diary: programme::list_diary_ratings(tx.conn, &access, None, MOST)?,
            colleagues: identity::colleague_names(tx.conn, staff.organisation()?, people.clone())?,
            people,
            referrals,
            orders,
            observations,
            concerns,
            own_risk,
        })
    }

    /// The names of those who are colleagues of the reader.
    fn names(&self, keys: &Keys) -> Result<BTreeMap<StaffId, String>> {
        let mut names = BTreeMap::new();
        for id in self.people.iter().copied() {
            if let Some(name) = self.colleagues.name(keys, id)? {
                names.insert(id, name);
            }
        }
        Ok(names)
    }
}

/// Reads a participant's record with all that its page shows.
///
/// # Errors
/// 404 for somebody whom the reader does not work with.
pub async fn read(app: &App, who: &ProgrammeStaff, reference: &str, deed: &'static str) -> Result<ShownRecord> {
    let (staff, named) = (who.clone(), reference.to_owned());
    let work = move |tx: &mut Tx<'_>| {
        let id = named_participant(tx.conn, &named)?;
        RecordRows::read(tx, &staff, id)
    };
    let rows = app.transact(who.actor(), deed, work).await?;
    let now = app.clock.now();
    let names = app.with_keys(|keys| rows.names(keys)).await?;
    let participant = app.with_keys(|keys| ParticipantView::of(keys, &rows.participant)).await?;
    let order = |keys: &Keys, found: &OrderWithConditions| -> Result<OpenOrder> {
        Ok(OpenOrder { order: OrderView::of(keys, found)?, actions: orders::order_actions(who, &found.order) })
    };
    let goal = |keys: &Keys, found: &GoalWithReviews| OpenGoal::of(keys, found, who);
    let of_concern = |row: &ConcernRow| (row.created_at, row.id.0);
    Ok(ShownRecord {
        cases: links::of_participant(app, who, participant.id).await?,
        referrals: app
            .page(rows.referrals, MOST, ReferralRow::cursor, |keys, row| ReferralView::of(keys, row, now))
            .await?,
        enrolments: rows.enrolments.iter().map(EnrolmentView::from).collect(),
        orders: app.page(rows.orders, MOST, |found| found.order.cursor(), order).await?,
        duties: rows.duties,
        attainment: Attainment::of(&rows.goals),
        goals: app.page(rows.goals, MOST_OF_WORK, |found| found.goal.cursor(), goal).await?,
        sessions: app.page(rows.sessions, MOST_OF_WORK, SessionRow::cursor, ProgrammeSessionView::of).await?,
        observations: app.page(rows.observations, MOST, ObservationRow::cursor, ObservationView::of).await?,
        diary: app.page(rows.diary, MOST, DiaryRow::cursor, DiaryRatingView::of).await?,
        concerns: app.page(rows.concerns, MOST, of_concern, ConcernView::of).await?,
        own_risk: app.views(rows.own_risk.as_slice(), |row| row.id.0, OwnRiskView::of).await?,
        may_record: Practitioner::of(Staff::clone(who)).is_ok(),
        participant,
        names,
    })
}

/// What the page shows while the participant may be looking on.
pub struct InSessionRecord {
    /// The participant's reference.
    pub reference: String,
    /// Their goals.
    pub goals: Page<GoalView>,
    /// Their sessions.
    pub sessions: Page<ProgrammeSessionView>,
    /// Whether the reader keeps the record.
    pub may_record: bool,
}

/// Reads no more than that.
///
/// # Errors
/// As [`read`].
pub async fn read_in_session(
    app: &App,
    who: &ProgrammeStaff,
    reference: &str,
    deed: &'static str,
) -> Result<InSessionRecord> {
    let (staff, named) = (who.clone(), reference.to_owned());
    let work = move |tx: &mut Tx<'_>| {
        let id = named_participant(tx.conn, &named)?;
        let participant = participants::read(tx, &staff, id)?;
        let access = access::participant(tx, &staff, id)?;
        let goals = programme::list_goals_page(tx.conn, &access, None, MOST_OF_WORK)?;
        let sessions = programme::list_sessions(tx.conn, &access, None, MOST_OF_WORK)?;
        Ok((participant.reference, goals, sessions))
    };
    let (reference, goals, sessions) = app.transact(who.actor(), deed, work).await?;
    Ok(InSessionRecord {
        reference,
        goals: app.page(goals, MOST_OF_WORK, |found| found.goal.cursor(), GoalView::of).await?,
        sessions: app.page(sessions, MOST_OF_WORK, SessionRow::cursor, ProgrammeSessionView::of).await?,
        may_record: Practitioner::of(Staff::clone(who)).is_ok(),
    })
}
