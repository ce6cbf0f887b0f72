//! Change events under people's own SQL: recorded whatever is written, forged by nobody, and kept while tables change.

use busbar_schema::{EventPage, NewPublication};
use busbar_store::{Params, RawAccess, RawScript, RawStatement};
use serde_json::json;

use crate::bed::{Bed, on_both};

async fn kinds(bed: &Bed) -> Vec<String> {
    let page = EventPage {
        after: Some(0),
        limit: 1000,
        ..EventPage::default()
    };
    let events = bed.schema.events.recent(&page).await.unwrap();
    let told = events.into_iter().map(|event| {
        let role = event.actor_role.unwrap_or_default();
        format!("{} {} {role}", event.table_name, event.kind)
    });
    told.collect()
}

async fn published(bed: &Bed) {
    bed.sql("CREATE TABLE t (id integer PRIMARY KEY, n integer, note text)")
        .await;
    bed.sql("CREATE TABLE child (id integer PRIMARY KEY, t integer REFERENCES t (id) ON DELETE CASCADE)")
        .await;
    for table in ["t", "child"] {
        let events = &bed.schema.events;
        events.publish(table, &NewPublication::default()).await.unwrap();
    }
}

#[tokio::test]
async fn what_people_write_with_sql_is_recorded_with_what_follows_from_it() {
    on_both("what_people_write_with_sql", async |bed| {
        published(&bed).await;
        bed.sql("INSERT INTO t VALUES (1, 1, 'a'), (2, 2, 'b'); INSERT INTO child VALUES (1, 1)")
            .await;
        bed.sql("UPDATE t SET n = 9 WHERE id = 2; DELETE FROM t WHERE id = 1")
            .await;
        let mut told = kinds(&bed).await;
        told.sort();
        let expected = [
            "child DELETE project_admin",
            "child INSERT project_admin",
            "t DELETE project_admin",
            "t INSERT project_admin",
            "t INSERT project_admin",
            "t UPDATE project_admin",
        ];
        assert_eq!(told, expected);
        assert!(
            bed.try_sql("INSERT INTO t VALUES (5, 5, 'c'); INSERT INTO t VALUES (5, 5, 'd')")
                .await
                .is_err()
        );
        assert_eq!(kinds(&bed).await.len(), expected.len());
    })
    .await;
}

#[tokio::test]
async fn events_follow_a_table_that_sql_changes() {
    on_both("events_follow_a_table", async |bed| {
        published(&bed).await;
        bed.sql("ALTER TABLE t ADD COLUMN more text; INSERT INTO t VALUES (1, 1, 'a', 'm')").await;
        bed.sql("ALTER TABLE t DROP COLUMN note; ALTER TABLE t RENAME COLUMN n TO m; ALTER TABLE t RENAME TO u")
            .await;
        bed.sql("INSERT INTO u (id, m, more) VALUES (2, 2, 'x')").await;
        let page = EventPage { limit: 2, ..EventPage::default() };
        let events = bed.schema.events.recent(&page).await.unwrap();
        let record = |at: usize| -> serde_json::Value {
            serde_json::from_str(events[at].new_record.as_deref().unwrap()).unwrap()
        };
        assert_eq!(record(1), json!({"id": 1, "n": 1, "note": "a", "more": "m"}));
        assert_eq!(record(0), json!({"id": 2, "m": 2, "more": "x"}));
        assert_eq!((events[1].table_name.as_str(), events[0].table_name.as_str()), ("t", "u"));
        bed.sql("DROP TABLE child; DROP TABLE u; CREATE TABLE u (id integer PRIMARY KEY); INSERT INTO u VALUES (1)")
            .await;
        assert_eq!(bed.schema.events.list().await.unwrap(), []);
        assert_eq!(kinds(&bed).await.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn nobody_reads_or_forges_events_with_sql() {
    on_both("nobody_reads_or_forges", async |bed| {
        published(&bed).await;
        bed.sql("CREATE TABLE mine (id integer PRIMARY KEY); INSERT INTO mine VALUES (1)").await;
        let forged = "(table_name, kind, truncated, occurred_at) VALUES ('t', 'INSERT', false, '2026-01-01T00:00:00Z')";
        let both = [
            "SELECT * FROM system.change_events".to_owned(),
            "SELECT * FROM system.change_publications".to_owned(),
            format!("INSERT INTO system.change_events {forged}"),
            "UPDATE system.change_events SET table_name = 'x'".to_owned(),
            "DELETE FROM system.change_events".to_owned(),
            "UPDATE system.change_publications SET channel = 'x'".to_owned(),
            "DROP TABLE system.change_events".to_owned(),
            "CREATE VIEW v AS SELECT * FROM system.change_events; SELECT * FROM v".to_owned(),
        ];
        let sqlite = [
            format!("INSERT INTO \"system.change_events\" {forged}"),
            format!("WITH busbar_event_x AS (SELECT 1) INSERT INTO \"system.change_events\" {forged}"),
            "CREATE VIEW busbar_event_v AS SELECT 1 AS a".to_owned(),
            format!("CREATE TRIGGER busbar_event_g AFTER INSERT ON mine BEGIN INSERT INTO \"system.change_events\" {forged}; END"),
            format!("CREATE TRIGGER mine_g AFTER INSERT ON mine BEGIN INSERT INTO \"system.change_events\" {forged}; END; INSERT INTO mine VALUES (2)"),
        ];
        let postgres = [
            "SELECT system.record_change()".to_owned(),
            "CREATE TRIGGER g AFTER INSERT ON mine FOR EACH ROW EXECUTE FUNCTION \
             system.record_change('00000000-0000-4000-8000-000000000001')"
                .to_owned(),
            "ALTER FUNCTION system.record_change() SECURITY INVOKER".to_owned(),
            "CREATE FUNCTION f() RETURNS void LANGUAGE sql SECURITY DEFINER AS \
             'DELETE FROM system.change_events'; SELECT f()"
                .to_owned(),
            "CREATE TABLE heir () INHERITS (system.change_events)".to_owned(),
            "CREATE RULE r AS ON INSERT TO mine DO ALSO DELETE FROM system.change_events; INSERT INTO mine VALUES (2)"
                .to_owned(),
        ];
        let own = if bed.is_postgres() { &postgres[..] } else { &sqlite[..] };
        for sql in both.iter().chain(own) {
            assert!(bed.try_sql(sql).await.is_err(), "{sql}");
            let script = RawScript {
                statements: vec![RawStatement::theirs(sql.as_str(), Params::new())],
                access: RawAccess::Strict,
                reads: false,
                keep: true,
                rows: 100,
                bytes: 1 << 20,
                time_limit: std::time::Duration::from_secs(2),
            };
            // What is lasting is checked when it is made, by the guard alone.
            let lasting = !bed.is_postgres() && sql.contains("mine_g");
            assert!(lasting || bed.db.raw(script).await.is_err(), "past the guard: {sql}");
        }
        assert_eq!(kinds(&bed).await, Vec::<String>::new());
    })
    .await;
}
