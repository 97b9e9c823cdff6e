//! The archive as a stream: a ZIP whose bytes are hashed, sealed and put into the store as they come, so that none of it
//! is whole in memory, and nothing of it is ever unsealed on a disk.
//!
//! The last bytes are the ZIP's own comment: a mark and a signature over the SHA-256 of every byte before it. So not one
//! byte can be changed unseen, neither in an entry nor in a header, a time stamp or the directory.

use std::io::{self, Write};

use aws_lc_rs::digest;
use zip::write::{SimpleFileOptions, StreamWriter};
use zip::{CompressionMethod, ZipWriter};

use crate::error::{Error, Result};
use crate::evidence::model::{CHUNK_BYTES, hex};

/// What the comment begins with.
pub const MARK: &str = "holdfast-bundle-1 ed25519 ";
/// Bytes of the comment: the mark and 64 bytes of signature in hexadecimal digits.
pub const COMMENT_BYTES: usize = MARK.len() + 128;
/// A size from which an entry needs the 64-bit form.
const LARGE: u64 = 3 * 1_024 * 1_024 * 1_024;

/// What is signed for the whole archive.
#[must_use]
pub fn statement(sha256: &[u8]) -> Vec<u8> {
    [b"holdfast bundle archive v1\n", sha256].concat()
}

/// What is signed for the manifest alone.
#[must_use]
pub fn manifest_statement(manifest: &[u8]) -> Vec<u8> {
    [b"holdfast bundle manifest v1\n", manifest].concat()
}

/// Where pieces of the archive go, in order; `is_last` for the last of them.
pub type Keep<'a> = Box<dyn FnMut(Vec<u8>, bool) -> io::Result<()> + Send + 'a>;

/// Takes the archive's bytes; holds back enough of them that the comment is still there at the end.
struct ArchiveSink<'a> {
    held: Vec<u8>,
    /// Over all but the comment.
    signed: digest::Context,
    /// Over all.
    whole: digest::Context,
    bytes: u64,
    keep: Keep<'a>,
}

impl Write for ArchiveSink<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.held.extend_from_slice(bytes);
        while self.held.len() >= CHUNK_BYTES + COMMENT_BYTES {
            let rest = self.held.split_off(CHUNK_BYTES);
            let piece = std::mem::replace(&mut self.held, rest);
            self.signed.update(&piece);
            self.give(piece, false)?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl ArchiveSink<'_> {
    fn give(&mut self, piece: Vec<u8>, is_last: bool) -> io::Result<()> {
        self.whole.update(&piece);
        self.bytes += piece.len() as u64;
        (self.keep)(piece, is_last)
    }
}

/// An archive that is being written.
pub struct Archive<'a>(ZipWriter<StreamWriter<ArchiveSink<'a>>>);

/// An archive that has been written.
pub struct Written {
    /// How long it is.
    pub bytes: u64,
    /// Its SHA-256.
    pub sha256: Vec<u8>,
}

impl<'a> Archive<'a> {
    /// Begins one.
    #[must_use]
    pub fn begin(keep: Keep<'a>) -> Self {
        let sink = ArchiveSink {
            held: Vec::with_capacity(CHUNK_BYTES * 2),
            signed: digest::Context::new(&digest::SHA256),
            whole: digest::Context::new(&digest::SHA256),
            bytes: 0,
            keep,
        };
        Self(ZipWriter::new_stream(sink))
    }

    /// Begins an entry; its bytes follow by [`Archive::write`].
    ///
    /// # Errors
    /// When a piece could not be kept.
    pub fn entry(&mut self, path: &str, bytes: u64) -> Result<()> {
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .compression_level(Some(1))
            .large_file(bytes >= LARGE);
        self.0.start_file(path, options).map_err(fault)
    }

    /// Writes bytes of the entry that was begun last.
    ///
    /// # Errors
    /// When a piece could not be kept.
    pub fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.0.write_all(bytes).map_err(fault)
    }

    /// An entry that is in memory.
    ///
    /// # Errors
    /// When a piece could not be kept.
    pub fn whole_entry(&mut self, path: &str, bytes: &[u8]) -> Result<()> {
        self.entry(path, bytes.len() as u64)?;
        self.write(bytes)
    }

    /// Ends the archive with a signature over all of it.
    ///
    /// # Errors
    /// When a piece could not be kept.
    pub fn finish(mut self, sign: impl FnOnce(&[u8]) -> Vec<u8>) -> Result<Written> {
        self.0.set_raw_comment(vec![b' '; COMMENT_BYTES].into()).map_err(fault)?;
        let mut sink = self.0.finish().map_err(fault)?.into_inner();
        let mut last = std::mem::take(&mut sink.held);
        let end = last.len().saturating_sub(COMMENT_BYTES);
        last.truncate(end);
        sink.signed.update(&last);
        let signature = sign(&statement(sink.signed.clone().finish().as_ref()));
        last.extend_from_slice(MARK.as_bytes());
        last.extend_from_slice(hex(&signature).as_bytes());
        sink.give(last, true).map_err(fault)?;
        Ok(Written { bytes: sink.bytes, sha256: sink.whole.finish().as_ref().to_vec() })
    }
}

fn fault(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::Internal(error.into())
}
