//! Diary ratings: what the participant's diary card says of a day, entered by the practitioner. An urge that was acted on
//! is laid beside incidents in the case view.

use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::model::DiaryRow;
use super::store;
use crate::access;
use crate::crypto::{Keys, Private, PrivateText, SealedTable, open, seal};
use crate::db::{Day, DiaryRatingId, Instant, ParticipantId, StaffId};
use crate::error::{Error, Result};
use crate::events::Event;
use crate::http::limits;
use crate::http::page::Cursor;
use crate::identity::Staff;
use crate::tx::Tx;

/// A diary rating to enter.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateDiaryRatingBody {
    /// For which day.
    #[garde(skip)]
    rated_on: Day,
    /// The urge to make contact, 0 (none) to 5 (the strongest).
    #[garde(range(min = 0, max = 5))]
    #[schema(minimum = 0, maximum = 5, example = 3)]
    urge: i32,
    /// Whether they acted on it.
    #[garde(skip)]
    acted_on_urge: bool,
    /// When they acted on it, where that is known.
    #[garde(skip)]
    #[serde(default)]
    acted_at: Option<Instant>,
    /// Distress, 0 (none) to 5 (the greatest).
    #[garde(range(min = 0, max = 5))]
    #[schema(minimum = 0, maximum = 5, example = 2)]
    distress: i32,
    /// The skill that was used, as a code.
    #[garde(inner(custom(limits::code)))]
    #[schema(format = "code", example = "urge_surfing")]
    #[serde(default)]
    skill: Option<String>,
    /// What to note about it.
    #[garde(inner(custom(limits::narrative)))]
    #[schema(value_type = Option<String>, format = "narrative", example = "Put the telephone into a drawer")]
    #[serde(default)]
    note: Option<Private>,
}

impl CreateDiaryRatingBody {
    /// Refuses what cannot have been yet, and a moment of what was not done.
    fn check(&self, now: Instant) -> Result<()> {
        if self.rated_on.0 > Day::of(now.plus_hours(14)).0 {
            return Err(Error::field("/rated_on", "not_allowed", "this day has not come yet"));
        }
        match self.acted_at {
            Some(_) if !self.acted_on_urge => {
                Err(Error::field("/acted_at", "not_allowed", "belongs to an urge that was acted on"))
            }
            Some(at) if at > now => Err(Error::field("/acted_at", "not_allowed", "must not lie in the future")),
            _ => Ok(()),
        }
    }
}

/// A diary rating, for staff.
#[serde_with::skip_serializing_none]
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DiaryRatingView {
    /// Id.
    pub id: DiaryRatingId,
    /// For which day.
    pub rated_on: Day,
    /// The urge to make contact, 0 to 5.
    pub urge: i32,
    /// Whether they acted on it.
    pub acted_on_urge: bool,
    /// When, where that is known.
    pub acted_at: Option<Instant>,
    /// Distress, 0 to 5.
    pub distress: i32,
    /// The skill that was used.
    #[schema(example = "urge_surfing")]
    pub skill: Option<String>,
    /// What was noted about it.
    pub note: Option<String>,
    /// Who entered it.
    pub created_by: StaffId,
    /// When.
    pub created_at: Instant,
}

impl DiaryRatingView {
    /// The view of a row.
    pub fn of(keys: &Keys, row: &DiaryRow) -> Result<Self> {
        Ok(Self {
            id: row.id,
            rated_on: row.rated_on,
            urge: row.urge,
            acted_on_urge: row.acted_on_urge,
            acted_at: row.acted_at,
            distress: row.distress,
            skill: row.skill.clone(),
            note: open!(keys, row.note)?.shown(),
            created_by: row.created_by,
            created_at: row.created_at,
        })
    }
}

/// A diary rating that was entered.
#[derive(Serialize, ToSchema)]
pub struct MadeDiaryRatingView {
    /// Id.
    pub id: DiaryRatingId,
    /// For which day.
    pub rated_on: Day,
}

/// Enters a diary rating. A second one for a day is stored as well; the first stays.
///
/// # Errors
/// 404 for a participant whom the caller does not work with, 422 for a day that has not come.
pub fn enter(
    tx: &mut Tx<'_>,
    by: &Staff,
    participant: ParticipantId,
    body: &CreateDiaryRatingBody,
) -> Result<MadeDiaryRatingView> {
    let access = access::participant(tx, by, participant)?;
    body.check(tx.now)?;
    let id = DiaryRatingId::new(tx.now);
    let new = DiaryRow::sealing(tx.keys, access.id(), id);
    let row = DiaryRow {
        id,
        participant_id: access.id(),
        rated_on: body.rated_on,
        urge: body.urge,
        acted_on_urge: body.acted_on_urge,
        acted_at: body.acted_at,
        distress: body.distress,
        skill: body.skill.clone(),
        note: seal!(new.note, &body.note)?,
        created_by: by.id,
        created_at: tx.now,
    };
    store::insert_diary_rating(tx.conn, row)?;
    if body.acted_on_urge {
        tx.emit(Event::UrgeActedOn { participant: access.id(), rating: id });
    }
    Ok(MadeDiaryRatingView { id, rated_on: body.rated_on })
}

/// A participant's diary ratings, the latest entered first: `limit + 1` rows.
///
/// # Errors
/// 404 for a participant whom the caller does not work with.
pub fn list(
    tx: &mut Tx<'_>,
    by: &Staff,
    participant: ParticipantId,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<DiaryRow>> {
    let access = access::participant(tx, by, participant)?;
    store::list_diary_ratings(tx.conn, &access, after, limit)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::http::body::parse;

    #[test]
    fn a_rating_is_of_a_day_that_has_come_and_a_moment_is_of_what_was_done() {
        let now: Instant = "2026-11-21T12:00:00Z".parse().unwrap();
        let with = |change: serde_json::Value| {
            let mut body = json!({"rated_on": "2026-11-20", "urge": 3, "acted_on_urge": true, "distress": 2});
            body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
            let body = parse::<CreateDiaryRatingBody>(body.to_string().as_bytes());
            body.and_then(|body| body.check(now)).is_ok()
        };
        assert!(with(json!({})));
        assert!(with(json!({"acted_at": "2026-11-20T18:00:00Z", "skill": "urge_surfing"})));
        for wrong in [
            json!({"urge": 6}),
            json!({"urge": -1}),
            json!({"distress": 6}),
            json!({"skill": "Urge surfing"}),
            json!({"rated_on": "2026-11-23"}),
            json!({"acted_at": "2026-11-21T12:00:01Z"}),
            json!({"acted_on_urge": false, "acted_at": "2026-11-20T18:00:00Z"}),
        ] {
            assert!(!with(wrong.clone()), "{wrong}");
        }
    }
}
