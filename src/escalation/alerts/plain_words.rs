//! What a survivor reads of ladders, rotas and orders: sentences in their language, next to the codes.

use crate::directory::condition_in_words;
use crate::escalation::ladder::{Audience, Ladder};
use crate::escalation::police::forces::PoliceTold;
use crate::escalation::rota::Watch;
use crate::orders::{OrderEnd, PlainOrder};
use crate::words::{Language, id_of, say, say_with};

/// A ladder, step by step.
pub fn of_ladder(ladder: &Ladder, police: PoliceTold, language: Language) -> Vec<String> {
    let (mut minutes, mut sentences) = (0, Vec::new());
    for step in &ladder.steps {
        minutes += step.wait_minutes;
        let who = who(&step.tell, language);
        sentences.push(match minutes {
            0 => say_with(language, "ladder-at-once", &[("who", who.into())]),
            _ => say_with(language, "ladder-after", &[("minutes", minutes.into()), ("who", who.into())]),
        });
    }
    if let Some(repeat) = &ladder.repeat {
        sentences.push(say_with(language, "ladder-repeats", &[("minutes", repeat.every_minutes.into())]));
    }
    let police = match police {
        PoliceTold::Yes => "ladder-police-on",
        PoliceTold::Off => "ladder-police-off",
        PoliceTold::Unreachable => "ladder-police-unreachable",
    };
    sentences.push(say(language, police));
    sentences
}

fn who(tell: &[Audience], language: Language) -> String {
    let names = tell.iter().map(|audience| {
        let code = serde_json::to_value(audience).ok();
        let code = code.as_ref().and_then(serde_json::Value::as_str).unwrap_or_default();
        say(language, &id_of("audience", code))
    });
    names.collect::<Vec<_>>().join(", ")
}

/// Whether somebody is there to be notified.
pub fn of_watch(watch: &Watch, language: Language) -> String {
    match (watch.has_duty_rota, watch.hours.is_empty()) {
        (false, _) => say(language, "ladder-no-rota"),
        (true, true) => say(language, "ladder-always-watched"),
        (true, false) => say_with(language, "ladder-nobody-watching", &[("hours", watch.hours.join(", ").into())]),
    }
}

/// Which order it is, and what each of its conditions means, in their order. The court's own words are not translated.
pub fn of_order(order: &PlainOrder, language: Language) -> (String, Vec<String>) {
    let conditions = order.conditions.iter();
    let conditions = conditions.map(|condition| condition_in_words(&condition.code, condition.kind, language));
    (order.kind.in_words(language), conditions.collect())
}

/// Whether an order protects today, and what ended it where it does not.
pub fn of_order_standing(order: &PlainOrder, language: Language) -> String {
    let id = match (order.is_in_force, order.ended_by) {
        (true, None) => return say(language, "order-in-force"),
        (true, Some(_)) => "order-ends",
        (false, Some(OrderEnd::Discharged)) => "order-discharged",
        (false, Some(OrderEnd::Superseded)) => "order-superseded",
        (false, None) => "order-expired",
    };
    let last = [order.ended_on, order.expires_on].into_iter().flatten().min();
    match last {
        Some(day) => say_with(language, id, &[("day", day.to_string().into())]),
        None => say(language, "order-not-in-force"),
    }
}

#[cfg(test)]
mod tests;
