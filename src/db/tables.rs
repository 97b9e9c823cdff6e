//! Whole tables, for copies of an installation: which there are, how many rows they hold, and each as lines of JSON.
//!
//! The embedded database is copied as a file. PostgreSQL is copied table by table under one snapshot, without any program
//! next to ours that would have to be there and of the server's version: the server itself writes a row as JSON, and
//! reads it back by the types of its columns.

use std::collections::BTreeMap;
use std::io::{BufRead, Write};

use diesel::connection::SimpleConnection;
use diesel::sql_types::{BigInt, Text};
use diesel::{PgConnection, QueryableByName, RunQueryDsl, sql_query};

use super::conn::DbConn;
use crate::error::{Error, Result};

/// Rows that the server hands over at once.
const STRETCH: usize = 1_000;
/// Bytes of rows that are written back at once, and a little more.
const BATCH_BYTES: usize = 1 << 20;

#[derive(QueryableByName)]
struct NamedTable {
    #[diesel(sql_type = Text)]
    name: String,
}

#[derive(QueryableByName)]
struct CountedRows {
    #[diesel(sql_type = BigInt)]
    rows: i64,
}

#[derive(QueryableByName)]
struct TableLine {
    #[diesel(sql_type = Text)]
    line: String,
}

#[derive(QueryableByName)]
struct Reference {
    #[diesel(sql_type = Text)]
    of: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    definition: String,
}

/// The tables that are ours, in the order of their names; those of the migrations and of the database itself are not.
pub fn list_tables(conn: &mut DbConn) -> Result<Vec<String>> {
    let query = match conn {
        DbConn::Pg(_) => {
            "SELECT tablename::text AS name FROM pg_tables WHERE schemaname = current_schema() \
             AND tablename NOT LIKE '\\_\\_%' ORDER BY 1"
        }
        DbConn::Sqlite(_) => {
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_\\_%' ESCAPE '\\' \
             AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY 1"
        }
    };
    let rows: Vec<NamedTable> = sql_query(query).load(conn)?;
    Ok(rows.into_iter().map(|row| row.name).collect())
}

/// How many rows each table holds.
pub fn count_rows(conn: &mut DbConn) -> Result<BTreeMap<String, i64>> {
    let mut counts = BTreeMap::new();
    for table in list_tables(conn)? {
        let counted: CountedRows =
            sql_query(format!("SELECT count(*) AS rows FROM {}", quoted(&table))).get_result(conn)?;
        counts.insert(table, counted.rows);
    }
    Ok(counts)
}

/// Writes each row of a table as a line of JSON. Within a transaction, which keeps the cursor.
///
/// # Errors
/// When the server refuses, or a line cannot be written.
pub fn export(conn: &mut PgConnection, table: &str, out: &mut dyn Write) -> Result<()> {
    // The form of bytes is a setting of the server's, and its own reading of them depends on none.
    conn.batch_execute(&format!(
        "SET LOCAL bytea_output = 'hex'; DECLARE copied NO SCROLL CURSOR FOR \
         SELECT row_to_json(copied_row)::text AS line FROM {} AS copied_row",
        quoted(table)
    ))?;
    loop {
        let lines: Vec<TableLine> = sql_query(format!("FETCH {STRETCH} FROM copied")).load(conn)?;
        for row in &lines {
            writeln!(out, "{}", row.line).map_err(|error| Error::Internal(Box::new(error)))?;
        }
        if lines.len() < STRETCH {
            break;
        }
    }
    Ok(conn.batch_execute("CLOSE copied")?)
}

/// Empties all tables, and takes their references away: rows may then be written in any order ([`add_references`]).
pub fn empty_all(conn: &mut PgConnection, tables: &[String]) -> Result<References> {
    let found: Vec<Reference> = sql_query(
        "SELECT conrelid::regclass::text AS of, conname::text AS name, pg_get_constraintdef(oid) AS definition \
         FROM pg_constraint WHERE contype = 'f' AND connamespace = current_schema()::regnamespace ORDER BY 1, 2",
    )
    .load(conn)?;
    for reference in &found {
        conn.batch_execute(&format!("ALTER TABLE {} DROP CONSTRAINT {}", reference.of, quoted(&reference.name)))?;
    }
    for table in tables {
        conn.batch_execute(&format!("DELETE FROM {}", quoted(table)))?;
    }
    Ok(References(found))
}

/// References between tables that were taken away.
pub struct References(Vec<Reference>);

/// Writes lines of JSON back as rows of a table; how many.
///
/// # Errors
/// When the server refuses, or a line cannot be read.
pub fn import(conn: &mut PgConnection, table: &str, lines: impl BufRead) -> Result<i64> {
    let (mut batch, mut written) = (String::new(), 0);
    for line in lines.lines() {
        let line = line.map_err(|error| Error::Internal(Box::new(error)))?;
        batch.push(if batch.is_empty() { '[' } else { ',' });
        batch.push_str(&line);
        written += 1;
        if batch.len() > BATCH_BYTES {
            write_batch(conn, table, &mut batch)?;
        }
    }
    write_batch(conn, table, &mut batch)?;
    Ok(written)
}

fn write_batch(conn: &mut PgConnection, table: &str, batch: &mut String) -> Result<()> {
    if batch.is_empty() {
        return Ok(());
    }
    batch.push(']');
    let table = quoted(table);
    let insert = format!("INSERT INTO {table} SELECT * FROM json_populate_recordset(NULL::{table}, $1::json)");
    sql_query(insert).bind::<Text, _>(batch.as_str()).execute(conn)?;
    batch.clear();
    Ok(())
}

/// Puts the references back, which fails where a row refers to one that is not there.
///
/// # Errors
/// When a row refers to one that is not there.
pub fn add_references(conn: &mut PgConnection, References(taken): References) -> Result<()> {
    for Reference { of, name, definition } in taken {
        conn.batch_execute(&format!("ALTER TABLE {of} ADD CONSTRAINT {} {definition}", quoted(&name)))?;
    }
    Ok(())
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
