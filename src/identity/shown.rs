//! What a session under duress was shown as done and was not.
//!
//! It is remembered, so that the next act on the same thing is answered as it would be had the first been done: a second
//! end of a timer is refused there as anywhere. Nothing else ever asks for it.

use diesel::prelude::*;

use crate::db::schema::shown_acts;
use crate::db::{DbConn, Instant, ShownActId, SubjectId, SurvivorId, text_enum};
use crate::error::Result;
use crate::tx::Tx;

text_enum! {
    /// An act that is only shown as done.
    pub enum ShownAct {
        /// Answering a check-in.
        Answer = "answer",
        /// Giving a timer more time.
        Extend = "extend",
        /// Ending a timer.
        End = "end",
        /// Taking an incident back.
        Withdraw = "withdraw",
        /// Saying when an incident is to be opened further.
        SetRelease = "set_release",
        /// Calling that off.
        CancelRelease = "cancel_release",
        /// Throwing a draft away.
        Delete = "delete",
        /// Ending notices on a phone.
        Mute = "mute",
        /// Withdrawing the agreement to notices on phones.
        StopNotices = "stop_notices",
        /// Keeping a file to oneself.
        ShowNobody = "show_nobody",
        /// Letting the support organisation see a file.
        ShowAdvocate = "show_advocate",
        /// Letting the programme know of a file too.
        ShowSummary = "show_summary",
        /// Letting the programme see a file too.
        ShowProgramme = "show_programme",
        /// Letting the police see a file too.
        ShowPolice = "show_police",
    }
}

/// The acts after which a phone gets no notices.
pub const NOTICES_ENDED: [ShownAct; 2] = [ShownAct::Mute, ShownAct::StopNotices];

#[derive(Clone, Debug, HasQuery, Insertable)]
#[diesel(table_name = shown_acts)]
struct ShownRow {
    id: ShownActId,
    survivor_id: SurvivorId,
    subject_id: SubjectId,
    act: ShownAct,
    minutes: i64,
    shown_at: Instant,
}

/// Says in the audit that an act is only shown as done, and remembers it.
pub fn show(tx: &mut Tx<'_>, survivor: SurvivorId, act: ShownAct, subject: impl Into<SubjectId>) -> Result<()> {
    show_minutes(tx, survivor, act, subject, 0)
}

/// The same for an act that adds minutes.
pub fn show_minutes(
    tx: &mut Tx<'_>,
    survivor: SurvivorId,
    act: ShownAct,
    subject: impl Into<SubjectId>,
    minutes: i64,
) -> Result<()> {
    tx.outcome("shown_only");
    let (id, subject_id) = (ShownActId::new(tx.now), subject.into());
    let row = ShownRow { id, survivor_id: survivor, subject_id, act, minutes, shown_at: tx.now };
    diesel::insert_into(shown_acts::table).values(row).execute(tx.conn)?;
    Ok(())
}

/// Remembers which one of some acts was shown last as done to something, whether or not it was.
pub fn show_last(
    tx: &mut Tx<'_>,
    survivor: SurvivorId,
    (act, among): (ShownAct, &[ShownAct]),
    subject: impl Into<SubjectId>,
) -> Result<()> {
    let subject_id = subject.into();
    forget_shown(tx, among, subject_id)?;
    let id = ShownActId::new(tx.now);
    let row = ShownRow { id, survivor_id: survivor, subject_id, act, minutes: 0, shown_at: tx.now };
    diesel::insert_into(shown_acts::table).values(row).execute(tx.conn)?;
    Ok(())
}

/// Forgets that some acts were shown as done to something.
pub fn forget_shown(tx: &mut Tx<'_>, acts: &[ShownAct], subject: impl Into<SubjectId>) -> Result<()> {
    let shown = shown_acts::table.filter(shown_acts::subject_id.eq(subject.into()));
    diesel::delete(shown.filter(shown_acts::act.eq_any(acts.to_vec()))).execute(tx.conn)?;
    Ok(())
}

/// What was shown as done to something, the first first, with the minutes that it added.
pub fn shown(conn: &mut DbConn, subject: impl Into<SubjectId>) -> Result<Vec<(ShownAct, i64)>> {
    let rows = shown_acts::table.filter(shown_acts::subject_id.eq(subject.into())).order(shown_acts::id);
    Ok(rows.select((shown_acts::act, shown_acts::minutes)).load(conn)?)
}

/// What of a survivor's an act was shown as done to.
pub fn shown_as_done(conn: &mut DbConn, survivor: SurvivorId, act: ShownAct) -> Result<Vec<SubjectId>> {
    let acts = shown_acts::table.filter(shown_acts::survivor_id.eq(survivor)).filter(shown_acts::act.eq(act));
    Ok(acts.select(shown_acts::subject_id).load(conn)?)
}

/// What some acts were shown as done to, of a survivor's.
pub fn list_shown(conn: &mut DbConn, survivor: SurvivorId, among: &[ShownAct]) -> Result<Vec<(SubjectId, ShownAct)>> {
    let acts = shown_acts::table.filter(shown_acts::survivor_id.eq(survivor));
    let acts = acts.filter(shown_acts::act.eq_any(among.to_vec()));
    Ok(acts.select((shown_acts::subject_id, shown_acts::act)).load(conn)?)
}

/// Whether an act was shown as done to something.
pub fn was_shown(conn: &mut DbConn, act: ShownAct, subject: impl Into<SubjectId>) -> Result<bool> {
    Ok(shown(conn, subject)?.iter().any(|(known, _)| *known == act))
}
