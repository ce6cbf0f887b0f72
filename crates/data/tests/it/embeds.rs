//! Embedding: relations from foreign keys, objects and arrays of related rows, what is asked of them.

use busbar_data::Method;
use serde_json::{Value, json};

use crate::bed::{Ask, Bed, on_both};

/// Clients have projects, projects have tasks and a plan, people work on projects with a role, folders hold folders.
pub(crate) async fn fill(bed: &Bed) {
    for sql in [
        "CREATE TABLE clients (id integer PRIMARY KEY, name text, deal numeric)",
        "CREATE TABLE projects (id integer PRIMARY KEY, name text NOT NULL, paid boolean, \
         client_id integer, CONSTRAINT \"projects_client\" FOREIGN KEY (client_id) REFERENCES clients (id))",
        "CREATE TABLE tasks (id integer PRIMARY KEY, title text, hours integer, at timestamptz, project_id integer, \
         CONSTRAINT \"tasks_project\" FOREIGN KEY (project_id) REFERENCES projects (id) ON DELETE CASCADE)",
        "CREATE TABLE plans (id integer PRIMARY KEY, text text, project_id integer UNIQUE, \
         CONSTRAINT \"plans_project\" FOREIGN KEY (project_id) REFERENCES projects (id))",
        "CREATE TABLE people (id integer PRIMARY KEY, name text)",
        "CREATE TABLE work (project_id integer, person_id integer, job text, \
         CONSTRAINT \"work_project\" FOREIGN KEY (project_id) REFERENCES projects (id), \
         CONSTRAINT \"work_person\" FOREIGN KEY (person_id) REFERENCES people (id), \
         PRIMARY KEY (project_id, person_id))",
        "CREATE TABLE messages (id integer PRIMARY KEY, text text, from_id integer, to_id integer, \
         CONSTRAINT \"messages_from\" FOREIGN KEY (from_id) REFERENCES people (id), \
         CONSTRAINT \"messages_to\" FOREIGN KEY (to_id) REFERENCES people (id))",
        "CREATE TABLE folders (id integer PRIMARY KEY, name text, parent_id integer, \
         CONSTRAINT \"folders_parent\" FOREIGN KEY (parent_id) REFERENCES folders (id))",
    ] {
        bed.sql(sql).await;
    }
    for (table, rows) in [
        (
            "clients",
            json!([{"id": 1, "name": "Acme", "deal": 10.5}, {"id": 2, "name": "Bolt", "deal": null}]),
        ),
        (
            "projects",
            json!([
                {"id": 1, "name": "One", "paid": true, "client_id": 1},
                {"id": 2, "name": "Two", "paid": false, "client_id": 1},
                {"id": 3, "name": "Three \"q\"", "paid": null, "client_id": 2},
                {"id": 4, "name": "Four", "paid": true, "client_id": null},
            ]),
        ),
        (
            "tasks",
            json!([
                {"id": 1, "title": "a", "hours": 3, "at": "2026-01-01T10:00:00Z", "project_id": 1},
                {"id": 2, "title": "b", "hours": 1, "at": null, "project_id": 1},
                {"id": 3, "title": "c", "hours": null, "at": null, "project_id": 2},
                {"id": 4, "title": null, "hours": 8, "at": null, "project_id": 3},
            ]),
        ),
        (
            "plans",
            json!([{"id": 1, "text": "go", "project_id": 1}, {"id": 2, "text": "stop", "project_id": 3}]),
        ),
        (
            "people",
            json!([{"id": 1, "name": "Ann"}, {"id": 2, "name": "Bob"}, {"id": 3, "name": "Cy"}]),
        ),
        (
            "work",
            json!([
                {"project_id": 1, "person_id": 1, "job": "lead"}, {"project_id": 1, "person_id": 2, "job": "dev"},
                {"project_id": 2, "person_id": 2, "job": "lead"},
            ]),
        ),
        (
            "messages",
            json!([{"id": 1, "text": "hi", "from_id": 1, "to_id": 2}, {"id": 2, "text": "yo", "from_id": 2, "to_id": 1}]),
        ),
        (
            "folders",
            json!([
                {"id": 1, "name": "root", "parent_id": null}, {"id": 2, "name": "left", "parent_id": 1},
                {"id": 3, "name": "right", "parent_id": 1}, {"id": 4, "name": "leaf", "parent_id": 2},
            ]),
        ),
    ] {
        let said = bed.ask(Ask::post(table, rows)).await;
        assert_eq!(said.status, 201, "{table}: {said:?}");
    }
}

pub(crate) async fn answers(bed: &Bed, cases: &[(&str, Value)]) {
    for (path, expected) in cases {
        let rows = bed.rows(path).await;
        assert_eq!(rows, *expected, "{path} on {:?}", bed.db.dialect());
    }
}

pub(crate) async fn refusals(bed: &Bed, cases: &[(&str, u16, &str)]) {
    for (path, status, code) in cases {
        let said = bed.ask(Ask::get(path)).await;
        assert_eq!(
            (said.status, said.code().as_str()),
            (*status, *code),
            "{path} on {:?}: {said:?}",
            bed.db.dialect()
        );
    }
}

#[tokio::test]
async fn s5_s6_to_one_is_an_object_and_to_many_an_array() {
    on_both(
        "s5_s6_to_one_is_an_object_and_to_many_an_array",
        |bed| async move {
            fill(&bed).await;
            answers(&bed, &[
            ("projects?select=id,clients(name,deal)&order=id&id=in.(1,4)",
             json!([{"id": 1, "clients": {"name": "Acme", "deal": 10.5}}, {"id": 4, "clients": null}])),
            ("clients?select=name,projects(id,paid)&order=id&projects.order=id",
             json!([{"name": "Acme", "projects": [{"id": 1, "paid": true}, {"id": 2, "paid": false}]},
                    {"name": "Bolt", "projects": [{"id": 3, "paid": null}]}])),
            ("projects?select=id,tasks(title,at)&order=id&tasks.order=id&id=gte.3",
             json!([{"id": 3, "tasks": [{"title": null, "at": null}]}, {"id": 4, "tasks": []}])),
            ("tasks?select=at,projects(id)&id=eq.1",
             json!([{"at": "2026-01-01T10:00:00+00:00", "projects": {"id": 1}}])),
            ("projects?select=*,clients(*)&id=eq.3",
             json!([{"id": 3, "name": "Three \"q\"", "paid": null, "client_id": 2,
                     "clients": {"id": 2, "name": "Bolt", "deal": null}}])),
            ("projects?select=clients(name)&id=eq.1", json!([{"clients": {"name": "Acme"}}])),
            ("projects?select=id,c:clients(n:name)&id=eq.1", json!([{"id": 1, "c": {"n": "Acme"}}])),
            ("projects?select=id,clients()&id=eq.1", json!([{"id": 1}])),
        ]).await;
        },
    )
    .await;
}

#[tokio::test]
async fn s5_embeds_nest() {
    on_both("s5_embeds_nest", |bed| async move {
        fill(&bed).await;
        answers(
            &bed,
            &[
                (
                    "clients?select=name,projects(name,tasks(title,projects(clients(name))))&order=id&id=eq.1\
              &projects.order=id.desc&projects.tasks.order=title.desc&projects.limit=2",
                    json!([{"name": "Acme", "projects": [
                 {"name": "Two", "tasks": [{"title": "c", "projects": {"clients": {"name": "Acme"}}}]},
                 {"name": "One", "tasks": [{"title": "b", "projects": {"clients": {"name": "Acme"}}},
                                           {"title": "a", "projects": {"clients": {"name": "Acme"}}}]}]}]),
                ),
                (
                    "tasks?select=id,projects(name,clients(name))&order=id.desc&limit=2",
                    json!([{"id": 4, "projects": {"name": "Three \"q\"", "clients": {"name": "Bolt"}}},
                    {"id": 3, "projects": {"name": "Two", "clients": {"name": "Acme"}}}]),
                ),
            ],
        )
        .await;
    })
    .await;
}

#[tokio::test]
async fn s8_unique_keys_and_junctions_are_relations() {
    on_both("s8_unique_keys_and_junctions_are_relations", |bed| async move {
        fill(&bed).await;
        answers(&bed, &[
            ("projects?select=id,plans(text)&order=id&id=lte.2",
             json!([{"id": 1, "plans": {"text": "go"}}, {"id": 2, "plans": null}])),
            ("plans?select=text,projects(name)&id=eq.2", json!([{"text": "stop", "projects": {"name": "Three \"q\""}}])),
            ("projects?select=id,people(name)&order=id&people.order=name.desc&id=lte.3",
             json!([{"id": 1, "people": [{"name": "Bob"}, {"name": "Ann"}]}, {"id": 2, "people": [{"name": "Bob"}]},
                    {"id": 3, "people": []}])),
            ("people?select=name,projects(name)&order=name&projects.order=id",
             json!([{"name": "Ann", "projects": [{"name": "One"}]},
                    {"name": "Bob", "projects": [{"name": "One"}, {"name": "Two"}]}, {"name": "Cy", "projects": []}])),
            ("projects?select=work(job,people(name))&id=eq.1&work.order=job",
             json!([{"work": [{"job": "dev", "people": {"name": "Bob"}}, {"job": "lead", "people": {"name": "Ann"}}]}])),
        ]).await;
    })
    .await;
}

#[tokio::test]
async fn s9_targets_and_hints_name_the_relation() {
    on_both("s9_targets_and_hints_name_the_relation", |bed| async move {
        fill(&bed).await;
        answers(&bed, &[
            ("messages?select=a:people!messages_from(name),b:people!to_id(name)&id=eq.1",
             json!([{"a": {"name": "Ann"}, "b": {"name": "Bob"}}])),
            ("messages?select=from_id(name),messages_to(name)&id=eq.1",
             json!([{"from_id": {"name": "Ann"}, "messages_to": {"name": "Bob"}}])),
            ("people?select=name,messages!from_id(text)&id=eq.2", json!([{"name": "Bob", "messages": [{"text": "yo"}]}])),
            ("projects?select=people!work(name)&id=eq.2", json!([{"people": [{"name": "Bob"}]}])),
            ("projects?select=clients!inner!client_id(name)&id=eq.1", json!([{"clients": {"name": "Acme"}}])),
        ]).await;
        let said = bed.ask(Ask::get("messages?select=people(name)")).await;
        assert_eq!((said.status, said.code().as_str()), (300, "PGRST201"));
        assert_eq!(said.json()["message"],
            "Could not embed because more than one relationship was found for 'messages' and 'people'");
        assert_eq!(said.json()["details"], json!([
            {"cardinality": "many-to-one", "embedding": "messages with people",
             "relationship": "messages_from using messages(from_id) and people(id)"},
            {"cardinality": "many-to-one", "embedding": "messages with people",
             "relationship": "messages_to using messages(to_id) and people(id)"}]));
        assert_eq!(said.json()["hint"],
            "Try changing 'people' to one of the following: 'people!messages_from', 'people!messages_to'. Find the \
             desired relationship in the 'details' key.");
        let said = bed.ask(Ask::get("projects?select=client(name)")).await;
        assert_eq!((said.status, said.json()), (400, json!({
            "code": "PGRST200",
            "message": "Could not find a relationship between 'projects' and 'client' in the schema cache",
            "details": "Searched for a foreign key relationship between 'projects' and 'client' in the schema 'public', \
                        but no matches were found.",
            "hint": "Perhaps you meant 'clients' instead of 'client'."})));
        let said = bed.ask(Ask::get("projects?select=clients!nope(name)")).await;
        assert_eq!(said.json()["details"],
            "Searched for a foreign key relationship between 'projects' and 'clients' using the hint 'nope' in the \
             schema 'public', but no matches were found.");
        assert_eq!(said.json()["hint"], Value::Null);
    })
    .await;
}

#[tokio::test]
async fn s10_a_table_embeds_itself() {
    on_both("s10_a_table_embeds_itself", |bed| async move {
        fill(&bed).await;
        answers(&bed, &[
            ("folders?select=name,parent_id(name)&order=id&id=lte.2",
             json!([{"name": "root", "parent_id": null}, {"name": "left", "parent_id": {"name": "root"}}])),
            ("folders?select=name,inside:folders(name,folders(name))&id=eq.1&inside.order=name",
             json!([{"name": "root", "inside": [{"name": "left", "folders": [{"name": "leaf"}]},
                                                 {"name": "right", "folders": []}]}])),
            ("folders?select=name,folders!parent_id(name)&id=eq.2", json!([{"name": "left", "folders": [{"name": "leaf"}]}])),
            ("folders?select=name,parent_id(name,parent_id(name))&order=id.desc&limit=1",
             json!([{"name": "leaf", "parent_id": {"name": "left", "parent_id": {"name": "root"}}}])),
        ]).await;
    })
    .await;
}

#[tokio::test]
async fn s11_inner_embeds_remove_parents_and_count_them_out() {
    on_both("s11_inner_embeds_remove_parents_and_count_them_out", |bed| async move {
        fill(&bed).await;
        answers(&bed, &[
            ("projects?select=id,clients!inner(name)&order=id&clients.name=eq.Acme",
             json!([{"id": 1, "clients": {"name": "Acme"}}, {"id": 2, "clients": {"name": "Acme"}}])),
            ("projects?select=id,tasks!inner(id)&order=id&tasks.hours=gte.3",
             json!([{"id": 1, "tasks": [{"id": 1}]}, {"id": 3, "tasks": [{"id": 4}]}])),
            ("projects?select=id,people!inner()&order=id&people.name=eq.Bob", json!([{"id": 1}, {"id": 2}])),
            ("clients?select=name,projects!inner(id,tasks!inner(id))&projects.tasks.title=eq.c",
             json!([{"name": "Acme", "projects": [{"id": 2, "tasks": [{"id": 3}]}]}])),
            ("clients?select=name,projects(id,tasks!inner(id))&projects.tasks.title=eq.c&order=id",
             json!([{"name": "Acme", "projects": [{"id": 2, "tasks": [{"id": 3}]}]}, {"name": "Bolt", "projects": []}])),
        ]).await;
        for (path, range, status) in [
            ("projects?select=id,clients!inner()&clients.name=eq.Acme&limit=1&order=id", "0-0/2", 206),
            ("projects?select=id,tasks!inner()&tasks.hours=gte.3", "0-1/2", 200),
            ("projects?select=id,clients()&clients.name=eq.Acme", "0-3/4", 200),
        ] {
            let mut ask = Ask::get(path).prefer("count=exact");
            let said = bed.ask(ask.clone()).await;
            assert_eq!((said.status, said.header("Content-Range")), (status, Some(range)), "{path}");
            ask.method = Method::Head;
            assert_eq!(bed.ask(ask).await.header("Content-Range"), Some(range), "HEAD {path}");
        }
    })
    .await;
}

#[tokio::test]
async fn f17_filters_reach_into_embeds() {
    on_both("f17_filters_reach_into_embeds", |bed| async move {
        fill(&bed).await;
        answers(&bed, &[
            ("clients?select=id,projects(id)&projects.paid=is.true&order=id",
             json!([{"id": 1, "projects": [{"id": 1}]}, {"id": 2, "projects": []}])),
            ("clients?select=id,p:projects(id)&p.name=like.T*&order=id",
             json!([{"id": 1, "p": [{"id": 2}]}, {"id": 2, "p": [{"id": 3}]}])),
            ("clients?select=id,p:projects(id)&projects.id=eq.2&id=eq.1", json!([{"id": 1, "p": [{"id": 2}]}])),
            ("clients?select=id,projects(id)&projects.or=(id.eq.2,name.eq.One)&id=eq.1&projects.order=id",
             json!([{"id": 1, "projects": [{"id": 1}, {"id": 2}]}])),
            ("clients?select=id,projects(id)&projects.not.and=(id.eq.2,paid.is.false)&id=eq.1",
             json!([{"id": 1, "projects": [{"id": 1}]}])),
            ("clients?select=id,projects(tasks(id))&projects.tasks.hours=gt.2&projects.id=eq.1&id=eq.1",
             json!([{"id": 1, "projects": [{"tasks": [{"id": 1}]}]}])),
            ("projects?select=id,clients(id)&clients.id=eq.2&order=id&id=gte.2&name=neq.Four",
             json!([{"id": 2, "clients": null}, {"id": 3, "clients": {"id": 2}}])),
        ]).await;
        refusals(&bed, &[
            ("clients?projects.id=eq.1", 400, "PGRST108"),
            ("clients?select=*,projects(*)&projects.tasks.id=eq.1", 400, "PGRST108"),
            ("clients?select=*,projects(*)&projects.nope=eq.1", 400, "42703"),
            ("clients?select=*,projects(nope)", 400, "42703"),
            ("clients?select=*,projects(*)&projects.id=eq.x", 400, "22P02"),
            ("clients?select=*,projects(*)&projects.limit=-1", 416, "PGRST103"),
            ("clients?select=*,projects(*)&projects.or=()", 400, "PGRST100"),
        ]).await;
        let said = bed.ask(Ask::get("clients?projects.id=eq.1")).await;
        assert_eq!(said.json()["message"], "'projects' is not an embedded resource in this request");
        assert_eq!(said.json()["hint"], "Verify that 'projects' is included in the 'select' query parameter.");
    })
    .await;
}

#[tokio::test]
async fn f18_presence_of_an_embed_is_a_filter() {
    on_both("f18_presence_of_an_embed_is_a_filter", |bed| async move {
        fill(&bed).await;
        answers(&bed, &[
            ("projects?select=id,clients()&clients=is.null", json!([{"id": 4}])),
            ("projects?select=id,clients()&clients=not.is.null&order=id", json!([{"id": 1}, {"id": 2}, {"id": 3}])),
            ("projects?select=id,tasks()&tasks=is.null", json!([{"id": 4}])),
            ("projects?select=id,t:tasks()&t.title=eq.a&t=not.is.null", json!([{"id": 1}])),
            ("projects?select=id,tasks(),clients()&or=(tasks.is.null,clients.not.is.null)&clients.id=eq.2&order=id",
             json!([{"id": 3}, {"id": 4}])),
            ("projects?select=id,people()&people=is.null&order=id", json!([{"id": 3}, {"id": 4}])),
            ("clients?select=id,projects(id,tasks())&projects.tasks=is.null&order=id",
             json!([{"id": 1, "projects": []}, {"id": 2, "projects": []}])),
        ]).await;
        let counted = bed.ask(Ask::get("projects?select=id,tasks()&tasks=is.null").prefer("count=exact")).await;
        assert_eq!(counted.header("Content-Range"), Some("0-0/1"));
        refusals(&bed, &[("projects?select=id,clients()&clients=eq.1", 400, "42703")]).await;
    })
    .await;
}

#[tokio::test]
async fn o3_order_follows_a_to_one_embed() {
    on_both("o3_order_follows_a_to_one_embed", |bed| async move {
        fill(&bed).await;
        answers(
            &bed,
            &[
                (
                    "projects?select=id,clients()&order=clients(name).desc,id",
                    json!([{"id": 4}, {"id": 3}, {"id": 1}, {"id": 2}]),
                ),
                (
                    "projects?select=id,c:clients()&order=c(name).asc.nullsfirst,id.desc&limit=3",
                    json!([{"id": 4}, {"id": 2}, {"id": 1}]),
                ),
                (
                    "clients?select=projects(id,plans())&id=eq.1&projects.order=plans(text).asc,id",
                    json!([{"projects": [{"id": 1}, {"id": 2}]}]),
                ),
            ],
        )
        .await;
        refusals(
            &bed,
            &[
                ("projects?order=clients(name)", 400, "PGRST108"),
                ("projects?select=*,tasks(*)&order=tasks(id)", 400, "PGRST118"),
                ("projects?select=*,clients(*)&order=clients(nope)", 400, "42703"),
                ("projects?select=*,clients(*)&order=clients(name", 400, "PGRST100"),
            ],
        )
        .await;
        let said = bed
            .ask(Ask::get("projects?select=*,tasks(*)&order=tasks(id)"))
            .await;
        assert_eq!(
            said.json()["message"],
            "A related order on 'tasks' is not possible"
        );
        assert_eq!(
            said.json()["details"],
            "'projects' and 'tasks' do not form a many-to-one or one-to-one relationship"
        );
    })
    .await;
}

#[tokio::test]
async fn o5_o10_embeds_have_pages_of_their_own() {
    on_both("o5_o10_embeds_have_pages_of_their_own", |bed| async move {
        fill(&bed).await;
        answers(
            &bed,
            &[
                (
                    "clients?select=projects(id)&projects.order=id.desc&projects.limit=1&order=id",
                    json!([{"projects": [{"id": 2}]}, {"projects": [{"id": 3}]}]),
                ),
                (
                    "clients?select=projects(id)&projects.order=id&projects.offset=1&order=id",
                    json!([{"projects": [{"id": 2}]}, {"projects": []}]),
                ),
                (
                    "projects?select=people(name)&people.limit=1&people.offset=1&people.order=name&id=eq.1",
                    json!([{"people": [{"name": "Bob"}]}]),
                ),
                (
                    "projects?select=clients(id)&clients.limit=0&id=eq.1",
                    json!([{"clients": null}]),
                ),
                (
                    "clients?select=projects(id)&projects.limit=x&id=eq.2",
                    json!([{"projects": [{"id": 3}]}]),
                ),
            ],
        )
        .await;
        let capped = bed.data.records.clone().with_options(busbar_data::RecordOptions {
            most_rows: Some(1),
            ..Default::default()
        });
        let request = busbar_data::RecordRequest {
            method: Method::Get,
            table: "clients",
            query: "select=id,projects(id)&projects.order=id&projects.limit=5&order=id",
            headers: busbar_data::RecordHeaders::default(),
            body: bytes::Bytes::new(),
        };
        let answer = capped
            .answer(
                busbar_data::Profile::Postgrest,
                &request,
                &busbar_data::Caller::project_admin(),
            )
            .await
            .unwrap();
        let busbar_data::RecordBody::Whole(bytes) = answer.body else {
            panic!("a small answer")
        };
        let rows: Value = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(rows, json!([{"id": 1, "projects": [{"id": 1}]}]));
    })
    .await;
}

#[tokio::test]
async fn s13_select_count_counts() {
    on_both("s13_select_count_counts", |bed| async move {
        fill(&bed).await;
        bed.table("tally", &["count integer", "t string"]).await;
        bed.ask(Ask::post("tally", json!({"count": 7, "t": "x"}))).await;
        answers(&bed, &[
            ("projects?select=count", json!([{"count": 4}])),
            ("projects?select=n:count&paid=is.true", json!([{"n": 2}])),
            ("clients?select=name,projects(count)&order=id",
             json!([{"name": "Acme", "projects": [{"count": 2}]}, {"name": "Bolt", "projects": [{"count": 1}]}])),
            ("projects?select=id,tasks(count)&order=id.desc&limit=1", json!([{"id": 4, "tasks": [{"count": 0}]}])),
            ("projects?select=people(count)&id=eq.1", json!([{"people": [{"count": 2}]}])),
            ("tally?select=count", json!([{"count": 7}])),
        ]).await;
        refusals(&bed, &[("projects?select=name,count", 400, "42803")]).await;
    })
    .await;
}
