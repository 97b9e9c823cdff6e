//! Reference data for anybody: help lines as they are at an instant, forces.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::on_both;

fn line<'a>(list: &'a Value, id: &str) -> &'a Value {
    list["items"].as_array().unwrap().iter().find(|line| line["id"] == id).unwrap_or_else(|| panic!("{id}"))
}

on_both!(anybody_learns_which_help_lines_are_open_at_any_instant, |app| async {
    let nobody = app.http.nobody();
    // The clock stands at noon of a Saturday.
    let now = nobody.get("/public/v1/support-services").await.expect(200);
    assert_eq!(now["at"], json!(app.now()));
    let stalking = line(&now, "national_stalking_helpline");
    assert_eq!((&stalking["open_now"], &stalking["next_opens_at"]), (&json!(false), &json!("2026-11-23T09:30:00Z")));
    assert_eq!(
        (&line(&now, "emergency")["open_now"], &line(&now, "emergency")["is_always_open"]),
        (&json!(true), &json!(true))
    );
    let wednesday = nobody.get("/public/v1/support-services?at=2026-11-25T17:00:00Z").await.expect(200);
    let stalking = line(&wednesday, "national_stalking_helpline");
    assert_eq!((&stalking["open_now"], &stalking["do_sources_agree"]), (&json!(true), &json!(false)));
    assert_eq!((&stalking["opening"], &stalking["headline"]), (&json!("may_be_open"), &json!("May be open: try.")));
    assert_eq!(stalking["other_hours"][0]["open_now"], true);
    assert_eq!(
        stalking["hours"],
        json!([{"weekdays": ["mo", "tu", "we", "th", "fr"], "opens": "09:30", "closes": "16:00"}])
    );
    let holiday = nobody.get("/public/v1/support-services?at=2026-12-28T12:00:00Z").await.expect(200);
    assert_eq!(line(&holiday, "paladin")["open_now"], false);
    assert_eq!(holiday["bank_holidays_known_until"], "2030-12-31");
    for wrong in ["at=tomorrow", "at=2026-11-25T17:00:00", "when=now"] {
        nobody.get(&format!("/public/v1/support-services?{wrong}")).await.expect(422);
    }
});

on_both!(help_lines_are_named_in_the_language_that_is_asked_for, |app| async {
    let get = |language: &'static str| async move {
        let headers = [("accept-language", language)];
        app.http.send(Method::GET, "/public/v1/support-services", &headers, None).await
    };
    let (welsh, english) = (get("cy-GB, en;q=0.5").await, get("pl").await);
    assert_eq!(line(&welsh.expect(200), "live_fear_free")["name"], "Byw Heb Ofn");
    assert_eq!(line(&english.expect(200), "live_fear_free")["name"], "Live Fear Free");
    assert_eq!((welsh.header("content-language"), english.header("content-language")), (Some("cy"), Some("en")));
    assert_eq!(welsh.header("vary"), Some("Accept-Language"));
});

on_both!(the_forces_are_all_that_there_are, |app| async {
    let forces = app.http.nobody().get("/public/v1/forces").await.expect(200);
    assert_eq!(forces["next_cursor"], json!(null));
    let forces = forces["items"].as_array().unwrap();
    assert_eq!(forces.len(), 47);
    for known in ["metropolitan", "city-of-london", "northern-ireland", "south-yorkshire", "scotland", "btp", "mod"] {
        assert!(forces.iter().any(|force| force["id"] == known), "{known}");
    }
});
