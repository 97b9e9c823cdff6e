//! The sample partnership: the first administrator, four organisations and an auditor's, staff of each role, and how
//! the police are reached.

use reqwest::Method;
use serde_json::json;

use super::DemoResult;
use super::account::{Credentials, PASSWORD};
use super::client::{DemoCall, add};
use super::receiver::Receiver;
use super::world::World;
use crate::crypto::Private;
use crate::crypto::password::Typed;
use crate::db::StaffId;
use crate::identity;
use crate::tx::{Actor, Tx};

/// The force of the demo.
pub const FORCE: &str = "south-yorkshire";
/// The administrator.
pub const ADMIN: &str = "admin";
/// The police system's name within the demo.
pub const SYSTEM: &str = "control-room";
/// The officer who answers alerts.
pub const OFFICER: &str = "pc.4417";

/// Organisations: the demo's word, kind, name.
const ORGANISATIONS: [(&str, &str, &str); 5] = [
    ("support", "survivor_support", "Sheaf Valley Survivor Support"),
    ("programme", "programme_provider", "Turning Point Programmes"),
    ("police", "police_force", "South Yorkshire Police"),
    ("commissioner", "commissioner", "Police and Crime Commissioner"),
    ("oversight", "oversight", "Independent Audit"),
];

/// Staff: username, display name, organisation, role.
pub const STAFF: [(&str, &str, &str, &str); 8] = [
    ("asha", "Asha Rai", "support", "advocate"),
    ("joss", "Joss Hale", "support", "advocate"),
    ("bea", "Bea Lund", "support", "supervisor"),
    ("pat", "Pat Moss", "programme", "practitioner"),
    ("tam", "Tam Okoro", "programme", "supervisor"),
    (OFFICER, "PC 4417", "police", "police"),
    ("kit", "Kit Arden", "commissioner", "commissioner"),
    ("ellis", "Ellis Vane", "oversight", "auditor"),
];

/// Sets the partnership up.
///
/// # Errors
/// One line, where something differs from the story.
pub async fn set_up(world: &mut World, receiver: &Receiver) -> DemoResult<()> {
    create_admin(world).await?;
    for (word, kind, name) in ORGANISATIONS {
        let mut body = json!({"kind": kind, "name": name});
        match kind {
            "police_force" => add(&mut body, "force_id", FORCE),
            "survivor_support" => add(&mut body, "duty_desk_phone", "+44 114 496 0000"),
            _ => {}
        }
        let made = world.post(ADMIN, "/admin/v1/organisations", body).await?;
        world.keep(word, made.text("/id")?);
    }
    for member in STAFF {
        employ(world, member).await?;
    }
    reach_police(world, receiver).await?;
    world.say(&format!(
        "a partnership: {} organisations, {} staff; the police system listens at {}",
        ORGANISATIONS.len(),
        STAFF.len(),
        receiver.url()
    ));
    Ok(())
}

/// As `holdfast create-admin` does.
async fn create_admin(world: &mut World) -> DemoResult<()> {
    let (app, password, name) = (world.app.clone(), Private::from(PASSWORD), Private::from(ADMIN));
    let hash = app.hasher.hash(&Typed::password(&password)).await.map_err(|error| error.to_string())?;
    let now = app.clock.now();
    let new = app.key_store.create_subject(StaffId::new(now), now).await.map_err(|error| error.to_string())?;
    let work = move |tx: &mut Tx<'_>| identity::create_admin(tx, new, &name, &hash);
    app.transact(Actor::Operator, "create_admin", work).await.map_err(|error| format!("administrator: {error}"))?;
    world.know(ADMIN, Credentials::Staff(ADMIN), None);
    Ok(())
}

async fn employ(
    world: &mut World,
    (username, name, organisation, role): (&'static str, &str, &str, &str),
) -> DemoResult<()> {
    let organisation_id = world.id(organisation)?;
    let body = json!({"username": username, "display_name": name, "organisation_id": organisation_id, "roles": [role]});
    let made = world.post(ADMIN, "/admin/v1/staff", body).await?;
    world.keep(username, made.text("/id")?);
    let setup = json!({"setup_code": made.text("/setup_code")?, "password": PASSWORD});
    let path = "/partner/v1/setup";
    world.client.call(DemoCall { method: Method::POST, path, token: None, body: Some(&setup), headers: &[] }).await?;
    world.know(username, Credentials::Staff(username), None);
    Ok(())
}

async fn reach_police(world: &mut World, receiver: &Receiver) -> DemoResult<()> {
    let force = world.id("police")?;
    let body = json!({"organisation_id": force, "url": receiver.url(), "description": "Control room"});
    let made = world.post(ADMIN, "/admin/v1/webhook-endpoints", body).await?;
    receiver.trust(made.text("/secret")?, made.text("/public_key")?);
    let body = json!({"organisation_id": force, "name": "Control room"});
    let made = world.post(ADMIN, "/admin/v1/police-clients", body).await?;
    let (client_id, client_secret) = (made.text("/client_id")?.to_owned(), made.text("/client_secret")?.to_owned());
    world.know(SYSTEM, Credentials::System { client_id, client_secret }, None);
    Ok(())
}
