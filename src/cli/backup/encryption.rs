//! A backup that is encrypted with `age`: for recipients, who are public keys, and opened with an identity of one of them.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek};
use std::path::Path;

use age::stream::{StreamReader, StreamWriter};
use age::x25519::Recipient;
use age::{DecryptError, Decryptor, Encryptor, IdentityFile};

/// How a file begins that is encrypted.
const HEADER: &[u8] = b"age-encryption.org/v1\n";

/// Secret keys, of which one has to open a backup.
pub struct Identities(Vec<Box<dyn age::Identity + Send + Sync>>);

impl Identities {
    /// Reads a file as `age-keygen` writes it: an identity a line; a line that begins with `#` is a comment.
    ///
    /// # Errors
    /// One line, where it cannot be read or holds none. It shows nothing of the file.
    pub fn read(path: &Path) -> Result<Self, String> {
        let failed = |error: &dyn std::fmt::Display| format!("identity: {}: {error}", path.display());
        let file = File::open(path).map_err(|error| failed(&error))?;
        let file = IdentityFile::from_buffer(BufReader::new(file)).map_err(|error| failed(&error))?;
        let identities = file.into_identities().map_err(|error| failed(&error))?;
        if identities.is_empty() { Err(failed(&"there is no identity in it")) } else { Ok(Self(identities)) }
    }
}

/// Reads public keys. A refusal does not repeat what was given: it may be a secret key, given by mistake.
///
/// # Errors
/// One line, where one is no public key.
pub fn parse_recipients(keys: &[String]) -> Result<Vec<Recipient>, String> {
    let parse = |key: &String| {
        key.parse::<Recipient>()
            .map_err(|why| format!("recipient: a public key of age is needed, which begins with age1: {why}"))
    };
    keys.iter().map(parse).collect()
}

/// Whether a backup is encrypted, by its name.
pub fn is_encrypted_name(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("age"))
}

/// Encrypts what is written, part by part.
///
/// # Errors
/// When its beginning cannot be written.
pub fn encrypt(file: File, recipients: &[Recipient]) -> io::Result<StreamWriter<File>> {
    let recipients = recipients.iter().map(|recipient| recipient as &dyn age::Recipient);
    let encryptor = Encryptor::with_recipients(recipients).map_err(|error| io::Error::other(error.to_string()))?;
    encryptor.wrap_output(file)
}

/// Whether a file is encrypted, by how it begins; it is at its beginning again afterwards.
///
/// # Errors
/// When it cannot be read.
pub fn is_encrypted(file: &mut File) -> io::Result<bool> {
    let mut start = Vec::new();
    file.by_ref().take(HEADER.len() as u64).read_to_end(&mut start)?;
    file.rewind()?;
    Ok(start == HEADER)
}

/// Opens what is encrypted. Each part is proven when it is read, and the last one as soon as somebody asks where the end is.
///
/// # Errors
/// When no identity opens it, it is cut short, or it was changed.
pub fn decrypt(file: File, identities: &Identities) -> Result<StreamReader<File>, DecryptError> {
    let identities = identities.0.iter().map(|identity| &**identity as &dyn age::Identity);
    Decryptor::new(file)?.decrypt(identities)
}
