//! Random requests made of the grammar's own pieces: an answer or a 4xx each, never a fault of ours.

use busbar_data::{Caller, Method};
use busbar_kernel::random;

use crate::bed::{Ask, on_both};
use crate::reads::fill;

const ROUNDS: usize = 1500;
const PIECES: [&str; 62] = [
    "n",
    "t",
    "j",
    "b",
    "at",
    "u",
    "f",
    "nope",
    "eq",
    "neq",
    "gt",
    "like",
    "ilike",
    "in",
    "is",
    "isdistinct",
    "not",
    "match",
    "cs",
    "fts",
    "any",
    "all",
    "null",
    "true",
    "1",
    "-1",
    "99999999999999999999",
    "1e400",
    "x",
    "%22",
    "%5C",
    "%00",
    "%FF",
    "%25",
    "*",
    "(",
    ")",
    "{",
    "}",
    ",",
    ".",
    "=",
    "&",
    ":",
    "::",
    "->",
    "->>",
    "!",
    "select=",
    "order=",
    "limit=",
    "offset=",
    "and=",
    "or=",
    "not.or=",
    "columns=",
    "on_conflict=",
    "schema=",
    "desc",
    "nullslast",
    "%20",
    "2026-01-01",
];
const BODY_PIECES: [&str; 24] = [
    "{",
    "}",
    "[",
    "]",
    "\"",
    ":",
    ",",
    "n",
    "\"n\"",
    "\"t\"",
    "\"j\"",
    "\"at\"",
    "1",
    "-0",
    "1.5",
    "1e999",
    "null",
    "true",
    "\"\"",
    "\\u0000",
    "\\ud800",
    "\u{7f}",
    "\n",
    "{\"n\":1}",
];
const PREFERENCES: [&str; 5] = [
    "",
    "return=representation",
    "return=representation,resolution=merge-duplicates,count=exact",
    "return=headers-only,missing=default",
    "handling=strict,max-affected=2",
];
const TYPES: [&str; 3] = [
    "application/json",
    "text/csv",
    "application/x-www-form-urlencoded",
];
const FORMS: [&str; 4] = [
    "",
    "text/csv",
    "application/vnd.pgrst.object+json",
    "application/vnd.pgrst.array+json;nulls=stripped",
];

fn pick<'p>(from: &[&'p str]) -> &'p str {
    let at = random::below(u64::try_from(from.len()).unwrap());
    from[usize::try_from(at).unwrap()]
}

fn text(pieces: &[&str], most: u64) -> String {
    (0..random::below(most)).map(|_| pick(pieces)).collect()
}

#[tokio::test]
async fn random_requests_are_answered_or_refused() {
    on_both("random_requests_are_answered_or_refused", |bed| async move {
        fill(&bed).await;
        let methods = [
            Method::Get,
            Method::Get,
            Method::Head,
            Method::Post,
            Method::Patch,
            Method::Put,
            Method::Delete,
        ];
        let mut answered = 0;
        for round in 0..ROUNDS {
            let query = text(&PIECES, 14);
            let method = methods[round % methods.len()];
            let path = if method == Method::Delete {
                format!("things?n=eq.99&{query}")
            } else {
                format!("things?{query}")
            };
            let mut ask = Ask::new(method, &path)
                .body(text(&BODY_PIECES, 9))
                .prefer(pick(&PREFERENCES))
                .content_type(pick(&TYPES))
                .accept(pick(&FORMS));
            if round % 3 == 0 {
                ask = ask.caller(Caller::anon());
            }
            if round % 2 == 0 {
                ask = ask.insforge();
            }
            // The bed fails the test at a 5xx.
            if bed.ask(ask).await.status < 300 {
                answered += 1;
            }
        }
        assert!(answered > ROUNDS / 50, "hardly anything was accepted: {answered}");
    })
    .await;
}

#[tokio::test]
async fn requests_without_measure_are_refused() {
    on_both("requests_without_measure_are_refused", |bed| async move {
        fill(&bed).await;
        for (path, bound) in [
            (format!("things?{}", "n=eq.1&".repeat(400)), true),
            (format!("things?{}", "n=eq.1&".repeat(5000)), false),
            (format!("things?or=(n.eq.1{})", ",n.eq.1".repeat(5000)), false),
            (format!("things?select=n{}", ",n".repeat(5000)), false),
            (format!("things?order=n{}", ",n".repeat(5000)), false),
            (format!("things?select=j{}", "->a".repeat(5000)), false),
            (format!("things?n=in.(1{})", ",1".repeat(50_000)), true),
            (format!("things?t=like.{}", "*a".repeat(5000)), true),
        ] {
            let said = bed.ask(Ask::get(&path)).await;
            let shown: String = path.chars().take(60).collect();
            assert_eq!(said.status < 300, bound, "{shown}: {said:?}");
            assert!(bound || said.code() == "PGRST100", "{shown}: {said:?}");
        }
    })
    .await;
}
