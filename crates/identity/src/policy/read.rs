//! Reading the policy: from the database each time, so that a change counts at once in every process.

use busbar_kernel::{Result, Timestamp};
use busbar_store::{Dialect, Json, params};
use serde::Deserialize;
use uuid::Uuid;

use super::{MailMethod, Policy};
use crate::Directory;

#[derive(Deserialize)]
struct Row {
    id: Uuid,
    require_email_verification: bool,
    password_min_length: u32,
    require_number: bool,
    require_lowercase: bool,
    require_uppercase: bool,
    require_special_char: bool,
    verify_email_method: MailMethod,
    reset_password_method: MailMethod,
    allowed_redirect_urls: Json<Vec<String>>,
    disable_signup: bool,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl Directory {
    /// The policy in force.
    ///
    /// # Errors
    /// Troubles of the database.
    pub async fn policy(&self) -> Result<Policy> {
        let urls = match self.db().dialect() {
            Dialect::Sqlite => "allowed_redirect_urls",
            Dialect::Postgres => "to_jsonb(allowed_redirect_urls) AS allowed_redirect_urls",
        };
        let sql = format!(
            "SELECT id, require_email_verification, password_min_length, require_number, require_lowercase, \
             require_uppercase, require_special_char, verify_email_method, reset_password_method, {urls}, \
             disable_signup, created_at, updated_at FROM auth.config LIMIT 1"
        );
        let row: Option<Row> = self.db().optional(&sql, params![]).await?;
        Ok(row.map_or_else(|| Policy::unconfigured(self.clock().now()), Policy::from))
    }
}

impl From<Row> for Policy {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            require_email_verification: row.require_email_verification,
            password_min_length: row.password_min_length,
            require_number: row.require_number,
            require_lowercase: row.require_lowercase,
            require_uppercase: row.require_uppercase,
            require_special_char: row.require_special_char,
            verify_email_method: row.verify_email_method,
            reset_password_method: row.reset_password_method,
            allowed_redirect_urls: row.allowed_redirect_urls.0,
            disable_signup: row.disable_signup,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}
