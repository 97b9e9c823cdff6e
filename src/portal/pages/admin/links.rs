//! The way from the worklist to the pages that only some roles have.

use crate::identity::{Admin, Approver, Commissioner, OrganisationKind, Staff, Supervisor};
use crate::portal::pages::reader::PageReader;

/// The way to a page.
pub struct PageLink {
    /// Where it is.
    pub href: &'static str,
    /// What it is called.
    pub words: String,
}

/// The pages of somebody beside the worklist.
pub fn pages_of(reader: &PageReader, staff: &Staff) -> Vec<PageLink> {
    let leads_watch = Supervisor::of(staff.clone()).is_ok() && staff.works_for(OrganisationKind::SurvivorSupport);
    let known = [
        (Admin::of(staff.clone()).is_ok(), "/portal/admin", "portal-admin-title"),
        (leads_watch, "/portal/rota", "portal-rota-title"),
        (leads_watch, "/portal/ladders", "portal-ladders-title"),
        (Commissioner::of(staff.clone()).is_ok(), "/portal/reports", "portal-reports-title"),
        (Approver::of(staff.clone()).is_ok(), super::paths::REQUESTS, "portal-requests"),
    ];
    let link = |(is_theirs, href, words): (bool, &'static str, &str)| {
        is_theirs.then(|| PageLink { href, words: reader.say(words) })
    };
    known.into_iter().filter_map(link).collect()
}
