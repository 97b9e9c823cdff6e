//! What a handler does with its call: one use case in one transaction, and the answer. Views are made after the commit,
//! but for those that are stored for repeats.

use actix_web::http::Method;
use serde::Serialize;
use uuid::Uuid;

use super::{Call, Input, Who};
use crate::crypto::Keys;
use crate::error::{Code, Error, Result};
use crate::http::answer::{Keep, acted, create};
use crate::http::body::{Query, RepeatKey};
use crate::http::page::{Cursor, ListQuery, ListRequest};
use crate::http::reply::{
    Answer, Done, Listed, One, Reply, done, listed, page_reply, paged, reply, reply_tagged, status, whole_reply,
};
use crate::http::work::Work;
use crate::tx::{Raised, Tx};

impl<W: Who, P: Clone + Send + Sync + 'static, B: Input> Call<W, P, B> {
    /// Carries the use case out, once per idempotency key: a repeat is given the same answer.
    ///
    /// # Errors
    /// What the use case refused; 400 without a key where one is needed; 422 or 409 for one that was used otherwise.
    pub async fn once<S, F, T, const STATUS: u16>(self, work: F) -> Result<Reply<STATUS, One<T>>>
    where
        F: Work<S, W::Caller, P, B::Value, T>,
        T: Serialize,
    {
        self.once_as(work, |value, _| value).await
    }

    /// The same, answered with a view of what was done and of the alerts that were raised.
    pub async fn once_as<S, F, T, V, const STATUS: u16>(
        self,
        work: F,
        view: impl Fn(T, &[Raised]) -> V + Send + Sync + 'static,
    ) -> Result<Reply<STATUS, One<V>>>
    where
        F: Work<S, W::Caller, P, B::Value, T>,
        V: Serialize,
    {
        self.keeping(Keep::Answer, move |tx, who, path, body| work.run(tx, who, path, body), view).await
    }

    /// The same, answered with a view that opens what is sealed.
    pub async fn once_opened<S, F, T, V, const STATUS: u16>(
        self,
        work: F,
        view: impl Fn(&Keys, &T) -> Result<V> + Send + Sync + 'static,
    ) -> Result<Reply<STATUS, One<V>>>
    where
        F: Work<S, W::Caller, P, B::Value, T>,
        V: Serialize,
    {
        let work = move |tx: &mut Tx<'_>, who: &_, path: &_, body: &_| {
            let row = work.run(tx, who, path, body)?;
            view(tx.keys, &row)
        };
        self.keeping(Keep::Answer, work, |view, _| view).await
    }

    /// The same where the answer holds a secret that is shown once: a repeat learns only that it was done.
    pub async fn once_secret<S, F, T, const STATUS: u16>(self, work: F) -> Result<Reply<STATUS, One<T>>>
    where
        F: Work<S, W::Caller, P, B::Value, T>,
        T: Serialize,
    {
        self.keeping(Keep::Nothing, move |tx, who, path, body| work.run(tx, who, path, body), |value, _| value).await
    }

    async fn keeping<F, T, V, const STATUS: u16>(
        self,
        keep: Keep,
        work: F,
        view: impl Fn(T, &[Raised]) -> V + Send + Sync + 'static,
    ) -> Result<Reply<STATUS, One<V>>>
    where
        F: Fn(&mut Tx<'_>, &W::Caller, &P, &B::Value) -> Result<T> + Send + Sync + 'static,
        V: Serialize,
    {
        let key = keyed::<W>(self.key)?;
        let (actor, who, path, body) = (self.who.actor(), self.who, self.path, self.body);
        let work = move |tx: &mut Tx<'_>| tx.both(who.caller(), who.behind(), |tx, who| work(tx, who, &path, &body));
        create(&self.app, actor, self.action, status(STATUS), (key, keep), work, view).await.map(Reply::of)
    }

    /// Carries the use case out, once per idempotency key, and answers with what it left, read again at each repeat: for
    /// answers that say more than the caller sent.
    pub async fn acted<S, F, D, R, G, V, const STATUS: u16>(self, work: F, read: G) -> Result<Reply<STATUS, One<V>>>
    where
        F: Work<S, W::Caller, P, B::Value, D>,
        G: Work<R, W::Caller, P, (), V>,
        W: Clone,
        V: Serialize,
    {
        let key = keyed::<W>(self.key)?;
        let (actor, reader, at) = (self.who.actor(), self.who.clone(), self.path.clone());
        let (who, path, body) = (self.who, self.path, self.body);
        let work =
            move |tx: &mut Tx<'_>| tx.both(who.caller(), who.behind(), |tx, who| work.run(tx, who, &path, &body));
        let read = move |tx: &mut Tx<'_>| read.run(tx, reader.caller(), &at, &());
        acted(&self.app, actor, self.action, (key, status(STATUS)), work, read).await.map(Reply::of)
    }

    /// Carries the use case out in one transaction.
    pub async fn transact<S, F, T>(self, work: F) -> Result<T>
    where
        F: Work<S, W::Caller, P, B::Value, T>,
        T: Send + 'static,
    {
        let (actor, who, path, body) = (self.who.actor(), self.who, self.path, self.body);
        let is_read = self.request.method() == Method::GET;
        let work = move |tx: &mut Tx<'_>| {
            let behind = who.behind().filter(|_| !is_read);
            tx.both(who.caller(), behind, |tx, who| work.run(tx, who, &path, &body))
        };
        self.app.transact(actor, self.action, work).await
    }

    /// Carries the use case out, and answers with what it returns.
    pub async fn run<S, F, T>(self, work: F) -> Answer<T>
    where
        F: Work<S, W::Caller, P, B::Value, T>,
        T: Serialize + Send + 'static,
    {
        reply(self.transact(work).await?)
    }

    /// The same; what it returns is opened after the commit.
    pub async fn show<S, F, T, V>(self, work: F, view: impl Fn(&Keys, &T) -> Result<V>) -> Answer<V>
    where
        F: Work<S, W::Caller, P, B::Value, T>,
        T: Send + 'static,
        V: Serialize,
    {
        let app = self.app.clone();
        let row = self.transact(work).await?;
        reply(app.with_keys(|keys| view(keys, &row)).await?)
    }

    /// Carries the use case out, and answers with what it returns and the `ETag` of its version.
    pub async fn tagged<S, F, T>(self, work: F, version: impl FnOnce(&T) -> i32) -> Answer<T>
    where
        F: Work<S, W::Caller, P, B::Value, T>,
        T: Serialize + Send + 'static,
    {
        let value = self.transact(work).await?;
        reply_tagged(version(&value), value)
    }

    /// The same of a row, which is opened after the commit.
    pub async fn show_tagged<S, F, T, V>(
        self,
        work: F,
        version: impl FnOnce(&T) -> i32,
        view: impl Fn(&Keys, &T) -> Result<V>,
    ) -> Answer<V>
    where
        F: Work<S, W::Caller, P, B::Value, T>,
        T: Send + 'static,
        V: Serialize,
    {
        let app = self.app.clone();
        let row = self.transact(work).await?;
        reply_tagged(version(&row), app.with_keys(|keys| view(keys, &row)).await?)
    }

    /// The same where the version comes before what is shown.
    pub async fn versioned<S, F, T>(self, work: F) -> Answer<T>
    where
        F: Work<S, W::Caller, P, B::Value, (i32, T)>,
        T: Serialize + Send + 'static,
    {
        let (version, value) = self.transact(work).await?;
        reply_tagged(version, value)
    }

    /// Carries the use case out, and answers 204.
    pub async fn done<S, F, T>(self, work: F) -> Done
    where
        F: Work<S, W::Caller, P, B::Value, T>,
        T: Send + 'static,
    {
        self.transact(work).await?;
        done()
    }

    /// Answers with all that the use case lists, as one page.
    pub async fn whole<S, F, T>(self, work: F) -> Listed<T>
    where
        F: Work<S, W::Caller, P, B::Value, Vec<T>>,
        T: Serialize + Send + 'static,
    {
        listed(self.transact(work).await?)
    }

    /// The same; the items are opened after the commit. Those that do not open are named by their ids.
    pub async fn whole_of<S, F, R, V>(
        self,
        work: F,
        id: impl Fn(&R) -> Uuid,
        view: impl Fn(&Keys, &R) -> Result<V>,
    ) -> Listed<V>
    where
        F: Work<S, W::Caller, P, B::Value, Vec<R>>,
        R: Send + 'static,
        V: Serialize,
    {
        let app = self.app.clone();
        let rows = self.transact(work).await?;
        whole_reply(app.views(&rows, id, view).await?)
    }
}

impl<W: Who, P: Clone + Send + Sync + 'static, Q: ListQuery> Call<W, P, Query<Q>> {
    /// One page of what the use case lists under the caller's filters, if it has any; views are made after the commit.
    ///
    /// # Errors
    /// 422 for a limit or cursor that we did not give; what the use case refused.
    pub async fn page<S, F, R, V>(
        self,
        list: F,
        key: impl Fn(&R) -> Cursor,
        view: impl Fn(&Keys, &R) -> Result<V>,
    ) -> Listed<V>
    where
        F: Work<S, W::Caller, P, ListRequest<Q>, Vec<R>>,
        R: Send + 'static,
        V: Serialize,
    {
        let (app, request) = (self.app.clone(), self.request.clone());
        let (rows, limit) = self.list(list).await?;
        page_reply(&request, app.page(rows, limit, key, view).await?)
    }

    /// The same with what was read for all items at once, such as their references.
    pub async fn page_with<S, F, R, X, V>(
        self,
        list: F,
        key: impl Fn(&R) -> Cursor,
        view: impl Fn(&Keys, &R, &X) -> Result<V>,
    ) -> Listed<V>
    where
        F: Work<S, W::Caller, P, ListRequest<Q>, (Vec<R>, X)>,
        R: Send + 'static,
        X: Send + 'static,
        V: Serialize,
    {
        let (app, request) = (self.app.clone(), self.request.clone());
        let ((rows, shared), limit) = self.list(list).await?;
        page_reply(&request, app.page(rows, limit, key, |keys, row| view(keys, row, &shared)).await?)
    }

    /// The same where what is listed is shown as it is, or becomes what is shown.
    pub async fn page_as<S, F, R, V>(
        self,
        list: F,
        key: impl Fn(&R) -> Cursor,
        view: impl FnMut(R) -> Result<V>,
    ) -> Listed<V>
    where
        F: Work<S, W::Caller, P, ListRequest<Q>, Vec<R>>,
        R: Send + 'static,
        V: Serialize,
    {
        let request = self.request.clone();
        let (rows, limit) = self.list(list).await?;
        paged(&request, limit, rows, key, view)
    }

    /// What the use case lists, and how many items to give; the caller makes a page of it ([`paged`]).
    pub async fn list<S, F, T>(self, list: F) -> Result<(T, i64)>
    where
        F: Work<S, W::Caller, P, ListRequest<Q>, T>,
        T: Send + 'static,
    {
        let page = self.body.page();
        let limit = page.limit()?;
        let asked = ListRequest { after: page.after()?, limit, query: self.body };
        let (actor, who, path) = (self.who.actor(), self.who, self.path);
        let work = move |tx: &mut Tx<'_>| list.run(tx, who.caller(), &path, &asked);
        Ok((self.app.transact(actor, self.action, work).await?, limit))
    }
}

impl<W: Who, P, B: Input> Call<W, P, B> {
    /// What makes a repeat recognisable, for use cases that other calls share or that take several transactions.
    ///
    /// # Errors
    /// 400 without a key where one is needed.
    pub fn take_key(&mut self) -> Result<RepeatKey> {
        keyed::<W>(self.key.take())
    }
}

fn keyed<W: Who>(key: Option<RepeatKey>) -> Result<RepeatKey> {
    let key = key.ok_or_else(|| Error::internal("a call without a body has no key"))?;
    if W::NEEDS_KEY && key.key.is_none() {
        return Err(Error::invalid(Code::IdempotencyKeyMissing));
    }
    Ok(key)
}
