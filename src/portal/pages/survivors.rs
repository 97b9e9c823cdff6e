//! The survivors of a member of staff of the survivor's side: the list, and a record with what can be done about it.
//!
//! Each page reads by the use case of one of the API's calls, and the audit names it by that. The record itself names what there is
//! by codes and times; what a survivor wrote is on a page of its own, one deliberate step further. Times are those of the zone
//! where the survivor lives, as far as that is known. What is not the reader's is 404, as an unknown reference is.

mod agreed;
mod check_in;
mod evidence;
mod forms;
mod head;
mod incident;
mod incident_view;
pub mod links;
mod messages;
mod names;
mod openings;
mod phone_acts;
mod phones;
mod plan;
mod record;
mod search;

use actix_web::web;

use super::at;

/// `/portal/survivors`
pub fn routes(routes: &mut web::ServiceConfig) {
    let of = |end: &str, deed: &'static str| at(&format!("/survivors/{{reference}}{end}"), deed);
    routes
        .service(
            at("/survivors", "list_survivors")
                .route(web::get().to(search::get_survivors))
                .route(web::post().to(search::find_survivor)),
        )
        .service(of("", "get_survivor").route(web::get().to(record::get_record)))
        .service(of("/check-ins/{check_in}", "list_check_in_reviews").route(web::get().to(check_in::get_check_in)))
        .service(
            of("/check-ins/{check_in}/{act}", "create_check_in_review").route(web::post().to(check_in::write_review)),
        )
        .service(of("/messages", "list_survivor_messages").route(web::get().to(messages::get_messages)))
        .service(of("/messages/send", "create_survivor_message").route(web::post().to(messages::send)))
        .service(of("/messages/read", "record_survivor_message_read").route(web::post().to(messages::mark_read)))
        .service(of("/plan", "get_safety_plan").route(web::get().to(plan::get_plan)))
        .service(of("/evidence", "list_survivor_evidence").route(web::get().to(evidence::get_evidence)))
        .service(of("/agreed", "list_survivor_consents").route(web::get().to(agreed::get_agreed)))
        .service(of("/openings", "list_break_glass").route(web::get().to(openings::get_openings)));
    incidents(routes);
    phones(routes);
}

/// `…/incidents`
fn incidents(routes: &mut web::ServiceConfig) {
    let of = |end: &str, deed: &'static str| at(&format!("/survivors/{{reference}}/incidents/{{incident}}{end}"), deed);
    routes
        .service(of("", "get_survivor_incident").route(web::get().to(incident::get_incident)))
        .service(of("/triage", "triage_incident").route(web::post().to(incident::triage)))
        .service(of("/act", "act_on_incident").route(web::post().to(incident::act)))
        .service(of("/close", "close_incident").route(web::post().to(incident::close)))
        .service(of("/severity", "rate_incident").route(web::post().to(incident::rate)))
        .service(of("/show", "show_incident").route(web::post().to(incident::show_on_phone)));
}

/// `…/phones`
fn phones(routes: &mut web::ServiceConfig) {
    let of = |end: &str, deed: &'static str| at(&format!("/survivors/{{reference}}/phones{end}"), deed);
    routes
        .service(of("", "list_survivor_devices").route(web::get().to(phones::get_phones)))
        .service(of("/code", "create_enrolment_code").route(web::post().to(phone_acts::make_code)))
        .service(of("/codes/{code}/withdraw", "delete_enrolment_code").route(web::post().to(phone_acts::withdraw_code)))
        .service(of("/{phone}/revoke", "revoke_device").route(web::post().to(phone_acts::revoke)))
        .service(of("/{phone}/confirm", "confirm_device").route(web::post().to(phone_acts::confirm)))
        .service(of("/{phone}/end-sos", "confirm_device_revocation").route(web::post().to(phone_acts::end_sos)));
}

#[cfg(test)]
mod tests;
