//! A PostgreSQL of one story's own, which may be killed, stalled and started again.
//!
//! Whatever it acknowledged outlives its own death, though not the machine's: nothing is flushed to a disk. It ends with
//! the story; where the test process is killed, a keeper of its own ends it by process id.

use std::fs;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, PgConnection};

use super::{Binaries, Home, OWNER, START_WITHIN, free_port, url};

/// As the shared server's keeper, but for the folder, which outlives the server.
const KEEPER: &str = r#"
dir=$1; shift
exec 3<&0
"$@" >>"$dir/log" 2>&1 3<&- &
server=$!
( read -r _ <&3; kill -CONT "$server"; kill -QUIT "$server" ) &
guard=$!
wait "$server"
kill "$guard" 2>/dev/null
"#;

/// A commit that was acknowledged is in the log, and a standby could be asked for.
const SETTINGS: [&str; 3] = ["synchronous_commit=on", "wal_level=replica", "max_wal_senders=4"];

/// The server.
pub struct OwnPostgres {
    home: Home,
    binaries: Binaries,
    port: u16,
    /// Settings that it is started with beside those of all.
    more: Vec<String>,
    keeper: Option<Child>,
}

impl OwnPostgres {
    /// `None` where PostgreSQL is not installed.
    pub fn start() -> Option<Self> {
        super::server()?;
        let (home, binaries) = (Home::create(), Binaries::find()?);
        home.initialise(&binaries);
        let mut own = Self { home, binaries, port: free_port(), more: Vec::new(), keeper: None };
        own.start_again();
        Some(own)
    }

    pub fn url(&self) -> String {
        url(self.port, "postgres")
    }

    /// A connection of its superuser.
    pub fn connect(&self) -> PgConnection {
        PgConnection::establish(&self.url()).unwrap()
    }

    /// Runs one statement as its superuser.
    pub fn execute(&self, sql: &str) {
        self.try_execute(sql).unwrap();
    }

    /// The same for one that may fail.
    pub fn try_execute(&self, sql: &str) -> diesel::QueryResult<()> {
        self.connect().batch_execute(sql)
    }

    /// Has every commit wait for this standby; `None` for none.
    pub fn demand_standby(&self, name: Option<&str>) {
        self.execute(&format!("ALTER SYSTEM SET synchronous_standby_names = '{}'", name.unwrap_or_default()));
        self.execute("SELECT pg_reload_conf()");
    }

    /// Starts it after it was killed, and returns when it takes connections.
    pub fn start_again(&mut self) {
        assert!(self.keeper.is_none(), "it runs already");
        let settings: Vec<&str> = SETTINGS.into_iter().chain(self.more.iter().map(String::as_str)).collect();
        let start = || self.home.spawn_keeper(&self.binaries, self.port, KEEPER, &settings);
        let mut keeper = start();
        let deadline = Instant::now() + START_WITHIN;
        while !(self.home.is_ready() && PgConnection::establish(&self.url()).is_ok()) {
            // Its port was free meanwhile, and another test may be using it for a moment.
            if keeper.try_wait().unwrap().is_some() {
                keeper = start();
            }
            let log = || fs::read_to_string(self.home.path.join("log")).unwrap_or_default();
            assert!(Instant::now() < deadline, "PostgreSQL did not start:\n{}", log());
            thread::sleep(Duration::from_millis(10));
        }
        self.keeper = Some(keeper);
    }

    /// Ends it as a crash would: every connection breaks, nothing is written out, and the next start recovers.
    pub fn kill(&mut self) {
        signal("-QUIT", &[self.server()]);
        let mut keeper = self.keeper.take().unwrap();
        // The keeper ends after the server; its pipe stays open until then, so that it signals nobody.
        while keeper.try_wait().unwrap().is_none() {
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// A standby, which copies everything from now on.
    pub fn standby(&self, name: &str) -> Self {
        let (home, port) = (Home::create(), self.port.to_string());
        let copied = home
            .command(&self.binaries.postgres.with_file_name("pg_basebackup"))
            .args(["-h", "127.0.0.1", "-p", &port, "-U", OWNER, "-X", "stream", "-c", "fast", "--no-sync", "-R", "-D"])
            .arg(home.data())
            .output()
            .unwrap();
        assert!(copied.status.success(), "{copied:?}");
        let origin = format!("primary_conninfo=host=127.0.0.1 port={port} user={OWNER} application_name={name}");
        let binaries = Binaries { postgres: self.binaries.postgres.clone(), initdb: self.binaries.initdb.clone() };
        let mut standby = Self { home, binaries, port: free_port(), more: vec![origin], keeper: None };
        standby.start_again();
        standby
    }

    /// Stops it where it stands, with all its processes.
    pub fn pause(&self) {
        let server = self.server();
        signal("-STOP", &[server]);
        signal("-STOP", &children(server));
    }

    /// Lets it go on.
    pub fn resume(&self) {
        let server = self.server();
        signal("-CONT", &children(server));
        signal("-CONT", &[server]);
    }

    fn server(&self) -> u32 {
        let status = fs::read_to_string(self.home.data().join("postmaster.pid")).unwrap();
        status.lines().next().unwrap().trim().parse().unwrap()
    }

    fn wait(&mut self) {
        if let Some(mut keeper) = self.keeper.take() {
            // Closes the pipe too, upon which the keeper ends a server that still runs.
            keeper.wait().unwrap();
        }
    }
}

impl Drop for OwnPostgres {
    fn drop(&mut self) {
        if self.keeper.is_some() && self.home.data().join("postmaster.pid").exists() {
            self.resume();
        }
        self.wait();
        let _ = fs::remove_dir_all(&self.home.path);
    }
}

fn children(process: u32) -> Vec<u32> {
    let listed = fs::read_to_string(PathBuf::from(format!("/proc/{process}/task/{process}/children"))).unwrap();
    listed.split_whitespace().map(|child| child.parse().unwrap()).collect()
}

/// A process that ended meanwhile is none to be told.
fn signal(signal: &str, processes: &[u32]) {
    let processes = processes.iter().map(u32::to_string);
    let _sent = Command::new("kill").arg(signal).args(processes).stderr(Stdio::null()).status().unwrap();
}
