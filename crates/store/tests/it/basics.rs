//! Reads, writes, batches, transactions.

use busbar_kernel::{Error, Kind};
use busbar_store::{JsonBody, JsonQuery, Session, Step, params};

use crate::harness;

#[tokio::test]
async fn rows_written_are_read_back() {
    let fixture = harness::sqlite().await;
    let db = harness::with_table(&fixture.store).await;
    assert_eq!(
        db.execute("INSERT INTO t VALUES ($1, $2)", params![1, "one"])
            .await
            .unwrap(),
        1
    );
    let back: Vec<(i64, String)> = db
        .returning(
            "INSERT INTO t VALUES ($1, $2) RETURNING id, name",
            params![2, "two"],
        )
        .await
        .unwrap();
    assert_eq!(back, [(2, "two".to_owned())]);
    let names: Vec<String> = db.all("SELECT name FROM t ORDER BY id", params![]).await.unwrap();
    assert_eq!(names, ["one", "two"]);
    assert_eq!(
        db.one::<i64>("SELECT count(*) FROM t", params![]).await.unwrap(),
        2
    );
    let nothing = db
        .one::<String>("SELECT name FROM t WHERE id = $1", params![9])
        .await
        .unwrap_err();
    assert_eq!(nothing.kind(), Kind::NotFound);
}

#[tokio::test]
async fn a_failed_check_rolls_the_batch_back() {
    let fixture = harness::sqlite().await;
    let db = harness::with_table(&fixture.store).await;
    let steps = vec![
        Step::new("INSERT INTO t VALUES (1, 'one')", params![]),
        Step::new("UPDATE t SET name = 'x' WHERE id = 2", params![]).check(|done| match done.affected {
            1 => Ok(()),
            _ => Err(Error::conflict("test.gone", "It is gone")),
        }),
    ];
    let error = db.batch(steps).await.unwrap_err();
    assert_eq!(error.code_str(), "test.gone");
    assert_eq!(
        db.one::<i64>("SELECT count(*) FROM t", params![]).await.unwrap(),
        0
    );
}

#[tokio::test]
async fn transactions_see_their_own_writes() {
    let fixture = harness::sqlite().await;
    let db = harness::with_table(&fixture.store).await;
    let count = db
        .transaction(|tx| {
            Box::pin(async move {
                tx.execute("INSERT INTO t VALUES (1, 'one')", params![]).await?;
                tx.one::<i64>("SELECT count(*) FROM t", params![]).await
            })
        })
        .await
        .unwrap();
    assert_eq!(count, 1);
}

#[tokio::test]
async fn json_comes_whole_while_it_is_small() {
    let fixture = harness::sqlite().await;
    let db = harness::with_table(&fixture.store).await;
    db.execute("INSERT INTO t VALUES (1, 'one'), (2, 'two')", params![])
        .await
        .unwrap();
    for point in [true, false] {
        let query = JsonQuery {
            sql: "SELECT json_object('id', id) FROM t ORDER BY id".to_owned(),
            point,
            ..JsonQuery::default()
        };
        let answer = db.json(&Session::owner(), query).await.unwrap();
        assert_eq!(answer.rows, 2);
        let JsonBody::Whole(body) = answer.body else {
            panic!("streamed")
        };
        assert_eq!(body, r#"[{"id":1},{"id":2}]"#);
    }
}
