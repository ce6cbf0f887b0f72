//! A whole Busbar in the test's own process.

use std::path::Path;
use std::sync::Arc;

use busbar_kernel::variables::{Origin, Problem, Settings, Source};
use busbar_kernel::{MovableClock, random};
use busbar_platform::Front;
use busbar_platform::compose::RouteListing;
use busbar_server::compose::{self, Busbar, Surroundings};
use busbar_server::environment;
use serde_json::json;
use tempfile::TempDir;

use crate::database::OwnDatabase;
use crate::{Caller, Database, Listening};

/// The operator's name.
pub const ADMIN_EMAIL: &str = "operator@busbar.test";
/// The operator's password.
pub const ADMIN_PASSWORD: &str = "correct-Horse-7-operator";
/// The password of everybody whom [`TestApp::user`] signs up.
pub const USER_PASSWORD: &str = "correct-Horse-7-battery";

/// A Busbar about to start.
pub struct Starting {
    database: Database,
    pairs: Vec<(String, String)>,
    clock: MovableClock,
}

/// A running Busbar; clones are the same one.
#[derive(Clone)]
pub struct TestApp(Arc<Running>);

// Fields are dropped in this order: what is open before what it stands on.
struct Running {
    busbar: Busbar,
    clock: MovableClock,
    keys: Keys,
    database: Option<OwnDatabase>,
    folder: TempDir,
}

struct Keys {
    api: String,
    anon: String,
}

impl Starting {
    /// Sets a variable; the last value counts.
    #[must_use]
    pub fn set(mut self, name: &str, value: &str) -> Self {
        self.pairs.retain(|(known, _)| known != name);
        self.pairs.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Starts with the time at which another test application stands, or any other clock.
    #[must_use]
    pub fn clock(mut self, clock: MovableClock) -> Self {
        self.clock = clock;
        self
    }

    /// Starts it.
    ///
    /// # Panics
    /// When it does not start.
    pub async fn start(self) -> TestApp {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let database = match self.database {
            Database::Sqlite => None,
            Database::Postgres => Some(OwnDatabase::create().await),
        };
        let keys = Keys {
            api: format!("ik_{}", random::hex(32)),
            anon: format!("anon_{}", random::hex(32)),
        };
        let mut pairs = defaults(folder.path(), &keys);
        pairs.extend(database.iter().map(|own| ("DATABASE_URL".to_owned(), own.url())));
        pairs.extend(self.pairs);
        let settings = settings(pairs).unwrap_or_else(|problems| panic!("{problems:#?}"));
        let surroundings = Surroundings {
            clock: Arc::new(self.clock.clone()),
            ..Surroundings::bare()
        };
        let busbar = compose::compose(settings, surroundings).await;
        TestApp(Arc::new(Running {
            busbar: busbar.unwrap_or_else(|error| panic!("Busbar does not start: {error:?}")),
            clock: self.clock,
            keys,
            database,
            folder,
        }))
    }
}

async fn open(settings: Settings, clock: &MovableClock) -> Busbar {
    let surroundings = Surroundings {
        clock: Arc::new(clock.clone()),
        ..Surroundings::bare()
    };
    let opened = compose::compose(settings, surroundings).await;
    opened.unwrap_or_else(|error| panic!("Busbar does not start: {error:?}"))
}

/// Resolves the variable table against these pairs alone.
///
/// # Errors
/// Every problem at once.
pub fn settings(pairs: Vec<(String, String)>) -> Result<Settings, Vec<Problem>> {
    environment::resolve(vec![Source::new(Origin::Environment, pairs)])
}

fn defaults(folder: &Path, keys: &Keys) -> Vec<(String, String)> {
    let below = |name: &str| folder.join(name).display().to_string();
    [
        ("APP_ENV", "test".to_owned()),
        ("DATA_DIR", below("data")),
        ("STORAGE_DIR", below("storage")),
        ("LOGS_DIR", below("logs")),
        ("ADMIN_EMAIL", ADMIN_EMAIL.to_owned()),
        ("ADMIN_PASSWORD", ADMIN_PASSWORD.to_owned()),
        ("ACCESS_API_KEY", keys.api.clone()),
        ("ACCESS_ANON_KEY", keys.anon.clone()),
        ("JWT_SECRET", random::hex(32)),
        ("ENCRYPTION_KEY", random::hex(32)),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .to_vec()
}

impl TestApp {
    /// Starts a Busbar with nothing set but its database.
    pub async fn start(database: Database) -> Self {
        Self::on(database).start().await
    }

    /// A Busbar about to start, for tests that set variables.
    pub fn on(database: Database) -> Starting {
        Starting {
            database,
            pairs: Vec::new(),
            clock: MovableClock::at_2026(),
        }
    }

    /// Stops it and starts it again on the same data, with the same settings and the same time.
    ///
    /// # Panics
    /// When another handle of it is still held, or it does not start.
    #[must_use]
    pub async fn restart(self) -> Self {
        let running = Arc::into_inner(self.0).expect("nobody else holds this application");
        let settings = running.busbar.settings.clone();
        running.busbar.store.close().await;
        let Running {
            clock,
            keys,
            database,
            folder,
            ..
        } = running;
        Self(Arc::new(Running {
            busbar: open(settings, &clock).await,
            clock,
            keys,
            database,
            folder,
        }))
    }

    /// Its clock, which only the test moves.
    pub fn clock(&self) -> &MovableClock {
        &self.0.clock
    }

    /// The values in force.
    pub fn settings(&self) -> &Settings {
        &self.0.busbar.settings
    }

    /// Every route.
    pub fn routes(&self) -> &[RouteListing] {
        &self.0.busbar.composition.listings
    }

    /// What serves each need.
    pub fn busbar(&self) -> &Busbar {
        &self.0.busbar
    }

    /// What answers every request.
    pub fn front(&self) -> Front {
        self.0.busbar.composition.front.clone()
    }

    /// Its folder, which holds data, files and logs.
    pub fn folder(&self) -> &Path {
        self.0.folder.path()
    }

    /// Its PostgreSQL database, if it runs on one.
    pub fn database(&self) -> Option<&OwnDatabase> {
        self.0.database.as_ref()
    }

    /// The key of full rights.
    pub fn api_key(&self) -> &str {
        &self.0.keys.api
    }

    /// The public key of anonymous callers.
    pub fn anon_key(&self) -> &str {
        &self.0.keys.anon
    }

    /// Listens on a free loopback port.
    pub async fn listen(&self) -> Listening {
        Listening::start(self.front()).await
    }

    /// Somebody who shows nothing.
    pub fn nobody(&self) -> Caller {
        Caller::through(self.front())
    }

    /// The application itself, by its public key.
    pub fn anonymous(&self) -> Caller {
        self.nobody().bearing(self.anon_key())
    }

    /// A machine with full rights, by its key, in the header of the gateway and in that of the plain PostgREST root.
    pub fn service(&self) -> Caller {
        self.nobody()
            .with("x-api-key", self.api_key())
            .with("apikey", self.api_key())
    }

    /// A person who signs up, or signs in when the address is taken.
    ///
    /// # Panics
    /// When neither succeeds.
    pub async fn user(&self, email: &str) -> Caller {
        let credentials = json!({ "email": email, "password": USER_PASSWORD });
        let mut answer = self
            .anonymous()
            .post("/api/auth/users", credentials.clone())
            .await;
        if answer.status == 409 {
            answer = self.anonymous().post("/api/auth/sessions", credentials).await;
        }
        let session = answer.expect(200).json();
        let token = session["accessToken"]
            .as_str()
            .expect("a session has an access token");
        self.nobody().bearing(token)
    }

    /// The operator, signed in at the console.
    ///
    /// # Panics
    /// When the console does not let the operator in.
    pub async fn operator(&self) -> Caller {
        let knocking = self.nobody().with("x-busbar-console", "1");
        let credentials = json!({ "email": ADMIN_EMAIL, "password": ADMIN_PASSWORD });
        let answer = knocking.post("/admin/api/session", credentials).await.expect(200);
        let cookies = answer.headers.get_all(http::header::SET_COOKIE).iter();
        let pairs = cookies.filter_map(|cookie| cookie.to_str().ok()?.split(';').next());
        let cookie = pairs.collect::<Vec<_>>().join("; ");
        knocking.with("cookie", &cookie)
    }
}
