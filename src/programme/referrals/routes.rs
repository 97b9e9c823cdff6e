//! URLs of referrals.

use std::collections::HashMap;

use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::act::{self, ReferralTransitionBody};
use super::create::{self, CreateReferralBody, MadeReferralView};
use super::model::{ReferralRow, ReferralView, ReferralsQuery};
use super::receive::{self, ProgrammeProviderView, ReferPersonBody, ReferredPersonView};
use super::store;
use crate::access;
use crate::crypto::Keys;
use crate::db::{ParticipantId, ReferralId, SubjectId};
use crate::error::Error;
use crate::http::{Answer, Call, Created, ListRequest, Listed, Listing, Query, operations};
use crate::identity::{self, ColleagueNames, Officer, ProgrammeStaff, ReferralStaff, Staff};
use crate::participants;
use crate::participants::history::{self, TransitionRow, TransitionView};
use crate::transitions::ActionsView;
use crate::tx::Tx;

/// `/partner/v1`
pub fn partner(routes: &mut ServiceConfig) {
    operations! { routes:
        create_referral create_person_referral list_programme_providers list_referrals
        get_referral get_referral_actions create_referral_transition list_referral_transitions
    }
}

/// Refer a participant to the programme
///
/// As a draft, by staff who work with the participant or by an officer of their home force; `submit` sends it in.
#[utoipa::path(post, path = "/participants/{id}/referrals", tag = "programme")]
async fn create_referral(call: Call<ReferralStaff, ParticipantId, CreateReferralBody>) -> Created<MadeReferralView> {
    call.once(create::create).await
}

/// Refer somebody to a programme provider whom you name
///
/// The provider's record of the person is made with the referral, with your force as their home force, and the referral
/// is submitted. Whether the provider knows them already is never told.
#[utoipa::path(post, path = "/referrals", tag = "programme")]
async fn create_person_referral(call: Call<Officer, (), ReferPersonBody>) -> Created<ReferredPersonView> {
    let now = call.app.clock.now();
    let new = call.app.key_store.create_subject(ParticipantId::new(now), now).await?;
    call.once(move |tx: &mut Tx<'_>, officer: &Staff, body: &ReferPersonBody| receive::refer(tx, new, officer, body))
        .await
}

/// List the programme providers that you can refer somebody to
#[utoipa::path(get, path = "/programme-providers", tag = "programme")]
async fn list_programme_providers(call: Call<Officer>) -> Answer<ProgrammeProvidersView> {
    call.run(|tx: &mut Tx<'_>| Ok(ProgrammeProvidersView { items: receive::providers(tx)? })).await
}

/// Programme providers.
#[derive(Serialize, ToSchema)]
struct ProgrammeProvidersView {
    /// The providers, the longest known first.
    items: Vec<ProgrammeProviderView>,
}

/// List the referrals of participants you work with
///
/// For a supervisor, all of the organisation; of one participant with `participant_id`. Newest first; `is_overdue` marks those that
/// wait too long for a practitioner.
#[utoipa::path(get, path = "/referrals", tag = "programme")]
async fn list_referrals(call: Call<ProgrammeStaff, (), Query<ReferralsQuery>>) -> Listed<ReferralView> {
    let now = call.app.clock.now();
    let list = |tx: &mut Tx<'_>, staff: &Staff, asked: &ListRequest<ReferralsQuery>| {
        let theirs = access::assigned_participants(tx, staff, asked.query.mine)?;
        // A list about one participant is a read of their record, which the audit names, also where it is not the caller's to read.
        if let Some(id) = asked.query.participant_id {
            match access::participant(tx, staff, id) {
                Ok(_) => {}
                Err(Error::NotFound) => tx.outcome("refused"),
                Err(error) => return Err(error),
            }
        }
        let rows = store::list_of(tx.conn, &theirs, asked)?;
        let about = rows.iter().map(|row| row.participant_id).collect();
        let references = participants::participant_references(tx.conn, about)?;
        let practitioners = rows.iter().filter_map(|row| row.practitioner_id).collect();
        let names = identity::colleague_names(tx.conn, staff.organisation()?, practitioners)?;
        Ok((rows, (references, names)))
    };
    let view =
        |keys: &Keys, row: &ReferralRow, (references, names): &(HashMap<ParticipantId, String>, ColleagueNames)| {
            let participant_reference = references.get(&row.participant_id).cloned();
            let practitioner_name = names.name(keys, row.practitioner_id)?;
            Ok(ReferralView { participant_reference, practitioner_name, ..ReferralView::of(keys, row, now)? })
        };
    call.page_with(list, ReferralRow::cursor, view).await
}

/// Read a referral
#[utoipa::path(get, path = "/referrals/{id}", tag = "programme")]
async fn get_referral(call: Call<ProgrammeStaff, ReferralId>) -> Answer<ReferralView> {
    let now = call.app.clock.now();
    let read = |tx: &mut Tx<'_>, staff: &Staff, id: ReferralId| {
        let (_, row) = act::referral_for(tx, staff, id)?;
        let actions = act::actions_of(staff, &row).actions;
        Ok((row, actions))
    };
    call.show(read, move |keys, (row, actions)| {
        Ok(ReferralView { allowed_actions: Some(actions.clone()), ..ReferralView::of(keys, row, now)? })
    })
    .await
}

/// Read the state of a referral, and what you may do with it now
///
/// By an officer of the home force, for a referral that the police made.
#[utoipa::path(get, path = "/referrals/{id}/actions", tag = "programme")]
async fn get_referral_actions(call: Call<ReferralStaff, ReferralId>) -> Answer<ActionsView> {
    call.run(act::actions).await
}

/// Move a referral on
///
/// One transition of the table that `…/actions` serves; what it does not list is 409. `enrol` is done by making the
/// enrolment.
#[utoipa::path(post, path = "/referrals/{id}/transitions", tag = "programme")]
async fn create_referral_transition(
    call: Call<ReferralStaff, ReferralId, ReferralTransitionBody>,
) -> Answer<ActionsView> {
    call.once(|tx: &mut Tx<'_>, staff: &Staff, id: ReferralId, body: &ReferralTransitionBody| {
        act::act(tx, staff, id, body)?;
        act::actions(tx, staff, id)
    })
    .await
}

/// Read what was done with a referral
///
/// Each transition with who made it, when and why; newest first.
#[utoipa::path(get, path = "/referrals/{id}/transitions", tag = "programme")]
async fn list_referral_transitions(call: Listing<ProgrammeStaff, ReferralId>) -> Listed<TransitionView> {
    let list = |tx: &mut Tx<'_>, staff: &Staff, id: ReferralId, after, limit| {
        let (access, _) = act::referral_for(tx, staff, id)?;
        history::list(tx.conn, &access, SubjectId(id.0), after, limit)
    };
    call.page(list, TransitionRow::cursor, |keys, row| TransitionView::of(keys, row.clone())).await
}
