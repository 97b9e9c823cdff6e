//! The page of the rota.

use std::collections::BTreeMap;

use askama::Template;

use super::drawing::{Drawing, MarkOf, WIDTH};
use super::spans;
use crate::db::{Instant, StaffId};
use crate::escalation::{Place, RotaView, ShiftView, Span};
use crate::identity::{ColleagueView, Role};
use crate::portal::pages::admin::unreached::{NamedUnreached, UnreachedLine};
use crate::portal::pages::case::handle::letters;
use crate::portal::pages::form::{ErrorSummary, FieldKind, FormField, FormTrouble, PageForms, ShownForm};
use crate::portal::pages::reader::{PageReader, When};
use crate::words::id_of;

/// Ticks along the foot of the drawing.
const TICKS: i64 = 7;

const WHO: FormField = FormField { name: "staff_id", label: "portal-shift-who", hint: None, kind: FieldKind::Offered };
const PLACE: FormField = FormField {
    name: "place",
    label: "portal-shift-place",
    hint: None,
    kind: FieldKind::Choice(&[("duty", "portal-place-duty"), ("second", "portal-place-second")]),
};
const FROM: FormField = FormField {
    name: "starts_at",
    label: "portal-shift-from",
    hint: Some("portal-uk-time-hint"),
    kind: FieldKind::Moment,
};
const TO: FormField =
    FormField { name: "ends_at", label: "portal-shift-to", hint: Some("portal-uk-time-hint"), kind: FieldKind::Moment };
const REASON: FormField = FormField {
    name: "reason",
    label: "portal-why",
    hint: None,
    kind: FieldKind::Choice(&[
        ("sickness", "portal-cancel-sickness"),
        ("leave", "portal-cancel-leave"),
        ("swapped", "portal-cancel-swapped"),
        ("mistake", "portal-cancel-mistake"),
        ("other", "portal-cancel-other"),
    ]),
};

/// The rota, as it was read.
pub struct WatchRead {
    /// Itself.
    pub rota: RotaView,
    /// Those who work there, and those who did.
    pub colleagues: Vec<ColleagueView>,
    /// Who of it would not be reached.
    pub unreached: Vec<NamedUnreached>,
}

/// The rota of a support organisation, for its supervisors.
#[derive(Template)]
#[template(path = "rota/rota.html")]
pub struct RotaPage<'a> {
    reader: &'a PageReader,
    title: String,
    wrong: Option<ErrorSummary>,
    made_at: When,
    shown: String,
    has_rota: bool,
    on_duty: Vec<PlaceLine>,
    drawing: Drawing,
    shifts: Vec<ShiftLine>,
    gaps: Vec<GapLine>,
    later: String,
    unreached: Vec<UnreachedLine>,
    form: ShownForm,
}

/// Who is on duty at one place now.
struct PlaceLine {
    place: String,
    people: Vec<String>,
}

/// A shift.
struct ShiftLine {
    name: String,
    place: String,
    when: String,
    form: ShownForm,
}

/// What no shift covers.
struct GapLine {
    place: String,
    when: String,
}

impl<'a> RotaPage<'a> {
    /// That of an organisation; with what is wrong with a form of it, where one was refused.
    pub fn of(reader: &'a PageReader, found: WatchRead, trouble: Option<&FormTrouble>) -> Self {
        let WatchRead { rota, colleagues, unreached } = found;
        let names = names_of(&colleagues);
        let mut forms = PageForms::of(reader, trouble);
        let action = "/portal/rota/shifts".to_owned();
        let form = forms.form("shift", action, &[WHO, PLACE, FROM, TO], "portal-plan-shift");
        let shifts = rota.shifts.iter().map(|shift| ShiftLine::of(reader, &names, shift, &mut forms)).collect();
        let gaps = |place: Place, uncovered: &[Span]| -> Vec<GapLine> {
            let line =
                |gap: &Span| GapLine { place: named(reader, place), when: spans::between(reader, gap.from, gap.to) };
            uncovered.iter().map(line).collect()
        };
        let on_duty = |place: Place, ids: &[StaffId]| PlaceLine {
            place: named(reader, place),
            people: ids.iter().map(|id| name_of(reader, &names, *id)).collect(),
        };
        Self {
            title: reader.title("portal-rota-title", trouble.is_some()),
            wrong: forms.wrong,
            made_at: reader.now_by_the_clock(),
            shown: spans::between(reader, rota.from, rota.to),
            has_rota: rota.has_rota,
            on_duty: vec![on_duty(Place::Duty, &rota.on_duty.duty), on_duty(Place::Second, &rota.on_duty.second)],
            drawing: drawn(reader, &rota),
            shifts,
            gaps: gaps(Place::Duty, &rota.gaps.duty)
                .into_iter()
                .chain(gaps(Place::Second, &rota.gaps.second))
                .collect(),
            later: format!("/portal/rota?from={}", rota.to),
            unreached: unreached.into_iter().map(|found| UnreachedLine::of(reader, found)).collect(),
            form: form.offer("staff_id", choices(&colleagues)),
            reader,
        }
    }
}

fn named(reader: &PageReader, place: Place) -> String {
    reader.say(&id_of("portal-place", place.as_str()))
}

/// The names of colleagues.
pub fn names_of(colleagues: &[ColleagueView]) -> BTreeMap<StaffId, String> {
    colleagues.iter().filter_map(|colleague| Some((colleague.id, colleague.name.clone()?))).collect()
}

/// The name of one, or that there is none.
pub fn name_of(reader: &PageReader, names: &BTreeMap<StaffId, String>, id: StaffId) -> String {
    names.get(&id).cloned().unwrap_or_else(|| reader.say("portal-somebody"))
}

/// Those who can be on duty, as far as their accounts say; whether they really can the use case says.
fn choices(colleagues: &[ColleagueView]) -> Vec<(String, String)> {
    let can = |colleague: &&ColleagueView| {
        colleague.is_active && colleague.roles.iter().any(|role| matches!(role, Role::Advocate | Role::Supervisor))
    };
    let choice = |colleague: &ColleagueView| Some((letters(colleague.id.0), colleague.name.clone()?));
    colleagues.iter().filter(can).filter_map(choice).collect()
}

impl ShiftLine {
    fn of(
        reader: &PageReader,
        names: &BTreeMap<StaffId, String>,
        shift: &ShiftView,
        forms: &mut PageForms<'_>,
    ) -> Self {
        let of = letters(shift.id.0);
        let action = format!("/portal/rota/shifts/{of}/cancel");
        Self {
            name: name_of(reader, names, shift.staff_id),
            place: named(reader, shift.place),
            when: spans::between(reader, shift.starts_at, shift.ends_at),
            form: forms.form(&of, action, &[REASON], "portal-cancel-shift"),
        }
    }
}

/// The rota as a drawing: a line for each place, with shifts as full bars and gaps as empty ones.
fn drawn(reader: &PageReader, rota: &RotaView) -> Drawing {
    let all = rota.to.seconds_since(rota.from).max(1);
    let x = |at: Instant| at.seconds_since(rota.from).clamp(0, all) * WIDTH / all;
    let line = |place: Place, gaps: &[Span]| -> (String, Vec<MarkOf>) {
        let shifts = rota.shifts.iter().filter(|shift| shift.place == place);
        let covered = shifts.map(|shift| MarkOf::Covered(x(shift.starts_at), x(shift.ends_at)));
        let empty = gaps.iter().map(|gap| MarkOf::Empty(x(gap.from), x(gap.to)));
        (named(reader, place), covered.chain(empty).collect())
    };
    let tick = |n: i64| {
        let at = rota.from.plus_seconds(all * n / TICKS);
        (x(at), format!("{} {}", spans::day(at), spans::time(at)))
    };
    let lines = vec![line(Place::Duty, &rota.gaps.duty), line(Place::Second, &rota.gaps.second)];
    Drawing::of(lines, (0..TICKS).map(tick).collect())
}
