//! Showing one message.

use busbar_kernel::{Error, Result, Timestamp};
use busbar_ports::mail::Mail;
use busbar_store::{Json, params};
use serde::Deserialize;

use super::{MailId, Mailbox, StoredMail};

#[derive(Deserialize)]
struct Row {
    id: MailId,
    sent_at: Timestamp,
    mail: Json<Mail>,
}

impl Mailbox {
    /// The message with this id.
    ///
    /// # Errors
    /// `mail.not_found`.
    pub async fn show(&self, id: MailId) -> Result<StoredMail> {
        let row: Option<Row> = self
            .db
            .optional(
                "SELECT id, sent_at, mail FROM messaging.mails WHERE id = $1",
                params![id.0.0],
            )
            .await?;
        let row = row.ok_or_else(|| Error::not_found("mail"))?;
        Ok(StoredMail {
            id: row.id,
            sent_at: row.sent_at,
            mail: row.mail.0,
        })
    }
}
