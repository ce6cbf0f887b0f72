//! Need by need: what serves it, whether that is embedded, and what would replace it.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use busbar_cache::Cache;
use busbar_kernel::variables::Settings;
use busbar_kernel::{Clock, Result};
use busbar_ports::objects::ObjectStore;
use busbar_providers::objects::{CloudFront, CloudFrontSettings, Folder, S3, S3Settings};
use busbar_store::{Dialect, Store};
use futures_util::future::BoxFuture;

/// Looks whether what serves a need answers; the text is for the operator.
pub type Check = Arc<dyn Fn() -> BoxFuture<'static, Result<String>> + Send + Sync>;

/// One need and what serves it.
#[derive(Clone)]
pub struct Need {
    /// `relational data`, `cache`, `files` …
    pub name: &'static str,
    /// The word for health: `database`, `cache` …
    pub check_name: &'static str,
    /// What serves it, without a secret.
    pub provider: String,
    /// Whether it is the embedded default.
    pub embedded: bool,
    /// The variables whose setting would replace it; empty while nothing else can serve it.
    pub variables: &'static [&'static str],
    /// Looks whether it answers.
    pub check: Check,
}

/// Relational data.
pub(crate) fn database(store: &Store) -> Need {
    let asked = store.clone();
    Need {
        name: "relational data",
        check_name: "database",
        provider: store.describe(),
        embedded: store.dialect() == Dialect::Sqlite,
        variables: &["DATABASE_URL", "POSTGRES_HOST"],
        check: check(move || {
            let store = asked.clone();
            async move { store.check().await.map(millis) }
        }),
    }
}

/// Short-lived values and counters.
pub(crate) fn cache(cache: &Cache) -> Need {
    let asked = cache.clone();
    let provider = cache.describe();
    Need {
        name: "cache, rate limits",
        check_name: "cache",
        embedded: provider == "in process",
        provider,
        variables: &["REDIS_URL", "REDIS_HOST"],
        check: check(move || {
            let cache = asked.clone();
            async move { cache.check().await.map(millis) }
        }),
    }
}

/// The bytes of files.
pub(crate) fn files(objects: &ObjectPlace) -> Need {
    let asked = Arc::clone(&objects.store);
    Need {
        name: "files",
        check_name: "storage",
        provider: objects.provider.clone(),
        embedded: objects.embedded,
        variables: FILES,
        check: check(move || {
            let objects = Arc::clone(&asked);
            async move { objects.check().await.map(|()| "answers".to_owned()) }
        }),
    }
}

/// The variables that replace the local folder.
pub(crate) const FILES: &[&str] = &["AWS_S3_BUCKET", "MINIO_ENDPOINT"];

/// Where the bytes of files lie.
pub(crate) struct ObjectPlace {
    pub(crate) store: Arc<dyn ObjectStore>,
    provider: String,
    embedded: bool,
}

impl ObjectPlace {
    /// The folder that files would lie in; none where S3 or MinIO is set.
    ///
    /// # Errors
    /// Settings of S3 that do not fit together.
    pub(crate) fn folder(settings: &Settings) -> Result<Option<PathBuf>> {
        let elsewhere = S3Settings::from_settings(settings)?.is_some();
        Ok((!elsewhere).then(|| settings.get(&busbar_providers::config::STORAGE_DIR)))
    }

    /// S3 or MinIO where its variables are set, behind CloudFront where that is, else a folder.
    pub(crate) async fn open(settings: &Settings, clock: &Arc<dyn Clock>) -> Result<Self> {
        let Some(s3) = S3Settings::from_settings(settings)? else {
            let folder = settings.get(&busbar_providers::config::STORAGE_DIR);
            return Ok(Self {
                store: Arc::new(Folder::open(&folder).await?),
                provider: format!("folder {}", folder.display()),
                embedded: true,
            });
        };
        let bucket: Arc<dyn ObjectStore> = Arc::new(S3::new(s3, Arc::clone(clock))?);
        let store = match CloudFrontSettings::from_settings(settings)? {
            Some(front) => Arc::new(CloudFront::over(bucket, &front, Arc::clone(clock))?),
            None => bucket,
        };
        let provider = store.describe();
        Ok(Self {
            store,
            provider,
            embedded: false,
        })
    }
}

/// A need that this process serves by itself and that cannot be down alone.
pub(crate) fn own(name: &'static str, check_name: &'static str, provider: impl Into<String>) -> Need {
    let provider = provider.into();
    let check = check(|| async { Ok("in this process".to_owned()) });
    Need {
        name,
        check_name,
        provider,
        embedded: true,
        variables: &[],
        check,
    }
}

fn check<F, A>(ask: F) -> Check
where
    F: Fn() -> A + Send + Sync + 'static,
    A: Future<Output = Result<String>> + Send + 'static,
{
    Arc::new(move || Box::pin(ask()))
}

fn millis(took: Duration) -> String {
    format!("{:.1} ms", took.as_secs_f64() * 1000.0)
}
