//! The contract: what utoipa collected from the handlers, and what is true of every operation by rule. How it is written down
//! is in [`mod@document`], who is given which part of it in [`given`].

mod document;
mod given;
mod yaml;

use std::collections::HashSet;
use std::sync::LazyLock;

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, get, web};
use utoipa::openapi::extensions::Extensions;
use utoipa::openapi::path::{HttpMethod, Operation, Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{AnyOf, ArrayItems, Object, Schema, SchemaFormat};
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::openapi::{
    Content, InfoBuilder, LicenseBuilder, OpenApi, PathItem, Ref, RefOr, Required, ResponseBuilder, Type,
};
use utoipa_actix_web::service_config::ServiceConfig;
use utoipa_swagger_ui::Url;

use crate::error::{Code, Error, Result};
use crate::http::edge::{self, Policy};
use crate::http::gzip;
use crate::http::limits::{KEY, KINDS, TextKind};
use crate::http::operation::Described;
use crate::http::problem::MEDIA_TYPE;

pub use document::document;
pub use document::messages::sample;
pub use yaml::write;

const DESCRIPTION: &str = "The backend by which a survivor's own reports reach the people working with the perpetrator, \
    and danger reaches the police. This is not an emergency service. Call 999; if you cannot speak, press 55.\n\n\
    Errors are problem documents (RFC 9457). Lists are keyset pages. Unknown fields are refused.";

/// Completes the contract.
pub fn finish(mut api: OpenApi) -> OpenApi {
    api.info = InfoBuilder::new()
        .title("Holdfast")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(DESCRIPTION))
        .license(Some(LicenseBuilder::new().name("Apache-2.0").identifier(Some("Apache-2.0")).build()))
        .build();
    let components = api.components.get_or_insert_default();
    for (name, words) in [
        ("survivor", "A survivor's access token, from enrolling or unlocking a phone"),
        ("sos", "The device's SOS token: writes help_now and concern, reads nothing"),
        ("staff", "A staff access token, from signing in"),
        ("police", "A police system's access token"),
    ] {
        let mut scheme = Http::new(HttpAuthScheme::Bearer);
        scheme.description = Some(words.to_owned());
        components.security_schemes.insert(name.to_owned(), SecurityScheme::Http(scheme).into());
    }
    add_schema::<crate::http::problem::ProblemField>(components);
    add_schema::<crate::http::Problem>(components);
    document::messages::add_schemas(components);
    components.schemas.values_mut().for_each(complete_schema);
    for (path, item) in &mut api.paths.paths {
        for (method, operation) in operations(item) {
            complete(path, &method, operation);
        }
    }
    api
}

fn add_schema<T: utoipa::ToSchema + utoipa::PartialSchema>(components: &mut utoipa::openapi::Components) {
    components.schemas.insert(T::name().into_owned(), T::schema());
}

/// Where an answer is of one of several records, as the caller's side has it, it may fit more than one of them: `anyOf`.
/// Where a text says its kind as `format`, its limits are written instead.
fn complete_schema(schema: &mut RefOr<Schema>) {
    let RefOr::T(found) = schema else { return };
    match found {
        Schema::OneOf(one) if one.items.iter().all(|item| matches!(item, RefOr::Ref(_))) => {
            let mut any = AnyOf::new();
            any.items = std::mem::take(&mut one.items);
            any.description = one.description.take();
            *found = Schema::AnyOf(any);
        }
        Schema::Object(object) => {
            let named = |kind: &TextKind| object.format == Some(SchemaFormat::Custom(kind.name.to_owned()));
            if let Some(kind) = KINDS.iter().find(|kind| named(kind)) {
                object.format = None;
                limit(object, kind);
            }
            object.properties.values_mut().for_each(complete_schema);
        }
        Schema::Array(array) => {
            if let ArrayItems::RefOrSchema(items) = &mut array.items {
                complete_schema(items);
            }
        }
        _ => {}
    }
}

fn limit(text: &mut Object, kind: &TextKind) {
    text.min_length = (kind.least > 0).then_some(kind.least);
    text.max_length = Some(kind.most);
    text.pattern = kind.pattern();
}

fn operations(item: &mut PathItem) -> Vec<(HttpMethod, &mut Operation)> {
    let slots = [
        (HttpMethod::Get, &mut item.get),
        (HttpMethod::Post, &mut item.post),
        (HttpMethod::Put, &mut item.put),
        (HttpMethod::Patch, &mut item.patch),
        (HttpMethod::Delete, &mut item.delete),
    ];
    slots.into_iter().filter_map(|(method, slot)| slot.as_mut().map(|operation| (method, operation))).collect()
}

fn complete(path: &str, method: &HttpMethod, operation: &mut Operation) {
    let is_secured = operation.security.as_ref().is_some_and(|security| !security.is_empty());
    let is_write = !matches!(method, HttpMethod::Get);
    let parameters = operation.parameters.get_or_insert_default();
    let inline = |parameter: &RefOr<Parameter>| match parameter {
        RefOr::T(parameter) => Some((parameter.name.clone(), parameter.parameter_in.clone())),
        RefOr::Ref(_) => None,
    };
    let named: Vec<(String, ParameterIn)> = parameters.iter().filter_map(inline).collect();
    let has = |place: ParameterIn| named.iter().any(|(_, parameter_in)| *parameter_in == place);
    let has_query = has(ParameterIn::Query);
    let has_if_match = named.iter().any(|(name, _)| name == "If-Match");
    let has_header = has(ParameterIn::Header);
    // A path that is a text (a scope, a reference) and one that is an id alike name something that may not be there.
    let has_path = has(ParameterIn::Path);
    let takes_key = *method == HttpMethod::Post && is_secured && !path.ends_with("/second-factor");
    if takes_key {
        let is_required =
            path.starts_with("/app/v1/") && !path.starts_with("/app/v1/session/") && !edge::takes_cries(path);
        parameters.push(key_parameter(is_required).into());
    }
    if let Some(RefOr::T(body)) = operation.request_body.as_mut().filter(|_| path == edge::HELP_NOW) {
        body.required = Some(Required::False);
    }
    let mut codes = vec![
        Code::MalformedRequest,
        Code::UnsupportedEncoding,
        Code::HeadersTooLarge,
        Code::Internal,
        Code::Unavailable,
    ];
    let rules: [(bool, &[Code]); 7] = [
        (is_secured, &[Code::Unauthenticated, Code::Forbidden]),
        (has_path, &[Code::NotFound]),
        (is_write, &[Code::Conflict]),
        (operation.request_body.is_some(), &[Code::Timeout, Code::BodyTooLarge, Code::Invalid, Code::NotFound]),
        (has_query || has_header, &[Code::Invalid]),
        (has_if_match, &[Code::Stale, Code::PreconditionRequired]),
        (is_write && operation.request_body.is_some(), &[Code::TooMany, Code::Unauthenticated]),
    ];
    codes.extend(rules.iter().filter(|(applies, _)| *applies).flat_map(|(_, codes)| codes.iter().copied()));
    for code in codes {
        let status = code.status().to_string();
        operation.responses.responses.entry(status).or_insert_with(|| problem(code));
    }
    describe_callers(operation);
}

fn key_parameter(is_required: bool) -> utoipa::openapi::path::Parameter {
    let mut schema = Object::with_type(Type::String);
    limit(&mut schema, &KEY);
    ParameterBuilder::new()
        .name("Idempotency-Key")
        .parameter_in(ParameterIn::Header)
        .required(if is_required { Required::True } else { Required::False })
        .description(Some(
            "Makes a repeat of this call harmless: the same key and body give the same answer. A new one for each act",
        ))
        .schema(Some(Schema::Object(schema)))
        .build()
}

fn problem(code: Code) -> RefOr<utoipa::openapi::Response> {
    let content = Content::new(Some(Ref::from_schema_name("Problem")));
    ResponseBuilder::new().description(code.title()).content(MEDIA_TYPE, content).build().into()
}

/// Says in words who may call an operation; the handlers say it as `x-who`.
fn describe_callers(operation: &mut Operation) {
    let who = operation.extensions.as_ref().and_then(|extensions: &Extensions| extensions.get("x-who"));
    let names: Vec<&str> =
        who.and_then(|who| who.as_array()).into_iter().flatten().filter_map(|name| name.as_str()).collect();
    let line = format!("Who: {}.", names.join(", ").replace('_', " "));
    operation.description = Some(match operation.description.take().filter(|text| !text.is_empty()) {
        Some(text) => format!("{text}\n\n{line}"),
        None => line,
    });
}

/// The contract as it was committed; a test holds it to the code. Making it again would cost memory and time.
pub const COMMITTED: &str = include_str!("../../openapi.yaml");

/// Every name that begins a line of it, those of fields among them.
static NAMES: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    let names = COMMITTED.lines().filter_map(|line| line.trim_start_matches([' ', '-']).split_once(':'));
    names.map(|(name, _)| name.trim_matches(['\'', '"'])).collect()
});

/// Whether a field of this name is in the contract.
pub fn knows_field(name: &str) -> bool {
    NAMES.contains(name)
}

/// What the documentation page needs.
pub struct Texts {
    swagger: utoipa_swagger_ui::Config<'static>,
}

impl Texts {
    /// The page opens on the first audience; everything is folded, and can be searched.
    pub fn new() -> Self {
        let urls = [
            Url::with_primary("the survivor's app", "/public/v1/openapi/app.json", true),
            Url::new("the partner portal", "/public/v1/openapi/partner.json"),
            Url::new("police systems", "/public/v1/openapi/police.json"),
            Url::new("oversight", "/public/v1/openapi/oversight.json"),
            Url::new("administration", "/public/v1/openapi/admin.json"),
            Url::new("anybody", "/public/v1/openapi/public.json"),
            Url::new("all of it", "/public/v1/openapi.json"),
        ];
        let swagger = utoipa_swagger_ui::Config::new(urls).validator_url("none").doc_expansion("none").filter(true);
        Self { swagger: swagger.default_models_expand_depth(-1).deep_linking(true) }
    }
}

/// `/public/v1`: the contract, and the documentation page, served from the binary without any outside request.
pub fn public(routes: &mut ServiceConfig) {
    let to_page =
        || async { HttpResponse::PermanentRedirect().insert_header(("location", "/public/v1/docs/")).finish() };
    routes
        .service(Described(get_contract))
        .service(Described(get_contract_as_json))
        .service(Described(get_audience_contract));
    // The page is for people, so it is in no contract.
    routes.route("/docs", web::get().to(to_page)).route("/docs/{file:.*}", web::get().to(get_docs));
}

/// Read this contract
///
/// Compressed for those who take gzip. Its `ETag`, given as `If-None-Match`, saves fetching it again (304).
#[utoipa::path(tag = "reference", responses((status = 200, body = Object, content_type = "application/yaml"),
        (status = 304, description = "You have it already")),
    extensions(("x-who" = json!(["anyone"]))))]
#[get("/openapi.yaml")]
async fn get_contract(request: HttpRequest) -> Result<HttpResponse> {
    given::give(request, "openapi.yaml".to_owned()).await
}

/// Read this contract as JSON
#[utoipa::path(tag = "reference", responses((status = 200, body = Object),
        (status = 304, description = "You have it already")),
    extensions(("x-who" = json!(["anyone"]))))]
#[get("/openapi.json")]
async fn get_contract_as_json(request: HttpRequest) -> Result<HttpResponse> {
    given::give(request, "openapi.json".to_owned()).await
}

/// Read the part of this contract that is for one audience
///
/// One of app, partner, police, oversight, admin and public. It holds their operations, and what those need.
#[utoipa::path(tag = "reference", responses((status = 200, body = Object),
        (status = 304, description = "You have it already")),
    params(("audience" = String, Path, description = "Whose part", example = "app")),
    extensions(("x-who" = json!(["anyone"]))))]
#[get("/openapi/{audience}.json")]
async fn get_audience_contract(request: HttpRequest, audience: web::Path<String>) -> Result<HttpResponse> {
    let audience = audience.into_inner();
    let is_one = given::AUDIENCES.iter().any(|(name, _)| *name == audience);
    if is_one { given::give(request, audience).await } else { Err(Error::NotFound) }
}

/// What the page's own scripts and styles need, and nothing from elsewhere.
const DOCS_POLICY: Policy = Policy(
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; \
     frame-ancestors 'none'",
);

async fn get_docs(request: HttpRequest, texts: web::Data<Texts>, file: web::Path<String>) -> Result<HttpResponse> {
    let config = std::sync::Arc::new(texts.swagger.clone());
    let found = utoipa_swagger_ui::serve(&file, config).map_err(|error| Error::internal(error.to_string()))?;
    let found = found.ok_or(Error::NotFound)?;
    let mut bytes = found.bytes.into_owned();
    let is_page = found.content_type == "text/html";
    let is_packed = found.gzpipped && !is_page && gzip::is_accepted(&request);
    if found.gzpipped && !is_packed {
        let unpacked = web::block(move || gzip::unpack(&bytes)).await;
        bytes = unpacked.map_err(|error| Error::internal(error.to_string()))??;
    }
    if is_page {
        let page =
            String::from_utf8_lossy(&bytes).replace("<title>Swagger UI</title>", "<title>Holdfast: the API</title>");
        bytes = page.into_bytes();
    }
    let mut response = HttpResponse::Ok();
    response.insert_header((header::VARY, "Accept-Encoding")).content_type(found.content_type);
    if is_packed {
        response.insert_header((header::CONTENT_ENCODING, "gzip"));
    }
    let mut response = response.body(bytes);
    response.extensions_mut().insert(DOCS_POLICY);
    Ok(response)
}
