//! Staff by name, for each other: everybody of one's own organisation, and of a partner's those who work on a case that both share.

use serde::Deserialize;
use utoipa::IntoParams;

use super::model::{CaseState, CasesQuery, Side};
use super::{links, proof};
use crate::db::{OrganisationId, StaffId, SubjectId};
use crate::error::Result;
use crate::http::page::Cursor;
use crate::http::{ListRequest, PageQuery};
use crate::identity::{self, ColleagueView, Staff};
use crate::tx::{Subject, Tx};

/// Cases that are looked through for a partner's staff, at most.
const MOST: i64 = 2_000;

/// Whose staff to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ColleaguesQuery {
    /// Those of this organisation; without it, of your own.
    #[serde(default)]
    organisation: Option<OrganisationId>,
    /// How many items at most.
    #[serde(default)]
    #[param(minimum = 1, maximum = 200, default = 50, example = 50)]
    limit: Option<i64>,
    /// `next_cursor` of the page before.
    #[serde(default)]
    cursor: Option<String>,
}

impl ColleaguesQuery {
    /// Whose, after which place, and how many.
    ///
    /// # Errors
    /// 422 for a limit or a cursor that we did not give.
    pub fn read(self) -> Result<(Option<OrganisationId>, Option<Cursor>, i64)> {
        let page = PageQuery::of(self.limit, self.cursor);
        Ok((self.organisation, page.after()?, page.limit()?))
    }
}

/// The staff of the caller's organisation, those who left too, since what they did stays known; or those of a partner who
/// work on a case that both share. Newest account first: `limit + 1` of them.
///
/// # Errors
/// 403 for staff of no organisation.
pub fn list(
    tx: &mut Tx<'_>,
    staff: &Staff,
    organisation: Option<OrganisationId>,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<ColleagueView>> {
    let own = staff.organisation()?;
    let whose = organisation.unwrap_or(own);
    tx.about(Subject::of("organisation", whose));
    let only = if whose == own { None } else { Some(partners(tx, staff, whose)?) };
    identity::list_colleagues(tx.conn, tx.keys, (whose, only), after, limit)
}

/// Who of another organisation works on an active case of the caller's.
fn partners(tx: &mut Tx<'_>, staff: &Staff, whose: OrganisationId) -> Result<Vec<StaffId>> {
    let mut people = Vec::new();
    let mut active = CasesQuery::default();
    active.state = Some(CaseState::Active);
    let all = ListRequest { query: active, after: None, limit: MOST };
    for case in links::list_cases(tx, staff, &all)? {
        let side = if case.support_organisation_id == whose { Side::Support } else { Side::Programme };
        let (organisation, record) = match side {
            Side::Support => (case.support_organisation_id, SubjectId::from(case.survivor_id)),
            Side::Programme => (case.programme_organisation_id, SubjectId::from(case.participant_id)),
        };
        if organisation == whose {
            people.extend(proof::assigned_staff(tx.conn, record, whose)?);
        }
    }
    Ok(people)
}
