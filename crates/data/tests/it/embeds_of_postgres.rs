//! Relations that only PostgreSQL has: through views, and by functions.

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
        if has_none(&bed) {
            return;
        }
        fill(&bed).await;
        bed.sql(
            "CREATE VIEW paid AS SELECT id AS number, name, client_id AS customer FROM projects WHERE paid",
        )
        .await;
        bed.sql("CREATE VIEW best AS SELECT number, customer FROM paid")
            .await;
        bed.sql("CREATE MATERIALIZED VIEW firms AS SELECT c.id, upper(c.name) AS name FROM clients c")
            .await;
        bed.sql("CREATE VIEW jobs AS SELECT project_id AS p, person_id AS q, job FROM work")
            .await;
        bed.sql("GRANT SELECT ON firms TO project_admin").await;
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
