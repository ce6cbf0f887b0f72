//! The catalogue in force, swapped as a whole when a schema changes.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use busbar_kernel::{Clock, Result};
use busbar_store::{Db, Dialect};

use super::media::Handler;
use super::reading::{Asks, Published, Reading};
use super::relations::{self, Relation, Relations, Tables};
use super::routine::{Routine, routines};
use super::table::Table;
use super::{postgres, sqlite};
use crate::policy::Policy;
use crate::refusal;

/// A change made by another process is noticed after so long.
const LOOK_AGAIN: Duration = Duration::from_secs(2);

/// All tables and functions at one moment.
pub struct Catalogue {
    /// By schema, then by name.
    tables: Tables,
    relations: Relations,
    /// By schema, then by name; several functions may have one name.
    routines: HashMap<String, HashMap<String, Vec<Arc<Routine>>>>,
    published: Vec<Published>,
    geography: Option<String>,
    asks: Vec<Asks>,
    objects: Option<Arc<[Policy]>>,
    handlers: Vec<Arc<Handler>>,
    /// Changes whenever the schema does.
    fingerprint: String,
    number: u64,
}

impl Catalogue {
    fn new(read: Reading, routines: Vec<Routine>, fingerprint: String, number: u64) -> Self {
        let mut by_schema = Tables::new();
        by_schema.entry("public".to_owned()).or_default();
        for table in read.tables {
            let schema = by_schema.entry(table.schema.clone()).or_default();
            schema.insert(table.name.clone(), Arc::new(table));
        }
        let mut by_name: HashMap<String, HashMap<String, Vec<Arc<Routine>>>> = HashMap::new();
        for routine in routines {
            let schema = by_name.entry(routine.schema.clone()).or_default();
            schema
                .entry(routine.name.clone())
                .or_default()
                .push(Arc::new(routine));
        }
        Self {
            relations: relations::relations(&by_schema, &read.functions),
            tables: by_schema,
            geography: read.geography,
            routines: by_name,
            published: read.published,
            asks: read.asks,
            objects: read.objects,
            handlers: read.handlers,
            fingerprint,
            number,
        }
    }

    /// A table of an exposed schema.
    ///
    /// # Errors
    /// `PGRST106` for a schema that is not exposed, 42P01 for a table that is not there.
    pub fn table(&self, schema: &str, name: &str) -> Result<&Arc<Table>> {
        self.exposed(schema)?;
        self.tables
            .get(schema)
            .and_then(|tables| tables.get(name))
            .ok_or_else(|| refusal::undefined_table(schema, name))
    }

    /// Refuses a schema that is not exposed.
    ///
    /// # Errors
    /// `PGRST106`, which lists those that are.
    pub fn exposed(&self, schema: &str) -> Result<()> {
        if self.tables.contains_key(schema) || self.routines.contains_key(schema) {
            return Ok(());
        }
        let mut exposed: Vec<&str> = self.tables.keys().map(String::as_str).collect();
        exposed.sort_unstable();
        Err(refusal::pgrst(
            "PGRST106",
            format!("The schema must be one of the following: {}", exposed.join(", ")),
        ))
    }

    /// The functions of one name.
    pub fn routines(&self, schema: &str, name: &str) -> &[Arc<Routine>] {
        let named = self.routines.get(schema).and_then(|named| named.get(name));
        named.map_or(&[], Vec::as_slice)
    }

    /// The first function of each name of a schema, by name.
    pub fn every_routine(&self, schema: &str) -> Vec<&Arc<Routine>> {
        let named = self.routines.get(schema).into_iter().flat_map(HashMap::values);
        let mut routines: Vec<_> = named.filter_map(|routines| routines.first()).collect();
        routines.sort_by(|one, other| one.name.cmp(&other.name));
        routines
    }

    /// Differs from the number of every earlier catalogue of this process; what was rendered from one holds for it only.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// The tables of a schema, by name.
    pub fn tables(&self, schema: &str) -> Vec<&Arc<Table>> {
        let mut tables: Vec<_> = self
            .tables
            .get(schema)
            .into_iter()
            .flat_map(HashMap::values)
            .collect();
        tables.sort_by(|one, other| one.name.cmp(&other.name));
        tables
    }

    /// On SQLite: the tables whose changes are recorded.
    pub fn published(&self) -> &[Published] {
        &self.published
    }

    /// What policies ask of other tables.
    pub fn asks(&self) -> &[Asks] {
        &self.asks
    }

    /// On SQLite: the policies of `storage.objects`, while there are any that count.
    pub fn object_policies(&self) -> Option<&Arc<[Policy]>> {
        self.objects.as_ref()
    }

    /// How a table is connected with others of its schema.
    pub fn relations(&self, schema: &str, table: &str) -> &[Relation] {
        let relations = self.relations.get(schema).and_then(|tables| tables.get(table));
        relations.map_or(&[], Vec::as_slice)
    }

    /// The media types of a table's own, most special first.
    pub fn handlers<'c>(&'c self, table: &'c Table) -> impl Iterator<Item = &'c Arc<Handler>> {
        self.handlers.iter().filter(|handler| handler.takes(table))
    }

    /// The schema of PostGIS' functions, where they are installed.
    pub fn geography(&self) -> Option<&str> {
        self.geography.as_deref()
    }

    /// The exposed schemas, `public` first.
    pub fn schemas(&self) -> Vec<&str> {
        let mut schemas: Vec<&str> = self.tables.keys().map(String::as_str).collect();
        schemas.sort_unstable_by_key(|name| (*name != "public", *name));
        schemas
    }
}

/// The keeper of the catalogue.
pub struct Library {
    /// The data scope.
    pub db: Db,
    /// What tells the time.
    pub clock: Arc<dyn Clock>,
    current: RwLock<Arc<Catalogue>>,
    /// When the schema was last looked at, in milliseconds of the monotonic clock.
    looked: AtomicU64,
    reading: tokio::sync::Mutex<()>,
}

impl Library {
    /// Reads the catalogue for the first time.
    ///
    /// # Errors
    /// The database's.
    pub async fn open(db: Db, clock: Arc<dyn Clock>) -> Result<Arc<Self>> {
        let current = RwLock::new(Arc::new(read(&db).await?));
        let looked = AtomicU64::new(milliseconds(&*clock));
        Ok(Arc::new(Self {
            db,
            clock,
            current,
            looked,
            reading: tokio::sync::Mutex::new(()),
        }))
    }

    /// Which database it is.
    pub fn dialect(&self) -> Dialect {
        self.db.dialect()
    }

    /// The catalogue in force; now and then it starts a look for others' changes.
    pub fn current(self: &Arc<Self>) -> Arc<Catalogue> {
        let now = milliseconds(&*self.clock);
        let looked = self.looked.load(Ordering::Relaxed);
        let due = now.saturating_sub(looked) > u64::try_from(LOOK_AGAIN.as_millis()).unwrap_or(u64::MAX);
        let mine = || {
            self.looked
                .compare_exchange(looked, now, Ordering::Relaxed, Ordering::Relaxed)
                .is_ok()
        };
        if due && mine() {
            let library = self.clone();
            tokio::spawn(async move {
                // A look that fails is made again two seconds later.
                let _ = library.look().await;
            });
        }
        self.current
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Reads the catalogue anew, after a change of ours.
    ///
    /// # Errors
    /// The database's.
    pub async fn refresh(&self) -> Result<()> {
        let _one_at_a_time = self.reading.lock().await;
        let catalogue = Arc::new(read(&self.db).await?);
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = catalogue;
        Ok(())
    }

    /// Looks whether the schema is still what was read, and reads it anew when it is not; the answer says so.
    ///
    /// # Errors
    /// The database's.
    pub async fn look(&self) -> Result<bool> {
        let fingerprint = fingerprint(&self.db).await?;
        let current = self
            .current
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        if fingerprint == current.fingerprint {
            return Ok(false);
        }
        self.refresh().await?;
        Ok(true)
    }
}

async fn read(db: &Db) -> Result<Catalogue> {
    // The fingerprint first: a change between the two is then found by the next look.
    let fingerprint = fingerprint(db).await?;
    static NUMBERS: AtomicU64 = AtomicU64::new(0);
    let number = NUMBERS.fetch_add(1, Ordering::Relaxed);
    let read = match db.dialect() {
        Dialect::Sqlite => sqlite::tables(db).await?,
        Dialect::Postgres => postgres::tables(db).await?,
    };
    let routines = match db.dialect() {
        Dialect::Sqlite => Vec::new(),
        Dialect::Postgres => routines(db).await?,
    };
    Ok(Catalogue::new(read, routines, fingerprint, number))
}

async fn fingerprint(db: &Db) -> Result<String> {
    match db.dialect() {
        Dialect::Sqlite => sqlite::fingerprint(db).await,
        Dialect::Postgres => postgres::fingerprint(db).await,
    }
}

fn milliseconds(clock: &dyn Clock) -> u64 {
    u64::try_from(clock.monotonic().as_millis()).unwrap_or(u64::MAX)
}
