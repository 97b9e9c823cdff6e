//! Bytes as they arrive: sealed chunk by chunk, put into the object store, and only then kept in a row. A sender that is
//! too slow is cut off; what has arrived stays, and the upload can be resumed from there.

use std::sync::Arc;
use std::time::{Duration, Instant as Moment};

use actix_web::dev::Payload;
use aws_lc_rs::digest;
use futures_util::StreamExt;

use crate::app::App;
use crate::crypto::chunks::FileKey;
use crate::db::ObjectId;
use crate::error::{Code, Error, Result};
use crate::evidence::model::{CHUNK_BYTES, Evidence, object_name};
use crate::evidence::upload;
use crate::tx::{Actor, Tx};

/// The longest that a sender may be silent.
const SILENCE: Duration = Duration::from_secs(30);
/// What a sender is given before the minimum rate counts.
const GRACE: Duration = Duration::from_secs(20);

/// A checksum that came with a piece: the whole piece is kept, or nothing of it.
pub struct Checksum {
    context: digest::Context,
    expected: Vec<u8>,
}

impl Checksum {
    /// Reads `sha1 BASE64` or `sha256 BASE64`; none for another algorithm or a malformed value.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        use base64::Engine;
        let (name, value) = text.split_once(' ')?;
        let algorithm = match name {
            "sha1" => &digest::SHA1_FOR_LEGACY_USE_ONLY,
            "sha256" => &digest::SHA256,
            _ => return None,
        };
        let expected = base64::engine::general_purpose::STANDARD.decode(value.trim()).ok()?;
        let fits = expected.len() == algorithm.output_len();
        fits.then(|| Self { context: digest::Context::new(algorithm), expected })
    }

    fn holds(self) -> bool {
        self.context.finish().as_ref() == self.expected.as_slice()
    }
}

/// How long a sender of so many bytes in such a time is still waited for.
fn patience(arrived: u64, elapsed: Duration, minimum_rate: u32) -> Duration {
    let allowed = GRACE.saturating_add(Duration::from_secs(arrived / u64::from(minimum_rate.max(1))));
    allowed.saturating_sub(elapsed).min(SILENCE)
}

/// An upload that bytes are arriving for.
struct IncomingFile<'a> {
    app: &'a App,
    actor: Actor,
    action: &'static str,
    file: Evidence,
    key: Arc<FileKey>,
    /// Chunks in the store that no row names yet, where a checksum decides on them.
    waiting: Vec<(ObjectId, i64)>,
    buffer: Vec<u8>,
}

/// Takes what a request brings, at the end of what has arrived. Answers the file as it is then.
///
/// # Errors
/// 413 for more than was stated, 460 for a checksum that does not hold, 408 for a sender that is too slow, 400 for one
/// that broke off; without a checksum what had arrived until then is kept.
pub async fn receive(
    app: &App,
    (actor, action): (Actor, &'static str),
    file: Evidence,
    payload: Payload,
    checksum: Option<Checksum>,
) -> Result<Evidence> {
    let key = Arc::new(app.with_keys(|keys| file.key(keys)).await?);
    let mut incoming =
        IncomingFile { app, actor, action, file, key, waiting: Vec::new(), buffer: Vec::with_capacity(CHUNK_BYTES) };
    let is_checked = checksum.is_some();
    let taken = incoming.take(payload, checksum).await;
    match taken {
        Ok(()) => {}
        Err(error) if is_checked => {
            upload::discard(app, incoming.file.id, &incoming.waiting).await;
            return Err(error);
        }
        Err(error) => {
            incoming.flush(false).await?;
            return Err(error);
        }
    }
    Ok(incoming.file)
}

impl IncomingFile<'_> {
    async fn take(&mut self, mut payload: Payload, mut checksum: Option<Checksum>) -> Result<()> {
        let (began, mut arrived) = (Moment::now(), 0_u64);
        let waits = checksum.is_some();
        loop {
            let left = patience(arrived, began.elapsed(), self.app.settings.evidence.minimum_rate);
            let next = tokio::time::timeout(left, payload.next()).await;
            let Some(bytes) = next.map_err(|_| Error::invalid(Code::Timeout))? else { break };
            let bytes = bytes.map_err(|_| Error::invalid(Code::MalformedRequest))?;
            arrived = arrived.saturating_add(bytes.len() as u64);
            if self.left() < bytes.len() as u64 {
                self.buffer.clear();
                return Err(Error::invalid(Code::BodyTooLarge));
            }
            if let Some(checksum) = &mut checksum {
                checksum.context.update(&bytes);
            }
            let mut rest = bytes.as_ref();
            while !rest.is_empty() {
                let (now, later) = rest.split_at(rest.len().min(CHUNK_BYTES - self.buffer.len()));
                self.buffer.extend_from_slice(now);
                rest = later;
                if self.buffer.len() == CHUNK_BYTES {
                    self.flush(waits).await?;
                }
            }
        }
        self.flush(waits).await?;
        match checksum {
            Some(checksum) => match checksum.holds() {
                true => {
                    let waiting = std::mem::take(&mut self.waiting);
                    self.keep(waiting).await
                }
                false => Err(Error::invalid(Code::ChecksumMismatch)),
            },
            None => Ok(()),
        }
    }

    /// How many bytes the file still lacks.
    fn left(&self) -> u64 {
        let waiting: i64 = self.waiting.iter().map(|(_, bytes)| bytes).sum();
        let here = self.file.received + waiting + i64::try_from(self.buffer.len()).unwrap_or(i64::MAX);
        self.file.bytes.saturating_sub(here).max(0).unsigned_abs()
    }

    /// Seals what has gathered and puts it into the store; keeps it at once unless a checksum is to decide.
    async fn flush(&mut self, waits: bool) -> Result<()> {
        if self.buffer.is_empty() {
            return Ok(());
        }
        let is_last = self.left() == 0;
        let plain = std::mem::replace(&mut self.buffer, Vec::with_capacity(CHUNK_BYTES));
        let bytes = i64::try_from(plain.len()).unwrap_or(i64::MAX);
        let number = self.file.chunks + i32::try_from(self.waiting.len()).unwrap_or(i32::MAX);
        let (chunk, key) = (self.file.chunk(number, is_last), self.key.clone());
        let sealed = tokio::task::spawn_blocking(move || key.seal(chunk, &plain)).await;
        let sealed = sealed.map_err(|_| Error::internal("sealing was cut off"))??;
        let object = ObjectId::new(self.app.clock.now());
        self.app.objects.put(&object_name(self.file.id, object), sealed).await?;
        if waits {
            self.waiting.push((object, bytes));
            return Ok(());
        }
        self.keep(vec![(object, bytes)]).await
    }

    async fn keep(&mut self, arrived: Vec<(ObjectId, i64)>) -> Result<()> {
        if arrived.is_empty() {
            return Ok(());
        }
        let (before, chunks) = (self.file.clone(), arrived.clone());
        let work = move |tx: &mut Tx<'_>| upload::keep(tx, &before, &chunks);
        match self.app.transact(self.actor.clone(), self.action, work).await {
            Ok(file) => {
                self.file = file;
                Ok(())
            }
            Err(error) => {
                upload::discard(self.app, self.file.id, &arrived).await;
                Err(error)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sender_is_waited_for_as_long_as_it_keeps_the_minimum_rate() {
        let seconds = Duration::from_secs;
        assert_eq!(patience(0, seconds(0), 1_024), GRACE);
        assert_eq!(patience(0, GRACE, 1_024), seconds(0));
        assert_eq!(patience(102_400, seconds(110), 1_024), seconds(10));
        assert_eq!(patience(102_400, seconds(121), 1_024), seconds(0));
        assert_eq!(patience(u64::MAX, seconds(1_000), 1), SILENCE);
    }

    #[test]
    fn a_checksum_is_read_strictly_and_holds_for_its_bytes_alone() {
        let text = "sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0=";
        for (bytes, holds) in [(b"hello world", true), (b"hello_world", false)] {
            let mut checksum = Checksum::read(text).unwrap();
            checksum.context.update(bytes);
            assert_eq!(checksum.holds(), holds);
        }
        for wrong in ["", "sha1", "md5 Kq5sNclPz7QV2+lfQIuc6R7oRu0=", "sha256 Kq5sNclPz7QV2+lfQIuc6R7oRu0=", "sha1 ?"] {
            assert!(Checksum::read(wrong).is_none(), "{wrong}");
        }
    }
}
