//! Access keys, the key ring and the sealing key over restarts.

use busbar_identity::keys::AccessKey;
use busbar_identity::{Credential, codes};
use busbar_kernel::Actor;

use crate::bed::{Start, code, on_both, sign_up};

#[tokio::test(flavor = "multi_thread")]
async fn keys_are_made_once_and_recognised() {
    on_both("access keys", |bed| async move {
        let directory = bed.directory().await;
        let api = directory.access_key(AccessKey::Api).expose().to_owned();
        let anon = directory.access_key(AccessKey::Anon).expose().to_owned();
        assert!(api.starts_with("ik_") && api.len() == 67, "{api}");
        assert!(anon.starts_with("anon_") && anon.len() == 69, "{anon}");
        for shown in [Credential::ApiKey(&api), Credential::Bearer(&api)] {
            assert!(matches!(
                directory.authenticate(shown).await.unwrap(),
                Actor::Service { .. }
            ));
        }
        assert_eq!(
            directory.authenticate(Credential::Bearer(&anon)).await.unwrap(),
            Actor::Anonymous
        );
        for (shown, expected) in [
            (Credential::ApiKey(&anon), codes::API_KEY_INVALID),
            (Credential::ApiKey(""), codes::API_KEY_INVALID),
            (Credential::Bearer("ik_"), codes::API_KEY_INVALID),
            (Credential::Bearer("anon_x"), codes::ANON_KEY_INVALID),
            (Credential::Bearer(&api[3..]), codes::TOKEN_INVALID),
        ] {
            assert_eq!(code(directory.authenticate(shown).await), expected, "{shown:?}");
        }
        let again = bed.directory().await;
        assert_eq!(again.access_key(AccessKey::Api).expose(), api);
        assert_eq!(again.published_keys(), directory.published_keys());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_configured_key_counts_from_the_start_it_changed() {
    on_both("configured keys", |bed| async move {
        let with = |key: &str| Start {
            variables: vec![("ACCESS_API_KEY", key.to_owned())],
            ..Start::default()
        };
        let first = bed.start(with("0123456789")).await;
        assert_eq!(first.access_key(AccessKey::Api).expose(), "ik_0123456789");
        let second = bed.start(with("ik_abcdef")).await;
        assert_eq!(second.access_key(AccessKey::Api).expose(), "ik_abcdef");
        assert!(
            second
                .authenticate(Credential::ApiKey("ik_0123456789"))
                .await
                .is_err()
        );
        assert_eq!(
            bed.directory().await.access_key(AccessKey::Api).expose(),
            "ik_abcdef"
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_wrong_sealing_key_stops_the_start_and_changes_nothing() {
    on_both("wrong sealing key", |bed| async move {
        let directory = bed.directory().await;
        let tokens = sign_up(&directory, "ada@example.com").await.tokens;
        let wrong = Start {
            sealing: "another",
            ..Start::default()
        };
        let Err(error) = bed.try_start(wrong).await else {
            panic!("it started")
        };
        assert_eq!(error.code_str(), codes::WRONG_ENCRYPTION_KEY);
        assert!(error.message().contains("the test"), "{}", error.message());
        let again = bed.directory().await;
        assert!(
            again
                .authenticate(Credential::Bearer(tokens.access.expose()))
                .await
                .is_ok()
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn processes_that_start_at_once_agree_on_every_key() {
    on_both("start race", |bed| async move {
        let (one, other) = tokio::join!(bed.directory(), bed.directory());
        assert_eq!(one.published_keys(), other.published_keys());
        for which in [AccessKey::Api, AccessKey::Anon] {
            assert_eq!(one.access_key(which), other.access_key(which));
        }
    })
    .await;
}
