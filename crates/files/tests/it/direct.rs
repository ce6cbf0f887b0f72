//! Uploads that go to the object store itself: begun, sent past Busbar, confirmed.

use std::time::Duration;

use busbar_files::objects::Announced;
use busbar_files::{BucketName, Object};
use busbar_kernel::{Actor, Kind, Result};
use busbar_ports::objects::{ObjectName, ObjectStore};
use busbar_schema::NewPolicy;

use crate::fixture::{Fixture, LIMIT, body, key, operator, user};
use crate::on_each_database;

/// Where the form of a new upload leads.
async fn begun(fixture: &Fixture, actor: &Actor, bucket: &BucketName, at: &str) -> Result<ObjectName> {
    let announced = Announced {
        content_type: Some("text/plain".to_owned()),
        size: None,
    };
    let objects = &fixture.files.objects;
    let direct = objects
        .begin_direct(actor, bucket, &key(at), &announced)
        .await?
        .unwrap();
    assert_eq!(direct.expires_at, fixture.now() + Duration::from_secs(3600));
    let (_, name) = direct
        .form
        .fields
        .into_iter()
        .find(|(field, _)| *field == "key")
        .unwrap();
    name.parse()
}

/// What the client does with it.
async fn sent(fixture: &Fixture, name: &ObjectName, text: &str) {
    fixture.bytes.put(name, body(text), u64::MAX).await.unwrap();
}

async fn confirmed(fixture: &Fixture, actor: &Actor, bucket: &BucketName, at: &str) -> Result<Object> {
    fixture.files.objects.confirm(actor, bucket, &key(at)).await
}

on_each_database! {
    async fn what_came_is_an_object_once_it_is_confirmed(fixture: Fixture) {
        let b = fixture.bucket("b", false).await;
        let (ada, eve) = (user("ada"), user("eve"));
        let form = begun(&fixture, &ada, &b, "hers").await.unwrap();
        assert_eq!(confirmed(&fixture, &ada, &b, "hers").await.unwrap_err().kind(), Kind::NotFound, "nothing came");
        sent(&fixture, &form, "hello").await;
        assert!(fixture.get(&ada, &b, "hers").await.is_err(), "not before it is confirmed");
        assert_eq!(confirmed(&fixture, &eve, &b, "hers").await.unwrap_err().kind(), Kind::NotFound, "not hers");
        assert_eq!(confirmed(&fixture, &Actor::Nobody, &b, "hers").await.unwrap_err().kind(), Kind::Unauthenticated);
        let object = confirmed(&fixture, &ada, &b, "hers").await.unwrap();
        assert_eq!((object.size, object.mime_type.as_deref()), (5, Some("text/plain")));
        assert_eq!(object.etag.as_deref(), Some("5d41402abc4b2a76b9719d911017c592"), "the MD5 of what came");
        assert_eq!(object.uploaded_by.as_deref(), Some("ada"));
        assert_eq!(fixture.stored(), 1, "what came by the form is gone");
        // Whoever still holds the form changes nothing, and confirming again changes nothing either.
        sent(&fixture, &form, "<script>alert(1)</script>").await;
        assert_eq!(fixture.get(&ada, &b, "hers").await.unwrap(), "hello");
        assert_eq!(confirmed(&fixture, &ada, &b, "hers").await.unwrap(), object);
        // A page is stored as what cannot act, whatever was announced.
        let form = begun(&fixture, &ada, &b, "hers").await.unwrap();
        sent(&fixture, &form, "<!doctype html><script>alert(1)</script>").await;
        let page = confirmed(&fixture, &ada, &b, "hers").await.unwrap();
        assert_eq!(page.mime_type.as_deref(), Some("application/octet-stream"));
        let form = begun(&fixture, &operator(), &b, "ours").await.unwrap();
        sent(&fixture, &form, "").await;
        assert_eq!(confirmed(&fixture, &operator(), &b, "ours").await.unwrap().size, 0);
    }

    async fn what_may_not_be_stored_is_not_and_leaves_nothing(fixture: Fixture) {
        let b = fixture.bucket("b", false).await;
        let (ada, eve) = (user("ada"), user("eve"));
        fixture.put(&ada, &b, "hers", "secret").await.unwrap();
        assert_eq!(begun(&fixture, &eve, &b, "hers").await.unwrap_err().code_str(), "files.denied");
        assert_eq!(begun(&fixture, &Actor::Anonymous, &b, "x").await.unwrap_err().kind(), Kind::Forbidden);
        let form = begun(&fixture, &eve, &b, "large").await.unwrap();
        sent(&fixture, &form, &"x".repeat(usize::try_from(LIMIT).unwrap() + 1)).await;
        assert_eq!(confirmed(&fixture, &eve, &b, "large").await.unwrap_err().code_str(), "objects.too_large");
        assert_eq!(fixture.stored(), 1, "the store's own limit was passed by, ours was not");
        // Somebody else took the key between form and confirmation.
        let form = begun(&fixture, &eve, &b, "late").await.unwrap();
        sent(&fixture, &form, "eve's").await;
        fixture.put(&ada, &b, "late", "ada's").await.unwrap();
        assert_eq!(confirmed(&fixture, &eve, &b, "late").await.unwrap_err().code_str(), "files.denied");
        assert_eq!(fixture.get(&ada, &b, "late").await.unwrap(), "ada's");
        // A policy that looks at the size is asked when the size is known.
        let small = NewPolicy {
            table: "storage.objects".to_owned(),
            name: "small".to_owned(),
            command: "INSERT".to_owned(),
            permissive: true,
            roles: vec!["authenticated".to_owned()],
            using: None,
            check: Some("size < 10".to_owned()),
        };
        fixture.schema.policies.create(&small).await.unwrap();
        let before = fixture.stored();
        let form = begun(&fixture, &eve, &b, "policed").await.unwrap();
        sent(&fixture, &form, "more than ten bytes").await;
        assert_eq!(confirmed(&fixture, &eve, &b, "policed").await.unwrap_err().code_str(), "files.denied");
        assert_eq!(fixture.stored(), before);
    }

    async fn what_nobody_confirms_goes_with_the_sweep(fixture: Fixture) {
        let b = fixture.bucket("b", false).await;
        let ada = user("ada");
        let form = begun(&fixture, &ada, &b, "forgotten").await.unwrap();
        sent(&fixture, &form, "bytes").await;
        fixture.clock.advance(Duration::from_secs(3600));
        assert_eq!(fixture.files.sweep_orphans().await.unwrap(), 0, "it may still be confirmed");
        fixture.clock.advance(Duration::from_secs(3601));
        assert_eq!(fixture.files.sweep_orphans().await.unwrap(), 1);
        assert_eq!(fixture.stored(), 0);
        assert_eq!(confirmed(&fixture, &ada, &b, "forgotten").await.unwrap_err().kind(), Kind::NotFound);
    }

    async fn what_is_promised_counts_for_quotas(fixture: Fixture) {
        let b = fixture.bucket("b", false).await;
        let files = fixture.limited(Some(100), None).await;
        let begin = async |at: &str, size: Option<u64>| {
            let announced = Announced { content_type: None, size };
            let begun = files.objects.begin_direct(&user("ada"), &b, &key(at), &announced).await;
            begun.map(|direct| direct.unwrap().form.fields).map_err(|error| error.code_str().to_owned())
        };
        begin("one", Some(60)).await.unwrap();
        assert_eq!(begin("two", Some(41)).await.unwrap_err(), "files.quota");
        let form = begin("two", None).await.unwrap();
        assert_eq!(begin("three", None).await.unwrap_err(), "files.quota", "the second may bring the rest");
        let (_, name) = form.into_iter().find(|(field, _)| *field == "key").unwrap();
        sent(&fixture, &name.parse().unwrap(), &"x".repeat(101)).await;
        let confirmed = files.objects.confirm(&user("ada"), &b, &key("two")).await;
        assert_eq!(confirmed.unwrap_err().code_str(), "files.quota");
        assert_eq!(fixture.stored(), 0);
        begin("three", Some(40)).await.unwrap();
    }
}
