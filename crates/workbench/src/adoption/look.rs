//! What is in a database, as far as its adopter must know.

use busbar_kernel::Result;
use busbar_store::Survey;
use serde::Deserialize;

/// What was found.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// Whether InsForge's system tables are there.
    pub insforges: bool,
    /// Whether Busbar's own record of migrations is there.
    pub busbars: bool,
    /// Whether InsForge's record of migrations stands where Busbar's belongs.
    pub record: bool,
    /// How many of InsForge's migrations were applied.
    pub migrations: u64,
    /// How many people have accounts.
    pub people: u64,
    /// Buckets, by name.
    pub buckets: Vec<FoundBucket>,
    /// People's tables.
    pub tables: Vec<FoundTable>,
    /// What is open, one sentence each: it stays as it is.
    pub open: Vec<String>,
    /// Tables of InsForge's system that Busbar does not use: they stay, unread.
    pub unused: Vec<String>,
    /// Secrets, as they are kept.
    pub secrets: Vec<FoundSecret>,
}

/// A bucket, whose objects' bytes are elsewhere.
#[derive(Clone, Debug, Deserialize)]
pub struct FoundBucket {
    /// Its name.
    pub name: String,
    /// How many objects it has.
    pub objects: u64,
}

/// A secret that InsForge sealed.
#[derive(Clone, Debug, Deserialize)]
pub struct FoundSecret {
    /// Its name.
    pub key: String,
    /// What was sealed.
    pub value_ciphertext: String,
    /// Whether it is InsForge's own.
    pub is_reserved: bool,
}

/// A table of people's.
#[derive(Clone, Debug, Deserialize)]
pub struct FoundTable {
    /// Its schema and name.
    pub name: String,
    /// Whether row security is on.
    pub row_security: bool,
    /// How many policies it has.
    pub policies: u64,
}

#[derive(Deserialize)]
struct Presence {
    insforges: bool,
    busbars: bool,
    runs: bool,
}

#[derive(Deserialize)]
struct Count {
    count: u64,
}

#[derive(Deserialize)]
struct Name {
    name: String,
}

const PRESENCE: &str = "SELECT to_regclass('auth.users') IS NOT NULL AND to_regclass('storage.objects') IS NOT NULL \
 AND to_regclass('system.secrets') IS NOT NULL AS insforges, \
 EXISTS (SELECT FROM pg_attribute WHERE attrelid = to_regclass('system.migrations') AND attname = 'part') AS busbars, \
 EXISTS (SELECT FROM pg_attribute WHERE attrelid = to_regclass('system.migrations') AND attname = 'run_on') AS runs";

const TABLES: &str = "SELECT n.nspname || '.' || c.relname AS name, c.relrowsecurity AS row_security, \
 (SELECT count(*) FROM pg_policy p WHERE p.polrelid = c.oid) AS policies \
 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p') AND n.nspname = 'public' \
 ORDER BY 1";

const BUCKETS: &str = "SELECT b.name, count(o.key) AS objects FROM storage.buckets b \
 LEFT JOIN storage.objects o ON o.bucket = b.name GROUP BY b.name ORDER BY b.name";

const OPEN: &str = "SELECT n.nspname || '.' || c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
 WHERE c.relkind IN ('r', 'p') AND NOT c.relrowsecurity AND (n.nspname = 'public' \
  OR n.nspname || '.' || c.relname IN ('realtime.channels', 'realtime.messages')) \
 AND (has_table_privilege('anon', c.oid, 'SELECT') OR has_table_privilege('authenticated', c.oid, 'SELECT')) ORDER BY 1";

const UNUSED: &str = "SELECT n.nspname || '.' || c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
 WHERE c.relkind IN ('r', 'p') AND n.nspname IN ('ai', 'compute', 'deployments', 'memory', 'payments') ORDER BY 1";

const SECRETS: &str = "SELECT key, value_ciphertext, coalesce(is_reserved, false) AS is_reserved FROM system.secrets ORDER BY key";

impl Found {
    /// Looks.
    ///
    /// # Errors
    /// The database's.
    pub(super) async fn look(survey: &Survey) -> Result<Self> {
        let presence: Vec<Presence> = survey.rows(PRESENCE).await?;
        let Some(presence) = presence.into_iter().next() else {
            return Ok(Self::default());
        };
        let mut found = Self {
            insforges: presence.insforges,
            busbars: presence.busbars,
            record: presence.runs,
            ..Self::default()
        };
        if !found.insforges || found.busbars {
            return Ok(found);
        }
        let count = async |table: &str| -> Result<u64> {
            let counted: Vec<Count> = survey
                .rows(&format!("SELECT count(*) AS count FROM {table}"))
                .await?;
            Ok(counted.first().map_or(0, |counted| counted.count))
        };
        if presence.runs {
            found.migrations = count("system.migrations").await?;
        }
        found.people = count("auth.users").await?;
        found.buckets = survey.rows(BUCKETS).await?;
        found.tables = survey.rows(TABLES).await?;
        found.secrets = survey.rows(SECRETS).await?;
        let open: Vec<Name> = survey.rows(OPEN).await?;
        found.open = open
            .into_iter()
            .map(|table| format!("{} has no row security: whoever has a key reads it", table.name))
            .collect();
        let unused: Vec<Name> = survey.rows(UNUSED).await?;
        found.unused = unused.into_iter().map(|table| table.name).collect();
        Ok(found)
    }
}
