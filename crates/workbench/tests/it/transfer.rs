//! Export and import.

use busbar_schema::{ColumnType, NewColumn, NewTable};
use busbar_workbench::{ExportPiece, ExportRequest, Upsert};
use futures_util::StreamExt;
use serde_json::json;

use crate::bed::{Bed, on_both};

const ALL: ExportRequest = ExportRequest {
    tables: None,
    data: true,
    functions: false,
    sequences: false,
    views: false,
    row_limit: None,
};

/// An export as SQL, and the tables of which it holds a part.
async fn exported(bed: &Bed, request: &ExportRequest) -> (String, Vec<String>) {
    let (mut sql, mut truncated) = (String::new(), Vec::new());
    let mut pieces = bed.bench.transfer.sql(request).await.unwrap();
    while let Some(piece) = pieces.next().await {
        match piece.unwrap() {
            ExportPiece::Sql(text) => sql.push_str(&text),
            ExportPiece::Truncated(table) => truncated.push(table),
            other => panic!("{other:?}"),
        }
    }
    (sql, truncated)
}

#[tokio::test]
async fn what_is_exported_as_sql_comes_back_as_it_was() {
    on_both("what_is_exported_as_sql", async |bed| {
        bed.sql(
            "CREATE TABLE zoo (id integer PRIMARY KEY, name text UNIQUE, open boolean DEFAULT false); \
             CREATE TABLE animals (id integer PRIMARY KEY, zoo_id integer REFERENCES zoo (id), \
              note text, born timestamptz, price numeric(10,2), extra jsonb); \
             CREATE INDEX animals_zoo ON animals (zoo_id); \
             CREATE POLICY look ON animals FOR SELECT TO anon USING (note <> 'secret'); \
             INSERT INTO zoo VALUES (1, 'it''s; a \\ zoo', true), (2, NULL, false); \
             INSERT INTO animals VALUES (1, 1, 'two\nlines', '2026-11-21T10:00:00+00:00', 1.50, '{\"a\": [1, \"x;y\"]}')",
        )
        .await;
        let (sql, truncated) = exported(&bed, &ALL).await;
        assert!(truncated.is_empty());
        let before = (
            bed.rows("SELECT * FROM zoo ORDER BY id").await,
            bed.rows("SELECT * FROM animals ORDER BY id").await,
        );
        bed.sql("DROP TABLE animals; DROP TABLE zoo").await;
        let imported = bed
            .bench
            .transfer
            .import(sql.as_bytes(), false)
            .await
            .unwrap_or_else(|error| panic!("{}\n{}", error.operator_line(), sql));
        assert_eq!((imported.rows, &imported.tables), (3, &vec!["zoo".to_owned(), "animals".to_owned()]));
        let after = (
            bed.rows("SELECT * FROM zoo ORDER BY id").await,
            bed.rows("SELECT * FROM animals ORDER BY id").await,
        );
        assert_eq!(before, after);
        let catalogue = bed.schema.library.current();
        let animals = catalogue.table("public", "animals").unwrap();
        assert!(catalogue.table("public", "zoo").unwrap().row_security());
        assert!(animals.row_security() && animals.foreign_keys.len() == 1);
        assert_eq!(bed.schema.policies.list("public").await.unwrap().len(), 1);
        let indexes = bed.schema.tables.indexes("public").await.unwrap();
        assert!(indexes.iter().any(|index| index.index_name == "animals_zoo"));
        assert_eq!(exported(&bed, &ALL).await.0, sql);
    })
    .await;
}

#[tokio::test]
async fn export_and_import_change_nothing_to_the_letter() {
    on_both("export_and_import_change_nothing", async |bed| {
        let column = |name: &str, kind, default: &str| NewColumn {
            name: name.to_owned(),
            kind,
            nullable: true,
            unique: false,
            default: Some(default.to_owned()),
        };
        let orders = NewTable {
            name: "orders".to_owned(),
            columns: vec![
                column("token", ColumnType::Uuid, "gen_random_uuid()"),
                column("day", ColumnType::Date, "CURRENT_DATE"),
                column("paid", ColumnType::Boolean, "false"),
                column("note", ColumnType::Text, "it's"),
                column("extra", ColumnType::Jsonb, "{}"),
            ],
            foreign_keys: Vec::new(),
            row_security: false,
        };
        bed.schema.tables.create(&orders).await.unwrap();
        bed.sql(
            "CREATE TABLE lines (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), Count integer DEFAULT (2 + 3) CHECK (count > 0), \
              at timestamptz DEFAULT now(), title varchar(20) DEFAULT 'x', orders_id uuid REFERENCES orders (id)); \
             CREATE POLICY look ON orders FOR SELECT TO anon USING (note <> 'secret'); \
             ALTER TABLE orders DISABLE ROW LEVEL SECURITY; \
             INSERT INTO orders (note) VALUES ('a'); INSERT INTO lines (title, orders_id) SELECT 'b', id FROM orders",
        )
        .await;
        let import = async |sql: &str, truncate: bool| {
            let done = bed.bench.transfer.import(sql.as_bytes(), truncate).await;
            done.unwrap_or_else(|error| panic!("{}\n{sql}", error.operator_line()))
        };
        let (first, _) = exported(&bed, &ALL).await;
        for round in 0..2 {
            bed.sql("DROP TABLE lines; DROP TABLE orders").await;
            import(&first, false).await;
            assert_eq!(exported(&bed, &ALL).await.0, first, "round {round}");
        }
        // Into what is there, emptied first.
        bed.sql("INSERT INTO orders (note) VALUES ('more')").await;
        let done = import(&first, true).await;
        assert_eq!((done.rows, done.tables), (2, vec!["orders".to_owned(), "lines".to_owned()]));
        assert_eq!(exported(&bed, &ALL).await.0, first);
        bed.sql("INSERT INTO orders (note) VALUES ('c'); INSERT INTO lines (title) VALUES ('d')").await;
        let made = "SELECT count(*) AS made FROM orders WHERE note = 'c' AND token IS NOT NULL AND day IS NOT NULL AND id IS NOT NULL";
        assert_eq!(number(&bed.rows(made).await), 1);
        let catalogue = bed.schema.library.current();
        assert!(!catalogue.table("public", "orders").unwrap().row_security());
        assert!(catalogue.table("public", "lines").unwrap().row_security());
        let described = bed.schema.tables.describe("public", "orders").await.unwrap();
        let token = described.columns.iter().find(|column| column.name == "token").unwrap();
        assert_eq!(token.default.as_deref(), Some("gen_random_uuid()"));
    })
    .await;
}

/// A count, which PostgreSQL says as a text.
fn number(rows: &serde_json::Value) -> i64 {
    let made = &rows[0]["made"];
    made.as_i64().or_else(|| made.as_str()?.parse().ok()).unwrap()
}

#[tokio::test]
async fn an_import_is_all_or_nothing_and_may_empty_tables_first() {
    on_both("an_import_is_all_or_nothing", async |bed| {
        bed.sql("CREATE TABLE t (id integer PRIMARY KEY); INSERT INTO t VALUES (1)")
            .await;
        let import =
            async |sql: &str, truncate: bool| bed.bench.transfer.import(sql.as_bytes(), truncate).await;
        assert!(
            import("INSERT INTO t VALUES (2); INSERT INTO t VALUES (1)", false)
                .await
                .is_err()
        );
        assert_eq!(bed.rows("SELECT id FROM t").await, json!([{"id": 1}]));
        let done = import("INSERT INTO public.t VALUES (1), (5)", true)
            .await
            .unwrap();
        assert_eq!((done.rows, done.tables), (2, vec!["t".to_owned()]));
        assert_eq!(
            bed.rows("SELECT id FROM t ORDER BY id").await,
            json!([{"id": 1}, {"id": 5}])
        );
        assert!(import("SET ROLE postgres", false).await.is_err());
        assert!(bed.bench.transfer.import(b"\xff", false).await.is_err());
        let failed = import(
            "INSERT INTO t VALUES (7);\n\n-- twice\nINSERT INTO t VALUES (7)",
            false,
        )
        .await
        .unwrap_err();
        assert!(failed.message().starts_with("Line 4: "), "{}", failed.message());
        assert_eq!(failed.wire_code_str(), Some("23505"));
        let refused = import("SELECT 1;\nCOMMIT", false).await.unwrap_err();
        assert!(refused.message().starts_with("Line 2: "), "{}", refused.message());
    })
    .await;
}

#[tokio::test]
async fn emptying_a_table_takes_no_rows_of_others_with_it() {
    on_both("emptying_a_table_takes_no_rows", async |bed| {
        bed.sql("CREATE TABLE posts (id integer PRIMARY KEY)").await;
        bed.sql("CREATE TABLE said (id integer PRIMARY KEY, post integer REFERENCES posts (id) ON DELETE CASCADE)")
            .await;
        bed.sql("INSERT INTO posts VALUES (1); INSERT INTO said VALUES (1, 1), (2, NULL)")
            .await;
        let import = async |sql: &str| bed.bench.transfer.import(sql.as_bytes(), true).await;
        let refused = import("INSERT INTO posts VALUES (1)").await.unwrap_err();
        assert_eq!(refused.field_str(), Some("truncate"));
        assert!(refused.message().contains("\"said\""), "{}", refused.message());
        assert_eq!(
            bed.rows("SELECT id FROM said ORDER BY id").await,
            json!([{"id": 1}, {"id": 2}])
        );
        import("INSERT INTO posts VALUES (1); INSERT INTO said VALUES (1, 1)")
            .await
            .unwrap();
        bed.sql("UPDATE said SET post = NULL").await;
        import("INSERT INTO posts VALUES (1), (2)").await.unwrap();
        assert_eq!(bed.rows("SELECT id FROM said").await, json!([{"id": 1}]));
    })
    .await;
}

#[tokio::test]
async fn rows_are_exported_with_their_number_and_a_limit() {
    on_both("rows_are_exported", async |bed| {
        bed.sql("CREATE TABLE t (id integer PRIMARY KEY); INSERT INTO t VALUES (1), (2), (3)")
            .await;
        let two = ExportRequest {
            row_limit: Some(2),
            ..ALL
        };
        let pieces = bed.bench.transfer.rows(&two).await.unwrap();
        let pieces: Vec<ExportPiece> = pieces.map(|piece| piece.unwrap()).collect().await;
        let row = |id: i32| json!({ "id": id }).as_object().cloned().unwrap();
        assert_eq!(
            pieces,
            [
                ExportPiece::Table("t".into()),
                ExportPiece::Rows(vec![row(1), row(2)]),
                ExportPiece::Truncated("t".into())
            ]
        );
        assert_eq!(exported(&bed, &two).await.1, ["t"]);
        let wrong = ExportRequest {
            row_limit: Some(10_001),
            ..ALL
        };
        assert!(bed.bench.transfer.rows(&wrong).await.is_err());
        let nothing = ExportRequest {
            tables: Some(vec!["nothing".into()]),
            ..ALL
        };
        let refused = bed.bench.transfer.sql(&nothing).await.err().unwrap();
        assert_eq!(refused.wire_code_str(), Some("42P01"));
    })
    .await;
}

#[tokio::test]
async fn files_of_rows_are_put_into_a_table() {
    on_both("files_of_rows", async |bed| {
        bed.sql("CREATE TABLE t (id integer PRIMARY KEY, name text, live boolean, at timestamptz)")
            .await;
        let into = |key: Option<&str>, is_csv: bool| Upsert {
            schema: "public".into(),
            table: "t".into(),
            key: key.map(str::to_owned),
            is_csv,
        };
        let csv = "id,name,live,at\n1,Ada,true,2026-11-21T10:00:00Z\n2,\"x, y\",f,\n";
        let done = bed
            .bench
            .transfer
            .upsert(&into(Some("id"), true), csv.as_bytes())
            .await
            .unwrap();
        assert_eq!((done.total, done.affected), (2, 2));
        let json_file = json!([{"id": 2, "name": "changed"}, {"id": 3, "name": null}]).to_string();
        bed.bench
            .transfer
            .upsert(&into(Some("id"), false), json_file.as_bytes())
            .await
            .unwrap();
        assert_eq!(
            bed.rows("SELECT id, name, live FROM t ORDER BY id").await,
            json!([
                {"id": 1, "name": "Ada", "live": true},
                {"id": 2, "name": "changed", "live": false},
                {"id": 3, "name": null, "live": null},
            ])
        );
        let many: String = (100..5100).map(|id| format!("{id},n{id},true,\n")).collect();
        let many = format!("id,name,live,at\n{many}");
        let done = bed
            .bench
            .transfer
            .upsert(&into(Some("id"), true), many.as_bytes())
            .await
            .unwrap();
        assert_eq!(done.affected, 5000);
        let twice = bed.bench.transfer.upsert(&into(None, true), b"id\n9\n1\n").await;
        assert_eq!(twice.unwrap_err().wire_code_str(), Some("23505"));
        assert_eq!(bed.rows("SELECT id FROM t WHERE id = 9").await, json!([]));
        for (bad, said) in [
            ("id,name\n77,Ada\nx,Bob\n", "Line 3, column id: "),
            ("id,live\n77,true\n78,true\n78,true\n", "Line 4: "),
            ("id,live\n77,\"true\n", "Line 2 opens a quote"),
        ] {
            let error = bed
                .bench
                .transfer
                .upsert(&into(None, true), bad.as_bytes())
                .await
                .unwrap_err();
            assert!(
                error.message().starts_with(said),
                "{bad:?}: {}",
                error.operator_line()
            );
            assert_eq!(error.field_str(), Some("file"), "{bad:?}");
        }
        assert_eq!(bed.rows("SELECT id FROM t WHERE id IN (77, 78)").await, json!([]));
        for bad in ["id,nothing\n1,2\n", "id\nx\n", "", "id\n"] {
            assert!(
                bed.bench
                    .transfer
                    .upsert(&into(None, true), bad.as_bytes())
                    .await
                    .is_err(),
                "{bad:?}"
            );
        }
    })
    .await;
}

#[tokio::test]
async fn large_exports_come_piece_by_piece() {
    on_both("large_exports_come_piece_by_piece", async |bed| {
        bed.sql("CREATE TABLE t (id integer PRIMARY KEY, note text)")
            .await;
        let note = "x".repeat(1000);
        for from in 0..5 {
            let rows: Vec<String> = (0..1000)
                .map(|at| format!("({}, '{note}')", from * 1000 + at))
                .collect();
            bed.sql(&format!("INSERT INTO t VALUES {}", rows.join(", ")))
                .await;
        }
        let mut pieces = bed.bench.transfer.sql(&ALL).await.unwrap();
        let (mut count, mut largest, mut total) = (0, 0, 0);
        let mut gone = false;
        while let Some(piece) = pieces.next().await {
            let ExportPiece::Sql(text) = piece.unwrap() else {
                continue;
            };
            if text.starts_with("INSERT") && !std::mem::replace(&mut gone, true) {
                // What happens meanwhile is not in it: the export is of one moment.
                bed.sql("DELETE FROM t WHERE id >= 2500").await;
            }
            count += 1;
            largest = largest.max(text.len());
            total += text.len();
        }
        assert!(
            total > 5_000_000 && count > 10 && largest < 1_000_000,
            "{count} {largest} {total}"
        );
    })
    .await;
}

#[tokio::test]
async fn what_only_postgres_has_is_exported_too() {
    on_both("what_only_postgres_has", async |bed| {
        if !bed.is_postgres() {
            return;
        }
        bed.sql(
            "CREATE TYPE mood AS ENUM ('glad', 'it''s'); \
             CREATE TABLE s (id serial PRIMARY KEY, m mood, twice integer GENERATED ALWAYS AS (id * 2) STORED); \
             CREATE TABLE i (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, note text); \
             CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS $$ SELECT 1 $$; \
             CREATE SEQUENCE alone START 5 INCREMENT 2; SELECT nextval('alone'); \
             CREATE TABLE n (id bigint PRIMARY KEY DEFAULT nextval('alone')); \
             CREATE VIEW v AS SELECT id FROM s; REVOKE ALL ON i FROM anon; REVOKE INSERT ON s FROM anon; \
             INSERT INTO s (m) VALUES ('glad'), ('it''s'); INSERT INTO i (note) VALUES ('a\\b'), (NULL)",
        )
        .await;
        let all = ExportRequest {
            functions: true,
            sequences: true,
            views: true,
            ..ALL
        };
        let (sql, _) = exported(&bed, &all).await;
        bed.sql("DROP VIEW v; DROP FUNCTION f(); DROP TABLE s; DROP TABLE i; DROP TABLE n; DROP SEQUENCE alone; DROP TYPE mood").await;
        let done = bed.bench.transfer.import(sql.as_bytes(), false).await;
        done.unwrap_or_else(|error| panic!("{}\n{sql}", error.operator_line()));
        bed.sql("INSERT INTO s (m) VALUES ('glad'); INSERT INTO i (note) VALUES ('c')").await;
        assert_eq!(bed.rows("SELECT id, twice FROM s ORDER BY id DESC LIMIT 1").await, json!([{"id": 3, "twice": 6}]));
        assert_eq!(
            bed.rows("SELECT id, note FROM i ORDER BY id").await,
            json!([{"id": "1", "note": "a\\b"}, {"id": "2", "note": null}, {"id": "3", "note": "c"}])
        );
        bed.sql("INSERT INTO n DEFAULT VALUES").await;
        assert_eq!(bed.rows("SELECT id FROM n").await, json!([{"id": "7"}]));
        let rights = "SELECT has_table_privilege('anon', 'i', 'SELECT') AS i, has_table_privilege('anon', 's', 'SELECT') AS s, \
                      has_table_privilege('anon', 's', 'INSERT') AS s_insert";
        assert_eq!(bed.rows(rights).await, json!([{"i": false, "s": true, "s_insert": false}]));
        assert_eq!(bed.rows("SELECT f() AS f, (SELECT count(*)::int FROM v) AS v").await, json!([{"f": 1, "v": 3}]));
    })
    .await;
}
