//! Pages and versions: a walk gives each item once, and nobody overwrites what they have not read.

use std::collections::BTreeSet;

use diesel::connection::SimpleConnection as _;
use holdfast::db::Access;
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::partnership;
use crate::harness::{Caller, PASSWORD, on_both, text};

on_both!(a_walk_through_the_pages_gives_each_item_once, |app| async {
    let p = app.partnership().await;
    let mut made = BTreeSet::new();
    for number in 0..7 {
        // Several of one instant: the id tells them apart.
        app.advance(number % 2).await;
        let body = json!({"status": "safe", "recorded_at": app.now_text()});
        made.insert(text(&p.phone().post("/app/v1/check-ins", body).await.expect(201), "id"));
    }
    let (mut path, mut seen, mut pages) = ("/app/v1/check-ins?limit=2".to_owned(), Vec::new(), 0);
    loop {
        let reply = p.phone().get(&path).await;
        let page = reply.expect(200);
        pages += 1;
        let items = page["items"].as_array().unwrap();
        assert!(items.len() <= 2);
        seen.extend(items.iter().map(|item| text(item, "id")));
        let Some(cursor) = page["next_cursor"].as_str() else {
            assert_eq!(reply.header("link"), None);
            break;
        };
        let next = format!("/app/v1/check-ins?limit=2&cursor={cursor}");
        assert_eq!(reply.header("link"), Some(format!("<{next}>; rel=\"next\"").as_str()));
        // What is added meanwhile stands before the walk and does not disturb it.
        let body = json!({"status": "safe", "recorded_at": app.now_text()});
        app.advance(1).await;
        p.phone().post("/app/v1/check-ins", body).await.expect(201);
        path = next;
    }
    assert_eq!((pages, seen.len()), (4, 7));
    assert_eq!(seen.into_iter().collect::<BTreeSet<_>>(), made);
});

on_both!(what_only_tells_that_there_are_more_is_not_recorded_as_read, |app| async {
    let p = app.partnership().await;
    let other = partnership::survivor(&app.http, &p.advocate, "high").await;
    p.help_now().await;
    app.advance(1).await;
    partnership::help_now(&other.phone.session).await;
    let readings = async |phone: &Caller| {
        let log = phone.list("/app/v1/access-log").await;
        log.iter().filter(|line| line.to_string().contains("alert")).count()
    };
    let before = (readings(p.phone()).await, readings(&other.phone.session).await);
    let page = p.advocate.get("/partner/v1/alerts?limit=1").await.expect(200);
    assert_eq!(page["items"][0]["survivor_id"], other.id.as_str());
    let after = (readings(p.phone()).await, readings(&other.phone.session).await);
    assert_eq!(after, (before.0, before.1 + 1));
});

on_both!(a_change_needs_the_version_that_was_read, |app| async {
    let p = app.partnership().await;
    let path = format!("/partner/v1/survivors/{}", p.survivor.id);
    let tag = p.advocate.get(&path).await.header("etag").unwrap().to_owned();
    let body = json!({"pronouns": "they/them"});
    p.advocate.send(Method::PATCH, &path, &[], Some(&body)).await.refused(428, "precondition_required");
    for wrong in ["\"v99\"", "*", &format!("W/{tag}"), "v1"] {
        p.advocate.send(Method::PATCH, &path, &[("if-match", wrong)], Some(&body)).await.refused(412, "stale");
    }
    let changed = p.advocate.send(Method::PATCH, &path, &[("if-match", &tag)], Some(&body)).await;
    assert_eq!(changed.expect(200)["pronouns"], "they/them");
    assert_ne!(changed.header("etag"), Some(tag.as_str()));
    p.advocate.send(Method::PATCH, &path, &[("if-match", &tag)], Some(&body)).await.refused(412, "stale");
});

on_both!(software_and_advocates_raise_a_risk_and_only_a_supervisor_lowers_it, |app| async {
    let p = app.partnership_with_risk("standard").await;
    let path = format!("/partner/v1/survivors/{}", p.survivor.id);
    let risk = json!({"risk_rating": "high"});
    let tag = p.advocate.get(&path).await.header("etag").unwrap().to_owned();
    let raised = p.advocate.send(Method::PATCH, &path, &[("if-match", &tag)], Some(&risk)).await;
    assert_eq!(raised.expect(200)["risk_rating"], "high");
    let tag = raised.header("etag").unwrap().to_owned();
    let lower = json!({"risk_rating": "standard", "risk_reason": "They moved abroad"});
    let refused = p.advocate.send(Method::PATCH, &path, &[("if-match", &tag)], Some(&lower)).await;
    assert_eq!(refused.status.as_u16(), 403, "{}", refused.body);
    p.advocate.post(&format!("{path}/assignments"), json!({"staff_id": p.support_supervisor.id})).await;
    let silent = json!({"risk_rating": "standard"});
    let why = p.support_supervisor.send(Method::PATCH, &path, &[("if-match", &tag)], Some(&silent)).await;
    assert_eq!(why.refused(422, "invalid")["errors"][0]["pointer"], "/risk_reason");
    let forgotten = json!({"risk_rating": "unassessed", "risk_reason": "x"});
    let why = p.support_supervisor.send(Method::PATCH, &path, &[("if-match", &tag)], Some(&forgotten)).await;
    assert_eq!(why.refused(422, "invalid")["errors"][0]["pointer"], "/risk_rating");
    let lowered = p.support_supervisor.send(Method::PATCH, &path, &[("if-match", &tag)], Some(&lower)).await;
    assert_eq!(lowered.expect(200)["risk_rating"], "standard");
});

on_both!(a_record_that_does_not_open_is_named_and_hides_no_other, |app| async {
    let p = app.partnership().await;
    let other = partnership::survivor(&app.http, &p.advocate, "high").await;
    let lost = format!("DELETE FROM subject_keys WHERE subject = '{}'", p.survivor.id);
    app.inner.config.key_store.connect(Access::Write).unwrap().batch_execute(&lost).unwrap();
    // One that has read no key yet.
    let http = app.other_server().await;
    let advocate = Caller::staff(&http, &p.advocate.username, PASSWORD);
    let all = advocate.get("/partner/v1/survivors").await.expect(200);
    assert_eq!(all["unreadable"], json!([p.survivor.id]));
    let shown = all["items"].as_array().unwrap();
    assert_eq!((shown.len(), &shown[0]["id"]), (1, &json!(other.id)));
    // It takes its place among the pages, so that a walk comes to the end.
    let (mut path, mut seen, mut unreadable) = ("/partner/v1/survivors?limit=1".to_owned(), 0, 0);
    loop {
        let page = advocate.get(&path).await.expect(200);
        seen += page["items"].as_array().unwrap().len();
        unreadable += page["unreadable"].as_array().map_or(0, Vec::len);
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        path = format!("/partner/v1/survivors?limit=1&cursor={cursor}");
    }
    assert_eq!((seen, unreadable), (1, 1));
    advocate.get(&format!("/partner/v1/survivors/{}", p.survivor.id)).await.refused(500, "internal");
    let notes = advocate.get(&format!("/partner/v1/survivors/{}/messages", other.id)).await.expect(200);
    assert!(notes.get("unreadable").is_none(), "{notes}");
});

on_both!(a_filter_stays_with_the_walk_through_the_pages, |app| async {
    let p = app.partnership().await;
    let other = partnership::survivor(&app.http, &p.advocate, "standard").await;
    let mut made = Vec::new();
    for number in 0..6 {
        app.advance(1).await;
        let is_own = number % 2 == 0;
        let phone = if is_own { p.phone() } else { &other.phone.session };
        let sent = phone.post("/app/v1/messages", json!({"body": "Could we speak?"})).await.expect(201);
        if is_own {
            made.insert(0, text(&sent, "id"));
        }
    }
    let path = format!("/partner/v1/messages/unread?survivor_id={}&limit=2", p.survivor.id);
    let first = p.advocate.get(&path).await;
    let page = first.expect(200);
    let next = format!("{path}&cursor={}", text(&page, "next_cursor"));
    assert_eq!(first.header("link"), Some(format!("<{next}>; rel=\"next\"").as_str()));
    let last = p.advocate.get(&next).await.expect(200);
    let ids = |page: &Value| page["items"].as_array().unwrap().iter().map(|item| text(item, "id")).collect::<Vec<_>>();
    assert_eq!([ids(&page), ids(&last)].concat(), made);
    assert_eq!(last["next_cursor"], json!(null));
});
