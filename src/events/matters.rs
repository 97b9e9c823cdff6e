//! What events say by a word of a list: what lowers protection, and what about a file waits.

/// What lowers a survivor's protection by their own act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lowered {
    /// A trusted contact was named, who counts after a delay.
    TrustedContactNamed,
    /// The trusted contact was removed.
    TrustedContactRemoved,
    /// The trusted contact may get no messages any more.
    TrustedContactOff,
    /// A way to the survivor was named that counts after a delay.
    SafeContactChanged,
    /// The service is asked to end.
    ServiceOff,
}

impl Lowered {
    /// What is about the trusted contact.
    pub const TRUSTED_CONTACT: &'static [Self] =
        &[Self::TrustedContactNamed, Self::TrustedContactRemoved, Self::TrustedContactOff];

    /// As a code.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::TrustedContactNamed => "trusted_contact_named",
            Self::TrustedContactRemoved => "trusted_contact_removed",
            Self::TrustedContactOff => "trusted_contact_off",
            Self::SafeContactChanged => "safe_contact_changed",
            Self::ServiceOff => "service_off",
        }
    }
}

/// What about a file waits for a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EvidenceMatter {
    /// It was taken back: somebody speaks with the survivor before it is destroyed.
    TakenBack,
    /// A second person is to destroy it.
    ToDestroy,
    /// A second person is to approve a hold.
    HoldToApprove,
    /// A hold ends in a few days.
    HoldEnding,
    /// It may be a sexual image of a child: a supervisor rings the police.
    ForPolice,
}

impl EvidenceMatter {
    /// All of them.
    pub const ALL: &'static [Self] =
        &[Self::TakenBack, Self::ToDestroy, Self::HoldToApprove, Self::HoldEnding, Self::ForPolice];
    /// Those that are over once the survivor has the file again.
    pub const RESTORED: &'static [Self] = &[Self::TakenBack, Self::ToDestroy];
    /// Those that are over once the police have decided.
    pub const FOR_POLICE: &'static [Self] = &[Self::ForPolice];
    /// Those that wait for nobody while the file is sealed.
    pub const SEALED: &'static [Self] = &[Self::TakenBack, Self::ToDestroy, Self::HoldToApprove];
    /// Those of a hold.
    pub const HOLD: &'static [Self] = &[Self::HoldToApprove, Self::HoldEnding];
}
