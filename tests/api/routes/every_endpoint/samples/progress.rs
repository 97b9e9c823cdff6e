//! Calls to what is done with sessions and goals, and to what is recorded of a participant.

use serde_json::{Value, json};

use super::{Sample, World};
use crate::harness::text;

pub async fn sample(w: &World, id: &str) -> Option<Sample> {
    if let Some(sample) = goals(w, id).await {
        return Some(sample);
    }
    if let Some(sample) = sessions(w, id).await {
        return Some(sample);
    }
    records(w, id).await
}

fn goal_body() -> Value {
    json!({"statement": "No messages", "domain": "no_contact", "survivor_benefit": "Quiet",
        "participant_wording": "Let urges pass", "levels": {"-2": "a", "-1": "b", "0": "c", "1": "d", "2": "e"}})
}

/// A goal of the participant that nobody has worked on yet.
async fn goal(w: &World) -> String {
    let path = format!("/partner/v1/participants/{}/goals", w.p.participant);
    text(&w.p.practitioner.post(&path, goal_body()).await.expect(201), "id")
}

async fn goals(w: &World, id: &str) -> Option<Sample> {
    let (p, practitioner) = (&w.p, &w.p.practitioner.caller);
    let known = &p.participant;
    let of = |goal: &str, path: &str| format!("/partner/v1/goals/{goal}{path}");
    Some(match id {
        "get_goal" => Sample::get(w, practitioner, of(&p.goal, "")).of(&p.goal),
        "get_goal_actions" => Sample::get(w, practitioner, of(&p.goal, "/actions")).of(&p.goal),
        "list_goal_history" => Sample::get(w, practitioner, of(&p.goal, "/history")).of(&p.goal),
        "get_goal_wording_actions" => Sample::get(w, practitioner, of(&p.goal, "/wording/actions")).of(&p.goal),
        "create_goal_transition" => {
            let goal = goal(w).await;
            let body = json!({"event": "discontinue", "reason": "Moot"});
            Sample::send(w, practitioner, of(&goal, "/transitions"), body).of(&goal)
        }
        "create_goal_revision" => {
            let goal = goal(w).await;
            let body = json!({"reason": "Too easy", "goal": goal_body()});
            Sample::send(w, practitioner, of(&goal, "/revisions"), body).of(&goal)
        }
        "create_goal_wording" => {
            let goal = goal(w).await;
            let body = json!({"participant_wording": "Notice the urge and wait"});
            Sample::send(w, practitioner, of(&goal, "/wordings"), body).of(&goal)
        }
        "create_goal_wording_decision" => {
            let goal = goal(w).await;
            let body = json!({"decision": "checked", "version": 1});
            Sample::send(w, &p.programme_supervisor, of(&goal, "/wording/decisions"), body).of(&goal)
        }
        "get_goal_attainment" => {
            Sample::get(w, practitioner, format!("/partner/v1/participants/{known}/goal-attainment")).of(known)
        }
        "get_participant_goals" => {
            Sample::get(w, practitioner, format!("/partner/v1/participants/{known}/participant-goals")).of(known)
        }
        _ => return None,
    })
}

async fn sessions(w: &World, id: &str) -> Option<Sample> {
    let practitioner = &w.p.practitioner.caller;
    let path = match id {
        "get_programme_session" => "",
        "get_programme_session_actions" => "/actions",
        "create_session_feedback" | "list_session_feedback" => "/feedback",
        "create_rescheduled_session" => "/reschedule",
        _ => return None,
    };
    let session = w.session().await;
    let at = |path: &str| format!("/partner/v1/sessions/{session}{path}");
    Some(match id {
        "create_session_feedback" => {
            w.p.practitioner.put(&at("/attendance"), json!({"attendance": "attended"})).await.expect(200);
            Sample::send(w, practitioner, at(path), json!({"summary": "Engaged well"})).of(&session)
        }
        "create_rescheduled_session" => {
            let body = json!({"planned_at": w.http.now().plus_days(2), "reason": "participant_unwell"});
            Sample::send(w, practitioner, at(path), body).of(&session)
        }
        _ => Sample::get(w, practitioner, at(path)).of(&session),
    })
}

async fn records(w: &World, id: &str) -> Option<Sample> {
    let (p, practitioner) = (&w.p, &w.p.practitioner.caller);
    let (known, supervisor) = (&p.participant, &p.programme_supervisor.caller);
    let below = |path: &str| format!("/partner/v1/participants/{known}/{path}");
    let send = |path: &str, body: Value| Sample::send(w, practitioner, below(path), body).of(known);
    let get = |path: &str| Sample::get(w, practitioner, below(path)).of(known);
    let high = json!({"rating": "high", "narrative": "Spoke of having nothing left"});
    Some(match id {
        "create_diary_rating" => {
            send("diary-ratings", json!({"rated_on": "2026-11-20", "urge": 3, "acted_on_urge": false, "distress": 2}))
        }
        "list_diary_ratings" => get("diary-ratings"),
        "create_observation" => send("observations", json!({"kind": "fixation", "note": "Came back to it"})),
        "list_observations" => get("observations"),
        "create_formulation" => send("formulations", json!({"typology": "rejected", "narrative": "Fear of loss"})),
        "list_formulations" => get("formulations"),
        "create_own_risk" => send("own-risk", high),
        "list_own_risk" => get("own-risk"),
        "create_practice_note" => {
            send("practice-notes", json!({"kind": "consultation", "held_on": "2026-11-20", "note": "Slow down"}))
        }
        "list_practice_notes" => get("practice-notes"),
        "list_notices" => Sample::get(w, supervisor, "/partner/v1/notices"),
        "acknowledge_notice" => {
            p.practitioner.post(&below("own-risk"), high).await.expect(201);
            let notices = p.programme_supervisor.list("/partner/v1/notices").await;
            let notice = text(&notices[0], "id");
            Sample::send(w, supervisor, format!("/partner/v1/notices/{notice}/acknowledge"), json!({})).of(&notice)
        }
        _ => return None,
    })
}
