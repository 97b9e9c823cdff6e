//! The scopes of consent and alert settings, each under its one code.

use std::{fmt, str::FromStr};

use serde::Deserialize;

use crate::identity::OrganisationKind;

/// One thing a survivor agrees to or not: what is shared with whom, or what an alert does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub enum Scope {
    /// The service itself: the only scope that starts on.
    ServiceCore,
    /// Check-ins and alerts, as states, to the practitioners of the programme.
    ShareProgrammeStatus,
    /// Incidents by week and behaviour, patterns and suspected breaches, to the programme.
    ShareProgrammeIncidentSummary,
    /// The account of each incident, to the programme.
    ShareProgrammeIncidentFull,
    /// The survivor's own wishes and words, to the programme.
    ShareProgrammeVoice,
    /// News about the programme, to the survivor.
    UpdatesProgramme,
    /// Incidents made visible to the police.
    SharePoliceIncident,
    /// Evidence of those incidents, to the police.
    SharePoliceEvidence,
    /// Speaking to the survivor's trusted contacts.
    ContactTrusted,
    /// Neutral text messages to the survivor.
    ContactSms,
    /// Neutral calls to the survivor.
    ContactVoice,
    /// Neutral notices on the survivor's device.
    ContactPush,
    /// Counting the survivor in figures without identities.
    StatsAggregate,
    /// Asking the survivor to take part in research.
    ResearchFollowup,
    /// Alert setting: emergencies, such as help-now, go to the police.
    AlertPoliceHelpNow,
    /// Alert setting: unanswered urgent alerts, such as a missed check-in, go to the police.
    AlertPoliceMissed,
    /// Alert setting: breaches of an order go to the police.
    AlertPoliceBreach,
    /// Alert setting: the device sends where it is at the moment of a check-in or help-now.
    LocationMoment,
    /// Alert setting: that place is released to the officer who handles an alert.
    LocationReleaseAlert,
}

impl Scope {
    /// Every scope, in the order in which people see them: sharing first, then the alert settings.
    pub const ALL: [Self; 19] = [
        Self::ServiceCore,
        Self::ShareProgrammeStatus,
        Self::ShareProgrammeIncidentSummary,
        Self::ShareProgrammeIncidentFull,
        Self::ShareProgrammeVoice,
        Self::UpdatesProgramme,
        Self::SharePoliceIncident,
        Self::SharePoliceEvidence,
        Self::ContactTrusted,
        Self::ContactSms,
        Self::ContactVoice,
        Self::ContactPush,
        Self::StatsAggregate,
        Self::ResearchFollowup,
        Self::AlertPoliceHelpNow,
        Self::AlertPoliceMissed,
        Self::AlertPoliceBreach,
        Self::LocationMoment,
        Self::LocationReleaseAlert,
    ];

    /// The code, as stored and as in `PUT …/consents/{scope}`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ServiceCore => "service.core",
            Self::ShareProgrammeStatus => "share.programme.status",
            Self::ShareProgrammeIncidentSummary => "share.programme.incident_summary",
            Self::ShareProgrammeIncidentFull => "share.programme.incident_full",
            Self::ShareProgrammeVoice => "share.programme.voice",
            Self::UpdatesProgramme => "updates.programme",
            Self::SharePoliceIncident => "share.police.incident",
            Self::SharePoliceEvidence => "share.police.evidence",
            Self::ContactTrusted => "contact.trusted",
            Self::ContactSms => "contact.sms",
            Self::ContactVoice => "contact.voice",
            Self::ContactPush => "contact.push",
            Self::StatsAggregate => "stats.aggregate",
            Self::ResearchFollowup => "research.followup",
            Self::AlertPoliceHelpNow => "alert.police.help_now",
            Self::AlertPoliceMissed => "alert.police.missed",
            Self::AlertPoliceBreach => "alert.police.breach",
            Self::LocationMoment => "location.moment",
            Self::LocationReleaseAlert => "location.release_alert",
        }
    }

    /// Whether this is an alert setting: turning one off lowers protection, so it takes effect after a delay and never
    /// by itself.
    pub fn is_alert_setting(self) -> bool {
        matches!(
            self,
            Self::AlertPoliceHelpNow
                | Self::AlertPoliceMissed
                | Self::AlertPoliceBreach
                | Self::LocationMoment
                | Self::LocationReleaseAlert
        )
    }

    /// Whether a bystander of the phone may know its state, so that a decoy has it as it is: the service, its reminders and
    /// what alerts do. Never what is shared with anybody, nor that there is somebody whom the survivor trusts.
    pub fn shows_on_phone(self) -> bool {
        let is_of_the_service =
            matches!(self, Self::ServiceCore | Self::ContactSms | Self::ContactVoice | Self::ContactPush);
        is_of_the_service || self.is_alert_setting()
    }

    /// Whether this is a setting by which the police are notified of alerts.
    pub fn notifies_police(self) -> bool {
        matches!(self, Self::AlertPoliceHelpNow | Self::AlertPoliceMissed | Self::AlertPoliceBreach)
    }

    /// Whether a decision about it may name an organisation of this kind. An alert setting names nobody: the ladder asks for
    /// all forces at once.
    #[must_use]
    pub fn may_name(self, kind: OrganisationKind) -> bool {
        match self {
            Self::ShareProgrammeStatus
            | Self::ShareProgrammeIncidentSummary
            | Self::ShareProgrammeIncidentFull
            | Self::ShareProgrammeVoice
            | Self::UpdatesProgramme => kind == OrganisationKind::ProgrammeProvider,
            Self::SharePoliceIncident | Self::SharePoliceEvidence => kind == OrganisationKind::PoliceForce,
            Self::ContactTrusted | Self::ContactSms | Self::ContactVoice | Self::ContactPush => {
                kind == OrganisationKind::SurvivorSupport
            }
            Self::StatsAggregate => kind == OrganisationKind::Commissioner,
            // Every organisation works within the service, and any may do research.
            Self::ServiceCore | Self::ResearchFollowup => true,
            Self::AlertPoliceHelpNow
            | Self::AlertPoliceMissed
            | Self::AlertPoliceBreach
            | Self::LocationMoment
            | Self::LocationReleaseAlert => false,
        }
    }

    /// Whether the scope is on before the survivor was asked.
    pub fn starts_on(self) -> bool {
        self == Self::ServiceCore
    }

    /// Whether an agreement runs out after 12 months unless renewed: every sharing scope but the service itself, which
    /// must not end because a date passed.
    pub fn expires(self) -> bool {
        !self.is_alert_setting() && !self.starts_on()
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The code is not one of the scopes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownScope;

impl fmt::Display for UnknownScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a known scope")
    }
}

impl std::error::Error for UnknownScope {}

impl FromStr for Scope {
    type Err = UnknownScope;

    fn from_str(code: &str) -> Result<Self, UnknownScope> {
        let found = Self::ALL.into_iter().find(|scope| scope.as_str() == code);
        found.ok_or(UnknownScope)
    }
}

impl TryFrom<String> for Scope {
    type Error = UnknownScope;

    fn try_from(code: String) -> Result<Self, UnknownScope> {
        code.parse()
    }
}

/// In a path: one that is not known is not found, whatever else the call says.
impl crate::http::operation::PathParts for Scope {
    fn parts() -> Vec<&'static str> {
        vec![""]
    }
}
