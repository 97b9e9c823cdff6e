//! What somebody who rings 999 says: who is calling, that it is a stalking case, what happened, where, and the number to
//! ring back. In plain words, as things stand when it is read; never a name, an address or a coordinate.

use jiff::tz::TimeZone;
use serde_json::json;

use super::location;
use super::model::{AlertRow, RuleGroup, TaskKind};
use super::store;
use crate::access;
use crate::db::Instant;
use crate::directory;
use crate::error::{Error, Result};
use crate::identity;
use crate::programme;
use crate::tx::Tx;
use crate::words::{Filled, Language, say, say_with};
use crate::writing::PhoneNumber;

/// The operators who answer go by this clock.
const OPERATORS_ZONE: &str = "Europe/London";

/// Whether a task asks somebody to ring the police, or to think of it.
pub(super) fn is_for(kind: TaskKind) -> bool {
    matches!(kind, TaskKind::Call999 | TaskKind::Consider999 | TaskKind::PoliceUnreachable)
}

/// The sentences about an alert, in the order in which they are said.
pub(super) fn of(tx: &mut Tx<'_>, alert: &AlertRow) -> Result<Vec<String>> {
    let organisation = identity::find_organisation(tx.conn, alert.organisation_id)?
        .ok_or_else(|| Error::internal("an alert of nobody"))?;
    let participants = access::linked_participants(tx.conn, alert.survivor_id)?;
    let has_order = programme::has_police_reference(tx.conn, &participants)?;
    let is_silent = is_silent(tx, alert)?;
    let case = [
        ("reference", alert.reference.as_str().into()),
        ("level", alert.level.into()),
        ("time", local(alert.raised_at).into()),
    ];
    let mut said = vec![
        filled("script-caller", &[("organisation", organisation.name.as_str().into())]),
        filled("script-case", &case),
        plain(&format!("script-happened-{}", alert.rule)),
    ];
    said.extend(behaviours(alert));
    let has_place = location::released_to_staff(tx, alert)?.is_some();
    said.push(plain(if has_place { "script-place-known" } else { "script-place-unknown" }));
    said.push(plain(if has_order { "script-order" } else { "script-no-order" }));
    if is_silent {
        said.push(plain("script-silent"));
    }
    said.push(sent(tx, alert)?);
    said.push(match organisation.duty_desk_phone {
        Some(phone) => filled("script-call-back", &[("phone", PhoneNumber::spoken(&phone).into())]),
        None => plain("script-call-back-unknown"),
    });
    Ok(said)
}

/// Whether nobody may be rung on the survivor's phone: somebody else may have it.
pub(super) fn is_silent(tx: &mut Tx<'_>, alert: &AlertRow) -> Result<bool> {
    let is_duress = alert.rule_group == RuleGroup::Duress;
    // What is over says nothing of what is going on today.
    Ok(is_duress
        || alert.closed_at.is_none() && store::find_open(tx.conn, alert.survivor_id, RuleGroup::Duress)?.is_some())
}

/// What the survivor reported, in the words of the list of behaviours.
fn behaviours(alert: &AlertRow) -> Vec<String> {
    let codes = alert.facts.0.get("behaviours").cloned().unwrap_or_else(|| json!([]));
    let codes: Vec<String> = serde_json::from_value(codes).unwrap_or_default();
    let definitions = codes.iter().filter_map(|code| directory::behaviour(code));
    definitions
        .map(|behaviour| filled("script-behaviour", &[("definition", behaviour.definition.as_str().into())]))
        .collect()
}

/// Whether a force was sent a message; that one was is no promise of anything.
fn sent(tx: &mut Tx<'_>, alert: &AlertRow) -> Result<String> {
    let (Some(force), Some(_)) = (alert.police_organisation_id, alert.police_told_at) else {
        return Ok(plain("script-not-sent"));
    };
    let force = identity::find_organisation(tx.conn, force)?.map(|force| force.name).unwrap_or_default();
    Ok(filled("script-sent", &[("force", force.into())]))
}

fn plain(id: &str) -> String {
    say(Language::English, id)
}

fn filled(id: &str, with: &[Filled<'_>]) -> String {
    say_with(Language::English, id, with)
}

fn local(at: Instant) -> String {
    let zone = TimeZone::get(OPERATORS_ZONE).unwrap_or(TimeZone::UTC);
    at.timestamp().to_zoned(zone).strftime("%H:%M on %-d %B").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::escalation::model::Rule;
    use crate::words::find;

    #[test]
    fn every_rule_has_words_for_what_happened() {
        for rule in Rule::ALL {
            assert!(find(Language::English, &format!("script-happened-{rule}"), &[]).is_some(), "{rule}");
        }
    }

    #[test]
    fn the_hour_is_that_of_the_operators_clock_in_summer_too() {
        let at = |text: &str| local(text.parse().unwrap());
        assert_eq!(at("2026-11-21T20:14:00Z"), "20:14 on 21 November");
        assert_eq!(at("2026-07-01T20:14:00Z"), "21:14 on 1 July");
    }
}
