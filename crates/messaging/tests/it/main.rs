//! The stored mailbox on both databases.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test fails by panicking and says what it skips"
)]

mod bed;

use busbar_kernel::Kind;
use busbar_messaging::mailbox::{MOST_LISTED, MailId, MailQuery};
use busbar_ports::mail::{Address, Mail, MailSender};

use bed::on_both;

fn mail(subject: &str) -> Mail {
    Mail {
        to: vec![Address::bare("ada@example.com")],
        bcc: vec![Address {
            email: "audit@example.com".to_owned(),
            name: Some("Revision, Äudit".to_owned()),
        }],
        subject: subject.to_owned(),
        html: Some("<p>Grüß Gott</p>".to_owned()),
        category: "test".to_owned(),
        ..Mail::default()
    }
}

fn search(text: &str) -> MailQuery {
    MailQuery {
        search: text.to_owned(),
        ..MailQuery::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_sent_is_listed_found_and_read_back_whole() {
    on_both("mailbox", |bed| async move {
        let mailbox = bed.mailbox(100).await;
        let first = mailbox.send(mail("100% sure")).await.unwrap();
        bed.clock.advance(std::time::Duration::from_secs(1));
        mailbox.send(mail("another")).await.unwrap();
        let page = mailbox.list(&MailQuery::default()).await.unwrap();
        let subjects: Vec<_> = page.mails.iter().map(|mail| mail.subject.as_str()).collect();
        assert_eq!((subjects, page.total), (vec!["another", "100% sure"], 2));
        assert_eq!(page.mails[0].recipients, "ada@example.com, audit@example.com");
        for (text, found) in [("0% S", 1), ("ADA@", 2), ("%", 1), ("_", 0), ("nobody", 0)] {
            assert_eq!(mailbox.list(&search(text)).await.unwrap().total, found, "{text}");
        }
        let id: MailId = first.id.parse().unwrap();
        let shown = mailbox.show(id).await.unwrap();
        assert_eq!((shown.mail, shown.id), (mail("100% sure"), id));
        let missing = mailbox.show(MailId::new(&bed.clock)).await.unwrap_err();
        assert_eq!(missing.kind(), Kind::NotFound);
        assert_eq!(mailbox.empty().await.unwrap(), 2);
        assert_eq!(mailbox.list(&MailQuery::default()).await.unwrap().total, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_newest_are_kept_also_after_it_was_emptied() {
    on_both("mailbox bound", |bed| async move {
        let mailbox = bed.mailbox(3).await;
        for round in 0..2 {
            for number in 0..5 {
                mailbox.send(mail(&format!("{round}-{number}"))).await.unwrap();
            }
            let page = mailbox.list(&MailQuery::default()).await.unwrap();
            let newest = [4, 3, 2].map(|number| format!("{round}-{number}"));
            assert_eq!(
                page.mails.iter().map(|mail| &mail.subject).collect::<Vec<_>>(),
                newest.iter().collect::<Vec<_>>()
            );
            mailbox.empty().await.unwrap();
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_no_carrier_takes_is_not_stored() {
    on_both("mailbox refusals", |bed| async move {
        let mailbox = bed.mailbox(3).await;
        let injected = mail("Hello\r\nBcc: everybody@example.com");
        let error = mailbox.send(injected).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.field_str()),
            (Kind::Invalid, Some("subject"))
        );
        let greedy = MailQuery {
            limit: u32::MAX,
            offset: u32::MAX,
            ..MailQuery::default()
        };
        assert_eq!(mailbox.list(&greedy).await.unwrap().total, 0);
        assert_eq!(MOST_LISTED, 200);
    })
    .await;
}
