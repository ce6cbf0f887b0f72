//! Tables: create, describe, alter, drop, list.

use busbar_schema::{Action, ColumnChange, ColumnType, NewForeignKey, NewTable, TableChanges};
use serde_json::json;

use crate::bed::{Ask, Bed, new_column, on_both};

fn reference(column: &str, table: &str, on_delete: Action) -> NewForeignKey {
    NewForeignKey {
        name: None,
        table: table.to_owned(),
        columns: vec![(column.to_owned(), "id".to_owned())],
        on_delete,
        on_update: Action::NoAction,
    }
}

async fn columns(bed: &Bed, table: &str) -> Vec<String> {
    let described = bed.data.tables.describe("public", table).await.unwrap();
    described.columns.into_iter().map(|column| column.name).collect()
}

#[tokio::test]
async fn the_type_map_comes_back() {
    on_both("the_type_map_comes_back", |bed| async move {
        let words = [
            "string", "date", "datetime", "integer", "float", "boolean", "uuid", "json",
        ];
        let mut columns: Vec<_> = words
            .iter()
            .map(|word| new_column(&format!("c_{word} {word}")))
            .collect();
        for (column, default) in columns.iter_mut().zip([
            "it's",
            "CURRENT_DATE",
            "now()",
            "5",
            "1.5",
            "true",
            "gen_random_uuid()",
            "{\"a\":1}",
        ]) {
            column.default = Some(default.to_owned());
        }
        columns.push(new_column("code string!*"));
        columns.push(new_column("owner uuid!"));
        let table = NewTable {
            name: "all_types".to_owned(),
            columns,
            foreign_keys: Vec::new(),
            row_security: true,
        };
        bed.data.tables.create(&table).await.unwrap();
        assert_eq!(bed.data.tables.list("public").unwrap(), ["all_types"]);
        let described = bed.data.tables.describe("public", "all_types").await.unwrap();
        assert!(described.row_security);
        let find = |name: &str| {
            described
                .columns
                .iter()
                .find(|column| column.name == name)
                .unwrap()
        };
        for word in words {
            assert_eq!(find(&format!("c_{word}")).kind.api_word(), Some(word));
        }
        assert_eq!(
            (find("id").primary_key, find("id").default.as_deref()),
            (true, Some("gen_random_uuid()"))
        );
        assert_eq!(find("created_at").default.as_deref(), Some("now()"));
        assert_eq!(
            find("owner").default.as_deref(),
            Some("gen_random_uuid()"),
            "as InsForge does"
        );
        assert_eq!((find("code").unique, find("code").nullable), (true, false));
        assert_eq!(find("c_string").default.as_deref(), Some("'it''s'"));
        assert_eq!(find("c_boolean").default.as_deref(), Some("true"));
        assert_eq!(find("c_float").sql_type, "double precision");
        let said = bed
            .ask(Ask::post("all_types", json!({"code": "x"})).prefer("return=representation"))
            .await;
        let row = &said.json()[0];
        assert_eq!(
            (&row["c_string"], &row["c_integer"], &row["c_boolean"]),
            (&json!("it's"), &json!(5), &json!(true))
        );
        assert_eq!(row["c_json"], json!({"a": 1}));
        for name in ["id", "owner", "c_uuid"] {
            let id: uuid_text::Checked = row[name].as_str().unwrap().into();
            assert!(id.is_version_4(), "{name}: {row}");
        }
        assert_eq!(
            bed.data
                .tables
                .describe("public", "all_types")
                .await
                .unwrap()
                .rows,
            1
        );
    })
    .await;
}

/// What a UUID of version 4 looks like.
mod uuid_text {
    pub(super) struct Checked(String);
    impl From<&str> for Checked {
        fn from(text: &str) -> Self {
            Self(text.to_owned())
        }
    }
    impl Checked {
        pub(super) fn is_version_4(&self) -> bool {
            let parts: Vec<usize> = self.0.split('-').map(str::len).collect();
            parts == [8, 4, 4, 4, 12] && self.0[14..].starts_with('4') && "89ab".contains(&self.0[19..20])
        }
    }
}

#[tokio::test]
async fn creation_refuses_what_makes_no_table() {
    on_both("creation_refuses_what_makes_no_table", |bed| async move {
        bed.table("t", &["n integer"]).await;
        let table = |name: &str, columns: &[&str]| NewTable {
            name: name.to_owned(),
            columns: columns.iter().map(|column| new_column(column)).collect(),
            foreign_keys: Vec::new(),
            row_security: true,
        };
        for (table, code) in [
            (table("t", &["n integer"]), "data.duplicate_object"),
            (table("T", &["n integer"]), "data.duplicate_object"),
            (table("x", &[]), "data.no_columns"),
            (table("x", &["id uuid"]), "data.no_columns"),
            (table("x", &["id integer", "n integer"]), "data.column_reserved"),
            (table("x", &["n integer", "N integer"]), "data.duplicate_object"),
            (
                table("x\"; DROP TABLE t; --", &["n integer"]),
                "data.name_invalid",
            ),
            (table("x", &["n\"x integer"]), "data.name_invalid"),
            (table("pg_x", &["n integer"]), "data.name_invalid"),
            (
                NewTable {
                    foreign_keys: vec![reference("n", "nothing", Action::Cascade)],
                    ..table("x", &["n uuid"])
                },
                "data.undefined_table",
            ),
            (
                NewTable {
                    foreign_keys: vec![reference("nope", "t", Action::Cascade)],
                    ..table("x", &["n uuid"])
                },
                "data.undefined_column",
            ),
        ] {
            let error = bed.data.tables.create(&table).await.unwrap_err();
            assert_eq!(error.code_str(), code, "{table:?}: {error:?}");
        }
        assert_eq!(bed.data.tables.list("public").unwrap(), ["t"]);
        assert!(bed.data.tables.list("pg_catalog").is_err());
        assert!(bed.data.tables.list("auth").is_err());
    })
    .await;
}

#[tokio::test]
async fn alterations_keep_the_rows() {
    on_both("alterations_keep_the_rows", |bed| async move {
        bed.table("people", &["name string"]).await;
        bed.table("posts", &["title string!", "body string", "n integer*", "author uuid"]).await;
        let author = bed.ask(Ask::post("people?select=id", json!({"name": "p"})).prefer("return=representation")).await;
        let author = author.json()[0]["id"].as_str().unwrap().to_owned();
        bed.ask(Ask::post("posts", json!([{"title": "a", "body": "x", "n": 1, "author": author}, {"title": "b", "body": null, "n": 2, "author": author}]))).await;
        bed.policy("posts", "titled", "SELECT", "title = 'a'", "").await;
        let mut with_default = new_column("state string!");
        with_default.default = Some("new".to_owned());
        let done = bed
            .data
            .tables
            .alter(
                "posts",
                &TableChanges {
                    add_columns: vec![with_default, new_column("token uuid!"), new_column("slug string*")],
                    drop_columns: vec!["body".to_owned()],
                    update_columns: vec![ColumnChange {
                        name: "title".to_owned(),
                        rename: Some("heading".to_owned()),
                        default: Some("untitled".to_owned()),
                    }],
                    add_foreign_keys: vec![reference("author", "people", Action::Cascade)],
                    ..TableChanges::default()
                },
            )
            .await
            .unwrap();
        assert_eq!(
            done,
            ["Dropped column: body", "Updated column: heading", "Added column: state", "Added column: token",
             "Added column: slug", "Added foreign key: fk_author_people_id"].map(|text| text.replace("heading", "title"))
        );
        assert_eq!(
            columns(&bed, "posts").await,
            ["id", "heading2", "n", "author", "created_at", "updated_at", "state", "token", "slug"]
                .map(|name| name.trim_end_matches('2'))
        );
        let rows = bed.rows("posts?select=heading,n,state&order=n").await;
        assert_eq!(rows, json!([{"heading": "a", "n": 1, "state": "new"}, {"heading": "b", "n": 2, "state": "new"}]));
        let seen = bed.ask(Ask::get("posts?select=heading").caller(crate::bed::person(1))).await;
        assert_eq!(seen.json(), json!([{"heading": "a"}]), "the policy follows the renamed column");
        assert_eq!(bed.ask(Ask::post("posts", json!({"heading": "c", "n": 1}))).await.code(), "23505", "still unique");
        let orphan = json!({"heading": "c", "author": crate::bed::subject(3)});
        assert_eq!(bed.ask(Ask::post("posts", orphan)).await.code(), "23503");
        let error = bed.data.tables.alter("posts", &TableChanges { drop_columns: vec!["heading".into()], ..TableChanges::default() }).await;
        assert_eq!(error.unwrap_err().wire_code_str(), Some("2BP01"), "a policy needs it");
        let described = bed.data.tables.describe("public", "posts").await.unwrap();
        assert_eq!(described.foreign_keys[0].name, "fk_author_people_id");
        assert_eq!(described.foreign_keys[0].on_delete, "CASCADE");
        let renamed = TableChanges {
            drop_foreign_keys: vec!["fk_author_people_id".to_owned()],
            rename: Some("articles".to_owned()),
            ..TableChanges::default()
        };
        bed.data.tables.alter("posts", &renamed).await.unwrap();
        assert_eq!(bed.data.tables.list("public").unwrap(), ["articles", "people"]);
        let seen = bed.ask(Ask::get("articles?select=heading").caller(crate::bed::person(1))).await;
        assert_eq!(seen.json(), json!([{"heading": "a"}]), "the policy follows the renamed table");
        let said = bed.ask(Ask::patch("articles?n=eq.1&select=updated_at,created_at", json!({"state": "old"})).prefer("return=representation")).await;
        assert!(said.json()[0]["updated_at"].as_str() > said.json()[0]["created_at"].as_str(), "still stamped: {said:?}");
        for (changes, code) in [
            (TableChanges { drop_columns: vec!["nope".into()], ..TableChanges::default() }, "42703"),
            (TableChanges { add_columns: vec![new_column("N integer")], ..TableChanges::default() }, "42701"),
            (TableChanges { rename: Some("people".into()), ..TableChanges::default() }, "42P07"),
            (TableChanges { drop_foreign_keys: vec!["x".into()], ..TableChanges::default() }, "42704"),
        ] {
            let error = bed.data.tables.alter("articles", &changes).await.unwrap_err();
            assert_eq!(error.wire_code_str(), Some(code), "{changes:?}");
        }
        let reserved = TableChanges { drop_columns: vec!["id".into()], ..TableChanges::default() };
        assert_eq!(bed.data.tables.alter("articles", &reserved).await.unwrap_err().code_str(), "data.column_reserved");
    })
    .await;
}

#[tokio::test]
async fn dropping_leaves_the_others_rows() {
    on_both("dropping_leaves_the_others_rows", |bed| async move {
        bed.table("people", &["name string"]).await;
        let posts = NewTable {
            name: "posts".to_owned(),
            columns: vec![new_column("author uuid"), new_column("t string")],
            foreign_keys: vec![reference("author", "people", Action::Cascade)],
            row_security: false,
        };
        bed.data.tables.create(&posts).await.unwrap();
        let person = bed
            .ask(Ask::post("people?select=id", json!({"name": "p"})).prefer("return=representation"))
            .await;
        let id = person.json()[0]["id"].clone();
        assert_eq!(
            bed.ask(Ask::post("posts", json!({"author": id, "t": "kept"})))
                .await
                .status,
            201
        );
        assert!(bed.data.tables.drop("public", "people").await.unwrap());
        assert!(!bed.data.tables.drop("public", "people").await.unwrap());
        assert_eq!(
            bed.rows("posts?select=t").await,
            json!([{"t": "kept"}]),
            "only the reference goes"
        );
        assert_eq!(
            bed.ask(Ask::post("posts", json!({"t": "more"}))).await.status,
            201
        );
        assert_eq!(
            bed.data
                .tables
                .describe("public", "posts")
                .await
                .unwrap()
                .foreign_keys,
            []
        );
        let gone = bed.ask(Ask::get("people")).await;
        assert_eq!((gone.status, gone.code().as_str()), (404, "42P01"));
        let error = bed.data.tables.describe("public", "people").await.unwrap_err();
        assert_eq!(error.wire_code_str(), Some("42P01"));
    })
    .await;
}

#[tokio::test]
async fn changes_made_elsewhere_are_noticed() {
    on_both("changes_made_elsewhere_are_noticed", |bed| async move {
        bed.table("t", &["n integer"]).await;
        assert_eq!(bed.ask(Ask::get("t?select=later")).await.code(), "42703");
        bed.db
            .execute("ALTER TABLE t ADD COLUMN later text", vec![])
            .await
            .unwrap();
        assert_eq!(bed.ask(Ask::get("t?select=later")).await.status, 200);
        bed.db
            .execute("CREATE TABLE other (a integer PRIMARY KEY, b text)", vec![])
            .await
            .unwrap();
        let said = bed
            .ask(Ask::post("other?select=b", json!({"a": 1, "b": "x"})).prefer("return=representation"))
            .await;
        assert_eq!(said.json(), json!([{"b": "x"}]));
        let indexes = bed.data.tables.indexes("public").await.unwrap();
        assert!(
            indexes
                .iter()
                .any(|index| index.table_name == "t" && index.is_primary && index.is_unique)
        );
        assert_eq!(ColumnType::of("text"), ColumnType::Text);
    })
    .await;
}
