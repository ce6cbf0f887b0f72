//! Rehearsing a migration: run, rolled back, and judged by what it could lose.

use busbar_kernel::Result;
use busbar_store::{Statement, params};

use super::Migrations;
use crate::sql::{Place, plan};

/// How much a text could lose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RiskLevel {
    /// Nothing.
    Safe,
    /// Something, or somebody waits.
    Warning,
    /// Rows.
    Danger,
}

impl RiskLevel {
    /// InsForge's word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Safe => "SAFE",
            Self::Warning => "WARNING",
            Self::Danger => "DANGER",
        }
    }
}

/// One reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Risk {
    /// A stable word for it.
    pub code: &'static str,
    /// What it means.
    pub description: &'static str,
    /// How bad it is.
    pub level: RiskLevel,
    /// The statement.
    pub statement: String,
}

/// What came of a rehearsal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rehearsal {
    /// The statements.
    pub statements: Vec<String>,
    /// What they could lose.
    pub risks: Vec<Risk>,
    /// Why they would fail.
    pub error: Option<String>,
    /// Where that lies in the text.
    pub place: Option<Place>,
}

impl Rehearsal {
    /// The worst of the risks.
    pub fn level(&self) -> RiskLevel {
        let levels = self.risks.iter().map(|risk| risk.level);
        levels.max().unwrap_or(RiskLevel::Safe)
    }
}

impl Migrations {
    /// Runs a text, undoes it, and says what it could lose.
    ///
    /// # Errors
    /// The database's own trouble; what is wrong with the text is part of the answer.
    pub async fn rehearse(&self, sql: &str) -> Result<Rehearsal> {
        let planned = match plan(self.sql.schema(), true, sql, params![]) {
            Ok(planned) => planned,
            Err(error) => {
                return Ok(Rehearsal {
                    statements: Vec::new(),
                    risks: Vec::new(),
                    error: Some(error.message().to_owned()),
                    place: Place::of(&error),
                });
            }
        };
        let failure = self.sql.rehearse(sql, &planned).await?;
        Ok(Rehearsal {
            risks: planned.written.iter().filter_map(risk).collect(),
            statements: planned
                .written
                .into_iter()
                .map(|statement| statement.text)
                .collect(),
            place: failure.as_ref().and_then(Place::of),
            error: failure.map(|error| error.message().to_owned()),
        })
    }
}

fn risk(statement: &Statement) -> Option<Risk> {
    let word = |at: usize, word: &str| statement.tokens.get(at).is_some_and(|token| token.is(word));
    let holds = |word: &str| statement.tokens.iter().any(|token| token.is(word));
    let (code, description, level) = if word(0, "drop") && (word(1, "table") || word(1, "schema")) {
        ("DROP_TABLE", "Rows are lost with their table", RiskLevel::Danger)
    } else if word(0, "truncate") {
        ("TRUNCATE", "All rows of the table are lost", RiskLevel::Danger)
    } else if word(0, "delete") && !holds("where") {
        ("DELETE_ALL", "All rows of the table are lost", RiskLevel::Danger)
    } else if word(0, "update") && !holds("where") {
        ("UPDATE_ALL", "All rows of the table change", RiskLevel::Danger)
    } else if word(0, "alter") && holds("drop") && holds("column") {
        ("DROP_COLUMN", "The column's values are lost", RiskLevel::Danger)
    } else if word(0, "alter") && holds("type") {
        (
            "CHANGE_TYPE",
            "Values are written anew, and may not fit",
            RiskLevel::Warning,
        )
    } else if word(0, "alter") && holds("rename") {
        ("RENAME", "Clients that use the old name fail", RiskLevel::Warning)
    } else if word(0, "alter") && holds("disable") && holds("security") {
        (
            "DISABLE_ROW_SECURITY",
            "Everybody with a key reaches every row",
            RiskLevel::Danger,
        )
    } else if word(0, "drop") {
        ("DROP", "What depends on it fails", RiskLevel::Warning)
    } else if word(0, "create") && holds("index") && !holds("concurrently") {
        (
            "CREATE_INDEX",
            "Writes to the table wait until it is made",
            RiskLevel::Warning,
        )
    } else {
        return None;
    };
    Some(Risk {
        code,
        description,
        level,
        statement: statement.text.clone(),
    })
}
