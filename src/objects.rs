//! Where large sealed things are kept: a folder of this machine, or a bucket that speaks S3. Knows bytes and names only.
//!
//! What [`Objects::put`] has answered is durable: on a folder the file and the folders that name it are synced, and an
//! S3 store promises it with its answer. Nothing is read from the environment: a bucket is reached with the settings
//! that name it, without proxies and redirects, and never with credentials that happen to lie about.

use std::fs::Permissions;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path as Folder, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use object_store::aws::AmazonS3Builder;
use object_store::client::{HttpClient, HttpConnector};
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::prefix::PrefixStore;
use object_store::{ClientOptions, ObjectStore, ObjectStoreExt, PutPayload, RetryConfig};
use secrecy::ExposeSecret;

use crate::config::evidence::{Bucket, EvidencePlace};
use crate::error::{Error, Result};

/// The longest that a store may take to begin an answer.
const CONNECT: Duration = Duration::from_secs(5);
/// The longest that one object may take.
const WHOLE: Duration = Duration::from_secs(60);

/// The store. Clones share its connections.
#[derive(Clone)]
pub struct Objects {
    store: Arc<dyn ObjectStore>,
    /// Where they stand, in a folder of this machine.
    folder: Option<PathBuf>,
}

impl Objects {
    /// Opens the store that the settings name; a folder is made where it is missing.
    pub fn open(place: &EvidencePlace) -> Result<Self> {
        match place {
            EvidencePlace::Folder(folder) => Self::folder(folder),
            EvidencePlace::Bucket(bucket) => Self::bucket(bucket),
        }
    }

    fn folder(folder: &Folder) -> Result<Self> {
        let made = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder);
        made.map_err(|error| Error::internal(format!("{}: {error}", folder.display())))?;
        let store = LocalFileSystem::new_with_prefix(folder).map_err(fault)?;
        let store = Arc::new(store.with_fsync(true).with_automatic_cleanup(true));
        Ok(Self { store, folder: Some(folder.to_owned()) })
    }

    fn bucket(bucket: &Bucket) -> Result<Self> {
        let builder = AmazonS3Builder::new()
            .with_bucket_name(&bucket.name)
            .with_region(&bucket.region)
            .with_access_key_id(bucket.access_key_id.expose_secret())
            .with_secret_access_key(bucket.secret_access_key.expose_secret())
            .with_disable_bulk_delete(true)
            // What waits is a phone, or the worker, which tries again by itself.
            .with_retry(RetryConfig { max_retries: 2, retry_timeout: WHOLE, ..RetryConfig::default() })
            .with_http_connector(Plain);
        let builder = match &bucket.endpoint {
            Some(endpoint) => builder.with_endpoint(endpoint.as_str().trim_end_matches('/')),
            None => builder,
        };
        let is_plain = bucket.endpoint.as_ref().is_some_and(|endpoint| endpoint.scheme() == "http");
        let store = builder.with_allow_http(is_plain).build().map_err(fault)?;
        Ok(match bucket.prefix.as_str() {
            "" => Self { store: Arc::new(store), folder: None },
            prefix => Self { store: Arc::new(PrefixStore::new(store, prefix)), folder: None },
        })
    }

    /// Keeps an object; durable when this returns.
    ///
    /// # Errors
    /// `Unavailable` when the store does not take it.
    pub async fn put(&self, name: &str, bytes: Vec<u8>) -> Result<()> {
        self.store.put(&Path::from(name), PutPayload::from(bytes)).await.map_err(unavailable)?;
        match &self.folder {
            Some(folder) => keep_to_owner(&folder.join(name)).map_err(|error| Error::internal(error.to_string())),
            None => Ok(()),
        }
    }

    /// An object; none where there is none.
    ///
    /// # Errors
    /// `Unavailable` when the store does not answer.
    pub async fn get(&self, name: &str) -> Result<Option<Vec<u8>>> {
        match self.store.get(&Path::from(name)).await {
            Ok(found) => found.bytes().await.map(|bytes| Some(Vec::from(bytes))).map_err(unavailable),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(unavailable(error)),
        }
    }

    /// Destroys an object; one that is not there counts as destroyed.
    ///
    /// # Errors
    /// `Unavailable` when the store does not answer.
    pub async fn delete(&self, name: &str) -> Result<()> {
        match self.store.delete(&Path::from(name)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(unavailable(error)),
        }
    }

    /// The names of all objects in a folder.
    ///
    /// # Errors
    /// `Unavailable` when the store does not answer.
    pub async fn list(&self, folder: &str) -> Result<Vec<String>> {
        let folder = Path::from(folder);
        let mut listed = self.store.list(Some(&folder));
        let mut names = Vec::new();
        while let Some(found) = listed.next().await {
            names.push(found.map_err(unavailable)?.location.to_string());
        }
        Ok(names)
    }
}

/// A file is for nobody else on this machine, whatever mask the process was started with.
fn keep_to_owner(file: &Folder) -> std::io::Result<()> {
    std::fs::set_permissions(file, Permissions::from_mode(0o600))
}

fn fault(error: object_store::Error) -> Error {
    Error::Internal(Box::new(error))
}

/// The cause is reported to the operator; the caller may try again.
fn unavailable(error: object_store::Error) -> Error {
    tracing::error!(%error, "the evidence store does not answer as it should");
    Error::Unavailable
}

/// Makes the client of a bucket: rustls, no proxy of the environment, no redirects.
#[derive(Debug)]
struct Plain;

impl HttpConnector for Plain {
    fn connect(&self, _: &ClientOptions) -> object_store::Result<HttpClient> {
        #[expect(
            clippy::disallowed_methods,
            reason = "the operator names the store, which may well stand in a private network; nobody else can choose \
                      the address"
        )]
        let builder = reqwest::Client::builder();
        let builder = builder.no_proxy().redirect(reqwest::redirect::Policy::none());
        let client = builder.connect_timeout(CONNECT).timeout(WHOLE).build();
        let wrong = |error| object_store::Error::Generic { store: "S3", source: Box::new(error) };
        client.map(HttpClient::new).map_err(wrong)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_was_put_is_there_after_opening_anew_and_gone_after_deleting() {
        let folder = tempfile::tempdir().unwrap();
        let place = EvidencePlace::Folder(folder.path().join("evidence"));
        let objects = Objects::open(&place).unwrap();
        objects.put("a/b", vec![1, 2, 3]).await.unwrap();
        objects.put("a/c", vec![4]).await.unwrap();
        let again = Objects::open(&place).unwrap();
        assert_eq!(again.get("a/b").await.unwrap(), Some(vec![1, 2, 3]));
        let mut names = again.list("a").await.unwrap();
        names.sort();
        assert_eq!(names, ["a/b", "a/c"]);
        again.delete("a/b").await.unwrap();
        again.delete("a/b").await.unwrap();
        assert_eq!(objects.get("a/b").await.unwrap(), None);
    }
}
