//! Settings: a flag, an environment variable `HOLDFAST_<NAME>`, or a key in `holdfast.toml`, in that order of strength.
//!
//! A wrong value stops the start with one clear line. This is the only file that knows of the environment.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use clap::builder::BoolishValueParser;
use figment::Figment;
use figment::providers::{Format, Serialized, Toml};
use serde::{Deserialize, Serialize};

use crate::db::{StandbyCheck, Target};
use crate::http::address::TrustedProxies;
use crate::outgoing::smtp::SmtpSettings;
use crate::writing::phone::Region;

pub mod evidence;
pub mod notify;
mod parse;
mod public_url;
mod settings;

use evidence::{EvidenceConfig, EvidenceSettings};
use notify::{NotifySettings, Providers};
use parse::{address, dead_man_url, standby, target, within};
pub use settings::{Carriers, Settings};

/// What flags and environment may say; everything may also stand in the file, under the same name.
#[serde_with::skip_serializing_none]
#[derive(Clone, Debug, Default, clap::Args, Serialize)]
pub struct Flags {
    /// Settings file; read when it exists
    #[arg(long, env = "HOLDFAST_CONFIG", default_value = "holdfast.toml", global = true)]
    #[serde(skip)]
    pub config: PathBuf,

    /// Address and port to listen on [default: 127.0.0.1:8080]
    #[arg(long, env = "HOLDFAST_BIND", value_name = "A:P", global = true)]
    pub bind: Option<String>,

    /// Address and port to answer GET /metrics on, for Prometheus; it asks for no password [default: none]
    #[arg(long, env = "HOLDFAST_METRICS_BIND", value_name = "A:P", global = true)]
    pub metrics_bind: Option<String>,

    /// Database: sqlite:PATH or postgres://… [default: sqlite:DATA_DIR/holdfast.db]
    #[arg(long, env = "HOLDFAST_DATABASE_URL", value_name = "URL", hide_env_values = true, global = true)]
    pub database_url: Option<String>,

    /// Store of the survivors' data keys: sqlite:PATH or postgres://… [default: sqlite:DATA_DIR/keys/subjects.db]
    #[arg(long, env = "HOLDFAST_KEY_STORE_URL", value_name = "URL", hide_env_values = true, global = true)]
    pub key_store_url: Option<String>,

    /// Keys (mode 0600), the embedded database, evidence [default: ./holdfast-data]
    #[arg(long, env = "HOLDFAST_DATA_DIR", value_name = "DIR", global = true)]
    pub data_dir: Option<PathBuf>,

    /// A command that prints the master key, as base64 of 32 bytes, where no file is to hold it [default: DATA_DIR/keys/master.key]
    #[arg(long, env = "HOLDFAST_MASTER_KEY_COMMAND", value_name = "COMMAND", hide_env_values = true, global = true)]
    pub master_key_command: Option<String>,

    /// Where police systems reach this server, for links in alerts [default: http://BIND]
    #[arg(long, env = "HOLDFAST_PUBLIC_URL", value_name = "URL", global = true)]
    pub public_url: Option<String>,

    /// Proxies in front whose `Forwarded` and `X-Forwarded-For` are believed: addresses or networks, separated by commas [default: none]
    #[arg(long, env = "HOLDFAST_TRUSTED_PROXIES", value_name = "LIST", global = true)]
    pub trusted_proxies: Option<String>,

    /// Connections to PostgreSQL, for writes and for reads each [default: 16]
    #[arg(long, env = "HOLDFAST_DATABASE_POOL", value_name = "N", global = true)]
    pub database_pool: Option<u32>,

    /// Who answers for it that a commit is on a second machine: confirm, where PostgreSQL waits for standbys, or trust-provider, for an engine with a quorum of its own [default: confirm]
    #[arg(long, env = "HOLDFAST_STANDBY", value_name = "WHO", global = true)]
    pub standby: Option<String>,

    /// Hours until an alert setting that was turned off takes effect, 1 to 168 [default: 24]
    #[arg(long, env = "HOLDFAST_ALERT_SETTING_DELAY_HOURS", value_name = "N", global = true)]
    pub alert_setting_delay_hours: Option<u32>,

    /// Days for which a police route counts as proven once somebody acknowledged an alert or a drill, 1 to 366 [default: 90]
    #[arg(long, env = "HOLDFAST_ROUTE_PROOF_DAYS", value_name = "N", global = true)]
    pub route_proof_days: Option<u32>,

    /// Where telephone numbers without a country code are at home, as an ISO 3166-1 code [default: GB]
    #[arg(long, env = "HOLDFAST_PHONE_REGION", value_name = "CC", global = true)]
    pub phone_region: Option<String>,

    /// Seconds between watchdog messages to police, with an audit checkpoint each; 0 for none [default: 60]
    #[arg(long, env = "HOLDFAST_WATCHDOG_SECONDS", value_name = "N", global = true)]
    pub watchdog_seconds: Option<u32>,

    /// Mail server: smtp://user:password@host:587 or smtps://… [default: no mail is sent]
    #[arg(long, env = "HOLDFAST_SMTP_URL", value_name = "URL", hide_env_values = true, global = true)]
    pub smtp_url: Option<String>,

    /// Whom mail is from
    #[arg(long, env = "HOLDFAST_SMTP_FROM", value_name = "ADDRESS", global = true)]
    pub smtp_from: Option<String>,

    /// What is logged, such as info or holdfast=debug [default: info]
    #[arg(long, env = "HOLDFAST_LOG", value_name = "FILTER", global = true)]
    pub log: Option<String>,

    /// Log lines as text or json [default: text]
    #[arg(long, env = "HOLDFAST_LOG_FORMAT", value_name = "FORMAT", global = true)]
    pub log_format: Option<String>,

    /// Refuse every development switch
    #[arg(long, env = "HOLDFAST_PRODUCTION", num_args = 0..=1, default_missing_value = "true", value_parser = BoolishValueParser::new(), global = true)]
    pub production: Option<bool>,

    /// Two people for staff accounts, setup codes, police credentials, endpoints and phones, as in production
    #[arg(long, env = "HOLDFAST_TWO_PEOPLE", num_args = 0..=1, default_missing_value = "true", value_parser = BoolishValueParser::new(), global = true)]
    pub two_people: Option<bool>,

    /// Development: a clock that can be moved forward at POST /test/v1/clock/advance
    #[arg(long, env = "HOLDFAST_TEST_CLOCK", num_args = 0..=1, default_missing_value = "true", value_parser = BoolishValueParser::new(), global = true)]
    pub test_clock: Option<bool>,

    /// Development: staff sign in with a password alone
    #[arg(long, env = "HOLDFAST_DEV_NO_MFA", num_args = 0..=1, default_missing_value = "true", value_parser = BoolishValueParser::new(), global = true)]
    pub dev_no_mfa: Option<bool>,

    /// Development: webhooks may go to this machine, also without TLS
    #[arg(long, env = "HOLDFAST_ALLOW_LOOPBACK_WEBHOOKS", num_args = 0..=1, default_missing_value = "true", value_parser = BoolishValueParser::new(), global = true)]
    pub allow_loopback_webhooks: Option<bool>,

    /// An address that is called once a minute while all is well, for somebody outside who raises the alarm when it stays away
    #[arg(long, env = "HOLDFAST_DEAD_MAN_URL", value_name = "URL", global = true)]
    pub dead_man_url: Option<String>,

    /// Serve requests only; another process runs the worker
    #[arg(long, env = "HOLDFAST_NO_WORKER", num_args = 0..=1, default_missing_value = "true", value_parser = BoolishValueParser::new(), global = true)]
    pub no_worker: Option<bool>,

    /// Providers that carry notifications; in the file they stand in the table `[notify]`.
    #[command(flatten)]
    pub notify: NotifySettings,

    /// Where evidence is kept, and how much; in the file they stand in the table `[evidence]`.
    #[command(flatten)]
    pub evidence: EvidenceSettings,
}

/// The settings once read and checked.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where to listen.
    pub bind: SocketAddr,
    /// Where to answer Prometheus.
    pub metrics_bind: Option<SocketAddr>,
    /// The database.
    pub database: Target,
    /// The store of the subjects' data keys.
    pub key_store: Target,
    /// Keys and evidence.
    pub data_dir: PathBuf,
    /// What prints the master key, where no file holds it. It may name where the key is: never logged.
    pub master_key_command: Option<String>,
    /// The origin that links in alerts begin with; without a slash at its end. `None`: the address listened on.
    pub public_url: Option<String>,
    /// The proxies in front that are believed about where a request comes from.
    pub trusted_proxies: TrustedProxies,
    /// Connections to PostgreSQL.
    pub database_pool: u32,
    /// Who answers for it that a commit of PostgreSQL outlives its server.
    pub standby: StandbyCheck,
    /// Hours until an alert setting that was turned off takes effect.
    pub alert_setting_delay_hours: u32,
    /// Days for which a police route counts as proven.
    pub route_proof_days: u32,
    /// Where telephone numbers without a country code are at home.
    pub phone_region: Region,
    /// Seconds between watchdog messages and audit checkpoints; 0: none.
    pub watchdog_seconds: u32,
    /// The mail server, where there is one.
    pub smtp: Option<SmtpSettings>,
    /// Log filter.
    pub log: String,
    /// Whether log lines are JSON.
    pub is_log_json: bool,
    /// Whether every development switch is refused.
    pub is_production: bool,
    /// Whether accounts, doors and phones take two people.
    pub takes_two_people: bool,
    /// Whether the clock can be moved.
    pub is_test_clock: bool,
    /// Whether staff need a second factor.
    pub is_second_factor_needed: bool,
    /// Whether webhooks may go to this machine.
    pub may_call_loopback: bool,
    /// Who is notified once a minute that all is well.
    pub dead_man_url: Option<url::Url>,
    /// Whether this process runs the worker.
    pub has_worker: bool,
    /// The providers that carry notifications.
    pub providers: Providers,
    /// Where evidence is kept, and how much of it.
    pub evidence: EvidenceConfig,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Raw {
    bind: String,
    metrics_bind: Option<String>,
    database_url: Option<String>,
    key_store_url: Option<String>,
    data_dir: PathBuf,
    master_key_command: Option<String>,
    public_url: Option<String>,
    trusted_proxies: String,
    database_pool: u32,
    standby: String,
    alert_setting_delay_hours: u32,
    route_proof_days: u32,
    phone_region: String,
    watchdog_seconds: u32,
    smtp_url: Option<String>,
    smtp_from: Option<String>,
    log: String,
    log_format: String,
    production: bool,
    two_people: bool,
    test_clock: bool,
    dev_no_mfa: bool,
    allow_loopback_webhooks: bool,
    dead_man_url: Option<String>,
    no_worker: bool,
    notify: NotifySettings,
    evidence: EvidenceSettings,
}

impl Default for Raw {
    fn default() -> Self {
        Self {
            bind: "127.0.0.1:8080".to_owned(),
            metrics_bind: None,
            database_url: None,
            key_store_url: None,
            data_dir: PathBuf::from("./holdfast-data"),
            master_key_command: None,
            public_url: None,
            trusted_proxies: String::new(),
            database_pool: 16,
            standby: "confirm".to_owned(),
            alert_setting_delay_hours: 24,
            route_proof_days: 90,
            phone_region: "GB".to_owned(),
            watchdog_seconds: 60,
            smtp_url: None,
            smtp_from: None,
            log: "info".to_owned(),
            log_format: "text".to_owned(),
            production: false,
            two_people: false,
            test_clock: false,
            dev_no_mfa: false,
            allow_loopback_webhooks: false,
            dead_man_url: None,
            no_worker: false,
            notify: NotifySettings::default(),
            evidence: EvidenceSettings::default(),
        }
    }
}

impl Config {
    /// Reads the settings.
    ///
    /// # Errors
    /// When a setting is wrong: one line that names it and says what is wrong with it.
    pub fn load(settings: &Flags) -> Result<Self, String> {
        Raw::read(Figment::new(), settings)?.check()
    }

    /// Reads the settings of a demonstration: where to listen and what to log, which is warnings unless asked otherwise.
    /// All others, above all those that name a real installation, are as they are for everybody who tries it out.
    ///
    /// # Errors
    /// As [`Self::load`]; and where a production installation would be shown to the network as a demonstration.
    pub fn load_demo(settings: &Flags) -> Result<Self, String> {
        let quiet = Figment::from(Serialized::default("log", "warn"));
        let Raw { bind, log, log_format, production, .. } = Raw::read(quiet, settings)?;
        let switches = Raw {
            test_clock: true,
            dev_no_mfa: true,
            allow_loopback_webhooks: true,
            // A year goes by in seconds; nobody wants to hear of each minute.
            watchdog_seconds: 0,
            ..Raw::default()
        };
        let config = Raw { bind, log, log_format, ..switches }.check()?;
        if production && !config.bind.ip().is_loopback() {
            return Err("bind: the demo's passwords are known to everybody: where `production` is set it listens on this machine \
                alone"
                .into());
        }
        Ok(config)
    }

    /// Whether links in alerts lead to this machine alone.
    #[must_use]
    pub fn has_loopback_url(&self) -> bool {
        public_url::leads_here(self.public_url.as_deref(), &self.bind)
    }

    /// The same settings with database and keys embedded in a folder of their own.
    #[must_use]
    pub fn within(self, folder: &Path) -> Self {
        Self {
            database: Target::Sqlite(folder.join("holdfast.db")),
            key_store: Target::Sqlite(folder.join("keys/subjects.db")),
            data_dir: folder.to_owned(),
            master_key_command: None,
            evidence: EvidenceConfig {
                place: evidence::EvidencePlace::Folder(folder.join("evidence")),
                ..self.evidence
            },
            ..self
        }
    }
}

impl Raw {
    fn read(weakest: Figment, settings: &Flags) -> Result<Self, String> {
        let figment = weakest.merge(Toml::file(&settings.config)).merge(Serialized::defaults(settings));
        figment.extract().map_err(|error| error.to_string().lines().next().unwrap_or_default().to_owned())
    }

    fn check(self) -> Result<Config, String> {
        let raw = self;
        raw.refuse_mixtures()?;
        let bind = address("bind", &raw.bind)?;
        let metrics_bind = raw.metrics_bind.as_deref().map(|at| address("metrics_bind", at)).transpose()?;
        let database = target("database_url", raw.database_url.as_deref(), &raw.data_dir.join("holdfast.db"))?;
        let key_store = target("key_store_url", raw.key_store_url.as_deref(), &raw.data_dir.join("keys/subjects.db"))?;
        if database == key_store {
            return Err("key_store_url: the keys must not stand in the database that they protect".to_owned());
        }
        let public_url = raw.public_url.as_deref().map(public_url::check).transpose()?;
        if raw.production && public_url::leads_here(public_url.as_deref(), &bind) {
            return Err(
                "public_url: police cannot reach a loopback address: say where they reach this server".to_owned()
            );
        }
        let smtp = raw.smtp()?;
        let evidence = raw.evidence.check(&raw.data_dir)?;
        Ok(Config {
            bind,
            metrics_bind,
            database,
            key_store,
            data_dir: raw.data_dir,
            master_key_command: raw.master_key_command,
            public_url,
            trusted_proxies: TrustedProxies::parse(&raw.trusted_proxies)
                .map_err(|why| format!("trusted_proxies: {why}"))?,
            database_pool: within("database_pool", raw.database_pool, 2, 256)?,
            standby: standby(&raw.standby)?,
            alert_setting_delay_hours: within("alert_setting_delay_hours", raw.alert_setting_delay_hours, 1, 168)?,
            route_proof_days: within("route_proof_days", raw.route_proof_days, 1, 366)?,
            phone_region: raw
                .phone_region
                .parse()
                .map_err(|_| "phone_region: it must be a country's code of ISO 3166-1, such as GB")?,
            watchdog_seconds: within("watchdog_seconds", raw.watchdog_seconds, 0, 3600)?,
            smtp,
            is_log_json: match raw.log_format.as_str() {
                "text" => false,
                "json" => true,
                _ => return Err("log_format: it must be text or json".to_owned()),
            },
            log: raw.log,
            is_production: raw.production,
            takes_two_people: raw.production || raw.two_people,
            is_test_clock: raw.test_clock,
            is_second_factor_needed: !raw.dev_no_mfa,
            may_call_loopback: raw.allow_loopback_webhooks,
            dead_man_url: raw
                .dead_man_url
                .as_deref()
                .map(|url| dead_man_url(url, raw.allow_loopback_webhooks))
                .transpose()?,
            has_worker: !raw.no_worker,
            providers: raw.notify.check()?,
            evidence,
        })
    }

    fn smtp(&self) -> Result<Option<SmtpSettings>, String> {
        match (&self.smtp_url, &self.smtp_from) {
            (Some(url), Some(from)) => SmtpSettings::parse(url, from, self.allow_loopback_webhooks).map(Some),
            (None, None) => Ok(None),
            (Some(_), None) => Err("smtp_from: it must be set beside smtp_url".to_owned()),
            (None, Some(_)) => Err("smtp_url: it must be set beside smtp_from".to_owned()),
        }
    }

    fn refuse_mixtures(&self) -> Result<(), String> {
        let switches = [
            ("test_clock", self.test_clock),
            ("dev_no_mfa", self.dev_no_mfa),
            ("allow_loopback_webhooks", self.allow_loopback_webhooks),
        ];
        match switches.iter().find(|(_, on)| self.production && *on) {
            Some((name, _)) => Err(format!("{name}: a development switch is refused beside production")),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;
