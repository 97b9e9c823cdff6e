//! What a screen offers to do with a file is what would be accepted, and nothing else, in every state and for each person.

use serde_json::{Value, json};

use super::taken_back::{destroy, file, hold, spoke, take_back};
use super::{PATH, stated};
use crate::harness::{Caller, Partnership, on_both, text};

const ACTS: [&str; 10] = [
    "hold",
    "approve_hold",
    "renew_hold",
    "release",
    "restore",
    "ask_destruction",
    "approve_destruction",
    "seal",
    "unseal",
    "destroy",
];

/// What was done with a file; the last word is the state that it has then.
const STANDINGS: [&[&str]; 14] = [
    &["kept"],
    &["unwanted hold", "kept"],
    &["hold", "held"],
    &["unwanted hold", "approve", "held"],
    &["take back", "removing"],
    &["take back", "hold", "removing"],
    &["take back", "hold", "approve", "locked"],
    &["disclose", "take back", "removing"],
    &["ask", "removing"],
    &["take back", "ask by supervisor", "removing"],
    &["seal", "sealed"],
    &["seal by supervisor", "sealed"],
    &["hold", "seal", "sealed"],
    &["disclose", "seal", "sealed"],
];

async fn step(p: &Partnership, (own, theirs): &(String, String), step: &str) {
    let (advocate, supervisor) = (&p.advocate.caller, &p.support_supervisor.caller);
    let unwanted = json!({"reason": "For the court", "is_against_wish": true});
    let sealed = json!({"note": "They said so"});
    let given = json!({"purpose": "survivor_request", "recipient_name": "A court", "agreed_with_survivor": true,
        "evidence_ids": [own.rsplit('/').next()]});
    let done = match step {
        "take back" => return take_back(p, own).await,
        "hold" => supervisor.post(&format!("{theirs}/hold"), hold()).await,
        "unwanted hold" => supervisor.post(&format!("{theirs}/hold"), unwanted).await,
        "approve" => advocate.post(&format!("{theirs}/hold/approve"), json!({})).await,
        "ask" => advocate.post(&format!("{theirs}/destruction"), destroy("intimate")).await,
        "ask by supervisor" => supervisor.post(&format!("{theirs}/destruction"), destroy("intimate")).await,
        "seal" => advocate.post(&format!("{theirs}/seal"), sealed).await,
        "seal by supervisor" => supervisor.post(&format!("{theirs}/seal"), sealed).await,
        "disclose" => advocate.post(&format!("/partner/v1/survivors/{}/bundles", p.survivor.id), given).await,
        _ => panic!("{step}"),
    };
    assert!(done.status.is_success(), "{step}: {}", done.body);
}

/// A file with which that was done; its address for staff.
async fn standing(p: &Partnership, steps: &[&str]) -> String {
    let addresses = file(p, json!({})).await;
    let (state, steps) = steps.split_last().unwrap();
    for name in steps {
        step(p, &addresses, name).await;
    }
    assert_eq!(super::taken_back::state(p, &addresses.1).await, *state, "{steps:?}");
    addresses.1
}

/// The state that the call of an act leads to; none where it is refused.
async fn call(who: &Caller, theirs: &str, act: &str) -> Option<Value> {
    let decided = |decision: &str| json!({"decision": decision, "note": "DS Okafor"});
    let (path, body) = match act {
        "hold" => ("hold", hold()),
        "approve_hold" => ("hold/approve", json!({})),
        "renew_hold" => ("hold/renew", hold()),
        "release" => ("hold/release", hold()),
        "restore" => ("restore", spoke("They want it back")),
        "ask_destruction" => ("destruction", destroy("intimate")),
        "approve_destruction" => ("destruction/approve", json!({})),
        "seal" => ("seal", json!({"note": "They said so"})),
        "unseal" => ("seal/decision", decided("unseal")),
        _ => ("seal/decision", decided("destroy")),
    };
    let answer = who.post(&format!("{theirs}/{path}"), body).await;
    let refused = matches!(answer.status.as_u16(), 403 | 409);
    assert!(refused || answer.status.is_success(), "{act}: {}", answer.body);
    answer.status.is_success().then(|| answer.json()["state"].clone())
}

async fn offered(who: &Caller, theirs: &str) -> Vec<(String, Value)> {
    let actions = who.get(&format!("{theirs}/actions")).await.expect(200);
    let actions = actions["actions"].as_array().unwrap();
    assert!(actions.iter().all(|action| action.get("needs").is_none()));
    actions.iter().map(|action| (text(action, "event"), action["to"].clone())).collect()
}

on_both!(what_is_offered_is_what_is_accepted_in_every_state_and_for_each_person, |app| async {
    let p = app.partnership().await;
    for steps in STANDINGS {
        for who in [&p.advocate.caller, &p.support_supervisor.caller] {
            let theirs = standing(&p, steps).await;
            let offers = offered(who, &theirs).await;
            for act in ACTS.into_iter().filter(|act| offers.iter().all(|(offer, _)| offer != act)) {
                assert_eq!(call(who, &theirs, act).await, None, "{act} of {steps:?}");
            }
            assert_eq!(offered(who, &theirs).await, offers);
            for (at, (act, to)) in offers.iter().enumerate() {
                let theirs = if at == 0 { theirs.clone() } else { standing(&p, steps).await };
                assert_eq!(call(who, &theirs, act).await.as_ref(), Some(to), "{act} of {steps:?}");
            }
        }
    }
    app.settle().await;
});

on_both!(a_survivor_is_offered_to_remove_what_can_be_removed, |app| async {
    let p = app.partnership().await;
    let remove = json!({"state": "kept", "actions": [{"event": "remove", "to": "removing"}]});
    let (own, theirs) = file(&p, json!({})).await;
    assert_eq!(p.phone().get(&format!("{own}/actions")).await.expect(200), remove);
    p.support_supervisor.post(&format!("{theirs}/hold"), hold()).await.expect(201);
    let nothing = json!({"state": "held", "actions": []});
    assert_eq!(p.phone().get(&format!("{own}/actions")).await.expect(200), nothing);
    let coming = text(&p.phone().post(PATH, stated("text/plain", b"words")).await.expect(201), "id");
    let give_up = json!({"state": "uploading", "actions": [{"event": "terminate", "to": "terminated"}]});
    assert_eq!(p.phone().get(&format!("{PATH}/{coming}/actions")).await.expect(200), give_up);
});
