//! `holdfast serve` and `holdfast worker`.

use std::net::TcpListener;
use std::process::ExitCode;
use std::time::Duration;

use tokio::sync::watch;

use super::start::{self, runtime};
use crate::app::App;
use crate::clock::Clock;
use crate::config::Config;
use crate::routes;
use crate::worker::Worker;

/// How long threads are waited for at the very end that wait for a database which is away.
const LAST_THREADS: Duration = Duration::from_secs(1);

/// Serves until asked to stop.
pub fn serve(config: Config, clock: Clock) -> Result<ExitCode, String> {
    let (listener, metrics) = (bind(&config)?, bind_metrics(&config)?);
    let app = open_with_address(config, clock, &listener)?;
    run_to_end(async move {
        let stop = on_signal()?;
        serve_metrics(&app, metrics)?;
        serve_until(app, listener, stop).await
    })
}

/// Binds first: an address that is taken stops the start before anything is touched.
pub(super) fn bind(config: &Config) -> Result<TcpListener, String> {
    TcpListener::bind(config.bind).map_err(|error| format!("bind: {}: {error}", config.bind))
}

/// Binds the listener of the figures, where there is to be one.
fn bind_metrics(config: &Config) -> Result<Option<TcpListener>, String> {
    let bound =
        config.metrics_bind.map(|at| TcpListener::bind(at).map_err(|error| format!("metrics_bind: {at}: {error}")));
    bound.transpose()
}

/// Answers Prometheus for as long as the process runs: also while it ends, so that nobody takes that for an outage.
fn serve_metrics(app: &App, listener: Option<TcpListener>) -> Result<(), String> {
    let Some(listener) = listener else { return Ok(()) };
    let failed = |error: std::io::Error| format!("metrics_bind: {error}");
    let address = listener.local_addr().map_err(failed)?;
    let server = routes::metrics::serve(app.clone(), listener).map_err(failed)?;
    drop(tokio::spawn(server));
    announce(&app.config, &format!("metrics on http://{address}/metrics"));
    Ok(())
}

/// Says a line to the program that waits for it: on standard output, or in the log where all is to be JSON and nothing of it is
/// left out.
fn announce(config: &Config, line: &str) {
    if config.is_log_json && tracing::enabled!(tracing::Level::INFO) {
        tracing::info!("{line}");
    } else {
        say!("{line}");
    }
}

fn open_with_address(mut config: Config, clock: Clock, listener: &TcpListener) -> Result<App, String> {
    // Port 0 asks for any free one; links are made with the one that was given.
    config.bind = listener.local_addr().map_err(|error| format!("bind: {error}"))?;
    start::open(config, clock, start::full())
}

/// Serves and, unless asked otherwise, works, until `stop` changes; then ends what is under way.
pub(super) async fn serve_until(
    app: App,
    listener: TcpListener,
    stop: watch::Receiver<bool>,
) -> Result<ExitCode, String> {
    let (address, worker) = (app.config.bind, Worker::new(app.clone()));
    start::begin(&app).await.map_err(|error| error.to_string())?;
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let server =
        routes::serve(app.clone(), worker.clone(), listener, threads).map_err(|error| format!("bind: {error}"))?;
    let handle = server.handle();
    announce(&app.config, &format!("listening on http://{address}"));
    let serving = tokio::spawn(server);
    let mut working = tokio::spawn(run_worker(app.clone(), worker, stop.clone()));
    let is_whole = tokio::select! {
        // First: once asked to stop, the worker ends as well, and that is no failure.
        biased;
        () = until_stopped(stop) => true,
        // Without its worker an instance takes cries for help that nobody carries on: the operator who watches it starts another.
        ended = &mut working, if app.config.has_worker => {
            tracing::error!(?ended, "the worker has ended by itself; so does this instance");
            false
        }
    };
    app.close();
    handle.stop(true).await;
    let _ended = serving.await;
    if is_whole {
        let _ended = working.await;
    }
    Ok(if is_whole { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn run_worker(app: App, worker: Worker, stop: watch::Receiver<bool>) {
    if app.config.has_worker {
        worker.run(until_stopped(stop)).await;
    }
}

/// Works until asked to stop.
pub fn work(config: Config, clock: Clock) -> Result<ExitCode, String> {
    let metrics = bind_metrics(&config)?;
    let app = start::open_existing(config, clock)?;
    run_to_end(async move {
        let stop = on_signal()?;
        serve_metrics(&app, metrics)?;
        start::begin(&app).await.map_err(|error| error.to_string())?;
        announce(&app.config, "working");
        Worker::new(app).run(until_stopped(stop)).await;
        Ok(ExitCode::SUCCESS)
    })
}

/// Runs on a runtime of its own, which ends although threads of it still wait: nothing that was answered waits for them.
fn run_to_end(work: impl Future<Output = Result<ExitCode, String>>) -> Result<ExitCode, String> {
    let runtime = runtime()?;
    let ended = runtime.block_on(work);
    runtime.shutdown_timeout(LAST_THREADS);
    ended
}

/// Resolves when asked to stop.
pub(super) async fn until_stopped(mut stop: watch::Receiver<bool>) {
    // An error means that the sender is gone, which is as good as being asked to stop.
    let _told = stop.wait_for(|stop| *stop).await;
}

/// Watches for SIGTERM and SIGINT.
pub(super) fn on_signal() -> Result<watch::Receiver<bool>, String> {
    use tokio::signal::unix::{SignalKind, signal};
    let (tell, stop) = watch::channel(false);
    let listen = |kind| signal(kind).map_err(|error| format!("no signals: {error}"));
    let (mut terminate, mut interrupt) = (listen(SignalKind::terminate())?, listen(SignalKind::interrupt())?);
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        let _told = tell.send(true);
    });
    Ok(stop)
}
