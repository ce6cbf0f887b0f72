//! Refreshing, signing out, and stolen refresh tokens.

use busbar_identity::sessions::{Csrf, Refreshed, SessionKind, Tokens};
use busbar_identity::{Credential, Directory, codes};
use busbar_kernel::{Result, Secret};
use busbar_store::{Scope, params};

use crate::bed::{Start, code, on_both, sign_up};

async fn refresh(directory: &Directory, token: &Secret) -> Result<Tokens> {
    match directory
        .refresh(SessionKind::User, token, Csrf::NotNeeded)
        .await?
    {
        Refreshed::User(_, tokens) => Ok(tokens),
        Refreshed::Operator(..) => panic!("a person became the operator"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_refresh_gives_a_new_token_and_the_same_csrf_value() {
    on_both("rotation", |bed| async move {
        let directory = bed.directory().await;
        let mut tokens = sign_up(&directory, "ada@example.com").await.tokens;
        for _ in 0..3 {
            bed.advance(900);
            let shown = tokens.access.expose().to_owned();
            assert_eq!(
                code(directory.authenticate(Credential::Bearer(&shown)).await),
                codes::TOKEN_EXPIRED
            );
            let next = refresh(&directory, &tokens.refresh).await.unwrap();
            assert_ne!(next.refresh, tokens.refresh);
            assert_eq!((&next.csrf, next.session), (&tokens.csrf, tokens.session));
            directory
                .authenticate(Credential::Bearer(next.access.expose()))
                .await
                .unwrap();
            tokens = next;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tabs_that_refresh_at_once_receive_the_same_token() {
    on_both("refresh race", |bed| async move {
        let directory = bed.directory().await;
        let first = sign_up(&directory, "ada@example.com").await.tokens;
        let tabs: Vec<_> = (0..16)
            .map(|_| {
                let (directory, token) = (directory.clone(), first.refresh.clone());
                tokio::spawn(async move { refresh(&directory, &token).await })
            })
            .collect();
        let mut received = Vec::new();
        for tab in tabs {
            received.push(tab.await.unwrap().unwrap().refresh);
        }
        assert!(received.windows(2).all(|pair| pair[0] == pair[1]));
        bed.advance(9);
        assert_eq!(
            refresh(&directory, &first.refresh).await.unwrap().refresh,
            received[0]
        );
        refresh(&directory, &received[0]).await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_used_twice_after_the_grace_ends_the_whole_session() {
    on_both("reuse", |bed| async move {
        let directory = bed.directory().await;
        let stolen = sign_up(&directory, "ada@example.com").await.tokens;
        let other = sign_up(&directory, "bob@example.com").await.tokens;
        let next = refresh(&directory, &stolen.refresh).await.unwrap();
        bed.advance(11);
        assert_eq!(
            code(refresh(&directory, &stolen.refresh).await),
            codes::REFRESH_REUSED
        );
        assert_eq!(
            code(refresh(&directory, &next.refresh).await),
            codes::REFRESH_INVALID
        );
        let shown = next.access.expose();
        assert_eq!(
            code(directory.authenticate(Credential::Bearer(shown)).await),
            codes::TOKEN_INVALID
        );
        refresh(&directory, &other.refresh).await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_two_generations_old_is_stolen_even_within_the_grace() {
    on_both("old generation", |bed| async move {
        let directory = bed.directory().await;
        let first = sign_up(&directory, "ada@example.com").await.tokens;
        let second = refresh(&directory, &first.refresh).await.unwrap();
        let third = refresh(&directory, &second.refresh).await.unwrap();
        assert_eq!(
            code(refresh(&directory, &first.refresh).await),
            codes::REFRESH_REUSED
        );
        assert_eq!(
            code(refresh(&directory, &third.refresh).await),
            codes::REFRESH_INVALID
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sign_out_ends_refresh_and_access_also_over_a_restart() {
    on_both("sign out", |bed| async move {
        let directory = bed.directory().await;
        let tokens = sign_up(&directory, "ada@example.com").await.tokens;
        let shown = Credential::Bearer(tokens.access.expose());
        assert!(directory.authenticate(shown).await.is_ok());
        let csrf = Csrf::Shown(Some("wrong"));
        assert_eq!(
            code(directory.sign_out(SessionKind::User, &tokens.refresh, csrf).await),
            codes::CSRF_INVALID
        );
        assert!(directory.authenticate(shown).await.is_ok());
        let csrf = Csrf::Shown(Some(&tokens.csrf));
        assert!(
            directory
                .sign_out(SessionKind::User, &tokens.refresh, csrf)
                .await
                .unwrap()
        );
        assert!(
            !directory
                .sign_out(SessionKind::User, &tokens.refresh, csrf)
                .await
                .unwrap()
        );
        assert_eq!(code(directory.authenticate(shown).await), codes::TOKEN_INVALID);
        assert_eq!(
            code(refresh(&directory, &tokens.refresh).await),
            codes::REFRESH_INVALID
        );
        let mut bed = bed;
        bed.cache = busbar_cache::Cache::in_process(std::sync::Arc::new(bed.clock.clone()));
        let again = bed.directory().await;
        assert_eq!(code(again.authenticate(shown).await), codes::TOKEN_INVALID);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unused_session_ends_after_its_days_and_is_cleared_away() {
    on_both("session end", |bed| async move {
        let directory = bed.directory().await;
        let tokens = sign_up(&directory, "ada@example.com").await.tokens;
        bed.advance(7 * 86_400);
        assert_eq!(
            code(refresh(&directory, &tokens.refresh).await),
            codes::REFRESH_INVALID
        );
        bed.advance(901);
        sign_up(&directory, "bob@example.com").await;
        let db = bed.store.scope(Scope::Data).await.unwrap();
        let left: i64 = db
            .one("SELECT count(*) FROM auth.sessions", params![])
            .await
            .unwrap();
        assert_eq!(left, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn csrf_kind_and_directory_are_checked() {
    on_both("csrf", |bed| async move {
        let directory = bed.directory().await;
        let tokens = sign_up(&directory, "ada@example.com").await.tokens;
        for shown in [None, Some(""), Some("00"), Some(&*tokens.csrf.to_uppercase())] {
            let answer = directory
                .refresh(SessionKind::User, &tokens.refresh, Csrf::Shown(shown))
                .await;
            assert_eq!(code(answer), codes::CSRF_INVALID);
        }
        let as_admin = directory
            .refresh(SessionKind::Admin, &tokens.refresh, Csrf::NotNeeded)
            .await;
        assert_eq!(code(as_admin), codes::REFRESH_INVALID);
        for forged in ["", "rt_", "rt_AAAA", tokens.access.expose()] {
            assert_eq!(
                code(refresh(&directory, &Secret::new(forged)).await),
                codes::REFRESH_INVALID
            );
        }
        let other = bed
            .start(Start {
                name: "school",
                scope: Scope::App("school".to_owned()),
                ..Start::default()
            })
            .await;
        assert_eq!(
            code(refresh(&other, &tokens.refresh).await),
            codes::REFRESH_INVALID
        );
        let csrf = Csrf::Shown(Some(&tokens.csrf));
        directory
            .refresh(SessionKind::User, &tokens.refresh, csrf)
            .await
            .unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_database_keeps_no_token() {
    on_both("stored hashed", |bed| async move {
        let directory = bed.directory().await;
        let tokens = sign_up(&directory, "ada@example.com").await.tokens;
        let db = bed.store.scope(Scope::Data).await.unwrap();
        let kept: String = db
            .one("SELECT token_hash FROM auth.sessions", params![])
            .await
            .unwrap();
        assert_eq!(kept.len(), 64);
        assert!(!tokens.refresh.expose().contains(&kept));
        let secrets: Vec<String> = db
            .all("SELECT value_ciphertext FROM system.secrets", params![])
            .await
            .unwrap();
        assert!(
            secrets.len() >= 5
                && secrets
                    .iter()
                    .all(|text| !text.contains("PRIVATE") && !text.contains("ik_"))
        );
    })
    .await;
}
