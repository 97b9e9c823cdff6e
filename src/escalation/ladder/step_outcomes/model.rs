//! The words for what came of a step.

use crate::contact;
use crate::db::text_enum;

text_enum! {
    /// What came of notifying somebody, the least first.
    pub enum Outcome {
        /// There is nobody.
        NoOne = "no_one",
        /// No message could be sent to them: they see it when they look at the portal.
        ShownInPortal = "shown_in_portal",
        /// Nobody took any message to them.
        Failed = "failed",
        /// A message waits to be sent.
        Queued = "queued",
        /// A provider took a message; nobody knows more.
        Sent = "sent",
        /// They opened the alert.
        Notified = "notified",
    }
}

text_enum! {
    /// What came of notifying an audience, or of asking it to do something, as a line of the history says it.
    pub enum StepOutcome {
        /// There is nobody.
        NoOne = "no_one",
        /// They see it when they look at the portal.
        ShownInPortal = "shown_in_portal",
        /// Nobody took any message to them; or something stood in the way.
        Failed = "failed",
        /// A message waits to be sent.
        Queued = "queued",
        /// A provider took a message; nobody knows more.
        Sent = "sent",
        /// They opened the alert.
        Notified = "notified",
        /// A task waits for them.
        Task = "task",
        /// The rota names nobody.
        Gap = "gap",
        /// Nothing may show on the phone.
        Withheld = "withheld",
        /// There is no address, or no provider.
        NoChannel = "no_channel",
        /// They have not agreed to it.
        NoConsent = "no_consent",
        /// It is not safe.
        UnsafeContact = "unsafe_contact",
        /// The same was said a moment ago.
        Throttled = "throttled",
        /// An officer has acknowledged all of it.
        AlreadyAcknowledged = "already_acknowledged",
        /// A message of each trigger was sent.
        ToldOfEach = "told_of_each",
        /// A message is on its way.
        AlreadyOnItsWay = "already_on_its_way",
        /// There is no endpoint left to try.
        NoFurtherEndpoint = "no_further_endpoint",
        /// Written before outcomes were measured.
        Told = "told",
    }
}

impl From<Outcome> for StepOutcome {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::NoOne => Self::NoOne,
            Outcome::ShownInPortal => Self::ShownInPortal,
            Outcome::Failed => Self::Failed,
            Outcome::Queued => Self::Queued,
            Outcome::Sent => Self::Sent,
            Outcome::Notified => Self::Notified,
        }
    }
}

impl From<contact::ContactOutcome> for StepOutcome {
    fn from(told: contact::ContactOutcome) -> Self {
        match told {
            contact::ContactOutcome::Queued => Self::Queued,
            contact::ContactOutcome::NoChannel => Self::NoChannel,
            contact::ContactOutcome::NoConsent => Self::NoConsent,
            contact::ContactOutcome::UnsafeContact => Self::UnsafeContact,
            contact::ContactOutcome::Throttled => Self::Throttled,
        }
    }
}
