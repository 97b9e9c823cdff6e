//! Wherever a force is named it is one of the list, so that no alert waits for one that there is not.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::partnership::organisation;
use crate::harness::{Caller, Partnership, Reply, on_both, text};

/// What a slip of the finger makes, and what looks like a force.
const WRONG: [&str; 8] = [
    "south-yorkshir",
    "south-yorkshyre",
    "South-Yorkshire",
    "nonesuch",
    "south_yorkshire",
    " south-yorkshire",
    "",
    "english-constabulary",
];

async fn patch(by: &Caller, path: &str, body: Value) -> Reply {
    let tag = by.get(path).await.header("etag").unwrap().to_owned();
    by.send(Method::PATCH, path, &[("if-match", &tag)], Some(&body)).await
}

#[track_caller]
fn names(refused: &Value, pointer: &str) {
    assert!(refused["errors"].as_array().unwrap().iter().any(|error| error["pointer"] == pointer), "{refused}");
}

async fn each_door_refuses(p: &Partnership, commissioner: &str, force: &str) {
    let survivor = json!({"preferred_name": "Sam", "home_force_id": force});
    names(&p.advocate.post("/partner/v1/survivors", survivor).await.refused(422, "invalid"), "/home_force_id");
    let path = format!("/partner/v1/survivors/{}", p.survivor.id);
    let refused = patch(&p.advocate, &path, json!({"home_force_id": force})).await.refused(422, "invalid");
    names(&refused, "/home_force_id");
    let participant = json!({"name": "Robin", "home_force_id": force});
    let refused = p.practitioner.post("/partner/v1/participants", participant).await.refused(422, "invalid");
    names(&refused, "/home_force_id");
    let path = format!("/partner/v1/participants/{}", p.participant);
    let refused = patch(&p.practitioner, &path, json!({"home_force_id": force})).await.refused(422, "invalid");
    names(&refused, "/home_force_id");
    let made = json!({"kind": "police_force", "name": "Another", "force_id": force});
    names(&p.admin.post("/admin/v1/organisations", made).await.refused(422, "invalid"), "/force_id");
    let path = format!("/admin/v1/organisations/{}", p.force);
    names(&patch(&p.admin, &path, json!({"force_id": force})).await.refused(422, "invalid"), "/force_id");
    let reach = format!("/admin/v1/organisations/{commissioner}/reach");
    names(&p.admin.post(&reach, json!({"force_id": force})).await.refused(422, "invalid"), "/force_id");
}

on_both!(a_force_that_there_is_not_is_refused_at_every_door, |app| async {
    let p = app.partnership().await;
    let commissioner = organisation(&p.admin, json!({"kind": "commissioner", "name": "Commissioner"})).await;
    for force in WRONG {
        each_door_refuses(&p, &commissioner, force).await;
    }
    let kept = p.advocate.get(&format!("/partner/v1/survivors/{}", p.survivor.id)).await.expect(200);
    assert_eq!(kept["home_force_id"], "south-yorkshire");
});

on_both!(every_force_of_the_list_can_be_a_home_and_an_organisation, |app| async {
    let p = app.partnership().await;
    let forces = app.http.nobody().list("/public/v1/forces").await;
    let ids: Vec<String> = forces.iter().map(|force| text(force, "id")).collect();
    assert_eq!(ids.len(), 47);
    for id in ["btp", "mod", "northern-ireland", "scotland"] {
        assert!(ids.iter().any(|known| known == id), "{id}");
    }
    for id in &ids {
        let survivor = json!({"preferred_name": "Sam", "home_force_id": id});
        p.advocate.post("/partner/v1/survivors", survivor).await.expect(201);
        let status = if id == "south-yorkshire" { 409 } else { 201 };
        let made = json!({"kind": "police_force", "name": id, "force_id": id});
        let reply = p.admin.post("/admin/v1/organisations", made).await;
        assert_eq!(reply.status.as_u16(), status, "{id}: {}", reply.body);
    }
});
