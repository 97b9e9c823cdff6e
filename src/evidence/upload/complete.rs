//! The end of an upload: the file is read back from where it is kept, and what it is and what was stated must agree. Only
//! then is it evidence.

use std::sync::Arc;

use aws_lc_rs::digest;
use tokio::sync::Semaphore;

use crate::app::App;
use crate::crypto::chunks::{Chunk, FileKey};
use crate::db::ObjectId;
use crate::error::{Code, Error, Result};
use crate::evidence::custody::{self, Circumstances};
use crate::evidence::model::{CHUNK_BYTES, ChunkRow, CustodyKind, DISPLAY, Evidence, ORIGINAL, object_name};
use crate::evidence::states::{EvidenceEvent, EvidenceState};
use crate::evidence::store;
use crate::evidence::strip::boxes::{Plan, Scanner};
use crate::evidence::strip::{self, CopyMethod};
use crate::evidence::upload::{self, media};
use crate::transitions::Mover;
use crate::tx::{Actor, Subject, Tx};

/// How many pictures, or descriptions of films, are held in memory at once.
static PICTURES: Semaphore = Semaphore::const_new(2);
/// Minutes after which the worker looks once for what broken requests left in the store.
const SWEEP_MINUTES: i64 = 60;

/// What reading a file back told.
struct ReadBack {
    sha256: Vec<u8>,
    head: Vec<u8>,
    /// What a copy for display may be made of.
    source: HeldUpload,
}

/// What is held while a file is read back.
enum HeldUpload {
    /// Nothing: there is no way to make a copy of this kind, or the file is too large.
    Nothing,
    /// All of it.
    Whole(Vec<u8>),
    /// What describes it; the rest is read once more.
    Boxes(Scanner),
}

impl HeldUpload {
    fn of(file: &Evidence) -> Self {
        match strip::way(&file.media_type, file.bytes) {
            Ok(CopyMethod::Whole) => Self::Whole(Vec::new()),
            Ok(CopyMethod::Boxes) => Self::Boxes(Scanner::default()),
            Err(_) => Self::Nothing,
        }
    }

    fn feed(&mut self, plain: &[u8]) {
        match self {
            Self::Nothing => {}
            Self::Whole(bytes) => bytes.extend_from_slice(plain),
            Self::Boxes(scanner) => scanner.feed(plain),
        }
    }
}

/// Completes an upload of which every byte has arrived; one of which not every byte has is left as it is.
///
/// # Errors
/// 422 when the file is not what was stated: then nothing of it is kept.
pub async fn complete(app: &App, actor: Actor, file: Evidence) -> Result<Evidence> {
    if file.state != EvidenceState::Uploading || file.received < file.bytes {
        return Ok(file);
    }
    let source = HeldUpload::of(&file);
    let _permit = if matches!(source, HeldUpload::Nothing) { None } else { PICTURES.acquire().await.ok() };
    let key = Arc::new(app.with_keys(|keys| file.key(keys)).await?);
    let told = read_back(app, &file, key.clone(), source).await?;
    if told.sha256 != file.sha256 {
        return refuse(app, actor, file, Code::HashMismatch).await;
    }
    if !media::agrees(&file.media_type, &told.head) {
        return refuse(app, actor, file, Code::MediaTypeMismatch).await;
    }
    let copy = match told.source {
        HeldUpload::Nothing => Vec::new(),
        HeldUpload::Whole(picture) => copy_whole(app, &file, key, picture).await?,
        HeldUpload::Boxes(scanner) => match scanner.plan(file.bytes.unsigned_abs()) {
            Some(plan) => copy_boxes(app, &file, key, plan).await?,
            None => Vec::new(),
        },
    };
    let (before, chunks) = (file.clone(), copy.clone());
    let kept = app.transact(actor, "complete_evidence", move |tx| keep(tx, &before, &chunks)).await;
    if kept.is_err() {
        upload::discard(app, file.id, &copy).await;
    }
    kept
}

/// Reads every chunk from the store, opens and hashes it. One chunk is in memory at a time, and what a copy is made of.
async fn read_back(app: &App, file: &Evidence, key: Arc<FileKey>, mut source: HeldUpload) -> Result<ReadBack> {
    let rows = chunks_of(app, file).await?;
    let mut context = digest::Context::new(&digest::SHA256);
    let mut head = Vec::new();
    for at in 0..rows.len() {
        let plain = open(app, file, &rows, at, &key).await?;
        let hashed = tokio::task::spawn_blocking(move || {
            context.update(&plain);
            source.feed(&plain);
            (plain, context, source)
        });
        let (plain, hashed, fed) = hashed.await.map_err(|_| Error::internal("reading back was cut off"))?;
        (context, source) = (hashed, fed);
        if head.len() < media::HEAD_BYTES {
            head.extend(plain.iter().copied().take(media::HEAD_BYTES - head.len()));
        }
    }
    Ok(ReadBack { sha256: context.finish().as_ref().to_vec(), head, source })
}

async fn chunks_of(app: &App, file: &Evidence) -> Result<Vec<ChunkRow>> {
    let id = file.id;
    app.db.read(move |conn| store::list_chunks(conn, id, ORIGINAL)).await
}

/// The bytes of one chunk of the original.
async fn open(app: &App, file: &Evidence, rows: &[ChunkRow], at: usize, key: &Arc<FileKey>) -> Result<Vec<u8>> {
    let row = rows.get(at).ok_or_else(|| Error::internal("a chunk of evidence that is none"))?;
    let sealed = app.objects.get(&object_name(file.id, row.object)).await?;
    let sealed = sealed.ok_or_else(|| Error::internal("a chunk of evidence is not in the store"))?;
    let (chunk, key) = (file.chunk(row.number, at + 1 == rows.len()), key.clone());
    let opened = tokio::task::spawn_blocking(move || key.open(chunk, &sealed)).await;
    opened.map_err(|_| Error::internal("opening a chunk was cut off"))?
}

/// Makes the copy of a picture that is held in memory; no chunks where there is none.
async fn copy_whole(app: &App, file: &Evidence, key: Arc<FileKey>, picture: Vec<u8>) -> Result<Vec<(ObjectId, i64)>> {
    let media_type = file.media_type.clone();
    let copy = tokio::task::spawn_blocking(move || strip::strip(&media_type, &picture)).await;
    let Some(copy) = copy.map_err(|_| Error::internal("making a copy was cut off"))? else { return Ok(Vec::new()) };
    let (mut objects, count) = (Vec::new(), copy.chunks(CHUNK_BYTES).count());
    for (number, plain) in copy.chunks(CHUNK_BYTES).enumerate() {
        objects.push(put(app, file, &key, (number, number + 1 == count), plain.to_vec()).await?);
    }
    Ok(objects)
}

/// Makes the copy of a film by reading it once more, chunk by chunk.
async fn copy_boxes(app: &App, file: &Evidence, key: Arc<FileKey>, plan: Plan) -> Result<Vec<(ObjectId, i64)>> {
    let (rows, mut objects, mut at) = (chunks_of(app, file).await?, Vec::new(), 0_u64);
    for number in 0..rows.len() {
        let mut plain = open(app, file, &rows, number, &key).await?;
        plan.apply(at, &mut plain);
        plain.truncate(usize::try_from(plan.length - at).unwrap_or(usize::MAX));
        at += plain.len() as u64;
        let is_last = at == plan.length;
        objects.push(put(app, file, &key, (number, is_last), plain).await?);
        if is_last {
            break;
        }
    }
    Ok(objects)
}

/// Seals a chunk of the copy and puts it into the store.
async fn put(
    app: &App,
    file: &Evidence,
    key: &Arc<FileKey>,
    (number, is_last): (usize, bool),
    plain: Vec<u8>,
) -> Result<(ObjectId, i64)> {
    let bytes = i64::try_from(plain.len()).unwrap_or(i64::MAX);
    let number = u32::try_from(number).unwrap_or(u32::MAX);
    let (chunk, key) = (Chunk { file: file.id.0, copy: DISPLAY, number, is_last }, key.clone());
    let sealed = tokio::task::spawn_blocking(move || key.seal(chunk, &plain)).await;
    let sealed = sealed.map_err(|_| Error::internal("sealing a copy was cut off"))??;
    let object = ObjectId::new(app.clock.now());
    app.objects.put(&object_name(file.id, object), sealed).await?;
    Ok((object, bytes))
}

fn keep(tx: &mut Tx<'_>, before: &Evidence, copy: &[(ObjectId, i64)]) -> Result<Evidence> {
    let display_bytes = (!copy.is_empty()).then(|| copy.iter().map(|(_, bytes)| bytes).sum());
    let file = Evidence {
        state: before.after(EvidenceEvent::Complete, &[Mover::System])?,
        display_bytes,
        kept_at: Some(tx.now),
        next_action_at: Some(tx.now.plus_minutes(SWEEP_MINUTES)),
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
