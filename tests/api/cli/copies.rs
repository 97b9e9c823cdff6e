//! A copy of an installation sends nothing until an operator arms it: police would hear again of what is long over.

use diesel::connection::SimpleConnection as _;
use holdfast::clock::Clock;
use holdfast::db::{Access, Target};
use holdfast::installation;
use serde_json::json;

use crate::harness::binary::Installation;
use crate::harness::elsewhere::Elsewhere;
use crate::harness::on_both;

on_both!(a_copy_that_is_started_elsewhere_sends_nothing_until_it_is_armed, |app| async {
    let p = app.partnership().await;
    p.consent(&["alert.police.help_now"]).await;
    assert_eq!(p.help_now().await["police_will_be_told"], true);
    let (copy, original) = (Elsewhere::start(app).await, format!("http://{}", app.inner.config.bind));
    let before = p.police.received().len();
    app.http.moved_to(copy.origin.clone());
    let (nobody, cry) = (app.http.nobody(), json!({"recorded_at": app.now_text()}));
    let watched = nobody.get("/health/watch").await.expect(503)["reasons"].clone();
    assert!(watched.as_array().unwrap().contains(&json!("disarmed")), "{watched}");
    // A cry for help is heard, and promised nothing.
    let answer = p.sos().post("/app/v1/help-now", cry.clone()).await.expect(201);
    assert_eq!(answer["alert"]["police_will_be_told"], false);
    assert_eq!(
        p.phone().get("/app/v1/consents").await.expect(200)["items"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|setting| setting["police_will_be_told"] == true)
            .count(),
        0
    );

    copy.worker.advance_to(copy.app.clock.now().plus_minutes(60)).await.unwrap();
    assert_eq!(p.police.received().len(), before, "a copy has sent something");
    nobody.get("/health/ready").await.expect(200);

    copy.arm().await;
    // The receiver holds what it is sent against the time of day, which goes on for it as well.
    app.inner.clock.advance_to(copy.app.clock.now());
    let watched = nobody.get("/health/watch").await.json()["reasons"].clone();
    assert!(!watched.as_array().unwrap().contains(&json!("disarmed")), "{watched}");
    copy.worker.settle().await.unwrap();
    assert!(p.police.received().len() > before, "what waited was not sent");
    let answer = p.sos().post("/app/v1/help-now", cry).await.expect(201);
    assert_eq!(answer["alert"]["police_will_be_told"], true);
    app.http.moved_to(original);
    // The original never noticed.
    let watched = app.http.nobody().get("/health/watch").await.json()["reasons"].clone();
    assert!(!watched.as_array().unwrap().contains(&json!("disarmed")), "{watched}");
});

fn said(installation: &Installation, arguments: &[&str]) -> String {
    let done = installation.run(arguments, "");
    assert!(done.status.success(), "{done:?}");
    String::from_utf8(done.stdout).unwrap()
}

const ELSEWHERE: &str = "armed for another place";
const SECOND: [&str; 4] = ["create-admin", "--username", "second", "--password-stdin"];

#[test]
fn an_installation_that_was_copied_or_moved_says_so_until_an_operator_arms_it() {
    let original = Installation::create();
    let checked = said(&original, &["check"]);
    assert!(!checked.contains("disarmed") && !checked.contains(ELSEWHERE), "{checked}");
    assert!(said(&original, &["arm"]).contains("armed already"));
    let copy = original.elsewhere();
    let done =
        std::process::Command::new("cp").arg("-r").args([original.data_dir(), copy.data_dir()]).status().unwrap();
    assert!(done.success());
    assert!(said(&copy, &["check"]).contains(ELSEWHERE));
    drop(copy.serve());
    assert!(copy.log().contains("disarmed: ") && copy.log().contains("is_armed=false"), "{}", copy.log());
    assert!(said(&copy, &["check"]).contains("disarmed: "));
    let armed = said(&copy, &["arm"]);
    assert!(armed.starts_with("armed for sqlite ") && armed.contains(copy.database().to_str().unwrap()), "{armed}");
    let checked = said(&copy, &["check"]);
    assert!(!checked.contains("disarmed") && !checked.contains(ELSEWHERE), "{checked}");
    assert!(said(&copy, &["audit", "verify"]).contains("whole"));
    // A copy of what was armed is a copy again, and may be armed before its first start.
    let moved = copy.elsewhere();
    std::fs::rename(copy.data_dir(), moved.data_dir()).unwrap();
    assert!(said(&moved, &["check"]).contains(ELSEWHERE));
    assert!(said(&moved, &["arm"]).starts_with("armed for "));
    drop(moved.serve());
    assert!(moved.log().contains("is_armed=true"), "{}", moved.log());
}

#[test]
fn a_copy_that_has_the_place_of_its_original_is_disarmed_by_an_operator() {
    let original = Installation::create();
    let older = original.folder().join("older.db");
    std::fs::copy(original.whole_database(), &older).unwrap();
    said(&original, &["arm"]);
    // Into the same file: nothing shows that it is another one's.
    std::fs::copy(&older, original.whole_database()).unwrap();
    assert!(!said(&original, &["check"]).contains(ELSEWHERE));
    assert!(said(&original, &["disarm"]).starts_with("disarmed: "));
    assert!(said(&original, &["check"]).contains("disarmed: "));
    drop(original.serve());
    assert!(original.log().contains("is_armed=false"), "{}", original.log());
    assert!(said(&original, &["arm"]).starts_with("armed for "));
    assert!(said(&original, &["audit", "verify"]).contains("whole"));
}

#[test]
fn a_command_that_sees_the_database_under_another_path_disarms_nothing() {
    let original = Installation::create();
    let (neighbour, to) = (original.elsewhere(), original.folder().join("backup"));
    std::fs::rename(original.data_dir(), neighbour.data_dir()).unwrap();
    let nobody = uuid::Uuid::nil().to_string();
    for command in [
        &["check"][..],
        &["audit", "verify"],
        &["migrate"],
        &["bundle", "key"],
        &["backup", "--to", to.to_str().unwrap()],
        &["webhook", "test", &nobody],
        &SECOND,
    ] {
        let done = neighbour.run(command, crate::harness::PASSWORD);
        assert_eq!(done.status.success(), command[0] != "webhook", "{command:?}: {done:?}");
        let log = String::from_utf8(done.stderr).unwrap();
        assert!(log.contains(ELSEWHERE), "{command:?}: {log}");
    }
    std::fs::rename(neighbour.data_dir(), original.data_dir()).unwrap();
    drop(original.serve());
    assert!(original.log().contains("is_armed=true"), "{}", original.log());
}

/// A server looks while an operator's `arm` is under way.
fn what_is_armed_meanwhile_stays_armed(installation: &Installation) {
    let target = Target::parse(&installation.database_url()).unwrap();
    let begin = if matches!(target, Target::Sqlite(_)) { "BEGIN IMMEDIATE" } else { "BEGIN" };
    let (mut operator, mut server) = (target.connect(Access::Write).unwrap(), target.connect(Access::Write).unwrap());
    operator.batch_execute(&format!("{begin}; UPDATE installation SET armed_for = 'here'")).unwrap();
    let looking = std::thread::spawn(move || {
        installation::disarm_stray(&mut server, "here", Clock::System.now()).unwrap();
        server
    });
    // Nothing shows from outside that the server waits for the operator: it is given the time to get there.
    std::thread::sleep(std::time::Duration::from_millis(500));
    operator.batch_execute("COMMIT").unwrap();
    let mut server = looking.join().unwrap();
    assert!(installation::is_armed(&mut server).unwrap());
    installation::disarm_stray(&mut server, "elsewhere", Clock::System.now()).unwrap();
    assert!(!installation::is_armed(&mut server).unwrap());
}

#[test]
fn on_sqlite_what_is_armed_while_a_server_looks_stays_armed() {
    what_is_armed_meanwhile_stays_armed(&Installation::create());
}

#[test]
fn on_postgres_what_is_armed_while_a_server_looks_stays_armed() {
    let Some(installation) = Installation::create_on_postgres() else { return };
    what_is_armed_meanwhile_stays_armed(&installation);
}
