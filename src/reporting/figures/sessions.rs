//! Sessions of the programme: attended and missed, by kind.

use super::super::sheet::{ALL, Key, Sheet, Value};
use super::people;
use crate::db::ParticipantId;
use crate::programme::Attendance;

const FIGURE: &str = "sessions";

/// A participant and whether they came; none where nobody has recorded it.
pub type AttendanceOfParticipant = (ParticipantId, Option<Attendance>);

/// A category and the kinds of attendance that belong to it.
const CATEGORIES: [(&str, &[Option<Attendance>]); 8] = [
    ("attended", &[Some(Attendance::Attended), Some(Attendance::AttendedLate)]),
    ("attended_on_time", &[Some(Attendance::Attended)]),
    ("attended_late", &[Some(Attendance::AttendedLate)]),
    (
        "missed",
        &[
            Some(Attendance::NotAttendedAcceptable),
            Some(Attendance::NotAttendedUnacceptable),
            Some(Attendance::NotAttendedServiceCancelled),
        ],
    ),
    ("missed_acceptable", &[Some(Attendance::NotAttendedAcceptable)]),
    ("missed_unacceptable", &[Some(Attendance::NotAttendedUnacceptable)]),
    ("missed_service_cancelled", &[Some(Attendance::NotAttendedServiceCancelled)]),
    ("not_recorded", &[None]),
];

/// Sessions that were planned, by what became of them.
pub fn sheet(rows: &[AttendanceOfParticipant]) -> Sheet {
    let (mut sheet, whole) = (Sheet::default(), Key::new(FIGURE, ALL));
    let count = |count| Value::count("sessions", "sessions", count);
    sheet.add(whole.clone(), people(rows, |(participant, _)| participant.0), [count(rows.len())]);
    for (category, kinds) in CATEGORIES {
        let own: Vec<&AttendanceOfParticipant> = rows.iter().filter(|(_, kind)| kinds.contains(kind)).collect();
        let values = [count(own.len()), Value::share(own.len(), rows.len(), whole.clone())];
        sheet.add(Key::new(FIGURE, category), people(&own, |(participant, _)| participant.0), values);
    }
    let keys = |categories: &[&str]| categories.iter().map(|category| Key::new(FIGURE, *category)).collect();
    sheet.sum(whole, keys(&["attended", "missed", "not_recorded"]));
    sheet.sum(Key::new(FIGURE, "attended"), keys(&["attended_on_time", "attended_late"]));
    let missed = keys(&["missed_acceptable", "missed_unacceptable", "missed_service_cancelled"]);
    sheet.sum(Key::new(FIGURE, "missed"), missed);
    sheet
}
