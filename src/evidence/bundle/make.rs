//! Making a bundle: gathered in one transaction, written as a stream into the store, and kept in another, which is the
//! disclosure. Until that commits nobody can fetch a byte of it.

use std::sync::Arc;

use aws_lc_rs::digest;
use tokio::runtime::Handle;
use tokio::sync::Semaphore;

use super::accounts;
use super::archive::{Archive, Keep, Written, manifest_statement};
use super::gather::{self, BundleBody, Material};
use super::manifest::{self, ArchiveEntry};
use super::model::{BundleRow, chunk, object_name};
use super::pdf;
use super::verify::{MANIFEST, SIGNATURE};
use crate::app::App;
use crate::consent::{self, Disclosure, DisclosurePurpose};
use crate::crypto::chunks::FileKey;
use crate::crypto::{Private, SealedTable, seal, sha256};
use crate::db::{Instant, Json, ObjectId};
use crate::error::{Error, Result};
use crate::evidence::custody::{self, Circumstances};
use crate::evidence::model::{CustodyKind, hex};
use crate::evidence::read::Content;
use crate::evidence::store;
use crate::identity::Staff;
use crate::tx::{Subject, Tx};

/// One at a time: packing takes a core, and others wait for an answer.
static TURN: Semaphore = Semaphore::const_new(1);
/// Days for which the contents of a bundle can be fetched.
const KEPT_DAYS: i64 = 30;

const README: &str = "\
This is a bundle of evidence made with Holdfast.

summary.pdf     what was reported, readable
manifest.json   the same for programs, with the SHA-256 of every file
manifest.sig    an Ed25519 signature over \"holdfast bundle manifest v1\", a line feed, and manifest.json
accounts/       what was told of each incident, as text in UTF-8
display/        copies without what a camera or a phone writes next to the content; manifest.json holds the
                SHA-256 of each and of its original
originals/      the files, byte for byte as the survivor's phone sent them, where they were asked for: they may hold
                where and when they were made

Anyone can verify it, without an account: holdfast bundle verify FILE --public-key KEY
The key is published by the installation at /public/v1/bundle-key; compare it with the one in the manifest.
The archive's comment is a signature over every byte before it: no byte can be changed unseen.
";

/// A bundle as it is in the store, before anybody knows of it.
pub struct Made {
    material: Arc<Material>,
    written: Written,
    objects: Vec<ObjectId>,
    key: Private,
}

/// Writes a bundle into the store. Hashing, packing and sealing run on a thread of their own.
pub async fn make(app: &App, mut material: Material, now: Instant) -> Result<Made> {
    for item in &mut material.items {
        item.display_sha256 = match &item.display {
            Some(content) => Some(hash(app, content).await?),
            None => None,
        };
    }
    let (material, (file_key, key)) = (Arc::new(material), FileKey::generate()?);
    let (shared, application, runtime) = (material.clone(), app.clone(), Handle::current());
    let work = move || {
        let mut objects = Vec::new();
        let written = write(&application, &shared, &runtime, (&file_key, now), &mut objects);
        (written, objects)
    };
    let _turn = TURN.acquire().await;
    let done = tokio::task::spawn_blocking(work).await;
    let (written, objects) = done.map_err(|_| Error::internal("making a bundle was cut off"))?;
    match written {
        Ok(written) => Ok(Made { material, written, objects, key }),
        Err(error) => {
            discard(app, &material, &objects).await;
            Err(error)
        }
    }
}

/// The SHA-256 of a copy, read from where it is kept.
async fn hash(app: &App, content: &Content) -> Result<String> {
    let (mut context, mut at) = (digest::Context::new(&digest::SHA256), 0);
    while let Some(plain) = content.open(app, at).await? {
        context = tokio::task::spawn_blocking(move || {
            context.update(&plain);
            context
        })
        .await
        .map_err(|_| Error::internal("hashing a copy was cut off"))?;
        at += 1;
    }
    Ok(hex(context.finish().as_ref()))
}

async fn discard(app: &App, material: &Material, objects: &[ObjectId]) {
    for object in objects {
        let _left = app.objects.delete(&object_name(material.id, *object)).await;
    }
}

fn write(
    app: &App,
    material: &Material,
    runtime: &Handle,
    (key, now): (&FileKey, Instant),
    objects: &mut Vec<ObjectId>,
) -> Result<Written> {
    let mut number = 0;
    let keep: Keep<'_> = Box::new(move |piece: Vec<u8>, is_last| {
        let sealed = key.seal(chunk(material.id, number, is_last), &piece).map_err(std::io::Error::other)?;
        number += 1;
        let object = ObjectId::new(now);
        objects.push(object);
        runtime.block_on(app.objects.put(&object_name(material.id, object), sealed)).map_err(std::io::Error::other)
    });
    let mut archive = Archive::begin(keep);
    let summary = pdf::write(material, now)?;
    let readme = README.as_bytes();
    let of = |path: &str, bytes: &[u8]| ArchiveEntry {
        path: path.to_owned(),
        bytes: bytes.len() as u64,
        sha256: hex(&sha256(bytes)),
    };
    let mut entries = vec![of("README.txt", readme), of("summary.pdf", &summary)];
    let accounts = accounts::list(material);
    entries.extend(accounts.iter().map(|(path, text)| of(path, text.as_bytes())));
    let files = files(material);
    entries.extend(files.iter().map(|(entry, _)| entry.clone()));
    let manifest = manifest::write(material, now, &app.keys.bundle_public_key(), &entries)?;
    let signature = hex(&app.keys.sign_bundle(&manifest_statement(&manifest)));
    archive.whole_entry(MANIFEST, &manifest)?;
    archive.whole_entry(SIGNATURE, signature.as_bytes())?;
    archive.whole_entry("README.txt", readme)?;
    archive.whole_entry("summary.pdf", &summary)?;
    for (path, text) in accounts {
        archive.whole_entry(&path, text.as_bytes())?;
    }
    for (entry, content) in files {
        archive.entry(&entry.path, entry.bytes)?;
        let mut at = 0;
        while let Some(plain) = runtime.block_on(content.open(app, at))? {
            archive.write(&plain)?;
            at += 1;
        }
    }
    archive.finish(|statement| app.keys.sign_bundle(statement))
}

/// The files of the archive: copies and originals, with their entries in the manifest.
fn files(material: &Material) -> Vec<(ArchiveEntry, &Content)> {
    let mut files = Vec::new();
    for item in &material.items {
        let file = &item.file;
        if let (Some(content), Some(sha256)) = (&item.display, item.display_sha256.clone()) {
            files.push((ArchiveEntry { path: manifest::display_path(file), bytes: content.bytes(), sha256 }, content));
        }
        if let Some(content) = &item.original {
            let (path, sha256) = (manifest::original_path(file), file.sha256_text());
            files.push((ArchiveEntry { path, bytes: content.bytes(), sha256 }, content));
        }
    }
    files
}

impl Made {
    /// Keeps the bundle: a disclosure, and a custody event of each file in it.
    pub fn keep(&self, tx: &mut Tx<'_>, staff: &Staff, body: &BundleBody) -> Result<BundleRow> {
        let material = &self.material;
        // Once more: what was taken back while it was being made is not handed over.
        let contents = material.contents(body);
        gather::still_may(tx, staff, material.survivor, &contents)?;
        let reason = self.reason(body);
        let disclosure = Disclosure {
            survivor: material.survivor,
            recipient: material.recipient_id,
            officer: None,
            what: &["evidence", "incidents", "bundle"],
            reason: Some(&reason),
            agreement: material.agreement,
            purpose: DisclosurePurpose::EvidenceBundle,
            alert: None,
        };
        let disclosure = consent::disclose(tx, &disclosure)?;
        for item in material.items.iter().filter(|item| item.is_included()) {
            let about = Circumstances {
                reason: Some(&reason),
                disclosure: Some(disclosure),
                bundle: Some(material.id),
                ..Circumstances::default()
            };
            custody::record(tx, &item.file, CustodyKind::Disclosed, about)?;
        }
        let (keys, survivor, id) = (tx.keys, material.survivor, material.id);
        let count = |count: usize| i32::try_from(count).unwrap_or(i32::MAX);
        let new = BundleRow::sealing(keys, survivor, id);
        let row = BundleRow {
            id,
            survivor_id: survivor,
            reference: material.reference.clone(),
            purpose: material.purpose,
            note: seal!(new.note, &body.note)?,
            recipient_id: body.recipient_organisation_id,
            recipient_name: seal!(new.recipient_name, &body.recipient_name)?,
            disclosure_id: disclosure,
            files: count(material.items.iter().filter(|item| item.is_included()).count()),
            incidents: count(material.incidents.len()),
            bytes: i64::try_from(self.written.bytes).unwrap_or(i64::MAX),
            sha256: self.written.sha256.clone(),
            file_key: Some(seal!(new.file_key, &self.key)?),
            chunks: Json::of(&self.objects)?,
            created_by: staff.id,
            created_at: tx.now,
            next_action_at: Some(tx.now.plus_days(KEPT_DAYS)),
            contents: Some(Json::of(&contents)?),
        };
        store::bundles::insert(tx.conn, row.clone())?;
        tx.about(Subject::of("survivor", survivor));
        Ok(row)
    }

    /// What the survivor reads of it among their disclosures.
    fn reason(&self, body: &BundleBody) -> Private {
        use crate::crypto::ExposeSecret;
        let material = &self.material;
        let purpose = material.purpose.as_str().replace('_', " ");
        let note = body.note.as_ref().map(|note| format!(": {}", note.expose_secret())).unwrap_or_default();
        format!("Bundle {} for {}, {purpose}{note}", material.reference, material.recipient).into()
    }

    /// Destroys what was written for nothing: a repeat of a call that had been answered, or one that was refused.
    pub async fn discard(&self, app: &App) {
        discard(app, &self.material, &self.objects).await;
    }

    /// Its id.
    #[must_use]
    pub fn id(&self) -> crate::db::BundleId {
        self.material.id
    }
}
