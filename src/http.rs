//! Plumbing of handlers: problem details, bodies, idempotency, pages, limits, headers.
//!
//! A handler takes a typed [`Call`], runs one use case, and returns an [`Answer`]; its types are what the contract says of it
//! ([`operation`]). Every fault becomes one problem document in [`edge`](edge::edge).

pub mod address;
pub mod answer;
pub mod body;
pub mod call;
pub mod cry;
pub mod edge;
pub mod etag;
pub mod gzip;
pub mod head;
pub mod in_flight;
pub mod language;
pub mod lenient;
pub mod limits;
pub mod numbers;
pub mod operation;
pub mod page;
pub mod problem;
pub mod refusals;
pub mod reply;
pub mod throttle;
pub mod work;

pub use answer::{Keep, acted, create, created, ok};
pub use body::{EmptyBody, Query, RepeatKey, Request, know_fields, parse};
pub use call::{Anyone, Call, Listing, Matching, Who};
pub use cry::{Incoming, Press, SyncedCall, cried, cried_with};
pub use language::ReaderLanguage;
pub(crate) use operation::operations;
pub(crate) use page::list_query;
pub use page::{ListQuery, ListRequest, OrganisationPageQuery, Page, PageQuery};
pub use problem::Problem;
pub use reply::{Answer, Created, Done, Listed};
