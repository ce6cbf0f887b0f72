//! Spreads: the columns of to-one embeds as the parent's own.

use serde_json::json;

use crate::bed::{Ask, on_both};
use crate::embeds::{answers, fill, refusals};

#[tokio::test]
async fn s7_spread_lifts_the_columns_of_to_one_embeds() {
    on_both("s7_spread_lifts_the_columns_of_to_one_embeds", |bed| async move {
        fill(&bed).await;
        answers(&bed, &[
            ("projects?select=id,...clients(client:name,deal)&order=id&id=in.(1,4)",
             json!([{"id": 1, "client": "Acme", "deal": 10.5}, {"id": 4, "client": null, "deal": null}])),
            ("tasks?select=id,...projects(paid,...clients(name),tasks(id))&id=eq.1&projects.tasks.order=id",
             json!([{"id": 1, "paid": true, "name": "Acme", "tasks": [{"id": 1}, {"id": 2}]}])),
            ("projects?select=id,...clients!inner(name)&clients.name=eq.Bolt", json!([{"id": 3, "name": "Bolt"}])),
            ("tasks?select=id,...projects(clients())&id=eq.1", json!([{"id": 1}])),
            ("projects?select=id,...clients(n:name,projects(id))&id=eq.4", json!([{"id": 4, "n": null, "projects": null}])),
            ("tasks?select=id,...projects(p:name,...clients(c:name))&order=id.desc&limit=2&projects.clients.name=eq.Bolt",
             json!([{"id": 4, "p": "Three \"q\"", "c": "Bolt"}, {"id": 3, "p": "Two", "c": null}])),
            ("clients?select=id,projects(id,...plans(text))&order=id&limit=1&projects.order=id&projects.limit=1",
             json!([{"id": 1, "projects": [{"id": 1, "text": "go"}]}])),
            ("plans?select=...projects(project:name,...clients(name),people(name))&projects.people.name=eq.Ann&order=id",
             json!([{"project": "One", "name": "Acme", "people": [{"name": "Ann"}]},
                    {"project": "Three \"q\"", "name": "Bolt", "people": []}])),
        ]).await;
        refusals(&bed, &[("projects?select=id,...tasks(title)", 400, "PGRST119")]).await;
        let said = bed.ask(Ask::get("projects?select=id,...tasks(title)")).await;
        assert_eq!(said.json()["details"],
            "'projects' and 'tasks' do not form a many-to-one or one-to-one relationship");
    })
    .await;
}

#[tokio::test]
async fn s7_wide_spreads_look_their_rows_up_once() {
    on_both("s7_wide_spreads_look_their_rows_up_once", |bed| async move {
        fill(&bed).await;
        let columns: Vec<String> = (0..900).map(|at| format!("c{at}:name")).collect();
        let path = format!(
            "tasks?select=id,...projects(...clients({}))&order=id",
            columns.join(",")
        );
        let said = bed.ask(Ask::get(&path)).await;
        assert_eq!(said.status, 200, "{:?}", said.code());
        assert_eq!(said.json()[3]["c899"], "Bolt");
        let plans = busbar_data::RecordOptions {
            plans: true,
            ..Default::default()
        };
        let path = "tasks?select=...projects(paid,name,...clients(c:name,deal))&order=id";
        let plan = Ask::get(path)
            .accept("application/vnd.pgrst.plan+text")
            .options(plans);
        let plan = bed.ask(plan).await.text;
        // Both related rows are looked up, each once, however many columns are lifted.
        let looks = plan.matches("SEARCH").count() + plan.matches(" on clients").count();
        let expected = if bed.db.dialect() == busbar_store::Dialect::Sqlite {
            2
        } else {
            1
        };
        assert_eq!(looks, expected, "{plan}");
    })
    .await;
}
