//! State machines as tables: a row for each transition that is allowed, with who may make it and what must hold first.
//!
//! A feature keeps one table for each machine. [`transition`] is the only way to a next state, so what is in no table is
//! 409; [`actions`] reads the same table to tell a caller what is open to them now.

use std::fmt::Display;

use serde::Serialize;
use utoipa::ToSchema;

use crate::error::{Code, Error, Result};
use crate::identity::{Role, Staff};

/// Who may make a transition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mover {
    /// The survivor whose record it is.
    Survivor,
    /// Staff who hold a role.
    Role(Role),
    /// The software, because time passed.
    System,
}

/// A transition that is allowed. `G` is what its guard looks at; `()` for a machine without guards.
#[derive(Debug)]
pub struct Transition<S: 'static, E: 'static, G: 'static = ()> {
    /// The state before.
    pub from: S,
    /// What is done.
    pub event: E,
    /// The state after.
    pub to: S,
    /// Who may do it.
    pub by: &'static [Mover],
    /// What is still in the way, as a code; none where nothing does.
    pub unmet: fn(&G) -> Option<&'static str>,
}

/// The guard of a transition that always may be made.
pub fn always<G>(_: &G) -> Option<&'static str> {
    None
}

/// The movers that a member of staff is.
#[must_use]
pub fn movers(staff: &Staff) -> Vec<Mover> {
    Role::ALL.iter().copied().filter(|role| staff.is(*role)).map(Mover::Role).collect()
}

/// The state after an event.
///
/// # Errors
/// 409 where the table has no such transition or its guard is not met, 403 where another may make it.
pub fn transition<S: Copy + PartialEq + Display, E: Copy + PartialEq + Display, G>(
    table: &[Transition<S, E, G>],
    from: S,
    event: E,
    movers: &[Mover],
    guarded: &G,
) -> Result<S> {
    let mut rows = table.iter().filter(|row| row.from == from && row.event == event).peekable();
    if rows.peek().is_none() {
        return Err(Error::Conflict(Code::WrongState, format!("{event} is not possible in the state {from}").into()));
    }
    let row = rows.find(|row| row.by.iter().any(|mover| movers.contains(mover)));
    let row = row.ok_or(Error::Forbidden(Code::WrongRole))?;
    match (row.unmet)(guarded) {
        Some(needs) => Err(Error::Conflict(Code::GuardNotMet, format!("{event} needs {needs} first").into())),
        None => Ok(row.to),
    }
}

/// Something that the caller may do now.
#[serde_with::skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ActionView {
    /// What is done, as a code.
    #[schema(example = "submit")]
    pub event: String,
    /// The state that it leads to.
    #[schema(example = "submitted")]
    pub to: String,
    /// What must be done first, as a code; absent where it may be done at once.
    pub needs: Option<&'static str>,
}

/// The state of a record, and what the caller may do with it now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ActionsView {
    /// The state.
    #[schema(example = "draft")]
    pub state: String,
    /// What is open to the caller, in the table's order.
    pub actions: Vec<ActionView>,
}

/// What a caller may do with a record in a state.
pub fn actions<S: Copy + PartialEq + Display, E: Copy + Display, G>(
    table: &[Transition<S, E, G>],
    state: S,
    movers: &[Mover],
    guarded: &G,
) -> ActionsView {
    let open = table.iter().filter(|row| row.from == state && row.by.iter().any(|mover| movers.contains(mover)));
    let action = |row: &Transition<S, E, G>| ActionView {
        event: row.event.to_string(),
        to: row.to.to_string(),
        needs: (row.unmet)(guarded),
    };
    ActionsView { state: state.to_string(), actions: open.map(action).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SUPERVISOR: &[Mover] = &[Mover::Role(Role::Supervisor)];
    const ANYBODY: &[Mover] = &[Mover::Survivor, Mover::Role(Role::Supervisor)];

    fn has_key(key: &bool) -> Option<&'static str> {
        (!key).then_some("key")
    }

    const TABLE: &[Transition<&str, &str, bool>] = &[
        Transition { from: "open", event: "close", to: "shut", by: ANYBODY, unmet: always },
        Transition { from: "shut", event: "lock", to: "locked", by: SUPERVISOR, unmet: has_key },
    ];

    #[test]
    fn only_what_the_table_allows_is_taken() {
        assert_eq!(transition(TABLE, "open", "close", &[Mover::Survivor], &false).unwrap(), "shut");
        assert_eq!(transition(TABLE, "shut", "lock", SUPERVISOR, &true).unwrap(), "locked");
        let word = |from, event, movers: &[Mover], key| {
            transition(TABLE, from, event, movers, &key).unwrap_err().code().word()
        };
        assert_eq!(word("open", "lock", SUPERVISOR, true), "wrong_state");
        assert_eq!(word("shut", "lock", &[Mover::Survivor], true), "wrong_role");
        assert_eq!(word("shut", "lock", SUPERVISOR, false), "guard_not_met");
    }

    #[test]
    fn actions_tell_what_is_open_and_what_it_needs() {
        let shut = actions(TABLE, "shut", SUPERVISOR, &false);
        let lock = ActionView { event: "lock".into(), to: "locked".into(), needs: Some("key") };
        assert_eq!(shut, ActionsView { state: "shut".into(), actions: vec![lock] });
        assert!(actions(TABLE, "shut", &[Mover::Survivor], &true).actions.is_empty());
    }
}
