//! The directory's policy.

use busbar_identity::codes;
use busbar_identity::people::NewUser;
use busbar_identity::policy::{MailMethod, PolicyChange};
use busbar_kernel::Secret;

use crate::bed::{code, new_user, on_both, sign_up};

#[tokio::test(flavor = "multi_thread")]
async fn the_defaults_hold_until_something_is_changed_and_the_rest_stays() {
    on_both("policy", |bed| async move {
        let directory = bed.directory().await;
        let before = directory.policy().await.unwrap();
        assert!(before.id.is_nil() && before.password_min_length == 6 && !before.disable_signup);
        let change = PolicyChange {
            password_min_length: Some(12),
            allowed_redirect_urls: Some(vec!["https://a.example/*".to_owned(), "x,\"y".to_owned()]),
            ..PolicyChange::default()
        };
        let after = directory.change_policy(change).await.unwrap();
        assert!(!after.id.is_nil() && after.password_min_length == 12);
        let more = PolicyChange {
            require_number: Some(true),
            ..PolicyChange::default()
        };
        let last = directory.change_policy(more).await.unwrap();
        assert_eq!((last.id, last.password_min_length), (after.id, 12));
        assert!(last.require_number && !last.require_uppercase);
        assert_eq!(last.allowed_redirect_urls, ["https://a.example/*", "x,\"y"]);
        let error = directory.sign_up(new_user("ada@example.com")).await.unwrap_err();
        assert_eq!(error.code_str(), codes::PASSWORD_WEAK);
        assert!(error.message().contains("number") && !error.message().contains("uppercase"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sign_up_can_be_left_to_the_administrator() {
    on_both("sign-up off", |bed| async move {
        let directory = bed.directory().await;
        let off = PolicyChange {
            disable_signup: Some(true),
            ..PolicyChange::default()
        };
        directory.change_policy(off).await.unwrap();
        assert_eq!(
            code(directory.sign_up(new_user("ada@example.com")).await),
            codes::SIGN_UP_DISABLED
        );
        let by_administrator = NewUser {
            by_administrator: true,
            auto_confirm: true,
            ..new_user("ada@example.com")
        };
        directory.sign_up(by_administrator).await.unwrap();
        let who = directory
            .sign_in("ada@example.com", &Secret::new(crate::bed::PASSWORD))
            .await
            .unwrap();
        assert!(who.user.email_verified);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn values_out_of_range_are_refused_by_name() {
    on_both("policy bounds", |bed| async move {
        let directory = bed.directory().await;
        sign_up(&directory, "ada@example.com").await;
        for (change, field) in [
            (
                PolicyChange {
                    password_min_length: Some(3),
                    ..Default::default()
                },
                "passwordMinLength",
            ),
            (
                PolicyChange {
                    password_min_length: Some(129),
                    ..Default::default()
                },
                "passwordMinLength",
            ),
            (
                PolicyChange {
                    allowed_redirect_urls: Some(vec![String::new()]),
                    ..Default::default()
                },
                "allowedRedirectUrls",
            ),
            (
                PolicyChange {
                    verify_email_method: Some(MailMethod::Link),
                    ..Default::default()
                },
                "verifyEmailMethod",
            ),
        ] {
            assert_eq!(
                directory.change_policy(change).await.unwrap_err().field_str(),
                Some(field)
            );
        }
        assert!(directory.policy().await.unwrap().id.is_nil());
    })
    .await;
}
