//! What a case withholds, named in the place where it would be; what stands out, with what it rests on.

use super::axis::{AxisEvidence, EvidenceLine};
use crate::cases::{Reason, Redaction, Signal, Withheld};
use crate::portal::pages::reader::{InEnglish, PageReader, When};
use crate::words::id_of;

/// A kind of record on a page: how much there is of it, and what is withheld.
pub struct KindLine {
    /// Which kind.
    pub name: String,
    /// How much there is of it, as far as the page shows.
    pub figures: Option<String>,
    /// Why it is withheld, in part or at all.
    pub withheld: Vec<InEnglish>,
}

/// The lines of some kinds, in their order; those that are neither shown nor withheld are left out.
pub fn kinds(reader: &PageReader, redactions: &[Redaction], of: Vec<(Withheld, Option<String>)>) -> Vec<KindLine> {
    let line = |(kind, figures): (Withheld, Option<String>)| {
        let withheld = reasons(reader, redactions, kind);
        let is_whole = redactions.iter().any(|one| one.what == kind && one.reason != Reason::Visibility);
        let figures = figures.filter(|_| !is_whole);
        let is_there = figures.is_some() || !withheld.is_empty();
        is_there.then(|| KindLine { name: reader.say(&id_of("portal-kind", kind.as_str())), figures, withheld })
    };
    of.into_iter().filter_map(line).collect()
}

/// Why a kind is withheld.
pub fn reasons(reader: &PageReader, redactions: &[Redaction], kind: Withheld) -> Vec<InEnglish> {
    let of_kind = redactions.iter().filter(|redaction| redaction.what == kind);
    of_kind.map(|redaction| reason(reader, redaction)).collect()
}

/// Why something is withheld.
pub fn reason(reader: &PageReader, redaction: &Redaction) -> InEnglish {
    reader.in_english(&id_of("staff-withheld", redaction.reason.as_str()))
}

/// Something that stands out when both sides are seen together.
pub struct ShownSignal {
    /// What, in words.
    pub words: InEnglish,
    /// When it came to stand out.
    pub at: When,
    /// What it rests on.
    pub evidence: Vec<EvidenceLine>,
    /// That it rests on more than the page shows.
    pub others: Option<String>,
}

/// Signals that are shown, the newest.
const MOST_SIGNALS: usize = 10;

/// What stands out, with what it rests on.
pub fn signals(reader: &PageReader, signals: &[Signal], known: &AxisEvidence) -> Vec<ShownSignal> {
    let shown = |signal: &Signal| {
        let (evidence, others) = known.lines(reader, &signal.evidence);
        let others = (others > 0).then(|| reader.say_with("portal-evidence-others", &[("count", others.into())]));
        ShownSignal {
            words: reader.in_english(&id_of("staff-signal", signal.signal.as_str())),
            at: reader.when(signal.at),
            evidence,
            others,
        }
    };
    signals.iter().take(MOST_SIGNALS).map(shown).collect()
}
