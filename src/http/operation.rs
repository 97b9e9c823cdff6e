//! Registering typed calls: under the handler's own name, with what their types say in the contract.
//!
//! An attribute says only what no type says: method, path, tag. What it says all the same counts: a narrower `x-who`, an
//! answer that is no JSON, a parameter with words of its own.

use std::cell::Cell;
use std::marker::PhantomData;

use actix_web::dev::{AppService, Handler, HttpServiceFactory};
use actix_web::http::Method;
use actix_web::{FromRequest, HttpResponse, Resource, Responder, guard};
use serde::Serialize;
use serde_json::json;
use utoipa::__dev::ComposeSchema;
use utoipa::openapi::extensions::ExtensionsBuilder;
use utoipa::openapi::path::{HttpMethod, Operation, Parameter, ParameterBuilder, ParameterIn, Paths, PathsBuilder};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::schema::Schema;
use utoipa::openapi::{
    Content, ObjectBuilder, PathItem, Ref, RefOr, Required, ResponseBuilder, SecurityRequirement, Type,
};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::OpenApiFactory;

use super::body::Query;
use super::call::{Call, Input, Matching, Nothing, OperationId, Who};
use super::page::Page;
use super::reply::{Many, One, Reply};

/// Schemas by their names.
pub type Schemas = Vec<(String, RefOr<Schema>)>;

thread_local! {
    /// Whether this thread makes the contract. A server registers handlers alone: the contract takes memory by the dozen MiB.
    static IS_COLLECTING: Cell<bool> = const { Cell::new(false) };
}

/// Registers operations with all that the contract says of them.
pub fn collecting<T>(register: impl FnOnce() -> T) -> T {
    IS_COLLECTING.set(true);
    let collected = register();
    IS_COLLECTING.set(false);
    collected
}

/// Registers handlers of typed calls, each under its own name.
macro_rules! operations {
    ($routes:ident: $($handler:ident)*) => { pastey::paste! {
        $($routes.service($crate::http::operation::Registered::new([<__path_ $handler>], stringify!($handler), $handler));)*
    } };
}
pub(crate) use operations;

/// A handler with its place in the contract.
pub struct Registered<H, F, A> {
    id: &'static str,
    handler: F,
    parts: PhantomData<fn(H, A)>,
}

impl<H, F, A> Registered<H, F, A>
where
    F: Handler<A>,
    A: FromRequest + 'static,
    F::Output: Responder + 'static,
{
    /// A handler by the name that its contract has, too.
    pub fn new(_: H, id: &'static str, handler: F) -> Self {
        Self { id, handler, parts: PhantomData }
    }
}

impl<H, F, A> HttpServiceFactory for Registered<H, F, A>
where
    H: utoipa::Path,
    F: Handler<A>,
    A: FromRequest + 'static,
    F::Output: Responder + 'static,
{
    fn register(self, config: &mut AppService) {
        for method in H::methods() {
            let resource = Resource::new(H::path()).name(self.id).app_data(OperationId(self.id));
            let resource = resource.guard(guard::Method(method_of(&method))).to(self.handler.clone());
            resource.register(config);
        }
    }
}

fn method_of(method: &HttpMethod) -> Method {
    match method {
        HttpMethod::Post => Method::POST,
        HttpMethod::Put => Method::PUT,
        HttpMethod::Patch => Method::PATCH,
        HttpMethod::Delete => Method::DELETE,
        _ => Method::GET,
    }
}

impl<H, F, A> OpenApiFactory for Registered<H, F, A>
where
    H: utoipa::Path + utoipa::__dev::SchemaReferences + for<'t> utoipa::__dev::Tags<'t>,
    F: Handler<A>,
    F::Output: DescribeAnswer,
    A: DescribeArguments,
{
    fn paths(&self) -> Paths {
        if !IS_COLLECTING.get() {
            return Paths::new();
        }
        let mut paths = PathsBuilder::new();
        for method in H::methods() {
            let (mut operation, path) = (H::operation(), H::path());
            operation.tags = Some(H::tags().into_iter().map(str::to_owned).collect());
            let mut asked =
                Parameters { names: names_in(&path), found: operation.parameters.take().unwrap_or_default() };
            A::describe(&mut operation, &mut asked, &mut Vec::new());
            operation.parameters = Some(asked.found).filter(|found| !found.is_empty());
            F::Output::describe(&mut operation, &mut Vec::new());
            paths = paths.path(path, PathItem::new(method, operation));
        }
        paths.build()
    }

    fn schemas(&self, schemas: &mut Schemas) {
        if !IS_COLLECTING.get() {
            return;
        }
        <H as utoipa::__dev::SchemaReferences>::schemas(schemas);
        let (mut operation, mut asked) = (Operation::new(), Parameters { names: Vec::new(), found: Vec::new() });
        A::describe(&mut operation, &mut asked, schemas);
        F::Output::describe(&mut operation, schemas);
    }
}

/// A handler whose attribute says all that the contract says of it.
pub struct Described<T>(pub T);

impl<T: HttpServiceFactory> HttpServiceFactory for Described<T> {
    fn register(self, config: &mut AppService) {
        self.0.register(config);
    }
}

impl<T: OpenApiFactory> OpenApiFactory for Described<T> {
    fn paths(&self) -> Paths {
        if IS_COLLECTING.get() { self.0.paths() } else { Paths::new() }
    }

    fn schemas(&self, schemas: &mut Schemas) {
        if IS_COLLECTING.get() {
            self.0.schemas(schemas);
        }
    }
}

/// The names in braces of a path.
fn names_in(path: &str) -> Vec<String> {
    path.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0.to_owned())).collect()
}

/// The parameters of an operation. Those that its attribute names have their words from there.
pub struct Parameters {
    names: Vec<String>,
    found: Vec<RefOr<Parameter>>,
}

impl Parameters {
    fn add(&mut self, parameters: Vec<Parameter>) {
        let mut all: Vec<RefOr<Parameter>> = Vec::new();
        for parameter in parameters {
            let is_it = |said: &RefOr<Parameter>| matches!(said, RefOr::T(said) if said.name == parameter.name);
            let said = self.found.iter().position(is_it).map(|at| self.found.remove(at));
            all.push(said.unwrap_or_else(|| parameter.into()));
        }
        all.append(&mut self.found);
        self.found = all;
    }
}

/// What ids a path holds, by the names of their schemas.
pub trait PathParts {
    /// The names.
    fn parts() -> Vec<&'static str>;
}

impl PathParts for () {
    fn parts() -> Vec<&'static str> {
        Vec::new()
    }
}

impl PathParts for String {
    fn parts() -> Vec<&'static str> {
        vec![""]
    }
}

impl<A: PathParts, B: PathParts> PathParts for (A, B) {
    fn parts() -> Vec<&'static str> {
        [A::parts(), B::parts()].concat()
    }
}

/// What the contract says of an id in a path, where it says more than its name.
fn meaning(schema: &str) -> Option<&'static str> {
    Some(match schema {
        "EnrolmentId" => "The enrolment",
        "GoalId" => "The goal",
        "IdentifierId" => "What is taken off",
        "NoticeId" => "The notice",
        "OrderId" => "The order",
        "ParticipantId" => "The participant",
        "ProgrammeSessionId" => "The session",
        "ProgrammeTaskId" => "The task",
        "ReferralId" => "The referral",
        "ReviewId" => "The review that was recorded wrongly",
        "SubjectAccessRequestId" => "The request",
        _ => return None,
    })
}

fn path_parameter(name: &str, schema: &str) -> Parameter {
    let parameter = ParameterBuilder::new().name(name).parameter_in(ParameterIn::Path).required(Required::True);
    let schema_of: RefOr<Schema> = match schema {
        "" => ObjectBuilder::new().schema_type(Type::String).into(),
        name => Ref::from_schema_name(name).into(),
    };
    parameter.description(meaning(schema)).schema(Some(schema_of)).build()
}

/// What the contract says of a handler's arguments.
pub trait DescribeArguments {
    /// Says it.
    fn describe(operation: &mut Operation, parameters: &mut Parameters, schemas: &mut Schemas);
}

impl<W: Who, P: PathParts, B: Input + DescribeInput> DescribeArguments for Call<W, P, B> {
    fn describe(operation: &mut Operation, parameters: &mut Parameters, schemas: &mut Schemas) {
        let mut asked = Vec::new();
        for (name, schema) in parameters.names.iter().zip(P::parts()) {
            asked.push(path_parameter(name, schema));
        }
        B::describe(operation, &mut asked, schemas);
        parameters.add(asked);
        let requirement = |name: &&str| SecurityRequirement::new::<_, [&str; 0], &str>(*name, []);
        if !W::SECURITY.is_empty() {
            operation.security = Some(W::SECURITY.iter().map(requirement).collect());
        }
        if operation.extensions.is_none() {
            operation.extensions = Some(ExtensionsBuilder::new().add("x-who", json!(W::roles())).build());
        }
    }
}

macro_rules! first_of {
    ($($rest:ident)*) => {
        impl<A: DescribeArguments $(, $rest)*> DescribeArguments for (A, $($rest,)*) {
            fn describe(operation: &mut Operation, parameters: &mut Parameters, schemas: &mut Schemas) {
                A::describe(operation, parameters, schemas);
            }
        }
    };
}
first_of!();
first_of!(B);
first_of!(B C);

/// What the contract says of what a call brings.
pub trait DescribeInput {
    /// Says it.
    fn describe(operation: &mut Operation, parameters: &mut Vec<Parameter>, schemas: &mut Schemas);
}

impl DescribeInput for Nothing {
    fn describe(_: &mut Operation, _: &mut Vec<Parameter>, _: &mut Schemas) {}
}

impl<Q: IntoParams> DescribeInput for Query<Q> {
    fn describe(_: &mut Operation, parameters: &mut Vec<Parameter>, _: &mut Schemas) {
        parameters.extend(Q::into_params(|| Some(ParameterIn::Query)));
    }
}

impl<B: ToSchema + serde::de::DeserializeOwned> DescribeInput for B {
    fn describe(operation: &mut Operation, _: &mut Vec<Parameter>, schemas: &mut Schemas) {
        if operation.request_body.is_none() {
            let content = Content::new(Some(Ref::from_schema_name(B::name())));
            let body = RequestBodyBuilder::new().content("application/json", content).required(Some(Required::True));
            operation.request_body = Some(body.build().into());
        }
        collect::<B>(B::name().into_owned(), schemas);
    }
}

impl<B: ToSchema + serde::de::DeserializeOwned> DescribeInput for Matching<B> {
    fn describe(operation: &mut Operation, parameters: &mut Vec<Parameter>, schemas: &mut Schemas) {
        let parameter = ParameterBuilder::new().name("If-Match").parameter_in(ParameterIn::Header);
        let parameter = parameter.required(Required::True).description(Some("The ETag that you read"));
        parameters.push(parameter.schema(Some(ObjectBuilder::new().schema_type(Type::String))).build());
        B::describe(operation, parameters, schemas);
    }
}

fn collect<T: ToSchema>(name: String, schemas: &mut Schemas) {
    schemas.push((name, T::schema()));
    T::schemas(schemas);
}

/// What the contract says of a handler's answer.
pub trait DescribeAnswer {
    /// Says it.
    fn describe(operation: &mut Operation, schemas: &mut Schemas);
}

impl<const STATUS: u16, C: DescribeContent, E> DescribeAnswer for std::result::Result<Reply<STATUS, C>, E> {
    fn describe(operation: &mut Operation, schemas: &mut Schemas) {
        let mut response = ResponseBuilder::new();
        if let Some(name) = C::describe(schemas) {
            response = response.content("application/json", Content::new(Some(Ref::from_schema_name(name))));
        }
        let responses = &mut operation.responses.responses;
        responses.entry(STATUS.to_string()).or_insert_with(|| response.build().into());
    }
}

/// One that is no JSON: its attribute says what it is.
impl<E> DescribeAnswer for std::result::Result<HttpResponse, E> {
    fn describe(_: &mut Operation, _: &mut Schemas) {}
}

/// What an answer holds.
pub trait DescribeContent {
    /// The name of its schema, where it has one, which joins the others.
    fn describe(schemas: &mut Schemas) -> Option<String>;
}

impl DescribeContent for () {
    fn describe(_: &mut Schemas) -> Option<String> {
        None
    }
}

impl<T: ToSchema> DescribeContent for One<T> {
    fn describe(schemas: &mut Schemas) -> Option<String> {
        let name = T::name().into_owned();
        collect::<T>(name.clone(), schemas);
        Some(name)
    }
}

impl<T: ToSchema + Serialize> DescribeContent for Many<T> {
    fn describe(schemas: &mut Schemas) -> Option<String> {
        let name = format!("{}_{}", Page::<T>::name(), T::name());
        collect::<T>(T::name().into_owned(), schemas);
        schemas.push((name.clone(), Page::<T>::compose(vec![T::schema()])));
        Page::<T>::schemas(schemas);
        Some(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(parameters: &Parameters) -> Vec<(String, Option<String>)> {
        let told = |parameter: &RefOr<Parameter>| match parameter {
            RefOr::T(parameter) => (parameter.name.clone(), parameter.description.clone()),
            RefOr::Ref(_) => panic!("a parameter by reference"),
        };
        parameters.found.iter().map(told).collect()
    }

    #[test]
    fn ids_come_in_the_order_of_the_path_and_an_attributes_own_words_count() {
        assert_eq!(names_in("/survivors/{id}/messages/{message_id}/read"), ["id", "message_id"]);
        let own = ParameterBuilder::new().name("id").description(Some("The goal before")).build();
        let header = ParameterBuilder::new().name("If-Match").build();
        let mut parameters = Parameters { names: Vec::new(), found: vec![header.into(), own.into()] };
        parameters.add(vec![path_parameter("id", "GoalId"), path_parameter("review_id", "ReviewId")]);
        let words = |text: &str| Some(text.to_owned());
        let expected = [
            ("id".to_owned(), words("The goal before")),
            ("review_id".to_owned(), words("The review that was recorded wrongly")),
            ("If-Match".to_owned(), None),
        ];
        assert_eq!(names(&parameters), expected);
    }
}
