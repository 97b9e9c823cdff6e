//! What administrators do in a browser: organisations and the accounts of their staff, endpoints of police forces with what was sent
//! to them, and who would not be reached; and what waits for a second person, who may be a supervisor.
//!
//! Each page asks the use cases of the API's own calls, which keep asking for two people where they do. A secret is shown once, in the
//! answer to the form that made it, and kept nowhere on the way. Nothing here is about a case: an administrator reads none.

mod account_acts;
mod account_pages;
mod endpoint_acts;
mod endpoint_pages;
mod home;
pub mod links;
mod made;
pub mod names;
mod organisation_acts;
mod organisation_pages;
mod paths;
mod request_acts;
mod request_pages;
pub mod unreached;

use actix_web::web;

use super::at;

/// `/portal/admin`
pub fn routes(routes: &mut web::ServiceConfig) {
    routes
        .service(at("/admin", "list_second_person_requests").route(web::get().to(home::get_home)))
        .service(at("/admin/requests", "list_second_person_requests").route(web::get().to(request_acts::get_requests)))
        .service(
            at("/admin/requests/{request}/refuse", "refuse_second_person_request")
                .route(web::post().to(request_acts::refuse)),
        )
        .service(
            at("/admin/staff/{account}/approve/{request}", "approve_staff")
                .route(web::post().to(request_acts::approve_account)),
        )
        .service(
            at("/admin/police-clients/{client}/approve/{request}", "approve_police_client")
                .route(web::post().to(request_acts::approve_client)),
        )
        .service(
            at("/admin/endpoints/{endpoint}/approve/{request}", "approve_webhook_endpoint")
                .route(web::post().to(request_acts::approve_endpoint)),
        )
        .configure(organisations)
        .configure(accounts)
        .configure(endpoints);
}

fn organisations(routes: &mut web::ServiceConfig) {
    routes
        .service(
            at("/admin/organisations", "list_organisations").route(web::get().to(organisation_acts::get_organisations)),
        )
        .service(
            at("/admin/organisations/new", "create_organisation")
                .route(web::post().to(organisation_acts::create_organisation)),
        )
        .service(
            at("/admin/organisations/{organisation}", "get_organisation")
                .route(web::get().to(organisation_acts::get_organisation)),
        )
        .service(
            at("/admin/organisations/{organisation}/correct/{version}", "patch_organisation")
                .route(web::post().to(organisation_acts::correct_organisation)),
        )
        .service(
            at("/admin/organisations/{organisation}/staff", "create_staff")
                .route(web::post().to(organisation_acts::create_account)),
        );
}

fn accounts(routes: &mut web::ServiceConfig) {
    let of_account = |end: &str, deed: &'static str| at(&format!("/admin/staff/{{account}}{end}"), deed);
    routes
        .service(at("/admin/staff", "list_staff").route(web::get().to(account_acts::get_accounts)))
        .service(of_account("", "list_staff").route(web::get().to(account_acts::get_account)))
        .service(of_account("/roles", "patch_staff").route(web::post().to(account_acts::change_roles)))
        .service(of_account("/disable", "disable_staff").route(web::post().to(account_acts::disable)))
        .service(of_account("/setup-code", "create_setup_code").route(web::post().to(account_acts::new_setup_code)));
}

fn endpoints(routes: &mut web::ServiceConfig) {
    let of_endpoint = |end: &str, deed: &'static str| at(&format!("/admin/endpoints/{{endpoint}}{end}"), deed);
    routes
        .service(at("/admin/endpoints", "list_webhook_endpoints").route(web::get().to(endpoint_acts::get_endpoints)))
        .service(at("/admin/endpoints/new", "create_webhook_endpoint").route(web::post().to(endpoint_acts::create)))
        .service(of_endpoint("", "get_webhook_endpoint").route(web::get().to(endpoint_acts::get_endpoint)))
        .service(
            of_endpoint("/change/{version}", "patch_webhook_endpoint").route(web::post().to(endpoint_acts::change)),
        )
        .service(
            of_endpoint("/out-of-use/{version}", "patch_webhook_endpoint")
                .route(web::post().to(endpoint_acts::put_out_of_use)),
        )
        .service(
            of_endpoint("/in-use/{version}", "patch_webhook_endpoint").route(web::post().to(endpoint_acts::put_in_use)),
        )
        .service(of_endpoint("/rotate", "rotate_webhook_endpoint").route(web::post().to(endpoint_acts::rotate)))
        .service(of_endpoint("/test", "test_webhook_endpoint").route(web::post().to(endpoint_acts::send_test)))
        .service(
            at("/admin/deliveries/{delivery}", "list_delivery_attempts")
                .route(web::get().to(endpoint_acts::get_delivery)),
        )
        .service(
            at("/admin/deliveries/{delivery}/replay", "replay_delivery").route(web::post().to(endpoint_acts::replay)),
        );
}

#[cfg(test)]
mod tests;
