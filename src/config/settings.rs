//! What use cases know of the settings.

use super::Config;
use super::evidence::Limits;
use crate::outgoing::guard::{Loopback, Ways};
use crate::writing::phone::Region;

/// What use cases know of the settings: plain values. It holds no address that could be connected to and no secret, so
/// that a transaction, which holds this, can reach nothing outside of its database.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The origin that links begin with.
    pub origin: String,
    /// Whether those links lead to this machine alone.
    pub has_loopback_url: bool,
    /// Hours until an alert setting that was turned off takes effect.
    pub alert_setting_delay_hours: u32,
    /// Days for which a police route counts as proven.
    pub route_proof_days: u32,
    /// Where telephone numbers without a country code are at home.
    pub phone_region: Region,
    /// Whether staff need a second factor.
    pub is_second_factor_needed: bool,
    /// Whether accounts and doors take two people, once there are survivors, and a survivor's first phone reads once somebody
    /// has confirmed it.
    pub takes_two_people: bool,
    /// The ways out to police forces.
    pub ways: Ways,
    /// The ways out to people.
    pub carriers: Carriers,
    /// How much evidence is taken, and of which kinds.
    pub evidence: Limits,
}

/// Which channels have a provider that carries notifications.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "one for each channel, each there or not")]
pub struct Carriers {
    /// Web push.
    pub web_push: bool,
    /// Firebase Cloud Messaging.
    pub fcm: bool,
    /// Apple's push service.
    pub apns: bool,
    /// Text messages.
    pub sms: bool,
    /// E-mail: a mail server and a neutral sender.
    pub email: bool,
}

impl Config {
    /// The part of the settings that use cases know.
    #[must_use]
    pub fn for_use_cases(&self) -> Settings {
        let providers = &self.providers;
        Settings {
            origin: self.public_url.clone().unwrap_or_else(|| format!("http://{}", self.bind)),
            has_loopback_url: self.has_loopback_url(),
            alert_setting_delay_hours: self.alert_setting_delay_hours,
            route_proof_days: self.route_proof_days,
            phone_region: self.phone_region,
            is_second_factor_needed: self.is_second_factor_needed,
            takes_two_people: self.takes_two_people,
            ways: Ways {
                has_mail: self.smtp.is_some(),
                loopback: if self.may_call_loopback { Loopback::Allowed } else { Loopback::Refused },
            },
            carriers: Carriers {
                web_push: providers.web_push.is_some(),
                fcm: providers.fcm.is_some(),
                apns: providers.apns.is_some(),
                sms: providers.sms.is_some(),
                email: self.smtp.is_some() && providers.email_from.is_some(),
            },
            evidence: self.evidence.limits.clone(),
        }
    }
}
