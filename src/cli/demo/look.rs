//! Where to look once the story is told: pages, sign-ins, and lines that work when pasted.

use super::account::{Credentials, PASSWORD, PIN};
use super::partnership::{ADMIN, OFFICER, STAFF, SYSTEM};
use super::survivors::CODE_WORD;
use super::world::World;
use super::{DemoResult, say};

/// Takes the access token out of an answer without any further tool.
const TAKE_TOKEN: &str = r#"sed 's/.*"access_token":"\([^"]*\)".*/\1/'"#;
const JSON: &str = "-H 'content-type: application/json'";

/// Prints where to look.
///
/// # Errors
/// When the story has left nothing to look at.
pub fn tell(world: &mut World) -> DemoResult<()> {
    let origin = world.client.origin().to_owned();
    say("");
    say(&format!("listening on {origin}"));
    say(&format!("  staff in a browser: {origin}/portal"));
    say(&format!("  the contract, to read and to try: {origin}/public/v1/docs"));
    sign_ins();
    staff_lines(world, &origin)?;
    phone_lines(world, &origin)?;
    police_lines(world, &origin)?;
    say("");
    say("Ctrl-C ends it; nothing is kept.");
    Ok(())
}

fn sign_ins() {
    say("");
    say(&format!("Staff sign in with the password {PASSWORD}:"));
    let staff = STAFF.iter().map(|(username, _, organisation, role)| format!("{username} ({role}, {organisation})"));
    say(&format!("  {ADMIN} (administrator), {}", staff.collect::<Vec<_>>().join(", ")));
    say(&format!("Phones unlock with the PIN {PIN}; every code word is {CODE_WORD}."));
}

fn staff_lines(world: &World, origin: &str) -> DemoResult<()> {
    let case = world.id("sam's case")?;
    let sign_in = |who: &str| {
        let body = format!(r#"{{"username":"{who}","password":"{PASSWORD}"}}"#);
        format!("$(curl -s {origin}/partner/v1/session {JSON} -d '{body}' | {TAKE_TOKEN})")
    };
    say("");
    say("Both sides of Sam's case, as the practitioner (a token is good for ten minutes):");
    say(&format!("  PAT={}", sign_in("pat")));
    say(&format!("  curl -s {origin}/partner/v1/cases/{case}/view -H \"authorization: Bearer $PAT\""));
    say(&format!("  curl -s '{origin}/partner/v1/cases/{case}/timeline?limit=20' -H \"authorization: Bearer $PAT\""));
    say("The alerts, as the advocate:");
    say(&format!("  ASHA={}", sign_in("asha")));
    say(&format!("  curl -s '{origin}/partner/v1/alerts?limit=3' -H \"authorization: Bearer $ASHA\""));
    Ok(())
}

fn phone_lines(world: &World, origin: &str) -> DemoResult<()> {
    let credentials = world.account("sam")?.credentials.clone();
    let Credentials::Phone { device_id, device_secret, sos_token } = &credentials else {
        return Err("Sam has no phone".to_owned());
    };
    let body = format!(r#"{{"device_id":"{device_id}","device_secret":"{device_secret}","pin":"{PIN}"}}"#);
    let now = world.now();
    say("Sam's phone, unlocked:");
    say(&format!("  SAM=$(curl -s {origin}/app/v1/session/unlock {JSON} -d '{body}' | {TAKE_TOKEN})"));
    say(&format!("  curl -s '{origin}/app/v1/check-ins?limit=3' -H \"authorization: Bearer $SAM\""));
    say("Help-now, from Sam's locked phone (watch for the police below):");
    say(&format!(
        "  curl -s {origin}/app/v1/help-now {JSON} -H 'authorization: Bearer {sos_token}' -H \"idempotency-key: $(date +%s)\" \
         -d '{{\"recorded_at\":\"{now}\"}}'"
    ));
    Ok(())
}

fn police_lines(world: &World, origin: &str) -> DemoResult<()> {
    let (secret, public_key) = world.receiver.secret()?;
    let force = world.id("police")?;
    let credentials = world.account(SYSTEM)?.credentials.clone();
    let Credentials::System { client_id, client_secret } = &credentials else {
        return Err("the police have no system".to_owned());
    };
    let body = format!(r#"{{"client_id":"{client_id}","client_secret":"{client_secret}"}}"#);
    say(&format!("The police system ({OFFICER} is its officer):"));
    say(&format!("  SYP=$(curl -s {origin}/police/v1/token {JSON} -d '{body}' | {TAKE_TOKEN})"));
    say(&format!("  curl -s '{origin}/police/v1/alerts?limit=3' -H \"authorization: Bearer $SYP\""));
    say(&format!("The built-in receiver verifies with {secret} and {public_key}."));
    say("An endpoint of your own (it is called two minutes into an emergency that nobody of the support side took up;");
    say("its own secret is in the answer; the last line lets those two minutes pass):");
    let sign_in = format!(r#"{{"username":"{ADMIN}","password":"{PASSWORD}"}}"#);
    say(&format!("  ADMIN=$(curl -s {origin}/partner/v1/session {JSON} -d '{sign_in}' | {TAKE_TOKEN})"));
    let body = format!(r#"{{"organisation_id":"{force}","url":"http://127.0.0.1:9000/","description":"Mine"}}"#);
    say(&format!(
        "  curl -s {origin}/admin/v1/webhook-endpoints {JSON} -H \"authorization: Bearer $ADMIN\" -d '{body}'"
    ));
    say(&format!("  curl -s {origin}/test/v1/clock/advance {JSON} -d '{{\"seconds\":120}}'"));
    Ok(())
}
