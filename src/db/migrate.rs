//! Migrations: two folders with equal names, one step a domain, both embedded in the binary (`migrations/README.md`).
//!
//! A step's whole name is its version, since there is no underscore in it: a step of another numbering is one that this
//! binary does not know, whatever its number.

use diesel::migration::{Migration, MigrationSource};
use diesel::pg::Pg;
use diesel::sql_types::Text;
use diesel::{QueryableByName, RunQueryDsl};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::conn::DbConn;
use crate::error::{Error, Result};

const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");
const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");

/// Any number serves, as long as every instance uses the same: Diesel's migrations take no lock of their own.
const MIGRATION_LOCK: i64 = 0x486f_6c64_6661_7374;

/// Refuses a database that another binary has migrated further, or by other steps.
const UNKNOWN_STEPS: &str = "the database has a newer schema than this binary knows, or one from before 0.1.0; use the \
    binary that made it, or, if that was before 0.1.0, make the database again";

/// Applies what is missing; returns how many migrations were applied.
pub fn migrate(conn: &mut DbConn) -> Result<usize> {
    match conn {
        DbConn::Pg(pg) => {
            lock(pg, "SELECT pg_advisory_lock($1)")?;
            let applied = run(pg, POSTGRES);
            lock(pg, "SELECT pg_advisory_unlock($1)")?;
            applied
        }
        DbConn::Sqlite(sqlite) => run(sqlite, SQLITE),
    }
}

#[derive(QueryableByName)]
struct MigrationStep {
    #[diesel(sql_type = Text)]
    version: String,
}

/// The steps that a database has, in their order. Only reads.
pub fn list_steps(conn: &mut DbConn) -> Result<Vec<String>> {
    let query = "SELECT CAST(version AS TEXT) AS version FROM __diesel_schema_migrations ORDER BY 1";
    let steps: Vec<MigrationStep> = diesel::sql_query(query).load(conn)?;
    Ok(steps.into_iter().map(|step| step.version).collect())
}

/// Brings an empty database as far as another one was, no further.
///
/// # Errors
/// When there is a step that this binary does not know.
pub fn migrate_to(pg: &mut diesel::PgConnection, steps: &[String]) -> Result<()> {
    // Asking makes the table that keeps the steps.
    pg.applied_migrations().map_err(Error::Internal)?;
    let ours: Vec<Box<dyn Migration<Pg>>> = POSTGRES.migrations().map_err(Error::Internal)?;
    for step in steps {
        let found = ours.iter().find(|migration| migration.name().version().to_string() == *step);
        let migration = found.ok_or_else(|| Error::internal(UNKNOWN_STEPS))?;
        pg.run_migration(migration).map_err(Error::Internal)?;
    }
    Ok(())
}

fn lock(pg: &mut diesel::PgConnection, statement: &str) -> Result<()> {
    diesel::sql_query(statement).bind::<diesel::sql_types::BigInt, _>(MIGRATION_LOCK).execute(pg)?;
    Ok(())
}

fn run<C, DB>(conn: &mut C, ours: EmbeddedMigrations) -> Result<usize>
where
    C: MigrationHarness<DB>,
    DB: diesel::backend::Backend,
    EmbeddedMigrations: diesel::migration::MigrationSource<DB>,
{
    let known: Vec<String> = ours
        .migrations()
        .map_err(Error::Internal)?
        .iter()
        .map(|migration| migration.name().version().to_string())
        .collect();
    let applied = conn.applied_migrations().map_err(Error::Internal)?;
    if applied.iter().any(|version| !known.contains(&version.to_string())) {
        return Err(Error::internal(UNKNOWN_STEPS));
    }
    Ok(conn.run_pending_migrations(ours).map_err(Error::Internal)?.len())
}
