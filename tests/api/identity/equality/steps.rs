//! How each operation of the app is called in both sessions, in an order in which what one makes the next one reads.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use holdfast::crypto::sha256;
use holdfast::db::Instant;
use serde_json::{Value, json};

use crate::evidence::{OCTETS, hex, picture, stated};
use crate::harness::Reply;

const WORDS: &[u8] = b"words";

/// A call. `{name}` in its path and body is what each session knows something by.
pub struct Step {
    pub operation: &'static str,
    pub path: String,
    pub headers: Vec<(&'static str, String)>,
    pub body: Option<Value>,
    pub raw: Option<Vec<u8>>,
    /// Under which name something of the answer is known from then on: a JSON pointer, or `location`.
    pub keeps: Option<(&'static str, &'static str)>,
    pub status: u16,
}

impl Step {
    fn get(operation: &'static str, path: &str) -> Self {
        let path = format!("/app/v1/{path}");
        Self { operation, path, headers: Vec::new(), body: None, raw: None, keeps: None, status: 200 }
    }

    fn send(operation: &'static str, path: &str, body: Value) -> Self {
        Self { body: Some(body), ..Self::get(operation, path) }
    }

    /// One that makes something, which is known by this name afterwards.
    fn make(operation: &'static str, path: &str, body: Value, name: &'static str) -> Self {
        Self { keeps: Some((name, "/id")), status: 201, ..Self::send(operation, path, body) }
    }

    fn is(self, status: u16) -> Self {
        Self { status, ..self }
    }

    fn keeps(self, name: &'static str, place: &'static str) -> Self {
        Self { keeps: Some((name, place)), ..self }
    }

    fn with(mut self, headers: &[(&'static str, &str)]) -> Self {
        self.headers.extend(headers.iter().map(|(name, value)| (*name, (*value).to_owned())));
        self
    }

    fn raw(self, bytes: &[u8]) -> Self {
        Self { raw: Some(bytes.to_vec()), ..self }
    }
}

/// What an answer says at a place.
#[track_caller]
pub fn found(reply: &Reply, place: &str) -> String {
    if place == "location" {
        let location = reply.header("location").unwrap_or_else(|| panic!("no location: {}", reply.body));
        return location.rsplit('/').next().unwrap_or_default().to_owned();
    }
    let answer = reply.json();
    let found = answer.pointer(place).and_then(Value::as_str);
    found.unwrap_or_else(|| panic!("nothing at {place}: {answer}")).to_owned()
}

/// Every step but enrolment, which comes before any session.
pub fn steps(now: Instant) -> Vec<Step> {
    let mut steps = reads();
    steps.extend(check_ins(now));
    steps.extend(words());
    steps.extend(settings());
    steps.extend(incidents(now));
    steps.extend(drafts(now));
    steps.extend(files());
    steps.extend(uploads());
    steps.extend(presses(now));
    steps.extend(phones());
    // Once more, with all that was written.
    steps.extend(reads());
    steps.extend(sessions());
    steps
}

/// What a phone reads without knowing of anything.
pub fn reads() -> Vec<Step> {
    let mut reads: Vec<Step> = [
        ("list_check_ins", "check-ins"),
        ("get_next_check_in", "check-ins/next"),
        ("list_timers", "timers"),
        ("list_own_schedules", "schedules"),
        ("list_own_questions", "questions"),
        ("list_consents", "consents"),
        ("get_ladder", "ladder"),
        ("list_devices", "devices"),
        ("list_access_log", "access-log"),
        ("list_disclosures", "disclosures"),
        ("list_updates", "updates"),
        ("list_own_orders", "orders"),
        ("get_own_safe_contact", "safe-contact"),
        ("get_own_safety_plan", "safety-plan"),
        ("list_own_household", "household"),
        ("list_messages", "messages"),
        ("list_incidents", "incidents"),
        ("get_incident_timeline", "incidents/timeline"),
        ("list_incident_drafts", "incidents/drafts"),
        ("list_evidence", "evidence"),
    ]
    .map(|(operation, path)| Step::get(operation, path))
    .into();
    // Nobody was named, or nobody is named any more.
    reads.push(Step::get("get_own_trusted_contact", "trusted-contact").is(404));
    reads
}

fn check_ins(now: Instant) -> Vec<Step> {
    let safe = json!({"status": "safe", "feeling_safe": 3, "note": "All well", "recorded_at": now});
    let queued = json!({"idempotency_key": "queued", "method": "POST", "path": "/app/v1/check-ins",
        "body": {"status": "safe", "note": "On the tram", "recorded_at": now}});
    vec![
        Step::make("create_check_in", "check-ins", safe, "check_in"),
        Step::get("list_check_ins", "check-ins"),
        Step::get("get_next_check_in", "check-ins/next"),
        Step::send("create_sync", "sync", json!({"items": [queued]})),
        Step::get("list_check_ins", "check-ins"),
        Step::make("create_timer", "timers", json!({"minutes": 30, "note": "Walking home"}), "timer"),
        Step::get("get_timer", "timers/{timer}"),
        Step::send("extend_timer", "timers/{timer}/extend", json!({"minutes": 10})),
        Step::get("list_timers", "timers"),
        Step::send("end_timer", "timers/{timer}/end", json!({})),
        Step::get("get_timer", "timers/{timer}"),
    ]
}

fn words() -> Vec<Step> {
    let member = json!({"kind": "person", "relation": "child", "name": "Robin"});
    let sections = json!({"sections": [{"code": "places_to_go", "text": "My sister"}]});
    let trusted = json!({"name": "Bea", "phone": "07700 900123"});
    vec![
        Step::make("create_message", "messages", json!({"body": "Hello"}), "message"),
        Step::get("record_message_read", "messages/{message}/read"),
        Step::get("list_messages", "messages"),
        Step::make("create_own_household_member", "household", member, "member"),
        Step::get("list_own_household", "household"),
        Step::send("put_own_safety_plan", "safety-plan", sections).with(&[("if-match", "\"v0\"")]),
        Step::get("get_own_safety_plan", "safety-plan"),
        Step::send("confirm_own_safety_plan", "safety-plan/confirm", json!({"version": 1})),
        Step::get("get_own_safety_plan", "safety-plan"),
        Step::send("put_own_trusted_contact", "trusted-contact", trusted),
        Step::get("get_own_trusted_contact", "trusted-contact"),
        Step::get("delete_own_trusted_contact", "trusted-contact").is(204),
    ]
}

fn settings() -> Vec<Step> {
    let mut steps = Vec::new();
    for granted in [true, false] {
        for scope in ["alert.police.missed", "share.programme.status", "contact.push"] {
            let body = json!({"granted": granted, "text_version": "1"});
            steps.push(Step::send("put_consent", &format!("consents/{scope}"), body));
        }
        steps.push(Step::get("list_consents", "consents"));
        steps.push(Step::get("get_ladder", "ladder"));
    }
    steps
}

fn told(now: Instant) -> Value {
    json!({"happened": {"precision": "unknown"}, "behaviours": ["loiter"], "account": "Words", "fear": 1,
        "private_note": "Mine", "visibility": "private", "recorded_at": now})
}

fn incidents(now: Instant) -> Vec<Step> {
    let release = "incidents/{incident}/release-when";
    let opening = json!({"visibility": "police", "missed_check_ins": 3});
    vec![
        Step::make("create_incident", "incidents", told(now), "incident"),
        Step::get("list_incidents", "incidents"),
        Step::get("get_incident_timeline", "incidents/timeline"),
        Step::get("get_incident", "incidents/{incident}"),
        Step::get("get_private_note", "incidents/{incident}/private-note"),
        Step::send("put_incident_release", release, opening).with(&[("if-match", "\"v0\"")]),
        Step::get("get_incident_release", release),
        Step::get("delete_incident_release", release).is(204),
        Step::send("amend_incident", "incidents/{incident}/amend", json!({"place": "The tram stop"})),
        Step::get("get_incident", "incidents/{incident}"),
        Step::send("withdraw_incident", "incidents/{incident}/withdraw", json!({})),
        Step::get("list_incidents", "incidents"),
    ]
}

fn drafts(now: Instant) -> Vec<Step> {
    let mut changed = told(now);
    changed["fear"] = json!(2);
    vec![
        Step::make("create_incident_draft", "incidents/drafts", told(now), "draft"),
        Step::get("list_incident_drafts", "incidents/drafts"),
        Step::send("put_incident_draft", "incidents/drafts/{draft}", changed).with(&[("if-match", "\"v1\"")]),
        Step::get("get_incident_draft", "incidents/drafts/{draft}"),
        Step::send("submit_incident_draft", "incidents/drafts/{draft}/submit", json!({}))
            .is(201)
            .keeps("reported", "/id"),
        Step::get("get_incident", "incidents/{reported}"),
        Step::make("create_incident_draft", "incidents/drafts", json!({"account": "More"}), "thrown"),
        Step::get("delete_incident_draft", "incidents/drafts/{thrown}").is(204),
        Step::get("get_incident_draft", "incidents/drafts/{thrown}").is(404),
    ]
}

fn files() -> Vec<Step> {
    let picture = picture();
    vec![
        Step::make("create_evidence", "evidence", stated("image/jpeg", &picture), "file"),
        Step::get("put_evidence_content", "evidence/{file}/content").with(&[OCTETS]).raw(&picture),
        Step::get("list_evidence", "evidence"),
        Step::get("get_evidence", "evidence/{file}"),
        Step::get("get_evidence_content", "evidence/{file}/content"),
        Step::get("get_evidence_display", "evidence/{file}/display"),
        Step::get("get_evidence_actions", "evidence/{file}/actions"),
        Step::send("patch_evidence", "evidence/{file}", json!({"visibility": "police"})),
        Step::send("patch_evidence", "evidence/{file}", json!({"visibility": "private"})),
        Step::get("get_evidence", "evidence/{file}"),
        Step::get("list_evidence", "evidence"),
        Step::get("get_evidence_custody", "evidence/{file}/custody"),
        Step::get("delete_evidence", "evidence/{file}").is(204),
        Step::get("get_evidence", "evidence/{file}").is(404),
        Step::get("list_evidence", "evidence"),
    ]
}

fn uploads() -> Vec<Step> {
    let base64 = |text: &str| STANDARD.encode(text);
    let said = format!("filetype {},sha256 {}", base64("text/plain"), base64(&hex(&sha256(WORDS))));
    let (tus, begun) = (("tus-resumable", "1.0.0"), [("upload-length", "5"), ("upload-metadata", said.as_str())]);
    let begin = |name| {
        let step = Step::get("create_evidence_upload", "evidence/uploads").is(201).raw(b"").keeps(name, "location");
        step.with(&[tus]).with(&begun)
    };
    let piece = [tus, ("upload-offset", "0"), ("content-type", "application/offset+octet-stream")];
    vec![
        begin("upload"),
        Step::get("patch_evidence_upload", "evidence/uploads/{upload}").is(204).with(&piece).raw(WORDS),
        Step::get("get_evidence", "evidence/{upload}"),
        begin("given_up"),
        Step::get("delete_evidence_upload", "evidence/uploads/{given_up}").is(204).with(&[tus]).raw(b""),
        Step::get("list_evidence", "evidence"),
    ]
}

fn phones() -> Vec<Step> {
    vec![
        Step::send("put_push", "devices/{device}/push", json!({"kind": "fcm", "token": "t"})),
        Step::get("delete_push", "devices/{device}/push").is(204),
        Step::send("revoke_own_device", "devices/{device}/revoke", json!({"reason": "lost"})).is(409),
        Step::get("list_devices", "devices"),
    ]
}

fn presses(now: Instant) -> Vec<Step> {
    let pressed = json!({"recorded_at": now, "note": "Now"});
    vec![
        Step::send("create_help_now", "help-now", pressed).is(201).keeps("alert", "/alert/id"),
        Step::get("get_own_alert", "alerts/{alert}"),
        Step::send("create_help_now", "help-now", json!({"recorded_at": now})).is(201),
        Step::get("get_own_alert", "alerts/{alert}"),
    ]
}

fn sessions() -> Vec<Step> {
    let unlocking = json!({"device_id": "{device}", "device_secret": "{secret}", "pin": "{pin}"});
    let refresh = json!({"refresh_token": "{refresh}"});
    let changed = json!({"pin": "{pin}", "new_duress_pin": "7306", "new_code_word": "snowdrop",
        "new_danger_word": "juniper"});
    vec![
        Step::send("confirm_session", "session/confirm", json!({"pin": "{pin}"})).is(204),
        Step::send("confirm_session", "session/confirm", json!({"pin": "0000"})).is(403),
        Step::send("change_pin", "session/pin", changed).is(204),
        Step::send("unlock_session", "session/unlock", unlocking).keeps("refresh", "/refresh_token"),
        Step::send("refresh_session", "session/refresh", refresh.clone()),
        Step::send("lock_session", "session/lock", refresh.clone()).is(204),
        Step::send("refresh_session", "session/refresh", refresh).is(401),
    ]
}

/// A further phone of each, with a code that was just made.
pub fn enrolment() -> Step {
    let body = json!({"code": "{code}", "pin": "4821", "device_name": "Another"});
    Step::send("create_enrolment", "enrol", body).is(201)
}
