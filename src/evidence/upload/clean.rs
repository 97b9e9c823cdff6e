//! The worker's step: uploads that were not finished in time end, those that arrived whole but whose request broke are
//! completed, what was taken back is destroyed after its week, and what no row names is destroyed. Each is found by `next_action_at`,
//! which only says when to look: what may be destroyed the row says, read again at that moment. What fails is tried again
//! later.

use std::collections::HashSet;

use super::complete;
use crate::app::App;
use crate::db::{DbConn, EvidenceId, Instant};
use crate::error::{Error, Result};
use crate::evidence::acts::FileStanding;
use crate::evidence::custody::{self, Circumstances};
use crate::evidence::model::{CustodyKind, Evidence, object_name};
use crate::evidence::states::{EvidenceEvent, EvidenceState};
use crate::evidence::{bundle, hold, remove, store};
use crate::transitions::Mover;
use crate::tx::{Actor, Subject, Tx};

/// Files looked at in one go.
const BATCH: i64 = 100;
/// Minutes until what failed is tried again: the store may be away for a while.
const AGAIN_MINUTES: i64 = 5;

/// Does what is due with files and bundles. Returns how many were looked at.
pub async fn clean(app: &App) -> Result<usize> {
    let now = app.clock.now();
    let due = app.db.read(move |conn| store::list_due(conn, now, BATCH)).await?;
    let mut done = 0;
    for id in due {
        done += 1;
        if let Err(error) = look_at(app, id, now).await {
            tracing::error!(evidence = %id, %error, "a file could not be tidied up; it is tried again");
            let later = now.plus_minutes(AGAIN_MINUTES);
            app.db.write(move |conn| store::put_off(conn, id, now, Some(later))).await?;
        }
    }
    Ok(done + bundle::clean(app, now).await?)
}

/// When anything is due next.
pub fn next_due(conn: &mut DbConn) -> Result<Option<Instant>> {
    let due = [store::next_due(conn)?, store::bundles::next_due(conn)?];
    Ok(due.into_iter().flatten().min())
}

async fn look_at(app: &App, id: EvidenceId, now: Instant) -> Result<()> {
    let Some(file) = app.db.read(move |conn| store::find_any(conn, id)).await? else { return Ok(()) };
    match file.state {
        EvidenceState::Uploading if file.received == file.bytes => {
            match complete::complete(app, Actor::System, file).await {
                // Refused, and told so in its row.
                Ok(_) | Err(Error::Invalid { .. }) => Ok(()),
                Err(error) => Err(error),
            }
        }
        EvidenceState::Uploading if file.expires_at <= now => {
            app.transact(Actor::System, "expire_evidence", move |tx| expire(tx, id)).await?;
            destroy_if_over(app, id, now).await
        }
        EvidenceState::Uploading => {
            let expires_at = file.expires_at;
            app.db.write(move |conn| store::put_off(conn, id, now, Some(expires_at))).await
        }
        EvidenceState::Kept => {
            sweep(app, id).await?;
            app.db.write(move |conn| store::put_off(conn, id, now, None)).await
        }
        EvidenceState::Held | EvidenceState::Locked => {
            sweep(app, id).await?;
            app.transact(Actor::System, "mind_evidence_hold", move |tx| hold::mind(tx, id)).await
        }
        EvidenceState::Removing => {
            app.transact(Actor::System, "destroy_evidence", move |tx| destroy_in_time(tx, id)).await?;
            destroy_if_over(app, id, now).await
        }
        EvidenceState::Sealed => app.transact(Actor::System, "mind_evidence_hold", move |tx| mind_sealed(tx, id)).await,
        EvidenceState::Removed | EvidenceState::Terminated | EvidenceState::Expired | EvidenceState::Refused => {
            destroy_if_over(app, id, now).await
        }
    }
}

/// Ends an upload whose time is over.
fn expire(tx: &mut Tx<'_>, id: EvidenceId) -> Result<()> {
    let found = store::find_any(tx.conn, id)?;
    let (now, is_over) = (Some(tx.now), |file: &Evidence| file.state == EvidenceState::Uploading);
    let Some(file) = found.filter(is_over) else {
        tx.outcome("not_due");
        return Ok(());
    };
    let state = file.after(EvidenceEvent::Expire, &[Mover::System])?;
    let expired = Evidence {
        state,
        file_key: None,
        name: None,
        upload_metadata: None,
        ended_at: now,
        next_action_at: now,
        ..file.clone()
    };
    if !store::update(tx.conn, &file, &expired)? {
        return Err(Error::write_conflict());
    }
    tx.about(Subject::of("evidence", id));
    custody::record(tx, &expired, CustodyKind::Expired, Circumstances::default())
}

/// Destroys a file that was taken back, once its time is over. It stays where it was disclosed, and while a second person
/// looks at a hold that was asked for.
fn destroy_in_time(tx: &mut Tx<'_>, id: EvidenceId) -> Result<()> {
    let (found, now) = (store::find_any(tx.conn, id)?, tx.now);
    let is_due = |file: &Evidence| {
        file.state == EvidenceState::Removing && file.next_action_at.is_some_and(|due_at| due_at <= now)
    };
    let Some(file) = found.filter(is_due) else {
        tx.outcome("not_due");
        return Ok(());
    };
    tx.about(Subject::of("evidence", id));
    let standing = FileStanding::of(tx.conn, &file, now)?;
    if standing.is_free().is_err() {
        tx.outcome("stays");
        return store::set_due(tx.conn, id, None);
    }
    let waited_for = standing.waiting().map(hold::waited_for_until).filter(|until| *until > now);
    if waited_for.is_some() {
        tx.outcome("waits_for_a_second_person");
        return store::set_due(tx.conn, id, waited_for);
    }
    remove::destroy(tx, &file, (EvidenceEvent::Destroy, &[Mover::System]), Circumstances::default())
}

/// Looks at a sealed file: nothing happens to it but that somebody is asked about a hold that ends.
fn mind_sealed(tx: &mut Tx<'_>, id: EvidenceId) -> Result<()> {
    let now = tx.now;
    store::put_off(tx.conn, id, now, None)?;
    hold::mind(tx, id)
}

/// Destroys every object of a file that is over for good. Its state is read once more: an upload may have been completed, or
/// a file restored, since the worker looked. A state that is over never changes.
async fn destroy_if_over(app: &App, id: EvidenceId, now: Instant) -> Result<()> {
    let found = app.db.read(move |conn| store::find_any(conn, id)).await?;
    if !found.is_some_and(|file| file.state.is_over()) {
        return Ok(());
    }
    for name in app.objects.list(&format!("files/{id}")).await? {
        app.objects.delete(&name).await?;
    }
    let work = move |conn: &mut DbConn| {
        store::delete_all_chunks(conn, id)?;
        store::put_off(conn, id, now, None)
    };
    app.db.write(work).await
}

/// Destroys the objects of a kept file that no row names: what broken requests left behind.
async fn sweep(app: &App, id: EvidenceId) -> Result<()> {
    let rows = app.db.read(move |conn| store::list_all_chunks(conn, id)).await?;
    let known: HashSet<String> = rows.iter().map(|row| object_name(id, row.object)).collect();
    for name in app.objects.list(&format!("files/{id}")).await? {
        if !known.contains(&name) {
            app.objects.delete(&name).await?;
        }
    }
    Ok(())
}
