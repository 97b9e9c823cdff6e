//! Bundles: what goes into one, on what agreement, and that not one byte of it can be changed unseen.

use std::io::{Cursor, Read};

use holdfast::evidence::{BundleVerdict, verify_bundle};
use serde_json::{Value, json};

use super::{PATH, hex, incident, keep, objects, picture};
use crate::harness::{Partnership, TestApp, on_both, text};

fn bundles(p: &Partnership) -> String {
    format!("/partner/v1/survivors/{}/bundles", p.survivor.id)
}

pub fn court() -> Value {
    json!({"purpose": "protection_order", "recipient_name": "Sheffield Magistrates' Court", "agreed_with_survivor": true,
        "note": "Application for a full order"})
}

pub async fn make(p: &Partnership, body: Value) -> (Value, Vec<u8>) {
    let made = p.advocate.post(&bundles(p), body).await.expect(201);
    let bytes = p.advocate.fetch(&format!("{}/{}/content", bundles(p), text(&made, "id"))).await;
    (made, bytes)
}

fn verdict(bytes: &[u8], key: Option<&[u8]>) -> BundleVerdict {
    verify_bundle(Cursor::new(bytes), key).unwrap()
}

fn is_whole(bytes: &[u8]) -> bool {
    matches!(verdict(bytes, None), BundleVerdict::Whole { .. })
}

pub fn entry(bytes: &[u8], name: &str) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut out = Vec::new();
    archive.by_name(name).unwrap().read_to_end(&mut out).unwrap();
    out
}

/// A survivor with an incident, amended once, and two files.
async fn record(app: &TestApp, p: &Partnership, visibility: &str) -> (String, Value) {
    let told = incident(app, p.phone(), visibility).await;
    let body = json!({"happened": {"precision": "unknown"}, "behaviours": ["message_text"], "account": "Ŵords, told anew",
        "fear": 1, "visibility": visibility, "recorded_at": app.now_text(), "order_condition_id": p.condition});
    p.phone().post(&format!("/app/v1/incidents/{told}/amend"), body).await.expect(200);
    let linked =
        keep(p.phone(), "image/jpeg", &picture(), json!({"incident_id": told, "name": "IMG_SECRET.JPG"})).await;
    keep(p.phone(), "text/plain", b"notes", json!({})).await;
    (told, linked)
}

on_both!(a_bundle_for_a_court_holds_clean_copies_with_both_hashes_and_a_readable_summary, |app| async {
    let p = app.partnership().await;
    let (_, linked) = record(app, &p, "advocate").await;
    let (made, bytes) = make(&p, court()).await;
    assert_eq!(
        (&made["files"], &made["incidents"], made["bytes"].as_u64()),
        (&json!(2), &json!(1), Some(bytes.len() as u64))
    );
    assert_eq!(text(&made, "sha256"), hex(&holdfast::crypto::sha256(&bytes)));
    let key = app.http.nobody().get("/public/v1/bundle-key").await.expect(200);
    let raw = app.inner.keys.bundle_public_key();
    assert_eq!(text(&key, "public_key"), hex(&raw));
    assert!(matches!(verdict(&bytes, Some(&raw)), BundleVerdict::Whole { entries: 6, .. }));
    assert!(matches!(verdict(&bytes, Some(&[7; 32])), BundleVerdict::Broken { .. }), "another's key");
    let path = format!("display/{}.jpg", text(&linked, "reference"));
    let copy = entry(&bytes, &path);
    assert_eq!(copy, p.phone().fetch(&format!("{PATH}/{}/display", text(&linked, "id"))).await);
    let manifest: Value = serde_json::from_slice(&entry(&bytes, "manifest.json")).unwrap();
    let listed = &manifest["evidence"][0];
    assert_eq!(listed["sha256"], hex(&holdfast::crypto::sha256(&picture())));
    assert_eq!(listed["display"]["sha256"], hex(&holdfast::crypto::sha256(&copy)));
    assert_eq!((&listed["display"]["path"], &listed["path"]), (&json!(path), &Value::Null));
    assert!(names(&bytes).iter().all(|name| !entry(&bytes, name).windows(3).any(|part| part == b"GPS")));
    assert_eq!(made["may_hold_metadata"], false);
    assert_eq!(entry(&bytes, "accounts/1.txt"), "Ŵords, told anew".as_bytes());
    assert_eq!(entry(&bytes, "accounts/1-version-1.txt"), b"Words");
    assert_eq!(manifest["incidents"][0]["versions"].as_array().unwrap().len(), 2);
    // What the amendment did not name stands there still.
    assert_eq!(manifest["incidents"][0]["versions"][1]["witnesses"], "Mrs Patel");
    assert_eq!(manifest["incidents"][0]["behaviours"][0]["indicative_limbs"], json!(["b"]));
    assert_eq!(manifest["evidence"][0]["custody_is_whole"], true);
    assert!(!manifest["orders"].as_array().unwrap().is_empty());
    let words = manifest.to_string();
    assert!(!words.contains("IMG_SECRET") && !words.contains(crate::harness::partnership::PARTICIPANT_NAME));
    let summary = entry(&bytes, "summary.pdf");
    assert!(summary.starts_with(b"%PDF-") && summary.len() > 5_000, "{}", summary.len());
    // It is a disclosure that the survivor sees, and stands in the custody of each file.
    let disclosed = p.phone().list("/app/v1/disclosures").await;
    assert_eq!(disclosed[0]["what"], json!(["evidence", "incidents", "bundle"]));
    assert!(text(&disclosed[0], "reason").contains("Sheffield Magistrates' Court"));
    let custody = p.phone().get(&format!("{PATH}/{}/custody", text(&linked, "id"))).await.expect(200);
    let events = custody["events"].as_array().unwrap();
    let disclosed: Vec<&Value> = events.iter().filter(|event| event["kind"] == "disclosed").collect();
    assert_eq!(disclosed.len(), 1);
    assert_eq!(disclosed[0]["bundle_id"], made["id"]);
    assert_eq!(p.advocate.list(&bundles(&p)).await.len(), 1);
});

/// Every name in the archive.
fn names(bytes: &[u8]) -> Vec<String> {
    let archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    archive.file_names().map(|name| name.unwrap().into_owned()).collect()
}

fn with(body: Value, more: Value) -> Value {
    let mut body = body;
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    body
}

on_both!(an_original_is_in_a_bundle_for_a_court_only_where_it_was_chosen_and_then_with_a_warning, |app| async {
    let p = app.partnership().await;
    let photo = keep(p.phone(), "image/jpeg", &picture(), json!({})).await;
    let sound = keep(p.phone(), "audio/ogg", b"OggS a sound", json!({})).await;
    let clean = p.phone().fetch(&format!("{PATH}/{}/display", text(&photo, "id"))).await;
    let same = keep(p.phone(), "image/jpeg", &clean, json!({})).await;
    let path = |folder: &str, file: &Value, ending: &str| format!("{folder}/{}.{ending}", text(file, "reference"));
    let of = |made: &Value, file: &Value, field: &str| {
        let items = made["items"].as_array().unwrap();
        items.iter().find(|item| item["evidence_id"] == file["id"]).unwrap()[field].clone()
    };
    // Nothing chosen: the copies, and a word of what has none.
    let (made, bytes) = make(&p, court()).await;
    let held = names(&bytes);
    assert!(held.contains(&path("display", &photo, "jpg")) && !held.iter().any(|name| name.starts_with("originals/")));
    assert_eq!((&made["files"], &made["may_hold_metadata"]), (&json!(2), &json!(false)));
    assert_eq!(of(&made, &sound, "is_left_out"), true);
    let manifest: Value = serde_json::from_slice(&entry(&bytes, "manifest.json")).unwrap();
    let listed = |file: &Value| {
        let found = manifest["evidence"].as_array().unwrap().iter();
        found.clone().find(|item| item["reference"] == file["reference"]).unwrap().clone()
    };
    assert_eq!((&listed(&sound)["path"], &listed(&sound)["display"]), (&Value::Null, &Value::Null));
    assert_eq!(listed(&sound)["sha256"], sound["sha256"]);
    let custody = p.phone().get(&format!("{PATH}/{}/custody", text(&sound, "id"))).await.expect(200);
    assert_ne!(custody["events"].as_array().unwrap().last().unwrap()["kind"], "disclosed");
    // One original chosen: with its copy, and its hash signed as well.
    let (made, bytes) = make(&p, with(court(), json!({"original_ids": [photo["id"]]}))).await;
    assert_eq!(entry(&bytes, &path("originals", &photo, "jpg")), picture());
    assert_eq!(entry(&bytes, &path("display", &photo, "jpg")), clean);
    assert_eq!((of(&made, &photo, "may_hold_metadata"), of(&made, &sound, "is_left_out")), (json!(true), json!(true)));
    assert_eq!(made["may_hold_metadata"], true);
    let at = text(&made, "id");
    assert_eq!(p.advocate.get(&format!("{}/{at}", bundles(&p))).await.expect(200)["items"], made["items"]);
    assert!(is_whole(&bytes));
    // All chosen. A picture that had nothing in it holds nothing.
    let (made, bytes) = make(&p, with(court(), json!({"include_originals": true}))).await;
    assert_eq!(entry(&bytes, &path("originals", &sound, "ogg")), b"OggS a sound");
    assert_eq!((of(&made, &same, "may_hold_metadata"), of(&made, &same, "has_original")), (json!(false), json!(true)));
    assert_eq!((&made["files"], of(&made, &sound, "may_hold_metadata")), (&json!(3), json!(true)));
    let unknown = json!({"original_ids": [uuid::Uuid::new_v4()]});
    p.advocate.post(&bundles(&p), with(court(), unknown)).await.refused(422, "unknown_reference");
});

on_both!(police_get_originals_unless_copies_are_asked_for, |app| async {
    let p = app.partnership().await;
    let (_, linked) = record(app, &p, "police").await;
    p.consent(&["share.police.incident", "share.police.evidence"]).await;
    let force = json!({"purpose": "investigation", "recipient_organisation_id": p.force});
    let (made, bytes) = make(&p, force.clone()).await;
    assert_eq!(entry(&bytes, &format!("originals/{}.jpg", text(&linked, "reference"))), picture());
    assert_eq!((&made["items"][0]["has_display"], &made["may_hold_metadata"]), (&json!(false), &json!(true)));
    let (made, bytes) = make(&p, with(force, json!({"include_originals": false}))).await;
    assert!(names(&bytes).contains(&format!("display/{}.jpg", text(&linked, "reference"))));
    assert_eq!((&made["items"][0]["has_original"], &made["may_hold_metadata"]), (&json!(false), &json!(false)));
});

on_both!(a_summary_names_who_handled_a_file_in_the_language_and_by_the_clocks_that_were_asked_for, |app| async {
    let p = app.partnership().await;
    let (_, linked) = record(app, &p, "advocate").await;
    p.advocate
        .fetch(&format!("/partner/v1/survivors/{}/evidence/{}/content", p.survivor.id, text(&linked, "id")))
        .await;
    let (_, bytes) = make(&p, with(court(), json!({"language": "cy", "time_zone": "Asia/Karachi"}))).await;
    let manifest: Value = serde_json::from_slice(&entry(&bytes, "manifest.json")).unwrap();
    assert_eq!((&manifest["language"], &manifest["time_zone"]), (&json!("cy"), &json!("Asia/Karachi")));
    let events = manifest["evidence"][0]["custody"].as_array().unwrap();
    let read = events.iter().find(|event| event["kind"] == "read").unwrap();
    assert_eq!((&read["by_id"], &read["handler"]["roles"]), (&json!(p.advocate.id), &json!(["advocate"])));
    assert!(read["handler"]["name"].as_str().is_some() && read["handler"]["organisation"].as_str().is_some());
    let summary = entry(&bytes, "summary.pdf");
    assert!(summary.windows(8).any(|part| part == b"/Lang (c" || part == b"/Lang(cy"));
    for wrong in ["Nowhere/At_All", ""] {
        p.advocate.post(&bundles(&p), with(court(), json!({"time_zone": wrong}))).await.refused(422, "invalid");
    }
});

on_both!(nobody_is_handed_what_was_not_agreed, |app| async {
    let p = app.partnership().await;
    let (told, linked) = record(app, &p, "police").await;
    let force = json!({"purpose": "investigation", "recipient_organisation_id": p.force});
    p.advocate.post(&bundles(&p), force.clone()).await.refused(409, "not_agreed");
    let unasked = json!({"purpose": "civil_proceedings", "recipient_name": "A solicitor"});
    p.advocate.post(&bundles(&p), unasked).await.refused(409, "not_agreed");
    let nobody = json!({"purpose": "investigation", "agreed_with_survivor": true});
    p.advocate.post(&bundles(&p), nobody).await.refused(422, "invalid");
    let programme =
        json!({"purpose": "investigation", "recipient_organisation_id": p.programme, "agreed_with_survivor": true});
    p.advocate.post(&bundles(&p), programme).await.refused(422, "unknown_reference");
    p.consent(&["share.police.incident", "share.police.evidence"]).await;
    let (made, bytes) = make(&p, force.clone()).await;
    // The notes are for the advocate alone.
    assert_eq!((&made["files"], &made["incidents"]), (&json!(1), &json!(1)));
    assert!(is_whole(&bytes));
    // Taken back, nothing is left that police may have.
    p.phone().post(&format!("/app/v1/incidents/{told}/withdraw"), json!({})).await.expect(200);
    p.advocate.post(&bundles(&p), force).await.refused(409, "guard_not_met");
    // Nor is what was made before handed over any more.
    let content = format!("{}/{}/content", bundles(&p), text(&made, "id"));
    p.advocate.get(&content).await.refused(404, "not_found");
    // A file that is taken back is given to nobody, in no bundle either; what was disclosed is not destroyed.
    let own = format!("{PATH}/{}", text(&linked, "id"));
    p.phone().send(reqwest::Method::DELETE, &own, &[], None).await.expect(204);
    app.advance(8 * 24 * 60).await;
    p.advocate.get(&content).await.refused(404, "not_found");
    let file = format!("/partner/v1/survivors/{}/evidence/{}/restore", p.survivor.id, text(&linked, "id"));
    let restored = p.advocate.post(&file, json!({"spoke_to_survivor": true, "note": "It was not them"})).await;
    assert_eq!(restored.expect(200)["state"], "kept");
});

on_both!(a_bundle_can_be_fetched_for_thirty_days_and_a_repeat_makes_no_second, |app| async {
    let p = app.partnership().await;
    keep(p.phone(), "text/plain", b"notes", json!({})).await;
    let kept = objects(app).len();
    let first = p.advocate.post_keyed(&bundles(&p), "same", &court()).await.expect(201);
    let again = p.advocate.post_keyed(&bundles(&p), "same", &court()).await;
    assert_eq!(
        (again.expect(201)["id"].clone(), again.header("idempotent-replayed")),
        (first["id"].clone(), Some("true"))
    );
    assert_eq!(objects(app).len(), kept + 1);
    let content = format!("{}/{}/content", bundles(&p), text(&first, "id"));
    app.advance(30 * 24 * 60 - 1).await;
    assert!(is_whole(&p.advocate.fetch(&content).await));
    app.advance(1).await;
    p.advocate.get(&content).await.refused(404, "not_found");
    assert_eq!(objects(app).len(), kept);
});

/// A real bundle at a dense sample; every bit of a small one is turned beside the code (`evidence/bundle/verify`).
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flipped_bit_anywhere_in_a_bundle_is_found() {
    let app = TestApp::sqlite().await;
    let p = app.partnership().await;
    record(&app, &p, "advocate").await;
    let (_, bytes) = make(&p, court()).await;
    assert!(is_whole(&bytes));
    let check = move || {
        let mut changed = bytes.clone();
        // Where manifest, headers and directory lie, every byte; within the bulk between, a dense sample.
        let directory = bytes.len().saturating_sub(1_500);
        let all = (0..bytes.len()).filter(|at| *at < 1_500 || *at >= directory || at % 61 == 0);
        for at in all {
            let bit = 1 << (at % 8);
            changed[at] ^= bit;
            assert!(!is_whole(&changed), "byte {at} of {}", bytes.len());
            changed[at] ^= bit;
        }
        // Nor can anything be added or cut off.
        assert!(!is_whole(&[bytes.as_slice(), b"x"].concat()));
        assert!(!is_whole(&[b"x", bytes.as_slice()].concat()));
        assert!(!is_whole(&bytes[..bytes.len() - 1]));
        assert!(!is_whole(b""));
        // The first bad entry is named.
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes.as_slice())).unwrap();
        let start = archive.by_name("README.txt").unwrap().data_start().unwrap();
        let mut changed = bytes.clone();
        changed[usize::try_from(start).unwrap() + 20] ^= 1;
        let BundleVerdict::Broken { entry, .. } = verdict(&changed, None) else { panic!("a change") };
        assert_eq!(entry, "README.txt");
    };
    tokio::task::spawn_blocking(check).await.unwrap();
    app.finish().await;
}

/// Whoever receives a bundle needs the program and the file, and nothing else.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_program_verifies_a_bundle_and_names_the_first_bad_entry() {
    let app = TestApp::sqlite().await;
    let p = app.partnership().await;
    keep(p.phone(), "text/plain", b"notes", json!({})).await;
    let (made, bytes) = make(&p, court()).await;
    let key = hex(&app.inner.keys.bundle_public_key());
    let folder = tempfile::tempdir().unwrap();
    let run = |bytes: Vec<u8>, key: Option<String>| {
        let file = folder.path().join("bundle.zip");
        async move {
            std::fs::write(&file, bytes).unwrap();
            let run = move || {
                let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_holdfast"));
                command.args(["bundle", "verify"]).arg(file);
                if let Some(key) = key {
                    command.args(["--public-key", &key]);
                }
                command.output().unwrap()
            };
            let output = tokio::task::spawn_blocking(run).await.unwrap();
            (output.status.code(), String::from_utf8(output.stdout).unwrap())
        }
    };
    let (code, said) = run(bytes.clone(), Some(key)).await;
    assert!(code == Some(0) && said.starts_with(&text(&made, "reference")), "{said}");
    let (code, said) = run(bytes.clone(), Some(hex(&[7; 32]))).await;
    assert!(code == Some(1) && said.starts_with("manifest.json: "), "{said}");
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes.as_slice())).unwrap();
    let start = archive.by_name("summary.pdf").unwrap().data_start().unwrap();
    let mut changed = bytes;
    changed[usize::try_from(start).unwrap() + 500] ^= 1;
    let (code, said) = run(changed, None).await;
    assert!(code == Some(1) && said.starts_with("summary.pdf: "), "{said}");
    app.finish().await;
}
