//! Starts that are refused: exit code 2 and one clear line, and nothing made or changed.

use holdfast::db::{Access, Target, tables};

use crate::harness::binary::Installation;
use crate::harness::{self, postgres};

/// Refused with exit code 2, nothing on standard output, and one line that names the setting.
fn assert_refused(installation: &Installation, arguments: &[&str], setting: &str) {
    let refused = installation.run(arguments, "");
    let line = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert_eq!(refused.status.code(), Some(2), "{line}");
    assert_eq!(line.lines().count(), 1, "{line}");
    assert!(line.contains(setting) && refused.stdout.is_empty(), "{refused:?}");
}

const SERVE: [&str; 3] = ["serve", "--bind", "127.0.0.1:0"];

#[test]
fn a_database_that_is_missing_beside_its_keys_is_not_made_anew() {
    let installation = Installation::create();
    std::fs::remove_file(installation.database()).unwrap();
    assert_refused(&installation, &SERVE, "database_url");
    assert_refused(&installation, &[&SERVE[..], &["--log-format", "json"]].concat(), "database_url");
    assert!(!installation.database().exists());
}

#[test]
fn a_database_that_is_broken_stops_the_start() {
    use std::io::Write as _;
    let installation = Installation::create();
    let mut file = std::fs::File::options().write(true).open(installation.whole_database()).unwrap();
    file.write_all(&[0xa5; 4096]).unwrap();
    assert_refused(&installation, &SERVE, "database_url");
}

#[test]
fn a_postgres_that_does_not_answer_or_has_no_such_database_stops_the_start() {
    let Some(server) = postgres::server() else { return };
    let Some(installation) = Installation::create_on_postgres() else { return };
    let installation = installation.moved_to("postgres://holdfast@127.0.0.1:1/holdfast".to_owned());
    assert_refused(&installation, &SERVE, "database_url");
    let made = server.template(harness::migrate).create_database_from_template(&harness::database_name());
    let (origin, _) = made.rsplit_once('/').unwrap();
    let installation = installation.moved_to(format!("{origin}/absent"));
    assert_refused(&installation, &SERVE, "database_url");
}

#[test]
fn an_empty_postgres_is_not_used_with_keys_that_belong_to_another() {
    let Some(server) = postgres::server() else { return };
    let Some(installation) = Installation::create_on_postgres() else { return };
    let empty = server.template(harness::migrate).create_database_from_template(&harness::database_name());
    assert_refused(&installation.moved_to(empty), &SERVE, "database_url");
}

#[test]
fn what_the_log_leaves_out_of_a_start_is_said_in_a_plain_line() {
    let installation = Installation::create();
    for level in ["warn", "off"] {
        // It is found where it listens by what it prints.
        drop(installation.serve_with(&["--log-format", "json", "--log", level]));
    }
    std::fs::remove_file(installation.database()).unwrap();
    for level in ["info", "off"] {
        assert_refused(
            &installation,
            &[&SERVE[..], &["--log-format", "json", "--log", level]].concat(),
            "database_url",
        );
    }
}

#[test]
fn production_refuses_a_test_clock() {
    let installation = Installation::create();
    assert_refused(&installation, &[&SERVE[..], &["--production", "--test-clock"]].concat(), "test_clock");
}

/// Every command for an installation that is there, in a place where none is: an operator would else believe what it says of the
/// one that it has just made.
fn none_is_made_by_a_command_for_another(original: &Installation) {
    let (place, copy) = (original.elsewhere(), original.folder().join("copy").display().to_string());
    let nobody = uuid::Uuid::nil().to_string();
    let commands = [
        &["check"][..],
        &["arm"],
        &["disarm"],
        &["audit", "verify"],
        &["migrate"],
        &["bundle", "key"],
        &["backup", "--to", &copy],
        &["webhook", "test", &nobody],
        &["webhook", "resend", &nobody],
        &["worker"],
    ];
    let assert_untouched = || {
        let target = Target::parse(&place.database_url()).unwrap();
        match &target {
            Target::Sqlite(path) => assert!(!path.exists()),
            Target::Postgres(_) => {
                assert!(tables::list_tables(&mut target.connect(Access::Read).unwrap()).unwrap().is_empty());
            }
        }
        assert!(!place.data_dir().join("keys/subjects.db").exists());
    };
    for command in commands {
        assert_refused(&place, command, "data_dir");
        assert!(!place.data_dir().exists(), "{command:?}");
    }
    assert_untouched();
    // The master key alone is not one either.
    std::fs::create_dir_all(place.data_dir().join("keys")).unwrap();
    std::fs::copy(original.data_dir().join("keys/master.key"), place.data_dir().join("keys/master.key")).unwrap();
    for command in commands {
        assert_refused(&place, command, "database_url");
    }
    assert_untouched();
    assert!(original.run(&["check"], "").status.success());
}

#[test]
fn on_sqlite_no_installation_is_made_by_a_command_for_another() {
    none_is_made_by_a_command_for_another(&Installation::create());
}

#[test]
fn on_postgres_no_installation_is_made_by_a_command_for_another() {
    let Some(installation) = Installation::create_on_postgres() else { return };
    none_is_made_by_a_command_for_another(&installation);
}
