//! Settings of the providers that carry notifications. Each channel is there when its settings are, whole; half of them
//! stop the start.

use std::path::{Path, PathBuf};

use aws_lc_rs::agreement::{ECDH_P256, PrivateKey};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::EncodingKey;
use lettre::message::Mailbox;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use url::Url;

/// What flags and environment may say of providers; in the file the same names stand in the table `[notify]`.
#[serde_with::skip_serializing_none]
#[derive(Clone, Debug, Default, clap::Args, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct NotifySettings {
    /// Web push: the private VAPID key, 32 bytes in base64url
    #[arg(long, env = "HOLDFAST_VAPID_PRIVATE_KEY", value_name = "KEY", hide_env_values = true, global = true)]
    pub vapid_private_key: Option<String>,

    /// Web push: whom push services may ask about us, a mailto: or https: address
    #[arg(long, env = "HOLDFAST_VAPID_SUBJECT", value_name = "URI", global = true)]
    pub vapid_subject: Option<String>,

    /// FCM: the service account's JSON file
    #[arg(long, env = "HOLDFAST_FCM_SERVICE_ACCOUNT", value_name = "FILE", global = true)]
    pub fcm_service_account: Option<PathBuf>,

    /// FCM: where it is [default: <https://fcm.googleapis.com>]
    #[arg(long, env = "HOLDFAST_FCM_URL", value_name = "URL", global = true)]
    pub fcm_url: Option<String>,

    /// APNs: the provider key's .p8 file
    #[arg(long, env = "HOLDFAST_APNS_KEY", value_name = "FILE", global = true)]
    pub apns_key: Option<PathBuf>,

    /// APNs: the key's id
    #[arg(long, env = "HOLDFAST_APNS_KEY_ID", value_name = "ID", global = true)]
    pub apns_key_id: Option<String>,

    /// APNs: the developer team's id
    #[arg(long, env = "HOLDFAST_APNS_TEAM_ID", value_name = "ID", global = true)]
    pub apns_team_id: Option<String>,

    /// APNs: the app's bundle id
    #[arg(long, env = "HOLDFAST_APNS_TOPIC", value_name = "TOPIC", global = true)]
    pub apns_topic: Option<String>,

    /// APNs: where it is [default: <https://api.push.apple.com>]
    #[arg(long, env = "HOLDFAST_APNS_URL", value_name = "URL", global = true)]
    pub apns_url: Option<String>,

    /// Text messages: the GOV.UK Notify API key
    #[arg(long, env = "HOLDFAST_GOVUK_NOTIFY_API_KEY", value_name = "KEY", hide_env_values = true, global = true)]
    pub govuk_notify_api_key: Option<String>,

    /// Text messages: the GOV.UK Notify template, whose whole text is ((message))
    #[arg(long, env = "HOLDFAST_GOVUK_NOTIFY_TEMPLATE_ID", value_name = "ID", global = true)]
    pub govuk_notify_template_id: Option<String>,

    /// Text messages: where GOV.UK Notify is [default: <https://api.notifications.service.gov.uk>]
    #[arg(long, env = "HOLDFAST_GOVUK_NOTIFY_URL", value_name = "URL", global = true)]
    pub govuk_notify_url: Option<String>,

    /// E-mail to people: a sender that does not tell what this is; needs smtp_url as well
    #[arg(long, env = "HOLDFAST_EMAIL_FROM", value_name = "ADDRESS", global = true)]
    pub email_from: Option<String>,
}

/// The providers, once read and checked; each there or not.
#[derive(Clone, Debug, Default)]
pub struct Providers {
    /// Web push.
    pub web_push: Option<WebPush>,
    /// Firebase Cloud Messaging.
    pub fcm: Option<Fcm>,
    /// Apple's push service.
    pub apns: Option<Apns>,
    /// GOV.UK Notify.
    pub sms: Option<GovukNotify>,
    /// The neutral sender of e-mail to people.
    pub email_from: Option<Mailbox>,
}

/// Web push with VAPID (RFC 8292).
#[derive(Clone, Debug)]
pub struct WebPush {
    /// The private key, base64url.
    pub private_key: SecretString,
    /// A `mailto:` or `https:` address.
    pub subject: String,
}

/// FCM's HTTP v1 interface.
#[derive(Clone, Debug)]
pub struct Fcm {
    /// Where it is.
    pub url: Url,
    /// The service account.
    pub account: ServiceAccount,
}

/// The parts of a Google service account's JSON file that are used.
#[derive(Clone, Debug, Deserialize)]
pub struct ServiceAccount {
    /// The project whose app the phones run.
    pub project_id: String,
    /// Names the key.
    pub private_key_id: String,
    /// The RSA key, PEM.
    pub private_key: SecretString,
    /// Who asks.
    pub client_email: String,
    /// Where tokens are had.
    pub token_uri: Url,
}

/// APNs with a provider token.
#[derive(Clone, Debug)]
pub struct Apns {
    /// Where it is.
    pub url: Url,
    /// The P-256 key, PEM.
    pub key: SecretString,
    /// Names the key.
    pub key_id: String,
    /// The developer team.
    pub team_id: String,
    /// The app.
    pub topic: String,
}

/// GOV.UK Notify.
#[derive(Clone, Debug)]
pub struct GovukNotify {
    /// Where it is.
    pub url: Url,
    /// The service that the key belongs to.
    pub service_id: String,
    /// The key's secret part.
    pub secret: SecretString,
    /// The template.
    pub template_id: String,
}

impl NotifySettings {
    pub(super) fn check(&self) -> Result<Providers, String> {
        Ok(Providers {
            web_push: self.web_push()?,
            fcm: self.fcm()?,
            apns: self.apns()?,
            sms: self.sms()?,
            email_from: self.email_from()?,
        })
    }

    fn email_from(&self) -> Result<Option<Mailbox>, String> {
        let parsed = self.email_from.as_deref().map(str::parse::<Mailbox>).transpose();
        let sender = parsed.map_err(|_| "notify.email_from: it must be an e-mail address")?;
        let tells = |sender: &Mailbox| sender.to_string().to_lowercase().contains("holdfast");
        if sender.as_ref().is_some_and(tells) {
            return Err("notify.email_from: it must not tell what this is".to_owned());
        }
        Ok(sender)
    }

    fn web_push(&self) -> Result<Option<WebPush>, String> {
        let Some([key, subject]) = together([
            ("vapid_private_key", self.vapid_private_key.clone()),
            ("vapid_subject", self.vapid_subject.clone()),
        ])?
        else {
            return Ok(None);
        };
        let bytes = URL_SAFE_NO_PAD.decode(key.trim_end_matches('=')).unwrap_or_default();
        PrivateKey::from_private_key(&ECDH_P256, &bytes)
            .map_err(|_| "notify.vapid_private_key: it must be a P-256 key of 32 bytes in base64url")?;
        if !subject.starts_with("mailto:") && !subject.starts_with("https://") {
            return Err("notify.vapid_subject: it must begin with mailto: or https://".to_owned());
        }
        Ok(Some(WebPush { private_key: URL_SAFE_NO_PAD.encode(bytes).into(), subject }))
    }

    fn fcm(&self) -> Result<Option<Fcm>, String> {
        let Some(path) = &self.fcm_service_account else { return Ok(None) };
        let text = read("fcm_service_account", path)?;
        // The parser's own words may hold a part of the key.
        let account: ServiceAccount = serde_json::from_str(text.expose_secret())
            .map_err(|_| "notify.fcm_service_account: it must be the JSON file of a service account")?;
        EncodingKey::from_rsa_pem(account.private_key.expose_secret().as_bytes())
            .map_err(|_| "notify.fcm_service_account: its private_key is no RSA key in PEM")?;
        let url = base("fcm_url", self.fcm_url.as_deref(), "https://fcm.googleapis.com")?;
        Ok(Some(Fcm { url, account }))
    }

    fn apns(&self) -> Result<Option<Apns>, String> {
        let path = self.apns_key.as_ref().map(|path| path.to_string_lossy().into_owned());
        let Some([path, key_id, team_id, topic]) = together([
            ("apns_key", path),
            ("apns_key_id", self.apns_key_id.clone()),
            ("apns_team_id", self.apns_team_id.clone()),
            ("apns_topic", self.apns_topic.clone()),
        ])?
        else {
            return Ok(None);
        };
        let key = read("apns_key", Path::new(&path))?;
        EncodingKey::from_ec_pem(key.expose_secret().as_bytes())
            .map_err(|_| "notify.apns_key: it must hold a P-256 key in PEM")?;
        let url = base("apns_url", self.apns_url.as_deref(), "https://api.push.apple.com")?;
        Ok(Some(Apns { url, key, key_id, team_id, topic }))
    }

    fn sms(&self) -> Result<Option<GovukNotify>, String> {
        let Some([key, template_id]) = together([
            ("govuk_notify_api_key", self.govuk_notify_api_key.clone()),
            ("govuk_notify_template_id", self.govuk_notify_template_id.clone()),
        ])?
        else {
            return Ok(None);
        };
        let (service_id, secret) = split_key(&key)
            .ok_or("notify.govuk_notify_api_key: it must end in the service's id and the secret, two UUIDs")?;
        let default = "https://api.notifications.service.gov.uk";
        let url = base("govuk_notify_url", self.govuk_notify_url.as_deref(), default)?;
        Ok(Some(GovukNotify { url, service_id, secret: secret.into(), template_id }))
    }
}

/// `name-<service id>-<secret>`: the name is for people and may hold anything; the two UUIDs at the end count.
fn split_key(key: &str) -> Option<(String, String)> {
    let start = key.len().checked_sub(73)?;
    let (service, secret) = (key.get(start..start + 36)?, key.get(start + 37..)?);
    let are_uuids = [service, secret].iter().all(|part| uuid::Uuid::parse_str(part).is_ok());
    are_uuids.then(|| (service.to_owned(), secret.to_owned()))
}

/// All of these settings, or none of them.
fn together<const N: usize>(settings: [(&'static str, Option<String>); N]) -> Result<Option<[String; N]>, String> {
    if settings.iter().all(|(_, value)| value.is_none()) {
        return Ok(None);
    }
    if let Some((missing, _)) = settings.iter().find(|(_, value)| value.as_ref().is_none_or(String::is_empty)) {
        return Err(format!("notify.{missing}: it is missing beside the others of its provider"));
    }
    Ok(Some(settings.map(|(_, value)| value.unwrap_or_default())))
}

fn read(name: &str, path: &Path) -> Result<SecretString, String> {
    let text = std::fs::read_to_string(path);
    text.map(SecretString::from).map_err(|error| format!("notify.{name}: {}: {error}", path.display()))
}

fn base(name: &str, text: Option<&str>, default: &str) -> Result<Url, String> {
    let wrong = || format!("notify.{name}: it must be an http or https URL without a path");
    let url = Url::parse(text.unwrap_or(default)).map_err(|_| wrong())?;
    let is_fine = matches!(url.scheme(), "http" | "https") && url.host().is_some() && url.path() == "/";
    if is_fine && url.query().is_none() { Ok(url) } else { Err(wrong()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const VAPID: &str = "RS0WdYWWo1HajXg3NZR1olzCf31i-ZBGDkFyCs7j1jw";
    const GOVUK: &str = "our-team-26785a09-ab16-4eb0-8407-a37497a57506-3d844edf-8d35-48ac-975b-e847b4f122b0";

    fn check(change: impl FnOnce(&mut NotifySettings)) -> Result<Providers, String> {
        let mut settings = NotifySettings::default();
        change(&mut settings);
        settings.check()
    }

    #[test]
    fn a_provider_is_there_when_its_settings_are() {
        let none = check(|_| {}).unwrap();
        assert!(none.web_push.is_none() && none.fcm.is_none() && none.apns.is_none() && none.sms.is_none());
        let some = check(|s| {
            s.vapid_private_key = Some(VAPID.into());
            s.vapid_subject = Some("mailto:push@example.org".into());
            s.govuk_notify_api_key = Some(GOVUK.into());
            s.govuk_notify_template_id = Some("t".into());
        });
        let some = some.unwrap();
        assert!(some.web_push.is_some());
        let sms = some.sms.unwrap();
        assert_eq!(sms.service_id, "26785a09-ab16-4eb0-8407-a37497a57506");
        assert_eq!(sms.secret.expose_secret(), "3d844edf-8d35-48ac-975b-e847b4f122b0");
    }

    #[test]
    fn half_a_provider_and_a_wrong_key_are_told_in_one_line_that_names_the_setting_and_no_secret() {
        type NotifySettingsChange = fn(&mut NotifySettings);
        let wrong: [(&str, NotifySettingsChange); 9] = [
            ("notify.email_from", |s| s.email_from = Some("nobody".into())),
            ("notify.email_from", |s| s.email_from = Some("Holdfast <a@b.example>".into())),
            ("notify.vapid_subject", |s| s.vapid_private_key = Some(VAPID.into())),
            ("notify.vapid_private_key", |s| {
                s.vapid_private_key = Some("c2hvcnQ".into());
                s.vapid_subject = Some("mailto:x@example.org".into());
            }),
            ("notify.vapid_subject", |s| {
                s.vapid_private_key = Some(VAPID.into());
                s.vapid_subject = Some("somebody".into());
            }),
            ("notify.fcm_service_account", |s| s.fcm_service_account = Some("/nonexistent".into())),
            ("notify.apns_key_id", |s| s.apns_key = Some("/nonexistent".into())),
            ("notify.govuk_notify_template_id", |s| s.govuk_notify_api_key = Some(GOVUK.into())),
            ("notify.govuk_notify_api_key", |s| {
                s.govuk_notify_api_key = Some("c2hvcnQ".into());
                s.govuk_notify_template_id = Some("t".into());
            }),
        ];
        for (name, change) in wrong {
            let line = check(change).unwrap_err();
            assert!(line.starts_with(name) && line.lines().count() == 1, "{line}");
            assert!(!line.contains(VAPID) && !line.contains(GOVUK) && !line.contains("c2hvcnQ"), "{line}");
        }
    }
}
