//! The rota and the ladders in a browser: who watches when, and what happens if nobody answers.

use reqwest::Method;
use serde_json::json;

use crate::harness::browser::token;
use crate::harness::partnership::{PARTICIPANT_NAME, SURVIVOR_NAME, organisation, staff};
use crate::harness::{ADMIN, Browser, Reply, on_both};
use crate::portal::portal_admin::option;
use crate::portal::portal_case::{actions, hides, only, shows};
use crate::portal::{is_sound, page};

#[track_caller]
fn leads_to(sent: &Reply, path: &str) {
    assert_eq!((sent.status.as_u16(), sent.header("location")), (303, Some(path)), "{}: {}", sent.what, sent.body);
}

#[track_caller]
fn is_refused(sent: &Reply, status: u16) {
    assert_eq!(sent.status.as_u16(), status, "{}: {}", sent.what, sent.body);
    is_sound(sent);
}

on_both!(a_supervisor_plans_a_shift_sees_the_gaps_and_cancels_it, |app| async {
    let p = app.partnership().await;
    let browser = Browser::of(&app.http, "sunniva").await;
    let rota = page(&browser, "/portal/rota").await;
    shows(&rota, &["No shift is planned.", "<svg class=\"hf-axis\"", "UK time", "No message can leave"]);
    hides(&rota, &["pilar", "tomasz", &p.advocate.id, SURVIVOR_NAME]);
    let (plan, asha) = (only(&rota, "/shifts"), option(&rota, "asha Ashworth"));
    let wrong = [
        ("staff_id", asha.as_str()),
        ("place", "duty"),
        ("starts_at", "2026-11-22T09:00"),
        ("ends_at", "2026-11-21T18:00"),
    ];
    let refused = browser.submit(&rota, &plan, &wrong).await;
    is_refused(&refused, 422);
    shows(&refused, &["Until: correct this", "value=\"2026-11-22T09:00\"", &format!("value=\"{asha}\" selected")]);
    let right = [
        ("staff_id", asha.as_str()),
        ("place", "duty"),
        ("starts_at", "2026-11-21T18:00"),
        ("ends_at", "2026-11-22T09:00"),
    ];
    leads_to(&browser.submit(&rota, &plan, &right).await, "/portal/rota");
    let seen = p.support_supervisor.get("/partner/v1/rota").await.expect(200);
    assert_eq!(
        (&seen["shifts"][0]["starts_at"], &seen["shifts"][0]["staff_id"]),
        (&json!("2026-11-21T18:00:00Z"), &json!(p.advocate.id))
    );

    let rota = page(&browser, "/portal/rota").await;
    let shift = "Saturday 21/11/2026 18:00 to Sunday 22/11/2026 09:00, UK time";
    shows(&rota, &["asha Ashworth", shift, "Saturday 21/11/2026 12:00 to Saturday 21/11/2026 18:00, UK time"]);
    // The gaps that the API knows are those in the table.
    let gaps = seen["gaps"]["duty"].as_array().unwrap().len() + seen["gaps"]["second"].as_array().unwrap().len();
    let table = rota.body.split("<tbody>").nth(1).unwrap().split("</tbody>").next().unwrap();
    assert_eq!(table.matches("<tr>").count(), gaps, "{table}");
    let cancel = only(&rota, "/cancel");
    leads_to(&browser.submit(&rota, &cancel, &[("reason", "sickness")]).await, "/portal/rota");
    is_refused(&browser.submit(&rota, &cancel, &[("reason", "sickness")]).await, 409);
    hides(&page(&browser, "/portal/rota").await, &[shift]);
    let welsh = Browser::reading(&app.http, "cy");
    welsh.sign_in("sunniva").await;
    shows(&page(&welsh, "/portal/rota").await, &["Rota dyletswydd", "amser y DU"]);
});

on_both!(what_would_happen_is_what_the_api_says_and_is_drawn, |app| async {
    let p = app.partnership().await;
    let browser = Browser::of(&app.http, "sunniva").await;
    let ladders = page(&browser, "/portal/ladders").await;
    shows(
        &ladders,
        &["A missed check-in, at medium or high risk", "The survivor&#39;s advocate", "the defaults serve"],
    );
    hides(&ladders, &["high_risk<", "second_duty", "wait_minutes"]);
    let made = browser.submit(&ladders, &only(&ladders, "/draft/high_risk"), &[]).await;
    assert_eq!(made.status.as_u16(), 303, "{}", made.body);
    let path = made.header("location").unwrap().to_owned();
    let ladder = page(&browser, &path).await;
    shows(&ladder, &["Draft: no alert climbs it", "After 10 more min", "Then again every 15 min"]);
    let (simulate, publish) = (only(&ladder, "/simulate"), only(&ladder, "/publish"));
    is_refused(&browser.submit(&ladder, &publish, &[("uncovered_acknowledged", "true")]).await, 409);
    let refused = browser.submit(&ladder, &simulate, &[("at", "Friday"), ("acknowledged_after_minutes", "")]).await;
    is_refused(&refused, 422);
    shows(&refused, &["The alert is raised at: correct this"]);

    let asked = [("at", "2026-11-27T21:00"), ("acknowledged_after_minutes", "")];
    let shown = browser.submit(&ladder, &simulate, &asked).await;
    assert_eq!(shown.status.as_u16(), 200, "{}", shown.body);
    is_sound(&shown);
    shows(
        &shown,
        &["Friday 27/11/2026 21:00, UK time", "after 30 min", "police step after 30 min", "<svg class=\"hf-axis\""],
    );
    shows(&shown, &["asha Ashworth", "notified, if the survivor&#39;s setting allows it"]);
    hides(&shown, &["if_allowed", "second_duty", &p.advocate.id]);
    let id = p.support_supervisor.get("/partner/v1/ladders").await.expect(200)["items"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let body = json!({"at": "2026-11-27T21:00:00Z"});
    let said = p.support_supervisor.post(&format!("/partner/v1/ladders/{id}/simulate"), body).await.expect(200);
    let told =
        said["steps"].as_array().unwrap().iter().map(|step| step["told"].as_array().unwrap().len()).sum::<usize>();
    let table = shown.body.split("<tbody>").nth(1).unwrap();
    assert_eq!(table.matches("<tr>").count(), told, "{table}");

    // The rota is empty: that has to be known.
    is_refused(&browser.submit(&ladder, &publish, &[]).await, 409);
    leads_to(&browser.submit(&ladder, &publish, &[("uncovered_acknowledged", "true")]).await, &path);
    let published = page(&browser, &path).await;
    shows(&published, &["Published as version 2"]);
    assert!(actions(&published, "/publish").is_empty(), "{}", published.body);
    is_refused(&browser.submit(&ladders, "/portal/ladders/draft/other", &[]).await, 404);
});

on_both!(who_leads_no_watch_finds_none_and_another_organisation_finds_its_own, |app| async {
    let p = app.partnership().await;
    let own = Browser::of(&app.http, "sunniva").await;
    let rota = page(&own, "/portal/rota").await;
    let asha = option(&rota, "asha Ashworth");
    let shift = [
        ("staff_id", asha.as_str()),
        ("place", "duty"),
        ("starts_at", "2026-11-21T18:00"),
        ("ends_at", "2026-11-22T09:00"),
    ];
    leads_to(&own.submit(&rota, &only(&rota, "/shifts"), &shift).await, "/portal/rota");
    let cancel = only(&page(&own, "/portal/rota").await, "/cancel");
    let ladders = page(&own, "/portal/ladders").await;
    let made = own.submit(&ladders, &only(&ladders, "/draft/standard"), &[]).await;
    let ladder = made.header("location").unwrap().to_owned();
    let acts = [
        "/portal/rota/shifts".to_owned(),
        cancel.clone(),
        "/portal/ladders/draft/standard".to_owned(),
        format!("{ladder}/simulate"),
        format!("{ladder}/publish"),
    ];

    assert_eq!(Browser::new(&app.http).get("/portal/rota").await.header("location"), Some("/portal/sign-in"));
    for username in [ADMIN, "asha", "pilar", "pc.4417"] {
        let browser = Browser::of(&app.http, username).await;
        let worklist = page(&browser, "/portal").await;
        hides(&worklist, &["\"/portal/rota\""]);
        for path in ["/portal/rota", "/portal/ladders", &ladder] {
            is_refused(&browser.get(path).await, 403);
        }
        for act in &acts {
            is_refused(&browser.submit(&worklist, act, &[("reason", "sickness")]).await, 403);
        }
    }
    // A supervisor of the programme leads no watch.
    let programme = Browser::of(&app.http, "tomasz").await;
    is_refused(&programme.get("/portal/rota").await, 403);
    is_refused(&programme.get(&ladder).await, 404);
    // One of another support organisation finds nothing of this one.
    let beacon = organisation(&p.admin, json!({"kind": "survivor_support", "name": "Beacon"})).await;
    staff(&app.http, &p.admin, &beacon, "noor", &["supervisor"]).await;
    let other = Browser::of(&app.http, "noor").await;
    let theirs = page(&other, "/portal/rota").await;
    hides(&theirs, &["asha", "Lighthouse", SURVIVOR_NAME, PARTICIPANT_NAME]);
    hides(&page(&other, "/portal/ladders").await, &["Draft: no alert climbs it"]);
    is_refused(&other.get(&ladder).await, 404);
    is_refused(&other.submit(&theirs, &cancel, &[("reason", "sickness")]).await, 404);
    is_refused(&other.submit(&theirs, &format!("{ladder}/simulate"), &[("at", "2026-11-27T21:00")]).await, 404);
    is_refused(&other.submit(&theirs, "/portal/rota/shifts", &shift).await, 422);

    let foreign = token(&theirs);
    for act in &acts {
        is_refused(&own.post(act, &[], &[("reason", "sickness")]).await, 403);
        is_refused(&own.post(act, &[], &[("reason", "sickness"), ("csrf_token", foreign.as_str())]).await, 403);
        let cookie = own.cookie();
        let got = app.http.send(Method::GET, act, &[("cookie", cookie.as_str())], None).await;
        assert_eq!(got.status.as_u16(), 405, "{act}");
    }
    shows(&page(&own, "/portal/rota").await, &["Saturday 21/11/2026 18:00 to Sunday 22/11/2026 09:00"]);
});
