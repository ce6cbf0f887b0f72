//! Taking a message over.

use async_trait::async_trait;
use busbar_kernel::Result;
use busbar_ports::mail::{Mail, MailSender, Receipt};
use busbar_store::{Step, Value, params};

use super::{MailId, Mailbox};

#[async_trait]
impl MailSender for Mailbox {
    async fn send(&self, mail: Mail) -> Result<Receipt> {
        mail.check()?;
        let id = MailId::new(self.clock.as_ref());
        let people = mail.to.iter().chain(&mail.cc).chain(&mail.bcc);
        let recipients: Vec<&str> = people.map(|person| person.email.as_str()).collect();
        let insert = Step::new(
            "INSERT INTO messaging.mails (id, sent_at, recipients, subject, category, mail) \
             VALUES ($1, $2, $3, $4, $5, $6)",
            params![
                id.0.0,
                self.clock.now(),
                recipients.join(", "),
                &mail.subject,
                &mail.category,
                Value::json(&mail)?
            ],
        );
        let keep_bound = Step::new(
            "DELETE FROM messaging.mails WHERE number <= (SELECT max(number) FROM messaging.mails) - $1",
            params![self.capacity],
        );
        self.db.batch(vec![insert, keep_bound]).await?;
        Ok(Receipt {
            carrier: "mailbox",
            id: id.to_string(),
        })
    }

    fn describe(&self) -> String {
        "stored mailbox".to_owned()
    }
}
