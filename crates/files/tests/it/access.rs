//! Who may do what.

use busbar_files::ObjectRule;
use busbar_files::objects::{Announced, Deletion, ObjectList};
use busbar_kernel::{Actor, Kind};

use crate::fixture::{Fixture, bucket, key, operator, upload, user};
use crate::on_each_database;

on_each_database! {
    async fn only_the_owner_and_administrators_reach_a_private_object(fixture: Fixture) {
        let b = fixture.bucket("b", false).await;
        let (ada, eve) = (user("ada"), user("eve"));
        let service = Actor::Service { name: "api-key".to_owned() };
        fixture.put(&ada, &b, "hers", "secret").await.unwrap();

        for reader in [&ada, &service, &operator()] {
            assert_eq!(fixture.get(reader, &b, "hers").await.unwrap(), "secret");
        }
        for (reader, kind) in [
            (&eve, Kind::NotFound),
            (&Actor::Anonymous, Kind::Forbidden),
            (&Actor::Nobody, Kind::Unauthenticated),
        ] {
            let error = fixture.get(reader, &b, "hers").await.unwrap_err();
            assert_eq!(error.kind(), kind, "{reader:?}");
            // What is not there answers alike: nobody learns of a key.
            let missing = fixture.get(reader, &b, "missing").await.unwrap_err();
            assert_eq!((missing.kind(), missing.message()), (kind, error.message()), "{reader:?}");
            let nowhere = fixture.get(reader, &bucket("nowhere"), "hers").await.unwrap_err();
            assert_eq!(nowhere.kind(), kind, "{reader:?}");
        }

        assert_eq!(fixture.put(&eve, &b, "hers", "mine now").await.unwrap_err().code_str(), "files.denied");
        let denied = fixture.files.objects.may_upload(&eve, &b, &key("hers"), &Announced::default()).await.unwrap_err();
        assert_eq!(denied.kind(), Kind::Forbidden);
        assert_eq!(fixture.files.objects.delete(&eve, &b, &key("hers")).await.unwrap_err().kind(), Kind::NotFound);
        let many = fixture.files.objects.delete_many(&eve, &b, &["hers".to_owned()]).await.unwrap();
        assert_eq!(many, [Deletion::NotFound]);
        let page = fixture.files.objects.list(&eve, &b, &ObjectList::default()).await.unwrap();
        assert_eq!((page.total, page.objects.len()), (0, 0));
        assert_eq!(fixture.files.objects.list(&ada, &b, &ObjectList::default()).await.unwrap().total, 1);

        for (stranger, kind) in [(Actor::Anonymous, Kind::Forbidden), (Actor::Nobody, Kind::Unauthenticated)] {
            let objects = &fixture.files.objects;
            let errors = [
                objects.upload(&stranger, upload(&b, "k", "x")).await.err(),
                objects.delete(&stranger, &b, &key("hers")).await.err(),
                objects.delete_many(&stranger, &b, &["hers".to_owned()]).await.err(),
                objects.list(&stranger, &b, &ObjectList::default()).await.err(),
            ];
            assert!(errors.iter().all(|error| error.as_ref().unwrap().kind() == kind), "{errors:?}");
        }
        assert_eq!(fixture.get(&ada, &b, "hers").await.unwrap(), "secret", "nothing was changed");
        assert_eq!(fixture.stored(), 1);
    }

    async fn a_public_bucket_is_read_by_all_and_written_as_any_other(fixture: Fixture) {
        let b = fixture.bucket("b", true).await;
        fixture.put(&user("ada"), &b, "hers", "open").await.unwrap();
        for reader in [user("eve"), Actor::Anonymous, Actor::Nobody] {
            assert_eq!(fixture.get(&reader, &b, "hers").await.unwrap(), "open");
            assert_eq!(fixture.get(&reader, &b, "missing").await.unwrap_err().kind(), Kind::NotFound);
            assert!(fixture.put(&reader, &b, "hers", "x").await.is_err());
        }
        assert_eq!(fixture.files.objects.list(&user("eve"), &b, &ObjectList::default()).await.unwrap().total, 0);
        fixture.files.buckets.set_public(&operator(), &b, false).await.unwrap();
        assert_eq!(fixture.get(&Actor::Nobody, &b, "hers").await.unwrap_err().kind(), Kind::Unauthenticated);
    }

    async fn buckets_belong_to_administrators(fixture: Fixture) {
        let b = fixture.bucket("b", false).await;
        for (caller, kind) in [
            (user("ada"), Kind::Forbidden),
            (Actor::Anonymous, Kind::Forbidden),
            (Actor::Nobody, Kind::Unauthenticated),
        ] {
            let buckets = &fixture.files.buckets;
            let errors = [
                buckets.list(&caller).await.err(),
                buckets.create(&caller, &bucket("c"), true).await.err(),
                buckets.set_public(&caller, &b, true).await.err(),
                buckets.delete(&caller, &b).await.err(),
            ];
            assert!(errors.iter().all(|error| error.as_ref().unwrap().kind() == kind), "{errors:?}");
        }
        assert_eq!(fixture.files.buckets.list(&operator()).await.unwrap().len(), 1);
    }

    async fn the_original_rule_lets_everybody_signed_in_do_everything(fixture: Fixture) {
        let b = fixture.bucket("b", false).await;
        fixture.put(&user("ada"), &b, "hers", "x").await.unwrap();
        let open = fixture.again(ObjectRule::SignedIn, "secret of the links").await;
        let eve = user("eve");
        open.objects.find(&eve, &b, &key("hers"), None).await.unwrap();
        open.objects.upload(&eve, upload(&b, "hers", "y")).await.unwrap();
        assert_eq!(open.objects.list(&eve, &b, &ObjectList::default()).await.unwrap().total, 1);
        open.objects.delete(&eve, &b, &key("hers")).await.unwrap();
        assert!(open.objects.list(&Actor::Anonymous, &b, &ObjectList::default()).await.is_err());
    }
}
