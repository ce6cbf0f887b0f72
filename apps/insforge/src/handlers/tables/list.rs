//! `GET /api/database/tables`

use axum::Json;
use axum::extract::State;
use busbar_kernel::{Error, Kind, Result};
use busbar_platform::{Query, Reply};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::Services;

/// Schemas that nobody changes by these routes (InsForge's contract, 11.5).
const PROTECTED: [&str; 12] = [
    "ai",
    "auth",
    "compute",
    "deployments",
    "email",
    "functions",
    "memory",
    "payments",
    "realtime",
    "schedules",
    "storage",
    "system",
];

/// Whether nobody changes a schema by these routes.
pub(crate) fn is_protected(schema: &str) -> bool {
    PROTECTED.contains(&schema)
}

/// Which schema.
#[derive(Deserialize, IntoParams)]
pub(crate) struct SchemaQuery {
    /// `public` unless given.
    schema: Option<String>,
}

impl SchemaQuery {
    /// The schema asked for.
    pub(crate) fn name(&self) -> &str {
        self.schema
            .as_deref()
            .filter(|name| !name.is_empty())
            .unwrap_or("public")
    }

    /// The schema that is to change.
    ///
    /// # Errors
    /// `database.schema_protected` for the system's.
    pub(crate) fn changed(&self) -> Result<&str> {
        let name = self.name();
        if !is_protected(name) {
            return Ok(name);
        }
        let message = format!("Schema \"{name}\" is protected");
        let refused = Error::new(Kind::Forbidden, "database.schema_protected", message);
        Err(refused.hint("Change tables and records of public"))
    }
}

impl SchemaQuery {
    /// Refuses every schema but `public`, where tables are made and altered.
    ///
    /// # Errors
    /// `database.schema_protected` for the system's, else `input.invalid`.
    pub(crate) fn in_public(&self) -> Result<()> {
        match self.changed()? {
            "public" => Ok(()),
            _ => Err(Error::invalid("schema", "Tables are made and altered in public")),
        }
    }
}

/// Lists them by name.
pub(crate) async fn handle(
    State(services): State<Services>,
    Query(query): Query<SchemaQuery>,
) -> Reply<Json<Vec<String>>> {
    Ok(Json(services.data.tables.list(query.name())?))
}
