//! Every page, as it is registered: forms without a token of their session, and people whose role has no such page.

use crate::harness::partnership::{organisation, staff};
use crate::harness::{Browser, on_both, text};
use crate::house::architecture::files;
use crate::portal::{is_sound, page, pressed};
use crate::routes::contract::operations;
use serde_json::json;

/// An address of the portal, and the operation of the API that does the same.
struct PageRoute {
    path: String,
    deed: String,
    has_get: bool,
    has_post: bool,
}

/// Addresses that are everybody's: each shows what is the caller's own, and the stream of events goes on for as long as it is read.
const EVERYBODYS: [&str; 8] =
    ["", "/sign-in", "/second-factor", "/second-factor/enrol", "/set-up", "/stay", "/sign-out", "/events"];
/// Who has what the API has no one operation for.
const OTHERS: [(&str, &[&str]); 2] =
    [("get_reports", &["commissioner", "supervisor"]), ("start_in_session", &["practitioner"])];

/// What is in quotes from here on, and what comes after it.
fn quoted(text: &str) -> Option<(&str, &str)> {
    text.strip_prefix('"')?.split_once('"')
}

/// All that `src/portal/pages` registers.
fn registered() -> Vec<PageRoute> {
    let (mut found, mut posts) = (Vec::new(), 0);
    for (file, source) in files("src/portal/pages", ".rs") {
        let flat =
            source.split_whitespace().collect::<Vec<_>>().join(" ").replace("( ", "(").replace("| { at(", "| at(");
        posts += flat.matches("post().to(").count();
        for (begin, start) in flat.match_indices(".service(") {
            let piece = flat[begin + start.len()..].split(".service(").next().unwrap();
            let Some((name, rest)) = piece.split_once('(') else { continue };
            if name != "at" && !name.starts_with("of") {
                assert!(["scope", "web::resource"].iter().any(|other| piece.starts_with(other)), "{file}: {piece}");
                continue;
            }
            let (end, rest) = quoted(rest).unwrap_or_else(|| panic!("{file}: {piece}"));
            let rest = rest.strip_prefix(", ").unwrap();
            let deed = match quoted(rest) {
                Some((deed, _)) => deed.to_owned(),
                None => {
                    let constant = rest.split(')').next().unwrap();
                    let value = flat.split_once(&format!("const {constant}: &str = ")).unwrap().1;
                    quoted(value).unwrap().0.to_owned()
                }
            };
            let start = match name {
                "at" => String::new(),
                of => {
                    let made =
                        flat[..begin].rsplit_once(&format!("let {of} = |end: &str, deed: &'static str| at(&format!("));
                    let (start, _) = quoted(made.unwrap_or_else(|| panic!("{file}: {of}")).1).unwrap();
                    start.strip_suffix("{end}").unwrap().replace("{{", "{").replace("}}", "}")
                }
            };
            let (has_get, has_post) = (rest.contains("get().to("), rest.contains("post().to("));
            found.push(PageRoute { path: start + end, deed, has_get, has_post });
        }
    }
    assert!(found.len() > 90, "the pages are not found: {}", found.len());
    assert_eq!(found.iter().filter(|route| route.has_post).count(), posts, "some forms are not found");
    found
}

/// A path with its parts filled in.
fn filled(path: &str, (alert, case, participant, survivor): (&str, &str, &str, &str)) -> String {
    let part = |part: &str| match part {
        "{reference}" if path.starts_with("/cases") => case.to_owned(),
        "{reference}" if path.starts_with("/participants") => participant.to_owned(),
        "{reference}" if path.starts_with("/survivors") => survivor.to_owned(),
        "{reference}" => alert.to_owned(),
        "{version}" => "1".to_owned(),
        "{report}" => "referrals".to_owned(),
        part if part.starts_with('{') => "0193b8a0-0000-7000-8000-000000000000".to_owned(),
        part => part.to_owned(),
    };
    format!("/portal{}", path.split('/').map(part).collect::<Vec<_>>().join("/"))
}

/// The roles that have a page: those of the operation that does the same.
fn who(deed: &str) -> Vec<String> {
    if let Some((_, roles)) = OTHERS.iter().find(|(name, _)| *name == deed) {
        return roles.iter().map(|role| (*role).to_owned()).collect();
    }
    let operation = operations().into_iter().find(|operation| operation.id() == deed);
    operation.unwrap_or_else(|| panic!("{deed} is no operation")).who()
}

/// Who signs in, and as what.
const PEOPLE: [(&str, &str); 8] = [
    ("asha", "advocate"),
    ("sunniva", "supervisor"),
    ("pilar", "practitioner"),
    ("tomasz", "supervisor"),
    ("pc.4417", "police"),
    ("analyst", "commissioner"),
    ("inspector", "auditor"),
    ("admin", "administrator"),
];

on_both!(a_form_without_a_token_does_nothing_and_a_role_without_a_page_finds_none, |app| async {
    let p = app.partnership().await;
    let oversight = organisation(&p.admin, json!({"kind": "oversight", "name": "Inspectorate"})).await;
    staff(&app.http, &p.admin, &oversight, "inspector", &["auditor"]).await;
    let payer = organisation(&p.admin, json!({"kind": "commissioner", "name": "Council"})).await;
    staff(&app.http, &p.admin, &payer, "analyst", &["commissioner"]).await;
    let (_, alert) = pressed(&p).await;
    let alert = alert.rsplit('/').next().unwrap();
    let case = text(&p.advocate.get(&format!("/partner/v1/cases/{}", p.case)).await.expect(200), "reference");
    let known = (alert, case.as_str(), p.participant_reference.as_str(), p.survivor.reference.as_str());
    let routes: Vec<(String, PageRoute)> =
        registered().into_iter().map(|route| (filled(&route.path, known), route)).collect();
    for (username, role) in PEOPLE {
        let browser = Browser::of(&app.http, username).await;
        let own = page(&browser, "/portal").await;
        for (path, route) in &routes {
            if route.has_post {
                let forged = browser.post(path, &[], &[("note", "x")]).await;
                assert_eq!(forged.status.as_u16(), 403, "{path} as {username}: {}", forged.body);
                is_sound(&forged);
            }
            if EVERYBODYS.contains(&route.path.as_str()) || who(&route.deed).iter().any(|name| name == role) {
                continue;
            }
            let mut refused = Vec::new();
            if route.has_get {
                refused.push(browser.get(path).await);
            }
            if route.has_post {
                refused.push(browser.submit(&own, path, &[]).await);
            }
            for reply in refused {
                assert!([403, 404].contains(&reply.status.as_u16()), "{path} as {username}: {}", reply.status);
                is_sound(&reply);
            }
        }
    }
    // Whoever is signed in nowhere is asked to sign in, and nothing else.
    let nobody = Browser::new(&app.http);
    for (path, route) in routes.iter().filter(|(_, route)| route.has_get && route.path != "/sign-in") {
        let reply = nobody.get(path).await;
        let is_asked = reply.header("location") == Some("/portal/sign-in") || route.path == "/set-up";
        assert!(is_asked || reply.status.as_u16() == 401, "{path}: {} {}", reply.status, reply.body);
    }
    app.settle().await;
});
