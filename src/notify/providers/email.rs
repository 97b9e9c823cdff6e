//! E-mail by SMTP, from a sender whose address tells no more than the words do.

use secrecy::ExposeSecret;

use super::{Destination, OutgoingMessage, SendResult};
use crate::app::App;
use crate::outgoing::smtp::{Mail, MailFailure};

pub async fn send(app: &App, parcel: &OutgoingMessage) -> SendResult {
    let (Some(mailer), Some(sender), Destination::Email(to)) =
        (&app.mailer, &app.config.providers.email_from, &parcel.address)
    else {
        return SendResult::failed("no_provider");
    };
    let mail = Mail {
        to: to.expose_secret(),
        subject: &parcel.words.title,
        headers: &[],
        text: &parcel.words.text,
        attachment: None,
        at: app.clock.now(),
    };
    match mailer.sending_as(sender.clone()).send(mail).await {
        Ok(()) => SendResult::Taken(None),
        Err(MailFailure::Failed("address")) => SendResult::Rejected(None),
        // Our own sign-in (RFC 4954, section 6) is for somebody to mend; other refusals for good are about this mail.
        Err(MailFailure::Refused(code @ 500..)) if !matches!(code, 530 | 534 | 535 | 538) => {
            SendResult::Rejected(Some(code))
        }
        Err(MailFailure::Refused(code)) => {
            SendResult::Failed { why: "refused", status: Some(code), retry_after_seconds: None }
        }
        Err(MailFailure::Failed(why)) => SendResult::failed(why),
    }
}
