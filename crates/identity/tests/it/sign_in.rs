//! Signing up and in.

use busbar_identity::people::{NewUser, SignedUp};
use busbar_identity::{Credential, codes};
use busbar_kernel::{Actor, Kind, Secret};
use busbar_store::{Scope, params};

use crate::bed::{PASSWORD, Start, code, new_user, on_both, sign_up};

#[tokio::test(flavor = "multi_thread")]
async fn whoever_signs_up_is_in_and_comes_in_again() {
    on_both("sign up and in", |bed| async move {
        let directory = bed.directory().await;
        let new = NewUser {
            name: Some(" Ada ".to_owned()),
            ..new_user("Ada@Example.com")
        };
        let SignedUp::In(user, tokens) = directory.sign_up(new).await.unwrap() else {
            panic!("no session started")
        };
        assert_eq!(
            (user.email.as_str(), user.profile["name"].as_str()),
            ("ada@example.com", Some("Ada"))
        );
        assert_eq!(
            (user.providers.as_slice(), user.email_verified),
            (&["email".to_owned()][..], false)
        );
        let actor = directory
            .authenticate(Credential::Bearer(tokens.access.expose()))
            .await
            .unwrap();
        let Actor::User(who) = &actor else {
            panic!("{actor:?}")
        };
        assert_eq!(
            (who.subject.as_str(), who.email.as_deref()),
            (user.id.to_string().as_str(), Some("ada@example.com"))
        );
        assert_eq!(directory.current_user(&actor).await.unwrap(), *user);

        let back = directory
            .sign_in("ADA@example.com", &Secret::new(PASSWORD))
            .await
            .unwrap();
        assert_eq!(back.user, *user);
        assert_ne!(back.tokens.session, tokens.session);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_is_taken_once_even_at_the_same_moment() {
    on_both("address taken once", |bed| async move {
        let directory = bed.directory().await;
        let attempts = (0..8).map(|_| directory.sign_up(new_user("ada@example.com")));
        let mut answers = futures_join(attempts).await;
        answers.sort_by_key(Result::is_err);
        assert!(answers[0].is_ok());
        for refused in answers.into_iter().skip(1) {
            let error = refused.expect_err("two people have one address");
            assert_eq!(
                (error.kind(), error.code_str()),
                (Kind::Conflict, codes::EMAIL_TAKEN)
            );
        }
    })
    .await;
}

async fn futures_join<F: Future>(all: impl Iterator<Item = F>) -> Vec<F::Output> {
    let mut waiting: Vec<_> = all.map(Box::pin).collect();
    let mut done = Vec::new();
    std::future::poll_fn(|context| {
        waiting.retain_mut(|one| match one.as_mut().poll(context) {
            std::task::Poll::Ready(output) => {
                done.push(output);
                false
            }
            std::task::Poll::Pending => true,
        });
        if waiting.is_empty() {
            std::task::Poll::Ready(())
        } else {
            std::task::Poll::Pending
        }
    })
    .await;
    done
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_address_and_wrong_password_look_and_cost_the_same() {
    on_both("same cost", |bed| async move {
        let directory = bed.directory().await;
        sign_up(&directory, "ada@example.com").await;
        for (email, password) in [
            ("nobody@example.com", PASSWORD),
            ("ada@example.com", "wrong horse"),
        ] {
            let before = bed.passwords.computed();
            let error = directory
                .sign_in(email, &Secret::new(password))
                .await
                .unwrap_err();
            assert_eq!(error.code_str(), codes::CREDENTIALS_WRONG);
            assert_eq!(bed.passwords.computed() - before, 1, "{email}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn failures_lock_known_and_unknown_accounts_alike() {
    on_both("lock-out", |bed| async move {
        let directory = bed.directory().await;
        sign_up(&directory, "ada@example.com").await;
        for email in ["ada@example.com", "nobody@example.com"] {
            for _ in 0..5 {
                assert_eq!(
                    code(directory.sign_in(email, &Secret::new("wrong")).await),
                    codes::CREDENTIALS_WRONG
                );
            }
            let error = directory
                .sign_in(email, &Secret::new(PASSWORD))
                .await
                .unwrap_err();
            assert_eq!(
                (error.kind(), error.code_str()),
                (Kind::RateLimited, codes::LOCKED_OUT)
            );
            assert_eq!(error.retry_after_value().unwrap().as_secs(), 600);
        }
        bed.advance(601);
        directory
            .sign_in("ada@example.com", &Secret::new(PASSWORD))
            .await
            .unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_adopted_bcrypt_hash_is_upgraded_at_sign_in() {
    on_both("bcrypt upgrade", |bed| async move {
        let directory = bed.directory().await;
        let who = sign_up(&directory, "ada@example.com").await;
        let db = bed.store.scope(Scope::Data).await.unwrap();
        let old = bcrypt::hash("from insforge", 4).unwrap();
        let id = who.user.id.0.0;
        db.execute(
            "UPDATE auth.users SET password = $2 WHERE id = $1",
            params![id, old],
        )
        .await
        .unwrap();
        directory
            .sign_in("ada@example.com", &Secret::new("from insforge"))
            .await
            .unwrap();
        let now: String = db
            .one("SELECT password FROM auth.users WHERE id = $1", params![id])
            .await
            .unwrap();
        assert!(now.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        directory
            .sign_in("ada@example.com", &Secret::new("from insforge"))
            .await
            .unwrap();
        assert!(
            directory
                .sign_in("ada@example.com", &Secret::new("x"))
                .await
                .is_err()
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn weak_passwords_and_bad_addresses_change_nothing() {
    on_both("bad sign-ups", |bed| async move {
        let directory = bed.directory().await;
        let weak = NewUser {
            password: Secret::new("short"),
            ..new_user("ada@example.com")
        };
        assert_eq!(code(directory.sign_up(weak).await), codes::PASSWORD_WEAK);
        assert_eq!(
            code(directory.sign_up(new_user("not an address")).await),
            codes::EMAIL_INVALID
        );
        let long = NewUser {
            name: Some("x".repeat(300)),
            ..new_user("ada@example.com")
        };
        assert_eq!(
            directory.sign_up(long).await.unwrap_err().field_str(),
            Some("name")
        );
        assert_eq!(directory.users(&Default::default()).await.unwrap().total, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_directories_hold_two_people_with_one_address() {
    on_both("two directories", |bed| async move {
        let one = bed.directory().await;
        let other = bed
            .start(Start {
                name: "school",
                scope: Scope::App("school".to_owned()),
                ..Start::default()
            })
            .await;
        let (first, second) = (
            sign_up(&one, "ada@example.com").await,
            sign_up(&other, "ada@example.com").await,
        );
        assert_ne!(first.user.id, second.user.id);
        let shown = Credential::Bearer(first.tokens.access.expose());
        assert!(one.authenticate(shown).await.is_ok());
        assert_eq!(code(other.authenticate(shown).await), codes::TOKEN_INVALID);
    })
    .await;
}
