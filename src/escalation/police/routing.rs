//! Which forces are notified of an alert: a pure function of who was named, who holds it, and who can be reached.
//!
//! A trigger names the force of its own place, else the survivor's home force, whatever an earlier trigger did. A force
//! that was sent the alert holds it, and is notified of what follows. The home force substitutes for a named force that
//! cannot be reached; where it cannot be reached either, nobody of the police hears, and people have to ring.

#[cfg(test)]
mod tests;

/// A force of an alert.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Its id.
    pub force: String,
    /// Whether a trigger named it that it was sent nothing of.
    pub is_awaiting: bool,
    /// Whether it was sent the alert.
    pub holds: bool,
}

/// What follows for the forces of an alert.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Route {
    /// The forces to notify.
    pub notify: Vec<String>,
    /// The named forces that the home force substitutes for.
    pub replaced: Vec<String>,
    /// The named forces that nobody substitutes for.
    pub unheard: Vec<String>,
}

/// The forces to notify of an alert now.
pub fn route(forces: &[Named], home: &str, is_reachable: impl Fn(&str) -> bool) -> Route {
    let mut route = Route::default();
    for named in forces.iter().filter(|named| named.is_awaiting || named.holds) {
        if is_reachable(&named.force) {
            route.add(&named.force);
        } else if !named.is_awaiting {
            // It holds the alert and was sent all that it was named for: nobody need stand in.
        } else if named.force != home && is_reachable(home) {
            route.add(home);
            route.replaced.push(named.force.clone());
        } else {
            route.unheard.push(named.force.clone());
        }
    }
    route
}

impl Route {
    fn add(&mut self, force: &str) {
        if !self.notify.iter().any(|known| known == force) {
            self.notify.push(force.to_owned());
        }
    }
}
