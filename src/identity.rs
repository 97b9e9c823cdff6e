//! Who is asking: organisations, staff, survivors and their phones, police systems, and the sessions of them all.
//!
//! Administrators make organisations and staff; a survivor's phone is enrolled with a one-time code; a police system
//! signs in with a client secret. A handler that asks for [`Survivor`], [`Advocate`] or another extractor cannot run
//! without one: the session is looked up at every request, so that locking and role changes bite at once. No failed
//! sign-in ever locks out a valid device, refresh or SOS credential.

mod accounts;
mod code_words;
mod decoy;
mod devices;
mod extract;
mod figures;
mod in_session;
mod lookups;
mod model;
mod names;
mod organisations;
pub mod routes;
mod second_person;
mod secrets;
mod shown;
mod sign_in;
mod store;
mod survivors;

pub use accounts::{
    CreateSetupCodeBody, DisableStaffBody, PatchStaffBody, StaffAccountView, approve_police_client, approve_staff,
    change_roles, create_setup_code, disable_staff, find_account, list_staff as list_accounts,
};
pub use code_words::{has_code_word, is_code_word, is_danger_word};
pub use decoy::{decoy_of, is_decoy, list_decoys, make_missing as make_missing_decoys, own_record};
pub use devices::codes::{
    CodeState, EnrolmentCodeLineView, end_codes_by, hidden_from, list_codes, new_code, withdraw_code, withdraw_codes,
};
pub use devices::{
    DeviceView, PhoneStanding, SurvivorDeviceView, ask_to_open_phone, confirm_phone, end_sos, enrolled_at, hides_phone,
    hold_phone, list_all_phones, list_away_from, list_opening_phones, list_phones, open_phone_at, open_phone_by_two,
    phone_standing, revoke_phone,
};
pub use extract::{
    Admin, Advocate, AlertStaff, Approver, Auditor, CaseStaff, Commissioner, ConfirmedSurvivor, ConnectedStaff,
    Enrolled, Enroller, Officer, OrderStaff, Phone, PoliceSystem, Practitioner, ProgrammeStaff, ReferralStaff, Staff,
    Supervisor, SupportStaff, Survivor,
};
pub use figures::{SurvivorFigure, survivor_figures};
pub use in_session::{ConfirmStaffBody, confirm as confirm_in_session, start as start_in_session};
pub use lookups::{LookupKind, look_up, set_lookups};
pub use model::RiskChange;
pub use model::{
    Device, Need, OldPhone, Organisation, OrganisationKind, RiskRating, Role, StaffQuery, SurvivorRow, SurvivorsQuery,
};
pub use names::{
    Colleague, ColleagueNames, ColleagueView, colleague, colleague_names, list_colleagues, staff_named, username_index,
    usernames,
};
pub use organisations::{
    CreateOrganisationBody, CreateStaffBody, MadeStaffView, OrganisationView, PatchOrganisationBody,
    change as correct_organisation, create_admin, create_organisation, create_staff, find as read_organisation,
    find_police_force, list as list_every_organisation,
};
pub use second_person::{
    ApproveBody, ApprovedView, Readiness, SecondPersonRequestRow, SecondPersonRequestView, TwoPersonAct,
    approve_as_second, ask_second_person, awaits_second_person, end_request, is_another_person, is_same_person,
    list_requests as list_second_person_requests, list_waiting, refuse as refuse_request, takes_two_people,
    was_not_approved,
};
pub use shown::{
    NOTICES_ENDED, ShownAct, forget_shown, list_shown, show, show_last, show_minutes, shown, shown_as_done, was_shown,
};
pub use sign_in::second_factor::SecondFactorView;
pub use sign_in::session::{TokensView, end as end_session};
pub use sign_in::{
    CodeBody, SetupBody, SignInBody, begin as begin_sign_in, confirm_code, enrol_first_factor, has_second_factor,
    set_up,
};
pub use store::{
    begins_again, count_administrators, enabled_among, find_force, find_organisation, find_police_officer,
    find_survivor, find_survivor_by_reference, list_administrators, list_home_forces, list_live_devices,
    list_organisations, list_risk_changes, list_staff_with_role, list_survivors, lock_survivor, move_survivor,
    set_record_closed, staff_exists, survivor_references, working_among,
};
pub use survivors::risk::{Assessed, rating_after, set_rating};
pub use survivors::{CreateSurvivorBody, PatchSurvivorBody, SurvivorView, change_survivor, create_survivor, needs};
