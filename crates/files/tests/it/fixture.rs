//! Files over a fresh database and a fresh folder, and the people who use them.

use std::sync::Arc;

use busbar_files::objects::{Selection, Upload, Via, ViaS3};
use busbar_files::{BucketName, Files, FilesSettings, MIGRATIONS, Object, ObjectKey, ObjectRule, Sealer};
use busbar_kernel::actor::User;
use busbar_kernel::{Actor, MovableClock, Result, Secret};
use busbar_ports::objects::ByteStream;
use busbar_providers::objects::Folder;
use busbar_schema::Schema;
use busbar_store::{Db, Scope, Store, StoreSettings};
use bytes::Bytes;
use futures_util::{StreamExt, TryStreamExt, stream};

use crate::database::{OwnDatabase, server};
use crate::faulty::Faulty;

/// One megabyte, the limit in every test.
pub(crate) const LIMIT: u64 = 1024 * 1024;

/// Everything a case works with.
pub(crate) struct Fixture {
    pub(crate) files: Files,
    pub(crate) bytes: Arc<Faulty>,
    pub(crate) clock: MovableClock,
    pub(crate) db: Db,
    pub(crate) schema: Schema,
    pub(crate) folder: tempfile::TempDir,
    _store: Store,
    _database: Option<OwnDatabase>,
}

impl Fixture {
    pub(crate) async fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let settings = StoreSettings::sqlite(folder.path().join("data"));
        Self::over(settings, folder, None).await
    }

    /// `None` where there is no server.
    pub(crate) async fn postgres() -> Option<Self> {
        let database = OwnDatabase::create(server()?).await;
        let settings = StoreSettings::postgres(database.url());
        let folder = tempfile::tempdir().unwrap();
        Some(Self::over(settings, folder, Some(database)).await)
    }

    async fn over(
        mut settings: StoreSettings,
        folder: tempfile::TempDir,
        database: Option<OwnDatabase>,
    ) -> Self {
        let clock = MovableClock::at_2026();
        settings.sqlite_functions = busbar_schema::policy::sqlite_functions();
        let store = Store::open(settings, Arc::new(clock.clone())).await.unwrap();
        let schema = Schema::open(&store, Arc::new(clock.clone())).await.unwrap();
        let db = store.scope(Scope::Data).await.unwrap();
        store.migrate(&db, &MIGRATIONS).await.unwrap();
        let disk = Folder::open(&folder.path().join("storage")).await.unwrap();
        let bytes = Arc::new(Faulty::over(disk));
        let files = open(&schema, &bytes, &clock, ObjectRule::Owner, "secret of the links").await;
        Self {
            files,
            bytes,
            clock,
            db,
            schema,
            folder,
            _store: store,
            _database: database,
        }
    }

    /// The same files with another rule or secret.
    pub(crate) async fn again(&self, rule: ObjectRule, secret: &str) -> Files {
        open(&self.schema, &self.bytes, &self.clock, rule, secret).await
    }

    pub(crate) async fn bucket(&self, name: &str, public: bool) -> BucketName {
        let name = bucket(name);
        self.files
            .buckets
            .create(&operator(), &name, public)
            .await
            .unwrap();
        name
    }

    pub(crate) async fn put(&self, actor: &Actor, into: &BucketName, at: &str, text: &str) -> Result<Object> {
        self.files.objects.upload(actor, upload(into, at, text)).await
    }

    pub(crate) async fn get(&self, actor: &Actor, from: &BucketName, at: &str) -> Result<String> {
        self.get_signed(actor, from, at, None).await
    }

    pub(crate) async fn get_signed(
        &self,
        actor: &Actor,
        from: &BucketName,
        at: &str,
        token: Option<&str>,
    ) -> Result<String> {
        let whole = |_: &Object| Ok(Selection::Whole);
        let found = self
            .files
            .objects
            .download(actor, from, &key(at), token, whole)
            .await?;
        let chunks: Vec<Bytes> = found.body.try_collect().await?;
        Ok(String::from_utf8(chunks.concat()).unwrap())
    }

    /// The moment in which the test stands.
    pub(crate) fn now(&self) -> busbar_kernel::Timestamp {
        busbar_kernel::Clock::now(&self.clock)
    }

    /// How many files lie in the object store's folder.
    pub(crate) fn stored(&self) -> usize {
        count(&self.folder.path().join("storage/objects"))
    }
}

impl Fixture {
    /// The same files with quotas.
    pub(crate) async fn limited(&self, quota: Option<u64>, bucket_quota: Option<u64>) -> Files {
        let settings = FilesSettings {
            quota,
            bucket_quota,
            ..settings(ObjectRule::Owner, "secret of the links")
        };
        let clock = Arc::new(self.clock.clone());
        Files::open(self.schema.library.clone(), self.bytes.clone(), clock, settings)
            .await
            .unwrap()
    }
}

async fn open(
    schema: &Schema,
    bytes: &Arc<Faulty>,
    clock: &MovableClock,
    rule: ObjectRule,
    secret: &str,
) -> Files {
    let settings = settings(rule, secret);
    let clock = Arc::new(clock.clone());
    Files::open(schema.library.clone(), bytes.clone(), clock, settings)
        .await
        .unwrap()
}

fn settings(rule: ObjectRule, secret: &str) -> FilesSettings {
    FilesSettings {
        max_file_size: LIMIT,
        rule,
        link_secret: Secret::new(secret),
        s3_max_object_size: 16 * LIMIT,
        quota: None,
        bucket_quota: None,
        sealer: Arc::new(Reversed),
    }
}

/// Seals by turning round, which is enough to see that it is done.
#[derive(Debug)]
struct Reversed;

impl Sealer for Reversed {
    fn seal(&self, plain: &Secret) -> Result<String> {
        Ok(plain.expose().chars().rev().collect())
    }

    fn open(&self, sealed: &str) -> Option<Secret> {
        Some(Secret::new(sealed.chars().rev().collect::<String>()))
    }
}

fn count(folder: &std::path::Path) -> usize {
    let entries = std::fs::read_dir(folder).unwrap();
    entries
        .map(|entry| entry.unwrap().path())
        .map(|path| if path.is_dir() { count(&path) } else { 1 })
        .sum()
}

pub(crate) fn upload(into: &BucketName, at: &str, text: &str) -> Upload {
    Upload {
        bucket: into.clone(),
        key: key(at),
        declared_type: Some("text/plain".to_owned()),
        declared_size: None,
        via: Via::Rest,
        s3: ViaS3::default(),
        body: body(text),
    }
}

/// The text in many small pieces.
pub(crate) fn body(text: &str) -> ByteStream {
    let pieces: Vec<_> = text
        .as_bytes()
        .chunks(7.max(text.len() / 50))
        .map(Bytes::copy_from_slice)
        .map(Ok)
        .collect();
    stream::iter(pieces).boxed()
}

pub(crate) fn bucket(name: &str) -> BucketName {
    name.parse().unwrap()
}

pub(crate) fn key(text: &str) -> ObjectKey {
    text.parse().unwrap()
}

pub(crate) fn operator() -> Actor {
    Actor::Operator {
        name: "operator".to_owned(),
    }
}

pub(crate) fn user(subject: &str) -> Actor {
    Actor::User(User {
        subject: subject.to_owned(),
        email: None,
        directory: "insforge".to_owned(),
        claims: Default::default(),
    })
}

/// Makes two tests of each case: on SQLite, and on PostgreSQL where it is there.
#[macro_export]
macro_rules! on_each_database {
    ($($(#[$doc:meta])* async fn $name:ident($fixture:ident: Fixture) $body:block)+) => {$(
        $(#[$doc])*
        mod $name {
            use super::*;

            async fn case($fixture: Fixture) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                case(Fixture::sqlite().await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                match Fixture::postgres().await {
                    Some(fixture) => case(fixture).await,
                    None => println!("skipped: {}: no PostgreSQL", module_path!()),
                }
            }
        }
    )+};
}
