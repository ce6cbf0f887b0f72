//! The mails that Busbar stored instead of sending.

use busbar_messaging::mailbox::MailQuery;
use busbar_ports::mail::Mail;

use crate::TestApp;

impl TestApp {
    /// The stored mails, newest first; the latest hundred.
    ///
    /// # Panics
    /// When the mailbox cannot be read.
    pub async fn mailbox(&self) -> Vec<Mail> {
        let mailbox = &self.busbar().mailbox;
        let query = MailQuery {
            limit: 100,
            ..MailQuery::default()
        };
        let page = mailbox.list(&query).await.expect("the mailbox can be listed");
        let mut mails = Vec::new();
        for summary in page.mails {
            let stored = mailbox.show(summary.id).await.expect("a listed mail can be read");
            mails.push(stored.mail);
        }
        mails
    }
}
