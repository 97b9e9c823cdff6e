//! Answers of typed calls: what the contract says of an answer and what is returned are one type.

use std::marker::PhantomData;

use actix_web::body::BoxBody;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, Responder};
use serde::Serialize;

use super::etag::ok_tagged;
use super::page::{Cursor, Page};
use crate::error::Result;

/// An answer by its status and what it holds: [`One`] record, or a page of [`Many`].
pub struct Reply<const STATUS: u16, C>(HttpResponse, PhantomData<fn() -> C>);

/// One record, as JSON.
pub struct One<T>(PhantomData<fn() -> T>);

/// A page of records.
pub struct Many<T>(PhantomData<fn() -> T>);

/// 200 with a record.
pub type Answer<T> = Result<Reply<200, One<T>>>;
/// 201 with what was created.
pub type Created<T> = Result<Reply<201, One<T>>>;
/// 200 with a page.
pub type Listed<T> = Result<Reply<200, Many<T>>>;
/// 204.
pub type Done = Result<Reply<204, ()>>;

impl<const STATUS: u16, C> Reply<STATUS, C> {
    /// An answer that was made elsewhere: by what several calls share.
    pub fn of(response: HttpResponse) -> Self {
        Self(response, PhantomData)
    }

    /// Changes headers of the answer.
    pub fn and(self, change: impl FnOnce(HttpResponse) -> Result<HttpResponse>) -> Result<Self> {
        change(self.0).map(Self::of)
    }
}

impl<const STATUS: u16, C> Responder for Reply<STATUS, C> {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        self.0
    }
}

/// An answer with a record.
pub fn reply<T: Serialize, const STATUS: u16>(value: T) -> Result<Reply<STATUS, One<T>>> {
    Ok(Reply::of(HttpResponse::build(status(STATUS)).json(value)))
}

/// The same, with the `ETag` of the version shown.
pub fn reply_tagged<T: Serialize>(version: i32, value: T) -> Answer<T> {
    Ok(Reply::of(ok_tagged(version, value)))
}

/// All of a list, as one page.
pub fn listed<T: Serialize>(items: Vec<T>) -> Listed<T> {
    whole_reply(Page::whole(items))
}

/// The same where some of it may not have been readable.
pub fn whole_reply<T: Serialize>(page: Page<T>) -> Listed<T> {
    Ok(Reply::of(HttpResponse::Ok().json(page)))
}

/// One page of a list, from `limit + 1` rows.
pub fn paged<R, V: Serialize>(
    request: &HttpRequest,
    limit: i64,
    rows: Vec<R>,
    key: impl Fn(&R) -> Cursor,
    view: impl FnMut(R) -> Result<V>,
) -> Listed<V> {
    Ok(Reply::of(Page::of(rows, limit, key, view)?.respond(request)))
}

/// One page that was made already.
pub fn page_reply<V: Serialize>(request: &HttpRequest, page: Page<V>) -> Listed<V> {
    Ok(Reply::of(page.respond(request)))
}

/// One page with something next to it.
pub fn paged_as<V: Serialize, B: Serialize>(
    request: &HttpRequest,
    page: Page<V>,
    body: impl FnOnce(Page<V>) -> B,
) -> Answer<B> {
    Ok(Reply::of(page.respond_as(request, body)))
}

/// Nothing more to say.
pub fn done() -> Done {
    Ok(Reply::of(HttpResponse::NoContent().finish()))
}

/// A status by its number.
pub(super) fn status(status: u16) -> StatusCode {
    StatusCode::from_u16(status).unwrap_or(StatusCode::OK)
}
