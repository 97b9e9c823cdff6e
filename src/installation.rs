//! Which installation this is, and whether it may send.
//!
//! A copy of an installation that is started elsewhere knows the same people and has the same messages waiting: police
//! would hear again of what is long over. So an installation is armed for the place where its database is, and a
//! server or worker that finds it somewhere else disarms it until an operator arms it (`holdfast arm`). A database that was
//! made here is armed. Other commands only say that the place is another one: a neighbour that sees the volume under a path
//! of its own would else silence the server.
//!
//! On PostgreSQL the place is the cluster and the database within it, which a promoted standby shares with its primary, and
//! a dump does not. A copy that keeps its place is taken for the original: a base backup or a snapshot of a whole cluster,
//! a clone of a disk whose file has the same path, or a file that was overwritten with an older one. An operator disarms
//! that (`holdfast disarm`).
//!
//! Disarmed, everything is taken, kept and shown as ever; nothing leaves, and no survivor is promised that the police will
//! hear of it.

use std::os::unix::fs::MetadataExt;

use diesel::prelude::*;
use diesel::sql_types::Text;

use crate::db::schema::installation;
use crate::db::{DbConn, Instant, SubjectId, Target};
use crate::error::{Error, Result};
use crate::tx::Tx;

const WHICH_SERVER: &str = "SELECT 'postgresql ' || system_identifier::text || ' ' || \
    (SELECT oid::text FROM pg_database WHERE datname = current_database()) AS place FROM pg_control_system()";

/// The one row that says what this is.
#[derive(Clone, Debug, HasQuery, Insertable)]
#[diesel(table_name = installation)]
pub struct Installation {
    /// The id that database and key store share.
    pub id: SubjectId,
    /// When it was made.
    pub created_at: Instant,
    /// The place that it may send from.
    pub armed_for: Option<String>,
    /// Since when it sends nothing.
    pub disarmed_at: Option<Instant>,
}

impl Installation {
    /// Whether it may send, and from another place alone.
    #[must_use]
    pub fn is_stray(&self, place: &str) -> bool {
        self.disarmed_at.is_none() && self.armed_for.as_deref() != Some(place)
    }
}

#[derive(QueryableByName)]
struct DatabasePlace {
    #[diesel(sql_type = Text)]
    place: String,
}

/// Where a database is: path and inode of the file, or cluster and database.
///
/// # Errors
/// When the file cannot be looked at, or the account may not ask which server this is.
pub fn place_of(target: &Target, conn: &mut DbConn) -> Result<String> {
    match target {
        Target::Sqlite(path) => {
            let looked = |error| Error::internal(format!("{}: {error}", path.display()));
            let path = std::fs::canonicalize(path).map_err(looked)?;
            let inode = std::fs::metadata(&path).map_err(looked)?.ino();
            Ok(format!("sqlite {inode} {}", path.display()))
        }
        Target::Postgres(_) => {
            let found: DatabasePlace = diesel::sql_query(WHICH_SERVER).get_result(conn)?;
            Ok(found.place)
        }
    }
}

/// The row; none in a database that was never used.
pub fn find(conn: &mut DbConn) -> Result<Option<Installation>> {
    Ok(Installation::query().first(conn).optional()?)
}

/// Makes the row of a new database, which is armed where it is.
pub fn create(conn: &mut DbConn, id: SubjectId, place: String, now: Instant) -> Result<()> {
    let row = Installation { id, created_at: now, armed_for: Some(place), disarmed_at: None };
    diesel::insert_into(installation::table).values(row).execute(conn)?;
    Ok(())
}

/// Disarms a database that was armed for another place. One statement, so that what an operator arms meanwhile stays armed.
pub fn disarm_stray(conn: &mut DbConn, place: &str, now: Instant) -> Result<()> {
    let elsewhere = installation::armed_for.is_null().or(installation::armed_for.ne(place));
    let stray = installation::table.filter(installation::disarmed_at.is_null()).filter(elsewhere);
    diesel::update(stray).set(installation::disarmed_at.eq(now)).execute(conn)?;
    Ok(())
}

/// Disarms a database wherever it is: it was just restored, or an operator knows that it is a copy.
pub fn disarm(conn: &mut DbConn, now: Instant) -> Result<()> {
    let none = (installation::armed_for.eq(None::<String>), installation::disarmed_at.eq(now));
    diesel::update(installation::table).set(none).execute(conn)?;
    Ok(())
}

/// Whether anything may leave.
pub fn is_armed(conn: &mut DbConn) -> Result<bool> {
    let disarmed = installation::table.filter(installation::disarmed_at.is_not_null());
    Ok(disarmed.count().get_result::<i64>(conn)? == 0)
}

/// Lets this database send from a place from now on, what waits included; false where it may already.
pub fn arm(tx: &mut Tx<'_>, place: &str) -> Result<bool> {
    if find(tx.conn)?.is_some_and(|found| found.disarmed_at.is_none() && !found.is_stray(place)) {
        tx.outcome("armed_already");
        return Ok(false);
    }
    let here = (installation::armed_for.eq(place), installation::disarmed_at.eq(None::<Instant>));
    diesel::update(installation::table).set(here).execute(tx.conn)?;
    tx.notify_worker();
    Ok(true)
}
