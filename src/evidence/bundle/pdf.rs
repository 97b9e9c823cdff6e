//! The readable summary of a bundle: chronology, behaviours by limb, order conditions, files and their continuity.
//!
//! Words are neutral: "the person reported" until there is a finding, and nothing is judged. Fonts are embedded (their
//! licences stand next to them), so that it reads the same everywhere; where a script cannot be drawn the page says so and names
//! the file of the archive that holds the text.

mod fonts;
mod lines;
mod page;

use std::collections::BTreeMap;

use fluent_bundle::FluentValue;

use self::page::{DocumentInfo, Paragraph, Style};
use super::details;
use super::gather::Material;
use super::manifest::{display_path, original_path};
use super::model::Item;
use super::wording::SummaryWording;
use crate::db::{ConditionId, Instant};
use crate::directory;
use crate::error::Result;
use crate::evidence::model::CustodyKind;
use crate::incidents::{HappenedView, Precision, VisibleIncident};

/// A summary that is being written.
struct Summary<'a> {
    material: &'a Material,
    words: SummaryWording,
    paragraphs: Vec<Paragraph>,
}

/// Writes the summary.
pub fn write(material: &Material, made_at: Instant) -> Result<Vec<u8>> {
    let summary = Summary::of(material, made_at);
    let words = &summary.words;
    let made_at = words.moment(made_at);
    let foot = |number: usize, count: usize| {
        let page = words.with("bundle-page", &[("number", number.into()), ("count", count.into())]);
        format!("{} · {made_at} · {page}", material.reference)
    };
    let title = words.with("bundle-title", &[("reference", material.reference.as_str().into())]);
    let language = match material.language {
        crate::words::Language::English => "en-GB",
        crate::words::Language::Welsh => "cy",
    };
    page::draw(&summary.paragraphs, &DocumentInfo { title, language, foot: &foot })
}

/// What others wrote, so that its direction changes nothing around it.
fn apart(text: &str) -> String {
    format!("\u{2068}{text}\u{2069}")
}

impl<'a> Summary<'a> {
    fn of(material: &'a Material, made_at: Instant) -> Self {
        let words = SummaryWording { language: material.language, zone: material.zone.clone() };
        let mut summary = Self { material, words, paragraphs: Vec::new() };
        summary.front(made_at);
        summary.chronology();
        summary.behaviours();
        summary.orders();
        summary.files();
        summary.continuity();
        summary
    }

    /// Adds a paragraph whose words the manifest holds as well.
    fn add(&mut self, style: Style, text: String) {
        self.add_held(style, text, super::verify::MANIFEST);
    }

    /// Adds a paragraph whose words stand in a file of the archive.
    fn add_held(&mut self, style: Style, text: String, held_in: &str) {
        let note = self.words.with("bundle-not-shown", &[("file", held_in.to_owned().into())]);
        self.paragraphs.push(Paragraph { style, text, note });
    }

    fn say(&mut self, style: Style, id: &str) {
        self.add(style, self.words.say(id));
    }

    fn say_with(&mut self, style: Style, id: &str, with: &[(&'static str, FluentValue<'_>)]) {
        self.add(style, self.words.with(id, with));
    }

    fn front(&mut self, made_at: Instant) {
        let material = self.material;
        let made_at = self.words.moment(made_at);
        let purpose = self.words.code("bundle-purpose", material.purpose.as_str());
        let (by, recipient) = (apart(&material.organisation.name), apart(&material.recipient));
        self.say_with(Style::Title, "bundle-title", &[("reference", material.reference.as_str().into())]);
        self.say_with(Style::Body, "bundle-made", &[("at", made_at.into()), ("organisation", by.into())]);
        self.say_with(Style::Body, "bundle-for", &[("recipient", recipient.into()), ("purpose", purpose.into())]);
        self.say_with(Style::Body, "bundle-survivor", &[("reference", material.survivor_reference.as_str().into())]);
        self.say(Style::Body, "bundle-about");
        let zone = self.words.zone_name();
        self.say_with(Style::Body, "bundle-times", &[("zone", zone.into())]);
    }

    fn chronology(&mut self) {
        let material = self.material;
        self.say(Style::Heading, "bundle-chronology");
        if material.incidents.is_empty() {
            self.say(Style::Body, "bundle-no-incidents");
        }
        for (number, told) in (1..).zip(&material.incidents) {
            self.incident(number, told);
        }
    }

    fn incident(&mut self, number: usize, told: &VisibleIncident) {
        let (material, incident) = (self.material, &told.incident);
        let happened = happened(&self.words, &incident.happened, told.happened_at);
        self.add(Style::Strong, format!("{number}. {happened}"));
        let named: Vec<String> = incident.behaviours.iter().map(|code| self.words.behaviour(code)).collect();
        self.say_with(Style::Body, "bundle-behaviours-of", &[("list", named.join("; ").into())]);
        let held_in = super::accounts::path_of(number, None);
        self.say(Style::Body, "bundle-account");
        self.add_held(Style::Body, incident.account.clone(), &held_in);
        for line in details::of_incident(&self.words, incident) {
            self.add(Style::Body, line);
        }
        let files: Vec<&str> = of_incident(material, told).map(|item| item.file.reference.as_str()).collect();
        if !files.is_empty() {
            self.say_with(Style::Body, "bundle-files-of", &[("list", files.join(", ").into())]);
        }
        if let Some(condition) = incident.order_condition_id {
            let wording = wording(&self.words, material, condition);
            self.say_with(Style::Body, "bundle-may-breach", &[("condition", apart(&wording).into())]);
        }
        let received: Vec<String> =
            told.versions.iter().map(|version| self.words.moment(version.received_at)).collect();
        let with = [("dates", received.join("; ").into()), ("count", told.versions.len().into())];
        self.say_with(Style::Small, "bundle-received", &with);
        for version in told.versions.iter().rev().skip(1).rev() {
            self.say_with(Style::Small, "bundle-version", &[("number", version.version.into())]);
            let held_in = super::accounts::path_of(number, Some(version.version));
            self.add_held(Style::Small, version.account.clone(), &held_in);
        }
    }

    /// The limbs of s.2A(3), and how many incidents may fall under each.
    fn behaviours(&mut self) {
        self.say(Style::Heading, "bundle-limbs");
        self.say(Style::Small, "bundle-limbs-about");
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for told in &self.material.incidents {
            let limbs = told.incident.behaviours.iter().filter_map(|code| directory::behaviour(code));
            let mut limbs: Vec<&str> = limbs.flat_map(|of| of.indicative_limbs.iter().map(String::as_str)).collect();
            limbs.sort_unstable();
            limbs.dedup();
            for limb in limbs {
                *counts.entry(limb).or_default() += 1;
            }
        }
        for (limb, count) in counts {
            let meaning = self.words.code("bundle-limb", limb);
            self.say_with(Style::Body, "bundle-limb-count", &[("limb", meaning.into()), ("count", count.into())]);
        }
    }

    fn orders(&mut self) {
        let material = self.material;
        self.say(Style::Heading, "bundle-orders");
        if material.orders.is_empty() {
            self.say(Style::Body, "bundle-no-orders");
        }
        for order in &material.orders {
            let made_on = self.words.day(order.made_on.0);
            let until = match order.expires_on {
                Some(day) => self.words.with("bundle-until", &[("day", self.words.day(day.0).into())]),
                None => self.words.say("bundle-until-further"),
            };
            let kind = self.words.code("order-kind", order.kind.as_str());
            let with = [("kind", kind.into()), ("day", made_on.into()), ("until", until.into())];
            self.say_with(Style::Strong, "bundle-order", &with);
            for condition in &order.conditions {
                let named = |told: &&VisibleIncident| told.incident.order_condition_id == Some(condition.id);
                let count = material.incidents.iter().filter(named).count();
                let kind = self.words.code("bundle-condition", condition.kind.as_str());
                let wording = apart(&condition.wording);
                let with = [("kind", kind.into()), ("wording", wording.into()), ("count", count.into())];
                self.say_with(Style::Body, "bundle-condition-named", &with);
                for line in details::of_condition(&self.words, condition) {
                    self.add(Style::Body, line);
                }
            }
        }
    }

    fn files(&mut self) {
        let material = self.material;
        self.say(Style::Heading, "bundle-files");
        if material.items.is_empty() {
            self.say(Style::Body, "bundle-no-files");
        }
        for item in &material.items {
            let file = &item.file;
            let heading = match (&item.original, &item.display) {
                (_, Some(_)) => display_path(file),
                (Some(_), None) => original_path(file),
                (None, None) => file.reference.clone(),
            };
            self.add(Style::Strong, heading);
            let recorded = self.words.moment(file.recorded_at);
            let with = [
                ("kind", file.media_type.as_str().into()),
                ("bytes", file.bytes.to_string().into()),
                ("at", recorded.into()),
            ];
            self.say_with(Style::Body, "bundle-file", &with);
            if file.recorded_by.is_some() {
                self.say(Style::Body, "bundle-recorded-by-staff");
            }
            self.say_with(Style::Small, "bundle-hash-original", &[("hash", file.sha256_text().into())]);
            if let Some(hash) = &item.display_sha256 {
                self.say_with(Style::Small, "bundle-hash-copy", &[("hash", hash.as_str().into())]);
            }
            match (&item.original, &item.display) {
                (Some(_), Some(_)) => {
                    self.say_with(Style::Small, "bundle-both", &[("path", original_path(file).into())]);
                }
                (None, Some(_)) => self.say(Style::Small, "bundle-copy-alone"),
                (None, None) => self.say(Style::Small, "bundle-left-out"),
                (Some(_), None) => {}
            }
            if item.may_hold_metadata() {
                self.say(Style::Small, "bundle-may-hold-metadata");
            }
        }
    }

    fn continuity(&mut self) {
        let material = self.material;
        self.say(Style::Heading, "bundle-continuity");
        self.say(Style::Body, "bundle-continuity-about");
        for item in &material.items {
            let state = self.words.say(if item.custody.is_whole { "bundle-unbroken" } else { "bundle-broken" });
            let with = [
                ("reference", item.file.reference.as_str().into()),
                ("count", item.custody.events.len().into()),
                ("state", state.into()),
            ];
            self.say_with(Style::Strong, "bundle-records", &with);
            for event in &item.custody.events {
                let who = material.handler(&self.words, event);
                let at = self.words.moment(event.at);
                let what = match event.kind {
                    CustodyKind::Received if item.file.recorded_by.is_some() => {
                        self.words.say("bundle-custody-received-staff")
                    }
                    // What the installation does by itself is not what the survivor did, whose request it was.
                    CustodyKind::Received | CustodyKind::Verified | CustodyKind::Copied => {
                        self.words.code("bundle-custody", event.kind.as_str())
                    }
                    _ => {
                        let id = format!("bundle-custody-{}", event.kind.as_str());
                        self.words.with(&id, &[("who", apart(&who).into())])
                    }
                };
                self.add(Style::Small, format!("{}. {at}: {what}", event.sequence));
            }
        }
    }
}

fn of_incident<'a>(material: &'a Material, told: &'a VisibleIncident) -> impl Iterator<Item = &'a Item> {
    material.items.iter().filter(|item| item.file.incident_id == Some(told.incident.id))
}

fn wording(words: &SummaryWording, material: &Material, id: ConditionId) -> String {
    let mut conditions = material.orders.iter().flat_map(|order| &order.conditions);
    let found = conditions.find(|condition| condition.id == id);
    found.map_or_else(|| words.say("bundle-a-condition"), |condition| condition.wording.clone())
}

fn happened(words: &SummaryWording, view: &HappenedView, at: Instant) -> String {
    match (view.precision, view.from, view.to) {
        (Precision::Unknown, ..) => words.with("bundle-time-unknown", &[("at", words.moment(at).into())]),
        (Precision::Range, Some(from), Some(to)) => {
            let with = [("from", words.moment(from).into()), ("to", words.moment(to).into())];
            words.with("bundle-time-between", &with)
        }
        (Precision::Approximate, Some(from), _) => {
            words.with("bundle-time-about", &[("at", words.moment(from).into())])
        }
        (_, from, _) => words.moment(from.unwrap_or(at)),
    }
}

#[cfg(test)]
#[path = "pdf/tests.rs"]
mod tests;
