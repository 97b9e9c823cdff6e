//! Behaviours by the limbs of the Protection from Harassment Act 1997, s.2A(3), that they may fall under, and occasions
//! (s.7). Indicative only: software computes a pattern, and a court finds what it amounts to. Pure.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::signs::{Ground, SignIncident};
use crate::db::Instant;
use crate::directory;

/// The limbs in the Act's order, and what falls under none of them.
const LIMBS: [(&str, &str); 8] = [
    ("a", "following a person"),
    ("b", "contacting, or attempting to contact, a person by any means"),
    ("c", "publishing a statement or other material about a person, or purporting to come from them"),
    ("d", "monitoring a person's use of the internet, e-mail or other electronic communication"),
    ("e", "loitering in any place, public or private"),
    ("f", "interfering with any property in a person's possession"),
    ("g", "watching or spying on a person"),
    ("x", "none of the examples that the Act gives"),
];

/// What may fall under one limb.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct LimbView {
    /// The limb: a to g; x for none of them.
    #[schema(value_type = String, example = "b")]
    pub limb: &'static str,
    /// What the Act calls it.
    #[schema(value_type = String)]
    pub meaning: &'static str,
    /// Behaviour codes, in order.
    pub behaviours: Vec<String>,
    /// Days on which there was an incident with one of them.
    pub occasions: usize,
    /// The incidents, the earliest first.
    pub evidence: Vec<Ground>,
}

/// On how many occasions something happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct OccasionsView {
    /// Days on which there was an incident.
    pub count: usize,
    /// Whether there are two or more (s.7): indicative, not a finding.
    pub is_two_or_more: bool,
    /// The same in words.
    pub reason: String,
}

/// What may fall under each limb; limbs without an incident are left out.
#[must_use]
pub fn limbs(incidents: &[SignIncident]) -> Vec<LimbView> {
    let mut found: BTreeMap<&str, (BTreeSet<&str>, Vec<&SignIncident>)> = BTreeMap::new();
    for told in incidents {
        let mut of_it = BTreeSet::new();
        for behaviour in told.behaviours.iter().filter_map(|code| directory::behaviour(code)) {
            for limb in &behaviour.indicative_limbs {
                found.entry(limb).or_default().0.insert(&behaviour.code);
                of_it.insert(limb.as_str());
            }
        }
        for limb in of_it {
            found.entry(limb).or_default().1.push(told);
        }
    }
    let view = |(limb, meaning): (&'static str, &'static str)| {
        let (behaviours, mut of_it) = found.remove(limb)?;
        of_it.sort_by_key(|told| (told.at, told.id));
        Some(LimbView {
            limb,
            meaning,
            behaviours: behaviours.into_iter().map(str::to_owned).collect(),
            occasions: days(of_it.iter().map(|told| told.at)).len(),
            evidence: of_it.iter().map(|told| Ground { incident_id: told.id, happened_at: told.at }).collect(),
        })
    };
    LIMBS.into_iter().filter_map(view).collect()
}

/// The occasions of all incidents.
#[must_use]
pub fn occasions(incidents: &[SignIncident]) -> OccasionsView {
    let count = days(incidents.iter().map(|told| told.at)).len();
    let reason = match count {
        0 | 1 => format!("{count} occasions: fewer than two."),
        _ => format!(
            "{count} occasions: two or more, which section 7 of the Protection from Harassment Act 1997 asks for. A \
             pattern that software computed, indicative only; not a finding."
        ),
    };
    OccasionsView { count, is_two_or_more: count >= 2, reason }
}

/// Occasions are days by the calendar of the courts.
fn days(at: impl Iterator<Item = Instant>) -> BTreeSet<Date> {
    at.map(crate::db::court_day).collect()
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::db::IncidentId;

    fn told(id: u128, at: &str, behaviours: &[&str]) -> SignIncident {
        let behaviours = behaviours.iter().map(|code| (*code).to_owned()).collect();
        SignIncident { id: IncidentId(Uuid::from_u128(id)), at: at.parse().unwrap(), severity: 1, behaviours }
    }

    #[test]
    fn a_behaviour_stands_under_each_of_its_limbs_and_a_day_is_one_occasion() {
        let all = [
            told(1, "2026-11-01T10:00:00Z", &["track_device", "message_text"]),
            told(2, "2026-11-01T18:00:00Z", &["message_email"]),
            told(3, "2026-11-02T10:00:00Z", &["weapon_seen"]),
        ];
        let found = limbs(&all);
        let shown: Vec<_> = found.iter().map(|view| (view.limb, view.occasions, view.evidence.len())).collect();
        assert_eq!(shown, [("a", 1, 1), ("b", 1, 2), ("f", 1, 1), ("g", 1, 1), ("x", 1, 1)]);
        assert_eq!(found[1].behaviours, ["message_email", "message_text"]);
        assert_eq!(occasions(&all).count, 2);
    }

    #[test]
    fn two_occasions_are_indicative_and_one_is_not_enough() {
        let one = [told(1, "2026-11-01T10:00:00Z", &["loiter"]), told(2, "2026-11-01T11:00:00Z", &["loiter"])];
        assert!(!occasions(&one).is_two_or_more && !occasions(&[]).is_two_or_more);
        let two = [told(1, "2026-11-01T10:00:00Z", &["loiter"]), told(2, "2026-11-02T11:00:00Z", &["loiter"])];
        let view = occasions(&two);
        assert!(view.is_two_or_more && view.reason.contains("not a finding"));
    }

    #[test]
    fn every_limb_that_a_behaviour_names_is_known() {
        let known: Vec<&str> = LIMBS.iter().map(|(limb, _)| *limb).collect();
        for behaviour in directory::behaviours() {
            assert!(behaviour.indicative_limbs.iter().all(|limb| known.contains(&limb.as_str())), "{}", behaviour.code);
        }
    }
}
