//! The levels of one goal over time: a drawing, of which the table next to it says the same.

use crate::db::{Day, Instant};
use crate::portal::pages::reader::PageReader;

/// What the drawing measures, in its own units.
const LEFT: i64 = 50;
const WIDTH: i64 = 600;
const TOP: i64 = 20;
const LEVEL: i64 = 28;
const DAY: i64 = 24 * 60 * 60;
/// The lowest level and the highest.
const LEVELS: [i32; 5] = [2, 1, 0, -1, -2];

/// How a goal has come along.
pub struct GoalCourse {
    /// When it was set, and the level at which it began.
    pub start: (Instant, i32),
    /// Each score that counts, oldest first.
    pub scores: Vec<(Day, i32)>,
}

/// The drawing.
pub struct GoalChart {
    /// `viewBox` of SVG.
    pub view_box: String,
    /// A line for each level.
    pub levels: Vec<ChartLevel>,
    /// The steps from score to score, as a path.
    pub steps: String,
    /// A mark for each score.
    pub marks: Vec<String>,
    /// The first day and the last.
    pub days: Vec<ChartDay>,
    /// Where their words are.
    pub foot: i64,
}

/// A level.
pub struct ChartLevel {
    /// Where it is.
    pub y: i64,
    /// Its line, as a path.
    pub path: String,
    /// Its class: what is expected is drawn as a line of its own.
    pub class: &'static str,
    /// Which.
    pub label: String,
}

/// A day along the foot.
pub struct ChartDay {
    /// Where.
    pub x: i64,
    /// Which.
    pub words: String,
}

/// The stretch of time that is drawn.
#[derive(Clone, Copy)]
struct ChartSpan {
    from: Instant,
    to: Instant,
}

impl ChartSpan {
    fn x(self, at: Instant) -> i64 {
        let all = self.to.seconds_since(self.from).max(DAY);
        LEFT + at.seconds_since(self.from).clamp(0, all) * WIDTH / all
    }
}

fn y(level: i32) -> i64 {
    TOP + (2 - i64::from(level.clamp(-2, 2))) * LEVEL
}

impl GoalChart {
    /// That of one goal.
    pub fn of(reader: &PageReader, course: &GoalCourse) -> Self {
        let scores: Vec<(Instant, i32)> =
            course.scores.iter().map(|(day, level)| (reader.day(*day).0, *level)).collect();
        let earliest = scores.iter().map(|(at, _)| *at).min().unwrap_or(course.start.0);
        let span = ChartSpan { from: course.start.0.min(earliest), to: reader.now };
        let mut steps = format!("M{LEFT} {}", y(course.start.1));
        for (at, level) in &scores {
            steps += &format!("H{}V{}", span.x(*at), y(*level));
        }
        steps += &format!("H{}", LEFT + WIDTH);
        let level = |level: i32| ChartLevel {
            y: y(level) + 5,
            path: format!("M{LEFT} {}h{WIDTH}", y(level)),
            class: if level == 0 { "hf-axis-now" } else { "hf-axis-foot" },
            label: format!("{level:+}"),
        };
        let mark = |(at, level): &(Instant, i32)| {
            format!("M{} {}a5 5 0 1 0 10 0a5 5 0 1 0 -10 0z", span.x(*at) - 5, y(*level))
        };
        let foot = y(-2) + 30;
        let day = |x: i64, at: Instant| ChartDay { x, words: reader.day(Day::of(at)).1 };
        Self {
            view_box: format!("0 0 {} {}", LEFT + WIDTH + 60, foot + 12),
            levels: LEVELS.into_iter().map(level).collect(),
            steps,
            marks: scores.iter().map(mark).collect(),
            days: vec![day(LEFT, span.from), day(LEFT + WIDTH - 40, span.to)],
            foot,
        }
    }
}
