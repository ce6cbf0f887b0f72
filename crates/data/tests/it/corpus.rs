//! What the fuzzer found worth keeping, again and again: see `fuzz/`.

use busbar_data::Method;

use crate::bed::{Ask, on_both};
use crate::statements::{Bench, METHODS, create, input};

const CORPUS: &str = include_str!("../../../../fuzz/corpus.txt");

#[test]
fn statements_of_the_corpus_parse_and_touch_only_what_requests_name() {
    let bench = Bench::new();
    let accepted = CORPUS.lines().filter(|line| bench.check(&input(line))).count();
    let lines = CORPUS.lines().count();
    assert!(
        accepted > lines / 4,
        "hardly anything was accepted: {accepted} of {lines}"
    );
}

#[tokio::test]
async fn requests_of_the_corpus_are_answered_or_refused() {
    on_both(
        "requests_of_the_corpus_are_answered_or_refused",
        |bed| async move {
            for sql in create() {
                bed.sql(sql).await;
            }
            // A third is enough for the databases: every line is rendered for both above.
            for line in CORPUS.lines().step_by(3) {
                let mut words = line.splitn(4, ' ');
                let (method, table) = (words.next().unwrap(), words.next().unwrap());
                let query = std::str::from_utf8(&input(line)[3..]).unwrap().to_owned();
                let path = format!("{table}?{query}");
                let (_, method) = METHODS.iter().find(|(name, _)| *name == method).unwrap();
                if *method != Method::Get && query.contains('\0') {
                    continue;
                }
                // The bed fails the test at a 5xx.
                bed.ask(
                    Ask::new(*method, &path)
                        .body("{}")
                        .prefer("return=representation"),
                )
                .await;
            }
        },
    )
    .await;
}
