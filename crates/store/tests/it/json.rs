//! JSON made by the database: whole when small, streamed in constant memory when not.

use std::time::Duration;

use busbar_store::{Db, JsonBody, JsonQuery, Session, params};
use futures_util::StreamExt;

use crate::harness::{on_each, pick, state, with_table};

fn rows_of_t(db: &Db) -> JsonQuery {
    let sql = pick(
        db,
        "SELECT json_object('id', id, 'name', name) FROM t ORDER BY id",
        "SELECT json_build_object('id', id, 'name', name) FROM t ORDER BY id",
    );
    JsonQuery {
        sql: sql.into(),
        total: Some(("SELECT count(*) FROM t".into(), params![])),
        ..JsonQuery::default()
    }
}

/// `count` rows of about a kilobyte each.
fn large(db: &Db, count: i64) -> JsonQuery {
    let sql = pick(
        db,
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1)
         SELECT json_object('i', i, 'pad', printf('%.*c', 1000, 'x')) FROM n",
        "SELECT json_build_object('i', i, 'pad', repeat('x', 1000)) FROM generate_series(1, $1::bigint) AS i",
    );
    JsonQuery {
        sql: sql.into(),
        params: params![count],
        ..JsonQuery::default()
    }
}

#[tokio::test]
async fn small_answers_are_whole() {
    on_each("small_answers_are_whole", |store| async move {
        let db = with_table(&store).await;
        let empty = db.json(&Session::owner(), rows_of_t(&db)).await.unwrap();
        assert!(
            matches!(&empty.body, JsonBody::Whole(body) if body == "[]"),
            "{empty:?}"
        );
        assert_eq!((empty.rows, empty.total), (0, Some(0)));
        db.execute("INSERT INTO t VALUES (1, 'o\"ne'), (2, 'two')", params![])
            .await
            .unwrap();
        for point in [true, false] {
            let query = JsonQuery {
                point,
                total: None,
                ..rows_of_t(&db)
            };
            // Twice: the first run prepares, the second finds it prepared.
            for _ in 0..2 {
                let answer = db.json(&Session::owner(), query.clone()).await.unwrap();
                let JsonBody::Whole(body) = answer.body else {
                    panic!("streamed")
                };
                let read: serde_json::Value = serde_json::from_slice(&body).unwrap();
                assert_eq!(
                    read,
                    serde_json::json!([{"id": 1, "name": "o\"ne"}, {"id": 2, "name": "two"}])
                );
                assert_eq!((answer.rows, answer.total), (2, None));
            }
        }
        let counted = db.json(&Session::owner(), rows_of_t(&db)).await.unwrap();
        assert_eq!((counted.rows, counted.total), (2, Some(2)));
        let query = JsonQuery {
            sql: "SELECT id FROM t".into(),
            ..JsonQuery::default()
        };
        assert!(db.json(&Session::owner(), query).await.is_err());
    })
    .await;
}

#[tokio::test]
async fn large_answers_stream_in_constant_memory() {
    on_each("large_answers_stream_in_constant_memory", |store| async move {
        let db = with_table(&store).await;
        let count = 80_000;
        let before = resident();
        let mut query = large(&db, count);
        query.total = Some(("SELECT 7".into(), params![]));
        let answer = db.json(&Session::owner(), query).await.unwrap();
        assert_eq!((answer.rows, answer.total), (80_000, Some(7)));
        let JsonBody::Stream(mut pieces) = answer.body else {
            panic!("whole")
        };
        let (mut bytes, mut rows, mut most) = (0, 0, 0);
        let mut text = Vec::new();
        while let Some(piece) = pieces.next().await {
            let piece = piece.unwrap();
            bytes += piece.len();
            rows += piece.iter().filter(|byte| **byte == b'{').count();
            text.extend_from_slice(&piece[..piece.len().min(2)]);
            most = most.max(resident());
        }
        assert_eq!(rows, 80_000);
        assert!(text.starts_with(b"[{") && bytes > 80_000_000, "{bytes}");
        assert!(most < before + 40_000_000, "{before} bytes grew to {most}");
    })
    .await;
}

/// The process' memory, in bytes.
fn resident() -> usize {
    let told = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    told.split(' ')
        .nth(1)
        .and_then(|pages| pages.parse::<usize>().ok())
        .unwrap_or(0)
        * 4096
}

#[tokio::test]
async fn a_stream_is_one_document_and_can_be_left() {
    on_each("a_stream_is_one_document_and_can_be_left", |store| async move {
        let db = with_table(&store).await;
        let answer = db.json(&Session::owner(), large(&db, 3000)).await.unwrap();
        assert_eq!(answer.rows, 3000);
        let JsonBody::Stream(pieces) = answer.body else {
            panic!("whole")
        };
        let pieces: Vec<_> = pieces.map(|piece| piece.unwrap()).collect().await;
        let read: Vec<serde_json::Value> = serde_json::from_slice(&pieces.concat()).unwrap();
        assert_eq!(read.len(), 3000);
        for _ in 0..20 {
            let left = db.json(&Session::owner(), large(&db, 50_000)).await.unwrap();
            assert!(matches!(left.body, JsonBody::Stream(_)));
        }
        assert_eq!(db.one::<i64>("SELECT 1", params![]).await.unwrap(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_receiver_that_never_takes_is_given_up() {
    on_each("a_receiver_that_never_takes_is_given_up", |store| async move {
        let db = with_table(&store).await;
        let session = Session {
            time_limit: Duration::from_millis(1500),
            ..Session::owner()
        };
        let answer = db.json(&session, large(&db, 50_000)).await.unwrap();
        let JsonBody::Stream(mut pieces) = answer.body else {
            panic!("whole")
        };
        tokio::time::sleep(Duration::from_secs(5)).await;
        let mut end = None;
        while let Some(piece) = pieces.next().await {
            end = piece.err();
        }
        assert_eq!(
            end.as_ref().map(|error| state(error).to_owned()).as_deref(),
            Some("57014"),
            "{end:?}"
        );
    })
    .await;
}
