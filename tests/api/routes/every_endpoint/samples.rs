//! For each operation, a call that is answered well: by whom, where, with what. Nothing is shared that a call uses up.

mod cases;
mod evidence;
mod incidents;
mod progress;
mod referrals;
mod reports;
mod safety;

use serde_json::{Value, json};
use uuid::Uuid;

use super::world::World;
use crate::harness::partnership::{self, CODE_WORD, PIN, enrol, help_now, survivor};
use crate::harness::push::Subscriber;
use crate::harness::{Caller, PASSWORD, Way, text};

/// A call.
pub struct Sample {
    pub caller: Caller,
    pub path: String,
    /// What in the path names a record, where something does.
    pub names: Option<String>,
    pub headers: Vec<(&'static str, String)>,
    pub body: Option<Value>,
    /// A body that is not JSON.
    pub raw: Option<Vec<u8>>,
}

impl Sample {
    fn get(world: &World, caller: &Caller, path: impl Into<String>) -> Self {
        Self { caller: world.again(caller), path: path.into(), names: None, headers: Vec::new(), body: None, raw: None }
    }

    fn send(world: &World, caller: &Caller, path: impl Into<String>, body: Value) -> Self {
        Self { body: Some(body), ..Self::get(world, caller, path) }
    }

    /// Says which part of the path names a record.
    fn of(self, name: &str) -> Self {
        assert!(self.path.contains(name));
        Self { names: Some(name.to_owned()), ..self }
    }

    /// The same address for a record that is not there.
    pub fn unknown_path(&self) -> Option<String> {
        let name = self.names.as_ref()?;
        let unknown = if name.starts_with("AL-") { "AL-0000-0000-0".to_owned() } else { Uuid::new_v4().to_string() };
        Some(self.path.replace(name.as_str(), &unknown))
    }
}

/// Asks one table after the other.
macro_rules! first_of {
    ($world:ident, $id:ident, $($table:path),* $(,)?) => {
        $(if let Some(sample) = $table($world, $id).await {
            return Some(sample);
        })*
    };
}

/// A way to call an operation; `None` for one that this table does not know.
pub async fn sample(world: &World, id: &str) -> Option<Sample> {
    first_of!(
        world,
        id,
        session,
        phone,
        incidents::sample,
        survivors,
        blocks,
        record_states,
        opened_records,
        cases::sample,
        timers,
        check_ins,
        contact,
        devices,
        evidence::evidence,
        police,
        programme,
        referrals::sample,
        progress::sample,
        safety::sample,
        rota,
        alerts,
        endpoints,
        reports::sample,
        accounts,
    );
    administration(world, id)
}

async fn session(w: &World, id: &str) -> Option<Sample> {
    let (p, nobody) = (&w.p, w.http.nobody());
    let refresh = |tokens: Option<Value>| json!({"refresh_token": tokens.unwrap()["refresh_token"]});
    Some(match id {
        "create_enrolment" => {
            // A newer code of the same survivor would end it.
            let path = format!("/partner/v1/survivors/{}/enrolment-codes", w.survivor().await.id);
            let code = p.advocate.post(&path, json!({})).await.expect(201);
            let body = json!({"code": code["code"], "pin": PIN, "device_name": "Second phone"});
            Sample::send(w, &nobody, "/app/v1/enrol", body)
        }
        "change_pin" => {
            Sample::send(w, p.phone(), "/app/v1/session/pin", json!({"pin": PIN, "new_duress_pin": "7306"}))
        }
        "unlock_session" => {
            let Way::Phone { device_id, device_secret, pin } = &p.phone().way else { panic!("a phone is a phone") };
            let body = json!({"device_id": device_id, "device_secret": device_secret, "pin": pin});
            Sample::send(w, &nobody, "/app/v1/session/unlock", body)
        }
        "refresh_session" | "lock_session" => {
            let phone = enrol(&w.http, &p.advocate, &p.survivor.id).await.session;
            let path = format!("/app/v1/session/{}", id.trim_end_matches("_session"));
            Sample::send(w, &nobody, path, refresh(phone.tokens().await))
        }
        "refresh_staff_session" | "lock_staff_session" => {
            let path = format!("/partner/v1/session/{}", id.trim_end_matches("_staff_session"));
            Sample::send(w, &nobody, path, refresh(w.again(&p.practitioner).tokens().await))
        }
        "create_session" => {
            let body = json!({"username": p.advocate.username, "password": PASSWORD});
            Sample::send(w, &nobody, "/partner/v1/session", body)
        }
        "create_setup" => {
            let made = p.admin.post("/admin/v1/staff", staff_body(w)).await.expect(201);
            let body = json!({"setup_code": made["setup_code"], "password": PASSWORD});
            Sample::send(w, &nobody, "/partner/v1/setup", body)
        }
        "create_police_token" => {
            let Way::PoliceSystem { client_id, client_secret } = &p.police_system.way else {
                panic!("a system is one")
            };
            let body = json!({"client_id": client_id, "client_secret": client_secret});
            Sample::send(w, &nobody, "/police/v1/token", body)
        }
        "create_second_factor" => Sample::get(w, &p.advocate, "/partner/v1/second-factor"),
        "get_me" => Sample::get(w, &p.advocate, "/partner/v1/me"),
        _ => return None,
    })
}

async fn phone(w: &World, name: &str) -> Option<Sample> {
    let (p, now) = (&w.p, w.http.now());
    let own = |path: &str| Sample::get(w, p.phone(), format!("/app/v1/{path}"));
    Some(match name {
        "get_own_alert" => {
            let (survivor, alert) = w.alert().await;
            let id = text(&alert, "id");
            Sample::get(w, &survivor.phone.session, format!("/app/v1/alerts/{id}")).of(&id)
        }
        "list_check_ins" => own("check-ins"),
        "get_next_check_in" => {
            p.schedule("21:00").await;
            own("check-ins/next")
        }
        "create_check_in" => {
            Sample::send(w, p.phone(), "/app/v1/check-ins", json!({"status": "safe", "recorded_at": now}))
        }
        "create_help_now" => {
            let survivor = w.survivor().await;
            Sample::send(w, &survivor.phone.session, "/app/v1/help-now", json!({"recorded_at": now}))
        }
        "list_consents" => own("consents"),
        "put_consent" => {
            let body = json!({"granted": true, "text_version": "1"});
            Sample::send(w, p.phone(), "/app/v1/consents/share.programme.status", body)
        }
        "get_ladder" => own("ladder"),
        "list_own_orders" => own("orders"),
        _ => return None,
    })
}

/// Timers, and what a phone keeps while it is offline.
async fn timers(w: &World, name: &str) -> Option<Sample> {
    let (p, now) = (&w.p, w.http.now());
    let own = |path: &str| Sample::get(w, p.phone(), format!("/app/v1/{path}"));
    Some(match name {
        "list_updates" => own("updates"),
        "list_disclosures" => own("disclosures"),
        "list_access_log" => own("access-log"),
        "list_own_schedules" => own("schedules"),
        "list_own_questions" => own("questions"),
        "list_devices" => own("devices"),
        "list_timers" => own("timers"),
        "create_timer" => Sample::send(w, p.phone(), "/app/v1/timers", json!({"minutes": 20})),
        "get_timer" | "extend_timer" | "end_timer" => {
            let id = text(&p.phone().post("/app/v1/timers", json!({"minutes": 20})).await.expect(201), "id");
            let path = format!("/app/v1/timers/{id}");
            match name {
                "get_timer" => Sample::get(w, p.phone(), path),
                "extend_timer" => Sample::send(w, p.phone(), format!("{path}/extend"), json!({"minutes": 5})),
                _ => Sample::send(w, p.phone(), format!("{path}/end"), json!({})),
            }
            .of(&id)
        }
        "create_sync" => {
            let item = json!({"idempotency_key": Uuid::new_v4(), "method": "POST", "path": "/app/v1/check-ins",
                "body": {"status": "safe", "recorded_at": now}});
            Sample::send(w, p.phone(), "/app/v1/sync", json!({"items": [item]}))
        }
        "confirm_session" => Sample::send(w, p.phone(), "/app/v1/session/confirm", json!({"pin": PIN})),
        _ => return None,
    })
}

async fn survivors(w: &World, id: &str) -> Option<Sample> {
    let (p, advocate) = (&w.p, &w.p.advocate.caller);
    let known = &p.survivor.id;
    let below = |id: &str, path: &str| format!("/partner/v1/survivors/{id}{path}");
    Some(match id {
        "list_survivors" => Sample::get(w, advocate, "/partner/v1/survivors"),
        "create_survivor" => {
            let body = json!({"preferred_name": "Ro", "home_force_id": "south-yorkshire"});
            Sample::send(w, advocate, "/partner/v1/survivors", body)
        }
        "get_survivor" => Sample::get(w, advocate, below(known, "")).of(known),
        "patch_survivor" => {
            let fresh = w.survivor().await.id;
            let tag = p.advocate.get(&below(&fresh, "")).await.header("etag").unwrap().to_owned();
            let sample = Sample::send(w, advocate, below(&fresh, ""), json!({"risk_rating": "high"})).of(&fresh);
            Sample { headers: vec![("if-match", tag)], ..sample }
        }
        "list_enrolment_codes" => Sample::get(w, advocate, below(known, "/enrolment-codes")).of(known),
        "delete_enrolment_code" => {
            let path = below(&w.survivor().await.id, "/enrolment-codes");
            let id = text(&advocate.post(&path, json!({})).await.expect(201), "id");
            Sample::get(w, advocate, format!("{path}/{id}")).of(&id)
        }
        "create_enrolment_code" => Sample::send(w, advocate, below(known, "/enrolment-codes"), json!({})).of(known),
        "list_survivor_check_ins" => Sample::get(w, advocate, below(known, "/check-ins")).of(known),
        "create_assignment" => {
            let body = json!({"staff_id": p.support_supervisor.id});
            let fresh = w.survivor().await.id;
            Sample::send(w, advocate, below(&fresh, "/assignments"), body).of(&fresh)
        }
        "delete_assignment" => {
            let (fresh, colleague) = (w.survivor().await.id, &p.support_supervisor.id);
            p.advocate.post(&below(&fresh, "/assignments"), json!({"staff_id": colleague})).await.expect(201);
            Sample::get(w, advocate, below(&fresh, &format!("/assignments/{colleague}"))).of(&fresh)
        }
        "list_survivor_consents" => Sample::get(w, advocate, below(known, "/consents")).of(known),
        "create_survivor_consent" => {
            let body = json!({"scope": "stats.aggregate", "granted": true, "text_version": "1", "how": "in_person"});
            Sample::send(w, advocate, below(known, "/consents"), body).of(known)
        }
        "confirm_consent" => {
            let fresh = w.survivor().await;
            for granted in [true, false] {
                let body = json!({"granted": granted, "text_version": "1"});
                fresh.phone.session.put("/app/v1/consents/alert.police.help_now", body).await.expect(200);
            }
            let path = below(&fresh.id, "/consents/alert.police.help_now/confirm");
            Sample::send(w, advocate, path, json!({"code_word": CODE_WORD})).of(&fresh.id)
        }
        _ => return None,
    })
}

/// Schedules, questions, and what staff do with check-ins.
async fn check_ins(w: &World, id: &str) -> Option<Sample> {
    let (p, advocate) = (&w.p, &w.p.advocate.caller);
    let known = &p.survivor.id;
    let below = |id: &str, path: &str| format!("/partner/v1/survivors/{id}{path}");
    Some(match id {
        "create_schedule" => {
            let body = json!({"time_zone": "Europe/London", "local_times": ["09:00"], "opens_minutes_before": 60,
                "grace_minutes": 30});
            Sample::send(w, advocate, below(known, "/schedules"), body).of(known)
        }
        "list_schedules" => Sample::get(w, advocate, below(known, "/schedules")).of(known),
        "pause_schedule" | "resume_schedule" | "end_schedule" => {
            let schedule = text(&p.schedule("21:00").await, "id");
            let path = |act: &str| below(known, &format!("/schedules/{schedule}/{act}"));
            let until = w.http.clock.now().plus_days(3).to_string();
            let pause = json!({"until": until, "reason": "away", "is_asked_by_survivor": false});
            match id {
                "pause_schedule" => Sample::send(w, advocate, path("pause"), pause),
                "end_schedule" => Sample::send(w, advocate, path("end"), json!({"reason": "agreed"})),
                _ => {
                    p.advocate.post(&path("pause"), pause).await.expect(200);
                    Sample::send(w, advocate, path("resume"), json!({}))
                }
            }
            .of(known)
        }
        "list_questions" => Sample::get(w, advocate, below(known, "/questions")).of(known),
        "create_question" | "retire_question" => {
            let fresh = w.survivor().await.id;
            let body = json!({"kind": "yes_no", "wording": "As planned?"});
            if id == "create_question" {
                return Some(Sample::send(w, advocate, below(&fresh, "/questions"), body).of(&fresh));
            }
            let question = text(&p.advocate.post(&below(&fresh, "/questions"), body).await.expect(201), "id");
            Sample::get(w, advocate, below(&fresh, &format!("/questions/{question}"))).of(&fresh)
        }
        "record_check_in" => {
            let body = json!({"status": "safe", "recorded_at": w.http.now()});
            Sample::send(w, advocate, below(known, "/check-ins"), body).of(known)
        }
        "list_check_in_reviews" | "create_check_in_review" => {
            let body = json!({"status": "safe", "recorded_at": w.http.now()});
            let made = p.advocate.post(&below(known, "/check-ins"), body).await.expect(201);
            let path = below(known, &format!("/check-ins/{}/reviews", text(&made, "id")));
            match id {
                "list_check_in_reviews" => Sample::get(w, advocate, path),
                _ => Sample::send(w, advocate, path, json!({"kind": "completed"})),
            }
            .of(known)
        }
        _ => return None,
    })
}

async fn contact(w: &World, id: &str) -> Option<Sample> {
    let (p, advocate) = (&w.p, &w.p.advocate.caller);
    let known = &p.survivor.id;
    let below = |path: &str| format!("/partner/v1/survivors/{known}/{path}");
    let trusted = json!({"name": "Bea", "phone": "+44 7700 900789"});
    let own = || async {
        p.phone().put("/app/v1/trusted-contact", trusted.clone()).await.expect(200);
        Sample::get(w, p.phone(), "/app/v1/trusted-contact")
    };
    let Way::Phone { device_id, .. } = &p.phone().way else { panic!("a phone is a phone") };
    let push = format!("/app/v1/devices/{device_id}/push");
    Some(match id {
        "get_own_safe_contact" => Sample::get(w, p.phone(), "/app/v1/safe-contact"),
        "put_push" => Sample::send(w, p.phone(), push, json!({"kind": "fcm", "token": "t"})).of(device_id),
        "delete_push" => Sample::get(w, p.phone(), push).of(device_id),
        "get_own_trusted_contact" | "delete_own_trusted_contact" => own().await,
        "put_own_trusted_contact" => Sample::send(w, p.phone(), "/app/v1/trusted-contact", trusted),
        "get_safe_contact" => Sample::get(w, advocate, below("safe-contact")).of(known),
        "put_safe_contact" => {
            Sample::send(w, advocate, below("safe-contact"), json!({"time_zone": "Europe/London"})).of(known)
        }
        "create_contact" => {
            p.consent(&["contact.push"]).await;
            p.phone().put(&push, Subscriber::new().body("http://127.0.0.1:1025/nobody")).await.expect(200);
            let body = json!({"channel": "push", "template": "call_me"});
            Sample::send(w, advocate, below("contact"), body).of(known)
        }
        "get_trusted_contact" => {
            own().await;
            Sample::get(w, advocate, below("trusted-contact")).of(known)
        }
        "confirm_safe_contact" => {
            for number in ["07700 900123", "07700 900124"] {
                let plan = json!({"time_zone": "Europe/London", "sms": {"allowed": true, "address": number}});
                p.advocate.put(&below("safe-contact"), plan).await.expect(200);
            }
            Sample::send(w, advocate, below("safe-contact/confirm"), json!({"code_word": CODE_WORD})).of(known)
        }
        "confirm_trusted_contact" => {
            own().await;
            Sample::send(w, advocate, below("trusted-contact/confirm"), json!({"code_word": CODE_WORD})).of(known)
        }
        "put_trusted_contact" => Sample::send(w, advocate, below("trusted-contact"), trusted).of(known),
        "get_staff_contact" => Sample::get(w, advocate, "/partner/v1/me/contact"),
        "put_staff_contact" => {
            Sample::send(w, advocate, "/partner/v1/me/contact", json!({"email": "asha@support.example"}))
        }
        _ => return None,
    })
}

async fn record_states(w: &World, id: &str) -> Option<Sample> {
    let (p, advocate) = (&w.p, &w.p.advocate.caller);
    let known = &p.survivor.id;
    let below = |id: &str, path: &str| format!("/partner/v1/survivors/{id}{path}");
    Some(match id {
        "list_transfers" => Sample::get(w, &p.support_supervisor, "/partner/v1/transfers"),
        "create_transfer" | "accept_transfer" | "refuse_transfer" => {
            let (fresh, other) = (survivor(&w.http, &p.advocate, "high").await.id, w.other_support().await);
            let body = json!({"organisation_id": other.0, "reason": "They move.", "is_agreed_with_survivor": true});
            let path = below(&fresh, "/transfers");
            if id == "create_transfer" {
                return Some(Sample::send(w, &p.support_supervisor, path, body).of(&fresh));
            }
            let made = text(&p.support_supervisor.post(&path, body).await.expect(201), "id");
            let path = format!("/partner/v1/transfers/{made}/{}", id.trim_end_matches("_transfer"));
            let caller = if id == "accept_transfer" { &other.1 } else { &p.support_supervisor.caller };
            let body = if id == "accept_transfer" { json!({"staff_id": other.2}) } else { json!({}) };
            Sample::send(w, caller, path, body).of(&made)
        }
        "list_record_changes" => Sample::get(w, advocate, below(known, "/record-changes")).of(known),
        "close_survivor" | "reopen_survivor" => {
            let fresh = survivor(&w.http, &p.advocate, "high").await.id;
            let (close, body) = (below(&fresh, "/close"), json!({"reason": "The work is done."}));
            if id == "close_survivor" {
                return Some(Sample::send(w, &p.support_supervisor, close, body).of(&fresh));
            }
            p.support_supervisor.post(&close, body.clone()).await.expect(200);
            Sample::send(w, advocate, below(&fresh, "/reopen"), body).of(&fresh)
        }
        _ => return None,
    })
}

async fn opened_records(w: &World, id: &str) -> Option<Sample> {
    let (p, advocate) = (&w.p, &w.p.advocate.caller);
    let known = &p.survivor.id;
    let below = |id: &str, path: &str| format!("/partner/v1/survivors/{id}{path}");
    Some(match id {
        "list_colleagues" => Sample::get(w, advocate, "/partner/v1/staff"),
        "list_safe_addresses" => Sample::get(w, advocate, below(known, "/safe-addresses")).of(known),
        "create_safe_address" => {
            let fresh = w.survivor().await.id;
            Sample::send(w, advocate, below(&fresh, "/safe-addresses"), safe_address()).of(&fresh)
        }
        "delete_safe_address" | "create_safe_address_opening" => {
            let survivor = w.alert().await.0.id;
            let made = p.advocate.post(&below(&survivor, "/safe-addresses"), safe_address()).await.expect(201);
            let path = below(&survivor, &format!("/safe-addresses/{}", text(&made, "id")));
            match id {
                "delete_safe_address" => Sample::get(w, advocate, path).of(&survivor),
                _ => Sample::send(w, advocate, format!("{path}/open"), json!({"reason": "Calling 999"})).of(&survivor),
            }
        }
        "create_police_address_opening" => {
            let (alert, address) = w.taken_up_alert_with_an_address().await;
            let path = format!("/police/v1/alerts/{alert}/safe-addresses/{address}/open");
            let headers = vec![
                ("holdfast-officer", p.officer.username.clone()),
                ("holdfast-reason", "Attending the alert".to_owned()),
            ];
            Sample { headers, ..Sample::send(w, &p.police_system, path, json!({})).of(&alert) }
        }
        "list_break_glass" => Sample::get(w, advocate, below(known, "/break-glass")).of(known),
        "create_break_glass" => {
            let body = json!({"reference": w.survivor().await.reference, "reason": "They rang the duty line."});
            Sample::send(w, advocate, "/partner/v1/break-glass", body)
        }
        "create_survivor_break_glass" => {
            let fresh = w.survivor().await.id;
            let body = json!({"reason": "They are still on the telephone."});
            Sample::send(w, advocate, below(&fresh, "/break-glass"), body).of(&fresh)
        }
        _ => return None,
    })
}

fn safe_address() -> Value {
    json!({"kind": "home", "address": "12 Marl Street", "confirmed_on": "2026-11-20"})
}

async fn blocks(w: &World, id: &str) -> Option<Sample> {
    let (p, advocate) = (&w.p, &w.p.advocate.caller);
    let known = &p.survivor.id;
    let below = |id: &str, path: &str| format!("/partner/v1/survivors/{id}{path}");
    Some(match id {
        "create_block" => {
            let fresh = w.survivor().await.id;
            let body = json!({"organisation_id": w.other_force});
            Sample::send(w, advocate, below(&fresh, "/blocks"), body).of(&fresh)
        }
        "create_conflict_of_interest" => {
            let fresh = w.survivor().await.id;
            Sample::send(w, &p.support_supervisor, below(&fresh, "/conflict-of-interest"), json!({})).of(&fresh)
        }
        "approve_block" => {
            let fresh = w.survivor().await.id;
            let body = json!({"organisation_id": w.other_force});
            let block = text(&p.advocate.post(&below(&fresh, "/blocks"), body).await.expect(201), "id");
            let path = below(&fresh, &format!("/blocks/{block}/approve"));
            Sample::send(w, &p.support_supervisor, path, json!({})).of(&fresh)
        }
        "list_blocks" => Sample::get(w, advocate, below(known, "/blocks")).of(known),
        "lift_block" => {
            let fresh = w.survivor().await.id;
            let body = json!({"organisation_id": w.other_force});
            let block = text(&p.advocate.post(&below(&fresh, "/blocks"), body).await.expect(201), "id");
            let body = json!({"reason": "Named by mistake"});
            Sample::send(w, advocate, below(&fresh, &format!("/blocks/{block}/lift")), body).of(&fresh)
        }
        _ => return None,
    })
}

async fn devices(w: &World, id: &str) -> Option<Sample> {
    let (p, advocate) = (&w.p, &w.p.advocate.caller);
    let known = &p.survivor.id;
    let below = |path: &str| format!("/partner/v1/survivors/{known}/{path}");
    Some(match id {
        "confirm_device" => {
            let more = (json!("yes"), json!({}));
            let device = text(&partnership::enrol_unconfirmed(&w.http, advocate, known, more).await, "device_id");
            let (path, body) = (below(&format!("devices/{device}/confirm")), json!({"code_word": CODE_WORD}));
            Sample::send(w, &p.support_supervisor.caller, path, body).of(&device)
        }
        "confirm_device_revocation" => {
            let Way::Phone { device_id, .. } = enrol(&w.http, advocate, known).await.session.way else {
                panic!("a phone is a phone")
            };
            let path = below(&format!("devices/{device_id}/revoke"));
            advocate.post(&path, json!({"reason": "lost"})).await.expect(200);
            let body = json!({"spoke_to_survivor": true, "code_word": CODE_WORD});
            Sample::send(w, advocate, format!("{path}/confirm"), body).of(&device_id)
        }
        "list_survivor_devices" => Sample::get(w, advocate, below("devices")).of(known),
        "revoke_own_device" | "revoke_device" => {
            let Way::Phone { device_id, .. } = enrol(&w.http, advocate, known).await.session.way else {
                panic!("a phone is a phone")
            };
            let lost = json!({"reason": "lost"});
            match id {
                "revoke_device" => Sample::send(w, advocate, below(&format!("devices/{device_id}/revoke")), lost),
                _ => Sample::send(w, p.phone(), format!("/app/v1/devices/{device_id}/revoke"), lost),
            }
            .of(&device_id)
        }
        _ => return None,
    })
}

async fn programme(w: &World, id: &str) -> Option<Sample> {
    let (p, practitioner) = (&w.p, &w.p.practitioner.caller);
    let known = &p.participant;
    let below = |path: &str| format!("/partner/v1/participants/{known}{path}");
    Some(match id {
        "list_participants" => Sample::get(w, practitioner, "/partner/v1/participants"),
        "create_participant" => {
            let body = json!({"name": "Sam Reed", "home_force_id": "south-yorkshire"});
            Sample::send(w, practitioner, "/partner/v1/participants", body)
        }
        "get_participant" => Sample::get(w, practitioner, below("")).of(known),
        "list_goals" => Sample::get(w, practitioner, below("/goals")).of(known),
        "list_participant_orders" => Sample::get(w, practitioner, below("/orders")).of(known),
        "list_programme_sessions" => Sample::get(w, practitioner, below("/sessions")).of(known),
        "create_goal" => {
            let levels = json!({"-2": "a", "-1": "b", "0": "c", "1": "d", "2": "e"});
            let body = json!({"statement": "No messages", "domain": "no_contact", "survivor_benefit": "Quiet",
                "levels": levels, "baseline": -1, "weight": 1});
            Sample::send(w, practitioner, below("/goals"), body).of(known)
        }
        "create_order" => {
            let conditions = json!([{"kind": "prohibition", "code": "no_contact", "wording": "No contact"}]);
            let body = json!({"kind": "restraining_order", "made_on": "2026-09-01", "conditions": conditions});
            Sample::send(w, practitioner, below("/orders"), body).of(known)
        }
        "list_participant_concerns" => Sample::get(w, practitioner, below("/concerns")).of(known),
        "create_participant_concern" => {
            let body = json!({"kind": "intent_to_contact", "is_imminent": false, "note": "Said so on leaving",
                "words": "May ring"});
            Sample::send(w, practitioner, below("/concerns"), body).of(known)
        }
        "create_programme_session" => {
            Sample::send(w, practitioner, below("/sessions"), w.session_body().await).of(known)
        }
        "put_attendance" => {
            let path = below(&format!("/sessions/{}/attendance", w.session().await));
            Sample::send(w, practitioner, path, json!({"attendance": "attended"})).of(known)
        }
        "put_session_attendance" => {
            let session = w.session().await;
            let path = format!("/partner/v1/sessions/{session}/attendance");
            Sample::send(w, practitioner, path, json!({"attendance": "attended"})).of(&session)
        }
        "create_goal_review" => {
            let body = json!({"score": 0, "note": "Four quiet weeks", "reviewed_on": "2026-11-20"});
            Sample::send(w, practitioner, format!("/partner/v1/goals/{}/reviews", p.goal), body).of(&p.goal)
        }
        "create_goal_review_correction" => {
            let path = format!("/partner/v1/goals/{}/reviews", p.goal);
            let body = json!({"score": 1, "note": "A slip", "reviewed_on": "2026-11-20"});
            let made = p.practitioner.post(&path, body).await.expect(201);
            let path = format!("{path}/{}/corrections", text(&made, "id"));
            Sample::send(w, practitioner, path, json!({"reason": "Scored for another goal."})).of(&p.goal)
        }
        _ => return linked(w, id).await,
    })
}

async fn linked(w: &World, id: &str) -> Option<Sample> {
    let (p, practitioner, case) = (&w.p, &w.p.practitioner.caller, &w.p.case);
    Some(match id {
        "list_cases" => Sample::get(w, practitioner, "/partner/v1/cases"),
        "create_case" => Sample::send(w, &p.advocate, "/partner/v1/cases", w.case_body().await),
        "approve_case" => {
            let made = p.advocate.post("/partner/v1/cases", w.case_body().await).await.expect(201);
            let id = text(&made, "id");
            Sample::send(w, &p.support_supervisor, format!("/partner/v1/cases/{id}/approve"), json!({})).of(&id)
        }
        "get_case" => Sample::get(w, practitioner, format!("/partner/v1/cases/{case}")).of(case),
        "get_case_view" => Sample::get(w, practitioner, format!("/partner/v1/cases/{case}/view")).of(case),
        "list_case_timeline" => Sample::get(w, practitioner, format!("/partner/v1/cases/{case}/timeline")).of(case),
        _ => return None,
    })
}

async fn rota(w: &World, id: &str) -> Option<Sample> {
    let (p, supervisor) = (&w.p, &w.p.support_supervisor.caller);
    let shift = json!({"staff_id": p.advocate.id, "place": "duty", "starts_at": w.http.now(),
        "ends_at": w.http.now().plus_hours(8)});
    Some(match id {
        "get_rota" => Sample::get(w, supervisor, "/partner/v1/rota"),
        "create_rota_shift" => Sample::send(w, supervisor, "/partner/v1/rota/shifts", shift),
        "cancel_rota_shift" => {
            let made = text(&p.support_supervisor.post("/partner/v1/rota/shifts", shift).await.expect(201), "id");
            let path = format!("/partner/v1/rota/shifts/{made}/cancel");
            Sample::send(w, supervisor, path, json!({"reason": "sickness"})).of(&made)
        }
        _ => return ladders(w, id).await,
    })
}

/// A ladder that may be published: like the default for high risk, with the supervisor told at once.
fn ladder_body() -> Value {
    json!({"code": "high_risk", "steps": [{"wait_minutes": 0, "tell": ["advocate", "duty", "supervisor"]},
        {"wait_minutes": 30, "tell": ["police"]}],
        "repeat": {"every_minutes": 15, "tell": ["advocate", "supervisor", "police"]}})
}

async fn ladders(w: &World, id: &str) -> Option<Sample> {
    let supervisor = &w.p.support_supervisor.caller;
    let now = w.http.now();
    match id {
        "list_ladders" => return Some(Sample::get(w, supervisor, "/partner/v1/ladders")),
        "create_ladder" => return Some(Sample::send(w, supervisor, "/partner/v1/ladders", ladder_body())),
        _ if !id.contains("ladder") || id == "get_ladder" => return silences(w, id).await,
        _ => {}
    }
    let made = text(&w.p.support_supervisor.post("/partner/v1/ladders", ladder_body()).await.expect(201), "id");
    let path = |act: &str| format!("/partner/v1/ladders/{made}{act}");
    Some(match id {
        "get_organisation_ladder" => Sample::get(w, supervisor, path("")).of(&made),
        "put_ladder" => {
            let tag = vec![("if-match", "\"v1\"".to_owned())];
            Sample { headers: tag, ..Sample::send(w, supervisor, path(""), ladder_body()).of(&made) }
        }
        "validate_ladder" => Sample::send(w, supervisor, path("/validate"), json!({})).of(&made),
        "simulate_ladder" => Sample::send(w, supervisor, path("/simulate"), json!({"at": now})).of(&made),
        "publish_ladder" => {
            w.p.support_supervisor.post(&path("/simulate"), json!({"at": now})).await.expect(200);
            let known = json!({"uncovered_acknowledged": true});
            Sample::send(w, supervisor, path("/publish"), known).of(&made)
        }
        _ => return None,
    })
}

async fn silences(w: &World, id: &str) -> Option<Sample> {
    let supervisor = &w.p.support_supervisor.caller;
    let body = json!({"rule_group": "missed", "until": w.http.now().plus_hours(2), "reason": "network_outage"});
    Some(match id {
        "list_silences" => Sample::get(w, supervisor, "/partner/v1/silences"),
        "create_silence" => Sample::send(w, supervisor, "/partner/v1/silences", body),
        "end_silence" => {
            let made = text(&w.p.support_supervisor.post("/partner/v1/silences", body).await.expect(201), "id");
            Sample::send(w, supervisor, format!("/partner/v1/silences/{made}/end"), json!({})).of(&made)
        }
        "get_storms" => Sample::get(w, supervisor, "/partner/v1/storms"),
        "get_all_storms" => Sample::get(w, &w.p.admin, "/admin/v1/storms"),
        _ => return None,
    })
}

async fn alerts(w: &World, id: &str) -> Option<Sample> {
    let (p, advocate) = (&w.p, &w.p.advocate.caller);
    match id {
        "list_alerts" => return Some(Sample::get(w, advocate, "/partner/v1/alerts")),
        "get_events" => return Some(Sample::get(w, advocate, "/partner/v1/events?stay_seconds=0")),
        "release_alert" => {
            let alert = w.silent_alert().await;
            let path = format!("/partner/v1/alerts/{alert}/release");
            return Some(Sample::send(w, advocate, path, json!({})).of(&alert));
        }
        "create_alert_location_opening" => {
            let alert = w.located_alert().await;
            let path = format!("/partner/v1/alerts/{alert}/location");
            return Some(Sample::send(w, advocate, path, json!({"reason": "Calling 999 for you"})).of(&alert));
        }
        "list_tasks" => return Some(Sample::get(w, advocate, "/partner/v1/tasks")),
        "list_overrides" => return Some(Sample::get(w, advocate, "/partner/v1/overrides")),
        "create_override" => return Some(Sample::send(w, advocate, "/partner/v1/overrides", override_body(w).await)),
        "approve_override" | "review_override" | "withhold_override" => {
            let made = p.advocate.post("/partner/v1/overrides", override_body(w).await).await.expect(201);
            let (made, act) = (text(&made, "id"), id.trim_end_matches("_override"));
            let body = match act {
                "review" => json!({"is_upheld": true, "note": "It was right."}),
                "withhold" => json!({"reason": "The participant reads their phone."}),
                _ => json!({}),
            };
            let path = format!("/partner/v1/overrides/{made}/{act}");
            return Some(Sample::send(w, &p.support_supervisor, path, body).of(&made));
        }
        "get_task_safe_contact" => {
            let task = w.call().await;
            return Some(Sample::get(w, advocate, format!("/partner/v1/tasks/{task}/safe-contact")).of(&task));
        }
        "create_exercise" => {
            let body = json!({"survivor_id": w.survivor().await.id});
            return Some(Sample::send(w, &p.support_supervisor, "/partner/v1/exercises", body));
        }
        _ if !id.contains("alert") && !id.contains("outcome") && id != "complete_task" => return None,
        _ => {}
    }
    alert_acts(w, id).await
}

/// An alert that a setting keeps from the police, and what is asked for it.
async fn override_body(w: &World) -> Value {
    let fresh = survivor(&w.http, &w.p.advocate, "high").await;
    let alert = help_now(&fresh.phone.session).await;
    json!({"survivor_id": fresh.id, "alert_id": alert["id"], "basis": "vital_interests", "necessity": "Nobody answers.",
        "what": ["alert"], "recipient_organisation_id": w.p.force, "is_imminent": true})
}

/// What is done about one alert.
async fn alert_acts(w: &World, id: &str) -> Option<Sample> {
    let (p, advocate) = (&w.p, &w.p.advocate.caller);
    let act = |id: &str, act: &str, body: Value| {
        Sample::send(w, advocate, format!("/partner/v1/alerts/{id}/{act}"), body).of(id)
    };
    let alert = w.alert().await.1;
    let (alert, reference) = (text(&alert, "id"), text(&alert, "reference"));
    let police = |path: &str| format!("/police/v1/alerts/{reference}{path}");
    let note = json!({"note": "Rang them"});
    Some(match id {
        "get_alert" => Sample::get(w, advocate, format!("/partner/v1/alerts/{alert}")).of(&alert),
        "acknowledge_alert" => act(&alert, "acknowledge", note),
        "progress_alert" => {
            p.advocate.post(&format!("/partner/v1/alerts/{alert}/acknowledge"), note.clone()).await;
            act(&alert, "progress", note)
        }
        "resolve_alert" => act(&alert, "resolve", json!({"note": "Safe", "code_word": CODE_WORD})),
        "stand_down_alert" => act(&alert, "stand-down", json!({"note": "Safe", "code_word": CODE_WORD})),
        "reopen_alert" => {
            let closing = json!({"note": "Safe", "code_word": CODE_WORD});
            p.advocate.post(&format!("/partner/v1/alerts/{alert}/resolve"), closing).await;
            act(&alert, "reopen", json!({"reason": "new_information"}))
        }
        "raise_alert_level" => {
            let path = "/app/v1/check-ins";
            let survivor = w.survivor().await;
            let body = json!({"status": "concern", "recorded_at": w.http.now()});
            let concern = survivor.phone.session.post(path, body).await.expect(201);
            act(&text(&concern["alert"], "id"), "raise-level", json!({"level": 4, "note": "Seen at the gate"}))
        }
        "release_outcome" => {
            let body = json!({"officer": p.officer.username, "outcome": "safe_and_well"});
            p.police_system.post(&police("/outcome"), body).await.expect(200);
            act(&alert, "release-outcome", json!({}))
        }
        "withhold_outcome" => {
            let body = json!({"officer": p.officer.username, "outcome": "no_trace"});
            p.police_system.post(&police("/outcome"), body).await.expect(200);
            act(&alert, "withhold-outcome", json!({"reason": "told_in_person"}))
        }
        "complete_task" => {
            let tasks = p.advocate.list("/partner/v1/tasks").await;
            let task = tasks.iter().find(|task| task["alert_id"] == alert.as_str()).expect("an emergency makes a task");
            let task = text(task, "id");
            Sample::send(w, advocate, format!("/partner/v1/tasks/{task}/complete"), note).of(&task)
        }
        _ => return None,
    })
}

/// The police's own side.
async fn police(w: &World, id: &str) -> Option<Sample> {
    let p = &w.p;
    match id {
        "list_police_alerts" => return Some(Sample::get(w, &p.police_system, "/police/v1/alerts")),
        "get_police_alert" | "acknowledge_police_alert" | "create_police_outcome" => {}
        _ => return None,
    }
    let reference = text(&w.alert().await.1, "reference");
    let police = |path: &str| format!("/police/v1/alerts/{reference}{path}");
    Some(match id {
        "get_police_alert" => {
            let stated =
                [("holdfast-officer", p.officer.username.clone()), ("holdfast-reason", "Attending".to_owned())];
            Sample { headers: stated.to_vec(), ..Sample::get(w, &p.police_system, police("")).of(&reference) }
        }
        "acknowledge_police_alert" => {
            let body = json!({"officer": p.officer.username, "grade": "grade_1"});
            Sample::send(w, &p.police_system, police("/acknowledge"), body).of(&reference)
        }
        "create_police_outcome" => {
            let body = json!({"officer": p.officer.username, "outcome": "safe_and_well"});
            Sample::send(w, &p.police_system, police("/outcome"), body).of(&reference)
        }
        _ => return None,
    })
}

/// Webhook endpoints and the log of attempts.
async fn endpoints(w: &World, id: &str) -> Option<Sample> {
    let admin = &w.p.admin;
    if id == "list_webhook_endpoints" {
        return Some(Sample::get(w, admin, "/admin/v1/webhook-endpoints"));
    }
    if !id.contains("webhook") && !id.contains("deliver") || id == "create_webhook_endpoint" {
        return None;
    }
    let body = json!({"organisation_id": w.other_force, "url": "https://alerts.example.org/in", "description": "x"});
    let known = text(&admin.post("/admin/v1/webhook-endpoints", body).await.expect(201), "id");
    let path = format!("/admin/v1/webhook-endpoints/{known}");
    Some(match id {
        "get_webhook_endpoint" => Sample::get(w, admin, path).of(&known),
        "patch_webhook_endpoint" => {
            let tag = admin.get(&path).await.header("etag").unwrap().to_owned();
            let sample = Sample::send(w, admin, path, json!({"description": "Night desk"})).of(&known);
            Sample { headers: vec![("if-match", tag)], ..sample }
        }
        "approve_webhook_endpoint" => Sample::send(w, admin, format!("{path}/approve"), approval()).of(&known),
        "rotate_webhook_endpoint" => Sample::send(w, admin, format!("{path}/rotate"), json!({})).of(&known),
        "test_webhook_endpoint" => Sample::send(w, admin, format!("{path}/test"), json!({})).of(&known),
        "list_webhook_deliveries" => Sample::get(w, admin, format!("{path}/deliveries")).of(&known),
        "list_delivery_attempts" | "replay_delivery" => {
            let sent = w.answered_delivery().await;
            match id {
                "replay_delivery" => Sample::send(w, admin, format!("/admin/v1/deliveries/{sent}/replay"), json!({})),
                _ => Sample::get(w, admin, format!("/admin/v1/deliveries/{sent}/attempts")),
            }
            .of(&sent)
        }
        _ => return None,
    })
}

/// An approval of something that does not wait.
fn approval() -> Value {
    json!({"request_id": Uuid::new_v4()})
}

fn staff_body(w: &World) -> Value {
    let username = format!("new.{}", Uuid::new_v4().simple());
    json!({"username": username, "display_name": "Somebody New", "organisation_id": w.p.support, "roles": ["advocate"]})
}

/// Accounts that are made.
async fn accounts(w: &World, id: &str) -> Option<Sample> {
    let admin = &w.p.admin;
    Some(match id {
        "list_organisations" => Sample::get(w, admin, "/admin/v1/organisations"),
        "get_organisation" | "patch_organisation" => {
            let known = admin.post("/admin/v1/organisations", json!({"kind": "commissioner", "name": "Another"})).await;
            let known = text(&known.expect(201), "id");
            let sample = Sample::get(w, admin, format!("/admin/v1/organisations/{known}")).of(&known);
            match id {
                "get_organisation" => sample,
                _ => {
                    let body = Some(json!({"name": "A better name"}));
                    Sample { headers: vec![("if-match", "\"v1\"".to_owned())], body, ..sample }
                }
            }
        }
        "list_staff" => Sample::get(w, admin, "/admin/v1/staff"),
        "list_second_person_requests" => Sample::get(w, admin, "/admin/v1/second-person-requests"),
        // Where nothing waits there is nothing to decide; see two_people.rs.
        "refuse_second_person_request" => {
            let known = Uuid::new_v4().to_string();
            let path = format!("/admin/v1/second-person-requests/{known}/refuse");
            Sample::send(w, admin, path, json!({})).of(&known)
        }
        "list_police_clients" => Sample::get(w, admin, "/admin/v1/police-clients"),
        "disable_staff" | "create_setup_code" | "patch_staff" => {
            let known = text(&admin.post("/admin/v1/staff", staff_body(w)).await.expect(201), "id");
            match id {
                "disable_staff" => {
                    Sample::send(w, admin, format!("/admin/v1/staff/{known}/disable"), json!({"reason": "left"}))
                }
                "patch_staff" => {
                    Sample::send(w, admin, format!("/admin/v1/staff/{known}"), json!({"roles": ["administrator"]}))
                }
                _ => Sample::send(w, admin, format!("/admin/v1/staff/{known}/setup-code"), json!({"reason": "lost"})),
            }
            .of(&known)
        }
        "approve_staff" => {
            let known = &w.p.advocate.id;
            Sample::send(w, admin, format!("/admin/v1/staff/{known}/approve"), approval()).of(known)
        }
        "approve_police_client" => {
            let body = json!({"organisation_id": w.other_force, "name": "Control room"});
            let known = text(&admin.post("/admin/v1/police-clients", body).await.expect(201), "client_id");
            Sample::send(w, admin, format!("/admin/v1/police-clients/{known}/approve"), approval()).of(&known)
        }
        "revoke_police_client" => {
            let body = json!({"organisation_id": w.other_force, "name": "Control room"});
            let known = text(&admin.post("/admin/v1/police-clients", body).await.expect(201), "client_id");
            let path = format!("/admin/v1/police-clients/{known}/revoke");
            Sample::send(w, admin, path, json!({"reason": "not_safe"})).of(&known)
        }
        _ => return None,
    })
}

fn administration(w: &World, id: &str) -> Option<Sample> {
    let (admin, nobody) = (&w.p.admin, w.http.nobody());
    Some(match id {
        "create_organisation" => {
            Sample::send(w, admin, "/admin/v1/organisations", json!({"kind": "commissioner", "name": "Another"}))
        }
        "create_staff" => Sample::send(w, admin, "/admin/v1/staff", staff_body(w)),
        "create_police_client" => {
            let body = json!({"organisation_id": w.other_force, "name": "Control room"});
            Sample::send(w, admin, "/admin/v1/police-clients", body)
        }
        "create_webhook_endpoint" => {
            let body = json!({"organisation_id": w.other_force, "url": "https://alerts.example.org/in",
                "description": "Control room"});
            Sample::send(w, admin, "/admin/v1/webhook-endpoints", body)
        }
        "list_lawful_bases" => {
            Sample::get(w, admin, format!("/admin/v1/organisations/{}/lawful-bases", w.p.support)).of(&w.p.support)
        }
        "put_lawful_basis" => {
            let path = format!("/admin/v1/organisations/{}/lawful-bases/programme", w.p.support);
            Sample::send(w, admin, path, json!({"basis": "public_task"})).of(&w.p.support)
        }
        "get_live" => Sample::get(w, &nobody, "/health/live"),
        "get_ready" => Sample::get(w, &nobody, "/health/ready"),
        "get_watch" => Sample::get(w, &nobody, "/health/watch"),
        "list_order_kinds" => Sample::get(w, &nobody, "/public/v1/order-kinds"),
        "list_condition_codes" => Sample::get(w, &nobody, "/public/v1/condition-codes"),
        "list_behaviours" => Sample::get(w, &nobody, "/public/v1/behaviours"),
        "list_forces" => Sample::get(w, &nobody, "/public/v1/forces"),
        "get_contract" => Sample::get(w, &nobody, "/public/v1/openapi.yaml"),
        "get_contract_as_json" => Sample::get(w, &nobody, "/public/v1/openapi.json"),
        "get_audience_contract" => Sample::get(w, &nobody, "/public/v1/openapi/public.json"),
        "list_support_services" => Sample::get(w, &nobody, "/public/v1/support-services"),
        _ => return None,
    })
}
