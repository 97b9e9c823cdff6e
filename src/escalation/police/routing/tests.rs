use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;

const FORCES: [&str; 4] = ["home", "derbyshire", "kent", "sussex"];

/// Something that happens to an alert or to a force.
#[derive(Clone, Debug)]
enum Happening {
    /// A trigger at a place, or at none that is known.
    Trigger(Option<usize>),
    /// A force takes messages, or does not: no endpoint, one out of use, or the force is kept out.
    Reachable(usize, bool),
    /// The ladder's police step comes round again.
    Repeat,
}

fn happening() -> impl Strategy<Value = Happening> {
    prop_oneof![
        3 => proptest::option::of(0..FORCES.len()).prop_map(Happening::Trigger),
        2 => (0..FORCES.len(), any::<bool>()).prop_map(|(force, on)| Happening::Reachable(force, on)),
        1 => Just(Happening::Repeat),
    ]
}

/// What the rules say, reported in the words of the rules: of each trigger who hears, and who hears as a holder.
#[derive(Default)]
struct Rules {
    holders: BTreeSet<&'static str>,
    /// Triggers that nobody has heard of yet, by the force that they were named for.
    waiting: BTreeSet<&'static str>,
}

impl Rules {
    fn notified(&mut self, reachable: &BTreeMap<&'static str, bool>) -> (BTreeSet<&'static str>, bool) {
        let mut heard: BTreeSet<&'static str> = self.holders.iter().copied().filter(|force| reachable[force]).collect();
        let mut still = BTreeSet::new();
        for force in std::mem::take(&mut self.waiting) {
            if reachable[force] {
                heard.insert(force);
            } else if reachable["home"] {
                heard.insert("home");
            } else {
                still.insert(force);
            }
        }
        self.waiting = still;
        self.holders.extend(&heard);
        (heard, !self.waiting.is_empty())
    }
}

/// The forces of an alert as the rows hold them.
#[derive(Default)]
struct Rows(Vec<Named>);

impl Rows {
    fn name(&mut self, force: &str) {
        match self.0.iter_mut().find(|row| row.force == force) {
            Some(row) => row.is_awaiting = true,
            None => self.0.push(Named { force: force.to_owned(), is_awaiting: true, holds: false }),
        }
    }

    fn apply(&mut self, route: &Route) {
        for force in &route.notify {
            self.name(force);
        }
        for row in &mut self.0 {
            if route.notify.contains(&row.force) {
                row.holds = true;
                row.is_awaiting = false;
            }
            row.is_awaiting &= !route.replaced.contains(&row.force);
        }
    }
}

proptest! {
    #[test]
    fn any_sequence_of_triggers_and_changes_notifies_exactly_the_forces_that_the_rules_name(
        happenings in proptest::collection::vec(happening(), 1..30),
    ) {
        let mut reachable: BTreeMap<&'static str, bool> = FORCES.iter().map(|force| (*force, true)).collect();
        let (mut rules, mut rows) = (Rules::default(), Rows::default());
        for happening in happenings {
            match happening {
                Happening::Reachable(force, is_on) => {
                    reachable.insert(FORCES[force], is_on);
                    continue;
                }
                Happening::Trigger(place) => {
                    let force = place.map_or("home", |place| FORCES[place]);
                    rules.waiting.insert(force);
                    rows.name(force);
                }
                Happening::Repeat => {}
            }
            let found = route(&rows.0, "home", |force| reachable[force]);
            rows.apply(&found);
            let (heard, is_unheard) = rules.notified(&reachable);
            prop_assert_eq!(found.notify.iter().map(String::as_str).collect::<BTreeSet<_>>(), heard);
            prop_assert_eq!(found.notify.len(), found.notify.iter().collect::<BTreeSet<_>>().len());
            prop_assert_eq!(!found.unheard.is_empty(), is_unheard);
        }
    }
}

#[test]
fn a_trigger_at_home_reaches_the_home_force_whatever_force_heard_of_the_one_before() {
    let rows = [
        Named { force: "sussex".into(), is_awaiting: false, holds: true },
        Named { force: "home".into(), is_awaiting: true, holds: false },
    ];
    assert_eq!(route(&rows, "home", |_| true).notify, ["sussex", "home"]);
}
