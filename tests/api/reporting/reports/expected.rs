//! The figures as the test reckons them, from its own list of what it wrote and by its own arithmetic.

use std::collections::{BTreeMap, BTreeSet};

use holdfast::db::Instant;
use uuid::Uuid;

use super::Key;
use super::seed::{COURSES, Known, KnownAlert, KnownReferral, Place, SCOPES, Year};
use crate::harness::instant;

/// Which people a report is about.
#[derive(Clone, Copy)]
pub enum Slice {
    All,
    Area(&'static str),
    Elsewhere,
}

pub struct Expected {
    pub people: BTreeSet<Uuid>,
    pub values: BTreeMap<String, Option<f64>>,
    pub none_tells: bool,
}

pub type Figures = BTreeMap<Key, Expected>;

type Sum = (Key, Vec<Key>);
type Sums = fn(&[Key]) -> Vec<Sum>;
type IsAlert = fn(&KnownAlert) -> bool;
type Way = fn(&KnownReferral) -> &'static str;
type IsKind = fn(&str) -> bool;

/// Which figures add up to which: what anybody can read off the names.
pub const SUMS: [Sums; 4] = [categories, splits, agreements, ways];

fn key(figure: &str, category: &str) -> Key {
    (figure.to_owned(), category.to_owned())
}

/// `all` of a figure is the sum of its categories.
fn categories(keys: &[Key]) -> Vec<Sum> {
    let mut sums = Vec::new();
    for (figure, _) in keys.iter().filter(|(figure, category)| category == "all" && figure != "survivors") {
        let parts: Vec<Key> = match figure.as_str() {
            "sessions" => ["attended", "missed", "not_recorded"].map(|part| key(figure, part)).to_vec(),
            _ => keys.iter().filter(|(of, part)| of == figure && part != "all").cloned().collect(),
        };
        if !parts.is_empty() {
            sums.push((key(figure, "all"), parts));
        }
    }
    if keys.iter().any(|(figure, _)| figure == "sessions") {
        let parts = |names: &[&str]| names.iter().map(|part| key("sessions", part)).collect::<Vec<_>>();
        sums.push((key("sessions", "attended"), parts(&["attended_on_time", "attended_late"])));
        let missed = ["missed_acceptable", "missed_unacceptable", "missed_service_cancelled"];
        sums.push((key("sessions", "missed"), parts(&missed)));
    }
    sums
}

/// Some figures add up to another, category by category.
fn splits(keys: &[Key]) -> Vec<Sum> {
    let splits = [
        ("alerts", ["alerts_acknowledged", "alerts_not_acknowledged"]),
        ("alerts_acknowledged", ["alerts_acknowledged_in_time", "alerts_acknowledged_later"]),
        ("alerts", ["alerts_responded", "alerts_not_responded"]),
        ("alerts", ["alerts_police_told", "alerts_police_not_told"]),
        ("alerts_police_told", ["police_replied", "police_not_replied"]),
        ("alerts_police_told", ["police_outcome_told", "police_outcome_not_told"]),
    ];
    let mut sums = Vec::new();
    for (whole, parts) in splits {
        for (_, category) in keys.iter().filter(|(figure, _)| figure == whole) {
            let parts = parts.map(|part| key(part, category)).to_vec();
            // What the police were told of stands in a report of its own.
            if parts.iter().all(|part| keys.contains(part)) {
                sums.push((key(whole, category), parts));
            }
        }
    }
    sums
}

fn agreements(keys: &[Key]) -> Vec<Sum> {
    let scopes = keys.iter().filter(|(figure, _)| figure == "consent_agreed").map(|(_, scope)| scope);
    let parts = |scope: &String| vec![key("consent_agreed", scope), key("consent_not_agreed", scope)];
    scopes.map(|scope| (key("survivors", "all"), parts(scope))).collect()
}

fn is_in(slice: Slice, known: &Known) -> bool {
    known.counts
        && match (slice, known.place) {
            (_, Place::Outside) => false,
            (Slice::All, _) => true,
            (Slice::Area(wanted), Place::Area(area)) => wanted == area,
            (Slice::Elsewhere, place) => place == Place::Elsewhere,
            (Slice::Area(_), Place::Elsewhere) => false,
        }
}

/// A figure from rows: who each is about, and how many there are.
struct Count {
    people: BTreeSet<Uuid>,
    rows: usize,
}

fn put(figures: &mut Figures, (figure, category): (&str, &str), count: &Count, unit: Option<&str>, of: Option<usize>) {
    let number = |count: usize| Some(f64::from(u32::try_from(count).unwrap()));
    let mut values = BTreeMap::from([("people".to_owned(), number(count.people.len()))]);
    if let Some(unit) = unit {
        values.insert(unit.to_owned(), number(count.rows));
    }
    if let Some(of) = of {
        let share = number(count.rows).zip(number(of)).filter(|(_, of)| *of > 0.0);
        values.insert("share".to_owned(), share.map(|(part, of)| (part * 10_000.0 / of).round() / 100.0));
    }
    let expected = Expected { people: count.people.clone(), values, none_tells: figure.starts_with("consent_") };
    assert!(figures.insert(key(figure, category), expected).is_none());
}

/// Quartiles in whole fourths of the way between two neighbours.
fn put_times(figures: &mut Figures, at: (&str, &str), mut minutes: Vec<i64>) {
    minutes.sort_unstable();
    let quartile = |fourths: usize| {
        let way = minutes.len().checked_sub(1)? * fourths;
        let (low, rest) = (minutes[way / 4], i64::try_from(way % 4).unwrap());
        let high = if rest == 0 { low } else { minutes[way / 4 + 1] };
        Some(f64::from(i32::try_from(low * 4 + (high - low) * rest).unwrap()) / 4.0)
    };
    let values = &mut figures.get_mut(&key(at.0, at.1)).unwrap().values;
    for (name, fourths) in [("lower_quartile", 1), ("median", 2), ("upper_quartile", 3)] {
        values.insert(name.to_owned(), quartile(fourths));
    }
}

/// Every figure of a report about a slice, from instants `from` to before `until`.
pub fn figures(year: &Year, report: &str, slice: Slice, (from, until): (&str, &str)) -> Figures {
    let (from, until) = (instant(from), instant(until));
    let within = |at: Instant| at >= from && at < until;
    let mut figures = Figures::new();
    match report {
        "sessions" => sessions(&mut figures, year, slice, within),
        "referrals" => referrals(&mut figures, year, slice, within),
        "goals" => goals(&mut figures, year, slice, (from, until)),
        "incidents" => incidents(&mut figures, year, slice, (from, until)),
        "check_ins" => check_ins(&mut figures, year, slice, within),
        "alerts" | "police" => {
            let counted = |alert: &&KnownAlert| {
                !alert.is_drill && within(alert.raised_at) && is_in(slice, &year.survivors[alert.survivor])
            };
            let alerts: Vec<&KnownAlert> = year.alerts.iter().filter(counted).collect();
            for (level, category) in [(1, "level_1"), (2, "level_2"), (3, "level_3"), (4, "level_4"), (0, "all")] {
                let own: Vec<&KnownAlert> =
                    alerts.iter().copied().filter(|alert| level == 0 || alert.level == level).collect();
                if report == "alerts" {
                    alert_figures(&mut figures, year, category, &own);
                } else {
                    police_figures(&mut figures, year, category, &own);
                }
            }
        }
        "consents" => consents(&mut figures, year, slice, until),
        other => panic!("no report {other}"),
    }
    figures
}

fn count<'a>(year: &Year, alerts: impl Iterator<Item = &'a &'a KnownAlert>) -> Count {
    let mut found = Count { people: BTreeSet::new(), rows: 0 };
    for alert in alerts {
        found.people.insert(year.survivors[alert.survivor].id);
        found.rows += 1;
    }
    found
}

fn alert_figures(figures: &mut Figures, year: &Year, category: &str, alerts: &[&KnownAlert]) {
    let unit = Some("alerts");
    let limit = |alert: &KnownAlert| match alert.level {
        4 => 5,
        3 => 30,
        _ => 1_440,
    };
    let whole = alerts.len();
    put(figures, ("alerts", category), &count(year, alerts.iter()), unit, None);
    let taken: Vec<&KnownAlert> = alerts.iter().copied().filter(|alert| alert.acknowledged.is_some()).collect();
    put(figures, ("alerts_acknowledged", category), &count(year, taken.iter()), unit, Some(whole));
    let minutes = taken.iter().filter_map(|alert| alert.acknowledged).collect();
    put_times(figures, ("alerts_acknowledged", category), minutes);
    let in_time = |alert: &&&KnownAlert| alert.acknowledged.unwrap() <= limit(alert);
    let soon = count(year, taken.iter().filter(in_time));
    put(figures, ("alerts_acknowledged_in_time", category), &soon, unit, Some(taken.len()));
    let late = count(year, taken.iter().filter(|alert| !in_time(alert)));
    put(figures, ("alerts_acknowledged_later", category), &late, unit, Some(taken.len()));
    let waiting = count(year, alerts.iter().filter(|alert| alert.acknowledged.is_none()));
    put(figures, ("alerts_not_acknowledged", category), &waiting, unit, Some(whole));
    let responded = count(year, alerts.iter().filter(|alert| alert.responded.is_some()));
    put(figures, ("alerts_responded", category), &responded, unit, Some(whole));
    put_times(figures, ("alerts_responded", category), alerts.iter().filter_map(|alert| alert.responded).collect());
    let silent = count(year, alerts.iter().filter(|alert| alert.responded.is_none()));
    put(figures, ("alerts_not_responded", category), &silent, unit, Some(whole));
}

fn police_figures(figures: &mut Figures, year: &Year, category: &str, alerts: &[&KnownAlert]) {
    let (unit, told) = (Some("alerts"), alerts.iter().copied().filter(|alert| alert.told).collect::<Vec<_>>());
    let (every, whole) = (Some(alerts.len()), Some(told.len()));
    put(figures, ("alerts_police_told", category), &count(year, told.iter()), unit, every);
    let kept_back = count(year, alerts.iter().filter(|alert| !alert.told));
    put(figures, ("alerts_police_not_told", category), &kept_back, unit, every);
    let parts: [(&str, IsAlert); 4] = [
        ("police_replied", |alert| alert.replied.is_some()),
        ("police_not_replied", |alert| alert.replied.is_none()),
        ("police_outcome_told", |alert| alert.outcome),
        ("police_outcome_not_told", |alert| !alert.outcome),
    ];
    for (figure, belongs) in parts {
        put(figures, (figure, category), &count(year, told.iter().filter(|alert| belongs(alert))), unit, whole);
    }
    put_times(figures, ("police_replied", category), told.iter().filter_map(|alert| alert.replied).collect());
}

fn check_ins(figures: &mut Figures, year: &Year, slice: Slice, within: impl Fn(Instant) -> bool) {
    let counted = year.slots.iter().filter(|(who, due, _)| within(*due) && is_in(slice, &year.survivors[*who]));
    let slots: Vec<(Uuid, &str)> =
        counted.filter_map(|(who, _, fate)| Some((year.survivors[*who].id, (*fate)?))).collect();
    for category in ["all", "answered", "late", "missed"] {
        let own = || slots.iter().filter(|(_, fate)| category == "all" || *fate == category);
        let found = Count { people: own().map(|(who, _)| *who).collect(), rows: own().count() };
        let of = (category != "all").then_some(slots.len());
        put(figures, ("check_ins", category), &found, Some("check_ins"), of);
    }
}

fn sessions(figures: &mut Figures, year: &Year, slice: Slice, within: impl Fn(Instant) -> bool) {
    let counted = year.sessions.iter().filter(|(who, at, _)| within(*at) && is_in(slice, &year.participants[*who]));
    let sessions: Vec<(Uuid, &str)> =
        counted.map(|(who, _, kind)| (year.participants[*who].id, kind.unwrap_or("not_recorded"))).collect();
    let categories: [(&str, IsKind); 9] = [
        ("all", |_| true),
        ("attended", |kind| kind.starts_with("attended")),
        ("attended_on_time", |kind| kind == "attended"),
        ("attended_late", |kind| kind == "attended_late"),
        ("missed", |kind| kind.starts_with("not_attended")),
        ("missed_acceptable", |kind| kind == "not_attended_acceptable"),
        ("missed_unacceptable", |kind| kind == "not_attended_unacceptable"),
        ("missed_service_cancelled", |kind| kind == "not_attended_service_cancelled"),
        ("not_recorded", |kind| kind == "not_recorded"),
    ];
    for (category, belongs) in categories {
        let own = || sessions.iter().filter(|(_, kind)| belongs(kind));
        let found = Count { people: own().map(|(who, _)| *who).collect(), rows: own().count() };
        let of = (category != "all").then_some(sessions.len());
        put(figures, ("sessions", category), &found, Some("sessions"), of);
    }
}

fn consents(figures: &mut Figures, year: &Year, slice: Slice, until: Instant) {
    let survivors: Vec<&Known> = year.survivors.iter().filter(|known| is_in(slice, known)).collect();
    let period = usize::from(until < instant("2026-10-01T00:00:00Z"));
    let found = |own: Vec<&&Known>| Count { people: own.iter().map(|known| known.id).collect(), rows: own.len() };
    put(figures, ("survivors", "all"), &found(survivors.iter().collect()), None, None);
    for scope in SCOPES {
        let (agreed, not) = survivors.iter().partition(|known| known.agreed[period].contains(&scope));
        put(figures, ("consent_agreed", scope), &found(agreed), None, Some(survivors.len()));
        put(figures, ("consent_not_agreed", scope), &found(not), None, Some(survivors.len()));
    }
}

/// Second by second as the windows overlap with the period and with the record.
fn incidents(figures: &mut Figures, year: &Year, slice: Slice, (from, until): (Instant, Instant)) {
    for (window, category) in ["before", "during", "after_0_6_months", "after_6_12_months"].into_iter().enumerate() {
        let (mut people, mut seconds, mut count) = (BTreeSet::new(), 0_i64, 0_i32);
        for (who, course) in year.links.iter().filter(|(who, _)| is_in(slice, &year.survivors[*who])) {
            let (known, Some((start, end))) = (&year.survivors[*who], COURSES[*course].1[window]) else { continue };
            let start = [instant(start), from, known.made_at].into_iter().max().unwrap();
            let end = instant(end).min(until);
            if start >= end {
                continue;
            }
            people.insert(known.id);
            seconds += end.unix_seconds() - start.unix_seconds();
            let hits = year.incidents.iter().filter(|(of, at)| of == who && *at >= start && *at < end);
            count += i32::try_from(hits.count()).unwrap();
        }
        #[expect(clippy::cast_precision_loss, reason = "seconds of a few centuries")]
        let months = seconds as f64 / (30.4375 * 86_400.0);
        let rate = (seconds > 0).then(|| f64::from(count) / months);
        let size = f64::from(u32::try_from(people.len()).unwrap());
        let values = BTreeMap::from([
            ("people".to_owned(), Some(size)),
            ("incidents".to_owned(), Some(f64::from(count))),
            ("survivor_months".to_owned(), Some(months)),
            ("rate".to_owned(), rate),
        ]);
        figures.insert(key("incidents", category), Expected { people, values, none_tells: false });
    }
}

/// T = 50 + 10 sum(w x) / sqrt(0.7 sum(w^2) + 0.3 (sum w)^2), reckoned in the open.
fn t_score(levels: &[(i32, i32)]) -> f64 {
    let (mut attained, mut squares, mut weights) = (0, 0, 0);
    for (weight, level) in levels {
        attained += weight * level;
        squares += weight * weight;
        weights += weight;
    }
    50.0 + 10.0 * f64::from(attained) / (0.7 * f64::from(squares) + 0.3 * f64::from(weights * weights)).sqrt()
}

fn goals(figures: &mut Figures, year: &Year, slice: Slice, (from, until): (Instant, Instant)) {
    // The days as London has them: the period ends at its midnight.
    let [from_on, until_on] = [from, until].map(|at| at.plus_hours(2).to_string()[..10].to_owned());
    let mut rows: Vec<(Uuid, f64, f64)> = Vec::new();
    for (number, known) in year.participants.iter().enumerate().filter(|(_, known)| is_in(slice, known)) {
        let own = year.goals.iter().filter(|goal| goal.participant == number && goal.counts);
        let (mut first, mut last, mut is_reviewed) = (Vec::new(), Vec::new(), false);
        for goal in own {
            let known = goal.reviews.iter().filter(|(on, _)| *on < until_on).max();
            is_reviewed |= known.is_some_and(|(on, _)| *on >= from_on);
            first.push((goal.weight, goal.baseline));
            last.push((goal.weight, known.map_or(goal.baseline, |(_, level)| *level)));
        }
        if is_reviewed {
            rows.push((known.id, t_score(&first), t_score(&last)));
        }
    }
    for (category, sign) in [("all", None), ("rose", Some(1)), ("unchanged", Some(0)), ("fell", Some(-1))] {
        let is_one = |(_, first, last): &&(Uuid, f64, f64)| {
            let found = if (last - first).abs() < 1e-6 {
                0
            } else if last > first {
                1
            } else {
                -1
            };
            sign.is_none_or(|sign| sign == found)
        };
        let own: Vec<_> = rows.iter().filter(is_one).collect();
        let found = Count { people: own.iter().map(|row| row.0).collect(), rows: own.len() };
        put(figures, ("goal_change", category), &found, None, None);
        let size = f64::from(u32::try_from(own.len()).unwrap());
        let mean =
            |of: fn(&(Uuid, f64, f64)) -> f64| (size > 0.0).then(|| own.iter().map(|row| of(row)).sum::<f64>() / size);
        let mut changes: Vec<f64> = own.iter().map(|(_, first, last)| last - first).collect();
        changes.sort_by(f64::total_cmp);
        let quartile = |fourths: usize| {
            let way = changes.len().checked_sub(1)? * fourths;
            let rest = f64::from(u32::try_from(way % 4).unwrap()) / 4.0;
            let high = changes.get(way / 4 + 1).unwrap_or(&changes[way / 4]);
            Some(changes[way / 4] * (1.0 - rest) + high * rest)
        };
        let values = &mut figures.get_mut(&key("goal_change", category)).unwrap().values;
        values.insert("mean_at_start".to_owned(), mean(|row| row.1));
        values.insert("mean_at_end".to_owned(), mean(|row| row.2));
        values.insert("mean_change".to_owned(), mean(|row| row.2 - row.1));
        for (name, fourths) in [("lower_quartile", 1), ("median", 2), ("upper_quartile", 3)] {
            values.insert(name.to_owned(), quartile(fourths));
        }
    }
}

const WAYS: [(&str, Way); 3] = [
    ("referrals_by_source", |referral| referral.source),
    ("referrals_by_basis", |referral| referral.basis),
    ("referrals_by_order", |referral| referral.order),
];

/// Referrals add up in four ways.
fn ways(keys: &[Key]) -> Vec<Sum> {
    if !keys.contains(&key("referrals", "all")) {
        return Vec::new();
    }
    let of = |figure: &str| keys.iter().filter(|(of, _)| of == figure).cloned().collect::<Vec<_>>();
    let mut sums: Vec<Sum> = WAYS.iter().map(|(figure, _)| (key("referrals", "all"), of(figure))).collect();
    let parts = vec![key("referrals_allocated", "all"), key("referrals_not_allocated", "all")];
    sums.push((key("referrals", "all"), parts));
    sums
}

fn referrals(figures: &mut Figures, year: &Year, slice: Slice, within: impl Fn(Instant) -> bool) {
    let counted = |slice: Slice| -> Vec<&KnownReferral> {
        let is_one = |referral: &&KnownReferral| {
            within(referral.submitted_at) && is_in(slice, &year.participants[referral.participant])
        };
        year.referrals.iter().filter(is_one).collect()
    };
    let (rows, every, unit) = (counted(slice), counted(Slice::All), Some("referrals"));
    let found = |own: Vec<&KnownReferral>| Count {
        people: own.iter().map(|referral| year.participants[referral.participant].id).collect(),
        rows: own.len(),
    };
    put(figures, ("referrals", "all"), &found(rows.clone()), unit, None);
    for (figure, way) in WAYS {
        let categories: BTreeSet<&str> = every.iter().map(|referral| way(referral)).collect();
        for category in categories {
            let own = rows.iter().copied().filter(|referral| way(referral) == category).collect();
            put(figures, (figure, category), &found(own), unit, Some(rows.len()));
        }
    }
    let (allocated, waiting): (Vec<_>, Vec<_>) = rows.iter().copied().partition(|row| row.allocated.is_some());
    let hours = allocated.iter().filter_map(|referral| referral.allocated).collect();
    put(figures, ("referrals_allocated", "all"), &found(allocated), unit, Some(rows.len()));
    put_times(figures, ("referrals_allocated", "all"), hours);
    let values = &mut figures.get_mut(&key("referrals_allocated", "all")).unwrap().values;
    for name in ["lower_quartile", "median", "upper_quartile"] {
        let days = values[name].map(|hours| hours / 24.0);
        values.insert(name.to_owned(), days);
    }
    put(figures, ("referrals_not_allocated", "all"), &found(waiting), unit, Some(rows.len()));
}
