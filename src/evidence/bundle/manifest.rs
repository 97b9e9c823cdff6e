//! The manifest: every entry with its hash, and what the PDF tells, for programs.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::gather::Material;
use super::model::Item;
use crate::db::Instant;
use crate::directory;
use crate::error::Result;
use crate::evidence::custody::CustodyEventView;
use crate::evidence::model::{Evidence, hex};
use crate::evidence::upload::media;
use crate::incidents::VisibleIncident;

/// What the manifest's `format` says.
pub const FORMAT: &str = "holdfast-bundle-1";

/// An entry of the archive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArchiveEntry {
    /// Its path.
    pub path: String,
    /// How long it is.
    pub bytes: u64,
    /// Its SHA-256, in hexadecimal digits.
    pub sha256: String,
}

/// What verifying reads of a manifest.
#[derive(Clone, Debug, Deserialize)]
pub struct Head {
    /// Always [`FORMAT`].
    pub format: String,
    /// The bundle's reference.
    pub reference: String,
    /// The public key, in hexadecimal digits.
    pub public_key: String,
    /// Every entry but the manifest and its signature.
    pub entries: Vec<ArchiveEntry>,
}

/// Where an original is in the archive: by its reference, never by a name that a phone gave it.
#[must_use]
pub fn original_path(file: &Evidence) -> String {
    format!("originals/{}.{}", file.reference, media::ending(&file.media_type))
}

/// Where a copy for display is in the archive.
#[must_use]
pub fn display_path(file: &Evidence) -> String {
    format!("display/{}.{}", file.reference, media::ending(&file.media_type))
}

/// The manifest as it is in the archive.
pub fn write(material: &Material, made_at: Instant, public_key: &[u8], entries: &[ArchiveEntry]) -> Result<Vec<u8>> {
    let manifest = json!({
        "format": FORMAT,
        "reference": material.reference,
        "made_at": made_at,
        "made_by": material.organisation.name,
        "recipient": material.recipient,
        "purpose": material.purpose,
        "language": material.language,
        "time_zone": material.zone.iana_name(),
        "agreement": material.agreement,
        "survivor": material.survivor_reference,
        "public_key": hex(public_key),
        "entries": entries,
        "evidence": material.items.iter().map(|of| item(material, of)).collect::<Vec<_>>(),
        "incidents": (1..).zip(&material.incidents).map(|(number, of)| incident_json(number, of)).collect::<Vec<_>>(),
        "orders": material.orders,
        "notes": [
            "Limbs are those of the Protection from Harassment Act 1997, s.2A(3); they are indicative only.",
            "The person reported is the person whom the survivor reported; nothing here is a finding.",
        ],
    });
    Ok(serde_json::to_vec_pretty(&manifest)?)
}

fn item(material: &Material, item: &Item) -> Value {
    let file = &item.file;
    let original = item.original.as_ref().map(|_| original_path(file));
    let display = item
        .display
        .as_ref()
        .map(|content| json!({"path": display_path(file), "bytes": content.bytes(), "sha256": item.display_sha256}));
    let name = |event: &CustodyEventView| {
        let handler = material.handlers.get(&event.by_id?)?;
        Some(json!({"name": handler.name, "roles": handler.roles, "organisation": handler.organisation}))
    };
    let event = |event: &CustodyEventView| {
        json!({"sequence": event.sequence, "kind": event.kind, "at": event.at, "by": event.by, "by_id": event.by_id,
            "handler": name(event),
            "organisation_id": event.organisation_id, "sha256": event.sha256, "entry_hash": event.entry_hash})
    };
    json!({
        "reference": file.reference,
        "path": original,
        "display": display,
        "may_hold_metadata": item.may_hold_metadata(),
        "media_type": file.media_type,
        "bytes": file.bytes,
        "sha256": file.sha256_text(),
        "incident": file.incident_id,
        "recorded_at": file.recorded_at,
        "received_at": file.kept_at,
        "is_recorded_by_staff": file.recorded_by.is_some(),
        "custody": item.custody.events.iter().map(event).collect::<Vec<_>>(),
        "custody_is_whole": item.custody.is_whole,
    })
}

fn incident_json(number: usize, told: &VisibleIncident) -> Value {
    let limbs = |code: &String| {
        let limbs = directory::behaviour(code).map(|behaviour| behaviour.indicative_limbs.clone());
        json!({"code": code, "indicative_limbs": limbs.unwrap_or_default()})
    };
    json!({
        "number": number,
        "incident": told.incident,
        "behaviours": told.incident.behaviours.iter().map(limbs).collect::<Vec<_>>(),
        "versions": told.versions,
    })
}
