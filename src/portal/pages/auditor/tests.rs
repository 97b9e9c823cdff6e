//! What is searched for is asked as the API is asked.

use super::*;
use crate::words::Language;

fn reader() -> PageReader {
    let now = "2026-11-21T21:00:00Z".parse().unwrap();
    PageReader { language: Language::English, now, form_token: String::new(), is_signed_in: true, zone: None }
}

#[test]
fn words_become_codes_and_days_become_moments() {
    let day = |text: &str| text.parse::<Day>().unwrap();
    let asked = TrailSearch {
        action: Some(" Get case view ".to_owned()),
        from: Some(day("2026-06-01")),
        to: Some(day("2026-06-01")),
        ..TrailSearch::default()
    };
    let (question, after) = asked.question(&reader()).unwrap();
    assert!(after.is_none());
    assert_eq!(question.action.as_deref(), Some("get_case_view"));
    // A day in summer begins an hour earlier than by UTC.
    assert_eq!(question.from.map(|at| at.to_string()).unwrap_or_default().get(..16), Some("2026-05-31T23:00"));
    assert_eq!(question.until.map(|at| at.to_string()).unwrap_or_default().get(..16), Some("2026-06-01T23:00"));
}

#[test]
fn letters_lead_to_their_record_and_others_to_none() {
    let id = uuid::Uuid::from_u128(7);
    let asked = |record: &str| TrailSearch { record: Some(record.to_owned()), ..TrailSearch::default() };
    let (question, _) = asked(&handle::letters(id)).question(&reader()).unwrap();
    assert_eq!(question.subject, Some(id.to_string()));
    assert!(matches!(asked("AL-6F2K").question(&reader()), Err(Error::NotFound)));
}
