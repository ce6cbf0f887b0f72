//! Row security of embedded tables and junctions: what a stranger may not see shows in no embed, count or filter.

use busbar_data::{Caller, Method};
use serde_json::{Value, json};

use crate::bed::{Ask, Bed, on_both, person, subject};
use crate::embeds::{answers, fill};

/// Everybody sees clients and projects; of tasks, people and who works where each sees what is theirs.
async fn secured(bed: &Bed) {
    fill(bed).await;
    for (table, owned) in [("tasks", "1,2"), ("people", "2"), ("work", "1"), ("plans", "1")] {
        bed.sql(&format!("ALTER TABLE {table} ADD COLUMN owner uuid"))
            .await;
        let key = if table == "work" { "person_id" } else { "id" };
        let path = format!("{table}?{key}=in.({owned})");
        let said = bed.ask(Ask::patch(&path, json!({"owner": subject(1)}))).await;
        assert_eq!(said.status, 204, "{said:?}");
        bed.secure(table).await;
        bed.policy(table, "own", "SELECT", "owner = auth.uid()", "").await;
    }
}

async fn seen(bed: &Bed, caller: Caller, path: &str) -> Value {
    let said = bed.ask(Ask::get(path).caller(caller)).await;
    assert_eq!(said.status, 200, "{path}: {said:?}");
    said.json()
}

#[tokio::test]
async fn s5_policies_guard_every_kind_of_embed() {
    on_both("s5_policies_guard_every_kind_of_embed", |bed| async move {
        secured(&bed).await;
        for (path, owners, strangers) in [
            // To many.
            (
                "projects?select=id,tasks(id)&tasks.order=id&order=id&id=lte.2",
                json!([{"id": 1, "tasks": [{"id": 1}, {"id": 2}]}, {"id": 2, "tasks": []}]),
                json!([{"id": 1, "tasks": []}, {"id": 2, "tasks": []}]),
            ),
            // To many, ordered and limited.
            (
                "projects?select=tasks(id)&id=eq.1&tasks.order=id.desc&tasks.limit=1",
                json!([{"tasks": [{"id": 2}]}]),
                json!([{"tasks": []}]),
            ),
            // One to one.
            (
                "projects?select=plans(text)&id=eq.1",
                json!([{"plans": {"text": "go"}}]),
                json!([{"plans": null}]),
            ),
            (
                "projects?select=plans(text)&id=eq.3",
                json!([{"plans": null}]),
                json!([{"plans": null}]),
            ),
            // To one.
            (
                "messages?select=people!from_id(name)&order=id",
                json!([{"people": null}, {"people": {"name": "Bob"}}]),
                json!([{"people": null}, {"people": null}]),
            ),
            // Spread.
            (
                "messages?select=...people!from_id(name)&order=id",
                json!([{"name": null}, {"name": "Bob"}]),
                json!([{"name": null}, {"name": null}]),
            ),
            // The junction's rows are Ann's, the person seen is Bob: nothing connects them.
            (
                "projects?select=people(name)&id=eq.1",
                json!([{"people": []}]),
                json!([{"people": []}]),
            ),
            (
                "projects?select=work(person_id)&id=eq.1",
                json!([{"work": [{"person_id": 1}]}]),
                json!([{"work": []}]),
            ),
            // Nested below what everybody sees.
            (
                "clients?select=projects(tasks(id))&id=eq.1&projects.id=eq.1&projects.tasks.order=id",
                json!([{"projects": [{"tasks": [{"id": 1}, {"id": 2}]}]}]),
                json!([{"projects": [{"tasks": []}]}]),
            ),
            // Counted.
            (
                "projects?select=id,tasks(count)&id=eq.1",
                json!([{"id": 1, "tasks": [{"count": 2}]}]),
                json!([{"id": 1, "tasks": [{"count": 0}]}]),
            ),
            // Inner, and by presence.
            ("projects?select=id,tasks!inner()", json!([{"id": 1}]), json!([])),
            (
                "projects?select=id,tasks()&tasks=not.is.null",
                json!([{"id": 1}]),
                json!([]),
            ),
            ("projects?select=id,people!inner()", json!([]), json!([])),
            (
                "projects?select=id,tasks!inner()&tasks.title=eq.c",
                json!([]),
                json!([]),
            ),
            // Sorted by what cannot be seen.
            (
                "messages?select=id,people!from_id()&order=people(name).desc.nullslast,id",
                json!([{"id": 2}, {"id": 1}]),
                json!([{"id": 1}, {"id": 2}]),
            ),
        ] {
            assert_eq!(
                seen(&bed, person(1), path).await,
                owners,
                "{path} on {:?}",
                bed.db.dialect()
            );
            assert_eq!(
                seen(&bed, person(2), path).await,
                strangers,
                "{path} on {:?}",
                bed.db.dialect()
            );
            assert_eq!(
                seen(&bed, Caller::anon(), path).await,
                strangers,
                "{path} on {:?}",
                bed.db.dialect()
            );
        }
        answers(
            &bed,
            &[(
                "projects?select=people(name)&id=eq.1&people.order=name",
                json!([{"people": [{"name": "Ann"}, {"name": "Bob"}]}]),
            )],
        )
        .await;
        for (caller, range) in [(person(1), "*/1"), (person(2), "*/0"), (Caller::anon(), "*/0")] {
            let said = bed
                .ask(
                    Ask::get("projects?select=id,tasks!inner()&limit=0")
                        .prefer("count=exact")
                        .caller(caller),
                )
                .await;
            assert_eq!(said.header("Content-Range"), Some(range));
        }
    })
    .await;
}

#[tokio::test]
async fn s5_policies_guard_what_writes_return() {
    on_both("s5_policies_guard_what_writes_return", |bed| async move {
        secured(&bed).await;
        for (caller, tasks) in [(person(1), json!([{"id": 1}, {"id": 2}])), (person(2), json!([]))] {
            let path = "projects?id=eq.1&select=id,tasks(id)&tasks.order=id";
            let said = bed
                .ask(
                    Ask::patch(path, json!({"paid": false}))
                        .prefer("return=representation")
                        .caller(caller.clone()),
                )
                .await;
            assert_eq!(said.json(), json!([{"id": 1, "tasks": tasks}]), "{said:?}");
            let row = json!({"id": 90, "title": "new", "project_id": 1, "owner": subject(3)});
            let said = bed
                .ask(
                    Ask::post("tasks?select=id", row)
                        .prefer("return=representation")
                        .caller(caller),
                )
                .await;
            assert_eq!(said.code(), "42501", "no policy lets it in");
        }
        let path = "projects?id=eq.4&select=id,tasks(id)";
        let mut ask = Ask::new(Method::Delete, path).prefer("return=representation");
        ask = ask.caller(person(2));
        assert_eq!(bed.ask(ask).await.json(), json!([{"id": 4, "tasks": []}]));
    })
    .await;
}
