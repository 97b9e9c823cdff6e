//! A receiver played by a raw socket on 127.0.0.1, so that it can misbehave as no HTTP library
//! would.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use url::Url;

/// What the receiver does after it has written the bytes it was given.
#[derive(Clone, Copy)]
pub enum Then {
    Close,
    Drip,
    Flood,
    Hang,
    /// Closes with the request unread, which makes the kernel send a reset.
    Reset,
}

pub struct Receiver {
    address: SocketAddr,
    pub requests: mpsc::UnboundedReceiver<String>,
}

impl Receiver {
    pub async fn start(answer: impl Into<String>, then: Then) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (sender, requests) = mpsc::unbounded_channel();
        let answer = answer.into();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(play(stream, answer.clone(), then, sender.clone()));
            }
        });
        Self { address, requests }
    }

    pub fn url(&self, scheme: &str, host: &str) -> Url {
        format!("{scheme}://{host}:{}/in", self.address.port()).parse().unwrap()
    }
}

async fn play(mut stream: TcpStream, answer: String, then: Then, requests: mpsc::UnboundedSender<String>) {
    if matches!(then, Then::Reset) {
        requests.send(String::new()).unwrap();
        stream.read_u8().await.unwrap();
        stream.write_all(answer.as_bytes()).await.unwrap();
        // Time for the answer to be read: the reset may overtake what is not.
        tokio::time::sleep(Duration::from_millis(50)).await;
        return;
    }
    let mut seen = Vec::new();
    while !seen.ends_with(b"{\"test\":1}") && !is_tls_greeting(&seen) {
        match stream.read_buf(&mut seen).await {
            Ok(0) | Err(_) => break,
            Ok(_) => {}
        }
    }
    let _ = requests.send(String::from_utf8_lossy(&seen).into_owned());
    stream.write_all(answer.as_bytes()).await.unwrap();
    let (piece, pause) = match then {
        Then::Close | Then::Reset => return,
        Then::Hang => (vec![], 1_000),
        Then::Drip => (vec![b'x'], 20),
        Then::Flood => (vec![b'x'; 16_384], 0),
    };
    while stream.write_all(&piece).await.is_ok() {
        tokio::time::sleep(Duration::from_millis(pause)).await;
    }
}

/// Whether a whole TLS record has been read: closing with a part unread would send a reset.
fn is_tls_greeting(seen: &[u8]) -> bool {
    match seen {
        [0x16, _, _, high, low, rest @ ..] => rest.len() >= usize::from(u16::from_be_bytes([*high, *low])),
        _ => false,
    }
}
