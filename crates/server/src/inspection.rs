//! What `busbar doctor` looks at: each need is opened on its own, so that one that is down hides no other.

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

/// Opens and asks every need. Nothing is migrated, seeded or generated.
pub(crate) async fn inspect(settings: &Settings, clock: &Arc<dyn Clock>) -> Vec<Inspected> {
    let database = async {
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
        let objects = needs::ObjectPlace::open(settings, clock).await?;
        Ok(asked(needs::files(&objects)).await)
    };
    vec![
        in_use(opened("relational data", &["DATABASE_URL", "POSTGRES_HOST"], database).await),
        opened("cache, rate limits", &["REDIS_URL", "REDIS_HOST"], cache).await,
        opened("files", needs::FILES, files).await,
        asked(needs::own("mail", "mail", "kept in the console's mailbox")).await,
    ]
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
