//! Rows of webhooks.

use diesel::prelude::*;

use crate::crypto::{Keys, Sealed, SealedRow, SealedTable, Sealing, sealed_row};
use crate::db::schema::{deliveries, delivery_attempts, webhook_endpoints, webhook_keys};
use crate::db::{
    AlertId, DeliveryId, EndpointId, EndpointKeyId, Instant, OrganisationId, SubjectId, SurvivorId, text_enum,
};
use crate::http::list_query;
use crate::outgoing::guard::{self, Ways};

list_query! {
    /// Which messages to list.
    pub struct DeliveriesQuery {
        /// Only those that have come so far.
        pub state: Option<DeliveryState>,
        /// Only those of this type.
        #[param(example = "safety.alert.raised")]
        pub message_type: Option<String>,
        /// Only those that were queued from this moment on.
        #[param(value_type = Option<String>, format = DateTime)]
        pub since: Option<Instant>,
        /// Only those that were queued before this moment.
        #[param(value_type = Option<String>, format = DateTime)]
        pub until: Option<Instant>,
    }
}

/// Where a police force takes alerts.
#[derive(Clone, Debug, HasQuery, Insertable)]
#[diesel(table_name = webhook_endpoints)]
pub struct Endpoint {
    /// Id.
    pub id: EndpointId,
    /// The force.
    pub organisation_id: OrganisationId,
    /// Where to.
    pub url: String,
    /// What it is called.
    pub description: String,
    /// When it was made.
    pub created_at: Instant,
    /// When it was taken out of use.
    pub disabled_at: Option<Instant>,
    /// How it is reached.
    pub kind: EndpointKind,
    /// Its place among the force's endpoints: they are tried in this order.
    pub place: i32,
    /// Counts changes.
    pub version: i32,
    /// Since when nothing was received, where the last attempt failed.
    pub failing_since: Option<Instant>,
    /// What came of the last attempt, as a code.
    pub last_outcome: Option<String>,
    /// What it was answered.
    pub last_status: Option<i32>,
    /// When somebody of the force last acknowledged an alert or a drill that went through it.
    pub proven_at: Option<Instant>,
}

text_enum! {
    /// How an endpoint is reached.
    pub enum EndpointKind {
        /// A signed call (Standard Webhooks).
        Webhook = "webhook",
        /// A signed e-mail, for control rooms that take no webhooks.
        Email = "email",
    }
}

impl Endpoint {
    /// Whether it can be sent to at all, as this server is configured.
    #[must_use]
    pub fn is_reachable(&self, ways: Ways) -> bool {
        match self.kind {
            EndpointKind::Email => ways.has_mail,
            EndpointKind::Webhook => guard::check_url(&self.url, ways.loopback).is_ok(),
        }
    }
}

/// The signing key of an endpoint.
#[derive(Clone, Debug, HasQuery, Insertable)]
#[diesel(table_name = webhook_keys)]
pub struct EndpointKey {
    pub id: EndpointKeyId,
    pub endpoint_id: EndpointId,
    pub secret: Sealed,
    pub seed: Sealed,
    pub public_key: String,
    pub created_at: Instant,
    pub retires_at: Option<Instant>,
}
sealed_row!(EndpointKey, "webhook_keys");

impl SealedRow for EndpointKey {
    fn own_sealing<'k>(&self, keys: &'k Keys) -> Sealing<'k, Self> {
        Self::sealing(keys, SubjectId::SYSTEM, self.id)
    }
}

text_enum! {
    /// How far a message has come.
    pub enum DeliveryState {
        /// It waits, or is under way.
        Queued = "queued",
        /// A system of the force received a signed call.
        Delivered = "delivered",
        /// Our mail server took it; nobody knows whether a force has it.
        SentByMail = "sent_by_mail",
        /// A person answered before a machine did: no need to go on.
        Answered = "answered",
        /// Nobody received it in 72 hours.
        GivenUp = "given_up",
        /// It must not be sent any more: the force is kept out now, or the endpoint is out of use.
        Withheld = "withheld",
        /// It could not be made readable: a person has to look.
        SetAside = "set_aside",
    }
}

/// One message to one endpoint.
#[derive(Clone, Debug, HasQuery, Insertable)]
#[diesel(table_name = deliveries, treat_none_as_default_value = false)]
pub struct Delivery {
    /// Id.
    pub id: DeliveryId,
    /// Where to.
    pub endpoint_id: EndpointId,
    /// Whose alert it tells of; their key seals the body.
    pub survivor_id: Option<SurvivorId>,
    /// The alert.
    pub alert_id: Option<AlertId>,
    /// `webhook-id`: the same in every attempt.
    pub message_id: String,
    /// Its type, such as `safety.alert.raised`.
    pub message_type: String,
    /// The alert's level.
    pub level: i32,
    /// The body, sealed.
    pub body: Sealed,
    /// How far it has come.
    pub state: DeliveryState,
    /// Attempts begun; the fencing token.
    pub attempt: i32,
    /// When to look at it next: when to try, or when the lease of a try runs out.
    pub next_action_at: Option<Instant>,
    /// When it was queued.
    pub queued_at: Instant,
    /// When the first attempt began.
    pub first_attempt_at: Option<Instant>,
    /// When it was first taken: by a system of the force, or, of mail, by our own mail server.
    pub delivered_at: Option<Instant>,
    /// Until when it is tried.
    pub deadline: Instant,
}
sealed_row!(Delivery, "deliveries");

impl Delivery {
    /// Seals the body of a message about a survivor, or about nobody.
    pub fn sealing_about(keys: &Keys, survivor: Option<SurvivorId>, id: DeliveryId) -> Sealing<'_, Self> {
        Self::sealing(keys, survivor.map_or(SubjectId::SYSTEM, SubjectId::from), id)
    }

    /// When it was first taken, by whatever it goes through.
    #[must_use]
    pub fn taken_at(&self) -> Option<Instant> {
        self.delivered_at
    }

    /// When a system of the force received it; never of mail, which nobody answers for having received.
    #[must_use]
    pub fn received_at(&self, kind: EndpointKind) -> Option<Instant> {
        self.delivered_at.filter(|_| kind == EndpointKind::Webhook)
    }

    /// When it was sent by mail.
    #[must_use]
    pub fn mailed_at(&self, kind: EndpointKind) -> Option<Instant> {
        self.delivered_at.filter(|_| kind == EndpointKind::Email)
    }
}

/// One attempt.
#[derive(Clone, Debug, HasQuery, Insertable)]
#[diesel(table_name = delivery_attempts, treat_none_as_default_value = false)]
pub struct DeliveryAttempt {
    pub delivery_id: DeliveryId,
    pub attempt: i32,
    pub started_at: Instant,
    pub ended_at: Option<Instant>,
    pub outcome: String,
    pub status: Option<i32>,
}
