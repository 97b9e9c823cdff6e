//! Keeps outgoing webhooks away from our own network (server-side request forgery, OWASP ASVS 5.0
//! V1.3.6).
//!
//! Used twice: [`check_url`] when an operator registers an endpoint and again before each attempt,
//! and [`PinnedResolver`] when a connection is opened. Guarantee: the address that is connected to
//! is one that [`is_public`] accepted, since a name is resolved once and what was checked is what
//! is handed to the connector; a name that is public at registration and private later gains
//! nothing.
//!
//! Which addresses are public follows the IANA IPv4 and IPv6 Special-Purpose Address Registries
//! (RFC 6890).

use std::error::Error;
use std::fmt;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::pin::Pin;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

/// The longest URL taken, in bytes: enough for any receiver, too little to fill a log or a column.
const MAX_URL_BYTES: usize = 2_048;
/// The longest DNS name and the longest label in it (RFC 1035, section 2.3.4).
const MAX_NAME_BYTES: usize = 253;
const MAX_LABEL_BYTES: usize = 63;
/// Below this, ports belong to system services (RFC 6335, section 6): a webhook to 22 or 25 talks
/// to no receiver.
const FIRST_USER_PORT: u16 = 1_024;
/// Suffixes that name machines of a local network: RFC 6762, ICANN's reservation of `internal`, RFC
/// 8375, habit.
const LOCAL_SUFFIXES: [&str; 6] = [".localhost", ".local", ".internal", ".home.arpa", ".localdomain", ".lan"];

/// Whether receivers on this very machine may be called (`--allow-loopback-webhooks`; development
/// and tests only).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loopback {
    /// Production: no loopback host or address, HTTPS only.
    Refused,
    /// Development: also `http` and `https` to `127.0.0.0/8`, `::1`, `localhost` and `*.localhost`.
    Allowed,
}

/// The ways out to the police that this server is configured for.
#[derive(Clone, Copy, Debug)]
pub struct Ways {
    /// Whether it has a mail server.
    pub has_mail: bool,
    /// Whether it may call its own machine.
    pub loopback: Loopback,
}

/// Why a URL may not be called. The text may be shown to the operator: it repeats nothing of the
/// URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Not a URL, too long, or with characters that parsers are known to disagree on.
    Malformed,
    /// Another scheme than HTTPS.
    NotHttps,
    /// A user name or password is before the host; it would leak into logs and is a known
    /// disguise.
    Userinfo,
    /// A fragment, which is never sent: the operator means something that will not happen.
    Fragment,
    /// A port other than the scheme's own that lies below 1024.
    Port,
    /// A name of this machine or of a local network.
    LocalName,
    /// An address that is not on the public internet.
    PrivateAddress,
}

impl Refused {
    /// A stable word for the API's answer and for the record of an attempt.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Malformed => "url_malformed",
            Self::NotHttps => "url_not_https",
            Self::Userinfo => "url_userinfo",
            Self::Fragment => "url_fragment",
            Self::Port => "url_port",
            Self::LocalName => "url_local_name",
            Self::PrivateAddress => "url_private_address",
        }
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Malformed => "The webhook URL is not a valid URL of at most 2048 bytes.",
            Self::NotHttps => "The webhook URL must start with https://.",
            Self::Userinfo => "The webhook URL must not contain a user name or password.",
            Self::Fragment => "The webhook URL must not contain a fragment.",
            Self::Port => "The webhook URL must use port 443 or a port from 1024 upwards.",
            Self::LocalName => "The webhook URL must name a public host, in full and without a final dot.",
            Self::PrivateAddress => "The webhook URL must point to an address on the public internet.",
        })
    }
}

impl Error for Refused {}

/// Parses and judges the URL of a webhook endpoint; the URL that comes back is the one to store and
/// to call.
///
/// HTTPS only, except to a loopback host under [`Loopback::Allowed`]. The port is the scheme's own
/// (443) or any from 1024 upwards: receivers do listen on 8443 and the like, while every port below
/// belongs to a service that is not one. The host is judged as the WHATWG URL parser understood it,
/// so that decimal, octal, hexadecimal, short and full-width spellings of an address are the
/// address. A name is judged again by [`PinnedResolver`] once resolved.
///
/// # Errors
/// When there is a reason to refuse it: the first one, as [`Refused`].
pub fn check_url(text: &str, loopback: Loopback) -> Result<Url, Refused> {
    // The parser would drop or turn round these characters; other parsers do otherwise, and an
    // attacker lives there.
    let is_odd = |c: char| c.is_control() || c.is_whitespace() || c == '\\';
    if text.len() > MAX_URL_BYTES || text.contains(is_odd) {
        return Err(Refused::Malformed);
    }
    let url = Url::parse(text).map_err(|_| Refused::Malformed)?;
    // Escaping lengthens a URL; what is accepted now must be accepted again as it is stored.
    if url.as_str().len() > MAX_URL_BYTES {
        return Err(Refused::Malformed);
    }
    let host = match url.scheme() {
        "http" | "https" => url.host().ok_or(Refused::Malformed)?,
        _ => return Err(Refused::NotHttps),
    };
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Refused::Userinfo);
    }
    if url.fragment().is_some() {
        return Err(Refused::Fragment);
    }
    // `port()` is `None` for the scheme's own port, also where it was written out.
    if url.port().is_some_and(|port| port < FIRST_USER_PORT) {
        return Err(Refused::Port);
    }
    if loopback == Loopback::Allowed && is_loopback_host(&host) {
        return Ok(url);
    }
    match host {
        Host::Ipv4(ip) => check_address(ip.into())?,
        Host::Ipv6(ip) => check_address(ip.into())?,
        Host::Domain(name) => check_name(name)?,
    }
    if url.scheme() == "https" { Ok(url) } else { Err(Refused::NotHttps) }
}

fn check_address(ip: IpAddr) -> Result<(), Refused> {
    if is_public(ip) { Ok(()) } else { Err(Refused::PrivateAddress) }
}

/// `name` is in lower case and in punycode: the URL parser saw to it.
fn check_name(name: &str) -> Result<(), Refused> {
    let is_local = LOCAL_SUFFIXES.iter().any(|suffix| name.ends_with(suffix));
    if is_local || name.ends_with('.') || !name.contains('.') {
        return Err(Refused::LocalName);
    }
    let is_label = |label: &str| (1..=MAX_LABEL_BYTES).contains(&label.len());
    if name.len() > MAX_NAME_BYTES || !name.split('.').all(is_label) {
        return Err(Refused::Malformed);
    }
    Ok(())
}

fn is_loopback_host(host: &Host<&str>) -> bool {
    match host {
        Host::Ipv4(ip) => ip.is_loopback(),
        Host::Ipv6(ip) => ip.is_loopback(),
        Host::Domain(name) => is_loopback_name(name),
    }
}

/// RFC 6761, section 6.3: `localhost` and everything below it.
fn is_loopback_name(name: &str) -> bool {
    name == "localhost" || name.ends_with(".localhost")
}

/// Whether an address lies on the public internet, so that calling it cannot reach our own network.
///
/// IPv6 forms that carry an IPv4 address inside (mapped, compatible, NAT64, 6to4, Teredo) are never
/// public, whatever they carry: a translator on the way would open them, and no receiver needs
/// them. A host that reaches IPv4 only through NAT64 therefore needs a local translation (464XLAT,
/// RFC 6877).
#[must_use]
pub fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let special = match ip.octets() {
        [0 | 10 | 127, ..] => true,  // this network, private use (RFC 1918), loopback
        [100, 64..=127, ..] => true, // carrier-grade NAT (RFC 6598)
        [169, 254, ..] => true,      // link-local (RFC 3927), cloud metadata at 169.254.169.254
        [172, 16..=31, ..] => true,  // private use
        [192, 168, ..] => true,      // private use
        [192, 0, 0 | 2, _] => true,  // protocol assignments (RFC 6890), documentation (RFC 5737)
        [192, 88, 99, _] => true,    // 6to4 relays (RFC 7526)
        [198, 18 | 19, ..] => true,  // benchmarking (RFC 2544)
        [198, 51, 100, _] => true,   // documentation
        [203, 0, 113, _] => true,    // documentation
        [168, 63, 129, 16] => true,  // Azure's metadata service, though a public address
        [224..=255, ..] => true,     // multicast, reserved (RFC 1112), broadcast
        _ => false,
    };
    !special
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    // Only 2000::/3 is global unicast (RFC 4291): this alone leaves out ::, ::1, mapped and
    // compatible addresses, NAT64 (64:ff9b::/96, 64:ff9b:1::/48), unique-local (with
    // fd00:ec2::254), link-local, site-local and multicast.
    match ip.segments() {
        [0x2001, 0..=0x01ff, ..] => false, // protocol assignments (RFC 2928), with Teredo 2001::/32
        [0x2001, 0x0db8, ..] => false,     // documentation (RFC 3849)
        [0x2002, ..] => false,             // 6to4 (RFC 3056)
        [0x3fff, 0..=0x0fff, ..] => false, // documentation (RFC 9637)
        [0x2000..=0x3fff, ..] => true,
        _ => false,
    }
}

/// Why [`PinnedResolver`] gave no address. [`super::outbound::Outbound`] finds it in the chain of
/// causes.
#[derive(Debug)]
pub enum ResolveError {
    /// The name could not be resolved, or has no address.
    Lookup(io::Error),
    /// The name has addresses, and none of them may be called.
    Blocked,
}

impl fmt::Display for ResolveError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Lookup(_) => "The host name could not be resolved.",
            Self::Blocked => "The host name points to no address on the public internet.",
        })
    }
}

impl Error for ResolveError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Lookup(cause) => Some(cause),
            Self::Blocked => None,
        }
    }
}

/// Resolves a name once, with the system's resolver, and hands on only addresses that may be
/// called.
///
/// It is asked when a connection is opened. It is never asked about IP literals, which is why
/// [`check_url`] judges those before each attempt.
#[derive(Clone, Copy, Debug)]
pub struct PinnedResolver {
    loopback: Loopback,
    lookup: Lookup,
}

/// A look-up in progress: the addresses of a name, or why there are none.
type Found = Pin<Box<dyn Future<Output = io::Result<Vec<SocketAddr>>> + Send>>;

/// Who is asked for the addresses of a name. Whatever it answers is judged afterwards.
type Lookup = fn(String) -> Found;

/// Asks the system.
fn ask_system(name: String) -> Found {
    // Port 0: the connector puts in the port of the URL.
    Box::pin(async move { Ok(tokio::net::lookup_host((name, 0)).await?.collect()) })
}

impl PinnedResolver {
    /// A resolver for the outbound client.
    #[must_use]
    pub const fn new(loopback: Loopback) -> Self {
        Self { loopback, lookup: ask_system }
    }

    /// One that asks somebody else, who may lie.
    #[cfg(test)]
    pub(super) const fn asking(loopback: Loopback, lookup: Lookup) -> Self {
        Self { loopback, lookup }
    }

    fn allows(self, name: &str, ip: IpAddr) -> bool {
        if is_loopback_name(name) {
            // Such a name may be called in plain HTTP, so it must not lead off the machine either:
            // some resolvers ask the network for `x.localhost`.
            return self.loopback == Loopback::Allowed && ip.is_loopback();
        }
        is_public(ip) || (self.loopback == Loopback::Allowed && ip.is_loopback())
    }

    fn keep(self, name: &str, found: impl Iterator<Item = SocketAddr>) -> Result<Vec<SocketAddr>, ResolveError> {
        let mut found = found.peekable();
        if found.peek().is_none() {
            return Err(ResolveError::Lookup(io::ErrorKind::NotFound.into()));
        }
        let kept: Vec<SocketAddr> = found.filter(|address| self.allows(name, address.ip())).collect();
        if kept.is_empty() { Err(ResolveError::Blocked) } else { Ok(kept) }
    }
}

impl Resolve for PinnedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let resolver = *self;
        Box::pin(async move {
            let name = name.as_str();
            let found = (resolver.lookup)(name.to_owned()).await.map_err(ResolveError::Lookup)?;
            let addresses: Addrs = Box::new(resolver.keep(name, found.into_iter())?.into_iter());
            Ok(addresses)
        })
    }
}

#[cfg(test)]
mod tests;
