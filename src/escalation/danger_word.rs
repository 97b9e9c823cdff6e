//! The danger word, heard where the code word goes: the alert stays open and becomes silent, and an emergency of duress is
//! raised. Whoever typed it is told to say goodbye as if nothing had happened.

use super::{act, climb, store};
use crate::app::App;
use crate::crypto::Private;
use crate::db::{AlertId, DbConn};
use crate::error::{Code, Error, Result};
use crate::events::Event;
use crate::identity::{self, Staff};
use crate::tx::Tx;

/// Makes sure that a word typed to close an alert is not the survivor's danger word.
///
/// # Errors
/// 409 `in_danger` where it is.
pub(super) async fn hear(app: &App, staff: &Staff, action: &'static str, id: AlertId, word: &Private) -> Result<()> {
    let own = staff.organisation()?;
    let find = move |conn: &mut DbConn| Ok(store::find(conn, id)?.filter(|alert| alert.organisation_id == own));
    let Some(alert) = app.db.read(find).await? else { return Ok(()) };
    if !identity::is_danger_word(app, alert.survivor_id, word).await? {
        return Ok(());
    }
    let caller = staff.clone();
    let work = move |tx: &mut Tx<'_>| {
        let mut alert = act::own_alert(tx, &caller, id)?;
        tx.outcome("in_danger");
        if !alert.is_closed() && !alert.is_silent {
            alert.is_silent = true;
            climb::keep(tx, &mut alert)?;
        }
        tx.emit(Event::DangerWordHeard { survivor: alert.survivor_id });
        Ok(())
    };
    app.transact(staff.actor(), action, work).await?;
    Err(Error::Conflict(Code::InDanger, Code::InDanger.title().into()))
}
