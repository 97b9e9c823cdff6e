//! Mail leaves by SMTP: whole, once, signed in, and never in the open to anybody but this machine.

use holdfast::outgoing::smtp::{Attachment, Mail, MailFailure, Mailer, SmtpSettings};

use crate::harness::smtp::{MailAnswer, MailServer};
use crate::harness::{NOON, instant};

const FROM: &str = "Holdfast <alerts@holdfast.example>";

fn mailer(server: &MailServer) -> Mailer {
    Mailer::new(&SmtpSettings::parse(&server.url(), FROM, true).unwrap()).unwrap()
}

fn mail<'a>(headers: &'a [(&'static str, String)]) -> Mail<'a> {
    let attachment = Attachment { name: "alert.json", media_type: "application/json", body: BODY.as_bytes() };
    let (to, subject) = ("control@police.example", "Alert AL-0000-0000-0");
    Mail { to, subject, headers, text: "One line.\n.and a dot", attachment: Some(attachment), at: instant(NOON) }
}

/// Of a length that no single line of a mail may have, with what mail likes to change.
const BODY: &str = concat!(
    "{\"alert\": \"=20 \\u00e9 é\",   \"x\": \"0123456789012345678901234567890123456789012345678901234567890123456789\",\n",
    ".\n \t\"y\": null}\r\n"
);

#[tokio::test]
async fn a_mail_arrives_whole_with_its_headers_and_its_attachment_byte_for_byte() {
    let server = MailServer::start().await;
    let long = ["v1,0123456789012345678901234567890123456789", "v1a,9876543210987654321098765432109876543210"];
    let signature = [long, long].concat().join(" ");
    let headers = [("webhook-id", "msg_1".to_owned()), ("webhook-signature", signature.clone())];
    mailer(&server).send(mail(&headers)).await.unwrap();

    let mails = server.mails();
    let [received] = mails.as_slice() else { panic!("{mails:?}") };
    assert_eq!(
        (received.to.as_slice(), received.signed_in.as_deref()),
        (&["control@police.example".to_owned()][..], Some("holdfast marigold"))
    );
    assert_eq!(received.header("subject").as_deref(), Some("Alert AL-0000-0000-0"));
    assert_eq!(received.header("date").as_deref(), Some("Sat, 21 Nov 2026 12:00:00 +0000"));
    assert_eq!(received.header("webhook-id").as_deref(), Some("msg_1"));
    assert_eq!(received.header("webhook-signature"), Some(signature));
    assert_eq!(received.text(), "One line.\n.and a dot");
    assert_eq!(received.attachment(), Some(("alert.json".to_owned(), BODY.as_bytes().to_vec())));
}

#[tokio::test]
async fn a_refusal_is_told_with_its_code_and_nothing_is_sent_twice() {
    let server = MailServer::start().await;
    for code in [421, 451, 550, 554] {
        server.answers(MailAnswer::Refused(code));
        assert_eq!(mailer(&server).send(mail(&[])).await, Err(MailFailure::Refused(code)));
    }
    assert!(server.mails().is_empty());
    let nobody = Mail { to: "nobody at all", ..mail(&[]) };
    assert_eq!(mailer(&server).send(nobody).await, Err(MailFailure::Failed("address")));
}

#[tokio::test]
async fn a_server_that_offers_no_tls_gets_no_mail_where_tls_is_required() {
    let server = MailServer::start().await;
    let strict = Mailer::new(&SmtpSettings::parse(&server.url(), FROM, false).unwrap()).unwrap();
    assert!(matches!(strict.send(mail(&[])).await, Err(MailFailure::Failed(_))));
    assert!(server.mails().is_empty());
    drop(server);
}

#[tokio::test]
async fn nobody_there_is_told_as_no_connection() {
    let server = MailServer::start().await;
    let mailer = mailer(&server);
    drop(server);
    assert_eq!(mailer.send(mail(&[])).await, Err(MailFailure::Failed("connect")));
}
