//! Mail leaving the house: what a message is, and whoever carries it.

use async_trait::async_trait;
use busbar_kernel::{Error, Result};
use serde::{Deserialize, Serialize};

/// The most recipients of one message, over `to`, `cc` and `bcc`.
pub const MAX_RECIPIENTS: usize = 100;

/// The most bytes of one body, text or HTML.
pub const MAX_BODY_BYTES: usize = 2 * 1024 * 1024;

/// A person or place a message comes from or goes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    /// The address, already normalised by whoever made it.
    pub email: String,
    /// The name shown beside it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

impl Address {
    /// An address without a name.
    pub fn bare(email: impl Into<String>) -> Self {
        Self {
            email: email.into(),
            name: None,
        }
    }
}

/// One message, complete: nothing is looked up after this point.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mail {
    /// The sender; `None` takes the carrier's own.
    pub from: Option<Address>,
    /// Whom it is for; at least one over `to`, `cc` and `bcc`.
    pub to: Vec<Address>,
    /// Who may see it too.
    #[serde(default)]
    pub cc: Vec<Address>,
    /// Who sees it without being seen.
    #[serde(default)]
    pub bcc: Vec<Address>,
    /// Where answers go, when not to the sender.
    #[serde(default)]
    pub reply_to: Option<Address>,
    /// One line.
    pub subject: String,
    /// The body as plain text; one of the two bodies is there.
    #[serde(default)]
    pub text: Option<String>,
    /// The body as HTML.
    #[serde(default)]
    pub html: Option<String>,
    /// What it is about, for the operator's list: `email-verification-code`.
    #[serde(default)]
    pub category: String,
}

impl Mail {
    /// Checks what every carrier would refuse, so that all of them refuse it alike.
    ///
    /// # Errors
    /// `input.invalid`, naming the field: no recipient or too many, a line break in a header, no body, a
    /// body above [`MAX_BODY_BYTES`].
    pub fn check(&self) -> Result<()> {
        let recipients = || self.to.iter().chain(&self.cc).chain(&self.bcc);
        match recipients().count() {
            0 => return Err(Error::invalid("to", "A message needs a recipient")),
            1..=MAX_RECIPIENTS => {}
            _ => {
                return Err(Error::invalid(
                    "to",
                    format!("A message has at most {MAX_RECIPIENTS} recipients"),
                ));
            }
        }
        let people = recipients().chain(&self.from).chain(&self.reply_to);
        for person in people {
            let name = person.name.as_deref().unwrap_or_default();
            if breaks_line(&person.email) || breaks_line(name) || !person.email.contains('@') {
                return Err(Error::invalid("to", "This is not an e-mail address"));
            }
        }
        if breaks_line(&self.subject) {
            return Err(Error::invalid("subject", "A subject is one line"));
        }
        if self.text.is_none() && self.html.is_none() {
            return Err(Error::invalid("html", "A message needs a body"));
        }
        for (field, body) in [("text", &self.text), ("html", &self.html)] {
            if body.as_ref().is_some_and(|body| body.len() > MAX_BODY_BYTES) {
                return Err(Error::invalid(field, "The body is above 2 MB"));
            }
        }
        Ok(())
    }
}

/// Header injection begins with a line break.
fn breaks_line(text: &str) -> bool {
    text.chars().any(|character| character.is_control())
}

/// What the carrier said when it took a message over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The carrier's name: `mailbox`, `smtp`.
    pub carrier: &'static str,
    /// The carrier's own identifier of the message.
    pub id: String,
}

/// Whoever carries mail out: the stored mailbox, SMTP, a vendor.
#[async_trait]
pub trait MailSender: Send + Sync + 'static {
    /// Hands a message over; when it returns, the carrier is responsible for it.
    ///
    /// # Errors
    /// `input.invalid` for a message no carrier takes (see [`Mail::check`]), a temporary error when the
    /// carrier does not answer.
    async fn send(&self, mail: Mail) -> Result<Receipt>;

    /// What it is, for health and the operator, without a secret: `stored mailbox`.
    fn describe(&self) -> String;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mail() -> Mail {
        Mail {
            to: vec![Address::bare("a@example.com")],
            subject: "Hello".to_owned(),
            text: Some("World".to_owned()),
            ..Mail::default()
        }
    }

    #[test]
    fn a_plain_message_passes() {
        assert!(mail().check().is_ok());
    }

    #[test]
    fn header_injection_and_empty_messages_are_refused_by_field() {
        type Spoil = fn(&mut Mail);
        let spoiled: [(&str, Spoil); 5] = [
            ("subject", |mail| {
                mail.subject = "Hello\r\nBcc: all@example.com".to_owned();
            }),
            ("to", |mail| mail.to.clear()),
            ("to", |mail| mail.to[0].email = "a@example.com\nX: y".to_owned()),
            ("to", |mail| {
                mail.cc = vec![Address::bare("b@example.com"); MAX_RECIPIENTS];
            }),
            ("html", |mail| mail.text = None),
        ];
        for (field, spoil) in spoiled {
            let mut mail = mail();
            spoil(&mut mail);
            let error = mail.check().expect_err("a spoiled message was accepted");
            assert_eq!(error.field_str(), Some(field));
        }
    }
}
