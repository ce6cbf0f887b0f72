//! Backups that are made by themselves.

use busbar_workbench::{Backup, BackupScheduleChange, Backups};

use crate::backups::ended;
use crate::bed::{Bed, on_both};

async fn scheduled(backups: &Backups) -> Vec<Backup> {
    let listed = backups.list().await.unwrap();
    listed
        .into_iter()
        .filter(|one| one.trigger_source == "scheduled")
        .collect()
}

/// What the schedule makes when it is due.
async fn when_due(bed: &Bed) -> Vec<Backup> {
    bed.platform("UPDATE backup_schedule SET next_at = '2020-01-01T00:00:00.000Z'")
        .await;
    bed.bench.backups.keep_schedule().await.unwrap();
    let all = scheduled(&bed.bench.backups).await;
    ended(bed, all[0].id).await;
    scheduled(&bed.bench.backups).await
}

#[tokio::test]
async fn a_due_backup_is_made_once_and_kept_as_long_as_asked() {
    on_both("a_due_backup_is_made_once", async |bed| {
        let backups = &bed.bench.backups;
        bed.sql("CREATE TABLE t (id integer PRIMARY KEY)").await;
        let first = backups.schedule().await.unwrap();
        assert_eq!(
            (first.enabled, first.cron.as_str(), first.retention_days),
            (false, "0 0 * * *", 7)
        );
        assert_eq!(first.next_at, None);
        let on = BackupScheduleChange {
            enabled: Some(true),
            retention_days: Some(1),
            ..BackupScheduleChange::default()
        };
        let next = backups.reschedule(&on).await.unwrap().next_at.unwrap();
        assert!(next.ends_with("T00:00:00.000Z"), "{next}");
        backups.keep_schedule().await.unwrap();
        assert_eq!(scheduled(backups).await, [], "nothing is due yet");

        let one = when_due(&bed).await;
        assert_eq!(
            (one.len(), one[0].status.as_str(), one[0].created_by.as_str()),
            (1, "completed", "schedule")
        );
        assert_eq!(backups.schedule().await.unwrap().next_at, Some(next));
        backups.keep_schedule().await.unwrap();
        assert_eq!(scheduled(backups).await.len(), 1, "it was made already");

        bed.platform("UPDATE backups SET created_at = '2020-01-01T00:00:00.000Z'")
            .await;
        assert_eq!(
            when_due(&bed).await.len(),
            2,
            "the newest that is complete is never deleted first"
        );
        let now = when_due(&bed).await;
        assert_eq!(now.len(), 2);
        assert!(now.iter().all(|one| one.created_at.as_str() > "2021"), "{now:?}");
        let gone = bed
            .folder
            .path()
            .join("backups")
            .join(format!("{}.backup", one[0].id));
        assert!(!gone.exists());

        let off = BackupScheduleChange {
            enabled: Some(false),
            ..BackupScheduleChange::default()
        };
        assert_eq!(backups.reschedule(&off).await.unwrap().next_at, None);
        assert_eq!(when_due(&bed).await.len(), 2, "it is off");
    })
    .await;
}

#[tokio::test]
async fn of_two_processes_one_makes_it() {
    on_both("of_two_processes_one_makes_it", async |bed| {
        let on = BackupScheduleChange {
            enabled: Some(true),
            ..BackupScheduleChange::default()
        };
        bed.bench.backups.reschedule(&on).await.unwrap();
        let other = bed.another_process().await;
        bed.platform("UPDATE backup_schedule SET next_at = '2020-01-01T00:00:00.000Z'")
            .await;
        let (one, two) = tokio::join!(bed.bench.backups.keep_schedule(), other.backups.keep_schedule());
        assert!(one.is_ok() && two.is_ok(), "{one:?} {two:?}");
        let made = scheduled(&bed.bench.backups).await;
        assert_eq!(made.len(), 1);
        ended(&bed, made[0].id).await;
    })
    .await;
}

#[tokio::test]
async fn a_schedule_that_cannot_be_kept_is_refused_and_changes_nothing() {
    on_both("a_schedule_that_cannot_be_kept", async |bed| {
        let backups = &bed.bench.backups;
        let change = |cron: Option<&str>, days: Option<i64>| BackupScheduleChange {
            enabled: Some(true),
            cron: cron.map(str::to_owned),
            retention_days: days,
        };
        for (change, field) in [
            (change(Some("* * * * *"), None), "backup.cronSchedule"),
            (change(Some("0 0 31 2 *"), None), "backup.cronSchedule"),
            (change(Some("soon"), None), "backup.cronSchedule"),
            (change(None, Some(0)), "backup.retentionDays"),
            (change(None, Some(366)), "backup.retentionDays"),
        ] {
            let refused = backups.reschedule(&change).await.unwrap_err();
            assert_eq!(refused.field_str(), Some(field), "{change:?}");
        }
        assert!(!backups.schedule().await.unwrap().enabled);
    })
    .await;
}
