//! The app alone on a fresh database, asked without a socket.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use busbar_cache::Cache;
use busbar_identity::keys::AccessKey;
use busbar_identity::passwords::PasswordHasher;
use busbar_identity::secrets::RootSecrets;
use busbar_identity::tokens::OutsideTokens;
use busbar_identity::{Directory, DirectoryOptions, IdentitySettings};
use busbar_insforge::Services;
use busbar_insforge::config::Budgets;
use busbar_kernel::variables::{Mode, Origin, Settings, Source};
use busbar_kernel::{MovableClock, Secret};
use busbar_platform::{Edge, Mount, compose};
use busbar_store::{Scope, Store, StoreSettings};
use http::{HeaderMap, Request, StatusCode};
use serde_json::Value;
use tower::ServiceExt;

pub(crate) const PASSWORD: &str = "correct horse";
pub(crate) const OPERATOR: &str = "admin@busbar.test";
pub(crate) const OPERATOR_PASSWORD: &str = "the operator's password";

/// The app, its clock and its keys.
pub(crate) struct Bed {
    pub(crate) clock: MovableClock,
    pub(crate) anon: String,
    pub(crate) api: String,
    router: Router,
    _folder: tempfile::TempDir,
}

/// An answer, read whole.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
    pub(crate) body: Value,
}

impl Answer {
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
        self.body[field].as_str().expect("a text").to_owned()
    }
}

impl Bed {
    pub(crate) async fn open() -> Self {
        Self::mounted(
            Mount::root(),
            Budgets {
                sign_in: 1_000,
                sign_up: 1_000,
            },
        )
        .await
    }

    pub(crate) async fn mounted(mount: Mount, budgets: Budgets) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let table = [
            busbar_store::VARIABLES,
            busbar_cache::config::VARIABLES,
            busbar_identity::VARIABLES,
            busbar_platform::config::VARIABLES,
            busbar_insforge::config::VARIABLES,
        ]
        .concat();
        let data_dir = folder.path().display().to_string();
        let pairs = [
            ("DATA_DIR", data_dir.as_str()),
            ("ADMIN_EMAIL", OPERATOR),
            ("ADMIN_PASSWORD", OPERATOR_PASSWORD),
        ];
        let pairs = pairs.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let source = Source::new(Origin::Environment, pairs);
        let settings = Settings::resolve(&table, Mode::Test, vec![source]).unwrap();
        let clock = MovableClock::at_2026();
        let shared = Arc::new(clock.clone());
        let store = StoreSettings::from_settings(&settings).unwrap();
        let store = Store::open(store, shared.clone()).await.unwrap();
        let cache = Cache::in_process(shared.clone());
        let identity = IdentitySettings::from_settings(&settings);
        let options = DirectoryOptions {
            name: "insforge".to_owned(),
            db: store.scope(Scope::Data).await.unwrap(),
            mode: Mode::Test,
            root: RootSecrets {
                signing: Secret::new("0123456789abcdef0123456789abcdef"),
                sealing: Secret::new("sealing"),
                sealing_source: "the test".to_owned(),
            },
            outside: OutsideTokens::Safe,
            passwords: PasswordHasher::start(&identity).unwrap(),
            settings: identity,
            cache: cache.clone(),
            clock: shared.clone(),
            mail: None,
        };
        let (people, _) = Directory::open(&store, options).await.unwrap();
        let services = Services {
            clock: shared.clone(),
            version: "0",
            base_url: None,
            people: people.clone(),
            budgets,
        };
        let edge = Edge {
            clock: shared,
            cache,
            settings,
            version: "0",
        };
        let composition = compose(vec![(busbar_insforge::app(services), mount)], &edge).unwrap();
        Self {
            clock,
            anon: people.access_key(AccessKey::Anon).expose().to_owned(),
            api: people.access_key(AccessKey::Api).expose().to_owned(),
            router: composition.router,
            _folder: folder,
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
        let request = builder.body(body).unwrap();
        let (parts, body) = self.router.clone().oneshot(request).await.unwrap().into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap();
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body: serde_json::from_str(&text).unwrap_or(Value::Null),
            text,
        }
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
        let body = serde_json::json!({"email": email, "password": PASSWORD, "name": "Ada"});
        let path = "/api/auth/users?client_type=mobile";
        let answer = self.bearing("POST", path, &self.anon, body).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer
    }
}
