//! Where a request comes from. Attempts are counted by it, and nothing else asks.
//!
//! It is the peer, unless the peer is one of the proxies that the settings name. Then it is the last hop of `Forwarded`
//! (RFC 7239) or `X-Forwarded-For` that is none of them. Whatever precedes that hop is the client's own word and is not
//! read. A hop that cannot be read, and two headers that disagree, say nothing: then it is the peer.

use std::net::IpAddr;
use std::str::FromStr;

use actix_web::HttpRequest;
use actix_web::http::header::HeaderMap;

/// The addresses and networks of our own proxies.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrustedProxies(Vec<Network>);

impl TrustedProxies {
    /// Reads a list that is separated by commas.
    ///
    /// # Errors
    /// When an entry is neither an address nor a network: one line about the first.
    pub fn parse(list: &str) -> Result<Self, String> {
        let entries = list.split(',').map(str::trim).filter(|entry| !entry.is_empty());
        entries.map(str::parse).collect::<Result<_, _>>().map(Self)
    }

    fn includes(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(address))
    }
}

/// A network, or a single address as the smallest of networks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Network {
    address: IpAddr,
    prefix: u32,
}

impl Network {
    fn contains(self, other: IpAddr) -> bool {
        let ((own, width), (other, other_width)) = (bits(self.address), bits(other));
        width == other_width && (own ^ other).checked_shr(width - self.prefix).unwrap_or(0) == 0
    }
}

impl FromStr for Network {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("{text} is neither an address nor a network such as 10.0.0.0/8");
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix.parse().map_err(|_| wrong())?)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| wrong())?;
        let (_, width) = bits(address);
        let prefix = prefix.unwrap_or(width);
        if prefix > width { Err(wrong()) } else { Ok(Self { address, prefix }) }
    }
}

/// The bits of an address, and how many they are.
fn bits(address: IpAddr) -> (u128, u32) {
    match address {
        IpAddr::V4(v4) => (u128::from(v4.to_bits()), 32),
        IpAddr::V6(v6) => (v6.to_bits(), 128),
    }
}

/// Where a request comes from.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct ClientAddress(Option<IpAddr>);

impl ClientAddress {
    /// Reads it off a request.
    #[must_use]
    pub fn of(request: &HttpRequest, trusted: &TrustedProxies) -> Self {
        let peer = request.peer_addr().map(|peer| peer.ip().to_canonical());
        Self(peer.map(|peer| client(peer, request.headers(), trusted)))
    }

    /// What attempts are counted by: one household or network has a whole /64 of IPv6 to itself.
    #[must_use]
    pub fn network(self) -> Vec<u8> {
        match self.0 {
            Some(IpAddr::V4(v4)) => v4.octets().to_vec(),
            Some(IpAddr::V6(v6)) => v6.octets().into_iter().take(8).collect(),
            None => Vec::new(),
        }
    }
}

/// A hop that can be read, or none.
type Hop = Option<IpAddr>;

fn client(peer: IpAddr, headers: &HeaderMap, trusted: &TrustedProxies) -> IpAddr {
    if !trusted.includes(peer) {
        return peer;
    }
    let told = [lines(headers, "forwarded").map(forwarded), lines(headers, "x-forwarded-for").map(forwarded_for)];
    let mut told = told.into_iter().flatten().map(|hops| last_stranger(hops, trusted));
    match (told.next(), told.next()) {
        (Some(Some(one)), None) => one,
        (Some(Some(one)), Some(Some(other))) if one == other => one,
        _ => peer,
    }
}

/// All lines of a header as one list, as RFC 9110 joins them; what is not text cannot be read.
fn lines(headers: &HeaderMap, name: &str) -> Option<String> {
    let lines: Vec<&str> = headers.get_all(name).map(|line| line.to_str().unwrap_or("\u{fffd}")).collect();
    if lines.is_empty() { None } else { Some(lines.join(",")) }
}

/// The last hop that is none of our proxies. None where a hop on the way to it cannot be read, or there is none.
fn last_stranger(hops: Vec<Hop>, trusted: &TrustedProxies) -> Option<IpAddr> {
    let strange = |hop: &Hop| hop.is_none_or(|address| !trusted.includes(address));
    hops.into_iter().rev().find(strange).flatten()
}

fn forwarded_for(list: String) -> Vec<Hop> {
    list.split(',').map(node).collect()
}

fn forwarded(list: String) -> Vec<Hop> {
    // A client could hide what the proxy adds within a quote of its own that never ends.
    let Some(elements) = split(&list, ',') else { return Vec::new() };
    elements.into_iter().map(forwarded_element).collect()
}

fn forwarded_element(element: &str) -> Hop {
    let pairs = split(element, ';')?;
    let mut pairs = pairs.into_iter().filter_map(|pair| pair.split_once('='));
    let (_, value) = pairs.find(|(name, _)| name.trim().eq_ignore_ascii_case("for"))?;
    let value = value.trim();
    match value.strip_prefix('"') {
        Some(quoted) => quoted.strip_suffix('"').and_then(node),
        None => node(value),
    }
}

/// The parts between separators outside of quotes. None where a quote never ends.
fn split(list: &str, separator: char) -> Option<Vec<&str>> {
    let (mut is_quoted, mut is_escaped) = (false, false);
    let parts = list.split(|c: char| {
        let escapes = is_quoted && c == '\\' && !is_escaped;
        if c == '"' && !is_escaped {
            is_quoted = !is_quoted;
        }
        is_escaped = escapes;
        c == separator && !is_quoted
    });
    let parts = parts.collect();
    if is_quoted { None } else { Some(parts) }
}

/// The address of a node, with a port or without. `unknown` and names that hide an address are none.
fn node(text: &str) -> Hop {
    let text = text.trim();
    let address: IpAddr = match text.strip_prefix('[') {
        Some(rest) => {
            let (inner, port) = rest.split_once(']')?;
            let is_whole = port.is_empty() || port.strip_prefix(':').is_some_and(is_port);
            IpAddr::V6(inner.parse().ok().filter(|_| is_whole)?)
        }
        None => match text.parse() {
            Ok(address) => address,
            Err(_) => {
                let (host, port) = text.split_once(':')?;
                IpAddr::V4(host.parse().ok().filter(|_| is_port(port))?)
            }
        },
    };
    Some(address.to_canonical())
}

/// A port, or a name that hides one.
fn is_port(text: &str) -> bool {
    let is_number = (1..=5).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number || text.strip_prefix('_').is_some_and(|hidden| !hidden.is_empty())
}

#[cfg(test)]
mod tests;
