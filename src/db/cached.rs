//! Statements whose compiled form is kept with the connection, although Diesel would compile them again each time.
//!
//! Diesel keeps what it can name by type. An UPDATE it never keeps, nor a query given as text, since their words could be
//! others each time; on SQLite, compiling them costs more than running them. Where the words are always the same,
//! [`cached`] says so. Never for `eq_any` or anything else whose length varies: each length would be kept for ever.

use diesel::QueryResult;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};

use super::conn::MultiBackend;

/// See [`cached`].
pub struct Cached<Q>(Q);

/// Says that a statement has the same words each time.
pub fn cached<Q: QueryFragment<MultiBackend>>(statement: Q) -> Cached<Q> {
    Cached(statement)
}

impl<Q: QueryFragment<MultiBackend>> QueryFragment<MultiBackend> for Cached<Q> {
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        self.0.walk_ast(out)
    }

    fn is_safe_to_cache_prepared(&self, _backend: &MultiBackend) -> QueryResult<bool> {
        Ok(true)
    }
}

/// Kept by its words.
impl<Q> QueryId for Cached<Q> {
    type QueryId = ();

    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Q, Conn> diesel::RunQueryDsl<Conn> for Cached<Q> {}
