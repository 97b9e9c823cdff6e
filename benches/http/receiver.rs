//! What stands for a police system: takes every webhook, and notes when it came.

use std::net::{Ipv4Addr, TcpListener};
use std::time::Instant;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::mpsc;

use crate::Outcome;
use crate::client::head;

/// A message that came: which alert it tells of, and when the whole of it was there.
pub struct Arrival {
    /// The alert's reference.
    pub alert: String,
    /// When.
    pub at: Instant,
}

/// Listens on loopback, on a thread of its own, for as long as the process lives.
pub struct Receiver {
    url: String,
    arrivals: tokio::sync::Mutex<mpsc::UnboundedReceiver<Arrival>>,
}

impl Receiver {
    /// Starts it.
    pub fn start() -> Outcome<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        listener.set_nonblocking(true)?;
        let url = format!("http://{}/alerts", listener.local_addr()?);
        let (tell, arrivals) = mpsc::unbounded_channel();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        std::thread::spawn(move || {
            if let Err(error) = runtime.block_on(listen(listener, tell)) {
                eprintln!("the receiver ended: {error}");
            }
        });
        Ok(Self { url, arrivals: tokio::sync::Mutex::new(arrivals) })
    }

    /// Where it listens.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Waits for the next message, whichever alert it is about.
    pub async fn next(&self) -> Outcome<Instant> {
        let arrived = self.arrivals.lock().await.recv().await;
        Ok(arrived.ok_or("the receiver is gone")?.at)
    }

    /// Waits for a message about this alert, and drops those about others that came before.
    pub async fn arrival(&self, alert: &str) -> Outcome<Instant> {
        let mut arrivals = self.arrivals.lock().await;
        while let Some(arrival) = arrivals.recv().await {
            if arrival.alert == alert {
                return Ok(arrival.at);
            }
        }
        Err("the receiver is gone".into())
    }
}

async fn listen(listener: TcpListener, tell: mpsc::UnboundedSender<Arrival>) -> Outcome<()> {
    let listener = tokio::net::TcpListener::from_std(listener)?;
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let tell = tell.clone();
        tokio::spawn(async move {
            if let Err(error) = take_all(stream, &tell).await {
                eprintln!("a webhook could not be read: {error}");
            }
        });
    }
}

async fn take_all(mut stream: tokio::net::TcpStream, tell: &mpsc::UnboundedSender<Arrival>) -> Outcome<()> {
    let mut read = Vec::with_capacity(4_096);
    loop {
        if let Some((head, length)) = head(&read)?
            && let Some(body) = read.get(head..head + length)
        {
            let at = Instant::now();
            stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").await?;
            let message: Value = serde_json::from_slice(body)?;
            let alert = message.pointer("/data/alert").and_then(Value::as_str).unwrap_or_default().to_owned();
            read.drain(..head + length);
            if tell.send(Arrival { alert, at }).is_err() {
                return Ok(());
            }
        } else if stream.read_buf(&mut read).await? == 0 {
            return Ok(());
        }
    }
}
