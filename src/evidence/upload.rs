//! Beginning an upload, and keeping what has arrived of it.

pub(super) mod clean;
pub(super) mod complete;
pub(super) mod media;
pub(super) mod range;
pub(super) mod receive;
pub(super) mod recorded;

use super::custody::{self, Circumstances};
use super::model::{ChunkRow, CustodyKind, Evidence, ORIGINAL, object_name};
use super::states::{EvidenceEvent, EvidenceState};
use super::{acts, store, tie};
use crate::access;
use crate::app::App;
use crate::crypto::chunks::FileKey;
use crate::crypto::{Private, SealedTable, reference, seal};
use crate::db::{DbConn, DeviceId, EvidenceId, IncidentId, Instant, ObjectId, StaffId, SurvivorId};
use crate::error::{Code, Error, Result};
use crate::identity::{self, ShownAct, Survivor};
use crate::incidents::{FileHome, Visibility};
use crate::transitions::Mover;
use crate::tx::{Subject, Tx};

/// Minutes after which the worker finishes an upload whose last request was cut off at the very end.
const FINISH_MINUTES: i64 = 2;

/// What a phone says of a file before it sends it.
#[derive(Clone)]
pub struct Stated {
    /// What it is; one of the types that are taken.
    pub media_type: String,
    /// How long it is.
    pub bytes: i64,
    /// Its SHA-256.
    pub sha256: [u8; 32],
    /// What the phone calls it.
    pub name: Option<Private>,
    /// The incident that it belongs to.
    pub incident: Option<IncidentId>,
    /// Who may see it, where it belongs to no incident.
    pub visibility: Visibility,
    /// When the phone recorded it.
    pub recorded_at: Option<Instant>,
    /// What a tus client said of it, as it was sent.
    pub metadata: Option<Private>,
}

/// Whose file it is, and by whom it reaches us: the survivor's phone, or a member of staff who records it for them.
pub(super) struct FileOrigin {
    /// Whose file it is.
    pub survivor: SurvivorId,
    /// The phone that sends it.
    pub device: Option<DeviceId>,
    /// Whether it comes from a session under duress.
    pub is_duress: bool,
    /// Who of the staff records it.
    pub recorded_by: Option<StaffId>,
}

/// Begins an upload: room is set aside for the whole file.
pub fn begin(tx: &mut Tx<'_>, who: &Survivor, stated: &Stated) -> Result<Evidence> {
    let origin = FileOrigin { survivor: who.id, device: Some(who.device), is_duress: who.is_duress, recorded_by: None };
    begin_from(tx, &origin, stated, |tx| stated.incident.map(|id| tie::home(tx, who, id)).transpose())
}

/// The same for either origin; `home` finds what the file belongs to.
pub(super) fn begin_from(
    tx: &mut Tx<'_>,
    origin: &FileOrigin,
    stated: &Stated,
    home: impl FnOnce(&mut Tx<'_>) -> Result<Option<FileHome>>,
) -> Result<Evidence> {
    set_room_aside(tx, origin, stated)?;
    let (incident_id, draft_id) = match home(tx)? {
        Some(FileHome::Incident(id)) => (Some(id), None),
        Some(FileHome::Draft(id)) => (None, Some(id)),
        None => (None, None),
    };
    let id = EvidenceId::new(tx.now);
    let (_, key) = FileKey::generate()?;
    let keys = tx.keys;
    let expires_at = tx.now.plus_hours(i64::from(tx.settings.evidence.upload_hours));
    let new = Evidence::sealing(keys, origin.survivor, id);
    let file = Evidence {
        id,
        survivor_id: origin.survivor,
        reference: reference::generate("EV")?,
        state: EvidenceState::Uploading,
        incident_id,
        visibility: if draft_id.is_some() { Visibility::Private } else { stated.visibility },
        media_type: stated.media_type.clone(),
        name: seal!(new.name, &stated.name)?,
        bytes: stated.bytes,
        received: 0,
        chunks: 0,
        sha256: stated.sha256.to_vec(),
        file_key: Some(seal!(new.file_key, &key)?),
        display_bytes: None,
        is_duress: origin.is_duress,
        device_id: origin.device,
        recorded_at: stated.recorded_at.unwrap_or(tx.now),
        created_at: tx.now,
        kept_at: None,
        ended_at: None,
        expires_at,
        next_action_at: Some(expires_at),
        draft_id,
        upload_metadata: seal!(new.upload_metadata, &stated.metadata)?,
        destroy_because: None,
        destroy_asked_by: None,
        destroy_asked_at: None,
        sealed_from: None,
        sealed_act_at: None,
        recorded_by: origin.recorded_by,
        is_off_phone: origin.recorded_by.is_some(),
    };
    store::insert(tx.conn, file.clone())?;
    tx.about(Subject::of("evidence", id));
    Ok(file)
}

/// Makes sure that there is room for a file.
fn set_room_aside(tx: &mut Tx<'_>, origin: &FileOrigin, stated: &Stated) -> Result<()> {
    let limits = &tx.settings.evidence;
    if stated.bytes < 1 {
        return Err(Error::field("/bytes", "not_allowed", "a file has at least one byte"));
    }
    if stated.bytes > limits.file_bytes {
        return Err(Error::invalid(Code::FileTooLarge));
    }
    // One at a time: of two that begin at once the second counts the first.
    identity::lock_survivor(tx.conn, origin.survivor)?;
    // Under duress the room is that of a phone on which nothing else was kept: what is left of it would tell of the rest.
    let counted: &[bool] = if origin.is_duress { &[true] } else { &[false, true] };
    match store::sum_bytes(tx.conn, origin.survivor, counted)?.saturating_add(stated.bytes) > limits.quota_bytes {
        true => Err(Error::invalid(Code::QuotaExceeded)),
        false => Ok(()),
    }
}

/// An upload of the caller's own that is still open to them. In a session under duress only what was begun in one.
///
/// # Errors
/// 404 where there is none, 410 where it has ended.
pub async fn find_open(app: &App, who: &Survivor, id: EvidenceId) -> Result<Evidence> {
    still_open(find(app, who, id).await?, app.clock.now())
}

/// A file that is here, or an upload that may go on.
///
/// # Errors
/// 410 where it has ended.
pub(super) fn still_open(file: Evidence, now: Instant) -> Result<Evidence> {
    let is_over = file.state == EvidenceState::Uploading && file.expires_at <= now;
    match file.state {
        EvidenceState::Uploading if !is_over => Ok(file),
        EvidenceState::Kept | EvidenceState::Held => Ok(file),
        _ => {
            Err(Error::Invalid { code: Code::UploadGone, detail: Code::UploadGone.title().into(), fields: Vec::new() })
        }
    }
}

/// A file of the caller's own.
///
/// # Errors
/// 404 where there is none.
pub async fn find(app: &App, who: &Survivor, id: EvidenceId) -> Result<Evidence> {
    let who = who.clone();
    let find = move |conn: &mut DbConn| {
        let known = find_known(conn, &who, id)?.filter(|file| !file.state.is_off_screens());
        known.ok_or(Error::NotFound)
    };
    app.db.read(find).await
}

/// A file of the caller's own, as this session knows it: under duress only one that was begun under duress, in the state that was
/// shown; in any other session none of these.
pub(super) fn find_known(conn: &mut DbConn, who: &Survivor, id: EvidenceId) -> Result<Option<Evidence>> {
    let found = store::find_own(conn, &access::own(who), id)?;
    match found.filter(|file| file.is_duress == who.is_duress) {
        Some(file) if who.is_duress => acts::as_shown(conn, file).map(Some),
        known => Ok(known),
    }
}

/// Keeps chunks that stand in the object store already, at the end of what has arrived.
///
/// # Errors
/// 409 when the upload has moved on meanwhile.
pub fn keep(tx: &mut Tx<'_>, before: &Evidence, arrived: &[(ObjectId, i64)]) -> Result<Evidence> {
    let mut file = before.clone();
    let row = |file: &Evidence, (object, bytes): (ObjectId, i64)| ChunkRow {
        evidence_id: file.id,
        copy: ORIGINAL.to_owned(),
        number: file.chunks,
        object,
        bytes,
    };
    let mut rows = Vec::with_capacity(arrived.len());
    for (object, bytes) in arrived {
        rows.push(row(&file, (*object, *bytes)));
        file.chunks += 1;
        file.received += bytes;
    }
    file.next_action_at =
        Some(if file.received == file.bytes { tx.now.plus_minutes(FINISH_MINUTES) } else { file.expires_at });
    if file.state != EvidenceState::Uploading || !store::update(tx.conn, before, &file)? {
        return Err(Error::Conflict(Code::OffsetMismatch, Code::OffsetMismatch.title().into()));
    }
    for row in rows {
        store::insert_chunk(tx.conn, row)?;
    }
    tx.about(Subject::of("evidence", file.id));
    Ok(file)
}

/// Forgets what has arrived of an upload, which begins again. Answers what is left of it in the store, to be discarded.
///
/// # Errors
/// 409 when the upload has moved on meanwhile.
pub fn restart(tx: &mut Tx<'_>, before: &Evidence) -> Result<(Evidence, Vec<(ObjectId, i64)>)> {
    let file = Evidence { received: 0, chunks: 0, next_action_at: Some(before.expires_at), ..before.clone() };
    let left = store::list_chunks(tx.conn, file.id, ORIGINAL)?;
    store::delete_chunks(tx.conn, file.id)?;
    if file.state != EvidenceState::Uploading || !store::update(tx.conn, before, &file)? {
        return Err(Error::wrong_state("this upload is over"));
    }
    tx.about(Subject::of("evidence", file.id));
    Ok((file, left.into_iter().map(|row| (row.object, row.bytes)).collect()))
}

/// Gives an upload up; its bytes are destroyed by the worker.
///
/// # Errors
/// 404 where there is none, 409 where it is over.
pub fn terminate(tx: &mut Tx<'_>, who: &Survivor, id: EvidenceId) -> Result<()> {
    let found = store::find_own(tx.conn, &access::own(who), id)?;
    let file = found.filter(|file| file.is_duress == who.is_duress).ok_or(Error::NotFound)?;
    tx.about(Subject::of("evidence", id));
    if file.state.is_off_screens() {
        return Err(Error::NotFound);
    }
    if who.is_duress {
        // Nothing that was sent is destroyed in such a session; a second attempt is answered as a genuine one's is.
        let shown = acts::as_shown(tx.conn, file)?;
        if shown.state.is_off_screens() {
            return Err(Error::NotFound);
        }
        shown.after(EvidenceEvent::Terminate, &[Mover::Survivor])?;
        return identity::show(tx, who.id, ShownAct::Delete, id);
    }
    end(tx, &file, EvidenceEvent::Terminate, &[Mover::Survivor], CustodyKind::Terminated)
}

/// Ends a file or an upload: the key is destroyed now, the bytes by the worker at once.
pub(super) fn end(
    tx: &mut Tx<'_>,
    file: &Evidence,
    event: EvidenceEvent,
    by: &[Mover],
    kind: CustodyKind,
) -> Result<()> {
    end_about(tx, file, event, by, (kind, Circumstances::default()))
}

/// The same with what custody is to say of it.
pub(super) fn end_about(
    tx: &mut Tx<'_>,
    file: &Evidence,
    event: EvidenceEvent,
    by: &[Mover],
    (kind, about): (CustodyKind, Circumstances<'_>),
) -> Result<()> {
    let (now, state) = (tx.now, file.after(event, by)?);
    // When it was taken back, and why it was to be destroyed, stays known.
    let ended = Evidence {
        state,
        file_key: None,
        name: None,
        upload_metadata: None,
        display_bytes: None,
        ended_at: file.ended_at.or(Some(now)),
        next_action_at: Some(now),
        ..file.clone()
    };
    if !store::update(tx.conn, file, &ended)? {
        return Err(Error::write_conflict());
    }
    custody::record(tx, &ended, kind, about)?;
    tx.notify_worker();
    Ok(())
}

/// Destroys objects that no row names: what was being sent when a request broke.
pub async fn discard(app: &App, id: EvidenceId, objects: &[(ObjectId, i64)]) {
    for (object, _) in objects {
        // What stays behind here is found by the worker.
        let _left = app.objects.delete(&object_name(id, *object)).await;
    }
}
