use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use proptest::prelude::*;

use super::*;

const PROXY: &str = "10.0.0.1";

fn trusted() -> TrustedProxies {
    TrustedProxies::parse("10.0.0.0/8, 192.0.2.7 ,2001:db8:1::/48").unwrap()
}

fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

fn seen(peer: &str, headers: &[(&str, &str)]) -> IpAddr {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
        map.append(name, HeaderValue::from_bytes(value.as_bytes()).unwrap());
    }
    client(ip(peer), &map, &trusted())
}

#[test]
fn a_peer_that_is_no_proxy_is_believed_nothing() {
    for header in ["forwarded", "x-forwarded-for"] {
        assert_eq!(seen("198.51.100.9", &[(header, "for=203.0.113.5")]), ip("198.51.100.9"));
    }
    let none = TrustedProxies::default();
    assert_eq!(client(ip(PROXY), &HeaderMap::new(), &none), ip(PROXY));
}

#[test]
fn the_last_hop_that_is_no_proxy_counts_over_all_lines() {
    let told: [(&[(&str, &str)], &str); 12] = [
        (&[("x-forwarded-for", "203.0.113.5")], "203.0.113.5"),
        (&[("x-forwarded-for", "198.51.100.1, 203.0.113.5, 10.2.3.4")], "203.0.113.5"),
        (&[("x-forwarded-for", "198.51.100.1"), ("x-forwarded-for", "203.0.113.5,192.0.2.7")], "203.0.113.5"),
        (&[("x-forwarded-for", "nonsense, 203.0.113.5:4711")], "203.0.113.5"),
        (&[("x-forwarded-for", "2001:db8:2::5")], "2001:db8:2::5"),
        (&[("x-forwarded-for", "[2001:db8:2::5]:443, 2001:db8:1::1")], "2001:db8:2::5"),
        (&[("x-forwarded-for", "::ffff:203.0.113.5")], "203.0.113.5"),
        (&[("forwarded", "for=198.51.100.1;proto=https, For=\"203.0.113.5:80\";by=10.0.0.1")], "203.0.113.5"),
        (&[("forwarded", "proto=https;for=\"[2001:db8:2::5]:_port\"")], "2001:db8:2::5"),
        (&[("forwarded", "for=198.51.100.1;host=\"a,b;for=9.9.9.9\", for=203.0.113.5")], "203.0.113.5"),
        (&[("forwarded", "for=203.0.113.5"), ("forwarded", "for=10.9.9.9")], "203.0.113.5"),
        (&[("forwarded", "for=203.0.113.5"), ("x-forwarded-for", "1.1.1.1, 203.0.113.5")], "203.0.113.5"),
    ];
    for (headers, expected) in told {
        assert_eq!(seen(PROXY, headers), ip(expected), "{headers:?}");
    }
}

#[test]
fn what_cannot_be_read_is_the_proxy_itself() {
    let told: [&[(&str, &str)]; 17] = [
        &[],
        &[("x-forwarded-for", "")],
        &[("x-forwarded-for", "unknown")],
        &[("x-forwarded-for", "203.0.113.5, unknown")],
        &[("x-forwarded-for", "203.0.113.5, 10.0.0.2,")],
        &[("x-forwarded-for", "10.0.0.2, 10.0.0.3")],
        &[("x-forwarded-for", "203.0.113.5:")],
        &[("x-forwarded-for", "203.0.113.5:123456")],
        &[("x-forwarded-for", "[2001:db8:2::5")],
        &[("x-forwarded-for", "[203.0.113.5]")],
        &[("forwarded", "for=_hidden")],
        &[("forwarded", "for=unknown")],
        &[("forwarded", "for=\"203.0.113.5")],
        &[("forwarded", "by=203.0.113.5")],
        &[("forwarded", "for=\"x, for=203.0.113.5")],
        &[("forwarded", "for=198.51.100.1;x=\""), ("forwarded", "for=203.0.113.5")],
        &[("forwarded", "for=198.51.100.1"), ("x-forwarded-for", "203.0.113.5")],
    ];
    for headers in told {
        assert_eq!(seen(PROXY, headers), ip(PROXY), "{headers:?}");
    }
}

#[test]
fn a_household_counts_as_one_and_a_list_names_what_is_wrong_in_it() {
    let network = |text: &str| ClientAddress(Some(ip(text))).network();
    assert_eq!(network("2001:db8:2::5"), network("2001:db8:2::ffff"));
    assert_ne!(network("2001:db8:2::5"), network("2001:db8:2:1::5"));
    assert_ne!(network("203.0.113.5"), network("203.0.113.6"));
    for wrong in ["10.0.0.0/33", "10.0.0", "::/129", "proxy.example", "10.0.0.0/x"] {
        assert!(TrustedProxies::parse(wrong).unwrap_err().starts_with(wrong), "{wrong}");
    }
    assert!(TrustedProxies::parse("0.0.0.0/0").unwrap().includes(ip("203.0.113.5")));
    assert!(!TrustedProxies::parse("0.0.0.0/0").unwrap().includes(ip("::1")));
}

proptest! {
    /// Nothing that a client sends ahead of what the proxy adds changes anything.
    #[test]
    fn a_client_cannot_choose_its_own_address(own in "(for=9\\.9\\.9\\.9)?[;,=x\"\\\\ ]{0,12}", address: std::net::Ipv4Addr) {
        let address = IpAddr::V4(address);
        prop_assume!(!trusted().includes(address));
        let found = seen(PROXY, &[("x-forwarded-for", &own), ("x-forwarded-for", &address.to_string())]);
        prop_assert_eq!(found, address);
        // With `Forwarded`, a quote that never ends leaves nothing to read, which is the proxy itself.
        let found = seen(PROXY, &[("forwarded", &own), ("forwarded", &format!("for={address}"))]);
        prop_assert!(found == address || found == ip(PROXY), "{}", found);
    }

    /// An address is read however it is written, with a port or without.
    #[test]
    fn an_address_is_found_in_either_header(address: std::net::Ipv6Addr, port in 1u16..) {
        let address = IpAddr::V6(address).to_canonical();
        prop_assume!(!trusted().includes(address) && address.is_ipv6());
        for text in [format!("[{address}]:{port}"), format!("[{address}]")] {
            prop_assert_eq!(seen(PROXY, &[("x-forwarded-for", &text)]), address);
            prop_assert_eq!(seen(PROXY, &[("forwarded", &format!("for=\"{text}\""))]), address);
        }
    }
}
