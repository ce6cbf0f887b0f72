//! What is published of tables, in backups of them.

use busbar_schema::{EventPage, NewPublication};
use busbar_store::params;
use serde_json::{Value, json};

use crate::backups::made;
use crate::bed::{Bed, on_both};

async fn written_down(bed: &Bed) -> i64 {
    let sql = "SELECT count(*) FROM system.restored_publications";
    bed.db.one(sql, params![]).await.unwrap()
}

#[tokio::test]
async fn what_was_published_is_published_again_and_nothing_else() {
    on_both("what_was_published_is_published_again", async |bed| {
        bed.sql("CREATE TABLE \"a t\" (id integer PRIMARY KEY, n integer, note text); CREATE TABLE later (id integer PRIMARY KEY)")
            .await;
        let wanted = NewPublication {
            kinds: vec!["INSERT".to_owned(), "DELETE".to_owned()],
            columns: Some(vec!["n".to_owned()]),
            condition: Some("n > 1 AND note <> 'it''s'".to_owned()),
            channel: Some("news".to_owned()),
            webhook_url: Some("https://example.org/hook".to_owned()),
        };
        bed.schema.events.publish("a t", &wanted).await.unwrap();
        let before = bed.schema.events.list().await.unwrap();
        let backup = made(&bed, "one").await;
        assert_eq!(backup.error_message, None);
        bed.schema.events.withdraw("a t").await.unwrap();
        bed.schema.events.publish("later", &NewPublication::default()).await.unwrap();
        for _ in 0..2 {
            bed.bench.backups.restore(backup.id).await.unwrap();
            let after = bed.schema.events.list().await.unwrap();
            assert_eq!(after, before);
            assert!(after[0].recording);
        }
        bed.sql("INSERT INTO \"a t\" VALUES (1, 1, 'a'), (2, 2, 'b'), (3, 3, 'it''s'); UPDATE \"a t\" SET n = 9 WHERE id = 2; \
                 INSERT INTO later VALUES (1)")
            .await;
        let page = EventPage { limit: 10, ..EventPage::default() };
        let events = bed.schema.events.recent(&page).await.unwrap();
        let told: Vec<(&str, &str, Option<&str>)> = events
            .iter()
            .map(|event| (event.table_name.as_str(), event.kind.as_str(), event.channel.as_deref()))
            .collect();
        assert_eq!(told, [("a t", "INSERT", Some("news"))]);
        let record: Value = serde_json::from_str(events[0].new_record.as_deref().unwrap()).unwrap();
        assert_eq!(record, json!({"id": 2, "n": 2}));
        if bed.is_postgres() {
            assert_eq!(written_down(&bed).await, 0);
        }
    })
    .await;
}

#[tokio::test]
async fn a_restore_that_fails_leaves_what_is_published_as_it_was() {
    on_both("a_restore_that_fails_leaves_what_is_published", async |bed| {
        bed.sql(
            "CREATE TABLE posts (id integer PRIMARY KEY, author uuid REFERENCES auth.users (id)); \
             INSERT INTO posts VALUES (1, '00000000-0000-4000-8000-000000000001')",
        )
        .await;
        bed.schema
            .events
            .publish("posts", &NewPublication::default())
            .await
            .unwrap();
        let backup = made(&bed, "one").await;
        bed.schema.events.withdraw("posts").await.unwrap();
        bed.sql("DELETE FROM posts").await;
        bed.db.execute("DELETE FROM auth.users", params![]).await.unwrap();
        let refused = bed.bench.backups.restore(backup.id).await.unwrap_err();
        assert_eq!(refused.wire_code_str(), Some("23503"));
        assert_eq!(bed.schema.events.list().await.unwrap(), []);
        if bed.is_postgres() {
            assert_eq!(written_down(&bed).await, 0);
        }
    })
    .await;
}

#[tokio::test]
async fn nobody_publishes_by_the_way_of_a_restore() {
    on_both("nobody_publishes_by_the_way_of_a_restore", async |bed| {
        if !bed.is_postgres() {
            return;
        }
        bed.sql("CREATE TABLE t (id integer PRIMARY KEY)").await;
        bed.db
            .execute(
                "INSERT INTO system.restored_publications (id, ticket, table_name, kinds, created_at, triggers) \
                 VALUES (gen_random_uuid(), gen_random_uuid(), 't', 'INSERT', now(), '{}')",
                params![],
            )
            .await
            .unwrap();
        for sql in [
            "SELECT * FROM system.restored_publications",
            "SELECT system.restore_publications((SELECT ticket FROM system.restored_publications))",
            "SELECT system.restore_publications(gen_random_uuid())",
            "SELECT system.restore_publications(NULL)",
            "INSERT INTO system.restored_publications (id, ticket, table_name, kinds, created_at, triggers) \
             VALUES (gen_random_uuid(), gen_random_uuid(), 't', 'INSERT', now(), '{DROP TABLE auth.users}')",
            "UPDATE system.restored_publications SET triggers = '{DROP TABLE auth.users}'",
        ] {
            assert_eq!(bed.refused(sql).await, "42501", "{sql}");
        }
        assert_eq!(bed.schema.events.list().await.unwrap(), []);
    })
    .await;
}
