//! Raw SQL, migrations, functions and triggers as InsForge shows them (InsForge's contract, 6.1, 6.3, 6.4).

use busbar_kernel::clock::iso_millis;
use busbar_workbench::{AppliedMigration, FunctionDescription, Rehearsal, SqlAnswer, TriggerDescription};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// What a text of SQL answered; several statements have `rows` alone.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SqlView {
    #[schema(value_type = Vec<Object>)]
    rows: Vec<Map<String, Value>>,
    /// None for a change of the schema.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<u64>)]
    row_count: Option<Option<u64>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fields: Option<Vec<FieldView>>,
}

/// A column.
#[derive(Serialize, ToSchema)]
struct FieldView {
    name: String,
    /// PostgreSQL's number of its type.
    #[serde(rename = "dataTypeID")]
    data_type_id: u32,
}

impl From<SqlAnswer> for SqlView {
    fn from(answer: SqlAnswer) -> Self {
        let fields = answer.fields.map(|fields| {
            let view = |field: busbar_workbench::Field| FieldView {
                name: field.name,
                data_type_id: field.type_id,
            };
            fields.into_iter().map(view).collect::<Vec<_>>()
        });
        Self {
            rows: answer.rows,
            row_count: fields.is_some().then_some(answer.count),
            fields,
        }
    }
}

/// Migrations that were applied.
#[derive(Serialize, ToSchema)]
pub(crate) struct MigrationsView {
    migrations: Vec<MigrationView>,
}

/// A migration.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct MigrationView {
    version: String,
    name: String,
    statements: Vec<String>,
    created_at: String,
}

impl From<AppliedMigration> for MigrationView {
    fn from(migration: AppliedMigration) -> Self {
        Self {
            version: migration.version,
            name: migration.name,
            statements: migration.statements,
            created_at: iso_millis(migration.created_at),
        }
    }
}

impl From<Vec<AppliedMigration>> for MigrationsView {
    fn from(migrations: Vec<AppliedMigration>) -> Self {
        Self {
            migrations: migrations.into_iter().map(MigrationView::from).collect(),
        }
    }
}

/// A migration that was just applied.
#[derive(Serialize, ToSchema)]
pub(crate) struct AppliedView {
    #[serde(flatten)]
    migration: MigrationView,
    message: &'static str,
}

impl AppliedView {
    pub(crate) fn of(migration: AppliedMigration) -> Self {
        Self {
            migration: migration.into(),
            message: "Migration executed successfully",
        }
    }
}

/// What came of a dry run.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RehearsalView {
    valid: bool,
    statement_count: usize,
    statements: Vec<String>,
    /// SAFE, WARNING, DANGER.
    risk_level: &'static str,
    risk_factors: Vec<RiskView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

/// Why it is risky.
#[derive(Serialize, ToSchema)]
struct RiskView {
    code: &'static str,
    description: &'static str,
    level: &'static str,
    statement: String,
}

impl From<Rehearsal> for RehearsalView {
    fn from(told: Rehearsal) -> Self {
        let risk_level = told.level().word();
        let risks = told.risks.into_iter().map(|risk| RiskView {
            code: risk.code,
            description: risk.description,
            level: risk.level.word(),
            statement: risk.statement,
        });
        Self {
            valid: told.error.is_none(),
            statement_count: told.statements.len(),
            risk_level,
            risk_factors: risks.collect(),
            statements: told.statements,
            error: told.error,
        }
    }
}

/// Functions.
#[derive(Serialize, ToSchema)]
pub(crate) struct FunctionsView {
    functions: Vec<FunctionView>,
}

/// A function.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct FunctionView {
    function_name: String,
    function_def: String,
    kind: String,
}

impl From<Vec<FunctionDescription>> for FunctionsView {
    fn from(functions: Vec<FunctionDescription>) -> Self {
        let view = |function: FunctionDescription| FunctionView {
            function_name: function.name,
            function_def: function.definition,
            kind: function.kind,
        };
        Self {
            functions: functions.into_iter().map(view).collect(),
        }
    }
}

/// Triggers.
#[derive(Serialize, ToSchema)]
pub(crate) struct TriggersView {
    triggers: Vec<TriggerView>,
}

/// A trigger.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TriggerView {
    table_name: String,
    trigger_name: String,
    action_timing: String,
    event_manipulation: String,
    action_orientation: String,
    action_condition: Option<String>,
    action_statement: String,
}

impl From<Vec<TriggerDescription>> for TriggersView {
    fn from(triggers: Vec<TriggerDescription>) -> Self {
        Self {
            triggers: triggers.into_iter().map(TriggerView::from).collect(),
        }
    }
}

impl From<TriggerDescription> for TriggerView {
    fn from(trigger: TriggerDescription) -> Self {
        Self {
            table_name: trigger.table_name,
            trigger_name: trigger.trigger_name,
            action_timing: trigger.action_timing,
            event_manipulation: trigger.event_manipulation,
            action_orientation: trigger.action_orientation,
            action_condition: trigger.action_condition,
            action_statement: trigger.action_statement,
        }
    }
}
