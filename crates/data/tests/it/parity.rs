//! Random filters and orders: both databases, and a model in a few lines, give the same rows.

use std::sync::Mutex;

use busbar_kernel::random;
use serde_json::{Value, json};

use crate::bed::{Ask, Bed, on_both};

const TEXTS: [Option<&str>; 7] = [
    None,
    Some(""),
    Some("a"),
    Some("A"),
    Some("ab"),
    Some("a%b_"),
    Some("B"),
];
const NUMBERS: [Option<i64>; 6] = [
    None,
    Some(0),
    Some(-1),
    Some(7),
    Some(9_007_199_254_740_993),
    Some(i64::MAX),
];
const MOMENTS: [Option<&str>; 4] = [
    None,
    Some("1999-12-31T23:59:59.999999+00:00"),
    Some("2026-01-01T00:00:00+00:00"),
    Some("2026-01-01T00:00:00.5+00:00"),
];
const ROUNDS: usize = 400;

async fn fill(bed: &Bed) {
    bed.table(
        "grid",
        &[
            "k integer",
            "n bigint",
            "t string",
            "b boolean",
            "at datetime",
            "f float",
        ],
    )
    .await;
    let mut rows = Vec::new();
    for text in TEXTS {
        for number in NUMBERS {
            let k = rows.len();
            rows.push(json!({
                "k": k, "n": number, "t": text, "b": ([None, Some(true), Some(false)][k % 3]),
                "at": (MOMENTS[k % 4]), "f": ([None, Some(0.5), Some(-1e10), Some(3.0)][k % 4]),
            }));
        }
    }
    assert_eq!(bed.ask(Ask::post("grid", Value::from(rows))).await.status, 201);
}

fn pick<T: Copy>(from: &[T]) -> T {
    let at = random::below(u64::try_from(from.len()).unwrap());
    from[usize::try_from(at).unwrap()]
}

fn condition(depth: usize) -> (String, String) {
    let not = pick(&["", "", "not."]);
    if depth > 0 && random::below(3) == 0 {
        let members: Vec<String> = (0..=random::below(3))
            .map(|_| {
                let (name, value) = condition(depth - 1);
                if value.starts_with('(') {
                    format!("{name}{value}")
                } else {
                    format!("{name}.{value}")
                }
            })
            .collect();
        return (
            format!("{not}{}", pick(&["and", "or"])),
            format!("({})", members.join(",")),
        );
    }
    let order = ["eq", "neq", "gt", "gte", "lt", "lte", "isdistinct"];
    let value = match random::below(6) {
        0 => {
            return (
                "n".to_owned(),
                format!("{not}{}.{}", pick(&order), pick(&NUMBERS).unwrap_or(5)),
            );
        }
        1 => {
            return (
                "t".to_owned(),
                format!("{not}{}.{}", pick(&order), pick(&TEXTS).unwrap_or("b")),
            );
        }
        2 => {
            let pattern = pick(&["a*", "*B*", "_", "a\\%b*", "*"]);
            return (
                "t".to_owned(),
                format!("{not}{}.{pattern}", pick(&["like", "ilike"])),
            );
        }
        3 => format!("{not}is.{}", pick(&["null", "true", "false", "unknown"])),
        4 => {
            return (
                "at".to_owned(),
                format!(
                    "{not}{}.{}",
                    pick(&order),
                    pick(&MOMENTS).unwrap_or("2026-01-01").replace('+', "%2B")
                ),
            );
        }
        _ => {
            return (
                "k".to_owned(),
                format!("{not}in.({},{},40)", random::below(50), random::below(50)),
            );
        }
    };
    ("b".to_owned(), value)
}

fn query() -> String {
    let mut query = String::from("grid?select=k,n,t,b,at,f");
    for _ in 0..random::below(3) {
        let (name, value) = condition(2);
        query.push_str(&format!("&{name}={value}"));
    }
    let column = pick(&["n", "t", "b", "at", "f"]);
    let direction = pick(&["", ".asc", ".desc"]);
    let nulls = pick(&["", ".nullsfirst", ".nullslast"]);
    query.push_str(&format!(
        "&order={column}{direction}{nulls},k{}",
        pick(&["", ".desc"])
    ));
    if random::below(2) == 0 {
        query.push_str(&format!(
            "&limit={}&offset={}",
            random::below(20),
            random::below(5)
        ));
    }
    query
}

#[tokio::test]
async fn both_databases_answer_random_queries_alike() {
    let queries: Vec<String> = (0..ROUNDS).map(|_| query()).collect();
    let first: Mutex<Vec<String>> = Mutex::new(Vec::new());
    on_both("both_databases_answer_random_queries_alike", |bed| {
        let (queries, first) = (&queries, &first);
        async move {
            fill(&bed).await;
            let mut answers = Vec::with_capacity(queries.len());
            for query in queries {
                let said = bed.ask(Ask::get(query).prefer("count=exact")).await;
                let body = said.json();
                answers.push(format!(
                    "{} {:?} {body}",
                    said.status,
                    said.header("Content-Range")
                ));
            }
            if first.lock().unwrap().is_empty() {
                let found = answers.iter().filter(|answer| !answer.ends_with("[]")).count();
                assert!(found > ROUNDS / 4, "most queries find nothing: {found}");
                *first.lock().unwrap() = answers;
                return;
            }
            for ((query, one), other) in queries.iter().zip(first.lock().unwrap().iter()).zip(&answers) {
                assert_eq!(one, other, "{query}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_condition_its_negation_and_null_share_the_rows_out() {
    on_both(
        "a_condition_its_negation_and_null_share_the_rows_out",
        |bed| async move {
            fill(&bed).await;
            let all = bed.rows("grid?select=k").await.as_array().unwrap().len();
            for condition in [
                "n=gt.0",
                "t=like.a*",
                "b=eq.true",
                "at=lt.2026-01-01",
                "f=in.(0.5,3)",
            ] {
                let (name, test) = condition.split_once('=').unwrap();
                let mut sum = 0;
                for query in [
                    format!("{name}={test}"),
                    format!("{name}=not.{test}"),
                    format!("{name}=is.null"),
                ] {
                    sum += bed
                        .rows(&format!("grid?select=k&{query}"))
                        .await
                        .as_array()
                        .unwrap()
                        .len();
                }
                assert_eq!(sum, all, "{condition}");
            }
        },
    )
    .await;
}
