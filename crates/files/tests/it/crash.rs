//! A process that dies, or a disk that refuses, between bytes and row.

use std::time::Duration;

use busbar_files::objects::ObjectList;
use busbar_kernel::Kind;
use busbar_ports::objects::{ObjectName, ObjectStore};

use crate::faulty::Fault;
use crate::fixture::{Fixture, body, operator, user};
use crate::on_each_database;

const DAY: Duration = Duration::from_secs(86_400);

on_each_database! {
    async fn death_between_bytes_and_row_leaves_the_old_object_and_an_orphan_that_is_swept(fixture: Fixture) {
        let b = fixture.bucket("b", false).await;
        fixture.put(&user("ada"), &b, "k", "old").await.unwrap();
        fixture.bytes.arm(Fault::DiesAfterPut);
        let ada = user("ada");
        let upload = fixture.put(&ada, &b, "k", "new");
        assert!(tokio::time::timeout(Duration::from_millis(500), upload).await.is_err());
        assert_eq!(fixture.stored(), 2, "the new bytes are there without a row");
        assert_eq!(fixture.get(&ada, &b, "k").await.unwrap(), "old");

        assert_eq!(fixture.files.sweep_orphans().await.unwrap(), 0, "young bytes may belong to a running upload");
        assert_eq!(fixture.stored(), 2);
        fixture.clock.advance(2 * DAY);
        assert_eq!(fixture.files.sweep_orphans().await.unwrap(), 1);
        assert_eq!(fixture.stored(), 1);
        assert_eq!(fixture.get(&ada, &b, "k").await.unwrap(), "old");
    }

    async fn bytes_that_could_not_be_removed_are_swept(fixture: Fixture) {
        let b = fixture.bucket("b", false).await;
        fixture.put(&operator(), &b, "k", "old").await.unwrap();
        fixture.bytes.arm(Fault::CannotDelete);
        fixture.put(&operator(), &b, "k", "new").await.unwrap();
        fixture.put(&operator(), &b, "gone", "x").await.unwrap();
        fixture.bytes.arm(Fault::CannotDelete);
        fixture.files.objects.delete(&operator(), &b, &"gone".parse().unwrap()).await.unwrap();
        assert_eq!(fixture.stored(), 3);
        fixture.clock.advance(2 * DAY);
        assert_eq!(fixture.files.sweep_orphans().await.unwrap(), 2);
        assert_eq!(fixture.get(&operator(), &b, "k").await.unwrap(), "new");
    }

    async fn the_sweep_spares_what_belongs_to_others(fixture: Fixture) {
        let b = fixture.bucket("b", false).await;
        for number in 0..600 {
            fixture.put(&operator(), &b, &number.to_string(), "x").await.unwrap();
        }
        let elsewhere: ObjectName = "01890000-0000-7000-8000-000000000000/00/01890000-0000-7000-8000-000000000000"
            .parse()
            .unwrap();
        fixture.bytes.put(&elsewhere, body("another database's"), 100).await.unwrap();
        fixture.clock.advance(2 * DAY);
        assert_eq!(fixture.files.sweep_orphans().await.unwrap(), 0);
        assert_eq!(fixture.stored(), 601);
    }

    async fn a_reader_that_meets_a_replacement_reads_again(fixture: Fixture) {
        let b = fixture.bucket("b", false).await;
        fixture.put(&operator(), &b, "k", "text").await.unwrap();
        fixture.bytes.arm(Fault::GoneBeforeGet);
        assert_eq!(fixture.get(&operator(), &b, "k").await.unwrap(), "text");
    }

    async fn bytes_lost_from_the_disk_are_an_error_of_ours(fixture: Fixture) {
        let b = fixture.bucket("b", false).await;
        fixture.put(&operator(), &b, "k", "text").await.unwrap();
        std::fs::remove_dir_all(fixture.folder.path().join("storage/objects")).unwrap();
        let error = fixture.get(&operator(), &b, "k").await.unwrap_err();
        assert_eq!(error.kind(), Kind::Internal);
        let page = fixture.files.objects.list(&operator(), &b, &ObjectList::default()).await.unwrap();
        assert_eq!(page.total, 1);
    }
}
