//! Evidence and the police: counted in a message, listed and fetched by a named officer, never without agreement.

use reqwest::Method;
use serde_json::json;

use super::{PATH, incident, keep};
use crate::harness::{on_both, text};

on_both!(an_officer_fetches_what_was_made_visible_to_police_and_the_survivor_sees_it, |app| async {
    let p = app.partnership().await;
    let told = incident(app, p.phone(), "police").await;
    let shared = keep(p.phone(), "text/plain", b"for police", json!({"incident_id": told})).await;
    let own = keep(p.phone(), "text/plain", b"for the advocate", json!({})).await;
    p.consent(&["alert.police.help_now"]).await;
    let alert = p.help_now().await;
    app.settle().await;
    let fact = "/data/facts/investigation/evidence_items";
    assert_eq!(p.police.received()[0].json().pointer(fact), Some(&json!("not_stated")));
    let base = format!("/police/v1/alerts/{}/evidence", text(&alert, "reference"));
    let stated = [("holdfast-officer", p.officer.username.as_str()), ("holdfast-reason", "Statement")];
    let system = &p.police_system;
    let get = |path: String| async move { p_get(system, &path, &stated).await };
    get(base.clone()).await.refused(404, "not_found");
    p.consent(&["share.police.evidence"]).await;
    let listed = get(base.clone()).await.expect(200);
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
    assert_eq!(listed["items"][0]["id"], shared["id"]);
    let at = |id: &str| format!("{base}/{id}/content");
    let fetched = p.police_system.send_bytes(Method::GET, &at(&text(&shared, "id")), &stated, Vec::new()).await;
    assert_eq!((fetched.reply.status.as_u16(), fetched.bytes.as_slice()), (200, b"for police".as_slice()));
    get(at(&text(&own, "id"))).await.refused(404, "not_found");
    let unnamed = p.police_system.get(&base).await;
    unnamed.refused(400, "header_missing");
    // The next message counts it.
    p.help_now().await;
    app.settle().await;
    assert_eq!(p.police.received().last().unwrap().json().pointer(fact), Some(&json!(1)));
    // Both reads are disclosures, and the fetch stands in the custody with the officer and the reason.
    let disclosed = p.phone().list("/app/v1/disclosures").await;
    let what: Vec<_> = disclosed.iter().filter(|row| row["agreement"] == "share.police.evidence").collect();
    assert_eq!(what.len(), 2, "{disclosed:?}");
    let custody = p.phone().get(&format!("{PATH}/{}/custody", text(&shared, "id"))).await.expect(200);
    let last = custody["events"].as_array().unwrap().last().unwrap();
    assert_eq!(
        (&last["kind"], &last["by"], &last["reason"]),
        (&json!("disclosed"), &json!("officer"), &json!("Statement"))
    );
    assert_eq!(last["by_id"], p.officer.id.as_str());
    // Taken back, nothing is given any more.
    let off = json!({"granted": false, "text_version": "1"});
    p.phone().put("/app/v1/consents/share.police.evidence", off).await.expect(200);
    get(at(&text(&shared, "id"))).await.refused(404, "not_found");
});

async fn p_get(system: &crate::harness::Caller, path: &str, stated: &[(&str, &str)]) -> crate::harness::Reply {
    system.send(Method::GET, path, stated, None).await
}
