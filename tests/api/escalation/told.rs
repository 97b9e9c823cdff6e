//! Who hears, and by which message, that protection is lowered: no open emergency mutes it, and no missing rota.

use std::collections::BTreeSet;

use serde_json::json;

use crate::harness::partnership::{enrol, staff};
use crate::harness::providers::Providers;
use crate::harness::{Caller, NOON, Partnership, Person, TestApp, Way, instant, text};
use crate::notify::with_providers;

/// Those of the support organisation who are there, each with an address: `nadia` works with nobody yet.
async fn with_addresses(app: &TestApp, p: &Partnership) -> Person {
    let nadia = staff(&app.http, &p.admin, &p.support, "nadia", &["advocate"]).await;
    for who in [&p.advocate, &p.support_supervisor, &nadia] {
        let body = json!({"email": format!("{}@support.example", who.username)});
        who.put("/partner/v1/me/contact", body).await.expect(200);
    }
    nadia
}

/// The messages of a run of the worker: to whom, for those that name what it is about.
struct Heard<'a> {
    app: &'a TestApp,
    out: &'a Providers,
    before: usize,
}

impl Heard<'_> {
    async fn of(&mut self, what: &str) -> BTreeSet<String> {
        self.app.settle().await;
        let mails = self.out.mail.mails();
        let new = mails[self.before..].iter().filter(|mail| mail.text().contains(what)).flat_map(|mail| &mail.to);
        let heard = new.map(|to| to.split('@').next().unwrap().to_owned()).collect();
        self.before = mails.len();
        heard
    }
}

fn names<const N: usize>(names: [&str; N]) -> BTreeSet<String> {
    names.into_iter().map(str::to_owned).collect()
}

fn id_of(phone: &Caller) -> String {
    let Way::Phone { device_id, .. } = &phone.way else { panic!("a phone is a phone") };
    device_id.clone()
}

with_providers!(an_open_emergency_mutes_no_message_about_what_lowers_protection, |app, out| async {
    let p = app.partnership().await;
    let nadia = with_addresses(app, &p).await;
    let shift = json!({"staff_id": nadia.id, "place": "duty", "starts_at": NOON, "ends_at": "2026-11-21T22:00:00Z"});
    p.support_supervisor.post("/partner/v1/rota/shifts", shift).await.expect(201);
    p.consent(&["alert.police.help_now"]).await;
    p.help_now().await;
    let mut heard = Heard { app, out, before: 0 };
    heard.of("").await;
    let all = names(["asha", "nadia", "sunniva"]);

    let second = enrol(&app.http, &p.advocate, &p.survivor.id).await;
    assert_eq!(heard.of("new_phone").await, all, "a new phone");
    let revoke = format!("/app/v1/devices/{}/revoke", id_of(&second.session));
    p.phone().post(&revoke, json!({"reason": "lost"})).await.expect(200);
    assert_eq!(heard.of("phone_revoked").await, all, "a revoked phone");
    let trusted = json!({"name": "Mallory", "phone": "+44 7700 900789"});
    p.phone().put("/app/v1/trusted-contact", trusted).await.expect(200);
    assert_eq!(heard.of("trusted_contact_changed").await, all, "a trusted contact");
    let path = format!("/partner/v1/survivors/{}/safe-contact", p.survivor.id);
    for number in ["+447700900123", "+447700900999"] {
        let plan = json!({"time_zone": "Europe/London", "sms": {"allowed": true, "address": number}});
        p.advocate.put(&path, plan).await.expect(200);
    }
    assert_eq!(heard.of("safe_contact_changed").await, all, "a safe contact");
    p.decide("alert.police.help_now", false).await;
    assert_eq!(heard.of("alert_setting_turning_off").await, all, "a setting");
    p.decide("service.core", false).await;
    assert_eq!(heard.of("service_off").await, all, "the service");
    app.leaves_retries();
});

with_providers!(without_an_emergency_the_advocate_hears_quietly, |app, out| async {
    let p = app.partnership().await;
    with_addresses(app, &p).await;
    p.consent(&["alert.police.help_now"]).await;
    let mut heard = Heard { app, out, before: 0 };
    heard.of("").await;
    p.decide("alert.police.help_now", false).await;
    assert_eq!(heard.of("alert_setting_turning_off").await, names(["asha"]));
});

with_providers!(without_a_rota_all_advocates_are_on_duty, |app, out| async {
    let p = app.partnership().await;
    with_addresses(app, &p).await;
    let mut heard = Heard { app, out, before: 0 };
    heard.of("").await;
    let path = format!("/partner/v1/survivors/{}/blocks", p.survivor.id);
    p.advocate.post(&path, json!({"organisation_id": p.force})).await.expect(201);
    assert_eq!(heard.of("force_block_to_approve").await, names(["asha", "nadia", "sunniva"]));
});

with_providers!(supervisors_hear_that_a_hold_ends, |app, out| async {
    let p = app.partnership().await;
    with_addresses(app, &p).await;
    let file = text(&crate::evidence::keep(p.phone(), "text/plain", b"words", json!({})).await, "id");
    let hold = format!("/partner/v1/survivors/{}/evidence/{file}/hold", p.survivor.id);
    p.support_supervisor.post(&hold, json!({"reason": "Asked for by the officer in the case"})).await.expect(201);
    let mut heard = Heard { app, out, before: 0 };
    heard.of("").await;
    app.advance(27 * 24 * 60).await;
    assert_eq!(heard.of("evidence_hold_ending").await, names(["sunniva"]));
});

with_providers!(whoever_decided_it_duty_and_the_supervisors_hear_that_an_override_may_end, |app, out| async {
    let p = app.partnership().await;
    let nadia = with_addresses(app, &p).await;
    let ben = staff(&app.http, &p.admin, &p.support, "ben", &["advocate"]).await;
    let shift = json!({"staff_id": nadia.id, "place": "duty", "starts_at": NOON, "ends_at": "2026-11-21T22:00:00Z"});
    p.support_supervisor.post("/partner/v1/rota/shifts", shift).await.expect(201);
    let alert = p.help_now().await;
    let body = json!({"survivor_id": p.survivor.id, "alert_id": alert["id"], "basis": "vital_interests",
        "necessity": "Nobody answers.", "what": ["alert"], "recipient_organisation_id": p.force, "is_imminent": true});
    let id = text(&p.advocate.post("/partner/v1/overrides", body).await.expect(201), "id");
    let mut heard = Heard { app, out, before: 0 };
    heard.of("").await;
    let review = format!("/partner/v1/overrides/{id}/review");
    let not_upheld = json!({"is_upheld": false, "note": "A call would have done."});
    ben.post(&review, not_upheld.clone()).await.expect(200);
    assert_eq!(heard.of("override_to_end").await, names(["asha", "nadia", "sunniva"]));
    nadia.post(&review, not_upheld).await.expect(200);
    assert_eq!(heard.of("override_ended").await, names(["asha", "nadia", "sunniva"]));
    app.leaves_retries();
});
