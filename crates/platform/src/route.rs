//! One route: method, path, what it asks for, its limits, its handler and its description.

use std::sync::Arc;
use std::time::Duration;

use axum::handler::Handler;
use axum::routing::{MethodFilter, MethodRouter, on};
use http::Method;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::openapi::{RefOr, Required};
use utoipa::{IntoParams, ToSchema};

use crate::Access;
use crate::http::guard::{Guard, Guarded};

/// How many requests are let through.
#[derive(Clone, Copy, Debug)]
pub struct Limit {
    /// The counter's name; routes with one name share one counter.
    pub name: &'static str,
    /// How many within the window.
    pub budget: u64,
    /// The window's length.
    pub window: Duration,
    /// What is counted.
    pub per: Per,
}

/// What a limit counts.
#[derive(Clone, Copy, Debug)]
pub enum Per {
    /// Requests of one client address.
    Address,
    /// Requests of one actor, else of one address.
    Actor,
}

impl Limit {
    /// `budget` requests per client address within `minutes`.
    pub const fn per_address(name: &'static str, budget: u64, minutes: u64) -> Self {
        Self {
            name,
            budget,
            window: Duration::from_secs(minutes * 60),
            per: Per::Address,
        }
    }
}

/// A route with handlers on state `S`.
pub struct Route<S> {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) access: Access,
    pub(crate) limit: Option<Limit>,
    pub(crate) body_limit: Option<usize>,
    pub(crate) time_limit: Option<Duration>,
    pub(crate) endpoint: Endpoint<S>,
    pub(crate) description: Description,
}

/// A handler that waits for its guard.
pub(crate) type Endpoint<S> = Box<dyn FnOnce(Arc<Guard>) -> MethodRouter<S> + Send>;

/// What the API reference says of a route.
#[derive(Clone, Default)]
pub(crate) struct Description {
    pub(crate) summary: &'static str,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) body: Option<(&'static str, RefOr<Schema>)>,
    pub(crate) answers: Vec<Answer>,
    pub(crate) schemas: Vec<(String, RefOr<Schema>)>,
}

/// One answer of a route.
#[derive(Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) text: &'static str,
    pub(crate) content: Option<(&'static str, RefOr<Schema>)>,
}

macro_rules! verbs {
    ($($(#[$doc:meta])* $verb:ident $method:ident $filter:ident),* $(,)?) => {$(
        $(#[$doc])*
        pub fn $verb<S, H, T>(path: &str, access: impl Into<Access>, handler: H) -> Route<S>
        where
            S: Clone + Send + Sync + 'static,
            H: Handler<T, S>,
            T: 'static,
        {
            let endpoint = |guard| on(MethodFilter::$filter, Guarded { guard, handler });
            Route::new(Method::$method, path, access.into(), Box::new(endpoint))
        }
    )*};
}

verbs! {
    /// A `GET` route; it also answers `HEAD`.
    get GET GET,
    /// A `HEAD` route of its own.
    head HEAD HEAD,
    /// A `POST` route.
    post POST POST,
    /// A `PUT` route.
    put PUT PUT,
    /// A `PATCH` route.
    patch PATCH PATCH,
    /// A `DELETE` route.
    delete DELETE DELETE,
    /// An `OPTIONS` route; a browser's question before a request never reaches it.
    options OPTIONS OPTIONS,
}

impl<S: Clone + Send + Sync + 'static> Route<S> {
    fn new(method: Method, path: &str, access: Access, endpoint: Endpoint<S>) -> Self {
        let parameters = path_parameters(path);
        Self {
            method,
            path: path.to_owned(),
            access,
            limit: None,
            body_limit: None,
            time_limit: None,
            endpoint,
            description: Description {
                parameters,
                ..Description::default()
            },
        }
    }

    /// One line for the API reference.
    #[must_use]
    pub fn summary(mut self, summary: &'static str) -> Self {
        self.description.summary = summary;
        self
    }

    /// Lets only so many requests through.
    #[must_use]
    pub fn limit(mut self, limit: Limit) -> Self {
        self.limit = Some(limit);
        self
    }

    /// The most bytes a body may have, instead of `MAX_JSON_BODY_SIZE`.
    #[must_use]
    pub fn body_limit(mut self, bytes: usize) -> Self {
        self.body_limit = Some(bytes);
        self
    }

    /// The time until the answer's head, instead of `REQUEST_TIMEOUT_SECONDS`.
    #[must_use]
    pub fn time_limit(mut self, limit: Duration) -> Self {
        self.time_limit = Some(limit);
        self
    }

    /// Its JSON body.
    #[must_use]
    pub fn body<T: ToSchema>(self) -> Self {
        self.body_as::<T>("application/json")
    }

    /// Its body in another content type.
    #[must_use]
    pub fn body_as<T: ToSchema>(mut self, content_type: &'static str) -> Self {
        let schema = self.reference::<T>();
        self.description.body = Some((content_type, schema));
        self
    }

    /// Its query parameters.
    #[must_use]
    pub fn params<T: IntoParams>(mut self) -> Self {
        self.description
            .parameters
            .extend(T::into_params(|| Some(ParameterIn::Query)));
        self
    }

    /// A JSON answer.
    #[must_use]
    pub fn answers<T: ToSchema>(mut self, status: u16, text: &'static str) -> Self {
        let schema = self.reference::<T>();
        let content = Some(("application/json", schema));
        self.description.answers.push(Answer {
            status,
            text,
            content,
        });
        self
    }

    /// An answer whose body, if any, is not described.
    #[must_use]
    pub fn answers_plain(mut self, status: u16, text: &'static str) -> Self {
        self.description.answers.push(Answer {
            status,
            text,
            content: None,
        });
        self
    }

    fn reference<T: ToSchema>(&mut self) -> RefOr<Schema> {
        let name = T::name().into_owned();
        T::schemas(&mut self.description.schemas);
        self.description.schemas.push((name.clone(), T::schema()));
        RefOr::Ref(utoipa::openapi::Ref::from_schema_name(name))
    }
}

fn path_parameters(path: &str) -> Vec<Parameter> {
    path.split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}'))
        .map(|(name, _)| {
            let text = ObjectBuilder::new().schema_type(Type::String).build();
            ParameterBuilder::new()
                .name(name.trim_start_matches('*'))
                .parameter_in(ParameterIn::Path)
                .required(Required::True)
                .schema(Some(RefOr::T(Schema::Object(text))))
                .build()
        })
        .collect()
}
