//! Figures without identities in a browser: what the API's report says, as tables, drawn, and as CSV.

use serde_json::json;

use crate::harness::browser::token;
use crate::harness::partnership::{FORCE, PARTICIPANT_NAME, SURVIVOR_NAME, organisation, staff};
use crate::harness::{ADMIN, Browser, Partnership, Person, Reply, TestApp, on_both};
use crate::portal::portal_case::{hides, only, shows};
use crate::portal::{is_sound, page};

const CHECK_INS: &str = "/portal/reports/check_ins";
const QUARTER: &str = "from=2026-07-01&to=2026-09-30";

#[track_caller]
fn is_refused(sent: &Reply, status: u16) {
    assert_eq!(sent.status.as_u16(), status, "{}: {}", sent.what, sent.body);
    is_sound(sent);
}

/// A commissioner's analyst who may see the area.
async fn analyst(app: &TestApp, p: &Partnership) -> Person {
    let payer = organisation(&p.admin, json!({"kind": "commissioner", "name": "Council"})).await;
    let reach = json!({"force_id": FORCE});
    p.admin.post(&format!("/admin/v1/organisations/{payer}/reach"), reach).await.expect(201);
    staff(&app.http, &p.admin, &payer, "analyst", &["commissioner"]).await
}

on_both!(a_commissioner_reads_figures_as_tables_drawn_and_as_csv, |app| async {
    let p = app.partnership().await;
    let analyst = analyst(app, &p).await;
    let browser = Browser::of(&app.http, "analyst").await;
    shows(&page(&browser, "/portal").await, &["href=\"/portal/reports\""]);
    let list = page(&browser, "/portal/reports").await;
    shows(&list, &["South Yorkshire Police", &format!("href=\"{CHECK_INS}\""), "Figures without identities"]);
    hides(&list, &["check_ins<", "south-yorkshire<"]);
    for report in ["check_ins", "sessions", "goals", "incidents", "referrals", "police", "consents"] {
        let shown = page(&browser, &format!("/portal/reports/{report}")).await;
        shows(&shown, &["<svg class=\"hf-axis\"", "<table class=\"govuk-table\">", "1/11/2025 to 31/10/2026"]);
        hides(
            &shown,
            &[
                SURVIVOR_NAME,
                PARTICIPANT_NAME,
                &p.survivor.reference,
                &p.participant_reference,
                "lower_quartile",
                "stats.aggregate",
            ],
        );
    }
    let shown = page(&browser, CHECK_INS).await;
    shows(&shown, &["Check-ins that were due", "Answered late", "Share (per cent)", "fewer than 5 people"]);

    let quarter = [("from", "2026-07-01"), ("to", "2026-09-30"), ("area", FORCE)];
    let asked = browser.submit(&shown, &only(&shown, "/check_ins"), &quarter).await;
    let path = format!("{CHECK_INS}?{QUARTER}&area={FORCE}");
    assert_eq!((asked.status.as_u16(), asked.header("location")), (303, Some(path.as_str())), "{}", asked.body);
    let shown = page(&browser, &path).await;
    shows(&shown, &["1/7/2026 to 30/9/2026", "South Yorkshire Police", &format!("value=\"{FORCE}\" selected")]);
    let wrong = [("from", "2026-07-02"), ("to", "2026-09-30"), ("area", "")];
    let refused = browser.submit(&shown, CHECK_INS, &wrong).await;
    is_refused(&refused, 422);
    shows(&refused, &["From: correct this", "value=\"2026-07-02\""]);

    // The file is the API's own.
    let file = browser.get(&format!("{CHECK_INS}/csv?{QUARTER}&area={FORCE}")).await;
    assert_eq!(file.status.as_u16(), 200, "{}", file.body);
    assert!(file.header("content-type").unwrap().starts_with("text/csv"), "{:?}", file.header("content-type"));
    assert_eq!(file.header("cache-control"), Some("no-store"));
    let own = analyst.get(&format!("/oversight/v1/reports/check_ins?{QUARTER}&area={FORCE}&format=csv")).await;
    assert_eq!(file.body, own.body);
    let welsh = Browser::reading(&app.http, "cy");
    welsh.sign_in("analyst").await;
    shows(
        &page(&welsh, CHECK_INS).await,
        &["Gwiriadau a oedd i&#39;w hateb", "<span lang=\"en\">Late: answered after"],
    );
});

on_both!(nobody_else_finds_a_report_and_nobody_one_of_an_area_that_is_not_theirs, |app| async {
    let p = app.partnership().await;
    analyst(app, &p).await;
    let own = Browser::of(&app.http, "analyst").await;
    for path in [
        format!("{CHECK_INS}?area=kent"),
        "/portal/reports/everything".to_owned(),
        format!("{CHECK_INS}/csv?area=kent"),
    ] {
        is_refused(&own.get(&path).await, 404);
    }
    is_refused(&own.get(&format!("{CHECK_INS}?since=2026-01-01")).await, 422);
    // One whom nobody has let see anything.
    let other = organisation(&p.admin, json!({"kind": "commissioner", "name": "Elsewhere"})).await;
    staff(&app.http, &p.admin, &other, "outsider", &["commissioner"]).await;
    let outsider = Browser::of(&app.http, "outsider").await;
    let list = page(&outsider, "/portal/reports").await;
    shows(&list, &["You may see no area yet."]);
    hides(&list, &["South Yorkshire", "Lighthouse"]);
    is_refused(&outsider.get(&format!("{CHECK_INS}?area={FORCE}")).await, 404);

    assert_eq!(Browser::new(&app.http).get("/portal/reports").await.header("location"), Some("/portal/sign-in"));
    for username in [ADMIN, "asha", "sunniva", "pilar", "tomasz", "pc.4417"] {
        let browser = Browser::of(&app.http, username).await;
        let worklist = page(&browser, "/portal").await;
        for path in ["/portal/reports", CHECK_INS, "/portal/reports/check_ins/csv"] {
            is_refused(&browser.get(path).await, 403);
        }
        is_refused(&browser.submit(&worklist, CHECK_INS, &[]).await, 403);
    }
    let foreign = token(&page(&outsider, CHECK_INS).await);
    is_refused(&own.post(CHECK_INS, &[], &[]).await, 403);
    is_refused(&own.post(CHECK_INS, &[], &[("csrf_token", foreign.as_str())]).await, 403);
});
