//! Relations through views, and by functions of rows, which only PostgreSQL has.

use busbar_store::Dialect;
use serde_json::json;

use crate::bed::{Ask, Bed, on_both, person, subject};
use crate::embeds::{answers, fill, refusals};

/// Whether there is nothing to test here.
fn has_none(bed: &Bed) -> bool {
    bed.db.dialect() == Dialect::Sqlite
}

#[tokio::test]
async fn s8_views_have_the_relations_of_their_columns() {
    on_both("s8_views_have_the_relations_of_their_columns", |bed| async move {
        fill(&bed).await;
        bed.sql(
            "CREATE VIEW paid AS SELECT id AS number, name, client_id AS customer FROM projects WHERE paid",
        )
        .await;
        bed.sql("CREATE VIEW best AS SELECT number, customer FROM paid")
            .await;
        let kind = if bed.db.dialect() == Dialect::Sqlite {
            "VIEW"
        } else {
            "MATERIALIZED VIEW"
        };
        bed.sql(&format!(
            "CREATE {kind} firms AS SELECT c.id, upper(c.name) AS name FROM clients c"
        ))
        .await;
        bed.sql(
            "CREATE VIEW whole AS SELECT t.*, p.name AS project FROM tasks AS t JOIN projects p ON p.id = t.project_id",
        )
        .await;
        bed.sql("CREATE VIEW jobs AS SELECT project_id AS p, person_id AS q, job FROM work")
            .await;
        if bed.db.dialect() == Dialect::Postgres {
            bed.sql("GRANT SELECT ON firms TO project_admin").await;
        }
        answers(
            &bed,
            &[
                (
                    "paid?select=number,clients(name)&order=number",
                    json!([
                {"number": 1, "clients": {"name": "Acme"}}, {"number": 4, "clients": null}]),
                ),
                (
                    "best?select=number,clients(name),tasks(id)&number=eq.1&tasks.order=id",
                    json!([
                {"number": 1, "clients": {"name": "Acme"}, "tasks": [{"id": 1}, {"id": 2}]}]),
                ),
                (
                    "clients?select=name,paid(name)&id=eq.1",
                    json!([{"name": "Acme", "paid": [{"name": "One"}]}]),
                ),
                (
                    "projects?select=id,firms(name)&id=eq.1",
                    json!([{"id": 1, "firms": {"name": "ACME"}}]),
                ),
                (
                    "firms?select=name,best(number)&id=eq.1",
                    json!([{"name": "ACME", "best": [{"number": 1}]}]),
                ),
                (
                    "projects?select=id,jobs(job,people(name))&id=eq.2",
                    json!([
                {"id": 2, "jobs": [{"job": "lead", "people": {"name": "Bob"}}]}]),
                ),
                (
                    "paid?select=number,people!work(name)&number=eq.1&people.order=name",
                    json!([
                {"number": 1, "people": [{"name": "Ann"}, {"name": "Bob"}]}]),
                ),
                (
                    "whole?select=id,project,projects(id)&id=eq.4",
                    json!([{"id": 4, "project": "Three \"q\"", "projects": {"id": 3}}]),
                ),
                (
                    "tasks?select=id,best!inner(number)&order=id",
                    json!([
                {"id": 1, "best": {"number": 1}}, {"id": 2, "best": {"number": 1}}]),
                ),
            ],
        )
        .await;
        refusals(&bed, &[("firms?select=name,people(name)", 400, "PGRST200")]).await;
    })
    .await;
}

#[tokio::test]
async fn s8_functions_of_rows_are_relations() {
    on_both("s8_functions_of_rows_are_relations", |bed| async move {
        if has_none(&bed) {
            return;
        }
        fill(&bed).await;
        bed.sql(
            "CREATE FUNCTION top(projects) RETURNS SETOF tasks LANGUAGE sql STABLE AS \
             'SELECT * FROM tasks WHERE project_id = $1.id AND hours > 2'",
        )
        .await;
        bed.sql(
            "CREATE FUNCTION parent(folders) RETURNS SETOF folders ROWS 1 LANGUAGE sql STABLE AS \
             'SELECT * FROM folders WHERE id = $1.parent_id'",
        )
        .await;
        bed.sql(
            "CREATE FUNCTION clients(projects) RETURNS SETOF clients ROWS 1 LANGUAGE sql STABLE AS \
             'SELECT * FROM clients ORDER BY id DESC LIMIT 1'",
        )
        .await;
        answers(&bed, &[
            ("projects?select=id,top(id,hours)&order=id&id=lte.2", json!([
                {"id": 1, "top": [{"id": 1, "hours": 3}]}, {"id": 2, "top": []}])),
            ("projects?select=id,t:top!inner(id)&t.hours=gt.5", json!([{"id": 3, "t": [{"id": 4}]}])),
            ("folders?select=name,parent(name,parent(name))&id=eq.4", json!([
                {"name": "leaf", "parent": {"name": "left", "parent": {"name": "root"}}}])),
            ("folders?select=id,...parent(above:name)&order=parent(name).desc.nullslast,id", json!([
                {"id": 2, "above": "root"}, {"id": 3, "above": "root"}, {"id": 4, "above": "left"}, {"id": 1, "above": null}])),
            // A function hides the foreign key to a table of its name.
            ("projects?select=clients(name)&id=eq.1", json!([{"clients": {"name": "Bolt"}}])),
        ]).await;
        bed.sql("ALTER TABLE tasks ADD COLUMN owner uuid").await;
        bed.sql("ALTER TABLE tasks ENABLE ROW LEVEL SECURITY").await;
        bed.sql("CREATE POLICY own ON tasks FOR SELECT USING (owner = auth.uid())").await;
        bed.sql(&format!("UPDATE tasks SET owner = '{}' WHERE id = 1", subject(1))).await;
        for (number, rows) in [(1, json!([{"top": [{"id": 1}]}])), (2, json!([{"top": []}]))] {
            let said = bed.ask(Ask::get("projects?select=top(id)&id=eq.1").caller(person(number))).await;
            assert_eq!(said.json(), rows, "{said:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn f20_functions_of_rows_are_fields() {
    on_both("f20_functions_of_rows_are_fields", |bed| async move {
        fill(&bed).await;
        if has_none(&bed) {
            // SQLite's own way to a computed field is a generated column.
            bed.sql("CREATE TABLE sums (a integer, b integer, total integer GENERATED ALWAYS AS (a + b))")
                .await;
            bed.ask(Ask::post("sums", json!({"a": 1, "b": 2}))).await;
            answers(&bed, &[("sums?select=total&total=eq.3", json!([{"total": 3}]))]).await;
            return;
        }
        for sql in [
            "CREATE FUNCTION label(projects) RETURNS text LANGUAGE sql STABLE AS $$ SELECT $1.id || '-' || $1.name $$",
            "CREATE FUNCTION weight(tasks) RETURNS integer LANGUAGE sql STABLE AS 'SELECT $1.hours * 10'",
            "CREATE FUNCTION facts(clients) RETURNS jsonb LANGUAGE sql STABLE AS $$ SELECT jsonb_build_object('n', $1.name) $$",
            "CREATE FUNCTION name(tasks) RETURNS text LANGUAGE sql STABLE AS $$ SELECT 'task' $$",
        ] {
            bed.sql(sql).await;
        }
        answers(&bed, &[
            ("projects?select=id,label&id=eq.1", json!([{"id": 1, "label": "1-One"}])),
            ("projects?select=x:label&label=like.*o&order=label.desc", json!([{"x": "2-Two"}])),
            ("projects?select=label&order=label.desc&limit=1", json!([{"label": "4-Four"}])),
            ("projects?select=id,tasks(weight)&tasks.weight=gt.20&id=eq.1", json!([{"id": 1, "tasks": [{"weight": 30}]}])),
            ("tasks?select=weight::text,projects(label)&id=eq.2", json!([{"weight": "10", "projects": {"label": "1-One"}}])),
            ("clients?select=facts->>n&id=eq.1", json!([{"n": "Acme"}])),
            ("tasks?select=id,projects()&order=projects(label).desc&limit=1", json!([{"id": 4}])),
            ("clients?select=*&id=eq.2", json!([{"id": 2, "name": "Bolt", "deal": null}])),
        ]).await;
        let written = Ask::patch("projects?id=eq.1&select=label", json!({"name": "New"}))
            .prefer("return=representation");
        assert_eq!(bed.ask(written).await.json(), json!([{"label": "1-New"}]));
        let set = bed.ask(Ask::patch("projects?id=eq.1", json!({"label": "x"}))).await;
        assert_eq!((set.status, set.code().as_str()), (400, "PGRST204"), "nobody writes what is computed");
        refusals(&bed, &[("projects?select=nolabel", 400, "42703")]).await;
    })
    .await;
}

#[tokio::test]
async fn c5_rows_of_a_function_embed_what_their_table_embeds() {
    on_both("c5_rows_of_a_function_embed_what_their_table_embeds", |bed| async move {
        if has_none(&bed) {
            return;
        }
        fill(&bed).await;
        for sql in [
            "CREATE FUNCTION later(lowest integer) RETURNS SETOF projects LANGUAGE sql STABLE AS 'SELECT * FROM projects WHERE id >= lowest'",
            "CREATE FUNCTION one() RETURNS projects LANGUAGE sql STABLE AS 'SELECT * FROM projects WHERE id = 1'",
            "CREATE FUNCTION label(projects) RETURNS text LANGUAGE sql STABLE AS $$ SELECT $1.id || '-' || $1.name $$",
            "CREATE FUNCTION top(projects) RETURNS SETOF tasks LANGUAGE sql STABLE AS \
             'SELECT * FROM tasks WHERE project_id = $1.id AND hours > 2'",
        ] {
            bed.sql(sql).await;
        }
        for (path, expected) in [
            ("later?lowest=3&select=id,clients(name),tasks(title)&order=id",
             json!([{"id": 3, "clients": {"name": "Bolt"}, "tasks": [{"title": null}]}, {"id": 4, "clients": null, "tasks": []}])),
            ("later?lowest=1&select=id,people!inner(name)&people.name=eq.Ann", json!([{"id": 1, "people": [{"name": "Ann"}]}])),
            ("later?lowest=1&select=id,...clients(firm:name),label&order=clients(name).desc.nullslast,id&limit=2",
             json!([{"id": 3, "firm": "Bolt", "label": "3-Three \"q\""}, {"id": 1, "firm": "Acme", "label": "1-One"}])),
            ("later?lowest=1&select=id,top(id)&top=not.is.null&order=id",
             json!([{"id": 1, "top": [{"id": 1}]}, {"id": 3, "top": [{"id": 4}]}])),
            ("one?select=name,plans(text)", json!({"name": "One", "plans": {"text": "go"}})),
        ] {
            let said = bed.ask(Ask::call_get(path)).await;
            assert_eq!((said.status, said.json()), (200, expected), "{path}: {said:?}");
        }
        let none = bed.ask(Ask::call_get("later?lowest=1&select=messages(id)")).await;
        assert_eq!((none.status, none.code().as_str()), (400, "PGRST200"), "{none:?}");
        let guarded = "later?lowest=1&select=tasks(id)&id=eq.1&order=id";
        bed.sql("ALTER TABLE tasks ENABLE ROW LEVEL SECURITY").await;
        let said = bed.ask(Ask::call_get(guarded).caller(person(1))).await;
        assert_eq!(said.json(), json!([{"tasks": []}]), "{said:?}");
    })
    .await;
}
