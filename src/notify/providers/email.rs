//! E-mail by SMTP, from a sender whose address tells no more than the words do.

use secrecy::ExposeSecret;

use super::{Address, Parcel, Sent};
use crate::app::App;
use crate::outgoing::smtp::{Mail, MailFailure};

pub async fn send(app: &App, parcel: &Parcel) -> Sent {
    let (Some(mailer), Some(sender), Address::Email(to)) =
        (&app.mailer, &app.config.providers.email_from, &parcel.address)
    else {
        return Sent::failed("no_provider");
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
        Ok(()) => Sent::Taken(None),
        Err(MailFailure::Failed("address")) => Sent::Rejected(None),
        // Our own sign-in (RFC 4954, section 6) is for somebody to mend; other refusals for good are about this mail.
        Err(MailFailure::Refused(code @ 500..)) if !matches!(code, 530 | 534 | 535 | 538) => Sent::Rejected(Some(code)),
        Err(MailFailure::Refused(code)) => Sent::Failed { why: "refused", status: Some(code), wish_seconds: None },
        Err(MailFailure::Failed(why)) => Sent::failed(why),
    }
}
