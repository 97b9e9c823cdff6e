//! Values of settings that are more than words: each names its setting where it is wrong.

use std::net::SocketAddr;
use std::path::Path;

use crate::db::{StandbyCheck, Target};
use crate::outgoing::guard::{Loopback, check_url};

pub(super) fn address(name: &str, text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| format!("{name}: it must be an address and a port, such as 127.0.0.1:8080"))
}

pub(super) fn dead_man_url(url: &str, may_call_loopback: bool) -> Result<url::Url, String> {
    let loopback = if may_call_loopback { Loopback::Allowed } else { Loopback::Refused };
    check_url(url, loopback).map_err(|why| format!("dead_man_url: {why}"))
}

pub(super) fn target(name: &str, url: Option<&str>, default: &Path) -> Result<Target, String> {
    match url {
        Some(url) => Target::parse(url).map_err(|why| format!("{name}: {why}")),
        None => Ok(Target::Sqlite(default.to_owned())),
    }
}

pub(super) fn standby(word: &str) -> Result<StandbyCheck, String> {
    match word {
        "confirm" => Ok(StandbyCheck::Confirm),
        "trust-provider" => Ok(StandbyCheck::TrustProvider),
        _ => Err("standby: it must be confirm or trust-provider".to_owned()),
    }
}

pub(super) fn within(name: &str, value: u32, least: u32, most: u32) -> Result<u32, String> {
    if (least..=most).contains(&value) {
        return Ok(value);
    }
    Err(format!("{name}: it must be between {least} and {most}"))
}
