//! What raw SQL answers and makes.

use busbar_schema::catalogue::Security;
use busbar_workbench::SqlRequest;
use serde_json::json;

use crate::bed::{Bed, on_both};

const POSTS: &str = "CREATE TABLE posts (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), title text NOT NULL, \
 views bigint NOT NULL DEFAULT 0, price numeric(10,2), live boolean DEFAULT false, tags jsonb DEFAULT '{}'::jsonb, \
 author uuid REFERENCES auth.users (id) ON DELETE CASCADE, created_at timestamptz DEFAULT now())";

fn secured(bed: &Bed, table: &str) -> bool {
    bed.schema
        .library
        .current()
        .table("public", table)
        .unwrap()
        .row_security()
}

#[tokio::test]
async fn a_table_made_by_raw_sql_has_row_security_and_is_known_at_once() {
    on_both("a_table_made_by_raw_sql", async |bed| {
        let made = bed.sql(POSTS).await;
        assert_eq!((made.count, made.rows.len()), (None, 0));
        assert!(secured(&bed, "posts"));
        bed.sql(
            "CREATE TABLE public.open (id integer PRIMARY KEY); ALTER TABLE open DISABLE ROW LEVEL SECURITY",
        )
        .await;
        assert!(!secured(&bed, "open"));
        bed.sql("CREATE TABLE IF NOT EXISTS open (id integer PRIMARY KEY)")
            .await;
        assert!(!secured(&bed, "open"), "what is there stays as it is");
        bed.sql("ALTER TABLE open ENABLE ROW LEVEL SECURITY").await;
        assert!(secured(&bed, "open"));
        bed.sql("ALTER TABLE open RENAME TO closed").await;
        assert!(secured(&bed, "closed"));
        bed.sql("DROP TABLE closed").await;
        assert!(bed.schema.library.current().table("public", "closed").is_err());
    })
    .await;
}

#[tokio::test]
async fn rows_come_as_the_node_client_gives_them() {
    on_both("rows_come_as_the_node_client", async |bed| {
        bed.sql(POSTS).await;
        let insert = "INSERT INTO public.posts (title, views, price, live, tags) \
                      VALUES ('a;b', 9007199254740993, 1.5, true, '{\"a\":[1]}') RETURNING title, views, live, tags";
        let answer = bed.sql(insert).await;
        assert_eq!(answer.count, Some(1));
        let fields = answer.fields.unwrap();
        let described: Vec<_> = fields
            .iter()
            .map(|field| (field.name.as_str(), field.type_id))
            .collect();
        if bed.is_postgres() {
            assert_eq!(described, [("title", 25), ("views", 20), ("live", 16), ("tags", 3802)]);
        }
        let read = bed.rows("SELECT title, views, live, tags FROM posts").await;
        assert_eq!(
            read,
            json!([{"title": "a;b", "views": "9007199254740993", "live": true, "tags": {"a": [1]}}])
        );
        let made = bed.rows("SELECT created_at FROM posts").await;
        let at = made[0]["created_at"].as_str().unwrap().to_owned();
        assert!(at.ends_with('Z') && at.len() == 24, "{at}");
        let request = SqlRequest {
            query: "SELECT title FROM posts WHERE views = $1 AND live = $2".into(),
            params: vec![json!("9007199254740993"), json!(true)],
            ..SqlRequest::default()
        };
        assert_eq!(json!(bed.bench.sql.run(&request).await.unwrap().rows), json!([{"title": "a;b"}]));
        let several = bed.sql("SELECT 1; SELECT 2").await;
        assert_eq!((several.rows.len(), several.count, several.fields), (0, None, None));
        let changed = bed.sql("UPDATE posts SET title = 'c'").await;
        assert_eq!(changed.count, Some(1));
    })
    .await;
}

#[tokio::test]
async fn a_text_succeeds_or_fails_as_a_whole() {
    on_both("a_text_succeeds_or_fails", async |bed| {
        let code = bed
            .refused(
                "CREATE TABLE a (id integer PRIMARY KEY); INSERT INTO a VALUES (1); INSERT INTO a VALUES (1)",
            )
            .await;
        assert_eq!(code, "23505");
        assert!(bed.schema.library.current().table("public", "a").is_err());
        assert_eq!(bed.refused("SELECT * FROM a").await, "42P01");
        for sql in ["SELECT FROM WHERE", "SELEC 1", "SELECT (", "INSERT INTO"] {
            let error = bed.try_sql(sql).await.unwrap_err();
            assert_eq!(
                error.wire_code_str(),
                Some("42601"),
                "{sql}: {}",
                error.operator_line()
            );
            assert!(
                error.message().contains("syntax error"),
                "{sql}: {}",
                error.message()
            );
        }
        assert_eq!(bed.refused("").await, "input.invalid");
    })
    .await;
}

#[tokio::test]
async fn a_policy_of_raw_sql_is_stored_on_both_databases() {
    on_both("a_policy_of_raw_sql", async |bed| {
        bed.sql(&format!(
            "{POSTS}; CREATE POLICY own ON public.posts FOR SELECT TO authenticated USING (author = auth.uid())"
        ))
        .await;
        let listed = bed.schema.policies.list("public").await.unwrap();
        assert_eq!((listed[0].table.as_str(), listed[0].name.as_str()), ("posts", "own"));
        assert_eq!((listed[0].command.as_str(), &listed[0].roles), ("SELECT", &vec!["authenticated".to_owned()]));
        if !bed.is_postgres() {
            let table = bed.schema.library.current().table("public", "posts").unwrap().clone();
            assert!(matches!(&table.security, Security::Rendered(policies) if policies.len() == 1));
            assert_eq!(
                bed.refused("CREATE POLICY bad ON posts USING (CASE WHEN true THEN true END)").await,
                "0A000"
            );
        }
        bed.sql("DROP POLICY own ON posts").await;
        assert!(bed.schema.policies.list("public").await.unwrap().is_empty());
        assert_eq!(bed.refused("DROP POLICY own ON posts").await, "42704");
        bed.sql("DROP POLICY IF EXISTS own ON posts").await;
    })
    .await;
}

#[tokio::test]
async fn a_plan_is_told_and_nothing_is_kept() {
    on_both("a_plan_is_told", async |bed| {
        bed.sql(POSTS).await;
        let request = |query: &str| SqlRequest {
            query: query.into(),
            explain: true,
            ..SqlRequest::default()
        };
        let plan = bed.bench.sql.run(&request("SELECT * FROM posts")).await.unwrap();
        assert!(
            plan.rows[0]["QUERY PLAN"][0]["Plan"]["Node Type"].is_string(),
            "{plan:?}"
        );
        let refused = bed
            .bench
            .sql
            .run(&request("DELETE FROM posts"))
            .await
            .unwrap_err();
        assert_eq!(refused.code_str(), "input.invalid");
    })
    .await;
}

#[tokio::test]
async fn answers_are_bounded() {
    on_both("answers_are_bounded", async |bed| {
        let many = if bed.is_postgres() {
            "SELECT * FROM generate_series(1, 100001)"
        } else {
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100001) SELECT i FROM n"
        };
        assert_eq!(bed.refused(many).await, "54000");
        let large = if bed.is_postgres() {
            "SELECT repeat('x', 10000000) FROM generate_series(1, 10)"
        } else {
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10) \
             SELECT hex(zeroblob(5000000)) FROM n"
        };
        assert_eq!(bed.refused(large).await, "54000");
    })
    .await;
}
