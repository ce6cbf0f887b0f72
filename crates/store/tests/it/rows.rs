//! Values go in and rows come out the same on both databases.

use std::collections::BTreeMap;

use busbar_kernel::Timestamp;
use busbar_store::{Json, Scope, Value, params};
use serde::Deserialize;
use uuid::Uuid;

use crate::harness::{on_each, on_postgres, pick};

#[derive(Debug, Deserialize, PartialEq)]
struct Thing {
    id: Uuid,
    active: bool,
    size: u32,
    weight: f64,
    at: Timestamp,
    labels: Json<BTreeMap<String, Vec<i32>>>,
    note: Option<String>,
    raw: Vec<u8>,
}

#[tokio::test]
async fn typed_rows_are_the_same_on_both() {
    on_each("typed_rows_are_the_same_on_both", |store| async move {
        let db = store.scope(Scope::Platform).await.unwrap();
        let create = pick(
            &db,
            "CREATE TABLE thing (id text, active integer, size integer, weight real, at text, labels text, note text, raw blob)",
            "CREATE TABLE thing (id uuid, active boolean, size integer, weight numeric, at timestamptz, labels jsonb, note text, raw bytea)",
        );
        db.execute(create, params![]).await.unwrap();
        let thing = Thing {
            id: Uuid::from_u128(0x1234),
            active: true,
            size: 7,
            weight: 2.5,
            at: Timestamp::from_timestamp_micros(1_767_225_600_123_456).unwrap(),
            labels: Json(BTreeMap::from([("a".to_owned(), vec![1, 2])])),
            note: None,
            raw: vec![0, 255, 7],
        };
        let row = params![
            thing.id,
            thing.active,
            thing.size,
            thing.weight,
            thing.at,
            Value::json(&thing.labels).unwrap(),
            thing.note.clone(),
            thing.raw.clone()
        ];
        db.execute("INSERT INTO thing VALUES ($1,$2,$3,$4,$5,$6,$7,$8)", row).await.unwrap();
        let back: Thing = db.one("SELECT * FROM thing WHERE at = $1", params![thing.at]).await.unwrap();
        assert_eq!(back, thing);
        let by_id = "SELECT active FROM thing WHERE id = $1";
        assert!(db.one::<bool>(by_id, params![thing.id]).await.unwrap());
        assert!(db.one::<bool>(by_id, params![thing.id.to_string()]).await.unwrap());
        assert_eq!(db.one::<i64>("SELECT max(size) FROM thing", params![]).await.unwrap(), 7);
    })
    .await;
}

#[tokio::test]
async fn postgres_types_are_readable() {
    on_postgres("postgres_types_are_readable", |store, _| async move {
        let db = store.scope(Scope::Data).await.unwrap().looking_in("public");
        db.execute("CREATE TYPE mood AS ENUM ('calm', 'wild')", params![])
            .await
            .unwrap();
        for (sql, text) in [
            ("'2026-01-31'::date", "2026-01-31"),
            ("'0044-03-15 BC'::date", "-0043-03-15"),
            (
                "'-12345678901234567890.0001'::numeric",
                "-12345678901234567890.0001",
            ),
            ("'0.00001234'::numeric", "0.00001234"),
            ("100000000::numeric", "100000000"),
            ("'12:34:56.5'::time", "12:34:56.500000"),
            ("'2026-01-31 12:00:00.25'::timestamp", "2026-01-31T12:00:00.250"),
            ("'1 year 2 mons 3 days 04:05:06.5'::interval", "P1Y2M3DT4H5M6.5S"),
            ("'-00:00:01.5'::interval", "PT-1.5S"),
            ("'192.168.0.1/24'::inet", "192.168.0.1/24"),
            ("'::1'::inet", "::1"),
            ("'calm'::mood", "calm"),
            ("'x'::name", "x"),
            ("ARRAY[1,NULL,3]", "[1,null,3]"),
            ("ARRAY['a\"b','c']", r#"["a\"b","c"]"#),
            ("'{}'::uuid[]", "[]"),
            ("'{\"a\": [1]}'::jsonb", r#"{"a": [1]}"#),
        ] {
            let read: String = db.one(&format!("SELECT {sql} AS v"), params![]).await.unwrap();
            assert_eq!(read, text, "{sql}");
        }
        assert_eq!(
            db.one::<(Vec<i32>,)>("SELECT ARRAY[1,2]", params![])
                .await
                .unwrap(),
            (vec![1, 2],)
        );
        assert_eq!(db.one::<i64>("SELECT 5::oid", params![]).await.unwrap(), 5);
        assert_eq!(
            db.one::<Option<i32>>("SELECT NULL::int", params![])
                .await
                .unwrap(),
            None
        );
        assert_eq!(
            db.one::<f64>("SELECT 1.5::numeric", params![]).await.unwrap(),
            1.5
        );
        // Texts are parsed as whatever the statement needs.
        let sql = "SELECT $1::int + 1 = 3 AND $2::date < now() AND 'calm' = $3::mood";
        assert!(
            db.one::<bool>(sql, params!["2", "2026-01-01", "calm"])
                .await
                .unwrap()
        );
        let sum = "SELECT ($1::numeric + $2::float8)::text";
        assert_eq!(db.one::<String>(sum, params![1, 0.5]).await.unwrap(), "1.5");
    })
    .await;
}
