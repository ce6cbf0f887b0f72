//! Silencing a rule, or one finding of it, with the reason.

use busbar_kernel::ids::new_uuid;
use busbar_kernel::{Error, Result, Timestamp};
use busbar_store::params;
use serde::Deserialize;
use uuid::Uuid;

use super::Advisor;

const REASONS: [&str; 4] = ["false_positive", "accepted_risk", "wont_fix", "other"];
/// So many are listed.
const LISTED: i64 = 10_000;

/// What is to be silent.
#[derive(Clone, Debug)]
pub struct NewSuppression {
    /// The rule.
    pub rule_id: String,
    /// Where alone; everywhere without.
    pub affected_object: Option<String>,
    /// `false_positive`, `accepted_risk`, `wont_fix` or `other`.
    pub reason: String,
    /// More about it, at most 1,000 characters.
    pub note: Option<String>,
}

/// What is silent.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
pub struct Suppression {
    /// Its id.
    pub id: Uuid,
    /// The rule.
    pub rule_id: String,
    /// Where alone; everywhere without.
    pub affected_object: Option<String>,
    /// Why.
    pub reason: String,
    /// More about it.
    pub note: Option<String>,
    /// Since when.
    pub created_at: Timestamp,
}

impl Advisor {
    /// What is silent, newest first, at most 10,000.
    ///
    /// # Errors
    /// The database's.
    pub async fn suppressions(&self) -> Result<Vec<Suppression>> {
        let sql = "SELECT id, rule_id, affected_object, reason, note, created_at FROM system.advisor_suppressions \
                   ORDER BY created_at DESC, id LIMIT $1";
        self.schema.library.db.all(sql, params![LISTED]).await
    }

    /// Silences a rule or one finding.
    ///
    /// # Errors
    /// `input.invalid` for another reason, an empty rule or too long a note.
    pub async fn suppress(&self, new: &NewSuppression) -> Result<Suppression> {
        if !REASONS.contains(&new.reason.as_str()) {
            return Err(Error::invalid(
                "reason",
                format!("It is one of {}", REASONS.join(", ")),
            ));
        }
        for (field, text, most) in [
            ("ruleId", Some(&new.rule_id), 100),
            ("affectedObject", new.affected_object.as_ref(), 300),
            ("note", new.note.as_ref(), 1000),
        ] {
            if text.is_some_and(|text| text.is_empty() || text.chars().count() > most || text.contains('\0'))
            {
                return Err(Error::invalid(field, format!("It has 1 to {most} characters")));
            }
        }
        let made = Suppression {
            id: new_uuid(self.clock.as_ref()),
            rule_id: new.rule_id.clone(),
            affected_object: new.affected_object.clone(),
            reason: new.reason.clone(),
            note: new.note.clone(),
            created_at: self.clock.now(),
        };
        let sql = "INSERT INTO system.advisor_suppressions (id, rule_id, affected_object, reason, note, created_at) \
                   VALUES ($1, $2, $3, $4, $5, $6)";
        let values = params![
            made.id,
            &made.rule_id,
            made.affected_object.clone(),
            &made.reason,
            made.note.clone(),
            made.created_at
        ];
        self.schema.library.db.execute(sql, values).await?;
        Ok(made)
    }

    /// Lets it be heard again.
    ///
    /// # Errors
    /// `suppression.not_found`.
    pub async fn unsuppress(&self, id: Uuid) -> Result<()> {
        let sql = "DELETE FROM system.advisor_suppressions WHERE id = $1";
        match self.schema.library.db.execute(sql, params![id]).await? {
            0 => Err(Error::not_found("suppression")),
            _ => Ok(()),
        }
    }
}
