//! `holdfast create-admin`: the first account, from which all others come.

use std::io::Read;
use std::process::ExitCode;

use secrecy::ExposeSecret;

use super::start;
use crate::clock::Clock;
use crate::config::Config;
use crate::crypto::Private;
use crate::crypto::password::Typed;
use crate::db::StaffId;
use crate::http::limits;
use crate::identity::{self, Readiness};
use crate::tx::{Actor, Tx};

/// Makes an administrator with the password on standard input, and says whether there were others.
pub fn create_admin(config: Config, clock: Clock, username: String) -> Result<ExitCode, String> {
    let password = read_password()?;
    let app = start::open(config, clock, start::full())?;
    start::runtime()?.block_on(async move {
        let hash = app.hasher.hash(&Typed::password(&password)).await.map_err(|error| error.to_string())?;
        let known = app.db.read(identity::count_administrators).await.map_err(|error| error.to_string())?;
        let name = Private::from(username);
        let now = app.clock.now();
        let new = app.key_store.create_subject(StaffId::new(now), now).await.map_err(|error| error.to_string())?;
        let work = move |tx: &mut Tx<'_>| identity::create_admin(tx, new, &name, &hash);
        let (id, state) =
            app.transact(Actor::Operator, "create_admin", work).await.map_err(|error| format!("username: {error}"))?;
        say!("administrator {id}");
        if state == Readiness::AwaitingSecondPerson {
            say!("it is out of use until another administrator, or a supervisor, approves it");
        }
        if known > 0 {
            say!("administrators that were there before: {known}; none of them was changed");
        }
        Ok(ExitCode::SUCCESS)
    })
}

fn read_password() -> Result<Private, String> {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text).map_err(|error| format!("password: {error}"))?;
    let password = Private::from(text.trim_end_matches(['\r', '\n']));
    match limits::PASSWORD.fits(password.expose_secret()) {
        true => Ok(password),
        false => {
            Err(format!("password: it must be {} to {} characters", limits::PASSWORD.least, limits::PASSWORD.most))
        }
    }
}
