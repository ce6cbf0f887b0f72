//! Writes that share a commit do not share a fate.

use busbar_store::{Db, Step, params};
use futures_util::FutureExt;
use futures_util::future::join_all;

use crate::harness::{count, on_each, state, with_table};

async fn inserted(db: &Db, id: i64) -> Result<u64, String> {
    let done = db.execute("INSERT INTO t VALUES ($1, 'x')", params![id]).await;
    done.map_err(|error| state(&error).to_owned())
}

#[tokio::test]
async fn only_the_guilty_member_of_a_group_fails() {
    on_each("only_the_guilty_member_of_a_group_fails", |store| async move {
        let db = with_table(&store).await;
        inserted(&db, 77).await.unwrap();
        let answers = join_all((0..300).map(|id| inserted(&db, id))).await;
        for (id, answer) in answers.into_iter().enumerate() {
            match id {
                77 => assert_eq!(answer, Err("23505".to_owned())),
                _ => assert_eq!(answer, Ok(1), "{id}"),
            }
        }
        assert_eq!(count(&db).await, 300);
    })
    .await;
}

#[tokio::test]
async fn when_the_commit_fails_its_members_are_replayed_one_by_one() {
    on_each(
        "when_the_commit_fails_its_members_are_replayed_one_by_one",
        |store| async move {
            let db = with_table(&store).await;
            let sql = "CREATE TABLE child (t bigint REFERENCES t (id) DEFERRABLE INITIALLY DEFERRED)";
            db.execute(sql, params![]).await.unwrap();
            // A deferred key is judged at COMMIT, which belongs to the whole group.
            let orphan = async {
                let steps = vec![
                    Step::new("INSERT INTO t VALUES (1000, 'guilty')", params![]),
                    Step::new("INSERT INTO child VALUES (9999)", params![]),
                ];
                db.batch(steps)
                    .await
                    .map(|_| 0)
                    .map_err(|error| state(&error).to_owned())
            };
            let (innocent, guilty) = tokio::join!(join_all((0..100).map(|id| inserted(&db, id))), orphan);
            assert!(innocent.iter().all(|answer| *answer == Ok(1)), "{innocent:?}");
            assert_eq!(guilty, Err("23503".to_owned()));
            assert_eq!(count(&db).await, 100);
        },
    )
    .await;
}

#[tokio::test]
async fn a_caller_that_stops_waiting_stops_nobody_else() {
    on_each(
        "a_caller_that_stops_waiting_stops_nobody_else",
        |store| async move {
            let db = with_table(&store).await;
            for id in 0..50 {
                let impatient = inserted(&db, 1000 + id);
                let _ = impatient.now_or_never();
            }
            let answers = join_all((0..50).map(|id| inserted(&db, id))).await;
            assert!(answers.iter().all(|answer| *answer == Ok(1)), "{answers:?}");
            assert!(count(&db).await >= 50);
        },
    )
    .await;
}
