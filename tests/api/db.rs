//! The schema.

mod migrations;
mod text_columns;
