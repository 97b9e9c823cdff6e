//! A copy of an installation sends nothing until an operator arms it: police would hear again of what is long over.

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

#[test]
fn an_installation_that_was_copied_or_moved_says_so_until_an_operator_arms_it() {
    let original = Installation::create();
    assert!(!said(&original, &["check"]).contains("disarmed"));
    assert!(said(&original, &["arm"]).contains("armed already"));
    let copy = original.elsewhere();
    let done =
        std::process::Command::new("cp").arg("-r").args([original.data_dir(), copy.data_dir()]).status().unwrap();
    assert!(done.success());
    assert!(said(&copy, &["check"]).contains("disarmed: "));
    drop(copy.serve());
    assert!(copy.log().contains("disarmed: ") && copy.log().contains("is_armed=false"), "{}", copy.log());
    assert!(said(&copy, &["arm"]).starts_with("armed: "));
    assert!(!said(&copy, &["check"]).contains("disarmed"));
    assert!(said(&copy, &["audit", "verify"]).contains("whole"));
    // A copy of what was armed is a copy again.
    let moved = copy.elsewhere();
    std::fs::rename(copy.data_dir(), moved.data_dir()).unwrap();
    assert!(said(&moved, &["check"]).contains("disarmed: "));
}
