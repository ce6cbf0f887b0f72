//! The query string as typed parameters.

use axum::extract::FromRequestParts;
use busbar_kernel::Error;
use http::request::Parts;
use serde::de::DeserializeOwned;

use crate::Failure;

/// The parameters of the query string.
pub struct Query<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Failure> {
        let text = parts.uri.query().unwrap_or_default();
        let reader = serde_urlencoded::Deserializer::new(form_pairs(text.as_bytes()));
        serde_path_to_error::deserialize(reader)
            .map(Self)
            .map_err(|error| {
                let field = error.path().to_string();
                let message = error.inner().to_string();
                Error::invalid(if field == "." { "query".to_owned() } else { field }, message).into()
            })
    }
}

fn form_pairs(bytes: &[u8]) -> form_urlencoded::Parse<'_> {
    form_urlencoded::parse(bytes)
}
