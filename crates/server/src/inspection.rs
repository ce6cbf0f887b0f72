//! What `busbar doctor` looks at: each need is opened on its own, so that one that is down hides no other.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use busbar_cache::Cache;
use busbar_kernel::variables::Settings;
use busbar_kernel::{Clock, Error, Kind, Result};
use busbar_store::{Store, StoreSettings};

use crate::needs::{self, Need};

/// An answer may take this long.
const WITHIN: Duration = Duration::from_secs(5);

/// One need and how it is.
pub(crate) struct Inspected {
    /// Its name.
    pub(crate) need: &'static str,
    /// What serves it, or would.
    pub(crate) provider: String,
    /// Whether that is embedded.
    pub(crate) embedded: bool,
    /// The variables that would replace it.
    pub(crate) variables: &'static [&'static str],
    /// A word for the operator, or what is wrong.
    pub(crate) found: Result<String>,
}

/// Asks every need that is outside, and looks at the folders of those that are embedded. Nothing is written: no folder is
/// made, nothing migrated, seeded or generated.
pub(crate) async fn inspect(settings: &Settings, clock: &Arc<dyn Clock>) -> Vec<Inspected> {
    let database = async {
        let folder = settings.get(&busbar_store::config::DATA_DIR);
        let embedded = StoreSettings::from_settings(settings)?.postgres.is_none();
        if embedded && !folder.join("busbar.lock").exists() {
            let variables = &["DATABASE_URL", "POSTGRES_HOST"];
            return Ok(kept_in("relational data", "SQLite in", &folder, variables));
        }
        let store = Store::open(StoreSettings::from_settings(settings)?, Arc::clone(clock)).await?;
        let found = asked(needs::database(&store)).await;
        store.close().await;
        Ok(found)
    };
    let cache = async {
        let cache = Cache::open(settings, Arc::clone(clock)).await?;
        Ok(asked(needs::cache(&cache)).await)
    };
    let files = async {
        if let Some(folder) = needs::ObjectPlace::folder(settings)? {
            return Ok(kept_in("files", "folder", &folder, needs::FILES));
        }
        let objects = needs::ObjectPlace::open(settings, clock).await?;
        Ok(asked(needs::files(&objects)).await)
    };
    vec![
        in_use(opened("relational data", &["DATABASE_URL", "POSTGRES_HOST"], database).await),
        opened("cache, rate limits", &["REDIS_URL", "REDIS_HOST"], cache).await,
        opened("files", needs::FILES, files).await,
        asked(needs::own("mail", "mail", "kept in the console's mailbox")).await,
        kept_in(
            "logs",
            "files in",
            &settings.get(&busbar_telemetry::config::LOGS_DIR),
            &[],
        ),
    ]
}

/// A need that a folder serves, which a start makes where it is not there.
fn kept_in(need: &'static str, word: &str, folder: &Path, variables: &'static [&'static str]) -> Inspected {
    let there = folder.ancestors().find_map(|above| {
        // Of a relative path the last ancestor is empty, and means the folder that the program runs in.
        let above = if above.as_os_str().is_empty() {
            Path::new(".")
        } else {
            above
        };
        Some((above, std::fs::metadata(above).ok()?))
    });
    let found = match there {
        Some((above, facts)) if facts.is_dir() && !facts.permissions().readonly() => {
            Ok(match above == folder {
                true => "is there",
                false => "not made yet: a start makes it",
            }
            .to_owned())
        }
        _ => {
            let message = format!("The folder {} cannot be made or written to", folder.display());
            Err(Error::new(Kind::Unavailable, "server.folder", message))
        }
    };
    Inspected {
        need,
        provider: format!("{word} {}", folder.display()),
        embedded: true,
        variables,
        found,
    }
}

async fn asked(need: Need) -> Inspected {
    let answer = tokio::time::timeout(WITHIN, (need.check)()).await;
    Inspected {
        need: need.name,
        provider: need.provider,
        embedded: need.embedded,
        variables: need.variables,
        found: answer.unwrap_or_else(|_| {
            let message = format!("no answer within {} seconds", WITHIN.as_secs());
            Err(Error::new(Kind::Timeout, "server.no_answer", message))
        }),
    }
}

/// What could not even be opened.
async fn opened(
    need: &'static str,
    variables: &'static [&'static str],
    opening: impl Future<Output = Result<Inspected>>,
) -> Inspected {
    opening.await.unwrap_or_else(|error| Inspected {
        need,
        provider: "as configured".to_owned(),
        embedded: false,
        variables,
        found: Err(error),
    })
}

/// Files of SQLite that another Busbar serves are well: the one that has them answers `/health/ready`.
fn in_use(inspected: Inspected) -> Inspected {
    match &inspected.found {
        Err(error) if error.code_str() == "store.folder_in_use" => Inspected {
            provider: "SQLite".to_owned(),
            embedded: true,
            found: Ok("in use by a running Busbar".to_owned()),
            ..inspected
        },
        _ => inspected,
    }
}
