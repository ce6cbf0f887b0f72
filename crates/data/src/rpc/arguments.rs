//! A call's arguments: the members of the body, or the parameters of the query string that are no filters.

use std::borrow::Cow;

use busbar_kernel::Result;

use crate::caller::Profile;
use crate::grammar::{Query, pairs};
use crate::records::{Method, RecordRequest};
use crate::refusal::pgrst;
use crate::values::{Body, Token, read_body};

/// The words of the query string that are never arguments.
const RESERVED: [&str; 10] = [
    "select",
    "order",
    "limit",
    "offset",
    "and",
    "or",
    "not.and",
    "not.or",
    "columns",
    "on_conflict",
];

/// What a call passes.
#[derive(Debug)]
pub(super) enum Arguments<'r> {
    /// By name; one given several times has several values.
    Named(Vec<(Cow<'r, str>, Given<'r>)>),
    /// The body as a whole, for a function with one unnamed parameter of a type that such bodies have.
    Whole(&'static [&'static str]),
}

/// One argument.
#[derive(Debug)]
pub(super) enum Given<'r> {
    /// A JSON value of the body.
    Json(&'r str),
    /// Texts of the query string or of a form.
    Texts(Vec<Cow<'r, str>>),
}

impl Arguments<'_> {
    /// The names, in the order in which they were given.
    pub(super) fn names(&self) -> Vec<&str> {
        match self {
            Self::Named(named) => named.iter().map(|(name, _)| name.as_ref()).collect(),
            Self::Whole(_) => Vec::new(),
        }
    }
}

/// The types of a single unnamed parameter that takes a body of a content type.
pub(super) fn whole_body(content_type: Option<&str>) -> Option<&'static [&'static str]> {
    let media_type = content_type.unwrap_or("application/json").split(';').next();
    match media_type
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase()
        .as_str()
    {
        "application/json"
        | "application/vnd.pgrst.object+json"
        | "application/vnd.pgrst.array+json"
        | "" => Some(&["json", "jsonb"]),
        "text/plain" => Some(&["text", "character varying"]),
        "text/xml" => Some(&["xml"]),
        "application/octet-stream" => Some(&["bytea"]),
        _ => None,
    }
}

/// The arguments of a request, and its query string without them.
///
/// # Errors
/// `PGRST102` for a body that is no object, `PGRST100` for a query that does not parse.
pub(super) fn arguments<'r>(
    request: &'r RecordRequest<'_>,
    profile: Profile,
) -> Result<(Arguments<'r>, Cow<'r, str>)> {
    if request.method != Method::Post {
        return of_query(request.query, profile);
    }
    let query = Cow::Borrowed(request.query);
    let types = whole_body(request.headers.content_type);
    if types.is_some_and(|types| !types.contains(&"json")) {
        return Ok((Arguments::Whole(types.unwrap_or_default()), query));
    }
    let body = Body::of(request.headers.content_type)?;
    let text = std::str::from_utf8(&request.body)
        .map_err(|_| pgrst("PGRST102", "Empty or invalid json").details("The body is not valid UTF-8"))?;
    let text = if text.trim().is_empty() { "{}" } else { text };
    if body == Body::Json && !text.trim_start().starts_with('{') {
        // An array or a scalar has no names: only a single parameter can take it.
        serde_json::from_str::<serde::de::IgnoredAny>(text)
            .map_err(|error| pgrst("PGRST102", "Empty or invalid json").details(error.to_string()))?;
        return Ok((Arguments::Whole(&["json", "jsonb"]), query));
    }
    let mut named: Vec<(Cow<'r, str>, Given<'r>)> = Vec::new();
    let mut rows = 0;
    read_body(body, text, &mut |row| {
        rows += 1;
        if rows > 1 {
            return Ok(());
        }
        for (name, token) in row.drain(..) {
            match token {
                Token::Json(raw) => {
                    named.retain(|(known, _)| *known != name);
                    named.push((name, Given::Json(raw)));
                }
                Token::Text(text) => add_text(&mut named, name, text),
                Token::Null => named.push((name, Given::Json("null"))),
            }
        }
        Ok(())
    })?;
    Ok((Arguments::Named(named), query))
}

fn add_text<'r>(named: &mut Vec<(Cow<'r, str>, Given<'r>)>, name: Cow<'r, str>, text: Cow<'r, str>) {
    let known = named.iter_mut().find(|(known, _)| *known == name);
    match known {
        Some((_, Given::Texts(texts))) => texts.push(text),
        _ => named.push((name, Given::Texts(vec![text]))),
    }
}

/// What parses as a filter is one; anything else is an argument.
fn of_query(raw: &str, profile: Profile) -> Result<(Arguments<'_>, Cow<'_, str>)> {
    let mut named = Vec::new();
    let mut filters = String::new();
    for pair in raw.split('&') {
        for decoded in pairs(pair) {
            let (name, value) = decoded?;
            let last = name.rsplit('.').next().unwrap_or_default();
            let reserved =
                RESERVED.contains(&name.as_ref()) || (name.contains('.') && RESERVED[1..6].contains(&last));
            // InsForge's gateway takes the schema's name from the parameters; PostgREST has no such word.
            let schema = name == "schema" && profile == Profile::Insforge;
            let filters_or_schema = Query::parse(pair).is_ok_and(|query| schema || query.schema.is_none());
            if reserved || filters_or_schema {
                filters.push_str(if filters.is_empty() { "" } else { "&" });
                filters.push_str(pair);
            } else {
                add_text(&mut named, name, value);
            }
        }
    }
    Ok((Arguments::Named(named), Cow::Owned(filters)))
}
