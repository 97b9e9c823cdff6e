//! A whole case: a police referral with an order, twelve weeks of the programme beside the survivor's own reports, a
//! breach that reaches the police, and what the commissioner is told of it in the end.

use serde_json::{Value, json};

use crate::harness::partnership::{self, FORCE, Person, SURVIVOR_NAME, Survivor, organisation, staff};
use crate::harness::{Caller, Partnership, TestApp, instant, on_both, text};

/// The first session, a Monday at ten; check-ins are due on the evening before each.
const STARTS_ON: &str = "2026-11-30";
const WEEKS: i64 = 12;
/// The week whose check-in is missed, and whose session the participant stays away from.
const SILENT_WEEK: i64 = 4;
/// The week in which the participant comes to the survivor's home.
const BREACH_WEEK: i64 = 7;
/// The week whose session is missed with an acceptable reason.
const EXCUSED_WEEK: i64 = 9;

struct Story<'a> {
    app: &'a TestApp,
    p: Partnership,
    survivor: Survivor,
    participant: String,
    condition: String,
    case: String,
    enrolment: String,
    sessions: Vec<Value>,
    schedule: String,
    goal: String,
}

async fn step(by: &Person, path: &str, body: Value) -> Value {
    by.post(path, body).await.expect(200)
}

/// The police record the order and refer; the programme allocates, assesses and enrols.
async fn referred(p: &Partnership) -> (String, String, String, String, Vec<Value>) {
    let (participant, reference) = partnership::participant(&p.practitioner).await;
    let below = |path: &str| format!("/partner/v1/participants/{participant}/{path}");
    let order = json!({"kind": "spo", "basis": "application", "made_on": "2026-11-18", "served_on": "2026-11-19",
        "expires_on": "2028-11-18", "police_reference": "14/0099/26",
        "conditions": [{"kind": "prohibition", "code": "approach_within_distance", "wording": "Not within 200 metres"},
            {"kind": "requirement", "code": "attend_programme", "wording": "To attend the programme"}]});
    let order = p.officer.post(&below("orders"), order).await.expect(201);
    let referral = json!({"source": "police", "basis": "order_requirement", "order_id": order["id"]});
    let referral = text(&p.officer.post(&below("referrals"), referral).await.expect(201), "id");
    let transitions = format!("/partner/v1/referrals/{referral}/transitions");
    step(&p.officer, &transitions, json!({"event": "submit"})).await;
    let allocation = json!({"event": "allocate", "practitioner_id": p.practitioner.id});
    step(&p.programme_supervisor, &transitions, allocation).await;
    step(&p.practitioner, &transitions, json!({"event": "start_assessment"})).await;
    assert_eq!(step(&p.practitioner, &transitions, json!({"event": "find_suitable"})).await["state"], "suitable");
    let enrolment = json!({"programme": "cobi", "starts_on": STARTS_ON, "local_time": "10:00",
        "time_zone": "Europe/London", "mode": "in_person"});
    let path = format!("/partner/v1/referrals/{referral}/enrolments");
    let made = p.practitioner.post(&path, enrolment).await.expect(201);
    let condition = text(&order["conditions"][0], "id");
    (participant, reference, condition, text(&made, "id"), made["sessions"].as_array().unwrap().clone())
}

async fn agreed_goal(p: &Partnership, participant: &str) -> String {
    let goal = partnership::goal(&p.practitioner, participant).await;
    let at = |path: &str| format!("/partner/v1/goals/{goal}{path}");
    let checked = json!({"decision": "checked", "version": 1});
    p.programme_supervisor.post(&at("/wording/decisions"), checked).await.expect(201);
    let agreement = json!({"event": "record_agreement", "agreed_on": "2026-11-21"});
    p.practitioner.post(&at("/transitions"), agreement).await.expect(201);
    p.programme_supervisor.post(&at("/transitions"), json!({"event": "approve"})).await.expect(201);
    goal
}

impl<'a> Story<'a> {
    async fn begins(app: &'a TestApp) -> Self {
        let p = app.partnership().await;
        let survivor = partnership::survivor(&app.http, &p.advocate, "standard").await;
        for scope in [
            "share.programme.status",
            "share.programme.incident_summary",
            "share.police.incident",
            "alert.police.breach",
            "stats.aggregate",
        ] {
            let body = json!({"granted": true, "text_version": "1"});
            survivor.phone.session.put(&format!("/app/v1/consents/{scope}"), body).await.expect(200);
        }
        let (participant, reference, condition, enrolment, sessions) = referred(&p).await;
        let (case, _) = partnership::case(&p.advocate, &survivor.reference, &reference).await;
        for supervisor in [&p.support_supervisor, &p.programme_supervisor] {
            step(supervisor, &format!("/partner/v1/cases/{case}/approve"), json!({})).await;
        }
        let schedule = json!({"time_zone": "Europe/London", "local_times": ["20:00"], "weekdays": ["su"],
            "opens_minutes_before": 60, "grace_minutes": 30});
        let path = format!("/partner/v1/survivors/{}/schedules", survivor.id);
        let schedule = text(&p.advocate.post(&path, schedule).await.expect(201), "id");
        let goal = agreed_goal(&p, &participant).await;
        Self { app, p, survivor, participant, condition, case, enrolment, sessions, schedule, goal }
    }

    fn phone(&self) -> &Caller {
        &self.survivor.phone.session
    }

    /// The one alert that is open; it is acknowledged and resolved before long.
    async fn look_after(&self, rule: &str) -> Value {
        let open: Vec<Value> = self
            .p
            .alerts()
            .await
            .into_iter()
            .filter(|alert| alert["closed_at"].is_null() && alert["state"] != "resolved")
            .collect();
        let found = open.iter().find(|alert| alert["rule"] == rule).unwrap_or_else(|| panic!("no {rule}: {open:?}"));
        let id = text(found, "id");
        self.p.act(&id, "acknowledge", json!({"note": "Looking into it."})).await.expect(200);
        self.p.act(&id, "resolve", json!({"note": "Spoke; settled.", "spoke_to_survivor": true})).await.expect(200);
        found.clone()
    }

    async fn sunday(&self, week: i64) {
        let due = instant("2026-11-29T20:00:00Z").plus_days(7 * (week - 1));
        self.app.advance_to(due).await;
        if week == SILENT_WEEK {
            self.app.advance(30).await;
            let alert = self.look_after("missed_check_in").await;
            assert_eq!(alert["level"], 2);
            return;
        }
        let body = json!({"status": "safe", "feeling_safe": 3, "recorded_at": self.app.now()});
        assert_eq!(self.phone().post("/app/v1/check-ins", body).await.expect(201)["state"], "safe");
    }

    async fn monday(&self, week: i64) {
        let session = &self.sessions[usize::try_from(week - 1).unwrap()];
        self.app.advance_to(instant(session["planned_at"].as_str().unwrap()).plus_minutes(60)).await;
        let attendance = match week {
            SILENT_WEEK => "not_attended_unacceptable",
            EXCUSED_WEEK => "not_attended_acceptable",
            _ => "attended",
        };
        let at = |path: &str| format!("/partner/v1/sessions/{}{path}", text(session, "id"));
        self.p.practitioner.put(&at("/attendance"), json!({"attendance": attendance})).await.expect(200);
        if week == SILENT_WEEK {
            // Attendance is a requirement of the order: one absence is urgent.
            assert_eq!(self.look_after("session_absence").await["level"], 3);
        }
        let feedback = json!({"summary": "Worked on riding out an urge"});
        self.p.practitioner.post(&at("/feedback"), feedback).await.expect(201);
        if week % 6 == 0 {
            let review = json!({"score": if week == 6 { 0 } else { 1 }, "note": "By diary and own account",
                "reviewed_on": self.app.now().to_string()[..10]});
            self.p.practitioner.post(&format!("/partner/v1/goals/{}/reviews", self.goal), review).await.expect(201);
        }
    }

    /// The survivor reports what breaks the order; the police are told, answer, and the survivor hears of it.
    async fn breach(&self) {
        let body = json!({"happened": {"precision": "exact", "from": self.app.now()}, "behaviours": ["attend_home"],
            "account": "They stood at the gate.", "fear": 2, "visibility": "police",
            "order_condition_id": self.condition, "recorded_at": self.app.now()});
        self.phone().post("/app/v1/incidents", body).await.expect(201);
        self.app.settle().await;
        let received = self.p.police.messages();
        let message = received.last().expect("the police are told of a breach").json();
        let data = &message["data"];
        assert_eq!((&data["event"], &data["level"]), (&json!("order_breach"), &json!(3)));
        assert_eq!(data["facts"]["investigation"]["possible_breach"][0]["condition"], "approach_within_distance");
        assert!(!received.last().unwrap().text().contains(SURVIVOR_NAME));
        let at = |act: &str| format!("/police/v1/alerts/{}/{act}", data["alert"].as_str().unwrap());
        let officer = &self.p.officer.username;
        self.p.police_system.post(&at("acknowledge"), json!({"officer": officer})).await.expect(200);
        let outcome = json!({"officer": officer, "outcome": "order_breach_recorded"});
        self.p.police_system.post(&at("outcome"), outcome).await.expect(200);
        let alert = self.p.alerts().await.into_iter().find(|alert| alert["reference"] == data["alert"]).unwrap();
        let id = text(&alert, "id");
        let release = format!("/partner/v1/alerts/{id}/release-outcome");
        self.p.advocate.post(&release, json!({})).await.expect(200);
        let own = self.phone().get(&format!("/app/v1/alerts/{id}")).await.expect(200);
        assert_eq!(own["outcome"], "order_breach_recorded");
        let note = json!({"note": "The police recorded it.", "spoke_to_survivor": true});
        self.p.act(&id, "acknowledge", note.clone()).await.expect(200);
        self.p.act(&id, "resolve", note).await.expect(200);
    }

    /// Both sides on one page, without who the survivor is.
    async fn page(&self) {
        let reply = self.p.practitioner.get(&format!("/partner/v1/cases/{}/view", self.case)).await;
        let view = reply.expect(200);
        assert!(!reply.body.contains(SURVIVOR_NAME) && !reply.body.contains("gate"), "{view}");
        let counts = &view["survivor_side"]["check_ins"]["summary"];
        assert_eq!((&counts["missed"], &counts["last_feeling_safe"]), (&json!(0), &json!(3)), "{counts}");
        assert_eq!(view["survivor_side"]["incidents"]["items"].as_array().unwrap().len(), 1);
        assert_eq!(view["participant_side"]["sessions"].as_array().unwrap().len(), 12);
        assert_eq!(view["participant_side"]["goals"][0]["reviews"].as_array().unwrap().len(), 2);
        let signals = view["signals"].as_array().unwrap();
        assert!(signals.iter().any(|signal| signal["signal"] == "missed_check_in_and_session"), "{signals:?}");
        assert!(signals.iter().all(|signal| signal["not_to_be_raised_in_session"] == true));
    }

    async fn ends(&self) {
        let end = format!("/partner/v1/survivors/{}/schedules/{}/end", self.survivor.id, self.schedule);
        step(&self.p.advocate, &end, json!({"reason": "agreed_with_survivor"})).await;
        let practitioner = &self.p.practitioner;
        let at = |path: &str| format!("/partner/v1/enrolments/{}{path}", self.enrolment);
        step(practitioner, &at("/transitions"), json!({"event": "complete"})).await;
        let conclude = json!({"event": "conclude"});
        practitioner.post(&at("/transitions"), conclude.clone()).await.refused(409, "guard_not_met");
        let report =
            json!({"progress": "Names urges early", "risk": "Moderate", "recommendations": "A review in spring"});
        let made = practitioner.post(&at("/end-report"), report).await.expect(201);
        assert_eq!((&made["figures"]["sessions"], &made["figures"]["attended"]), (&json!(12), &json!(10)));
        step(practitioner, &at("/end-report/transitions"), json!({"event": "submit"})).await;
        step(&self.p.programme_supervisor, &at("/end-report/transitions"), json!({"event": "approve"})).await;
        assert_eq!(step(practitioner, &at("/transitions"), conclude).await["state"], "concluded");
        let path = format!("/partner/v1/participants/{}/goal-attainment", self.participant);
        let attained = practitioner.get(&path).await.expect(200);
        // One goal from -1 to +1: 40 to 60.
        assert_eq!((&attained["baseline_t"], &attained["change"]), (&json!(40.0), &json!(20.0)));
    }

    /// The commissioner is told that there were figures, and none of them: they are about fewer than five people.
    async fn reported(&self) {
        let pcc = organisation(&self.p.admin, json!({"kind": "commissioner", "name": "The Commissioner"})).await;
        let analyst = staff(&self.app.http, &self.p.admin, &pcc, "analyst", &["commissioner"]).await;
        let reach = json!({"force_id": FORCE});
        self.p.admin.post(&format!("/admin/v1/organisations/{pcc}/reach"), reach).await.expect(201);
        self.app.advance_to(instant("2027-03-01T09:00:00Z")).await;
        let path = "/oversight/v1/reports/outcomes?from=2026-11-01&to=2027-02-28";
        let report = analyst.get(path).await.expect(200);
        let figures = report["figures"].as_array().unwrap();
        for figure in ["referrals", "sessions", "alerts", "incidents"] {
            assert!(figures.iter().any(|row| text(row, "figure").contains(figure)), "{figure}: {figures:?}");
        }
        let told =
            |value: &Value| value["suppressed"] == false && value["value"].as_f64().is_some_and(|number| number > 0.0);
        for row in figures {
            assert!(!row["values"].as_array().unwrap().iter().any(told), "about fewer than five people: {row}");
        }
        let csv = analyst.get(&format!("{path}&format=csv")).await;
        assert!(csv.status.is_success() && csv.header("content-type").unwrap().starts_with("text/csv"), "{}", csv.body);
        for kept in [SURVIVOR_NAME, &self.survivor.reference, &self.survivor.id, &self.participant] {
            assert!(!csv.body.contains(kept) && !report.to_string().contains(kept), "{kept}");
        }
    }
}

on_both!(a_case_from_the_police_referral_to_the_commissioners_report, |app| async {
    let story = Story::begins(app).await;
    for week in 1..=WEEKS {
        story.sunday(week).await;
        story.monday(week).await;
        if week == BREACH_WEEK {
            story.breach().await;
        }
    }
    story.page().await;
    story.ends().await;
    story.reported().await;
});
