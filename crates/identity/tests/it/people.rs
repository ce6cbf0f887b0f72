//! Listing, showing, changing and deleting people.

use busbar_identity::people::{UserId, UserQuery};
use busbar_identity::sessions::{Csrf, SessionKind};
use busbar_identity::{Credential, codes};
use busbar_kernel::Kind;
use serde_json::{Map, Value, json};

use crate::bed::{code, on_both, sign_up};

fn object(value: Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn people_are_listed_newest_first_and_found_by_address_or_name() {
    on_both("list", |bed| async move {
        let directory = bed.directory().await;
        for email in ["a_1@example.com", "ab1@example.com", "c@example.com"] {
            let who = sign_up(&directory, email).await;
            if email.starts_with('c') {
                let name = object(json!({"name": "Grace Hopper"}));
                directory.merge_profile(who.user.id, name).await.unwrap();
            }
            bed.advance(1);
        }
        let list = async |search: &str, limit, offset| {
            let search = search.to_owned();
            let page = directory
                .users(&UserQuery {
                    limit,
                    offset,
                    search,
                })
                .await
                .unwrap();
            let emails: Vec<_> = page.users.into_iter().map(|user| user.email).collect();
            (emails.join(" "), page.total)
        };
        assert_eq!(
            list("", 2, 0).await,
            ("c@example.com ab1@example.com".to_owned(), 3)
        );
        assert_eq!(list("", 2, 2).await, ("a_1@example.com".to_owned(), 3));
        assert_eq!(list("A_1", 10, 0).await, ("a_1@example.com".to_owned(), 1));
        assert_eq!(list("HOPPER", 10, 0).await, ("c@example.com".to_owned(), 1));
        assert_eq!(
            list("'; DROP TABLE auth.users; --", 10, 0).await,
            (String::new(), 0)
        );
        assert_eq!(list("", 0, 0).await, (String::new(), 3));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_profile_is_merged_on_its_first_level_and_bounded() {
    on_both("profile", |bed| async move {
        let directory = bed.directory().await;
        let who = sign_up(&directory, "ada@example.com").await;
        let shown = Credential::Bearer(who.tokens.access.expose());
        let actor = directory.authenticate(shown).await.unwrap();
        let merge = async |value: Value| directory.merge_own_profile(&actor, object(value)).await;
        merge(json!({"a": {"x": 1, "y": 2}, "b": "old", "q\"uote": true}))
            .await
            .unwrap();
        bed.advance(5);
        let user = merge(json!({"a": {"x": 3}, "b": null, "n": 1.5})).await.unwrap();
        assert_eq!(
            Value::Object(user.profile),
            json!({"a": {"x": 3}, "b": null, "q\"uote": true, "n": 1.5})
        );
        assert!(user.updated_at > user.created_at);
        let error = merge(json!({"long": "x".repeat(70_000)})).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.field_str()),
            (Kind::Invalid, Some("profile"))
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn merges_at_the_same_moment_lose_nothing() {
    on_both("profile race", |bed| async move {
        let directory = bed.directory().await;
        let id = sign_up(&directory, "ada@example.com").await.user.id;
        let merges: Vec<_> = (0..12)
            .map(|number| {
                let directory = directory.clone();
                tokio::spawn(async move {
                    let changes = object(json!({format!("k{number}"): number}));
                    directory.merge_profile(id, changes).await.unwrap();
                })
            })
            .collect();
        for merge in merges {
            merge.await.unwrap();
        }
        assert_eq!(directory.user(id).await.unwrap().profile.len(), 12);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_person_is_out_at_once() {
    on_both("delete", |bed| async move {
        let directory = bed.directory().await;
        let (ada, bob) = (
            sign_up(&directory, "ada@example.com").await,
            sign_up(&directory, "bob@example.com").await,
        );
        let shown = Credential::Bearer(ada.tokens.access.expose());
        assert!(directory.authenticate(shown).await.is_ok());
        let ids = [ada.user.id, UserId::new(&bed.clock)];
        assert_eq!(directory.delete_users(&ids).await.unwrap(), 1);
        assert_eq!(directory.delete_users(&ids).await.unwrap(), 0);
        assert_eq!(code(directory.authenticate(shown).await), codes::TOKEN_INVALID);
        let refresh = directory
            .refresh(SessionKind::User, &ada.tokens.refresh, Csrf::NotNeeded)
            .await;
        assert_eq!(code(refresh), codes::REFRESH_INVALID);
        assert_eq!(code(directory.user(ada.user.id).await), codes::USER_NOT_FOUND);
        assert!(directory.user(bob.user.id).await.is_ok());
        assert_ne!(sign_up(&directory, "ada@example.com").await.user.id, ada.user.id);
        assert_eq!(directory.delete_users(&[]).await.unwrap(), 0);
        let many: Vec<_> = (0..1001).map(|_| UserId::new(&bed.clock)).collect();
        assert_eq!(
            directory.delete_users(&many).await.unwrap_err().kind(),
            Kind::Invalid
        );
    })
    .await;
}
