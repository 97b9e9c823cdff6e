//! Agreeing and withdrawing: a new line in the ledger, never a changed one.

use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::ledger::{self, Scope};
use super::store::{self, ConsentEntryRow, Ledger, RecordedHow};
use super::{reviews, texts};
use crate::crypto::{reference, sha256};
use crate::db::{ConsentEntryId, Instant, OrganisationId, SubjectId, SurvivorId};
use crate::error::{Code, Error, Result};
use crate::events::{Event, Lowered};
use crate::http::limits;
use crate::identity::{self, ShownAct, Survivor};
use crate::tx::{Subject, Tx};
use crate::words::{self, Language};

/// Hours within which somebody speaks with a survivor who turned something off that protects them.
const SPEAK_HOURS: i64 = 24;

/// A decision on one scope or setting.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConsentBody {
    /// On or off.
    #[garde(skip)]
    pub granted: bool,
    /// The version of the text that was shown.
    #[garde(custom(limits::code))]
    #[schema(format = "code", example = "1")]
    pub text_version: String,
    /// The language that it was shown in, `en` or `cy`; without it, the one in which this call is answered.
    #[garde(inner(custom(limits::slug)))]
    #[schema(format = "slug", example = "cy")]
    #[serde(default)]
    pub language: Option<String>,
    /// For one organisation; without it, for every linked organisation of that kind.
    #[garde(skip)]
    #[serde(default)]
    pub recipient_organisation_id: Option<OrganisationId>,
}

/// A change that is yet to take effect.
#[derive(Debug, Serialize, ToSchema)]
pub struct PendingView {
    /// What it will be.
    pub granted: bool,
    /// From when.
    pub effective_at: Instant,
}

impl PendingView {
    pub(super) fn of(pending: ledger::Pending) -> Self {
        Self { granted: pending.granted, effective_at: pending.effective_at }
    }
}

/// The receipt of a decision: what is true now, and what will be.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct ConsentReceiptView {
    /// The scope or setting.
    #[schema(example = "share.programme.status")]
    pub scope: String,
    /// Whether it is on now.
    pub granted: bool,
    /// The receipt's number.
    #[schema(example = "CR-6F2K-8C3D-M")]
    pub receipt: String,
    /// When it was recorded.
    pub at: Instant,
    /// What is yet to take effect.
    pub pending: Option<PendingView>,
    /// Of a setting by which the police are notified: whether they would be, as things are now. It is on, and the force can be
    /// reached.
    pub police_will_be_told: Option<bool>,
    /// What goes on being true although it is off, in words to show: the service ends only once somebody has spoken with the
    /// survivor.
    #[schema(example = "Nothing stops yet. Somebody from your support organisation will speak with you.")]
    pub what_holds: Option<String>,
}

/// Whether the police would be notified on a setting that is on or off, as things are now; none for what tells them nothing.
fn would_be_notified(tx: &mut Tx<'_>, survivor: SurvivorId, scope: Scope, is_on: bool) -> Result<Option<bool>> {
    if !scope.notifies_police() {
        return Ok(None);
    }
    Ok(Some(is_on && (tx.hooks.can_reach_police)(tx.conn, tx.settings.ways, survivor)?))
}

/// Answers a decision under duress as if it had been taken. The ledger does not change; the audit says so. Notices on the phone in
/// hand end all the same, until the survivor's own PIN unlocks it: one that came would tell.
pub fn show_only(
    tx: &mut Tx<'_>,
    who: &Survivor,
    scope: Scope,
    body: &ConsentBody,
    reading: Language,
) -> Result<ConsentReceiptView> {
    let (_, language) = shown(scope, body, reading)?;
    check_recipient(tx, scope, body)?;
    tx.about(Subject::of("survivor", who.id));
    tx.outcome("shown_only");
    match (scope, body.granted) {
        (Scope::ContactPush, true) => identity::forget_shown(tx, &[ShownAct::StopNotices], who.device)?,
        (Scope::ContactPush, false) => {
            let stopped = (ShownAct::StopNotices, [ShownAct::StopNotices].as_slice());
            identity::show_last(tx, who.owner, stopped, who.device)?;
        }
        _ => {}
    }
    let police_will_be_told = would_be_notified(tx, who.id, scope, body.granted)?;
    Ok(ConsentReceiptView {
        scope: scope.as_str().to_owned(),
        granted: body.granted,
        receipt: reference::generate("CR")?,
        at: tx.now,
        pending: None,
        police_will_be_told,
        what_holds: what_holds(scope, body.granted, language),
    })
}

fn unknown_text() -> Error {
    Error::field("/text_version", "unknown", "there is no such version of this text")
}

/// The text that was shown, and its language.
fn shown(scope: Scope, body: &ConsentBody, reading: Language) -> Result<(String, Language)> {
    let unknown = || Error::field("/language", "unknown", "there is no text in this language");
    let language = body.language.as_deref().map_or(Some(reading), Language::known).ok_or_else(unknown)?;
    let text = texts::text(scope, &body.text_version, language).ok_or_else(unknown_text)?;
    Ok((text, language))
}

/// A recipient must be there, and of a kind that the scope is for.
fn check_recipient(tx: &mut Tx<'_>, scope: Scope, body: &ConsentBody) -> Result<()> {
    let Some(recipient) = body.recipient_organisation_id else { return Ok(()) };
    let (code, detail) = match identity::find_organisation(tx.conn, recipient)? {
        None => ("unknown", "there is no such organisation"),
        Some(found) if scope.may_name(found.kind) => return Ok(()),
        Some(_) if scope.is_alert_setting() => ("not_allowed", "an alert setting is for nobody in particular"),
        Some(_) => ("wrong_organisation", "this is not for an organisation of this kind"),
    };
    Err(Error::field("/recipient_organisation_id", code, detail))
}

/// Records a survivor's decision: their own, or as they reported it to a member of staff.
///
/// # Errors
/// 422 for a text that nobody was shown, or an organisation that does not fit.
pub fn decide(
    tx: &mut Tx<'_>,
    survivor: SurvivorId,
    scope: Scope,
    body: &ConsentBody,
    (reading, how): (Language, Option<RecordedHow>),
) -> Result<ConsentReceiptView> {
    let (text, language) = shown(scope, body, reading)?;
    check_recipient(tx, scope, body)?;
    let before = Ledger::load(tx.conn, survivor)?.standing(scope, tx.now);
    let was_on = before.granted;
    let effective_at = ledger::effective_at(scope, body.granted, tx.now, tx.settings.alert_setting_delay_hours);
    let (granted, recipient) = (body.granted, body.recipient_organisation_id);
    let (version, text) = (&body.text_version, &text);
    let receipt = append(
        tx,
        survivor,
        &ConsentDecision { scope, granted, version, text, language, recipient, effective_at, how },
    )?;
    let standing = Ledger::load(tx.conn, survivor)?.standing(scope, tx.now);
    if let Some(pending) = standing.pending.filter(|_| was_on && before.pending.is_none()) {
        tx.emit(Event::AlertSettingTurningOff { survivor, scope: scope.as_str(), effective_at: pending.effective_at });
    }
    if scope.is_alert_setting() && standing.granted && !was_on {
        tx.emit(Event::AlertSettingTurnedOn { survivor, scope: scope.as_str() });
    } else if scope.is_alert_setting() && standing.granted && before.pending.is_some() {
        // It was on all the time; the delay after which it would have gone off has ended.
        tx.emit(Event::AlertSettingTurnedOn { survivor, scope: scope.as_str() });
    }
    if was_on && !standing.granted {
        emit_lowering(tx, survivor, scope);
    } else if standing.granted && !was_on && scope == Scope::ServiceCore {
        tx.emit(Event::LoweringSettled { survivor, lowered: &[Lowered::ServiceOff] });
    }
    if scope.expires() && reviews::lapses_at(tx, survivor)?.is_none() {
        tx.emit(Event::SafetyReviewed { survivor, what: "consent" });
    }
    tx.about(Subject::of("survivor", survivor));
    Ok(ConsentReceiptView {
        scope: scope.as_str().to_owned(),
        granted: if body.recipient_organisation_id.is_some() { body.granted } else { standing.granted },
        receipt,
        at: tx.now,
        pending: standing.pending.map(PendingView::of),
        police_will_be_told: would_be_notified(tx, survivor, scope, standing.granted)?,
        what_holds: what_holds(scope, standing.granted, language),
    })
}

/// Tells the survivor's side of what was turned off and may not have been their doing.
fn emit_lowering(tx: &mut Tx<'_>, survivor: SurvivorId, scope: Scope) {
    let lowered = match scope {
        Scope::ContactTrusted => Lowered::TrustedContactOff,
        Scope::ServiceCore => Lowered::ServiceOff,
        _ => return,
    };
    let due_at = tx.now.plus_hours(SPEAK_HOURS);
    tx.emit(Event::ProtectionLowered { survivor, lowered, due_at });
}

/// What goes on being true once a scope is off, in words; none where nothing does.
fn what_holds(scope: Scope, granted: bool, language: Language) -> Option<String> {
    let is_end = scope == Scope::ServiceCore && !granted;
    if is_end { words::find(language, "consent-service-off-holds", &[]) } else { None }
}

/// Ends the delay of a setting that is being turned off, once the advocate has the code word.
///
/// # Errors
/// 409 when nothing is pending.
pub fn confirm_turning_off(tx: &mut Tx<'_>, survivor: SurvivorId, scope: Scope) -> Result<ConsentReceiptView> {
    let ledger = Ledger::load(tx.conn, survivor)?;
    if ledger.standing(scope, tx.now).pending.is_none() {
        return Err(Error::Conflict(Code::WrongState, "this setting is not being turned off".into()));
    }
    let version = ledger.text_version(scope).unwrap_or(texts::current_version(scope)).to_owned();
    let language = Language::English;
    let text = &texts::text(scope, &version, language).unwrap_or_default();
    let (version, effective_at) = (version.as_str(), tx.now);
    let how = None;
    let decision =
        ConsentDecision { scope, granted: false, version, text, language, recipient: None, effective_at, how };
    let receipt = append(tx, survivor, &decision)?;
    tx.emit(Event::AlertSettingOff { survivor, scope: scope.as_str() });
    let police_will_be_told = would_be_notified(tx, survivor, scope, false)?;
    Ok(ConsentReceiptView {
        scope: scope.as_str().to_owned(),
        granted: false,
        receipt,
        at: tx.now,
        pending: None,
        police_will_be_told,
        what_holds: None,
    })
}

/// Begins a survivor's ledger: the service itself, agreed to when the record is made.
pub fn start(tx: &mut Tx<'_>, survivor: SurvivorId) -> Result<()> {
    let (scope, version) = (Scope::ServiceCore, texts::current_version(Scope::ServiceCore));
    let (language, effective_at) = (Language::English, tx.now);
    let text = &texts::text(scope, version, language).unwrap_or_default();
    let how = None;
    let decision =
        ConsentDecision { scope, granted: true, version, text, language, recipient: None, effective_at, how };
    append(tx, survivor, &decision).map(drop)
}

/// A line to be: what the survivor, or somebody for them, decided.
struct ConsentDecision<'a> {
    scope: Scope,
    granted: bool,
    version: &'a str,
    text: &'a str,
    language: Language,
    recipient: Option<OrganisationId>,
    effective_at: Instant,
    how: Option<RecordedHow>,
}

fn append(tx: &mut Tx<'_>, survivor: SurvivorId, decision: &ConsentDecision<'_>) -> Result<String> {
    let receipt = reference::generate("CR")?;
    append_as(tx, survivor, decision, &receipt)?;
    if decision.recipient.is_none()
        && decision.scope.shows_on_phone()
        && let Some(decoy) = identity::decoy_of(tx.conn, survivor)?
    {
        // Under the same number, which the phone has shown.
        tx.mirror(|tx| append_as(tx, decoy, decision, &receipt))?;
    }
    Ok(receipt)
}

fn append_as(tx: &mut Tx<'_>, survivor: SurvivorId, decision: &ConsentDecision<'_>, receipt: &str) -> Result<()> {
    let row = ConsentEntryRow {
        id: ConsentEntryId::new(tx.now),
        survivor_id: survivor,
        sequence: store::next_sequence(tx.conn, survivor)?,
        scope: decision.scope.as_str().to_owned(),
        recipient_id: decision.recipient,
        granted: decision.granted,
        text_version: decision.version.to_owned(),
        text_sha256: sha256(decision.text.as_bytes()).to_vec(),
        language: decision.language.as_str().to_owned(),
        recorded_by_kind: tx.actor.kind().to_owned(),
        recorded_by: tx.actor.id().map_or(SubjectId::SYSTEM, SubjectId),
        recorded_at: tx.now,
        effective_at: decision.effective_at,
        expires_at: ledger::expires_at(decision.scope, decision.granted, tx.now),
        receipt: receipt.to_owned(),
        recorded_how: decision.how,
    };
    let (entry, expires_at) = (row.id, row.expires_at);
    store::insert_entry(tx, row)?;
    if let Some(expires_at) = expires_at {
        reviews::plan(tx, survivor, entry, expires_at)?;
    }
    Ok(())
}

/// Fills the ledger of a decoy that was just made from the survivor's own: with the service itself, reminders and alert
/// settings, and with nothing that is shared with anybody.
pub fn fill_decoy(tx: &mut Tx<'_>, survivor: SurvivorId, decoy: SurvivorId) -> Result<()> {
    for row in store::list_entries(tx.conn, survivor)? {
        let shows = row.scope.parse::<Scope>().is_ok_and(Scope::shows_on_phone) && row.recipient_id.is_none();
        if shows {
            store::insert_entry(tx, ConsentEntryRow { id: ConsentEntryId::new(tx.now), survivor_id: decoy, ..row })?;
        }
    }
    Ok(())
}
