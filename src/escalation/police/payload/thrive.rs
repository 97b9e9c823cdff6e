//! The facts of an alert that help a THRIVE judgement, which is the police's to make: codes and numbers of what the
//! survivor reported, as far as the police may know it.
//!
//! Each message carries all that the alert has come to hold, so that an update drops nothing grave. What was reported in
//! the incidents that the alert tells of is sent under the alert's own setting; what other incidents tell only where the
//! survivor made them visible to police and shares incidents with the force.

use jiff::civil::Date;
use serde_json::{Value, json};

use super::model::{
    IncidentTrend, PossibleBreach, StatedCodes, StatedHarm, StatedNumber, StatedRating, ThriveEngagement, ThriveFacts,
    ThriveHarm, ThriveInvestigation, ThriveRisk, UNSTATED, VIA_DUTY_DESK,
};
use crate::consent::{Ledger, Scope};
use crate::db::{IncidentId, Instant, OrganisationId};
use crate::error::Result;
use crate::escalation::alerts::model::{AlertRow, RuleGroup};
use crate::escalation::alerts::{history, store};
use crate::identity::SurvivorRow;
use crate::incidents::{self, KnownIncident};
use crate::orders;
use crate::tx::Tx;
use crate::{evidence, safety};

/// Days over which incidents are counted, for each of the two stretches that a trend compares.
const TREND_DAYS: i64 = 7;
/// Days for which an incident other than the alert's own counts as part of what is going on.
const RECENT_DAYS: i64 = 90;
/// What is not known, or not the police's to know.
const NOT_STATED: &str = "not_stated";
/// That children were present when it happened.
const CHILDREN_PRESENT: &str = "children_present";
/// That a child of the household is at risk.
const CHILD_AT_RISK: &str = "child_at_risk";

/// What the survivor shares with a force now, beside the alert itself.
pub(in crate::escalation) struct Shares {
    pub(in crate::escalation) incidents: bool,
    pub(in crate::escalation) evidence: bool,
}

impl Shares {
    pub(in crate::escalation) fn load(tx: &mut Tx<'_>, alert: &AlertRow, force: OrganisationId) -> Result<Self> {
        let (ledger, now) = (Ledger::load(tx.conn, alert.survivor_id)?, tx.now);
        let may = |scope| ledger.may_share(scope, force, now).is_some();
        Ok(Self { incidents: may(Scope::SharePoliceIncident), evidence: may(Scope::SharePoliceEvidence) })
    }
}

/// The facts of an alert for a force, as they were at an instant.
pub(in crate::escalation) fn facts(
    tx: &mut Tx<'_>,
    alert: &AlertRow,
    survivor: &SurvivorRow,
    (force, at): (OrganisationId, Instant),
) -> Result<ThriveFacts> {
    let shares = Shares::load(tx, alert, force)?;
    let own = own_incidents(tx, alert)?;
    let since = at.plus_days(-RECENT_DAYS);
    let mut known = incidents::list_for_alert(tx.conn, &alert.record(), &own, since)?;
    known.retain(|incident| may_know(alert, &shares, own.contains(&incident.id), incident));
    // The latest that the alert tells of is first.
    known.sort_by_key(|incident| (!own.contains(&incident.id), std::cmp::Reverse(incident.received_at)));
    let shared: Vec<&KnownIncident> =
        known.iter().filter(|incident| shares.incidents && incident.is_for_police).collect();
    let mut threat: Vec<String> = Vec::new();
    for code in known.iter().flat_map(|incident| &incident.behaviours) {
        if !threat.contains(code) {
            threat.push(code.clone());
        }
    }
    let (incidents_7d, trend) = match shares.incidents {
        true => counted(&shared, at),
        false => (StatedNumber::of(None), IncidentTrend::NotStated),
    };
    let evidence = match shares.evidence {
        true => i64::try_from(evidence::count_for_police(tx.conn, &alert.record())?).ok(),
        false => None,
    };
    Ok(ThriveFacts {
        threat: if threat.is_empty() { StatedCodes::Unstated(UNSTATED) } else { StatedCodes::Codes(threat) },
        harm: harm(&shared),
        risk: ThriveRisk { rating: StatedRating::Rating(survivor.risk_rating), incidents_7d, trend },
        investigation: ThriveInvestigation {
            evidence_items: StatedNumber::of(evidence),
            possible_breach: breaches(tx, alert, &known)?,
        },
        vulnerability: vulnerability(tx, alert, survivor, (&shares, &shared))?,
        engagement: ThriveEngagement {
            contact: VIA_DUTY_DESK.to_owned(),
            police_may_contact: may_contact(alert, &known),
        },
    })
}

/// The incidents that the triggers of an alert named.
fn own_incidents(tx: &mut Tx<'_>, alert: &AlertRow) -> Result<Vec<IncidentId>> {
    let lines = store::list_history(tx.conn, alert.id)?;
    let mut own: Vec<IncidentId> =
        lines.iter().filter_map(history::facts_of).filter_map(|facts| facts.incident()).collect();
    own.extend(alert.facts().incident());
    Ok(own)
}

/// A danger that is happening is told whatever the visibility; of anything else only what the survivor means for police.
fn may_know(alert: &AlertRow, shares: &Shares, is_own: bool, incident: &KnownIncident) -> bool {
    let is_danger = matches!(alert.rule_group, RuleGroup::Emergency | RuleGroup::Duress);
    if is_own { is_danger || incident.is_for_police } else { shares.incidents && incident.is_for_police }
}

/// How many incidents the last week had, and whether that is more than in the week before.
fn counted(shared: &[&KnownIncident], at: Instant) -> (StatedNumber, IncidentTrend) {
    let (week, before) = (at.plus_days(-TREND_DAYS), at.plus_days(-2 * TREND_DAYS));
    let latest = shared.iter().filter(|incident| incident.received_at > week).count();
    let earlier =
        shared.iter().filter(|incident| incident.received_at > before && incident.received_at <= week).count();
    let trend = match latest.cmp(&earlier) {
        std::cmp::Ordering::Greater => IncidentTrend::Rising,
        std::cmp::Ordering::Equal => IncidentTrend::Steady,
        std::cmp::Ordering::Less => IncidentTrend::Falling,
    };
    (StatedNumber::of(i64::try_from(latest).ok()), trend)
}

/// The worst that was said of fear, and of how much it changed the survivor's life.
fn harm(shared: &[&KnownIncident]) -> StatedHarm {
    let Some(fear) = shared.iter().map(|incident| incident.fear).max() else { return StatedHarm::Unstated(UNSTATED) };
    let impact = shared.iter().filter_map(|incident| incident.impact).max();
    StatedHarm::Harm(ThriveHarm { fear, impact: StatedNumber::of(impact.map(i64::from)) })
}

/// The conditions of orders that the incidents may breach, each once.
fn breaches(tx: &mut Tx<'_>, alert: &AlertRow, known: &[KnownIncident]) -> Result<Vec<PossibleBreach>> {
    let linked = alert.orders(tx.conn)?;
    let mut found = Vec::new();
    for incident in known {
        let Some(condition) = incident.order_condition_id else { continue };
        let on: Date = crate::db::court_day(incident.happened_at);
        if let Some(live) = orders::find_live_condition(tx.conn, &linked, condition, on)? {
            let breach = PossibleBreach { order: live.order_kind, condition: live.code };
            if !found.contains(&breach) {
                found.push(breach);
            }
        }
    }
    Ok(found)
}

fn vulnerability(
    tx: &mut Tx<'_>,
    alert: &AlertRow,
    survivor: &SurvivorRow,
    (shares, shared): (&Shares, &[&KnownIncident]),
) -> Result<Vec<String>> {
    let interpreter = survivor.language.split('-').next().filter(|language| *language != "en");
    let mut vulnerable: Vec<String> =
        interpreter.map(|language| format!("interpreter:{language}")).into_iter().collect();
    if shared.iter().any(|incident| incident.children_present == Some(true)) {
        vulnerable.push(CHILDREN_PRESENT.to_owned());
    }
    if shares.incidents && safety::has_child_at_risk(tx, &alert.record())? {
        vulnerable.push(CHILD_AT_RISK.to_owned());
    }
    Ok(vulnerable)
}

/// Whether police may speak to the survivor: as they said in the incident that the alert tells of now.
fn may_contact(alert: &AlertRow, known: &[KnownIncident]) -> bool {
    let facts = alert.facts();
    let is_known = |id: IncidentId| known.iter().any(|known| known.id == id);
    facts.reported().is_some_and(|reported| reported.police_may_contact && is_known(reported.incident_id))
}

/// Takes out of facts that were queued what the police may not know any more; true where that was anything. Nothing is
/// ever added.
pub(in crate::escalation) fn narrow(queued: &mut Value, allowed: &Value) -> bool {
    let before = queued.clone();
    narrow_list(queued, allowed, "/threat", &json!(NOT_STATED));
    narrow_list(queued, allowed, "/investigation/possible_breach", &json!([]));
    narrow_list(queued, allowed, "/vulnerability", &json!([]));
    for path in ["/risk/incidents_7d", "/investigation/evidence_items", "/harm/fear", "/harm/impact"] {
        narrow_number(queued, allowed, path);
    }
    for path in ["/harm", "/risk/trend"] {
        let is_hidden = allowed.pointer(path).is_none_or(|value| value == NOT_STATED);
        if let Some(value) = queued.pointer_mut(path).filter(|_| is_hidden) {
            *value = json!(NOT_STATED);
        }
    }
    if allowed.pointer("/engagement/police_may_contact") != Some(&json!(true))
        && let Some(wish) = queued.pointer_mut("/engagement/police_may_contact")
    {
        *wish = json!(false);
    }
    *queued != before
}

fn narrow_list(queued: &mut Value, allowed: &Value, path: &str, nothing: &Value) {
    let Some(place) = queued.pointer_mut(path) else { return };
    let Some(list) = place.as_array_mut() else { return };
    let may = allowed.pointer(path).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let is_language = |value: &Value| value.as_str().is_some_and(|code| code.starts_with("interpreter:"));
    list.retain(|value| may.contains(value) || is_language(value));
    if list.is_empty() {
        place.clone_from(nothing);
    }
}

fn narrow_number(queued: &mut Value, allowed: &Value, path: &str) {
    let Some(place) = queued.pointer_mut(path) else { return };
    let Some(number) = place.as_i64() else { return };
    *place = match allowed.pointer(path).and_then(Value::as_i64) {
        Some(may) => json!(number.min(may)),
        None => json!(NOT_STATED),
    };
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn told(codes: &[&str], fear: i64, week: i64) -> Value {
        json!({"threat": codes, "harm": {"fear": fear, "impact": 1}, "risk": {"incidents_7d": week, "trend": "rising"},
            "investigation": {"evidence_items": 2, "possible_breach": [{"order": "spo", "condition": "x"}]},
            "vulnerability": ["interpreter:pl", CHILDREN_PRESENT], "engagement": {"police_may_contact": true}})
    }

    #[test]
    fn what_is_still_shared_stays_byte_for_byte() {
        let mut queued = told(&["attend_home", "weapon_seen"], 4, 3);
        let whole = queued.clone();
        assert!(!narrow(&mut queued, &told(&["weapon_seen", "attend_home", "threat_violence"], 4, 9)));
        assert_eq!(queued, whole);
    }

    #[test]
    fn what_is_taken_back_goes_and_the_rest_stays() {
        let mut queued = told(&["attend_home", "weapon_seen"], 4, 3);
        let nothing = json!({"threat": NOT_STATED, "harm": NOT_STATED, "risk": {"incidents_7d": NOT_STATED,
            "trend": NOT_STATED}, "investigation": {"evidence_items": NOT_STATED, "possible_breach": []},
            "vulnerability": [], "engagement": {"police_may_contact": false}});
        let mut less = queued.clone();
        assert!(narrow(&mut less, &told(&["attend_home"], 2, 1)));
        assert_eq!((&less["threat"], &less["harm"]["fear"]), (&json!(["attend_home"]), &json!(2)));
        assert!(narrow(&mut queued, &nothing));
        let interpreter = json!({"vulnerability": ["interpreter:pl"]});
        assert_eq!(queued["vulnerability"], interpreter["vulnerability"]);
        assert_eq!((&queued["threat"], &queued["harm"]), (&json!(NOT_STATED), &json!(NOT_STATED)));
    }

    proptest! {
        #[test]
        fn narrowing_never_adds_and_twice_is_once(
            queued in proptest::sample::subsequence(vec!["a", "b", "c"], 0..=3), fear in 0..5_i64, week in 0..9_i64,
            may in proptest::sample::subsequence(vec!["a", "b", "c"], 0..=3), may_fear in 0..5_i64, may_week in 0..9_i64,
        ) {
            let (mut facts, allowed) = (told(&queued, fear, week), told(&may, may_fear, may_week));
            narrow(&mut facts, &allowed);
            for code in facts["threat"].as_array().into_iter().flatten() {
                prop_assert!(queued.iter().any(|known| code == known) && may.iter().any(|known| code == known));
            }
            prop_assert!(facts["harm"]["fear"].as_i64().is_some_and(|found| found <= fear.min(may_fear)));
            prop_assert!(facts["risk"]["incidents_7d"].as_i64().is_some_and(|found| found <= week.min(may_week)));
            let once = facts.clone();
            prop_assert!(!narrow(&mut facts, &allowed));
            prop_assert_eq!(facts, once);
        }
    }
}
