//! The cookies that carry refresh tokens to browsers, and the value that must come beside them (InsForge's contract, 2.3).

use axum::extract::FromRequestParts;
use axum::response::Response;
use busbar_identity::sessions::{Csrf, SessionKind};
use busbar_kernel::{Error, Secret};
use busbar_platform::Failure;
use http::header::{COOKIE, SET_COOKIE};
use http::request::Parts;
use http::{HeaderMap, HeaderValue};

/// The cookies of a request that are none of ours: what is a credential is nobody else's to read.
pub(crate) fn others(headers: &HeaderMap) -> Vec<(&str, &str)> {
    let ours = [name(SessionKind::User), name(SessionKind::Admin)];
    let texts = headers.get_all(COOKIE).iter();
    let pairs = texts
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='));
    pairs.filter(|(name, _)| !ours.contains(name)).collect()
}

/// Where a caller keeps its refresh token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keeping {
    /// A browser: in a cookie, with a CSRF value in the body. The default, also for unknown words.
    Cookie,
    /// An application or a server: in the body.
    Body,
}

/// What an account route reads of its request besides the body.
pub(crate) struct Client {
    /// Where it keeps its refresh token: `?client_type=`.
    pub(crate) keeping: Keeping,
    /// The path of the cookie: that of the accounts' routes, below whatever mount the app has.
    path: String,
    headers: HeaderMap,
}

const ACCOUNTS: &str = "/api/auth";

impl<S: Send + Sync> FromRequestParts<S> for Client {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Failure> {
        let query = parts.uri.query().unwrap_or_default();
        let client_type = query
            .split('&')
            .find_map(|pair| pair.strip_prefix("client_type="));
        let keeping = match client_type {
            Some("mobile" | "desktop" | "server") => Keeping::Body,
            _ => Keeping::Cookie,
        };
        let context = busbar_platform::Ctx::from_request_parts(parts, &()).await?;
        let path = context.seen().path.as_str();
        let mount = path.find(ACCOUNTS).map_or("", |at| &path[..at]);
        Ok(Self {
            keeping,
            path: format!("{mount}{ACCOUNTS}"),
            headers: parts.headers.clone(),
        })
    }
}

impl Client {
    /// The refresh token in the cookie of this sort of session.
    pub(crate) fn cookie(&self, kind: SessionKind) -> Option<Secret> {
        let wanted = name(kind);
        let cookies = self.headers.get_all(COOKIE).iter();
        cookies
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(name, value)| *name == wanted && !value.is_empty())
            .map(|(_, value)| Secret::new(value))
    }

    /// The CSRF value that came beside the cookie.
    pub(crate) fn csrf(&self) -> Csrf<'_> {
        let value = self.headers.get("x-csrf-token");
        Csrf::Shown(value.and_then(|value| value.to_str().ok()))
    }

    /// Puts the refresh token into the answer's cookie.
    ///
    /// # Errors
    /// Never with a token of ours.
    pub(crate) fn keep(
        &self,
        response: &mut Response,
        kind: SessionKind,
        token: &Secret,
        seconds: u64,
    ) -> Result<(), Error> {
        self.set(response, kind, token.expose(), seconds)
    }

    /// Takes the cookie away.
    ///
    /// # Errors
    /// Never.
    pub(crate) fn clear(&self, response: &mut Response, kind: SessionKind) -> Result<(), Error> {
        self.set(response, kind, "", 0)
    }

    fn set(
        &self,
        response: &mut Response,
        kind: SessionKind,
        value: &str,
        seconds: u64,
    ) -> Result<(), Error> {
        let path = match kind {
            SessionKind::User => self.path.clone(),
            SessionKind::Admin => format!("{}/admin", self.path),
        };
        let name = name(kind);
        let line = format!("{name}={value}; Max-Age={seconds}; Path={path}; HttpOnly; Secure; SameSite=None");
        let mut line = HeaderValue::from_str(&line)
            .map_err(|error| Error::internal("a cookie could not be written").source(error))?;
        line.set_sensitive(true);
        response.headers_mut().append(SET_COOKIE, line);
        Ok(())
    }
}

fn name(kind: SessionKind) -> &'static str {
    match kind {
        SessionKind::User => "insforge_refresh_token",
        SessionKind::Admin => "insforge_admin_refresh_token",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_that_are_credentials_stay_here() {
        let mut headers = HeaderMap::new();
        let line = "theme=dark; insforge_refresh_token=secret; a=b=c";
        headers.append(COOKIE, HeaderValue::from_static(line));
        headers.append(
            COOKIE,
            HeaderValue::from_static("insforge_admin_refresh_token=secret"),
        );
        assert_eq!(others(&headers), [("theme", "dark"), ("a", "b=c")]);
    }
}
