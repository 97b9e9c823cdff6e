//! Plumbing of SQL: connections to either database, the group-commit writer, the schema, id and time columns.
//!
//! [`Db::write`] runs one short synchronous transaction, [`Db::read`] a read-only one. Neither knows any feature. The
//! figures behind the design are printed by `cargo bench`.

mod cached;
mod conn;
mod day;
mod id;
mod instant;
mod json;
mod listen;
mod migrate;
mod outage;
mod probe;
pub mod schema;
mod slot;
mod store;
pub mod tables;
mod text;
mod writer;

pub use cached::{Cached, cached};
pub use conn::{Access, DbConn, MultiBackend, StandbyCheck, Target};
pub use day::{Day, court_day, not_to_come, within_two_years};
pub use id::*;
pub use instant::Instant;
pub use json::Json;
pub(crate) use listen::notify_others;
pub use migrate::{list_steps, migrate, migrate_to};
pub(crate) use slot::Slot;
pub use store::Db;
pub(crate) use text::{text_enum, word_schema};

/// Writes the pair of impls by which a column type serves the connection that can be either database.
macro_rules! forward_to_multi {
    ($type:ty, $sql:ty) => {
        impl diesel::serialize::ToSql<$sql, $crate::db::MultiBackend> for $type {
            fn to_sql<'b>(
                &'b self,
                out: &mut diesel::serialize::Output<'b, '_, $crate::db::MultiBackend>,
            ) -> diesel::serialize::Result {
                out.set_value((<$sql>::default(), self));
                Ok(diesel::serialize::IsNull::No)
            }
        }

        impl diesel::deserialize::FromSql<$sql, $crate::db::MultiBackend> for $type {
            fn from_sql(
                bytes: <$crate::db::MultiBackend as diesel::backend::Backend>::RawValue<'_>,
            ) -> diesel::deserialize::Result<Self> {
                bytes.from_sql::<Self, $sql>()
            }
        }
    };
}
pub(crate) use forward_to_multi;
