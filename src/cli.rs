//! Door 3: an operator. Parses, opens what the command needs, and prints what came of it.

/// Prints a line. One that nobody reads any more, as beyond `head`, is dropped: that is no fault of ours.
macro_rules! say {
    ($($part:tt)*) => {{
        use std::io::Write as _;
        let _dropped = writeln!(std::io::stdout(), $($part)*);
    }};
}

mod arm;
mod audit;
mod backup;
mod bundle;
mod create_admin;
pub mod demo;
mod police_receiver;
mod readable;
mod receiving;
mod restore;
mod serve;
pub mod start;
mod webhook;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::clock::Clock;
use crate::config::{Config, Flags};
use crate::db::{DeliveryId, EndpointId};

/// A wrong setting or a refused start: nothing was done.
const REFUSED: u8 = 2;

/// Holdfast: survivor safety check-ins, beside the perpetrator's goals, to the police when it matters.
#[derive(Parser)]
#[command(name = "holdfast", version, about, max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    settings: Flags,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the API, and run the worker in the same process
    Serve,
    /// Run the worker alone, beside instances that serve with --no-worker
    Worker,
    /// Show the whole story on a throwaway database, then serve it
    Demo {
        /// End after the story
        #[arg(long)]
        once: bool,
    },
    /// Make an administrator: the first account, from which all others come
    CreateAdmin {
        /// What the administrator signs in with
        #[arg(long, value_name = "NAME")]
        username: String,
        /// Read the password from standard input
        #[arg(long, required = true)]
        password_stdin: bool,
    },
    /// Apply migrations to an installation that is there
    Migrate,
    /// Print the contract
    Openapi,
    /// Look after the audit
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Copy database, key store, checkpoints and evidence as they are at one instant; the master key is not in it
    Backup {
        /// The folder to make, or the one file, where its name ends in .zip; in .age where it is encrypted
        #[arg(long, value_name = "PATH")]
        to: PathBuf,
        /// Encrypt it for the holder of this public key of age (age1...); may be given several times
        #[arg(long, value_name = "KEY")]
        recipient: Vec<String>,
    },
    /// Make an installation out of a backup, where there is none; it sends nothing until `holdfast arm`
    Restore(restore::Arguments),
    /// Let a copy, or an installation that was moved, send again: messages that wait go out at once
    Arm,
    /// Let an installation send nothing until `holdfast arm`: for a copy that is not seen as one, before it is started
    Disarm,
    /// Receive alerts as a police system would, verify and print them: for trying out
    PoliceReceiver(police_receiver::Arguments),
    /// Verify a webhook message, or have one sent
    #[command(subcommand)]
    Webhook(WebhookCommand),
    /// Verify a bundle of evidence, or print the key by which anybody can
    #[command(subcommand)]
    Bundle(BundleCommand),
    /// Check configuration, database, keys and evidence, and say who would not be reached
    Check,
}

#[derive(Subcommand)]
enum AuditCommand {
    /// Verify the chain and name the first bad entry: 0 whole, 3 cut, 4 gap, 5 anchor mismatch, 6 altered
    Verify {
        /// Checkpoints that a witness outside kept: watchdog messages as they were received, or lines of a checkpoint log
        #[arg(long, value_name = "FILE")]
        anchor: Option<PathBuf>,
    },
}

#[derive(Subcommand)]
enum BundleCommand {
    /// Verify a bundle that you received, and name the first bad entry: needs nothing but the file
    Verify(bundle::VerifyArguments),
    /// Print the public key by which bundles of this installation are verified
    Key,
}

#[derive(Subcommand)]
enum WebhookCommand {
    /// Verify the body on standard input with the headers that came with it
    Verify(webhook::VerifyArguments),
    /// Send a message again, with the same id
    Resend {
        /// The delivery, as the log of attempts names it
        delivery: DeliveryId,
    },
    /// Print a message as it may come, of nobody
    Sample {
        /// Its type, such as safety.alert.raised
        #[arg(value_name = "TYPE")]
        message_type: String,
    },
    /// Send a test message
    Test {
        /// The endpoint
        endpoint: EndpointId,
    },
}

/// Runs the command that was asked for.
#[must_use]
pub fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return refuse_arguments(&error),
    };
    let command = match without_installation(arguments.command, &arguments.settings) {
        Ok(ended) => return ended.unwrap_or_else(|line| refuse(&line)),
        Err(command) => *command,
    };
    let is_demo = matches!(command, Command::Demo { .. });
    let load = if is_demo { Config::load_demo } else { Config::load };
    let mut config = match load(&arguments.settings) {
        Ok(config) => config,
        Err(line) => return refuse(&line),
    };
    if is_demo {
        // A server that starts and ends is no part of the story.
        config.log.push_str(",actix_server=warn");
    }
    log_to_stderr(&config);
    let is_log_json = config.is_log_json;
    match run(command, config) {
        Ok(code) => code,
        // Where the log leaves it out it is said all the same: a start that is refused says why.
        Err(line) if is_log_json && tracing::enabled!(tracing::Level::ERROR) => {
            tracing::error!("{line}");
            ExitCode::from(REFUSED)
        }
        Err(line) => refuse(&line),
    }
}

/// Runs what needs no installation, and so no settings of one; gives back what does.
fn without_installation(command: Command, settings: &Flags) -> Result<Result<ExitCode, String>, Box<Command>> {
    match command {
        Command::Openapi => Ok(Ok(print_contract())),
        Command::PoliceReceiver(arguments) => Ok(police_receiver::receive(settings.bind.as_deref(), arguments)),
        Command::Webhook(WebhookCommand::Verify(arguments)) => Ok(webhook::verify(&arguments)),
        Command::Webhook(WebhookCommand::Sample { message_type }) => Ok(webhook::sample(&message_type)),
        Command::Bundle(BundleCommand::Verify(arguments)) => Ok(bundle::verify(&arguments)),
        other => Err(Box::new(other)),
    }
}

fn run(command: Command, config: Config) -> Result<ExitCode, String> {
    let clock = if config.is_test_clock { Clock::shifted_by(0) } else { Clock::System };
    match command {
        Command::Serve => serve::serve(config, clock),
        Command::Worker => serve::work(config, clock),
        Command::Demo { once } => demo::demo(config, once),
        Command::CreateAdmin { username, .. } => create_admin::create_admin(config, clock, username),
        Command::Migrate => start::open_existing(config, clock).map(|_| {
            say!("the database has the newest schema");
            ExitCode::SUCCESS
        }),
        Command::Webhook(WebhookCommand::Resend { delivery }) => webhook::resend(config, clock, delivery),
        Command::Webhook(WebhookCommand::Test { endpoint }) => webhook::test(config, clock, endpoint),
        Command::Openapi
        | Command::PoliceReceiver(_)
        | Command::Webhook(WebhookCommand::Verify(_) | WebhookCommand::Sample { .. })
        | Command::Bundle(BundleCommand::Verify(_)) => Err("this command needs no installation".to_owned()),
        Command::Bundle(BundleCommand::Key) => bundle::key(config, clock),
        Command::Audit(AuditCommand::Verify { anchor }) => audit::verify(config, clock, anchor.as_deref()),
        Command::Backup { to, recipient } => backup::backup(config, clock, &to, &recipient),
        Command::Restore(arguments) => restore::restore(config, clock, &arguments),
        Command::Arm => arm::arm(config, clock),
        Command::Disarm => arm::disarm(config, clock),
        Command::Check => start::check(config, clock),
    }
}

/// One line for a wrong argument; help and version go to standard output as they are.
fn refuse_arguments(error: &clap::Error) -> ExitCode {
    if error.use_stderr() {
        let text = error.to_string();
        let line = text.lines().next().unwrap_or("wrong arguments").trim_start_matches("error: ");
        return refuse(line);
    }
    print(&error.to_string());
    ExitCode::SUCCESS
}

/// Prints a text as it is, as far as it is read.
fn print(text: &str) {
    use std::io::Write as _;
    let mut out = std::io::stdout();
    let _dropped = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

fn refuse(line: &str) -> ExitCode {
    eprintln!("holdfast: {line}");
    ExitCode::from(REFUSED)
}

fn print_contract() -> ExitCode {
    match crate::routes::contract_yaml() {
        Ok(yaml) => {
            print(&yaml);
            ExitCode::SUCCESS
        }
        Err(error) => refuse(&error.to_string()),
    }
}

/// Logs go to standard error; they never hold names, places, free text, tokens or bodies.
fn log_to_stderr(config: &Config) {
    use std::io::IsTerminal as _;
    use tracing_subscriber::layer::SubscriberExt as _;
    use tracing_subscriber::util::SubscriberInitExt as _;
    use tracing_subscriber::{EnvFilter, filter, fmt};
    let chosen = EnvFilter::try_new(&config.log).unwrap_or_else(|_| EnvFilter::new("info"));
    // Below info, libraries log paths and addresses as they come: those are never ours to log, whatever level is asked for.
    let own =
        filter::filter_fn(|about| about.target().starts_with("holdfast") || *about.level() <= tracing::Level::INFO);
    let logs = fmt::layer().with_writer(std::io::stderr).with_ansi(std::io::stderr().is_terminal());
    let chosen = tracing_subscriber::registry().with(chosen).with(own);
    // A second subscriber, in a test within one process, is no fault.
    let _set = if config.is_log_json { chosen.with(logs.json()).try_init() } else { chosen.with(logs).try_init() };
    // A panic's own words may hold what somebody wrote, and would be no JSON: where it happened is enough.
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(|place| (place.file(), place.line()));
        tracing::error!(?place, "a panic");
    }));
}
