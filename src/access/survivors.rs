//! What the survivor's side does with its records: making them, assigning colleagues, keeping people out.

use std::sync::Arc;

use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::proof::SurvivorAccess;
use super::{glass, links, proof};
use crate::app::App;
use crate::consent::{self, ConsentReceiptView, Scope};
use crate::crypto::{NewSubject, Private};
use crate::db::{Instant, StaffId, SubjectId, SurvivorId};
use crate::error::{Code, Error, Result};
use crate::events::Event;
use crate::http::ListRequest;
use crate::http::etag::IfMatch;
use crate::identity::{self, CreateSurvivorBody, PatchSurvivorBody, Role, Staff, SurvivorRow, SurvivorsQuery};
use crate::tx::{Subject, Tx};

/// The act of asking for a code word, whatever for.
const ASKED: &str = "code_word_asked";

/// Wrong code words for one survivor, by whomever of the staff, after which nobody's counts, and for how long, in seconds. It takes
/// ten accounts to come so far: one is held up after ten.
const WRONG_WORDS: u32 = 100;
const WRONG_WORDS_SECONDS: i64 = 15 * 60;

/// Makes a survivor's record and assigns the advocate who makes it.
pub fn create(
    tx: &mut Tx<'_>,
    new: NewSubject<SurvivorId>,
    staff: &Staff,
    body: &CreateSurvivorBody,
) -> Result<SurvivorRow> {
    let organisation = staff.organisation()?;
    let row = identity::create_survivor(tx, new, organisation, staff.id, body)?;
    proof::assign(tx, Subject::of("survivor", row.id), organisation, staff.id)?;
    consent::start(tx, row.id)?;
    Ok(row)
}

/// One survivor, for their own staff, and for those to whom the record is open for now.
pub fn read(tx: &mut Tx<'_>, staff: &Staff, id: SurvivorId) -> Result<SurvivorRow> {
    let reading = glass::reader(tx, staff, id)?;
    identity::find_survivor(tx.conn, reading.access.id())?.ok_or(Error::NotFound)
}

/// One survivor, for their own staff.
pub fn find(tx: &mut Tx<'_>, staff: &Staff, id: SurvivorId) -> Result<SurvivorRow> {
    let access = proof::survivor(tx, staff, id)?;
    identity::find_survivor(tx.conn, access.id())?.ok_or(Error::NotFound)
}

/// The survivors that the caller works with. The filters only narrow that.
pub fn list(tx: &mut Tx<'_>, staff: &Staff, asked: &ListRequest<SurvivorsQuery>) -> Result<Vec<SurvivorRow>> {
    let ids = proof::visible_survivors(tx.conn, staff, asked.query.mine)?;
    identity::list_survivors(tx.conn, ids, asked)
}

/// Changes a survivor's record.
pub fn change(
    tx: &mut Tx<'_>,
    staff: &Staff,
    id: SurvivorId,
    read: &IfMatch,
    body: &PatchSurvivorBody,
) -> Result<SurvivorRow> {
    let old = find(tx, staff, id)?;
    read.check(old.version)?;
    identity::change_survivor(tx, &old, (staff.id, staff.is(Role::Supervisor)), body)
}

/// A colleague to assign.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AssignBody {
    /// An advocate or supervisor of the same organisation.
    #[garde(skip)]
    pub staff_id: StaffId,
}

/// An assignment that is in force now.
#[derive(Debug, Serialize, ToSchema)]
pub struct AssignmentView {
    /// Who is assigned.
    pub staff_id: StaffId,
    /// To whom.
    pub survivor_id: SurvivorId,
}

/// Assigns a colleague to a survivor.
pub fn assign(tx: &mut Tx<'_>, staff: &Staff, id: SurvivorId, body: &AssignBody) -> Result<AssignmentView> {
    proof::survivor(tx, staff, id)?;
    let organisation = staff.organisation()?;
    let mut colleagues = identity::list_staff_with_role(tx.conn, organisation, Role::Advocate)?;
    colleagues.extend(identity::list_staff_with_role(tx.conn, organisation, Role::Supervisor)?);
    if !colleagues.contains(&body.staff_id) || proof::is_blocked(tx.conn, id, Some(body.staff_id), None)? {
        return Err(Error::field("/staff_id", "unknown", "there is no such colleague who could be assigned"));
    }
    proof::assign(tx, Subject::of("survivor", id), organisation, body.staff_id)?;
    Ok(AssignmentView { staff_id: body.staff_id, survivor_id: id })
}

/// Ends a colleague's assignment.
pub fn unassign(tx: &mut Tx<'_>, staff: &Staff, id: SurvivorId, colleague: StaffId) -> Result<()> {
    proof::survivor(tx, staff, id)?;
    links::unassign(tx, SubjectId::from(id), staff.organisation()?, colleague)?;
    identity::end_codes_by(tx, id, colleague)
}

/// The code word, for ending the delay of a setting that is being turned off.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CodeWordBody {
    /// What the survivor said.
    #[garde(skip)]
    #[schema(value_type = String, max_length = 200, example = "marigold")]
    pub code_word: Private,
}

/// Makes sure that what a colleague heard on the telephone is the survivor's code word.
///
/// # Errors
/// 404 for somebody who is not of the survivor's side, 409 where it is not the word, or none is set, 429 after too many wrong ones.
pub async fn hear_code_word(
    app: &App,
    staff: &Staff,
    (id, word): (SurvivorId, &Private),
    may: impl Fn(&mut Tx<'_>) -> Result<()> + Send + Sync + 'static,
) -> Result<()> {
    let caller = staff.clone();
    let find = move |tx: &mut Tx<'_>| {
        let access = proof::colleague(tx, &caller, id)?;
        may(tx)?;
        Ok((access, tx.now))
    };
    expect_code_word(app, staff, word, find).await
}

/// Makes sure that a word is the survivor's, see [`check_code_word`].
///
/// # Errors
/// 409 for another word, and those of [`check_code_word`].
pub async fn expect_code_word(
    app: &App,
    staff: &Staff,
    word: &Private,
    find: impl Fn(&mut Tx<'_>) -> Result<(SurvivorAccess, Instant)> + Send + Sync + 'static,
) -> Result<()> {
    match check_code_word(app, staff, word, find).await? {
        true => Ok(()),
        false => Err(Error::Conflict(Code::CodeWordNeeded, "this is not the survivor's code word".into())),
    }
}

/// Whether a word is the code word, as it counted at an instant, of the survivor whom the caller may act for: `find` says both.
/// That it was asked is in the audit before it is checked, so that tries leave a trace; wrong ones hold up all that come after
/// them from the same member of staff for this survivor, whatever they are given for. Those of colleagues hold them up only where
/// there are very many: nobody alone keeps the word from being heard. Hashing is done outside of any transaction.
///
/// # Errors
/// Those of `find`, 409 `in_danger` where it is their danger word, 429 after too many wrong ones.
pub async fn check_code_word(
    app: &App,
    staff: &Staff,
    word: &Private,
    find: impl Fn(&mut Tx<'_>) -> Result<(SurvivorAccess, Instant)> + Send + Sync + 'static,
) -> Result<bool> {
    let asked = Arc::new(move |tx: &mut Tx<'_>| find(tx).map(|(access, at)| (access.id(), at)));
    let ask = Arc::clone(&asked);
    let (id, at) = app.transact(staff.actor(), ASKED, move |tx: &mut Tx<'_>| ask(tx)).await?;
    if identity::is_danger_word(app, id, word).await? {
        return Err(hear_danger(app, staff, move |tx: &mut Tx<'_>| asked(tx).map(drop), id).await?);
    }
    let now = app.clock.now();
    let of_all = app.throttle.counted("code word", &[id.0.as_bytes()]);
    let [by_all] = app.throttle.counts([&of_all], now).await?;
    if by_all.failures >= WRONG_WORDS {
        return Err(Error::TooMany { retry_after_seconds: by_all.seconds_left.max(1) });
    }
    let own = app.throttle.counted("code word", &[id.0.as_bytes(), staff.id.0.as_bytes()]);
    let attempt = app.throttle.begin(own, now).await?;
    let is_right = identity::is_code_word(app, id, word, at).await?;
    if !is_right {
        attempt.failed(now).await?;
        app.throttle.count(vec![(of_all, WRONG_WORDS_SECONDS)], now).await?;
    }
    Ok(is_right)
}

/// The answer to a member of staff who heard a survivor's danger word; the alarm is raised unseen. The audit records it
/// as the act that the word was asked for, like any try.
async fn hear_danger(
    app: &App,
    staff: &Staff,
    asked: impl Fn(&mut Tx<'_>) -> Result<()> + Send + Sync + 'static,
    survivor: SurvivorId,
) -> Result<Error> {
    let work = move |tx: &mut Tx<'_>| {
        // The word was heard, whatever has become meanwhile of what it was asked for.
        match asked(tx) {
            Err(error) if error.is_refusal() => {}
            done => done?,
        }
        tx.outcome("in_danger");
        tx.emit(Event::DangerWordHeard { survivor });
        Ok(())
    };
    app.transact(staff.actor(), ASKED, work).await?;
    Ok(Error::Conflict(Code::InDanger, Code::InDanger.title().into()))
}

/// Ends the delay of a setting that is being turned off, when the survivor's code word is right.
pub async fn confirm_turning_off(
    app: &App,
    staff: &Staff,
    id: SurvivorId,
    scope: Scope,
    word: &Private,
) -> Result<ConsentReceiptView> {
    let caller = staff.clone();
    expect_code_word(app, staff, word, move |tx: &mut Tx<'_>| Ok((proof::survivor(tx, &caller, id)?, tx.now))).await?;
    let caller = staff.clone();
    let work = move |tx: &mut Tx<'_>| {
        proof::survivor(tx, &caller, id)?;
        consent::confirm_turning_off(tx, id, scope)
    };
    app.transact(staff.actor(), "confirm_consent", work).await
}
