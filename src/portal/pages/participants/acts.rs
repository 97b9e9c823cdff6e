//! How an act is done: the body of the API's call, its use case in one transaction, and the page that it was done on, as it is
//! now or with what is wrong.

use actix_web::HttpResponse;

use super::forms::RecordTrouble;
use super::paths::{enrolment_path, session_path};
use super::read::named_participant;
use super::{record_page, report_page, session_page};
use crate::db::ParticipantId;
use crate::error::{Code, Error, Result};
use crate::http::Who;
use crate::identity::{ProgrammeStaff, Staff};
use crate::portal::pages::case::handle::participant_path;
use crate::portal::pages::frame;
use crate::portal::pages::visit::{Filled, Visit};
use crate::tx::Tx;

/// The page on which an act is done.
pub enum ActedOn {
    /// A participant's record, by its reference.
    Record(String),
    /// A session of theirs, by its letters.
    Session(String, String),
    /// The end of a programme, by the letters of the enrolment.
    Report(String, String),
}

impl ActedOn {
    fn path(&self) -> String {
        match self {
            Self::Record(reference) => participant_path(reference),
            Self::Session(reference, letters) => session_path(reference, letters),
            Self::Report(reference, letters) => enrolment_path(reference, letters),
        }
    }
}

/// Does something for the participant of a reference.
///
/// # Errors
/// 404 where there is no such participant; 403, 409 and 422 as the use case refuses.
pub async fn for_participant<W, B, T>(
    visit: &Visit<W>,
    reference: &str,
    body: Result<B>,
    work: fn(&mut Tx<'_>, &Staff, ParticipantId, &B) -> Result<T>,
) -> Result<()>
where
    W: Who<Caller = Staff>,
    B: Send + Sync + 'static,
    T: 'static,
{
    let (body, staff, named) = (body?, visit.who.caller().clone(), reference.to_owned());
    let run = move |tx: &mut Tx<'_>| {
        let id = named_participant(tx.conn, &named)?;
        work(tx, &staff, id, &body).map(drop)
    };
    visit.app.transact(visit.who.actor(), visit.deed, run).await
}

/// Does something with a record of a participant.
///
/// # Errors
/// 403, 404, 409 and 422 as the use case refuses.
pub async fn with_record<W, I, B, T>(
    visit: &Visit<W>,
    id: I,
    body: Result<B>,
    work: fn(&mut Tx<'_>, &Staff, I, &B) -> Result<T>,
) -> Result<()>
where
    W: Who<Caller = Staff>,
    I: Copy + Send + Sync + 'static,
    B: Send + Sync + 'static,
    T: 'static,
{
    let (body, staff) = (body?, visit.who.caller().clone());
    let run = move |tx: &mut Tx<'_>| work(tx, &staff, id, &body).map(drop);
    visit.app.transact(visit.who.actor(), visit.deed, run).await
}

/// What comes of an act: the way to its page, or that page with what is wrong.
///
/// # Errors
/// 401, 403, 404 and 5xx: what no form can put right.
pub async fn settle<W: Who<Caller = Staff>>(
    visit: &Visit<W>,
    on: ActedOn,
    (of, form): (String, Filled),
    done: Result<()>,
) -> Result<HttpResponse> {
    let Err(error) = done else { return Ok(frame::see_other(&on.path())) };
    let is_for_form = matches!(
        error,
        Error::Invalid { .. }
            | Error::Conflict(..)
            | Error::Stale(..)
            | Error::TooMany { .. }
            | Error::Forbidden(Code::WrongCredentials)
    );
    if !is_for_form {
        return Err(error);
    }
    let reading = ProgrammeStaff::of(visit.who.caller().clone())?;
    let trouble = RecordTrouble { error, form, of };
    let (app, reader) = (&visit.app, &visit.reader);
    let is_shared = reading.is_in_session();
    match &on {
        ActedOn::Session(reference, letters) if !is_shared => {
            let at = (reference.as_str(), letters.as_str(), "get_programme_session");
            session_page::show(app, &reading, reader, at, Some(&trouble)).await
        }
        ActedOn::Report(reference, letters) if !is_shared => {
            let at = (reference.as_str(), letters.as_str(), "get_enrolment");
            report_page::show(app, &reading, reader, at, Some(&trouble)).await
        }
        // While the participant may be looking on there is one page.
        ActedOn::Record(reference) | ActedOn::Session(reference, _) | ActedOn::Report(reference, _) => {
            let at = (reference.as_str(), "get_participant");
            record_page::show(app, &reading, reader, at, Some(&trouble)).await
        }
    }
}
