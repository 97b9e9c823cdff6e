//! The time axis that both sides of a case share: a drawing, and the same figures as a table.
//!
//! An entry is put on it by each side's own page, in words and as a mark; what is drawn is measured here. A mark says by its
//! shape what it is, and the drawing is silent for a screen reader, which is given the table.

use std::collections::BTreeMap;

use uuid::Uuid;

use crate::db::{Day, Instant};
use crate::portal::pages::reader::{InEnglish, PageReader, When};

/// Entries that are drawn and listed, the newest.
const MOST: usize = 120;
/// Days that the axis covers at least, and that it goes on for what is planned.
const LEAST_DAYS: i64 = 28;
const AHEAD_DAYS: i64 = 28;
/// Days at most: what is older, such as an old order, is in the table alone.
const MOST_DAYS: i64 = 400;
const DAY: i64 = 24 * 60 * 60;

/// What the drawing measures, in its own units.
const LEFT: i64 = 170;
const WIDTH: i64 = 810;
const LANE: i64 = 44;
const TOP: i64 = 10;
const TICKS: i64 = 6;
/// Height of a level of a goal.
const LEVEL: i64 = 7;

/// The lines of the drawing, from the top.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum AxisLane {
    /// Check-ins, of the survivor's side.
    CheckIns,
    /// Incidents, of the survivor's side.
    Incidents,
    /// Alerts, of the survivor's side.
    Alerts,
    /// Sessions, of the participant's side.
    Sessions,
    /// Scores of goals, of the participant's side.
    Goals,
    /// Orders, of the participant's side.
    Orders,
}

impl AxisLane {
    const ALL: [Self; 6] = [Self::CheckIns, Self::Incidents, Self::Alerts, Self::Sessions, Self::Goals, Self::Orders];

    /// The message of its name.
    fn label(self) -> &'static str {
        match self {
            Self::CheckIns => "portal-kind-check_ins",
            Self::Incidents => "portal-kind-incidents",
            Self::Alerts => "portal-kind-alerts",
            Self::Sessions => "portal-kind-sessions",
            Self::Goals => "portal-kind-goals",
            Self::Orders => "portal-kind-orders",
        }
    }

    /// The message of the side that it is of.
    fn side(self) -> &'static str {
        match self {
            Self::CheckIns | Self::Incidents | Self::Alerts => "portal-survivor-side",
            Self::Sessions | Self::Goals | Self::Orders => "portal-participant-side",
        }
    }
}

/// The shape of a mark.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum MarkShape {
    /// A line: as it was to be.
    Line,
    /// A ring: open yet.
    Ring,
    /// A cross: missed.
    Cross,
    /// A bar, the higher the graver.
    Bar(i32),
    /// A diamond: somebody was called.
    Diamond,
    /// A flag: a day of a court.
    Flag,
    /// None: a score is drawn as a step.
    Step,
}

impl MarkShape {
    fn path(self, x: i64, y: i64) -> Option<String> {
        Some(match self {
            Self::Line => format!("M{x} {}v18", y - 18),
            Self::Ring => format!("M{} {}a5 5 0 1 0 10 0a5 5 0 1 0 -10 0z", x - 5, y - 9),
            Self::Cross => format!("M{} {}l12 12m0 -12l-12 12", x - 6, y - 15),
            Self::Bar(height) => format!("M{} {y}v-{height}h6v{height}z", x - 3, height = i64::from(height) * 8),
            Self::Diamond => format!("M{x} {}l8 9l-8 9l-8 -9z", y - 18),
            Self::Flag => format!("M{x} {y}v-20h10l-3 4l3 4h-10"),
            Self::Step => return None,
        })
    }

    fn class(self, is_grave: bool) -> &'static str {
        match (self, is_grave) {
            (Self::Bar(_) | Self::Diamond, true) => "hf-mark hf-mark-full hf-mark-grave",
            (Self::Bar(_) | Self::Diamond, false) => "hf-mark hf-mark-full",
            (_, true) => "hf-mark hf-mark-grave",
            (_, false) => "hf-mark",
        }
    }
}

/// Something on the axis.
pub struct AxisEntry {
    /// What tells it from others; never shown.
    pub id: Uuid,
    /// When.
    pub at: Instant,
    /// The day, where no more is known.
    pub day: Option<String>,
    /// On which line.
    pub lane: AxisLane,
    /// As which mark.
    pub shape: MarkShape,
    /// Whether it is grave.
    pub is_grave: bool,
    /// What it is.
    pub words: InEnglish,
    /// The page about it.
    pub href: Option<String>,
}

impl AxisEntry {
    /// One at a moment.
    pub fn of(
        lane: AxisLane,
        (at, id): (Instant, Uuid),
        (shape, is_grave): (MarkShape, bool),
        words: InEnglish,
    ) -> Self {
        Self { id, at, day: None, lane, shape, is_grave, words, href: None }
    }

    /// One of which only the day is known.
    pub fn on(reader: &PageReader, lane: AxisLane, (day, id): (Day, Uuid), shape: MarkShape, words: InEnglish) -> Self {
        let (at, day) = reader.day(day);
        Self { day: Some(day), ..Self::of(lane, (at, id), (shape, false), words) }
    }
}

/// How far a goal has come, by its scores.
pub struct GoalSteps {
    /// The level at the start, and when it was set.
    pub start: (Instant, i32),
    /// Each score, oldest first.
    pub scores: Vec<(Instant, i32)>,
}

/// The axis as it is shown.
pub struct TimeAxis {
    /// `viewBox` of SVG.
    pub view_box: String,
    /// Where its foot is.
    pub foot: i64,
    /// Its lines.
    pub lanes: Vec<ShownLane>,
    /// Days along it.
    pub days: Vec<AxisDay>,
    /// Where now is.
    pub now_path: Option<String>,
    /// The same as a table, newest first.
    pub rows: Vec<AxisRow>,
    /// Whether there are earlier entries.
    pub is_cut: bool,
}

/// A line of the drawing.
pub struct ShownLane {
    /// Where it is.
    pub y: i64,
    /// Its foot, as a path.
    pub path: String,
    /// What is on it.
    pub label: String,
    /// Marks.
    pub marks: Vec<ShownMark>,
}

/// A mark, or the steps of a goal.
pub struct ShownMark {
    /// `d` of SVG.
    pub path: String,
    /// Its classes.
    pub class: &'static str,
}

/// A day along the axis.
pub struct AxisDay {
    /// Where.
    pub x: i64,
    /// Which.
    pub words: String,
}

/// A row of the table.
pub struct AxisRow {
    /// When.
    pub when: Option<When>,
    /// The day, where no more is known.
    pub day: Option<String>,
    /// Of which side.
    pub side: String,
    /// Of which kind.
    pub kind: String,
    /// What it is.
    pub words: InEnglish,
    /// The page about it.
    pub href: Option<String>,
}

/// The stretch of time that is drawn.
#[derive(Clone, Copy)]
struct AxisSpan {
    from: Instant,
    to: Instant,
}

impl AxisSpan {
    fn of(reader: &PageReader, entries: &[AxisEntry]) -> Self {
        let times = entries.iter().map(|entry| entry.at);
        let earliest = times.clone().min().unwrap_or(reader.now);
        let latest = times.max().unwrap_or(reader.now);
        let from = earliest.min(reader.now.plus_days(-LEAST_DAYS)).max(reader.now.plus_days(-MOST_DAYS));
        Self { from, to: latest.max(reader.now).min(reader.now.plus_days(AHEAD_DAYS)).plus_days(1) }
    }

    /// Where a moment is; nowhere where it is not drawn.
    fn x(self, at: Instant) -> Option<i64> {
        let (all, gone) = (self.to.seconds_since(self.from).max(DAY), at.seconds_since(self.from));
        (0..=all).contains(&gone).then(|| LEFT + gone * WIDTH / all)
    }

    /// The same, at the nearest end where it is not.
    fn clipped(self, at: Instant) -> i64 {
        self.x(at).unwrap_or(if at < self.from { LEFT } else { LEFT + WIDTH })
    }
}

impl TimeAxis {
    /// That of some entries and goals.
    pub fn of(reader: &PageReader, mut entries: Vec<AxisEntry>, goals: &[GoalSteps]) -> Self {
        entries.sort_by_key(|entry| std::cmp::Reverse((entry.at, entry.id)));
        let is_cut = entries.len() > MOST;
        entries.truncate(MOST);
        let span = AxisSpan::of(reader, &entries);
        let lanes: Vec<ShownLane> = (1..)
            .zip(AxisLane::ALL)
            .map(|(n, lane)| drawn(reader, span, (TOP + n * LANE, lane), &entries, goals))
            .collect();
        let foot = TOP + LANE * 6;
        let day = |n: i64| {
            let at = span.from.plus_seconds(span.to.seconds_since(span.from) * n / TICKS);
            AxisDay { x: span.clipped(at), words: reader.day(Day::of(at)).1 }
        };
        Self {
            view_box: format!("0 0 {} {}", LEFT + WIDTH + 60, foot + 30),
            foot: foot + 22,
            lanes,
            days: (0..TICKS).map(day).collect(),
            now_path: span.x(reader.now).map(|x| format!("M{x} {TOP}V{foot}")),
            rows: entries.into_iter().map(|entry| row(reader, entry)).collect(),
            is_cut,
        }
    }
}

fn drawn(
    reader: &PageReader,
    span: AxisSpan,
    (y, lane): (i64, AxisLane),
    entries: &[AxisEntry],
    goals: &[GoalSteps],
) -> ShownLane {
    let of_lane = entries.iter().filter(|entry| entry.lane == lane);
    let mark = |entry: &AxisEntry| {
        let path = entry.shape.path(span.x(entry.at)?, y - 4)?;
        Some(ShownMark { path, class: entry.shape.class(entry.is_grave) })
    };
    let mut marks: Vec<ShownMark> = of_lane.filter_map(mark).collect();
    if lane == AxisLane::Goals {
        marks.extend(
            goals
                .iter()
                .map(|goal| ShownMark { path: steps(span, (y, reader.now), goal), class: "hf-mark hf-mark-step" }),
        );
    }
    ShownLane { y: y - 8, path: format!("M{LEFT} {y}h{WIDTH}"), label: reader.say(lane.label()), marks }
}

/// The scores of a goal as steps: each holds until the next, and the last one until now.
fn steps(span: AxisSpan, (y, now): (i64, Instant), goal: &GoalSteps) -> String {
    let height = |level: i32| y - 4 - (i64::from(level) + 2) * LEVEL;
    let mut path = format!("M{} {}", span.clipped(goal.start.0), height(goal.start.1));
    for (at, level) in &goal.scores {
        path += &format!("H{}V{}", span.clipped(*at), height(*level));
    }
    path + &format!("H{}", span.clipped(now))
}

fn row(reader: &PageReader, entry: AxisEntry) -> AxisRow {
    AxisRow {
        when: entry.day.is_none().then(|| reader.when(entry.at)),
        day: entry.day,
        side: reader.say(entry.lane.side()),
        kind: reader.say(entry.lane.label()),
        words: entry.words,
        href: entry.href,
    }
}

/// What signals rest on, by what tells records from one another.
pub struct AxisEvidence {
    known: BTreeMap<Uuid, (Instant, Option<String>, InEnglish)>,
}

/// Something that a signal rests on.
pub struct EvidenceLine {
    /// What.
    pub words: InEnglish,
    /// When.
    pub when: Option<When>,
    /// The day, where no more is known.
    pub day: Option<String>,
}

impl AxisEvidence {
    /// All that a page shows.
    pub fn of(entries: &[AxisEntry]) -> Self {
        let line = |entry: &AxisEntry| (entry.id, (entry.at, entry.day.clone(), entry.words.clone()));
        Self { known: entries.iter().map(line).collect() }
    }

    /// What one signal rests on, as far as the page shows it; and how many others there are.
    pub fn lines(&self, reader: &PageReader, evidence: &[Uuid]) -> (Vec<EvidenceLine>, usize) {
        let found = evidence.iter().filter_map(|id| self.known.get(id));
        let line = |(at, day, words): &(Instant, Option<String>, InEnglish)| EvidenceLine {
            words: words.clone(),
            when: day.is_none().then(|| reader.when(*at)),
            day: day.clone(),
        };
        let lines: Vec<EvidenceLine> = found.map(line).collect();
        let others = evidence.len() - lines.len();
        (lines, others)
    }
}
