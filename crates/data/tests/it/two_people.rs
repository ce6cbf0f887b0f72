//! Two people over the same tables: random requests of both at once, and no row of the other is ever seen.

use busbar_data::{Method, RecordOptions};
use busbar_kernel::random;
use serde_json::json;

use crate::bed::{Ask, Bed, on_both, person, subject};

/// Requests per person: few by default, `BUSBAR_TEST_TENANT_REQUESTS` of them where that is set.
#[expect(
    clippy::disallowed_methods,
    reason = "how long a test takes is told by the environment alone"
)]
fn requests() -> u64 {
    let wanted = std::env::var("BUSBAR_TEST_TENANT_REQUESTS");
    wanted
        .ok()
        .and_then(|wanted| wanted.parse().ok())
        .unwrap_or(1_000)
}

/// Whose a text is.
fn mark(number: u32) -> String {
    format!("of-{number}-")
}

async fn fill(bed: &Bed) {
    for sql in [
        "CREATE TABLE groups (id integer PRIMARY KEY, owner uuid, t text)",
        "CREATE TABLE items (id integer PRIMARY KEY, owner uuid, t text, n integer, j jsonb, group_id integer, \
         CONSTRAINT \"items_group\" FOREIGN KEY (group_id) REFERENCES groups (id))",
        "CREATE TABLE tags (id integer PRIMARY KEY, owner uuid, t text)",
        "CREATE TABLE tagged (item_id integer, tag_id integer, owner uuid, t text, \
         CONSTRAINT \"tagged_item\" FOREIGN KEY (item_id) REFERENCES items (id), \
         CONSTRAINT \"tagged_tag\" FOREIGN KEY (tag_id) REFERENCES tags (id), PRIMARY KEY (item_id, tag_id))",
    ] {
        bed.sql(sql).await;
    }
    for number in [1, 2] {
        let (owner, t) = (subject(number), mark(number));
        let id = |at: u32| number * 1000 + at;
        let groups: Vec<_> = (0..5)
            .map(|at| json!({"id": id(at), "owner": owner, "t": format!("{t}g{at}")}))
            .collect();
        // Some rows refer to the other's: what they refer to must not show.
        let items: Vec<_> = (0..40)
            .map(|at| {
                json!({"id": id(at), "owner": owner, "t": format!("{t}i{at}"), "n": at % 7, "j": {"t": t},
                       "group_id": if at % 3 == 0 && number == 2 { 1000 + at % 5 } else { id(at % 5) }})
            })
            .collect();
        let tags: Vec<_> = (0..5)
            .map(|at| json!({"id": id(at), "owner": owner, "t": format!("{t}t{at}")}))
            .collect();
        let tagged: Vec<_> = (0..40)
            .map(|at| json!({"item_id": id(at), "tag_id": if at % 4 == 0 && number == 2 { 1000 } else { id(at % 5) }, "owner": owner, "t": t}))
            .collect();
        for (table, rows) in [
            ("groups", groups),
            ("items", items),
            ("tags", tags),
            ("tagged", tagged),
        ] {
            let said = bed.ask(Ask::post(table, json!(rows))).await;
            assert_eq!(said.status, 201, "{table}: {said:?}");
        }
    }
    for table in ["groups", "items", "tags", "tagged"] {
        bed.secure(table).await;
        bed.policy(table, "own", "ALL", "owner = auth.uid()", "owner = auth.uid()")
            .await;
    }
}

const LISTS: [&str; 12] = [
    "*",
    "id,t,n",
    "t,j->>t",
    "id,groups(*)",
    "id,...groups(gt:t,gid:id)",
    "id,tags(*)",
    "id,tagged(*,tags(*))",
    "id,groups!inner(t,items(t))",
    "id,tags!inner(t)",
    "*,x:groups(y:items(z:tags(t)))",
    "t.max(),t.min(),n.sum(),count()",
    "id,group_id(t,items(count()))",
];
const FILTERS: [&str; 16] = [
    "id=gte.0",
    "n=in.(1,2,3)",
    "t=like.*i1*",
    "t=not.is.null",
    "or=(n.eq.1,n.eq.2)",
    "not.and=(n.gt.1,n.lt.5)",
    "groups=not.is.null",
    "groups.t=neq.x",
    "tags=is.null",
    "tags.t=like.of-*",
    "order=groups(t).desc",
    "order=t.desc,id",
    "limit=5",
    "offset=3",
    "j->>t=eq.of-1-",
    "j->>t=eq.of-2-",
];

fn pick<'p>(from: &[&'p str]) -> &'p str {
    from[usize::try_from(random::below(u64::try_from(from.len()).unwrap())).unwrap()]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_request_sees_a_row_of_another_person() {
    on_both("no_request_sees_a_row_of_another_person", |bed| async move {
        fill(&bed).await;
        let mut callers = tokio::task::JoinSet::new();
        for number in [1, 2] {
            for _ in 0..4 {
                let bed = bed.clone();
                callers.spawn(async move {
                    let mut seen = 0;
                    for _ in 0..requests() / 4 {
                        seen += u64::from(ask(&bed, number).await);
                    }
                    assert!(
                        seen > requests() / 50,
                        "hardly anything was seen by {number}: {seen}"
                    );
                });
            }
        }
        while let Some(done) = callers.join_next().await {
            done.unwrap();
        }
        for number in [1, 2] {
            let path = format!(
                "items?select=id&owner=eq.{}&t=not.like.of-{number}-*",
                subject(number)
            );
            assert_eq!(bed.rows(&path).await, json!([]), "written over by the other");
        }
    })
    .await;
}

/// One random request; whether a row of the caller's own came back.
async fn ask(bed: &Bed, number: u32) -> bool {
    let (own, other) = (mark(number), mark(3 - number));
    let list = pick(&LISTS);
    let mut path = format!("items?select={list}");
    for _ in 0..random::below(4) {
        path.push('&');
        path.push_str(pick(&FILTERS));
    }
    // Ids of both, so that guessing the other's is part of it.
    let id = (1 + random::below(2)) * 1000 + random::below(60);
    let text = format!("{own}w");
    let body = json!({"id": id, "owner": subject(if random::below(4) == 0 { 3 - number } else { number }), "t": text, "n": 1});
    let ask = match random::below(10) {
        0 => Ask::post(&path, body).prefer("return=representation, resolution=merge-duplicates, count=exact"),
        1 => Ask::post(&path, body).prefer("return=representation, resolution=ignore-duplicates"),
        2 => Ask::post(&path, body).prefer("return=representation"),
        3 => {
            path = format!("items?id=eq.{id}&select={list}");
            Ask::patch(&path, json!({"n": 3})).prefer("return=representation, count=exact")
        }
        4 => {
            path = format!("items?id=eq.{id}&n=eq.5&select={list}");
            Ask::new(Method::Delete, &path).prefer("return=representation")
        }
        5 => {
            path = format!("items?id=eq.{id}");
            Ask::new(Method::Put, &path)
                .body(body)
                .prefer("return=representation")
        }
        6 => Ask::get(&path).prefer("count=exact").accept("text/csv"),
        _ => Ask::get(&path).prefer("count=exact"),
    };
    let wrote = !matches!(ask.method, Method::Get);
    let options = RecordOptions {
        aggregates: true,
        ..RecordOptions::default()
    };
    let said = bed.ask(ask.caller(person(number)).options(options)).await;
    // The filters name marks themselves; what comes back must not, but for the caller's own words in an error.
    let sent = said.status >= 400 && path.contains(&other);
    assert!(
        sent || !said.text.contains(&other),
        "{number} sees the other's by {path}: {said:?}"
    );
    assert!(said.status < 500, "{path}: {said:?}");
    !wrote && said.status < 300 && said.text.contains(&own)
}
