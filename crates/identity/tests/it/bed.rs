//! What every test lies in: a fresh database of each sort, a movable clock, a readable outbox.

use std::future::Future;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use busbar_cache::Cache;
use busbar_identity::passwords::PasswordHasher;
use busbar_identity::people::{NewUser, SignedIn, SignedUp};
use busbar_identity::secrets::RootSecrets;
use busbar_identity::tokens::OutsideTokens;
use busbar_identity::{Directory, DirectoryOptions, FirstStart, IdentitySettings};
use busbar_kernel::variables::{Mode, Origin, Settings, Source};
use busbar_kernel::{Clock, MovableClock, Result, Secret, random};
use busbar_ports::mail::{Mail, MailSender, Receipt};
use busbar_store::{Scope, Store, StoreSettings};

pub(crate) const SIGNING: &str = "0123456789abcdef0123456789abcdef-signing";
pub(crate) const PASSWORD: &str = "correct horse";

/// One database with what stands around it; `open` starts a directory on it, again and again if need be.
pub(crate) struct Bed {
    pub(crate) store: Store,
    pub(crate) clock: MovableClock,
    pub(crate) cache: Cache,
    pub(crate) outbox: Outbox,
    pub(crate) passwords: PasswordHasher,
    _folder: tempfile::TempDir,
}

/// How a directory is opened, where a test wants it otherwise.
pub(crate) struct Start {
    pub(crate) name: &'static str,
    pub(crate) scope: Scope,
    pub(crate) variables: Vec<(&'static str, String)>,
    pub(crate) outside: OutsideTokens,
    pub(crate) signing: &'static str,
    pub(crate) sealing: &'static str,
    pub(crate) mode: Mode,
}

impl Default for Start {
    fn default() -> Self {
        Self {
            name: "insforge",
            scope: Scope::Data,
            variables: Vec::new(),
            outside: OutsideTokens::Safe,
            signing: SIGNING,
            sealing: "sealing",
            mode: Mode::Test,
        }
    }
}

/// Mail that was handed over.
#[derive(Clone, Default)]
pub(crate) struct Outbox(Arc<Mutex<Vec<Mail>>>);

impl Outbox {
    pub(crate) fn all(&self) -> Vec<Mail> {
        self.0.lock().unwrap().clone()
    }

    /// The six digits of the latest mail.
    pub(crate) fn code(&self) -> String {
        let mails = self.all();
        let subject = &mails.last().expect("a mail was sent").subject;
        subject.split(' ').next().unwrap().to_owned()
    }
}

#[async_trait]
impl MailSender for Outbox {
    async fn send(&self, mail: Mail) -> Result<Receipt> {
        mail.check()?;
        self.0.lock().unwrap().push(mail);
        Ok(Receipt {
            carrier: "outbox",
            id: String::new(),
        })
    }
    fn describe(&self) -> String {
        "outbox".to_owned()
    }
}

/// Runs a test on SQLite, and on PostgreSQL where there is one.
pub(crate) async fn on_both<F: Future<Output = ()>>(test: &str, run: impl Fn(Bed) -> F) {
    run(Bed::open(None).await).await;
    // The test's process is the one place where it may ask for its peers.
    #[expect(
        clippy::disallowed_methods,
        reason = "a test asks for its peers by environment"
    )]
    let (peer, required) = (
        std::env::var("BUSBAR_TEST_POSTGRES_URL").ok(),
        std::env::var("BUSBAR_TEST_REQUIRE_PEERS").is_ok_and(|value| value == "1"),
    );
    match peer {
        Some(peer) => {
            let database = format!("identity_{}", random::hex(8));
            let url = create_database(&peer, &database).await;
            run(Bed::open(Some(url)).await).await;
            drop_database(&peer, &database).await;
        }
        None if required => panic!("{test} needs PostgreSQL"),
        None => println!("skipped: {test}: no PostgreSQL"),
    }
}

async fn administer(peer: &str, sql: &str) {
    let (client, connection) = tokio_postgres::connect(peer, tokio_postgres::NoTls)
        .await
        .unwrap();
    tokio::spawn(connection);
    client.batch_execute(sql).await.unwrap();
}

async fn create_database(peer: &str, database: &str) -> String {
    administer(peer, &format!("CREATE DATABASE {database}")).await;
    let (head, _) = peer.rsplit_once('/').unwrap();
    format!("{head}/{database}")
}

async fn drop_database(peer: &str, database: &str) {
    administer(peer, &format!("DROP DATABASE IF EXISTS {database} WITH (FORCE)")).await;
}

fn settings(table: &[&'static busbar_kernel::variables::Entry], pairs: Vec<(String, String)>) -> Settings {
    let source = Source::new(Origin::Environment, pairs);
    Settings::resolve(table, Mode::Test, vec![source]).expect("the variables are sound")
}

impl Bed {
    async fn open(postgres: Option<String>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = MovableClock::at_2026();
        let mut pairs = vec![("DATA_DIR".to_owned(), folder.path().display().to_string())];
        pairs.extend(postgres.map(|url| ("DATABASE_URL".to_owned(), url)));
        let store = StoreSettings::from_settings(&settings(busbar_store::VARIABLES, pairs)).unwrap();
        let store = Store::open(store, Arc::new(clock.clone())).await.unwrap();
        let identity = IdentitySettings::from_settings(&settings(busbar_identity::VARIABLES, Vec::new()));
        Self {
            store,
            cache: Cache::in_process(Arc::new(clock.clone())),
            clock,
            outbox: Outbox::default(),
            passwords: PasswordHasher::start(&identity).unwrap(),
            _folder: folder,
        }
    }

    pub(crate) async fn try_start(&self, start: Start) -> Result<(Directory, FirstStart)> {
        let pairs = start
            .variables
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value));
        let settings = settings(busbar_identity::VARIABLES, pairs.collect());
        let options = DirectoryOptions {
            name: start.name.to_owned(),
            db: self.store.scope(start.scope).await?,
            settings: IdentitySettings::from_settings(&settings),
            mode: start.mode,
            root: RootSecrets {
                signing: Secret::new(start.signing),
                sealing: Secret::new(start.sealing),
                sealing_source: "the test".to_owned(),
            },
            outside: start.outside,
            passwords: self.passwords.clone(),
            cache: self.cache.clone(),
            clock: Arc::new(self.clock.clone()),
            mail: Some(Arc::new(self.outbox.clone())),
        };
        Directory::open(&self.store, options).await
    }

    pub(crate) async fn start(&self, start: Start) -> Directory {
        self.try_start(start).await.unwrap().0
    }

    pub(crate) async fn directory(&self) -> Directory {
        self.start(Start::default()).await
    }

    pub(crate) fn advance(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }

    pub(crate) fn now(&self) -> i64 {
        self.clock.now().timestamp()
    }
}

pub(crate) fn new_user(email: &str) -> NewUser {
    NewUser {
        email: email.to_owned(),
        password: Secret::new(PASSWORD),
        name: None,
        by_administrator: false,
        auto_confirm: false,
    }
}

/// Signs somebody up who is let in at once.
pub(crate) async fn sign_up(directory: &Directory, email: &str) -> SignedIn {
    match directory.sign_up(new_user(email)).await.unwrap() {
        SignedUp::In(user, tokens) => SignedIn { user: *user, tokens },
        SignedUp::VerificationSent => panic!("verification was not asked for"),
    }
}

/// The code of an error that must have come.
pub(crate) fn code<T>(result: Result<T>) -> String {
    match result {
        Ok(_) => panic!("it was accepted"),
        Err(error) => error.code_str().to_owned(),
    }
}
