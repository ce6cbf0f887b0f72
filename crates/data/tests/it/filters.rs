//! The operators that need more than a comparison.

use serde_json::{Value, json};

use crate::bed::{Ask, Bed, on_both};

async fn texts(bed: &Bed) {
    bed.table("notes", &["n integer", "t string", "j json"]).await;
    let rows = json!([
        {"n": 1, "t": "Alpha one", "j": {"a": 1, "b": [1, 2, {"c": "x"}], "s": "one"}},
        {"n": 2, "t": "beta\nTWO", "j": [1, 2, 3]},
        {"n": 3, "t": null, "j": null},
        {"n": 4, "t": "a.b", "j": "text"},
        {"n": 5, "t": "", "j": {"a": {"d": true}, "b": []}},
    ]);
    assert_eq!(bed.ask(Ask::post("notes", rows)).await.status, 201);
}

async fn numbers(bed: &Bed, filter: &str) -> Value {
    let rows = bed.rows(&format!("notes?select=n&order=n&{filter}")).await;
    let found = rows.as_array().unwrap().iter().map(|row| row["n"].clone());
    found.collect()
}

#[tokio::test]
async fn f4_expressions_match_as_in_postgresql() {
    on_both("f4_expressions_match_as_in_postgresql", |bed| async move {
        texts(&bed).await;
        for (filter, expected) in [
            ("t=match.^A", json!([1])),
            ("t=match.^a", json!([4])),
            ("t=imatch.^a", json!([1, 4])),
            ("t=match.a.b", json!([4])),
            ("t=match.\\.", json!([4])),
            ("t=not.match.a", json!([5])),
            ("t=match(any).{^A,^b}", json!([1, 2])),
            ("t=imatch(all).{^a,b$}", json!([4])),
            ("t=match.[0-9]|one$", json!([1])),
            ("j->>s=match.^o", json!([1])),
        ] {
            assert_eq!(
                numbers(&bed, filter).await,
                expected,
                "{filter} on {:?}",
                bed.db.dialect()
            );
        }
        let said = bed.ask(Ask::get("notes?t=match.(")).await;
        assert_eq!((said.status, said.code().as_str()), (400, "2201B"), "{said:?}");
        let said = bed.ask(Ask::get("notes?n=match.1")).await;
        assert_eq!((said.status, said.code().as_str()), (404, "42883"), "{said:?}");
    })
    .await;
}

#[tokio::test]
async fn f9_documents_contain_and_are_contained() {
    on_both("f9_documents_contain_and_are_contained", |bed| async move {
        texts(&bed).await;
        for (filter, expected) in [
            ("j=cs.{\"a\":1}", json!([1])),
            ("j=cs.{\"b\":[2]}", json!([1])),
            ("j=cs.{\"b\":[{\"c\":\"x\"}]}", json!([1])),
            ("j=cs.[3,1]", json!([2])),
            ("j=cs.2", json!([2])),
            ("j=cs.{}", json!([1, 5])),
            ("j=cd.[1,2,3,4]", json!([2])),
            ("j=cd.{\"a\":{\"d\":true,\"e\":1},\"b\":[1]}", json!([5])),
            ("j=not.cs.{}", json!([2, 4])),
            ("or=(j.cs.{\"a\":1},n.eq.4)", json!([1, 4])),
            ("j->b=cs.[1]", json!([1])),
        ] {
            assert_eq!(
                numbers(&bed, filter).await,
                expected,
                "{filter} on {:?}",
                bed.db.dialect()
            );
        }
        for (filter, status, code) in [
            ("j=cs.{", 400, "22P02"),
            ("n=cs.1", 404, "42883"),
            ("j=ov.[1]", 404, "42883"),
        ] {
            let path = format!("notes?{filter}");
            let said = bed.ask(Ask::get(&path)).await;
            assert_eq!(
                (said.status, said.code().as_str()),
                (status, code),
                "{filter} {said:?}"
            );
        }
    })
    .await;
}

#[tokio::test]
async fn f8_f10_f11_texts_arrays_and_ranges_are_postgresqls() {
    on_both("f8_f10_f11_texts_arrays_and_ranges_are_postgresqls", |bed| async move {
        texts(&bed).await;
        if bed.db.dialect() == busbar_store::Dialect::Sqlite {
            for word in ["fts", "plfts", "phfts", "wfts(english)"] {
                let path = format!("notes?t={word}.alpha");
                let said = bed.ask(Ask::get(&path)).await;
                assert_eq!((said.status, said.code().as_str()), (400, "0A000"), "{word}");
                assert_eq!(said.json()["hint"], "This feature needs PostgreSQL");
            }
            return;
        }
        bed.db
            .execute(
                "CREATE TABLE shelves (n integer PRIMARY KEY, tags text[], span int4range, words tsvector)",
                Vec::new(),
            )
            .await
            .unwrap();
        bed.db
            .execute(
                "INSERT INTO shelves VALUES (1, '{red,blue}', '[1,5)', to_tsvector('english', 'The fat cats sat')), \
                 (2, '{green}', '[5,10)', to_tsvector('english', 'A dog barks')), (3, '{}', '[20,30)', NULL)",
                Vec::new(),
            )
            .await
            .unwrap();
        for (filter, expected) in [
            ("words=fts(english).'fat' %26 'cat'", json!([1])),
            ("words=plfts(english).the dogs", json!([2])),
            ("words=phfts(english).fat cats", json!([1])),
            ("words=wfts(english).cats -dog", json!([1])),
            ("words=not.plfts(english).dog", json!([1])),
            ("or=(words.plfts(english).dog,n.eq.3)", json!([2, 3])),
            ("tags=cs.{red}", json!([1])),
            ("tags=cd.{green,blue}", json!([2, 3])),
            ("tags=ov.{blue,green}", json!([1, 2])),
            ("span=ov.[4,6)", json!([1, 2])),
            ("span=cs.[7,8)", json!([2])),
            ("span=sl.[5,10)", json!([1])),
            ("span=sr.[5,10)", json!([3])),
            ("span=nxr.[5,10)", json!([1, 2])),
            ("span=nxl.[5,10)", json!([2, 3])),
            ("span=adj.[10,20)", json!([2, 3])),
            ("tags->>0=eq.green", json!([2])),
        ] {
            let path = format!("shelves?select=n&order=n&{filter}");
            let rows = bed.rows(&path).await;
            let found: Value = rows.as_array().unwrap().iter().map(|row| row["n"].clone()).collect();
            assert_eq!(found, expected, "{filter}");
        }
        let notes = bed.rows("notes?select=n&t=plfts(english).alphas").await;
        assert_eq!(notes, json!([{"n": 1}]), "a text column is made into a vector");
        let said = bed.ask(Ask::get("notes?t=fts(nope).x")).await;
        assert_eq!((said.status, said.code().as_str()), (400, "42704"));
    })
    .await;
}

#[tokio::test]
async fn f15_paths_compare_texts_and_documents() {
    on_both("f15_paths_compare_texts_and_documents", |bed| async move {
        texts(&bed).await;
        for (filter, expected) in [
            ("j->>a=eq.1", json!([1])),
            ("j->a=eq.1", json!([1])),
            ("j->b->-1->>c=eq.x", json!([1])),
            ("j->-1=gte.3", json!([2])),
            ("j->0=eq.1", json!([2])),
            ("j->a->>d=eq.true", json!([5])),
            ("j->a->d=eq.true", json!([5])),
            ("j->>s=in.(one,two)", json!([1])),
            ("j->>a=is.null&n=lt.3", json!([2])),
        ] {
            assert_eq!(
                numbers(&bed, filter).await,
                expected,
                "{filter} on {:?}",
                bed.db.dialect()
            );
        }
    })
    .await;
}
