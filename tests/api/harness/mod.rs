//! Starts the application under test; see `postgres` for the database.

pub mod postgres;
