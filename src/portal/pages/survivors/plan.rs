//! What keeps a survivor safer between the alerts: their safety plan, who lives with them, whom they fear, and their risk.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;

use super::head::{self, RecordHead, RecordReading};
use super::names::{self, StaffNames};
use crate::access;
use crate::app::App;
use crate::crypto::Keys;
use crate::error::{Error, Result};
use crate::http::Page;
use crate::identity::SupportStaff;
use crate::portal::pages::frame;
use crate::portal::pages::person_view::{born, in_a_line};
use crate::portal::pages::reader::{PageReader, When};
use crate::portal::pages::visit::Visit;
use crate::safety::{self, AssessmentView, AuthorKind, ReportedPersonView, SafetyPlanView, StaffHouseholdMemberView};
use crate::tx::Tx;
use crate::words::{find, id_of};

/// Assessments that are shown, the newest.
const MOST: i64 = 10;

/// What the page is made of. A record that is open for a while shows plan and risk, and nobody else.
struct ReadPlan {
    reading: RecordReading,
    plan: SafetyPlanView,
    people: Option<ReadPeople>,
    assessments: Page<AssessmentView>,
    names: StaffNames,
}

/// The people about a survivor.
struct ReadPeople {
    household: Page<StaffHouseholdMemberView>,
    feared: Page<ReportedPersonView>,
}

/// `GET …/plan`
pub async fn get_plan(visit: Visit<SupportStaff>, reference: web::Path<String>) -> Result<HttpResponse> {
    let read = read(&visit.app, &visit.who, &reference, visit.deed).await?;
    let reader = visit.reader.in_zone(read.reading.zone.as_deref());
    frame::answer(StatusCode::OK, &PlanPage::of(&reader, &reference, &read))
}

async fn read(app: &App, who: &SupportStaff, reference: &str, deed: &'static str) -> Result<ReadPlan> {
    let (staff, named) = (who.clone(), reference.to_owned());
    let work = move |tx: &mut Tx<'_>| {
        let survivor = head::named(tx, &named)?;
        let plan = safety::read_plan(tx, &staff, survivor)?;
        let risk = safety::list_assessments(tx, &staff, survivor, None, MOST)?;
        let people = match access::survivor(tx, &staff, survivor) {
            Ok(access) => {
                let household = safety::list_household(tx, &staff, survivor)?;
                Some((household, safety::list_reported(tx.conn, &access)?))
            }
            Err(Error::NotFound) => None,
            Err(error) => return Err(error),
        };
        Ok((plan, risk, people, head::reading(tx, &staff, survivor)?))
    };
    let (plan, (rows, decisions), people, reading) = app.transact(who.actor(), deed, work).await?;
    let view = |keys: &Keys, row: &_| AssessmentView::of(keys, row, &decisions);
    let assessments = app.page(rows, MOST, |row| (row.assessed_at, row.id.0), view).await?;
    let people = match people {
        Some((household, feared)) => Some(ReadPeople {
            household: app.views(&household, |row| row.member_id.0, StaffHouseholdMemberView::of).await?,
            feared: app.views(&feared, |row| row.id.0, ReportedPersonView::of).await?,
        }),
        None => None,
    };
    let ids = assessments.items.iter().map(|assessment| assessment.assessed_by).collect();
    let names = names::names_of(app, who, ids).await?;
    Ok(ReadPlan { reading, plan, people, assessments, names })
}

/// The plan and what goes with it.
#[derive(Template)]
#[template(path = "survivors/plan.html")]
struct PlanPage<'a> {
    reader: &'a PageReader,
    title: String,
    head: RecordHead,
    sections: Vec<PlanSection>,
    written: Option<When>,
    survivor_agreed: Option<When>,
    staff_agreed: Option<When>,
    review_by: Option<String>,
    people: Option<PlanPeople>,
    assessments: Vec<AssessmentLine>,
    has_unreadable: bool,
}

impl<'a> PlanPage<'a> {
    fn of(reader: &'a PageReader, reference: &str, read: &ReadPlan) -> Self {
        let plan = &read.plan;
        let is_cut = read.people.as_ref().is_some_and(ReadPeople::has_unreadable);
        Self {
            title: reader.title("portal-plan-title", false),
            head: RecordHead::of(reader, reference, ("/plan", "portal-plan-title"), read.reading.reach),
            sections: plan
                .sections
                .iter()
                .map(|section| PlanSection {
                    name: in_words(reader, "portal-plan-of", &section.code),
                    by: reader.say(match section.part {
                        AuthorKind::Survivor => "portal-by-survivor",
                        AuthorKind::Staff => "portal-by-side",
                    }),
                    words: section.text.clone(),
                })
                .collect(),
            written: plan.written_at.map(|at| reader.when(at)),
            survivor_agreed: plan.survivor_agreed_at.map(|at| reader.when(at)),
            staff_agreed: plan.staff_agreed_at.map(|at| reader.when(at)),
            review_by: plan.review_by_on.map(|day| reader.day(day).1),
            people: read.people.as_ref().map(|people| PlanPeople::of(reader, people)),
            assessments: read
                .assessments
                .items
                .iter()
                .map(|assessment| AssessmentLine::of(reader, &read.names, assessment))
                .collect(),
            has_unreadable: is_cut || !read.assessments.unreadable.is_empty(),
            reader,
        }
    }
}

impl ReadPeople {
    fn has_unreadable(&self) -> bool {
        !self.household.unreadable.is_empty() || !self.feared.unreadable.is_empty()
    }
}

/// A code that people may choose freely, in the words that pages have for it, or else in its own.
fn in_words(reader: &PageReader, prefix: &str, code: &str) -> String {
    find(reader.language, &id_of(prefix, code), &[]).unwrap_or_else(|| code.replace('_', " "))
}

/// A section of the plan.
pub struct PlanSection {
    /// What it is about.
    pub name: String,
    /// Whose part it belongs to.
    pub by: String,
    /// What it says.
    pub words: String,
}

/// The people about a survivor.
pub struct PlanPeople {
    /// Who lives with them.
    pub household: Vec<PersonLine>,
    /// Whom they fear.
    pub feared: Vec<PersonLine>,
}

impl PlanPeople {
    fn of(reader: &PageReader, people: &ReadPeople) -> Self {
        Self {
            household: people.household.items.iter().map(|member| PersonLine::of_household(reader, member)).collect(),
            feared: people.feared.items.iter().map(|feared| PersonLine::of_feared(reader, feared)).collect(),
        }
    }
}

/// Somebody about a survivor.
pub struct PersonLine {
    /// Who they are.
    pub words: String,
    /// What else is known.
    pub note: Option<String>,
    /// Whether they are at risk themselves.
    pub is_at_risk: bool,
    /// Whether they work for the police.
    pub is_of_police: bool,
    /// Whether it was written under duress.
    pub is_duress: bool,
}

impl PersonLine {
    fn of_household(reader: &PageReader, of: &StaffHouseholdMemberView) -> Self {
        let member = &of.member;
        let relation = in_words(reader, "portal-relation", &member.relation);
        let parts = [member.name.clone(), Some(relation), born(reader, member.born.as_deref()), member.school.clone()];
        Self {
            words: in_a_line(parts),
            note: member.note.clone(),
            is_at_risk: member.is_at_risk,
            is_of_police: false,
            is_duress: of.is_duress,
        }
    }

    fn of_feared(reader: &PageReader, feared: &ReportedPersonView) -> Self {
        let relation = in_words(reader, "portal-relation", &feared.relationship);
        let born = born(reader, feared.date_of_birth.as_deref());
        let known = [Some(feared.name.clone()), Some(relation), born, feared.address.clone(), feared.vehicles.clone()];
        Self {
            words: in_a_line(known),
            note: feared.note.clone(),
            is_at_risk: false,
            is_of_police: feared.is_of_police,
            is_duress: false,
        }
    }
}

/// An assessment of risk.
pub struct AssessmentLine {
    /// What it came to.
    pub rating: String,
    /// By whom.
    pub by: String,
    /// When.
    pub at: When,
    /// By when it is looked at again.
    pub review_by: String,
    /// Why the rating was lowered.
    pub lowering_reason: Option<String>,
}

impl AssessmentLine {
    fn of(reader: &PageReader, known: &StaffNames, assessment: &AssessmentView) -> Self {
        Self {
            rating: reader.say(&id_of("portal-risk", assessment.rating_after.as_str())),
            by: names::by(reader, known, assessment.assessed_by),
            at: reader.when(assessment.assessed_at),
            review_by: reader.day(assessment.review_by_on).1,
            lowering_reason: assessment.lowering_reason.clone(),
        }
    }
}
