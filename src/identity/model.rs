//! Rows and words of identity.

use diesel::prelude::*;

use crate::crypto::{Private, Sealed, sealed_row};
use crate::db::schema::{
    devices, enrolment_codes, organisations, police_clients, risk_changes, sessions, staff, survivors,
};
use crate::db::{
    DeviceId, EnrolmentCodeId, Instant, Json, OrganisationId, PoliceClientId, RiskAssessmentId, RiskChangeId,
    SessionId, StaffId, SurvivorId, text_enum,
};
use crate::error::Result;
use crate::http::list_query;

text_enum! {
    /// What an organisation is in the partnership; decides which roles its staff may hold.
    pub enum OrganisationKind {
        /// Delivers the programme; holds the participants' records.
        ProgrammeProvider = "programme_provider",
        /// Supports survivors; holds their records.
        SurvivorSupport = "survivor_support",
        /// A police force.
        PoliceForce = "police_force",
        /// Pays and asks for outcomes.
        Commissioner = "commissioner",
        /// Checks who saw what.
        Oversight = "oversight",
    }
}

text_enum! {
    /// What a member of staff may do.
    pub enum Role {
        /// A survivor advocate.
        Advocate = "advocate",
        /// A behaviour-change practitioner.
        Practitioner = "practitioner",
        /// A manager of one side.
        Supervisor = "supervisor",
        /// A named officer.
        Police = "police",
        /// A commissioner's analyst.
        Commissioner = "commissioner",
        /// An auditor.
        Auditor = "auditor",
        /// Runs the installation; reads no case data.
        Administrator = "administrator",
    }
}

impl Role {
    /// Whether staff of such an organisation may hold it. Nobody can be both advocate and practitioner, since no
    /// organisation is both kinds.
    #[must_use]
    pub fn fits(self, kind: OrganisationKind) -> bool {
        use OrganisationKind as Kind;
        match self {
            Self::Advocate => kind == Kind::SurvivorSupport,
            Self::Practitioner => kind == Kind::ProgrammeProvider,
            Self::Supervisor => matches!(kind, Kind::SurvivorSupport | Kind::ProgrammeProvider),
            Self::Police => kind == Kind::PoliceForce,
            Self::Commissioner => kind == Kind::Commissioner,
            Self::Auditor => kind == Kind::Oversight,
            Self::Administrator => true,
        }
    }
}

impl Role {
    /// Whether anyone who holds it works with survivors' or participants' records.
    #[must_use]
    pub fn works_with_records(self) -> bool {
        matches!(self, Self::Advocate | Self::Practitioner | Self::Supervisor)
    }
}

text_enum! {
    /// A survivor's assessed risk. Unassessed is treated as high.
    pub enum RiskRating {
        /// Nobody has assessed it yet.
        Unassessed = "unassessed",
        /// Standard.
        Standard = "standard",
        /// Medium.
        Medium = "medium",
        /// High.
        High = "high",
    }
}

impl RiskRating {
    /// 1 to 3, by how it is treated.
    #[must_use]
    pub fn weight(self) -> u8 {
        match self {
            Self::Standard => 1,
            Self::Medium => 2,
            Self::High | Self::Unassessed => 3,
        }
    }
}

/// An organisation.
#[derive(Clone, Debug, HasQuery, Insertable)]
#[diesel(table_name = organisations)]
pub struct Organisation {
    /// Id.
    pub id: OrganisationId,
    /// What it is.
    pub kind: OrganisationKind,
    /// Its name.
    pub name: String,
    /// The force's data.police.uk slug.
    pub force_id: Option<String>,
    /// The number police may ring.
    pub duty_desk_phone: Option<String>,
    /// When it was made.
    pub created_at: Instant,
    /// Counts changes.
    pub version: i32,
}

/// A member of staff.
#[derive(Clone, Debug, HasQuery, Insertable)]
#[diesel(table_name = staff)]
pub struct StaffRow {
    pub id: StaffId,
    pub organisation_id: Option<OrganisationId>,
    pub username_index: Vec<u8>,
    pub username: Sealed,
    pub display_name: Sealed,
    pub roles: Json,
    pub password_hash: Option<String>,
    pub setup_index: Option<Vec<u8>>,
    pub setup_expires_at: Option<Instant>,
    pub totp_secret: Option<Sealed>,
    pub totp_confirmed_at: Option<Instant>,
    pub totp_last_step: Option<i64>,
    pub created_at: Instant,
    pub disabled_at: Option<Instant>,
}
sealed_row!(StaffRow, "staff", id, id);

impl StaffRow {
    pub fn roles(&self) -> Result<Vec<Role>> {
        self.roles.read()
    }
}

list_query! {
    /// Which staff accounts to list.
    pub struct StaffQuery {
        /// Only those of one organisation.
        pub organisation_id: Option<OrganisationId>,
        /// Only those that are out of use, or only those in use.
        pub is_disabled: Option<bool>,
    }
}

impl StaffQuery {
    /// Those of one organisation, or all.
    pub fn of(organisation_id: Option<OrganisationId>) -> Self {
        Self { organisation_id, ..Self::default() }
    }
}

list_query! {
    /// Which survivors to list.
    pub struct SurvivorsQuery {
        /// Only the one with this reference.
        #[param(example = "SV-6F2K-8C3D-M")]
        pub reference: Option<String>,
        /// Only those whose risk is assessed so.
        pub risk_rating: Option<RiskRating>,
        /// Only those with whom nobody works any more, or only the others.
        pub is_closed: Option<bool>,
        /// With `true`, only those to whom you are assigned.
        pub mine: Option<bool>,
    }
}

text_enum! {
    /// What a survivor needs of people who speak with them.
    pub enum Need {
        /// An interpreter into the language that they read.
        Interpreter = "interpreter",
        /// Easy read: short words, with pictures.
        EasyRead = "easy_read",
        /// British Sign Language.
        Bsl = "bsl",
    }
}

/// A survivor.
#[derive(Clone, Debug, HasQuery, Insertable)]
#[diesel(table_name = survivors)]
pub struct SurvivorRow {
    /// Id.
    pub id: SurvivorId,
    /// Reference for people.
    pub reference: String,
    /// The support organisation that holds the record.
    pub organisation_id: OrganisationId,
    /// What they want to be called.
    pub preferred_name: Sealed,
    /// Their pronouns.
    pub pronouns: Option<Sealed>,
    /// Language tag (BCP 47).
    pub language: String,
    /// The force that alerts go to.
    pub home_force_id: String,
    /// Assessed risk.
    pub risk_rating: RiskRating,
    /// Counts changes.
    pub version: i32,
    /// The advocate who made the record.
    pub created_by: StaffId,
    /// When it was made.
    pub created_at: Instant,
    /// When it last changed.
    pub updated_at: Instant,
    /// Their name as documents give it.
    pub full_name: Option<Sealed>,
    /// The day they were born.
    pub date_of_birth: Option<Sealed>,
    /// What they need of people who speak with them, as a list of [`Need`].
    pub needs: Option<Sealed>,
    /// Since when nobody works with them.
    pub closed_at: Option<Instant>,
}
sealed_row!(SurvivorRow, "survivors", id, id, version);

text_enum! {
    /// Whether the phone that a survivor has already is in their hands alone, as they said to the maker of a code for another.
    #[derive(Default)]
    pub enum OldPhone {
        /// It is: it may show that there is another phone.
        Yes = "yes",
        /// It is not: it shows nothing of another phone.
        No = "no",
        /// Nobody knows: as if it were not.
        #[default]
        Unsure = "unsure",
    }
}

text_enum! {
    /// Why an enrolment code ended before its time and unused.
    pub enum CodeEnd {
        /// A newer one was made.
        Replaced = "replaced",
        /// Staff withdrew it, or closed the record, or gave it to another organisation.
        Withdrawn = "withdrawn",
        /// Its maker may make none any more: their account is out of use, or they do not work with the survivor.
        MakerOut = "maker_out",
    }
}

/// A one-time code by which a phone is enrolled.
#[derive(Clone, Debug, HasQuery, Insertable)]
#[diesel(table_name = enrolment_codes, treat_none_as_default_value = false)]
pub struct EnrolmentCode {
    pub id: EnrolmentCodeId,
    pub survivor_id: SurvivorId,
    pub code_index: Vec<u8>,
    pub created_by: StaffId,
    pub created_at: Instant,
    pub expires_at: Instant,
    pub used_at: Option<Instant>,
    pub old_phone_alone: OldPhone,
    pub ended_because: Option<CodeEnd>,
}

/// A phone.
#[derive(Clone, Debug, HasQuery, Insertable)]
#[diesel(table_name = devices, treat_none_as_default_value = false)]
pub struct Device {
    /// Id.
    pub id: DeviceId,
    pub(super) survivor_id: SurvivorId,
    pub(super) name: Sealed,
    pub(super) secret_index: Vec<u8>,
    pub(super) sos_index: Vec<u8>,
    pub(super) pin_hash: String,
    /// When it was enrolled.
    pub created_at: Instant,
    pub(super) revoked_at: Option<Instant>,
    pub(super) duress_pin_hash: Option<String>,
    /// A duress PIN that was set in a session under duress.
    pub(super) shown_duress_pin_hash: Option<String>,
    pub(super) pin_failures: i32,
    /// The code word that came with it while another was set.
    pub(super) code_word_hash: Option<String>,
    pub(super) code_by: StaffId,
    /// What was said of the phones before it as its code was made.
    pub(super) old_phone_alone: OldPhone,
    /// From when it reads; none while it waits to be confirmed.
    pub(super) reads_from: Option<Instant>,
    pub(super) confirmed_by: Option<StaffId>,
    /// Who asked for it to be opened without the code word.
    pub(super) confirm_asked_by: Option<StaffId>,
    /// Since when its reads are answered as if the service were away; still to come where a phone that opens by time takes its
    /// place.
    pub(super) away_since: Option<Instant>,
    /// When it could cry for help no more.
    pub(super) sos_ended_at: Option<Instant>,
    /// Who of the staff revoked it; none where the survivor did.
    pub(super) revoked_by: Option<StaffId>,
}

impl Device {
    /// Whether it reads by an instant.
    pub fn reads_at(&self, now: Instant) -> bool {
        self.reads_from.is_some_and(|from| from <= now)
    }

    /// Since when a newer phone has had its place, by an instant.
    pub fn away_by(&self, now: Instant) -> Option<Instant> {
        self.away_since.filter(|since| *since <= now)
    }
}
sealed_row!(Device, "devices", survivor_id, id);

/// A police system.
#[derive(Clone, Debug, HasQuery, Insertable)]
#[diesel(table_name = police_clients)]
pub struct PoliceClient {
    pub id: PoliceClientId,
    pub organisation_id: OrganisationId,
    pub name: String,
    pub secret_index: Vec<u8>,
    pub created_at: Instant,
    pub revoked_at: Option<Instant>,
}

text_enum! {
    /// Whose session it is.
    pub enum SessionKind {
        /// A survivor's, on one phone.
        Survivor = "survivor",
        /// A member of staff's.
        Staff = "staff",
        /// A police system's.
        PoliceClient = "police_client",
    }
}

text_enum! {
    /// What a session is good for.
    pub enum SessionPurpose {
        /// Everything that its account may do.
        Full = "full",
        /// Enrolling a second factor, and nothing else.
        SecondFactor = "second_factor",
    }
}

/// A session.
#[derive(Clone, Debug, HasQuery, Insertable)]
#[diesel(table_name = sessions, treat_none_as_default_value = false)]
pub struct Session {
    pub id: SessionId,
    pub kind: SessionKind,
    pub account_id: crate::db::SubjectId,
    pub device_id: Option<DeviceId>,
    pub purpose: SessionPurpose,
    pub generation: i64,
    pub rotated_at: Instant,
    pub created_at: Instant,
    pub expires_at: Instant,
    pub revoked_at: Option<Instant>,
    pub is_duress: bool,
    pub pin_at: Option<Instant>,
    /// Since when it hides the survivor's side; staff of the programme alone.
    pub in_session_at: Option<Instant>,
}

impl Session {
    pub fn is_live(&self, now: Instant) -> bool {
        self.revoked_at.is_none() && self.expires_at > now
    }
}

/// A secret as it is shown once: a prefix that tells what it is, and 256 random bits.
pub fn new_secret(prefix: &str) -> Result<Private> {
    use base64::Engine;
    let bytes = crate::crypto::random::<32>()?;
    let text = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes);
    Ok(format!("{prefix}{text}").into())
}

/// A change of a rating.
#[derive(Clone, Debug, HasQuery, Insertable)]
#[diesel(table_name = risk_changes, treat_none_as_default_value = false)]
pub struct RiskChange {
    /// Its id.
    pub id: RiskChangeId,
    /// Whose.
    pub survivor_id: SurvivorId,
    /// The rating before.
    pub rating_before: RiskRating,
    /// The rating after.
    pub rating_after: RiskRating,
    /// Why, where it was lowered.
    pub reason: Option<Sealed>,
    /// The assessment that it follows from.
    pub assessment_id: Option<RiskAssessmentId>,
    /// Who made the assessment, or changed the record.
    pub changed_by: StaffId,
    /// When.
    pub changed_at: Instant,
}

sealed_row!(RiskChange, "risk_changes", survivor_id, id);

text_enum! {
    /// Why an account is set up again.
    pub enum SetupReason {
        /// The password, the second factor or the code before was lost.
        Lost = "lost",
        /// Its holder is back.
        Back = "back",
        /// Somebody else may be able to use it.
        NotSafe = "not_safe",
    }
}
