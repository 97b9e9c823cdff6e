//! English and Welsh: what a survivor reads, in the language that is asked for, else that of their record.

use diesel::{ExpressionMethods as _, QueryDsl as _, RunQueryDsl as _};
use holdfast::crypto::sha256;
use holdfast::db::SurvivorId;
use holdfast::db::schema::consent_entries;
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::partnership::{self, FORCE, PIN, Phone, case, enrol, enrol_with, way};
use crate::harness::{Caller, Partnership, Reply, TestApp, on_both, text};

/// A survivor whose record says that they read Welsh, linked to the participant, and their phone.
async fn welsh_survivor(app: &TestApp, p: &Partnership) -> (String, Phone) {
    let body = json!({"preferred_name": "Angharad", "home_force_id": FORCE, "risk_rating": "high", "language": "cy"});
    let made = p.advocate.post("/partner/v1/survivors", body).await.expect(201);
    let (id, reference) = (text(&made, "id"), text(&made, "reference"));
    let (case, _) = case(&p.advocate, &reference, &p.participant_reference).await;
    for supervisor in [&p.support_supervisor, &p.programme_supervisor] {
        supervisor.post(&format!("/partner/v1/cases/{case}/approve"), json!({})).await.expect(200);
    }
    let phone = enrol(&app.http, &p.advocate, &id).await;
    (id, phone)
}

async fn get(phone: &Caller, path: &str, language: Option<&str>) -> Reply {
    let headers: Vec<(&str, &str)> = language.into_iter().map(|language| ("accept-language", language)).collect();
    phone.send(Method::GET, path, &headers, None).await
}

fn of<'a>(list: &'a Value, scope: &str) -> &'a Value {
    list["items"].as_array().unwrap().iter().find(|item| item["scope"] == scope).unwrap()
}

/// The latest line of a survivor's ledger: its language, and the hash of the text that was shown.
async fn last_line(app: &TestApp, survivor: &str) -> (String, Vec<u8>) {
    let id: SurvivorId = survivor.parse().unwrap();
    let find = move |conn: &mut holdfast::db::DbConn| {
        let lines = consent_entries::table.filter(consent_entries::survivor_id.eq(id));
        let last = lines.order(consent_entries::sequence.desc());
        Ok(last.select((consent_entries::language, consent_entries::text_sha256)).first(conn)?)
    };
    app.inner.db.read(find).await.unwrap()
}

on_both!(a_welsh_speaking_survivor_reads_welsh, |app| async {
    let p = app.partnership().await;
    let (_, phone) = welsh_survivor(app, &p).await;
    let phone = phone.session;
    let consents = get(&phone, "/app/v1/consents", None).await;
    assert_eq!((consents.header("content-language"), consents.header("vary")), (Some("cy"), Some("Accept-Language")));
    for item in consents.expect(200)["items"].as_array().unwrap() {
        assert_eq!(item["language"], "cy");
        assert!(text(item, "text").starts_with("Pan fydd hwn ymlaen, "), "{item}");
    }
    let ladder = phone.get("/app/v1/ladder").await.expect(200);
    let note = text(&ladder, "note");
    assert!(note.starts_with("Nid gwasanaeth brys yw hwn. Ffoniwch 999.") && note.contains("phwyswch 55"), "{note}");
    assert_eq!(ladder["watch_in_words"], "Nid oes rota dyletswydd, felly ni all neb addo bod rhywun yn gwylio.");
    let steps = ladder["missed_check_in"]["in_words"].as_array().unwrap();
    assert!(steps[0].as_str().unwrap().starts_with("Ar unwaith: "), "{steps:?}");
    assert!(steps.contains(&json!("Nid yw'r heddlu'n cael gwybod.")), "{steps:?}");
    let orders = phone.list("/app/v1/orders").await;
    assert_eq!(orders[0]["in_words"], "Gorchymyn Diogelu rhag Stelcio");
    assert!(text(&json!({"words": orders[0]["conditions_in_words"][0]}), "words").starts_with("Ni chaiff y person"));
    let alert = partnership::help_now(&phone).await;
    let seen = phone.get(&format!("/app/v1/alerts/{}", text(&alert, "id"))).await.expect(200);
    let words = seen["in_words"].as_array().unwrap();
    assert!(words.contains(&json!("Rydym wedi derbyn hwn.")), "{words:?}");
    assert!(words.contains(&json!("Nid yw'r heddlu'n cael gwybod.")), "{words:?}");
    app.settle().await;
});

on_both!(what_is_asked_for_goes_before_the_record, |app| async {
    let p = app.partnership().await;
    let (_, welsh) = welsh_survivor(app, &p).await;
    let asked = |phone: &'static str, language: Option<&'static str>| {
        let phone = if phone == "welsh" { &welsh.session } else { p.phone() };
        async move {
            let reply = get(phone, "/app/v1/ladder", language).await;
            (text(&reply.expect(200), "note"), reply.header("content-language").unwrap().to_owned())
        }
    };
    for (phone, language, expected) in [
        ("welsh", None, "cy"),
        ("welsh", Some("en"), "en"),
        ("welsh", Some("pl"), "cy"),
        ("welsh", Some("*"), "cy"),
        ("english", None, "en"),
        ("english", Some("cy, en;q=0.9"), "cy"),
        ("english", Some("cy;q=0.1, en;q=0.9"), "en"),
    ] {
        let (note, named) = asked(phone, language).await;
        assert_eq!(named, expected, "{phone} {language:?}");
        assert_eq!(note.starts_with("Nid gwasanaeth"), expected == "cy", "{note}");
    }
});

on_both!(the_ledger_keeps_the_language_and_the_hash_of_the_text_that_was_shown, |app| async {
    let p = app.partnership().await;
    let (id, phone) = welsh_survivor(app, &p).await;
    let (scope, path) = ("share.programme.status", "/app/v1/consents/share.programme.status");
    let shown = |language: &'static str| {
        let phone = &phone.session;
        async move { text(of(&get(phone, "/app/v1/consents", Some(language)).await.expect(200), scope), "text") }
    };
    let (welsh, english) = (shown("cy").await, shown("en").await);
    assert_ne!(welsh, english);
    let decide = |body: Value| phone.session.put(path, body);
    decide(json!({"granted": true, "text_version": "1"})).await.expect(200);
    assert_eq!(last_line(app, &id).await, ("cy".to_owned(), sha256(welsh.as_bytes()).to_vec()));
    decide(json!({"granted": true, "text_version": "1", "language": "en"})).await.expect(200);
    assert_eq!(last_line(app, &id).await, ("en".to_owned(), sha256(english.as_bytes()).to_vec()));
    let refused = decide(json!({"granted": true, "text_version": "1", "language": "pl"})).await.expect(422);
    assert_eq!(refused["errors"][0]["pointer"], "/language");
});

on_both!(a_refusal_is_told_in_the_readers_language_under_the_same_code, |app| async {
    let p = app.partnership().await;
    let (_, phone) = welsh_survivor(app, &p).await;
    let unknown = "/app/v1/alerts/019aa0c4-6f2e-7cc3-98c8-2d3a53a60b2f";
    let reply = phone.session.get(unknown).await;
    assert_eq!(reply.refused(404, "not_found")["title"], "Nid oes dim yma i chi");
    assert_eq!(reply.header("content-language"), Some("cy"));
    let body = json!({"status": "nonsense", "recorded_at": app.now_text()});
    let problem = phone.session.post("/app/v1/check-ins", body).await.refused(422, "invalid");
    assert_eq!(problem["detail"], "Nid yw rhai meysydd yn ddilys");
    assert_eq!(problem["errors"][0]["detail"], "Nid yw hwn yn un o'r geiriau a ganiateir.");
    assert_eq!(
        (&problem["errors"][0]["pointer"], &problem["errors"][0]["code"]),
        (&json!("/status"), &json!("unknown_word"))
    );
    // An SOS token is known, too; a stranger is told in the language that they ask for.
    let body = json!({"status": "safe", "recorded_at": app.now_text()});
    let problem = phone.sos.post("/app/v1/check-ins", body).await.refused(403, "safe_needs_pin");
    assert!(text(&problem, "title").starts_with("Dim ond"), "{problem}");
    let headers = [("accept-language", "cy")];
    let reply = app.http.send(Method::GET, "/app/v1/check-ins", &headers, None).await;
    assert_eq!(reply.refused(401, "unauthenticated")["title"], "Mae angen manylion mynediad dilys");
    // Staff read English.
    let reply = app.http.send(Method::GET, "/partner/v1/me", &headers, None).await;
    assert_eq!(reply.refused(401, "unauthenticated")["title"], "Valid credentials are needed");
    assert_eq!((reply.header("content-language"), reply.header("vary")), (None, None));
});

on_both!(a_session_under_duress_is_answered_in_the_same_language, |app| async {
    let p = app.partnership().await;
    let (id, _) = welsh_survivor(app, &p).await;
    let enrolled = enrol_with(&app.http, &p.advocate, &id, json!({"duress_pin": "7305"})).await;
    let session = |pin: &str| Caller::new(&app.http, way(&enrolled, pin));
    let (genuine, duress) = (session(PIN), session("7305"));
    for path in ["/app/v1/consents", "/app/v1/ladder", "/app/v1/orders", "/app/v1/updates"] {
        for language in [None, Some("en"), Some("cy")] {
            let (own, decoy) = (get(&genuine, path, language).await, get(&duress, path, language).await);
            assert_eq!(own.status, decoy.status, "{path}");
            for header in ["content-language", "vary", "content-type"] {
                assert_eq!(own.header(header), decoy.header(header), "{path} {language:?} {header}");
            }
        }
    }
    let consents = duress.get("/app/v1/consents").await.expect(200);
    assert!(text(of(&consents, "service.core"), "text").starts_with("Pan fydd hwn ymlaen, "));
    let note = duress.get("/app/v1/ladder").await.expect(200);
    assert!(text(&note, "note").starts_with("Nid gwasanaeth brys"));
    let decided = duress.put("/app/v1/consents/share.programme.status", json!({"granted": true, "text_version": "9"}));
    assert_eq!(decided.await.refused(422, "invalid")["title"], "Nid yw rhai meysydd yn ddilys");
    app.settle().await;
});
