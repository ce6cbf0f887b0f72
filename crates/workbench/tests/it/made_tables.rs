//! Tables have row security from the start, whatever made them.

use busbar_schema::catalogue::Security;

use crate::bed::{Bed, on_both};

fn secured(bed: &Bed, table: &str) -> bool {
    let catalogue = bed.schema.library.current();
    catalogue.table("public", table).unwrap().row_security()
}

const MAKER: &str = "CREATE FUNCTION make(name text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN \
 EXECUTE format('CREATE TABLE %I (id integer)', name); END $$";
const CAREFUL_MAKER: &str = "CREATE FUNCTION carefully(name text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN \
 BEGIN EXECUTE format('CREATE TABLE %I (id integer)', name); \
 EXECUTE format('CREATE OR REPLACE VIEW shown AS SELECT id FROM %I', name); EXCEPTION WHEN duplicate_table THEN NULL; END; \
 END $$";

#[tokio::test]
async fn no_spelling_makes_a_table_without_row_security() {
    on_both("no_spelling_makes_a_table", async |bed| {
        if bed.is_postgres() {
            return;
        }
        bed.sql("CREATE TABLE t (id integer PRIMARY KEY, owner text); CREATE TABLE u (id integer PRIMARY KEY)")
            .await;
        for (made, sql) in [
            ("Copied", "CREATE TABLE Copied AS SELECT * FROM t"),
            ("copy", "CREATE TABLE IF NOT EXISTS copy AS SELECT * FROM t"),
            ("a", "DROP TABLE u; CREATE TABLE IF NOT EXISTS u (id integer PRIMARY KEY); ALTER TABLE u RENAME TO a"),
            ("b", "ALTER TABLE \"A\" RENAME TO b"),
            ("c", "ALTER TABLE `b` RENAME TO c"),
            ("d", "ALTER TABLE [c] RENAME TO d"),
            ("e", "ALTER TABLE D RENAME TO \"e\""),
            ("f", "ALTER TABLE 'e' RENAME TO 'f'"),
            ("g", "CREATE TABLE [g] (id integer PRIMARY KEY)"),
            ("h", "ALTER TABLE \"F\" RENAME TO \"h\"; CREATE TABLE IF NOT EXISTS i (id integer PRIMARY KEY)"),
            ("i", "SELECT 1"),
            ("j", "CREATE TABLE j (id integer PRIMARY KEY) WITHOUT ROWID"),
            ("k", "CREATE TABLE k (id integer PRIMARY KEY, a any) STRICT"),
        ] {
            let done = bed.try_sql(sql).await;
            assert!(done.is_ok() && secured(&bed, made), "{sql}: {done:?}");
        }
        bed.sql("ALTER TABLE h DISABLE ROW LEVEL SECURITY; ALTER TABLE [h] RENAME TO open").await;
        assert!(!secured(&bed, "open"), "it was turned off");
        assert_eq!(bed.refused("ALTER TABLE \"OPEN\" ENABLE ROW LEVEL SECURITY").await, "42P01");
        assert_eq!(bed.refused("ALTER TABLE nothing DISABLE ROW LEVEL SECURITY").await, "42P01");
        // What was kept by a name does not wait for the next table of that name.
        bed.sql("CREATE POLICY wide ON open USING (true); DROP TABLE [open]; CREATE TABLE open (id integer PRIMARY KEY)")
            .await;
        assert!(secured(&bed, "open"));
        assert!(bed.schema.policies.list("public").await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn policies_follow_what_sql_renames_and_hold_what_they_need() {
    on_both("policies_follow_what_sql_renames", async |bed| {
        bed.sql(
            "CREATE TABLE teams (id integer PRIMARY KEY, member text); \
             CREATE TABLE notes (id integer PRIMARY KEY, team integer, owner text); \
             CREATE POLICY own ON notes USING (owner = 'a' \
              AND EXISTS (SELECT 1 FROM teams WHERE teams.id = notes.team AND teams.member = 'a'))",
        )
        .await;
        bed.sql("CREATE POLICY team ON storage.objects FOR SELECT USING (key IN (SELECT member FROM public.teams))")
            .await;
        for sql in [
            "DROP TABLE teams",
            "DROP TABLE IF EXISTS teams",
            "ALTER TABLE teams DROP COLUMN member",
            "ALTER TABLE notes DROP COLUMN owner",
            "DROP POLICY own ON notes; DROP TABLE teams",
        ] {
            assert_eq!(bed.refused(sql).await, "2BP01", "{sql}");
        }
        if !bed.is_postgres() {
            for sql in ["DROP TABLE [teams]", "DROP TABLE \"TEAMS\"", "ALTER TABLE `notes` DROP COLUMN `owner`"] {
                assert_eq!(bed.refused(sql).await, "2BP01", "{sql}");
            }
        }
        bed.sql(
            "ALTER TABLE teams RENAME TO crews; ALTER TABLE crews RENAME COLUMN member TO person; \
             ALTER TABLE notes RENAME owner TO writer",
        )
        .await;
        let mut texts = Vec::new();
        for schema in ["public", "storage"] {
            for policy in bed.schema.policies.list(schema).await.unwrap() {
                texts.push(policy.using.unwrap_or_default());
            }
        }
        assert_eq!(texts.len(), 2);
        for text in &texts {
            assert!(text.contains("crews") && text.contains("person"), "{text}");
        }
        assert!(texts[0].contains("writer"), "{texts:?}");
        assert_eq!(bed.refused("DROP TABLE crews").await, "2BP01");
        bed.sql("DROP POLICY team ON storage.objects").await;
        bed.sql("DROP POLICY own ON notes; DROP TABLE crews, notes").await;
    })
    .await;
}

#[tokio::test]
async fn a_view_that_lost_its_table_stops_nothing_else() {
    on_both("a_view_that_lost_its_table", async |bed| {
        bed.sql("CREATE TABLE a (id integer PRIMARY KEY); CREATE TABLE b (id integer PRIMARY KEY)").await;
        bed.sql("CREATE VIEW kept AS SELECT id FROM b; CREATE VIEW lost AS SELECT id FROM a").await;
        if bed.is_postgres() {
            assert_eq!(bed.refused("DROP TABLE a").await, "2BP01");
            return;
        }
        bed.sql("DROP TABLE a").await;
        for view in [
            "CREATE VIEW unsafe AS SELECT * FROM pragma_table_list",
            "CREATE VIEW nowhere AS SELECT * FROM nothing_here",
            "CREATE VIEW circle AS SELECT * FROM circle",
            "CREATE VIEW unknown AS SELECT no_function(1)",
        ] {
            bed.sql(view).await;
        }
        bed.sql("CREATE TABLE c (id integer PRIMARY KEY)").await;
        let catalogue = bed.schema.library.current();
        let names: Vec<&str> = catalogue.tables("public").iter().map(|table| table.name.as_str()).collect();
        assert_eq!(names, ["b", "c", "kept"]);
        bed.sql("CREATE TABLE a (id integer PRIMARY KEY)").await;
        assert!(bed.schema.library.current().table("public", "lost").is_ok());
        bed.sql("DROP VIEW unsafe; DROP VIEW nowhere; DROP VIEW circle; DROP VIEW unknown; ALTER TABLE a RENAME TO d").await;
    })
    .await;
}

#[tokio::test]
async fn virtual_tables_are_refused_and_older_ones_are_shown_to_nobody() {
    on_both("virtual_tables_are_refused", async |bed| {
        if bed.is_postgres() {
            return;
        }
        let told = bed
            .try_sql("CREATE VIRTUAL TABLE boxes USING rtree (id, a, b)")
            .await
            .unwrap_err();
        assert_eq!(told.code_str(), "workbench.sql_refused");
        assert!(told.message().contains("virtual tables"), "{}", told.message());
        let file = b"CREATE TABLE t (id integer PRIMARY KEY);\nCREATE VIRTUAL TABLE words USING fts5 (text);";
        assert!(bed.bench.transfer.import(file, false).await.is_err());
        for sql in [
            "CREATE VIRTUAL TABLE boxes USING rtree (id, a, b)",
            "CREATE VIRTUAL TABLE words USING fts5 (text)",
            "CREATE TABLE t (id integer PRIMARY KEY)",
            "CREATE VIEW seen AS SELECT * FROM boxes",
        ] {
            bed.db.execute(sql, Vec::new()).await.unwrap();
        }
        bed.schema.library.refresh().await.unwrap();
        let catalogue = bed.schema.library.current();
        let names: Vec<&str> = catalogue
            .tables("public")
            .iter()
            .map(|table| table.name.as_str())
            .collect();
        assert_eq!(names, ["seen", "t"]);
        assert!(matches!(
            catalogue.table("public", "seen").unwrap().security,
            Security::Closed
        ));
        bed.sql("ALTER TABLE t RENAME TO u; DROP VIEW seen; DROP TABLE boxes; DROP TABLE words")
            .await;
        assert_eq!(
            bed.rows("SELECT count(*) AS n FROM sqlite_schema WHERE name LIKE 'words%'")
                .await[0]["n"],
            0
        );
    })
    .await;
}

#[tokio::test]
async fn functions_make_tables_with_row_security() {
    on_both("functions_make_tables_with_row_security", async |bed| {
        if !bed.is_postgres() {
            return;
        }
        bed.sql(&format!("{MAKER}; {CAREFUL_MAKER}; CREATE TABLE t (id integer)"))
            .await;
        for (made, sql) in [
            ("a", "SELECT make('a')"),
            ("b", "SELECT 1; SELECT make('b'); SELECT 2"),
            ("c", "DO $$ BEGIN PERFORM make('c'); END $$"),
            ("d", "EXPLAIN ANALYZE SELECT make('d')"),
            ("e", "INSERT INTO t SELECT 1 FROM (SELECT make('e')) x"),
            ("f", "WITH x AS (SELECT make('f')) SELECT * FROM x"),
            ("g", "VALUES (make('g'))"),
            ("h", "SELECT carefully('h')"),
            ("i", "SELECT 1 AS id INTO i"),
            ("j", "DELETE FROM t WHERE make('j') IS NULL"),
        ] {
            bed.sql(sql).await;
            assert!(secured(&bed, made), "{sql}");
        }
        bed.sql("CREATE OR REPLACE VIEW shown WITH (security_invoker = false) AS SELECT id FROM a; SELECT carefully('k')")
            .await;
        assert!(secured(&bed, "k"));
        bed.sql("SELECT make('open'); ALTER TABLE open DISABLE ROW LEVEL SECURITY; SELECT 1")
            .await;
        assert!(!secured(&bed, "open"), "its maker turned it off");
        bed.sql("SELECT make('l'); ALTER TABLE open ADD COLUMN more integer").await;
        assert!(secured(&bed, "l") && !secured(&bed, "open"));
        let written = "CREATE FUNCTION made_by_trigger() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
                       PERFORM make('m' || NEW.id); RETURN NEW; END $$; \
                       CREATE TRIGGER maker BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION made_by_trigger()";
        bed.sql(written).await;
        let imported = bed.bench.transfer.import(b"INSERT INTO t VALUES (7);", false).await.unwrap();
        assert_eq!(imported.rows, 1);
        assert!(secured(&bed, "m7"));
    })
    .await;
}
