//! A private PostgreSQL for one test process.
//!
//! Used by the harness, which gives each test a database of its own. The server is started from the installed binaries
//! the first time a test asks, on a free loopback port, with durability switched off: nothing here outlives the run.
//!
//! Guarantee: server and directory are gone shortly after the test process is, however it ends. The test runner drops
//! no statics and a killed process runs no code at all, so the clearing up belongs to a small shell process that holds
//! one end of a pipe: when the kernel closes the other end, it stops the server by process id.
//!
//! `HOLDFAST_TEST_POSTGRES=required` turns "no PostgreSQL installed" from a skip into a failure.

mod own;

use std::fs;
use std::io::{self, Write as _};
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::{MetadataExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, OnceLock, PoisonError, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection as _;
use diesel::dsl::sql;
use diesel::sql_types::Integer;
use diesel::{Connection as _, PgConnection, RunQueryDsl as _};

pub use own::OwnPostgres;

/// Superuser of the private server; authentication is `trust`, so there is no password.
const OWNER: &str = "holdfast";
const TEMPLATE: &str = "holdfast_template";
/// Another process may take a port between our choosing it and the server's binding it.
const START_ATTEMPTS: u32 = 5;
const START_WITHIN: Duration = Duration::from_secs(60);
/// Copying a template makes some hundreds of small files, which takes 25 ms here and 400 ms on a disk.
const MEMORY_FOLDER: &str = "/dev/shm";
/// Room for the server's own files, its log and a database for each of a few dozen tests at once.
const MEMORY_FOLDER_MIN_KIB: u64 = 1024 * 1024;

/// `$1` the directory, the rest the server's command line. Only one of the two `read`s can act on a live server: the
/// guard is ended as soon as the server is, so that it never signals a process id that was given to somebody else.
const KEEPER: &str = r#"
dir=$1; shift
exec 3<&0
"$@" >"$dir/log" 2>&1 3<&- &
server=$!
( read -r _ <&3; kill -INT "$server" ) &
guard=$!
wait "$server"
: >"$dir/ended"
kill "$guard" 2>/dev/null
read -r _ <&3
rm -rf "$dir"
"#;

/// The one server of this process, or `None` where PostgreSQL is not installed.
///
/// # Panics
///
/// When the server cannot be started, or is not installed and `HOLDFAST_TEST_POSTGRES=required`.
pub fn server() -> Option<&'static Server> {
    static SERVER: OnceLock<Option<Server>> = OnceLock::new();
    SERVER
        .get_or_init(|| {
            let Some(binaries) = Binaries::find() else {
                assert!(
                    environment("HOLDFAST_TEST_POSTGRES").as_deref() != Some("required"),
                    "PostgreSQL was not found, and HOLDFAST_TEST_POSTGRES=required"
                );
                // Written past the capture of `eprintln!`, which would hide it when every test passes.
                let _ = io::stderr().write_all(b"\n*** PostgreSQL was not found: running on SQLite alone ***\n\n");
                return None;
            };
            Some(Server::start(&binaries))
        })
        .as_ref()
}

/// A running PostgreSQL; made by [`server`] alone.
pub struct Server {
    port: u16,
    /// PostgreSQL refuses to copy a template that is in use, copying included: one connection, one statement at a time.
    admin: Mutex<PgConnection>,
    /// Names to drop. Dropping may wait a fifth of a second for the last connection to go, which no test needs to see.
    doomed: mpsc::Sender<String>,
    template: OnceLock<()>,
    /// From PostgreSQL 15 on, copying goes through the log unless told otherwise: slower where nothing is synced.
    copy_option: &'static str,
    /// Owns our end of the pipe, open for as long as this process lives: its closing is what stops the server.
    _keeper: Child,
}

impl Server {
    /// Makes the template on the first call; `prepare` is given its URL and applies the migrations. Later calls, and
    /// calls on other threads meanwhile, wait for the first and do nothing.
    pub fn template(&self, prepare: impl FnOnce(&str)) -> &Self {
        self.template.get_or_init(|| {
            // A `prepare` that panicked has left one behind.
            execute(&self.admin, &format!("DROP DATABASE IF EXISTS {TEMPLATE} WITH (FORCE)"));
            execute(&self.admin, &format!("CREATE DATABASE {TEMPLATE}"));
            prepare(&self.url(TEMPLATE));
            // A pool that `prepare` left open would make every copy fail.
            execute(&self.admin, &format!("ALTER DATABASE {TEMPLATE} WITH ALLOW_CONNECTIONS false"));
            execute(
                &self.admin,
                &format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{TEMPLATE}'"),
            );
        });
        self
    }

    /// Copies the template into a new database and returns its URL.
    ///
    /// # Panics
    ///
    /// When [`Server::template`] was not called, the name is not `[a-z0-9_]{1,63}`, or the database exists.
    pub fn create_database_from_template(&self, name: &str) -> String {
        assert!(self.template.get().is_some(), "the template must be made before database {name}");
        let (name, option) = (identifier(name), self.copy_option);
        execute(&self.admin, &format!("CREATE DATABASE {name} TEMPLATE {TEMPLATE} {option}"));
        self.url(name)
    }

    /// A database with nothing in it; answers its URL.
    pub fn create_database(&self, name: &str) -> String {
        let name = identifier(name);
        execute(&self.admin, &format!("CREATE DATABASE {name}"));
        self.url(name)
    }

    /// Another database with the same in it, as an operator copies one without any command of ours.
    pub fn dump_into(&self, from: &str, name: &str) -> String {
        let (to, binaries) = (self.create_database(name), Binaries::find().unwrap());
        let run = |program: &str, arguments: &[&str], input: Vec<u8>| {
            let mut command = Command::new(binaries.postgres.with_file_name(program));
            command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
            let mut child = command.spawn().unwrap();
            let mut pipe = child.stdin.take().unwrap();
            let feeding = thread::spawn(move || pipe.write_all(&input).unwrap());
            let done = child.wait_with_output().unwrap();
            feeding.join().unwrap();
            assert!(done.status.success(), "{program}: {}", String::from_utf8_lossy(&done.stderr));
            done.stdout
        };
        let dump = run("pg_dump", &["--dbname", from], Vec::new());
        run("psql", &["--quiet", "--no-psqlrc", "--set", "ON_ERROR_STOP=1", "--dbname", &to], dump);
        to
    }

    /// Has the database dropped soon, cutting off whoever is still connected; does nothing when there is none of that
    /// name.
    pub fn drop_database(&self, name: &str) {
        let sent = self.doomed.send(identifier(name).to_owned());
        sent.unwrap_or_else(|_| panic!("the thread that drops databases has ended"));
    }

    fn url(&self, database: &str) -> String {
        url(self.port, database)
    }

    fn start(binaries: &Binaries) -> Self {
        let mut last_log = String::new();
        for _ in 0..START_ATTEMPTS {
            match Self::try_start(binaries) {
                Ok(server) => return server,
                Err(log) => last_log = log,
            }
        }
        panic!("PostgreSQL did not start in {START_ATTEMPTS} attempts; its last log:\n{last_log}");
    }

    /// `Err` holds the server's log.
    fn try_start(binaries: &Binaries) -> Result<Self, String> {
        let home = Home::create();
        home.initialise(binaries);
        let port = free_port();
        #[expect(clippy::zombie_processes, reason = "the keeper must outlive this process")]
        let mut keeper = home.spawn_keeper(binaries, port, KEEPER, &[]);
        let deadline = Instant::now() + START_WITHIN;
        loop {
            // Looked at before connecting: on a port clash, what answers there is somebody else's server.
            if home.path.join("ended").exists() || Instant::now() > deadline {
                let log = fs::read_to_string(home.path.join("log")).unwrap_or_default();
                // Closes the pipe first, upon which the keeper stops what is left and removes the directory.
                let _ = keeper.wait();
                return Err(log);
            }
            if home.is_ready()
                && let Ok(mut admin) = PgConnection::establish(&url(port, "postgres"))
                && let Ok(sweeper) = PgConnection::establish(&url(port, "postgres"))
            {
                return Ok(Self {
                    port,
                    copy_option: copy_option(&mut admin),
                    admin: Mutex::new(admin),
                    doomed: spawn_sweeper(sweeper),
                    template: OnceLock::new(),
                    _keeper: keeper,
                });
            }
            thread::sleep(Duration::from_millis(10));
        }
    }
}

/// The server's directory, and whom it runs as.
struct Home {
    path: PathBuf,
    /// PostgreSQL refuses to run as root, which is what containers are: `(user, group)` to run as instead.
    unprivileged: Option<(u32, u32)>,
}

impl Home {
    fn create() -> Self {
        let mut builder = tempfile::Builder::new();
        builder.prefix("holdfast-postgres-");
        let folder = if has_memory_folder() { builder.tempdir_in(MEMORY_FOLDER) } else { builder.tempdir() };
        // Kept, since the keeper removes it: this process may not live to do so.
        let path = folder.unwrap_or_else(|error| panic!("no temporary directory for PostgreSQL: {error}")).keep();
        // The owner of what we have just made is who we are, without asking the system in an unsafe way.
        let we_are_root = fs::metadata(&path).is_ok_and(|metadata| metadata.uid() == 0);
        let unprivileged = we_are_root.then(unprivileged_user);
        if let Some((user, group)) = unprivileged {
            chown(&path, Some(user), Some(group))
                .unwrap_or_else(|error| panic!("{} could not be handed over: {error}", path.display()));
        }
        Self { path, unprivileged }
    }

    fn initialise(&self, binaries: &Binaries) {
        let output = self
            .command(&binaries.initdb)
            .args(["--no-sync", "--auth=trust", "--encoding=UTF8", "--no-locale", "--username", OWNER, "--pgdata"])
            .arg(self.data())
            .output()
            .unwrap_or_else(|error| panic!("{} could not be run: {error}", binaries.initdb.display()));
        if !output.status.success() {
            let _ = fs::remove_dir_all(&self.path);
            panic!("initdb failed: {}", String::from_utf8_lossy(&output.stderr));
        }
    }

    /// Settings in `more` are stronger than ours.
    fn spawn_keeper(&self, binaries: &Binaries, port: u16, script: &str, more: &[&str]) -> Child {
        let mut keeper = self.command(Path::new("/bin/sh"));
        keeper.args(["-c", script, "holdfast-postgres-keeper"]).arg(&self.path).arg(&binaries.postgres);
        keeper.arg("-D").arg(self.data());
        let ours = [
            "listen_addresses=127.0.0.1",
            &format!("port={port}"),
            // The default folder belongs to the system's own server.
            "unix_socket_directories=",
            "max_connections=300",
            "fsync=off",
            "synchronous_commit=off",
            "full_page_writes=off",
            "wal_level=minimal",
            "max_wal_senders=0",
            "autovacuum=off",
            "max_wal_size=128MB",
        ];
        for setting in ours.iter().chain(more) {
            keeper.args(["-c", setting]);
        }
        keeper
            // A group of its own: Ctrl-C in the terminal must reach the tests first, not the server under them.
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("the keeper of PostgreSQL could not be started: {error}"))
    }

    /// The server itself writes `ready` here, so another server on the same port cannot be taken for ours.
    fn is_ready(&self) -> bool {
        fs::read_to_string(self.data().join("postmaster.pid")).is_ok_and(|status| {
            let status = status.trim_end();
            status.ends_with("ready") || status.ends_with("standby")
        })
    }

    fn data(&self) -> PathBuf {
        self.path.join("data")
    }

    /// Nothing of the caller's environment goes in: `PGDATA`, `PGPORT` and their like would point at the system's own
    /// server.
    fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.env_clear().env("PATH", "/usr/local/bin:/usr/bin:/bin").env("LC_ALL", "C").current_dir(&self.path);
        if let Some((user, group)) = self.unprivileged {
            command.uid(user).gid(group);
        }
        command
    }
}

struct Binaries {
    postgres: PathBuf,
    initdb: PathBuf,
}

impl Binaries {
    /// On `PATH`, else where Debian keeps each version apart from `PATH`; of these the newest.
    fn find() -> Option<Self> {
        let path = environment("PATH").unwrap_or_default();
        std::env::split_paths(&path).find_map(|folder| Self::within(&folder)).or_else(|| {
            let mut versions: Vec<(u32, PathBuf)> = fs::read_dir("/usr/lib/postgresql")
                .ok()?
                .flatten()
                .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
                .collect();
            versions.sort_unstable();
            versions.into_iter().rev().find_map(|(_, folder)| Self::within(&folder))
        })
    }

    /// Links are followed, because the server looks for its shared files beside where it really is.
    fn within(folder: &Path) -> Option<Self> {
        let real = |name: &str| folder.join(name).canonicalize().ok();
        Some(Self { postgres: real("postgres")?, initdb: real("initdb")? })
    }
}

fn spawn_sweeper(mut connection: PgConnection) -> mpsc::Sender<String> {
    let (doomed, names) = mpsc::channel::<String>();
    thread::spawn(move || {
        for name in names {
            let dropped = connection.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
            if let Err(error) = dropped {
                // Costs space, and no test its meaning.
                let _ = writeln!(io::stderr(), "PostgreSQL did not drop {name}: {error}");
            }
        }
    });
    doomed
}

fn copy_option(admin: &mut PgConnection) -> &'static str {
    let version = sql::<Integer>("SELECT current_setting('server_version_num')::integer");
    let version: i32 =
        version.get_result(admin).unwrap_or_else(|error| panic!("PostgreSQL does not tell its version: {error}"));
    if version >= 150_000 { "STRATEGY file_copy" } else { "" }
}

fn execute(connection: &Mutex<PgConnection>, sql: &str) {
    // A test that panicked while it held the connection says nothing about the connection.
    let mut connection = connection.lock().unwrap_or_else(PoisonError::into_inner);
    connection.batch_execute(sql).unwrap_or_else(|error| panic!("PostgreSQL refused `{sql}`: {error}"));
}

fn url(port: u16, database: &str) -> String {
    format!("postgres://{OWNER}@127.0.0.1:{port}/{database}")
}

/// A folder for what one test keeps on disk, in memory where there is room: then nothing waits for a disk's flush.
pub fn folder(prefix: &str) -> tempfile::TempDir {
    static IN_MEMORY: OnceLock<bool> = OnceLock::new();
    let mut builder = tempfile::Builder::new();
    builder.prefix(prefix);
    let folder =
        if *IN_MEMORY.get_or_init(has_memory_folder) { builder.tempdir_in(MEMORY_FOLDER) } else { builder.tempdir() };
    folder.unwrap_or_else(|error| panic!("no temporary directory for a test: {error}"))
}

/// Whether there is a folder in memory with room enough: containers often have one of 64 MiB.
fn has_memory_folder() -> bool {
    let Ok(output) = Command::new("df").args(["-Pk", MEMORY_FOLDER]).output() else {
        return false;
    };
    let report = String::from_utf8_lossy(&output.stdout);
    let available = report.lines().nth(1).and_then(|line| line.split_whitespace().nth(3)?.parse::<u64>().ok());
    available.is_some_and(|kib| kib >= MEMORY_FOLDER_MIN_KIB)
}

fn free_port() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .and_then(|listener| listener.local_addr())
        .unwrap_or_else(|error| panic!("no free port on 127.0.0.1: {error}"))
        .port()
}

/// Names end up inside SQL, so they are checked rather than escaped.
fn identifier(name: &str) -> &str {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    assert!((1..=63).contains(&name.len()) && name.chars().all(plain), "not a plain database name: {name:?}");
    // Digits first would need quotes.
    assert!(!name.starts_with(|c: char| c.is_ascii_digit()), "a database name starts with a letter: {name:?}");
    name
}

/// `(user, group)` of the account that Debian's package makes, else of the one that owns nothing.
fn unprivileged_user() -> (u32, u32) {
    let accounts = fs::read_to_string("/etc/passwd").unwrap_or_default();
    ["postgres", "nobody"]
        .iter()
        .find_map(|wanted| {
            accounts.lines().find_map(|line| {
                let mut fields = line.split(':');
                let is_wanted = fields.next() == Some(*wanted);
                let ids = (fields.nth(1)?.parse().ok()?, fields.next()?.parse().ok()?);
                is_wanted.then_some(ids)
            })
        })
        .unwrap_or_else(|| panic!("PostgreSQL refuses to run as root, and neither `postgres` nor `nobody` exists"))
}

#[expect(clippy::disallowed_methods, reason = "the harness decides what to test before there is a configuration")]
fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok()
}
