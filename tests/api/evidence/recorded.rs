//! Files that staff record for somebody without a phone: kept as any other, marked, and off every phone until staff show them.

use reqwest::Method;
use serde_json::{Value, json};

use super::bundle::{court, entry, make};
use super::{OCTETS, PATH, hex, keep, kinds, picture, stated};
use crate::harness::partnership::{organisation, staff};
use crate::harness::{Caller, Partnership, Reply, on_both, text};

fn path(p: &Partnership, below: &str) -> String {
    format!("/partner/v1/survivors/{}/evidence{below}", p.survivor.id)
}

fn with(media_type: &str, bytes: &[u8], more: Value) -> Value {
    let mut body = stated(media_type, bytes);
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    body
}

async fn send(caller: &Caller, p: &Partnership, id: &str, bytes: &[u8]) -> Reply {
    let at = path(p, &format!("/{id}/content"));
    caller.send_bytes(Method::PUT, &at, &[OCTETS], bytes.to_vec()).await.reply
}

async fn recorded(p: &Partnership, media_type: &str, bytes: &[u8], more: Value) -> Value {
    let made = p.advocate.post(&path(p, ""), with(media_type, bytes, more)).await.expect(201);
    send(&p.advocate, p, &text(&made, "id"), bytes).await.expect(200)
}

async fn written_down(p: &Partnership, visibility: &str) -> String {
    let body = json!({"happened": {"precision": "unknown"}, "behaviours": ["message_text"], "account": "Words", "fear": 1,
        "visibility": visibility, "recorded_at": "2026-11-21T10:00:00Z"});
    let path = format!("/partner/v1/survivors/{}/incidents", p.survivor.id);
    text(&p.advocate.post(&path, body).await.expect(201), "id")
}

on_both!(a_file_is_recorded_for_somebody_without_a_phone_and_marked_as_such, |app| async {
    let p = app.partnership().await;
    let (file, incident) = (picture(), written_down(&p, "advocate").await);
    let kept = recorded(&p, "image/jpeg", &file, json!({"incident_id": incident})).await;
    let id = text(&kept, "id");
    assert_eq!(
        (&kept["state"], &kept["is_recorded_by_staff"], &kept["is_off_phone"], &kept["has_display"]),
        (&json!("kept"), &json!(true), &json!(true), &json!(true))
    );
    assert_eq!(
        (text(&kept, "sha256"), &kept["incident_id"]),
        (hex(&holdfast::crypto::sha256(&file)), &json!(incident))
    );
    // An answer that was lost is given again.
    assert_eq!(send(&p.advocate, &p, &id, b"").await.expect(200)["id"], id.as_str());
    assert_eq!(p.advocate.fetch(&path(&p, &format!("/{id}/content"))).await, file);
    let own = keep(p.phone(), "text/plain", b"mine", json!({})).await;
    assert_eq!((&own["is_recorded_by_staff"], own.get("is_off_phone")), (&json!(false), None));
    let list = p.advocate.list(&path(&p, "")).await;
    let marks: Vec<&Value> = list.iter().map(|file| &file["is_recorded_by_staff"]).collect();
    assert_eq!(marks, [&json!(false), &json!(true)]);
    let told = p.advocate.get(&format!("/partner/v1/incidents/{incident}")).await.expect(200);
    assert_eq!(told["evidence_ids"], json!([id]));
    let custody = &p.advocate.get(&path(&p, &format!("/{id}"))).await.expect(200)["custody"];
    assert_eq!(kinds(custody), ["received", "verified", "copied", "read"]);
    let received = &custody["events"][0];
    assert_eq!((&received["by"], &received["by_id"]), (&json!("staff"), &json!(p.advocate.id)));
    app.settle().await;
});

on_both!(only_their_advocate_records_a_file_and_only_what_was_stated_is_kept, |app| async {
    let p = app.partnership().await;
    let harbour = organisation(&p.admin, json!({"kind": "survivor_support", "name": "Harbour"})).await;
    let stranger = staff(&app.http, &p.admin, &harbour, "harriet", &["advocate"]).await;
    let colleague = staff(&app.http, &p.admin, &p.support, "maud", &["advocate"]).await;
    let words = || with("text/plain", b"words", json!({}));
    for wrong in [&p.support_supervisor, &p.practitioner, &p.officer] {
        wrong.post(&path(&p, ""), words()).await.refused(403, "wrong_role");
    }
    stranger.post(&path(&p, ""), words()).await.refused(404, "not_found");
    let told = json!({"happened": {"precision": "unknown"}, "behaviours": ["message_text"], "account": "Mine", "fear": 1,
        "visibility": "private", "recorded_at": "2026-11-21T10:00:00Z"});
    let private = text(&p.phone().post("/app/v1/incidents", told).await.expect(201), "id");
    let refusals = [
        (json!({"visibility": "private"}), 422, "invalid"),
        (json!({"incident_id": private}), 422, "unknown_reference"),
        (json!({"incident_id": private, "visibility": "police"}), 422, "invalid"),
        (json!({"name": "IMG_2041.JPG"}), 422, "invalid"),
        (json!({"bytes": 257_000_000}), 413, "file_too_large"),
        (json!({"media_type": "application/x-msdownload"}), 415, "media_type_not_taken"),
    ];
    for (change, status, code) in refusals {
        p.advocate.post(&path(&p, ""), with("text/plain", b"words", change)).await.refused(status, code);
    }
    let id = text(&p.advocate.post(&path(&p, ""), words()).await.expect(201), "id");
    assert!(p.advocate.list(&path(&p, "")).await.is_empty());
    send(&stranger, &p, &id, b"words").await.refused(404, "not_found");
    send(&colleague, &p, &id, b"words").await.refused(404, "not_found");
    send(&p.support_supervisor, &p, &id, b"words").await.refused(403, "wrong_role");
    send(&p.advocate, &p, &id, b"words and more").await.refused(413, "body_too_large");
    send(&p.advocate, &p, &id, b"wordz").await.refused(422, "hash_mismatch");
    send(&p.advocate, &p, &id, b"words").await.refused(410, "upload_gone");
    app.settle().await;
});

on_both!(no_phone_shows_a_file_that_staff_recorded_until_they_say_that_it_may, |app| async {
    let p = app.partnership().await;
    let incident = written_down(&p, "advocate").await;
    let id = text(&recorded(&p, "text/plain", b"a letter", json!({"incident_id": incident})).await, "id");
    let own = |below: &str| format!("{PATH}/{id}{below}");
    for hidden in ["", "/content", "/custody", "/actions"] {
        p.phone().get(&own(hidden)).await.refused(404, "not_found");
    }
    p.phone().send(Method::DELETE, &own(""), &[], None).await.refused(404, "not_found");
    let police = json!({"visibility": "police"});
    p.phone().send(Method::PATCH, &own(""), &[], Some(&police)).await.refused(404, "not_found");
    assert!(p.phone().list(PATH).await.is_empty());
    let show = path(&p, &format!("/{id}/show"));
    // The phone knows nothing of its incident either.
    p.advocate.post(&show, json!({})).await.refused(409, "guard_not_met");
    p.advocate.post(&format!("/partner/v1/incidents/{incident}/show"), json!({})).await.expect(200);
    let at_phone = format!("/app/v1/incidents/{incident}");
    assert_eq!(p.phone().get(&at_phone).await.expect(200)["evidence_ids"], json!([]));
    p.practitioner.post(&show, json!({})).await.refused(403, "wrong_role");
    assert_eq!(p.support_supervisor.post(&show, json!({})).await.expect(200).get("is_off_phone"), None);
    p.advocate.post(&show, json!({})).await.refused(409, "wrong_state");
    assert_eq!(p.phone().get(&at_phone).await.expect(200)["evidence_ids"], json!([id]));
    assert_eq!(p.phone().get(&own("")).await.expect(200)["is_recorded_by_staff"], true);
    assert_eq!(p.phone().fetch(&own("/content")).await, b"a letter");
    // From now on it is theirs to take back.
    p.phone().send(Method::DELETE, &own(""), &[], None).await.expect(204);
    app.settle().await;
});

on_both!(courts_and_police_see_which_files_staff_recorded, |app| async {
    let p = app.partnership().await;
    let incident = written_down(&p, "police").await;
    recorded(&p, "text/plain", b"a letter", json!({"incident_id": incident})).await;
    keep(p.phone(), "text/plain", b"a note of theirs", json!({"visibility": "police"})).await;
    let (_, bytes) = make(&p, court()).await;
    let manifest: Value = serde_json::from_slice(&entry(&bytes, "manifest.json")).unwrap();
    let marks = |files: &Value| -> Vec<Value> {
        files.as_array().unwrap().iter().map(|file| file["is_recorded_by_staff"].clone()).collect()
    };
    assert_eq!(marks(&manifest["evidence"]), [json!(true), json!(false)]);
    assert_eq!(manifest["incidents"][0]["incident"]["is_recorded_by_staff"], true);
    p.consent(&["alert.police.help_now", "share.police.evidence"]).await;
    let alert = p.help_now().await;
    app.settle().await;
    let listed = format!("/police/v1/alerts/{}/evidence", text(&alert, "reference"));
    let officer = [("holdfast-officer", p.officer.username.as_str()), ("holdfast-reason", "Statement")];
    let listed = p.police_system.send(Method::GET, &listed, &officer, None).await.expect(200);
    assert_eq!(marks(&listed["items"]), [json!(true), json!(false)]);
});
