//! Two tenants whose tables have the same names: random requests of both at once, and no row of the other is ever seen.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use busbar_kernel::{Error, Result, random};
use busbar_store::{Db, JsonBody, JsonQuery, Scope, Session, Step, Store, Value, params};
use futures_util::StreamExt;

use crate::harness::{on_each, pick};

/// Callers per tenant.
const CALLERS: u64 = 8;

/// Requests per tenant: few by default, `BUSBAR_TEST_TENANT_REQUESTS` of them where that is set.
#[expect(
    clippy::disallowed_methods,
    reason = "how long a test takes is told by the environment alone"
)]
fn requests() -> u64 {
    let wanted = std::env::var("BUSBAR_TEST_TENANT_REQUESTS");
    wanted
        .ok()
        .and_then(|wanted| wanted.parse().ok())
        .unwrap_or(2_000)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_request_sees_a_row_of_another_tenant() {
    on_each("no_request_sees_a_row_of_another_tenant", |store| async move {
        let tenants = [opened(&store, "nord").await, opened(&store, "sued").await];
        let seen = Arc::new(AtomicU64::new(0));
        let each = requests() / CALLERS;
        let mut callers = tokio::task::JoinSet::new();
        for caller in 0..2 * CALLERS {
            let at = usize::try_from(caller % 2).unwrap();
            let ((db, mark), (_, other)) = (tenants[at].clone(), &tenants[1 - at]);
            let (other, seen) = (other.clone(), seen.clone());
            callers.spawn(async move {
                for _ in 0..each {
                    let answer = match request(&db, &mark, random::below(14)).await {
                        Ok(answer) => answer,
                        // A machine that stands still for a moment refuses or gives up, and shows nothing.
                        Err(error)
                            if ["store.overloaded", "store.time_limit"].contains(&error.code_str()) =>
                        {
                            continue;
                        }
                        Err(error) => {
                            let code = error.wire_code_str().unwrap_or_default().to_owned();
                            // A duplicate, a row that is referred to, a cancelled transaction, a table that is not there.
                            assert!(
                                ["23505", "23503", "23502", "42501", "P0001", "40001", "40P01"]
                                    .contains(&code.as_str()),
                                "{}",
                                error.operator_line()
                            );
                            error.operator_line().to_string()
                        }
                    };
                    assert!(!answer.contains(&other), "{mark} sees {answer}");
                    if answer.contains(&mark) {
                        seen.fetch_add(1, Ordering::Relaxed);
                    }
                }
            });
        }
        while let Some(done) = callers.join_next().await {
            done.unwrap();
        }
        let seen = seen.load(Ordering::Relaxed);
        assert!(seen > requests() / 2, "hardly anything was seen: {seen}");
        for (db, mark) in &tenants {
            let foreign: i64 = db
                .one(
                    "SELECT count(*) FROM items WHERE mark NOT LIKE $1",
                    params![format!("{mark}%")],
                )
                .await
                .unwrap();
            assert_eq!(foreign, 0, "{mark}");
        }
    })
    .await;
}

/// A tenant with tables of the common names, and the mark that each of its texts begins with.
async fn opened(store: &Store, key: &str) -> (Db, String) {
    let scope = Scope::Tenant {
        app: "school".to_owned(),
        tenant: key.parse().unwrap(),
    };
    let db = store.scope(scope).await.unwrap();
    for sql in [
        "CREATE TABLE items (id bigint PRIMARY KEY, mark text NOT NULL, n bigint)",
        "CREATE TABLE notes (id bigint PRIMARY KEY, item bigint REFERENCES items (id), mark text NOT NULL)",
        "CREATE TABLE auth.keys (id bigint PRIMARY KEY, mark text NOT NULL)",
    ] {
        db.execute(sql, params![]).await.unwrap();
    }
    let mark = format!("of-{key}-");
    for id in 0..40_i64 {
        db.batch(vec![
            Step::new(
                "INSERT INTO items VALUES ($1, $2, 0)",
                params![id, format!("{mark}{id}")],
            ),
            Step::new(
                "INSERT INTO auth.keys VALUES ($1, $2)",
                params![id, format!("{mark}{id}")],
            ),
        ])
        .await
        .unwrap();
    }
    (db, mark)
}

/// One request of some sort; the texts of both tenants' statements are the same.
async fn request(db: &Db, mark: &str, sort: u64) -> Result<String> {
    let id = i64::try_from(random::below(60)).unwrap();
    let own = format!("{mark}{id}");
    let texts = |texts: Vec<String>| texts.join(" ");
    Ok(match sort {
        0 => texts(
            db.all("SELECT mark FROM items WHERE id >= $1 ORDER BY id", params![id])
                .await?,
        ),
        1 => db
            .optional("SELECT mark FROM items WHERE id = $1", params![id])
            .await?
            .unwrap_or_default(),
        2 => texts(
            db.all(
                "SELECT k.mark FROM auth.keys k JOIN items i ON i.id = k.id WHERE k.id = $1",
                params![id],
            )
            .await?,
        ),
        3 => texts(
            db.returning(
                "INSERT INTO items VALUES ($1, $2, 1) ON CONFLICT (id) DO UPDATE SET mark = excluded.mark RETURNING mark",
                params![id, own],
            )
            .await?,
        ),
        4 => texts(
            db.returning(
                "UPDATE items SET n = n + 1 WHERE id = $1 RETURNING mark",
                params![id],
            )
            .await?,
        ),
        5 => texts(
            db.returning(
                "DELETE FROM items WHERE id = $1 AND id > 40 RETURNING mark",
                params![id],
            )
            .await?,
        ),
        6 => {
            db.execute("INSERT INTO items VALUES ($1, $2, 2)", params![id, own])
                .await?;
            String::new()
        }
        7 => texts(
            db.batch(vec![
                Step::new(
                    "INSERT INTO notes VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING",
                    params![id, id, own],
                ),
                Step::new(
                    "SELECT n.mark || i.mark AS mark FROM notes n JOIN items i ON i.id = n.item",
                    params![],
                ),
            ])
            .await?
            .iter()
            .flat_map(|step| &step.rows)
            .filter_map(|row| row.text(0).map(str::to_owned))
            .collect(),
        ),
        8 => {
            db.transaction(move |tx| {
                Box::pin(async move {
                    tx.execute("UPDATE items SET n = n - 1 WHERE id = $1", params![id])
                        .await?;
                    let found: Vec<String> = tx
                        .all("SELECT mark FROM items WHERE id BETWEEN $1 AND $1 + 3", params![id])
                        .await?;
                    if id % 5 == 0 {
                        return Err(Error::invalid("id", "undone").wire_code("P0001").details(found.join(" ")));
                    }
                    Ok(found.join(" "))
                })
            })
            .await?
        }
        9 => {
            db.snapshot(move |tx| {
                Box::pin(async move {
                    let found: Vec<String> = tx.all("SELECT mark FROM items", params![]).await?;
                    let again: Vec<String> = tx.all("SELECT mark FROM auth.keys", params![]).await?;
                    Ok(format!("{}{}", found.join(" "), again.join(" ")))
                })
            })
            .await?
        }
        10 => json(db, id, 1).await?,
        // Large enough for a stream now and then.
        11 => {
            let large = id < 2 && random::below(8) == 0;
            json(db, id, if large { 20_000 } else { 3 }).await?
        }
        12 => {
            let session = Session {
                read_only: true,
                ..Session::owner()
            };
            let step = Step::new("SELECT max(mark) AS mark FROM items WHERE n >= $1", params![0]);
            let done = db.batch_as(&session, vec![step]).await?;
            done[0].rows[0].text(0).unwrap_or_default().to_owned()
        }
        // The other tenant by every name it might have from here.
        _ => {
            let other = if mark.contains("nord") { "sued" } else { "nord" };
            let names = [
                format!("tenant_{other}.items"),
                format!("\"school/{other}\".items"),
                format!("\"{other}\".items"),
            ];
            let name = &names[usize::try_from(random::below(3)).unwrap()];
            let found = db
                .all::<String>(&format!("SELECT mark FROM {name}"), params![])
                .await;
            assert!(found.is_err(), "{mark} reads {name}");
            String::new()
        }
    })
}

/// A read whose answer the database writes, so many times over.
async fn json(db: &Db, id: i64, times: i64) -> Result<String> {
    let sql = pick(
        db,
        "WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < $2) \
         SELECT json_object('mark', mark) FROM items, s WHERE id >= $1 LIMIT 40000",
        "SELECT json_build_object('mark', mark)::text FROM items, generate_series(1, $2::bigint) \
         WHERE id >= $1::bigint LIMIT 40000",
    );
    let query = JsonQuery {
        sql: sql.into(),
        params: vec![Value::Int(id), Value::Int(times)],
        ..JsonQuery::default()
    };
    let rows = db.json(&Session::owner(), query).await?;
    let mut text = Vec::new();
    match rows.body {
        JsonBody::Whole(whole) => text.extend_from_slice(&whole),
        JsonBody::Stream(mut pieces) => {
            while let Some(piece) = pieces.next().await {
                text.extend_from_slice(&piece?);
            }
        }
    }
    Ok(String::from_utf8_lossy(&text).into_owned())
}
