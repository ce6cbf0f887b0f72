//! Quotas of a bucket and of everything.

use busbar_files::objects::ObjectList;
use busbar_kernel::Kind;

use crate::fixture::{Fixture, operator, upload};
use crate::on_each_database;

on_each_database! {
    async fn what_does_not_fit_is_refused_and_replacing_frees_its_room(fixture: Fixture) {
        let (a, b) = (fixture.bucket("a", false).await, fixture.bucket("b", false).await);
        let files = fixture.limited(Some(150), Some(100)).await;
        let put = async |bucket: &_, key: &str, size: usize, told: bool| {
            let text = "x".repeat(size);
            let mut one = upload(bucket, key, &text);
            one.declared_size = told.then_some(size as u64);
            files.objects.upload(&operator(), one).await.map_err(|error| (error.kind(), error.code_str().to_owned()))
        };
        let full = (Kind::TooLarge, "files.quota".to_owned());
        put(&a, "one", 60, true).await.unwrap();
        assert_eq!(put(&a, "two", 41, true).await.unwrap_err(), full, "announced");
        assert_eq!(put(&a, "two", 41, false).await.unwrap_err(), full, "found out while it came");
        put(&a, "two", 40, false).await.unwrap();
        put(&a, "one", 60, false).await.unwrap();
        put(&b, "one", 50, true).await.unwrap();
        assert_eq!(put(&b, "two", 1, true).await.unwrap_err(), full, "all buckets together are full");
        assert_eq!(fixture.stored(), 3, "nothing is left of what was refused");
        files.objects.delete(&operator(), &a, &"two".parse().unwrap()).await.unwrap();
        put(&b, "two", 40, false).await.unwrap();
    }

    async fn uploads_that_end_at_the_same_moment_do_not_pass_a_quota_together(fixture: Fixture) {
        let (a, b) = (fixture.bucket("a", false).await, fixture.bucket("b", false).await);
        for (quota, bucket_quota) in [(Some(100), None), (None, Some(100)), (Some(150), Some(100))] {
            let files = fixture.limited(quota, bucket_quota).await;
            for round in 0..4 {
                let puts = (0..24).map(|number| {
                    let bucket = if quota == Some(100) && number % 2 == 0 { &b } else { &a };
                    let one = upload(bucket, &format!("{round}/{number}"), &"x".repeat(30));
                    let objects = files.objects.clone();
                    tokio::spawn(async move { objects.upload(&operator(), one).await })
                });
                let puts: Vec<_> = puts.collect();
                let mut stored = 0;
                for put in puts {
                    match put.await.unwrap() {
                        Ok(_) => stored += 1,
                        Err(error) => assert_eq!(error.code_str(), "files.quota", "{error:?}"),
                    }
                }
                assert_eq!(stored, 3, "three of 30 bytes fit into 100");
                for bucket in [&a, &b] {
                    let list = ObjectList::default();
                    for object in files.objects.list(&operator(), bucket, &list).await.unwrap().objects {
                        files.objects.delete(&operator(), bucket, &object.key).await.unwrap();
                    }
                }
            }
        }
        assert_eq!(fixture.stored(), 0);
    }
}
