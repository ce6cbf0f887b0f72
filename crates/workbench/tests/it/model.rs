//! InsForge's model of PostgreSQL: every documented function, called by every role.

use busbar_store::{Session, Step, params};
use serde_json::json;

use crate::bed::{Bed, on_both};

const ROLES: [&str; 3] = ["anon", "authenticated", "project_admin"];
const ADA: &str = "00000000-0000-4000-8000-000000000001";

/// What a query answers a role as text, or the SQLSTATE of its refusal.
async fn asked(bed: &Bed, role: &str, sql: &str) -> String {
    let claims = match role {
        "authenticated" => json!({"role": role, "sub": ADA, "email": "a@example.org"}),
        _ => json!({ "role": role }),
    };
    let session = Session {
        settings: vec![
            ("request.jwt.claims".into(), claims.to_string()),
            ("realtime.channel_name".into(), "room:1".into()),
        ],
        ..Session::role(role)
    };
    let step = Step::new(format!("SELECT coalesce(({sql})::text, 'null')"), params![]);
    match bed.db.batch_as(&session, vec![step]).await {
        Ok(answers) => answers[0].read::<String>().unwrap().remove(0),
        Err(error) => error.wire_code_str().unwrap_or("none").to_owned(),
    }
}

#[tokio::test]
async fn every_documented_function_answers_every_role() {
    on_both("every_documented_function_answers_every_role", async |bed| {
        if !bed.is_postgres() {
            return;
        }
        bed.db
            .execute(
                "INSERT INTO realtime.channels (pattern) VALUES ('room:%'), ('room:2')",
                params![],
            )
            .await
            .unwrap();
        for (sql, expected) in [
            ("auth.jwt() ->> 'role'", ROLES),
            ("auth.role()", ROLES),
            ("auth.uid()", ["null", ADA, "null"]),
            ("auth.email()", ["null", "a@example.org", "null"]),
            ("realtime.channel_name()", ["room:1"; 3]),
            (
                "realtime.publish('room:2', 'said', '{\"a\": 1}') IS NOT NULL",
                ["42501", "42501", "true"],
            ),
            (
                "realtime.publish('nowhere', 'said', '{}')",
                ["42501", "42501", "null"],
            ),
            ("system.is_exposed_schema('public')", ["42501", "42501", "true"]),
            ("system.is_exposed_schema('auth')", ["42501", "42501", "false"]),
            (
                "system.is_exposed_schema('pg_catalog')",
                ["42501", "42501", "false"],
            ),
            (
                "system.sync_postgrest_exposed_schemas()",
                ["42501", "42501", "public"],
            ),
        ] {
            for (role, expected) in ROLES.iter().zip(expected) {
                assert_eq!(asked(&bed, role, sql).await, expected, "{sql} as {role}");
            }
        }
        let sent =
            "SELECT c.pattern FROM realtime.messages m JOIN realtime.channels c ON c.id = m.channel_id";
        let patterns: Vec<String> = bed.db.all(sent, params![]).await.unwrap();
        assert_eq!(patterns, ["room:2"], "an exact pattern wins");
    })
    .await;
}

#[tokio::test]
async fn roles_reach_what_is_granted_and_nothing_that_lets_people_in() {
    on_both("roles_reach_what_is_granted", async |bed| {
        if !bed.is_postgres() {
            return;
        }
        let count = |table: &str| format!("SELECT count(*) FROM {table}");
        for (sql, expected) in [
            (count("auth.users"), ["42501", "42501", "1"]),
            ("SELECT count(id) FROM auth.users".into(), ["42501", "42501", "1"]),
            ("SELECT count(password) FROM auth.users".into(), ["42501"; 3]),
            (count("auth.sessions"), ["42501"; 3]),
            (
                "SELECT count(access_token) FROM auth.user_providers".into(),
                ["42501"; 3],
            ),
            (
                "SELECT count(provider) FROM auth.user_providers".into(),
                ["42501", "42501", "0"],
            ),
            (count("system.secrets"), ["42501"; 3]),
            (count("realtime.channels"), ["0", "0", "0"]),
            (count("realtime.messages"), ["42501", "42501", "0"]),
            (count("functions.definitions"), ["42501", "42501", "0"]),
            (count("schedules.job_logs"), ["42501", "42501", "0"]),
            (
                "SELECT count(encrypted_headers) FROM schedules.jobs".into(),
                ["42501"; 3],
            ),
            (
                "SELECT count(name) FROM schedules.jobs".into(),
                ["42501", "42501", "0"],
            ),
            (count("email.templates"), ["42501", "42501", "0"]),
            (
                "SELECT count(password_encrypted) FROM email.config".into(),
                ["42501"; 3],
            ),
            (count("system.audit_logs"), ["42501", "42501", "0"]),
        ] {
            for (role, expected) in ROLES.iter().zip(expected) {
                assert_eq!(asked(&bed, role, &sql).await, expected, "{sql} as {role}");
            }
        }
        // Row security is on, and there is no policy: the right to insert alone lets nobody pass.
        let insert = "INSERT INTO realtime.messages (event_name, channel_name) VALUES ('a', 'b')";
        for role in ["anon", "authenticated"] {
            let tried = bed
                .db
                .batch_as(&Session::role(role), vec![Step::new(insert, params![])])
                .await;
            assert_eq!(tried.unwrap_err().wire_code_str(), Some("42501"), "{role}");
        }
    })
    .await;
}
