//! Text messages through GOV.UK Notify. The template there is `((message))`: the words are ours.

use jsonwebtoken::{Algorithm, EncodingKey, Header};
use secrecy::ExposeSecret;
use serde_json::json;

use super::{Destination, OutgoingMessage, SendResult, below};
use crate::app::App;
use crate::config::notify::GovukNotify;
use crate::db::Instant;
use crate::outgoing::outbound::{AttemptEnd, HttpVersion};

pub async fn send(app: &App, parcel: &OutgoingMessage) -> SendResult {
    let (Some(settings), Destination::Phone(phone)) = (&app.config.providers.sms, &parcel.address) else {
        return SendResult::failed("no_provider");
    };
    let Some(url) = below(&settings.url, &["v2", "notifications", "sms"]) else { return SendResult::failed("url") };
    let Some(token) = token(settings, app.clock.now()) else { return SendResult::failed("signature") };
    let headers = [("authorization", format!("Bearer {token}")), ("content-type", "application/json".to_owned())];
    let body = json!({"phone_number": phone.expose_secret(), "template_id": settings.template_id,
        "personalisation": {"message": parcel.words.text}, "reference": parcel.id.to_string()});
    let answer = app.outbound.call(HttpVersion::Http1, &url, &headers, body.to_string().into_bytes()).await.answer;
    match answer.outcome {
        AttemptEnd::Received(status) => SendResult::Taken(Some(status)),
        AttemptEnd::Refused(400) => SendResult::Rejected(Some(400)),
        _ => SendResult::failed_with(answer),
    }
}

fn token(settings: &GovukNotify, now: Instant) -> Option<String> {
    let key = EncodingKey::from_secret(settings.secret.expose_secret().as_bytes());
    let claims = json!({"iss": settings.service_id, "iat": now.unix_seconds()});
    jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &key).ok()
}
