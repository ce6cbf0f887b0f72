//! The table of contents: for each need the first provider whose variables are set, then the apps.

use std::sync::Arc;
use std::time::Duration;

use busbar_cache::Cache;
use busbar_data::{DataStore, RecordOptions};
use busbar_files::{Files, FilesSettings, Sealer};
use busbar_identity::passwords::PasswordHasher;
use busbar_identity::secrets::{Cipher, RootSecrets, Vault};
use busbar_identity::tokens::OutsideTokens;
use busbar_identity::{Directory, DirectoryOptions, FirstStart, IdentitySettings};
use busbar_kernel::variables::Settings;
use busbar_kernel::{Clock, Error, Result, Secret, SystemClock};
use busbar_messaging::Mailbox;
use busbar_platform::builtin;
use busbar_platform::{Composition, Edge, Mount};
use busbar_schema::Events;
use busbar_store::{Db, Scope, Store, StoreSettings};
use busbar_telemetry::health::HealthRegistry;
use busbar_telemetry::logs::LogReader;
use busbar_telemetry::metrics::Metrics;
use busbar_workbench::{Backups, Workbench};

use crate::health::Health;
use crate::needs::{self, Need};
use crate::{VERSION, apps, embedded};

/// The directory of the operators who sign in to the console.
const CONSOLE: &str = "console";
/// A working day: the console's cookie is not refreshed, and ends with a sign-out.
const CONSOLE_SESSION: Duration = Duration::from_secs(12 * 60 * 60);

/// What the process has one of, and a test brings its own of.
pub struct Surroundings {
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Reads the log files, where there are any.
    pub logs: Option<LogReader>,
    /// Counts, when metrics are on.
    pub metrics: Option<Arc<Metrics>>,
}

impl Surroundings {
    /// The system's clock, and neither log files nor metrics: for commands that end at once.
    pub fn bare() -> Self {
        Self {
            clock: Arc::new(SystemClock),
            logs: None,
            metrics: None,
        }
    }
}

/// Everything that runs.
pub struct Busbar {
    /// The values in force.
    pub settings: Settings,
    /// Router and route list.
    pub composition: Composition,
    /// What serves each need.
    pub needs: Vec<Need>,
    /// The operator's name and generated password, when this start generated one.
    pub first_start: FirstStart,
    /// Every directory of people and operators.
    pub directories: Vec<Directory>,
    /// Told when the process is on its way out.
    pub health: Arc<HealthRegistry>,
    /// Buckets and objects, whose bytes without an object are swept.
    pub files: Files,
    /// What changed in people's tables, of which the oldest is removed.
    pub events: Events,
    /// Copies of people's tables, some of them made by a schedule.
    pub backups: Backups,
    /// The mailbox, for tests to read.
    pub mailbox: Mailbox,
    /// The store, to be closed last.
    pub store: Store,
}

/// The capabilities, opened once and shared by the apps.
pub(crate) struct Capabilities {
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) people: Directory,
    pub(crate) operators: Directory,
    pub(crate) data: DataStore,
    pub(crate) workbench: Workbench,
    pub(crate) files: Files,
    pub(crate) mailbox: Mailbox,
    pub(crate) logs: Option<LogReader>,
}

/// Opens every need and composes the apps.
///
/// # Errors
/// What does not open, and every reason why the apps do not fit together.
pub async fn compose(settings: Settings, surroundings: Surroundings) -> Result<Busbar> {
    let Surroundings { clock, logs, metrics } = surroundings;
    apps::check(&settings)?;

    // Needs.
    let store = Store::open(store_settings(&settings)?, Arc::clone(&clock)).await?;
    let cache = Cache::open(&settings, Arc::clone(&clock)).await?;
    let objects = needs::ObjectPlace::open(&settings, &clock).await?;
    let mailbox = Mailbox::open(&store, Arc::clone(&clock)).await?;
    let mut needs = vec![
        needs::database(&store),
        needs::cache(&cache),
        needs::files(&objects),
        needs::own("mail", "mail", "kept in the console's mailbox"),
    ];
    if logs.is_some() {
        let folder = settings.get(&busbar_telemetry::config::LOGS_DIR);
        needs.push(needs::own(
            "logs",
            "logs",
            format!("files in {}", folder.display()),
        ));
    }

    // Capabilities.
    let data_scope = store.scope(Scope::Data).await?;
    let mut data = DataStore::open(&store, Arc::clone(&clock)).await?;
    data.records = data.records.with_options(RecordOptions::from_settings(&settings));
    let directories = Directories::prepare(&settings, &store, &cache, &clock, &mailbox)?;
    let console_scope = store.scope(Scope::Platform).await?;
    // Before any directory seals something: what one of them made with a wrong key would shut out the right one.
    for scope in [&console_scope, &data_scope] {
        directories.try_key(scope).await?;
    }
    let (operators, mut first_start) = directories
        .open(CONSOLE, console_scope, OutsideTokens::Refused, None)
        .await?;
    let generated = first_start
        .operator
        .as_ref()
        .map(|(_, password)| password.clone());
    let outside = busbar_insforge::config::outside_tokens(&settings);
    let (people, other) = directories
        .open("insforge", data_scope.clone(), outside, generated)
        .await?;
    first_start.operator = first_start.operator.or(other.operator);
    store.migrate(&data_scope, &busbar_files::MIGRATIONS).await?;
    let sealer = Arc::new(Sealed::with(&directories.root)?);
    let mut files_settings =
        FilesSettings::from_settings(&settings, directories.root.signing.clone(), sealer);
    files_settings.rule = busbar_insforge::config::object_rule(&settings);
    let files = Files::open(
        data.schema.library.clone(),
        objects.store,
        Arc::clone(&clock),
        files_settings,
    )
    .await?;

    let events = data.schema.events.clone();
    let workbench = Workbench::open(
        &store,
        data.schema.clone(),
        settings.get(&busbar_store::config::DATA_DIR).join("backups"),
        Arc::clone(&clock),
    )
    .await?;

    let backups = workbench.backups.clone();
    let directories = vec![operators.clone(), people.clone()];

    // Apps.
    let capabilities = Capabilities {
        clock: Arc::clone(&clock),
        people,
        operators,
        data,
        workbench,
        files: files.clone(),
        mailbox: mailbox.clone(),
        logs,
    };
    let mut mounted = apps::mounted(&settings, &capabilities, &needs)?;
    let health = Health::over(&needs, Arc::clone(&clock));
    let registry = health.registry();
    let render =
        metrics.map(|metrics| Arc::new(move || metrics.render()) as Arc<dyn Fn() -> String + Send + Sync>);
    let console = mounted
        .iter()
        .find(|(app, mount)| app.name() == CONSOLE && !matches!(mount, Mount::Host(_)));
    let home = console
        .map(|(_, mount)| mount.path("/"))
        .filter(|home| home != "/");
    let services = builtin::Services {
        home,
        health: Arc::new(health),
        metrics: render,
        reference: embedded::reference,
    };
    mounted.push((builtin::app(services), Mount::root()));
    let edge = Edge {
        clock,
        cache,
        settings: settings.clone(),
        version: VERSION,
    };
    let composition = busbar_platform::compose(mounted, &edge).map_err(|problems| {
        Error::internal("the apps do not fit together").with("problems", problems.join("; "))
    })?;
    Ok(Busbar {
        settings,
        composition,
        needs,
        first_start,
        directories,
        health: registry,
        files,
        events,
        backups,
        mailbox,
        store,
    })
}

/// The installation's cipher, as `files` asks for it.
struct Sealed(Cipher);

impl Sealed {
    fn with(root: &RootSecrets) -> Result<Self> {
        Cipher::new(&root.sealing).map(Self)
    }
}

impl std::fmt::Debug for Sealed {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Sealed")
    }
}

impl Sealer for Sealed {
    fn seal(&self, plain: &Secret) -> Result<String> {
        self.0.seal(plain)
    }

    fn open(&self, sealed: &str) -> Option<Secret> {
        self.0.open(sealed)
    }
}

fn store_settings(settings: &Settings) -> Result<StoreSettings> {
    let mut store = StoreSettings::from_settings(settings)?;
    store.sqlite_functions = busbar_data::sqlite_functions();
    Ok(store)
}

/// What the directories have in common.
struct Directories<'s> {
    settings: &'s Settings,
    store: &'s Store,
    cache: &'s Cache,
    clock: &'s Arc<dyn Clock>,
    mailbox: &'s Mailbox,
    root: RootSecrets,
    passwords: PasswordHasher,
}

impl<'s> Directories<'s> {
    fn prepare(
        settings: &'s Settings,
        store: &'s Store,
        cache: &'s Cache,
        clock: &'s Arc<dyn Clock>,
        mailbox: &'s Mailbox,
    ) -> Result<Self> {
        let identity = IdentitySettings::from_settings(settings);
        let data_dir = settings.get(&busbar_store::config::DATA_DIR);
        let root = RootSecrets::load(&identity, settings.mode(), &data_dir)?;
        let passwords = PasswordHasher::start(&identity)?;
        Ok(Self {
            settings,
            store,
            cache,
            clock,
            mailbox,
            root,
            passwords,
        })
    }

    async fn try_key(&self, db: &Db) -> Result<()> {
        self.store
            .migrate(db, &busbar_identity::schema::MIGRATIONS)
            .await?;
        Vault::try_key(db, &self.root).await
    }

    async fn open(
        &self,
        name: &str,
        db: Db,
        outside: OutsideTokens,
        operator_password: Option<busbar_kernel::Secret>,
    ) -> Result<(Directory, FirstStart)> {
        let mut identity = IdentitySettings::from_settings(self.settings);
        identity.operator_password = identity.operator_password.or(operator_password);
        if name == CONSOLE {
            identity.access_lifetime = CONSOLE_SESSION;
        }
        let options = DirectoryOptions {
            name: name.to_owned(),
            db,
            settings: identity,
            mode: self.settings.mode(),
            root: self.root.clone(),
            outside,
            passwords: self.passwords.clone(),
            cache: self.cache.clone(),
            clock: Arc::clone(self.clock),
            mail: Some(Arc::new(self.mailbox.clone())),
        };
        Directory::open(self.store, options).await
    }
}
