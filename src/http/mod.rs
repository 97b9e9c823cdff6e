//! Plumbing of handlers: problem details, bodies, idempotency, pages, limits, headers, the client for outgoing calls.
//!
//! A handler reads its request through [`Request`] or [`Query`], calls one use case, and answers through
//! [`answer`](answer::create). Every fault becomes one problem document in [`edge`](edge::edge).

pub mod answer;
pub mod body;
pub mod cry;
pub mod edge;
pub mod etag;
pub mod guard;
pub mod head;
pub mod in_flight;
pub mod language;
pub mod lenient;
pub mod limits;
pub mod numbers;
pub mod outbound;
pub mod page;
pub mod problem;
pub mod smtp;
pub mod throttle;

pub use answer::{Keep, acted, create, created, ok};
pub use body::{Call, EmptyBody, Query, Request, know_fields, parse};
pub use cry::{Incoming, Press, SyncedCall, cried, cried_with};
pub use language::Reading;
pub use page::{OrganisationPageQuery, Page, PageQuery, whole};
pub use problem::Problem;
