//! Scanning: the rules, over the catalogue, the policies and the indexes.

use std::sync::Arc;

use busbar_kernel::Result;
use busbar_kernel::ids::new_uuid;
use busbar_schema::PolicyDescription;
use busbar_schema::catalogue::Table;
use busbar_schema::quote::quoted;
use busbar_store::{Step, params};
use uuid::Uuid;

use super::indexes::Index;
use super::{Advisor, indexes};

/// So many findings are kept of one scan.
const KEPT: usize = 5000;

struct Found {
    rule: &'static str,
    severity: &'static str,
    category: &'static str,
    title: &'static str,
    description: String,
    affected: String,
    recommendation: String,
}

impl Advisor {
    /// Looks at every table of `public` and keeps what it finds in place of the last scan; the answer is the scan's id.
    ///
    /// # Errors
    /// The database's.
    pub async fn scan(&self) -> Result<Uuid> {
        self.schema.library.refresh().await?;
        let catalogue = self.schema.library.current();
        let policies = self.schema.policies.list("public").await?;
        let indexes = indexes::read(&self.schema).await?;
        let mut found = Vec::new();
        for table in catalogue.tables("public") {
            if !table.is_view {
                security(table, &policies, &mut found);
                health(table, &mut found);
                references(table, &indexes, &mut found);
            }
        }
        found.extend(superfluous(&indexes));
        self.keep(found).await
    }

    async fn keep(&self, found: Vec<Found>) -> Result<Uuid> {
        let id = new_uuid(self.clock.as_ref());
        let mut steps = vec![
            Step::new("DELETE FROM system.advisor_findings", params![]),
            Step::new("DELETE FROM system.advisor_scans", params![]),
            Step::new(
                "INSERT INTO system.advisor_scans (id, scanned_at) VALUES ($1, $2)",
                params![id, self.clock.now()],
            ),
        ];
        for one in found.into_iter().take(KEPT) {
            steps.push(Step::new(
                "INSERT INTO system.advisor_findings (id, scan_id, rule_id, severity, category, title, description, \
                 affected_object, recommendation) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                params![
                    new_uuid(self.clock.as_ref()),
                    id,
                    one.rule,
                    one.severity,
                    one.category,
                    one.title,
                    one.description,
                    one.affected,
                    one.recommendation,
                ],
            ));
        }
        self.schema.library.db.batch(steps).await?;
        Ok(id)
    }
}

fn security(table: &Arc<Table>, policies: &[PolicyDescription], found: &mut Vec<Found>) {
    let own: Vec<_> = policies
        .iter()
        .filter(|policy| policy.table == table.name)
        .collect();
    let affected = format!("public.{}", table.name);
    if !table.row_security() {
        found.push(Found {
            rule: "rls-disabled",
            severity: "critical",
            category: "security",
            title: "Row security is off",
            description: format!(
                "Everybody with the anonymous key reads and writes every row of {affected}."
            ),
            recommendation: format!(
                "ALTER TABLE {} ENABLE ROW LEVEL SECURITY; then make policies for those who need its rows.",
                quoted(&table.name)
            ),
            affected,
        });
    } else if own.is_empty() {
        found.push(Found {
            rule: "rls-no-policies",
            severity: "warning",
            category: "security",
            title: "A table without policies",
            description: format!(
                "Row security is on and {affected} has no policy: only administrators reach its rows."
            ),
            recommendation: format!(
                "CREATE POLICY … ON {} for those who need its rows.",
                quoted(&table.name)
            ),
            affected,
        });
    }
    for policy in own {
        let opens = |expression: &Option<String>| {
            let bare = expression.as_deref().unwrap_or_default();
            bare.trim_matches(['(', ')', ' ']).eq_ignore_ascii_case("true")
        };
        if policy.permissive && policy.command != "SELECT" && (opens(&policy.using) || opens(&policy.check)) {
            found.push(Found {
                rule: "policy-always-true",
                severity: "warning",
                category: "security",
                title: "A policy lets everybody write",
                description: format!(
                    "The policy {} of public.{} holds for every row.",
                    policy.name, table.name
                ),
                affected: format!("public.{}.{}", table.name, policy.name),
                recommendation: "Compare a column with auth.uid(), or limit the policy to SELECT.".to_owned(),
            });
        }
    }
}

fn health(table: &Arc<Table>, found: &mut Vec<Found>) {
    if table.primary_key.is_empty() {
        found.push(Found {
            rule: "no-primary-key",
            severity: "warning",
            category: "health",
            title: "A table without a primary key",
            description: format!(
                "Rows of public.{} cannot be told apart, nor changed one by one.",
                table.name
            ),
            affected: format!("public.{}", table.name),
            recommendation: "Add a primary key.".to_owned(),
        });
    }
}

fn references(table: &Arc<Table>, indexes: &[Index], found: &mut Vec<Found>) {
    let primary: Vec<&String> = table
        .primary_key
        .iter()
        .map(|at| &table.columns[*at].name)
        .collect();
    for key in &table.foreign_keys {
        let leads = |columns: &[&String]| {
            columns.len() >= key.columns.len()
                && columns[..key.columns.len()]
                    .iter()
                    .all(|one| key.columns.contains(one))
        };
        let covered = leads(&primary)
            || indexes.iter().any(|index| {
                let columns: Vec<&String> = index.columns.0.iter().map_while(Option::as_ref).collect();
                index.table_name == table.name && index.is_whole && leads(&columns)
            });
        if !covered {
            let columns: Vec<String> = key.columns.iter().map(|column| quoted(column)).collect();
            found.push(Found {
                rule: "fk-missing-index",
                severity: "warning",
                category: "performance",
                title: "A foreign key without an index",
                description: format!(
                    "{} of public.{} refers to {}: joins, and deletes there, read the whole table.",
                    key.columns.join(", "),
                    table.name,
                    key.table
                ),
                affected: format!("public.{}.{}", table.name, key.columns.join(",")),
                recommendation: format!(
                    "CREATE INDEX ON {} ({});",
                    quoted(&table.name),
                    columns.join(", ")
                ),
            });
        }
    }
}

fn superfluous(indexes: &[Index]) -> Vec<Found> {
    let mut found = Vec::new();
    for (at, index) in indexes.iter().enumerate() {
        let same = |other: &Index| {
            other.table_name == index.table_name
                && other.columns.0 == index.columns.0
                && other.is_whole == index.is_whole
                && index.columns.0.iter().all(Option::is_some)
        };
        let twin = indexes.iter().enumerate().find(|(place, other)| {
            // Of two that are alike the plain one goes, else the later one.
            *place != at && same(other) && !index.is_unique && (other.is_unique || *place < at)
        });
        let affected = format!("public.{}.{}", index.table_name, index.index_name);
        let drop = format!("DROP INDEX {};", quoted(&index.index_name));
        if let Some((_, twin)) = twin {
            found.push(Found {
                rule: "duplicate-index",
                severity: "warning",
                category: "performance",
                title: "Two indexes over the same columns",
                description: format!(
                    "{} holds what {} holds: each write pays for both.",
                    index.index_name, twin.index_name
                ),
                affected,
                recommendation: drop,
            });
        } else if index.uses == Some(0) {
            found.push(Found {
                rule: "unused-index",
                severity: "info",
                category: "performance",
                title: "An index that was never used",
                description: format!(
                    "No query has used {} since the statistics began.",
                    index.index_name
                ),
                affected,
                recommendation: drop,
            });
        }
    }
    found
}
