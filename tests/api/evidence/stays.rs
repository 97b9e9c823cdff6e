//! What stays whatever the worker finds due, and what counts toward the room as long as it is stored.

use diesel::connection::SimpleConnection;
use serde_json::json;

use super::taken_back::{WEEK, destroy, file, hold, state, take_back};
use super::{PATH, objects, stated};
use crate::harness::{TestApp, on_both};

const DAY: i64 = 24 * 60;

/// Has the worker look at every file now, whatever it was to wait for.
async fn look_at_all(app: &TestApp) {
    let sql = "UPDATE evidence_files SET next_action_at = created_at";
    app.inner.db.write(move |conn| Ok(conn.batch_execute(sql)?)).await.unwrap();
    app.settle().await;
}

on_both!(the_worker_destroys_nothing_that_stays_whenever_it_looks, |app| async {
    let p = app.partnership().await;
    let mut files = Vec::new();
    for _ in 0..6 {
        files.push(file(&p, json!({})).await);
    }
    let given = json!({"purpose": "survivor_request", "recipient_name": "A court", "agreed_with_survivor": true,
        "evidence_ids": [files[0].0.rsplit('/').next()]});
    p.advocate.post(&format!("/partner/v1/survivors/{}/bundles", p.survivor.id), given).await.expect(201);
    // Disclosed, taken back and held, taken back and sealed, taken back with a hold that waits, held, and kept.
    for (own, _) in &files[..4] {
        take_back(&p, own).await;
    }
    for at in [1, 3, 4] {
        p.support_supervisor.post(&format!("{}/hold", files[at].1), hold()).await.expect(201);
    }
    p.advocate.post(&format!("{}/hold/approve", files[1].1), json!({})).await.expect(200);
    p.advocate.post(&format!("{}/seal", files[2].1), json!({"note": "They said so"})).await.expect(200);
    for _ in 0..2 {
        let before = objects(app).len();
        look_at_all(app).await;
        assert_eq!(objects(app).len(), before);
        let mut states = Vec::new();
        for (_, theirs) in &files {
            states.push(state(&p, theirs).await);
        }
        assert_eq!(states, ["removing", "locked", "sealed", "removing", "held", "kept"]);
    }
    assert_eq!(p.phone().fetch(&format!("{}/content", files[5].0)).await, b"words");
});

on_both!(a_hold_that_was_asked_for_is_waited_for_a_day, |app| async {
    let p = app.partnership().await;
    let (approved, forgotten) = (file(&p, json!({})).await, file(&p, json!({})).await);
    for (own, theirs) in [&approved, &forgotten] {
        take_back(&p, own).await;
        app.advance_seconds(1).await;
        assert_eq!(state(&p, theirs).await, "removing");
    }
    app.advance(WEEK - 60).await;
    for (_, theirs) in [&approved, &forgotten] {
        p.support_supervisor.post(&format!("{theirs}/hold"), hold()).await.expect(201);
    }
    app.advance(2 * 60).await;
    assert_eq!(objects(app).len(), 2);
    assert_eq!(
        p.advocate.post(&format!("{}/hold/approve", approved.1), json!({})).await.expect(200)["state"],
        "locked"
    );
    app.advance(DAY).await;
    assert_eq!(objects(app).len(), 1);
    p.advocate.get(&forgotten.1).await.refused(404, "not_found");
});

on_both!(what_one_member_of_staff_asks_to_destroy_is_not_destroyed_by_time, |app| async {
    let p = app.partnership().await;
    let (_, theirs) = file(&p, json!({})).await;
    let ask = format!("{theirs}/destruction");
    let asked = p.advocate.post(&ask, destroy("endangers")).await.expect(201);
    assert_eq!((&asked["state"], asked.get("destroyed_from")), (&json!("removing"), None));
    // Once is enough: who asked first stays known.
    p.support_supervisor.post(&ask, destroy("endangers")).await.refused(409, "wrong_state");
    app.advance(2 * WEEK).await;
    assert_eq!(objects(app).len(), 1);
    p.advocate.post(&format!("{ask}/approve"), json!({})).await.refused(403, "second_person_needed");
    p.support_supervisor.post(&format!("{ask}/approve"), json!({})).await.expect(200);
    app.settle().await;
    assert!(objects(app).is_empty());
});

on_both!(what_is_held_locked_or_sealed_counts_toward_the_room, |app| async {
    let p = app.partnership().await;
    let (own, locked) = file(&p, json!({})).await;
    take_back(&p, &own).await;
    p.support_supervisor.post(&format!("{locked}/hold"), hold()).await.expect(201);
    p.advocate.post(&format!("{locked}/hold/approve"), json!({})).await.expect(200);
    let mut large = stated("text/plain", b"words");
    large["bytes"] = json!(256_000_000);
    for _ in 0..31 {
        p.phone().post(PATH, large.clone()).await.expect(201);
    }
    p.phone().post(PATH, large.clone()).await.refused(413, "quota_exceeded");
    // Uploads that nobody went on with are over by then; the file is not.
    app.advance(WEEK).await;
    p.advocate.post(&format!("{locked}/seal"), json!({"note": "They said so"})).await.expect(200);
    for _ in 0..31 {
        p.phone().post(PATH, large.clone()).await.expect(201);
    }
    p.phone().post(PATH, large).await.refused(413, "quota_exceeded");
});
