//! `holdfast demo`: the whole story on a throwaway installation, driven over HTTP as clients would.
//!
//! For anybody who wants to see what Holdfast does before reading how. In a temporary folder, whatever the settings say
//! of databases, it sets up a sample partnership, lives through a seeded year of check-ins, incidents and sessions, and
//! then tells one evening and one press of help-now as they happen. Every line is made from an answer that was really
//! given: where one differs from what it should be, the demo says so and exits 1. Afterwards it goes on serving, and
//! the folder is gone when it ends.

mod account;
mod alerts;
mod calendar;
mod case_view;
mod check_ins;
pub(super) mod client;
mod evening;
mod help_now;
mod incidents;
mod look;
mod partnership;
mod programme;
mod receiver;
mod survivors;
mod world;
mod year;

use std::net::TcpListener;
use std::process::ExitCode;
use std::time::Duration;

use tokio::sync::watch;

use super::{serve, start};
use crate::app::App;
use crate::clock::Clock;
use crate::config::Config;
use crate::crypto::password::Cost;
use crate::routes;
use crate::worker::Worker;
use calendar::Calendar;
use receiver::Receiver;
use world::World;

/// How long ago the demo's year begins, in seconds.
const YEAR_SECONDS: i64 = 365 * 24 * 60 * 60;
/// How long ending may take in all: requests and attempts under way beyond that are dropped.
const ENDING: Duration = Duration::from_secs(7);

/// Shows the story and, unless `once`, serves until asked to stop.
///
/// # Errors
/// One line when it cannot start, such as for an address that is taken.
pub fn demo(config: Config, once: bool) -> Result<ExitCode, String> {
    let listener = serve::bind(&config)?;
    let address = listener.local_addr().map_err(|error| format!("bind: {error}"))?;
    let made = tempfile::Builder::new().prefix("holdfast-demo-").tempdir();
    let folder = made.map_err(|error| format!("no temporary folder: {error}"))?;
    let ended = run(Config { bind: address, ..config.within(folder.path()) }, listener, once);
    let path = folder.path().to_owned();
    folder.close().map_err(|error| format!("{} could not be removed: {error}", path.display()))?;
    ended
}

/// Opens, shows, ends. All that uses the folder is gone when this returns.
fn run(config: Config, listener: TcpListener, once: bool) -> Result<ExitCode, String> {
    let runtime = start::runtime()?;
    // A thousand sign-ins in a few seconds. The C library keeps what a hash of less than 32 MiB took, in each of its arenas.
    let app = start::open(config, Clock::shifted_by(-YEAR_SECONDS), Cost::MadeUp)?;
    let ended = runtime.block_on(show(app, listener, once));
    runtime.shutdown_timeout(Duration::from_secs(1));
    ended
}

/// Serves, works and receives while the story is told.
async fn show(app: App, listener: TcpListener, once: bool) -> Result<ExitCode, String> {
    let stop = serve::on_signal()?;
    let (end, ending) = watch::channel(false);
    let worker = Worker::new(app.clone());
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let server =
        routes::serve(app.clone(), worker.clone(), listener, threads).map_err(|error| format!("bind: {error}"))?;
    let (receiver, receiving) = Receiver::start(app.clock.clone())?;
    let (handle, receiving_handle) = (server.handle(), receiving.handle());
    let running = worker.clone();
    let tasks = [
        tokio::spawn(async move { drop(server.await) }),
        tokio::spawn(async move { drop(receiving.await) }),
        tokio::spawn(async move { running.run(serve::until_stopped(ending)).await }),
    ];
    let told = tokio::select! {
        told = tell(app, worker, receiver, once, stop.clone()) => told,
        () = serve::until_stopped(stop) => Ok(()),
    };
    let _told = end.send(true);
    let all = async {
        handle.stop(true).await;
        receiving_handle.stop(false).await;
        for task in tasks {
            let _ended = task.await;
        }
    };
    let _in_time = tokio::time::timeout(ENDING, all).await;
    match told {
        Ok(()) => Ok(ExitCode::SUCCESS),
        Err(line) => {
            eprintln!("holdfast: the demo differs: {line}");
            Ok(ExitCode::FAILURE)
        }
    }
}

/// Tells the story, and then waits to be asked to stop.
async fn tell(app: App, worker: Worker, receiver: Receiver, once: bool, stop: watch::Receiver<bool>) -> DemoResult<()> {
    let origin = app.settings.origin.clone();
    let mut world = World::new(app, worker, receiver.clone())?;
    let calendar = Calendar::ending(Clock::System.now())?;
    say(&format!(
        "Holdfast demo: {origin}, a throwaway installation that begins a year ago; times are {}",
        calendar::ZONE
    ));
    say("This is not an emergency service. Call 999; if you cannot speak, press 55.");
    partnership::set_up(&mut world, &receiver).await?;
    let mut year = year::begin(&mut world, &calendar).await?;
    evening::tell(&mut world, &calendar, &mut year).await?;
    help_now::tell(&mut world, &mut year).await?;
    if once {
        return Ok(());
    }
    look::tell(&mut world)?;
    receiver.speak_at_once();
    // An idle connection of our own would hold up the end.
    drop(world);
    serve::until_stopped(stop).await;
    Ok(())
}

/// Prints a line. A reader that has gone away is no fault of the story.
fn say(line: &str) {
    use std::io::Write;
    let _gone = writeln!(std::io::stdout(), "{line}");
}

/// Either it went as it should, or one line says what differs.
pub type DemoResult<T> = Result<T, String>;
