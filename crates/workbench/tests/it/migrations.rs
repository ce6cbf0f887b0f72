//! Custom migrations.

use busbar_workbench::{NewMigration, RiskLevel};

use crate::backups::made;
use crate::bed::{Bed, on_both};

async fn apply(bed: &Bed, version: &str, sql: &str) -> Result<Vec<String>, String> {
    let migration = NewMigration {
        version: version.to_owned(),
        name: "make-things".to_owned(),
        sql: sql.to_owned(),
    };
    let done = bed.bench.migrations.apply(&migration).await;
    done.map(|applied| applied.statements).map_err(|error| {
        error
            .wire_code_str()
            .unwrap_or_else(|| error.code_str())
            .to_owned()
    })
}

#[tokio::test]
async fn migrations_are_applied_in_order_and_recorded_with_their_statements() {
    on_both("migrations_are_applied", async |bed| {
        let done = apply(
            &bed,
            "9",
            "CREATE TABLE a (id integer PRIMARY KEY); CREATE INDEX i ON a (id)",
        )
        .await;
        assert_eq!(
            done.unwrap(),
            [
                "CREATE TABLE a (id integer PRIMARY KEY)",
                "CREATE INDEX i ON a (id)"
            ]
        );
        apply(&bed, "20261121000000", "CREATE TABLE b (id integer PRIMARY KEY)")
            .await
            .unwrap();
        for version in ["9", "10", "20261121000000", "00020261121000000"] {
            assert_eq!(
                apply(&bed, version, "CREATE TABLE c (id integer PRIMARY KEY)").await,
                Err("workbench.migration_exists".to_owned()),
                "{version}"
            );
        }
        assert!(bed.schema.library.current().table("public", "c").is_err());
        assert!(
            bed.schema
                .library
                .current()
                .table("public", "b")
                .unwrap()
                .row_security()
        );
        let listed = bed.bench.migrations.list().await.unwrap();
        let versions: Vec<&str> = listed.iter().map(|one| one.version.as_str()).collect();
        assert_eq!(versions, ["20261121000000", "9"]);
        assert_eq!(listed[1].statements.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn a_migration_that_fails_leaves_neither_tables_nor_a_record() {
    on_both("a_migration_that_fails", async |bed| {
        let sql = "CREATE TABLE a (id integer PRIMARY KEY); INSERT INTO missing VALUES (1)";
        assert_eq!(apply(&bed, "1", sql).await, Err("42P01".to_owned()));
        assert!(bed.bench.migrations.list().await.unwrap().is_empty());
        assert!(bed.schema.library.current().table("public", "a").is_err());
        for version in ["", "1a", "-1", &"1".repeat(65)] {
            assert_eq!(
                apply(&bed, version, "SELECT 1").await,
                Err("input.invalid".to_owned()),
                "{version}"
            );
        }
    })
    .await;
}

#[tokio::test]
async fn a_rehearsal_changes_nothing_and_names_the_risks() {
    on_both("a_rehearsal", async |bed| {
        bed.sql("CREATE TABLE a (id integer PRIMARY KEY); INSERT INTO a VALUES (1)")
            .await;
        let told = bed
            .bench
            .migrations
            .rehearse("DELETE FROM a; DROP TABLE a")
            .await
            .unwrap();
        assert_eq!((told.level(), told.error.as_deref()), (RiskLevel::Danger, None));
        assert_eq!(told.risks.len(), 2);
        assert_eq!(bed.sql("SELECT * FROM a").await.rows.len(), 1);
        let told = bed
            .bench
            .migrations
            .rehearse("CREATE TABLE b (id integer PRIMARY KEY)")
            .await
            .unwrap();
        assert_eq!((told.level(), told.error), (RiskLevel::Safe, None));
        let told = bed.bench.migrations.rehearse("DROP TABLE nothing").await.unwrap();
        assert!(told.error.is_some());
        let told = bed.bench.migrations.rehearse("SET ROLE postgres").await.unwrap();
        assert!(told.error.is_some());
    })
    .await;
}

#[tokio::test]
async fn the_list_is_written_by_nobody_else() {
    on_both("the_list_is_written_by_nobody_else", async |bed| {
        apply(&bed, "1", "CREATE TABLE a (id integer PRIMARY KEY)").await.unwrap();
        for sql in [
            "DELETE FROM system.custom_migrations",
            "UPDATE system.custom_migrations SET name = 'other'",
            "INSERT INTO system.custom_migrations (version, name, statements, checksum, created_at) \
             SELECT '9', name, statements, checksum, created_at FROM system.custom_migrations",
            "TRUNCATE system.custom_migrations",
        ] {
            assert!(bed.try_sql(sql).await.is_err(), "{sql}");
            assert!(apply(&bed, "2", sql).await.is_err(), "{sql}");
        }
        if bed.is_postgres() {
            for sql in [
                "SELECT ticket FROM system.migration_tickets",
                "INSERT INTO system.migration_tickets (ticket, restores, entries) VALUES (gen_random_uuid(), true, '[]')",
                "SELECT system.record_migrations(gen_random_uuid())",
                "SELECT system.record_migrations(NULL)",
            ] {
                assert_eq!(bed.refused(sql).await, "42501", "{sql}");
            }
            let left: i64 = bed
                .db
                .one("SELECT count(*) FROM system.migration_tickets", Vec::new())
                .await
                .unwrap();
            assert_eq!(left, 0);
        }
        let listed = bed.bench.migrations.list().await.unwrap();
        assert_eq!(listed.len(), 1);
        assert_eq!(listed[0].statements, ["CREATE TABLE a (id integer PRIMARY KEY)"]);
        let backup = made(&bed, "one").await;
        apply(&bed, "3", "CREATE TABLE \"b\\\" (id integer PRIMARY KEY)").await.unwrap();
        bed.bench.backups.restore(backup.id).await.unwrap();
        assert_eq!(bed.bench.migrations.list().await.unwrap(), listed);
    })
    .await;
}
