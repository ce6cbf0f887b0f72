//! Objects stored, replaced, read in parts, listed and removed.

use busbar_files::objects::{Deletion, ObjectList, Selection};
use busbar_files::{Object, ObjectKey};
use busbar_kernel::{Error, Kind};
use busbar_ports::objects::ByteStream;
use bytes::Bytes;
use futures_util::{StreamExt, TryStreamExt, stream};

use crate::fixture::{Fixture, LIMIT, bucket, key, operator, upload, user};
use crate::on_each_database;

fn keys(objects: &[Object]) -> Vec<&str> {
    objects.iter().map(|object| object.key.as_str()).collect()
}

on_each_database! {
    async fn what_was_stored_is_read_and_replaced(fixture: Fixture) {
        let photos = fixture.bucket("photos", false).await;
        let ada = user("ada");
        let stored = fixture.put(&ada, &photos, "a/ärger 1.txt", "hello world").await.unwrap();
        assert_eq!(stored.size, 11);
        assert_eq!(stored.etag.as_deref(), Some("5eb63bbbe01eeed093cb22bb8f5acdc3"));
        assert_eq!(stored.mime_type.as_deref(), Some("text/plain"));
        assert_eq!(stored.uploaded_by.as_deref(), Some("ada"));
        assert_eq!(fixture.get(&ada, &photos, "a/ärger 1.txt").await.unwrap(), "hello world");
        let found = fixture.files.objects.find(&ada, &photos, &key("a/ärger 1.txt"), None).await.unwrap();
        assert_eq!(found, (stored, false));

        fixture.put(&ada, &photos, "a/ärger 1.txt", "").await.unwrap();
        assert_eq!(fixture.get(&ada, &photos, "a/ärger 1.txt").await.unwrap(), "");
        assert_eq!(fixture.stored(), 1, "the replaced bytes must go");

        let replaced = fixture.put(&operator(), &photos, "a/ärger 1.txt", "by the operator").await.unwrap();
        assert_eq!(replaced.uploaded_by.as_deref(), Some("ada"), "the owner stays the owner");
        assert_eq!(fixture.get(&ada, &photos, "a/ärger 1.txt").await.unwrap(), "by the operator");
    }

    async fn parts_and_facts_are_read_without_the_rest(fixture: Fixture) {
        let photos = fixture.bucket("photos", true).await;
        fixture.put(&operator(), &photos, "digits", "0123456789").await.unwrap();
        for (selection, text) in [
            (Selection::Part(2..5), "234"),
            (Selection::Whole, "0123456789"),
            (Selection::Nothing, ""),
        ] {
            let chosen = selection.clone();
            let download = fixture
                .files
                .objects
                .download(&user("b"), &photos, &key("digits"), None, move |object| {
                    assert_eq!(object.size, 10);
                    Ok(chosen.clone())
                })
                .await
                .unwrap();
            assert!(download.public && download.selection == selection);
            let chunks: Vec<Bytes> = download.body.try_collect().await.unwrap();
            assert_eq!(chunks.concat(), text.as_bytes());
        }
        let refuse = |_: &Object| Err(Error::invalid("range", "no"));
        let refused = fixture.files.objects.download(&operator(), &photos, &key("digits"), None, refuse).await;
        assert_eq!(refused.err().unwrap().field_str(), Some("range"));
    }

    async fn a_file_above_the_limit_is_refused_and_leaves_nothing(fixture: Fixture) {
        let photos = fixture.bucket("photos", false).await;
        let mut said = upload(&photos, "large", "");
        said.declared_size = Some(LIMIT + 1);
        said.body = stream::poll_fn(|_| panic!("a size above the limit is refused before the first byte")).boxed();
        let error = fixture.files.objects.upload(&user("a"), said).await.unwrap_err();
        assert_eq!(error.kind(), Kind::TooLarge);

        let mut endless = upload(&photos, "large", "");
        endless.declared_size = Some(1);
        let piece: ByteStream = stream::repeat_with(|| Ok(Bytes::from_static(&[1; 4096]))).boxed();
        endless.body = piece;
        let error = fixture.files.objects.upload(&user("a"), endless).await.unwrap_err();
        assert_eq!(error.code_str(), "objects.too_large");

        let mut cut = upload(&photos, "cut", "");
        cut.body = stream::iter([
            Ok(Bytes::from_static(b"half")),
            Err(Error::invalid("body", "The upload was cut off")),
        ])
        .boxed();
        let error = fixture.files.objects.upload(&user("a"), cut).await.unwrap_err();
        assert_eq!(error.field_str(), Some("body"));
        assert_eq!(fixture.stored(), 0);
        let page = fixture.files.objects.list(&operator(), &photos, &ObjectList::default()).await.unwrap();
        assert_eq!(page.total, 0);

        let exact = "x".repeat(usize::try_from(LIMIT).unwrap());
        assert_eq!(fixture.put(&user("a"), &photos, "exact", &exact).await.unwrap().size, LIMIT);
    }

    async fn content_that_could_act_is_stored_inert(fixture: Fixture) {
        let photos = fixture.bucket("photos", true).await;
        for (text, declared, stored) in [
            ("<html><script>alert(1)</script>", "text/plain", "application/octet-stream"),
            ("alert(1)", "text/javascript", "application/octet-stream"),
            ("GIF89a...", "text/html", "image/gif"),
            ("a,b", "text/csv", "text/csv"),
        ] {
            let mut file = upload(&photos, "f", text);
            file.declared_type = Some(declared.to_owned());
            let object = fixture.files.objects.upload(&operator(), file).await.unwrap();
            assert_eq!(object.mime_type.as_deref(), Some(stored), "{text} as {declared}");
        }
    }

    async fn lists_are_exact_about_prefix_search_and_pages(fixture: Fixture) {
        let b = fixture.bucket("b", false).await;
        let all = ["A/upper", "a%b", "a/1", "a/2", "a/Ünder_score", "a0", "b", "under"];
        for text in all {
            fixture.put(&operator(), &b, text, text).await.unwrap();
        }
        let page = async |prefix: &str, search: &str, limit, offset| {
            let list = ObjectList { prefix: prefix.into(), search: search.into(), limit, offset };
            fixture.files.objects.list(&operator(), &b, &list).await.unwrap()
        };
        assert_eq!(keys(&page("", "", 100, 0).await.objects), all, "the order is that of the bytes");
        for (prefix, search, found) in [
            ("a/", "", vec!["a/1", "a/2", "a/Ünder_score"]),
            ("a%", "", vec!["a%b"]),
            ("A", "", vec!["A/upper"]),
            ("", "UPPER", vec!["A/upper"]),
            ("", "under", vec!["under"]),
            ("", "_", vec!["a/Ünder_score"]),
            ("", "%", vec!["a%b"]),
            ("", "\\", vec![]),
            ("", "' OR 1=1 --", vec![]),
            ("a/", "2", vec!["a/2"]),
            ("zzz", "", vec![]),
        ] {
            let page = page(prefix, search, 100, 0).await;
            assert_eq!(keys(&page.objects), found, "prefix {prefix:?} search {search:?}");
            assert_eq!(page.total, found.len() as u64);
        }
        let middle = page("", "", 3, 2).await;
        assert_eq!((keys(&middle.objects), middle.total), (all[2..5].to_vec(), 8));
        let beyond = page("", "", 3, 100).await;
        assert_eq!((beyond.objects.len(), beyond.total), (0, 8), "the total stays true beyond the end");
        assert_eq!(page("", "", 0, 0).await.total, 8);
        let nowhere = fixture.files.objects.list(&operator(), &bucket("nowhere"), &ObjectList::default()).await;
        assert_eq!(nowhere.unwrap().total, 0);
    }

    async fn objects_are_removed_one_by_one_and_by_the_hundred(fixture: Fixture) {
        let b = fixture.bucket("b", false).await;
        for number in 0..120 {
            fixture.put(&operator(), &b, &format!("{number:03}"), "x").await.unwrap();
        }
        fixture.files.objects.delete(&operator(), &b, &key("000")).await.unwrap();
        let again = fixture.files.objects.delete(&operator(), &b, &key("000")).await.unwrap_err();
        assert_eq!(again.code_str(), "object.not_found");

        let mut many: Vec<String> = (0..110).map(|number| format!("{number:03}")).collect();
        many.push("../x".to_owned());
        many.push("001".to_owned());
        let outcome = fixture.files.objects.delete_many(&operator(), &b, &many).await.unwrap();
        assert_eq!(outcome.len(), many.len());
        assert_eq!(outcome[0], Deletion::NotFound);
        assert!(outcome[1..110].iter().all(|one| *one == Deletion::Deleted));
        assert!(matches!(outcome[110], Deletion::Refused(_)));
        assert_eq!(outcome[111], Deletion::NotFound, "a key named twice is there once");
        assert_eq!(fixture.stored(), 10);
        for wrong in [vec![], vec!["k".to_owned(); 1001]] {
            let error = fixture.files.objects.delete_many(&operator(), &b, &wrong).await.unwrap_err();
            assert_eq!(error.field_str(), Some("keys"));
        }
    }

    async fn uploads_into_nowhere_and_automatic_keys(fixture: Fixture) {
        let error = fixture.put(&user("a"), &bucket("nowhere"), "k", "x").await.unwrap_err();
        assert_eq!(error.code_str(), "bucket.not_found");
        let b = fixture.bucket("b", false).await;
        let automatic = ObjectKey::automatic("my photo.png", &fixture.clock);
        fixture.put(&user("a"), &b, automatic.as_str(), "x").await.unwrap();
        assert_eq!(fixture.get(&user("a"), &b, automatic.as_str()).await.unwrap(), "x");
    }

    async fn sixteen_writers_of_one_key_leave_one_whole_object(fixture: Fixture) {
        let b = fixture.bucket("b", false).await;
        let texts: Vec<String> = (0..16).map(|number| number.to_string().repeat(5000)).collect();
        let operator = operator();
        let uploads = texts.iter().map(|text| fixture.put(&operator, &b, "k", text));
        for done in futures_util::future::join_all(uploads).await {
            done.unwrap();
        }
        let text = fixture.get(&operator, &b, "k").await.unwrap();
        assert!(texts.contains(&text), "the object must be one of those written, whole");
        fixture.clock.advance(std::time::Duration::from_secs(2 * 86_400));
        fixture.files.sweep_orphans().await.unwrap();
        assert_eq!(fixture.stored(), 1);
        assert_eq!(fixture.get(&operator, &b, "k").await.unwrap(), text);
    }
}
