//! E-mail by SMTP.

use super::{Parcel, Sent};
use crate::app::App;
use crate::config::Config;

pub fn is_there(_: &Config) -> bool {
    false
}

pub async fn send(_: &App, _: &Parcel) -> Sent {
    Sent::failed("no_provider")
}
