//! What statements may not do on SQLite, whoever wrote them: leave their file or change how it is kept.

use rusqlite::hooks::{AuthAction, Authorization};

/// Pragmas that only tell, and the one that only lasts for a transaction.
const PRAGMAS: [&str; 11] = [
    "defer_foreign_keys",
    "foreign_key_check",
    "foreign_key_list",
    "function_list",
    "index_info",
    "index_list",
    "index_xinfo",
    "schema_version",
    "table_info",
    "table_list",
    "table_xinfo",
];

/// Pragmas of the list that would change something when given a value.
const TOLD_ONLY: [&str; 1] = ["schema_version"];

const MODULES: [&str; 3] = ["fts5", "fts5vocab", "rtree"];

/// Allows or denies an action; `trusted` is the store itself.
pub(super) fn decide(action: &AuthAction<'_>, trusted: bool) -> Authorization {
    let allowed = match action {
        AuthAction::Attach { .. } | AuthAction::Detach { .. } => false,
        AuthAction::Function { function_name } => !function_name.eq_ignore_ascii_case("load_extension"),
        _ if trusted => true,
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
        AuthAction::CreateVtable { module_name, .. } => is_listed(module_name, &MODULES),
        AuthAction::Unknown { .. } => false,
        _ => true,
    };
    if allowed {
        Authorization::Allow
    } else {
        Authorization::Deny
    }
}

fn is_listed(name: &str, list: &[&str]) -> bool {
    list.iter().any(|listed| name.eq_ignore_ascii_case(listed))
}
