//! Lists of a programme's work hold what the filters ask for, and never more than the caller sees without them.

use serde_json::json;

use crate::harness::partnership::{participant, staff};
use crate::harness::{on_both, text};

const REFERRALS: &str = "/partner/v1/referrals";
const TASKS: &str = "/partner/v1/programme/tasks";

on_both!(sessions_are_found_by_state_and_time, |app| async {
    let p = app.partnership().await;
    let list = format!("/partner/v1/participants/{}/sessions", p.participant);
    let mut ids = Vec::new();
    for number in 1..=3 {
        let planned = app.now().plus_days(7 * number - 14);
        let body = json!({"number": number, "module": "mindfulness", "planned_at": planned, "mode": "in_person"});
        ids.push(text(&p.practitioner.post(&list, body).await.expect(201), "id"));
    }
    let found = async |query: &str| p.practitioner.ids(&format!("{list}?{query}")).await;
    for (id, attendance) in [(&ids[0], "attended_late"), (&ids[1], "not_attended_acceptable")] {
        let path = format!("/partner/v1/sessions/{id}/attendance");
        p.practitioner.put(&path, json!({"attendance": attendance})).await.expect(200);
    }
    assert_eq!(found("state=planned").await, [ids[2].clone()]);
    assert_eq!(found("state=attended").await, [ids[0].clone()]);
    assert_eq!(found("state=not_attended").await, [ids[1].clone()]);
    assert_eq!(found(&format!("since={}", app.now())).await, [ids[2].clone(), ids[1].clone()]);
    assert_eq!(found(&format!("until={}", app.now())).await, [ids[0].clone()]);
    let session = format!("/partner/v1/sessions/{}", ids[0]);
    let open = p.practitioner.get(&format!("{session}/actions")).await.expect(200);
    assert_eq!(p.practitioner.get(&session).await.expect(200)["allowed_actions"], open["actions"]);
    let feedback = format!("{session}/feedback");
    p.practitioner
        .post(&feedback, json!({"summary": "Practised riding out an urge", "homework": "done"}))
        .await
        .expect(201);
    assert_eq!(found("state=feedback_given").await, [ids[0].clone()]);
    assert_eq!(found("state=attended").await, Vec::<String>::new());
    p.practitioner.get(&format!("{list}?state=cancelled")).await.expect(422);
});

on_both!(referrals_and_what_waits_are_found_by_participant_and_whose_they_are, |app| async {
    let p = app.partnership().await;
    let colleague = staff(&app.http, &p.admin, &p.programme, "petra", &["practitioner"]).await;
    let theirs = participant(&colleague).await;
    let mut ids = Vec::new();
    for (by, whom) in [(&p.practitioner, &p.participant), (&colleague, &theirs.0)] {
        let path = format!("/partner/v1/participants/{whom}/referrals");
        let body = json!({"source": "police", "basis": "voluntary"});
        ids.push(text(&by.post(&path, body).await.expect(201), "id"));
    }
    let submit = format!("{REFERRALS}/{}/transitions", ids[1]);
    colleague.post(&submit, json!({"event": "submit"})).await.expect(200);
    let found = async |query: &str| p.programme_supervisor.ids(&format!("{REFERRALS}?{query}")).await;
    assert_eq!(found("state=draft").await, [ids[0].clone()]);
    assert_eq!(found("state=submitted").await, [ids[1].clone()]);
    assert_eq!(found(&format!("participant_id={}", theirs.0)).await, [ids[1].clone()]);
    let listed = p.programme_supervisor.list(&format!("{REFERRALS}?participant_id={}", theirs.0)).await;
    assert_eq!(listed[0]["participant_reference"], json!(theirs.1));
    assert_eq!(found("mine=true").await, Vec::<String>::new());
    assert_eq!(colleague.ids(&format!("{REFERRALS}?mine=true")).await, [ids[1].clone()]);
    assert_eq!(p.practitioner.ids(&format!("{REFERRALS}?participant_id={}", theirs.0)).await, Vec::<String>::new());

    // Nobody allocates it in fourteen days.
    app.advance(14 * 24 * 60).await;
    let waiting = p.programme_supervisor.list(&format!("{TASKS}?participant_id={}", theirs.0)).await;
    assert_eq!((waiting.len(), &waiting[0]["kind"]), (1, &json!("allocation_overdue")));
    assert_eq!(waiting[0]["participant_reference"], json!(theirs.1));
    let of_kind = p.programme_supervisor.list(&format!("{TASKS}?kind=allocation_overdue")).await;
    assert_eq!(of_kind, waiting);
    assert!(p.programme_supervisor.list(&format!("{TASKS}?mine=true")).await.is_empty());
    assert_eq!(colleague.list(&format!("{TASKS}?mine=true")).await, waiting);
    assert!(p.practitioner.list(&format!("{TASKS}?participant_id={}", theirs.0)).await.is_empty());
});

on_both!(orders_are_found_by_where_they_stand, |app| async {
    let p = app.partnership().await;
    let list = format!("/partner/v1/participants/{}/orders", p.participant);
    let earlier = text(&p.practitioner.list(&list).await[0], "id");
    let body = json!({"kind": "spo", "made_on": "2026-11-10", "expires_on": "2028-11-20", "police_reference": "14/99/26",
        "conditions": [{"kind": "prohibition", "code": "contact", "wording": "Not to contact her"}]});
    let order = text(&p.practitioner.post(&list, body).await.expect(201), "id");
    let found = async |query: &str| p.practitioner.ids(&format!("{list}?{query}")).await;
    assert_eq!((found("state=made").await, found("state=served").await), (vec![order.clone()], vec![earlier.clone()]));
    let at = |act: &str| format!("/partner/v1/orders/{order}/{act}");
    let read = p.practitioner.get(&format!("/partner/v1/orders/{order}")).await.expect(200);
    assert_eq!(read["allowed_actions"], p.practitioner.get(&at("actions")).await.expect(200)["actions"]);
    p.practitioner.post(&at("service"), json!({"served_on": "2026-11-20"})).await.expect(200);
    assert_eq!((found("state=made").await, found("state=served").await), (Vec::new(), vec![order.clone(), earlier]));
    p.practitioner.post(&at("notification"), json!({"notified_on": "2026-11-21"})).await.expect(200);
    assert_eq!(found("state=notified").await, std::slice::from_ref(&order));
    p.practitioner.post(&at("discharge"), json!({"discharged_on": "2026-11-21"})).await.expect(200);
    assert_eq!((found("state=discharged").await, found("state=notified").await), (vec![order.clone()], Vec::new()));
    p.practitioner.get(&format!("{list}?state=over")).await.expect(422);
});

on_both!(referrals_are_found_by_the_practitioner_to_whom_they_are_allocated, |app| async {
    let p = app.partnership().await;
    let colleague = staff(&app.http, &p.admin, &p.programme, "petra", &["practitioner"]).await;
    let mut ids = Vec::new();
    for practitioner in [&p.practitioner, &colleague] {
        let whom = participant(&p.practitioner).await.0;
        let path = format!("/partner/v1/participants/{whom}/referrals");
        let body = json!({"source": "police", "basis": "voluntary"});
        let referral = text(&p.practitioner.post(&path, body).await.expect(201), "id");
        let step = format!("{REFERRALS}/{referral}/transitions");
        p.practitioner.post(&step, json!({"event": "submit"})).await.expect(200);
        let allocate = json!({"event": "allocate", "practitioner_id": practitioner.id});
        p.practitioner.post(&step, allocate).await.expect(200);
        ids.push(referral);
    }
    let of = |practitioner: &str| format!("{REFERRALS}?practitioner_id={practitioner}");
    let (first, second) = (of(&p.practitioner.id), of(&colleague.id));
    assert_eq!(p.programme_supervisor.ids(&first).await, std::slice::from_ref(&ids[0]));
    let listed = p.programme_supervisor.list(&second).await;
    assert_eq!((listed.len(), &listed[0]["id"]), (1, &json!(ids[1])));
    assert_eq!(listed[0]["practitioner_name"], "petra Ashworth");
    // The practitioner who made a participant's record still works with them, to whomever the referral is allocated.
    assert_eq!(p.practitioner.ids(&format!("{second}&mine=true")).await, std::slice::from_ref(&ids[1]));
    assert_eq!(colleague.ids(&second).await, std::slice::from_ref(&ids[1]));
    // A colleague's other referrals are no more to be found by their name than without it.
    for query in [first, format!("{second}&state=draft"), of(&p.advocate.id)] {
        assert_eq!(colleague.ids(&query).await, Vec::<String>::new(), "{query}");
    }
    p.practitioner.get(&of("petra")).await.expect(422);
});
