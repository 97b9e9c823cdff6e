//! Reading files: who may, and the bytes, opened chunk by chunk as they are sent. The custody event commits before the
//! first byte leaves.

use std::sync::Arc;

use actix_web::body::SizedStream;
use actix_web::http::header;
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse};
use futures_util::stream;

use super::custody::{self, Circumstances, CustodyView};
use super::model::{ChunkRow, CustodyEvent, CustodyKind, DISPLAY, Evidence, ORIGINAL, object_name};
use super::store;
use super::upload::range::AskedRange;
use super::upload::{self, media};
use crate::access::{self, SurvivorAccess};
use crate::app::App;
use crate::crypto::chunks::{Chunk, FileKey};
use crate::crypto::{Keys, Private};
use crate::db::{AlertId, DbConn, DisclosureId, EvidenceId, IncidentId, StaffId, SubjectId, SurvivorId};
use crate::error::{Code, Error, Result};
use crate::http::page::Cursor;
use crate::identity::{Staff, Survivor};
use crate::incidents::{self, Visibility};
use crate::tx::{Subject, Tx};

/// Files looked at in one go, for a page of those that are visible.
const AT_ONCE: i64 = 400;

/// Which copy is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Copy {
    /// As it was sent.
    Original,
    /// Without what a camera writes beside the picture.
    Display,
}

/// A file that may be sent now.
pub struct Content {
    file: Evidence,
    copy: &'static str,
    bytes: i64,
    chunks: Vec<ChunkRow>,
    key: Arc<FileKey>,
}

impl Content {
    fn load(conn: &mut DbConn, keys: &Keys, file: Evidence, copy: Copy) -> Result<Self> {
        let (copy, bytes) = match copy {
            Copy::Original => (ORIGINAL, file.bytes),
            Copy::Display => (DISPLAY, file.display_bytes.ok_or(Error::NotFound)?),
        };
        let (chunks, key) = (store::list_chunks(conn, file.id, copy)?, Arc::new(file.key(keys)?));
        Ok(Self { file, copy, bytes, chunks, key })
    }

    /// How long it is.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes.unsigned_abs()
    }

    /// Opens the chunk at a place.
    ///
    /// # Errors
    /// When the store does not have it, or it was changed.
    pub(super) async fn open(&self, app: &App, at: usize) -> Result<Option<Vec<u8>>> {
        let Some(row) = self.chunks.get(at) else { return Ok(None) };
        let sealed = app.objects.get(&object_name(self.file.id, row.object)).await?;
        let sealed = sealed.ok_or_else(|| Error::internal("a chunk of evidence is not in the store"))?;
        let (number, is_last) = (row.number.unsigned_abs(), at + 1 == self.chunks.len());
        let (chunk, key) = (Chunk { file: self.file.id.0, copy: self.copy, number, is_last }, self.key.clone());
        let opened = tokio::task::spawn_blocking(move || key.open(chunk, &sealed)).await;
        opened.map_err(|_| Error::internal("opening a chunk was cut off"))?.map(Some)
    }

    /// The answer that sends it. Always a download, whatever it is: nothing that a survivor was sent runs in a browser
    /// of ours.
    #[must_use]
    pub fn respond(self, app: &App) -> HttpResponse {
        self.send(app, AskedRange::Whole)
    }

    /// The answer that sends it, or the part of it that a player asks for.
    #[must_use]
    pub fn respond_to(self, app: &App, http: &HttpRequest) -> HttpResponse {
        let asked = AskedRange::of(http, self.bytes(), &self.tag());
        self.send(app, asked)
    }

    /// The `ETag` of these bytes, which never change.
    fn tag(&self) -> String {
        format!("\"{}-{}\"", self.copy, self.file.sha256_text())
    }

    fn send(self, app: &App, asked: AskedRange) -> HttpResponse {
        let (tag, whole) = (self.tag(), self.bytes());
        let (mut response, first, length) = match asked {
            AskedRange::Whole => (HttpResponse::Ok(), 0, whole),
            AskedRange::Part(first, last) => {
                let mut response = HttpResponse::PartialContent();
                response.insert_header((header::CONTENT_RANGE, format!("bytes {first}-{last}/{whole}")));
                (response, first, (last + 1).saturating_sub(first))
            }
        };
        let ending = media::ending(&self.file.media_type);
        let disposition = format!("attachment; filename=\"{}.{ending}\"", self.file.reference);
        response
            .insert_header((header::CONTENT_DISPOSITION, disposition))
            .insert_header((header::CONTENT_TYPE, self.file.media_type.clone()))
            .insert_header((header::ACCEPT_RANGES, "bytes"))
            .insert_header((header::ETAG, tag));
        let (at, skip) = self.chunk_of(first);
        let part =
            stream::try_unfold((app.clone(), self, at, skip, length), |(app, content, at, skip, left)| async move {
                if left == 0 {
                    return Ok(None);
                }
                let opened = content.open(&app, at).await?;
                Ok::<_, Error>(opened.map(|plain| {
                    let bytes = Bytes::from(plain);
                    let end = bytes.len().min(skip.saturating_add(usize::try_from(left).unwrap_or(usize::MAX)));
                    let sent = bytes.slice(skip.min(end)..end);
                    let left = left.saturating_sub(sent.len() as u64);
                    (sent, (app, content, at + 1, 0, left))
                }))
            });
        response.body(SizedStream::new(length, Box::pin(part)))
    }

    /// The chunk that a byte is in, and how many bytes of the chunk stand before it.
    fn chunk_of(&self, byte: u64) -> (usize, usize) {
        let mut before = 0_u64;
        for (at, row) in self.chunks.iter().enumerate() {
            let end = before + row.bytes.unsigned_abs();
            if byte < end {
                return (at, usize::try_from(byte - before).unwrap_or(usize::MAX));
            }
            before = end;
        }
        (self.chunks.len(), 0)
    }
}

/// A file for reading into a bundle.
///
/// # Errors
/// 404 where its key is gone.
pub fn load(conn: &mut DbConn, keys: &Keys, file: Evidence, copy: Copy) -> Result<Content> {
    Content::load(conn, keys, file, copy)
}

/// One of the survivor's own files, for reading; it is in its custody, not in the audit.
///
/// # Errors
/// 404 where there is none that is here whole.
pub async fn open_own(app: &App, who: &Survivor, id: EvidenceId, (copy, is_part): (Copy, bool)) -> Result<Content> {
    let (who, now) = (who.clone(), app.clock.now());
    let work = move |conn: &mut DbConn, keys: &Keys| {
        let actor = who.actor();
        let file = upload::find_known(conn, &who, id)?.filter(|file| file.state.is_stored()).ok_or(Error::NotFound)?;
        let content = Content::load(conn, keys, file, copy)?;
        if !(is_part && custody::is_read_going_on(conn, &actor, now, id)?) {
            custody::append(conn, (keys, &actor, now), &content.file, CustodyKind::Read, Circumstances::default())?;
        }
        Ok(content)
    };
    app.write(work).await
}

/// Of some files of a survivor, those that are visible at least so far: a file of an incident as the incident is, one of
/// none by its own word.
pub fn only_visible(
    conn: &mut DbConn,
    access: &SurvivorAccess,
    least: Visibility,
    files: Vec<Evidence>,
) -> Result<Vec<Evidence>> {
    let linked: Vec<_> = files.iter().filter_map(|file| file.incident_id).collect();
    let visible = incidents::visible_among(conn, access, least, &linked)?;
    let least = least.max(Visibility::Advocate);
    let is_visible = |file: &Evidence| match file.incident_id {
        Some(incident) => visible.contains(&incident),
        None => file.visibility >= least,
    };
    Ok(files.into_iter().filter(is_visible).collect())
}

/// A file of a survivor that is visible at least so far; one that is locked is known, and opened by nobody.
///
/// # Errors
/// 404 where there is none.
pub fn find_visible(tx: &mut Tx<'_>, access: &SurvivorAccess, least: Visibility, id: EvidenceId) -> Result<Evidence> {
    let found = store::find(tx.conn, access, id)?;
    let file = found.filter(|file| file.state.is_stored() || file.state.is_locked()).ok_or(Error::NotFound)?;
    let file = only_visible(tx.conn, access, least, vec![file])?.pop().ok_or(Error::NotFound)?;
    tx.about(Subject::of("evidence", id));
    Ok(file)
}

/// Every kept file of a survivor that is visible at least so far, oldest first.
pub fn list_visible(conn: &mut DbConn, access: &SurvivorAccess, least: Visibility) -> Result<Vec<Evidence>> {
    let words = Visibility::ALL.iter().copied().filter(|word| *word >= least.max(Visibility::Advocate)).collect();
    let files = store::list_stored(conn, access, words)?;
    only_visible(conn, access, least, files)
}

/// A survivor's files, newest first, for staff who work with them.
///
/// # Errors
/// 404 for everybody else.
pub fn list_for_staff(tx: &mut Tx<'_>, staff: &Staff, survivor: SurvivorId, limit: i64) -> Result<Vec<Evidence>> {
    let access = access::survivor(tx, staff, survivor)?;
    page_visible(tx.conn, &access, None, None, limit)
}

/// A page of them, newest first, of one incident or all: one more than `limit` tells that there are more.
pub fn page_visible(
    conn: &mut DbConn,
    access: &SurvivorAccess,
    incident: Option<IncidentId>,
    mut after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<Evidence>> {
    let words: Vec<_> = Visibility::ALL.iter().copied().filter(|word| *word >= Visibility::Advocate).collect();
    let (most, mut visible) = (usize::try_from(limit).unwrap_or(0).saturating_add(1), Vec::new());
    loop {
        let files = store::list_known_page(conn, access, (words.clone(), incident), after, AT_ONCE)?;
        let is_last = i64::try_from(files.len()).is_ok_and(|count| count < AT_ONCE);
        after = files.last().map(|file| (file.created_at, file.id.0));
        visible.extend(only_visible(conn, access, Visibility::Advocate, files)?);
        if is_last || visible.len() >= most {
            visible.truncate(most);
            return Ok(visible);
        }
    }
}

/// A visible file for reading by the survivor's own side.
///
/// # Errors
/// As [`find_visible`]; 409 for one that is locked.
pub fn open(
    tx: &mut Tx<'_>,
    access: &SurvivorAccess,
    id: EvidenceId,
    (copy, is_part): (Copy, bool),
) -> Result<Content> {
    let file = find_visible(tx, access, Visibility::Advocate, id)?;
    if file.state.is_locked() {
        return Err(Error::Conflict(Code::EvidenceLocked, Code::EvidenceLocked.title().into()));
    }
    if !(is_part && custody::is_read_going_on(tx.conn, &tx.actor, tx.now, id)?) {
        custody::record(tx, &file, CustodyKind::Read, Circumstances::default())?;
    }
    Content::load(tx.conn, tx.keys, file, copy)
}

/// How many files the police may have: those made visible to them. The caller has made sure of the consent.
pub fn count_for_police(conn: &mut DbConn, access: &SurvivorAccess) -> Result<usize> {
    let links = store::list_stored_links(conn, access.id())?;
    let linked: Vec<_> = links.iter().filter_map(|(incident, _)| *incident).collect();
    let visible = incidents::visible_to_police(conn, access, &linked)?;
    let counts = links.iter().filter(|(incident, own)| match incident {
        Some(incident) => visible.contains(incident),
        None => *own == Visibility::Police,
    });
    Ok(counts.count())
}

/// The files that the police may have, oldest first.
pub fn list_for_police(conn: &mut DbConn, access: &SurvivorAccess) -> Result<Vec<Evidence>> {
    let files = store::list_stored_of(conn, access.id())?;
    let linked: Vec<_> = files.iter().filter_map(|file| file.incident_id).collect();
    let visible = incidents::visible_to_police(conn, access, &linked)?;
    let is_visible = |file: &Evidence| match file.incident_id {
        Some(incident) => visible.contains(&incident),
        None => file.visibility == Visibility::Police,
    };
    Ok(files.into_iter().filter(is_visible).collect())
}

/// One of the files that the police may have, for a named officer who has stated why; the disclosure is recorded.
///
/// # Errors
/// 404 where there is none.
pub fn open_for_police(
    tx: &mut Tx<'_>,
    (access, alert): (&SurvivorAccess, AlertId),
    id: EvidenceId,
    (officer, reason): (StaffId, &Private),
    disclosure: impl FnOnce(&mut Tx<'_>) -> Result<DisclosureId>,
) -> Result<Content> {
    let files = list_for_police(tx.conn, access)?;
    let file = files.into_iter().find(|file| file.id == id).ok_or(Error::NotFound)?;
    let about = Circumstances {
        reason: Some(reason),
        disclosure: Some(disclosure(tx)?),
        alert: Some(alert),
        officer: Some(SubjectId::from(officer)),
        bundle: None,
    };
    custody::record(tx, &file, CustodyKind::Disclosed, about)?;
    Content::load(tx.conn, tx.keys, file, Copy::Original)
}

/// What happened to one of the survivor's own files; `shown` leaves out what must not show on a phone yet.
///
/// # Errors
/// 404 where there is none.
pub async fn custody_of_own(
    app: &App,
    who: &Survivor,
    id: EvidenceId,
    hidden: impl Fn(&mut DbConn, SurvivorId) -> Result<Vec<AlertId>> + Send + Sync + 'static,
) -> Result<CustodyView> {
    let who = who.on_own_record();
    let read = move |conn: &mut DbConn, keys: &Keys| {
        let known = upload::find_known(conn, &who, id)?;
        let file = known.filter(|file| !file.state.is_off_screens()).ok_or(Error::NotFound)?;
        let hidden = hidden(conn, who.id)?;
        let shown = |event: &CustodyEvent| event.alert_id.is_none_or(|alert| !hidden.contains(&alert));
        custody::own_view(conn, keys, &file, shown)
    };
    app.read(read).await
}
