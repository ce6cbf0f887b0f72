//! Records: rows of a table, read and written by the grammar of PostgREST 12.2.

mod answer;
mod change;
mod csv;
mod failure;
mod insert;
mod payload;
mod put;
mod read;
mod request;
mod run;

use std::sync::Arc;

use busbar_kernel::{Error, Result};

pub use failure::postgrest_error;
pub use request::{Method, RecordAnswer, RecordBody, RecordHeaders, RecordRequest};

use crate::caller::{Caller, Profile};
use crate::render::Plans;
use busbar_schema::catalogue::Library;
use run::Run;

/// The records of a database; cheap to clone.
#[derive(Clone)]
pub struct Records {
    library: Arc<Library>,
    plans: Arc<Plans>,
    options: RecordOptions,
}

/// What an installation allows of the record API.
#[derive(Clone, Copy, Debug, Default)]
pub struct RecordOptions {
    /// No list that is read has more rows than this, the page and each embed alike; without it there is no cap.
    pub most_rows: Option<u64>,
    /// Whether `select` may use aggregate functions; a client can make them costly, so they are off.
    pub aggregates: bool,
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
        let run = Run::prepare(
            &self.library,
            &self.plans,
            &self.options,
            profile,
            request,
            caller,
        )?;
        // Boxed but for the most frequent one: a future is as large as the largest it can become, and is moved.
        match request.method {
            Method::Get => run.get().await,
            Method::Head => Box::pin(run.head()).await,
            Method::Post => Box::pin(run.post()).await,
            Method::Patch => Box::pin(run.patch()).await,
            Method::Put => Box::pin(run.put()).await,
            Method::Delete => Box::pin(run.delete()).await,
        }
    }
}

fn may_be_stale(error: &Error) -> bool {
    let codes = [
        "42P01", "42703", "42P10", "42883", "PGRST106", "PGRST200", "PGRST204",
    ];
    error.wire_code_str().is_some_and(|code| codes.contains(&code))
}
