//! What came of checking the whole audit.

use askama::Template;

use super::trail_page::{TRAIL, check_form};
use crate::portal::pages::form::ShownForm;
use crate::portal::pages::person_view::SummaryEntry;
use crate::portal::pages::reader::{InEnglish, PageReader, When};
use crate::reporting::{AuditState, AuditVerificationView};
use crate::words::{Filled, id_of};

/// The page.
#[derive(Template)]
#[template(path = "auditor/chain.html")]
pub struct AuditChainPage<'a> {
    reader: &'a PageReader,
    title: String,
    is_broken: bool,
    state: String,
    found: AuditFigures,
    last_checkpoint: Option<When>,
    verified: When,
    why: Option<InEnglish>,
    check: ShownForm,
    href: &'static str,
}

/// What was read.
pub struct AuditFigures {
    /// The lines of it.
    pub entries: Vec<SummaryEntry>,
}

impl<'a> AuditChainPage<'a> {
    /// That of what was found.
    pub fn of(reader: &'a PageReader, found: &AuditVerificationView) -> Self {
        let is_broken = found.state == AuditState::Broken;
        let broken = found.broken.as_ref();
        // Without a lane it is no entry, and has its place in the words alone.
        let place = broken.filter(|broken| broken.lane >= 0).map(|broken| {
            let place: [Filled<'_>; 2] = [("lane", broken.lane.into()), ("sequence", broken.sequence.into())];
            reader.say_with("portal-audit-place", &place)
        });
        let fault = broken.map(|broken| reader.say(&id_of("portal-audit-fault", broken.fault.as_str())));
        let unknown = || Some(reader.say("portal-audit-not-known"));
        let figure = |count: Option<u64>| count.map(|count| count.to_string()).or_else(unknown);
        let known = [
            ("portal-audit-entries", figure(found.entries)),
            ("portal-audit-checkpoints", figure(found.checkpoints)),
            ("portal-audit-fault", fault),
            ("portal-audit-where", place),
        ];
        let entries = known.into_iter().filter_map(|(key, value)| SummaryEntry::of(reader, key, value));
        Self {
            title: reader.title("portal-audit-title", false),
            is_broken,
            state: reader.say(if is_broken { "portal-audit-broken" } else { "portal-audit-whole" }),
            found: AuditFigures { entries: entries.collect() },
            last_checkpoint: found.last_checkpoint_at.map(|at| reader.when(at)),
            verified: reader.when(found.verified_at),
            why: broken.map(|broken| reader.as_english(broken.why.clone())),
            check: check_form().show(reader, None),
            href: TRAIL,
            reader,
        }
    }
}
