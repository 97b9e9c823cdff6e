//! The programme's work: sessions with feedback, goals that are agreed and reached, and what is recorded between them.

use serde_json::{Value, json};

use crate::harness::partnership::staff;
use crate::harness::{Caller, Partnership, Reply, on_both, text};

const MODULES: [&str; 4] = ["mindfulness", "distress_tolerance", "emotion_regulation", "interpersonal_effectiveness"];

fn levels() -> Value {
    json!({"-2": "No skill named", "-1": "Names one", "0": "Uses one with help", "1": "Uses one alone",
        "2": "Uses one each time"})
}

fn below(p: &Partnership, path: &str) -> String {
    format!("/partner/v1/participants/{}/{path}", p.participant)
}

fn of_goal(goal: &str, path: &str) -> String {
    format!("/partner/v1/goals/{goal}{path}")
}

async fn plan(p: &Partnership, number: usize, planned_at: impl ToString) -> String {
    let module = MODULES[(number - 1) / 3];
    let body = json!({"number": number, "module": module, "planned_at": planned_at.to_string(), "mode": "in_person"});
    text(&p.practitioner.post(&below(p, "sessions"), body).await.expect(201), "id")
}

async fn set_goal(p: &Partnership, body: Value) -> String {
    let mut whole = json!({"statement": "Uses a skill when an urge comes", "domain": "skills",
        "survivor_benefit": "Fewer moments in which they are watched", "levels": levels()});
    whole.as_object_mut().unwrap().extend(body.as_object().unwrap().clone());
    text(&p.practitioner.post(&below(p, "goals"), whole).await.expect(201), "id")
}

async fn step(by: &Caller, goal: &str, body: Value) -> Reply {
    by.post(&of_goal(goal, "/transitions"), body).await
}

async fn decide(by: &Caller, goal: &str, body: Value) -> Reply {
    by.post(&of_goal(goal, "/wording/decisions"), body).await
}

async fn review(p: &Partnership, goal: &str, score: i32) -> Reply {
    let body = json!({"score": score, "note": "Diary and own account agree", "reviewed_on": "2026-11-20"});
    p.practitioner.post(&of_goal(goal, "/reviews"), body).await
}

/// Checked, agreed to, approved.
async fn agree(p: &Partnership, goal: &str) {
    decide(&p.programme_supervisor, goal, json!({"decision": "checked", "version": 1})).await.expect(201);
    let agreed = json!({"event": "record_agreement", "agreed_on": "2026-11-20"});
    assert_eq!(step(&p.practitioner, goal, agreed).await.expect(201)["state"], "proposed");
    assert_eq!(step(&p.programme_supervisor, goal, json!({"event": "approve"})).await.expect(201)["state"], "agreed");
}

/// What is open to a caller at once, by event.
async fn open_to(by: &Caller, path: &str) -> Vec<String> {
    let actions = by.get(path).await.expect(200);
    let items = actions["actions"].as_array().unwrap();
    items.iter().filter(|action| action["needs"].is_null()).map(|action| text(action, "event")).collect()
}

/// A chain analysis of what preceded an absence or an urge.
fn chain() -> Value {
    json!({"vulnerability": "Two nights without sleep", "prompting_event": "A song on the radio",
        "links": [{"kind": "thought", "text": "One look would do no harm"}, {"kind": "emotion", "text": "Longing"},
            {"kind": "action", "text": "Took the car keys"}],
        "behaviour": "Drove past the street", "consequences": "Relief, then shame",
        "solutions": "Paced breathing at the first thought"})
}

async fn hold_twelve_sessions(p: &Partnership) {
    for number in 1..=12 {
        let planned = p.practitioner.http.now().plus_days(7 * i64::try_from(number).unwrap() - 84);
        let session = plan(p, number, planned).await;
        let attendance = match number {
            3 => "attended_late",
            5 => "not_attended_acceptable",
            9 => "not_attended_unacceptable",
            _ => "attended",
        };
        let at = |path: &str| format!("/partner/v1/sessions/{session}{path}");
        p.practitioner.post(&at("/feedback"), json!({"summary": "Too early"})).await.refused(409, "wrong_state");
        p.practitioner.put(&at("/attendance"), json!({"attendance": attendance})).await.expect(200);
        let body = json!({"summary": "Practised riding out an urge", "homework": "partly", "skills": ["urge_surfing"],
            "chain_analysis": chain()});
        let given = p.practitioner.post(&at("/feedback"), body).await.expect(201);
        assert_eq!((&given["version"], &given["state"]), (&json!(1), &json!("feedback_given")));
        let rating = json!({"rated_on": planned.to_string()[..10], "urge": 3, "acted_on_urge": number == 4,
            "distress": 2, "skill": "urge_surfing", "note": "Put the telephone away"});
        p.practitioner.post(&below(p, "diary-ratings"), rating).await.expect(201);
    }
}

on_both!(twelve_sessions_two_absences_and_goals_that_are_reached, |app| async {
    let p = app.partnership().await;
    hold_twelve_sessions(&p).await;
    let sessions = p.practitioner.list(&below(&p, "sessions")).await;
    let absent = sessions.iter().filter(|session| text(session, "attendance").starts_with("not_attended"));
    assert_eq!((sessions.len(), absent.count()), (12, 2));
    assert!(sessions.iter().all(|session| session["state"] == "feedback_given"));
    let last = text(&sessions[0], "id");
    let feedback = p.programme_supervisor.list(&format!("/partner/v1/sessions/{last}/feedback")).await;
    assert_eq!((feedback.len(), &feedback[0]["chain_analysis"]), (1, &chain()));
    let diary = p.practitioner.list(&below(&p, "diary-ratings")).await;
    assert_eq!((diary.len(), diary.iter().filter(|day| day["acted_on_urge"] == true).count()), (12, 1));

    let skills = set_goal(&p, json!({"baseline": -2, "weight": 2, "participant_wording": "Reach for a skill"})).await;
    let none = p.practitioner.get(&below(&p, "goal-attainment")).await.expect(200);
    assert_eq!((&none["latest_t"], &none["not_counted"]), (&Value::Null, &json!(2)));
    for goal in [&p.goal, &skills] {
        agree(&p, goal).await;
    }
    let before = p.practitioner.get(&below(&p, "goal-attainment")).await.expect(200);
    // Weights 1 and 2 at -1 and -2: 50 - 10 * 5 / sqrt(0.7 * 5 + 0.3 * 9).
    assert_eq!((&before["baseline_t"], &before["change"]), (&json!(29.92), &json!(0.0)));
    review(&p, &p.goal, 0).await.expect(201);
    review(&p, &p.goal, 1).await.expect(201);
    review(&p, &skills, 0).await.expect(201);
    let after = p.programme_supervisor.get(&below(&p, "goal-attainment")).await.expect(200);
    assert_eq!(
        (&after["baseline_t"], &after["latest_t"], &after["change"]),
        (&json!(29.92), &json!(54.02), &json!(24.1))
    );
    for goal in [&p.goal, &skills] {
        assert_eq!(step(&p.practitioner, goal, json!({"event": "achieve"})).await.expect(201)["state"], "achieved");
    }
    // What was reached says nothing of the survivor's safety, and lowers nothing.
    let survivor = p.advocate.get(&format!("/partner/v1/survivors/{}", p.survivor.id)).await.expect(200);
    assert_eq!(survivor["risk_rating"], "high");
});

on_both!(words_are_given_to_the_participant_only_once_another_person_checked_them, |app| async {
    let p = app.partnership().await;
    let (practitioner, supervisor) = (&p.practitioner, &p.programme_supervisor);
    let shown = || async {
        let shown = practitioner.get(&below(&p, "participant-goals")).await.expect(200);
        shown["items"].as_array().unwrap().clone()
    };
    assert!(shown().await.is_empty());
    let agreed = json!({"event": "record_agreement", "agreed_on": "2026-11-20"});
    step(practitioner, &p.goal, agreed.clone()).await.refused(409, "guard_not_met");
    decide(practitioner, &p.goal, json!({"decision": "checked", "version": 1})).await.refused(403, "wrong_role");
    let back = json!({"decision": "returned", "version": 1});
    decide(supervisor, &p.goal, back).await.refused(422, "invalid");
    let back = json!({"decision": "returned", "version": 1, "reason": "Tells that messages were reported"});
    assert_eq!(decide(supervisor, &p.goal, back).await.expect(201)["state"], "returned");
    let words = json!({"participant_wording": "Notice an urge and let it pass"});
    let proposed = practitioner.post(&of_goal(&p.goal, "/wordings"), words).await.expect(201);
    assert_eq!((&proposed["version"], &proposed["state"]), (&json!(2), &json!("proposed")));
    // The words that were read are not the words that stand.
    decide(supervisor, &p.goal, json!({"decision": "checked", "version": 1})).await.refused(409, "wrong_state");
    let waiting = supervisor.list("/partner/v1/notices").await;
    assert_eq!((waiting.len(), &waiting[0]["kind"]), (1, &json!("wording_to_check")));
    decide(supervisor, &p.goal, json!({"decision": "checked", "version": 2})).await.expect(201);
    assert!(supervisor.list("/partner/v1/notices").await.is_empty());
    let items = shown().await;
    assert_eq!((items.len(), &items[0]["wording"]), (1, &json!("Notice an urge and let it pass")));
    // Nothing but the words, the goal and its date goes to the participant.
    let fields: Vec<&String> = items[0].as_object().unwrap().keys().collect();
    assert!(fields.iter().all(|field| ["goal_id", "wording", "target_on"].contains(&field.as_str())), "{fields:?}");
    // Other words need another look, and another agreement.
    step(practitioner, &p.goal, agreed).await.expect(201);
    let words = json!({"participant_wording": "Let an urge pass"});
    practitioner.post(&of_goal(&p.goal, "/wordings"), words).await.expect(201);
    assert!(shown().await.is_empty());
    step(supervisor, &p.goal, json!({"event": "approve"})).await.refused(409, "guard_not_met");
    let history = practitioner.list(&of_goal(&p.goal, "/history")).await;
    let events: Vec<String> = history.iter().rev().map(|line| text(line, "event")).collect();
    assert_eq!(events, ["propose", "propose", "return", "propose", "check", "record_agreement", "propose"]);
    assert!(history.iter().any(|line| line["reason"] == "Tells that messages were reported"));
});

on_both!(nobody_checks_or_approves_what_they_set_themselves, |app| async {
    let p = app.partnership().await;
    let both = staff(&app.http, &p.admin, &p.programme, "both", &["practitioner", "supervisor"]).await;
    let body = json!({"statement": "No visits", "domain": "no_contact", "survivor_benefit": "A quiet street",
        "participant_wording": "Take the other road", "levels": levels()});
    let goal = text(&both.post(&below(&p, "goals"), body).await.expect(201), "id");
    let checked = json!({"decision": "checked", "version": 1});
    decide(&both, &goal, checked.clone()).await.refused(409, "guard_not_met");
    decide(&p.programme_supervisor, &goal, checked).await.expect(201);
    let agreed = json!({"event": "record_agreement", "agreed_on": "2026-11-20"});
    step(&both, &goal, agreed).await.expect(201);
    step(&both, &goal, json!({"event": "approve"})).await.refused(409, "guard_not_met");
    assert!(!open_to(&both, &of_goal(&goal, "/actions")).await.contains(&"approve".to_owned()));
    step(&p.programme_supervisor, &goal, json!({"event": "approve"})).await.expect(201);
});

on_both!(a_goal_is_revised_by_another_in_its_place_and_measured_by_no_report_of_the_survivor, |app| async {
    let p = app.partnership().await;
    agree(&p, &p.goal).await;
    let mut goal = json!({"statement": "No contact, also through others", "domain": "no_contact",
        "survivor_benefit": "Friends are left alone, too", "levels": levels(), "measured_by": "survivor_report"});
    let revision = |goal: &Value| json!({"reason": "Others were asked to pass on messages", "goal": goal});
    let path = of_goal(&p.goal, "/revisions");
    let refused = p.practitioner.post(&path, revision(&goal)).await.refused(422, "invalid");
    assert!(refused["errors"][0]["pointer"].as_str().unwrap().ends_with("measured_by"), "{refused}");
    p.practitioner.post(&below(&p, "goals"), goal.clone()).await.refused(422, "invalid");
    goal["measured_by"] = json!("probation_record");
    let mut blank = revision(&goal);
    blank["goal"]["levels"]["2"] = json!(" ");
    let refused = p.practitioner.post(&path, blank).await.refused(422, "invalid");
    assert_eq!(refused["errors"][0]["pointer"], "/goal/levels/2");
    let made = p.practitioner.post(&path, revision(&goal)).await.expect(201);
    assert_eq!((&made["state"], &made["supersedes"]), (&json!("proposed"), &json!(p.goal)));
    let old = p.practitioner.get(&of_goal(&p.goal, "")).await.expect(200);
    assert_eq!((&old["state"], &old["superseded_by"]), (&json!("revised"), &made["id"]));
    // It counts no more, and nothing may be done with it.
    let attained = p.practitioner.get(&below(&p, "goal-attainment")).await.expect(200);
    assert_eq!((&attained["goals"], &attained["not_counted"]), (&json!([]), &json!(2)));
    review(&p, &p.goal, 2).await.refused(409, "wrong_state");
    p.practitioner.post(&path, revision(&goal)).await.refused(409, "wrong_state");
    assert!(open_to(&p.practitioner, &of_goal(&p.goal, "/actions")).await.is_empty());
});

on_both!(whatever_the_actions_do_not_offer_is_refused, |app| async {
    let p = app.partnership().await;
    let mut goal = p.goal.clone();
    let (mut seed, mut done) = (20_261_121_u64, std::collections::BTreeSet::new());
    for _ in 0..200 {
        // A linear congruence: the same walk each time.
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let event =
            ["record_agreement", "approve", "review", "achieve", "discontinue", "check"][(seed >> 33) as usize % 6];
        let by: &Caller = if (seed >> 50) % 2 == 0 { &p.practitioner } else { &p.programme_supervisor };
        let is_wording = event == "check";
        let offered = open_to(by, &of_goal(&goal, if is_wording { "/wording/actions" } else { "/actions" })).await;
        let reply = match event {
            "review" => {
                let body = json!({"score": 0, "note": "As expected", "reviewed_on": "2026-11-20"});
                by.post(&of_goal(&goal, "/reviews"), body).await
            }
            "check" => decide(by, &goal, json!({"decision": "checked", "version": 1})).await,
            "record_agreement" => step(by, &goal, json!({"event": event, "agreed_on": "2026-11-20"})).await,
            // Closing is rarer, or the walk would end at once.
            "discontinue" if (seed >> 40) % 8 != 0 => continue,
            _ => step(by, &goal, json!({"event": event, "reason": "On the walk"})).await,
        };
        let status = reply.status.as_u16();
        let is_offered = offered.iter().any(|offer| offer == event);
        let fits = if is_offered { status == 201 } else { [403, 409].contains(&status) };
        assert!(fits, "{event} with {offered:?} offered: {status} {}", reply.body);
        done.extend(is_offered.then_some(event));
        let state = p.practitioner.get(&of_goal(&goal, "")).await.expect(200);
        if ["achieved", "discontinued"].contains(&text(&state, "state").as_str()) {
            goal = set_goal(&p, json!({"participant_wording": "Reach for a skill"})).await;
        }
    }
    assert_eq!(done.len(), 6, "the walk did not come to all of it: {done:?}");
});

on_both!(a_session_held_at_another_time_stays_and_points_to_the_new_one, |app| async {
    let p = app.partnership().await;
    let planned = app.now().plus_days(1);
    let session = plan(&p, 1, planned).await;
    let at = |session: &str, path: &str| format!("/partner/v1/sessions/{session}{path}");
    assert_eq!(open_to(&p.practitioner, &at(&session, "/actions")).await, ["attend", "miss", "reschedule"]);
    assert!(open_to(&p.programme_supervisor, &at(&session, "/actions")).await.is_empty());
    let body = json!({"planned_at": planned.plus_days(2), "reason": "participant_unwell", "mode": "video"});
    let made = p.practitioner.post(&at(&session, "/reschedule"), body.clone()).await.expect(201);
    let again = text(&made, "id");
    assert_eq!((&made["number"], &made["supersedes"]), (&json!(1), &json!(session)));
    let old = p.practitioner.get(&at(&session, "")).await.expect(200);
    assert_eq!((&old["state"], &old["superseded_by"]), (&json!("superseded"), &json!(again)));
    assert_eq!((&old["mode"], &old["superseded_reason"]), (&json!("in_person"), &json!("participant_unwell")));
    // Nothing may be done with the old one any more; its number is the new one's.
    let attended = json!({"attendance": "attended"});
    p.practitioner.put(&at(&session, "/attendance"), attended.clone()).await.refused(409, "wrong_state");
    p.practitioner.post(&at(&session, "/reschedule"), body.clone()).await.refused(409, "wrong_state");
    p.practitioner.post(&at(&session, "/feedback"), json!({"summary": "None"})).await.refused(409, "wrong_state");
    assert!(open_to(&p.practitioner, &at(&session, "/actions")).await.is_empty());
    let same = json!({"number": 1, "module": "mindfulness", "planned_at": planned, "mode": "in_person"});
    p.practitioner.post(&below(&p, "sessions"), same).await.refused(409, "already_exists");
    // An absence may be held again, and stands; a session that took place is not held again.
    app.advance_to(planned.plus_days(2)).await;
    p.practitioner.put(&at(&again, "/attendance"), json!({"attendance": "not_attended_acceptable"})).await.expect(200);
    let third = text(&p.practitioner.post(&at(&again, "/reschedule"), body.clone()).await.expect(201), "id");
    let absent = p.practitioner.get(&at(&again, "")).await.expect(200);
    assert_eq!((&absent["state"], &absent["attendance"]), (&json!("superseded"), &json!("not_attended_acceptable")));
    p.practitioner.put(&at(&third, "/attendance"), attended).await.expect(200);
    p.practitioner.post(&at(&third, "/reschedule"), body).await.refused(409, "wrong_state");
    let cancelled = plan(&p, 2, planned).await;
    let word = json!({"attendance": "not_attended_service_cancelled"});
    p.practitioner.put(&at(&cancelled, "/attendance"), word).await.expect(200);
    p.practitioner.post(&at(&cancelled, "/feedback"), json!({"summary": "None"})).await.refused(409, "guard_not_met");
});

on_both!(own_risk_is_raised_by_anybody_lowered_with_a_reason_and_told_to_the_supervisor, |app| async {
    let p = app.partnership().await;
    let path = below(&p, "own-risk");
    let rate = |rating: &str| json!({"rating": rating, "narrative": "Spoke of having nothing left"});
    assert!(p.practitioner.list(&path).await.is_empty());
    p.practitioner.post(&path, rate("low")).await.expect(201);
    assert!(p.programme_supervisor.list("/partner/v1/notices").await.iter().all(|it| it["kind"] != "own_risk_high"));
    p.practitioner.post(&path, rate("high")).await.expect(201);
    let high = |notices: Vec<Value>| notices.into_iter().filter(|it| it["kind"] == "own_risk_high").collect::<Vec<_>>();
    let waiting = high(p.programme_supervisor.list("/partner/v1/notices").await);
    assert_eq!((waiting.len(), &waiting[0]["participant_id"]), (1, &json!(p.participant)));
    assert_eq!(waiting[0]["participant_reference"], json!(p.participant_reference));
    for query in ["kind=own_risk_high".to_owned(), format!("participant_id={}&kind=own_risk_high", p.participant)] {
        assert_eq!(p.programme_supervisor.list(&format!("/partner/v1/notices?{query}")).await, waiting, "{query}");
    }
    assert!(p.programme_supervisor.list(&format!("/partner/v1/notices?participant_id={}", p.case)).await.is_empty());
    // The other side's supervisors learn nothing of it.
    assert!(p.support_supervisor.list("/partner/v1/notices").await.is_empty());
    let acknowledge = format!("/partner/v1/notices/{}/acknowledge", text(&waiting[0], "id"));
    p.support_supervisor.post(&acknowledge, json!({})).await.refused(404, "not_found");
    p.programme_supervisor.post(&acknowledge, json!({})).await.expect(200);
    p.programme_supervisor.post(&acknowledge, json!({})).await.refused(409, "wrong_state");
    assert!(high(p.programme_supervisor.list("/partner/v1/notices").await).is_empty());
    p.programme_supervisor.post(&path, rate("medium")).await.refused(422, "invalid");
    let mut lower = rate("medium");
    lower["reason"] = json!("Seen by the crisis team, safe at home");
    p.programme_supervisor.post(&path, lower).await.expect(201);
    let ratings = p.practitioner.list(&path).await;
    let words: Vec<&str> = ratings.iter().map(|row| row["rating"].as_str().unwrap()).collect();
    assert_eq!((words, &ratings[0]["version"]), (vec!["medium", "high", "low"], &json!(3)));
});

on_both!(notes_of_supervision_are_read_by_their_author_and_the_supervisor_alone, |app| async {
    let p = app.partnership().await;
    let other = staff(&app.http, &p.admin, &p.programme, "other.supervisor", &["supervisor"]).await;
    let path = below(&p, "practice-notes");
    let mut note = json!({"kind": "supervision", "held_on": "2026-11-20", "note": "Where I felt drawn in"});
    p.practitioner.post(&path, note.clone()).await.refused(422, "invalid");
    note["supervisor_id"] = json!(p.support_supervisor.id);
    p.practitioner.post(&path, note.clone()).await.refused(422, "invalid");
    note["supervisor_id"] = json!(p.programme_supervisor.id);
    p.practitioner.post(&path, note).await.expect(201);
    let consultation = json!({"kind": "consultation", "held_on": "2026-11-20", "note": "Slow the pace"});
    p.practitioner.post(&path, consultation).await.expect(201);
    for (reader, expected) in [(&p.practitioner, 2), (&p.programme_supervisor, 2), (&other, 1)] {
        let notes = reader.list(&path).await;
        assert_eq!(notes.len(), expected, "{notes:?}");
        let sees = notes.iter().any(|note| note["note"] == "Where I felt drawn in");
        assert_eq!(sees, expected == 2);
    }
    p.advocate.get(&path).await.refused(403, "wrong_role");
});

on_both!(observations_and_formulations_are_kept_in_order_and_in_versions, |app| async {
    let p = app.partnership().await;
    let session = plan(&p, 1, app.now()).await;
    let seen =
        |note: &str, at: &str| json!({"kind": "fixation", "note": note, "observed_at": at, "session_id": session});
    for (note, at) in [("Second", "2026-11-20T10:00:00Z"), ("First", "2026-11-19T10:00:00Z")] {
        p.practitioner.post(&below(&p, "observations"), seen(note, at)).await.expect(201);
    }
    let late = seen("Not yet", "2026-11-22T10:00:00Z");
    p.practitioner.post(&below(&p, "observations"), late).await.refused(422, "invalid");
    let mut foreign = seen("Elsewhere", "2026-11-20T10:00:00Z");
    foreign["session_id"] = json!(p.goal);
    p.practitioner.post(&below(&p, "observations"), foreign).await.refused(422, "invalid");
    let observed = p.programme_supervisor.list(&below(&p, "observations")).await;
    let notes: Vec<&str> = observed.iter().map(|row| row["note"].as_str().unwrap()).collect();
    assert_eq!(notes, ["Second", "First"]);
    for typology in ["undetermined", "rejected"] {
        let body = json!({"typology": typology, "narrative": "Watching soothes the fear of being left"});
        p.practitioner.post(&below(&p, "formulations"), body).await.expect(201);
    }
    let versions = p.practitioner.list(&below(&p, "formulations")).await;
    let words: Vec<&str> = versions.iter().map(|row| row["typology"].as_str().unwrap()).collect();
    assert_eq!((words, &versions[0]["version"]), (vec!["rejected", "undetermined"], &json!(2)));
});
