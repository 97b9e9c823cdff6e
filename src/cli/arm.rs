//! `holdfast arm` and `holdfast disarm`.

use std::process::ExitCode;

use super::start;
use crate::clock::Clock;
use crate::config::Config;
use crate::installation;
use crate::tx::{Actor, Tx};

/// Lets this installation send from where its database is now, as this command sees it. The audit keeps that an operator
/// did.
pub fn arm(config: Config, clock: Clock) -> Result<ExitCode, String> {
    let app = start::open_existing(config, clock)?;
    let found = app.db.read_here(|conn| installation::place_of(app.db.target(), conn));
    let place = found.map_err(|error| error.to_string())?;
    let here = place.clone();
    let work = move |tx: &mut Tx<'_>| installation::arm(tx, &here);
    let armed = start::runtime()?.block_on(app.transact(Actor::Operator, "arm", work));
    match armed.map_err(|error| error.to_string())? {
        true => say!(
            "armed for {place}: what waits is sent from there, by a server that runs or by the next one that starts"
        ),
        false => say!("it was armed already, for {place}"),
    }
    Ok(ExitCode::SUCCESS)
}

/// Lets this installation send nothing from now on: a copy that has its original's place is not seen as one. The audit keeps
/// that an operator did.
pub fn disarm(config: Config, clock: Clock) -> Result<ExitCode, String> {
    let app = start::open_existing(config, clock)?;
    let work = |tx: &mut Tx<'_>| installation::disarm(tx.conn, tx.now);
    let disarmed = start::runtime()?.block_on(app.transact(Actor::Operator, "disarm", work));
    disarmed.map_err(|error| error.to_string())?;
    say!("disarmed: police and people are sent nothing until an operator runs `holdfast arm`");
    Ok(ExitCode::SUCCESS)
}
