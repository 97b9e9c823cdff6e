//! What survivors read.

mod languages;
