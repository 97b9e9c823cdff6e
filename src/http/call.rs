//! Typed calls: what every handler unpacks, in one extractor, and one return type that the contract is read from.
//!
//! ```text
//! async fn acknowledge_alert(call: Call<SupportStaff, AlertId, AlertActionBody>) -> Answer<ActedView> {
//!     call.once(act::acknowledge).await
//! }
//! ```
//!
//! `operations!` registers such a handler under its own name, which is the operation id, and the action in the audit; the
//! contract takes caller, ids, body and answer from the types (see [`operation`](super::operation)).

mod run;

use std::cell::Cell;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::rc::Rc;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};
use garde::Validate;
use serde::de::DeserializeOwned;

use super::body::{Query, RepeatKey, Request};
use super::etag::IfMatch;
use super::page::PageQuery;
use crate::app::App;
use crate::error::{Error, Result};
use crate::tx::{Actor, Behind, PendingEntry};

/// Who may call: an extractor of callers, and what the contract says of them.
pub trait Who: FromRequest + Send + Sync + 'static {
    /// What use cases ask for.
    type Caller;
    /// Whether what they create needs an `Idempotency-Key`: a phone in a dead spot tries again by itself.
    const NEEDS_KEY: bool = false;
    /// The security schemes of the contract by which they are known.
    const SECURITY: &'static [&'static str] = &["staff"];

    /// The roles of the contract's `x-who`.
    fn roles() -> Vec<&'static str>;
    /// As an actor.
    fn actor(&self) -> Actor;
    /// As use cases ask for them.
    fn caller(&self) -> &Self::Caller;
    /// Their two records, where there are two.
    fn behind(&self) -> Option<Behind<Self::Caller>> {
        None
    }
}

/// Anyone at all.
pub struct Anyone;

impl FromRequest for Anyone {
    type Error = Error;
    type Future = std::future::Ready<Result<Self>>;

    fn from_request(_: &HttpRequest, _: &mut Payload) -> Self::Future {
        std::future::ready(Ok(Self))
    }
}

impl Who for Anyone {
    type Caller = Self;
    const SECURITY: &'static [&'static str] = &[];

    fn roles() -> Vec<&'static str> {
        vec!["anyone"]
    }

    fn actor(&self) -> Actor {
        Actor::Nobody
    }

    fn caller(&self) -> &Self {
        self
    }
}

/// What a call brings next to its caller and its path.
pub trait Input: 'static {
    /// As it is taken off the request.
    type Raw: FromRequest + 'static;
    /// As the handler has it.
    type Value: Send + Sync + 'static;

    /// Understands it, once everything else was there.
    fn read(raw: Self::Raw) -> Result<(Option<RepeatKey>, Self::Value)>;
}

/// No body.
pub struct Nothing;

impl FromRequest for Nothing {
    type Error = Error;
    type Future = std::future::Ready<Result<Self>>;

    fn from_request(_: &HttpRequest, _: &mut Payload) -> Self::Future {
        std::future::ready(Ok(Self))
    }
}

impl Input for Nothing {
    type Raw = Self;
    type Value = ();

    fn read(_: Self) -> Result<(Option<RepeatKey>, ())> {
        Ok((None, ()))
    }
}

impl<B: DeserializeOwned + Validate<Context = ()> + Send + Sync + 'static> Input for B {
    type Raw = Request<B>;
    type Value = B;

    fn read(raw: Request<B>) -> Result<(Option<RepeatKey>, B)> {
        raw.read().map(|(key, body)| (Some(key), body))
    }
}

impl<Q: DeserializeOwned + Send + Sync + 'static> Input for Query<Q> {
    type Raw = Self;
    type Value = Q;

    fn read(raw: Self) -> Result<(Option<RepeatKey>, Q)> {
        Ok((None, raw.0))
    }
}

/// A body that replaces what the caller has read (`If-Match`).
pub struct Matching<B>(PhantomData<B>);

impl<B: DeserializeOwned + Validate<Context = ()> + Send + Sync + 'static> Input for Matching<B> {
    type Raw = (IfMatch, Request<B>);
    type Value = (IfMatch, B);

    fn read((seen, raw): Self::Raw) -> Result<(Option<RepeatKey>, Self::Value)> {
        raw.read().map(|(key, body)| (Some(key), (seen, body)))
    }
}

/// A call: the application, who calls, the ids in the path, and what is sent.
pub struct Call<W, P = (), B: Input = Nothing> {
    /// The application.
    pub app: App,
    /// Who calls.
    pub who: W,
    /// The ids in the path.
    pub path: P,
    /// What is sent.
    pub body: B::Value,
    /// The operation's id: the action in the audit.
    pub action: &'static str,
    /// The request itself, for the addresses of pages.
    pub request: HttpRequest,
    key: Option<RepeatKey>,
}

/// A call for a page of a list.
pub type Listing<W, P = ()> = Call<W, P, Query<PageQuery>>;

/// The id of the operation that a request came to, as `operations!` registers it.
#[derive(Clone, Copy)]
pub(super) struct OperationId(pub &'static str);

/// Where a call leaves the id of its operation, in the extensions of its request: one that is broken off has no answer that would
/// say which it was. Clones share it.
#[derive(Clone, Default)]
pub(super) struct OperationSlot(Rc<Cell<Option<&'static str>>>);

impl OperationSlot {
    /// The id, once the call has come to its operation.
    pub(super) fn id(&self) -> Option<&'static str> {
        self.0.get()
    }

    fn fill(request: &HttpRequest) {
        let id = request.app_data::<OperationId>().map(|id| id.0);
        if let Some(slot) = request.extensions().get::<Self>() {
            slot.0.set(id);
        }
    }
}

type Extracting<T> = Pin<Box<dyn Future<Output = std::result::Result<T, actix_web::Error>>>>;

impl<W: Who, P: DeserializeOwned + 'static, B: Input> FromRequest for Call<W, P, B> {
    type Error = actix_web::Error;
    type Future = Extracting<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        OperationSlot::fill(request);
        let parts = <(W, web::Path<P>, B::Raw)>::from_request(request, payload);
        let request = request.clone();
        Box::pin(async move {
            let missing = || Error::internal("a typed call without its application");
            let app = request.app_data::<web::Data<App>>().ok_or_else(missing)?.get_ref().clone();
            let OperationId(action) = *request.app_data::<OperationId>().ok_or_else(missing)?;
            let (who, path, raw) = match parts.await {
                Ok(parts) => parts,
                Err(error) => {
                    let actor = request.extensions_mut().remove::<Actor>();
                    if let (Some(actor), Some(true)) = (actor, error.as_error().map(Error::is_of_rights)) {
                        app.refuse(actor, PendingEntry::of(action)).await;
                    }
                    return Err(error);
                }
            };
            let (key, body) = B::read(raw)?;
            Ok(Self { app, who, path: path.into_inner(), body, action, request, key })
        })
    }
}
