//! Who is let in, and who is kept out.

mod blocks;
mod closed_records;
mod lists;
mod who_learns_what;
