//! `/app/v1`: what the survivor can always see – who looked at the record, what was disclosed to whom, and what happened to a
//! file. All ask for a PIN of the last minutes: they must not be seen by the person who picks up an unlocked phone. Nothing about
//! a silent alert is in any of them.

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::crypto::{Keys, PrivateText, open};
use crate::db::{AlertId, DbConn, DisclosureId, EvidenceId, Instant, OrganisationId, SurvivorId};
use crate::error::Result;
use crate::escalation::alerts::model::TaskKind;
use crate::escalation::alerts::store;
use crate::escalation::overrides::effect;
use crate::escalation::tasks;
use crate::evidence::{self, CustodyView};
use crate::http::page::Cursor;
use crate::http::reply::{page_reply, paged, reply};
use crate::http::{Answer, Call, Listed, Listing, operations};
use crate::identity::{self, ConfirmedSurvivor, Survivor};
use crate::{audit, consent};

/// The act of making a record, and that of making a code for a phone.
const MADE: &str = "create_survivor";
const CODE: &str = "create_enrolment_code";
/// Acts whose result shows on the phone.
const SEEN: [&str; 7] =
    [MADE, CODE, "create_schedule", "pause_schedule", "resume_schedule", "end_schedule", "record_check_in"];
/// Acts that are gone through for those that show on one phone.
const MOST_ACTS: i64 = 500;

pub(super) fn routes(routes: &mut ServiceConfig) {
    operations! { routes:
        list_disclosures list_access_log get_evidence_custody
    }
}

/// Read what happened to one of your files
///
/// Who received, read, copied or disclosed it, and when; why, where it was disclosed.
#[utoipa::path(get, path = "/evidence/{id}/custody", tag = "evidence")]
async fn get_evidence_custody(call: Call<ConfirmedSurvivor, EvidenceId>) -> Answer<CustodyView> {
    let Call { app, who, path: id, .. } = call;
    reply(evidence::custody_of_own(&app, &who, id, store::list_silent_ids).await?)
}

/// Something that was disclosed.
#[serde_with::skip_serializing_none]
#[derive(Serialize, ToSchema)]
struct DisclosureView {
    /// Its id.
    id: DisclosureId,
    /// When.
    at: Instant,
    /// To whom.
    #[schema(example = "South Yorkshire Police")]
    recipient: String,
    /// Whether a named officer read it, rather than a machine of theirs.
    is_by_officer: bool,
    /// The kinds of thing, as codes.
    #[schema(value_type = Vec<String>, example = json!(["alert"]))]
    what: Value,
    /// The reason that was stated.
    reason: Option<String>,
    /// The scope or setting of yours that it rests on.
    #[schema(example = "alert.police.help_now")]
    agreement: String,
    /// The organisation's own lawful basis.
    #[schema(example = "safeguarding")]
    lawful_basis: String,
    /// The alert that it belongs to.
    alert_id: Option<AlertId>,
}

/// Read what was disclosed to whom
#[utoipa::path(get, path = "/disclosures", tag = "consent")]
async fn list_disclosures(call: Listing<ConfirmedSurvivor>) -> Listed<DisclosureView> {
    let Call { app, who, body: query, request, .. } = call;
    let (limit, after, now) = (query.limit()?, query.after()?, app.clock.now());
    let find = move |conn: &mut DbConn| {
        let mut hidden = store::list_silent_ids(conn, who.id)?;
        hidden.extend(effect::list_untold(conn, who.id, now)?);
        let rows = consent::list_disclosures(conn, &who, hidden, after, limit)?;
        let names = names(conn, rows.iter().map(|row| row.recipient_id).collect())?;
        Ok((rows, names))
    };
    let (rows, names) = app.db.read(find).await?;
    let view = |keys: &Keys, row: &consent::DisclosureRow| {
        Ok(DisclosureView {
            id: row.id,
            at: row.at,
            recipient: name(&names, row.recipient_id),
            is_by_officer: row.officer_id.is_some(),
            what: row.what.0.clone(),
            reason: open!(keys, row.reason)?.shown(),
            agreement: row.agreement.clone(),
            lawful_basis: row.lawful_basis.clone(),
            alert_id: row.alert_id,
        })
    };
    page_reply(&request, app.page(rows, limit, |row| (row.at, row.id.0), view).await?)
}

/// Somebody's look at the record.
#[serde_with::skip_serializing_none]
#[derive(Serialize, ToSchema)]
struct AccessView {
    /// When.
    at: Instant,
    /// In which role.
    #[schema(example = "advocate")]
    role: String,
    /// Of which organisation.
    #[schema(example = "Lighthouse")]
    organisation: Option<String>,
    /// What was done, as a code.
    #[schema(example = "list_survivor_check_ins")]
    action: String,
    /// What for, as a code.
    #[serde(skip_serializing_if = "String::is_empty")]
    purpose: String,
}

/// Acts that tell of another phone.
const ABOUT_PHONES: [&str; 8] = [
    "code_word_asked",
    "create_enrolment_code",
    "list_enrolment_codes",
    "delete_enrolment_code",
    "list_survivor_devices",
    "confirm_device",
    "revoke_device",
    "confirm_device_revocation",
];

/// Acts, and the purpose of reads, that tell that the survivor rang the duty line: they hear of it in person first.
const ABOUT_CALLS: [&str; 3] = ["create_break_glass", "create_survivor_break_glass", "break_glass"];

/// Acts that tell where the survivor may be found, or where they go.
const ABOUT_PLACES: [&str; 5] =
    ["create_safe_address", "delete_safe_address", "create_transfer", "accept_transfer", "refuse_transfer"];

/// From when the log holds back what somebody else with the phone must not learn: while nobody has informed the survivor in
/// person that they rang, and for the same two weeks as an override.
fn held_back(conn: &mut DbConn, survivor: SurvivorId, now: Instant) -> Result<Vec<(Instant, &'static [&'static str])>> {
    let recent = now.plus_days(-effect::UNTOLD_DAYS);
    let mut held = vec![(recent, ABOUT_PLACES.as_slice())];
    let untold = tasks::store::list_open_tasks(conn, survivor, TaskKind::BreakGlassToTell)?;
    if let Some(first) = untold.iter().map(|task| task.created_at).min() {
        held.push((first.max(recent), ABOUT_CALLS.as_slice()));
    }
    Ok(held)
}

/// Read who looked at your record, and why
///
/// Nothing for two weeks of where you may be found, or go; and that you rang us once somebody has spoken with you about it.
#[utoipa::path(get, path = "/access-log", tag = "consent")]
async fn list_access_log(call: Listing<ConfirmedSurvivor>) -> Listed<AccessView> {
    let Call { app, who, body: query, request, .. } = call;
    let (limit, after, now) = (query.limit()?, query.after()?, app.clock.now());
    let find = move |conn: &mut DbConn| {
        let mut held = held_back(conn, who.owner, now)?;
        held.extend(identity::hidden_from(conn, &who)?.map(|from| (from, ABOUT_PHONES.as_slice())));
        // Both are read in either session, so that the time taken tells nothing.
        let all = audit::list_about(conn, who.owner.into(), audit::ActsShown::AllBut(&held), after, limit)?;
        let known = known_to_bystanders(conn, &who, after)?;
        let rows = if who.id == who.owner { all } else { known };
        let names = names(conn, rows.iter().filter_map(|row| row.organisation_id).collect())?;
        Ok((rows, names))
    };
    let (rows, names) = app.db.read(find).await?;
    let view = |row: audit::VisibleAct| {
        let organisation = row.organisation_id.map(|id| name(&names, id));
        Ok(AccessView { at: row.at, role: row.role, organisation, action: row.action, purpose: row.purpose })
    };
    paged(&request, limit, rows, place, view)
}

fn place(row: &audit::VisibleAct) -> Cursor {
    let (lane, sequence) = (i64::from(row.lane).unsigned_abs(), row.sequence.unsigned_abs());
    (row.at, Uuid::from_u64_pair(lane, sequence))
}

/// What the holder of this phone knows was done with the record: it was made, and so were the code of this phone and the check-ins
/// that it asks for. Of nobody who looked at it, and of no other phone.
fn known_to_bystanders(conn: &mut DbConn, who: &Survivor, after: Option<Cursor>) -> Result<Vec<audit::VisibleAct>> {
    let enrolled_at = identity::enrolled_at(conn, who.device)?;
    let mut rows = audit::list_about(conn, who.owner.into(), audit::ActsShown::Only(&SEEN), None, MOST_ACTS)?;
    let own_code = rows.iter().find(|row| row.action == CODE && Some(row.at) <= enrolled_at).map(place);
    rows.retain(|row| row.action != CODE || Some(place(row)) == own_code);
    rows.retain(|row| after.is_none_or(|after| place(row) < after));
    Ok(rows)
}

type Names = Vec<(OrganisationId, String)>;

fn names(conn: &mut DbConn, mut ids: Vec<OrganisationId>) -> Result<Names> {
    ids.sort_unstable();
    ids.dedup();
    let mut names = Vec::new();
    for id in ids {
        if let Some(found) = identity::find_organisation(conn, id)? {
            names.push((id, found.name));
        }
    }
    Ok(names)
}

fn name(names: &Names, id: OrganisationId) -> String {
    names.iter().find(|(known, _)| *known == id).map(|(_, name)| name.clone()).unwrap_or_default()
}
