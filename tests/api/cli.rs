//! The commands of an operator.

mod backups;
mod copies;
mod operator;
mod start;
