//! The mails that Busbar stored instead of sending.

use serde_json::Value;

use crate::TestApp;

/// A stored mail.
#[derive(Clone, Debug)]
pub struct Mail {
    /// Its recipients.
    pub to: Vec<String>,
    /// Its subject.
    pub subject: String,
    /// Its text.
    pub text: String,
}

impl TestApp {
    /// Every stored mail, newest first.
    ///
    /// # Panics
    /// When the console does not show them.
    pub async fn mailbox(&self) -> Vec<Mail> {
        let operator = self.operator().await;
        let listed = operator
            .get("/admin/api/mailbox?limit=100")
            .await
            .expect(200)
            .json();
        let mut mails = Vec::new();
        for row in listed["mails"].as_array().into_iter().flatten() {
            let id = row["id"].as_str().expect("a mail has an id");
            let mail = operator
                .get(&format!("/admin/api/mailbox/{id}"))
                .await
                .expect(200)
                .json();
            mails.push(Mail {
                to: texts(&mail["to"]),
                subject: mail["subject"].as_str().unwrap_or_default().to_owned(),
                text: mail["text"].as_str().unwrap_or_default().to_owned(),
            });
        }
        mails
    }
}

fn texts(value: &Value) -> Vec<String> {
    let members = value.as_array().into_iter().flatten();
    members
        .filter_map(|member| member.as_str().map(str::to_owned))
        .collect()
}
