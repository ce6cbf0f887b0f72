//! Findings, and how they are read again.

use busbar_kernel::{Error, Result, Timestamp};
use busbar_store::{Params, params};
use serde::Deserialize;
use uuid::Uuid;

use super::Advisor;

/// Something to mend.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
pub struct Finding {
    /// Its id, another one in each scan.
    pub id: Uuid,
    /// The rule that found it.
    pub rule_id: String,
    /// `critical`, `warning` or `info`.
    pub severity: String,
    /// `security`, `performance` or `health`.
    pub category: String,
    /// What it is.
    pub title: String,
    /// What it means here.
    pub description: String,
    /// Where: `public.posts`, `public.posts.author_id`.
    pub affected_object: String,
    /// What mends it.
    pub recommendation: String,
}

/// A scan and what it found, silenced findings not counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scan {
    /// Its id.
    pub id: Uuid,
    /// When it was.
    pub scanned_at: Timestamp,
    /// How many findings are critical.
    pub critical: u64,
    /// How many are warnings.
    pub warning: u64,
    /// How many only inform.
    pub info: u64,
}

/// Which findings.
#[derive(Clone, Debug, Default)]
pub struct FindingFilter {
    /// Of this severity.
    pub severity: Option<String>,
    /// Of this category.
    pub category: Option<String>,
    /// 1 to 500.
    pub limit: u64,
    /// How many are passed over.
    pub offset: u64,
}

/// Findings of the newest scan that nobody silenced.
const OPEN: &str = "FROM system.advisor_findings f \
 WHERE f.scan_id = (SELECT id FROM system.advisor_scans ORDER BY scanned_at DESC, id DESC LIMIT 1) \
 AND NOT EXISTS (SELECT 1 FROM system.advisor_suppressions s WHERE s.rule_id = f.rule_id \
 AND (s.affected_object IS NULL OR s.affected_object = f.affected_object))";

impl Advisor {
    /// The newest scan, if there was one.
    ///
    /// # Errors
    /// The database's.
    pub async fn latest(&self) -> Result<Option<Scan>> {
        let db = &self.schema.library.db;
        let newest =
            "SELECT id, scanned_at FROM system.advisor_scans ORDER BY scanned_at DESC, id DESC LIMIT 1";
        let Some((id, scanned_at)) = db.optional::<(Uuid, Timestamp)>(newest, params![]).await? else {
            return Ok(None);
        };
        let sql = format!("SELECT f.severity, count(*) {OPEN} GROUP BY f.severity");
        let counts: Vec<(String, u64)> = db.all(&sql, params![]).await?;
        let of = |severity: &str| {
            let found = counts.iter().find(|(known, _)| known == severity);
            found.map_or(0, |(_, count)| *count)
        };
        Ok(Some(Scan {
            id,
            scanned_at,
            critical: of("critical"),
            warning: of("warning"),
            info: of("info"),
        }))
    }

    /// The newest scan's findings, the worst first, and how many there are.
    ///
    /// # Errors
    /// `input.invalid` for another severity, category or limit.
    pub async fn findings(&self, filter: &FindingFilter) -> Result<(Vec<Finding>, u64)> {
        if !(1..=500).contains(&filter.limit) {
            return Err(Error::invalid("limit", "The limit is 1 to 500"));
        }
        let mut condition = OPEN.to_owned();
        let mut params: Params = params![];
        let known = [
            ("severity", &filter.severity, ["critical", "warning", "info"]),
            (
                "category",
                &filter.category,
                ["security", "performance", "health"],
            ),
        ];
        for (field, wanted, words) in known {
            let Some(wanted) = wanted else { continue };
            if !words.contains(&wanted.as_str()) {
                return Err(Error::invalid(
                    field,
                    format!("It is one of {}", words.join(", ")),
                ));
            }
            params.push(wanted.into());
            condition.push_str(&format!(" AND f.{field} = ${}", params.len()));
        }
        let db = &self.schema.library.db;
        let total: u64 = db
            .one(&format!("SELECT count(*) {condition}"), params.clone())
            .await?;
        let sql = format!(
            "SELECT f.id, f.rule_id, f.severity, f.category, f.title, f.description, f.affected_object, \
             f.recommendation {condition} \
             ORDER BY CASE f.severity WHEN 'critical' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END, f.rule_id, \
             f.affected_object LIMIT {} OFFSET {}",
            filter.limit,
            filter.offset.min(i64::MAX as u64)
        );
        Ok((db.all(&sql, params).await?, total))
    }
}
