//! What is done about a survivor's phones. A code is shown in the answer to the form that asked for it, once, and stored nowhere.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;

use super::forms::{RecordTrouble, is_for_form, settle};
use super::head::{self, RecordHead, RecordReach};
use super::phones;
use crate::contact::RevokeDeviceBody;
use crate::db::{DeviceId, EnrolmentCodeId, SurvivorId};
use crate::error::{Error, Result};
use crate::escalation::{self, ConfirmPhoneBody, EndSosBody, EnrolmentCodeBody, EnrolmentCodeView};
use crate::identity::{self, SupportStaff};
use crate::portal::pages::case::handle::{self, record_path};
use crate::portal::pages::frame;
use crate::portal::pages::qr::QrPicture;
use crate::portal::pages::reader::{PageReader, When};
use crate::portal::pages::visit::{Filled, Visit};
use crate::tx::Tx;

/// Fields of the acts that are ticked.
const CONFIRM_TICKED: [&str; 3] = ["spoke_to_survivor", "rang_back", "approves_request"];
const END_TICKED: [&str; 1] = ["spoke_to_survivor"];

/// The reference of the survivor, and the letters of the phone or code.
type PhoneAddress = web::Path<(String, String)>;

/// A code that was just made.
#[derive(Template)]
#[template(path = "survivors/code.html")]
struct CodePage<'a> {
    reader: &'a PageReader,
    title: String,
    head: RecordHead,
    picture: Option<QrPicture>,
    code: &'a str,
    until: When,
}

/// `POST …/phones/code`
pub async fn make_code(visit: Visit<SupportStaff>, reference: web::Path<String>, form: Filled) -> Result<HttpResponse> {
    let made = match form.read::<EnrolmentCodeBody>(&[]) {
        Ok(body) => {
            let (staff, named) = (visit.who.clone(), reference.to_string());
            let work = move |tx: &mut Tx<'_>| {
                let survivor = head::named(tx, &named)?;
                let made = escalation::create_enrolment_code(tx, &staff, survivor, &body)?;
                Ok((made, head::reading(tx, &staff, survivor)?))
            };
            visit.app.transact(visit.who.actor(), visit.deed, work).await
        }
        Err(error) => Err(error),
    };
    match made {
        Ok((made, reading)) => {
            let reader = visit.reader.clone().in_zone(reading.zone.as_deref());
            frame::answer(StatusCode::OK, &CodePage::of(&reader, (&reference, reading.reach), &made))
        }
        Err(error) if is_for_form(&error) => {
            let trouble = RecordTrouble { error, form, of: "code".to_owned() };
            phones::show(&visit, &reference, "list_survivor_devices", Some(&trouble)).await
        }
        Err(error) => Err(error),
    }
}

impl<'a> CodePage<'a> {
    fn of(reader: &'a PageReader, (reference, reach): (&str, RecordReach), made: &'a EnrolmentCodeView) -> Self {
        Self {
            title: reader.title("portal-code-title", false),
            head: RecordHead::of(reader, reference, ("/phones/code", "portal-code-title"), reach),
            picture: QrPicture::of(&made.code),
            code: &made.code,
            until: reader.when(made.expires_at),
            reader,
        }
    }
}

/// `POST …/phones/codes/{code}/withdraw`
pub async fn withdraw_code(visit: Visit<SupportStaff>, path: PhoneAddress, form: Filled) -> Result<HttpResponse> {
    let (reference, letters) = &*path;
    let (staff, named, id) = (visit.who.clone(), reference.clone(), EnrolmentCodeId(handle::id(letters)?));
    let work = move |tx: &mut Tx<'_>| {
        let survivor = head::named(tx, &named)?;
        escalation::withdraw_enrolment_code(tx, &staff, (survivor, id))
    };
    let done = visit.app.transact(visit.who.actor(), visit.deed, work).await;
    settle_here(&visit, &path, done, (form, "withdraw")).await
}

/// `POST …/phones/{phone}/revoke`
pub async fn revoke(visit: Visit<SupportStaff>, path: PhoneAddress, form: Filled) -> Result<HttpResponse> {
    let (reference, letters) = &*path;
    let id = DeviceId(handle::id(letters)?);
    let done = match form.read::<RevokeDeviceBody>(&[]) {
        Ok(body) => {
            let (staff, named) = (visit.who.clone(), reference.clone());
            let work = move |tx: &mut Tx<'_>| {
                let survivor = head::named(tx, &named)?;
                escalation::revoke_phone_of(tx, &staff, (survivor, id), &body).map(drop)
            };
            visit.app.transact(visit.who.actor(), visit.deed, work).await
        }
        Err(error) => Err(error),
    };
    settle_here(&visit, &path, done, (form, "revoke")).await
}

/// `POST …/phones/{phone}/confirm`
pub async fn confirm(visit: Visit<SupportStaff>, path: PhoneAddress, form: Filled) -> Result<HttpResponse> {
    let (reference, letters) = &*path;
    let phone = (named(&visit, reference).await?, DeviceId(handle::id(letters)?));
    let done = match form.read::<ConfirmPhoneBody>(&CONFIRM_TICKED) {
        Ok(body) => escalation::confirm_phone_of(&visit.app, &visit.who, phone, visit.deed, body).await.map(drop),
        Err(error) => Err(error),
    };
    settle_here(&visit, &path, done, (form, "confirm")).await
}

/// `POST …/phones/{phone}/end-sos`
pub async fn end_sos(visit: Visit<SupportStaff>, path: PhoneAddress, form: Filled) -> Result<HttpResponse> {
    let (reference, letters) = &*path;
    let phone = (named(&visit, reference).await?, DeviceId(handle::id(letters)?));
    let done = match form.read::<EndSosBody>(&END_TICKED) {
        Ok(body) => escalation::end_sos_of(&visit.app, &visit.who, phone, visit.deed, body).await.map(drop),
        Err(error) => Err(error),
    };
    settle_here(&visit, &path, done, (form, "end-sos")).await
}

/// The survivor of a reference, for a use case that runs in several transactions.
async fn named(visit: &Visit<SupportStaff>, reference: &str) -> Result<SurvivorId> {
    let reference = reference.to_owned();
    let row = visit.app.db.read(move |conn| identity::find_survivor_by_reference(conn, &reference)).await?;
    row.map(|row| row.id).ok_or(Error::NotFound)
}

/// What comes of an act: the phones as they are now, or their page with what is wrong.
async fn settle_here(
    visit: &Visit<SupportStaff>,
    (reference, letters): &(String, String),
    done: Result<()>,
    (form, act): (Filled, &str),
) -> Result<HttpResponse> {
    match settle(done, (form, format!("{act}-{letters}")), &format!("{}/phones", record_path(reference)))? {
        Ok(answer) => Ok(answer),
        Err(trouble) => phones::show(visit, reference, "list_survivor_devices", Some(&trouble)).await,
    }
}
