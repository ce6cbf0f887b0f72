//! What the S3 gateway asks of files: keys in order, uploads in parts, conditions, tags, access keys.

use std::time::Duration;

use busbar_files::objects::{Attached, Condition, KeyEntry, KeyList, Upload, Via, ViaS3};
use busbar_files::uploads::{NamedPart, NewUpload};
use busbar_files::{BucketName, Object};
use busbar_kernel::ids::Id;
use busbar_kernel::{Kind, Result};
use busbar_store::params;

use crate::fixture::{Fixture, body, key, operator, upload, user};
use crate::on_each_database;

async fn begin(fixture: &Fixture, bucket: &BucketName, at: &str) -> Id {
    let new = NewUpload {
        bucket: bucket.clone(),
        key: key(at),
        declared_type: Some("text/plain".to_owned()),
        attached: Attached::default(),
        access_key_id: Some("BB1".to_owned()),
    };
    fixture.files.uploads.begin(&operator(), new).await.unwrap()
}

async fn complete(
    fixture: &Fixture,
    bucket: &BucketName,
    at: &str,
    id: Id,
    parts: &[(u32, &str)],
) -> Result<Object> {
    let named: Vec<_> = parts
        .iter()
        .map(|(number, etag)| NamedPart {
            number: *number,
            etag: (*etag).to_owned(),
        })
        .collect();
    let place = (id, bucket, &key(at));
    fixture
        .files
        .uploads
        .complete(&operator(), place, &named, Condition::None)
        .await
}

on_each_database! {
    async fn keys_come_in_order_folded_and_in_pages(fixture: Fixture) {
        let b = fixture.bucket("b", false).await;
        for at in ["a", "a/1", "a/2/x", "a/2/y", "a0", "b/1", "c", "ä/1", "日本/1", "𝄞"] {
            fixture.put(&operator(), &b, at, "x").await.unwrap();
        }
        let list = async |prefix: &str, delimiter: Option<&str>, limit: usize| {
            let mut found = Vec::new();
            let mut after = String::new();
            loop {
                let wanted = KeyList {
                    prefix: prefix.to_owned(),
                    delimiter: delimiter.map(str::to_owned),
                    after: after.clone(),
                    limit,
                };
                let page = fixture.files.objects.keys(&operator(), &b, &wanted).await.unwrap();
                assert!(page.entries.len() <= limit);
                found.extend(page.entries.iter().map(|entry| match entry {
                    KeyEntry::Object(object) => object.key.to_string(),
                    KeyEntry::Prefix(prefix) => format!("{prefix}…"),
                }));
                match page.entries.last() {
                    Some(last) if page.truncated => after = last.text().to_owned(),
                    _ => return found.join(" "),
                }
            }
        };
        for limit in [1, 2, 3, 1000] {
            assert_eq!(list("", None, limit).await, "a a/1 a/2/x a/2/y a0 b/1 c ä/1 日本/1 𝄞", "{limit}");
            assert_eq!(list("", Some("/"), limit).await, "a a/… a0 b/… c ä/… 日本/… 𝄞", "{limit}");
            assert_eq!(list("a/", Some("/"), limit).await, "a/1 a/2/…", "{limit}");
            assert_eq!(list("a", Some("/"), limit).await, "a a/… a0", "{limit}");
            assert_eq!(list("日", None, limit).await, "日本/1", "{limit}");
            assert_eq!(list("z", Some("/"), limit).await, "", "{limit}");
        }
    }

    async fn parts_become_one_object_and_nothing_else_stays(fixture: Fixture) {
        let b = fixture.bucket("b", false).await;
        let id = begin(&fixture, &b, "k").await;
        let large = "a".repeat(5 * 1024 * 1024);
        let uploads = &fixture.files.uploads;
        let part = async |number: u32, text: &str| {
            uploads.put_part(&operator(), (id, &b, &key("k")), number, body(text)).await.unwrap().etag
        };
        assert_eq!(part(1, "not this").await.len(), 32);
        let first = part(1, &large).await;
        assert_eq!(first, "79b281060d337b9b2b84ccf390adcf74");
        let second = part(2, "b").await;
        let third = part(3, "not named").await;
        assert_eq!(fixture.stored(), 3, "a part that was sent twice is there once");
        let (listed, more) = uploads.parts(&operator(), (id, &b, &key("k")), 1, 1).await.unwrap();
        assert_eq!((listed[0].number, listed.len(), more), (2, 1, true));
        for (parts, code) in [
            (vec![], "files.part_invalid"),
            (vec![(2, second.as_str()), (1, first.as_str())], "files.part_order"),
            (vec![(1, second.as_str())], "files.part_invalid"),
            (vec![(2, second.as_str()), (3, "b")], "files.part_invalid"),
            (vec![(2, second.as_str()), (3, third.as_str())], "files.part_too_small"),
        ] {
            assert_eq!(complete(&fixture, &b, "k", id, &parts).await.unwrap_err().code_str(), code);
        }
        let object = complete(&fixture, &b, "k", id, &[(1, &first), (2, &second)]).await.unwrap();
        assert_eq!(object.etag.as_deref(), Some("e5a8c5272b26fc10581a21089559b006-2"));
        assert_eq!((object.size, object.s3_access_key_id.as_deref()), (5 * 1024 * 1024 + 1, Some("BB1")));
        assert_eq!(fixture.get(&operator(), &b, "k").await.unwrap(), format!("{large}b"));
        assert_eq!(fixture.stored(), 1);
        let again = complete(&fixture, &b, "k", id, &[(1, &first)]).await.unwrap_err();
        assert_eq!(again.code_str(), "upload.not_found");
    }

    async fn uploads_are_for_administrators_and_go_when_nobody_goes_on(fixture: Fixture) {
        let b = fixture.bucket("b", false).await;
        let id = begin(&fixture, &b, "k").await;
        let uploads = &fixture.files.uploads;
        let (at, ada) = (key("k"), user("ada"));
        let place = (id, &b, &at);
        assert_eq!(uploads.put_part(&ada, place, 1, body("x")).await.unwrap_err().kind(), Kind::Forbidden);
        assert_eq!(uploads.call_off(&ada, place).await.unwrap_err().kind(), Kind::Forbidden);
        uploads.put_part(&operator(), place, 1, body("x")).await.unwrap();
        let elsewhere = uploads.put_part(&operator(), (id, &b, &key("j")), 1, body("x")).await.unwrap_err();
        assert_eq!(elsewhere.code_str(), "upload.not_found");
        fixture.clock.advance(Duration::from_secs(6 * 86_400));
        fixture.files.sweep_orphans().await.unwrap();
        assert_eq!(fixture.stored(), 1, "a part of six days is no orphan");
        uploads.put_part(&operator(), place, 2, body("y")).await.unwrap();
        fixture.clock.advance(Duration::from_secs(2 * 86_400));
        fixture.files.sweep_orphans().await.unwrap();
        assert_eq!(fixture.stored(), 2, "somebody went on with it");
        fixture.clock.advance(Duration::from_secs(6 * 86_400));
        fixture.files.sweep_orphans().await.unwrap();
        assert_eq!(fixture.stored(), 0);
        assert!(uploads.list(&operator(), &b, "", ("", None), 10).await.unwrap().uploads.is_empty());
    }

    async fn conditions_hold_in_the_moment_of_writing(fixture: Fixture) {
        let b = fixture.bucket("b", false).await;
        let put = async |text: &str, condition: Condition| {
            let mut one: Upload = upload(&b, "k", text);
            one.via = Via::S3;
            one.s3 = ViaS3 { condition, ..ViaS3::default() };
            fixture.files.objects.upload(&operator(), one).await.map_err(|error| error.code_str().to_owned())
        };
        let refused = Err("files.precondition".to_owned());
        assert_eq!(put("x", Condition::Tag("none".to_owned())).await, refused);
        let (one, two) = tokio::join!(put("one", Condition::Absent), put("two", Condition::Absent));
        assert_eq!(u8::from(one.is_ok()) + u8::from(two.is_ok()), 1, "only one of two is the first");
        let first = one.or(two).unwrap();
        assert_eq!(put("x", Condition::Absent).await, refused);
        put("three", Condition::Tag(first.etag.unwrap())).await.unwrap();
        assert_eq!(fixture.get(&operator(), &b, "k").await.unwrap(), "three");
        assert_eq!(fixture.stored(), 1, "refused bytes are removed");
    }

    async fn tags_and_metadata_have_limits(fixture: Fixture) {
        let b = fixture.bucket("b", false).await;
        fixture.put(&operator(), &b, "k", "x").await.unwrap();
        let objects = &fixture.files.objects;
        let tags = |count: usize| (0..count).map(|number| (format!("t{number}"), "v".to_owned())).collect();
        objects.set_tags(&operator(), &b, &key("k"), tags(10)).await.unwrap();
        let error = objects.set_tags(&operator(), &b, &key("k"), tags(11)).await.unwrap_err();
        assert_eq!((error.code_str(), error.field_str()), ("files.tags_invalid", Some("Tagging")));
        let (found, _) = objects.find(&operator(), &b, &key("k"), None).await.unwrap();
        assert_eq!(found.attached().tags.len(), 10);
        let mut one = upload(&b, "m", "x");
        one.s3.attached.metadata.insert("a".to_owned(), "x".repeat(2048));
        assert_eq!(objects.upload(&operator(), one).await.unwrap_err().code_str(), "files.metadata_too_large");
    }

    async fn secrets_of_access_keys_are_sealed_and_shown_once(fixture: Fixture) {
        let keys = &fixture.files.access_keys;
        assert_eq!(keys.create(&user("ada"), None).await.unwrap_err().kind(), Kind::Forbidden);
        assert_eq!(keys.list(&user("ada")).await.unwrap_err().kind(), Kind::Forbidden);
        let (made, secret) = keys.create(&operator(), Some("backups")).await.unwrap();
        assert_eq!((secret.expose().len(), made.description.as_deref()), (40, Some("backups")));
        let row = "SELECT secret_sealed FROM storage.s3_access_keys";
        let sealed: String = fixture.db.one(row, params![]).await.unwrap();
        assert!(!sealed.contains(secret.expose()));
        let (found, opened) = keys.find(&made.access_key_id).await.unwrap().unwrap();
        assert_eq!((found.id, opened.expose()), (made.id, secret.expose()));
        keys.note_use(&found).await;
        assert!(keys.list(&operator()).await.unwrap()[0].last_used_at.is_some());
        keys.delete(&operator(), made.id).await.unwrap();
        assert!(keys.find(&made.access_key_id).await.unwrap().is_none());
        assert_eq!(keys.delete(&operator(), made.id).await.unwrap_err().kind(), Kind::NotFound);
        let long = "x".repeat(501);
        assert_eq!(keys.create(&operator(), Some(&long)).await.unwrap_err().field_str(), Some("description"));
    }

    async fn only_an_empty_bucket_goes(fixture: Fixture) {
        let b = fixture.bucket("b", false).await;
        fixture.put(&operator(), &b, "k", "x").await.unwrap();
        let buckets = &fixture.files.buckets;
        assert_eq!(buckets.delete_empty(&operator(), &b).await.unwrap_err().code_str(), "files.bucket_not_empty");
        fixture.files.objects.delete(&operator(), &b, &key("k")).await.unwrap();
        begin(&fixture, &b, "never completed").await;
        buckets.delete_empty(&operator(), &b).await.unwrap();
        assert_eq!(buckets.delete_empty(&operator(), &b).await.unwrap_err().code_str(), "bucket.not_found");
    }
}
