//! One error for the whole crate, named by what the caller can do about it.
//!
//! A use case returns an [`Error`]; the edge (`http/problem.rs`) turns it into an RFC 9457 problem document. The inner
//! cause of [`Error::Internal`] is logged once there, with the request id, and never sent.

use std::borrow::Cow;

/// The result of every use case.
pub type Result<T> = std::result::Result<T, Error>;

/// Goes on where a single record is at fault: `otherwise` hears what stood in the way, and says what counts instead.
///
/// # Errors
/// When the database is at fault: then the whole transaction is lost.
pub fn isolate<T>(done: Result<T>, otherwise: impl FnOnce(Error) -> T) -> Result<T> {
    match done {
        Err(error) if !error.is_of_the_database() => Ok(otherwise(error)),
        done => done,
    }
}

macro_rules! codes {
    ($($name:ident = $status:literal $word:literal $title:literal;)*) => {
        /// The stable words that an answer's `code` may hold; `openapi.yaml` lists the same.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Code { $(#[doc = $title] $name,)* }

        impl Code {
            /// All codes, in the order of their status.
            pub const ALL: &'static [Code] = &[$(Code::$name,)*];

            /// The word that clients compare.
            #[must_use]
            pub fn word(self) -> &'static str { match self { $(Code::$name => $word,)* } }

            /// The HTTP status that goes with it.
            #[must_use]
            pub fn status(self) -> u16 { match self { $(Code::$name => $status,)* } }

            /// One short sentence for people.
            #[must_use]
            pub fn title(self) -> &'static str { match self { $(Code::$name => $title,)* } }
        }
    };
}

codes! {
    MalformedRequest = 400 "malformed_request" "The request could not be read";
    MalformedJson = 400 "malformed_json" "The body is not valid JSON";
    IdempotencyKeyMissing = 400 "idempotency_key_missing" "This call needs an Idempotency-Key header";
    IdempotencyKeyInvalid = 400 "idempotency_key_invalid" "The Idempotency-Key header must be 1 to 255 printable characters";
    HeaderMissing = 400 "header_missing" "A header that this call needs is missing";
    Unauthenticated = 401 "unauthenticated" "Valid credentials are needed";
    SecondFactorRequired = 401 "second_factor_required" "A one-time code is needed as well";
    Forbidden = 403 "forbidden" "This is not yours to do";
    WrongRole = 403 "wrong_role" "Your role may not do this";
    SafeNeedsPin = 403 "safe_needs_pin" "Safe counts only from a session unlocked by PIN";
    PinNeeded = 403 "pin_needed" "Give your PIN again first";
    PhoneNotConfirmed = 403 "phone_not_confirmed" "This phone shows nothing until the people who support you have confirmed it";
    WrongPin = 403 "wrong_pin" "This is not the PIN";
    WrongCredentials = 403 "wrong_credentials" "The password or the one-time code is not right";
    SecondFactorEnrolmentRequired = 403 "second_factor_enrolment_required" "Enrol a second factor first";
    NotOnDuty = 403 "not_on_duty" "This is for whoever is on duty now";
    SecondPersonNeeded = 403 "second_person_needed" "This takes another person than the one who asked for it";
    NotFound = 404 "not_found" "There is nothing here for you";
    MethodNotAllowed = 405 "method_not_allowed" "This address does not take that method";
    Timeout = 408 "request_timeout" "The request took too long to arrive";
    Conflict = 409 "conflict" "The state does not allow this";
    WrongState = 409 "wrong_state" "The state does not allow this now";
    GuardNotMet = 409 "guard_not_met" "Something else must be done first";
    AlreadyExists = 409 "already_exists" "This exists already";
    AlreadyDone = 409 "already_done" "This was done already; its secret was shown once and is not kept";
    InFlight = 409 "in_flight" "A request with this Idempotency-Key is still being worked on";
    CodeWordNeeded = 409 "code_word_needed" "Closing this alert takes the code word, or having spoken to the survivor";
    InDanger = 409 "in_danger" "In danger: say goodbye normally";
    UnsafeContact = 409 "unsafe_contact" "The safe-contact plan does not allow this now";
    ContactNotAgreed = 409 "contact_not_agreed" "The survivor has not agreed to be reached this way";
    NoChannel = 409 "no_channel" "There is no such way to reach them";
    LadderNotSimulated = 409 "ladder_not_simulated" "Simulate this ladder as it stands before publishing it";
    RotaUncovered = 409 "rota_uncovered" "The rota leaves hours uncovered; cover them, or say that you know";
    OffsetMismatch = 409 "offset_mismatch" "The upload stands at another offset; ask for it with HEAD";
    EvidenceHeld = 409 "evidence_held" "A legal hold keeps this file; it cannot be removed now";
    EvidenceLocked = 409 "evidence_locked" "This file was taken back or sealed; nobody opens it now";
    NotAgreed = 409 "not_agreed" "The survivor has not agreed to this being shared";
    UploadGone = 410 "upload_gone" "This upload has expired or was given up";
    TusVersion = 412 "tus_version" "This server speaks tus 1.0.0";
    Stale = 412 "stale" "The resource has changed since you read it";
    BodyTooLarge = 413 "body_too_large" "The body is too large";
    FileTooLarge = 413 "file_too_large" "The file is larger than this service takes";
    QuotaExceeded = 413 "quota_exceeded" "There is no room left for this file";
    MediaTypeNotTaken = 415 "media_type_not_taken" "Files of this kind are not taken";
    UnsupportedMediaType = 415 "unsupported_media_type" "The body must be application/json";
    UnsupportedEncoding = 415 "unsupported_encoding" "Compressed bodies are not accepted";
    Invalid = 422 "invalid" "Some fields are not valid";
    IdempotencyKeyReused = 422 "idempotency_key_reused" "This Idempotency-Key was used with another request";
    UnknownReference = 422 "unknown_reference" "A reference in the request names nothing that you can use";
    HashMismatch = 422 "hash_mismatch" "The bytes that arrived are not those that were stated; nothing was kept";
    MediaTypeMismatch = 422 "media_type_mismatch" "The file is not of the kind that was stated; nothing was kept";
    PreconditionRequired = 428 "precondition_required" "This call needs an If-Match header";
    TooMany = 429 "too_many_requests" "Too many attempts; wait a while";
    HeadersTooLarge = 431 "headers_too_large" "The headers are too large";
    ChecksumMismatch = 460 "checksum_mismatch" "The bytes were changed on the way; send them again";
    Internal = 500 "internal" "Something went wrong on our side";
    Unavailable = 503 "unavailable" "The service cannot take this now; try again";
}

/// One field that was refused: where, why, and in words. Never the refused value itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// JSON Pointer (RFC 6901) into the body, or the name of a parameter.
    pub pointer: String,
    /// A stable word.
    pub code: &'static str,
    /// One sentence for people.
    pub detail: String,
}

impl FieldError {
    /// A field that was refused.
    pub fn new(pointer: impl Into<String>, code: &'static str, detail: &str) -> Self {
        Self { pointer: pointer.into(), code, detail: detail.to_owned() }
    }
}

/// What went wrong, by what the caller can do about it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Correct the request. Covers everything from a missing header to a field out of range.
    #[error("{}: {detail}", code.word())]
    Invalid {
        /// Which kind.
        code: Code,
        /// One sentence.
        detail: Cow<'static, str>,
        /// The fields that were refused.
        fields: Vec<FieldError>,
    },
    /// Sign in.
    #[error("{}", .0.word())]
    Unauthenticated(Code),
    /// Ask somebody who may.
    #[error("{}", .0.word())]
    Forbidden(Code),
    /// Nothing there: unknown, another tenant's, or blocked, and the answer does not tell which.
    #[error("not_found")]
    NotFound,
    /// Read the state and decide again.
    #[error("{code}: {why}", code = .0.word(), why = .1)]
    Conflict(Code, Cow<'static, str>),
    /// Read the resource again and repeat with its `ETag`.
    #[error("{}", .0.word())]
    Stale(Code),
    /// Wait.
    #[error("too_many_requests")]
    TooMany {
        /// Seconds to wait.
        retry_after_seconds: u64,
    },
    /// Try again; nothing was done.
    #[error("unavailable")]
    Unavailable,
    /// The same; it is the key store that cannot be reached, and nothing is wrong with the database.
    #[error("keys_unavailable")]
    KeysUnavailable,
    /// A data key is not in memory: what asked for it is run again once the key has been fetched. No caller sees this.
    #[error("key_needed")]
    KeyNeeded,
    /// A record holds what does not open: its key is gone, or it was changed. Others may well open, so a list goes on without it.
    #[error("unreadable: {0}")]
    Unreadable(&'static str),
    /// Nothing the caller can do.
    #[error("internal: {0}")]
    Internal(Box<dyn std::error::Error + Send + Sync>),
}

impl Error {
    /// A 422 for one field.
    pub fn field(pointer: &str, code: &'static str, detail: impl Into<String>) -> Self {
        let field = FieldError { pointer: pointer.to_owned(), code, detail: detail.into() };
        Self::fields(vec![field])
    }

    /// A 422 for several fields.
    #[must_use]
    pub fn fields(fields: Vec<FieldError>) -> Self {
        Self::Invalid { code: Code::Invalid, detail: Code::Invalid.title().into(), fields }
    }

    /// A refusal of the request as a whole, with the code's own words.
    #[must_use]
    pub fn invalid(code: Code) -> Self {
        Self::Invalid { code, detail: code.title().into(), fields: Vec::new() }
    }

    /// A 409 with a sentence that says which state is in the way.
    pub fn wrong_state(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::Conflict(Code::WrongState, detail.into())
    }

    /// Whether the database is at fault, or a key has yet to be fetched, and with it the whole transaction: then nothing can be
    /// said of a single record. Not where only the key store is away: what needs no key goes on, and people hear of what did not.
    #[must_use]
    pub fn is_of_the_database(&self) -> bool {
        match self {
            Self::Internal(source) => match source.downcast_ref::<diesel::result::Error>() {
                // A row that cannot be read, or is not there, is that record's own trouble.
                Some(diesel::result::Error::DeserializationError(_) | diesel::result::Error::NotFound) | None => false,
                Some(_) => true,
            },
            other => matches!(other, Self::Unavailable | Self::KeyNeeded),
        }
    }

    /// Whether nothing can be said at this moment and may be at the next: the database is at fault, or the key store is away.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        self.is_of_the_database() || matches!(self, Self::KeysUnavailable)
    }

    /// Whether it says that something is not the caller's.
    #[must_use]
    pub fn is_of_rights(&self) -> bool {
        matches!(
            self,
            Self::NotFound
                | Self::Forbidden(Code::Forbidden | Code::WrongRole | Code::NotOnDuty | Code::SecondPersonNeeded)
        )
    }

    /// Whether the caller is refused, and nothing failed.
    #[must_use]
    pub fn is_refusal(&self) -> bool {
        self.code().status() < 500
    }

    /// Another transaction changed the row meanwhile: this one is run again, and sees that.
    #[must_use]
    pub fn write_conflict() -> Self {
        let kind = diesel::result::DatabaseErrorKind::SerializationFailure;
        diesel::result::Error::DatabaseError(kind, Box::new("the row changed meanwhile".to_owned())).into()
    }

    /// A fault of ours, reported in one sentence (which is logged, not sent).
    pub fn internal(what: impl Into<String>) -> Self {
        Self::Internal(what.into().into())
    }

    /// The same refusal once more, for an answer; an inner cause is not carried over.
    #[must_use]
    pub fn repeat(&self) -> Self {
        match self {
            Self::Invalid { code, detail, fields } => {
                Self::Invalid { code: *code, detail: detail.clone(), fields: fields.clone() }
            }
            Self::Unauthenticated(code) => Self::Unauthenticated(*code),
            Self::Forbidden(code) => Self::Forbidden(*code),
            Self::NotFound => Self::NotFound,
            Self::Conflict(code, detail) => Self::Conflict(*code, detail.clone()),
            Self::Stale(code) => Self::Stale(*code),
            Self::TooMany { retry_after_seconds } => Self::TooMany { retry_after_seconds: *retry_after_seconds },
            Self::Unavailable => Self::Unavailable,
            Self::KeysUnavailable => Self::KeysUnavailable,
            Self::KeyNeeded => Self::KeyNeeded,
            Self::Unreadable(why) => Self::Unreadable(why),
            Self::Internal(cause) => Self::internal(cause.to_string()),
        }
    }

    /// The code that is in the answer.
    #[must_use]
    pub fn code(&self) -> Code {
        match self {
            Self::Invalid { code, .. } | Self::Unauthenticated(code) | Self::Forbidden(code) => *code,
            Self::Conflict(code, _) | Self::Stale(code) => *code,
            Self::NotFound => Code::NotFound,
            Self::TooMany { .. } => Code::TooMany,
            Self::Unavailable | Self::KeysUnavailable | Self::KeyNeeded => Code::Unavailable,
            Self::Unreadable(_) | Self::Internal(_) => Code::Internal,
        }
    }

    /// Whether the same transaction may be tried again: two writers met (SQLSTATE 40001, 40P01), or raced for the same
    /// unique value, which the second try will see.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        let Self::Internal(source) = self else { return false };
        matches!(source.downcast_ref::<diesel::result::Error>(), Some(diesel::result::Error::DatabaseError(kind, info))
            if matches!(kind, diesel::result::DatabaseErrorKind::SerializationFailure | diesel::result::DatabaseErrorKind::UniqueViolation)
                || info.message().contains("deadlock detected"))
    }
}

impl From<diesel::result::Error> for Error {
    fn from(source: diesel::result::Error) -> Self {
        Self::Internal(Box::new(source))
    }
}

impl From<serde_json::Error> for Error {
    fn from(source: serde_json::Error) -> Self {
        Self::Internal(Box::new(source))
    }
}
