//! The on-call rota: who is on duty is told, a gap is skipped at once and shown, and the survivor knows the hours at
//! which nobody is watching.

use serde_json::{Value, json};

use crate::harness::partnership::{organisation, staff};
use crate::harness::{Partnership, Person, TestApp, instant, on_both, text};

/// Plans a shift of somebody; answers its id.
async fn shift(p: &Partnership, who: &Person, place: &str, (from, to): (&str, &str)) -> String {
    let body = json!({"staff_id": who.id, "place": place, "starts_at": from, "ends_at": to});
    text(&p.support_supervisor.post("/partner/v1/rota/shifts", body).await.expect(201), "id")
}

/// The line of one audience in the step of an index.
#[track_caller]
fn told<'a>(alert: &'a Value, index: u64, audience: &str) -> &'a Value {
    let steps = alert["steps"].as_array().unwrap();
    let step = steps.iter().find(|step| step["detail"]["index"] == index).unwrap_or_else(|| panic!("{alert}"));
    let lines = step["detail"]["told"].as_array().unwrap();
    lines.iter().find(|line| line["audience"] == audience).unwrap_or_else(|| panic!("no {audience} in {step}"))
}

async fn second_advocate(app: &TestApp, p: &Partnership) -> Person {
    staff(&app.http, &p.admin, &p.support, "benedikta", &["advocate"]).await
}

on_both!(whoever_is_on_duty_at_that_instant_is_told_and_nobody_else, |app| async {
    let p = app.partnership().await;
    let other = second_advocate(app, &p).await;
    shift(&p, &p.advocate, "duty", ("2026-11-21T09:00:00Z", "2026-11-21T14:30:00Z")).await;
    shift(&p, &other, "duty", ("2026-11-21T14:30:00Z", "2026-11-21T22:00:00Z")).await;
    p.schedule("14:00").await;
    app.advance_to(instant("2026-11-21T14:30:00Z")).await;
    let alert = p.alerts().await[0].clone();
    // The shift that ends at this instant has ended, the one that begins has begun.
    assert_eq!(told(&alert, 0, "duty")["staff"], json!([other.id]));
    let rota = p.advocate.get("/partner/v1/rota").await.expect(200);
    assert_eq!(rota["on_duty"], json!({"duty": [other.id], "second": []}));
});

on_both!(a_gap_is_skipped_at_once_and_recorded, |app| async {
    let p = app.partnership().await;
    shift(&p, &p.advocate, "duty", ("2026-11-21T09:00:00Z", "2026-11-21T22:00:00Z")).await;
    p.schedule("14:00").await;
    app.advance_to(instant("2026-11-21T14:40:00Z")).await;
    let alert = p.alerts().await[0].clone();
    // Nobody is second on duty: the supervisor is told ten minutes earlier than the ladder says.
    assert_eq!(told(&alert, 1, "second_duty")["outcome"], "gap");
    assert_eq!(told(&alert, 2, "supervisor")["staff"], json!([p.support_supervisor.id]));
    let at: Vec<&Value> = alert["steps"].as_array().unwrap().iter().map(|step| &step["at"]).collect();
    assert_eq!(at, ["2026-11-21T14:30:00Z", "2026-11-21T14:40:00Z", "2026-11-21T14:40:00Z"]);
    assert_eq!(alert["next_step_at"], "2026-11-21T14:50:00Z");
});

on_both!(an_organisation_without_a_rota_tells_all_its_advocates, |app| async {
    let p = app.partnership().await;
    let other = second_advocate(app, &p).await;
    p.schedule("14:00").await;
    app.advance_to(instant("2026-11-21T14:30:00Z")).await;
    let alert = p.alerts().await[0].clone();
    let everybody = told(&alert, 0, "duty")["staff"].as_array().unwrap().clone();
    assert_eq!(everybody.len(), 2);
    assert!(everybody.contains(&json!(other.id)));
    let ladder = p.phone().get("/app/v1/ladder").await.expect(200);
    assert_eq!((&ladder["has_duty_rota"], &ladder["uncovered"]), (&json!(false), &json!([])));
});

on_both!(somebody_on_duty_whom_the_survivors_side_keeps_out_is_a_gap, |app| async {
    let p = app.partnership().await;
    let other = second_advocate(app, &p).await;
    let path = format!("/partner/v1/survivors/{}/blocks", p.survivor.id);
    p.advocate.post(&path, json!({"staff_id": other.id})).await.expect(201);
    shift(&p, &other, "duty", ("2026-11-21T09:00:00Z", "2026-11-21T22:00:00Z")).await;
    p.help_now().await;
    let alert = p.alerts().await[0].clone();
    assert_eq!(told(&alert, 0, "duty"), &json!({"audience": "duty", "outcome": "gap", "staff": []}));
});

on_both!(the_survivor_sees_the_hours_at_which_nobody_is_watching, |app| async {
    let p = app.partnership().await;
    for day in 21..=28 {
        let (from, to) = (format!("2026-11-{day}T09:00:00Z"), format!("2026-11-{day}T18:00:00Z"));
        shift(&p, &p.advocate, "duty", (&from, &to)).await;
    }
    let ladder = p.phone().get("/app/v1/ladder").await.expect(200);
    assert_eq!(ladder["has_duty_rota"], true);
    assert_eq!(ladder["nobody_is_watching"], json!(["18:00–09:00"]));
    assert_eq!(ladder["uncovered"].as_array().unwrap().len(), 7);
    assert_eq!(ladder["uncovered"][0], json!({"from": "2026-11-21T18:00:00Z", "to": "2026-11-22T09:00:00Z"}));
});

on_both!(a_cancelled_shift_covers_nothing_and_stays_cancelled, |app| async {
    let p = app.partnership().await;
    let day = ("2026-11-21T00:00:00Z", "2026-11-22T00:00:00Z");
    let id = shift(&p, &p.advocate, "duty", day).await;
    let (from, to) = day;
    let seen = format!("/partner/v1/rota?from={from}&to={to}");
    assert_eq!(p.advocate.get(&seen).await.expect(200)["gaps"]["duty"], json!([]));
    let cancel = format!("/partner/v1/rota/shifts/{id}/cancel");
    p.support_supervisor.post(&cancel, json!({"reason": "sickness"})).await.expect(200);
    p.support_supervisor.post(&cancel, json!({"reason": "sickness"})).await.refused(409, "wrong_state");
    let rota = p.advocate.get(&seen).await.expect(200);
    assert_eq!(rota["gaps"]["duty"], json!([{"from": from, "to": to}]));
    assert_eq!((&rota["has_rota"], &rota["shifts"]), (&json!(false), &json!([])));
});

on_both!(shifts_are_planned_by_a_supervisor_of_the_survivors_side_for_their_own_people, |app| async {
    let p = app.partnership().await;
    let (path, now) = ("/partner/v1/rota/shifts", app.now());
    let body = |staff: &str, hours: i64| json!({"staff_id": staff, "place": "duty", "starts_at": now.plus_hours(-1), "ends_at": now.plus_hours(hours)});
    p.programme_supervisor.post(path, body(&p.practitioner.id, 8)).await.refused(403, "wrong_role");
    p.programme_supervisor.get("/partner/v1/rota").await.refused(403, "wrong_role");
    let elsewhere = organisation(&p.admin, json!({"kind": "survivor_support", "name": "Harbour"})).await;
    let stranger = staff(&app.http, &p.admin, &elsewhere, "other.advocate", &["advocate"]).await;
    for (who, hours, pointer) in [
        (&p.practitioner.id, 8, "/staff_id"),
        (&stranger.id, 8, "/staff_id"),
        (&p.advocate.id, -1, "/ends_at"),
        (&p.advocate.id, 0, "/ends_at"),
        (&p.advocate.id, 32 * 24, "/ends_at"),
    ] {
        let refused = p.support_supervisor.post(path, body(who, hours)).await.refused(422, "invalid");
        assert_eq!(refused["errors"][0]["pointer"], pointer, "{refused}");
    }
});
