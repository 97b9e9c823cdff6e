//! Drafts: what the survivor has begun to tell. Seen by nobody else, stated to nobody, sealed as a whole; it may be changed
//! and thrown away, and becomes an incident under the same id when it is sent.

use garde::Validate;
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::access::SurvivorAccess;
use crate::crypto::{Keys, Private, SealedTable, seal};
use crate::db::{ConditionId, DbConn, EvidenceId, IncidentId, Instant, SubjectId};
use crate::error::{Code, Error, FieldError, Result};
use crate::http::etag::IfMatch;
use crate::http::{limits, parse};
use crate::identity::{self, ShownAct, Survivor};
use crate::incidents::model::{Incident, IncidentDraft, IncidentState, ReportingWish, Visibility};
use crate::incidents::release::ReleaseWhenBody;
use crate::incidents::report::{self, HappenedBody, IncidentBody, Report, submit};
use crate::incidents::{apart, cry, linked, store};
use crate::tx::{Subject, Tx};

/// What an incident cannot be sent without.
const NEEDED: [&str; 5] = ["happened", "behaviours", "account", "fear", "visibility"];

/// What you have so far of an incident. The fields are those of an incident; none is needed yet.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DraftBody {
    /// When it happened.
    #[garde(skip)]
    #[serde(default)]
    happened: Option<HappenedBody>,
    /// What was done: codes of `GET /public/v1/behaviours`.
    #[garde(inner(length(max = 20), inner(custom(limits::code))))]
    #[schema(max_items = 20, example = json!(["message_text", "loiter"]))]
    #[serde(default)]
    behaviours: Option<Vec<String>>,
    /// What happened, in your own words.
    #[garde(inner(custom(limits::narrative)))]
    #[schema(value_type = Option<String>, format = "narrative")]
    #[serde(default)]
    account: Option<Private>,
    /// A note for yourself; Holdfast never sends it.
    #[garde(inner(custom(limits::narrative)))]
    #[schema(value_type = Option<String>, format = "narrative")]
    #[serde(default)]
    private_note: Option<Private>,
    /// How afraid you were, 0 (not at all) to 4.
    #[garde(range(min = 0, max = 4))]
    #[schema(minimum = 0, maximum = 4)]
    #[serde(default)]
    fear: Option<i32>,
    /// How much it changed how you live, 0 (not at all) to 4.
    #[garde(range(min = 0, max = 4))]
    #[schema(minimum = 0, maximum = 4)]
    #[serde(default)]
    impact: Option<i32>,
    /// Where.
    #[garde(inner(custom(limits::paragraph)))]
    #[schema(value_type = Option<String>, format = "paragraph")]
    #[serde(default)]
    place: Option<Private>,
    /// The police force of that place, from `GET /public/v1/forces`.
    #[garde(inner(custom(report::force)))]
    #[schema(example = "derbyshire")]
    #[serde(default)]
    force_id: Option<String>,
    /// Who saw or heard it.
    #[garde(inner(custom(limits::paragraph)))]
    #[schema(value_type = Option<String>, format = "paragraph")]
    #[serde(default)]
    witnesses: Option<Private>,
    /// Who else was targeted.
    #[garde(inner(custom(limits::paragraph)))]
    #[schema(value_type = Option<String>, format = "paragraph")]
    #[serde(default)]
    third_parties: Option<Private>,
    /// Whether children were present.
    #[garde(skip)]
    #[serde(default)]
    children_present: Option<bool>,
    /// What the police call it.
    #[garde(inner(custom(limits::line)))]
    #[schema(value_type = Option<String>, format = "line")]
    #[serde(default)]
    police_reference: Option<Private>,
    /// What you want about reporting it to the police.
    #[garde(skip)]
    #[serde(default)]
    reporting_wish: Option<ReportingWish>,
    /// The condition of an order that this may break.
    #[garde(skip)]
    #[serde(default)]
    order_condition_id: Option<ConditionId>,
    /// Who may see it once it is sent.
    #[garde(skip)]
    #[serde(default)]
    visibility: Option<Visibility>,
    /// Whether it is going on now.
    #[garde(skip)]
    #[serde(default)]
    happening_now: Option<bool>,
    /// Whether police may speak to you about it.
    #[garde(skip)]
    #[serde(default)]
    police_may_contact: Option<bool>,
    /// When it is to be opened further.
    #[garde(dive)]
    #[serde(default)]
    release_when: Option<ReleaseWhenBody>,
    /// When the phone recorded it.
    #[garde(skip)]
    #[serde(default)]
    recorded_at: Option<Instant>,
}

impl DraftBody {
    /// What was given, as it is sealed.
    fn content(&self) -> Result<Private> {
        fn plain<T: Serialize>(value: Option<&T>) -> Result<Option<Value>> {
            Ok(value.map(serde_json::to_value).transpose()?)
        }
        let words = |text: &Option<Private>| text.as_ref().map(|text| Value::from(text.expose_secret()));
        let fields = [
            ("happened", plain(self.happened.as_ref())?),
            ("behaviours", plain(self.behaviours.as_ref())?),
            ("account", words(&self.account)),
            ("private_note", words(&self.private_note)),
            ("fear", plain(self.fear.as_ref())?),
            ("impact", plain(self.impact.as_ref())?),
            ("place", words(&self.place)),
            ("force_id", plain(self.force_id.as_ref())?),
            ("witnesses", words(&self.witnesses)),
            ("third_parties", words(&self.third_parties)),
            ("children_present", plain(self.children_present.as_ref())?),
            ("police_reference", words(&self.police_reference)),
            ("reporting_wish", plain(self.reporting_wish.as_ref())?),
            ("order_condition_id", plain(self.order_condition_id.as_ref())?),
            ("visibility", plain(self.visibility.as_ref())?),
            ("happening_now", plain(self.happening_now.as_ref())?),
            ("police_may_contact", plain(self.police_may_contact.as_ref())?),
            ("release_when", plain(self.release_when.as_ref())?),
            ("recorded_at", plain(self.recorded_at.as_ref())?),
        ];
        let given = fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
        Ok(Private::from(Value::Object(given.collect()).to_string()))
    }
}

/// One of your drafts, in a list: what tells it from others, and none of its words.
#[serde_with::skip_serializing_none]
#[derive(Serialize, ToSchema)]
pub struct DraftLineView {
    /// Id; the incident will have the same.
    pub id: IncidentId,
    /// Its state: `draft`.
    pub state: IncidentState,
    /// Counts from 1; one more for each change.
    pub version: i32,
    /// When you began it.
    pub created_at: Instant,
    /// When you last changed it.
    pub updated_at: Instant,
    /// When it happened, as far as you have said.
    #[schema(value_type = Option<HappenedBody>)]
    pub happened: Option<Value>,
    /// What was done, as far as you have said: behaviour codes.
    pub behaviours: Vec<String>,
    /// Your files that belong to it.
    pub evidence_ids: Vec<EvidenceId>,
}

impl DraftLineView {
    /// The view of a draft with its files.
    pub fn of(keys: &Keys, row: &IncidentDraft, evidence_ids: Vec<EvidenceId>) -> Result<Self> {
        Ok(Self::with(row, &row.open(keys)?, evidence_ids)?)
    }

    fn with(
        row: &IncidentDraft,
        content: &Map<String, Value>,
        evidence_ids: Vec<EvidenceId>,
    ) -> serde_json::Result<Self> {
        let behaviours = content.get("behaviours").map(Vec::<String>::deserialize).transpose()?;
        Ok(Self {
            id: row.shown_id(),
            state: IncidentState::Draft,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
            happened: content.get("happened").cloned(),
            behaviours: behaviours.unwrap_or_default(),
            evidence_ids,
        })
    }
}

/// One of your drafts with all that you have reported so far.
#[derive(Serialize, ToSchema)]
pub struct DraftView {
    /// When, and in which version.
    #[serde(flatten)]
    pub line: DraftLineView,
    /// What you have reported so far.
    #[schema(value_type = DraftBody)]
    pub content: Value,
}

impl DraftView {
    /// The view of a draft.
    pub fn of(keys: &Keys, row: &IncidentDraft, evidence_ids: Vec<EvidenceId>) -> Result<Self> {
        let content = row.open(keys)?;
        Ok(Self { line: DraftLineView::with(row, &content, evidence_ids)?, content: Value::Object(content) })
    }
}

/// Keeps a new draft.
pub(in crate::incidents) fn create(tx: &mut Tx<'_>, who: &Survivor, body: &DraftBody) -> Result<IncidentDraft> {
    let (id, twin_of) = submit::new_ids(tx);
    let new = IncidentDraft::sealing(tx.keys, who.id, id);
    let row = IncidentDraft {
        id,
        survivor_id: who.id,
        version: 1,
        content: seal!(new.content, &body.content()?)?,
        is_duress: who.is_duress,
        created_at: tx.now,
        updated_at: tx.now,
        twin_of,
    };
    store::insert_draft(tx, row.clone())?;
    tx.about(Subject::of("incident", SubjectId(id.0)));
    Ok(row)
}

/// Puts another content in a draft's place.
///
/// # Errors
/// 404 for another's, 412 when it was changed meanwhile.
pub(in crate::incidents) fn replace(
    tx: &mut Tx<'_>,
    who: &Survivor,
    id: IncidentId,
    read: &IfMatch,
    body: &DraftBody,
) -> Result<IncidentDraft> {
    let old = store::find_known_draft(tx, who, id)?;
    read.check(old.version)?;
    let version = old.version + 1;
    let new = IncidentDraft::sealing(tx.keys, who.id, old.id).at_version(version);
    let content = seal!(new.content, &body.content()?)?;
    let row = IncidentDraft { version, content, updated_at: tx.now, ..old };
    match store::update_draft(tx, old.version, &row)? {
        true => Ok(row),
        false => Err(Error::Stale(Code::Stale)),
    }
}

/// Throws a draft away; files that belonged to it are the survivor's alone. What was begun under duress is kept, and only shown as gone.
///
/// # Errors
/// 404 for another's.
pub(in crate::incidents) fn delete(tx: &mut Tx<'_>, who: &Survivor, id: IncidentId) -> Result<()> {
    let draft = store::find_known_draft(tx, who, id)?;
    if who.is_duress {
        return identity::show(tx, who.id, ShownAct::Delete, draft.id);
    }
    if store::delete_draft(tx, draft.id)? { Ok(()) } else { Err(Error::NotFound) }
}

/// Whether sending a draft is a cry for help: it says that it is happening now, or the incident does that it became. For how
/// the call is taken alone; who may send it is made sure of with [`send`].
pub(in crate::incidents) fn is_cry(
    conn: &mut DbConn,
    keys: &Keys,
    own: &SurvivorAccess,
    id: IncidentId,
) -> Result<bool> {
    match store::find_draft(conn, own, id)? {
        Some(draft) => Ok(cry::is_happening_now(&draft.said(keys)?)),
        None => Ok(store::find_own(conn, own, id)?.is_some_and(|sent| sent.version.happening_now)),
    }
}

/// Makes a draft an incident, as if it had been reported at once, with pointers of what of a danger that is happening could
/// not be read or kept. `is_now` is whether the call itself says that it is.
///
/// # Errors
/// 404 for another's; 422 with every field that is missing or wrong, unless it is happening now.
pub(in crate::incidents) fn send(
    tx: &mut Tx<'_>,
    who: &Survivor,
    id: IncidentId,
    is_now: bool,
) -> Result<(Incident, Vec<String>)> {
    let draft = match store::find_known_draft(tx, who, id) {
        Err(Error::NotFound) => return apart::send(tx, who, id, is_now),
        known => known?,
    };
    let said = draft.said(tx.keys)?;
    let report = match is_now || cry::is_happening_now(&said) {
        true => cry::read(&said, tx.now)?,
        false => strict(said.fields)?,
    };
    let files = linked::files_of_draft(tx.conn, draft.id)?;
    if !store::delete_draft(tx, draft.id)? {
        return Err(Error::NotFound);
    }
    let sent = submit::submit_as(tx, who, (draft.id, draft.twin_of), &report)?;
    linked::give_files(tx.conn, draft.id, &files)?;
    Ok(sent)
}

/// What a draft tells, by the rules of an incident.
fn strict(content: Map<String, Value>) -> Result<Report> {
    let missing = NEEDED.iter().filter(|name| !content.contains_key(**name));
    let missing: Vec<_> =
        missing.map(|name| FieldError::new(format!("/{name}"), "missing", "a required field is missing")).collect();
    if !missing.is_empty() {
        return Err(Error::fields(missing));
    }
    let body: IncidentBody = parse(Value::Object(content).to_string().as_bytes())?;
    Ok(body.into_report())
}
