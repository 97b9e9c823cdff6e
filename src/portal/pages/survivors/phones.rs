//! A survivor's phones and the codes that enrol them, for people on duty too.

use actix_web::{HttpResponse, web};
use askama::Template;

use super::forms::{RecordForms, RecordTrouble, answer};
use super::head::{self, RecordHead, RecordReading};
use super::names::{self, StaffNames};
use crate::app::App;
use crate::error::Result;
use crate::escalation;
use crate::http::Page;
use crate::identity::{CodeState, EnrolmentCodeLineView, SupportStaff, SurvivorDeviceView};
use crate::portal::pages::case::handle::letters;
use crate::portal::pages::form::{ErrorSummary, FieldKind, FormField, ShownForm};
use crate::portal::pages::reader::{InEnglish, PageReader, When};
use crate::portal::pages::visit::Visit;
use crate::tx::Tx;
use crate::words::id_of;

const CODE: [FormField; 1] = [FormField {
    name: "old_phone_alone_with_them",
    label: "portal-old-phone",
    hint: Some("portal-old-phone-hint"),
    kind: FieldKind::Choice(&[
        ("unsure", "portal-old-phone-unsure"),
        ("yes", "portal-old-phone-yes"),
        ("no", "portal-old-phone-no"),
    ]),
}];
const REVOKE: [FormField; 1] = [FormField {
    name: "reason",
    label: "portal-revoke-because",
    hint: None,
    kind: FieldKind::Choice(&[
        ("lost", "portal-revoke-lost"),
        ("stolen", "portal-revoke-stolen"),
        ("not_safe", "portal-revoke-not_safe"),
        ("replaced", "portal-revoke-replaced"),
    ]),
}];
const CODE_WORD: FormField = FormField {
    name: "code_word",
    label: "portal-code-word",
    hint: Some("portal-phone-word-hint"),
    kind: FieldKind::Secret,
};
const SPOKE: FormField = FormField {
    name: "spoke_to_survivor",
    label: "portal-spoke",
    hint: Some("portal-spoke-hint"),
    kind: FieldKind::Tick,
};
const CONFIRM: [FormField; 4] = [
    CODE_WORD,
    SPOKE,
    FormField { name: "rang_back", label: "portal-rang-back", hint: None, kind: FieldKind::Tick },
    FormField {
        name: "approves_request",
        label: "portal-approves-request",
        hint: Some("portal-approves-request-hint"),
        kind: FieldKind::Tick,
    },
];
const END_SOS: [FormField; 2] = [SPOKE, CODE_WORD];

/// `GET …/phones`
pub async fn get_phones(visit: Visit<SupportStaff>, reference: web::Path<String>) -> Result<HttpResponse> {
    show(&visit, &reference, visit.deed, None).await
}

/// What the page is made of.
struct ReadPhones {
    reference: String,
    reading: RecordReading,
    phones: Page<SurvivorDeviceView>,
    codes: Vec<EnrolmentCodeLineView>,
    names: StaffNames,
}

/// The page; with what is wrong with a form of it, where one was refused.
///
/// # Errors
/// 404 for a survivor who is not the reader's.
pub async fn show(
    visit: &Visit<SupportStaff>,
    reference: &str,
    deed: &'static str,
    trouble: Option<&RecordTrouble>,
) -> Result<HttpResponse> {
    let read = read(&visit.app, &visit.who, reference, deed).await?;
    let reader = visit.reader.clone().in_zone(read.reading.zone.as_deref());
    answer(&PhonesPage::of(&reader, &read, trouble), trouble)
}

async fn read(app: &App, who: &SupportStaff, reference: &str, deed: &'static str) -> Result<ReadPhones> {
    let (staff, named) = (who.clone(), reference.to_owned());
    let work = move |tx: &mut Tx<'_>| {
        let survivor = head::named(tx, &named)?;
        let phones = escalation::list_phones_of(tx, &staff, survivor)?;
        let codes = escalation::list_enrolment_codes(tx, &staff, survivor)?;
        Ok((phones, codes, head::reading(tx, &staff, survivor)?))
    };
    let (phones, codes, reading) = app.transact(who.actor(), deed, work).await?;
    let phones = app.views(&phones, |row| row.id.0, SurvivorDeviceView::of).await?;
    let asked = phones.items.iter().filter_map(|phone| phone.confirm_asked_by);
    let people = asked.chain(codes.iter().map(|code| code.made_by)).collect();
    let names = names::names_of(app, who, people).await?;
    Ok(ReadPhones { reference: reference.to_owned(), reading, phones, codes, names })
}

/// The phones.
#[derive(Template)]
#[template(path = "survivors/phones.html")]
struct PhonesPage<'a> {
    reader: &'a PageReader,
    title: String,
    wrong: Option<ErrorSummary>,
    head: RecordHead,
    make: ShownForm,
    phones: Vec<PhoneLine>,
    codes: Vec<CodeLine>,
    has_unreadable: bool,
}

impl<'a> PhonesPage<'a> {
    fn of(reader: &'a PageReader, read: &ReadPhones, trouble: Option<&RecordTrouble>) -> Self {
        let mut forms = RecordForms::of(reader, &read.reference, trouble);
        let make = forms.form("code", "phones/code", &CODE, "portal-make-code");
        let phones = read.phones.items.iter().map(|phone| PhoneLine::of(reader, &read.names, phone, &mut forms));
        let phones = phones.collect();
        let codes = read.codes.iter().map(|code| CodeLine::of(reader, &read.names, code, &mut forms)).collect();
        Self {
            title: reader.title("portal-phones-title", trouble.is_some()),
            wrong: forms.wrong,
            head: RecordHead::of(reader, &read.reference, ("/phones", "portal-phones-title"), read.reading.reach),
            make,
            phones,
            codes,
            has_unreadable: !read.phones.unreadable.is_empty(),
            reader,
        }
    }
}

/// A phone.
pub struct PhoneLine {
    /// What it is called.
    pub name: String,
    /// What can be done with it.
    pub state: InEnglish,
    /// When it was enrolled.
    pub enrolled: When,
    /// When it was revoked.
    pub revoked: Option<When>,
    /// Who asked for it to be opened without the code word.
    pub asked_by: Option<String>,
    /// What can be done about it.
    pub forms: Vec<ShownForm>,
}

impl PhoneLine {
    fn of(reader: &PageReader, known: &StaffNames, phone: &SurvivorDeviceView, forms: &mut RecordForms<'_>) -> Self {
        let own = letters(phone.id.0);
        let mut shown = Vec::new();
        let mut add = |act: &str, fields: &[FormField], button: &'static str| {
            shown.push(forms.form(&format!("{act}-{own}"), &format!("phones/{own}/{act}"), fields, button));
        };
        // Whether it is really the reader's to do the use case says.
        let state = match phone {
            SurvivorDeviceView { revoked_at: Some(_), sos_ended_at: Some(_), .. } => "revoked",
            SurvivorDeviceView { revoked_at: Some(_), .. } => {
                add("end-sos", &END_SOS, "portal-end-sos");
                "cries"
            }
            SurvivorDeviceView { reads_from: None, .. } => {
                add("confirm", &CONFIRM, "portal-confirm-phone");
                "waits"
            }
            SurvivorDeviceView { away_since: Some(_), .. } => {
                add("confirm", &CONFIRM, "portal-confirm-phone");
                "away"
            }
            _ => "in-use",
        };
        if phone.revoked_at.is_none() {
            add("revoke", &REVOKE, "portal-revoke-phone");
        }
        Self {
            name: phone.name.clone(),
            state: reader.in_english(&id_of("staff-phone", state)),
            enrolled: reader.when(phone.enrolled_at),
            revoked: phone.revoked_at.map(|at| reader.when(at)),
            asked_by: phone.confirm_asked_by.map(|id| names::by(reader, known, id)),
            forms: shown,
        }
    }
}

/// A code that was made.
pub struct CodeLine {
    /// What became of it.
    pub state: String,
    /// By whom.
    pub by: String,
    /// When.
    pub made: When,
    /// Until when it is good.
    pub until: Option<When>,
    /// What withdraws it.
    pub withdraw: Option<ShownForm>,
}

impl CodeLine {
    fn of(reader: &PageReader, known: &StaffNames, code: &EnrolmentCodeLineView, forms: &mut RecordForms<'_>) -> Self {
        let (own, is_waiting) = (letters(code.id.0), code.state == CodeState::Waiting);
        let end = format!("phones/codes/{own}/withdraw");
        let withdraw = || forms.form(&format!("withdraw-{own}"), &end, &[], "portal-withdraw-code");
        Self {
            state: reader.say(&id_of("portal-code-state", code.state.as_str())),
            by: names::by(reader, known, code.made_by),
            made: reader.when(code.made_at),
            until: is_waiting.then(|| reader.when(code.expires_at)),
            withdraw: is_waiting.then(withdraw),
        }
    }
}
