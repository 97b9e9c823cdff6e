//! The end of an upload: the file is read back from where it is kept, and what it is and what was stated must agree. Only
//! then is it evidence.

use std::sync::Arc;

use aws_lc_rs::digest;
use tokio::sync::Semaphore;

use super::custody::{self, Circumstances};
use super::model::{
    CHUNK_BYTES, ChunkRow, CustodyKind, DISPLAY, Evidence, EvidenceEvent, EvidenceState, ORIGINAL, TRANSITIONS,
    object_name,
};
use super::{media, store, strip, upload};
use crate::access::{Mover, take};
use crate::app::App;
use crate::crypto::chunks::{Chunk, FileKey};
use crate::db::ObjectId;
use crate::error::{Code, Error, Result};
use crate::tx::{Actor, Subject, Tx};

/// The largest picture that a copy for display is made of; it is held in memory meanwhile.
const DISPLAY_BYTES: i64 = 48 * 1_024 * 1_024;
/// How many pictures are held in memory at once.
static PICTURES: Semaphore = Semaphore::const_new(2);
/// Minutes after which the worker looks once for what broken requests left in the store.
const SWEEP_MINUTES: i64 = 60;

/// What reading a file back told.
struct Told {
    sha256: Vec<u8>,
    head: Vec<u8>,
    /// All of it, where a copy for display may be made.
    picture: Option<Vec<u8>>,
}

/// Completes an upload of which every byte has arrived; one of which not every byte has is left as it is.
///
/// # Errors
/// 422 when the file is not what was stated: then nothing of it is kept.
pub async fn complete(app: &App, actor: Actor, file: Evidence) -> Result<Evidence> {
    if file.state != EvidenceState::Uploading || file.received < file.bytes {
        return Ok(file);
    }
    let may_show =
        matches!(file.media_type.as_str(), "image/jpeg" | "image/png" | "image/webp") && file.bytes <= DISPLAY_BYTES;
    let _permit = if may_show { PICTURES.acquire().await.ok() } else { None };
    let key = Arc::new(file.key(&app.keys)?);
    let told = read_back(app, &file, key.clone(), may_show).await?;
    if told.sha256 != file.sha256 {
        return refuse(app, actor, file, Code::HashMismatch).await;
    }
    if !media::agrees(&file.media_type, &told.head) {
        return refuse(app, actor, file, Code::MediaTypeMismatch).await;
    }
    let copy = match told.picture {
        Some(picture) => make_copy(app, &file, key, picture).await?,
        None => Vec::new(),
    };
    let (before, chunks) = (file.clone(), copy.clone());
    let kept = app.transact(actor, "complete_evidence", move |tx| keep(tx, &before, &chunks)).await;
    if kept.is_err() {
        upload::discard(app, file.id, &copy).await;
    }
    kept
}

/// Reads every chunk from the store, opens and hashes it. One chunk is in memory at a time, unless it is a picture.
async fn read_back(app: &App, file: &Evidence, key: Arc<FileKey>, keeps: bool) -> Result<Told> {
    let id = file.id;
    let rows = app.db.read(move |conn| store::list_chunks(conn, id, ORIGINAL)).await?;
    let mut context = digest::Context::new(&digest::SHA256);
    let (mut head, mut picture, last) = (Vec::new(), keeps.then(Vec::new), rows.len());
    for (at, row) in rows.iter().enumerate() {
        let sealed = app.objects.get(&object_name(id, row.object)).await?;
        let sealed = sealed.ok_or_else(|| Error::internal("a chunk of evidence is not in the store"))?;
        let (chunk, key) = (file.chunk(row.number, at + 1 == last), key.clone());
        let opened = tokio::task::spawn_blocking(move || {
            let plain = key.open(chunk, &sealed)?;
            context.update(&plain);
            Ok::<_, Error>((plain, context))
        });
        let (plain, hashed) = opened.await.map_err(|_| Error::internal("reading back was cut off"))??;
        context = hashed;
        if head.len() < media::HEAD_BYTES {
            head.extend(plain.iter().copied().take(media::HEAD_BYTES - head.len()));
        }
        if let Some(picture) = &mut picture {
            picture.extend_from_slice(&plain);
        }
    }
    Ok(Told { sha256: context.finish().as_ref().to_vec(), head, picture })
}

/// Makes the copy for display and puts it into the store; no chunks where there is none.
async fn make_copy(app: &App, file: &Evidence, key: Arc<FileKey>, picture: Vec<u8>) -> Result<Vec<(ObjectId, i64)>> {
    let (media_type, id) = (file.media_type.clone(), file.id.0);
    let sealed = tokio::task::spawn_blocking(move || {
        let Some(copy) = strip::strip(&media_type, &picture) else { return Ok(Vec::new()) };
        let (mut sealed, count) = (Vec::new(), copy.chunks(CHUNK_BYTES).count());
        for (number, plain) in (0_u32..).zip(copy.chunks(CHUNK_BYTES)) {
            let is_last = usize::try_from(number).is_ok_and(|number| number + 1 == count);
            let bytes = i64::try_from(plain.len()).unwrap_or(i64::MAX);
            sealed.push((key.seal(Chunk { file: id, copy: DISPLAY, number, is_last }, plain)?, bytes));
        }
        Ok::<_, Error>(sealed)
    });
    let sealed = sealed.await.map_err(|_| Error::internal("making a copy was cut off"))??;
    let mut objects = Vec::with_capacity(sealed.len());
    for (sealed, bytes) in sealed {
        let object = ObjectId::new(app.clock.now());
        app.objects.put(&object_name(file.id, object), sealed).await?;
        objects.push((object, bytes));
    }
    Ok(objects)
}

fn keep(tx: &mut Tx<'_>, before: &Evidence, copy: &[(ObjectId, i64)]) -> Result<Evidence> {
    let display_bytes = (!copy.is_empty()).then(|| copy.iter().map(|(_, bytes)| bytes).sum());
    let file = Evidence {
        state: take(TRANSITIONS, before.state, EvidenceEvent::Complete, &[Mover::System], &())?,
        display_bytes,
        kept_at: Some(tx.now),
        act_at: Some(tx.now.plus_minutes(SWEEP_MINUTES)),
        ..before.clone()
    };
    if !store::update(tx.conn, before, &file)? {
        return Err(Error::wrong_state("this upload is over"));
    }
    for (number, (object, bytes)) in (0..).zip(copy) {
        let (object, bytes) = (*object, *bytes);
        let row = ChunkRow { evidence_id: file.id, copy: DISPLAY.to_owned(), number, object, bytes };
        store::insert_chunk(tx.conn, row)?;
    }
    let kinds = [CustodyKind::Received, CustodyKind::Verified, CustodyKind::Copied];
    for kind in kinds.into_iter().take(if copy.is_empty() { 2 } else { 3 }) {
        custody::record(tx, &file, kind, Circumstances::default())?;
    }
    tx.about(Subject::of("evidence", file.id));
    Ok(file)
}

/// Ends an upload that is not what was stated.
async fn refuse(app: &App, actor: Actor, file: Evidence, code: Code) -> Result<Evidence> {
    let work = move |tx: &mut Tx<'_>| {
        tx.about(Subject::of("evidence", file.id));
        tx.outcome(code.word());
        upload::end(tx, &file, EvidenceEvent::Refuse, &[Mover::System], CustodyKind::Refused)
    };
    app.transact(actor, "refuse_evidence", work).await?;
    Err(Error::invalid(code))
}
