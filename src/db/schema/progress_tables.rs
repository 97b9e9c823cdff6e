//! Sessions, goals and what a practitioner records between them.

#![expect(missing_docs, reason = "the columns are documented by the rows that read them")]

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbJson, DbUuid};

    goal_history (id) {
        id -> DbUuid,
        goal_id -> DbUuid,
        participant_id -> DbUuid,
        subject -> Text,
        event -> Text,
        from_state -> Nullable<Text>,
        to_state -> Text,
        wording -> Nullable<Binary>,
        reason -> Nullable<Binary>,
        created_by -> DbUuid,
        created_at -> DbInstant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbJson, DbUuid};

    session_attendances (id) {
        id -> DbUuid,
        session_id -> DbUuid,
        participant_id -> DbUuid,
        attendance -> Text,
        note -> Nullable<Binary>,
        created_by -> DbUuid,
        created_at -> DbInstant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbJson, DbUuid};

    session_feedback (id) {
        id -> DbUuid,
        session_id -> DbUuid,
        participant_id -> DbUuid,
        version -> Integer,
        homework -> Text,
        skills -> DbJson,
        summary -> Binary,
        chain_analysis -> Nullable<Binary>,
        created_by -> DbUuid,
        created_at -> DbInstant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbJson, DbUuid};

    diary_ratings (id) {
        id -> DbUuid,
        participant_id -> DbUuid,
        rated_on -> Text,
        urge -> Integer,
        acted_on_urge -> Bool,
        acted_at -> Nullable<DbInstant>,
        distress -> Integer,
        skill -> Nullable<Text>,
        note -> Nullable<Binary>,
        created_by -> DbUuid,
        created_at -> DbInstant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbJson, DbUuid};

    observations (id) {
        id -> DbUuid,
        participant_id -> DbUuid,
        session_id -> Nullable<DbUuid>,
        kind -> Text,
        note -> Binary,
        observed_at -> DbInstant,
        created_by -> DbUuid,
        created_at -> DbInstant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbJson, DbUuid};

    formulations (id) {
        id -> DbUuid,
        participant_id -> DbUuid,
        version -> Integer,
        typology -> Text,
        narrative -> Binary,
        created_by -> DbUuid,
        created_at -> DbInstant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbJson, DbUuid};

    own_risk_ratings (id) {
        id -> DbUuid,
        participant_id -> DbUuid,
        version -> Integer,
        rating -> Text,
        narrative -> Binary,
        reason -> Nullable<Binary>,
        created_by -> DbUuid,
        created_at -> DbInstant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbJson, DbUuid};

    practice_notes (id) {
        id -> DbUuid,
        participant_id -> DbUuid,
        kind -> Text,
        held_on -> Text,
        note -> Binary,
        supervisor_id -> Nullable<DbUuid>,
        created_by -> DbUuid,
        created_at -> DbInstant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbJson, DbUuid};

    supervisor_notices (id) {
        id -> DbUuid,
        organisation_id -> DbUuid,
        participant_id -> DbUuid,
        kind -> Text,
        goal_id -> Nullable<DbUuid>,
        created_at -> DbInstant,
        read_at -> Nullable<DbInstant>,
        read_by -> Nullable<DbUuid>,
    }
}
