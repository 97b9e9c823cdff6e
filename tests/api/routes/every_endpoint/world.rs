//! Two of everything: a partnership with its records, and strangers who hold the same roles elsewhere.

use serde_json::{Value, json};
use tokio::sync::OnceCell;

use crate::harness::partnership::{self, FORCE, Phone, Survivor, organisation, police_system, staff};
use crate::harness::{Caller, Http, Partnership, Person, TestApp, text};

/// Records made once, at the first need.
#[derive(Default)]
struct Kept {
    survivor: OnceCell<Survivor>,
    alert: OnceCell<(Survivor, Value)>,
}

/// Whoever a test of this file needs.
pub struct World {
    pub http: Http,
    pub p: Partnership,
    pub other_force: String,
    pub commissioner: Person,
    pub commissioner_organisation: String,
    pub auditor: Person,
    other_commissioner: Person,
    other_advocate: Person,
    other_support_supervisor: Person,
    other_practitioner: Person,
    other_programme_supervisor: Person,
    other_officer: Person,
    other_system: Caller,
    other_survivor: Survivor,
    /// What may serve for several calls, since none of them goes through.
    kept: Option<Kept>,
}

impl World {
    /// A world in which every sample is made of fresh records.
    pub async fn fresh(app: &TestApp) -> Self {
        Self { kept: None, ..Self::new(app).await }
    }

    /// A world for calls that are refused: samples share their records.
    pub async fn new(app: &TestApp) -> Self {
        let (http, p) = (app.http.clone(), app.partnership().await);
        p.consent(&["share.programme.status", "alert.police.help_now"]).await;
        let oversight = organisation(&p.admin, json!({"kind": "oversight", "name": "Inspectorate"})).await;
        let commissioner = organisation(&p.admin, json!({"kind": "commissioner", "name": "Commissioner"})).await;
        let other_commissioner = organisation(&p.admin, json!({"kind": "commissioner", "name": "Another"})).await;
        let reach = format!("/admin/v1/organisations/{commissioner}/reach");
        p.admin.post(&reach, json!({"force_id": FORCE})).await.expect(201);
        let support = organisation(&p.admin, json!({"kind": "survivor_support", "name": "Harbour"})).await;
        let programme = organisation(&p.admin, json!({"kind": "programme_provider", "name": "New Leaf"})).await;
        let force = json!({"kind": "police_force", "name": "Kent Police", "force_id": "kent"});
        let other_force = organisation(&p.admin, force).await;
        let made = |organisation: String, name: &'static str, role: &'static str| {
            let (http, admin) = (&http, &p.admin);
            async move { staff(http, admin, &organisation, name, &[role]).await }
        };
        let other_advocate = made(support.clone(), "other.advocate", "advocate").await;
        Self {
            commissioner: made(commissioner.clone(), "commissioner", "commissioner").await,
            commissioner_organisation: commissioner,
            other_commissioner: made(other_commissioner, "other.commissioner", "commissioner").await,
            auditor: made(oversight, "auditor", "auditor").await,
            other_support_supervisor: made(support, "other.manager", "supervisor").await,
            other_practitioner: made(programme.clone(), "other.practitioner", "practitioner").await,
            other_programme_supervisor: made(programme, "other.treatment", "supervisor").await,
            other_officer: made(other_force.clone(), "other.officer", "police").await,
            other_system: police_system(&http, &p.admin, &other_force).await,
            other_survivor: partnership::survivor(&http, &other_advocate, "high").await,
            other_advocate,
            other_force,
            kept: Some(Kept::default()),
            http: http.clone(),
            p,
        }
    }

    /// Everybody who can hold a token, by the names that `x-who` uses.
    pub fn roles(&self) -> [(&'static str, &Caller); 10] {
        let p = &self.p;
        [
            ("survivor", p.phone()),
            ("sos", p.sos()),
            ("advocate", &p.advocate.caller),
            ("practitioner", &p.practitioner.caller),
            ("supervisor", &p.support_supervisor.caller),
            ("police", &p.officer.caller),
            ("commissioner", &self.commissioner.caller),
            ("auditor", &self.auditor.caller),
            ("administrator", &p.admin),
            ("police_client", &p.police_system),
        ]
    }

    /// Those who hold the right role in the wrong place.
    pub fn strangers(&self) -> [(&'static str, &Caller); 8] {
        [
            ("survivor", &self.other_survivor.phone.session),
            ("advocate", &self.other_advocate.caller),
            ("supervisor", &self.other_support_supervisor.caller),
            ("practitioner", &self.other_practitioner.caller),
            ("supervisor", &self.other_programme_supervisor.caller),
            ("police", &self.other_officer.caller),
            ("police_client", &self.other_system),
            ("commissioner", &self.other_commissioner.caller),
        ]
    }

    /// The same caller once more, to be owned.
    pub fn again(&self, caller: &Caller) -> Caller {
        Caller::new(&self.http, caller.way.clone())
    }

    /// A survivor of the partnership who has done nothing yet.
    pub async fn survivor(&self) -> Survivor {
        let make = || partnership::survivor(&self.http, &self.p.advocate, "high");
        match &self.kept {
            Some(kept) => self.same(kept.survivor.get_or_init(make).await),
            None => make().await,
        }
    }

    fn same(&self, survivor: &Survivor) -> Survivor {
        let phone = Phone { session: self.again(&survivor.phone.session), sos: self.again(&survivor.phone.sos) };
        Survivor { id: survivor.id.clone(), reference: survivor.reference.clone(), phone }
    }

    /// A survivor with the help-now setting on who has pressed, and the alert.
    pub async fn alert(&self) -> (Survivor, Value) {
        let Some(kept) = &self.kept else { return self.new_alert().await };
        let (survivor, alert) = kept.alert.get_or_init(|| self.new_alert()).await;
        (self.same(survivor), alert.clone())
    }

    async fn new_alert(&self) -> (Survivor, Value) {
        let survivor = self.survivor().await;
        let on = json!({"granted": true, "text_version": "1"});
        survivor.phone.session.put("/app/v1/consents/alert.police.help_now", on).await.expect(200);
        let alert = partnership::help_now(&survivor.phone.session).await;
        (survivor, alert)
    }

    /// An alert that a duress PIN raised.
    pub async fn silent_alert(&self) -> String {
        let fresh = partnership::survivor(&self.http, &self.p.advocate, "high").await;
        partnership::unlock_under_duress(&self.http, &self.p.advocate, &fresh.id).await;
        let alerts = self.p.advocate.list("/partner/v1/alerts").await;
        let is_it = |alert: &&Value| alert["survivor_id"] == fresh.id.as_str() && alert["rule"] == "duress";
        text(alerts.iter().find(is_it).expect("duress raises an alert"), "id")
    }

    /// An alert that came with a location, which the survivor has released.
    pub async fn located_alert(&self) -> String {
        let fresh = partnership::survivor(&self.http, &self.p.advocate, "high").await;
        let on = json!({"granted": true, "text_version": "2"});
        fresh.phone.session.put("/app/v1/consents/location.release_alert", on).await.expect(200);
        let place = json!({"lat": 53.3811, "lon": -1.4701, "accuracy_m": 12.0});
        let body = json!({"location": place, "recorded_at": self.http.now()});
        text(&fresh.phone.session.post("/app/v1/help-now", body).await.expect(201)["alert"], "id")
    }

    /// A third support organisation: its id, its supervisor and the id of an advocate, who is on duty.
    pub async fn other_support(&self) -> (String, Caller, String) {
        let third = organisation(&self.p.admin, json!({"kind": "survivor_support", "name": "Anchor"})).await;
        let name = |role: &str| format!("{role}.{}", uuid::Uuid::new_v4().simple());
        let (manager, advocate) = (name("manager"), name("advocate"));
        let manager = staff(&self.http, &self.p.admin, &third, &manager, &["supervisor"]).await;
        let advocate = staff(&self.http, &self.p.admin, &third, &advocate, &["advocate"]).await;
        let now = self.http.now();
        let shift = json!({"staff_id": advocate.id, "place": "duty", "starts_at": now, "ends_at": now.plus_hours(24)});
        manager.post("/partner/v1/rota/shifts", shift).await.expect(201);
        (third, manager.caller, advocate.id)
    }

    /// An emergency that somebody has taken up, whose survivor lets the police read where they are, by its reference; and a place
    /// where they may be found.
    pub async fn taken_up_alert_with_an_address(&self) -> (String, String) {
        let fresh = partnership::survivor(&self.http, &self.p.advocate, "high").await;
        for (scope, version) in [("location.release_alert", "2"), ("alert.police.help_now", "1")] {
            let on = json!({"granted": true, "text_version": version});
            fresh.phone.session.put(&format!("/app/v1/consents/{scope}"), on).await.expect(200);
        }
        let alert = partnership::help_now(&fresh.phone.session).await;
        self.p.act(&text(&alert, "id"), "acknowledge", json!({"note": "I have this."})).await.expect(200);
        let body = json!({"kind": "home", "address": "12 Marl Street", "confirmed_on": "2026-11-20"});
        let path = format!("/partner/v1/survivors/{}/safe-addresses", fresh.id);
        let made = self.p.advocate.post(&path, body).await.expect(201);
        (text(&alert, "reference"), text(&made, "id"))
    }

    /// A message to police that waits for nothing any more, since an officer has answered.
    pub async fn answered_delivery(&self) -> String {
        let (p, (_, alert)) = (&self.p, self.alert().await);
        let path = format!("/police/v1/alerts/{}/acknowledge", text(&alert, "reference"));
        p.police_system.post(&path, json!({"officer": p.officer.username})).await.expect(200);
        let alert = p.advocate.get(&format!("/partner/v1/alerts/{}", text(&alert, "id"))).await.expect(200);
        text(&alert["deliveries"][0], "id")
    }

    /// Somebody's report of an incident.
    pub async fn incident(&self) -> (Caller, String) {
        let phone = self.again(self.p.phone());
        let made = phone.post("/app/v1/incidents", self.incident_body()).await.expect(201);
        (phone, text(&made, "id"))
    }

    pub fn incident_body(&self) -> Value {
        json!({"happened": {"precision": "exact", "from": self.http.now()}, "behaviours": ["message_text"],
            "account": "Another message", "fear": 1, "visibility": "advocate", "recorded_at": self.http.now()})
    }

    /// A task to ring a survivor whose timer ran out.
    pub async fn call(&self) -> String {
        let fresh = partnership::survivor(&self.http, &self.p.advocate, "high").await;
        fresh.phone.session.post("/app/v1/timers", json!({"minutes": 1})).await.expect(201);
        self.http.nobody().post("/test/v1/clock/advance", json!({"seconds": 60})).await;
        let tasks = self.p.advocate.list("/partner/v1/tasks").await;
        let is_it = |task: &&Value| task["survivor_id"] == fresh.id.as_str() && task["kind"] == "call_survivor";
        text(tasks.iter().find(is_it).expect("somebody is asked to ring"), "id")
    }

    /// A task of the programme's side: an order that was served long ago, and no notification recorded.
    pub async fn task(&self) -> String {
        let (http, p) = (&self.http, &self.p);
        let participant = partnership::participant(&p.practitioner).await.0;
        let conditions = json!([{"kind": "prohibition", "code": "no_contact", "wording": "No contact"}]);
        let body = json!({"kind": "spo", "made_on": "2026-10-01", "served_on": "2026-10-01", "conditions": conditions});
        let path = format!("/partner/v1/participants/{participant}/orders");
        p.practitioner.post(&path, body).await.expect(201);
        http.nobody().post("/test/v1/clock/advance", json!({"seconds": 0})).await;
        let tasks = p.practitioner.list("/partner/v1/programme/tasks").await;
        let about = |task: &&Value| task["participant_id"] == participant.as_str();
        text(tasks.iter().find(about).expect("a duty that is due makes a task"), "id")
    }

    /// A session of the participant that lies ahead.
    pub async fn session(&self) -> String {
        let path = format!("/partner/v1/participants/{}/sessions", self.p.participant);
        text(&self.p.practitioner.post(&path, self.session_body().await).await.expect(201), "id")
    }

    pub async fn session_body(&self) -> Value {
        let path = format!("/partner/v1/participants/{}/sessions", self.p.participant);
        let number = self.p.practitioner.list(&path).await.len() + 1;
        json!({"number": number, "module": "mindfulness", "planned_at": self.http.now(), "mode": "in_person"})
    }

    pub async fn case_body(&self) -> Value {
        let survivor = self.survivor().await.reference;
        json!({"survivor_reference": survivor, "participant_reference": self.p.participant_reference,
            "relationship": "former_partner"})
    }
}
