//! The portal: live updates, and its pages at two in the morning, without JavaScript: what needs me, what do I do next, did it work.

mod live_updates;
mod portal_admin;
mod portal_audit;
mod portal_case;
mod portal_forms;
mod portal_participants;
mod portal_police;
mod portal_programme;
mod portal_reports;
mod portal_roles;
mod portal_rota;
mod portal_sign_in;
mod portal_survivor_acts;
mod portal_survivors;
mod portal_two_people;

use holdfast::http::gzip;
use serde_json::json;
use uuid::Uuid;

use crate::harness::browser::token;
use crate::harness::partnership::{CODE_WORD, PARTICIPANT_NAME, SURVIVOR_NAME};
use crate::harness::{Browser, Partnership, Reply, on_both, text};

/// Bytes of a page, when it is compressed.
const MOST_BYTES: usize = 60 * 1024;

/// What every page is held to.
#[track_caller]
pub fn is_sound(page: &Reply) {
    let (at, body) = (&page.what, &page.body);
    assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"), "{at}: {body}");
    assert_eq!(page.header("cache-control"), Some("no-store"), "{at}");
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self';"), "{at}: {policy}");
    assert!(!policy.contains("unsafe") && policy.contains("frame-ancestors 'none'"), "{at}: {policy}");
    for never in [" style=", "<style", " onclick=", "javascript:", "http://", "https://", "//cdn"] {
        assert!(!body.contains(never), "{at} has {never}");
    }
    // A script is a file of ours and has nothing between its tags.
    let scripts: Vec<&str> = body.split("<script ").skip(1).collect();
    assert!(scripts.iter().all(|script| script.starts_with("src=\"/portal/assets/")), "{at}");
    assert!(scripts.iter().all(|script| script.contains("defer></script>")), "{at}");
    assert_eq!(body.matches("<h1").count(), 1, "{at}");
    assert!(body.starts_with("<!DOCTYPE html>\n<html lang=\""), "{at}: {body}");
    let title = body.split_once("<title>").unwrap().1.split_once("</title>").unwrap().0;
    for kept in [SURVIVOR_NAME, PARTICIPANT_NAME, "Emergency", "AL-"] {
        assert!(!title.contains(kept), "{at}: {title}");
    }
    // Nobody is shown an id, and what a page weighs is no burden on a poor line.
    let is_id = |word: &str| Uuid::try_parse(word).is_ok();
    assert!(!body.split(|c: char| !c.is_ascii_alphanumeric() && c != '-').any(is_id), "{at} shows an id: {body}");
    let weight = gzip::pack(body.as_bytes()).unwrap().len();
    assert!(weight < MOST_BYTES, "{at} has {weight} bytes");
    // Each field has its label.
    for kind in ["<input id=\"", "<textarea id=\""] {
        for field in body.split(kind).skip(1) {
            let id = field.split_once('"').unwrap().0;
            assert!(body.contains(&format!("<label for=\"{id}\"")), "{at}: {id} has no label");
        }
    }
}

/// A page that is shown.
pub async fn page(browser: &Browser, path: &str) -> Reply {
    let page = browser.get(path).await;
    assert_eq!(page.status.as_u16(), 200, "{path}: {}", page.body);
    is_sound(&page);
    page
}

/// Presses help-now with words; answers the alert's id and the path of its page.
pub async fn pressed(p: &Partnership) -> (String, String) {
    let place = json!({"lat": 53.3811, "lon": -1.4701, "accuracy_m": 12.0});
    let body = json!({"note": "Outside <b>the</b> kitchen", "location": place, "recorded_at": p.admin.http.now()});
    let alert = p.sos().post("/app/v1/help-now", body).await.expect(201)["alert"].clone();
    (text(&alert, "id"), format!("/portal/alerts/{}", text(&alert, "reference")))
}

on_both!(an_emergency_is_found_taken_up_and_closed_without_a_script, |app| async {
    let p = app.partnership().await;
    let browser = Browser::of(&app.http, "asha").await;
    let quiet = page(&browser, "/portal").await;
    assert!(quiet.body.contains("No alert is open."), "{}", quiet.body);
    let (id, path) = pressed(&p).await;
    app.settle().await;

    let worklist = page(&browser, "/portal").await;
    assert!(worklist.body.contains(&format!("href=\"{path}\"")), "{}", worklist.body);
    for part in ["Emergency", "They pressed for help", "Nobody has taken it up.", "Call 999 now"] {
        assert!(worklist.body.contains(part), "{part}: {}", worklist.body);
    }
    assert!(!worklist.body.contains(SURVIVOR_NAME) && !worklist.body.contains("kitchen"), "{}", worklist.body);

    let alert = page(&browser, &path).await;
    for part in [SURVIVOR_NAME, "What to say to 999", "I am calling from Lighthouse", "Acknowledge"] {
        assert!(alert.body.contains(part), "{part}: {}", alert.body);
    }
    // Who opened it knows; whom no message could reach would see it here alone.
    for part in
        ["The survivor&#39;s advocate", "notified: the alert was opened", "only shown here: no message could be sent"]
    {
        assert!(alert.body.contains(part), "{part}: {}", alert.body);
    }
    assert!(alert.body.contains("Outside &#60;b&#62;the&#60;/b&#62; kitchen"), "{}", alert.body);

    // Without words nothing is done, and the page says what is missing.
    let without = browser.submit(&alert, &format!("{path}/acknowledge"), &[("note", "  ")]).await;
    assert_eq!(without.status.as_u16(), 422, "{}", without.body);
    is_sound(&without);
    let taken = browser.submit(&alert, &format!("{path}/acknowledge"), &[("note", "Ringing now")]).await;
    assert_eq!((taken.status.as_u16(), taken.header("location")), (303, Some(path.as_str())), "{}", taken.body);
    let alert = page(&browser, &path).await;
    for part in ["Somebody has taken it up.", "Ringing now", "by asha Ashworth", "Record how it goes"] {
        assert!(alert.body.contains(part), "{part}: {}", alert.body);
    }
    let told = [("note", "They answered"), ("spoke_to_survivor", "true")];
    assert_eq!(browser.submit(&alert, &format!("{path}/progress"), &told).await.status.as_u16(), 303);

    let wrong = [("note", "Home & safe"), ("code_word", "tulip")];
    let refused = browser.submit(&alert, &format!("{path}/resolve"), &wrong).await;
    assert_eq!(refused.status.as_u16(), 409, "{}", refused.body);
    is_sound(&refused);
    assert!(refused.body.contains("Home &#38; safe") && !refused.body.contains("tulip"), "{}", refused.body);
    let right = [("note", "Home & safe"), ("code_word", CODE_WORD)];
    assert_eq!(browser.submit(&alert, &format!("{path}/resolve"), &right).await.status.as_u16(), 303);
    let closed = page(&browser, &path).await;
    assert!(closed.body.contains("It is closed: what was to be done is done."), "{}", closed.body);
    assert!(!closed.body.contains(SURVIVOR_NAME) && !closed.body.contains(CODE_WORD), "{}", closed.body);
    let seen = p.advocate.get(&format!("/partner/v1/alerts/{id}")).await.expect(200);
    assert_eq!((&seen["state"], &seen["acknowledgements"][0]["note"]), (&json!("resolved"), &json!("Ringing now")));
    assert!(page(&browser, "/portal").await.body.contains("No alert is open."));
});

on_both!(what_is_wrong_with_a_form_is_said_at_the_head_in_the_title_and_at_the_field, |app| async {
    let p = app.partnership().await;
    let browser = Browser::of(&app.http, "asha").await;
    let (_, path) = pressed(&p).await;
    app.settle().await;
    let alert = page(&browser, &path).await;
    assert!(alert.body.contains("<title>Alert – Holdfast</title>"), "{}", alert.body);
    let without = browser.submit(&alert, &format!("{path}/acknowledge"), &[("note", "")]).await;
    let label = "What you did and found: fill this in";
    for part in [
        "<title>Error: Alert – Holdfast</title>",
        &format!("<a href=\"#acknowledge-note\">{label}</a>"),
        "aria-describedby=\"acknowledge-note-hint acknowledge-note-error\"",
        &format!("<span class=\"govuk-visually-hidden\">Error:</span> {label}"),
    ] {
        assert!(without.body.contains(part), "{part}: {}", without.body);
    }
    let wrong = [("note", "Home"), ("spoke_to_survivor", "true"), ("code_word", "tulip")];
    let refused = browser.submit(&alert, &format!("{path}/resolve"), &wrong).await;
    assert_eq!(refused.status.as_u16(), 409, "{}", refused.body);
    // What was sent is still there, in a form that is open; the other forms are as they were.
    let form = refused.body.split("<details").find(|part| part.contains("resolve-note")).unwrap_or_default();
    for part in ["class=\"govuk-details\" open>", "value=\"true\" checked", ">Home</textarea>"] {
        assert!(form.contains(part), "{part}: {form}");
    }
    assert!(refused.body.contains("<a href=\"#resolve-code_word\">"), "{}", refused.body);
    assert_eq!(refused.body.matches(" open>").count(), 1, "{}", refused.body);
});

on_both!(the_gravest_comes_first_and_among_equals_what_nobody_has_taken_up, |app| async {
    let p = app.partnership().await;
    let browser = Browser::of(&app.http, "asha").await;
    let (id, emergency) = pressed(&p).await;
    app.advance(5).await;
    let answer = json!({"status": "concern", "recorded_at": app.now_text()});
    let concern = text(&p.phone().post("/app/v1/check-ins", answer).await.expect(201)["alert"], "id");
    let concern = text(&p.advocate.get(&format!("/partner/v1/alerts/{concern}")).await.expect(200), "reference");
    app.settle().await;
    p.act(&id, "acknowledge", json!({"note": "I have this."})).await.expect(200);
    let worklist = page(&browser, "/portal").await.body;
    let at = |part: &str| worklist.find(part).unwrap_or_else(|| panic!("{part} in {worklist}"));
    assert!(at(&format!("href=\"{emergency}\"")) < at(&format!("/portal/alerts/{concern}\"")));
    assert!(at("Somebody has taken it up.") < at("Nobody has taken it up."));
    assert!(at("Call 999 now") > at(">Tasks</h2>"));
});

on_both!(what_somebody_took_up_and_let_rest_is_not_said_to_be_in_hand, |app| async {
    let p = app.partnership().await;
    let browser = Browser::of(&app.http, "asha").await;
    let (id, path) = pressed(&p).await;
    app.settle().await;
    p.act(&id, "acknowledge", json!({"note": "I have this."})).await.expect(200);
    assert!(page(&browser, "/portal").await.body.contains("Somebody has taken it up."));
    app.advance(10).await;
    let worklist = page(&browser, "/portal").await.body;
    assert!(worklist.contains("It was taken up, and nobody has said since how it goes"), "{worklist}");
    assert!(!worklist.contains("Somebody has taken it up."), "{worklist}");
    // What the page is as of has no age, since it is left open.
    let as_of = worklist.split_once("As things stand at").unwrap().1.split_once("</p>").unwrap().0;
    assert!(as_of.contains("UK time") && !as_of.contains("ago"), "{as_of}");
    let alert = page(&browser, &path).await.body;
    assert!(alert.contains("waits for somebody again") && alert.contains(">Acknowledge</button>"), "{alert}");
});

on_both!(what_the_survivor_says_since_is_shown_and_closes_nothing, |app| async {
    let p = app.partnership().await;
    let browser = Browser::of(&app.http, "asha").await;
    let (_, path) = pressed(&p).await;
    app.settle().await;
    app.advance(1).await;
    let answer = json!({"status": "safe", "recorded_at": app.now_text()});
    p.phone().post("/app/v1/check-ins", answer).await.expect(201);
    app.settle().await;
    let alert = page(&browser, &path).await.body;
    assert!(alert.contains("They said that they are safe. That closes nothing: speak with them."), "{alert}");
    assert!(alert.contains("Nobody has taken it up.") && alert.contains("Acknowledge"), "{alert}");
    // Words that may be hard to read are behind one deliberate step.
    let words = alert.split("<details").find(|part| part.contains("kitchen")).unwrap_or_else(|| panic!("{alert}"));
    let (summary, account) = words.split_once("</summary>").unwrap_or_else(|| panic!("{words}"));
    assert!(summary.contains("Their words,") && !summary.contains("kitchen"), "{words}");
    assert!(account.contains("kitchen") && !summary.contains(" open>"), "{words}");
});

on_both!(the_place_is_opened_with_a_reason_and_shown_in_the_answer_alone, |app| async {
    let p = app.partnership().await;
    let browser = Browser::of(&app.http, "asha").await;
    let (_, path) = pressed(&p).await;
    let alert = page(&browser, &path).await;
    let reason = [("reason", "Calling 999 for you")];
    let none = browser.submit(&alert, &format!("{path}/location"), &reason).await;
    assert_eq!(none.status.as_u16(), 404, "{}", none.body);
    assert!(none.body.contains("There is no place that you may open."), "{}", none.body);

    p.consent(&["location.moment", "location.release_alert"]).await;
    app.advance(1).await;
    let (_, again) = pressed(&p).await;
    assert_eq!(path, again);
    assert!(!page(&browser, &path).await.body.contains("53.38"));
    let opened = browser.submit(&alert, &format!("{path}/location"), &reason).await;
    assert_eq!(opened.status.as_u16(), 200, "{}", opened.body);
    is_sound(&opened);
    assert!(opened.body.contains("53.3811") && opened.body.contains("-1.4701"), "{}", opened.body);
    app.settle().await;
});

on_both!(an_alert_is_stood_down_and_a_welsh_reader_is_answered_in_welsh, |app| async {
    let p = app.partnership().await;
    let browser = Browser::reading(&app.http, "cy");
    browser.sign_in("asha").await;
    let answer = json!({"status": "concern", "recorded_at": app.now_text()});
    p.phone().post("/app/v1/check-ins", answer).await.expect(201);
    app.settle().await;
    let reference = text(&p.alerts().await[0], "reference");
    let path = format!("/portal/alerts/{reference}");
    let worklist = page(&browser, "/portal").await;
    assert!(worklist.body.contains("<html lang=\"cy\" "), "{}", worklist.body);
    for part in ["Beth sydd angen eich sylw", "Rhybuddion", "<span lang=\"en\">They told us of a concern</span>"] {
        assert!(worklist.body.contains(part), "{part}: {}", worklist.body);
    }
    let alert = page(&browser, &path).await;
    let fields = [("note", "Siaradais â nhw"), ("reason", "slept_in")];
    let closed = browser.submit(&alert, &format!("{path}/stand-down"), &fields).await;
    assert_eq!(closed.status.as_u16(), 303, "{}", closed.body);
    assert_eq!(p.alerts().await[0]["state"], "stood_down");
});

on_both!(what_a_page_loads_is_ours_and_kept, |app| async {
    let browser = Browser::new(&app.http);
    let sign_in = page(&browser, "/portal/sign-in").await;
    let encoding_of = async |path: &str| {
        let packed = [("accept-encoding", "gzip")];
        let sent = app.http.send_bytes(reqwest::Method::GET, path, &packed, String::new()).await;
        sent.unwrap().reply.header("content-encoding").map(str::to_owned)
    };
    assert_eq!(encoding_of("/portal/sign-in").await, None, "a page holds a secret");
    let mut found = 0;
    for part in sign_in.body.split('"').filter(|part| part.starts_with("/portal/assets/")) {
        let asset = browser.get(part).await;
        assert_eq!(asset.status.as_u16(), 200, "{part}");
        assert_eq!(asset.header("cache-control"), Some("public, max-age=31536000, immutable"), "{part}");
        assert!(asset.header("set-cookie").is_none(), "{part}");
        assert_eq!(encoding_of(part).await.as_deref(), Some("gzip"), "{part}");
        for never in ["@import", "url(", "eval(", "fetch(\"http"] {
            assert!(!asset.body.contains(never), "{part} has {never}");
        }
        found += 1;
    }
    assert_eq!(found, 3);
    assert_eq!(browser.get("/portal/assets/other.js").await.status.as_u16(), 404);
    assert!(!token(&sign_in).is_empty());
});
