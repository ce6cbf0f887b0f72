//! Change events: one for each changed row, written with the row, whoever changes it and however.

use busbar_data::Caller;
use busbar_schema::{ChangeEvent, ColumnChange, EventPage, NewColumn, NewPublication, TableChanges};
use busbar_store::Dialect;
use serde_json::{Value, json};

use crate::bed::{Ask, Bed, new_column, on_both, person, subject};

/// Every event after a number, oldest first.
async fn events(bed: &Bed, after: i64) -> Vec<ChangeEvent> {
    let page = EventPage {
        after: Some(after),
        limit: 1000,
        ..EventPage::default()
    };
    bed.data.schema.events.recent(&page).await.unwrap()
}

fn record(record: Option<&String>) -> Value {
    record.map_or(Value::Null, |text| serde_json::from_str(text).unwrap())
}

/// Kind and the column `n` before and after.
fn told(event: &ChangeEvent) -> Value {
    let n = |text: Option<&String>| record(text)["n"].clone();
    json!([
        event.kind,
        n(event.old_record.as_ref()),
        n(event.new_record.as_ref())
    ])
}

async fn publish(bed: &Bed, table: &str, wanted: NewPublication) {
    let made = bed.data.schema.events.publish(table, &wanted).await.unwrap();
    assert!(made.recording);
}

async fn open_table(bed: &Bed) {
    bed.secured_table(
        "t",
        &["n integer", "label string", "done boolean", "doc json"],
        true,
    )
    .await;
    bed.policy("t", "all", "ALL", "true", "true").await;
}

#[tokio::test]
async fn each_change_of_a_row_is_one_event_with_the_record_before_and_after() {
    on_both("each_change_of_a_row", async |bed| {
        open_table(&bed).await;
        publish(&bed, "t", NewPublication::default()).await;
        let row = json!({"n": 1, "label": "it's", "done": true, "doc": {"a": [1, null]}});
        let said = bed.ask(Ask::post("t", &row).caller(person(7))).await;
        assert_eq!(said.status, 201, "{said:?}");
        bed.ask(Ask::patch("t?n=eq.1", json!({"n": 2})).caller(Caller::anon()))
            .await;
        bed.ask(Ask::post("t?on_conflict=id", json!([{"n": 5}, {"n": 6}])))
            .await;
        bed.sql("UPDATE t SET n = 3 WHERE n = 2").await;
        bed.sql("UPDATE t SET n = 3 WHERE n = 3").await;
        bed.sql("DELETE FROM t").await;
        let events = events(&bed, 0).await;
        let mut told: Vec<Value> = events.iter().map(told).collect();
        told[5..].sort_by_key(ToString::to_string);
        assert_eq!(
            told,
            [
                json!(["INSERT", null, 1]),
                json!(["UPDATE", 1, 2]),
                json!(["INSERT", null, 5]),
                json!(["INSERT", null, 6]),
                json!(["UPDATE", 2, 3]),
                json!(["DELETE", 3, null]),
                json!(["DELETE", 5, null]),
                json!(["DELETE", 6, null]),
            ]
        );
        let first = record(events[0].new_record.as_ref());
        assert_eq!(first["label"], "it's");
        assert_eq!(first["done"], true);
        assert_eq!(first["doc"], json!({"a": [1, null]}));
        assert_eq!(first["id"].as_str().unwrap().len(), 36);
        assert_eq!(events[0].table_name, "t");
        assert_eq!(events[0].channel.as_deref(), Some("table:t"));
        let actor = |at: usize| (events[at].actor_role.as_deref(), events[at].actor_id.clone());
        assert_eq!(actor(0), (Some("authenticated"), Some(subject(7))));
        assert_eq!(actor(1), (Some("anon"), None));
        assert_eq!(actor(2), (Some("project_admin"), None));
        assert_eq!(actor(4), (None, None));
        let (old, new) = (
            record(events[4].old_record.as_ref()),
            record(events[4].new_record.as_ref()),
        );
        assert_ne!(old["updated_at"], new["updated_at"], "the stamp is in the event");
    })
    .await;
}

#[tokio::test]
async fn what_is_undone_leaves_no_event() {
    on_both("what_is_undone", async |bed| {
        open_table(&bed).await;
        bed.table("other", &["a integer*!"]).await;
        publish(&bed, "t", NewPublication::default()).await;
        publish(&bed, "other", NewPublication::default()).await;
        let said = bed.ask(Ask::post("other", json!([{"a": 1}, {"a": 1}]))).await;
        assert_eq!(said.code(), "23505");
        let said = bed.ask(Ask::post("t", json!([{"n": 1}, {"n": "x"}]))).await;
        assert!(said.status >= 400);
        assert_eq!(events(&bed, 0).await, []);
    })
    .await;
}

#[tokio::test]
async fn columns_kinds_and_conditions_choose_what_is_recorded() {
    on_both("columns_kinds_and_conditions", async |bed| {
        open_table(&bed).await;
        let wanted = NewPublication {
            kinds: vec!["insert".to_owned(), "update".to_owned()],
            columns: Some(vec!["n".to_owned()]),
            condition: Some("n > 10 AND label IS DISTINCT FROM 'quiet'".to_owned()),
            channel: None,
            webhook_url: Some("https://example.org/hook".to_owned()),
        };
        publish(&bed, "t", wanted).await;
        bed.ask(Ask::post("t", json!([{"n": 1}, {"n": 11}]))).await;
        bed.ask(Ask::post("t", json!({"n": 12, "label": "quiet"}))).await;
        bed.ask(Ask::patch("t?n=eq.1", json!({"n": 20}))).await;
        bed.ask(Ask::patch("t?n=eq.20", json!({"label": "not shown"})))
            .await;
        bed.ask(Ask::new(busbar_data::Method::Delete, "t?n=eq.20")).await;
        let events = events(&bed, 0).await;
        let told: Vec<Value> = events.iter().map(told).collect();
        assert_eq!(told, [json!(["INSERT", null, 11]), json!(["UPDATE", 1, 20])]);
        let shown = record(events[0].new_record.as_ref());
        let mut names: Vec<&String> = shown.as_object().unwrap().keys().collect();
        names.sort();
        assert_eq!(names, ["id", "n"]);
        assert_eq!(events[0].channel, None);
        assert_eq!(events[0].webhook_url.as_deref(), Some("https://example.org/hook"));
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_published_is_refused_by_name() {
    on_both("what_cannot_be_published", async |bed| {
        open_table(&bed).await;
        let wanted = NewPublication::default;
        let some = |text: &str| Some(text.to_owned());
        let list = |text: &str| vec![text.to_owned()];
        for (table, wanted, code, field) in [
            ("none", wanted(), "42P01", None),
            (
                "t",
                NewPublication {
                    kinds: list("TRUNCATE"),
                    ..wanted()
                },
                "input.invalid",
                Some("events.0"),
            ),
            (
                "t",
                NewPublication {
                    columns: Some(list("x")),
                    ..wanted()
                },
                "42703",
                Some("columns.0"),
            ),
            (
                "t",
                NewPublication {
                    columns: Some(vec![]),
                    ..wanted()
                },
                "input.invalid",
                Some("columns"),
            ),
            (
                "t",
                NewPublication {
                    condition: some("x > 1"),
                    ..wanted()
                },
                "42703",
                Some("condition"),
            ),
            (
                "t",
                NewPublication {
                    condition: some("n >"),
                    ..wanted()
                },
                "42601",
                Some("condition"),
            ),
            (
                "t",
                NewPublication {
                    condition: some("n"),
                    ..wanted()
                },
                "42804",
                Some("condition"),
            ),
            (
                "t",
                NewPublication {
                    condition: some("auth.uid() = id"),
                    ..wanted()
                },
                "0A000",
                Some("condition"),
            ),
            (
                "t",
                NewPublication {
                    condition: some("pg_sleep(1) IS NULL"),
                    ..wanted()
                },
                "0A000",
                Some("condition"),
            ),
            (
                "t",
                NewPublication {
                    channel: some("a b"),
                    ..wanted()
                },
                "input.invalid",
                Some("channel"),
            ),
            (
                "t",
                NewPublication {
                    webhook_url: some("file:///etc"),
                    ..wanted()
                },
                "input.invalid",
                Some("webhookUrl"),
            ),
        ] {
            let error = bed.data.schema.events.publish(table, &wanted).await.unwrap_err();
            assert_eq!(
                error.wire_code_str().unwrap_or_else(|| error.code_str()),
                code,
                "{wanted:?}"
            );
            assert_eq!(error.field_str(), field, "{wanted:?}");
        }
        assert_eq!(bed.data.schema.events.list().await.unwrap(), []);
    })
    .await;
}

#[tokio::test]
async fn a_table_that_changes_keeps_its_events_and_one_that_goes_takes_them_along() {
    on_both("a_table_that_changes", async |bed| {
        open_table(&bed).await;
        let wanted = NewPublication {
            columns: Some(vec!["n".to_owned(), "label".to_owned()]),
            condition: Some("n > 0".to_owned()),
            ..NewPublication::default()
        };
        publish(&bed, "t", wanted).await;
        let drop = TableChanges {
            drop_columns: vec!["n".to_owned()],
            ..TableChanges::default()
        };
        let error = bed.data.tables.alter("t", &drop).await.unwrap_err();
        assert_eq!(error.wire_code_str(), Some("2BP01"));
        let rename = |name: &str, new: &str| ColumnChange {
            name: name.to_owned(),
            rename: Some(new.to_owned()),
            default: None,
        };
        let changes = TableChanges {
            drop_columns: vec!["done".to_owned()],
            update_columns: vec![rename("n", "m")],
            add_columns: vec![NewColumn {
                default: Some("7".to_owned()),
                ..new_column("more integer!")
            }],
            rename: Some("u".to_owned()),
            ..TableChanges::default()
        };
        bed.data.tables.alter("t", &changes).await.unwrap();
        let listed = bed.data.schema.events.list().await.unwrap();
        assert_eq!(listed[0].table, "u");
        assert_eq!(listed[0].columns, Some(vec!["m".to_owned(), "label".to_owned()]));
        assert!(listed[0].recording);
        bed.ask(Ask::post(
            "u",
            json!([{"m": 1, "label": "a"}, {"m": -1, "label": "b"}]),
        ))
        .await;
        let made = events(&bed, 0).await;
        assert_eq!(made.len(), 1);
        assert_eq!(made[0].table_name, "u");
        let shown = record(made[0].new_record.as_ref());
        assert_eq!((&shown["m"], &shown["label"]), (&json!(1), &json!("a")));
        assert_eq!(shown.get("more"), None);

        publish(&bed, "u", NewPublication::default()).await;
        bed.ask(Ask::post("u", json!({"m": 2}))).await;
        let made = events(&bed, made[0].id).await;
        assert_eq!(record(made[0].new_record.as_ref())["more"], 7);

        bed.data.tables.drop("public", "u").await.unwrap();
        assert_eq!(bed.data.schema.events.list().await.unwrap(), []);
        bed.table("u", &["a integer"]).await;
        bed.ask(Ask::post("u", json!({"a": 2}))).await;
        assert_eq!(events(&bed, made[0].id).await, []);
    })
    .await;
}

#[tokio::test]
async fn switched_off_nothing_more_is_recorded_and_what_was_stays() {
    on_both("switched_off", async |bed| {
        open_table(&bed).await;
        publish(&bed, "t", NewPublication::default()).await;
        bed.ask(Ask::post("t", json!({"n": 1}))).await;
        bed.data.schema.events.withdraw("t").await.unwrap();
        bed.ask(Ask::post("t", json!({"n": 2}))).await;
        assert_eq!(events(&bed, 0).await.len(), 1);
        let error = bed.data.schema.events.withdraw("t").await.unwrap_err();
        assert_eq!(error.code_str(), "publication.not_found");
        assert_eq!(bed.data.schema.events.prune().await.unwrap(), 0);
    })
    .await;
}

#[tokio::test]
async fn a_long_record_is_recorded_by_its_key_and_pages_are_bounded() {
    on_both("a_long_record", async |bed| {
        open_table(&bed).await;
        publish(&bed, "t", NewPublication::default()).await;
        let long = "x".repeat(300_000);
        bed.ask(Ask::post("t", json!({"n": 1, "label": long}))).await;
        let said = bed
            .ask(Ask::patch("t?n=eq.1", json!({"label": "short", "n": 2})))
            .await;
        assert_eq!(said.status, 204);
        let made = events(&bed, 0).await;
        assert!(made[0].truncated && made[1].truncated);
        let inserted = record(made[0].new_record.as_ref());
        assert_eq!(inserted.as_object().unwrap().keys().collect::<Vec<_>>(), ["id"]);
        assert_eq!(record(made[1].old_record.as_ref()), inserted);
        assert_eq!(record(made[1].new_record.as_ref())["label"], "short");

        let rows: Vec<Value> = (0..60)
            .map(|n| json!({"n": n, "label": "y".repeat(200_000)}))
            .collect();
        for part in rows.chunks(20) {
            bed.ask(Ask::post("t", json!(part))).await;
        }
        let page = events(&bed, made[1].id).await;
        assert!((30..60).contains(&page.len()), "{} events", page.len());
        let newest = EventPage {
            table: Some("t".to_owned()),
            limit: 2,
            ..EventPage::default()
        };
        let newest = bed.data.schema.events.recent(&newest).await.unwrap();
        assert!(newest[0].id > newest[1].id && newest.len() == 2);
        let earlier = EventPage {
            before: Some(newest[1].id),
            limit: 1,
            ..EventPage::default()
        };
        let earlier = bed.data.schema.events.recent(&earlier).await.unwrap();
        assert!(earlier[0].id < newest[1].id);
    })
    .await;
}

#[tokio::test]
async fn postgresql_truncates_and_copies_are_recorded_and_casts_of_people_are_not_run() {
    on_both("postgresql_truncates", async |bed| {
        if bed.db.dialect() != Dialect::Postgres {
            return;
        }
        for sql in [
            "CREATE TYPE mood AS ENUM ('glad', 'sad')",
            "CREATE DOMAIN small AS integer CHECK (VALUE < 100)",
            "CREATE TABLE seen (who text)",
            "CREATE FUNCTION spy(mood) RETURNS json LANGUAGE plpgsql AS \
             $$ BEGIN INSERT INTO public.seen VALUES (current_user); RETURN '1'; END $$",
            "CREATE CAST (mood AS json) WITH FUNCTION spy(mood)",
            "CREATE TABLE p (id integer PRIMARY KEY, m mood, ms mood[], s small, nothing mood)",
        ] {
            bed.sql(sql).await;
        }
        bed.data.schema.library.refresh().await.unwrap();
        publish(&bed, "p", NewPublication::default()).await;
        bed.sql("INSERT INTO p VALUES (1, 'glad', '{sad,glad}', 7)").await;
        bed.sql("TRUNCATE p").await;
        let made = events(&bed, 0).await;
        assert_eq!(
            record(made[0].new_record.as_ref()),
            json!({"id": 1, "m": "glad", "ms": "{sad,glad}", "s": 7, "nothing": null})
        );
        assert_eq!((made[1].kind.as_str(), &made[1].old_record), ("TRUNCATE", &None));
        let seen: i64 = bed.db.one("SELECT count(*) FROM seen", Vec::new()).await.unwrap();
        assert_eq!(seen, 0);
    })
    .await;
}
