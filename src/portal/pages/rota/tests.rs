//! What the pages of ladders name by a code has its words.

use super::ladder_pages::code_of;
use crate::escalation::ladder::{self, Audience};
use crate::escalation::{DefaultLadderView, Place};
use crate::words::{self, Language, id_of};

#[track_caller]
fn is_said(language: Language, prefix: &str, code: &str) {
    assert!(words::find(language, &id_of(prefix, code), &[]).is_some(), "{language}: {prefix}-{code}");
}

#[test]
fn every_ladder_place_and_day_has_its_words_in_both_languages() {
    for language in Language::ALL.iter().copied() {
        for known in DefaultLadderView::all() {
            is_said(language, "portal-ladder", &known.code);
        }
        for place in Place::ALL {
            is_said(language, "portal-place", place.as_str());
        }
        for day in 1..=7 {
            is_said(language, "portal-weekday", &day.to_string());
        }
    }
}

#[test]
fn everybody_who_is_notified_and_what_would_come_of_it_has_words() {
    for audience in ladder::all().iter().flat_map(|ladder| &ladder.steps).flat_map(|step| &step.tell) {
        is_said(Language::English, "staff-audience", &code_of(*audience));
    }
    assert_eq!(code_of(Audience::Call999), "call_999");
    for outcome in ["told", "gap", "nobody_there", "task", "no_channel", "if_allowed"] {
        is_said(Language::English, "staff-climb", outcome);
    }
}
