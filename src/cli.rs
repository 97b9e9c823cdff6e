//! Door 3: an operator. Parses, opens what the command needs, and prints what came of it.

mod audit;
mod backup;
mod create_admin;
pub mod demo;
mod serve;
pub mod start;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::clock::Clock;
use crate::config::{Config, Settings};

/// A wrong setting or a refused start: nothing was done.
const REFUSED: u8 = 2;

/// Holdfast: survivor safety check-ins, beside the perpetrator's goals, to the police when it matters.
#[derive(Parser)]
#[command(name = "holdfast", version, about, max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    settings: Settings,
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
    /// Make the first administrator
    CreateAdmin {
        /// What the administrator signs in with
        #[arg(long, value_name = "NAME")]
        username: String,
        /// Read the password from standard input
        #[arg(long, required = true)]
        password_stdin: bool,
    },
    /// Apply migrations
    Migrate,
    /// Print the contract
    Openapi,
    /// Look after the audit
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Copy the embedded database consistently; the keys are not in it
    Backup {
        /// The file to make
        #[arg(long, value_name = "FILE")]
        to: PathBuf,
    },
    /// Check configuration, database, keys and the way out, and say what is wrong
    Check,
}

#[derive(Subcommand)]
enum AuditCommand {
    /// Verify the chain and name the first bad entry
    Verify,
}

/// Runs the command that was asked for.
#[must_use]
pub fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return refuse_arguments(&error),
    };
    if matches!(arguments.command, Command::Openapi) {
        return print_contract();
    }
    let is_demo = matches!(arguments.command, Command::Demo { .. });
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
    match run(arguments.command, config) {
        Ok(code) => code,
        Err(line) => refuse(&line),
    }
}

fn run(command: Command, config: Config) -> Result<ExitCode, String> {
    let clock = if config.is_test_clock { Clock::shifted_by(0) } else { Clock::System };
    match command {
        Command::Serve => serve::serve(config, clock),
        Command::Worker => serve::work(config, clock),
        Command::Demo { once } => demo::demo(config, once),
        Command::CreateAdmin { username, .. } => create_admin::create_admin(config, clock, username),
        Command::Migrate => start::open(config, clock, start::full()).map(|_| {
            println!("the database has the newest schema");
            ExitCode::SUCCESS
        }),
        Command::Openapi => Ok(print_contract()),
        Command::Audit(AuditCommand::Verify) => audit::verify(config, clock),
        Command::Backup { to } => backup::backup(config, clock, &to),
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
    print!("{error}");
    ExitCode::SUCCESS
}

fn refuse(line: &str) -> ExitCode {
    eprintln!("holdfast: {line}");
    ExitCode::from(REFUSED)
}

fn print_contract() -> ExitCode {
    match crate::routes::contract_yaml() {
        Ok(yaml) => {
            print!("{yaml}");
            ExitCode::SUCCESS
        }
        Err(error) => refuse(&error.to_string()),
    }
}

/// Logs go to standard error; they never hold names, places, free text, tokens or bodies.
fn log_to_stderr(config: &Config) {
    use tracing_subscriber::EnvFilter;
    let filter = EnvFilter::try_new(&config.log).unwrap_or_else(|_| EnvFilter::new("info"));
    let logs = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A second subscriber, in a test within one process, is no fault.
    let _set = if config.is_log_json { logs.json().try_init() } else { logs.try_init() };
}
