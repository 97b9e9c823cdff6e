//! Setting decoys right: schedules, answers and timers that could not be mirrored at their moment are mirrored later, a few
//! decoys at a time. Nobody waits for it, and it changes nothing of the survivor's own.

use super::model::CheckIn;
use super::schedule::{Schedule, ScheduleState, run};
use super::timers::Timer;
use super::{mirror, store};
use crate::access::SystemAccess;
use crate::app::App;
use crate::db::{DbConn, SurvivorId};
use crate::error::Result;
use crate::identity;
use crate::tx::{Actor, Subject, Tx};

/// Decoys that are compared in one go.
const AT_ONCE: usize = 20;
/// Check-ins and timers that are compared of each, the latest.
const LATEST: i64 = 50;
/// Microseconds of a turn.
const TURN: i64 = 60_000_000;

/// Compares some decoys with the records that they mirror, others at each minute, and sets right what is astray. Returns how many
/// were.
pub async fn repair(app: &App, system: SystemAccess) -> Result<usize> {
    let minute = usize::try_from(app.clock.now().microseconds() / TURN).unwrap_or(0);
    let find = move |conn: &mut DbConn| {
        let pairs = identity::list_decoys(conn)?;
        let turns = pairs.len().div_ceil(AT_ONCE).max(1);
        let mut astray = Vec::new();
        for pair in pairs.into_iter().skip((minute % turns).saturating_mul(AT_ONCE)).take(AT_ONCE) {
            if !Astray::find(conn, system, pair)?.is_empty() {
                astray.push(pair);
            }
        }
        Ok(astray)
    };
    let mut repaired = 0;
    for pair in app.db.read(find).await? {
        let work = move |tx: &mut Tx<'_>| {
            tx.about(Subject::of("survivor", pair.1));
            Astray::find(tx.conn, system, pair)?.set_right(tx, pair)
        };
        match app.transact(Actor::System, "mind_check_ins", work).await {
            Ok(()) => repaired += 1,
            Err(error) => tracing::error!(%error, "a decoy could not be set right; it is tried again"),
        }
    }
    Ok(repaired)
}

/// What a decoy lacks of what a bystander of the phone may have seen.
struct Astray {
    unmade: Vec<Schedule>,
    /// Twins of schedules that have ended.
    unended: Vec<Schedule>,
    answered: Vec<CheckIn>,
    timers: Vec<Timer>,
}

impl Astray {
    fn find(conn: &mut DbConn, system: SystemAccess, (own, decoy): (SurvivorId, SurvivorId)) -> Result<Self> {
        let access = system.survivor(own);
        let (mut unmade, mut unended) = (Vec::new(), Vec::new());
        for row in store::list_schedules(conn, &access)? {
            let is_over = row.state == ScheduleState::Ended;
            match store::find_twin_schedule(conn, row.id)? {
                None if !is_over => unmade.push(row),
                Some(twin) if is_over && twin.state != ScheduleState::Ended => unended.push(twin),
                _ => {}
            }
        }
        let mut answered = Vec::new();
        for row in store::list_without_duress(conn, &access, None, LATEST)? {
            if row.schedule_id.is_some()
                && row.is_answered()
                && store::find_check_in(conn, decoy, row.id)?.is_some_and(|slot| !slot.is_answered())
            {
                answered.push(row);
            }
        }
        let mut timers = Vec::new();
        for row in store::list_timers(conn, &access, None, LATEST)? {
            let twin = store::find_own_timer(conn, decoy, row.client_id.unwrap_or(row.id), None)?;
            if twin.is_none_or(|twin| row.ended_at.is_some() && twin.ended_at.is_none()) {
                timers.push(row);
            }
        }
        Ok(Self { unmade, unended, answered, timers })
    }

    fn is_empty(&self) -> bool {
        self.unmade.is_empty() && self.unended.is_empty() && self.answered.is_empty() && self.timers.is_empty()
    }

    fn set_right(self, tx: &mut Tx<'_>, (_, decoy): (SurvivorId, SurvivorId)) -> Result<()> {
        for row in &self.unmade {
            mirror::schedule_made(tx, row)?;
        }
        for twin in self.unended.into_iter().filter(|twin| twin.survivor_id == decoy) {
            run::end(tx, twin, "mirrored".to_owned())?;
        }
        for row in &self.answered {
            mirror::check_in_answered(tx, row, Some(decoy))?;
        }
        for row in &self.timers {
            mirror::timer_changed(tx, row)?;
        }
        Ok(())
    }
}
