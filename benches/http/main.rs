//! What a durable check-in, a cry for help and an idle server cost, measured from outside.
//!
//! `cargo bench` takes some eight minutes, `cargo bench -- --quick` under two; `cargo bench -- silences` measures that
//! part alone (`server`, `silences`, `cases`, `portal`, `sweep`, `postgres`). `cargo bench -- duress` is a gate of its own: it fails where a
//! session under duress takes longer, or less long, than a genuine one. The server is the release binary in a process of its own; the clients, the webhook receiver and, where it is installed, a private PostgreSQL with full
//! durability share the machine with it. Everything stays on loopback and is stopped by process id.
//!
//! Beside the check-ins stands what the same machine commits without a server: one transaction for each request, and
//! the same work through the group-commit writer. Ratios between these hold on other machines; the figures do not.

mod case_view;
mod check_ins;
mod client;
mod commits;
mod cpu;
mod duress;
mod help_now;
mod idle;
mod overdue;
mod pages;
mod partnership;
mod postgres;
mod receiver;
mod scrape;
mod server;
mod sweep;
mod table;

use std::error::Error;
use std::path::Path;
use std::time::Duration;

use crate::check_ins::Load;
use crate::cpu::Used;
use crate::partnership::Partnership;
use crate::postgres::Postgres;
use crate::server::{Place, Server};
use crate::table::Figures;

/// Whatever ends the run: it is printed, and nothing is measured further.
type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// How many clients check in at once.
const CLIENTS: [usize; 3] = [1, 32, 64];
/// Survivors who check in: as many as clients, so that no two need wait for one row.
const SURVIVORS: usize = 64;

/// How long it all takes.
struct Extent {
    seconds: Duration,
    presses: usize,
    starts: usize,
    silences: usize,
    burst: usize,
    schedules: usize,
}

fn main() -> Outcome<()> {
    let is_quick = std::env::args().any(|argument| argument == "--quick");
    let extent = match is_quick {
        true => Extent {
            seconds: Duration::from_secs(1),
            presses: 64,
            starts: 3,
            silences: 5,
            burst: 100,
            schedules: 100_000,
        },
        false => Extent {
            seconds: Duration::from_secs(5),
            presses: 200,
            starts: 10,
            silences: 20,
            burst: 500,
            schedules: 1_000_000,
        },
    };
    let folder = tempfile::Builder::new().prefix("bench-").tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    table::machine(folder.path())?;
    if is_asked_for("server") {
        runtime.block_on(sqlite(&folder.path().join("sqlite"), &extent))?;
    }
    if is_asked_for("silences") {
        runtime.block_on(silences(Place::sqlite(folder.path().join("silences"))?, "SQLite", &extent))?;
    }
    if is_asked_for("cases") {
        runtime.block_on(case_view::measure(&Place::sqlite(folder.path().join("cases"))?, extent.presses))?;
    }
    if is_asked_for("portal") {
        runtime.block_on(pages::measure(&Place::sqlite(folder.path().join("portal"))?, extent.presses))?;
    }
    if is_asked_for("sweep") {
        runtime.block_on(sweep::measure(folder.path(), 1_000, extent.schedules))?;
    }
    if is_asked_for("postgres") {
        match Postgres::start(folder.path()) {
            Ok(postgres) => runtime.block_on(on_postgres(&folder.path().join("postgres"), &postgres, &extent))?,
            Err(why) => println!("\nPostgreSQL: not measured: {why}"),
        }
    }
    // A gate, which noise may close: only where it is named.
    if std::env::args().any(|argument| argument == "duress") {
        duress_on_both(&runtime, folder.path())?;
    }
    Ok(())
}

/// Whether a part is to be measured: all are, unless some are named.
fn is_asked_for(part: &str) -> bool {
    let mut named = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).peekable();
    named.peek().is_none() || named.any(|name| name == part)
}

/// Both are measured, also where one of them fails.
fn duress_on_both(runtime: &tokio::runtime::Runtime, folder: &Path) -> Outcome<()> {
    let on_sqlite = runtime.block_on(duress::measure(&Place::sqlite(folder.join("duress"))?, "SQLite"));
    let home = folder.join("duress-postgres");
    std::fs::create_dir(&home)?;
    match Postgres::start(&home) {
        Ok(postgres) => {
            let place = Place::postgres(home.join("data-dir"), postgres.url())?;
            runtime.block_on(duress::measure(&place, "PostgreSQL"))?;
        }
        Err(why) => println!("\nPostgreSQL: not measured: {why}"),
    }
    on_sqlite
}

async fn sqlite(data_dir: &Path, extent: &Extent) -> Outcome<()> {
    let place = Place::sqlite(data_dir.to_owned())?;
    let partnership = Partnership::found(&place, extent.presses.max(SURVIVORS)).await?;
    table::heading("an idle server on SQLite");
    idle::measure("after setting up", &place, extent.starts)?;

    table::heading("durable check-ins over HTTP, SQLite");
    let server = Server::start(&place)?;
    let best = check_ins_at_each(&server, None, &partnership, extent).await?;
    table::heading("help-now on SQLite: the press, and the police webhook at its receiver");
    help_now::measure("nothing else to do", &server, &partnership, extent.presses, Load::None).await?;
    help_now::measure("while 32 check in", &server, &partnership, extent.presses, Load::Clients(32)).await?;
    println!("  resident after all this: {}", server.memory()?);
    drop(server);
    table::heading("a scrape of the figures, SQLite");
    let server = Server::start_with(&place, &["--metrics-bind", "127.0.0.1:0"])?;
    scrape::measure(&server, &partnership, extent.presses, 32).await?;
    drop(server);
    idle::measure("the same database, grown", &place, extent.starts)?;

    table::heading("the same commits without a server, SQLite, 64 tasks");
    let raw = raw_commits(&place, extent).await?;
    table::ratios(best, &raw);
    Ok(())
}

async fn silences(place: Place, database: &str, extent: &Extent) -> Outcome<()> {
    let partnership = Partnership::found(&place, extent.silences + extent.burst).await?;
    table::heading(&format!("missed check-ins on {database}: the instant, and the police webhook at its receiver"));
    let server = Server::start_with(&place, &["--test-clock"])?;
    overdue::measure(&server, &partnership, extent.silences, extent.burst).await
}

async fn on_postgres(data_dir: &Path, postgres: &Postgres, extent: &Extent) -> Outcome<()> {
    let place = Place::postgres(data_dir.to_owned(), postgres.url())?;
    let partnership = Partnership::found(&place, SURVIVORS).await?;
    table::heading("durable check-ins over HTTP, PostgreSQL (fsync and synchronous_commit on)");
    let server = Server::start(&place)?;
    check_ins_at_each(&server, Some(postgres.process()), &partnership, extent).await?;
    drop(server);
    table::heading("the same commits without a server, PostgreSQL, 64 tasks");
    let writer = commits::through_the_writer(&place.target()?, extent.seconds).await?;
    table::row("Db::write, one transaction each", &writer);
    Ok(())
}

/// Measures each number of clients, checks that what was acknowledged is there, and returns the last throughput.
async fn check_ins_at_each(
    server: &Server<'_>,
    database: Option<u32>,
    partnership: &Partnership,
    extent: &Extent,
) -> Outcome<f64> {
    let before = commits::count_check_ins(&server.place().target()?)?;
    let (mut acknowledged, mut last) = (0, 0.0);
    for clients in CLIENTS {
        check_ins::warm(server.address(), &partnership.survivors, clients).await?;
        let used = Used::now(server.process(), database)?;
        let figures = check_ins::measure(server.address(), &partnership.survivors, clients, extent.seconds).await?;
        table::row(&format!("{clients} clients"), &figures);
        println!("    {}", Used::now(server.process(), database)?.since(used, figures.count()));
        acknowledged += figures.count();
        last = figures.per_second();
    }
    let kept = commits::count_check_ins(&server.place().target()?)? - before;
    println!("  acknowledged {acknowledged}, in the database {kept}");
    if kept < i64::try_from(acknowledged)? {
        return Err("a check-in was acknowledged and is not there".into());
    }
    Ok(last)
}

async fn raw_commits(place: &Place, extent: &Extent) -> Outcome<Vec<(&'static str, Figures)>> {
    let (target, seconds) = (place.target()?, extent.seconds);
    let mut raw = Vec::new();
    for (name, connections) in [("one transaction each, pool of 16", 16), ("one transaction each, one connection", 1)] {
        raw.push((name, commits::one_by_one(&target, connections, seconds).await?));
    }
    raw.push(("Db::write, group commit", commits::through_the_writer(&target, seconds).await?));
    for (name, figures) in &raw {
        table::row(name, figures);
    }
    Ok(raw)
}
