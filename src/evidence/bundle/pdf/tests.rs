use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use uuid::Uuid;

use super::*;
use crate::db::{BundleId, DeviceId, EvidenceId, IncidentId, OrganisationId, SubjectId, SurvivorId};
use crate::evidence::bundle::gather::Handler;
use crate::evidence::bundle::model::BundlePurpose;
use crate::evidence::custody::{CustodyEventView, CustodyView};
use crate::evidence::model::Evidence;
use crate::evidence::states::EvidenceState;
use crate::identity::{Organisation, OrganisationKind, Role};
use crate::incidents::{IncidentState, PoliceIncident, Visibility};
use crate::words::Language;

fn at() -> Instant {
    "2026-07-21T23:30:00Z".parse().unwrap()
}

fn file() -> Evidence {
    Evidence {
        id: EvidenceId(Uuid::nil()),
        survivor_id: SurvivorId(Uuid::nil()),
        reference: "EV-1".to_owned(),
        state: EvidenceState::Kept,
        incident_id: Some(IncidentId(Uuid::nil())),
        visibility: Visibility::Advocate,
        media_type: "audio/ogg".to_owned(),
        name: None,
        bytes: 12,
        received: 12,
        chunks: 1,
        sha256: vec![7; 32],
        file_key: None,
        display_bytes: None,
        is_duress: false,
        device_id: Some(DeviceId(Uuid::nil())),
        recorded_at: at(),
        created_at: at(),
        kept_at: Some(at()),
        ended_at: None,
        expires_at: at(),
        next_action_at: None,
        draft_id: None,
        upload_metadata: None,
        destroy_because: None,
        destroy_asked_by: None,
        destroy_asked_at: None,
        sealed_from: None,
        sealed_act_at: None,
        recorded_by: None,
        is_off_phone: false,
    }
}

fn event(sequence: i32, kind: CustodyKind, by: &str, by_id: Option<SubjectId>) -> CustodyEventView {
    CustodyEventView {
        sequence,
        kind,
        at: at(),
        by: by.to_owned(),
        by_id,
        organisation_id: Some(OrganisationId(Uuid::nil())),
        reason: None,
        sha256: String::new(),
        bundle_id: None,
        entry_hash: String::new(),
    }
}

fn incident(account: &str) -> VisibleIncident {
    let incident = PoliceIncident {
        id: IncidentId(Uuid::nil()),
        state: IncidentState::Submitted,
        severity: 1,
        happened: HappenedView { precision: Precision::Unknown, from: None, to: None },
        behaviours: vec!["attend_home".to_owned()],
        is_suspected_breach: false,
        order_condition_id: None,
        received_at: at(),
        version: 1,
        account: account.to_owned(),
        fear: 3,
        place: Some("ליד הבית".to_owned()),
        happening_now: false,
        police_may_contact: false,
        impact: None,
        witnesses: None,
        third_parties: None,
        children_present: Some(true),
        police_reference: None,
        is_recorded_by_staff: false,
    };
    VisibleIncident { incident, happened_at: at(), versions: Vec::new() }
}

fn material(language: Language) -> Material {
    let (officer, asha) = (SubjectId(Uuid::from_u128(1)), SubjectId(Uuid::from_u128(2)));
    let named =
        |name: &str, role| Handler { name: name.to_owned(), roles: vec![role], organisation: Some("Cymorth".into()) };
    let organisation = OrganisationId(Uuid::nil());
    let events = vec![
        event(1, CustodyKind::Received, "survivor", None),
        event(2, CustodyKind::Verified, "survivor", None),
        event(3, CustodyKind::Read, "staff", Some(asha)),
        event(4, CustodyKind::Disclosed, "officer", Some(officer)),
        event(5, CustodyKind::Read, "survivor", None),
        event(6, CustodyKind::Disclosed, "police_client", None),
        event(7, CustodyKind::Read, "staff", Some(SubjectId(Uuid::from_u128(3)))),
    ];
    let custody =
        CustodyView { evidence_id: EvidenceId(Uuid::nil()), reference: "EV-1".into(), is_whole: true, events };
    Material {
        id: BundleId(Uuid::nil()),
        reference: "BN-1".to_owned(),
        survivor: SurvivorId(Uuid::nil()),
        survivor_reference: "SV-1".to_owned(),
        organisation: Organisation {
            id: organisation,
            kind: OrganisationKind::SurvivorSupport,
            name: "Cymorth".to_owned(),
            force_id: None,
            duty_desk_phone: None,
            created_at: at(),
            version: 1,
        },
        recipient: "A court".to_owned(),
        recipient_id: organisation,
        purpose: BundlePurpose::Prosecution,
        agreement: "asked_for_this_bundle",
        items: vec![Item { file: file(), custody, original: None, display: None, display_sha256: None }],
        incidents: vec![incident("הוא חיכה לי\u{2028}你好")],
        orders: Vec::new(),
        handlers: BTreeMap::from([
            (asha, named("Asha Rai", Role::Advocate)),
            (officer, named("PC Ellis", Role::Police)),
        ]),
        organisations: BTreeMap::from([(organisation, "Heddlu Gwent".to_owned())]),
        language,
        zone: TimeZone::get("Europe/London").unwrap(),
    }
}

fn told(language: Language) -> Vec<String> {
    let material = material(language);
    let summary = Summary::of(&material, at());
    summary.paragraphs.iter().map(|paragraph| paragraph.text.replace(['\u{2068}', '\u{2069}'], "")).collect()
}

#[test]
fn a_summary_says_who_did_what_and_by_whose_clocks() {
    let told = told(Language::English);
    let moment = "22 July 2026, 00:30 BST (21 July 2026, 23:30 UTC)";
    for line in [
        "Times are those of Europe/London. Where UTC differs it stands in brackets.".to_owned(),
        format!("Made on {moment} by Cymorth."),
        format!("1. Time not known; reported as of {moment}"),
        "In the survivor's words:".to_owned(),
        "הוא חיכה לי\u{2028}你好".to_owned(),
        "Fear, on a scale of 0 to 4: 3.".to_owned(),
        format!("1. {moment}: received from the survivor's phone"),
        format!("2. {moment}: verified by this installation: the hash is the one that was stated"),
        format!("3. {moment}: read by Asha Rai (advocate, Cymorth)"),
        format!("4. {moment}: disclosed by PC Ellis (police officer, Cymorth)"),
        format!("5. {moment}: read by the survivor"),
        format!("6. {moment}: disclosed by the system of Heddlu Gwent"),
        format!("7. {moment}: read by an account whose name is no longer known"),
        "(e) loitering in any place: one incident".to_owned(),
    ] {
        assert!(told.contains(&line), "{line}\n{told:#?}");
    }
    assert!(told.iter().any(|line| line.starts_with("Not in this bundle: ")));
}

#[test]
fn every_word_of_a_summary_stands_in_both_languages() {
    let (english, welsh) = (told(Language::English), told(Language::Welsh));
    assert_eq!(english.len(), welsh.len());
    for line in english.iter().chain(&welsh) {
        assert!(!line.contains("bundle-") && !line.contains('$') && !line.contains("{"), "{line}");
    }
    let same: Vec<&String> = english.iter().filter(|line| welsh.contains(line)).collect();
    // What people wrote, names of files, and nothing else.
    assert_eq!(same, ["הוא חיכה לי\u{2028}你好", "EV-1"]);
}

#[test]
fn a_summary_is_drawn_tagged_in_its_language() {
    for (language, tag) in [(Language::English, "/Lang (en-GB)"), (Language::Welsh, "/Lang (cy)")] {
        let drawn = write(&material(language), at()).unwrap();
        let holds = |what: &str| drawn.windows(what.len()).any(|part| part == what.as_bytes());
        assert!(drawn.starts_with(b"%PDF-") && holds("/MarkInfo") && holds("/StructTreeRoot"));
        assert!(holds(tag) || holds(&tag.replace(' ', "")));
    }
}
