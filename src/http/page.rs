//! Lists: keyset pages, never offsets. A cursor is the sort key of the last row that was given.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use diesel::expression::AsExpression;
use diesel::query_dsl::methods::{FilterDsl, LimitDsl, OrderDsl};
use diesel::sql_types::SqlType;
use diesel::{ExpressionMethods, dsl};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::db::{Instant, OrganisationId};
use crate::error::{Error, Result};

/// The parameters of every list.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// How many items at most.
    #[serde(default)]
    #[param(minimum = 1, maximum = 200, default = 50, example = 50)]
    limit: Option<i64>,
    /// `next_cursor` of the page before.
    #[serde(default)]
    cursor: Option<String>,
}

/// The parameters of a list of all organisations' things, or of one's.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct OrganisationPageQuery {
    /// Only those of one organisation.
    #[serde(default)]
    organisation_id: Option<OrganisationId>,
    /// How many items at most.
    #[serde(default)]
    #[param(minimum = 1, maximum = 200, default = 50, example = 50)]
    limit: Option<i64>,
    /// `next_cursor` of the page before.
    #[serde(default)]
    cursor: Option<String>,
}

impl OrganisationPageQuery {
    /// Whose, after which place, and how many.
    ///
    /// # Errors
    /// As [`PageQuery::limit`] and [`PageQuery::after`].
    pub fn read(self) -> Result<(Option<OrganisationId>, Option<Cursor>, i64)> {
        let page = PageQuery::of(self.limit, self.cursor);
        Ok((self.organisation_id, page.after()?, page.limit()?))
    }
}

/// The parameters of a list: those that every list has, or filters as well, as `list_query!` declares them.
pub trait ListQuery: serde::de::DeserializeOwned + Send + Sync + 'static {
    /// The parameters that every list has.
    fn page(&self) -> PageQuery;
}

/// Reads a filter by level or severity.
///
/// # Errors
/// Where it is none of 1 to 4: a list that is empty for that would say that nothing is as grave.
pub fn one_to_four<'de, D: Deserializer<'de>>(given: D) -> std::result::Result<Option<i32>, D::Error> {
    let degree = Option::<i32>::deserialize(given)?;
    match degree {
        Some(1..=4) | None => Ok(degree),
        Some(_) => Err(D::Error::custom("must be a number from 1 to 4")),
    }
}

/// Declares the parameters of a list that has filters: those as they are written, and what every list takes. An unknown one is
/// refused. `flatten` would need no macro, and would read the numbers of a query as text.
macro_rules! list_query {
    ($(#[$meta:meta])* $vis:vis struct $name:ident { $($filters:tt)* }) => {
        $(#[$meta])*
        #[derive(Debug, Default, serde::Deserialize, utoipa::IntoParams)]
        #[serde(deny_unknown_fields)]
        #[into_params(parameter_in = Query)]
        $vis struct $name {
            $($filters)*
            /// How many items at most.
            #[serde(default)]
            #[param(minimum = 1, maximum = 200, default = 50, example = 50)]
            limit: Option<i64>,
            /// `next_cursor` of the page before.
            #[serde(default)]
            cursor: Option<String>,
        }

        impl $crate::http::page::ListQuery for $name {
            fn page(&self) -> $crate::http::PageQuery {
                $crate::http::PageQuery::of(self.limit, self.cursor.clone())
            }
        }
    };
}
pub(crate) use list_query;

impl ListQuery for PageQuery {
    fn page(&self) -> Self {
        self.clone()
    }
}

/// What is asked of a list.
#[derive(Debug)]
pub struct ListRequest<Q> {
    /// The filters.
    pub query: Q,
    /// The place to go on from; without one, the newest.
    pub after: Option<Cursor>,
    /// How many items to give. Use cases answer with one more where there is one.
    pub limit: i64,
}

/// A place in a list that is sorted newest first: the instant and id of the last item given.
pub type Cursor = (Instant, Uuid);

/// A query whose answer is a list sorted by id, the newest first. Ids sort by the time at which they were made.
pub trait PageDsl: Sized {
    /// The rows behind a place, one more than are to be given: the one too many tells that there are more.
    fn page<C, I>(self, id: C, make: fn(Uuid) -> I, after: Option<Cursor>, limit: i64) -> Self
    where
        C: ExpressionMethods + Copy,
        C::SqlType: SqlType,
        I: AsExpression<C::SqlType>,
        Self: FilterDsl<dsl::Lt<C, I>, Output = Self> + OrderDsl<dsl::Desc<C>, Output = Self> + LimitDsl<Output = Self>,
    {
        let rows = match after {
            Some((_, last)) => self.filter(id.lt(make(last))),
            None => self,
        };
        rows.order(id.desc()).limit(limit + 1)
    }
}

impl<Q> PageDsl for Q {}

impl PageQuery {
    /// The parameters of a list that has others too.
    #[must_use]
    pub fn of(limit: Option<i64>, cursor: Option<String>) -> Self {
        Self { limit, cursor }
    }

    /// How many rows to give.
    ///
    /// # Errors
    /// 422 outside 1 to 200.
    pub fn limit(&self) -> Result<i64> {
        match self.limit.unwrap_or(50) {
            limit @ 1..=200 => Ok(limit),
            _ => Err(Error::field("limit", "out_of_range", "limit must be 1 to 200")),
        }
    }

    /// Where to go on; without a cursor, at the newest.
    ///
    /// # Errors
    /// 422 for a cursor that we did not give.
    pub fn after(&self) -> Result<Option<Cursor>> {
        let Some(text) = &self.cursor else { return Ok(None) };
        read_cursor(text)
            .map(Some)
            .ok_or_else(|| Error::field("cursor", "not_allowed", "this cursor was not given by a list"))
    }
}

fn read_cursor(text: &str) -> Option<Cursor> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
    let (at, id) = bytes.split_first_chunk::<8>()?;
    Some((Instant::from_microseconds(i64::from_be_bytes(*at)), Uuid::from_slice(id).ok()?))
}

fn write_cursor((at, id): Cursor) -> String {
    URL_SAFE_NO_PAD.encode([at.microseconds().to_be_bytes().as_slice(), id.as_bytes()].concat())
}

/// One page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page<T> {
    /// The items: newest first, where the list does not say otherwise.
    pub items: Vec<T>,
    /// Give this as `cursor` to go on; null at the end, and always where the list is one page.
    #[schema(required = true)]
    pub next_cursor: Option<String>,
    /// Items of this page that are there and could not be read, by their ids: they are neither shown nor counted in `items`.
    /// Left out where there are none. `holdfast check` says more to the people who run the service.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub unreadable: Vec<Uuid>,
}

impl<T> Page<T> {
    /// All of a list, of which every item could be read.
    pub fn whole(items: Vec<T>) -> Self {
        Self { items, next_cursor: None, unreadable: Vec::new() }
    }

    /// A page from `limit + 1` rows: the one too many only tells that there are more.
    pub fn of<R>(
        mut rows: Vec<R>,
        limit: i64,
        key: impl Fn(&R) -> Cursor,
        mut view: impl FnMut(R) -> Result<T>,
    ) -> Result<Self> {
        let limit = usize::try_from(limit).unwrap_or(0);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next_cursor = rows.last().filter(|_| more).map(|row| write_cursor(key(row)));
        let viewed = rows.into_iter().map(|row| (key(&row).1, view(row)));
        let (items, unreadable) = readable(viewed)?;
        Ok(Self { items, next_cursor, unreadable })
    }
}

/// The views that could be made, in their order, and the ids of the rows that do not open. No row is dropped in silence, and
/// none hides the others.
///
/// # Errors
/// When a view could not be made for any other reason.
pub fn readable<T>(viewed: impl Iterator<Item = (Uuid, Result<T>)>) -> Result<(Vec<T>, Vec<Uuid>)> {
    // Each row is tried, also behind one that fails, so that all keys that are lacking are asked for at once.
    let viewed: Vec<_> = viewed.collect();
    let (mut items, mut unreadable) = (Vec::with_capacity(viewed.len()), Vec::new());
    for (id, view) in viewed {
        match view {
            Ok(item) => items.push(item),
            Err(Error::Unreadable(why)) => {
                tracing::error!(%id, why, "a record in a list could not be read; the others are shown");
                unreadable.push(id);
            }
            Err(error) => return Err(error),
        }
    }
    Ok((items, unreadable))
}

impl<T: Serialize> Page<T> {
    /// The answer, with a `Link` header to the next page (RFC 8288).
    #[must_use]
    pub fn respond(self, request: &HttpRequest) -> HttpResponse {
        self.respond_as(request, |page| page)
    }

    /// The same where the answer holds more than the page.
    #[must_use]
    pub fn respond_as<B: Serialize>(self, request: &HttpRequest, body: impl FnOnce(Self) -> B) -> HttpResponse {
        let mut response = HttpResponse::Ok();
        if let Some(cursor) = &self.next_cursor {
            let mut query = url::form_urlencoded::Serializer::new(String::new());
            let kept =
                url::form_urlencoded::parse(request.query_string().as_bytes()).filter(|(name, _)| name != "cursor");
            query.extend_pairs(kept).append_pair("cursor", cursor);
            let link = format!("<{}?{}>; rel=\"next\"", request.path(), query.finish());
            response.insert_header((header::LINK, link));
        }
        response.json(body(self))
    }
}
