//! Orders as a participant's page shows them: their days, what they forbid and demand in the court's own words, what is due, and
//! what the reader may record of them.

use super::forms::{DISCHARGE, NOTIFICATION, RecordForms, SERVICE};
use super::read::{OpenOrder, is_open};
use crate::db::{Day, court_day};
use crate::directory::ConditionKind;
use crate::orders::{ConditionView, DutyKind, DutyRow, DutyState, OrderDutyView, OrderView};
use crate::portal::pages::case::handle::letters;
use crate::portal::pages::form::ShownForm;
use crate::portal::pages::reader::{InEnglish, PageReader};
use crate::words::id_of;

/// An order.
pub struct RecordOrder {
    /// Which kind.
    pub name: String,
    /// Its state.
    pub state: InEnglish,
    /// Its days, court and references.
    pub entries: Vec<OrderEntry>,
    /// What it forbids and demands.
    pub conditions: Vec<OrderCondition>,
    /// What is due because of it.
    pub duties: Vec<OrderDuty>,
    /// What the reader may record.
    pub forms: Vec<ShownForm>,
}

/// A line about an order.
pub struct OrderEntry {
    /// What.
    pub key: InEnglish,
    /// Its value.
    pub value: String,
}

/// A prohibition or requirement.
pub struct OrderCondition {
    /// Which of the two.
    pub kind: String,
    /// The court's own words.
    pub wording: String,
    /// Where it holds.
    pub area: Option<String>,
    /// How near.
    pub distance: Option<String>,
}

/// Something that is due.
pub struct OrderDuty {
    /// What.
    pub words: InEnglish,
    /// The day.
    pub day: String,
    /// How far it has come.
    pub state: String,
}

impl RecordOrder {
    /// One, with what is due because of it.
    pub fn of(reader: &PageReader, open: &OpenOrder, duties: &[DutyRow], forms: &mut RecordForms<'_>) -> Self {
        let order = &open.order;
        let own = duties.iter().filter(|row| row.order_id == order.id).cloned().map(OrderDutyView::from);
        Self {
            name: order.kind.in_words(reader.language),
            state: reader.label(&id_of("staff-order-state", order.state.as_str())),
            entries: entries(reader, order),
            conditions: order.conditions.iter().map(|row| condition(reader, row)).collect(),
            duties: own.filter(|duty| duty.state != DutyState::Cancelled).map(|duty| shown(reader, &duty)).collect(),
            forms: forms_of(reader, open, forms),
        }
    }
}

fn entries(reader: &PageReader, order: &OrderView) -> Vec<OrderEntry> {
    let day = |key: &str, day: Option<Day>| Some((reader.label(key), reader.day(day?).1));
    let lines = [
        day("portal-order-made-on", Some(order.made_on)),
        day("portal-served-on", order.served_on),
        day("staff-notified-on", order.notified_on),
        day("portal-order-last-day", order.expires_on),
        day("portal-order-ended-on", order.ended_on),
        order.court.clone().map(|court| (reader.label("portal-order-court"), court)),
        order.police_reference.clone().map(|own| (reader.in_english("staff-order-reference"), own)),
    ];
    lines.into_iter().flatten().map(|(key, value)| OrderEntry { key, value }).collect()
}

fn condition(reader: &PageReader, row: &ConditionView) -> OrderCondition {
    let kind = match row.kind {
        ConditionKind::Prohibition => "portal-condition-prohibition",
        ConditionKind::Requirement => "portal-condition-requirement",
    };
    OrderCondition {
        kind: reader.say(kind),
        wording: row.wording.clone(),
        area: row.area.clone(),
        distance: row.distance_metres.map(|metres| reader.say_with("portal-metres", &[("count", metres.into())])),
    }
}

fn shown(reader: &PageReader, duty: &OrderDutyView) -> OrderDuty {
    let words = match duty.kind {
        DutyKind::NotifyPolice => reader.in_english("staff-duty-notify_police"),
        other => reader.label(&id_of("portal-duty", other.as_str())),
    };
    let state = reader.say(&id_of("portal-duty-state", duty.state.as_str()));
    OrderDuty { words, day: reader.day(duty.due_on).1, state }
}

/// What the reader may record of an order now.
fn forms_of(reader: &PageReader, open: &OpenOrder, forms: &mut RecordForms<'_>) -> Vec<ShownForm> {
    let handle = letters(open.order.id.0);
    let today = court_day(reader.now).to_string();
    let acts = [
        ("serve", "service", SERVICE.as_slice(), "portal-record-service", "served_on"),
        ("notify", "notification", NOTIFICATION.as_slice(), "staff-record-notification", "notified_on"),
        ("discharge", "discharge", DISCHARGE.as_slice(), "portal-record-discharge", "discharged_on"),
    ];
    let mut shown = Vec::new();
    for (event, act, fields, button, day) in acts {
        if is_open(&open.actions, event) {
            let form = forms.form(&format!("{act}-{handle}"), &format!("orders/{handle}/{act}"), fields, button);
            shown.push(form.fill(day, &today));
        }
    }
    shown
}
