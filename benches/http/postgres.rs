//! A private PostgreSQL as durable as a real one: `fsync`, `synchronous_commit` and `full_page_writes` are on.
//!
//! Started from the installed binaries on a free loopback port; stopped by process id when dropped. Its files lie
//! where everything that is measured lies, on a disk and not in memory.

use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::Outcome;

const OWNER: &str = "holdfast";
const START_WITHIN: Duration = Duration::from_secs(30);
/// Where Debian keeps each version, the newest of which is taken.
const VERSIONS: &str = "/usr/lib/postgresql";

/// A running server.
pub struct Postgres {
    child: Child,
    url: String,
}

impl Postgres {
    /// Makes a cluster below `folder` and starts it.
    pub fn start(folder: &Path) -> Outcome<Self> {
        let binaries = binaries()?;
        let home = folder.join("cluster");
        std::fs::create_dir(&home)?;
        // PostgreSQL refuses to run as root, which is what containers are.
        let account = (std::fs::metadata(&home)?.uid() == 0).then(unprivileged_account).transpose()?;
        if let Some((user, group)) = account {
            open_way_to(folder)?;
            chown(&home, Some(user), Some(group))?;
        }
        let data = home.join("data");
        let mut making = command(&binaries.join("initdb"), &home, account);
        making.args(["--auth=trust", "--encoding=UTF8", "--no-locale", "--username", OWNER, "--pgdata"]).arg(&data);
        let made = making.output()?;
        if !made.status.success() {
            return Err(format!("initdb: {}", String::from_utf8_lossy(&made.stderr)).into());
        }
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        let mut serving = command(&binaries.join("postgres"), &home, account);
        serving.arg("-D").arg(&data);
        for setting in
            ["listen_addresses=127.0.0.1", &format!("port={port}"), "unix_socket_directories=", "max_connections=64"]
        {
            serving.args(["-c", setting]);
        }
        let child = serving.spawn()?;
        let url = format!("postgres://{OWNER}@127.0.0.1:{port}/postgres");
        let postgres = Self { child, url };
        postgres.wait_until_ready(&data)?;
        Ok(postgres)
    }

    /// The database.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The id of the process whose children serve the connections.
    pub fn process(&self) -> u32 {
        self.child.id()
    }

    fn wait_until_ready(&self, data: &Path) -> Outcome<()> {
        let deadline = Instant::now() + START_WITHIN;
        while Instant::now() < deadline {
            let status = std::fs::read_to_string(data.join("postmaster.pid")).unwrap_or_default();
            if status.trim_end().ends_with("ready") {
                return Ok(());
            }
            sleep(Duration::from_millis(20));
        }
        Err("it did not start in time".into())
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // A fast shutdown, which a kill would not be: its own processes would outlive it for a while.
        let asked = Command::new("kill").args(["-INT", &self.child.id().to_string()]).status();
        if !asked.is_ok_and(|status| status.success()) {
            let _killed = self.child.kill();
        }
        let _ended = self.child.wait();
    }
}

fn binaries() -> Outcome<PathBuf> {
    let mut versions: Vec<(u32, PathBuf)> = std::fs::read_dir(VERSIONS)
        .map_err(|_| "it is not installed")?
        .flatten()
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .filter(|(_, folder)| folder.join("postgres").exists())
        .collect();
    versions.sort_unstable();
    Ok(versions.pop().ok_or("it is not installed")?.1)
}

/// The folder above was made for its owner alone.
fn open_way_to(folder: &Path) -> Outcome<()> {
    use std::os::unix::fs::PermissionsExt;
    Ok(std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o711))?)
}

/// User and group of Debian's account for it, else of the one that owns nothing.
fn unprivileged_account() -> Outcome<(u32, u32)> {
    let accounts = std::fs::read_to_string("/etc/passwd")?;
    let find = |wanted: &str| {
        accounts.lines().find_map(|line| {
            let mut fields = line.split(':');
            let is_wanted = fields.next() == Some(wanted);
            let ids = (fields.nth(1)?.parse().ok()?, fields.next()?.parse().ok()?);
            is_wanted.then_some(ids)
        })
    };
    Ok(find("postgres").or_else(|| find("nobody")).ok_or("there is no account to run it as")?)
}

/// Nothing of the caller's environment goes in: it could point at another server.
fn command(program: &Path, home: &Path, account: Option<(u32, u32)>) -> Command {
    let mut command = Command::new(program);
    command.env_clear().env("PATH", "/usr/bin:/bin").env("LC_ALL", "C").current_dir(home);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    if let Some((user, group)) = account {
        command.uid(user).gid(group);
    }
    command
}
