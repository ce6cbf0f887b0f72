//! Buckets made, counted, opened and removed.

use std::time::Duration;

use busbar_kernel::Kind;

use crate::fixture::{Fixture, bucket, operator, user};
use crate::on_each_database;

on_each_database! {
    async fn a_bucket_is_made_once_counted_opened_and_removed_with_everything(fixture: Fixture) {
        let photos = fixture.bucket("photos", false).await;
        fixture.bucket("Empty", true).await;
        let again = fixture.files.buckets.create(&operator(), &photos, true).await.unwrap_err();
        assert_eq!((again.kind(), again.code_str()), (Kind::Conflict, "files.bucket_exists"));

        for number in 0..3 {
            fixture.put(&operator(), &photos, &format!("{number}.txt"), "12345").await.unwrap();
        }
        let list = fixture.files.buckets.list(&operator()).await.unwrap();
        let facts: Vec<_> = list
            .iter()
            .map(|usage| (usage.bucket.name.as_str(), usage.bucket.public, usage.objects, usage.bytes))
            .collect();
        assert_eq!(facts, [("Empty", true, 0, 0), ("photos", false, 3, 15)]);

        fixture.clock.advance(Duration::from_secs(5));
        let opened = fixture.files.buckets.set_public(&operator(), &photos, true).await.unwrap();
        assert!(opened.public);
        assert_eq!((opened.updated_at - opened.created_at).num_seconds(), 5);
        assert_eq!(fixture.files.buckets.find(&photos).await.unwrap(), opened);

        fixture.files.buckets.delete(&operator(), &photos).await.unwrap();
        assert_eq!(fixture.stored(), 0, "the bytes must go with the bucket");
        for error in [
            fixture.files.buckets.find(&photos).await.unwrap_err(),
            fixture.files.buckets.delete(&operator(), &photos).await.unwrap_err(),
            fixture.files.buckets.set_public(&operator(), &photos, true).await.unwrap_err(),
        ] {
            assert_eq!(error.code_str(), "bucket.not_found");
        }
    }

    async fn the_limit_is_the_variables_until_an_administrator_sets_one(fixture: Fixture) {
        let limits = &fixture.files.limits;
        let first = limits.show(&operator()).await.unwrap();
        assert_eq!((first.bytes, first.megabytes()), (crate::fixture::LIMIT, 1));
        fixture.clock.advance(Duration::from_secs(400 * 86_400));
        let set = limits.set(&operator(), 200).await.unwrap();
        assert_eq!((set.id, set.megabytes()), (first.id, 200));
        assert_eq!(limits.show(&operator()).await.unwrap(), set);
        for wrong in [0, 201, u64::MAX] {
            let error = limits.set(&operator(), wrong).await.unwrap_err();
            assert_eq!(error.field_str(), Some("maxFileSizeMb"));
        }
        assert_eq!(limits.set(&user("a"), 3).await.unwrap_err().kind(), Kind::Forbidden);
        assert_eq!(limits.show(&user("a")).await.unwrap_err().kind(), Kind::Forbidden);
        let there = bucket("b");
        fixture.files.buckets.create(&operator(), &there, false).await.unwrap();
        let text = "x".repeat(2 * 1024 * 1024);
        fixture.put(&operator(), &there, "large", &text).await.unwrap();
        limits.set(&operator(), 1).await.unwrap();
        let refused = fixture.put(&operator(), &there, "larger", &text).await.unwrap_err();
        assert_eq!(refused.kind(), Kind::TooLarge);
    }
}
