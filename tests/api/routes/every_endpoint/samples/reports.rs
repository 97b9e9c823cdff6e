//! Reports and the trail, and what a commissioner may see.

use serde_json::json;

use super::super::world::World;
use super::Sample;
use crate::harness::partnership::organisation;
use crate::harness::text;

pub async fn sample(w: &World, id: &str) -> Option<Sample> {
    let (admin, path) = (&w.p.admin, format!("/admin/v1/organisations/{}/reach", w.commissioner_organisation));
    let partner = || organisation(admin, json!({"kind": "survivor_support", "name": "Partner"}));
    Some(match id {
        "get_reports" => Sample::get(w, &w.commissioner, "/oversight/v1/reports"),
        "get_report" => Sample::get(w, &w.commissioner, "/oversight/v1/reports/outcomes?area=south-yorkshire"),
        "list_audit_entries" => {
            let path = format!("/oversight/v1/audit?subject={}", w.p.survivor.reference);
            Sample::get(w, &w.auditor, path)
        }
        "get_audit_verification" => Sample::get(w, &w.auditor, "/oversight/v1/audit/verification"),
        "create_reach" => {
            Sample::send(w, admin, path, json!({"partner_id": partner().await})).of(&w.commissioner_organisation)
        }
        "list_reach" => Sample::get(w, admin, path).of(&w.commissioner_organisation),
        "delete_reach" => {
            let made = text(&admin.post(&path, json!({"partner_id": partner().await})).await.expect(201), "id");
            Sample::get(w, admin, format!("{path}/{made}")).of(&made)
        }
        _ => return None,
    })
}
