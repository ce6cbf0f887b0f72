//! `/api/database/records/{table}`, by every method of the record grammar.

use std::borrow::Cow;

use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::response::Response;
use busbar_data::{
    Caller, Method, Profile, RecordAnswer, RecordBody, RecordHeaders, RecordRequest, Role, postgrest_error,
    postgrest_headers,
};
use busbar_kernel::{Actor, Error, Result};
use busbar_platform::http::failure::{json_response, with_report};
use busbar_platform::http::input::read_whole;
use busbar_platform::{Ctx, Reply};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};

use crate::{Services, cookies};

/// Answers a request for rows.
pub(crate) async fn handle(
    State(services): State<Services>,
    ctx: Ctx,
    Path(table): Path<String>,
    request: Request,
) -> Reply<Response> {
    let caller = caller(ctx.actor());
    let target = Target::Rows(&table);
    let answered = answer(&services, Profile::Insforge, target, &caller, request).await;
    let response = answered.unwrap_or_else(|error| refusal(error, caller.role));
    Ok(with_credential_time(response, &ctx))
}

/// What a request is about.
#[derive(Clone, Copy)]
pub(crate) enum Target<'t> {
    /// A table or view.
    Rows(&'t str),
    /// A function.
    Function(&'t str),
    /// The schema as a whole.
    Root,
}

/// Has `data` answer a request.
pub(crate) async fn answer(
    services: &Services,
    profile: Profile,
    target: Target<'_>,
    caller: &Caller,
    request: Request,
) -> Result<Response> {
    let (head, body) = request.into_parts();
    let prefer = joined(&head.headers, "prefer");
    let shown = shown(&head.headers);
    let cookies = cookies::others(&head.headers);
    let table = match target {
        Target::Rows(name) | Target::Function(name) => name,
        Target::Root => "",
    };
    let request = RecordRequest {
        method: method(&head.method)?,
        table,
        query: head.uri.query().unwrap_or_default(),
        headers: RecordHeaders {
            shown: &shown,
            cookies: &cookies,
            ..record_headers(&head.headers, &prefer)
        },
        body: read_whole(body).await?,
    };
    let records = &services.data.records;
    let answered = match target {
        Target::Rows(_) => records.answer(profile, &request, caller).await,
        Target::Function(_) => Box::pin(records.call(profile, &request, caller)).await,
        Target::Root => Box::pin(records.describe(&request, caller)).await,
    };
    answered.map(response)
}

/// Says in `Server-Timing`, where the answer has it, how long the credential took.
pub(crate) fn with_credential_time(mut response: Response, ctx: &Ctx) -> Response {
    const TIMING: HeaderName = HeaderName::from_static("server-timing");
    let told = response
        .headers()
        .get(&TIMING)
        .and_then(|value| value.to_str().ok());
    let taken = ctx.seen().credential.get().copied().unwrap_or_default();
    let whole = told.map(|told| format!("jwt;dur={:.1}, {told}", taken.as_secs_f64() * 1000.0));
    if let Some(Ok(value)) = whole.map(|whole| HeaderValue::from_str(&whole)) {
        response.headers_mut().insert(TIMING, value);
    }
    response
}

/// The caller as the database knows it, with every claim of the token.
pub(crate) fn caller(actor: &Actor) -> Caller {
    match actor {
        Actor::Nobody | Actor::Anonymous => Caller::anon(),
        Actor::User(user) => {
            let mut claims = user.claims.clone();
            claims.insert("sub".to_owned(), user.subject.as_str().into());
            if let Some(email) = &user.email {
                claims.insert("email".to_owned(), email.as_str().into());
            }
            Caller::new(Role::Authenticated, claims)
        }
        Actor::Service { .. } | Actor::Operator { .. } => Caller::project_admin(),
    }
}

/// An error in PostgREST's shape; a denial to nobody in particular asks for a sign-in.
pub(crate) fn refusal(error: Error, role: Role) -> Response {
    let (status, body) = postgrest_error(&error, role);
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = json_response(status, &body);
    if status == StatusCode::UNAUTHORIZED {
        response
            .headers_mut()
            .insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    for (name, value) in postgrest_headers(&error) {
        if let (Ok(name), Ok(value)) = (
            HeaderName::from_bytes(name.as_bytes()),
            HeaderValue::from_str(&value),
        ) {
            response.headers_mut().insert(name, value);
        }
    }
    with_report(response, error)
}

fn response(answer: RecordAnswer) -> Response {
    let mut response = Response::new(match answer.body {
        RecordBody::Empty => Body::empty(),
        RecordBody::Whole(bytes) => Body::from(bytes),
        RecordBody::Stream(stream) => Body::from_stream(stream),
    });
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK);
    let headers = response.headers_mut();
    headers.reserve(answer.headers.len() + answer.further.len() + 3);
    let own = answer
        .headers
        .into_iter()
        .map(|(name, value)| (Cow::Borrowed(name), value));
    let further = answer
        .further
        .into_iter()
        .map(|(name, value)| (Cow::Owned(name), value));
    for (name, value) in own.chain(further) {
        if let (Ok(name), Ok(value)) = (
            HeaderName::from_bytes(name.as_bytes()),
            HeaderValue::try_from(value),
        ) {
            headers.append(name, value);
        }
    }
    response
}

fn method(method: &http::Method) -> Result<Method> {
    Ok(match *method {
        http::Method::GET => Method::Get,
        http::Method::HEAD => Method::Head,
        http::Method::POST => Method::Post,
        http::Method::PATCH => Method::Patch,
        http::Method::PUT => Method::Put,
        http::Method::DELETE => Method::Delete,
        _ => {
            return Err(Error::internal(
                "a route of records has a method that records do not",
            ));
        }
    })
}

fn record_headers<'h>(headers: &'h HeaderMap, prefer: &'h str) -> RecordHeaders<'h> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    RecordHeaders {
        prefer,
        accept: text("accept").unwrap_or_default(),
        range: text("range"),
        range_unit: text("range-unit"),
        content_type: text("content-type"),
        accept_profile: text("accept-profile"),
        content_profile: text("content-profile"),
        shown: &[],
        cookies: &[],
    }
}

/// The headers that SQL may read, without credentials: a function of the database need not know anybody's.
fn shown(headers: &HeaderMap) -> Vec<(&str, &str)> {
    const CREDENTIALS: [&str; 4] = ["authorization", "apikey", "x-api-key", "cookie"];
    let named = headers
        .iter()
        .filter(|(name, _)| !CREDENTIALS.contains(&name.as_str()));
    named
        .filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)))
        .collect()
}

fn joined(headers: &HeaderMap, name: &str) -> String {
    let texts = headers
        .get_all(name)
        .iter()
        .filter_map(|value| value.to_str().ok());
    texts.collect::<Vec<_>>().join(",")
}
