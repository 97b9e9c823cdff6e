//! The one way by which e-mail leaves the machine (RFC 5321), for all that is sent to people or police by mail.
//!
//! Guarantees: TLS with a verified certificate, except to this very machine in development; one attempt within the
//! deadline, never repeated here, since the caller's own schedule does that and records it; "sent" only when the
//! server took the whole mail. Nothing here logs or returns an address, a subject or a text.

use std::fmt;
use std::time::{Duration, SystemTime};

use lettre::message::header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue};
use lettre::message::{Attachment as Part, Body, Mailbox, MultiPart, SinglePart};
use lettre::transport::smtp::Error as SmtpError;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use secrecy::ExposeSecret;
use tokio::time::timeout;
use url::{Host, Url};

use crate::crypto::Private;
use crate::db::Instant;

/// The time that sending may take in all.
const DEADLINE: Duration = Duration::from_secs(15);

/// Where mail is handed in, and whom it is from.
#[derive(Clone, Debug)]
pub struct SmtpSettings {
    /// With the password, and with `tls=required` where TLS begins after the greeting.
    url: Private,
    from: Mailbox,
}

impl SmtpSettings {
    /// Reads the settings `smtp_url` (`smtp://user:password@host:587`, or `smtps://` where TLS comes first) and
    /// `smtp_from`.
    ///
    /// # Errors
    /// When a setting is wrong: one line that names it and repeats nothing of it.
    pub fn parse(url: &str, from: &str, may_be_plain_on_loopback: bool) -> Result<Self, String> {
        let wrong =
            || "smtp_url: it must be like smtp://user:password@host:587 or smtps://user:password@host".to_owned();
        let mut parsed = Url::parse(url).map_err(|_| wrong())?;
        let is_loopback = match parsed.host() {
            // The parser knows no IPv4 in a scheme that is not the web's.
            Some(Host::Domain(name)) => {
                name == "localhost" || name.parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback())
            }
            Some(Host::Ipv4(ip)) => ip.is_loopback(),
            Some(Host::Ipv6(ip)) => ip.is_loopback(),
            None => return Err(wrong()),
        };
        let has_password = parsed.password().is_some();
        if parsed.query().is_some() || parsed.fragment().is_some() || has_password == parsed.username().is_empty() {
            return Err(wrong());
        }
        match parsed.scheme() {
            "smtps" => {}
            "smtp" if is_loopback && may_be_plain_on_loopback => {}
            "smtp" => parsed.set_query(Some("tls=required")),
            _ => return Err(wrong()),
        }
        AsyncSmtpTransport::<Tokio1Executor>::from_url(parsed.as_str()).map_err(|_| wrong())?;
        let from = from.parse().map_err(|_| "smtp_from: it must be an e-mail address".to_owned())?;
        Ok(Self { url: String::from(parsed).into(), from })
    }
}

/// A mail to one address.
#[derive(Clone, Copy)]
pub struct Mail<'a> {
    /// To whom.
    pub to: &'a str,
    /// Its subject.
    pub subject: &'a str,
    /// Headers beside the usual ones: names and values in ASCII.
    pub headers: &'a [(&'static str, String)],
    /// Its text.
    pub text: &'a str,
    /// What is attached.
    pub attachment: Option<Attachment<'a>>,
    /// When it is sent, for its `Date`.
    pub at: Instant,
}

/// A file in a mail; arrives byte for byte.
#[derive(Clone, Copy)]
pub struct Attachment<'a> {
    /// Its name.
    pub name: &'static str,
    /// Its media type, such as `application/json`.
    pub media_type: &'static str,
    /// Its bytes.
    pub body: &'a [u8],
}

/// Why a mail was not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailFailure {
    /// The server refused, with this reply code: 4xx for now, 5xx for good (RFC 5321, section 4.2.1).
    Refused(u16),
    /// No whole answer. The word is stable: `address` (no such address can be), `connect`, `tls`, `timeout`, `other`.
    Failed(&'static str),
}

impl fmt::Display for MailFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(code) => write!(f, "refused with {code}"),
            Self::Failed(why) => f.write_str(why),
        }
    }
}

impl std::error::Error for MailFailure {}

/// Sends mail; cheap to clone, and one is enough for the process.
#[derive(Clone)]
pub struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl Mailer {
    /// A mailer for settings that were read.
    pub fn new(settings: &SmtpSettings) -> Result<Self, SmtpError> {
        let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(settings.url.expose_secret())?;
        let transport = builder.timeout(Some(DEADLINE)).build();
        Ok(Self { transport, from: settings.from.clone() })
    }

    /// The same mailer from another sender, for people whose mailbox must not tell what this is.
    #[must_use]
    pub fn sending_as(&self, from: Mailbox) -> Self {
        Self { from, ..self.clone() }
    }

    /// Whether mail can be written to an address at all.
    #[must_use]
    pub fn is_address(text: &str) -> bool {
        text.parse::<lettre::Address>().is_ok()
    }

    /// Sends one mail, once.
    ///
    /// # Errors
    /// See [`MailFailure`]; whether the server has it all the same is then unknown.
    pub async fn send(&self, mail: Mail<'_>) -> Result<(), MailFailure> {
        let message = self.compose(mail)?;
        match timeout(DEADLINE, self.transport.send(message)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(failure(&error)),
            Err(_) => Err(MailFailure::Failed("timeout")),
        }
    }

    fn compose(&self, mail: Mail<'_>) -> Result<Message, MailFailure> {
        let to = mail.to.parse().map_err(|_| MailFailure::Failed("address"))?;
        let other = |_| MailFailure::Failed("other");
        let builder = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(mail.subject)
            .message_id(Some(format!("<{}@{}>", uuid::Uuid::new_v4(), self.from.email.domain())))
            .date(SystemTime::from(mail.at.timestamp()));
        let text = SinglePart::plain(mail.text.to_owned());
        let mut message = match mail.attachment {
            None => builder.singlepart(text).map_err(other)?,
            Some(file) => {
                let media_type = ContentType::parse(file.media_type).map_err(|_| MailFailure::Failed("other"))?;
                // Any other encoding lets a relay change the ends of lines, and with them what was signed.
                let body = Body::new_with_encoding(file.body.to_vec(), ContentTransferEncoding::Base64);
                let body = body.map_err(|_| MailFailure::Failed("other"))?;
                let part = Part::new(file.name.to_owned()).body(body, media_type);
                builder.multipart(MultiPart::mixed().singlepart(text).singlepart(part)).map_err(other)?
            }
        };
        for (name, value) in mail.headers {
            let name = HeaderName::new_from_ascii((*name).to_owned()).map_err(|_| MailFailure::Failed("other"))?;
            message.headers_mut().insert_raw(HeaderValue::new(name, value.clone()));
        }
        Ok(message)
    }
}

fn failure(error: &SmtpError) -> MailFailure {
    if let Some(code) = error.status() {
        return MailFailure::Refused(code.into());
    }
    MailFailure::Failed(match error {
        _ if error.is_timeout() => "timeout",
        _ if error.is_tls() => "tls",
        _ if error.is_client() || error.is_response() => "other",
        _ => "connect",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(url: &str, may_be_plain: bool) -> Option<String> {
        let settings = SmtpSettings::parse(url, "Holdfast <alerts@holdfast.example>", may_be_plain).ok()?;
        Some(settings.url.expose_secret().to_owned())
    }

    #[test]
    fn mail_goes_over_tls_except_to_this_machine_in_development() {
        let required = "smtp://u:p@mail.example:587?tls=required";
        assert_eq!(url("smtp://u:p@mail.example:587", true).as_deref(), Some(required));
        assert_eq!(url("smtps://u:p@mail.example", false).as_deref(), Some("smtps://u:p@mail.example"));
        for host in ["127.0.0.1", "[::1]", "localhost"] {
            let plain = format!("smtp://{host}:2525");
            assert_eq!(url(&plain, true), Some(plain.clone()));
            assert_eq!(url(&plain, false), Some(format!("{plain}?tls=required")));
        }
        // What the operator cannot do is to ask for less.
        for wrong in
            ["smtp://mail.example?tls=opportunistic", "http://mail.example", "smtp://", "mail", "smtp://u@mail"]
        {
            assert_eq!(url(wrong, true), None, "{wrong}");
        }
        assert!(SmtpSettings::parse("smtps://mail.example", "nobody", false).unwrap_err().starts_with("smtp_from"));
    }

    #[test]
    fn the_password_is_never_printed() {
        let settings = SmtpSettings::parse("smtps://u:marigold@mail.example", "a@b.example", false).unwrap();
        assert!(!format!("{settings:?}").contains("marigold"));
    }
}
