//! Listing and searching messages, newest first.

use busbar_kernel::{Result, Timestamp};
use busbar_store::params;
use serde::Deserialize;

use super::{MailId, Mailbox};

/// The most messages of one page.
pub const MOST_LISTED: u32 = 200;

/// Which page of which messages.
#[derive(Clone, Debug)]
pub struct MailQuery {
    /// How many, up to [`MOST_LISTED`]; more is taken as that.
    pub limit: u32,
    /// How many to pass over.
    pub offset: u32,
    /// A part of a recipient, the subject or the category, whatever the case; empty for all.
    pub search: String,
}

impl Default for MailQuery {
    fn default() -> Self {
        Self {
            limit: 50,
            offset: 0,
            search: String::new(),
        }
    }
}

/// A message in a list.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct MailSummary {
    /// Its identifier.
    pub id: MailId,
    /// When it was handed over.
    pub sent_at: Timestamp,
    /// Every recipient, with commas.
    pub recipients: String,
    /// Its subject.
    pub subject: String,
    /// What it is about: `email-verification-code`.
    pub category: String,
}

/// One page and how many there are in all.
#[derive(Clone, Debug)]
pub struct MailPage {
    /// The page.
    pub mails: Vec<MailSummary>,
    /// How many the search finds over all pages.
    pub total: u64,
}

#[derive(Deserialize)]
struct Total {
    total: i64,
}

impl Mailbox {
    /// One page of messages, newest first.
    ///
    /// # Errors
    /// Troubles of the database.
    pub async fn list(&self, query: &MailQuery) -> Result<MailPage> {
        const FOUND: &str = "lower(recipients) LIKE $1 ESCAPE '!' OR lower(subject) LIKE $1 ESCAPE '!' \
             OR lower(category) LIKE $1 ESCAPE '!'";
        let pattern = pattern(&query.search);
        let page = format!(
            "SELECT id, sent_at, recipients, subject, category FROM messaging.mails WHERE {FOUND} \
             ORDER BY number DESC LIMIT $2 OFFSET $3"
        );
        let (limit, offset) = (i64::from(query.limit.min(MOST_LISTED)), i64::from(query.offset));
        let mails = self.db.all(&page, params![&pattern, limit, offset]).await?;
        let total = format!("SELECT count(*) AS total FROM messaging.mails WHERE {FOUND}");
        let total: Total = self.db.one(&total, params![&pattern]).await?;
        Ok(MailPage {
            mails,
            total: total.total.unsigned_abs(),
        })
    }
}

/// The search as a LIKE pattern in which its own signs mean themselves.
fn pattern(search: &str) -> String {
    let mut pattern = String::from("%");
    for character in search.trim().to_lowercase().chars() {
        if matches!(character, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(character);
    }
    pattern.push('%');
    pattern
}
