//! Fetching a bundle: its bytes, opened piece by piece as they are sent.

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::body::SizedStream;
use actix_web::http::header;
use actix_web::web::Bytes;
use futures_util::stream;

use super::gather;
use super::model::{BundleRow, Contents, chunk, object_name};
use crate::app::App;
use crate::crypto::chunks::FileKey;
use crate::db::ObjectId;
use crate::error::{Error, Result};
use crate::identity::Staff;
use crate::tx::Tx;

/// A bundle that may be sent now.
pub struct Fetched {
    row: BundleRow,
    objects: Vec<ObjectId>,
    key: Arc<FileKey>,
}

/// Opens a bundle for sending, if it may still be handed over.
///
/// # Errors
/// 404 once its contents are destroyed, where something of it was taken back or narrowed, and where the agreement that it
/// rests on was withdrawn.
pub fn open(tx: &mut Tx<'_>, staff: &Staff, row: BundleRow) -> Result<Fetched> {
    if row.next_action_at.is_none_or(|ends_at| ends_at <= tx.now) {
        return Err(Error::NotFound);
    }
    let contents: Contents = row.contents.as_ref().ok_or(Error::NotFound)?.read()?;
    gather::still_may(tx, staff, row.survivor_id, &contents)
        .map_err(|error| if error.is_transient() { error } else { Error::NotFound })?;
    let (objects, key) = (row.chunks.read()?, Arc::new(row.key(tx.keys)?));
    Ok(Fetched { row, objects, key })
}

impl Fetched {
    async fn piece(&self, app: &App, at: usize) -> Result<Option<Vec<u8>>> {
        let Some(object) = self.objects.get(at) else { return Ok(None) };
        let sealed = app.objects.get(&object_name(self.row.id, *object)).await?;
        let sealed = sealed.ok_or_else(|| Error::internal("a piece of a bundle is not in the store"))?;
        let number = u32::try_from(at).unwrap_or(u32::MAX);
        let (chunk, key) = (chunk(self.row.id, number, at + 1 == self.objects.len()), self.key.clone());
        let opened = tokio::task::spawn_blocking(move || key.open(chunk, &sealed)).await;
        opened.map_err(|_| Error::internal("opening a piece was cut off"))?.map(Some)
    }

    /// The answer that sends it.
    #[must_use]
    pub fn respond(self, app: &App) -> HttpResponse {
        let disposition = format!("attachment; filename=\"{}.zip\"", self.row.reference);
        let bytes = self.row.bytes.unsigned_abs();
        let whole = stream::try_unfold((app.clone(), self, 0), |(app, fetched, at)| async move {
            let opened = fetched.piece(&app, at).await?;
            Ok::<_, Error>(opened.map(|plain| (Bytes::from(plain), (app, fetched, at + 1))))
        });
        HttpResponse::Ok()
            .insert_header((header::CONTENT_DISPOSITION, disposition))
            .insert_header((header::CONTENT_TYPE, "application/zip"))
            .body(SizedStream::new(bytes, Box::pin(whole)))
    }
}
