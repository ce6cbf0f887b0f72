//! The folder's own promises: what stays on disk after success, failure, a cut and a crash.

use std::fs;
use std::path::{Path, PathBuf};

use busbar_ports::objects::ObjectStore;
use busbar_providers::objects::Folder;
use bytes::Bytes;
use futures_util::{StreamExt, stream};

use crate::object_store::{body, conforms, name};

fn files_under(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files_under(&path));
        } else {
            found.push(path);
        }
    }
    found
}

fn drafts(root: &Path) -> Vec<PathBuf> {
    let mut files = files_under(&root.join("incoming"));
    files.retain(|path| !path.ends_with("door") && !path.ends_with("alive"));
    files
}

#[tokio::test]
async fn the_folder_conforms() {
    let root = tempfile::tempdir().unwrap();
    let below = root.path().join("made/at/start");
    let store = Folder::open(&below).await.unwrap();
    conforms(&store).await;
    assert!(drafts(&below).is_empty(), "drafts were left behind");
}

#[tokio::test]
async fn a_dropped_upload_leaves_nothing() {
    let root = tempfile::tempdir().unwrap();
    let store = Folder::open(root.path()).await.unwrap();
    let stalled = stream::iter([Ok(Bytes::from_static(b"half"))])
        .chain(stream::pending())
        .boxed();
    let it = name("aa/half");
    let upload = store.put(&it, stalled, 100);
    let ended = tokio::time::timeout(std::time::Duration::from_millis(200), upload).await;
    assert!(ended.is_err(), "the upload must still be waiting");
    assert!(drafts(root.path()).is_empty());
    assert!(files_under(&root.path().join("objects")).is_empty());
}

#[tokio::test]
async fn a_start_sweeps_the_dead_and_spares_the_living() {
    let root = tempfile::tempdir().unwrap();
    let living = Folder::open(root.path()).await.unwrap();
    let stalled = stream::iter([Ok(Bytes::from_static(b"half"))])
        .chain(stream::pending())
        .boxed();
    let it = name("aa/half");
    let mut upload = Box::pin(living.put(&it, stalled, 100));
    let wait = std::time::Duration::from_millis(200);
    assert!(tokio::time::timeout(wait, &mut upload).await.is_err());
    assert_eq!(drafts(root.path()).len(), 1);

    let dead = root.path().join("incoming/00112233");
    fs::create_dir(&dead).unwrap();
    fs::write(dead.join("alive"), "").unwrap();
    fs::write(dead.join("leftover"), "half a file").unwrap();

    let second = Folder::open(root.path()).await.unwrap();
    assert!(!dead.exists(), "a dead process's drafts must go");
    assert_eq!(drafts(root.path()).len(), 1, "a living process's draft must stay");
    second.put(&name("aa/whole"), body(&[b"x"]), 1).await.unwrap();
}

#[tokio::test]
async fn what_was_put_is_a_plain_file_below_the_folder() {
    let root = tempfile::tempdir().unwrap();
    let store = Folder::open(root.path()).await.unwrap();
    store.put(&name("ab/one"), body(&[b"content"]), 10).await.unwrap();
    assert_eq!(fs::read(root.path().join("objects/ab/one")).unwrap(), b"content");
    drop(store);
    let again = Folder::open(root.path()).await.unwrap();
    assert_eq!(again.head(&name("ab/one")).await.unwrap().unwrap().size, 7);
}

#[tokio::test]
async fn a_shelf_that_somebody_removed_is_made_again() {
    let root = tempfile::tempdir().unwrap();
    let store = Folder::open(root.path()).await.unwrap();
    store.put(&name("ab/one"), body(&[b"1"]), 10).await.unwrap();
    fs::remove_dir_all(root.path().join("objects/ab")).unwrap();
    let error = store.put(&name("ab/two"), body(&[b"2"]), 10).await.unwrap_err();
    assert_eq!(error.code_str(), "objects.unavailable");
    store.put(&name("ab/two"), body(&[b"2"]), 10).await.unwrap();
    assert!(drafts(root.path()).is_empty());
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_of_the_process_reads_what_is_stored() {
    use std::os::unix::fs::PermissionsExt;
    let root = tempfile::tempdir().unwrap();
    let store = Folder::open(&root.path().join("storage")).await.unwrap();
    store.put(&name("ab/one"), body(&[b"content"]), 10).await.unwrap();
    for (path, mode) in [
        ("storage", 0o700),
        ("storage/objects/ab", 0o700),
        ("storage/objects/ab/one", 0o600),
    ] {
        let permissions = fs::metadata(root.path().join(path)).unwrap().permissions();
        assert_eq!(permissions.mode() & 0o777, mode, "{path}");
    }
}

#[tokio::test]
async fn a_folder_that_cannot_be_written_says_so() {
    let root = tempfile::tempdir().unwrap();
    let file = root.path().join("file");
    fs::write(&file, "").unwrap();
    let error = Folder::open(&file).await.err().unwrap();
    assert_eq!(error.kind(), busbar_kernel::Kind::Unavailable);
}
