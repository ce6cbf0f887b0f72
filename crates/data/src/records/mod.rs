//! Records: rows of a table, read and written by the grammar of PostgREST 12.2.

mod answer;
mod change;
mod csv;
mod describe;
mod estimate;
mod explain;
mod failing_row;
mod failure;
mod insert;
mod options;
mod own;
mod own_media;
mod payload;
mod put;
mod read;
mod request;
mod run;
mod timing;
mod violation;

use std::sync::Arc;

use busbar_kernel::{Error, Result};
use busbar_store::Dialect;

pub use failure::{postgrest_error, postgrest_headers};
pub use request::{Method, RecordAnswer, RecordBody, RecordHeaders, RecordRequest};

use crate::caller::{Caller, Profile};
use crate::refusal::{only_postgres, pgrst};
use crate::render::Plans;
use crate::rpc;
use busbar_schema::catalogue::Library;
pub(crate) use change::too_many;
pub(crate) use csv::whole as csv_whole;
pub(crate) use own::{SETTINGS, apply as apply_own};
pub(crate) use read::collection;
pub(crate) use run::{Call, Run, not_singular};
pub(crate) use timing::Timing;

/// The records of a database; cheap to clone.
#[derive(Clone)]
pub struct Records {
    library: Arc<Library>,
    plans: Arc<Plans>,
    options: RecordOptions,
}

/// What an installation allows of the record API.
#[derive(Clone, Debug, Default)]
pub struct RecordOptions {
    /// No list that is read has more rows than this, the page and each embed alike; without it there is no cap.
    pub most_rows: Option<u64>,
    /// Whether `select` may use aggregate functions; a client can make them costly, so they are off.
    pub aggregates: bool,
    /// Whether `Prefer: tx=rollback` counts.
    pub rollback: bool,
    /// Whether a request may ask for its plan.
    pub plans: bool,
    /// A function of PostgreSQL, `name` or `schema.name`, that runs before each request, as the caller.
    pub pre_request: Option<Arc<str>>,
    /// Whether answers say how long their parts took.
    pub timing: bool,
}

impl Records {
    pub(crate) fn new(library: Arc<Library>) -> Self {
        Self {
            library,
            plans: Arc::default(),
            options: RecordOptions::default(),
        }
    }

    /// The same records with these options.
    #[must_use]
    pub fn with_options(mut self, options: RecordOptions) -> Self {
        self.options = options;
        self
    }

    /// Answers a request.
    ///
    /// # Errors
    /// With a `PGRST` code or a SQLSTATE as wire code: see [`postgrest_error`]. In InsForge's profile a schema that
    /// no request may name is `input.invalid` without one.
    pub async fn answer(
        &self,
        profile: Profile,
        request: &RecordRequest<'_>,
        caller: &Caller,
    ) -> Result<RecordAnswer> {
        match self.once(profile, request, caller).await {
            Err(error) if may_be_stale(&error) => Box::pin(self.again(profile, request, caller, error)).await,
            answered => answered,
        }
    }

    /// Another process may have changed the schema since we read it.
    async fn again(
        &self,
        profile: Profile,
        request: &RecordRequest<'_>,
        caller: &Caller,
        error: Error,
    ) -> Result<RecordAnswer> {
        if self.library.look().await? {
            return self.once(profile, request, caller).await;
        }
        Err(error)
    }

    async fn once(
        &self,
        profile: Profile,
        request: &RecordRequest<'_>,
        caller: &Caller,
    ) -> Result<RecordAnswer> {
        let timing = self.timing();
        let run = Run::prepare(self, profile, request, caller, timing.as_ref())?;
        Timing::parsed(timing.as_ref());
        // Boxed but for the most frequent one: a future is as large as the largest it can become, and is moved.
        let answered = match request.method {
            Method::Get => run.get().await,
            Method::Head => Box::pin(run.head()).await,
            Method::Post => Box::pin(run.post()).await,
            Method::Patch => Box::pin(run.patch()).await,
            Method::Put => Box::pin(run.put()).await,
            Method::Delete => Box::pin(run.delete()).await,
        };
        let mut answer = run.own_said(answered?)?;
        Timing::tell(timing.as_ref(), &mut answer);
        Ok(answer)
    }

    /// Calls a function of the database; PostgreSQL only.
    ///
    /// # Errors
    /// `PGRST202` and `PGRST203` when no or several functions fit, 0A000 on SQLite, and what the function raises.
    pub async fn call(
        &self,
        profile: Profile,
        request: &RecordRequest<'_>,
        caller: &Caller,
    ) -> Result<RecordAnswer> {
        let called = self.call_once(profile, request, caller).await;
        match called {
            Err(error) if may_be_stale(&error) && self.library.look().await? => {
                self.call_once(profile, request, caller).await
            }
            called => called,
        }
    }

    async fn call_once(
        &self,
        profile: Profile,
        request: &RecordRequest<'_>,
        caller: &Caller,
    ) -> Result<RecordAnswer> {
        let timing = self.timing();
        let call = Call::prepare(self, profile, request, caller, timing.as_ref())?;
        Timing::parsed(timing.as_ref());
        let mut answer = rpc::call(call).await?;
        Timing::tell(timing.as_ref(), &mut answer);
        Ok(answer)
    }

    /// Begins to measure a request, where answers say how long they took.
    fn timing(&self) -> Option<Timing> {
        let wanted = self.options.timing;
        wanted.then(|| Timing::start(self.library.clock.clone()))
    }

    /// Describes a schema as OpenAPI 2.0, by the caller's rights.
    ///
    /// # Errors
    /// `PGRST106` for a schema that is not exposed; the database's.
    pub async fn describe(&self, request: &RecordRequest<'_>, caller: &Caller) -> Result<RecordAnswer> {
        let schema = request.headers.accept_profile.unwrap_or("public");
        let catalogue = self.library.current();
        catalogue.exposed(schema)?;
        describe::describe(&self.library.db, &catalogue, schema, caller.role).await
    }

    /// What may be done with a table or view, for `Allow`.
    ///
    /// # Errors
    /// `PGRST106`, 42P01, or the database's.
    pub async fn allowed(&self, table: &str, headers: &RecordHeaders<'_>) -> Result<String> {
        let catalogue = self.library.current();
        let table = catalogue.table(headers.accept_profile.unwrap_or("public"), table)?;
        options::allowed(&self.library.db, table).await
    }

    /// What may be done with a function, for `Allow`.
    ///
    /// # Errors
    /// `PGRST202` when there is none of this name, 0A000 on SQLite.
    pub fn allowed_of_function(&self, function: &str, headers: &RecordHeaders<'_>) -> Result<&'static str> {
        if self.library.dialect() == Dialect::Sqlite {
            return Err(only_postgres(rpc::FEATURE));
        }
        let schema = headers.accept_profile.unwrap_or("public");
        let volatile = rpc::volatility(&self.library.current(), schema, function);
        volatile.map(options::allowed_of_function).ok_or_else(|| {
            let message = format!("Could not find the function {schema}.{function} in the schema cache");
            pgrst("PGRST202", message)
        })
    }
}

fn may_be_stale(error: &Error) -> bool {
    let codes = [
        "42P01", "42703", "42P10", "42883", "PGRST106", "PGRST107", "PGRST200", "PGRST202", "PGRST204",
    ];
    error.wire_code_str().is_some_and(|code| codes.contains(&code))
}
