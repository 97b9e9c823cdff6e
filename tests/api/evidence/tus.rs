//! Resumable uploads: pieces, breaks, checksums, and what every tus client relies on.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use holdfast::crypto::sha256;
use reqwest::Method;

use super::{PATH, hex, objects};
use crate::harness::{Caller, Reply, on_both};

const TUS: (&str, &str) = ("tus-resumable", "1.0.0");
const PIECE: (&str, &str) = ("content-type", "application/offset+octet-stream");

fn metadata(file: &[u8], media_type: &str) -> String {
    let value = |text: &str| STANDARD.encode(text);
    format!("filename {},filetype {},sha256 {}", value("film.bin"), value(media_type), value(&hex(&sha256(file))))
}

/// A film of so many bytes, as far as its beginning tells.
fn film(bytes: usize) -> Vec<u8> {
    let mut film = b"\0\0\0\x18ftypisom\0\0\x02\0isomavc1".to_vec();
    film.extend((film.len()..bytes).map(|at| (at % 251) as u8));
    film
}

pub async fn create(phone: &Caller, file: &[u8], media_type: &str) -> String {
    let (length, said, key) = (file.len().to_string(), metadata(file, media_type), uuid::Uuid::new_v4().to_string());
    let headers = [
        TUS,
        ("upload-length", length.as_str()),
        ("upload-metadata", said.as_str()),
        ("idempotency-key", key.as_str()),
    ];
    let made = phone.send_bytes(Method::POST, &format!("{PATH}/uploads"), &headers, Vec::new()).await.reply;
    made.expect(201);
    assert_eq!(made.header("tus-resumable"), Some("1.0.0"));
    assert_eq!(made.header("upload-expires"), Some("Mon, 23 Nov 2026 12:00:00 GMT"));
    let again = phone.send_bytes(Method::POST, &format!("{PATH}/uploads"), &headers, Vec::new()).await.reply;
    assert_eq!(again.header("location"), made.header("location"), "the same key makes one upload");
    made.header("location").unwrap().to_owned()
}

async fn offset(phone: &Caller, at: &str) -> usize {
    let head = phone.send_bytes(Method::HEAD, at, &[TUS], Vec::new()).await.reply;
    assert_eq!(head.status.as_u16(), 200);
    assert_eq!(head.header("cache-control"), Some("no-store"));
    head.header("upload-offset").unwrap().parse().unwrap()
}

async fn patch(phone: &Caller, at: &str, offset: usize, bytes: &[u8], more: &[(&str, &str)]) -> Reply {
    let from = offset.to_string();
    let headers = [&[TUS, PIECE, ("upload-offset", from.as_str())], more].concat();
    phone.send_bytes(Method::PATCH, at, &headers, bytes.to_vec()).await.reply
}

on_both!(a_broken_upload_goes_on_from_where_it_stands, |app| async {
    let p = app.partnership().await;
    let film = film(2_500_000);
    let at = create(p.phone(), &film, "video/mp4").await;
    assert_eq!(offset(p.phone(), &at).await, 0);
    // The line breaks in the middle of a piece.
    let (sent, broken) = (film[..1_500_000].to_vec(), std::io::Error::other("no signal"));
    let stream = futures_util::stream::iter([Ok(sent), Err(broken)]);
    let bearer = format!("Bearer {}", p.phone().token().await.unwrap());
    let headers = [TUS, PIECE, ("upload-offset", "0"), ("authorization", bearer.as_str())];
    let cut = app.http.send_bytes(Method::PATCH, &at, &headers, reqwest::Body::wrap_stream(stream)).await;
    assert!(cut.is_err());
    // Whole chunks are there at once; what came after them, once the server has seen the break.
    let mut there = offset(p.phone(), &at).await;
    for _ in 0..200 {
        if there == 1_500_000 {
            break;
        }
        tokio::task::yield_now().await;
        there = offset(p.phone(), &at).await;
    }
    assert!((1_048_576..=1_500_000).contains(&there), "{there}");
    patch(p.phone(), &at, there + 1, &film[there + 1..], &[]).await.refused(409, "offset_mismatch");
    let middle = 2_000_000;
    let next = patch(p.phone(), &at, there, &film[there..middle], &[]).await;
    next.expect(204);
    assert_eq!(next.header("upload-offset"), Some("2000000"));
    assert!(next.header("upload-expires").is_some());
    patch(p.phone(), &at, middle, &film[middle..], &[]).await.expect(204);
    assert_eq!(offset(p.phone(), &at).await, film.len());
    let files = p.phone().list(PATH).await;
    assert_eq!((files.len(), &files[0]["state"]), (1, &serde_json::json!("kept")));
    let id = crate::harness::text(&files[0], "id");
    assert!(p.phone().fetch(&format!("{PATH}/{id}/content")).await == film);
});

on_both!(a_piece_with_a_checksum_is_kept_whole_or_not_at_all, |app| async {
    let p = app.partnership().await;
    let film = film(1_200_000);
    let at = create(p.phone(), &film, "video/mp4").await;
    let sum = format!("sha256 {}", STANDARD.encode(sha256(&film)));
    let mut changed = film.clone();
    changed[700_000] ^= 1;
    let refused = patch(p.phone(), &at, 0, &changed, &[("upload-checksum", &sum)]).await;
    refused.refused(460, "checksum_mismatch");
    assert_eq!(refused.header("tus-resumable"), Some("1.0.0"));
    assert_eq!(offset(p.phone(), &at).await, 0);
    assert!(objects(app).is_empty());
    patch(p.phone(), &at, 0, &film, &[("upload-checksum", "md5 AAAA")]).await.refused(422, "invalid");
    patch(p.phone(), &at, 0, &film, &[("upload-checksum", &sum)]).await.expect(204);
    assert_eq!(p.phone().list(PATH).await[0]["state"], "kept");
});

on_both!(a_byte_changed_on_the_way_is_found_at_the_end, |app| async {
    let p = app.partnership().await;
    let film = film(5_000);
    let at = create(p.phone(), &film, "video/mp4").await;
    let mut changed = film.clone();
    changed[4_000] ^= 1;
    patch(p.phone(), &at, 0, &changed[..3_000], &[]).await.expect(204);
    patch(p.phone(), &at, 3_000, &changed[3_000..], &[]).await.refused(422, "hash_mismatch");
    let gone = p.phone().send_bytes(Method::HEAD, &at, &[TUS], Vec::new()).await.reply;
    assert_eq!(gone.status.as_u16(), 410);
    app.settle().await;
    assert!(objects(app).is_empty());
});

on_both!(a_client_learns_what_is_spoken_here_and_gives_an_upload_up, |app| async {
    let p = app.partnership().await;
    let offer = app.http.send_bytes(Method::OPTIONS, &format!("{PATH}/uploads"), &[], Vec::new()).await.unwrap().reply;
    assert_eq!(offer.status.as_u16(), 204);
    assert_eq!(offer.header("tus-version"), Some("1.0.0"));
    assert_eq!(offer.header("tus-extension"), Some("creation,checksum,expiration,termination"));
    assert_eq!(offer.header("tus-max-size"), Some("256000000"));
    let file = b"words".as_slice();
    let said = metadata(file, "text/plain");
    let create_with = |headers: Vec<(&'static str, String)>| {
        let (phone, said) = (p.phone(), said.clone());
        async move {
            let mut all = vec![("upload-length", "5".to_owned()), ("upload-metadata", said)];
            all.extend(headers);
            let all: Vec<(&str, &str)> = all.iter().map(|(name, value)| (*name, value.as_str())).collect();
            phone.send_bytes(Method::POST, &format!("{PATH}/uploads"), &all, Vec::new()).await.reply
        }
    };
    create_with(vec![("tus-resumable", "1.0.0".into())]).await.refused(400, "idempotency_key_missing");
    let other = create_with(vec![("tus-resumable", "0.2.2".into()), ("idempotency-key", "a".into())]).await;
    other.refused(412, "tus_version");
    assert_eq!(other.header("tus-version"), Some("1.0.0"));
    let at = create(p.phone(), file, "text/plain").await;
    patch(p.phone(), &at, 0, b"wor", &[]).await.expect(204);
    let wrong = p.phone().send_bytes(Method::PATCH, &at, &[TUS, ("upload-offset", "3")], b"ds".to_vec()).await.reply;
    wrong.refused(415, "media_type_not_taken");
    patch(p.phone(), &at, 3, b"ds and more", &[]).await.refused(413, "body_too_large");
    // Nobody else finds it.
    let other = crate::harness::partnership::survivor(&app.http, &p.advocate, "high").await;
    let head = other.phone.session.send_bytes(Method::HEAD, &at, &[TUS], Vec::new()).await.reply;
    assert_eq!(head.status.as_u16(), 404);
    let nobody = app.http.send_bytes(Method::HEAD, &at, &[TUS], Vec::new()).await.unwrap().reply;
    assert_eq!(nobody.status.as_u16(), 401);
    let packed = p.phone().send_bytes(Method::PATCH, &at, &[TUS, PIECE, ("content-encoding", "gzip")], vec![1]).await;
    packed.reply.refused(415, "unsupported_encoding");
    p.phone().send_bytes(Method::DELETE, &at, &[TUS], Vec::new()).await.reply.expect(204);
    patch(p.phone(), &at, 3, b"ds", &[]).await.refused(410, "upload_gone");
    app.settle().await;
    assert!(objects(app).is_empty());
});

on_both!(a_client_is_given_back_what_it_said_and_may_say_more_than_is_read, |app| async {
    let p = app.partnership().await;
    let (phone, file) = (p.phone(), b"words".as_slice());
    let value = |text: &str| STANDARD.encode(text);
    // What Uppy sends: its own keys, an empty one, and one that is not text.
    let said = format!(
        "relativePath bnVsbA==,name {},type {},sha256 {},is_confidential,thumbnail {}",
        value("wörds.txt"),
        value("text/plain"),
        value(&hex(&sha256(file))),
        STANDARD.encode([0xff, 0xfe]),
    );
    let headers = [TUS, ("upload-length", "5"), ("upload-metadata", said.as_str()), ("idempotency-key", "one")];
    let made = phone.send_bytes(Method::POST, &format!("{PATH}/uploads"), &headers, Vec::new()).await.reply;
    assert_eq!(made.expect(201)["name"], "wörds.txt");
    let at = made.header("location").unwrap().to_owned();
    let head = phone.send_bytes(Method::HEAD, &at, &[TUS], Vec::new()).await.reply;
    let of = |name| head.header(name);
    assert_eq!(
        (of("upload-metadata"), of("upload-length"), of("upload-offset")),
        (Some(said.as_str()), Some("5"), Some("0"))
    );
    assert_eq!((of("cache-control"), of("tus-resumable")), (Some("no-store"), Some("1.0.0")));
    // What is read must be right, whatever stands next to it.
    for wrong in [
        said.replace("sha256 ", "sha255 "),
        said.replace("type ", "tipe "),
        format!("{said},recorded_at {}", value("soon")),
    ] {
        let headers = [TUS, ("upload-length", "5"), ("upload-metadata", wrong.as_str()), ("idempotency-key", "two")];
        phone
            .send_bytes(Method::POST, &format!("{PATH}/uploads"), &headers, Vec::new())
            .await
            .reply
            .refused(422, "invalid");
    }
    // A file that was begun without tus has said nothing.
    let plain = phone.post(PATH, crate::evidence::stated("text/plain", file)).await.expect(201);
    let head =
        phone.send_bytes(Method::HEAD, &crate::harness::text(&plain, "upload_url"), &[TUS], Vec::new()).await.reply;
    assert_eq!((head.status.as_u16(), head.header("upload-metadata")), (200, None));
});

on_both!(a_method_that_a_network_lets_not_through_may_stand_in_a_header, |app| async {
    let p = app.partnership().await;
    let (phone, file) = (p.phone(), b"words".as_slice());
    let named = |method: &'static str| ("x-http-method-override", method);
    let at = create(phone, file, "text/plain").await;
    let piece = [TUS, PIECE, ("upload-offset", "0"), named("PATCH")];
    let sent = phone.send_bytes(Method::POST, &at, &piece, b"wor".to_vec()).await.reply;
    sent.expect(204);
    assert_eq!(sent.header("upload-offset"), Some("3"));
    let asked = phone.send_bytes(Method::GET, &at, &[TUS, named("head")], Vec::new()).await.reply;
    assert_eq!((asked.status.as_u16(), asked.header("upload-offset")), (200, Some("3")));
    let other = [("tus-resumable", "0.2.2"), PIECE, ("upload-offset", "3"), named("PATCH")];
    phone.send_bytes(Method::POST, &at, &other, b"ds".to_vec()).await.reply.refused(412, "tus_version");
    phone
        .send_bytes(Method::POST, &at, &[TUS, named("PUT")], Vec::new())
        .await
        .reply
        .refused(405, "method_not_allowed");
    phone.send_bytes(Method::POST, &at, &[TUS, named("DELETE")], Vec::new()).await.reply.expect(204);
    assert_eq!(phone.send_bytes(Method::HEAD, &at, &[TUS], Vec::new()).await.reply.status.as_u16(), 410);
    // Nowhere else does the header mean anything.
    let kept = crate::evidence::keep(phone, "text/plain", file, serde_json::json!({})).await;
    let own = format!("{PATH}/{}", crate::harness::text(&kept, "id"));
    phone.send_bytes(Method::GET, &own, &[named("DELETE")], Vec::new()).await.reply.expect(200);
    assert_eq!(phone.get(&own).await.expect(200)["state"], "kept");
});

on_both!(every_answer_speaks_tus_and_a_refused_piece_leaves_the_offset, |app| async {
    let p = app.partnership().await;
    let phone = p.phone();
    let at = create(phone, b"words", "text/plain").await;
    let unknown = format!("{PATH}/uploads/{}", uuid::Uuid::new_v4());
    let head = phone.send_bytes(Method::HEAD, &unknown, &[TUS], Vec::new()).await.reply;
    assert_eq!((head.status.as_u16(), head.header("upload-offset")), (404, None));
    for method in [Method::HEAD, Method::PATCH, Method::DELETE] {
        let silent = phone.send_bytes(method, &at, &[PIECE, ("upload-offset", "0")], b"words".to_vec()).await.reply;
        assert_eq!((silent.status.as_u16(), silent.header("tus-version")), (412, Some("1.0.0")));
    }
    for refused in [
        patch(phone, &at, 1, b"ords", &[]).await,
        patch(phone, &unknown, 0, b"words", &[]).await,
        phone
            .send_bytes(
                Method::PATCH,
                &at,
                &[TUS, ("content-type", "text/plain"), ("upload-offset", "0")],
                b"w".to_vec(),
            )
            .await
            .reply,
        phone.send_bytes(Method::PATCH, &at, &[TUS, PIECE], b"w".to_vec()).await.reply,
    ] {
        assert!(refused.status.is_client_error());
        assert_eq!(refused.header("tus-resumable"), Some("1.0.0"));
    }
    let typed = [TUS, ("content-type", "Application/Offset+Octet-Stream; x=1"), ("upload-offset", "0")];
    assert_eq!(offset(phone, &at).await, 0);
    phone.send_bytes(Method::PATCH, &at, &typed, b"words".to_vec()).await.reply.expect(204);
});
