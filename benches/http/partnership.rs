//! Setting up what the measurements need, through the API like anybody else: a force with an endpoint, an advocate,
//! and survivors whose phones are enrolled and whose alert setting is on.

use serde_json::{Value, json};

use crate::Outcome;
use crate::client::Client;
use crate::receiver::Receiver;
use crate::server::{ADMINISTRATOR, PASSWORD, Place, Server};

/// Enrolments at once: each hashes a PIN, which takes a core to itself.
const AT_ONCE: usize = 4;

/// A force, an advocate, survivors.
pub struct Partnership {
    /// Access tokens of enrolled survivors; good for ten minutes.
    pub survivors: Vec<String>,
    /// Their ids, in the same order.
    pub ids: Vec<String>,
    /// Where the force's webhooks arrive.
    pub receiver: Receiver,
}

impl Partnership {
    /// Makes it all, with a server that runs only for this.
    pub async fn found(place: &Place, survivors: usize) -> Outcome<Self> {
        let server = Server::start(place)?;
        let receiver = Receiver::start()?;
        let mut client = Client::connect(server.address()).await?;
        let advocate = advocate(&mut client, receiver.url()).await?;
        let shares = (0..AT_ONCE).map(|at| enrol_some(server.address(), &advocate, (at..survivors).step_by(AT_ONCE)));
        let enrolled = futures_util::future::try_join_all(shares).await?;
        let (survivors, ids) = enrolled.into_iter().flatten().unzip();
        Ok(Self { survivors, ids, receiver })
    }
}

/// The text at a field of an answer.
pub fn text(answer: &Value, field: &str) -> Outcome<String> {
    Ok(answer.get(field).and_then(Value::as_str).ok_or_else(|| format!("an answer without {field}"))?.to_owned())
}

/// Signs a member of staff in; answers the token.
pub async fn sign_in(client: &mut Client, username: &str) -> Outcome<String> {
    let body = json!({"username": username, "password": PASSWORD});
    text(&client.call("POST", "/partner/v1/session", "", &body).await?, "access_token")
}

/// The organisations, the endpoint and an advocate; returns the advocate's token.
async fn advocate(client: &mut Client, webhook_url: &str) -> Outcome<String> {
    let admin = sign_in(client, ADMINISTRATOR).await?;
    let force = json!({"kind": "police_force", "name": "South Yorkshire Police", "force_id": "south-yorkshire"});
    let force = text(&client.call("POST", "/admin/v1/organisations", &admin, &force).await?, "id")?;
    let endpoint = json!({"organisation_id": force, "url": webhook_url, "description": "Control room"});
    client.call("POST", "/admin/v1/webhook-endpoints", &admin, &endpoint).await?;
    let support = json!({"kind": "survivor_support", "name": "Support"});
    let support = text(&client.call("POST", "/admin/v1/organisations", &admin, &support).await?, "id")?;
    for (username, role) in [("advocate", "advocate"), ("supervisor", "supervisor")] {
        join(client, &admin, &support, username, role).await?;
    }
    sign_in(client, "advocate").await
}

/// A member of staff of an organisation, whose account is set up.
pub async fn join(client: &mut Client, admin: &str, organisation: &str, username: &str, role: &str) -> Outcome<()> {
    let staff =
        json!({"username": username, "display_name": "A Person", "organisation_id": organisation, "roles": [role]});
    let code = text(&client.call("POST", "/admin/v1/staff", admin, &staff).await?, "setup_code")?;
    client.call("POST", "/partner/v1/setup", "", &json!({"setup_code": code, "password": PASSWORD})).await?;
    Ok(())
}

/// A survivor with a phone: the record, and the phone's access token.
pub async fn enrol(client: &mut Client, advocate: &str, name: &str) -> Outcome<(Value, String)> {
    let survivor = json!({"preferred_name": name, "home_force_id": "south-yorkshire"});
    let survivor = client.call("POST", "/partner/v1/survivors", advocate, &survivor).await?;
    let codes = format!("/partner/v1/survivors/{}/enrolment-codes", text(&survivor, "id")?);
    let code = text(&client.call("POST", &codes, advocate, &json!({})).await?, "code")?;
    let phone = json!({"code": code, "pin": "482190", "device_name": "Phone"});
    let token = text(&client.call("POST", "/app/v1/enrol", "", &phone).await?, "access_token")?;
    Ok((survivor, token))
}

async fn enrol_some(
    address: &str,
    advocate: &str,
    share: impl Iterator<Item = usize>,
) -> Outcome<Vec<(String, String)>> {
    let mut client = Client::connect(address).await?;
    let mut tokens = Vec::new();
    for number in share {
        let (survivor, token) = enrol(&mut client, advocate, &format!("Survivor {number}")).await?;
        let setting = json!({"granted": true, "text_version": "1"});
        for scope in ["alert.police.help_now", "alert.police.missed"] {
            client.call("PUT", &format!("/app/v1/consents/{scope}"), &token, &setting).await?;
        }
        tokens.push((token, text(&survivor, "id")?));
    }
    Ok(tokens)
}
