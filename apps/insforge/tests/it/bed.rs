//! A whole Busbar, asked as InsForge's clients ask, with answers taken apart as they do.

use axum::body::{Body, to_bytes};
use busbar_testkit::TestApp;
use http::{HeaderMap, Request, Response, StatusCode};
use serde_json::{Value, json};
use tower::ServiceExt;

pub(crate) const PASSWORD: &str = "correct horse";

/// A running Busbar and its keys.
pub(crate) struct Bed {
    pub(crate) app: TestApp,
    pub(crate) anon: String,
    pub(crate) api: String,
}

/// An answer, read whole.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
    pub(crate) body: Value,
}

impl Answer {
    pub(crate) async fn read(answered: Response<Body>) -> Self {
        let (parts, body) = answered.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap();
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        Self {
            status: parts.status,
            headers: parts.headers,
            body: serde_json::from_str(&text).unwrap_or(Value::Null),
            text,
        }
    }

    /// The answer's status and InsForge's code.
    pub(crate) fn error(&self) -> (u16, &str) {
        (
            self.status.as_u16(),
            self.body["error"].as_str().unwrap_or("none"),
        )
    }

    /// The lines that set cookies.
    pub(crate) fn cookies(&self) -> Vec<&str> {
        let lines = self.headers.get_all("set-cookie").iter();
        lines.map(|line| line.to_str().unwrap()).collect()
    }

    /// Name and value of the first cookie.
    pub(crate) fn cookie(&self) -> String {
        self.cookies()[0].split(';').next().unwrap().to_owned()
    }

    pub(crate) fn text_at(&self, field: &str) -> String {
        self.body[field].as_str().unwrap().to_owned()
    }
}

impl Bed {
    pub(crate) fn over(app: TestApp) -> Self {
        Self {
            anon: app.anon_key().to_owned(),
            api: app.api_key().to_owned(),
            app,
        }
    }

    /// One request with headers and, unless it is null, a JSON body.
    pub(crate) async fn ask(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Value,
    ) -> Answer {
        let builder = Request::builder().method(method).uri(path);
        let builder = headers
            .iter()
            .fold(builder, |builder, (name, value)| builder.header(*name, *value));
        let body = if body.is_null() {
            Body::empty()
        } else {
            Body::from(body.to_string())
        };
        let answered = self
            .app
            .front()
            .oneshot(builder.body(body).unwrap())
            .await
            .unwrap();
        Answer::read(answered).await
    }

    /// One request with a bearer.
    pub(crate) async fn bearing(&self, method: &str, path: &str, token: &str, body: Value) -> Answer {
        let bearer = format!("Bearer {token}");
        self.ask(method, path, &[("authorization", &bearer)], body).await
    }

    /// One request as administrator.
    pub(crate) async fn administering(&self, method: &str, path: &str, body: Value) -> Answer {
        self.ask(method, path, &[("x-api-key", &self.api)], body).await
    }

    /// Signs somebody up as an application does.
    pub(crate) async fn person(&self, email: &str) -> Answer {
        let body = json!({"email": email, "password": PASSWORD, "name": "Ada"});
        let path = "/api/auth/users?client_type=mobile";
        let answer = self.bearing("POST", path, &self.anon, body).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer
    }
}
