//! A participant's request to see their own record (UK GDPR, article 15).
//!
//! `received → prepared → approved → released`, or `refused`; the one table is in `machine`. Staff state what is withheld
//! and why: a third party, or serious harm (Data Protection Act 2018, schedule 2, paragraph 16, and schedule 3). Free text
//! is given only where they say that they have read it. What is given is fixed when it is prepared, so that two people
//! agree to the same words: one approves, another, a supervisor, releases. It is made of the programme's records alone
//! ([`content`]): nothing here can name a survivor's record, since this folder imports none.

mod act;
mod content;
mod filter;
mod machine;
mod model;
pub mod routes;
mod store;
