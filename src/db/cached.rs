//! Statements whose compiled form is kept with the connection, although Diesel would compile them again each time.
//!
//! Diesel keeps what it can name by type. An UPDATE it never keeps, nor a query given as text, since their words could be
//! others each time; compiling them costs more than running them. Where the words are always the same, [`cached`] says so.
//! Never for `eq_any` or anything else whose length varies: each length would be kept for ever.

use diesel::QueryResult;
use diesel::backend::Backend;
use diesel::internal::derives::multiconnection::AstPassHelper;
use diesel::query_builder::{AstPass, QueryBuilder, QueryFragment, QueryId};

use super::conn::MultiBackend;

/// What writes the words for either database.
type Words = <MultiBackend as Backend>::QueryBuilder;

/// See [`cached`].
pub struct Cached<Q>(Q);

/// Says that a statement has the same words each time.
pub fn cached<Q: QueryFragment<MultiBackend>>(statement: Q) -> Cached<Q> {
    Cached(statement)
}

impl<Q: QueryFragment<MultiBackend>> QueryFragment<MultiBackend> for Cached<Q> {
    /// Whether a statement may be kept is asked in a walk of its own, which a connection to either database hands on and
    /// [`QueryFragment::is_safe_to_cache_prepared`] does not answer. So the statement itself is walked for its values alone, and
    /// what it would say of keeping it is not heard.
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        if out.bind_collector().is_some() || out.debug_binds().is_some() {
            return self.0.walk_ast(out);
        }
        let mut words = match out.backend() {
            MultiBackend::Pg(_) => Words::Pg(Default::default()),
            MultiBackend::Sqlite(_) => Words::Sqlite(Default::default()),
        };
        self.0.to_sql(&mut words, out.backend())?;
        out.push_sql(&words.finish());
        Ok(())
    }
}

/// Kept by its words.
impl<Q> QueryId for Cached<Q> {
    type QueryId = ();

    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Q, Conn> diesel::RunQueryDsl<Conn> for Cached<Q> {}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use diesel::connection::{InstrumentationEvent, SimpleConnection};
    use diesel::prelude::*;

    use super::*;
    use crate::db::schema::audit_lanes;
    use crate::db::{Access, Target};

    #[test]
    fn an_update_is_compiled_once_for_a_connection() {
        let folder = tempfile::tempdir().unwrap();
        let target = Target::parse(&format!("sqlite:{}", folder.path().join("kept.db").display())).unwrap();
        let mut conn = target.connect(Access::Write).unwrap();
        let table = "CREATE TABLE audit_lanes (lane INTEGER PRIMARY KEY, sequence BIGINT NOT NULL, head BLOB NOT NULL);
                     INSERT INTO audit_lanes VALUES (0, 0, x'00')";
        conn.batch_execute(table).unwrap();
        let kept = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&kept);
        conn.set_instrumentation(move |event: InstrumentationEvent<'_>| {
            if matches!(event, InstrumentationEvent::CacheQuery { .. }) {
                count.fetch_add(1, Ordering::Relaxed);
            }
        });
        for sequence in [1_i64, 2, 3] {
            let row = diesel::update(audit_lanes::table.find(0)).set(audit_lanes::sequence.eq(sequence));
            assert_eq!(cached(row).execute(&mut conn).unwrap(), 1);
            let found: i64 = audit_lanes::table.find(0).select(audit_lanes::sequence).first(&mut conn).unwrap();
            assert_eq!(found, sequence);
        }
        // The update and the query: each was compiled the first time.
        assert_eq!(kept.load(Ordering::Relaxed), 2);
    }
}
