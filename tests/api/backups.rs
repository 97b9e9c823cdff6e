//! A backup restores, and one that is empty, cut short, mixed of two or another's is refused in words of its own, with
//! nothing left behind.

use std::path::{Path, PathBuf};

use diesel::connection::SimpleConnection as _;
use holdfast::db::{Access, Target};

use crate::harness::PASSWORD;
use crate::harness::binary::Installation;

const SECOND: [&str; 4] = ["create-admin", "--username", "second", "--password-stdin"];

fn printed(installation: &Installation, arguments: &[&str], input: &str) -> String {
    let done = installation.run(arguments, input);
    assert!(done.status.success(), "{arguments:?}: {done:?}");
    String::from_utf8(done.stdout).unwrap()
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn master_key(installation: &Installation) -> PathBuf {
    installation.data_dir().join("keys/master.key")
}

fn backup(installation: &Installation, name: &str) -> PathBuf {
    let path = installation.folder().join(name);
    let said = printed(installation, &["backup", "--to", text(&path)], "");
    assert!(said.contains("as it was at "), "{said}");
    path
}

/// Restores where there is nothing, with the key of `from`; answers the line of a refusal.
fn refusal(place: &Installation, backup: &Path, key: &Path) -> String {
    let refused = place.run(&["restore", "--from", text(backup), "--master-key", text(key)], "");
    let line = String::from_utf8(refused.stderr).unwrap();
    assert_eq!((refused.status.code(), line.lines().count()), (Some(2), 1), "{line}");
    assert!(refused.stdout.is_empty() && !place.database().exists() && !master_key(place).exists(), "{line}");
    line
}

/// A copy of a backup, to be harmed.
fn copy(backup: &Path, name: &str) -> PathBuf {
    let to = backup.with_file_name(name);
    let _before = std::fs::remove_dir_all(&to);
    let done = std::process::Command::new("cp").arg("-r").args([backup, to.as_path()]).status().unwrap();
    assert!(done.success());
    to
}

/// The file of the database that changes with every act.
fn changing(backup: &Path) -> PathBuf {
    match backup.join("database.db") {
        file if file.exists() => file,
        _ => backup.join("database/audit_entries.jsonl"),
    }
}

fn cut(file: &Path) {
    let bytes = std::fs::read(file).unwrap();
    std::fs::write(file, &bytes[..bytes.len() - 1]).unwrap();
}

fn whatever_harmed_it_is_told(original: &Installation) {
    let (first, key) = (backup(original, "first"), master_key(original));
    printed(original, &SECOND, PASSWORD);
    let (second, place) = (backup(original, "second"), original.elsewhere());

    let empty = original.folder().join("empty");
    std::fs::create_dir(&empty).unwrap();
    assert!(refusal(&place, &empty, &key).contains("the backup is empty"));
    let emptied = copy(&first, "emptied");
    std::fs::write(changing(&emptied), "").unwrap();
    assert!(refusal(&place, &emptied, &key).contains("the backup is empty"));

    let short = copy(&first, "short");
    cut(&changing(&short));
    assert!(refusal(&place, &short, &key).contains("the backup is cut short"));
    std::fs::remove_file(changing(&short)).unwrap();
    assert!(refusal(&place, &short, &key).contains("the backup is cut short"));
    let headless = copy(&first, "headless");
    std::fs::remove_file(headless.join("manifest.json")).unwrap();
    assert!(refusal(&place, &headless, &key).contains("the backup is cut short"));

    for (one, other) in [(&first, &second), (&second, &first)] {
        for file in [changing(other), other.join("keys.jsonl")] {
            let mixed = copy(one, "mixed");
            std::fs::copy(&file, mixed.join(file.strip_prefix(other).unwrap())).unwrap();
            assert!(refusal(&place, &mixed, &key).contains("the backup is mixed of two"), "{file:?}");
        }
    }
    let strange = Installation::create();
    assert!(refusal(&place, &first, &master_key(&strange)).contains("another master key"));

    // After all that, the place is as good as new.
    let said = printed(&place, &["restore", "--from", text(&second), "--master-key", text(&key)], "");
    assert!(said.contains("disarmed: "), "{said}");
    let said = printed(&place, &["check"], "");
    assert!(said.contains("people: 2, of whom 0 have no key") && said.contains(" open, 0 do not"), "{said}");
    let again = place.run(&["restore", "--from", text(&second)], "");
    assert_eq!(again.status.code(), Some(2));
    assert!(String::from_utf8(again.stderr).unwrap().contains("nothing is ever overwritten"));
}

#[test]
fn on_sqlite_whatever_harmed_a_backup_is_told() {
    whatever_harmed_it_is_told(&Installation::create());
}

#[test]
fn on_postgres_whatever_harmed_a_backup_is_told() {
    let Some(original) = Installation::create_on_postgres() else { return };
    whatever_harmed_it_is_told(&original);
}

#[test]
fn a_backup_in_one_file_restores_and_is_refused_without_its_end() {
    let original = Installation::create();
    let (file, key, place) = (backup(&original, "all.zip"), master_key(&original), original.elsewhere());
    let half = file.with_file_name("half.zip");
    std::fs::copy(&file, &half).unwrap();
    cut(&half);
    let bytes = std::fs::read(&half).unwrap();
    std::fs::write(&half, &bytes[..bytes.len() / 2]).unwrap();
    assert!(refusal(&place, &half, &key).contains("the backup is cut short"));
    printed(&place, &["restore", "--from", text(&file), "--master-key", text(&key)], "");
    printed(&place, &["check"], "");
}

#[test]
fn a_record_that_no_entry_wrote_is_told_where_a_copy_of_it_is_restored() {
    let original = Installation::create();
    let slip = "INSERT INTO organisations (id, kind, name, created_at) \
        SELECT randomblob(16), 'police', 'Force of nobody', created_at FROM installation";
    Target::Sqlite(original.database()).connect(Access::Write).unwrap().batch_execute(slip).unwrap();
    let (slipped, place) = (backup(&original, "slipped"), original.elsewhere());
    let line = refusal(&place, &slipped, &master_key(&original));
    assert!(line.contains("the audit is broken: ") && line.contains("no entry wrote it so"), "{line}");
}

#[test]
fn whoever_was_erased_since_stays_erased_where_the_key_store_is_kept() {
    let original = Installation::create();
    printed(&original, &SECOND, PASSWORD);
    let (old, place) = (backup(&original, "old"), original.elsewhere());
    let store = original.data_dir().join("keys/subjects.db");
    let erase = "DELETE FROM subject_keys WHERE subject = (SELECT max(subject) FROM subject_keys)";
    Target::Sqlite(store).connect(Access::Write).unwrap().batch_execute(erase).unwrap();
    let checked = original.run(&["check"], "");
    let said = String::from_utf8(checked.stdout).unwrap();
    assert_eq!(checked.status.code(), Some(1), "{said}");
    assert!(said.contains("people: 2, of whom 1 have no key") && said.contains("a subject has no data key"), "{said}");

    std::fs::create_dir_all(place.data_dir()).unwrap();
    let keys = (original.data_dir().join("keys"), place.data_dir().join("keys"));
    assert!(std::process::Command::new("cp").arg("-r").args([&keys.0, &keys.1]).status().unwrap().success());
    let said = printed(&place, &["restore", "--from", text(&old)], "");
    assert!(said.contains("who was erased since the backup stays erased"), "{said}");
    assert_eq!(place.run(&["check"], "").status.code(), Some(1));
}
