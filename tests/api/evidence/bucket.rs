//! Evidence in a bucket: what is sent there is sealed, and found again; a store that is away is told, and tried again.

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use actix_web::{App as WebApp, HttpRequest, HttpResponse, HttpServer, web};
use serde_json::json;

use super::{PATH, keep, picture, put, stated};
use crate::harness::{NOON, TestApp, instant, text};

/// A store that speaks as much S3 as is needed.
#[derive(Default)]
struct Bucket {
    objects: Mutex<BTreeMap<String, Vec<u8>>>,
    is_away: AtomicBool,
}

async fn answer(bucket: web::Data<Bucket>, request: HttpRequest, body: web::Bytes) -> HttpResponse {
    let signed = request.headers().get("authorization").and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !signed.starts_with("AWS4-HMAC-SHA256 Credential=id/") || !signed.contains("/eu-west-2/s3/") {
        return HttpResponse::Forbidden().finish();
    }
    if bucket.is_away.load(Ordering::SeqCst) {
        return HttpResponse::NotFound().body("no such bucket");
    }
    let key = request.path().trim_start_matches("/bucket").trim_start_matches('/').to_owned();
    let mut objects = bucket.objects.lock().unwrap();
    match request.method().as_str() {
        "PUT" => {
            objects.insert(key, body.to_vec());
            HttpResponse::Ok().insert_header(("etag", "\"1\"")).finish()
        }
        "DELETE" => {
            objects.remove(&key);
            HttpResponse::NoContent().finish()
        }
        "GET" if key.is_empty() => {
            let query = url::form_urlencoded::parse(request.query_string().as_bytes()).into_owned();
            let prefix =
                query.into_iter().find(|(name, _)| name == "prefix").map(|(_, prefix)| prefix).unwrap_or_default();
            let row = |(key, bytes): (&String, &Vec<u8>)| {
                format!(
                    "<Contents><Key>{key}</Key><Size>{}</Size><LastModified>2026-11-21T12:00:00.000Z</LastModified></Contents>",
                    bytes.len()
                )
            };
            let rows: String = objects.iter().filter(|(key, _)| key.starts_with(&prefix)).map(row).collect();
            HttpResponse::Ok()
                .content_type("application/xml")
                .body(format!("<ListBucketResult>{rows}</ListBucketResult>"))
        }
        "GET" => match objects.get(&key) {
            Some(bytes) => HttpResponse::Ok()
                .insert_header(("etag", "\"1\""))
                .insert_header(("last-modified", "Sat, 21 Nov 2026 12:00:00 GMT"))
                .body(bytes.clone()),
            None => HttpResponse::NotFound().finish(),
        },
        _ => HttpResponse::MethodNotAllowed().finish(),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bucket_that_speaks_s3_keeps_evidence_sealed() {
    let bucket = Arc::new(Bucket::default());
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let data = web::Data::from(bucket.clone());
    let limit = web::PayloadConfig::new(16 * 1_024 * 1_024);
    let make = move || WebApp::new().app_data(data.clone()).app_data(limit.clone()).default_service(web::to(answer));
    let server = HttpServer::new(make).workers(1).disable_signals().listen(listener).unwrap().run();
    let handle = server.handle();
    tokio::spawn(server);
    let app = TestApp::sqlite_with(instant(NOON), |settings| {
        settings.evidence.evidence_url = Some("s3://bucket/holdfast".into());
        settings.evidence.evidence_s3_endpoint = Some(endpoint);
        settings.evidence.evidence_s3_access_key_id = Some("id".into());
        settings.evidence.evidence_s3_secret_access_key = Some("secret".into());
    })
    .await;
    let p = app.partnership().await;
    let kept = keep(p.phone(), "image/jpeg", &picture(), json!({})).await;
    let own = format!("{PATH}/{}", text(&kept, "id"));
    assert_eq!(p.phone().fetch(&format!("{own}/content")).await, picture());
    {
        let objects = bucket.objects.lock().unwrap();
        assert_eq!(objects.len(), 2, "the original and the copy for display");
        for (key, bytes) in objects.iter() {
            assert!(key.starts_with("holdfast/files/"), "{key}");
            assert!(!bytes.windows(3).any(|window| window == b"GPS"));
        }
    }
    // A store that is away takes nothing, and nothing is said to be kept.
    let made = p.phone().post(PATH, stated("text/plain", b"words")).await.expect(201);
    bucket.is_away.store(true, Ordering::SeqCst);
    put(p.phone(), &text(&made, "id"), b"words").await.refused(503, "unavailable");
    p.phone().send(reqwest::Method::DELETE, &own, &[], None).await.expect(204);
    bucket.is_away.store(false, Ordering::SeqCst);
    put(p.phone(), &text(&made, "id"), b"words").await.expect(200);
    bucket.is_away.store(true, Ordering::SeqCst);
    app.advance(7 * 24 * 60).await;
    bucket.is_away.store(false, Ordering::SeqCst);
    app.advance(60).await;
    assert_eq!(bucket.objects.lock().unwrap().len(), 1, "what was removed while it was away is gone by now");
    handle.stop(false).await;
    app.finish().await;
}
