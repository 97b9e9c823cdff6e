//! A drawing of what happens when: lines from left to right, and marks on them. It is silent for a screen reader, which is given the
//! same as a table.

/// What the drawing measures, in its own units.
const LEFT: i64 = 10;
/// How wide the lines are.
pub const WIDTH: i64 = 960;
const LINE: i64 = 64;
const TOP: i64 = 10;
/// Height of a bar.
const BAR: i64 = 18;

/// A drawing.
pub struct Drawing {
    /// `viewBox` of SVG.
    pub view_box: String,
    /// Where its foot is.
    pub foot: i64,
    /// Its lines.
    pub lines: Vec<DrawnLine>,
    /// What is said along its foot.
    pub ticks: Vec<DrawnTick>,
}

/// A line with its marks.
pub struct DrawnLine {
    /// Where its name is.
    pub y: i64,
    /// The line itself, as a path.
    pub path: String,
    /// What is on it.
    pub label: String,
    /// Its marks.
    pub marks: Vec<DrawnMark>,
}

/// A mark.
pub struct DrawnMark {
    /// `d` of SVG.
    pub path: String,
    /// Its classes.
    pub class: &'static str,
}

/// Words along the foot.
pub struct DrawnTick {
    /// Where.
    pub x: i64,
    /// Which.
    pub words: String,
}

/// What is on a line, from 0 to [`WIDTH`]. Marks differ in their shapes, and never by their colour alone.
#[derive(Clone, Copy)]
pub enum MarkOf {
    /// A full bar: it is covered.
    Covered(i64, i64),
    /// An empty bar: it is not.
    Empty(i64, i64),
    /// A full diamond: somebody is notified.
    Reached(i64),
    /// A cross: nobody is.
    Unreached(i64),
    /// A ring: it depends on something else.
    Depends(i64),
}

impl MarkOf {
    fn drawn(self, y: i64) -> DrawnMark {
        let bar = |from: i64, to: i64| format!("M{} {y}h{w}v-{BAR}h-{w}z", LEFT + from, w = (to - from).max(1));
        let (path, class) = match self {
            Self::Covered(from, to) => (bar(from, to), "hf-mark hf-mark-full"),
            Self::Empty(from, to) => (bar(from, to), "hf-mark hf-mark-grave"),
            Self::Reached(x) => (format!("M{} {}l8 9l-8 9l-8 -9z", LEFT + x, y - 18), "hf-mark hf-mark-full"),
            Self::Unreached(x) => (format!("M{} {}l12 12m0 -12l-12 12", LEFT + x - 6, y - 15), "hf-mark hf-mark-grave"),
            Self::Depends(x) => (format!("M{} {}a6 6 0 1 0 12 0a6 6 0 1 0 -12 0z", LEFT + x - 6, y - 9), "hf-mark"),
        };
        DrawnMark { path, class }
    }
}

impl Drawing {
    /// That of some lines, each by its name, and of what is said along the foot.
    pub fn of(lines: Vec<(String, Vec<MarkOf>)>, ticks: Vec<(i64, String)>) -> Self {
        let mut foot = TOP;
        let mut drawn = Vec::new();
        for (label, marks) in lines {
            foot += LINE;
            drawn.push(DrawnLine {
                y: foot - 30,
                path: format!("M{LEFT} {foot}h{WIDTH}"),
                label,
                marks: marks.into_iter().map(|mark| mark.drawn(foot - 2)).collect(),
            });
        }
        Self {
            view_box: format!("0 0 {} {}", LEFT + WIDTH + 60, foot + 30),
            foot: foot + 22,
            lines: drawn,
            ticks: ticks.into_iter().map(|(x, words)| DrawnTick { x: LEFT + x, words }).collect(),
        }
    }
}
