//! The desk as it is shown: what is open, the gravest first and among equals what nobody has acknowledged; then what is closed.

use std::cmp::Reverse;

use askama::Template;

use super::alert_page::{alert_state, is_closed};
use crate::db::Instant;
use crate::escalation::{AlertData, PoliceAlertView, PolledAlertData};
use crate::http::Page;
use crate::portal::pages::alert_words::{AlertHead, LevelTag, alert_path};
use crate::portal::pages::reader::{PageReader, When};

/// The page.
#[derive(Template)]
#[template(path = "police/desk.html")]
pub struct PoliceDesk<'a> {
    reader: &'a PageReader,
    title: String,
    made_at: When,
    open: Vec<DeskLine>,
    closed: Vec<DeskLine>,
    past: Vec<PastLine>,
    older: Option<String>,
    has_unreadable: bool,
}

/// An alert on the desk.
pub struct DeskLine {
    /// What it is.
    pub head: AlertHead,
    /// How far it has come.
    pub state: String,
    /// When it was raised.
    pub raised: When,
    /// By when an officer should have acknowledged it, where none has.
    pub answer_by: Option<When>,
}

/// One that is long over.
pub struct PastLine {
    /// How grave it was.
    pub tag: LevelTag,
    /// Its reference.
    pub reference: String,
    /// Its page.
    pub href: String,
    /// When it was raised.
    pub raised: When,
}

impl<'a> PoliceDesk<'a> {
    /// That of a force, from one page of its alerts.
    pub fn of(reader: &'a PageReader, page: &Page<PoliceAlertView>) -> Self {
        let (mut present, mut past) = (Vec::new(), Vec::new());
        for alert in &page.items {
            match &alert.data {
                PolledAlertData::Present(data) => present.push((alert, data.as_ref())),
                PolledAlertData::Past(data) => past.push(PastLine::of(reader, alert, (data.level, data.raised_at))),
            }
        }
        present.sort_by_key(|(alert, data)| (Reverse(data.level), alert.acknowledged_at.is_some(), data.raised_at));
        let (closed, open): (Vec<_>, Vec<_>) = present.into_iter().partition(|(alert, _)| is_closed(alert));
        let lines = |alerts: Vec<(&PoliceAlertView, &AlertData)>| {
            alerts.into_iter().map(|(alert, data)| DeskLine::of(reader, alert, data)).collect::<Vec<_>>()
        };
        Self {
            title: reader.title("portal-police-title", false),
            made_at: reader.now_by_the_clock(),
            open: lines(open),
            closed: lines(closed),
            past,
            has_unreadable: !page.unreadable.is_empty(),
            older: page.next_cursor.as_ref().map(|cursor| format!("/portal/police?cursor={cursor}")),
            reader,
        }
    }
}

impl DeskLine {
    fn of(reader: &PageReader, alert: &PoliceAlertView, data: &AlertData) -> Self {
        let waits = !is_closed(alert) && alert.acknowledged_at.is_none();
        Self {
            head: AlertHead::of(reader, (data.level, data.event), &alert.reference, alert.is_exercise),
            state: alert_state(reader, alert),
            raised: reader.when(data.raised_at),
            answer_by: data.acknowledge_by.filter(|_| waits).map(|by| reader.when(by)),
        }
    }
}

impl PastLine {
    fn of(reader: &PageReader, alert: &PoliceAlertView, (level, raised_at): (i32, Instant)) -> Self {
        Self {
            tag: LevelTag::of(reader, level),
            reference: alert.reference.clone(),
            href: alert_path(&alert.reference),
            raised: reader.when(raised_at),
        }
    }
}
