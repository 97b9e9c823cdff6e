//! What an operator is told is true, and nothing leaks to whoever else is on the machine or in front of it.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::binary::Installation;
use crate::harness::partnership::staff;
use crate::harness::providers::Providers;
use crate::harness::{ADMIN, Caller, Http, NOON, PASSWORD, Partnership, Police, TestApp, instant, on_both, text};
use crate::notify::with_providers;

const PROGRAM: &str = env!("CARGO_BIN_EXE_holdfast");
/// What no refusal, log or file may repeat.
const CANARY: &str = "zephyrine_canary";

on_both!(head_is_answered_wherever_get_is, |app| async {
    let p = app.partnership().await;
    let record = format!("/partner/v1/survivors/{}", p.survivor.id);
    let open = [
        "/health/live",
        "/health/ready",
        "/health/watch",
        "/public/v1/docs/",
        "/public/v1/openapi.yaml",
        "/public/v1/forces",
    ];
    let mut calls: Vec<(&Caller, &str)> = vec![
        (&p.advocate.caller, record.as_str()),
        (&p.advocate.caller, "/partner/v1/rota"),
        (&p.admin, "/admin/v1/organisations"),
        (&p.police_system, "/police/v1/alerts"),
        (p.phone(), "/app/v1/consents"),
        (&p.advocate.caller, "/partner/v1/survivors/00000000-0000-0000-0000-000000000000"),
    ];
    let nobody = app.http.nobody();
    calls.extend(open.map(|path| (&nobody, path)));
    calls.push((&nobody, "/partner/v1/me"));
    for (who, path) in calls {
        let get = who.send(Method::GET, path, &[], None).await;
        let head = who.send(Method::HEAD, path, &[], None).await;
        assert_eq!((head.status, head.body.as_str()), (get.status, ""), "{path}");
        for name in ["content-type", "etag", "cache-control", "content-security-policy", "content-length"] {
            assert_eq!(head.header(name), get.header(name), "{path}: {name}");
        }
    }
    // A stream that nobody reads holds nothing open.
    let opened = p.advocate.send(Method::HEAD, "/partner/v1/events", &[], None).await;
    assert_eq!((opened.status.as_u16(), opened.body.as_str()), (200, ""));
});

on_both!(of_two_credentials_none_counts, |app| async {
    let p = app.partnership().await;
    let own = format!("Bearer {}", p.advocate.token().await.unwrap());
    let other = format!("Bearer {}", p.support_supervisor.token().await.unwrap());
    for two in [[own.as_str(), own.as_str()], [own.as_str(), other.as_str()], [own.as_str(), "Basic eDp5"]] {
        let headers = two.map(|value| ("authorization", value));
        app.http.send(Method::GET, "/partner/v1/me", &headers, None).await.refused(401, "unauthenticated");
    }
    app.http.send(Method::GET, "/partner/v1/me", &[("authorization", own.as_str())], None).await.expect(200);
});

on_both!(of_two_reasons_to_refuse_the_same_is_given_each_time, |app| async {
    let p = app.partnership().await;
    let paths = [
        format!("/admin/v1/organisations/{}/lawful-bases/x", p.support),
        "/admin/v1/organisations/x/lawful-bases/alert".to_owned(),
    ];
    for path in paths {
        for who in [&p.advocate.caller, &p.admin] {
            let first = who.put(&path, json!({"basis": "consent"})).await.status;
            for _ in 0..30 {
                let again = who.put(&path, json!({"basis": "consent"})).await.status;
                assert_eq!(again, first, "{path}");
            }
        }
    }
});

on_both!(a_second_that_no_clock_shows_is_no_instant, |app| async {
    let p = app.partnership().await;
    for wrong in ["2026-11-21T11:59:60Z", "2026-11-20T23:59:60Z", "2026-11-20t23:59:60.5z"] {
        let body = json!({"status": "safe", "recorded_at": wrong});
        let refused = p.phone().post("/app/v1/check-ins", body).await.refused(422, "invalid");
        assert_eq!(refused["errors"][0]["pointer"], "/recorded_at", "{refused}");
    }
});

on_both!(a_refusal_repeats_no_name_that_the_contract_does_not_know, |app| async {
    let p = app.partnership().await;
    let mut body = json!({"preferred_name": "Sam", "home_force_id": "kent"});
    body[CANARY] = json!(1);
    let refused = p.advocate.post("/partner/v1/survivors", body).await;
    refused.refused(422, "invalid");
    assert!(!refused.body.contains(CANARY), "{}", refused.body);
    let known = json!({"preferred_name": "Sam", "home_force_id": "kent", "visibility": "police"});
    let refused = p.advocate.post("/partner/v1/survivors", known).await.refused(422, "invalid");
    assert_eq!(refused["errors"][0]["pointer"], "/visibility");
});

on_both!(one_sees_how_one_is_told_and_nothing_is_forgotten_by_a_slip, |app| async {
    let p = app.partnership().await;
    let path = "/partner/v1/me/contact";
    let none = p.advocate.get(path).await.expect(200);
    assert_eq!((&none["by_email"], &none["rings"], none.get("updated_at")), (&json!(false), &json!(false), None));
    let body = json!({"email": "asha@support.example", "phone": "+44 7700 900456", "language": "cy"});
    p.advocate.put(path, body).await.expect(200);
    let seen = p.advocate.get(path).await.expect(200);
    assert_eq!((&seen["email"], &seen["language"]), (&json!("asha@support.example"), &json!("cy")));
    // An address without a provider is no way.
    assert_eq!((&seen["by_email"], &seen["by_sms"], &seen["rings"]), (&json!(false), &json!(false), &json!(false)));
    p.advocate.send(Method::PUT, path, &[], None).await.refused(400, "malformed_json");
    assert_eq!(p.advocate.get(path).await.expect(200), seen);
    assert_ne!(p.support_supervisor.get(path).await.expect(200)["email"], seen["email"]);
});

fn reasons(rota: &Value) -> Vec<String> {
    rota["unreached"].as_array().unwrap_or_else(|| panic!("{rota}")).iter().map(|one| text(one, "why")).collect()
}

on_both!(the_rota_says_who_would_not_be_reached_and_why, |app| async {
    let p = app.partnership().await;
    let rota = p.support_supervisor.get("/partner/v1/rota").await.expect(200);
    assert_eq!(reasons(&rota), ["no_provider", "no_rota", "staff_without_address", "nothing_rings"]);
    assert_eq!(rota["unreached"][2]["staff"].as_array().unwrap().len(), 2);
    assert!(rota["unreached"][3]["detail"].as_str().unwrap().starts_with("nothing here will wake anybody"));
    assert!(p.advocate.get("/partner/v1/rota").await.expect(200).get("unreached").is_none());
    let elsewhere = json!({"preferred_name": "Sam", "home_force_id": "kent"});
    p.advocate.post("/partner/v1/survivors", elsewhere).await.expect(201);
    let rota = p.support_supervisor.get("/partner/v1/rota").await.expect(200);
    let force = rota["unreached"].as_array().unwrap().iter().find(|one| one["why"] == "force_without_endpoint");
    assert_eq!(force.unwrap()["force_id"], "kent");
});

with_providers!(whoever_can_be_woken_is_in_no_list, |app, out| async {
    let p = app.partnership().await;
    let shift = json!({"staff_id": p.advocate.id, "place": "duty",
        "starts_at": "2026-11-21T00:00:00Z", "ends_at": "2026-11-22T00:00:00Z"});
    p.support_supervisor.post("/partner/v1/rota/shifts", shift).await.expect(201);
    let phone = json!({"phone": "+44 7700 900456"});
    p.advocate.put("/partner/v1/me/contact", phone.clone()).await.expect(200);
    let rota = p.support_supervisor.get("/partner/v1/rota").await.expect(200);
    assert_eq!(reasons(&rota), ["staff_without_address"]);
    assert_eq!(rota["unreached"][0]["staff"], json!([p.support_supervisor.id]));
    p.support_supervisor.put("/partner/v1/me/contact", phone).await.expect(200);
    let rota = p.support_supervisor.get("/partner/v1/rota").await.expect(200);
    assert_eq!(reasons(&rota), [""; 0]);
    assert_eq!(p.advocate.get("/partner/v1/me/contact").await.expect(200)["rings"], true);
    // A colleague without an address is one more.
    let other = staff(&app.http, &p.admin, &p.support, "benedikta", &["advocate"]).await;
    let rota = p.support_supervisor.get("/partner/v1/rota").await.expect(200);
    assert_eq!(rota["unreached"][0]["staff"], json!([other.id]));
    assert!(out.asked().is_empty());
});

/// The lines that a command prints, where it succeeds.
fn printed(installation: &Installation, arguments: &[&str], input: &str) -> String {
    let done = installation.run(arguments, input);
    assert!(done.status.success(), "{done:?}");
    String::from_utf8(done.stdout).unwrap()
}

#[test]
fn check_says_who_would_not_be_reached_and_promises_no_way_out() {
    let installation = Installation::create();
    let said = printed(&installation, &["check"], "");
    assert!(!said.contains("way out: ok"), "{said}");
    for words in ["not reached: public_url", "not reached: no provider"] {
        assert!(said.contains(words), "{words}: {said}");
    }
}

#[test]
fn production_is_refused_where_police_would_be_sent_to_this_machine() {
    let installation = Installation::create();
    for own in ["http://127.0.0.1:8080", "https://localhost"] {
        let refused = installation.run(&["serve", "--bind", "127.0.0.1:0", "--production", "--public-url", own], "");
        let line = String::from_utf8(refused.stderr).unwrap();
        assert_eq!((refused.status.code(), line.lines().count()), (Some(2), 1), "{line}");
        assert!(line.starts_with("holdfast: public_url: "), "{line}");
    }
}

#[test]
fn another_administrator_is_made_with_a_word_about_those_before() {
    let installation = Installation::create();
    let said = printed(&installation, &["create-admin", "--username", "second", "--password-stdin"], PASSWORD);
    assert!(said.contains("administrators that were there before: 1"), "{said}");
}

#[test]
fn a_receiver_refuses_what_is_no_key() {
    let installation = Installation::create();
    for (wrong, setting) in [
        (&["--secret", "nonsense"][..], "secret: "),
        (&["--secret", "whsec_c2hvcnQ="], "secret: "),
        (&["--secret", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "--public-key", "whpk_x"], "public_key: "),
    ] {
        let refused = installation.run(&[&["police-receiver"], wrong].concat(), "");
        let line = String::from_utf8(refused.stderr).unwrap();
        assert_eq!(refused.status.code(), Some(2), "{line}");
        assert!(line.contains(setting) && !line.contains("nonsense"), "{line}");
    }
}

#[test]
fn whoever_stops_reading_is_no_reason_to_panic() {
    for arguments in ["openapi", "--help", "serve --help"] {
        let piped = format!("'{PROGRAM}' {arguments} | head -n 1 >/dev/null");
        let done = std::process::Command::new("/bin/sh").args(["-c", &piped]).output().unwrap();
        assert!(done.stderr.is_empty(), "{arguments}: {}", String::from_utf8_lossy(&done.stderr));
    }
    // Nobody reads at all.
    let closed = format!("'{PROGRAM}' openapi >&-; '{PROGRAM}' --help | true");
    let done = std::process::Command::new("/bin/sh").args(["-c", &closed]).output().unwrap();
    assert!(!String::from_utf8_lossy(&done.stderr).contains("panicked"), "{done:?}");
}

/// Every file below a folder that anybody but its owner may read or write.
fn open_files(folder: &Path, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let about = entry.metadata().unwrap();
        if about.is_dir() {
            open_files(&entry.path(), found);
        } else if about.permissions().mode() & 0o077 != 0 {
            found.push(format!("{} {:o}", entry.path().display(), about.permissions().mode()));
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_are_for_their_owner_alone_and_the_log_holds_no_path() {
    let installation = tokio::task::spawn_blocking(Installation::create).await.unwrap();
    let folder = installation.database().parent().unwrap().to_owned();
    // A folder that somebody else made, and a database of before.
    std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o755)).unwrap();
    std::fs::set_permissions(installation.database(), std::fs::Permissions::from_mode(0o644)).unwrap();
    let server = installation.serve_with(&["--log", "trace"]);
    let http = Http::new(server.origin.clone(), holdfast::clock::Clock::System);
    let police = Police::start(&holdfast::clock::Clock::System);
    let p = Partnership::found(&http, Caller::staff(&http, ADMIN, PASSWORD), police, "high").await;
    let path = format!("/partner/v1/survivors/{CANARY}");
    p.advocate.get(&path).await.refused(404, "not_found");
    p.advocate.get(&format!("/partner/v1/nothing/{CANARY}")).await.refused(404, "not_found");
    p.advocate.get(&format!("/partner/v1/survivors/{}", p.survivor.id)).await.expect(200);
    let backup = folder.join("copy.db");
    let to = backup.display().to_string();
    let installation = tokio::task::spawn_blocking(move || {
        printed(&installation, &["backup", "--to", &to], "");
        printed(&installation, &["check"], "");
        installation
    });
    let installation = installation.await.unwrap();
    assert!(backup.exists());
    let mut open = Vec::new();
    open_files(&folder, &mut open);
    assert_eq!(open, [""; 0]);
    let log = installation.log();
    assert!(log.contains("not reached: ") && !log.contains('\u{1b}'), "{log}");
    for line in log.lines() {
        assert!(!line.contains(CANARY) && !line.contains("Request path"), "{line}");
    }
    assert!(!log.contains(&p.survivor.id), "an id that stood in a path is in the log");
}
