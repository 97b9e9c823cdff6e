//! Holdfast: the backend by which a survivor's own reports reach the people working with the perpetrator, and danger
//! reaches the police.
//!
//! Three doors: a request ([`routes`]), the clock ([`worker`]), an operator ([`cli`]). Folders are the domain's nouns,
//! files its verbs; the file of the same name next to a folder says who uses it, its states and its guarantee.
//! `docs/architecture.md` has the map in words and three walkthroughs.
//!
//! Imports go down only; a test enforces it:
//!
//! ```text
//! routes  worker  cli  reactions                   assemble; nothing imports them
//! portal                                           staff in a browser, live updates
//! reporting                                        figures without identities, the trail for auditors
//! cases                                            both sides on one page
//! escalation                                       what follows from an event: alerts, ladders, police
//! evidence                                         files with hash and custody
//! incidents                                        what a survivor reports
//! checkins  safety                                 schedules and check-ins; plan, risk, household, messages
//! programme                                        the participant's side: referrals, enrolments, goals, sessions
//! orders                                           what courts have ordered
//! participants                                     the people who are reported
//! webhooks                                         signed calls out
//! contact                                          how people may be reached
//! access                                           the proof that a read is allowed
//! transitions                                      what each state machine shares: a table of who may do what
//! consent                                          may we?
//! identity                                         who is asking
//! directory                                        reference data
//! notify  audit                                    outlets that take plain data
//! http  outgoing  db  crypto  objects  clock  config  error  app  tx  installation  events  words  writing  meter  plumbing: knows no feature
//! ```

pub mod app;
pub mod clock;
pub mod config;
pub mod crypto;
pub mod db;
pub mod error;
pub mod events;
pub mod http;
pub mod installation;
pub mod meter;
pub mod objects;
pub mod outgoing;
pub mod tx;
pub mod words;
pub mod writing;

pub mod audit;
pub mod notify;

pub mod directory;

pub mod consent;
pub mod identity;

pub mod transitions;

pub mod access;

pub mod contact;

pub mod webhooks;

pub mod orders;
pub mod participants;
pub mod programme;

pub mod checkins;
pub mod incidents;
pub mod safety;

pub mod evidence;

pub mod cases;
pub mod escalation;

pub mod portal;
pub mod reporting;

pub mod cli;
pub mod reactions;
pub mod routes;
pub mod worker;
