//! SQL of safety plans.

use diesel::prelude::*;

use crate::access::SurvivorAccess;
use crate::audit::records;
use crate::db::schema::{safety_plan_agreements, safety_plan_versions};
use crate::db::{DbConn, SafetyPlanVersionId};
use crate::error::Result;
use crate::http::page::{Cursor, PageDsl as _};
use crate::safety::plan::{Agreement, PlanVersion};
use crate::tx::Tx;

pub fn insert_plan(tx: &mut Tx<'_>, row: PlanVersion) -> Result<()> {
    records::safety_plan_versions(tx, row.id, row.version.unwrap_or(0), [&row.sections]);
    diesel::insert_into(safety_plan_versions::table).values(row).execute(tx.conn)?;
    Ok(())
}

/// The newest version. What was written under duress has none.
pub fn find_plan(conn: &mut DbConn, access: &SurvivorAccess) -> Result<Option<PlanVersion>> {
    let versions = PlanVersion::query()
        .filter(safety_plan_versions::survivor_id.eq(access.id()))
        .filter(safety_plan_versions::version.is_not_null());
    Ok(versions.order(safety_plan_versions::version.desc()).first(conn).optional()?)
}

pub fn count_duress_plans(conn: &mut DbConn, access: &SurvivorAccess) -> Result<i64> {
    let marked = safety_plan_versions::table
        .filter(safety_plan_versions::survivor_id.eq(access.id()))
        .filter(safety_plan_versions::is_duress.eq(true));
    Ok(marked.count().get_result(conn)?)
}

/// What was written under duress last.
pub fn find_duress_plan(conn: &mut DbConn, access: &SurvivorAccess) -> Result<Option<PlanVersion>> {
    let marked = PlanVersion::query()
        .filter(safety_plan_versions::survivor_id.eq(access.id()))
        .filter(safety_plan_versions::is_duress.eq(true));
    Ok(marked.order(safety_plan_versions::id.desc()).first(conn).optional()?)
}

/// All that was written, newest first.
pub fn list_plan_versions(
    conn: &mut DbConn,
    access: &SurvivorAccess,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<PlanVersion>> {
    let rows = PlanVersion::query().filter(safety_plan_versions::survivor_id.eq(access.id())).into_boxed();
    Ok(rows.page(safety_plan_versions::id, SafetyPlanVersionId, after, limit).load(conn)?)
}

pub fn insert_agreement(tx: &mut Tx<'_>, row: Agreement) -> Result<()> {
    records::safety_plan_agreements(tx, row.id, row.version, [&row.author_kind.as_str()]);
    diesel::insert_into(safety_plan_agreements::table).values(row).execute(tx.conn)?;
    Ok(())
}

/// The agreements that count: none that was given under duress.
pub fn list_agreements(conn: &mut DbConn, access: &SurvivorAccess) -> Result<Vec<Agreement>> {
    let genuine = Agreement::query()
        .filter(safety_plan_agreements::survivor_id.eq(access.id()))
        .filter(safety_plan_agreements::is_duress.eq(false));
    Ok(genuine.order(safety_plan_agreements::id).load(conn)?)
}
