//! What passes by itself: a connection that was lost, a disk that is full, a lock that another process holds.
//!
//! Nothing was done, and nothing is wrong with the request: the caller waits a little and asks again.

use diesel::result::{DatabaseErrorKind, Error as DatabaseError};

use crate::error::Error;

/// How the databases begin to tell of it, where the error has no kind of its own.
const PASSING: [&str; 9] = [
    "database or disk is full",
    "disk I/O error",
    "database is locked",
    "unable to open database file",
    "terminating connection due to",
    "the database system is",
    // A server that lost its place to another one between a transaction and the question how far its standbys are.
    "recovery is in progress",
    "could not extend file",
    "could not write",
];

/// The error as the caller sees it; the cause of what passes is logged here, since it goes no further.
pub(super) fn for_caller(error: Error) -> Error {
    let Error::Internal(source) = &error else { return error };
    match source.downcast_ref::<DatabaseError>() {
        Some(cause) if is_passing(cause) => {
            tracing::warn!(%cause, "the database cannot be used just now");
            Error::Unavailable
        }
        _ => error,
    }
}

/// The same for a connection that writes. Its server may have become a standby under it, which reads and refuses to write;
/// the next connection is to the one that took its place.
pub(super) fn for_writer(error: Error) -> Error {
    let Error::Internal(source) = &error else { return error };
    match source.downcast_ref::<DatabaseError>() {
        Some(DatabaseError::DatabaseError(DatabaseErrorKind::ReadOnlyTransaction, _)) => {
            tracing::warn!("the database server takes no writes any more");
            Error::Unavailable
        }
        _ => error,
    }
}

fn is_passing(cause: &DatabaseError) -> bool {
    match cause {
        DatabaseError::BrokenTransactionManager => true,
        DatabaseError::DatabaseError(kind, info) => match kind {
            DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand => true,
            _ => PASSING.iter().any(|words| info.message().starts_with(words)),
        },
        DatabaseError::RollbackErrorOnCommit { rollback_error, commit_error } => {
            is_passing(rollback_error) || is_passing(commit_error)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(kind: DatabaseErrorKind, words: &str) -> Error {
        for_caller(DatabaseError::DatabaseError(kind, Box::new(words.to_owned())).into())
    }

    #[test]
    fn what_passes_is_unavailable_and_what_is_wrong_stays_wrong() {
        for (kind, words) in [
            (DatabaseErrorKind::ClosedConnection, "server closed the connection unexpectedly"),
            (DatabaseErrorKind::UnableToSendCommand, ""),
            (DatabaseErrorKind::Unknown, "database or disk is full"),
            (DatabaseErrorKind::Unknown, "terminating connection due to administrator command"),
        ] {
            assert!(matches!(said(kind, words), Error::Unavailable), "{words}");
        }
        for (kind, words) in [
            (DatabaseErrorKind::NotNullViolation, "null value in column \"id\""),
            (DatabaseErrorKind::Unknown, "no such table: staff"),
        ] {
            assert!(matches!(said(kind, words), Error::Internal(_)), "{words}");
        }
        assert!(matches!(for_caller(Error::NotFound), Error::NotFound));
    }

    #[test]
    fn a_server_that_became_a_standby_is_unavailable_to_those_who_write() {
        let refused = || {
            let words = "cannot execute UPDATE in a read-only transaction".to_owned();
            Error::from(DatabaseError::DatabaseError(DatabaseErrorKind::ReadOnlyTransaction, Box::new(words)))
        };
        assert!(matches!(for_writer(refused()), Error::Unavailable));
        assert!(matches!(for_caller(refused()), Error::Internal(_)), "a read that writes is a mistake of ours");
    }
}
