//! The timer as it is kept, as it is sent, and as it is shown.

use diesel::prelude::*;
use garde::Validate;
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::checkins::model::Location;
use crate::crypto::{Keys, Private, PrivateText, Sealed, open, sealed_row};
use crate::db::schema::timers;
use crate::db::{DeviceId, Instant, SurvivorId, TimerId, text_enum};
use crate::directory::ForceId;
use crate::error::Result;
use crate::http::limits;

text_enum! {
    /// The state of a timer.
    pub enum TimerState {
        /// It runs.
        Running = "running",
        /// The survivor ended it in time.
        EndedSafe = "ended_safe",
        /// It ran out unanswered.
        Expired = "expired",
        /// It ran out, and nothing was heard since.
        Missed = "missed",
        /// It ran out, and the survivor pressed help-now.
        HelpNow = "help_now",
    }
}

/// A timer.
#[derive(Clone, Debug, HasQuery, Insertable)]
#[diesel(table_name = timers, treat_none_as_default_value = false)]
pub struct Timer {
    /// Id.
    pub id: TimerId,
    /// Whose it is.
    pub survivor_id: SurvivorId,
    /// The phone that started it.
    pub device_id: DeviceId,
    /// Its state.
    pub state: TimerState,
    /// In the survivor's words.
    pub note: Option<Sealed>,
    /// Where they were as it was started.
    pub location: Option<Sealed>,
    /// When it was started.
    pub started_at: Instant,
    /// When it runs out.
    pub ends_at: Instant,
    /// When it is next looked at; none once it has ended.
    pub next_action_at: Option<Instant>,
    /// How often it was extended.
    pub extensions: i32,
    /// When it ran out.
    pub expired_at: Option<Instant>,
    /// When the survivor ended it.
    pub ended_at: Option<Instant>,
    /// When the phone says that it was started.
    pub recorded_at: Option<Instant>,
    /// Whether it was started under duress.
    pub is_duress: bool,
    /// The id that the phone made for it, by which its survivor knows it.
    pub client_id: Option<TimerId>,
    /// By how much the phone's clock was ahead of ours, as far as is known.
    pub clock_offset_seconds: Option<i32>,
}
sealed_row!(Timer, "timers", survivor_id, id);

impl Timer {
    /// The force of the place that the phone gave as it was started; none where no key can be had to open it.
    pub(super) fn place_force(&self, keys: &Keys) -> Option<&'static str> {
        let location = open!(keys, self.location).ok()??;
        serde_json::from_str::<Location>(location.expose_secret()).ok()?.force_id.map(ForceId::as_str)
    }

    /// Its state at `now`, also before the sweep came by. Inclusive: at the instant that it ends, it has expired.
    #[must_use]
    pub fn state_at(&self, now: Instant) -> TimerState {
        let has_run_out = self.state == TimerState::Running && self.ends_at <= now;
        if has_run_out { TimerState::Expired } else { self.state }
    }
}

/// A new timer.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"minutes": 20, "note": "Walking home from the station."}))]
pub struct CreateTimerBody {
    /// The id that the phone makes for it, so that it can be extended and ended before an answer has come; the same id sent
    /// again is the same timer. Without it the server makes one.
    #[garde(skip)]
    #[serde(default)]
    pub(super) id: Option<TimerId>,
    /// Minutes that it runs.
    #[garde(range(min = 1, max = 1440))]
    #[schema(minimum = 1, maximum = 1440, example = 20)]
    pub(super) minutes: i64,
    /// In your own words.
    #[garde(inner(custom(limits::narrative)))]
    #[schema(value_type = Option<String>, format = "narrative", example = "Walking home from the station.")]
    #[serde(default)]
    pub(super) note: Option<Private>,
    /// Where you are; kept only while `location.moment` is on.
    #[garde(custom(crate::checkins::locating::possible))]
    #[serde(default)]
    pub(super) location: Option<Location>,
    /// When the phone recorded it, which is when it began to run. One that has run out on the way raises its alarm at once.
    #[garde(skip)]
    #[serde(default)]
    pub(super) recorded_at: Option<Instant>,
}

/// More time.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExtendTimerBody {
    /// Minutes to add.
    #[garde(range(min = 1, max = 1440))]
    #[schema(minimum = 1, maximum = 1440, example = 10)]
    pub(super) minutes: i64,
    /// When the phone recorded it.
    #[garde(skip)]
    #[serde(default)]
    pub(super) recorded_at: Option<Instant>,
}

/// The end of a timer.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EndTimerBody {
    /// When the phone recorded it.
    #[garde(skip)]
    #[serde(default)]
    pub(super) recorded_at: Option<Instant>,
}

/// A timer, for the survivor themselves or their advocate.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct TimerView {
    /// Its id; the phone's own where it made one.
    pub id: TimerId,
    /// Its state now.
    pub state: TimerState,
    /// When it was started.
    pub started_at: Instant,
    /// When it runs out.
    pub ends_at: Instant,
    /// How often it was extended.
    pub extensions: i32,
    /// When it was ended; after it had run out, this closes no alert.
    pub ended_at: Option<Instant>,
    /// In their own words.
    pub note: Option<String>,
}

impl TimerView {
    /// The view of a row at a time.
    pub fn of(keys: &Keys, row: &Timer, now: Instant) -> Result<Self> {
        Ok(Self {
            id: row.client_id.unwrap_or(row.id),
            state: row.state_at(now),
            started_at: row.started_at,
            ends_at: row.ends_at,
            extensions: row.extensions,
            ended_at: row.ended_at,
            note: open!(keys, row.note)?.shown(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timer_has_expired_at_the_instant_that_it_ends() {
        let (nil, at): (_, Instant) = (uuid::Uuid::nil(), "2026-11-21T20:00:00Z".parse().unwrap());
        let row = Timer {
            id: TimerId(nil),
            survivor_id: SurvivorId(nil),
            device_id: DeviceId(nil),
            state: TimerState::Running,
            note: None,
            location: None,
            started_at: at.plus_minutes(-20),
            ends_at: at,
            next_action_at: Some(at),
            extensions: 0,
            expired_at: None,
            ended_at: None,
            recorded_at: None,
            is_duress: false,
            client_id: None,
            clock_offset_seconds: None,
        };
        assert_eq!(row.state_at(at.plus_seconds(-1)), TimerState::Running);
        assert_eq!(row.state_at(at), TimerState::Expired);
        let ended = Timer { state: TimerState::EndedSafe, ..row };
        assert_eq!(ended.state_at(at.plus_days(1)), TimerState::EndedSafe);
    }
}
