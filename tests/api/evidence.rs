//! Evidence: what arrives is what was stated or is not kept; it is sealed; who may read it, and what becomes of it.

mod acts;
mod bucket;
mod bundle;
mod police;
mod recorded;
mod sealed;
mod stays;
mod taken_back;
mod ties;
mod tus;

use std::path::{Path, PathBuf};

use holdfast::config::evidence::EvidencePlace;
use holdfast::crypto::sha256;
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::partnership::{enrol_with, way};
use crate::harness::{Caller, Partnership, TestApp, instant, on_both, text};

pub const PATH: &str = "/app/v1/evidence";
pub const OCTETS: (&str, &str) = ("content-type", "application/octet-stream");

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub fn stated(media_type: &str, bytes: &[u8]) -> Value {
    json!({"media_type": media_type, "bytes": bytes.len(), "sha256": hex(&sha256(bytes))})
}

/// A picture with a place in it, and one byte of a scan.
pub fn picture() -> Vec<u8> {
    let part = |marker: u8, contents: &[u8]| {
        let length = u16::try_from(contents.len() + 2).unwrap();
        [&[0xff, marker], length.to_be_bytes().as_slice(), contents].concat()
    };
    [
        vec![0xff, 0xd8],
        part(0xe1, b"Exif\0\0GPS 53.3811 N 1.4701 W"),
        part(0xdb, &[0; 65]),
        part(0xda, &[1, 1, 0, 0, 63, 0]),
        vec![0x12, 0xff, 0xd9],
    ]
    .concat()
}

pub async fn put(phone: &Caller, id: &str, bytes: &[u8]) -> crate::harness::Reply {
    phone.send_bytes(Method::PUT, &format!("{PATH}/{id}/content"), &[OCTETS], bytes.to_vec()).await.reply
}

/// Keeps a file; `more` goes into what is stated.
pub async fn keep(phone: &Caller, media_type: &str, bytes: &[u8], more: Value) -> Value {
    let mut body = stated(media_type, bytes);
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let made = phone.post(PATH, body).await.expect(201);
    put(phone, &text(&made, "id"), bytes).await.expect(200)
}

/// Every file of the store.
pub fn objects(app: &TestApp) -> Vec<PathBuf> {
    fn below(folder: &Path, into: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()) {
            if entry.is_dir() { below(&entry, into) } else { into.push(entry) }
        }
    }
    let EvidencePlace::Folder(folder) = &app.inner.config.evidence.place else { panic!("a folder") };
    let mut found = Vec::new();
    below(folder, &mut found);
    found
}

pub fn kinds(custody: &Value) -> Vec<&str> {
    custody["events"].as_array().unwrap().iter().map(|event| event["kind"].as_str().unwrap()).collect()
}

async fn incident(app: &TestApp, phone: &Caller, visibility: &str) -> String {
    let body = json!({"happened": {"precision": "unknown"}, "behaviours": ["message_text"], "account": "Words",
        "fear": 1, "witnesses": "Mrs Patel", "visibility": visibility, "recorded_at": app.now_text()});
    text(&phone.post("/app/v1/incidents", body).await.expect(201), "id")
}

on_both!(a_small_file_is_sent_in_one_piece_and_read_back_byte_for_byte, |app| async {
    let p = app.partnership().await;
    let file = picture();
    let kept = keep(p.phone(), "image/jpeg", &file, json!({"name": "IMG_2041.JPG"})).await;
    let id = text(&kept, "id");
    assert_eq!(
        (&kept["state"], &kept["has_display"], &kept["name"]),
        (&json!("kept"), &json!(true), &json!("IMG_2041.JPG"))
    );
    assert_eq!(kept["sha256"], hex(&sha256(&file)));
    assert_eq!(p.phone().fetch(&format!("{PATH}/{id}/content")).await, file);
    let shown = p.phone().fetch(&format!("{PATH}/{id}/display")).await;
    assert!(!shown.windows(3).any(|window| window == b"GPS") && shown.starts_with(&[0xff, 0xd8]));
    // An answer that was lost is given again; a file cannot be sent over another.
    assert_eq!(put(p.phone(), &id, b"").await.expect(200)["id"], id.as_str());
    assert_eq!(p.phone().list(PATH).await.len(), 1);
    let custody = p.phone().get(&format!("{PATH}/{id}/custody")).await.expect(200);
    assert_eq!(kinds(&custody), ["received", "verified", "copied", "read", "read"]);
    assert_eq!(custody["is_whole"], true);
    // Nothing of it can be read where it is kept.
    let objects = objects(app);
    assert!(!objects.is_empty());
    for object in objects {
        let sealed = std::fs::read(object).unwrap();
        assert!(!sealed.windows(8).any(|window| file.windows(8).any(|plain| plain == window)));
    }
});

on_both!(a_file_that_is_not_what_was_stated_is_refused_and_nothing_of_it_is_kept, |app| async {
    let p = app.partnership().await;
    let file = picture();
    let made = p.phone().post(PATH, stated("image/jpeg", &file)).await.expect(201);
    let mut changed = file.clone();
    changed[10] ^= 1;
    put(p.phone(), &text(&made, "id"), &changed).await.refused(422, "hash_mismatch");
    put(p.phone(), &text(&made, "id"), &file).await.refused(410, "upload_gone");
    // A program that calls itself a picture.
    let program = b"MZ\x90\0 this program cannot be run";
    let made = p.phone().post(PATH, stated("image/jpeg", program)).await.expect(201);
    put(p.phone(), &text(&made, "id"), program).await.refused(422, "media_type_mismatch");
    let own = format!("{PATH}/{}", text(&made, "id"));
    assert_eq!(p.phone().get(&own).await.expect(200)["state"], "refused");
    p.phone().get(&format!("{own}/content")).await.refused(404, "not_found");
    app.settle().await;
    assert!(objects(app).is_empty(), "{:?}", objects(app));
    // More or less than was stated.
    let made = p.phone().post(PATH, stated("text/plain", b"words")).await.expect(201);
    put(p.phone(), &text(&made, "id"), b"words and more").await.refused(413, "body_too_large");
    put(p.phone(), &text(&made, "id"), b"wor").await.refused(422, "invalid");
    put(p.phone(), &text(&made, "id"), b"words").await.expect(200);
});

on_both!(what_is_too_large_or_not_taken_is_refused_before_it_is_sent, |app| async {
    let p = app.partnership().await;
    let with = |change: Value| {
        let mut body = stated("text/plain", b"words");
        body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        body
    };
    let refusals = [
        (json!({"bytes": 257_000_000}), 413, "file_too_large"),
        (json!({"bytes": 0}), 422, "invalid"),
        (json!({"sha256": "00"}), 422, "invalid"),
        (json!({"media_type": "application/x-msdownload"}), 415, "media_type_not_taken"),
        (json!({"incident_id": uuid::Uuid::new_v4()}), 422, "unknown_reference"),
        (json!({"state": "kept"}), 422, "invalid"),
    ];
    for (change, status, code) in refusals {
        p.phone().post(PATH, with(change)).await.refused(status, code);
    }
    // Room is set aside for what is on its way; what is given up makes room again.
    let large = with(json!({"bytes": 250_000_000}));
    let mut first = String::new();
    for _ in 0..32 {
        first = text(&p.phone().post(PATH, large.clone()).await.expect(201), "id");
    }
    p.phone().post(PATH, large.clone()).await.refused(413, "quota_exceeded");
    p.phone().send(Method::DELETE, &format!("{PATH}/{first}"), &[], None).await.expect(204);
    p.phone().post(PATH, large).await.expect(201);
});

/// A WebP of one chunk that is drawn, and one with a place.
fn webp() -> Vec<u8> {
    let chunk = |kind: &[u8; 4], data: &[u8]| {
        let length = u32::try_from(data.len()).unwrap().to_le_bytes();
        [kind.as_slice(), &length, data, &vec![0; data.len() % 2]].concat()
    };
    let body = [b"WEBP".to_vec(), chunk(b"VP8 ", &[7; 9]), chunk(b"EXIF", b"GPS 53.3811 N 1.4701 W")].concat();
    [b"RIFF".as_slice(), &u32::try_from(body.len()).unwrap().to_le_bytes(), &body].concat()
}

on_both!(a_copy_for_display_holds_no_place_and_without_one_staff_are_warned, |app| async {
    let p = app.partnership().await;
    let picture = keep(p.phone(), "image/webp", &webp(), json!({"visibility": "advocate"})).await;
    let film = keep(p.phone(), "video/webm", b"\x1a\x45\xdf\xa3 a film", json!({"visibility": "advocate"})).await;
    let words = keep(p.phone(), "text/plain", b"words", json!({"visibility": "advocate"})).await;
    let list = p.advocate.list(&format!("/partner/v1/survivors/{}/evidence", p.survivor.id)).await;
    let told = |kept: &Value| {
        let found = list.iter().find(|file| file["id"] == kept["id"]).unwrap();
        let why = found["no_display_reason"].as_str().unwrap_or_default();
        (found["has_display"].as_bool().unwrap(), found["may_hold_metadata"].as_bool().unwrap(), why.to_owned())
    };
    let of = |has_copy, may_hold, why: &str| (has_copy, may_hold, why.to_owned());
    assert_eq!(
        [told(&picture), told(&film), told(&words)],
        [of(true, false, ""), of(false, true, "kind"), of(false, false, "not_needed")]
    );
    let copy = p
        .advocate
        .fetch(&format!("/partner/v1/survivors/{}/evidence/{}/display", p.survivor.id, text(&picture, "id")))
        .await;
    assert!(copy.starts_with(b"RIFF") && !copy.windows(3).any(|window| window == b"GPS"));
});

/// A film of one sample, longer than a chunk, with a place in its description and behind its media data.
fn film(bytes: usize) -> Vec<u8> {
    let part = |kind: &[u8; 4], body: &[u8]| {
        [&u32::try_from(body.len() + 8).unwrap().to_be_bytes(), kind.as_slice(), body].concat()
    };
    let list = |kind: &[u8; 4], parts: &[Vec<u8>]| part(kind, &parts.concat());
    let numbers = |numbers: &[u32]| numbers.iter().flat_map(|number| number.to_be_bytes()).collect::<Vec<u8>>();
    let begin = part(b"ftyp", b"qt  \0\0\0\0qt  ");
    let size = u32::try_from(bytes).unwrap();
    let table = list(
        b"stbl",
        &[
            part(b"stsd", &[numbers(&[0, 1]), part(b"avc1", &[0; 78])].concat()),
            part(b"stsc", &numbers(&[0, 1, 1, 1, 1])),
            part(b"stsz", &numbers(&[0, size, 1])),
            part(b"stco", &numbers(&[0, 1, u32::try_from(begin.len() + 8).unwrap()])),
        ],
    );
    let named = part(b"hdlr", b"\0\0\0\0mhlrvideappl");
    let media = list(b"mdia", &[named, list(b"minf", &[table])]);
    let place = list(b"udta", &[part(b"\xa9xyz", b"\0\x16\0\0GPS+53.3811-001.4701/")]);
    let description = list(b"moov", &[part(b"mvhd", &[0; 100]), list(b"trak", &[media]), place]);
    let data: Vec<u8> = (0..bytes).map(|at| (at % 251) as u8).collect();
    [begin, part(b"mdat", &[data.as_slice(), b"GPS 53.3811"].concat()), description].concat()
}

on_both!(a_film_has_a_copy_without_its_place_and_one_that_cannot_be_read_says_so, |app| async {
    let p = app.partnership().await;
    let file = film(2_300_000);
    let kept = keep(p.phone(), "video/quicktime", &file, json!({})).await;
    assert_eq!((&kept["has_display"], kept.get("no_display_reason")), (&json!(true), None));
    let copy = p.phone().fetch(&format!("{PATH}/{}/display", text(&kept, "id"))).await;
    assert_eq!(copy.len(), file.len());
    assert!(!copy.windows(3).any(|part| part == b"GPS") && file.windows(3).any(|part| part == b"GPS"));
    let start = file.windows(4).position(|part| part == b"mdat").unwrap() + 4;
    assert!(copy[start..start + 2_300_000] == file[start..start + 2_300_000]);
    assert!(p.phone().fetch(&format!("{PATH}/{}/content", text(&kept, "id"))).await == file);
    let broken = keep(p.phone(), "video/mp4", b"\0\0\0\x14ftypisom\0\0\x02\0isom", json!({})).await;
    assert_eq!((&broken["has_display"], &broken["no_display_reason"]), (&json!(false), &json!("not_sure")));
    assert_eq!(broken["may_hold_metadata"], true);
});

on_both!(a_player_is_sent_the_part_that_it_asks_for_and_reads_once, |app| async {
    let p = app.partnership().await;
    let file = film(2_300_000);
    let kept = keep(p.phone(), "video/quicktime", &file, json!({"visibility": "advocate"})).await;
    let at = format!("{PATH}/{}/content", text(&kept, "id"));
    let part =
        async |range: &'static str| p.phone().send_bytes(Method::GET, &at, &[("range", range)], Vec::new()).await;
    let (long, middle) = (file.len(), 1_048_570..1_048_590);
    let asked = [
        ("bytes=0-1", 0..2),
        ("bytes=1048570-1048589", middle),
        ("bytes=2000000-", 2_000_000..long),
        ("bytes=-7", long - 7..long),
    ];
    for (range, expected) in asked {
        let answer = part(range).await;
        assert_eq!(answer.reply.status.as_u16(), 206, "{range}");
        let stated = format!("bytes {}-{}/{long}", expected.start, expected.end - 1);
        assert_eq!(answer.reply.header("content-range"), Some(stated.as_str()));
        assert!(answer.bytes == file[expected], "{range}");
    }
    let custody = p.phone().get(&format!("{PATH}/{}/custody", text(&kept, "id"))).await.expect(200);
    assert_eq!(kinds(&custody), ["received", "verified", "copied", "read"]);
    // The whole is read anew, and so is a part once time has passed, or somebody else has read.
    let whole = part("bytes=0-1,5-6").await;
    assert_eq!((whole.reply.status.as_u16(), whole.reply.header("accept-ranges")), (200, Some("bytes")));
    app.advance(11).await;
    part("bytes=0-1").await;
    let other = format!("/partner/v1/survivors/{}/evidence/{}/content", p.survivor.id, text(&kept, "id"));
    let shown = p.advocate.send_bytes(Method::GET, &other, &[("range", "bytes=5-5")], Vec::new()).await;
    assert!(shown.bytes == file[5..6]);
    part("bytes=0-1").await;
    let custody = p.phone().get(&format!("{PATH}/{}/custody", text(&kept, "id"))).await.expect(200);
    assert_eq!(kinds(&custody)[4..], ["read", "read", "read", "read"]);
    // A part of another file than the player knows is the whole of this one.
    let tag = shown.reply.header("etag").unwrap().to_owned();
    for (known, status) in [(tag.as_str(), 206), ("\"other\"", 200)] {
        let headers = [("range", "bytes=0-1"), ("if-range", known)];
        let answer = p.phone().send_bytes(Method::GET, &at, &headers, Vec::new()).await;
        assert_eq!(answer.reply.status.as_u16(), status);
    }
});

on_both!(uploads_that_begin_at_once_share_one_quota, |app| async {
    let p = app.partnership().await;
    let mut large = stated("text/plain", b"words");
    large["bytes"] = json!(250_000_000);
    for _ in 0..28 {
        p.phone().post(PATH, large.clone()).await.expect(201);
    }
    // Room for four more, and twelve ask at once.
    let asked = futures_util::future::join_all((0..12).map(|_| p.phone().post(PATH, large.clone()))).await;
    let begun = asked.iter().filter(|reply| reply.status.as_u16() == 201).count();
    let refused = asked.iter().filter(|reply| reply.status.as_u16() == 413).count();
    assert_eq!((begun, refused), (4, 8));
    p.phone().post(PATH, large).await.refused(413, "quota_exceeded");
});

on_both!(an_upload_that_is_not_finished_in_time_expires_and_its_bytes_are_gone, |app| async {
    let p = app.partnership().await;
    let made = p.phone().post(PATH, stated("text/plain", b"words")).await.expect(201);
    put(p.phone(), &text(&made, "id"), b"wor").await.refused(422, "invalid");
    assert_eq!(objects(app).len(), 1);
    app.advance(48 * 60 - 1).await;
    assert_eq!(p.phone().list(PATH).await.len(), 1);
    app.advance(1).await;
    put(p.phone(), &text(&made, "id"), b"words").await.refused(410, "upload_gone");
    assert!(p.phone().list(PATH).await.is_empty());
    assert!(objects(app).is_empty());
});

on_both!(a_file_that_is_sent_over_and_over_takes_its_room_once, |app| async {
    let p = app.partnership().await;
    let made = p.phone().post(PATH, stated("text/plain", b"words")).await.expect(201);
    for part in [b"w".as_slice(), b"wo", b"wor"] {
        put(p.phone(), &text(&made, "id"), part).await.refused(422, "invalid");
        assert_eq!(objects(app).len(), 1);
    }
    put(p.phone(), &text(&made, "id"), b"words").await.expect(200);
    assert_eq!(objects(app).len(), 1);
});

on_both!(what_a_broken_request_left_in_the_store_is_swept_up, |app| async {
    let p = app.partnership().await;
    let kept = keep(p.phone(), "text/plain", b"words", json!({})).await;
    let folder = objects(app)[0].parent().unwrap().to_owned();
    std::fs::write(folder.join(uuid::Uuid::new_v4().to_string()), b"left behind").unwrap();
    app.advance(61).await;
    assert_eq!(objects(app).len(), 1);
    assert_eq!(p.phone().fetch(&format!("{PATH}/{}/content", text(&kept, "id"))).await, b"words");
});

on_both!(staff_see_what_the_survivor_made_visible_and_the_programme_sees_no_file, |app| async {
    let p = app.partnership().await;
    let (open, private) = (incident(app, p.phone(), "advocate").await, incident(app, p.phone(), "private").await);
    let of = |incident: &str| json!({"incident_id": incident});
    let linked = keep(p.phone(), "text/plain", b"one", of(&open)).await;
    let hidden = keep(p.phone(), "text/plain", b"two", of(&private)).await;
    let alone = keep(p.phone(), "text/plain", b"three", json!({})).await;
    let own = keep(p.phone(), "text/plain", b"four", json!({"visibility": "private"})).await;
    let base = format!("/partner/v1/survivors/{}/evidence", p.survivor.id);
    let ids = |items: &[Value]| items.iter().map(|item| text(item, "id")).collect::<Vec<_>>();
    let seen = p.advocate.list(&base).await;
    assert_eq!(ids(&seen), [text(&alone, "id"), text(&linked, "id")]);
    assert!(seen.iter().all(|item| item.get("name").is_none()));
    let at = |file: &Value, path: &str| format!("{base}/{}{path}", text(file, "id"));
    assert_eq!(p.advocate.fetch(&at(&linked, "/content")).await, b"one");
    for file in [&hidden, &own] {
        p.advocate.get(&at(file, "")).await.refused(404, "not_found");
        p.advocate.get(&at(file, "/content")).await.refused(404, "not_found");
    }
    // The survivor sees who read, and that they did.
    let custody = p.phone().get(&format!("{PATH}/{}/custody", text(&linked, "id"))).await.expect(200);
    let read = custody["events"].as_array().unwrap().last().unwrap().clone();
    assert_eq!((&read["kind"], &read["by_id"]), (&json!("read"), &json!(p.advocate.id)));
    // Taken back, the incident takes its files along.
    p.phone().post(&format!("/app/v1/incidents/{open}/withdraw"), json!({})).await.expect(200);
    p.advocate.get(&at(&linked, "/content")).await.refused(404, "not_found");
    assert_eq!(p.phone().fetch(&format!("{PATH}/{}/content", text(&linked, "id"))).await, b"one");
    // The programme's side has no way to any of it, whatever is shared with it.
    p.consent(&["share.programme.status", "share.programme.incident_full"]).await;
    for path in ["", "/content", "/display"] {
        p.practitioner.get(&at(&alone, path)).await.refused(403, "wrong_role");
        p.programme_supervisor.get(&at(&alone, path)).await.refused(404, "not_found");
    }
});

on_both!(under_duress_files_are_taken_and_no_other_is_shown_and_none_removed, |app| async {
    let p = app.partnership().await;
    let enrolled = enrol_with(&app.http, &p.advocate, &p.survivor.id, json!({"duress_pin": "7305"})).await;
    let way = |pin: &str| way(&enrolled, pin);
    let (genuine, forced) = (Caller::new(&app.http, way("4821")), Caller::new(&app.http, way("7305")));
    let real = keep(&genuine, "text/plain", b"real", json!({})).await;
    let under = keep(&forced, "text/plain", b"under", json!({})).await;
    assert_eq!(under["state"], "kept");
    // What was sent there is there, and nothing else.
    let shown: Vec<_> = forced.list(PATH).await.iter().map(|file| text(file, "id")).collect();
    assert_eq!(shown, [text(&under, "id")]);
    assert_eq!(forced.fetch(&format!("{PATH}/{}/content", text(&under, "id"))).await, b"under");
    for path in ["", "/content", "/display", "/custody", "/actions"] {
        forced.get(&format!("{PATH}/{}{path}", text(&real, "id"))).await.refused(404, "not_found");
    }
    let uploads = format!("{PATH}/uploads/{}", text(&real, "id"));
    let head = forced.send_bytes(Method::HEAD, &uploads, &[("tus-resumable", "1.0.0")], Vec::new()).await;
    assert_eq!(head.reply.status.as_u16(), 404);
    // Removing looks as always, and removes nothing. What was shown as gone is gone there from then on.
    let shown = format!("{PATH}/{}", text(&under, "id"));
    forced.send(Method::DELETE, &shown, &[], None).await.expect(204);
    assert!(forced.list(PATH).await.is_empty());
    for id in [text(&real, "id"), text(&under, "id")] {
        forced.send(Method::DELETE, &format!("{PATH}/{id}"), &[], None).await.refused(404, "not_found");
    }
    let uploads = format!("{PATH}/uploads/{}", text(&under, "id"));
    let head = forced.send_bytes(Method::HEAD, &uploads, &[("tus-resumable", "1.0.0")], Vec::new()).await;
    assert_eq!(head.reply.status.as_u16(), 404);
    // Giving an upload up is answered alike, and once more alike.
    let mut answers = Vec::new();
    for phone in [&genuine, &forced] {
        let begun = tus::create(phone, b"a file of some length", "text/plain").await;
        let tus = [("tus-resumable", "1.0.0")];
        let first = phone.send_bytes(Method::DELETE, &begun, &tus, Vec::new()).await.reply.status;
        let second = phone.send_bytes(Method::DELETE, &begun, &tus, Vec::new()).await.reply.status;
        let head = phone.send_bytes(Method::HEAD, &begun, &tus, Vec::new()).await.reply.status;
        answers.push([first, second, head].map(|status| status.as_u16()));
    }
    assert_eq!(answers, [[204, 409, 410]; 2]);
    app.settle().await;
    assert_eq!(genuine.fetch(&format!("{PATH}/{}/content", text(&real, "id"))).await, b"real");
    // The phone shows nothing of it afterwards either; their own staff have it.
    let kept: Vec<_> = genuine.list(PATH).await.into_iter().filter(|file| file["state"] == "kept").collect();
    assert_eq!(kept.iter().map(|file| text(file, "id")).collect::<Vec<_>>(), [text(&real, "id")]);
    genuine.get(&format!("{PATH}/{}", text(&under, "id"))).await.refused(404, "not_found");
    app.leaves_retries();
});

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_changed_chunk_in_the_store_is_never_given_out() {
    let app = TestApp::sqlite_with(instant(crate::harness::NOON), |_| {}).await;
    let p: Partnership = app.partnership().await;
    let kept = keep(p.phone(), "text/plain", b"words", json!({})).await;
    let object = objects(&app).remove(0);
    let mut sealed = std::fs::read(&object).unwrap();
    *sealed.last_mut().unwrap() ^= 1;
    std::fs::write(&object, sealed).unwrap();
    let path = format!("{PATH}/{}/content", text(&kept, "id"));
    let bearer = format!("Bearer {}", p.phone().token().await.unwrap());
    let got = app.http.send_bytes(Method::GET, &path, &[("authorization", bearer.as_str())], Vec::new()).await;
    assert!(got.is_err(), "the answer breaks off");
    app.leaves_retries();
    app.finish().await;
}
