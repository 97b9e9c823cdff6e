//! The second record of a survivor, on which a session under duress works.
//!
//! A duress PIN opens the decoy in the place of the survivor's own record, so that what is written there can be read there,
//! and every handler answers as it always does. It mirrors what a bystander of this phone may have seen, which is for the
//! features to say (`Event::DecoyMade`), and nothing else. It belongs to an organisation that nobody works for and that no
//! list holds: staff reads, which go by organisation and assignment, cannot see it. Nothing that happens on it alarms
//! anybody by itself (see [`crate::reactions`]).

use diesel::prelude::*;

use super::model::{Organisation, OrganisationKind, SurvivorRow};
use super::store::{self, NOBODYS};
use crate::app::App;
use crate::crypto::{NewSubject, Private, SealedTable, reference, seal};
use crate::db::schema::{devices, survivors};
use crate::db::{DbConn, OrganisationId, SurvivorId};
use crate::error::{Error, Result};
use crate::events::Event;
use crate::tx::{self, Actor, Tx};

/// The decoy of a survivor, where there is one.
pub fn decoy_of(conn: &mut DbConn, survivor: SurvivorId) -> Result<Option<SurvivorId>> {
    let decoy = survivors::table.filter(survivors::decoy_of.eq(survivor));
    Ok(decoy.select(survivors::id).first(conn).optional()?)
}

/// All decoys, each behind the record that it mirrors.
pub fn list_decoys(conn: &mut DbConn) -> Result<Vec<(SurvivorId, SurvivorId)>> {
    let decoys = survivors::table.filter(survivors::decoy_of.is_not_null()).order(survivors::id);
    let pairs: Vec<(Option<SurvivorId>, SurvivorId)> =
        decoys.select((survivors::decoy_of, survivors::id)).load(conn)?;
    Ok(pairs.into_iter().filter_map(|(own, decoy)| Some((own?, decoy))).collect())
}

/// Whether a record is a decoy.
pub fn is_decoy(conn: &mut DbConn, record: SurvivorId) -> Result<bool> {
    tx::is_decoy(conn, record.into())
}

/// The survivor's own record behind a decoy; of a record that is none, that record.
pub fn own_record(conn: &mut DbConn, record: SurvivorId) -> Result<SurvivorId> {
    let own: Option<Option<SurvivorId>> =
        survivors::table.find(record).select(survivors::decoy_of).first(conn).optional()?;
    Ok(own.flatten().unwrap_or(record))
}

/// The id and the key of a decoy to be, for a survivor who has none.
///
/// # Errors
/// When the key store cannot be reached.
pub(super) async fn begin(app: &App, survivor: SurvivorId) -> Result<Option<NewSubject<SurvivorId>>> {
    if app.db.read(move |conn| decoy_of(conn, survivor)).await?.is_some() {
        return Ok(None);
    }
    let now = app.clock.now();
    app.key_store.create_subject(SurvivorId::new(now), now).await.map(Some)
}

/// Makes the decoy of a survivor whose duress PIN was given and who has none yet. The alarm is out by then and waits for no key:
/// where the store is away, the session reads nothing until the PIN is given again.
pub(super) async fn make_late(app: &App, actor: Actor, action: &'static str, survivor: SurvivorId) {
    let made: Result<()> = async {
        let new = begin(app, survivor).await?;
        let work = move |tx: &mut Tx<'_>| {
            tx.outcome("shown_only");
            make(tx, survivor, new)
        };
        app.transact(actor, action, work).await
    }
    .await;
    if let Err(error) = made {
        tracing::error!(%error, "a decoy could not be made");
    }
}

/// Makes the decoys that could not be made as their PINs were set or given, since the key store was away.
///
/// # Errors
/// When nothing can be read at this moment.
pub async fn make_missing(app: &App) -> Result<usize> {
    let find = |conn: &mut DbConn| {
        let known = list_decoys(conn)?;
        let phones =
            devices::table.filter(devices::duress_pin_hash.is_not_null()).filter(devices::revoked_at.is_null());
        let mut owners: Vec<SurvivorId> = phones.select(devices::survivor_id).distinct().load(conn)?;
        owners.retain(|owner| known.iter().all(|(own, _)| own != owner));
        Ok(owners)
    };
    let lacking = app.db.read(find).await?;
    for survivor in &lacking {
        make_late(app, Actor::System, "mind_check_ins", *survivor).await;
    }
    Ok(lacking.len())
}

/// Makes the decoy of a survivor who has none yet.
pub(super) fn make(tx: &mut Tx<'_>, survivor: SurvivorId, new: Option<NewSubject<SurvivorId>>) -> Result<()> {
    let Some(decoy) = new.map(|new| new.id()) else { return Ok(()) };
    store::lock_survivor(tx.conn, survivor)?;
    if decoy_of(tx.conn, survivor)?.is_some() {
        return Ok(());
    }
    let own = store::find_survivor(tx.conn, survivor)?.ok_or(Error::NotFound)?;
    let organisation_id = organisation(tx)?;
    let sealing = SurvivorRow::sealing(tx.keys, decoy, decoy);
    let row = SurvivorRow {
        id: decoy,
        reference: reference::generate("SV")?,
        organisation_id,
        preferred_name: seal!(sealing.preferred_name, &Private::from(""))?,
        pronouns: None,
        version: 1,
        full_name: None,
        date_of_birth: None,
        needs: None,
        closed_at: None,
        ..own
    };
    store::insert_survivor(tx, row)?;
    diesel::update(survivors::table.find(decoy)).set(survivors::decoy_of.eq(Some(survivor))).execute(tx.conn)?;
    tx.emit(Event::DecoyMade { survivor, decoy });
    Ok(())
}

/// The organisation of decoys, which is made with the first of them. Two that make it at once meet at its id, and one is tried
/// again.
fn organisation(tx: &mut Tx<'_>) -> Result<OrganisationId> {
    if store::has_organisation(tx.conn, NOBODYS)? {
        return Ok(NOBODYS);
    }
    let row = Organisation {
        id: NOBODYS,
        kind: OrganisationKind::SurvivorSupport,
        name: String::new(),
        force_id: None,
        duty_desk_phone: None,
        created_at: tx.now,
        version: 1,
    };
    store::insert_organisation(tx, &row)?;
    Ok(NOBODYS)
}

/// Keeps what decides how danger is treated the same on a survivor's decoy: risk, force and language.
pub(super) fn follow(tx: &mut Tx<'_>, own: &SurvivorRow) -> Result<()> {
    let Some(decoy) = decoy_of(tx.conn, own.id)? else { return Ok(()) };
    tx.mirror(|tx| {
        let was = store::find_survivor(tx.conn, decoy)?.ok_or(Error::NotFound)?;
        let (before, version) = (was.version, was.version + 1);
        let sealing = SurvivorRow::sealing(tx.keys, decoy, decoy).at_version(version);
        let row = SurvivorRow {
            preferred_name: seal!(sealing.preferred_name, &Private::from(""))?,
            risk_rating: own.risk_rating,
            home_force_id: own.home_force_id.clone(),
            language: own.language.clone(),
            version,
            updated_at: tx.now,
            ..was
        };
        if store::update_survivor(tx, before, &row)? { Ok(()) } else { Err(Error::write_conflict()) }
    })
}
