//! Verifying an address by a mailed code.

use busbar_identity::people::{NewUser, SignedUp};
use busbar_identity::policy::PolicyChange;
use busbar_identity::{Directory, codes};
use busbar_kernel::{Kind, Secret};

use crate::bed::{Bed, PASSWORD, code, new_user, on_both};

async fn demanding(bed: &Bed) -> Directory {
    let directory = bed.directory().await;
    let change = PolicyChange {
        require_email_verification: Some(true),
        ..PolicyChange::default()
    };
    directory.change_policy(change).await.unwrap();
    directory
}

fn wrong(code: &str) -> String {
    format!("{:06}", (code.parse::<u32>().unwrap() + 1) % 1_000_000)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_code_opens_the_account_once() {
    on_both("verification", |bed| async move {
        let directory = demanding(&bed).await;
        let signed_up = directory.sign_up(new_user("ada@example.com")).await.unwrap();
        assert!(matches!(signed_up, SignedUp::VerificationSent));
        let password = Secret::new(PASSWORD);
        assert_eq!(
            code(directory.sign_in("ada@example.com", &password).await),
            codes::EMAIL_UNVERIFIED
        );
        let digits = bed.outbox.code();
        assert_eq!(digits.len(), 6);
        assert_eq!(
            code(directory.verify_email("ada@example.com", &wrong(&digits)).await),
            codes::CODE_INVALID
        );
        assert_eq!(
            code(directory.verify_email("bob@example.com", &digits).await),
            codes::CODE_INVALID
        );
        let who = directory.verify_email("Ada@example.com", &digits).await.unwrap();
        assert!(who.user.email_verified);
        assert_eq!(
            code(directory.verify_email("ada@example.com", &digits).await),
            codes::CODE_INVALID
        );
        directory.sign_in("ada@example.com", &password).await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_can_be_guessed_three_times_and_lives_fifteen_minutes() {
    on_both("code limits", |bed| async move {
        let directory = demanding(&bed).await;
        directory.sign_up(new_user("ada@example.com")).await.unwrap();
        let digits = bed.outbox.code();
        for _ in 0..3 {
            assert!(
                directory
                    .verify_email("ada@example.com", &wrong(&digits))
                    .await
                    .is_err()
            );
        }
        assert_eq!(
            code(directory.verify_email("ada@example.com", &digits).await),
            codes::CODE_INVALID
        );
        directory.resend_verification("ada@example.com").await.unwrap();
        let error = directory
            .resend_verification("ada@example.com")
            .await
            .unwrap_err();
        assert_eq!(
            (error.kind(), error.code_str()),
            (Kind::RateLimited, codes::MAIL_TOO_SOON)
        );
        let fresh = bed.outbox.code();
        bed.advance(15 * 60);
        assert_eq!(
            code(directory.verify_email("ada@example.com", &fresh).await),
            codes::CODE_INVALID
        );
        directory.resend_verification("ada@example.com").await.unwrap();
        directory
            .verify_email("ada@example.com", &bed.outbox.code())
            .await
            .unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_learns_whether_an_address_is_known() {
    on_both("no enumeration", |bed| async move {
        let directory = demanding(&bed).await;
        directory.sign_up(new_user("ada@example.com")).await.unwrap();
        directory
            .verify_email("ada@example.com", &bed.outbox.code())
            .await
            .unwrap();
        let before = bed.passwords.computed();
        let again = directory.sign_up(new_user("ada@example.com")).await.unwrap();
        assert!(matches!(again, SignedUp::VerificationSent));
        assert_eq!(bed.passwords.computed() - before, 1);
        let mails = bed.outbox.all();
        assert_eq!(mails.last().unwrap().category, "sign-up-known-address");
        directory.resend_verification("nobody@example.com").await.unwrap();
        directory.resend_verification("ada@example.com").await.unwrap();
        assert_eq!(bed.outbox.all().len(), mails.len());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_verifies_has_their_own_password_not_a_strangers() {
    on_both("account taken in advance", |bed| async move {
        let directory = demanding(&bed).await;
        let stranger = NewUser {
            password: Secret::new("the stranger's"),
            ..new_user("ada@example.com")
        };
        directory.sign_up(stranger).await.unwrap();
        directory.sign_up(new_user("ada@example.com")).await.unwrap();
        directory
            .verify_email("ada@example.com", &bed.outbox.code())
            .await
            .unwrap();
        directory
            .sign_in("ada@example.com", &Secret::new(PASSWORD))
            .await
            .unwrap();
        let stranger = directory
            .sign_in("ada@example.com", &Secret::new("the stranger's"))
            .await;
        assert_eq!(code(stranger), codes::CREDENTIALS_WRONG);
    })
    .await;
}
