//! Text messages through GOV.UK Notify. The template there is `((message))`: the words are ours.

use jsonwebtoken::{Algorithm, EncodingKey, Header};
use secrecy::ExposeSecret;
use serde_json::json;

use super::{Address, Parcel, Sent, below};
use crate::app::App;
use crate::config::notify::GovukNotify;
use crate::db::Instant;
use crate::outgoing::outbound::{Outcome, Version};

pub async fn send(app: &App, parcel: &Parcel) -> Sent {
    let (Some(settings), Address::Phone(phone)) = (&app.config.providers.sms, &parcel.address) else {
        return Sent::failed("no_provider");
    };
    let Some(url) = below(&settings.url, &["v2", "notifications", "sms"]) else { return Sent::failed("url") };
    let Some(token) = token(settings, app.clock.now()) else { return Sent::failed("signature") };
    let headers = [("authorization", format!("Bearer {token}")), ("content-type", "application/json".to_owned())];
    let body = json!({"phone_number": phone.expose_secret(), "template_id": settings.template_id,
        "personalisation": {"message": parcel.words.text}, "reference": parcel.id.to_string()});
    let answer = app.outbound.call(Version::Http1, &url, &headers, body.to_string().into_bytes()).await.answer;
    match answer.outcome {
        Outcome::Received(status) => Sent::Taken(Some(status)),
        Outcome::Refused(400) => Sent::Rejected(Some(400)),
        _ => Sent::failed_with(answer),
    }
}

fn token(settings: &GovukNotify, now: Instant) -> Option<String> {
    let key = EncodingKey::from_secret(settings.secret.expose_secret().as_bytes());
    let claims = json!({"iss": settings.service_id, "iat": now.unix_seconds()});
    jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &key).ok()
}
