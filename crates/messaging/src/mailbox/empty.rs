//! Clearing the mailbox.

use busbar_kernel::Result;
use busbar_store::params;

use super::Mailbox;

impl Mailbox {
    /// Removes every message; answers how many there were.
    ///
    /// # Errors
    /// Troubles of the database.
    pub async fn empty(&self) -> Result<u64> {
        self.db.execute("DELETE FROM messaging.mails", params![]).await
    }
}
