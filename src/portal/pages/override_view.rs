//! Decisions to notify the police of an alert without the survivor's setting that wait for a second person: what was decided,
//! why, by whom, and the form in which it is approved.

use super::alert_words::alert_path;
use super::case::handle::letters;
use super::form::{PageForm, ShownForm};
use super::reader::{InEnglish, PageReader, When};
use crate::app::App;
use crate::crypto::Keys;
use crate::db::AlertId;
use crate::error::Result;
use crate::escalation::{self, OverrideRow, OverrideView, OverridesQuery};
use crate::http::ListRequest;
use crate::identity::Staff;
use crate::tx::Tx;
use crate::words::id_of;

/// Decisions that are looked at, the newest.
const MOST: i64 = 20;

/// Those about an alert that wait for a second person, the newest first.
pub async fn waiting(app: &App, who: &Staff, alert: AlertId) -> Result<Vec<OverrideView>> {
    let staff = who.clone();
    let work = move |tx: &mut Tx<'_>| {
        let asked = ListRequest { query: OverridesQuery::of_alert(alert), after: None, limit: MOST };
        escalation::list_overrides(tx, &staff, &asked)
    };
    let (rows, names) = app.transact(who.actor(), "list_overrides", work).await?;
    let key = |row: &OverrideRow| (row.asked_at, row.id.0);
    let view = |keys: &Keys, row: &OverrideRow| OverrideView::named(keys, row, &names);
    let mut found = app.page(rows, MOST, key, view).await?.items;
    found.retain(|one| one.approved_at.is_none() && one.ended_at.is_none());
    Ok(found)
}

/// A decision that waits.
pub struct ShownOverride {
    /// On what it rests.
    pub basis: InEnglish,
    /// Why it is needed.
    pub necessity: String,
    /// Who asked for it.
    pub by: String,
    /// When.
    pub at: When,
    /// In which it is approved.
    pub form: ShownForm,
}

impl ShownOverride {
    /// Those of the page of an alert.
    pub fn all(reader: &PageReader, reference: &str, found: &[OverrideView]) -> Vec<Self> {
        let shown = |one: &OverrideView| {
            let action = format!("{}/overrides/{}/approve", alert_path(reference), letters(one.id.0));
            let form = PageForm { of: "override", action, fields: &[], button: "portal-approve", is_secondary: true };
            Self {
                basis: reader.in_english(&id_of("staff-override-basis", one.basis.as_str())),
                necessity: one.necessity.clone(),
                by: match &one.asked_by_name {
                    Some(name) => reader.say_with("portal-by", &[("name", name.as_str().into())]),
                    None => reader.say("portal-by-somebody"),
                },
                at: reader.when(one.asked_at),
                form: form.show(reader, None),
            }
        };
        found.iter().map(shown).collect()
    }
}
