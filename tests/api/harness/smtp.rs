//! A mail server on loopback that speaks SMTP (RFC 5321) as far as a client asks it to, and keeps what it is handed.

use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// A mail that was taken.
#[derive(Clone, Debug)]
pub struct Mailed {
    /// Whom it went to, by the envelope.
    pub to: Vec<String>,
    /// Who signed in first, if anybody: what `AUTH PLAIN` said, decoded.
    pub signed_in: Option<String>,
    /// Headers and body, as they came.
    pub raw: String,
}

impl Mailed {
    /// A header of the mail, unfolded.
    pub fn header(&self, name: &str) -> Option<String> {
        header_in(&self.raw, name)
    }

    /// The parts of a mail with several, or the one: their headers, and their bodies decoded.
    fn parts(&self) -> Vec<(String, Vec<u8>)> {
        let content_type = self.header("content-type").unwrap_or_default();
        let Some((_, boundary)) = content_type.split_once("boundary=\"") else {
            return vec![decoded(&self.raw)];
        };
        let boundary = format!("--{}", boundary.split('"').next().unwrap());
        let inner = self.raw.split(&boundary).skip(1).filter(|part| !part.starts_with("--"));
        inner.map(|part| decoded(part.trim_start_matches("\r\n"))).collect()
    }

    /// What is written in it.
    pub fn text(&self) -> String {
        let (_, body) = self.parts().swap_remove(0);
        String::from_utf8(body).unwrap().replace("\r\n", "\n").trim_end().to_owned()
    }

    /// What is attached: its name and its bytes.
    pub fn attachment(&self) -> Option<(String, Vec<u8>)> {
        let (head, body) = self.parts().into_iter().nth(1)?;
        let disposition = header_in(&head, "content-disposition")?;
        let name = disposition.split("filename=\"").nth(1)?.split('"').next()?.to_owned();
        Some((name, body))
    }
}

fn header_in(raw: &str, name: &str) -> Option<String> {
    let head = raw.split("\r\n\r\n").next()?.replace("\r\n ", " ").replace("\r\n\t", " ");
    head.split("\r\n").find_map(|line| {
        let (key, value) = line.split_once(':')?;
        key.eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
    })
}

fn decoded(part: &str) -> (String, Vec<u8>) {
    let (head, body) = part.split_once("\r\n\r\n").unwrap();
    let is_base64 = header_in(part, "content-transfer-encoding").is_some_and(|value| value == "base64");
    let bytes = if is_base64 {
        STANDARD.decode(body.replace(['\r', '\n'], "")).unwrap()
    } else {
        // Whoever wants to read what is quoted decodes it; the texts of these tests are plain.
        body.replace("=\r\n", "").into_bytes()
    };
    (format!("{head}\r\n\r\n"), bytes)
}

/// How a mail is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailAnswer {
    Taken,
    /// A reply code instead, after the data.
    Refused(u16),
}

/// The server. Takes mail unless told otherwise.
pub struct MailServer {
    port: u16,
    inner: Arc<Inner>,
    task: tokio::task::JoinHandle<()>,
}

struct Inner {
    answer: Mutex<MailAnswer>,
    mails: Mutex<Vec<Mailed>>,
}

impl MailServer {
    pub async fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let inner = Arc::new(Inner { answer: Mutex::new(MailAnswer::Taken), mails: Mutex::default() });
        let shared = inner.clone();
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let inner = shared.clone();
                // A client that hangs up ends its own conversation and no other.
                tokio::spawn(async move { drop(converse(stream, &inner).await) });
            }
        });
        Self { port, inner, task }
    }

    /// For `smtp_url`.
    pub fn url(&self) -> String {
        format!("smtp://holdfast:marigold@127.0.0.1:{}", self.port)
    }

    pub fn answers(&self, answer: MailAnswer) {
        *self.inner.answer.lock().unwrap() = answer;
    }

    /// What was taken so far.
    pub fn mails(&self) -> Vec<Mailed> {
        self.inner.mails.lock().unwrap().clone()
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn converse(stream: TcpStream, inner: &Inner) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    stream.write_all(b"220 mail.test ESMTP\r\n").await?;
    let mut mail = Mailed { to: Vec::new(), signed_in: None, raw: String::new() };
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let line = line.trim_end();
        let upper = line.to_ascii_uppercase();
        let reply = match upper.split([' ', ':']).next().unwrap() {
            "EHLO" => "250-mail.test\r\n250-8BITMIME\r\n250 AUTH PLAIN\r\n".to_owned(),
            "AUTH" => {
                let said = STANDARD.decode(line.split(' ').next_back().unwrap()).unwrap();
                mail.signed_in = Some(String::from_utf8(said).unwrap().replace('\0', " ").trim().to_owned());
                "235 ok\r\n".to_owned()
            }
            "RCPT" => {
                mail.to.push(line.split(['<', '>']).nth(1).unwrap().to_owned());
                "250 ok\r\n".to_owned()
            }
            "DATA" => {
                stream.write_all(b"354 go on\r\n").await?;
                mail.raw = data(&mut stream).await?;
                let answer = *inner.answer.lock().unwrap();
                match answer {
                    MailAnswer::Taken => {
                        let signed_in = mail.signed_in.clone();
                        let fresh = Mailed { to: Vec::new(), signed_in, raw: String::new() };
                        inner.mails.lock().unwrap().push(std::mem::replace(&mut mail, fresh));
                        "250 taken\r\n".to_owned()
                    }
                    MailAnswer::Refused(code) => format!("{code} no\r\n"),
                }
            }
            "MAIL" | "RSET" | "NOOP" => "250 ok\r\n".to_owned(),
            "QUIT" => {
                stream.write_all(b"221 bye\r\n").await?;
                return Ok(());
            }
            _ => "502 what?\r\n".to_owned(),
        };
        stream.write_all(reply.as_bytes()).await?;
    }
}

/// The mail up to the line that is a full stop; doubled ones are single again (RFC 5321, section 4.5.2).
async fn data(stream: &mut BufReader<TcpStream>) -> std::io::Result<String> {
    let mut raw = String::new();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        if line == ".\r\n" {
            return Ok(raw);
        }
        raw.push_str(line.strip_prefix('.').unwrap_or(&line));
    }
}
