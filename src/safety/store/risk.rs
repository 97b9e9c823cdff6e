//! SQL of tools, assessments and decisions.

use diesel::prelude::*;

use crate::access::SurvivorAccess;
use crate::audit::records;
use crate::db::schema::{marac_decisions, risk_assessments, risk_tools};
use crate::db::{DbConn, OrganisationId, RiskAssessmentId, RiskToolId};
use crate::error::Result;
use crate::http::page::{Cursor, PageDsl as _};
use crate::safety::marac::MaracDecision;
use crate::safety::risk::Assessment;
use crate::safety::tools::ToolRow;
use crate::tx::Tx;

pub fn insert_tool(tx: &mut Tx<'_>, row: ToolRow) -> Result<()> {
    records::risk_tools(tx, row.id, row.version, [&row.code, &row.tool]);
    diesel::insert_into(risk_tools::table).values(row).execute(tx.conn)?;
    Ok(())
}

pub fn find_tool(conn: &mut DbConn, own: OrganisationId, code: &str, version: i32) -> Result<Option<ToolRow>> {
    let same = ToolRow::query()
        .filter(risk_tools::organisation_id.eq(own))
        .filter(risk_tools::code.eq(code))
        .filter(risk_tools::version.eq(version));
    Ok(same.first(conn).optional()?)
}

pub fn list_tools(conn: &mut DbConn, own: OrganisationId, after: Option<Cursor>, limit: i64) -> Result<Vec<ToolRow>> {
    let rows = ToolRow::query().filter(risk_tools::organisation_id.eq(own)).into_boxed();
    Ok(rows.page(risk_tools::id, RiskToolId, after, limit).load(conn)?)
}

pub fn insert_assessment(conn: &mut DbConn, row: Assessment) -> Result<()> {
    diesel::insert_into(risk_assessments::table).values(row).execute(conn)?;
    Ok(())
}

pub fn find_assessment(conn: &mut DbConn, access: &SurvivorAccess, id: RiskAssessmentId) -> Result<Option<Assessment>> {
    let own = Assessment::query().find(id).filter(risk_assessments::survivor_id.eq(access.id()));
    Ok(own.first(conn).optional()?)
}

pub fn list_assessments(
    conn: &mut DbConn,
    access: &SurvivorAccess,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<Assessment>> {
    let rows = Assessment::query().filter(risk_assessments::survivor_id.eq(access.id())).into_boxed();
    Ok(rows.page(risk_assessments::id, RiskAssessmentId, after, limit).load(conn)?)
}

pub fn insert_decision(conn: &mut DbConn, row: MaracDecision) -> Result<()> {
    diesel::insert_into(marac_decisions::table).values(row).execute(conn)?;
    Ok(())
}

pub fn list_decisions(
    conn: &mut DbConn,
    access: &SurvivorAccess,
    assessments: Vec<RiskAssessmentId>,
) -> Result<Vec<MaracDecision>> {
    let after = MaracDecision::query()
        .filter(marac_decisions::survivor_id.eq(access.id()))
        .filter(marac_decisions::assessment_id.eq_any(assessments));
    Ok(after.order(marac_decisions::id).load(conn)?)
}
