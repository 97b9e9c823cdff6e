//! What is known of an alert before any detail is opened, in words. What the force is not given, or nobody knows, is said as such.

use crate::directory::behaviour;
use crate::escalation::{AlertData, IncidentTrend, StatedCodes, StatedHarm, StatedNumber, StatedRating};
use crate::portal::pages::person_view;
use crate::portal::pages::reader::{InEnglish, PageReader};
use crate::words::{self, Language, id_of};

/// What begins the code of somebody who needs an interpreter; the language follows.
const INTERPRETER: &str = "interpreter:";

/// Something that is known.
pub struct FactLine {
    /// What it is.
    pub key: String,
    /// What is known of it.
    pub values: Vec<InEnglish>,
}

impl FactLine {
    fn of(reader: &PageReader, key: &str, values: Vec<InEnglish>) -> Self {
        Self { key: reader.say(key), values }
    }

    /// The same with a sentence where there is nothing to say.
    fn or(reader: &PageReader, key: &str, values: Vec<InEnglish>, none: &str) -> Self {
        match values.is_empty() {
            true => Self::of(reader, key, vec![reader.in_own(reader.say(none))]),
            false => Self::of(reader, key, values),
        }
    }
}

/// All that is known.
pub fn fact_lines(reader: &PageReader, data: &AlertData) -> Vec<FactLine> {
    let facts = &data.facts;
    let own = |words: String| vec![reader.in_own(words)];
    let mut lines = vec![
        FactLine::of(reader, "portal-police-threat", threat(reader, &facts.threat)),
        FactLine::of(reader, "portal-police-harm", harm(reader, &facts.harm)),
        FactLine::of(reader, "portal-risk", own(rating(reader, &facts.risk.rating))),
        FactLine::of(reader, "portal-police-week", own(week(reader, &facts.risk.incidents_7d, facts.risk.trend))),
        FactLine::of(reader, "portal-police-evidence", own(number(reader, &facts.investigation.evidence_items))),
        FactLine::or(reader, "portal-police-breach", breaches(reader, data), "portal-police-no-breach"),
        FactLine::or(reader, "portal-police-vulnerable", vulnerable(reader, data), "portal-police-nothing-known"),
        FactLine::of(reader, "portal-police-contact", vec![contact(reader, facts.engagement.police_may_contact)]),
    ];
    let references = data.police_references.iter().map(|held| {
        let words = format!("{}: {}", order_kind(reader, &held.kind), held.reference);
        reader.in_own(words)
    });
    let references: Vec<InEnglish> = references.collect();
    lines.extend((!references.is_empty()).then(|| FactLine::of(reader, "portal-police-references", references)));
    let case = data.case.clone().map(|case| FactLine::of(reader, "portal-case-title", own(case)));
    lines.extend(case);
    if data.agreement.setting == "override" {
        lines.push(FactLine::of(reader, "portal-police-basis", vec![reader.in_english("staff-override")]));
    }
    lines
}

fn threat(reader: &PageReader, threat: &StatedCodes) -> Vec<InEnglish> {
    let StatedCodes::Codes(codes) = threat else { return vec![unstated(reader)] };
    codes.iter().map(|code| reader.in_own(behaviour_words(reader, code))).collect()
}

/// What somebody did, by its code.
pub fn behaviour_words(reader: &PageReader, code: &str) -> String {
    match behaviour(code) {
        Some(known) => known.in_language(reader.language).definition,
        None => reader.say("portal-police-something-else"),
    }
}

fn harm(reader: &PageReader, harm: &StatedHarm) -> Vec<InEnglish> {
    let StatedHarm::Harm(stated) = harm else { return vec![unstated(reader)] };
    let fear = reader.say_with("portal-police-fear", &[("count", stated.fear.into())]);
    let impact = match &stated.impact {
        StatedNumber::Number(impact) => Some(reader.say_with("portal-police-impact", &[("count", (*impact).into())])),
        StatedNumber::Unstated(_) => None,
    };
    [Some(fear), impact].into_iter().flatten().map(|words| reader.in_own(words)).collect()
}

fn rating(reader: &PageReader, rating: &StatedRating) -> String {
    match rating {
        StatedRating::Rating(rating) => reader.say(&id_of("portal-risk", rating.as_str())),
        StatedRating::Unstated(_) => reader.say("portal-police-unstated"),
    }
}

fn week(reader: &PageReader, count: &StatedNumber, trend: IncidentTrend) -> String {
    let trend = match trend {
        IncidentTrend::Rising => "portal-police-rising",
        IncidentTrend::Steady => "portal-police-steady",
        IncidentTrend::Falling => "portal-police-falling",
        IncidentTrend::NotStated => return number(reader, count),
    };
    format!("{}, {}", number(reader, count), reader.say(trend))
}

fn number(reader: &PageReader, number: &StatedNumber) -> String {
    match number {
        StatedNumber::Number(number) => number.to_string(),
        StatedNumber::Unstated(_) => reader.say("portal-police-unstated"),
    }
}

fn breaches(reader: &PageReader, data: &AlertData) -> Vec<InEnglish> {
    let words = data.facts.investigation.possible_breach.iter().flat_map(|breach| {
        let order = reader.in_own(order_kind(reader, &breach.order));
        [Some(order), condition(reader, &breach.condition)]
    });
    words.flatten().collect()
}

fn order_kind(reader: &PageReader, kind: &str) -> String {
    let known = words::find(reader.language, &id_of("order-kind", kind), &[]);
    known.unwrap_or_else(|| reader.say("order-kind-other"))
}

/// What a condition of an order forbids or demands; the court's own words say it where its code is known to nobody.
fn condition(reader: &PageReader, code: &str) -> Option<InEnglish> {
    words::find(Language::English, &id_of("staff-condition", code), &[]).map(|words| reader.as_english(words))
}

fn vulnerable(reader: &PageReader, data: &AlertData) -> Vec<InEnglish> {
    let words = data.facts.vulnerability.iter().filter_map(|code| match code.strip_prefix(INTERPRETER) {
        Some(language) => {
            let reads = person_view::language(reader, language);
            Some(reader.in_own(reader.say_with("portal-police-interpreter", &[("language", reads.into())])))
        }
        None => {
            let known = words::find(Language::English, &id_of("staff-vulnerable", code), &[]);
            known.map(|words| reader.as_english(words))
        }
    });
    words.collect()
}

fn contact(reader: &PageReader, may: bool) -> InEnglish {
    reader.in_english(if may { "staff-police-may-contact" } else { "staff-police-may-not-contact" })
}

fn unstated(reader: &PageReader) -> InEnglish {
    reader.in_own(reader.say("portal-police-unstated"))
}
