//! The worklist, one page for each side: alerts, the gravest first, and the tasks of that side.

use askama::Template;

use super::admin::links::PageLink;
use super::alert_words::{self, AlertHead, alert_path, is_held};
use super::case::handle::participant_path;
use super::case::links::CaseLine;
use super::reader::{InEnglish, PageReader, When};
use super::survivors::links::SurvivorRecords;
use crate::escalation::{StaffAlert, TaskView};
use crate::http::Page;
use crate::participants::tasks::ProgrammeTaskView;
use crate::words;

/// What is read of a list, and whether that is all.
pub struct ReadList<T> {
    /// What was read.
    pub items: Vec<T>,
    /// Whether there is no more.
    pub is_all: bool,
    /// Whether there are some that cannot be read.
    pub has_unreadable: bool,
}

impl<T> From<Page<T>> for ReadList<T> {
    fn from(page: Page<T>) -> Self {
        Self { is_all: page.next_cursor.is_none(), has_unreadable: !page.unreadable.is_empty(), items: page.items }
    }
}

/// A list as it is shown.
pub struct ShownList<L> {
    /// Its lines.
    pub lines: Vec<L>,
    /// That there are more.
    pub more: Option<String>,
    /// Whether there are some that cannot be read.
    pub has_unreadable: bool,
}

impl<L> ShownList<L> {
    fn of<T>(reader: &PageReader, list: ReadList<T>, lines: impl FnOnce(Vec<T>) -> Vec<L>) -> Self {
        let more = || reader.say_with("portal-more", &[("count", list.items.len().into())]);
        let more = (!list.is_all).then(more);
        Self { more, has_unreadable: list.has_unreadable, lines: lines(list.items) }
    }

    /// Whether there is none at all: what cannot be read is there.
    pub fn is_none(&self) -> bool {
        self.lines.is_empty() && !self.has_unreadable
    }
}

/// The active cases of somebody.
pub struct ListedCases {
    /// The newest.
    pub lines: Vec<CaseLine>,
    /// Whether there are more.
    pub is_cut: bool,
}

/// The worklist of the survivor's side.
#[derive(Template)]
#[template(path = "worklist_support.html")]
pub struct SupportWorklist<'a> {
    reader: &'a PageReader,
    title: String,
    made_at: When,
    alerts: ShownList<AlertLine>,
    tasks: Option<ShownList<TaskLine>>,
    cases: ListedCases,
    links: Vec<PageLink>,
}

impl<'a> SupportWorklist<'a> {
    /// That of somebody, with no tasks where their role has none.
    pub fn of(
        reader: &'a PageReader,
        alerts: ReadList<StaffAlert>,
        tasks: Option<(ReadList<TaskView>, SurvivorRecords)>,
        (cases, links): (ListedCases, Vec<PageLink>),
    ) -> Self {
        Self {
            title: reader.title("portal-worklist-title", false),
            made_at: reader.now_by_the_clock(),
            alerts: shown_alerts(reader, alerts),
            tasks: tasks
                .map(|(tasks, records)| ShownList::of(reader, tasks, |tasks| task_lines(reader, tasks, &records))),
            cases,
            links,
            reader,
        }
    }
}

/// The worklist of the programme's side.
#[derive(Template)]
#[template(path = "worklist_programme.html")]
pub struct ProgrammeWorklist<'a> {
    reader: &'a PageReader,
    title: String,
    made_at: When,
    alerts: ShownList<AlertLine>,
    tasks: Option<ShownList<ProgrammeTaskLine>>,
    cases: ListedCases,
    links: Vec<PageLink>,
}

impl<'a> ProgrammeWorklist<'a> {
    /// That of somebody, with no tasks where their role has none.
    pub fn of(
        reader: &'a PageReader,
        alerts: ReadList<StaffAlert>,
        tasks: Option<ReadList<ProgrammeTaskView>>,
        (cases, links): (ListedCases, Vec<PageLink>),
    ) -> Self {
        let lines = |tasks: Vec<ProgrammeTaskView>| {
            tasks.into_iter().map(|task| ProgrammeTaskLine::of(reader, task)).collect::<Vec<_>>()
        };
        Self {
            title: reader.title("portal-worklist-title", false),
            made_at: reader.now_by_the_clock(),
            alerts: shown_alerts(reader, alerts),
            tasks: tasks.map(|tasks| ShownList::of(reader, tasks, lines)),
            cases,
            links,
            reader,
        }
    }
}

/// For a role that has no worklist.
#[derive(Template)]
#[template(path = "worklist_none.html")]
pub struct NoWorklist<'a> {
    reader: &'a PageReader,
    title: String,
    links: Vec<PageLink>,
}

impl<'a> NoWorklist<'a> {
    /// That of somebody.
    pub fn of(reader: &'a PageReader, links: Vec<PageLink>) -> Self {
        Self { title: reader.title("portal-worklist-title", false), links, reader }
    }
}

/// An alert in a list.
pub struct AlertLine {
    /// What it is.
    pub head: AlertHead,
    /// How far it has come.
    pub state: String,
    /// When it was raised.
    pub raised: When,
}

fn shown_alerts(reader: &PageReader, alerts: ReadList<StaffAlert>) -> ShownList<AlertLine> {
    ShownList::of(reader, alerts, |mut alerts| {
        // Among those of one level, what nobody has now comes first.
        alerts.sort_by_key(|alert| match alert {
            StaffAlert::Support(alert) => {
                (-alert.level, is_held((alert.state, alert.acknowledged_at)), alert.raised_at)
            }
            StaffAlert::Programme(alert) => {
                (-alert.level, is_held((alert.state, alert.acknowledged_at)), alert.raised_at)
            }
        });
        alerts.iter().map(|alert| AlertLine::of(reader, alert)).collect()
    })
}

impl AlertLine {
    fn of(reader: &PageReader, alert: &StaffAlert) -> Self {
        let (head, progress, raised_at) = match alert {
            StaffAlert::Support(alert) => (
                AlertHead::of(reader, (alert.level, alert.rule), &alert.reference, alert.is_exercise),
                (alert.state, alert.acknowledged_at),
                alert.raised_at,
            ),
            StaffAlert::Programme(alert) => (
                AlertHead::of(reader, (alert.level, alert.rule), &alert.reference, alert.is_exercise),
                (alert.state, alert.acknowledged_at),
                alert.raised_at,
            ),
        };
        Self { head, state: alert_words::state(reader, progress), raised: reader.when(raised_at) }
    }
}

/// A task of the survivor's side in a list.
pub struct TaskLine {
    /// What it asks for.
    pub words: InEnglish,
    /// The page of its alert.
    pub href: Option<String>,
    /// By when it is to be done.
    pub due: Option<When>,
    /// Since when it waits.
    pub since: When,
    /// The reference of whom it is about.
    pub reference: Option<String>,
    /// Their record, where it is the reader's.
    pub record: Option<String>,
}

fn task_lines(reader: &PageReader, mut tasks: Vec<TaskView>, records: &SurvivorRecords) -> Vec<TaskLine> {
    tasks.sort_by_key(|task| (task.kind.urgency(), task.due_at.unwrap_or(task.created_at)));
    let line = |task: TaskView| TaskLine {
        words: alert_words::task_words(reader, task.kind),
        href: task.alert_reference.as_deref().map(alert_path),
        due: task.due_at.map(|due| reader.when(due)),
        since: reader.when(task.created_at),
        record: records.get(&task.survivor_id).cloned(),
        reference: task.survivor_reference,
    };
    tasks.into_iter().map(line).collect()
}

/// A task of the programme's side in a list.
pub struct ProgrammeTaskLine {
    /// What it asks for.
    pub words: InEnglish,
    /// Since when it waits.
    pub since: When,
    /// The reference of whom it is about.
    pub participant_reference: Option<String>,
    /// Their page.
    pub href: Option<String>,
}

impl ProgrammeTaskLine {
    fn of(reader: &PageReader, task: ProgrammeTaskView) -> Self {
        Self {
            words: reader.in_english(&words::id_of("staff-programme", task.kind.as_str())),
            since: reader.when(task.created_at),
            href: task.participant_reference.as_deref().map(participant_path),
            participant_reference: task.participant_reference,
        }
    }
}
