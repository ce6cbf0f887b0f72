//! What writes return, with what is embedded in it.

use busbar_data::Method;
use serde_json::json;

use crate::bed::{Ask, on_both};
use crate::embeds::fill;

const WHOLE: &str = "return=representation";

#[tokio::test]
async fn p3_inserts_return_their_embeds() {
    on_both("p3_inserts_return_their_embeds", |bed| async move {
        fill(&bed).await;
        let rows = json!([{"id": 10, "name": "Ten", "client_id": 2}, {"id": 11, "name": "Eleven", "client_id": null}]);
        let said = bed
            .ask(Ask::post("projects?select=name,clients(name),tasks(id),people(id)", rows).prefer(WHOLE))
            .await;
        assert_eq!((said.status, said.json()), (201, json!([
            {"name": "Ten", "clients": {"name": "Bolt"}, "tasks": [], "people": []},
            {"name": "Eleven", "clients": null, "tasks": [], "people": []}])), "{said:?}");
        let said = bed
            .ask(Ask::post("tasks?select=id,...projects(project:name)", json!({"id": 50, "project_id": 10})).prefer(WHOLE))
            .await;
        assert_eq!(said.json(), json!([{"id": 50, "project": "Ten"}]));
        let merge = "resolution=merge-duplicates,return=representation";
        let rows = json!([{"id": 10, "name": "10", "client_id": 1}, {"id": 12, "name": "12", "client_id": 2}]);
        let said = bed.ask(Ask::post("projects?select=id,clients(name),tasks(id)", rows).prefer(merge)).await;
        assert_eq!((said.status, said.json()), (201, json!([
            {"id": 10, "clients": {"name": "Acme"}, "tasks": [{"id": 50}]},
            {"id": 12, "clients": {"name": "Bolt"}, "tasks": []}])), "{said:?}");
        let mut put = Ask::new(Method::Put, "projects?id=eq.12&select=id,clients(name)").prefer(WHOLE);
        put = put.body(json!({"id": 12, "name": "x", "client_id": 1}));
        assert_eq!(bed.ask(put).await.json(), json!([{"id": 12, "clients": {"name": "Acme"}}]));
    })
    .await;
}

#[tokio::test]
async fn p3_changes_return_their_embeds() {
    on_both("p3_changes_return_their_embeds", |bed| async move {
        fill(&bed).await;
        let path = "projects?id=in.(1,4)&select=id,clients(name),tasks(id)&tasks.id=gte.2&tasks.order=id";
        let said = bed
            .ask(Ask::patch(path, json!({"client_id": 2})).prefer(WHOLE))
            .await;
        assert_eq!(
            (said.status, said.json()),
            (
                200,
                json!([
            {"id": 1, "clients": {"name": "Bolt"}, "tasks": [{"id": 2}]},
            {"id": 4, "clients": {"name": "Bolt"}, "tasks": []}])
            ),
            "{said:?}"
        );
        // Filters on embeds shape what is shown, not what is changed.
        let path = "projects?id=lte.2&select=id,clients!inner(name)&clients.name=eq.Acme";
        let said = bed
            .ask(Ask::patch(path, json!({"paid": null})).prefer("return=representation,count=exact"))
            .await;
        assert_eq!(said.json(), json!([{"id": 2, "clients": {"name": "Acme"}}]));
        assert_eq!(said.header("Content-Range"), Some("0-1/2"));
        assert_eq!(
            bed.rows("projects?paid=is.null&select=id&order=id").await,
            json!([{"id": 1}, {"id": 2}, {"id": 3}])
        );
        let said = bed
            .ask(Ask::patch(
                "projects?id=eq.1&clients.id=eq.1",
                json!({"paid": null}),
            ))
            .await;
        assert_eq!(said.code(), "PGRST108");
        let said = bed
            .ask(
                Ask::patch(
                    "projects?id=eq.1&select=id,clients()&clients=is.null",
                    json!({"paid": true}),
                )
                .prefer(WHOLE),
            )
            .await;
        assert_eq!(said.code(), "42703");
        let said = bed
            .ask(Ask::patch("projects?select=count", json!({"paid": true})).prefer(WHOLE))
            .await;
        assert!(said.json()[0]["count"].as_u64() > Some(1), "{said:?}");
    })
    .await;
}

#[tokio::test]
async fn p3_deletes_return_what_was_embedded_before() {
    on_both("p3_deletes_return_what_was_embedded_before", |bed| async move {
        fill(&bed).await;
        for table in ["plans", "work"] {
            bed.ask(Ask::new(Method::Delete, table)).await;
        }
        let mut ask = Ask::new(
            Method::Delete,
            "projects?id=in.(1,4)&select=id,clients(name),tasks(title)&tasks.order=id",
        );
        ask = ask.prefer("return=representation,count=exact");
        let said = bed.ask(ask).await;
        assert_eq!(
            (said.status, said.json()),
            (
                200,
                json!([
            {"id": 1, "clients": {"name": "Acme"}, "tasks": [{"title": "a"}, {"title": "b"}]},
            {"id": 4, "clients": null, "tasks": []}])
            ),
            "{said:?}"
        );
        assert_eq!(said.header("Content-Range"), Some("*/2"));
        assert_eq!(
            bed.rows("tasks?select=id&order=id").await,
            json!([{"id": 3}, {"id": 4}]),
            "the key cascades"
        );
        let limited = "projects?select=id,tasks(id)&order=clients(name).desc,id&limit=1";
        let said = bed.ask(Ask::new(Method::Delete, limited).prefer(WHOLE)).await;
        assert_eq!(said.code(), "PGRST108");
        let limited = "projects?select=id,clients(name)&order=clients(name).desc,id&limit=1";
        let said = bed.ask(Ask::new(Method::Delete, limited).prefer(WHOLE)).await;
        assert_eq!(said.json(), json!([{"id": 3, "clients": {"name": "Bolt"}}]));
        let single = Ask::new(Method::Delete, "projects?select=id,clients(name)").prefer(WHOLE);
        let said = bed.ask(single.accept("application/vnd.pgrst.object+json")).await;
        assert_eq!(said.json(), json!({"id": 2, "clients": {"name": "Acme"}}));
    })
    .await;
}
