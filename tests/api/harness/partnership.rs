//! The people and records that most stories begin with, made over HTTP as an administrator and staff would.

use std::sync::Arc;

use serde_json::{Value, json};

use super::PASSWORD;
use super::caller::{Caller, Http, Way, text};
use super::police::Police;

pub const FORCE: &str = "south-yorkshire";
pub const PIN: &str = "4821";
pub const CODE_WORD: &str = "marigold";
/// What must never reach the programme's staff or the police.
pub const SURVIVOR_NAME: &str = "Zephyrine";
/// What must never reach the survivor or the police's webhook.
pub const PARTICIPANT_NAME: &str = "Ptolemy Quill";
pub const DUTY_PHONE: &str = "+44 114 496 0000";

/// A member of staff.
pub struct Person {
    pub id: String,
    pub username: String,
    pub caller: Caller,
}

/// So that a person is asked as a caller is: `advocate.get(…)`.
impl std::ops::Deref for Person {
    type Target = Caller;

    fn deref(&self) -> &Caller {
        &self.caller
    }
}

/// A survivor, and the phone that was enrolled for them.
pub struct Survivor {
    pub id: String,
    pub reference: String,
    pub phone: Phone,
}

/// A phone: its session, unlocked anew when needed, and its SOS token.
pub struct Phone {
    pub session: Caller,
    pub sos: Caller,
}

/// A partnership: three organisations, their people, a survivor, a participant, and an active case between the two.
/// Nothing is shared yet: consents and alert settings are off.
pub struct Partnership {
    pub admin: Caller,
    pub support: String,
    pub programme: String,
    pub force: String,
    pub advocate: Person,
    pub support_supervisor: Person,
    pub practitioner: Person,
    pub programme_supervisor: Person,
    pub officer: Person,
    /// The force's system, on `/police/v1`.
    pub police_system: Caller,
    /// The force's receiver of webhooks.
    pub police: Arc<Police>,
    pub survivor: Survivor,
    pub participant: String,
    pub participant_reference: String,
    pub condition: String,
    pub goal: String,
    pub case: String,
    pub case_reference: String,
}

impl Partnership {
    pub async fn found(http: &Http, admin: Caller, police: Arc<Police>, risk: &str) -> Self {
        let support = organisation(
            &admin,
            json!({"kind": "survivor_support", "name": "Lighthouse",
            "duty_desk_phone": DUTY_PHONE}),
        );
        let support = support.await;
        let programme = organisation(&admin, json!({"kind": "programme_provider", "name": "Turning Point"})).await;
        let force = organisation(
            &admin,
            json!({"kind": "police_force", "name": "South Yorkshire Police",
            "force_id": FORCE}),
        );
        let force = force.await;
        let advocate = staff(http, &admin, &support, "asha", &["advocate"]).await;
        let support_supervisor = staff(http, &admin, &support, "sunniva", &["supervisor"]).await;
        let practitioner = staff(http, &admin, &programme, "pilar", &["practitioner"]).await;
        let programme_supervisor = staff(http, &admin, &programme, "tomasz", &["supervisor"]).await;
        let officer = staff(http, &admin, &force, "pc.4417", &["police"]).await;
        let police_system = police_system(http, &admin, &force).await;
        endpoint(&admin, &force, &police).await;
        let survivor = survivor(http, &advocate, risk).await;
        let participant = participant(&practitioner).await;
        let condition = order(&practitioner, &participant.0).await;
        let goal = goal(&practitioner, &participant.0).await;
        let case = case(&advocate, &survivor.reference, &participant.1).await;
        for supervisor in [&support_supervisor, &programme_supervisor] {
            supervisor.post(&format!("/partner/v1/cases/{}/approve", case.0), json!({})).await.expect(200);
        }
        Self {
            admin,
            support,
            programme,
            force,
            advocate,
            support_supervisor,
            practitioner,
            programme_supervisor,
            officer,
            police_system,
            police,
            survivor,
            participant: participant.0,
            participant_reference: participant.1,
            condition,
            goal,
            case: case.0,
            case_reference: case.1,
        }
    }

    /// The survivor's phone with its session.
    pub fn phone(&self) -> &Caller {
        &self.survivor.phone.session
    }

    /// The survivor's phone without one.
    pub fn sos(&self) -> &Caller {
        &self.survivor.phone.sos
    }

    /// Turns scopes and settings on.
    pub async fn consent(&self, scopes: &[&str]) {
        for scope in scopes {
            self.decide(scope, true).await;
        }
    }

    /// Turns one scope or setting on or off; answers the receipt.
    pub async fn decide(&self, scope: &str, granted: bool) -> Value {
        let version =
            if ["location.release_alert", "contact.sms", "service.core"].contains(&scope) { "2" } else { "1" };
        let body = json!({"granted": granted, "text_version": version});
        self.phone().put(&format!("/app/v1/consents/{scope}"), body).await.expect(200)
    }

    /// Keeps a whole force out of the survivor's record, which takes two people.
    pub async fn block_force(&self, force: &str) -> Value {
        self.block_force_of(&self.survivor.id, force).await
    }

    /// The same for another survivor of theirs.
    pub async fn block_force_of(&self, survivor: &str, force: &str) -> Value {
        let path = format!("/partner/v1/survivors/{survivor}/blocks");
        let asked = self.advocate.post(&path, json!({"organisation_id": force})).await.expect(201);
        let approve = format!("{path}/{}/approve", text(&asked, "id"));
        self.support_supervisor.post(&approve, json!({})).await.expect(200)
    }

    /// A daily schedule at a local time in Europe/London, open an hour before, with half an hour of grace.
    pub async fn schedule(&self, local_time: &str) -> Value {
        let body = json!({"time_zone": "Europe/London", "local_times": [local_time], "opens_minutes_before": 60,
            "grace_minutes": 30});
        self.advocate.post(&format!("/partner/v1/survivors/{}/schedules", self.survivor.id), body).await.expect(201)
    }

    /// Presses help-now with the session; answers the alert.
    pub async fn help_now(&self) -> Value {
        help_now(self.phone()).await
    }

    /// All alerts, as the advocate sees them, the newest first.
    pub async fn alerts(&self) -> Vec<Value> {
        self.advocate.list("/partner/v1/alerts").await
    }

    /// Tasks of one kind, as the advocate and the supervisor of the support organisation see them.
    pub async fn tasks(&self, kind: &str) -> Vec<Value> {
        let mut tasks = self.advocate.list("/partner/v1/tasks").await;
        for task in self.support_supervisor.list("/partner/v1/tasks").await {
            if tasks.iter().all(|known| known["id"] != task["id"]) {
                tasks.push(task);
            }
        }
        tasks.retain(|task| task["kind"] == kind);
        tasks
    }

    /// Does something about an alert as the advocate: `acknowledge`, `progress`, `resolve`, `stand-down`.
    pub async fn act(&self, alert: &str, act: &str, body: Value) -> super::Reply {
        self.advocate.post(&format!("/partner/v1/alerts/{alert}/{act}"), body).await
    }
}

/// Presses help-now; answers the alert.
pub async fn help_now(phone: &Caller) -> Value {
    let body = json!({"recorded_at": phone.http.now()});
    phone.post("/app/v1/help-now", body).await.expect(201)["alert"].clone()
}

pub async fn organisation(admin: &Caller, body: Value) -> String {
    text(&admin.post("/admin/v1/organisations", body).await.expect(201), "id")
}

/// Makes an account and sets it up.
pub async fn staff(http: &Http, admin: &Caller, organisation: &str, username: &str, roles: &[&str]) -> Person {
    let body = json!({"username": username, "display_name": format!("{username} Ashworth"),
        "organisation_id": organisation, "roles": roles});
    let made = admin.post("/admin/v1/staff", body).await.expect(201);
    let setup = json!({"setup_code": made["setup_code"], "password": PASSWORD});
    http.nobody().post("/partner/v1/setup", setup).await.expect(201);
    Person { id: text(&made, "id"), username: username.to_owned(), caller: Caller::staff(http, username, PASSWORD) }
}

pub async fn police_system(http: &Http, admin: &Caller, force: &str) -> Caller {
    let body = json!({"organisation_id": force, "name": "Control room"});
    let made = admin.post("/admin/v1/police-clients", body).await.expect(201);
    let (client_id, client_secret) = (text(&made, "client_id"), text(&made, "client_secret"));
    Caller::new(http, Way::PoliceSystem { client_id, client_secret })
}

/// Makes an endpoint of a force for a receiver, and gives the receiver its keys; answers the endpoint's id.
pub async fn endpoint(admin: &Caller, force: &str, police: &Police) -> String {
    let body = json!({"organisation_id": force, "url": police.url, "description": "Control room"});
    let made = admin.post("/admin/v1/webhook-endpoints", body).await.expect(201);
    police.holds_keys(&text(&made, "secret"), &text(&made, "public_key"));
    text(&made, "id")
}

/// Makes a survivor's record and enrols their phone.
pub async fn survivor(http: &Http, advocate: &Caller, risk: &str) -> Survivor {
    let body = json!({"preferred_name": SURVIVOR_NAME, "home_force_id": FORCE, "risk_rating": risk});
    let made = advocate.post("/partner/v1/survivors", body).await.expect(201);
    let id = text(&made, "id");
    let phone = enrol(http, advocate, &id).await;
    Survivor { id, reference: text(&made, "reference"), phone }
}

/// Enrols a phone for a survivor. A further one is confirmed by the supervisor, and hides from no other phone.
pub async fn enrol(http: &Http, advocate: &Caller, survivor: &str) -> Phone {
    let enrolled = enrol_with(http, advocate, survivor, json!({"code_word": CODE_WORD})).await;
    let session = Caller::new(http, way(&enrolled, PIN));
    Phone { session, sos: Caller::new(http, Way::Sos { token: text(&enrolled, "sos_token") }) }
}

/// The same with more in the body; answers what the phone was answered.
pub async fn enrol_with(http: &Http, advocate: &Caller, survivor: &str, more: Value) -> Value {
    let enrolled = enrol_unconfirmed(http, advocate, survivor, (json!("yes"), more)).await;
    if enrolled["is_confirmed"] == false {
        confirm(http, survivor, &text(&enrolled, "device_id")).await;
    }
    enrolled
}

/// Enrols a phone that nobody has confirmed yet, with what was said of the phones before it.
pub async fn enrol_unconfirmed(http: &Http, advocate: &Caller, survivor: &str, (old, more): (Value, Value)) -> Value {
    let path = format!("/partner/v1/survivors/{survivor}/enrolment-codes");
    let code = advocate.post(&path, json!({"old_phone_alone_with_them": old})).await.expect(201);
    let mut body = json!({"code": code["code"], "pin": PIN, "device_name": "My phone"});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    http.nobody().post("/app/v1/enrol", body).await.expect(201)
}

/// Confirms a phone of a survivor of the partnership as its supervisor, who has heard the code word.
pub async fn confirm(http: &Http, survivor: &str, device: &str) {
    let supervisor = Caller::staff(http, "sunniva", PASSWORD);
    let path = format!("/partner/v1/survivors/{survivor}/devices/{device}/confirm");
    supervisor.post(&path, json!({"code_word": CODE_WORD})).await.expect(200);
}

/// The way into a phone that was enrolled, by a PIN.
pub fn way(enrolled: &Value, pin: &str) -> Way {
    let (device_id, device_secret) = (text(enrolled, "device_id"), text(enrolled, "device_secret"));
    Way::Phone { device_id, device_secret, pin: pin.to_owned() }
}

/// Enrols a phone with a duress PIN, and unlocks it with that.
pub async fn unlock_under_duress(http: &Http, advocate: &Caller, survivor: &str) {
    under_duress(http, advocate, survivor).await.forget_tokens().await;
}

/// Enrols a phone with a duress PIN, and unlocks it with that; answers the session.
pub async fn under_duress(http: &Http, advocate: &Caller, survivor: &str) -> Caller {
    let enrolled = enrol_with(http, advocate, survivor, json!({"duress_pin": "7305"})).await;
    let session = Caller::new(http, way(&enrolled, "7305"));
    session.get("/app/v1/check-ins").await.expect(200);
    session
}

/// A participant; answers id and reference.
pub async fn participant(practitioner: &Caller) -> (String, String) {
    let body = json!({"name": PARTICIPANT_NAME, "home_force_id": FORCE});
    let made = practitioner.post("/partner/v1/participants", body).await.expect(201);
    (text(&made, "id"), text(&made, "reference"))
}

/// A Stalking Protection Order with one prohibition, made 81 days ago by the story's clock and served the day after,
/// for two years; answers the condition's id.
pub async fn order(practitioner: &Caller, participant: &str) -> String {
    let now = practitioner.http.now();
    let day = |days: i64| now.plus_days(days).to_string().chars().take(10).collect::<String>();
    let body = json!({"kind": "spo", "court": "Sheffield Magistrates' Court", "made_on": day(-81),
        "served_on": day(-80), "expires_on": day(650), "police_reference": "14/1234/26", "is_notified_otherwise": true,
        "conditions": [{"kind": "prohibition", "code": "approach_within_distance",
            "wording": "Not to come within 200 metres of the home"}]});
    let made = practitioner.post(&format!("/partner/v1/participants/{participant}/orders"), body).await.expect(201);
    text(&made["conditions"][0], "id")
}

/// A goal of a participant; answers its id.
pub async fn goal(practitioner: &Caller, participant: &str) -> String {
    let body = json!({"statement": "No contact with the survivor by any means", "domain": "no_contact",
        "survivor_benefit": "They can use their telephone without fear",
        "participant_wording": "Let urges pass without acting on them",
        "levels": {"-2": "Attempts every week", "-1": "One attempt in four weeks", "0": "None in four weeks",
            "1": "None in eight weeks", "2": "None in twelve weeks"},
        "baseline": -1, "weight": 1});
    let made = practitioner.post(&format!("/partner/v1/participants/{participant}/goals"), body).await.expect(201);
    text(&made, "id")
}

/// A proposed case; answers id and reference.
pub async fn case(proposer: &Caller, survivor_reference: &str, participant_reference: &str) -> (String, String) {
    let body = json!({"survivor_reference": survivor_reference, "participant_reference": participant_reference,
        "relationship": "former_partner"});
    let made = proposer.post("/partner/v1/cases", body).await.expect(201);
    (text(&made, "id"), text(&made, "reference"))
}
