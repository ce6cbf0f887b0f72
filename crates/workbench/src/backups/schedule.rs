//! Backups that are made by themselves: when, and how long they are kept.

use busbar_kernel::clock::iso_millis;
use busbar_kernel::{Error, Result, Timestamp};
use busbar_store::params;
use croner::Cron;
use croner::parser::{CronParser, Seconds, Year};
use serde::Deserialize;
use uuid::Uuid;

use super::{Backups, SCHEDULED};

/// Who asked for a backup that the schedule made.
const BY: &str = "schedule";

/// When backups are made by themselves.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
pub struct BackupSchedule {
    /// Whether they are.
    pub enabled: bool,
    /// When: five fields of cron, in UTC.
    pub cron: String,
    /// So many days one is kept.
    pub retention_days: u32,
    /// When the next one is due; none while they are off.
    pub next_at: Option<String>,
}

/// What to change of it; what is absent stays.
#[derive(Clone, Debug, Default)]
pub struct BackupScheduleChange {
    /// Whether backups are made by themselves.
    pub enabled: Option<bool>,
    /// Five fields of cron, in UTC.
    pub cron: Option<String>,
    /// 1 to 365 days.
    pub retention_days: Option<i64>,
}

impl Backups {
    /// The schedule.
    ///
    /// # Errors
    /// The database's.
    pub async fn schedule(&self) -> Result<BackupSchedule> {
        let sql = "SELECT enabled, cron, retention_days, next_at FROM backup_schedule WHERE id = 1";
        self.platform.one(sql, params![]).await
    }

    /// Changes the schedule.
    ///
    /// # Errors
    /// `input.invalid` for a schedule that cron does not read or that is never due, and for days beyond 1 to 365.
    pub async fn reschedule(&self, change: &BackupScheduleChange) -> Result<BackupSchedule> {
        let known = self.schedule().await?;
        let enabled = change.enabled.unwrap_or(known.enabled);
        let cron = change.cron.as_deref().map_or(known.cron.as_str(), str::trim);
        let days = change.retention_days.unwrap_or(known.retention_days.into());
        if !(1..=365).contains(&days) {
            return Err(Error::invalid(
                "backup.retentionDays",
                "Backups are kept for 1 to 365 days",
            ));
        }
        let next = after(cron, self.clock.now())?;
        let next = enabled.then(|| iso_millis(next));
        let sql = "UPDATE backup_schedule SET enabled = $1, cron = $2, retention_days = $3, next_at = $4 WHERE id = 1";
        self.platform
            .execute(sql, params![enabled, cron, days, next])
            .await?;
        self.schedule().await
    }

    /// Looks whether a backup is due, and begins it; of several processes one does. What was due while none ran is made
    /// once, late.
    ///
    /// # Errors
    /// As [`Backups::create`].
    pub async fn keep_schedule(&self) -> Result<()> {
        let schedule = self.schedule().await?;
        let Some(due) = schedule.next_at.filter(|_| schedule.enabled) else {
            return Ok(());
        };
        let now = self.clock.now();
        if due > iso_millis(now) {
            return Ok(());
        }
        // While another one is made, this one waits for the next look.
        let Ok(turn) = self.turn() else {
            return Ok(());
        };
        let next = iso_millis(after(&schedule.cron, now)?);
        let sql = "UPDATE backup_schedule SET next_at = $1 WHERE id = 1 AND enabled AND next_at = $2";
        if self.platform.execute(sql, params![next, due]).await? == 0 {
            return Ok(());
        }
        self.discard_old(schedule.retention_days, now).await?;
        let name = format!("Scheduled {}", iso_millis(now));
        self.begin(turn, &name, SCHEDULED, BY).await?;
        Ok(())
    }

    /// Deletes scheduled backups of this folder that were kept long enough; the newest complete one stays.
    async fn discard_old(&self, days: u32, now: Timestamp) -> Result<()> {
        let oldest = iso_millis(now - chrono::Duration::days(days.into()));
        let sql = "SELECT id FROM backups WHERE trigger_source = 'scheduled' AND status <> 'running' AND place = $1 \
                   AND created_at < $2 AND id NOT IN (SELECT id FROM backups WHERE status = 'completed' AND place = $1 \
                   ORDER BY created_at DESC, id DESC LIMIT 1)";
        let old: Vec<String> = self
            .platform
            .all(sql, params![self.place.id.as_str(), oldest])
            .await?;
        for id in old {
            let id: Uuid = id
                .parse()
                .map_err(|error| Error::internal("a backup has no id").source(error))?;
            self.discard(id).await?;
        }
        Ok(())
    }
}

/// The first moment after another that a schedule names.
fn after(cron: &str, moment: Timestamp) -> Result<Timestamp> {
    let parser = CronParser::builder()
        .seconds(Seconds::Disallowed)
        .year(Year::Disallowed)
        .build();
    let refused = |why| Error::invalid("backup.cronSchedule", why);
    if cron.len() > 100 {
        return Err(refused("A schedule has at most 100 characters"));
    }
    // More than one minute of an hour is more than a copy of everything should be made.
    let minute = cron.split_whitespace().next().unwrap_or_default();
    if minute.is_empty() || !minute.bytes().all(|digit| digit.is_ascii_digit()) {
        return Err(refused(
            "Backups are made at most once an hour: the first field is one minute",
        ));
    }
    let cron: Cron = parser
        .parse(cron)
        .map_err(|_| refused("A schedule is five fields of cron, as in 0 3 * * *"))?;
    cron.find_next_occurrence(&moment, false)
        .map_err(|_| refused("The schedule is never due"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn next(cron: &str) -> Result<String> {
        let moment = Timestamp::from_timestamp(1_767_225_600, 0).unwrap_or_default();
        after(cron, moment).map(iso_millis)
    }

    #[test]
    fn the_next_moment_is_after_now_and_in_utc() {
        for (cron, expected) in [
            ("0 0 * * *", "2026-01-02T00:00:00.000Z"),
            ("15 * * * *", "2026-01-01T00:15:00.000Z"),
            ("30 3 * * 1", "2026-01-05T03:30:00.000Z"),
            ("5 */6 1 feb *", "2026-02-01T00:05:00.000Z"),
        ] {
            assert_eq!(next(cron).ok().as_deref(), Some(expected), "{cron}");
        }
    }

    #[test]
    fn what_is_no_schedule_or_never_due_is_refused() {
        let long = "1".repeat(101);
        for cron in [
            "",
            "x",
            "0 * * *",
            "60 * * * *",
            "0 0 0 * * *",
            "0 0 30 2 *",
            "* * * * *",
            "*/15 * * * *",
            "@daily",
            &long,
        ] {
            let refused = next(cron).err().map(|error| error.field_str().map(str::to_owned));
            assert_eq!(
                refused.flatten().as_deref(),
                Some("backup.cronSchedule"),
                "{cron}"
            );
        }
    }
}
