//! Taking over a database that InsForge made: what is found, what would change, and changing it in one transaction.
//!
//! People's tables, rows, policies and accounts stay where they are. The system's tables get the columns that Busbar's
//! have beside InsForge's, and Busbar's migrations are recorded as applied.

mod columns;
mod look;
mod plan;

use busbar_kernel::{Clock, Error, Kind, Result};
use busbar_schema::quote::text_literal;
use busbar_store::{MigrationSet, Survey};

pub use look::{Found, FoundBucket, FoundSecret};

/// A database made by InsForge.
pub struct Adoption {
    survey: Survey,
    found: Found,
    statements: Vec<String>,
    changes: Vec<String>,
}

impl Adoption {
    /// Looks at a database and plans, changing nothing. `sets` are all migrations of the data scope, in their order.
    ///
    /// # Errors
    /// `workbench.adopt_refused` for a database that InsForge did not make, or that Busbar has already; the database's.
    pub async fn plan(survey: Survey, sets: &[&MigrationSet], clock: &dyn Clock) -> Result<Self> {
        let found = Found::look(&survey).await?;
        if found.busbars {
            return Err(refused(
                "The database is Busbar's already: there is nothing to adopt",
            ));
        }
        if !found.insforges {
            return Err(refused(
                "The database was not made by InsForge: it has no auth.users, storage.objects and system.secrets",
            ));
        }
        let existing = columns::existing(&survey).await?;
        let mut planned = plan::Plan::default();
        planned.beginning(&found);
        for set in sets {
            planned.columns(set, &existing)?;
        }
        for set in sets {
            planned.set(set, clock.now());
        }
        Ok(Self {
            survey,
            found,
            statements: planned.statements,
            changes: planned.changes,
        })
    }

    /// Where the database is, without the login.
    pub fn describe(&self) -> &str {
        self.survey.describe()
    }

    /// What was found.
    pub fn found(&self) -> &Found {
        &self.found
    }

    /// What would change, one sentence each.
    pub fn changes(&self) -> &[String] {
        &self.changes
    }

    /// Keeps a reserved secret with the adoption.
    pub fn keep_sealed(&mut self, key: &str, sealed: &str) {
        self.statements.push(format!(
            "INSERT INTO system.secrets (key, value_ciphertext, is_active, is_reserved) VALUES ({}, {}, true, true)",
            text_literal(key),
            text_literal(sealed)
        ));
        self.changes.push(format!(
            "the secret {key} is kept, which only this sealing key opens"
        ));
    }

    /// Changes it: all of it, or nothing.
    ///
    /// # Errors
    /// The database's; nothing has changed then.
    pub async fn adopt(&self) -> Result<()> {
        self.survey.change(&self.statements).await
    }
}

fn refused(why: &'static str) -> Error {
    Error::new(Kind::Conflict, "workbench.adopt_refused", why)
}
