//! Reports: a seeded year, counted once more by the test itself from what it wrote down.

mod expected;
mod seed;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::harness::partnership::{FORCE, organisation, staff};
use crate::harness::{Caller, TestApp, on_both, text};
use expected::{Expected, Figures, SUMS, Slice};
use seed::{AREAS, Year};

const YEAR: &str = "from=2025-11-01&to=2026-10-31";
const QUARTER: &str = "from=2026-04-01&to=2026-06-30";
const REPORTS: [&str; 8] = ["referrals", "sessions", "goals", "incidents", "check_ins", "alerts", "police", "consents"];

type Key = (String, String);

async fn get(caller: &Caller, report: &str, query: &str) -> Value {
    caller.get(&format!("/oversight/v1/reports/{report}?{query}")).await.expect(200)
}

/// An answer's figures: whether each is withheld, and its numbers.
fn figures(report: &Value) -> BTreeMap<Key, (bool, BTreeMap<String, Option<f64>>)> {
    let mut found = BTreeMap::new();
    for figure in report["figures"].as_array().unwrap() {
        let key = (text(figure, "figure"), text(figure, "category"));
        let is_held = figure["suppressed"].as_bool().unwrap();
        let mut values = BTreeMap::new();
        for value in figure["values"].as_array().unwrap() {
            let number = value["value"].as_f64();
            assert!(number.is_none() || value["suppressed"] == false, "{key:?} tells what is withheld");
            assert!(!is_held || value["suppressed"] == true, "{key:?} is withheld in part");
            let is_told = value["suppressed"] == false;
            if is_told {
                values.insert(text(value, "measure"), number);
            }
        }
        assert!(found.insert(key.clone(), (is_held, values)).is_none(), "{key:?} stands twice");
    }
    found
}

/// Whether every told number is the expected one, and every small figure withheld.
fn compare(at: &str, report: &Value, expected: &Figures) -> usize {
    let found = figures(report);
    let keys = |keys: Vec<&Key>| keys.into_iter().cloned().collect::<BTreeSet<_>>();
    assert_eq!(keys(found.keys().collect()), keys(expected.keys().collect()), "{at}");
    let mut told = 0;
    for (key, Expected { people, values, none_tells }) in expected {
        let (is_held, numbers) = &found[key];
        let size = people.len();
        let must_hold = size < 5 && (size > 0 || *none_tells);
        assert!(*is_held || !must_hold, "{at}: {key:?} is about {size}");
        for (measure, number) in numbers {
            let wanted = values.get(measure).unwrap_or_else(|| panic!("{at}: {key:?} tells {measure}"));
            let is_same = match (number, wanted) {
                (Some(number), Some(wanted)) => (number - wanted).abs() < 0.005_001,
                (number, wanted) => number.is_none() && wanted.is_none(),
            };
            assert!(is_same, "{at}: {key:?} {measure}: {number:?}, not {wanted:?}");
            told += 1;
        }
        if !is_held {
            let whole: BTreeSet<&String> = numbers.keys().collect();
            let missing: Vec<_> = values.keys().filter(|measure| !whole.contains(measure)).collect();
            assert!(missing.iter().all(|measure| *measure == "share"), "{at}: {key:?} withholds {missing:?}");
        }
    }
    told
}

/// Subtracting, sum by sum, over all answers that the commissioner can get; "elsewhere" is told to nobody.
fn nothing_follows(at: &str, slices: &[Value], expected: &[Figures]) {
    let mut unknown: BTreeSet<(usize, Key)> = BTreeSet::new();
    for (number, report) in slices.iter().enumerate() {
        let held = figures(report).into_iter().filter(|(_, (is_held, _))| *is_held);
        unknown.extend(held.map(|(key, _)| (number, key)));
    }
    let elsewhere = slices.len();
    let all_keys: Vec<Key> = expected[0].keys().cloned().collect();
    unknown.extend(all_keys.iter().map(|key| (elsewhere, key.clone())));
    let mut sums: Vec<Vec<(usize, Key)>> = Vec::new();
    for number in 0..=elsewhere {
        for (whole, parts) in SUMS.iter().flat_map(|sum| sum(&all_keys)) {
            sums.push(std::iter::once(whole).chain(parts).map(|key| (number, key)).collect());
        }
    }
    for key in &all_keys {
        sums.push((0..=elsewhere).map(|number| (number, key.clone())).collect());
    }
    let size = |(number, key): &(usize, Key)| expected[*number][key].people.len();
    loop {
        let single = sums.iter().find_map(|sum| {
            let left: Vec<_> = sum.iter().filter(|cell| unknown.contains(*cell)).collect();
            (left.len() == 1).then(|| left[0].clone())
        });
        let Some(cell) = single else { break };
        let is_fine = cell.0 == elsewhere && (size(&cell) >= 5 || size(&cell) == 0);
        assert!(is_fine, "{at}: {cell:?}, about {} people, follows from the rest", size(&cell));
        unknown.remove(&cell);
    }
}

async fn check_period(year: &Year, query: &str, period: (&str, &str)) {
    for report in REPORTS {
        let mut slices = vec![get(&year.commissioner, report, query).await];
        for area in AREAS {
            slices.push(get(&year.commissioner, report, &format!("{query}&area={area}")).await);
        }
        let all = [Slice::All, Slice::Area(AREAS[0]), Slice::Area(AREAS[1]), Slice::Elsewhere];
        let expected = all.map(|slice| expected::figures(year, report, slice, period));
        for (number, slice) in slices.iter().enumerate() {
            let at = format!("{report}, {query}, slice {number}");
            let told = compare(&at, slice, &expected[number]);
            // The year as a whole is no blank page; of referrals and goals most are about too few.
            let least = if ["referrals", "goals"].contains(&report) { 4 } else { 8 };
            assert!(told >= least || number > 0 || query != YEAR, "{at}: {told}");
        }
        nothing_follows(report, &slices, &expected);
    }
}

on_both!(every_figure_of_a_seeded_year_is_what_the_test_counts_itself, |app| async {
    app.writes_records();
    let year = Year::seed(app).await;
    check_period(&year, YEAR, ("2025-11-01T00:00:00Z", "2026-11-01T00:00:00Z")).await;
    // Summer time: London's April begins on the last of March by UTC.
    check_period(&year, QUARTER, ("2026-03-31T23:00:00Z", "2026-06-30T23:00:00Z")).await;
    let outcomes = figures(&get(&year.commissioner, "outcomes", YEAR).await);
    let mut parts = BTreeMap::new();
    for report in REPORTS {
        parts.extend(figures(&get(&year.commissioner, report, YEAR).await));
    }
    assert_eq!(outcomes, parts);
});

on_both!(a_report_as_csv_tells_the_same_and_nothing_else, |app| async {
    app.writes_records();
    let year = Year::seed(app).await;
    let path = format!("/oversight/v1/reports/outcomes?{YEAR}");
    let json = year.commissioner.get(&path).await.expect(200);
    let reply = year.commissioner.get(&format!("{path}&format=csv")).await;
    reply.status.is_success().then_some(()).expect(&reply.body);
    assert_eq!(reply.header("content-type"), Some("text/csv; charset=utf-8; header=present"));
    let name = "attachment; filename=\"holdfast-outcomes-all-2025-11-01-2026-10-31.csv\"";
    assert_eq!(reply.header("content-disposition"), Some(name));
    assert_eq!(reply.header("cache-control"), Some("no-store"));
    assert_eq!(reply.header("x-content-type-options"), Some("nosniff"));
    assert!(reply.body.lines().count() == reply.body.matches("\r\n").count(), "lines end in CRLF");
    let accepted = [("accept", "text/csv")];
    let by_header = year.commissioner.send(reqwest::Method::GET, &path, &accepted, None).await;
    assert_eq!(by_header.body, reply.body);
    let mut reader = csv::Reader::from_reader(reply.body.as_bytes());
    let header = "report,from_on,to_on,area,figure,category,measure,unit,value,suppressed,note";
    assert_eq!(reader.headers().unwrap().iter().collect::<Vec<_>>().join(","), header);
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let mut expected = Vec::new();
    for figure in json["figures"].as_array().unwrap() {
        for value in figure["values"].as_array().unwrap() {
            let number = value["value"].as_f64().map_or_else(String::new, |number| number.to_string());
            expected.push([text(figure, "figure"), text(figure, "category"), text(value, "measure"), number]);
        }
    }
    let found: Vec<[String; 4]> = rows.iter().map(|row| [4, 5, 6, 8].map(|column| row[column].to_owned())).collect();
    assert_eq!(found, expected);
    for row in &rows {
        assert!(row[8].is_empty() || row[8].parse::<f64>().is_ok());
        let texts = (0..11).filter(|column| *column != 8).map(|column| &row[column]);
        for text in texts {
            assert!(!text.starts_with(['=', '+', '-', '@', '\t', '\r']), "{text}");
        }
    }
    for known in year.secrets() {
        assert!(!reply.body.contains(&known) && !json.to_string().contains(&known), "{known}");
    }
});

on_both!(whoever_does_not_agree_is_in_no_figure_and_leaves_at_once, |app| async {
    let p = app.partnership().await;
    let commissioner = commissioner(app, &p.admin, json!({"force_id": FORCE})).await;
    let mut phones = Vec::new();
    // Of standard risk, so that nothing climbs for days on end; the last does not agree.
    for agrees in [true, true, true, true, true, true, false] {
        let survivor = crate::harness::partnership::survivor(&app.http, &p.advocate, "standard").await;
        if agrees {
            let agree = json!({"granted": true, "text_version": "1"});
            survivor.phone.session.put("/app/v1/consents/stats.aggregate", agree).await.expect(200);
        }
        let concern = json!({"status": "concern", "recorded_at": app.now_text()});
        survivor.phone.session.post("/app/v1/check-ins", concern).await.expect(201);
        phones.push(survivor.phone.session);
    }
    app.advance(11 * 24 * 60).await;
    let counted = || async {
        let report = get(&commissioner, "alerts", "from=2026-11-01&to=2026-11-30").await;
        let (is_held, values) = figures(&report)[&("alerts".to_owned(), "all".to_owned())].clone();
        (!is_held).then(|| values["people"].unwrap())
    };
    assert_eq!(counted().await, Some(6.0));
    let withdraw = || json!({"granted": false, "text_version": "1"});
    phones[0].put("/app/v1/consents/stats.aggregate", withdraw()).await.expect(200);
    assert_eq!(counted().await, Some(5.0));
    phones[1].put("/app/v1/consents/stats.aggregate", withdraw()).await.expect(200);
    assert_eq!(counted().await, None);
});

async fn commissioner(app: &TestApp, admin: &Caller, reach: Value) -> Caller {
    let (id, caller) = seed::commissioner(app, admin, "analyst").await;
    admin.post(&format!("/admin/v1/organisations/{id}/reach"), reach).await.expect(201);
    caller
}

on_both!(a_commissioner_sees_what_an_administrator_says_and_no_more, |app| async {
    let p = app.partnership().await;
    let (id, analyst) = seed::commissioner(app, &p.admin, "analyst").await;
    let path = format!("/admin/v1/organisations/{id}/reach");
    assert_eq!(analyst.get("/oversight/v1/reports").await.expect(200)["areas"], json!([]));
    analyst.get(&format!("/oversight/v1/reports/alerts?area={FORCE}")).await.refused(404, "not_found");
    let made = p.admin.post(&path, json!({"force_id": FORCE})).await.expect(201);
    p.admin.post(&path, json!({"force_id": FORCE})).await.refused(409, "already_exists");
    p.admin.post(&path, json!({})).await.refused(422, "invalid");
    p.admin.post(&path, json!({"force_id": "kent", "partner_id": p.support})).await.refused(422, "invalid");
    p.admin.post(&path, json!({"partner_id": p.force})).await.refused(422, "invalid");
    let elsewhere = format!("/admin/v1/organisations/{}/reach", p.support);
    p.admin.post(&elsewhere, json!({"force_id": FORCE})).await.refused(404, "not_found");
    let partner = p.admin.post(&path, json!({"partner_id": p.programme})).await.expect(201);
    let listed = p.admin.list(&path).await;
    assert_eq!(
        listed.iter().map(|item| text(item, "id")).collect::<Vec<_>>(),
        [text(&partner, "id"), text(&made, "id")]
    );
    let about = analyst.get("/oversight/v1/reports").await.expect(200);
    assert_eq!((&about["areas"], &about["partners"]), (&json!([FORCE]), &json!([p.programme])));
    assert_eq!(get(&analyst, "alerts", &format!("area={FORCE}")).await["area"], FORCE);
    analyst.get("/oversight/v1/reports/alerts?area=kent").await.refused(404, "not_found");
    analyst.get("/oversight/v1/reports/everything").await.refused(404, "not_found");
    let end = format!("{path}/{}", text(&made, "id"));
    p.admin.send(reqwest::Method::DELETE, &end, &[], None).await.expect(204);
    p.admin.send(reqwest::Method::DELETE, &end, &[], None).await.refused(404, "not_found");
    analyst.get(&format!("/oversight/v1/reports/alerts?area={FORCE}")).await.refused(404, "not_found");
});

on_both!(a_period_is_of_whole_months_that_are_over, |app| async {
    let p = app.partnership().await;
    let analyst = commissioner(app, &p.admin, json!({"force_id": FORCE})).await;
    let usual = get(&analyst, "alerts", "").await;
    assert_eq!((&usual["from_on"], &usual["to_on"]), (&json!("2025-11-01"), &json!("2026-10-31")));
    for wrong in [
        "from=2026-01-02",
        "to=2026-10-30",
        "to=2026-11-30",
        "from=2026-10-01&to=2026-09-30",
        "from=2020-01-01",
        "from=01/01/2026",
        "month=1",
        "format=xml",
    ] {
        analyst.get(&format!("/oversight/v1/reports/alerts?{wrong}")).await.refused(422, "invalid");
    }
});

on_both!(an_auditor_sees_who_looked_and_why_and_never_what_stood_there, |app| async {
    let p = app.partnership().await;
    let oversight = organisation(&p.admin, json!({"kind": "oversight", "name": "Inspectorate"})).await;
    let auditor = staff(&app.http, &p.admin, &oversight, "inspector", &["auditor"]).await;
    p.advocate.get(&format!("/partner/v1/survivors/{}", p.survivor.id)).await.expect(200);
    app.advance(10).await;
    let later = app.now_text();
    p.support_supervisor.get(&format!("/partner/v1/survivors/{}", p.survivor.id)).await;
    app.advance(1).await;
    let path = format!("/oversight/v1/audit?subject={}", p.survivor.reference);
    let entries = auditor.get(&path).await.expect(200)["items"].as_array().unwrap().clone();
    let read = entries.iter().find(|entry| entry["action"] == "get_survivor" && entry["actor"] == "asha").unwrap();
    assert_eq!((&read["subject_id"], &read["role"]), (&json!(p.survivor.id), &json!("advocate")));
    assert!(entries.iter().all(|entry| entry["subject_id"] == p.survivor.id.as_str()));
    // The question is an entry about the same survivor, who can see that it was asked.
    app.advance(1).await;
    let again = auditor.get(&path).await.expect(200);
    assert_eq!(again["items"][0]["action"], "list_audit_entries");
    assert_eq!(again["items"][0]["actor"], "inspector");
    let by_actor = auditor.get("/oversight/v1/audit?actor=sunniva").await.expect(200);
    let by_one = by_actor["items"].as_array().unwrap();
    assert!(!by_one.is_empty() && by_one.iter().all(|entry| entry["actor"] == "sunniva"));
    let since = auditor.get(&format!("/oversight/v1/audit?from={later}&actor=asha")).await.expect(200);
    assert_eq!(since["items"], json!([]));
    let before = auditor.get(&format!("/oversight/v1/audit?to={later}&actor=asha")).await.expect(200);
    assert!(!before["items"].as_array().unwrap().is_empty());
    auditor.get("/oversight/v1/audit?subject=SV-0000-0000-0").await.refused(422, "unknown_reference");
    auditor.get("/oversight/v1/audit?actor=nobody").await.refused(422, "unknown_reference");
    let mut pages = (Vec::new(), "/oversight/v1/audit?limit=7".to_owned());
    loop {
        let page = auditor.get(&pages.1).await.expect(200);
        let places =
            page["items"].as_array().unwrap().iter().map(|item| (item["lane"].clone(), item["sequence"].clone()));
        pages.0.extend(places.map(|place| format!("{place:?}")));
        match page["next_cursor"].as_str() {
            Some(next) => pages.1 = format!("/oversight/v1/audit?limit=7&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(pages.0.iter().collect::<BTreeSet<_>>().len(), pages.0.len());
    assert!(pages.0.len() > 40);
    let whole = auditor.get("/oversight/v1/audit/verification").await.expect(200);
    assert_eq!(whole["state"], "whole");
    assert!(whole["entries"].as_u64().unwrap() >= pages.0.len() as u64);
});

on_both!(an_auditor_is_told_of_the_first_entry_that_was_changed, |app| async {
    use diesel::connection::SimpleConnection as _;
    let p = app.partnership().await;
    let oversight = organisation(&p.admin, json!({"kind": "oversight", "name": "Inspectorate"})).await;
    let auditor = staff(&app.http, &p.admin, &oversight, "inspector", &["auditor"]).await;
    let run = |sql: &'static str| app.inner.db.write(move |conn| Ok(conn.batch_execute(sql)?));
    run("UPDATE audit_entries SET outcome = 'edited' WHERE sequence = 1").await.unwrap();
    let broken = auditor.get("/oversight/v1/audit/verification").await.expect(200);
    assert_eq!((&broken["state"], &broken["broken"]["sequence"]), (&json!("broken"), &json!(1)));
    assert_eq!(broken["broken"]["why"], "the entry was changed");
    run("UPDATE audit_entries SET outcome = 'done' WHERE sequence = 1").await.unwrap();
});

on_both!(the_record_is_whole_also_while_others_write_it, |app| async {
    let p = app.partnership().await;
    let oversight = organisation(&p.admin, json!({"kind": "oversight", "name": "Inspectorate"})).await;
    let auditor = staff(&app.http, &p.admin, &oversight, "inspector", &["auditor"]).await;
    let write = |app: holdfast::app::App| async move {
        for _ in 0..100 {
            app.transact(holdfast::tx::Actor::System, "write_meanwhile", |_| Ok(())).await.unwrap();
        }
    };
    let writers: Vec<_> = (0..4).map(|_| tokio::spawn(write(app.inner.clone()))).collect();
    let mut read = 0;
    while read < 3 || writers.iter().any(|writer| !writer.is_finished()) {
        let verified = auditor.get("/oversight/v1/audit/verification").await.expect(200);
        assert_eq!(verified["state"], "whole", "{verified}");
        read += 1;
    }
    for writer in writers {
        writer.await.unwrap();
    }
});
