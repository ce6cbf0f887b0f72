//! `/api/records/{table}`, by every method of the record grammar.

use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::response::Response;
use busbar_data::{Caller, Method, Profile, RecordBody, RecordHeaders, RecordRequest, Role, postgrest_error};
use busbar_kernel::Error;
use busbar_platform::http::failure::json_response;
use busbar_platform::http::input::read_whole;
use busbar_platform::{Reply, Seen};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};

use crate::Services;

/// Answers a request for rows as the project's administrator.
pub(crate) async fn handle(
    State(services): State<Services>,
    Path(table): Path<String>,
    request: Request,
) -> Reply<Response> {
    let (head, body) = request.into_parts();
    let headers = &head.headers;
    let prefer = joined(headers, "prefer");
    let request = RecordRequest {
        method: method(&head.method)?,
        table: &table,
        query: head.uri.query().unwrap_or_default(),
        headers: RecordHeaders {
            prefer: &prefer,
            accept: text(headers, header::ACCEPT.as_str()).unwrap_or_default(),
            range: text(headers, header::RANGE.as_str()),
            range_unit: text(headers, "range-unit"),
            content_type: text(headers, header::CONTENT_TYPE.as_str()),
            accept_profile: None,
            content_profile: None,
            shown: &[],
            cookies: &[],
        },
        body: read_whole(body).await?,
    };
    let answer = services
        .data
        .records
        .answer(Profile::Postgrest, &request, &Caller::project_admin())
        .await?;
    let body = match answer.body {
        RecordBody::Empty => Body::empty(),
        RecordBody::Whole(bytes) => Body::from(bytes),
        RecordBody::Stream(stream) => Body::from_stream(stream),
    };
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK);
    for (name, value) in answer.headers {
        if let (Ok(name), Ok(value)) = (
            HeaderName::from_bytes(name.as_bytes()),
            HeaderValue::from_str(&value),
        ) {
            response.headers_mut().append(name, value);
        }
    }
    Ok(response)
}

/// Errors of this group have PostgREST's shape.
pub(crate) fn shape(error: &Error, _seen: &Seen) -> Response {
    let (status, body) = postgrest_error(error, Role::ProjectAdmin);
    json_response(
        StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
        &body,
    )
}

fn method(method: &http::Method) -> Result<Method, Error> {
    Ok(match *method {
        http::Method::GET => Method::Get,
        http::Method::HEAD => Method::Head,
        http::Method::POST => Method::Post,
        http::Method::PATCH => Method::Patch,
        http::Method::DELETE => Method::Delete,
        _ => {
            return Err(Error::internal(
                "a route of records has a method that records do not",
            ));
        }
    })
}

fn text<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

fn joined(headers: &HeaderMap, name: &str) -> String {
    let texts = headers
        .get_all(name)
        .iter()
        .filter_map(|value| value.to_str().ok());
    texts.collect::<Vec<_>>().join(",")
}
