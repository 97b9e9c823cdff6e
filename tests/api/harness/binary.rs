//! The real program as a child process: what only a process can show is its death.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Arc, Mutex};

use diesel::Connection as _;
use diesel::connection::SimpleConnection as _;

use super::{ADMIN, PASSWORD};

const PROGRAM: &str = env!("CARGO_BIN_EXE_holdfast");

/// An installation on disk, with an administrator.
pub struct Installation {
    folder: tempfile::TempDir,
    database_url: Option<String>,
}

impl Installation {
    /// One on SQLite.
    pub fn create() -> Self {
        Self::create_on(None)
    }

    /// One on PostgreSQL; `None` where none is installed.
    pub fn create_on_postgres() -> Option<Self> {
        let server = super::postgres::server()?;
        let url = server.template(super::migrate).create_database_from_template(&super::database_name());
        Some(Self::create_on(Some(url)))
    }

    /// One on the database of a URL.
    pub fn create_at(url: String) -> Self {
        Self::create_on(Some(url))
    }

    fn create_on(database_url: Option<String>) -> Self {
        let installation = Self { folder: super::postgres::folder("holdfast-binary-"), database_url };
        let made = installation.run(&["create-admin", "--username", ADMIN, "--password-stdin"], PASSWORD);
        assert!(made.status.success(), "{made:?}");
        installation
    }

    /// Another place on the same kind of database, with nothing in it.
    pub fn elsewhere(&self) -> Self {
        let empty = |_: &String| super::postgres::server().unwrap().create_database(&super::database_name());
        let database_url = self.database_url.as_ref().map(empty);
        Self { folder: super::postgres::folder("holdfast-binary-"), database_url }
    }

    /// A folder of its own that no command makes.
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    pub fn database(&self) -> PathBuf {
        self.data_dir().join("holdfast.db")
    }

    /// The same with all that was written in this one file: a program that ends may leave a part in the log next to it,
    /// which belongs to no other file's content.
    pub fn whole_database(&self) -> PathBuf {
        let mut conn = diesel::SqliteConnection::establish(&self.database().to_string_lossy()).unwrap();
        conn.batch_execute("PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
        self.database()
    }

    /// The URL of its database.
    pub fn database_url(&self) -> String {
        self.database_url.clone().unwrap_or_else(|| format!("sqlite:{}", self.database().display()))
    }

    /// Lets it look for its database elsewhere.
    pub fn moved_to(self, url: String) -> Self {
        Self { database_url: Some(url), ..self }
    }

    pub fn data_dir(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Runs a command to its end.
    pub fn run(&self, arguments: &[&str], input: &str) -> Output {
        let program = Command::new(PROGRAM);
        let mut child = self.command(program, arguments).stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        child.wait_with_output().unwrap()
    }

    /// Starts the server and waits for it to say where it listens.
    pub fn serve(&self) -> Running {
        self.serve_with(&[])
    }

    /// The same with further switches.
    pub fn serve_with(&self, more: &[&str]) -> Running {
        self.start(Command::new(PROGRAM), more)
    }

    /// The same for a server whose files will be limited: it is told of a write that is too much, and not killed for it.
    pub fn serve_to_be_limited(&self) -> Running {
        let mut shell = Command::new("/bin/sh");
        shell.args(["-c", "trap '' XFSZ; exec \"$@\"", "sh", PROGRAM]);
        self.start(shell, &[])
    }

    fn start(&self, program: Command, more: &[&str]) -> Running {
        let log = std::fs::File::options().create(true).append(true).open(self.folder.path().join("log")).unwrap();
        let quiet = ["--watchdog-seconds", "0"];
        let serve = ["serve", "--bind", "127.0.0.1:0", "--allow-loopback-webhooks", "--dev-no-mfa"];
        let serve = [&serve[..], &quiet, more].concat();
        let mut child = self.command(program, &serve).stdin(Stdio::null()).stderr(log).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let origin = match more.contains(&"json") && !more.contains(&"--log") {
            true => self.origin_in_log(),
            false => lines.find_map(|line| line.unwrap().strip_prefix("listening on ").map(str::to_owned)),
        };
        let Some(origin) = origin else { panic!("the server ended before it was ready: {}", self.log()) };
        Running { child, origin }
    }

    /// Where a server listens whose log is all JSON: it says so there and nowhere else, unless its level leaves it out.
    fn origin_in_log(&self) -> Option<String> {
        (0..600).find_map(|_| {
            let log = self.log();
            let found = log.split_once("listening on ").and_then(|(_, rest)| rest.split('"').next());
            if found.is_none() {
                std::thread::sleep(std::time::Duration::from_millis(50));
            }
            found.map(str::to_owned)
        })
    }

    /// Starts the small receiver, which prints what comes.
    pub fn receive(&self, arguments: &[&str]) -> Receiving {
        let all = [&["police-receiver"], arguments].concat();
        let mut child =
            self.command(Command::new(PROGRAM), &all).stdin(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let mut printed = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        let first = printed.next();
        let lines = Arc::new(Mutex::new(first.into_iter().collect::<Vec<_>>()));
        let kept = lines.clone();
        std::thread::spawn(move || printed.for_each(|line| kept.lock().unwrap().push(line)));
        Receiving { child, lines }
    }

    /// What the servers logged.
    pub fn log(&self) -> String {
        let mut text = String::new();
        let file = std::fs::File::open(self.folder.path().join("log"));
        file.and_then(|mut file| file.read_to_string(&mut text)).map_or_else(|error| error.to_string(), |_| text)
    }

    fn command(&self, mut command: Command, arguments: &[&str]) -> Command {
        // A setting in the caller's environment would be stronger than the default that is tested.
        command.env_clear().args(arguments).arg("--data-dir").arg(self.data_dir());
        command.arg("--config").arg(self.folder.path().join("none.toml"));
        if let Some(url) = &self.database_url {
            command.arg("--database-url").arg(url);
        }
        command.current_dir(self.folder.path()).stdout(Stdio::piped());
        command
    }
}

/// A server that runs until it is killed.
pub struct Running {
    child: Child,
    pub origin: String,
}

impl Running {
    /// Stops it where it stands, as a machine that swaps or migrates does.
    pub fn pause(&self) {
        self.signal("-STOP");
    }

    /// Lets it go on.
    pub fn resume(&self) {
        self.signal("-CONT");
    }

    /// Asks it to end, and waits until it has.
    pub fn terminate(mut self) -> std::process::ExitStatus {
        self.signal("-TERM");
        self.child.wait().unwrap()
    }

    /// How large any file may grow from now on, in bytes; `unlimited` lifts it.
    pub fn limit_files(&self, bytes: &str) {
        let (process, limit) = (self.child.id().to_string(), format!("--fsize={bytes}:unlimited"));
        let limited = Command::new("prlimit").args(["--pid", &process, &limit]).status().unwrap();
        assert!(limited.success());
    }

    fn signal(&self, signal: &str) {
        let sent = Command::new("kill").args([signal, &self.child.id().to_string()]).status().unwrap();
        assert!(sent.success());
    }

    /// Kills it as a power cut would: no code of its own runs.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ended = (self.child.kill(), self.child.wait());
    }
}

/// A receiver that runs until it is dropped.
pub struct Receiving {
    child: Child,
    lines: Arc<Mutex<Vec<String>>>,
}

impl Receiving {
    /// What it has printed.
    pub fn lines(&self) -> Vec<String> {
        self.lines.lock().unwrap().clone()
    }
}

impl Drop for Receiving {
    fn drop(&mut self) {
        let _ended = (self.child.kill(), self.child.wait());
    }
}
