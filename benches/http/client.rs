//! A keep-alive HTTP/1.1 client that does next to nothing, so that what is measured is the server.

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::Outcome;

/// One connection; one request at a time.
pub struct Client {
    stream: TcpStream,
    read: Vec<u8>,
    request: Vec<u8>,
}

/// What is asked.
pub struct Ask<'a> {
    /// Such as `POST`.
    pub method: &'a str,
    /// The address.
    pub path: &'a str,
    /// The bearer token; empty for none.
    pub token: &'a str,
    /// The `Idempotency-Key`; empty for none.
    pub key: &'a str,
    /// JSON.
    pub body: &'a str,
}

impl Client {
    /// Connects.
    pub async fn connect(address: &str) -> Outcome<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, read: Vec::with_capacity(4_096), request: Vec::with_capacity(2_048) })
    }

    /// Sends one request and waits for the whole answer.
    pub async fn send(&mut self, ask: &Ask<'_>) -> Outcome<(u16, &[u8])> {
        use std::io::Write;
        self.request.clear();
        write!(self.request, "{} {} HTTP/1.1\r\nhost: localhost\r\n", ask.method, ask.path)?;
        if !ask.token.is_empty() {
            write!(self.request, "authorization: Bearer {}\r\n", ask.token)?;
        }
        if !ask.key.is_empty() {
            write!(self.request, "idempotency-key: {}\r\n", ask.key)?;
        }
        let length = ask.body.len();
        write!(self.request, "content-type: application/json\r\ncontent-length: {length}\r\n\r\n{}", ask.body)?;
        self.stream.write_all(&self.request).await?;
        let (status, from, to) = self.receive().await?;
        Ok((status, self.read.get(from..to).unwrap_or_default()))
    }

    /// Sends JSON and reads JSON; any status but a 2xx ends the run.
    pub async fn call(&mut self, method: &str, path: &str, token: &str, body: &Value) -> Outcome<Value> {
        let body = body.to_string();
        let (status, answer) = self.send(&Ask { method, path, token, key: "", body: &body }).await?;
        if !(200..300).contains(&status) {
            return Err(format!("{method} {path}: {status}: {}", String::from_utf8_lossy(answer)).into());
        }
        Ok(if answer.is_empty() { Value::Null } else { serde_json::from_slice(answer)? })
    }

    /// Reads one answer; the body stands between the two places in `self.read`.
    async fn receive(&mut self) -> Outcome<(u16, usize, usize)> {
        self.read.clear();
        loop {
            if let Some((head, length)) = head(&self.read)?
                && self.read.len() >= head + length
            {
                let status = self.read.get(9..12).map(std::str::from_utf8).transpose()?.unwrap_or_default();
                return Ok((status.parse()?, head, head + length));
            }
            if self.stream.read_buf(&mut self.read).await? == 0 {
                return Err("the server closed the connection".into());
            }
        }
    }
}

/// The length of the head of a message and of the body after it, once the head is whole.
pub fn head(message: &[u8]) -> Outcome<Option<(usize, usize)>> {
    let Some(end) = message.windows(4).position(|window| window == b"\r\n\r\n") else { return Ok(None) };
    let text = std::str::from_utf8(message.get(..end).unwrap_or_default())?;
    let mut length = 0;
    for line in text.lines() {
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse()?;
        }
    }
    Ok(Some((end + 4, length)))
}
