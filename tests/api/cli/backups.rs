//! A backup restores, and one that is empty, cut short, mixed of two or another's is refused in words of its own, with
//! nothing left behind.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use diesel::connection::SimpleConnection as _;
use holdfast::db::{Access, Target};
use secrecy::ExposeSecret as _;

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
    refusal_with(place, backup, key, &[])
}

/// The same with further arguments.
fn refusal_with(place: &Installation, backup: &Path, key: &Path, more: &[&str]) -> String {
    let restore = ["restore", "--from", text(backup), "--master-key", text(key)];
    let refused = place.run(&[&restore[..], more].concat(), "");
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

/// A new pair of keys of `age`: the file of the identity, as `age-keygen` writes it, and the recipient.
fn age_keys(folder: &Path, name: &str) -> (PathBuf, String) {
    let (identity, path) = (age::x25519::Identity::generate(), folder.join(name));
    let (secret, recipient) = (identity.to_string(), identity.to_public().to_string());
    let lines = format!("# created: 2026-01-01T00:00:00Z\n# public key: {recipient}\n{}\n", secret.expose_secret());
    std::fs::write(&path, lines).unwrap();
    (path, recipient)
}

fn shows(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|part| part == text.as_bytes())
}

fn an_encrypted_backup_is_for_its_recipients_alone(original: &Installation) {
    let (folder, key, place) = (original.folder(), master_key(original), original.elsewhere());
    let [(_, to_first), (second, to_second), (other, _)] =
        ["first", "second", "other"].map(|name| age_keys(folder, name));
    let file = folder.join("all.zip.age");
    let to_both = ["--recipient", to_first.as_str(), "--recipient", to_second.as_str()];
    let said = printed(original, &[&["backup", "--to", text(&file)], &to_both[..]].concat(), "");
    assert!(said.contains("encrypted for 2 recipients"), "{said}");
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let bytes = std::fs::read(&file).unwrap();
    assert!(bytes.starts_with(b"age-encryption.org/v1\n"));
    for plain in ["SQLite format 3", "manifest.json", "sha256", "keys.jsonl"] {
        assert!(!shows(&bytes, plain), "{plain}");
    }
    // What was copied first is gone, wherever it was.
    let data_dir = original.data_dir();
    for searched in [folder, data_dir.as_path()] {
        let mut names = std::fs::read_dir(searched).unwrap().map(|entry| entry.unwrap().file_name());
        assert!(names.all(|name| !name.to_string_lossy().starts_with(".holdfast-backup-")));
    }

    assert!(refusal(&place, &file, &key).contains("the backup is encrypted: name the file of an identity"));
    let with = |file: &Path, identity: &Path| refusal_with(&place, file, &key, &["--identity", text(identity)]);
    assert!(with(&file, &other).contains("the backup is encrypted for others"));
    assert!(with(&file, &folder.join("none")).contains("identity: "));
    assert!(with(&file, &key).contains("identity: "));
    let short = folder.join("short.zip.age");
    for length in [bytes.len() - 1, bytes.len() / 2, 400, 40] {
        std::fs::write(&short, &bytes[..length]).unwrap();
        let line = with(&short, &second);
        assert!(line.contains("the backup is cut short"), "{length}: {line}");
    }
    assert!(with(&backup(original, "plain.zip"), &second).contains("the backup is not encrypted"));
    assert!(with(&backup(original, "plain"), &second).contains("the backup is not encrypted"));

    let restore = ["restore", "--from", text(&file), "--master-key", text(&key), "--identity", text(&second)];
    let said = printed(&place, &restore, "");
    assert!(said.contains("disarmed: "), "{said}");
    printed(&place, &["check"], "");
}

#[test]
fn on_sqlite_an_encrypted_backup_is_for_its_recipients_alone() {
    an_encrypted_backup_is_for_its_recipients_alone(&Installation::create());
}

#[test]
fn on_postgres_an_encrypted_backup_is_for_its_recipients_alone() {
    let Some(original) = Installation::create_on_postgres() else { return };
    an_encrypted_backup_is_for_its_recipients_alone(&original);
}

#[test]
fn a_recipient_that_cannot_be_read_and_a_place_that_does_not_fit_are_refused_before_anything_is_written() {
    let original = Installation::create();
    let (identity, recipient) = age_keys(original.folder(), "identity");
    let (lines, recipient) = (std::fs::read_to_string(identity).unwrap(), recipient.as_str());
    let secret = lines.lines().last().unwrap();
    let cases = [
        ("all.zip.age", vec!["--recipient", "age1nonsense"], "recipient: a public key of age is needed"),
        ("all.zip.age", vec!["--recipient", recipient, "--recipient", secret], "recipient: a public key"),
        ("all", vec!["--recipient", recipient], "to: an encrypted backup is one file"),
        ("all.zip", vec!["--recipient", recipient], "to: an encrypted backup is one file"),
        ("all.zip.age", vec![], "name a recipient"),
    ];
    for (name, more, what) in cases {
        let to = original.folder().join(name);
        let refused = original.run(&[&["backup", "--to", text(&to)], &more[..]].concat(), "");
        let line = String::from_utf8(refused.stderr).unwrap();
        assert_eq!((refused.status.code(), line.lines().count()), (Some(2), 1), "{line}");
        assert!(line.contains(what) && !line.contains(secret) && !to.exists(), "{line}");
    }
}

/// Puts the key store of one installation into another's place.
fn copy_keys(from: &Installation, to: &Installation) {
    std::fs::create_dir_all(to.data_dir()).unwrap();
    let [from, to] = [from, to].map(|one| one.data_dir().join("keys"));
    assert!(std::process::Command::new("cp").arg("-r").args([&from, &to]).status().unwrap().success());
}

fn change_keys(installation: &Installation, statement: &str) {
    let store = installation.data_dir().join("keys/subjects.db");
    Target::Sqlite(store).connect(Access::Write).unwrap().batch_execute(statement).unwrap();
}

const DAMAGE: &str = "UPDATE subject_keys SET wrapped = 'AAAA' WHERE subject = (SELECT max(subject) FROM subject_keys)";
const ERASE: &str = "DELETE FROM subject_keys WHERE subject = (SELECT max(subject) FROM subject_keys)";

#[test]
fn a_record_that_no_entry_wrote_is_told_by_the_backup_and_where_it_is_restored() {
    let original = Installation::create();
    let slip = "INSERT INTO organisations (id, kind, name, created_at) \
        SELECT randomblob(16), 'police', 'Force of nobody', created_at FROM installation";
    Target::Sqlite(original.database()).connect(Access::Write).unwrap().batch_execute(slip).unwrap();
    let (path, key, place) = (original.folder().join("slipped"), master_key(&original), original.elsewhere());
    let said = printed(&original, &["backup", "--to", text(&path)], "");
    assert!(said.contains("the audit is broken, and so is that of the copy: "), "{said}");
    assert!(said.contains("no entry wrote it so"), "{said}");
    let said = printed(&place, &["restore", "--from", text(&path), "--master-key", text(&key)], "");
    assert!(said.contains("the audit is broken, as it was when it was copied: "), "{said}");
    assert!(said.contains("no entry wrote it so"), "{said}");
}

#[test]
fn who_was_erased_since_stays_erased_where_the_key_store_is_kept() {
    let original = Installation::create();
    printed(&original, &SECOND, PASSWORD);
    let (old, place) = (backup(&original, "old"), original.elsewhere());
    change_keys(&original, ERASE);
    let checked = original.run(&["check"], "");
    let said = String::from_utf8(checked.stdout).unwrap();
    assert_eq!(checked.status.code(), Some(1), "{said}");
    assert!(said.contains("people: 2, of whom 1 have no key") && said.contains("a subject has no data key"), "{said}");

    copy_keys(&original, &place);
    let said = printed(&place, &["restore", "--from", text(&old), "--accept-missing-keys"], "");
    assert!(said.contains("is kept: 1 people who have a key in the backup have none in it"), "{said}");
    assert_eq!(place.run(&["check"], "").status.code(), Some(1));
}

#[test]
fn a_key_store_that_is_older_than_the_backup_is_not_kept_unseen() {
    let (original, place) = (Installation::create(), Installation::create().elsewhere());
    copy_keys(&original, &place);
    printed(&original, &SECOND, PASSWORD);
    let all = backup(&original, "all");
    let refused = place.run(&["restore", "--from", text(&all)], "");
    let line = String::from_utf8(refused.stderr).unwrap();
    assert_eq!((refused.status.code(), line.lines().count()), (Some(2), 1), "{line}");
    assert!(line.contains("1 people have a key in the backup and none here"), "{line}");
    assert!(!place.database().exists() && master_key(&place).exists(), "{line}");
    // The keys as they are need no word.
    std::fs::remove_dir_all(place.data_dir()).unwrap();
    copy_keys(&original, &place);
    let said = printed(&place, &["restore", "--from", text(&all)], "");
    assert!(said.contains("is kept: 0 people"), "{said}");
}

#[test]
fn a_copied_database_that_is_put_in_place_by_hand_is_disarmed() {
    let original = Installation::create();
    let all = backup(&original, "all");
    // In place, so that path and inode are the original's.
    std::fs::copy(all.join("database.db"), original.whole_database()).unwrap();
    assert!(printed(&original, &["check"], "").contains("disarmed: "));
    drop(original.serve());
    assert!(original.log().contains("is_armed=false"), "{}", original.log());
}

#[test]
fn a_log_that_another_database_left_behind_is_no_part_of_what_is_restored() {
    let original = Installation::create();
    let (all, key, place) = (backup(&original, "all"), master_key(&original), original.elsewhere());
    std::fs::create_dir_all(place.data_dir().join("keys")).unwrap();
    for left in ["holdfast.db-wal", "holdfast.db-shm", "holdfast.db-journal", "keys/subjects.db-wal"] {
        let file = place.data_dir().join(left);
        std::fs::write(&file, "of another").unwrap();
        let line = refusal(&place, &all, &key);
        assert!(line.contains(&format!("{left} exists")), "{line}");
        assert_eq!(std::fs::read(&file).unwrap(), b"of another");
        std::fs::remove_file(&file).unwrap();
    }
    printed(&place, &["restore", "--from", text(&all), "--master-key", text(&key)], "");
}

#[test]
fn what_a_restore_that_was_broken_off_left_is_not_started() {
    let original = Installation::create();
    let (all, key, place) = (backup(&original, "all"), master_key(&original), original.elsewhere());
    printed(&place, &["restore", "--from", text(&all), "--master-key", text(&key)], "");
    let marker = place.data_dir().join("restoring");
    assert!(!marker.exists());
    std::fs::write(&marker, "").unwrap();
    let refused = place.run(&["check"], "");
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8(refused.stderr).unwrap().contains("a restore was broken off here"));
}

fn what_was_broken_before_is_restored_as_it_was(original: &Installation) {
    std::fs::write(original.data_dir().join("checkpoints.log"), "of a log that was lost\n").unwrap();
    let mut conn = Target::parse(&original.database_url()).unwrap().connect(Access::Write).unwrap();
    conn.batch_execute("UPDATE staff SET display_name = username").unwrap();
    assert_eq!(original.run(&["audit", "verify"], "").status.code(), Some(6));
    let (path, key, place) = (original.folder().join("all"), master_key(original), original.elsewhere());
    let said = printed(original, &["backup", "--to", text(&path)], "");
    assert!(said.contains("the audit is broken, and so is that of the copy: line 1: "), "{said}");
    assert!(said.contains("of each column the newest, that do not open: 1"), "{said}");
    let said = printed(&place, &["restore", "--from", text(&path), "--master-key", text(&key)], "");
    assert!(said.contains("the audit is broken, as it was when it was copied: line 1: "), "{said}");
    assert!(said.contains("sealed values that did not open when they were copied: 1"), "{said}");
}

#[test]
fn on_sqlite_what_was_broken_before_is_restored_as_it_was() {
    what_was_broken_before_is_restored_as_it_was(&Installation::create());
}

#[test]
fn on_postgres_what_was_broken_before_is_restored_as_it_was() {
    let Some(original) = Installation::create_on_postgres() else { return };
    what_was_broken_before_is_restored_as_it_was(&original);
}

#[test]
fn what_is_worse_than_it_was_is_refused() {
    let original = Installation::create();
    printed(&original, &SECOND, PASSWORD);
    let (all, key) = (backup(&original, "all"), master_key(&original));
    // Held against the checkpoints of another log.
    let place = original.elsewhere();
    std::fs::create_dir_all(place.data_dir()).unwrap();
    std::fs::write(place.data_dir().join("checkpoints.log"), "of another\n").unwrap();
    let line = refusal(&place, &all, &key);
    assert!(line.contains("the audit is broken: line 1: "), "{line}");
    // With a key store that was kept, and damaged.
    let place = original.elsewhere();
    copy_keys(&original, &place);
    change_keys(&place, DAMAGE);
    let refused = place.run(&["restore", "--from", text(&all)], "");
    let line = String::from_utf8(refused.stderr).unwrap();
    assert_eq!((refused.status.code(), line.lines().count()), (Some(2), 1), "{line}");
    assert!(line.contains("a sealed value does not open: staff.") && !place.database().exists(), "{line}");
}

#[test]
fn a_data_key_that_was_damaged_costs_what_it_sealed_and_nothing_else() {
    let original = Installation::create();
    printed(&original, &SECOND, PASSWORD);
    change_keys(&original, DAMAGE);
    let checked = original.run(&["check"], "");
    let said = String::from_utf8(checked.stdout).unwrap();
    assert_eq!(checked.status.code(), Some(1), "{said}");
    for line in ["people: 2, of whom 0 have no key", "cannot be read: staff.username of ", "data key does not open"] {
        assert!(said.contains(line), "{said}");
    }
    assert!(!said.contains("sealed values: 0 open"), "{said}");
}

#[test]
fn a_master_key_that_a_command_prints_is_in_no_file_and_none_is_made_in_its_place() {
    let original = Installation::create();
    printed(&original, &SECOND, PASSWORD);
    let (key, kept) = (master_key(&original), original.folder().join("kept"));
    let bytes = std::fs::read(&key).unwrap();
    std::fs::write(&kept, base64::engine::general_purpose::STANDARD.encode(bytes)).unwrap();
    let command = format!("cat '{}'", text(&kept));
    let with =
        |arguments: &[&str], command: &str| original.run(&[arguments, &["--master-key-command", command]].concat(), "");
    let refused = |done: std::process::Output, what: &str| {
        let line = String::from_utf8(done.stderr).unwrap();
        assert!(done.status.code() == Some(2) && line.contains(what), "{line}");
    };
    refused(with(&["check"], &command), "the data directory has a master key as well");
    std::fs::remove_file(&key).unwrap();
    refused(original.run(&["check"], ""), "is missing although keys exist");
    assert!(!key.exists());
    refused(with(&["check"], "echo nonsense"), "base64 of 32 bytes");
    refused(with(&["check"], "exit 3"), "the command failed");
    refused(with(&["check"], "head -c 32 /dev/zero | base64"), "under another master key");
    let done = with(&["check"], &command);
    assert!(done.status.success(), "{done:?}");

    // A backup restores with it as well, and leaves no file of it.
    let file = original.folder().join("copy");
    let copied = with(&["backup", "--to", text(&file)], &command);
    assert!(copied.status.success(), "{copied:?}");
    let place = original.elsewhere();
    let restored = place.run(&["restore", "--from", text(&file), "--master-key-command", &command], "");
    assert!(restored.status.success(), "{restored:?}");
    assert!(!master_key(&place).exists());
}
