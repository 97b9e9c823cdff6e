//! The rules of the house: what the source, the documents and the contract say is so.

pub mod architecture;
mod audiences;
mod documents;
mod pages;
mod proofs;
mod structure;
mod what_lowers_protection;
mod words;
