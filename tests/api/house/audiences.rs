//! One type for each audience: what is answered to one can be widened without anybody else reading more.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::routes::contract::{Operation, contract, operations};

/// Records that several audiences are answered with, and why each is no danger.
const SHARED: &[(&str, &[&str])] = &[
    (
        "codes, numbers and times, with nothing of whom they are about",
        &["ActionView", "ActionsView", "HappenedView", "Levels", "QuietHours", "Redaction", "SafeHours", "Span"],
    ),
    (
        "ids and states of what the caller has just done",
        &[
            "IncidentAlertView",
            "MadeCaseNoteView",
            "MadeConditionView",
            "MadeOrderView",
            "MadeReferralView",
            "ProposedCaseView",
            "RaisedView",
            "ReadView",
            "RevokedDeviceView",
            "SubmittedIncidentView",
            "SubmittedView",
        ],
    ),
    ("names and roles of colleagues, who work on the same cases", &["ColleagueView"]),
    ("the caller's own account, whoever they are", &["MeView", "OwnStaffContactView", "StaffContactView"]),
    (
        "the survivor's own, which their side reads whole: both write it, or the survivor wrote it for them; what the survivor \
         keeps to themselves has no room in it",
        &[
            "ChannelPlan",
            "CheckInView",
            "ConsentReceiptView",
            "ConsentView",
            "CustodyEventView",
            "CustodyView",
            "EvidenceView",
            "HouseholdMemberView",
            "IncidentVersionView",
            "MessageView",
            "NamedConsentView",
            "PendingView",
            "QuestionAnswer",
            "QuestionView",
            "SafeContactPlan",
            "SafeContactView",
            "SafetyPlanView",
            "ScheduleView",
            "SectionView",
            "ToldView",
            "TrustedContactView",
            "Wellbeing",
        ],
    ),
    (
        "what stands between the two sides of a case, by its nature the same for both: references that name nobody, words \
         that one side wrote for the other, and what is withheld of them",
        &[
            "CaseInSession",
            "CaseConcernView",
            "CaseConcernsView",
            "CaseEventView",
            "CaseLink",
            "CaseNoteView",
            "CaseNotesView",
            "CaseUpdateView",
            "CaseView",
            "TimelineItem",
            "ToldConcernView",
        ],
    ),
    (
        "one of two types, of which each side has its own; and the frame of them",
        &["CaseSidesView", "ParticipantSideView", "StaffAlert", "SurvivorSideView"],
    ),
    (
        "what the case view counts and lists of the survivor's side for both: figures, and alerts as codes",
        &["AlertSummary", "CaseAlertsView", "CheckInSummaryView", "IncidentCounts", "Signal", "WeekCount"],
    ),
    (
        "an order, which a court makes known to those whom it binds and protects and to the police: the force and the \
         programme keep one register of it",
        &["ConditionView", "OrderCorrectionView", "OrderDutiesView", "OrderDutyView", "OrderView"],
    ),
];

/// How the names of the types in a union say for whom each is.
const OF_UNIONS: [(&str, &str); 3] = [("Support", "support"), ("Programme", "programme"), ("Police", "police")];

type Audiences = BTreeSet<&'static str>;

/// Who is answered. A supervisor works for either side: the others who may call say which.
fn audiences(operation: &Operation) -> Audiences {
    let door = operation.path.split('/').nth(1).unwrap();
    match door {
        "app" => Audiences::from(["survivor"]),
        "police" => Audiences::from(["police"]),
        "oversight" => Audiences::from(["oversight"]),
        "admin" => Audiences::from(["admin"]),
        "partner" => operation.who().iter().filter_map(|who| of_staff(who)).collect(),
        _ => Audiences::from(["public"]),
    }
}

fn of_staff(who: &str) -> Option<&'static str> {
    match who {
        "advocate" => Some("support"),
        "practitioner" => Some("programme"),
        "police" => Some("police"),
        "administrator" => Some("admin"),
        "auditor" | "commissioner" => Some("oversight"),
        _ => None,
    }
}

/// Whose answers each schema is in.
struct Walk<'a> {
    schemas: &'a Value,
    found: BTreeMap<String, Audiences>,
}

impl Walk<'_> {
    fn schema(&mut self, schema: &Value, audiences: &Audiences, path: &mut Vec<String>) {
        if let Some(name) = name_of(schema) {
            self.named(name, audiences, path);
            return;
        }
        match schema {
            Value::Object(members) => {
                for (key, member) in members {
                    match key.as_str() {
                        "example" | "examples" | "description" => {}
                        "oneOf" | "anyOf" => self.union(member, audiences, path),
                        _ => self.schema(member, audiences, path),
                    }
                }
            }
            Value::Array(members) => members.iter().for_each(|member| self.schema(member, audiences, path)),
            _ => {}
        }
    }

    fn named(&mut self, name: &str, audiences: &Audiences, path: &mut Vec<String>) {
        if path.iter().any(|outer| outer == name) {
            return;
        }
        self.found.entry(record_of(name).to_owned()).or_default().extend(audiences);
        path.push(name.to_owned());
        let schemas = self.schemas;
        self.schema(&schemas[name], audiences, path);
        path.pop();
    }

    /// Where several audiences are answered with one of several types, the name of each says for whom it is.
    fn union(&mut self, members: &Value, audiences: &Audiences, path: &mut Vec<String>) {
        for member in members.as_array().into_iter().flatten() {
            let of = |(start, audience): &(&str, &'static str)| {
                name_of(member).is_some_and(|name| name.starts_with(start)).then_some(*audience)
            };
            match OF_UNIONS.iter().find_map(of) {
                Some(own) if audiences.contains(own) => self.schema(member, &Audiences::from([own]), path),
                Some(_) if audiences.len() > 1 => {}
                _ => self.schema(member, audiences, path),
            }
        }
    }
}

fn name_of(schema: &Value) -> Option<&str> {
    schema["$ref"].as_str()?.rsplit('/').next()
}

/// Whether a schema is of a record, rather than one of a few words.
fn is_record(schema: &Value) -> bool {
    schema["type"] == "object" || schema["allOf"].is_array() || schema["oneOf"].is_array() || schema["anyOf"].is_array()
}

/// The record that a schema is about: a page holds what it is a page of in place of naming it.
fn record_of(name: &str) -> &str {
    name.strip_prefix("Page_").unwrap_or(name)
}

/// Each record with those who are answered with it.
fn answered() -> BTreeMap<String, Audiences> {
    let contract = contract();
    let schemas = &contract["components"]["schemas"];
    let mut walk = Walk { schemas, found: BTreeMap::new() };
    for operation in operations() {
        let audiences = audiences(&operation);
        for (status, response) in operation.spec["responses"].as_object().unwrap() {
            if status.starts_with('2') {
                walk.schema(&response["content"], &audiences, &mut Vec::new());
            }
        }
    }
    let mut found = walk.found;
    let is_word = |name: &String| schemas[name].is_object() && !is_record(&schemas[name]);
    found.retain(|name, _| !is_word(name));
    found
}

#[test]
fn no_record_answers_two_audiences() {
    let answered = answered();
    assert!(answered.len() > 200, "the records are not found: {}", answered.len());
    let shared: BTreeSet<&str> = SHARED.iter().flat_map(|(_, names)| names.iter().copied()).collect();
    for (name, audiences) in &answered {
        let is_fine = audiences.len() < 2 || shared.contains(name.as_str());
        assert!(is_fine, "{name} is answered to {audiences:?}: make a type for each, or say why one will do");
    }
    for name in shared {
        let is_shared = answered.get(name).is_some_and(|audiences| audiences.len() > 1);
        assert!(is_shared, "{name} answers one audience, or none: strike it off");
    }
}

#[test]
fn each_side_of_a_case_has_an_alert_and_an_incident_of_its_own() {
    let answered = answered();
    let only = |audience| Audiences::from([audience]);
    for (name, audience) in [
        ("SupportAlert", "support"),
        ("ProgrammeAlert", "programme"),
        ("PoliceAlertView", "police"),
        ("OwnAlertView", "survivor"),
        ("SupportIncident", "support"),
        ("ProgrammeIncident", "programme"),
        ("PoliceIncident", "police"),
        ("OwnIncidentView", "survivor"),
    ] {
        assert_eq!(answered.get(name), Some(&only(audience)), "{name}");
    }
}
