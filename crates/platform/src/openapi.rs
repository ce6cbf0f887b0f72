//! The route tables as an OpenAPI 3.1 document.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::response::IntoResponse;
use axum::routing::{MethodRouter, get};
use http::{Method, header};
use serde_json::json;
use utoipa::openapi::path::{HttpMethod, OperationBuilder, PathItemBuilder, PathsBuilder};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::schema::{ComponentsBuilder, Object, Schema};
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme,
};
use utoipa::openapi::{Content, InfoBuilder, OpenApiBuilder, RefOr, Required, ResponseBuilder};

use crate::Access;
use crate::components::{Components, renamed};
use crate::route::{Answer, Description};

/// A route as the document needs it.
pub(crate) struct Listing {
    pub(crate) app: &'static str,
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) access: Access,
    pub(crate) tag: &'static str,
    pub(crate) limited: bool,
    pub(crate) description: Description,
}

/// The document as compact JSON.
pub(crate) fn document(listings: &[Listing], version: &str) -> String {
    let mut components = ComponentsBuilder::new()
        .security_scheme(
            "bearer",
            SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build()),
        )
        .security_scheme(
            "apiKey",
            SecurityScheme::ApiKey(ApiKey::Header(ApiKeyValue::new("x-api-key"))),
        );
    let mut items: BTreeMap<String, PathItemBuilder> = BTreeMap::new();
    let mut schemas = Components::default();
    for listing in listings {
        let path = listing.path.replace("{*", "{");
        let Some(method) = http_method(&listing.method) else {
            continue;
        };
        let item = items.remove(&path).unwrap_or_default();
        let names = schemas.take(listing.app, &listing.description.schemas);
        let operation = renamed(operation(listing, &path).build(), &names);
        items.insert(path, item.operation(method, operation));
    }
    components = components.schemas_from_iter(schemas.into_schemas());
    let paths = items
        .into_iter()
        .fold(PathsBuilder::new(), |paths, (path, item)| {
            paths.path(path, item.build())
        });
    let info = InfoBuilder::new().title("Busbar").version(version).build();
    let document = OpenApiBuilder::new()
        .info(info)
        .paths(paths)
        .components(Some(components.build()))
        .build();
    document
        .to_json()
        .unwrap_or_else(|error| json!({ "error": error.to_string() }).to_string())
}

/// The route that answers the document.
pub(crate) fn route(document: Arc<str>) -> MethodRouter<()> {
    get(move || async move {
        (
            [(header::CONTENT_TYPE, "application/json; charset=utf-8")],
            document.to_string(),
        )
            .into_response()
    })
}

fn operation(listing: &Listing, path: &str) -> OperationBuilder {
    let description = &listing.description;
    let id = format!(
        "{}_{}",
        listing.method.as_str().to_ascii_lowercase(),
        path.replace(['/', '{', '}', '-', '.'], "_")
    );
    let mut operation = OperationBuilder::new()
        .tag(if listing.tag.is_empty() {
            listing.app
        } else {
            listing.tag
        })
        .operation_id(Some(id))
        .summary(Some(description.summary).filter(|text| !text.is_empty()))
        .description(Some(format!("Asks for: {}.", listing.access)))
        .parameters(Some(description.parameters.clone()));
    if let Some((content_type, schema)) = &description.body {
        let content = Content::new(Some(schema.clone()));
        let body = RequestBodyBuilder::new()
            .content(*content_type, content)
            .required(Some(Required::True))
            .build();
        operation = operation.request_body(Some(body));
    }
    for answer in description.answers.iter().chain(&common_answers(listing)) {
        let mut response = ResponseBuilder::new().description(answer.text);
        if let Some((content_type, schema)) = &answer.content {
            response = response.content(*content_type, Content::new(Some(schema.clone())));
        }
        operation = operation.response(answer.status.to_string(), response.build());
    }
    if matches!(listing.access, Access::Permission(_)) {
        for scheme in ["bearer", "apiKey"] {
            operation = operation.security(SecurityRequirement::new(scheme, Vec::<String>::new()));
        }
    }
    operation
}

/// The refusals a route can answer with by what stands before it.
fn common_answers(listing: &Listing) -> Vec<Answer> {
    let listed = |status: u16| {
        listing
            .description
            .answers
            .iter()
            .any(|answer| answer.status == status)
    };
    let content = || Some(("application/json", RefOr::T(Schema::Object(Object::new()))));
    let mut all = vec![(400, "The input does not fit")];
    match listing.access {
        Access::Permission(_) => all.extend([(401, "No accepted credential"), (403, "Not allowed")]),
        Access::Internal => all.push((403, "Not allowed")),
        Access::SignedWebhook(_) => all.push((401, "The signature is not right")),
        Access::Public(_) => {}
    }
    if listing.path.contains('{') {
        all.push((404, "There is no such thing"));
    }
    if listing.description.body.is_some() {
        all.push((413, "The body is too large"));
    }
    if listing.limited {
        all.push((429, "Too many requests"));
    }
    let unlisted = all.into_iter().filter(|(status, _)| !listed(*status));
    unlisted
        .map(|(status, text)| Answer {
            status,
            text,
            content: content(),
        })
        .collect()
}

fn http_method(method: &Method) -> Option<HttpMethod> {
    Some(match *method {
        Method::GET => HttpMethod::Get,
        Method::HEAD => HttpMethod::Head,
        Method::POST => HttpMethod::Post,
        Method::PUT => HttpMethod::Put,
        Method::PATCH => HttpMethod::Patch,
        Method::DELETE => HttpMethod::Delete,
        Method::OPTIONS => HttpMethod::Options,
        _ => return None,
    })
}
