//! Every disguise of an address, the edges of each address block, and what must stay
//! allowed.

use super::*;
use proptest::prelude::*;

fn refused(text: &str) -> Option<Refused> {
    check_url(text, Loopback::Refused).err()
}

/// `texts` are separated by white space.
fn assert_all(texts: &str, reason: Refused) {
    for text in texts.split_whitespace() {
        assert_eq!(refused(text), Some(reason), "{text}");
    }
}

#[test]
fn ordinary_receivers_are_accepted() {
    for text in [
        "https://alerts.southyorks.police.uk/holdfast",
        "https://example.org",
        "HTTPS://Example.ORG:443/a?b=c",
        "https://example.org:8443/",
        "https://example.org:1024/",
        "https://example.org:65535/",
        "https://81.2.69.142/in",
        "https://[2a00:1450:4009::200e]/in",
        "https://bücher.example.org/",
        "https://localhost.example.org/",
        "https://internal.example.org/",
    ] {
        for loopback in [Loopback::Refused, Loopback::Allowed] {
            assert!(check_url(text, loopback).is_ok(), "{text}");
        }
    }
    let url = check_url("HTTPS://Example.ORG:443/a?b=c", Loopback::Refused).unwrap();
    assert_eq!(url.as_str(), "https://example.org/a?b=c");
}

#[test]
fn other_schemes_ports_userinfo_and_fragments_are_refused() {
    assert_all(
        "http://example.org/ ftp://example.org/ file:///etc/passwd gopher://example.org/ \
         data:,x",
        Refused::NotHttps,
    );
    assert_all(
        "https://example.org:22/ https://example.org:25/ https://example.org:80/ \
         https://example.org:0/",
        Refused::Port,
    );
    assert_all("https://example.org:1023/ https://example.org:444/", Refused::Port);
    assert_all(
        "https://user@example.org/ https://:pass@example.org/ https://example.org@127.0.0.1/",
        Refused::Userinfo,
    );
    assert_all("https://example.org/# https://example.org/#@127.0.0.1/", Refused::Fragment);
}

#[test]
fn what_is_no_url_or_parsed_differently_elsewhere_is_refused() {
    let long = format!("https://example.org/{}", "a".repeat(2_048));
    let label = format!("https://{}.example.org/", "a".repeat(64));
    let name = format!("https://{}org/", "abcdefghi.".repeat(26));
    // Short as typed, too long once its path is escaped: it could be stored and never be called.
    let escaped = format!("https://example.org/{}", "\"".repeat(1_000));
    for text in [&long, &label, &name, &escaped] {
        assert_eq!(refused(text), Some(Refused::Malformed), "{text}");
    }
    assert_all(
        "example.org //example.org/ https:// https:/// https://example.org:99999/ \
         https://example.org\\@x.org/ https:\\\\example.org/ https://[::1 \
         https://[fe80::1%25eth0]/ https://a..example.org/ https://exa%00mple.org/ \
         https://1.2.3.4.5/ https://256.1.1.1/",
        Refused::Malformed,
    );
    for text in
        ["", " https://example.org/", "https://example.org/\n", "https://exa\tmple.org/", "https://\u{a0}a.org/"]
    {
        assert_eq!(refused(text), Some(Refused::Malformed), "{text:?}");
    }
}

#[test]
fn loopback_is_recognised_in_every_spelling() {
    assert_all(
        "https://127.0.0.1/ https://127.255.255.254/ https://2130706433/ https://0x7f000001/ \
         https://017700000001/ https://0x7f.1/ https://127.1/ https://0177.0.0.1/ \
         https://127.0.0.1./ https://\u{ff11}\u{ff12}\u{ff17}.0.0.1/ \
         https://127\u{3002}0\u{3002}0\u{3002}1/ https://\u{2460}\u{2461}\u{2466}.0.0.1/ \
         https://%31%32%37.0.0.1/ https://0/ https://0.0.0.0/ https://[::1]/ https://[::]/ \
         https://[0:0:0:0:0:0:0:1]/ https://[::ffff:127.0.0.1]/ https://[::ffff:7f00:1]/ \
         https://[::127.0.0.1]/ https://[64:ff9b::7f00:1]/ https://[64:ff9b:1::7f00:1]/ \
         https://[2002:7f00:1::]/ https://[2001:0:7f00:1::]/",
        Refused::PrivateAddress,
    );
}

#[test]
fn private_and_special_addresses_are_refused() {
    assert_all(
        "https://10.0.0.1/ https://172.16.0.1/ https://192.168.0.1/ https://100.64.0.1/ \
         https://169.254.169.254/latest/meta-data/ https://2852039166/ https://0xa9fea9fe/ \
         https://[fd00:ec2::254]/ https://[::ffff:169.254.169.254]/ https://168.63.129.16/ \
         https://192.0.0.192/ https://100.100.100.200/ https://224.0.0.1/ \
         https://255.255.255.255/ https://240.0.0.1/ https://198.18.0.1/ https://[fe80::1]/ \
         https://[fc00::1]/ https://[ff02::1]/ https://[2001:db8::1]/",
        Refused::PrivateAddress,
    );
}

#[test]
fn local_names_are_refused() {
    assert_all(
        "https://localhost/ https://LOCALHOST/ https://localhost./ https://app.localhost/ \
         https://\u{ff4c}ocalhost/ https://printer/ https://printer.local/ https://db.internal/ \
         https://metadata.google.internal/ https://router.home.arpa/ \
         https://localhost.localdomain/ https://nas.lan/ https://example.org./",
        Refused::LocalName,
    );
}

#[test]
fn loopback_hosts_are_accepted_only_where_the_operator_allowed_them() {
    for text in [
        "http://127.0.0.1:8080/in",
        "https://127.0.0.1:8443/in",
        "http://127.1/",
        "http://[::1]:8080/",
        "http://localhost:8080/",
        "http://police.localhost/",
    ] {
        assert!(check_url(text, Loopback::Allowed).is_ok(), "{text}");
        assert!(check_url(text, Loopback::Refused).is_err(), "{text}");
    }
    let allowed = |text| check_url(text, Loopback::Allowed).err();
    assert_eq!(allowed("http://example.org/"), Some(Refused::NotHttps));
    assert_eq!(allowed("http://81.2.69.142/"), Some(Refused::NotHttps));
    assert_eq!(allowed("http://10.0.0.1/"), Some(Refused::PrivateAddress));
    assert_eq!(allowed("https://0.0.0.0/"), Some(Refused::PrivateAddress));
    assert_eq!(allowed("https://[::ffff:127.0.0.1]/"), Some(Refused::PrivateAddress));
    assert_eq!(allowed("https://printer/"), Some(Refused::LocalName));
    assert_eq!(allowed("http://localhost:22/"), Some(Refused::Port));
    assert_eq!(allowed("http://user@localhost/"), Some(Refused::Userinfo));
    assert_eq!(allowed("ftp://localhost/"), Some(Refused::NotHttps));
}

#[test]
fn the_edges_of_the_special_blocks_are_where_the_registries_put_them() {
    let blocks = "0.0.0.0-0.255.255.255 10.0.0.0-10.255.255.255 100.64.0.0-100.127.255.255 \
        127.0.0.0-127.255.255.255 169.254.0.0-169.254.255.255 172.16.0.0-172.31.255.255 \
        192.0.0.0-192.0.0.255 192.0.2.0-192.0.2.255 192.88.99.0-192.88.99.255 \
        192.168.0.0-192.168.255.255 198.18.0.0-198.19.255.255 198.51.100.0-198.51.100.255 \
        203.0.113.0-203.0.113.255 224.0.0.0-255.255.255.255";
    for (first, last) in blocks.split(' ').filter_map(|block| block.split_once('-')) {
        let (first, last) = (first.parse::<Ipv4Addr>().unwrap(), last.parse::<Ipv4Addr>().unwrap());
        assert!(!is_public(first.into()) && !is_public(last.into()), "{first} {last}");
        for near in [first.to_bits().checked_sub(1), last.to_bits().checked_add(1)].into_iter().flatten() {
            assert!(is_public(Ipv4Addr::from_bits(near).into()), "{}", Ipv4Addr::from_bits(near));
        }
    }
    for public in ["2000::1", "2001:200::", "2001:db7::", "2001:db9::", "2003::", "2a00::1", "3fff:1000::"] {
        assert!(is_public(public.parse().unwrap()), "{public}");
    }
    let special = ":: ::1 ::8.8.8.8 ::ffff:8.8.8.8 64:ff9b::808:808 64:ff9b:1::1 100::1 2001::1 \
        2001:2::1 2001:10::1 2001:20::1 2001:1ff:ffff:: 2001:db8:ffff:: 2002:: 2002:ffff:: \
        3fff:: 3fff:fff:: 4000:: 5f00::1 fc00:: fdff:: fe80:: febf:: fec0:: ff00:: ffff::";
    for special in special.split(' ') {
        assert!(!is_public(special.parse().unwrap()), "{special}");
    }
}

#[test]
fn every_reason_has_its_own_word_and_one_sentence() {
    use Refused::*;
    let all = [Malformed, NotHttps, Userinfo, Fragment, Port, LocalName, PrivateAddress];
    let codes: std::collections::BTreeSet<_> = all.iter().map(|reason| reason.code()).collect();
    assert_eq!(codes.len(), all.len());
    for reason in all {
        let text = reason.to_string();
        assert!(text.ends_with('.') && text.matches(". ").count() == 0, "{text}");
    }
}

fn addresses(texts: &[&str]) -> Vec<SocketAddr> {
    texts.iter().map(|text| SocketAddr::new(text.parse().unwrap(), 0)).collect()
}

#[test]
fn the_resolver_drops_what_is_not_public_and_says_when_nothing_is_left() {
    let resolver = PinnedResolver::new(Loopback::Refused);
    let keep = |texts: &[&str]| resolver.keep("example.org", addresses(texts).into_iter());
    let kept = keep(&["10.0.0.1", "81.2.69.142", "::1", "2a00::1", "169.254.169.254"]).unwrap();
    assert_eq!(kept, addresses(&["81.2.69.142", "2a00::1"]));
    assert!(matches!(keep(&["127.0.0.1", "::ffff:8.8.8.8"]), Err(ResolveError::Blocked)));
    assert!(matches!(keep(&[]), Err(ResolveError::Lookup(_))));
}

#[test]
fn a_loopback_name_never_leads_off_the_machine() {
    let resolver = PinnedResolver::new(Loopback::Allowed);
    for name in ["localhost", "police.localhost"] {
        let kept = resolver.keep(name, addresses(&["81.2.69.142", "127.0.0.1"]).into_iter()).unwrap();
        assert_eq!(kept, addresses(&["127.0.0.1"]));
    }
    let kept = resolver.keep("example.org", addresses(&["10.0.0.1", "127.0.0.1"]).into_iter()).unwrap();
    assert_eq!(kept, addresses(&["127.0.0.1"]));
}

#[tokio::test]
async fn the_resolver_resolves_localhost_only_where_allowed() {
    let resolve = |loopback| PinnedResolver::new(loopback).resolve("localhost".parse().unwrap());
    let error = resolve(Loopback::Refused).await.err().unwrap();
    assert!(matches!(error.downcast_ref(), Some(ResolveError::Blocked)));
    let found: Vec<_> = resolve(Loopback::Allowed).await.unwrap().collect();
    assert!(!found.is_empty() && found.iter().all(|address| address.ip().is_loopback()));
}

proptest! {
    #[test]
    fn no_spelling_of_an_ipv4_address_changes_the_verdict(bits in any::<u32>()) {
        let ip = Ipv4Addr::from_bits(bits);
        let [a, b, c, d] = ip.octets();
        let spellings = [
            format!("https://{ip}/"),
            format!("https://{bits}/"),
            format!("https://{bits:#x}/"),
            format!("https://0{bits:o}/"),
            format!("https://{a:#x}.0{b:o}.{c}.{d:#x}/"),
            format!("https://{a}.{}/", bits & 0x00ff_ffff),
        ];
        for text in spellings {
            let accepted = check_url(&text, Loopback::Refused).is_ok();
            prop_assert_eq!(accepted, is_public(ip.into()), "{}", text);
        }
        let nat64 = Ipv6Addr::from_bits((0x0064_ff9b << 96) | u128::from(bits));
        let inside = [ip.to_ipv6_mapped(), ip.to_ipv6_compatible(), nat64];
        for ip in inside {
            prop_assert!(!is_public(ip.into()));
        }
    }

    #[test]
    fn an_accepted_url_is_accepted_again_as_stored(
        text in "(https?://)?[a-z0-9.:@\\[\\]%#/-]{1,30}",
    ) {
        for loopback in [Loopback::Refused, Loopback::Allowed] {
            if let Ok(url) = check_url(&text, loopback) {
                prop_assert_eq!(check_url(url.as_str(), loopback), Ok(url));
            }
        }
    }

    #[test]
    fn no_text_makes_the_guard_panic(text in ".*") {
        let _ = check_url(&text, Loopback::Refused);
        let _ = check_url(&format!("https://{text}/"), Loopback::Allowed);
    }
}
