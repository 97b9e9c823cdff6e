//! The survivors whom the reader works with: the list, narrowed as the API narrows it, and one by their reference.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use crate::access;
use crate::app::App;
use crate::error::{Error, Result};
use crate::http::{ListQuery as _, ListRequest, Page, Query};
use crate::identity::{RiskRating, Role, SupportStaff, SurvivorRow, SurvivorView, SurvivorsQuery};
use crate::portal::pages::case::handle::record_path;
use crate::portal::pages::form::{ErrorSummary, FieldKind, FormField, PageForm, RefusedForm, ShownForm};
use crate::portal::pages::frame;
use crate::portal::pages::reader::{PageReader, When};
use crate::portal::pages::visit::{Filled, Visit};
use crate::tx::Tx;
use crate::words::id_of;

/// Where the list is.
const PATH: &str = "/portal/survivors";

const FIELDS: [FormField; 1] = [FormField {
    name: "reference",
    label: "portal-reference",
    hint: Some("portal-reference-hint"),
    kind: FieldKind::Line,
}];

/// How the list can be narrowed: the parameters, and the message that they are called by.
const FILTERS: [(&str, &str); 5] = [
    ("", "portal-survivors-all"),
    ("is_closed=false", "portal-survivors-open"),
    ("is_closed=true", "portal-survivors-closed"),
    ("risk_rating=high", "portal-survivors-high"),
    ("risk_rating=unassessed", "portal-survivors-unassessed"),
];
/// The one that only supervisors need: they see all of their organisation without it.
const MINE: (&str, &str) = ("mine=true", "portal-survivors-mine");

/// A survivor in the list.
pub struct SurvivorLine {
    /// What they want to be called.
    pub name: String,
    /// Their reference.
    pub reference: String,
    /// Their record.
    pub href: String,
    /// Their assessed risk.
    pub risk: String,
    /// Since when nobody works with them any more.
    pub closed: Option<When>,
}

/// A way to narrow the list, or to go on in it.
pub struct FilterLink {
    /// Where.
    pub href: String,
    /// What it is called.
    pub words: String,
    /// Whether the list is narrowed so.
    pub is_here: bool,
}

/// The list.
#[derive(Template)]
#[template(path = "survivors/survivors.html")]
struct SurvivorsPage<'a> {
    reader: &'a PageReader,
    title: String,
    wrong: Option<ErrorSummary>,
    made_at: When,
    find: ShownForm,
    filters: Vec<FilterLink>,
    lines: Vec<SurvivorLine>,
    next: Option<String>,
    has_unreadable: bool,
}

/// `GET /portal/survivors`
pub async fn get_survivors(visit: Visit<SupportStaff>, Query(query): Query<SurvivorsQuery>) -> Result<HttpResponse> {
    let narrowed = narrowed(&query);
    let found = list(&visit.app, &visit.who, query, visit.deed).await?;
    frame::answer(StatusCode::OK, &SurvivorsPage::of(&visit, found, &narrowed, None))
}

/// `POST /portal/survivors`: the record of a reference, where it is the reader's.
pub async fn find_survivor(visit: Visit<SupportStaff>, form: Filled) -> Result<HttpResponse> {
    let mut query = SurvivorsQuery::default();
    query.reference = Some(form.get("reference").trim().to_uppercase());
    let found = list(&visit.app, &visit.who, query, visit.deed).await?;
    if let Some(survivor) = found.items.first() {
        return Ok(frame::see_other(&record_path(&survivor.reference)));
    }
    let error = Error::field("/reference", "unknown", "you work with no survivor of this reference");
    let all = list(&visit.app, &visit.who, SurvivorsQuery::default(), visit.deed).await?;
    let page = SurvivorsPage::of(&visit, all, "", Some(RefusedForm { sent: &form, error: &error }));
    frame::refusal(StatusCode::UNPROCESSABLE_ENTITY, error.code(), &page)
}

async fn list(app: &App, who: &SupportStaff, query: SurvivorsQuery, deed: &'static str) -> Result<Page<SurvivorView>> {
    let page = query.page();
    let (staff, limit) = (who.clone(), page.limit()?);
    let asked = ListRequest { query, after: page.after()?, limit };
    let work = move |tx: &mut Tx<'_>| access::list_survivors(tx, &staff, &asked);
    let rows = app.transact(who.actor(), deed, work).await?;
    app.page(rows, limit, |row: &SurvivorRow| (row.created_at, row.id.0), SurvivorView::of).await
}

/// The filters of a list as they are written in an address, without the place in it.
fn narrowed(query: &SurvivorsQuery) -> String {
    let risk = query.risk_rating.map(RiskRating::as_str).map(|risk| format!("risk_rating={risk}"));
    let closed = query.is_closed.map(|is_closed| format!("is_closed={is_closed}"));
    let mine = query.mine.map(|mine| format!("mine={mine}"));
    [risk, closed, mine].into_iter().flatten().collect::<Vec<_>>().join("&")
}

impl<'a> SurvivorsPage<'a> {
    fn of(
        visit: &'a Visit<SupportStaff>,
        found: Page<SurvivorView>,
        narrowed: &str,
        refused: Option<RefusedForm<'_>>,
    ) -> Self {
        let reader = &visit.reader;
        let action = PATH.to_owned();
        let form =
            PageForm { of: "find", action, fields: &FIELDS, button: "portal-find-survivor", is_secondary: false };
        let filters = FILTERS.iter().chain(visit.who.is(Role::Supervisor).then_some(&MINE));
        let joined = if narrowed.is_empty() { String::new() } else { format!("{narrowed}&") };
        Self {
            title: reader.title("portal-survivors-title", refused.is_some()),
            wrong: refused.map(|refused| form.summary(reader, refused.error)),
            made_at: reader.now_by_the_clock(),
            find: form.show(reader, refused),
            filters: filters.map(|filter| FilterLink::of(reader, filter, narrowed)).collect(),
            next: found.next_cursor.map(|cursor| format!("{PATH}?{joined}cursor={cursor}")),
            has_unreadable: !found.unreadable.is_empty(),
            lines: found.items.into_iter().map(|survivor| SurvivorLine::of(reader, survivor)).collect(),
            reader,
        }
    }
}

impl FilterLink {
    fn of(reader: &PageReader, (filter, message): &(&str, &str), narrowed: &str) -> Self {
        let href = if filter.is_empty() { PATH.to_owned() } else { format!("{PATH}?{filter}") };
        Self { href, words: reader.say(message), is_here: *filter == narrowed }
    }
}

impl SurvivorLine {
    fn of(reader: &PageReader, survivor: SurvivorView) -> Self {
        Self {
            href: record_path(&survivor.reference),
            risk: reader.say(&id_of("portal-risk", survivor.risk_rating.as_str())),
            closed: survivor.closed_at.map(|at| reader.when(at)),
            name: survivor.preferred_name,
            reference: survivor.reference,
        }
    }
}
