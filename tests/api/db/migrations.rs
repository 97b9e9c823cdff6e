//! The schema: the same in both databases and in `schema.rs`, and refused where it is not ours.

use std::collections::{BTreeMap, BTreeSet};

use diesel::connection::SimpleConnection as _;
use diesel::sql_types::{BigInt, Text};
use diesel::{QueryableByName, RunQueryDsl, sql_query};
use holdfast::db::{Access, DbConn, Target, migrate};

use crate::harness::postgres;

/// A column: its table and name, its type as `schema.rs` calls it, whether it may be null.
type Columns = BTreeMap<String, Vec<(String, String, bool)>>;

fn sqlite(folder: &tempfile::TempDir) -> DbConn {
    Target::Sqlite(folder.path().join("holdfast.db")).connect(Access::Write).unwrap()
}

/// A database that the migrations made from nothing; `None` where no PostgreSQL is installed.
fn postgres_database(name: &str) -> Option<DbConn> {
    let make = |url: &str| {
        migrate(&mut Target::parse(url).unwrap().connect(Access::Write).unwrap()).unwrap();
    };
    let url = postgres::server()?.template(make).create_database_from_template(name);
    Some(Target::parse(&url).unwrap().connect(Access::Write).unwrap())
}

/// The tables as `schema.rs` and its folder tell them.
fn schema() -> Columns {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/src/db/schema");
    let mut files = vec![format!("{root}.rs").into()];
    files.extend(std::fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()));
    let text: String = files.iter().map(|file| std::fs::read_to_string(file).unwrap()).collect();
    let (mut tables, mut table) = (Columns::new(), String::new());
    for line in text.lines().map(str::trim) {
        if let Some((name, kind)) = line.trim_end_matches(',').split_once(" -> ") {
            let inner = kind.strip_prefix("Nullable<").and_then(|kind| kind.strip_suffix('>'));
            let column = (name.to_owned(), inner.unwrap_or(kind).to_owned(), inner.is_some());
            if let Some(columns) = tables.get_mut(&table) {
                columns.push(column);
            }
        } else if let Some((name, rest)) = line.split_once(" (")
            && rest.ends_with(") {")
            && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
        {
            table = name.to_owned();
            tables.insert(table.clone(), Vec::new());
        }
    }
    tables
}

#[derive(QueryableByName)]
struct Column {
    #[diesel(sql_type = Text)]
    in_table: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = BigInt)]
    nullable: i64,
}

/// Tables of the database itself, and of the migrations.
const NOT_OURS: &str = "('__diesel_schema_migrations', 'sqlite_sequence')";

fn columns(conn: &mut DbConn) -> Columns {
    let query = match conn {
        DbConn::Sqlite(_) => format!(
            "SELECT t.name AS in_table, c.name AS name, c.type AS kind, 1 - c.\"notnull\" AS nullable \
             FROM sqlite_master t JOIN pragma_table_info(t.name) c \
             WHERE t.type = 'table' AND t.name NOT IN {NOT_OURS} ORDER BY t.name, c.cid"
        ),
        DbConn::Pg(_) => format!(
            "SELECT table_name::text AS in_table, column_name::text AS name, data_type::text AS kind, \
             (is_nullable = 'YES')::int::bigint AS nullable FROM information_schema.columns \
             WHERE table_schema = 'public' AND table_name NOT IN {NOT_OURS} ORDER BY table_name, ordinal_position"
        ),
    };
    let mut tables = Columns::new();
    for row in sql_query(query).load::<Column>(conn).unwrap() {
        tables.entry(row.in_table).or_default().push((row.name, row.kind, row.nullable == 1));
    }
    tables
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

fn lines(conn: &mut DbConn, query: &str) -> BTreeSet<String> {
    let rows = sql_query(query).load::<Line>(conn).unwrap_or_else(|error| panic!("{query}: {error}"));
    rows.into_iter().map(|row| row.line).collect()
}

/// Indexes as the statements that make them.
fn indexes(conn: &mut DbConn) -> BTreeSet<String> {
    let query = match conn {
        DbConn::Sqlite(_) => "SELECT sql AS line FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL",
        DbConn::Pg(_) => {
            "SELECT indexdef AS line FROM pg_indexes WHERE schemaname = 'public' AND indexname NOT IN \
             (SELECT conname FROM pg_constraint)"
        }
    };
    let plain = |line: String| {
        let line = line.replace("public.", "").replace("USING btree ", "").replace('"', "");
        match line.split_once(" WHERE ") {
            Some((start, condition)) => {
                format!("{start} WHERE {}", condition.replace(['(', ')'], "").replace("::text", ""))
            }
            None => line,
        }
    };
    lines(conn, query).into_iter().map(plain).collect()
}

/// Primary keys and unique columns: `table p column,column`.
fn keys(conn: &mut DbConn) -> BTreeSet<String> {
    let query = match conn {
        DbConn::Sqlite(_) => format!(
            "SELECT t.name || ' p ' || (SELECT group_concat(name) FROM \
             (SELECT name FROM pragma_table_info(t.name) WHERE pk > 0 ORDER BY pk)) AS line \
             FROM sqlite_master t WHERE t.type = 'table' AND t.name NOT IN {NOT_OURS} \
             UNION ALL SELECT t.name || ' u ' || (SELECT group_concat(name) FROM \
             (SELECT name FROM pragma_index_info(i.name) ORDER BY seqno)) \
             FROM sqlite_master t JOIN pragma_index_list(t.name) i \
             WHERE t.type = 'table' AND i.origin = 'u' AND t.name NOT IN {NOT_OURS}"
        ),
        DbConn::Pg(_) => "SELECT c.conrelid::regclass::text || ' ' || c.contype::text || ' ' || \
             string_agg(a.attname::text, ',' ORDER BY k.place) AS line FROM pg_constraint c \
             CROSS JOIN unnest(c.conkey) WITH ORDINALITY AS k (number, place) \
             JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.number \
             WHERE c.contype IN ('p', 'u') AND c.connamespace = 'public'::regnamespace \
             AND c.conrelid::regclass::text <> '__diesel_schema_migrations' GROUP BY c.oid, c.conrelid, c.contype"
            .to_owned(),
    };
    lines(conn, &query)
}

/// Foreign keys: `table.column table`.
fn references(conn: &mut DbConn) -> BTreeSet<String> {
    let query = match conn {
        DbConn::Sqlite(_) => {
            "SELECT t.name || '.' || f.\"from\" || ' ' || f.\"table\" AS line FROM sqlite_master t \
             JOIN pragma_foreign_key_list(t.name) f WHERE t.type = 'table'"
        }
        DbConn::Pg(_) => {
            "SELECT c.conrelid::regclass::text || '.' || a.attname::text || ' ' || c.confrelid::regclass::text AS line \
             FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey) \
             WHERE c.contype = 'f'"
        }
    };
    lines(conn, query)
}

/// What a type of `schema.rs` is called by each database.
fn sqlite_type(kind: &str) -> &str {
    match kind {
        "DbUuid" | "Binary" => "BLOB",
        "DbInstant" | "BigInt" | "Integer" | "Bool" => "INTEGER",
        "DbJson" | "Text" => "TEXT",
        other => panic!("schema.rs has a type that this test does not know: {other}"),
    }
}

fn postgres_type(kind: &str) -> &str {
    match kind {
        "DbUuid" => "uuid",
        "Binary" => "bytea",
        "DbInstant" => "timestamp with time zone",
        "BigInt" => "bigint",
        "Integer" => "integer",
        "Bool" => "boolean",
        "DbJson" => "jsonb",
        "Text" => "text",
        other => panic!("schema.rs has a type that this test does not know: {other}"),
    }
}

fn expected(name: fn(&str) -> &str) -> Columns {
    let columns = |columns: Vec<(String, String, bool)>| {
        columns.into_iter().map(|(column, kind, nullable)| (column, name(&kind).to_owned(), nullable)).collect()
    };
    schema().into_iter().map(|(table, found)| (table, columns(found))).collect()
}

#[test]
fn sqlite_has_the_tables_that_the_schema_tells() {
    let folder = postgres::folder("holdfast-migrations-");
    let mut conn = sqlite(&folder);
    assert!(migrate(&mut conn).unwrap() > 0);
    assert!(schema().len() > 20, "the schema was not understood");
    assert_eq!(columns(&mut conn), expected(sqlite_type));
    let loose = "SELECT name AS line FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE '%STRICT%' \
         AND name NOT LIKE '\\_\\_%' ESCAPE '\\' AND name NOT LIKE 'sqlite_%'";
    assert!(lines(&mut conn, loose).is_empty(), "every table is STRICT");
}

#[test]
fn postgres_has_the_tables_that_the_schema_tells() {
    let Some(mut conn) = postgres_database("migrations_tables") else { return };
    assert_eq!(columns(&mut conn), expected(postgres_type));
}

#[test]
fn both_databases_have_the_same_indexes_keys_and_references() {
    let Some(mut pg) = postgres_database("migrations_indexes") else { return };
    let folder = postgres::folder("holdfast-migrations-");
    let mut sqlite = sqlite(&folder);
    migrate(&mut sqlite).unwrap();
    assert!(indexes(&mut sqlite).len() > 20);
    assert_eq!(indexes(&mut sqlite), indexes(&mut pg));
    assert_eq!(keys(&mut sqlite), keys(&mut pg));
    assert_eq!(references(&mut sqlite), references(&mut pg));
}

/// The folders of a folder of this crate.
fn folders(path: &str) -> BTreeSet<String> {
    let entries = std::fs::read_dir(format!("{}/{path}", env!("CARGO_MANIFEST_DIR"))).unwrap().flatten();
    let folders = entries.filter(|entry| entry.path().is_dir());
    folders.map(|entry| entry.file_name().into_string().unwrap()).collect()
}

/// No steps down: see `migrations/README.md`.
#[test]
fn migrations_are_one_step_a_domain_with_the_same_names_in_both_folders() {
    let steps = folders("migrations/sqlite");
    assert_eq!(steps, folders("migrations/postgres"));
    let domains = folders("src");
    for (number, step) in (1..).zip(&steps) {
        // The whole name is the version: an underscore would end it.
        let (found, domain) = step.split_once('-').unwrap();
        assert_eq!(found, format!("{number:04}"), "{step} leaves a gap");
        assert!(domains.contains(domain), "{step} is no folder of src");
        for database in ["sqlite", "postgres"] {
            let folder = format!("{}/migrations/{database}/{step}", env!("CARGO_MANIFEST_DIR"));
            let files: Vec<_> = std::fs::read_dir(folder).unwrap().flatten().map(|entry| entry.file_name()).collect();
            assert_eq!(files, ["up.sql"], "{step}");
        }
    }
}

/// Migrating what is migrated does nothing; a database that a newer binary has migrated is refused and left alone.
fn is_done_once_and_refuses_what_is_newer(conn: &mut DbConn) {
    assert_eq!(migrate(conn).unwrap(), 0);
    conn.batch_execute("INSERT INTO __diesel_schema_migrations (version) VALUES ('9999')").unwrap();
    let before = columns(conn);
    let refused = migrate(conn).unwrap_err().to_string();
    assert!(refused.contains("newer schema"), "{refused}");
    assert_eq!(columns(conn), before);
}

#[test]
fn sqlite_is_migrated_once_and_a_newer_schema_is_refused() {
    let folder = postgres::folder("holdfast-migrations-");
    let mut conn = sqlite(&folder);
    migrate(&mut conn).unwrap();
    is_done_once_and_refuses_what_is_newer(&mut conn);
}

#[test]
fn postgres_is_migrated_once_and_a_newer_schema_is_refused() {
    let Some(mut conn) = postgres_database("migrations_newer") else { return };
    is_done_once_and_refuses_what_is_newer(&mut conn);
}

/// A build before 0.1.0 counted its steps otherwise.
#[test]
fn a_database_of_another_numbering_is_refused_and_left_alone() {
    let folder = postgres::folder("holdfast-migrations-");
    let mut conn = sqlite(&folder);
    let other = "CREATE TABLE __diesel_schema_migrations (version VARCHAR(50) PRIMARY KEY NOT NULL, \
        run_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP); \
        INSERT INTO __diesel_schema_migrations (version) VALUES ('0001'), ('0002'), ('0016');";
    conn.batch_execute(other).unwrap();
    let refused = migrate(&mut conn).unwrap_err().to_string();
    assert!(refused.contains("before 0.1.0"), "{refused}");
    assert!(columns(&mut conn).is_empty());
}

#[test]
fn what_is_due_is_found_through_one_partial_index() {
    #[derive(QueryableByName)]
    struct Plan {
        #[diesel(sql_type = Text)]
        detail: String,
    }
    let folder = postgres::folder("holdfast-migrations-");
    let mut conn = sqlite(&folder);
    migrate(&mut conn).unwrap();
    for table in [
        "check_ins",
        "alerts",
        "deliveries",
        "timers",
        "schedules",
        "notifications",
        "referrals",
        "order_duties",
        "evidence_files",
        "evidence_bundles",
        "incident_reviews",
        "incident_releases",
        "safety_reviews",
    ] {
        let partial = format!("CREATE INDEX {table}_due ON {table} (next_action_at) WHERE next_action_at IS NOT NULL");
        assert!(indexes(&mut conn).contains(&partial), "{partial}");
        let id = if table.starts_with("incident_") { "incident_id" } else { "id" };
        let due = format!(
            "EXPLAIN QUERY PLAN SELECT {id} FROM {table} WHERE next_action_at <= 1 AND next_action_at IS NOT NULL ORDER BY next_action_at LIMIT 9"
        );
        let plan = sql_query(due).load::<Plan>(&mut conn).unwrap();
        let plan: Vec<&str> = plan.iter().map(|step| step.detail.as_str()).collect();
        assert!(plan.len() == 1 && plan[0].contains(&format!("{table}_due")), "{plan:?}");
    }
}
