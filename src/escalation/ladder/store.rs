//! All SQL of ladders: an organisation's own, holds and silences.

mod holds;
mod ladders;

pub use holds::*;
pub use ladders::*;
