//! Feedback on a session, with a chain analysis where there is a behaviour to look at. A further one is a new version.

use garde::Validate;
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::machine::{SESSION, SessionEvent, SessionGuard};
use super::model::{FeedbackRow, Homework, SessionState};
use super::{read, store};
use crate::crypto::{Keys, Private, PrivateText, SealedTable, open, seal};
use crate::db::{FeedbackId, Instant, Json, ProgrammeSessionId, StaffId, text_enum};
use crate::error::Result;
use crate::http::limits;
use crate::http::page::Cursor;
use crate::identity::Staff;
use crate::transitions::{movers, transition};
use crate::tx::Tx;

/// How many links a chain may have.
const LINKS: usize = 60;

text_enum! {
    /// What a link of a chain is.
    pub enum LinkKind {
        /// A thought.
        Thought = "thought",
        /// An emotion.
        Emotion = "emotion",
        /// A sensation of the body.
        Sensation = "sensation",
        /// Something that they did.
        Action = "action",
        /// Something that happened.
        Event = "event",
    }
}

/// One link of a chain.
#[derive(Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// What it is.
    #[garde(skip)]
    kind: LinkKind,
    /// In words.
    #[garde(custom(limits::plain_paragraph))]
    #[schema(format = "paragraph", example = "Told themselves that one look would do no harm")]
    text: String,
}

/// A chain analysis of one behaviour, in the order of DBT: what made them vulnerable, what set it off, the links from
/// there to the behaviour, what followed, and what to do instead (Linehan, "Cognitive-Behavioral Treatment of Borderline
/// Personality Disorder", 1993; Rizvi & Ritschel, "Mastering the art of chain analysis in dialectical behavior therapy",
/// Cognitive and Behavioral Practice 21 (2014) 335–349).
#[derive(Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChainAnalysis {
    /// What made them vulnerable.
    #[garde(custom(limits::plain_paragraph))]
    #[schema(format = "paragraph", example = "Two nights without sleep")]
    vulnerability: String,
    /// What set it off.
    #[garde(custom(limits::plain_paragraph))]
    #[schema(format = "paragraph", example = "A song on the radio")]
    prompting_event: String,
    /// The links between, in their order.
    #[garde(length(min = 1, max = LINKS), dive)]
    #[schema(min_items = 1, max_items = 60)]
    links: Vec<Link>,
    /// The behaviour.
    #[garde(custom(limits::plain_paragraph))]
    #[schema(format = "paragraph", example = "Drove down the street where they used to live")]
    behaviour: String,
    /// What followed.
    #[garde(custom(limits::plain_paragraph))]
    #[schema(format = "paragraph", example = "Relief for an hour, then shame")]
    consequences: String,
    /// What to do instead, and where in the chain.
    #[garde(custom(limits::plain_paragraph))]
    #[schema(format = "paragraph", example = "Paced breathing at the first thought; ring the coach")]
    solutions: String,
}

fn codes(codes: &[String], context: &()) -> garde::Result {
    codes.iter().try_for_each(|code| limits::code(code, context))
}

/// Feedback on a session.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateSessionFeedbackBody {
    /// In words.
    #[garde(custom(limits::narrative))]
    #[schema(value_type = String, format = "narrative", example = "Practised riding out an urge; engaged well")]
    summary: Private,
    /// What became of what was to be practised since the session before.
    #[garde(skip)]
    #[serde(default = "none_set")]
    homework: Homework,
    /// The skills that were taught or practised, as codes.
    #[garde(length(max = 30), custom(|codes_given: &Vec<String>, context: &()| codes(codes_given, context)))]
    #[schema(max_items = 30, example = json!(["urge_surfing"]))]
    #[serde(default)]
    skills: Vec<String>,
    /// The chain of a behaviour.
    #[garde(dive)]
    #[serde(default)]
    chain_analysis: Option<ChainAnalysis>,
}

fn none_set() -> Homework {
    Homework::NoneSet
}

/// One version of the feedback on a session, for staff.
#[serde_with::skip_serializing_none]
#[derive(Serialize, ToSchema)]
pub struct SessionFeedbackView {
    /// Id.
    pub id: FeedbackId,
    /// Which version, from 1.
    pub version: i32,
    /// In words.
    pub summary: String,
    /// What became of what was to be practised.
    pub homework: Homework,
    /// The skills that were taught or practised.
    #[schema(example = json!(["urge_surfing"]))]
    pub skills: Vec<String>,
    /// The chain of a behaviour.
    pub chain_analysis: Option<ChainAnalysis>,
    /// By whom.
    pub created_by: StaffId,
    /// When.
    pub created_at: Instant,
}

impl SessionFeedbackView {
    /// The view of a row.
    pub fn of(keys: &Keys, row: &FeedbackRow) -> Result<Self> {
        let chain = open!(keys, row.chain_analysis)?;
        Ok(Self {
            id: row.id,
            version: row.version,
            summary: open!(keys, row.summary)?.shown(),
            homework: row.homework,
            skills: row.skills.read()?,
            chain_analysis: chain.map(|chain| serde_json::from_str(chain.expose_secret())).transpose()?,
            created_by: row.created_by,
            created_at: row.created_at,
        })
    }
}

/// Feedback that was given.
#[derive(Serialize, ToSchema)]
pub struct MadeSessionFeedbackView {
    /// Id.
    pub id: FeedbackId,
    /// Which version.
    pub version: i32,
    /// The state of the session.
    pub state: SessionState,
}

/// Gives feedback on a session, or another version of it.
///
/// # Errors
/// 404 for a session of somebody whom the caller does not work with, 409 before attendance is recorded.
pub fn give(
    tx: &mut Tx<'_>,
    by: &Staff,
    session: ProgrammeSessionId,
    body: &CreateSessionFeedbackBody,
) -> Result<MadeSessionFeedbackView> {
    let (access, found) = read(tx, by, session)?;
    let state = transition(SESSION, found.state(), SessionEvent::GiveFeedback, &movers(by), &SessionGuard::of(&found))?;
    let (keys, id) = (tx.keys, FeedbackId::new(tx.now));
    let version = store::last_feedback(tx.conn, session)? + 1;
    let new = FeedbackRow::sealing(keys, access.id(), id);
    let chain = body.chain_analysis.as_ref().map(serde_json::to_string).transpose()?.map(Private::from);
    let row = FeedbackRow {
        id,
        session_id: session,
        participant_id: access.id(),
        version,
        homework: body.homework,
        skills: Json::of(&body.skills)?,
        summary: seal!(new.summary, &body.summary)?,
        chain_analysis: seal!(new.chain_analysis, &chain)?,
        created_by: by.id,
        created_at: tx.now,
    };
    store::insert_feedback(tx, row)?;
    store::mark_feedback(tx.conn, session, tx.now)?;
    Ok(MadeSessionFeedbackView { id, version, state })
}

/// The versions of the feedback on a session, the latest first: `limit + 1` rows.
///
/// # Errors
/// 404 for a session of somebody whom the caller does not work with.
pub fn list(
    tx: &mut Tx<'_>,
    by: &Staff,
    session: ProgrammeSessionId,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<FeedbackRow>> {
    let (access, _) = read(tx, by, session)?;
    store::list_feedback(tx.conn, &access, session, after, limit)
}
