//! The conformance suite of `ports::objects`: what every object store must do.

use busbar_kernel::{Error, Kind};
use busbar_ports::objects::{ByteStream, ObjectName, ObjectStore};
use bytes::Bytes;
use futures_util::{StreamExt, TryStreamExt, stream};

/// A body of `chunks`.
pub(crate) fn body(chunks: &[&'static [u8]]) -> ByteStream {
    stream::iter(chunks.to_vec())
        .map(|chunk| Ok(Bytes::from_static(chunk)))
        .boxed()
}

pub(crate) fn name(text: &str) -> ObjectName {
    text.parse().unwrap()
}

async fn read(store: &dyn ObjectStore, name: &ObjectName, range: Option<std::ops::Range<u64>>) -> Vec<u8> {
    let stream = store.get(name, range).await.unwrap();
    stream.try_collect::<Vec<_>>().await.unwrap().concat()
}

/// Runs every check; the store must be empty.
pub(crate) async fn conforms(store: &dyn ObjectStore) {
    stores_reads_and_replaces(store).await;
    reads_parts(store).await;
    refuses_what_is_too_large(store).await;
    keeps_the_old_bytes_when_a_body_fails(store).await;
    copies(store).await;
    deletes_once(store).await;
    lists_in_order_and_by_pages(store).await;
    store.check().await.unwrap();
    assert!(!store.describe().is_empty());
}

async fn stores_reads_and_replaces(store: &dyn ObjectStore) {
    let it = name("aa/first");
    assert_eq!(store.head(&it).await.unwrap(), None);
    assert_eq!(store.get(&it, None).await.err().unwrap().kind(), Kind::NotFound);
    assert_eq!(store.put(&it, body(&[b"hel", b"", b"lo"]), 5).await.unwrap(), 5);
    assert_eq!(read(store, &it, None).await, b"hello");
    assert_eq!(store.put(&it, body(&[b"new"]), 5).await.unwrap(), 3);
    assert_eq!(read(store, &it, None).await, b"new");
    assert_eq!(store.head(&it).await.unwrap().unwrap().size, 3);
    let empty = name("aa/empty");
    assert_eq!(store.put(&empty, body(&[]), 0).await.unwrap(), 0);
    assert_eq!(read(store, &empty, None).await, b"");
}

async fn copies(store: &dyn ObjectStore) {
    let (from, to) = (name("aa/original"), name("bb/copy"));
    assert_eq!(store.copy(&from, &to).await.err().unwrap().kind(), Kind::NotFound);
    store.put(&from, body(&[b"hel", b"lo"]), 100).await.unwrap();
    store.put(&to, body(&[b"replaced"]), 100).await.unwrap();
    let digest = store.copy(&from, &to).await.unwrap();
    assert!(digest.is_none_or(|digest| digest == "5d41402abc4b2a76b9719d911017c592"));
    assert_eq!(read(store, &to, None).await, b"hello");
    store.put(&from, body(&[b"other"]), 100).await.unwrap();
    assert_eq!(read(store, &to, None).await, b"hello", "a copy is its own");
    for it in [from, to] {
        assert!(store.delete(&it).await.unwrap());
    }
}

async fn reads_parts(store: &dyn ObjectStore) {
    let it = name("aa/parts");
    store.put(&it, body(&[b"0123456789"]), 100).await.unwrap();
    for (range, part) in [
        (0..0, ""),
        (0..1, "0"),
        (3..7, "3456"),
        (9..10, "9"),
        (0..10, "0123456789"),
    ] {
        assert_eq!(read(store, &it, Some(range)).await, part.as_bytes());
    }
    for beyond in [0..11, 11..12] {
        let error = store.get(&it, Some(beyond)).await.err().unwrap();
        assert_eq!(error.code_str(), "objects.range");
    }
}

async fn refuses_what_is_too_large(store: &dyn ObjectStore) {
    let it = name("aa/large");
    // The body never ends: only a store that stops at the limit comes back.
    let endless = stream::repeat_with(|| Ok(Bytes::from_static(&[7; 4096]))).boxed();
    let error = store.put(&it, endless, 100_000).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.code_str()),
        (Kind::TooLarge, "objects.too_large")
    );
    assert_eq!(store.head(&it).await.unwrap(), None);
}

async fn keeps_the_old_bytes_when_a_body_fails(store: &dyn ObjectStore) {
    let it = name("aa/kept");
    store.put(&it, body(&[b"old"]), 100).await.unwrap();
    let broken = stream::iter([
        Ok(Bytes::from_static(b"ne")),
        Err(Error::invalid("body", "The upload was cut off")),
    ])
    .boxed();
    assert_eq!(
        store.put(&it, broken, 100).await.unwrap_err().kind(),
        Kind::Invalid
    );
    assert_eq!(read(store, &it, None).await, b"old");
}

async fn deletes_once(store: &dyn ObjectStore) {
    let it = name("aa/gone");
    store.put(&it, body(&[b"x"]), 1).await.unwrap();
    assert!(store.delete(&it).await.unwrap());
    assert!(!store.delete(&it).await.unwrap());
    assert_eq!(store.head(&it).await.unwrap(), None);
}

async fn lists_in_order_and_by_pages(store: &dyn ObjectStore) {
    // No name is another's folder: stores of folders cannot hold that, and nothing in Busbar names things so.
    let expected = ["l/a-b", "l/a/x", "l/a0", "l/b/y/z", "l/c"];
    for text in expected.iter().rev() {
        store.put(&name(text), body(&[b"12"]), 2).await.unwrap();
    }
    let mut seen = Vec::new();
    let mut after = None;
    loop {
        let page = store.list("l/", after.as_ref(), 2).await.unwrap();
        assert!(page.len() <= 2 && page.iter().all(|info| info.size == 2));
        let Some(last) = page.last() else { break };
        after = Some(last.name.clone());
        seen.extend(page.into_iter().map(|info| info.name.to_string()));
    }
    assert_eq!(seen, expected);
    let some = store.list("l/b", None, 10).await.unwrap();
    assert_eq!(some.len(), 1);
    assert!(store.list("nothing", None, 10).await.unwrap().is_empty());
}
