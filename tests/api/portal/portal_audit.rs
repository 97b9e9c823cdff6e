//! The audit on pages: an auditor searches it without an id in sight, and has the whole of it checked.

use serde_json::json;

use crate::harness::browser::token;
use crate::harness::partnership::{PARTICIPANT_NAME, SURVIVOR_NAME, organisation, staff};
use crate::harness::{Browser, Partnership, TestApp, on_both};
use crate::portal::{is_sound, page, pressed};

const AT: &str = "/portal/audit";
const CHECK: &str = "/portal/audit/verification";

async fn auditor(app: &TestApp, p: &Partnership) -> Browser {
    let oversight = organisation(&p.admin, json!({"kind": "oversight", "name": "Inspectorate"})).await;
    staff(&app.http, &p.admin, &oversight, "inspector", &["auditor"]).await;
    Browser::of(&app.http, "inspector").await
}

on_both!(an_auditor_searches_who_did_what_and_sees_nothing_of_the_record, |app| async {
    let p = app.partnership().await;
    let browser = auditor(app, &p).await;
    p.advocate.get(&format!("/partner/v1/survivors/{}", p.survivor.id)).await.expect(200);
    app.advance(1).await;
    for at in ["/portal", AT] {
        let newest = page(&browser, at).await;
        for part in ["The audit", "Not known: it has not been checked", "UK time", "inspector"] {
            assert!(newest.body.contains(part), "{at}: {part}: {}", newest.body);
        }
    }
    let first = page(&browser, AT).await;
    let fields = [("subject", p.survivor.reference.as_str()), ("actor", "asha"), ("action", "get survivor")];
    let found = browser.submit(&first, AT, &fields).await;
    assert_eq!(found.status.as_u16(), 200, "{}", found.body);
    is_sound(&found);
    for part in ["get survivor", "asha (advocate)", "a survivor", "done", "All about this record"] {
        assert!(found.body.contains(part), "{part}: {}", found.body);
    }
    // What was asked is still in the form.
    assert!(found.body.contains(&format!("value=\"{}\"", p.survivor.reference)), "{}", found.body);
    for kept in [SURVIVOR_NAME, PARTICIPANT_NAME, "Ashworth", p.survivor.id.as_str()] {
        assert!(!found.body.contains(kept), "{kept}: {}", found.body);
    }
    // By the letters of its record, from an entry on.
    let letters = found.body.split_once("name=\"record\" value=\"").unwrap().1.split_once('"').unwrap().0.to_owned();
    let same = browser.submit(&found, AT, &[("record", letters.as_str())]).await;
    assert_eq!(same.status.as_u16(), 200, "{}", same.body);
    is_sound(&same);
    assert!(same.body.contains("All entries about one record.") && same.body.contains("asha"), "{}", same.body);
    assert_eq!(browser.submit(&found, AT, &[("record", "nothing")]).await.status.as_u16(), 404);
    // The question is an entry about the same record.
    app.advance(1).await;
    let asked = browser.submit(&found, AT, &[("subject", p.survivor.reference.as_str())]).await;
    assert!(asked.body.contains("list audit entries"), "{}", asked.body);
});

on_both!(a_search_goes_on_to_earlier_entries_and_says_what_it_does_not_know, |app| async {
    let p = app.partnership().await;
    let browser = auditor(app, &p).await;
    let newest = page(&browser, AT).await;
    let of_one = browser.submit(&newest, AT, &[("actor", "asha")]).await;
    let all = browser.submit(&newest, AT, &[]).await;
    assert_eq!((of_one.status.as_u16(), all.status.as_u16()), (200, 200));
    assert!(all.body.contains("Earlier entries"), "{}", all.body);
    let cursor = all.body.split_once("name=\"cursor\" value=\"").unwrap().1.split_once('"').unwrap().0.to_owned();
    let earlier = browser.submit(&all, AT, &[("cursor", cursor.as_str())]).await;
    assert_eq!(earlier.status.as_u16(), 200, "{}", earlier.body);
    is_sound(&earlier);
    let places = |body: &str| -> Vec<String> {
        let lines = body.split("<p class=\"govuk-body-s\">Entry ").skip(1);
        lines.map(|line| line.split_once('<').unwrap().0.to_owned()).collect()
    };
    let (before, after) = (places(&all.body), places(&earlier.body));
    assert_eq!(before.len(), 25, "{before:?}");
    assert!(!after.is_empty() && after.iter().all(|place| !before.contains(place)), "{before:?} {after:?}");

    for field in [("subject", "SV-0000-0000-0"), ("actor", "nobody")] {
        let unknown = browser.submit(&newest, AT, &[field]).await;
        assert_eq!(unknown.status.as_u16(), 422, "{}", unknown.body);
        is_sound(&unknown);
        assert!(unknown.body.contains("is not known. Check the reference and the name."), "{}", unknown.body);
        assert!(unknown.body.contains(field.1), "{}", unknown.body);
    }
    let wrong = browser.submit(&newest, AT, &[("from", "yesterday")]).await;
    assert_eq!(wrong.status.as_u16(), 422, "{}", wrong.body);
    is_sound(&wrong);
    let ahead = browser.submit(&newest, AT, &[("from", "2199-01-01")]).await;
    assert!(ahead.body.contains("There is no such entry."), "{}", ahead.body);
});

on_both!(what_was_refused_is_found_with_the_officer_and_the_reason, |app| async {
    let p = app.partnership().await;
    let browser = auditor(app, &p).await;
    p.consent(&["alert.police.help_now"]).await;
    let (_, path) = pressed(&p).await;
    app.settle().await;
    let officer = Browser::of(&app.http, "pc.4417").await;
    let alert = page(&officer, &path).await;
    let details = path.replace("/alerts/", "/police/") + "/details";
    let opened = officer.submit(&alert, &details, &[("reason", "Attending the alert")]).await;
    assert_eq!(opened.status.as_u16(), 200, "{}", opened.body);
    assert_eq!(Browser::of(&app.http, "pilar").await.get("/portal/police").await.status.as_u16(), 403);
    app.advance(1).await;
    let newest = page(&browser, AT).await;
    let read = browser.submit(&newest, AT, &[("action", "get police alert")]).await;
    for part in ["pc.4417 (police officer)", "Attending the alert", "an alert"] {
        assert!(read.body.contains(part), "{part}: {}", read.body);
    }
    // What a survivor agreed to is said in words, and by no code.
    assert!(!read.body.contains("alert.police") && !read.body.contains(SURVIVOR_NAME), "{}", read.body);
    let refused = browser.submit(&newest, AT, &[("outcome", "refused"), ("actor", "pilar")]).await;
    assert!(refused.body.contains("list police alerts") && refused.body.contains("refused"), "{}", refused.body);
});

on_both!(the_whole_is_checked_and_the_first_fault_is_named, |app| async {
    use diesel::connection::SimpleConnection as _;
    let p = app.partnership().await;
    let browser = auditor(app, &p).await;
    let newest = page(&browser, AT).await;
    let whole = browser.submit(&newest, CHECK, &[]).await;
    assert_eq!(whole.status.as_u16(), 200, "{}", whole.body);
    is_sound(&whole);
    assert!(whole.body.contains("It is as it was written."), "{}", whole.body);
    let run = |sql: &'static str| app.inner.db.write(move |conn| Ok(conn.batch_execute(sql)?));
    run("UPDATE audit_entries SET outcome = 'edited' WHERE sequence = 1").await.unwrap();
    let broken = browser.submit(&newest, CHECK, &[]).await;
    is_sound(&broken);
    for part in ["It is not as it was written.", "the entry was changed", "Entry 1 of chain", "Not known"] {
        assert!(broken.body.contains(part), "{part}: {}", broken.body);
    }
    run("UPDATE audit_entries SET outcome = 'done' WHERE sequence = 1").await.unwrap();
});

on_both!(the_audit_is_for_auditors_and_its_forms_count_in_their_own_session, |app| async {
    let p = app.partnership().await;
    let browser = auditor(app, &p).await;
    for username in ["admin", "asha", "sunniva", "pilar", "tomasz", "pc.4417"] {
        let other = Browser::of(&app.http, username).await;
        let worklist = page(&other, "/portal").await;
        assert_eq!(other.get(AT).await.status.as_u16(), 403, "{username}");
        for at in [AT, CHECK] {
            assert_eq!(other.submit(&worklist, at, &[]).await.status.as_u16(), 403, "{username} {at}");
        }
    }
    let foreign = token(&page(&Browser::of(&app.http, "inspector").await, AT).await);
    for at in [AT, CHECK] {
        for sent in [vec![], vec![("csrf_token", foreign.as_str())]] {
            let refused = browser.post(at, &[], &sent).await;
            assert_eq!(refused.status.as_u16(), 403, "{at}: {}", refused.body);
            is_sound(&refused);
        }
    }
    assert_eq!(browser.get(CHECK).await.status.as_u16(), 405);
});
