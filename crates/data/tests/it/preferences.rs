//! What clients prefer: counts, undone writes, time zones, plans.

use busbar_data::{Method, RecordOptions};
use busbar_store::Dialect;
use serde_json::{Value, json};

use crate::bed::{Ask, Bed, on_both};

async fn many(bed: &Bed, rows: usize) {
    bed.table("many", &["n integer", "half integer"]).await;
    let rows: Vec<Value> = (0..rows).map(|n| json!({"n": n, "half": n % 2})).collect();
    assert_eq!(bed.ask(Ask::post("many", Value::from(rows))).await.status, 201);
}

fn total(range: Option<&str>) -> u64 {
    range.unwrap().rsplit('/').next().unwrap().parse().unwrap()
}

#[tokio::test]
async fn o9_planned_and_estimated_counts_come_near() {
    on_both("o9_planned_and_estimated_counts_come_near", |bed| async move {
        many(&bed, 25_000).await;
        if bed.db.dialect() == Dialect::Postgres {
            bed.db.execute("ANALYZE many", Vec::new()).await.unwrap();
        }
        for (path, exact) in [
            ("many?select=n&limit=3", 25_000),
            ("many?select=n&limit=3&half=eq.1", 12_500),
        ] {
            for prefer in ["count=planned", "count=estimated"] {
                for ask in [Ask::get(path), Ask::new(Method::Head, path)] {
                    let said = bed.ask(ask.prefer(prefer)).await;
                    assert_eq!(said.status, 206, "{path} {prefer}: {said:?}");
                    let found = total(said.header("Content-Range"));
                    assert!(
                        found.abs_diff(exact) <= exact / 20,
                        "{path} {prefer}: {found} of {exact}"
                    );
                    assert_eq!(said.header("Preference-Applied"), Some(prefer));
                }
            }
        }
        let few = bed
            .ask(Ask::get("many?n=lt.10&limit=3").prefer("count=estimated"))
            .await;
        assert_eq!(
            few.header("Content-Range"),
            Some("0-2/10"),
            "a small number is exact"
        );
    })
    .await;
}

#[tokio::test]
async fn p10_a_write_is_undone_where_that_is_allowed() {
    on_both("p10_a_write_is_undone_where_that_is_allowed", |bed| async move {
        many(&bed, 3).await;
        let allowed = RecordOptions {
            rollback: true,
            ..RecordOptions::default()
        };
        let prefer = "tx=rollback, return=representation";
        for (ask, status, rows) in [
            (Ask::post("many?select=n", json!([{"n": 7}, {"n": 8}])), 201, 2),
            (Ask::patch("many?select=n&n=gte.1", json!({"half": 9})), 200, 2),
            (Ask::new(Method::Delete, "many?select=n"), 200, 3),
        ] {
            let said = bed.ask(ask.prefer(prefer).options(allowed.clone())).await;
            assert_eq!(said.status, status, "{said:?}");
            assert_eq!(said.json().as_array().unwrap().len(), rows);
            assert_eq!(
                said.header("Preference-Applied"),
                Some("return=representation, tx=rollback")
            );
        }
        assert_eq!(
            bed.rows("many?select=n,half&order=n").await,
            json!([{"n": 0, "half": 0}, {"n": 1, "half": 1}, {"n": 2, "half": 0}])
        );
        let commit = bed
            .ask(
                Ask::post("many", json!({"n": 3}))
                    .prefer("tx=commit")
                    .options(allowed.clone()),
            )
            .await;
        assert_eq!(commit.header("Preference-Applied"), Some("tx=commit"));
        let ignored = bed
            .ask(Ask::post("many", json!({"n": 4})).prefer("tx=rollback"))
            .await;
        assert_eq!(
            (ignored.status, ignored.header("Preference-Applied")),
            (201, None)
        );
        assert_eq!(
            bed.rows("many?select=n&n=gt.2&order=n").await,
            json!([{"n": 3}, {"n": 4}])
        );
    })
    .await;
}

#[tokio::test]
async fn p8_strict_handling_names_what_it_does_not_know() {
    on_both(
        "p8_strict_handling_names_what_it_does_not_know",
        |bed| async move {
            many(&bed, 1).await;
            let said = bed
                .ask(Ask::get("many").prefer("handling=strict, what=ever, timezone=Nowhere/Here"))
                .await;
            assert_eq!((said.status, said.code().as_str()), (400, "PGRST122"));
            assert_eq!(
                said.json()["details"],
                "Invalid preferences: what=ever, timezone=Nowhere/Here"
            );
            let lenient = bed
                .ask(Ask::get("many").prefer("handling=lenient, timezone=Nowhere/Here"))
                .await;
            assert_eq!(
                (lenient.status, lenient.header("Preference-Applied")),
                (200, Some("handling=lenient"))
            );
        },
    )
    .await;
}

#[tokio::test]
async fn p11_moments_are_told_in_the_zone_that_is_preferred() {
    on_both(
        "p11_moments_are_told_in_the_zone_that_is_preferred",
        |bed| async move {
            bed.table("events", &["at datetime"]).await;
            bed.ask(Ask::post("events", json!({"at": "2026-07-01T12:00:00Z"})))
                .await;
            let said = bed
                .ask(Ask::get("events?select=at").prefer("timezone=Europe/Oslo"))
                .await;
            assert_eq!(said.json(), json!([{"at": "2026-07-01T14:00:00+02:00"}]));
            assert_eq!(said.header("Preference-Applied"), Some("timezone=Europe/Oslo"));
            for (zone, told) in [
                ("America/St_Johns", "2026-07-01T09:30:00-02:30"),
                ("UTC", "2026-07-01T12:00:00+00:00"),
            ] {
                let prefer = format!("handling=strict, timezone={zone}, return=representation");
                let said = bed
                    .ask(Ask::patch("events", json!({"at": "2026-07-01T12:00:00Z"})).prefer(&prefer))
                    .await;
                assert_eq!(said.json()[0]["at"], told, "{said:?}");
            }
            // What names no offset is of the zone, in bodies and in filters.
            let berlin = "timezone=Europe/Berlin, return=representation";
            for (local, told) in [
                ("2026-07-01 12:00", "2026-07-01T12:00:00+02:00"),
                ("2026-01-01", "2026-01-01T00:00:00+01:00"),
                ("2026-03-29 02:30", "2026-03-29T03:30:00+02:00"),
                ("2026-10-25 02:30", "2026-10-25T02:30:00+01:00"),
                ("2026-07-01T12:00:00Z", "2026-07-01T14:00:00+02:00"),
            ] {
                let said = bed
                    .ask(Ask::patch("events?select=at", json!({"at": local})).prefer(berlin))
                    .await;
                assert_eq!(
                    said.json(),
                    json!([{"at": told}]),
                    "{local} on {:?}",
                    bed.db.dialect()
                );
                for path in [
                    format!("events?select=at&at=eq.{local}"),
                    format!("events?select=at&at=in.(\"{local}\")"),
                ] {
                    let path = path.replace(' ', "%20").replace('"', "%22");
                    let found = bed.ask(Ask::get(&path).prefer("timezone=Europe/Berlin")).await;
                    assert_eq!(
                        found.json(),
                        json!([{"at": told}]),
                        "{path} on {:?}",
                        bed.db.dialect()
                    );
                }
            }
            let nowhere = Ask::get("events?select=at").prefer("timezone=Nowhere/Land");
            assert_eq!(bed.ask(nowhere.clone()).await.status, 200);
            let strict = nowhere.prefer("handling=strict, timezone=Nowhere/Land");
            assert_eq!(bed.ask(strict).await.code(), "PGRST122");
        },
    )
    .await;
}

#[tokio::test]
async fn m6_plans_are_shown_where_that_is_allowed() {
    on_both("m6_plans_are_shown_where_that_is_allowed", |bed| async move {
        many(&bed, 3).await;
        let json_plan = "application/vnd.pgrst.plan+json; for=\"application/json\"; options=analyze|verbose";
        let off = bed.ask(Ask::get("many?n=eq.1").accept(json_plan)).await;
        assert_eq!((off.status, off.code().as_str()), (406, "PGRST107"));
        let allowed = RecordOptions {
            plans: true,
            ..RecordOptions::default()
        };
        let said = bed
            .ask(Ask::get("many?n=eq.1").accept(json_plan).options(allowed.clone()))
            .await;
        assert_eq!(said.status, 200, "{said:?}");
        assert!(said.json()[0]["Plan"]["Node Type"].is_string(), "{}", said.text);
        let text = bed
            .ask(
                Ask::get("many?n=eq.1")
                    .accept("application/vnd.pgrst.plan")
                    .options(allowed.clone()),
            )
            .await;
        assert!(text.text.contains("many"), "{}", text.text);
        assert_eq!(
            text.header("Content-Type"),
            Some("application/vnd.pgrst.plan+text; charset=utf-8")
        );
    })
    .await;
}

#[tokio::test]
async fn o10_the_cap_bounds_reads_and_never_writes() {
    on_both("o10_the_cap_bounds_reads_and_never_writes", |bed| async move {
        many(&bed, 5).await;
        let capped = RecordOptions {
            most_rows: Some(2),
            ..RecordOptions::default()
        };
        let said = bed
            .ask(
                Ask::get("many?limit=4")
                    .prefer("count=exact")
                    .options(capped.clone()),
            )
            .await;
        assert_eq!((said.status, said.header("Content-Range")), (206, Some("0-1/5")));
        let changed = bed
            .ask(
                Ask::patch("many", json!({"half": 3}))
                    .prefer("count=exact")
                    .options(capped.clone()),
            )
            .await;
        assert_eq!(changed.header("Content-Range"), Some("0-4/5"));
    })
    .await;
}
