use std::collections::HashSet;

use super::*;

const EMERGENCY: &str = "This is not an emergency service. Call 999; if you cannot speak, press 55.";

fn texts() -> impl Iterator<Item = (Scope, String)> {
    texts_in(Language::English)
}

fn texts_in(language: Language) -> impl Iterator<Item = (Scope, String)> {
    let text_of = move |scope| text(scope, current_version(scope), language).unwrap();
    Scope::ALL.into_iter().map(move |scope| (scope, text_of(scope)))
}

#[test]
fn what_version_1_says_never_changes() {
    let hash = |language| {
        let first = |scope: &Scope| format!("{}\n", text(*scope, "1", language).unwrap());
        let lines: String = Scope::ALL.iter().map(first).collect();
        let hash = crate::crypto::sha256(lines.as_bytes());
        hash.iter().map(|byte| format!("{byte:02x}")).collect::<String>()
    };
    assert_eq!(hash(Language::English), "9ad99fb2aac910546dd6abbce7de21a71393a1a4aaec318808ba87ca3943dd48");
    assert_eq!(hash(Language::Welsh), "bee57b227dcb45f286357ed5c67e47a1b7f82c96a428cf1f8db2666cb11fe3cd");
}

#[test]
fn what_version_2_says_never_changes() {
    let second = |scope: &Scope| text(*scope, "2", Language::English).is_some();
    let revised: Vec<Scope> = Scope::ALL.into_iter().filter(second).collect();
    assert_eq!(revised, [Scope::ServiceCore, Scope::ContactSms, Scope::LocationReleaseAlert]);
    let hash = |language| {
        let second = |scope: &Scope| format!("{}\n", text(*scope, "2", language).unwrap());
        let lines: String = revised.iter().map(second).collect();
        let hash = crate::crypto::sha256(lines.as_bytes());
        hash.iter().map(|byte| format!("{byte:02x}")).collect::<String>()
    };
    assert_eq!(hash(Language::English), "19095b1c4add30b1ea60be4a40251792e9692d78ef7f5dbba9c70df38d13e132");
    assert_eq!(hash(Language::Welsh), "57b9413d48e90eca3777e50e70ffb90b4f98897e6db601a0f694da4f6f307669");
}

#[test]
fn the_second_text_about_messages_breaks_no_word() {
    let of = |version| text(Scope::ContactSms, version, Language::English).unwrap();
    assert_eq!(of("1").replace("safe- contact", "safe-contact"), of("2"));
    for (scope, text) in texts() {
        assert!(!text.contains("- "), "{scope}");
    }
}

/// The service itself ends once somebody has spoken with the survivor.
fn works_at_once(scope: Scope) -> bool {
    !scope.is_alert_setting() && scope != Scope::ServiceCore
}

#[test]
fn the_service_stops_nothing_before_somebody_has_spoken_with_them() {
    let of = |version| text(Scope::ServiceCore, version, Language::English).unwrap();
    assert!(of("1").contains("turning it off works at once") && of("2").contains("nothing else stops yet"));
}

#[test]
fn each_text_says_the_same_in_welsh() {
    let emergency = "Nid gwasanaeth brys yw hwn. Ffoniwch 999; os na allwch siarad, pwyswch 55.";
    let never = ["gair dirgel", "pin", "gorfodaeth", "dioddefwr", "stelciwr", "troseddwr", "gwarant"];
    for ((scope, english), (_, welsh)) in texts().zip(texts_in(Language::Welsh)) {
        let has = |words: &str| welsh.contains(words);
        assert!(welsh.starts_with("Pan fydd hwn ymlaen, "), "{scope}");
        assert!(welsh.to_lowercase().contains("pan fydd wedi'i ddiffodd, "), "{scope}");
        assert!(has("Gallwch newid hyn unrhyw bryd"), "{scope}");
        assert_eq!(has("mae ei ddiffodd yn cymryd 24 awr"), scope.is_alert_setting(), "{scope}");
        assert_eq!(has("mae ei ddiffodd yn dod i rym ar unwaith"), works_at_once(scope), "{scope}");
        assert_eq!(has("12 mis"), scope.expires(), "{scope}");
        assert_eq!(has("byth yn addewid y byddant yn dod"), english.contains("never a promise"), "{scope}");
        assert_eq!(welsh.ends_with(emergency), english.ends_with(EMERGENCY), "{scope}");
        let lower = welsh.to_lowercase();
        let mut said = lower.split(|c: char| !c.is_alphanumeric());
        assert_eq!(said.find(|word| never.contains(word)), None, "{scope}");
    }
}

#[test]
fn every_scope_has_its_own_text() {
    let distinct: HashSet<String> = texts().map(|(_, text)| text).collect();
    assert_eq!(distinct.len(), Scope::ALL.len());
}

#[test]
fn only_what_says_so_lets_staff_read_a_location() {
    let of = |version| text(Scope::LocationReleaseAlert, version, Language::English).unwrap();
    assert!(!of("1").contains("999") && of("2").contains("rings 999"));
}

#[test]
fn an_unknown_version_has_no_text() {
    for version in ["", "0", "2", "01", "1 ", "latest"] {
        assert_eq!(text(Scope::ContactPush, version, Language::English), None, "{version:?}");
    }
}

#[test]
fn each_text_is_two_to_four_plain_sentences_apart_from_the_emergency_words() {
    for (scope, text) in texts() {
        let own = text.replace(EMERGENCY, "");
        let sentences = own.matches(". ").count() + usize::from(own.trim_end().ends_with('.'));
        assert!((2..=4).contains(&sentences), "{scope}: {sentences}");
        assert!(!text.contains("  ") && !text.contains('\n'), "{scope}");
        assert!(text.is_ascii(), "{scope}");
    }
}

#[test]
fn each_text_says_what_on_and_off_mean_and_that_it_can_be_changed() {
    for (scope, text) in texts() {
        let lower = text.to_lowercase();
        for words in ["when this is on, ", "when it is off, ", "you can change this at any time"] {
            assert!(lower.contains(words), "{scope}: {words}");
        }
    }
}

#[test]
fn an_alert_setting_says_24_hours_and_promises_no_police() {
    for (scope, text) in texts() {
        let setting = scope.is_alert_setting();
        assert_eq!(text.contains("turning it off takes 24 hours"), setting, "{scope}");
        assert_eq!(text.contains("turning it off works at once"), works_at_once(scope), "{scope}");
        assert!(!setting || text.contains("never a promise that they will come"), "{scope}");
        assert_eq!(text.contains("12 months"), scope.expires(), "{scope}");
        let notifies_police = scope.as_str().starts_with("alert.police.");
        assert!(!notifies_police || text.ends_with(EMERGENCY), "{scope}");
    }
}

#[test]
fn no_text_uses_a_word_that_the_product_does_not() {
    let never = [
        "he",
        "she",
        "him",
        "her",
        "his",
        "hers",
        "himself",
        "herself",
        "streak",
        "false",
        "victim",
        "stalker",
        "offender",
        "perpetrator",
        "duress",
        "pin",
        "guarantee",
        "always",
    ];
    for (scope, text) in texts() {
        let lower = text.to_lowercase();
        for word in lower.split(|letter: char| !letter.is_alphanumeric()) {
            let is_refusal = scope == Scope::ResearchFollowup && word == "always";
            assert!(is_refusal || !never.contains(&word), "{scope}: {word}");
        }
    }
}
