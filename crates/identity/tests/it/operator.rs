//! The operator: configured, generated, changed.

use busbar_identity::sessions::{Csrf, Refreshed, SessionKind};
use busbar_identity::{Credential, codes};
use busbar_kernel::variables::Mode;
use busbar_kernel::{Actor, Secret};
use busbar_store::Dialect;

use crate::bed::{Start, code, on_both};

fn configured(name: &str, password: &str) -> Start {
    Start {
        variables: vec![
            ("ADMIN_EMAIL", name.to_owned()),
            ("ADMIN_PASSWORD", password.to_owned()),
        ],
        ..Start::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_generated_password_is_shown_once_and_stays() {
    on_both("generated operator", |bed| async move {
        let (directory, first) = bed.try_start(Start::default()).await.unwrap();
        let (name, password) = first.operator.expect("a password was generated");
        let signed_in = directory
            .sign_in_operator(&name.to_uppercase(), &password)
            .await
            .unwrap();
        assert_eq!(signed_in.name, "admin@example.com");
        let shown = Credential::Bearer(signed_in.tokens.access.expose());
        let expected = Actor::Operator { name: name.clone() };
        assert_eq!(directory.authenticate(shown).await.unwrap(), expected);
        let (again, second) = bed.try_start(Start::default()).await.unwrap();
        assert!(second.operator.is_none());
        again.sign_in_operator(&name, &password).await.unwrap();
        let Refreshed::Operator(name, _) = again
            .refresh(SessionKind::Admin, &signed_in.tokens.refresh, Csrf::NotNeeded)
            .await
            .unwrap()
        else {
            panic!("the operator became a person")
        };
        assert_eq!(name, "admin@example.com");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_password_counts_and_ends_the_old_sessions() {
    on_both("changed password", |bed| async move {
        let directory = bed.start(configured("root", "the first password")).await;
        let first = Secret::new("the first password");
        let tokens = directory.sign_in_operator("root", &first).await.unwrap().tokens;
        let same = bed.start(configured("root", "the first password")).await;
        assert!(
            same.authenticate(Credential::Bearer(tokens.access.expose()))
                .await
                .is_ok()
        );
        let changed = bed.start(configured("root", "the second password")).await;
        assert_eq!(
            code(
                changed
                    .authenticate(Credential::Bearer(tokens.access.expose()))
                    .await
            ),
            codes::TOKEN_INVALID
        );
        let stale = changed
            .refresh(SessionKind::Admin, &tokens.refresh, Csrf::NotNeeded)
            .await;
        assert_eq!(code(stale), codes::REFRESH_INVALID);
        assert_eq!(
            code(changed.sign_in_operator("root", &first).await),
            codes::CREDENTIALS_WRONG
        );
        changed
            .sign_in_operator("root", &Secret::new("the second password"))
            .await
            .unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_password_ends_the_old_sessions_though_no_operator_comes() {
    on_both("nobody comes", |bed| async move {
        if bed.store.dialect() == Dialect::Sqlite {
            // A SQLite folder has no other process whose sessions could live on.
            return;
        }
        let directory = bed.start(configured("root", "the first password")).await;
        let first = Secret::new("the first password");
        let mut refresh = directory
            .sign_in_operator("root", &first)
            .await
            .unwrap()
            .tokens
            .refresh;
        let _changed = bed.start(configured("root", "the second password")).await;
        // Another process, which was told nothing, still serves the old session for a moment.
        for _ in 0..100 {
            match directory
                .refresh(SessionKind::Admin, &refresh, Csrf::NotNeeded)
                .await
            {
                Ok(Refreshed::Operator(_, tokens)) => refresh = tokens.refresh,
                Ok(_) => panic!("the operator became a person"),
                Err(error) => return assert_eq!(error.code_str(), codes::REFRESH_INVALID),
            }
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
        panic!("the old session lives on");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_name_retires_the_old_one_but_not_those_made_by_hand() {
    on_both("changed name", |bed| async move {
        let password = Secret::new("the first password");
        let directory = bed.start(configured("root", password.expose())).await;
        directory.create_operator("helper", &password).await.unwrap();
        let tokens = directory
            .sign_in_operator("root", &password)
            .await
            .unwrap()
            .tokens;
        let renamed = bed.start(configured("boss", password.expose())).await;
        renamed.sign_in_operator("boss", &password).await.unwrap();
        renamed.sign_in_operator("helper", &password).await.unwrap();
        assert_eq!(
            code(renamed.sign_in_operator("root", &password).await),
            codes::CREDENTIALS_WRONG
        );
        assert!(
            renamed
                .authenticate(Credential::Bearer(tokens.access.expose()))
                .await
                .is_err()
        );
        assert!(
            directory
                .create_operator("x", &Secret::new("short"))
                .await
                .is_err()
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_strict_mode_generates_nothing() {
    on_both("strict operator", |bed| async move {
        let strict = Start {
            mode: Mode::Production,
            ..Start::default()
        };
        let Err(error) = bed.try_start(strict).await else {
            panic!("it started")
        };
        assert_eq!(error.field_str(), Some("ADMIN_PASSWORD"));
    })
    .await;
}
