//! Messages, household, safety plans, assessments of risk.

#![expect(missing_docs, reason = "the columns are documented by the rows that read them")]

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbJson, DbUuid};

    messages (id) {
        id -> DbUuid,
        survivor_id -> DbUuid,
        author_kind -> Text,
        author_id -> DbUuid,
        body -> Binary,
        sent_at -> DbInstant,
        read_at -> Nullable<DbInstant>,
        read_by -> Nullable<DbUuid>,
        is_duress -> Bool,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbJson, DbUuid};

    household_versions (id) {
        id -> DbUuid,
        member_id -> DbUuid,
        version -> Integer,
        survivor_id -> DbUuid,
        kind -> Text,
        relation -> Text,
        name -> Nullable<Binary>,
        born -> Nullable<Binary>,
        school -> Nullable<Binary>,
        lives_with -> Nullable<Text>,
        is_at_risk -> Bool,
        note -> Nullable<Binary>,
        author_kind -> Text,
        author_id -> DbUuid,
        created_at -> DbInstant,
        superseded_at -> Nullable<DbInstant>,
        removed_by -> Nullable<DbUuid>,
        is_duress -> Bool,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbJson, DbUuid};

    safety_plan_versions (id) {
        id -> DbUuid,
        survivor_id -> DbUuid,
        version -> Nullable<Integer>,
        sections -> Binary,
        review_by_on -> Nullable<Text>,
        author_kind -> Text,
        author_id -> DbUuid,
        created_at -> DbInstant,
        is_duress -> Bool,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbJson, DbUuid};

    safety_plan_agreements (id) {
        id -> DbUuid,
        survivor_id -> DbUuid,
        version -> Integer,
        author_kind -> Text,
        author_id -> DbUuid,
        agreed_at -> DbInstant,
        is_duress -> Bool,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbJson, DbUuid};

    safety_reviews (id) {
        id -> DbUuid,
        survivor_id -> DbUuid,
        kind -> Text,
        review_by_on -> Text,
        next_action_at -> Nullable<DbInstant>,
        reminded_at -> Nullable<DbInstant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbJson, DbUuid};

    risk_tools (id) {
        id -> DbUuid,
        organisation_id -> DbUuid,
        code -> Text,
        version -> Integer,
        tool -> DbJson,
        created_by -> DbUuid,
        created_at -> DbInstant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbJson, DbUuid};

    risk_assessments (id) {
        id -> DbUuid,
        survivor_id -> DbUuid,
        tool_id -> DbUuid,
        tool_code -> Text,
        tool_version -> Integer,
        answers -> Binary,
        score -> Nullable<Integer>,
        tool_rating -> Text,
        judgement -> Nullable<Text>,
        judgement_note -> Nullable<Binary>,
        rating -> Text,
        rating_before -> Text,
        rating_after -> Text,
        lowering_reason -> Nullable<Binary>,
        incidents_counted -> Integer,
        prompts -> DbJson,
        review_by_on -> Text,
        assessed_by -> DbUuid,
        assessed_at -> DbInstant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbJson, DbUuid};

    marac_decisions (id) {
        id -> DbUuid,
        assessment_id -> DbUuid,
        survivor_id -> DbUuid,
        decision -> Text,
        reason -> Binary,
        decided_by -> DbUuid,
        decided_at -> DbInstant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbJson, DbUuid};

    risk_changes (id) {
        id -> DbUuid,
        survivor_id -> DbUuid,
        rating_before -> Text,
        rating_after -> Text,
        reason -> Nullable<Binary>,
        assessment_id -> Nullable<DbUuid>,
        changed_by -> DbUuid,
        changed_at -> DbInstant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbUuid};

    reported_persons (id) {
        id -> DbUuid,
        survivor_id -> DbUuid,
        name -> Binary,
        relationship -> Text,
        date_of_birth -> Nullable<Binary>,
        address -> Nullable<Binary>,
        vehicles -> Nullable<Binary>,
        note -> Nullable<Binary>,
        is_of_police -> Bool,
        recorded_by -> DbUuid,
        recorded_at -> DbInstant,
        removed_at -> Nullable<DbInstant>,
    }
}
