//! Where police systems reach this server: the address in links.

use std::net::{IpAddr, SocketAddr};

use url::{Host, Url};

/// Reads the setting.
pub(super) fn check(text: &str) -> Result<String, String> {
    let url = Url::parse(text).map_err(|_| "public_url: it must be an http or https URL")?;
    match url.scheme() {
        "http" | "https" if url.host().is_some() && url.query().is_none() => Ok(text.trim_end_matches('/').to_owned()),
        _ => Err("public_url: it must be an http or https URL".to_owned()),
    }
}

/// Whether nobody but this machine reaches an address: that of the settings, else that which is listened on.
pub(super) fn leads_here(public_url: Option<&str>, bind: &SocketAddr) -> bool {
    let is_own = |ip: IpAddr| ip.to_canonical().is_loopback() || ip.is_unspecified();
    let Some(url) = public_url else { return is_own(bind.ip()) };
    match Url::parse(url).ok().as_ref().and_then(Url::host) {
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.');
            name == "localhost" || name.ends_with(".localhost")
        }
        Some(Host::Ipv4(ip)) => is_own(ip.into()),
        Some(Host::Ipv6(ip)) => is_own(ip.into()),
        None => true,
    }
}

#[cfg(test)]
mod tests {
    use crate::config::{Config, Flags};

    fn load(change: impl FnOnce(&mut Flags)) -> Result<Config, String> {
        let mut settings = Flags { config: "/nonexistent/holdfast.toml".into(), ..Flags::default() };
        change(&mut settings);
        Config::load(&settings)
    }

    #[test]
    fn production_needs_an_address_that_police_can_reach() {
        for own in [
            "http://127.0.0.1:8080",
            "https://localhost",
            "https://a.localhost.",
            "https://[::1]",
            "https://0.0.0.0",
            "https://127.9.9.9",
            "https://[::ffff:127.0.0.1]",
        ] {
            let refused = load(|s| {
                s.production = Some(true);
                s.public_url = Some(own.into());
            });
            assert!(refused.unwrap_err().starts_with("public_url: "), "{own}");
            assert!(load(|s| s.public_url = Some(own.into())).unwrap().has_loopback_url(), "{own}");
        }
        for bind in ["127.0.0.1:8080", "0.0.0.0:8080"] {
            let refused = load(|s| {
                s.production = Some(true);
                s.bind = Some(bind.into());
            });
            assert!(refused.unwrap_err().starts_with("public_url: "), "{bind}");
        }
        let taken = load(|s| {
            s.production = Some(true);
            s.public_url = Some("https://holdfast.example".into());
        });
        assert!(!taken.unwrap().has_loopback_url());
    }
}
