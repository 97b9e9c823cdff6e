//! The files of a backup: a folder, or one file (`.zip`), which may be encrypted. Each is read back by its name and its hash.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Read, Seek, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use age::DecryptError;
use age::stream::StreamWriter;
use age::x25519::Recipient;
use aws_lc_rs::digest::{Context, SHA256};
use serde::{Deserialize, Serialize};
use zip::write::{SimpleFileOptions, StreamWriter as OneWay};
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::encryption::{self, Identities};
use crate::crypto::hex;

/// Bytes at the beginning of a file that have a hash of their own: they tell a file that was cut short from another one.
pub const HEAD_BYTES: u64 = 4_096;
/// Bytes copied at once.
const STRETCH: usize = 64 * 1_024;

/// What is known of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    pub bytes: u64,
    /// SHA-256 of all of it, hexadecimal.
    pub sha256: String,
    /// SHA-256 of its beginning.
    pub head: String,
}

/// Counts and hashes what goes by.
pub struct Marking {
    bytes: u64,
    whole: Context,
    head: Context,
}

impl Marking {
    pub fn begin() -> Self {
        Self { bytes: 0, whole: Context::new(&SHA256), head: Context::new(&SHA256) }
    }

    fn take(&mut self, bytes: &[u8]) {
        let left = usize::try_from(HEAD_BYTES.saturating_sub(self.bytes)).unwrap_or(0);
        self.head.update(bytes.get(..left.min(bytes.len())).unwrap_or_default());
        self.whole.update(bytes);
        self.bytes = self.bytes.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
    }

    fn end(self) -> Mark {
        let [sha256, head] = [self.whole, self.head].map(|context| hex(context.finish().as_ref()));
        Mark { bytes: self.bytes, sha256, head }
    }

    /// Marks all that is read.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn of(reader: &mut dyn Read) -> io::Result<Mark> {
        let mut marking = Self::begin();
        pass(reader, |bytes| {
            marking.take(bytes);
            Ok(())
        })?;
        Ok(marking.end())
    }
}

fn pass(reader: &mut dyn Read, mut to: impl FnMut(&[u8]) -> io::Result<()>) -> io::Result<()> {
    let mut buffer = vec![0; STRETCH];
    loop {
        match reader.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(read) => to(buffer.get(..read).unwrap_or_default())?,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// A backup that is being written.
pub enum Sink {
    Folder(PathBuf),
    Zip(Box<ZipWriter<File>>),
    /// What is encrypted is written from its beginning to its end: the archive never goes back.
    Encrypted(Box<ZipWriter<OneWay<StreamWriter<File>>>>),
}

impl Sink {
    /// Makes the folder or the file, for nobody else on this machine. With recipients it is one encrypted file.
    ///
    /// # Errors
    /// When it exists, or cannot be made.
    pub fn create(path: &Path, recipients: &[Recipient]) -> io::Result<Self> {
        if !recipients.is_empty() {
            let encrypted = encryption::encrypt(create_file(path)?, recipients).inspect_err(|_| {
                let _removed = std::fs::remove_file(path);
            })?;
            return Ok(Self::Encrypted(Box::new(ZipWriter::new_stream(encrypted))));
        }
        if is_one_file(path) {
            return Ok(Self::Zip(Box::new(ZipWriter::new(create_file(path)?))));
        }
        DirBuilder::new().mode(0o700).create(path)?;
        Ok(Self::Folder(path.to_owned()))
    }

    /// Copies a file into the backup.
    ///
    /// # Errors
    /// When it cannot be read or written.
    pub fn put(&mut self, name: &str, reader: &mut dyn Read) -> io::Result<Mark> {
        let mut marking = Marking::begin();
        match self {
            Self::Folder(folder) => {
                let path = folder.join(name);
                if let Some(parent) = path.parent() {
                    DirBuilder::new().recursive(true).mode(0o700).create(parent)?;
                }
                let mut file = create_file(&path)?;
                pass(reader, |bytes| {
                    marking.take(bytes);
                    file.write_all(bytes)
                })?;
                file.sync_all()?;
            }
            Self::Zip(zip) => put_into(zip, name, reader, &mut marking)?,
            Self::Encrypted(zip) => put_into(zip, name, reader, &mut marking)?,
        }
        Ok(marking.end())
    }

    /// Ends the backup; durable when this returns.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn finish(self) -> io::Result<()> {
        match self {
            Self::Folder(folder) => File::open(folder)?.sync_all(),
            Self::Zip(zip) => zip.finish().map_err(io::Error::other)?.sync_all(),
            // Without its last part, which says that it is the last, what is encrypted counts as cut short.
            Self::Encrypted(zip) => zip.finish().map_err(io::Error::other)?.into_inner().finish()?.sync_all(),
        }
    }
}

fn put_into<W: Write + Seek>(
    zip: &mut ZipWriter<W>,
    name: &str,
    reader: &mut dyn Read,
    marking: &mut Marking,
) -> io::Result<()> {
    // Nothing is made smaller: most of it is sealed.
    let plain = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    zip.start_file(name, plain.large_file(true).unix_permissions(0o600)).map_err(io::Error::other)?;
    pass(reader, |bytes| {
        marking.take(bytes);
        zip.write_all(bytes)
    })
}

/// A file, or what is in one that is encrypted.
pub trait ReadSeek: Read + Seek {}

impl<T: Read + Seek> ReadSeek for T {}

/// A backup that is read. What is encrypted is opened part by part as it is asked for, and never lies open on the disk.
pub enum BackupSource {
    Folder(PathBuf),
    Zip(Box<ZipArchive<Box<dyn ReadSeek>>>),
}

/// Why a backup cannot be read at all.
pub enum NoSource {
    /// There is nothing there, or nothing in it.
    Empty,
    /// It ends before its end.
    Cut,
    /// It is encrypted, and no identity was given.
    Encrypted,
    /// It is encrypted, and none of the identities opens it.
    ForOthers,
    /// It is not encrypted, although an identity was given.
    Plain,
    Failed(io::Error),
}

impl From<DecryptError> for NoSource {
    fn from(error: DecryptError) -> Self {
        match error {
            DecryptError::NoMatchingKeys => Self::ForOthers,
            DecryptError::Io(error) if error.kind() == io::ErrorKind::UnexpectedEof => Self::Cut,
            DecryptError::Io(error) => Self::Failed(error),
            other => Self::Failed(io::Error::other(other.to_string())),
        }
    }
}

impl BackupSource {
    /// Opens a backup, with identities where it is encrypted.
    ///
    /// # Errors
    /// When it is empty, its end is missing, or it is encrypted and the identities do not open it, or not and there are some.
    pub fn open(path: &Path, identities: Option<&Identities>) -> Result<Self, NoSource> {
        let about = std::fs::metadata(path).map_err(NoSource::Failed)?;
        if about.is_dir() {
            if identities.is_some() {
                return Err(NoSource::Plain);
            }
            let source = Self::Folder(path.to_owned());
            return if source.list().map_err(NoSource::Failed)?.is_empty() { Err(NoSource::Empty) } else { Ok(source) };
        }
        if about.len() == 0 {
            return Err(NoSource::Empty);
        }
        let mut file = File::open(path).map_err(NoSource::Failed)?;
        let is_encrypted = encryption::is_encrypted(&mut file).map_err(NoSource::Failed)?;
        let input: Box<dyn ReadSeek> = match identities {
            None if is_encrypted => return Err(NoSource::Encrypted),
            None => Box::new(file),
            Some(identities) if is_encrypted => Box::new(encryption::decrypt(file, identities)?),
            Some(_) => return Err(NoSource::Plain),
        };
        // The list of what a ZIP holds is at its end, and so is the part that proves where one that is encrypted ends.
        let zip = ZipArchive::new(input).map_err(|_| NoSource::Cut)?;
        if zip.is_empty() { Err(NoSource::Empty) } else { Ok(Self::Zip(Box::new(zip))) }
    }

    /// The names of all files.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn list(&self) -> io::Result<Vec<String>> {
        match self {
            Self::Folder(folder) => {
                let mut names = Vec::new();
                walk(folder, "", &mut names)?;
                Ok(names)
            }
            Self::Zip(zip) => {
                let names = zip.file_names().map(|name| Ok(name.map_err(io::Error::other)?.into_owned()));
                names.collect()
            }
        }
    }

    /// Opens a file; none where there is none.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn file(&mut self, name: &str) -> io::Result<Option<Box<dyn Read + '_>>> {
        match self {
            Self::Folder(folder) => match File::open(folder.join(name)) {
                Ok(file) => Ok(Some(Box::new(file))),
                Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
                Err(error) => Err(error),
            },
            Self::Zip(zip) => match zip.by_name(name) {
                Ok(file) => Ok(Some(Box::new(file))),
                Err(zip::result::ZipError::FileNotFound) => Ok(None),
                Err(error) => Err(io::Error::other(error)),
            },
        }
    }

    /// All of a small file; none where there is none.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn read(&mut self, name: &str) -> io::Result<Option<Vec<u8>>> {
        let Some(mut file) = self.file(name)? else { return Ok(None) };
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        Ok(Some(bytes))
    }
}

/// Whether a backup is one file, by its name.
fn is_one_file(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("zip"))
}

/// Makes a file that is for nobody else on this machine.
///
/// # Errors
/// When it exists, or cannot be made.
pub fn create_file(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}

fn walk(folder: &Path, prefix: &str, names: &mut Vec<String>) -> io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            walk(&entry.path(), &format!("{name}/"), names)?;
        } else {
            names.push(name);
        }
    }
    Ok(())
}
