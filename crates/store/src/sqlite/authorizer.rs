//! What statements may not do on SQLite, whoever wrote them: leave their file or change how it is kept.

use rusqlite::hooks::{AuthAction, AuthContext, Authorization};

/// Who wrote a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Level {
    /// The store itself.
    Store,
    /// Busbar.
    Ours,
    /// People: what is Busbar's own is closed besides.
    Guest,
}

/// Pragmas that only tell, and the one that only lasts for a transaction.
const PRAGMAS: [&str; 13] = [
    "defer_foreign_keys",
    "foreign_key_check",
    "foreign_key_list",
    "function_list",
    "index_info",
    "index_list",
    "index_xinfo",
    "page_count",
    "page_size",
    "schema_version",
    "table_info",
    "table_list",
    "table_xinfo",
];

/// Pragmas of the list that would change something when given a value.
const TOLD_ONLY: [&str; 2] = ["page_size", "schema_version"];

const MODULES: [&str; 3] = ["fts5", "fts5vocab", "rtree"];

/// What people's statements may read of the system's tables; no column means all of them.
const OPEN: [(&str, &[&str]); 3] = [
    (
        "auth.users",
        &[
            "",
            "id",
            "email",
            "email_verified",
            "created_at",
            "updated_at",
            "profile",
            "metadata",
            "is_anonymous",
        ],
    ),
    ("storage.buckets", &[]),
    ("storage.objects", &[]),
];

/// Triggers that Busbar makes on people's tables, to record what changes; their names are its own.
const EVENT_TRIGGERS: &str = "busbar_event_";
/// Where those triggers write.
const EVENTS: &str = "system.change_events";

/// Allows or denies an action.
pub(super) fn decide(context: &AuthContext<'_>, level: Level) -> Authorization {
    let allowed = match &context.action {
        AuthAction::Attach { .. } | AuthAction::Detach { .. } => false,
        AuthAction::Function { function_name } => !function_name.eq_ignore_ascii_case("load_extension"),
        _ if level == Level::Store => true,
        AuthAction::Transaction { .. } | AuthAction::Savepoint { .. } => false,
        AuthAction::Pragma {
            pragma_name,
            pragma_value,
        } => {
            is_listed(pragma_name, &PRAGMAS)
                && (pragma_value.is_none() || !is_listed(pragma_name, &TOLD_ONLY))
        }
        // What is temporary would outlive its request on a connection that many share.
        AuthAction::CreateTempIndex { .. }
        | AuthAction::CreateTempTable { .. }
        | AuthAction::CreateTempTrigger { .. }
        | AuthAction::CreateTempView { .. } => false,
        // No policy can guard what a virtual table keeps beside itself.
        AuthAction::CreateVtable { module_name, .. } => {
            level == Level::Ours && is_listed(module_name, &MODULES)
        }
        AuthAction::Unknown { .. } => false,
        action => level == Level::Ours || guest(action, context.accessor),
    };
    if allowed {
        Authorization::Allow
    } else {
        Authorization::Deny
    }
}

/// Whether people may do it themselves. `accessor` is the trigger or view through which they would.
fn guest(action: &AuthAction<'_>, accessor: Option<&str>) -> bool {
    // Only for inserting: a view or a named subquery is an accessor too, and people choose those names.
    let by_event_trigger = accessor.is_some_and(|name| name.starts_with(EVENT_TRIGGERS));
    match action {
        AuthAction::Read {
            table_name,
            column_name,
        } => !is_system(table_name) || is_open(table_name, column_name),
        AuthAction::Insert { table_name } => {
            !is_system(table_name) || (by_event_trigger && *table_name == EVENTS)
        }
        AuthAction::Update { table_name, .. }
        | AuthAction::Delete { table_name }
        | AuthAction::CreateTable { table_name }
        | AuthAction::DropTable { table_name }
        | AuthAction::DropVtable { table_name, .. }
        | AuthAction::AlterTable { table_name, .. }
        | AuthAction::Analyze { table_name } => !is_system(table_name),
        AuthAction::CreateIndex {
            index_name,
            table_name,
        }
        | AuthAction::DropIndex {
            index_name,
            table_name,
        } => !is_system(index_name) && !is_system(table_name),
        AuthAction::CreateTrigger {
            trigger_name,
            table_name,
        } => !is_system(trigger_name) && !is_system(table_name) && !trigger_name.starts_with(EVENT_TRIGGERS),
        AuthAction::DropTrigger {
            trigger_name,
            table_name,
        } => !is_system(trigger_name) && !is_system(table_name),
        AuthAction::CreateView { view_name } => {
            !is_system(view_name) && !view_name.starts_with(EVENT_TRIGGERS)
        }
        AuthAction::DropView { view_name } => !is_system(view_name),
        AuthAction::Reindex { index_name } => !is_system(index_name),
        _ => true,
    }
}

/// The system's names hold a dot, which people's cannot; and `sqlite_dbpage` would show every page of the file.
fn is_system(name: &str) -> bool {
    name.contains('.') || name.eq_ignore_ascii_case("sqlite_dbpage")
}

fn is_open(table: &str, column: &str) -> bool {
    OPEN.iter()
        .any(|(open, columns)| *open == table && (columns.is_empty() || columns.contains(&column)))
}

fn is_listed(name: &str, list: &[&str]) -> bool {
    list.iter().any(|listed| name.eq_ignore_ascii_case(listed))
}
