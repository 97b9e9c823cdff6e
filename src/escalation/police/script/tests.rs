use super::*;
use crate::db::IncidentId;
use crate::words::find;

#[test]
fn every_rule_has_words_for_what_happened() {
    for rule in Rule::ALL {
        assert!(find(Language::English, &format!("script-happened-{rule}"), &[]).is_some(), "{rule}");
    }
}

/// Everything that may be known of a place, with what the second and third line must hold.
fn places(now: Instant) -> Vec<(Whereabouts, &'static str, &'static str)> {
    let force = |id| ForceWords::listed(id).unwrap();
    let home = || Some(force("south-yorkshire"));
    let phone = |minutes: i64, id: Option<&str>| {
        Some(PhonePlace { at: now.plus_minutes(-minutes), force: id.and_then(ForceWords::listed) })
    };
    let said = |minutes: i64| Some(SaidPlace { at: now.plus_minutes(-minutes), force: force("sussex") });
    let known = |phone, said, home| Whereabouts { phone, said, home };
    let (own, other, none) = ("South Yorkshire Police's", "Sussex Police's", "We do not know in which force area");
    vec![
        (known(phone(2, Some("sussex")), None, home()), "Their phone gave a place in Sussex 2 minutes ago.", other),
        (known(None, said(2), home()), "They said they are in Sussex.", other),
        (
            known(None, said(61), home()),
            "They usually live in South Yorkshire; we do not know where they are now.",
            own,
        ),
        (known(phone(2, None), None, home()), "Their phone gave a place 2 minutes ago; I can give it to you.", own),
        (known(phone(900, None), None, home()), "Their phone gave a place 900 minutes ago; I can give it to you.", own),
        (known(None, None, home()), "They usually live in South Yorkshire; we do not know where they are now.", own),
        (known(phone(2, None), None, None), "Their phone gave a place 2 minutes ago; I can give it to you.", none),
        (known(None, None, None), "We do not know where they are now.", none),
    ]
}

#[test]
fn whatever_the_rule_and_the_place_the_first_lines_say_who_calls_where_and_to_which_control_room() {
    let now: Instant = "2026-11-21T20:14:00Z".parse().unwrap();
    let silent =
        "Please do not ring or text their phone, and consider a silent approach: the person they fear may be there.";
    let report = ReportedFacts {
        incident_id: IncidentId(uuid::Uuid::nil()),
        behaviours: vec!["threat_violence".to_owned()],
        fear: 0,
        police_may_contact: false,
        force_id: Some("kent".to_owned()),
        is_now: false,
        breach: None,
    };
    for rule in Rule::ALL {
        for (known, place, room) in places(now) {
            for is_silent in [false, true] {
                let alert = AlertFacts {
                    reference: "AL-6F2K-8C3D-M".to_owned(),
                    level: 4,
                    raised_at: now,
                    rule: *rule,
                    reported: Some(report.clone()),
                };
                let script = Script {
                    organisation: "Lighthouse".to_owned(),
                    desk: Some("0114 496 0000".to_owned()),
                    known: known.clone(),
                    is_silent,
                    alert,
                    late: None,
                    phone_reported_at: None,
                    is_phone_unconfirmed: false,
                    has_order: false,
                    sent: Vec::new(),
                    read_at: now,
                };
                let said = script.lines();
                assert!(said[0].starts_with("I am calling from Lighthouse"), "{said:?}");
                assert_eq!(said[1], place);
                assert!(said[2].starts_with("I am not with them.") && said[2].contains(room), "{said:?}");
                assert_eq!(said[3] == silent, is_silent, "{said:?}");
                assert_eq!(said.iter().filter(|line| *line == silent).count(), usize::from(is_silent));
                let happened = plain(&format!("script-happened-{rule}"));
                assert!(said.iter().skip(4).any(|line| *line == happened), "{rule}");
                // Where an incident that is over happened is never said as where they are.
                assert!(said.iter().any(|line| line == "What they reported happened in Kent."));
                let raw = ["script-", "{", "$"];
                assert!(said.iter().all(|line| raw.iter().all(|raw| !line.contains(raw))), "{said:?}");
            }
        }
    }
}

#[test]
fn what_came_late_is_said_with_both_times() {
    let now: Instant = "2026-11-22T03:20:00Z".parse().unwrap();
    let at = |text: &str| text.parse::<Instant>().unwrap();
    let script = Script {
        organisation: "Lighthouse".to_owned(),
        desk: None,
        known: Whereabouts::default(),
        is_silent: false,
        alert: AlertFacts { reference: "AL".to_owned(), level: 4, raised_at: now, rule: Rule::HelpNow, reported: None },
        late: Some((at("2026-11-21T21:04:00Z"), at("2026-11-22T03:10:00Z"))),
        phone_reported_at: None,
        is_phone_unconfirmed: false,
        has_order: false,
        sent: Vec::new(),
        read_at: now,
    };
    let said = script.lines();
    let late = "By their phone's clock this was at 21:04 on 21 November; it reached us at 03:10 on 22 November.";
    assert!(said.iter().any(|line| line == late), "{said:?}");
}
